"""Control flow is what its text says: contexts by what they are, dicts and sets by their own classes.

`isinstance(d, dict)` of a dict with computed keys came out False, so that no mapping pattern fitted it; `except
IndexError` caught missing keys of a dict; and a context of the user's that is called `errstate` was left out.
"""

import contextlib
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

SEEN = []
ARGS = (0.8, np.array([0.9, 1.4, 0.4]))


# dicts and sets ---------------------------------------------------------------------------------------------------
def of_dicts(x, v, n):
    """A display with a computed key."""
    d = {n: x, 7: v[0]}
    return d[n] * x if isinstance(d, dict) and not isinstance(d, list | tuple) else x * v[1]


def of_filled_dicts(x, v, n):
    """One that a loop fills."""
    d = {}
    for k in range(n):
        d[k] = x * v[k]
    return sum(d.values()) * x if isinstance(d, dict) else x * v[1]


def of_dict_comprehensions(x, v, n):
    """A comprehension."""
    d = {k: x * v[k] for k in range(n)}
    return x * v[1] if isinstance(d, list) else sum(d.values()) * x


def of_sets(x, v, n):
    """A set is no list and no dict."""
    s = {k for k in range(n)}
    y = x * v[0] if isinstance(s, set) else x
    return y * v[1] if isinstance(s, list | dict) else y * v[2]


def of_lists(x, v, n):
    """Lists stay lists."""
    s = [x * v[k] for k in range(n)]
    return sum(s) + x * v[0] if isinstance(s, list) and not isinstance(s, dict) else x


def patterns_of_dicts(x, v, n):
    """Mapping patterns on a dict that a loop fills."""
    d = {}
    for k in range(n):
        d[k] = x * v[k]
    y = x
    for _ in range(2):
        match d:
            case {2: a, 0: b} if x > 0.1:
                y = y * a + b
            case {0: a}:
                return a * v[1]
            case _:
                continue
    return y * x


def patterns_with_rest(x, v, n):
    """`**rest` is a dict of the others."""
    d = {n: x, 7: v[0]}
    match d:
        case {3: a, **rest}:
            return a * rest[7]
        case _:
            return x * v[1]


def patterns_of_text(x, v, n):
    """Keys that are computed texts."""
    match {f"k{n}": x, "q": v[0]}:
        case {"k3": a, "q": b}:
            return a * b * x
        case _:
            return x * v[1]


DICTS = [
    of_dicts,
    of_filled_dicts,
    of_dict_comprehensions,
    of_sets,
    of_lists,
    patterns_of_dicts,
    patterns_with_rest,
    patterns_of_text,
]


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("fun", DICTS)
def test_dicts_and_sets_are_of_their_classes(fun, n):
    check(fun, (*ARGS, n))


def index_of_dict(x, v, n):
    """A dict has no IndexError to catch."""
    d = {n + 7: x, n + 9: v[0]}
    try:
        y = d[n + 7]
    except IndexError:
        y = x * x
    return y * v[1]


def index_of_filled_dict(x, v, n):
    """Nor one that a loop fills."""
    d = {}
    for k in range(3):
        d[k * 5] = x * v[k]
    try:
        y = d[10]
    except IndexError:
        y = x * x
    return y * v[1]


@pytest.mark.parametrize("fun", [index_of_dict, index_of_filled_dict])
def test_no_index_error_is_foretold_of_a_dict(fun):
    with pytest.raises(Refusal, match="`d` is not known to be a list or array"):
        adgen.grad(fun)(*ARGS, 3)


# contexts that change no value --------------------------------------------------------------------------------------
def given(x, v, n):
    """What `nullcontext` is given is what `as` names."""
    with contextlib.nullcontext(x) as a, contextlib.nullcontext(a * v[0]) as b, np.errstate(all="ignore"):
        y = a * b
        if n > 2:
            return b * y
    return y * b


def given_in_loops(x, v, n):
    """In a loop that is left and cut short."""
    y = x
    for k in range(n):
        with contextlib.nullcontext((y * v[k], x)) as (q, r):
            if k == 1:
                continue
            y = q * q + r
            if y > 50.0:
                break
    return y * x


def given_arrays(x, v, n):
    """The name is one more for the array: writes are seen through both."""
    u = v * x
    with contextlib.nullcontext(u) as a:
        a[0] = x * x
    for _ in range(n):
        u[1] = u[1] * a[0]
    return np.sum(u) * a[1]


