"""The constructors of table entries: elementwise, linear, general, zero.

    elementwise("np.tanh(x)", "1.0 - y * y")            one derivative for each argument, from inputs or the output
    linear("np.cumsum(a, axis=None)", transpose={...})   the tangent is the function itself
    general("np.dot(a, b)", vjp={...}, jvp={...})        both directions spelt out
    zero("np.floor(x)")                                  no derivative, or zero almost everywhere

A formula that contains `g` is used as it is, with the adjoint or tangent for `g`; any other is multiplied by it.

>>> from adgen.rules.table import lookup
>>> rule = lookup("np.tanh")
>>> rule.kind, rule.formulas, [param.name for param in rule.params]
('elementwise', ('1.0 - y * y',), ['x', 'dtype', 'casting', 'order', 'subok'])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import NONE, Array, Static, Struct, Type, Unknown, tangent
from adgen.rules import formula, shapes
from adgen.rules.apply import apply, content_of
from adgen.rules.asked import as_asked, is_ufunc, numpy_function, probe_infer, ufunc_infer, with_dtype
from adgen.rules.call import Call, filled, scaled
from adgen.rules.infer import plain
from adgen.rules.lists import as_arrays, dots_as_arrays, of_lists, still_as_arrays
from adgen.rules.masks import guarded
from adgen.rules.rule import (
    REGISTRY,
    Facts,
    Infer,
    Jvp,
    Param,
    Rule,
    TypeProblem,
    Vjp,
    args_of,
    parse_signature,
    register,
)

__all__ = ["REGISTRY", "Call", "Facts", "Param", "Rule", "TypeProblem"]
__all__ += ["elementwise", "general", "linear", "variadic", "zero"]

Piece = str | Callable[[Call, Value], Value | None]  # a formula, or a function of the call and the adjoint or tangent
Joint = Callable[[Call, Mapping[str, Value]], Value | None]
NO_DERIVATIVE = "0"


def elementwise(
    signature: str,
    *derivatives: Piece,
    infer: Infer | None = None,
    doc: str = "",
    kinks: str = "",
    peeks: Sequence[str] = (),
    domain: Mapping[str, object] | None = None,
    shown: Sequence[str] = (),
    joint: str = "",
) -> Rule:
    """A function that acts on each element of its broadcast arguments; `shown` says formulas that functions build.

    `joint` is the tangent where all arguments that have derivatives vary, if that is no sum.
    """
    numpy_ufunc = is_ufunc(signature.partition("(")[0])
    if numpy_ufunc:
        signature = with_dtype(signature)
    name, params, result = parse_signature(signature)
    table = dict(zip((param.name for param in params), derivatives, strict=False))

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, as_arrays(b, rule, op))
        return of_lists(b, op, call.op, wrt, [_elementwise_vjp(call, k, table, y_bar) for k in wrt])

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        call = Call(b, rule, as_arrays(b, rule, op))
        return _elementwise_jvp(call, table, dots_as_arrays(b, op, call.op, dots), joint)

    typing = infer or ufunc_infer(name)
    typing = as_asked(typing) if numpy_ufunc else typing
    pieces = tuple(shown) or derivatives
    rule = _rule(signature, "elementwise", typing, vjp, jvp, doc, kinks, pieces, peeks, (), domain)
    return rule


def linear(
    signature: str,
    transpose: Mapping[str, Piece],
    infer: Infer | None = None,
    doc: str = "",
    static: Sequence[str] = (),
) -> Rule:
    """A function that is linear in the arguments named by `transpose`, all together."""
    over = tuple(transpose)

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, still_as_arrays(b, rule, op, over))
        return of_lists(b, op, call.op, wrt, [_piece_vjp(call, k, transpose, y_bar) for k in wrt])

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        if all(dot is None for arg, dot in zip(args_of(op), dots, strict=True) if arg in over):
            return None
        call = Call(b, rule, still_as_arrays(b, rule, op, over))
        moved = zip(call.args, call.op.operands, dots_as_arrays(b, op, call.op, dots), strict=True)
        return call.repeat([filled(b, dot, value) if arg in over else value for arg, value, dot in moved])

    pieces = tuple(transpose.values())
    rule = _rule(signature, "linear", infer, vjp, jvp, doc, "", pieces, (), over, None, static)
    return rule


def general(
    signature: str,
    vjp: Mapping[str, Piece],
    jvp: Mapping[str, Piece] | Joint,
    infer: Infer | None = None,
    doc: str = "",
    kinks: str = "",
    static: Sequence[str] = (),
    peeks: Sequence[str] = (),
) -> Rule:
    """A function with both directions spelt out; a mapping of tangent pieces is summed over the arguments."""

    def vjp_rule(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, still_as_arrays(b, rule, op, tuple(vjp)))
        return of_lists(b, op, call.op, wrt, [_piece_vjp(call, k, vjp, y_bar) for k in wrt])

    def jvp_rule(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        call = Call(b, rule, still_as_arrays(b, rule, op, tuple(vjp)))
        pairs = zip(call.args, dots_as_arrays(b, op, call.op, dots), strict=True)
        given = {arg: dot for arg, dot in pairs if dot is not None}
        out = jvp(call, given) if callable(jvp) else _sum_pieces(call, jvp, given)
        return None if out is None else shapes.cast(b, out, call.y)

    pieces = (*vjp.values(), *(() if callable(jvp) else jvp.values()))
    rule = _rule(signature, "general", infer, vjp_rule, jvp_rule, doc, kinks, pieces, peeks, (), None, static)
    return rule


def variadic(
    signature: str,
    pull: Callable[[Call, Value, int], Value | None],
    push: Callable[[Call, Value, int], Value | None],
    infer: Infer,
    doc: str = "",
    kinks: str = "",
    static: Sequence[str] = (),
) -> Rule:
    """A function whose operands are told apart by position; the tangent is the sum of what `push` gives."""

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, op)
        out: list[Value | None] = []
        for k in wrt:
            type_ = tangent(content_of(op.operands[k].type))
            part = None if type_ is None else pull(call, y_bar, k)
            out.append(None if part is None or type_ is None else fit(b, part, op.operands[k], type_))
        return out

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        call = Call(b, rule, op)
        total: Value | None = None
        for k, dot in enumerate(dots):
            part = None if dot is None else push(call, dot, k)
            if part is not None:
                total = part if total is None else _plus(b, total, part)
        return None if total is None else shapes.cast(b, total, op.result)

    rule = _rule(signature, "general", infer, vjp, jvp, doc, kinks, (), (), (), None, static)
    return rule


def zero(
    signature: str,
    infer: Infer | None = None,
    doc: str = "",
    static: Sequence[str] = (),
) -> Rule:
    """A function without derivative (its result is no real number) or whose derivative is zero almost everywhere."""
    name = signature.partition("(")[0]
    if is_ufunc(name):
        signature, typing = with_dtype(signature), infer or ufunc_infer(name)
        infer = as_asked(typing, numpy_function(name))
    return _rule(signature, "zero", infer, _no_vjp, _no_jvp, doc, "", (), (), (), None, static)


def _rule(
    signature: str,
    kind: str,
    infer: Infer | None,
    vjp: Vjp,
    jvp: Jvp,
    doc: str,
    kinks: str,
    pieces: Sequence[Piece],
    peeks: Sequence[str],
    over: tuple[str, ...],
    domain: Mapping[str, object] | None,
    static: Sequence[str] = (),
) -> Rule:
    name, params, result = parse_signature(signature, static)
    texts = tuple(piece for piece in pieces if isinstance(piece, str))
    typing = infer or probe_infer(name)
    extra = tuple(peeks)
    return register(Rule(name, params, result, kind, typing, vjp, jvp, doc, kinks, texts, extra, over, domain or {}))


# derivatives ---------------------------------------------------------------------------------------------------------
def _no_vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
    return [None for _ in wrt]


def _no_jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
    return None


def _run(call: Call, piece: Piece, g: Value, name: str) -> Value | None:
    """A piece as it is written: functions are called, formulas built with `g`, `y_bar` and `x_dot` meaning `g`."""
    if not isinstance(piece, str):
        return piece(call, g)
    return None if piece == NO_DERIVATIVE else call(piece, g=g, y_bar=g, **{name + "_dot": g})


def _elementwise_vjp(call: Call, k: int, table: Mapping[str, Piece], y_bar: Value) -> Value | None:
    operand, name = call.op.operands[k], call.args[k]
    piece = table.get(name, NO_DERIVATIVE)
    if piece == NO_DERIVATIVE or tangent(content_of(operand.type)) is None:
        return None
    like = None if _whole(call, operand) else operand
    call = guarded(call, y_bar)
    if isinstance(piece, str) and not _uses_g(piece):
        out: Value | None = scaled(call, y_bar, formula.parse(piece), like)
    else:
        out = _run(call, piece, y_bar, name)
        if out is not None and like is not None:
            out = shapes.unbroadcast(call.b, out, like)
    return None if out is None else shapes.cast(call.b, out, operand)


def _uses_g(piece: str) -> bool:
    return "g" in formula.names(formula.parse(piece))


def _whole(call: Call, operand: Value) -> bool:
    """Whether the operand certainly has the result's shape and dtype: all others are numbers or the same value."""
    others = [value for value in call.op.operands if value is not operand]
    if "size" in call.args:  # of a random draw: the result has that size
        return False
    if _vague(operand.type) and (call.rule.name in WIDENING or _widened(others)):
        return False
    return all(shapes.is_scalar(value.type) or isinstance(value.type, Static) for value in others) and not (
        shapes.is_scalar(operand.type) and others and not shapes.is_scalar(call.y.type)
    )


