"""Discrete Fourier transforms: all are linear, and each is the transpose of one of the others up to weights.

    y = np.fft.fft(a)       ->      a_bar = np.fft.fft(y_bar)                        (the real part for a real `a`)
    y = np.fft.rfft(a)      ->      a_bar = np.real(np.fft.fft(y_bar, n=a.shape[-1]))
    y = np.fft.irfft(a)     ->      a_bar = weights * np.conj(np.fft.rfft(y_bar, norm="forward"))

The weights of the last one are 1 for the frequencies that stand alone (zero, and the middle one of an even number), 2
for those that stand for a pair.  Adjoints are transposed, not conjugated (JAX's convention).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from adgen.ir.core import Value
from adgen.ir.types import NONE, Array, Dim, Struct, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import apply, dims, literal, shape_facts
from adgen.rules.asked import numpy_function
from adgen.rules.call import Call
from adgen.rules.infer import as_content, axes_of, code, dtype_of, shape_of
from adgen.rules.kinds import Piece, general, linear
from adgen.rules.rule import Facts, Infer, TypeProblem

OPPOSITE = {"backward": "forward", "forward": None, None: "forward", "ortho": "ortho"}  # None: the default


# types ---------------------------------------------------------------------------------------------------------------
@cache
def _dtype(name: str, dtype: str) -> str:
    return code(np.asarray(numpy_function(name)(np.ones((2, 2), dtype))).dtype)


def _default(name: str) -> object:
    """The axes where the call names none."""
    return (-2, -1) if name.endswith("2") else None if name.endswith("n") else -1


def _over(name: str, wanted: object, given: int | None, rank: int) -> tuple[int, ...]:
    """The transformed axes, in the order of the transforms' sizes."""
    many = tuple(range(rank - (rank if given is None else given), rank))
    axes = (wanted,) if isinstance(wanted, int) else many if wanted is None else wanted
    assert isinstance(axes, (tuple, list))
    if not axes:
        raise TypeProblem(f"`{name}` along no axis", "name the axes, or leave the transform out")
    for axis in axes:
        axes_of(axis, rank, name)
    return tuple(axis % rank for axis in axes)


def _plural(name: str) -> str:
    """The parameter that says which axes."""
    return "axes" if name[-1] in "n2" else "axis"


def _axes(call: Call) -> tuple[int, ...]:
    given = dims(call.b, call.values["s"]) if call.has("s") else None
    wanted = call.static(_plural(call.rule.name), _default(call.rule.name))
    found = _over(call.rule.name, wanted, None if given is None else len(given), call.rank("a"))
    if len({axis % call.rank("a") for axis in found}) < len(found):
        raise TypeProblem(f"the derivative of `{call.rule.name}` over one axis twice", "transform it in two calls")
    return found


def _transform(name: str) -> Infer:
    """The type of a transform: sizes are those of the array, of `n` or `s`, and what real ones make of the last."""
    short = name.rsplit(".", 1)[-1]

    def infer(facts: Facts) -> Type:
        type_ = as_content(facts.types[0])
        dtype = dtype_of(type_)
        if isinstance(type_, Unknown) or dtype is None:
            raise TypeProblem(f"`{name}` of an array whose dtype is not known", "give the types of the arguments")
        if short in ("rfft", "ihfft", "rfft2", "rfftn") and dtype[0] == "c":
            raise TypeProblem(f"`{name}` of complex numbers", f"use np.fft.{short.replace('r', '').replace('h', '')}")
        shape = shape_of(type_)
        if shape is None or shape == ():
            raise TypeProblem(f"`{name}` of what may be a number", "pass an array of known rank")
        sizes = shape_facts(facts.statics, "s" if short[-1] in "n2" else "n")
        wanted = facts.static(_plural(name), _default(name))
        out = list(shape)
        axes = _over(name, wanted, None if sizes is None else len(sizes), len(shape))
        for place, axis in enumerate(axes):
            out[axis] = _size(facts, sizes, place, shape[axis])
        last = axes[-1]
        if short in ("rfft", "rfft2", "rfftn", "ihfft"):
            out[last] = _half(out[last])
        elif short in ("irfft", "irfft2", "irfftn", "hfft") and _missing(facts, sizes):
            out[last] = _double(shape[last])
        return Array(_dtype(name, dtype), tuple(out))

    return infer


