"""scipy.sparse: products with matrices that do not vary.

y = a @ x          with a sparse        ->      x_bar = a.T @ y_bar
y = x @ a                               ->      x_bar = y_bar @ a.T
y = spsolve(a, b)                       ->      b_bar = spsolve(a.T, y_bar)

A sparse matrix carries no derivative: one that is made of values which vary is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, ListOf, Opaque, Scalar, Static, Struct, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_content, plain, promote, shape_of
from adgen.rules.kinds import Piece, general, zero
from adgen.rules.rule import Facts, TypeProblem

SPARSE = Opaque("scipy.sparse")
FORMATS = ("csr", "csc", "coo", "dia", "bsr", "lil", "dok")
CLASSES = tuple(f"{name}_{kind}" for name in FORMATS for kind in ("matrix", "array"))
OPERATORS = ("matmul", "mul", "div", "add", "sub", "neg")
ADVICE = "a factor: `p * (A @ x)`; entries: `np.add.at(y, rows, data * x[columns])` on zeros `y`"
VARY = "entries of a sparse matrix that vary carry no derivative"
WIDE = "a sparse matrix that is not of float64 or integers"


def is_sparse(type_: Type) -> bool:
    """Whether values of a type are sparse matrices."""
    return plain(type_) == SPARSE


def _varies(call: Call, g: Value) -> Value | None:
    raise TypeProblem(VARY, ADVICE)


def _varies_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return _varies(call, call.y) if dots else None


# products ------------------------------------------------------------------------------------------------------------
def product_type(facts: Facts) -> Type:
    """The type of a product with a sparse matrix."""
    one, two = (as_content(type_) for type_ in facts.types[:2])
    if is_sparse(one) and is_sparse(two):
        return SPARSE
    dense = two if is_sparse(one) else one
    shape = shape_of(dense)
    if not isinstance(dense, Array) or shape is None or len(shape) not in (1, 2):
        raise TypeProblem("a sparse matrix times what is not known to be a vector or a matrix", "annotate it")
    sizes: list[Dim] = [None] * len(shape)
    if len(shape) == 2:
        sizes[1 if is_sparse(one) else 0] = shape[1 if is_sparse(one) else 0]
    return Array(promote([Array("f8", ()), dense]), tuple(sizes))


def turned(call: Call, arg: str) -> Value:
    """A sparse matrix, transposed."""
    return apply(call.b, "attr.T", (call.values[arg],))


def _of_right(call: Call, g: Value) -> Value:
    return apply(call.b, "sparse.matmul", (turned(call, "a"), g))


def _of_left(call: Call, g: Value) -> Value:
    return apply(call.b, "sparse.matmul", (g, turned(call, "b")))


def _moved(arg: str) -> Piece:
    def piece(call: Call, dot: Value) -> Value:
        operands = [dot if name == arg else call.values[name] for name in ("a", "b")]
        return apply(call.b, "sparse.matmul", operands)

    return piece


for _name in ("sparse.matmul", "sparse.dot"):
    general(
        f"{_name}(a, b)",
        vjp={"a": _of_left, "b": _of_right},
        jvp={"a": _moved("a"), "b": _moved("b")},
        infer=product_type,
        doc="the product of a sparse matrix and an array, on either side",
    )


# arithmetic of matrices that do not vary -----------------------------------------------------------------------------
def _scaled_type(facts: Facts) -> Type:
    one, two = (as_content(type_) for type_ in facts.types[:2])
    numbers = [type_ for type_ in (one, two) if isinstance(type_, Scalar) or shape_of(type_) == ()]
    _no_others(numbers)
    if len(numbers) == 1 and (is_sparse(one) or facts.name == "sparse.mul"):
        return SPARSE
    raise TypeProblem("an elementwise product of a sparse matrix", "products are written `A @ x`")


def _sum_type(facts: Facts) -> Type:
    if not all(is_sparse(type_) for type_ in facts.types):
        raise TypeProblem("the sum of a sparse matrix and another value", "add the products: `A @ x + B @ x`")
    return SPARSE


for _name, _type in (("mul", _scaled_type), ("div", _scaled_type), ("add", _sum_type), ("sub", _sum_type)):
    general(f"sparse.{_name}(a, b)", vjp={"a": _varies, "b": _varies}, jvp=_varies_jvp, infer=_type)
zero("sparse.neg(x)", infer=lambda facts: SPARSE)


# methods -------------------------------------------------------------------------------------------------------------
for _name in ("tocsr", "tocsc", "tocoo", "todia", "tobsr", "tolil", "todok", "copy", "conj", "transpose"):
    zero(f"sparse.{_name}(self)", infer=lambda facts: SPARSE)
zero("sparse.toarray(self)", infer=lambda facts: Array("f8", (None, None)))


# matrices that are made ----------------------------------------------------------------------------------------------
def _no_others(types: list[Type]) -> None:
    """Only float64 and integers: what is made of them is of float64, or as good as that."""
    for type_ in types:
        match plain(type_):
            case Struct(_, _, items):
                _no_others(list(items))
            case ListOf(item):
                _no_others([item])
            case Array(dtype, _) if dtype is None or dtype[0] in "fc" and dtype != "f8":
                raise TypeProblem(WIDE, "convert with .astype(float)")
            case Scalar("complex"):
                raise TypeProblem(WIDE, "convert with .astype(float)")


def _made(facts: Facts) -> Type:
    _no_others([type_ for type_, name in zip(facts.types, facts.args, strict=True) if name != "dtype"])
    if facts.has("dtype") and facts.static("dtype") is not None:
        wanted = np.dtype(facts.static("dtype"))  # type: ignore[call-overload]
        if wanted.kind not in "biu" and wanted != np.float64:
            raise TypeProblem(WIDE, "leave dtype=float")
    return SPARSE


def _of_data(facts: Facts) -> Type:
    """A matrix has two axes; lines are refused."""
    found, shape = plain(facts.type("arg1")), plain(facts.type("shape")) if facts.has("shape") else None
    flat = isinstance(found, Array) and (found.shape is None or len(found.shape) != 2)
    places = found.items[1] if isinstance(found, Struct) and len(found.items) == 2 else None
    flat = flat or (isinstance(places, Struct) and len(places.items) != 2)
    flat = flat or (isinstance(found, Struct) and len(found.items) == 1)
    flat = flat or (isinstance(shape, Struct) and len(shape.items) != 2)
    if flat:
        raise TypeProblem(f"`{facts.name}` of what is not known to have two axes", "give it a matrix")
    return _made(facts)


MAKERS = {
    "diags(diagonals, offsets=0, shape=None, format=None, dtype=None)": ("diagonals",),
    "diags_array(diagonals, *, offsets=0, shape=None, format=None, dtype=None)": ("diagonals",),
    "spdiags(data, diags, m=None, n=None, format=None)": ("data",),
    "eye(m, n=None, k=0, dtype=None, format=None)": (),
    "eye_array(m, n=None, *, k=0, dtype=None, format=None)": (),
    "identity(n, dtype=None, format=None)": (),
    "kron(A, B, format=None)": ("A", "B"),
    "kronsum(A, B, format=None)": ("A", "B"),
    "block_diag(mats, format=None, dtype=None)": ("mats",),
    "block_array(blocks, *, format=None, dtype=None)": ("blocks",),
    "bmat(blocks, format=None, dtype=None)": ("blocks",),
    "hstack(blocks, format=None, dtype=None)": ("blocks",),
    "vstack(blocks, format=None, dtype=None)": ("blocks",),
    "tril(A, k=0, format=None)": ("A",),
    "triu(A, k=0, format=None)": ("A",),
}
for _text, _own in MAKERS.items():
    general(f"scipy.sparse.{_text}", vjp=dict.fromkeys(_own, _varies), jvp=_varies_jvp, infer=_made)
for _name in CLASSES:
    general(
        f"scipy.sparse.{_name}(arg1, shape=None, dtype=None, copy=False)",
        vjp={"arg1": _varies},
        jvp=_varies_jvp,
        infer=_of_data,
    )
for _name in ("issparse", "isspmatrix"):
    zero(f"scipy.sparse.{_name}(x)", infer=lambda facts: Static(is_sparse(facts.types[0])))


# systems -------------------------------------------------------------------------------------------------------------
def _solved_type(facts: Facts) -> Type:
    right = as_content(facts.type("b"))
    shape = shape_of(right)
    if not is_sparse(facts.type("A")) or shape is None or len(shape) != 1:
        raise TypeProblem(
            f"`{facts.name}` of what are not known to be a sparse matrix and a vector", "solve column by column"
        )
    return Array(promote([Array("f8", ()), right]), shape)


general(
    "scipy.sparse.linalg.spsolve(A, b)",
    vjp={"b": lambda call, g: apply(call.b, call.rule.name, (turned(call, "A"), g))},
    jvp={"b": lambda call, dot: apply(call.b, call.rule.name, (call.values["A"], dot))},
    infer=_solved_type,
)


def _grown_type(facts: Facts) -> Type:
    right = as_content(facts.type("B"))
    if not is_sparse(facts.type("A")) or shape_of(right) is None or not isinstance(right, Array):
        raise TypeProblem(f"`{facts.name}` of what are not known to be a sparse matrix and an array", "annotate them")
    return Array(promote([Array("f8", ()), right]), right.shape)


general(
    "scipy.sparse.linalg.expm_multiply(A, B)",
    vjp={"B": lambda call, g: apply(call.b, call.rule.name, (turned(call, "A"), g))},
    jvp={"B": lambda call, dot: apply(call.b, call.rule.name, (call.values["A"], dot))},
    infer=_grown_type,
)
