"""What types prove about shapes and dtypes; only what is proven is rewritten.

>>> from adgen.ir.types import FLOAT, Array, Sym, show
>>> v = Array("f8", (Sym("n"), 3))
>>> exact(v), exact(Array("f8", (None,))), show(product_type(FLOAT, v))
(True, False, 'f8[n, 3]')
"""

from __future__ import annotations

from adgen.ir.types import COMPLEX, FLOAT, INT, Array, Scalar, Type, Unknown
from adgen.rules.infer import same_dim


def exact(type_: Type) -> bool:
    """Whether equal types mean equal dtype and equal shape: a number, or an array whose dimensions are all known."""
    if isinstance(type_, Array):
        return type_.dtype is not None and type_.shape is not None and None not in type_.shape
    return isinstance(type_, Scalar)


def alike(first: Type, second: Type) -> bool:
    """Whether two arrays that a program combines are of one dtype and of one shape, whatever their sizes are called."""
    if not (isinstance(first, Array) and isinstance(second, Array) and exact(first) and exact(second)):
        return first == second and exact(first)
    one, other = first.shape or (), second.shape or ()
    return first.dtype == second.dtype and len(one) == len(other) and all(map(same_dim, one, other))


def is_number(type_: Type) -> bool:
    """A real or complex Python number, or an array of rank 0."""
    return type_ in (FLOAT, INT) or (isinstance(type_, Array) and type_.shape == () and type_.dtype is not None)


def is_array(type_: Type) -> bool:
    """An array of rank 1 or more with known dtype and shape."""
    return isinstance(type_, Array) and bool(type_.shape) and exact(type_)


def is_real(type_: Type) -> bool:
    """Real floating point."""
    return type_ == FLOAT or (isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] == "f")


def is_complex(type_: Type) -> bool:
    """Complex numbers."""
    return type_ == COMPLEX or (isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] == "c")


def keeps(result: Type, operand: Type) -> bool:
    """Whether a literal times the operand is of the operand's shape and dtype: the result's type says so."""
    return result == operand and isinstance(operand, Scalar | Array | Unknown)


def product_type(first: Type, second: Type) -> Type | None:
    """The type of an elementwise product, where it is plain; else None."""
    for one, other in ((first, second), (second, first)):
        if isinstance(one, Scalar):
            if isinstance(other, Scalar):
                return INT if first == second == INT else FLOAT if {first, second} <= {FLOAT, INT} else None
            return other if one in (FLOAT, INT) and is_real(other) else None
        if is_number(one) and isinstance(other, Array) and isinstance(one, Array) and one.dtype == other.dtype:
            return other
    return first if first == second and exact(first) else None
