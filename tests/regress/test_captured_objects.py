"""Objects of plain classes that a function finds outside: properties, super(), operators, len, iteration, getattr."""

import abc
import dataclasses

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check


class Spring:
    scale = 2.0

    def __init__(self, k):
        self.k = k
        self.notes = {}  # of no type that adgen knows: the object is no structure

    def energy(self, x):
        return 0.5 * self.k * x * x

    @property
    def doubled(self):
        return 2.0 * self.k

    @property
    def quadrupled(self):
        return 2.0 * self.doubled


class Stiff(Spring):
    def __init__(self, k, cubic):
        super().__init__(k)
        self.cubic = cubic

    def energy(self, x):
        return super().energy(x) + self.cubic * x**4

    @property
    def doubled(self):
        return super().doubled + self.cubic


class Stiffer(Stiff):
    def energy(self, x):
        return super().energy(x) * self.k


class Vector:
    def __init__(self, values):
        self.values = values
        self.notes = {}

    def __len__(self):
        return len(self.values)

    def __getitem__(self, k):
        return self.values[k]

    def __iter__(self):
        return iter(self.values)

    def __contains__(self, value):
        return value in self.values

    def __mul__(self, factor):
        return [v * factor for v in self.values]

    def __rmul__(self, factor):
        return [factor * v for v in self.values]

    def __matmul__(self, other):
        return sum([p * q for p, q in zip(self.values, other, strict=True)])

    def __neg__(self):
        return [-v for v in self.values]

    def __abs__(self):
        return sum([v * v for v in self.values])

    def __lt__(self, number):
        return self.values[0] < number


class Counted:
    def __init__(self, values):
        self.values = values
        self.notes = {}

    def __iter__(self):
        for value in self.values:
            yield 2.0 * value


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self, x):
        """Of a size."""


class Square(Shape):
    def __init__(self):
        self.notes = {}

    def area(self, x):
        return x * x


class Round:
    def __init__(self):
        self.notes = {}

    def area(self, x):
        return 3.0 * x * x


Shape.register(Round)
spring, stiff, stiffer = Spring(1.5), Stiff(1.5, 0.7), Stiffer(0.9, 0.4)
vector, arrays, counted = Vector([0.5, 1.5, -0.3]), Vector(np.array([0.5, 1.5])), Counted([0.5, 1.5])
square, round_ = Square(), Round()
same = stiff


def properties(x, y):
    return spring.doubled * x * y + stiff.doubled * x + stiff.quadrupled * y * y


def above(x, y):
    t = x
    for _ in range(3):
        t = stiff.energy(t) * y + stiffer.energy(y)
    return t


def passed_on(x, y):
    def both(body, t):
        return body.energy(t) * body.doubled

    return both(stiff, x) + both(spring, y) + both(Stiff(x, y), y)


def operators(x, y):
    scaled, turned, negative = vector * x, y * vector, -vector
    return scaled[0] * turned[1] + negative[2] * abs(vector) * x + (vector @ [x, y, x * y]) * y


def elements(x, y):
    t = len(vector) * x
    for k in range(len(vector)):
        t = t * y + vector[k] * x
    return t + arrays[1] * y * len(arrays)


def run_over(x, y):
    t = 1.0
    for v in vector:
        t = t * x + v * y
    for v in counted:
        t += v * x * y
    for k, v in enumerate(vector):
        t += k * v * x
    return t * sum([v * y for v in vector])


def truths(x, y):
    if 1.5 in vector and vector < 1.0 and spring is not None:
        return x * y
    return x


class Switch:
    def __init__(self, values):
        self.values = values

    def __contains__(self, value):
        return value in self.values

    def __bool__(self):
        return False


def of_a_local_object(x, y):
    switch = Switch([1.5, 2.5])
    return x * y if 1.5 in switch else x


def kinds(x, y):
    t = x * y if isinstance(stiff, Spring) and not isinstance(spring, Stiff) else x
    return t * y if isinstance(square, Shape) and not isinstance(spring, float) else t


def attributes(x, y):
    t = getattr(stiff, "k") * x + getattr(stiff, "missing", 4.0) * y + getattr(stiff, "missing", y)  # noqa: B009
    return t * y if hasattr(stiff, "cubic") and not hasattr(spring, "cubic") else t


PROGRAMS = [
    properties,
    above,
    passed_on,
    operators,
    elements,
    run_over,
    truths,
    of_a_local_object,
    kinds,
    attributes,
    spring.energy,
    stiffer.energy,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__qualname__)
def test_captured_objects_are_right(program):
    check(program, (1.3, 0.8) if program.__name__ != "energy" else (1.3,))


def test_objects_of_closures_are_right():
    body, weights = Stiff(0.4, 0.8), Vector([0.5, 0.9])

    def f(x, y):
        return body.energy(x) * body.doubled * len(weights) * weights[0] * y

    check(f, (1.3, 0.8))


def energy_of(body):
    def f(x):
        return body.energy(x) * body.doubled if hasattr(body, "cubic") else body.energy(x) * body.doubled * 3.0

    return f


