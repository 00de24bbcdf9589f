"""The passes, as data, and the loop that runs them: from a function's source to the text of its derivative.

    FunctionSource, types, Request  ->  lower -> transform -> optimise -> print  ->  Generated

A pass is a function from a `Func` to a `Func`.  With verify="each" every result is checked and a complaint names the
pass that made it; `dump` is handed the function after each pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from adgen import naming
from adgen.errors import Diagnostic, InternalError, Refusal
from adgen.frontend.bindings import Binding, FunctionSource
from adgen.ir.core import Func
from adgen.ir.types import Array, Scalar, Type, Unknown, is_active_type, show
from adgen.ir.verify import verify as complaints
from adgen.optimise.algebra import algebra
from adgen.optimise.common import common
from adgen.optimise.dead_code import dead_code
from adgen.optimise.fold import fold
from adgen.optimise.hoist import hoist
from adgen.optimise.ifs import fuse_ifs
from adgen.optimise.inplace import inplace
from adgen.optimise.merge_tapes import merge_tapes
from adgen.optimise.tape_loops import tape_loops
from adgen.transforms import fresh
from adgen.transforms.forward import forward
from adgen.transforms.reverse import reverse
from adgen.transforms.saves_build import save
from adgen.transforms.split import split

Dump = Callable[[int, str, str], None]


@dataclass(frozen=True)
class Request:
    """What derivative is asked for: mode grad, value_and_grad, jvp or vjp, and with respect to which parameters."""

    mode: str
    wrt: tuple[str, ...]
    single: bool = True
    has_aux: bool = False


class CapturedParam(NamedTuple):
    """A trailing keyword-only parameter of generated code, and how its value is reached at each call."""

    name: str
    binding: Binding


@dataclass(frozen=True)
class Generated:
    """The text of a module, the public function in it, and what was decided on the way."""

    text: str
    name: str
    captured: tuple[CapturedParam, ...] = ()
    notes: tuple[str, ...] = ()
    explain: tuple[str, ...] = ()


class Pass(NamedTuple):
    """A row of the pass table."""

    name: str
    run: Callable[[Func], Func]
    why: str


FRONT = (
    ("lower", "Python source to structured SSA; user functions are inlined"),
    ("differentiate", "forward: tangents beside values; reverse: the adjoint sweep after the forward sweep"),
    ("save", "reverse only: primal values that a loop overwrites are recomputed or kept on tapes"),
    ("own_results", "returned derivatives are copied where they would share memory"),
)
PASSES = (
    Pass("dead_code", dead_code, "drop what the derivative does not need, first of all the primal result"),
    Pass("fold", fold, "literals and branches that types decided"),
    Pass("common", common, "compute a value once, in the forward sweep if it is there already"),
    Pass("algebra", algebra, "1 * x, x + x, signs, sums of broadcasts: only in derivative code"),
    Pass("fuse_ifs", fuse_ifs, "neighbouring branches on one test become one"),
    Pass("fold_again", fold, "fusing leaves constants behind"),
    Pass("algebra_again", algebra, "sums that fusing brought together"),
    Pass("common_again", common, "after algebra, equal expressions look equal"),
    Pass("dead_code_again", dead_code, "what the rewrites made useless"),
    Pass("merge_tapes", merge_tapes, "tapes pushed and popped side by side become one of tuples"),
    Pass("tape_loops", tape_loops, "a reverse loop that only pops a tape runs over the tape"),
    Pass("dead_code_last", dead_code, "trip counts and tests that the tape made useless"),
    Pass("hoist", hoist, "loop invariants of derivative code leave their loops"),
    Pass("inplace", inplace, "accumulate in place in buffers that the derivative owns"),
)
ORDER = (
    ("save", "dead_code", "saves mark what is live themselves; removing code first would lose the mirror of each block"),
    ("algebra", "common_again", "factors are put into one order by algebra"),
    ("dead_code_again", "merge_tapes", "a tape that nobody needs must not be merged"),
    ("merge_tapes", "tape_loops", "a loop can run over one tape only"),
    ("dead_code_again", "tape_loops", "a tape that nobody pops must not keep its loop"),
    ("inplace", "print", "ownership is proven on the final code"),
)


class _Run:
    """One run of the passes over one function."""

    def __init__(self, verify: str, dump: Dump | None) -> None:
        self.verify = verify
        self.dump = dump
        self.number = 0
        self.times: list[tuple[str, float]] = []

    def step(self, name: str, run: Callable[[], Func]) -> Func:
        """Run, time, check, dump one pass."""
        start = time.perf_counter()
        func = run()
        self.times.append((name, time.perf_counter() - start))
        if self.dump is not None:
            from adgen.ir.show import show as show_func

            self.dump(self.number, name, show_func(func))
        self.number += 1
        if self.verify == "each":
            check(func, name)
        return func

    def optimise(self, func: Func) -> Func:
        """All passes of the table."""
        for row in PASSES:
            func = self.step(row.name, lambda row=row, func=func: row.run(func))  # type: ignore[misc]
        if self.verify == "end":
            check(func, PASSES[-1].name)
        return func


def check(func: Func, name: str) -> None:
    """Raise if the IR is not valid; the message names the pass."""
    found = complaints(func)
    if found:
        raise InternalError(f"after pass {name} of {func.name}: " + "; ".join(found[:5]))


def derive(func: Func, request: Request, run: _Run) -> tuple[list[Func], tuple[str, ...]]:
    """The derivative functions of a lowered function (two in the split form), and why each value is saved."""
    name = naming.derivative(func.qualname or func.name, request.mode)
    if request.mode == "jvp":
        func = run.step("differentiate", lambda: forward(func, request.wrt))
        func = run.step("own_results", lambda: fresh.own_results(func, 1))
        return [replace(run.optimise(func), name=name)], ()
    _check_result(func, request)
    seed = "out_bar" if request.mode == "vjp" else None
    value = request.mode != "grad"
    reversed_ = reverse(
        func,
        request.wrt,
        seed=seed,
        value=value,
        aux=request.has_aux,
        single=request.single and request.mode != "vjp",
    )
    notes: list[str] = []

    def saved() -> Func:
        made, why = save(reversed_)
        notes.extend(why)
        return made

    func = run.step("save", saved)
    func = run.step("own_results", lambda: fresh.own_results(func, 1 if value else 0))
    func = run.optimise(func)
    if request.mode != "vjp":
        return [replace(func, name=name)], tuple(notes)
    stem = name.removesuffix("_vjp")
    return list(split(replace(func, name=stem), "out_bar")), tuple(notes)


def _check_result(func: Func, request: Request) -> None:
    """`grad` needs a real scalar."""
    if request.mode == "vjp":
        return
    type_ = func.result.type
    if request.has_aux:
        type_ = getattr(type_, "items", (type_,))[0]
    scalar = isinstance(type_, Unknown) or type_ == Scalar("float")
    if isinstance(type_, Array):
        scalar = type_.shape in ((), None) and (type_.dtype is None or type_.dtype.startswith("f"))
    if scalar:
        return
    span = next((op.span for op in reversed(func.block.ops) if func.result in op.results and op.span), None)
    from adgen.transforms.reverse_stores import place_of

    raise Refusal(
        [
            Diagnostic(
                "E0140",
                f"`{func.name}` returns {_what(type_)}, and {request.mode} needs a real number",
                place_of(span),
                "a gradient is that of one real number with respect to the arguments",
                "reduce the result (np.sum, ..), or use adgen.jacobian, adgen.vjp or adgen.jvp",
            )
        ]
    )


def _what(type_: Type) -> str:
    kind = {"int": "an integer", "bool": "a flag", "complex": "a complex number"}
    if isinstance(type_, Scalar):
        return kind.get(type_.kind, type_.kind)
    return show(type_)


def check_wrt(func: Func, request: Request) -> None:
    """Every independent variable exists and can vary."""
    by_name = {param.name: param for param in func.params}
    for name in request.wrt:
        if name not in by_name:
            raise Refusal([Diagnostic("E0141", f"`{func.name}` has no parameter `{name}`", None, "it is named in wrt", "")])
        if not is_active_type(by_name[name].value.type):
            what = show(by_name[name].value.type)
            help_ = "pass a float, or leave it out of wrt / argnums"
            why = "only real and complex floating-point values carry derivatives"
            raise Refusal([Diagnostic("E0142", f"`{name}` is {what}, which cannot vary", None, why, help_)])


def stages() -> Sequence[tuple[str, str]]:
    """All passes in order, with their reasons."""
    return [*FRONT, *((row.name, row.why) for row in PASSES), ("print", "names, layout, text")]


Types = Mapping[str, Type]
Source = FunctionSource
