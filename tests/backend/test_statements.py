"""Each construct, printed: exact text after black, and the printed function gives what the IR means."""

from __future__ import annotations

import textwrap

import numpy as np

from adgen.ir.core import Func, Op, Param, Value
from adgen.ir.types import BOOL, FLOAT, INT, NONE, UNKNOWN, Array, ListOf, Ref, Struct, Sym
from tests.backend.making import MAT, NUM, VEC, Make, func, named
from tests.backend.running import agree, module, text


def reads_as(made: Func, wanted: str) -> None:
    """The text of a function, exactly."""
    assert text(made) == textwrap.dedent(wanted).lstrip("\n")


X = np.array([1.5, -2.0, 0.25, 3.0])


# straight line -------------------------------------------------------------------------------------------------------
def test_single_use_is_inlined_and_user_names_stay() -> None:
    def make(b: Make, x: Value, y: Value) -> Value:
        v = b.p("mul", x, y, n="v")
        return b.p("add", v, b.p("np.sin", b.p("neg", y), names=("x",)))

    made = func("f", make, x=FLOAT, y=FLOAT)
    reads_as(
        made,
        """
        def f(x, y):
            v = x * y
            return v + np.sin(-y)
        """,
    )
    agree(made, (2.0, 3.0))


def test_methods_keywords_attributes() -> None:
    def make(b: Make, x: Value) -> Value:
        total = b.p("np.sum", x, 0, True, t=MAT, names=("a", "axis", "keepdims"), style="method")
        flat = b.p("np.reshape", b.p("attr.T", x, t=MAT), b.tuple(3, 2), t=MAT, names=("a", "shape"), style="method")
        return b.tuple(b.p("np.sum", total, 1, t=VEC, names=("a", "axis")), flat, b.p("attr.shape", x, t=INT))

    made = func("f", make, x=MAT)
    reads_as(
        made,
        """
        def f(x):
            return np.sum(x.sum(axis=0, keepdims=True), axis=1), x.T.reshape(3, 2), x.shape
        """,
    )


def test_indices() -> None:
    def make(b: Make, x: Value, m: Value, i: Value) -> Value:
        parts = [
            b.index(x, i),
            b.index(x, slice(1, -1)),
            b.index(x, slice(None, None, 2)),
            b.index(x, ..., None, t=MAT),
        ]
        parts += [b.index(m, i, b.p("add", i, 1)), b.index(m, slice(b.p("sub", i, 1), i), -1)]
        return b.tuple(*parts)

    made = func("f", make, x=VEC, m=MAT, i=INT)
    reads_as(
        made,
        """
        def f(x, m, i):
            return x[i], x[1:-1], x[::2], x[..., None], m[i, i + 1], m[i - 1 : i, -1]
        """,
    )


def test_structures() -> None:
    point = Struct("object:geometry:Point", ("x", "y"), (FLOAT, VEC))
    table = Struct("dict", ("w", "b c"), (FLOAT, VEC))

    def make(b: Make, p: Value, d: Value) -> Value:
        first, second = b.item(p, 0), b.item(p, 1)
        one = b.pack(point, [b.p("neg", first), second])
        two = b.pack(table, [b.item(d, 0), b.p("mul", 2.0, b.item(d, 1))])
        three = b.pack(Struct("list", ("0", "1"), (FLOAT, FLOAT)), [first, b.const(1.0)])
        return b.tuple(one, two, three, b.pack(Struct("tuple", ("0",), (FLOAT,)), [first]), b.tuple())

    reads_as(
        func("f", make, p=point, d=table),
        """
        def f(p, d):
            return (
                type(p)(x=-p.x, y=p.y),
                {"w": d["w"], "b c": 2.0 * d["b c"]},
                [p.x, 1.0],
                (p.x,),
                (),
            )
        """,
    )


