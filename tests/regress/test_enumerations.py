"""Members of enumerations, captured and given: what they decide, how they are formatted; and caches of methods."""

import enum
import functools

import pytest

import adgen
from adgen.errors import Refusal
from tests.programs import oracle


class Kind(enum.Enum):
    A = 1
    B = 2


class Colour(str, enum.Enum):  # noqa: UP042
    R = "r"
    G = "g"


class Odd(str):
    def __format__(self, spec):
        return "odd"


RED, FIRST, ODD = Colour.R, Kind.A, Odd("r")


def formatted(x):
    """Formatted by its class, which is not its text."""
    return x * 2.0 if f"{RED}" == "r" else x * 3.0


def formatted_argument(x, c):
    return x * 2.0 if f"{c}" == "r" else x * 3.0


def beside_others(x, c, k):
    return x * 2.0 if f"{k}:{c}" == "3:r" else x * 3.0


def formatted_oddly(x):
    return x * 2.0 if f"{ODD}" == "r" else x * 3.0


def the_same(x, k):
    return x * 2.0 if k is FIRST else x


def equal(x, c):
    return x * x if c == "r" and c != Colour("g") else x


def compared(x):
    return x * 2.0 if RED == "r" else x * 3.0


def as_key(x, c):
    return {"r": x * 2.0, "g": x * 3.0}[c]


CASES = [
    (formatted, (0.5,)),
    (formatted_argument, (0.5, Colour.R)),
    (beside_others, (0.5, Colour.R, 3)),
    (formatted_oddly, (0.5,)),
    (the_same, (0.5, Kind.A)),
    (the_same, (0.5, Kind.B)),
    (compared, (0.5,)),
    (as_key, (0.5, Colour.G)),
]


@pytest.mark.parametrize(("fun", "args"), CASES, ids=[f"{fun.__name__}-{k}" for k, (fun, _) in enumerate(CASES)])
def test_members(fun, args):
    oracle.check(fun, args)


def test_a_derivative_for_one_member_is_not_called_with_another():
    """The text itself says which one it is for."""
    gradient = adgen.grad(the_same)
    assert gradient(0.5, Kind.A) == 2.0 and gradient(0.5, Kind.B) == 1.0 and gradient(0.5, Kind.A) == 2.0
    made = oracle.Made(the_same, (0.5, Kind.A), "grad", ("x",))
    assert made(0.5, Kind.A) == (2.0,)
    with pytest.raises(ValueError, match="this derivative takes"):
        made(0.5, Kind.B)


class Model:
    def __init__(self, rate):
        self.rate = rate

    @functools.lru_cache  # noqa: B019
    def scale(self, k):
        return self.rate * k


MODEL = Model(2.0)


def by_a_cached_method(x):
    return x * MODEL.scale(3)


def test_a_method_that_a_cache_keeps_is_refused():
    """The cache knows the object, not what its fields are: it goes on with the old ones."""
    assert by_a_cached_method(1.0) == 6.0
    MODEL.rate = 5.0
    assert by_a_cached_method(1.0) == 6.0
    with pytest.raises(Refusal, match="`self` may hold other values"):
        adgen.grad(by_a_cached_method)(1.0)


def printed(x):
    print(FIRST)
    return x * x


def test_a_member_in_generated_code_is_refused():
    with pytest.raises(Refusal, match="needed as a value"):
        oracle.Made(printed, (0.5,), "grad", ("x",))


class Mass(enum.Enum):
    LIGHT = 1.5
    HEAVY = (4.0, 2.0)
    NAMED = "n"
    SAME = 1.5


class Body:
    def __init__(self, kind):
        self.kind = kind
        self.notes = {}

    def energy(self, x):
        if self.kind is Mass.LIGHT:
            return x * x * self.kind.value
        return x if self.kind == Mass.NAMED else x * self.kind.value[0]


light, heavy, current = Body(Mass.LIGHT), Body(Mass.HEAVY), Mass.NAMED


