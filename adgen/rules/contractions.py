"""Sums of products along chosen axes: einsum, tensordot, kron, cross, convolve.

    y = np.einsum("ij,jk->ik", a, b)     ->      a_bar = np.einsum("ik,jk->ij", y_bar, b)
    y = np.convolve(a, v)                ->      a_bar = np.convolve(y_bar, v[::-1], mode="valid")

Adjoints of complex arrays are transposed, not conjugated (JAX's convention).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.infer import as_array, code, known_not_one, promote, rank_of, shape_of
from adgen.rules.kinds import Piece, general, variadic
from adgen.rules.rule import Facts, TypeProblem

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


# einsum --------------------------------------------------------------------------------------------------------------
class Terms(NamedTuple):
    """Subscripts with a letter for every axis, also for those that an ellipsis stands for."""

    inputs: tuple[str, ...]
    output: str
    spread: str  # letters of an ellipsis: such axes broadcast


def subscripts(text: object, ranks: Sequence[int | None]) -> Terms:
    """Read the subscripts of a call for operands of these ranks (None: not known).

    >>> subscripts("ij,jk", (2, 2))
    Terms(inputs=('ij', 'jk'), output='ik', spread='')
    >>> subscripts("...i,...i->...", (3, 2))
    Terms(inputs=('abi', 'bi'), output='ab', spread='ab')
    """
    if not isinstance(text, str):
        raise TypeProblem("`np.einsum` whose subscripts are not a literal", "write the subscripts as a string")
    left, arrow, right = text.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        raise TypeProblem(f"`np.einsum` with {len(ranks)} arrays for {len(terms)} terms", "correct the subscripts")
    if not arrow:
        letters = "".join(terms).replace(".", "")
        right = "".join(sorted(letter for letter in dict.fromkeys(letters) if letters.count(letter) == 1))
        right = "..." + right if "..." in left else right
    counts = [_hidden(term, rank) for term, rank in zip(terms, ranks, strict=True)]
    free = [letter for letter in LETTERS if letter not in left]
    spread = "".join(free[: max(counts, default=0)])
    inputs = tuple(
        term.replace("...", spread[len(spread) - count :]) for term, count in zip(terms, counts, strict=True)
    )
    return Terms(inputs, right.replace("...", spread), spread)


def _hidden(term: str, rank: int | None) -> int:
    """How many axes an ellipsis stands for."""
    if "..." in term:
        if rank is None:
            raise TypeProblem("`np.einsum` with an ellipsis for an array of unknown rank", "annotate it")
        return max(rank - len(term) + 3, 0)
    if rank is not None and rank != len(term):
        raise TypeProblem(f"`np.einsum` term `{term}` for an array of rank {rank}", "correct the subscripts")
    return 0


def _einsum_type(facts: Facts) -> Type:
    types = [as_array(type_) for type_ in facts.all("operands")]
    terms = subscripts(facts.static("subscripts"), [rank_of(type_) for type_ in types])
    table: dict[str, Dim] = {}
    for term, type_ in zip(terms.inputs, types, strict=True):
        for letter, dim in zip(term, shape_of(type_) or (), strict=False):
            known = table.get(letter, 1)
            if known == 1 or not (isinstance(known, int) or known_not_one(known)):
                table[letter] = dim if dim != 1 or known == 1 else known
    dtype = None if any(isinstance(type_, Unknown) for type_ in types) else promote(types)
    wanted = facts.static("dtype")
    dtype = dtype if wanted is None else code(wanted)
    seen = all(rank_of(type_) is not None for type_ in types)
    return Array(dtype, tuple(table.get(letter) if seen else None for letter in terms.output))


def _einsum_pull(call: Call, g: Value, k: int) -> Value:
    """The adjoint of operand k: an einsum of the others and g, broadcast along axes that were summed alone."""
    b = call.b
    operands = [value for arg, value in zip(call.args, call.op.operands, strict=True) if arg == "operands"]
    terms = subscripts(call.static("subscripts"), [rank_of(value.type) for value in operands])
    own = "".join(dict.fromkeys(terms.inputs[k]))
    rest = [(term, value) for place, (term, value) in enumerate(zip(terms.inputs, operands, strict=True)) if place != k]
    inputs = [(terms.output, g), *rest]
    present = "".join(letter for letter in own if _held(letter, inputs, (terms.inputs[k], operands[k])))
    if inputs == [(present, g)]:
        out = g
    else:
        text = ",".join(term for term, _ in inputs) + "->" + present
        values, args = [b.const(text), *(value for _, value in inputs)], ["subscripts", *("operands" for _ in inputs)]
        if call.has("optimize"):
            values, args = [*values, call.values["optimize"]], [*args, "optimize"]
        out = apply(b, "np.einsum", values, args)
    missing = tuple(place for place, letter in enumerate(own) if letter not in present)
    if present and missing:
        out = call("np.expand_dims(v, axis)", v=out, axis=shapes.axis_value(b, missing))
    out = _on_diagonals(call, out, operands[k], terms.inputs[k])
    if missing:
        return shapes.expand(b, out, operands[k])
    return shapes.unbroadcast(b, out, operands[k])


def _held(letter: str, inputs: Sequence[tuple[str, Value]], own: tuple[str, Value]) -> bool:
    """Whether an axis of an operand is one of something else too, of the same size (size 1 broadcasts)."""
    if not any(letter in term for term, _ in inputs):
        return False
    return _size(letter, *own) == 1 or any(letter in term and _size(letter, term, value) != 1 for term, value in inputs)


def _size(letter: str, term: str, value: Value) -> Dim:
    shape = shape_of(value.type)
    return shape[term.index(letter)] if shape is not None and letter in term else None


def _on_diagonals(call: Call, out: Value, operand: Value, term: str) -> Value:
    """For a term like `ii`: what was found for `i` on the diagonal, zeros beside it."""
    for place, letter in enumerate(term):
        first = term.index(letter)
        if first == place:
            continue
        later = [other for other in dict.fromkeys(term[place + 1 :]) if other not in term[: place + 1]]
        rank = place + 1 + len(later)
        if shape_of(operand.type) is None:
            raise TypeProblem("the derivative of `np.einsum` by an argument of unknown rank", "annotate it")
        size = call.b.item(apply(call.b, "attr.shape", (operand,)), place)
        flags = call("np.eye(n, dtype=flag)", n=size, flag=call.b.const(bool, "bool"))
        others = tuple(axis for axis in range(rank) if axis not in (first, place))
        if others:
            flags = call("np.expand_dims(v, axis)", v=flags, axis=shapes.axis_value(call.b, others))
        if not shapes.is_scalar(out.type):
            out = call("np.expand_dims(v, axis)", v=out, axis=call.b.const(place))
        out = call("np.where(flags, v, 0.0)", flags=flags, v=out)
    return out


def _einsum_push(call: Call, dot: Value, k: int) -> Value | None:
    return call.repeat([dot if place == k else value for place, value in enumerate(call.op.operands)])


variadic(
    "np.einsum(subscripts, *operands, *, optimize=False, dtype=None, order='K', casting='safe')",
    lambda call, g, k: _einsum_pull(call, g, k - 1),
    _einsum_push,
    infer=_einsum_type,
)


# tensordot -----------------------------------------------------------------------------------------------------------
class Pairing(NamedTuple):
    """Which axes of two arrays are summed together, and which are free."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    free_a: tuple[int, ...]
    free_b: tuple[int, ...]


