"""Type inference against NumPy; symbols; merges; bound arguments."""

import itertools

import numpy as np
import pytest

from adgen.battery.evaluate import function, mismatch
from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import BOOL, COMPLEX, FLOAT, INT, UNDEF, UNKNOWN, Array, ListOf, Ref, Scalar, Static, Struct, Sym
from adgen.rules import shapes, table
from adgen.rules.apply import apply
from adgen.rules.rule import BindError, TypeProblem

N, M = Sym("n"), Sym("m")
PYTHON = {BOOL: True, INT: 2, FLOAT: 1.5}
DTYPES = ["f8", "f4", "i8", "i4", "u1", "b1"]


def emitted(name, *types, args=None):
    b = Builder()
    operands = [
        t if isinstance(t, Value) else Value(t) if not isinstance(t, (int, str, tuple, type(None))) else b.const(t)
        for t in types
    ]
    return apply(b, name, operands, args).type


@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "div", "pow", "mod", "floordiv", "lt", "np.add", "np.hypot", "np.maximum"]
)
def test_promotion_is_numpys(name):
    values = [*PYTHON.values(), *(np.ones(3, code) for code in DTYPES), *(np.dtype(code).type(1) for code in DTYPES)]
    for one, two in itertools.product(values, values):
        types = [
            PYTHON_TYPES[type(v)] if type(v) in PYTHON_TYPES else Array(v.dtype.str[1:], v.shape) for v in (one, two)
        ]
        try:
            with np.errstate(all="ignore"):
                real = function(name)(one, two)
        except TypeError:
            with pytest.raises(TypeProblem):
                emitted(name, *types)
            continue
        assert mismatch(real, emitted(name, *types), {}) is None, (name, one, two)


PYTHON_TYPES = {bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX}


def test_numbers():
    assert emitted("div", INT, INT) == FLOAT
    assert emitted("add", FLOAT, FLOAT) == FLOAT
    assert emitted("np.sin", FLOAT) == Array("f8", ())
    assert emitted("np.sin", INT) == Array("f8", ())
    assert emitted("math.sin", Array("f4", ())) == FLOAT
    assert emitted("neg", BOOL) == INT
    assert emitted("pow", INT, -1) == FLOAT
    assert emitted("mul", FLOAT, Array("f4", (N,))) == Array("f4", (N,))


def test_broadcasting_of_symbols():
    assert emitted("add", Array("f8", (N, 1)), Array("f8", (M,))) == Array("f8", (N, M))
    assert emitted("add", Array("f8", (None,)), Array("f8", (N,))) == Array("f8", (N,))
    assert emitted("add", Array("f8", (None,)), Array("f8", (None,))) == Array("f8", (None,))
    assert emitted("add", UNKNOWN, FLOAT) == UNKNOWN
    with pytest.raises(TypeProblem):
        emitted("add", Array("f8", (3,)), Array("f8", (4,)))


def test_shapes_of_results():
    x = Array("f8", (N, M))
    assert emitted("np.sum", x, 0, args=("a", "axis")) == Array("f8", (M,))
    assert emitted("np.transpose", x) == Array("f8", (M, N))
    assert emitted("np.reshape", x, (-1,)) == Array("f8", (None,))
    assert emitted("np.reshape", Array("f8", (N,)), (-1, 1)) == Array("f8", (N, 1))
    assert emitted("matmul", x, Array("f8", (M,))) == Array("f8", (N,))
    assert emitted("matmul", x, Array("f8", (Sym("k"),))) == Array("f8", (N,))
    assert emitted("np.diag", x) == Array("f8", (None,))
    assert emitted("np.diag", Array("f8", (N, 3))) == Array("f8", (None,))  # n may be 2
    assert emitted("np.diag", Array("f8", (N, N))) == Array("f8", (N,))
    assert emitted("np.diag", Array("f8", (N,)), 1) == Array("f8", (Sym("n", 1),) * 2)
    assert emitted("np.zeros", (2, 3)) == Array("f8", (2, 3))
    with pytest.raises(TypeProblem, match="number"):
        emitted("matmul", x, FLOAT)
    with pytest.raises(TypeProblem, match="axis"):
        emitted("np.sum", x, 2, args=("a", "axis"))
    with pytest.raises(TypeProblem, match="while compiling"):
        emitted("np.sum", x, INT, args=("a", "axis"))


def test_sizes_are_remembered():
    b = Builder()
    x = Value(Array("f8", (N, M)))
    rows = b.item(apply(b, "attr.shape", (x,)), 0)
    assert apply(b, "np.zeros", (rows,)).type == Array("f8", (N,))
    less = apply(b, "sub", (rows, b.const(2)))
    assert apply(b, "np.zeros", (less,)).type == Array("f8", (Sym("n", -2),))
    more = apply(b, "add", (apply(b, "len", (Value(Array("f8", (Sym("n", -2),))),)), b.const(2)))
    assert apply(b, "np.zeros", (more,)).type == Array("f8", (None,))  # a size that was cut off at zero
    assert apply(b, "np.zeros", (apply(b, "attr.shape", (x,)),)).type == Array("f8", (N, M))
    assert apply(b, "np.zeros", (Value(INT),)).type == Array("f8", (None,))


