"""Library functions that are syntax under another name: those of `operator`, and the methods of NumPy's ufuncs.

operator.mul(a, b)             a * b
operator.itemgetter(1)(xs)     xs[1]
np.add.reduce(x)               np.sum(x, axis=0)
np.multiply.outer(a, b)        np.multiply(a[:, None], b)

The forward sweep computes the same numbers in the same order, and is printed as the syntax.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping, Sequence

from adgen.frontend.bindings import Known, UserFunction
from adgen.frontend.lower_callbacks import CALLBACKS, written
from adgen.frontend.lower_heap import is_dict
from adgen.frontend.lower_state import Lowering
from adgen.frontend.lower_things import Closure, Group, Partial, Poison, Poisoned, Thing, kind_of, type_of
from adgen.frontend.reject import Reject
from adgen.frontend.vectorized import VECTORIZED, makes_floats
from adgen.ir.core import Value
from adgen.ir.types import Array, ListOf, Ref, Scalar, Type, Unknown
from adgen.rules import table

_BINARY = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**"}
_BINARY |= {"matmul": "@", "concat": "+", "and_": "&", "or_": "|", "xor": "^", "lshift": "<<", "rshift": ">>"}
_COMPARING = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "ge": ">=", "gt": ">", "is_": "is", "is_not": "is not"}
_UNARY = {"neg": "-a", "pos": "+a"}
_TESTS = {"inv": "~a", "invert": "~a", "not_": "not a", "truth": "True if a else False"}
BODIES: dict[str, tuple[str, str]] = {
    **{name: ("a, b", f"a {sign} b") for name, sign in (_BINARY | _COMPARING).items()},
    **{name: ("a", text) for name, text in (_UNARY | _TESTS).items()},
    "contains": ("a, b", "b in a"),
    "getitem": ("a, b", "a[b]"),
    "countOf": ("a, b", "len([k for k in a if k == b])"),
    "indexOf": ("a, b", "[k for k in range(len(a)) if a[k] == b][0]"),
}
IN_PLACE: dict[str, type[ast.operator]] = {
    **{"iadd": ast.Add, "isub": ast.Sub, "imul": ast.Mult, "itruediv": ast.Div, "ipow": ast.Pow, "imod": ast.Mod},
    **{"ifloordiv": ast.FloorDiv, "imatmul": ast.MatMult, "iand": ast.BitAnd, "ior": ast.BitOr, "ixor": ast.BitXor},
    **{"ilshift": ast.LShift, "irshift": ast.RShift, "iconcat": ast.Add},
}
GETTERS = ("itemgetter", "attrgetter", "methodcaller")
# the functions of `operator` that are known, and whether their derivative is zero
OPERATOR_FUNCTIONS = {name: name in (*_COMPARING, *_TESTS, "contains", "countOf", "indexOf") for name in BODIES}
OPERATOR_FUNCTIONS |= dict.fromkeys(("index", "and_", "or_", "xor", "lshift", "rshift", "floordiv"), True)
OPERATOR_FUNCTIONS |= dict.fromkeys((*GETTERS, *IN_PLACE, "call", "abs"), False)
OPERATOR_FUNCTIONS |= dict.fromkeys(("iand", "ior", "ixor", "ilshift", "irshift", "ifloordiv"), True)

REDUCED = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}
REDUCED |= {"logical_and": "all", "logical_or": "any"}
ACCUMULATED = {"add": "cumsum", "multiply": "cumprod"}
UFUNC_METHODS = ("reduce", "accumulate", "outer", "at", "__call__")


def stand_in(
    low: Lowering, name: str, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, hint: str
) -> Thing | None:
    """A call of what has no rule because it is other syntax; None for everything else."""
    module, _, last = name.rpartition(".")
    if module in ("operator", "_operator"):
        last = last.strip("_") if last.startswith("__") else last
        last = f"{last}_" if f"{last}_" in BODIES else last
        return _operator(low, last, args, keywords, node, hint)
    if name in CALLBACKS:
        return CALLBACKS[name](low, args, keywords, node, hint)
    if name == "np.vectorize":
        return _vectorize(low, args, keywords, node)
    if last in UFUNC_METHODS and table.lookup(module) is not None:
        return _ufunc_method(low, module, last, args, keywords, node, hint)
    return None


def function(low: Lowering, parameters: str, body: str, node: ast.expr) -> Closure:
    """A lambda that is not in the text, placed where it is called."""
    text = f"lambda {parameters}: {body}"
    key = (node, text)
    made = low.learnt.standins.get(key)
    if made is None:
        parsed = ast.parse(text, mode="eval").body
        assert isinstance(parsed, ast.Lambda)
        for part in ast.walk(parsed):
            ast.copy_location(part, node)
        made = low.learnt.standins[key] = parsed
    return Closure(made, low.frame, {})


def checked(low: Lowering, name: str, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> None:
    """`np.cross` takes vectors of two or of three entries: where types do not tell, the program checks for three."""
    if name != "np.cross" or len(args) < 2 or any(isinstance(arg, Poison) for arg in args):
        return
    words = dict(zip(("axisa", "axisb", "axisc", "axis"), args[2:], strict=False)) | dict(keywords)
    tests = []
    for letter, arg in zip("ab", args, strict=False):
        found = low.static(words.get("axis", words.get(f"axis{letter}", low.b.const(-1))))
        content = _content(type_of(arg))
        if not found[0] or not isinstance(found[1], int) or not isinstance(content, Array) or not content.shape:
            continue
        axis = found[1]
        if -len(content.shape) <= axis < len(content.shape) and not isinstance(content.shape[axis], int):
            tests.append(f"{letter}.shape[{axis}] == 3")
    if tests:
        flag = _called(low, function(low, "a, b", " and ".join(tests), node), args[:2], node, "")
        assert isinstance(flag, Value)
        low.b.effect("effect", "assert", [flag], {"text": "assert {0}, 'np.cross: vectors of three entries'"})


def _called(low: Lowering, thing: Thing, args: Sequence[Thing], node: ast.expr, hint: str) -> Thing:
    from adgen.frontend.lower_calls import apply

    if any(isinstance(arg, Poison) for arg in args):
        raise Poisoned
    return apply(low, thing, args, {}, node, hint)


def _operator(
    low: Lowering, last: str, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr, hint: str
) -> Thing | None:
    from adgen.frontend.lower_calls import apply, rule

    if last == "call" and args:
        return apply(low, args[0], args[1:], keywords, node, hint)
    if last in ("abs", "index") and len(args) == 1 and not keywords:
        return rule(low, "abs" if last == "abs" else "int", args, {}, node, hint)
    if last in GETTERS:
        return _getter(low, last, args, keywords, node)
    if last in IN_PLACE and len(args) == 2 and not keywords:
        return _in_place(low, IN_PLACE[last], args[0], args[1], node, hint)
    if last not in BODIES:
        return None
    parameters, body = BODIES[last]
    if keywords or len(args) != len(parameters.split(",")):
        raise Reject("E0106", node, "it takes the operands of the operator", name=f"operator.{last}")
    return _called(low, function(low, parameters, body, node), args, node, hint)


def _in_place(low: Lowering, op: type[ast.operator], left: Thing, right: Thing, node: ast.expr, hint: str) -> Thing:
    """`operator.iadd(y, e)`: y itself, where it is an array, with e added to it."""
    from adgen.frontend.lower_augment import update
    from adgen.frontend.lower_expressions import OPERATORS, operate
    from adgen.frontend.lower_stores import writable
    from adgen.frontend.without_axes import changes

    content = _content(type_of(left))
    text = f"`{ast.unparse(node)}`"
    if isinstance(content, Unknown):
        why = "if its first argument is an array, it changes in place, and another name sees it"
        raise Reject("E0113", node, why, "annotate the parameter it comes from, or write `y = y + ..`", name=text)
    if not isinstance(left, Value) or isinstance(content, ListOf) or kind_of(left) or is_dict(left):
        raise Reject("E0125", node, "it changes a list or an object in place", "write `xs += ys`", name=text.strip("`"))
    if not isinstance(content, Array):
        return operate(low, OPERATORS[op], left, right, node, hint)
    if content.shape == ():
        changes(low, left, node)
        return operate(low, OPERATORS[op], left, right, node, hint)
    ref = writable(low, left, node)
    update(low, ref, op(), right, node)
    return ref


def _getter(
    low: Lowering, last: str, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr
) -> Thing | None:
    """`itemgetter(k)`, `attrgetter("a")`, `methodcaller("sum")`: functions of one argument."""
    if not args:
        raise Reject("E0106", node, "it takes what to get", name=f"operator.{last}")
    names = [f"k{k}" for k in range(len(args))]
    if last == "itemgetter":
        gets, given = [f"o[{name}]" for name in names], tuple(args)
        body = gets[0] if len(gets) == 1 else f"({', '.join(gets)})"
        return Partial(function(low, ", ".join([*names, "o"]), body, node), given, {})
    texts = [low.static(arg)[1] if low.static(arg)[0] else None for arg in args]
    told = texts if last == "attrgetter" else texts[:1]
    if not all(isinstance(text, str) and all(map(str.isidentifier, text.split("."))) for text in told):
        raise Reject("E0106", node, "which attribute it gets is not known while compiling", name=f"operator.{last}")
    if last == "attrgetter":
        body = f"o.{told[0]}" if len(told) == 1 else f"({', '.join(f'o.{text}' for text in told)})"
        return Partial(function(low, "o", body, node), (), {})
    words = [*names[1:], *(f"{key}={key}" for key in keywords)]
    parameters = ", ".join([*names[1:], "o", *(["*", *keywords] if keywords else [])])
    return Partial(function(low, parameters, f"o.{told[0]}({', '.join(words)})", node), tuple(args[1:]), dict(keywords))


# methods of ufuncs ---------------------------------------------------------------------------------------------------
def _ufunc_method(
    low: Lowering,
    ufunc: str,
    last: str,
    args: Sequence[Thing],
    keywords: Mapping[str, Thing],
    node: ast.expr,
    hint: str,
) -> Thing | None:
    from adgen.frontend.lower_calls import rule

    short = ufunc.removeprefix("np.")
    label = f"{ufunc}.{last}"
    if last == "__call__":
        return rule(low, ufunc, args, keywords, node, hint)
    if last == "outer" and len(args) == 2 and not keywords:
        return _outer(low, ufunc, args, node, hint)
    known = REDUCED if last == "reduce" else ACCUMULATED
    if last not in ("reduce", "accumulate") or short not in known:
        return None
    names = ("axis", "dtype", "out", "keepdims")
    given = dict(zip(names, args[1:], strict=False)) | dict(keywords)
    if not args or len(args) > 4:
        raise Reject("E0106", node, "it takes an array, and what `np.sum` takes besides", name=label)
    if _rank(args[0]) != 1:
        given.setdefault("axis", low.b.const(0))
    return rule(low, f"np.{known[short]}", args[:1], given, node, hint)


def _outer(low: Lowering, ufunc: str, args: Sequence[Thing], node: ast.expr, hint: str) -> Thing:
    """`f.outer(a, b)` is `f(a[..., None, None], b)`, with a new axis for each of b."""
    ranks = [_rank(arg) for arg in args]
    if None in ranks:
        raise Reject("E0113", node, "how many axes it has decides about the result", name=f"an operand of {ufunc}")
    one = f"a[{', '.join([':'] * (ranks[0] or 0) + ['None'] * (ranks[1] or 0))}]" if all(ranks) else "a"
    return _called(low, Partial(function(low, "f, a, b", f"f({one}, b)", node), (Known(ufunc),), {}), args, node, hint)


def _content(type_: Type) -> Type:
    return type_.content if isinstance(type_, Ref) else type_


def _rank(thing: Thing) -> int | None:
    content = _content(type_of(thing))
    if isinstance(content, Array) and content.shape is not None:
        return len(content.shape)
    return 0 if isinstance(content, Scalar) else None


assert all(hasattr(operator, name) for name in OPERATOR_FUNCTIONS)


# np.vectorize --------------------------------------------------------------------------------------------------------
def _vectorize(low: Lowering, args: Sequence[Thing], keywords: Mapping[str, Thing], node: ast.expr) -> Thing:
    """`np.vectorize(f)`: a comprehension over the elements, when it is called."""
    inner = args[0] if len(args) == 1 else None
    own = inner.source.node if isinstance(inner, UserFunction) else inner.node if isinstance(inner, Closure) else None
    found = table.lookup(inner.name) if isinstance(inner, Known) else None
    known = found is not None and found.kind != "zero"
    floats = keywords.get("otypes")
    listed = isinstance(floats, Group) and [low.static(item) for item in floats.items] == [(True, float)]
    listed = listed or (isinstance(floats, Group) and floats.items == (Known("float"),))
    if (own is None and not known) or set(keywords) - {"otypes"} or (floats is not None and not listed):
        raise Reject("E0106", node, "it takes a function of the program, and otypes=[float]", name="np.vectorize")
    if own is not None and not makes_floats(own, "d" if listed else None):
        why = "the type of its first result decides about all of them, and that may be an integer"
        raise Reject("E0106", node, why, "give it the argument otypes=[float]", name="np.vectorize")
    names = [a.arg for a in (*own.args.posonlyargs, *own.args.args)] if own is not None else []
    names = names[: len(names) - len(own.args.defaults)] if own is not None else names
    if found is not None:
        names = [param.name for param in found.params if param.required]
    if not names:
        raise Reject("E0106", node, "it calls a function without arguments", name="np.vectorize")
    given, one = [f"x{k}" for k in range(len(names))], [f"k{k}" for k in range(len(names))]
    rows = ", ".join(f"ravel({x})" for x in given)
    rows = rows if len(given) == 1 else f"zip({rows})"
    listing = f"[f({', '.join(one)}) for {', '.join(one)} in {rows}]"
    together = f"{', '.join(given)} = broadcast_arrays({', '.join(given)})\n" if len(given) > 1 else ""
    body = f"{together}return reshape(array({listing}), shape(x0))"
    return Partial(written(low, ["f", *given], body, node, VECTORIZED), (args[0],), {})