def pairing(given: object, rank_a: int, rank_b: int) -> Pairing:
    """Read the `axes` of a tensordot.

    >>> pairing(1, 2, 2)
    Pairing(a=(1,), b=(0,), free_a=(0,), free_b=(1,))
    """
    if isinstance(given, int):
        if not 0 <= given <= min(rank_a, rank_b):
            raise TypeProblem(f"`np.tensordot` over {given} axes of arrays of rank {rank_a} and {rank_b}", "use fewer")
        over_a, over_b = tuple(range(rank_a - given, rank_a)), tuple(range(given))
    else:
        if not isinstance(given, (tuple, list)) or len(given) != 2:
            raise TypeProblem(f"`np.tensordot` with axes {given!r}", "give a number, or two tuples of axes")
        one, two = ((axes,) if isinstance(axes, int) else tuple(axes) for axes in given)
        over_a, over_b = tuple(axis % rank_a for axis in one), tuple(axis % rank_b for axis in two)
    free_a = tuple(axis for axis in range(rank_a) if axis not in over_a)
    return Pairing(over_a, over_b, free_a, tuple(axis for axis in range(rank_b) if axis not in over_b))


def _tensordot_type(facts: Facts) -> Type:
    types = [as_array(type_) for type_ in facts.types[:2]]
    one, two = (shape_of(type_) for type_ in types)
    if one is None or two is None:
        return UNKNOWN
    found = pairing(facts.static("axes", 2), len(one), len(two))
    dims = [one[axis] for axis in found.free_a] + [two[axis] for axis in found.free_b]
    return Array(promote(types), tuple(dims))


