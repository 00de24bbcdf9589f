"""What the entries of linear algebra share: types of matrices, transposes, the two conventions of complex adjoints.

Formulas in books pair adjoints and tangents by Re(conj(a_bar) * a_dot); here they are paired without the conjugate.
`standard` takes an adjoint from here to there, and `ours` back: both are np.conj, and nothing for real matrices.
"""

from __future__ import annotations

from dataclasses import replace

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Struct, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call, rank
from adgen.rules.infer import as_content, is_complex, promote, shape_of
from adgen.rules.operators import real_type
from adgen.rules.rule import Facts, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def matrix_type(facts: Facts, square: bool = True) -> Array | None:
    """The type of a matrix, or of many; None where the rank is not known."""
    type_ = as_content(facts.types[0])
    shape = shape_of(type_)
    if shape is None:
        return None
    if len(shape) < 2:
        kind = "square matrix" if square else "matrix"
        raise TypeProblem(f"`{facts.name}` of an array of rank {len(shape)}", f"pass a {kind}")
    rows, columns = shape[-2:]
    if square and isinstance(rows, int) and isinstance(columns, int) and rows != columns:
        raise TypeProblem(f"`{facts.name}` of a matrix of {rows} rows and {columns} columns", "pass a square one")
    return Array(float_dtype([type_]), shape)


def float_dtype(types: list[Type]) -> str | None:
    """The dtype in which linear algebra computes."""
    dtype = promote([as_content(type_) for type_ in types])
    return dtype if dtype is None or dtype[0] in "fc" else "f8"


def real_of(type_: Array) -> Array:
    """The real array beside a complex one."""
    found = real_type(Facts("", ("x",), (type_,), {}))
    assert isinstance(found, Array)
    return found


def tuple_of(*types: Type) -> Struct:
    """A tuple of these."""
    return Struct("tuple", tuple(str(k) for k in range(len(types))), types)


def unless_vague(found: Array | None) -> Type:
    """The type itself; unknown where the rank is not."""
    return UNKNOWN if found is None else found


def smaller(one: Dim, two: Dim) -> Dim:
    """The smaller of two dimensions, where that is known."""
    if one == two:
        return one
    return min(one, two) if isinstance(one, int) and isinstance(two, int) else None


# formulas ------------------------------------------------------------------------------------------------------------
def turned(call: Call, value: Value) -> Value:
    """The transpose of the last two axes."""
    return apply(call.b, "attr.T" if rank(value, call.rule.name) == 2 else "attr.mT", (value,))


def adjoint(call: Call, value: Value) -> Value:
    """The conjugate transpose of the last two axes."""
    return turned(call, standard(call, value))


def standard(call: Call, value: Value) -> Value:
    """The conjugate of complex values."""
    return apply(call.b, "np.conj", (value,)) if is_complex(value.type) else value


ours = standard


def columns(call: Call, m: Value, w: Value) -> Value:
    """The columns of a matrix times a line of weights each, for one matrix or many."""
    return call("m * w" if rank(m, call.rule.name) == 2 else "m * w[..., None, :]", m=m, w=w)


def rows(call: Call, w: Value, m: Value) -> Value:
    """The rows of a matrix times a line of weights each, for one matrix or many."""
    return call("w[..., None] * m" if rank(m, call.rule.name) > 2 else "w[:, None] * m", m=m, w=w)


def identity(call: Call, name: str = "a") -> Value:
    """The flags of the diagonal."""
    last = call.rank(name) - 1
    return call(f"np.eye({name}.shape[{last}], dtype=flag)", flag=call.b.const(bool, "bool"))


def lower_half(call: Call, m: Value) -> Value:
    """The lower triangle with half the diagonal."""
    last = rank(m, call.rule.name) - 1
    flags = call(f"np.eye(m.shape[{last}], dtype=flag)", m=m, flag=call.b.const(bool, "bool"))
    return call("np.tril(np.where(flags, 0.5 * m, m))", flags=flags, m=m)


def tangents(call: Call, *parts: Value) -> Value:
    """A tuple of tangents, each of the type of what it belongs to: its items are read without making the tuple."""
    wanted = call.y.type.items if isinstance(call.y.type, Struct) else tuple(part.type for part in parts)
    typed = [_typed(call, part, type_) for part, type_ in zip(parts, wanted, strict=True)]
    return call.b.pack(tuple_of(*(part.type for part in typed)), typed)


def _typed(call: Call, value: Value, type_: Type) -> Value:
    """A value that was just made, of a type that tells more of its shape."""
    ops = call.b.ops
    place = next((k for k, op in enumerate(ops) if op.results == (value,)), len(ops))
    later = ops[place + 1 :]
    if value.type == type_ or place == len(ops) or any(value in op.operands for op in later):
        return value
    typed = Value(type_, value.hint)
    ops[place] = replace(ops[place], results=(typed,))
    return typed


def is_zero(call: Call, g: Value) -> bool:
    """Whether an adjoint was never added to."""
    made = next((op for op in reversed(call.b.ops) if g in op.results), None)
    return made is not None and (made.name in ("zeros_like", "np.zeros_like") or call.b.constants.get(g) == 0.0)
