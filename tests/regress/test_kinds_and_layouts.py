"""Arrays that are not what their type says: of integers, of another layout, without axes."""

import copy

import numpy as np
import pytest

import adgen
from adgen.battery import evaluate
from adgen.errors import Refusal
from adgen.frontend.lower_memory import FLATTENING
from adgen.frontend.without_axes import WITHOUT_AXES
from adgen.rules import runtime, table
from tests.programs.oracle import check

RNG = np.random.default_rng(5)
X = np.array([0.31, 0.72, 1.1])
M = RNG.normal(size=(37, 41))


def transposed(m):
    part = m.T * 1.0
    for k in range(2):
        part[k] *= 1.1
    s = np.sum(m.T)
    t = np.sum(m[:, ::-1].T)
    m[0, 0] = s * t
    m[1] *= 2.0
    return s * t + np.sum(m.T) + np.sum(part)


@pytest.mark.parametrize("order", "CF")
def test_a_snapshot_has_the_layout_of_its_array(order):
    """Bit for bit: NumPy adds up in the order of memory, and a copy in C order of a transpose has another one."""
    m = np.array(M, order=order)
    expected = transposed(m.copy(order="K"))
    assert adgen.value_and_grad(transposed)(m)[0] == expected
    assert adgen.vjp(transposed, m)[0] == expected


def starts_as_an_integer(x, n):
    y = np.full(3, sum(q for q in x[:n]))
    y[0] = x[1] * 2.5
    return y[0] * 1.0


def sum_of_a_list(x, n):
    y = np.array([sum(x[:n].tolist()), 1])
    y[0] = x[1] * 2.5
    return y[0] * 1.0


def list_of_integers(x, n):
    r = [0, 0]
    for k in range(n):
        r[k] = x[k]
    y = np.array(r)
    y[0] = x[1] * 2.5
    return y[0] * 1.0


def empty_list(x, n):
    r = []
    r.append(0)
    for k in range(n):
        r.append(x[k])
    y = np.array(r)
    y[0] = x[1] * 2.5
    return y[0] * 1.0


def like_a_list(x, n):
    s = 0
    for i in range(n):
        s += x[i]
    y = np.zeros_like([s, s])
    y[0] = x[1] * 2.5
    return y[0] * 1.0


def stacked(x, n):
    s = 0
    for i in range(n):
        s += x[i]
    y = np.stack([s, s])
    y[0] = x[1] * 2.5
    return y[0] * 1.0


def repeated(x, n):
    s = 0
    while s < n * 0.1:
        s = s + x[0]
    y = np.repeat(s, 2)
    y[0] = x[1] * 2.5
    return y[0] * 1.0


WHOLE = [starts_as_an_integer, sum_of_a_list, list_of_integers, empty_list, like_a_list, stacked, repeated]


@pytest.mark.parametrize("fun", WHOLE)
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_an_array_that_may_be_of_integers_is_refused(fun, dtype):
    """With n = 0 NumPy cuts off what is written: the derivative is 0 there, and never that of the floats."""
    with pytest.raises(Refusal, match="E0112"):
        adgen.value_and_grad(fun)(X.astype(dtype), 0)


def certain_floats(x, n):
    r = [0, 0]
    r[0] = x[0]
    r[1] = x[1] * n
    y = np.array(r)
    y[0] *= x[2]
    t = [0.0]
    for k in range(n):
        t.append(x[k])
    z = np.array(t)
    z[0] = x[1]
    return np.sum(y * y) + np.sum(z)


def test_an_array_with_a_float_for_certain_is_none():
    assert check(certain_floats, (X, 2))
    assert check(certain_floats, (X, 0))


def single_without_axes(x, z, a):
    e = np.array(x[-1])
    s = np.sum(e[None] * z)
    for _ in z:
        e[()] = a
    return s + e * 0.7


def test_memory_without_axes_in_single_precision():
    """Its adjoint began as `np.float32(0.7)`, which is no memory."""
    value, (x_bar, z_bar, a_bar) = adgen.value_and_grad(single_without_axes, argnums=(0, 1, 2))(
        X.astype("f4"), X.astype("f4"), 0.3
    )
    assert value == pytest.approx(np.sum(X) * X[-1] + 0.21, rel=1e-6)
    np.testing.assert_allclose(x_bar, [0.0, 0.0, np.sum(X)], rtol=1e-6)
    np.testing.assert_allclose(z_bar, np.full(3, X[-1]), rtol=1e-6)
    assert a_bar == pytest.approx(0.7) and x_bar.dtype == z_bar.dtype == np.float32


def handed_weak(z, x, n):
    a = np.sum(x[-1][None] * z) * 0.3
    s = a * 2.0 if n > 3 else x[0]
    return s + a


@pytest.mark.parametrize("n", [2, 5])
def test_what_a_branch_hands_on_is_single(n):
    """`a_bar = 1.0` in one branch was weak: broadcast, it is of double precision."""
    for fun in (handed_weak, adgen.grad(handed_weak)):
        grads = adgen.vjp(fun, X.astype("f4"), X.astype("f4"), n)[0]
        assert np.asarray(grads).dtype == np.float32


class Level:
    def __init__(self, inner):
        self.inner = inner

    @property
    def level(self):
        return self.inner * 0.5

    @level.setter
    def level(self, value):
        self.inner = value * 1.7


