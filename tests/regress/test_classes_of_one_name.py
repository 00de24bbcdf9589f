"""Classes that have one module and one qualified name: made anew at each call of a function, or defined again.

A derivative took the methods of the class that was seen last, and gave a wrong number without a word.
"""

import gc
from dataclasses import dataclass
from typing import NamedTuple

import pytest

import adgen
from adgen.signature import class_named, class_seen
from tests.programs import oracle


def plain(p):
    class Law:
        def __init__(self, a):
            self.a = a

        def f(self, x):
            return self.a * x**p

    return Law


def data(p):
    @dataclass
    class Law:
        a: float

        def f(self, x):
            return self.a * x**p

        @property
        def double(self):
            return 2.0 * p * self.a

    return Law


def named(p):
    class Law(NamedTuple):
        a: float

        def f(self, x):
            return self.a * x**p

    return Law


def other_body(p):
    if p == 2:

        @dataclass
        class Law:
            a: float

            def f(self, x):
                return self.a * x * x

    else:

        @dataclass
        class Law:
            a: float

            def f(self, x):
                return self.a * x * x * x

    return Law


MAKERS = [plain, data, named, other_body]


@pytest.mark.parametrize("make", MAKERS)
def test_two_in_one_function(make):
    square, cube = make(2), make(3)

    def both(x, y):
        total = 0.0
        for k in range(3):
            one, two = square(x), cube(y)
            if k == 1:
                one, two = square(y), cube(x)
            total = total * y + one.f(y) + two.f(x) * one.a
        return total

    oracle.check(both, (1.3, 0.8))


@pytest.mark.parametrize("make", MAKERS)
def test_a_later_class_does_not_change_an_earlier_derivative(make):
    square, cube = make(2), make(3)

    def first(x):
        return square(x).f(x)

    def second(x):
        return cube(x).f(x)

    one = adgen.grad(first)
    assert one(1.3) == pytest.approx(3 * 1.3**2)
    assert adgen.grad(second)(1.3) == pytest.approx(4 * 1.3**3)
    assert one(1.3) == pytest.approx(3 * 1.3**2)
    assert adgen.grad(first)(1.3) == pytest.approx(3 * 1.3**2)


@pytest.mark.parametrize("make", [data, named, other_body])
def test_objects_of_both_as_arguments(make):
    square, cube = make(2)(2.0), make(3)(2.0)

    def of(law, x):
        return law.f(x)

    d = adgen.grad(of, 1)
    for _ in range(2):
        assert d(square, 1.3) == pytest.approx(4 * 1.3)
        assert d(cube, 1.3) == pytest.approx(6 * 1.3**2)
    oracle.check(lambda one, two, x: one.f(x) * two.f(x) + two.a, (square, cube, 1.3))
    oracle.check(lambda one, two, x: one.f(x) * two.f(x) + two.a, (cube, square, 1.3))


def test_properties_and_returned_objects_are_of_their_own_class():
    square, cube = data(2), data(3)
    oracle.check(lambda x: square(x).double * cube(x).double, (1.3,))

    def pair(x):
        return square(x * x), cube(x)

    one, two = adgen.jvp(pair, (1.3,), (1.0,))[0]
    assert type(one) is square and type(two) is cube


def test_isinstance_tells_them_apart():
    square, cube = data(2), data(3)

    def f(x):
        law = cube(x)
        return x * 5.0 if isinstance(law, square) else law.f(x)

    oracle.check(f, (1.3,))


def test_kinds_are_kept_while_a_class_lives_and_are_not_held_by_it():
    first, second = data(2), data(3)
    kinds = class_seen(first), class_seen(second)
    assert kinds[0] != kinds[1] and class_named(kinds[0]) is first and class_named(kinds[1]) is second
    del first
    gc.collect()
    assert class_seen(second) == kinds[1] and class_named(kinds[1]) is second
