"""What dead-code removal takes away, and what it has to keep."""

from __future__ import annotations

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import BOOL, FLOAT, INT, ListOf, Ref
from adgen.optimise.dead_code import dead_code
from tests.ir.making import VEC, alloc, branch, func, index, loop, prim, push, repeat, untape, value, view
from tests.optimise.golden import becomes, stays

X, V, N, C = value(FLOAT, "x"), value(VEC, "v"), value(INT, "n"), value(BOOL, "c")


def test_unused_values_go() -> None:
    b = Builder()
    prim(b, "np.sin", prim(b, "np.cos", X))
    becomes(func(b, X, X), dead_code, "yield %x")


def test_memory_that_is_never_read_goes() -> None:
    b = Builder()
    r = alloc(b, V)
    b.store(view(b, r, b.const(0)), X)
    loop(b, N, [], lambda q, i: [q.store(r, V)][1:])
    becomes(func(b, X, X, V, N), dead_code, "yield %x")


def test_all_writes_of_what_is_read_stay() -> None:
    b = Builder()
    r = alloc(b, V, "r")
    b.store(view(b, r, b.const(0), hint="p"), X)
    stays(func(b, b.load(r, "t"), X, V), dead_code)


def test_writes_through_either_of_two_references_stay() -> None:
    b = Builder()
    r, s = alloc(b, V, "r"), alloc(b, V, "s")
    either = b.emit("select", "", (C, r, s), Ref(VEC), "e")
    b.store(either, prim(b, "neg", V))
    stays(func(b, b.load(s), X, V, C), dead_code)


def test_an_unread_tape_goes_with_its_pushes_and_pops() -> None:
    b = Builder()
    tape = b.tape(FLOAT, "saved")
    _, _, s = loop(b, N, [X], lambda q, i, s: [push(q, tape, s), prim(q, "np.sin", s)][1:])
    b.role = "adjoint"
    loop(b, N, [], lambda q, i: [untape(q, tape)][1:])
    becomes(
        func(b, s, X, N),
        dead_code,
        """
        %trips: int, %stopped: bool, %x.1: float = for(0, %n, 1) [%i, %x.2: float = %x]:
            %0: float = np.sin(x=%x.2)
            yield False, %0
        yield %x.1
        """,
    )


def test_pops_keep_the_balance_of_a_tape_that_is_read() -> None:
    b = Builder()
    tape = b.tape(FLOAT, "saved")
    push(b, tape, X)
    push(b, tape, prim(b, "neg", X))
    b.role = "adjoint"
    untape(b, tape)  # nobody reads it, but the next pop has to find the other value
    stays(func(b, untape(b, tape), X), dead_code)


def test_a_tape_by_which_a_loop_ends_stays() -> None:
    b = Builder()
    tape = b.tape(FLOAT, "saved")
    loop(b, N, [], lambda q, i: [push(q, tape, X)][1:])
    b.role = "adjoint"

    def body(q: Builder, k: Value) -> tuple[Value, ...]:
        full = prim(q, "len", q.load(tape), type_=INT)

        def rest(r: Builder) -> tuple[Value, ...]:
            untape(r, tape)
            return r.const(False), prim(r, "add", k, r.const(1), type_=INT)

        return branch(q, full, rest, lambda r: (r.const(True), k), (BOOL, INT))

    _, _, k = repeat(b, [b.const(0)], body)
    stays(func(b, k, X, N), dead_code)


def test_slots_that_only_feed_themselves_go() -> None:
    b = Builder()

    def body(q: Builder, i: Value, s: Value, k: Value) -> list[Value]:
        return [prim(q, "np.sin", s), prim(q, "mul", k, k)]

    _, _, s, _ = loop(b, N, [X, X], body)
    assert_slots(dead_code(func(b, s, X, N)).block.ops, 1)


