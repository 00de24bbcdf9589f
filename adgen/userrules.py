"""Rules of the user's own: the derivative of a function whose source is not read, and checks of it.

@adgen.rule("1.0 - y * y")                          a formula for each argument; `y` is the result
def fast_tanh(x):
    return clib.tanh(x)

def solve_pull(g, y, a, b):                         or functions: the adjoint of each argument ..
    w = clib.solve(a.T, g)
    return -np.outer(w, y), w

@adgen.rule(vjp=solve_pull, result="b")             .. of a result that has the type of `b`
def solve(a, b):
    return clib.solve(a, b)

adgen.check_rule(solve, np.eye(3) + 0.1, np.ones(3))
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from adgen.errors import AdgenError, ArgumentError
from adgen.rules import custom, formula, table
from adgen.rules.custom import Declared, Helper
from adgen.rules.rule import Param

F = TypeVar("F", bound=Callable[..., Any])


def how() -> str:
    """What `adgen rules --how` prints: an example of each way.

    >>> how().splitlines()[2].split("  ")[0]
    '@adgen.rule("1.0 - y * y")'
    """
    head = "A function whose source adgen cannot read (a C extension, say) gets its derivative by a declaration.\n\n"
    return head + (__doc__ or "").split("\n\n", 1)[1].rstrip() + TAIL


TAIL = """

Generated code imports your module and calls the function there; it must not change its arguments.  `vjp` and `jvp` are
called in their turn, with all arguments by position, and read for second derivatives (or have rules of their own).

adgen.check_rule(f, *arguments)   compares a rule with differences, and both modes; types; order 2
adgen.rule(zero=True)             no derivative
adgen.stop_gradient(x)            x as a constant
adgen.on_adjoint(x, fn)           fn sees, and may replace, the adjoint of x in the reverse sweep"""


class RuleMismatch(AdgenError, AssertionError):
    """A user's rule is not what differences say."""


def rule(
    fun: Any = None,
    *formulas: str,
    vjp: Callable[..., Any] | None = None,
    jvp: Callable[..., Any] | None = None,
    result: str | None = None,
    zero: bool = False,
    name: str | None = None,
    params: Sequence[str] | None = None,
    kinks: str = "",
) -> Any:
    """Declare the derivative of a function, whose source is then not read; also a decorator.

    Generated code imports the function's module to call it.  The function must not change its arguments, and what it
    returns must be new: no view of an argument.

    Parameters
    ----------
    fun : function
        A function at the top level of a module.  Left out: a decorator is returned.
    *formulas : str
        The derivative by each parameter, as a formula of the parameters and `y`, the result: `"2.0 * x"`; "0" where
        there is none.  A formula that names `g` is used as it is, with the adjoint or tangent for `g`.  It may call
        functions of NumPy and math, and functions of the same module that have rules.
    vjp : function
        Takes `(g, y, *arguments)`, gives the adjoint of each argument: a tuple, or one value for one parameter.
    jvp : function
        Takes `(tangents, y, *arguments)`, with zeros for arguments that do not vary; gives the tangent of the result.
    result : str
        The type of the result: the name of the parameter whose type it has, or a type as `--types` takes it
        ("float", "f8[:, :]").  Left out: that of an elementwise function of the arguments.
    zero : bool
        The function has no derivative, or it is zero almost everywhere.
    name, params
        What the function is called (`module.name`) and its parameters, where it does not tell (C extensions).
    kinks : str
        The convention where there is no derivative; the header of generated code tells it.

    Returns
    -------
    The function, as it is.

    Raises
    ------
    ArgumentError
        The declaration does not fit the function.

    Examples
    --------
    >>> import adgen
    >>> import statistics
    >>> middle = adgen.rule(statistics.NormalDist().inv_cdf, "math.sqrt(2.0 * math.pi) * np.exp(0.5 * y * y)",
    ...                     name="adgen.userrules.middle")
    >>> middle(0.5)
    0.0
    """
    if fun is None or isinstance(fun, str):
        texts = formulas if fun is None else (fun, *formulas)
        options: dict[str, Any] = {"vjp": vjp, "jvp": jvp, "result": result, "zero": zero}
        return functools.partial(_decorate, texts=texts, name=name, params=params, kinks=kinks, **options)
    return _decorate(fun, formulas, vjp, jvp, result, zero, name, params, kinks)


