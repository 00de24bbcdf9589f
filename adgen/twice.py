"""Gradients that are differentiated again, of functions that call themselves: by tangents, one for each number.

    def f_grad(x, n):                          def f_jvp(x, n, x_dot): ..
        return f_jvp(x, n, 1.0)[1]

The pair of forward and backward functions keeps values that nest as deep as the calls do, which have no type; the
function in forward mode keeps nothing, and can be differentiated like any other.  The gradient of an array takes one
pass for each of its numbers: exact, not fast, and only made where a derivative of the gradient is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen import naming
from adgen.backend.emit import signature
from adgen.errors import Diagnostic, Refusal
from adgen.ir.core import Func, Param
from adgen.ir.types import Array, Scalar, Type, show


def gradient_text(
    name: str, jvp: Func, wrt: Sequence[str], types: Mapping[str, Type], single: bool, value: bool
) -> str:
    """The function that gives the gradient (and the value) by calls of the function in forward mode."""
    dots = jvp.params[_first_dot(jvp, wrt) :][: len(wrt)]
    own = [param for param in jvp.params if param not in dots]
    lines = [f"def {name}({signature(tuple(own))}):"]
    if value:
        zeros = {dot: _zero(param, types[param]) for dot, param in zip(dots, wrt, strict=True)}
        lines.append(f"    out = {_call(jvp, zeros)}[0]")
    results = []
    for k, param in enumerate(wrt):
        bar = naming.fresh(naming.adjoint(param), [other.name for other in jvp.params])
        lines += _one(jvp, dots, wrt, types, k, bar)
        results.append(bar)
    gradient = results[0] if single else f"({', '.join(results)},)"
    lines.append(f"    return out, {gradient}" if value else f"    return {gradient}")
    return "\n".join([*lines, ""])


def _first_dot(jvp: Func, wrt: Sequence[str]) -> int:
    """Where the tangents stand: ahead of captured values."""
    captured = sum(param.kind == "captured" for param in jvp.params)
    return len(jvp.params) - captured - len(wrt)


def _one(
    jvp: Func, dots: Sequence[Param], wrt: Sequence[str], types: Mapping[str, Type], place: int, bar: str
) -> list[str]:
    """The statements that make one gradient."""
    given = {dot: _zero(param, types[param]) for dot, param in zip(dots, wrt, strict=True)}
    name, type_ = wrt[place], types[wrt[place]]
    rank = _rank(type_)
    if rank == 0:
        given[dots[place]] = f"np.ones_like({name})" if isinstance(type_, Array) else "1.0"
        call = f"{_call(jvp, given)}[1]"
        single = isinstance(type_, Array) and type_.dtype == "f4"  # what is computed of it may be of double precision
        return [f"    {bar} = np.float32({call})" if single else f"    {bar} = {call}"]
    unit = naming.fresh("unit", [param.name for param in jvp.params])
    index = naming.fresh("k", [param.name for param in jvp.params])
    given[dots[place]] = unit if rank == 1 else f"np.reshape({unit}, {name}.shape)"
    lines = [
        f"    {bar} = np.zeros({name}.size, {name}.dtype)",
        f"    for {index} in range({name}.size):",
        f"        {unit} = np.zeros({name}.size, {name}.dtype)",
        f"        {unit}[{index}] = 1.0",
        f"        {bar}[{index}] = {_call(jvp, given)}[1]",
    ]
    return lines if rank == 1 else [*lines, f"    {bar} = np.reshape({bar}, {name}.shape)"]


def _rank(type_: Type) -> int:
    """The rank of a real number or array; other arguments are refused."""
    if type_ == Scalar("float"):
        return 0
    if isinstance(type_, Array) and type_.shape is not None and (type_.dtype or "f").startswith("f"):
        return len(type_.shape)
    title = f"the gradient with respect to {show(type_)} of a function that calls itself is not differentiated again"
    why = "second derivatives of such functions are taken by tangents of numbers and arrays"
    raise Refusal([Diagnostic("E0144", title, None, why, "pass numbers and arrays as arguments of their own")])


def _zero(name: str, type_: Type) -> str:
    return f"np.zeros_like({name})" if _rank(type_) or isinstance(type_, Array) else "0.0"


def _call(jvp: Func, dots: Mapping[Param, str]) -> str:
    """A call of the function in forward mode, with its own parameters and these tangents."""
    parts = []
    for param in jvp.params:
        text = dots.get(param, param.name)
        parts.append(f"{param.name}={text}" if param.kind in ("keyword", "captured") else text)
    return f"{jvp.name}({', '.join(parts)})"
