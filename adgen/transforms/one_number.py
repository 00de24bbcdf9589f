"""A gradient is that of one real number: a result that is none is refused; where only the run can tell, it looks.

if np.sum(x) > 2: return x * x      ->      if np.ndim(t) != 0:
return np.sum(x * x)                            raise TypeError("`f` returned an array; ..")
"""

from __future__ import annotations

from dataclasses import replace

from adgen.errors import Diagnostic, Refusal
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import BOOL, INT, Array, Scalar, Struct, Type, Undef, Unknown, show
from adgen.transforms.reverse_stores import place_of

_WHY = "a gradient is that of one real number with respect to the arguments"
_HELP = "reduce the result (np.sum, ..), or use adgen.jacobian, adgen.vjp or adgen.jvp"


def one_number(func: Func, mode: str, aux: bool) -> Func:
    """The function, with a look at its result if its rank is not known: no types, or paths of different shapes."""
    type_ = func.result.type
    if aux:
        if not isinstance(type_, Struct) or len(type_.items) != 2 or type_.kind == "dict":
            why = "a function with has_aux returns the value and something more, which is handed on"
            raise _refusal(func, type_, "has_aux means `(value, more)`", why, "return a pair, or leave has_aux out")
        type_ = type_.items[0]
    scalar = isinstance(type_, Unknown) or type_ == Scalar("float")
    if isinstance(type_, Array):
        scalar = type_.shape in ((), None) and (type_.dtype is None or type_.dtype.startswith("f"))
    if not scalar:
        raise _refusal(func, type_, f"{mode} needs a real number" + " as the first of the pair" * aux, _WHY, _HELP)
    unsure = isinstance(type_, Unknown) or (isinstance(type_, Array) and type_.shape is None)
    return _with_look(func, type_, aux) if unsure else func


def _with_look(func: Func, type_: Type, aux: bool) -> Func:
    builder = Builder()
    value = builder.emit("item", "", (func.result,), type_, attrs={"slot": 0}) if aux else func.result
    rank = builder.emit("prim", "np.ndim", (value,), INT, attrs={"args": ("a",)})
    wrong = builder.emit("prim", "ne", (rank, builder.const(0)), BOOL, attrs={"args": ("a", "b")})
    inner = builder.child()
    text = f"`{func.name}` returned an array; a gradient needs one real number"
    inner.effect("effect", "raise", (), {"text": f"raise TypeError({text!r})"})
    builder.add(Op("if", "", (wrong,), (), (inner.block(()), Block((), (), ()))))
    return replace(func, block=Block(func.block.params, (*func.block.ops, *builder.ops), func.block.yields))


def _refusal(func: Func, type_: Type, what: str, why: str, help_: str) -> Refusal:
    result: Value = func.result
    span = next((op.span for op in reversed(func.block.ops) if result in op.results and op.span), None)
    return Refusal(
        [Diagnostic("E0140", f"`{func.name}` returns {_told(type_)}, and {what}", place_of(span), why, help_)]
    )


def _told(type_: Type) -> str:
    if isinstance(type_, Undef):
        return "nothing (every path raises)"
    kind = {"int": "an integer", "bool": "a flag", "complex": "a complex number"}
    if isinstance(type_, Scalar):
        return kind.get(type_.kind, type_.kind)
    return show(type_)
