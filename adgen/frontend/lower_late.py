"""A loop's row that is read after the loop: the loop carries its place, and the row is taken out anew behind it.

    for row in y:                        for k, row in enumerate(y):
        row[0] = row[1] * c      ->          row[0] = row[1] * c
    return row @ row                     row = y[k]
                                         return row @ row

A reference that a loop carries may stand for any of the rows, so that a write to one of them is refused; the row of a
place that is known is a view like others.  Loops are lowered so only where a function was refused without it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from adgen.frontend.lower_absent import missing, read
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statements import assign
from adgen.frontend.lower_things import Iteration, Restart, Site, Thing, content_type
from adgen.frontend.normalise import Names, assigned
from adgen.ir.core import Value
from adgen.ir.types import Array, Ref

PLACE = " place of "


def names(low: Lowering, s: ast.For, iteration: Iteration, live: Names) -> list[str]:
    """The targets of a loop that are taken out anew behind it."""
    bound = [node.id for node in ast.walk(s.target) if isinstance(node, ast.Name)]
    taken = {**assigned(s.body, aug=False), **low.frame.env, **low.frame.cells}
    found = [name for name in bound if name in live and name not in taken]
    if iteration.bounds is not None or not iteration.memories:
        return []
    found = [name for name in found if low.learnt.late.setdefault(_site(low, s, name), None)]
    for value, site in iteration.memories:
        if value in low.memory.roots and found and site not in low.learnt.viewed:
            low.learnt.viewed[site] = None
            raise Restart
    return found


def _site(low: Lowering, s: ast.For, name: str) -> Site:
    return low.site(s, ("late", name))


def place_of(late: list[str]) -> str:
    """The name of the place."""
    return PLACE + late[0]


def enter(low: Lowering, s: ast.For, late: list[str], index: Value) -> None:
    """An iteration begins: the place is that of this one; what is no view of an array is carried as it is."""
    for name in late:
        if not _is_row(low, low.frame.env.get(name)):
            low.learnt.late[_site(low, s, name)] = False
            raise Restart
        low.frame.env[place_of(late)] = index


def _is_row(low: Lowering, thing: Thing | None) -> bool:
    """Whether it is a view of an array's memory."""
    if not isinstance(thing, Value) or not isinstance(thing.type, Ref) or thing not in low.memory.roots:
        return False
    root = low.memory.roots[thing]
    whole = next(value for value in low.memory.whole if low.memory.roots[value] is root)
    return isinstance(thing.type.content, Array) and isinstance(content_type(whole.type), Array)


def bind(low: Lowering, s: ast.For, iteration: Iteration, late: list[str]) -> None:
    """Behind the loop: the rows of the last place."""
    place = low.frame.env.pop(place_of(late))
    if missing(low, place):
        place = read(low, late[0], place)
    before: Mapping[str, Thing] = dict(low.frame.env)
    assert isinstance(place, Value) and iteration.element is not None
    assign(low, s.target, iteration.element(place, s.target))
    for node in ast.walk(s.target):
        if isinstance(node, ast.Name) and node.id not in late:
            low.frame.env.pop(node.id, None)
            if node.id in before:
                low.frame.env[node.id] = before[node.id]


def tried(low: Lowering) -> bool:
    """Whether something was refused that may be right with rows taken out anew: they are, from now on."""
    waiting = [site for site, state in low.learnt.late.items() if state is None]
    if not waiting or all(one.code != "E0120" for one in low.diagnostics):
        return False
    low.learnt.late |= dict.fromkeys(waiting, True)
    return True
