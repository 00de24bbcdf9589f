"""From a function and the arguments of a call to the generated function that fits them: in memory, on disk, or made.

    obtain(f, ("x",), [3.0], Request("grad", ("x",)))
        key of the arguments -> specialisations made for such arguments -> the first whose dependencies hold
        none: source and signature -> first key -> cache entry whose dependencies hold
        none: pipeline.generate -> text -> cache -> compile(text) -> function

A specialisation relies on what its function's names meant (helpers, modules, flags, numbers taken by value: the
dependencies) and on the kinds of the values that it reads at each call (captured).  Both are checked at each call.
"""

from __future__ import annotations

import functools
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, NamedTuple

from adgen import cache
from adgen.dispatch import Key, key_of, warn_many, warn_restless
from adgen.errors import AdgenError, InternalError, Refusal
from adgen.loading import Reliance, Specialisation, facts_of
from adgen.results import require_smooth

if TYPE_CHECKING:
    from adgen.frontend.bindings import FunctionSource
    from adgen.ir.core import Span
    from adgen.pipeline import Generated
    from adgen.signature import Signature

MANY = 16
ALIASES = 512  # keys that lead to one table's specialisations


class Request(NamedTuple):
    """What is asked for; `adgen.pipeline.Request` says the same."""

    mode: str  # grad | value_and_grad | jvp | vjp
    wrt: tuple[str, ...]
    single: bool = True
    has_aux: bool = False
    again: bool = False  # the generated function is differentiated again
    backend: str = "numpy"  # or "numba"
    fallback: bool = False  # NumPy where Numba cannot
    alone: bool = False  # jvp: the tangent of the result without the result


def _generate(source: FunctionSource, signature: Signature, request: Request) -> Generated:
    """Run the compiler; whatever fails inside it on its own account is named as its defect."""
    from adgen import pipeline

    try:
        asked = pipeline.Request(*request[:6], alone=request.alone)
        return pipeline.generate(source, signature.types(), asked, guarded=False)
    except AdgenError:
        raise
    except RecursionError as error:
        raise InternalError(f"`{source.qualname}` is nested too deeply to be compiled ({error})") from error
    except Exception as error:
        raise InternalError(
            f"compiling {request.mode} of `{source.qualname}` ({source.path}) failed: {type(error).__name__}: {error}; "
            "a defect of adgen: please report it with the function and the types of its arguments"
        ) from error


class Table:
    """The specialisations of one piece of code for one request."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[Key, ...], tuple[Specialisation, ...]] = {}
        self.made: list[Specialisation] = []
        self.locks: dict[tuple[Key, ...], threading.RLock] = {}
        self.keys: list[tuple[Key, ...]] = []  # one for each signature
        self.warned = False

    def find(self, key: tuple[Key, ...], fun: Any) -> tuple[Specialisation, dict[str, Any]] | None:
        """A specialisation that holds, and what it captures now; the newest first."""
        for specialisation in self.by_key.get(key, ()):
            captured = specialisation.holds(fun)
            if captured is not None:
                return specialisation, captured
        return None

    def share(self, key: tuple[Key, ...], signature: Signature, fun: Any) -> bool:
        """Whether another key has the same signature and a specialisation that holds; then it serves this one."""
        for specialisation in self.made:
            if specialisation.types == signature and specialisation.holds(fun) is not None:
                self._enter(key, specialisation)
                return True
        return False

    def add(self, key: tuple[Key, ...], specialisation: Specialisation) -> None:
        """Keep a new specialisation, before those that do not hold any more."""
        if all(specialisation.types != other.types for other in self.made):
            self.keys.append(key)
        self.made.insert(0, specialisation)
        self._enter(key, specialisation)
        del self.made[4 * MANY :]

    def _enter(self, key: tuple[Key, ...], specialisation: Specialisation) -> None:
        if len(self.by_key) >= ALIASES:
            self.by_key.clear()
        self.by_key[key] = (specialisation, *self.by_key.get(key, ())[: MANY - 1])

    def warn(self, function: str, names: Sequence[str], key: tuple[Key, ...]) -> None:
        """Warn once when there are many signatures, or many specialisations for one."""
        if self.warned:
            return
        if len(self.keys) >= MANY:
            self.warned = True
            warn_many(function, names, self.keys)
        elif len(self.by_key.get(key, ())) >= MANY:
            self.warned = True
            warn_restless(function, [spec.reliance.dependencies for spec in self.by_key[key]])


_tables: dict[Any, Table] = {}
_kept: list[Any] = []  # callables without code objects (np.sin), whose ids are keys
_lock = threading.Lock()


def _identity(fun: Any) -> Any:
    """What functions have in common that may share specialisations: their code, and how they are bound."""
    if isinstance(fun, FunctionType):
        return fun.__code__
    if isinstance(fun, MethodType):
        return ("method", _identity(fun.__func__))
    if isinstance(fun, functools.partial):
        return ("partial", len(fun.args), tuple(fun.keywords), _identity(fun.func))
    return fun


def _hashed(identity: Any) -> Any:
    """The identity by ids: code objects compare by content, which is slow, and not what is meant."""
    if isinstance(identity, tuple):
        return (*identity[:-1], _hashed(identity[-1]))
    return id(identity)


def table_of(fun: Any, request: Request) -> Table:
    """The table of a function's code and a request; it goes when the code goes."""
    key = (id(fun.__code__) if type(fun) is FunctionType else _hashed(_identity(fun)), request)
    table = _tables.get(key)
    if table is not None:
        return table
    with _lock:
        if key not in _tables:
            _tables[key] = Table()
            owner = _identity(fun)
            while isinstance(owner, tuple):
                owner = owner[-1]
            if isinstance(owner, CodeType):
                weakref.finalize(owner, _tables.pop, key, None)
            else:
                _kept.append(owner)
        return _tables[key]


