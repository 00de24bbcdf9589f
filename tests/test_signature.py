"""Signatures: of values, in text, from annotations; keys; guards."""

import enum
import functools
import random
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pytest

from adgen.errors import ArgumentError
from adgen.ir.types import (
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    UNKNOWN,
    Array,
    ListOf,
    Opaque,
    Scalar,
    Static,
    Struct,
    Sym,
)
from adgen.signature import Signature, class_named, from_annotation, guards, key_of, of_values, parse, show


@dataclass
class Params:
    w: object
    b: object = 0.5


@dataclass
class Half:
    w: float = field(init=False)


class Point(NamedTuple):
    x: float
    y: float


class Own(np.ndarray):
    pass


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


def told(value, name="x"):
    return show(of_values((name,), (value,)).items[0][1])


# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, text",
    [
        (1.5, "float"),
        (2, "int"),
        (1j, "complex"),
        (True, "True"),
        (False, "False"),
        (None, "None"),
        ("fast", "'fast'"),
        (np.float64(1.0), "f8[]"),
        (np.float32(1.0), "f4[]"),
        (np.int64(1), "i8[]"),
        (np.bool_(True), "b1[]"),
        (np.array(1.0), "f8[]"),
        (np.ones(3), "f8[x0]"),
        (np.ones(1), "f8[1]"),
        (np.ones(0), "f8[x0]"),
        (np.ones((2, 1, 3), np.float32), "f4[x0, 1, x2]"),
        (np.ones(2, complex), "c16[x0]"),
        (np.ones(2, np.uint8), "u1[x0]"),
        (np.zeros(2, bool), "b1[x0]"),
        ((1.0, np.ones(2)), "(float, f8[x_10])"),
        ((1.0,), "(float,)"),
        ((), "()"),
        ([], "list[float]"),
        ([1.0, 2.0], "list[float]"),
        ([1.0, 2], "[float, int]"),
        ([True, False], "[True, False]"),
        ([True, True], "list[True]"),
        ([np.ones(2), np.ones(3)], "list[f8[x_k0]]"),
        ([np.ones(2), np.ones(1)], "list[f8[?]]"),
        ([np.ones(1), np.ones(1)], "list[f8[1]]"),
        ([np.ones(2), np.ones((2, 2))], "[f8[x_00], f8[x_10, x_11]]"),
        ([np.ones(2), np.ones(2, np.float32)], "[f8[x_00], f4[x_10]]"),
        ([(np.ones((2, 3)), np.ones(3)), (np.ones((3, 1)), np.ones(1))], "list[(f8[x_k_00, ?], f8[?])]"),
        ([[1.0], []], "list[list[float]]"),
        ([(1.0,), (1.0, 2.0)], "[(float,), (float, float)]"),
        ({"w": 1.0, "b c": np.ones(2)}, "{w: float, 'b c': f8[x_b_c0]}"),
        ({}, "{}"),
        (range(3), "range"),
    ],
)
def test_types_of_values(value, text):
    assert told(value) == text
    assert show(parse(f"x: {text}")["x"]) == text


def test_objects_by_module_and_name():
    kind = f"object:{__name__}:Params"
    assert of_values(("p",), (Params(1.0, np.ones(2)),)).items[0][1] == Struct(
        kind, ("w", "b"), (FLOAT, Array("f8", (Sym("p_b0"),)))
    )
    assert class_named(kind) is Params
    assert class_named("object:nowhere:Nothing") is None
    assert told(Point(1.0, 2.0)) == f"{__name__}:Point(x: float, y: float)"

    @dataclass
    class Inner:
        v: float

    text = told(Inner(1.0))
    assert parse(f"x: {text}")["x"] == of_values(("x",), (Inner(1.0),)).items[0][1]
    assert class_named(f"object:{__name__}:{Inner.__qualname__}") is Inner


def test_statics_by_value():
    act = np.tanh
    for value in (act, len, Color.RED, np.dtype("f4"), np.float64, told, functools.partial(told, 1.0), ..., b"raw"):
        assert of_values(("x",), (value,)).items[0][1] == Static(value)
    assert told(act) == "<tanh>"


