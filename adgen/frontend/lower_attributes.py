"""Attributes, read.

p.w           a part of a structure or object
p.norm        a method or property of its class (lower_objects)
x.T, x.shape  attr.T, attr.shape; `x.T` of memory is a view
"""

from __future__ import annotations

import ast
import enum

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_members as members
from adgen.frontend import lower_windows as windows
from adgen.frontend.bindings import Captured, Instance, Known, Missing, Module, UserClass
from adgen.frontend.lower_index import part_value
from adgen.frontend.lower_names import resolve
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import TEXT_METHODS
from adgen.frontend.lower_strings import METHODS_OF_TEXT
from adgen.frontend.lower_things import (
    ARRAY_METHODS,
    DICT_METHODS,
    LIST_METHODS,
    SET_METHODS,
    Group,
    Method,
    Obj,
    Poison,
    Poisoned,
    Super,
    Text,
    Thing,
    content_type,
    fixed_set,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import UNDEF, Array, DictOf, ListOf, Opaque, Ref, Scalar, Static, Struct, Unknown, is_set, show
from adgen.rules import table


# attributes ----------------------------------------------------------------------------------------------------------
@expression(ast.Attribute)
def attribute(low: Lowering, node: ast.Attribute, hint: str) -> Thing:
    """`base.name`."""
    if isinstance(node.value, ast.Attribute) and (node.value.attr, node.attr) == ("flags", "c_contiguous"):
        return low.prim("attr.flags.c_contiguous", [low.expr(node.value.value)], node, hint, label=".flags")
    return attribute_of_thing(low, low.expr(node.value), node, hint)


def attribute_of_thing(low: Lowering, base: Thing, node: ast.Attribute, hint: str = "") -> Thing:
    """An attribute of a thing, whatever it is."""
    name = node.attr
    match base:
        case Poison():
            raise Poisoned
        case UserClass():
            from adgen.frontend.lower_objects import attribute_of_class

            return attribute_of_class(low, base, name, node)
        case Module() | Instance() | Known() | Captured():
            return of_binding(low, base, node, hint)
        case Super():
            from adgen.frontend.lower_objects import attribute_of_super

            return attribute_of_super(low, base, name, node)
        case Obj() if base.kind != "dict" and name in heap.keys(low, base):
            found = heap.get(low, base, name)
            if isinstance(found, Value) and found.type == UNDEF:
                raise Reject("E0104", node, "the field has no value on any path that leads here", name=name)
            return found
        case Obj():
            return of_object(low, base, node, hint)
        case Group() if name in base.keys and base.kind not in ("tuple", "list", "dict"):
            return base.items[base.keys.index(name)]
        case Value(type=Struct() as struct) if name in struct.keys and struct.kind not in ("tuple", "list", "dict"):
            return part_value(low, base, struct.keys.index(name), hint)
        case Value(type=Ref(content=Struct() as struct)) if name in struct.keys and struct.kind != "dict":
            return part_value(low, low.load(base), struct.keys.index(name), hint)
        case Group() | Value(type=Struct() | Ref(content=Struct())):
            return of_object(low, base, node, hint)
        case Value(type=Static(value=enum.Enum() as member)) if not isinstance(member, str):
            return members.attribute_of(low, member, node)
        case Value(type=Static(value=str())) if name in TEXT_METHODS or name in METHODS_OF_TEXT:
            return Method(base, name)
        case Text() | Value(type=Opaque(what="str")) if name in METHODS_OF_TEXT:
            return Method(base, name)
        case Value(type=Static(value)) if (one := held(low, value)) is not None:
            return of_binding(low, one, node, hint)
        case Value(type=Ref(content=Array())) if name == "T":
            return transposed(low, base, node, hint)
        case Value(type=(Ref(content=Array(shape=tuple())) | Array(shape=tuple()))) if name == "flat":
            return windows.flat(low, base, node, hint)
        case Value(type=Ref(content=DictOf()) | DictOf()):
            if name not in (SET_METHODS if is_set(base.type) else DICT_METHODS):
                raise Reject(
                    "E0109", node, f"a {'set' if is_set(base.type) else 'dict'} has none of this name", name=name
                )
            return Method(base, name)
        case Value(type=Ref(content=ListOf()) | ListOf()) if name in LIST_METHODS:
            return Method(base, name)
        case Value(type=Opaque(what="set")):
            from adgen.frontend.lower_sets import READ

            if name not in READ:
                why, advice = "the set is the caller's: it is read only", "begin with `set()`, and fill it"
                raise Reject("E0109", node, why, advice, name=name)
            return Method(base, name)
        case Value():
            return of_value(low, base, node, hint)
    raise Reject("E0109", node, f"`{ast.unparse(node.value)}` is no array or structure", name=name)


def held(low: Lowering, value: object) -> Instance | None:
    """An object with `__call__` that a captured list or tuple holds."""
    found = low.frame.source.scope.bind(value, type(value).__name__.lower()) if callable(value) else None
    return found if isinstance(found, Instance) else None


def of_binding(low: Lowering, base: Module | Instance | Known | Captured, node: ast.Attribute, hint: str) -> Thing:
    """An attribute of something that stands outside the function."""
    binding = low.frame.source.scope.attribute(base, node.attr)
    if isinstance(base, Known) and (isinstance(binding, Missing) or node.attr == "at"):
        return Method(base, node.attr)
    if isinstance(base, Instance) and base.kind and isinstance(binding, Missing) and binding.computed:
        from adgen.frontend.lower_objects import attribute_of

        return attribute_of(low, base, node.attr, node, hint)  # a property
    if isinstance(base, Instance) and isinstance(binding, Missing):
        what = f"give the object of {base.class_name} this attribute, or use one that it has"
        raise Reject("E0109", node, binding.why, binding.help or what, name=node.attr)
    return resolve(low, binding, node)


def of_object(low: Lowering, base: Thing, node: ast.Attribute, hint: str) -> Thing:
    """A method of a structure: of list or dict, or of its class."""
    from adgen.frontend import lower_objects as objects

    type_ = content_type(type_of(base))
    kind = base.kind if isinstance(base, Obj) else type_.kind if isinstance(type_, Struct) else ""
    if kind == "list" and node.attr in LIST_METHODS or kind == "dict" and node.attr in DICT_METHODS:
        return Method(base, node.attr)
    if fixed_set(base) and node.attr in SET_METHODS:
        return Method(base, node.attr)
    if kind == "tuple" and node.attr in ("index", "count"):
        return Method(base, node.attr)
    if isinstance(base, Value) and node.attr in low.b.fields.get(base, ()):
        return low.b.item(base, low.b.fields[base].index(node.attr), hint)
    if not kind.startswith("object"):
        raise Reject("E0109", node, f"a {kind} has none of this name", name=node.attr)
    return objects.attribute_of(low, base, node.attr, node, hint)


def transposed(low: Lowering, ref: Value, node: ast.Attribute, hint: str) -> Value:
    """`y.T` of memory: a view."""
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, Array)
    shape = ref.type.content.shape
    type_ = Ref(Array(ref.type.content.dtype, None if shape is None else shape[::-1]))
    value = low.b.emit("view", "T", (ref,), type_, hint, user=bool(hint))
    low.memory.viewed(value, ref)
    return value


def of_value(low: Lowering, base: Value, node: ast.Attribute, hint: str) -> Thing:
    """An attribute or method of an array or number."""
    name = table.attribute(node.attr)
    if name is not None and table.lookup(name) is not None:
        return low.prim(name, [base], node, hint, label=f".{node.attr}")
    content = base.type.content if isinstance(base.type, Ref) else base.type
    if isinstance(content, Opaque) and table.drawn(content.what, node.attr):
        return Method(base, node.attr)
    if isinstance(content, Array | Scalar | Unknown) and (table.method(node.attr) or node.attr in ARRAY_METHODS):
        return Method(base, node.attr)
    raise Reject("E0109", node, f"`{ast.unparse(node.value)}` is {show(content)}", name=node.attr)
