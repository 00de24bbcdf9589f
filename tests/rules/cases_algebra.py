"""The families of calls of linear algebra, transforms, complex numbers, random draws, SciPy."""

from . import cases_complex, cases_fourier, cases_linalg, cases_polynomials, cases_random, cases_scipy

FAMILIES = (cases_fourier, cases_complex, cases_linalg, cases_random, cases_scipy, cases_polynomials)
