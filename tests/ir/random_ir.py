"""Random valid functions: scalars, vectors, memory, branches, loops with and without exits, tapes."""

from __future__ import annotations

import random
from collections.abc import Callable

from adgen.ir.build import Builder
from adgen.ir.core import Func, Value
from adgen.ir.types import BOOL, FLOAT, INT, ListOf, Ref, Type
from tests.ir.making import VEC, alloc, branch, func, index, loop, prim, push, repeat, untape, value, view


class Program:
    """Makes one function out of a seed; forward code is primal, then reverse-looking code with role adjoint."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def make(self) -> Func:
        b = Builder()
        x, v, n = value(FLOAT, "x"), value(VEC, "v"), value(INT, "n")
        scope: dict[Type, list[Value]] = {FLOAT: [x, b.const(2.0)], VEC: [v], Ref(VEC): [alloc(b, v, "r")]}
        for _ in range(self.rng.randint(1, 5)):
            self.statement(b, scope, n, 2)
        tapes = [self.taped(b, scope, n) for _ in range(self.rng.randint(0, 2))]
        b.role = "adjoint"
        for _ in range(self.rng.randint(2, 8)):
            self.statement(b, scope, n, 2)
        for tape in tapes:
            self.reversed(b, scope, n, tape)
        for _ in range(self.rng.randint(0, 4)):
            self.statement(b, scope, n, 2)
        total = prim(b, "add", self.some(b, scope, FLOAT), prim(b, "np.sum", self.some(b, scope, VEC), type_=FLOAT))
        return func(b, total, x, v, n)

    def some(self, b: Builder, scope: dict[Type, list[Value]], type_: Type) -> Value:
        if type_ == FLOAT and self.rng.random() < 0.3:
            return b.const(self.rng.choice([0.0, 1.0, -1.0, 2.0, 0.5]))
        return self.rng.choice(scope[type_][-6:])

    def statement(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        kinds: list[Callable[..., None]] = [
            self.scalar,
            self.scalar,
            self.vector,
            self.vector,
            self.memory,
            self.memory,
        ]
        if depth:
            kinds += [self.branch, self.loop, self.exits]
        self.rng.choice(kinds)(b, scope, n, depth)

    def scalar(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        name = self.rng.choice(["add", "sub", "mul", "mul", "neg", "np.sin", "np.sum", "np.dot", "index"])
        if name in ("add", "sub", "mul"):
            made = prim(b, name, self.some(b, scope, FLOAT), self.some(b, scope, FLOAT), type_=FLOAT)
        elif name == "index":
            made = index(b, self.some(b, scope, VEC), b.const(self.rng.choice([0, 1, -1])))
        elif name == "np.sum":
            made = prim(b, name, self.some(b, scope, VEC), type_=FLOAT)
        elif name == "np.dot":
            made = prim(b, "np.tanh", prim(b, name, self.some(b, scope, VEC), self.some(b, scope, VEC), type_=FLOAT))
        else:
            made = prim(b, name, self.some(b, scope, FLOAT), type_=FLOAT)
        scope[FLOAT].append(made)

    def vector(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        name = self.rng.choice(["add", "sub", "mul", "neg", "np.sin", "scale", "wide", "zero", "flip"])
        one = self.some(b, scope, VEC)
        if name in ("add", "sub", "mul"):
            made = prim(b, name, one, self.some(b, scope, VEC))
        elif name == "scale":
            pair = [one, self.some(b, scope, FLOAT)]
            self.rng.shuffle(pair)
            made = prim(b, "mul", *pair, type_=VEC)
        elif name == "wide":
            shape = prim(b, "attr.shape", one, type_=INT)
            made = prim(b, "np.broadcast_to", self.some(b, scope, FLOAT), shape, type_=VEC, args=("array", "shape"))
        elif name == "zero":
            made = prim(b, "zeros_like", one)
        elif name == "flip":
            made = prim(b, "attr.T", one)
        else:
            made = prim(b, name, one)
        scope[VEC].append(made)

    def memory(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        ref = self.rng.choice(scope[Ref(VEC)])
        match self.rng.choice(["alloc", "load", "load", "store", "part", "part"]):
            case "alloc":
                scope[Ref(VEC)].append(alloc(b, self.some(b, scope, VEC)))
            case "load":
                scope[VEC].append(b.load(ref))
            case "store":
                b.store(ref, self.some(b, scope, VEC), self.rng.choice(["set", "add"]))
            case "part":
                slot = view(b, ref, b.const(self.rng.choice([0, 1, -1])))
                b.store(slot, self.some(b, scope, FLOAT), self.rng.choice(["set", "add"]))
                scope[FLOAT].append(b.load(slot))

    def inside(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> dict[Type, list[Value]]:
        inner = {type_: list(values) for type_, values in scope.items()}
        for _ in range(self.rng.randint(0, 4)):
            self.statement(b, inner, n, depth - 1)
        return inner

    def test(self, b: Builder, scope: dict[Type, list[Value]]) -> Value:
        return prim(b, "gt", self.some(b, scope, FLOAT), b.const(0.3), type_=BOOL)

    def branch(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        def fill(inner: Builder) -> list[Value]:
            seen = self.inside(inner, scope, n, depth)
            return [self.some(inner, seen, FLOAT), self.some(inner, seen, VEC)]

        number, vector = branch(b, self.test(b, scope), fill, fill, (FLOAT, VEC))
        scope[FLOAT].append(number)
        scope[VEC].append(vector)

    def loop(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        def body(inner: Builder, _: Value, s: Value, k: Value, w: Value) -> list[Value]:
            seen = self.inside(inner, self.with_values(scope, s, k, w), n, depth)
            return [self.bounded(inner, seen), self.rng.choice([k, s]), self.rng.choice(seen[VEC])]

        inits = [self.some(b, scope, FLOAT), self.some(b, scope, FLOAT), self.some(b, scope, VEC)]
        _, _, s, k, w = loop(b, n, inits, body)
        scope[FLOAT] += [s, k]
        scope[VEC].append(w)

    def exits(self, b: Builder, scope: dict[Type, list[Value]], n: Value, depth: int) -> None:
        def body(inner: Builder, count: Value, s: Value) -> tuple[Value, ...]:
            seen = self.inside(inner, self.with_values(scope, s), n, depth)
            more = prim(inner, "add", count, inner.const(1), type_=INT)
            stop = prim(inner, "or", prim(inner, "gt", more, n, type_=BOOL), self.test(inner, seen), type_=BOOL)
            then = self.some(inner, seen, FLOAT)
            other = self.bounded(inner, seen)
            return branch(
                inner,
                stop,
                lambda q: (q.const(True), more, then),
                lambda q: (q.const(False), more, other),
                (BOOL, INT, FLOAT),
            )

        _, _, _, s = repeat(b, [b.const(0), self.some(b, scope, FLOAT)], body)
        scope[FLOAT].append(s)

    def with_values(self, scope: dict[Type, list[Value]], *values: Value) -> dict[Type, list[Value]]:
        inner = {type_: list(old) for type_, old in scope.items()}
        for value_ in values:
            inner[value_.type].append(value_)
        return inner

    def bounded(self, b: Builder, scope: dict[Type, list[Value]]) -> Value:
        return prim(b, "np.sin", self.some(b, scope, FLOAT), type_=FLOAT)

    def taped(self, b: Builder, scope: dict[Type, list[Value]], n: Value) -> Value:
        tape = b.tape(FLOAT, "saved")

        def body(inner: Builder, _: Value, s: Value) -> list[Value]:
            seen = self.inside(inner, self.with_values(scope, s), n, 1)
            push(inner, tape, self.some(inner, seen, FLOAT))
            return [self.bounded(inner, seen)]

        _, _, s = loop(b, n, [self.some(b, scope, FLOAT)], body)
        scope[FLOAT].append(s)
        return tape

    def reversed(self, b: Builder, scope: dict[Type, list[Value]], n: Value, tape: Value) -> None:
        assert isinstance(tape.type, Ref) and isinstance(tape.type.content, ListOf)

        def body(inner: Builder, _: Value, s: Value) -> list[Value]:
            old = untape(inner, tape, "old")
            seen = self.inside(inner, self.with_values(scope, s, old), n, 1)
            return [self.bounded(inner, seen)]

        _, _, s = loop(b, n, [self.some(b, scope, FLOAT)], body, reversed=True)
        scope[FLOAT].append(s)
