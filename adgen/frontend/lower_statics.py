"""What a test means while compiling, without an operation: `x is None`, isinstance, flags, `x.ndim == 2`.

if bias is None:           decided by the type of `bias`: the other branch is not lowered at all
if isinstance(x, float):   the same
if verbose:                a bool parameter is known by value
"""

from __future__ import annotations

import ast
import enum
import operator
from collections.abc import Callable, Sequence

import numpy as np

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_members as members
from adgen.frontend.bindings import Instance, Known, Literal, Member, Missing, Module, UserClass
from adgen.frontend.lower_comparisons import may_be_flag
from adgen.frontend.lower_kinds import is_callable, isinstance_of, type_is
from adgen.frontend.lower_names import _Free, find
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Obj, Poison, Thing, class_kind, kind_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import NONE, Array, Dim, ListOf, Opaque, Ref, Scalar, Static, Struct, Sym, Type, Undef

Found = tuple[bool, object]
TEXT_METHODS = frozenset(
    """lower upper strip lstrip rstrip startswith endswith replace split join title capitalize removeprefix removesuffix
    isdigit isalpha isupper islower find count zfill partition rpartition casefold swapcase""".split()
)
NO: Found = (False, None)
MADE = "__create_fn__"  # where dataclasses make the methods that they add
DTYPES = ("float16", "float32", "float64", "longdouble", "complex64", "complex128", "bool_") + tuple(
    f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
)
COMPARE: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,  # type: ignore[dict-item]
    ast.LtE: operator.le,  # type: ignore[dict-item]
    ast.Gt: operator.gt,  # type: ignore[dict-item]
    ast.GtE: operator.ge,  # type: ignore[dict-item]
}


def decided(low: Lowering, test: ast.expr) -> bool | None:
    """Whether a test is always true or always false; None if it depends on values."""
    known, value = evaluate(low, test)
    return bool(value) if known else None


def evaluate(low: Lowering, node: ast.expr) -> Found:
    """The value of an expression, if it is known while compiling."""
    match node:
        case ast.Constant():
            return True, node.value
        case ast.Name():
            return of_thing(low, peek(low, node))
        case ast.Tuple(parts) | ast.Set(parts):
            found = [evaluate(low, part) for part in parts]
            return (True, tuple(value for _, value in found)) if all(known for known, _ in found) else NO
        case ast.UnaryOp(ast.Not(), operand):
            known, value = evaluate(low, operand)
            return (True, not value) if known else NO
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
            return True, -number
        case ast.BoolOp():
            return _bool_op(low, node)
        case ast.Compare(ast.Call(ast.Name("type"), [subject], []), [op], [cls]) if _is_builtin(low, "type"):
            return type_is(low, subject, op, cls)
        case ast.Compare(left, [op], [right]):
            return _compare(low, left, op, right)
        case ast.Attribute(base, "ndim"):
            return _rank(low, base)
        case ast.Attribute(base, "dtype"):
            return _dtype(low, base)
        case ast.Attribute(ast.Name() as base, name) if name in DTYPES and _is_numpy(low, base):
            return True, np.dtype(name.rstrip("_"))
        case ast.Attribute():
            return of_thing(low, peek(low, node))
        case ast.Subscript():
            return of_thing(low, peek(low, node))
        case ast.Call(ast.Attribute(base, name), parts, []) if name in TEXT_METHODS:
            found = [evaluate(low, part) for part in (base, *parts)]
            if not all(known for known, _ in found) or not isinstance(found[0][1], str):
                return NO
            try:
                return True, getattr(found[0][1], name)(*(value for _, value in found[1:]))
            except (TypeError, ValueError):
                return NO
        case ast.Call(ast.Name("isinstance"), [subject, classes], []) if _is_builtin(low, "isinstance"):
            return isinstance_of(low, subject, classes)
        case ast.Call(ast.Name("any"), [ast.GeneratorExp(test, [loop])], []) if _is_builtin(low, "any"):
            return _none(low, test, loop)
        case ast.Call(ast.Name("len"), [base], []) if _is_builtin(low, "len"):
            thing = typed(low, base)
            if isinstance(thing, Obj) and thing.kind == "dict":
                return True, len(heap.keys(low, thing))
            items = thing.type if isinstance(thing, Value) and isinstance(thing.type, Struct) else thing
            return (True, len(items.items)) if isinstance(items, Group | Struct) else NO
        case ast.Call(ast.Name("callable"), [ast.Name() as base], []) if _is_builtin(low, "callable"):
            thing = peek(low, base)
            answer = is_callable(low, thing) if thing is not None else None
            return NO if answer is None else (True, answer)
    return NO


