"""Walking and rebuilding: who defines, who uses, where; and a rebuilder that keeps values and section comments.

>>> from adgen.ir.build import Builder
>>> from adgen.ir.core import Func, Param, Value
>>> from adgen.ir.types import FLOAT
>>> b, x = Builder(), Value(FLOAT, "x")
>>> y = b.emit("prim", "np.sin", (x,), FLOAT, attrs={"args": ("x",)})
>>> func = Func("f", (Param("x", x),), b.block([y]))
>>> [op.name for op in walk(func.block)], free_values(func.block), defs(func)[y].name
(['np.sin'], [%x], 'np.sin')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value

LOOPS = ("for", "while")
FIXED_RESULTS = 2  # a loop's results before the carried ones: trips, stopped


def walk(block: Block) -> list[Op]:
    """All operations, an owner before what is in its regions, in order."""
    found: list[Op] = []
    _walk(block, found)
    return found


def _walk(block: Block, found: list[Op]) -> None:
    for op in block.ops:
        found.append(op)
        for region in op.regions:
            _walk(region, found)


def blocks(block: Block) -> list[Block]:
    """The block and all blocks inside it, outer first, in order."""
    found: list[Block] = []
    _blocks(block, found)
    return found


def _blocks(block: Block, found: list[Block]) -> None:
    found.append(block)
    for op in block.ops:
        for region in op.regions:
            _blocks(region, found)


def defs(func: Func) -> dict[Value, Op]:
    """The operation that defines each value (parameters of functions and blocks have none)."""
    return {result: op for op in walk(func.block) for result in op.results}


def uses(func: Func) -> dict[Value, list[Op | Block]]:
    """Who reads each value, once for each time: an operation as operand, or a block as yield."""
    found: defaultdict[Value, list[Op | Block]] = defaultdict(list)
    for block in blocks(func.block):
        for op in block.ops:
            for operand in op.operands:
                found[operand].append(op)
        for value in block.yields:
            found[value].append(block)
    return dict(found)


def def_blocks(func: Func) -> dict[Value, Block]:
    """The block in which each value is defined (as a parameter of it, or by one of its operations)."""
    found = {param.value: func.block for param in func.params}
    for block in blocks(func.block):
        for param in block.params:
            found[param] = block
        for op in block.ops:
            for result in op.results:
                found[result] = block
    return found


def parents(func: Func) -> dict[Block, tuple[Op, int, Block]]:
    """For each inner block: the operation that owns it, which region it is, and the block that holds the operation."""
    found: dict[Block, tuple[Op, int, Block]] = {}
    for block in blocks(func.block):
        for op in block.ops:
            for index, region in enumerate(op.regions):
                found[region] = (op, index, block)
    return found


def free_values(block: Block) -> list[Value]:
    """Values that are read in the block, or deeper, and defined outside; in the order of first use."""
    inner: dict[Value, None] = {}
    for part in blocks(block):
        inner.update(dict.fromkeys(part.params))
        inner.update((result, None) for op in part.ops for result in op.results)
    return [value for value in _reads(block) if value not in inner]


def _reads(block: Block) -> dict[Value, None]:
    """Values read in the block, in order of first use."""
    found: dict[Value, None] = {}
    for op in block.ops:
        found.update(dict.fromkeys(op.operands))
        for region in op.regions:
            found.update(_reads(region))
    found.update(dict.fromkeys(block.yields))
    return found


def tail_if(block: Block) -> Op | None:
    """The `if` that ends the block in tail position: the last operation, its results are the block's yields."""
    if block.ops and block.ops[-1].kind == "if" and block.ops[-1].results == block.yields:
        return block.ops[-1]
    return None


def iterated(op: Op) -> tuple[Op, ...]:
    """The first reads in a loop's body by which the printer recovers `for v in xs`."""
    count = op.attrs.get("iterates", 0)
    return op.regions[0].ops[:count] if op.kind == "for" and isinstance(count, int) else ()


def substitute(op: Op, mapping: Mapping[Value, Value]) -> Op:
    """The operation, and all inside it, with values read under other names; the same object if nothing changes."""
    operands = through(op.operands, mapping)
    regions = tuple(substitute_block(region, mapping) for region in op.regions)
    if operands == op.operands and regions == op.regions:
        return op
    return replace(op, operands=operands, regions=regions)


def substitute_block(block: Block, mapping: Mapping[Value, Value]) -> Block:
    """The block with values read under other names."""
    ops = tuple(substitute(op, mapping) for op in block.ops)
    yields = through(block.yields, mapping)
    return block if ops == block.ops and yields == block.yields else Block(block.params, ops, yields)