def test_a_structure_without_an_instance_to_imitate() -> None:
    point = Struct("object:geometry:Point", ("x", "y"), (FLOAT, FLOAT))
    made = func("f", lambda b, x: b.pack(point, [x, b.const(0.0)]), x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            return types.SimpleNamespace(x=x, y=0.0)
        """,
    )
    assert module(made).startswith("import types\n")


def test_tuple_targets() -> None:
    pair = Struct("tuple", ("0", "1"), (MAT, VEC))

    def make(b: Make, params: Value, x: Value) -> Value:
        last = b.index(params, -1)
        w = b.emit("item", "", (last,), MAT, "W", {"slot": 0}, True)
        c = b.emit("item", "", (last,), VEC, "b", {"slot": 1}, True)
        first = b.index(params, 0)
        only = b.emit("item", "", (first,), VEC, "c", {"slot": 1}, True)
        return b.p("add", b.p("add", b.p("matmul", x, w, t=VEC), c), only)

    made = func("f", make, params=ListOf(pair), x=VEC)
    reads_as(
        made,
        """
        def f(params, x):
            W, b = params[-1]
            _, c = params[0]
            return x @ W + b + c
        """,
    )
    agree(made, ([(np.eye(4), X), (2 * np.eye(4), X)], X))


# memory --------------------------------------------------------------------------------------------------------------
def test_stores() -> None:
    def make(b: Make, u: Value, m: Value, i: Value, e: Value) -> Value:
        y = b.alloc(b.p("copy", u, names=("x",)), "y")
        z = b.alloc(m, "z")
        b.put(y, (0,), e)
        b.put(y, (slice(1, None),), e, "add")
        b.put(y, (i,), e, "mul")
        b.put(y, (), e, "add")
        b.put(y, (), e)
        b.put(z, (i, slice(None)), b.p("neg", b.load(y)), "add")
        b.role = "adjoint"
        b.put(z, (i, slice(None)), b.p("neg", b.load(y)), "add")
        return b.tuple(b.load(y), b.load(z))

    made = func("f", make, u=VEC, m=MAT, i=INT, e=FLOAT)
    reads_as(
        made,
        """
        def f(u, m, i, e):
            # Forward sweep.
            y = u.copy()
            z = np.copy(m)
            y[0] = e
            y[1:] += e
            y[i] *= e
            y += e
            y[:] = e
            z[i, :] += -y

            # Reverse sweep.
            z[i, :] -= y
            return y, z
        """,
    )
    agree(made, (X, np.ones((4, 4)), 2, 0.5))


def test_increments_that_count_repeats() -> None:
    rows = Array("i8", (Sym("k"),))

    def make(b: Make, u: Value, k: Value, e: Value) -> Value:
        b.role = "adjoint"
        y = b.alloc(b.p("zeros_like", u, names=("v",)), "y_bar")
        b.put(y, (k,), e, "add", at=True)
        b.put(y, (k,), b.p("neg", e), "add", at=True)
        z = b.alloc(b.p("np.zeros", b.tuple(3, 3), t=MAT, names=("shape",)), "z_bar")
        b.put(z, (k, slice(1, None)), e, "add", at=True)
        b.put(z, (k, k), e, "add", at=True)
        return b.tuple(b.load(y), b.load(z))

    reads_as(
        func("f", make, u=VEC, k=rows, e=FLOAT),
        """
        def f(u, k, e):
            y_bar = np.zeros_like(u)
            np.add.at(y_bar, k, e)
            np.subtract.at(y_bar, k, e)
            z_bar = np.zeros((3, 3))
            np.add.at(z_bar, np.s_[k, 1:], e)
            np.add.at(z_bar, (k, k), e)
            return y_bar, z_bar
        """,
    )


def test_rank_0_memory() -> None:
    def make(b: Make, x: Value) -> Value:
        s = b.alloc(x, "s")
        b.put(s, (), 2.0, "add")
        b.put(s, (), 3.0)
        return b.load(s)

    made = func("f", make, x=NUM)
    reads_as(
        made,
        """
        def f(x):
            s = np.array(x)
            s[...] += 2.0
            s[...] = 3.0
            return s
        """,
    )
    agree(made, (np.float64(1.0),), (np.array(1.0),))


def test_lists_and_tapes() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        hs = b.list(x, n="hs")
        saved = b.tape(FLOAT, "y_saved")

        def forward(c: Make, i: Value, y: Value) -> list:
            c.effect("push", "", (saved, y))
            c.effect("append", "", (hs, c.p("mul", y, 2.0)))
            return [False, c.p("mul", c.get(hs, -1), y, n="y")]

        *_, y = b.loop(n, {"y": x}, forward)
        b.put(hs, (0,), y)
        last = b.emit("pop", "", (hs,), FLOAT, "last", {}, True)
        b.role = "adjoint"

        def backward(c: Make, i: Value, y_bar: Value) -> list:
            y = c.emit("untape", "", (saved,), FLOAT, "y")
            return [False, c.p("add", y_bar, c.p("mul", y, y_bar))]

        *_, y_bar = b.loop(n, {"y_bar": 1.0}, backward, reversed=True)
        return b.tuple(last, y_bar, b.get(hs, 0), b.p("len", b.load(hs), t=INT, names=("x",)))

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            # Forward sweep.
            hs = [x]
            y_saved = []
            y = x
            for i in range(n):
                y_saved.append(y)
                hs.append(y * 2.0)
                y = hs[-1] * y
            hs[0] = y
            last = hs.pop()

            # Reverse sweep.
            y_bar = 1.0
            for i in range(n - 1, -1, -1):
                y = y_saved.pop()
                y_bar += y * y_bar
            return last, y_bar, hs[0], len(hs)
        """,
    )
    agree(made, (1.1, 3), (2.0, 1))


