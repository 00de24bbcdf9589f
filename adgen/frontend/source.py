"""From a function object to its source: the node whose code is the code that runs.

>>> import linecache, ast
>>> text = "def f(x):\\n    return 2.0 * x\\n"
>>> linecache.cache["<cell 1>"] = (len(text), None, text.splitlines(True), "<cell 1>")
>>> names = {"__name__": "cell"}
>>> exec(compile(text, "<cell 1>", "exec"), names)
>>> source = find(names["f"])
>>> source.qualname, source.params, ast.unparse(source.node.body[0])
('f', ('x',), 'return 2.0 * x')

Found are def, nested def, lambda, methods (bound: `self` is an argument that is already given), `functools.partial`,
`functools.cache`, library functions (`np.sin` itself), and functions behind wrappers that only pass their call on.
Everything else raises SourceError with the reason.
"""

from __future__ import annotations

import ast
import functools
import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from adgen.errors import Place, SourceError
from adgen.frontend import vectorized
from adgen.frontend.bindings import Binding, FunctionKey, FunctionSource, Instance, Literal, Missing, Route
from adgen.frontend.files import Entry, File, of_code, refuse
from adgen.frontend.library_calls import required, source_of, spelled
from adgen.frontend.match import Ambiguous, code_digest, node_of, was_rewritten
from adgen.frontend.routes import Dependency, current, function_digest, read_captured, still_valid, walk
from adgen.frontend.runtime import RuntimeScope, Session
from adgen.frontend.wrappers import passes_on, spelled_out
from adgen.rules import table, unruled

__all__ = [
    "Dependency",
    "code_digest",
    "current",
    "dependencies",
    "find",
    "function_digest",
    "read_captured",
    "still_valid",
    "walk",
]


_SILENCING = np.errstate()(len).__code__  # what `@np.errstate(..)` makes of a function: only the warnings differ


def find(fun: Callable[..., Any]) -> FunctionSource:
    """The source of a function; raises SourceError where there is none, or where it is not what runs."""
    session = Session(_find)
    source = _find(fun, (), session)
    arguments = source.node.args
    if isinstance(fun, types.FunctionType) and (arguments.vararg is not None or arguments.kwarg is not None):
        return _spelled_out(fun, source)
    return source


def _spelled_out(fun: types.FunctionType, source: FunctionSource) -> FunctionSource:
    """A wrapper that takes `*args, **kwargs`, with the parameters that `functools.wraps` says it has."""
    every = inspect.signature(fun).parameters.values()
    node = None
    if isinstance(source.node, ast.FunctionDef) and not any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in every):
        positional = [p.name for p in every if p.kind is not p.KEYWORD_ONLY]
        node = spelled_out(source.node, positional, [p.name for p in every if p.kind is p.KEYWORD_ONLY])
    if node is None:
        why = "which values vary is told by names, and `*args, **kwargs` have none"
        help_ = "let it pass them on, and nothing else (`fn(*args, **kwargs)`), with functools.wraps; or name them"
        raise refuse("E0203", f"`{source.qualname}` takes *args or **kwargs", source.place(), why, help_)
    return replace(source, node=node)


def dependencies(source: FunctionSource) -> list[Dependency]:
    """What was looked up so far on behalf of the function that `find` was asked for, itself included.

    To be asked after lowering: a name counts once the compiler has used it.
    """
    scope = source.scope
    return scope.session.dependencies() if isinstance(scope, RuntimeScope) else []


def _find(fun: object, route: Route, session: Session) -> FunctionSource:
    known = session.sources.get(id(fun))
    if known is not None and known[0] is fun:
        return known[1]
    source = _found(fun, route, session)
    session.sources[id(fun)] = (fun, source)
    return source


