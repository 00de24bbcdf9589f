"""Activity: which values depend on the independent variables and influence the result (varied and useful).

    f(x, n): y = x * x; k = n + 1; return y * k          active: x, y, the result; inactive: n, k

Both facts are reachability in one graph of "may carry a derivative to" edges, which makes loops and memory a fixed
point for free: a store leads to the memory, every view of the memory and every load from it are reached in turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import DictOf, Ref, is_active_type
from adgen.rules.table import lookup

MOST_NAMES = 8  # of a chain that is told whole
Edges = dict[Value, list[Value]]
Flows = Mapping[str, Sequence[int]]  # function -> the parameters that can reach its result


@dataclass(frozen=True)
class Activity:
    """The active values, and for each varied value the neighbour that made it so (the reason)."""

    active: frozenset[Value]
    varied: frozenset[Value]
    because: dict[Value, Value]
    origin: dict[Value, Value]  # the independent variable from which a varied value was reached first

    def __contains__(self, value: Value) -> bool:
        return value in self.active

    def chain(self, value: Value) -> list[str]:
        """Names on the way from an independent variable to this value: why it is active.

        Of a long way only the end is told, with `...` for what lies between.
        """
        names: list[str] = []
        node: Value | None = value
        while node is not None and len(names) < MOST_NAMES:
            if node.hint and (not names or names[-1] != node.hint):
                names.append(node.hint)
            node = self.because.get(node)
        if node is not None:
            names += ["...", self.origin[value].hint]
        return names[::-1]


def activity(
    func: Func, wrt: Iterable[Value], results: Iterable[Value] | None = None, flows: Flows | None = None
) -> Activity:
    """Values on a path from `wrt` to `results` (default: the function's result); `flows` says what calls hand on."""
    forward: Edges = {}
    backward: Edges = {}
    for source, target in _edges(func.block, flows or {}):
        if is_active_type(source.type) and is_active_type(target.type):
            forward.setdefault(source, []).append(target)
            backward.setdefault(target, []).append(source)
    because: dict[Value, Value] = {}
    varied = _reach(forward, (v for v in wrt if is_active_type(v.type)), because)
    useful = _reach(backward, func.block.yields if results is None else results, {})
    origin = {value: value for value in varied if value not in because}
    for target, source in because.items():  # in the order of the search: a source before what it reaches
        origin[target] = origin[source]
    return Activity(frozenset(v for v in varied if v in useful), frozenset(varied), because, origin)


def _reach(edges: Edges, start: Iterable[Value], because: dict[Value, Value]) -> dict[Value, None]:
    """What edges lead to; `because` gets the neighbour on a shortest way (a breadth-first search finds it)."""
    seen = dict.fromkeys(start)
    todo = deque(seen)
    while todo:
        source = todo.popleft()
        for target in edges.get(source, ()):
            if target not in seen:
                seen[target] = None
                because[target] = source
                todo.append(target)
    return seen


def _edges(block: Block, flows: Flows) -> Iterator[tuple[Value, Value]]:
    for op in block.ops:
        if op.kind == "call":
            places = flows.get(op.name, range(len(op.operands)))
            yield from ((op.operands[k], result) for k in places for result in op.results)
        yield from _op_edges(op)
        for region in op.regions:
            yield from _edges(region, flows)


def _op_edges(op: Op) -> Iterator[tuple[Value, Value]]:
    match op.kind:
        case "prim":
            yield from _prim_edges(op)
        case "listing" if isinstance(op.result.type, DictOf):
            for operand in op.operands[1::2]:
                yield operand, op.result
        case "index" | "item" | "load" | "alloc" | "untape" | "pop":
            yield op.operands[0], op.result
        case "view":
            yield op.operands[0], op.result
            yield op.result, op.operands[0]
        case "pack" | "listing":
            for operand in op.operands:
                yield operand, op.result
        case "store" | "append" | "push":
            yield op.operands[1], op.operands[0]
        case "select":
            for operand in op.operands[1:]:
                yield operand, op.result
                if isinstance(operand.type, Ref):
                    yield op.result, operand
        case "if":
            for region in op.regions:
                yield from zip(region.yields, op.results, strict=True)
        case "for" | "while":
            yield from _loop_edges(op)


def _prim_edges(op: Op) -> Iterator[tuple[Value, Value]]:
    rule = lookup(op.name)
    if rule is None or rule.kind != "zero":
        for operand in op.operands:
            yield operand, op.result


def _loop_edges(op: Op) -> Iterator[tuple[Value, Value]]:
    (body,) = op.regions
    bounds = 3 if op.kind == "for" else 0
    params = body.params[1:] if op.kind == "for" else body.params
    for init, param, out, result in zip(op.operands[bounds:], params, body.yields[1:], op.results[2:], strict=True):
        yield init, param
        yield init, result
        yield out, param
        yield out, result
        if isinstance(param.type, Ref):
            yield param, init