def test_index_types():
    v, x = Array("f8", (N,)), Array("f8", (N, 3))
    assert shapes.index_type(v, ("s100",), (INT,), (2,)) == Array("f8", (Sym("n", -2),))
    assert shapes.index_type(v, ("s110",), (INT, INT), (1, -1)) == Array("f8", (Sym("n", -2),))
    assert shapes.index_type(v, ("s010",), (INT,), (-2,)) == Array("f8", (Sym("n", -2),))
    assert shapes.index_type(v, ("s010",), (INT,), (2,)) == Array("f8", (None,))
    assert shapes.index_type(v, ("s010",), (INT,), (Sym("n", -1),)) == Array("f8", (Sym("n", -1),))
    assert shapes.index_type(v, ("s010",), (INT,), (Sym("n", -3),)) == Array("f8", (None,))
    assert shapes.index_type(x, ("i",), (INT,)) == Array("f8", (3,))
    assert shapes.index_type(x, ("...", "i"), (INT,)) == Array("f8", (N,))
    assert shapes.index_type(x, ("n", "s000", "i"), (INT,)) == Array("f8", (1, N))
    assert shapes.index_type(x, ("i",), (Array("i8", (M,)),)) == Array("f8", (M, 3))
    assert shapes.index_type(x, ("i",), (Array("b1", (N,)),)) == Array("f8", (None, 3))
    assert shapes.index_type(x, ("i", "i"), (Array("i8", (M,)), INT)) == Array("f8", (M,))
    assert shapes.index_type(ListOf(FLOAT), ("i",), (INT,)) == FLOAT
    assert shapes.index_type(Ref(x), ("i", "i"), (INT, INT)) == Array("f8", ())
    with pytest.raises(TypeProblem):
        shapes.index_type(v, ("i", "i"), (INT, INT))
    with pytest.raises(TypeProblem):
        shapes.index_type(v, ("i",), (FLOAT,))


INDICES = [
    (np.s_[1:-1], ("s110", "s000"), (1, -1)),
    (np.s_[:, 0], ("s000", "i"), (0,)),
    (np.s_[::2], ("s001",), (2,)),
    (np.s_[::-1], ("s001",), (-1,)),
    (np.s_[3:1], ("s110",), (3, 1)),
    (np.s_[..., None, 1:], ("...", "n", "s100"), (1,)),
    (np.s_[0, [0, 1]], ("i", "i"), (0, np.array([0, 1]))),
    (np.s_[[0, 1], :, [0, 1]], ("i", "s000", "i"), (np.array([0, 1]), np.array([0, 1]))),
    (np.s_[:, [0, 1], [[0], [1]]], ("s000", "i", "i"), (np.array([0, 1]), np.array([[0], [1]]))),
]


@pytest.mark.parametrize("where, spec, operands", INDICES)
def test_index_shapes_are_numpys(where, spec, operands):
    x = np.zeros((4, 5, 3))
    types = [INT if isinstance(v, int) else Array("i8", v.shape) for v in operands]
    known = [v if isinstance(v, int) else None for v in operands]
    assert shapes.index_type(Array("f8", (4, 5, 3)), spec, types, known) == Array("f8", x[where].shape)
    sizes = {"a": 4, "b": 5, "c": 3}
    symbols = shapes.index_type(Array("f8", (Sym("a"), Sym("b"), Sym("c"))), spec, types, known)
    assert mismatch(x[where], symbols, sizes) is None


def test_joins():
    x = Array("f8", (N,))
    assert shapes.join(INT, FLOAT) == FLOAT
    assert shapes.join(UNDEF, x) == x
    assert shapes.join(x, Array("f8", (M,))) == Array("f8", (None,))
    assert shapes.join(x, Array("f4", (N,))) == Array(None, (N,))
    assert shapes.join(FLOAT, Array("f8", ())) == Array("f8", ())
    assert shapes.join(FLOAT, x) is None
    assert shapes.join(Static(None), FLOAT) is None
    assert shapes.join(Struct("tuple", ("0",), (INT,)), Struct("tuple", ("0",), (FLOAT,))) == Struct(
        "tuple", ("0",), (FLOAT,)
    )


