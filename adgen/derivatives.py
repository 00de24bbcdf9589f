"""Derivative functions: what `adgen.grad(f)` returns.

>>> import adgen
>>> slope = adgen.grad(lambda x, y: x * x * y, argnums=(0, 1))
>>> slope(3.0, 2.0)
(12.0, 9.0)
>>> slope.signature
'x: float, y: float'

A `Derivative` looks like the function that it was made from (name, docstring, signature), binds as a method does,
and finds at each call the generated function that fits the arguments (`adgen.specialise`).
"""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, cast

import numpy as np

from adgen.callables import Pattern, as_wrapped, fitted, is_open, pattern
from adgen.dispatch import Binder, Stamp, checked_backend, chosen, is_same_stamp, stamp_of
from adgen.errors import AdgenError, ArgumentError
from adgen.hot import MISS, path_of
from adgen.results import Owners, finish_gradient, finish_value
from adgen.specialise import Request, Specialisation, obtain

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
Argnums = int | Sequence[int]
Wrt = str | Sequence[str]


class NotYet(AdgenError, AttributeError):
    """Nothing was generated yet: the derivative was not called."""


MANY = 16  # short ways prepared, at most


class DerivativeRequest(NamedTuple):
    """What a derivative function derives: read by the front end when one occurs in a user's function."""

    fun: Callable[..., Any]
    mode: str
    wrt: int | str | tuple[int | str, ...]
    has_aux: bool


class Plan(NamedTuple):
    """What of a derivative does not change from call to call."""

    binder: Binder
    request: Request
    order: tuple[int, ...]  # positions of the wrt parameters among all
    function: str
    stamp: Stamp  # of the function, when it was so


class _Shared:
    """What a derivative and its bound forms have in common: the plan, and the specialisation of the last call."""

    def __init__(self) -> None:
        self.plan: Plan | None = None
        self.last: Specialisation | None = None
        self.bound: _Shared | None = None


