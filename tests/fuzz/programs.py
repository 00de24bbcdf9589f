"""Random typed programs in the accepted language, as trees of statements that can be shrunk.

    def f(a, b, x, y, n):
        u = x.copy()
        for i in range(n):
            u[1:] = u[:-1] * u[1:]
            if u[0] > 0.4:
                break
            a = np.sin(a * b)
        return a + b + np.sum(u * x)

All vectors have SIZE elements, matrices SIZE x SIZE; numbers stay moderate because operations that grow are damped.
Every statement has tags (store, loop, exit, ..), from which pairs of constructs are counted.
"""

from __future__ import annotations

import linecache
import random
from dataclasses import dataclass, field
from functools import partial

import numpy as np

SIZE = 4
SLICES = {  # by length: slices of a vector of SIZE elements
    4: ("", "::-1", ":", "..."),
    3: ("1:", ":-1", ":0:-1", "-3:", ":3"),
    2: ("1:-1", "2:", ":2", "::2", "1::2", "1:3", "-1:-3:-1"),
}
HELPERS = """
import math

import numpy as np


def damped(p, q=0.5, *, scale=0.7):
    r = np.tanh(p * q)
    return r * scale, p - r


def stepped(u, p):
    for k in range(3):
        if p > 0.8:
            return np.sum(u) * p
        p = p + 0.3 * u[k] * u[k]
    return p * u[-1]


def shifted(u, p):
    out = np.zeros(4)
    out[1:] = u[:-1] * p
    out[0] += p
    return out


def filled(u, p):
    u[1:] = u[1:] * p
    u[0] = p


def looked_up(u, p):
    total = 0.0
    for q in u:
        if q < 0.0:
            continue
        total = total + q * p
    else:
        total = total * 0.5
    return total

"""


@dataclass
class Node:
    """A statement: its first line and the blocks under it, each with a line of its own (`else:`) or none."""

    line: str
    blocks: list[tuple[str, list[Node]]] = field(default_factory=list)
    tags: tuple[str, ...] = ()

    def lines(self, indent):
        """The text, line by line."""
        pad = "    " * indent
        out = [pad + self.line]
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

    @property
    def text(self):
        """Source text."""
        lines = [line for node in self.body for line in node.lines(1)]
        return HELPERS + f"\ndef f({', '.join(self.params)}):\n" + "\n".join(lines) + "\n"

    def function(self, name=None):
        """The function, with its source where `linecache` finds it."""
        name = name or f"<fuzz {self.seed}>"
        text = self.text
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        names = {"__name__": "fuzzed", "np": np}
        exec(compile(text, name, "exec"), names)
        return names["f"]

    def tags(self):
        """Every construct of the program."""
        found = {}

        def walk(nodes):
            for node in nodes:
                found.update(dict.fromkeys(node.tags))
                for _, body in node.blocks:
                    walk(body)

        walk(self.body)
        return tuple(found)


class Scope:
    """Variables by kind: f numbers, v vectors, w vectors that may be written, m matrices, l lists, i integers."""

    def __init__(self, outer=None):
        self.kinds = {k: list(v) for k, v in outer.kinds.items()} if outer else {k: [] for k in "fvwmlia"}
        self.loops = outer.loops if outer else 0
        self.frozen = set(outer.frozen) if outer else set()

    def add(self, kind, name):
        if name not in self.kinds[kind]:
            self.kinds[kind].append(name)


