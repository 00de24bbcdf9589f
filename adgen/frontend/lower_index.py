"""Subscripts and attributes, read.

x[1:, k]      index(x, 1, k) with spec ('s100', 'i'); of memory: load(view(x, 1, k)), or the view itself where it
              is one (`v = y[1:]`)
p["w"], p.w   a slot of a structure
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend import lower_heap as heap
from adgen.frontend import lower_memory as memory
from adgen.frontend.bindings import Instance, Known
from adgen.frontend.lower_absent import certain, element, unfilled
from adgen.frontend.lower_cuts import bounds_of, subscript_of_maker
from adgen.frontend.lower_function_lists import chosen_by_index, grown, refuse_choice
from adgen.frontend.lower_places import changeable, sole
from adgen.frontend.lower_rankless import is_array
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_strings import is_text, subscript_of_text
from adgen.frontend.lower_things import Group, Obj, Poison, Poisoned, Thing, join, shared_memory
from adgen.frontend.lower_trees import listed
from adgen.frontend.lower_windows import note_step
from adgen.frontend.of_objects import refuse
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import (
    INT,
    NONE,
    UNDEF,
    Array,
    ListOf,
    Opaque,
    Ref,
    Struct,
    Type,
    Unknown,
    is_active_type,
    is_number,
    show,
)
from adgen.rules import shapes
from adgen.rules.rule import TypeProblem

Spec = tuple[str, ...]


# specs ---------------------------------------------------------------------------------------------------------------
def spec_of(low: Lowering, node: ast.expr) -> tuple[Spec, list[Value]]:
    """The spec of a subscript and its operands, in order."""
    if isinstance(node, ast.Tuple):
        spec: list[str] = []
        operands: list[Value] = []
        from adgen.frontend.lower_stars import starred

        for part in node.elts:
            for one, values in starred(low, part) if isinstance(part, ast.Starred) else [entry(low, part)]:
                spec += one
                operands += values
        return tuple(spec), operands
    return entry(low, node)


def entry(low: Lowering, node: ast.expr) -> tuple[Spec, list[Value]]:
    """One entry of a subscript (a tuple value counts as its entries)."""
    if isinstance(node, ast.Slice):
        parts = (node.lower, node.upper, node.step)
        return sliced(low, [None if part is None else low.expr(part) for part in parts], node)
    return entry_of(low, low.expr(node), node)


def sliced(low: Lowering, bounds: Sequence[Thing | None], node: ast.expr) -> tuple[Spec, list[Value]]:
    """The entry that a slice is."""
    flags, values = "s", []
    for thing in bounds:
        if thing is None or low.static(thing) == (True, None):
            flags += "0"
        else:
            flags += "1"
            values.append(low.content(thing, node))
    return (flags,), values


def entry_of(low: Lowering, thing: Thing, node: ast.expr) -> tuple[Spec, list[Value]]:
    """The entry that a thing is."""
    if (bounds := bounds_of(thing)) is not None:
        return sliced(low, bounds, node)
    known, found = low.static(thing)
    if known and found is None:
        return ("n",), []
    if known and found is Ellipsis:
        return ("...",), []
    cut = low.b.constants.get(thing) if isinstance(thing, Value) else None
    if isinstance(cut, slice):
        bounds = (cut.start, cut.stop, cut.step)
        flags = "".join("0" if bound is None else "1" for bound in bounds)
        return (f"s{flags}",), [low.b.const(bound) for bound in bounds if bound is not None]
    if isinstance(thing, Group) and thing.kind == "tuple":
        parts = [entry_of(low, item, node) for item in thing.items]
        return tuple(e for spec, _ in parts for e in spec), [v for _, values in parts for v in values]
    value = low.content(thing, node)
    if isinstance(value.type, Struct) and value.type.kind == "tuple":
        items = [entry_of(low, low.b.item(value, k), node) for k in range(len(value.type.items))]
        return tuple(e for spec, _ in items for e in spec), [v for _, values in items for v in values]
    if isinstance(value.type, Unknown):
        raise Reject("E0113", node, "an index may be an integer or an array", name=f"`{ast.unparse(node)}`")
    return ("i",), [value]


def basic(low: Lowering, spec: Spec, operands: Sequence[Value], flat: bool = False) -> bool:
    """Whether the subscript makes a view in NumPy: integers and slices only (no arrays), and not of `y.flat`."""
    values = iter(operands)
    for one in spec:
        taken = [next(values) for _ in range(1 if one == "i" else one.count("1"))]
        if one == "i" and (not is_number(taken[0].type) or is_array(low, taken[0])):
            return False
    return not flat


def typed(low: Lowering, type_: Type, spec: Spec, operands: Sequence[Value], node: ast.AST) -> Type:
    """The type of a subscript."""
    certain(low, operands, node, "an index or bound")
    refuse("index", operands, low.is_tuple, node, "an index")
    try:
        return shapes.index_type(type_, spec, [v.type for v in operands], shapes.knowledge(low.b, operands))
    except TypeProblem as problem:
        raise Reject("E0114", node, problem.message, problem.help) from problem


# reads ---------------------------------------------------------------------------------------------------------------
def read(low: Lowering, base: Value, spec: Spec, operands: Sequence[Value], node: ast.AST, hint: str = "") -> Thing:
    """`base[spec]` of a content."""
    if isinstance(base.type, ListOf) and base.type.item in (NONE, UNDEF) and spec == ("i",):
        unfilled(low, base)
    type_ = typed(low, base.type, spec, operands, node)
    site = low.site(node, "index")
    fresh = shared_memory(type_) and not (isinstance(base.type, ListOf) and spec == ("i",))
    fresh = fresh and (isinstance(base.type, ListOf) or not basic(low, spec, operands))
    wanted = "" if fresh and site in low.learnt.memory else hint
    value = low.b.emit("index", "", (base, *operands), type_, wanted, {"spec": spec}, bool(wanted))
    if fresh:
        return low.fresh(value, site, hint)
    if isinstance(base.type, Array):
        if shared_memory(type_) or "..." in spec:
            low.memory.alias(value, base)
    else:
        made = low.memory.origins.get(low.memory.bottom(base))
        holder = made.site if made is not None and made.kind in ("fresh", "param") else None
        if made is not None and made.kind == "element":
            holder = made.root.site if made.root is not None else made.holder
        low.memory.origin(value, memory.Origin("element", None, None, base.hint, low.memory.root_of(base), holder))
        element(low, value)
    return value


def view(low: Lowering, ref: Value, spec: Spec, operands: Sequence[Value], node: ast.AST, hint: str = "") -> Thing:
    """`ref[spec]` of memory: a view if it is one, else what is there now."""
    assert isinstance(ref.type, Ref)
    content = ref.type.content
    if isinstance(content, ListOf) and spec != ("i",):
        if low.memory.roots[ref].site in low.learnt.changing and changeable(content.item):
            low.memory.freeze(low.memory.roots[ref])  # the slice has the same elements
        return read(low, low.load(ref), spec, operands, node, hint)
    if isinstance(content, ListOf) and content.item in (NONE, UNDEF):
        unfilled(low, ref)
    type_ = typed(low, content, spec, operands, node)
    if isinstance(content, ListOf) and changeable(type_) and low.memory.roots[ref].site in low.learnt.changing:
        return place(low, ref, spec, operands, type_, hint)
    is_view = isinstance(content, Array) and basic(low, spec, operands, ref in low.memory.flat)
    is_view = is_view and (shared_memory(type_) or "..." in spec)
    same = is_view and spec == ("...",) and is_number(content)
    part = ref if same else place(low, ref, spec, operands, type_, hint if is_view else "")
    if is_view:
        return part
    site = low.site(node, "index")
    wanted = "" if site in low.learnt.memory else hint
    value = low.b.load(part, wanted, bool(wanted))
    if isinstance(content, ListOf):
        low.memory.origin(value, memory.Origin("element", None, None, ref.hint, low.memory.roots[ref]))
        return element(low, value)
    return low.fresh(value, site, hint) if shared_memory(type_) else value


def place(low: Lowering, ref: Value, spec: Spec, operands: Sequence[Value], type_: Type, hint: str = "") -> Value:
    """The reference to a part."""
    value = low.b.emit("view", "", (ref, *operands), Ref(type_), hint, {"spec": spec}, bool(hint))
    low.memory.viewed(value, ref)
    note_step(low, value, "", spec if basic(low, spec, operands) else ("s001",))
    if isinstance(ref.type, Ref) and isinstance(ref.type.content, ListOf) and changeable(type_):
        low.memory.placed(value, ref, low.static(operands[0])[1])
    return value


def part_value(low: Lowering, struct: Value, slot: int, hint: str = "") -> Value:
    """A slot of a structure value."""
    assert isinstance(struct.type, Struct)
    value = low.b.item(struct, slot, hint)
    outer = low.memory.origins.get(struct)
    site = (*outer.site, slot) if outer is not None and outer.site and outer.kind in ("param", "item") else None
    low.memory.origin(value, memory.Origin("item", site, None, struct.hint))
    if struct in low.maybe and struct in low.elements:
        return element(low, value)
    return value


@expression(ast.Subscript)
def subscript(low: Lowering, node: ast.Subscript, hint: str) -> Thing:
    """`base[..]`."""
    return subscript_of(low, low.expr(node.value), node, hint)


def subscript_of(low: Lowering, base: Thing, node: ast.Subscript, hint: str = "") -> Thing:
    """A subscript of a thing, whatever it is."""
    from adgen.frontend import lower_grids, lower_maps

    if heap.is_dict(base) or lower_maps.is_map(base):
        key = low.expr(node.slice)
        if lower_maps.is_map(base) or not isinstance(low.static(key)[1], str):
            return lower_maps.get(low, lower_maps.known(low, base, node.slice), key, node, hint)
    match base:
        case Poison():
            raise Poisoned
        case Known("np.s_" | "np.index_exp"):
            return subscript_of_maker(low, base, node)
        case Known("np.c_" | "np.r_" | "np.mgrid" | "np.ogrid"):
            return lower_grids.grid(low, base, node, hint)
        case _ if is_text(base):
            return subscript_of_text(low, base, node, hint)
        case Obj() | Group():
            return of_group(low, heap.snapped(low, base) if isinstance(base, Obj) else base, node, hint)
        case Value(type=Struct()):
            return of_struct(low, base, node, hint)
        case Value(type=Ref(content=Struct())):
            return of_struct(low, low.load(base), node, hint)
        case Value(type=Ref(content=ListOf()) | ListOf()) if hard_slice(low, base, node.slice):
            from adgen.frontend.lower_order import picked

            assert isinstance(node.slice, ast.Slice)
            return picked(low, low.content(base), node.slice, node, hint)
        case Value(type=(Ref() | Array() | ListOf())):
            found = view if isinstance(base.type, Ref) else read
            return found(low, base, *spec_of(low, node.slice), node, hint)
        case Value(type=Opaque(what)) if what != "scipy.sparse":
            spec, places = spec_of(low, node.slice)
            type_ = INT if (base.type, spec) == (Opaque("range"), ("i",)) else Opaque("item")
            return low.b.emit("index", "", (base, *places), type_, hint, {"spec": spec}, bool(hint))
        case Value(type=Unknown()):
            why = "it may be a number, and numbers have no elements"
            raise Reject("E0113", node.value, why, name=f"`{ast.unparse(node.value)}`")
        case Instance() if base.kind:
            from adgen.frontend.lower_objects import item_of_object

            return item_of_object(low, base, node, hint)
        case Value():
            raise Reject("E0114", node, f"`{ast.unparse(node.value)}` is {show(base.type)}, which has no elements")
    raise Reject("E0114", node, f"`{ast.unparse(node.value)}` is no array, list, tuple or dict")


def hard_slice(low: Lowering, base: Value, part: ast.expr) -> bool:
    """Whether it is a slice of a list of varying numbers with a step, or that does not begin at a constant."""
    if not isinstance(part, ast.Slice):
        return False
    content = base.type.content if isinstance(base.type, Ref) else base.type
    if not isinstance(content, ListOf) or not is_active_type(content.item) or changeable(content.item):
        return False
    known, start = (True, 0) if part.lower is None else evaluated(low, part.lower)
    stepped = part.step is not None and evaluated(low, part.step) not in ((True, None), (True, 1))
    return stepped or not known or not (start is None or (isinstance(start, int) and start >= 0))


def evaluated(low: Lowering, node: ast.expr) -> tuple[bool, object]:
    """The value of an expression that is known while compiling."""
    from adgen.frontend.lower_statics import evaluate

    return evaluate(low, node)


def key_of(low: Lowering, keys: Sequence[str], node: ast.Subscript) -> int:
    """The slot of a constant key."""
    known, key = low.static(low.expr(node.slice))
    if not known or not isinstance(key, str):
        raise Reject("E0116", node.slice, f"`{ast.unparse(node.slice)}` is computed when the program runs")
    if key not in keys:
        raise Reject("E0116", node.slice, f"the keys are {', '.join(map(repr, keys))}", f"there is no key {key!r}")
    return keys.index(key)


def positions(low: Lowering, count: int, node: ast.Subscript) -> int | list[int] | None:
    """The slot, or slots of a slice, that a constant subscript means; None if it is not constant."""
    if isinstance(node.slice, ast.Slice):
        bounds: list[int | None] = []
        for part in (node.slice.lower, node.slice.upper, node.slice.step):
            known, found = (True, None) if part is None else low.static(low.expr(part))
            if not known or not (found is None or isinstance(found, int)):
                return None
            bounds.append(found)
        return list(range(count)[slice(*bounds)])
    known, found = low.static(low.expr(node.slice))
    if known and isinstance(found, slice):
        return list(range(count)[found])
    if known and not isinstance(found, int):
        raise Reject("E0114", node, f"{found!r} is no position", "use an integer")
    if not known or not isinstance(found, int):
        return None
    if not -count <= found < count:
        raise Reject("E0114", node, f"index {found} of {count} elements", "correct the index")
    return found % count


def of_group(low: Lowering, base: Group, node: ast.Subscript, hint: str) -> Thing:
    """A slot of a structure that the program made."""
    from adgen.frontend import lower_objects as objects
    from adgen.frontend.lower_choices import as_memory, pick

    if not low.is_tuple(base.kind):
        if base.kind != "dict":
            return objects.item_of_object(low, base, node, hint)
        return base.items[key_of(low, base.keys, node)]
    found = positions(low, len(base.items), node)
    if isinstance(found, int):
        return base.items[found]
    if isinstance(found, list):
        items = tuple(base.items[k] for k in found)
        site = low.site(node, "list") if base.kind == "list" else None
        kind = base.kind if base.kind == "list" else "tuple"
        return made_list(low, Group(kind, tuple(map(str, range(len(items)))), items, site))
    site = base.site if base.kind == "list" else low.site(node, "either")
    if (function := chosen_by_index(low, base.items, node)) is not None:
        return function
    refs = all(isinstance(v, Value) and isinstance(v.type, Ref) for v in base.items)
    if refs and not isinstance(node.slice, ast.Slice):
        picked = pick(low, base.items, low.expr(node.slice), node, hint)
        if picked is not None:
            return picked
    elif site in low.learnt.either:
        as_memory(low, base.items, node)
    value = read(low, homogeneous(low, base, node), *spec_of(low, node.slice), node, hint)
    if base.kind == "tuple" and isinstance(value, Value) and site is not None:
        low.memory.picked[value] = (site, base.items)
    return value


def made_list(low: Lowering, group: Group, hint: str = "") -> Thing:
    """A list display; memory if it is changed later."""
    if group.site in low.learnt.functions:
        return grown(low, group, hint)
    if group.kind != "list" or group.site not in low.learnt.memory or group.site in low.learnt.either:
        return group
    return low.fresh(homogeneous(low, group, None), group.site, hint) if group.site is not None else group


def homogeneous(low: Lowering, group: Group, node: ast.AST | None) -> Value:
    """A list display as one value; its elements have one type."""
    from adgen.frontend.lower_choices import keep_apart

    refuse_choice(low, group.items, node)
    type_: Type | None = low.learnt.items.get(group.site, UNDEF) if group.site is not None else UNDEF
    for item in group.items:
        type_ = None if type_ is None else join(type_, low.template(item))
    if type_ is None:
        raise Reject("E0126", node, "its elements are " + ", ".join(show(low.template(item)) for item in group.items))
    for item in group.items:
        try:
            sole(low, group.site, item, node)
        except Reject:
            keep_apart(low, group.site, group.items)
            raise
        low.memory.keep(heap.snapshot(low, item))
    content = listed(low, group, ListOf(type_))
    if group.site is not None:
        low.memory.origin(content, memory.Origin("fresh", group.site))
        low.memory.displays[content] = None
    return content


def of_struct(low: Lowering, base: Value, node: ast.Subscript, hint: str) -> Thing:
    """A slot of a structure value (a parameter, an element of a list, `x.shape`)."""
    from adgen.frontend import lower_objects as objects

    assert isinstance(base.type, Struct)
    if not low.is_tuple(base.type.kind):
        if base.type.kind != "dict":
            return objects.item_of_object(low, base, node, hint)
        return part_value(low, base, key_of(low, base.type.keys, node), hint)
    found = positions(low, len(base.type.items), node)
    if isinstance(found, int):
        return part_value(low, base, found, hint)
    if isinstance(found, list):
        items = tuple(part_value(low, base, k) for k in found)
        kind, site = ("list", low.site(node, "list")) if base.type.kind == "list" else ("tuple", None)
        return made_list(low, Group(kind, tuple(map(str, range(len(items)))), items, site))
    parts = tuple(part_value(low, base, k) for k in range(len(base.type.items) if is_active_type(base.type) else 0))
    whole = homogeneous(low, Group("tuple", base.type.keys, parts), node) if parts else base  # `x.shape[k]` stays
    return read(low, whole, *spec_of(low, node.slice), node, hint)
