"""The reverse of memory: a store moves the adjoint of what it overwrote, a load adds to the shadow.

    y[p] = e      ->    e_bar += y_bar[p];  y_bar[p] = 0        (the old content has no influence any more)
    y[p] += e     ->    e_bar += y_bar[p]                       (no kill: the old content goes on)
    c = y[p]      ->    y_bar[p] += c_bar
    xs.append(e)  ->    e_bar += xs_bar.pop()

The shadow of a root has its shape; a view of the shadow is the same indexing expression, so aliases accumulate by
themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Op, Span, Value
from adgen.ir.types import BOOL, Array, DictOf, ListOf, Ref, Struct, Type, is_number
from adgen.ir.walk import walk
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.creation import taken_apart
from adgen.transforms.adjoints import Env, Plan, Undone, add_to_slot, adjoint_type, bar
from adgen.transforms.fresh import may_be_number

# functions that give places, an array for each axis
PLACES = frozenset("np.nonzero np.triu_indices np.tril_indices np.diag_indices np.diag_indices_from".split())


def reverse_alloc(env: Env, op: Op) -> None:
    """Memory that starts with a content: what its shadow holds at the start belongs to the content."""
    (content,) = op.operands
    shadow = env.find_buffer(op.result)
    if shadow is None or content not in env.plan.active:
        return
    if not isinstance(content.type, ListOf):
        env.acc(content, env.builder.load(shadow, bar(content)))
        return
    made = env.plan.defs.get(content)
    read = made is not None and made.kind == "load"
    if env.find_buffer(content) is None and not read and env.plan.home[content] in env.mirrors:
        env.buffers[content] = shadow  # the list display or copy hands its slots over
    else:
        env.add_list(env.buffer(content), env.builder.load(shadow))


def reverse_load(env: Env, op: Op) -> None:
    """Reading memory: the content's adjoint is added to the shadow."""
    (ref,) = op.operands
    if op.result in env.plan.active and isinstance(op.result.type, ListOf) and env.plan.moves(ref):
        own = env.find_buffer(op.result)
        if own is not None:
            env.add_list(env.shadow(ref), env.builder.load(own))
        return
    if op.result not in env.plan.active or isinstance(op.result.type, ListOf):
        return  # a list's slots are incremented through its shadow directly
    adjoint = env.take(op.result)
    if adjoint is not None:
        view = env.plan.defs.get(ref)
        where = view.operands[1:] if view is not None and view.kind == "view" and not view.name else ()
        repeats = may_meet(env.plan, where) and not _of_dict(view)
        add_to_slot(env.builder, env.shadow(ref), turned(env, ref, env.join(adjoint, op.result)), repeats)


def _of_dict(view: Op | None) -> bool:
    """Whether it is the entry of a dict: its key is no index, even if it is a tuple."""
    return view is not None and view.kind == "view" and isinstance(_content(view.operands[0].type), DictOf)


def increment_at(env: Env, base: Value, op: Op, where: Sequence[Value], adjoint: Value) -> None:
    """The adjoint of an indexed content: add to the same place of its buffer."""
    root, offset = slot_root(env.plan, base)
    if root is not base and op.attrs["spec"] == ("i",):
        where = [offset_by(env, where[0], offset)]
    buffer = env.buffer(root)
    if isinstance(op.result.type, ListOf):
        held = env.find_buffer(op.result)
        if held is None:
            return
        start, step = None, None
        if op.attrs["spec"] == ("i",):  # a list in a list
            slot = Ref(adjoint_type(op.result))
            buffer = env.builder.emit("view", "", (buffer, *where), slot, attrs=op.attrs)
        else:
            start, step = _slice_start(env, op)
            if offset is not None and root is not base:  # a slice of a slice
                start = offset if start is None else offset_by(env, start, offset)
        env.add_slots(buffer, env.builder.load(held), start, step=step)
        return
    view = env.builder.emit("view", "", (buffer, *where), Ref(adjoint_type(op.result)), attrs=op.attrs)
    repeats = may_meet(env.plan, where) and not isinstance(base.type, DictOf)
    add_to_slot(env.builder, view, adjoint, repeats)


