"""Operators, comparisons, `and` / `or`, conditional expressions, displays, f-strings.

a < b <= c         and(lt(a, b), le(b, c)): both are cheap
a and f(x)         if a: yield f(x)  else: yield a
y if c else z      if c: yield y  else: yield z; `x if b is None else x + b` is decided while compiling
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

from adgen.frontend import lower_heap as heap
from adgen.frontend.lower_absent import has_none, narrow
from adgen.frontend.lower_comparisons import comparable, in_range
from adgen.frontend.lower_control import result
from adgen.frontend.lower_index import homogeneous, made_list, part_value
from adgen.frontend.lower_lists import concatenate, repeat
from adgen.frontend.lower_names import const, written
from adgen.frontend.lower_objects import attribute_of, called, positional
from adgen.frontend.lower_objects import operator as operator_of
from adgen.frontend.lower_sparse import of_sparse
from adgen.frontend.lower_stars import Spread, growing, spread
from adgen.frontend.lower_state import Lowering, expression
from adgen.frontend.lower_statics import decided, has, unlike
from adgen.frontend.lower_strings import operation
from adgen.frontend.lower_things import (
    POISON,
    Group,
    Obj,
    Poison,
    Poisoned,
    Thing,
    class_kind,
    kind_of,
    tuple_of,
)
from adgen.frontend.lower_trees import VALUE, Branch, Leaf, Tree, fork, leaf, splice
from adgen.frontend.normalise import assigned
from adgen.frontend.reject import Reject
from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import BOOL, Array, DictOf, ListOf, Ref, Static, Struct, Type, Unknown, is_number

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "bitand",
    ast.BitOr: "bitor",
    ast.BitXor: "bitxor",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Is: "is",
    ast.IsNot: "is_not",
    ast.In: "in",
    ast.NotIn: "not_in",
}
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@"}
FOLDED: dict[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
}
CHEAP = frozenset("add sub mul lt le gt ge eq ne not neg is is_not len and or attr.ndim attr.size".split())
CHEAP_OPS = 6  # so many cheap operations are computed although they may not be needed


@expression(ast.BinOp)
def binary(low: Lowering, node: ast.BinOp, hint: str) -> Thing:
    """`a op b`; `1.0 + 2.0j` is one literal."""
    match node:
        case ast.BinOp(ast.Constant(int() | float()), ast.Add() | ast.Sub(), ast.Constant(complex())):
            return const(low, ast.literal_eval(node), written(low, node), hint)
    left, right = low.expr(node.left), low.expr(node.right)
    return operate(low, OPERATORS[type(node.op)], left, right, node, hint)


def operate(low: Lowering, name: str, left: Thing, right: Thing, node: ast.AST, hint: str = "") -> Thing:
    """A binary operator on things: on tuples and lists it joins and repeats."""
    if isinstance(left, Poison) or isinstance(right, Poison):
        raise Poisoned
    left, right = _array_of(low, left, right, node), _array_of(low, right, left, node)
    if name == "add" and _is_sequence(left) and _is_sequence(right):
        return concatenate(low, left, right, node, hint)
    from adgen.frontend import lower_sets as sets

    if isinstance(node, ast.expr) and (made := sets.operation(low, name, left, right, node, hint)) is not None:
        return made
    if name == "mul" and _is_sequence(left) != _is_sequence(right):
        return repeat(low, *((left, right) if _is_sequence(left) else (right, left)), node, hint)
    if name == "bitor":
        left, right = heap.seen(low, left), heap.seen(low, right)
    if name == "bitor" and isinstance(left, Group) and isinstance(right, Group) and left.kind == right.kind == "dict":
        merged = dict(zip(left.keys, left.items, strict=True)) | dict(zip(right.keys, right.items, strict=True))
        return heap.made(low, Group("dict", tuple(merged), tuple(merged.values()), low.site(node, "dict")), hint)
    if class_kind(left) or class_kind(right):
        found = operator_of(low, name, left, right, node, hint)
        if found is not None:
            return found
    if (told := operation(low, name, left, right, node, hint)) is not None:
        return told
    label = SYMBOLS.get(name, name)
    value = low.prim(of_sparse(name, (left, right), node, label), [left, right], node, hint, label=label)
    known = [low.static(thing) for thing in (left, right)]
    if name in FOLDED and isinstance(value, Value) and all(k and type(v) is int for k, v in known):
        a, b = (v for _, v in known)
        if isinstance(a, int) and isinstance(b, int) and (b or name not in ("floordiv", "mod")):
            low.b.constants[value] = FOLDED[name](a, b)
    return value


def _array_of(low: Lowering, thing: Thing, other: Thing, node: ast.AST) -> Thing:
    """A list or tuple beside an array counts as an array: `x * [a, b]`."""
    type_ = other.type if isinstance(other, Value) else None
    content = type_.content if isinstance(type_, Ref) else type_
    if not isinstance(content, Array) or not _is_sequence(thing):
        return thing
    whole = content.shape != () or (content.dtype or "f")[0] in "fc"  # an integer without axes repeats it
    return low.prim("np.array", [thing], node) if whole else thing


def _is_sequence(thing: Thing) -> bool:
    """Whether Python's list and tuple operators apply."""
    if isinstance(thing, Group):
        return thing.kind in ("tuple", "list")
    type_ = thing.type if isinstance(thing, Value) else None
    content = type_.content if isinstance(type_, Ref) else type_
    listed = isinstance(content, ListOf) and not isinstance(content, DictOf)
    return listed or (isinstance(content, Struct) and content.kind in ("tuple", "list"))


