"""Derivatives ahead of any call: the generated function itself, for stated types.

>>> import adgen
>>> cube_grad = adgen.compile(lambda x: x * x * x, "grad", types="x: float")
>>> cube_grad(2.0)
12.0
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from adgen.callables import fitted
from adgen.derivatives import Argnums, Derivative, Wrt, binder_of, runnable
from adgen.dispatch import checked_backend, chosen
from adgen.errors import AdgenError, ArgumentError
from adgen.specialise import Request, Specialisation, make

if TYPE_CHECKING:
    from adgen.signature import Signature

MODES = ("grad", "value_and_grad", "jvp", "vjp")


def compile(
    fun: Callable[..., Any],
    mode: str = "value_and_grad",
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    has_aux: bool = False,
    types: str | None = None,
    backend: str = "numpy",
    fallback: bool = False,
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
    backend, fallback
        As of `adgen.grad`; for Numba the types have to be known.

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
    chosen_backend = checked_backend(backend, fallback)
    specialisation = _compiled(fun, signature, Request(mode, names, single, has_aux, False, *chosen_backend))
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
