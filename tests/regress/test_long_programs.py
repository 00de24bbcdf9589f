"""Programs of thousands of lines: no pass follows a chain of values by recursion, what is said of it stays short."""

from pathlib import Path

import pytest

from adgen.errors import Refusal
from adgen.frontend.resolve import from_file
from adgen.pipeline import Request, generate
from adgen.signature.notation import parse

LINES = 1500


def _text(path: Path, body: str, name: str = "f") -> str:
    """The gradient's module of a function with this body."""
    path.write_text("import numpy as np\n\ndef f(x):\n" + body)
    return generate(from_file(path, name), parse("x: float"), Request("grad", ("x",)), formatted=False).text


def test_chain_of_sums(tmp_path: Path) -> None:
    """`a = a + x`, 1,500 times: recursion over the chain of definitions ended in RecursionError."""
    space: dict[str, object] = {}
    exec(_text(tmp_path / "long.py", "    a = x\n" + "    a = a + x\n" * LINES + "    return a\n"), space)
    assert space["f_grad"](0.5) == LINES + 1  # type: ignore[operator]


def test_integer_that_is_read_twice(tmp_path: Path) -> None:
    """`count + count` of an integer is one too, and `np.full` of it an array that cuts off what is written into it."""
    body = "    count = 0\n    for i in range(3):\n        if x > i:\n            count = count + 1.0\n"
    body += "    twice = count + count\n    y = np.full(2, twice)\n    y[0] = x * x\n    return y[0]\n"
    with pytest.raises(Refusal, match="an array changes its kind"):
        _text(tmp_path / "twice.py", body)
