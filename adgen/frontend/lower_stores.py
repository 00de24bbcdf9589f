"""Writes: `y[p] = e`, `y[p] op= e`, `y op= e`, np.add.at, y.fill.

    y[p] = e               store(view(y, p), e)
    y[p] += e              store(view(y, p), e, mode add); also for y[p] = y[p] + e, and with -e for y[p] -= e
    y[p] /= e              t = load(view(y, p)); store(view(y, p), t / e)

What is written to must be memory.  If it is still a content, its place of origin is remembered as memory and the
lowering of the function begins again (`Restart`).
"""

from __future__ import annotations

import ast

from adgen.frontend.bindings import Known
from adgen.frontend.lower_expressions import OPERATORS, operate
from adgen.frontend.lower_index import Spec, basic, place, sole, spec_of, typed
from adgen.frontend.lower_lists import extend, held, learn_items
from adgen.frontend.lower_memory import Root, may_alias
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import (
    Group,
    Poison,
    Poisoned,
    Restart,
    Site,
    Thing,
    content_type,
    join,
    shared_memory,
    type_of,
)
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import Array, ListOf, Opaque, Ref, Scalar, Static, Struct, Type, Undef, Unknown, is_number, show

MODES = {"add": "add", "mul": "mul"}


# what is written to --------------------------------------------------------------------------------------------------
def writable(low: Lowering, thing: Thing, node: ast.expr) -> Value:
    """The reference behind what is written to; begins again if the thing was not known to be memory."""
    text = f"`{ast.unparse(node)}`"
    origin = low.memory.origins.get(thing) if isinstance(thing, Value) else None
    if origin is not None and origin.kind == "captured":
        raise Reject("E0123", node, "the change would be seen by other functions", name=origin.name)
    match thing:
        case Poison():
            raise Poisoned
        case Value(type=Struct(kind)):
            why = f"{text} is a {kind if kind in ('tuple', 'dict', 'list') else 'structure'}, and the caller sees it"
            raise Reject("E0124", node, why, "make a new one, with the new value in it", name=text)
        case Value(type=Ref()):
            note_store(low, low.memory.roots[thing], node)
            return thing
        case Group(kind="list") if thing.site is not None:
            learn_memory(low, thing.site)
        case Group():
            why = f"{text} is a {thing.kind if thing.kind in ('tuple', 'dict', 'list') else 'structure'}"
            raise Reject("E0124", node, why, "make a new one, with the new value in it", name=text)
        case Value(type=Unknown()):
            why = "it may be a number or an array, and only arrays can be written to"
            raise Reject("E0113", node, why, name=text)
        case Value() if shared_memory(thing.type):
            return content_origin(low, thing, node)
    what = show(thing.type) if isinstance(thing, Value) else "no array"
    raise Reject("E0124", node, f"{text} is {what}", name=text)


def learn_memory(low: Lowering, site: Site) -> None:
    """What is made at this place is written to later: begin again."""
    if site in low.learnt.memory:
        raise Reject("E0120", None, "it cannot be followed which memory is written to")
    low.learnt.memory[site] = None
    raise Restart


def content_origin(low: Lowering, value: Value, node: ast.expr) -> Value:
    """A content is written to: its origin becomes memory, or the reason why it cannot."""
    text = f"`{ast.unparse(node)}`"
    last = low.memory.bottom(value)
    root = low.memory.roots.get(last)
    if root is not None:
        if root.site not in low.learnt.memory:
            learn_memory(low, root.site)
        for loop in low.memory.loops:
            if root in loop.iterated:
                watched(low, loop.iterated[root], root, node)
        why = (
            f"{text} may be a view of `{last.hint or 'an array'}` or a copy: that depends on how its memory is laid out"
        )
        raise Reject("E0120", node, why, f"write `.copy()` behind it, or write to `{last.hint or 'the array'}` itself")
    origin = low.memory.origins.get(last)
    match origin.kind if origin is not None else "":
        case "fresh" | "param" | "phi" if origin is not None and origin.site is not None:
            learn_memory(low, origin.site)
        case "element" | "item":
            raise Reject("E0121", node, f"{text} belongs to a list or structure that others may see")
        case "captured":
            why = "the change would be seen by other functions"
            raise Reject("E0123", node, why, name=origin.name if origin is not None else "")
    raise Reject("E0120", node, f"it is not known where the memory of {text} comes from")