def _slice_start(env: Env, op: Op) -> tuple[Value | None, Value | None]:
    """Where a slice of a list begins in it, and its step: None at its start, and for 1."""
    spec = str(op.attrs["spec"][0])  # type: ignore[index]
    start = op.operands[1] if spec[1] == "1" else None
    step = op.operands[-1] if spec[3] == "1" else None
    first = env.plan.constants.get(start) if start is not None else 0
    each = env.plan.constants.get(step) if step is not None else 1
    if not isinstance(each, int) or (each < 0 and start is not None):
        help_ = "take the elements one by one: `[xs[k] for k in range(..)]`"
        raise refuse(op, "E0132", "a slice of a list with a computed step, or one backwards from a place", help_)
    if each < 0:
        return apply(env.builder, "sub", [_length(env, op), env.builder.const(1)]), step
    if start is None or (isinstance(first, int) and first >= 0):
        return start, step
    above = apply(env.builder, "max", [apply(env.builder, "add", [_length(env, op), start]), env.builder.const(0)])
    if isinstance(first, int):
        return above, step
    flag = apply(env.builder, "lt", [start, env.builder.const(0)])
    return env.builder.emit("select", "", (flag, above, start), start.type), step


def _length(env: Env, op: Op) -> Value:
    return apply(env.builder, "len", [op.operands[0]])


def slot_root(plan: Plan, base: Value) -> tuple[Value, Value | None]:
    """A slice `xs[a:]` or `xs[:b]` of a list has the slots of the list itself, from `a` on."""
    op = plan.defs.get(base)
    if not isinstance(base.type, ListOf) or op is None or op.kind != "index" or op.attrs["spec"] == ("i",):
        return base, None
    spec = str(op.attrs["spec"][0])  # type: ignore[index]
    start = op.operands[1] if spec[1] == "1" else None
    known = plan.constants.get(start) if start is not None else 0
    if spec[3] == "1" or not isinstance(known, int) or known < 0:
        return base, None
    if _changes(plan, op.operands[0]):
        return base, None  # the list may have other elements by now
    root, offset = slot_root(plan, op.operands[0])
    return (root, start) if offset is None else (base, None)


def _changes(plan: Plan, content: Value) -> bool:
    """Whether the content of a list is read from memory whose slots are written to, or taken out."""
    made = plan.defs.get(content)
    if made is None or made.kind != "load":
        return False
    root = _root(plan, made.operands[0])
    return any(op.kind in ("store", "pop") and _root(plan, op.operands[0]) is root for op in walk(plan.func.block))


def _root(plan: Plan, ref: Value) -> Value:
    op = plan.defs.get(ref)
    return _root(plan, op.operands[0]) if op is not None and op.kind == "view" else ref


def offset_by(env: Env, k: Value, offset: Value | None) -> Value:
    """The index into the whole list of index k of its slice."""
    return k if offset is None else shapes.add(env.builder, k, offset)


def may_meet(plan: Plan, where: Sequence[Value]) -> bool:
    """Whether a subscript may name an element twice: not where one of its indices has other places all along."""
    if not any(may_repeat(plan, index) for index in where):
        return False
    arrays = [index for index in where if not is_number(index.type)]
    if _are_places(plan, arrays):
        return False
    alike = all(index is arrays[0] or shapes.same_shape(index.type, arrays[0].type) is True for index in arrays)
    return not (alike and any(are_distinct(plan, index) for index in arrays))


def _are_places(plan: Plan, arrays: Sequence[Value]) -> bool:
    """Whether they are all parts of `np.triu_indices(n)`, `np.nonzero(m)` and the like."""
    made = [plan.defs.get(index) for index in arrays]
    structs = [op.operands[0] for op in made if op is not None and op.kind == "item"]
    source = plan.defs.get(structs[0]) if len(structs) == len(arrays) else None
    if source is None or source.name not in PLACES or any(struct is not structs[0] for struct in structs):
        return False
    slots = dict.fromkeys(op.attrs["slot"] for op in made if op is not None)
    return isinstance(structs[0].type, Struct) and len(slots) == len(structs[0].type.items)


