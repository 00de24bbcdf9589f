"""Calls of functions that stay functions: which are active, and what stands for them in derivative code.

    y = power(x, n)          reverse:  y, saved = power_fwd(x, n)         forward:  y, y_dot = power_jvp(x, n, x_dot)
                                       ..
                                       x_bar = power_bwd(saved, y_bar)

Activity is found for the whole program at once: which parameters of a function can reach its result (`flows`, by
optimistic rounds), then which of them are active in some call (`wrt`).  All calls of a function share one derivative;
what a call does not need of it is dropped there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from adgen import naming
from adgen.analyses.activity import Activity, Flows, activity
from adgen.analyses.effects import is_random
from adgen.analyses.whole_numbers import Known
from adgen.ir.core import Func, Op, Value
from adgen.ir.types import SAVED, is_active_type, tangent
from adgen.ir.walk import Rebuilder, walk
from adgen.transforms.adjoints import Env


@dataclass(frozen=True)
class Calls:
    """What is known of all functions of a program: what reaches their results, what is active, derivatives' names."""

    flows: Flows
    wrt: Mapping[str, tuple[int, ...]]  # function -> the parameters that are active in some call
    names: Mapping[tuple[str, str], str]  # function, mode (fwd, bwd, jvp) -> the derivative's name
    impure: Mapping[str, None]  # functions that print, raise or draw random numbers
    whole: Known = field(default_factory=dict)  # parameters and results that may hold integers

    def parameters(self, func: Func) -> list[str]:
        """The parameters of a function that its derivative is taken with respect to."""
        return [func.params[k].name for k in self.wrt[func.name]]


NO_CALLS = Calls({}, {}, {}, {})


def look(
    entry: Func, wrt: Sequence[str], callees: Sequence[Func], public: Sequence[str], merged: bool = False
) -> Calls:
    """All facts; `public` are names that the module has besides those of the callees.

    `merged`: if the entry does nothing but call one of them, that one's derivative may take its place and its name.
    """
    flows = _flows(callees)
    by_name = {func.name: func for func in callees}
    active: dict[str, tuple[int, ...]] = {}
    todo = [(entry, [param.value for param in entry.params if param.name in wrt])]
    while todo:
        func, independent = todo.pop()
        facts = activity(func, independent, flows=flows)
        for op in walk(func.block):
            if op.kind != "call" or not is_active(op, facts):
                continue
            old = active.get(op.name, ())
            new = tuple(k for k, v in enumerate(op.operands) if k in old or v in facts)
            if new != old:
                active[op.name] = new
                callee = by_name[op.name]
                todo.append((callee, [callee.params[k].value for k in new]))
    taken = [*by_name, *public, *(param.name for func in (entry, *callees) for param in func.params)]
    names: dict[tuple[str, str], str] = {}
    same = _only_calls(entry) if merged else ""
    if same and [by_name[same].params[k].name for k in active.get(same, ())] == list(wrt):
        names[same, "jvp"] = public[0]
    for func in callees:
        for mode in ("fwd", "bwd", "jvp"):
            if (func.name, mode) not in names:
                names[func.name, mode] = _private(naming.derivative(func.name, mode), taken)
                taken.append(names[func.name, mode])
    return Calls(flows, active, names, _impure(callees))


def is_recursive(entry: Func, wrt: Sequence[str], callees: Sequence[Func]) -> bool:
    """Whether derivatives go through functions that call themselves."""
    return bool(look(entry, wrt, callees, ()).wrt)


def _only_calls(entry: Func) -> str:
    """The function that the entry calls with its own parameters, if it does nothing else."""
    given = tuple(param.value for param in entry.params)
    plain = all(param.kind == "positional" and param.default is None for param in entry.params)
    match entry.block.ops:
        case (Op(kind="call") as op,) if plain and op.operands == given and op.results == entry.block.yields:
            return op.name
    return ""


def _private(name: str, taken: Sequence[str]) -> str:
    return name if name not in taken else naming.fresh("_" + name, taken)


