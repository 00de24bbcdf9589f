"""Integers among what varies in a list or tuple that fills an array: their tangent was None, and became nan."""

import numpy as np
import pytest

from tests.programs import oracle
from tests.support import load

PROGRAM = """import numpy as np

def f(x, k):
    y = np.sin(x)
    {body}
    return np.sum(y * y) + np.sum(y)
"""
BODIES = """
y[:] = [x[0], k, x[1]]
y[:] = (x[0], k, 0)
y[:2] = [k, x[2]]
y[1:] = k, x[0]
y[[0, 2]] = [k, x[0]]
y[y > -9.0] = [k, x[0], 2]
y[:2] += [k, x[2]]
y *= [k, x[0], 1]
y = np.array([[x[0], k, 1], [k, x[1], 2.0]])[0]
m = np.zeros((2, 3)); m[:] = [[x[0], k, 1], [k, x[1], 2.0]]; y = m[1] * m[0]
np.put(y, [0, 1], [k, x[0]])
np.copyto(y, [k, x[0], 1])
""".strip().splitlines()


@pytest.mark.parametrize("body", BODIES)
def test_filled_with(body, tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(body=body.replace("; ", "\n    ")), encoding="utf-8")
    fun = load(path, f"displays_{tmp_path.name}").f
    assert oracle.check(fun, (np.array([0.3, 0.7, 0.9]), 2)).disagreed == 0
