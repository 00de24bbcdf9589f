"""The reverse of memory: a store moves the adjoint of what it overwrote, a load adds to the shadow.

    y[p] = e      ->    e_bar += y_bar[p];  y_bar[p] = 0        (the old content has no influence any more)
    y[p] += e     ->    e_bar += y_bar[p]                       (no kill: the old content goes on)
    c = y[p]      ->    y_bar[p] += c_bar
    xs.append(e)  ->    e_bar += xs_bar.pop()

The shadow of a root has its shape; a view of the shadow is the same indexing expression, so aliases accumulate by
themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Op, Span, Value
from adgen.ir.types import Array, ListOf, Ref, Struct, Type, is_number
from adgen.ir.walk import walk
from adgen.rules import shapes
from adgen.transforms.adjoints import Env, Plan, Undone, adjoint_type, bar


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
    if op.result not in env.plan.active or isinstance(op.result.type, ListOf):
        return  # a list's slots are incremented through its shadow directly
    adjoint = env.take(op.result)
    if adjoint is not None:
        add_through(env, env.shadow(ref), env.join(adjoint, op.result))


def add_through(env: Env, target: Value, adjoint: Value, at: bool = False) -> None:
    """Add to what a shadow holds; a slot of structures is replaced by the sum."""
    assert isinstance(target.type, Ref)
    if isinstance(target.type.content, Struct):
        old = env.builder.load(target)
        env.builder.store(target, shapes.add(env.builder, old, adjoint), "set")
    else:
        env.builder.store(target, adjoint, "add", at)


def increment_at(env: Env, base: Value, op: Op, where: Sequence[Value], adjoint: Value) -> None:
    """The adjoint of an indexed content: add to the same place of its buffer."""
    root, offset = slot_root(env.plan, base)
    if root is not base and op.attrs["spec"] == ("i",):
        where = [offset_by(env, where[0], offset)]
    buffer = list_buffer(env, root) if isinstance(root.type, ListOf) else env.buffer(root)
    if isinstance(op.result.type, ListOf):
        held = env.find_buffer(op.result)
        if held is not None:
            part = env.builder.emit("view", "", (buffer, *where), held.type, attrs=op.attrs)
            env.add_list(part, env.builder.load(held))
        return
    view = env.builder.emit("view", "", (buffer, *where), Ref(adjoint_type(op.result)), attrs=op.attrs)
    add_through(env, view, adjoint, any(_may_repeat(index.type) for index in where))


def list_buffer(env: Env, base: Value) -> Value:
    """The shadow list of a list content: that of the memory it was loaded from, or its own."""
    made = env.plan.defs.get(base)
    if made is not None and made.kind == "load":
        return env.shadow(made.operands[0])
    return env.buffer(base)


def slot_root(plan: Plan, base: Value) -> tuple[Value, Value | None]:
    """A slice `xs[a:]` or `xs[:b]` of a list has the slots of the list itself, from `a` on."""
    op = plan.defs.get(base)
    if not isinstance(base.type, ListOf) or op is None or op.kind != "index":
        return base, None
    spec = str(op.attrs["spec"][0])  # type: ignore[index]
    start = op.operands[1] if spec[1] == "1" else None
    known = plan.constants.get(start) if start is not None else 0
    if spec[3] == "1" or not isinstance(known, int) or known < 0:
        return base, None
    root, offset = slot_root(plan, op.operands[0])
    return (root, start) if offset is None else (base, None)


def offset_by(env: Env, k: Value, offset: Value | None) -> Value:
    """The index into the whole list of index k of its slice."""
    return k if offset is None else shapes.add(env.builder, k, offset)


def _may_repeat(type_: Type) -> bool:
    if isinstance(type_, ListOf | Struct):
        return True  # x[[0, 0, 1]]
    return isinstance(type_, Array) and type_.shape != () and type_.dtype != "b1"


def reverse_store(env: Env, op: Op) -> None:
    """Writing memory: set kills what the shadow held there, add leaves it, mul scales it."""
    ref, content = op.operands
    if ref not in env.plan.active:
        return
    mode, active = op.attrs["mode"], content in env.plan.active
    repeats = any(_may_repeat(index.type) for index in _indices(env.plan, ref))
    if repeats and not op.attrs.get("at"):
        raise refuse(
            op,
            "E0130",
            "a store through an integer array",
            "use np.add.at to accumulate, or a loop over the positions",
            "an index may occur twice; then only the last write counts, and which one that is cannot be told here",
        )
    shadow = env.shadow(ref)
    if mode == "mul":
        env.builder.store(shadow, content, "mul")
        return
    held = env.builder.load(shadow, bar(content)) if active or mode == "set" else None
    if mode == "set":
        assert held is not None
        zero = env.builder.const(0.0) if _numeric(held.type) else shapes.zeros_like(env.builder, held)
        env.builder.store(shadow, zero, "set")
    if active and held is not None:
        env.acc(content, shapes.cast(env.builder, shapes.unbroadcast(env.builder, held, content), content))


def _numeric(type_: Type) -> bool:
    return isinstance(type_, Array) or is_number(type_)


def _indices(plan: Plan, ref: Value) -> list[Value]:
    op = plan.defs.get(ref)
    return list(op.operands[1:]) if op is not None and op.kind == "view" else []


def reverse_append(env: Env, op: Op) -> None:
    """A list grew: its shadow shrinks.  If it only ever grows, the primal list is taken back too, which frees saves."""
    ref, item = op.operands
    if ref not in env.plan.active:
        return
    shadow = env.shadow(ref)
    held = env.builder.emit(
        "pop", "", (shadow,), adjoint_type(item) if item in env.plan.active else item.type, bar(item)
    )
    if only_grows(env.plan, ref):
        popped = env.builder.emit("pop", "", (ref,), item.type, item.hint)
        env.undone.append(Undone(item, popped, env.builder.ops[-1]))
    if item in env.plan.active:
        env.acc(item, held)


def only_grows(plan: Plan, root: Value) -> bool:
    """Whether a list is changed by append alone."""
    for op in walk(plan.func.block):
        if op.kind in ("pop", "store", "view", "select") and root in op.operands:
            viewed = op.kind == "view" and not _stored_through(plan, op.result)
            if not viewed:
                return False
    return plan.defs[root].kind == "alloc"


def _stored_through(plan: Plan, ref: Value) -> bool:
    return any(op.kind in ("store", "view") and op.operands[0] is ref for op in walk(plan.func.block))


def reverse_pop(env: Env, op: Op) -> None:
    """An item left a list: its adjoint enters the shadow, owned by it alone."""
    (ref,) = op.operands
    if ref not in env.plan.active:
        return
    shadow = env.shadow(ref)
    adjoint = env.join(env.take(op.result), op.result)
    if not is_number(adjoint.type):
        adjoint = env.builder.emit("prim", "copy", (adjoint,), adjoint.type, attrs={"args": ("x",)})
    env.builder.effect("append", "", (shadow, adjoint))


def refuse(op: Op, code: str, title: str, help_: str, why: str = "its adjoint is not implemented") -> Refusal:
    """A construct that the reverse sweep does not have."""
    return Refusal([Diagnostic(code, title, place_of(op.span), why, help_)])


def place_of(span: Span | None) -> Place | None:
    """The place of a span in the user's source."""
    return None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)