def _found(fun: object, route: Route, session: Session) -> FunctionSource:
    name = spelled(fun)
    if name is not None and not isinstance(fun, type):
        return _library(name, route, session)
    if hasattr(fun, "__adgen_request__"):
        why = "it was made by adgen, and is no function of its own"
        raise refuse("E0203", "a derivative has no source to be read here", None, why, "pass the original function")
    if isinstance(fun, types.MethodType):
        return _method(fun, route, session)
    if isinstance(fun, functools.partial):
        return _partial(fun, route, session)
    if isinstance(fun, types.FunctionType):
        return _function(fun, route, session)
    if isinstance(fun, np.vectorize):
        return vectorized.source_of(fun, route, session, _find(fun.pyfunc, (*route, ("attr", "pyfunc")), session))
    inner = "py_func" if type(fun).__module__.startswith("numba") else "__wrapped__"
    if isinstance(fun, functools._lru_cache_wrapper) or inner == "py_func" and hasattr(fun, inner):
        found = _find(getattr(fun, inner), (*route, ("attr", inner)), session)
        return replace(found, cached=True) if isinstance(fun, functools._lru_cache_wrapper) else found
    if isinstance(getattr(type(fun), "__call__", None), types.FunctionType):  # noqa: B004 (of what kind it is)
        return _find(getattr(fun, "__call__"), (*route, ("attr", "__call__")), session)  # noqa: B004, B009
    what = f"a {type(fun).__name__}" if not isinstance(fun, type) else f"the class {fun.__name__}"
    help_ = "pass a function: def, lambda, method or functools.partial"
    raise refuse("E0203", f"{what} is not a Python function", None, f"{fun!r} has no Python code", help_)


