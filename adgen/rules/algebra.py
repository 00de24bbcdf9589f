"""The families of linear algebra, transforms, complex numbers: one more entry of `rules.FAMILIES`.

>>> [family.__name__.rsplit(".", 1)[-1] for family in FAMILIES][:2]
['complex_numbers', 'fourier']
"""

from adgen.rules import (
    bases,
    complex_numbers,
    densities,
    dividing,
    factorisations,
    fourier,
    integrals,
    least_squares,
    multivariate,
    norms,
    polynomials,
    products,
    random_draws,
    scipy_bands,
    scipy_equations,
    scipy_factors,
    scipy_linalg,
    scipy_structured,
    scipy_triangular,
    signals,
    smoothing,
    solvers,
    sparse,
    special,
    special_distributions,
    special_families,
    special_forms,
    special_modes,
    special_more,
    special_noncentral,
    special_orders,
    special_sequences,
    special_tuples,
    special_zero,
    windows,
)

FAMILIES = (
    *(complex_numbers, fourier, factorisations, least_squares, norms, products, random_draws),
    *(special, special_forms, special_more, special_orders, special_sequences, special_tuples, special_zero),
    *(densities, multivariate),
    *(scipy_bands, scipy_triangular, special_modes, special_noncentral, special_distributions, special_families),
    *(scipy_linalg, scipy_factors, scipy_structured, scipy_equations, signals, smoothing, solvers, integrals, sparse),
    *(polynomials, bases, dividing, windows),
)
