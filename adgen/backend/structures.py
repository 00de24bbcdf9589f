"""Parts of arrays, slots of structures, structures themselves, and objects that share nothing.

    view(view y, 1:), :        y[1:]
    item of a dict             params["w"]         of a dataclass    p.w
    pack of a dataclass        type(p)(w=w_bar, b=b_bar)

A pack of kind `object:..` needs an instance to imitate, as generated code imports no user's module: its operand after
the last item, else a parameter (or a part of one) of the same kind.  Without one, or where the class has an `__init__`
or `__post_init__` of its own, which is not to be run again, it is a `types.SimpleNamespace`: that is what a file of
`adgen compile` returns; the functions of `adgen` make objects of the class of it (`adgen.objects`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from adgen import naming
from adgen.backend.memory import MAKERS
from adgen.backend.operators import ATOM, BINARY, CONDITIONAL, DTYPES, TUPLE
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, DictOf, ListOf, Ref, Scalar, Static, Struct, Type, is_number, is_set

if TYPE_CHECKING:
    from adgen.backend.expressions import Expressions


def quoted(text: str) -> str:
    """A string literal with black's quotes.

    >>> quoted("a"), quoted('say "a"')
    ('"a"', '\\'say "a"\\'')
    """
    return json.dumps(text, ensure_ascii=False) if '"' not in text and text.isprintable() else repr(text)


# parts of arrays and lists -------------------------------------------------------------------------------------------
def part(write: Expressions, op: Op) -> str:
    """`x[..]` or `x.T`."""
    if op.name and op.name != "T":
        return write.called(op)
    base, groups = _chain(write, op)
    texts = (f".{group}" if isinstance(group, str) else f"[{', '.join(group) or '()'}]" for group in groups)
    return base + "".join(texts)


def _chain(write: Expressions, op: Op) -> tuple[str, list[list[str] | str]]:
    """The text of what is indexed first, and the brackets after it."""
    inner = write.definition(op.operands[0])
    while inner is not None and inner.kind == "load" and op.kind == "index":
        inner = write.definition(inner.operands[0])
    if inner is not None and inner.kind in ("view", "index") and op.role != "primal":
        base, groups = _chain(write, inner)
    else:
        base, groups, inner = write.text(op.operands[0], ATOM), [], None
    if op.name and op.name != "T":
        return write.called(op), []
    group: list[str] | str = op.name if op.name else entries(write, op)
    if groups and isinstance(group, list) and inner is not None and _is_array(inner.operands[0]):
        last = groups[-1]
        if isinstance(last, list) and all(text == ":" for text in last) and len(last) <= len(group):
            return base, [*groups[:-1], group]
        if all(text == ":" for text in group) and _is_array(op.operands[0]):
            return base, groups
        if isinstance(last, list) and _is_point(inner):
            return base, [*groups[:-1], [*last, *group]]
    return base, [*groups, group]


def _is_array(value: Value) -> bool:
    content = value.type.content if isinstance(value.type, Ref) else value.type
    return isinstance(content, Array) and content.shape is not None and len(content.shape) > 0


def _is_point(op: Op) -> bool:
    """Whether an index is all integers."""
    spec = op.attrs.get("spec")
    scalars = all(operand.type == Scalar("int") for operand in op.operands[1:])
    return isinstance(spec, tuple) and all(entry == "i" for entry in spec) and scalars


def entries(write: Expressions, op: Op) -> list[str]:
    """What stands between the brackets."""
    rest = list(op.operands[1:])
    found = []
    spec = op.attrs.get("spec", ())
    assert isinstance(spec, tuple)
    for entry in spec:
        if entry == "i":
            found.append(write.text(rest.pop(0), TUPLE if len(spec) == 1 else CONDITIONAL))
        elif entry == "n":
            found.append("None")
        elif entry == "...":
            found.append("...")
        else:
            start, stop, step = (write.text(rest.pop(0), CONDITIONAL + 1) if flag == "1" else "" for flag in entry[1:])
            found.append(f"{start}:{stop}:{step}" if step else f"{start}:{stop}")
    return found


# structures ----------------------------------------------------------------------------------------------------------
def item(write: Expressions, op: Op) -> str:
    """A slot of a structure."""
    (struct,) = op.operands
    slot = op.attrs["slot"]
    assert isinstance(struct.type, Struct) and isinstance(slot, int)
    return write.text(struct, ATOM) + accessor(struct.type, slot)


def accessor(type_: Struct, slot: int) -> str:
    """How a slot is read."""
    if type_.kind in ("tuple", "list"):
        return f"[{slot}]"
    return f"[{quoted(type_.keys[slot])}]" if type_.kind == "dict" else f".{type_.keys[slot]}"


def pack(write: Expressions, op: Op, items: list[str]) -> tuple[str, int]:
    """A structure of the given items, and how strongly its text binds."""
    type_ = op.result.type
    assert isinstance(type_, Struct)
    if type_.kind == "tuple":
        return (", ".join(items) + ("," if len(items) == 1 else ""), TUPLE) if items else ("()", ATOM)
    if type_.kind == "list":
        return f"[{', '.join(items)}]", ATOM
    if type_.kind == "dict":
        slots = ", ".join(f"{quoted(key)}: {text}" for key, text in zip(type_.keys, items, strict=True))
        return "{" + slots + "}", ATOM
    slots = ", ".join(f"{key}={text}" for key, text in zip(type_.keys, items, strict=False))
    if len(items) > len(type_.keys) and is_kept(write.plan.func, type_.kind):
        return f"type({items[-1]})({slots})", ATOM
    like = model(write.plan.func, type_)
    if like is not None:
        return f"type({write.name(like[0])}{like[1]})({slots})", ATOM
    return namespace(write, slots), ATOM


def namespace(write: Expressions, slots: str) -> str:
    """An object of no class."""
    write.modules["import types"] = None
    return f"types.SimpleNamespace({slots})"


def is_kept(func: Func, kind: str) -> bool:
    """Whether the class of an object can be called to make another one: no code of the user's runs."""
    return func.kept is None or kind in func.kept


