"""A load is a snapshot: the printed text copies exactly where memory is written before the last reader."""

from __future__ import annotations

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, INT, Array, ListOf, Ref, Struct
from tests.backend.making import MAT, VEC, Make, func
from tests.backend.running import agree
from tests.backend.test_statements import reads_as

U = np.array([1.0, 2.0, 3.0, 4.0])


def test_a_store_between_load_and_use_copies() -> None:
    def make(b: Make, u: Value) -> Value:
        v = b.alloc(u, "v")
        t = b.get(v, slice(1, -1))
        b.put(v, (slice(1, -1),), 0.0)
        return b.p("add", b.load(v), b.p("np.sum", t, t=FLOAT, names=("a",)))

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            v = np.copy(u)
            v_part = v[1:-1].copy()
            v[1:-1] = 0.0
            return v + np.sum(v_part)
        """,
    )
    agree(made, (U,))


def test_numbers_need_a_statement_but_no_copy() -> None:
    def make(b: Make, u: Value) -> Value:
        v = b.alloc(u, "v")
        t = b.get(v, 0)
        b.put(v, (0,), b.get(v, 1))
        b.put(v, (1,), t)
        return b.load(v)

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            v = np.copy(u)
            v0 = v[0]
            v[0] = v[1]
            v[1] = v0
            return v
        """,
    )
    agree(made, (U,))


def test_disjoint_stores_do_not_hinder() -> None:
    def make(b: Make, u: Value) -> Value:
        v = b.alloc(u, "v")
        t = b.get(v, slice(1, -1))
        b.put(v, (0,), 7.0)
        return b.p("mul", t, 2.0)

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            v = np.copy(u)
            v[0] = 7.0
            return v[1:-1] * 2.0
        """,
    )
    agree(made, (U,))


def test_a_window_without_later_stores_stays_a_window() -> None:
    def make(b: Make, u: Value) -> Value:
        v = b.alloc(u, "v")
        b.put(v, (0,), 7.0)
        t = b.get(v, slice(1, None))
        return b.tuple(b.p("mul", t, t), b.p("add", t, t))

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            v = np.copy(u)
            v[0] = 7.0
            return v[1:] * v[1:], v[1:] + v[1:]
        """,
    )
    agree(made, (U,))


def test_views_of_loads_are_windows_too() -> None:
    def make(b: Make, m: Value) -> Value:
        v = b.alloc(m, "v")
        turned = b.p("attr.T", b.load(v), t=MAT, names=("x",))
        flat = b.p("np.ravel", turned, t=VEC, names=("a",), n="flat")
        row = b.index(b.p("np.flip", b.load(v), t=MAT, names=("m",)), 0, n="row")
        new = b.p("np.sin", b.load(v), names=("x",), n="new")
        b.put(v, (0, 0), 9.0)
        return b.tuple(flat, row, new, b.load(v))

    made = func("f", make, m=MAT)
    reads_as(
        made,
        """
        def f(m):
            v = np.copy(m)
            flat = np.ravel(v.T).copy()
            row = np.flip(v)[0].copy()
            new = np.sin(v)
            v[0, 0] = 9.0
            return flat, row, new, v
        """,
    )
    agree(made, (U.reshape(2, 2),))


