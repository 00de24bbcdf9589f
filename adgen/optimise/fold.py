"""Folds what is known while compiling: slots of what was just packed, branches on literals, equal branches.  Exact.

p = pack a, b                         return a
r = if True:  yield item p.0
    else:     yield b
return r
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, Ref, Scalar, Type
from adgen.ir.walk import Rebuilder, blocks, defs, tail_if
from adgen.optimise.rewrite import Rule, Site, rewrite

CLASS = "exact"


def fold(func: Func) -> Func:
    """The function with folded literals, structures and branches."""
    while True:
        new = rewrite(func, RULES, CLASS)
        new = _Branches(new).func(new)
        if new is func:
            return func
        func = new


def slot(site: Site, op: Op) -> Value | None:
    """A slot of a structure that is packed in sight; the method `.item()` has the same name."""
    if op.kind != "item":
        return None
    found = site.define(op.operands[0])
    index = op.attrs["slot"]
    if found is None or found.kind != "pack" or not isinstance(index, int):
        return None
    value = found.operands[index]
    return value if value.type == op.result.type else None


def inverted(site: Site, op: Op) -> Op | None:
    """`not` of a literal."""
    found = site.define(op.operands[0])
    if found is None or found.kind != "const" or type(found.attrs["value"]) is not bool:
        return None
    number = not found.attrs["value"]
    return replace(op, kind="const", name="", operands=(), attrs={"value": number, "text": repr(number)})


def negative(site: Site, op: Op) -> Op | None:
    """The negative of a literal."""
    number = site.number(op.operands[0])
    return None if number is None or not number else site.literal(op, -number)


def chosen(site: Site, op: Op) -> Value | None:
    """A selection by a literal, or between one and the same."""
    flag, one, other = op.operands
    found = site.define(flag)
    known = found is not None and found.kind == "const"
    value = other if known and found is not None and not found.attrs["value"] else one
    fits = value.type == op.result.type and not _is_slot(site.define(value))
    return value if fits and (known or one is other) else None


def _is_slot(made: Op | None) -> bool:
    """Whether it is the place in a list: a write to it replaces what is there, one to the choice of it writes there."""
    if made is None or made.kind != "view":
        return False
    base = made.operands[0].type
    return not isinstance(base.content if isinstance(base, Ref) else base, Array)


RULES: dict[str, list[Rule]] = {"item": [slot], "not": [inverted], "neg": [negative], "select": [chosen]}


class _Branches(Rebuilder):
    """Branches on literals become their code; results that are the same on both sides become that."""

    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        self.tails = {tail: None for block in blocks(func.block) if (tail := tail_if(block)) is not None}

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """An `if` with a literal test is replaced by its branch, a loop that cannot stop any more says so."""
        for result in op.results:
            self.defs[result] = op
        if op.kind == "if":
            taken = self._taken(op)
            if taken is not None:
                self.mapping.update(zip(op.results, taken.yields, strict=True))
                return taken.ops
            return (op,) if old in self.tails else self._equal(op)
        if op.kind == "for" and op.attrs.get("can_stop") and self._literal(op.regions[0].yields[0]) == (False,):
            return (replace(op, attrs={**op.attrs, "can_stop": False}),)
        return (op,)

    def _literal(self, value: Value) -> tuple[object, ...]:
        """The value of a literal, in a tuple; an empty one if it is none."""
        op = self.defs.get(value)
        return (op.attrs["value"],) if op is not None and op.kind == "const" else ()

    def _taken(self, op: Op) -> Block | None:
        """The branch that is taken, if the test is a literal and the branch's types are the results'.

        All branches on one literal are replaced, or none: the adjoint of one that is not taken reads what is gone.
        """
        literal = self._literal(op.operands[0])
        if literal not in ((True,), (False,)):
            return None
        region = op.regions[0 if literal[0] else 1]
        same = all(_fits(given.type, result.type) for given, result in zip(region.yields, op.results, strict=True))
        return region if same and not any(_is_slot(self.defs.get(given)) for given in region.yields) else None

    def _equal(self, op: Op) -> Sequence[Op]:
        """Results that are the same on both sides, or the same literal."""
        before: list[Op] = []
        keep = []
        for result, one, other in zip(op.results, *(region.yields for region in op.regions), strict=True):
            source = self.defs.get(one)
            if one is other and one.type == result.type and not _is_slot(source):
                self.mapping[result] = one
            elif source is not None and self._same_literal(source, other) and one.type == result.type:
                literal = replace(source, results=(Value(one.type, one.hint, one.user),), span=op.span, role=op.role)
                self.defs[literal.result] = literal
                self.mapping[result] = literal.result
                before.append(literal)
            else:
                keep.append(True)
                continue
            keep.append(False)
        return (*before, op) if all(keep) else (*before, _without(op, keep))

    def _same_literal(self, source: Op, other: Value) -> bool:
        """Whether the other value is the same literal."""
        op = self.defs.get(other)
        if op is None or op.kind != "const" or source.kind != "const" or source.result.user or other.user:
            return False
        return source.result.type == other.type and source.attrs["text"] == op.attrs["text"]


def _fits(given: Type, result: Type) -> bool:
    """Whether a value may stand for a result, whose type says less or is another number's: it is that value anyway."""
    return given == result or (isinstance(given, Array | Scalar) and isinstance(result, Array | Scalar))


def _without(op: Op, keep: Sequence[bool]) -> Op:
    """An `if` with some of its results."""

    def pick(values: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(value for value, kept in zip(values, keep, strict=True) if kept)

    regions = tuple(Block((), region.ops, pick(region.yields)) for region in op.regions)
    return replace(op, results=pick(op.results), regions=regions)