def _decorate(
    fun: F,
    texts: Sequence[str],
    vjp: Callable[..., Any] | None,
    jvp: Callable[..., Any] | None,
    result: str | None,
    zero: bool,
    name: str | None,
    params: Sequence[str] | None,
    kinks: str,
) -> F:
    if not callable(fun) or isinstance(fun, type):
        raise ArgumentError(f"rule: {fun!r} is not a function")
    module, short = _place(fun, name)
    declared = Declared(
        module,
        short,
        _params(fun, params, short),
        tuple(texts),
        None if vjp is None else Helper(*_place(vjp, None)),
        None if jvp is None else Helper(*_place(jvp, None)),
        zero,
        result,
        kinks,
        _defaults(fun),
    )
    helpers = {f"{module}.{name}": given for given in (vjp, jvp) if given for module, name in [_place(given, None)]}
    custom.enter(checked(declared), fun, helpers)
    return fun


def _place(fun: Any, name: str | None) -> tuple[str, str]:
    """Module and name of a function, as generated code reaches it."""
    if name is not None:
        module, _, short = name.rpartition(".")
    else:
        module, short = str(getattr(fun, "__module__", "") or ""), str(getattr(fun, "__qualname__", ""))
    if not module or not short or "<" in short:
        why = "it has no name at the top level of a module, by which generated code could import it"
        raise ArgumentError(f"rule: {fun!r}: {why}; define it there, or give name='module.name'")
    return module, short


def _params(fun: Any, params: Sequence[str] | None, short: str) -> tuple[Param, ...]:
    if params is not None:
        return tuple(Param(param) for param in params)
    try:
        own = list(inspect.signature(fun).parameters.values())
    except (ValueError, TypeError):
        raise ArgumentError(f"rule: the parameters of `{short}` are not known; give params=('x', ..)") from None
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in own):
        raise ArgumentError(f"rule: `{short}` takes *args or **kwargs; give params=('x', ..)")
    return tuple(Param(p.name, p.default is p.empty, False, False, p.kind is p.KEYWORD_ONLY) for p in own)


def _defaults(fun: Any) -> tuple[tuple[str, object], ...]:
    try:
        own = inspect.signature(fun).parameters.values()
    except (ValueError, TypeError):
        return ()
    plain = (bool, int, float, complex, str, type(None))
    return tuple((p.name, p.default) for p in own if p.default is not p.empty and isinstance(p.default, plain))


def checked(declared: Declared) -> Declared:
    """The declaration with its type read; ArgumentError where it contradicts itself."""
    from dataclasses import replace

    from adgen.frontend.static_rules import sizeless
    from adgen.signature import parse

    names = [param.name for param in declared.params]
    label = f"rule for `{declared.name}`"
    ways = bool(declared.formulas) + (declared.pull is not None or declared.push is not None) + declared.constant
    if ways != 1:
        raise ArgumentError(f"{label}: give formulas, or vjp and jvp, or zero=True")
    if declared.formulas and len(declared.formulas) != len(names):
        raise ArgumentError(
            f'{label}: {len(declared.formulas)} formulas for {len(names)} parameters; "0" where there is none'
        )
    for text in declared.formulas:
        try:
            used = formula.names(formula.parse(text))
        except SyntaxError as problem:
            raise ArgumentError(f"{label}: `{text}` is no formula ({problem.msg})") from None
        calls = {part.split(".")[0] for part in formula.prims(formula.parse(text))}
        unknown = [word for word in used if word not in (*names, "y", "g") and word not in calls]
        if unknown:
            raise ArgumentError(f"{label}: `{text}` names `{unknown[0]}`; there are {', '.join([*names, 'y', 'g'])}")
    if (declared.pull or declared.push) and declared.result is None:
        raise ArgumentError(
            f"{label}: say what it gives: result='{names[0] if names else 'float'}', result='float', .."
        )
    other = custom.taken(declared)
    if other:
        raise ArgumentError(
            f"{label}: its vjp or jvp serves `{other}`, too, which has another number of parameters; give each its own"
        )
    if isinstance(declared.result, str) and declared.result not in names:
        return replace(declared, result=sizeless(parse(f"result: {declared.result}")["result"]))
    if table.lookup(declared.full) is not None and not custom.digest_of(declared.full):
        raise ArgumentError(f"{label}: `{declared.full}` has a rule")
    return declared