def test_a_product_is_not_delayed_past_a_store() -> None:
    def make(b: Make, u: Value) -> Value:
        v = b.alloc(u, "v")
        t = b.p("mul", b.get(v, 0), b.get(v, 1), t=FLOAT)
        b.put(v, (0,), 0.0)
        b.put(v, (1,), t)
        return b.load(v)

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            v = np.copy(u)
            product = v[0] * v[1]
            v[0] = 0.0
            v[1] = product
            return v
        """,
    )
    agree(made, (U,))


def test_a_store_in_a_loop_comes_round_again() -> None:
    def make(b: Make, u: Value, n: Value) -> Value:
        v = b.alloc(u, "v")
        first = b.load(v)

        def body(c: Make, i: Value, s: Value) -> list:
            total = c.p("add", s, c.p("np.sum", first, t=FLOAT, names=("a",)), n="s")
            c.put(v, (i,), 0.0)
            return [False, total]

        *_, s = b.loop(n, {"s": 0.0}, body)
        return b.tuple(s, b.load(v))

    made = func("f", make, u=VEC, n=INT)
    reads_as(
        made,
        """
        def f(u, n):
            v = np.copy(u)
            v_now = v.copy()
            s = 0.0
            for i in range(n):
                s = s + np.sum(v_now)
                v[i] = 0.0
            return s, v
        """,
    )
    agree(made, (U, 3))


def test_a_carried_window_is_copied_when_its_memory_changes() -> None:
    def make(b: Make, u: Value, n: Value) -> Value:
        v = b.alloc(u, "v")

        def body(c: Make, i: Value, old: Value) -> list:
            now = c.load(v)
            c.put(v, (), c.p("add", old, 1.0))
            return [False, now]

        *_, old = b.loop(n, {"old": u}, body)
        return b.tuple(old, b.load(v))

    made = func("f", make, u=VEC, n=INT)
    reads_as(
        made,
        """
        def f(u, n):
            v = np.copy(u)
            old = u
            for i in range(n):
                old_2 = v.copy()
                v[:] = old + 1.0
                old = old_2
            return old, v
        """,
    )
    agree(made, (U, 3), (U, 0))


def test_new_memory_adopts_what_is_fresh_and_copies_the_rest() -> None:
    def make(b: Make, u: Value) -> Value:
        a = b.alloc(b.p("np.zeros", 4, t=VEC, names=("shape",)), "a")
        shared = b.p("np.sin", u, names=("x",))
        c = b.alloc(shared, "c")
        d = b.alloc(b.load(c), "d")
        e = b.alloc(u, "e")
        for ref in (a, c, d, e):
            b.put(ref, (0,), 5.0)
        return b.tuple(*(b.load(ref) for ref in (a, c, d, e)), shared)

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            a = np.zeros(4)
            out = np.sin(u)
            c = out.copy()
            d = c.copy()
            e = np.copy(u)
            a[0] = 5.0
            c[0] = 5.0
            d[0] = 5.0
            e[0] = 5.0
            return a, c, d, e, out
        """,
    )
    agree(made, (U,))


def test_lists_take_copies_of_arrays_that_are_written_later() -> None:
    def make(b: Make, u: Value, n: Value) -> Value:
        v = b.alloc(u, "v")
        hs = b.list(b.load(v), n="hs")

        def body(c: Make, i: Value) -> list:
            c.put(v, (0,), i)
            c.effect("append", "", (hs, c.load(v)))
            return [False]

        b.loop(n, {}, body)
        return b.load(hs)

    made = func("f", make, u=VEC, n=INT)
    reads_as(
        made,
        """
        def f(u, n):
            v = np.copy(u)
            hs = [v.copy()]
            for i in range(n):
                v[0] = i
                hs.append(v.copy())
            return hs
        """,
    )
    agree(made, (U, 3))


def test_lists_whose_arrays_are_written_own_them() -> None:
    def make(b: Make, u: Value) -> Value:
        hs = b.list(u, b.p("mul", 2.0, u), n="hs")
        b.store(b.view(b.view(hs, 0), 1), b.const(9.0))
        first = b.get(hs, 0)
        b.put(hs, (0,), u, "add")
        return b.tuple(b.load(hs), first)

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            hs = [u.copy(), 2.0 * u]
            hs[0][1] = 9.0
            out = hs[0].copy()
            hs[0] += u
            return hs, out
        """,
    )
    agree(made, (U,))


def test_an_item_survives_the_exchange_of_its_slot() -> None:
    def make(b: Make, u: Value) -> Value:
        hs = b.list(u, n="hs")
        first = b.get(hs, 0)
        b.put(hs, (0,), b.p("mul", 2.0, u))
        return b.p("add", first, b.get(hs, 0))

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            hs = [u]
            hs0 = hs[0]
            hs[0] = 2.0 * u
            return hs0 + hs[0]
        """,
    )
    agree(made, (U,))


def test_structures_keep_snapshots() -> None:
    def make(b: Make, u: Value) -> Value:
        v = b.alloc(u, "v")
        pair = b.pack(Struct("tuple", ("0", "1"), (VEC, VEC)), [b.load(v), u], "pair")
        b.put(v, (0,), 9.0)
        return b.tuple(pair, b.load(v))

    made = func("f", make, u=VEC)
    reads_as(
        made,
        """
        def f(u):
            v = np.copy(u)
            pair = (v.copy(), u.copy())
            v[0] = 9.0
            return pair, v
        """,
    )
    agree(made, (U,))


