"""Loops over all indices of an array: one `for` for each axis.

for i, j in np.ndindex(n, m):           for i in range(n):
    ..                                      for j in range(m):
                                                ..
for (i,), v in np.ndenumerate(x):       for i in range(x.shape[0]):
    ..                                      v = x[i]
                                            ..
"""

from __future__ import annotations

import ast

from adgen import naming
from adgen.frontend.bindings import Known
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group
from adgen.frontend.normalise import Names, assigned, reads
from adgen.ir.core import Value
from adgen.ir.types import Array, Ref, Struct

INDICES, ELEMENTS = "np.ndindex", "np.ndenumerate"


def one_for_each_axis(low: Lowering, s: ast.For, own: list[ast.stmt]) -> ast.For | None:
    """The same loop over ranges, where the number of axes is known; `own`: exits, which must leave no single loop."""
    call = s.iter
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith(("ndindex", "ndenumerate")):
        return None
    function = low.expr(call.func)
    name = function.name if isinstance(function, Known) else ""
    if name not in (INDICES, ELEMENTS) or call.keywords or s.orelse:
        return None
    if any(isinstance(node, ast.Break) for node in own) or not _steady(call, s):
        return None
    made = low.learnt.made.get((name, s))
    if made is None:
        sizes = _sizes(low, name, call)
        if not sizes:
            return None
        made = low.learnt.made[name, s] = _nested(s, name, sizes, low.frame.facts.after[s])
    assert isinstance(made, ast.For)
    low.frame.facts.also(made, s)
    return made


def _steady(call: ast.Call, s: ast.For) -> bool:
    """Whether the sizes, which are asked for again and again, stay as they were."""
    changed = assigned([s])
    simple = all(
        isinstance(n, ast.Name | ast.Constant | ast.Attribute | ast.Starred | ast.Tuple | ast.expr_context)
        for part in call.args
        for n in ast.walk(part)
    )
    return simple and not any(name in changed for part in call.args for name in reads(part))


def _sizes(low: Lowering, name: str, call: ast.Call) -> list[ast.expr]:
    """An expression for the number of indices along each axis; none if the number of axes is not known."""
    args = call.args
    if name == INDICES and len(args) > 1 and not any(isinstance(part, ast.Starred) for part in args):
        return list(args)
    if len(args) != 1:
        return []
    whole = args[0].value if isinstance(args[0], ast.Starred) else args[0]
    thing = low.expr(whole)
    if name == INDICES:
        type_of_it = thing.type if isinstance(thing, Value) else None
        items = (
            thing.items if isinstance(thing, Group) else type_of_it.items if isinstance(type_of_it, Struct) else None
        )
        if items is not None:
            return [ast.Subscript(whole, ast.Constant(k), ast.Load()) for k in range(len(items))]
        return [] if isinstance(args[0], ast.Starred) else [whole]
    content = thing.type.content if isinstance(thing, Value) and isinstance(thing.type, Ref) else None
    type_ = content or (thing.type if isinstance(thing, Value) else None)
    if not isinstance(type_, Array) or not type_.shape or not isinstance(whole, ast.Name):
        return []
    shape = ast.Attribute(whole, "shape", ast.Load())
    return [ast.Subscript(shape, ast.Constant(k), ast.Load()) for k in range(len(type_.shape))]


def _nested(s: ast.For, name: str, sizes: list[ast.expr], after: Names) -> ast.For:
    """The loops, outermost first; indices that are read afterwards are bound in the body, if it is reached."""
    target, value = s.target, None
    if name == ELEMENTS and isinstance(target, ast.Tuple) and len(target.elts) == 2:
        target, value = target.elts
    parts = target.elts if isinstance(target, ast.Tuple) else []
    taken = sorted(reads(s).union(assigned([s])))
    body = list(s.body)
    if len(parts) == len(sizes) and all(isinstance(part, ast.Name) and part.id not in after for part in parts):
        names = [part.id for part in parts if isinstance(part, ast.Name)]
    else:
        names = []
        for letter in "ijklmnpq"[: len(sizes)]:
            names.append(naming.fresh(letter, [*taken, *names]))
        body.insert(0, ast.Assign([target], _index(names)))
    if value is not None and isinstance(s.iter, ast.Call):
        element = ast.Subscript(s.iter.args[0], _index(names), ast.Load())
        body.insert(0, ast.Assign([value], element))
    for index, size in zip(reversed(names), reversed(sizes), strict=True):
        over = ast.Call(ast.Name("range", ast.Load()), [size], [])
        body = [ast.For(ast.Name(index, ast.Store()), over, body, [])]
    made = body[0]
    assert isinstance(made, ast.For)
    kept = {id(node) for part in s.body for node in ast.walk(part)}
    for node in ast.walk(made):
        if id(node) not in kept and isinstance(node, ast.stmt | ast.expr) and not hasattr(node, "lineno"):
            ast.copy_location(node, s)
    return made


def _index(names: list[str]) -> ast.expr:
    return ast.Tuple([ast.Name(name, ast.Load()) for name in names], ast.Load())
