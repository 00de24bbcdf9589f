"""Views by function: `y.reshape(2, 3)`, `y.ravel()`, `np.swapaxes(y, 0, 1)`, `y.flat`, `y.real`.

t = np.transpose(y)      of memory: load, then np.transpose; a snapshot, as long as no write could tell
t[0] = e                 a write through it: lowering begins again, with view(y, np.transpose)
v = y.reshape(2, 3)      a view if y is C-contiguous, else maybe a copy: memory that is not known to be contiguous is
                         looked at first, and what is not is refused when it runs
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from adgen.frontend.lower_things import content_type
from adgen.frontend.reject import Reject
from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import Array, ListOf, Ref, is_number
from adgen.rules import shapes
from adgen.rules.infer import rank_of
from adgen.rules.rule import REGISTRY
from adgen.rules.views import BY_LAYOUT, KEEP_LAYOUT, MAY_ALIAS, SAME, WIDENED, WINDOWS

if TYPE_CHECKING:
    from adgen.frontend.lower_state import Lowering
    from adgen.frontend.lower_things import Site, Thing

MADE_DENSE = ("np.zeros", "np.ones", "np.empty", "np.full", "np.eye", "np.identity", "np.array", "np.arange")
PARTS = ("real", "imag", "flat")  # attributes of an array that are written to as a whole: `y.real = e`
GUARD = "if not {{0}}.flags.c_contiguous: raise ValueError({text!r})"


def result(low: Lowering, value: Value, thing: Thing, base: Value, site: Site) -> Value:
    """What a function made that may be a view of its first argument: a reference where writes go through it."""
    op = low.b.ops[-1]
    start = root_reference(low, thing)
    possible = op.results == (value,) and start is not None and is_window(low, op, thing) and is_array(value)
    if not possible:
        low.memory.closed[value] = None
    elif site not in low.learnt.windows:
        low.memory.shut[value] = site
    elif isinstance(thing, Value) and start is not None:
        return view(low, op, thing, start)
    low.memory.snap(value, base)
    return value


def is_array(value: Value) -> bool:
    """Whether it is an array that has axes."""
    return isinstance(value.type, Array) and value.type.dtype is not None and bool(value.type.shape)


def is_window(low: Lowering, op: Op, base: Thing) -> bool:
    """Whether a call makes a view (of what is C-contiguous), whatever its arguments are."""
    args = op.attrs.get("args", ())
    assert isinstance(args, tuple)
    kind = op.operands[0].type
    if not isinstance(kind, Array) or kind.dtype is None or low.callee is not None:
        return False
    if op.name in ("attr.imag", "np.imag") and kind.dtype[0] != "c":
        return False
    order = [low.static(value) for value, arg in zip(op.operands, args, strict=True) if arg == "order"]
    if op.name in BY_LAYOUT:
        return isinstance(base, Value) and leaves_dense(low, base) and all(one == (True, "C") for one in order)
    if op.name in SAME:
        types = [low.static(value) for value, arg in zip(op.operands, args, strict=True) if arg == "dtype"]
        return len(args) == 1 + len(types) and all(told and _is_dtype(one, kind.dtype) for told, one in types)
    return op.name in WINDOWS or (op.name in WIDENED and len(args) == 1)


def _is_dtype(found: object, dtype: str) -> bool:
    """Whether a static dtype is this one: `float` is f8."""
    try:
        return bool(np.dtype(found) == np.dtype(dtype))  # type: ignore[call-overload]
    except TypeError:
        return False


def root_reference(low: Lowering, thing: Thing) -> Value | None:
    """The reference to all of its memory that views lead to; None where there is none, or one of several."""
    if not isinstance(thing, Value) or not isinstance(thing.type, Ref) or not isinstance(thing.type.content, Array):
        return None
    while thing in low.memory.parents:
        thing = low.memory.parents[thing]
    inside = thing.type.content if isinstance(thing.type, Ref) else thing.type
    return thing if thing in low.memory.whole and not isinstance(inside, ListOf) else None


def view(low: Lowering, op: Op, base: Value, start: Value) -> Value:
    """The view in place of the call that was made; memory that may not be contiguous is looked at first."""
    low.b.ops.pop()
    if op.name in BY_LAYOUT:
        contiguous(low, op.name.removeprefix("np."), start)
    attrs = {key: value for key, value in op.attrs.items() if key != "statics"}
    operands = (base, *op.operands[1:])
    made = low.b.emit("view", op.name, operands, Ref(op.result.type), op.result.hint, attrs, op.result.user)
    low.memory.viewed(made, base)
    note_step(low, made, op.name, ())
    return made


def contiguous(low: Lowering, name: str, start: Value) -> None:
    """Memory that may not be contiguous is looked at, once in a block."""
    if low.memory.dense.get(start):
        return
    text = GUARD.format(text=f"{start.hint or 'the array'} is not C-contiguous: {name} makes a copy of it, not a view")
    if not any(op.kind == "effect" and op.attrs.get("text") == text for op in low.b.ops):
        low.b.effect("effect", "raise", [low.load(start)], {"text": text})


def flat(low: Lowering, base: Value, node: ast.expr, hint: str) -> Thing:
    """`y.flat`: of memory a view, in whichever order its elements lie; of a content its elements in a row."""
    elements = low.prim("np.ravel", [base], node, hint, ("a",), "method")
    if not isinstance(base.type, Ref) or not isinstance(elements, Value):
        return elements
    if rank_of(base.type) != 1 and base not in low.memory.whole:  # no array sees those elements of the adjoint in a row
        text = f"`{ast.unparse(node)}` is written to, and its array is a part of another one, or in another order"
        raise Reject("E0120", node, text, "index the array itself")
    made = low.b.emit("view", "attr.flat", (base,), Ref(elements.type), hint, {"args": ("x",)}, bool(hint))
    low.memory.viewed(made, base)
    low.memory.flat[made] = base
    return made


def same_size(low: Lowering, part: Value, content: Value, node: ast.AST) -> Value:
    """What is stored to a part of `y.flat`, in a row: NumPy would repeat what is shorter, and cut what is longer."""
    assert isinstance(part.type, Ref)
    place, given = part.type.content, content.type
    if is_number(given) or is_number(place):
        return content
    if isinstance(given, Array) and given.shape is not None and len(given.shape) > 1:
        content = low.content(low.prim("np.ravel", [content], node))
    elif not isinstance(given, Array) or given.shape is None:
        raise Reject("E0107", node, "its length is not known", "make an array of it first", name="=")
    if shapes.same_shape(content.type, place) is not True:
        text = "if len({0}) != len({1}): raise ValueError('what is stored to `.flat` has another size')"
        low.b.effect("effect", "raise", [low.b.load(part), content], {"text": text})
    return content


def is_part(low: Lowering, target: ast.Attribute) -> bool:
    """Whether it is the real or imaginary part of an array, or its elements in a row."""
    from adgen.frontend.lower_statics import peek

    thing = peek(low, target.value) if target.attr in PARTS else None
    return isinstance(thing, Value) and isinstance(content_type(thing.type), Array)


def whole_of(low: Lowering, target: ast.Attribute) -> ast.Subscript:
    """`y.real[...]` for `y.real`: the same in every pass."""
    read = ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    rest = ast.copy_location(ast.Constant(Ellipsis), target)
    made = low.learnt.nodes.setdefault(target, ast.copy_location(ast.Subscript(read, rest, ast.Store()), target))
    assert isinstance(made, ast.Subscript)
    return made


def leaves_dense(low: Lowering, ref: Value) -> bool:
    """Whether all steps from the root are views that are contiguous if what they view is."""
    while ref in low.memory.parents:
        if not low.memory.dense.get(ref, False):
            return False
        ref = low.memory.parents[ref]
    return True


def note_step(low: Lowering, ref: Value, name: str, spec: tuple[str, ...]) -> None:
    """Whether a view is contiguous if what it views is: rows, neighbouring rows, other shapes of all."""
    low.memory.dense[ref] = name in KEEP_LAYOUT if name else _is_run(spec)


def _is_run(spec: tuple[str, ...]) -> bool:
    """Whether a subscript takes elements that lie side by side: `y[i, a:b]`, `y[a:b, :]`; not `y[:, i]`.

    >>> _is_run(("i", "s110")), _is_run(("s110", "s000")), _is_run(("s000", "i")), _is_run(("s001",))
    (True, True, False, False)
    """
    rest = [one for one in spec if one not in ("n", "...", "s000")]
    if not rest:
        return True
    first = max(k for k, one in enumerate(spec) if one in rest)
    if any(one[-1] == "1" for one in rest if one.startswith("s")) or any(one.startswith("s") for one in rest[:-1]):
        return False
    return all(one in rest or one == "n" for one in spec[:first])


def is_dense(b: Builder, content: Value) -> bool:
    """Whether new memory with this content is C-contiguous, whatever its arguments are."""
    op = b.ops[-1] if b.ops and b.ops[-1].results == (content,) else None
    if not isinstance(content.type, Array) or content.type.shape is None:
        return False
    if op is None or op.kind != "prim" or op.name in MAY_ALIAS:
        return False
    args = op.attrs.get("args", ())
    assert isinstance(args, tuple)
    if op.name in MADE_DENSE:
        known = not any(arg in ("order", "copy", "like") for arg in args)
        return known and (op.name != "np.array" or not isinstance(op.operands[0].type, Array))
    if op.name == "np.copy" and op.attrs.get("style") == "method":
        return len(args) == 1
    rule = REGISTRY.get(op.name)
    return rule is not None and rule.kind == "elementwise" and len(content.type.shape) == 1
