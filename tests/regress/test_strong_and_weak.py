"""Double precision beside float32 arrays: literals that begin loops are no weak numbers; flags that are counted."""

import numpy as np
import pytest

import adgen
from adgen.frontend.source import find
from adgen.pipeline import Request, generate
from adgen.signature import parse
from tests.programs import oracle
from tests.support import execute


def looped(b, z, ez):
    for k in range(0, 4, 2):
        a = ez[None, ...].sum() * z[-2] + 0.3
        b += a * 0.4
    return b


def test_adjoints_of_loops_begin_with_numbers_in_double_precision():
    made = generate(find(looped), parse("b: float, z: f4[4], ez: f8[]"), Request("grad", ("ez",)), formatted=False)
    z = np.float32([0.1, 0.2, 0.3, 0.7])
    found = execute(made.text)[made.name](0.5, z, np.float64(0.9))
    assert found.dtype == np.float64
    assert found == 2 * 0.4 * np.float64(z[-2])


def ties_of_three(x):
    v = x[1] - 0.1
    return max([x[0], v, v, v]) * 3.0


def ties_in_a_call(x):
    v = x[1] - 0.1
    return min(v, v, x[2]) + max(*[v] * 3)


@pytest.mark.parametrize("fun", [ties_of_three, ties_in_a_call])
def test_numbers_that_stand_several_times_share_once(fun):
    assert oracle.check(fun, (np.array([0.3, 0.7, 0.9]),)).disagreed == 0


def masked_increments(x):
    y = x * 2.0
    np.add.at(y, x > 0.5, 0.6 * x[0])
    np.subtract.at(y, x > 0.8, x[1])
    return np.sum(y * y)


def test_increments_by_a_mask():
    assert oracle.check(masked_increments, (np.array([0.3, 0.7, 0.9]),)).disagreed == 0


def without_axes(a, n):
    e = np.array(a) if n > 1 else np.array(0.5)
    return np.sum(e[None] * a) + e[...] * 2.0 + e[()] * a


@pytest.mark.parametrize("n", [1, 2])
def test_axes_for_an_array_without_axes_that_is_a_constant_on_one_path(n):
    value, slope = adgen.jvp(without_axes, (0.3, n), (1.0, None))
    assert value == without_axes(0.3, n)
    assert slope == pytest.approx((without_axes(0.3 + 1e-6, n) - without_axes(0.3 - 1e-6, n)) / 2e-6)