# functions whose result is in double precision, whatever they are given
WIDENING = ("np.float_power", "psi_gap", "gamma_density", "beta_density", "voigt")


def _vague(type_: Type) -> bool:
    """Whether the dtype is not known."""
    content = plain(type_)
    return isinstance(content, Unknown) or (isinstance(content, Array) and content.dtype is None)


def _widened(others: Sequence[Value]) -> bool:
    """Whether one of the operands, a number of NumPy's such as `np.float64(1.5)`, may make the result wider."""
    return any(isinstance(plain(value.type), Array) for value in others)


def _elementwise_jvp(
    call: Call, table: Mapping[str, Piece], dots: Sequence[Value | None], joint: str = ""
) -> Value | None:
    total: Value | None = None
    seen: list[str] = []
    moving = {f"{name}_dot": dot for name, dot in zip(call.args, dots, strict=True) if dot is not None}
    if joint and all(f"{name}_dot" in moving for name, piece in table.items() if piece != NO_DERIVATIVE):
        total, seen, dots = call(joint, **moving), list(table), [None] * len(dots)
    for name, dot in zip(call.args, dots, strict=True):
        piece = table.get(name, NO_DERIVATIVE)
        if dot is None or piece == NO_DERIVATIVE:
            continue
        if isinstance(piece, str) and not _uses_g(piece):
            part: Value | None = scaled(call, dot, formula.parse(piece))
        else:
            part = _run(call, piece, dot, name)
        if part is None:
            continue
        seen += [name, *(formula.names(formula.parse(piece)) if isinstance(piece, str) else ())]
        total = part if total is None else _plus(call.b, total, part)
    if total is None:
        return None
    covered = call.rule.result in seen or all(
        arg != "size" and arg in seen or shapes.is_scalar(value.type) or isinstance(value.type, Static)
        for arg, value in zip(call.args, call.op.operands, strict=True)
    )
    whole = covered and not (shapes.is_scalar(total.type) and not shapes.is_scalar(call.y.type))
    if _vague(call.y.type) and (call.rule.name in WIDENING or _narrow(call, dots)):
        return shapes.unbroadcast(call.b, total, call.y)
    return shapes.cast(call.b, total if whole else shapes.expand(call.b, total, call.y), call.y)


