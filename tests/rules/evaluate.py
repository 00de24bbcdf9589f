"""Run straight-line IR with the real functions, checking every value against its type; and differentiate it forward."""

import cmath
import math
import operator
import statistics

import numpy as np

from adgen.backend import helpers
from adgen.ir.build import Builder
from adgen.ir.core import Op
from adgen.ir.types import Array, ListOf, Opaque, Scalar, Static, Struct, Sym, Unknown, tangent
from adgen.rules import table
from adgen.rules.call import filled

OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "matmul": operator.matmul,
    "neg": operator.neg,
    "pos": operator.pos,
    "invert": operator.invert,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": operator.not_,
    "is": operator.is_,
    "is_not": operator.is_not,
    "in": lambda a, b: a in b,
    "not_in": lambda a, b: a not in b,
    "lshift": operator.lshift,
    "rshift": operator.rshift,
    "bitand": operator.and_,
    "bitor": operator.or_,
    "bitxor": operator.xor,
}
METHODS = {"item", "tolist", "flatten"}


def zeros_like(v):
    if isinstance(v, (list, tuple)):
        return type(v)(zeros_like(item) for item in v)
    return np.zeros_like(v) if isinstance(v, np.ndarray) else 0.0


NAMESPACE = {"np": np}
SIDES = {"_matmul_left": "matmul_left", "_matmul_right": "matmul_right"}
SIDES |= {"_dot_left": "np.dot_left", "_dot_right": "np.dot_right"}
RUN = ["_unbroadcast", "_split_like", "_resized", "_scattered", *SIDES]
exec(helpers.source(RUN), NAMESPACE)  # what generated modules define


def add_lists(a, b):
    return [x + y for x, y in zip(a, b, strict=True)]


HELPERS = {
    "zeros_like": zeros_like,
    "unbroadcast": NAMESPACE["_unbroadcast"],
    "split_like": NAMESPACE["_split_like"],
    "resized": NAMESPACE["_resized"],
    "scattered": NAMESPACE["_scattered"],
    "add_lists": add_lists,
    **{rule: NAMESPACE[name] for name, rule in SIDES.items()},
    "copy": np.copy,
    "adgen.stop_gradient": lambda x: x,
}


def function(name):
    if name in OPERATORS:
        return OPERATORS[name]
    if name in HELPERS:
        return HELPERS[name]
    if name.startswith("attr."):
        return operator.attrgetter(name[5:])
    if name in METHODS:
        return lambda x: getattr(x, name)()
    space = {"np": np, "math": math, "cmath": cmath, "statistics": statistics}.get(name.split(".")[0])
    if space is None:
        return getattr(__import__("builtins"), name)
    return operator.attrgetter(name.split(".", 1)[1])(space)


def call(op: Op, values):
    rule = table.lookup(op.name)
    assert rule is not None, f"no rule for {op.name}"
    if op.name == "astype":
        return values[0].astype(op.attrs["statics"]["dtype"])
    args = op.attrs["args"]
    if op.name == "np.reshape" and len(args) > 2:
        return values[0].reshape(*values[1:])
    by_place, by_name = [], {}
    for keyword, value in zip(rule.keywords(args), values, strict=True):
        if keyword is None:
            by_place.append(value)
        else:
            by_name[keyword] = value
    return function(op.name)(*by_place, **by_name)


def path(spec, values):
    given = iter(values)
    out = []
    for piece in spec:
        if piece == "i":
            out.append(next(given))
        elif piece == "...":
            out.append(...)
        elif piece == "n":
            out.append(None)
        else:
            out.append(slice(*(next(given) if flag == "1" else None for flag in piece[1:])))
    return tuple(out)


def execute(op: Op, values):
    match op.kind:
        case "const":
            return op.attrs["value"]
        case "prim":
            return call(op, values)
        case "pack":
            kind = {"tuple": tuple, "list": list}[op.result.type.kind]
            return kind(values)
        case "item":
            return values[0][op.attrs["slot"]]
        case "listing":
            return list(values)
        case "select":
            return values[1] if values[0] else values[2]
        case "index":
            where = path(op.attrs["spec"], values[1:])
            return values[0][where[0] if isinstance(values[0], (list, tuple)) else where]
    raise AssertionError(op.kind)


def run(ops, env, sizes):
    """Evaluate, checking types as it goes."""
    env = dict(env)
    with np.errstate(all="ignore"):
        for op in ops:
            env[op.result] = execute(op, [env[value] for value in op.operands])
            problem = mismatch(env[op.result], op.result.type, sizes)
            assert problem is None, f"{op.kind} {op.name}{dict(op.attrs)}: {problem}"
    return env


def mismatch(value, type_, sizes):
    """Why a value is not of a type; None if it is."""
    match type_:
        case Scalar(kind):
            wanted = {
                "bool": (bool, np.bool_),
                "int": (int, np.integer),
                "float": (int, float),
                "complex": (int, float, complex),
            }[kind]
            return None if isinstance(value, wanted) else f"{value!r} is no {kind}"
        case Array(dtype, shape):
            if isinstance(value, float) and shape == ():
                return None  # a Python float is as good as a NumPy one, and weak in promotion
            found = np.asarray(value)
            if dtype is not None and (found.dtype.str[1:] != dtype):
                return f"dtype {found.dtype} is not {dtype}"
            if shape is None:
                return None
            if found.ndim != len(shape):
                return f"rank {found.ndim} is not {len(shape)}"
            for size, dim in zip(found.shape, shape, strict=True):
                known = max(sizes[dim.name] + dim.offset, 0) if isinstance(dim, Sym) else dim
                if known is not None and known != size:
                    return f"shape {found.shape} is not {shape}"
            return None
        case Struct(_, _, items):
            parts = [mismatch(one, item, sizes) for one, item in zip(value, items, strict=True)]
            return next((part for part in parts if part), None)
        case ListOf(item):
            return next((m for one in value if (m := mismatch(one, item, sizes))), None)
        case Static() | Opaque() | Unknown():
            return None
    return f"unexpected type {type_}"


def of_parts(type_, parts):
    """The type of a structure or list of these tangents."""
    if isinstance(type_, Struct):
        return Struct(type_.kind, type_.keys, tuple(part.type for part in parts))
    return ListOf(parts[0].type)


def forward(b: Builder, ops, dots):
    """Tangents of straight-line IR: what the compiler's forward mode does, for order 2."""
    dots = dict(dots)
    for op in list(ops):
        given = [dots.get(value) for value in op.operands]
        if all(dot is None for dot in given) or tangent(op.result.type) is None:
            continue
        if op.kind == "prim":
            rule = table.lookup(op.name)
            assert rule is not None, op.name
            out = rule.jvp(b, op, given)
        elif op.kind == "item":
            out = b.item(given[0], op.attrs["slot"])
        elif op.kind == "index":
            out = None
            if given[0] is not None:
                out = b.emit("index", "", (given[0], *op.operands[1:]), op.result.type, "", op.attrs)
        elif op.kind in ("pack", "listing"):
            parts = [filled(b, dot, value) for dot, value in zip(given, op.operands, strict=True)]
            out = b.emit(op.kind, "", parts, of_parts(op.result.type, parts))
        elif op.kind == "select":
            parts = [filled(b, dot, value) for dot, value in zip(given[1:], op.operands[1:], strict=True)]
            out = b.emit("select", "", (op.operands[0], *parts), op.result.type)
        else:
            raise AssertionError(op.kind)
        if out is not None:
            dots[op.result] = out
    return dots
