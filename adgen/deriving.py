"""From a lowered function to the functions of its derivative, those that it calls included.

f, which calls power            grad:  f_grad, power_fwd, power_bwd
                                jvp:   f_jvp, power_jvp
                                vjp:   f_fwd, f_bwd, power_fwd, power_bwd
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from adgen import naming
from adgen.analyses.whole_numbers import whole_in_calls
from adgen.errors import InternalError
from adgen.ir.core import Func, Value
from adgen.ir.walk import walk
from adgen.optimise.tangent_alone import tangent_alone
from adgen.told import after_rereads, names_of_tapes
from adgen.transforms import fresh
from adgen.transforms.absent import with_absent
from adgen.transforms.bound import bound
from adgen.transforms.buffered import buffered
from adgen.transforms.forward import forward
from adgen.transforms.layouts import in_c_order
from adgen.transforms.one_number import one_number
from adgen.transforms.pairs import pair
from adgen.transforms.reverse import reverse
from adgen.transforms.reverse_calls import Calls, look, mark
from adgen.transforms.saves_build import save
from adgen.transforms.split import split
from adgen.transforms.strong import as_said, strong


@dataclass(frozen=True)
class Request:
    """What derivative is asked for: mode grad, value_and_grad, jvp or vjp, and with respect to which parameters."""

    mode: str
    wrt: tuple[str, ...]
    single: bool = True
    has_aux: bool = False
    again: bool = False  # the text is differentiated again: it keeps nothing that has no type
    backend: str = "numpy"  # what the text is for: numpy or numba
    style: str = "expert"  # or textbook: a statement for each adjoint, and for each contribution to it
    alone: bool = False  # jvp: the tangent of the result without the result

    @property
    def profile(self) -> str:
        """The name under which the passes know what the text is for."""
        return self.style if self.style == "textbook" else self.backend


class Run(Protocol):
    """What carries out passes: times, checks and dumps them."""

    reread: Sequence[Value]  # tapes that the optimiser did without

    def step(self, name: str, run: Callable[[], Func]) -> Func:
        """One pass."""

    def optimise(self, func: Func) -> Func:
        """All passes of the optimiser."""


def derive(
    func: Func, callees: Sequence[Func], request: Request, run: Run, guarded: bool
) -> tuple[list[Func], tuple[str, ...], Calls]:
    """The derivative functions of a lowered function (two in the split form), and why each value is saved.

    Behind them come the derivatives of the functions that it calls, and those functions themselves, as far as needed.
    """
    name = naming.derivative(func.qualname or func.name, request.mode)
    stem = name.removesuffix("_vjp")
    public = (name, f"{stem}_fwd", f"{stem}_bwd") if request.mode == "vjp" else (name,)
    calls = look(func, request.wrt, callees, public, not guarded and request.mode == "jvp")
    func, callees = mark(func, calls, "out"), [mark(callee, calls, "inner") for callee in callees]
    calls = replace(calls, whole=whole_in_calls(func, callees))
    inner: dict[str, Func] = {callee.name: callee for callee in callees}
    why: list[str] = []
    primals = tuple(inner)
    for callee in callees:
        if callee.name not in calls.wrt:
            continue
        if request.mode == "jvp":
            made: Sequence[Func] = [_forward(callee, calls.parameters(callee), calls, run)]
            modes: tuple[str, ...] = ("jvp",)
        else:
            made, notes = _pair(callee, calls, request.mode != "vjp", run)
            why += notes
            modes = ("fwd", "bwd")
        inner.update((calls.names[callee.name, mode], one) for mode, one in zip(modes, made, strict=True))
    inner = {key: replace(one, name=key) for key, one in sorted(inner.items(), key=lambda pair: pair[0] in primals)}
    if name in inner:
        if request.alone:
            raise InternalError(f"`{func.name}` calls itself in forward mode: it needs what it returns")
        return _reached([inner[name]], inner), (), calls
    if request.mode == "jvp":
        return _reached([replace(_forward(func, request.wrt, calls, run, request.alone), name=name)], inner), (), calls
    if request.mode != "vjp":
        func = one_number(func, request.mode, request.has_aux)
    single = request.single and request.mode != "vjp"
    joint, notes = _reverse(func, request, single, calls, run)
    own = [replace(joint, name=name)] if request.mode != "vjp" else split(replace(joint, name=stem), "out_bar")
    return _reached(own, inner), (*notes, *why), calls


def _forward(func: Func, wrt: Sequence[str], calls: Calls, run: Run, alone: bool = False) -> Func:
    """The function in forward mode; or what gives the tangent alone."""
    func = run.step("differentiate", lambda: strong(in_c_order(with_absent(forward(func, wrt, calls)))))
    first = 0 if alone else 1
    if alone:
        func = run.step("tangent_alone", lambda: tangent_alone(func))
    func = run.step("own_results", lambda: fresh.own_results(func, first))
    func = run.optimise(func)
    func = run.step("buffered", lambda: buffered(func))
    func = run.step("bound", lambda: bound(func))
    return run.step("own_again", lambda: fresh.own_results(func, first))


def _pair(func: Func, calls: Calls, once: bool, run: Run) -> tuple[Sequence[Func], Sequence[str]]:
    """The forward and the backward function of a function that stays one."""
    wrt = tuple(calls.parameters(func))
    seed = naming.fresh("out_bar", [param.name for param in func.params])
    joint, notes = _reverse(func, Request("vjp", wrt), len(wrt) == 1, calls, run, seed)
    return pair(joint, seed, once), notes


def _reached(own: Sequence[Func], inner: Mapping[str, Func]) -> list[Func]:
    """The functions, and those that they call, directly or not; in order, each once."""
    found = list(own)
    for func in found:
        for op in walk(func.block):
            if op.kind == "call" and all(other.name != op.name for other in found):
                found.append(inner[op.name])
    order = {func.name: k for k, func in enumerate(inner.values())}
    return [*own, *sorted(found[len(own) :], key=lambda func: order[func.name])]


def _reverse(
    func: Func, request: Request, single: bool, calls: Calls, run: Run, seed: str = "out_bar"
) -> tuple[Func, Sequence[str]]:
    """The function followed by its reverse sweep, and why each value is saved."""
    value = request.mode != "grad"
    reversed_ = reverse(
        func,
        request.wrt,
        seed=seed if request.mode == "vjp" else None,
        value=value,
        aux=request.has_aux,
        single=single,
        calls=calls,
    )
    notes: list[str] = []

    def saved() -> Func:
        made, why = save(reversed_)
        notes.extend(why)
        return strong(in_c_order(with_absent(made)))

    func = run.step("save", saved)
    names = names_of_tapes(func)
    func = run.step("own_results", lambda: fresh.own_results(func, 1 if value else 0))
    func = run.optimise(func)
    notes = after_rereads(notes, names, run.reread)
    func = run.step("buffered", lambda: buffered(func))
    func = run.step("bound", lambda: bound(func, request.mode == "vjp"))
    first = 1 if value else 0
    return run.step("own_again", lambda: as_said(fresh.own_results(func, first), first)), notes
