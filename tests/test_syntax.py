"""The syntax matrix: every class of `ast`, in its positions, is right or refused with its code.

Each run takes a third of the positions of each class; ADGEN_ALL_CELLS=1 takes all of them.
"""

import ast
import linecache
import math
import os
import pathlib
import sys

import numpy as np
import pytest

import adgen
from adgen import cli, syntax
from adgen.backend import format as formatting
from adgen.frontend.lower_state import EXPRESSIONS, STATEMENTS

X, V, N = 0.8, np.array([0.9, 1.4, 0.4]), 3
# not written since Python 3.8 or 3.9, and made by no parser
GONE = "Num Str Bytes NameConstant Ellipsis Index ExtSlice Suite AugLoad AugStore Param slice".split()
REFUSABLE = {  # codes, and what they are about
    "E0101": "async, except, classes, except groups",
    "E0102": "generators",
    "E0128": "global",
    "E0203": "generators",
}
STRIDE = 1 if os.environ.get("ADGEN_ALL_CELLS") else 3


def classes():
    """The names of the classes that a parser makes, but for those of whole files."""
    found, todo = [], [ast.AST]
    while todo:
        kind = todo.pop()
        below = [k for k in kind.__subclasses__() if k.__module__ == "ast" and k.__name__ not in GONE]
        todo += below
        if not below and kind.__name__ not in syntax.HEADS.split() and kind.__name__ not in GONE:
            found.append(kind.__name__)
    return sorted(found)


def function(text, name):
    """The function of a program; None where Python's own grammar refuses it."""
    path = f"<syntax {name}>"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    space = {"np": np, "math": math, "z": None, "__name__": "syntax_matrix"}
    try:
        exec(compile(text, path, "exec"), space)
    except SyntaxError:
        return None
    return space["f"]


def outcome(fun):
    """The code with which it is refused; "" where its derivative agrees with differences."""
    try:
        x_bar, v_bar = adgen.grad(fun, (0, 1))(X, V, N)
    except adgen.Refusal as refusal:
        return refusal.diagnostics[0].code
    h = 1e-6
    steps = h * np.eye(3)
    assert abs((fun(X + h, V, N) - fun(X - h, V, N)) / (2 * h) - x_bar) < 1e-6
    assert np.allclose([(fun(X, V + s, N) - fun(X, V - s, N)) / (2 * h) for s in steps], v_bar, atol=1e-6)
    return ""


def test_every_class_is_in_the_matrix():
    named = {row.node for row in syntax.ROWS}
    newer = [name for name in classes() if name not in named]
    assert newer == [] or sys.version_info >= (3, 12)  # those of a newer Python have no handlers, see below
    assert [name for name in named if name not in classes()] == []


@pytest.mark.parametrize("place", range(len(syntax.ROWS)), ids=lambda k: f"{k}-{syntax.ROWS[k].node}")
def test_cells(place, monkeypatch, tmp_path):
    monkeypatch.setattr(formatting, "format_text", lambda text: text)
    row = syntax.ROWS[place]
    cells = syntax.cells(row)
    chosen = [cell for k, cell in enumerate(cells) if k % STRIDE == place % STRIDE or len(cells) < STRIDE]
    for position, text, code in chosen:
        fun = function(text, f"{place} {position}")
        if fun is None:
            assert row.verdict, f"Python has no such program:\n{text}"
            continue
        assert any(type(node).__name__ == row.node for node in ast.walk(ast.parse(text))), text
        assert outcome(fun) == code, f"{position}:\n{text}"


def test_what_is_refused_is_what_may_be():
    codes = {code for row in syntax.ROWS for code in (row.verdict, *dict(row.but).values()) if code}
    assert codes == set(REFUSABLE)
    right = [row for row in syntax.ROWS if not row.verdict]
    assert len(right) >= 85


@pytest.mark.parametrize(
    ("table", "kind", "body", "code"),
    [
        (EXPRESSIONS, ast.IfExp, "return x if n > 2 else v[0]", "E0102"),
        (EXPRESSIONS, ast.Compare, "return (x < v[0]) * x", "E0102"),
        (STATEMENTS, ast.Delete, "y = x\nw = y\ndel y\nreturn w", "E0101"),
        (STATEMENTS, ast.Assert, "assert n > 2\nreturn x", "E0101"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_class_without_a_handler_is_refused(table, kind, body, code, monkeypatch):
    """As one that a newer Python adds would be."""
    fun = function(syntax.program("", body), f"without {kind.__name__}")
    assert outcome(fun) == ""
    monkeypatch.delitem(table, kind)
    again = function(syntax.program("", body), f"without {kind.__name__}, again")
    assert outcome(again) == code


def test_the_table_is_printed(capsys):
    assert cli.main(["rules", "--syntax"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == len(syntax.ROWS) and "refused (E0101)" in out


def test_the_readme_has_the_summary():
    readme = (pathlib.Path(__file__).parent.parent / "README.md").read_text()
    assert syntax.summary() in readme
