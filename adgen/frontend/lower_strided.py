"""Slices of lists with a step: `xs[a:b:s] = ys` element by element, `del xs[a:b:s]` by keeping the others.

xs[::2] = ys          for k, place in enumerate(np.arange(len(xs))[::2]): xs[place] = ys[k]
del xs[::2]           xs[:] = [xs[k] for k in np.delete(np.arange(len(xs)), slice(None, None, 2))]
"""

from __future__ import annotations

import ast

from adgen.frontend import lower_shifts as shifts
from adgen.frontend.lower_index import read, spec_of
from adgen.frontend.lower_iterables import iterate
from adgen.frontend.lower_lists import append, extend, new_list, run_over
from adgen.frontend.lower_order import content_of, splice
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_stores import store_element
from adgen.frontend.lower_things import Iteration, Thing
from adgen.ir.core import Value
from adgen.ir.types import UNDEF, ListOf

OTHERWISE = (  # as CPython says it
    "if {0} != {1}: "
    "raise ValueError(f'attempt to assign sequence of size {{{0}}} to extended slice of size {{{1}}}')"
)


def stepped(low: Lowering, part: ast.Slice) -> bool:
    """Whether a slice has a step, other than 1."""
    known, step = (True, None) if part.step is None else low.static(low.expr(part.step))
    return not (known and step in (None, 1))


def places(low: Lowering, ref: Value, part: ast.Slice, node: ast.expr) -> Value:
    """The positions that a slice names, in its order."""
    every = low.content(low.prim("np.arange", [shifts.length(low, ref, node)], node))
    return low.content(read(low, every, *spec_of(low, part), node))


def store(low: Lowering, ref: Value, part: ast.Slice, thing: Thing, node: ast.expr) -> None:
    """`xs[a:b:s] = ys`: as many elements as the slice has, or it raises."""
    content = content_of(low, thing, node)
    if isinstance(thing, Value) and low.memory.roots.get(thing) is low.memory.roots[ref]:  # `xs[::-1] = xs`
        content = low.b.emit("index", "", (content,), content.type, attrs={"spec": ("s000",)})
    where = places(low, ref, part, node)
    many, room = (low.content(low.prim("len", [value], node)) for value in (content, where))
    low.b.effect("effect", "raise", [many, room], {"text": OTHERWISE})
    zero, one = low.b.const(0), low.b.const(1)

    def once(k: Thing) -> None:
        assert isinstance(k, Value)
        place = low.content(read(low, where, ("i",), [k], node))
        store_element(low, ref, [place], read(low, content, ("i",), [k], node), node)

    it = Iteration(bounds=(zero, many, one), element=lambda index, _: index, index_at=())
    run_over(low, it, node, ("strided",), None, once, [])


def delete(low: Lowering, ref: Value, part: ast.Slice, node: ast.expr) -> None:
    """`del xs[a:b:s]`."""
    shifts.item_of(low, ref, node, "")
    every = low.content(low.prim("np.arange", [shifts.length(low, ref, node)], node))
    kept = low.content(low.prim("np.delete", [every, places(low, ref, part, node)], node))
    now, site = low.load(ref), low.site(node, "kept")
    others = new_list(low, low.b.emit("listing", "", (), ListOf(low.learnt.items.get(site, UNDEF))), site)

    def one(place: Thing) -> None:
        assert isinstance(place, Value)
        append(low, others, read(low, now, ("i",), [place], node), node)

    run_over(low, iterate(low, kept, node), node, ("kept",), None, one, [])
    count = shifts.length(low, ref, node)
    splice(low, ref, low.b.const(0), count, lambda: extend(low, ref, low.load(others), node), node)
