"""What a derivative takes and gives at run time: arguments, directions and results are checked, gradients made fresh.

>>> check_direction(np.zeros(3), np.zeros(4), "tangent of `x`")
Traceback (most recent call last):
    ...
adgen.errors.ArgumentError: tangent of `x`: shape (4,), expected (3,)
>>> x = np.ones(2)
>>> finish_gradient(x, x, Owners([x])) is x
False
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from adgen import trees
from adgen.errors import ArgumentError, InternalError
from adgen.rules import custom

# ------------------------------------------------------------------------------------------------------------ arguments


def require_smooth(value: Any, argument: str, function: str) -> None:
    """Refuse to differentiate with respect to an argument without any float in it.

    >>> require_smooth(3, "n", "f")
    Traceback (most recent call last):
        ...
    adgen.errors.ArgumentError: argument `n` of `f` is the int 3: it carries no derivative; pass a float (3.0)
    """
    leaves = list(trees.leaves_with_paths(value, argument))
    if any(trees.is_smooth(leaf) for _, leaf in leaves) or (not leaves and value is not None):
        return
    path, leaf = leaves[0] if leaves else (argument, None)
    what, advice = _unsmooth(leaf)
    raise ArgumentError(f"argument `{path}` of `{function}` is {what}: it carries no derivative; {advice}")


def _unsmooth(leaf: Any) -> tuple[str, str]:
    other = "leave it out of argnums"
    if isinstance(leaf, (bool, np.bool_)):
        return f"the bool {leaf}", other
    if isinstance(leaf, (int, np.integer)):
        return f"the int {leaf}", f"pass a float ({float(leaf)!r})"
    if isinstance(leaf, np.ndarray):
        advice = "pass a float array (`.astype(float)`)" if leaf.dtype.kind in "iub" else other
        return f"an array of dtype {leaf.dtype}", advice
    return ("None" if leaf is None else kind(leaf)), other


# ---------------------------------------------------------------------------------------------- tangents and cotangents


def check_direction(primal: Any, direction: Any, what: str) -> Any:
    """A tangent or cotangent of `primal`, with plain numbers made of its leaves' kinds.

    Structure, shapes and dtypes must be those of `primal`, with None where it has no float; ArgumentError names the
    place that differs.
    """
    return _check(primal, direction, "", what)


def _check(primal: Any, direction: Any, path: str, what: str) -> Any:
    parts = trees.zip_children(primal, direction, path, what)
    if parts is not None:
        return trees.rebuild(primal, [_check(child, given, at, what) for at, child, given in parts])
    if not trees.is_smooth(primal):
        if direction is not None:
            raise ArgumentError(f"{what}{path}: {kind(direction)}, expected None ({kind(primal)} has no derivative)")
        return None
    if isinstance(primal, np.ndarray):
        return _check_array(primal, direction, f"{what}{path}")
    return _check_number(primal, direction, f"{what}{path}")


def with_zeros(primal: Any, direction: Any) -> Any:
    """The same with zeros for integers: what is a real number for the compiler may be the integer 0 on some path.

    >>> with_zeros((2, "a", 1.5), (None, None, 3.0))
    (0.0, None, 3.0)
    """
    if direction is None:
        if isinstance(primal, np.ndarray) and primal.dtype.kind in "iu":
            return np.zeros(primal.shape)
        return 0.0 if isinstance(primal, int | np.integer) and not isinstance(primal, bool) else None
    parts = trees.zip_children(primal, direction, "", "")
    if parts is None:
        return direction
    return trees.rebuild(primal, [with_zeros(child, given) for _, child, given in parts])


def _check_array(primal: np.ndarray[Any, Any], direction: Any, what: str) -> Any:
    if isinstance(direction, np.generic) and primal.shape == ():
        direction = np.asarray(direction)
    if primal.shape == () and type(direction) is float:
        direction = np.asarray(direction, primal.dtype)
    if type(direction) is not np.ndarray:
        raise ArgumentError(f"{what}: {kind(direction)}, expected an array of shape {primal.shape}")
    if direction.shape != primal.shape:
        raise ArgumentError(f"{what}: shape {direction.shape}, expected {primal.shape}")
    if direction.dtype != primal.dtype:
        raise ArgumentError(f"{what}: dtype {direction.dtype}, expected {primal.dtype}")
    return direction


def _check_number(primal: Any, direction: Any, what: str) -> Any:
    shape = direction.shape if isinstance(direction, np.ndarray) else ()
    if shape != ():
        raise ArgumentError(f"{what}: shape {shape}, expected ()")
    if not trees.is_smooth(direction) or (trees.is_complex(direction) and not trees.is_complex(primal)):
        raise ArgumentError(f"{what}: {kind(direction)}, expected {kind(primal)}")
    typed = isinstance(primal, np.generic) and isinstance(direction, (np.generic, np.ndarray))
    if typed and direction.dtype != primal.dtype:
        raise ArgumentError(f"{what}: dtype {direction.dtype}, expected {primal.dtype}")
    return trees.like_leaf(primal, direction)


def kind(value: Any) -> str:
    """A value's kind, for messages.

    >>> kind(1), kind(np.zeros(2)), kind(None)
    ('an int', 'an array of dtype float64', 'None')
    """
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


# -------------------------------------------------------------------------------------------------------------- results


class Owners:
    """The memory that a result may not share: of inputs, outputs and results given before.

    The owner of an array is the object at the end of its chain of bases; arrays with different owners do not overlap.
    """

    def __init__(self, given: Iterable[Any]) -> None:
        self._given = given
        self._ids: set[int] | None = None

    def fresh(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The array, or a copy where it shares memory, is read-only or is not contiguous."""
        if self._ids is None:
            self._ids = {id(_owner(leaf)) for tree in self._given for leaf in _arrays(tree)}
        owner = _owner(array)
        flags = array.flags
        ours = owner.base is None and owner.flags.owndata
        if not (ours and flags.writeable and flags.forc) or id(owner) in self._ids:
            return array.copy()  # a new owner: nothing else refers to it
        self._ids.add(id(owner))
        return array


