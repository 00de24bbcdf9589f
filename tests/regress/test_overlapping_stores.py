"""Stores whose right-hand side is a part of the memory they write.

NumPy copies some of them element by element and reads what it has written (lines of different strides, boolean masks,
`.flat`, np.place, `out=` of np.concatenate): such a program is refused.  Others are right in the program and were
wrong in forward mode, where `m[:, 2] = m[1] + 1.0` had become `m_dot[:, 2] = m_dot[1]`.
"""

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs import oracle
from tests.support import load

PROGRAM = """import numpy as np

def f(x):
    z = np.sin(x)
    m = np.outer(x, z)
    {body}
    return np.sum(z * z * x) + np.sum(m * m * x)
"""
X = np.array([0.3, 0.72, 1.1, 0.5, 1.3, 1.7])

REFUSED = """
z[::2] = z[:3]
z[3:] = z[::2]
z[::2] = z[:3] if x[0] > 0.1 else z[1:4]
z[::2], z[1::2] = z[:3], z[3:]
z[::2] = np.real(z[:3])
z[::2] = np.asarray(z[:3])
np.copyto(z[::2], z[:3])
np.copyto(z[::2], z[:3], where=z[:3] > 0.6)
z.flat[::2] = z[:3]
z.flat = z[::-1]
z[z > 0.6] = z[2:]
np.place(z, z > 0.6, z[::-1])
np.fill_diagonal(m, m[1, ::-1])
np.concatenate([z[1:3], z[:1]], out=z[0:3])
np.concatenate([m[1], m[0]], out=m[:2].reshape(-1))
np.stack([m[1], m[0]], out=m[:2])
np.ptp(m, axis=0, out=m[1])
m[:, 2] = m[1]
m[2] = m[:, 1]
m[2, 1:4] = m[2:5, 2]
m[1] = m.T[2]
m.T[2] = m[1]
m[:, 3] = m.ravel()[::7]
m[1, ::2] = m[1, :3]
v = m[0]; m[:, 1] = v
v = m[0] if x[0] > 0.1 else m[1]; m[:, 2] = v
w = [m[0], m[1]]; m[:, 3] = w[1]
for r in m: m[:, 1] = r
for i in range(6): m[:, i] = m[i, ::-1][::-1]
m = m[:5]; m[-2, :5] = m[:, -2]
m = m[:5]; m[-2, :-1] = m[:, -2]
m = m[:5]; m[-2, :4] = m[:4, -2]
for k in range(-3, -1): m[k, :5] = m[:5, k]
"""

RIGHT = """
z[::2] = z[:3] + 1.0
z[::2] = z[:3].copy()
z[::2] = 1.0 * z[:3]
z[::2] = -(-z[:3])
z[::2] = np.flip(z[:3])
z[:] = np.flip(z)
z[:] = z[::-1]
z[1:] = z[:-1]
z[:-1] = z[1:]
z[:3] = z[::2]
z[:3] = z[1::2]
z[::2] = z[1::2]
z[::2] = np.where(x[0] > 0.1, z[:3], z[1:4])
z[::2], z[1] = z[:3] + 1.0, 2.0
z[:3], z[3:] = z[3:], z[:3]
z[::2] = np.broadcast_to(z[1], 3)
z[::2] = list(z[:3])
z.flat = z[::-1] + 0.5
z.flat[1:4] = z[:3] * 1.0
z[z > 0.5] = z[2:] + 1.0
z[[0, 2, 4]] = z[:3]
z[::2] += z[:3]
a = z[::2]; a[...] = z[:3] + 1.0
np.add(z[:3], 1.0, out=z[::2])
np.copyto(z[::2], z[:3] + 1.0, where=z[:3] > 0.6)
np.copyto(z[1:], z[:-1], where=z[1:] > 0.6)
np.place(z, z > 0.5, z[::-1] * 2.0)
np.putmask(z, z > 0.5, z[::-1])
np.put(z, [0, 2, 4], z[:3])
np.multiply.at(z, [1, 2, 3], z[:3])
np.divide.at(z, [1, 2, 1], z[:3])
np.maximum.at(z, [1, 2, 1], z[:3])
np.multiply.at(m, [0, 1, 1], m[1:4])
np.fill_diagonal(m, m[1] + 1.0)
np.max(m, axis=0, out=m[1])
np.matmul(m, m, out=m)
m[:, 2] = m[1] + 1.0
m[1] = m[:, 4] * 1.0
m[2] = m[:, 2]
m[-2] = m[:, -2]
m[2, :4] = m[:4, 2]
for k in range(6): m[k, :k] = m[:k, k]
m[2, 3:] = m[3:, 2]
m[2, 2:] = m[2:, 2]
m.T[0] = m[:, 1]
m[:, :] = m.T
m[0] = m[0, ::-1]
m[1, :3] = m[1, 1::2]
m[1, ::2] = m[2, :3]
m[...] = m[0]
m[[0, 1]] = m[1:3]
m.swapaxes(0, 1)[2] = m[1][[0, 1, 2, 3, 0, 1]]
for i in range(6): m[:, i] = m[i]
for i in range(5): m[i, i + 1:] = m[i + 1:, i]
for i in range(5): m[i + 1:, i] = m[i, i + 1:]
for i in range(5): m[i + 1:, i] = m[i, i + 1:] * 1.0
for i in range(5): m[i, i:] = m[i:, i] + z[i:]
"""


def program(folder, statement):
    """The function with this statement in its body."""
    path = folder / "program.py"
    path.write_text(PROGRAM.format(body=statement.replace("; ", "\n    ")), encoding="utf-8")
    return load(path, f"overlapping_{folder.name}").f


@pytest.mark.parametrize("statement", REFUSED.strip().splitlines())
def test_what_numpy_reads_after_it_wrote_it_is_refused(statement, tmp_path):
    fun = program(tmp_path, statement)
    for mode in (adgen.grad(fun), lambda x: adgen.jvp(fun, (x,), (x,))):
        with pytest.raises(Refusal) as caught:
            mode(X)
        assert caught.value.diagnostics[0].code == "E0130"


@pytest.mark.parametrize("statement", RIGHT.strip().splitlines())
def test_the_others_are_right_in_all_modes(statement, tmp_path):
    assert oracle.check(program(tmp_path, statement), (X,)).disagreed == 0
