"""`s op= e` where s may be an array without axes: a number is replaced, such an array changes under all of its names.

def f(k, x):      k a number: `s` is another one from the second line on; np.array(0.7) would change, and k with it
    s = k
    s += x        where the value comes from an argument, the text asks for a number (`numbers`, a guard);
    return s * k  from `np.zeros(())`, `np.where(..)` of numbers, `x[0, ...]`: refused
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from adgen.frontend.lower_augment import owned
from adgen.frontend.lower_memory import FLATTENING, MAKERS
from adgen.frontend.lower_state import Lowering
from adgen.frontend.reject import Reject
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import Array, ListOf, Ref, Struct, Type
from adgen.ir.walk import defs, walk
from adgen.rules.views import MAY_ALIAS

WITHOUT_AXES = MAKERS | frozenset("""
    np.asanyarray np.asarray_chkfinite np.block np.broadcast_arrays np.choose np.copy np.cov np.cross np.empty_like
    np.fft.fftn np.fft.ifftn np.full_like np.i0 np.linalg.tensorsolve np.ones_like np.piecewise np.polyint
    np.random.choice np.require np.resize np.roll np.select np.tensordot np.transpose np.where
    scipy.optimize.fixed_point scipy.special.diric scipy.special.polygamma
    """.split())  # their result is an array also where it has no axes
MAKES_NUMBERS = frozenset(f"np.{name}" for name in ("float64", "float32", "float16", "complex128", "complex64"))
CARRIED = {"for": 3, "while": 0}  # where the initial values begin among the operands


def changes(low: Lowering, old: Value, target: ast.expr) -> None:
    """`target op= e` makes a new value of one without axes; noted where an array would have another name."""
    if elsewhere(low, target):
        low.replaced.append((old, target))


def elsewhere(low: Lowering, target: ast.expr) -> bool:
    """Whether what is changed may have another name."""
    if isinstance(target, ast.Name) and owned(low, target.id):
        inner = low.frame.caller is not None or low.callee is not None
        return target.id in low.frame.facts.params and (inner or _several(low))
    return True


def _several(low: Lowering) -> bool:
    """Whether two arguments can be one array without axes."""
    return sum(holds(value.type) for value in low.parameters) > 1


def holds(type_: Type) -> bool:
    """Whether values of the type are arrays without axes, or hold some."""
    match type_:
        case Array(_, ()):
            return True
        case ListOf(item):
            return holds(item)
        case Struct():
            return any(map(holds, type_.items))
    return False


def numbers(func: Func, replaced: Sequence[tuple[Value, ast.expr]]) -> tuple[str, ...]:
    """The parameters that must hold numbers, not arrays without axes; refused if the function makes the arrays."""
    if not replaced:
        return ()
    sources = _Sources(func)
    asked: dict[str, None] = {}
    made = any(op.kind == "prim" and op.name in WITHOUT_AXES and _rank0(op.result) for op in walk(func.block))
    for value, target in replaced:
        for source in sources.of(value):
            if source is True or (source is None and made):
                raise _refusal(target)
            asked |= dict.fromkeys(name for name in sources.params.values() if source in (name, None))
    return tuple(param.name for param in func.params if param.name in asked and holds(param.value.type))


def own_numbers(func: Func, replaced: Sequence[tuple[Value, ast.expr]]) -> None:
    """Refuses where the function, one that calls itself, replaces what may be an array that its caller has, too."""
    sources = _Sources(func) if replaced else None
    for value, target in replaced:
        if sources is not None and any(True for _ in sources.of(value)):
            raise _refusal(target)


def _refusal(target: ast.expr) -> Reject:
    why = f"`{ast.unparse(target)}` is an array without axes, and it changes in place"
    return Reject("E0120", target, why, "use a number: `float(..)`")


def _rank0(value: Value) -> bool:
    return isinstance(value.type, Array) and value.type.shape == ()


class _Sources:
    """Where values without axes come from: a parameter (its name), an array made here (True), the unknown (None)."""

    def __init__(self, func: Func) -> None:
        self.ops = defs(func)
        self.params = {param.value: param.name for param in func.params}
        self.joined: dict[Value, list[Value]] = {}
        for op in walk(func.block):
            self._join(op)

    def _join(self, op: Op) -> None:
        if op.kind in CARRIED:
            region = op.regions[0]
            given = op.operands[CARRIED[op.kind] :]
            params = region.params[len(region.params) - len(given) :]
            for init, param, end, result in zip(given, params, region.yields[1:], op.results[2:], strict=True):
                self.joined[param] = self.joined[result] = [init, end]
        elif op.kind == "if":
            for result, *ends in zip(op.results, *(region.yields for region in op.regions), strict=True):
                self.joined[result] = list(ends)
        elif op.kind == "select":
            self.joined[op.result] = list(op.operands[1:])

    def of(self, value: Value) -> Iterator[str | bool | None]:
        """What may be an array; nothing for numbers."""
        todo, seen = [value], {value: None}
        while todo:
            one = todo.pop()
            if one in self.params:
                yield self.params[one]
                continue
            if not _rank0(one) and not isinstance(one.type, Ref | Struct | ListOf):
                continue
            more = self.joined.get(one)
            if more is None:
                found = self._made(self.ops.get(one))
                if not isinstance(found, list):
                    yield found
                    continue
                more = found
            todo += [value for value in more if value not in seen]
            seen |= dict.fromkeys(more)

    def _made(self, op: Op | None) -> list[Value] | bool | None:
        """Whether an operation makes an array, or what else its result may be."""
        match op:
            case Op("prim"):
                return self._called(op)
            case Op("const" | "undef"):
                return []
            case Op("index" | "view") if not _lists(op.operands[0]):
                spec = op.attrs["spec"]
                return True if isinstance(spec, tuple) and "..." in spec else []
            case Op("index" | "view" | "load" | "alloc"):
                return [op.operands[0]] if self._given(op.operands[0]) or op.kind == "load" else None
            case Op("item"):
                inner = self.ops.get(op.operands[0])
                slot = op.attrs["slot"]
                if inner is not None and inner.kind == "pack" and isinstance(slot, int):
                    return [inner.operands[slot]]
                return [op.operands[0]] if self._given(op.operands[0]) else None
        return None

    def _called(self, op: Op) -> list[Value] | bool | None:
        if op.name in WITHOUT_AXES and not (op.name == "np.copy" and op.attrs.get("style") == "method"):
            return True
        if op.name in MAKES_NUMBERS:
            return []
        if op.name in FLATTENING and not _rank0(op.operands[0]):
            return True
        if op.name in MAY_ALIAS or op.name in ("copy", "np.copy") or op.name.startswith("present"):
            return None if any(isinstance(v.type, ListOf | Struct) for v in op.operands) else list(op.operands)
        return []

    def _given(self, value: Value) -> bool:
        """Whether it is a parameter, or a part of one."""
        op = self.ops.get(value)
        if op is not None and op.kind in ("item", "index", "view", "alloc", "load"):
            return self._given(op.operands[0])
        return value in self.params


def _lists(value: Value) -> bool:
    type_ = value.type.content if isinstance(value.type, Ref) else value.type
    return isinstance(type_, ListOf | Struct)
