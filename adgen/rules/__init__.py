"""Derivatives, one entry per function: kinds of rules, tables, type inference.

Importing any module of this package fills the table: the families below are its entries.
"""

from adgen.rules import (
    algebra,
    averages,
    builtins_math,
    contractions,
    covariances,
    creation,
    crossing,
    decompositions,
    diagonals,
    differences,
    extremes,
    gamma,
    grids,
    histograms,
    joining,
    keys,
    layers,
    linalg,
    math_lines,
    math_module,
    moving,
    multiplying,
    operators,
    ordering,
    padding,
    picking,
    pystatistics,
    reductions,
    sampling,
    scans,
    shaping,
    slopes,
    spacing,
    splitting,
    ufunc_methods,
    ufuncs,
    variances,
)
from adgen.rules import zero as zero_family

FAMILIES = (
    *(operators, ufuncs, reductions, multiplying, extremes, variances, shaping, joining, layers, grids, ordering),
    *(linalg, contractions, crossing, decompositions),
    *algebra.FAMILIES,
    *(averages, diagonals, sampling, creation, builtins_math, math_module, math_lines, gamma, pystatistics),
    *(zero_family, keys),
    *(scans, ufunc_methods, moving, picking, differences, slopes, padding, splitting, spacing, histograms, covariances),
)
