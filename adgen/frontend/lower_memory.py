"""Who may share memory: where arrays and lists come from, which references share a root, which writes are certain.

    y = x.copy()        y comes from this place; if `y[0] = 1.0` follows, the place is *memory*: lowering begins again
    v = y[1:]           with `alloc` here, and v is a view of it
    t = y.reshape(2, 3) may be a view or a copy: t is a snapshot, and later writes to y are refused

A snapshot of memory that a name or a list holds *freezes* the root: no write may come after it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from adgen.frontend.lower_things import Iteration, Restart, Site, Thing, leaves_of, shared_memory
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Ref
from adgen.rules.views import MAY_ALIAS

# functions whose result has no axes and is an array all the same, if its shape is ()
MAKERS = frozenset(("np.zeros", "np.ones", "np.full", "np.empty", "np.array", "np.asarray", "np.zeros_like"))
FLATTENING = ("np.squeeze", "np.reshape")  # what has one element may become an array without axes, a view


NOTHING: Mapping[Value, bool] = {}
Key = tuple[object, ...]  # a site, ("old", loop, site) for what the iteration before made, ("foreign", kind)


def _is_object(value: Value) -> bool:
    return isinstance(value.type, Ref) or shared_memory(value.type)


def _place(key: Key) -> object:
    """Where an object is made, in whichever iteration."""
    return key[2] if key[0] == "old" else key


def may_alias(name: str) -> bool:
    """Whether the function's result may share memory with its first argument."""
    return name in MAY_ALIAS


@dataclass(frozen=True)
class Origin:
    """Where a content comes from: fresh, param, phi, element, item, captured, or alias of `base`."""

    kind: str
    site: Site | None = None
    base: Value | None = None
    name: str = ""
    root: Root | None = None  # of an element: the list that it is in
    holder: Site | None = None  # of an element: where its list was made, if that is not memory yet


@dataclass(eq=False)
class Root:
    """One allocation: the loops it is inside of, and whether a snapshot of it is held."""

    site: Site
    loops: tuple[object, ...]
    frozen: bool = False
    parts: tuple[Root, ...] = ()  # of what may be one of several: those
    held: dict[Site | None, None] = field(default_factory=dict)  # where it got another name that sees writes

    def each(self) -> tuple[Root, ...]:
        """The allocations that it may be."""
        return tuple(dict.fromkeys(root for part in self.parts for root in part.each())) or (self,)


class Choice(NamedTuple):
    """A reference, or a content, that is one of two, and the flag that tells."""

    flag: Value
    first: Value
    second: Value


@dataclass(eq=False)
class LoopMemory:
    """What happens to memory in a loop's body: roots written to, roots of which snapshots are held, roots iterated."""

    site: Site
    stored: dict[Root, None] = field(default_factory=dict)
    frozen: dict[Root, None] = field(default_factory=dict)
    iterated: dict[Root, Site] = field(default_factory=dict)  # roots that the loop runs over
    over: tuple[Value, ...] = ()  # what it runs over, memory or not
    keys: dict[Root, Value] = field(default_factory=dict)  # of a dict that is run over: the key whose turn it is