def given_elements(x, v, n):
    """The target may be an element."""
    u = v * x
    with contextlib.nullcontext(x * x) as u[1]:
        u[0] = u[1] * n
    return np.sum(u * u)


def imported_inside(x, v, n):
    """Under names of the function's own."""
    from contextlib import nullcontext as nothing

    from numpy import errstate as quiet

    with quiet(divide="ignore"), nothing():
        return x * v[0] * n


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("fun", [given, given_in_loops, given_arrays, given_elements, imported_inside])
def test_contexts_without_effect(fun, n):
    check(fun, (*ARGS, n))


# contexts that do something ---------------------------------------------------------------------------------------
@contextmanager
def errstate(all):
    """Not NumPy's."""
    SEEN.append(all)
    yield


class nullcontext:  # noqa: N801 (it is called like the library's)
    """Swallows what is raised inside."""

    def __enter__(self):
        """Nothing."""

    def __exit__(self, *error):
        """All is well."""
        return True


def under_the_name_of_numpys(x, v):
    """A context of the user's."""
    with errstate(all="ignore"):
        return x * v[0]


def that_swallows(x, v):
    """Its block may end anywhere."""
    y = x
    with nullcontext():
        y = y * 2.0
        if x > 0.1:
            raise ValueError
        y = y * v[0]
    return y


def local_name(x, v):
    """A local function may be called so, too."""
    errstate = lambda: contextlib.suppress(ValueError)  # noqa: E731
    with errstate():
        return x * v[0]


def suppressing(x, v):
    """An exception ends the block."""
    with contextlib.suppress(ValueError):
        return x * v[0]
    return x


def catching(x, v):
    """Filters of warnings are put back."""
    with warnings.catch_warnings():
        return x * v[0]


def acting(x, v):
    """An argument that does something."""
    with np.errstate(all=SEEN.append("called") or "ignore"):
        return x * v[0]


def of_unknown(x, v):
    """What it gives is a dict of settings."""
    with np.printoptions(precision=3) as options:
        return x * v[0] * len(options)


@pytest.mark.parametrize(
    ("fun", "message"),
    [
        (under_the_name_of_numpys, "what `errstate` does when the block"),
        (that_swallows, "what `nullcontext` does when the block"),
        (local_name, "what `errstate` does when the block"),
        (suppressing, "what `contextlib.suppress` does when the block"),
        (catching, "what `warnings.catch_warnings` does when the block"),
        (acting, "an argument of `np.errstate` is computed"),
        (of_unknown, "what `np.printoptions` gives is not known"),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_contexts_that_may_do_more_are_refused(fun, message):
    with pytest.raises(Refusal, match=message) as caught:
        adgen.grad(fun)(*ARGS)
    assert caught.value.diagnostics[0].place.line > 0


# True, False and flags of NumPy --------------------------------------------------------------------------------------
def mixed_flags(x, v, n):
    """A number of Python on one path and of NumPy on another: so is the flag."""
    c = (x if n > 1 else v[0]) > 0.7
    match c:
        case True:
            return x * x
        case False:
            return x * v[0]
        case _:
            return x * v[1]


def mixed_by_and(x, v, n):
    """`and` gives one of its operands."""
    y = x
    for k in range(n):
        c = k > 1 and v[0] > 0.1
        if c is False:
            continue
        y = y * v[k] if c is not True else y * x
    return y * x


def flags_of_numpy(x, v, n):
    """None of them is True."""
    y = x
    for k in range(n):
        match v[k] > 0.7:
            case True:
                y = y * v[0]
            case _:
                y = y * v[k] + x
    return y * v[1] if np.all(v > 0.1) is True else y * v[2]


def flags_of_python(x, v, n):
    """Comparisons of Python's numbers give its own."""
    c = x > 0.7
    return x * v[0] if c is True and (n in (1, 3)) is not False else x * x


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("fun", [mixed_flags, mixed_by_and, flags_of_numpy, flags_of_python])
def test_true_is_one_object(fun, n):
    check(fun, (*ARGS, n))


# generators ---------------------------------------------------------------------------------------------------------
def what_the_other_returns(x, v):
    """The value of `yield from` is what the other generator returns: None was taken."""

    def inner():
        yield x
        return 2.0

    def outer():
        r = yield from inner()
        yield x * x * v[1] if r is None else x * v[0]

    return sum(outer())


def test_the_value_of_yield_from_is_refused():
    with pytest.raises(Refusal, match="its value is what the other generator returns"):
        adgen.grad(what_the_other_returns)(*ARGS)
