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

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from adgen.callables import fitted
from adgen.derivatives import Argnums, Derivative, Gradient, Wrt, binder_of, runnable
from adgen.dispatch import chosen
from adgen.errors import AdgenError, ArgumentError
from adgen.results import Owners, check_direction, finish_gradient, likeness, require_smooth
from adgen.specialise import Request, Specialisation, make, obtain
from adgen.trees import is_smooth, leaves

if TYPE_CHECKING:
    from adgen.signature import Signature

P = ParamSpec("P")
T = TypeVar("T")
MODES = ("grad", "value_and_grad", "jvp", "vjp")


@overload
def grad(
    fun: Callable[P, Any], argnums: Argnums | None = None, *, wrt: Wrt | None = None, has_aux: bool = False
) -> Derivative[P, Any]: ...
@overload
def grad(
    fun: None = None, argnums: Argnums | None = None, *, wrt: Wrt | None = None, has_aux: bool = False
) -> Callable[[Callable[P, Any]], Derivative[P, Any]]: ...
def grad(
    fun: Callable[..., Any] | None = None,
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
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
    return _gradient("grad", fun, argnums, wrt, has_aux)


@overload
def value_and_grad(
    fun: Callable[P, Any], argnums: Argnums | None = None, *, wrt: Wrt | None = None, has_aux: bool = False
) -> Derivative[P, tuple[Any, Any]]: ...
@overload
def value_and_grad(
    fun: None = None, argnums: Argnums | None = None, *, wrt: Wrt | None = None, has_aux: bool = False
) -> Callable[[Callable[P, Any]], Derivative[P, tuple[Any, Any]]]: ...
def value_and_grad(
    fun: Callable[..., Any] | None = None,
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
) -> Any:
    """The value and the gradient, in one pass; what `scipy.optimize.minimize(jac=True)` wants.

    Parameters
    ----------
    fun, argnums, wrt, has_aux
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
    return _gradient("value_and_grad", fun, argnums, wrt, has_aux)


def _gradient(
    transform: str, fun: Callable[..., Any] | None, argnums: Argnums | None, wrt: Wrt | None, has_aux: bool
) -> Any:
    if fun is None:
        return functools.partial(_gradient, transform, argnums=argnums, wrt=wrt, has_aux=has_aux)
    return Gradient(fun, transform, argnums, wrt, has_aux)


def jvp(fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], **constants: Any) -> tuple[Any, Any]:
    """The result of a function, and its directional derivative (forward mode).

    Parameters
    ----------
    fun : function
    primals : tuple
        The positional arguments.
    tangents : tuple
        A direction for each, of the same structure, shapes and dtypes; None where the argument is constant.
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
    request = Request("jvp", names, False)
    specialisation, captured = obtain(fun, binder.names, values, request, binder.shown)
    out, out_dot = specialisation.run(values, captured, dots)
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
        for k, gradient in zip(self._order, self._raw(cotangent), strict=True):
            gradients[k] = finish_gradient(self._values[k], gradient, owners)
        return tuple(gradients)


def vjp(fun: Callable[..., Any], *primals: Any, **constants: Any) -> tuple[Any, Pullback]:
    """The result of a function, and the function that pulls cotangents back to its arguments (reverse mode).

    Parameters
    ----------
    fun : function
    primals
        The positional arguments.
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
    request = Request("vjp", tuple(binder.names[k] for k in order), False)
    specialisation, captured = obtain(fun, binder.names, values, request, binder.shown)
    out, raw = specialisation.run(values, captured)
    return out, Pullback(raw, out, [*values, *captured.values()], order, len(primals))


def compile(
    fun: Callable[..., Any],
    mode: str = "value_and_grad",
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    types: str | None = None,
) -> Callable[..., Any]:
    """The generated derivative function itself, ahead of any call and without checks of its arguments.

    Parameters
    ----------
    fun : function
    mode : {"grad", "value_and_grad", "jvp", "vjp"}
        `jvp` takes the arguments of `fun` and then a tangent for each differentiated one; `vjp` gives
        `(out, pullback)`.
    argnums, wrt, has_aux
        As of `adgen.grad`.
    types : str
        The arguments' types as `adgen compile --types` has them: `"u: f8[:], n: int"`.  What is left out is taken
        from annotations, and is else unknown.

    Returns
    -------
    function
        A plain Python function; `inspect.getsource` shows it.  Global and closure values that `fun` reads are read
        at each call.

    Raises
    ------
    ArgumentError
        An unknown mode or parameter.
    Refusal
        The function cannot be differentiated.

    Examples
    --------
    >>> import adgen
    >>> square_grad = adgen.compile(lambda x: x * x, "grad", types="x: float")
    >>> square_grad(3.0)
    6.0
    """
    if mode not in MODES:
        raise ArgumentError(f"compile: mode {mode!r}; it is one of {', '.join(MODES)}")
    fun = fitted(runnable(fun), None, {})
    binder = binder_of(fun)
    argnums, wrt = chosen(argnums, wrt)
    names = binder.wanted(argnums, wrt)
    single = isinstance(wrt, str) or (wrt is None and not isinstance(argnums, Sequence))
    signature = _stated(fun, binder.names, types)
    specialisation = _compiled(fun, signature, Request(mode, names, single, has_aux))
    function = specialisation.function
    if not specialisation.reliance.captured:
        return function

    @functools.wraps(function)
    def reading(*args: Any, **keywords: Any) -> Any:
        captured = specialisation.holds(fun)
        if captured is None:
            raise AdgenError(f"what `{binder.shown}` refers to has changed since it was compiled: compile it again")
        return function(*args, **keywords, **captured)

    return reading


def _compiled(fun: Any, signature: Signature, request: Request) -> Specialisation:
    while isinstance(fun, Derivative):
        inner = _compiled(*fun.stated(signature))
        if inner.reliance.captured:
            raise AdgenError(f"compile: {fun!r} reads values at each call; call its derivative instead")
        fun = inner.function
    return make(fun, signature, request)


def _stated(fun: Any, names: Sequence[str], types: str | None) -> Signature:
    """The signature out of the given types and the function's annotations."""
    from adgen.frontend.source import find
    from adgen.signature import Signature, from_annotation, parse

    given = parse(types) if types else {}
    unknown = [name for name in given if name not in names]
    if unknown:
        raise ArgumentError(f"types: there is no parameter `{unknown[0]}`; there are {', '.join(names)}")
    while isinstance(fun, Derivative):
        fun = fun.__wrapped__
    written = find(fun).annotations
    return Signature(
        tuple((name, given[name] if name in given else from_annotation(written.get(name))) for name in names)
    )


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
