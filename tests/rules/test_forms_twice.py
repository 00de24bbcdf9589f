"""Second derivatives of every function that the plan names, in all its forms: against differences of gradients."""

import importlib.util
import math
import sys

import numpy as np
import pytest

import adgen

from .test_forms import POOL, STILL, TEXTS, ZEROS, named

GROUP = 12
HEAD = """import math

import numpy as np


def one(value):
    return np.sum(np.sin(value) + 0.3 * value * value)


def several(values):
    found = 0.0
    for value in values:
        found = found + one(value)
    return found


"""


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """A function that adds up what some expressions give, bent so that all of them have second derivatives."""
    folder, made = tmp_path_factory.mktemp("twice"), []

    def function(texts):
        name = f"second_forms_of_numpy_{len(made)}"
        values = [eval(text, {"np": np, "math": math} | POOL) for text in texts]
        kinds = ["several" if isinstance(value, (tuple, list)) else "one" for value in values]
        lines = "".join(f"    + {kind}({text})\n" for kind, text in zip(kinds, texts, strict=True))
        (folder / f"{name}.py").write_text(f"{HEAD}def f({', '.join(named(texts))}):\n    return (0.0\n{lines}    )\n")
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


@pytest.mark.parametrize("first", range(0, len(TEXTS), GROUP), ids=lambda first: TEXTS[first])
@pytest.mark.filterwarnings("ignore")
def test_second_derivatives(first, make):
    texts = TEXTS[first : first + GROUP]
    judge(texts, make)


def judge(texts, make):
    names, fun, rng = named(texts), make(texts), np.random.default_rng(7)
    args = [POOL[name] for name in names]
    which = tuple(k for k, name in enumerate(names) if name not in STILL)
    dots = tuple(direction(rng, names[k]) for k in which)
    gradient = adgen.grad(fun, which)

    def moved(h):
        places = dict(zip(which, dots, strict=True))
        return gradient(*(a + h * places[k] if k in places else a for k, a in enumerate(args)))

    def central(h):
        return [(np.asarray(up) - np.asarray(down)) / (2.0 * h) for up, down in zip(moved(h), moved(-h), strict=True)]

    expected = [(4.0 * near - far) / 3.0 for near, far in zip(central(1e-4), central(2e-4), strict=True)]
    found = adgen.hvp(fun, which)(*args, dots)
    for k, one, two in zip(which, found, expected, strict=True):
        assert np.allclose(one, two, rtol=1e-4, atol=1e-5, equal_nan=True), (texts, names[k], one, two)
