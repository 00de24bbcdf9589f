"""A name for each variable: what the user wrote, what the transforms wished, else what the value holds.

    y = x                     x and y are needed together: two names
    y = y + h * np.sin(y)     the old y is not needed after the new one: one name

Variables of one wish share its name unless they interfere; then the later one is numbered.  Parameters keep theirs.
Wishes of derivative code (x_bar) never take a name that the user gave to something else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from adgen import naming
from adgen.backend.describe import Describer, is_tape
from adgen.backend.live import EMPTY, Holding, Live, Liveness
from adgen.backend.script import Script
from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Func, Value
from adgen.ir.walk import walk

_NUMBER = re.compile(r"_\d+$")
_WORD = re.compile(r"[A-Za-z_]\w*")
_STRETCH = 64  # numbers of a series that are looked at together


def assign(func: Func, script: Script, live: Liveness, helpers: Iterable[str] = ()) -> dict[Value, str]:
    """The name of each variable of a script."""
    return _Namer(func, script, live, helpers).names


def hidden(func: Func, name: str) -> Refusal:
    """The refusal of a parameter that is called like what its derivative needs."""
    span = next((op.span for op in walk(func.block) if op.span is not None), None)
    place = None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
    title = f"the parameter `{name}` is called like what the derivative needs"
    why = f"the derivative of this function uses `{name}` by that name, and parameters keep theirs"
    return Refusal([Diagnostic("E0103", title, place, why, f"give the parameter another name than `{name}`")])


class _Namer:
    """Names variables in the order of their definitions, the user's first."""

    def __init__(self, func: Func, script: Script, live: Liveness, helpers: Iterable[str]) -> None:
        self.script = script
        self.live = live
        self.names: dict[Value, str] = {}
        self.holders: dict[str, Holding] = {}
        self.first: dict[tuple[str, int], list[Value]] = {}  # who took each number first, by series and stretch
        self.stretches: dict[tuple[str, int], Live] = {}  # the same as sets, where all numbers are taken
        self.params = {param.value: param.name for param in func.params}
        self.read = _free_names(func) | set(helpers)
        self.wishes = self._wishes()
        self.user = {self.wishes[value] for value in live.order if self._is_user(value)} | set(self.params.values())
        for value, name in self.params.items():
            if name in self.read:
                raise hidden(func, name)
            self._take(value, name)
        self.describer = Describer(func, script, self.names)
        for stage in range(5):
            for value in live.order:
                if value not in self.names and self._stage(value) == stage:
                    self._take(value, self._choose(value, stage == 0))

    def _stage(self, value: Value) -> int:
        """Who is named first: the user's, then wishes, then temporaries, tapes after what is on them, adjoints."""
        op = self.script.defs.get(value)
        if self._is_user(value):
            return 0
        if self.wishes[value]:
            return 1
        if op is None or op.role != "adjoint":
            return 2 if op is None or not is_tape(op) else 3
        return 4

    def _is_user(self, value: Value) -> bool:
        return value.user and bool(value.hint)

    def _wishes(self) -> dict[Value, str]:
        """What each variable would like to be called: its hint, else that of what is moved to or from it."""
        results: dict[Value, list[Value]] = {}
        for result, home in self.script.homes.items():
            results.setdefault(home, []).append(result)
        wishes = {}
        for value in self.live.order:
            wishes[value] = next((held.hint for held in (value, *results.get(value, ())) if held.hint), "")
            origin = self.script.defs.get(value)
            if origin is not None and is_tape(origin) and wishes[value] == "saved":
                wishes[value] = ""  # says nothing: what is on the tape says more
            if wishes[value] == "_" and self.script.plan.places.readers.get(value):
                wishes[value] = "k"  # the user has no use for it, a tape has
        moves = [pair for pairs in self.live.needed.values() for pair in pairs]
        inline = self.script.plan.inline
        named = [(target, self.script.home(source)) for target, source in moves if source not in inline]
        for _ in range(2):
            for target, source in named:
                if not wishes[target]:
                    wishes[target] = wishes[source]
                elif not wishes[source]:
                    wishes[source] = wishes[target]
        return wishes

    def _choose(self, value: Value, users: bool) -> str:
        """The first name of the series of its wish that is free for this variable."""
        wish = naming.identifier(self.wishes[value] or self.describer.word(value))
        stem = wish if users or self.wishes[value] else _NUMBER.sub("", wish)
        if not users and wish != "_" and (naming.is_reserved(wish) or (wish in self.user and naming.is_minted(wish))):
            wish = naming.fresh(wish, [wish, *sorted(self.user)])
        number, name = 1, wish
        while not self._free(value, name) or (name != wish and name in self.user and not users):
            number = self._after(value, stem, number + 1)
            name = f"{stem}_{number}"
        if number > 1:
            self._note(value, name, stem, number)
        return name

    def _after(self, value: Value, stem: str, number: int) -> int:
        """The next number of a series that may be free: not in a stretch of which all first holders are needed now."""
        while number % _STRETCH == 0 and (held := self.stretches.get((stem, number // _STRETCH), EMPTY)):
            if self.live.neighbours.get(value, EMPTY) & held != held:
                break
            number += _STRETCH
        return number

    def _note(self, value: Value, name: str, stem: str, number: int) -> None:
        """Note who takes a number of a series first; of a stretch that is full, all of them as a set."""
        if name in self.holders:
            return
        place = (stem, number // _STRETCH)
        first = self.first.setdefault(place, [])
        first.append(value)
        if len(first) == _STRETCH:
            self.stretches[place] = self.live.set_of(first)

    def _free(self, value: Value, name: str) -> bool:
        """Whether nobody who holds the name is needed together with this variable."""
        if name in self.read:
            return False
        holding = self.holders.get(name)
        return holding is None or not self.live.clash(value, holding)

    def _take(self, value: Value, name: str) -> None:
        self.names[value] = name
        self.live.hold(value, self.holders.setdefault(name, Holding()))


def _free_names(func: Func) -> set[str]:
    """Names that the text reads and does not define: modules, builtins, functions."""
    found: set[str] = set()
    for op in walk(func.block):
        if op.kind == "const":
            found.update(_words(str(op.attrs.get("text"))))
        elif op.kind == "prim" and not op.name.startswith("attr."):
            found.add(op.name.partition(".")[0])
        elif op.kind == "for":
            found.update(("range", "reversed", "len"))
            if op.attrs.get("iterates"):
                found.update(("enumerate", "zip"))
        elif op.kind == "effect":
            found.update(_words(str(op.attrs.get("text", ""))))
        elif op.kind == "pack":
            found.add("type")
        elif op.kind == "call":
            found.add(op.name)
    found.add("np")
    return found


def _words(text: str) -> list[str]:
    """Names in a text that is no string; in a lambda, those that it does not bind."""
    if text.startswith("(lambda "):
        nodes = list(ast.walk(ast.parse(text)))
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        return [node.id for node in nodes if isinstance(node, ast.Name) and node.id not in own]
    plain = re.sub(r"(\"[^\"]*\"|'[^']*')", "", text)
    return [match.group() for match in _WORD.finditer(plain) if plain[match.start() - 1 : match.start()] != "."]
