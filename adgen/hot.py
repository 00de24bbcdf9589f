"""The short way for a call like the last one: flat arguments of the same kinds, the same surroundings.

    hot = path_of(fun, specialisation, values, finish, order, single, valued)
    hot(args)        the finished result, or MISS: take the long way (`adgen.specialise`)

All that the long way checks is checked here too, written out for one specialisation: that the function's code and
defaults are what they were, that the names it refers to mean what they meant, the kinds of the arguments, and that the
gradients are fresh arrays of the arguments' shapes and dtypes.

>>> print(_text(["float", "array"], [1], [], True, False), end="")
def hot(args):
    if len(args) != 2 or fun.__code__ is not code or fun.__defaults__ is not defaults or fun.__kwdefaults__ is not None:
        return miss
    x0, x1 = args
    if type(x0) is not float or type(x1) is not ndarray or x1.dtype is not d1 or x1.ndim != n1 or 1 in x1.shape:
        return miss
    result = function(x0, x1)
    g1 = result
    if type(g1) is not ndarray or g1.base is not None or g1.dtype is not d1 or g1.shape != x1.shape:
        return finish(args, result)
    if not g1.flags.forc or g1 is x1:
        return finish(args, result)
    return g1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from adgen.loading import Specialisation

MISS = object()
_NUMBERS = {float: "float", int: "int"}


def path_of(
    fun: Any,
    specialisation: Specialisation,
    values: Sequence[Any],
    finish: Callable[[tuple[Any, ...], Any], Any],
    order: Sequence[int],
    single: bool,
    valued: bool,
) -> Callable[[tuple[Any, ...]], Any] | None:
    """The short way for calls like this one; None where there is none.

    `finish` checks and copies a result the long way; `order` are the positions of what was differentiated by.
    """
    names = _modules(fun, specialisation)
    kinds = [_kind(value) for value in values]
    flat = all(kinds) and all(kinds[k] != "int" for k in order)
    if names is None or not flat or not specialisation.is_plain:
        return None
    space: dict[str, Any] = {"fun": fun, "code": fun.__code__, "defaults": fun.__defaults__, "miss": MISS}
    space |= {"ndarray": np.ndarray, "function": specialisation.function, "finish": finish}
    space |= {"names": fun.__globals__, **{f"m{k}": module for k, (_, module) in enumerate(names)}}
    for k, value in enumerate(values):
        if isinstance(value, np.ndarray):
            space |= {f"d{k}": value.dtype, f"n{k}": value.ndim}
    text = _text([str(kind) for kind in kinds], order, [name for name, _ in names], single, valued)
    exec(compile(text, f"<adgen call of {fun.__name__}>", "exec"), space)
    found: Callable[[tuple[Any, ...]], Any] = space["hot"]
    return found


def _kind(value: Any) -> str | None:
    """How an argument is checked; None where only the long way can."""
    if type(value) is np.ndarray:
        return "array" if 1 not in value.shape and value.ndim and value.dtype.kind in "fiub" else None
    return _NUMBERS.get(type(value))


def _modules(fun: Any, specialisation: Specialisation) -> list[tuple[str, ModuleType]] | None:
    """The global names of modules that the text relies on; None where it relies on anything else."""
    reliance = specialisation.reliance
    found: list[tuple[str, ModuleType]] = []
    if type(fun) is not FunctionType:
        return None
    for dependency in reliance.dependencies:
        route = dependency.key
        if not route:  # the function itself
            continue
        if len(route) != 1 or route[0][0] != "global":
            return None
        name = str(route[0][1])
        module = fun.__globals__.get(name)
        if not isinstance(module, ModuleType):
            return None
        found.append((name, module))
    return None if reliance.captured else found


def _text(kinds: Sequence[str], order: Sequence[int], names: Sequence[str], single: bool, valued: bool) -> str:
    """The checks of one specialisation, written out."""
    given = [f"x{k}" for k in range(len(kinds))]
    same = [f"len(args) != {len(kinds)}", "fun.__code__ is not code", "fun.__defaults__ is not defaults"]
    same += ["fun.__kwdefaults__ is not None", *(f"names.get({name!r}) is not m{k}" for k, name in enumerate(names))]
    out = ["def hot(args):", f"    if {' or '.join(same)}:", "        return miss"]
    tests = [test for k, kind in enumerate(kinds) for test in _argument(k, kind)]
    out += [f"    {', '.join(given)}{',' if len(given) == 1 else ''} = args"]
    out += [f"    if {' or '.join(tests)}:", "        return miss"]
    out += [f"    result = function({', '.join(given)})"]
    gradients = [f"g{k}" for k in order]
    out.append(f"    {'value, ' if valued else ''}{_together(gradients, single, valued)} = result")
    if valued:
        out += ["    if type(value) is not float:", "        return finish(args, result)"]
    for place, k in enumerate(order):
        out += _gradient(k, kinds[k], [*given, *gradients[:place]], kinds)
    out.append(f"    return {'value, ' if valued else ''}{_together(gradients, single, valued)}")
    return "\n".join(out) + "\n"


def _together(gradients: Sequence[str], single: bool, inner: bool) -> str:
    """One gradient, or the tuple of all."""
    if single:
        return gradients[0]
    listed = ", ".join(gradients) + ("," if len(gradients) == 1 else "")
    return f"({listed})" if inner else listed


def _argument(k: int, kind: str) -> list[str]:
    """What is not as it was, of an argument."""
    if kind != "array":
        return [f"type(x{k}) is not {kind}"]
    return [f"type(x{k}) is not ndarray", f"x{k}.dtype is not d{k}", f"x{k}.ndim != n{k}", f"1 in x{k}.shape"]


def _gradient(k: int, kind: str, others: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Checks of one gradient: a Python number; or an array of its own, of the argument's shape and dtype."""
    if kind != "array":
        convert = [f"        if not isinstance(g{k}, float):", "            return finish(args, result)"]
        return [f"    if type(g{k}) is not float:", *convert, f"        g{k} = float(g{k})"]
    first = [f"type(g{k}) is not ndarray", f"g{k}.base is not None", f"g{k}.dtype is not d{k}"]
    first.append(f"g{k}.shape != x{k}.shape")
    arrays = [other for other in others if kinds[int(other[1:])] == "array"]
    second = [f"not g{k}.flags.forc", *(f"g{k} is {other}" for other in arrays)]
    finish = "        return finish(args, result)"
    return [f"    if {' or '.join(first)}:", finish, f"    if {' or '.join(second)}:", finish]