def test_select_of_references() -> None:
    def make(b: Make, u: Value, c: Value) -> Value:
        v, w = b.alloc(u, "v"), b.alloc(b.p("mul", 2.0, u, t=VEC), "w")
        r = b.emit("select", "", (c, v, w), Ref(VEC), "r", {}, True)
        b.put(r, (0,), 7.0)
        return b.tuple(b.load(v), b.load(w))

    made = func("f", make, u=VEC, c=BOOL)
    reads_as(
        made,
        """
        def f(u, c):
            v = np.copy(u)
            w = 2.0 * u
            r = v if c else w
            r[0] = 7.0
            return v, w
        """,
    )
    agree(made, (X, True), (X, False))


def test_views_keep_the_users_names_and_compose() -> None:
    def make(b: Make, u: Value, m: Value) -> Value:
        y = b.alloc(u, "y")
        row = b.view(y, slice(1, None), n="row")
        b.put(row, (0,), 1.0)
        b.role = "adjoint"
        a = b.alloc(m, "a")
        b.store(b.view(b.view(a, 0), slice(1, None)), b.const(2.0))
        b.store(b.view(b.view(y, slice(1, None)), slice(None)), b.const(3.0), "add")
        return b.tuple(b.load(y), b.load(b.view(b.view(a, 0), 2)), b.load(row))

    made = func("f", make, u=VEC, m=MAT)
    reads_as(
        made,
        """
        def f(u, m):
            # Forward sweep.
            y = np.copy(u)
            row = y[1:]
            row[0] = 1.0

            # Reverse sweep.
            a = np.copy(m)
            a[0, 1:] = 2.0
            y[1:] += 3.0
            return y, a[0, 2], row
        """,
    )
    agree(made, (X, np.ones((3, 3))))


# branches ------------------------------------------------------------------------------------------------------------
def test_if_elif_else() -> None:
    def make(b: Make, x: Value, y: Value) -> Value:
        def other(c: Make) -> list:
            mine = [lambda d: [d.p("mul", y, 2.0, n="z"), y], lambda d: [d.const(1.0), d.p("neg", y, n="w")]]
            return list(c.cond(c.p("eq", y, 0.0), *mine, "z", "w"))

        c = b.p("gt", x, y)
        z, w = b.cond(c, lambda d: [d.p("add", x, y, n="z"), d.p("sub", x, y, n="w")], other, "z", "w")
        return b.tuple(z, w)

    made = func("f", make, x=FLOAT, y=FLOAT)
    reads_as(
        made,
        """
        def f(x, y):
            if x > y:
                z = x + y
                w = x - y
            elif y == 0.0:
                z = y * 2.0
                w = y
            else:
                w = -y
                z = 1.0
            return z, w
        """,
    )
    agree(made, (1.0, 2.0), (2.0, 1.0), (-1.0, 0.0))


