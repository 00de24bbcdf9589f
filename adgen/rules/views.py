"""Functions whose result may share memory with an argument: keeping the result keeps the argument's memory.

>>> "np.transpose" in MAY_ALIAS, "np.exp" in MAY_ALIAS
(True, False)
>>> "np.diagonal" in READ_ONLY, READ_ONLY <= MAY_ALIAS
(True, True)

A test asks NumPy: for every entry of the table whether its result shares memory, and whether it can be written.
"""

from __future__ import annotations

from adgen.ir.core import Op, Value
from adgen.ir.types import Array
from adgen.rules.rule import REGISTRY

READ_ONLY = frozenset("""
    np.broadcast_to np.broadcast_arrays np.diagonal np.diag np.linalg.diagonal np.imag attr.imag
    np.from_dlpack np.frombuffer np.lib.stride_tricks.sliding_window_view
    """.split())  # their result may be impossible to write (an imaginary part: that of real numbers)
MAY_ALIAS = READ_ONLY | frozenset("""
    attr.T attr.mT attr.real attr.flat unbroadcast split_like filled max min adgen.stop_gradient hooked astype list
    adgen.on_adjoint adgen.implicit adgen.implicit_system adgen.follows
    np.asarray np.asarray_chkfinite np.astype
    np.asanyarray np.ascontiguousarray np.asfortranarray np.require np.atleast_1d np.atleast_2d
    np.atleast_3d np.conj np.conjugate np.diff np.einsum
    np.expand_dims np.histogram np.ix_ np.meshgrid np.flip np.fliplr np.flipud np.hsplit np.vsplit np.dsplit
    np.split np.array_split
    np.matrix_transpose np.linalg.matrix_transpose np.moveaxis np.nan_to_num np.permute_dims
    np.ravel np.real np.real_if_close np.reshape np.rollaxis np.rot90 np.squeeze np.swapaxes np.transpose
    np.fft.fftn np.fft.ifftn np.linalg.matrix_power np.polyder np.polyint
    np.trim_zeros np.unstack np.float64 np.float32 np.float16 np.complex128 np.complex64
    np.int64 np.int32 np.int8 np.uint8 np.bool_
    """.split())
WINDOWS = frozenset("""
    attr.mT attr.real attr.imag attr.flat np.transpose np.permute_dims np.matrix_transpose np.linalg.matrix_transpose
    np.swapaxes np.moveaxis np.rollaxis np.squeeze np.expand_dims np.flip np.fliplr np.flipud np.rot90
    np.real np.imag
    """.split())  # a write to their result is always one to their argument
SAME = frozenset(("np.asarray", "np.asanyarray"))  # of an array of the dtype that is asked for: the array itself
WIDENED = frozenset(("np.atleast_1d", "np.atleast_2d", "np.atleast_3d"))  # of one array: a view, or itself
BY_LAYOUT = frozenset(("np.reshape", "np.ravel"))  # of a C-contiguous array a view, of others a copy or a view
KEEP_LAYOUT = (
    BY_LAYOUT | SAME | WIDENED | frozenset(("np.squeeze", "np.expand_dims"))
)  # of a C-contiguous array: C-contiguous
OF_SEVERAL = frozenset(("np.meshgrid", "np.ix_", "np.broadcast_arrays"))  # views of each argument
NEVER_SHARED = frozenset(
    (("unbroadcast", "like"), ("split_like", "arrays"), ("resized", "like"), ("filled", "x"))
)  # of these only shape and dtype are read


def shares(op: Op) -> bool:
    """Whether the result of a call may share memory with an argument, as far as its arguments tell."""
    if op.name == "np.einsum":
        return list(_args(op)).count("operands") == 1  # `ij->ji` is a view, a product is new
    if op.name in ("astype", "np.meshgrid"):
        return "copy" in _args(op)
    if op.name == "np.array":
        return may_be_given(op)
    if _of_user(op):
        return True
    return op.name in MAY_ALIAS and not _makes_matrix(op)


def shared_operands(op: Op) -> tuple[Value, ...]:
    """The operands that the result of a call may share memory with, if it may with any."""
    if op.name == "np.histogram":  # its edges are the bins that were given
        return tuple(value for value, arg in zip(op.operands, _args(op), strict=False) if arg == "bins")
    if op.name == "np.einsum":
        return tuple(value for value, arg in zip(op.operands, _args(op), strict=False) if arg == "operands")
    return op.operands if op.name in OF_SEVERAL else op.operands[:1]


def may_be_given(op: Op) -> bool:
    """Whether it is `np.array(x, copy=None)`: x itself, if that is an array."""
    statics = op.attrs.get("statics")
    copied = statics.get("copy") if isinstance(statics, dict) else None
    return op.name == "np.array" and "copy" in _args(op) and copied is not True


def read_only(op: Op) -> bool:
    """Whether the result of a call may be impossible to write."""
    return (op.name in READ_ONLY and not _makes_matrix(op)) or _of_user(op)


def _of_user(op: Op) -> bool:
    """Whether it is a user's function, of which nothing is known."""
    rule = REGISTRY.get(op.name) if op.kind == "prim" else None
    return rule is not None and bool(rule.module)


def _makes_matrix(op: Op) -> bool:
    """Whether it is `np.diag` of a line: a new matrix."""
    type_ = op.result.type if op.name == "np.diag" else None
    return isinstance(type_, Array) and type_.shape is not None and len(type_.shape) == 2


def _args(op: Op) -> tuple[object, ...]:
    args = op.attrs.get("args", ())
    return args if isinstance(args, tuple) else ()
