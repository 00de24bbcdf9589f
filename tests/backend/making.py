"""Short ways to write IR by hand."""

from __future__ import annotations

from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Param, Span, Value
from adgen.ir.types import BOOL, FLOAT, INT, UNDEF, Array, ListOf, Ref, Struct, Sym, Type

VEC = Array("f8", (Sym("n"),))
MAT = Array("f8", (Sym("n"), Sym("m")))
NUM = Array("f8", ())
COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne", "not", "and", "or")


class Make(Builder):
    """A builder with one-letter conveniences; `types` of results follow the first operand unless told."""

    def child(self) -> Make:
        inner = Make(self.role, self.span)
        inner.constants = dict(self.constants)
        return inner

    def value(self, thing) -> Value:
        return thing if isinstance(thing, Value) else self.const(thing)

    def p(self, name: str, *args, t: Type | None = None, n: str = "", user: bool | None = None, **attrs) -> Value:
        """A prim; `n` is the name of the result (the user's in the forward sweep)."""
        operands = [self.value(arg) for arg in args]
        if t is None:
            arrays = [o.type for o in operands if isinstance(o.type, Array) and o.type.shape]
            floats = [o.type for o in operands if o.type != INT]
            t = BOOL if name in COMPARISONS else (arrays or floats or [operands[0].type])[0]
        attrs.setdefault("args", tuple(attrs.pop("names", ("a", "b", "c")[: len(operands)])))
        mine = bool(n) and self.role == "primal" if user is None else user
        return self.emit("prim", name, operands, t, n, attrs, mine)

    def view(self, ref: Value, *where, n: str = "", t: Type | None = None) -> Value:
        spec, operands = path(self, where)
        assert isinstance(ref.type, Ref)
        content = t or part(ref.type.content, where)
        return self.emit("view", "", (ref, *operands), Ref(content), n, {"spec": spec}, bool(n))

    def index(self, base: Value, *where, n: str = "", t: Type | None = None) -> Value:
        spec, operands = path(self, where)
        return self.emit("index", "", (base, *operands), t or part(base.type, where), n, {"spec": spec}, bool(n))

    def get(self, ref: Value, *where, n: str = "") -> Value:
        """Load of a view."""
        source = self.view(ref, *where) if where else ref
        return self.load(source, n, bool(n) and self.role == "primal")

    def put(self, ref: Value, where: tuple, content, mode: str = "set", at: bool = False) -> None:
        """Store to a view."""
        self.store(self.view(ref, *where) if where else ref, self.value(content), mode, at)

    def alloc(self, content: Value, n: str) -> Value:
        return self.emit("alloc", "", (content,), Ref(content.type), n, user=True)

    def list(self, *items: Value, n: str = "", t: Type | None = None) -> Value:
        """New list memory."""
        item = t or items[0].type
        listing = self.emit("listing", "", items, ListOf(item))
        return self.emit("alloc", "", (listing,), Ref(ListOf(item)), n, user=True)

    def tuple(self, *items) -> Value:
        values = [self.value(item) for item in items]
        keys = tuple(str(k) for k in range(len(values)))
        return self.pack(Struct("tuple", keys, tuple(v.type for v in values)), values)

    def undef(self) -> Value:
        return self.emit("undef", "", (), UNDEF)

    def cond(self, flag: Value, then, orelse, *names: str, t: tuple[Type, ...] | None = None) -> tuple[Value, ...]:
        """An `if`; `then`, `orelse`: functions from a builder to the yields."""
        inner = [self.child(), self.child()]
        yields = [[b.value(v) for v in f(b)] for b, f in zip(inner, (then, orelse))]
        types = t or tuple(one.type if one.type != UNDEF else two.type for one, two in zip(*yields))
        mine = self.role == "primal"
        results = tuple(
            Value(type_, name, bool(name) and mine) for type_, name in zip(types, names or [""] * len(types))
        )
        regions = tuple(b.block(y) for b, y in zip(inner, yields))
        self.add(Op("if", "", (flag,), results, regions, {}, self.span, self.role))
        return results

    def loop(self, bounds, init: dict[str, object], body, can_stop=False, index="i", types=None, **attrs):
        """A `for` (bounds: stop or (start, stop, step)) or `while` (bounds None); body: (b, i, *carried) -> yields."""
        operands: list[Value] = []
        if bounds is not None:
            triple = bounds if isinstance(bounds, tuple) else (0, bounds, 1)
            operands = [self.value(bound) for bound in triple]
        inits = [self.value(value) for value in init.values()]
        kinds = types or [value.type for value in inits]
        mine = self.role == "primal"
        params = [Value(kind, name, mine) for name, kind in zip(init, kinds)]
        inner = self.child()
        i = [Value(INT, index, mine)] if bounds is not None else []
        yields = [inner.value(v) for v in body(inner, *i, *params)]
        results = [Value(INT, "trips"), Value(BOOL, "stopped")]
        results += [Value(kind, name, mine) for name, kind in zip(init, kinds)]
        region = inner.block(yields, (*i, *params))
        kind = "while" if bounds is None else "for"
        if bounds is not None:
            attrs["can_stop"] = can_stop
        op = Op(kind, "", (*operands, *inits), tuple(results), (region,), attrs, self.span, self.role)
        self.add(op)
        return results

    def says(self, statement: str, line: int = 0) -> Make:
        """Operations from here on come from this statement."""
        self.span = Span("p.py", line, 0, line, 1, statement, line)
        return self


def path(b: Make, where) -> tuple[tuple[str, ...], list[Value]]:
    spec, operands = [], []
    for entry in where:
        if isinstance(entry, slice):
            parts = (entry.start, entry.stop, entry.step)
            spec.append("s" + "".join("0" if part is None else "1" for part in parts))
            operands += [b.value(part) for part in parts if part is not None]
        elif entry is ...:
            spec.append("...")
        elif entry is None:
            spec.append("n")
        else:
            spec.append("i")
            operands.append(b.value(entry))
    return tuple(spec), operands


def part(type_: Type, where) -> Type:
    if isinstance(type_, ListOf):
        return type_ if isinstance(where[0], slice) else type_.item
    assert isinstance(type_, Array) and type_.shape is not None
    shape, out = list(type_.shape), []
    for entry in where:
        if entry is None:
            out.append(1)
            continue
        size = shape.pop(0)
        if isinstance(entry, slice):
            out.append(None if entry != slice(None) else size)
        elif isinstance(entry, Value) and isinstance(entry.type, Array) and entry.type.shape:
            out.append(None)
    return Array(type_.dtype, (*out, *shape))


def func(name: str, make, **types: Type) -> Func:
    """A function: `make(b, *params)` returns the result."""
    b = Make()
    params = [Value(type_, label, True) for label, type_ in types.items()]
    result = b.value(make(b, *params))
    return Func(name, tuple(Param(v.hint, v) for v in params), b.block([result]), "p.py", name)


def named(func: Func, **changes) -> Func:
    """The function with other attributes."""
    return replace(func, **changes)


__all__ = ["BOOL", "FLOAT", "INT", "MAT", "NUM", "VEC", "Block", "Make", "func", "named"]
