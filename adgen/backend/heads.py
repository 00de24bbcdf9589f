"""How the first line of a `for` reads: over a range, or over the sequences that its body begins by indexing.

for %i in 0, len(%xs), 1:  {iterates: 1}
    %x = index %xs[%i]                        for x in xs:
    .. %x ..                                      .. x ..
"""

from __future__ import annotations

from dataclasses import dataclass

from adgen.backend.memory import Memory
from adgen.backend.places import Places
from adgen.ir.core import Op, Value
from adgen.ir.walk import iterated


@dataclass(frozen=True)
class Head:
    """A loop over a range (no sequences), or over sequences; `counts`: the index is read too."""

    sequences: tuple[Value, ...] = ()
    elements: tuple[Value, ...] = ()
    absorbed: tuple[Op, ...] = ()  # the reads in the body that the first line does
    counts: bool = True

    def reads(self, op: Op) -> tuple[Value, ...]:
        """What the first line reads."""
        return self.sequences or op.operands[:3]


def head_of(op: Op, places: Places, memory: Memory, profile: str = "numpy") -> Head:
    """The head of a `for`; a range where the sequences are written in the loop, or run backwards with an index.

    Numba has no `reversed`.
    """
    reads = iterated(op)
    index = op.regions[0].params[0]
    if not reads or any(not _is_element(read, index) for read in reads):
        return Head()
    counts = any(site.reader not in reads for site in places.readers.get(index, []))
    counts = counts or bool(places.readers.get(op.results[0]))  # the trip count is told by the index
    sequences = tuple(read.operands[0] for read in reads)
    if op.attrs.get("reversed") and (counts or len(reads) > 1 or profile == "numba"):
        return Head()
    if any(_is_written(sequence, op, places, memory) for sequence in sequences):
        return Head()
    if any(places.home.get(sequence) is op.regions[0] for sequence in sequences):
        return Head()
    return Head(sequences, tuple(read.result for read in reads), reads, counts)


def _is_element(op: Op, index: Value) -> bool:
    return op.kind == "index" and op.attrs.get("spec") == ("i",) and op.operands[1] is index


def _is_written(sequence: Value, loop: Op, places: Places, memory: Memory) -> bool:
    """Whether the loop may change the sequence that it runs over."""
    inside = range(places.position[loop], places.end[loop])
    return any(event.position in inside and memory.disturbs(event, sequence) for event in memory.events)
