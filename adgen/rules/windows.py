"""Windows that slide over an array: views that overlap, and that nobody may write to.

y = np.lib.stride_tricks.sliding_window_view(x, 3)      ->      each y_bar is added where its element stands
"""

from __future__ import annotations

from adgen.ir.types import Array, Dim, Sym, Type
from adgen.rules.infer import as_content, axes_of, shape_of
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scattering import moving


def _windows_type(facts: Facts) -> Type:
    array = as_content(facts.types[0])
    shape, given = shape_of(array), facts.static("window_shape")
    sizes = (given,) if isinstance(given, int) else given
    if not isinstance(array, Array) or not shape:
        raise TypeProblem(f"`{facts.name}` of an array of unknown rank", "annotate it")
    if not isinstance(sizes, (tuple, list)) or not all(type(size) is int and size > 0 for size in sizes):
        raise TypeProblem(f"`{facts.name}` with windows of {given!r}", "give numbers")
    axis = facts.static("axis")
    over = tuple(range(len(shape))) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(over) != len(sizes):
        raise TypeProblem(f"`{facts.name}` with {len(sizes)} windows for {len(over)} axes", "give one for each axis")
    dims: list[Dim] = list(shape)
    for one, size in zip(over, sizes, strict=True):
        (place,) = axes_of(one, len(dims), facts.name)
        dim = dims[place]
        short = Sym(dim.name, dim.offset + 1 - size) if isinstance(dim, Sym) else None
        dims[place] = dim + 1 - size if isinstance(dim, int) else short
    return Array(array.dtype, (*dims, *sizes))


moving(
    "np.lib.stride_tricks.sliding_window_view(x, window_shape, axis=None)",
    "x",
    infer=_windows_type,
    static=("window_shape",),
)
