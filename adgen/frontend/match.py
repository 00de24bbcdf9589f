"""Finding the node of a running code object: the whole file is compiled again and the code must be the same.

>>> from adgen.frontend.files import parse
>>> file = parse("f, g = lambda x: x + 1, lambda x: x * 2", "a.py", "a.py")
>>> names = {}
>>> exec(compile(file.text, "a.py", "exec"), names)
>>> import ast
>>> ast.unparse(node_of(file, names["g"].__code__).node)
'lambda x: x * 2'
>>> node_of(parse("f = lambda x: x + 2", "a.py", "a.py"), names["f"].__code__) is None
True

Same code means the same instructions, constants, names, flags and places: a file that was edited after the import has
none, and is refused rather than differentiated.
"""

from __future__ import annotations
import __future__

import ast
import hashlib
import types
import weakref
from collections.abc import Iterator

from adgen.frontend.files import Entry, File

_FUTURE = 0
for _feature in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _feature).compiler_flag

_compiled: weakref.WeakKeyDictionary[File, dict[int, tuple[types.CodeType, ...]]] = weakref.WeakKeyDictionary()


class Ambiguous(Exception):
    """Several functions of the file have this very code, and no places tell them apart."""


def node_of(file: File, code: types.CodeType) -> Entry | None:
    """The function of the file that has this code; None if the file has none (it was edited)."""
    wanted = shape_of(code, places=True)
    same = [other for other in _codes(file, code.co_flags & _FUTURE) if shape_of(other, places=True) == wanted]
    if not same:
        return None
    entries = [entry for entry in file.functions if _fits(entry, code)]
    if len(entries) > 1:
        entries = _narrow(entries, code)
    if len({ast.dump(entry.node) for entry in entries}) > 1:
        raise Ambiguous
    return entries[0] if entries else None


def _codes(file: File, flags: int) -> tuple[types.CodeType, ...]:
    """Every code object of the file, compiled under the flags of the running code."""
    known = _compiled.setdefault(file, {})
    if flags not in known:
        module = compile(file.tree, file.path, "exec", flags=flags, dont_inherit=True)
        known[flags] = tuple(_nested(module))
    return known[flags]


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield const
            yield from _nested(const)


def _fits(entry: Entry, code: types.CodeType) -> bool:
    node = entry.node
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return code.co_name == node.name and first == code.co_firstlineno


def _narrow(entries: list[Entry], code: types.CodeType) -> list[Entry]:
    """Of the lambdas that begin on one line, the innermost that has all the instructions in its body."""
    spots = [(a, c, b, d) for a, b, c, d in code.co_positions() if a and b and c is not None and d]
    if not spots:
        return entries
    start = min((a, c) for a, c, _, _ in spots)
    end = max((b, d) for _, _, b, d in spots)
    around = [entry for entry in entries if _extent(entry.node)[0] <= start and end <= _extent(entry.node)[1]]
    return around[-1:]  # the text's order: an inner function comes after the outer one


def _extent(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the instructions of a function's body begin and end."""
    assert isinstance(node, (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef))
    parts = [node.body] if isinstance(node, ast.Lambda) else node.body
    last = parts[-1]
    return (parts[0].lineno, parts[0].col_offset), (last.end_lineno or 0, last.end_col_offset or 0)


def shape_of(code: types.CodeType, places: bool) -> tuple[object, ...]:
    """Everything that makes two code objects the same; without places also across edits of other lines."""
    where = (code.co_firstlineno, tuple(code.co_positions())) if places else ()
    return (
        code.co_name,
        code.co_code,
        code.co_exceptiontable,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_flags,
        (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount),
        tuple(_constant(const, places) for const in code.co_consts),
        where,
    )


def _constant(value: object, places: bool) -> object:
    if isinstance(value, types.CodeType):
        return shape_of(value, places)
    if isinstance(value, tuple):
        return ("tuple", tuple(_constant(item, places) for item in value))
    if isinstance(value, frozenset):
        return ("frozenset", tuple(sorted(repr(_constant(item, places)) for item in value)))
    return (type(value).__name__, repr(value))


def code_digest(code: types.CodeType) -> str:
    """A digest of what the code does: the same in every process, whatever line it stands on."""
    return hashlib.sha256(repr(shape_of(code, places=False)).encode()).hexdigest()[:32]


def was_rewritten(code: types.CodeType) -> bool:
    """Whether pytest rewrote the assert statements of this code."""
    return any(name.startswith("@py") for name in (*code.co_names, *code.co_varnames))
