"""Programs as trees of statements, which can be printed, run, counted and shrunk; what a scope of one knows.

    Node("for i in range(n):", [("", [Node("a = a * b")])], ("loop",))

Every statement has tags (store, loop, exit, ..), from which pairs of constructs are counted.
"""

from __future__ import annotations

import copy
import linecache
import re
from dataclasses import dataclass, field

from tests.fuzz import constructs, helpers, tools

HELPERS = {
    name: module.__name__
    for module in (helpers, tools)
    for name, value in vars(module).items()
    if getattr(value, "__module__", "") == module.__name__ or value is tools.slope
}
FOR_NUMBA = "for Numba"  # a tag: what is made of such a template for Numba is judged in any case
MODULES = {
    "copying": "import copy as copying",
    "collections": "import collections",
    "defaultdict": "from collections import defaultdict",
    "functools": "import functools",
    "itertools": "import itertools",
    "math": "import math",
    "operator": "import operator",
    "replace": "from dataclasses import replace",
    "np": "\nimport numpy as np",
    "quad": "from scipy.integrate import quad",
    "solve_ivp": "from scipy.integrate import solve_ivp",
    "odeint": "from scipy.integrate import odeint",
    "newton": "from scipy.optimize import newton",
    "brentq": "from scipy.optimize import brentq",
    "fixed_point": "from scipy.optimize import fixed_point",
    "adgen": "\nimport adgen",
}


@dataclass
class Node:
    """A statement: its first line and the blocks under it, each with a line of its own (`else:`) or none."""

    line: str
    blocks: list[tuple[str, list[Node]]] = field(default_factory=list)
    tags: tuple[str, ...] = ()

    def constructs(self):
        """What kinds of constructs it has."""
        found = constructs.of(self.line, self.tags)
        for head, _ in self.blocks:
            found |= constructs.of(head)
        return found

    def lines(self, indent):
        """The text, line by line."""
        pad = "    " * indent
        out = [pad + line for line in self.line.splitlines()]
        for head, body in self.blocks:
            if head:
                out.append(pad + head)
            for node in body:
                out += node.lines(indent + 1)
            if not body:
                out.append(pad + "    pass")
        return out


@dataclass
class Program:
    """A whole program with the arguments it is called with."""

    params: tuple[str, ...]
    args: tuple
    body: list[Node]
    seed: int
    traits: tuple[str, ...] = ()  # what holds for the whole of it: float32, complex, ..

    @property
    def text(self):
        """Source text."""
        lines = [line for node in self.body for line in node.lines(1)]
        body = f"def f({', '.join(self.params)}):\n" + "\n".join(lines) + "\n"
        words = dict.fromkeys(re.findall(r"\w+", body))
        heads = [text for word, text in MODULES.items() if word in words]
        used = sorted(name for name in HELPERS if name in words)
        heads += [""] if used else []
        for module in dict.fromkeys(HELPERS[name] for name in used):
            heads.append(f"from {module} import {', '.join(name for name in used if HELPERS[name] == module)}")
        return "\n".join(heads) + "\n\n\n" + body

    def function(self, name=None):
        """The function, with its source where `linecache` finds it."""
        name = name or f"<fuzz {self.seed}>"
        text = self.text
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        names = {"__name__": "fuzzed"}
        exec(compile(text, name, "exec"), names)
        return names["f"]

    def forget(self):
        """The source is needed no more."""
        linecache.cache.pop(f"<fuzz {self.seed}>", None)

    def tagged(self, tag):
        """Whether a statement was made of a template with a tag."""
        return any(tag in node.tags for node, _ in self.walk())

    def tags(self):
        """Every construct of the program."""
        found = dict(constructs.of("", self.traits))
        for node, _ in self.walk():
            found |= node.constructs()
        return tuple(found)

    def nested(self):
        """Pairs (construct, the construct around it)."""
        found = {}
        for node, outer in self.walk():
            found.update(dict.fromkeys((inner, around) for inner in node.constructs() for around in outer))
        return tuple(found)

    def walk(self):
        """Every statement, with the constructs of the statements around it."""

        def inside(nodes, outer):
            for node in nodes:
                yield node, outer
                around = (*outer, *node.constructs()) if node.blocks else outer
                for _, body in node.blocks:
                    yield from inside(body, around)

        yield from inside(self.body, ())

    def copy(self):
        """Arguments that may be written."""
        return copy.deepcopy(self.args)


class Scope:
    """Variables by kind: f numbers, i integers, l lists of numbers, a lists of arrays, d dicts, c complex vectors,
    z arrays without axes, b masks, o objects that do not change, s and t objects that do, k lists of them, v lists of
    lists, e dicts with an array; arrays with their shapes; those that must not be bound anew, and not be written."""

    KINDS = "filadczbohstvekn"

    def __init__(self, outer=None):
        self.kinds = {k: list(v) for k, v in outer.kinds.items()} if outer else {k: [] for k in self.KINDS}
        self.arrays = dict(outer.arrays) if outer else {}
        self.loops = outer.loops if outer else 0
        self.exits = outer.exits if outer else True
        self.frozen = set(outer.frozen) if outer else set()
        self.constant = set(outer.constant) if outer else set()

    def add(self, kind, name):
        """A variable."""
        if name not in self.kinds[kind]:
            self.kinds[kind].append(name)

    def array(self, name, shape, constant=False):
        """An array."""
        self.arrays.pop(name, None)
        self.arrays[name] = shape
        self.constant.discard(name)
        if constant:
            self.constant.add(name)

    def of(self, rank, writable=False):
        """Names of arrays with so many axes."""
        return [n for n, shape in self.arrays.items() if len(shape) == rank and not (writable and n in self.constant)]

    def take(self, inner):
        """What an inner block has bound is seen here too."""
        for kind, names in inner.kinds.items():
            for name in names:
                self.add(kind, name)
        for name, shape in inner.arrays.items():
            if name not in self.arrays:
                self.array(name, shape, True)
