"""Run straight-line IR with the real functions, checking every value against its type; and differentiate it forward.

>>> function("np.sin") is np.sin, function("add")(1, 2), mismatch(1.5, Array("f8", (3,)), {})
(True, 3, 'rank 0 is not 1')
"""

from __future__ import annotations

import builtins
import cmath
import copy
import importlib
import math
import operator
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from adgen.backend import helpers
from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import Array, ListOf, Opaque, Scalar, Static, Struct, Sym, Type, Unknown, tangent
from adgen.rules import custom, table
from adgen.rules.call import filled
from adgen.rules.rule import args_of
from adgen.rules.runtime_linalg import MATRICES
from adgen.rules.runtime_special import SPECIAL


class Mismatch(AssertionError):
    """An entry does not do what it says."""


def require(holds: object, *message: object) -> None:
    """Raise Mismatch where something does not hold."""
    if not holds:
        raise Mismatch(*message)


OPERATORS: dict[str, Callable[..., Any]] = {
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
OPERATORS |= {f"sparse.{name}": OPERATORS[name] for name in ("matmul", "add", "sub", "mul", "div", "neg")}
METHODS = {"item", "tolist", "flatten", "compress"}


def zeros_like(v: Any) -> Any:
    """Zeros of the structure of a value."""
    if isinstance(v, (list, tuple)):
        return type(v)(zeros_like(item) for item in v)
    if isinstance(v, np.inexact):
        return type(v)(0.0)
    return np.zeros_like(v) if isinstance(v, np.ndarray) else 0.0


NAMESPACE: dict[str, Any] = {"np": np, "math": math}
SIDES = {"_matmul_left": "matmul_left", "_matmul_right": "matmul_right"}
SIDES |= {"_dot_left": "np.dot_left", "_dot_right": "np.dot_right"}
RUN = ["_unbroadcast", "_split_like", "_resized", "_scattered", "_hooked", "_polygamma", *SIDES]
RUN += [*SPECIAL, *MATRICES, "_quad", "_trajectory", "_gamma_slope", "_filled"]
exec(helpers.source(RUN), NAMESPACE)  # what generated modules define


def add_lists(a: list[Any], b: list[Any]) -> list[Any]:
    """The sum of two lists, item by item."""
    return [x + y for x, y in zip(a, b, strict=True)]


def with_scipy(name: str, module: str = "scipy.integrate") -> Callable[..., Any]:
    """A helper that calls a module of SciPy, which is imported when it is called."""

    def call(*args: Any, **keywords: Any) -> Any:
        importlib.import_module(module)
        NAMESPACE["scipy"] = importlib.import_module("scipy")
        return NAMESPACE[name](*args, **keywords)

    return call


HELPERS: dict[str, Callable[..., Any]] = {
    **{name.removeprefix("_"): with_scipy(name, "scipy.special") for name in SPECIAL},
    **{name.removeprefix("_"): NAMESPACE[name] for name in MATRICES},
    "quad": with_scipy("_quad"),
    "trajectory": with_scipy("_trajectory"),
    "zeros_like": zeros_like,
    "unbroadcast": NAMESPACE["_unbroadcast"],
    "split_like": NAMESPACE["_split_like"],
    "resized": NAMESPACE["_resized"],
    "scattered": NAMESPACE["_scattered"],
    "polygamma": NAMESPACE["_polygamma"],
    "gamma_slope": NAMESPACE["_gamma_slope"],
    "filled": NAMESPACE["_filled"],
    "add_lists": add_lists,
    "dict_keys": lambda d: list(d) if isinstance(d, dict) else [],
    "of_texts": lambda *values: "".join(map(str, values)),
    **{rule: NAMESPACE[name] for name, rule in SIDES.items()},
    "copy": np.copy,
    "adgen.stop_gradient": lambda x: x,
    "adgen.on_adjoint": lambda x, fn: x,
    "adgen.follows": lambda x, model: x,
    "adgen.implicit": lambda x, residual, slope: x,
    "adgen.implicit_system": lambda x, residual, slope: x,
    "hooked": NAMESPACE["_hooked"],
}


def function(name: str) -> Callable[..., Any]:
    """The real function of an entry."""
    own = custom.function(name)
    if own is not None:
        return own
    if name in OPERATORS:
        return OPERATORS[name]
    if name in HELPERS:
        return HELPERS[name]
    if name.startswith("attr."):
        return operator.attrgetter(name[5:])
    if name in METHODS:
        return lambda x, *args, **keywords: getattr(x, name)(*args, **keywords)
    space_, _, method = name.rpartition(".")
    if space_ in ("Generator", "RandomState", "sparse"):
        return lambda owner, *args, **keywords: getattr(owner, method)(*args, **keywords)
    if name.startswith("scipy."):
        module = importlib.import_module(".".join(name.split(".")[:2]))
        found_: Callable[..., Any] = operator.attrgetter(".".join(name.split(".")[2:]))(module)
        return found_
    space = {"np": np, "math": math, "cmath": cmath, "statistics": statistics}.get(name.split(".")[0])
    if space is None:
        builtin: Callable[..., Any] = getattr(builtins, name)
        return builtin
    found: Callable[..., Any] = operator.attrgetter(name.split(".", 1)[1])(space)
    return found


def call(op: Op, values: Sequence[Any]) -> Any:
    """The value of a call."""
    rule = table.lookup(op.name)
    if rule is None:
        raise Mismatch(f"no rule for {op.name}")
    if op.name == "astype":
        dtype = np.dtype(statics(op)["dtype"])
        return values[0].astype(dtype) if isinstance(values[0], np.ndarray | np.generic) else dtype.type(values[0])
    args = args_of(op)
    if op.name == "np.reshape" and args.count("shape") > 1:
        return values[0].reshape(*values[1:])
    if op.name == "np.bincount" and "weights" in args and np.size(values[0]) == 0:
        return np.zeros(values[args.index("minlength")])  # NumPy's are whole numbers: the rules make floats of them
    by_place: list[Any] = []
    by_name: dict[str, Any] = {}
    for keyword, value in zip(rule.keywords(args), values, strict=True):
        if keyword is None:
            by_place.append(value)
        else:
            by_name[keyword] = value
    return function(op.name)(*by_place, **by_name)


def statics(op: Op) -> Mapping[str, Any]:
    """What is known of a call's arguments."""
    found = op.attrs["statics"]
    return found if isinstance(found, dict) else {}


def path(spec: Sequence[str], values: Iterable[Any]) -> tuple[Any, ...]:
    """A subscript."""
    given = iter(values)
    out: list[Any] = []
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


def execute(op: Op, values: Sequence[Any]) -> Any:
    """The value of an operation."""
    match op.kind:
        case "const":
            return op.attrs["value"]
        case "prim":
            return call(op, values)
        case "pack":
            kind = op.result.type
            return list(values) if isinstance(kind, Struct) and kind.kind == "list" else tuple(values)
        case "item":
            return values[0][op.attrs["slot"]]
        case "listing":
            return list(values)
        case "select":
            return values[1] if values[0] else values[2]
        case "index":
            spec = op.attrs["spec"]
            where = path(spec if isinstance(spec, tuple) else (), values[1:])
            return values[0][where[0] if isinstance(values[0], (list, tuple)) else where]
    raise AssertionError(op.kind)


def run(ops: Iterable[Op], env: Mapping[Value, Any], sizes: Mapping[str, int]) -> dict[Value, Any]:
    """Evaluate, checking types as it goes."""
    env = {key: copy.deepcopy(v) if isinstance(v, np.random.Generator) else v for key, v in env.items()}
    np.random.seed(5)  # the same draws each time
    with np.errstate(all="ignore"):
        for op in ops:
            env[op.result] = execute(op, [env[value] for value in op.operands])
            problem = mismatch(env[op.result], op.result.type, sizes)
            require(problem is None, f"{op.kind} {op.name}{dict(op.attrs)}: {problem}")
    return env


def mismatch(value: Any, type_: Type, sizes: Mapping[str, int]) -> str | None:
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


def of_parts(type_: Type, parts: Sequence[Value]) -> Type:
    """The type of a structure or list of these tangents."""
    if isinstance(type_, Struct):
        return Struct(type_.kind, type_.keys, tuple(part.type for part in parts))
    return ListOf(parts[0].type)


def forward(b: Builder, ops: Sequence[Op], dots: Mapping[Value, Value]) -> dict[Value, Value]:
    """Tangents of straight-line IR: what the compiler's forward mode does, for order 2."""
    dots = dict(dots)
    for op in list(ops):
        given = [dots.get(value) for value in op.operands]
        if all(dot is None for dot in given) or tangent(op.result.type) is None:
            continue
        if op.kind == "prim":
            rule = table.lookup(op.name)
            if rule is None:
                raise Mismatch(op.name)
            out = rule.jvp(b, op, given)
        elif op.kind == "item":
            slot = op.attrs["slot"]
            out = b.item(given[0], slot) if given[0] is not None and isinstance(slot, int) else None
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
