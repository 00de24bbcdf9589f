"""Builtins and functions of the library, called with their keywords; `sum(generator, start=..)` had lost its start."""

import numpy as np
import pytest

from tests.programs import oracle
from tests.support import load

PROGRAM = """import functools, itertools, math, operator, statistics
import numpy as np

def f(x):
    z = np.sin(x)
    return {form} + np.sum(z * z * x)
"""
X = np.array([0.31, 0.72, 1.1, 0.53, 1.3, 1.7])
FORMS = """
sum((q for q in z if q > 0.4), start=x[1])
sum((q for q in z if q > 0.4), x[1])
sum((q * q for q in z), **{"start": x[0]})
sum(z, start=x[1])
sum([q for q in z], start=x[1])
sum((q for q in z), start=z)[1]
sum(k * q for k, q in enumerate(z, start=2))
sorted((q for q in z), key=lambda q: -q)[1]
max((q for q in z), key=lambda q: -q)
max((q for q in z if q > 5), default=x[0])
max((q for q in z if q > 5), default=x[0], key=abs)
min([q for q in z if q > 5], default=x[1])
round(z[0], ndigits=1) * x[0]
round(z[0], None) * x[0]
complex(real=z[0], imag=x[0]).imag
math.isclose(z[0], x[0], rel_tol=10.0) * x[0]
statistics.fmean(z, weights=x)
sum(itertools.accumulate(z, initial=x[0]))
sum(itertools.accumulate(z, func=lambda a, b: a * b))
functools.reduce(lambda a, b: a * b, (q for q in z), x[0])
functools.reduce(operator.add, z[1:], z[0])
list(zip(z, (q for q in x)))[1][1]
dict(zip("abc", z), d=x[0])["d"]
dict({{"a": z[0]}}, a=x[1])["a"]
any((q > 0.99 for q in z)) * x[0]
np.multiply.reduce(z, initial=x[0])
np.add.reduce(z, where=x > 0.4)
np.prod(z, where=x > 0.4)
np.prod(z, where=x > 0.4, initial=x[1])
np.mean(z, where=x > 0.4)
np.max(z, where=x > 0.4, initial=0.0)
np.clip(z, min=0.5, max=0.9)[0]
""".strip().splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_form(form, tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(form=form.replace("{{", "{").replace("}}", "}")), encoding="utf-8")
    fun = load(path, f"keywords_{tmp_path.name}").f
    assert oracle.check(fun, (X,), directions=1).disagreed == 0
