"""Derivatives at all magnitudes and scales, and on branch cuts: as accurate and as silent as the function is."""

from unittest import mock

import mpmath as mp
import numpy as np
import pytest

from adgen.battery.checks import Case, Const, Trial, direction, dotted, leaves
from adgen.battery.evaluate import function, run
from adgen.rules import table

from .cases import all_cases
from .slopes import ALSO, points_of, slopes_of

# every elementwise function of real numbers, at all magnitudes --------------------------------------------------------
ERRSTATE = np.errstate
SCALE = {  # what the derivative cannot know better, in units of the result's last place, where that is more than a few
    "pow": lambda a, b: abs(np.log(a)),  # b - 1 is rounded
    "logaddexp": lambda a, b: max(abs(a), abs(b)),  # so is the result
    "logaddexp2": lambda a, b: max(abs(a), abs(b)),
    "i0": lambda x: abs(x) / 2.0,
    "gamma": lambda x: 10.0,
    "lgamma": lambda x: 10.0,
    "hermweight": lambda x: x * x,
    "hermeweight": lambda x: x * x,
    "erf": lambda x: x * x,
    "erfc": lambda x: x * x,
}
ABSOLUTE = {"tanh": 2.0, "sinc": 8.0}  # 1 - y * y, and what cos(pi x) loses of a large x: units in the last place of 1
UNBOUNDED = ("asin", "acos", "atanh", "acosh", "chebweight")  # at 1
ELSEWHERE = {
    "np.conj",
    "np.where",
    "np.clip",
    "np.ldexp",
    "math.ldexp",
    "math.fma",
    "polygamma",
    "cmath",
    "np.emath",
    "np.random",
    # of scipy.special's derivatives, at all magnitudes in test_accuracy_special.py
    "beta_density",
    "gamma_density",
    "psi_gap",
    "ive_slope",
    "kve_slope",
    "voigt",
}


def elementwise_names():
    named = (name for name in table.names() if table.lookup(name).kind == "elementwise")
    return [name for name in named if not name.startswith(("scipy.", "Generator.", *ELSEWHERE))]


class Strict:
    """A rule at single points, for all of which the program is built once; raises where NumPy would warn."""

    def __init__(self, name, dtype, point, mode, place):
        count = len(point)
        trial = Trial(Case(name, None, [x if dtype is float else np.asarray(dtype(x)) for x in point]))
        self.operands = trial.operands
        self.name, self.sizes = name, trial.sizes
        if mode == "vjp":
            self.seed = dotted(trial.y.type, "y_bar")
            (self.found,) = trial.rule.vjp(trial.b, trial.op, self.seed, [place])
        else:
            self.seed = trial.tangent_value(place)
            dots = [self.seed if k == place else None for k in range(count)]
            self.found = trial.rule.jvp(trial.b, trial.op, dots)
        self.ops, self.primal, self.dtype = list(trial.b.ops), trial.prefix, dtype

    def silent(self, point):
        """Whether the function itself has a finite value without a warning."""
        try:
            return bool(np.isfinite(list(self.run(point, self.ops[: self.primal]).values())[-1]))
        except (ArithmeticError, ValueError):
            return False

    def run(self, point, ops):
        env = dict(zip(self.operands, map(self.dtype, point), strict=True)) | {self.seed: self.dtype(1.0)}
        with mock.patch.object(np, "errstate", lambda **_: ERRSTATE(all="raise", under="ignore")):
            return run(ops, env, self.sizes)

    def __call__(self, point):
        return 0.0 if self.found is None else float(self.run(point, self.ops)[self.found])


@pytest.mark.parametrize("name", elementwise_names())
def test_every_magnitude(name):
    """Accurate in both modes, and as silent as the function, wherever the function and its derivative are finite."""
    points, slopes = slopes_of(name)
    short = ALSO.get(name.rpartition(".")[2], name.rpartition(".")[2])
    dtypes = [np.float64, np.float32, np.float16]
    dtypes = [float] if name.startswith("math.") else dtypes[:1] if name == "np.float_power" else dtypes
    for dtype in dtypes:
        check_magnitudes(name, short, dtype, points_of(points, len(slopes), np.dtype(dtype).type), slopes)


