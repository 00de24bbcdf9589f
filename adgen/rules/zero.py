"""Functions of arrays that carry no derivative: indices, orders, tests of shape; and counting by index.

k = np.argsort(x)      ->      nothing
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import BOOL, INT, UNKNOWN, Array, ListOf, Opaque, Struct, Type
from adgen.rules.apply import apply, shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import code, plain, reduced_shape, shape_of, ufunc_type
from adgen.rules.kinds import general, linear, zero
from adgen.rules.rule import Facts, Infer, TypeProblem


def _sorted_indices(facts: Facts) -> Type:
    shape = shape_of(facts.types[0])
    return Array("i8", shape if facts.static("axis", -1) is not None else (None,))


def _found(facts: Facts) -> Type:
    return Array("i8", shape_of(facts.type("v")))


def _line(facts: Facts) -> Type:
    return Array("i8", (None,))


def _mask(facts: Facts) -> Type:
    return Array("b1", shape_of(facts.types[0]))


zero("np.argsort(a, axis=-1, kind=None, *, stable=None)", infer=_sorted_indices)
zero("np.searchsorted(a, v, side='left', sorter=None)", infer=_found)
zero("np.flatnonzero(a)", infer=_line)


def _nonzero_type(facts: Facts) -> Type:
    """Index arrays, one for each axis."""
    shape = shape_of(facts.types[0])
    if shape is None:
        return Opaque("tuple of index arrays")
    return Struct("tuple", tuple(str(k) for k in range(len(shape))), (Array("i8", (None,)),) * len(shape))


zero("np.nonzero(a)", infer=_nonzero_type)
zero("np.isin(element, test_elements, assume_unique=False, invert=False, *, kind=None)", infer=_mask)
linear(
    "np.bincount(x, weights=None, minlength=0)",
    {"weights": "y_bar[x]"},
    infer=lambda facts: Array("f8" if facts.has("weights") else "i8", (None,)),
)


def _extents(facts: Facts) -> Type:
    """A tuple of as many integers as an array has axes, where that is known."""
    type_ = facts.types[0]
    if not isinstance(type_, Array) or type_.shape is None:
        return ListOf(INT)
    return Struct("tuple", tuple(str(k) for k in range(len(type_.shape))), (INT,) * len(type_.shape))


zero("np.shape(a)", infer=_extents)
zero("np.ndim(a)", infer=lambda facts: INT)
zero("np.size(a, axis=None)", infer=lambda facts: INT)
zero("np.isscalar(a)", infer=lambda facts: BOOL)
zero("np.tri(N, M=None, k=0, dtype=None)", infer=lambda facts: Array(None, (None, None)))
zero("np.shares_memory(a, b)", infer=lambda facts: BOOL)
zero("np.may_share_memory(a, b)", infer=lambda facts: BOOL)

zero("adgen.stop_gradient(x)", infer=lambda facts: facts.types[0])


# code on adjoints: the identity, whose adjoint is what a function of the user's makes of it ---------------------------
def _not_known(call: Call, g: Value) -> Value | None:
    raise TypeProblem(
        "the derivative of code on an adjoint (adgen.on_adjoint) is not known", "take it away for order 2"
    )


def _hooked_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return _not_known(call, call.y) if dots else None


general(
    "adgen.on_adjoint(x, fn)",
    vjp={"x": lambda call, g: apply(call.b, "hooked", (call.values["fn"], g))},
    jvp=lambda call, dots: dots.get("x"),
    infer=lambda facts: plain(facts.types[0]),
)
general(
    "hooked(fn, g)",
    vjp={"g": _not_known},
    jvp=_hooked_jvp,
    infer=lambda facts: plain(facts.type("g")),
    doc="what a function of the user's makes of an adjoint",
)


# places in arrays ----------------------------------------------------------------------------------------------------
def _indices(count: int) -> Infer:
    """Index arrays of one length, one for each axis."""
    line = Array("i8", (None,))
    return lambda facts: Struct("tuple", tuple(str(k) for k in range(count)), (line,) * count)


def _by_axis(facts: Facts) -> Type:
    """Index arrays, as many as there are dimensions."""
    dims = shape_facts(facts.statics)
    count = None if dims is None else len(dims)
    if count is None:
        raise TypeProblem(f"`{facts.name}` with a shape that is not known", "write the shape as a literal")
    at = shape_of(facts.types[0])
    type_: Type = INT if at == () else Array("i8", at)
    return Struct("tuple", tuple(str(k) for k in range(count)), (type_,) * count)


def _reduced_place(facts: Facts) -> Type:
    shape, axis = shape_of(facts.types[0]), facts.static("axis")
    keepdims = bool(facts.static("keepdims", False))
    if shape is None:
        return Array("i8", () if axis is None and not keepdims else None)
    return Array("i8", reduced_shape(shape, axis, keepdims, facts.name))


def _partly_sorted(facts: Facts) -> Type:
    return Array("i8", shape_of(facts.types[0]) if facts.static("axis", -1) is not None else (None,))


zero("np.argwhere(a)", infer=lambda facts: Array("i8", (None, len(shape_of(facts.types[0]) or ()) or None)))
zero("np.argpartition(a, kth, axis=-1, kind='introselect')", infer=_partly_sorted)
zero("np.lexsort(keys, axis=-1)", infer=lambda facts: Array("i8", None))
for _name in ("np.nanargmax", "np.nanargmin"):
    zero(f"{_name}(a, axis=None, *, keepdims=False)", infer=_reduced_place)
zero("np.ravel_multi_index(multi_index, dims, mode='raise', order='C')", infer=lambda facts: UNKNOWN)
zero("np.unravel_index(indices, shape, order='C')", infer=_by_axis)
zero("np.diag_indices(n, ndim=2)", infer=_indices(2))
zero("np.diag_indices_from(arr)", infer=_indices(2))
for _name in ("np.tril_indices", "np.triu_indices"):
    zero(f"{_name}(n, k=0, m=None)", infer=_indices(2))
    zero(f"{_name}_from(arr, k=0)", infer=_indices(2))

# kinds of numbers, bits, texts of shape ------------------------------------------------------------------------------
for _name in ("iscomplex", "isreal"):
    zero(f"np.{_name}(x)", infer=_mask)
for _name in ("isneginf", "isposinf"):
    zero(f"np.{_name}(x)", infer=_mask)
for _name in ("iscomplexobj", "isrealobj"):
    zero(f"np.{_name}(x)", infer=lambda facts: BOOL)
zero("np.array_equiv(a1, a2)", infer=lambda facts: BOOL)
zero("np.broadcast_shapes(*args)", infer=lambda facts: Opaque("shape"))
zero("np.bitwise_count(x)", infer=lambda facts: Array("u1", shape_of(facts.types[0])))
zero("np.packbits(a, axis=None)", infer=lambda facts: Array("u1", None))
zero("np.unpackbits(a, axis=None)", infer=lambda facts: Array("u1", None))
zero("np.spacing(x)", infer=lambda facts: ufunc_type("spacing", facts.types))
for _name in ("bartlett", "blackman", "hamming", "hanning"):
    zero(f"np.{_name}(M)", infer=lambda facts: Array("f8", (None,)))
for _name in ("itemsize", "nbytes"):
    zero(f"attr.{_name}(x)", infer=lambda facts: INT)


# bins and grids ------------------------------------------------------------------------------------------------------
def _grid(facts: Facts) -> Type:
    sizes = shape_facts(facts.statics, "dimensions")
    if sizes is None or facts.static("sparse", False):
        raise TypeProblem("`np.indices` of a shape of unknown rank, or sparse", "write the shape, or use np.ix_")
    asked = facts.static("dtype")
    return Array("i8" if asked is None else code(asked), (len(sizes), *sizes))


zero("np.digitize(x, bins, right=False)", infer=lambda facts: Array("i8", shape_of(facts.types[0])))
zero("np.indices(dimensions, dtype=None, sparse=False)", infer=_grid, static=("sparse",))
