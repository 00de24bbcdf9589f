"""Statements from templates of several lines, which share variables of all kinds with what is drawn around them.

    ## object, alias                      tags of the templates below
    $O = Body($x, $y)                     new names: $O an object, $H a list of arrays, $R one of lists, $D a dict, ..
    for $k in range(n):                   $k a counter
        $o.move($f)                       names that are there: $o an object, $y and $w arrays that may be written, ..
        @body                             random statements

Fields and elements take part wherever arrays and numbers do: `o1.pos`, `hs2[0]` and `d3['q']` are names of arrays.
"""

from __future__ import annotations

import re

from tests.fuzz.banks import BANKS
from tests.fuzz.expressions import SIZE
from tests.fuzz.tree import Node, Scope

NEW = {
    "a": "a",
    "b": "b",
    "u": "u",
    "v": "v",
    "l": "xs",
    "k": "i",
    "h": "g",
    "r": "r",
    "O": "o",
    "T": "tank",
    "H": "hs",
    "R": "rows",
    "D": "d",
    "B": "team",
    "N": "maybe",
    "Z": "e",
    "C": "c",
}
FOUND = {
    "o": "s",
    "t": "t",
    "hs": "a",
    "rs": "v",
    "d": "e",
    "bs": "k",
    "xs": "l",
    "o2": "s",
    "n": "n",
    "hs2": "a",
    "z": "z",
}
HEADS = ("else", "elif ", "except", "finally", "case ")


class Bank:
    """Templates of one kind: (tags, lines), in groups of the same tags."""

    def __init__(self, text):
        self.rows, tags = [], ()
        for part in text.strip().split("\n\n"):
            lines = part.splitlines()
            if lines[0].startswith("##"):
                tags = tuple(word.strip() for word in lines.pop(0)[2:].split(","))
            if lines:
                self.rows.append((tags, lines))
        self.groups = {}
        for row in self.rows:
            self.groups.setdefault(row[0], []).append(row)


MADE = {name: Bank(text) for name, text in BANKS.items()}
GROUPS = [tags for name, bank in MADE.items() if name not in ("seldom", "wide") for tags in bank.groups]
LIKED = 8.0  # how much more often what a program favours is drawn
NEEDS = re.compile(r"\$([A-Za-z]+2?)")


