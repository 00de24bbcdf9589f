"""A sweep: programs around each template once, so that what is seldom drawn is tried for certain.

    python -m tests.fuzz -n 900 --seed 1000000000        seeds from SWEEP on: template 0, 1, 2, ..; then all again

The statements that a template needs (an object, a list of arrays, ..) are drawn before it, others after it; around one
for Numba, which takes less of the language, nothing else is drawn.
"""

from __future__ import annotations

import re

from tests.fuzz.corners import REFUSED, RIGHT
from tests.fuzz.expressions import SIZE
from tests.fuzz.programs import Maker
from tests.fuzz.scenes import FOUND, MADE, NEEDS, NEW
from tests.fuzz.tree import FOR_NUMBA

SWEEP = 1_000_000_000
SCENES = [row for bank in MADE.values() for row in bank.rows]
CORNERS = [*((text, "corner") for text in RIGHT), *((text, "strange") for text in REFUSED)]
COUNT = len(SCENES) + len(CORNERS)
KINDS = {"o": "s", "O": "s", "T": "t", "H": "a", "R": "v", "D": "e", "B": "k", "N": "n", "Z": "z", "l": "l"}


def maker(seed, danger=1.0):
    """What draws the program of a seed."""
    return Sweeper(seed, danger) if seed >= SWEEP else Maker(seed, danger)


def makes(kind):
    """The templates that make something of a kind for what follows."""
    keys = [key for key in NEW if KINDS.get(key) == kind]
    return [row for row in SCENES if any(re.match(rf"\${key}\b[^=(]*=[^=]", line) for key in keys for line in row[1])]


class Sweeper(Maker):
    """Draws a program in which one template stands for certain, if it can."""

    placed = False

    @property
    def row(self):
        """The tags and the lines of the template, or its text and its tag."""
        k = (self.seed - SWEEP) % COUNT
        return SCENES[k] if k < len(SCENES) else CORNERS[k - len(SCENES)]

    @property
    def alone(self):
        """Whether the template stands in a program of its own, with numbers and arrays as arguments."""
        return FOR_NUMBA in self.row[0]

    def chance(self, p):
        """Whether something is done that is done now and then."""
        return super().chance(p) and not self.alone

    def wishes(self):
        """What else the program is to have."""
        whole = super().wishes()
        if self.alone:
            self.wanted, whole = [], []
        return whole

    def statement(self, s):
        """The template as soon as there is what it needs."""
        if self.placed or self.depth:
            return super().statement(s)
        self.budget -= 1
        self.tags = []
        if isinstance(self.row[0], str):
            self.placed = True
            text, tag = self.row
            first = [*self.allocate(s), *self.lists(s)] if "{y}" in text or "{xs}" in text else []
            return [*first, *self.filled_in(s, text, tag)]
        tags, lines = self.row
        made = self.needed(s, "\n".join(lines))
        names = self.names(s, "\n".join(lines))
        self.placed = names is not None or self.budget <= 0
        self.budget = 0 if self.placed and self.alone else self.budget
        return made if names is None else [*made, *self.filled(s, tags, lines, names)]

    def needed(self, s, text):
        """Statements that make what a template needs."""
        made = []
        for key in dict.fromkeys(NEEDS.findall(text)):
            kind = FOUND.get(key)
            if key in ("y", "w"):
                made += self.allocate(s)
            elif key == "m":
                name, one, other = self.fresh("m"), self.part(s, SIZE), self.part(s, SIZE)
                s.array(name, (SIZE, SIZE))
                made.append(self.node(f"{name} = np.outer({one}, {other})", "matrix"))
            elif kind is not None and not [name for name in s.kinds[kind] if name not in s.frozen]:
                made += self.one_of(s, makes(kind))
        return made

    def one_of(self, s, rows):
        """One of some templates that can be filled in."""
        for tags, lines in self.r.sample(rows, len(rows)):
            names = self.names(s, "\n".join(lines))
            if names is not None:
                return self.filled(s, tags, lines, names)
        return []
