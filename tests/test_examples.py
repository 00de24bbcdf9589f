"""Every example runs, and what it prints is true."""

import re
import subprocess
import sys

import numpy as np
import pytest

from tests import support
from tests.support import EXAMPLES, ROOT


def run(path):
    done = subprocess.run(
        [sys.executable, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**support.os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.name != "digits.py"], ids=lambda path: path.stem)
def test_example_runs_and_prints(path):
    output = run(path)
    assert output.strip()
    assert "nan" not in output


def test_every_example_says_what_it_shows_and_has_inputs():
    assert len(EXAMPLES) >= 15
    for path in EXAMPLES:
        module = support.load(path)
        assert module.__doc__ and len(module.__doc__) > 40, path
        a, b = module.inputs(0), module.inputs(0)
        assert a.keys() == b.keys() and repr(a) == repr(b), f"{path}: inputs(seed) is not deterministic"


def numbers(line):
    return [float(word) for word in re.findall(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?", line)]


def test_newton_slope_is_the_analytic_one():
    for line in run(ROOT / "examples" / "newton.py").splitlines()[1:]:
        _, _, slope, expected = numbers(line)
        assert slope == pytest.approx(expected, abs=1e-8)


def test_black_scholes_simulation_agrees_with_the_formula():
    for line in run(ROOT / "examples" / "black_scholes.py").splitlines()[1:]:
        exact, simulated = numbers(line)
        assert simulated == pytest.approx(exact, rel=0.01)


def test_lotka_volterra_finds_the_rates_back():
    lines = run(ROOT / "examples" / "lotka_volterra.py").splitlines()
    fitted = next(numbers(line) for line in lines if line.startswith("fitted"))
    assert fitted[0] < 1e-10
    assert fitted[1:] == pytest.approx([1.1, 0.4, 0.4, 0.1], rel=1e-3)


def test_mixture_finds_the_three_clouds():
    lines = run(ROOT / "examples" / "mixture.py").splitlines()
    likelihoods = [numbers(line)[-1] for line in lines if line.startswith("step")]
    assert likelihoods == sorted(likelihoods)
    shares = [numbers(line)[-1] for line in lines if line.startswith("cloud")]
    np.testing.assert_allclose(shares, [50, 30, 20], atol=5)


def test_logistic_regression_converges_with_scipy():
    output = run(ROOT / "examples" / "logistic.py")
    assert "CONVERGENCE" in output
    assert numbers(output.splitlines()[-1])[-1] > 95.0
