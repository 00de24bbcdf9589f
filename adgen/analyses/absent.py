"""Values that may be None: who copies them has to look first.

%y: f8[3] = for(..) [%y.1 = None]          y, y.1: may be None
    %0: bool = is %y.1, None
    %y.2 = if %0:  .. yield %1             y.2: is there, for where y.1 is handed on it is not None
           else:   yield %y.1
    .. yield %y.2                          y: may be None, if there is no pass
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import NONE, Array, Ref
from adgen.ir.walk import lanes, parents, walk

TESTS = {"is": True, "is_not": False}
KEEPS = ("store", "append", "push")
READS = ("item", "index", "load", "pop", "untape")


@dataclass
class Absent:
    """What may be None: these values, and items of lists and structures if `held`."""

    values: dict[Value, None]
    held: bool = False


def absent(func: Func) -> Absent:
    """What may be None in a function."""
    finder = _Finder(func)
    return Absent(finder.found, finder.held)


class _Finder:
    def __init__(self, func: Func) -> None:
        self.ops = list(walk(func.block))
        self.defs = {result: op for op in self.ops for result in op.results}
        self.owners = parents(func)
        self.found = {value: None for value, op in self.defs.items() if value.type == NONE or _is_none(op)}
        self.held = False  # whether some list or structure has such an item
        size = -1
        while self.found and size != len(self.found):
            size = len(self.found) + (not self.held)
            for op in self.ops:
                self._visit(op)
            size -= not self.held

    def _visit(self, op: Op) -> None:
        """What one operation tells."""
        if op.kind in ("pack", "listing") or (op.kind in KEEPS and not _is_array(op.operands[0])):
            self.held |= any(value in self.found for value in op.operands)
        elif op.kind == "alloc" or (op.kind in READS and (not _is_array(op.operands[0]) or op.kind == "load")):
            if any(value in self.found for value in op.operands) or (self.held and not _is_array(op.operands[0])):
                self.found.update(dict.fromkeys(op.results))
        elif op.kind == "if":
            for region in op.regions:
                for given, taken in zip(region.yields, op.results, strict=True):
                    if given in self.found and not self._is_there(given, region):
                        self.found[taken] = None
        else:
            self.found.update((taken, None) for given, taken in lanes(op) if given in self.found)

    def _is_there(self, value: Value, block: Block) -> bool:
        """Whether the tests on the way into a block say that a value is not None."""
        while block in self.owners:
            op, side, block = self.owners[block]
            if op.kind == "if" and value in self._told(op.operands[0], side == 0):
                return True
        return False

    def _told(self, flag: Value, truth: bool) -> Iterator[Value]:
        """The values that are not None where a flag came out so."""
        op = self.defs.get(flag)
        if op is None or op.kind != "prim":
            return
        if op.name in TESTS and op.operands[1].type == NONE and TESTS[op.name] is not truth:
            yield op.operands[0]
        elif op.name == "not":
            yield from self._told(op.operands[0], not truth)
        elif op.name == ("and" if truth else "or"):
            for operand in op.operands:
                yield from self._told(operand, truth)


def _is_none(op: Op) -> bool:
    """Whether the operation writes None: also as what stands for a value of some type where no path makes it, and where
    the backward function takes such a one out of what the forward function kept."""
    return op.attrs["value"] is None if op.kind == "const" else bool(op.attrs.get("absent"))


def _is_array(value: Value) -> bool:
    content = value.type.content if isinstance(value.type, Ref) else value.type
    return isinstance(content, Array)