def model(func: Func, type_: Struct) -> tuple[Value, str] | None:
    """A parameter, and the way to a part of it, that has the kind of a structure."""
    for param in func.params if is_kept(func, type_.kind) else ():
        path = _find(param.value.type, type_.kind)
        if path is not None:
            return param.value, path
    return None


def _find(type_: Type, kind: str) -> str | None:
    if not isinstance(type_, Struct):
        return None
    if type_.kind == kind:
        return ""
    for slot, inner in enumerate(type_.items):
        path = _find(inner, kind)
        if path is not None:
            return accessor(type_, slot) + path
    return None


# objects that share nothing ------------------------------------------------------------------------------------------
def owned(write: Expressions, value: Value) -> str:
    """A value as an object that nobody else has."""
    op = write.definition(value)
    if op is not None and op.kind in ("pack", "listing"):
        return owned_parts(write, op)
    if op is not None and write.sharing.is_new(value) or not write.sharing.memory.of(value):
        return write.text(value)
    return copied(write, write.text(value, ATOM), value)


def owned_parts(write: Expressions, op: Op) -> str:
    """A structure or a list display whose items nobody else has."""
    items = [owned(write, operand) for operand in op.operands]
    if is_set(op.result.type):
        return write.expression(op.result).text
    if isinstance(op.result.type, DictOf):
        keys = [write.text(operand) for operand in op.operands[::2]]
        return "{" + ", ".join(f"{key}: {item}" for key, item in zip(keys, items[1::2], strict=True)) + "}"
    text, strength = pack(write, op, items) if op.kind == "pack" else (f"[{', '.join(items)}]", ATOM)
    return f"({text})" if strength == TUPLE else text


def copied(write: Expressions, text: str, value: Value) -> str:
    """A copy of what a text for this value denotes, None where that is None."""
    made = write.script.defs.get(value)
    derived = made is not None and made.role != "primal"
    if value in write.sharing.absent.values and not is_number(value.type):
        if "(" in text:  # not to be evaluated twice
            return f"{write.helper('_copy')}({text})"
        return f"None if {text} is None else {_copied(write, text, value.type, derived)}"
    if is_number(value.type) and isinstance(value.type, Array) and not _is_memory(write, value):
        return f"{write.helper('_copy')}({text})"  # perhaps a Python number, which has no method `copy`
    return _copied(write, text, value.type, derived)


def _is_memory(write: Expressions, value: Value) -> bool:
    """Whether this is the content of an array that is written to."""
    made = write.script.defs.get(value)
    source = write.script.defs.get(made.operands[0]) if made is not None and made.kind == "load" else None
    return source is not None and source.kind == "alloc"


