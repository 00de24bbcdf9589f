"""Functions that call themselves, through the public functions: second derivatives, freshness, threads, own output."""

import sys
import threading

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from adgen.frontend.source import find
from adgen.pipeline import Request, generate
from adgen.signature import parse
from tests.programs.oracle import check
from tests.programs.recursion import pairwise_sum, power_by_squaring
from tests.support import execute, inside

X = np.arange(1.0, 6.0) / 3


def numeric_hessian(fun, x, h=1e-4):
    slope = adgen.grad(fun)
    return np.stack([(slope(x + h * e) - slope(x - h * e)) / (2 * h) for e in np.eye(x.size)])


def test_second_derivatives_of_an_array():
    wanted = numeric_hessian(pairwise_sum, X)
    np.testing.assert_allclose(adgen.hessian(pairwise_sum)(X), wanted, rtol=1e-6, atol=1e-6)
    v = np.array([0.3, -1.0, 0.5, 0.2, 0.7])
    np.testing.assert_allclose(adgen.hvp(pairwise_sum)(X, v), wanted @ v, rtol=1e-6, atol=1e-6)


def test_second_and_third_derivatives_of_a_number():
    first = adgen.grad(power_by_squaring)
    assert adgen.grad(first)(1.5, 5) == pytest.approx(20 * 1.5**3)
    assert adgen.grad(adgen.grad(first))(1.5, 5) == pytest.approx(60 * 1.5**2)


def test_tangents_of_tangents():
    def slope(x, v):
        return adgen.jvp(pairwise_sum, (x,), (v,))[1]

    v = np.ones(5)
    found = adgen.grad(slope)(X, v)
    np.testing.assert_allclose(found, numeric_hessian(pairwise_sum, X) @ v, rtol=1e-6, atol=1e-6)


def deep(x, n):
    if n == 0:
        return x
    return 1.0 + 0.5 * deep(x * 1.001, n - 1)


def test_the_depth_is_that_of_python():
    slope = adgen.grad(deep)
    assert slope(1.0, 200) == pytest.approx(0.5**200 * 1.001**200)
    before = sys.getrecursionlimit()
    with pytest.raises(RecursionError):
        slope(1.0, 10 * before)


def test_a_pullback_can_be_pulled_from_many_threads():
    out, pull = adgen.vjp(pairwise_sum, X)
    wanted = pull(1.0)
    found = []
    threads = [threading.Thread(target=lambda: found.append(pull(1.0))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert all(np.array_equal(one, wanted) for one in found)
    assert out == pairwise_sum(X)


def test_arguments_written_after_the_forward_part_do_not_change_the_pullback():
    x = X.copy()
    _, pull = adgen.vjp(pairwise_sum, x)
    (wanted,) = pull(1.0)
    wanted = wanted.copy()
    x[:] = 7.0
    np.testing.assert_array_equal(pull(1.0)[0], wanted)


def test_own_output_is_accepted_in_forward_mode_and_told_about_in_reverse_mode(tmp_path, monkeypatch):
    (tmp_path / "own.py").write_text("def power(x, n):\n    return 1.0 if n == 0 else x * power(x, n - 1)\n")
    with inside(tmp_path):
        monkeypatch.syspath_prepend(str(tmp_path))
        import own

        slope = adgen.grad(own.power)
        push = generate(find(own.power), parse("x: float, n: int"), Request("jvp", ("x",)))
        assert slope(2.0, 3) == 12.0
        (tmp_path / "slope_again.py").write_text(slope.source)
        (tmp_path / "push_again.py").write_text(push.text)
        import push_again
        import slope_again
    assert adgen.grad(lambda x: push_again.power_jvp(x, 3, 1.0)[1])(2.0) == 12.0
    with pytest.raises(Refusal, match="half of a derivative"):
        adgen.grad(slope_again.power_grad)(2.0, 3)


def helper(x, n):
    return x if n == 0 else np.sin(helper(x, n - 1))


def caller(x):
    return helper(x, 2)


def test_a_helper_that_is_defined_anew_is_differentiated_anew(monkeypatch):
    slope = adgen.grad(caller)
    assert slope(0.3) == pytest.approx(np.cos(np.sin(0.3)) * np.cos(0.3))

    def other(x, n):
        return x if n == 0 else 2.0 * other(x, n - 1)

    monkeypatch.setattr(sys.modules[__name__], "helper", other)
    assert slope(0.3) == 4.0


def weighted(x, z, n):
    return weighted(x, z, n - 1) if n > 1 else np.sum(x * z)


def test_the_seed_has_the_precision_of_the_result():
    types = parse("x: f4[p], z: f4[q], n: int")  # p and q: where both are broadcast, a weak 1.0 is in double precision
    made = generate(find(weighted), types, Request("grad", ("x", "z"), single=False), formatted=False)
    x = np.float32([0.25, 0.5])
    for bar in execute(made.text)[made.name](x, x, 2):
        assert bar.dtype == np.float32
        np.testing.assert_array_equal(bar, x)


def scaled(z, n, end):
    if n > 1:
        return scaled(z, n - 1, end)
    z[[1, 0]] *= 2.0
    return end * 0.5 + z[0] * 0.0


def test_the_seed_has_it_beside_what_the_function_writes():
    types = parse("z: f4[q], n: int, end: f4[]")
    made = generate(find(scaled), types, Request("grad", ("end",)), formatted=False)
    found = execute(made.text)[made.name](np.float32([0.25, 0.5]), 2, np.float32(0.3))
    assert found.dtype == np.float32
    assert found == 0.5


def chooses_what_is_written(a, x, z, n):
    if n > 1:
        return chooses_what_is_written(a * 0.7, x, z, n - 1)
    y = np.concatenate((x[:3], x[1:2]))
    w = y if (y[-3] if x[2] * y[-2] > 0.877 else a) > -0.047 or a < 0.253 else z
    w[2] = np.exp(-(y[-4] ** 2))
    h = [(x[::-1] * w) * x[0] for k in range(2)]
    return np.sum(x * y) + np.sum(z * z) + np.sum(y * y) + np.sum(w * y) + np.sum(h[-1] * h[0])


@pytest.mark.parametrize("n", [1, 3])
def test_what_only_the_last_call_keeps_is_none_in_the_others(n):
    """The backward function copied it before it looked."""
    check(chooses_what_is_written, (0.8, np.array([1.0, 0.2, 0.56, 0.17]), np.array([-0.5, -0.8, -0.7, -0.9]), n))
