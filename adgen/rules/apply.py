"""Emit a typed call of a table entry.

>>> from adgen.ir.types import Array, Sym, show
>>> b = Builder()
>>> x = Value(Array("f8", (Sym("n"), 3)), "x")
>>> y = apply(b, "np.sum", (x, b.const(0)), ("a", "axis"))
>>> show(y.type), b.ops[-1].name, dict(b.ops[-1].attrs)
('f8[3]', 'np.sum', {'args': ('a', 'axis'), 'statics': {'axis': 0}})

Known values of static arguments are kept in `attrs["statics"]`, so that derivatives find them later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, ListOf, Ref, Scalar, Static, Struct, Sym, Type
from adgen.rules.masks import note as note_mask
from adgen.rules.rule import REGISTRY, BindError, Rule

_MISSING = object()
# what the results of functions are called whose tuples have names
FIELDS = {
    "np.linalg.eig": ("eigenvalues", "eigenvectors"),
    "np.linalg.eigh": ("eigenvalues", "eigenvectors"),
    "np.linalg.qr": ("Q", "R"),
    "np.linalg.slogdet": ("sign", "logabsdet"),
    "np.linalg.svd": ("U", "S", "Vh"),
    "np.unique_all": ("values", "indices", "inverse_indices", "counts"),
    "np.unique_counts": ("values", "counts"),
    "np.unique_inverse": ("values", "inverse_indices"),
    "statistics.linear_regression": ("slope", "intercept"),
}
# arguments that say sizes of the result
SHAPES = ("shape", "new_shape", "size", "minlength", "dimensions", "reps", "N", "M", "n", "s", "num", "start", "stop")


def find(name: str) -> Rule:
    """The entry of a name that is known to exist."""
    try:
        return REGISTRY[name]
    except KeyError:
        raise BindError(f"no rule for `{name}`") from None


def literal(b: Builder, value: Value) -> object:
    """The value of a literal, a static, or a tuple of those; `_MISSING` (see `is_known`) where it is not known."""
    if value in b.constants:
        return b.constants[value]
    if isinstance(value.type, Static):
        return value.type.value
    items = b.packed(value)
    if items is None or not isinstance(value.type, Struct) or value.type.kind not in ("tuple", "list"):
        return _MISSING
    found = tuple(literal(b, item) for item in items)
    return _MISSING if any(item is _MISSING for item in found) else found


def is_known(found: object) -> bool:
    """Whether `literal` knew the value."""
    return found is not _MISSING


def dims(b: Builder, value: Value) -> tuple[Dim, ...] | None:
    """What is known of an argument that is a shape: a dimension for each entry; None where not even the rank is."""
    if value in b.sizes:
        return b.sizes[value]
    found = literal(b, value)
    if isinstance(found, int) and not isinstance(found, bool):
        return (found if found >= 0 else None,)
    if isinstance(found, (tuple, list)):
        return tuple(item if isinstance(item, int) and item >= 0 else None for item in found)
    items = b.packed(value)
    if items is not None:
        parts = [dims(b, item) for item in items]
        return tuple(part[0] if part is not None and len(part) == 1 else None for part in parts)
    if isinstance(value.type, Struct):
        return (None,) * len(value.type.items)
    return (
        (None,)
        if isinstance(value.type, Scalar) or (isinstance(value.type, Array) and value.type.shape == ())
        else None
    )


def known(b: Builder, rule: Rule, operands: Sequence[Value], args: Sequence[str]) -> dict[str, object]:
    """The values of the static arguments (and of those the derivative peeks at) that are known here."""
    static = [param.name for param in rule.params if param.static] + list(rule.peeks)
    found: dict[str, object] = {}
    for name in static:
        given = [literal(b, value) for value, arg in zip(operands, args, strict=True) if arg == name]
        if given and all(is_known(item) for item in given):
            found[name] = given[0] if len(given) == 1 else tuple(given)
    return found


def _shapes(b: Builder, operands: Sequence[Value], args: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in SHAPES:
        if name not in args:
            continue
        given = [dims(b, value) for value, arg in zip(operands, args, strict=True) if arg == name]
        if not given or any(item is None for item in given):
            continue
        found["dims:" + name] = tuple(dim for item in given if item is not None for dim in item)
    return found


def infer(b: Builder, name: str, operands: Sequence[Value], args: tuple[str, ...]) -> Type:
    """The type that a call of these operands has."""
    rule = find(name)
    statics = known(b, rule, operands, args) | _shapes(b, operands, args)
    return rule.infer([value.type for value in operands], args, statics)


def apply(
    b: Builder,
    name: str,
    operands: Sequence[Value],
    args: Sequence[str] | None = None,
    hint: str = "",
    style: str = "",
    user: bool = False,
    **attrs: object,
) -> Value:
    """Emit the call; `args` None binds by position."""
    rule = find(name)
    bound = rule.bind(len(operands)) if args is None else tuple(args)
    statics = known(b, rule, operands, bound)
    type_ = rule.infer([value.type for value in operands], bound, statics | _shapes(b, operands, bound))
    facts: dict[str, object] = {"args": bound}
    if statics:
        facts["statics"] = statics
    if style:
        facts["style"] = style
    value = b.emit("prim", name, operands, type_, hint, facts | attrs, user)
    note_sizes(b, name, operands, value)
    note_mask(b, name, operands, value)
    if name in FIELDS and isinstance(type_, Struct):
        b.fields[value] = FIELDS[name]
    return value


def note_sizes(b: Builder, name: str, operands: Sequence[Value], value: Value) -> None:
    """Remember that a value is a size of an array: `x.shape`, `len(x)`, and what is subtracted from them."""
    type_ = operands[0].type if operands else None
    content = type_.content if isinstance(type_, Ref) else type_
    if isinstance(content, Array) and content.shape is not None:
        if name == "attr.shape":
            b.sizes[value] = content.shape
        elif name == "len" and content.shape:
            b.sizes[value] = content.shape[:1]
        elif name == "attr.size" and len(content.shape) == 1:
            b.sizes[value] = content.shape
    if name in ("add", "sub", "mul", "floordiv"):
        size: Dim = _computed(b, name, operands)
        if size is None and name in ("add", "sub"):
            size = _moved(b, name, operands)
        if size is not None:
            b.sizes[value] = (size,)


def _computed(b: Builder, name: str, operands: Sequence[Value]) -> int | None:
    """`3 * n` where n is known to be 16."""
    left, right = (_count(b, operand) for operand in operands)
    if left is None or right is None or (name == "floordiv" and right == 0):
        return None
    match name:
        case "add":
            found = left + right
        case "sub":
            found = left - right
        case "mul":
            found = left * right
        case _:
            found = left // right
    return found if found >= 0 else None


def _count(b: Builder, value: Value) -> int | None:
    """An integer that is known while compiling: a literal, or a size."""
    found = b.constants.get(value)
    if type(found) is int and value.type == Scalar("int"):
        return found
    size = b.sizes.get(value, ())
    return size[0] if len(size) == 1 and isinstance(size[0], int) and value.type == Scalar("int") else None


def _moved(b: Builder, name: str, operands: Sequence[Value]) -> Dim:
    """`n - 2` of a known size; sums only where the size cannot have been cut off at zero."""
    left, right = operands
    if name == "add" and left in b.constants:
        left, right = right, left
    step = b.constants.get(right)
    size = b.sizes.get(left)
    if type(step) is not int or size is None or len(size) != 1 or left.type != Scalar("int"):
        return None
    if name == "sub":
        step = -step
    match size[0]:
        case Sym(symbol, offset) if step <= 0 or offset >= 0:
            return Sym(symbol, offset + step)
        case int(number) if number + step >= 0:
            return number + step
    return None


def content_of(type_: Type) -> Type:
    """The content behind a reference."""
    return type_.content if isinstance(type_, Ref) else type_


def shape_facts(statics: Mapping[str, object], name: str = "shape") -> tuple[Dim, ...] | None:
    """The dimensions that a type rule was told for an argument that is a shape."""
    found = statics.get("dims:" + name)
    return found if isinstance(found, tuple) else None


def is_list(type_: Type) -> bool:
    """Whether values are lists or tuples."""
    return isinstance(content_of(type_), (ListOf, Struct))