def check_magnitudes(name, short, dtype, points, slopes):
    eps, info = np.finfo(dtype).eps, np.finfo(dtype)
    for place, slope in enumerate(slopes):
        one = Strict(name, dtype, points[len(points) // 2], "vjp", place)
        other = Strict(name, dtype, points[len(points) // 2], "jvp", place)
        seen = 0
        for point in filter(one.silent, points):
            if short in UNBOUNDED and abs(point[0]) == 1.0:
                continue
            with mp.workdps(400 if "mod" in name else 40):
                exact = mp.mpf(slope(*map(mp.mpf, point)))
            if abs(exact) > float(info.max):
                continue
            scale = 8.0 + (SCALE[short](*point) if short in SCALE else 0.0)
            allowed = ABSOLUTE[short] * eps if short in ABSOLUTE else scale * eps * abs(exact)
            for derivative in (one, other):
                found = derivative(point)
                assert abs(mp.mpf(found) - exact) <= allowed + 8.0 * float(info.tiny), (
                    dtype,
                    point,
                    place,
                    found,
                    exact,
                )
            seen += 1
        assert seen > len(points) // 8, (dtype, place)


# functions that scale: f(s x) is s**k f(x), so that derivatives at all scales are those at one ------------------------
BY_NAME = {}
for _case in all_cases():
    if table.lookup(_case.name).kind != "zero" and not _case.name.startswith("scipy."):
        BY_NAME.setdefault(_case.name, []).append(_case)


def times(value, scale):
    """A structure of floats times a number."""
    if isinstance(value, (list, tuple)):
        items = [times(item, scale) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return None if value is None else value * scale


def agree(one, other, tolerance):
    return all(
        np.shape(x) == np.shape(y)
        and np.all(np.isfinite(x))
        and np.all(np.abs(x - y) <= tolerance * np.max(np.abs(y), initial=0.0))
        for x, y in zip(leaves(one), leaves(other), strict=True)
    )


def is_wide(value):
    """Whether a value consists of floats of double precision."""
    found = None if isinstance(value, (Const, np.random.Generator, str)) else leaves(value)
    return bool(found) and all(leaf.dtype in ("f8", "c16") for leaf in found)


def scaled_derivatives(case, group, scale):
    """(value, its tangent and adjoints along the same directions) of arguments of which some are scaled."""
    values = [times(value, scale) if k in group else value for k, value in enumerate(case.values)]
    trial = Trial(Case(case.name, case.args, values))
    y = trial.primal[trial.y]
    dots, bar = trial.dots(), direction(y, trial.rng)
    y_dot = trial.jvp({k: times(dot, scale) if k in group else dot for k, dot in dots.items()})
    bars = trial.vjp(bar)[1]
    return y, [y_dot], [times(bar, scale) if k in group else bar for k, bar in zip(trial.active, bars, strict=True)]


def silently(case, group, scale):
    """The same, None where the function itself overflows or fails."""
    with mock.patch.object(np, "errstate", lambda **_: ERRSTATE(all="raise", under="ignore")):
        try:
            values = [times(value, scale) if k in group else value for k, value in enumerate(case.values)]
            Trial(Case(case.name, case.args, values))
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            return None
        return scaled_derivatives(case, group, scale)


SCALING = "np.linalg.norm np.linalg.solve np.linalg.svd np.std np.var np.mean np.hypot np.arctan2 np.corrcoef np.cov"
SCALING += " math.dist math.hypot statistics.stdev statistics.harmonic_mean np.interp np.divide"


def degree_of(found, twice):
    """The k of f(2 x) = 2**k f(x), for values and derivatives; None where there is none."""
    for k in (0, 1, -1, 2):
        if all(agree(one, times(other, 2.0**k), 1e-12) for one, other in zip(twice, found, strict=True)):
            return k
    return None


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_scale(name):
    """A norm, a spread, a solution has at 2**480 the derivative that it has at 1, in both modes, without a warning."""
    walked = 0
    for case in BY_NAME[name][:: 1 + len(BY_NAME[name]) // 2]:
        moving = [k for k, value in enumerate(case.values) if is_wide(value)]
        if not all(is_wide(value) for k, value in enumerate(case.values) if not isinstance(value, (Const, int, str))):
            continue
        found = silently(case, moving, 1.0)
        twice = silently(case, moving, 2.0)
        if found is None or twice is None or not is_wide(found[0]):
            continue
        k = degree_of(found, twice)
        if k is None:
            continue
        for power in (480, -480) if k in (0, 1) else (240, -240):  # neither values nor derivatives overflow
            far = silently(case, moving, 2.0**power)
            if far is None or not agree(far[0], times(found[0], 2.0 ** (power * k)), 1e-9):
                continue
            walked += 1
            for one, other in zip(far[1:], found[1:], strict=True):
                assert agree(one, times(other, 2.0 ** (power * k)), 1e-8), (case, power, one, other)
    assert walked or name not in SCALING.split()


# complex numbers on branch cuts, and far out ------------------------------------------------------------------------
BRANCHED = "np.arcsin np.arccos np.arctan np.arcsinh np.arccosh np.arctanh np.sqrt np.log np.log1p np.emath.arcsin"
BRANCHED += " np.emath.arccos np.emath.arctanh cmath.asin cmath.acos cmath.atan cmath.asinh cmath.acosh cmath.atanh"
CUTS = [complex(*parts) for u in (0.0, -0.0) for v in (2.0, -2.0, 0.5) for parts in ((u, v), (v, u))]


def moved_along(z, direction, h):
    """A step along one axis that leaves the other part, and the sign of its zero, as it is."""
    return complex(z.real + h, z.imag) if direction == 1 else complex(z.real, z.imag + h)


@pytest.mark.parametrize("name", BRANCHED.split())
def test_branch_cuts(name):
    """The derivative along a cut is that of the side on which the sign of the zero puts the argument."""
    fun = function(name)
    for z in CUTS:
        along = 1 if z.imag == 0.0 else 1j
        slope = (fun(moved_along(z, along, 1e-6)) - fun(moved_along(z, along, -1e-6))) / (2e-6 * along)
        if not abs(slope) < 1e3:  # across another cut
            continue
        value = z if name.startswith("cmath") else np.array([z])
        for found in both_modes(name, value):
            assert abs(found - slope) < 1e-8 * abs(slope), (z, found, slope)


@pytest.mark.parametrize("name", BRANCHED.split())
def test_complex_numbers_far_out(name):
    with mock.patch.object(np, "errstate", lambda **_: ERRSTATE(all="raise", under="ignore")):
        z = 1e200 * (1.0 + 1.0j)
        far, near = ({1e200: both_modes(name, z), 1e10: both_modes(name, z / 1e190)}[scale] for scale in (1e200, 1e10))
    power = -0.5 if name.endswith("sqrt") else -2.0 if name.endswith(("tan", "tanh")) else -1.0
    for one, other in zip(far, near, strict=True):
        assert abs(one - other * 1e190**power) <= 1e-8 * abs(one)


def both_modes(name, z):
    """The derivative, by an adjoint and by a tangent of 1."""
    trial = Trial(Case(name, None, [z]))
    one = 1.0 + 0.0j if isinstance(z, complex) else np.ones_like(z)
    return [np.ravel(found)[0] for found in (trial.vjp(one)[1][0], trial.jvp({0: one}))]


def test_infinite_slopes_of_complex_functions():
    for name, z in (("np.arcsin", 1.0), ("np.arccos", -1.0), ("np.arcsinh", 1j), ("np.arccosh", 1.0)):
        with np.errstate(all="ignore"):
            assert not any(np.isfinite(both_modes(name, np.array([z + 0j]))))
