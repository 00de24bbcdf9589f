"""Modules: header, imports, helpers, guards; formatting; what the printer can produce."""

from __future__ import annotations

import ast
import textwrap

import adgen
from adgen import naming
from adgen.backend import helpers
from adgen.backend.emit import expression_ops
from adgen.backend.format import black_version, format_text
from adgen.backend.header import Header
from adgen.backend.layout import docstring, module_text
from adgen.ir.core import Value
from adgen.ir.ops import KINDS
from adgen.ir.types import FLOAT, UNKNOWN
from adgen.signature.guards import Guard
from tests.backend.making import VEC, Make, func


def _func(name: str = "f_grad"):
    def make(b: Make, x: Value, s: Value) -> Value:
        less = b.p("unbroadcast", b.p("mul", x, 2.0), s, names=("g", "like"), t=UNKNOWN)
        return b.tuple(less, b.p("math.sqrt", 2.0, t=FLOAT, names=("x",)))

    return func(name, make, x=VEC, s=UNKNOWN)


HEADER = Header(
    source="examples/f.py::f",
    mode="reverse",
    transform="grad",
    wrt=("x", "s"),
    types="x: f8[n]",
    assumptions=("x and s do not overlap",),
    kinks=("abs: derivative 0 at 0", "abs: derivative 0 at 0"),
    requires=("physics (for G)",),
    imports=("import physics as _physics",),
    command="adgen compile examples/f.py::f --wrt x,s",
    digest="0123abcd",
    guards=(Guard("x.ndim != 1", "x: this derivative takes f8[n]", "TypeError"),),
)


def test_a_whole_module() -> None:
    text = format_text(module_text([_func(), _func("g_grad")], HEADER))
    head, _, rest = text.partition("\ndef _unbroadcast")
    assert head == textwrap.dedent('''
        """Gradient of `f` (examples/f.py) with respect to x, s, by adgen.

        Types:    x: f8[n]
        Assumes:  x and s do not overlap
        Kinks:    abs: derivative 0 at 0
        Requires: physics (for G)
        Command:  adgen compile examples/f.py::f --wrt x,s
        Digest:   0123abcd (of the source of `f`)
        """

        import math

        import numpy as np

        import physics as _physics

        ''').lstrip("\n")
    wanted = textwrap.dedent("""
        def f_grad(x, s):
            if x.ndim != 1:
                raise TypeError("x: this derivative takes f8[n]")

            return _unbroadcast(x * 2.0, s), math.sqrt(2.0)


        def g_grad(x, s):
            return _unbroadcast(x * 2.0, s), math.sqrt(2.0)
        """)
    assert rest.endswith(wanted)
    assert rest.count("def _unbroadcast") == 0 and "adgen" not in rest


def test_the_text_of_a_module_is_stable() -> None:
    once = format_text(module_text([_func()], HEADER))
    assert once == format_text(module_text([_func()], HEADER)) == format_text(once)


def test_docstrings_are_safe() -> None:
    for text in ('say """hello"""', "back\\slash", 'ends with "', "two\nlines"):
        (node,) = ast.parse(docstring(text)).body
        assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert node.value.value.strip() == text


def test_helpers_are_self_contained() -> None:
    import numpy as np

    space: dict[str, object] = {}
    exec("\n".join([*helpers.modules(helpers.HELPERS), "import numpy as np", helpers.source(helpers.HELPERS)]), space)
    unbroadcast, zeros, copy, add, split = (space[name] for name in list(helpers.HELPERS)[:5])
    g = np.ones((2, 3, 4))
    for shape in ((), (4,), (1, 4), (3, 1), (2, 1, 1), (2, 3, 4)):
        assert np.shape(unbroadcast(g, np.zeros(shape))) == shape
        assert np.sum(unbroadcast(g, np.zeros(shape))) == 24.0
    assert unbroadcast(np.float64(2.0), np.zeros(3)).tolist() == [2.0, 2.0, 2.0]
    assert [part.tolist() for part in split(np.arange(3), [np.zeros(1), np.zeros(2)], 0)] == [[0], [1, 2]]
    x = {"a": [np.ones(2), 1.0], "b": (np.ones(1),)}
    assert zeros(x)["a"][1] == 0.0 and zeros(x)["b"][0].tolist() == [0.0]
    assert add(x, x)["a"][0].tolist() == [2.0, 2.0] and add(None, 1.0) == 1.0 and add([1.0], [None]) == [1.0]
    twin = copy(x)
    twin["a"][0][0] = 5.0
    assert x["a"][0][0] == 1.0


def test_the_formatter_has_one_mode() -> None:
    assert format_text("x = {  'a':1 }") == 'x = {"a": 1}\n'
    assert black_version()[0].isdigit()


def test_every_kind_of_operation_can_be_printed() -> None:
    assert expression_ops() == list(KINDS)


def test_names_are_minted_in_one_place() -> None:
    assert naming.derivative("Net.energy", "value_and_grad") == "Net_energy_value_and_grad"
    assert naming.is_minted("x_bar_2") and naming.is_minted("y_saved") and not naming.is_minted("bar")
    assert naming.fresh("x", {"x", "x_2"}) == "x_3"
    assert naming.is_reserved("lambda") and naming.is_reserved("sum") and not naming.is_reserved("x")


def roots_and_squares(x, p):
    return x**2 + x**3.0 * abs(x) + x**p


def squares(x, p):
    return (x**2 + x**1.0) * p


def test_the_header_names_kinks_that_the_function_has() -> None:
    for function, found in ((roots_and_squares, ["abs", "pow"]), (squares, [])):
        derivative = adgen.grad(function)
        derivative(1.2, 2.5)
        head = derivative.source.partition('"""\n')[0]
        assert [name for name in ("abs", "pow") if f"{name}: " in head] == found, head
