"""Every function that the plan names, with its keyword forms: both modes against differences of NumPy itself."""

import ast
import importlib.util
import sys

import numpy as np
import pytest

import adgen
from adgen.trees import leaves, tree_map
from tests.programs.oracle import Made

from .forms import FORMS, REFUSED, REFUSED_IN_REVERSE

TEXTS = [text for line in FORMS.strip().split("\n") for text in line.split(" | ")]
GROUP = 12
STILL = ("k5", "k34", "k34x")  # masks
ZEROS = ("tz",)  # where a number is zero it stays so


def pool():
    """What the names stand for."""
    rng = np.random.default_rng(3)
    shapes = {"v3": (3,), "p3": (3,), "v4": (4,), "m": (3, 4), "t": (2, 3, 4), "m33": (3, 3), "tall": (4, 3)}
    shapes |= {"one14": (1, 4), "one41": (4, 1), "tstack": (2, 4, 3), "ts": (3, 4, 3, 4)}
    found = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    found |= {f"q{n}": np.abs(rng.standard_normal(n)) + 0.4 for n in (3, 4, 5)}
    found |= {"v5": np.array([0.31, -0.72, 1.13, -1.41, 0.84]), "xs5": np.array([-1.5, -0.4, 0.3, 1.1, 2.0]), "s": 0.37}
    found |= {"tz": np.array([0.0, 0.0, 1.5, 0.0, 2.5, 0.0]), "zeros4": np.array([1.0, 0.0, 2.0, 3.0])}
    found |= {"k5": np.array([True, False, True, True, False]), "k34": found["m"] > -0.3}
    found["k34x"] = np.array([[1, 1, 0, 1], [1, 0, 1, 1], [1, 1, 1, 0]], bool)
    found["mn"] = np.where(np.arange(12).reshape(3, 4) % 5 == 1, np.nan, found["m"])
    found["spd"] = found["m33"] @ found["m33"].T + np.diag([1.0, 2.0, 3.0])
    found["spds"] = np.stack([found["spd"], found["spd"] @ found["spd"] + np.eye(3)])
    skew = rng.standard_normal((3, 3))
    return found | {"skew": skew - skew.T}


POOL = pool()


def named(texts):
    """The names of the pool that some expressions read."""
    found = [node.id for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    return [name for name in dict.fromkeys(found) if name in POOL]


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Functions of some expressions: each gives a tuple of their values."""
    folder, made = tmp_path_factory.mktemp("forms"), []

    def function(texts):
        name = f"forms_of_numpy_{len(made)}"
        head = f"import math\n\nimport numpy as np\n\n\ndef f({', '.join(named(texts))}):\n    return (\n"
        (folder / f"{name}.py").write_text(head + "".join(f"        {text},\n" for text in texts) + "    )\n")
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        made.append(name)
        spec.loader.exec_module(module)
        return module.f

    yield function
    for name in made:
        del sys.modules[name]


def direction(rng, name):
    value = POOL[name]
    drawn = rng.uniform(-1.0, 1.0, np.shape(value)) * (name not in ZEROS or value != 0.0)
    return drawn if np.ndim(value) else float(drawn)


def difference(fun, args, dots):
    """The tangents of all results, by differences of two widths."""

    def central(h):
        ends = [leaves(fun(*(a if d is None else a + s * h * d for a, d in zip(args, dots)))) for s in (1.0, -1.0)]
        return [(np.asarray(up) * 1.0 - np.asarray(down)) / (2.0 * h) for up, down in zip(*ends, strict=True)]

    return [(4.0 * near - far) / 3.0 for near, far in zip(central(1e-4), central(2e-4), strict=True)]


def smooth(value):
    return np.asarray(value).dtype.kind in "fc"


@pytest.mark.parametrize("first", range(0, len(TEXTS), GROUP), ids=lambda first: TEXTS[first])
@pytest.mark.filterwarnings("ignore")
def test_forms(first, make):
    texts = TEXTS[first : first + GROUP]
    names, fun, rng = named(texts), make(texts), np.random.default_rng(first)
    args = [POOL[name] for name in names]
    dots = [None if name in STILL else direction(rng, name) for name in names]
    wrt = tuple(name for name, dot in zip(names, dots, strict=True) if dot is not None)
    given = [dot for dot in dots if dot is not None]
    out, out_dot = Made(fun, args, "jvp", wrt, "off")(*args, *given)
    for one, two in zip(leaves(out), leaves(fun(*args)), strict=True):
        assert np.array_equal(one, two, equal_nan=True)
    found = [dot for dot, y in zip(out_dot, out, strict=True) for dot in (leaves(dot) or [None] * len(leaves(y)))]
    expected = difference(fun, args, dots)
    owners = [text for text, y in zip(texts, out, strict=True) for _ in leaves(y)]
    for text, one, two in zip(owners, found, expected, strict=True):
        one = np.zeros(np.shape(two)) if one is None else one
        assert np.allclose(one, two, rtol=1e-5, atol=1e-6, equal_nan=True), (text, one, two)
    bars = tree_map(lambda y: rng.uniform(-1.0, 1.0, np.shape(y)) if smooth(y) else None, out)
    _, pull = Made(fun, args, "vjp", wrt, "off")(*args)
    grads = pull(bars)
    weights = [np.asarray(bar) for bar in leaves(bars)]
    products = [float(np.nansum(np.real(np.asarray(dot) * bar))) for dot, bar in zip(found, weights, strict=True)]
    total = sum(float(np.nansum(np.asarray(g) * d)) for g, d in zip(grads, given, strict=True))
    assert np.isclose(total, sum(products), rtol=1e-9, atol=1e-9), texts


WHY = [(mode, *pair) for mode, pairs in (("jvp", REFUSED), ("vjp", REFUSED_IN_REVERSE)) for pair in pairs]


@pytest.mark.parametrize(("mode", "text", "why"), WHY)
def test_refusals_say_why(mode, text, why, make):
    names = named([text])
    with pytest.raises(adgen.AdgenError) as refusal:
        Made(make([text]), [POOL[name] for name in names], mode, tuple(n for n in names if n not in STILL), "off")
    assert why in str(refusal.value) and "help:" in str(refusal.value)