def note_store(low: Lowering, root: Root, node: ast.AST) -> None:
    """A write to a root: refused where a snapshot of it is held."""
    for loop in low.memory.loops:
        if root in loop.iterated:
            watched(low, loop.iterated[root], root, node)
    if root.frozen:
        why = "another name, a list or a structure holds this array, and would see the change"
        raise Reject("E0120", node, why)
    low.memory.store(root)


def watched(low: Lowering, site: Site, root: Root, node: ast.AST) -> None:
    """What a loop runs over is written to: arrays are viewed from now on, lists refused."""
    if any(r is root and _is_list(ref) for ref, r in low.memory.roots.items()):
        raise Reject("E0122", node, "what the loop sees next depends on the change")
    if site not in low.learnt.viewed:
        low.learnt.viewed[site] = None
        raise Restart


def _is_list(ref: Value) -> bool:
    return isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)


# stores --------------------------------------------------------------------------------------------------------------
def store(low: Lowering, target: ast.Subscript, thing: Thing) -> None:
    """`target = thing`."""
    if isinstance(thing, Poison):
        raise Poisoned
    ref = writable(low, low.expr(target.value), target.value)
    spec, operands = spec_of(low, target.slice)
    assert isinstance(ref.type, Ref)
    if isinstance(ref.type.content, ListOf):
        store_item(low, ref, spec, operands, thing, target)
        return
    type_ = typed(low, ref.type.content, spec, operands, target)
    low.b.store(place(low, ref, spec, operands, type_), written_content(low, thing, type_, target))


def written_content(low: Lowering, thing: Thing, type_: Type, node: ast.AST) -> Value:
    """A content that an array can take."""
    value = low.content(thing, node)
    if isinstance(value.type, Opaque):
        raise Reject("E0107", node, "it is no number and no array", name="=")
    if isinstance(value.type, Array) and isinstance(type_, Array) and value.type.shape and type_.shape is not None:
        if len(value.type.shape) > len(type_.shape):
            why = f"{show(value.type)} does not fit into {show(type_)}"
            raise Reject("E0107", node, why, "write to a part of the same shape", name="=")
    return value


def store_item(low: Lowering, ref: Value, spec: Spec, operands: list[Value], thing: Thing, node: ast.expr) -> None:
    """`xs[k] = thing`."""
    if spec == ("s000",) and replaced(low, ref, thing, node):
        return
    if spec != ("i",):
        raise Reject("E0124", node, "a slice of a list is replaced", "assign the elements one by one", name="a slice")
    root = low.memory.roots[ref]
    learn_items(low, root.site, content_type(type_of(thing)))
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    item = ref.type.content.item
    sole(low, root.site, thing, node)
    low.b.store(place(low, ref, spec, operands, item), held(low, thing, item))


def replaced(low: Lowering, ref: Value, thing: Thing, node: ast.expr) -> bool:
    """`xs[:] = _add(xs, ys)` of generated code: as many numbers as before (other lists may change the length)."""
    content = low.content(thing, node) if isinstance(thing, Value) else None
    own = content_type(ref.type)
    if content is None or not isinstance(own, ListOf) or content.type != own or not isinstance(own.item, Scalar):
        return False
    made = {result: op for op in low.b.ops for result in op.results}
    total = made.get(content)
    old = made.get(total.operands[0]) if total is not None and total.name == "add_lists" else None
    if old is None or old.kind != "load" or old.operands != (ref,):
        return False
    low.b.store(ref, content)
    return True


