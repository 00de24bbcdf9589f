"""The families of linear algebra, transforms, complex numbers: one more entry of `rules.FAMILIES`.

>>> [family.__name__.rsplit(".", 1)[-1] for family in FAMILIES][:2]
['complex_numbers', 'fourier']
"""

from adgen.rules import (
    bases,
    complex_numbers,
    densities,
    factorisations,
    fourier,
    least_squares,
    norms,
    polynomials,
    products,
    random_draws,
    scipy_linalg,
    special,
)

FAMILIES = (
    *(complex_numbers, fourier, factorisations, least_squares, norms, products),
    *(random_draws, special, densities, scipy_linalg, polynomials, bases),
)
