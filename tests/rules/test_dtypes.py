"""Widths of numbers: gradients and tangents have the argument's dtype, and the value that double precision gives."""

import linecache

import numpy as np
import pytest

import adgen
from adgen.battery.checks import Case, Trial
from adgen.frontend import source
from adgen.ir.types import UNKNOWN
from adgen.pipeline import Request, generate
from adgen.rules import table
from adgen.rules.rule import TypeProblem

from .cases import draw
from .test_odd_arguments import function


def elementwise(x):
    return np.sum(np.sin(x) * x**2 + np.tanh(x) / (2.0 + np.cos(x)) + np.hypot(x, 1.0) + np.logaddexp(x, 0.5))


def reduced(x):
    y = x.reshape(2, 2)
    return np.max(x) * np.mean(x) + np.prod(x) + np.std(x) + np.var(y, axis=0).sum() + np.linalg.norm(x)


def picked(x):
    return np.take(x, [0, 0, 1]).sum() * np.sort(x)[0] + np.cumsum(x)[1] * np.median(x) + np.partition(x, 2)[2] ** 2


def moved(x):
    wide = np.pad(x, 1, mode="wrap") * np.append(x, [0.5, 1.5])
    return np.sum(wide) + np.sum(np.diff(x, prepend=0.25) ** 2) + np.sum(np.gradient(x) ** 2) + np.roll(x, 1) @ x


def masked(x):
    return np.sum(np.where(x > 0.0, np.log(np.abs(x)), x * x)) + np.sum(x, where=x > 0.5) * np.multiply.reduce(x)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
@pytest.mark.parametrize("fun", [elementwise, reduced, picked, moved, masked])
def test_every_width(fun, dtype):
    exact = np.array([0.25, 1.5, -0.75, 0.875])
    x = exact.astype(dtype)
    found, expected = adgen.grad(fun)(x), adgen.grad(fun)(exact)
    assert found.dtype == dtype and found.shape == x.shape
    assert np.allclose(found.astype(float), expected, rtol=4e-3 if dtype == np.float16 else 1e-5, atol=4e-3)
    value, dot = adgen.jvp(fun, (x,), (np.ones_like(x),))
    assert np.isclose(float(dot), np.sum(expected), rtol=1e-2 if dtype == np.float16 else 1e-5)
    assert np.asarray(value).dtype == np.asarray(dot).dtype == np.asarray(fun(x)).dtype


ELEMENTWISE = [
    name
    for name in table.names()
    if name.startswith("np.")
    and not name.startswith(("np.random.", "np.emath."))
    and table.lookup(name).kind == "elementwise"
    and set(table.lookup(name).formulas) != {"0"}
]


def drawn(kind, dtype):
    value = draw(kind, (3,))
    value = value.astype(dtype) if value.dtype.kind == "f" else value
    return value + np.complex64(0.1j) if dtype == "c8" and value.dtype == dtype else value


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", ["f2", "f4", "g", "c8"])
def test_elementwise_rules_keep_the_width(name, dtype):
    """With the types known, and with nothing known."""
    rule = table.lookup(name)
    needed = tuple(param.name for param in rule.params if param.required or param.name in ("min", "max"))
    values = [drawn(rule.domain.get(param, "any"), dtype) for param in needed]
    for known in ("symbols", "kind") if dtype != "c8" else ("symbols",):
        try:
            trial = Trial(Case(name, needed, values), known)
            y = trial.primal[trial.y]
            y_dot, bars = trial.jvp(trial.dots()), trial.vjp(np.ones_like(y))[1]
        except TypeError:
            assert dtype == "c8"  # NumPy has no such loop
            return
        except TypeProblem as problem:
            assert dtype == "c8" and problem.help
            return
        assert y_dot is None or np.asarray(y_dot).dtype == y.dtype
        for place, bar in zip(trial.active, bars, strict=True):
            assert bar is None or (np.asarray(bar).dtype, np.shape(bar)) == (values[place].dtype, (3,))


# constants of NumPy's are not weak: the result is wider than the argument
WIDE = """np.float64(1.5) * x | x / np.float64(2.0) | x + np.float64(1.0) | np.float64(2.0) - x | x ** np.float64(2.0)
np.float64(2.0) ** x | np.fmod(x, np.float64(0.3)) | np.hypot(x, np.float64(1.0)) | np.maximum(x, np.float64(0.1))
np.where(x > 0.5, x, np.float64(1.0)) | np.clip(x, np.zeros(3), None) | np.float_power(x, 2.0) | x * np.arange(3.0)
np.sum(x * np.float64(2.0)) | np.dot(x, np.arange(3.0)) | np.float64(1.5) * x * np.float64(2.0) + x"""
# and Python's are weak
WEAK = """np.maximum(x, 0.0) | np.minimum(0.25, x) | np.clip(x, 0.0, 1.0) | np.fmax(x, 0.4) | np.fmin(x, 0.4)
np.ptp(x)
np.where(x > 0.5, x, 0.5) | np.hypot(x, 1.0) | x ** 2 | 2.0**x | np.max(x) | np.std(x) | abs(x) | np.mod(x, 0.3)"""


def untyped(text, mode):
    """The derivative of an expression in x, made without knowing what x is."""
    code = f"import numpy as np\ndef f(x):\n    return {text}\n"
    path, names = f"<untyped {text}>", {}
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    exec(compile(code, path, "exec"), names)
    made = generate(source.find(names["f"]), {"x": UNKNOWN}, Request(mode, ("x",), single=False), formatted=False)
    space = {}
    exec(made.text, space)
    return names["f"], space[made.name]


