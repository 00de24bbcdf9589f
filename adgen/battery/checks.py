"""The checks of one call: value, both modes, their agreement, order 2.

>>> case = Case("np.tanh", None, [np.array([0.3, -1.2])])
>>> check_forward(Trial(case))
>>> check_reverse(Trial(case), sign=-1.0)
Traceback (most recent call last):
..
adgen.battery.evaluate.Mismatch: ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from adgen.battery.evaluate import Mismatch, forward, mismatch, require, run
from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import BOOL, COMPLEX, FLOAT, INT, UNKNOWN, Array, Dim, Opaque, Struct, Sym, Type, tangent
from adgen.rules import table
from adgen.rules.apply import apply
from adgen.rules.sparse import SPARSE


class Const(NamedTuple):
    """An argument that is a literal in the program."""

    value: object


class Still(Const):
    """An argument that is no literal, and by which no derivative is asked for."""


class Case(NamedTuple):
    """One call: the rule's name, parameter names (None: by position), arguments."""

    name: str
    args: tuple[str, ...] | None
    values: list[Any]


NUMBERS = {bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX}


def type_of(value: Any, name: str, sizes: dict[str, int], known: str) -> Type:
    """The type of an argument: `known` says how much is told of dimensions (all, symbols, nothing)."""
    if isinstance(value, (list, tuple)):
        items = tuple(type_of(item, f"{name}_{k}", sizes, known) for k, item in enumerate(value))
        return Struct("list" if isinstance(value, list) else "tuple", tuple(str(k) for k in range(len(items))), items)
    if type(value) in NUMBERS:
        return NUMBERS[type(value)]
    if isinstance(value, np.random.Generator):
        return Opaque("np.random.Generator")
    if type(value).__module__.startswith("scipy.sparse."):
        return SPARSE
    if known in ("dtype", "array", "kind"):
        code = np.asarray(value).dtype.str[1:]
        return UNKNOWN if known == "kind" and code[0] == "f" else Array(None if known == "array" else code, None)
    dims: list[Dim] = []
    for axis, size in enumerate(np.shape(value)):
        symbol = Sym(f"{name}{axis}")
        sizes[symbol.name] = size
        told: dict[str, Dim] = {"all": size, "symbols": 1 if size == 1 else symbol, "nothing": None}
        dims.append(told[known])
    return Array(np.asarray(value).dtype.str[1:], tuple(dims))


def leaves(value: Any) -> list[Any]:
    """The arrays in a structure."""
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None else [np.asarray(value)]


def inner(a: Any, b: Any) -> float:
    """The pairing of an adjoint and a tangent: bilinear, and its real part."""
    return sum(float(np.real(np.sum(x * y))) for x, y in zip(leaves(a), leaves(b), strict=True))


def direction(value: Any, rng: Any) -> Any:
    """A random tangent of the same structure and dtype; None where there is none."""
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(direction(item, rng) for item in value)
    dtype = np.asarray(value).dtype
    if dtype.kind not in "fc":
        return None
    d = rng.uniform(-1, 1, np.shape(value))
    if dtype.kind == "c":
        d = d + 1j * rng.uniform(-1, 1, np.shape(value))
    return float(d) if type(value) is float else d.astype(dtype)[()]


def moved(value: Any, d: Any, h: float) -> Any:
    """value + h d, in the value's own structure."""
    if isinstance(value, (list, tuple)):
        return type(value)(moved(v, e, h) for v, e in zip(value, d, strict=True))
    if d is None:
        return value
    return type(value)(value + h * d) if type(value) in NUMBERS else (value + h * d).astype(value.dtype)