def _tensordot_a(call: Call, g: Value) -> Value:
    found = pairing(call.static("axes", 2), call.rank("a"), call.rank("b"))
    lead = len(found.free_a)
    over = _over(tuple(range(lead, lead + len(found.free_b))), found.free_b)
    out = call("np.tensordot(g, b, axes=over)", g=g, over=call.b.const(over))
    # its axes: the free ones of a, then the summed ones in the order of b
    order = [*found.free_a, *(axis for _, axis in sorted(zip(found.b, found.a, strict=True)))]
    return _ordered(call, out, order)


def _tensordot_b(call: Call, g: Value) -> Value:
    found = pairing(call.static("axes", 2), call.rank("a"), call.rank("b"))
    over = _over(found.free_a, tuple(range(len(found.free_a))))
    out = call("np.tensordot(a, g, axes=over)", g=g, over=call.b.const(over))
    order = [*(axis for _, axis in sorted(zip(found.a, found.b, strict=True))), *found.free_b]
    return _ordered(call, out, order)


def _over(one: tuple[int, ...], two: tuple[int, ...]) -> object:
    """The axes as people write them."""
    return (one[0], two[0]) if len(one) == 1 else (one, two)


def _ordered(call: Call, out: Value, order: Sequence[int]) -> Value:
    """Put axis k of the value where `order[k]` says."""
    if list(order) == sorted(order):
        return out
    inverse = tuple(list(order).index(axis) for axis in range(len(order)))
    return call("np.transpose(v, axes)", v=out, axes=call.b.const(inverse))


def _with_axes(call: Call, a: Value, b: Value) -> Value:
    return apply(call.b, "np.tensordot", (a, b, *call.op.operands[2:]), call.args)


general(
    "np.tensordot(a, b, axes=2)",
    vjp={"a": _tensordot_a, "b": _tensordot_b},
    jvp={
        "a": lambda call, dot: _with_axes(call, dot, call.values["b"]),
        "b": lambda call, dot: _with_axes(call, call.values["a"], dot),
    },
    infer=_tensordot_type,
)


# kron, cross, convolve -----------------------------------------------------------------------------------------------
def _kron_type(facts: Facts) -> Type:
    types = [as_array(type_) for type_ in facts.types[:2]]
    one, two = (shape_of(type_) for type_ in types)
    if one is None or two is None:
        return UNKNOWN
    rank = max(len(one), len(two))
    lines = ((1,) * (rank - len(shape)) + shape for shape in (one, two))
    return Array(promote(types), tuple(_product(a, b) for a, b in zip(*lines, strict=True)))


