"""Objects of dataclasses and named tuples: methods, properties, operators, copies with other fields.

p.norm                     a property: its body, in place, with p as self
p(x), p + q, p[k]          __call__, __add__, __getitem__ of the class
replace(p, b=e)            an object with the fields of p but for b
getattr(p, "b")            p.b
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from adgen.frontend.bindings import Member, Missing, UserClass
from adgen.frontend.lower_index import part_value
from adgen.frontend.lower_names import resolve
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import has
from adgen.frontend.lower_things import Group, Partial, Poison, Poisoned, Thing, Tool, kind_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Scalar, Struct

DUNDERS = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "div": "truediv",
    "floordiv": "floordiv",
    "mod": "mod",
    "pow": "pow",
    "matmul": "matmul",
}


def class_of(low: Lowering, thing: Thing, node: ast.AST) -> UserClass:
    """The class of an object."""
    found = low.frame.source.scope.class_of(kind_of(thing))
    if isinstance(found, Missing):
        raise Reject("E0103", node, found.why, found.help, name=found.name)
    return found


def attribute_of(low: Lowering, thing: Thing, name: str, node: ast.expr, hint: str = "") -> Thing:
    """`thing.name`, which is no field."""
    cls = class_of(low, thing, node)
    if cls.kind == "namedtuple" and name in ("_replace", "_asdict"):
        return Partial(Tool(name), (thing,), {})
    return taken(low, cls, thing, low.frame.source.scope.member(cls, name), node, hint)


def attribute_of_class(low: Lowering, cls: UserClass, name: str, node: ast.expr) -> Thing:
    """`Class.name`."""
    found = low.frame.source.scope.member(cls, name)
    if isinstance(found, Member) and found.kind == "property":
        raise Reject("E0109", node, "it is a property, which only objects have", name=name)
    return taken(low, cls, None, found, node)


def taken(
    low: Lowering, cls: UserClass, thing: Thing | None, found: Member | Missing, node: ast.expr, hint: str = ""
) -> Thing:
    """What a class has under a name, bound to the object or the class as its kind wants."""
    if isinstance(found, Missing):
        raise Reject("E0109", node, found.why, found.help, name=found.name)
    function = resolve(low, found.binding, node)
    if found.kind == "class":
        return Partial(function, (cls,), {})
    if thing is None or found.kind in ("static", "value"):
        return function
    if found.kind == "property":
        return called(low, function, [thing], {}, node, hint)
    return Partial(function, (thing,), {})


def called(
    low: Lowering, function: Thing, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, hint: str = ""
) -> Thing:
    """Call something that is not written as a call."""
    from adgen.frontend.lower_calls import apply

    return apply(low, function, args, keywords, node, hint)


def operator(low: Lowering, name: str, left: Thing, right: Thing, node: ast.AST, hint: str) -> Thing | None:
    """A binary operator of objects; None if neither side is one that has it."""
    assert isinstance(node, ast.expr | ast.stmt)
    where = node if isinstance(node, ast.expr) else ast.copy_location(ast.Constant(None), node)
    own = DUNDERS.get(name)
    a, b = kind_of(left), kind_of(right)
    if own is None or not (a or b):
        return None
    if a and has(low, left, f"__{own}__"):
        if b and a != b and has(low, right, f"__r{own}__"):
            raise Reject("E0107", node, "objects of two classes that both define it", name=f"this operator ({own})")
        return called(low, attribute_of(low, left, f"__{own}__", where), [right], {}, where, hint)
    if b and not a and has(low, right, f"__r{own}__"):
        if isinstance(left, Value) and isinstance(left.type, Scalar):
            return called(low, attribute_of(low, right, f"__r{own}__", where), [left], {}, where, hint)
        raise Reject("E0107", node, "NumPy tries the array's own operator first", "write the object first", name="it")
    return None


# tools ---------------------------------------------------------------------------------------------------------------
def use_tool(low: Lowering, tool: Tool, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> Thing:
    """Call it."""
    if tool.name == "_asdict" and len(args) == 1 and not keywords:
        fields = fields_of(low, args[0])
        return Group("dict", tuple(fields), tuple(fields.values()))
    return replaced(low, args, keywords, node)


def fields_of(low: Lowering, thing: Thing) -> dict[str, Thing]:
    """The fields of an object."""
    if isinstance(thing, Group):
        return dict(zip(thing.keys, thing.items, strict=True))
    assert isinstance(thing, Value) and isinstance(thing.type, Struct)
    return {key: part_value(low, thing, k) for k, key in enumerate(thing.type.keys)}


def replaced(low: Lowering, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> Group:
    """`dataclasses.replace(p, b=e)`, `n._replace(b=e)`."""
    if any(isinstance(thing, Poison) for thing in (*args, *keywords.values())):
        raise Poisoned
    if len(args) != 1 or not kind_of(args[0]):
        raise Reject("E0106", node, "it takes one object, and new values of its fields by name", name="replace")
    cls = class_of(low, args[0], node)
    fields = fields_of(low, args[0])
    unknown = [key for key in keywords if key not in fields]
    if unknown:
        raise Reject("E0106", node, f"there is no field `{unknown[0]}`", name="replace")
    fields |= {key: low.kept(thing, node) for key, thing in keywords.items()}
    return Group(cls.type_kind, tuple(fields), tuple(fields.values()))
