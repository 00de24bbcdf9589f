"""Sparse matrices of scipy.sparse: their operators have entries of their own, functions of arrays do not take them.

A @ x             sparse.matmul(A, x)
A * x             refused: a product of elements for `csr_array`, a product of matrices for `csr_matrix`
np.exp(A), A[0]   refused
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from adgen.frontend.lower_things import Thing
from adgen.frontend.reject import Reject
from adgen.ir.core import Value
from adgen.rules.sparse import OPERATORS, is_sparse

HELP = "products are written `A @ x`; elements are those of `A.toarray()`"
TAKING = ("attr.T", "attr.shape", "attr.ndim", "attr.dtype", "is", "is_not", "isinstance", "present", "id")


def of_sparse(name: str, things: Sequence[Thing], node: ast.AST, label: str) -> str:
    """The entry of an operator: that of sparse matrices, where one of its operands is one."""
    if not any(isinstance(thing, Value) and is_sparse(thing.type) for thing in things):
        return name
    if name not in (*OPERATORS, *TAKING):
        raise Reject("E0107", node, "one of its operands is a sparse matrix", HELP, name=label)
    return name if name in TAKING else f"sparse.{name}"


def refuse_sparse(name: str, values: Sequence[Value], node: ast.AST, label: str) -> None:
    """Refuse a sparse matrix where a function is not known to take one."""
    if name.startswith(("sparse.", "scipy.sparse.", "adgen.")) or name in TAKING:
        return
    if any(is_sparse(value.type) for value in values):
        raise Reject("E0107", node, "one of its arguments is a sparse matrix", HELP, name=label or name)