SELECTING = frozenset(
    "add sub mod np.add np.subtract np.mod np.fmod np.maximum np.minimum np.fmax np.fmin np.clip np.where".split()
)  # their tangents are those of an argument, or sums of them


def _narrow(call: Call, dots: Sequence[Value | None]) -> bool:
    """Whether a constant of a known dtype makes the result wider than the tangent."""
    still = [value for value, dot in zip(call.op.operands, dots, strict=True) if dot is None]
    return call.rule.name in SELECTING and any(
        isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] in "fc"
        for type_ in (plain(value.type) for value in still)
    )


def _plus(b: Builder, total: Value, part: Value) -> Value:
    """The sum of two tangents; a negated one is subtracted."""
    last = b.ops[-1] if b.ops else None
    if last is not None and last.name == "neg" and last.results == (part,) and last.kind == "prim":
        b.ops.pop()
        return apply(b, "sub", (total, last.operands[0]))
    return shapes.add(b, total, part)


def _piece_vjp(call: Call, k: int, table: Mapping[str, Piece], y_bar: Value) -> Value | None:
    operand, name = call.op.operands[k], call.args[k]
    piece = table.get(name, NO_DERIVATIVE)
    type_ = tangent(content_of(operand.type))
    if piece == NO_DERIVATIVE or type_ is None:
        return None
    out = _run(call, piece, y_bar, name)
    if out is y_bar and call.rule.name in CONVERTING and isinstance(content_of(operand.type), Unknown):
        return shapes.unbroadcast(call.b, out, operand)  # it fits the result, whoever made it
    return None if out is None else fit(call.b, out, operand, type_)


CONVERTING = ("np.float16", "np.float32", "np.float64", "np.complex64", "np.complex128", "astype", "np.astype")


# what gives adjoints of the operand's own shape and dtype, whatever these are
SETTLED = (
    "unbroadcast zeros_like matmul_left matmul_right np.dot_left np.dot_right np.broadcast_to np.ones_like "
    "np.zeros_like np.full_like"
).split()


def fit(b: Builder, value: Value, operand: Value, type_: Type) -> Value:
    """A contribution in the dtype of the operand, slot by slot for structures."""
    if isinstance(type_, Struct):
        items = [
            b.const(None) if part == NONE else fit(b, b.item(value, k), b.item(operand, k), part)
            for k, part in enumerate(type_.items)
        ]
        return b.pack(type_, items)
    if isinstance(content_of(operand.type), Unknown) and not any(
        op.results == (value,) and op.name in SETTLED for op in b.ops
    ):
        return shapes.unbroadcast(b, value, operand)
    return shapes.cast(b, value, operand)


def _sum_pieces(call: Call, table: Mapping[str, Piece], dots: Mapping[str, Value]) -> Value | None:
    total: Value | None = None
    for name, dot in dots.items():
        part = _run(call, table.get(name, NO_DERIVATIVE), dot, name)
        if part is not None:
            total = part if total is None else _plus(call.b, total, part)
    return total
