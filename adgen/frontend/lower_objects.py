"""Objects of classes and named tuples: making them, methods, properties, operators, copies with other fields.

P(x, y)                    the fields of a dataclass; else an object without fields, and the body of __init__
p.norm                     a property: its body, in place, with p as self
p(x), p + q, p[k]          __call__, __add__, __getitem__ of the class
replace(p, b=e)            an object with the fields of p but for b
getattr(p, "b")            p.b
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_places as places
from adgen.frontend.bindings import Factory, Known, Member, Missing, UserClass
from adgen.frontend.lower_cuts import key_of_slices
from adgen.frontend.lower_index import made_list, part_value
from adgen.frontend.lower_names import resolve
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import has
from adgen.frontend.lower_things import (
    Group,
    Obj,
    Partial,
    Poison,
    Poisoned,
    Super,
    Thing,
    Tool,
    class_kind,
    kind_of,
    tuple_of,
)
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
    found = low.frame.source.scope.class_of(class_kind(thing))
    if isinstance(found, Missing):
        raise Reject("E0103", node, found.why, found.help, name=found.name)
    return found


def positional(low: Lowering, thing: Thing) -> Thing:
    """A named tuple as the tuple that it is: generated code keeps another object in its place."""
    if not low.is_tuple(kind_of(thing)) or isinstance(thing, Obj):
        return thing
    return tuple_of(tuple(fields_of(low, thing).values()))


def attribute_of(low: Lowering, thing: Thing, name: str, node: ast.expr, hint: str = "") -> Thing:
    """`thing.name`, which is no field."""
    cls = class_of(low, thing, node)
    if cls.kind == "namedtuple" and name in ("_replace", "_asdict"):
        return Partial(Tool(name), (thing,), {})
    return taken(low, cls, thing, low.frame.source.scope.member(cls, name), node, hint)


def attribute_of_class(low: Lowering, cls: UserClass, name: str, node: ast.expr) -> Thing:
    """`Class.name`."""
    if name == "__init__" and cls.kind == "dataclass":
        return Partial(Tool("__init__"), (cls,), {})
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


def _standing_for(low: Lowering, node: ast.stmt) -> ast.expr:
    """The expression that `a op= b` is: the same one each time, as what the operator makes is known by its place."""
    made = low.learnt.made.setdefault(("operator", node), ast.Expr(ast.copy_location(ast.Constant(None), node)))
    assert isinstance(made, ast.Expr)
    return made.value


def operator(low: Lowering, name: str, left: Thing, right: Thing, node: ast.AST, hint: str) -> Thing | None:
    """A binary operator of objects; None if neither side is one that has it."""
    assert isinstance(node, ast.expr | ast.stmt)
    where = node if isinstance(node, ast.expr) else _standing_for(low, node)
    own = DUNDERS.get(name)
    a, b = class_kind(left), class_kind(right)
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


# making --------------------------------------------------------------------------------------------------------------
def construct(
    low: Lowering, cls: UserClass, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, hint: str = ""
) -> Thing:
    """An object of a class."""
    site, label = low.site(node, "object"), hint or cls.qualname.rpartition(".")[2].lower()
    scope = low.frame.source.scope
    if cls.kind == "class":
        obj = heap.new(low, cls.type_kind, {}, site, label)
        init = scope.member(cls, "__init__")
        if isinstance(init, Member):
            called(low, resolve(low, init.binding, node), [obj, *args], keywords, node)
        elif args or keywords:
            raise Reject("E0106", node, "its class has no __init__", name=cls.qualname)
        return obj
    fields = given_fields(low, cls, args, keywords, node)
    group = Group(cls.type_kind, tuple(fields), tuple(fields.values()), None if cls.kind == "namedtuple" else site)
    after = scope.member(cls, "__post_init__") if cls.kind == "dataclass" else None
    if isinstance(after, Member):
        obj = heap.new(low, cls.type_kind, fields, site, label)
        called(low, resolve(low, after.binding, node), [obj], {}, node)
        return obj
    return heap.made(low, group, label)


def given_fields(
    low: Lowering, cls: UserClass, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr
) -> dict[str, Thing]:
    """The fields of a dataclass or named tuple, from the arguments of the call and the defaults."""
    names = [name for name, _ in cls.fields if name not in cls.unset]
    if len(args) > len(names) or any(key not in names or key in names[: len(args)] for key in keywords):
        raise Reject("E0106", node, f"its fields are {', '.join(names)}", name=cls.qualname)
    given = dict(zip(names, args, strict=False)) | dict(keywords)
    items: dict[str, Thing] = {}
    for name, default in cls.fields:
        if name in given:
            items[name] = low.kept(given[name], node)
        elif isinstance(default, Factory):
            items[name] = from_factory(low, default, name, node)
        elif default is not None:
            items[name] = resolve(low, default, node)
        elif name not in cls.unset:
            raise Reject("E0106", node, f"its field `{name}` is not given", name=cls.qualname)
    if any(isinstance(item, Poison) for item in items.values()):
        raise Poisoned
    return items


def from_factory(low: Lowering, default: Factory, name: str, node: ast.expr) -> Thing:
    """A field that its class makes anew for each object."""
    function = resolve(low, default.function, node)
    site = low.site(node, ("factory", name))
    if isinstance(function, Known) and function.name == "list":
        return made_list(low, tuple_of((), "list", site), name)
    if isinstance(function, Known) and function.name == "dict":
        return heap.made(low, Group("dict", (), (), site), name)
    with low.at("factory", name):
        return called(low, function, [], {}, node, name)


def super_call(low: Lowering, node: ast.Call) -> Super:
    """`super()` in a method."""
    frame = low.frame
    arguments = frame.node.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    owner = frame.source.qualname.rpartition(".")[0]
    if node.args or node.keywords or frame.outer is not None or not names or not owner:
        raise Reject("E0106", node, "only `super()` without arguments, directly in a method, is known", name="super")
    receiver = frame.env.get(names[0])
    kind = (
        receiver.type_kind if isinstance(receiver, UserClass) else class_kind(receiver) if receiver is not None else ""
    )
    cls = frame.source.scope.class_of(kind) if kind else None
    if not isinstance(cls, UserClass) or receiver is None:
        raise Reject("E0106", node, f"`{names[0]}` is no object whose class is known", name="super")
    kinds = (cls.type_kind, *cls.bases)
    places = [place for place, one in enumerate(kinds) if one.split(":", 2)[2] == owner]
    if not places:
        raise Reject("E0106", node, f"`{owner}` is not among the classes of `{names[0]}`", name="super")
    return Super(receiver, kinds[places[0] + 1 :])


def attribute_of_super(low: Lowering, sup: Super, name: str, node: ast.expr) -> Thing:
    """`super().name`: what the class after the one of the method has."""
    scope = low.frame.source.scope
    cls = scope.class_of(sup.kinds[0]) if sup.kinds else None
    if isinstance(cls, UserClass):
        if cls.bases != sup.kinds[1:]:
            why = "a class with several bases: which one comes next depends on all of them"
            raise Reject("E0105", node, why, "name the class: `Base.method(self)`", name="super")
        if name == "__init__" and cls.kind == "dataclass" and not isinstance(sup.receiver, UserClass):
            return Partial(Tool("__init__"), (cls, sup.receiver), {})
        found = scope.member(cls, name)
        if isinstance(found, Member) or name != "__init__":
            receiver = None if isinstance(sup.receiver, UserClass) else sup.receiver
            if receiver is None and isinstance(found, Member) and found.kind == "class":
                return Partial(resolve(low, found.binding, node), (sup.receiver,), {})
            return taken(low, cls, receiver, found, node)
    if name != "__init__":
        raise Reject("E0109", node, "no class above has it", name=name)
    return Tool("__init__")


# fields --------------------------------------------------------------------------------------------------------------
def write_field(low: Lowering, thing: Thing, name: str, new: Thing, node: ast.expr, where: ast.expr) -> None:
    """`thing.name = new`."""
    setter = setter_of(low, thing, name, node, where)
    if setter is not None:
        called(low, setter, [thing, new], {}, node)
    else:
        write_part(low, changed_object(low, thing, name, node, where), name, new, node)


def setter_of(low: Lowering, thing: Thing, name: str, node: ast.expr, where: ast.expr) -> Thing | None:
    """The function that `thing.name = ..` calls, if it is a property that can be written."""
    if not kind_of(thing):
        return None
    scope, cls = low.frame.source.scope, class_of(low, thing, where)
    found = scope.member(cls, name)
    if not isinstance(found, Member) or found.setter is None or isinstance(scope.member(cls, "__setattr__"), Member):
        return None
    return resolve(low, found.setter, node)


def write_part(low: Lowering, obj: Obj | Value, key: str, new: Thing, node: ast.expr) -> None:
    """Another value for a field or key of what is written to."""
    if isinstance(obj, Obj):
        heap.put(low, obj, key, new, node)
    else:
        places.put(low, obj, key, low.content(new, node), node)


def changed_object(low: Lowering, thing: Thing, name: str, node: ast.expr, where: ast.expr) -> Obj | Value:
    """The object whose field is written to; `where` is how it is written in the text."""
    if isinstance(thing, Poison):
        raise Poisoned
    text = f"`{ast.unparse(node)}`"
    if not kind_of(thing):
        raise Reject("E0124", node, _no_object(where, thing), "use a local name", name=text)
    cls = class_of(low, thing, where)
    if cls.kind == "namedtuple" or cls.frozen:
        what = "a named tuple" if cls.kind == "namedtuple" else "a frozen dataclass"
        advice = "`_replace(..)`" if cls.kind == "namedtuple" else "`dataclasses.replace(..)`"
        raise Reject("E0124", node, f"it is {what}, which never changes", f"make a new one by {advice}", name=text)
    for special in ("__setattr__", "__delattr__"):
        if isinstance(low.frame.source.scope.member(cls, special), Member):
            raise Reject("E0124", node, f"its class has a {special} of its own", name=text)
    found = low.frame.source.scope.member(cls, name)
    if isinstance(found, Member) and found.kind == "property" or isinstance(found, Missing) and found.computed:
        raise Reject("E0124", node, "it is a property of its class", "write to the field behind it", name=text)
    return changed(low, thing, where)


def changed(low: Lowering, thing: Thing, where: ast.expr) -> Obj | Value:
    """The object, or the place of one in a list, that is written to."""
    from adgen.frontend.lower_stores import note_store

    if isinstance(thing, Value) and places.is_place(thing):
        note_store(low, low.memory.roots[thing], where, True)
        return thing
    if isinstance(thing, Value):
        places.learn_changing(low, thing)
    return heap.writable(low, thing, where)


def _no_object(where: ast.expr, thing: Thing) -> str:
    if isinstance(thing, UserClass):
        return f"`{ast.unparse(where)}` is a class, and all its objects would see the change"
    return f"`{ast.unparse(where)}` is no object that the function has made or was given"


# tools ---------------------------------------------------------------------------------------------------------------
def use_tool(low: Lowering, tool: Tool, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> Thing:
    """Call it."""
    if tool.name == "__init__":
        return initialised(low, args, keywords, node)
    if tool.name == "_asdict" and len(args) == 1 and not keywords:
        fields = fields_of(low, args[0])
        return heap.made(low, Group("dict", tuple(fields), tuple(fields.values()), low.site(node, "object")))
    return replaced(low, args, keywords, node)


def initialised(low: Lowering, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> Thing:
    """`super().__init__(..)`: nothing to do for `object`, the fields of the object for a dataclass."""
    if not args:
        return low.b.const(None)
    cls, *rest = args
    assert isinstance(cls, UserClass)
    own = class_of(low, rest[0], node) if rest else None
    if own is None or cls.type_kind not in (own.type_kind, *own.bases):
        raise Reject("E0106", node, f"its first argument is an object of {cls.qualname}", name="__init__")
    obj, *given = rest
    for key, thing in given_fields(low, cls, given, keywords, node).items():
        write_part(low, changed(low, obj, node), key, thing, node)
    after = low.frame.source.scope.member(class_of(low, obj, node), "__post_init__")
    if isinstance(after, Member):
        called(low, resolve(low, after.binding, node), [obj], {}, node)
    return low.b.const(None)


def fields_of(low: Lowering, thing: Thing) -> dict[str, Thing]:
    """The fields of an object."""
    thing = heap.seen(low, thing)
    if isinstance(thing, Group):
        return dict(zip(thing.keys, thing.items, strict=True))
    assert isinstance(thing, Value) and isinstance(thing.type, Struct)
    return {key: part_value(low, thing, k) for k, key in enumerate(thing.type.keys)}


def replaced(low: Lowering, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> Thing:
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
    if cls.kind == "class" or isinstance(low.frame.source.scope.member(cls, "__post_init__"), Member):
        raise Reject("E0106", node, "its class makes its fields in a method of its own", name="replace")
    return heap.made(low, Group(cls.type_kind, tuple(fields), tuple(fields.values()), low.site(node, "object")))


def item_of_object(low: Lowering, base: Thing, node: ast.Subscript, hint: str) -> Thing:
    """`p[k]`: `__getitem__` of the class."""
    from adgen.frontend.lower_statics import has

    if not has(low, base, "__getitem__"):
        raise Reject("E0114", node, "its class has no __getitem__: fields are read by name", "write `p.field`")
    return called(low, attribute_of(low, base, "__getitem__", node), [key_of_slices(low, node.slice)], {}, node, hint)