def increment(low: Lowering, s: ast.Assign) -> bool:
    """`y[p] = y[p] + e` as the increment that it is; False if it is none."""
    match s:
        case ast.Assign([ast.Subscript() as target], ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() as op, right)):
            pass
        case _:
            return False
    if not _plain(target):
        return False
    if _same(left, target):
        other = right
    elif _same(right, target) and not isinstance(op, ast.Sub):
        other = left
    else:
        return False
    base = low.expr(target.value)
    if not isinstance(base, Value) or not isinstance(base.type, Ref) or not _float(base.type.content):
        return False
    augment(low, target, op, other, s)
    return True


def _float(type_: Type) -> bool:
    return isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] == "f"


def _plain(node: ast.expr) -> bool:
    """Whether evaluating the target twice is evaluating it once."""
    return not any(isinstance(part, ast.Call | ast.NamedExpr) for part in ast.walk(node))


def _same(a: ast.expr, b: ast.expr) -> bool:
    return ast.unparse(a) == ast.unparse(b)


def augment(low: Lowering, target: ast.Subscript, op: ast.operator, value: ast.expr, node: ast.AST) -> None:
    """`target op= value`."""
    base = low.expr(target.value)
    ref = writable(low, base, target.value)
    spec, operands = spec_of(low, target.slice)
    assert isinstance(ref.type, Ref)
    content = ref.type.content
    if isinstance(content, ListOf):
        augment_item(low, ref, spec, operands, op, value, node)
        return
    type_ = typed(low, content, spec, operands, target)
    repeats = not basic(spec, operands) and not all(_mask(v) for v in operands if not is_number(v.type))
    update(low, place(low, ref, spec, operands, type_), op, low.expr(value), node, repeats)


def _mask(value: Value) -> bool:
    return isinstance(value.type, Array) and value.type.dtype == "b1"


def update(low: Lowering, ref: Value, op: ast.operator, thing: Thing, node: ast.AST, repeats: bool = False) -> None:
    """`ref op= thing` in place: an increment or factor where that is certain, else load, compute, store."""
    assert isinstance(ref.type, Ref)
    name, type_ = OPERATORS[type(op)], ref.type.content
    value = written_content(low, thing, type_, node)
    certain = not repeats and isinstance(type_, Array) and (type_.dtype or "f")[0] == "f" and _real(value.type)
    if name == "sub" and certain:
        low.b.store(ref, low.content(low.prim("neg", [value], node)), "add")
    elif name in MODES and certain:
        low.b.store(ref, value, MODES[name])
    else:
        low.b.store(ref, low.content(operate(low, name, low.load(ref), value, node)))


def _real(type_: Type) -> bool:
    """Whether adding such a value in place is the same as adding it and storing the sum."""
    match type_:
        case Scalar(kind):
            return kind in ("float", "int", "bool")
        case Array(dtype, _):
            return dtype is None or dtype[0] in "fiub"
    return isinstance(type_, Unknown)


def augment_item(
    low: Lowering, ref: Value, spec: Spec, operands: list[Value], op: ast.operator, value: ast.expr, node: ast.AST
) -> None:
    """`xs[k] op= e` of a list: numbers are replaced; arrays would change in place."""
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    item, site = ref.type.content.item, low.memory.roots[ref].site
    if spec != ("i",) or isinstance(item, ListOf):
        raise Reject("E0121", node, "`op=` changes the list itself", "write `xs[k] = xs[k] + e`")
    in_place = not is_number(item) and not isinstance(item, Struct | Static | Undef)
    if in_place and site not in low.learnt.changing:
        low.learnt.changing[site] = None
        raise Restart
    slot = place(low, ref, spec, operands, item)
    new = operate(low, OPERATORS[type(op)], low.b.load(slot), low.expr(value), node)
    if in_place and join(item, type_of(new)) != item:
        why = f"{show(type_of(new))} is written into {show(item)}"
        raise Reject("E0121", node, why, "write `xs[k] = xs[k] + e`")
    learn_items(low, site, content_type(type_of(new)))
    low.b.store(slot, held(low, new, item))


