"""Sparse matrices carry no derivative: one that is made of values which vary is refused where it is made.

y = scipy.sparse.diags(p) @ x          with p differentiated          ->          refused, at scipy.sparse.diags(p)
"""

from __future__ import annotations

from adgen.analyses.activity import Activity
from adgen.errors import Diagnostic, Refusal
from adgen.ir.core import Func
from adgen.ir.walk import walk
from adgen.rules.sparse import ADVICE, VARY, is_sparse
from adgen.rules.table import lookup
from adgen.transforms.reverse_stores import place_of

BINARY = {"mul": "*", "div": "/", "add": "+", "sub": "-"}  # of sparse matrices and others


def refuse_hidden(func: Func, facts: Activity) -> None:
    """Refuse a derivative that would go through what carries none."""
    for op in walk(func.block):
        if op.kind not in ("prim", "call") or not any(is_sparse(result.type) for result in op.results):
            continue
        rule = lookup(op.name)
        if (rule is None or rule.kind != "zero") and any(operand in facts.varied for operand in op.operands):
            label = BINARY.get(op.name.removeprefix("sparse."), op.name)
            title = f"`{label}` cannot be differentiated here"
            raise Refusal([Diagnostic("E0143", title, place_of(op.span), VARY, ADVICE)])