def _missing(facts: Facts, sizes: Sequence[Dim] | None) -> bool:
    """Whether the call leaves out the sizes."""
    named = "n" if "n" in facts.args else "s" if "s" in facts.args else None
    return named is None or (sizes is None and facts.type(named) == NONE)


def _size(facts: Facts, sizes: Sequence[Dim] | None, place: int, own: Dim) -> Dim:
    if _missing(facts, sizes):
        return own
    return sizes[place] if sizes is not None and place < len(sizes) else None


def _half(dim: Dim) -> Dim:
    return dim // 2 + 1 if isinstance(dim, int) else None


def _double(dim: Dim) -> Dim:
    return 2 * (dim - 1) if isinstance(dim, int) else None


# pieces --------------------------------------------------------------------------------------------------------------
def _run(call: Call, name: str, g: Value, norm: object = ..., **sizes: Value | None) -> Value:
    """Another transform along the same axes, with the norm of the call unless another one is given."""
    operands, args = [g], ["a"]
    for arg, value in sizes.items():
        if value is not None:
            operands, args = [*operands, value], [*args, arg]
    if "axis" not in args and "axes" not in args:
        for arg in ("axis", "axes"):
            if call.has(arg):
                operands, args = [*operands, call.values[arg]], [*args, arg]
    norm = call.static("norm") if norm is ... else norm
    if norm not in (None, "backward"):
        operands, args = [*operands, call.b.const(norm)], [*args, "norm"]
    return apply(call.b, f"np.fft.{name}", operands, args)


def _fitted(call: Call, out: Value) -> Value:
    """Cut off, or filled up with zeros, where the transform did so with its argument."""
    own, found = shape_of(call.type("a")), shape_of(out.type)
    if not (call.has("n") or call.has("s")) or (own == found and None not in (own or (None,))):
        return out
    return apply(call.b, "resized", (out, call.values["a"]))


def _itself(call: Call, g: Value) -> Value:
    """The transforms of all frequencies are symmetric matrices."""
    more = {} if call.has("axes") or not call.has("s") else {"axes": call.b.const(_axes(call))}
    return _fitted(call, _run(call, call.rule.name.removeprefix("np.fft."), g, **more))


def _length(call: Call) -> Value:
    """The number of values that a transform of real ones is of, along its last axis."""
    if call.has("n"):
        return call.values["n"]
    last = _axes(call)[-1]
    if call.has("s"):
        found = call.statics.get("s", literal(call.b, call.values["s"]))
        if not isinstance(found, (tuple, list)) and not isinstance(call.values["s"].type, Struct):
            raise TypeProblem(
                f"the derivative of `{call.rule.name}` of sizes that are not known", "write `s` as a tuple"
            )
        if isinstance(found, (tuple, list)) and found[-1] != -1:
            return call.b.const(found[-1])
        if not isinstance(found, (tuple, list)):
            return call.b.item(call.values["s"], len(_axes(call)) - 1)
    return call(f"a.shape[{last}]")


def _real_one(call: Call, g: Value) -> Value:
    return _fitted(call, call("np.real(v)", v=_run(call, "fft", g, n=_length(call))))


def _real_many(call: Call, g: Value) -> Value:
    axes = _axes(call)
    if len(axes) == 2:
        g = _run(call, "fft", g, axis=call.b.const(axes[0]))
    elif len(axes) > 2:
        g = _run(call, "fftn", g, axes=call.b.const(axes[:-1]))
    out = _run(call, "fft", g, n=_length(call), axis=call.b.const(axes[-1] - call.rank("a")))
    return _fitted(call, call("np.real(v)", v=out))


