"""Calls of NumPy whose gradients were wrong, of the wrong shape or dtype, or crashed; each in the form that did so."""

import importlib.util
import re
import sys

import numpy as np
import pytest

from tests.programs import oracle

V = np.array([0.3, -0.8, 1.2, 0.7, -0.4])
M = np.array([[0.4, -1.1, 0.7, 0.2], [1.3, 0.5, -0.6, 0.9], [-0.2, 0.8, 0.1, -1.4]])
S = np.float32(0.7)

FORMS = [
    ("np.positive(s)", {"s": S}),  # a gradient of 1.0 for a float32
    ("s * 1.0", {"s": S}),
    ("v.compress([True, False, True, True, False])", {"v": V}),  # no gradient at all: the array comes first there
    ("v[:1].item()", {"v": V}),
    ("np.expand_dims(m, 0).transpose((1, 0, 2))", {"m": M}),
    ("np.any(v > 0.0) * v", {"v": V}),
    ("np.sum(np.cos(k * v))", {"k": np.uint8(3), "v": V}),  # -k * v wraps
    ("np.sum(np.cos(k * v))", {"k": np.bool_(True), "v": V}),
    ("np.sum(np.sin(v) / k) - np.sum(k * v)", {"k": np.int64(3), "v": V}),  # a rewrite gave up half way
    ("np.cross([v[0], v[1]], [v[2], v[3]])", {"v": V}),
    ("np.cross(np.stack([v, v * v], axis=1), [v[2], v[3]])", {"v": V}),
    ("np.cross([v[0], v[1]], [v[2], v[3], v[4]])", {"v": V}),
    ("np.delete(v, slice(1, 4)) * np.delete(m, slice(0, 2), 1)[0, 0]", {"v": V, "m": M}),
    ("m.reshape(4, 3, order='F') @ m", {"m": M}),
    ("np.split(v, [3, 1])[2]", {"v": V}),
]

# lists among the arrays of a sequence: a crash of the compiler
LISTS = """np.concatenate((v, [1.0])) | np.concatenate(([s, 2.0 * s], v)) | np.concatenate((v, (1, 2), v))
np.concatenate((m, [[1.0, s, 2.0, s]])) | np.hstack((s, v, [s])) | np.vstack(([1, 2, 3, 4], m))
np.stack((v[:3], [s, 1.0, s]))
np.column_stack((v[:3], [s, 1.0, s])) | np.concatenate([[x * x for x in v], v])
np.einsum("i,i->", v[:3], [1.0, s, 2.0])
np.meshgrid(v, [s, 1.0])[1] | np.broadcast_arrays(m, [s, 1.0, 2.0, 3.0])[1] | np.select([v > 0.0], [[s, 1, 2, 3, s]], v)
np.choose([0, 1, 0], [v[:3], [s, 1.0, 2.0]])"""
# arguments of methods
METHODS = """v.item(2) | m.item(1, 2) | m.item((1, 2)) | m.item(5) | m.item(-1) * s | v.astype(float, copy=False) * s
v.astype("f8", copy=True) | np.atleast_1d(s, v)[1] * np.atleast_2d(v, s)[1]"""
POOL = {"v": V, "m": M, "s": 0.7}


def forms(texts):
    """The expressions of some lines, with what they name."""
    found = [text for line in texts.splitlines() for text in line.split(" | ")]
    return [(text, {name: value for name, value in POOL.items() if re.search(rf"\b{name}\b", text)}) for text in found]


FORMS += forms(LISTS) + forms(METHODS)

CALLBACKS = [
    ("np.piecewise(v, [v < 0.0, v > 1.0], [lambda a: -a, 0.5, np.sin])", {"v": V}),
    ("np.piecewise(m, [m < 0.0], [lambda a, c: a * c, lambda a, c: c - a], v[0])", {"m": M, "v": V}),
    ("np.piecewise(s, [s < 0.0], [lambda a: -a, lambda a: a * a])", {"s": 0.7}),
    ("np.apply_along_axis(lambda row: np.sum(row * row), 0, m)", {"m": M}),
    ("np.apply_along_axis(np.cumsum, 1, np.stack((m, m * m)))", {"m": M}),
    ("np.apply_over_axes(np.sum, np.stack((m, m * m)), (0, -1))", {"m": M}),
    ("np.fromfunction(lambda i, j: np.sin(i * v[0] + j), (3, 4))", {"v": V}),
]
FORMS += CALLBACKS


@pytest.fixture(scope="module")
def functions(tmp_path_factory):
    """The expressions as functions of a module."""
    file = tmp_path_factory.mktemp("forms") / "numpy_forms.py"
    defs = [f"def f{k}({', '.join(names)}):\n    return {text}\n" for k, (text, names) in enumerate(FORMS)]
    file.write_text("import numpy as np\n\n\n" + "\n\n".join(defs))
    spec = importlib.util.spec_from_file_location("numpy_forms", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["numpy_forms"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["numpy_forms"]


@pytest.mark.parametrize("number", range(len(FORMS)), ids=[text for text, _ in FORMS])
def test_form(functions, number):
    checked = oracle.check(getattr(functions, f"f{number}"), tuple(FORMS[number][1].values()), directions=1)
    assert checked.texts


def cross(a, b):
    return np.cross(a, b)


def test_vectors_of_two_entries_are_told_from_those_of_three():
    """Where sizes are not known, the program checks."""
    made = oracle.Made(cross, (np.ones(3), np.ones((2, 3))), "vjp", ("a", "b"))
    with pytest.raises(AssertionError, match="three entries"):
        made(np.ones(2), np.ones((5, 2)))
    out, pull = made(np.array([1.0, 2.0, 3.0]), np.ones((2, 3)))
    assert pull(np.ones_like(out))[0].shape == (3,)
