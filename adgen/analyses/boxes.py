"""Parts of arrays as boxes: on each axis from one sum of indices and lengths to before another.

    x[i, :j]        from i to before i + 1, and from 0 to before j

Two boxes are apart if on some axis one ends where the other begins, or before; both have to count from the front.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.analyses.affine import Bounds, Sum, constant, plus, sum_of
from adgen.ir.core import Op, Value
from adgen.ir.types import Ref

Axis = tuple[Sum | None, Sum | None]  # from, to before; None: not known, as far as it goes
ALL: Axis = (None, None)


def box_of(ref: Value, root: Value, defs: Mapping[Value, Op]) -> tuple[Axis, ...]:
    """The part of the array `root` that a reference reaches, at most."""
    view = None
    while ref is not root:
        view = defs.get(ref)
        if view is None or view.kind != "view":
            return ()
        ref = view.operands[0]
    spec = view.attrs.get("spec") if view is not None else ()
    if view is None or view.name or not isinstance(spec, tuple) or not isinstance(root.type, Ref):
        return ()
    return _axes(spec, list(view.operands[1:]), defs)


def _axes(spec: Sequence[str], operands: list[Value], defs: Mapping[Value, Op]) -> tuple[Axis, ...]:
    """What an index selects on each axis that it names before an ellipsis."""
    out: list[Axis] = []
    for part in spec:
        if part == "i":
            index = sum_of(operands.pop(0), defs)
            out.append(ALL if index is None else (index, plus(index, constant(1))))
        elif part.startswith("s"):
            start, stop, step = (operands.pop(0) if flag == "1" else None for flag in part[1:])
            low = constant(0) if start is None else sum_of(start, defs)
            high = None if stop is None else sum_of(stop, defs)
            known = step is None and low is not None and (stop is None or high is not None)
            out.append((low, high) if known else ALL)
        else:
            break
    return tuple(out)


def bound(
    loop: Op, bounds: Bounds, defs: Mapping[Value, Op], new: Mapping[object, object], ahead: bool = False
) -> None:
    """What a loop says of its index; `ahead`: it is a later pass than that of the index by its own name."""
    if loop.kind != "for":
        return
    counter = loop.regions[0].params[0]
    start, stop = (renamed(sum_of(value, defs), new) for value in loop.operands[:2])
    step = sum_of(loop.operands[2], defs)
    least: Sum | None = None
    most: Sum | None = None
    up = step == constant(1)
    if up:
        least, most = start, None if stop is None else plus(stop, constant(-1))
    elif step == constant(-1):
        least, most = None if stop is None else plus(stop, constant(1)), start
    else:
        ahead = False
    if ahead and up is not bool(loop.attrs.get("reversed")):
        least = {counter: 1, None: 1}
    elif ahead:
        most = {counter: 1, None: -1}
    name = new.get(counter, counter)
    bounds.least[name], bounds.most[name] = least, most


def axes_apart(one: Axis, other: Axis, bounds: Bounds) -> bool:
    """Whether two stretches of an axis have nothing in common."""
    for (low, high), (low2, high2) in ((one, other), (other, one)):
        if high is None or low2 is None or low is None:
            continue
        ends = (low, high, low2) if high2 is None else (low, high, low2, high2)
        if all(bounds.never_negative(end) for end in ends) and bounds.never_negative(plus(low2, high, -1)):
            return True
    return False


def are_apart(first: Value, second: Value, loops: Sequence[Op], defs: Mapping[Value, Op]) -> bool:
    """Whether two views of one array have nothing in common in one and the same pass of the loops around."""
    views = [defs.get(ref) for ref in (first, second)]
    if any(view is None or view.kind != "view" for view in views):
        return False
    roots = [view.operands[0] for view in views if view is not None]
    if roots[0] is not roots[1]:
        return False
    bounds = Bounds()
    for loop in loops:
        bound(loop, bounds, defs, {})
    boxes = (box_of(ref, roots[0], defs) for ref in (first, second))
    return any(axes_apart(one, other, bounds) for one, other in zip(*boxes, strict=False))


def renamed(total: Sum | None, new: Mapping[object, object]) -> Sum | None:
    """A sum with other unknowns."""
    return None if total is None else {new.get(key, key): count for key, count in total.items()}