def test_one_sided_branches() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        (x2,) = b.cond(b.p("gt", x, 1.0), lambda c: [1.0], lambda c: [x], "x")
        (x3,) = b.cond(b.p("lt", n, 3), lambda c: [x2], lambda c: [c.p("mul", x2, 3.0, n="x")], "x")
        (x4,) = b.cond(b.p("lt", x3, 0.0), lambda c: [x3], lambda c: [c.p("np.sqrt", x3, names=("x",), n="x")], "x")
        return x4

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            if x > 1.0:
                x = 1.0
            if n >= 3:
                x = x * 3.0
            if x < 0.0:
                return x
            x = np.sqrt(x)
            return x
        """,
    )
    agree(made, (2.0, 1), (0.5, 5), (-1.0, 5))


def test_conditional_expressions() -> None:
    def make(b: Make, x: Value, y: Value) -> Value:
        (a,) = b.cond(b.p("lt", x, y), lambda c: [c.p("mul", x, 2.0)], lambda c: [y])
        flag = b.p("gt", x, 0.0)
        (both,) = b.cond(flag, lambda c: [c.p("gt", y, 0.0)], lambda c: [False], t=(BOOL,))
        zero = b.p("eq", x, 0.0)
        (either,) = b.cond(zero, lambda c: [True], lambda c: [c.p("lt", y, 1.0)], t=(BOOL,))
        return b.tuple(b.p("add", a, 1.0), both, either)

    made = func("f", make, x=FLOAT, y=FLOAT)
    reads_as(
        made,
        """
        def f(x, y):
            return (x * 2.0 if x < y else y) + 1.0, x > 0.0 and y > 0.0, x == 0.0 or y < 1.0
        """,
    )
    agree(made, (1.0, 2.0), (2.0, 1.0), (0.0, -1.0))


def test_early_returns() -> None:
    def make(b: Make, x: Value) -> Value:
        def rest(c: Make) -> list:
            y = c.p("mul", x, 2.0, n="y")
            return list(c.cond(c.p("lt", y, 1.0), lambda d: [d.p("neg", y)], lambda d: [d.p("mul", y, y)]))

        return b.cond(b.p("gt", x, 9.0), lambda c: [c.const(0.0)], rest)[0]

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            if x > 9.0:
                return 0.0
            y = x * 2.0
            if y < 1.0:
                return -y
            return y * y
        """,
    )
    agree(made, (10.0,), (0.1,), (5.0,))


# loops ---------------------------------------------------------------------------------------------------------------
def test_ranges() -> None:
    def make(b: Make, n: Value, m: Value) -> Value:
        def body(c: Make, i: Value, s: Value) -> list:
            return [False, c.p("add", c.p("mul", s, 2, n="s"), i, n="s")]

        *_, s = b.loop(n, {"s": 0}, body)
        *_, s = b.loop((m, n, 1), {"s": s}, body)
        *_, s = b.loop((0, n, 2), {"s": s}, body)
        *_, s = b.loop(n, {"s": s}, body, reversed=True)
        *_, s = b.loop((1, b.p("sub", n, 1), 1), {"s": s}, body, reversed=True)
        *_, s = b.loop((m, n, 1), {"s": s}, body, reversed=True)
        *_, s = b.loop((n, m, -2), {"s": s}, body, reversed=True)
        *_, s = b.loop(b.p("add", n, 1), {"s": s}, body, reversed=True)
        *_, s = b.loop(4, {"s": s}, body, reversed=True)
        return s

    made = func("f", make, n=INT, m=INT)
    reads_as(
        made,
        """
        def f(n, m):
            s = 0
            for i in range(n):
                s = s * 2
                s = s + i
            for i in range(m, n):
                s = s * 2
                s = s + i
            for i in range(0, n, 2):
                s = s * 2
                s = s + i
            for i in range(n - 1, -1, -1):
                s = s * 2
                s = s + i
            for i in range(n - 2, 0, -1):
                s = s * 2
                s = s + i
            for i in range(n - 1, m - 1, -1):
                s = s * 2
                s = s + i
            for i in reversed(range(n, m, -2)):
                s = s * 2
                s = s + i
            for i in range(n, -1, -1):
                s = s * 2
                s = s + i
            for i in range(3, -1, -1):
                s = s * 2
                s = s + i
            return s
        """,
    )
    agree(made, (5, 2), (0, 3), (7, -3))


def _sum_over(count: int, uses_index: bool, **attrs: object):
    def make(b: Make, xs: Value, ys: Value) -> Value:
        sequences = (xs, ys)[:count]
        size = b.p("len", xs, t=INT, names=("x",))

        def body(c: Make, i: Value, s: Value) -> list:
            reads = [c.index(q, i) for q in sequences]
            for k, read in enumerate(reads):
                reads[k] = c.emit("index", "", (sequences[k], i), FLOAT, "xy"[k], {"spec": ("i",)}, True)
            c.ops[:count] = []
            c.ops = [op for op in c.ops if op.kind != "const"]
            total = reads[0] if count == 1 else c.p("mul", *reads)
            if uses_index:
                total = c.p("mul", total, i)
            return [False, c.p("add", c.p("mul", s, 0.5), total, n="s")]

        return b.loop(size, {"s": 0.0}, body, iterates=count, **attrs)[2]

    return func("f", make, xs=VEC, ys=VEC)


