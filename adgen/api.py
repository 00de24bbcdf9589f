"""The transforms: a function object in, a derivative out.

>>> import adgen
>>> import numpy as np
>>> def loss(w, x, y):
...     r = x @ w - y
...     return np.sum(r * r)
>>> gradient = adgen.grad(loss)
>>> gradient(np.array([1.0, 2.0]), np.eye(2), np.zeros(2))
array([2., 4.])
>>> "def loss_grad(w, x, y):" in gradient.source
True

`adgen.jacobians` has Jacobians and Hessians, `adgen.gradcheck` the comparison with differences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar, overload

from adgen.callables import fitted
from adgen.derivatives import Argnums, Derivative, Gradient, Wrt, binder_of, runnable
from adgen.dispatch import checked_backend
from adgen.errors import ArgumentError
from adgen.results import Owners, check_direction, finish_gradient, likeness, require_smooth, with_zeros
from adgen.specialise import Request, obtain
from adgen.trees import is_smooth, leaves

P = ParamSpec("P")
T = TypeVar("T")


@overload
def grad(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[P, Any]: ...
@overload
def grad(
    fun: None = None,
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    backend: str = "numpy",
    fallback: bool = False,
) -> Callable[[Callable[P, Any]], Derivative[P, Any]]: ...
def grad(
    fun: Callable[..., Any] | None = None,
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    backend: str = "numpy",
    fallback: bool = False,
) -> Any:
    """The gradient of a function whose result is one real number; also a decorator, with or without options.

    Parameters
    ----------
    fun : function
        def, lambda, method, closure, functools.partial, or a NumPy function.  Left out: a decorator is returned.
    argnums : int or tuple of ints, default 0
        Positions of the parameters to differentiate with respect to; of a method, those after `self`.
    wrt : str or tuple of str
        The same by name.
    has_aux : bool
        The function returns `(value, more)`; the derivative then returns `(gradient, more)`.
    backend : {"numpy", "numba"}
        What the generated code runs on.  With "numba" it is written for Numba and compiled at the first call (kept on
        disk): arguments are numbers and arrays of doubles; what cannot be compiled is refused.
    fallback : bool
        With "numba": where it cannot be compiled, NumPy takes its place.

    Returns
    -------
    Derivative
        Takes the arguments of `fun`.  Gives a gradient with the structure, shapes and dtypes of the argument (a tuple
        of gradients where several are asked for), None in place of integers and other values without derivative.
        Arrays are fresh and writeable.

    Raises
    ------
    ArgumentError
        An argument to differentiate is no float (nor contains one), or the result is not one real number.
    Refusal
        The function cannot be differentiated: code, line, reason and advice.

    Examples
    --------
    >>> import adgen
    >>> adgen.grad(lambda x, y: x * x * y)(3.0, 2.0)
    12.0
    >>> @adgen.grad(wrt=("x", "y"))
    ... def product(x, y):
    ...     return x * y
    >>> product(3.0, y=2.0)
    (2.0, 3.0)
    """
    return _gradient("grad", fun, argnums, wrt, has_aux, backend, fallback)


@overload
def value_and_grad(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[P, tuple[Any, Any]]: ...
@overload
def value_and_grad(
    fun: None = None,
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    backend: str = "numpy",
    fallback: bool = False,
) -> Callable[[Callable[P, Any]], Derivative[P, tuple[Any, Any]]]: ...
def value_and_grad(
    fun: Callable[..., Any] | None = None,
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    backend: str = "numpy",
    fallback: bool = False,
) -> Any:
    """The value and the gradient, in one pass; what `scipy.optimize.minimize(jac=True)` wants.

    Parameters
    ----------
    fun, argnums, wrt, has_aux, backend, fallback
        As of `adgen.grad`.

    Returns
    -------
    Derivative
        Gives `(value, gradient)`, the value being a float; with `has_aux`, `((value, more), gradient)`.

    Raises
    ------
    ArgumentError, Refusal
        As `adgen.grad`.

    Examples
    --------
    >>> import adgen
    >>> adgen.value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    return _gradient("value_and_grad", fun, argnums, wrt, has_aux, backend, fallback)


def _gradient(
    transform: str,
    fun: Callable[..., Any] | None,
    argnums: Argnums | None,
    wrt: Wrt | None,
    has_aux: bool,
    backend: str,
    fallback: bool,
) -> Any:
    if fun is None:
        checked_backend(backend, fallback)
        return lambda given: Gradient(given, transform, argnums, wrt, has_aux, backend, fallback)
    return Gradient(fun, transform, argnums, wrt, has_aux, backend, fallback)


