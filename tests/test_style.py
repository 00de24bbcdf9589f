"""The textbook style: a statement for each adjoint and each contribution to it; the numbers of the expert style."""

from __future__ import annotations

import numpy as np
import pytest

import adgen
from adgen import cli
from tests.fuzz.judge import textbook
from tests.programs.oracle import check
from tests.support import ROOT, inside


def shared(x, y):
    z = x * y
    w = z + x
    return np.sin(w) * z


def stencil(u, n):
    for _ in range(n):
        u[1:-1] = u[1:-1] + 0.1 * (u[2:] - 2.0 * u[1:-1] + u[:-2]) * u[1:-1]
    return np.sum(u * u)


def network(weights, x):
    z = x
    for w in weights:
        z = np.tanh(w @ z)
    return np.sum(z**2)


def euler(a, n):
    u = 1.0
    for _ in range(n):
        k1 = -a * u
        k2 = -a * (u + 0.5 * k1)
        u = u + 0.1 * k2 if u > 0.2 else u * a
    return u * u


def aliased(x):
    z = x
    y = z
    y_sum = z + y
    y_sum[0] *= 2.0
    return np.sum(y_sum * x)


PROGRAMS = (
    (shared, (0.7, 1.3)),
    (stencil, (np.linspace(0.1, 1.0, 6), 3)),
    (network, ([np.ones((3, 2)) * 0.3, np.eye(3) * 0.7], np.array([0.2, 0.5]))),
    (euler, (0.9, 4)),
    (aliased, (np.array([0.3, 0.6, 0.9]),)),
)


@pytest.mark.parametrize(("program", "args"), PROGRAMS, ids=lambda p: getattr(p, "__name__", ""))
def test_the_textbook_style_is_right(program, args) -> None:
    with textbook():
        check(program, args)


def reverse_sweep(text: str) -> list[str]:
    """The statements of the reverse sweep, without comments."""
    tail = text.partition("# Reverse sweep.")[2]
    return [line.strip() for line in tail.splitlines() if line.strip() and not line.strip().startswith("#")]


def test_every_contribution_is_a_statement() -> None:
    with textbook():
        derivative = adgen.grad(shared, argnums=(0, 1))
        derivative(0.7, 1.3)
    assert reverse_sweep(derivative.source) == [
        "z_bar = np.sin(w)",
        "w_bar = z * np.cos(w)",
        "z_bar += w_bar",
        "x_bar = w_bar",
        "x_bar += z_bar * y",
        "y_bar = z_bar * x",
        "return x_bar, y_bar",
    ]


def test_the_style_is_no_form_for_numba(capsys) -> None:
    with inside(ROOT):
        status = cli.main(["show", "--style", "textbook", "--backend", "numba", "examples/heat.py::heat"])
    assert status == 2 and "no form for Numba" in capsys.readouterr().err


def test_files_say_in_their_names_that_they_are_of_this_style(tmp_path, capsys) -> None:
    file = tmp_path / "square.py"
    file.write_text("def square(x: float):\n    y = x * x\n    return y\n")
    (tmp_path / "pyproject.toml").write_text("")
    assert cli.main(["compile", f"{file}::square", "--style", "textbook"]) == 0
    (made,) = (tmp_path / "generated").rglob("*.py")
    assert made.name == "square_grad_textbook.py" and "--style textbook" in made.read_text()
    assert "x_bar += y_bar * x" in made.read_text()
    assert cli.main(["compile", "--check", f"{file}::square", "--style", "textbook"]) == 0
    assert "unchanged" in capsys.readouterr().out