def peek(low: Lowering, node: ast.expr) -> Thing | Literal | None:
    """What a name or a path of fields stands for, without an operation; None if that is not known."""
    node = _spelt(low, node)
    if isinstance(node, ast.Name):
        found = find(low, node.id)
        if isinstance(found, _Free):
            return found.binding if isinstance(found.binding, Literal | Known | UserClass | Instance) else None
        return found
    if (one := members.member(low, node)) is not None:
        return one
    if isinstance(node, ast.Attribute):
        base = peek(low, node.value)
        if isinstance(base, Obj) and base.kind != "dict" and node.attr in heap.keys(low, base):
            return heap.get(low, base, node.attr)
        if isinstance(base, Group) and node.attr in base.keys:
            return base.items[base.keys.index(node.attr)]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        base = peek(low, node.value)
        if isinstance(base, Obj) and base.kind == "dict" and node.slice.value in heap.keys(low, base):
            return heap.get(low, base, str(node.slice.value))
        if isinstance(base, Group) and (key := _key(base, node.slice.value)) in base.keys:
            return base.items[base.keys.index(key)]
    return None


def _spelt(low: Lowering, node: ast.expr) -> ast.expr:
    """`getattr(p, C.__match_args__[0])`, which a pattern stands for, is `p.x`."""
    match node:
        case ast.Call(ast.Name("getattr"), [base, ast.Subscript(ast.Attribute(attr="__match_args__")) as named], []):
            with low.inside(low.child()):
                known, name = low.static(low.expr(named))
            return ast.Attribute(base, name, ast.Load()) if known and isinstance(name, str) else node
    return node


def _key(base: Group | Struct, place: object) -> str:
    """The key of a part; places of tuples and lists may count from the end."""
    ends = base.kind in ("tuple", "list") and isinstance(place, int) and -len(base.items) <= place < 0
    return str(len(base.items) + place) if ends and isinstance(place, int) else str(place)


def typed(low: Lowering, node: ast.expr) -> Thing | Literal | None:
    """As `peek`; a part of a structure or list is a value without an operation, of which only the type is asked."""
    found, node = peek(low, node), _spelt(low, node)
    if found is not None or not isinstance(node, ast.Attribute | ast.Subscript):
        return found
    base = typed(low, node.value)
    type_ = base.type if isinstance(base, Value) else None
    if isinstance(type_, Struct):
        key = node.attr if isinstance(node, ast.Attribute) else _key(type_, evaluate(low, node.slice)[1])
        return Value(type_.items[type_.keys.index(key)]) if key in type_.keys else None
    return Value(_loose(type_.item)) if isinstance(type_, ListOf) and isinstance(node, ast.Subscript) else None


def _loose(type_: Type) -> Type:
    """The type of one element of a list, whose sizes are not those of the next."""
    match type_:
        case Array(dtype, shape):
            return Array(dtype, None if shape is None else (None,) * len(shape))
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(map(_loose, items)))
    return type_


def _is_builtin(low: Lowering, name: str) -> bool:
    found = peek(low, ast.Name(name))
    return isinstance(found, Known) and found.name == name


def _none(low: Lowering, test: ast.expr, loop: ast.comprehension) -> Found:
    """`any(test for item in xs)`: False if types rule the test out for every item."""
    xs = typed(low, loop.iter)
    type_ = xs.type.content if isinstance(xs, Value) and isinstance(xs.type, Ref) else getattr(xs, "type", None)
    if not isinstance(type_, ListOf) or not isinstance(loop.target, ast.Name) or loop.ifs:
        return NO
    name, env = loop.target.id, low.frame.env
    before = env.get(name)
    env[name] = Value(type_.item)
    known, value = evaluate(low, test)
    env[name] = before  # type: ignore[assignment]
    if before is None:
        del env[name]
    return (True, False) if known and not value else NO


