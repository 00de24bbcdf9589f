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
