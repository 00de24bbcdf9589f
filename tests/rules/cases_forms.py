"""Keyword forms of entries, written as calls: names are arrays and numbers by which derivatives are asked for.

np.stack((v, w), dtype="f4")     ->     Case("np.stack", ("arrays", "dtype"), [(v, w), Const("f4")])
"""

import ast

import numpy as np

from adgen.rules import table

from .cases import Case, Const, arr, draw

CALLS = """
compress(v5, [True, False, True, True, False])
compress(m, [True, False, True], axis=0)
np.insert(v5, 2, v3)
np.insert(m, 1, v3, axis=1)
np.linspace(v3, s, 4, axis=1)
np.linspace(v3, s, 4, axis=-1)
np.linspace(m, v4, 4, axis=1)
np.linspace(s, p, 4, retstep=True)
np.linspace(v3, s, 4, endpoint=False, retstep=True)
np.linspace(z3, s, 4)
np.geomspace(p3, p, 4, axis=1)
np.geomspace(p3, q3, 4)
np.geomspace(z3, q3, 4, endpoint=False)
np.logspace(v3, s, 4, axis=-1)
np.logspace(v3, w3, 4, base=p3, axis=-1)
np.logspace(s, w3, 4, base=p)
np.arange(s, 3.0)
np.arange(s, 4.0, p)
np.arange(0.0, 2.0, p)
np.average(m, axis=1, keepdims=True)
np.average(m, axis=0, weights=p3, keepdims=True)
np.average(m, axis=0, weights=p3, returned=True)
np.average(m, axis=1, weights=pm, returned=True)
np.average(m, axis=1, returned=True)
np.average(t, axis=(0, 1), weights=p23)
np.average(t, axis=(2, 0), weights=p42)
np.average(t, axis=(0, 2), weights=p24, keepdims=True)
np.diagonal(m, 1, 1, 0)
np.diagonal(t, axis1=1, axis2=2)
np.diagonal(t, 1, 0, 2)
np.diagonal(t, offset=-1, axis1=-1, axis2=0)
np.trace(m, -1, 1, 0)
np.trace(t, axis1=1, axis2=2)
np.trace(t, offset=1, axis1=2, axis2=0)
np.linalg.diagonal(t, offset=1)
np.linalg.trace(t, offset=-1)
np.linalg.pinv(m, rcond=1e-8)
np.linalg.pinv(m, rtol=0.4)
np.linalg.pinv(t, rcond=0.4)
np.linalg.pinv(zm, rcond=0.4)
np.linalg.pinv(spd, hermitian=True)
np.linalg.pinv(spd, rcond=0.3, hermitian=True)
np.linalg.lstsq(tall, v4, 1e-8)
np.linalg.lstsq(tall, v4, rcond=0.5)
np.linalg.lstsq(m, m, rcond=-1)
np.linalg.qr(m)
np.linalg.qr(m, mode="r")
np.linalg.qr(t)
np.linalg.qr(zm)
np.reshape(m, (4, 3), order="F")
np.ravel(m, order="F")
flatten(m, order="F")
np.concatenate((m, s, v5), axis=None)
np.concatenate((v3, w3), axis=None)
np.concatenate((v5, v3), dtype="f4")
np.concatenate(m)
np.concatenate(t, axis=1)
np.stack((v3, w3), dtype="f4")
np.vstack((m, v4))
np.vstack([s, p])
np.hstack([v3, s, w3, p])
np.tril(v3)
np.triu(v3, 1)
np.repeat(m, [1, 0, 2], axis=0)
np.repeat(v3, [2, 0, 1])
np.split(v5, [3, 1])
np.split(v5, [3, 1, 4])
np.split(v5, [-2, -4, 3])
np.array_split(m, [2, 1], axis=-1)
np.diff(v3, n=5)
np.diff(v3, n=4, prepend=s, append=p)
np.diff(m, n=5, axis=0)
np.ediff1d(empty)
np.ediff1d(f3, to_begin=s)
np.kaiser(5, s)
np.kaiser(1, s)
np.polydiv(v5, v3)
np.polydiv(v3, v5)
np.polynomial.polynomial.polydiv(v5, v3)
np.polynomial.chebyshev.chebdiv(v5, v3)
np.polynomial.legendre.legdiv(v5, v3)
np.polynomial.hermite.hermdiv(v5, v3)
np.polynomial.hermite_e.hermediv(v5, v3)
np.polynomial.laguerre.lagdiv(v5, v3)
np.polynomial.laguerre.lagdiv(v3, v5)
np.polynomial.polynomial.polycompanion(v5)
np.polynomial.chebyshev.chebcompanion(v5)
np.polynomial.legendre.legcompanion(v5)
np.polynomial.hermite.hermcompanion(v5)
np.polynomial.hermite_e.hermecompanion(v5)
np.polynomial.laguerre.lagcompanion(v5)
np.histogram(v3, bins=3, weights=p3)
np.histogram(v3, bins=2, weights=p3, density=True)
np.histogram_bin_edges(m, bins=3)
np.histogram2d(v3, w3, bins=[3, 2], range=[[-2, 2], [-2, 2]], weights=p3)
np.histogram2d(v3, w3, bins=3, range=[[-2, 2], [-2, 2]], weights=p3, density=True)
np.histogramdd((v3, w3), bins=3, range=[[-2, 2], [-2, 2]], weights=p3, density=True)
np.histogramdd((v3, w3, p3), bins=3, range=[[-2, 2], [-2, 2], [0, 3]], weights=q3)
statistics.quantiles(list(v5), n=3)
statistics.quantiles(list(v5), n=4, method="inclusive")
statistics.linear_regression(list(v5), list(q5))
statistics.linear_regression(list(v5), list(q5), proportional=True)
statistics.multimode(list(v3))
np.sinc(z3)
np.cov(v3, w3)
np.cov(m, v4)
np.cov(m, fweights=[1, 2, 1, 3])
np.cov(m, aweights=p4, bias=True)
np.cov(m, v4, aweights=p4, fweights=[1, 2, 1, 3])
np.cov(m, aweights=p4)
np.cov(zm)
np.corrcoef(v3, w3)
np.corrcoef(m, pm, rowvar=False)
np.lib.stride_tricks.sliding_window_view(v5, 3)
np.lib.stride_tricks.sliding_window_view(m, (2, 2))
np.lib.stride_tricks.sliding_window_view(m, 2, axis=1)
np.lib.stride_tricks.sliding_window_view(m, (2, 2), axis=(1, 1))
np.polyfit(v5, q5, 2, cov=True)
np.polyfit(v5, q5, 2, cov="unscaled")
np.polyfit(v5, q5, 1, w=p5, cov=True)
np.polyfit(v5, q5, 1, w=p5, full=True)
np.pad(m, 2, mode="maximum")
np.pad(m, ((1, 2), (0, 3)), mode="minimum")
np.pad(v5, 3, mode="median", stat_length=(3, 2))
np.quantile(v5, s)
np.quantile(m, u3, axis=0)
np.quantile(m, u3, axis=1, keepdims=True)
np.percentile(m, p)
np.nanquantile(v5, u3)
np.cross(t3, m33, axisa=1)
np.cross(m33, t3, axisa=0, axisb=1, axisc=0)
"""


