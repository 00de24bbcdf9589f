"""Classes of captured objects, modules that a function imports itself, and first calls of a new process in threads."""

import os
import subprocess
import sys
import textwrap

import pytest

import adgen
from adgen.errors import Refusal


class Law:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return x**self.n

    def by_isinstance(self, x):
        return x * 2.0 if isinstance(self, Law) else x * 3.0

    def by_match(self, x):
        match self:
            case Law():
                return x * 2.0
            case _:
                return x * 3.0


LAW = Law(2)


def by_default(x, law=LAW):
    return x * 2.0 if isinstance(law, Law) else x * 3.0


def by_global(x):
    return x * 2.0 if isinstance(LAW, Law) else x * 3.0


def by_loop(x):
    s = 0.0
    for law in (LAW, Law(3)):
        s += x * 2.0 if isinstance(law, Law) else x * 3.0
    return s / 2.0


@pytest.mark.parametrize("fun", [LAW.by_isinstance, LAW.by_match, by_default, by_global, by_loop])
def test_the_class_of_a_captured_object_is_not_guessed(fun):
    """It was said to be of no class, and the other branch was compiled."""
    assert fun(1.0) == 2.0
    try:
        assert adgen.grad(fun)(1.0) == 2.0
    except Refusal as refusal:
        assert "E0113" in str(refusal)


def made_inside(x):
    law = Law(3)
    return x * 2.0 if isinstance(law, Law) else x * 3.0


def test_the_class_of_an_object_made_inside_is_known():
    assert adgen.grad(made_inside)(1.0) == 2.0


PLANETS = """
    import numpy as np
    GRAVITY, LIMIT, MASSES = 9.81, 4, np.array([1.0, 2.0, 3.0])

    def ends(fun, t):
        return fun(t) * LIMIT + fun(t / 2) * GRAVITY
"""
FALLS = """
    import numpy as np

    def of_a_name(t):
        from planets_of_test import GRAVITY
        return GRAVITY * t

    of_a_name.GRAVITY = 1.62

    def of_the_module(t):
        import planets_of_test as planets
        return np.sum(planets.MASSES) * planets.GRAVITY * t

    def of_a_function(t):
        from planets_of_test import ends
        return ends(lambda v: v * v, t)

    of_a_function.ends = of_a_function.LIMIT = None
"""


@pytest.fixture
def falls(tmp_path, monkeypatch):
    for name, text in (("planets_of_test", PLANETS), ("falls_of_test", FALLS)):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))
    import falls_of_test
    import planets_of_test

    yield falls_of_test, planets_of_test
    del sys.modules["falls_of_test"], sys.modules["planets_of_test"]


@pytest.mark.parametrize("name", ["of_a_name", "of_the_module", "of_a_function"])
def test_names_of_a_module_imported_inside_are_those_of_the_module(falls, name):
    """They were looked up as attributes of the function; what a function there reads is looked up in its module."""
    module, planets = falls
    fun = getattr(module, name)
    for gravity in (9.81, 1.5):
        planets.GRAVITY = gravity
        value, slope = adgen.value_and_grad(fun)(1.0)
        assert value == fun(1.0)
        assert slope == pytest.approx((fun(1.0 + 1e-6) - fun(1.0 - 1e-6)) / 2e-6)


MANY = """
    import threading
    import adgen

    def f(x):
        return x * x

    def g(x):
        return x * x * x

    barrier, errors = threading.Barrier(50), []

    def work(fun):
        barrier.wait()
        try:
            assert adgen.grad(fun)(2.0) == {f: 4.0, g: 12.0}[fun]
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=((f, g)[k % 2],)) for k in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors[0]
"""


def test_first_calls_of_a_new_process_in_threads(tmp_path):
    """black, which is compiled, was seen by a second thread before it had its names."""
    (tmp_path / "many.py").write_text(textwrap.dedent(MANY))
    for k in range(3):  # a race: it showed in two of three processes
        env = {**os.environ, "ADGEN_CACHE_DIR": str(tmp_path / f"cache{k}")}
        done = subprocess.run([sys.executable, "many.py"], cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-500:]
