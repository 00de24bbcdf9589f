"""The entries of a direction that an array of indices picks, added where they were picked, are counted (real).

    x_bar_dot = np.zeros_like(x)
    np.add.at(x_bar_dot, k, 2.0 * x_dot[k])     ->     2.0 * np.bincount(k, minlength=len(x_dot))[:, None] * x_dot

Only for positions that np.argmin or np.argmax found along an axis as long as the direction, so that none is negative
or too large; and only for literal multiples of a direction, for in other arrays an entry that is never picked may be
nan, and nan times no occurrence is nan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import INT, Array
from adgen.ir.walk import Rebuilder, blocks, defs, uses
from adgen.optimise.facts import exact
from adgen.optimise.rewrite import args_of

CLASS = "real"
FINDING = ("np.argmin", "np.argmax")


def counts(func: Func) -> Func:
    """Replace such sums of entries by products."""
    return _Counts(func).func(func)


@dataclass
class _Sum:
    """What the buffer holds in the end: the factor times the direction's entries, each as often as it is picked."""

    factor: float
    direction: Value
    index: Value


class _Counts(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        self.uses = uses(func)
        self.directions = [param.value for param in func.params if self._is_direction(func, param.value)]
        self.dropped: set[Op] = set()
        self.sums: dict[Op, _Sum] = {}  # the reading of the buffer that the product stands for
        for block in blocks(func.block) if self.directions else ():
            for op in block.ops:
                if op.kind == "alloc" and op.role == "tangent":
                    self._look(block, op)

    def _is_direction(self, func: Func, value: Value) -> bool:
        """Whether a parameter is the tangent of another: derivative code alone reads it."""
        named = [p.value for p in func.params if f"{p.value.hint}_dot" == value.hint and p.value.type == value.type]
        readers = self.uses.get(value, [])
        return bool(named) and all(isinstance(user, Op) and user.role == "tangent" for user in readers)

    def _look(self, block: Block, alloc: Op) -> None:
        """Note one buffer of zeros that is increased once, and then read once, in this block."""
        zeros = self.defs.get(alloc.operands[0])
        if zeros is None or zeros.name not in ("zeros_like", "np.zeros_like"):
            return
        view, load = self._readers(alloc, "view", "load")
        (store,) = self._readers(view, "store")
        if view is None or load is None or store is None or store.operands[0] is not view.result:
            return
        if store.attrs["mode"] != "add" or not store.attrs.get("at") or view.attrs.get("spec") != ("i",) or view.name:
            return
        chain = (alloc, view, store, load)
        places = [k for k, op in enumerate(block.ops) if op in chain]
        found = self._sum(store.operands[1], view.operands[1])
        if found is None or [block.ops[k] for k in places] != list(chain) or found.direction.type != load.result.type:
            return
        self.dropped.update((alloc, view, store))
        self.sums[load] = found

    def _readers(self, op: Op | None, *kinds: str) -> list[Op | None]:
        """Those that read the result of an operation, if they are of these kinds, one each."""
        found = self.uses.get(op.result, []) if op is not None else []
        readers = sorted((user for user in found if isinstance(user, Op)), key=lambda user: user.kind, reverse=True)
        same = len(readers) == len(found) and [user.kind for user in readers] == sorted(kinds, reverse=True)
        return list(readers) if same else [None] * len(kinds)

    def _sum(self, value: Value, index: Value) -> _Sum | None:
        """A value as a literal times the entries of a direction that the index picks."""
        factor = 1.0
        while (op := self.defs.get(value)) is not None and op.role == "tangent" and len(self.uses[value]) == 1:
            if op.kind == "index":
                picked = op.attrs.get("spec") == ("i",) and op.operands[1] is index and not op.name
                direction = op.operands[0]
                fits = picked and direction in self.directions and self._is_place(index, direction)
                return _Sum(factor, direction, index) if fits else None
            literal = self.defs.get(op.operands[0]) if op.name == "mul" else None
            if op.kind == "prim" and op.name == "neg":
                factor = -factor
            elif literal is not None and literal.kind == "const" and type(literal.attrs["value"]) in (int, float):
                number = literal.attrs["value"]
                assert isinstance(number, int | float)
                factor *= number
            else:
                return None
            value = op.operands[-1]
        return None

    def _is_place(self, index: Value, direction: Value) -> bool:
        """Whether all entries of the index are places along the first axis of an array of double precision."""
        op, type_ = self.defs.get(index), direction.type
        if op is None or op.name not in FINDING or not isinstance(index.type, Array) or not exact(type_):
            return False
        searched = op.operands[0].type
        statics = op.attrs.get("statics")
        axis = statics.get("axis") if isinstance(statics, Mapping) else None
        if not isinstance(searched, Array) or searched.shape is None or not isinstance(axis, int):
            return False
        if not isinstance(type_, Array) or type_.dtype != "f8" or not type_.shape or len(type_.shape) > 2:
            return False
        rank = len(index.type.shape or ())
        return rank == 1 and len(searched.shape) == 2 and searched.shape[axis] == type_.shape[0]

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The product in place of the reading."""
        if old in self.dropped:
            return []
        if old not in self.sums:
            return (op,)
        found = self.sums[old]
        direction, index = (self.mapping.get(value, value) for value in (found.direction, found.index))
        type_ = direction.type
        assert isinstance(type_, Array) and type_.shape
        builder = Builder(op.role, op.span)
        length = builder.emit("prim", "len", (direction,), INT, attrs={"args": ("x",)})
        shape = type_.shape[:1]
        arguments = {"args": ("x", "minlength")}
        number = builder.emit("prim", "np.bincount", (index, length), Array("i8", shape), attrs=arguments)
        if len(type_.shape) == 2:
            shape = (*shape, 1)
            number = builder.emit("index", "", (number,), Array("i8", shape), attrs={"spec": ("s000", "n")})
        if found.factor != 1.0:
            pair = (builder.const(found.factor), number)
            number = builder.emit("prim", "mul", pair, Array("f8", shape), attrs={"args": args_of("mul", 2)})
        attrs = {"args": args_of("mul", 2)}
        product = builder.emit("prim", "mul", (number, direction), type_, op.result.hint, attrs)
        self.mapping[op.result] = product
        return builder.ops
