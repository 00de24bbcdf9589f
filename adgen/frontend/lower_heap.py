"""Objects and dicts that are changed: their parts are names of the frame, so that branches and loops carry them.

p = P(x, y)            " p_w @1.w": x, " p_b @1.b": y, " keys @1": w b; p stands for Obj(1)
p.b += p.w             the name " p_b @1.b" stands for another value; the text has `p_b = p_b + x`
for ..: p.b += x       the loop carries p_b
q = p                  q is Obj(1), too
[p, q]                 structures of the program hold Obj(1); where one value is needed, a copy of it as of now

An object that is never changed stays a `Group`.  The first write to it makes its place of origin known as one of
objects that change, and lowering begins again.  Once a copy of it stands in a list or in a value that comes from
several paths, no write may follow (`freeze`).  Variables of functions around that an inner function rebinds with
`nonlocal` are entries of the same kind.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from adgen.frontend.bindings import Member, UserClass
from adgen.frontend.lower_things import (
    Group,
    Keys,
    Obj,
    Poison,
    Poisoned,
    Restart,
    Site,
    Thing,
    content_type,
    kind_of,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import NONE, UNDEF, Ref, Struct, Type, show

if TYPE_CHECKING:
    from adgen.frontend.lower_state import Env, Frame, Lowering

MARK = "@"
CELLS_HELP = "pass it as an argument, and return it"
NOTHING = Value(NONE)  # in place of a part that is left out
KEYS_HELP = "give it all of its keys where it is made"


def is_entry(name: str) -> bool:
    """Whether a name of the frame is an entry of the heap."""
    return name.startswith(" ") and MARK in name


def is_named(name: str) -> bool:
    """Whether the user has a name for it: a variable, or a part of an object."""
    return is_entry(name) or not name.startswith(" ")


def is_part(name: str) -> bool:
    """Whether it is the entry of an object's part or of its keys, not of a variable."""
    return is_entry(name) and (name.startswith(" keys ") or "." in name.partition(MARK)[2])


def entries(env: Mapping[str, Thing]) -> Env:
    """The entries of the heap among the names of a frame."""
    return {name: thing for name, thing in env.items() if is_entry(name)}


def _entry(obj: Obj, key: str) -> str:
    word = "".join(c if c.isalnum() or c == "_" else "_" for c in key)
    label = f"{obj.label}_{word}" if obj.label else word
    return f" {label} {MARK}{obj.number}.{key}"


def _keys_entry(obj: Obj) -> str:
    return f" keys {MARK}{obj.number}"


def hint_of(obj: Obj, key: str) -> str:
    """The name that a part would like to have."""
    return _entry(obj, key).strip().partition(" ")[0]


def number(low: Lowering) -> str:
    """A number for an object or variable: the same in each pass, another one in each function that stays one."""
    low.objects += 1
    return f"{low.learnt.number}:{low.objects}"


# making and reading --------------------------------------------------------------------------------------------------
def made(low: Lowering, group: Group, label: str = "") -> Thing:
    """What a display of a dict or a call of a class makes: an object that can change, if that is known to happen."""
    if group.site is None or group.site not in low.learnt.memory:
        return group
    return new(low, group.kind, dict(zip(group.keys, group.items, strict=True)), group.site, label)


def new(low: Lowering, kind: str, fields: Mapping[str, Thing], site: Site, label: str = "") -> Obj:
    """A new object that can change."""
    obj = Obj(number(low), kind, label, site, low.memory.object_made(site))
    low.made[obj.number] = obj
    fields = {**fields, **declared(low, obj, fields)}
    for key, thing in fields.items():
        low.memory.hold(thing)
        low.frame.env[_entry(obj, key)] = thing
    low.frame.env[_keys_entry(obj)] = Keys(tuple(fields))
    return obj


def declared(low: Lowering, obj: Obj, fields: Mapping[str, Thing]) -> dict[str, Thing]:
    """Fields that the object gets on some path only: without a value so far, or with that of the class."""
    from adgen.frontend.lower_names import resolve

    found: dict[str, Thing] = {}
    for key in low.learnt.fields.get(obj.site, {}):
        if key in fields:
            continue
        scope = low.frame.source.scope
        cls = scope.class_of(obj.kind)
        member = scope.member(cls, key) if isinstance(cls, UserClass) else None
        if isinstance(member, Member) and member.kind == "value":
            found[key] = resolve(low, member.binding, low.frame.node)
        else:
            found[key] = low.b.emit("undef", "", (), UNDEF, hint_of(obj, key))
    return found


def known(obj: Obj, env: Mapping[str, Thing]) -> bool:
    """Whether the object was made on the way to here."""
    return _keys_entry(obj) in env


