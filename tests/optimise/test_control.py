"""Folding, fused branches, hoisted code, accumulation in place."""

from __future__ import annotations

from adgen.ir.build import Builder
from adgen.ir.core import Func, Value
from adgen.ir.types import BOOL, FLOAT, INT, ListOf, Struct
from adgen.ir.walk import walk
from adgen.optimise.fold import fold
from adgen.optimise.hoist import hoist
from adgen.optimise.ifs import fuse_ifs
from adgen.optimise.inplace import inplace
from tests.ir.making import MAT, VEC, alloc, branch, func, loop, prim, push, untape, value
from tests.optimise.golden import becomes, formula, stays

X, V, W, N, C, D = (
    value(type_, hint) for type_, hint in [(FLOAT, "x"), (VEC, "v"), (VEC, "w"), (INT, "n"), (BOOL, "c"), (BOOL, "d")]
)
PAIR = Struct("tuple", ("0", "1"), (FLOAT, FLOAT))


# fold ---------------------------------------------------------------------------------------------------------------
def test_a_slot_of_what_is_packed() -> None:
    b = Builder()
    made = b.emit("pack", "", (X, b.const(1.0)), PAIR)
    assert formula(fold(func(b, b.emit("item", "", (made,), FLOAT, attrs={"slot": 0}), X))) == "x"


def test_a_branch_on_a_literal_is_its_code() -> None:
    b = Builder()
    flag = prim(b, "not", b.const(False), type_=BOOL)
    (y,) = branch(b, flag, lambda q: [prim(q, "np.sin", X)], lambda q: [X], [FLOAT])
    becomes(
        func(b, y, X),
        fold,
        """
        %0: float = np.sin(x=%x)
        yield %0
        """,
    )


def test_results_that_are_the_same_on_both_sides() -> None:
    b = Builder()
    types = [FLOAT, FLOAT, FLOAT]
    one, two, three = branch(
        b, C, lambda q: [X, q.const(0.0), X], lambda q: [X, q.const(0.0), prim(q, "neg", X)], types
    )
    total = prim(b, "add", prim(b, "add", one, two), three)
    after = fold(func(b, total, X, C))
    assert formula(after) == "((x + 0.0) + if(c))"


def test_a_tail_branch_keeps_its_results() -> None:
    b = Builder()
    (y,) = branch(b, C, lambda q: [X], lambda q: [X], [FLOAT])
    stays(func(b, y, X, C), fold)


def test_a_loop_whose_exit_is_folded_away_cannot_stop() -> None:
    b = Builder()

    def body(q: Builder, i: Value, s: Value) -> tuple[Value, ...]:
        new = prim(q, "np.sin", s)
        left, right = (lambda r: (r.const(True), s)), (lambda r: (r.const(False), new))
        return branch(q, q.const(False), left, right, (BOOL, FLOAT))

    _, _, s = loop(b, N, [X], body, True)
    after = fold(func(b, s, X, N))
    (found,) = [op for op in after.block.ops if op.kind == "for"]
    assert found.attrs["can_stop"] is False
    assert [op.kind for op in found.regions[0].ops] == ["prim", "const", "const"]


def test_a_negative_literal_is_a_literal_in_the_primal_sweep_too() -> None:
    b = Builder()
    assert formula(fold(func(b, prim(b, "neg", b.const(1.5)), X))) == "-1.5"


# ifs ----------------------------------------------------------------------------------------------------------------
def two_ifs(between: bool) -> Func:
    b = Builder("adjoint")
    (p,) = branch(b, C, lambda q: [prim(q, "np.sin", X)], lambda q: [X], [FLOAT], ["p"])
    factor = prim(b, "np.cos", p if between else X, hint="f")
    (r,) = branch(b, C, lambda q: [prim(q, "mul", p, factor)], lambda q: [p], [FLOAT], ["r"])
    return func(b, prim(b, "add", p, r), X, C)


