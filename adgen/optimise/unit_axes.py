"""Parts that are the whole: an axis of length one, indexed by 0.  Exact, in derivative code only.

top_bar: f8[n, 1]
view top_bar[:, 0] += g              top_bar += g[:, None]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, Ref
from adgen.ir.walk import Rebuilder, defs, uses
from adgen.optimise.facts import is_array

CLASS = "exact"


def unit_axes(func: Func) -> Func:
    """Write the whole where a part is all of it."""
    return _UnitAxes(func).func(func)


class _UnitAxes(Rebuilder):
    def __init__(self, func: Func) -> None:
        super().__init__()
        self.defs = defs(func)
        used = uses(func)
        self.whole = {
            value: spec
            for value, op in self.defs.items()
            if op.kind == "view" and len(used.get(value, ())) == 1 and (spec := self._spec(op))
        }
        stores = [users[0] for value, users in used.items() if value in self.whole]
        self.stores = {op.operands[0]: op for op in stores if isinstance(op, Op) and self._is_store(op)}

    def _spec(self, view: Op) -> tuple[str, ...]:
        """The index that gives the whole from the part."""
        base = view.operands[0].type
        content = base.content if isinstance(base, Ref) else None
        spec = view.attrs.get("spec")
        if view.name or view.role == "primal" or not isinstance(content, Array) or not is_array(content):
            return ()
        if not isinstance(spec, tuple) or any(part not in ("i", "s000") for part in spec) or "i" not in spec:
            return ()
        units = [dim == 1 for dim, part in zip(content.shape or (), spec, strict=False) if part == "i"]
        return tuple("n" if part == "i" else part for part in spec) if all(units) and self._zeros(view) else ()

    def _zeros(self, view: Op) -> bool:
        found = [self.defs.get(place) for place in view.operands[1:]]
        return all(op is not None and op.kind == "const" and op.attrs["value"] == 0 for op in found)

    def _is_store(self, op: Op) -> bool:
        if op.kind != "store" or op.role == "primal" or op.attrs.get("at") or op.operands[1] in self.whole:
            return False
        ref, content = op.operands
        return isinstance(ref.type, Ref) and ref.type.content == content.type and is_array(content.type)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Rewrite one store; its view goes."""
        if op.kind == "view" and op.result in self.stores:
            return ()
        if op.kind != "store" or self.stores.get(old.operands[0]) is not old:
            return (op,)
        view = self.defs[old.operands[0]]
        base = self.mapping.get(view.operands[0], view.operands[0])
        assert isinstance(base.type, Ref)
        spec = {"spec": self.whole[old.operands[0]]}
        whole = Value(base.type.content)
        index = Op("index", "", (op.operands[1],), (whole,), (), spec, op.span, op.role)
        return (index, replace(op, operands=(base, whole)))