@pytest.mark.parametrize(
    "value, words",
    [
        (np.array([None]), "Python objects"),
        (np.array(["a"]), "text"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "dates"),
        (np.ma.masked_array([1.0]), "subclass of ndarray"),
        (np.ones(2).view(Own), "is a Own, a subclass of ndarray"),
        (np.ones(2, ">f8"), "byte order"),
        (np.zeros(2, [("a", "f8")]), "records"),
        (bytearray(b"a"), "is a bytearray"),
        ({1: 2.0}, "keys must be strings"),
        (OrderedDict(a=1.0), "subclass of dict"),
        (deque([1.0]), "collections.deque"),
        (Level.LOW, "subclass of int"),
        (object(), "is a object"),
        ((x for x in ()), "generator"),
        (Half(), "has no value"),
    ],
)
def test_values_without_a_type(value, words):
    with pytest.raises(ArgumentError, match=words):
        of_values(("x",), (value,))


def test_the_argument_and_the_place_in_it_are_named():
    with pytest.raises(ArgumentError, match=r'`params\[1\]\["w"\]\.b` is a bytearray'):
        of_values(("x", "params"), (1.0, (1.0, {"w": Params(1.0, bytearray(b"a"))})))
    with pytest.raises(ArgumentError, match=r"`argument 1` is a bytearray"):
        key_of((1.0, bytearray(b"a")))
    circle = []
    circle.append(circle)
    with pytest.raises(ArgumentError, match="contain itself"):
        of_values(("x",), (circle,))


def test_symbols_are_all_different():
    signature = of_values(("x", "x1", "x_1"), ((np.ones(2), np.ones((2, 2))), np.ones(3), np.ones(4)))
    names = []
    for word in show(signature).replace("[", " ").replace("]", " ").replace(",", " ").split():
        if word.startswith("x") and not word.endswith(":"):
            names.append(word)
    assert len(names) == 5 and len(set(names)) == 5


# ---- keys ------------------------------------------------------------------------------------------------------------

SAME = [
    (1.0, 2.0),
    (3, -3),
    (np.ones(3), np.zeros(7)),
    (np.float64(1.0), np.array(2.0)),
    ([1.0], [1.0, 2.0, 3.0]),
    ([], [1.0]),
    ([np.ones(2), np.ones(3)], [np.ones(5)]),
    ({"a": 1.0}, {"a": 2.0}),
    (Params(1.0), Params(2.0)),
    (np.ones(3)[::2], np.ones(5)),
    (range(3), range(9)),
]
DIFFERENT = [
    (1.0, 1),
    (1, True),
    (True, False),
    (None, False),
    (1.0, 1j),
    ("a", "b"),
    (1.0, np.float64(1.0)),
    (np.ones(3), np.ones(1)),
    (np.ones(3), np.ones((3, 3))),
    (np.ones(3), np.ones(3, np.float32)),
    ([1.0], (1.0,)),
    ([np.ones(2)], [np.ones(1)]),
    ([np.ones(2), np.ones(1)], [np.ones(2), np.ones(2)]),
    ({"a": 1.0, "b": 2.0}, {"b": 1.0, "a": 2.0}),
    (Params(1.0), Params(1)),
    (Params(1.0), {"w": 1.0, "b": 0.5}),
    (Point(1.0, 2.0), (1.0, 2.0)),
    (np.sin, np.cos),
]


@pytest.mark.parametrize("a, b", SAME)
def test_same_signature_same_key(a, b):
    assert of_values(("x",), (a,)) == of_values(("x",), (b,))
    assert key_of((a,)) == key_of((b,)) and hash(key_of((a,))) == hash(key_of((b,)))


@pytest.mark.parametrize("a, b", DIFFERENT)
def test_other_signature_other_key(a, b):
    assert of_values(("x",), (a,)) != of_values(("x",), (b,))
    assert key_of((a,)) != key_of((b,))


# ---- notation --------------------------------------------------------------------------------------------------------


def test_sizes():
    types = parse("u: f8[:, :], v: f4[n, 3], w: i8[n-1, n+2], r: f8[], a: f8[...], q: f8[?, 1], z: ?[n], k: ?,")
    assert types == {
        "u": Array("f8", (Sym("u0"), Sym("u1"))),
        "v": Array("f4", (Sym("n"), 3)),
        "w": Array("i8", (Sym("n", -1), Sym("n", 2))),
        "r": Array("f8", ()),
        "a": Array("f8", None),
        "q": Array("f8", (None, 1)),
        "z": Array(None, (Sym("n"),)),
        "k": UNKNOWN,
    }


