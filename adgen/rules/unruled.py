"""Names of libraries that have no rule, and why: inactive by nature, or refused for one of eight reasons.

>>> why("np.frompyfunc")
'it calls a function that it is given, at places that are known only when it runs'
>>> nature("np.savetxt"), nature("np.median"), refusal("np.median")
('reads or writes files', '', None)

A name is in one place: a rule (`table`), or here.  The tests call every function of NumPy with numbers (a *probe*): one
that turns floats into floats and has a finite derivative that is not zero must have a rule, whatever stands here; the
random draws alone are excepted.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """Why a function has no derivative here, and what to do about it."""

    why: str
    help: str


REASONS = {
    "callback": Reason(
        "it calls a function that it is given, at places that are known only when it runs",
        "write the loop, or the calls, yourself",
    ),
    "memory": Reason(
        "it reads or writes memory in a way of its own",
        "work with the numbers: slices, assignment, astype",
    ),
    "object": Reason(
        "it gives an object whose parts adgen does not follow",
        "use functions that take and give numbers and arrays",
    ),
    "draw": Reason(
        "it is a random draw whose dependence on its parameters has no known derivative",
        "draw standard numbers and transform them, or wrap the call in adgen.stop_gradient",
    ),
    "text": Reason(
        "it runs a text, which may do anything",
        "write what the text says",
    ),
    "kind": Reason(
        "its result is a class, and of which class a number or array is, NumPy's or Python's, is not followed",
        "ask `isinstance(x, C)`",
    ),
    "fields": Reason(
        "it goes through the fields of a dataclass, and of the objects that they hold",
        "name the fields: `{'a': p.a, 'b': p.b}`, `p.a`",
    ),
    "choice": Reason(
        "its result is one of several that are as good, chosen by the algorithm",
        "use what does not depend on the choice: eigenvalues, singular values, solutions, projections",
    ),
}

_REFUSED = {
    "text": "eval exec compile",
    "kind": "type",
    "fields": "dataclasses.fields",
    "callback": """
        np.frompyfunc np.mask_indices
        operator.call functools.cmp_to_key functools.singledispatch functools.total_ordering
        functools.partialmethod functools.singledispatchmethod functools.cached_property
        np.polynomial.chebyshev.chebinterpolate
        scipy.linalg.funm
        scipy.optimize.minimize scipy.optimize.minimize_scalar scipy.optimize.least_squares scipy.optimize.curve_fit
        scipy.optimize.leastsq scipy.optimize.fmin scipy.optimize.fmin_bfgs scipy.optimize.fmin_l_bfgs_b
        scipy.optimize.fminbound scipy.optimize.brent scipy.optimize.golden scipy.optimize.differential_evolution
        scipy.optimize.dual_annealing scipy.optimize.basinhopping scipy.optimize.shgo scipy.optimize.brute
        scipy.integrate.dblquad scipy.integrate.tplquad scipy.integrate.nquad scipy.integrate.quad_vec
        scipy.integrate.solve_bvp scipy.integrate.tanhsinh scipy.integrate.nsum scipy.integrate.ode
        scipy.sparse.linalg.LinearOperator
        """,
    "memory": """
        ndarray.view ndarray.byteswap ndarray.getfield ndarray.setfield ndarray.setflags ndarray.resize ndarray.data
        ndarray.ctypes ndarray.base ndarray.strides ndarray.tobytes ndarray.dump ndarray.dumps ndarray.to_device
        np.memmap np.nested_iters ndarray.flat
        operator.delitem operator.setitem np.random.shuffle Generator.shuffle
        """,
    "object": """
        np.asmatrix np.bmat np.matrix np.poly1d np.recarray np.record np.nditer np.broadcast
        np.flatiter np.fromiter np.ufunc
        statistics.NormalDist statistics.LinearRegression statistics.kde
        scipy.special.legendre scipy.special.chebyt scipy.special.chebyu scipy.special.chebyc scipy.special.chebys
        scipy.special.jacobi scipy.special.laguerre scipy.special.genlaguerre scipy.special.hermite
        scipy.special.hermitenorm scipy.special.gegenbauer scipy.special.sh_legendre scipy.special.sh_chebyt
        scipy.special.sh_chebyu scipy.special.sh_jacobi
        scipy.interpolate.CubicSpline scipy.interpolate.PchipInterpolator scipy.interpolate.Akima1DInterpolator
        scipy.interpolate.CubicHermiteSpline scipy.interpolate.BarycentricInterpolator scipy.interpolate.PPoly
        scipy.interpolate.KroghInterpolator scipy.interpolate.BPoly scipy.interpolate.BSpline scipy.interpolate.interp1d
        scipy.interpolate.interp2d scipy.interpolate.RegularGridInterpolator scipy.interpolate.RBFInterpolator
        scipy.interpolate.Rbf scipy.interpolate.UnivariateSpline scipy.interpolate.InterpolatedUnivariateSpline
        scipy.interpolate.LSQUnivariateSpline scipy.interpolate.RectBivariateSpline
        scipy.interpolate.SmoothBivariateSpline
        scipy.interpolate.LinearNDInterpolator scipy.interpolate.CloughTocher2DInterpolator
        scipy.interpolate.NearestNDInterpolator scipy.interpolate.make_interp_spline scipy.interpolate.make_lsq_spline
        scipy.interpolate.make_smoothing_spline scipy.interpolate.splrep scipy.interpolate.splprep
        scipy.sparse.linalg.splu scipy.sparse.linalg.spilu scipy.sparse.linalg.factorized
        scipy.sparse.linalg.aslinearoperator
        scipy.signal.lti scipy.signal.dlti scipy.signal.TransferFunction scipy.signal.StateSpace
        scipy.signal.ZerosPolesGain
        """,
    "draw": "np.random.random_integers scipy.linalg.clarkson_woodruff_transform statistics.kde_random",
    "choice": """
        np.intersect1d
        scipy.linalg.schur scipy.linalg.rsf2csf scipy.linalg.qz scipy.linalg.ordqz scipy.linalg.cossin
        scipy.linalg.hessenberg scipy.linalg.ldl scipy.linalg.null_space scipy.linalg.orth
        scipy.linalg.qr_delete scipy.linalg.qr_insert scipy.linalg.qr_update scipy.linalg.cdf2rdf
        scipy.linalg.matrix_balance scipy.linalg.rq scipy.linalg.qr_multiply scipy.linalg.eig_banded
        """,
}

_INACTIVE = {
    "prints, or makes text": """
        np.array2string np.array_repr np.array_str np.base_repr np.binary_repr np.format_float_positional
        np.format_float_scientific np.info np.show_config np.show_runtime np.typename np.datetime_as_string
        np.random.bytes np.polynomial.set_default_printstyle Generator.bytes np.polynomial.polyutils.format_float
        """,
    "reads or writes files": """
        np.fromfile np.fromregex np.fromstring np.genfromtxt np.load np.loadtxt np.save np.savetxt np.savez
        np.savez_compressed ndarray.tofile
        """,
    "is a setting": """
        np.get_printoptions np.set_printoptions np.printoptions np.getbufsize np.setbufsize np.geterr np.seterr
        np.geterrcall np.seterrcall np.errstate np.get_include np.test np.linalg.test np.fft.test np.random.test
        np.polynomial.test np.random.get_state np.random.set_state np.random.get_bit_generator
        np.random.set_bit_generator Generator.bit_generator Generator.spawn ndarray.device
        ndarray.flags functools.get_cache_token functools.recursive_repr functools.update_wrapper functools.wraps
        functools.cache functools.lru_cache scipy.special.geterr scipy.special.seterr scipy.linalg.get_blas_funcs
        scipy.linalg.get_lapack_funcs scipy.linalg.find_best_blas_type
        """,
    "is of types": """
        np.can_cast np.common_type np.einsum_path np.isdtype np.issubdtype np.min_scalar_type np.mintypecode
        np.promote_types np.result_type np.ScalarType np.sctypeDict np.typecodes np.little_endian
        ufunc.identity ufunc.nargs ufunc.nin ufunc.nout ufunc.ntypes ufunc.signature ufunc.types
        ufunc.resolve_dtypes np.iterable np.isfortran operator.length_hint statistics.namedtuple functools.namedtuple
        """,
    "stands for an index": "np.index_exp np.s_",
    "is of dates": "np.busday_count np.busday_offset np.is_busday np.datetime_data np.isnat np.busdaycalendar",
}

CREATION = (
    frozenset("""
    np.zeros np.ones np.empty np.full np.zeros_like np.ones_like np.empty_like np.full_like np.eye np.identity np.tri
    np.arange np.linspace np.logspace np.geomspace np.indices np.ix_ np.meshgrid np.diag_indices np.diag_indices_from
    np.tril_indices np.triu_indices np.tril_indices_from np.triu_indices_from np.bartlett np.blackman np.hamming
    np.hanning np.kaiser np.fft.fftfreq np.fft.rfftfreq
    """.split())
    | frozenset(f"scipy.sparse.{name}" for name in """
    csr_array csc_array coo_array csr_matrix csc_matrix coo_matrix dia_matrix diags diags_array eye eye_array identity
    kron block_diag hstack vstack bmat tril triu
    """.split())
)  # those among the entries of the table that make arrays

NEWER = frozenset(("statistics.kde", "statistics.kde_random"))  # names that the oldest supported Python lacks

REFUSED = {name: reason for reason, names in _REFUSED.items() for name in names.split()}
INACTIVE = {name: what for what, names in _INACTIVE.items() for name in names.split()}


def refusal(name: str) -> Reason | None:
    """The reason for which a function is refused; None if it is not."""
    found = REFUSED.get(name)
    return REASONS[found] if found else None


def nature(name: str) -> str:
    """What a function that has nothing to do with derivatives does; empty for others."""
    return INACTIVE.get(name, "")


def why(name: str) -> str:
    """The reason why there is no rule, as a sentence; empty where none is known."""
    found = refusal(name)
    if found is not None:
        return found.why
    return f"it {nature(name)}, and has no derivative" if nature(name) else ""
