"""Second and higher derivatives, Jacobians, Hessians, and the comparison with differences."""

import inspect
import math

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError, ArgumentError

X = np.array([0.3, 1.2, -0.7])


def cubic(x):
    return x * x * x


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def outputs(x):
    return np.sin(x) * x[0]


def bilinear(a, b):
    return np.sum(a * a * b)


SCALE = 2.0


def scaled(x):
    return SCALE * x * x * x


def differences(f, x, h=1e-6):
    columns = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = h
        columns.append((np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h))
    return np.stack(columns, axis=-1)


def test_gradients_of_gradients():
    second = adgen.grad(adgen.grad(cubic))
    third = adgen.grad(second)
    assert second(2.0) == 12.0 and third(2.0) == 6.0
    assert "def cubic_grad_grad(x):" in second.source
    assert second.__name__ == "cubic" and adgen.value_and_grad(adgen.grad(cubic))(2.0) == (12.0, 12.0)


def test_gradients_of_elementary_functions_to_order_three():
    for f, derivatives in (
        (lambda x: math.sin(x), (np.cos, lambda t: -np.sin(t), lambda t: -np.cos(t))),
        (lambda x: np.exp(x) * x, tuple(lambda t, k=k: (t + k) * np.exp(t) for k in (1, 2, 3))),
    ):
        g = f
        for exact in derivatives:
            g = adgen.grad(g)
            np.testing.assert_allclose(g(0.7), exact(0.7), rtol=1e-13)


def test_captured_values_reach_higher_derivatives(monkeypatch):
    second = adgen.grad(adgen.grad(scaled))
    assert second(1.0) == 12.0
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert second(1.0) == 18.0


def test_hvp_is_the_hessian_times_the_vector():
    v = np.array([1.0, -2.0, 0.5])
    hessian = adgen.hessian(rosenbrock)(X)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-12)
    np.testing.assert_allclose(hessian, differences(adgen.grad(rosenbrock), X), rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(adgen.hvp(rosenbrock)(X, v), hessian @ v, rtol=1e-12)
    np.testing.assert_allclose(adgen.jvp(adgen.grad(rosenbrock), (X,), (v,))[1], hessian @ v, rtol=1e-12)
    np.testing.assert_allclose(adgen.vjp(adgen.grad(rosenbrock), X)[1](v)[0], hessian @ v, rtol=1e-12)


def clusters(points, centres):
    nearest = np.argmin(np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=2), axis=1)
    return np.sum((points - centres[nearest]) ** 2)


def test_hvp_does_not_compute_the_gradient_itself():
    points, centres = np.array([[0.0], [1.0], [5.0]]), np.array([[0.4], [4.0]])
    product = adgen.hvp(clusters, 1)
    np.testing.assert_array_equal(product(points, centres, np.array([[1.0], [10.0]])), [[4.0], [20.0]])
    last = "    return 2.0 * np.bincount(nearest, minlength=len(centres_dot))[:, None] * centres_dot\n"
    assert product.source.endswith(last) and "centres[nearest]" not in product.source
    hessian = adgen.hessian(clusters, 1)
    np.testing.assert_array_equal(hessian(points, centres).reshape(2, 2), [[4.0, 0.0], [0.0, 2.0]])
    assert hessian.source == product.source


def on_paths(x, n):
    if x[0] > 5.0:
        return np.sum(x)
    y = x.copy()
    for k in range(n):
        y[k] = y[k] ** 3 if y[k] < 0.0 else np.sin(y[k]) * x[0]
    if n > 2:
        return y[0]
    return np.sum(y * y) * y[1]