@expression(ast.UnaryOp)
def unary(low: Lowering, node: ast.UnaryOp, hint: str) -> Thing:
    """`-a`, `+a`, `not a`, `~a`; a negative literal is a literal."""
    thing = low.expr(node.operand)
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant | ast.Attribute):
        op = low.b.ops[-1] if low.b.ops else None
        number = low.b.constants.get(thing) if isinstance(thing, Value) else None
        literal = isinstance(node.operand, ast.Constant) or number == math.inf
        if op is not None and op.kind == "const" and op.result is thing and literal and type(number) in (int, float):
            low.b.ops.pop()
            del low.b.constants[thing]
            assert isinstance(number, int | float)
            return const(low, -number, f"-{op.attrs['text']}", hint)
    if isinstance(node.op, ast.Not):
        return negation(low, thing, node, hint)
    name = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}[type(node.op)]
    if class_kind(thing) and has(low, thing, f"__{name}__"):
        return called(low, attribute_of(low, thing, f"__{name}__", node), [], {}, node, hint)
    return low.prim(of_sparse(name, (thing,), node, name), [thing], node, hint, label=name)


def negation(low: Lowering, thing: Thing, node: ast.AST, hint: str) -> Thing:
    """`not a`."""
    if isinstance(thing, Obj) and thing.kind == "dict":
        return low.b.const(not heap.keys(low, thing))
    if isinstance(thing, Group):
        return low.b.const(not thing.items)
    if isinstance(thing, Value) and isinstance(thing.type, Static):
        return low.b.const(not thing.type.value)
    return low.prim("not", [thing], node, hint, label="not")


@expression(ast.Compare)
def compare(low: Lowering, node: ast.Compare, hint: str) -> Thing:
    """`a < b`, `a < b <= c`, `x is None`, `k in ks`."""
    known = decided(low, node) if len(node.ops) == 1 else None
    if known is not None:
        return low.b.const(known)
    left = low.expr(node.left)
    return links(low, left, list(zip(node.ops, node.comparators, strict=True)), node, hint)


def links(
    low: Lowering, left: Thing, rest: list[tuple[ast.cmpop, ast.expr]], node: ast.Compare, hint: str = ""
) -> Thing:
    """A chain of comparisons: the middle operands are computed once."""
    op, right_node = rest[0]
    if isinstance(right_node, ast.Set) and isinstance(op, ast.In | ast.NotIn):
        made = low.learnt.nodes.setdefault(right_node, ast.copy_location(ast.Tuple(right_node.elts), right_node))
        right_node = made
    right = low.expr(right_node)
    if isinstance(left, Poison) or isinstance(right, Poison):
        raise Poisoned
    from adgen.frontend import lower_sets as sets

    name = COMPARISONS[type(op)]
    flag = of_objects(low, op, left, right, node) or sets.operation(low, name, left, right, node)
    if flag is None and isinstance(op, ast.In | ast.NotIn):
        flag = in_range(low, name.replace("_", " "), left, right, node)
    if flag is None:
        if not isinstance(op, ast.In | ast.NotIn):
            comparable(low, op, left, right, node)
        flag = low.prim(
            name,
            [positional(low, left), positional(low, right)],
            node,
            hint if len(rest) == 1 else "",
            label="comparison",
        )
    if len(rest) == 1:
        return flag
    return lazy(low, flag, lambda: links(low, right, rest[1:], node), True, node, hint)


