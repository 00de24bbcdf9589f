"""Python to SSA: a function is run over types instead of values, and what it would compute is written down.

    def f(x, n):                    def f(%x: float, %n: int):
        y = x                           %trips, %stopped, %y1 = for 0, %n, 1, %x
        for i in range(n):                  (%i, %y): %y2 = mul y, x
            y = y * x                       yield False, %y2
        return y                        yield %y1

Calls of user functions are lowered in place.  All refusals are told together.  Where a later statement changes what an
earlier one must be (an array that is written to is memory), lowering begins again with what it has learnt.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from adgen.errors import Diagnostic, InternalError, Refusal
from adgen.frontend import (
    lower_array_methods,
    lower_builtins,
    lower_copies,
    lower_deques,
    lower_derivatives,
    lower_dicts,
    lower_expressions,
    lower_extremes,
    lower_functional,
    lower_generators,
    lower_hooks,
    lower_integrals,
    lower_itertools,
    lower_late,
    lower_order,
    lower_sets,
    lower_solutions,
    lower_solvers,
    lower_statements,
    lower_text,
)
from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_memory as memory
from adgen.frontend import lower_rankless as rankless
from adgen.frontend.bindings import Captured, FunctionSource, Literal, UserFunction
from adgen.frontend.lower_absent import form, held_in_lists, is_none, plain, returned_none, without_marks
from adgen.frontend.lower_control import run
from adgen.frontend.lower_inline import refuse_generators
from adgen.frontend.lower_names import NO_VALUE, resolve
from adgen.frontend.lower_recursion import call, identity
from adgen.frontend.lower_state import Learnt, Lowering, Nested
from adgen.frontend.lower_things import Group, Poison, Poisoned, Restart, Site, Text, Thing, shared_memory
from adgen.frontend.lower_trees import VALUE, Leaf, Slot, close, common, ends, single, yielding
from adgen.frontend.reject import Reject
from adgen.frontend.silence import silenced
from adgen.frontend.snapshots import refuse_uncertain
from adgen.frontend.unbuffered import refuse_unbuffered
from adgen.frontend.without_axes import numbers
from adgen.ir.core import Func, Param, Value
from adgen.ir.types import BOOL, COMPLEX, FLOAT, INT, NONE, UNKNOWN, Static, Struct, Type
from adgen.ir.walk import walk, with_hints

RESTARTS = 400  # more of them would be a defect
HANDLERS = (
    lower_array_methods,
    lower_builtins,
    lower_copies,
    lower_deques,
    lower_derivatives,
    lower_dicts,
    lower_expressions,
    lower_extremes,
    lower_functional,
    lower_generators,
    lower_itertools,
    lower_order,
    lower_sets,
    lower_hooks,
    lower_integrals,
    lower_solutions,
    lower_solvers,
    lower_statements,
    lower_text,
)  # importing them fills the tables


class Lowered(NamedTuple):
    """The function, and how its captured parameters are read (in the order of those parameters)."""

    func: Func
    captured: tuple[Captured, ...]
    callees: tuple[Func, ...] = ()  # functions that call themselves
    changed: tuple[tuple[str, tuple[int, ...]], ...] = ()  # arguments that are changed, or parts of them, by slots
    numbers: tuple[str, ...] = ()  # arguments that must be numbers, or hold them, and not arrays without axes


def lower(source: FunctionSource, types: Mapping[str, Type]) -> Func:
    """The function as SSA; raises Refusal with everything that stands in the way."""
    return lower_with_captured(source, types).func


def lower_with_captured(source: FunctionSource, types: Mapping[str, Type], nested: Nested | None = None) -> Lowered:
    """The function as SSA, with its captured values; `nested` makes the derivatives that it asks for itself."""
    learnt = Learnt()
    for _ in range(RESTARTS):
        low = Lowering(source, learnt, nested)
        try:
            return once(low, types)
        except Restart:
            continue
    raise InternalError(f"lowering of {source.qualname} does not settle")


def once(low: Lowering, types: Mapping[str, Type]) -> Lowered:
    """One pass over the function."""
    source = low.entry
    value: Value | None = None
    try:
        params = parameters(low, types)
        refuse_generators(source.node, source.node, source.name)
        value = again(low) or body(low)
    except Reject as reject:
        low.record(reject, source.node)
    except Poisoned:  # what was refused is recorded
        value = None
    if low.guessed:  # nothing has told what these lists hold
        low.learnt.firm |= low.guessed
        raise Restart
    if lower_late.tried(low):
        raise Restart
    if low.diagnostics:
        raise Refusal(causes(low.diagnostics))
    if value is None:
        raise InternalError(f"{source.qualname} has no result, and nothing was refused")
    block = low.b.block([value])
    held_in_lists(low, block)
    captured = list(low.captured.values())
    params += [Param(binding.name, v, "captured") for binding, v in captured]
    func = Func(source.name, tuple(params), block, source.where, source.qualname, dict(source.comments))
    func = replace(func, silent=silenced(low.learnt.silent))
    try:
        counted = numbers(func, low.replaced)
    except Reject as reject:
        rankless.all_memory(low, [value for value, _ in low.replaced])
        low.record(reject, source.node)
        raise Refusal(low.diagnostics) from reject
    func = with_hints(without_marks(func), low.names)
    callees = tuple(callee.func for callee in low.learnt.callees.made.values() if callee.func is not None)
    refuse_unknown(low, func, callees)
    for one in (func, *callees):
        refuse_uncertain(one)
        refuse_unbuffered(one)
    return Lowered(func, tuple(binding for binding, _ in captured), callees, tuple(changed_arguments(low)), counted)


def refuse_unknown(low: Lowering, func: Func, callees: Sequence[Func]) -> None:
    """Each function that is called must have become one of the program."""
    known = [callee.name for callee in callees]
    for one in (func, *callees):
        for op in walk(one.block):
            if op.kind == "call" and op.name not in known:
                why = "what it does to its arguments at each level could not be followed"
                low.record(Reject("E0110", low.entry.node, why, "write it as a loop", name=op.name))
                raise Refusal(low.diagnostics)


def changed_arguments(low: Lowering) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Arguments that are written to, or their parts: where they come from is known as memory."""
    for site in low.learnt.memory:
        if site[:1] == ("param",):
            yield str(site[1]), tuple(slot for slot in site[2:] if isinstance(slot, int))