def number_or_array(x, z, n):
    r = z[-1]
    if n > 1:
        r = z * x[0]
    u = x * r
    knob = Level(x[0])
    for k in range(2):
        knob.level -= u[k]
        knob.inner *= x[1]
    return knob.level * x[0]


def test_a_number_of_unknown_rank_is_memory():
    assert check(number_or_array, (X, X * 0.7, 1))
    assert check(number_or_array, (X, X * 0.7, 2))


def held(x):
    import scipy.optimize

    a = scipy.optimize.fixed_point(lambda q: 0.4 * np.sin(q) + 0.2 * x[0], 0.3)
    xs = [a, x[1]]
    xs[0] += x[2]
    return a + xs[0]


def test_a_fixed_point_is_an_array_without_axes():
    """`xs[0] += p` changes it under its other name."""
    pytest.importorskip("scipy")
    with pytest.raises(Refusal, match="E0120"):
        adgen.grad(held)(X)


CALLS = [(0.37,), (np.float64(0.37),), (np.float64(0.37), np.float64(0.9)), (X[:2], X[:2]), (X,), (np.eye(2), X[:2])]


def _without_axes(name):
    """Whether a function gives an array without axes, for some simple arguments."""
    try:
        function = evaluate.function(name)
    except (AttributeError, ImportError, KeyError, LookupError):
        return False
    for args in CALLS:
        try:
            with np.errstate(all="ignore"):
                value = function(*copy.deepcopy(args))  # a second array may be `out`
        except Exception:
            continue  # it does not take these
        parts = value if isinstance(value, (tuple, list)) else [value]
        if any(isinstance(part, np.ndarray) and part.ndim == 0 and part.dtype.kind in "fc" for part in parts):
            return True
    return False


@pytest.mark.filterwarnings("ignore")
def test_every_function_that_gives_arrays_without_axes_is_known():
    own = {"copy", "resized"}  # of derivative code only
    views = {"np.real_if_close", *FLATTENING}  # of an array; of a number they are refused where they are written to
    kept = {"scipy.linalg.cholesky_banded", "scipy.linalg.lu_factor", "np.unique_all", "np.unique_inverse"}
    numpy = [name for name in table.names() if name.startswith(("np.", "scipy.special."))]
    found = {name for name in numpy if name not in WITHOUT_AXES and _without_axes(name)}
    assert len(numpy) > 500 and _without_axes("np.where") is False
    assert found <= own | views | kept


def sum_of_few(x, z):
    s = sum([p * q for p in z for q in x if p > q]) * 0.2
    return np.sin(s) + np.sum(x * z), np.sum(z)


def test_the_sum_of_an_empty_list_is_no_float32():
    """`np.sin(0 * 0.2)` is of double precision: the gradient of single arguments is not."""
    for z in (X + 0.15, X - 9.0):
        out, pullback = adgen.vjp(sum_of_few, X.astype("f4"), z.astype("f4"))
        x_bar, z_bar = pullback((out[0] * 0 + 1, np.float32(1.0)))
        assert x_bar.dtype == z_bar.dtype == np.float32
        pairs = [(p, q) for p in z for q in X if p > q]
        slope = 0.2 * np.cos(0.2 * sum(p * q for p, q in pairs))
        wanted = z + slope * np.array([sum(p for p, q in pairs if q == one) for one in X])
        np.testing.assert_allclose(x_bar, wanted, rtol=1e-5)


def damped_by(a, x, e):
    w = a
    for _ in range(2):
        w = w - 0.1 * adgen.grad(lambda p: p * p * e)(w)
    y = np.zeros(3)
    y[:-1] = x[1:] * w
    return np.sum(y * x) + e * 0.7


def test_the_gradient_of_a_narrow_number_is_one():
    """The adjoint of a Python float is a NumPy float beside arrays of double precision, and makes e_bar one."""
    args = (0.9, X, np.float32(0.4))
    grads = adgen.grad(damped_by, argnums=(0, 1, 2))(*args)
    assert type(grads[2]) is np.float32 and grads[1].dtype == np.float64
    _, pullback = adgen.vjp(damped_by, *args)
    assert np.asarray(pullback(1.0)[2]).dtype == np.float32

    def along(e):
        return damped_by(0.9, X, e)

    assert grads[2] == pytest.approx((along(0.4 + 1e-6) - along(0.4 - 1e-6)) / 2e-6, rel=1e-5)


def vectorized_of_a_narrow_number(a, s, x):
    g = np.vectorize(lambda p, q: p * q * 0.5)
    return np.sum(g(x, s[()] if a > 1.0 else x[1]))


def test_vectorize_of_a_number_that_may_be_narrow_is_refused():
    """NumPy hands elements over as Python floats, and so computes in double precision."""
    with pytest.raises(Refusal, match="np.vectorize of float32"):
        adgen.value_and_grad(vectorized_of_a_narrow_number)(2.0, np.array(0.3, np.float32), X)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.complex64])
def test_what_is_summed_to_a_number_of_numpy_is_one(kind):
    """The literal seed 1.0 stayed a Python float (`None == np.dtype(float)` is true), which has no `astype`."""
    found = {"np": np}
    exec(runtime.HELPERS["_unbroadcast"], found)
    assert type(found["_unbroadcast"](1.0, kind(2.0))) is kind
    assert type(found["_unbroadcast"](np.ones(3), kind(2.0))) is kind
