"""Calls: functions, methods, attributes, and the helper functions of derivative code.

np.sum (a, axis)                 np.sum(x, axis=0)          style "method": x.sum(axis=0)
attr.T                           W.T
zeros_like of a list             [np.zeros_like(h) for h in hs]
astype, dtype f4                 x.astype(np.float32)       of a number: np.float32(x)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from adgen import naming
from adgen.backend import structures
from adgen.backend.operators import ATOM, DTYPES
from adgen.ir.core import Op, Value
from adgen.ir.types import Array, DictOf, ListOf, Ref, Scalar, Struct, Type, Unknown, is_number, tangent
from adgen.rules import table
from adgen.rules.compiled import compiled_form, rank
from adgen.rules.runtime_linalg import MATRICES
from adgen.rules.runtime_special import SPECIAL

if TYPE_CHECKING:
    from adgen.backend.expressions import Expressions

_HOLE = re.compile(r"(\{\{)?\{(?P<number>\d+)\}|\{\{|\}\}")  # as in str.format; `{{{0}` stands in an f-string
SPREADABLE = ("reshape", "transpose")  # methods that take the items of a tuple one by one
METHODS_ONLY = ("item", "tolist", "flatten", "compress")


def call(write: Expressions, op: Op) -> str:
    """The text of a call."""
    special = _SPECIAL.get(op.name)
    if special is not None:
        return special(write, op)
    if write.plan.func.profile == "numba":
        other = _for_numba(write, op)
        if other:
            return other
    if op.name.startswith("attr."):
        return f"{_base(write, op.operands[0])}.{op.name.removeprefix('attr.')}"
    module = op.name.split(".")[: 2 if op.name.startswith("scipy.") else 1]
    if module[0] in ("math", "cmath", "scipy", "statistics"):
        write.modules[f"import {'.'.join(module)}"] = None
    texts = _arguments(write, op)
    rule = table.lookup(op.name)
    if rule is not None and rule.module:
        alias = naming.alias(rule.module)
        write.modules[f"import {rule.module} as {alias}"] = None
        return f"{alias}{op.name.removeprefix(rule.module)}({', '.join(texts)})"
    if op.attrs.get("style") == "method" or op.name in METHODS_ONLY:
        return f"{_base(write, op.operands[0])}.{_method(op)}({', '.join(texts[1:])})"
    return f"{op.name}({', '.join(texts)})"


def _method(op: Op) -> str:
    """The name of a method; numbers of Python have `conjugate` only."""
    name = op.name.split(".")[-1]
    return "conjugate" if name == "conj" and is_number(op.operands[0].type) else name


def _for_numba(write: Expressions, op: Op) -> str:
    """The form of a call that Numba does not take as it is; "" for all others."""
    form = compiled_form(op)
    if not form:
        return ""
    args = op.attrs["args"]
    assert isinstance(args, tuple)
    return form.format(**{arg: write.text(value, ATOM) for arg, value in zip(args, op.operands, strict=True)})


def _base(write: Expressions, value: Value) -> str:
    """What a dot follows; a bare number needs parentheses."""
    text = write.text(value, ATOM)
    return f"({text})" if text.isdigit() else text


def _arguments(write: Expressions, op: Op) -> list[str]:
    """The arguments, with keywords where people write them."""
    texts = []
    keywords = _keywords(op)
    dims = _one_by_one(op)
    if dims:
        first, *parts = [write.text(value) for value in op.operands[: dims + 1]]
        rest = zip(op.operands[dims + 1 :], keywords[dims + 1 :], strict=True)
        return [first, f"({', '.join(parts)})", *(f"{keyword}={write.text(value)}" for value, keyword in rest)]
    method = op.attrs.get("style") == "method" and op.name.split(".")[-1] in SPREADABLE
    for value, keyword in zip(op.operands, keywords, strict=True):
        inner = write.definition(value)
        if method and len(op.operands) == 2 and inner is not None and inner.kind == "pack" and len(inner.operands) > 1:
            texts += [write.text(operand) for operand in inner.operands]
        else:
            text = write.text(value)
            if inner is not None and write.plan.func.profile == "numba" and text.startswith("[") and _of_arrays(inner):
                text = f"({text[1:-1]},)" if len(inner.operands) == 1 else f"({text[1:-1]})"  # of several layouts
            plain = not keyword or (method and keyword in ("axes", "shape"))  # methods take these by position alone
            texts.append(text if plain else f"{keyword}={text}")
    return texts


def _of_arrays(op: Op) -> bool:
    """Whether it is a display of arrays."""
    arrays = all(isinstance(v.type, Array) and not is_number(v.type) for v in op.operands)
    return op.kind in ("pack", "listing") and bool(op.operands) and arrays


def _one_by_one(op: Op) -> int:
    """How many items of a tuple a method takes one by one: np.reshape(x_dot, (2, 3)); 0 for none."""
    args = op.attrs.get("args")
    if op.attrs.get("style") == "method" or op.name.split(".")[-1] not in SPREADABLE or not isinstance(args, tuple):
        return 0
    return args.count(args[1]) if len(args) > 2 and args.count(args[1]) > 1 else 0


def _keywords(op: Op) -> Sequence[str | None]:
    """Which arguments of a call are given by keyword."""
    args = op.attrs.get("args")
    rule = table.lookup(op.name)
    if rule is None or not isinstance(args, tuple) or len(args) != len(op.operands):
        return [None] * len(op.operands)
    return rule.keywords(args)


# helpers of derivative code ------------------------------------------------------------------------------------------
def _zeros_like(write: Expressions, op: Op) -> str:
    (value,) = op.operands
    content = value.type.content if isinstance(value.type, Ref) else value.type
    made = write.definition(value)
    in_a_row = isinstance(content, ListOf) and not isinstance(content, DictOf) and is_number(content.item)
    if made is not None and made.kind == "listing" and isinstance(content, ListOf) and in_a_row:
        return f"[{zeros(write, content.item, '')}] * {len(made.operands)}"  # it has no name that could be asked
    if op.attrs.get("absent") == "slot":
        return "0.0"
    text = write.text(value, ATOM)
    if op.attrs.get("absent") and isinstance(content, ListOf):
        one = naming.singular(text) if text.isidentifier() else "x"
        return f"[0.0 if {one} is None else {zeros(write, content.item, one)} for {one} in {text}]"
    if op.attrs.get("absent"):
        return f"(0.0 if {text} is None else {zeros(write, content, text)})"
    return zeros(write, content, text)


def zeros(write: Expressions, type_: Type, text: str) -> str:
    """A zero of the tangent type of what a text denotes."""
    match type_:
        case _ if tangent(type_) is None:
            return "None"
        case Scalar():
            return "0.0"
        case Array(dtype, ()):
            return f"{DTYPES[dtype]}(0.0)" if dtype in ("f4", "f2", "c8") else "0.0"
        case Array():
            return f"np.zeros_like({text})"
        case DictOf(inner, _) if is_number(inner):
            return f"dict.fromkeys({text}, {zeros(write, inner, '')})"
        case DictOf(inner, _):
            return f"{{key: {zeros(write, inner, 'item')} for key, item in {text}.items()}}"
        case ListOf(inner) if is_number(inner):
            return f"[{zeros(write, inner, '')}] * len({text})"
        case ListOf(inner):
            one = naming.singular(text) if text.isidentifier() else "x"
            zero = zeros(write, inner, one)
            kind = inner.kind if isinstance(inner, Struct) and f"{one}." in zero else ""
            absent = kind.startswith("object:") and not structures.is_kept(write.plan.func, kind)  # it may hold None
            return f"[{f'None if {one} is None else ' if absent else ''}{zero} for {one} in {text}]"
        case Struct(kind, keys, items):
            parts = [zeros(write, inner, text + structures.accessor(type_, k)) for k, inner in enumerate(items)]
            return _struct(write, kind, keys, parts, text)
        case Unknown():
            return f"{write.helper('_zeros_like')}({text})"
    return f"np.zeros_like({text})"


def _struct(write: Expressions, kind: str, keys: Sequence[str], parts: Sequence[str], text: str) -> str:
    """A structure of the kind of what a text denotes."""
    if kind == "tuple":
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if kind == "list":
        return f"[{', '.join(parts)}]"
    if kind == "dict":
        return "{" + ", ".join(f"{structures.quoted(key)}: {part}" for key, part in zip(keys, parts, strict=True)) + "}"
    slots = ", ".join(f"{key}={part}" for key, part in zip(keys, parts, strict=True))
    return f"type({text})({slots})" if structures.is_kept(write.plan.func, kind) else structures.namespace(write, slots)


def _unbroadcast(write: Expressions, op: Op) -> str:
    if write.plan.func.profile == "numba":
        high, low = (rank(operand.type) for operand in op.operands)
        name = write.helper(f"_unbroadcast_{high}_{low}") if low else "np.sum"
        return f"{name}({write.arguments(op) if low else write.text(op.operands[0])})"
    return f"{write.helper('_unbroadcast')}({write.arguments(op)})"


def _split_like(write: Expressions, op: Op) -> str:
    return f"{write.helper('_split_like')}({write.arguments(op)})"


def _polygamma(write: Expressions, op: Op) -> str:
    return f"{write.helper('_polygamma')}({write.arguments(op)})"


def _helper(name: str) -> Callable[[Expressions, Op], str]:
    """A call of a helper, as its rule has the arguments."""
    return lambda write, op: f"{write.helper(name)}({', '.join(_arguments(write, op))})"


def _side(helper: str) -> Callable[[Expressions, Op], str]:
    """A side of a product of arrays of unknown rank."""

    def text(write: Expressions, op: Op) -> str:
        write.helper("_unbroadcast")  # the helper calls it
        return f"{write.helper(helper)}({write.arguments(op)})"

    return text


def _resized(write: Expressions, op: Op) -> str:
    return f"{write.helper('_resized')}({write.arguments(op)})"


def _scattered(write: Expressions, op: Op) -> str:
    return f"{write.helper('_scattered')}({write.arguments(op)})"


def _hooked(write: Expressions, op: Op) -> str:
    return f"{write.helper('_hooked')}({write.arguments(op)})"


def _add_lists(write: Expressions, op: Op) -> str:
    return f"{write.helper('_add')}({write.arguments(op)})"


def _astype(write: Expressions, op: Op) -> str:
    code = op.attrs.get("dtype")
    dtype = DTYPES.get(str(code), f'np.dtype("{code}").type')
    value = op.operands[0]
    if is_number(value.type):
        return f"{dtype}({write.text(value)})"
    return f"{_base(write, value)}.astype({dtype})"


def _copy(write: Expressions, op: Op) -> str:
    value = op.operands[0]
    return structures.copied(write, write.text(value, ATOM), value)


def filled(template: str, texts: Sequence[str]) -> str:
    """A template with operands in its holes."""
    return _HOLE.sub(lambda hole: _filled(hole, texts), template)


def _filled(hole: re.Match[str], texts: Sequence[str]) -> str:
    """A hole with its operand, a doubled brace as one; within an f-string quotes must differ from the string's own."""
    found = hole.group()
    if found in ("{{", "}}"):
        return found[0]
    text = texts[int(hole.group("number"))]
    if not found.startswith("{{"):
        return text
    text = text.replace('"', "'") if "'" not in text else text
    return "{" + (f" {text}" if text.startswith("{") else text)


def _text(write: Expressions, op: Op) -> str:
    """Text made when the program runs."""
    template = str(op.attrs["text"])
    strength = 0 if template.startswith('f"') else ATOM
    return filled(template, [write.text(operand, strength) for operand in op.operands])


def _keys(write: Expressions, op: Op) -> str:
    return f"list({write.text(op.operands[0])})"


_SPECIAL = {
    "of_texts": _text,
    "dict_keys": _keys,
    "zeros_like": _zeros_like,
    "unbroadcast": _unbroadcast,
    "add_lists": _add_lists,
    "split_like": _split_like,
    "resized": _resized,
    "hooked": _hooked,
    "scattered": _scattered,
    "polygamma": _polygamma,
    "filled": _helper("_filled"),
    "gamma_slope": _helper("_gamma_slope"),
    **{name.removeprefix("_"): _helper(name) for name in (*SPECIAL, *MATRICES)},
    "quad": _helper("_quad"),
    "trajectory": _helper("_trajectory"),
    "astype": _astype,
    "matmul_left": _side("_matmul_left"),
    "matmul_right": _side("_matmul_right"),
    "np.dot_left": _side("_dot_left"),
    "np.dot_right": _side("_dot_right"),
    "copy": _copy,
}