def by_class_name(x):
    y = x * Mass.LIGHT.value if current is Mass.NAMED else x
    for kind in (Mass.LIGHT, Mass.HEAVY):
        y = y * x if kind == Mass.HEAVY else y + x
    return y * Mass.HEAVY.value[1] if Mass.SAME is Mass.LIGHT and Mass.LIGHT.name == "LIGHT" else y


def matched(x):
    match current:
        case Mass.LIGHT:
            return x
        case Mass.NAMED:
            return x * x
    return 3.0 * x


def as_default(x):
    def scaled(v, kind=Mass.LIGHT):
        return v * v if kind is Mass.LIGHT else 3.0 * v

    return scaled(x) + scaled(x, Mass.HEAVY) * scaled(x, kind=Mass.LIGHT)


def among(x):
    return x * x if current in (Mass.LIGHT, Mass.NAMED) and isinstance(current, Mass) else x


def of_objects(x):
    return light.energy(x) + heavy.energy(x) * x


@pytest.mark.parametrize("fun", [by_class_name, matched, as_default, among, of_objects, light.energy, heavy.energy])
def test_members_by_class_name(fun):
    oracle.check(fun, (1.3,))


def given_and_named(x, kind):
    return x * x * kind.value if kind is Mass.LIGHT else x


def test_a_member_that_is_given_is_compared_with_one_that_is_named():
    gradient = adgen.grad(given_and_named)
    assert gradient(2.0, Mass.LIGHT) == 6.0 and gradient(2.0, Mass.HEAVY) == 1.0 and gradient(2.0, Mass.LIGHT) == 6.0


def test_another_member_and_another_enumeration_are_seen():
    class Local(enum.Enum):
        A = 2.0
        B = 3.0

    def named(x):
        return x * body.kind.value if body.kind is Local.A else x * Local.B.value * 10.0

    body = Body(Local.A)
    gradient = adgen.grad(named)
    assert gradient(1.5) == 2.0
    body.kind = Local.B
    assert gradient(1.5) == 30.0

    class Local(enum.Enum):
        A = 2.0
        B = 5.0

    assert gradient(1.5) == 50.0
    body.kind = Local.A
    assert gradient(1.5) == 2.0


class Count(enum.IntEnum):
    TWO = 2


@pytest.mark.parametrize(
    ("fun", "why"),
    [
        (lambda x: x * Mass.ABSENT.value, "has no such member"),
        (lambda x: x * Count.TWO, "or it is a number, too"),
        (lambda x: sum(x for _ in Mass), "`Mass` is a class"),
        (lambda x: x * len(Mass), "`Mass` is a class"),
        (lambda x: x if Mass("n") is current else 2.0 * x, "it is the class Mass"),
        (lambda x: x if Mass["NAMED"] is current else 2.0 * x, "no array, list, tuple or dict"),
        (lambda x: x * Mass.LIGHT._value_, "their names are known"),
    ],
)
def test_what_is_refused_of_enumerations_says_why(fun, why):
    with pytest.raises(Refusal) as told:
        adgen.grad(fun)(1.3)
    assert why in str(told.value) and "define it, or import it" not in str(told.value)


class Alike(enum.Enum):
    A = 1.0
    B = 2.0

    def __repr__(self):
        return "Alike"


def test_members_that_are_written_alike_are_told_apart():
    chosen = Alike.A
    gradient = adgen.grad(lambda x: x if chosen is Alike.A else 3.0 * x)
    assert gradient(1.0) == 1.0
    chosen = Alike.B
    assert gradient(1.0) == 3.0


class Tag(str):
    def __repr__(self):
        return "Tag"


def test_texts_that_are_written_alike_are_told_apart():
    chosen = Tag("a")
    gradient = adgen.grad(lambda x: x if chosen == "a" else 3.0 * x)
    assert gradient(1.0) == 1.0
    chosen = Tag("b")
    assert gradient(1.0) == 3.0