def through(values: Sequence[Value], mapping: Mapping[Value, Value]) -> tuple[Value, ...]:
    """Each value as the mapping has it, followed to the end of its chain."""
    for value in values:
        if value in mapping:
            break
    else:
        return tuple(values)
    return tuple(final(value, mapping) for value in values)


def final(value: Value, mapping: Mapping[Value, Value]) -> Value:
    """Where the mapping's chain from this value ends."""
    while value in mapping:
        value = mapping[value]
    return value


def lanes(op: Op) -> list[tuple[Value, Value]]:
    """What control flow hands on, from where to where."""
    if op.kind == "if":
        return [pair for region in op.regions for pair in zip(region.yields, op.results, strict=True)]
    if op.kind not in LOOPS:
        return []
    skip, body = (3 if op.kind == "for" else 0), op.regions[0]
    pairs: list[tuple[Value, Value]] = []
    for given in (op.operands[skip:], body.yields[1:]):
        pairs += zip(given, body.params[skip // 3 :], strict=True)
        pairs += zip(given, op.results[FIXED_RESULTS:], strict=True)
    return pairs


class Rebuilder:
    """Rebuilds a function bottom-up; subclasses say what becomes of an operation (`visit`) or a block (`finish`).

    Values are kept.  `mapping` renames what is read from then on; operations that are replaced keep their section
    comments and stay the target of `reverses`; what does not change stays the same object.
    """

    def __init__(self) -> None:
        self.mapping: dict[Value, Value] = {}
        self.moved: dict[Op, Op] = {}
        self._sections: dict[Op, str] = {}

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """What stands in place of `old`; `op` is it with operands renamed and regions rebuilt."""
        return (op,)

    def enter(self, owner: Op, region: Block) -> None:
        """Called before a region is rebuilt."""

    def leave(self, owner: Op, region: Block) -> None:
        """Called after a region was rebuilt."""

    def finish(self, block: Block, owner: Op | None) -> Block:
        """The last word on a block whose operations are rebuilt."""
        return block

    def func(self, func: Func) -> Func:
        """The function, rebuilt."""
        self._sections = dict(func.section)
        block = self.block(func.block, None)
        sections = {op: text for op, text in self._sections.items() if text}
        if block is func.block:
            return func
        alive = dict.fromkeys(walk(block))
        moved = {_last(op, self.moved): text for op, text in sections.items()}
        return replace(func, block=block, section={op: text for op, text in moved.items() if op in alive})

    def block(self, block: Block, owner: Op | None) -> Block:
        """A block, rebuilt."""
        ops: list[Op] = []
        pending = ""
        for old in block.ops:
            new = self.visit(self._inner(old), old)
            if self._sections:
                pending = self._sections.pop(old, "") or pending
            if new and (pending or len(new) > 1 or new[0] is not old):
                self._record(old, new, pending)
                pending = ""
            ops.extend(new)
        yields = through(block.yields, self.mapping)
        same = tuple(ops) == block.ops and yields == block.yields
        return self.finish(block if same else Block(block.params, tuple(ops), yields), owner)

    def _record(self, old: Op, new: Sequence[Op], section: str) -> None:
        """Note what took an operation's place, for `reverses` and sections."""
        kept = next((op for op in new if op.results == old.results), new[-1])
        if kept is not old:
            self.moved[old] = kept
        if section:
            self._sections[new[0]] = section

    def _inner(self, op: Op) -> Op:
        """The operation with its operands renamed and its regions rebuilt."""
        operands = through(op.operands, self.mapping) if self.mapping else op.operands
        if not op.regions and operands == op.operands and (op.reverses is None or op.reverses not in self.moved):
            return op
        regions = []
        for region in op.regions:
            self.enter(op, region)
            regions.append(self.block(region, op))
            self.leave(op, region)
        reverses = None if op.reverses is None else _last(op.reverses, self.moved)
        if operands == op.operands and tuple(regions) == op.regions and reverses is op.reverses:
            return op
        return replace(op, operands=operands, regions=tuple(regions), reverses=reverses)


def with_hints(func: Func, names: Mapping[Value, str]) -> Func:
    """The function with hints (as of names that the user wrote) for results that had none."""
    return _Hints(names).func(func) if names else func


class _Hints(Rebuilder):
    def __init__(self, names: Mapping[Value, str]) -> None:
        super().__init__()
        self.names = names

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The operation with named results."""
        if op.kind == "const" or not any(value in self.names and not value.hint for value in op.results):
            return (op,)
        results = tuple(Value(v.type, self.names[v], True) if v in self.names and not v.hint else v for v in op.results)
        self.mapping.update((a, b) for a, b in zip(op.results, results, strict=True) if a is not b)
        return (replace(op, results=results),)


def _last(op: Op, moved: Mapping[Op, Op]) -> Op:
    """What an operation became."""
    while op in moved:
        op = moved[op]
    return op