def test_new_symbols_avoid_those_of_the_text():
    types = parse("u: f8[:], v: f8[u0]")
    assert types["u"].shape != types["v"].shape


def test_symbols_of_a_list_are_its_own():
    types = parse("p: list[(f8[m, n], f8[n])], q: list[f8[n]], x: f8[b, m]")
    assert types["x"] == Array("f8", (Sym("b"), Sym("m")))
    first, second = types["p"].item.items
    assert first.shape[1] == second.shape[0] == Sym("n")
    assert first.shape[0] not in types["x"].shape
    assert types["q"].item.shape[0] != Sym("n")
    assert parse(show(Signature.of(types))) == types


def test_scalars_and_containers():
    types = parse(
        "a: float, b: (int, complex), c: [bool, None], d: {w: 'it\\'s', 'x y': True}, s: str, e: (), f: (int,)"
    )
    assert types["b"] == Struct("tuple", ("0", "1"), (INT, COMPLEX))
    assert types["c"] == Struct("list", ("0", "1"), (Scalar("bool"), NONE))
    assert types["d"] == Struct("dict", ("w", "x y"), (Static("it's"), Static(True)))
    assert (types["s"], types["e"]) == (Opaque("str"), Struct("tuple", (), ()))
    assert parse("") == {}


@pytest.mark.parametrize(
    "text, column, words",
    [
        ("u f8[:]", 3, "`:` is expected, not `f8`"),
        ("u: f8", 4, "needs its sizes"),
        ("u: f8[:", 8, "but the text ends"),
        ("u: f8[n*2]", 8, "`\\*` has no meaning"),
        ("u: f8[1.5]", 8, "no meaning"),
        ("u: np.float64", 4, "is written f8, as in f8\\[:\\]"),
        ("u: double", 4, "is no type"),
        ("u: float, u: int", 11, "given twice"),
        ("u: (float)", 10, "tuple of one"),
        ("u: list[float", 14, "but the text ends"),
        ("3: float", 1, "a parameter's name is expected"),
        ("u:", 3, "a type is expected, but the text ends"),
        ("u: {1: float}", 5, "a key is expected"),
        ("u: float int", 10, "`,` is expected"),
        ("u: f8[n-m]", 9, "a number is expected"),
        ("u: 'open", 4, "no meaning"),
    ],
)
def test_errors_have_a_column(text, column, words):
    with pytest.raises(ArgumentError, match=words) as caught:
        parse(text)
    first, shown, marker = str(caught.value).split("\n")
    assert first.startswith(f"column {column} of the types: ")
    assert shown == "  " + text and marker == " " * (column + 1) + "^"


def _random_type(rng, depth):
    kinds = ["scalar", "array", "static", "unknown"] + ["struct", "list"] * (depth > 0)
    match rng.choice(kinds):
        case "scalar":
            return Scalar(rng.choice(["float", "int", "bool", "complex"]))
        case "array":
            dims = [1, 3, None, Sym("n"), Sym("m", rng.choice([-2, 1]))]
            shape = None if rng.random() < 0.1 else tuple(rng.choice(dims) for _ in range(rng.randrange(4)))
            return Array(rng.choice(["f8", "f4", "i8", "b1", "c16", None]), shape)
        case "static":
            texts = ["a b", 'q"', "it's", "a\\b", "é\n", "\x00", "☃", ""]
            return Static(rng.choice([None, True, False, *texts]))
        case "list":
            return ListOf(_random_type(rng, 0) if rng.random() < 0.5 else FLOAT)
        case "struct":
            kind = rng.choice(["tuple", "list", "dict", "object:a.b:C.<locals>.D"])
            count = rng.randrange(4)
            keys = [str(k) for k in range(count)]
            if kind not in ("tuple", "list"):
                keys = rng.sample(["w", "b c", "x'y", "None", "é", "1"] if kind == "dict" else ["w", "b", "c"], count)
            return Struct(kind, tuple(keys), tuple(_random_type(rng, depth - 1) for _ in range(count)))
    return UNKNOWN