def test_loops_over_what_they_write_read_snapshots() -> None:
    def make(b: Make, m: Value, n: Value) -> Value:
        v = b.alloc(m, "v")
        rows = b.load(v)
        size = b.p("len", rows, t=INT, names=("x",))

        def body(c: Make, i: Value, s: Value) -> list:
            row = c.index(rows, i, n="row")
            c.put(v, (), 1.0)
            return [False, c.p("add", s, c.p("np.sum", row, t=FLOAT, names=("a",)), n="s")]

        return b.loop(size, {"s": 0.0}, body, iterates=1)[2]

    made = func("f", make, m=MAT, n=INT)
    reads_as(
        made,
        """
        def f(m, n):
            v = np.copy(m)
            v_now = np.copy(v)
            s = 0.0
            for i in range(len(v_now)):
                row = v_now[i]
                v[:] = 1.0
                s = s + np.sum(row)
            return s
        """,
    )
    agree(made, (U.reshape(2, 2), 0))


def test_in_place_only_where_nobody_else_has_the_array() -> None:
    def make(b: Make, g: Value, u: Value) -> Value:
        b.role = "adjoint"
        own = b.p("mul", 2.0, u, n="x_bar")
        x_bar = b.p("add", own, b.p("np.sin", own, names=("x",)), n="x_bar", inplace=True)
        kept = b.p("mul", 3.0, u, n="y_bar")
        window = b.index(kept, slice(1, None), n="t")
        y_bar = b.p("add", kept, u, n="y_bar", inplace=True)
        caller = b.p("add", g, u, n="g", inplace=True)
        plain = b.p("mul", 4.0, u, n="z_bar")
        z_bar = b.p("add", plain, b.p("np.cos", plain, names=("x",)), n="z_bar")
        saved = b.tape(VEC, "w_saved")
        w = b.p("mul", 5.0, u, n="w_bar")
        b.effect("push", "", (saved, w))
        w_bar = b.p("add", w, u, n="w_bar", inplace=True)
        back = b.emit("untape", "", (saved,), VEC, "w")
        twice = [b.p("add", v, v) for v in (x_bar, y_bar, caller, z_bar, w_bar)]
        return b.tuple(*twice, x_bar, y_bar, caller, z_bar, w_bar, window, back)

    made = func("f", make, g=VEC, u=VEC)
    reads_as(
        made,
        """
        def f(g, u):
            x_bar = 2.0 * u
            x_bar += np.sin(x_bar)
            y_bar = 3.0 * u
            t = y_bar[1:]
            y_bar = y_bar + u
            g = g + u
            z_bar = 4.0 * u
            z_bar = z_bar + np.cos(z_bar)
            w_saved = []
            w_bar = 5.0 * u
            w_saved.append(w_bar)
            w_bar = w_bar + u
            w = w_saved.pop()
            return (
                x_bar + x_bar,
                y_bar + y_bar,
                g + g,
                z_bar + z_bar,
                w_bar + w_bar,
                x_bar,
                y_bar,
                g,
                z_bar,
                w_bar,
                t,
                w,
            )
        """,
    )
    agree(made, (U, 2 * U))


def test_references_are_swapped_without_copies() -> None:
    def make(b: Make, u: Value, n: Value) -> Value:
        new, old = b.alloc(u, "new"), b.alloc(b.p("copy", u, names=("x",)), "old")

        def body(c: Make, i: Value, one: Value, two: Value) -> list:
            c.put(one, (slice(1, -1),), c.p("add", c.get(two, slice(2, None)), c.get(two, slice(None, -2))))
            return [False, two, one]

        kinds = [Ref(VEC), Ref(VEC)]
        *_, one, two = b.loop(n, {"new": new, "old": old}, body, types=kinds)
        return b.tuple(b.load(one), b.load(two))

    made = func("f", make, u=VEC, n=INT)
    reads_as(
        made,
        """
        def f(u, n):
            new = np.copy(u)
            old = u.copy()
            for i in range(n):
                new[1:-1] = old[2:] + old[:-2]
                new, old = old, new
            return new, old
        """,
    )
    agree(made, (U, 3), (U, 0))


def test_a_stored_array_is_no_alias_of_a_list_slot() -> None:
    inner = ListOf(Array("f8", (4,)))

    def make(b: Make, u: Value, xs: Value) -> Value:
        ys = b.emit("alloc", "", (xs,), Ref(inner), "ys", user=True)
        v = b.alloc(u, "v")
        b.put(ys, (0,), b.load(v))
        b.put(v, (0,), 9.0)
        return b.tuple(b.load(ys), b.load(v))

    made = func("f", make, u=VEC, xs=inner)
    reads_as(
        made,
        """
        def f(u, xs):
            ys = list(xs)
            v = np.copy(u)
            ys[0] = v.copy()
            v[0] = 9.0
            return ys, v
        """,
    )
    agree(made, (U, [2 * U, 3 * U]))
