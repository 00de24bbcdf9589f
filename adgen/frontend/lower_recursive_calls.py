"""What a call of a function that stays a function is in the program: an operation, and what it means for memory.

y = power(x, n)               %y = call power %x, %n
fill(a, n)                    %new = call fill %a, %n; store %a, %new (all of it)
walk(k, out)                  %new = call walk %k, %out; store %out, %new: a list may have another length then
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from adgen.frontend import lower_memory as memory
from adgen.frontend.callees import VARIES, Callee, Given, values_of
from adgen.frontend.lower_places import learn_content
from adgen.frontend.lower_rankless import rankless
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Thing, content_type, leaves_of, shared_memory
from adgen.frontend.reject import Reject
from adgen.ir.core import Op, Value
from adgen.ir.types import NONE, Array, ListOf, Ref, Static, Struct, Type


def emit(low: Lowering, callee: Callee, things: Mapping[Given, Thing], node: ast.expr, hint: str) -> Thing:
    """The operation, and what it means for memory."""
    from adgen.frontend.lower_stores import all_of, writable

    refs = {one: writable(low, thing, node) for one, thing in things.items() if one.written}
    for one, ref in refs.items():
        alone(low, callee, one, ref, [thing for other, thing in things.items() if other is not one], node)
    operands = []
    for one, thing in things.items():
        given = refs.get(one, thing)
        for value, literal in zip(values_of(given), one.literals, strict=True):
            if isinstance(value, Value) and isinstance(value.type, Ref) and rankless(value.type.content):
                low.memory.freeze(low.memory.roots[value])  # it may come back
            if literal is VARIES:
                operands.append(low.content(value, node))
    assert callee.result is not None
    site = low.site(node, "call")
    wanted = "" if site in low.learnt.memory else hint
    results = [] if isinstance(callee.result, Static) else [Value(callee.result, wanted, bool(wanted))]
    lists = [one for one in refs if isinstance(one.types[0], ListOf)]
    for one in lists:
        grown(low, refs[one], one.types[0], node)
    back = [Value(content_type(ref.type), ref.hint) for ref in refs.values()]
    every_result = (*results, *back) or (Value(NONE),)
    made = called(low, callee, operands, every_result)
    for ref, content in zip(refs.values(), made[len(results) :], strict=False):
        low.b.effect("store", "", (all_of(low, ref), content), {"mode": "set", "at": False, "same": True})
    if any(not _plain(one.types[0]) for one in lists):  # what else is given may be in them now
        for one, thing in things.items():
            if one not in lists:
                low.memory.keep(thing)
    if callee.returns is not None:
        return refs[callee.returns]
    if not results:
        return low.b.const(callee.result.value if isinstance(callee.result, Static) else None)
    result = owned(low, callee, made[0], list(things.values()), site, hint)
    if any(not _plain(one.types[0]) for one in lists):
        low.memory.keep(result)
    return result


def grown(low: Lowering, ref: Value, type_: Type, node: ast.expr) -> None:
    """A callee puts elements into a list, or takes some out."""
    learn_content(low, ref, type_)
    if not _plain(type_) and low.memory.roots[ref].site in low.learnt.changing:
        why = "a function that calls itself puts arrays into this list, and arrays in it change in place"
        raise Reject("E0121", node, why, "put changed copies into the list")


def _plain(type_: Type) -> bool:
    """Whether there are numbers only in it, or in lists and tuples in it."""
    match type_:
        case ListOf(item):
            return _plain(item)
        case Struct(_, _, items):
            return all(map(_plain, items))
    return not shared_memory(type_)


def called(low: Lowering, callee: Callee, operands: list[Value], results: tuple[Value, ...]) -> list[Value]:
    """The operation; several results come as a tuple."""
    attrs = {"fresh": (callee.fresh,)}
    whole = results[0]
    if len(results) > 1:
        types = tuple(value.type for value in results)
        whole = Value(Struct("tuple", tuple(str(k) for k in range(len(types))), types))
        attrs = {"fresh": (False,)}
    low.b.add(Op("call", callee.name, tuple(operands), (whole,), (), attrs, low.b.span, low.b.role))
    if len(results) == 1:
        return [whole]
    for k, value in enumerate(results):
        low.b.add(Op("item", "", (whole,), (value,), (), {"slot": k}, low.b.span, low.b.role))
    return list(results)


def owned(
    low: Lowering, callee: Callee, result: Value, things: list[Thing], site: tuple[object, ...], hint: str
) -> Thing:
    """The result, with what may share its memory."""
    if callee.fresh:
        if shared_memory(result.type):
            return low.fresh(result, site, hint)
        low.memory.origin(result, memory.Origin("fresh", site))
        return result
    arrays = [v for thing in things for v in leaves_of(thing) if _is_object(v)]
    if len(arrays) == 1:
        low.memory.alias(result, arrays[0])
        return result
    for value in arrays:
        root = low.memory.root_of(value)
        if root is not None:
            low.memory.freeze(root)
    return result


def alone(low: Lowering, callee: Callee, one: Given, ref: Value, others: list[Thing], node: ast.AST) -> None:
    """Refuse if the callee is given what it writes to under a second name."""
    keys = low.memory.keys(ref)
    for thing in others:
        for value in leaves_of(thing):
            if _is_object(value) and any(key in keys for key in low.memory.keys(value)):
                why = f"`{callee.name}` writes to `{one.name}`, and is given the same array under another name"
                raise Reject("E0120", node, why, "pass a copy")


def _is_object(value: Value) -> bool:
    type_ = value.type.content if isinstance(value.type, Ref) else value.type
    return isinstance(type_, Array | ListOf | Struct) and (not isinstance(type_, Array) or type_.shape != ())