def _flows(callees: Sequence[Func]) -> Flows:
    """For each function the parameters that can reach its result: none at first, until nothing is new."""
    flows: dict[str, tuple[int, ...]] = {func.name: () for func in callees}
    while True:
        before = dict(flows)
        for func in callees:
            reached = []
            for k, param in enumerate(func.params):
                if is_active_type(param.value.type):
                    facts = activity(func, [param.value], flows=flows)
                    if param.value in facts:
                        reached.append(k)
            flows[func.name] = tuple(reached)
        if flows == before:
            return flows


def _impure(callees: Sequence[Func]) -> dict[str, None]:
    found: dict[str, None] = {}
    while True:
        before = len(found)
        for func in callees:
            if any(_has_effect(op, found) for op in walk(func.block)):
                found[func.name] = None
        if len(found) == before:
            return found


def _has_effect(op: Op, impure: Mapping[str, None]) -> bool:
    return op.kind == "effect" or is_random(op) or (op.kind == "call" and op.name in impure)


def is_active(op: Op, facts: Activity) -> bool:
    """Whether a call carries derivatives."""
    return op.results[0] in facts and any(operand in facts for operand in op.operands)


def mark(func: Func, calls: Calls, name: str) -> Func:
    """Calls that do nothing but give a value may be dropped where it is not read; what active ones give has a name."""
    return _Mark(calls, name).func(func)


class _Mark(Rebuilder):
    def __init__(self, calls: Calls, name: str) -> None:
        super().__init__()
        self.calls = calls
        self.name = name
        self.number = 0

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """Note it at a call."""
        if op.kind != "call":
            return (op,)
        results = op.results
        if op.name in self.calls.wrt and not op.result.hint:
            self.number += 1
            hint = self.name if self.number == 1 else f"{self.name}_{self.number}"
            results = (Value(op.result.type, hint),)
            self.mapping[op.result] = results[0]
        return (replace(op, results=results, attrs={**op.attrs, "pure": op.name not in self.calls.impure}),)


# reverse -------------------------------------------------------------------------------------------------------------
def with_saved(func: Func, facts: Activity, calls: Calls) -> Func:
    """The forward sweep: an active call keeps what its reverse needs."""
    return _Saving(facts, calls).func(func)


class _Saving(Rebuilder):
    def __init__(self, facts: Activity, calls: Calls) -> None:
        super().__init__()
        self.facts = facts
        self.calls = calls

    def visit(self, op: Op, old: Op) -> Sequence[Op]:
        """`y = f(x)` as `y, saved = f_fwd(x)`."""
        if op.kind != "call" or not is_active(op, self.facts):
            return (op,)
        hint = op.result.hint
        saved = Value(SAVED, naming.saved(hint) if hint else "saved")
        attrs = {**op.attrs, "fresh": (*fresh_of(op), False), "derives": op.name}
        name = self.calls.names[op.name, "fwd"]
        return (replace(op, name=name, results=(op.result, saved), attrs=attrs),)


def fresh_of(op: Op) -> tuple[bool, ...]:
    """For each result of a call, whether it shares no memory with the arguments."""
    fresh = op.attrs.get("fresh", (False,))
    assert isinstance(fresh, tuple)
    return fresh


def reverse_call(env: Env, op: Op) -> None:
    """`x_bar, .. = f_bwd(saved, y_bar)`."""
    callee = op.attrs.get("derives")
    if not isinstance(callee, str):
        return
    result, saved = op.results
    adjoint = env.take(result)
    if adjoint is None:
        return
    calls = env.plan.calls
    assert isinstance(calls, Calls)
    wanted = [op.operands[k] for k in calls.wrt[callee]]
    results = tuple(Value(tangent(v.type) or v.type, f"{v.hint}_bar" if v.hint else "") for v in wanted)
    attrs = {"fresh": (True,) * len(results), "pure": True}
    operands = (saved, env.join(adjoint, result))
    name = calls.names[callee, "bwd"]
    env.builder.add(Op("call", name, operands, results, (), attrs, op.span, "adjoint", op))
    for operand, bar in zip(wanted, results, strict=True):
        if operand in env.plan.active:
            env.acc(operand, bar)
