"""Which values are written inside the expression that reads them, and which get a statement of their own.

    %0 = mul x, y        one use, pure, same block          v = np.sin(x * y) + w
    %1 = np.sin %0
    %v = add %1, w       named by the user: a statement
    %c = load v[0]       inlined only if nothing writes v[0] before its reader

Decided backwards, readers first: what an inlined operation reads, it reads where its own reader stands.  A second
walk, forwards, cuts derivative expressions that have become longer than a line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adgen.analyses.aliasing import Aliases, aliases
from adgen.analyses.boxes import are_apart
from adgen.analyses.effects import is_random
from adgen.backend.cut import LINE, SHORT, cut
from adgen.backend.heads import Head, head_of
from adgen.backend.memory import MAKERS, Event, Memory, is_named
from adgen.backend.places import Places, Site
from adgen.backend.repeated import ARITHMETIC, is_repeated
from adgen.backend.shapes_of_text import size_of, waits_for_nothing
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import INT, Ref, Scalar, Struct, is_number
from adgen.ir.walk import tail_if, walk
from adgen.rules.compiled import repeats
from adgen.rules.views import read_only

PATHS_OF_MEMORY = ("view", "load", "item")
PURE = ("prim", "index", "pack", "item", "listing", "select", "view", "load", "const", "undef")
PATHS = ("attr.shape", "attr.ndim", "attr.size", "attr.dtype", "attr.T", "len")


@dataclass
class Schedule:
    """The decisions for one function."""

    func: Func
    places: Places
    memory: Memory
    aliases: Aliases
    inline: dict[Value, None] = field(default_factory=dict)  # written where it is read
    dropped: dict[Op, None] = field(default_factory=dict)  # written nowhere
    conditional: dict[Op, None] = field(default_factory=dict)  # an `if` written `a if c else b`
    unpacked: dict[Value, tuple[Value | None, ...]] = field(default_factory=dict)  # structure -> its items' names
    heads: dict[Op, Head] = field(default_factory=dict)  # `for` -> how its first line reads
    adopted: dict[Value, None] = field(default_factory=dict)  # fresh contents that become memory as they are
    sizes: dict[Value, int] = field(default_factory=dict)


def schedule(func: Func) -> Schedule:
    """Decide for all values of a function."""
    places = Places(func)
    plan = Schedule(func, places, Memory(func, places), aliases(func))
    _Planner(plan).run()
    cut(plan)
    return plan


class _Planner:
    """The backward walk."""

    def __init__(self, plan: Schedule) -> None:
        self.plan = plan
        self.places = plan.places
        self.sites: dict[Value, list[Site]] = {}
        self.results: dict[Value, None] = {}  # items of what the function returns

    def run(self) -> None:
        """The whole function."""
        self._find_unpacked()
        self._block(self.plan.func.block)

    def _find_unpacked(self) -> None:
        """Structures that are only taken apart, at once: `W, b = params[-1]`."""
        for op in walk(self.plan.func.block):
            for value in (*op.results, *(param for region in op.regions for param in region.params)):
                self._unpack(value)

    def _unpack(self, value: Value) -> None:
        """Note the items of one structure, if a tuple target can take them."""
        readers = self.places.readers.get(value, [])
        if value.user or not isinstance(value.type, Struct) or value.type.kind not in ("tuple", "list"):
            return
        origin = self.places.defs.get(value)
        home = self.places.home[value]
        if origin is None or origin.kind in ("pack", "item", "if", "for", "while", "select") or not readers:
            return
        if len(origin.results) > 1:
            return  # one of several results: they are targets themselves
        slots: list[Value | None] = [None] * len(value.type.items)
        for site in readers:
            if site.reader is None or site.reader.kind != "item" or site.block is not home:
                return
            slot = site.reader.attrs["slot"]
            if not isinstance(slot, int) or slots[slot] is not None:
                return
            slots[slot] = site.reader.result
        found = [item for item in slots if item is not None]
        if len(slots) > 1 and (
            2 * len(found) >= len(slots) > 2 or any(item.user for item in found) or len(found) == len(slots)
        ):
            self.plan.unpacked[value] = tuple(slots)

    def _block(self, block: Block) -> None:
        """The yields and the operations of a block, last first."""
        for value in block.yields:
            self._read([value], [self.places.exit(block)])
        for op in reversed(block.ops):
            self._op(op, block)

    def _read(self, values: tuple[Value, ...] | list[Value], sites: list[Site]) -> None:
        """Values are read at these points."""
        for value in values:
            self.sites.setdefault(value, []).extend(sites)

    def _op(self, op: Op, block: Block) -> None:
        """One operation, whose readers are all decided."""
        plan = self.plan
        if op.kind in ("const", "undef"):
            plan.inline[op.result] = None
        elif op.kind == "if":
            self._if(op, block)
        elif op.kind in ("for", "while"):
            self._loop(op)
        elif op.kind == "item" and op.operands[0] in plan.unpacked:
            plan.dropped[op] = None
            self._read(op.operands, [self.places.site(op)])
        elif op.kind in PURE and not is_random(op):
            self._pure(op, block)
        else:
            self._statement(op)

    def _statement(self, op: Op) -> None:
        """The operation stands for itself."""
        self._read(op.operands, [self.places.site(op)])
        if op.kind == "alloc" and self._adopts(op):
            self.plan.adopted[op.operands[0]] = None

    def _adopts(self, op: Op) -> bool:
        """Whether new memory can take the object of its content: fresh, and read by nobody else."""
        content, made = op.operands[0], op.result
        origin = self.places.defs.get(content)
        if origin is None or self.places.block_of[origin] is not self.places.block_of[op]:
            return False
        number = is_number(content.type) and not isinstance(content.type, Scalar)
        if read_only(origin) or (number and origin.kind == "prim" and origin.name not in MAKERS):
            return False  # `np.float32(0.7)` is a number, no array without axes
        if len(self.places.readers[content]) > 1 or (content.user and content.hint != made.hint):
            return False
        fresh = all(root is content for root in self.plan.memory.of(content))
        made_here = origin.kind in ("prim", "index") and fresh and bool(self.plan.memory.of(content))
        return (made_here or origin.kind == "listing" or _is_list(origin)) and self._calm(op.operands[0], self._at(op))

    def _at(self, op: Op) -> list[Site]:
        return [self.places.site(op)]

    def _pure(self, op: Op, block: Block) -> None:
        """A value: inlined, dropped, or named."""
        value, plan = op.result, self.plan
        sites = self.sites.get(value, [])
        if not sites and not (value.user and op.kind != "view"):
            plan.dropped[op] = None
        elif self._inlines(op, sites, block):
            plan.inline[value] = None
            self._read(op.operands, sites)
            if op.kind == "pack" and self._is_return(sites[0]):
                self.results.update(dict.fromkeys(op.operands))
        else:
            self._read(op.operands, [self.places.site(op)])

    def _inlines(self, op: Op, sites: list[Site], block: Block) -> bool:
        """Whether the value is written where it is read."""
        value = op.result
        if op.attrs.get("said"):
            return False
        if self.plan.func.profile == "numba" and op.kind not in PATHS_OF_MEMORY and any(map(_repeats, sites)):
            return False
        if op.kind == "view":
            often = len(sites) > 1 and op.name not in ("", "T")  # what a function makes gets a name
            return not (often or is_named(op))
        if value in self.plan.adopted:
            return True
        if value.user or value in self.plan.unpacked or not self._calm(value, sites):
            return False
        if self._is_literal(op):
            return True
        if op.kind in ("load", "item") or op.name in PATHS or self._is_size(op):
            return self._path_inlines(op, sites, block)
        if len(sites) == 1 and sites[0].block is block and not self._keeps_name(op, sites[0]):
            return True
        if is_repeated(op, sites, block, self.places):
            return True
        return value.type == INT and not value.hint and _is_cheap(op) and self._step(op) <= SHORT - 6

    def _path_inlines(self, op: Op, sites: list[Site], block: Block) -> bool:
        """Whether a short way to a value is repeated at all its readers."""
        if op.kind == "load" and self.places.defs.get(op.operands[0], op).kind != "view":
            return True
        if len(sites) == 1 and sites[0].block is block and not self._keeps_name(op, sites[0]):
            return True
        return not op.result.hint and self._measure(op.result) <= SHORT

    def _is_literal(self, op: Op) -> bool:
        """Whether it is arithmetic of literals, which Python computes when it reads the text: `1.0 / 3.0`."""
        origins = [self.places.defs.get(operand) for operand in op.operands]
        return op.name in ARITHMETIC and all(origin is not None and origin.kind == "const" for origin in origins)

    def _is_size(self, op: Op) -> bool:
        """Whether it reads one dimension: `x.shape[0]`."""
        origin = self.places.defs.get(op.operands[0]) if op.operands else None
        return op.kind in ("index", "item") and origin is not None and origin.name == "attr.shape"

    def _keeps_name(self, op: Op, site: Site) -> bool:
        """Whether a value with a minted name keeps its statement: it ends a block, or is one of several results."""
        hint = op.result.hint
        if site.reader is not None or not hint:
            return False
        if not self._is_return(site) or op.result in self.results:
            return op.kind != "pack"
        return op.name == "add" and any(operand.hint == hint for operand in op.operands)

    def _is_return(self, site: Site) -> bool:
        """Whether the point is the end of the function, or of a branch at its end."""
        return site.reader is None and (site.block is self.plan.func.block or site.block in self._returning())

    def _returning(self) -> dict[Block, None]:
        if not hasattr(self, "_ends"):
            self._ends: dict[Block, None] = {}
            pending = [self.plan.func.block]
            while pending:
                last = tail_if(pending.pop())
                if last is not None:
                    self._ends.update(dict.fromkeys(last.regions))
                    pending += last.regions
        return self._ends

    def _calm(self, value: Value, sites: list[Site]) -> bool:
        """Whether nothing that the value's text reads is written between the value and its readers."""
        origin = self.places.defs[value]
        spans = [self.places.span(origin, site) for site in sites]
        events = [e for first, last in spans for e in self.plan.memory.events if first <= e.position < last]
        if not events:
            return True
        sources = self._sources(value)
        block = self.places.block_of[origin]
        here = block if all(site.block is block for site in sites) else None
        return not any(self._disturbs(event, source, here) for event in events for source in sources)

    def _disturbs(self, event: Event, source: Value, here: Block | None) -> bool:
        """Whether a write may change what is read; `here`: the block where all of it happens, in one pass."""
        if isinstance(source.type, Ref):
            same = here is not None and self.places.block_of.get(event.op) is here
            loops = self.places.loops[here] if same and here is not None else None
            if self.plan.aliases.disjoint(event.ref, source):
                return False
            if loops is not None and are_apart(event.ref, source, loops, self.places.defs):
                return False
        return self.plan.memory.disturbs(event, source)

    def _sources(self, value: Value) -> list[Value]:
        """References and shareable values that the text of a value may read, if it is inlined."""
        found: dict[Value, None] = {}
        pending = [value]
        seen: dict[Op, None] = {}
        while pending:
            origin = self.places.defs.get(pending.pop())
            if origin is None or origin in seen:
                continue
            seen[origin] = None
            pending += [give for region in origin.regions for give in region.yields]
            for operand in origin.operands[1 if origin.kind == "view" else 0 :]:
                if operand in found:
                    continue
                found[operand] = None
                inner = self.places.defs.get(operand)
                single = len(self.places.readers[operand]) == 1
                if inner is not None and (single or inner.kind in ("load", "view", "item")):
                    pending.append(operand)
        return [source for source in found if self.plan.memory.of(source)]

    def _measure(self, value: Value) -> int:
        """The length of a value's text if all of it is inlined."""
        return size_of(value, self.places.defs, everything=True)

    def _step(self, op: Op) -> int:
        """The length of one operator's text, if operands with a hint keep their names."""
        return 3 + sum(len(value.hint) or self._measure(value) for value in op.operands)

    def _if(self, op: Op, block: Block) -> None:
        """A conditional expression, or a statement."""
        if self._is_expression(op, block):
            self.plan.conditional[op] = None
            self._pure(op, block)
            for region in op.regions:
                for inner in region.ops:
                    for result in inner.results:
                        self.plan.inline[result] = None
            sites = self.sites[op.result] if op.result in self.plan.inline else [self.places.site(op)]
            for region in op.regions:
                self._conditional_reads(region, sites, op.operands[0])
            return
        tail = block.ops[-1] is op and op.results == block.yields
        for region in reversed(op.regions):
            exit_ = self.places.exit(region)
            for result, value in zip(op.results, region.yields, strict=True):
                if tail or self.sites.get(result):
                    self._read([value], [exit_])
            for inner in reversed(region.ops):
                self._op(inner, region)
        self._read(op.operands, [self.places.site(op)])

    def _conditional_reads(self, region: Block, sites: list[Site], flag: Value) -> None:
        """Everything in a branch of a conditional expression is read where the expression stands."""
        self._read([value for value in region.yields if value is not flag], sites)
        for op in reversed(region.ops):
            self._read(op.operands, sites)
            if op.kind == "if":
                self.plan.conditional[op] = None
                for inner in op.regions:
                    self._conditional_reads(inner, sites, op.operands[0])
                    for deep in inner.ops:
                        for result in deep.results:
                            self.plan.inline[result] = None

    def _is_expression(self, op: Op, block: Block) -> bool:
        """Whether an `if` reads better, and as truly, as `a if c else b`."""
        if len(op.results) != 1 or not self.sites.get(op.result) or isinstance(op.result.type, Ref):
            return False
        tail = block.ops[-1] is op and op.results == block.yields
        statement = op.span.statement if op.span is not None else ""
        if self._is_lazy(op):
            statement = ""
        if tail and not (block is self.plan.func.block and statement.startswith("return")):
            return False
        if op.role == "primal" and statement.startswith(("if ", "elif ", "while ", "for ")):
            return False
        hint = op.result.hint
        for region in op.regions:
            give = region.yields[0]
            origin = self.places.defs.get(give)
            if (hint and give.hint == hint) or (origin is not None and origin.kind == "undef"):
                return False
        reads = sum(size_of(region.yields[0], self.places.defs, everything=True) for region in op.regions)
        return reads <= LINE - 12 and all(waits_for_nothing(region, self.places) for region in op.regions)

    def _is_lazy(self, op: Op) -> bool:
        """Whether it is the `and` or `or` of a test."""
        sides = [region for region in op.regions if region.yields != op.operands]
        return len(sides) == 1 and not op.result.hint

    def _loop(self, op: Op) -> None:
        """A loop's body, then its first line."""
        body = op.regions[0]
        head = head_of(op, self.places, self.plan.memory, self.plan.func.profile) if op.kind == "for" else None
        absorbed = head.absorbed if head is not None else ()
        for value in body.yields:
            self._read([value], [self.places.exit(body)])
        for inner in reversed(body.ops[len(absorbed) :]):
            self._op(inner, body)
        if head is None:
            self._read(op.operands, [self.places.site(op)])
            return
        self.plan.heads[op] = head
        for inner in head.absorbed:
            self.plan.dropped[inner] = None
        carried = op.operands[3:]
        self._read([*head.reads(op), *carried], [self.places.site(op)])
        if self.sites.get(op.results[0]):  # the trip count is computed where the loop stops
            self._read(op.operands[:3], [self.places.site(op), self.places.exit(body)])


def _repeats(site: Site) -> bool:
    """Whether a reader names what it reads more than once."""
    reader = site.reader
    return reader is not None and (bool(reader.attrs.get("at")) or repeats(reader))


def _is_list(op: Op) -> bool:
    return op.kind == "pack" and isinstance(op.result.type, Struct) and op.result.type.kind == "list"


def _is_cheap(op: Op) -> bool:
    """Whether integer work may be done again: one operator."""
    return op.kind == "prim" and op.name in ("add", "sub", "mul", "neg")
