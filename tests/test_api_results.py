"""Keys of arguments, binding of arguments, and results made fresh: the parts that run at each call."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from adgen import signature
from adgen.dispatch import Binder, key_of
from adgen.errors import ArgumentError, InternalError
from adgen.results import Owners, check_direction, finish_gradient, finish_value, require_smooth

Pair = namedtuple("Pair", "a b")


@dataclass
class Point:
    x: object
    y: object


VALUES = [
    1.0,
    1,
    True,
    False,
    1j,
    None,
    "a",
    "b",
    np.float64(1.0),
    np.float32(1.0),
    np.int64(3),
    np.array(1.0),
    np.zeros(0),
    np.zeros(1),
    np.zeros(3),
    np.zeros(4),
    np.zeros(3, "f4"),
    np.zeros(3, "c16"),
    np.arange(3),
    np.zeros((1, 3)),
    np.zeros((3, 1)),
    np.zeros((3, 3)),
    [],
    [1.0],
    [1.0, 2.0],
    [1.0, 2],
    [np.zeros(3), np.zeros(4)],
    [np.zeros(3), np.zeros(1)],
    [np.zeros(1), np.zeros(3)],
    (1.0, 2.0),
    (1.0,),
    {"a": 1.0},
    {"b": 1.0},
    {"a": 1.0, "b": 2.0},
    {"b": 1.0, "a": 2.0},
    Pair(1.0, 2),
    Point(1.0, 2),
    Point(1.0, 2.0),
    len,
    np.sin,
]


def test_equal_keys_mean_equal_signatures():
    pairs = [(a, b) for a in VALUES for b in VALUES]
    same = 0
    for a, b in pairs:
        if key_of(a) == key_of(b):
            same += 1
            assert hash(key_of(a)) == hash(key_of(b))
            assert signature.of_values(("v",), (a,)) == signature.of_values(("v",), (b,)), (a, b)
    assert len(VALUES) < same < 2 * len(VALUES)


def test_values_count_only_where_they_are_static():
    assert key_of(1.0) == key_of(2.0) and key_of(1) == key_of(2) and key_of(1) != key_of(True)
    assert key_of("a") != key_of("b") and key_of(True) != key_of(False)
    assert key_of(len) == key_of(len) != key_of(max)
    first, second = (lambda: (lambda x: x))(), (lambda: (lambda x: x))()
    assert key_of(first) == key_of(first) != key_of(second)


def test_binding():
    def f(a, b, /, c, d=4, *, e, g=7):
        return a

    binder = Binder.of(f, "f")
    assert binder.names == ("a", "b", "c", "d", "e", "g")
    assert binder((1, 2, 3), {"e": 5}) == [1, 2, 3, 4, 5, 7]
    assert binder((1, 2), {"c": 3, "d": 0, "e": 5, "g": 6}) == [1, 2, 3, 0, 5, 6]
    for args, keywords, message in [
        ((1,), {"b": 2, "c": 3, "e": 5}, "unexpected keyword argument `b`"),
        ((1, 2, 3, 4, 5), {"e": 5}, "4 positional arguments, 5 were given"),
        ((1, 2, 3), {}, "misses the arguments `e`"),
        ((1, 2, 3), {"c": 3, "e": 5}, "multiple values for argument `c`"),
    ]:
        with pytest.raises(ArgumentError, match=message):
            binder(args, keywords)


def test_require_smooth():
    for value in (1.0, 1j, np.float32(1.0), np.zeros(2), [1, 2.0], {"a": {"b": np.zeros(2, "f4")}}, [], {}):
        require_smooth(value, "x", "f")
    for value, message in [
        (1, "the int 1"),
        ([1, 2], r"`x\[0\]` of `f` is the int 1"),
        ({"n": True}, r"`x\['n'\]` of `f` is the bool True"),
        (np.zeros(2, bool), "dtype bool"),
        (np.array(["a"]), "leave it out of argnums"),
        (None, "is None"),
    ]:
        with pytest.raises(ArgumentError, match=message):
            require_smooth(value, "x", "f")


def test_directions():
    assert (
        check_direction(1.0, np.float64(2.0), "t") == 2.0 and type(check_direction(1.0, np.float64(2.0), "t")) is float
    )
    assert check_direction(1j, 1.0, "t") == 1.0 + 0j
    assert check_direction(np.array(1.0), 2.0, "t").shape == ()
    assert check_direction(np.float32(1.0), 2.0, "t") == np.float32(2.0)
    assert check_direction({"a": 1.0, "n": 2}, {"n": None, "a": 3.0}, "t") == {"a": 3.0, "n": None}
    for primal, direction, message in [
        (1.0, 1, "t: an int, expected a float"),
        (1.0, True, "t: a bool, expected a float"),
        (1.0, 1j, "t: a complex, expected a float"),
        (1.0, np.ones(1), r"t: shape \(1,\), expected \(\)"),
        (1.0, None, "t: None, expected a float"),
        (np.float32(1.0), np.float64(1.0), "t: dtype float64, expected float32"),
        (np.ones(2), [1.0, 2.0], "t: a list, expected an array"),
        (np.ones(2), np.ones((2, 1)), r"t: shape \(2, 1\), expected \(2,\)"),
        (np.ones(2), np.ones(2, "c16"), "t: dtype complex128, expected float64"),
        ([1.0], [1.0, 2.0], "t: list of 2, expected list of 1"),
        ({"a": [1.0]}, {"a": [1]}, r"t\['a'\]\[0\]: an int"),
        (3, 1.0, "t: a float, expected None"),
    ]:
        with pytest.raises(ArgumentError, match=message):
            check_direction(primal, direction, "t")


def test_results_share_no_memory():
    x = np.ones((2, 3))
    buffer = np.ones(10)
    owners = Owners([x, {"y": x[0]}])
    own = np.ones(3)
    given = [x, x.T, x[0], buffer[:5], buffer[5:], own, own, np.broadcast_to(1.0, (4,)), buffer[::2]]
    got = [owners.fresh(array) for array in given]
    for k, array in enumerate(got):
        assert array.flags.writeable and array.flags.forc and np.array_equal(array, given[k])
        assert not any(np.may_share_memory(array, other) for other in [x, *got[:k]])
    assert got[3].base is buffer and got[5] is own, "what is nobody else's is not copied"


def test_gradients_take_the_form_of_their_arguments():
    argument = {"w": np.ones(2, "f4"), "p": Pair(1.0, 2), "q": Point(np.float32(1.0), [1.0]), "n": 3}
    gradient = {"w": np.ones(2), "p": (np.float64(2.0), None), "q": {"x": 3.0, "y": None}, "n": None}
    got = finish_gradient(argument, gradient, Owners([argument]))
    assert got["w"].dtype == np.float32 and got["p"] == Pair(2.0, None) and type(got["p"].a) is float
    assert got["q"] == Point(np.float32(3.0), [0.0]) and type(got["q"].x) is np.float32 and got["n"] is None
    zeros = finish_gradient([np.ones(2), (1.0, 3)], None, Owners([]))
    assert zeros[0].tolist() == [0.0, 0.0] and zeros[1] == (0.0, None)


@pytest.mark.parametrize(
    ("argument", "gradient"),
    [
        (np.ones(2), np.ones(3)),
        (np.ones(2), 0.0),
        (1.0, np.ones(1)),
        (1.0, 1j),
        ([1.0], [1.0, 2.0]),
        ([1.0], 1.0),
        (np.ones(2), np.ones(2) * 1j),
    ],
)
def test_gradients_of_another_form_are_defects(argument, gradient):
    with pytest.raises(InternalError, match="a defect of adgen"):
        finish_gradient(argument, gradient, Owners([]))


def test_values_of_gradients():
    for value in (1.5, np.float64(1.5), np.array(1.5)):
        assert type(finish_value(value, "f")) is float and finish_value(value, "f") == 1.5
    assert type(finish_value(np.float32(1.5), "f")) is np.float32
    assert finish_value(3, "f") == 3.0
    for value, message in [
        (np.ones((2, 1)), r"the result of `f` has shape \(2, 1\); a gradient needs one real number"),
        (1j, "is complex"),
        ((1.0, 2.0), "is a tuple"),
        (None, "is a NoneType|is None"),
        ("a", "is a str"),
    ]:
        with pytest.raises(ArgumentError, match=message):
            finish_value(value, "f")
