"""Derivatives taken inside functions: order 2 and 3, no confusion of perturbations, steps of gradient descent."""

# ruff: noqa: E731, F841

import math

import numpy as np

import adgen
from adgen import grad
from tests.programs.cases import collection

RNG = np.random.default_rng(3)
CASES, case = collection()


w = RNG.standard_normal(4)


def cube(x):
    return x * x * x


dcube = adgen.grad(cube)


@case(1.3)
def top(x):
    return dcube(x) * x


@case(1.3)
def direct(x):
    return adgen.grad(cube)(x * x) * x


@case(1.3)
def confusion(x):
    return x * adgen.grad(lambda y: x + y)(1.0)


@case(1.3)
def confusion2(x):
    return x * grad(lambda y: x * y * y)(2.0 * x)


@case(1.3)
def order2(x):
    return grad(grad(cube))(x) + grad(dcube)(x)


@case(1.3)
def order3(x):
    return grad(grad(grad(lambda y: math.sin(y) * x)))(x)


@case(1.3, 0.4)
def vag(x, y):
    v, (a, b) = adgen.value_and_grad(lambda p, q: p * p * q + y, argnums=(0, 1))(x, y)
    return v * a * b


@case(w)
def arr(x):
    g = grad(lambda v: np.sum(np.sin(v) * x))(x)
    return np.sum(g * g)


@case(w)
def arr_loop(x):
    def loss(v):
        t = 0.0
        for k in range(len(v)):
            t = t * 0.5 + v[k] ** 2 * x[0]
        return t

    for k in range(3):
        x = x - 0.1 * grad(loss)(x)
    return np.sum(x * x)


@case(w)
def gd(x):
    y = np.zeros(4)
    for k in range(5):
        y = y - 0.1 * adgen.grad(lambda v: np.sum((v - x) ** 2) + np.sum(v**4))(y)
    return np.sum(y)


@case(1.3, 0.2)
def jv(x, v):
    out, dot = adgen.jvp(lambda t: t * t * x, (x,), (v,))
    return out * dot


@case(w, w + 1.0)
def hvp(x, v):
    f = lambda z: np.sum(np.sin(z) * z)
    out, dot = adgen.jvp(grad(f), (x,), (v,))
    return np.sum(dot * out)


@case({"w": w, "b": 0.5}, w)
def dictparams(p, x):
    def loss(q):
        return np.sum((q["w"] * x + q["b"]) ** 2)

    g = grad(loss)(p)
    new = {k: p[k] - 0.1 * g[k] for k in p}
    return loss(new)


K = 2.5
T = np.array([1.0, 2.0, 3.0, 4.0])


def capt(x):
    return np.sum(T * x * x) * K


@case(w)
def captured(x):
    return np.sum(grad(capt)(x) ** 2)


@case(1.3)
def branch(x):
    def f(y):
        if y > 1.0:
            return y * y * x
        return y * x

    return grad(f)(x) + grad(f)(0.5 * x) * x


@case(1.3)
def wh(x):
    def f(y):
        while y < 10.0:
            y = y * y * x
        return y

    return grad(f)(x) * x


@case(w)
def stores(x):
    def f(y):
        z = np.zeros(4)
        z[0] = y[0]
        for k in range(1, 4):
            z[k] = z[k - 1] * y[k] + x[k]
        return np.sum(z * z)

    return np.sum(grad(f)(x) * x)


@case(1.3)
def aux(x):
    g, more = grad(lambda y: (y * y * x, 3.0 * y), has_aux=True)(x)
    return g * more


def helper(h, x):
    return adgen.grad(h)(x)


@case(1.3)
def passed(x):
    return helper(lambda y: y * y * x, x)


@case(1.3)
def named(x):
    return grad(cube, wrt="x")(x=x)


@case(1.3)
def inner_helper(x):
    def sq(z):
        return z * z

    return grad(lambda y: sq(y) * x)(x)


@case(1.3)
def nested_nested(x):
    return grad(lambda y: y * grad(lambda z: z * z * y * x)(y))(x)


@case(w)
def lst(x):
    gs = []
    for k in range(3):
        gs.append(grad(lambda y: y * y * x[k])(x[k]))
    return sum(gs)


@case(1.3)
def inner_helper2(x):
    k = x * x

    def sq(z):
        return z * z * k

    tw = lambda z: sq(z) + k
    return grad(lambda y: tw(y) * x)(x)


@case(1.3)
def early(x):
    def f(y):
        for k in range(4):
            if y * k > 2.0:
                return y * y * k * x
        return y

    return grad(f)(x)


@case(np.float64(1.3), 2.0)
def npfloat(x, y):
    return grad(lambda a, b: a * a * b * x, argnums=1)(x, y) + grad(lambda a: np.sum(np.array([1.0, 2.0]) * a) * y)(y)


@case(w)
def hess_vec(x):
    def f(v):
        return np.sum(v**3) * x[0]

    g = grad(lambda v: np.dot(grad(f)(v), x))
    return np.sum(g(x))


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
