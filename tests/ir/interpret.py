"""A small interpreter: the meaning of the IR, for tests that compare a function before and after a pass."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from adgen.ir.core import Block, Func, Op, Value

FUNCTIONS: dict[str, Callable[..., object]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "mod": operator.mod,
    "floordiv": operator.floordiv,
    "matmul": operator.matmul,
    "neg": operator.neg,
    "not": operator.not_,
    "lt": operator.lt,
    "gt": operator.gt,
    "le": operator.le,
    "ge": operator.ge,
    "eq": operator.eq,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "len": len,
    "abs": abs,
    "attr.T": lambda x: x.T,
    "attr.shape": lambda x: np.shape(x),
    "attr.size": lambda x: np.size(x),
    "zeros_like": lambda x: np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0,
}


class Memory:
    """A reference: how to read and how to write what it points to."""

    def __init__(self, get: Callable[[], object], put: Callable[[object], None]) -> None:
        self.get, self.put = get, put


def run(func: Func, *args: object) -> object:
    """The function's result; arguments are not written."""
    env = {param.value: arg for param, arg in zip(func.params, args, strict=True)}
    _Run(env).block(func.block)
    (result,) = func.block.yields
    return copy.deepcopy(env[result])


class _Run:
    def __init__(self, env: dict[Value, object]) -> None:
        self.env = env

    def block(self, block: Block) -> list[object]:
        for op in block.ops:
            results = self.op(op, [self.env[v] for v in op.operands])
            self.env.update(zip(op.results, results, strict=True))
        return [self.env[v] for v in block.yields]

    def op(self, op: Op, args: Sequence[object]) -> Sequence[object]:
        return getattr(self, f"do_{op.kind}")(op, *args)

    def do_const(self, op: Op) -> Sequence[object]:
        return [op.attrs["value"]]

    def do_undef(self, op: Op) -> Sequence[object]:
        return [None]

    def do_prim(self, op: Op, *args: object) -> Sequence[object]:
        function = FUNCTIONS.get(op.name) or _numpy(op.name)
        names = op.attrs["args"]
        keywords = {name: arg for name, arg in zip(names, args, strict=True) if name in ("axis", "axes", "shape")}
        plain = [arg for name, arg in zip(names, args, strict=True) if name not in keywords]
        if op.attrs.get("inplace"):
            args[0][...] = function(*plain)  # whoever else holds the array sees it change
            return [args[0]]
        return [function(*plain, **keywords)]

    def do_index(self, op: Op, x: object, *where: object) -> Sequence[object]:
        return [copy.copy(_part(x, _key(op.attrs, where)))]

    def do_pack(self, op: Op, *items: object) -> Sequence[object]:
        return [tuple(items)]

    def do_listing(self, op: Op, *items: object) -> Sequence[object]:
        return [list(items)]

    def do_item(self, op: Op, struct: Sequence[object]) -> Sequence[object]:
        return [struct[op.attrs["slot"]]]

    def do_select(self, op: Op, flag: object, a: object, b: object) -> Sequence[object]:
        return [a if flag else b]

    def do_alloc(self, op: Op, content: object) -> Sequence[object]:
        return [_box(copy.copy(content))]

    def do_tape(self, op: Op) -> Sequence[object]:
        return [_box([])]

    def do_view(self, op: Op, ref: Memory, *where: object) -> Sequence[object]:
        if op.name == "T":
            return [Memory(lambda: ref.get().T, lambda x: ref.put(np.transpose(x)))]
        key = _key(op.attrs, where)

        def put(content: object) -> None:
            ref.get()[key] = content

        return [Memory(lambda: _part(ref.get(), key), put)]

    def do_load(self, op: Op, ref: Memory) -> Sequence[object]:
        return [copy.copy(ref.get())]

    def do_store(self, op: Op, ref: Memory, content: object) -> Sequence[object]:
        old = ref.get()
        match op.attrs["mode"]:
            case "add":
                content = old + content
            case "mul":
                content = old * content
        ref.put(content)
        return []

    def do_append(self, op: Op, ref: Memory, item: object) -> Sequence[object]:
        ref.get().append(item)
        return []

    do_push = do_append

    def do_pop(self, op: Op, ref: Memory) -> Sequence[object]:
        return [ref.get().pop()]

    do_untape = do_pop

    def do_effect(self, op: Op, *args: object) -> Sequence[object]:
        return []

    def do_if(self, op: Op, flag: object) -> Sequence[object]:
        return self.block(op.regions[0 if flag else 1])

    def do_for(self, op: Op, start: int, stop: int, step: int, *carried: object) -> Sequence[object]:
        bounds = range(start, stop, step)
        where = reversed(bounds) if op.attrs.get("reversed") else bounds
        return self.loop(op, ([k] for k in where), carried)

    def do_while(self, op: Op, *carried: object) -> Sequence[object]:
        return self.loop(op, ([] for _ in range(10_000)), carried)

    def loop(self, op: Op, where: object, carried: Sequence[object]) -> Sequence[object]:
        body = op.regions[0]
        trips = 0
        for index in where:
            self.env.update(zip(body.params, [*index, *carried], strict=True))
            stop, *carried = self.block(body)
            if stop:
                return [trips, True, *carried]
            trips += 1
        return [trips, False, *carried]


def _box(content: object) -> Memory:
    box = [content]

    def put(new: object) -> None:
        if isinstance(box[0], np.ndarray) and box[0].ndim:
            box[0][...] = new
        else:
            box[0] = new

    return Memory(lambda: box[0], put)


def _part(x: object, key: tuple[object, ...]) -> object:
    return x[key[0]] if isinstance(x, list | tuple) else x[key]


def _key(attrs: Mapping[str, object], where: Sequence[object]) -> tuple[object, ...]:
    rest = list(where)
    key: list[object] = []
    for entry in attrs["spec"]:
        if entry == "i":
            key.append(rest.pop(0))
        elif entry == "...":
            key.append(...)
        elif entry == "n":
            key.append(None)
        else:
            key.append(slice(*[rest.pop(0) if flag == "1" else None for flag in entry[1:]]))
    return tuple(key)


def _numpy(name: str) -> Callable[..., object]:
    found: object = np
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def same(a: object, b: object, rtol: float = 0.0) -> bool:
    """Whether two results agree, bit by bit or up to rounding."""
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(same(x, y, rtol) for x, y in zip(a, b, strict=True))
    if np.shape(a) != np.shape(b):
        return False
    if not rtol:
        return np.array_equal(a, b, equal_nan=True)
    return np.allclose(a, b, rtol=rtol, atol=1e-12, equal_nan=True)
