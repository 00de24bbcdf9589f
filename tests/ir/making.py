"""Short ways to build IR by hand in tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adgen.ir.build import Builder
from adgen.ir.core import Func, Op, Param, Value
from adgen.ir.types import BOOL, FLOAT, INT, Array, ListOf, Ref, Sym, Type
from adgen.rules.table import lookup

VEC = Array("f8", (Sym("n"),))
MAT = Array("f8", (Sym("n"), Sym("m")))

Branch = Callable[[Builder], Sequence[Value]]
Body = Callable[..., Sequence[Value]]


def value(type_: Type, hint: str = "", user: bool = False) -> Value:
    return Value(type_, hint, user)


def prim(b: Builder, name: str, *operands: Value, type_: Type | None = None, hint: str = "", **attrs: object) -> Value:
    """A function applied to positional arguments unless `args` says otherwise; the type is the first's."""
    rule = lookup(name)
    letters = ("x",) if len(operands) == 1 else tuple("abcdef"[: len(operands)])
    attrs.setdefault("args", letters if rule is None else rule.bind(len(operands)))
    return b.emit("prim", name, operands, type_ or operands[0].type, hint, attrs)


def index(
    b: Builder, x: Value, *where: Value, spec: tuple[str, ...] = ("i",), type_: Type = FLOAT, hint: str = ""
) -> Value:
    return b.emit("index", "", (x, *where), type_, hint, {"spec": spec})


def view(
    b: Builder, x: Value, *where: Value, spec: tuple[str, ...] = ("i",), type_: Type = FLOAT, hint: str = ""
) -> Value:
    return b.emit("view", "", (x, *where), Ref(type_), hint, {"spec": spec})


def alloc(b: Builder, content: Value, hint: str = "") -> Value:
    return b.emit("alloc", "", (content,), Ref(content.type), hint)


def branch(
    b: Builder, flag: Value, then: Branch, other: Branch, types: Sequence[Type] = (), hints: Sequence[str] = ()
) -> tuple[Value, ...]:
    regions = []
    for fill in (then, other):
        inner = b.child()
        regions.append(inner.block(fill(inner)))
    hints = list(hints) or [""] * len(types)
    results = tuple(Value(t, h) for t, h in zip(types, hints, strict=True))
    b.add(Op("if", "", (flag,), results, tuple(regions), role=b.role))
    return results


def loop(
    b: Builder, stop: Value, inits: Sequence[Value], body: Body, can_stop: bool = False, **attrs: object
) -> tuple[Value, ...]:
    """`for i in range(stop)`; `body(builder, index, *carried)` returns (stop, *carried) or carried."""
    inner = b.child()
    index_ = Value(INT, "i")
    params = tuple(Value(v.type, v.hint) for v in inits)
    given = body(inner, index_, *params)
    yields = tuple(given) if can_stop else (inner.const(False), *given)
    results = (Value(INT, "trips"), Value(BOOL, "stopped"), *(Value(v.type, v.hint) for v in inits))
    region = inner.block(yields, (index_, *params))
    operands = (b.const(0), stop, b.const(1), *inits)
    b.add(Op("for", "", operands, results, (region,), {"can_stop": can_stop, **attrs}, role=b.role))
    return results


def repeat(b: Builder, inits: Sequence[Value], body: Body) -> tuple[Value, ...]:
    """A `while`; `body(builder, *carried)` returns (stop, *carried')."""
    inner = b.child()
    params = tuple(Value(v.type, v.hint) for v in inits)
    region = inner.block(body(inner, *params), params)
    results = (Value(INT, "trips"), Value(BOOL, "stopped"), *(Value(v.type, v.hint) for v in inits))
    b.add(Op("while", "", tuple(inits), results, (region,), role=b.role))
    return results


def push(b: Builder, tape: Value, item: Value) -> None:
    b.effect("push", "", (tape, item))


def untape(b: Builder, tape: Value, hint: str = "") -> Value:
    assert isinstance(tape.type, Ref) and isinstance(tape.type.content, ListOf)
    return b.emit("untape", "", (tape,), tape.type.content.item, hint)


def func(b: Builder, result: Value, *params: Value) -> Func:
    named = tuple(Param(p.hint or f"p{k}", p) for k, p in enumerate(params))
    return Func("f", named, b.block((result,)))
