"""Arrays that NumPy makes of an index, as the calls they stand for.

np.c_[x, np.ones(n)]            np.column_stack((x, np.ones(n)))
np.r_[0.0, x, 1:4]              np.hstack((0.0, x, np.arange(1, 4)))
np.mgrid[0:n, 0:m]              np.stack(np.meshgrid(np.arange(0, n), np.arange(0, m), indexing="ij"))
np.ogrid[0:1:5j]                np.linspace(0, 1, 5)

Of Python's numbers and float32 arrays np.r_ makes float32, np.hstack float64: refused.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.bindings import Known
from adgen.frontend.lower_calls import apply
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Group, Poison, Poisoned, Thing
from adgen.frontend.reject import Reject
from adgen.ir.types import Array, Scalar
from adgen.rules.infer import as_content, rank_of

MAKERS = ("np.c_", "np.r_", "np.mgrid", "np.ogrid")
NARROW = (None, "f2", "f4", "c8")  # beside these np.r_ takes Python's numbers as weak


def grid(low: Lowering, maker: Known, node: ast.Subscript, hint: str) -> Thing:
    """What the index makes."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if maker.name in ("np.mgrid", "np.ogrid"):
        return _mesh(low, maker.name, parts, node, hint, isinstance(node.slice, ast.Tuple))
    things = [_line(low, part, maker.name) if isinstance(part, ast.Slice) else low.expr(part) for part in parts]
    if any(isinstance(thing, Poison) for thing in things):
        raise Poisoned
    made = Known("np.array")  # of lists and tuples
    things = [apply(low, made, [thing], {}, node) if isinstance(thing, Group) else thing for thing in things]
    ranks = [_rank(low, thing, maker.name, node) for thing in things]
    joined = _group(things)
    if maker.name == "np.c_" and all(rank in (1, 2) for rank in ranks):
        return apply(low, Known("np.column_stack"), [joined], {}, node, hint)
    if maker.name == "np.r_" and max(ranks) <= 1:
        _refuse_weak(low, things, node)
        return apply(low, Known("np.hstack"), [joined], {}, node, hint)
    if maker.name == "np.r_" and len(set(ranks)) == 1:
        return apply(low, Known("np.concatenate"), [joined], {}, node, hint)
    why = f"it joins values of {', '.join(map(str, ranks))} axes"
    raise Reject("E0106", node, why, "use np.concatenate or np.column_stack", name=maker.name)


def _group(things: Sequence[Thing]) -> Group:
    return Group("tuple", tuple(str(k) for k in range(len(things))), tuple(things))


def _rank(low: Lowering, thing: Thing, name: str, node: ast.expr) -> int:
    """The rank of a part."""
    if low.static(thing)[0] and isinstance(low.static(thing)[1], str | None):
        raise Reject("E0106", node, "texts say how it joins", "use np.concatenate or np.column_stack", name=name)
    rank = rank_of(low.content(thing, node).type)
    if rank is None:
        raise Reject("E0106", node, "how many axes a part has is not known", "annotate the arguments", name=name)
    return rank


def _refuse_weak(low: Lowering, things: Sequence[Thing], node: ast.expr) -> None:
    """Python's numbers beside arrays that are not in double precision."""
    types = [as_content(low.content(thing, node).type) for thing in things]
    narrow = any(isinstance(type_, Array) and type_.dtype in NARROW for type_ in types)
    if narrow and any(isinstance(type_, Scalar) for type_ in types):
        why = "the dtype of numbers beside arrays in single precision, or of unknown dtype, is np.r_'s own"
        raise Reject("E0106", node, why, "annotate the arguments, or use np.concatenate", name="np.r_")


def _line(low: Lowering, part: ast.Slice, name: str) -> Thing:
    """The numbers that a slice stands for."""
    start = low.b.const(0) if part.lower is None else low.expr(part.lower)
    if part.upper is None:
        raise Reject("E0106", part, "a slice without an end", "write where it ends", name=name)
    stop = low.expr(part.upper)
    step = None if part.step is None else low.expr(part.step)
    known, count = low.static(step) if step is not None else (False, None)
    if known and isinstance(count, complex):
        ends = [start, stop, low.b.const(int(abs(count)))]
        return apply(low, Known("np.linspace"), ends, {}, part)
    return apply(low, Known("np.arange"), [start, stop, *([] if step is None else [step])], {}, part)


def _mesh(low: Lowering, name: str, parts: Sequence[ast.expr], node: ast.expr, hint: str, several: bool) -> Thing:
    """Coordinates of a grid: one array that holds all, or one array for each axis."""
    if not all(isinstance(part, ast.Slice) for part in parts):
        raise Reject("E0106", node, "its index is not made of slices", "write start:stop:step", name=name)
    lines = [_line(low, part, name) for part in parts if isinstance(part, ast.Slice)]
    if not several:
        return lines[0]
    options: dict[str, Thing] = {"indexing": low.b.const("ij")}
    if name == "np.ogrid":
        options["sparse"] = low.b.const(True)
    meshed = apply(low, Known("np.meshgrid"), lines, options, node, "" if name == "np.mgrid" else hint)
    return meshed if name == "np.ogrid" else apply(low, Known("np.stack"), [meshed], {}, node, hint)