def causes(found: list[Diagnostic]) -> list[Diagnostic]:
    """The refusals without those that only follow: a name without a value, because its assignment was refused."""
    own = [d for d in found if d.code != "E0104" or d.why != NO_VALUE]
    return own or found


# parameters ----------------------------------------------------------------------------------------------------------
def parameters(low: Lowering, types: Mapping[str, Type]) -> list[Param]:
    """The function's parameters; arrays that are written to are copied."""
    source = low.entry
    for name, binding in source.bound:
        low.frame.env[name] = resolve(low, binding, source.node)
    texts = default_texts(source.node.args)
    params: list[Param] = []
    for name, kind in kinds(source.node.args):
        if name in low.frame.env:
            continue
        if kind == "variadic" and name not in types:
            raise Reject("E0106", source.node, f"how many values `{name}` has is not known", name=source.name)
        type_ = types[name] if name in types else default_type(source, name)
        value = Value(type_, name, True)
        params.append(Param(name, value, "positional" if kind == "variadic" else kind, texts.get(name)))
        low.frame.env[name] = value
    for name, entry in low.frame.cells.items():
        if name in low.frame.env:
            low.frame.env[entry] = low.frame.env[name]
    low.parameters = dict.fromkeys(param.value for param in params)
    low.learnt.callees.sizes.update((param.name, ()) for param in params)
    low.b.span = low.span(source.node)
    for param in params:
        enter(low, param.value)
    return params


def enter(low: Lowering, value: Value) -> None:
    """Where the memory of a parameter comes from."""
    if isinstance(value.type, Struct):
        site = ("param", value.hint)
        low.memory.origin(value, memory.Origin("param", site, None, value.hint))
        if site in low.learnt.computed:
            low.frame.env[value.hint] = keyed(low, value, site)
        elif any(site[:2] == ("param", value.hint) for site in low.learnt.memory):
            low.frame.env[value.hint] = opened(low, value, ("param", value.hint), value.hint)
        return
    if rankless.rankless(value.type):
        low.frame.env[value.hint] = rankless.enter(low, value, ("param", value.hint))
    if not shared_memory(value.type):
        return
    site = ("param", value.hint)
    low.memory.origin(value, memory.Origin("param", site, None, value.hint))
    if site in low.learnt.memory:
        ref = low.alloc(value, site, value.hint)
        low.frame.env[value.hint] = ref


def keyed(low: Lowering, value: Value, site: Site) -> Value:
    """A dict that is given as an argument, some of whose keys are computed."""
    from adgen.frontend.lower_maps import as_map

    content = as_map(low, value, low.entry.node)
    low.memory.origin(content, memory.Origin("fresh", site))
    return low.alloc(content, site, value.hint) if site in low.learnt.memory else content


