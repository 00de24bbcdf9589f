"""Names out of SSA: what shares a name, what must not, and what happens when names are taken."""

from __future__ import annotations

import pytest

from adgen.backend.emit import function_text
from adgen.errors import Refusal
from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT, INT
from tests.backend.making import Make, func
from tests.backend.running import agree, text
from tests.backend.test_statements import reads_as


def test_versions_of_one_variable_share_its_name() -> None:
    def make(b: Make, x: Value) -> Value:
        y = b.p("mul", x, 2.0, n="y")
        y = b.p("add", y, 1.0, n="y")
        return b.p("sub", y, x, n="x")

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            y = x * 2.0
            y = y + 1.0
            x = y - x
            return x
        """,
    )
    agree(made, (3.0,))


def test_an_earlier_version_that_is_needed_again_keeps_its_name() -> None:
    def make(b: Make, x: Value) -> Value:
        h1 = b.p("np.tanh", x, names=("x",), n="h")
        h2 = b.p("mul", h1, h1, n="h")
        b.role = "adjoint"
        return b.p("mul", b.p("mul", 2.0, h2), h1, n="x_bar")

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            # Forward sweep.
            h = np.tanh(x)
            h_2 = h * h
            return 2.0 * h_2 * h
        """,
    )
    agree(made, (0.4,))


def test_swap_is_a_tuple_assignment() -> None:
    def make(b: Make, a: Value, c: Value, n: Value) -> Value:
        *_, x, y = b.loop(n, {"x": a, "y": c}, lambda d, i, x, y: [False, y, x])
        return b.tuple(x, y)

    made = func("f", make, a=FLOAT, c=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(a, c, n):
            x = a
            y = c
            for i in range(n):
                x, y = y, x
            return x, y
        """,
    )
    agree(made, (1.0, 2.0, 3), (1.0, 2.0, 4), (1.0, 2.0, 0))


def test_a_circle_with_arithmetic_and_a_chain_that_needs_an_order() -> None:
    def make(b: Make, a: Value, n: Value) -> Value:
        def body(d: Make, i: Value, x: Value, y: Value, z: Value, w: Value) -> list:
            return [False, y, d.p("add", z, 1.0), x, z]

        *_, x, y, z, w = b.loop(n, {"x": a, "y": 2.0, "z": 3.0, "w": 0.0}, body)
        return b.tuple(x, y, z, w)

    made = func("f", make, a=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(a, n):
            x = a
            y = 2.0
            z = 3.0
            w = 0.0
            for i in range(n):
                w = z
                x, y, z = y, z + 1.0, x
            return x, y, z, w
        """,
    )
    agree(made, (1.0, 5), (1.0, 0), (1.0, 1))


def test_lost_copy() -> None:
    """The value carried into the last iteration is read after the next one was computed."""

    def make(b: Make, a: Value, n: Value) -> Value:
        def body(d: Make, i: Value, x: Value, last: Value) -> list:
            return [False, d.p("mul", x, 2.0, n="x"), x]

        *_, x, last = b.loop(n, {"x": a, "last": 0.0}, body)
        return b.tuple(last, x)

    made = func("f", make, a=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(a, n):
            x = a
            last = 0.0
            for i in range(n):
                last = x
                x = x * 2.0
            return last, x
        """,
    )
    agree(made, (1.0, 3), (1.0, 0))


def test_the_old_value_is_read_after_the_new_one_was_made() -> None:
    def make(b: Make, a: Value, n: Value) -> Value:
        def body(d: Make, i: Value, x: Value) -> list:
            new = d.p("mul", x, 2.0, n="x")
            d.effect("append", "", (xs, d.p("add", x, new)))
            return [False, new]

        xs = b.list(a, n="xs")
        *_, x = b.loop(n, {"x": a}, body)
        return b.tuple(b.load(xs), x)

    made = func("f", make, a=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(a, n):
            xs = [a]
            x = a
            for i in range(n):
                x_2 = x * 2.0
                xs.append(x + x_2)
                x = x_2
            return xs, x
        """,
    )
    agree(made, (1.0, 3), (1.0, 0))


def test_nested_loops_may_share_the_index_name() -> None:
    def make(b: Make, n: Value) -> Value:
        def outer(c: Make, i: Value, s: Value) -> list:
            *_, t = c.loop(i, {"s": s}, lambda d, j, t: [False, d.p("add", t, j, n="s")])
            return [False, c.p("add", t, c.p("mul", 10, i), n="s")]

        return b.loop(n, {"s": 0}, outer)[2]

    made = func("f", make, n=INT)
    reads_as(
        made,
        """
        def f(n):
            s = 0
            for i in range(n):
                for i_2 in range(i):
                    s = s + i_2
                s = s + 10 * i
            return s
        """,
    )
    agree(made, (4,), (0,))


def test_an_index_that_lives_on_after_its_loop() -> None:
    def make(b: Make, n: Value) -> Value:
        *_, i = b.loop(n, {"i": -1}, lambda c, k, i: [False, k], index="i")
        return i

    made = func("f", make, n=INT)
    reads_as(
        made,
        """
        def f(n):
            i = -1
            for i in range(n):
                pass
            return i
        """,
    )
    agree(made, (4,), (0,))


