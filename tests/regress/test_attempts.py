"""A handled division by zero: the handler's value and derivative; a number of NumPy would not have raised."""

import numpy as np
import pytest

from adgen import pipeline
from adgen.errors import Refusal
from adgen.frontend import source
from adgen.ir.types import FLOAT
from tests.programs.attempts import ratio
from tests.programs.oracle import Made


def test_the_handler_is_differentiated():
    made = Made(ratio, (1.3, 0.0), "value_and_grad", ("a", "b"))
    assert made(1.3, 0.0) == (0.65, (0.5, 0.0))


def test_numbers_of_numpy_are_refused():
    with pytest.raises(Refusal, match="is not known to be a Python number"):
        Made(ratio, (np.float64(1.3), np.float64(0.0)), "grad", ("a", "b"))
    made = pipeline.generate(source.find(ratio), {"a": FLOAT, "b": FLOAT}, pipeline.Request("grad", ("a",)))
    exec(made.text, names := {})
    assert names[made.name](1.3, 0.0) == 0.5
    with np.errstate(all="ignore"), pytest.raises(TypeError, match="NumPy"):
        names[made.name](np.float64(1.3), np.float64(0.0))