def _sizes(low: Lowering, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Found:
    """`x.shape[0] == 1`, `x.shape[0] != y.shape[1]`, `1 in x.shape`, as far as types tell."""
    if isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.Attribute) and right.attr == "shape":
        dims, (known, size) = _shape(low, right), evaluate(low, left)
        if dims is None or not known or size != 1:
            return NO
        return (True, (1 in dims) is isinstance(op, ast.In)) if None not in dims and _plain(dims) else NO
    a, b = _dim(low, left), _dim(low, right)
    if a is None or b is None or not isinstance(op, ast.Eq | ast.NotEq):
        return NO
    if a == b or isinstance(a, int) and isinstance(b, int):
        return True, (a == b) is isinstance(op, ast.Eq)
    return (True, isinstance(op, ast.NotEq)) if 1 in (a, b) and _plain((a, b)) else NO


def _plain(dims: Sequence[Dim]) -> bool:
    """Whether no symbol may be 1."""
    return all(not isinstance(dim, Sym) or dim.offset == 0 for dim in dims)


def _shape(low: Lowering, node: ast.Attribute) -> tuple[Dim, ...] | None:
    thing = typed(low, node.value)
    type_ = thing.type if isinstance(thing, Value) else None
    content = type_.content if isinstance(type_, Ref) else type_
    return content.shape if isinstance(content, Array) else None


def _dim(low: Lowering, node: ast.expr) -> Dim:
    """The size that an expression stands for; None if it is not known."""
    match node:
        case ast.Subscript(ast.Attribute(attr="shape") as base, ast.Constant(int() as axis)):
            dims = _shape(low, base)
            return dims[axis] if dims is not None and axis < len(dims) else None
    known, value = evaluate(low, node)
    return value if known and isinstance(value, int) else None


def of_thing(low: Lowering, thing: Thing | Literal | None) -> Found:
    """The truth of a thing, if it is known."""
    if isinstance(thing, Literal):
        return True, thing.value
    if isinstance(thing, Value) and thing in low.maybe:
        return NO
    kind = class_kind(thing) if isinstance(thing, Group | Value | Obj | Instance) else ""
    if kind and not low.is_tuple(kind):
        return truth(low, thing)
    if isinstance(thing, Obj):
        return True, len(heap.keys(low, thing)) > 0
    if isinstance(thing, Group):
        return True, len(thing.items) > 0
    return low.static(thing) if isinstance(thing, Value) else NO


def has(low: Lowering, thing: Thing, name: str) -> bool:
    """Whether the object's class has something of its own under the name."""
    cls = low.frame.source.scope.class_of(class_kind(thing))
    return isinstance(cls, UserClass) and isinstance(low.frame.source.scope.member(cls, name), Member)


def truth(low: Lowering, thing: Thing | Literal | None) -> Found:
    """An object is true unless its class says otherwise."""
    assert isinstance(thing, Group | Value | Obj | Instance)
    if isinstance(thing, Instance) and not isinstance(low.frame.source.scope.class_of(thing.kind), UserClass):
        return NO
    if has(low, thing, "__bool__") or has(low, thing, "__len__"):
        raise Reject("E0102", None, "`__bool__` or `__len__` of its class decides", name="an object used as a test")
    return True, True


def _bool_op(low: Lowering, node: ast.BoolOp) -> Found:
    """`and` / `or` as far as its operands are known from the left."""
    stop = isinstance(node.op, ast.Or)
    value: object = not stop
    for operand in node.values:
        known, value = evaluate(low, operand)
        if not known:
            return NO
        if bool(value) is stop:
            break
    return True, value


