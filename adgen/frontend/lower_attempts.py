"""Where a `try` is a test: what its names must be for that (attempts tells what the test is).

try: y = a / b               right if a and b are Python's numbers: those of NumPy do not raise
except ZeroDivisionError: ..
try: v = d[k]                right if d is a dict, and none that gives keys a value
except KeyError: ..
"""

from __future__ import annotations

import ast

from adgen.frontend import lower_heap as heap
from adgen.frontend.attempts import Attempt
from adgen.frontend.bindings import Module
from adgen.frontend.lower_names import find
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import peek
from adgen.frontend.lower_things import Group, Obj, content_type
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT, INT, MEMBER, Array, DictOf, ListOf, Opaque, Scalar, Static, Struct


def possible(low: Lowering, s: Attempt) -> None:
    """Refuse a `try` that is not the test that it was taken for."""
    if s.held:
        looked_up(low, s)
    else:
        numbers(low, s)


def numbers(low: Lowering, s: Attempt) -> None:
    """A `try` is a test of numbers: those of NumPy do not raise, and nothing is known of others."""
    for name in s.scalars:
        thing = find(low, name)
        type_ = thing.type if isinstance(thing, Value) and thing not in low.maybe else None
        if type_ != FLOAT and (s.floats or type_ not in (INT, BOOL)):
            why = f"`{name}` is not known to be a Python {'float' if s.floats else 'number'}: others do not raise alike"
            raise Reject("E0101", s, why, "ask before: `if b == 0.0:`", name="try")
    if "math" in low.frame.facts.locals or low.frame.source.scope.lookup("math") != Module("math"):
        if any(isinstance(node, ast.Name) and node.id == "math" for node in ast.walk(s.test)):
            raise Reject("E0101", s, "`math` is not the module", "ask before", name="try")


def looked_up(low: Lowering, s: Attempt) -> None:
    """A `try` that looks something up is a test of its key: in a dict whose keys all have been given, or a list."""
    bases = [part.id for base in s.held for part in ast.walk(base) if isinstance(part, ast.Name)]
    for base in s.held:
        thing = peek(low, base)
        content = content_type(thing.type) if isinstance(thing, Value) else None
        listed = isinstance(content, ListOf) and not isinstance(content, DictOf)
        listed = listed or isinstance(thing, Group) and thing.kind in ("tuple", "list")
        listed = listed or isinstance(content, Struct) and content.kind in ("tuple", "list")
        listed = listed or isinstance(content, Array) and bool(content.shape)
        keyed = isinstance(content, DictOf) and content.item != MEMBER
        keyed = keyed or isinstance(thing, Value | Group | Obj) and heap.is_dict(thing)
        made = isinstance(thing, Value) and thing in low.memory.roots and low.memory.roots[thing].site in low.factories
        if not (keyed and not made if s.keyed else listed):
            why = (
                f"`{ast.unparse(base)}` is not known to be a {'dict without a default' if s.keyed else 'list or array'}"
            )
            raise Reject("E0101", s, why, "ask before: `if k in d:`", name="try")
    for name in s.scalars:
        what = find(low, name)
        content = content_type(what.type) if isinstance(what, Value) and what not in low.maybe else None
        if name not in bases and not isinstance(content, Scalar | Array | Static | Opaque):
            raise Reject("E0101", s, f"what `{name}` is, is not known", "ask before: `if k in d:`", name="try")
