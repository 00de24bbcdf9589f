"""The gradient of a NumPy float is a NumPy float inside a function, too: beside float32 arrays it is no weak number."""

import numpy as np

import adgen
from tests.programs import oracle


def total(p):
    return sum(p)


def thrice(a):
    return 3.0 * a


def of_a_list(a, z):
    strong = 1.5 + np.tanh(0.52) ** 2
    v = (0.6 * z) * (adgen.grad(total)([strong, a])[0] * 0.62)
    return np.sum(v * z) * a


def of_a_number(a, z):
    v = z * adgen.grad(thrice)(np.float64(a))
    return np.sum(v * z) * a


def of_a_tangent(a, z):
    strong = np.float64(0.3)
    v = z * adgen.jvp(thrice, (strong,), (np.float64(1.0),))[1]
    return np.sum(v * z) * a


Z = np.array([0.24, 0.31, 0.57], np.float32)


def test_values_have_the_dtype_of_the_program():
    for fun in (of_a_list, of_a_number, of_a_tangent):
        value = fun(1.1, Z)
        found, _ = adgen.value_and_grad(fun, argnums=(0, 1))(1.1, Z)
        assert value.dtype == np.float64
        assert found == value  # in double precision


def test_gradients_have_the_dtype_of_their_argument():
    for fun in (of_a_list, of_a_number, of_a_tangent):
        assert adgen.grad(fun, argnums=1)(1.1, Z).dtype == np.float32
        assert oracle.check(fun, (1.1, Z)).disagreed == 0
