"""Writes that read first: `y op= e` of names, fields and parts, and `y[p] = y[p] + e`, which is the same.

y[p] += e              store(view(y, p), e, mode add); also for y[p] = y[p] + e, and with -e for y[p] -= e
y[p] /= e              t = load(view(y, p)); store(view(y, p), t / e)
y += e, p.y += e       a new value for numbers and tuples; the array or list itself changes in place
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from adgen.frontend import lower_heap as heap
from adgen.frontend.bindings import Known
from adgen.frontend.lower_attributes import attribute_of_thing
from adgen.frontend.lower_expressions import OPERATORS, operate
from adgen.frontend.lower_index import Spec, basic, place, spec_of, typed
from adgen.frontend.lower_lists import extend, held, repeat_in_place
from adgen.frontend.lower_memory import may_alias
from adgen.frontend.lower_objects import (
    DUNDERS,
    attribute_of,
    called,
    changed,
    changed_object,
    fields_of,
    setter_of,
    write_part,
)
from adgen.frontend.lower_places import changeable, learn_content
from adgen.frontend.lower_rankless import is_array
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_statics import has
from adgen.frontend.lower_stores import (
    all_of,
    is_dict,
    is_whole,
    key_of,
    special,
    writable,
    written_content,
)
from adgen.frontend.lower_things import (
    Group,
    Obj,
    Poison,
    Poisoned,
    Restart,
    Thing,
    kind_of,
    type_of,
)
from adgen.frontend.lower_windows import same_size
from adgen.frontend.reject import Reject
from adgen.ir.core import Op, Value
from adgen.ir.types import Array, ListOf, Ref, Scalar, Struct, Type, Unknown, is_number
from adgen.ir.walk import walk
from adgen.rules import table
from adgen.rules.sparse import is_sparse

MODES = {"add": "add", "mul": "mul"}
WRITING = ("store", "append", "pop", "call")


def increment(low: Lowering, s: ast.Assign) -> bool:
    """`y[p] = y[p] + e` as the increment that it is; False if it is none."""
    from adgen.frontend.lower_maps import counted

    if counted(low, s):
        return True
    match s:
        case ast.Assign([ast.Subscript() as target], ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() as op, right)):
            pass
        case _:
            return False
    if not _plain(target) or any(
        isinstance(part, ast.Name) and part.id in low.frame.cells for part in ast.walk(target)
    ):
        return False
    if _same(left, target):
        other = right
    elif _same(right, target) and not isinstance(op, ast.Sub):
        other = left
    else:
        return False
    before = dict(low.frame.env)
    base = low.expr(target.value)
    if not isinstance(base, Value) or not isinstance(base.type, Ref) or not _float(base.type.content):
        low.frame.env = before
        return False
    augment(low, target, op, other, s, other is left)
    return True


def _float(type_: Type) -> bool:
    return isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] == "f"


def _plain(node: ast.expr) -> bool:
    """Whether evaluating the target twice is evaluating it once."""
    return not any(isinstance(part, ast.Call | ast.NamedExpr) for part in ast.walk(node))


def _same(a: ast.expr, b: ast.expr) -> bool:
    return ast.unparse(a) == ast.unparse(b)


def augment(
    low: Lowering, target: ast.Subscript, op: ast.operator, value: ast.expr, node: ast.AST, late: bool = False
) -> None:
    """`target op= value`; `late`: the target is read after the value is computed."""
    base = low.expr(target.value)
    if is_dict(base):
        where = low.expr(target.slice)
        if not (isinstance(low.static(where)[1], str) and heap.is_dict(base)):
            augment_entry(low, base, where, target, op, value, node)
            return
        key = key_of(low, target)
        obj = changed(low, base, target.value)
        parts = fields_of(low, obj)
        if key not in parts:
            keys = ", ".join(map(repr, parts))
            raise Reject("E0116", target, f"the keys are {keys}", f"there is no key {key!r}")
        hint = heap.hint_of(obj, key) if isinstance(obj, Obj) else ""
        write_part(low, obj, key, augmented(low, parts[key], op, value, target, node, hint), target)
        return
    if kind_of(base):
        new = augmented(low, special(low, base, "__getitem__", target), op, value, target, node, "")
        special(low, base, "__setitem__", target, new)
        return
    ref = writable(low, base, target.value)
    spec, operands = spec_of(low, target.slice)
    assert isinstance(ref.type, Ref)
    content = ref.type.content
    if isinstance(content, ListOf):
        augment_item(low, ref, spec, operands, op, value, target)
        return
    type_ = typed(low, content, spec, operands, target)
    repeats = not basic(low, spec, operands) and not all(_mask(v) for v in operands if not is_number(v.type))
    part = all_of(low, ref) if is_whole(content, spec) else place(low, ref, spec, operands, type_)
    kept = dict.fromkeys(op.result for op in low.b.ops if op.kind == "load")
    held, mark = [v for v in operands if v in kept and not is_number(v.type)], len(low.b.ops)
    old, thing = (
        in_order(low, part, value, is_number(type_) or not basic(low, spec, operands)) if not late else (None, None)
    )
    if held and any(one.kind in WRITING for op in low.b.ops[mark:] for one in (op, *inside(op))):
        why = "what is computed here may write to the index, which is read again when the element is stored"
        raise Reject("E0120", value, why, "compute it ahead, in a statement of its own")
    update(low, part, op, low.expr(value) if thing is None else thing, node, repeats, old)


def in_order(low: Lowering, ref: Value, value: ast.expr, copies: bool) -> tuple[Value | None, Thing]:
    """What was at a place before the value was computed, if that is a copy and the computation writes; the value."""
    root, ops, mark = low.memory.roots[ref], low.b.ops, len(low.b.ops)
    old = low.load(ref) if copies else None
    thing = low.expr(value)
    low.memory.there(ref, value)
    if root.frozen:
        raise Reject("E0120", value, "what is computed here keeps the array that is written to", "keep a copy of it")
    if old is None or low.b.ops is not ops:
        return old, thing
    if any(one.kind in WRITING for op in ops[mark + 1 :] for one in (op, *inside(op))):
        return old, thing
    del ops[mark]
    return None, thing


def inside(op: Op) -> Iterator[Op]:
    """The operations in the regions of one."""
    for region in op.regions:
        yield from walk(region)


def augment_entry(
    low: Lowering, base: Thing, key: Thing, target: ast.Subscript, op: ast.operator, value: ast.expr, node: ast.AST
) -> None:
    """`d[k] op= e` with a computed key; in a defaultdict of numbers an entry that is not there counts as zero."""
    from adgen.frontend import lower_maps as maps
    from adgen.frontend.lower_keys import key_of as key_of_

    ref = writable(low, maps.known(low, base, target.slice), target.value)
    where = key_of_(low, key, target.slice)
    factory = low.factories.get(low.memory.roots[ref].site)
    if isinstance(factory, Known) and factory.name in ("float", "int") and isinstance(op, ast.Add | ast.Sub):
        thing = maps.beside(low, ref, value)
        if maps.add(low, ref, where, thing, isinstance(op, ast.Sub), node):
            return
    maps.ensure(low, ref, where, node)
    augment_item(low, ref, ("i",), [where], op, value, target)


def _mask(value: Value) -> bool:
    return isinstance(value.type, Array) and value.type.dtype == "b1"


def update(
    low: Lowering,
    ref: Value,
    op: ast.operator,
    thing: Thing,
    node: ast.AST,
    repeats: bool = False,
    old: Value | None = None,
) -> None:
    """`ref op= thing` in place: an increment or factor where that is certain, else load, compute, store."""
    assert isinstance(ref.type, Ref)
    name, type_ = OPERATORS[type(op)], ref.type.content
    base = low.memory.parents.get(ref, ref)
    if base in low.memory.flat or ref in low.memory.flat:
        thing = same_size(low, ref, low.content(thing, node), node)
    value = written_content(low, thing, type_, node)
    certain = not repeats and isinstance(type_, Array) and (type_.dtype or "f")[0] == "f" and _real(value.type)
    if old is not None:
        low.b.store(all_of(low, ref), low.content(operate(low, name, old, value, node)))
    elif name == "sub" and certain:
        low.b.store(ref, low.content(low.prim("neg", [value], node)), "add")
    elif name in MODES and certain:
        low.b.store(ref if name == "add" else all_of(low, ref), value, MODES[name])  # a product may be computed anew
    else:
        low.b.store(all_of(low, ref), low.content(operate(low, name, low.load(ref), value, node)))


def _real(type_: Type) -> bool:
    """Whether adding such a value in place is the same as adding it and storing the sum."""
    match type_:
        case Scalar(kind):
            return kind in ("float", "int", "bool")
        case Array(dtype, _):
            return dtype is None or dtype[0] in "fiub"
    return isinstance(type_, Unknown)


def augment_item(
    low: Lowering, ref: Value, spec: Spec, operands: list[Value], op: ast.operator, value: ast.expr, target: ast.expr
) -> None:
    """`xs[k] op= e` of a list: numbers and tuples are replaced; arrays and lists change in place."""
    assert isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf)
    item, site = ref.type.content.item, low.memory.roots[ref].site
    if spec != ("i",):
        raise Reject("E0121", target, "`op=` changes a slice of the list", "write `xs[k] = xs[k] + e`")
    if changeable(item) and not isinstance(item, Struct):
        if site not in low.learnt.changing:
            low.learnt.changing[site] = None
            raise Restart
        slot = place(low, ref, spec, operands, item)
        if isinstance(item, Array):
            if not isinstance(op, ast.Add | ast.Sub):  # in place, also where it is computed anew: `xs[k][:] = ..`
                if item.shape is None:
                    raise Reject("E0113", target, "it may be a number or an array", name=f"`{ast.unparse(target)}`")
                slot = place(low, slot, ("s000",), [], item)
            _, thing = in_order(low, slot, value, False)
            update(low, slot, op, thing, target)
        elif isinstance(op, ast.Add):
            extend(low, slot, low.expr(value), target)
        else:
            raise Reject("E0102", target, "a list is repeated in place", name="this operator on a list")
        return
    slot = place(low, ref, spec, operands, item)
    old = low.b.load(slot)
    if isinstance(item, Array):
        from adgen.frontend.without_axes import changes

        changes(low, old, target)
    new = operate(low, OPERATORS[type(op)], old, low.expr(value), target)
    learn_content(low, ref, replace(ref.type.content, item=low.template(new)))
    low.b.store(slot, held(low, new, item))


def augment_name(low: Lowering, s: ast.AugAssign, target: ast.Name) -> None:
    """`y op= e`."""
    old = low.expr(ast.copy_location(ast.Name(target.id, ast.Load()), target))
    if isinstance(type_of(old), Unknown) or _of_any_rank(type_of(old)):
        unshared(low, old, target)
    new = augmented(low, old, s.op, s.value, target, s, target.id)
    if new is not old or target.id in low.frame.cells:  # what is computed may bind the name anew
        low.bind(target.id, new)


def augment_field(low: Lowering, s: ast.AugAssign, target: ast.Attribute) -> None:
    """`p.y op= e`."""
    base = low.expr(target.value)
    setter = setter_of(low, base, target.attr, target, target.value)
    if setter is not None:
        new = augmented(low, attribute_of_thing(low, base, target), s.op, s.value, target, s, "")
        called(low, setter, [base, new], {}, target)
        return
    obj = changed_object(low, base, target.attr, target, target.value)
    old = attribute_of_thing(low, base, target)
    hint = heap.hint_of(obj, target.attr) if isinstance(obj, Obj) else ""
    write_part(low, obj, target.attr, augmented(low, old, s.op, s.value, target, s, hint), target)


def augmented(
    low: Lowering, old: Thing, op: ast.operator, value: ast.expr, target: ast.expr, node: ast.AST, hint: str
) -> Thing:
    """What `old op= value` makes: a new value for numbers and tuples; the same, changed in place, for others."""
    type_ = type_of(old)
    content = type_.content if isinstance(type_, Ref) else type_
    if isinstance(content, ListOf) or (isinstance(old, Group) and old.kind == "list"):
        if isinstance(op, ast.Mult):
            count = low.expr(value)
            return repeat_in_place(low, writable(low, old, target), count, node)
        if not isinstance(op, ast.Add):
            raise Reject("E0107", node, "lists are joined and repeated", name="this operator")
        more = low.expr(value)
        ref = writable(low, old, target)
        extend(low, ref, more, node)
        return ref
    if (
        isinstance(content, Array)
        and content.shape != ()
        and not (_of_any_rank(type_) and isinstance(target, ast.Name))
    ):
        thing = low.expr(value)
        if isinstance(thing, Poison):
            raise Poisoned
        ref = writable(low, old, target)
        update(low, ref, op, thing, node)
        return ref
    if isinstance(old, Value) and is_sparse(old.type):
        raise Reject(
            "E0107", node, "a sparse matrix may be changed in place", "write `B = B + A`", name="this operator"
        )
    if isinstance(content, Unknown) and not isinstance(target, ast.Name):
        raise Reject("E0113", target, "it may be a number or an array", name=f"`{ast.unparse(target)}`")
    if isinstance(old, Value) and isinstance(content, Array):
        from adgen.frontend.without_axes import changes, elsewhere

        if isinstance(type_, Ref) or (is_array(low, old) and elsewhere(low, target)):
            thing = low.expr(value)
            ref = writable(low, old, target)
            update(low, ref, op, thing, node)
            return ref
        changes(low, old, target)
    own = f"__i{DUNDERS.get(OPERATORS[type(op)], '')}__"
    if kind_of(old) and has(low, old, own):
        return called(low, attribute_of(low, old, own, target), [low.expr(value)], {}, target)
    return operate(low, OPERATORS[type(op)], old, low.expr(value), node, hint)


def _of_any_rank(type_: Type | None) -> bool:
    """Whether it is a value of unknown rank, which may be a number: an element of what may have several axes."""
    return isinstance(type_, Array) and type_.shape is None


def unshared(low: Lowering, old: Thing, target: ast.Name) -> None:
    """`y op= e` of what may be an array: only if no other name has it, so that a new value is as good."""
    if target.id in low.frame.facts.params or not owned(low, target.id):
        why = f"if `{target.id}` is an array, it changes in place, and the caller or another name sees it"
        help_ = f"annotate the parameter it comes from, or write `{target.id} = {target.id} + ..`"
        raise Reject("E0113", target, why, help_, name=f"`{target.id}`")


def owned(low: Lowering, name: str) -> bool:
    """Whether all values of a name are new ones, and no other name, function or structure gets them."""
    if name in low.frame.cells or name not in low.frame.facts.locals:
        return False
    for parent in ast.walk(low.frame.node):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.Name) and child.id == name and not _kept(low, parent, child):
                return False
    return True


def _kept(low: Lowering, parent: ast.AST, child: ast.Name) -> bool:
    """Whether the name is used, or bound, without an alias coming about."""
    match parent:
        case ast.Assign([ast.Name()], value) if value is not child:
            return _new(low, value)
        case ast.AugAssign() | ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Return():
            return True
        case ast.Attribute(_, name):
            found = table.method(name) or table.attribute(name)
            return found is not None and not may_alias(found)
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