class Trial:
    """One call with arguments of some degree of knowledge."""

    def __init__(self, case: Case, known: str = "symbols", seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.case = case
        self.sizes: dict[str, int] = {}
        self.env: dict[Value, Any] = {}
        self.b = b = Builder()
        self.operands: list[Value] = []
        self.active: list[int] = []
        for k, value in enumerate(case.values):
            operand = self._operand(b, k, value, known)
            self.operands.append(operand)
            if not isinstance(value, Const) and tangent(operand.type) is not None:
                self.active.append(k)
        self.y = apply(b, case.name, self.operands, case.args)
        self.op = b.ops[-1]
        rule = table.lookup(case.name)
        if rule is None:
            raise Mismatch(f"no rule for {case.name}")
        self.rule = rule
        self.prefix = len(b.ops)
        self.primal = run(b.ops, self.env, self.sizes)
        self.packed = {operand: b.packed(operand) for operand in self.operands}
        if seed == 1:  # derivatives are often built where nothing is known of the primal but its operations
            self.b = Builder()
            self.b.ops = list(b.ops)

    def _operand(self, b: Builder, k: int, value: Any, known: str) -> Value:
        if isinstance(value, Const) and not isinstance(value, Still):
            return b.const(value.value)
        value = value.value if isinstance(value, Still) else value
        operand = Value(type_of(value, "abcdef"[k], self.sizes, known), "abcdef"[k])
        self.env[operand] = value
        if isinstance(operand.type, Struct):  # known by its members, as the compiler knows it
            items = [Value(item, "m") for item in operand.type.items]
            self.env.update(zip(items, value, strict=True))
            return b.pack(operand.type, items)
        return operand

    def value(self, k: int) -> Any:
        """The value of an operand."""
        return self.primal[self.operands[k]]

    def with_values(self, changed: Mapping[int, Any]) -> dict[Value, Any]:
        """The environment with other values of some operands."""
        env = dict(self.env)
        for k, value in changed.items():
            operand = self.operands[k]
            packed = self.packed[operand]
            env.update(zip(packed, value, strict=True) if packed is not None else {operand: value})
        return env

    def dots(self) -> dict[int, Any]:
        """Random tangents of the active operands."""
        return {k: direction(self.value(k), self.rng) for k in self.active}

    def jvp(self, dots: Mapping[int, Any]) -> Any:
        """(value of the tangent, or None)"""
        values = {k: self.tangent_value(k) for k in dots}
        out = self.rule.jvp(self.b, self.op, [values.get(k) for k in range(len(self.operands))])
        if out is None:
            return None
        env = {**self.env, **{values[k]: dot for k, dot in dots.items()}}
        found = run(self.b.ops, env, self.sizes)[out]
        del self.b.ops[self.prefix :]
        return found

    def tangent_value(self, k: int) -> Value:
        """A value for the tangent of an operand."""
        return dotted(self.operands[k].type, "dot")

    def vjp(self, y_bar: Any) -> tuple[list[Value | None], list[Any]]:
        """(contributions as values of the program, as numbers)"""
        self.g = dotted(self.y.type, "y_bar")
        bars = self.rule.vjp(self.b, self.op, self.g, self.active)
        env = run(self.b.ops, {**self.env, self.g: y_bar}, self.sizes)
        self.reverse = list(self.b.ops)
        del self.b.ops[self.prefix :]
        return bars, [None if bar is None else env[bar] for bar in bars]


def dotted(type_: Type, hint: str) -> Value:
    """A value of the tangent type."""
    found = tangent(type_)
    if found is None:
        raise Mismatch(f"{type_} carries no derivative")
    return Value(found, hint)


def differences(trial: Trial, dots: Mapping[int, Any]) -> list[Any]:
    """The tangent of the result by central differences, leaf by leaf."""
    h = 1e-6
    sides = [trial.with_values({k: moved(trial.value(k), dots[k], s * h) for k in dots}) for s in (1, -1)]
    up, down = (run(trial.b.ops[: trial.prefix], env, trial.sizes)[trial.y] for env in sides)
    return [(u - d) / (2 * h) for u, d in zip(leaves(up), leaves(down), strict=True) if u.dtype.kind in "fc"]


def check_forward(trial: Trial, sign: float = 1.0) -> None:
    """The tangent against central differences of the real function."""
    if any(leaf.dtype == np.float32 for leaf in leaves(trial.primal[trial.y])):
        return
    dots = trial.dots()
    y_dot = trial.jvp(dots)
    expected = differences(trial, dots)
    found = [0 * e for e in expected] if y_dot is None else [sign * leaf for leaf in leaves(y_dot)]
    for one, two in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, two, rtol=2e-6, atol=2e-7)
    if y_dot is not None:
        problem = mismatch(y_dot, dotted(trial.y.type, "").type, trial.sizes)
        require(problem is None, problem)