def test_changed_fields_and_added_ones_are_seen():
    body = Spring(1.5)
    f = energy_of(body)
    derivative = adgen.grad(f)
    assert derivative(1.2) == pytest.approx(1.5 * 1.2 * 3.0 * 3.0)
    body.k = 2.0
    assert derivative(1.2) == pytest.approx(2.0 * 1.2 * 4.0 * 3.0)
    body.cubic = 0.1  # hasattr says something else now
    assert derivative(1.2) == pytest.approx(2.0 * 1.2 * 4.0)
    del body.cubic
    assert derivative(1.2) == pytest.approx(2.0 * 1.2 * 4.0 * 3.0)


def test_another_class_of_the_object_is_seen():
    body = Stiff(1.5, 0.7)
    derivative = adgen.grad(lambda x: body.energy(x) * body.doubled)
    assert derivative(1.2) == pytest.approx((1.5 * 1.2 + 2.8 * 1.2**3) * 3.7)
    body.__class__ = Spring
    assert derivative(1.2) == pytest.approx(1.5 * 1.2 * 3.0)


def test_a_property_that_is_defined_again_is_seen():
    class Local(Spring):
        @property
        def doubled(self):
            return self.k

    body = Local(1.5)
    derivative = adgen.grad(lambda x: body.doubled * x)
    assert derivative(1.2) == 1.5

    def tripled(self):
        return 3.0 * self.k

    Local.doubled = property(tripled)
    assert derivative(1.2) == 4.5


def test_an_operator_that_is_defined_again_is_seen():
    class Local(Vector):
        def __len__(self):
            return 2

    body = Local([1.0])
    derivative = adgen.grad(lambda x: x * len(body))
    assert derivative(1.2) == 2.0
    Local.__len__ = lambda self: 5
    assert derivative(1.2) == 5.0


def written(x):
    spring.k = x
    return spring.k * x


def as_a_value(x):
    return x * np.sum(spring)


def identity(x):
    return x if same is stiff else x * x


def registered(x):
    return x * x if isinstance(round_, Shape) else x


def no_iteration(x):
    return sum([v * x for v in spring])


def no_item(x):
    return spring[0] * x


REFUSALS = [
    (written, "`spring` is no object that the function has made or was given"),
    (as_a_value, "`spring` is an object of Spring, and a value is needed"),
    (identity, "is an object of Stiff, and a value is needed"),
    (registered, "the types that are known do not decide it"),
    (no_iteration, "has no __iter__ that is known"),
    (no_item, "its class has no __getitem__"),
]


@pytest.mark.parametrize(("program", "why"), REFUSALS, ids=lambda one: getattr(one, "__name__", ""))
def test_what_is_refused_says_why(program, why):
    with pytest.raises(Refusal) as caught:
        adgen.grad(program)(1.3)
    assert why in str(caught.value)


class Called(Spring):
    def __call__(self, x):
        return self.energy(x) * self.doubled


class Looks:
    def __init__(self):
        self.notes = {}

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return 4.0


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1.5


class Net:
    def __init__(self):
        self.layers = [Called(0.7), Called(1.1)]
        self.notes = {}

    def loss(self, x):
        return self.layers[1](x) * self.layers[0].doubled + self.layers[1].k * x


@dataclasses.dataclass
class Gain:
    k: float

    def __call__(self, x):
        return self.k * x


called, looks, slots, net, gain = Called(1.5), Looks(), Slots(), Net(), Gain(2.0)


def callables(x, y):
    t = x if callable(spring) else x * y
    t = t * y if callable(called) and callable(gain) else t
    t = t * y if callable(Gain(x)) and not callable(Spring(x)) else t
    return t * y if callable(np.sin) and callable(Spring) and not callable(y) else t


def slot(x, y):
    t = x if hasattr(slots, "b") else x * y
    return t * getattr(slots, "b", y) * getattr(slots, "a", 1.0)


def in_a_list(x, y):
    return net.loss(x) * y + net.layers[0].doubled * x


@pytest.mark.parametrize("program", [callables, slot, in_a_list])
def test_objects_that_are_called_and_asked_are_right(program):
    check(program, (1.3, 0.8))


def test_a_call_that_the_class_gets_later_is_seen():
    class Local(Spring):
        pass

    body = Local(1.5)
    derivative = adgen.grad(lambda x: x * x if callable(body) else 5.0 * x)
    assert derivative(1.2) == 5.0
    Local.__call__ = lambda self, x: x
    assert derivative(1.2) == 2.4


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (lambda x: x if hasattr(looks, "more") else 5.0 * x, "`looks.more` is computed"),
        (lambda x: getattr(looks, "more", 1.0) * x, "`looks.more` is computed"),
        (lambda x: spring.missing * x, "give the object of Spring this attribute"),
        (lambda x: called.kept * x, "no attribute or method `kept`"),
        (
            lambda x: (spring if x > 0.0 else called).k * x,
            "an object of `Spring` on one path and an object of `Called`",
        ),
    ],
)
def test_what_is_refused_of_attributes_says_why(program, why):
    with pytest.raises(Refusal) as told:
        adgen.grad(program)(1.3)
    assert (
        why in str(told.value) and "define it, or import it" not in str(told.value) and " at 0x" not in str(told.value)
    )


def test_another_object_in_a_list_is_seen():
    own = Net()
    derivative = adgen.grad(lambda x: own.layers[0].k * x)
    assert derivative(1.2) == 0.7
    own.layers[0].k = 2.0
    assert derivative(1.2) == 2.0
    own.layers[0] = Called(3.0)
    assert derivative(1.2) == 3.0