def test_binding():
    rule = table.lookup("np.sum")
    assert rule.bind(1, ("axis",)) == ("a", "axis")
    assert rule.keywords(("a", "axis")) == (None, "axis")
    assert table.lookup("np.reshape").bind(3, method=True) == ("a", "shape", "shape")
    assert table.lookup("max").bind(3) == ("values",) * 3
    assert table.lookup("np.clip").keywords(("a", "min", "max")) == (None, None, None)
    with pytest.raises(BindError, match="out"):
        rule.bind(1, ("out",))
    with pytest.raises(BindError, match="at most"):
        table.lookup("np.sin").bind(2)
    with pytest.raises(BindError, match="needs"):
        table.lookup("np.hypot").bind(1)


def test_bounds_of_clip():
    rule = table.lookup("np.clip")
    assert rule.bind(1, ("a_max",)) == rule.bind(1, ("max",)) == ("a", "max")
    assert rule.keywords(("a", "max")) == (None, "max") and rule.keywords(("a", "min")) == (None, "min")
    with pytest.raises(BindError, match="writes into an array"):
        table.lookup("np.add").bind(2, ("out",))


def test_orders_that_are_refused():
    matrix, vague = Array("f8", (N, M)), Array("f8", None)
    for type_, order, axis in (
        (matrix, 3, (0, 1)),
        (matrix, 0.5, None),
        (vague, 1, None),
        (Array("f8", (N,)), "fro", None),
    ):
        with pytest.raises(TypeProblem):
            emitted("np.linalg.norm", type_, order, axis, args=("x", "ord", "axis"))
    with pytest.raises(TypeProblem):
        emitted("np.linalg.norm", Array("f8", (N,)), True, args=("x", "ord"))


def test_parts():
    line = Array("f8", (6,))
    assert [item.shape for item in emitted("np.split", line, 3).items] == [(2,)] * 3
    assert [item.shape for item in emitted("np.split", line, (1, 4)).items] == [(1,), (3,), (2,)]
    assert emitted("np.split", line, INT).item == Array("f8", (None,))
    with pytest.raises(TypeProblem, match="equal parts"):
        emitted("np.split", line, 4)


def test_names_of_modules():
    assert table.from_module("numpy", "absolute") == "np.abs"
    assert table.from_module("numpy", "asin") == "np.arcsin"
    assert table.from_module("numpy", "concat") == "np.concatenate"
    assert table.from_module("numpy", "amax") == "np.max"
    assert table.from_module("numpy.linalg", "norm") == "np.linalg.norm"
    assert table.from_module("math", "sin") == "math.sin"
    assert table.from_module("builtins", "len") == "len"
    assert table.from_module("builtins", "add") is None
    assert table.from_module("numpy", "save") is None
    assert table.method("sum") == "np.sum" and table.method("sort") is None
    assert table.attribute("T") == "attr.T" and table.attribute("flags") is None


def test_kept_python_numbers():
    assert shapes.same_shape(FLOAT, Array("f8", ())) is True
    assert shapes.same_shape(Array("f8", (None,)), Array("f8", (N,))) is None
    assert shapes.same_shape(Array("f8", (N,)), Array("f8", (M,))) is True
    assert shapes.same_shape(Array("f8", (N,)), Array("f8", (1,))) is False
    assert Scalar("float") == FLOAT


def test_the_helper_sums_spreads_and_casts():
    unbroadcast = function("unbroadcast")
    g = np.arange(6.0).reshape(2, 3)
    assert unbroadcast(g, np.zeros((1, 3))).tolist() == [[3.0, 5.0, 7.0]]
    assert unbroadcast(g, np.zeros(3)).tolist() == [3.0, 5.0, 7.0] and unbroadcast(g, 1.5) == 15.0
    assert unbroadcast(g[0], np.zeros((1, 3))).tolist() == [[0.0, 1.0, 2.0]]
    assert unbroadcast(2.0, np.zeros((2, 1), "f4")).tolist() == [[2.0], [2.0]]
    assert unbroadcast(g, np.zeros((2, 3), "f4")).dtype == unbroadcast(1.0, np.float32(0.0)).dtype == np.float32
    assert unbroadcast(1j * g, np.zeros(3)).dtype == np.float64 and unbroadcast(g, np.zeros(3, int)).dtype == g.dtype


def test_columns_of_a_size_that_is_a_symbol_and_of_one_that_is_a_number():
    """`np.column_stack((x, np.ones(3)))` where x: f8[n] (was: refused, as if the sizes could not agree)."""
    n, three = Array("f8", (N,)), Array("f8", (3,))
    assert emitted("np.column_stack", Struct("tuple", ("0", "1"), (n, three))) == Array("f8", (None, None))
    assert emitted("np.column_stack", Struct("tuple", ("0", "1"), (Array("f8", (None,)), three))).shape == (None, None)
    with pytest.raises(TypeProblem, match="must match"):
        emitted("np.column_stack", Struct("tuple", ("0", "1"), (Array("f8", (4,)), three)))
