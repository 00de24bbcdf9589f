"""What is told of `eval` and `type`, and of a parameter that is called like what its derivative needs."""

import math as mathematics

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal


def a_text(x, y):
    return eval("x * y")


def a_statement(x, y):
    exec("x = x * y")
    return x


def a_class(x, y):
    return x * y if type(x) is float else x


def called_np(x, np):
    return x * np.sum()


def called_math(x, math):
    return mathematics.sin(x * math)


TOLD = [
    (a_text, 0.3, "no derivative rule for `eval`.*it runs a text"),
    (a_statement, 0.3, "no derivative rule for `exec`.*it runs a text"),
    (a_class, 0.3, "no derivative rule for `type`.*isinstance"),
    (called_np, np.ones(3), "the parameter `np` is called like what the derivative needs.*another name than `np`"),
    (called_math, 0.3, "the parameter `math` is called like what the derivative needs"),
]


@pytest.mark.parametrize("fun, y, told", TOLD, ids=lambda part: getattr(part, "__name__", ""))
@pytest.mark.parametrize("mode", [adgen.grad, adgen.value_and_grad])
def test_told(fun, y, told, mode):
    with pytest.raises(Refusal, match="(?s)" + told) as caught:
        mode(fun)(0.7, y)
    assert caught.value.diagnostics[0].place.path.endswith("test_told_by_name.py")


@pytest.mark.parametrize("fun, y", [(called_np, np.ones(3)), (called_math, 0.3)])
def test_told_by_jvp_and_vjp(fun, y):
    with pytest.raises(Refusal, match="is called like"):
        adgen.jvp(fun, (0.7, y), (1.0, y))
    with pytest.raises(Refusal, match="is called like"):
        adgen.vjp(fun, 0.7, y)