def check_reverse(trial: Trial, sign: float = 1.0, order_two: bool = True, tangents: bool = True) -> None:
    """Adjoints have the operands' shapes and dtypes, and are the transpose of the tangents (or of differences)."""
    y = trial.primal[trial.y]
    single = any(leaf.dtype == np.float32 for k in trial.active for leaf in leaves([trial.value(k), y]))
    y_bar = direction(y, trial.rng)
    dots = trial.dots()
    bars, found = trial.vjp(y_bar)
    total = 0.0
    for k, bar in zip(trial.active, found, strict=True):
        if bar is not None:
            total += sign * inner(bar, [d for d in leaves(dots[k])] if isinstance(dots[k], (list, tuple)) else dots[k])
            fits(bar, trial.value(k))
    y_dot = trial.jvp(dots) if tangents else differences(trial, dots)
    expected = 0.0 if y_dot is None else inner(y_bar if tangents else [v for v in leaves(y_bar)], y_dot)
    scale = max(
        1.0,
        sum(
            float(np.sum(np.abs(b) * np.abs(d)))
            for k, bar in zip(trial.active, found, strict=True)
            if bar is not None
            for b, d in zip(leaves(bar), leaves(dots[k]), strict=True)
        ),
    )
    allowed = 3e-5 if single else 3e-14 if tangents else 1e-6
    require(abs(total - expected) <= allowed * scale, (total, expected))
    if order_two and not single:
        check_order_two(trial, y_bar)


def fits(bar: Any, value: Any) -> None:
    """A contribution has the operand's structure, shape and dtype."""
    if isinstance(value, (list, tuple)):
        for one, two in zip(bar, value, strict=True):
            if one is not None:
                fits(one, two)
        return
    require(np.shape(bar) == np.shape(value), (np.shape(bar), np.shape(value)))
    if isinstance(value, (np.ndarray, np.generic)) and type(bar) is not float:
        require(np.asarray(bar).dtype == value.dtype, (np.asarray(bar).dtype, value.dtype))


def check_order_two(trial: Trial, y_bar: Any) -> None:
    """The tangent of the emitted reverse code against differences of it: every operation in it has a rule."""
    bars, _ = trial.vjp(y_bar)
    dots, g_dot = trial.dots(), direction(y_bar, trial.rng)
    values = {trial.operands[k]: trial.tangent_value(k) for k in dots}
    values[trial.g] = Value(trial.g.type, "g_dot")
    trial.b.ops[:] = ops = trial.reverse
    ops = list(ops)
    seeds = dict(values)
    env_dots = {values[trial.operands[k]]: dot for k, dot in dots.items()} | {values[trial.g]: g_dot}
    for k in dots:
        packed = trial.packed[trial.operands[k]]
        if packed is not None:
            del seeds[trial.operands[k]]
            for item, dot in zip(packed, dots[k], strict=True):
                if dot is not None:
                    seeds[item] = dotted(item.type, "dot")
                    env_dots[seeds[item]] = dot
    tangents = forward(trial.b, ops, seeds)
    env = {**trial.env, trial.g: y_bar, **env_dots}
    all_values = run(trial.b.ops, env, trial.sizes)
    h = 1e-5
    sides = []
    for s in (1, -1):
        at = trial.with_values({k: moved(trial.value(k), dots[k], s * h) for k in dots})
        at[trial.g] = moved(y_bar, g_dot, s * h)
        sides.append(run(ops, at, trial.sizes))
    for bar in bars:
        if bar is None:
            continue
        expected = [(u - d) / (2 * h) for u, d in zip(leaves(sides[0][bar]), leaves(sides[1][bar]), strict=True)]
        dot = tangents.get(bar)
        found = [0 * e for e in expected] if dot is None else leaves(all_values[dot])
        for one, two in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, two, rtol=2e-5, atol=2e-6)