class Maker:
    """Draws programs."""

    def __init__(self, seed, aliases=0.0):
        self.r = random.Random(seed)
        self.seed = seed
        self.aliases = aliases
        self.count = 0
        self.budget = 0
        self.tags = []

    def fresh(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def chance(self, p):
        return self.r.random() < p

    def pick(self, items):
        return self.r.choice(list(items))

    # expressions ---------------------------------------------------------------------------------------------------
    def number(self, s, depth=2):
        """A float expression."""
        r = self.r
        if depth <= 0 or self.chance(0.2):
            return self.leaf(s)
        one = partial(self.number, s, depth - 1)
        kind = r.randrange(19)
        if kind < 5:
            op = self.pick(["{} * {}", "{} + {}", "{} - {}", "{} * {}", "{} / (1.5 + {} ** 2)"])
            return "(" + op.format(one(), one()) + ")"
        if kind < 8:
            return f"{self.pick(['np.sin', 'np.cos', 'np.tanh', 'math.sin', 'math.cos'])}({one()})"
        if kind == 8:
            self.tags.append("power")
            return f"({one()}) ** 2"
        if kind == 9:
            return f"np.sqrt(1.0 + ({one()}) ** 2)"
        if kind == 10:
            self.tags.append("conditional")
            return f"({one()} if {self.test(s)} else {one()})"
        if kind in (11, 12):
            self.tags.append("reduction")
            fun = self.pick(["np.sum", "np.mean", "np.max", "np.prod", "np.linalg.norm", "sum"])
            return f"{fun}({self.vector(s, SIZE, depth - 1)})"
        if kind == 13:
            self.tags.append("matmul")
            return f"({self.vector(s, 3, 1)} @ {self.vector(s, 3, 1)})"
        if kind == 14:
            self.tags.append("call")
            return f"stepped({self.vector(s, SIZE, 1)}, {one()})"
        if kind == 15:
            self.tags.append("call")
            return f"looked_up({self.vector(s, SIZE, 0)}, {one()})"
        if kind == 16 and s.kinds["l"]:
            xs = self.pick(s.kinds["l"])
            self.tags.append("list")
            return f"sum({xs})" if self.chance(0.5) else f"(sum({xs}) / (1.0 + len({xs})))"
        if kind == 17 and s.kinds["l"]:
            xs = self.pick(s.kinds["l"])
            self.tags.append("list")
            return f"sum([{one()} * q for q in {xs}])"
        return f"np.exp(-({one()}) ** 2)"

    def leaf(self, s):
        choices = list(s.kinds["f"]) * 2
        vectors = s.kinds["v"] + s.kinds["w"]
        choices += [f"{self.pick(vectors)}[{self.index(s)}]" for _ in range(2)] if vectors else []
        choices += [f"{self.pick(s.kinds['m'])}[{self.index(s)}, {self.index(s)}]"] if s.kinds["m"] else []
        choices += [str(round(self.r.uniform(0.2, 1.2), 2))]
        choices += [f"0.1 * {self.pick(s.kinds['i'])}"] if s.kinds["i"] else []
        return self.pick(choices)

    def index(self, s):
        if s.kinds["i"] and self.chance(0.5):
            i = self.pick(s.kinds["i"])
            return self.pick([f"{i} % 4", f"({i} + 1) % 4", f"-1 - {i} % 4"])
        return str(self.r.randrange(-SIZE, SIZE))

    def vector(self, s, length, depth=2, writable=None):
        """An array expression of so many elements."""
        if depth <= 0 or self.chance(0.25):
            return self.part(s, length)
        one = partial(self.vector, s, length, depth - 1)
        other = one if self.chance(0.6) else partial(self.number, s, depth - 1)
        kind = self.r.randrange(14)
        if kind < 5:
            op = self.pick(["{} * {}", "{} + {}", "{} - {}", "{} * {}", "{} / (1.5 + {} ** 2)"])
            return "(" + op.format(one(), other()) + ")"
        if kind < 7:
            return f"{self.pick(['np.sin', 'np.cos', 'np.tanh'])}({one()})"
        if kind == 7:
            self.tags.append("where")
            return f"np.where({one()} > {round(self.r.uniform(0.1, 0.9), 3)}, {one()}, {other()})"
        if kind == 8 and length == SIZE:
            self.tags.append("fancy")
            return f"{self.part(s, SIZE)}[idx]" if self.chance(0.6) else f"{self.part(s, SIZE)}[[0, 0, 3, -2]]"
        if kind == 9 and length == SIZE:
            self.tags.append("call")
            return f"shifted({self.part(s, SIZE)}, {self.number(s, 1)})"
        if kind == 10 and length == SIZE and s.kinds["m"]:
            self.tags.append("matmul")
            m, v = self.pick(s.kinds["m"]), self.part(s, SIZE)
            return self.pick([f"({m} @ {v}) * 0.3", f"({v} @ {m}.T) * 0.3", f"{m}.sum(axis=1) * 0.2"])
        if kind == 11 and length == SIZE:
            self.tags.append("shaping")
            return self.pick(
                [
                    f"np.concatenate([{self.part(s, 2)}, {self.part(s, 2)}])",
                    f"np.cumsum({one()}) * 0.4",
                    f"np.roll({one()}, 1)",
                ]
            )
        if kind == 12 and s.kinds["m"]:
            m = self.pick(s.kinds["m"])
            cut = self.pick(SLICES[length]) or ":"
            cut = ":" if cut == "..." else cut
            return self.pick([f"{m}[{self.index(s)}, {cut}]", f"{m}[{cut}, {self.index(s)}]"])
        return f"(0.6 * {one()})"

    def part(self, s, length):
        vectors = s.kinds["v"] + s.kinds["w"] * 2
        name = self.pick(vectors)
        if length == SIZE and self.chance(0.7):
            return name
        cut = self.pick(SLICES[length])
        return f"{name}[{cut}]" if cut else name

    def test(self, s):
        """A flag."""
        kind = self.r.randrange(6)
        bound = round(self.r.uniform(-0.2, 1.0), 3)
        if kind == 0 and s.kinds["i"]:
            return f"{self.pick(s.kinds['i'])} {self.pick(['%', '+'])} 2 == {self.pick([0, 1, 3])}"
        if kind == 1:
            return f"{bound} < {self.number(s, 1)} < {round(bound + 0.7, 3)}"
        if kind == 2:
            return f"{self.number(s, 1)} > {bound} {self.pick(['and', 'or'])} {self.leaf(s)} < {round(bound + 0.3, 3)}"
        if kind == 3 and s.kinds["l"]:
            return f"len({self.pick(s.kinds['l'])}) > {self.r.randrange(4)}"
        if kind == 4:
            return f"not {self.number(s, 1)} > {bound}"
        return f"{self.number(s, 1)} {self.pick(['>', '<'])} {bound}"

    # statements ----------------------------------------------------------------------------------------------------
    def block(self, s, size):
        """Statements; definitions in them are local to the block."""
        out = []
        for _ in range(size):
            if self.budget <= 0:
                break
            out += self.statement(s)
        return out

    def statement(self, s):
        """One statement (or a few that belong together)."""
        self.budget -= 1
        self.tags = []
        rows = [
            (4, self.assign),
            (3, self.augment),
            (3, self.allocate),
            (6, self.store),
            (2, self.store_overlap),
            (1, self.swap),
            (2, self.vector_assign),
            (3, self.lists),
            (1, self.call),
            (1, self.matrix),
            (2, self.array_list),
            (1, self.tuples),
            (1, self.closure),
            (1, self.exchange),
            (1, self.axes),
        ]
        if self.depth < 3:
            rows += [(4, self.loop), (3, self.branch), (1, self.while_loop)]
        if s.loops or self.depth:
            rows += [(2, self.exit)]
        if self.aliases:
            rows += [(self.aliases, self.alias)]
        weights = [w for w, _ in rows]
        make = self.r.choices([m for _, m in rows], weights)[0]
        return [node for node in make(s)]

    def node(self, line, *tags):
        made = Node(line, [], tuple(dict.fromkeys([*tags, *self.tags])))
        self.tags = []
        return made

    def assign(self, s):
        line = self.number(s, 3)
        name = self.pick(s.kinds["f"]) if self.chance(0.6) and s.kinds["f"] else self.fresh("a")
        out = [self.node(f"{name} = {line}", "assign")]
        s.add("f", name)
        return out

    def augment(self, s):
        if not s.kinds["f"]:
            return self.assign(s)
        name = self.pick(s.kinds["f"])
        op = self.pick(["+=", "-=", "*=", "+=", "*="])
        return [self.node(f"{name} {op} {self.number(s, 2)}", "augment")]

    def vector_assign(self, s):
        line = f"({self.vector(s, SIZE, 2)}) * {self.leaf(s)}"
        free = [v for v in s.kinds["v"] + s.kinds["w"] if v not in s.frozen]
        if self.chance(0.5) and free:
            name = self.pick(free)
        else:
            name = self.fresh("u")
            s.add("v" if self.chance(0.4) else "w", name)
        return [self.node(f"{name} = {line}", "array")]

    def allocate(self, s):
        name = self.pick(s.kinds["w"]) if self.chance(0.2) and s.kinds["w"] else self.fresh("y")
        if name in s.frozen:
            return self.store(s)
        vectors = s.kinds["v"] + s.kinds["w"]
        text = self.pick(
            [
                f"np.zeros({SIZE})",
                f"{self.pick(vectors)}.copy()",
                f"np.ones({SIZE})",
                f"np.zeros_like({self.pick(vectors)})",
                f"np.full({SIZE}, {self.number(s, 1)})",
                f"np.array([{self.number(s, 1)}, {self.leaf(s)}, 0.5, {self.leaf(s)}])",
                f"{self.vector(s, SIZE, 1)} * 1.0",
            ]
        )
        s.add("w", name)
        return [self.node(f"{name} = {text}", "alloc")]

    def target(self, s):
        return self.pick(s.kinds["w"]) if s.kinds["w"] else None

    def store(self, s):
        y = self.target(s)
        if y is None:
            return self.allocate(s)
        kind = self.r.randrange(12)
        op = self.pick(["=", "=", "+=", "-=", "*=", "/="])
        if kind < 4:
            rhs = self.number(s, 2)
            rhs = f"(1.5 + ({rhs}) ** 2)" if op == "/=" else rhs
            return [self.node(f"{y}[{self.index(s)}] {op} {rhs}", "store")]
        if kind < 8:
            length = self.pick([4, 3, 2])
            cut = self.pick([c for c in SLICES[length] if c])
            rhs = self.vector(s, length, 2) if self.chance(0.8) else self.number(s, 1)
            rhs = f"(1.5 + ({rhs}) ** 2)" if op == "/=" else rhs
            return [self.node(f"{y}[{cut}] {op} {rhs}", "store", "slice")]
        if kind == 8:
            op = self.pick(["+=", "-=", "*="])
            return [self.node(f"{y} {op} {self.vector(s, SIZE, 1)}", "store", "whole")]
        if kind == 9:
            return [self.node(f"np.add.at({y}, idx, {self.vector(s, SIZE, 1)})", "store", "add.at")]
        if kind == 10:
            low = round(self.r.uniform(0.0, 0.8), 3)
            op = self.pick(["=", "*=", "+="])
            return [self.node(f"{y}[{y} > {low}] {op} {self.number(s, 1)}", "store", "mask")]
        other = self.pick(["[0, 2]", "[1, 3]", "[3, 0]"])
        return [self.node(f"{y}[{other}] {op} {1.7 if op == '/=' else self.vector(s, 2, 1)}", "store", "fancy")]

    def store_overlap(self, s):
        y = self.target(s)
        if y is None:
            return self.allocate(s)
        length = self.pick([3, 2, 4])
        cuts = [c for c in SLICES[length] if c]
        a, b, c = self.pick(cuts), self.pick(cuts), self.pick(cuts)
        op = self.pick(["=", "=", "+=", "*="])
        text = self.pick(
            [f"{y}[{b}] * {y}[{c}]", f"np.sin({y}[{b}]) + {y}[{a}]", f"{y}[{b}] * {self.leaf(s)}", f"{y}[{b}]"]
        )
        return [self.node(f"{y}[{a}] {op} {text}", "store", "overlap")]

    def swap(self, s):
        y = self.target(s)
        if y is not None and self.chance(0.5):
            i, j = self.index(s), self.index(s)
            return [self.node(f"{y}[{i}], {y}[{j}] = {y}[{j}], {y}[{i}] * {self.leaf(s)}", "store", "swap")]
        if len(s.kinds["f"]) < 2:
            return self.assign(s)
        p, q = self.r.sample(s.kinds["f"], 2)
        return [self.node(f"{p}, {q} = {q}, {self.number(s, 1)} * {p}", "swap")]

    def lists(self, s):
        free = [xs for xs in s.kinds["l"] if xs not in s.frozen]
        if not free or self.chance(0.25):
            name = self.fresh("xs")
            text = self.pick(
                [f"[{self.number(s, 1)}, {self.leaf(s)}]", "[]", f"[{self.number(s, 1)} for q in {self.part(s, 3)}]"]
            )
            node = self.node(f"{name} = {text}", "list")
            out = [node]
            if text == "[]":
                out.append(self.node(f"{name}.append({self.number(s, 1)})", "append"))
            s.add("l", name)
            return out
        xs = self.pick(free)
        kind = self.r.randrange(7)
        if kind < 3:
            return [self.node(f"{xs}.append({self.number(s, 2)})", "append")]
        if kind == 3:
            name = self.pick(s.kinds["f"])
            return [
                Node(
                    f"if len({xs}) > 1:",
                    [("", [Node(f"{name} = {xs}.pop() * {self.leaf(s)}", [], ("pop",))])],
                    ("branch", "pop"),
                )
            ]
        if kind == 4:
            op = self.pick(["=", "+=", "*="])
            return [self.node(f"{xs}[{self.pick([0, -1])}] {op} {self.number(s, 1)}", "list store")]
        if kind == 5:
            name = self.fresh("a")
            node = self.node(f"{name} = {xs}[0] * {xs}[-1]", "list")
            s.add("f", name)
            return [node]
        name = self.fresh("xs")
        text = f"[np.sin(q) * {self.leaf(s)} for q in {xs}]"
        s.add("l", name)
        return [self.node(f"{name} = {text}", "comprehension")]

    def call(self, s):
        y = self.target(s)
        if self.aliases and y is not None and self.chance(0.4):
            return [self.node(f"filled({y}, {self.number(s, 1)})", "call", "callee writes")]
        p, q = self.fresh("p"), self.fresh("q")
        extra = self.pick(["", f", {self.leaf(s)}", f", scale={self.leaf(s)}", f", q={self.leaf(s)}"])
        node = self.node(f"{p}, {q} = damped({self.number(s, 1)}{extra})", "call", "unpack")
        s.add("f", p)
        s.add("f", q)
        return [node]

    def matrix(self, s):
        if not s.kinds["m"] or self.chance(0.3):
            name = self.fresh("m")
            text = self.pick(
                [
                    f"np.outer({self.part(s, SIZE)}, {self.part(s, SIZE)})",
                    f"np.zeros(({SIZE}, {SIZE}))",
                    f"{self.part(s, SIZE)}[:, None] + {self.part(s, SIZE)}",
                    f"{self.part(s, SIZE)}[:, np.newaxis] * {self.part(s, SIZE)}[None, :]",
                ]
            )
            node = self.node(f"{name} = {text}", "matrix")
            s.add("m", name)
            return [node]
        m = self.pick(s.kinds["m"])
        i, j = self.index(s), self.index(s)
        line = self.pick(
            [
                f"{m}[{i}] = {self.vector(s, SIZE, 1)}",
                f"{m}[:, {j}] += {self.vector(s, SIZE, 1)}",
                f"{m}[{i}, {j}] = {self.number(s, 1)}",
                f"{m}[{i}, 1:] *= {self.number(s, 1)}",
                f"{m}[1:, :-1] = {m}[:-1, 1:] * {self.leaf(s)}",
                f"{m}[{i}][{j}] = {self.number(s, 1)}",
                f"{m} *= {self.leaf(s)}",
                f"{m}[::2, ::-1] += {m}[1::2] * 0.3",
            ]
        )
        return [self.node(line, "store", "matrix store")]

    def alias(self, s):
        y = self.target(s)
        if y is None:
            return self.allocate(s)
        name = self.fresh("w")
        if self.chance(0.4):  # a view of another length is only written, here and now
            cut, k = self.pick([("1:", 3), (":-1", 3), ("::2", 2), ("1:3", 2), ("::-2", 2)])[0], self.pick([0, 1, -1])
            out = [self.node(f"{name} = {y}[{cut}]", "alias", "view")]
            op = self.pick(["=", "+=", "*="])
            out.append(self.node(f"{name}[{k}] {op} {self.number(s, 1)}", "store", "view store"))
            if self.chance(0.5):
                out.append(
                    self.node(
                        f"{name}[:] {self.pick(['=', '*=', '+='])} {name}[::-1] * {self.leaf(s)}",
                        "store",
                        "view store",
                        "overlap",
                    )
                )
            return out
        text = self.pick([y, f"{y}[::-1]", f"{y}[:]", f"{y}[...]"])
        s.add("w", name)
        s.frozen.add(name)
        s.frozen.add(y)
        return [self.node(f"{name} = {text}", "alias")]

    def array_list(self, s):
        """Lists of arrays: filled, walked, read, written through."""
        free = [hs for hs in s.kinds["a"] if hs not in s.frozen]
        if not free or self.chance(0.3):
            name = self.fresh("hs")
            text = self.pick(
                [
                    f"[{self.vector(s, SIZE, 1)} * 1.0]",
                    f"[{self.vector(s, SIZE, 1)} * q for q in {self.part(s, 3)}]",
                    f"[np.zeros({SIZE}), {self.part(s, SIZE)} * {self.leaf(s)}]",
                ]
            )
            node = self.node(f"{name} = {text}", "array list")
            s.add("a", name)
            return [node]
        hs = self.pick(free)
        kind = self.r.randrange(6)
        if kind < 2:
            item = (
                f"{self.vector(s, SIZE, 1)} * {self.leaf(s)}"
                if self.chance(0.7) or not self.aliases
                else self.part(s, SIZE)
            )
            return [self.node(f"{hs}.append({item})", "array list", "append")]
        if kind == 2:
            name = self.fresh("u")
            node = self.node(f"{name} = {hs}[{self.pick([0, -1])}] * {self.leaf(s)} + {hs}[-1]", "array list")
            s.add("w", name)
            return [node]
        if kind == 3 and self.aliases:
            op = self.pick(["=", "+=", "*="])
            return [
                self.node(
                    f"{hs}[{self.pick([0, -1])}][{self.index(s)}] {op} {self.number(s, 1)}", "array list", "deep store"
                )
            ]
        if kind == 4:
            return [
                self.node(f"{hs}[{self.pick([0, -1])}] = {self.vector(s, SIZE, 1)} * 0.9", "array list", "list store")
            ]
        inner, h = Scope(s), self.fresh("h")
        inner.loops += 1
        inner.add("v", h)
        inner.frozen.update((h, hs))
        return [
            Node(f"for {h} in {hs}:", [("", self.body(inner, self.r.randrange(1, 3), "loop"))], ("loop", "array list"))
        ]

    def tuples(self, s):
        """Tuples and dicts with known keys."""
        t, p, q = self.fresh("t"), self.fresh("p"), self.fresh("u")
        one, two = self.number(s, 1), self.vector(s, SIZE, 1)
        if self.chance(0.4):
            lines = [
                f"{t} = {{'p': {one}, 'q': {two} * 1.0}}",
                f"{p}, {q} = {t}['p'] * {self.leaf(s)}, {t}['q'] * {t}['p']",
            ]
        else:
            lines = [
                f"{t} = ({one}, ({two} * 1.0, {self.leaf(s)}))",
                self.pick([f"{p}, ({q}, _) = {t}", f"{p}, {q} = {t}[0], {t}[1][0] * {t}[1][1]"]),
            ]
        out = [self.node(lines[0], "tuple"), self.node(lines[1], "tuple", "unpack")]
        s.add("f", p)
        s.add("v" if "_) =" in lines[1] else "w", q)
        s.frozen.update((q,) if "_) =" in lines[1] else ())
        return out

    def closure(self, s):
        """A nested function or a lambda that reads active names."""
        g, name = self.fresh("g"), self.fresh("a")
        inner = Scope(s)
        inner.kinds["f"] = ["t", *s.kinds["f"]]
        if self.chance(0.5):
            out = [self.node(f"{g} = lambda t: {self.number(inner, 2)}", "closure")]
        else:
            inner.loops, before = 0, self._depth
            self._depth = 3
            body = [self.node(f"t = {self.number(inner, 1)}"), *self.assign_only(inner)]
            self._depth = before
            body.append(self.node(f"return t * {self.leaf(inner)}"))
            out = [Node(f"def {g}(t):", [("", body)], ("closure",))]
        out.append(self.node(f"{name} = {g}({self.number(s, 1)}) + {g}({self.leaf(s)})", "closure", "call"))
        s.add("f", name)
        return out

    def assign_only(self, s):
        test = self.test(s)
        node = self.node(f"if {test}:", "branch")
        node.blocks.append(("", [self.node(f"return {self.number(s, 1)}", "exit")]))
        return [node] if self.chance(0.6) else []

    def exchange(self, s):
        """Names of arrays change places, or one of two is chosen."""
        free = [w for w in s.kinds["w"] if w not in s.frozen]
        if len(free) < 2:
            return self.vector_assign(s)
        p, q = self.r.sample(free, 2)
        if self.chance(0.5):
            return [self.node(f"{p}, {q} = {q}, {self.vector(s, SIZE, 1)} * {self.leaf(s)}", "exchange")]
        if self.aliases and self.chance(0.6):
            return [self.node(f"{p}, {q} = {q}, {p}", "exchange", "alias")]
        return [self.node(f"{p} = {q} * 1.0 if {self.test(s)} else {p} * {self.leaf(s)}", "exchange", "conditional")]

    def axes(self, s):
        """Reductions along axes, broadcasting of rows and columns."""
        u = self.fresh("u")
        m = self.pick(s.kinds["m"]) if s.kinds["m"] else f"np.outer({self.part(s, SIZE)}, {self.part(s, SIZE)})"
        v, p = self.part(s, SIZE), self.number(s, 1)
        text = self.pick(
            [
                f"np.sum({m} * {v}, axis=0) * {p}",
                f"({m} * {v}[:, None]).mean(axis=1) + {p}",
                f"np.max({m} + 0.01 * {v}, axis=0) * 0.5",
                f"({m} - {m}.mean(axis=0, keepdims=True))[{self.index(s)}] * {p}",
                f"np.sqrt(1.0 + {m}[:, 1] ** 2) - {v}",
                f"np.clip({m}[0] * 2.0, -0.613, 0.711) * {v}",
                f"np.maximum({m}[:, 2], {v}) * {p}",
                f"np.diag({m}) * {v}",
                f"{m}.T[1] * {p} + {m}.reshape(-1)[2:6]",
            ]
        )
        node = self.node(f"{u} = {text}", "axes")
        s.add("w", u)
        return [node]

    # control -------------------------------------------------------------------------------------------------------
    @property
    def depth(self):
        return self._depth

    _depth = 0

    def body(self, s, size, tag):
        self._depth += 1
        made = self.block(s, size)
        self._depth -= 1
        return made or [Node("pass")]

    def loop(self, s):
        inner = Scope(s)
        inner.loops += 1
        i = self.fresh("i")
        kind = self.r.randrange(10)
        tags = ["loop"]
        if kind < 4:
            bounds = self.pick(
                [
                    "n",
                    "2",
                    "3",
                    "1, 4",
                    "3, 0, -1",
                    "0, 4, 2",
                    f"{self.pick(s.kinds['i'])} % 3" if s.kinds["i"] else "n",
                ]
            )
            head = f"for {i} in range({bounds}):"
            head = f"for {i} in reversed(range({bounds})):" if self.chance(0.1) else head
            inner.add("i", i)
        elif kind < 6:
            q = self.fresh("q")
            over = self.pick(s.kinds["v"])
            inner.frozen.add(over)
            head = f"for {q} in {self.pick([over, f'reversed({over})', over + '[1:]'])}:"
            inner.add("f", q)
        elif kind == 6:
            q = self.fresh("q")
            over = self.pick(s.kinds["v"] + s.kinds["l"])
            inner.frozen.add(over)
            head = f"for {i}, {q} in enumerate({over}):"
            inner.add("i", i)
            inner.add("f", q)
        elif kind == 7:
            p, q = self.fresh("p"), self.fresh("q")
            one, two = self.pick(s.kinds["v"]), self.pick(s.kinds["v"] + s.kinds["l"])
            inner.frozen.update((one, two))
            head = f"for {p}, {q} in zip({one}, {two}):"
            inner.add("f", p)
            inner.add("f", q)
        elif s.kinds["l"] and kind == 8:
            q = self.fresh("q")
            over = self.pick(s.kinds["l"])
            inner.frozen.add(over)
            head = f"for {q} in {self.pick([over, f'reversed({over})'])}:"
            inner.add("f", q)
            tags.append("list loop")
        elif s.kinds["m"]:
            row = self.fresh("row")
            over = self.pick(s.kinds["m"])
            inner.kinds["m"] = [m for m in inner.kinds["m"] if m != over]
            head = f"for {row} in {over}:"
            inner.add("v", row)
            inner.frozen.add(row)
        else:
            head = f"for {i} in range(n):"
            inner.add("i", i)
        node = Node(head, [("", self.body(inner, self.r.randrange(1, 5), "loop"))], tuple(tags))
        if self.chance(0.1):
            node.blocks.append(("else:", self.body(Scope(s), 1, "else")))
            node.tags = (*node.tags, "loop else")
        return [node]

    def while_loop(self, s):
        inner = Scope(s)
        inner.loops += 1
        k = self.fresh("k")
        limit = self.r.randrange(1, 4)
        if self.chance(0.3):
            body = self.body(inner, self.r.randrange(1, 4), "while")
            stop = Node(f"if {k} > {limit}:", [("", [Node("break", [], ("exit", "break"))])], ("branch",))
            step = Node(f"{k} += 1")
            return [Node(f"{k} = 0"), Node("while True:", [("", [step, stop, *body])], ("while", "loop"))]
        extra = f" and {self.number(s, 1)} < 1.3" if self.chance(0.5) else ""
        step = Node(f"{k} += 1")
        inner.add("i", k)
        body = [step, *self.body(inner, self.r.randrange(1, 4), "while")]
        return [Node(f"{k} = 0"), Node(f"while {k} < {limit}{extra}:", [("", body)], ("while", "loop"))]

    def branch(self, s):
        test = self.test(s)
        node = self.node(f"if {test}:", "branch")
        node.blocks.append(("", self.body(Scope(s), self.r.randrange(1, 4), "if")))
        if self.chance(0.2):
            node.blocks.append((f"elif {self.test(s)}:", self.body(Scope(s), self.r.randrange(1, 3), "if")))
        if self.chance(0.5):
            node.blocks.append(("else:", self.body(Scope(s), self.r.randrange(1, 3), "if")))
        return [node]

    def exit(self, s):
        test = self.test(s)
        kind = self.r.randrange(5)
        if kind < 2 and s.loops:
            line, tag = "break", "break"
        elif kind < 4 and s.loops:
            line, tag = "continue", "continue"
        else:
            line, tag = f"return {self.result(s)}", "return"
        before = self.body(Scope(s), 1, "exit") if self.chance(0.5) and self.budget > 0 else []
        return [self.wrapped(test, [*before, Node(line, [], ("exit", tag))], tag)]

    def wrapped(self, test, body, tag):
        node = self.node(f"if {test}:", "branch", "exit", tag)
        node.blocks.append(("", body))
        return node

    def result(self, s):
        terms = [name if self.chance(0.8) else f"np.sin({name})" for name in s.kinds["f"][-5:]]
        vectors = (s.kinds["v"] + s.kinds["w"])[-4:]
        terms += [f"np.sum({v} * {self.pick(vectors)})" for v in vectors]
        terms += [f"np.sum({m} ** 2)" for m in s.kinds["m"][-1:]]
        terms += [f"sum({xs})" for xs in s.kinds["l"][-2:]]
        terms += [f"np.sum({hs}[-1] * {hs}[0])" for hs in s.kinds["a"][-2:]]
        return " + ".join(terms) or "1.0"

    def program(self):
        """A program and its arguments."""
        s = Scope()
        rng = np.random.default_rng(self.seed)
        s.kinds["f"] = ["a", "b"]
        s.kinds["v"] = ["x", "z"]
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
            s.kinds["v"].append("m[1]")
        if self.chance(0.3):
            params.append("ps")
            args.append([float(v) for v in rng.uniform(0.1, 1.0, 3)])
            s.kinds["l"].append("ps")
            s.frozen.add("ps")
        self.budget = self.r.randrange(4, 16)
        body = self.allocate(s) if self.chance(0.8) else []
        while self.budget > 0:
            body += self.statement(s)
        body.append(Node(f"return {self.result(s)}", [], ("return",)))
        return Program(tuple(params), tuple(args), body, self.seed)
