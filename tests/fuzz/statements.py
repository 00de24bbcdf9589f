"""Random statements about numbers and arrays: assignments, stores of all kinds, views, aliases, exchanges."""

from __future__ import annotations

from tests.fuzz.expressions import SIZE, SLICES
from tests.fuzz.tree import Node


class Statements:
    """Draws straight-line statements; needs the methods of Expressions."""

    def node(self, line, *tags):
        """A statement with the constructs that were noted since the last one."""
        made = Node(line, [], tuple(dict.fromkeys([*tags, *self.tags])))
        self.tags = []
        return made

    def assign(self, s):
        line = self.number(s, 3)
        name = self.pick(s.kinds["f"]) if self.chance(0.6) and s.kinds["f"] else self.fresh("a")
        s.add("f", name)
        return [self.node(f"{name} = {line}", "assign")]

    def augment(self, s):
        name = self.pick(s.kinds["f"])
        op = self.pick(["+=", "-=", "*=", "+=", "*="])
        return [self.node(f"{name} {op} {self.number(s, 2)}", "augment")]

    def integer(self, s):
        """An integer that is computed."""
        name = self.fresh("j")
        y = self.pick(s.of(1))
        text = self.pick(
            [
                f"int(np.argmax({y}))",
                f"first_big({y})[0]",
                f"(n + {self.r.randrange(3)}) % 3",
                f"len({y}) - 2",
                f"int({self.number(s, 1)} > {self.bound(s)})",
                f"sum(1 for q in {y} if q > {self.bound(s)})",
            ]
        )
        s.add("i", name)
        return [self.node(f"{name} = {text}", "integer")]

    def walrus(self, s):
        name = self.fresh("a")
        line = f"{name}2 = ({name} := {self.number(s, 2)}) * {name} + {self.leaf(s)}"
        s.add("f", name)
        s.add("f", f"{name}2")
        return [self.node(line, "walrus")]

    def vector_assign(self, s):
        line = f"({self.vector(s, SIZE, 2)}) * {self.leaf(s)}"
        free = [v for v in s.of(1) if v not in s.frozen and s.arrays[v] == (SIZE,) and v.isidentifier()]
        name = self.pick(free) if self.chance(0.5) and free else self.fresh("u")
        s.array(name, (SIZE,))
        return [self.node(f"{name} = {line}", "array")]

    def allocate(self, s):
        free = [v for v in s.of(1, True) if v not in s.frozen and s.arrays[v] == (SIZE,)]
        name = self.pick(free) if free and self.chance(0.2) else self.fresh("y")
        some = self.pick([v for v in s.of(1) if s.arrays[v] == (SIZE,)])
        text = self.pick(
            [
                f"np.zeros({SIZE})",
                f"{some}.copy()",
                f"np.ones({SIZE})",
                f"np.zeros_like({some})",
                f"np.array({some})",
                f"np.full({SIZE}, {self.number(s, 1)})",
                f"np.array([{self.number(s, 1)}, {self.leaf(s)}, 0.5, {self.leaf(s)}])",
                f"{self.vector(s, SIZE, 1)} * 1.0",
                f"np.concatenate(({self.part(s, 3)}, {self.part(s, 1)}))",
            ]
        )
        s.array(name, (SIZE,))
        return [self.node(f"{name} = {text}", "alloc")]

    def target(self, s):
        """A vector that may be written; recent ones more often."""
        names = s.of(1, True)
        return self.pick(names[-3:] if self.chance(0.6) else names) if names else None

    def divisor(self, op, text):
        """Nothing is divided by what may be small."""
        return f"(1.5 + ({text}) ** 2)" if op == "/=" else text

    inplace_calls = 0.1  # how often functions are called that write to their arguments

    # stores --------------------------------------------------------------------------------------------------------
    def store(self, s):
        y = self.target(s)
        if y is None:
            return self.allocate(s)
        size = s.arrays[y][0]
        kind = self.r.randrange(16)
        op = self.pick(["=", "=", "+=", "-=", "*=", "/="])
        if kind < 4:
            return [self.node(f"{y}[{self.index(s, size)}] {op} {self.divisor(op, self.number(s, 2))}", "store")]
        if kind < 8:
            length = self.pick(SLICES[size])
            rhs = self.vector(s, length, 2) if self.chance(0.8) else self.number(s, 1)
            line = f"{y}[{self.pick(SLICES[size][length])}] {op} {self.divisor(op, rhs)}"
            return [self.node(line, "store", "slice")]
        if kind == 8:
            return [self.node(f"{y} {self.pick(['+=', '-=', '*='])} {self.vector(s, size, 1)}", "store", "whole")]
        if kind == 9:
            return self.repeated(s, y, size)
        if kind == 10:
            return self.masked(s, y)
        if kind == 11:
            return self.computed_slice(s, y, size)
        if kind in (12, 13) and self.chance(self.inplace_calls):
            return self.call_store(s, y, size)
        if size < SIZE:
            return [self.node(f"{y}[...] {op} {self.divisor(op, self.vector(s, size, 1))}", "store", "whole")]
        other = self.pick(["[0, 2]", "[1, 3]", "[3, 0]", "idx[:2]", "[1, 1]"])
        rhs = 1.7 if op == "/=" else self.vector(s, 2, 1)
        return [self.node(f"{y}[{other}] {op} {rhs}", "store", "fancy")]

    def repeated(self, s, y, size):
        """Integer arrays that name a place several times."""
        at, op = f"idx % {size}", self.pick(["=", "+=", "*="])
        rows = [
            (3, f"np.add.at({y}, {at}, {self.vector(s, SIZE, 1)})"),
            (self.inplace_calls, f"np.subtract.at({y}, {at}, {self.number(s, 1)})"),
            (3, f"{y}[{at}] {op} {self.vector(s, SIZE, 1)}"),
            (1, f"{y}[{at}] = {y}[::-1][{at}] * {self.leaf(s)}"),
        ]
        return [self.node(self.which(rows), "store", "fancy", "repeats")]

    def masked(self, s, y):
        """Stores where a flag is true."""
        op = self.pick(["=", "*=", "+="])
        same = [b for b in s.kinds["b"]] if s.arrays[y] == (SIZE,) else []
        if same and self.chance(0.5):
            b = self.pick(same)
            rhs = self.pick([self.number(s, 1), f"{self.part(s, SIZE)}[{b}]"])
            return [self.node(f"{y}[{b}] {op} {rhs}", "store", "mask")]
        test = f"{y} > {self.bound(s)}"
        rhs = self.pick([self.number(s, 1), f"{y}[{test}] * {self.leaf(s)}"])
        return [self.node(f"{y}[{test}] {op} {rhs}", "store", "mask")]

    def computed_slice(self, s, y, size):
        """Slices whose bounds are computed; they may be empty."""
        i = self.pick([*s.kinds["i"], "n"])
        cut = self.pick([f"{i}:", f":{i}", f"{i}:{i} + 2", f"-{i} - 1:", f"{i} % 2::2", f":{i} % 3 + 1"])
        op = self.pick(["=", "*=", "+="])
        same = [v for v in s.of(1) if s.arrays[v][0] == size]
        rhs = self.pick([self.number(s, 1), f"{self.pick(same)}[{cut}] * {self.leaf(s)}", f"{y}[{cut}] ** 2"])
        return [self.node(f"{y}[{cut}] {op} {rhs}", "store", "slice", "empty")]

    def call_store(self, s, y, size):
        """Functions that write."""
        other, k = self.vector(s, size, 1), self.r.randrange(size)
        j = self.pick([j for j in range(size) if j != k] or [0])
        rows = [
            (2, f"np.{self.pick(['add', 'multiply', 'subtract'])}({y}, {other}, out={y})", "out"),
            (1, f"np.sin({other}, out={y})", "out"),
            (1, f"np.multiply({other}, {self.leaf(s)}, {y})", "out"),
            (2, f"np.copyto({y}, {other})", "copyto"),
            (2, f"{y}.fill({self.number(s, 1)})", "fill"),
            (1, f"np.put({y}, [{k}, {j}], {self.number(s, 1)})", "put"),
            (2, f"{y}.sort()", "sort"),
            (1, f"{y}[:] = np.sort({other})", "sort"),
        ]
        if size > 2:
            cut = self.pick(["1:", ":-1"])
            rows.append((2, f"np.add({y}[1:], {y}[:-1], out={y}[{cut}])", "out"))
        if s.of(2):
            m = self.square(s)
            rows.append(
                (1, f"np.sum({m}, axis={self.pick([0, 1])}, out={y})" if size == SIZE else f"{y}.sort()", "out")
            )
        chosen = self.r.choices(rows, [row[0] for row in rows])[0]
        return [self.node(chosen[1], "store", chosen[2])]

    def store_overlap(self, s):
        y = self.target(s)
        if y is None or s.arrays[y][0] < 2:
            return self.allocate(s)
        size = s.arrays[y][0]
        cuts = SLICES[size][self.pick(SLICES[size])]
        a, b, c = self.pick(cuts), self.pick(cuts), self.pick(cuts)
        op = self.pick(["=", "=", "+=", "*="])
        text = self.pick(
            [
                f"{y}[{b}] * {y}[{c}]",
                f"np.sin({y}[{b}]) + {y}[{a}]",
                f"{y}[{b}] * {self.leaf(s)}",
                f"{y}[{b}] + 0.25",
                f"{y}[{b}]",
            ]
        )
        return [self.node(f"{y}[{a}] {op} {text}", "store", "overlap")]

    def swap(self, s):
        y = self.target(s)
        if y is not None and self.chance(0.6):
            size = s.arrays[y][0]
            i, j = self.index(s, size), self.index(s, size)
            line = self.pick(
                [
                    f"{y}[{i}], {y}[{j}] = {y}[{j}], {y}[{i}] * {self.leaf(s)}",
                    f"{y}[{i}], {y}[{j}] = {y}[{j}], {y}[{i}]",
                    f"{y}[[0, 1]] = {y}[[1, 0]]" if size > 1 else f"{y}[0] = {y}[0] * 2.0",
                    f"{y}[:] = {y}[::-1]",
                ]
            )
            return [self.node(line, "store", "swap")]
        if len(s.kinds["f"]) < 2:
            return self.assign(s)
        p, q = self.r.sample(s.kinds["f"], 2)
        return [self.node(f"{p}, {q} = {q}, {self.number(s, 1)} * {p}", "swap")]

    # matrices ------------------------------------------------------------------------------------------------------
    def new_matrix(self, s):
        name = self.fresh("m")
        shape = self.pick([(SIZE, SIZE), (SIZE, SIZE), (SIZE, SIZE), (2, 4), (3, 2)])
        rows, columns = shape
        text = self.pick(
            [
                f"np.outer({self.part(s, rows)}, {self.part(s, columns)})",
                f"np.zeros({shape})",
                f"{self.part(s, rows)}[:, None] + {self.part(s, columns)}",
                f"{self.matrix(s, shape)} * 1.0",
                f"{self.matrix(s, shape)}.copy()",
                f"np.stack([{', '.join(self.vector(s, columns, 1) for _ in range(rows))}])",
            ]
        )
        s.array(name, shape)
        return [self.node(f"{name} = {text}", "matrix")]

    def matrix_store(self, s):
        names = s.of(2, True)
        if not names or self.chance(0.25):
            return self.new_matrix(s)
        m = self.pick(names)
        rows, columns = s.arrays[m]
        i, j = self.index(s, rows), self.index(s, columns)
        op = self.pick(["=", "=", "+=", "*="])
        height, width = self.pick(SLICES[rows]), self.pick(SLICES[columns])
        down, across = self.pick(SLICES[rows][height]), self.pick(SLICES[columns][width])
        rows_ = [
            (2, f"{m}[{i}] {op} {self.vector(s, columns, 1)}"),
            (2, f"{m}[:, {j}] {op} {self.vector(s, rows, 1)}"),
            (2, f"{m}[{i}, {j}] {op} {self.number(s, 1)}"),
            (1, f"{m}[{i}, {across}] {op} {self.number(s, 1)}"),
            (1, f"{m}[{i}][{j}] {op} {self.number(s, 1)}"),
            (1, f"{m}[{down}][{self.index(s, height)}, {across}] {op} {self.vector(s, width, 1)}"),
            (1, f"{m} *= {self.leaf(s)}"),
            (3, f"{m}[{down}, {across}] {op} {self.matrix(s, (height, width), 1)}"),
            (1, f"{m}[{down}, {across}] {op} {self.vector(s, width, 1)}"),
            (1, f"{m}[{down}] {op} {self.number(s, 1)}"),
            (1, f"{m}[{m} > {self.bound(s)}] {op} {self.number(s, 1)}"),
            (1, f"{m}[idx[:2] % {rows}, idx[2:] % {columns}] {op} {self.vector(s, 2, 1)}"),
            (self.inplace_calls, f"np.fill_diagonal({m}, {self.number(s, 1)})"),
            (1, f"{m}[..., {j}] {op} {self.number(s, 1)}"),
        ]
        if rows == columns:
            rows_ += [(1, f"{m}.T[{i}] {op} {self.vector(s, rows, 1)}"), (1, f"{m}[:] = {m}.T * {self.leaf(s)}")]
            rows_ += [(1, f"{m}[1:, :-1] = {m}[:-1, 1:] * {self.leaf(s)}")]
        return [self.node(self.which(rows_), "store", "matrix store")]

    # names of the same memory --------------------------------------------------------------------------------------
    def view(self, s):
        """A view, which may be written as what it is a view of."""
        name = self.fresh("v")
        if s.of(2, True) and self.chance(0.4):
            m = self.pick(s.of(2, True))
            rows, columns = s.arrays[m]
            i, j = self.index(s, rows), self.index(s, columns)
            height, width = self.pick(SLICES[rows]), self.pick(SLICES[columns])
            down, across = self.pick(SLICES[rows][height]), self.pick(SLICES[columns][width])
            text, shape = self.pick(
                [
                    (f"{m}[{i}]", (columns,)),
                    (f"{m}[:, {j}]", (rows,)),
                    (f"{m}[{down}, {across}]", (height, width)),
                    (f"{m}.T", (columns, rows)),
                    (f"{m}[{i}, {across}]", (width,)),
                ]
            )
            s.array(name, shape)
            return [self.node(f"{name} = {text}", "view", "matrix")]
        y = self.target(s)
        if y is None:
            return self.allocate(s)
        length = self.pick(SLICES[s.arrays[y][0]])
        s.array(name, (length,))
        out = [self.node(f"{name} = {y}[{self.pick(SLICES[s.arrays[y][0]][length])}]", "view")]
        if y[0] == "v":
            out[0].tags += ("view of view",)
        if self.chance(0.6):  # write through it, and read the other
            out += self.through(s, name, length)
        if self.chance(0.3):
            out.append(
                self.node(f"{y}[{self.index(s, s.arrays[y][0])}] {self.pick(['=', '*='])} {self.leaf(s)}", "store")
            )
        return out

    def through(self, s, name, length):
        """A store through a view."""
        op = self.pick(["=", "+=", "*="])
        lines = [
            f"{name}[{self.index(s, length)}] {op} {self.number(s, 1)}",
            f"{name}[:] {op} {name}[::-1] * {self.leaf(s)}",
            f"{name} {self.pick(['+=', '*=', '-='])} {self.vector(s, length, 1)}",
            f"{name}[...] = {self.vector(s, length, 1)}",
        ]
        return [self.node(self.pick(lines), "store", "view store")]

    def alias(self, s):
        """A second name of the same array, or a name of one of two."""
        names = [v for v in s.of(1, True) if s.arrays[v] == (SIZE,)]
        if not names:
            return self.allocate(s)
        y, z, name = self.pick(names), self.pick(names), self.fresh("w")
        rows = [
            (3, y, "alias"),
            (1, f"{y}[:]", "view"),
            (1, f"{y}[::-1]", "view"),
            (1, f"np.asarray({y})", "alias"),
            (1, f"{y}.reshape(2, 2)[1]", "reshape"),
            (1, f"{y}.ravel()", "reshape"),
            (2, f"{y} if {self.test(s)} else {z}", "alias of one of two"),
            (1, f"ahead({y})", "call"),
            (1, f"({y}, {z})[{self.pick([0, 1])}]", "alias"),
        ]
        chosen = self.r.choices(rows, [row[0] for row in rows])[0]
        length = 2 if chosen[2] == "reshape" and "[1]" in chosen[1] else SIZE
        s.array(name, (length,), chosen[2] == "reshape" and self.chance(0.8))
        out = [self.node(f"{name} = {chosen[1]}", "alias", chosen[2])]
        if chosen[2] != "reshape" and self.chance(0.5):
            out += self.through(s, name, length)
        return out

    def exchange(self, s):
        """Names of arrays change places, or one of two is chosen."""
        free = [w for w in s.of(1, True) if w not in s.frozen and s.arrays[w] == (SIZE,)]
        if len(free) < 2:
            return self.vector_assign(s)
        p, q = self.r.sample(free, 2)
        kind = self.r.randrange(4)
        if kind == 0:
            return [self.node(f"{p}, {q} = {q}, {self.vector(s, SIZE, 1)} * {self.leaf(s)}", "exchange")]
        if kind < 3:
            return [self.node(f"{p}, {q} = {q}, {p}", "exchange", "alias")]
        return [self.node(f"{p} = {q} * 1.0 if {self.test(s)} else {p} * {self.leaf(s)}", "exchange", "conditional")]

    def axes(self, s):
        """Reductions along axes, broadcasting of rows and columns."""
        u, m = self.fresh("u"), self.square(s)
        v, p = self.part(s, SIZE), self.number(s, 1)
        text = self.pick(
            [
                f"np.sum({m} * {v}, axis=0) * {p}",
                f"({m} * {v}[:, None]).mean(axis=1) + {p}",
                f"np.max({m} + 0.01 * {v}, axis=0) * 0.5",
                f"({m} - {m}.mean(axis=0, keepdims=True))[{self.index(s, SIZE)}] * {p}",
                f"np.sqrt(1.0 + {m}[:, 1] ** 2) - {v}",
                f"np.clip({m}[0] * 2.0, -0.613, 0.711) * {v}",
                f"np.maximum({m}[:, 2], {v}) * {p}",
                f"np.diag({m}) * {v}",
                f"{m}.T[1] * {p} + {m}.reshape(-1)[2:6]",
                f"np.einsum('ij,j->i', {m}, {v}) * 0.4",
            ]
        )
        s.array(u, (SIZE,))
        return [self.node(f"{u} = {text}", "axes")]

    # other kinds of arrays -----------------------------------------------------------------------------------------
    def mask(self, s):
        name = self.fresh("k")
        y = self.part(s, SIZE)
        s.add("b", name)
        more = self.pick(["", "", f" & ({self.part(s, SIZE)} < 0.813)"])
        return [self.node(f"{name} = ({y} > {self.bound(s)}){more}", "mask")]

    def without_axes(self, s):
        """An array without axes: made, written, read."""
        free = [name for name in s.kinds["z"] if name not in s.frozen]
        if not free or self.chance(0.8):
            name = self.fresh("e")
            made = self.node(f"{name} = np.array({self.number(s, 1)})", "0-d")
            s.add("z", name)
            return [made]
        name = self.pick(free)
        line = self.pick(
            [
                f"{name}[...] = {self.number(s, 1)}",
                f"{name}[()] = {self.number(s, 1)}",
                f"{name} += {self.number(s, 1)}",
                f"{name}[()] *= {self.leaf(s)}",
                f"{name} *= {name}",
            ]
        )
        return [self.node(line, "0-d", "store")]

    def complexes(self, s):
        """Complex vectors: made, written, read."""
        name = self.pick(s.kinds["c"])
        if self.chance(0.4):
            new = self.fresh("c")
            text = self.pick(
                [f"{name} * {self.part(s, SIZE)}", f"np.conj({name}) * {name}[::-1]", f"np.exp({name} * 0.3)"]
            )
            s.add("c", new)
            return [self.node(f"{new} = {text}", "complex")]
        fresh = [c for c in s.kinds["c"] if c != "cz"]
        if not fresh:
            s.add("c", "c0")
            return [self.node(f"c0 = {name} * 0.8", "complex")]
        name, op = self.pick(fresh), self.pick(["=", "+=", "*="])
        line = self.pick(
            [
                f"{name}[1:] {op} {name}[:-1] * {self.leaf(s)}",
                f"{name}[{self.index(s, SIZE)}] {op} {self.pick(s.kinds['c'])}[{self.index(s, SIZE)}] * 0.7",
                f"{name} *= {self.pick(s.kinds['c'])}",
                f"{name}[::2] = {self.part(s, 2)}",
            ]
        )
        return [self.node(line, "complex", "store")]
