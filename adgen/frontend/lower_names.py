"""Names and constants: locals, enclosing functions, then what the scope knows.

    x, RATE, np.pi, step    a thing of the frame; a literal; a literal with its name; a function

A captured value becomes a trailing parameter of the function, one for each way of reading it.
"""

from __future__ import annotations

import ast
import math

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_memory as memory
from adgen.frontend.bindings import Binding, Captured, Factory, Literal, Missing
from adgen.frontend.lower_absent import read
from adgen.frontend.lower_state import Frame, Lowering, expression
from adgen.frontend.lower_things import POISON, Closure, Group, Poison, Poisoned, Thing, leaves_of, spoken, tuple_of
from adgen.frontend.own_names import MARK
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import UNDEF, Array, ListOf, Static, Struct, Sym, Type

NO_VALUE = "it has no value on any path that leads here"
SPECIAL = {math.inf: "np.inf", -math.inf: "-np.inf"}


@expression(ast.Name)
def name(low: Lowering, node: ast.Name, hint: str) -> Thing:
    """A name that is read."""
    found = find(low, node.id)
    if isinstance(found, Poison):
        raise Poisoned
    if found is None:
        why = f"`{node.id}` is assigned in this function, but on no path that leads here"
        raise Reject("E0104", node, why, name=node.id)
    if isinstance(found, Value) and found.type == UNDEF:
        raise Reject("E0104", node, NO_VALUE, name=node.id)
    if isinstance(found, Value | Group) and any(value in low.unbound for value in leaves_of(found)):
        return read(low, node.id, found)
    if isinstance(found, Value) and isinstance(found.type, Static) and callable(found.type.value):
        return callable_of(low, found.type.value, node)
    return found if not isinstance(found, _Free) else resolve(low, found.binding, node)


def callable_of(low: Lowering, value: object, node: ast.Name) -> Thing:
    """A function that an argument is."""
    binding = low.frame.source.scope.bind(value, node.id)
    if isinstance(binding, Captured):  # it would be asked for again and again
        raise Reject("E0103", node, f"a {type(value).__name__} is no Python function", name=node.id)
    return resolve(low, binding, node)


