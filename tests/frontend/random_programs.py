"""Random programs with numbers, arrays, aliases, views, stores, lists, nested loops, exits and calls."""

import random

HEAD = """import numpy as np


def g(a, k):
    if k > 1:
        return a[k] * 2.0
    a = a + 1.0
    return a[0]


def h(a, x):
    b = a
    for i in range(2):
        if x > 1.0:
            return a * x
        x = x + b[i]
    return b


def m(a, x):
    a[0] = x
    a += 1.0


def f(x, y, a, b):
    k = 1
    s = 0.5
    e = 0.25
    c = a * 2.0
    v = np.ones(4)
"""
NUMBERS = ["x", "y", "s", "1.5", "x * y", "a[0]", "b[k]", "s + 0.5", "np.sum(a)", "c[-1]", "e"]
ARRAYS = ["a", "b", "c", "a * 0.5", "b + c", "np.sin(a)", "np.zeros(5)", "c.copy()", "a[::-1]", "c + x"]
TESTS = ["x > y", "s > 1.0", "k % 2 == 0", "a[1] > b[2]", "k > 1 and a[k] > 0.0", "c[0] < x or s < 0.0", "not k"]
PLACES = ["[0]", "[1:3]", "[k]", "[:]", "[-1]", "[::2]", "[a > 0]"]
LOOPS = [
    "for k in range(3):",
    "for k, e in enumerate(a):",
    "for k in range(2):",
    "for e in b:",
    "for e in reversed(c):",
]
SIMPLE = ["number"] * 3 + ["array"] * 3 + ["store"] * 4 + ["augment"] * 3 + ["alias"] * 2
SIMPLE += ["view", "swap", "tuple", "call", "growing"]


class Program:
    """One program under construction."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.budget = self.random.randint(6, 16)
        self.lists = self.random.random() < 0.4
        if self.random.random() < 0.6:
            self.add(1, "a = a.copy()")
        if self.lists:
            self.add(1, "xs = [x]")
            self.add(1, "ys = [y]")
        while self.budget > 0:
            self.statement(1, False)
        self.add(1, "return x, y, s, a, b, c" + (", xs, ys" if self.lists else ""))

    @property
    def text(self):
        return HEAD + "\n".join(self.lines) + "\n"

    def add(self, depth, line):
        self.lines.append("    " * depth + line)

    def number(self):
        return self.random.choice([*NUMBERS, "xs[-1]"] if self.lists else NUMBERS)

    def name(self):
        return self.random.choice("abc")

    def statement(self, depth, loop):
        """One statement; True if nothing may follow it."""
        self.budget -= 1
        kinds = SIMPLE + ["leave", "next"] * loop + ["return"] * (depth > 1)
        kinds += ["if"] * 3 + ["loop"] * 2 if self.budget > 0 and depth < 5 else []
        return getattr(self, "make_" + self.random.choice(kinds))(depth, loop)

    def block(self, depth, loop):
        self.add(depth, "pass")
        for _ in range(self.random.randint(1, 3)):
            if self.statement(depth, loop):
                break

    def make_number(self, depth, loop):
        self.add(depth, f"{self.random.choice('xys')} = {self.number()} * 0.5 + {self.number()}")

    def make_array(self, depth, loop):
        more = f" + {self.name()}" if self.random.random() < 0.5 else ""
        self.add(depth, f"{self.name()} = {self.random.choice(ARRAYS)}{more}")

    def make_store(self, depth, loop):
        name, place = self.name(), self.random.choice(PLACES)
        value = self.name() if place == "[:]" and self.random.random() < 0.5 else self.number()
        op = self.random.choice("+-*")
        forms = [f"{name}{place} = {value}"] * 3
        forms += [f"{name}{place} = {name}{place} {op} {value}", f"{name}{place} {op}= {value}"]
        self.add(depth, self.random.choice(forms))

    def make_augment(self, depth, loop):
        value = self.random.choice(["0.5", "x", "0.25 * s"])
        self.add(depth, f"{self.random.choice('xysabc')} {self.random.choice('+-*')}= {value}")

    def make_alias(self, depth, loop):
        self.add(depth, f"{self.name()} = {self.name()}")

    def make_view(self, depth, loop):
        self.add(depth, f"v = {self.name()}[1:]")
        self.add(depth, self.random.choice(["v[0] = 2.0", "s = v[0]", "v += 1.0", "v = v * 2.0"]))

    def make_swap(self, depth, loop):
        one, two = self.random.sample("abc", 2)
        self.add(depth, f"{one}, {two} = {two}, {one}")

    def make_tuple(self, depth, loop):
        one, two = self.random.sample("abc", 2)
        self.add(depth, f"t = ({one}, s)")
        self.add(depth, f"{two}, x = t")

    def make_growing(self, depth, loop):
        forms = ["xs.append(s)", "xs[0] = s", "s = s + xs[0]", "s = s + len(xs)", "ys = xs", "ys.append(x)"]
        self.add(depth, self.random.choice([*forms, "xs = xs + [x]"]) if self.lists else "pass")

    def make_call(self, depth, loop):
        forms = [f"s = s + g({self.name()}, k)", f"{self.name()} = h({self.name()}, x)", f"m({self.name()}, s)"]
        self.add(depth, self.random.choice(forms))

    def make_if(self, depth, loop):
        self.add(depth, f"if {self.random.choice(TESTS)}:")
        self.block(depth + 1, loop)
        if self.random.random() < 0.5:
            self.add(depth, "else:")
            self.block(depth + 1, loop)

    def make_loop(self, depth, loop):
        if self.random.random() < 0.6:
            self.add(depth, self.random.choice(LOOPS))
        else:
            name = f"q{len(self.lines)}"
            self.add(depth, f"{name} = 0")
            self.add(depth, f"while {name} < 3:")
            self.add(depth + 1, f"{name} += 1")
        self.block(depth + 1, True)
        if self.random.random() < 0.2:
            self.add(depth, "else:")
            self.block(depth + 1, loop)

    def make_leave(self, depth, loop):
        self.add(depth, "break")
        return True

    def make_next(self, depth, loop):
        self.add(depth, "continue")
        return True

    def make_return(self, depth, loop):
        self.add(depth, f"return {self.random.choice(['x', 's * y'])}, 0.0, s, a, b, c" + ", xs, ys" * self.lists)
        return True