@pytest.mark.parametrize("seed", range(60))
def test_show_is_read_back(seed):
    rng = random.Random(seed)
    types = {f"p{k}": _random_type(rng, 3) for k in range(rng.randrange(1, 5))}
    once = parse(show(Signature(tuple(types.items()))))
    assert show(Signature.of(parse(show(Signature.of(once))))) == show(Signature.of(once))
    assert parse(show(Signature.of(once))) == once
    without_lists = {name: type_ for name, type_ in types.items() if "list[" not in show(type_)}
    assert {name: once[name] for name in without_lists} == without_lists


# ---- annotations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        (None, "?"),
        ("Any", "?"),
        ("ArrayLike", "?"),
        ("float", "float"),
        ("'float'", "float"),
        ("int", "int"),
        ("bool", "bool"),
        ("complex", "complex"),
        ("None", "None"),
        ("str", "str"),
        ("np.ndarray", "?[...]"),
        ("numpy.ndarray", "?[...]"),
        ("NDArray", "?[...]"),
        ("npt.NDArray[np.float64]", "f8[...]"),
        ("NDArray[np.floating]", "?[...]"),
        ("np.ndarray[tuple[int, int], np.dtype[np.float32]]", "f4[?, ?]"),
        ("np.ndarray[tuple[int, ...], np.dtype[np.float64]]", "f8[...]"),
        ("np.float64", "f8[]"),
        ("np.int32", "i4[]"),
        ('Float[np.ndarray, "n d"]', "?[n, d]"),
        ('Float64[np.ndarray, "n 3 d-1"]', "f8[n, 3, d-1]"),
        ('Float32[np.ndarray, ""]', "f4[]"),
        ('Float[np.ndarray, "... d"]', "?[...]"),
        ('Float64[np.ndarray, "*batch d"]', "f8[...]"),
        ('Int[np.ndarray, "n"]', "i8[n]"),
        ('Bool[np.ndarray, "_ dim=4 #n"]', "b1[?, 4, ?]"),
        ('jaxtyping.Complex[np.ndarray, "n"]', "c16[n]"),
        ("list[float]", "list[float]"),
        ("List[np.ndarray]", "list[?[...]]"),
        ("tuple[float, int]", "(float, int)"),
        ("Tuple[tuple[float, float], 'int']", "((float, float), int)"),
        ("float | np.ndarray", "?"),
        ("Union[float, int]", "?"),
        ("float | float", "float"),
        ("Annotated[float, 'metres']", "float"),
        ("Final[float]", "float"),
        ("Literal['a']", "'a'"),
        ("Literal[True]", "True"),
        ("Literal[3]", "int"),
        ("np.random.Generator", "np.random.Generator"),
    ],
)
def test_annotations(text, expected):
    assert show(from_annotation(text)) == expected


@pytest.mark.parametrize(
    "text, why",
    [
        ("dict[str, float]", "does not tell the keys"),
        ("dict", "does not tell the keys"),
        ("tuple[float, ...]", "how many items"),
        ("tuple", "how many items"),
        ("list", "does not tell the items"),
        ("Sequence[float]", "list or a tuple"),
        ("float | None", "several kinds"),
        ("Optional[np.ndarray]", "several kinds"),
        ("Model", "names `Model`"),
        ("Callable[[float], float]", "names `Callable`"),
        ("NDArray[np.object_]", "dtype `np.object_`"),
        ("Float[torch.Tensor, 'n']", "no NumPy array"),
        ("a +* b", "cannot be read"),
        ("3", "is no type"),
    ],
)
def test_annotations_that_tell_too_little(text, why):
    with pytest.raises(ArgumentError, match=why) as caught:
        from_annotation(text)
    assert "--types" in str(caught.value) and text in str(caught.value)


def test_annotations_of_the_users_classes():
    own = Struct("object:m:P", ("w",), (FLOAT,))
    assert from_annotation("list[m.P]", {"m.P": own}.get) == ListOf(own)


# ---- guards ----------------------------------------------------------------------------------------------------------


def refused(text, **values):
    """The error that the guards of a signature raise for these arguments, or None."""
    for guard in guards(parse(text)):
        if eval(guard.condition, {"np": np}, values):
            return guard.error
    return None


