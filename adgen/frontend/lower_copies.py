"""`copy.copy` and `copy.deepcopy`: of arrays, lists, dicts and objects.

    new = copy.copy(state)           State(pos=state.pos, vel=state.vel), without a call of __init__
    new = copy.deepcopy(state)       State(pos=np.copy(state.pos), vel=state.vel)

What is in two places of a whole is in two places of its deep copy, too: that is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Known
from adgen.frontend.lower_callbacks import written
from adgen.frontend.lower_calls import apply, arguments, builtin, rule
from adgen.frontend.lower_objects import class_of, fields_of
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import has
from adgen.frontend.lower_things import Group, Obj, Poison, Poisoned, Thing, content_type, kind_of, type_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, DictOf, ListOf, Static, Type, is_number

OWN = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs__")


@builtin("copy.copy", "copy.deepcopy")
def copy_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """A copy of an array, a number, a list, a dict, an object."""
    function = low.expr(node.func)
    assert isinstance(function, Known)
    args, keywords = arguments(low, node)
    if len(args) != 1 or keywords:
        raise Reject("E0106", node, "it takes one value", name=function.name)
    if isinstance(args[0], Poison):
        raise Poisoned
    if "deep" not in function.name:
        return _shallow(low, args[0], node, hint)
    held = list(_arrays(low, args[0]))
    if any(one is other or low.memory.meet(one, other) for k, one in enumerate(held) for other in held[:k]):
        raise _refused(node, "one array is in two places of it, and so it is in its copy")
    return _deep(low, args[0], node, hint, "")


def _refused(node: ast.expr, why: str) -> Reject:
    name = ast.unparse(node.func) if isinstance(node, ast.Call) else "copy"
    return Reject("E0106", node, why, "copy its parts: `[x.copy() for x in xs]`", name=name)


def _plain(low: Lowering, thing: Thing, node: ast.expr, hint: str) -> Thing | None:
    """The copy of what is no list, dict or object; None if it is one."""
    type_ = content_type(type_of(thing)) if isinstance(thing, Value | Group) else None
    if isinstance(type_, Static) or (type_ is not None and is_number(type_)):
        return thing
    return rule(low, "np.copy", [thing], {}, node, hint) if isinstance(type_, Array) and type_.shape else None


def _shallow(low: Lowering, thing: Thing, node: ast.expr, hint: str) -> Thing:
    made = _plain(low, thing, node, hint)
    if made is not None:
        return made
    if kind_of(thing):
        return _object(low, thing, fields_of(low, thing), node, "")
    type_ = content_type(type_of(thing)) if isinstance(thing, Value | Group) else None
    if _is(thing, "list") or type(type_) is ListOf:
        return _run(low, "return [v for v in a]", thing, node, hint)
    if _is(thing, "dict") or isinstance(type_, DictOf):
        return _run(low, "return dict(a)", thing, node, hint)
    if isinstance(thing, Group):
        return thing
    raise _refused(node, "it is no array, list, dict or object")


def _deep(low: Lowering, thing: Thing, node: ast.expr, hint: str, path: str) -> Thing:
    made = _plain(low, thing, node, hint)
    if made is not None:
        return made
    if kind_of(thing) or _is(thing, "dict"):
        fields = fields_of(low, thing)
        parts = {key: _deep(low, part, node, hint, f"{path}.{key}") for key, part in fields.items()}
        if kind_of(thing):
            return _object(low, thing, parts, node, path)
        return heap.made(low, Group("dict", tuple(parts), tuple(parts.values()), low.site(node, f"object{path}")))
    type_ = content_type(type_of(thing)) if isinstance(thing, Value | Group) else None
    if isinstance(thing, Group) and not _is(thing, "list"):
        items = (_deep(low, item, node, hint, f"{path}.{k}") for k, item in enumerate(thing.items))
        return replace(thing, items=tuple(items), site=None)
    if _is(thing, "list") or type(type_) is ListOf:
        if _of_numbers(low, thing, type_):
            return _run(low, "return [v for v in a]", thing, node, hint)
        if isinstance(thing, Group) and len(list(_arrays(low, thing))) == len(thing.items):
            return _run(low, "return [copy(v) for v in a]", thing, node, hint)
    raise _refused(node, "which parts of it are one object is not followed")


def _of_numbers(low: Lowering, thing: Thing, type_: Type | None) -> bool:
    flat = isinstance(type_, ListOf) and is_number(type_.item)
    return flat or (isinstance(thing, Group) and all(is_number(low.template(item)) for item in thing.items))


def _object(low: Lowering, thing: Thing, fields: dict[str, Thing], node: ast.expr, path: str) -> Thing:
    """Another object of the class with these fields; its __init__ is not called."""
    own = [name for name in OWN if has(low, thing, name) and class_of(low, thing, node).kind != "namedtuple"]
    if own:
        raise _refused(node, f"its class has a method {own[0]}")
    kind = kind_of(thing)
    return heap.made(low, Group(kind, tuple(fields), tuple(fields.values()), low.site(node, f"object{path}")))


def _is(thing: Thing, kind: str) -> bool:
    return isinstance(thing, Group | Obj) and thing.kind == kind


def _arrays(low: Lowering, thing: Thing) -> Iterator[Value]:
    """The arrays in it, wherever."""
    if kind_of(thing) or isinstance(thing, Obj):
        for part in fields_of(low, thing).values():
            yield from _arrays(low, part)
    elif isinstance(thing, Group):
        for item in thing.items:
            yield from _arrays(low, item)
    elif isinstance(thing, Value) and isinstance(content_type(thing.type), Array):
        type_ = content_type(thing.type)
        if not is_number(type_):
            yield thing


def _run(low: Lowering, body: str, thing: Thing, node: ast.expr, hint: str) -> Thing:
    return apply(low, written(low, ["a"], body, node), [thing], {}, node, hint)


@builtin("dataclasses.asdict", "dataclasses.astuple")
def as_dict(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`dataclasses.asdict(p)`: a deep copy of the fields."""
    args, keywords = arguments(low, node)
    function = low.expr(node.func)
    assert isinstance(function, Known)
    if len(args) != 1 or keywords or not kind_of(args[0]):
        raise Reject("E0106", node, "it takes one object", name=function.name)
    fields = fields_of(low, args[0])
    if any(kind_of(part) or not isinstance(part, Value) for part in fields.values()):
        raise Reject("E0106", node, "one of its fields is an object, a list, a tuple or a dict", name=function.name)
    parts = {key: _deep(low, part, node, hint, "") for key, part in fields.items()}
    kind = "dict" if function.name.endswith("asdict") else "tuple"
    names = tuple(parts) if kind == "dict" else tuple(str(k) for k in range(len(parts)))
    group = Group(kind, names, tuple(parts.values()), low.site(node, "object"))
    return heap.made(low, group) if kind == "dict" else replace(group, site=None)
