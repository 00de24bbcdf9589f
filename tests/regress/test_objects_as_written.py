"""Functions as written: cached ones, keys of sorts that change something, own functions named like builtins."""

import functools
from typing import NamedTuple

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle

X, Y = 1.3, 0.8


class Holder:
    def __init__(self, w):
        self.w = w

    @staticmethod
    @functools.cache
    def ones(n):
        return np.ones(n)

    @functools.lru_cache
    def twos(self, n):
        return 2.0 * np.ones(n)


class Point(NamedTuple):
    m: float
    q: float


holder = Holder(2.0)


@functools.cache
def nodes(n):
    w = np.zeros(n)
    for i in range(n):
        w[i] = 0.5 + i
    return w


@functools.cache
def ones(n):
    return np.ones(n)


@functools.cache
def pair(n):
    return np.ones(n), 2.0 * np.ones(n)


@functools.cache
def numbers(t):
    return [t, t * t]


@functools.cache
def arrays(n):
    return [np.ones(n), np.ones(n)]


@functools.cache
def keyed(t):
    return {"k": t}


@functools.cache
def made(t):
    return Holder(t * t)


@functools.cache
def of_object(o, y):
    return o.w * y


@functools.cache
def of_function(f, t):
    return f(t) * t


@functools.cache
def of_point(p, s):
    return p.m * p.q * s


@functools.cache
def power(t, n):
    return 1.0 if n == 0 else t * power(t, n - 1)


partially = functools.partial(nodes, 2)


# what a cache holds is written to -------------------------------------------------------------------------------------
def in_place(x, y):
    a = nodes(2)
    a[0] = 4.0
    r = nodes(2)[0] * x * y
    a[0] = 0.5
    return r


def through_a_view(x, y):
    v = nodes(3)[1:]
    v[0] = v[0] * 2.0
    r = nodes(3)[1] * x * y
    v[0] = 1.5
    return r


def augmented(x, y):
    a = nodes(2)
    a += 1.0
    r = nodes(2)[0] * x * y
    a -= 1.0
    return r


def on_a_path(x, y):
    a = ones(2) if x > y else np.zeros(2)
    a[0] = a[0] * 4.0
    r = ones(2)[0] * x * y
    a[0] = 1.0
    return r


def of_the_iteration_before(x, y):
    t, a = 0.0, np.zeros(2)
    for _ in range(3):
        a[0] = a[0] + 1.0
        a = nodes(2)
        t = t + a[0] * x * y
    nodes(2)[0] = 0.5
    return t


def of_a_tuple(x, y):
    _, b = pair(2)
    b[0] = 4.0
    r = pair(2)[1][0] * x * y
    b[0] = 2.0
    return r


def of_a_list(x, y):
    a = numbers(x)
    a[0] = a[0] * y
    r = numbers(x)[0] * y
    a[0] = x
    return r


def appended(x, y):
    a = numbers(x)
    a.append(y)
    r = sum(numbers(x)) * y
    a.pop()
    return r


def array_of_a_list(x, y):
    for b in arrays(2):
        b[0] = 4.0
    r = arrays(2)[0][0] * x * y
    for b in arrays(2):
        b[0] = 1.0
    return r


def of_a_dict(x, y):
    a = keyed(x)
    a["k"] = y
    r = keyed(x)["k"] * x
    a["k"] = x
    return r


def of_an_object(x, y):
    a = made(x)
    a.w = a.w * y
    r = made(x).w * x
    a.w = x * x
    return r


def held_by_an_object(x, y):
    h = Holder(nodes(2))
    h.w[0] = 4.0
    r = nodes(2)[0] * x * y
    h.w[0] = 0.5
    return r


def doubled(v):
    v[0] = v[0] * 2.0


def by_a_helper(x, y):
    doubled(nodes(2))
    r = nodes(2)[0] * x * y
    nodes(2)[0] = 0.5
    return r


def of_a_partial(x, y):
    a = partially()
    a[0] = 4.0
    r = partially()[0] * x * y
    a[0] = 0.5
    return r


def of_a_static_method(x, y):
    a = Holder.ones(2)
    a[0] = 4.0
    r = Holder.ones(2)[0] * x * y
    a[0] = 1.0
    return r


def of_a_method(x, y):
    a = holder.twos(2)
    a[0] = 4.0
    r = holder.twos(2)[0] * x * y
    a[0] = 2.0
    return r


def given_an_object(x, y):
    c = Holder(x)
    u = of_object(c, y)
    c.w = 3.0 * x
    return u + of_object(c, y)


def given_a_closure(x, y):
    a = y

    def g(t):
        return t * a

    u = of_function(g, x)
    a = a * 3.0
    return u + of_function(g, x)


