"""What the text for Numba cannot say is refused with its line: helpers for values of any kind (was: ValueError)."""

import sys

import numpy as np
import pytest

import adgen
from adgen import signature
from adgen.backend.format import format_text
from adgen.errors import AdgenError, Refusal
from adgen.frontend import source
from adgen.pipeline import Request, generate
from tests.fuzz.judge import Oracles
from tests.programs.oracle import check

M = np.arange(1.0, 5.0).reshape(2, 2)


def swapped(a, m):
    rows = [[a, 0.3], [a, m[-1, -2]]]
    rows[0], rows[1] = rows[1], rows[0]
    return a * np.sin(rows[0][0]) + np.sum(m**2)


def test_a_helper_without_a_compiled_form_is_refused_with_its_line():
    check(swapped, (0.7, M))
    with pytest.raises(Refusal) as caught:
        adgen.grad(swapped, backend="numba")(0.7, M)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "E0151" and "`_copy`" in diagnostic.why
    start = swapped.__code__.co_firstlineno
    assert diagnostic.place is not None and diagnostic.place.line in range(start, start + 4)


def whole(z):
    y = z.copy()
    v = y[()]
    u = z[()] * y[..., :] * y[:, ...]
    v[0] = np.sin(z[1])
    return np.sum(y[()] * z) + np.sum(z[()] * u)


def test_an_index_that_takes_everything():
    check(whole, (np.array([0.3, -0.8, 1.2]),))


def test_formatting_without_black_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "black", None)
    with pytest.raises(AdgenError, match="black, which formats what is made, is missing"):
        format_text("x = 1")


def rows_of_either(a, x):
    rows = [(x[0], a), (x[1], a * a)] if a > 9.0 else [(a, x[2])]
    return sum(p * q for p, q in rows)


def test_tuples_in_lists_are_not_joined_where_they_are_added():
    found = source.find(rows_of_either)
    known = signature.of_values(found.params, (0.4, np.ones(3)))
    with pytest.raises(Refusal, match="joins them"):
        generate(found, dict(known.items), Request("grad", ("a",), backend="numba"), formatted=False)


def gathered(x, z, idx):
    y = x * 1.0
    y += y[idx]
    y[idx] += z * y[0]
    np.add.at(y, idx, y * z[1])
    return np.sum(y * z)


def test_increments_at_indices_of_what_they_add_up():
    """`y += y[idx]`: for Numba the adjoint's loop read what it had added to (a wrong number)."""
    args = (np.array([0.3, 0.5, 0.7, 0.2]), np.array([0.8, 0.9, 0.7, 0.3]), np.array([1, 2, 1, 3]))
    oracles = Oracles(gathered, args, modes=("value_and_grad",))
    oracles.run()
    oracles.compiled("value_and_grad")


def of_one(x, z, idx):
    y = x * z
    np.add.at(y, idx, y[0])
    np.add.at(y, idx % 4, y[1] * z[1])
    c = idx.copy()
    np.add.at(c, c % 4, c)
    np.add.at(c, c % 4, c[0])
    return np.sum(y * y * z) + np.sum(x[c % 4] * z)


def test_increments_by_a_number_that_they_change():
    """`np.add.at(y, idx, y[0])`: for Numba the loop read `y[0]` anew each time (a wrong number)."""
    args = (np.array([0.3, 0.5, 0.7, 0.2]), np.array([0.8, 0.9, 0.7, 0.3]), np.array([1, 0, 0, 3]))
    oracles = Oracles(of_one, args, modes=("value_and_grad",))
    oracles.run()
    oracles.compiled("value_and_grad")