def _product(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    return a if b == 1 else b if a == 1 else None


def _blocks(call: Call, g: Value) -> Value:
    """The adjoint with an axis for rows of a, rows of b, columns of a, columns of b."""
    rank, sizes = max(call.rank("a"), call.rank("b")), []
    for axis in range(rank):
        for name in ("a", "b"):
            own = axis - rank + call.rank(name)
            sizes.append(f"{name}.shape[{own}]" if own >= 0 else "1")
    return call(f"np.reshape(g, ({', '.join(sizes)}))", g=g)


def _kron_side(own: str, other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        if 0 in (call.rank("a"), call.rank("b")):
            return shapes.unbroadcast(call.b, call(f"g * {other}", g=g), call.values[own])
        blocks = _blocks(call, g)
        if call.rank("a") == call.rank("b") == 1:
            return call("t @ b" if own == "a" else "a @ t", t=blocks)
        rank = max(call.rank("a"), call.rank("b"))
        letters = {"a": LETTERS[8 : 8 + rank], "b": LETTERS[15 : 15 + rank]}  # ij.., pq..
        both = "".join(one + two for one, two in zip(letters["a"], letters["b"], strict=True))
        terms = {name: letters[name][rank - call.rank(name) :] for name in letters}
        text = call.b.const(f"{both},{terms[other]}->{terms[own]}")
        return apply(call.b, "np.einsum", (text, blocks, call.values[other]))

    return piece


general(
    "np.kron(a, b)",
    vjp={"a": _kron_side("a", "b"), "b": _kron_side("b", "a")},
    jvp={"a": "np.kron(a_dot, b)", "b": "np.kron(a, b_dot)"},
    infer=_kron_type,
)


def _convolve_type(facts: Facts) -> Type:
    types = [as_array(type_) for type_ in facts.types[:2]]
    lines = [shape_of(type_) for type_ in types]
    if any(shape is not None and len(shape) != 1 for shape in lines):
        raise TypeProblem("`np.convolve` of arrays that are not lines", "convolve row by row")
    mode = facts.static("mode", "full")
    sizes = [shape[0] if shape is not None else None for shape in lines]
    dim: Dim = None
    if all(isinstance(size, int) for size in sizes):
        low, high = sorted(size for size in sizes if isinstance(size, int))
        dim = {"full": low + high - 1, "same": high, "valid": high - low + 1}.get(str(mode))
    dtype = None if any(isinstance(type_, Unknown) for type_ in types) else promote(types)
    return Array(dtype, (dim,))


def _full(call: Call, g: Value) -> Value:
    """The adjoint with zeros for the ends that the mode leaves out."""
    mode = call.static("mode", "full")
    if mode == "full":
        return g
    less = call("min(a.size, v.size) - 1")
    left = less if mode == "valid" else call("less // 2", less=less)
    right = less if mode == "valid" else call("less - left", less=less, left=left)
    return call("np.concatenate((np.zeros(left), g, np.zeros(right)))", g=g, left=left, right=right)


def _convolve_a(call: Call, g: Value) -> Value:
    return call("np.convolve(g, v[::-1], mode=mode)", g=_full(call, g), mode=call.b.const("valid"))


def _convolve_v(call: Call, g: Value) -> Value:
    return call("np.convolve(g, a[::-1], mode=mode)", g=_full(call, g), mode=call.b.const("valid"))


def _mode(call: Call) -> Value:
    return call.b.const(call.static("mode", "full"))


general(
    "np.convolve(a, v, mode='full')",
    vjp={"a": _convolve_a, "v": _convolve_v},
    jvp={
        "a": lambda call, dot: call("np.convolve(dot, v, mode=mode)", dot=dot, mode=_mode(call)),
        "v": lambda call, dot: call("np.convolve(a, dot, mode=mode)", dot=dot, mode=_mode(call)),
    },
    infer=_convolve_type,
    static=("mode",),
)
