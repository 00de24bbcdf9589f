"""Functions that return views in a list or tuple, or a view of another argument than their first one.

What is read from them after a write to the array is what the array has become.  It had been what it was: silently wrong
values and gradients.  adgen refuses such a write; without one, all is well.
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
    return np.sum(v * v) + np.sum(m * m * x) + np.sum(z * z * x)
"""
X = np.array([0.3, 0.72, 1.1, 0.5, 1.3, 1.7])
VIEWS = """
np.split(m, 2)[1]
np.vsplit(m, 2)[0]
np.hsplit(m, 2)[0]
np.array_split(z, 2)[1]
np.unstack(m)[1]
np.meshgrid(z, z, copy=False)[0][0]
np.ix_(z, z)[0][:, 0]
np.broadcast_arrays(z, m)[0][0]
np.einsum("ij->ji", m)
np.einsum("ii->i", m)
np.einsum("i->i", z)
""".strip().splitlines()
FRESH = """
np.meshgrid(z, z)[0][0]
np.einsum("ij,j->i", m, z)
z.astype(float)
np.histogram(z, bins=3)[1]
""".strip().splitlines()


def program(folder, *lines):
    """The function with these lines in its body."""
    path = folder / "program.py"
    path.write_text(PROGRAM.format(body="\n    ".join(lines)), encoding="utf-8")
    return load(path, f"views_{folder.name}").f


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "write", ["z[1] = z[1] * x[0]; m *= 1.5", "for k in range(2): z[k] = z[k] * x[1]; m[k] *= x[k]"]
)
def test_a_write_to_the_array_behind_a_view_is_refused(view, write, tmp_path):
    fun = program(tmp_path, f"v = {view}", write)
    for mode in (adgen.grad(fun), lambda x: adgen.jvp(fun, (x,), (x,))):
        with pytest.raises(Refusal) as caught:
            mode(X)
        assert caught.value.diagnostics[0].code == "E0120"


@pytest.mark.parametrize("view", [*VIEWS, *FRESH])
def test_views_that_nobody_writes_to(view, tmp_path):
    assert oracle.check(program(tmp_path, "m[0] *= 2.0", "z[0] = x[1]", f"v = {view}"), (X,)).disagreed == 0


@pytest.mark.parametrize("new", FRESH)
def test_new_arrays_stay_as_they_are(new, tmp_path):
    fun = program(tmp_path, f"v = {new}", "z[1] = z[1] * x[0]", "m *= 1.5")
    assert oracle.check(fun, (X,)).disagreed == 0
