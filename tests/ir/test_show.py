"""The text of a function: one golden text that has all kinds in it."""

from __future__ import annotations

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.show import show
from adgen.ir.types import BOOL, FLOAT, INT, ListOf, Ref, Struct
from adgen.ir.verify import verify
from tests.ir.making import VEC, alloc, branch, func, index, loop, prim, push, untape, value, view

TEXT = """\
def f(%x: f8[n], %n: int):
       %v: &f8[n] = alloc %x
       %tape: &list[float] = tape
       %trips: int, %stopped: bool, %s: float = for(0, %n, 1) [%i, %s.1: float = 0.0]  {can_stop=True}:
           %c: f8[n] = load %v
           %t: float = index %c[1]
        s  push %tape, %t
           %0: &f8[n] = view %v[1:-1, None, ..., ::2]
           store %0 += 2.0
           %1: bool = gt %t, 3.0
           %stop: bool, %s.2: float = if %1:
               yield True, %t
           else:
               effect print %t  {text='big'}
               yield False, %s.1
           yield %stop, %s.2
    a  %u: float = untape %tape
    a  %2: (float, float) = pack %u, %s
    a  %3: float = item %2.1
    a  %4: float = np.sum(a=%x, axis=0)  {style='method'}
    a  %5: f8[n] = view_free %x
       yield %4
"""


def test_text() -> None:
    b, x, n = Builder(), value(VEC, "x"), value(INT, "n")
    v, tape = alloc(b, x, "v"), b.tape(FLOAT, "tape")

    def body(q: Builder, i: Value, s: Value) -> list[Value]:
        t = index(q, q.load(v, "c"), q.const(1), hint="t")
        q.role = "save"
        push(q, tape, t)
        q.role = "primal"
        where = [q.const(1), q.const(-1), q.const(2)]
        q.store(view(q, v, *where, spec=("s110", "n", "...", "s001"), type_=VEC), q.const(2.0), "add")
        big = prim(q, "gt", t, q.const(3.0), type_=BOOL)

        def other(r: Builder) -> list[Value]:
            r.effect("effect", "print", (t,), {"text": "big"})
            return [r.const(False), s]

        return list(branch(q, big, lambda r: [r.const(True), t], other, (BOOL, FLOAT), ("stop", "s")))

    _, _, s = loop(b, n, [zero(b)], body, True)
    b.role = "adjoint"
    u = untape(b, tape, "u")
    pair = b.emit("pack", "", (u, s), Struct("tuple", ("0", "1"), (FLOAT, FLOAT)))
    b.emit("item", "", (pair,), FLOAT, attrs={"slot": 1})
    y = prim(b, "np.sum", x, b.const(0), type_=FLOAT, args=("a", "axis"), style="method")
    prim(b, "view_free", x)
    f = func(b, y, x, n)
    assert show(f) == TEXT
    assert verify(f) == []


def zero(b: Builder) -> Value:
    return b.emit("const", "", (), FLOAT, "s", {"value": 0.0, "text": "0.0"})


def test_names_are_numbered_in_order() -> None:
    b, x = Builder(), value(FLOAT, "x")
    y = prim(b, "np.sin", x, hint="x")
    assert "%x.1: float = np.sin(x=%x)" in show(func(b, prim(b, "np.cos", y, hint="x"), x))


def test_a_literal_with_the_users_name_has_a_line() -> None:
    b = Builder()
    n = b.emit("const", "", (), INT, "n", {"value": 3, "text": "3"}, user=True)
    assert "%n: int = const 3" in show(func(b, n))


def test_an_undefined_value_is_marked() -> None:
    assert "yield %z?" in show(func(Builder(), Value(Ref(ListOf(FLOAT)), "z")))
