"""How cost grows: with the number of inputs (flat, over the primal), of passes and of lines compiled (both linear)."""

import time
from math import ceil, floor, log10

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


def _least(function, args, rounds):
    """The least seconds of so many runs: what disturbs a run only adds to it."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        function(*args)
        found.append(time.perf_counter() - start)
    return min(found)


def long_text(lines):
    """A function of so many lines."""
    body = [f"    a{k} = a{k - 1} * x + {k}.0 / (1.0 + a{k - 1} * a{k - 1})" for k in range(1, lines)]
    return "\n".join(["def long(x):", "    a0 = x * x", *body, f"    return a{lines - 1}", ""])


def run(rounds):
    """{what: {"power": 0 where it should be flat, 1 where linear, "points": [(size, measure)]}}."""
    inputs, passes, lines = [], [], []
    for n in (100, 1000, 10_000, 100_000):
        x = np.linspace(0.1, 0.9, n)
        gradient, primal = _made(VALLEY, "valley", {"x": x})
        inputs.append((n, _least(gradient, (x,), rounds) / _least(primal, (x,), rounds)))
    gradient, _ = _made(STEPS, "steps", {"x": 0.3, "n": 2})
    for n in (100, 1000, 10_000, 100_000):
        passes.append((n, 1e3 * _least(gradient, (0.3, n), rounds)))
    _made(long_text(10), "long", {"x": 0.5})  # tables of rules are read once
    for n in (30, 100, 300, 1000, 2000):
        start = time.process_time()  # one thread: what else runs on the machine does not count
        _made(long_text(n), "long", {"x": 0.5})
        lines.append((n, time.process_time() - start))
    return {
        "Gradient over primal, by number of inputs": {"power": 0, "points": inputs},
        "Milliseconds of a gradient, by trips of its loop": {"power": 1, "points": passes},
        "Seconds to compile, by lines of the source": {"power": 1, "points": lines},
    }


def text(rows):
    """The three lists."""
    return "\n".join(
        f"{name}\n" + "\n".join(f"{n:>10} {value:>10.3f}" for n, value in each["points"]) for name, each in rows.items()
    )


def svg(rows):
    """Three charts on logarithmic axes of one unit; dashed: what is exactly flat, or linear."""
    width, height, top, foot = 250, 200, 46, 34
    size = f'width="{20 + (width + 60) * len(rows)}" height="{top + height + foot}"'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="10">']
    out.append('<rect width="100%" height="100%" fill="white"/>')
    for k, (name, each) in enumerate(rows.items()):
        out += _chart(name, each, 50 + (width + 60) * k, top, width, height)
    return "\n".join([*out, "</svg>"])


def _chart(name, each, left, top, width, height):
    """One of them, with its frame, a line for each power of ten, and the dashed line."""
    points, power = each["points"], each["power"]
    first, last = points[0], points[-1]
    straight = [(n, first[1] * (n / first[0]) ** power) for n in (first[0], last[0])]
    values = [value for _, value in [*points, *straight]]
    low, high = floor(log10(min(values))), ceil(log10(max(values)) + 1e-9)
    start, unit = log10(first[0]), (width - 60) / log10(last[0] / first[0])

    def across(n):
        return left + 40 + unit * (log10(n) - start)

    def down(value):
        return top + height * (high - log10(value)) / (high - low)

    def line(pairs, style):
        corners = " ".join(f"{across(n):.1f},{down(value):.1f}" for n, value in pairs)
        return f'<polyline points="{corners}" fill="none" {style}/>'

    out = [f'<text x="{left}" y="{top - 22}" font-size="11">{name}</text>']
    for ten in range(low, high + 1):
        y = down(10.0**ten)
        out.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 4}" y="{y + 3:.1f}" text-anchor="end">{10.0**ten:g}</text>')
    out.append(line(straight, 'stroke="#999" stroke-dasharray="4 3"'))
    out.append(line(points, 'stroke="#1f77b4"'))
    for n, value in points:
        x, y = across(n), down(value)
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f77b4"/>')
        out.append(f'<text x="{x - 5:.1f}" y="{y - 5:.1f}" text-anchor="end">{value:.2g}</text>')
        out.append(f'<text x="{x:.1f}" y="{top + height + 16}" text-anchor="middle">{n:,}</text>')
    return out