def obtain(
    fun: Any, names: Sequence[str], values: Sequence[Any], request: Request, function: str
) -> tuple[Specialisation, dict[str, Any]]:
    """The specialisation for a call, and the values that it reads from the function's surroundings now.

    `fun` is what the user gave: a function, or a derivative function, whose generated function is then what is
    differentiated; what that one captures becomes captured here.
    """
    resolve = getattr(fun, "resolve", None) if hasattr(type(fun), "__adgen_request__") else None
    if resolve is None:
        return _obtain(fun, tuple(names), values, request, function)
    inner, extras = resolve(list(values))
    specialisation, more = _obtain(inner, (*names, *extras), [*values, *extras.values()], request, function)
    return specialisation, {**extras, **more}


def _obtain(
    fun: Any, names: tuple[str, ...], values: Sequence[Any], request: Request, function: str
) -> tuple[Specialisation, dict[str, Any]]:
    table = table_of(fun, request)
    key = tuple([key_of(value) for value in values])
    found = table.find(key, fun)
    if found is not None:
        return found
    with table.locks.setdefault(key, threading.RLock()):
        try:
            for _ in range(3):  # what it refers to may change while it is compiled
                found = table.find(key, fun)
                if found is not None:
                    return found
                _extend(table, key, fun, names, values, request, function)
                table.warn(function, names, key)
        finally:
            table.locks.pop(key, None)
    raise AdgenError(f"what `{function}` refers to is changed by other threads while it is compiled")


def _extend(
    table: Table,
    key: tuple[Key, ...],
    fun: Any,
    names: tuple[str, ...],
    values: Sequence[Any],
    request: Request,
    function: str,
) -> None:
    from adgen.signature import of_values

    for name in request.wrt:
        require_smooth(values[names.index(name)], name, function)
    signature = of_values(names, values)
    if not table.share(key, signature, fun):
        table.add(key, make(fun, signature, request))


def make(fun: Any, signature: Signature, request: Request) -> Specialisation:
    """A specialisation from the cache, or generated and kept there; for Numba, compiled."""
    if request.backend == "numpy":
        return _make(fun, signature, request)[0]
    from adgen.compiling import prepare

    try:
        made, spans = _make(fun, signature, request)
        prepare(made, fun, spans)
    except Refusal:
        if not request.fallback:
            raise
        made, _ = _make(fun, signature, request._replace(backend="numpy"))
    return made


def _make(fun: Any, signature: Signature, request: Request) -> tuple[Specialisation, Mapping[str, Span]]:
    from adgen.frontend import source as sources

    source = sources.find(fun)
    first = cache.first_key(_parts(source, signature, request)) if _is_portable(signature) else ""

    def holds(rows: cache.Dependencies) -> bool:
        return Reliance.from_rows(rows).holds(fun) is not None

    found = cache.load(first, holds) if first else None
    if found is not None:
        entry, rows = found
        return Specialisation(entry, Reliance.from_rows(rows), signature, request.wrt), {}
    generated = _generate(source, signature, request)
    reliance = Reliance.of(sources.dependencies(source), generated.captured)
    entry = cache.Entry(generated.text, generated.name, facts_of(source, signature, request, generated))
    portable = reliance.rows() if first else None
    if portable is not None:
        entry = replace(entry, path=cache.save(first, portable, entry))
    return Specialisation(entry, reliance, signature, request.wrt), generated.spans


def _parts(source: FunctionSource, signature: Signature, request: Request) -> dict[str, str]:
    return {
        "code": source.key.digest,
        "text": source.text,
        "name": f"{source.module}:{source.qualname}:{source.where}",
        "bound": repr([name for name, _ in source.bound]),
        "signature": repr(signature.items),
        "request": repr(tuple(request)),
    }


def _is_portable(signature: Signature) -> bool:
    """Whether the signature means the same in another process: no functions or objects by identity."""
    from adgen.ir.types import ListOf, Static, Struct, Type

    def plain(type_: Type) -> bool:
        match type_:
            case Static(value):
                return value is None or isinstance(value, (bool, str, bytes)) or value is ...
            case Struct(_, _, items):
                return all(plain(item) for item in items)
            case ListOf(item):
                return plain(item)
        return True

    return all(plain(type_) for _, type_ in signature.items)


__all__ = ["Request", "Specialisation", "Table", "make", "obtain", "table_of"]