def keys(low: Lowering, obj: Obj) -> tuple[str, ...]:
    """The names of its parts now."""
    return keys_in(obj, low.frame.env)


def keys_in(obj: Obj, env: Mapping[str, Thing]) -> tuple[str, ...]:
    """The names of its parts, in a frame."""
    found = env.get(_keys_entry(obj))
    if isinstance(found, Poison):
        raise Poisoned
    if not isinstance(found, Keys):
        raise Reject("E0120", None, "it cannot be followed where an object comes from")
    return found.names


def get(low: Lowering, obj: Obj, key: str) -> Thing:
    """A part as it is now."""
    from adgen.frontend.lower_absent import read

    found = part_in(obj, key, low.frame.env)
    return read(low, _entry(obj, key), found) if isinstance(found, Value) and found in low.unbound else found


def part_in(obj: Obj, key: str, env: Mapping[str, Thing]) -> Thing:
    """A part, in a frame."""
    found = env.get(_entry(obj, key))
    if found is None or isinstance(found, Poison):
        raise Poisoned
    return found


def seen(low: Lowering, thing: Thing) -> Thing:
    """The object as a structure of what it holds now: to be looked at, not to be kept."""
    if isinstance(thing, Value) and isinstance(thing.type, Ref) and isinstance(thing.type.content, Struct):
        return low.load(thing)  # the place of an object in a list
    if not isinstance(thing, Obj):
        return thing
    names = keys(low, thing)
    return Group(thing.kind, names, tuple(get(low, thing, key) for key in names))


def snapped(low: Lowering, obj: Obj) -> Group:
    """As `seen`, of an object."""
    group = seen(low, obj)
    assert isinstance(group, Group)
    return group


def snapshot(low: Lowering, thing: Thing) -> Thing:
    """The object as a structure that is kept: no write to the object may follow."""
    if not isinstance(thing, Obj):
        return thing
    low.memory.freeze(thing.root)
    return seen(low, thing)


def dissolved(thing: Thing | None, env: Mapping[str, Thing], inside: tuple[Obj, ...] = ()) -> Thing | None:
    """The thing with all objects in it as structures of what they hold in a frame."""
    if isinstance(thing, Obj):
        if thing in inside:
            raise Reject("E0124", None, "the object holds itself", name="this object")
        names = keys_in(thing, env)
        items = [dissolved(part_in(thing, key, env), env, (*inside, thing)) for key in names]
        return Group(thing.kind, names, tuple(item for item in items if item is not None), thing.site)
    if isinstance(thing, Group):
        parts = [dissolved(item, env, inside) for item in thing.items]
        if all(a is b for a, b in zip(parts, thing.items, strict=True)):
            return thing
        return Group(thing.kind, thing.keys, tuple(part for part in parts if part is not None), thing.site)
    return thing


def is_dict(thing: Thing) -> bool:
    """Whether it is a dict with known keys."""
    type_ = content_type(type_of(thing))
    return (thing.kind if isinstance(thing, Obj) else type_.kind if isinstance(type_, Struct) else "") == "dict"


def settled(low: Lowering, thing: Thing, freeze: bool = False, env: Mapping[str, Thing] | None = None) -> Thing:
    """The thing with structures for all objects in it; `freeze`: they are kept, and no write to the objects follows."""
    if freeze:
        for obj in objects_in(thing):
            low.memory.freeze(obj.root)
    found = dissolved(thing, low.frame.env if env is None else env)
    assert found is not None
    return found


def objects_in(thing: Thing) -> Iterator[Obj]:
    """The objects that a thing is made of, not those that they hold."""
    if isinstance(thing, Obj):
        yield thing
    elif isinstance(thing, Group):
        for item in thing.items:
            yield from objects_in(item)


def template(low: Lowering, thing: Thing | None) -> Type:
    """The type of a thing's content, with objects as structures."""
    return content_type(type_of(dissolved(thing, low.frame.env)))


# writing -------------------------------------------------------------------------------------------------------------
def writable(low: Lowering, thing: Thing, node: ast.expr, what: str = "") -> Obj:
    """The object behind what is written to; begins again if it was not known to change."""
    text = f"`{ast.unparse(node)}`"
    match thing:
        case Poison():
            raise Poisoned
        case Obj():
            touch(low, thing, node)
            return thing
        case Group(kind="dict") if thing.site is not None:
            learn(low, thing.site, node)
        case Group() if kind_of(thing) and thing.site is not None:
            learn(low, thing.site, node)
        case Value(type=Struct()):
            origin = low.memory.origins.get(thing)
            if origin is not None and origin.kind == "captured":
                raise Reject("E0123", node, "the change would be seen by other functions", name=origin.name)
            if origin is not None and origin.site is not None and origin.kind in ("param", "item"):
                learn(low, origin.site, node)
            why = f"{text} is a part of a list or structure that others may see"
            raise Reject("E0124", node, why, "make a new one, with the new value in it, and put it there", name=text)
    type_ = type_of(thing)
    shown = show(type_) if isinstance(thing, Value | Group) else "no object"
    why = what or f"{text} is {shown}"
    raise Reject("E0124", node, why, "make a new one, with the new value in it", name=text)


