"""Keys of dicts that are computed when the program runs: integers, texts, and tuples of these.

d[k] = e          the type of k joins that of the keys that went in before
d[x] = e          refused where x is a real number: it may vary
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Poison, Poisoned, Restart, Thing, content_type
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import INT, UNDEF, Array, DictOf, Opaque, Scalar, Static, Struct, Type, show
from adgen.rules.keys import TEXT, joined_key


def key_type(type_: Type, node: ast.AST) -> Type:
    """The type that a key has in the dict; what varies is refused."""
    match type_:
        case Scalar("int" | "bool"):
            return INT
        case Static(bool() | int()):
            return INT
        case Static(str()):
            return TEXT
        case Static() | Opaque():
            return type_ if isinstance(type_, Opaque) else Opaque("key")
        case Array(dtype, ()) if dtype is not None and dtype[0] in "iub":
            return type_
        case Struct("tuple", keys, items):
            return Struct("tuple", keys, tuple(key_type(item, node) for item in items))
    why = f"it is {show(type_)}, which is no integer, no text and no tuple of these"
    raise Reject("E0116", node, why, "keep a list of pairs, or use an integer as key")


def key_of(low: Lowering, thing: Thing, node: ast.AST) -> Value:
    """A thing as a key."""
    if isinstance(thing, Poison):
        raise Poisoned
    if isinstance(thing, Group) and thing.kind != "tuple":
        raise Reject("E0116", node, f"a {thing.kind} is no key", "use an integer, a text, or a tuple of these")
    known, constant = low.static(thing)
    if known and isinstance(thing, Group) and isinstance(constant, tuple) and len(constant) > 1:
        return low.b.const(constant, repr(constant)[1:-1], key_type(low.template(thing), node))
    value = low.content(thing, node)
    key_type(value.type, node)
    return value


def learn_keys(low: Lowering, ref: Value, key: Value, node: ast.AST) -> None:
    """The dict has keys of this type, too; lowering begins again if that is new."""
    site = low.memory.roots[ref].site
    content = content_type(ref.type)
    assert isinstance(content, DictOf)
    found = joined_key(content.key, key_type(key.type, node))
    if found != content.key and ref in low.memory.whole and low.learnt.keys.get(site) != found:
        low.learnt.keys[site] = found
        raise Restart


def either_key(one: DictOf, other: DictOf) -> DictOf:
    """The type of a set whose elements come from two."""
    return replace(one, key=joined_key(one.key, other.key))


def common_key(types: Sequence[Type]) -> Type:
    """The type of keys that may be of any of these types."""
    found: Type = UNDEF
    for type_ in types:
        found = joined_key(found, type_)
    return found
