"""The determinant and its derivatives, which are finite everywhere: cofactors are polynomials in the entries.

    y = np.linalg.det(a)               ->      a_bar = y_bar * _cofactors(a)
    y = np.log(np.linalg.det(a))       ->      a_bar = y_bar * np.linalg.inv(a).T

The cofactors are y * inv(a).T where the matrix has an inverse that keeps its digits (Giles, An extended collection of
matrix derivative results, 2008, 2.2.4); else those of the diagonal matrix between the two unitary ones of its singular
value decomposition, products of all the other singular values.
"""

from __future__ import annotations

from collections.abc import Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules.call import Call
from adgen.rules.infer import shape_of
from adgen.rules.kinds import general
from adgen.rules.linalg import square
from adgen.rules.matrices import float_dtype
from adgen.rules.rule import Facts, TypeProblem


def _det_type(facts: Facts) -> Type:
    square(facts)
    shape = shape_of(facts.types[0])
    return Array(float_dtype(list(facts.types[:1])), None if shape is None else shape[:-2])


def _det_vjp(call: Call, g: Value) -> Value:
    made = next((op for op in reversed(call.b.ops) if g in op.results), None)
    if made is not None and made.name == "div" and made.operands[1] is call.y and call.rank("a") == 2:
        return call("g * np.linalg.inv(a).T", g=made.operands[0])  # of log(det(a)), which has none at a singular matrix
    return call("g * cofactors(a)" if call.rank("a") == 2 else "g[..., None, None] * cofactors(a)", g=g)


def _det_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" not in dots:
        return None
    if call.rank("a") == 2:
        return call("np.sum(cofactors(a) * a_dot)", a_dot=dots["a"])
    return call("np.sum(cofactors(a) * a_dot, axis=axis)", a_dot=dots["a"], axis=call.b.const((-2, -1)))


general("np.linalg.det(a)", vjp={"a": _det_vjp}, jvp=_det_jvp, infer=_det_type)


# what generated modules define (runtime_linalg.py) --------------------------------------------------------------------
def _matrices(facts: Facts) -> Type:
    square(facts)
    return Array(float_dtype(list(facts.types)), shape_of(facts.types[0]))


general(
    "cofactors(a)",
    vjp={"a": "cofactors_dot(a, g)"},
    jvp={"a": "cofactors_dot(a, a_dot)"},
    infer=_matrices,
    doc="the derivative of np.linalg.det(a): det(a) * inv(a).T, also of a singular matrix",
)


def _second_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    texts = {"a": "cofactors_second(a, d, dot)", "d": "cofactors_dot(a, dot)"}
    return _sum(call, [call(text, dot=dots[name]) for name, text in texts.items() if name in dots])


def _sum(call: Call, parts: list[Value]) -> Value | None:
    total = None
    for part in parts:
        total = part if total is None else call("total + part", total=total, part=part)
    return total


general(
    "cofactors_dot(a, d)",
    vjp={"a": "cofactors_second(a, d, g)", "d": "cofactors_dot(a, g)"},
    jvp=_second_jvp,
    infer=_matrices,
    doc="the derivative of the cofactors of a in the direction d",
)


def _fourth(call: Call, g: Value) -> Value:
    raise TypeProblem("derivatives of det beyond the third are not known", "write np.exp of np.linalg.slogdet's second")


def _third_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if "a" in dots:
        return _fourth(call, dots["a"])
    texts = {"d": "cofactors_second(a, dot, e)", "e": "cofactors_second(a, d, dot)"}
    return _sum(call, [call(text, dot=dots[name]) for name, text in texts.items() if name in dots])


general(
    "cofactors_second(a, d, e)",
    vjp={"a": _fourth, "d": "cofactors_second(a, g, e)", "e": "cofactors_second(a, d, g)"},
    jvp=_third_jvp,
    infer=_matrices,
    doc="the second derivative of the cofactors of a in two directions",
)
