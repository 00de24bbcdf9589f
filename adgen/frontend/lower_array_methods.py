"""Methods of arrays that do more than compute, or whose arguments say more than a rule's do.

y.fill(2.0)                     a store into all of y
x.astype(np.float32)            the dtype is a fact of the operation
x.astype(float, copy=False)     np.asarray(x, dtype=float): x itself, where it has that dtype
x.item(2)                       np.ravel(x)[2].item()
"""

from __future__ import annotations

import ast

from adgen.frontend.lower_calls import METHODS, argument, rule
from adgen.frontend.lower_list_methods import written_at
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import whole
from adgen.frontend.lower_things import Group, Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import INT, Array, Static
from adgen.rules import apply, shapes
from adgen.rules.infer import plain, rank_of
from adgen.rules.rule import TypeProblem


def _fill(low: Lowering, y: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one number", name=".fill")
    whole(low, y, args[0], written_at(node))
    return low.b.const(None)


def _astype(low: Lowering, x: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    """`x.astype(np.float32)`: the dtype is a static fact of the operation."""
    given = [*args, *(thing for key, thing in keywords.items() if key == "dtype")]
    known, dtype = low.static(argument(low, given[0])) if len(given) == 1 else (False, None)
    told, copies = low.static(keywords["copy"]) if "copy" in keywords else (True, True)
    if not (known and told and {"dtype", "copy"} >= set(keywords)):
        raise Reject("E0106", node, "it takes one dtype that is known while compiling", name=".astype")
    if not copies:
        return rule(low, "np.asarray", [x], {"dtype": given[0]}, node, hint)
    base, site = low.content(x, node), low.site(node, "astype")
    try:
        type_ = apply.infer(low.b, "astype", [base, low.b.const(dtype, "", Static(dtype))], ("x", "dtype"))
    except TypeProblem as problem:
        raise Reject("E0107", node, problem.message, problem.help, name=".astype") from problem
    low.b.ops.pop()
    code = type_.dtype if isinstance(type_, Array) else None
    marks = {"args": ("x",), "dtype": code, "statics": {"dtype": code}}
    wanted = "" if site in low.learnt.memory else hint
    value = low.b.emit("prim", "astype", (base,), type_, wanted, marks, bool(wanted))
    return low.fresh(value, site, hint) if isinstance(type_, Array) and type_.shape != () else value


def _item(low: Lowering, x: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str) -> Thing:
    """`x.item()`, and the element at one place, or at one index for each axis."""
    if keywords:
        raise Reject("E0106", node, "it takes no keywords", name=".item")
    if len(args) == 1 and isinstance(args[0], Group):
        args = list(args[0].items)
    base = low.content(x, node)
    places: list[Value] = [low.content(thing, node) for thing in args]
    if any(plain(place.type) != INT for place in places):
        raise Reject("E0106", node, "it takes whole numbers", name=".item")
    if places:
        if len(places) == 1 and rank_of(base.type) != 1:
            base = apply.apply(low.b, "np.ravel", (base,))
        if len(places) > 1 and rank_of(base.type) != len(places):
            raise Reject("E0106", node, f"it is given {len(places)} indices", name=".item")
        base = shapes.index(low.b, base, ("i",) * len(places), places)
    return rule(low, "item", [base], {}, node, hint, "method", ".item")


METHODS.update({"array.fill": _fill, "array.astype": _astype, "array.item": _item})