def learn(low: Lowering, site: Site, node: ast.AST) -> None:
    """What is made at this place changes later: begin again."""
    if site in low.learnt.memory:
        raise Reject("E0120", node, "it cannot be followed which object is written to")
    low.learnt.memory[site] = None
    raise Restart


def touch(low: Lowering, obj: Obj, node: ast.AST) -> None:
    """A write to an object: refused where a copy of it stands in for it."""
    if obj.root.frozen:
        why = "a list, a structure or another name holds this object, and would see the change"
        raise Reject("E0120", node, why, "put a copy there: `dataclasses.replace(p)`, `dict(d)`")
    low.memory.store(obj.root)


def put(low: Lowering, obj: Obj, key: str, thing: Thing, node: ast.AST) -> None:
    """`obj.key = thing`; the object is known to be writable."""
    if isinstance(thing, Poison):
        raise Poisoned
    low.memory.hold(low.kept(thing, node))
    names = keys(low, obj)
    if key not in names:
        low.frame.env[_keys_entry(obj)] = Keys((*names, key))
    low.frame.env[_entry(obj, key)] = thing
    if isinstance(thing, Value) and not thing.hint and not isinstance(thing.type, Ref):
        low.names.setdefault(thing, hint_of(obj, key))


def remove(low: Lowering, obj: Obj, key: str, node: ast.AST) -> None:
    """`del obj[key]`."""
    names = keys(low, obj)
    if key not in names:
        raise Reject("E0116", node, f"the keys are {', '.join(map(repr, names))}", f"there is no key {key!r}")
    low.frame.env[_keys_entry(obj)] = Keys(tuple(name for name in names if name != key))


# paths ---------------------------------------------------------------------------------------------------------------
def rows(env: Mapping[str, Thing], ends: list[Env]) -> list[str]:
    """The entries of objects from before a branch that some path through it has changed."""
    every = dict.fromkeys(name for end in ends for name in end if is_entry(name))
    return [name for name in every if _before(name, env) and any(end.get(name) is not env.get(name) for end in ends)]


def _before(name: str, env: Mapping[str, Thing]) -> bool:
    """Whether an entry is one of an object, or a variable, that is known."""
    number = name.partition(MARK)[2].partition(".")[0]
    return name in env or f" keys {MARK}{number}" in env


def clash(low: Lowering, name: str, things: list[Thing | None]) -> str:
    """Why the keys of a dict cannot differ between paths; fields of an object are declared, and all begins again."""
    found = [thing for thing in things if isinstance(thing, Keys)]
    obj = low.made.get(name.partition(MARK)[2])
    if obj is not None and obj.kind not in ("dict", "list") and found:
        known = low.learnt.fields.setdefault(obj.site, {})
        missing = [key for thing in found for key in thing.names if any(key not in other.names for other in found)]
        if any(key not in known for key in missing):
            known |= dict.fromkeys(missing)
            raise Restart
    if obj is not None and obj.kind == "dict" and obj.site[0] != "param" and obj.site not in low.learnt.computed:
        low.learnt.computed[obj.site] = None  # one whose keys are computed
        raise Restart
    if obj is not None and obj.kind == "list":
        return "which functions the list holds depends on the path"
    said = " or ".join(dict.fromkeys("{" + ", ".join(map(repr, thing.names)) + "}" for thing in found))
    return f"which keys it has depends on the path: {said}"


# cells ---------------------------------------------------------------------------------------------------------------
def cells(low: Lowering, frame: Frame) -> dict[str, str]:
    """The variables of a function that functions inside it rebind, and those of functions around that it rebinds."""
    found: dict[str, str] = {}
    for name in frame.facts.outward:
        outer = frame.outer
        while outer is not None and name not in outer.cells:
            outer = outer.outer
        if outer is not None and outer.owner is not frame.owner:
            raise Reject(
                "E0110", frame.node, f"it changes `{name}` of a function around it", CELLS_HELP, name=_name(frame)
            )
        if outer is not None:
            found[name] = outer.cells[name]
    for name in frame.facts.rebound:
        if name not in found:
            found[name] = f" {name} {MARK}{number(low)}"
    return found


def _name(frame: Frame) -> str:
    return frame.node.name if isinstance(frame.node, ast.FunctionDef) else "lambda"
