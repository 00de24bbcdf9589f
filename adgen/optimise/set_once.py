"""A shadow list whose slots are each increased exactly once starts empty, and its slots are set (exact).

    params_bar = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    params_bar[-1] = (params_bar[-1][0] + W_bar, params_bar[-1][1] + b_bar)
    for k in range(len(params) - 2, -1, -1):
        params_bar[k] = (params_bar[k][0] + W_bar, params_bar[k][1] + b_bar)

        ->      params_bar = [None] * len(params);  params_bar[-1] = (W_bar, b_bar);  ..  params_bar[k] = (W_bar, b_bar)

Proven for the ways in which lists are walked: all of it in one loop, or all but the last (the first) in a loop and that
one by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.types import INT, NONE, DictOf, ListOf, Ref, Struct
from adgen.ir.walk import Rebuilder, blocks, defs, parents, uses

CLASS = "exact"


@dataclass
class _Site:
    """One place that adds to a slot: the reads of the old slot (to be dropped), the store, where it is."""

    view: Op
    store: Op
    parts: tuple[Value, ...]  # what is added, slot by slot (one for a plain item)
    olds: list[Op] = field(default_factory=list)


def set_once(func: Func) -> Func:
    """Rewrite every such list."""
    facts = _Facts(func)
    rewriter = _SetOnce()
    for op in func.block.ops:
        sites = facts.sites(op)
        if sites is not None and facts.covers(op, sites):
            rewriter.take(op, facts.source(op), sites)
    return rewriter.func(func) if rewriter.starts else func


class _Facts:
    def __init__(self, func: Func) -> None:
        self.func = func
        self.defs = defs(func)
        self.uses = uses(func)
        self.parents = parents(func)
        self.home = {op: block for block in blocks(func.block) for op in block.ops}

    def source(self, alloc: Op) -> Value:
        """The list of which the shadow has the shape."""
        return self.defs[alloc.operands[0]].operands[0]

    def sites(self, alloc: Op) -> list[_Site] | None:
        """The places that add to a slot; None if the list is used in any other way before the end."""
        if alloc.kind != "alloc" or alloc.role == "primal" or not isinstance(alloc.operands[0].type, ListOf):
            return None
        made = self.defs.get(alloc.operands[0])
        if made is None or made.name != "zeros_like" or not isinstance(made.operands[0].type, ListOf):
            return None
        if isinstance(made.operands[0].type, DictOf):
            return None
        found = []
        for user in self.uses.get(alloc.result, []):
            if isinstance(user, Block):
                return None
            if user.kind == "load" and self._only_returned(user.result):
                continue
            site = self._site(user) if user.kind == "view" and user.attrs.get("spec") == ("i",) else None
            if site is None:
                return None
            found.append(site)
        return found

    def _only_returned(self, value: Value) -> bool:
        users = self.uses.get(value, [])
        return all(user is self.func.block or (isinstance(user, Op) and user.kind == "pack") for user in users)

    def _site(self, view: Op) -> _Site | None:
        readers = [user for user in self.uses.get(view.result, []) if isinstance(user, Op)]
        stores = [user for user in readers if user.kind == "store"]
        loads = [user for user in readers if user.kind == "load"]
        if len(stores) != 1 or len(readers) != len(stores) + len(loads):
            return None
        (store,) = stores
        if store.attrs["mode"] == "add" and not loads:
            return _Site(view, store, (store.operands[1],))
        if store.attrs["mode"] != "set" or len(loads) != 1:
            return None
        return self._sum_of_slots(view, store, loads[0])

    def _sum_of_slots(self, view: Op, store: Op, load: Op) -> _Site | None:
        pack = self.defs.get(store.operands[1])
        if pack is None or pack.kind != "pack":
            return None
        parts, olds = [], [load]
        for slot, value in enumerate(pack.operands):
            total = self.defs.get(value)
            if value.type == NONE:
                parts.append(value)
                continue
            if total is None or total.name != "add" or len(self.uses[value]) != 1:
                return None
            old = next((v for v in total.operands if self._is_slot(v, load, slot)), None)
            if old is None or len(self.uses[old]) != 1:
                return None
            parts.append(next(v for v in total.operands if v is not old))
            olds += [self.defs[old], total]
        if len(self.uses[load.result]) != sum(op.kind == "item" for op in olds):
            return None
        return _Site(view, store, tuple(parts), [*olds, pack])

    def _is_slot(self, value: Value, load: Op, slot: int) -> bool:
        op = self.defs.get(value)
        return op is not None and op.kind == "item" and op.operands[0] is load.result and op.attrs["slot"] == slot

    def covers(self, alloc: Op, sites: Sequence[_Site]) -> bool:
        """Whether the sites reach every slot exactly once."""
        kinds = sorted(self._range(alloc, site) for site in sites)
        return kinds in (["all"], ["-1", "but last"])

    def _range(self, alloc: Op, site: _Site) -> str:
        """Which slots a site reaches: `all`, `but last`, the number of one, or nothing that is known."""
        index = site.view.operands[1]
        home = self.home[site.view]
        if home is not self.home[site.store]:
            return "?"
        made = self.defs.get(index)
        if made is not None:
            known = made.kind == "const" and home is self.func.block
            return str(made.attrs["value"]) if known else "?"
        owner = self.parents[home][0] if home in self.parents else None
        if (
            owner is None
            or owner.kind != "for"
            or index is not home.params[0]
            or self.home[owner] is not self.func.block
        ):
            return "?"
        return self._walked(alloc, owner)

    def _walked(self, alloc: Op, loop: Op) -> str:
        start, stop, step = (self.defs.get(value) for value in loop.operands[:3])
        if any(op is None for op in (start, stop, step)) or loop.attrs.get("can_stop"):
            return "?"
        assert start is not None and stop is not None and step is not None
        if start.attrs.get("value") != 0 or step.attrs.get("value") != 1 or stop.name != "len":
            return "?"
        walked = stop.operands[0]
        if walked is self.source(alloc):
            return "all"
        part = self.defs.get(walked)
        if part is None or part.kind != "index" or part.operands[0] is not self.source(alloc):
            return "?"
        end = self.defs.get(part.operands[-1])
        but_last = part.attrs["spec"] == ("s010",) and end is not None and end.attrs.get("value") == -1
        return "but last" if but_last else "?"


class _SetOnce(Rebuilder):
    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[Op, Value] = {}
        self.stores: dict[Op, _Site] = {}
        self.gone: set[Op] = set()

    def take(self, alloc: Op, source: Value, sites: Sequence[_Site]) -> None:
        """Note what is to be rewritten."""
        self.starts[alloc] = source
        for site in sites:
            self.stores[site.store] = site
            self.gone.update(site.olds)

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """The empty list for the zeros, `set` for the increments."""
        if old in self.gone:
            return []
        if old in self.starts:
            return self._start(op, self.starts[old])
        if old in self.stores:
            return self._store(op, self.stores[old])
        return (op,)

    def _start(self, alloc: Op, source: Value) -> Sequence[Op]:
        builder = Builder(alloc.role, alloc.span)
        none = builder.const(None)
        one = builder.emit("listing", "", (none,), ListOf(NONE))
        count = builder.emit("prim", "len", (source,), INT, attrs={"args": ("x",)})
        assert isinstance(alloc.result.type, Ref)
        slots = builder.emit("prim", "mul", (one, count), alloc.result.type.content, attrs={"args": ("a", "b")})
        return [*builder.ops, replace(alloc, operands=(slots,))]

    def _store(self, store: Op, site: _Site) -> Sequence[Op]:
        slot = store.operands[0].type
        assert isinstance(slot, Ref)
        parts = tuple(self.mapping.get(part, part) for part in site.parts)
        if not isinstance(slot.content, Struct):
            return [replace(store, operands=(store.operands[0], parts[0]), attrs={**store.attrs, "mode": "set"})]
        packed = Value(slot.content)
        pack = Op("pack", "", parts, (packed,), span=store.span, role=store.role)
        return [pack, replace(store, operands=(store.operands[0], packed))]
