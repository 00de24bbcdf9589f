"""SciPy's functions where their arguments end, and filters by sections with a state."""

import math

import numpy as np
import pytest
import scipy.signal
import scipy.special

import adgen

INF = np.array([np.inf, 2.0])
ROWS = np.array([[0.4, 0.2, 0.3, 1.0, 0.1, 0.4], [0.1, 0.3, 0.3, 1.0, 0.4, 0.2]])
LINE, STATE = np.array([0.3, -0.7, 1.1, 0.2]), np.array([[0.2, -0.1], [0.4, 0.3]])

ENDS = [
    lambda x: scipy.special.gammainc(1.5, x),
    lambda x: scipy.special.gammaincc(0.5, x),
    lambda x: scipy.special.chdtr(3.0, x),
    lambda x: scipy.special.gdtrc(2.0, 1.5, x),
    lambda x: scipy.special.pdtr(2, x),
]


@pytest.mark.parametrize("f", ENDS)
@pytest.mark.filterwarnings("error")
def test_at_infinity_nothing_changes(f):
    _, dot = adgen.jvp(f, (INF,), (np.ones(2),))
    (bar,) = adgen.vjp(f, INF)[1](np.ones(2))
    expected = (f(INF + [0.0, 1e-6]) - f(INF - [0.0, 1e-6]))[1] / 2e-6
    assert np.allclose(dot, [0.0, expected]) and np.allclose(bar, [0.0, expected])
    assert abs(expected) > 1e-3


def noncentrality(x):
    return scipy.special.chndtrinc(x, 2.5, 0.3)


def test_a_noncentrality_without_solution_does_not_change():
    x = np.array([0.5, 6.0])
    assert noncentrality(x)[0] < 1e-100
    _, dot = adgen.jvp(noncentrality, (x,), (np.ones(2),))
    (bar,) = adgen.vjp(noncentrality, x)[1](np.ones(2))
    expected = (noncentrality(x + 1e-4) - noncentrality(x - 1e-4))[1] / 2e-4
    assert np.allclose(dot, [0.0, expected], rtol=1e-5) and np.array_equal(dot, bar)


def with_state(x, zi, s):
    sos = np.array([[s, 0.2, 0.3, 1.0, 0.1, 0.4], [0.1, 0.3, 0.3, 1.0, 0.4, s]])
    y, state = scipy.signal.sosfilt(sos, x, zi=zi)
    return y, state


def without_state(x, zi, s):
    sos = np.array([[s, 0.2, 0.3, 1.0, 0.1, 0.4], [0.1, 0.3, 0.3, 1.0, 0.4, s]])
    return scipy.signal.sosfilt(sos, np.stack((x, x * x)), axis=1), zi * 2.0


def smoothed(x, zi, s):
    first = scipy.signal.savgol_filter(x, 3, 1, deriv=1, delta=s)
    second = scipy.signal.savgol_filter(zi, 3, 2, deriv=2, delta=s, axis=1, mode="constant", cval=s)
    return first + scipy.signal.savgol_filter(x, 3, 1, mode="mirror", cval=s), second


@pytest.mark.parametrize("f", [with_state, without_state, smoothed])
def test_filters_by_sections(f):
    rng = np.random.default_rng(3)
    at = (LINE, STATE, 0.4)
    dots = (rng.standard_normal(4), rng.standard_normal((2, 2)), 0.7)
    ends = [f(*(a + h * d for a, d in zip(at, dots, strict=True))) for h in (1e-6, -1e-6)]
    expected = [(up - down) / 2e-6 for up, down in zip(*ends, strict=True)]
    y, y_dot = adgen.jvp(f, at, dots)
    assert all(np.array_equal(one, two) for one, two in zip(y, f(*at), strict=True))
    assert all(np.allclose(one, two, atol=1e-8) for one, two in zip(y_dot, expected, strict=True))
    bars = tuple(rng.standard_normal(part.shape) for part in y)
    found = adgen.vjp(f, *at)[1](bars)
    total = sum(np.sum(bar * dot) for bar, dot in zip(found, dots, strict=True))
    assert np.isclose(total, sum(np.sum(bar * dot) for bar, dot in zip(bars, y_dot, strict=True)))


def test_sections_of_unknown_number_are_refused():
    with pytest.raises(adgen.Refusal, match="sections of unknown number"):
        adgen.vjp(lambda sos, x: scipy.signal.sosfilt(sos, x), ROWS, LINE)


def voigt(x, sigma, gamma):
    return scipy.special.voigt_profile(x, sigma, gamma)


def less_one(x, y):
    return scipy.special.powm1(x, y)


def power_of(x, lmbda):
    return scipy.special.boxcox(x, lmbda)


def power_beside_one(x, lmbda):
    return scipy.special.boxcox1p(x, lmbda)


def nearly_absolute(delta, r):
    return scipy.special.pseudo_huber(delta, r)


LIMITS = [  # the derivatives where formulas have 0 / 0 or 0 * inf
    (voigt, (1.0, 0.0, 0.5), (-1.0 / (math.pi * 1.25**2), 0.0, 0.75 / (math.pi * 1.25**2))),
    (voigt, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0 / math.pi)),
    (voigt, (1.0, 1e-9, 0.5), (-1.0 / (math.pi * 1.25**2), 4.4818031974677745e-10, 0.75 / (math.pi * 1.25**2))),
    (less_one, (0.0, 2.0), (0.0, 0.0)),
    (less_one, (0.0, 1.0), (1.0, 0.0)),
    (power_of, (0.0, 2.0), (0.0, 0.25)),
    (power_of, (0.0, 1.0), (1.0, 1.0)),
    (power_of, (2.0, 0.0), (0.5, 0.5 * math.log(2.0) ** 2)),
    (power_beside_one, (-1.0, 2.0), (0.0, 0.25)),
    (nearly_absolute, (0.0, 2.0), (2.0, 0.0)),
    (nearly_absolute, (0.0, 0.0), (0.0, 0.0)),
    (nearly_absolute, (2.0, 0.0), (0.0, 0.0)),
    (nearly_absolute, (1.0, 1e100), (1e100, 1.0)),
]


@pytest.mark.parametrize("fun, point, slopes", LIMITS)
def test_limits_are_derivatives(fun, point, slopes):
    places = tuple(range(len(point)))
    with np.errstate(all="raise", under="ignore"):
        for given in (point, tuple(np.float64(v) for v in point), tuple(np.array([v, v]) for v in point)):
            line = np.ndim(given[0]) > 0
            total = adgen.vjp(fun, *given)[1](np.ones(2) if line else 1.0)
            for k in places:
                np.testing.assert_allclose(total[k], slopes[k], rtol=1e-13, atol=1e-300)
                dots = tuple(np.ones_like(v) if j == k else np.zeros_like(v) for j, v in enumerate(given))
                dots = dots if line else tuple(float(j == k) for j in places)
                np.testing.assert_allclose(adgen.jvp(fun, given, dots)[1], slopes[k], rtol=1e-13, atol=1e-300)
