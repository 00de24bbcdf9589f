"""Nested structures of numbers and arrays: flatten, rebuild, map, compare, lay out as one vector.

>>> import numpy as np
>>> params = {"w": np.zeros((2, 3)), "b": [0.5, (1.5, None)]}
>>> tree_map(lambda leaf: np.shape(leaf), params)
{'w': (2, 3), 'b': [(), ((), None)]}
>>> vector, unravel = ravel(params)
>>> vector.shape, unravel(vector + 1.0)["b"]
((8,), [1.5, (2.5, None)])

Structures are tuple, list, dict, dataclass and NamedTuple; everything else is a leaf, but None, which is an empty
structure.  A path such as `['b'][1][0]` names a leaf in messages.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from adgen.errors import ArgumentError

Tree = Any
Children = list[tuple[str, Tree]]  # (path step as text, child)


def parts_of(tree: Tree) -> list[Tree] | None:
    """The children of a structure; None for a leaf.

    >>> parts_of({"a": 1.0}), parts_of((2.0,)), parts_of(3.0), parts_of(None)
    ([1.0], [2.0], None, [])
    """
    kind = type(tree)
    if kind is np.ndarray or kind is float:
        return None
    if kind is tuple or kind is list:
        return list(tree)
    if isinstance(tree, dict):
        return list(tree.values())
    if tree is None:
        return []
    if is_dataclass(tree) and not isinstance(tree, type):
        return [getattr(tree, field.name) for field in fields(tree)]
    if isinstance(tree, tuple) and hasattr(kind, "_fields"):
        return list(tree)
    return None


def children(tree: Tree) -> Children | None:
    """The children of a structure with labels for paths; None for a leaf.

    >>> children({"a": 1.0}), children((2.0,)), children(3.0), children(None)
    ([("['a']", 1.0)], [('[0]', 2.0)], None, [])
    """
    parts = parts_of(tree)
    if parts is None or tree is None:
        return [] if tree is None else None
    kind = type(tree)
    if isinstance(tree, dict):
        labels = [f"[{key!r}]" for key in tree]
    elif kind is tuple or kind is list:
        labels = [f"[{k}]" for k in range(len(parts))]
    elif isinstance(tree, tuple):
        labels = [f".{name}" for name in kind._fields]
    else:
        labels = [f".{field.name}" for field in fields(tree)]
    return list(zip(labels, parts, strict=True))


def rebuild(like: Tree, parts: Sequence[Tree]) -> Tree:
    """A structure of the kind of `like` with other children, in the order of `children(like)`."""
    kind = type(like)
    if kind is tuple or kind is list:
        return kind(parts)
    if isinstance(like, dict):
        pairs = dict(zip(like, parts, strict=True))
        if kind is dict:
            return pairs
        new = copy.copy(like)
        new.update(pairs)
        return new
    if like is None:
        return None
    if isinstance(like, tuple):
        return kind._make(parts)
    new = copy.copy(like)
    for field, part in zip(fields(like), parts, strict=True):
        object.__setattr__(new, field.name, part)  # frozen dataclasses too
    return new


def leaves_with_paths(tree: Tree, path: str = "") -> Iterator[tuple[str, Tree]]:
    """Every leaf with its path, in order.

    >>> list(leaves_with_paths({"a": [1.0, 2.0]}, "p"))
    [("p['a'][0]", 1.0), ("p['a'][1]", 2.0)]
    """
    parts = children(tree)
    if parts is None:
        yield path, tree
    else:
        for step, child in parts:
            yield from leaves_with_paths(child, path + step)


def leaves(tree: Tree) -> list[Tree]:
    """The leaves of a structure, in order."""
    found: list[Tree] = []
    _collect(tree, found)
    return found


def _collect(tree: Tree, found: list[Tree]) -> None:
    parts = parts_of(tree)
    if parts is None:
        found.append(tree)
    else:
        for part in parts:
            _collect(part, found)


def flatten(tree: Tree) -> tuple[list[Tree], Callable[[Sequence[Tree]], Tree]]:
    """The leaves, and the function that puts as many others in their places.

    >>> parts, build = flatten((1.0, {"a": 2.0}))
    >>> parts, build([3.0, 4.0])
    ([1.0, 2.0], (3.0, {'a': 4.0}))
    """
    parts = leaves(tree)

    def build(new: Sequence[Tree]) -> Tree:
        if len(new) != len(parts):
            raise ArgumentError(f"the structure has {len(parts)} leaves, {len(new)} were given")
        return _fill(tree, iter(new))

    return parts, build


def _fill(tree: Tree, new: Iterator[Tree]) -> Tree:
    parts = parts_of(tree)
    if parts is None:
        return next(new)
    return rebuild(tree, [_fill(child, new) for child in parts])


def zip_children(tree: Tree, other: Tree, path: str = "", what: str = "") -> list[tuple[str, Tree, Tree]] | None:
    """The children of two structures of one kind, side by side; None where `tree` is a leaf.

    Raises ArgumentError, naming the place, where `other` has another kind, other keys or another length.
    """
    parts = children(tree)
    if parts is None:
        return None
    others = children(other)
    if others is None or not _same_kind(tree, other):
        raise ArgumentError(f"{what}{path}: {_describe(other)}, expected {_describe(tree)}")
    if isinstance(tree, dict):
        missing = [key for key in tree if key not in other]
        extra = [key for key in other if key not in tree]
        if missing or extra:
            parts_text = [f"missing {missing}"] * bool(missing) + [f"not expected {extra}"] * bool(extra)
            raise ArgumentError(f"{what}{path}: keys {', '.join(parts_text)}")
        return [(path + f"[{key!r}]", child, other[key]) for key, child in tree.items()]
    if len(parts) != len(others):
        raise ArgumentError(f"{what}{path}: {_describe(other)}, expected {_describe(tree)}")
    return [(path + step, child, given) for (step, child), (_, given) in zip(parts, others, strict=True)]


def _same_kind(tree: Tree, other: Tree) -> bool:
    if isinstance(tree, dict):
        return isinstance(other, dict)
    return type(tree) is type(other)


def _describe(tree: Tree) -> str:
    if tree is None:
        return "None"
    if isinstance(tree, np.ndarray):
        return f"an array of shape {tree.shape}"
    name = type(tree).__name__
    return f"{name} of {len(tree)}" if isinstance(tree, (tuple, list, dict)) else f"a {name}"


def tree_map(function: Callable[..., Any], tree: Tree, *more: Tree) -> Tree:
    """Apply a function to every leaf of a structure, or to the leaves of several structures side by side.

    Parameters
    ----------
    function
        Takes one leaf of each structure.
    tree
        Nested tuples, lists, dicts, dataclasses, NamedTuples; everything else is a leaf.  None has no leaves.
    more
        Structures of the same kind; where `tree` has a leaf they may hold anything.

    Returns
    -------
    A structure like `tree`.

    Raises
    ------
    ArgumentError
        The structures differ; the message names the place.

    Examples
    --------
    >>> import adgen
    >>> params, grads = {"w": 1.0, "b": (2.0,)}, {"w": 10.0, "b": (20.0,)}
    >>> adgen.tree_map(lambda p, g: p - 0.1 * g, params, grads)
    {'w': 0.0, 'b': (0.0,)}
    """
    return _map(function, tree, more, "")


def _map(function: Callable[..., Any], tree: Tree, more: tuple[Tree, ...], path: str) -> Tree:
    parts = children(tree)
    if parts is None:
        return function(tree, *more)
    columns = [zip_children(tree, other, path, "tree_map: argument ") or [] for other in more]
    return rebuild(
        tree,
        [_map(function, child, tuple(c[k][2] for c in columns), path + step) for k, (step, child) in enumerate(parts)],
    )


def is_smooth(leaf: Any) -> bool:
    """Whether a leaf carries a derivative: a Python or NumPy float or complex number, or an array of these.

    >>> is_smooth(1.0), is_smooth(1), is_smooth(np.zeros(2, "f4")), is_smooth(np.arange(2)), is_smooth("a")
    (True, False, True, False, False)
    """
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf.dtype.kind in "fc"
    return type(leaf) in (float, complex)


def is_complex(leaf: Any) -> bool:
    """Whether a leaf is a complex number or a complex array."""
    return type(leaf) is complex or (isinstance(leaf, (np.ndarray, np.generic)) and leaf.dtype.kind == "c")


def like_leaf(leaf: Any, value: Any) -> Any:
    """`value` as the kind of number that `leaf` is: float, complex, NumPy scalar or array; never the same array.

    >>> like_leaf(1.0, np.float64(2.0)), like_leaf(np.float32(1.0), 2.0), like_leaf(np.ones((1, 2)), [3.0, 4.0])
    (2.0, np.float32(2.0), array([[3., 4.]]))
    """
    if isinstance(leaf, np.ndarray):
        return np.array(value, leaf.dtype).reshape(leaf.shape)
    if isinstance(leaf, np.generic):
        return leaf.dtype.type(np.asarray(value).item())
    return type(leaf)(np.asarray(value).item())


def fill(tree: Tree, value: float) -> Tree:
    """The structure with every smooth leaf filled with one value, None in place of all others.

    >>> fill({"w": np.ones(2), "n": 3}, 0.0)
    {'w': array([0., 0.]), 'n': None}
    """

    def one(leaf: Any) -> Any:
        return like_leaf(leaf, np.full(np.shape(leaf), value)) if is_smooth(leaf) else None

    return tree_map(one, tree)


def size(tree: Tree) -> int:
    """How many numbers the smooth leaves hold.

    >>> size([1.0, np.zeros((2, 3)), "name"])
    7
    """
    return sum(int(np.size(leaf)) for leaf in leaves(tree) if is_smooth(leaf))


def basis(tree: Tree) -> Iterator[tuple[int, int, Tree]]:
    """One direction for each number of the smooth leaves: (position of its leaf, position in it, the direction).

    >>> [(leaf, k) for leaf, k, _ in basis([1.0, np.zeros(2), 7])]
    [(0, 0), (1, 0), (1, 1)]
    >>> [direction for _, _, direction in basis([1.0, np.zeros(2)])][1]
    [0.0, array([1., 0.])]
    """
    parts, build = flatten(tree)
    for position, leaf in enumerate(parts):
        if not is_smooth(leaf):
            continue
        for k in range(int(np.size(leaf))):
            units = [None if not is_smooth(other) else like_leaf(other, np.zeros(np.shape(other))) for other in parts]
            unit = np.zeros(np.size(leaf))
            unit[k] = 1.0
            units[position] = like_leaf(leaf, unit.reshape(np.shape(leaf)))
            yield position, k, build(units)


def ravel(params: Tree) -> tuple[np.ndarray[Any, Any], Callable[[Any], Tree]]:
    """Lay out all parameters as one vector, as optimisers want them.

    Parameters
    ----------
    params
        Nested tuples, lists, dicts, dataclasses of floats and float arrays, of any shape; integers, texts and other
        leaves are held constant.  Gradients, where these have None, give a vector of the same length.

    Returns
    -------
    vector : contiguous float64 array of rank 1
        A copy of all numbers.
    unravel : function
        Takes a vector of that length; gives the structure back, with the original shapes and dtypes.  Its arrays
        are fresh.

    Raises
    ------
    ArgumentError
        A leaf is complex; or `unravel` is given a vector of another length.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> vector, unravel = adgen.ravel({"w": np.ones((2, 2), "f4"), "b": 0.5})
    >>> vector
    array([1. , 1. , 1. , 1. , 0.5])
    >>> unravel(2.0 * vector)["b"]
    1.0
    """
    parts, build = flatten(params)
    for path, leaf in leaves_with_paths(params, "params"):
        if is_complex(leaf):
            raise ArgumentError(f"ravel: {path} is complex; lay out its real and imaginary parts instead")
    smooth = [leaf for leaf in parts if is_smooth(leaf)]
    vector = np.concatenate([np.ravel(leaf) for leaf in smooth], dtype=np.float64) if smooth else np.zeros(0)
    held = [None if is_smooth(leaf) else leaf for leaf in parts]
    kinds = [_Kind(leaf) if is_smooth(leaf) else None for leaf in parts]

    def unravel(flat: Any) -> Tree:
        numbers = np.asarray(flat)
        if numbers.shape != vector_shape:
            raise ArgumentError(f"unravel: shape {numbers.shape}, expected {vector_shape}")
        new, start = [], 0
        for kind, other in zip(kinds, held, strict=True):
            if kind is None:
                new.append(other)
            else:
                new.append(kind.make(numbers[start : start + kind.size]))
                start += kind.size
        return build(new)

    vector_shape = vector.shape
    return vector, unravel


class _Kind:
    """What is to be restored of a leaf: Python type or dtype, and shape."""

    def __init__(self, leaf: Any) -> None:
        self.array = isinstance(leaf, np.ndarray)
        self.type = leaf.dtype if self.array else type(leaf)
        self.shape = np.shape(leaf)
        self.size = math.prod(self.shape)

    def make(self, numbers: Any) -> Any:
        """The leaf out of its part of the vector; always a copy."""
        return np.array(numbers, self.type).reshape(self.shape) if self.array else self.type(numbers[0])
