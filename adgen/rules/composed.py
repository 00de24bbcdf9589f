"""Entries that are written as a composition of other entries: both directions follow from theirs.

    composed("np.corrcoef(x)", build, ...)      ->      np.cov, np.diag, np.sqrt, a quotient: one by one

What is composed is computed again where the derivative is needed; only for functions that are called seldom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import NONE, Struct, tangent
from adgen.rules import shapes
from adgen.rules.apply import content_of, find
from adgen.rules.call import Call, filled
from adgen.rules.kinds import fit
from adgen.rules.lists import dots_as_arrays, of_lists, still_as_arrays
from adgen.rules.rule import REGISTRY, Infer, Rule, TypeProblem, parse_signature, register

Build = Callable[[Call], Value]
Key = TypeVar("Key")


def composed(
    signature: str, build: Build, infer: Infer, static: Sequence[str] = (), doc: str = "", kinks: str = ""
) -> Rule:
    """An entry whose derivatives are those of what `build` emits."""
    name, params, result = parse_signature(signature, static)
    names = tuple(param.name for param in params if not param.static)

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        whole = still_as_arrays(b, REGISTRY[name], op, names)
        start = len(b.ops)
        out = build(Call(b, REGISTRY[name], whole))
        wanted = [whole.operands[k] for k in wrt]
        flat = list(dict.fromkeys(part for value in wanted for part in _parts(b, value)))
        bars = dict(zip(flat, pull(b, list(b.ops[start:]), out, y_bar, flat), strict=True))
        parts: list[Value | None] = []
        for operand in wanted:
            bar = _collected(b, operand, bars)
            type_ = tangent(content_of(operand.type))
            parts.append(None if bar is None or type_ is None else fit(b, bar, operand, type_))
        _prune(b, start, [part for part in parts if part is not None])
        return of_lists(b, op, whole, wrt, parts)

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        whole = still_as_arrays(b, REGISTRY[name], op, names)
        lines = dots_as_arrays(b, op, whole, dots)
        start = len(b.ops)
        out = build(Call(b, REGISTRY[name], whole))
        given: dict[Value, Value] = {}
        for value, dot in zip(whole.operands, lines, strict=True):
            if dot is not None:
                given |= _spread(b, value, dot)
        dot = push(b, list(b.ops[start:]), out, given)
        dot = None if dot is None else shapes.cast(b, dot, op.result)
        _prune(b, start, [] if dot is None else [dot])
        return dot

    return register(Rule(name, params, result, "general", infer, vjp, jvp, doc, kinks))


def _parts(b: Builder, value: Value) -> Sequence[Value]:
    """The members of a tuple that is known by them, by which its items are read; any other value itself."""
    members = b.packed(value)
    return (value,) if members is None else [part for member in members for part in _parts(b, member)]


def _spread(b: Builder, value: Value, dot: Value) -> dict[Value, Value]:
    """The tangents of the members of a tuple; any other value's own."""
    members = b.packed(value)
    if members is None:
        return {} if dot.type == NONE else {value: dot}
    given: dict[Value, Value] = {}
    for k, member in enumerate(members):
        given |= _spread(b, member, b.item(dot, k))
    return given


def _collected(b: Builder, value: Value, bars: dict[Value, Value | None]) -> Value | None:
    """The adjoint of an operand; a member that a tuple has twice counts once."""
    members = b.packed(value)
    if members is None:
        return bars.pop(value, None)
    found = {k: _collected(b, member, bars) for k, member in enumerate(members)}
    slots = {k: bar for k, bar in found.items() if bar is not None}
    return _assembled(b, value, slots) if slots else None


def pulled(call: Call, build: Build, g: Value, name: str) -> Value | None:
    """The adjoint of one argument of a call, by way of what `build` makes of them."""
    b, start = call.b, len(call.b.ops)
    own = call.values[name]
    call = _told_apart(call, name)
    alone = call.values[name]
    out = build(call)
    flat = list(dict.fromkeys(_parts(b, alone)))
    bars = dict(zip(flat, pull(b, list(b.ops[start:]), out, g, flat), strict=True))
    found = _collected(b, alone, bars)
    _prune(b, start, [] if found is None else [found])
    if alone is not own:
        b.ops[start:] = [_with_operand(op, alone, own) for op in b.ops[start:]]
    return found


def _told_apart(call: Call, name: str) -> Call:
    """A call that has another argument's value under this name too: a value of its own, whose adjoint is the name's."""
    b, own = call.b, call.values[name]
    others = [part for other, value in call.values.items() if other != name for part in _parts(b, value)]
    if not any(part in others for part in _parts(b, own)):
        return call
    if b.packed(own) is not None:
        raise TypeProblem(f"`{call.rule.name}` of one array in two arguments", "pass a copy as one of them")
    alone = Value(own.type, own.hint)
    pairs = zip(call.args, call.op.operands, strict=True)
    op = replace(call.op, operands=tuple(alone if arg == name else value for arg, value in pairs))
    other = Call(b, call.rule, op)
    other.statics, other.values, other.y = call.statics, {**call.values, name: alone}, call.y
    return other