class Derivative(Generic[P, R]):
    """A derivative of a function; made by the transforms of `adgen`, not directly."""

    __name__: str
    __qualname__: str
    __wrapped__: Callable[..., Any]

    def __init__(
        self,
        fun: Callable[..., Any],
        transform: str,
        argnums: Argnums | None = None,
        wrt: Wrt | None = None,
        has_aux: bool = False,
        backend: str = "numpy",
        fallback: bool = False,
    ) -> None:
        functools.update_wrapper(self, fun)
        self._backend = checked_backend(backend, fallback)
        self._fun = runnable(fun)
        self._transform = transform
        self._argnums, self._wrt = chosen(argnums, wrt)
        self._has_aux = has_aux
        self._open = is_open(self._fun) or bool(getattr(self._fun, "_open", False))
        self._fits: dict[Pattern, Derivative[..., Any]] = {}
        self._shared = _Shared()
        self._hot: tuple[Callable[[tuple[Any, ...]], Any], Specialisation] | None = None  # for calls like the last one
        self._heated: tuple[Specialisation | None, int] = (None, 0)  # the last one tried, how many were
        self._in_class = False
        self._origin: tuple[Any, str] | None = None  # the object that it is bound to, and its name there

    # ------------------------------------------------------------------------------------------------------- calling

    def parameters(self) -> Binder:
        """The parameters that a derivative of this one binds."""
        return self.fitting(None, {})._plan().binder if self._open else self._plan().binder

    def fitting(self, args: Sequence[Any] | None, kwargs: Mapping[str, Any]) -> Derivative[..., R]:
        """The derivative for such calls, where the parameters follow from the call: of `np.sum`, say."""
        if not self._open:
            return self
        key = pattern(self._fun, args, kwargs)
        found = self._fits.get(key)
        if found is None:
            inner = fitted(self._fun, args, kwargs)
            found = type(self)(inner, self._transform, self._argnums, self._wrt, self._has_aux, *self._backend)
            self._fits[key] = found
        self._shared.bound = found._shared
        return found

    def _own(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Those of the arguments that are the function's."""
        return args, kwargs

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The derivative at these arguments."""
        hot = self._hot
        if hot is not None and not kwargs:
            found = hot[0](args)
            if found is not MISS:
                self._shared.last = hot[1]
                return cast("R", found)
        if self._in_class and args:  # a method called through its class
            return self.__get__(args[0])(*args[1:], **kwargs)
        if self._open:
            return self.fitting(*self._own(args, kwargs))(*args, **kwargs)
        result: R = self._evaluate(args, kwargs)
        return result

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AdgenError("made by adgen.grad and its like")

    def _plan(self) -> Plan:
        plan = self._shared.plan
        stamp = stamp_of(self._fun)
        if plan is None or not is_same_stamp(plan.stamp, stamp):
            binder = binder_of(self._fun)
            names = binder.wanted(self._argnums, self._wrt)
            single = isinstance(self._wrt, str) or (self._wrt is None and not isinstance(self._argnums, Sequence))
            request = Request(self._transform, names, single, self._has_aux, False, *self._backend)
            plan = Plan(binder, request, tuple(binder.names.index(name) for name in names), binder.shown, stamp)
            self._shared.plan = plan
        return plan

    def _specialised(self, plan: Plan, values: list[Any]) -> tuple[Specialisation, dict[str, Any]]:
        found = obtain(self._fun, plan.binder.names, values, plan.request, plan.function)
        self._shared.last = found[0]
        return found

    @property
    def function(self) -> Callable[..., Any]:
        """The function that is differentiated."""
        return self._fun

    def remember(self, specialisation: Specialisation) -> None:
        """Note what the last call ran, for `.source` and its like."""
        self._shared.last = specialisation

    def resolve(self, values: list[Any]) -> tuple[Callable[..., Any], dict[str, Any]]:
        """What a derivative of this one is made from: the generated function, and the captured values that it takes."""
        plan = self._plan()
        request = plan.request._replace(backend="numpy")
        found = obtain(self._fun, plan.binder.names, values, request, plan.function)
        self._shared.last = found[0]
        if "types.SimpleNamespace(" in found[0].text:
            raise ArgumentError(
                f"the derivative of `{plan.function}` makes objects of a class that is no argument's, or has an "
                "__init__ or __post_init__ of its own: it is not differentiated again; use numbers and arrays"
            )
        if found[0].recursive:  # its text keeps what has no type; made again, it keeps nothing
            found = obtain(self._fun, plan.binder.names, values, request._replace(again=True), plan.function)
        return found[0].function, found[1]

    def stated(self, signature: Any) -> tuple[Callable[..., Any], Any, Request]:
        """What is generated for arguments of stated types."""
        return self._fun, signature, self._plan().request._replace(backend="numpy")

    # ------------------------------------------------------------------------------------------------------ inspection

    def _last(self) -> Specialisation:
        for shared in (self._shared, self._shared.bound):
            if shared is not None and shared.last is not None:
                return shared.last
        raise NotYet(f"{self!r} was not called yet; call it, or give its types to adgen.compile")

    @property
    def source(self) -> str:
        """The generated Python text that the last call ran."""
        return self._last().text

    @property
    def path(self) -> str:
        """The file of the generated text (`<adgen ..>` where it is only in memory)."""
        return self._last().path

    @property
    def signature(self) -> str:
        """The types of the last call's arguments, as `--types` takes them."""
        return self._last().signature

    @property
    def generated(self) -> Callable[..., Any]:
        """The generated function that the last call ran: a plain function, for inspect, pdb and profilers."""
        return self._last().function

    def explain(self) -> str:
        """Why each line of the function is active, saved or recomputed in the last call's derivative."""
        return "\n".join(self._last().explain)

    @property
    def __adgen_request__(self) -> DerivativeRequest:
        wrt: Any = self._wrt if self._wrt is not None else 0 if self._argnums is None else self._argnums
        whole = wrt if isinstance(wrt, (int, str)) else tuple(wrt)
        return DerivativeRequest(self._fun, self._transform, whole, self._has_aux)

    def __repr__(self) -> str:
        return f"<adgen.{self._transform} of {shown_name(self._fun)}>"

    # -------------------------------------------------------------------------------------------------- being a method

    def __set_name__(self, owner: type, name: str) -> None:
        self._in_class = True

    def __get__(self, instance: Any, owner: type | None = None) -> Derivative[..., R]:
        """Bind, as functions do: `argnums` count the parameters after `self`.

        Called through its class, a method is given `self` as the first argument; then it is bound to that.
        """
        if instance is None or not hasattr(self._fun, "__get__"):
            return self
        bound = object.__new__(type(self))
        bound.__dict__.update(self.__dict__)
        bound._fun = self._fun.__get__(instance, owner)
        bound._in_class = False
        bound._hot = None
        bound._origin = (instance, getattr(self._fun, "__name__", ""))
        if self._shared.bound is None:
            self._shared.bound = _Shared()
        bound._shared = self._shared.bound
        return bound

    # -------------------------------------------------------------------------------------------------------- pickling

    def _options(self) -> dict[str, Any]:
        backend, fallback = self._backend
        options = {"argnums": self._argnums, "wrt": self._wrt, "has_aux": self._has_aux, "fallback": fallback}
        options["backend"] = backend if backend != "numpy" else None
        return {name: value for name, value in options.items() if value is not None and value is not False}

    def __copy__(self) -> Derivative[P, R]:
        return self

    def __deepcopy__(self, memo: Any) -> Derivative[P, R]:
        return self  # as functions do

    def __reduce__(self) -> Any:
        if self._origin is not None:
            return getattr, self._origin
        if _by_name(self) is self:
            return _by_name_of, (self.__module__, self.__qualname__)
        name = getattr(self._fun, "__qualname__", "")
        if "<lambda>" in name or "<locals>" in name:
            import pickle

            raise pickle.PicklingError(
                f"{self!r} cannot be pickled: `{name}` is a lambda or a nested function, which another process cannot "
                "find by name; define it at the top level of a module"
            )
        return _again, (self._transform, self._fun, self._options())


def _by_name(derivative: Derivative[..., Any]) -> Any:
    try:
        return _by_name_of(getattr(derivative, "__module__", ""), getattr(derivative, "__qualname__", ""))
    except (AttributeError, KeyError):
        return None


def _by_name_of(module: str, qualname: str) -> Any:
    if module not in sys.modules:
        from importlib import import_module

        import_module(module)
    return functools.reduce(getattr, qualname.split("."), sys.modules[module])


def _again(transform: str, fun: Callable[..., Any], options: dict[str, Any]) -> Any:
    import adgen

    return getattr(adgen, transform)(fun, **options)


def shown_name(fun: Any) -> str:
    """The name of a function in messages."""
    while not isinstance(fun, (FunctionType, MethodType, Derivative)) and hasattr(fun, "func"):
        fun = fun.func
    return str(getattr(fun, "__name__", None) or type(fun).__name__)


def runnable(fun: Any) -> Callable[..., Any]:
    """The function that a callable stands for: an object's `__call__`, else itself."""
    if not callable(fun) or (isinstance(fun, type) and not is_open(fun)):
        raise ArgumentError(f"{fun!r} is not a function; pass a def, lambda, method or functools.partial")
    own = next((vars(base)["__call__"] for base in type(fun).__mro__ if "__call__" in vars(base)), None)
    if isinstance(fun, BuiltinMethodType) and isinstance(fun.__self__, np.ndarray):  # x.dot is np.dot with x given
        return runnable(functools.partial(getattr(np.ndarray, fun.__name__), fun.__self__))
    if isinstance(own, FunctionType) and not isinstance(fun, (Derivative, type, np.vectorize)) and not is_open(fun):
        return MethodType(own, fun)
    return cast("Callable[..., Any]", fun)


_binders: weakref.WeakKeyDictionary[FunctionType, tuple[Stamp, Binder]] = weakref.WeakKeyDictionary()


def binder_of(fun: Callable[..., Any]) -> Binder:
    """The parameters of a function or a derivative function."""
    if isinstance(fun, Derivative):
        return fun.parameters()
    if not isinstance(fun, FunctionType):
        return make_binder(fun)
    known, stamp = _binders.get(fun), stamp_of(fun)
    if known is None or not is_same_stamp(known[0], stamp):
        known = (stamp, make_binder(fun))
        _binders[fun] = known
    return known[1]


def make_binder(fun: Callable[..., Any]) -> Binder:
    """The parameters of a function; those of a library's function are those that its rule needs."""
    if is_open(fun):
        fun = fitted(fun, None, {})
    if isinstance(fun, (FunctionType, MethodType, functools.partial)) or hasattr(fun, "cache_info"):
        return Binder.of(as_wrapped(fun), shown_name(fun))
    from adgen.frontend.source import find

    names = find(fun).params
    return Binder(shown_name(fun), names, names)


class Gradient(Derivative[P, R]):
    """`grad` and `value_and_grad`."""

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        plan = self._plan()
        values = plan.binder(args, kwargs)
        specialisation, extras = self._specialised(plan, values)
        raw = specialisation.run(values, extras)
        if self._has_aux:  # which may hold objects
            first, second = raw
            value, aux = first if self._transform == "value_and_grad" else (None, second)
            aux = specialisation.objects(self._fun, (value, aux), plan.function, derived=False)[1]
            raw = ((value, aux), second) if self._transform == "value_and_grad" else (first, aux)
        result = self._finish(plan, values, extras, raw)
        if specialisation is not self._heated[0] and self._heated[1] < MANY:
            self._heated = (specialisation, self._heated[1] + 1)
            if not (kwargs or extras or self._has_aux or self._in_class) and len(args) == len(values):
                self._heat(plan, specialisation, values)
        return result

    def _heat(self, plan: Plan, specialisation: Specialisation, values: list[Any]) -> None:
        """Prepare the short way for calls like this one."""

        def finish(args: tuple[Any, ...], result: Any) -> Any:
            return self._finish(plan, list(args), {}, result)

        single, valued = plan.request.single, self._transform == "value_and_grad"
        path = path_of(self._fun, specialisation, values, finish, plan.order, single, valued)
        self._hot = None if path is None else (path, specialisation)

    def _finish(self, plan: Plan, values: list[Any], extras: dict[str, Any], result: Any) -> Any:
        aux: Any = None
        out: Any = None
        if self._transform == "value_and_grad":
            out, result = result
            value, aux = out if self._has_aux else (out, None)
            value = finish_value(value, plan.function)
            out = (value, aux) if self._has_aux else value
        elif self._has_aux:
            result, aux = result
        owners = Owners([*values, *extras.values(), aux])
        if plan.request.single:
            gradient = finish_gradient(values[plan.order[0]], result, owners)
        else:
            gradient = tuple(finish_gradient(values[k], g, owners) for k, g in zip(plan.order, result, strict=True))
        if self._transform == "value_and_grad":
            return out, gradient
        return (gradient, aux) if self._has_aux else gradient