def augment_name(low: Lowering, s: ast.AugAssign, target: ast.Name) -> None:
    """`y op= e`: a new value for numbers and tuples, a change in place for arrays and lists."""
    old = low.expr(ast.copy_location(ast.Name(target.id, ast.Load()), target))
    type_ = type_of(old)
    content = type_.content if isinstance(type_, Ref) else type_
    if isinstance(content, ListOf) or (isinstance(old, Group) and old.kind == "list"):
        if not isinstance(s.op, ast.Add):
            raise Reject("E0102", s, "a list is repeated in place", name="this operator on a list")
        more = low.expr(s.value)
        extend(low, writable(low, old, target), more, s)
        return
    if isinstance(content, Array) and content.shape != ():
        thing = low.expr(s.value)
        if isinstance(thing, Poison):
            raise Poisoned
        update(low, writable(low, old, target), s.op, thing, s)
        return
    if isinstance(content, Unknown):
        unshared(low, old, target)
    if isinstance(old, Value) and isinstance(content, Array):
        origin = low.memory.origins.get(old)
        if origin is not None and origin.kind == "zero-dimensional":
            why = f"`{target.id}` is an array without axes, and it changes in place"
            raise Reject("E0120", target, why, "use a number: `float(..)`")
    low.bind(target.id, operate(low, OPERATORS[type(s.op)], old, low.expr(s.value), s, target.id))


def unshared(low: Lowering, old: Thing, target: ast.Name) -> None:
    """`y op= e` of what may be an array: only if no other name has it, so that a new value is as good."""
    if target.id in low.frame.facts.params or not owned(low, low.frame.node, target.id):
        why = f"if `{target.id}` is an array, it changes in place, and the caller or another name sees it"
        help_ = f"annotate the parameter it comes from, or write `{target.id} = {target.id} + ..`"
        raise Reject("E0113", target, why, help_, name=f"`{target.id}`")


def owned(low: Lowering, node: ast.AST, name: str) -> bool:
    """Whether all values of a name are new ones, and no other name or structure gets them."""
    for parent in ast.walk(node):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.Name) and child.id == name and not _kept(low, parent, child):
                return False
    return True


def _kept(low: Lowering, parent: ast.AST, child: ast.Name) -> bool:
    """Whether the name is used, or bound, without an alias coming about."""
    match parent:
        case ast.Assign([ast.Name()], value) if value is not child:
            return _new(low, value)
        case ast.AugAssign() | ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Return() | ast.Attribute():
            return True
        case ast.Call():
            return _new(low, parent)
    return False


def _new(low: Lowering, value: ast.expr) -> bool:
    """Whether an expression makes a value of its own."""
    if isinstance(value, ast.Call):
        if not isinstance(value.func, ast.Name | ast.Attribute):
            return False
        root = value.func.value if isinstance(value.func, ast.Attribute) else value.func
        if not isinstance(root, ast.Name) or root.id in low.frame.facts.locals:
            return False
        function = low.expr(value.func)
        return isinstance(function, Known) and not may_alias(function.name)
    return isinstance(value, ast.Constant | ast.BinOp | ast.UnaryOp)


def whole(low: Lowering, thing: Thing, content: Thing, node: ast.expr) -> None:
    """`y.fill(c)`: all of an array is written."""
    ref = writable(low, thing, node)
    assert isinstance(ref.type, Ref)
    if not isinstance(ref.type.content, Array):
        raise Reject("E0124", node, "it is no array", name=f"`{ast.unparse(node)}`")
    low.b.store(ref, written_content(low, content, ref.type.content, node))


def accumulate(low: Lowering, ufunc: str, args: list[ast.expr], node: ast.Call) -> None:
    """`np.add.at(y, idx, e)`: repeated indices accumulate."""
    if ufunc not in ("np.add", "np.subtract") or len(args) != 3:
        raise Reject("E0125", node, "only np.add.at and np.subtract.at with an index and a value are known", name="at")
    ref = writable(low, low.expr(args[0]), args[0])
    spec, operands = spec_of(low, args[1])
    assert isinstance(ref.type, Ref)
    type_ = typed(low, ref.type.content, spec, operands, node)
    value = written_content(low, low.expr(args[2]), type_, node)
    if ufunc == "np.subtract":
        value = low.content(low.prim("neg", [value], node))
    low.b.store(place(low, ref, spec, operands, type_), value, "add", at=True)
