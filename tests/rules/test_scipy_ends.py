"""SciPy's functions where their arguments end, and filters by sections with a state."""

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
