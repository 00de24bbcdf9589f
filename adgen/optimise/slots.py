"""Parts of adjoint buffers that loops write once, and clears that nobody sees.  Exact, up to the sign of zero.

    d_bar = np.zeros_like(d)                          d_bar = np.zeros_like(d)
    for i in range(n - 1, 0, -1):                     for i in range(n - 1, 0, -1):
        g_i_bar = g_bar[i]                                t_bar = g_bar[i] / pivot
        g_bar[i] = 0.0                        ->          g_bar[i - 1] -= t_bar * a[i]
        t_bar = g_i_bar / pivot                           d_bar[i] = t_bar
        g_bar[i - 1] -= t_bar * a[i]
        d_bar[i] += t_bar

An increment of what no earlier write has touched is an assignment; a write of what no later operation reads goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.analyses.regions import Access, Regions
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, Ref
from adgen.ir.walk import Rebuilder

CLASS = "exact"
ZEROS = ("zeros_like", "np.zeros_like", "np.zeros")
MOST = 40  # accesses of one buffer: pairs are compared


def slots(func: Func) -> Func:
    """Set what is increased once, drop what is cleared for nobody."""
    work = _Slots(func)
    return work.func(func) if work.dead or work.first else func


class _Slots(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        regions = Regions(func)
        self.dead: dict[Op, None] = {}
        self.first: dict[Op, None] = {}
        for root, accesses in regions.accesses.items():
            made = regions.defs[root]
            content = root.type.content if isinstance(root.type, Ref) else None
            if made.role != "primal" and isinstance(content, Array) and content.shape and len(accesses) <= MOST:
                self._buffer(root, accesses, regions)

    def _buffer(self, root: Value, accesses: Sequence[Access], regions: Regions) -> None:
        """Decide for the writes of one buffer."""
        reads = [access for access in accesses if _reads(access.op)]
        for access in accesses:
            if access.op.kind == "store" and all(regions.apart(access, later, root) for later in reads):
                self.dead[access.op] = None
        writes = [access for access in accesses if access.op.kind == "store" and access.op not in self.dead]
        made = regions.defs.get(regions.defs[root].operands[0])
        if made is None or made.kind != "prim" or made.name not in ZEROS:
            return
        for access in writes:
            if (
                access.ref is not root
                and _increases(access.op)
                and all(regions.apart(other, access, root) for other in writes)
            ):
                self.first[access.op] = None

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Drop a store, or make it an assignment."""
        if old in self.dead:
            return ()
        if old in self.first:
            return (replace(op, attrs={**op.attrs, "mode": "set"}),)
        return (op,)


def _reads(op: Op) -> bool:
    """Whether an access depends on what is there."""
    return op.kind != "store" or op.attrs["mode"] != "set"


def _increases(op: Op) -> bool:
    return op.role != "primal" and op.attrs["mode"] == "add" and not op.attrs.get("at")
