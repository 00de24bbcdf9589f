"""The eight programs, their derivatives by hand, and five variants of each program with the same meaning."""

import re
from dataclasses import dataclass, field

import numpy as np

# 1 -------------------------------------------------------------------------------- evaluation trace, scalars

TRACE = """
def trace(x1, x2):
    return x1 * x2 + np.exp(x1 * x2) - np.sin(x2)
"""

TRACE_TARGET = """
def target(x1, x2):
    v3 = x1 * x2
    v5 = np.exp(v3)
    v3_bar = 1.0 + v5
    x1_bar = v3_bar * x2
    x2_bar = v3_bar * x1 - np.cos(x2)
    return x1_bar, x2_bar
"""

# 2 -------------------------------------------------------------------------------- in-place stencil in a time loop

HEAT = """
def heat(u, c, nt):
    v = u.copy()
    for t in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        v[0] = v[1] * v[1]
    return np.sum(v * v)
"""

HEAT_TARGET = """
def target(u, c, nt):
    v = u.copy()
    lap_saved = np.empty((nt, v.shape[0] - 2), v.dtype)
    v1_saved = np.empty(nt, v.dtype)
    for t in range(nt):
        lap = v[2:] - 2.0 * v[1:-1] + v[:-2]
        lap_saved[t] = lap
        v[1:-1] += c * lap
        v1_saved[t] = v[1]
        v[0] = v[1] * v[1]
    v_bar = 2.0 * v
    c_bar = 0.0
    for t in range(nt - 1, -1, -1):
        v0_bar = v_bar[0]
        v_bar[0] = 0.0
        v_bar[1] += 2.0 * v1_saved[t] * v0_bar
        c_bar += np.vdot(v_bar[1:-1], lap_saved[t])
        lap_bar = c * v_bar[1:-1]
        v_bar[2:] += lap_bar
        v_bar[1:-1] -= 2.0 * lap_bar
        v_bar[:-2] += lap_bar
    return v_bar, c_bar
"""

# 3 -------------------------------------------------------------------------------- the same, only u asked for

HEAT_LINEAR = """
def heat_linear(u, c, nt):
    v = u.copy()
    for t in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    return np.sum(v * v)
"""

HEAT_LINEAR_TARGET = """
def target(u, c, nt):
    v = u.copy()
    for t in range(nt):
        v[1:-1] += c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    v_bar = 2.0 * v
    for t in range(nt - 1, -1, -1):
        lap_bar = c * v_bar[1:-1]
        v_bar[2:] += lap_bar
        v_bar[1:-1] -= 2.0 * lap_bar
        v_bar[:-2] += lap_bar
    return v_bar
"""

# 4 -------------------------------------------------------------------------------- while

NEWTON = """
def newton_sqrt(a, tol):
    x = a
    while abs(x * x - a) > tol:
        x = 0.5 * (x + a / x)
    return x
"""

NEWTON_TARGET = """
def target(a, tol):
    x = a
    x_saved = []
    while abs(x * x - a) > tol:
        x_saved.append(x)
        x = 0.5 * (x + a / x)
    x_bar = 1.0
    a_bar = 0.0
    while x_saved:
        x = x_saved.pop()
        t_bar = 0.5 * x_bar
        a_bar += t_bar / x
        x_bar = t_bar - t_bar * a / (x * x)
    a_bar += x_bar
    return a_bar
"""

# 5 -------------------------------------------------------------------------------- early return and continue

MARCH = """
def march(x, h, n, cap):
    y = x
    for i in range(n):
        if y > cap:
            return cap * x
        if i % 3 == 2:
            continue
        y = y + h * np.sin(y)
    return y * y
"""

MARCH_TARGET = """
def target(x, h, n, cap):
    y = x
    y_saved = []
    returned_early = False
    for i in range(n):
        if y > cap:
            returned_early = True
            break
        if i % 3 == 2:
            continue
        y_saved.append(y)
        y = y + h * np.sin(y)
    h_bar = 0.0
    if returned_early:
        x_bar = cap
        y_bar = 0.0
    else:
        x_bar = 0.0
        y_bar = 2.0 * y
    for y in reversed(y_saved):
        h_bar += y_bar * np.sin(y)
        y_bar += y_bar * h * np.cos(y)
    x_bar += y_bar
    return x_bar, h_bar
"""

# 6 -------------------------------------------------------------------------------- a network; parameters in a list

MLP = """
def mlp_loss(params, x, y):
    h = x
    for W, b in params[:-1]:
        h = np.tanh(h @ W + b)
    W, b = params[-1]
    p = h @ W + b
    return np.mean((p - y) ** 2)
"""

MLP_TARGET = """
def target(params, x, y):
    h = x
    h_saved = [h]
    for W, b in params[:-1]:
        h = np.tanh(h @ W + b)
        h_saved.append(h)
    W, b = params[-1]
    p = h @ W + b
    r = p - y
    params_bar = [None] * len(params)
    p_bar = (2.0 / r.size) * r
    params_bar[-1] = (h.T @ p_bar, np.sum(p_bar, axis=0))
    h_bar = p_bar @ W.T
    for k in range(len(params) - 2, -1, -1):
        W, b = params[k]
        h = h_saved[k + 1]
        a_bar = h_bar * (1.0 - h * h)
        params_bar[k] = (h_saved[k].T @ a_bar, np.sum(a_bar, axis=0))
        if k:
            h_bar = a_bar @ W.T
    return params_bar
"""

