"""Random IR with everything that can go wrong with names and copies: aliases, stores, swaps, exits, mirrored branches.

Accumulations are marked `inplace` at random, right or wrong: the backend may believe the mark only where nobody else
has the object.  Values without names are used again much later, across stores.
"""

from __future__ import annotations

import random

from adgen.ir.core import Func, Value
from adgen.ir.types import BOOL, FLOAT, INT, UNDEF, Array, ListOf, Ref
from tests.backend.making import Make, func

FOUR, TWO = Array("f8", (4,)), Array("f8", (2,))
NAMES = ("x", "y", "z", "h", "x_bar", "t")


class Scope:
    """What is visible: numbers, arrays, references, lists, integers."""

    def __init__(self, other: Scope | None = None) -> None:
        self.floats = list(other.floats) if other else []
        self.fours = list(other.fours) if other else []
        self.twos = list(other.twos) if other else []
        self.refs = list(other.refs) if other else []
        self.lists = list(other.lists) if other else []
        self.ints = list(other.ints) if other else []
        self.mirrors = [] if other is None else list(other.mirrors)


class Generator:
    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.depth = 0
        self.loops = 0

    def pick(self, values: list):
        return self.r.choice(values[-8:] if self.r.random() < 0.7 else values)

    def chance(self, p: float) -> bool:
        return self.r.random() < p

    def make(self) -> Func:
        def body(b: Make, *params: Value):
            s = Scope()
            s.floats, s.fours, (n,) = list(params[:2]), list(params[2:4]), params[4:]
            s.ints = [n]
            self.statements(b, s, self.r.randrange(4, 14))
            return b.tuple(*[self.pick(s.floats) for _ in range(3)], *[self.whole(b, s) for _ in range(3)])

        return func("f", body, x=FLOAT, y=FLOAT, u=FOUR, w=FOUR, n=INT)

    def whole(self, b: Make, s: Scope) -> Value:
        if s.refs and self.chance(0.5):
            return b.load(self.pick(s.refs))
        return self.pick(s.fours)

    # values
    def name(self) -> str:
        return self.r.choice(NAMES) if self.chance(0.45) else ""

    def user(self, name: str) -> bool:
        return bool(name) and not name.endswith("_bar") and self.chance(0.7)

    def add_float(self, b: Make, s: Scope) -> Value:
        name = self.name()
        kind = self.r.randrange(7)
        one = self.pick(s.floats)
        if kind == 0 and s.refs:
            v = b.load(b.view(self.pick(s.refs), self.r.randrange(4), t=FLOAT), name, self.user(name))
            s.floats.append(v)
            return v
        if kind == 1:
            return self.keep(
                s.floats, b.p("np.sum", self.whole(b, s), t=FLOAT, names=("a",), n=name, user=self.user(name))
            )
        if kind == 2:
            return self.keep(s.floats, b.p("neg", one, t=FLOAT, n=name, user=self.user(name)))
        if kind == 3:
            return self.keep(s.floats, b.p("np.sin", one, t=FLOAT, names=("x",), n=name, user=self.user(name)))
        if kind == 4:
            flag = b.p("lt", one, self.pick(s.floats))
            (v,) = b.cond(flag, lambda c: [self.pick(s.floats)], lambda c: [c.p("mul", 0.5, one, t=FLOAT)], name)
            return self.keep(s.floats, v)
        op = self.r.choice(("add", "sub", "mul"))
        return self.keep(s.floats, b.p(op, one, self.pick(s.floats), t=FLOAT, n=name, user=self.user(name)))

    def keep(self, pool: list, value: Value) -> Value:
        pool.append(value)
        return value

    def add_array(self, b: Make, s: Scope) -> None:
        name = self.name()
        mine = self.user(name)
        kind = self.r.randrange(10)
        one = self.pick(s.fours)
        if kind == 0 and s.refs:
            s.fours.append(b.load(self.pick(s.refs), name, mine))
        elif kind == 1 and s.refs:
            cut = self.r.choice((slice(0, 2), slice(1, 3), slice(2, None)))
            s.twos.append(b.load(b.view(self.pick(s.refs), cut, t=TWO), name, mine))
        elif kind == 2:
            base = self.whole(b, s)
            s.twos.append(b.index(base, slice(1, 3), t=TWO))
        elif kind == 3 and s.twos:
            s.twos.append(b.p("np.flip", self.pick(s.twos), t=TWO, names=("m",), n=name, user=mine))
        elif kind == 4 and s.twos:
            inplace = self.chance(0.7)
            s.twos.append(b.p("add", self.pick(s.twos), self.pick(s.twos), t=TWO, n=name, user=mine, inplace=inplace))
        elif kind == 5:
            s.fours.append(b.p("copy", one, t=FOUR, names=("x",), n=name, user=mine))
        elif kind == 6:
            s.fours.append(b.p("neg", one, t=FOUR, n=name, user=mine))
        elif kind == 7 and s.lists:
            s.fours.append(b.load(b.view(self.pick(s.lists), -1), name, mine))
        else:
            inplace = self.chance(0.7)
            other = self.whole(b, s)
            s.fours.append(b.p("add", one, other, t=FOUR, n=name, user=mine, inplace=inplace))

    # statements
    def statements(self, b: Make, s: Scope, count: int) -> None:
        for _ in range(count):
            b.role = self.r.choice(("primal", "primal", "adjoint"))
            kind = self.r.randrange(13)
            if kind < 3:
                self.add_float(b, s)
            elif kind < 6:
                self.add_array(b, s)
            elif kind == 6:
                s.refs.append(b.alloc(self.whole(b, s), self.r.choice(("v", "p", "q"))))
            elif kind < 9 and s.refs:
                self.store(b, s)
            elif kind == 9:
                self.lists(b, s)
            elif kind == 10 and self.depth < 3:
                self.branch(b, s)
            elif kind >= 11 and self.depth < 2:
                self.loop(b, s)

    def store(self, b: Make, s: Scope) -> None:
        ref = self.pick(s.refs)
        mode = self.r.choice(("set", "set", "add", "mul"))
        kind = self.r.randrange(4)
        if kind == 0:
            b.store(b.view(ref, self.r.randrange(4), t=FLOAT), self.pick(s.floats), mode)
        elif kind == 1 and s.twos:
            b.store(b.view(ref, slice(1, 3), t=TWO), self.pick(s.twos), mode)
        elif kind == 2:
            b.store(b.view(ref, slice(0, 2), t=TWO), self.pick(s.floats), mode)
        else:
            b.store(ref, self.whole(b, s), mode)

    def lists(self, b: Make, s: Scope) -> None:
        if not s.lists or self.chance(0.3):
            s.lists.append(b.list(self.whole(b, s), self.pick(s.fours), n="hs", t=FOUR))
            return
        xs = self.pick(s.lists)
        kind = self.r.randrange(6)
        if kind == 0:
            b.effect("append", "", (xs, self.whole(b, s)))
        elif kind == 1:
            b.store(b.view(xs, 0), self.whole(b, s), "set")
        elif kind == 2:
            b.store(b.view(xs, -1), self.pick(s.fours), "add")
        elif kind == 3:
            b.store(b.view(b.view(xs, 0), 2, t=FLOAT), self.pick(s.floats), "set")
        elif kind == 4:
            b.effect("append", "", (xs, self.pick(s.fours)))
            name = self.name()
            s.fours.append(b.emit("pop", "", (xs,), FOUR, name, {}, self.user(name)))
        else:
            s.floats.append(b.load(b.view(b.view(xs, -1), 1, t=FLOAT)))

    def branch(self, b: Make, s: Scope) -> None:
        flag = b.p("lt", self.pick(s.floats), self.pick(s.floats), n=self.r.choice(("", "c")))
        if s.mirrors and self.chance(0.6):
            flag, inner = self.pick(s.mirrors)
        else:
            inner = [None, None]
        scopes = [Scope(s), Scope(s)]
        found: list[Scope] = []
        self.depth += 1
        swap = self.chance(0.3) and len(s.floats) > 1
        pair = [self.pick(s.floats), self.pick(s.floats)]
        undefined = self.chance(0.3)

        def side(which: int):
            def make(c: Make):
                own = scopes[which]
                if inner[which] is not None:
                    c.role = "adjoint"
                    for pool in ("floats", "fours", "twos"):
                        getattr(own, pool).extend(getattr(inner[which], pool))
                self.statements(c, own, self.r.randrange(0, 4))
                found.append(own)
                if swap:
                    return [*(pair if which else pair[::-1]), self.pick(own.fours)]
                last = c.undef() if undefined and which else self.pick(own.floats)
                return [last, self.pick(own.floats), self.pick(own.fours)]

            return make

        names = [self.r.choice(NAMES) for _ in range(3)]
        results = b.cond(flag, side(0), side(1), *names, t=(FLOAT, FLOAT, FOUR))
        self.depth -= 1
        s.floats += results[1:2] if undefined and not swap else results[:2]
        s.fours.append(results[2])
        if self.loops == 0 or True:
            s.mirrors.append((flag, found))

    def loop(self, b: Make, s: Scope) -> None:
        self.depth += 1
        names = self.r.sample(NAMES, 3)
        undef = self.chance(0.2)
        init = {names[0]: self.pick(s.floats), names[1]: self.pick(s.floats), names[2]: self.pick(s.fours)}
        extra = {}
        if undef:
            extra = {"late": b.undef()}
        stop = self.chance(0.4)
        refs = s.refs[-2:] if len(s.refs) >= 2 and self.chance(0.4) else []
        if refs:
            init |= {"r1": refs[0], "r2": refs[1]}
        init |= extra
        types = [FLOAT, FLOAT, FOUR] + [Ref(FOUR)] * len(refs) + ([FLOAT] if undef else [])
        self.loops += 1

        def body(c: Make, i: Value, *carried: Value):
            own = Scope(s)
            own.mirrors = []
            own.floats += carried[:2]
            own.fours.append(carried[2])
            if refs:
                own.refs = [r for r in own.refs if r not in refs] + list(carried[3:5])
            self.statements(c, own, self.r.randrange(1, 6))

            def end(e: Make, out: Scope):
                values = [self.pick(out.floats), self.pick(out.floats), self.pick(out.fours)]
                if self.chance(0.3):
                    values = [carried[1], carried[0], values[2]]
                if refs:
                    values += carried[3:5][::-1] if self.chance(0.5) else carried[3:5]
                if undef:
                    values.append(self.pick(out.floats))
                return values

            if not stop and self.chance(0.6):
                return [False, *end(c, own)]
            flag = c.p("lt", self.pick(own.floats), c.p("sub", self.pick(own.floats), 0.3, t=FLOAT))

            def leave(d: Make):
                inner = Scope(own)
                self.statements(d, inner, self.r.randrange(0, 2))
                return [stop, *end(d, inner)]

            def stay(d: Make):
                inner = Scope(own)
                self.statements(d, inner, self.r.randrange(0, 3))
                return [False, *end(d, inner)]

            return c.cond(flag, leave, stay, t=(BOOL, *types))

        count = self.r.choice((3, s.ints[0]))
        _, _, *results = b.loop(count, init, body, can_stop=False, types=types, index=self.r.choice(("i", "k")))
        self.depth -= 1
        s.floats += results[:2]
        s.fours.append(results[2])
        if refs:
            s.refs = [r for r in s.refs if r not in refs] + results[3:5]


__all__ = ["Generator", "ListOf", "UNDEF"]
