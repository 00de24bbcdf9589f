"""`collections.deque` is a list that also grows and shrinks at its left end; `OrderedDict` is a dict.

q = deque([x]); q.appendleft(y)       q = [x]; q.insert(0, y)
q.popleft()                           q.pop(0)

What a list does not have, and what a deque does not, is refused.
"""

from __future__ import annotations

import ast

from adgen.frontend.lower_builtins import sequence_call
from adgen.frontend.lower_calls import METHODS, builtin
from adgen.frontend.lower_dicts import dict_call
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Thing, leaves_of
from adgen.frontend.reject import Reject
from adgen.ir.core import Value

ADVICE = "use `append`, `appendleft`, `pop`, `popleft`, `extend`, `insert`, `clear`, `reverse` and indices"


@builtin("collections.deque", "_collections.deque")
def deque_call(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`deque(xs)`."""
    if node.keywords or len(node.args) > 1:
        why = "with a largest length, elements are dropped unseen"
        raise Reject("E0106", node, why, "drop them: `if len(q) > n: q.popleft()`", name="deque")
    listed = ast.copy_location(ast.Call(ast.Name("list", ast.Load()), node.args, []), node)
    made = low.learnt.nodes.setdefault(node, listed)
    assert isinstance(made, ast.Call)
    low.deques[low.site(made, "list")] = None
    return sequence_call(low, made, hint)


@builtin("collections.OrderedDict")
def ordered(low: Lowering, node: ast.Call, hint: str) -> Thing:
    """`OrderedDict(..)`."""
    low.deques[low.site(node, "dict")] = None
    found: Thing = dict_call(low, node, hint)
    return found


def is_deque(low: Lowering, thing: Thing) -> bool:
    """Whether it is known to be a deque."""
    if isinstance(thing, Group):
        return thing.site in low.deques
    root = low.memory.root_of(thing) if isinstance(thing, Value) else None
    if root is not None:
        return all(one.site in low.deques for one in root.each())
    origin = low.memory.origins.get(low.memory.bottom(thing)) if isinstance(thing, Value) else None
    return origin is not None and origin.site in low.deques


def refuse_returned(low: Lowering, thing: Thing, node: ast.AST) -> None:
    """A deque would come out as a list, an OrderedDict as a dict."""
    found = [value for value in leaves_of(thing) if is_deque(low, value)]
    if found or is_deque(low, thing):
        raise Reject("E0127", node, "it returns a deque or an OrderedDict", "return `list(q)`, `dict(d)`")


def _at_left(name: str) -> None:
    def method(
        low: Lowering, xs: Thing, args: list[Thing], keywords: dict[str, Thing], node: ast.Call, hint: str
    ) -> Thing:
        if not is_deque(low, xs):
            raise Reject("E0109", node, "it is not known to be a deque", ADVICE, name=f"{name}left")
        if keywords or len(args) != (name == "append"):
            raise Reject("E0106", node, "it takes one element" if args else "it takes no position", name=f".{name}left")
        first = low.b.const(0)
        return METHODS["list.insert" if args else "list.pop"](low, xs, [first, *args], keywords, node, hint)

    METHODS[f"list.{name}left"] = method


_at_left("append")
_at_left("pop")