def test_branches_on_one_test_are_fused() -> None:
    becomes(
        two_ifs(between=False),
        fuse_ifs,
        """
        a  %f: float = np.cos(x=%x)
        a  %p: float, %r: float = if %c:
            a  %0: float = np.sin(x=%x)
            a  %1: float = mul %0, %f
               yield %0, %1
           else:
               yield %x, %x
        a  %2: float = add %p, %r
           yield %2
        """,
    )


def test_what_depends_on_the_first_branch_keeps_them_apart() -> None:
    stays(two_ifs(between=True), fuse_ifs)


def test_memory_between_keeps_branches_apart() -> None:
    b = Builder("adjoint")
    ref = alloc(b, V)
    branch(b, C, lambda q: [q.store(ref, W)][1:], lambda q: [])
    seen = b.load(ref)
    branch(b, C, lambda q: [q.store(ref, V)][1:], lambda q: [])
    stays(func(b, prim(b, "add", seen, b.load(ref)), V, W, C), fuse_ifs)


def test_different_tests_and_primal_branches_stay() -> None:
    for role, second in (("adjoint", D), ("primal", C)):
        b = Builder(role)
        (p,) = branch(b, C, lambda q: [X], lambda q: [prim(q, "neg", X)], [FLOAT])
        (r,) = branch(b, second, lambda q: [X], lambda q: [prim(q, "neg", X)], [FLOAT])
        stays(func(b, prim(b, "add", p, r), X, C, D), fuse_ifs)


# hoist --------------------------------------------------------------------------------------------------------------
def test_invariant_code_leaves_the_loop_with_its_literals() -> None:
    b = Builder("adjoint")

    def body(q: Builder, i: Value, g: Value) -> list[Value]:
        return [prim(q, "mul", g, prim(q, "mul", q.const(2.0), prim(q, "np.cos", V), type_=VEC))]

    _, _, g = loop(b, N, [W], body)
    becomes(
        func(b, g, V, W, N),
        hoist,
        """
        a  %0: f8[n] = np.cos(x=%v)
        a  %1: f8[n] = mul 2.0, %0
        a  %trips: int, %stopped: bool, %w.1: f8[n] = for(0, %n, 1) [%i, %w.2: f8[n] = %w]:
            a  %2: f8[n] = mul %w.2, %1
               yield False, %2
           yield %w.1
        """,
    )


def test_what_may_warn_or_is_primal_stays_in_the_loop() -> None:
    for role, name in (("adjoint", "np.log"), ("adjoint", "div"), ("primal", "np.sin")):
        b = Builder(role)
        operands = (V, W) if name == "div" else (V,)
        _, _, g = loop(b, N, [W], lambda q, i, g: [prim(q, "mul", g, prim(q, name, *operands))])
        stays(func(b, g, V, W, N), hoist)


# inplace ------------------------------------------------------------------------------------------------------------
def marks(f: Func) -> int:
    return sum(bool(op.attrs.get("inplace")) for op in walk(inplace(f).block))


def zeros(b: Builder) -> Value:
    return prim(b, "zeros_like", V, hint="v_bar")


def more(b: Builder, total: Value, by: Value = W) -> Value:
    return prim(b, "add", total, by, hint="v_bar")


def test_a_new_array_that_nobody_else_reads() -> None:
    b = Builder("adjoint")
    assert marks(func(b, more(b, prim(b, "mul", V, W, hint="v_bar")), V, W)) == 1


def test_the_right_operand_may_be_the_buffer() -> None:
    b = Builder("adjoint")
    total = prim(b, "mul", V, W, hint="v_bar")
    f = inplace(func(b, prim(b, "add", W, total, hint="v_bar"), V, W))
    assert f.block.ops[-1].attrs["inplace"] and f.block.ops[-1].operands == (total, W)