def test_loops_over_sequences() -> None:
    reads_as(
        _sum_over(1, False),
        """
        def f(xs, ys):
            s = 0.0
            for x in xs:
                s = s * 0.5 + x
            return s
        """,
    )
    reads_as(
        _sum_over(2, False),
        """
        def f(xs, ys):
            s = 0.0
            for x, y in zip(xs, ys):
                s = s * 0.5 + x * y
            return s
        """,
    )
    reads_as(
        _sum_over(1, True),
        """
        def f(xs, ys):
            s = 0.0
            for i, x in enumerate(xs):
                s = s * 0.5 + x * i
            return s
        """,
    )
    reads_as(
        _sum_over(2, True),
        """
        def f(xs, ys):
            s = 0.0
            for i, (x, y) in enumerate(zip(xs, ys)):
                s = s * 0.5 + x * y * i
            return s
        """,
    )
    reads_as(
        _sum_over(1, False, reversed=True),
        """
        def f(xs, ys):
            s = 0.0
            for x in reversed(xs):
                s = s * 0.5 + x
            return s
        """,
    )
    reads_as(
        _sum_over(1, True, reversed=True),
        """
        def f(xs, ys):
            s = 0.0
            for i in range(len(xs) - 1, -1, -1):
                x = xs[i]
                s = s * 0.5 + x * i
            return s
        """,
    )
    for count in (1, 2):
        for uses in (False, True):
            for attrs in ({}, {"reversed": True}):
                agree(_sum_over(count, uses, **attrs), (X, 2 * X), (X[:0], X[:0]))


def test_while_and_its_negation() -> None:
    def make(b: Make, x: Value) -> Value:
        def up(c: Make, y: Value) -> list:
            go = lambda d: [False, d.p("mul", y, 2.0, n="y")]  # noqa: E731
            return list(c.cond(c.p("lt", y, 10.0), go, lambda d: [True, y], t=(BOOL, FLOAT)))

        def down(c: Make, y: Value) -> list:
            go = lambda d: [False, d.p("sub", y, 3.0, n="y")]  # noqa: E731
            return list(c.cond(c.p("lt", y, 1.0), lambda d: [True, y], go, t=(BOOL, FLOAT)))

        *_, y = b.loop(None, {"y": x}, up)
        return b.loop(None, {"y": y}, down)[2]

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            y = x
            while y < 10.0:
                y = y * 2.0
            while not y < 1.0:
                y = y - 3.0
            return y
        """,
    )
    agree(made, (0.7,), (20.0,))


def test_while_true_with_exits_in_the_middle() -> None:
    def make(b: Make, x: Value) -> Value:
        def body(c: Make, k: Value, y: Value) -> list:
            z = c.p("mul", y, 1.5, n="z")

            def rest(d: Make) -> list:
                k2 = d.p("add", k, 1, n="k")
                stop = lambda e: [True, k2, z]  # noqa: E731
                return list(d.cond(d.p("gt", k2, 5), stop, lambda e: [False, k2, e.p("add", z, 1.0, n="y")], t=T))

            T = (BOOL, INT, FLOAT)
            return list(c.cond(c.p("gt", z, 50.0), lambda d: [True, k, y], rest, t=T))

        _, _, k, y = b.loop(None, {"k": 0, "y": x}, body)
        return b.tuple(k, y)

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            k = 0
            y = x
            while True:
                z = y * 1.5
                if z > 50.0:
                    break
                k = k + 1
                if k > 5:
                    y = z
                    break
                y = z + 1.0
            return k, y
        """,
    )
    agree(made, (0.7,), (45.0,), (9.0,))


