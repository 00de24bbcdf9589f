"""Shallow copies of lists of lists: what is written through one is seen through the other, or the program is refused.

The inner lists here have a fixed length, and were taken for numbers that stand side by side.
"""

from __future__ import annotations

import linecache

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs.oracle import check

X = np.array([0.3, 0.4, 0.5])
ITEMS = ("[q, q * a]", "x * q", "{'p': q, 'r': q * a}", "[[q, a], [a, q]]")
COPIES = (
    *"r[1:] | r[:] | r[::-1] | r[::2] | r[-2:] | r.copy() | list(r) | r + [] | [] + r | [*r] | r * 2 | r".split(" | "),
    *"list(reversed(r)) | [w for w in r] | [w for w in r[::-1]] | [r[k] for k in (2, 1, 0)]".split(" | "),
    *"[r[2], r[1], r[0]] | r if a > 0.0 else r[1:] | tuple(r) | sorted(r, key=len)".split(" | "),
    "[w for w in r if a > 0.0]",
)
FILLS = (
    "g = []\n    g.extend(r)",
    "g = []\n    g += r",
    "g = []\n    for w in r:\n        g.append(w)",
    "g = []\n    for w in r[::-1]:\n        g.insert(0, w)",
    "g = [w[:] if isinstance(w, list) else w.copy() for w in r]\n    g[0] = r[1]",
    "g = r[:]\n    g.pop()",
    "*g, last = r",
    "def tail(l):\n        return l[:2]\n    g = tail(r)",
)
WRITES = {
    "[q, q * a]": (
        "g[0][0] *= a",
        "r[0][1] += a",
        "for w in g: w[0] *= a",
        "w = g[1]\n    w[0] = a * a",
        "g[0].append(a)",
    ),
    "x * q": ("g[0][0] *= a", "r[1] *= a", "for w in g: w[0] *= a", "w = g[1]\n    w[:] = a * a"),
    "{'p': q, 'r': q * a}": ("g[0]['p'] *= a", "for w in g: w['p'] *= a"),
    "[[q, a], [a, q]]": ("g[0][0][1] *= a", "for w in g: w[1][0] *= a"),
}
LAST = {
    "[q, q * a]": "sum(sum(w) * (k + 1) for k, w in enumerate(r)) + sum(g[0])",
    "x * q": "sum(np.sum(w) * (k + 1) for k, w in enumerate(r)) + np.sum(g[0])",
    "{'p': q, 'r': q * a}": "sum(w['p'] * (k + 1) for k, w in enumerate(r)) + g[0]['p']",
    "[[q, a], [a, q]]": "sum(w[0][1] * w[1][0] * (k + 1) for k, w in enumerate(r)) + g[0][0][1]",
}


def programs():
    for item in ITEMS:
        for make in [f"g = {copy}" for copy in COPIES] + list(FILLS):
            for write in WRITES[item]:
                head = f"def f(a, x):\n    r = [{item} for q in x]\n"
                yield f"{head}    {make}\n    {write}\n    return {LAST[item]}\n"


@pytest.mark.parametrize("part", range(8))
def test_shallow_copies_are_right_or_refused(part: int) -> None:
    for text in list(programs())[part::8]:
        name = f"<shallow {text}>"
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        scope: dict[str, object] = {"np": np}
        exec(compile(text, name, "exec"), scope)
        function = scope["f"]
        assert callable(function)
        try:
            function(0.7, X.copy())
        except Exception:  # a tuple that is written to, an index that is not there
            continue
        try:
            check(function, (0.7, X), modes=("value_and_grad", "jvp"), directions=1)
        except Refusal as refusal:
            assert refusal.diagnostics
