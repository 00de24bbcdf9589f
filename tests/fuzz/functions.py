"""Random statements with functions: calls, callees that write, closures, lambdas, derivatives inside."""

from __future__ import annotations

from tests.fuzz.expressions import SIZE
from tests.fuzz.tree import Node, Scope


class Functions:
    """Draws definitions and calls; needs the methods of the other parts."""

    def call(self, s):
        y = self.target(s)
        if y is not None and self.chance(0.6):
            return self.writing_call(s, y)
        p, q = self.fresh("p"), self.fresh("q")
        extra = self.pick(["", f", {self.leaf(s)}", f", scale={self.leaf(s)}", f", q={self.leaf(s)}"])
        rows = [
            (3, f"damped({self.number(s, 1)}{extra})"),
            (1, f"(wave({self.leaf(s)}), gathered({self.leaf(s)}, weight=0.7, scale={self.leaf(s)}))"),
            (1, f"(damped(*({self.leaf(s)}, {self.leaf(s)}))[0], damped(**{{'p': {self.leaf(s)}}})[1])"),
            (1, f"map(wave, ({self.leaf(s)}, {self.leaf(s)}))"),
        ]
        node = self.node(f"{p}, {q} = {self.which(rows)}", "call", "unpack")
        s.add("f", p)
        s.add("f", q)
        return [node]

    def writing_call(self, s, y):
        """A callee writes the array that it is given, perhaps under two names."""
        size, p = s.arrays[y][0], self.fresh("p")
        same = [v for v in s.of(1, True) if s.arrays[v] == (size,)]
        rows = [(2, f"filled({y}, {self.number(s, 1)})")]
        if size > 1:
            rows += [
                (1, f"deeper({y}, {self.leaf(s)})"),
                (2, f"{p} = deepest({y}, {self.number(s, 1)})"),
                (1, f"{p} = mixed({y}, {self.pick(same)}, {self.leaf(s)})"),
                (1, f"{p} = mixed({y}, {y}[::-1], {self.leaf(s)})"),
                (1, f"{p} = mixed({y}[1:], {y}[:-1], {self.leaf(s)})"),
                (1, f"filled({y}[::-1], {self.leaf(s)})"),
            ]
        if s.of(2, True) and self.chance(0.3):
            m = self.pick(s.of(2, True))
            rows = [(1, f"filled({m}[{self.index(s, s.arrays[m][0])}], {self.number(s, 1)})"), (1, f"ahead({m}[:, 1])")]
        line = self.which(rows)
        if line.startswith(p):
            s.add("f", p)
        return [self.node(line, "call", "callee writes", "store")]

    def closure(self, s):
        """A nested function or a lambda that reads active names, or writes an array that it sees."""
        g, name = self.fresh("g"), self.fresh("a")
        inner = Scope(s)
        inner.kinds["f"] = ["t", *s.kinds["f"]]
        kind = self.r.randrange(6)
        if kind < 2:
            out = [self.node(f"{g} = lambda t: {self.number(inner, 2)}", "closure", "lambda")]
        elif kind == 2:
            y = self.target(s)
            if y is None:
                return self.allocate(s)
            at = self.index(s, s.arrays[y][0])
            body = [
                self.node(f"{y}[{at}] {self.pick(['=', '+=', '*='])} t * {self.leaf(inner)}", "store", "closure"),
                self.node(f"return {y}[{self.index(s, s.arrays[y][0])}] * t"),
            ]
            out = [Node(f"def {g}(t):", [("", body)], ("closure", "closure writes"))]
        else:
            default = self.pick(["", f", r={self.leaf(s)}", f", *rs, r={self.leaf(s)}"])
            if default:
                inner.kinds["f"].append("r")
            inner.loops = 0
            body = [self.node(f"t = {self.number(inner, 1)}"), *self.inside(inner)]
            body.append(self.node(f"return t * {self.leaf(inner)}"))
            out = [Node(f"def {g}(t{default}):", [("", body)], ("closure",))]
        if self.chance(0.3) and s.kinds["f"]:  # what it reads changes before it is called
            out.append(
                self.node(f"{self.pick(s.kinds['f'])} {self.pick(['=', '*=', '+='])} {self.number(s, 1)}", "late")
            )
        use = self.pick(
            [f"{g}({self.number(s, 1)}) + {g}({self.leaf(s)})", f"sum([{g}(q) for q in {self.part(s, 2)}])"]
        )
        out.append(self.node(f"{name} = {use}", "closure", "call"))
        s.add("f", name)
        return out

    def inside(self, s):
        """Statements inside of a nested function."""
        kind = self.r.randrange(4)
        if kind == 0:
            node = Node(f"if {self.test(s)}:")
            self.tagged(node, "branch")
            node.blocks.append(("", [self.node(f"return {self.number(s, 1)}", "exit", "return")]))
            return [node]
        if kind == 1:
            test = self.test(s)
            stop = Node(f"if {test}:", [("", [self.node(f"return t * {self.leaf(s)}", "exit", "return")])], ("branch",))
            step = self.node(f"t = t * 0.7 + {self.leaf(s)}")
            return [Node(f"for _ in range({self.pick(['n', '2'])}):", [("", [stop, step])], ("loop",))]
        return []

    def chooser(self, s):
        """A function that is a value: chosen, kept, handed on."""
        p, g = self.fresh("a"), self.fresh("g")
        rows = [
            (1, [f"{p} = {{'one': wave, 'two': math.sin}}['{self.pick(['one', 'two'])}']({self.number(s, 1)})"]),
            (0.03, [f"{p} = (np.sin if {self.test(s)} else np.cos)({self.number(s, 1)})"]),
            (1, [f"{p} = folded({self.pick(['lambda p, q: p * q + 0.2', 'max', 'min'])}, {self.part(s, 3)}, 0.4)"]),
            (1, [f"{g} = wave", f"{p} = {g}({self.leaf(s)}, w=0.8)"]),
        ]
        lines = self.which(rows)
        s.add("f", p)
        return [*[self.node(line, "call") for line in lines[:-1]], self.node(lines[-1], "call", "function value")]

    def derivative(self, s):
        """A derivative inside of a function; what it returns is a Python float there, whatever the precision."""
        if self.single:
            return self.call(s)
        p, q = self.fresh("a"), self.fresh("q")
        rows = [
            (2, f"{p} = adgen.grad(wave)({self.number(s, 1)})"),
            (1, f"{p} = np.sum(adgen.grad(energy)({self.vector(s, SIZE, 1)})) * 0.3"),
            (2, f"{p} = adgen.grad(lambda t: np.sin(t * {self.leaf(s)}) * t)({self.leaf(s)})"),
            (1, f"{p}, {q} = adgen.value_and_grad(wave)({self.leaf(s)})"),
        ]
        line = self.which(rows)
        s.add("f", p)
        if f"{q} =" in line:
            s.add("f", q)
        return [self.node(line, "nested grad")]

    def idiom(self, s):
        """A few lines that belong together, as people write them."""
        name, y = self.fresh("y"), self.part(s, SIZE)
        other = self.fresh("y")
        p = self.leaf(s)
        kind = self.r.randrange(9)
        i = self.fresh("i")

        def loop(head, lines, *tags):
            return Node(head, [("", [Node(line, [], tags) for line in lines])], ("loop", *tags))

        if kind == 0:  # ping-pong
            s.array(name, (SIZE,))
            s.array(other, (SIZE,))
            start = Node(f"{name}, {other} = {y}.copy(), np.zeros({SIZE})", [], ("alloc",))
            lines = [
                f"{other}[1:] = {name}[:-1] * {p}",
                f"{other}[0] = {name}[-1] * 0.8",
                f"{name}, {other} = {other}, {name}",
            ]
            if self.chance(0.5):
                lines.insert(2, f"if {name}[1] > {self.bound(s)}: {self.pick(['break', 'continue'])}")
            return [start, loop(f"for {i} in range(n):", lines, "store", "exchange", "alias")]
        if kind == 1:  # a history
            m = self.fresh("m")
            s.array(m, (SIZE, SIZE))
            start = [
                Node(f"{m} = np.{self.pick(['zeros', 'zeros', 'ones'])}(({SIZE}, {SIZE}))"),
                Node(f"{m}[0] = {y}", [], ("store",)),
            ]
            lines = [f"{m}[{i} + 1] = np.sin({m}[{i}]) * {p}", f"{m}[{i} + 1, 1:] += {m}[{i}, :-1]"]
            return [*start, loop(f"for {i} in range({self.pick(['3', 'n % 3'])}):", lines, "store", "matrix")]
        if kind == 2:  # the best so far, by reference
            s.array(name, (SIZE,), self.chance(0.5))
            same = [v for v in s.of(1, True) if s.arrays[v] == (SIZE,)] or ["x"]
            one, two = self.pick(same), self.pick(same)
            node = Node(
                f"if np.sum({one}) > np.sum({two}) * {p}:",
                [("", [Node(f"{name} = {two}", [], ("alias",))])],
                ("branch",),
            )
            return [Node(f"{name} = {one}", [], ("alias",)), node]
        if kind == 3:  # a reference that moves along rows
            m = self.square(s)
            if m not in s.of(2, True):
                return self.new_matrix(s)
            start = Node(f"{name} = {m}[0]", [], ("alias", "view"))
            lines = [f"{name}[1:] {self.pick(['=', '+='])} {m}[{i}][:-1] * {p}", f"{name} = {m}[{i}]"]
            s.array(name, (SIZE,), True)
            return [start, loop(f"for {i} in range(1, {SIZE}):", lines, "store", "view", "alias")]
        if kind == 4:  # Gauss-Seidel
            y = self.target(s)
            if y is None or s.arrays[y] != (SIZE,):
                return self.allocate(s)
            lines = [f"{y}[{i}] = 0.4 * ({y}[{i} - 1] + {y}[({i} + 1) % {SIZE}]) + {p} * 0.2"]
            lines += [f"if abs({y}[{i}]) > {self.bound(s)}: break"] if self.chance(0.5) else []
            return [loop(f"for {i} in range(1, {SIZE}):", lines, "store")]
        if kind == 5:  # filled in a loop
            s.array(name, (SIZE,))
            start = Node(f"{name} = np.empty({SIZE})", [], ("alloc",))
            return [start, loop(f"for {i} in range({SIZE}):", [f"{name}[{i}] = {y}[{i}] * {p} + 0.1 * {i}"], "store")]
        if kind == 6:  # a list that becomes an array
            xs = self.fresh("xs")
            s.array(name, (SIZE,))
            body = loop(f"for {i} in range({SIZE}):", [f"{xs}.append({y}[{i}] * {p})"], "list", "append")
            return [Node(f"{xs} = []", [], ("list",)), body, Node(f"{name} = np.array({xs})", [], ("array",))]
        if kind == 7:  # carried tuple
            t, q = self.fresh("t"), self.fresh("p")
            start = Node(f"{t} = ({self.leaf(s)}, {self.leaf(s)})", [], ("tuple",))
            body = loop(f"for {i} in range(n):", [f"{t} = ({t}[1] * {p}, {t}[0] + 0.3 * {t}[1])"], "tuple")
            s.add("f", q)
            return [start, body, Node(f"{q} = {t}[0] * {t}[1]")]
        x, step = self.fresh("a"), self.fresh("k")  # bisection with two exits
        start = Node(f"{x}, {step} = {self.leaf(s)}, 0")
        s.add("f", x)
        lines = [
            f"{x} = {x} - 0.5 * ({x} ** 2 - abs({p}) - 0.3)",
            f"if abs({x}) > 1.7: break",
            f"if {step} > n: break",
            f"{step} += 1",
        ]
        return [
            start,
            loop("while True:", lines, "while True", "while", "exit", "break"),
        ]
