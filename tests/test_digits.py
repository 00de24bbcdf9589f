"""The network that learns digits: trained on real data with gradients from adgen only."""

import importlib
import re
import subprocess
import sys
import time

import numpy as np
import pytest

from tests import support
from tests.support import ROOT

FILE = ROOT / "examples" / "digits.py"
COMMITTED = ROOT / "generated" / "digits" / "loss_value_and_grad.py"


@pytest.fixture(scope="module")
def digits():
    return support.load(FILE, "digits_example")


@pytest.fixture(scope="module")
def data(digits):
    return digits.split()


def committed():
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module("generated.digits.loss_value_and_grad").loss_value_and_grad


def test_script_reaches_97_percent_in_under_a_minute(tmp_path):
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(FILE), "--plot", str(tmp_path / "digits.png")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**support.os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert time.perf_counter() - start < 60.0
    last = done.stdout.strip().splitlines()[-1]
    assert re.fullmatch(r"\d\d\.\d\d %", last), last
    assert float(last.split()[0]) >= 97.0
    error = re.search(r"largest relative error (\S+)", done.stdout)
    assert error and float(error[1]) < 1e-5


def test_held_out_digits_are_never_seen(data):
    (x, labels), (x_held, labels_held) = data
    assert len(labels) == 1437 and len(labels_held) == 360
    seen = {row.tobytes() for row in x}
    assert sum(row.tobytes() in seen for row in x_held) == 0


def test_committed_module_gives_bit_equal_gradients(digits, data):
    (x, labels), _ = data
    params = digits.initial(np.random.default_rng(5))
    for rows in (slice(0, 32), slice(32, 61)):
        value, gradient = digits.loss(params, x[rows], labels[rows])
        value_too, gradient_too = committed()(params, x[rows], labels[rows])
        assert value == value_too == digits.cross_entropy(params, x[rows], labels[rows])
        for (W, b), (W_too, b_too) in zip(gradient, gradient_too, strict=True):
            assert W.tobytes() == W_too.tobytes() and b.tobytes() == b_too.tobytes()


def test_gradient_has_the_structure_of_the_parameters(digits, data):
    (x, labels), _ = data
    params = digits.initial(np.random.default_rng(5))
    _, gradient = digits.loss(params, x[:8], labels[:8])
    assert type(gradient) is list and all(type(pair) is tuple for pair in gradient)
    for pair, like in zip(gradient, params, strict=True):
        assert [a.shape for a in pair] == [a.shape for a in like]
        assert all(a.flags.writeable and a.dtype == np.float64 for a in pair)


def negated(text):
    """The module with the sign of one adjoint line of the reverse sweep turned, for each such line."""
    lines = text.splitlines()
    start = next(k for k, line in enumerate(lines) if "Reverse sweep" in line)
    for k in range(start, len(lines)):
        match = re.fullmatch(r"(\s+\w+_bar) = (.+[^(,\[])", lines[k])
        if match and not match[2].startswith(("[", "(", "0.0", "np.zeros")):
            yield lines[k].strip(), "\n".join([*lines[:k], f"{match[1]} = -({match[2]})", *lines[k + 1 :]]) + "\n"


def test_training_fails_when_an_adjoint_line_is_negated(digits, data):
    (x, labels), (x_held, labels_held) = data

    def trained(function):
        params, _ = digits.train(function, digits.initial(np.random.default_rng(0)), x, labels, epochs=4)
        return digits.accuracy(params, x_held, labels_held)

    assert trained(committed()) > 95.0
    spoiled = dict(negated(COMMITTED.read_text()))
    assert len(spoiled) >= 2
    for line, text in spoiled.items():
        with np.errstate(all="ignore"):
            assert trained(support.execute(text)["loss_value_and_grad"]) < 60.0, line