def test_undefined_values_are_never_copied() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        (late,) = b.cond(b.p("gt", x, 0.0), lambda c: [c.p("mul", x, 2.0, n="late")], lambda c: [c.undef()], "late")

        def body(d: Make, i: Value, y: Value) -> list:
            return [False, d.p("add", x, i, n="y")]

        *_, y = b.loop(n, {"y": b.undef()}, body, types=[FLOAT])
        (out,) = b.cond(b.p("gt", x, 0.0), lambda c: [c.p("add", y, late)], lambda c: [c.p("neg", y)], "out")
        return out

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            if x > 0.0:
                late = x * 2.0
            for i in range(n):
                y = x + i
            if x > 0.0:
                return y + late
            return -y
        """,
    )
    agree(made, (1.0, 2), (-1.0, 3))


def test_a_carried_value_that_is_undefined_at_first() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        def body(d: Make, i: Value, s: Value, last: Value) -> list:
            (s2,) = d.cond(d.p("gt", i, 0), lambda e: [e.p("add", s, last, n="s")], lambda e: [s], "s")
            return [False, s2, d.p("mul", x, i, n="last")]

        return b.loop(n, {"s": x, "last": b.undef()}, body, types=[FLOAT, FLOAT])[2]

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            s = x
            for i in range(n):
                if i > 0:
                    s = s + last
                last = x * i
            return s
        """,
    )
    agree(made, (1.5, 3), (1.5, 0))


def test_values_of_a_branch_are_read_in_the_mirrored_branch() -> None:
    """Both branches define `h`; the reverse branches read their own, by one name, without a copy of the other."""

    def make(b: Make, x: Value) -> Value:
        flag = b.p("gt", x, 0.0, n="c")
        kept: list[Value] = []

        def side(name: str):
            def forward(c: Make) -> list:
                kept.append(c.p(name, x, names=("x",), n="h"))
                return [c.p("mul", kept[-1], kept[-1], n="y")]

            return forward

        (y,) = b.cond(flag, side("np.sin"), side("np.exp"), "y")
        b.role = "adjoint"

        def back(which: int):
            return lambda c: [c.p("mul", c.p("mul", 2.0, kept[which]), y), kept[which]]

        x_bar, h = b.cond(flag, back(0), back(1), "x_bar", "h_bar")
        return b.tuple(x_bar, h)

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            # Forward sweep.
            c = x > 0.0
            if c:
                h = np.sin(x)
                y = h * h
            else:
                h = np.exp(x)
                y = h * h

            # Reverse sweep.
            if c:
                x_bar = 2.0 * h * y
                h_bar = h
            else:
                x_bar = 2.0 * h * y
                h_bar = h
            return x_bar, h_bar
        """,
    )
    agree(made, (0.3,), (-0.3,))


def test_wishes_of_derivative_code_do_not_take_the_users_names() -> None:
    def make(b: Make, x: Value) -> Value:
        mean = b.p("mul", x, 0.5, n="x_bar")
        y = b.p("mul", mean, mean, n="y")
        b.role = "adjoint"
        x_bar = b.p("mul", y, 2.0, n="x_bar")
        return b.tuple(b.p("add", x_bar, b.p("mul", x_bar, x_bar), n="x_bar"), x_bar)

    made = func("f", make, x=FLOAT)
    reads_as(
        made,
        """
        def f(x):
            # Forward sweep.
            x_bar = x * 0.5
            y = x_bar * x_bar

            # Reverse sweep.
            x_bar_2 = y * 2.0
            x_bar_3 = x_bar_2 + x_bar_2 * x_bar_2
            return x_bar_3, x_bar_2
        """,
    )
    agree(made, (0.3,))


def test_modules_builtins_and_keywords_are_not_hidden() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        np_ = b.p("np.sin", x, names=("x",), n="np")
        range_ = b.p("mul", np_, np_, n="range")
        sum_ = b.p("add", np_, range_, n="sum")
        *_, len_ = b.loop(n, {"len": sum_}, lambda c, i, s: [False, c.p("np.cos", s, names=("x",), n="len")])
        b.role = "adjoint"
        odd = b.p("mul", len_, 2.0, n="lambda")
        return b.tuple(b.p("mul", odd, odd), len_, sum_, range_, b.p("abs", odd, names=("x",), n="max"))

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            # Forward sweep.
            np_2 = np.sin(x)
            range_2 = np_2 * np_2
            sum = np_2 + range_2
            len_2 = sum
            for i in range(n):
                len_2 = np.cos(len_2)

            # Reverse sweep.
            lambda_ = len_2 * 2.0
            max_2 = abs(lambda_)
            return lambda_ * lambda_, len_2, sum, range_2, max_2
        """,
    )
    agree(made, (0.3, 2))


