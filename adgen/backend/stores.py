"""Writes and other effects as statements.

store view v[0], e  (set, add, mul)       v[0] = e     v[0] += e     v[0] *= e
store v, e  (add)                         v += e       rank 0: v[...] += e
store view y[i], e  (add, at)             np.add.at(y, i, e)
append, push                              hs.append(x)
"""

from __future__ import annotations

from adgen import naming
from adgen.backend.calls import filled
from adgen.backend.expressions import Expressions, Fragment
from adgen.backend.operators import ARITH, ATOM, TERM
from adgen.backend.structures import entries, owned
from adgen.ir.core import Op, Value
from adgen.ir.types import Array, ListOf, Ref, is_number, is_set


def store(write: Expressions, op: Op) -> list[str]:
    """The lines of one effect."""
    match op.kind:
        case "append" | "push":
            target, item = op.operands
            text = owned(write, item) if op in write.sharing.owned else write.text(item)
            return [f"{write.text(target, ATOM)}.append({text})"]
        case "store":
            if op.attrs.get("at") and write.plan.func.profile == "numba":
                return _one_by_one(write, op)
            return [_store(write, op)]
    return effect(write, op)


def _store(write: Expressions, op: Op) -> str:
    ref, content = op.operands
    mode = op.attrs.get("mode", "set")
    if op.attrs.get("at"):
        return _at(write, op)
    slot = write.script.defs.get(ref)
    if slot is not None and slot.kind == "view" and is_set(slot.operands[0].type):
        return f"{write.text(slot.operands[0], ATOM)}.add({write.text(slot.operands[1])})"
    target = _place(write, ref, str(mode))
    if "default" in op.attrs:
        return _counted(write, op, target)
    if mode != "set" and write.overlaps(ref, content):
        other = _taken_off(write, op) if mode == "add" else None
        sign, strength = ("*", TERM) if mode == "mul" else ("+" if other is None else "-", ARITH)
        text = write.text(content, strength + 1) if other is None else write.wrap(other, strength + 1)
        return f"{_place(write, ref, 'set')} = {write.text(ref, ATOM)} {sign} {text}"
    if mode == "add":
        other = _taken_off(write, op)
        return f"{target} -= {other.text}" if other is not None else f"{target} += {write.text(content)}"
    text = owned(write, content) if op in write.sharing.owned else write.text(content)
    return f"{target} {'*=' if mode == 'mul' else '='} {text}"


def _counted(write: Expressions, op: Op, target: str) -> str:
    """`d[k] = d.get(k, 0.0) + e`: an entry that is not there counts as zero."""
    ref, content = op.operands
    slot = write.script.defs[ref]
    old = f"{write.text(slot.operands[0], ATOM)}.get({write.text(slot.operands[1])}, {op.attrs['default']})"
    other = _taken_off(write, op)
    if other is not None:
        return f"{target} = {old} - {write.wrap(other, TERM)}"
    return f"{target} = {old} + {write.text(content, TERM)}"


def deleted(write: Expressions, op: Op) -> str | None:
    """`d[k]` where the program says `del d[k]`."""
    if len(op.operands) != 2 or op.span is None or not op.span.statement.startswith("del "):
        return None
    return f"{write.text(op.operands[0], ATOM)}[{write.text(op.operands[1])}]"


def _taken_off(write: Expressions, op: Op) -> Fragment | None:
    """What an increment takes off: the opposite of what it adds, if that has a minus or the user wrote a decrement."""
    content = op.operands[1]
    if op.role == "primal" and (op.span is None or "-=" not in op.span.statement):
        return None
    made = write.definition(content)
    if op.role == "primal" and made is not None and made.name == "neg" and made.kind == "prim":
        return write.fragment(made.operands[0])  # the user's decrement is kept as the increment by the opposite
    return write.negated(content)


def _place(write: Expressions, ref: Value, mode: str) -> str:
    """The left side: a part, or all of a variable's memory."""
    text = write.text(ref, ATOM)
    content = ref.type.content if isinstance(ref.type, Ref) else ref.type
    slot = write.definition(ref)
    if slot is not None and (slot.kind == "view" and not slot.name):
        base = slot.operands[0].type
        in_list = isinstance(base, Ref) and isinstance(base.content, ListOf)
        if not (in_list and isinstance(content, Array) and not is_number(content) and mode == "whole"):
            return text if text.endswith("]") else f"{text}[...]"  # all of `y.T`
    if isinstance(content, ListOf):
        return f"{text}[:]"
    if mode == "set":
        known = isinstance(content, Array) and content.shape
        return f"{text}[:]" if known else f"{text}[...]"
    rank0 = is_number(content) or not isinstance(content, Array) or content.shape is None
    return f"{text}[...]" if rank0 or not text.isidentifier() else text


def _at(write: Expressions, op: Op) -> str:
    """An increment that counts repeated indices."""
    ref, content = op.operands
    view = write.definition(ref)
    other = write.negated(content) if op.role != "primal" else None
    name, text = ("subtract", other.text) if other is not None else ("add", write.text(content))
    if view is None or view.kind != "view":
        return f"np.{name}.at({write.text(ref)}, ..., {text})"
    parts = entries(write, view)
    where = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    if any(":" in part for part in parts):
        where = f"np.s_[{', '.join(parts)}]"
    return f"np.{name}.at({write.text(view.operands[0])}, {where}, {text})"


def _one_by_one(write: Expressions, op: Op) -> list[str]:
    """The same as a loop, for Numba, which has no `np.add.at`."""
    ref, content = op.operands
    view = write.definition(ref)
    assert view is not None and view.kind == "view"
    arrays = [index for index in view.operands[1:] if isinstance(index.type, Array) and index.type.shape]
    rank = max((len(index.type.shape or ()) for index in arrays if isinstance(index.type, Array)), default=0)
    k = naming.fresh("k", set(write.names.values()))
    base, before, names = view.operands[0], list[str](), {*write.names.values(), k}

    def ahead(value: Value, stem: str) -> str:
        """What the loop reads, named before it if the loop may write to the memory that is read."""
        text, number = write.text(value), is_number(value.type)
        same = not number and write.overlaps(base, value)
        if not same and (text.isidentifier() or (number and not any(mark in text for mark in "[("))):
            return write.text(value, ATOM)
        name = naming.fresh(stem, names)
        names.add(name)
        before.append(f"{name} = {write.text(value, ATOM)}.copy()" if same else f"{name} = {text}")
        return name

    at = {v: ahead(v, "at") for v in view.operands[1:]}
    first = at[arrays[0]]
    over = f"range(len({first}))" if rank == 1 else f"np.ndindex({first}.shape)"
    where = [f"{at[v]}[{k}]" if v in arrays else at[v] for v in view.operands[1:]]
    target = f"{write.text(base, ATOM)}[{', '.join(where)}]"
    each = ahead(content, "added")
    if not is_number(content.type):
        each = f"{each}[{k}]"
    return [*before, f"for {k} in {over}:", f"    {target} += {each}"]


def effect(write: Expressions, op: Op) -> list[str]:
    """`print`, `assert`, `raise`: the template with the operands in its holes."""
    texts = [write.text(operand) for operand in op.operands]
    template = op.attrs.get("text")
    if template is None:
        joined = ", ".join(texts)
        return [f"print({joined})" if op.name == "print" else f"{op.name} {joined}".rstrip()]
    return [filled(str(template), texts)]
