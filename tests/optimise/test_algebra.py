"""Every rewriting of derivative code, as formulas before and after; and that nothing is done to the primal sweep."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adgen.ir.build import Builder
from adgen.ir.core import Func, Value
from adgen.ir.types import FLOAT, INT, Array, Ref, Struct, Sym, Unknown
from adgen.ir.verify import verify
from adgen.optimise.accumulate import accumulate
from adgen.optimise.algebra import algebra
from tests.ir.making import MAT, VEC, alloc, func, prim, value
from tests.optimise.golden import formula, stays

SINGLE = Array("f4", (Sym("n"),))
OPEN = Array("f8", (None,))
OTHER = Array("f8", (Sym("k"),))  # combined with VEC, it is as long
SHORTER = Array("f8", (Sym("n", -1),))  # may be of one element
SHAPE = Struct("tuple", ("0",), (INT,))


class Maker:
    """Operators on values: `m.x * m.y` reads like the formula."""

    def __init__(self, role: str) -> None:
        self.b = Builder(role)
        self.params = {
            "x": value(FLOAT, "x"),
            "y": value(FLOAT, "y"),
            "v": value(VEC, "v"),
            "w": value(VEC, "w"),
            "m": value(MAT, "m"),
            "f": value(SINGLE, "f"),
            "l": value(OTHER, "l"),
            "c": value(SHORTER, "c"),
            "o": value(OPEN, "o"),
            "p": value(OPEN, "p"),
            "u": value(Unknown(), "u"),
            "k": value(INT, "k"),
            "s": value(Array("f8", ()), "s"),
        }

    def __getattr__(self, name: str) -> Term:
        return Term(self, self.params[name])

    def of(self, name: str, *operands: Term, type_: object = None) -> Term:
        first = operands[0].value.type
        return Term(self, prim(self.b, name, *(t.value for t in operands), type_=type_ or first))

    def number(self, value_: object) -> Term:
        return Term(self, self.b.const(value_))

    def spread(self, number: object, like: Term) -> Term:
        shape = self.of("attr.shape", like, type_=SHAPE)
        term = number if isinstance(number, Term) else self.number(number)
        return self.of("np.broadcast_to", term, shape, type_=like.value.type)

    def func(self, term: Term) -> Func:
        return func(self.b, term.value, *self.params.values())


class Term:
    def __init__(self, maker: Maker, value_: Value) -> None:
        self.maker, self.value = maker, value_

    def _pair(self, name: str, first: object, second: object) -> Term:
        pair = [t if isinstance(t, Term) else self.maker.number(t) for t in (first, second)]
        types = [t.value.type for t in pair]
        wide = next((t for t in types if isinstance(t, Array) and t.shape), None)
        plain = next((t for t in types if t not in (FLOAT, INT)), FLOAT if FLOAT in types or name == "div" else INT)
        return self.maker.of(name, *pair, type_=wide or plain)

    def __add__(self, other: object) -> Term:
        return self._pair("add", self, other)

    def __radd__(self, other: object) -> Term:
        return self._pair("add", other, self)

    def __sub__(self, other: object) -> Term:
        return self._pair("sub", self, other)

    def __rsub__(self, other: object) -> Term:
        return self._pair("sub", other, self)

    def __mul__(self, other: object) -> Term:
        return self._pair("mul", self, other)

    def __rmul__(self, other: object) -> Term:
        return self._pair("mul", other, self)

    def __truediv__(self, other: object) -> Term:
        return self._pair("div", self, other)

    def __rtruediv__(self, other: object) -> Term:
        return self._pair("div", other, self)

    def __pow__(self, other: object) -> Term:
        return self._pair("pow", self, other)

    def __neg__(self) -> Term:
        return self.maker.of("neg", self)

    def sum(self) -> Term:
        return self.maker.of("np.sum", self, type_=Array("f8", ()))

    @property
    def T(self) -> Term:
        turned = Array("f8", tuple(reversed(self.value.type.shape or ())))
        return self.maker.of("attr.T", self, type_=turned)


CASES: list[tuple[Callable[[Maker], Term], str]] = [
    # products
    (lambda m: 1.0 * m.x, "x"),
    (lambda m: m.x * 1.0, "x"),
    (lambda m: 1 * m.v, "v"),
    (lambda m: 1.0 * m.u, "u"),
    (lambda m: 1.0 * m.k, "(1.0 * k)"),
    (lambda m: m.x * 2.0, "(2.0 * x)"),
    (lambda m: -1.0 * m.v, "-v"),
    (lambda m: -2.0 * m.v, "-(2.0 * v)"),
    (lambda m: 2.0 * (0.5 * m.x), "x"),
    (lambda m: 2.0 * (3.0 * m.v), "(6.0 * v)"),
    (lambda m: 2.0 * (3.0 / m.v), "(6.0 / v)"),
    (lambda m: 2.0 * (m.v / 2.0), "v"),
    (lambda m: m.y * (2.0 * m.x), "((2.0 * y) * x)"),
    (lambda m: (2.0 * m.x) * m.y, "((2.0 * x) * y)"),
    (lambda m: 2.0 * (m.x * m.y), "((2.0 * x) * y)"),
    (lambda m: 2.0 * (m.v * m.x), "((2.0 * x) * v)"),
    (lambda m: 2.0 * (m.k * m.x), "((2.0 * k) * x)"),
    (lambda m: ((1.0 / m.k) * m.v) * 2.0, "((2.0 / k) * v)"),
    (lambda m: 2.0 * m.spread(1.0 / m.k, m.v) * m.v, "((2.0 / k) * v)"),
    (lambda m: m.x * (2.0 * m.v), "((2.0 * x) * v)"),
    (lambda m: (2.0 * m.v) * m.x, "((2.0 * x) * v)"),
    (lambda m: (m.v * m.x) * m.y, "((x * y) * v)"),
    (lambda m: (m.v * m.x) * (m.w * m.s), "(((x * s) * v) * w)"),
    (lambda m: (-m.x) * m.y, "-(x * y)"),
    (lambda m: m.x * -m.y, "-(x * y)"),
    (lambda m: (-m.x) * (-m.y), "(x * y)"),
    (lambda m: m.number(2.0) * 3.0, "6.0"),
    # quotients and powers
    (lambda m: m.v / 1.0, "v"),
    (lambda m: m.k / 1, "(k / 1)"),
    (lambda m: m.number(1.0) / 4.0, "0.25"),
    (lambda m: m.number(1.0) / 3.0, "(1.0 / 3.0)"),
    (lambda m: (4.0 * m.x) / 2.0, "(2.0 * x)"),
    (lambda m: (-m.x) / m.y, "-(x / y)"),
    (lambda m: -2.0 / m.x, "-(2.0 / x)"),
    (lambda m: m.x**1, "x"),
    (lambda m: m.x**2, "(x ** 2)"),
    # shapes that are unknown, but equal
    (lambda m: m.of("np.full_like", m.u * m.u, m.number(1.0)) * m.u, "u"),
    (lambda m: m.of("np.full_like", m.of("np.sin", m.o), m.x) * m.o, "(x * o)"),
    (lambda m: m.of("np.full_like", m.o * m.p, m.number(1.0)) * m.o, "(np.full_like((o * p), 1.0) * o)"),
    # shapes by what made them
    (lambda m: m.of("unbroadcast", m.of("np.sin", m.o) * m.o, 2.0 * m.o), "(np.sin(o) * o)"),
    (lambda m: m.of("unbroadcast", m.o * m.x, m.of("zeros_like", m.o)), "(o * x)"),
    (lambda m: m.of("unbroadcast", m.of("unbroadcast", m.p, m.o) * m.o, m.o), "(unbroadcast(p, o) * o)"),
    (lambda m: m.of("unbroadcast", m.o * m.p, m.o), "unbroadcast((o * p), o)"),
    (lambda m: m.of("unbroadcast", m.o, m.o * m.p), "unbroadcast(o, (o * p))"),
    (lambda m: m.of("unbroadcast", m.o * m.u, m.o), "unbroadcast((o * u), o)"),
    (lambda m: m.of("unbroadcast", m.p, m.o), "unbroadcast(p, o)"),
    # sums
    (lambda m: m.v + 0.0, "v"),
    (lambda m: 0.0 + m.v, "v"),
    (lambda m: m.v - 0.0, "v"),
    (lambda m: 0.0 - m.v, "-v"),
    (lambda m: 0.0 + m.o, "o"),
    (lambda m: m.of("zeros_like", m.w) + m.v, "v"),
    (lambda m: m.of("zeros_like", m.p) + m.o, "(zeros_like(p) + o)"),
    (lambda m: m.spread(0.0, m.w) + m.v, "v"),
    (lambda m: m.x + -m.y, "(x - y)"),
    (lambda m: -m.x + m.y, "(y - x)"),
    (lambda m: m.x - -m.y, "(x + y)"),
    (lambda m: m.x + m.x, "(2.0 * x)"),
    (lambda m: m.v + m.v, "(2.0 * v)"),
    (lambda m: (m.x + m.v) + m.v, "(x + (2.0 * v))"),
    (lambda m: m.k + m.k, "(k + k)"),
    (lambda m: 2.0 * m.v + m.v, "(3.0 * v)"),
    (lambda m: 2.0 * m.v - m.v, "v"),
    (lambda m: m.number(2.0) + 3.0, "5.0"),
    (lambda m: m.number(2.0) - 3.0, "-1.0"),
    # negatives
    (lambda m: -(-m.x), "x"),
    (lambda m: -(m.x - m.y), "(y - x)"),
    (lambda m: -m.number(1.0), "-1.0"),
    (lambda m: m.x + 2.0 * -m.y, "(x - (2.0 * y))"),
    # broadcasts
    (lambda m: m.spread(1.0, m.v) * m.v, "v"),
    (lambda m: 2.0 * m.v * m.spread(1.0, m.v), "(2.0 * v)"),
    (lambda m: m.spread(m.x, m.v) * m.w, "(x * w)"),
    (lambda m: m.w / m.spread(m.x, m.v), "(w / x)"),
    (lambda m: m.spread(m.x, m.o) * m.p, "(np.broadcast_to(x, o.shape) * p)"),
    (lambda m: m.spread(m.x, m.v) * 2.0, "np.broadcast_to((2.0 * x), v.shape)"),
    (lambda m: -m.spread(m.x, m.v), "np.broadcast_to(-x, v.shape)"),
    (lambda m: m.spread(m.v, m.w), "v"),
    (lambda m: m.of("np.ones_like", m.w) * m.v, "v"),
    (lambda m: m.of("np.ones_like", m.w) * m.x, "np.full_like(w, x)"),
    (lambda m: m.of("np.full_like", m.w, m.x) * m.v, "(x * v)"),
    # reductions
    (lambda m: (m.v * m.w).sum(), "np.vdot(v, w)"),
    (lambda m: (m.v * m.v).sum(), "np.vdot(v, v)"),
    (lambda m: (m.x * m.v).sum(), "(x * np.sum(v))"),
    (lambda m: ((2.0 * m.v) * m.w).sum(), "(2.0 * np.vdot(v, w))"),
    (lambda m: (-m.v).sum(), "-np.sum(v)"),
    (lambda m: (m.v * m.o).sum(), "np.sum((v * o))"),
    (lambda m: m.spread(m.x, m.v).sum(), "(x * v.size)"),
    # transposes
    (lambda m: m.m.T.T, "m"),
    # shapes
    (lambda m: m.of("zeros_like", m.of("np.sin", m.v * m.w)), "zeros_like(v)"),
    (lambda m: m.of("attr.size", m.of("np.sin", m.v), type_=INT), "v.size"),
]


@pytest.mark.parametrize(("make", "after"), CASES, ids=[after for _, after in CASES])
def test_formula(make: Callable[[Maker], Term], after: str) -> None:
    m = Maker("adjoint")
    before = m.func(make(m))
    assert verify(before) == []
    found = algebra(before)
    assert verify(found) == []
    assert formula(found) == after


@pytest.mark.parametrize("make", [make for make, _ in CASES], ids=[after for _, after in CASES])
def test_the_primal_sweep_is_never_touched(make: Callable[[Maker], Term]) -> None:
    m = Maker("primal")
    stays(m.func(make(m)), algebra)


def test_a_value_of_the_primal_sweep_is_used_as_it_is() -> None:
    m = Maker("primal")
    known = 2.0 * m.v
    m.b.role = "adjoint"
    assert formula(algebra(m.func(3.0 * known))) == "(3.0 * (2.0 * v))"


def test_a_number_of_the_primal_sweep_that_nobody_else_reads_is_not_computed() -> None:
    m = Maker("primal")
    once = 2.0 * m.x
    m.b.role = "adjoint"
    assert formula(algebra(m.func(3.0 * once))) == "(6.0 * x)"
    m = Maker("primal")
    twice = 2.0 * m.x
    m.b.role = "adjoint"
    assert formula(algebra(m.func(3.0 * twice * twice))) == "((3.0 * (2.0 * x)) * (2.0 * x))"


@pytest.mark.parametrize(
    "make, expected",
    [
        (lambda m: m.x * m.v + m.x * m.w, "(x * (v + w))"),
        (lambda m: m.x * m.v - m.x * m.w, "(x * (v - w))"),
        (lambda m: m.v / m.x + m.w / m.x, "((v + w) / x)"),
        (lambda m: m.v / m.x - m.w / m.x * m.v, "((v - (w * v)) / x)"),
        (lambda m: m.x / m.y * m.y, "x"),
        (lambda m: m.x * m.v - m.spread(m.x, m.v) * m.l, "(x * (v - l))"),
        (lambda m: m.w + m.spread(m.x, m.v) * m.l, "(w + (x * l))"),
        (lambda m: m.v * m.w / m.of("np.sqrt", m.w), "(v * np.sqrt(w))"),
        (lambda m: m.w / m.of("np.sqrt", m.w), "np.sqrt(w)"),
        (lambda m: m.v + m.w * 2.0 + m.w * 3.0, "(v + (5.0 * w))"),
        (lambda m: m.v - m.w - m.w, "(v - (2.0 * w))"),
        (lambda m: m.x * (m.x * m.y) + m.y * m.x * m.x, "((2.0 * x) * (x * y))"),
    ],
)
def test_factors_and_terms_come_together(make: Callable[[Maker], Term], expected: str) -> None:
    m = Maker("adjoint")
    assert formula(algebra(m.func(make(m)))) == expected


@pytest.mark.parametrize(
    "make",
    [
        lambda m: m.o * m.v + m.o * m.w,  # o may be of another shape
        lambda m: m.v / m.x + m.w / m.y,
        lambda m: m.x / m.y * m.x,
        lambda m: m.w + m.spread(m.x, m.v) * m.c,  # c may be of one element, w of one too
        lambda m: m.v / m.of("np.sqrt", m.w),
    ],
)
def test_other_factors_and_terms_stay(make: Callable[[Maker], Term]) -> None:
    m = Maker("adjoint")
    stays(m.func(make(m)), algebra)


def test_a_product_with_other_readers_is_not_taken_apart() -> None:
    m = Maker("adjoint")
    shared = 2.0 * m.x
    assert formula(algebra(m.func(m.y * shared + np_sin(m, shared)))) == "((y * (2.0 * x)) + np.sin((2.0 * x)))"


def np_sin(m: Maker, term: Term) -> Term:
    return m.of("np.sin", term)


def test_single_precision_stays_single() -> None:
    m = Maker("adjoint")
    ones = m.of("np.broadcast_to", m.s, m.of("attr.shape", m.f, type_=SHAPE), type_=VEC)
    double = Term(m, prim(m.b, "mul", ones.value, m.f.value, type_=VEC))
    assert formula(algebra(m.func(double))) == "(np.broadcast_to(s, f.shape) * f)"


def test_names_go_with_the_value_that_stands_in() -> None:
    m = Maker("adjoint")
    t = m.of("np.sin", m.x)
    named = prim(m.b, "mul", m.number(1.0).value, t.value, hint="x_bar")
    after = algebra(m.func(Term(m, named)))
    assert after.result.hint == "x_bar"


def test_a_store_broadcasts_by_itself() -> None:
    m = Maker("adjoint")
    ref = alloc(m.b, m.v.value, "r")
    m.b.store(ref, m.spread(m.x, m.v).value)
    after = algebra(m.func(Term(m, m.b.load(ref))))
    (store,) = [op for op in after.block.ops if op.kind == "store"]
    assert store.operands[1].hint == "x"


def buffer(m: Maker, *increments: Term) -> Value:
    ref = alloc(m.b, prim(m.b, "zeros_like", m.v.value), "v_bar")
    for term in increments:
        m.b.store(ref, term.value, "add")
    return ref


def test_a_buffer_of_increments_is_their_sum() -> None:
    m = Maker("adjoint")
    ref = buffer(m, m.v, m.v, m.w)
    after = algebra(accumulate(m.func(Term(m, m.b.load(ref)))))
    assert formula(after) == "((2.0 * v) + w)"
    assert all(op.kind not in ("alloc", "store", "load") for op in after.block.ops if op.result in (after.result,))


def test_a_buffer_seen_through_a_view_starts_with_its_first_increment() -> None:
    m = Maker("adjoint")
    ref = buffer(m, m.v, m.w)
    part = m.b.emit("view", "", (ref, m.b.const(0)), Ref(FLOAT), attrs={"spec": ("i",)})
    m.b.store(part, m.x.value, "add")
    m.b.store(part, m.y.value, "add")
    after = accumulate(m.func(Term(m, m.b.load(ref))))
    kinds = [(op.kind, op.name) for op in after.block.ops if op.kind in ("alloc", "store")]
    assert kinds == [("alloc", ""), ("store", "")]
    assert formula(algebra(after)) == "load(alloc((v + w)))"


def test_increments_are_not_joined_across_a_read() -> None:
    m = Maker("adjoint")
    ref = alloc(m.b, m.v.value, "r")
    part = m.b.emit("view", "", (ref, m.b.const(0)), Ref(FLOAT), attrs={"spec": ("i",)})
    m.b.store(part, m.x.value, "add")
    seen = m.b.load(ref)
    m.b.store(part, m.y.value, "add")
    total = prim(m.b, "add", seen, m.b.load(ref))
    stays(m.func(Term(m, total)), accumulate)


def test_increments_are_joined_across_a_disjoint_part() -> None:
    m = Maker("adjoint")
    ref = alloc(m.b, m.v.value, "r")
    one, other = (
        m.b.emit("view", "", (ref, m.b.const(k)), Ref(FLOAT), hint=f"p{k}", attrs={"spec": ("i",)}) for k in (0, 1)
    )
    m.b.store(one, m.x.value, "add")
    m.b.store(other, m.y.value, "set")
    m.b.store(one, m.y.value, "add")
    after = accumulate(m.func(Term(m, m.b.load(ref))))
    assert [op.operands[0].hint for op in after.block.ops if op.kind == "store"] == ["p1", "p0"]
