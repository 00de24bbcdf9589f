"""Whether a decorator's wrapper only passes its call on: then the function inside may be differentiated in its place.

>>> def is_plain(text):
...     return passes_on(ast.parse(text).body[0], "fn")
>>> is_plain("def wrapper(*args, **kwargs):\\n    r = fn(*args, **kwargs)\\n    print('called')\\n    return r")
True
>>> is_plain("def wrapper(*args, **kwargs):\\n    return 2.0 * fn(*args, **kwargs)")
False

`functools.wraps` alone says nothing: a wrapper may change arguments or results, and then it is itself what must be
differentiated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
_BEYOND = (ast.Yield, ast.YieldFrom, ast.Await, ast.Nonlocal, ast.Global, ast.Try)
_LOOKS = ("print", "repr", "len", "str")  # calls that only look at what they are given


def passes_on(node: ast.AST, inner: str) -> bool:
    """Whether the wrapper `node` returns exactly what `inner(*args, **kwargs)` returns for its own arguments."""
    if not isinstance(node, ast.FunctionDef) or not _takes_all(node.args):
        return False
    calls = [call for call in _walk(node.body, ast.Call) if _is_name(call.func, inner)]
    if len(calls) != 1 or not _same_arguments(calls[0], node.args):
        return False
    if any(isinstance(part, _BEYOND) for part in ast.walk(node)):
        return False
    results = _result_names(node.body, calls[0])
    kept = [arg.arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None]
    return _returns_only(node.body, calls[0], results) and _only_looked_at(node, calls[0], [*kept, *results])


def leaves_alone(node: ast.AST) -> bool:
    """Whether a decorator returns its function, or a wrapper that only passes calls on.

    >>> leaves_alone(ast.parse("def register(fn):\\n    names.append(fn)\\n    return fn").body[0])
    True
    """
    if not isinstance(node, ast.FunctionDef) or len(node.args.args) != 1 or node.args.vararg or node.args.kwarg:
        return False
    own = node.args.args[0].arg
    inner = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
    outside = [part for part in node.body if part not in inner.values()]
    stored = [name.id for name in _walk(list(node.body), ast.Name) if isinstance(name.ctx, ast.Store)]
    returns = list(_walk(outside, ast.Return))
    if own in stored or not isinstance(node.body[-1], ast.Return):
        return False
    return all(
        _is_name(statement.value, own)
        or any(
            _is_name(statement.value, name) and name not in stored and passes_on(part, own)
            for name, part in inner.items()
        )
        for statement in returns
    )


def spelled_out(node: ast.FunctionDef, names: Sequence[str], keywords: Sequence[str]) -> ast.FunctionDef | None:
    """The wrapper with the parameters of what it wraps in place of `*args, **kwargs`; None where that is not the same.

    >>> wrapper = ast.parse("def wrapper(*args, **kwargs):\\n    return k * fn(*args, **kwargs)").body[0]
    >>> print(ast.unparse(spelled_out(wrapper, ["x", "w"], ["tol"])))
    def wrapper(x, w, *, tol):
        args = (x, w)
        kwargs = {'tol': tol}
        return k * fn(*args, **kwargs)
    >>> spelled_out(wrapper, ["k"], []) is None
    True

    A wrapper that counts or tests what it is given (`len(args)`) would see defaults that the call leaves out.
    """
    given = node.args
    own = [arg.arg for arg in (*given.posonlyargs, *given.args)]
    more = [name for name in names if name not in own]
    used = {name.id for name in _walk(node.body, ast.Name)}
    stars = [arg.arg for arg in (given.vararg, given.kwarg) if arg is not None]
    if given.vararg is None or given.kwonlyargs or own != list(names[: len(own)]) or keywords and given.kwarg is None:
        return None
    if used & {*more, *keywords} or not all(_only_starred(node, star) for star in stars):
        return None
    values: list[ast.expr] = [ast.Tuple([ast.Name(name, ast.Load()) for name in more], ast.Load())]
    if given.kwarg is not None:
        texts: list[ast.expr | None] = [ast.Constant(name) for name in keywords]
        values.append(ast.Dict(texts, [ast.Name(name, ast.Load()) for name in keywords]))
    lines: list[ast.stmt] = [
        ast.Assign([ast.Name(star, ast.Store())], value) for star, value in zip(stars, values, strict=True)
    ]
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(name) for name in names],
        kwonlyargs=[ast.arg(name) for name in keywords],
        kw_defaults=[None for _ in keywords],
        defaults=[],
    )
    out = ast.FunctionDef(node.name, arguments, [*lines, *node.body], [], None, None)
    for part in (arguments, *lines):
        for inner in ast.walk(part):
            if isinstance(inner, (ast.expr, ast.stmt, ast.arg)):
                ast.copy_location(inner, node)
    return ast.fix_missing_locations(ast.copy_location(out, node))


def _only_starred(node: ast.FunctionDef, star: str) -> bool:
    """Whether `*args` or `**kwargs` is used to pass them on, and for nothing else."""
    calls = list(_walk(node.body, ast.Call))
    fine = [part.value for call in calls for part in call.args if isinstance(part, ast.Starred)]
    fine += [part.value for call in calls for part in call.keywords if part.arg is None]
    passed = {id(part) for part in fine}
    return all(id(name) in passed for name in _walk(node.body, ast.Name) if name.id == star)


def _takes_all(arguments: ast.arguments) -> bool:
    named = arguments.posonlyargs or arguments.args or arguments.kwonlyargs
    return arguments.vararg is not None and not named


def _same_arguments(call: ast.Call, arguments: ast.arguments) -> bool:
    starred = [a for a in call.args if isinstance(a, ast.Starred)]
    vararg = arguments.vararg
    if len(call.args) != 1 or len(starred) != 1 or vararg is None or not _is_name(starred[0].value, vararg.arg):
        return False
    if arguments.kwarg is None:
        return not call.keywords
    only = call.keywords[0] if len(call.keywords) == 1 else None
    return only is not None and only.arg is None and _is_name(only.value, arguments.kwarg.arg)


def _result_names(body: list[ast.stmt], call: ast.Call) -> list[str]:
    """The one name that the call's result is assigned to."""
    names = []
    for statement in _walk(body, ast.Assign):
        if statement.value is call and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
            names.append(statement.targets[0].id)
    return names


