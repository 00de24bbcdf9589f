"""The families of calls of linear algebra, transforms, complex numbers."""

from . import cases_complex, cases_fourier, cases_linalg

FAMILIES = (cases_fourier, cases_complex, cases_linalg)