def _owner(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _arrays(tree: Any) -> Iterable[np.ndarray[Any, Any]]:
    if isinstance(tree, np.ndarray):
        return (tree,)
    if isinstance(tree, (float, int)):
        return ()
    return [leaf for leaf in trees.leaves(tree) if isinstance(leaf, np.ndarray)]


def likeness(tree: Any) -> Any:
    """What `check_direction` and `finish_gradient` need to know of a structure, once its owner may have changed it.

    Arrays keep shape and dtype, without numbers or memory.

    >>> likeness([np.ones(3), 2.0])
    [array([0., 0., 0.]), 2.0]
    """

    def one(leaf: Any) -> Any:
        return np.broadcast_to(np.zeros((), leaf.dtype), leaf.shape) if isinstance(leaf, np.ndarray) else leaf

    return trees.tree_map(one, tree)


def finish_gradient(argument: Any, gradient: Any, owners: Owners) -> Any:
    """The gradient with the structure, shapes and dtypes of its argument; its arrays are fresh and writeable.

    None in place of a structure or a number is a zero that was never reached.
    """
    if type(argument) is float and isinstance(gradient, float):
        return float(gradient)
    if type(argument) is np.ndarray and type(gradient) is np.ndarray and gradient.dtype == argument.dtype:
        if gradient.shape == argument.shape:
            return owners.fresh(gradient)
    parts = trees.parts_of(argument)
    if parts is None:
        return _finish_leaf(argument, gradient, owners)
    given = _matching(argument, parts, gradient)
    return trees.rebuild(argument, [finish_gradient(p, g, owners) for p, g in zip(parts, given, strict=True)])


def _matching(argument: Any, parts: list[Any], gradient: Any) -> list[Any]:
    """The gradient's parts in the order of the argument's; a dict or a namespace may stand for an object, None for
    zeros.
    """
    if gradient is None:
        return [None] * len(parts)
    if isinstance(gradient, SimpleNamespace):
        gradient = vars(gradient)
    if isinstance(gradient, dict):
        labels = [label for label, _ in trees.children(argument) or []]
        keys = list(argument) if isinstance(argument, dict) else [label.lstrip(".") for label in labels]
        return [gradient.get(key) for key in keys]
    given = trees.parts_of(gradient)
    if given is None or len(given) != len(parts):
        raise _defect(argument, gradient)
    return given


def _finish_leaf(argument: Any, gradient: Any, owners: Owners) -> Any:
    if not trees.is_smooth(argument):
        plain = isinstance(argument, (int, str, np.ndarray, np.generic))
        if not plain and (isinstance(gradient, SimpleNamespace) or any(map(np.any, trees.leaves(gradient)))):
            raise _defect(argument, gradient)  # an object that is no structure, and has a derivative
        return None
    if gradient is None:
        return trees.fill(argument, 0.0)
    if np.shape(gradient) != np.shape(argument) or (trees.is_complex(gradient) and not trees.is_complex(argument)):
        raise _defect(argument, gradient)
    if isinstance(argument, np.ndarray) and isinstance(gradient, np.ndarray):
        return owners.fresh(gradient if gradient.dtype == argument.dtype else gradient.astype(argument.dtype))
    return trees.like_leaf(argument, gradient)


def _defect(argument: Any, gradient: Any) -> InternalError:
    def told(value: Any) -> str:
        sized = isinstance(value, (np.ndarray, np.generic))
        return kind(value) + (f" of shape {value.shape}" if sized else "")

    if custom.any_declared():
        advice = "a defect of adgen, or of a rule that was declared for a function it calls: try adgen.check_rule on it"
    else:
        advice = "a defect of adgen; please report the function together with `.source` of this derivative"
    return InternalError(f"a gradient is {told(gradient)}, its argument is {told(argument)}: {advice}")


def finish_value(value: Any, function: str) -> Any:
    """The value of a function whose gradient was asked for: one real number, a Python float where it is a float64."""
    if type(value) is float:
        return value
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    require_real_scalar(value, function)
    return float(value) if isinstance(value, (float, int, np.integer)) else value


def require_real_scalar(value: Any, function: str) -> None:
    """Refuse the gradient of anything but one real number; the message tells what the result is."""
    shaped = isinstance(value, (np.ndarray, np.generic))
    if trees.is_complex(value):
        what, advice = "is complex", "take its .real, .imag or np.abs; or use adgen.vjp"
    elif trees.parts_of(value) is not None or (shaped and value.shape != ()):
        what = f"has shape {value.shape}" if shaped else f"is {kind(value)}"
        advice = "return one number (np.sum ..), or use adgen.jacrev; has_aux=True for (value, more)"
    elif not shaped and not isinstance(value, (float, int)):
        what, advice = f"is {kind(value)}", "return a float"
    else:
        return
    raise ArgumentError(f"the result of `{function}` {what}; a gradient needs one real number: {advice}")
