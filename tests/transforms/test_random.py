"""Reverse, forward and differences agree on random programs with memory, branches, loops and exits."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from adgen.ir.build import Builder
from adgen.ir.core import Func, Value
from adgen.ir.show import show
from adgen.ir.types import BOOL, FLOAT, INT, Ref
from adgen.ir.verify import verify
from adgen.transforms.forward import forward
from adgen.transforms.reverse import reverse
from adgen.transforms.saves_build import save
from tests.ir.interpret import run
from tests.ir.making import VEC, alloc, branch, func, loop, prim, value
from tests.ir.random_ir import Program

X, V = 0.7, np.array([0.3, -1.2, 0.8])


class Primal(Program):
    """Forward code only, with loops that may stop early among the statements."""

    def make(self) -> Func:
        b = Builder()
        x, v, n = value(FLOAT, "x"), value(VEC, "v"), value(INT, "n")
        scope = {FLOAT: [x, b.const(2.0)], VEC: [v], Ref(VEC): [alloc(b, v, "r")]}
        for _ in range(self.rng.randint(2, 8)):
            if self.rng.random() < 0.2:
                self.stopping(b, scope, n)
            else:
                self.statement(b, scope, n, 2)
        total = prim(b, "add", self.some(b, scope, FLOAT), prim(b, "np.sum", self.some(b, scope, VEC), type_=FLOAT))
        return func(b, prim(b, "np.sin", total, type_=FLOAT), x, v, n)

    def stopping(self, b: Builder, scope: dict, n: Value) -> None:
        def body(inner: Builder, _: Value, s: Value, w: Value) -> list[Value]:
            seen = self.inside(inner, self.with_values(scope, s, w), n, 1)
            stop = self.test(inner, seen)

            def left(q: Builder) -> list[Value]:
                again = self.inside(q, seen, n, 1)
                return [q.const(True), self.some(q, again, FLOAT), w]

            def right(q: Builder) -> list[Value]:
                again = self.inside(q, seen, n, 1)
                return [q.const(False), self.bounded(q, again), self.some(q, again, VEC)]

            return branch(inner, stop, left, right, (BOOL, FLOAT, VEC))

        _, _, s, w = loop(b, n, [self.some(b, scope, FLOAT), self.some(b, scope, VEC)], body, can_stop=True)
        scope[FLOAT].append(s)
        scope[VEC].append(w)


def difference(f: Func, n: int, dx: float, dv: np.ndarray, h: float) -> float:
    return (run(f, X + h * dx, V + h * dv, n) - run(f, X - h * dx, V - h * dv, n)) / (2 * h)


def smooth(f: Func, n: int, dx: float, dv: np.ndarray) -> float | None:
    """The directional derivative, unless differences disagree with each other (a kink, overflow)."""
    one, two = difference(f, n, dx, dv, 1e-5), difference(f, n, dx, dv, 3e-6)
    good = np.isfinite(one) and abs(one) < 1e4 and abs(one - two) <= 1e-5 * max(1.0, abs(one))
    return one if good else None


@pytest.mark.parametrize("block", range(6))
def test_three_ways_agree(block: int) -> None:
    compared = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for seed in range(block * 25, block * 25 + 25):
            compared += check(seed)
    assert compared > 25


def check(seed: int) -> int:
    f = Primal(seed).make()
    assert verify(f) == []
    g, _ = save(reverse(f, ["x", "v"], seed=None, value=False, aux=False, single=False))
    t = forward(f, ["x", "v"])
    assert verify(g) == [], f"seed {seed}\n{show(f)}\n{show(g)}"
    assert verify(t) == [], f"seed {seed}\n{show(f)}\n{show(t)}"
    rng = np.random.default_rng(seed)
    done = 0
    for n in (0, 1, 4):
        dx, dv = float(rng.standard_normal()), rng.standard_normal(3)
        x_bar, v_bar = run(g, X, V, n)
        value, dot = run(t, X, V, n, dx, dv)
        pulled = x_bar * dx + np.sum(v_bar * dv)
        where = f"seed {seed} n {n}: reverse {pulled}, forward {dot}\n{show(f)}\n{show(g)}"
        if not np.isfinite(value):
            continue
        assert value == run(f, X, V, n), where
        if np.isfinite(dot) and abs(dot) < 1e8:
            assert abs(pulled - dot) <= 1e-9 * max(1.0, abs(dot)), where
        expected = smooth(f, n, dx, dv)
        if expected is not None:
            assert abs(pulled - expected) <= 1e-4 * max(1.0, abs(expected)), f"{expected} {where}"
            done += 1
    return done
