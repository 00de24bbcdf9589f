"""Tapes that are arrays, for code that is compiled: the trip count is known, the iteration's number is the index.

    for i in range(n):              y_saved = np.empty(n)
        y = y * x                   for i in range(n):
                                        y_saved[i] = y
                                        y = y * x
    ..                              ..
                                    y = y_saved[i]

A loop inside adds an axis, and so do those of a saved array whose shape is known before the loop.  Loops that can stop,
`while` loops, and what is saved on some paths of an iteration only keep a list: it grows as needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adgen.ir.build import Builder
from adgen.ir.core import Block, Op, Value
from adgen.ir.types import INT, Array, Dim, ListOf, Ref, Scalar, Static, Struct, Sym, Type
from adgen.transforms.saves_facts import Decisions, Save

DTYPES = {"f8": "", "c16": "np.complex128", "i8": "np.int64", "b1": "np.bool_"}
KINDS = {"float": "f8", "complex": "c16", "int": "i8", "bool": "b1"}
SMALL = 8  # loops may begin that far from 0: so many slots stay unused


@dataclass(frozen=True)
class Axis:
    """An axis as long as a value, or a literal, says; `of`: the value is an array, and its axis `axis` is meant."""

    size: Value | int
    of: int | None = None
    offset: int = 0


@dataclass(frozen=True)
class ArrayTape:
    """The array that keeps one value of each iteration."""

    value: Value
    ref: Value
    counters: tuple[Value, ...]  # the loops' indices, outermost first
    axes: tuple[Axis, ...]
    dtype: str

    def made(self) -> list[Op]:
        """The array, before the outermost loop."""
        builder = Builder("save")
        sizes = [_size(builder, axis) for axis in self.axes]
        keys = tuple(str(k) for k in range(len(sizes)))
        shape = sizes[0]
        if len(sizes) > 1:
            shape = builder.pack(Struct("tuple", keys, tuple(size.type for size in sizes)), sizes)
        operands, args = [shape], ["shape"]
        if DTYPES[self.dtype]:
            operands.append(builder.const(DTYPES[self.dtype], DTYPES[self.dtype], Static(self.dtype)))
            args.append("dtype")
        assert isinstance(self.ref.type, Ref)
        content = builder.emit(
            "prim", "np.empty", operands, self.ref.type.content, self.ref.hint, {"args": tuple(args)}
        )
        builder.add(Op("alloc", "", (content,), (self.ref,), role="save"))
        return builder.ops

    def stored(self) -> list[Op]:
        """The value is kept, in an iteration of the forward sweep."""
        builder = Builder("save")
        builder.store(self._slot(builder, self.counters), self.value)
        return builder.ops

    def loaded(self, indices: Sequence[Value], value: Value) -> list[Op]:
        """The value of an iteration of the reverse sweep."""
        builder = Builder("adjoint")
        slot = self._slot(builder, indices)
        builder.add(Op("load", "", (slot,), (value,), role="adjoint"))
        return builder.ops

    def _slot(self, builder: Builder, indices: Sequence[Value]) -> Value:
        spec = ("i",) * len(self.counters)
        return builder.emit("view", "", (self.ref, *indices), Ref(self.value.type), attrs={"spec": spec})


def _size(builder: Builder, axis: Axis) -> Value:
    if isinstance(axis.size, int):
        return builder.const(axis.size)
    size = axis.size
    if axis.of is not None:
        assert isinstance(size.type, Array) and size.type.shape is not None
        items = (INT,) * len(size.type.shape)
        whole = Struct("tuple", tuple(str(k) for k in range(len(items))), items)
        shape = builder.emit("prim", "attr.shape", (size,), whole, attrs={"args": ("a",)})
        size = builder.emit("item", "", (shape,), INT, attrs={"slot": axis.of})
    if axis.offset:
        other = builder.const(abs(axis.offset))
        size = builder.emit("prim", "add" if axis.offset > 0 else "sub", (size, other), INT, attrs={"args": ("a", "b")})
    return size


def array_tapes(found: Decisions) -> dict[Value, ArrayTape]:
    """The array for each saved value that can have one."""
    tapes = {}
    for item in found.saves.values():
        tape = _tape(found, item)
        if tape is not None:
            tapes[item.value] = tape
    return tapes


def _tape(found: Decisions, item: Save) -> ArrayTape | None:
    bodies = found.loops(item.place)[::-1]
    if item.extent or any(body not in found.owner for body in bodies) or item.place not in bodies:
        return None  # an `if` around it: not every iteration saves
    if any(found.owner[body][2] is not outer for outer, body in zip(bodies, bodies[1:], strict=False)):
        return None
    axes: list[Axis] = []
    bounds: dict[Value, Axis] = {}  # a loop's index -> more than its largest value
    for body in bodies:
        axis = _length(found, body, bounds)
        if axis is None:
            return None
        bounds[body.params[0]] = axis
        axes.append(axis)
    kept = _kept(found, item.value.type)
    if kept is None:
        return None
    dtype, more = kept
    shape: tuple[Dim, ...] = (None,) * (len(axes) + len(more))
    name = f"{item.value.hint}_saved" if item.value.hint else "saved"
    counters = tuple(body.params[0] for body in bodies)
    return ArrayTape(item.value, Value(Ref(Array(dtype, shape)), name), counters, (*axes, *more), dtype)


def _length(found: Decisions, body: Block, bounds: dict[Value, Axis]) -> Axis | None:
    """One more than the largest index of a loop, if none is negative."""
    loop = found.owner[body][0]
    if loop.kind != "for" or loop.attrs.get("can_stop"):
        return None
    start, stop, step = loop.operands[:3]
    known = found.plan.constants
    if known.get(step) == 1:
        lowest = _least(found, start, bounds)
        return _above(found, stop, bounds, 0) if lowest is not None and lowest <= SMALL else None
    if known.get(step) == -1:
        last = _least(found, stop, bounds)
        return _above(found, start, bounds, 1) if last is not None and -1 <= last <= SMALL else None
    return None


def _least(found: Decisions, value: Value, bounds: dict[Value, Axis]) -> int | None:
    """The least value of a bound of a loop, where that is 0, or a literal more or less."""
    known = found.plan.constants.get(value)
    if type(known) is int:
        return known if known >= -1 else None
    if value in bounds:
        return 0
    op = found.plan.defs.get(value)
    if op is None or op.name not in ("add", "sub"):
        return None
    base, by = op.operands
    offset = found.plan.constants.get(by)
    least = _least(found, base, bounds)
    if least is None or type(offset) is not int:
        return None
    total = least + (offset if op.name == "add" else -offset)
    return total if total >= -1 else None


def _above(found: Decisions, value: Value, bounds: dict[Value, Axis], more: int) -> Axis | None:
    """`value + more` as a size that is known before all loops, or a larger one."""
    known = found.plan.constants.get(value)
    if type(known) is int:
        return Axis(max(known + more, 0))
    if value in bounds:
        outer = bounds[value]
        return outer if more <= 1 else None
    if found.visible(value):
        return Axis(value, None, more) if isinstance(value.type, Scalar) and value.type.kind == "int" else None
    op = found.plan.defs.get(value)
    if op is None or op.name not in ("add", "sub") or op.operands[0] not in bounds:
        return None
    offset = found.plan.constants.get(op.operands[1])
    if type(offset) is not int:
        return None
    total = more + (offset if op.name == "add" else -offset)
    return bounds[op.operands[0]] if total <= 1 else None


def _kept(found: Decisions, type_: Type) -> tuple[str, tuple[Axis, ...]] | None:
    """The dtype of what is kept, and the axes of one array of it."""
    match type_:
        case Scalar(kind):
            return KINDS[kind], ()
        case Array(dtype, ()) if dtype in DTYPES:
            return str(dtype), ()
        case Array(dtype, tuple(shape)) if dtype in DTYPES:
            axes = [_extent(found, dim) for dim in shape]
            return None if None in axes else (str(dtype), tuple(axis for axis in axes if axis is not None))
    return None


def _extent(found: Decisions, dim: Dim) -> Axis | None:
    """A dimension as that of a parameter."""
    if isinstance(dim, int):
        return Axis(dim)
    params = [param.value for param in found.plan.func.params]
    if dim is None or any(isinstance(param.type, ListOf | Struct) for param in params):
        return None
    for param in params:
        shape = param.type.shape if isinstance(param.type, Array) and param.type.shape is not None else ()
        for k, own in enumerate(shape):
            if isinstance(own, Sym) and own.name == dim.name:
                return Axis(param, k, dim.offset - own.offset)
    return None