def test_slots_that_hand_on_are_what_they_start_from() -> None:
    b = Builder()

    def body(q: Builder, i: Value, s: Value, k: Value) -> list[Value]:
        kept = branch(q, C, lambda r: [k], lambda r: [k], [FLOAT])
        return [prim(q, "mul", s, k), *kept]

    _, _, s, k = loop(b, N, [X, prim(b, "np.sin", X, hint="k")], body)
    after = dead_code(func(b, prim(b, "add", s, k), X, N, C))
    assert_slots(after.block.ops, 1)
    assert after.block.ops[-1].operands[1] is after.block.ops[0].result


def assert_slots(ops: tuple[Op, ...], count: int) -> None:
    (found,) = [op for op in ops if op.kind == "for"]
    assert len(found.results) == 2 + count
    assert len(found.regions[0].params) == 1 + count
    assert len(found.regions[0].yields) == 1 + count


def test_slots_of_a_loop_with_exits_go_in_all_its_tails() -> None:
    b = Builder()

    def body(q: Builder, i: Value, s: Value, k: Value) -> tuple[Value, ...]:
        more = prim(q, "mul", k, k)
        types = (BOOL, FLOAT, FLOAT)

        def inner(r: Builder) -> tuple[Value, ...]:
            return branch(r, C, lambda t: (t.const(True), s, k), lambda t: (t.const(False), s, more), types)

        return branch(q, C, lambda r: (r.const(True), prim(r, "neg", s), more), inner, types)

    _, _, s, _ = loop(b, N, [X, X], body, True)
    after = dead_code(func(b, s, X, N, C))
    assert_slots(after.block.ops, 1)
    assert "mul" not in str([op.name for op in after.block.ops[-1].regions[0].ops])


def test_branch_results_and_empty_branches_go() -> None:
    b = Builder()
    one, _ = branch(b, C, lambda q: [X, prim(q, "np.sin", X)], lambda q: [X, X], [FLOAT, FLOAT])
    branch(b, C, lambda q: [prim(q, "np.cos", X)], lambda q: [X], [FLOAT])
    becomes(
        func(b, one, X, C),
        dead_code,
        """
        %0: float = if %c:
            yield %x
        else:
            yield %x
        yield %0
        """,
    )


def test_effects_stay_in_the_forward_sweep_only() -> None:
    b = Builder()
    branch(b, C, lambda q: [q.effect("effect", "raise", (), {"text": "ValueError"})][1:], lambda q: [])
    b.role = "adjoint"
    b.effect("effect", "print", (X,))
    after = dead_code(func(b, X, X, C))
    assert [op.kind for op in after.block.ops] == ["if"]
    assert after.block.ops[0].regions[0].ops[0].name == "raise"


def test_random_draws_stay() -> None:
    b = Builder()
    prim(b, "np.random.normal", type_=FLOAT, args=())
    stays(func(b, X, X), dead_code)


def test_reads_that_a_loop_iterates_stay() -> None:
    b = Builder()

    def body(q: Builder, i: Value, s: Value) -> list[Value]:
        index(q, V, i)
        return [prim(q, "np.sin", s)]

    _, _, s = loop(b, N, [X], body, iterates=1)
    stays(func(b, s, X, V, N), dead_code)


def test_a_region_stays_while_reverse_code_reads_a_value_in_it() -> None:
    b = Builder()
    inner: list[Value] = []

    def then(q: Builder) -> list[Value]:
        inner.append(prim(q, "np.sin", X, hint="s"))
        return []

    branch(b, C, then, lambda q: [])
    b.role = "adjoint"
    (g,) = branch(b, C, lambda q: [prim(q, "neg", inner[0])], lambda q: [X], [FLOAT])
    stays(func(b, g, X, C), dead_code)


def test_tapes_of_tapes_stay_together() -> None:
    b = Builder()
    outer = b.tape(Ref(ListOf(FLOAT)), "outer")

    def forward(q: Builder, i: Value) -> list[Value]:
        inner = q.tape(FLOAT, "inner")
        push(q, inner, X)
        push(q, outer, inner)
        return []

    loop(b, N, [], forward)
    b.role = "adjoint"

    def backward(q: Builder, i: Value, s: Value) -> list[Value]:
        return [prim(q, "add", s, untape(q, untape(q, outer)))]

    _, _, s = loop(b, N, [X], backward)
    stays(func(b, s, X, N), dead_code)