def _weighted(call: Call, half: Value) -> Value:
    """Twice what stands for a pair of frequencies."""
    axis = _axes(call)[-1]
    size = call(f"y.shape[{axis}]")
    weights = call("np.where(2 * np.arange(size // 2 + 1) % size == 0, 1.0, 2.0)", size=size)
    behind = call.rank("a") - 1 - axis
    if behind:
        weights = shapes.index(call.b, weights, ("s000", *"n" * behind), ())
    return _fitted(call, call("weights * half", weights=weights, half=half))


def _opposite(call: Call) -> object:
    norm = call.static("norm")
    if norm not in OPPOSITE:
        raise TypeProblem(f"`{call.rule.name}` with norm={norm!r}", "use backward, ortho or forward")
    return OPPOSITE[norm]


def _inverse_real(name: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        axes = {} if call.has("axes") or not call.has("s") else {"axes": call.b.const(_axes(call))}
        return _weighted(call, call("np.conj(half)", half=_run(call, name, g, _opposite(call), **axes)))

    return piece


def _hermitian(call: Call, g: Value) -> Value:
    return _weighted(call, _run(call, "rfft", g))


def _inverse_hermitian(call: Call, g: Value) -> Value:
    return _fitted(call, call("np.real(v)", v=_run(call, "ifft", g, n=_length(call))))


# entries -------------------------------------------------------------------------------------------------------------
def _entry(name: str, arguments: str, piece: Piece) -> None:
    full = f"np.fft.{name}"
    linear(f"{full}(a, {arguments}, norm=None)", {"a": piece}, infer=_transform(full), static=("norm", "s"))


for _name in ("fft", "ifft"):
    _entry(_name, "n=None, axis=-1", _itself)
for _name in ("fft2", "ifft2"):
    _entry(_name, "s=None, axes=(-2 -1)", _itself)
for _name in ("fftn", "ifftn"):
    _entry(_name, "s=None, axes=None", _itself)
_entry("rfft", "n=None, axis=-1", _real_one)
_entry("irfft", "n=None, axis=-1", _inverse_real("rfft"))
_entry("rfft2", "s=None, axes=(-2 -1)", _real_many)
_entry("irfft2", "s=None, axes=(-2 -1)", _inverse_real("rfft2"))
_entry("rfftn", "s=None, axes=None", _real_many)
_entry("irfftn", "s=None, axes=None", _inverse_real("rfftn"))
_entry("hfft", "n=None, axis=-1", _hermitian)
_entry("ihfft", "n=None, axis=-1", _inverse_hermitian)


def _shifted(other: str) -> Piece:
    def piece(call: Call, g: Value) -> Value:
        axes = [call.values["axes"]] if call.has("axes") else []
        return apply(call.b, f"np.fft.{other}", (g, *axes), ("x", "axes")[: 1 + len(axes)])

    return piece


def _same_type(facts: Facts) -> Type:
    return as_content(facts.types[0])


linear("np.fft.fftshift(x, axes=None)", {"x": _shifted("ifftshift")}, infer=_same_type)
linear("np.fft.ifftshift(x, axes=None)", {"x": _shifted("fftshift")}, infer=_same_type)


def _frequencies(half: bool) -> Infer:
    def infer(facts: Facts) -> Type:
        found = shape_facts(facts.statics, "n")
        size = found[0] if found is not None and len(found) == 1 else None
        return Array("f8", (_half(size) if half else size,))

    return infer


for _name in ("fftfreq", "rfftfreq"):
    general(
        f"np.fft.{_name}(n, d=1.0)",
        vjp={"d": "-np.sum(g * y) / d"},
        jvp={"d": "-y * d_dot / d"},
        infer=_frequencies(_name == "rfftfreq"),
    )

linear(
    "resized(v, like)",
    {"v": lambda call, g: apply(call.b, "resized", (g, call.values["v"]))},
    infer=lambda facts: Array(dtype_of(facts.types[0]), shape_of(facts.types[1])),
)