def _with_operand(op: Op, old: Value, new: Value) -> Op:
    if old not in op.operands:
        return op
    return replace(op, operands=tuple(new if operand is old else operand for operand in op.operands))


def pushed(call: Call, build: Build, dots: Mapping[str, Value]) -> Value | None:
    """The tangent of a call, by way of what `build` makes of the arguments."""
    b, start = call.b, len(call.b.ops)
    out = build(call)
    given: dict[Value, Value] = {}
    for name, dot in dots.items():
        given |= _spread(b, call.values[name], dot)
    found = push(b, list(b.ops[start:]), out, given)
    _prune(b, start, [] if found is None else [found])
    return found


def _prune(b: Builder, start: int, wanted: Sequence[Value]) -> None:
    """Only what the wanted values need: nothing else may read them, for they are named anew."""
    needed = dict.fromkeys(wanted)
    kept: list[Op] = []
    for op in reversed(b.ops[start:]):
        if any(result in needed for result in op.results):
            kept.append(op)
            needed.update(dict.fromkeys(op.operands))
    b.ops[start:] = reversed(kept)


def pull(b: Builder, ops: Sequence[Op], out: Value, g: Value, wanted: Sequence[Value]) -> list[Value | None]:
    """The adjoints of some values, given that of what was computed from them."""
    varied = _varied(ops, wanted)
    bars: dict[Value, Value] = {out: g}
    slots: dict[Value, dict[int, Value]] = {}
    for op in reversed(ops):
        if not op.results or op.result not in varied:
            continue
        if op.result in slots:
            bars[op.result] = _assembled(b, op.result, slots[op.result])
        bar = bars.pop(op.result, None)
        if bar is None:
            continue
        if op.kind == "item":
            place = op.attrs["slot"]
            assert isinstance(place, int)
            _gather(b, slots.setdefault(op.operands[0], {}), place, bar)
        elif op.kind == "pack":
            for k, operand in enumerate(op.operands):
                if operand in varied:
                    _gather(b, bars, operand, b.item(bar, k))
        else:
            assert op.kind == "prim", op.kind
            wrt = [k for k, operand in enumerate(op.operands) if operand in varied]
            parts = find(op.name).vjp(b, op, bar, wrt)
            for k, part in zip(wrt, parts, strict=True):
                if part is not None:
                    _gather(b, bars, op.operands[k], part)
    return [_assembled(b, value, slots[value]) if value in slots else bars.get(value) for value in wanted]


def push(b: Builder, ops: Sequence[Op], out: Value, dots: Mapping[Value, Value]) -> Value | None:
    """The tangent of what was computed from values with these tangents."""
    known = dict(dots)
    for op in ops:
        given = [known.get(operand) for operand in op.operands]
        if not op.results or all(dot is None for dot in given) or tangent(op.result.type) is None:
            continue
        if op.kind == "item":
            place = op.attrs["slot"]
            assert given[0] is not None and isinstance(place, int)
            known[op.result] = b.item(given[0], place)
        elif op.kind == "pack":
            smooth = [tangent(content_of(value.type)) is not None for value in op.operands]
            pairs = zip(given, op.operands, smooth, strict=True)
            parts = [filled(b, dot, value) if varies else b.const(None) for dot, value, varies in pairs]
            assert isinstance(op.result.type, Struct)
            type_ = Struct(op.result.type.kind, op.result.type.keys, tuple(part.type for part in parts))
            known[op.result] = b.pack(type_, parts)
        else:
            assert op.kind == "prim", op.kind
            dot = find(op.name).jvp(b, op, given)
            if dot is not None:
                known[op.result] = dot
    return known.get(out)


def _varied(ops: Sequence[Op], wanted: Sequence[Value]) -> dict[Value, None]:
    """What depends on the wanted values and can have a derivative, in order."""
    found = dict.fromkeys(wanted)
    for op in ops:
        if any(operand in found for operand in op.operands):
            found.update({result: None for result in op.results if tangent(content_of(result.type)) is not None})
    return found


def _gather(b: Builder, bars: dict[Key, Value], key: Key, part: Value) -> None:
    bars[key] = shapes.add(b, bars[key], part) if key in bars else part


def _assembled(b: Builder, struct: Value, slots: Mapping[int, Value]) -> Value:
    """The adjoint of a structure from those of its slots."""
    assert isinstance(struct.type, Struct)
    items = []
    for k, part in enumerate(struct.type.items):
        typed = tangent(part)
        items.append(
            slots[k] if k in slots else b.const(None) if typed is None else shapes.zeros_like(b, b.item(struct, k))
        )
    types = tuple(
        NONE if tangent(part) is None else item.type for part, item in zip(struct.type.items, items, strict=True)
    )
    return b.pack(Struct(struct.type.kind, struct.type.keys, types), items)
