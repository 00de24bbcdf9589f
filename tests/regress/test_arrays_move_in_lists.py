"""Lists of arrays whose elements move: insert, pop(0), reverse, clear, del; arrays that change in place stay put."""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import oracle
from tests.programs.cases import collection

X = np.array([0.7, 1.3, 0.4, 0.9])
CASES, case = collection()


@case(X)
def inserted_and_reversed(x):
    r = [x * x[0], np.sin(x)]
    r.insert(0, x * r[1])
    r.reverse()
    r.insert(1, r[0])
    return sum((k + 1) * np.sum(v * v) * v[k % 4] for k, v in enumerate(r))


@case(X)
def queue(x):
    q, s = [x * x[k] for k in range(3)], 0.0
    for k in range(4):
        t = q.pop(0)
        s += np.sum(t) * t[1]
        q.append(t * q[0])
        if s > 5.0:
            break
    del q[1]
    return s + np.sum(q[0] * q[1])


class Net:
    def __init__(self, layers):
        self.layers, self.acts = layers, []

    def __call__(self, x):
        self.acts.clear()
        for w, b in self.layers:
            x = np.tanh(w @ x + b)
            self.acts.append(x)
        return x


@case(X)
def activations_cleared_in_each_call(x):
    w = np.outer(x[:2], x[2:])
    net = Net([(w, x[:2]), (w.T * 2.0, x[1:3])])
    out = net(x[:2]) + net(x[2:])
    return np.sum(out) * sum(np.sum(a * a) for a in net.acts)


@case(X)
def in_a_branch_and_in_a_callee(x):
    def put(items, v):
        items.insert(0, v)
        items.reverse()

    r = [x, x * x]
    if x[0] > 0.5:
        put(r, np.cos(x))
    else:
        del r[0]
    while len(r) > 1:
        x = x + r.pop(0) * r[0]
    return np.sum(x * r[0])


@pytest.mark.parametrize("fun, args", CASES, ids=[fun.__name__ for fun, _ in CASES])
def test_derivatives(fun, args):
    oracle.check(fun, args, directions=1)


def test_arrays_that_change_in_place_stay_put():
    def moved(x):
        r = [x * 1.0, x * x]
        r[0][1] = x[0]
        r.insert(0, x * 2.0)
        return np.sum(r[1] * r[2])

    with pytest.raises(Refusal) as caught:
        oracle.check(moved, (X,))
    assert "moves arrays inside a list" in str(caught.value)