def _returns_only(body: list[ast.stmt], call: ast.Call, results: list[str]) -> bool:
    returns = list(_walk(body, ast.Return))
    if not isinstance(body[-1], (ast.Return, ast.With)) or not returns:
        return False
    return all(
        statement.value is call or any(_is_name(statement.value, name) for name in results) for statement in returns
    )


def _only_looked_at(node: ast.FunctionDef, call: ast.Call, names: list[str]) -> bool:
    """Whether the names are used in the call, in returns and in harmless calls, and bound once."""
    fine: list[ast.AST] = [*ast.walk(call)]
    fine += [other.value for other in _walk(node.body, ast.Return) if other.value is not None]
    fine += [other.value for other in _walk(node.body, ast.FormattedValue)]
    for look in _walk(node.body, ast.Call):
        if isinstance(look.func, ast.Name) and look.func.id in _LOOKS:
            fine += look.args
    allowed = {id(part) for part in fine}
    stores = 0
    for name in _walk(node.body, ast.Name):
        if name.id in names and isinstance(name.ctx, ast.Store):
            stores += 1
        elif name.id in names and id(name) not in allowed:
            return False
    return stores == len(names) - len([a for a in (node.args.vararg, node.args.kwarg) if a is not None])


def _is_name(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _walk(body: list[ast.stmt], kind: type[Node]) -> Iterator[Node]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, kind):
                yield node
