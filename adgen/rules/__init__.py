"""Derivatives, one entry per function: kinds of rules, tables, type inference.

Importing any module of this package fills the table: the families below are its entries.
"""

from adgen.rules import (
    builtins_math,
    contractions,
    creation,
    decompositions,
    linalg,
    operators,
    ordering,
    reductions,
    sampling,
    shaping,
    ufuncs,
)
from adgen.rules import zero as zero_family

FAMILIES = (
    *(operators, ufuncs, reductions, shaping, ordering, linalg, contractions, decompositions),
    *(sampling, creation, builtins_math, zero_family),
)
