"""Arguments that nobody has in mind: numbers for arrays, empty arrays, arrays of one, True for 1, no axes at all."""

import linecache

import numpy as np
import pytest

import adgen

NUMBER, ZERO_D, ONE, NONE = 0.7, np.array(0.7), np.array([0.7]), np.zeros(0)
LINE, TABLE = np.array([0.3, -1.2, 0.8]), np.arange(6.0).reshape(2, 3) / 3.0 - 0.9

RIGHT = [  # a function of x, and what x may be
    ("np.repeat(x, True)", TABLE, LINE),
    ("np.repeat(x, False)", TABLE),
    ("np.repeat(x, True, 0)", TABLE),
    ("np.tile(x, True)", TABLE, LINE),
    ("np.expand_dims(x, True)", TABLE),
    ("np.linalg.norm(x, None, True)", TABLE),
    ("np.median(x, True)", TABLE),
    ("np.quantile(x, 0.3, False)", TABLE),
    ("np.nanpercentile(x, 30.0, True)", TABLE),
    ("np.average(x, True)", TABLE),
    ("np.partition(x, 1, False)", TABLE),
    ("np.fft.rfft(x, True)", LINE),
    ("np.split(x, 3, True)", TABLE),
    ("np.pad(x, 2)", ZERO_D, NUMBER),
    ("np.pad(x, 2, constant_values=x)", ZERO_D),
    ("np.pad(x, 2, mode='edge')", ZERO_D),
    ("np.ascontiguousarray(x)", ZERO_D, NUMBER, LINE, TABLE.T),
    ("np.asfortranarray(x)", ZERO_D, NUMBER, LINE, TABLE),
    ("np.trapezoid(x)", ONE, TABLE[:, :1], TABLE),
    ("np.trapezoid(x, x)", ONE, LINE),
    ("np.trapezoid(x, axis=0)", TABLE[:1], TABLE),
    ("np.diff(x, 0, prepend=2.0)", LINE),
    ("np.diff(x, 0, append=x)", LINE),
    ("np.diff(x * 2.0, prepend=x, append=x)", NONE, LINE, ONE),
    ("np.diff(np.zeros(0), prepend=x, append=x * x)", LINE, ONE),
    ("np.diff(np.zeros((0, 3)), axis=0, prepend=x, append=x[::-1] * x)", TABLE, TABLE[:1]),
    ("np.diag(x)", TABLE, TABLE[:, :0], TABLE[:0], TABLE[:1, :1], LINE, NONE),
    ("np.diag(x, -1)", TABLE, TABLE[:1, :1]),
    ("np.diagonal(x, -1)", TABLE, TABLE[:1], TABLE[:0], TABLE[:1, :1]),
    ("np.diagonal(x, 1)", TABLE, TABLE[:, :1], TABLE[:1, :1]),
    ("np.linalg.diagonal(x)", TABLE, TABLE[:, :0]),
    ("np.unique(x)", NUMBER, ZERO_D, LINE),
    ("np.unique_values(x)", NUMBER, LINE),
    ("np.union1d(x, np.array([9.0, 8.0]))", NUMBER, LINE),
    ("np.ediff1d(x)", NUMBER, ZERO_D, ONE, LINE),
    ("np.ediff1d(x, x)", NUMBER, ONE),
    ("np.insert(x, 1, 4.0)", NUMBER, LINE),
    ("np.polynomial.chebyshev.chebpow(x, 0)", LINE),
    ("np.polynomial.polynomial.polypow(x, 0)", LINE),
    ("np.var(x, mean=np.mean(x), keepdims=True)", ZERO_D),
]
REFUSED = [  # and what is said
    ("np.gradient(x)", ZERO_D, "along no axis"),
    ("np.gradient(x, axis=())", TABLE, "along no axis"),
    ("np.fft.fftn(x, axes=())", TABLE, "along no axis"),
    ("np.interp(x, np.array([0.5]), np.array([2.0]))", LINE, "at one place"),
    ("np.polynomial.polynomial.polyval2d(LINE, LINE, x)", ZERO_D, "pass an array of rank 2"),
    ("np.polynomial.legendre.leggrid3d(LINE, LINE, LINE, x)", ZERO_D, "pass an array of rank 3"),
    ("np.var(x, mean=np.zeros((1, 1)), keepdims=True)", ZERO_D, "a mean of more axes"),
    ("np.quantile(x, 0.3, ())", TABLE, "no axis"),
]


def function(text):
    """A function of x, with a source that can be found."""
    code, path = f"import numpy as np\ndef f(x):\n    return {text}\n", f"<odd {text}>"
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    names = {"LINE": LINE}
    exec(compile(code, path, "exec"), names)
    return names["f"]


def whole(y):
    """All numbers of a result, in one line."""
    return np.concatenate([np.ravel(part) for part in y]) if isinstance(y, (list, tuple)) else np.ravel(y)


@pytest.mark.parametrize(("text", "x"), [(text, x) for text, *many in RIGHT for x in many])
def test_right(text, x):
    f, rng = function(text), np.random.default_rng(3)
    dot = rng.uniform(-1.0, 1.0, np.shape(x)) if isinstance(x, np.ndarray) else 0.3
    h = 1e-6
    expected = (whole(f(x + h * dot)) - whole(f(x - h * dot))) / (2.0 * h)
    y, y_dot = adgen.jvp(f, (x,), (dot,))
    assert np.array_equal(whole(y), whole(f(x)))
    assert np.allclose(whole(y_dot), expected, atol=1e-8)
    bar = [rng.uniform(-1.0, 1.0, np.shape(part)) for part in y] if isinstance(y, list) else 1.0 + 0.0 * y
    if isinstance(y, np.ndarray) and y.dtype.kind in "fc":
        bar = rng.uniform(-1.0, 1.0, y.shape).astype(y.dtype)
    (found,) = adgen.vjp(f, x)[1](bar)
    assert np.shape(found) == np.shape(x) and isinstance(found, type(x))
    assert np.isclose(np.sum(found * dot), np.sum(np.real(whole(bar) * expected)), atol=1e-8)


@pytest.mark.parametrize(("text", "x", "why"), REFUSED)
def test_refused(text, x, why):
    function(text)(x)
    with pytest.raises(adgen.Refusal, match=why):
        adgen.vjp(function(text), x)