def of_objects(low: Lowering, op: ast.cmpop, left: Thing, right: Thing, node: ast.expr) -> Thing | None:
    """`p == q`, `e in p`: what the class of the object says; None for what is no object."""
    inside = isinstance(op, ast.In | ast.NotIn)
    owner, other = (right, left) if inside else (left, right)
    if isinstance(op, ast.Is | ast.IsNot) or not (class_kind(owner) or not inside and class_kind(other)):
        return None
    if low.is_tuple(kind_of(owner)):
        return None
    if isinstance(op, ast.Eq | ast.NotEq) and unlike(low, left, right):
        return low.b.const(isinstance(op, ast.NotEq))
    name = "__contains__" if inside else f"__{COMPARISONS[type(op)]}__"
    if not class_kind(owner) or not has(low, owner, name):
        raise Reject("E0107", node, f"its class has no {name} that is known", "compare fields", name="this comparison")
    found = called(low, attribute_of(low, owner, name, node), [other], {}, node)
    return negation(low, found, node, "") if isinstance(op, ast.NotIn) else found


@expression(ast.BoolOp)
def logical(low: Lowering, node: ast.BoolOp, hint: str) -> Thing:
    """`a and b`, `a or b`: what is not needed is not computed."""
    wanted = isinstance(node.op, ast.And)
    return chain(low, node.values, wanted, node, hint)


def chain(low: Lowering, values: list[ast.expr], wanted: bool, node: ast.BoolOp, hint: str) -> Thing:
    """The operands from the left; those known while compiling are decided."""
    known = decided(low, values[0])
    if len(values) == 1:
        return low.expr(values[0], hint)
    if known is not None:
        return chain(low, values[1:], wanted, node, hint) if known is wanted else low.expr(values[0], hint)
    first = low.expr(values[0])

    def others() -> Thing:
        narrow(low, values[0], wanted)
        return chain(low, values[1:], wanted, node, "")

    return lazy(low, first, others, wanted, node, hint)


def lazy(low: Lowering, first: Thing, second: Callable[[], Thing], wanted: bool, node: ast.expr, hint: str) -> Thing:
    """The second operand only if the first is true (`wanted`) or false."""
    flag = low.content(first, node)
    span = low.span(node)
    with low.inside(low.child()):
        thing = second()
        low.frame.env[VALUE] = thing
        inner = leaf(low)
    if isinstance(thing, Poison):
        raise Poisoned
    same_heap = heap.entries(inner.env) == heap.entries(low.frame.env)
    certain = not has_none(low, first) and not has_none(low, thing)
    if isinstance(thing, Value) and certain and not assigned([node]) and same_heap and cheap(inner.b, flag, thing):
        splice(low.b, inner.b)
        return low.prim("and" if wanted else "or", [flag, thing], node, hint)
    other = Leaf(low.child(), {**low.frame.env, VALUE: first})
    sides: tuple[Tree, Tree] = (inner, other) if wanted else (other, inner)
    return result(low, Branch(low.b, flag, *sides, span), node, hint)


def cheap(b: Builder, flag: Value, thing: Value) -> bool:
    """Whether the operand may be computed in any case: it cannot fail, and costs next to nothing."""
    pure = all(op.kind == "const" or (op.kind == "prim" and op.name in CHEAP) for op in b.ops)
    scalar = all(_single(value.type) for op in b.ops for value in (*op.operands, *op.results) if op.name != "len")
    return pure and scalar and len(b.ops) <= CHEAP_OPS and _flag(flag.type) and _flag(thing.type)


def _single(type_: Type) -> bool:
    """Whether it is a number, or must be one for Python to go on."""
    return is_number(type_) or isinstance(type_, Unknown) or (isinstance(type_, Array) and type_.shape is None)


