"""Programs that call SciPy: gradients, both modes, order 2; and what is unknown of it, printed and no more."""

import functools
import linecache
import re

import numpy as np
import pytest
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.special
import scipy.stats

import adgen
from adgen import inventory
from adgen.rules import unruled
from tests.benchmarks import kinks
from tests.programs.three_numbers import X, checked

from .scipy_programs import PROGRAMS, long_root, open_root, root_with_slopes, several_roots, table_of_roots


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_program(program):
    checked(program)


def test_what_a_root_depends_on_comes_through_args():
    assert adgen.grad(open_root)(X)[0] == pytest.approx(0.5 / np.sqrt(X[0]))
    with pytest.raises(adgen.Refusal, match="pass what varies by `args`"):
        adgen.grad(long_root)(X)
    with pytest.raises(adgen.Refusal, match="give it the values alone"):
        adgen.grad(root_with_slopes)(X)
    with pytest.raises(adgen.Refusal, match="not known to be a line of floats"):
        adgen.grad(table_of_roots)(X)
    with pytest.raises(adgen.Refusal, match="not known to be one number"):
        adgen.grad(several_roots)(X)


def test_methods_of_distributions_as_functions():
    gamma = scipy.stats.gamma(2.0, scale=3.0)
    assert adgen.grad(gamma.logpdf)(0.3) == pytest.approx(1.0 / 0.3 - 1.0 / 3.0)
    point = np.array([0.3, -0.2])
    density = scipy.stats.multivariate_normal.logpdf
    assert np.allclose(adgen.grad(density, 1)(point, np.zeros(2), np.eye(2)), point)
    assert adgen.grad(applied, 1)(functools.partial(scipy.stats.norm.logpdf, loc=0.1), 0.3) == pytest.approx(-0.2)


@pytest.mark.parametrize(("p", "f"), [(0.2, 1.7), (0.15, 2.1), (0.6, 3.0)])
def test_an_inverse_of_few_digits_has_the_derivative_of_the_exact_one(p, f):
    """Differences of `ncfdtrinc` are its errors; those of the function that it inverts are the witness."""
    cdf, inverse, h = scipy.special.ncfdtr, scipy.special.ncfdtrinc, 1e-5
    nc = inverse(4, 5, p, f)
    by_nc = (cdf(4, 5, nc + h, f) - cdf(4, 5, nc - h, f)) / (2 * h)
    by_f = (cdf(4, 5, nc, f + h) - cdf(4, 5, nc, f - h)) / (2 * h)
    found = adgen.grad(inverse, (2, 3))(4.0, 5.0, p, f)
    np.testing.assert_allclose(found, (1.0 / by_nc, -by_f / by_nc), rtol=1e-8)
    assert adgen.jvp(lambda p, f: inverse(4, 5, p, f), (p, f), (0.3, -0.7))[1] == pytest.approx(
        np.dot(found, (0.3, -0.7))
    )


def applied(function, x):
    return function(x)


def test_what_is_unknown_is_short():
    found = inventory.counts(inventory.walk("scipy"))
    assert found["unknown"] <= 11 and found["rule"] > 590


ARGUMENTS = {
    "np.sum(scipy.signal.lfilter(x, x, np.outer(x, x), zi=np.ones((3, 2)))[0])": "filter the lines one by one",
    "np.sum(scipy.signal.fftconvolve(x[None], np.outer(x, x), 'same', 1))": "use full",
    "np.sum(scipy.special.sph_legendre_p_all(3, -2, x))": "give the greatest one",
}


@pytest.mark.parametrize("body", ARGUMENTS)
def test_arguments_that_are_refused_say_what_to_do(body):
    with pytest.raises(adgen.Refusal, match=ARGUMENTS[body]):
        adgen.grad(function_of(body, "arguments"))(X)


def function_of(body, name):
    """`def f(x): return BODY`, whose text is known."""
    space = {"np": np, "scipy": scipy, "__name__": name}
    file, text = f"<doctest {name} {abs(hash(body))}>", f"def f(x):\n    return {body}\n"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    exec(compile(text, file, "exec"), space)
    return space["f"]


REFUSED = {
    "scipy.interpolate.CubicSpline(x, x)(0.3)": "object",
    "scipy.optimize.minimize(np.sum, x).fun": "callback",
    "scipy.linalg.rq(np.outer(x, x))[0][0, 0]": "choice",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_refused_says_why(body):
    with pytest.raises(adgen.Refusal, match=re.escape(unruled.REASONS[REFUSED[body]].why)):
        adgen.grad(function_of(body, "refused"))(X)


def test_the_table_of_kinks():
    programs = [("np.abs(x)", 0.0), ("np.linalg.norm(x)", [0.0, 0.0]), ("np.clip(x, -1.0, 2.0)", 2.0)]
    found = {text: (first, second) for text, _, first, second in kinks.rows(programs, ("adgen",))}
    assert found["np.abs(x)"] == (["0"], ["0"]) and found["np.clip(x, -1.0, 2.0)"] == (["1"], ["0"])
    assert found["np.linalg.norm(x)"][0] == ["0, 0"]