@pytest.mark.parametrize("text", [text for line in f"{WIDE}\n{WEAK}".split("\n") for text in line.split(" | ")])
def test_numbers_of_numpy_beside_unknown_arrays(text):
    (fun, jvp), (_, vjp) = untyped(text, "jvp"), untyped(text, "vjp")
    for dtype in (np.float16, np.float32, np.longdouble):
        line = np.array([0.3, 0.55, 0.9]).astype(dtype)
        for x in (line, line[1]):
            if np.ndim(fun(x)) > np.ndim(x) or (np.ndim(x) == 0 and "np.arange" in text):
                continue
            y, y_dot = jvp(x, np.ones_like(x))
            (bar,) = vjp(x)[1](np.ones_like(y))
            assert np.asarray(y_dot).dtype == np.asarray(y).dtype == np.asarray(fun(x)).dtype
            assert np.asarray(bar).dtype == dtype and np.shape(bar) == np.shape(x)
            assert np.shape(y_dot) == np.shape(y)


# numbers of NumPy's and arrays of rank 0 of every width, alone
SINGLE = """np.imag(x) * 2.0 | np.imag(x * x) | np.real(x) * x | np.angle(x) * x | np.angle(x + 1j) | x.real * x.imag
np.interp(x, np.arange(2.0), np.arange(2.0) ** 2) | np.interp(0.3, np.arange(2.0), np.arange(1.0, 3.0) * x) | np.mean(x)
np.nanmean(x) | np.nansum(x) | np.std(x + 1) | np.cumsum(x) | np.median(x) | np.linalg.norm(x) | np.sinc(x) | np.i0(x)
np.arctan(x) | np.where(x > 0, x, 0.0) | np.atleast_1d(x) | np.stack((x, x)) | np.array([x, x * 2])
np.float64(1.5) * x | np.arctan2(x, 0.3) | np.outer(x, x) | np.full(3, x) | np.linspace(0.0, x, 4) | np.tile(x, 2)
np.polyval([1.0, 2.0], x) | np.quantile(x, 0.5) | float(x) * 2.0 | abs(x) * x | np.modf(x)[0] | np.ldexp(x, 2)
np.asarray(x, np.float64) | np.float32(x) * x | np.heaviside(0.0, x) | np.ascontiguousarray(x) | np.arcsinh(x)"""
KINDS = (np.float16, np.float32, np.longdouble, np.complex64)


@pytest.mark.parametrize("text", [text for line in SINGLE.split("\n") for text in line.split(" | ")])
def test_single_numbers_of_every_width(text):
    """With the types known, and (of real numbers) with nothing known."""
    fun, both = untyped(text, "jvp")[0] if may_be_untyped(text) else function(text), []
    if may_be_untyped(text):
        both = [untyped(text, mode)[1] for mode in ("jvp", "vjp")]
    for kind in KINDS:
        for x in (kind(0.3), np.array(0.3, kind)):
            one = np.ones_like(x) if isinstance(x, np.ndarray) else kind(1.0)
            try:
                y = fun(x)
            except TypeError:  # NumPy takes no such numbers
                continue
            try:
                forms = [(*adgen.jvp(fun, (x,), (one,)), adgen.vjp(fun, x)[1])]
            except (adgen.Refusal, TypeError):
                assert kind == np.complex64
                continue
            if both and kind != np.complex64:
                forms.append((*both[0](x, one), both[1](x)[1]))
            for value, y_dot, pull in forms:
                (bar,) = pull(np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1.0))
                assert np.asarray(y_dot).dtype == np.asarray(value).dtype == np.asarray(y).dtype
                assert (np.shape(y_dot), np.asarray(bar).dtype, np.shape(bar)) == (np.shape(y), kind, ())


def may_be_untyped(text):
    """Whether a derivative can be made without types: it needs no rank, and is of real numbers."""
    return not any(
        word in text
        for word in ("1j", "cumsum", "median", "quantile", "stack", "np.array([", "outer", "linspace", "tile")
    )


def edges_of_a_range(x, s):
    return np.histogram_bin_edges(x, bins=4, range=(-2.0, s))


def test_a_list_of_numbers_as_range_does_not_widen_the_edges():
    x = np.array([0.3, -0.7, 1.1], np.float32)
    y, dot = adgen.jvp(edges_of_a_range, (x, 0.5), (np.zeros_like(x), 1.0))
    assert y.dtype == dot.dtype == np.float32 and np.array_equal(y, edges_of_a_range(x, 0.5))
    assert np.allclose(dot, [0.0, 0.25, 0.5, 0.75, 1.0])


@pytest.mark.parametrize(
    ("name", "values", "slope"),
    [
        ("np.float16", [np.float64(0.75)], 1.0),
        ("np.complex64", [np.float64(0.75)], 1.0),
        ("np.complex128", [np.float64(0.75)], 1.0),
        ("math.ldexp", [0.75, 3], 8.0),
    ],
)
def test_casts_to_what_has_no_differences(name, values, slope):
    """Their results have too few digits, or are too wide, for the battery's differences."""
    trial = Trial(Case(name, None, values))
    one = type(trial.primal[trial.y])(1.0)
    assert float(np.real(trial.vjp(one)[1][0])) == float(np.real(trial.jvp({0: 1.0}))) == slope
