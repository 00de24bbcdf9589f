"""The state of lowering: where operations go, what names stand for, what was refused, what was learnt.

    low.expr(node, hint="y")     lowers an expression; the value it makes would like to be called y
    low.content(thing)           one SSA value (a reference is loaded, a structure is packed)
    low.prim("mul", [a, b])      an operation of the rule table

Handlers register in EXPRESSIONS and STATEMENTS by node class; a class that has none is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from adgen.errors import Diagnostic, Place
from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_memory as memory
from adgen.frontend import lower_rankless as rankless
from adgen.frontend import lower_windows as windows
from adgen.frontend import of_objects, silence
from adgen.frontend.bindings import Captured, FunctionSource, UserClass, node_place
from adgen.frontend.callees import Callee, Given
from adgen.frontend.desugar import plain
from adgen.frontend.lower_learnt import Learnt as Learnt
from adgen.frontend.lower_learnt import Made as Made
from adgen.frontend.lower_things import (
    NONE_FAILS,
    NONE_TOLD,
    POISON,
    PRESENT,
    Group,
    Iteration,
    Obj,
    Poison,
    Poisoned,
    Site,
    Text,
    Thing,
    join,
    misused,
    shared_memory,
    spoken,
    valueless,
)
from adgen.frontend.normalise import Facts, facts_of
from adgen.frontend.reject import Reject, describe, diagnostic, unknown
from adgen.ir.build import Builder
from adgen.ir.core import Span, Value
from adgen.ir.types import INT, UNDEF, ListOf, Opaque, Ref, Static, Struct, Type, is_active_type
from adgen.rules import apply, table, views
from adgen.rules.keys import TEXT
from adgen.rules.rule import TypeProblem
from adgen.rules.sparse import SPARSE
from adgen.rules.views import may_be_given, shared_operands

Env = dict[str, Thing]
Nested = Callable[[FunctionSource, Mapping[str, Type], tuple[str, tuple[str, ...], bool, bool]], Made]


@dataclass(eq=False)
class Frame:
    """One function under lowering: its names, and what is known of its text."""

    node: ast.FunctionDef | ast.Lambda
    source: FunctionSource
    facts: Facts
    env: Env = field(default_factory=dict)
    outer: Frame | None = None  # the function it is nested in
    caller: Frame | None = None
    deferred: int = 0  # inside how many loops: a return is an exit there
    statement: ast.stmt | None = None
    carried: list[tuple[str, ...]] = field(default_factory=list)  # names that the loops around carry
    cells: dict[str, str] = field(default_factory=dict)  # names that inner functions rebind -> entries (lower_heap)
    yields: Value | None = None  # of a generator: the list of what it yields
    owner: object = None  # the lowering that it belongs to: what a callee sees beyond it becomes its parameter


class Lowering:
    """All that handlers share."""

    def __init__(self, source: FunctionSource, learnt: Learnt, nested: Nested | None = None) -> None:
        self.nested = nested  # makes the derivative of a function that this one differentiates
        self.b = Builder()
        self.objects = 0  # how many objects that change were made so far
        self.made: dict[str, Obj] = {}  # those, by number
        node = plain(source.node, learnt.bodies)
        silence.note_decorators(learnt.silent, node)
        self.frame = Frame(node, source, facts_of(node, learnt.texts), owner=self)
        self.learnt = learnt
        self.frame.cells = heap.cells(self, self.frame)
        self.diagnostics: list[Diagnostic] = []
        self.memory = memory.Memory()
        self.memory.changing, self.memory.links = learnt.changing, learnt.links
        self.memory.windows = learnt.windows
        self.captured: dict[tuple[object, ...], tuple[Captured, Value]] = {}
        self.stack: list[object] = [source.identity]
        self.path: tuple[object, ...] = ()
        self.entry = source
        self.parameters: dict[Value, None] = {}
        self.maybe: dict[Value, None] = {}  # values that may be None
        self.elements: dict[Value, None] = {}  # those of them that are elements of lists: so may be their parts
        self.unbound: dict[Value, None] = {}  # values that some path leaves unbound
        self.deleted: dict[str, None] = {}  # names that some `del` unbinds: their variables may hold old values
        self.bound: dict[ast.Return | None, Env] = {}  # names that a loop left by this return has bound
        self.guesses = 0  # how many names and lists there are of which no type is known yet: their uses are poison
        self.guessed: dict[Site, None] = {}  # the lists among them
        self.names: dict[Value, str] = {}  # hints for values that got their names late
        self.replaced: list[tuple[Value, ast.expr]] = []  # values without axes that `op=` replaces by new ones
        self.boxes: dict[Site, None] = {}  # places where arrays without axes are made
        self.joined: dict[Value, Site] = {}  # values without axes that are one of several: where they were joined
        self.unrolled = 0  # copies of functions inside themselves
        self.calls = 0  # calls of functions that stay functions
        self.callee: Callee | None = None  # what is lowered, if it is such a function
        self.deques: dict[Site, None] = {}  # lists that are called deques, dicts called OrderedDicts
        self.factories: dict[Site, Thing] = {}  # what a defaultdict gets for a key that it does not have
        self.partly = 0  # inside how much that may be left before its end
        self.optimistic = False  # poison may be a value of which nothing is known yet
        self.labels: dict[Frame, dict[tuple[object, int], None]] = {}  # frames around the callee, how they are reached
        self.given: dict[tuple[object, ...], Thing] = {}  # what the callee sees, as its own
        self.handed: dict[Given, Value] = {}  # memory that the callee writes to and hands back
        self.writer = ""  # the function that writes, where its lines are lowered (lower_inplace)

    # expressions --------------------------------------------------------------------------------------------------
    def expr(self, node: ast.expr, hint: str = "") -> Thing:
        """Lower an expression; what is refused becomes poison."""
        b, span = self.b, self.b.span
        try:
            handler = EXPRESSIONS.get(type(node))
            if handler is None:
                raise Reject("E0102", node, unknown(node), name=describe(node))
            b.span = self.span(node)
            return handler(self, node, hint)
        except Poisoned:
            return POISON
        except Reject as reject:
            self.record(reject, node)
            return POISON
        finally:
            b.span = span

    def value(self, node: ast.expr, hint: str = "") -> Value:
        """Lower an expression to one content value."""
        return self.content(self.expr(node, hint), node)

    def content(self, thing: Thing, node: ast.AST | None = None) -> Value:
        """The thing as one value: loaded, packed."""
        match thing:
            case Value(type=Ref()):
                return self.load(thing)
            case Value():
                if thing.type == UNDEF:
                    raise Reject("E0104", node, f"no assignment to `{thing.hint}` comes before", name=thing.hint)
                return self.memory.current(thing, node)
            case Group():
                return self.pack(thing, node)
            case Obj():
                return self.content(heap.snapshot(self, thing), node)
            case Poison():
                raise Poisoned
            case Text():
                text = {"args": ("values",) * len(thing.operands), "text": thing.template(), "style": ""}
                return self.b.emit("prim", "of_texts", thing.operands, TEXT, attrs=text)
        raise Reject("E0102", node, *valueless(thing), name="this use")

    def load(self, ref: Value) -> Value:
        """The content of a reference as of now."""
        if ref in self.memory.flat:  # `y.flat` is no array
            base = self.memory.flat[ref]
            return self.content(self.prim("np.ravel", [base], self.frame.node, "", ("a",), "method"))
        self.memory.there(ref, None)
        self.memory.alias(value := self.b.load(ref), ref)
        return value

    def pack(self, group: Group, node: ast.AST | None = None) -> Value:
        """A structure as one value."""
        items = [self.content(item, node) for item in group.items]
        if group.kind == "dict" or group.kind.startswith("object") or group.kind in ("tuple", "list"):
            value = self.b.pack(Struct(group.kind, group.keys, tuple(v.type for v in items)), items)
            known = [self.b.constants.get(v, self) for v in items]
            if self not in known and group.kind in ("tuple", "list"):
                self.b.constants[value] = tuple(known) if group.kind == "tuple" else known
            return value
        raise Reject("E0102", node, f"a {group.kind} is not a value", name="this structure")

    def prim(
        self,
        name: str,
        operands: Sequence[Thing],
        node: ast.AST,
        hint: str = "",
        args: tuple[str, ...] | None = None,
        style: str = "",
        label: str = "",
    ) -> Thing:
        """An operation of the rule table, typed; its result becomes memory where it is written to later."""
        values = [self.content(thing, node) for thing in operands]
        of_objects.refuse(name, values, self.is_tuple, node, label)
        if wrong := misused(name, [value.type for value in values]):
            raise Reject("E0107", node, *wrong, name=label or name)
        for value in values:
            if value in self.maybe and value.type == INT and name not in NONE_FAILS:
                why = "an argument that is None means something else than a number"
                raise Reject("E0129", node, why, name=f"`{value.hint}`" if value.hint else "it")
        if name not in NONE_TOLD:
            there = {value: self.there(value) for value in dict.fromkeys(values) if value in self.maybe}
            values = [there.get(value, value) for value in values]
        site = self.site(node, name)
        wanted = "" if site in self.learnt.memory else hint
        try:
            value = apply.apply(self.b, name, values, args, wanted, style, bool(wanted))
        except TypeProblem as problem:
            raise Reject("E0107", node, problem.message, problem.help, name=label or name) from problem
        if isinstance(value.type, Opaque) and value.type != SPARSE and lost(name, values):
            why = "what one of its operands is is not known, and the other carries a derivative"
            raise Reject("E0107", node, why, "convert it: `int(..)`, `float(..)`", name=label or name)
        own = (op := self.b.ops[-1]).results == (value,)
        shares = (memory.may_alias(name) and (not own or views.shares(op))) or (name == "np.array" and may_be_given(op))
        parts = shared_operands(op) if shares and own else ()
        if isinstance(value.type, ListOf | Struct):
            self.memory.held_by(parts)
        if not shared_memory(value.type):
            copies = style == "method" and name == "np.copy"
            return rankless.made(self, value, name, values, shares, copies, site, hint)
        if shares and values:
            k = values.index(parts[0]) if parts else 0
            return windows.result(self, value, operands[k], values[k], site)
        return self.fresh(value, site, hint)

    def there(self, value: Value) -> Value:
        """A value that may be None is computed with: if it is None the program fails, and so must the derivative."""
        if value in self.elements:
            return value
        self.b.effect("effect", "bound", [value], {"text": "", "name": value.hint, "none": True})
        found = self.present(value)
        for name, thing in self.frame.env.items():
            if thing is value:
                self.frame.env[name] = found
        return found

    def present(self, value: Value) -> Value:
        """The value, now that it is there: a mark that goes when lowering is done."""
        found = self.b.emit("prim", PRESENT, (value,), value.type, value.hint, {"args": ("x",)}, value.user)
        if value in self.memory.roots:
            self.memory.viewed(found, value)
        elif value in self.memory.origins:
            self.memory.alias(found, value)
        return found

    def fresh(self, value: Value, site: Site, hint: str = "") -> Value:
        """Note where a new array or list was made; it is memory if it is written to later."""
        self.memory.origin(value, memory.Origin("fresh", site))
        return self.alloc(value, site, hint) if site in self.learnt.memory else value

    def alloc(self, content: Value, site: Site, hint: str = "") -> Value:
        """Memory that starts with a content."""
        from adgen.frontend.lower_places import of_its_own

        content = of_its_own(self, content, site)
        type_ = content.type
        if isinstance(type_, ListOf):
            type_ = replace(type_, item=join(self.learnt.items.get(site, UNDEF), type_.item) or type_.item)
        dense = windows.is_dense(self.b, content)
        ref = self.b.emit("alloc", "", (content,), Ref(type_), hint, user=bool(hint))
        self.memory.allocated(ref, site, dense)
        return ref

    def kept(self, thing: Thing, node: ast.AST) -> Thing:
        """What a name or structure may hold: an iterator would run out."""
        if isinstance(thing, Iteration) and thing.bounds is None:
            told = "it can be run over only once", "make a list of it"
            raise Reject("E0102", node, *told, name="an iterator that is kept")
        return thing

    def static(self, thing: Thing) -> tuple[bool, object]:
        """Whether the thing is known while compiling, and its value."""
        if isinstance(thing, Value) and isinstance(thing.type, Static):
            return True, thing.type.value
        if isinstance(thing, Value) and thing in self.b.constants:
            return True, self.b.constants[thing]
        if isinstance(thing, Group) and thing.kind == "tuple":
            parts = [self.static(item) for item in thing.items]
            if all(known for known, _ in parts):
                return True, tuple(value for _, value in parts)
        return False, None

    def is_tuple(self, kind: str) -> bool:
        """Whether structures of the kind are read by position: tuples, lists, named tuples."""
        if not kind.startswith("object"):
            return kind in ("tuple", "list")
        cls = self.frame.source.scope.class_of(kind)
        return isinstance(cls, UserClass) and cls.kind == "namedtuple"

    # names --------------------------------------------------------------------------------------------------------
    def bind(self, name: str, thing: Thing, argument: bool = False) -> None:
        """Let a name stand for a thing; a snapshot of memory must not be outlived by a write to it."""
        self.memory.hold(thing)
        self.frame.env[self.frame.cells.get(name, name)] = thing
        if isinstance(thing, Value) and not (thing.hint or argument) and not self.memory.is_part(thing):
            self.names.setdefault(thing, spoken(name))  # what a helper returned without a name of its own

    def template(self, thing: Thing | None) -> Type:
        """The type that a name's content has."""
        return heap.template(self, thing)

    def back_to(self, env: Env, *kept: str) -> None:
        """The names of before again, but for these, and for the parts of objects."""
        now = self.frame.env
        self.frame.env = {**env, **{name: now[name] for name in kept if name in now}, **heap.entries(now)}

    # places -------------------------------------------------------------------------------------------------------
    def site(self, node: ast.AST, tag: object = "") -> Site:
        """What names this place in this call, in every pass."""
        return (self.path, id(node), tag)

    def place(self, node: ast.AST | None) -> Place:
        """The place of a node of the current function."""
        return self.frame.source.place(node or self.frame.statement)

    def span(self, node: ast.AST) -> Span:
        """The span of a node, with the statement around it."""
        source, statement = self.frame.source, self.frame.statement
        if not hasattr(node, "lineno"):
            node = statement or self.frame.node
        place = node_place(source.path, source.lines, node)
        line = statement.lineno if statement is not None else place.line
        text = source.lines[line - 1].strip() if line <= len(source.lines) else ""
        return Span(*place, text, line)

    def record(self, reject: Reject, node: ast.AST | None = None) -> None:
        """Remember a refusal."""
        where = reject.node if reject.node is not None and hasattr(reject.node, "lineno") else node
        found = diagnostic(reject.code, self.place(where), reject.why, reject.help, **reject.fields)
        if not any(d.code == found.code and d.place == found.place for d in self.diagnostics):
            self.diagnostics.append(found)

    @contextmanager
    def inside(self, b: Builder, env: Env | None = None) -> Iterator[None]:
        """Let operations go to another builder, with a copy of the names."""
        before = self.b, self.frame.env
        self.b, self.frame.env = b, dict(self.frame.env if env is None else env)
        try:
            yield
        finally:
            self.b, self.frame.env = before

    @contextmanager
    def at(self, *steps: object) -> Iterator[None]:
        """Sites made inside are other sites: an unrolled iteration, an inlined call."""
        before = self.path
        self.path = (*before, *steps)
        try:
            yield
        finally:
            self.path = before

    def child(self) -> Builder:
        """A builder for a region that begins here."""
        return self.b.child()

    def frames(self) -> Iterator[Frame]:
        """The current frame and its callers."""
        frame: Frame | None = self.frame
        while frame is not None:
            yield frame
            frame = frame.caller


Expression = Callable[[Lowering, ast.expr, str], Thing]
Statement = Callable[[Lowering, ast.stmt], None]
EXPRESSIONS: dict[type[ast.AST], Callable[..., Thing]] = {}
STATEMENTS: dict[type[ast.AST], Callable[..., None]] = {}


def lost(name: str, values: Sequence[Value]) -> bool:
    """Whether a result of which nothing is known would have a derivative."""
    found = table.lookup(name)
    return (found is None or found.kind != "zero") and any(is_active_type(value.type) for value in values)


def expression(*kinds: type[ast.expr]) -> Callable[[Callable[..., Thing]], Callable[..., Thing]]:
    """Register a handler of expressions."""

    def register(handler: Callable[..., Thing]) -> Callable[..., Thing]:
        EXPRESSIONS.update(dict.fromkeys(kinds, handler))
        return handler

    return register


def statement(*kinds: type[ast.stmt]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a handler of simple statements."""

    def register(handler: Callable[..., None]) -> Callable[..., None]:
        STATEMENTS.update(dict.fromkeys(kinds, handler))
        return handler

    return register
