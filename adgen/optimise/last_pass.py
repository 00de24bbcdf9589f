"""The last pass of a reverse loop does not compute an adjoint that nobody reads afterwards (exact).

    for k in range(n - 1, -1, -1):               for k in range(n - 1, -1, -1):
        a_bar = h_bar * (1.0 - h * h)                a_bar = h_bar * (1.0 - h * h)
        params_bar[k] = x.T @ a_bar       ->         params_bar[k] = x.T @ a_bar
        h_bar = a_bar @ W.T                          if k != 0:
                                                         h_bar = a_bar @ W.T

Worth a test only where a matrix product or something dearer is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import BOOL
from adgen.ir.walk import FIXED_RESULTS, Rebuilder, defs, uses

CLASS = "exact"
DEAR = ("matmul", "np.matmul", "np.dot", "np.outer", "np.einsum", "np.tensordot", "np.linalg.solve", "np.linalg.inv")


def last_pass(func: Func) -> Func:
    """Guard what only feeds a carried adjoint whose final value is not read."""
    return _LastPass(func).func(func)


class _LastPass(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.uses = uses(func)
        self.defs = defs(func)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Rewrite one loop, one slot at most."""
        if op.kind != "for" or op.role != "adjoint" or not op.attrs.get("reversed") or op.attrs.get("iterates"):
            return (op,)
        start = self.defs.get(op.operands[0])
        if start is None or start.kind != "const" or start.attrs["value"] != 0:
            return (op,)
        for j, result in enumerate(op.results[FIXED_RESULTS:]):
            if not self.uses.get(result):
                feeding = self._feeding(op.regions[0], j)
                if any(inner.name in DEAR for inner in feeding):
                    return (self._guarded(op, j, feeding),)
        return (op,)

    def _feeding(self, body: Block, j: int) -> list[Op]:
        """Pure operations of the body that only serve the yield of slot j."""
        out = body.yields[1 + j]
        mine: dict[Op, None] = {}
        wanted = {out}
        for op in reversed(body.ops):
            if op.kind != "prim" or op.result not in wanted:
                continue
            readers = self.uses.get(op.result, [])
            if all(reader in mine or (reader is body or isinstance(reader, Block)) for reader in readers):
                if sum(isinstance(reader, Block) for reader in readers) > (op.result is out):
                    continue
                mine[op] = None
                wanted.update(op.operands)
        return [op for op in body.ops if op in mine]

    def _guarded(self, op: Op, j: int, feeding: Sequence[Op]) -> Op:
        body = op.regions[0]
        out, param = body.yields[1 + j], body.params[1 + j]
        builder = Builder("adjoint", feeding[-1].span)
        zero = builder.const(0)
        test = builder.emit("prim", "ne", (body.params[0], zero), BOOL, attrs={"args": ("a", "b")})
        chosen = Value(out.type, out.hint)
        regions = (Block((), tuple(feeding), (out,)), Block((), (), (param,)))
        branch = Op("if", "", (test,), (chosen,), regions, span=feeding[-1].span, role="adjoint")
        kept = [inner for inner in body.ops if inner not in feeding]
        yields = tuple(chosen if k == 1 + j else value for k, value in enumerate(body.yields))
        block = Block(body.params, (*kept, *builder.ops, branch), yields)
        return replace(op, regions=(block,))