def are_distinct(plan: Plan, index: Value) -> bool:
    """Whether all numbers of an array are different, and none is negative."""
    op = plan.defs.get(index)
    if op is None:
        return False
    if op.kind == "index":
        flat = all(part == "n" or (isinstance(part, str) and part[0] == "s") for part in _spec(op))
        return flat and are_distinct(plan, op.operands[0])
    if op.name == "np.arange":
        start = plan.constants.get(op.operands[0], -1) if len(op.operands) > 1 else 0
        return isinstance(start, int) and start >= 0 and len(op.operands) < 3
    if op.name == "np.argsort":
        return isinstance(index.type, Array) and index.type.shape is not None and len(index.type.shape) == 1
    if op.name == "add":
        more = [plan.constants.get(operand, -1) for operand in op.operands]
        return any(
            isinstance(k, int) and k >= 0 and are_distinct(plan, other)
            for k, other in zip(more, op.operands[::-1], strict=True)
        )
    return op.name == "np.flatnonzero"


def _spec(op: Op) -> tuple[object, ...]:
    spec = op.attrs["spec"]
    return spec if isinstance(spec, tuple) else ()


def may_repeat(plan: Plan, index: Value) -> bool:
    """Whether an index may name a position twice: integer arrays and lists, but not lists of distinct literals."""
    if isinstance(index.type, Struct):
        op = plan.defs.get(index)
        known = [plan.constants.get(item) for item in op.operands] if op is not None and op.kind == "pack" else [None]
        if index.type.items and all(item == BOOL for item in index.type.items):  # a mask
            return False
        fixed = [k for k in known if type(k) is int]
        return len(dict.fromkeys(fixed)) < len(known) or min(fixed, default=0) < 0 <= max(fixed, default=0)
    if isinstance(index.type, ListOf):
        return index.type.item != BOOL
    return isinstance(index.type, Array) and index.type.shape != () and index.type.dtype != "b1"


def reverse_store(env: Env, op: Op) -> None:
    """Writing memory: set kills what the shadow held there, add leaves it, mul scales it."""
    ref, content = op.operands
    if ref not in env.plan.active:
        return
    mode, active = op.attrs["mode"], content in env.plan.active
    shadow = env.shadow(ref)
    if mode == "mul":
        env.builder.store(shadow, content, "mul")
        return
    held = env.builder.load(shadow, bar(content)) if active or mode == "set" else None
    if held is not None and active and not op.attrs.get("at"):
        held = _of_last_writes(env, ref, held)
    taken = turned(env, ref, held) if held is not None and active else held
    if mode == "set":
        assert held is not None
        broadcast = is_number(held.type) or (isinstance(held.type, Array) and not in_list(env.plan.defs, ref))
        old = env.plan.replaced.get(op, held)
        if isinstance(held.type, ListOf) and is_number(old.type):
            zero = apply(
                env.builder, "mul", [env.builder.emit("listing", "", (env.builder.const(0.0),), held.type), old]
            )
        else:
            zero = env.builder.const(0.0) if broadcast else shapes.zeros_like(env.builder, old)
        env.builder.store(shadow, zero, "set")
    if active and taken is not None and (op.attrs.get("same") or isinstance(content.type, ListOf | Struct)):
        env.acc(content, taken if op.attrs.get("same") else _of_members(env, taken, content))
    elif active and taken is not None:
        env.acc(content, shapes.cast(env.builder, shapes.unbroadcast(env.builder, taken, content), content))


def turned(env: Env, ref: Value, adjoint: Value) -> Value:
    """The adjoint of what a view sees, from the shadow's and back: d/dRe - i d/dIm has the opposite imaginary part."""
    op = env.plan.defs.get(ref)
    while op is not None and op.kind == "view":
        if op.name in ("attr.imag", "np.imag"):
            return apply(env.builder, "neg", [adjoint], hint=adjoint.hint)
        op = env.plan.defs.get(op.operands[0])
    return adjoint


def _of_members(env: Env, held: Value, content: Value) -> Value:
    """The adjoint of a list or tuple, from that of what it was stored to; `y[:2] = a, b` stores it as an array."""
    if not isinstance(held.type, Array):
        return held
    whole = apply(env.builder, "np.array", [content])
    return taken_apart(env.builder, shapes.unbroadcast(env.builder, held, whole), content.type)


