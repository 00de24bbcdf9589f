"""What arguments some entries are not for: complex numbers, half and extended precision.

>>> complaint("scipy.linalg.hankel", ("c",), (Array("c16", (None,)),))
('`scipy.linalg.hankel` of complex numbers', 'take the real and imaginary parts')

Their formulas are those of real numbers, or go through NumPy's linear algebra: of others they would give wrong numbers,
or errors from inside of generated code.
"""

from __future__ import annotations

from collections.abc import Sequence

from adgen.ir.types import Array, ListOf, Ref, Scalar, Struct, Type

_BASES = ("chebyshev.cheb", "legendre.leg", "hermite.herm", "hermite_e.herme", "laguerre.lag")
REAL: dict[str, tuple[str, ...]] = {  # the parameters that have to be real; () for all
    **{f"scipy.linalg.{name}": () for name in "circulant companion convolution_matrix fiedler hankel toeplitz".split()},
    **{f"scipy.linalg.{name}": () for name in "cho_solve lu_solve matmul_toeplitz solve_toeplitz".split()},
    **{f"scipy.linalg.{name}": () for name in "orthogonal_procrustes solve_lyapunov".split()},
    **{f"scipy.linalg.solve_{name}_lyapunov": () for name in ("continuous", "discrete")},
    **{f"scipy.integrate.{name}": ("x", "dx") for name in "trapezoid simpson cumulative_simpson".split()},
    **{f"np.{name}.reduceat": () for name in ("maximum", "minimum")},
    **{f"np.{name}": ("mean",) for name in ("var", "std", "nanvar", "nanstd")},
    "np.cov": ("fweights", "aweights"),
    "complex": ("imag",),  # of a complex64 Python takes the real part
    "math.dist": (),
    "np.clip": ("min", "max"),
    "np.fft.fftfreq": (),
    "np.fft.rfftfreq": (),
    "np.gradient": ("varargs",),
    "np.histogram": ("a", "bins", "range"),
    "np.histogram2d": (),
    "np.histogram_bin_edges": (),
    "np.histogramdd": (),
    "np.interp": (),
    "np.kaiser": (),
    "np.nan_to_num": ("nan", "posinf", "neginf"),
    "scipy.signal.correlate2d": (),
    "scipy.special.logsumexp": (),
}
LONG = {"np.interp", "np.polyfit"}  # NumPy does not take arrays of extended precision, in all arguments or in some
SOLVED = {  # they go through np.linalg or np.bincount, which have no half or extended precision
    *(f"np.polynomial.{base}{name}" for base in _BASES for name in ("mul", "pow", "div")),
    *(f"np.polynomial.{base.split('.')[0]}.poly2{base.split('.')[1]}" for base in _BASES),
    *(f"np.polynomial.{base}2poly" for base in _BASES),
    *(f"scipy.linalg.{name}" for name in "circulant convolution_matrix hankel toeplitz".split()),
    *("np.polydiv", "np.polynomial.polynomial.polydiv", "np.polynomial.polynomial.polypow"),
}


def complaint(name: str, args: Sequence[str], types: Sequence[Type]) -> tuple[str, str] | None:
    """Why a call is refused, and advice; None where its arguments suit."""
    wanted = REAL.get(name)
    if wanted is not None and any(
        arg in (wanted or args) and "c" in _letters(type_) for arg, type_ in zip(args, types, strict=True)
    ):
        return f"`{name}` of complex numbers", "take the real and imaginary parts"
    if name in SOLVED and any(code in ("f2", "f16") for type_ in types for code in _codes(type_)):
        return f"`{name}` of half or extended precision", "pass arrays of float64"
    if name in LONG and any(isinstance(t, Array) and t.dtype == "f16" and t.shape != () for t in types):
        return f"`{name}` of extended precision", "pass arrays of float64"
    return None


def _letters(type_: Type) -> set[str]:
    return {code[0] for code in _codes(type_)}


def _codes(type_: Type) -> set[str]:
    """The dtypes of the numbers in a value, as far as they are known."""
    match type_:
        case Ref(content=content):
            return _codes(content)
        case Array(dtype=str() as dtype):
            return {dtype}
        case Scalar("complex"):
            return {"c16"}
        case ListOf(item=item):
            return _codes(item)
        case Struct(items=items):
            return {code for item in items for code in _codes(item)}
    return set()