def opened(low: Lowering, value: Value, site: Site, label: str) -> Thing:
    """A structure that is given as an argument, of which a part is written to: its parts, those on copies."""
    if isinstance(value.type, Struct):
        items = []
        for slot, key in enumerate(value.type.keys):
            part = low.b.item(value, slot, label + (key if key.isdigit() else f"_{key}"))
            items.append(opened(low, part, (*site, slot), part.hint))
        kind = value.type.kind
        if kind in ("tuple", "list"):
            return Group(kind, value.type.keys, tuple(items))
        return heap.made(low, Group(kind, value.type.keys, tuple(items), site), label)
    if not shared_memory(value.type):
        return value
    low.memory.origin(value, memory.Origin("param", site, None, value.hint))
    return low.alloc(value, site, label) if site in low.learnt.memory else value


def kinds(arguments: ast.arguments) -> list[tuple[str, str]]:
    """Parameters with their kinds."""
    out = [(a.arg, "positional_only") for a in arguments.posonlyargs]
    out += [(a.arg, "positional") for a in arguments.args]
    out += [(a.arg, "variadic") for a in (arguments.vararg, arguments.kwarg) if a is not None]
    return out + [(a.arg, "keyword") for a in arguments.kwonlyargs]


def default_texts(arguments: ast.arguments) -> dict[str, str]:
    """The source text of the defaults that are literals."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True))
    pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
    return {a.arg: ast.unparse(d) for a, d in pairs if _is_literal(d)}


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return _is_literal(node.operand)
    if isinstance(node, ast.Tuple):
        return all(_is_literal(part) for part in node.elts)
    return isinstance(node, ast.Constant)


def default_type(source: FunctionSource, name: str) -> Type:
    """The type of a parameter of which nothing is said: that of its default, or unknown."""
    default = source.defaults.get(name)
    if not isinstance(default, Literal):
        return UNKNOWN
    value = default.value
    if value is None or isinstance(value, str | bool):
        return Static(value)
    return {int: INT, float: FLOAT, complex: COMPLEX}.get(type(value), BOOL if isinstance(value, bool) else UNKNOWN)


# result --------------------------------------------------------------------------------------------------------------
def again(low: Lowering) -> Value | None:
    """The function's result as that of a call of itself, if it calls itself."""
    source = low.entry
    own = source.node.args
    names = [name for name, _ in kinds(own)]
    bound = {name: heap.settled(low, low.frame.env[name]) for name in names}
    function = UserFunction(source)
    key = identity(function, bound)
    low.stack = [key]
    if key not in low.learnt.callees.recursive:
        return None
    body_ = source.node.body
    low.b.span = low.span(source.node)
    where = body_ if isinstance(body_, ast.expr) else ast.copy_location(ast.Constant(None), source.node)
    return low.content(call(low, function, bound, key, where, ""))


def body(low: Lowering) -> Value | None:
    """The function's block; its result as one value."""
    node = low.frame.node
    if isinstance(node, ast.Lambda):
        thing = returned(low, heap.dissolved(low.expr(node.body), low.frame.env), node)
        return None if low.diagnostics else low.content(returned_none(low, thing, form(low, thing)), node)
    tree = run(low, node.body)
    leaves = [end for end in ends(tree) if end.kind != "raise"]
    for end in leaves:
        if VALUE not in end.env:
            with low.inside(end.b, end.env):
                end.env[VALUE] = low.b.const(None)
    things = [heap.dissolved(end.env[VALUE], end.env) for end in leaves]
    if any(isinstance(thing, Poison) for thing in things) or low.diagnostics:
        return None
    for end in leaves:
        end.env[VALUE] = returned(low, heap.dissolved(end.env[VALUE], end.env), node)
    wanted = common(low, "", things, node)
    if wanted is None:
        return None
    type_ = plain(wanted)
    for end in leaves:
        with low.inside(end.b, end.env):
            end.env[VALUE] = returned_none(low, end.env[VALUE], wanted)
            if is_none(end.env[VALUE]) and type_ != NONE:  # it raises
                end.kind = "raise"
    rows: dict[Leaf, list[Value]] = {}
    for end in yielding(tree):
        with low.inside(end.b, end.env):
            rows[end] = [single(low, end.env.get(VALUE) if end.kind != "raise" else None, type_)]
    (value,) = close(tree, rows, [Slot(type_, "", False)])
    return value


def returned(low: Lowering, thing: Thing | None, node: ast.AST) -> Thing:
    """What a function may return: values, not functions."""
    if thing is not None:
        lower_deques.refuse_returned(low, thing, node)
    if isinstance(thing, Text):
        raise Reject("E0127", node, "it returns a text made of values", "print it, and return the values")
    if not isinstance(thing, Value | Group | Poison):
        help_ = "return numbers, arrays or structures of them"
        raise Reject("E0127", node, "it returns a function or an iterator", help_)
    return thing