def jvp(
    fun: Callable[..., Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
    *,
    backend: str = "numpy",
    fallback: bool = False,
    **constants: Any,
) -> tuple[Any, Any]:
    """The result of a function, and its directional derivative (forward mode).

    Parameters
    ----------
    fun : function
    primals : tuple
        The positional arguments.
    tangents : tuple
        A direction for each, of the same structure, shapes and dtypes; None where the argument is constant.
    backend, fallback
        As of `adgen.grad`.
    constants
        Keyword arguments; they are constant.

    Returns
    -------
    out, out_dot
        The result of `fun`, and its derivative along the tangents, of the structure of `out`.

    Raises
    ------
    ArgumentError
        A tangent does not fit its argument; the message names the place.
    Refusal
        The function cannot be differentiated.

    Examples
    --------
    >>> import adgen
    >>> adgen.jvp(lambda x, n: x**n, (3.0, 2), (1.0, None))
    (9.0, 6.0)
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise ArgumentError("jvp: primals and tangents are tuples, with one entry for each positional argument")
    if len(primals) != len(tangents):
        raise ArgumentError(f"jvp: {len(primals)} primals, but {len(tangents)} tangents")
    fun = fitted(runnable(fun), primals, constants)
    binder = binder_of(fun)
    values = binder(primals, constants)
    chosen = [k for k, tangent in enumerate(tangents) if tangent is not None]
    if not chosen:
        raise ArgumentError("jvp: every tangent is None: nothing to differentiate with respect to")
    names = tuple(binder.names[k] for k in chosen)
    dots = [check_direction(values[k], tangents[k], f"tangent of `{binder.names[k]}`") for k in chosen]
    request = Request("jvp", names, False, False, False, *checked_backend(backend, fallback))
    specialisation, captured = obtain(fun, binder.names, values, request, binder.shown)
    out, out_dot = specialisation.run(values, captured, dots)
    out = specialisation.objects(fun, out, binder.shown)
    return out, finish_gradient(out, out_dot, Owners([*values, *captured.values(), *dots, out]))


class Pullback:
    """What `adgen.vjp` returns: takes cotangents of the result, any number of times, from any thread."""

    def __init__(self, raw: Callable[[Any], Any], out: Any, values: list[Any], order: list[int], count: int) -> None:
        self._raw, self._order, self._count = raw, order, count
        self._out, self._values = likeness(out), [likeness(value) for value in values[:count]]
        self._theirs = leaves([*values, out])  # lists and dicts may have other items by the time of a pull

    def __reduce__(self) -> Any:
        import pickle

        raise pickle.PicklingError(
            "a pullback cannot be pickled: it holds what one call has saved; pickle the function and the arguments, "
            "and call adgen.vjp with them again"
        )

    def __call__(self, out_bar: Any) -> tuple[Any, ...]:
        """The gradients, one for each positional argument; None where it carries no derivative."""
        cotangent = check_direction(self._out, out_bar, "cotangent of the result")
        saved = [cell.cell_contents for cell in getattr(self._raw, "__closure__", None) or ()]
        owners = Owners([self._theirs, cotangent, saved])
        gradients: list[Any] = [None] * self._count
        for k, gradient in zip(self._order, self._raw(with_zeros(self._out, cotangent)), strict=True):
            gradients[k] = finish_gradient(self._values[k], gradient, owners)
        return tuple(gradients)


def vjp(
    fun: Callable[..., Any], *primals: Any, backend: str = "numpy", fallback: bool = False, **constants: Any
) -> tuple[Any, Pullback]:
    """The result of a function, and the function that pulls cotangents back to its arguments (reverse mode).

    Parameters
    ----------
    fun : function
    primals
        The positional arguments.
    backend, fallback
        As of `adgen.grad`.
    constants
        Keyword arguments; they are constant.

    Returns
    -------
    out
        The result of `fun`.
    pullback : function
        Takes a cotangent of the structure, shapes and dtypes of `out`; gives a tuple with a gradient for each
        positional argument, None for those without floats.  It may be called again, and from threads.

    Raises
    ------
    ArgumentError
        No argument carries a derivative; or the cotangent does not fit.
    Refusal
        The function cannot be differentiated.

    Examples
    --------
    >>> import adgen
    >>> out, pullback = adgen.vjp(lambda x, y: x * y, 3.0, 2.0)
    >>> out, pullback(1.0)
    (6.0, (2.0, 3.0))
    """
    fun = fitted(runnable(fun), primals, constants)
    binder = binder_of(fun)
    values = binder(primals, constants)
    order = [k for k in range(len(primals)) if any(is_smooth(leaf) for leaf in leaves(values[k]))]
    if not order:
        for name, value in zip(binder.names, values[: len(primals)], strict=False):
            require_smooth(value, name, binder.shown)
        raise ArgumentError(f"vjp: none of the positional arguments of `{binder.shown}` holds a float")
    names = tuple(binder.names[k] for k in order)
    request = Request("vjp", names, False, False, False, *checked_backend(backend, fallback))
    specialisation, captured = obtain(fun, binder.names, values, request, binder.shown)
    out, raw = specialisation.run(values, captured)
    out = specialisation.objects(fun, out, binder.shown)
    return out, Pullback(raw, out, [*values, *captured.values()], order, len(primals))


def stop_gradient(x: T) -> T:
    """The value itself, taken to be a constant by every derivative.

    Parameters
    ----------
    x
        Any value.

    Returns
    -------
    The same value.

    Examples
    --------
    >>> import adgen
    >>> adgen.grad(lambda x: x * adgen.stop_gradient(x))(3.0)
    3.0
    """
    return x