def check_rule(fun: Callable[..., Any], *args: Any, order: int = 2, seed: int = 0) -> None:
    """Run the checks that adgen's own table passes on a function with a rule.

    Both modes against differences and against one another, types, shapes and dtypes of adjoints, order 2, for what is
    known of types (everything, sizes by name, nothing).

    Parameters
    ----------
    fun : function
        It has a rule, by `adgen.rule` or in the table.
    *args
        Arguments to check it at.  Left out (formulas only): numbers and arrays of several shapes, in both precisions.
    order : int
        1: without second derivatives (nor where `vjp` has no rule of its own).
    seed : int
        Of the random arguments and directions.

    Raises
    ------
    AdgenError
        (also an AssertionError) The rule is wrong; the message tells the check and the arguments.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> adgen.check_rule(np.tanh)
    >>> adgen.check_rule(np.hypot, np.array([3.0, 1.0]), 4.0)
    """
    from adgen.battery.checks import Case, Trial, check_forward, check_reverse, leaves
    from adgen.frontend.library_calls import spelled
    from adgen.rules.rule import TypeProblem

    name = spelled(fun)
    entry = table.lookup(name) if name is not None else None
    if name is None or entry is None:
        raise ArgumentError(f"check_rule: {fun!r} has no rule; declare one with adgen.rule")
    twice = order > 1 and custom.twice(name)
    for values in [list(args)] if args else _accepted(fun, entry, seed):
        case = Case(name, None, values)
        single = any(leaf.dtype == np.float32 for leaf in leaves(values))
        for known in ("symbols", "all", "nothing"):
            try:
                if not single and custom.has(name, "push"):
                    check_forward(Trial(case, known, seed + 3))
                if custom.has(name, "pull"):
                    both = custom.has(name, "push")
                    check_reverse(Trial(case, known, seed + 1), 1.0, twice and known == "symbols", both)
            except (AssertionError, TypeProblem, TypeError, ValueError, AttributeError) as problem:
                shown = ", ".join(np.array2string(np.asarray(value), threshold=6) for value in values)
                raise RuleMismatch(f"the rule of `{name}` is wrong at ({shown}): {problem}") from problem


def _accepted(fun: Callable[..., Any], entry: Any, seed: int) -> list[list[Any]]:
    """Those of the arguments that the function takes: one may take numbers alone, or double precision."""
    found = []
    for values in _inputs(entry, seed):
        try:
            fun(*values)
        except Exception as problem:  # a C extension refuses by errors of its own
            refused = problem
        else:
            found.append(values)
    if not found:
        why = f"it takes none of the arguments tried ({type(refused).__name__}: {refused})"
        raise ArgumentError(f"check_rule: give arguments of `{entry.name}` to check it at: {why}")
    return found


def _inputs(entry: Any, seed: int) -> list[list[Any]]:
    """Arguments of an elementwise function: numbers, arrays, broadcast ones, of both precisions, empty."""
    if entry.kind not in ("elementwise", "zero"):
        raise ArgumentError(f"check_rule: give arguments of `{entry.name}` to check it at")
    rng = np.random.default_rng(seed)
    count = sum(param.required for param in entry.params)
    shapes: list[list[tuple[int, ...]]] = [
        [()] * count,
        [(4,)] * count,
        [(3, 4)] * count,
        [(0,)] * count,
        [(1,)] * count,
    ]
    shapes += [[(3, 4), (4,)][:1] * (count - 1) + [(4,)], [()] * (count - 1) + [(2, 3)]]
    out: list[list[Any]] = []
    for row in shapes:
        drawn = [0.3 + rng.random(shape) for shape in row]
        out += [[np.asarray(v)[()] for v in drawn], [np.asarray(v, np.float32)[()] for v in drawn]]
    return out


def on_adjoint(x: Any, fn: Callable[[Any], Any]) -> Any:
    """The value itself; in a reverse sweep, `fn` is called with its adjoint.

    What `fn` returns takes the place of the adjoint; None leaves it as it is.  So an adjoint can be printed, clipped,
    replaced, or looked at in a debugger, in the middle of a function.

    Parameters
    ----------
    x
        A number or an array.
    fn : function
        Takes the adjoint; at the top level of a module, or a lambda that names nothing but builtins and `np`.

    Returns
    -------
    The same value.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> def f(x):
    ...     y = adgen.on_adjoint(x * x, lambda g: np.clip(g, -1.0, 1.0))
    ...     return 10.0 * y
    >>> f(3.0), adgen.grad(f)(3.0)
    (90.0, 6.0)
    """
    return x