def _flag(type_: Type) -> bool:
    return type_ == BOOL or (isinstance(type_, Array) and type_.dtype == "b1" and type_.shape in ((), None))


@expression(ast.IfExp)
def conditional(low: Lowering, node: ast.IfExp, hint: str) -> Thing:
    """`a if t else b`."""
    known = decided(low, node.test)
    if known is not None:
        return low.expr(node.body if known else node.orelse, hint)
    flag = low.value(node.test)

    def side(part: ast.expr, truth: bool) -> Callable[[], Tree]:
        def lower() -> Tree:
            narrow(low, node.test, truth)
            thing = low.expr(part)
            low.frame.env[VALUE] = thing
            return leaf(low)

        return lower

    return result(low, fork(low, flag, side(node.body, True), side(node.orelse, False), node), node, hint)


# displays ------------------------------------------------------------------------------------------------------------
def elements(low: Lowering, nodes: list[ast.expr]) -> list[Thing | Spread]:
    """The parts of a display; starred parts of known length are spread."""
    from adgen.frontend.lower_functional import consumed

    out: list[Thing | Spread] = []
    for node in nodes:
        if not isinstance(node, ast.Starred):
            out.append(low.kept(low.expr(node), node))
            continue
        found = spread(low, consumed(low, node.value), node)
        out += [found] if isinstance(found, Spread) else found
    if any(isinstance(item, Poison) for item in out):
        raise Poisoned
    return out


@expression(ast.Tuple)
def tuple_display(low: Lowering, node: ast.Tuple, hint: str) -> Thing:
    """`a, b`."""
    items = elements(low, node.elts)
    known = tuple(item for item in items if not isinstance(item, Spread))
    if len(known) < len(items):
        why = "a tuple has as many elements as are known while compiling"
        raise Reject("E0115", node, why, "make a list: `[a, *xs]`", name="it")
    return tuple_of(known)


@expression(ast.List)
def list_display(low: Lowering, node: ast.List, hint: str) -> Thing:
    """`[a, b]`: its parts, or memory if the list is changed later."""
    items = elements(low, node.elts)
    known = [item for item in items if not isinstance(item, Spread)]
    if len(known) < len(items):
        return growing(low, items, node, hint)
    group = tuple_of(tuple(known), "list", low.site(node, "list"))
    if group.site in low.learnt.functions:
        return made_list(low, group, hint)
    if group.site in low.learnt.memory and group.site is not None:
        return low.fresh(homogeneous(low, group, node), group.site, hint)
    return made_list(low, group)


@expression(ast.Dict)
def dict_display(low: Lowering, node: ast.Dict, hint: str) -> Thing:
    """`{"w": w}`: a structure where the keys are constant texts, else a dict whose keys are computed."""
    from adgen.frontend import lower_maps as maps

    pairs: list[tuple[Thing, Thing]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        thing = low.expr(value) if key is None else low.expr(key)
        if isinstance(thing, Poison):
            raise Poisoned
        if key is not None:
            pairs.append((thing, low.kept(low.expr(value), value)))
            continue
        more = parts_of_dict(low, thing)
        if maps.is_map(more):
            pairs.append((more, more))
        elif isinstance(more, Group) and more.kind == "dict":
            pairs += [(low.b.const(name), item) for name, item in zip(more.keys, more.items, strict=True)]
        else:
            raise Reject("E0116", value, "its keys are not known while compiling")
    if any(item is POISON for _, item in pairs):
        raise Poisoned
    site = low.site(node, "dict")
    if site in low.learnt.computed or not all(isinstance(low.static(key)[1], str) for key, _ in pairs):
        return maps.merged(low, pairs, site, node, hint)
    named = {str(low.static(key)[1]): item for key, item in pairs}
    return heap.made(low, Group("dict", tuple(named), tuple(named.values()), site), hint)


def parts_of_dict(low: Lowering, thing: Thing) -> Thing:
    """A dict with known keys as a structure of its parts."""
    thing = heap.seen(low, thing)
    if isinstance(thing, Value) and isinstance(thing.type, Struct):
        items = tuple(part_value(low, thing, k) for k in range(len(thing.type.items)))
        return Group(thing.type.kind, thing.type.keys, items)
    return thing
