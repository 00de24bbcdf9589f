"""Defects found by using the interface: stale defaults, pullbacks that saw later writes, results of unsure rank."""

import functools
from dataclasses import dataclass

import numpy as np
import pytest

import adgen
from adgen import trees
from adgen.errors import ArgumentError, Refusal

V = np.array([0.6, 0.9, 1.2, 0.7])
A = np.arange(1.0, 13.0).reshape(3, 4) / 7.0


@dataclass
class Pair:
    w: np.ndarray
    b: np.ndarray


def product_of_list(p):
    h = 1.0
    for w in p:
        h = h * np.sin(w)
    return h


def layers(ps, x):
    h = x
    for p in ps:
        h = np.tanh(h * p["w"] + p["b"])
    return h


def history(x):
    xs = [x]
    for _ in range(3):
        xs.append(np.sin(xs[-1]) * xs[-1])
    return xs


def view_or_new(x):
    if np.sum(x) > 0.0:
        y = x[1:]
    else:
        y = x[:-1] * x[1:]
    return y * y


def squares(x):
    y = x
    for _ in range(3):
        y = y * y
    return y


def view_of_local(x):
    y = np.exp(x)
    return y[1:]


PULLED = {
    "slices": (lambda x: x[1:] * x[:-1], (V,)),
    "transposed": (lambda a: a.T @ a, (A,)),
    "reshaped": (lambda a: a.reshape(-1) * a.ravel(), (A,)),
    "broadcast": (lambda x: np.broadcast_to(x, (3, 4)) ** 2, (V,)),
    "rank 0": (lambda x: x * x, (np.array(2.0),)),
    "dict": (lambda p: p["a"] * p["b"], ({"a": V, "b": V + 1.0},)),
    "tuple": (lambda p: p[0] / p[1], ((V, V + 1.0),)),
    "list": (product_of_list, ([V, V + 1.0],)),
    "list of dicts": (layers, ([{"w": V, "b": V}, {"w": V, "b": V}], V)),
    "dataclass": (lambda p: p.w * p.b, (Pair(V, V + 1.0),)),
    "list of results": (history, (V,)),
    "branch": (view_or_new, (V,)),
    "carried": (squares, (V,)),
    "result is a view": (view_of_local, (V,)),
    "result is transposed": (lambda a: np.exp(a).T, (A,)),
    "result in a dict": (lambda x: {"e": np.exp(x)}, (V,)),
    "result in a tuple": (lambda x: (np.exp(x), 2.0), (V,)),
    "result itself": (lambda x: np.exp(x), (V,)),
}


def spoil(tree):
    for leaf in trees.leaves(tree):
        if isinstance(leaf, np.ndarray) and leaf.flags.writeable:
            leaf[...] = -77.0
    empty(tree)


def empty(tree):
    if isinstance(tree, tuple):
        for part in tree:
            empty(part)
    elif isinstance(tree, (list, dict)):
        tree.clear()


@pytest.mark.parametrize("name", PULLED)
@pytest.mark.parametrize("spoiled", ["arguments", "result"])
def test_a_pullback_does_not_see_what_is_written_later(name, spoiled):
    fun, given = PULLED[name]
    args = trees.tree_map(np.copy, given)
    out, pullback = adgen.vjp(fun, *args)
    ones = trees.tree_map(lambda leaf: trees.like_leaf(leaf, np.ones(np.shape(leaf))), out)
    expected = trees.leaves(pullback(ones))
    spoil(args if spoiled == "arguments" else out)
    for got, before in zip(trees.leaves(pullback(ones)), expected, strict=True):
        np.testing.assert_array_equal(got, before)


def test_pullbacks_and_jacobians_of_dataclasses_give_dataclasses():
    (gradient,) = adgen.vjp(lambda p: p.w * p.b, Pair(V, V + 1.0))[1](np.ones(4))
    assert isinstance(gradient, Pair)
    np.testing.assert_allclose(gradient.w, V + 1.0)
    np.testing.assert_allclose(adgen.jacrev(lambda p: p.w * p.b)(Pair(V, V + 1.0)).b, np.diag(V))