class _Free:
    """A free name, with what the scope says."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding


def find(low: Lowering, ident: str) -> Thing | _Free | None:
    """What a name stands for; None if it is local and not assigned yet."""
    frame: Frame | None = low.frame
    last = low.frame
    while frame is not None:
        if ident in frame.cells and frame.owner is not low:
            label = low.callee.name if low.callee is not None else low.entry.name
            why = f"it reads `{ident}`, which a function around it changes"
            raise Reject("E0110", None, why, heap.CELLS_HELP, name=label)
        if ident in frame.cells:
            return low.frame.env.get(frame.cells[ident])
        if ident in frame.env:
            return frame.env[ident] if frame.owner is low else _around(low, frame, ident)
        if ident in frame.facts.locals:
            return None
        last, frame = frame, frame.outer
    if MARK in ident:
        why = f"`{spoken(ident)}` is a name of a comprehension, which is over when the function is called"
        raise Reject("E0104", None, why, "give the function its value: `lambda v, k=k: ..`", name=spoken(ident))
    return _Free(last.source.scope.lookup(ident))


def _around(low: Lowering, frame: Frame, ident: str) -> Thing:
    """What a function that stays one sees in a function around it."""
    from adgen.frontend.lower_recursion import foreign

    return foreign(low, frame, ident, frame.env[ident])


def resolve(low: Lowering, binding: Binding, node: ast.AST) -> Thing:
    """A binding as a thing: literals and captured values become values."""
    match binding:
        case Missing():
            raise Reject("E0103", node, binding.why, binding.help, name=binding.name)
        case Literal(value, text):
            return literal(low, value, text, node)
        case Captured():
            return captured(low, binding)
    if isinstance(binding, Factory):
        raise Reject("E0103", node, "it is made anew for each object", name="this default")
    return binding


def literal(low: Lowering, value: object, text: str, node: ast.AST) -> Thing:
    """A value known while compiling; `np.pi` keeps its name."""
    if isinstance(value, tuple):
        return tuple_of(tuple(literal(low, item, "", node) for item in value))
    if isinstance(value, float) and not math.isfinite(value):
        return low.b.const(value, SPECIAL.get(value, "np.nan"))
    dotted = "." in text and text.split(".")[0] in ("np", "math") and isinstance(value, float)
    return low.b.const(value, text if dotted else None)


def captured(low: Lowering, binding: Captured) -> Value:
    """A captured value: a parameter of its own."""
    if binding.read not in low.captured:
        taken = {c.name for c, _ in low.captured.values()} | set(low.entry.params)
        label, count = binding.name, 2
        while label in taken:
            label, count = f"{binding.name}_{count}", count + 1
        type_ = binding.type if label == binding.name else resized(binding.type, binding.name, label)
        if low.learnt.callees.sizes.setdefault(label, binding.read) != binding.read:
            type_ = unsized(type_)  # another function of the program calls other sizes so
        value = Value(type_, label, True)
        low.memory.origin(value, memory.Origin("captured", None, None, binding.name))
        low.captured[binding.read] = (Captured(label, type_, binding.read, binding.value), value)
    return low.captured[binding.read][1]


def resized(type_: Type, old: str, new: str) -> Type:
    """The type with its sizes named after another name: each captured value has sizes of its own."""
    match type_:
        case Array(dtype, tuple(shape)):
            dims = [Sym(new + d.name.removeprefix(old), d.offset) if isinstance(d, Sym) else d for d in shape]
            return Array(dtype, tuple(dims))
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(resized(item, old, new) for item in items))
        case ListOf(item):
            return ListOf(resized(item, old, new))
    return type_


def unsized(type_: Type) -> Type:
    """The type without its sizes."""
    match type_:
        case Array(dtype, tuple(shape)):
            return Array(dtype, (None,) * len(shape))
        case Struct(kind, keys, items):
            return Struct(kind, keys, tuple(map(unsized, items)))
        case ListOf(item):
            return ListOf(unsized(item))
    return type_


@expression(ast.Constant)
def constant(low: Lowering, node: ast.Constant, hint: str) -> Thing:
    """A literal, as it is written."""
    if isinstance(node.value, bytes):
        raise Reject("E0102", node, "bytes are not numbers", name="this constant")
    number = isinstance(node.value, int | float | complex) and not isinstance(node.value, bool)
    text = written(low, node) if number else None
    return const(low, node.value, text, hint)


def const(low: Lowering, value: object, text: str | None, hint: str) -> Value:
    """A literal that may have a name."""
    plain = low.b.const(value, text)
    if not hint:
        return plain
    op = low.b.ops.pop()
    del low.b.constants[plain]
    named = low.b.emit("const", "", (), plain.type, hint, op.attrs, True)
    low.b.constants[named] = value
    return named


def written(low: Lowering, node: ast.expr) -> str | None:
    """The text of a number in the source."""
    lines = low.frame.source.lines
    if node.end_lineno != node.lineno or not 0 < node.lineno <= len(lines):
        return None
    text = lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode(errors="replace")
    try:
        return text if text and ast.literal_eval(text) == ast.literal_eval(node) else None
    except (ValueError, SyntaxError):
        return None


@expression(ast.Lambda)
def function(low: Lowering, node: ast.Lambda | ast.FunctionDef, hint: str = "") -> Thing:
    """A nested function: its defaults are computed now, its body when it is called."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True))
    pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
    return Closure(node, low.frame, {a.arg: low.expr(d) for a, d in pairs})


@expression(ast.NamedExpr)
def walrus(low: Lowering, node: ast.NamedExpr, hint: str) -> Thing:
    """`(y := e)`."""
    thing = low.kept(low.expr(node.value, node.target.id), node)
    low.bind(node.target.id, thing)
    if thing is POISON:
        raise Poisoned
    return thing
