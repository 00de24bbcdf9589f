"""What is not compared: which object a name stands for, and the parts of lists, tuples and objects that vary.

p is q         refused, for objects, lists and arrays; `x is None` is asked of types
k in range(n)  asked when the program runs
p > q          tuples of numbers, where `max`, `min` and `sorted` compare them: as Python does it
p == q         refused where a part may vary: their parts are compared one by one
"""

from __future__ import annotations

import ast

from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_strings import computed
from adgen.frontend.lower_things import Group, Iteration, Obj, Thing, content_type
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.ir.types import BOOL, Array, ListOf, Scalar, Static, Struct, Type, is_active_type, is_number, show


def comparable(low: Lowering, op: ast.cmpop, left: Thing, right: Thing, node: ast.expr) -> None:
    """Refuse to compare objects: which one it is is not followed, and what is in it is not compared."""
    types, same = [content_type(low.template(t)) for t in (left, right)], isinstance(op, ast.Is | ast.IsNot)
    if any(isinstance(type_, Static) for type_ in types):
        return
    for thing, type_ in zip((left, right), types, strict=True):
        compound = isinstance(thing, Obj | Group) or isinstance(type_, Struct | ListOf)
        if same and (compound or isinstance(type_, Array | Scalar)) and not is_flag(type_):
            why, help_ = "which object a name stands for is not followed", "compare an index, a flag or None"
        elif compound and is_active_type(type_):
            why, help_ = "the parts of lists, tuples and objects are not compared", "compare their parts"
        else:
            continue
        raise Reject("E0102", node, why, help_, name="this comparison")


def is_flag(type_: Type) -> bool:
    """Whether it is True or False: Python's, or one of NumPy; where paths join it may be either."""
    return content_type(type_) in (BOOL, Array("b1", ()))


def may_be_flag(type_: Type) -> bool:
    """Whether it may be one, as far as its type tells."""
    content = content_type(type_)
    return content == BOOL or (isinstance(content, Array) and content.dtype in ("b1", None) and not content.shape)


def in_range(low: Lowering, word: str, left: Thing, right: Thing, node: ast.expr) -> Value | None:
    """`k in range(a, b, s)`; None where it is not asked of a range."""
    if not isinstance(right, Iteration) or right.bounds is None:
        return None
    first, _, step = (low.static(bound) for bound in right.bounds)
    places = ["{2}"] if (first, step) == ((True, 0), (True, 1)) else ["{1}", "{2}", "{3}"][: 2 + (step != (True, 1))]
    number = low.content(left, node)
    if not is_number(number.type):
        raise Reject("E0107", node, f"{show(number.type)} is no number", "ask it of a number", name="this comparison")
    return computed(low, f"({{0}} {word} range({', '.join(places)}))", [number, *right.bounds], BOOL, node)


def ordered(type_: Type) -> bool:
    """Whether Python orders tuples of the type: their items are real numbers, or tuples of such."""
    match content_type(type_):
        case Struct("tuple", _, items):
            return all(_number(item) or ordered(item) for item in items)
    return False


def _number(type_: Type) -> bool:
    match content_type(type_):
        case Scalar(kind):
            return kind != "complex"
        case Array(dtype, ()):
            return dtype is None or dtype[0] in "fiub"
        case Static(int() | float()):
            return True
    return False
