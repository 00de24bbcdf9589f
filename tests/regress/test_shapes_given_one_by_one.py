"""`x.reshape(2, 3, 4)`: sizes one by one, however many; three of them were refused."""

import numpy as np
import pytest

from tests.programs import oracle
from tests.support import load

FORMS = """
x.reshape(24)
x.reshape(4, 6)
x.reshape(2, 3, 4)
x.reshape(2, 3, 2, 2)
x.reshape(2, -1, 2, 2)
x.reshape((2, 3, 4))
x.reshape(2, 3, 4, order="F")
x.reshape(2, 3, 4).transpose(2, 0, 1)
x.reshape(2, 3, 2, 2).transpose(3, 0, 2, 1)
np.reshape(x, (2, 3, 4), order="F")
""".strip().splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_form(form, tmp_path):
    path = tmp_path / "program.py"
    body = f"    y = {form}\n    return np.sum(y[1:] * y[:-1]) + np.sum(y[0] ** 2)\n"
    path.write_text(f"import numpy as np\n\ndef f(x):\n{body}", encoding="utf-8")
    fun = load(path, f"reshaped_{tmp_path.name}").f
    assert oracle.check(fun, (np.linspace(0.1, 1.2, 24),), directions=1).disagreed == 0
