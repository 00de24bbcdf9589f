"""What `adgen explain` says of saves, after the optimiser took some values off their tapes.

`0.01 * a * u`: saved, 32 * n bytes, ..       ->      `0.01 * a * u`: recomputed, from what is at hand ..
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

from adgen.ir.core import Func, Op, Value
from adgen.ir.walk import defs, walk
from adgen.transforms import saves_notes
from adgen.transforms.saves_facts import Decisions

AGAIN = "recomputed, from what is at hand that costs less than a tape"


@dataclass(frozen=True)
class _Plan:
    """As much of the decisions as names are made from."""

    defs: Mapping[Value, Op]


def names_of_tapes(func: Func) -> dict[Value, str]:
    """What each tape keeps, in the program's words."""
    found = cast(Decisions, SimpleNamespace(plan=_Plan(defs(func))))
    words = saves_notes._Words(found)
    return {op.operands[0]: words.name(op.operands[1]) for op in walk(func.block) if op.kind == "push"}


def after_rereads(notes: Sequence[str], names: Mapping[Value, str], gone: Sequence[Value]) -> list[str]:
    """The sentences; those of values whose tapes are gone say so."""
    kept = [name for tape, name in names.items() if tape not in gone]
    again = [names[tape] for tape in gone if tape in names and names[tape] not in kept]
    told = []
    for note in notes:
        name = next((name for name in again if note.startswith(f"{name}: saved")), None)
        told.append(note if name is None else f"{name}: {AGAIN}")
    return list(dict.fromkeys(told))
