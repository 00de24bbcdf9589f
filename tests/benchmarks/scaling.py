"""How cost grows: with the number of inputs (flat in reverse), of passes (linear), of lines (linear compile time)."""

import statistics
import time

import numpy as np

from adgen.frontend.resolve import from_text
from adgen.pipeline import Request, generate
from adgen.signature import of_values

VALLEY = """
import numpy as np
def valley(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
"""
STEPS = """
def steps(x, n):
    for _ in range(n):
        x = x + 0.01 * x * (1.0 - x)
    return x
"""


def _made(text, name, values):
    """The gradient by the first argument, and the function."""
    source = from_text(text, name, f"<{name}>")
    types = dict(of_values(tuple(values), tuple(values.values())).items)
    made = generate(source, types, Request("grad", (next(iter(values)),)), formatted=False, guarded=False)
    space, plain = {"__name__": "made"}, {"__name__": "plain"}
    exec(made.text, space)
    exec(text, plain)
    return space[made.name], plain[name]


def _ratio(gradient, primal, args, rounds):
    found = []
    for _ in range(rounds):
        times = []
        for run in (gradient, primal):
            start = time.perf_counter()
            run(*args)
            times.append(time.perf_counter() - start)
        found.append(times[0] / times[1])
    return statistics.median(found)


def long_text(lines):
    """A function of so many lines."""
    body = [f"    a{k} = a{k - 1} * x + {k}.0 / (1.0 + a{k - 1} * a{k - 1})" for k in range(1, lines)]
    return "\n".join(["def long(x):", "    a0 = x * x", *body, f"    return a{lines - 1}", ""])


def run(rounds):
    """Three lists of (size, measure)."""
    inputs = []
    for n in (100, 1000, 10_000, 100_000):
        x = np.linspace(0.1, 0.9, n)
        gradient, primal = _made(VALLEY, "valley", {"x": x})
        inputs.append((n, _ratio(gradient, primal, (x,), rounds)))
    passes = []
    gradient, primal = _made(STEPS, "steps", {"x": 0.3, "n": 2})
    for n in (100, 1000, 10_000):
        passes.append((n, _ratio(gradient, primal, (0.3, n), rounds)))
    source = []
    for n in (30, 100, 300, 1000, 2000):
        start = time.perf_counter()
        _made(long_text(n), "long", {"x": 0.5})
        source.append((n, time.perf_counter() - start))
    return {"inputs: gradient / primal": inputs, "passes: gradient / primal": passes, "lines: compile seconds": source}


def text(rows):
    """The three lists."""
    return "\n".join(
        f"{name}\n" + "\n".join(f"{n:>10} {value:>10.3f}" for n, value in each) for name, each in rows.items()
    )


def svg(rows):
    """Three charts on logarithmic axes."""
    from math import log10

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="900" height="260" font-family="sans-serif" font-size="11">']
    for k, (name, each) in enumerate(rows.items()):
        left = 30 + 290 * k
        low = min(value for _, value in each)
        points = [(left + 55 * log10(n / each[0][0]), 200 - 55 * log10(value / low)) for n, value in each]
        out.append(f'<text x="{left}" y="20">{name}</text>')
        out.append(
            '<polyline fill="none" stroke="#1f77b4" points="' + " ".join(f"{x:.0f},{y:.0f}" for x, y in points) + '"/>'
        )
        for (x, y), (n, value) in zip(points, each, strict=True):
            out.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3"/><text x="{x:.0f}" y="{y - 8:.0f}">{value:.2g}</text>')
            out.append(f'<text x="{x:.0f}" y="225">{n}</text>')
    return "\n".join([*out, "</svg>"])