def _copied(write: Expressions, text: str, type_: Type, derived: bool) -> str:
    match type_:
        case Scalar() | Static():
            return text
        case Array():
            return _array_copied(text, type_, derived)
        case DictOf() if is_set(type_):
            return f"set({text})"
        case DictOf(inner, _) if is_number(inner) or isinstance(inner, Static):
            return f"dict({text})"
        case DictOf():
            return f"{write.helper('_copy')}({text})"
        case ListOf(inner) if is_number(inner) or isinstance(inner, Static):
            return f"list({text})"
        case ListOf(Array() as inner):
            one = naming.singular(text) if text.isidentifier() else "x"
            test = f"None if {one} is None else " if write.sharing.absent.held else ""
            return f"[{test}{_array_copied(one, inner, derived)} for {one} in {text}]"
    return f"{write.helper('_copy')}({text})"


def _array_copied(text: str, type_: Array, derived: bool) -> str:
    """A copy of an array; of the program's own in the layout that it has: NumPy adds up in the order of memory."""
    any_layout = derived or (type_.shape is not None and len(type_.shape) < 2)
    return f"{text}.copy()" if any_layout else f"np.copy({text})"


def alloc(write: Expressions, op: Op) -> str:
    """New memory: a fresh content as it is, anything else copied."""
    (content,) = op.operands
    made = op.result.type
    assert isinstance(made, Ref)
    if op.attrs.get("order") == "C" and not is_number(made.content):
        return _in_c_order(write, content)
    if content in write.plan.adopted:
        text = owned(write, content) if op in write.sharing.owned else write.text(content)
        return f"np.asarray({text})" if _may_be_number(write, content) else text
    if not isinstance(made.content, Array):
        deep = op in write.sharing.owned or not isinstance(content.type, ListOf | Struct)
        return owned(write, content) if deep else _shallow(write, content)
    origin = write.definition(content)
    number = is_number(made.content) and not (origin and origin.name in MAKERS)
    new = content in write.plan.inline and write.sharing.is_new(content) and write.sharing.memory.of(content)
    if new and not number:
        text = write.text(content)
        return f"np.asarray({text})" if _may_be_number(write, content) else text
    if is_number(made.content):
        return f"np.array({write.text(content)}{_dtype(write, content, made.content)})"
    is_param = content in write.sharing.memory.params
    if is_param or not isinstance(content.type, Array):
        return f"np.copy({write.text(content)})"
    return _array_copied(write.text(content, ATOM), content.type, op.role != "primal")


def _may_be_number(write: Expressions, content: Value) -> bool:
    """Whether a new array of unknown rank may be a NumPy float instead, which is no memory."""
    origin = write.script.defs.get(content)
    made = origin is not None and (origin.kind != "prim" or origin.name in MAKERS)
    return isinstance(content.type, Array) and content.type.shape is None and not made


def _dtype(write: Expressions, content: Value, wanted: Type) -> str:
    """The dtype of memory without axes, where it is not that of the number it starts with: `dtype=np.float32`."""
    made = write.script.defs.get(content)
    own = content.type.dtype if isinstance(content.type, Array) and not (made and made.kind == "const") else "f8"
    dtype = wanted.dtype if isinstance(wanted, Array) else None
    return "" if dtype in (None, own) or dtype not in DTYPES else f", dtype={DTYPES[dtype]}"


def _in_c_order(write: Expressions, content: Value) -> str:
    """New C-contiguous memory: what is made so by its function, else a copy in that order."""
    op = write.definition(content)
    line = isinstance(content.type, Array) and content.type.shape is not None and len(content.type.shape) == 1
    if op is not None and op.kind == "prim":
        if op.name == "np.zeros" or (line and op.name in ("zeros_like", *BINARY)):
            return write.text(content)
        if op.name == "zeros_like" and isinstance(op.operands[0].type, Array | Ref):
            return f"np.zeros_like({write.text(op.operands[0])}, order={quoted('C')})"
    return f"np.copy({write.text(content)}, order={quoted('C')})"


def _shallow(write: Expressions, content: Value) -> str:
    """A container of its own with the same items."""
    if is_set(content.type):
        return f"set({write.text(content)})"
    if isinstance(content.type, DictOf) or isinstance(content.type, Struct) and content.type.kind == "dict":
        return f"dict({write.text(content)})"
    if isinstance(content.type, Struct) and content.type.kind not in ("list", "tuple"):
        return owned(write, content)
    return f"list({write.text(content)})"
