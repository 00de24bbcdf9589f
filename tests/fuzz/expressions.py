"""Random expressions: numbers, arrays of a wanted shape, indices, slices, flags."""

from __future__ import annotations

from functools import partial

SIZE = 4
CUTS = (
    ":",
    "::-1",
    "1:",
    ":-1",
    ":0:-1",
    "-3:",
    ":3",
    "1:-1",
    "2:",
    ":2",
    "::2",
    "1::2",
    "1:3",
    "-1:-3:-1",
    "-2:",
    "1:2",
)


def lengths(n):
    """Slices of n elements by how many they have: {3: ("1:", ..)}."""
    found = {}
    for cut in CUTS:
        length = len(range(n)[slice(*(int(p) if p else None for p in cut.split(":")))])
        if length > 0:
            found.setdefault(length, []).append(cut)
    return found


SLICES = {n: lengths(n) for n in (1, 2, 3, 4)}


class Expressions:
    """Draws expressions; what they contain is noted in `tags`."""

    def fresh(self, stem):
        """A new name."""
        self.count += 1
        return f"{stem}{self.count}"

    def chance(self, p):
        """Whether, with this probability."""
        return self.r.random() < p

    def pick(self, items):
        """One of them."""
        return self.r.choice(list(items))

    def which(self, rows):
        """One of rows (weight, what), by weight."""
        return self.r.choices([row[1] for row in rows], [row[0] for row in rows])[0]

    def tag(self, *tags):
        """Note constructs of the statement that is being made."""
        self.tags.extend(tags)

    # numbers -------------------------------------------------------------------------------------------------------
    def number(self, s, depth=2):
        """A float expression."""
        if depth <= 0 or self.chance(0.2):
            return self.leaf(s)
        one = partial(self.number, s, depth - 1)
        kind = self.r.randrange(28)
        if kind < 6:
            op = self.pick(["{} * {}", "{} + {}", "{} - {}", "{} * {}", "{} / (1.5 + {} ** 2)"])
            return "(" + op.format(one(), one()) + ")"
        if kind < 9:
            return f"{self.pick(['np.sin', 'np.cos', 'np.tanh', 'math.sin', 'math.cos'])}({one()})"
        if kind == 9:
            self.tag("power")
            return self.pick([f"({one()}) ** 2", f"np.exp(-({one()}) ** 2)", f"np.sqrt(1.0 + ({one()}) ** 2)"])
        if kind == 10:
            self.tag("conditional")
            return f"({one()} if {self.test(s)} else {one()})"
        if kind in (11, 12):
            return self.reduction(s, depth)
        if kind == 13:
            self.tag("matmul")
            return f"({self.vector(s, 3, 1)} @ {self.vector(s, 3, 1)})"
        if kind in (14, 15, 16):
            return self.call_number(s, one)
        if kind in (17, 18) and s.kinds["l"]:
            return self.list_number(s, one)
        if kind == 19:
            return self.generated(s)
        if kind == 20 and s.kinds["a"]:
            self.tag("array list")
            return f"np.sum({self.pick(s.kinds['a'])}[{self.pick([0, -1])}])"
        if kind == 21 and s.kinds["c"]:
            self.tag("complex")
            c = self.pick(s.kinds["c"])
            k = self.pick(["np.sum({} * np.conj({})).real * 0.3", "np.abs({}[1]) ** 2 + {}[0].imag", "np.sum({}.real)"])
            return "(" + k.replace("{}", c) + ")"
        if kind == 22 and s.kinds["d"]:
            self.tag("dict")
            return f"sum({self.pick(s.kinds['d'])}.values())"
        if kind == 23 and s.kinds["o"]:
            self.tag("object")
            o = self.pick(s.kinds["o"])
            return self.pick([f"{o}.force({one()})", f"{o}({one()})", f"{o}.scale", f"({o}.rate * {o}.rest)"])
        if kind == 24:
            self.tag("bool op")
            return f"({self.leaf(s)} if {self.test(s)} and {self.test(s)} else {one()})"
        return self.leaf(s)

    def reduction(self, s, depth):
        """An array to a number."""
        self.tag("reduction")
        if s.of(2) and self.chance(0.2):
            return f"{self.pick(['np.sum', 'np.mean', 'np.max'])}({self.matrix(s, (SIZE, SIZE), 1)})"
        if self.chance(0.12):
            self.tag("empty")
            y = self.pick(s.of(1))
            return f"np.sum({y}[{self.pick(['n:', ':n', '4:', 'n:n', '2:2'])}])"
        fun = self.pick(["np.sum", "np.mean", "np.max", "np.prod", "np.linalg.norm", "sum", "np.min", "max"])
        return f"{fun}({self.vector(s, SIZE, depth - 1)})"

    def call_number(self, s, one):
        """A call that gives a number."""
        self.tag("call")
        return self.pick(
            [
                f"stepped({self.vector(s, SIZE, 1)}, {one()})",
                f"looked_up({self.vector(s, SIZE, 0)}, {one()})",
                f"first_big({self.vector(s, self.pick([3, 4]), 0)})[1]",
                f"gathered({one()}, {self.leaf(s)}, weight={self.leaf(s)})",
                f"gathered(*{self.vector(s, 3, 0)})" if self.chance(self.stars) else f"wave({one()})",
                f"wave({one()}, w={self.leaf(s)})",
                f"damped({one()})[{self.pick([0, 1, -1])}]",
                f"folded(lambda p, q: p * 0.6 + q * {self.leaf(s)}, {self.vector(s, 3, 0)}, {self.leaf(s)})",
            ]
        )

    def list_number(self, s, one):
        """A number from a list of numbers."""
        xs = self.pick(s.kinds["l"])
        self.tag("list")
        return self.pick(
            [
                f"sum({xs})",
                f"(sum({xs}) / (1.0 + len({xs})))",
                f"sum([{one()} * q for q in {xs}])",
                f"sum({one()} - q for q in {xs} if q > {self.bound(s)})",
                f"{xs}[{self.pick([0, -1])}]",
                f"max({xs})",
                f"sum(p * q for p, q in zip({xs}, {self.pick(s.kinds['l'] + s.of(1))}))",
            ]
        )

    def generated(self, s):
        """A generator that is consumed at once."""
        self.tag("comprehension")
        y = self.pick(s.of(1))
        return self.pick(
            [
                f"sum(q * {self.leaf(s)} for q in {y})",
                f"sum({y}[k % len({y})] * 0.3 for k in range(n))",
                f"max(q * q for q in {y})",
                f"(0.7 if any(q > {self.bound(s)} for q in {y}) else {self.leaf(s)})",
                f"(0.4 if all(q < {self.bound(s)} for q in {y}) else {self.leaf(s)})",
                f"sum([p * q for p in {y} for q in {self.vector(s, 2, 0)} if p > q]) * 0.2",
                f"sum(map(wave, {y}))",
            ]
        )

    def leaf(self, s):
        """A short float expression."""
        rows = [(3, name) for name in s.kinds["f"][-6:]]
        rows += [(1, (name, s.arrays[name][:1])) for name in s.of(1)[-6:]]
        rows += [(1, (name, (2, 2))) for name in s.of(2)[-2:]]
        rows += [(1, str(round(self.r.uniform(0.2, 1.2), 2)))]
        rows += [(1, f"0.1 * {name}") for name in s.kinds["i"][-2:]]
        rows += [(1, f"{name}['p']") for name in [*s.kinds["d"][-2:], *s.kinds["e"][-1:]]]
        rows += [
            (1, f"{name}.{'rate' if name in s.kinds['o'] else 'mass'}") for name in (s.kinds["o"] + s.kinds["s"])[-2:]
        ]
        rows += [(1, f"{name}[{self.pick(['0', '-1'])}][{self.pick(['0', '1'])}]") for name in s.kinds["v"][-1:]]
        rows += [(1, f"{name}.{self.pick(['level', 'warmth', 'log[-1]'])}") for name in s.kinds["t"][-1:]]
        rows += [
            (1, f"{name}{self.pick(['', '[()]', ' * 1.0', '[None][0]', '[None, ...].sum()'])}")
            for name in s.kinds["z"][-1:]
        ]
        chosen = self.which(rows)
        if isinstance(chosen, str):
            return chosen
        name, sizes = chosen
        return f"{name}[{', '.join(self.index(s, size) for size in sizes)}]"

    def index(self, s, length):
        """An integer expression, in the bounds of so many elements."""
        if s.kinds["i"] and self.chance(0.5):
            i = self.pick(s.kinds["i"])
            return self.pick([f"{i} % {length}", f"({i} + 1) % {length}", f"-1 - {i} % {length}"])
        if self.chance(0.1):
            self.tag("index array")
            return f"idx[{self.r.randrange(4)}] % {length}"
        return str(self.r.randrange(-length, length))

    def bound(self, s):
        """A threshold."""
        return round(self.r.uniform(-0.2, 1.0), 3)

    def test(self, s):
        """A flag."""
        bound = self.bound(s)
        kind = self.r.randrange(9)
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
        if kind == 5:
            return f"n > {self.r.randrange(4)}"
        if kind == 6 and s.of(1):
            return f"np.{self.pick(['any', 'all'])}({self.pick(s.of(1))} > {bound})"
        return f"{self.number(s, 1)} {self.pick(['>', '<'])} {bound}"

    # arrays --------------------------------------------------------------------------------------------------------
    def part(self, s, length):
        """A vector of so many elements: a name or a slice of one."""
        names = [name for name in s.of(1) if length in SLICES[s.arrays[name][0]]]
        recent = names[-4:] if self.chance(0.6) else names
        rows = [name for name in recent if s.arrays[name][0] == length]
        if rows and self.chance(0.6):
            return self.pick(rows)
        if s.of(2) and self.chance(0.15):
            m = self.pick(s.of(2))
            rows, columns = s.arrays[m]
            if length in SLICES[columns] and self.chance(0.5):
                return f"{m}[{self.index(s, rows)}, {self.pick(SLICES[columns][length])}]"
            if length in SLICES[rows]:
                return f"{m}[{self.pick(SLICES[rows][length])}, {self.index(s, columns)}]"
        name = self.pick(recent or names)
        return f"{name}[{self.pick(SLICES[s.arrays[name][0]][length])}]"

    def vector(self, s, length, depth=2):
        """An array expression of so many elements."""
        if depth <= 0 or self.chance(0.25):
            return self.part(s, length)
        one = partial(self.vector, s, length, depth - 1)
        other = one if self.chance(0.6) else partial(self.number, s, depth - 1)
        kind = self.r.randrange(18)
        if kind < 5:
            op = self.pick(["{} * {}", "{} + {}", "{} - {}", "{} * {}", "{} / (1.5 + {} ** 2)"])
            return "(" + op.format(one(), other()) + ")"
        if kind < 7:
            return f"{self.pick(['np.sin', 'np.cos', 'np.tanh'])}({one()})"
        if kind == 7:
            self.tag("where")
            return f"np.where({one()} > {self.bound(s)}, {one()}, {other()})"
        if kind == 8:
            masks = s.kinds["b"]
            if masks and length == SIZE:
                self.tag("mask")
                return f"np.where({self.pick(masks)}, {one()}, {other()})"
        if kind < 10:
            return self.taken(s, length)
        if kind == 10:
            self.tag("call")
            return f"shifted({self.part(s, length)}, {self.number(s, 1)})"
        if kind == 11 and length == SIZE:
            self.tag("matmul")
            m, v = self.square(s), self.part(s, SIZE)
            return self.pick([f"({m} @ {v}) * 0.3", f"({v} @ {m}.T) * 0.3", f"{m}.sum(axis=1) * 0.2"])
        if kind == 12 and length == SIZE:
            self.tag("shaping")
            return self.pick(
                [
                    f"np.concatenate([{self.part(s, 2)}, {self.part(s, 2)}])",
                    f"np.cumsum({one()}) * 0.4",
                    f"np.roll({one()}, 1)",
                    f"np.array([{self.number(s, 1)}, {self.leaf(s)}, {self.leaf(s)}, 0.4])",
                    f"np.array([q * {self.leaf(s)} for q in {self.part(s, SIZE)}])",
                    f"np.stack([{self.part(s, SIZE)}, {self.part(s, SIZE)}])[{self.pick([0, 1])}]",
                    f"np.ravel({self.matrix(s, (2, 2), 0)})",
                    f"{self.matrix(s, (2, 2), 0)}.reshape(4)",
                ]
            )
        if kind == 13 and s.kinds["a"] and length == SIZE:
            self.tag("array list")
            return f"{self.pick(s.kinds['a'])}[{self.pick([0, -1])}]"
        if kind == 14 and s.kinds["c"] and length == SIZE:
            self.tag("complex")
            return f"{self.pick(s.kinds['c'])}.{self.pick(['real', 'imag'])}"
        return f"(0.6 * {one()})"

    def taken(self, s, length):
        """Elements by an array of integers, which may repeat."""
        self.tag("fancy")
        if length == SIZE:
            return f"{self.part(s, SIZE)}[{self.pick(['idx', 'idx', '[0, 0, 3, -2]', 'idx[::-1]', '3 - idx'])}]"
        return f"{self.part(s, SIZE)}[{self.pick(['idx[:{}]', 'idx[-{}:]']).format(length)}]"

    def square(self, s):
        """A matrix expression that is a name, or short."""
        names = [m for m in s.of(2) if s.arrays[m] == (SIZE, SIZE)]
        if names and self.chance(0.8):
            return self.pick(names)
        return f"np.outer({self.part(s, SIZE)}, {self.part(s, SIZE)})"

    def matrix(self, s, shape, depth=1):
        """A matrix expression of a shape."""
        rows, columns = shape
        fits = [m for m in s.of(2) if rows in SLICES[s.arrays[m][0]] and columns in SLICES[s.arrays[m][1]]]
        if depth > 0 and self.chance(0.6):
            one = partial(self.matrix, s, shape, depth - 1)
            other = self.pick([one, partial(self.number, s, 1), partial(self.part, s, columns)])
            op = self.pick(["({} * {})", "({} + {})", "({} - 0.5 * {})", "np.where({} > 0.217, {}, 0.3)"])
            return self.pick([f"np.sin({one()})", op.format(one(), other()), op.format(one(), other())])
        if not fits or self.chance(0.25):
            u, v = self.part(s, rows), self.part(s, columns)
            return self.pick([f"np.outer({u}, {v})", f"({u}[:, None] + {v})", f"({u}[:, np.newaxis] * {v}[None, :])"])
        m = self.pick(fits[-3:])
        if s.arrays[m] == shape and self.chance(0.6):
            return m if rows != columns or self.chance(0.7) else f"{m}.T"
        own = s.arrays[m]
        return f"{m}[{self.pick(SLICES[own[0]][rows])}, {self.pick(SLICES[own[1]][columns])}]"
