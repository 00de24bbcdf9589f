"""What the reverse sweep finds at hand: which primal values are alive, taken back, or cheap to compute again.

i, y.shape, xs[i], i % 3 == 2      at hand inside the reverse loop over i
y = y * x                          not: every iteration had its own y
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from adgen.analyses.effects import is_random
from adgen.errors import InternalError
from adgen.ir.core import Block, Op, Value
from adgen.ir.types import BOOL, INT, Array, ListOf, Ref, Scalar, Static, Struct, Sym, Type, is_number
from adgen.ir.walk import LOOPS
from adgen.rules.table import lookup
from adgen.rules.views import MAY_ALIAS
from adgen.transforms.adjoints import Plan
from adgen.transforms.saves_affine import passes_by
from adgen.transforms.saves_live import Marks

EXTENTS = ("attr.shape", "attr.size", "attr.ndim", "len", "attr.dtype")  # of an array: no store changes them
ZEROS = ("zeros_like", "np.zeros_like", "np.ones_like", "np.empty_like")
QUOTIENTS = ("div", "np.divide")
CHEAP_PRIMS = (*EXTENTS, "attr.T", "np.transpose")
Chain = tuple[Block, ...]  # reverse blocks, outermost first


def _of_elements(type_: Array, given: Sequence[Type]) -> bool:
    """Whether a dimension is that of the elements of a list: each element may have another size under the name."""
    names: list[str] = []

    def note(part: Type, inside: bool) -> None:
        match part:
            case ListOf(item):
                note(item, True)
            case Struct(_, _, items):
                for item in items:
                    note(item, inside)
            case Array(_, shape) if inside and shape is not None:
                names.extend(dim.name for dim in shape if isinstance(dim, Sym))

    for part in given:
        note(part, False)
    return any(isinstance(dim, Sym) and dim.name in names for dim in type_.shape or ())


def _is_exact(type_: Array) -> bool:
    """Whether equal types mean equal shapes and dtypes."""
    return type_.dtype is not None and type_.shape is not None and None not in type_.shape


def _listed(type_: Type, inside: bool = False) -> Iterator[str]:
    """Sizes of the items of lists: each item has its own, by the same name."""
    match type_:
        case Array(_, shape) if inside and shape is not None:
            yield from (dim.name for dim in shape if isinstance(dim, Sym))
        case Struct(_, _, items):
            for item in items:
                yield from _listed(item, inside)
        case ListOf(item):
            yield from _listed(item, True)
        case Ref(content):
            yield from _listed(content, inside)


@dataclass(frozen=True)
class Use:
    """A live read of a primal value in the reverse sweep, before operation `at` of the innermost block."""

    value: Value
    chain: Chain
    at: int
    op: Op | None


@dataclass(frozen=True)
class Save:
    """A value kept on a tape: where it is pushed (`place`), and why."""

    value: Value
    place: Block
    copy: bool
    why: str
    extent: bool = False  # only shape and dtype are read: what the memory holds by then does not matter


@dataclass(frozen=True)
class Handed:
    """A value that an iteration hands to the next, where it is saved anyway: the reverse loop carries it back."""

    body: Block
    param: Value  # what it is called in the next iteration
    result: Value  # what it is called after the loop


@dataclass
class Decisions:
    """What becomes of each primal value that a loop computes and the reverse sweep reads."""

    plan: Plan
    marks: Marks
    forward: int  # how many operations of the entry block are the forward sweep
    saves: dict[Value, Save] = field(default_factory=dict)
    handed: dict[Value, Handed] = field(default_factory=dict)
    places: dict[Op, tuple[tuple[Block, int], ...]] = field(default_factory=dict)  # reverse op -> where it stands
    owner: dict[Block, tuple[Op, int, Block]] = field(default_factory=dict)
    order: dict[Op, int] = field(default_factory=dict)  # forward operations, textual order
    blocks: dict[Op, Block] = field(default_factory=dict)  # forward operation -> the block that holds it

    twins: dict[Type, Value] = field(default_factory=dict)  # an array of each type that is alive all along

    # forward structure ------------------------------------------------------------------------------------------
    def loops(self, block: Block) -> list[Block]:
        """Bodies of the loops around a forward block, innermost first."""
        found = []
        while block in self.owner:
            op, _, outer = self.owner[block]
            if op.kind in LOOPS:
                found.append(block)
            block = outer
        return found

    def up(self, block: Block) -> list[Block]:
        """The block and those around it, innermost first."""
        found = [block]
        while found[-1] in self.owner:
            found.append(self.owner[found[-1]][2])
        return found

    # reverse structure ------------------------------------------------------------------------------------------
    def mirror(self, body: Block, chain: Chain) -> Block:
        """The innermost reverse block around a use that mirrors a forward block."""
        for block in reversed(chain):
            if body in self.plan.mirrors.get(block, ()):
                return block
        raise InternalError("a primal value is used outside the mirror of its loop")

    def index_of(self, value: Value, chain: Chain) -> Value | None:
        """The reverse loop's index that stands for a forward loop's."""
        for block in reversed(chain):
            if value in self.plan.indices.get(block, {}):
                return self.plan.indices[block][value]
        return None

    def position(self, use: Use) -> tuple[tuple[Block, int], ...]:
        """Where a use stands: for each block of its chain, the operation in it."""
        steps = []
        for outer, inner in zip(use.chain, use.chain[1:], strict=False):
            steps.append((outer, next(k for k, op in enumerate(outer.ops) if inner in op.regions)))
        return (*steps, (use.chain[-1], use.at))

    def precedes(self, op: Op, use: Use) -> bool:
        """Whether a reverse operation stands before a use in the text, and not in another branch."""
        for (block, k), (other, at) in zip(self.places[op], self.position(use), strict=False):
            if block is not other:
                return False
            if k != at:
                return k < at
        return False

    def popped(self, value: Value, use: Use) -> Value | None:
        """The item that the reverse sweep took back from a list, if it is this value."""
        for block in reversed(use.chain):
            for undone in self.plan.undone.get(block, ()):
                if undone.item is value and self.precedes(undone.op, use):  # in a block around the use
                    return undone.popped
        return None

    # what is at hand --------------------------------------------------------------------------------------------
    def visible(self, value: Value) -> bool:
        """Whether Python's function scope keeps the value alive: it is in no loop."""
        return value not in self.plan.home or not self.loops(self.plan.home[value])

    def twin(self, value: Value, op: Op | None) -> Value | None:
        """An array alive all along of the same shape and dtype, where only these are asked for: `np.zeros_like(z)`."""
        asks = op is not None and op.kind == "prim" and op.name in ZEROS and op.operands == (value,)
        if not asks or not isinstance(value.type, Array) or not value.type.shape or not _is_exact(value.type):
            return None
        if _of_elements(value.type, [param.value.type for param in self.plan.func.params]):
            return None
        if not self.twins:
            params = [param.value for param in self.plan.func.params]
            self.twins.update((other.type, other) for other in reversed(params) if isinstance(other.type, Array))
        listed = {name for param in self.plan.func.params for name in _listed(param.value.type)}
        sizes = [dim.name for dim in value.type.shape if isinstance(dim, Sym)]
        if any(name in listed or name.startswith("_") or name.endswith("_") for name in sizes):
            return None  # `_` is any size; `m_` is what an item's size is called in a function of its own
        return self.twins.get(value.type)

    def at_hand(self, value: Value, use: Use) -> bool:
        """Whether the value needs no tape of its own (other tapes that exist anyway may help)."""
        if self.visible(value) or value in self.saves or value in self.handed:
            return True
        if self.twin(value, use.op) is not None:
            return True
        if self.index_of(value, use.chain) is not None or self.popped(value, use) is not None:
            return True
        op = self.plan.defs.get(value)
        if op is None:
            return False
        read = self.plan.defs.get(op.operands[0]) if op.kind == "prim" and op.name in EXTENTS else None
        if read is not None and read.kind == "load" and isinstance(read.result.type, Array):
            return self.at_hand(read.operands[0], use)
        if self.cheap(op, use):
            return all(self.at_hand(operand, use) for operand in op.operands)
        return self.one_step(op) and all(self.given(v, use) or self.reread(v, use) for v in op.operands)

    def reread(self, value: Value, use: Use) -> bool:
        """Whether the value is a read of something at hand."""
        op = self.plan.defs.get(value)
        return op is not None and op.kind in ("load", "index", "item") and self.at_hand(value, use)

    def given(self, value: Value, use: Use) -> bool:
        """Whether the value can be named as it is."""
        if self.visible(value) or value in self.saves or value in self.handed:
            return True
        op = self.plan.defs.get(value)
        if self.index_of(value, use.chain) is not None or (op is not None and op.kind == "const"):
            return True
        return self.popped(value, use) is not None

    def one_step(self, op: Op) -> bool:
        """A single operation on numbers, or a quotient: repeating it costs no more than a tape.

        (The derivative of a quotient by its divisor without the quotient takes one array operation more.)
        """
        if op.kind != "prim" or is_random(op):
            return False
        if op.name not in QUOTIENTS and not all(is_number(v.type) for v in (*op.operands, op.result)):
            return False
        rule = lookup(op.name)
        return rule is not None and rule.kind == "elementwise"

    def cheap(self, op: Op, use: Use) -> bool:
        """Whether repeating the operation in the reverse sweep gives the same value for next to nothing."""
        match op.kind:
            case "const" | "view":
                return True
            case "item":
                return True
            case "select":
                return isinstance(op.result.type, Ref)
            case "pack":
                return isinstance(op.result.type, Struct) and all(item in (INT, BOOL) for item in op.result.type.items)
            case "index":
                basic = not any(isinstance(index.type, Array) and index.type.shape != () for index in op.operands[1:])
                return basic and (isinstance(op.operands[0].type, ListOf) or isinstance(op.operands[0].type, Array))
            case "load":
                return self.unchanged(op) or self.restored(op, use)
            case "prim":
                if op.name == "of_texts" and op.attrs.get("style") == "":
                    return True
                small = isinstance(op.result.type, Scalar) and op.result.type.kind in ("int", "bool")
                small = small and all(isinstance(v.type, Scalar | Static) for v in op.operands)
                return (small and not is_random(op)) or op.name in CHEAP_PRIMS
        return False

    def root(self, ref: Value) -> Value:
        """The root of a primal reference; of roots that one reference may stand for, the outermost stands for all."""
        op = self.plan.defs.get(ref)
        if op is not None and op.kind in ("view", "select"):
            return self.root(op.operands[1 if op.kind == "select" else 0])
        return self.classes.get(ref, ref)

    @cached_property
    def classes(self) -> dict[Value, Value]:
        """Roots that a reference stands for beside others -> the outermost of them."""
        found: dict[Value, list[Value]] = {}
        for op in self.order:
            if op.kind == "select" and isinstance(op.result.type, Ref):
                together = [
                    root
                    for side in op.operands[1:]
                    for start in self._starts(side)
                    for root in found.get(start, [start])
                ]
                found.update((root, together) for root in together)
        depth = {root: len(self.loops(self.plan.home[root])) for root in found}
        return {root: min(together, key=lambda one: depth[one]) for root, together in found.items()}

    def _starts(self, ref: Value) -> list[Value]:
        """Where the views and choices begin that a reference comes from."""
        op = self.plan.defs.get(ref)
        if op is None or op.kind not in ("view", "select"):
            return [ref]
        sides = op.operands[1:] if op.kind == "select" else op.operands[:1]
        return [start for side in sides for start in self._starts(side)]

    def writers(self, root: Value) -> Iterator[Op]:
        """Operations of the forward sweep that change a root."""
        for op in self.order:
            if op.kind in ("store", "append", "pop") and self.root(op.operands[0]) is root:
                yield op

    def unchanged(self, load: Op) -> bool:
        """Whether no write to the loaded memory can follow the load."""
        root = self.root(load.operands[0])
        return not any(self.may_follow(writer, load, root) for writer in self.writers(root))

    def may_follow(self, writer: Op, load: Op, root: Value) -> bool:
        """Whether a write can happen after a load: later in the text, or in a later pass of a shared loop."""
        home = self.plan.home[root]
        mine, other = self._block_of(load), self._block_of(writer)
        around = [body for body in self.loops(mine) if body in self.loops(other) and body not in self.loops(home)]
        if around:
            *inner, outer = around
            loop = self.owner[outer][0]
            later = bool(inner) or self.order[writer] > self.order[load]
            return not passes_by(self.plan, writer, load, outer, loop, later)
        if self.order[writer] < self.order[load]:
            return False
        return not self._exclusive(mine, other)

    def _exclusive(self, a: Block, b: Block) -> bool:
        """Whether two blocks lie in different branches of one `if`."""
        owners = {self.owner[block][0]: block for block in self.up(a) if block in self.owner}
        for block in self.up(b):
            if block in self.owner and self.owner[block][0] in owners:
                return owners[self.owner[block][0]] is not block
        return False

    def _block_of(self, op: Op) -> Block:
        return self.blocks[op]

    def restored(self, load: Op, use: Use) -> bool:
        """Whether a growing list is back in the state of the load when the use runs: later appends are taken back."""
        root = self.root(load.operands[0])
        undone = [u for block in self.plan.undone.values() for u in block if u.op.operands[0] is root]
        writers = list(self.writers(root))
        if not undone or any(op.kind != "append" for op in writers) or not isinstance(load.operands[0].type, Ref):
            return False
        if isinstance(load.result.type, ListOf) or not self.visible(root):
            return False
        bodies = self.loops(self._block_of(load))
        inner = bodies[0] if bodies else self.plan.func.block
        this_pass = self.mirror(inner, use.chain)
        for writer in writers:
            same_pass = inner in self.up(self._block_of(writer))
            if same_pass and self.order[writer] > self.order[load]:
                pops = [u.op for u in undone if u.item is writer.operands[1]]
                pops = [pop for pop in pops if any(block is this_pass for block, _ in self.places[pop])]
                if not any(self.precedes(pop, use) for pop in pops):
                    return False
        return True

    # saving -----------------------------------------------------------------------------------------------------
    def place(self, value: Value, uses: list[Use]) -> Block:
        """The innermost forward block that all uses mirror, not deeper in loops than the value's own block."""
        home = self.plan.home[value]
        common = self._mirrored(uses[0], home)
        for use in uses[1:]:
            other = dict.fromkeys(self._mirrored(use, home))
            common = [block for block in common if block in other]
        path = common[::-1]  # from home inwards
        best = home
        for block in path[1:]:
            if self.owner[block][0].kind in LOOPS:
                break
            best = block
        return best

    def _mirrored(self, use: Use, home: Block) -> list[Block]:
        """Forward blocks from the one that a use mirrors up to the home of its value."""
        for block in reversed(use.chain):
            for forward in reversed(self.plan.mirrors.get(block, ())):
                path = self.up(forward)
                if home in path:
                    return path[: path.index(home) + 1]
        raise InternalError(f"no forward block mirrors a use of {use.value}")

    def needs_copy(self, value: Value) -> bool:
        """Whether a saved reference would see later writes: the value reads memory that is written afterwards."""
        if is_number(value.type) or isinstance(value.type, Ref):
            return False
        op = self.plan.defs.get(value)
        if op is None:
            return False
        if op.kind == "load":
            return not self.unchanged(op)
        if op.kind in ("index", "item", "call") or (op.kind == "prim" and op.name in MAY_ALIAS):
            return any(self.needs_copy(operand) for operand in op.operands)
        return False
