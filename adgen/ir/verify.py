"""The verifier: every complaint about a function that is not valid IR, not the first one only.

>>> from adgen.ir.core import Block, Func, Op, Value
>>> from adgen.ir.types import FLOAT
>>> x, y = Value(FLOAT, "x"), Value(FLOAT, "y")
>>> sin = Op("prim", "np.sin", (x,), (y,), attrs={"args": ("x",)})
>>> verify(Func("f", (), Block((), (sin,), (y,))))
['%y: float = np.sin(x=%x?): reads %x?, which is not defined before it']

Scope is lexical, with one exception: Python's function scope lets reverse code (role adjoint) read what an `if` branch
before it defined, as long as no loop body lies between.
"""

from __future__ import annotations

from adgen.ir.core import Block, Func, Op, Value
from adgen.ir.forms import fits, form
from adgen.ir.ops import KINDS
from adgen.ir.show import Names, show_op
from adgen.ir.walk import FIXED_RESULTS, LOOPS, iterated, tail_if, uses, walk

ROLES = ("primal", "tangent", "adjoint", "save")


def verify(func: Func) -> list[str]:
    """All complaints about the function, each with the operation it is about; empty if it is valid."""
    check = _Check(func)
    check.function()
    return check.complaints


class _Check:
    """One verification: what is in scope, what was defined, what was found wrong."""

    def __init__(self, func: Func) -> None:
        self.func = func
        self.names = Names(func)
        self.complaints: list[str] = []
        self.defined: dict[Value, None] = {}
        self.scope: dict[Value, str] = {}  # "here": in scope; "branch": in a branch before, for reverse code only
        self.consts: dict[Value, object] = {}
        self.fewest: dict[Value, int] = {}  # of a count, how many sequences must be read: it is the least of theirs

    def say(self, op: Op | None, text: str) -> None:
        """One more complaint."""
        self.complaints.append(f"{show_op(op, self.func) if op is not None else self.func.name}: {text}")

    def function(self) -> None:
        """The whole function."""
        for param in self.func.params:
            self.define(param.value, None)
        if self.func.block.params:
            self.say(None, "the function's block has parameters of its own")
        if len(self.func.block.yields) != 1:
            self.say(None, f"yields {len(self.func.block.yields)} values, not one")
        self.block(self.func.block, None)
        self.tapes()

    def define(self, value: Value, op: Op | None) -> None:
        """A value comes into scope."""
        if value in self.defined:
            self.say(op, f"{self.names.text(value)} is defined twice")
        self.defined[value] = None
        self.scope[value] = "here"

    def read(self, value: Value, op: Op | None, role: str) -> None:
        """A value is read."""
        where = self.scope.get(value)
        if where is None:
            self.say(op, f"reads {self.names.text(value)}, which is not defined before it")
        elif where == "branch" and role != "adjoint":
            self.say(op, f"reads {self.names.text(value)}, which is defined in a branch; only reverse code may")

    def block(self, block: Block, owner: Op | None) -> None:
        """The operations and yields of a block whose parameters are in scope."""
        for op in block.ops:
            self.op(op)
        for value in block.yields:
            self.read(value, owner, owner.role if owner else "adjoint")

    def op(self, op: Op) -> None:
        """One operation, with what is in it."""
        if op.kind not in KINDS:
            self.say(op, f"`{op.kind}` is not a kind of operation")
        if op.role not in ROLES:
            self.say(op, f"`{op.role}` is not a role")
        for operand in op.operands:
            self.read(operand, op, op.role)
        for text in form(op):
            self.say(op, text)
        if op.kind == "const":
            self.consts[op.result] = op.attrs.get("value")
        elif op.name == "min":
            self.fewest[op.result] = len(op.operands)
        self.regions(op)
        for result in op.results:
            self.define(result, op)
        if op.kind in LOOPS and len(op.regions) == 1:
            self.loop(op)
        elif op.kind == "if":
            for region in op.regions:
                self.yields(op, op.results, region.yields, "branch")

    def regions(self, op: Op) -> None:
        """The regions of an operation; what they define is visible inside, and from a branch to reverse code after."""
        outside = dict(self.scope)
        after = dict(self.scope)
        for region in op.regions:
            self.scope = dict(outside)
            for param in region.params:
                self.define(param, op)
            self.block(region, op)
            if op.kind == "if":
                after.update((value, "branch") for value in self.scope if value not in outside)
        self.scope = after

    def yields(self, op: Op, wanted: tuple[Value, ...], given: tuple[Value, ...], what: str) -> None:
        """What a region yields fits what the operation makes of it."""
        if len(wanted) != len(given):
            self.say(op, f"a {what} yields {len(given)} values, not {len(wanted)}")
            return
        for want, give in zip(wanted, given, strict=True):
            if not fits(give.type, want.type):
                self.say(op, f"a {what} yields {self.names.typed(give)} for {self.names.typed(want)}")

    def loop(self, op: Op) -> None:
        """What a loop carries, and how it stops."""
        skip = 3 if op.kind == "for" else 0
        body = op.regions[0]
        carried, params, inits = op.results[FIXED_RESULTS:], body.params[skip // 3 :], op.operands[skip:]
        if not body.yields:
            self.say(op, "the body yields nothing, not even whether to stop")
            return
        self.yields(op, carried, body.yields[1:], "body")
        self.yields(op, carried, inits, "start")
        self.yields(op, carried, params, "parameter")
        self.stops(op, body)
        reads = iterated(op)
        if reads and len(reads) < self.fewest.get(op.operands[1], 1):
            self.say(op, "it runs as often as the shortest of several sequences, and does not read all of them")
        for read in reads:
            if read.kind != "index" or read.operands[1:] != body.params[:1]:
                self.say(op, f"`{read.kind}` stands among the reads of what the loop iterates")

    def stops(self, op: Op, body: Block) -> None:
        """The stop flag of a loop's body is false, or decided in tail position."""
        never = self.consts.get(body.yields[0]) is False
        if op.kind == "for" and op.attrs.get("can_stop"):
            if never:
                self.say(op, "an exit is dropped: the loop can stop, its body never does")
        elif op.kind == "for" and not never:
            self.say(op, "an exit is dropped: the body may stop, the loop says it cannot")
        if not self.exits(body):
            self.say(op, "stop is neither a literal nor decided by an `if` in tail position")

    def exits(self, block: Block) -> bool:
        """Whether the block's stop flag is a literal, in it or in all branches of its tail `if`."""
        if not block.yields:
            return False
        if isinstance(self.consts.get(block.yields[0]), bool):
            return True
        last = tail_if(block)
        return last is not None and all(self.exits(region) for region in last.regions)

    def tapes(self) -> None:
        """Each tape that is pushed is read, and each that is read is pushed."""
        readers = uses(self.func)
        for op in walk(self.func.block):
            if op.kind != "tape" or len(op.results) != 1:
                continue
            users = [user for user in readers.get(op.result, []) if isinstance(user, Op)]
            pushes = [user for user in users if user.kind == "push" and user.operands[0] is op.result]
            if pushes and len(pushes) == len(readers[op.result]):
                self.say(op, "the tape is pushed, never read")
            if not pushes and any(user.kind == "untape" for user in users):
                self.say(op, "the tape is read, never pushed")