def _function(fun: types.FunctionType, route: Route, session: Session) -> FunctionSource:
    code = fun.__code__
    file, entry = _locate(fun)
    alone = 0 if route else inspect.CO_GENERATOR  # a function may run through one that it calls
    if code.co_flags & (alone | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        why = "it is a generator or a coroutine, which has no one result"
        help_ = "write a plain function that returns its result"
        raise refuse("E0203", f"`{code.co_qualname}` is not a plain function", _place(file, entry), why, help_)
    wrapped = getattr(fun, "__wrapped__", None)
    if wrapped is not None and (code is _SILENCING or _only_passes_on(fun, wrapped, entry)):
        return _find(wrapped, (*route, ("attr", "__wrapped__")), session)
    node = entry.node
    assert isinstance(node, (ast.FunctionDef, ast.Lambda))
    module = str(fun.__globals__.get("__name__", fun.__module__))
    session.record(route, fun)
    return FunctionSource(
        node=node,
        path=file.path,
        where=file.where,
        qualname=code.co_qualname,
        module=module,
        lines=file.lines,
        comments=file.comments_in(node),
        scope=RuntimeScope(fun, route, session, entry.owner),
        key=FunctionKey(module, code.co_qualname, function_digest(fun)),
        defaults=_defaults(fun, route, session),
        route=route,
    )


def _locate(fun: types.FunctionType) -> tuple[File, Entry]:
    """The file and the node of a function; refuses what is not there, or is not what runs."""
    code = fun.__code__
    title = f"the source of `{code.co_qualname}` is not at hand"
    file = of_code(code, fun.__globals__)
    if file is None:
        why = f"`{code.co_filename}` is no file, and no text of it is kept (exec, python -c, the plain prompt)"
        raise refuse("E0201", title, None, why, "put the function into a file, a notebook or a doctest")
    try:
        entry = node_of(file, code)
    except Ambiguous:
        why = "several lambdas stand on this line, and Python runs without column numbers"
        place = Place(file.path, code.co_firstlineno, 0, code.co_firstlineno, 1)
        raise refuse("E0204", f"`{code.co_qualname}` cannot be told apart", place, why, "use one line each") from None
    if entry is None:
        raise _changed(file, code)
    return file, entry


def _changed(file: File, code: types.CodeType) -> SourceError:
    line = code.co_firstlineno
    text = file.lines[line - 1].rstrip() if line <= len(file.lines) else ""
    place = Place(file.path, line, len(text) - len(text.lstrip()), line, len(text)) if text else None
    if was_rewritten(code):
        why = "pytest rewrote its assert statements, so that other code runs than the file has"
        help_ = "move the function to a module that is not a test, or leave its asserts out"
        return refuse("E0205", f"the code of `{code.co_qualname}` is not that of its file", place, why, help_)
    why = "the function that runs has other code than the file has now, so that its derivative would be of another text"
    title = f"the file of `{code.co_qualname}` changed since it was imported"
    return refuse("E0202", title, place, why, "import the module again, or restart Python")


def _place(file: File, entry: Entry) -> Place:
    line = entry.node.lineno
    return Place(file.path, line, entry.node.col_offset, line, len(file.lines[line - 1].rstrip()))


def _only_passes_on(fun: types.FunctionType, wrapped: object, entry: Entry) -> bool:
    cells = zip(fun.__code__.co_freevars, fun.__closure__ or (), strict=True)
    names = [name for name, cell in cells if _content(cell) is wrapped]
    return len(names) == 1 and passes_on(entry.node, names[0])


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not bound yet
        return None


def _defaults(fun: types.FunctionType, route: Route, session: Session) -> Mapping[str, Binding]:
    code = fun.__code__
    given = fun.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    values: dict[str, object] = dict(zip(positional[len(positional) - len(given) :], given, strict=True))
    values |= fun.__kwdefaults__ or {}
    return {name: _given(value, name, (*route, ("default", name)), session) for name, value in values.items()}


def _given(value: object, name: str, route: Route, session: Session) -> Binding:
    if type(value) in (int, float, complex):  # part of the function's digest
        return Literal(value, name)
    return session.bind(value, name, route)


def _method(fun: types.MethodType, route: Route, session: Session) -> FunctionSource:
    source = _find(fun.__func__, (*route, ("attr", "__func__")), session)
    first = [*source.node.args.posonlyargs, *source.node.args.args][:1]
    if not first:
        why = "it takes no `self`"
        raise refuse("E0203", f"`{source.qualname}` cannot be called as a method", source.place(), why, "add `self`")
    name = first[0].arg
    own = (*route, ("attr", "__self__"))
    binding = session.bind(fun.__self__, name, own)
    if isinstance(fun.__self__, type) and isinstance(binding, Missing):  # an ordinary class: its values are read
        binding = Instance(name, fun.__self__.__qualname__, own, fun.__self__)
    return replace(source, bound=((name, binding), *source.bound), route=route)


def _partial(fun: functools.partial[Any], route: Route, session: Session) -> FunctionSource:
    inner = (*route, ("attr", "func"))
    name = None if isinstance(fun.func, type) else spelled(fun.func)
    source = _library(name, inner, session, tuple(fun.keywords)) if name else _find(fun.func, inner, session)
    arguments = source.node.args
    free = [a.arg for a in (*arguments.posonlyargs, *arguments.args) if a.arg in source.params]
    every = [*free, *(a.arg for a in arguments.kwonlyargs)]
    wrong = [name for name in fun.keywords if name not in every or name in free[: len(fun.args)]]
    if len(fun.args) > len(free) or wrong:
        why = f"functools.partial gives arguments that it does not take ({', '.join(wrong) or 'too many'})"
        raise refuse("E0203", f"`{source.qualname}` cannot be called so", source.place(), why, "correct the partial")
    bound = [
        (name, session.bind(value, name, (*route, ("arg", k))))
        for k, (name, value) in enumerate(zip(free, fun.args, strict=False))
    ]
    bound += [(key, session.bind(value, key, (*route, ("keyword", key)))) for key, value in fun.keywords.items()]
    return replace(source, bound=(*source.bound, *bound), route=route)


def _library(name: str, route: Route, session: Session, words: Sequence[str] = ()) -> FunctionSource:
    """A function that calls a library's function: `def sin(x): return np.sin(x)`; `words` are given by keyword."""
    rule = table.lookup(name)
    if rule is None:
        why = unruled.why(name) or "it has no rule and no Python source that is read"
        reason = unruled.refusal(name)
        help_ = reason.help if reason else "see `adgen rules`"
        raise refuse("E0107", f"no derivative rule for `{name}`", None, why, help_)
    needed = [param.name for param in rule.params if param.required]
    known = [word for word in words if any(param.name == word for param in rule.params)]
    count = next((k for k, label in enumerate(needed) if label in known), required(name))
    return replace(source_of(name, count, tuple(dict.fromkeys([*known, *needed[count:]]))), route=route)
