"""What is computed once, and what must not be."""

from __future__ import annotations

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT, INT
from adgen.optimise.common import common
from tests.ir.making import VEC, alloc, branch, func, index, loop, prim, value, view
from tests.optimise.golden import becomes, stays

X, Y, V, N, C = value(FLOAT, "x"), value(FLOAT, "y"), value(VEC, "v"), value(INT, "n"), value(BOOL, "c")


def pair(b: Builder, first: Value, second: Value) -> Value:
    return prim(b, "sub", first, second, type_=FLOAT)


def test_reverse_code_uses_what_the_forward_sweep_computed() -> None:
    b = Builder()
    s = prim(b, "np.sin", X, hint="s")
    b.role = "adjoint"
    becomes(
        func(b, pair(b, s, prim(b, "np.sin", X)), X),
        common,
        """
               %s: float = np.sin(x=%x)
            a  %0: float = sub %s, %s
               yield %0
        """,
    )


def test_factors_commute_differences_do_not() -> None:
    b = Builder("adjoint")
    becomes(
        func(b, pair(b, prim(b, "mul", X, Y), prim(b, "mul", Y, X)), X, Y),
        common,
        """
        a  %0: float = mul %x, %y
        a  %1: float = sub %0, %0
           yield %1
        """,
    )
    b = Builder("adjoint")
    stays(func(b, pair(b, prim(b, "sub", X, Y), prim(b, "sub", Y, X)), X, Y), common)


def test_a_name_of_the_user_keeps_its_statement() -> None:
    b = Builder()
    prim(b, "np.sin", X)
    again = b.emit("prim", "np.sin", (X,), FLOAT, "s", {"args": ("x",)}, user=True)
    stays(func(b, again, X), common)


def test_the_primal_sweep_shares_what_has_no_name() -> None:
    b = Builder()
    becomes(
        func(b, pair(b, prim(b, "np.sin", X), prim(b, "np.sin", X)), X),
        common,
        """
        %0: float = np.sin(x=%x)
        %1: float = sub %0, %0
        yield %1
        """,
    )


def test_two_arrays_that_become_memory_stay_two() -> None:
    for role in ("primal", "adjoint"):
        b = Builder(role)
        one, other = alloc(b, prim(b, "np.sin", V)), alloc(b, prim(b, "np.sin", V))
        b.store(one, V)
        stays(func(b, b.load(other), V), common)


def test_contents_are_read_again_after_a_store() -> None:
    b = Builder("adjoint")
    r = alloc(b, V)
    before = b.load(r)
    b.store(view(b, r, b.const(0)), X)
    stays(func(b, prim(b, "sub", before, b.load(r)), X, V), common)


def test_contents_are_not_read_again_after_a_disjoint_store() -> None:
    b = Builder("adjoint")
    r = alloc(b, V, "r")
    part = view(b, r, b.const(0), hint="p")
    before = b.load(part)
    b.store(view(b, r, b.const(1), hint="q"), X)
    again = b.load(view(b, r, b.const(0)))
    after = common(func(b, pair(b, before, again), X, V))
    assert [op.kind for op in after.block.ops].count("load") == 1


def test_contents_are_read_again_where_a_loop_writes() -> None:
    b = Builder("adjoint")
    r = alloc(b, V)
    before = b.load(r)

    def body(q: Builder, i: Value, s: Value) -> list[Value]:
        seen = q.load(r)
        q.store(r, prim(q, "neg", seen))
        return [prim(q, "add", s, seen)]

    _, _, s = loop(b, N, [before], body)
    stays(func(b, prim(b, "sub", s, b.load(r)), V, N), common)


def test_nothing_is_reused_out_of_branches_and_bodies() -> None:
    b = Builder("adjoint")
    (one,) = branch(b, C, lambda q: [prim(q, "np.sin", X)], lambda q: [prim(q, "np.sin", X)], [FLOAT])
    _, _, two = loop(b, N, [X], lambda q, i, s: [prim(q, "np.sin", X)])
    total = prim(b, "add", prim(b, "mul", one, two), prim(b, "np.sin", X))
    stays(func(b, total, X, N, C), common)


def test_what_dominates_is_reused_in_branches_and_bodies() -> None:
    b = Builder("adjoint")
    s = prim(b, "np.sin", X)
    (one,) = branch(b, C, lambda q: [prim(q, "np.sin", X)], lambda q: [X], [FLOAT])
    after = common(func(b, pair(b, s, one), X, C))
    assert after.block.ops[1].regions[0].ops == ()


def test_random_draws_are_all_different() -> None:
    b = Builder("adjoint")
    draws = [prim(b, "np.random.normal", type_=FLOAT, args=()) for _ in range(2)]
    stays(func(b, pair(b, *draws), X), common)


def test_a_loop_that_runs_over_two_lists_reads_both() -> None:
    b = Builder()

    def body(q: Builder, i: Value, s: Value) -> list[Value]:
        one, other = index(q, V, i), index(q, V, i)
        return [prim(q, "add", s, prim(q, "mul", one, other))]

    _, _, s = loop(b, N, [X], body, iterates=2)
    stays(func(b, s, X, V, N), common)