def _compare(low: Lowering, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Found:
    if isinstance(op, ast.Is | ast.IsNot):
        return _identity(low, left, right, isinstance(op, ast.IsNot))
    inside = isinstance(op, ast.In | ast.NotIn)
    if isinstance(op, ast.Eq | ast.NotEq) and unlike(low, peek(low, left), peek(low, right) or _written(low, right)):
        return True, isinstance(op, ast.NotEq)
    if not inside and any(_compound(peek(low, side)) for side in (left, right)):
        return NO  # of such things only the truth is known
    if isinstance(owner := peek(low, right), Obj | Instance) and class_kind(owner):
        return NO  # whether something is in it, its class decides
    sizes = _sizes(low, left, op, right)
    if sizes[0]:
        return sizes
    a = evaluate(low, left)
    if isinstance(op, ast.In | ast.NotIn) and a[0]:
        names = key_names(low, typed(low, right))
        if names is not None:
            return True, (a[1] in names) is isinstance(op, ast.In)
    b = evaluate(low, right)
    if not (a[0] and b[0]) or any(isinstance(peek(low, side), Group) for side in (left, right)):
        return NO
    try:
        if isinstance(op, ast.In | ast.NotIn):
            return True, (a[1] in b[1]) is isinstance(op, ast.In)  # type: ignore[operator]
        return True, COMPARE[type(op)](a[1], b[1])
    except (TypeError, KeyError):
        return NO


def _written(low: Lowering, node: ast.expr) -> Literal | None:
    known, value = evaluate(low, node) if isinstance(node, ast.Constant | ast.UnaryOp) else NO
    return Literal(value, "") if known else None


def unlike(low: Lowering, left: Thing | Literal | None, right: Thing | Literal | None) -> bool:
    """Whether an object is compared with what is none: never equal to it, unless its class says what is."""
    if not isinstance(left, Obj | Group | Value) or not kind_of(left):
        left, right = right, left
    if not isinstance(left, Obj | Group | Value) or not kind_of(left) or low.is_tuple(kind_of(left)):
        return False
    if isinstance(left, Value) and left in low.maybe or isinstance(right, Value) and right in low.maybe:
        return False
    if isinstance(right, Value):
        known = right.type.value if isinstance(right.type, Static) else None
        plain = isinstance(right.type, Scalar) or right.type == NONE or isinstance(known, bool | int | float | str)
    else:
        plain = isinstance(right, Literal) and isinstance(right.value, bool | int | float | complex | str | None)
    cls = low.frame.source.scope.class_of(kind_of(left))
    if not plain or not isinstance(cls, UserClass) or any(base.startswith("object:abc:") for base in cls.bases):
        return False
    own = low.frame.source.scope.member(cls, "__eq__")
    if isinstance(own, Missing):
        return True
    return cls.kind == "dataclass" and isinstance(own.binding, Missing) and MADE in own.binding.why


def _compound(thing: object) -> bool:
    if isinstance(thing, Value):
        return isinstance(thing.type.content if isinstance(thing.type, Ref) else thing.type, Struct | ListOf | Array)
    return isinstance(thing, Group | Obj | Instance)


def key_names(low: Lowering, thing: Thing | Literal | None) -> tuple[str, ...] | None:
    """The keys of a dict of which all are known."""
    if isinstance(thing, Obj):
        return heap.keys(low, thing) if thing.kind == "dict" else None
    type_ = thing.type if isinstance(thing, Value) else None
    found = thing if isinstance(thing, Group) else type_
    return found.keys if isinstance(found, Group | Struct) and found.kind == "dict" else None


def _identity(low: Lowering, left: ast.expr, right: ast.expr, negated: bool) -> Found:
    """`x is None` by type."""
    if isinstance(left, ast.Constant) and left.value is None:
        left, right = right, left
    if _compound(peek(low, right)):
        return NO  # of such things only the truth is known
    known, value = evaluate(low, right)
    if not known or not (value is None or isinstance(value, bool | enum.Enum)):
        return NO
    thing = peek(low, left)
    if isinstance(thing, Poison) or thing is None:
        return NO
    if isinstance(thing, Value) and not isinstance(thing.type, Static):
        unsure = (
            thing in low.maybe
            or isinstance(thing.type, Opaque | Undef)
            or (value is not None and may_be_flag(thing.type))
        )
        return NO if unsure else (True, negated)
    found = thing.value if isinstance(thing, Literal) else thing
    if isinstance(thing, Value) and isinstance(thing.type, Static):
        found = thing.type.value
    return True, (found is value) is not negated


def _rank(low: Lowering, base: ast.expr) -> Found:
    thing = typed(low, base)
    type_ = thing.type if isinstance(thing, Value) else None
    content = type_.content if isinstance(type_, Ref) else type_
    return (True, len(content.shape)) if isinstance(content, Array) and content.shape is not None else NO


def _dtype(low: Lowering, base: ast.expr) -> Found:
    """The dtype of an array, if its type tells."""
    thing = typed(low, base)
    type_ = thing.type if isinstance(thing, Value) else None
    content = type_.content if isinstance(type_, Ref) else type_
    return (True, np.dtype(content.dtype)) if isinstance(content, Array) and content.dtype else NO


def _is_numpy(low: Lowering, base: ast.Name) -> bool:
    found = find(low, base.id)
    return isinstance(found, _Free) and isinstance(found.binding, Module) and found.binding.name == "numpy"