def test_trips_and_stopped() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        def body(c: Make, i: Value, y: Value) -> list:
            go = lambda d: [False, d.p("mul", y, 2.0, n="y")]  # noqa: E731
            return list(c.cond(c.p("gt", y, 9.0), lambda d: [True, d.p("neg", y, n="y")], go, t=(BOOL, FLOAT)))

        trips, stopped, y = b.loop(n, {"y": x}, body, can_stop=True)
        t2, s2, z = b.loop((1, n, 2), {"z": x}, lambda c, i, z: body(c, i, z), can_stop=True)
        t3, s3, w = b.loop(None, {"w": x}, lambda c, w: body(c, w, w))
        t4, s4, v = b.loop(n, {"v": x}, lambda c, i, v: [False, c.p("add", v, 1.0, n="v")])
        return b.tuple(trips, stopped, y, t2, s2, z, t3, s3, w, t4, v)

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            y = x
            trips = n
            stopped = False
            for i in range(n):
                if y > 9.0:
                    y = -y
                    trips = i
                    stopped = True
                    break
                y = y * 2.0
            z = x
            trips_2 = len(range(1, n, 2))
            stopped_2 = False
            for i in range(1, n, 2):
                if z > 9.0:
                    y_2 = -z
                    z = y_2
                    trips_2 = (i - 1) // 2
                    stopped_2 = True
                    break
                y_2 = z * 2.0
                z = y_2
            w = x
            trips_3 = 0
            while True:
                if w > 9.0:
                    y_2 = -w
                    w = y_2
                    break
                y_2 = w * 2.0
                w = y_2
                trips_3 = trips_3 + 1
            v = x
            for i in range(n):
                v = v + 1.0
            return trips, stopped, y, trips_2, stopped_2, z, trips_3, True, w, n, v
        """,
    )
    agree(made, (1.0, 9), (1.0, 2), (10.0, 3), (1.0, 0))


def test_while_a_tape_holds_something() -> None:
    def make(b: Make, x: Value) -> Value:
        saved = b.tape(FLOAT, "x_saved")
        b.effect("push", "", (saved, x))
        b.role = "adjoint"

        def body(c: Make, s: Value) -> list:
            size = c.p("len", c.load(saved), t=INT, names=("x",))

            def rest(d: Make) -> list:
                y = d.emit("untape", "", (saved,), FLOAT, "x")
                return [False, d.p("add", s, y)]

            return list(c.cond(c.p("gt", size, 0), rest, lambda d: [True, s], t=(BOOL, FLOAT)))

        return b.loop(None, {"s_bar": 0.0}, body)[2]

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            # Forward sweep.
            x_saved = []
            x_saved.append(x)

            # Reverse sweep.
            s_bar = 0.0
            while x_saved:
                x = x_saved.pop()
                s_bar += x
            return s_bar
        """,
    )
    agree(made, (3.0,))


