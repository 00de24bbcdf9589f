"""Roots, classes, disjoint parts, and who writes what."""

from __future__ import annotations

import pytest

from adgen.analyses.aliasing import aliases, roots_of
from adgen.analyses.paths import Step, disjoint_steps
from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import BOOL, FLOAT, INT, ListOf, Ref, Struct
from tests.ir.making import VEC, alloc, branch, func, loop, prim, push, untape, value, view

X, V, N, C = value(FLOAT, "x"), value(VEC, "v"), value(INT, "n"), value(BOOL, "c")


def test_views_have_the_root_of_their_base() -> None:
    b = Builder()
    r = alloc(b, V)
    part = view(b, view(b, r, b.const(1), spec=("s100",), type_=VEC), b.const(0))
    found = roots_of(func(b, b.load(part), V))
    assert found[part] == (r,)


def test_branches_and_selections_join_roots() -> None:
    b = Builder()
    r, s, t = alloc(b, V), alloc(b, V), alloc(b, V)
    (one,) = branch(b, C, lambda q: [r], lambda q: [s], [Ref(VEC)])
    two = b.emit("select", "", (C, one, t), Ref(VEC))
    facts = aliases(func(b, b.load(two), V, C))
    assert facts.roots[two] == (r, s, t)
    assert facts.class_of(t) is facts.class_of(r)
    assert facts.owner(two) is None and facts.owner(r) is r
    assert facts.may_alias(two, s) and not facts.may_alias(r, s)


def test_loops_reach_a_fixed_point() -> None:
    b = Builder()
    r, s = alloc(b, V, "r"), alloc(b, V, "s")
    _, _, p, q = loop(b, N, [r, s], lambda q_, i, p, q: [q, p])
    facts = aliases(func(b, prim(b, "add", b.load(p), b.load(q)), V, N))
    assert facts.roots[p] == (r, s) and facts.roots[q] == (s, r)


def test_what_a_container_keeps_comes_back() -> None:
    b = Builder()
    r = alloc(b, V)
    tape = b.tape(Ref(VEC), "refs")
    push(b, tape, r)
    back = untape(b, tape)
    packed = b.pack(Struct("tuple", ("0", "1"), (Ref(VEC), FLOAT)), (back, X))
    taken = b.emit("item", "", (packed,), Ref(VEC), attrs={"slot": 0})
    facts = aliases(func(b, b.load(taken), X, V))
    assert facts.roots[taken] == (r,)
    assert facts.roots[tape] == (tape,)


def test_a_call_may_write_and_keep_all_its_arguments() -> None:
    b = Builder()
    r, xs = alloc(b, V), b.tape(Ref(VEC), "xs")
    out = b.emit("call", "", (r, xs), Ref(VEC), attrs={"callee": "g"})
    back = untape(b, xs)
    facts = aliases(func(b, b.load(out), V))
    call = next(op for op in func(b, X).block.ops if op.kind == "call")
    assert facts.roots[out] == (r, xs, out)
    assert facts.writes(call) == (r, xs)
    assert r in facts.roots[back]


def test_stores_between() -> None:
    b = Builder()
    r, s = alloc(b, V), alloc(b, V)
    first, last = view(b, r, b.const(0)), view(b, r, b.const(-1))
    inner = view(b, r, b.const(1), b.const(-1), spec=("s110",), type_=VEC)
    b.store(first, X)
    b.store(s, V)
    loop(b, N, [], lambda q, i: [q.store(last, X)][1:])
    f = func(b, b.load(r), X, V, N)
    facts = aliases(f)
    stores = [op.kind for op in facts.stores_between(f.block, 0, len(f.block.ops), r)]
    assert stores == ["store", "for"]
    assert [op.kind for op in facts.stores_between(f.block, 0, len(f.block.ops), inner)] == ["for"]
    assert facts.disjoint(first, inner) and facts.disjoint(inner, last) and not facts.disjoint(first, last)
    assert not facts.may_write(f.block.ops[:3], r)


def test_equal_steps_are_followed() -> None:
    b = Builder()
    xs = alloc(b, b.emit("listing", "", (V, V), ListOf(VEC)))
    rows = [view(b, xs, b.const(0), type_=VEC) for _ in range(2)]
    one, other = view(b, rows[0], b.const(1)), view(b, rows[1], b.const(2))
    facts = aliases(func(b, prim(b, "add", b.load(one), b.load(other)), V))
    assert facts.disjoint(one, other)
    assert not facts.disjoint(rows[0], other)


def test_an_unknown_index_is_not_disjoint() -> None:
    b = Builder()
    r, k = alloc(b, V), value(INT, "k")
    one, other = view(b, r, k), view(b, r, b.const(2))
    facts = aliases(func(b, b.load(one), V, k))
    assert not facts.disjoint(one, other)
    assert facts.may_alias(one, other)


def step(spec: str, *operands: object, length: object = None) -> Step:
    return Step(tuple(spec.split()), operands, () if length is None else (length,))


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (step("i", 0), step("i", 1), True),
        (step("i", 0), step("i", 0), False),
        (step("i", 0), step("i", -1), False),  # one element: both are it
        (step("i", 0, length=3), step("i", -1, length=3), True),
        (step("i", 0, length=1), step("i", -1, length=1), False),
        (step("i", 0), step("s100", 1), True),
        (step("i", -1), step("s010", -1), True),
        (step("s010", 3), step("s100", 3), True),
        (step("s010", 3), step("s100", 2), False),
        (step("s010", -2), step("s100", -2), True),
        (step("s010", -2), step("s100", 2), False),
        (step("s101", 0, 2), step("s101", 1, 2), True),
        (step("s001", 2), step("s101", 1, 2), True),
        (step("s101", -3, 2), step("s101", -2, 2), False),  # both are cut to 0 in an array of two
        (step("s001", -1), step("i", 0), False),
        (step("s000 i", 0), step("s000 i", 1), True),
        (step("... i", 0), step("... i", 1), False),
        (step("n i", 0), step("n i", 1), False),
    ],
)
def test_disjoint_steps(first: Step, second: Step, answer: bool) -> None:
    assert disjoint_steps(first, second) is answer
    assert disjoint_steps(second, first) is answer


def test_a_transposed_view_is_not_compared() -> None:
    b = Builder()
    r = alloc(b, V)
    turned = b.emit("view", "T", (r,), Ref(VEC))
    facts = aliases(func(b, b.load(turned), V))
    assert not facts.disjoint(turned, view_of(b, r))


def view_of(b: Builder, ref: Value) -> Value:
    assert isinstance(b.ops[0], Op)
    return view(b, ref, b.const(0))


def test_facts_are_found_once_for_each_function() -> None:
    b, b2 = Builder(), Builder()
    one = func(b, b.load(alloc(b, V)), V)
    other = func(b2, b2.load(alloc(b2, V)), V)
    assert aliases(one) is aliases(one)
    assert aliases(other) is not aliases(one)
