"""The passes, as data, and the loop that runs them: from a function's source to the text of its derivative.

    FunctionSource, types, Request  ->  lower -> transform -> optimise -> print  ->  Generated

A pass is a function from a `Func` to a `Func`.  With verify="each" every result is checked and a complaint names the
pass that made it; `dump` is handed the function after each pass.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from adgen import naming
from adgen.analyses.flags import no_written_flags
from adgen.backend.compiled import Frame
from adgen.backend.format import format_text
from adgen.backend.header import Header
from adgen.backend.layout import compiled_text, module_text
from adgen.backend.uncompiled import refuse_uncompiled
from adgen.deriving import Request as Request
from adgen.deriving import derive
from adgen.errors import Diagnostic, InternalError, Place, Refusal
from adgen.frontend.bindings import Binding, Captured, FunctionSource
from adgen.frontend.lower import lower_with_captured
from adgen.frontend.lower_state import Made
from adgen.frontend.resolve import from_text
from adgen.ir.core import Block, Func, Op, Span, Value
from adgen.ir.types import Type, is_active_type, show
from adgen.ir.verify import verify as complaints
from adgen.ir.walk import walk
from adgen.optimise.accumulate import accumulate
from adgen.optimise.algebra import algebra
from adgen.optimise.common import common
from adgen.optimise.counts import counts
from adgen.optimise.dead_code import dead_code
from adgen.optimise.dead_stores import dead_stores
from adgen.optimise.fold import fold
from adgen.optimise.hoist import hoist
from adgen.optimise.ifs import fuse_ifs
from adgen.optimise.inplace import inplace
from adgen.optimise.invariants import invariants
from adgen.optimise.last_pass import last_pass
from adgen.optimise.late_yields import late_yields
from adgen.optimise.merge_tapes import merge_tapes
from adgen.optimise.outer_tapes import outer_tapes
from adgen.optimise.refill import refill
from adgen.optimise.rereads import rereads
from adgen.optimise.rescale import rescale
from adgen.optimise.set_once import set_once
from adgen.optimise.slots import slots
from adgen.optimise.tape_loops import tape_loops
from adgen.optimise.twin_tapes import twin_tapes
from adgen.transforms.held import with_held
from adgen.transforms.one_number import one_number
from adgen.transforms.reverse_calls import is_recursive
from adgen.transforms.stops import drop_stops
from adgen.transforms.whole import no_whole_arrays
from adgen.twice import gradient_text
from adgen.writing import (
    compiled_vjp_text,
    explain,
    header_of,
    kept_kinds,
    places_of,
    shared_guards,
    vjp_text,
    with_numpy,
)

Dump = Callable[[int, str, str], None]


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
    times: tuple[tuple[str, float], ...] = ()
    recursive: bool = False  # some of its functions call themselves
    places: object = None  # where its result holds objects (`adgen.objects`)
    spans: Mapping[str, Span] = field(default_factory=dict)  # for Numba: a line's text -> what it was made from


class Pass(NamedTuple):
    """A row of the pass table."""

    name: str
    run: Callable[[Func], Func]
    why: str


FRONT = (
    ("lower", "Python source to structured SSA; user functions are inlined"),
    ("differentiate", "forward: tangents beside values; reverse: the adjoint sweep after the forward sweep"),
    ("save", "reverse only: primal values that a loop overwrites are recomputed or kept on tapes"),
    ("drop_stops", "stop_gradient is the identity once the derivative is taken"),
    ("own_results", "returned derivatives are copied where they would share memory"),
)
PASSES = (
    Pass("dead_code", dead_code, "drop what the derivative does not need, first of all the primal result"),
    Pass("fold", fold, "literals and branches that types decided"),
    Pass("common", common, "compute a value once, in the forward sweep if it is there already"),
    Pass("rereads", rereads, "what memory still has, or a step or two make again, needs no tape"),
    Pass("twin_tapes", twin_tapes, "one content needs one tape"),
    Pass("counts", counts, "entries of a direction that are added where they were picked are counted"),
    Pass("accumulate", accumulate, "a buffer of zeros starts with its first increment; whole buffers become values"),
    Pass("algebra", algebra, "1 * x, x + x, signs, sums of broadcasts: only in derivative code"),
    Pass("fuse_ifs", fuse_ifs, "neighbouring branches on one test become one"),
    Pass("fold_again", fold, "fusing leaves constants behind"),
    Pass("algebra_again", algebra, "sums that fusing brought together"),
    Pass("common_again", common, "after algebra, equal expressions look equal"),
    Pass("refill", refill, "a slot that is cleared and increased once is set"),
    Pass("rescale", rescale, "a slot that is increased by a multiple of itself is scaled"),
    Pass("dead_code_again", dead_code, "what the rewrites made useless"),
    Pass("outer_tapes", outer_tapes, "what inner loops made of what an outer loop has needs no tape of their own"),
    Pass("merge_tapes", merge_tapes, "tapes pushed and popped side by side become one of tuples"),
    Pass("tape_loops", tape_loops, "a reverse loop that only pops a tape runs over the tape"),
    Pass("dead_stores", dead_stores, "clearing a buffer that nobody reads any more"),
    Pass("slots", slots, "what no write came before is set, what no reader comes after is not written"),
    Pass("dead_code_last", dead_code, "trip counts and tests that the tape made useless"),
    Pass("set_once", set_once, "a shadow list whose slots are each increased once is filled, not summed"),
    Pass("last_pass", last_pass, "the last reverse pass does not compute what nobody reads"),
    Pass("late_yields", late_yields, "what a pass hands on is computed last, so that its variable keeps its name"),
    Pass("hoist", hoist, "loop invariants of derivative code leave their loops"),
    Pass("inplace", inplace, "accumulate in place in buffers that the derivative owns"),
)
# what the textbook style runs of these: nothing that joins statements, or moves what one computes into another
TEXTBOOK = ("dead_code", "fold", "accumulate", "algebra", "dead_code_again", "merge_tapes", "dead_code_last", "inplace")
ORDER = (
    (
        "save",
        "dead_code",
        "saves mark what is live themselves; removing code first would lose the mirror of each block",
    ),
    ("algebra", "common_again", "factors are put into one order by algebra"),
    ("dead_code_again", "merge_tapes", "a tape that nobody needs must not be merged"),
    ("dead_code", "rereads", "a value that nobody needs is not to be had again"),
    ("rereads", "accumulate", "what is read again is one value, and its increments are one"),
    ("rereads", "merge_tapes", "tapes are taken off one by one"),
    ("rereads", "twin_tapes", "of two equal tapes one may not be needed at all"),
    ("twin_tapes", "merge_tapes", "equal contents are told apart tape by tape"),
    ("dead_code_again", "outer_tapes", "what is weighed are the tapes that are needed"),
    ("outer_tapes", "merge_tapes", "tapes are taken off one by one"),
    ("dead_code", "counts", "what is dead must not seem to read what is picked"),
    ("merge_tapes", "tape_loops", "a loop can run over one tape only"),
    ("dead_code_again", "tape_loops", "a tape that nobody pops must not keep its loop"),
    ("inplace", "print", "ownership is proven on the final code"),
)


def _is_run(name: str, profile: str) -> bool:
    """Whether a pass is run: the textbook style leaves out what joins or moves statements."""
    return profile != "textbook" or name in TEXTBOOK


class _Run:
    """One run of the passes over one function."""

    def __init__(self, verify: str, dump: Dump | None) -> None:
        self.verify = verify
        self.dump = dump
        self.number = 0
        self.times: list[tuple[str, float]] = []
        self.reread: Sequence[Value] = ()
        self.since = time.perf_counter()

    def elapsed(self) -> float:
        """Seconds since the last pass."""
        return time.perf_counter() - self.since

    def step(self, name: str, run: Callable[[], Func]) -> Func:
        """Run one pass."""
        self.since = time.perf_counter()
        return self.done(name, run())

    def done(self, name: str, func: Func) -> Func:
        """Note the time of a pass, check and dump what it made."""
        self.times.append((name, self.elapsed()))
        if self.dump is not None:
            from adgen.ir.show import show as show_func

            self.dump(self.number, name, show_func(func))
        self.number += 1
        if self.verify == "each":
            check(func, name)
        self.since = time.perf_counter()
        return func

    def optimise(self, func: Func) -> Func:
        """All passes of the table."""
        self.reread = ()
        func = self.step("drop_stops", lambda: drop_stops(func))
        for row in PASSES:
            if _is_run(row.name, func.profile):
                before, func = func, self.step(row.name, functools.partial(row.run, func))
                if row.name in ("rereads", "outer_tapes"):
                    self.reread = [*self.reread, *_tapes_gone(before, func)]
        if self.verify == "end":
            check(func, PASSES[-1].name)
        return func


def _tapes_gone(before: Func, after: Func) -> list[Value]:
    """The tapes that a pass did away with."""
    if before is after:
        return []
    left = {op.result for op in walk(after.block) if op.kind == "tape"}
    return [op.result for op in walk(before.block) if op.kind == "tape" and op.result not in left]


def check(func: Func, name: str) -> None:
    """Raise if the IR is not valid; the message names the pass."""
    found = complaints(func)
    if found:
        raise InternalError(f"after pass {name} of {func.name}: " + "; ".join(found[:5]))


def check_wrt(func: Func, request: Request, source: FunctionSource) -> None:
    """Every independent variable exists and can vary."""
    by_name = {param.name: param for param in func.params}
    for name in request.wrt:
        if name not in by_name:
            title = f"`{func.name}` has no parameter `{name}`"
            raise Refusal([Diagnostic("E0141", title, None, "it is named in wrt", f"it has {', '.join(by_name)}")])
        if not is_active_type(by_name[name].value.type):
            what = show(by_name[name].value.type)
            help_ = "pass a float, or leave it out of wrt / argnums"
            why = "only real and complex floating-point values carry derivatives"
            title = f"`{name}` is {what}, which cannot vary"
            raise Refusal([Diagnostic("E0142", title, _place(source, name), why, help_)])


def _place(source: FunctionSource, name: str) -> Place | None:
    """Where a parameter stands."""
    own = source.node.args
    return next((source.place(arg) for arg in (*own.posonlyargs, *own.args, *own.kwonlyargs) if arg.arg == name), None)


def stages() -> Sequence[tuple[str, str]]:
    """All passes in order, with their reasons."""
    last = (
        ("buffered", "what NumPy copies element by element must not read what it has written"),
        ("bound", "derivative code reads names that some paths of the program leave unbound"),
        ("own_again", "algebra made aliases of fresh values: `1.0 * w` is `w`"),
    )
    return [*FRONT, *((row.name, row.why) for row in PASSES), *last, ("print", "names, layout, text")]


def generate(
    source: FunctionSource,
    types: Mapping[str, Type],
    request: Request,
    *,
    formatted: bool = True,
    verify: str = "",
    dump: Dump | None = None,
    command: str = "",
    guarded: bool = True,
) -> Generated:
    """The derivative of a function as the text of a module that needs nothing of adgen.

    Parameters: where the function's source is; the types of its arguments; what is asked for; whether black formats
    the text; "each" or "end" to check the IR; a receiver of dumps; the command that makes the file again; whether the
    text guards its assumptions (a dispatcher that chose it by the arguments' types has done so already).
    Raises Refusal with every reason why the function cannot be differentiated.
    """
    run = _Run(verify or os.environ.get("ADGEN_VERIFY", "off"), dump)
    lowered = lower_with_captured(source, types, _nested)
    primal = run.done("lower", lowered.func)
    check_wrt(primal, request, source)
    no_whole_arrays(primal, lowered.callees)
    no_written_flags(primal, *lowered.callees)
    profile = request.profile
    captured, primal = _captured(replace(primal, profile=profile), lowered.captured)
    callees = [replace(callee, profile=profile) for callee in lowered.callees]
    for name, exact in (("fold", fold), ("dead_code", dead_code), ("common", common)):
        if not _is_run(name, profile):
            continue
        primal = run.step(f"primal_{name}", functools.partial(exact, primal))
        callees = [run.step(f"primal_{name}", functools.partial(exact, callee)) for callee in callees]
    primal = run.step("primal_invariants", functools.partial(invariants, primal, request.wrt))
    callees = [run.step("primal_invariants", functools.partial(invariants, callee)) for callee in callees]
    again = request.again and request.mode in ("grad", "value_and_grad") and not request.has_aux
    again = again and is_recursive(primal, request.wrt, callees)
    whole = request
    if again:
        one_number(primal, request.mode, request.has_aux)
        request = Request("jvp", request.wrt)
    funcs, saved, calls = derive(primal, callees, request, run, guarded)
    active = [(primal, request.wrt), *((c, calls.parameters(c)) for c in callees if c.name in calls.wrt)]
    facts = (*(line for func, wrt in active for line in explain(func, wrt, calls.flows)), *saved)
    header = header_of(source, types, request, [primal, *callees], captured.imports, command)
    apart = shared_guards(lowered, captured.texts)
    header = replace(header, guards=(*(header.guards if guarded else ()), *apart))
    funcs = [replace(func, kept=kept_kinds(source, types.values())) for func in with_held(funcs)]
    spans: Mapping[str, Span] = {}
    if profile == "numba":
        text, name, spans = _for_numba(
            funcs, header, captured.texts, request.mode, guarded, functools.partial(_place, source)
        )
    else:
        text, name = module_text(funcs, header), funcs[0].name
        if request.mode == "vjp":
            name = naming.derivative(source.qualname, "vjp")
            text = with_numpy(text + "\n\n" + vjp_text(name, funcs[:2], guarded))
    if again:
        name = naming.derivative(source.qualname, whole.mode)
        value = whole.mode == "value_and_grad"
        more = gradient_text(name, funcs[0], whole.wrt, types, whole.single, value)
        text = with_numpy(text + "\n\n" + more)
    run.times.append(("print", run.elapsed()))
    text = format_text(text) if formatted else text
    recursive = any(op.kind == "call" and op.name != name for func in funcs for op in walk(func.block))
    places, times = places_of(lowered.func.result.type), tuple(run.times)
    return Generated(text, name, captured.params, header.kinks, facts, times, recursive, places, spans)


def _for_numba(
    funcs: Sequence[Func],
    header: Header,
    read: Mapping[str, str],
    mode: str,
    guarded: bool,
    place_of: Callable[[str], Place | None],
) -> tuple[str, str, Mapping[str, Span]]:
    """The module's text, its public function, and what lines were made from."""
    refuse_uncompiled(funcs, place_of)
    frame = Frame(header.guards, read)
    name = funcs[0].name
    if mode == "vjp":
        name = name.removesuffix("_fwd") + "_vjp"
        text, emitted = compiled_text(funcs, header, Frame())
        text = with_numpy(text + "\n\n" + compiled_vjp_text(name, funcs[:2], frame, guarded))
    else:
        text, emitted = compiled_text(funcs, header, frame)
    spans: dict[str, Span] = {}
    for part in emitted:
        spans = {**part.spans, **spans}
    return text, name, spans


def _nested(source: FunctionSource, types: Mapping[str, Type], asked: tuple[str, tuple[str, ...], bool, bool]) -> Made:
    """A derivative that the function itself asks for, as a function that can be lowered in place."""
    made = generate(source, types, Request(*asked, again=True), formatted=False, guarded=False)
    found = from_text(made.text, made.name, f"<{asked[0]} of {source.qualname}>", source)
    return found, tuple((param.name, param.binding) for param in made.captured)


class _Captured(NamedTuple):
    params: tuple[CapturedParam, ...]
    imports: tuple[str, ...]
    texts: Mapping[str, str]  # how those that are read from their module are written


def _captured(func: Func, bindings: Sequence[Captured]) -> tuple[_Captured, Func]:
    """Captured values as parameters; ahead of time they are read from their module, which is imported."""
    own = [param for param in func.params if param.kind == "captured"]
    params, imports, ops, texts = [], [], [], {}
    for param, binding in zip(own, bindings, strict=True):
        if binding.module is None:
            params.append(CapturedParam(param.name, binding))
            continue
        alias = naming.alias(binding.module)
        imports.append(f"import {binding.module} as {alias}")
        text = ".".join([alias, *(str(step[1]) for step in binding.read[1:])])
        ops.append(Op("const", "", (), (param.value,), attrs={"value": None, "text": text}))
        texts[param.name] = text
        if func.profile == "numba":  # Numba takes what it reads from a module for constant
            ops.pop()
    kept = [
        param
        for param in func.params
        if param.kind != "captured" or func.profile == "numba" or any(p.name == param.name for p in params)
    ]
    if ops:
        block = Block(func.block.params, (*ops, *func.block.ops), func.block.yields)
        func = replace(func, params=tuple(kept), block=block)
    return _Captured(tuple(params), tuple(dict.fromkeys(imports)), texts), func