# 7 -------------------------------------------------------------------------------- a list grown in a loop

ROLLOUT = """
def rollout(w, x, n):
    hs = [x]
    for i in range(n):
        hs.append(np.tanh(w * hs[-1] + i))
    return np.sum(hs[-1] * hs[1])
"""

ROLLOUT_TARGET = """
def target(w, x, n):
    hs = [x]
    for i in range(n):
        hs.append(np.tanh(w * hs[-1] + i))
    hs_bar = [np.zeros_like(h) for h in hs]
    hs_bar[-1] += hs[1]
    hs_bar[1] += hs[-1]
    w_bar = 0.0
    for i in range(n - 1, -1, -1):
        h = hs.pop()
        t_bar = hs_bar.pop() * (1.0 - h * h)
        w_bar += np.vdot(t_bar, hs[-1])
        hs_bar[-1] += w * t_bar
    return w_bar, hs_bar[0]
"""

# 8 -------------------------------------------------------------------------------- forward mode

ORBIT = """
def orbit(x, k, n):
    y = x
    for i in range(n):
        y = np.sin(y) * x + k
    return np.sum(y)
"""

ORBIT_TARGET = """
def target(x, k, n, x_dot, k_dot):
    y = x
    y_dot = x_dot
    for i in range(n):
        sin_y = np.sin(y)
        y_dot = y_dot * np.cos(y) * x + sin_y * x_dot + k_dot
        y = sin_y * x + k
    return np.sum(y), np.sum(y_dot)
"""


@dataclass(frozen=True)
class Program:
    """A program, its derivative by hand, how it is compiled, arguments for a shorter and a longer run, variants."""

    name: str
    text: str
    target: str
    types: tuple[str, ...]
    wrt: tuple[int, ...]
    short: tuple
    long: tuple
    variants: dict = field(repr=False)
    mode: str = "grad"

    def texts(self):
        """(kind of variant, module text), the program itself first."""
        return {"itself": self.text} | {kind: change(self.text) for kind, change in self.variants.items()}


def renamed(**names):
    """Other names."""

    def change(text):
        for old, new in names.items():
            text = re.sub(rf"\b{old}\b", new, text)
        return text

    return change


def replaced(*pairs, before=""):
    """Other text in places; every one of them has to be there."""

    def change(text):
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return before + text

    return change


def arguments():
    """Short and long runs of each program."""
    rng = np.random.default_rng(0)
    u, k = rng.random(9), rng.random(6)

    def network(layers):
        sizes = [4, *([5] * layers), 2]
        return [(rng.standard_normal((m, n)), rng.standard_normal(n)) for m, n in zip(sizes, sizes[1:], strict=False)]

    x, y = rng.random((7, 4)), rng.random((7, 2))
    return {
        "trace": ((0.7, 1.3), (0.7, 1.3)),
        "heat": ((u, 0.2, 6), (u, 0.2, 12)),
        "heat_linear": ((u, 0.2, 6), (u, 0.2, 12)),
        "newton_sqrt": ((2.3, 1e-2), (2.3, 1e-13)),
        "march": ((1.0, 0.3, 6, 9.0), (1.0, 0.3, 12, 9.0)),
        "mlp_loss": ((network(2), x, y), (network(5), x, y)),
        "rollout": ((0.4, u, 4), (0.4, u, 8)),
        "orbit": ((k, 0.3, 5), (k, 0.3, 10)),
    }


RUNS = arguments()
NETWORK = "list[(f8[m, n], f8[n])]"


def program(name, text, target, types, wrt, mode="grad", **variants):
    return Program(name, text, target, types, wrt, *RUNS[name], variants, mode)


STEP_HELPER = "\ndef lap(v):\n    return v[2:] - 2.0 * v[1:-1] + v[:-2]\n"
LAP = "(v[2:] - 2.0 * v[1:-1] + v[:-2])"
HEAT_LINE = "        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])\n"