def test_arguments_views_contents_and_saved_values_are_not_taken() -> None:
    b = Builder("adjoint")
    argument = value(VEC, "v_bar")
    assert marks(func(b, more(b, argument), argument, W)) == 0
    for make in (
        lambda q: q.load(alloc(q, V), "v_bar"),
        lambda q: prim(q, "attr.T", V, hint="v_bar"),
        lambda q: untape(q, saved(q), "v_bar"),
        lambda q: prim(q, "np.broadcast_to", X, prim(q, "attr.shape", V), hint="v_bar", type_=VEC),
    ):
        b = Builder("adjoint")
        assert marks(func(b, more(b, make(b)), X, V, W)) == 0


def saved(b: Builder) -> Value:
    tape = b.tape(VEC, "saved")
    push(b, tape, V)
    return tape


def test_a_value_that_is_read_later_or_kept_is_not_taken() -> None:
    b = Builder("adjoint")
    first = zeros(b)
    assert marks(func(b, prim(b, "mul", more(b, first), first), V, W)) == 0
    b = Builder("adjoint")
    first = zeros(b)
    push(b, b.tape(VEC, "kept"), first)
    b.emit("untape", "", (b.ops[-2].result,), VEC)
    assert marks(func(b, more(b, first), V, W)) == 0
    b = Builder("adjoint")
    first = zeros(b)
    kept = b.emit("listing", "", (first,), ListOf(VEC))
    b.emit("index", "", (kept, b.const(0)), VEC, attrs={"spec": ("i",)})
    assert marks(func(b, more(b, first), V, W)) == 0


def test_reads_that_are_over_do_no_harm() -> None:
    b = Builder("adjoint")
    first = zeros(b)
    factor = prim(b, "np.sum", first, type_=FLOAT)
    assert marks(func(b, prim(b, "mul", more(b, first), factor), V, W)) == 1


def test_shapes_that_are_not_proven_equal() -> None:
    b = Builder("adjoint")
    total = prim(b, "mul", V, W, hint="v_bar")
    m = value(MAT, "m")
    assert marks(func(b, prim(b, "add", total, m, hint="v_bar", type_=MAT), V, W, m)) == 0


def test_an_accumulator_of_a_loop() -> None:
    b = Builder("adjoint")
    _, _, g = loop(b, N, [zeros(b)], lambda q, i, g: [more(q, g)])
    assert marks(func(b, more(b, g), V, W, N)) == 2


def test_an_accumulator_that_starts_as_an_argument() -> None:
    b = Builder("adjoint")
    start = value(VEC, "v_bar")
    _, _, g = loop(b, N, [start], lambda q, i, g: [more(q, g)])
    assert marks(func(b, more(b, g), start, W, N)) == 0


def test_an_accumulator_that_each_iteration_keeps() -> None:
    b = Builder("adjoint")
    tape = b.tape(VEC, "kept")

    def body(q: Builder, i: Value, g: Value) -> list[Value]:
        push(q, tape, g)
        return [more(q, g)]

    _, _, g = loop(b, N, [zeros(b)], body)
    last = untape(b, tape)
    assert marks(func(b, prim(b, "sub", g, last), V, W, N)) == 0


def test_a_buffer_from_outside_is_taken_once_only() -> None:
    b = Builder("adjoint")
    first = zeros(b)
    _, _, g = loop(b, N, [V], lambda q, i, s: [prim(q, "mul", s, more(q, first))])
    assert marks(func(b, g, V, W, N)) == 0


def test_an_accumulator_that_one_branch_increments() -> None:
    b = Builder("adjoint")
    first = zeros(b)
    (g,) = branch(b, C, lambda q: [more(q, first)], lambda q: [first], [VEC], ["v_bar"])
    assert marks(func(b, more(b, g), V, W, C)) == 2


def test_twice_itself_is_not_in_place() -> None:
    b = Builder("adjoint")
    first = zeros(b)
    assert marks(func(b, more(b, first, first), V, W)) == 0
