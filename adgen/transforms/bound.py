"""Names that some paths leave unbound, where derivative code reads them all the same.

    if a > 0.0:                    if a > 0.0:
        m = x * a                      m = x * a
                            ->     else:
                                       m = np.zeros(())
    ..                             ..
    m_bar = np.zeros_like(m)       m_bar = np.zeros_like(m)

The program itself reads such a name only on paths that bind it; a zero of its shape, a tape or the values kept between
both sweeps of the split form read it on all paths.  There any number will do: nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import Array, ListOf, Ref, Scalar, Struct, Type, is_number
from adgen.ir.walk import FIXED_RESULTS, LOOPS, Rebuilder, walk


def bound(func: Func) -> Func:
    """The function with a value wherever derivative code may read an unbound name."""
    if all(op.kind != "undef" for op in walk(func.block)):
        return func
    block = bind(func.block, [value for op in walk(func.block) if op.role != "primal" for value in _read(op)])
    return func if block is func.block else replace(func, block=block)


def _read(op: Op) -> Sequence[Value]:
    if op.kind in LOOPS:
        return op.operands[:3] if op.kind == "for" else ()
    return op.operands


def bind(block: Block, wanted: Sequence[Value]) -> Block:
    """The block with a stand-in for each missing definition that a wanted value may come from."""
    made = {result: op for op in walk(block) for result in op.results}
    heads = {param: (op, k) for op in walk(block) for region in op.regions for k, param in enumerate(region.params)}
    given: dict[Op, list[Op]] = {}
    todo = [(value, value.type) for value in wanted]
    seen = dict.fromkeys(wanted)
    while todo:
        value, type_ = todo.pop()
        if value in heads:
            sources = _carried(*heads[value])
        elif value in made and made[value].kind == "undef":
            given[made[value]] = _stand_in(made[value], type_)
            continue
        else:
            sources = _sources(made[value], value) if value in made else []
        todo += [(source, type_) for source in sources if source not in seen]
        seen.update(dict.fromkeys(sources))
    return _Bind(given).block(block, None) if given else block


def _sources(op: Op, value: Value) -> list[Value]:
    """What a result of control flow may come from."""
    slot = op.results.index(value)
    if op.kind == "if":
        return [region.yields[slot] for region in op.regions]
    if op.kind in LOOPS and slot >= FIXED_RESULTS:
        return _carried(op, slot - FIXED_RESULTS + (1 if op.kind == "for" else 0))
    return []


def _carried(op: Op, position: int) -> list[Value]:
    """What the parameter of a loop's body at this position may come from."""
    carried = position - 1 if op.kind == "for" else position
    if carried < 0:
        return []
    return [op.operands[carried + (3 if op.kind == "for" else 0)], op.regions[0].yields[1 + carried]]


def _stand_in(op: Op, type_: Type) -> list[Op]:
    """A value of the kind that is wanted; for an array one of rank 0, which fits wherever an array is read."""
    if isinstance(type_, Array) and not is_number(type_):
        shape = Op("const", "", (), (Value(Struct("tuple", (), ())),), attrs={"value": (), "text": "()"}, role=op.role)
        attrs = {"args": ("shape",)}
        return [shape, Op("prim", "np.zeros", shape.results, op.results, attrs=attrs, span=op.span, role=op.role)]
    return [_literal(op, type_)]


def _literal(op: Op, type_: Type) -> Op:
    return Op("const", "", (), op.results, attrs={"value": None, "text": _text(type_)}, span=op.span, role=op.role)


def _text(type_: Type) -> str:
    match type_:
        case Ref(content):
            return _text(content)
        case Scalar("bool" | "int"):
            return "0"
        case ListOf():
            return "[]"
        case Struct("tuple" | "list" as kind, _, items):
            inner = ", ".join(_text(item) for item in items)
            return f"[{inner}]" if kind == "list" else f"({inner}{',' if len(items) == 1 else ''})"
        case Struct("dict", keys, items):
            return "{" + ", ".join(f"{key!r}: {_text(item)}" for key, item in zip(keys, items, strict=True)) + "}"
    return "0.0"


class _Bind(Rebuilder):
    def __init__(self, given: dict[Op, list[Op]]) -> None:
        super().__init__()
        self.given = given

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Replace one missing definition."""
        return self.given.get(old, [op])