class Memory:
    """The roots of values, for one pass."""

    def __init__(self) -> None:
        self.origins: dict[Value, Origin] = {}
        self.roots: dict[Value, Root] = {}
        self.loops: list[LoopMemory] = []
        self.changing: dict[Site, None] = {}  # lists whose arrays are changed in place
        self.links: dict[Site, dict[Key, None]] = {}  # what is joined at a place -> the objects it may be
        self.listed: dict[Key, None] = {}  # objects that lists hold
        self.apart: dict[Site, None] = {}  # heads of loops where a name stands for an array that no other name has
        self.made: dict[Site, tuple[Site, ...]] = {}  # place -> the loops it is inside of
        self.objects: list[Root] = []  # objects and dicts that are changed
        self.displays: dict[Value, None] = {}  # contents of lists that were put together here
        self.taken: dict[object, None] = {}  # objects, arrays and lists that lists hold
        self.whole: dict[Value, None] = {}  # references to all of their memory
        self.moves: dict[Root, int] = {}  # how often elements of a list of arrays were replaced or moved so far
        self.places: dict[Value, int] = {}  # references to elements: the moves before they were made
        self.from_end: dict[Value, None] = {}  # those by an index that may be counted from the end
        self.writes: dict[Root, int] = {}  # how many there were so far
        self.views: dict[Value, int] = {}  # views that are contents: how many writes there were when they were made
        self.choices: dict[Value, Choice] = {}  # references to one of two
        self.picked: dict[Value, tuple[Site, tuple[Thing, ...]]] = {}  # elements of tuples, by a computed index
        self.holder: Site | None = None  # where names are joined now
        self.windows: dict[Site, None] = {}  # calls whose results are views that see writes
        self.shut: dict[Value, Site] = {}  # contents that such calls made, where that is not known yet
        self.closed: dict[Value, None] = {}  # contents that are a view or a copy, which nothing can tell
        self.sealed: dict[Root, dict[Site, None]] = {}  # those that a name or list holds
        self.flat: dict[Value, Value] = {}  # `y.flat` (a slice of it is a copy), and y
        self.parents: dict[Value, Value] = {}  # views -> what they are views of
        self.dense: dict[Value, bool] = {}  # references that are C-contiguous if their root is; roots that are

    def origin(self, value: Value, origin: Origin) -> None:
        """Note where a content comes from, once."""
        self.origins.setdefault(value, origin)
        if origin.site is not None:
            self.note(origin.site)

    def alias(self, value: Value, base: Value) -> None:
        """A content that may share memory with another, or is a snapshot of a reference."""
        self.origins.setdefault(value, Origin("alias", None, base))

    def snap(self, value: Value, base: Value) -> None:
        """As `alias`, of a view: its content is as of now, although writes to come will be seen through it."""
        self.alias(value, base)
        root = self.root_of(value)
        if root is not None:
            self.views.setdefault(value, self._count(root))

    def current(self, value: Value, node: ast.AST | None) -> Value:
        """The value; refused if it is the content of a view, and a write came after it was made: `x.T @ f(x)`."""
        if self._stale(value):
            self.open(value)
            why = "a view is made, and its array written to before it is used"
            raise Reject("E0120", node, why, "make the view after the write, or copy it")
        return value

    def there(self, ref: Value, node: ast.AST | None) -> None:
        """Refuse a reference to an element that was replaced since: `xs[0] @ f()`, if f assigns to `xs[0]`."""
        moves = self.moves.get(self.roots[ref], 0)
        if self.places.get(ref, moves) != moves:
            why = "an element of a list is replaced or moves while the expression is computed"
            raise Reject("E0121", node, why, "give the element a name, or compute the other part first")

    def _stale(self, value: Value) -> bool:
        root = self.root_of(value) if self.views else None
        while root is not None:
            if self.views.get(value, self._count(root)) != self._count(root):
                return True
            origin = self.origins.get(value)
            if origin is None or origin.base is None:
                return False
            value = origin.base
        return False

    def _count(self, root: Root) -> int:
        """How many writes there were to what a root may be."""
        return sum(self.writes.get(part, 0) for part in root.each())

    def open(self, value: Value) -> None:
        """A content is written to, or seen after a write, that calls may have made a view: begin again with that."""
        self.open_all(self._sites(value))

    def open_all(self, sites: dict[Site, None]) -> None:
        """Begin again with views at these places, if that is new."""
        new = {site: None for site in sites if site not in self.windows}
        self.windows |= new
        if new:
            raise Restart

    def _sites(self, value: Value) -> dict[Site, None]:
        """The calls on the way from a content to its memory that would make views of it; none if one could not."""
        found: dict[Site, None] = {}
        while (origin := self.origins.get(value)) is not None and origin.base is not None:
            if value in self.shut:
                found[self.shut[value]] = None
            elif value in self.closed:
                return {}
            value = origin.base
        return found

    def allocated(self, ref: Value, site: Site, dense: bool = False) -> None:
        """A new root."""
        self.whole[ref] = None
        self.dense[ref] = dense
        self.roots[ref] = Root(site, tuple(loop.site for loop in self.loops))
        self.note(site)

    def object_made(self, site: Site) -> Root:
        """A new object or dict that is changed."""
        self.objects.append(Root(site, tuple(loop.site for loop in self.loops)))
        self.note(site)
        return self.objects[-1]

    def viewed(self, ref: Value, base: Value) -> None:
        """A reference into the same root."""
        self.roots[ref] = self.roots[base]
        self.parents[ref] = base
        if base in self.places:
            self.places[ref] = self.places[base]
        if base in self.from_end:
            self.from_end[ref] = None

    def placed(self, ref: Value, base: Value, index: object) -> None:
        """A reference to an element of a list, and its index, if that is known."""
        self.places.setdefault(ref, self.moves.get(self.roots[base], 0))
        if not isinstance(index, int) or index < 0:
            self.from_end[ref] = None

    def chosen(self, ref: Value, choice: Choice) -> None:
        """A reference that is one of two."""
        self.choices[ref] = choice
        first, second = self.roots[choice.first], self.roots[choice.second]
        if first is second:
            self.roots[ref] = first
        else:
            self.roots[ref] = Root(first.site, tuple(loop.site for loop in self.loops), False, (first, second))

    def is_part(self, value: Value) -> bool:
        """Whether it is a reference to a part of memory, or to one of several arrays."""
        return isinstance(value.type, Ref) and value not in self.whole

    def bottom(self, value: Value) -> Value:
        """The value at the end of the chain of aliases: a reference, or the content that was made."""
        while True:
            origin = self.origins.get(value)
            if origin is None or origin.base is None:
                return value
            value = origin.base

    def keys(self, value: Value) -> dict[Key, None]:
        """The objects that a value may be: where they were made; `("foreign", kind)` for those that others have."""
        last = self.bottom(value)
        if last in self.roots:
            return {root.site: None for root in self.roots[last].each()}
        origin = self.origins.get(last)
        if origin is None or origin.site is None or origin.kind in ("item", "element"):
            return {("foreign", origin.kind if origin is not None else "unknown"): None}
        if origin.site in self.apart:
            return {origin.site: None}
        return {origin.site: None} | self.links.get(origin.site, {})

    def meet(self, first: Value, second: Value, known: Mapping[Value, bool] = NOTHING) -> bool:
        """Whether two values may have one array, whatever the flags are that chose them."""
        for one, other in ((first, second), (second, first)):
            choice = self.choices.get(self.bottom(one)) or self.choices.get(one)
            if choice is not None:
                sides = {True: choice.first, False: choice.second}
                told = [known[choice.flag]] if choice.flag in known else [True, False]
                return any(self.meet(sides[flag], other, {**known, choice.flag: flag}) for flag in told)
        keys = self.keys(first)
        return any(key in keys for key in self.keys(second))

    def note(self, site: Site) -> None:
        """Something is made at this place, inside these loops."""
        self.made[site] = tuple(loop.site for loop in self.loops)

    def link(self, site: Site, keys: dict[Key, None], loop: Site | None = None) -> bool:
        """What is joined at a place may be these objects (of the iteration before, if `loop`); whether that is new."""
        known = self.links.setdefault(site, {})
        added = {self._earlier(key, loop) if loop is not None else key: None for key in keys}
        new = any(key not in known and key != site for key in added)
        known |= added
        return new

    def _earlier(self, key: Key, loop: Site) -> Key:
        """What an object made inside a loop is called in the next iteration."""
        inner = key[1] if key[0] == "old" else None
        base = key[2] if key[0] == "old" else key
        loops = self.made.get(base, ()) if isinstance(base, tuple) else ()
        if loop not in loops or (inner is not None and loops.index(inner) <= loops.index(loop)):
            return key
        return ("old", loop, base)

    def in_list(self, keys: dict[Key, None]) -> bool:
        """Whether a list may hold one of the objects; what an earlier iteration put there is there still."""
        held = dict.fromkeys(_place(key) for key in self.listed)
        return any(_place(key) in held for key in keys)

    def root_of(self, value: Value) -> Root | None:
        """The allocation that a value may share, if it is one."""
        return self.roots.get(self.bottom(value))

    def hold(self, thing: Thing) -> None:
        """A name or list now holds the thing: snapshots of memory freeze their roots."""
        if isinstance(thing, Iteration):
            return
        for value in leaves_of(thing):
            origin = self.origins.get(value)
            if origin is not None and origin.root is not None and origin.root.site in self.changing:
                self.freeze(origin.root)
            if not isinstance(value.type, Ref) and value in self.origins:
                root = self.root_of(value)
                if root is not None:
                    self.freeze(root)
                    for part in root.each():
                        self.sealed.setdefault(part, {}).update(self._sites(value))

    def keep(self, thing: Thing) -> None:
        """A list now holds the thing."""
        self.hold(thing)
        self.taken[thing] = None
        for value in leaves_of(thing):
            self.taken[self.bottom(value)] = None
            root = self.root_of(value)
            if root is not None:
                self.freeze(root)
            if _is_object(value):
                self.listed |= self.keys(value)

    def held_by(self, values: Sequence[Value]) -> None:
        """A list or tuple that a function made has views of these arrays."""
        for root in (self.root_of(value) for value in values):
            if root is not None:
                self.freeze(root)

    def freeze(self, root: Root) -> None:
        """No write to the root may follow."""
        for part in root.each():
            part.frozen = True
            part.held[self.holder] = None
            for loop in self.loops:
                if loop.site not in part.loops:
                    loop.frozen[part] = None

    def store(self, root: Root) -> None:
        """Note a write."""
        for part in root.each():
            self.writes[part] = self.writes.get(part, 0) + 1
            for loop in self.loops:
                if loop.site not in part.loops:
                    loop.stored[part] = None

    def clashes(self, loop: LoopMemory) -> list[Root]:
        """Roots that the loop writes to although the iteration before may hold a snapshot."""
        return [root for root in loop.stored if root in loop.frozen]

    def snapshot(self) -> Snapshot:
        """What a second pass over a loop's body must begin with."""
        frozen = {root: root.frozen for root in (*self.roots.values(), *self.objects)}
        return frozen, [(dict(loop.stored), dict(loop.frozen)) for loop in self.loops]

    def back(self, snapshot: Snapshot) -> None:
        """Forget what a pass over a loop's body did."""
        for root, frozen in snapshot[0].items():
            root.frozen = frozen
        for loop, (stored, held) in zip(self.loops, snapshot[1], strict=True):
            loop.stored, loop.frozen = dict(stored), dict(held)


Snapshot = tuple[dict[Root, bool], list[tuple[dict[Root, None], dict[Root, None]]]]
