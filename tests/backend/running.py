"""A tiny interpreter of the IR, with snapshots at every load: what the printed text must agree with."""

from __future__ import annotations

import copy
import operator
from dataclasses import dataclass

import numpy as np

from adgen.backend.emit import function_text
from adgen.backend.format import format_text
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, Ref, Struct

OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "matmul": operator.matmul,
    "neg": operator.neg,
    "pos": operator.pos,
    "not": operator.not_,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "copy": copy.deepcopy,
    "len": len,
    "abs": abs,
    "bool": bool,
    "zeros_like": lambda x: np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0,
}


@dataclass
class Path:
    """A reference: a cell, and the steps from what it holds."""

    cell: list
    steps: tuple = ()

    def get(self):
        found = self.cell[0]
        for step in self.steps:
            found = found.T if step == "T" else found[step]
        return found

    def set(self, content, mode):
        held = self.get() if mode != "set" or not self.steps else None
        content = copy.deepcopy(content)
        if mode == "add":
            content = held + content
        elif mode == "mul":
            content = held * content
        if not self.steps:
            if isinstance(self.cell[0], np.ndarray):
                self.cell[0][...] = content
            else:
                self.cell[0] = content
            return
        base = Path(self.cell, self.steps[:-1]).get()
        if self.steps[-1] == "T":
            base.T[...] = content
        else:
            base[self.steps[-1]] = content


class Returned(Exception):
    pass


def spec_of(op: Op, values: list):
    rest = list(values)
    entries = []
    for entry in op.attrs["spec"]:
        if entry == "i":
            entries.append(rest.pop(0))
        elif entry == "...":
            entries.append(...)
        elif entry == "n":
            entries.append(None)
        else:
            entries.append(slice(*(rest.pop(0) if flag == "1" else None for flag in entry[1:])))
    return entries[0] if len(entries) == 1 else tuple(entries)


class Run:
    """One run of a function."""

    def __init__(self, func: Func) -> None:
        self.func = func
        self.env: dict[Value, object] = {}

    def __call__(self, *args):
        for param, value in zip(self.func.params, args, strict=True):
            self.env[param.value] = copy.deepcopy(value)
        (result,) = self.block(self.func.block)
        return copy.deepcopy(result)

    def block(self, block: Block) -> list:
        for op in block.ops:
            self.op(op)
        return [self.env.get(value) for value in block.yields]

    def op(self, op: Op) -> None:
        args = [self.env.get(operand) for operand in op.operands]
        results = getattr(self, "do_" + op.kind.replace("if", "branch").replace("for", "range"))(op, *args)
        for result, value in zip(op.results, results, strict=True):
            self.env[result] = value

    def do_const(self, op):
        return [op.attrs["value"]]

    def do_undef(self, op):
        return [None]

    def do_prim(self, op, *args):
        if op.name in OPERATORS:
            return [copy.deepcopy(OPERATORS[op.name](*args))]
        if op.name.startswith("attr."):
            return [copy.deepcopy(getattr(args[0], op.name[5:]))]
        function = np
        for part in op.name.split(".")[1:]:
            function = getattr(function, part)
        names = op.attrs["args"]
        keywords = {n: v for n, v in zip(names, args, strict=True) if n in ("axis", "keepdims")}
        return [copy.deepcopy(function(*(v for n, v in zip(names, args) if n not in keywords), **keywords))]

    def do_index(self, op, base, *rest):
        return [copy.deepcopy(base[spec_of(op, rest)])]

    def do_pack(self, op, *items):
        kind = op.result.type
        assert isinstance(kind, Struct)
        if kind.kind == "dict":
            return [dict(zip(kind.keys, items))]
        return [list(items) if kind.kind == "list" else tuple(items)]

    def do_item(self, op, struct):
        slot = op.attrs["slot"]
        return [struct[op.operands[0].type.keys[slot]] if isinstance(struct, dict) else struct[slot]]

    def do_listing(self, op, *items):
        return [[copy.deepcopy(item) for item in items]]

    def do_alloc(self, op, content):
        content = [copy.deepcopy(item) for item in content] if isinstance(content, list) else copy.deepcopy(content)
        rank0 = isinstance(op.result.type, Ref) and isinstance(op.result.type.content, Array)
        return [Path([np.array(content) if rank0 else content])]

    def do_tape(self, op):
        return [Path([[]])]

    def do_view(self, op, ref, *rest):
        return [Path(ref.cell, (*ref.steps, op.name or spec_of(op, rest)))]

    def do_load(self, op, ref):
        return [copy.deepcopy(ref.get())]

    def do_store(self, op, ref, content):
        if op.attrs.get("at"):
            np.add.at(Path(ref.cell, ref.steps[:-1]).get(), ref.steps[-1], content)
        else:
            ref.set(content, op.attrs["mode"])
        return []

    def do_append(self, op, ref, item):
        ref.get().append(copy.deepcopy(item))
        return []

    do_push = do_append

    def do_pop(self, op, ref):
        return [ref.get().pop()]

    do_untape = do_pop

    def do_select(self, op, flag, a, b):
        return [a if flag else b]

    def do_branch(self, op, flag):
        return self.block(op.regions[0] if flag else op.regions[1])

    def do_range(self, op, start, stop, step, *carried):
        numbers = range(start, stop, step)
        numbers = reversed(numbers) if op.attrs.get("reversed") else numbers
        return self.loop(op, iter(numbers), list(carried))

    def do_while(self, op, *carried):
        return self.loop(op, None, list(carried))

    def loop(self, op, numbers, carried):
        body = op.regions[0]
        trips, stopped = 0, False
        while not stopped:
            if numbers is not None:
                index = next(numbers, None)
                if index is None:
                    break
                carried_in = [index, *carried]
            else:
                carried_in = carried
            for param, value in zip(body.params, carried_in, strict=True):
                self.env[param] = value
            stopped, *carried = self.block(body)
            trips += not stopped
        return [trips, stopped, *carried]

    def do_effect(self, op, *args):
        return []


def text(func: Func) -> str:
    """The formatted text of a function."""
    return format_text(function_text(func).text)


def module(func: Func) -> str:
    """The text with its imports and helpers."""
    from adgen.backend import helpers

    emitted = function_text(func)
    return "\n".join([*emitted.imports, helpers.source(emitted.helpers), emitted.text])


def compiled(func: Func):
    """The printed function, executed."""
    source = module(func)
    space: dict[str, object] = {}
    exec(compile(source, "<generated>", "exec"), space)
    return space[func.name]


def same(one, other) -> bool:
    """Whether two results are equal to the last bit."""
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if one is None or other is None:
        return one is other
    return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True)


def agree(func: Func, *inputs: tuple) -> None:
    """The printed function gives what the interpreter gives, and leaves its arguments alone."""
    function = compiled(func)
    for args in inputs:
        wanted = Run(func)(*args)
        given = copy.deepcopy(args)
        found = function(*given)
        assert same(found, wanted), f"{found} instead of {wanted} for {args}\n{text(func)}"
        assert same(list(given), list(args)), f"an argument was changed\n{text(func)}"
