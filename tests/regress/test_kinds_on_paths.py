"""A name that holds a number on one path and an array, or a number of another dtype, on the other.

The tangent of an inactive element of an array is a number of NumPy's, not the literal `0.0`, where other paths give an
array; a name that may be complex is differentiated as a complex one, or refused; a store into a list may put out an
array of another size, and its adjoint has that size.
"""

import itertools
import linecache
import warnings

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.fuzz.judge import unoptimised
from tests.programs.oracle import Check, Made, check

SIDES = {
    "literal": "2.0",
    "element": "np.ones(4)[1]",
    "single element": "np.ones(4, np.float32)[1]",
    "complex": "(1.5 + 0.5j)",
    "single complex": "np.complex64(1.5 + 0.5j)",
    "active": "a * 2.0",
    "active element": "x[1]",
    "array": "x",
    "double array": "x * np.ones(4)",
}
FORMS = (
    "    r = {p} if c else {q}\n",
    "    r = {q}\n    for i in range(2):\n        r = {p}\n",
    "    k = 0\n    r = {q}\n    while k < 2:\n        if c:\n            r = {p}\n        k += 1\n",
    "    t = [{q}]\n    if c:\n        t[0] = {p}\n    r = t[0]\n",
)
LAST = "    return np.real(np.sum(r * x) * a) + np.sum(np.abs(r) ** 2)\n"


def programs():
    """Each pair of sides in one of the forms, each form in turn, so that all pairs and all forms are met."""
    for k, (p, q) in enumerate(itertools.permutations(SIDES, 2)):
        for dtype in ("f4", "f8", "c8"):
            yield p, q, FORMS[(k + int(dtype == "f8")) % len(FORMS)], dtype


def defined(text):
    name = f"<kinds {len(linecache.cache)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    names = {"np": np}
    exec(compile(text, name, "exec"), names)
    return names["f"]


@pytest.mark.parametrize("part", range(4))
def test_right_or_refused(part):
    fine = 0
    for p, q, form, dtype in itertools.islice(programs(), part, None, 4):
        f = defined("def f(a, x, s):\n    c = a * s > 0.0\n" + form.format(p=SIDES[p], q=SIDES[q]) + LAST)
        x = np.array([0.3, 0.7, -0.4, 1.1]).astype(dtype)
        s = 1.0 if part % 2 else -1.0
        try:
            f(0.7, x, s)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                Check(f, (0.7, x, s), directions=1, seed=3, modes=("value_and_grad", "jvp"), strict=False).run()
        except Refusal as refusal:
            assert refusal.diagnostics[0].code in ("E0112", "E0107", "E0126", "E0143"), refusal
            continue
        fine += 1
    assert fine >= 15


def element_or_array(a, x):
    r = np.ones(4)[1] if a > 0.0 else x
    return r.sum() * a + np.sum(r.reshape(-1) * x) + r.T.sum()


def complex_or_real(a, x):
    r = complex(a, 1.0) if a > 0.0 else x[1]
    return np.abs(r * a + r) ** 2 * a


def shorter_each_time(a, x):
    t = [x, x * 3.0]
    for i in range(2):
        t[0] = t[0][1:] * t[1][1 + i :]
    return np.sum(t[0] * t[0]) * a


def another_rank(a, x):
    t = [x]
    if a > 0.0:
        t[0] = x[1] * x[2]
    return np.sum(t[0] * x) * a


@pytest.mark.parametrize("f", [element_or_array, complex_or_real, shorter_each_time, another_rank])
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_by_hand(f, dtype):
    for a in (0.5, -0.5):
        if f is complex_or_real and dtype == "f4":
            with pytest.raises(Refusal, match="changes its kind"):
                check(f, (a, np.array([0.1, 0.2, 0.3, 0.4], dtype)))
        else:
            assert check(f, (a, np.array([0.1, 0.2, 0.3, 0.4], dtype)), strict=False).wrt == ("a", "x")


def test_of_second_order():
    def inner(a, x):
        r = np.ones(4)[1] if a > 0.0 else x
        return np.sum(r * x * x) * a * a

    def outer(a, x):
        g, _ = adgen.grad(inner, wrt=("a", "x"))(a, x)
        return g * np.sum(x)

    for a in (0.5, -0.5):
        assert check(outer, (a, np.array([0.1, 0.2, 0.3, 0.4]))).wrt == ("a", "x")


def complex_array_or_real(a, x):
    r = x if a > 0.0 else x.real
    return np.sum(np.abs(r)) * a


def test_an_array_that_is_complex_on_some_paths_is_refused():
    with pytest.raises(Refusal, match="changes its kind"):
        Made(complex_array_or_real, (0.5, np.array([0.1 + 1j, 0.2])), "jvp", ("a", "x"))


def swapped_beside_integers(a, b, n):
    """A list of a float and an integer: the tangent of the integer is a zero, and no None (was: TypeError)."""
    k = n + 1
    rows = [[k, 0.3], [a, k]]
    rows[0], rows[1] = rows[1], rows[0]
    d = {n: k, n + 1: a}
    d[n] += b
    return rows[0][0] * b + rows[0][1] + np.sin(rows[-1][1]) + d[n] * d[n + 1]


def test_integers_among_lists_of_floats():
    check(swapped_beside_integers, (0.7, 0.3, 2))


def single_or_double(x, z, c):
    u = z if c > 0.0 else x
    return np.sum(u * u) + np.sum(x * x) + 0.5 * np.sum(z)


def single_or_double_items(x, z, c):
    p = (z, c) if c > 0.0 else (x, 2.0 * c)
    return np.sum(p[0] * p[0]) * p[1] + c


def single_in_a_loop(x, z, c):
    u = x
    for _ in range(2):
        u = z * 2.0 if c > 0.0 else u * 0.5
    return np.sum(u * u) + np.sum(z * x) + c


@pytest.mark.parametrize("f", [single_or_double, single_or_double_items, single_in_a_loop])
@pytest.mark.parametrize("c", [0.5, -0.5])
def test_the_gradient_is_of_the_precision_of_the_argument(f, c):
    args = (np.array([0.1, 0.2, 0.3, 0.7], "f4"), np.array([0.3, 0.2, 0.6, 0.1]), c)
    assert check(f, args).wrt == ("x", "z", "c")  # it was float64 for a float32, where paths differ in it
    with unoptimised():
        assert check(f, args).wrt == ("x", "z", "c")


def flag_or_count(x, n):
    c = x[0] > 9.0 or n
    return np.sum(x * c) + (x[0] if any(q > 9.0 or n for q in x) else x[1])


@pytest.mark.parametrize("n", [0, 2])
def test_a_comparison_of_an_element_or_an_integer(n):
    check(flag_or_count, (np.array([0.3, 0.4, 0.5]), n))  # the verifier found an int that was called a boolean