PROGRAMS = [
    program(
        "trace",
        TRACE,
        TRACE_TARGET,
        ("float", "float"),
        (0, 1),
        renamed=renamed(x1="left", x2="right"),
        helper=replaced(
            ("x1 * x2 + np.exp(x1 * x2)", "lift(x1 * x2)"), before="\ndef lift(v):\n    return v + np.exp(v)\n"
        ),
        temporary=replaced(("    return x1 * x2 + np.exp(x1 * x2)", "    p = x1 * x2\n    return p + np.exp(p)")),
        swapped=replaced(("x1 * x2 + np.exp(x1 * x2)", "np.exp(x2 * x1) + x2 * x1")),
        dead=replaced(("    return", "    unused = np.cos(x1) * x2\n    return")),
    ),
    program(
        "heat",
        HEAT,
        HEAT_TARGET,
        ("f8[n]", "float", "int"),
        (0, 1),
        renamed=renamed(u="start", c="rate", nt="steps", v="rod", t="when"),
        helper=replaced((LAP, "lap(v)"), before=STEP_HELPER),
        temporary=replaced((HEAT_LINE, f"        bend = {LAP[1:-1]}\n        v[1:-1] = v[1:-1] + c * bend\n")),
        swapped=replaced((HEAT_LINE, f"        v[1:-1] = {LAP} * c + v[1:-1]\n")),
        dead=replaced(("    return", "    unused = np.max(v)\n    return")),
    ),
    program(
        "heat_linear",
        HEAT_LINEAR,
        HEAT_LINEAR_TARGET,
        ("f8[n]", "float", "int"),
        (0,),
        renamed=renamed(u="start", c="rate", nt="steps", v="rod", t="when"),
        helper=replaced((LAP, "lap(v)"), before=STEP_HELPER),
        temporary=replaced((HEAT_LINE, f"        bend = {LAP[1:-1]}\n        v[1:-1] = v[1:-1] + c * bend\n")),
        swapped=replaced((HEAT_LINE, f"        v[1:-1] = {LAP} * c + v[1:-1]\n")),
        dead=replaced(("    return", "    unused = np.max(v)\n    return")),
    ),
    program(
        "newton_sqrt",
        NEWTON,
        NEWTON_TARGET,
        ("float", "float"),
        (0,),
        renamed=renamed(a="square", tol="error", x="root"),
        helper=replaced(
            ("0.5 * (x + a / x)", "middle(x, a / x)"), before="\ndef middle(p, q):\n    return 0.5 * (p + q)\n"
        ),
        temporary=replaced(("        x = 0.5 * (x + a / x)", "        other = a / x\n        x = 0.5 * (x + other)")),
        swapped=replaced(("0.5 * (x + a / x)", "(a / x + x) * 0.5")),
        dead=replaced(("        x = 0.5", "        unused = x * a\n        x = 0.5")),
    ),
    program(
        "march",
        MARCH,
        MARCH_TARGET,
        ("float", "float", "int", "float"),
        (0, 1),
        renamed=renamed(x="start", h="step", n="count", cap="limit", y="z", i="k"),
        helper=replaced(
            ("y + h * np.sin(y)", "advance(y, h)"), before="\ndef advance(z, h):\n    return z + h * np.sin(z)\n"
        ),
        temporary=replaced(("        y = y + h * np.sin(y)", "        slope = np.sin(y)\n        y = y + h * slope")),
        swapped=replaced(("y + h * np.sin(y)", "np.sin(y) * h + y")),
        dead=replaced(("    return y * y", "    unused = np.exp(y)\n    return y * y")),
    ),
    program(
        "mlp_loss",
        MLP,
        MLP_TARGET,
        (NETWORK, "f8[r, d]", "f8[r, k]"),
        (0,),
        renamed=renamed(params="layers", x="data", y="wanted", h="state", W="weight", b="bias", p="guess"),
        helper=replaced(("h @ W + b", "affine(h, W, b)"), before="\ndef affine(h, W, b):\n    return h @ W + b\n"),
        temporary=replaced(("        h = np.tanh(h @ W + b)", "        a = h @ W + b\n        h = np.tanh(a)")),
        swapped=replaced(("np.tanh(h @ W + b)", "np.tanh(b + h @ W)"), ("    p = h @ W + b", "    p = b + h @ W")),
        dead=replaced(("    p = h", "    unused = np.sum(h)\n    p = h")),
    ),
    program(
        "rollout",
        ROLLOUT,
        ROLLOUT_TARGET,
        ("float", "f8[m]", "int"),
        (0, 1),
        renamed=renamed(w="weight", x="start", n="count", hs="states", i="k"),
        helper=replaced(
            ("np.tanh(w * hs[-1] + i)", "cell(w, hs[-1], i)"),
            before="\ndef cell(w, h, i):\n    return np.tanh(w * h + i)\n",
        ),
        temporary=replaced(
            ("        hs.append(np.tanh(w * hs[-1] + i))", "        h = np.tanh(w * hs[-1] + i)\n        hs.append(h)")
        ),
        swapped=replaced(("w * hs[-1] + i", "i + hs[-1] * w")),
        dead=replaced(("    return", "    unused = np.sum(x)\n    return")),
    ),
    program(
        "orbit",
        ORBIT,
        ORBIT_TARGET,
        ("f8[m]", "float", "int"),
        (0, 1),
        "jvp",
        renamed=renamed(x="scale", k="shift", n="count", y="z", i="j"),
        helper=replaced(
            ("np.sin(y) * x + k", "bend(y, x, k)"), before="\ndef bend(y, x, k):\n    return np.sin(y) * x + k\n"
        ),
        temporary=replaced(("        y = np.sin(y) * x + k", "        s = np.sin(y)\n        y = s * x + k")),
        swapped=replaced(("np.sin(y) * x + k", "k + x * np.sin(y)")),
        dead=replaced(("    return", "    unused = np.max(y)\n    return")),
    ),
]