def _of_last_writes(env: Env, ref: Value, held: Value) -> Value:
    """Of positions that an integer index names twice, only the last write counts: zero for the others.

    order[index] = places leaves the last place in each slot, as the program's own store left its last value.
    """
    view = env.plan.defs.get(ref)
    if view is None or view.kind != "view" or view.name or _of_dict(view) or not may_meet(env.plan, view.operands[1:]):
        return held
    builder, where = env.builder, view.operands[1:]
    shape = apply(builder, "attr.shape", [builder.load(env.shadow(view.operands[0]))])
    content = apply(builder, "np.empty", [shape, builder.const(int, "int")], ("shape", "dtype"))
    order = builder.emit("alloc", "", (content,), Ref(content.type), "order")
    assert isinstance(held.type, Array)
    slot = builder.emit("view", "", (order, *where), Ref(Array("i8", held.type.shape)), attrs=view.attrs)
    count = apply(builder, "attr.size", [held])
    places = apply(builder, "np.arange", [count])
    places = apply(builder, "np.reshape", [places, apply(builder, "attr.shape", [held])], hint="places")
    builder.store(slot, places, "set")
    last = apply(builder, "eq", [builder.load(slot), places])
    return apply(builder, "np.where", [last, held, builder.const(0.0)], hint=held.hint)


def in_list(defs: Mapping[Value, Op], ref: Value) -> bool:
    """Whether a reference is a slot of a list: a store replaces the item there, it does not broadcast into it."""
    made = defs.get(ref)
    return made is not None and made.kind == "view" and isinstance(_content(made.operands[0].type), ListOf)


def _content(type_: Type) -> Type:
    return type_.content if isinstance(type_, Ref) else type_


def reverse_append(env: Env, op: Op) -> None:
    """A list grew: its shadow shrinks.  If it only ever grows, the primal list is taken back too, which frees saves."""
    ref, item = op.operands
    if ref not in env.plan.active:
        return
    shadow = env.shadow(ref)
    held = env.builder.emit("pop", "", (shadow,), _item_type(shadow), bar(item))
    if only_grows(env.plan, ref):
        popped = env.builder.emit("pop", "", (ref,), item.type, item.hint)
        env.undone.append(Undone(item, popped, env.builder.ops[-1]))
    owner = env.adopts(item)
    if owner is not None:
        env.buffers[owner] = env.builder.emit("alloc", "", (held,), Ref(held.type), bar(item))
    elif item in env.plan.active:
        env.acc(item, held)


def reverse_repeat(env: Env, op: Op) -> None:
    """`xs * n`: each item has the sum of the adjoints of its copies."""
    (items,) = (operand for operand in op.operands if not is_number(operand.type))
    held = env.find_buffer(op.result)
    if held is None or items not in env.plan.active:
        return
    if not isinstance(items.type, ListOf):
        raise refuse(op, "E0132", "a repeated structure", "write the list of its copies with a loop")
    env.add_slots(env.buffer(items), env.builder.load(held), around=apply(env.builder, "len", [items]))


def _item_type(shadow: Value) -> Type:
    assert isinstance(shadow.type, Ref) and isinstance(shadow.type.content, ListOf)
    return shadow.type.content.item


def only_grows(plan: Plan, root: Value) -> bool:
    """Whether a list is changed by append alone."""
    for op in walk(plan.func.block):
        if op.kind in ("pop", "store", "view", "select") and root in op.operands:
            viewed = op.kind == "view" and not _stored_through(plan, op.result)
            if not viewed:
                return False
    return plan.defs[root].kind == "alloc"


def _stored_through(plan: Plan, ref: Value) -> bool:
    kinds = ("store", "view", "append", "pop")
    return any(op.kind in kinds and op.operands[0] is ref for op in walk(plan.func.block))


def reverse_pop(env: Env, op: Op) -> None:
    """An item left a list: its adjoint enters the shadow, owned by it alone."""
    ref, *key = op.operands
    if ref not in env.plan.active:
        return
    shadow = env.shadow(ref)
    adjoint = env.join(env.take(op.result), op.result)
    if not is_number(adjoint.type):
        name = "pos" if may_be_number(adjoint.type) else "copy"
        adjoint = env.builder.emit("prim", name, (adjoint,), adjoint.type, attrs={"args": ("x",)})
    if key:
        place = env.builder.emit("view", "", (shadow, *key), Ref(adjoint.type), attrs={"spec": ("i",)})
        env.builder.store(place, adjoint, "set")
        return
    env.builder.effect("append", "", (shadow, adjoint))


def refuse(op: Op, code: str, title: str, help_: str, why: str = "its adjoint is not implemented") -> Refusal:
    """A construct that the reverse sweep does not have."""
    return Refusal([Diagnostic(code, title, place_of(op.span), why, help_)])


def place_of(span: Span | None) -> Place | None:
    """The place of a span in the user's source."""
    return None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