def pool():
    """What the names stand for."""
    shapes = {"v3": (3,), "w3": (3,), "v4": (4,), "v5": (5,), "m": (3, 4), "t": (2, 3, 4), "tall": (4, 3)}
    shapes |= {"t3": (3, 3, 3), "m33": (3, 3)}
    names = {name: arr(*shape) for name, shape in shapes.items()}
    positive = {
        "p3": (3,),
        "q3": (3,),
        "q5": (5,),
        "p5": (5,),
        "p4": (4,),
        "pm": (3, 4),
        "p23": (2, 3),
        "p42": (4, 2),
        "p24": (2, 4),
    }
    names |= {name: arr(*shape, kind="positive") for name, shape in positive.items()}
    names |= {"s": 0.37, "p": 1.3, "u3": np.array([0.21, 0.55, 0.83]), "empty": np.zeros(0), "f3": arr(3, dtype="f4")}
    names |= {"z3": arr(3) + 1j * arr(3), "zm": arr(3, 4) + 1j * arr(3, 4)}
    square = draw("any", (3, 3))
    names["spd"] = square @ square.T + np.diag([1.0, 2.0, 3.0])
    return names


def case_of(text, names):
    """A call as a case."""
    node = ast.parse(text, mode="eval").body
    parts = [*node.args, *(word.value for word in node.keywords)]
    known = [not any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(part)) for part in parts]
    values = [
        eval(compile(ast.Expression(part), "<case>", "eval"), {"np": np, "list": np.ndarray.tolist, **names})
        for part in parts
    ]
    name = ast.unparse(node.func)
    args = table.lookup(name).bind(len(node.args), [word.arg for word in node.keywords])
    return Case(name, args, [Const(value) if told else value for value, told in zip(values, known, strict=True)])


def all_of():
    names = pool()
    return [case_of(text, names) for text in CALLS.split("\n") if text]
