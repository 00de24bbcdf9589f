"""Random typed programs in the accepted language, as trees of statements that can be shrunk.

    def f(a, b, x, z, idx, n):
        u = x.copy()
        for i in range(n):
            u[1:] = u[:-1] * u[1:]
            if u[0] > 0.4:
                break
            a = np.sin(a * b)
        return a + b + np.sum(u * x)

Vectors have up to SIZE elements, matrices up to SIZE x SIZE; numbers stay moderate because operations that grow are
damped.
"""

from __future__ import annotations

import random
from functools import partial

import numpy as np

from tests.fuzz.containers import Containers
from tests.fuzz.control import Control
from tests.fuzz.corners import Corners
from tests.fuzz.expressions import SIZE, Expressions
from tests.fuzz.functions import Functions
from tests.fuzz.helpers import Spring, wave
from tests.fuzz.rare import Rare
from tests.fuzz.scenes import GROUPS, Scenes
from tests.fuzz.statements import Statements
from tests.fuzz.tools import softened
from tests.fuzz.tree import Node, Program, Scope

SCENES = {
    "objects": 5,
    "elements": 5,
    "recursion": 2.0,
    "others": 3.5,
    "seldom": 0.3,
    "wide": 9,
}  # weights of templates
KINDS = (
    *("store", "store_overlap", "swap", "lists", "call", "matrix_store", "array_list", "tuples", "dicts", "objects"),
    *("closure", "axes", "mask", "walrus", "without_axes", "derivative", "loop", "while_loop", "match", "guarded"),
    *("exit", "view", "alias", "exchange", "idiom", "elements", "recursion", "others"),
)
FAVOUR = 5.0
DANGER = {"view": 2.0, "alias": 1.2, "exchange": 1.5, "idiom": 1.5}  # weights of what shares memory