def test_continue_before_a_longer_rest() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        xs = b.list(x, n="xs")

        def body(c: Make, i: Value, y: Value) -> list:
            def rest(d: Make) -> list:
                z = d.p("mul", y, 2.0, n="z")
                d.effect("append", "", (xs, z))
                return [False, d.p("add", z, i, n="y")]

            odd = c.p("eq", c.p("mod", i, 2), 1)
            return list(c.cond(odd, lambda d: [False, y], rest, t=(BOOL, FLOAT)))

        *_, y = b.loop(n, {"y": x}, body)
        return b.tuple(y, b.load(xs))

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            xs = [x]
            y = x
            for i in range(n):
                if i % 2 == 1:
                    continue
                z = y * 2.0
                xs.append(z)
                y = z + i
            return y, xs
        """,
    )
    agree(made, (1.0, 5))


# helpers of derivative code ------------------------------------------------------------------------------------------
def test_zeros_of_every_kind() -> None:
    pair = Struct("tuple", ("0", "1"), (VEC, INT))
    table = Struct("dict", ("w",), (MAT,))
    kinds = {"a": VEC, "b": NUM, "c": Array("f4", ()), "d": ListOf(VEC), "e": ListOf(FLOAT), "f": pair}
    kinds |= {"g": ListOf(Struct("tuple", ("0", "1"), (MAT, VEC))), "h": table, "u": UNKNOWN}

    def make(b: Make, *values: Value) -> Value:
        return b.tuple(*(b.p("zeros_like", value, names=("v",), t=value.type) for value in values))

    reads_as(
        func("z", make, **kinds),
        """
        def z(a, b, c, d, e, f, g, h, u):
            return (
                np.zeros_like(a),
                0.0,
                np.float32(0.0),
                [np.zeros_like(d_item) for d_item in d],
                [0.0] * len(e),
                (np.zeros_like(f[0]), None),
                [(np.zeros_like(g_item[0]), np.zeros_like(g_item[1])) for g_item in g],
                {"w": np.zeros_like(h["w"])},
                _zeros_like(u),
            )
        """,
    )


def test_casts_copies_and_helper_functions() -> None:
    def make(b: Make, x: Value, s: Value, g: Value, hs: Value) -> Value:
        cast = b.p("astype", x, names=("x",), dtype="f4")
        number = b.p("astype", s, names=("x",), dtype="f4", t=Array("f4", ()))
        less = b.p("unbroadcast", g, x, names=("g", "like"))
        both = b.p("add_lists", hs, hs, t=hs.type)
        return b.tuple(cast, number, less, b.p("copy", x, names=("x",)), b.p("copy", hs, names=("x",)), both)

    made = func("f", make, x=VEC, s=FLOAT, g=UNKNOWN, hs=ListOf(VEC))
    reads_as(
        made,
        """
        def f(x, s, g, hs):
            return (
                x.astype(np.float32),
                np.float32(s),
                _unbroadcast(g, x),
                x.copy(),
                [h.copy() for h in hs],
                _add(hs, hs),
            )
        """,
    )
    source = module(made)
    assert "def _unbroadcast(g, x):" in source and "def _add(x, y):" in source and "_zeros_like" not in source


def test_effects() -> None:
    def make(b: Make, x: Value, n: Value, d: Value) -> Value:
        b.effect("effect", "print", (x, b.p("add", n, 1)), {"text": 'print("at", {0}, {1})'})
        b.effect("effect", "assert", (b.p("gt", x, 0.0), x), {"text": 'assert {0}, f"{{{1}!r}} {{{{}}}}"'})
        weight = b.item(d, 0)
        b.effect("effect", "raise", (weight,), {"text": 'raise ValueError(f"{{{0}:.3f}}", "{{}}")'})
        return x

    reads_as(
        func("f", make, x=FLOAT, n=INT, d=Struct("dict", ("w",), (FLOAT,))),
        """
        def f(x, n, d):
            print("at", x, n + 1)
            assert x > 0.0, f"{x!r} {{}}"
            raise ValueError(f"{d['w']:.3f}", "{}")
            return x
        """,
    )


def test_parameters_of_all_kinds() -> None:
    kinds = (
        ("a", "positional_only", None),
        ("b", "positional", "1.0"),
        ("c", "keyword", "None"),
        ("d", "captured", None),
    )
    params = tuple(Param(name, Value(NONE if name == "c" else FLOAT, name, True), kind, d) for name, kind, d in kinds)
    b = Make()
    made = Func("f", params, b.block([b.p("add", params[0].value, params[3].value)]))
    reads_as(
        made,
        """
        def f(a, /, b=1.0, *, c=None, d):
            return a + d
        """,
    )


def test_a_call_that_stays_a_call() -> None:
    def make(b: Make, x: Value) -> Value:
        b.add(Op("call", "helper", (x,), (Value(FLOAT, "y", True),), (), {"args": ("x",)}))
        return b.p("mul", b.ops[-1].result, 2.0)

    reads_as(
        func("f", make, x=FLOAT),
        """
        def f(x):
            y = helper(x)
            return y * 2.0
        """,
    )


# comments ------------------------------------------------------------------------------------------------------------
def test_sections_provenance_and_the_users_comments() -> None:
    def make(b: Make, x: Value, w: Value) -> Value:
        b.says("y = np.sin(w * x)  # first", 3)
        y = b.p("np.sin", b.p("mul", w, x), names=("x",), n="y")
        b.says("z = y * y", 5)
        z = b.p("mul", y, y, n="z")
        b.role = "adjoint"
        y_bar = b.p("mul", b.p("mul", 2.0, y), z, n="y_bar")
        t_bar = b.says("y = np.sin(w * x)  # first", 3).p("mul", y_bar, b.p("np.cos", b.p("mul", w, x), names=("x",)))
        return b.tuple(b.p("mul", t_bar, w), b.p("mul", t_bar, x))

    comments = {2: "# Above.", 3: "# first", 4: "# fmt: off", 5: "# far " + "too " * 20 + "long"}
    made = named(func("f", make, x=FLOAT, w=FLOAT), comments=comments)
    reads_as(
        made,
        """
        def f(x, w):
            # Forward sweep.
            # Above.
            y = np.sin(w * x)  # first
            # far too too too too too too too too too too too too too too too too too too too too long
            z = y * y

            # Reverse sweep.
            # y = np.sin(w * x)
            t_bar = 2.0 * y * z * np.cos(w * x)
            return t_bar * w, t_bar * x
        """,
    )
    agree(made, (0.3, 0.7))
