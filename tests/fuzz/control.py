"""Random control flow: loops over all that can be run through, branches, exits, match, try, with."""

from __future__ import annotations

from tests.fuzz.expressions import SIZE
from tests.fuzz.tree import Node, Scope

HEADINGS = ((8, "range"), (3, "over"), (2, "enumerate"), (2, "zip"), (2, "list"), (3, "rows"), (1, "pairs"))


class Control:
    """Draws compound statements; needs the methods of the other parts."""

    depth = 0

    def body(self, s, size, tag):
        """Statements of an inner block."""
        self.depth += 1
        made = []
        for _ in range(size):
            if self.budget <= 0:
                break
            made += self.brought(s) if self.wanted and self.chance(0.06) else self.statement(s)
        self.depth -= 1
        return made or [Node("pass")]

    # loops ---------------------------------------------------------------------------------------------------------
    def loop(self, s):
        inner = Scope(s)
        inner.loops += 1
        head, tags = self.heading(s, inner)
        node = Node(head, [("", self.body(inner, self.r.randrange(1, 5), "loop"))], ("loop", *tags))
        if self.chance(0.18):
            node.blocks.append(("else:", self.body(Scope(s), 1, "else")))
            node.tags = (*node.tags, "loop else")
        if self.chance(0.12):
            s.take(inner)
        return [node]

    def hold(self, inner, *names):
        """What a loop runs over is mostly not written in it."""
        if self.chance(0.85):
            inner.frozen.update(names)
            inner.constant.update(name for name in names if name in inner.arrays)

    def heading(self, s, inner):
        """The line of a `for`, and its tags."""
        i, q = self.fresh("i"), self.fresh("q")
        lists, vectors = s.kinds["l"], [v for v in s.of(1) if v.isidentifier()]
        kind = self.which(
            [(8, "range"), (3, "over"), (2, "enumerate"), (2, "zip"), (2, "list"), (3, "rows"), (1, "pairs")]
        )
        if kind == "list" and lists:
            over = self.pick(lists)
            self.hold(inner, over)
            inner.frozen.add(over)
            inner.add("f", q)
            return f"for {q} in {self.pick([over, f'reversed({over})', f'{over}[:]'])}:", ("list loop",)
        if kind == "rows" and s.of(2):
            return self.rows(s, inner, i)
        if kind == "pairs":
            inner.add("f", q)
            inner.add("i", i)
            return f"for {i}, {q} in [(0, {self.leaf(s)}), (2, {self.leaf(s)})]:", ("tuple",)
        if kind == "over":
            over = self.pick(vectors)
            self.hold(inner, over)
            inner.add("f", q)
            return f"for {q} in {self.pick([over, f'reversed({over})', over + '[1:]'])}:", ()
        if kind == "enumerate":
            over = self.pick(vectors + lists)
            self.hold(inner, over)
            inner.frozen.update(lists)
            inner.add("i", i)
            inner.add("f", q)
            start = self.pick(["", "", ", 1"])
            return f"for {i}, {q} in enumerate({over}{start}):", ()
        if kind == "zip":
            return self.zipped(s, inner, i, q, vectors)
        known = f"{self.pick(s.kinds['i'])} % 3" if s.kinds["i"] else "n"
        bounds = self.pick(["n", "2", "3", "1, 4", "3, 0, -1", "0, 4, 2", "n, 4", "n - 1, -1, -1", known])
        inner.add("i", i)
        return f"for {i} in {self.pick(['reversed(range({}))', *['range({})'] * 9]).format(bounds)}:", ()

    def zipped(self, s, inner, i, q, vectors):
        """A zip of what has different lengths, numbered or not."""
        lists = s.kinds["l"]
        one, two = self.pick(vectors), self.pick(vectors + lists)
        self.hold(inner, one, two)
        inner.frozen.update(lists)
        inner.add("f", i)
        forms = ["{}", "{}", "{}", "{}[1:]", "{}[::2]", "reversed({})", "[v * 1.5 for v in {}]", "map(np.sin, {})"]
        parts = [self.pick(forms).format(one), self.pick(forms).format(two)]
        kind = self.which([(6, "two"), (3, "range"), (1, "three"), (2, "numbered")])
        if kind == "range":
            inner.add("i", q)
            parts[1] = self.pick(["range(2)", "range(3)", "range(1, 4)", "range(n)", "range(9)"])
            if self.chance(0.3):
                return f"for {q}, {i} in zip({parts[1]}, {parts[0]}):", ()
            return f"for {i}, {q} in zip({parts[0]}, {parts[1]}):", ()
        inner.add("f", q)
        if kind == "three":
            return f"for {i}, {q}, _ in zip({parts[0]}, {parts[1]}, {self.pick(['range(3)', *vectors])}):", ()
        if kind == "numbered":
            k = self.fresh("k")
            inner.add("i", k)
            return f"for {k}, ({i}, {q}) in enumerate(zip({', '.join(parts)})):", ()
        return f"for {i}, {q} in zip({', '.join(parts)}):", ()

    def rows(self, s, inner, i):
        """Rows of a matrix, which are views that may be written."""
        row = self.fresh("row")
        over = self.pick(s.of(2))
        columns = s.arrays[over][1]
        inner.array(row, (columns,), over in s.constant)
        inner.frozen.add(row)
        if self.chance(0.8):
            inner.arrays.pop(over)
        if self.chance(0.3):
            inner.add("i", i)
            return f"for {i}, {row} in enumerate({over}):", ("view", "matrix")
        return (
            f"for {row} in {self.pick([over, over, over, f'{over}.T' if columns == s.arrays[over][0] else over])}:",
            (
                "view",
                "matrix",
            ),
        )

    def while_loop(self, s):
        inner = Scope(s)
        inner.loops += 1
        k = self.fresh("k")
        limit = self.r.randrange(1, 4)
        step, start = Node(f"{k} += 1"), Node(f"{k} = 0")
        if self.chance(0.35):
            body = self.body(inner, self.r.randrange(1, 4), "while")
            stop = Node(f"if {k} > {limit}:", [("", [Node("break", [], ("exit", "break"))])], ("branch",))
            parts = [step, stop, *body]
            if self.chance(0.4):
                early = Node(f"if {self.test(inner)}:", [("", [Node("break", [], ("exit", "break"))])], ("branch",))
                parts.append(early)
            return [start, self.tagged(Node("while True:", [("", parts)]), "while", "loop", "while True")]
        extra, more = "", ()
        if self.chance(0.5):
            extra = f" and {self.number(s, 1)} < 1.3"
        elif self.chance(0.3):
            extra, more = f" and ({k}a := {self.number(s, 1)}) < 1.1", ("walrus",)
        inner.add("i", k)
        head = Node(f"while {k} < {limit}{extra}:")
        if more:
            inner.add("f", f"{k}a")
        self.tagged(head, "while", "loop", *more)
        head.blocks.append(("", [step, *self.body(inner, self.r.randrange(1, 4), "while")]))
        if self.chance(0.1):
            head.blocks.append(("else:", self.body(Scope(s), 1, "else")))
            head.tags = (*head.tags, "loop else")
        if self.chance(0.2):
            s.add("i", k)
        return [start, head]

    def tagged(self, node, *tags):
        """The statement with what was noted."""
        node.tags = tuple(dict.fromkeys([*node.tags, *tags, *self.tags]))
        self.tags = []
        return node

    # branches ------------------------------------------------------------------------------------------------------
    def branch(self, s):
        if self.chance(0.15):
            return self.both(s)
        node = Node(f"if {self.test(s)}:")
        self.tagged(node, "branch")
        node.blocks.append(("", self.body(Scope(s), self.r.randrange(1, 4), "if")))
        if self.chance(0.2):
            node.blocks.append((f"elif {self.test(s)}:", self.body(Scope(s), self.r.randrange(1, 3), "if")))
        if self.chance(0.5):
            node.blocks.append(("else:", self.body(Scope(s), self.r.randrange(1, 3), "if")))
        return [node]

    def both(self, s):
        """A name that both branches bind: to a number, a new array or one that is there."""
        kind = self.r.randrange(3)
        node = Node(f"if {self.test(s)}:")
        self.tagged(node, "branch", "both bind")
        name = self.fresh("a" if kind == 0 else "u")
        for head in ("", "else:"):
            before = self.body(Scope(s), 1, "if") if self.chance(0.4) else []
            if kind == 0:
                text, tag = self.number(s, 2), "assign"
            elif kind == 1:
                text, tag = f"{self.vector(s, SIZE, 1)} * {self.leaf(s)}", "array"
            else:
                text, tag = self.pick([v for v in s.of(1) if s.arrays[v] == (SIZE,)]), "alias"
            node.blocks.append((head, [*before, self.node(f"{name} = {text}", tag)]))
        if kind == 0:
            s.add("f", name)
        else:
            s.array(name, (SIZE,), kind == 2 and self.chance(0.6))
        return [node]

    def match(self, s):
        """A match statement on an integer or a tuple."""
        subject = self.pick([*s.kinds["i"], "n"])
        node = Node(f"match {subject}:")
        self.tagged(node, "match")
        cases = self.r.sample(["case 0:", "case 1 | 2:", f"case k if k > {self.r.randrange(3)}:"], 2)
        if self.chance(0.4):
            node.line = f"match ({subject}, {self.leaf(s)}):"
            parts = []
            for pattern in ("case (0, {0}):", f"case (_, {{0}}) if {{0}} > {self.bound(s)}:"):
                name, inner = self.fresh("q"), Scope(s)
                inner.add("f", name)
                parts.append(Node(pattern.format(name), [("", self.body(inner, 1, "case"))]))
        else:
            parts = [Node(case, [("", self.body(Scope(s), self.r.randrange(1, 3), "case"))]) for case in cases]
        if self.chance(0.7):
            parts.append(Node("case _:", [("", self.body(Scope(s), 1, "case"))]))
        node.blocks.append(("", parts))
        return [node]

    def guarded(self, s):
        """try / finally, with, del, assert."""
        kind = self.r.randrange(4)
        if kind == 0:
            inner = Scope(s)
            inner.exits = False
            body = self.body(inner, self.r.randrange(1, 3), "try")
            return [Node("try:", [("", body), ("finally:", self.body(inner, 1, "finally"))], ("try",))]
        if kind == 1:
            return [
                Node("with np.errstate(all='ignore'):", [("", self.body(s, self.r.randrange(1, 3), "with"))], ("with",))
            ]
        if kind == 2:
            p = self.fresh("a")
            first = self.node(f"{p} = {self.number(s, 1)}")
            return [first, Node(f"{self.pick(s.kinds['f'])} += {p}"), Node(f"del {p}", [], ("del",))]
        return [self.node(f"assert n < 9 and {self.leaf(s)} < 99.0, 'too much'", "assert")]

    # exits ---------------------------------------------------------------------------------------------------------
    def exit(self, s):
        if not s.exits:
            return self.assign(s)
        test = self.test(s)
        kind = self.r.randrange(5)
        if kind < 2 and s.loops:
            line, tag = "break", "break"
        elif kind < 4 and s.loops:
            line, tag = "continue", "continue"
        else:
            line, tag = f"return {self.result(s)}", "return"
        node = self.tagged(Node(f"if {test}:"), "branch", "exit", tag)
        before = self.body(Scope(s), 1, "exit") if self.chance(0.5) and self.budget > 0 else []
        node.blocks.append(("", [*before, Node(line, [], ("exit", tag))]))
        return [node]

    def result(self, s):
        """What the function returns: a number to which much contributes, or a structure in some programs."""
        terms = [name if self.chance(0.8) else f"np.sin({name})" for name in s.kinds["f"][-5:]]
        same = [v for v in s.of(1) if s.arrays[v] == (SIZE,)]
        terms += [f"np.sum({v} * {self.pick(same)})" for v in same[-4:]]
        terms += [f"np.sum({v})" for v in s.of(1)[-3:] if v not in same]
        terms += [f"np.sum({m} ** 2)" for m in s.of(2)[-2:]]
        terms += [f"sum({xs})" for xs in s.kinds["l"][-2:]]
        terms += [f"np.sum({hs}[-1] * {hs}[0])" for hs in s.kinds["a"][-2:]]
        terms += [f"np.sum({c}.real * {c}.imag)" for c in s.kinds["c"][-2:]]
        terms += [f"{e} * 0.7" for e in s.kinds["z"][-1:]]
        terms += [f"{d}['p']" for d in s.kinds["d"][-1:]]
        terms += [f"{o}.rate" for o in s.kinds["o"][-1:]]
        terms += [name for name in self.owed if name in s.kinds["f"] and name not in terms]
        number = " + ".join(terms) or "1.0"
        self.tags = []
        match self.form:
            case "array":
                return f"{self.pick(same[-3:])} * ({number})"
            case "tuple":
                return f"({number}, {', '.join(self.pick(same[-3:]) for _ in range(2))})"
            case "memory":
                y = self.pick(same[-3:])
                return f"({y}[1:], {number}, {y})"
        return number

    form = "number"
