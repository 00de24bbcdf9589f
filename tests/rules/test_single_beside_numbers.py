"""A float32 array beside Python's numbers: the dtype that is inferred is NumPy's.

Operators take Python's numbers as weak; functions that make arrays of their arguments (np.outer, np.append) do not.
"""

import linecache

import numpy as np
import pytest

from adgen.frontend import source
from adgen.frontend.lower import lower
from adgen.ir.types import Array
from adgen.signature import of_values

X = np.linspace(0.2, 0.9, 4, dtype=np.float32)
M = np.linspace(0.2, 0.9, 16, dtype=np.float32).reshape(4, 4)
WEAK = """x * c | x**0.5 | 2.0**x | x / 3 | 3 / x | x % 0.3 | np.maximum(x, c) | np.hypot(x, c) | np.clip(x, 0.3, c)
np.where(x > 0.4, x, c) | np.full_like(x, c) | np.sum(x, initial=c) | np.linspace(x, x + 1, 3) | np.gradient(x, c)
np.logspace(x, x + 1, 3) | np.insert(x, 1, c) | np.pad(x, 1, constant_values=c)"""
STRONG = """np.append(x, 0.5) | np.append(x, c) | np.append(c, x) | np.append(x, [c, 1.0]) | np.outer(x, c)
np.outer(c, x) | np.kron(x, c) | np.dot(x, c) | np.inner(c, x) | np.multiply.outer(x, c) | np.add.outer(c, x)
np.tensordot(x, c, 0) | np.einsum("i,->i", x, c) | np.hstack([x, c]) | np.geomspace(x[0], 1.0, 4) | np.polyfit(x, x, 1)
np.geomspace(x, x + 1, 4) | np.polyval([1.0, 2.0], x) | np.vander(x) | m @ [1.0, 2.0, 3.0, 4.0] | x.dot(c)
np.array([x[0], c]) | np.convolve(x, [c, 1.0]) | np.cross(x[:3], [1.0, 2.0, c])"""
OTHERS = "np.roots(x) | m.dot(x) | np.vdot(x, x) | np.polyval(x, x) | np.poly(x) | np.cov(m) | np.interp(x, x, x)"


def texts(lines):
    return [text for line in lines.splitlines() for text in line.split(" | ")]


def both(text):
    """The dtype that NumPy gives, and the one that is inferred."""
    code = f"import numpy as np\ndef f(x, m, c):\n    return {text}\n"
    names, path = {}, f"<{text}>"
    linecache.cache[path] = (len(code), None, code.splitlines(True), path)
    exec(compile(code, path, "exec"), names)
    fun, args = source.find(names["f"]), (X, M, 0.7)
    found = lower(fun, dict(of_values(fun.params, args).items)).block.yields[0].type
    assert isinstance(found, Array)
    return names["f"](*args).dtype, found.dtype


@pytest.mark.parametrize("text", texts(WEAK))
def test_a_weak_number(text):
    numpys, ours = both(text)
    assert numpys == np.float32 and ours == "f4"


@pytest.mark.parametrize("text", texts(STRONG))
def test_a_number_that_becomes_an_array(text):
    numpys, ours = both(text)
    assert numpys == np.float64 and ours == "f8"


@pytest.mark.parametrize("text", texts(OTHERS))
def test_arrays_of_one_precision(text):
    numpys, ours = both(text)
    assert numpys == ours
