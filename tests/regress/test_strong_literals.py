"""In textbook style, too, what begins in double precision stays so beside single precision (seed 67402143)."""

import numpy as np
import pytest

import adgen

Z = np.array([0.3, 0.2, 0.5, 0.7], dtype=np.float32)


def scaled(z, e):
    a = e[()]
    for k in range(4):
        if k > 1:
            a = a * z[3] + 0.1
    return a


def chosen(z, e):
    a = e[()]
    if z[0] < 5.0:
        a = a * z[3] * z[2]
    return a * z[1]


@pytest.mark.parametrize("style", ["expert", "textbook"])
@pytest.mark.parametrize("f", [scaled, chosen])
def test_the_gradient_has_all_digits(f, style, tmp_path):
    expected = adgen.jvp(f, (Z, np.array(0.8)), (None, np.array(1.0)))[1]
    made = textual(f, style)
    found = made(Z, np.array(0.8))
    assert found.dtype == np.float64 and abs(found - float(expected)) < 1e-15


def textual(f, style):
    from adgen.frontend import source
    from adgen.pipeline import Request, generate
    from adgen.signature import of_values

    found = source.find(f)
    types = dict(of_values(found.params, (Z, np.array(0.8))).items)
    names = {}
    exec(generate(found, types, Request("grad", ("e",), style=style), formatted=False).text, names)
    return names[f"{f.__name__}_grad"]
