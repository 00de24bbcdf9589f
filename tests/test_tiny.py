"""The whole product in under two seconds: the command line and the decorator on one small function."""

import time

import numpy as np

import adgen
from adgen import cli
from tests.support import execute, slope

SOURCE = '''"""A small file."""

import numpy as np


def f(x: float, k: float) -> float:
    y = x * k
    return np.sin(y) + y**2
'''


def f(x, k):
    y = x * k
    return np.sin(y) + y**2


def test_command_and_decorator_agree_with_differences(tmp_path, capsys):
    start = time.perf_counter()
    file = tmp_path / "small.py"
    file.write_text(SOURCE)

    assert cli.main(["compile", f"{file}::f", "-o", str(tmp_path / "out")]) == 0
    written = (tmp_path / "out" / "small" / "f_grad.py").read_text()
    by_command = execute(written)["f_grad"](0.7, 1.3)
    by_transform = adgen.grad(f, argnums=(0, 1))(0.7, 1.3)
    value, by_x = adgen.value_and_grad(f)(0.7, 1.3)

    for k in (0, 1):
        expected = slope(f, [0.7, 1.3], [k], [1.0])
        assert abs(by_command[k] - expected) < 1e-8
        assert by_transform[k] == by_command[k]
    assert value == f(0.7, 1.3) and by_x == by_command[0]
    assert "wrote" in capsys.readouterr().out
    assert time.perf_counter() - start < 2.0