def test_a_parameter_that_hides_numpy_is_an_error_of_the_caller() -> None:
    made = func("f", lambda b, x: b.p("np.sin", x, names=("x",)), np=FLOAT)
    with pytest.raises(Refusal, match="the parameter `np` is called like what the derivative needs"):
        function_text(made)


def test_temporaries_are_named_after_what_they_hold() -> None:
    def make(b: Make, x: Value, y: Value) -> Value:
        s = b.p("np.sin", x, names=("x",))
        d = b.p("sub", x, y)
        q = b.p("div", d, s)
        root = b.p("np.sqrt", 2.0, names=("x",))
        b.role = "adjoint"
        d_bar = b.p("mul", q, s, n="q_bar")
        t = b.p("mul", d_bar, d)
        return b.tuple(s, d, q, b.p("mul", root, root), b.p("add", t, t), d_bar, b.p("mul", q, s))

    made = func("f", make, x=FLOAT, y=FLOAT)
    reads_as(
        made,
        """
        def f(x, y):
            # Forward sweep.
            out = np.sin(x)
            out_2 = x - y
            out_3 = out_2 / out
            sqrt_2 = np.sqrt(2.0)

            # Reverse sweep.
            q_bar = out_3 * out
            t_bar = q_bar * out_2
            return out, out_2, out_3, sqrt_2 * sqrt_2, t_bar + t_bar, q_bar, out_3 * out
        """,
    )
    agree(made, (0.3, 0.5))


def test_tapes_are_named_after_what_is_on_them() -> None:
    def make(b: Make, x: Value, n: Value) -> Value:
        one, two = b.tape(FLOAT, ""), b.tape(FLOAT, "")

        def forward(c: Make, i: Value, y: Value) -> list:
            c.effect("push", "", (one, y))
            s = c.p("np.sin", y, names=("x",))
            c.effect("push", "", (two, s))
            return [False, c.p("mul", s, s, n="y")]

        *_, y = b.loop(n, {"y": x}, forward)
        b.role = "adjoint"

        def backward(c: Make, i: Value, y_bar: Value) -> list:
            s, y = (c.emit("untape", "", (tape,), FLOAT) for tape in (two, one))
            t = c.p("mul", c.p("mul", 2.0, s), y_bar)
            return [False, c.p("mul", t, c.p("add", y, s), n="y_bar")]

        return b.loop(n, {"y_bar": 1.0}, backward, reversed=True)[2]

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            # Forward sweep.
            y_saved = []
            sin_y_saved = []
            y = x
            for i in range(n):
                y_saved.append(y)
                sin_y = np.sin(y)
                sin_y_saved.append(sin_y)
                y = sin_y * sin_y

            # Reverse sweep.
            y_bar = 1.0
            for i in range(n - 1, -1, -1):
                sin_y = sin_y_saved.pop()
                y = y_saved.pop()
                y_bar = 2.0 * sin_y * y_bar * (y + sin_y)
            return y_bar
        """,
    )
    agree(made, (0.3, 4))


def test_stopped_and_trips_do_not_meet_the_users_names() -> None:
    """Written before the loop and inside it: live through the whole body."""

    def make(b: Make, x: Value, n: Value) -> Value:
        stopped = b.p("mul", x, 2.0, n="stopped")

        def body(c: Make, i: Value, y: Value) -> list:
            trips = c.p("add", y, stopped, n="trips")
            go = lambda d: [False, d.p("add", trips, i, n="y")]  # noqa: E731
            return list(c.cond(c.p("gt", trips, 9.0), lambda d: [True, y], go, t=(BOOL, FLOAT)))

        count, flag, y = b.loop(n, {"y": x}, body, can_stop=True)
        return b.tuple(count, flag, y, stopped)

    made = func("f", make, x=FLOAT, n=INT)
    reads_as(
        made,
        """
        def f(x, n):
            stopped = x * 2.0
            y = x
            trips_2 = n
            stopped_2 = False
            for i in range(n):
                trips = y + stopped
                if trips > 9.0:
                    trips_2 = i
                    stopped_2 = True
                    break
                y = trips + i
            return trips_2, stopped_2, y, stopped
        """,
    )
    agree(made, (1.0, 2), (1.0, 20), (20.0, 3))


def test_the_same_text_every_time() -> None:
    from tests.backend.random_programs import Generator

    for seed in range(20):
        assert text(Generator(seed).make()) == text(Generator(seed).make())


def test_long_series_have_no_gaps_and_names_are_free_again() -> None:
    """Stretches of a series that are needed whole are passed over at once, and only those."""

    def make(b: Make, x: Value) -> Value:
        total = x
        for wave in (1.0, 2.0):
            held = [b.p("mul", x, wave + k, n="t") for k in range(200)]
            for one in (*held[::2], *held[1::2]):
                total = b.p("add", total, one, n="total")
        return total

    made = func("f", make, x=FLOAT)
    names = {line.split()[0] for line in text(made).splitlines() if line.strip().startswith("t")}
    assert names == {"t", "total", *(f"t_{number}" for number in range(2, 201))}
    agree(made, (0.7,))