class Maker(Expressions, Statements, Containers, Control, Functions, Corners, Scenes, Rare):
    """Draws programs."""

    def __init__(self, seed, danger=1.0):
        self.r = random.Random(seed)
        self.seed = seed
        self.danger = danger
        self.count = 0
        self.favoured = ()
        self.budget = 0
        self.tags = []

    single = False  # whether arrays are in single precision
    strangeness = 0.12  # how often something is drawn that is refused

    def statement(self, s):
        """One statement (or a few that belong together)."""
        self.budget -= 1
        self.tags = []
        rows = [
            (4, self.assign),
            (3, self.augment),
            (3, self.allocate),
            (7, self.store),
            (2, self.store_overlap),
            (1, self.swap),
            (2, self.vector_assign),
            (2.5, self.lists),
            (2, self.call),
            (2, self.matrix_store),
            (1.5, self.array_list),
            (1, self.tuples),
            (1, self.dicts),
            (1, self.objects),
            (1.2, self.closure),
            (1, self.axes),
            (0.7, self.integer),
            (0.7, self.mask),
            (0.6, self.walrus),
            (1.2, self.without_axes),
            (0.5, self.chooser),
            (0.4, self.derivative),
            (3, self.corner),
            (self.strangeness, self.strange),
            *[(weight, partial(self.scene, bank=bank)) for bank, weight in SCENES.items()],
            *[(weight * self.danger, getattr(self, name)) for name, weight in DANGER.items()],
        ]
        if s.kinds["c"]:
            rows += [(5, self.complexes)]
        if self.depth < 3:
            rows += [(5, self.loop), (3, self.branch), (1.5, self.while_loop), (0.7, self.match), (0.7, self.guarded)]
        if s.loops or self.depth:
            rows += [(3, self.exit)]
        return self.which([(weight * self.liking(draw), draw) for weight, draw in rows])(s)

    def liking(self, draw):
        """Every program likes a few kinds of statements more than others, so that rare ones meet."""
        name = draw.keywords["bank"] if isinstance(draw, partial) else draw.__name__
        return FAVOUR if name in self.favoured else 1.0

    def program(self):
        """A program and its arguments."""
        s = Scope()
        whole = self.wishes()
        self.favoured = self.r.sample(KINDS, 2) + self.r.sample(GROUPS, 3)
        rng = np.random.default_rng(self.seed)
        s.kinds["f"] = ["a", "b"]
        s.array("x", (SIZE,), self.chance(0.7))
        s.array("z", (SIZE,), self.chance(0.7))
        s.frozen.update(("x", "z"))
        params = ["a", "b", "x", "z", "idx", "n"]
        args = [
            float(rng.uniform(0.2, 1.1)),
            float(rng.uniform(-0.9, 0.9)),
            rng.uniform(0.1, 1.2, SIZE),
            rng.uniform(-1, 1, SIZE),
            np.array([self.r.randrange(SIZE) for _ in range(SIZE)]),
            self.r.randrange(0, 4),
        ]
        if self.chance(0.3):
            params.append("m")
            args.append(rng.uniform(-1, 1, (SIZE, SIZE)))
            s.array("m", (SIZE, SIZE), self.chance(0.6))
        if self.chance(0.25):
            params.append("ps")
            args.append([float(v) for v in rng.uniform(0.1, 1.0, 3)])
            s.add("l", "ps")
            s.frozen.add("ps")
        if self.chance(0.08):
            params.append("hp")
            args.append([rng.uniform(-1, 1, SIZE), rng.uniform(0.1, 1, SIZE)])
            s.add("a", "hp")
        if self.chance(0.05):
            params.append("dp")
            args.append({"p": float(rng.uniform(0.1, 1.0)), "q": rng.uniform(-1, 1, SIZE)})
            s.add("e", "dp")
        if self.chance(0.05):
            params.append("op")
            args.append(Spring(float(rng.uniform(0.1, 1.0)), float(rng.uniform(-1.0, 1.0))))
            s.add("o", "op")
        if self.chance(0.08):
            params.append("ez")
            args.append(np.array(rng.uniform(0.1, 1.0)))
            s.add("z", "ez")
            s.frozen.add("ez")
        self.more_parameters(s, params, args, rng)
        s.frozen.update(name for name in ("hp", "dp", "op") if self.chance(0.6))
        traits = []
        if self.chance(0.08):
            params.append("cz")
            args.append(rng.uniform(-0.8, 0.8, SIZE) + 1j * rng.uniform(-0.8, 0.8, SIZE))
            s.add("c", "cz")
            traits.append("complex")
        if "float32" in whole or self.chance(0.06):
            share = self.pick([0.5, 1.0])  # of some arrays, or of all
            one = self.pick([2, 3])
            args[one] = args[one].astype("f4")
            args = [v.astype("f4") if _is_double(v) and self.chance(share) else v for v in args]
            traits.append("float32")
            self.single = True
        if "structured result" in whole or self.chance(0.1):
            self.form = self.pick(["array", "tuple", "memory"])
            traits.append("result " + self.form)
        self.budget = self.r.randrange(2, 10)
        body = self.allocate(s) if self.chance(0.8) else []
        while self.budget > 0 or self.wanted:
            body += self.brought(s) if self.wanted and self.chance(0.3) else self.statement(s)
        if self.chance(0.04):
            body.insert(0, _itself(params))
        body.append(Node(f"return {self.result(s)}", [], ("return",)))
        return Program(tuple(params), tuple(args), body, self.seed, tuple(traits))

    def more_parameters(self, s, params, args, rng):
        """Tuples, a list of them, a dict of numbers, a function, one number in single precision."""
        if self.chance(0.05):
            params.append("tp")
            args.append((float(rng.uniform(0.1, 1.0)), float(rng.uniform(0.1, 1.0))))
            s.kinds["f"] += ["tp[0]", "tp[-1]", "tp[n % 2]"]
        if self.chance(0.05):
            params.append("rp")
            args.append([(float(v), float(v * v)) for v in rng.uniform(0.1, 1.0, 3)])
            s.kinds["f"] += ["rp[0][1]", "rp[n % 3][0]", "rp[n % 3][n % 2]"]
        if self.chance(0.05):
            params.append("wp")
            args.append({"p": float(rng.uniform(0.1, 1.0)), "q": float(rng.uniform(0.1, 1.0))})
            s.kinds["f"] += [
                "wp['p']",
                "wp['p' if n > 1 else 'q']",
                "sum(wp.values())",
                "wp.get('p' if n > 1 else 's', 0.3)",
            ]
        if self.chance(0.05):
            params.append("sz")
            args.append(np.array(rng.uniform(0.1, 1.0), "f4"))
            s.kinds["f"] += ["(sz[()] if n > 1 else x[1])", "np.sum(sz[None] * x)"]
        if self.chance(0.04):
            params.append("act")
            args.append(self.pick([wave, np.tanh, np.sin, softened]))
            s.kinds["f"] += ["act(a)", "act(b)"]


def _itself(params):
    """The whole program calls itself."""
    given = [{"a": "a * 0.7", "n": "n - 1"}.get(name, name) for name in params]
    return Node("if n > 1:", [("", [Node(f"return f({', '.join(given)})")])], ("branch", "recursion"))


def _is_double(value):
    return isinstance(value, np.ndarray) and value.dtype == np.float64
