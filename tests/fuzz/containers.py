"""Random statements about lists, lists of arrays, dicts, tuples, objects."""

from __future__ import annotations

from tests.fuzz.expressions import SIZE
from tests.fuzz.tree import Node, Scope


class Containers:
    """Draws statements about containers; needs the methods of Expressions and Statements."""

    def lists(self, s):
        """Lists of numbers."""
        free = [xs for xs in s.kinds["l"] if xs not in s.frozen]
        if not free or self.chance(0.25):
            return self.new_list(s)
        xs = self.pick(free)
        rows = [
            (4, f"{xs}.append({self.number(s, 2)})", "append"),
            (1, f"{xs}.append({xs}[-1] * {self.leaf(s)})", "append"),
            (2, f"{xs}[{self.pick([0, -1])}] = {self.number(s, 1)}", "list store"),
            (1, f"{xs}[{self.pick([0, -1])}] {self.pick(['+=', '*='])} {self.number(s, 1)}", "list store"),
            (1, f"{xs}.extend([{self.leaf(s)}, {self.leaf(s)}])", "extend"),
            (1, f"{xs}.insert(0, {self.number(s, 1)})", "insert"),
            (1, f"{xs} += [{self.leaf(s)}]", "extend"),
            (1, f"{xs}[0], {xs}[-1] = {xs}[-1], {xs}[0]", "list store"),
        ]
        if self.chance(0.25):
            name = self.fresh("p")
            s.add("f", name)
            last = self.pick(["pop()", "pop()", "pop(0)"])
            test = Node(f"if len({xs}) > 1:", [("", [Node(f"{name} = {xs}.{last}", [], ("list", "pop"))])], ("branch",))
            return [Node(f"{name} = {self.leaf(s)}"), test]
        chosen = self.r.choices(rows, [row[0] for row in rows])[0]
        return [self.node(chosen[1], "list", chosen[2])]

    def new_list(self, s):
        name = self.fresh("xs")
        y = self.part(s, 3)
        rows = [
            (3, f"[{self.number(s, 1)}, {self.leaf(s)}]", ""),
            (1, "[]", ""),
            (2, f"[{self.number(s, 1)} for q in {y}]", "comprehension"),
            (1, f"[q * {self.leaf(s)} for q in {y} if q > {self.bound(s)}]", "comprehension"),
            (1, f"list({y})", ""),
            (1, f"{y}.tolist()", ""),
            (1, f"[p * q for p in {self.part(s, 2)} for q in {y}]", "comprehension"),
            (1, f"[{self.leaf(s)}] * 2", ""),
            (1, f"[wave(q) for q in {y}]", "comprehension"),
        ]
        chosen = self.r.choices(rows, [row[0] for row in rows])[0]
        out = [self.node(f"{name} = {chosen[1]}", "list", *filter(None, chosen[2:]))]
        if chosen[1] == "[]" or " if " in chosen[1]:
            out.append(self.node(f"{name}.append({self.number(s, 1)})", "list", "append"))
        s.add("l", name)
        return out

    def array_list(self, s):
        """Lists of arrays: filled, walked, read, written through."""
        free = [hs for hs in s.kinds["a"] if hs not in s.frozen]
        if not free or self.chance(0.3):
            name = self.fresh("hs")
            part = self.part(s, SIZE)
            rows = [
                (3, f"[{self.vector(s, SIZE, 1)} * 1.0]"),
                (2, f"[{self.vector(s, SIZE, 1)} * q for q in {self.part(s, 3)}]"),
                (2, f"[np.zeros({SIZE}), {part} * {self.leaf(s)}]"),
                (1, f"[{part}, {self.part(s, SIZE)}]"),
                (1, f"[{part}]"),
            ]
            node = self.node(f"{name} = {self.which(rows)}", "array list")
            s.add("a", name)
            return [node]
        hs, kind, end = self.pick(free), self.r.randrange(9), self.pick([0, -1])
        if kind < 3:
            kept = self.chance(0.3)
            item = self.part(s, SIZE) if kept else f"{self.vector(s, SIZE, 1)} * {self.leaf(s)}"
            return [self.node(f"{hs}.append({item})", "array list", "append", *(["alias"] if kept else []))]
        if kind == 3:
            name = self.fresh("u")
            node = self.node(f"{name} = {hs}[{end}] * {self.leaf(s)} + {hs}[-1]", "array list")
            s.array(name, (SIZE,))
            return [node]
        if kind == 4:
            op = self.pick(["=", "+=", "*="])
            at = self.pick([self.index(s, SIZE), "1:", "::-1"])
            return [self.node(f"{hs}[{end}][{at}] {op} {self.number(s, 1)}", "array list", "deep store")]
        if kind == 5:
            return [self.node(f"{hs}[{end}] = {self.vector(s, SIZE, 1)} * 0.9", "array list", "list store")]
        if kind == 6:
            name = self.fresh("u")
            s.array(name, (SIZE,))
            pop = Node(f"{name} = {hs}.pop()", [], ("array list", "pop"))
            first = self.node(f"{name} = {self.vector(s, SIZE, 1)} * 1.0")
            return [first, Node(f"if len({hs}) > 1:", [("", [pop])], ("branch",))]
        if kind == 7:
            name = self.fresh("u")
            s.array(name, (SIZE,), True)
            return [self.node(f"{name} = {hs}[{end}]", "array list", "alias")]
        inner, h = Scope(s), self.fresh("h")
        inner.loops += 1
        inner.array(h, (SIZE,), self.chance(0.7))
        inner.frozen.update((h, hs))
        return [
            Node(f"for {h} in {hs}:", [("", self.body(inner, self.r.randrange(1, 3), "loop"))], ("loop", "array list"))
        ]

    def tuples(self, s):
        """Tuples, nested and unpacked, starred."""
        t, p, q = self.fresh("t"), self.fresh("p"), self.fresh("u")
        one, two = self.number(s, 1), self.vector(s, SIZE, 1)
        kind = self.r.randrange(5)
        if kind == 0 and self.chance(self.stars):
            lines = [f"{t} = {self.vector(s, 3, 1)}", f"{p}, *_ = {t}"]
            s.add("f", p)
            return [self.node(lines[0], "tuple"), self.node(lines[1], "tuple", "unpack", "star")]
        if kind == 1:  # a tuple holds the array itself
            y = self.pick([v for v in s.of(1) if s.arrays[v] == (SIZE,)])
            s.array(q, (SIZE,), True)
            s.add("f", p)
            return [
                self.node(f"{t} = ({one}, {y})", "tuple", "alias"),
                self.node(f"{p}, {q} = {t}", "tuple", "unpack"),
            ]
        second = self.pick([f"{p}, ({q}, _) = {t}", f"{p}, {q} = {t}[0], {t}[1][0] * {t}[1][1]"])
        out = [
            self.node(f"{t} = ({one}, ({two} * 1.0, {self.leaf(s)}))", "tuple"),
            self.node(second, "tuple", "unpack"),
        ]
        s.add("f", p)
        s.array(q, (SIZE,))
        return out

    def dicts(self, s):
        """Dicts with known keys: made, read, walked, written."""
        if not s.kinds["d"] or self.chance(0.3):
            d = self.fresh("d")
            one, two = self.number(s, 1), self.vector(s, SIZE, 1)
            if self.chance(0.3):
                text = f"{{key: {self.leaf(s)} * 0.5 for key in ('p', 'r')}}"
            elif self.chance(0.4):
                text = f"dict(p={one}, r={self.leaf(s)})"
            else:
                text = f"{{'p': {one}, 'r': {self.leaf(s)}}}"
            s.add("d", d)
            out = [self.node(f"{d} = {text}", "dict")]
            if self.chance(0.5):
                u = self.fresh("u")
                s.array(u, (SIZE,))
                out.append(self.node(f"{d}h = {{'q': {two} * 1.0, 'p': {d}['p']}}", "dict"))
                out.append(self.node(f"{u} = {d}h['q'] * {d}h['p']", "dict"))
            return out
        d, p = self.pick(s.kinds["d"]), self.fresh("p")
        rows = [
            (1, f"{p} = {d}['r'] * {d}['p']"),
            (1, f"{p} = {d}.get('p', 0.3) + {d}.get('w', {self.leaf(s)})"),
            (1, f"{p} = sum([{self.leaf(s)} * q for q in {d}.values()])"),
            (1, f"{p} = sum([q for key, q in {d}.items() if key != 'r'])"),
            (1, f"{p} = {{**{d}, 'p': {self.leaf(s)}}}['p'] * 0.5"),
        ]
        if self.chance(self.writes):
            op = self.pick(["=", "+=", "*="])
            rows = [
                (3, f"{d}['{self.pick('pr')}'] {op} {self.number(s, 1)}"),
                (1, f"{d}.update(p={self.number(s, 1)})"),
            ]
            return [self.node(self.which(rows), "dict", "dict store")]
        s.add("f", p)
        return [self.node(self.which(rows), "dict")]

    def objects(self, s):
        """Dataclasses and named tuples: made, read, called, replaced, written."""
        if not s.kinds["o"] or self.chance(0.3):
            o = self.fresh("o")
            rest = self.pick(["", f", {self.leaf(s)}", f", rest={self.leaf(s)}"])
            s.add("o", o)
            return [self.node(f"{o} = Spring({self.number(s, 1)}{rest})", "object")]
        o, p, q = self.pick(s.kinds["o"]), self.fresh("p"), self.fresh("q")
        if self.chance(self.writes):
            op = self.pick(["=", "+=", "*="])
            return [self.node(f"{o}.{self.pick(['rate', 'rest'])} {op} {self.number(s, 1)}", "object", "field store")]
        if self.chance(0.3):
            pair = f"Pair({self.number(s, 1)}, {self.leaf(s)})"
            s.add("f", p)
            s.add("f", q)
            return [self.node(f"{p}, {q} = {pair}{self.pick(['', '.swapped()'])}", "object", "unpack")]
        if self.chance(0.3):
            u = self.fresh("u")
            s.array(u, (SIZE,))
            out = [self.node(f"{o}s = State({self.part(s, SIZE)} * 0.9, {self.vector(s, SIZE, 1)})", "object")]
            return [*out, self.node(f"{u} = {o}s.pos + {o}s.vel * {o}.rate", "object")]
        text = self.pick([f"{o}.force({self.leaf(s)})", f"{o}({self.number(s, 1)})", f"{o}.scale + {o}.rest"])
        s.add("f", p)
        return [self.node(f"{p} = {text}", "object", "call")]

    stars = 0.04  # how often arrays are unpacked with a star
    writes = 0.3  # how often dicts and fields are written