class Scenes:
    """Draws the statements of a template; needs the methods of the other parts."""

    def scene(self, s, bank):
        """A template that can be filled in with what is there."""
        for _ in range(4):
            groups = MADE[bank].groups
            group = self.which([((4 + len(groups[t])) * (LIKED if t in self.favoured else 1.0), t) for t in groups])
            tags, lines = self.pick(groups[group])
            names = self.names(s, "\n".join(lines))
            if names is not None:
                return self.filled(s, tags, lines, names)
        return self.assign(s)

    def names(self, s, text):
        """What the names of a template stand for; None if something is missing."""
        found = {}
        whole = [v for v in s.of(1, True) if s.arrays[v] == (SIZE,)]
        squares = [m for m in s.of(2, True) if s.arrays[m] == (SIZE, SIZE) and m.isidentifier()]
        for key in dict.fromkeys(NEEDS.findall(text)):
            if key in NEW:
                found[key] = self.fresh(NEW[key])
            elif key in FOUND:
                there = [name for name in s.kinds[FOUND[key]] if name not in s.frozen]
                if not there:
                    return None
                found[key] = self.pick(there[-3:])
            elif key in ("y", "w"):
                there = [v for v in whole if v not in s.frozen]
                if not there:
                    return None
                found[key] = self.pick(there[-4:])
            elif key == "m":
                if not squares:
                    return None
                found[key] = self.pick(squares)
        return found

    def filled(self, s, tags, lines, names):
        """The statements; what they make is known from now on."""
        inner = Scope(s)
        if "k" in names:
            inner.add("i", names["k"])
        texts = [self.put(s, line, names) for line in lines]
        noted, self.tags = self.tags, []
        made, rest = self.parsed(s, inner, texts, 0)
        assert not rest
        made[0].tags = tuple(dict.fromkeys([*tags, *made[0].tags, *noted]))
        self.tags = []
        self.known(s, lines, names)
        return made

    def put(self, s, line, names):
        """A line with all names and expressions put in; expressions are drawn anew for each place."""

        def one(match):
            key = match.group(1)
            if key in names:
                return names[key]
            if key == "x":
                return self.pick([v for v in s.of(1) if s.arrays[v] == (SIZE,)])
            drawn = {"f": self.leaf, "c": self.test, "i": lambda s: self.index(s, SIZE), "p": self.bound}
            if key in drawn:
                return str(drawn[key](s))
            if key == "g":
                return self.number(s, 1)
            if key == "e":
                return f"{self.vector(s, SIZE, 1)} * {self.leaf(s)}"
            if key == "op":
                return self.pick(["=", "+=", "*=", "-="])
            raise KeyError(key)

        return NEEDS.sub(one, line)

    def parsed(self, s, inner, lines, level):
        """Statements of this level of indentation, and the lines behind them."""
        made = []
        while lines:
            depth = (len(lines[0]) - len(lines[0].lstrip())) // 4
            if depth < level:
                break
            line, lines = lines[0].strip(), lines[1:]
            if line == "@body":
                block = Scope(inner)
                block.loops += 1
                made += self.body(block, self.r.randrange(1, 3), "loop") if self.depth < 3 else []
                continue
            if line.startswith(("@rare", "@pure")):
                made += self.joined(inner, line)
                continue
            body, head = [], line.startswith(HEADS) and made and made[-1].blocks
            if lines and len(lines[0]) - len(lines[0].lstrip()) > 4 * level:
                body, lines = self.parsed(s, inner, lines, level + 1)
            if head:
                made[-1].blocks.append((line, body))
            else:
                made.append(Node(line, [("", body)] if body else [], told(line)))
        return made or [Node("pass")], lines

    def known(self, s, lines, names):
        """What the template has made, if it is made on every path: by a line that is not indented."""
        for key, name in names.items():
            outer = [line for line in lines if not line.startswith(" ")]
            if key not in NEW or not any(re.match(rf"[^=(]*\${key}\b(?![.\[])[^=(]*=[^=]", line) for line in outer):
                continue
            if key in "ab":
                s.add("f", name)
            elif key in "uv":
                s.array(name, (SIZE,))
            elif key == "l":
                s.add("l", name)
            elif key in "OTHRDBNZC":
                self.entered(s, key, name)

    def entered(self, s, key, name):
        """A new container or object: its parts are names too."""
        kind = {"O": "s", "T": "t", "H": "a", "R": "v", "D": "e", "B": "k", "N": "n", "Z": "z", "C": "c"}[key]
        s.add(kind, name)
        numbers = {"O": [".mass"], "T": [".level"], "R": ["[0][0]", "[-1][1]"], "D": ["['p']"], "B": ["[0].mass"]}
        arrays = {"O": [".pos", ".vel"], "H": ["[0]", "[-1]"], "D": ["['q']"], "B": ["[0].pos", "[-1].vel"]}
        share = 0.2 if key == "B" else 0.6
        for part in numbers.get(key, ()):
            if self.chance(share):
                s.add("f", name + part)
        for part in arrays.get(key, ()):
            if self.chance(share):
                s.array(name + part, (SIZE,), self.chance(0.3))


WORDS = {
    "append": r"\.append\(",
    "insert": r"\.insert\(",
    "pop": r"\.pop\(",
    "del": r"^del ",
    "loop": r"^(for|while) ",
    "branch": r"^if ",
    "match": r"^match ",
    "try": r"^try:",
    "with": r"^with ",
    "exit": r"\b(break|continue|return)\b",
    "closure": r"^def |lambda",
    "store": r"^[^=(]*\] [-+*/]?= ",
    "field store": r"^[^=(\[]*\.\w+ [-+*/]?= ",
    "swap": r"^([^=,]+), ([^=,]+) = \2, \1$",
}


def told(line):
    """The constructs of a line, by its words."""
    return tuple(tag for tag, pattern in WORDS.items() if re.search(pattern, line))