@pytest.mark.parametrize(
    "text, good, bad, error",
    [
        ("u: f8[:]", np.ones(3), np.ones(3, np.float32), "TypeError"),
        ("u: f8[:]", np.ones(0), np.ones(3, int), "TypeError"),
        ("u: f8[:]", np.ones(3), np.ones((3, 3)), "TypeError"),
        ("u: f8[:]", np.ones(3), np.ones(1), "ValueError"),
        ("u: f8[:, :]", np.ones((3, 2)), np.ones((3, 1)), "ValueError"),
        ("u: f8[:, 1]", np.ones((3, 1)), np.ones((3, 2)), "ValueError"),
        ("u: f8[n, n]", np.ones((3, 3)), np.ones((3, 2)), "ValueError"),
        ("u: f8[n, n-1]", np.ones((3, 2)), np.ones((3, 3)), "ValueError"),
        ("u: f8[n, n+1]", np.ones((3, 4)), np.ones((3, 3)), "ValueError"),
        ("u: f8[3]", np.ones(3), np.ones(4), "ValueError"),
        ("u: f8[]", np.float64(1.0), np.ones(2), "TypeError"),
        ("u: f8[...]", np.ones((1, 1)), np.ones(2, np.float32), "TypeError"),
        ("u: c8[:]", np.ones(2, np.complex64), np.ones(2, complex), "TypeError"),
        ("u: u1[:]", np.ones(2, np.uint8), np.ones(2, np.int8), "TypeError"),
        ("u: float", 1.0, np.ones(2), "TypeError"),
        ("u: float", 2, [1.0], "TypeError"),
        ("u: float", np.float64(2.0), np.float32(1.0), "TypeError"),
        ("u: int", 2, 2.0, "TypeError"),
        ("u: complex", 1.0, np.ones(2), "TypeError"),
        ("u: None", None, 1.0, "ValueError"),
        ("u: True", True, False, "ValueError"),
        ("u: False", False, True, "ValueError"),
        ("u: 'it\\'s'", "it's", "a", "ValueError"),
        ("u: (float, f8[:])", (1.0, np.ones(2)), (1.0, np.ones(1)), "ValueError"),
        ("u: (float,)", (1.0,), (1.0, 2.0), "TypeError"),
        ("u: {'a\"b': float}", {'a"b': 1.0}, {'a"b': [1.0]}, "TypeError"),
        ("u: {a: float}", {"a": 1.0}, {"a": 1.0, "b": 2.0}, "TypeError"),
        ("u: m:P(w: float)", Params(1.0), Params("text"), "TypeError"),
        ("u: list[float]", [1.0, 2.0], [1.0, np.ones(2)], "TypeError"),
        ("u: list[(f8[m, n], f8[n])]", [(np.ones((2, 3)), np.ones(3))], [(np.ones((2, 3)), np.ones(4))], "ValueError"),
        ("u: list[f8[n]]", [np.ones(2), np.ones(3)], [np.ones(2), np.ones(1)], "ValueError"),
        ("u: list[list[float]]", [[1.0], []], [[1.0], ["a"]], "TypeError"),
    ],
)
def test_guards_hold_what_is_assumed(text, good, bad, error):
    assert refused(text, u=good) is None
    assert refused(text, u=bad) == error


def test_sizes_shared_by_parameters():
    text = "x: f8[n], y: f8[n, m]"
    assert refused(text, x=np.ones(3), y=np.ones((3, 2))) is None
    assert refused(text, x=np.ones(3), y=np.ones((4, 2))) == "ValueError"


def test_guards_are_few():
    assert guards(parse("a: ?, b: ?[...], c: bool, d: str, e: f8[?]")) == [
        (
            "isinstance(a, (list, tuple)) or np.iscomplexobj(a)",
            "a: this derivative takes a number or an array",
            "TypeError",
        ),  # lists would be joined by `+`
        ("np.iscomplexobj(b)", "b: this derivative takes ?[...]", "TypeError"),
        ("e.dtype != np.float64 or e.ndim != 1", "e: this derivative takes f8[?]", "TypeError"),
    ]
    assert [g.message for g in guards(parse("x: float, u: f8[:, :]"), ["u"])] == [
        "u: this derivative takes f8[u0, u1]"
    ] * 2
    assert [g.condition for g in guards(parse("u: f8[:, :]"))][1] == "1 in u.shape"
    assert guards(of_values(("f",), (np.sin,))) == []
