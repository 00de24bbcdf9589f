"""Results that are, or hold, objects: through the public functions they have the user's classes, and derivatives.

The primal of `jvp` was a namespace and its tangent None; `vjp` took no cotangent; `__post_init__` was run again on
what it had made already, which gave other numbers.
"""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections import namedtuple
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import adgen
from adgen import trees
from adgen.errors import ArgumentError, InternalError, Refusal
from adgen.objects import of_result
from adgen.results import Owners, finish_gradient
from tests.programs.oracle import differences, direction, dot

X = np.array([0.7, 1.3])


class Pt(NamedTuple):
    x: float
    y: float


Old = namedtuple("Old", "x y")


@dataclass
class Data:
    x: float
    n: int = 3


@dataclass(frozen=True, slots=True)
class Frozen:
    p: Pt
    more: Any = None


@dataclass(kw_only=True)
class Computed:
    a: float
    twice: float = field(init=False)
    label: str = "u"

    def __post_init__(self):
        self.twice = self.a * 2


@dataclass
class Doubled:
    x: float

    def __post_init__(self):
        self.x = self.x * 2


@dataclass(frozen=True)
class Normal:
    x: float

    def __post_init__(self):
        object.__setattr__(self, "x", self.x / 2)


@dataclass
class Around:
    inner: Doubled
    made: Computed


class Plain:
    def __init__(self, r):
        self.r = r
        self.area = 3.0 * r * r


class Scaled:
    def __init__(self, k):
        self.k = k

    def __call__(self, x):
        return Pt(x[0] * self.k, x[1])

    def method(self, x):
        return Data(x[0] * self.k, 1)


def named(x):
    return Pt(x[0] * x[1], x[1] * 2)


def old(x):
    return Old(x * x[1], 2)


def data(x):
    return Data(x[0] * x[1])


def frozen(x):
    return Frozen(Pt(x[0] * x[1], 1), more=[Computed(a=x[0])])


def computed(x):
    return Computed(a=np.sin(x[0]) * x[1])


def in_tuple(x):
    return x[0], Pt(x[0] * x[1], x)


def in_lists(x):
    return [Pt(x[0] * x[1], x[1] * 2), Pt(x[0], 1.0)], {"p": Data(x[1], 2)}


def twice(x):
    p = Pt(x[0] * x[1], x[1])
    return [p, p], (p,)


def grown(x):
    out = []
    for k in range(len(x)):
        out.append(Pt(x[k] * x[0], x[k]))
    return out


def with_none(x):
    out = []
    for k in range(3):
        out.append(Data(x[0] * k, k) if k % 2 else None)
    return out


def in_dict(x):
    out = {}
    for k in range(2):
        out[str(k)] = Pt(x[k] * x[0], 2)
    return out


def chosen(x):
    if x[0] > 0.0:
        return Pt(x[0] * x[1], x[1])
    return None


def recursive(x, n=3):
    if n == 0:
        return Pt(x[0], x[1])
    q = recursive(x, n - 1)
    return Pt(q.x * x[0], q.y + q.x)


def made_here(tag):
    @dataclass
    class Local:
        a: float

        def told(self):
            return tag

    def function(x):
        return Local(x[0] * x[1])

    return function, Local


MAKERS = [named, old, data, frozen, computed, in_tuple, in_lists, twice, grown, with_none, in_dict, chosen]
MAKERS += [recursive, Scaled(2.0), Scaled(3.0).method, made_here(1)[0]]


def with_doubled(d, x):
    return Doubled(d.x * x)


def with_computed(d, x):
    return Computed(a=d.x * x * d.x)


def same_object(d, x):
    d.x = d.x * x
    return d


def around(d, x):
    return Around(d, Computed(a=x * d.x))


@dataclass
class Shifted:
    x: object

    def __post_init__(self):
        self.x = self.x + 1.0


def steps(d, x):
    e = d
    out = []
    for k in range(3):
        if x > k:
            e = Shifted(e.x * x)
        out.append(e)
    return out[0], out[2].x, e


def with_normal(d, x):
    return Normal(d.x * x), d.x


def equal(one, other):
    """Whether two structures are of the same classes and have the same leaves."""
    if type(one) is not type(other):
        return False
    parts, others = trees.parts_of(one), trees.parts_of(other)
    if parts is None or others is None:
        return np.array_equal(one, other)
    return len(parts) == len(others) and all(map(equal, parts, others))


def judged(fun, *args):
    """The public functions against the function itself and differences of it."""
    rng = np.random.default_rng(7)
    expected = fun(*copy.deepcopy(args))
    along = tuple(direction(rng, value) for value in args)
    weight = direction(rng, expected)
    numeric, steady = differences(fun, args, range(len(args)), along, weight)
    assert steady
    out, out_dot = adgen.jvp(fun, copy.deepcopy(args), along)
    assert equal(out, expected)
    assert equal(trees.tree_map(lambda leaf: None, out_dot), trees.tree_map(lambda leaf: None, weight))
    assert np.isclose(dot(out_dot, weight), numeric, rtol=1e-6)
    value, pull = adgen.vjp(fun, *copy.deepcopy(args))
    assert equal(value, expected)
    assert np.isclose(sum(map(dot, pull(weight), along)), numeric, rtol=1e-6)
    assert equal(pull(weight), pull(weight))
    rows = [trees.leaves(tree) for tree in (adgen.jacrev(fun)(*args), adgen.jacfwd(fun)(*args))]
    for one, other in zip(*rows, strict=True):
        assert (one is None and other is None) or np.allclose(one, other)
    if len(args) == 1:
        aux_is_kept(fun, args[0], expected)


