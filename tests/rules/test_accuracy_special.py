"""Derivatives of scipy.special's functions, ordinary and far out, against mpmath: as good as arguments and values are.

Right is what differs by a few units in the last place, by what half a unit of an argument does to the derivative, and
by a few times the error that SciPy's own value has there.
"""

import mpmath as mp
import numpy as np
import pytest

from adgen.battery.checks import Case, Trial
from adgen.rules.rule import TypeProblem

from .special_slopes import MORE, ONE, SLOPES

EPS = np.finfo(float).eps
ULPS = 6.0
LOSES = {  # times as much, as the README says
    "erfcx": 4.0,
    "dawsn": 4.0,
    "stdtr": 450.0,
    "fdtr": 50.0,
    "fdtrc": 50.0,
    "hankel1e": 6000.0,
    "hankel2e": 6000.0,
    "hyperu": 5.0,
    "struve": 4.0,
    "spherical_jn": 2.0,
    "gammainc": 5.0,  # by the order
    "gammaincc": 5.0,
    "zetac": 2.0,
    "powm1": 2.0,
    "keip": 10.0,
    "erfcinv": 3.0,  # of the value, which is rounded, as are those of other inverse functions
    "gammainccinv": 6.0,
    "pdtri": 10.0,
}


def parts(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]


def exact(function, at, active, digits=45):
    """(values, derivatives, how much these move with the arguments), by differences: [place][part]."""
    with mp.workdps(digits):
        h = mp.mpf(10) ** -13
        at = [mp.mpf(x) if isinstance(x, float) else x for x in at]

        def moved(*places):
            return [
                mp.mpmathify(p) for p in parts(function(*(x * (1 + h * places.count(k)) for k, x in enumerate(at))))
            ]

        def back(place):
            return [mp.mpmathify(p) for p in parts(function(*(x * (1 - h * (k == place)) for k, x in enumerate(at))))]

        middle, up = moved(), {k: moved(k) for k in active}
        slopes, moves = {}, {}
        for k in active:
            step, down = h * at[k], back(k)
            slopes[k] = [(u - d) / (2 * step) for u, d in zip(up[k], down, strict=True)]
            rough = [
                abs(m) > abs(s * step) * mp.mpf(10) ** (digits - 22) for m, s in zip(middle, slopes[k], strict=True)
            ]
            if digits < 1000 and any(r and m for r, m in zip(rough, middle, strict=True)):
                return exact(function, at, active, 3 * digits)
            moves[k] = [abs((u - 2 * m + d) / (step * h)) for u, m, d in zip(up[k], middle, down, strict=True)]
            for j in active:
                if j != k:
                    both = zip(moves[k], moved(j, k), up[j], up[k], middle, strict=True)
                    moves[k] = [move + abs((b - u - v + m) / (step * h)) for move, b, u, v, m in both]
        return middle, slopes, moves


def of_slope(function, x):
    """The same, where the derivative itself is known."""
    with mp.workdps(45):
        h, x = mp.mpf(10) ** -13, mp.mpf(x)
        here, there = parts(function(x)), parts(function(x * (1 + h)))
        return {0: here}, {0: [abs((t - s) / h) for s, t in zip(here, there, strict=True)]}


def in_both_modes(trial):
    """[(place, part, derivative)]"""
    y = trial.primal[trial.y]
    for k in trial.active:
        try:
            found = parts(trial.jvp({k: np.asarray(1.0)}))
        except TypeProblem:  # by an order or a shape
            continue
        trial.active = [k]
        for part, slope in enumerate(found if found != [None] else []):
            yield k, part, complex(np.ravel(slope)[0])
            if not isinstance(y, tuple):
                (bar,) = trial.vjp(np.ones_like(y))[1]
                assert np.ravel(np.real(slope))[0] == pytest.approx(np.ravel(bar)[0], rel=1e-15, abs=0.0)


def judge(name, at, slopes, moves, middle=None):
    trial = Trial(Case(f"scipy.special.{name}", None, [np.asarray(x) for x in at]))
    values = [complex(np.ravel(value)[0]) for value in parts(trial.primal[trial.y])]
    for k, part, found in in_both_modes(trial):
        if k not in slopes or part >= len(slopes[k]):
            continue
        right, value = slopes[k][part], None if middle is None else middle[part]
        if abs(right) > np.finfo(float).max:
            assert np.isinf(found)
            continue
        error = abs(mp.mpc(values[part]) - value) / abs(value) if value else 0
        limit = ULPS * EPS * (abs(right) + moves[k][part]) * LOSES.get(name, 1.0) + 4 * error * abs(right)
        assert abs(mp.mpc(found) - right) <= limit + mp.mpf(10) ** -305, (at, k, part, found, mp.nstr(right, 17))


@pytest.mark.parametrize("name", ONE | MORE)
def test_functions(name):
    function, points = (ONE | MORE)[name]
    for at in points:
        at = at if isinstance(at, tuple) else (at,)
        active = [k for k, x in enumerate(at) if isinstance(x, float) and x]
        middle, slopes, moves = exact(function, at, active)
        judge(name, at, slopes, moves, middle)


@pytest.mark.parametrize("name", SLOPES)
def test_functions_of_known_slope(name):
    function, points = SLOPES[name]
    for x in points:
        judge(name, (x,), *of_slope(function, x))