WRITTEN = [in_place, through_a_view, augmented, on_a_path, of_the_iteration_before, of_a_tuple, of_a_list, appended]
WRITTEN += [array_of_a_list, of_a_dict, of_an_object, held_by_an_object, by_a_helper, of_a_partial]
WRITTEN += [of_a_static_method]


@pytest.mark.parametrize("fun", WRITTEN, ids=lambda fun: fun.__name__)
def test_what_a_cache_holds_is_not_written_to(fun):
    with pytest.raises(Refusal, match="E0120"):
        oracle.check(fun, (X, Y))


@pytest.mark.parametrize("fun", [given_an_object, given_a_closure, of_a_method], ids=lambda fun: fun.__name__)
def test_arguments_of_cached_functions_do_not_change(fun):
    with pytest.raises(Refusal, match="its results are kept by a cache"):
        oracle.check(fun, (X, Y))


# and only read --------------------------------------------------------------------------------------------------------
def of_copies(x, y):
    a = nodes(3).copy()
    a[0] = x
    b = nodes(3) * y
    b[1] = x
    b += nodes(3)
    return np.sum(a * b)


def in_loops(x, y):
    t, g = 0.0, np.zeros(3)
    for k in range(3):
        w = nodes(3)
        t = t + w[k] * x**k * y
        g[k] += w[k] * x
    return t * np.sum(g)


def of_parts(x, y):
    t = 0.0
    for p, q in zip(*pair(3)):
        t = t + p * q * np.sin(x * y)
    return t + sum([c * y for c in numbers(x)]) + keyed(y)["k"] * made(x).w


def chosen(x, y):
    a = nodes(2) if x > y else ones(2)
    return a[0] * x * a[1] * y


def of_constants(x, y):
    return of_point(Point(x, y), 2.0) * of_function(np.sin, x) + power(x, 4) * power(y, 2) + power(x, 4)


@pytest.mark.parametrize("fun", [of_copies, in_loops, of_parts, chosen, of_constants], ids=lambda fun: fun.__name__)
def test_cached_functions_whose_results_are_read(fun):
    oracle.check(fun, (X, Y))


def test_files_that_are_not_run(tmp_path, monkeypatch):
    text = "import functools\nimport numpy as np\n\n\n@functools.lru_cache(maxsize=None)\ndef nodes(n: int):\n"
    text += "    return np.linspace(0.0, 1.0, n)\n\n\ndef f(x: float) -> float:\n    a = nodes(3)\n    a[0] = 5.0\n"
    path = tmp_path / "cached_here.py"
    path.write_text(text + "    return nodes(3)[0] * x\n")
    from adgen.cli import main

    monkeypatch.chdir(tmp_path)
    assert main(["show", "cached_here.py::f"]) != 0


# keys that change something -------------------------------------------------------------------------------------------
def calls_of_a_key(x, y):
    s = []

    def key(t):
        s.append(t * y)
        return t

    zs = sorted([x, y, x * y], key=key)
    return zs[0] * s[0] + zs[1] * s[1] * len(s)


def of_a_nonlocal(x, y):
    n = 0.0

    def key(t):
        nonlocal n
        n = n + t * y
        return t * n

    zs = sorted([x, y, x * y], key=key, reverse=True)
    return zs[0] * n


def of_a_lambda(x, y):
    s = []
    zs = sorted((x, y, x * y), key=lambda t: (s.append(t), t)[1])
    return zs[0] * len(s)


def sorted_in_a_loop(x, y):
    s = [0.0]

    def key(t):
        s[0] = s[0] + t * y
        return t * t

    t = 0.0
    for _ in range(3):
        t = t + sorted([x, t, y], key=key)[1] * s[0]
    return t


def of_known_numbers(x, y):
    s = [0.0]

    def key(t):
        s[0] = s[0] * 2.0 + t * y
        return t

    return sorted([3, 1, 2], key=key)[0] * sorted([3, 1, 2.5], key=key)[2] * s[0] * x


SORTS = [calls_of_a_key, of_a_nonlocal, of_a_lambda, sorted_in_a_loop, of_known_numbers]


@pytest.mark.parametrize("fun", SORTS, ids=lambda fun: fun.__name__)
def test_a_key_is_called_once_for_each_element(fun):
    oracle.check(fun, (X, Y))


# names of builtins ----------------------------------------------------------------------------------------------------
def own_isinstance(x, y):
    isinstance = lambda a, b: False  # noqa: E731
    return x * y if isinstance(x, float) else x


def own_callable(x, y):
    callable = lambda a: False  # noqa: E731
    g = np.sin
    return x * y if callable(g) else x


def own_len(x, y):
    def len(t):
        return 5

    zs = [x, y]
    return x * y if len(zs) == 5 else x


@pytest.mark.parametrize("fun", [own_isinstance, own_callable, own_len], ids=lambda fun: fun.__name__)
def test_names_of_builtins_that_are_the_programs_own(fun):
    oracle.check(fun, (X, Y))
