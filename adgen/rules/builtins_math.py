"""Python's builtins on numbers, lists and arrays.

y = max(a, b)        ->      a_bar = y_bar if a > b else (0.5 * y_bar if a == b else 0.0)
y = sum(xs)          ->      xs_bar = [y_bar] * len(xs)
"""

from __future__ import annotations

from functools import reduce

from adgen.ir.core import Value
from adgen.ir.types import (
    BOOL,
    FLOAT,
    INT,
    UNKNOWN,
    Array,
    ListOf,
    Opaque,
    Scalar,
    Static,
    Struct,
    Type,
    Unknown,
    tangent,
)
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, filled
from adgen.rules.infer import floating, plain, ufunc_type
from adgen.rules.kinds import elementwise, linear, variadic, zero
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.ufuncs import AWAY, absolute


# numbers -------------------------------------------------------------------------------------------------------------
def _abs_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Scalar):
        return {"complex": FLOAT, "bool": INT}.get(type_.kind, type_)
    found = ufunc_type("absolute", (type_,))
    if isinstance(found, Array) and found.dtype is not None and found.dtype[0] == "c":
        return Array(f"f{int(found.dtype[1:]) // 2}", found.shape)
    return found


def _round_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if isinstance(type_, Scalar):
        return FLOAT if facts.has("ndigits") and type_.kind == "float" else INT
    return INT if isinstance(type_, Array) and type_.shape == () and not facts.has("ndigits") else type_


elementwise("abs(x)", absolute, infer=_abs_type, kinks="abs'(0) = 0", domain=AWAY)
linear("float(x)", {"x": lambda call, g: shapes.cast(call.b, g, call.op.operands[0])}, infer=floating)
zero("int(x)", infer=lambda facts: INT)
zero("bool(x)", infer=lambda facts: BOOL)
zero("len(x)", infer=lambda facts: INT)
zero("round(x, ndigits=None)", infer=_round_type)
zero("isinstance(x, kind)", infer=lambda facts: BOOL)
zero("range(start, stop=None, step=None)", infer=lambda facts: Opaque("range"))


# extremes ------------------------------------------------------------------------------------------------------------
def members(type_: Type) -> Type | None:
    """The type of a member of a list, tuple or line of numbers; None for a number."""
    if isinstance(type_, ListOf):
        return type_.item
    if isinstance(type_, Struct):
        joined: Type | None = type_.items[0] if type_.items else None
        for item in type_.items[1:]:
            joined = None if joined is None else shapes.join(joined, item)
        if joined is None:
            raise TypeProblem("members of different type", "convert them to one type")
        return joined
    if isinstance(type_, Array) and type_.shape is not None and len(type_.shape) == 1:
        return Array(type_.dtype, ())
    return None


def _comparable(type_: Type, facts: Facts) -> None:
    """Lists and tuples are compared member by member, and the derivative is that of numbers."""
    if isinstance(type_, ListOf | Struct) and tangent(type_) is not None:
        why = f"`{facts.name}` of lists or tuples whose numbers vary"
        raise TypeProblem(why, f"give a key: `{facts.name}(rows, key=lambda row: row[0])`")


def _extreme_type(facts: Facts) -> Type:
    types = [plain(type_) for type_ in facts.types]
    if not types:
        raise TypeProblem(f"`{facts.name}` of nothing", "Python raises a ValueError here")
    if len(types) == 1:
        found = UNKNOWN if isinstance(types[0], Unknown) else members(types[0])
        if found is None:
            raise TypeProblem(f"`{facts.name}` of one array that is not a line", f"use np.{facts.name}")
        _comparable(found, facts)
        return found
    if any(isinstance(type_, Unknown) for type_ in types):
        return UNKNOWN
    if any(isinstance(type_, Array) and type_.shape != () for type_ in types):
        raise TypeProblem(f"`{facts.name}` of several arrays", f"use np.{facts.name}imum")
    _comparable(types[0], facts)
    joined: Type | None = types[0]
    for type_ in types[1:]:
        joined = None if joined is None else shapes.join(joined, type_)
    if joined is None:
        return Array(None, ())
    return joined


def _share(call: Call, g: Value, k: int) -> Value:
    """g for the operand that is the extreme, a part of it where several are."""
    operands = call.op.operands
    own = operands[k]
    if len(operands) == 2:
        sign = ">" if call.rule.name == "max" else "<"
        text = f"np.where(a {sign} b, g, np.where(a == b, 0.5 * g, 0.0))"
        return formula.evaluate(call.b, text, {"a": own, "b": operands[1 - k], "g": g})
    hits = [apply(call.b, "eq", (value, call.y)) for value in operands]
    counts = [apply(call.b, "int", (hit,)) for hit in hits]  # NumPy's flags do not add up: True + True is True
    ties = reduce(lambda one, two: apply(call.b, "add", (one, two)), counts)
    return call("np.where(hit, g / ties, 0.0)", g=g, hit=hits[k], ties=ties)