def aux_is_kept(fun, x, expected):
    def loss(x):
        return np.sum(x * x), fun(x)

    (value, aux), gradient = adgen.value_and_grad(loss, has_aux=True)(x)
    assert value == np.sum(x * x) and equal(aux, expected) and np.array_equal(gradient, 2 * x)
    assert equal(adgen.grad(loss, has_aux=True)(x)[1], expected)


@pytest.mark.parametrize("fun", MAKERS, ids=lambda fun: getattr(fun, "__name__", "object"))
def test_objects_of_the_program(fun):
    judged(fun, X)


@pytest.mark.parametrize("fun", [with_doubled, with_computed, same_object, around])
def test_a_post_init_is_not_run_again(fun):
    judged(fun, Doubled(0.75), 0.7)


def test_zeros_are_not_shifted():
    judged(steps, Shifted(np.array([0.4, 0.3])), 1.7)

    def last(ds, x):
        s = 0.0
        for d in ds[1:]:
            s = s + d.x * d.x * x
        return s

    first, second = adgen.grad(last)([Shifted(1.0), Shifted(2.0)], 2.0)
    assert (first.x, second.x) == (0.0, 12.0)


def test_a_frozen_object_with_a_post_init_is_an_argument():
    def loss(d, x):
        return d.x * d.x * x

    assert adgen.grad(loss)(Normal(3.0), 2.0).x == 6.0
    assert adgen.grad(loss)(Doubled(1.0), 2.0).x == 8.0
    with pytest.raises(Refusal):
        adgen.jvp(with_normal, (Normal(3.0), 2.0), (Normal(2.0), 1.0))


def test_classes_of_one_name():
    for tag in (1, 2):
        fun, cls = made_here(tag)
        out, out_dot = adgen.jvp(fun, (X,), (X,))
        assert type(out) is type(out_dot) is cls and out_dot.told() == tag


def test_a_class_that_is_defined_anew():
    space = {}
    text = "from dataclasses import dataclass\n@dataclass\nclass Q:\n    a: float\n"
    exec(text, globals(), space)
    first = space["Q"]
    globals()["Q"] = first
    assert type(adgen.vjp(defined_anew, X)[0]) is first
    exec(text + "    b: float = 2.0\n", globals(), space)
    globals()["Q"] = space["Q"]
    out, out_dot = adgen.jvp(defined_anew, (X,), (np.ones(2),))
    assert equal(out, defined_anew(X)) and equal(out_dot, space["Q"](np.float64(1.0), 0.0))


def defined_anew(x):
    return Q(x[0])  # noqa: F821


def test_plain_objects_are_returned_but_hold_no_derivative():
    def loss(x):
        return x[0] * x[1], [Plain(x[0])]

    (_, (aux,)), _ = adgen.value_and_grad(loss, has_aux=True)(X)
    assert type(aux) is Plain and vars(aux) == vars(Plain(X[0]))
    for call in (lambda f: adgen.jvp(f, (X,), (X,)), lambda f: adgen.vjp(f, X), lambda f: adgen.jacrev(f)(X)):
        with pytest.raises(ArgumentError, match="holds a Plain, whose attribute `r` is no field"):
            call(lambda x: Plain(x[0]))


def test_cotangents_are_objects_of_the_class():
    pull = adgen.vjp(named, X)[1]
    assert np.allclose(pull(Pt(1.0, 0.5))[0], [1.3, 1.7])
    for bad in (None, (1.0, 0.5), 1.0, Old(1.0, 0.5)):
        with pytest.raises(ArgumentError, match="cotangent of the result: .* expected Pt"):
            pull(bad)


def test_derivatives_that_make_objects_are_not_differentiated_again():
    def loss(x):
        return x[0] ** 3, named(x)

    with pytest.raises(ArgumentError, match="not differentiated again"):
        adgen.jvp(adgen.grad(loss, has_aux=True), (X,), (X,))
    with pytest.raises(ArgumentError, match="not differentiated again"):
        adgen.hessian(lambda d: d.x * d.x)(Doubled(1.0))


def test_numba_takes_no_objects():
    with pytest.raises(Refusal, match="E0151"):
        adgen.jvp(named, (X,), (X,), backend="numba")


def test_another_process_reads_the_module_from_disk(tmp_path):
    (tmp_path / "points.py").write_text(
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: float\n    y: int\n"
        "def outer():\n    class L(P):\n        pass\n    return lambda x: [P(x * x, 2)]\n"
        "f = outer()\n"
    )
    code = "import adgen, points; print(adgen.jvp(points.f, (3.0,), (1.0,)))"
    paths = os.pathsep.join([str(tmp_path), os.path.dirname(os.path.dirname(adgen.__file__))])
    given = {**os.environ, "PYTHONPATH": paths, "ADGEN_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):
        told = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == "([P(x=9.0, y=2)], [P(x=6.0, y=None)])"


def test_no_derivative_is_dropped():
    with pytest.raises(InternalError, match="a defect of adgen"):
        finish_gradient(Plain(1.0), SimpleNamespace(r=1.0), Owners([]))
    with pytest.raises(InternalError, match="a defect of adgen"):
        finish_gradient([object()], [2.0], Owners([]))
    with pytest.raises(InternalError, match="without a class"):
        of_result([SimpleNamespace(x=1.0)], ["each", None], dict, "f", True)
    with pytest.raises(ArgumentError, match="a class that is not found"):
        of_result(SimpleNamespace(x=1.0), ["object:m:P", {}], dict, "f", True)
