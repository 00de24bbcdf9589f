"""Each complaint of the verifier, on IR that is broken in that way only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.forms import fits
from adgen.ir.types import BOOL, FLOAT, INT, NONE, UNDEF, Array, ListOf, Ref, Struct, Sym, Unknown
from adgen.ir.verify import verify
from tests.ir.making import MAT, VEC, alloc, branch, func, loop, prim, push, repeat, untape, value

PAIR = Struct("tuple", ("0", "1"), (FLOAT, FLOAT))


def undefined() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    return func(b, prim(b, "np.sin", value(FLOAT, "z")), x)


def twice() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    y = prim(b, "np.sin", x)
    b.add(b.ops[0])
    return func(b, y, x)


def branch_leak(role: str = "primal") -> Func:
    b, x, c = Builder(), value(FLOAT, "x"), value(BOOL, "c")
    inner: list[Value] = []

    def then(q: Builder) -> list[Value]:
        inner.append(prim(q, "np.sin", x))
        return []

    branch(b, c, then, lambda q: [])
    b.role = role
    return func(b, prim(b, "np.cos", inner[0]), x, c)


def loop_leak() -> Func:
    b, x, n = Builder(), value(FLOAT, "x"), value(INT, "n")
    inner: list[Value] = []

    def body(q: Builder, i: Value) -> list[Value]:
        inner.append(prim(q, "np.sin", x))
        return []

    loop(b, n, [], body)
    b.role = "adjoint"
    return func(b, prim(b, "np.cos", inner[0]), x, n)


def sibling_leak() -> Func:
    b, x, c = Builder("adjoint"), value(FLOAT, "x"), value(BOOL, "c")
    inner: list[Value] = []

    def then(q: Builder) -> list[Value]:
        inner.append(prim(q, "np.sin", x))
        return [x]

    (y,) = branch(b, c, then, lambda q: [prim(q, "np.cos", inner[0])], [FLOAT])
    return func(b, y, x, c)


def unknown_kind() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    return func(b, b.emit("phi", "", (x,), FLOAT), x)


def unknown_role() -> Func:
    b, x = Builder("reverse"), value(FLOAT, "x")
    return func(b, prim(b, "np.sin", x), x)


def operands() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    return func(b, b.emit("load", "", (x, x), FLOAT), x)


def regions() -> Func:
    b, x, c = Builder(), value(FLOAT, "x"), value(BOOL, "c")
    b.add(Op("if", "", (c,), (), (Block((), (), ()),)))
    return func(b, x, x, c)


def loop_arity() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    body = b.child()
    block = body.block([body.const(False)])
    b.add(Op("while", "", (x,), (Value(INT), Value(BOOL)), (block,)))
    return func(b, x, x)


def args() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    return func(b, prim(b, "mul", x, x, args=("a",)), x)


def load_content() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, b.emit("load", "", (x,), VEC), x)


def load_type() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, b.emit("load", "", (alloc(b, x),), MAT), x)


def store_rank() -> Func:
    b, x, m = Builder(), value(VEC, "x"), value(MAT, "m")
    b.store(alloc(b, x), m)
    return func(b, x, x, m)


def store_mode() -> Func:
    b, x = Builder(), value(VEC, "x")
    b.store(alloc(b, x), x, "sub")
    return func(b, x, x)


def append_item() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    xs = alloc(b, b.emit("listing", "", (x,), ListOf(FLOAT)))
    b.effect("append", "", (xs, b.pack(PAIR, (x, x))))
    return func(b, x, x)


def view_content() -> Func:
    b, x = Builder(), value(VEC, "x")
    b.emit("view", "", (x, b.const(0)), Ref(FLOAT), attrs={"spec": ("i",)})
    return func(b, x, x)


def index_memory() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, b.emit("index", "", (alloc(b, x), b.const(0)), FLOAT, attrs={"spec": ("i",)}), x)


def path_operands() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, b.emit("index", "", (x, b.const(0)), VEC, attrs={"spec": ("s110",)}), x)


def path_text() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, b.emit("index", "", (x,), VEC, attrs={"spec": ("s2",)}), x)


def prim_memory() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, prim(b, "np.sum", alloc(b, x), type_=FLOAT), x)


def slot() -> Func:
    b, x = Builder(), value(PAIR, "x")
    return func(b, b.emit("item", "", (x,), FLOAT, attrs={"slot": 2}), x)


def packed() -> Func:
    b, x = Builder(), value(VEC, "x")
    return func(b, b.emit("pack", "", (x, x), PAIR), x)


def literal() -> Func:
    b = Builder()
    return func(b, b.emit("const", "", (), FLOAT))


def branch_count() -> Func:
    b, x, c = Builder(), value(FLOAT, "x"), value(BOOL, "c")
    (y,) = branch(b, c, lambda q: [x], lambda q: [], [FLOAT])
    return func(b, y, x, c)


def branch_type() -> Func:
    b, x, c = Builder(), value(VEC, "x"), value(BOOL, "c")
    (y,) = branch(b, c, lambda q: [x], lambda q: [q.const(0.0)], [VEC])
    return func(b, y, x, c)


def body_type() -> Func:
    b, x, n = Builder(), value(FLOAT, "x"), value(INT, "n")
    _, _, y = loop(b, n, [x], lambda q, i, s: [prim(q, "np.zeros", i, type_=VEC)])
    return func(b, y, x, n)


def no_flag() -> Func:
    b, x, n = Builder(), value(FLOAT, "x"), value(INT, "n")
    _, _, y = loop(b, n, [x], lambda q, i, s: [s, s], True)
    return func(b, y, x, n)


def not_in_tail() -> Func:
    b, x, n = Builder(), value(FLOAT, "x"), value(INT, "n")

    def body(q: Builder, s: Value) -> list[Value]:
        return [prim(q, "gt", s, s, type_=BOOL), s]

    _, _, y = repeat(b, [x], body)
    return func(b, y, x, n)


def dropped() -> Func:
    b, x, n = Builder(), value(FLOAT, "x"), value(INT, "n")
    _, _, y = loop(b, n, [x], lambda q, i, s: [q.const(False), s], True)
    return func(b, y, x, n)


def not_told() -> Func:
    b, x, n = Builder(), value(FLOAT, "x"), value(INT, "n")
    _, _, y = loop(b, n, [x], lambda q, i, s: [q.const(True), s], True)
    f = func(b, y, x, n)
    ops = tuple(replace(op, attrs={}) if op.kind == "for" else op for op in f.block.ops)
    return replace(f, block=Block((), ops, f.block.yields))


def bounds() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    _, _, y = loop(b, x, [x], lambda q, i, s: [s])
    return func(b, y, x)


def undef() -> Func:
    b = Builder()
    return func(b, prim(b, "np.sin", b.emit("undef", "", (), UNDEF, "u"), type_=FLOAT))


def results() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    return replace(func(b, x, x), block=Block((), (), (x, x)))


def parameters() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    return replace(func(b, x, x), block=Block((value(FLOAT, "y"),), (), (x,)))


def unread_tape() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    push(b, b.tape(FLOAT, "saved"), x)
    return func(b, x, x)


def unpushed_tape() -> Func:
    b = Builder()
    return func(b, untape(b, b.tape(FLOAT, "saved")))


def selection() -> Func:
    b, x, c = Builder(), value(FLOAT, "x"), value(BOOL, "c")
    return func(b, b.emit("select", "", (c, x, b.const("text")), FLOAT), x, c)


def tape_type() -> Func:
    b, x = Builder(), value(FLOAT, "x")
    b.emit("tape", "", (), Ref(VEC))
    return func(b, x, x)


BROKEN: list[tuple[Callable[[], Func], str]] = [
    (undefined, "which is not defined before it"),
    (twice, "is defined twice"),
    (branch_leak, "which is defined in a branch; only reverse code may"),
    (loop_leak, "which is not defined before it"),
    (sibling_leak, "which is not defined before it"),
    (unknown_kind, "`phi` is not a kind of operation"),
    (unknown_role, "`reverse` is not a role"),
    (operands, "`load` with 2 operands"),
    (regions, "`if` with 1 regions"),
    (loop_arity, "a loop with 1 initial values, 0 carried parameters and 0 carried results"),
    (args, "args ('a',) for 2 operands"),
    (load_content, "loads from f8[n], which is not a reference"),
    (load_type, "f8[n] for f8[n, m]"),
    (store_rank, "of lower rank"),
    (store_mode, "store mode 'sub'"),
    (append_item, "(float, float) for float"),
    (view_content, "both are references"),
    (index_memory, "indexes &f8[n]"),
    (path_operands, "a path of 2 operands has 1"),
    (path_text, "path ('s2',)"),
    (prim_memory, "a function reads memory (&f8[n]) without a load"),
    (slot, "slot 2 of (float, float)"),
    (packed, "packs f8[n] as float"),
    (literal, "a literal without value and text"),
    (branch_count, "a branch yields 0 values, not 1"),
    (branch_type, "a branch yields 0.0: float for"),
    (body_type, "a body yields"),
    (no_flag, "the body's first yield is float, not a flag to stop"),
    (not_in_tail, "stop is neither a literal nor decided by an `if` in tail position"),
    (dropped, "an exit is dropped: the loop can stop, its body never does"),
    (not_told, "an exit is dropped: the body may stop, the loop says it cannot"),
    (bounds, "bound of type float"),
    (undef, "computes with %u, which is not defined here"),
    (results, "yields 2 values, not one"),
    (parameters, "the function's block has parameters of its own"),
    (unread_tape, "the tape is pushed, never read"),
    (unpushed_tape, "the tape is read, never pushed"),
    (selection, "as float"),
    (tape_type, "a tape that is not a list"),
]


@pytest.mark.parametrize(("make", "text"), BROKEN, ids=[make.__name__ for make, _ in BROKEN])
def test_complaint(make: Callable[[], Func], text: str) -> None:
    assert any(text in complaint for complaint in verify(make())), verify(make())


def test_reverse_code_sees_branches_before_it() -> None:
    assert verify(branch_leak("adjoint")) == []


def test_all_complaints_are_told() -> None:
    b, x = Builder(), value(FLOAT, "x")
    prim(b, "mul", x, value(FLOAT, "z"), args=("a",))
    assert len(verify(replace(func(b, x, x), block=b.block((x, x))))) == 3


def test_exits_in_nested_tails_are_valid() -> None:
    b, x, n, c = Builder(), value(FLOAT, "x"), value(INT, "n"), value(BOOL, "c")

    def rest(q: Builder, s: Value) -> list[Value]:
        return list(branch(q, c, lambda r: [r.const(True), s], lambda r: [r.const(False), s], (BOOL, FLOAT)))

    def body(q: Builder, i: Value, s: Value) -> list[Value]:
        return list(branch(q, c, lambda r: [r.const(False), s], lambda r: rest(r, s), (BOOL, FLOAT)))

    _, _, y = loop(b, n, [x], body, True)
    assert verify(func(b, y, x, n, c)) == []


@pytest.mark.parametrize(
    ("given", "wanted", "answer"),
    [
        (INT, FLOAT, True),
        (FLOAT, INT, False),
        (UNDEF, VEC, True),
        (VEC, Unknown(), True),
        (VEC, Array("f8", (None,)), True),
        (Array("f8", (None,)), VEC, True),
        (Array("f8", (3,)), Array("f8", (4,)), False),
        (VEC, Array("f4", (Sym("n"),)), False),
        (FLOAT, Array("f8", ()), True),
        (NONE, FLOAT, True),  # a name that is None on some path
        (Struct("list", ("0",), (FLOAT,)), ListOf(FLOAT), True),
        (PAIR, Struct("tuple", ("0", "1"), (FLOAT, VEC)), False),
        (Ref(VEC), Ref(MAT), False),
        (Ref(VEC), VEC, False),
    ],
)
def test_what_fits(given: object, wanted: object, answer: bool) -> None:
    assert fits(given, wanted) is answer  # type: ignore[arg-type]