class Held:
    def method(self, x, k=1.0):
        return x * k


def test_new_defaults_are_used():
    def f(x, k=1.0, *, c=1.0):
        return x * k * c

    held = Held()
    made = [adgen.grad(f), adgen.grad(functools.partial(f)), adgen.jacobian(f), adgen.jacfwd(f)]
    method = adgen.grad(held.method)
    assert [g(3.0) for g in made] == [1.0] * 4 and method(3.0) == 1.0
    f.__defaults__, f.__kwdefaults__ = (7.0,), {"c": 2.0}
    Held.method.__defaults__ = (5.0,)
    assert [g(3.0) for g in made] == [14.0] * 4 and method(3.0) == 5.0
    f.__kwdefaults__["c"] = 3.0
    assert [g(3.0) for g in made] == [21.0] * 4
    assert adgen.vjp(f, 3.0)[1](1.0) == (21.0,)


def test_new_code_has_its_own_parameters():
    def f(x):
        return x * x

    def other(a, b):
        return a * b

    slope = adgen.grad(f)
    assert slope(3.0) == 6.0
    f.__code__ = other.__code__
    assert slope(3.0, 5.0) == 5.0


def test_parameters_are_those_of_the_function_that_runs():
    def wrapped(x):
        return x

    @functools.wraps(wrapped)
    def other(y, k=3.0):
        return k * y

    assert adgen.grad(other, argnums=(0, 1))(2.0, k=5.0) == (5.0, 2.0)


@pytest.mark.parametrize("argnums", [1.0, {0, 1}, "x", (0, "x"), np.array([0, 1]), True])
def test_argnums_that_are_no_positions(argnums):
    with pytest.raises(ArgumentError, match="is no position"):
        adgen.grad(lambda x, y: x * y, argnums)
    with pytest.raises(ArgumentError, match="is no position"):
        adgen.compile(lambda x, y: x * y, argnums=argnums)


def test_argnums_of_numpy_and_names_that_are_none():
    assert adgen.grad(lambda x, y: x * y, np.int64(1))(2.0, 3.0) == 2.0
    for wrt in (0, {"x"}, ("x", 0)):
        with pytest.raises(ArgumentError, match="is no name"):
            adgen.grad(lambda x: x, wrt=wrt)


@pytest.mark.parametrize("fun", [lambda x: (np.sum(x), x, x), lambda x: np.sum(x), lambda x: {"a": np.sum(x), "b": x}])
def test_has_aux_needs_a_pair(fun):
    for transform in (adgen.grad, adgen.value_and_grad):
        with pytest.raises(Refusal, match="E0140.*has_aux means"):
            transform(fun, has_aux=True)(V)


def unsure(x):
    if np.sum(x) > 2.0:
        return x * x
    return np.sum(x * x)


def unsure_with_aux(x):
    if np.sum(x) > 2.0:
        return x * x, x
    return np.sum(x * x), x


def test_a_result_of_unsure_rank_is_looked_at():
    transforms = [adgen.grad(unsure), adgen.value_and_grad(unsure), adgen.hessian(unsure)]
    for derivative in (*transforms, adgen.grad(unsure_with_aux, has_aux=True)):
        derivative(0.1 * V)
        with pytest.raises(TypeError, match="returned an array; a gradient needs one real number"):
            derivative(V)
    np.testing.assert_allclose(adgen.grad(unsure)(0.1 * V), 0.2 * V)


def test_hvp_without_its_vector_says_what_it_took():
    with pytest.raises(ArgumentError, match="the last positional argument is taken for the vector"):
        adgen.hvp(lambda x: np.sum(x * x))(V)


def test_check_grads_of_half_an_order():
    with pytest.raises(ArgumentError, match="order at least 1"):
        adgen.check_grads(lambda x: x, (1.3,), order=1.5)