@pytest.mark.parametrize(("start", "n"), [(0.3, 2), (-0.3, 3), (6.0, 2)])
def test_hvp_and_hessian_on_each_path_of_a_program(start, n):
    x, v = np.array([start, 1.2, -0.7]), np.array([1.0, -2.0, 0.5])
    rows = differences(lambda x: adgen.grad(on_paths)(x, n), x)
    np.testing.assert_allclose(adgen.hessian(on_paths)(x, n), rows, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(adgen.hvp(on_paths)(x, n, v), rows @ v, rtol=1e-6, atol=1e-6)


def test_a_hessian_has_the_kind_of_number_of_the_argument():
    assert type(adgen.hessian(lambda x: np.exp(x))(2.0)) is float
    assert type(adgen.hessian(lambda x: np.exp(x))(np.float32(2.0))) is np.float32


def test_hvp_takes_its_vector_last_or_by_name():
    h = adgen.hvp(cubic)
    assert h(2.0, 1.0) == h(2.0, v=1.0) == h(v=1.0, x=2.0) == 12.0
    assert str(inspect.signature(h)) == "(x, v)"
    optional = adgen.hvp(lambda x, n=3: x**n)
    assert optional(2.0, 1.0) == 12.0 and optional(2.0, 2, 1.0) == 2.0
    assert str(inspect.signature(optional)) == "(x, n=3)"
    with pytest.raises(ArgumentError, match="and then the vector"):
        h()


def test_hvp_of_several_arguments():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    da, db = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    ha, hb = adgen.hvp(bilinear, (0, 1))(a, b, (da, db))
    np.testing.assert_allclose(ha, 2.0 * b * da + 2.0 * a * db)
    np.testing.assert_allclose(hb, 2.0 * a * da)
    np.testing.assert_allclose(adgen.hvp(bilinear, wrt="b")(a, b, db), np.zeros(2))
    with pytest.raises(ArgumentError, match=r"the vector of hvp: shape \(3,\), expected \(2,\)"):
        adgen.hvp(bilinear)(a, b, np.ones(3))


def test_hessian_structures():
    blocks = adgen.hessian(bilinear, (0, 1))(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    np.testing.assert_allclose(blocks[0][0], np.diag([6.0, 8.0]))
    np.testing.assert_allclose(blocks[0][1], np.diag([2.0, 4.0]))
    np.testing.assert_allclose(blocks[1][0], np.diag([2.0, 4.0]))
    np.testing.assert_allclose(blocks[1][1], np.zeros((2, 2)))
    assert adgen.hessian(cubic)(2.0) == 12.0
    nested = adgen.hessian(lambda p: p["a"] * p["a"] * p["b"])({"a": 2.0, "b": 3.0})
    assert nested == {"a": {"a": 6.0, "b": 4.0}, "b": {"a": 4.0, "b": 0.0}}


@pytest.mark.parametrize("transform", [adgen.jacfwd, adgen.jacrev, adgen.jacobian])
def test_jacobians(transform):
    np.testing.assert_allclose(transform(outputs)(X), differences(outputs, X), atol=1e-8)
    assert transform(cubic)(2.0) == 12.0
    np.testing.assert_allclose(transform(lambda x: np.sum(x * x))(X), 2.0 * X)
    np.testing.assert_allclose(transform(lambda t: t * X)(2.0), X)
    matrix = transform(lambda w: w @ X)(np.ones((2, 3)))
    assert matrix.shape == (2, 2, 3)
    np.testing.assert_allclose(matrix[1, 1], X)


@pytest.mark.parametrize("transform", [adgen.jacfwd, adgen.jacrev, adgen.jacobian])
def test_jacobians_of_structures(transform):
    def f(p, s):
        return {"u": p["w"] * s, "v": s * s, "n": 3}

    got = transform(f, (0, 1))({"w": np.ones(2), "k": 1}, 3.0)
    assert list(got) == ["u", "v", "n"] and got["n"] is None
    np.testing.assert_allclose(got["u"][0]["w"], 3.0 * np.eye(2))
    np.testing.assert_allclose(got["u"][1], np.ones(2))
    assert got["u"][0]["k"] is None and got["v"][1] == 6.0
    np.testing.assert_allclose(got["v"][0]["w"], np.zeros(2))


def test_jacobian_of_jacobian_is_the_hessian():
    for inner in (adgen.jacrev, adgen.jacfwd, adgen.grad):
        np.testing.assert_allclose(adgen.jacfwd(inner(rosenbrock))(X), adgen.hessian(rosenbrock)(X), rtol=1e-12)
    np.testing.assert_allclose(adgen.jacrev(adgen.grad(rosenbrock))(X), adgen.hessian(rosenbrock)(X), rtol=1e-12)


def test_jacobian_takes_the_cheaper_mode():
    tall, wide = adgen.jacobian(lambda t: t * X), adgen.jacobian(lambda x: np.sum(x * x))
    tall(2.0)
    wide(X)
    assert "_jvp(" in tall.source and "_vjp(" in wide.source


def test_complex_jacobians_are_refused():
    with pytest.raises(ArgumentError, match="is complex: a Jacobian is of real numbers"):
        adgen.jacfwd(lambda z: z * z)(1j)
    with pytest.raises(ArgumentError, match="carries no derivative"):
        adgen.jacrev(lambda x: 3)(1.0)


def test_check_grads_accepts_what_is_right():
    adgen.check_grads(cubic, (0.7,), order=3)
    adgen.check_grads(rosenbrock, (X,), order=2)
    adgen.check_grads(outputs, (X,), order=2)
    adgen.check_grads(outputs, (X,), order=1, modes=("fwd",))
    adgen.check_grads(lambda x, n: x**n, (1.5, 3))
    adgen.check_grads(lambda p: {"a": p["x"] * p["y"], "n": 1}, ({"x": X, "y": 2.0},))
    adgen.check_grads(lambda x: np.sum(x * x), (X.astype("f4"),), order=1)


def test_check_grads_refuses_what_is_wrong(monkeypatch):
    from adgen import gradcheck

    real = gradcheck.jvp
    monkeypatch.setattr(gradcheck, "jvp", lambda *args: (real(*args)[0], real(*args)[1] * 1.01))
    with pytest.raises(AssertionError, match=r"`outputs`, order 1, forward mode against differences: result\[\d\] is"):
        adgen.check_grads(outputs, (X,))
    monkeypatch.undo()
    real_vjp = gradcheck.vjp

    def wrong(*args):
        out, pullback = real_vjp(*args)
        return out, lambda out_bar: tuple(1.01 * g for g in pullback(out_bar))

    monkeypatch.setattr(gradcheck, "vjp", wrong)
    with pytest.raises(AdgenError, match="reverse mode against forward"):
        adgen.check_grads(outputs, (X,))


def test_check_grads_requests():
    with pytest.raises(ArgumentError, match="no float"):
        adgen.check_grads(cubic, (3,))
    with pytest.raises(ArgumentError, match="modes"):
        adgen.check_grads(cubic, (3.0,), modes=("forward",))