def _extreme_pull(call: Call, g: Value, k: int) -> Value:
    operands = call.op.operands
    if len(operands) > 1:
        return _share(call, g, k)
    type_ = plain(operands[0].type)
    line = operands[0] if isinstance(type_, Array) else apply(call.b, "np.array", (operands[0],))
    shared = call("np.where(line == y, g / np.sum(line == y), 0.0)", line=line, g=g)
    if isinstance(type_, Array):
        return shared
    if isinstance(type_, ListOf):
        return apply(call.b, "tolist", (shared,), style="method")
    if not isinstance(type_, Struct):
        raise unknown_kind(call)
    items = [shapes.index(call.b, shared, ("i",), (call.b.const(place),)) for place in range(len(type_.items))]
    return call.b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def _extreme_push(call: Call, dot: Value, k: int) -> Value:
    operands = call.op.operands
    if len(operands) > 1:
        return _share(call, dot, k)
    type_ = plain(operands[0].type)
    line, dots = operands[0], dot
    if not isinstance(type_, Array):
        line = apply(call.b, "np.array", (line,))
        dots = apply(call.b, "np.array", (filled_list(call, dot, operands[0]),))
    return call("np.sum(np.where(line == y, dots, 0.0)) / np.sum(line == y)", line=line, dots=dots)


def filled_list(call: Call, dot: Value, primal: Value) -> Value:
    """A tangent of a list with zeros for members that have none."""
    return filled(call.b, dot, primal) if isinstance(plain(primal.type), Struct) else dot


for _name in ("max", "min"):
    variadic(
        f"{_name}(*values)",
        _extreme_pull,
        _extreme_push,
        infer=_extreme_type,
        kinks="ties share equally",
    )


# sums ----------------------------------------------------------------------------------------------------------------
WEAKER = ("f2", "f4", "c8")


def _sum_type(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    start = plain(facts.type("start")) if facts.has("start") else INT
    if isinstance(type_, Unknown):
        return UNKNOWN
    if isinstance(type_, Array):
        rows = Array(type_.dtype, None if type_.shape is None else type_.shape[1:])
        return ufunc_type("add", (rows, start))
    if isinstance(type_, (Opaque, Static)):
        return Opaque("sum")
    items = list(type_.items) if isinstance(type_, Struct) else [type_.item] if isinstance(type_, ListOf) else []
    total: Type = start
    for item in items:
        total = _plus(total, plain(item))
    if isinstance(type_, ListOf) and isinstance(total, Array) and total.dtype in WEAKER and total.shape == ():
        return Array(None, ())  # of no items it is the start, of which NumPy's functions make double precision
    return total


def _plus(one: Type, two: Type) -> Type:
    if isinstance(one, Scalar) and isinstance(two, Scalar):
        joined = shapes.join(one, two)
        return INT if joined == BOOL or joined is None else joined
    return ufunc_type("add", (one, two))


def unknown_kind(call: Call) -> TypeProblem:
    """Why the derivative of a function of a sequence is not made."""
    return TypeProblem(f"the derivative of `{call.rule.name}` of what may be an array or a list", "annotate it")


def _sum_vjp(call: Call, g: Value) -> Value:
    b, operand = call.b, call.op.operands[0]
    type_ = plain(operand.type)
    if isinstance(type_, Array):
        return shapes.expand(b, g, operand)
    if isinstance(type_, ListOf):
        item = plain(type_.item)
        if not shapes.is_scalar(item) and not shapes.same_shape(item, g.type):
            raise TypeProblem("the derivative of `sum` of a list of arrays that broadcast", "use np.sum")
        g = shapes.cast(b, g, Value(item))  # a sum that may be of no items has no dtype
        one = b.emit("listing", "", (g,), ListOf(g.type))
        return apply(b, "mul", (one, apply(b, "len", (operand,))))
    if not isinstance(type_, Struct):
        raise unknown_kind(call)
    items = [
        b.const(None) if tangent(part) is None else shapes.unbroadcast(b, g, b.item(operand, k))
        for k, part in enumerate(type_.items)
    ]
    return b.pack(Struct(type_.kind, type_.keys, tuple(item.type for item in items)), items)


def _sum_start(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.values["start"])


linear("sum(iterable, start=0)", {"iterable": _sum_vjp, "start": _sum_start}, infer=_sum_type)
linear("math.fsum(seq)", {"seq": _sum_vjp}, infer=floating)
