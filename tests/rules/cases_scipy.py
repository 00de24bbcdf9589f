"""Calls of SciPy's functions beyond those of one line of numbers each."""

import numpy as np
import scipy.signal
import scipy.sparse
import scipy.sparse.linalg
import scipy.special

from adgen.rules import table

from .cases import Case, Const, Still, arr, draw, spd
from .cases_linalg import square

COUNTS = ("poisson", "binom", "geom", "nbinom", "bernoulli")
JOINT = ("multivariate_normal", "dirichlet")


def sums():
    for name in ("logsumexp", "softmax", "log_softmax"):
        full, first = f"scipy.special.{name}", "a" if name == "logsumexp" else "x"
        yield Case(full, (first,), [arr(4)])
        yield Case(full, (first,), [arr(3, 4, dtype="f4")])
        for axis in (0, -1):
            yield Case(full, (first, "axis"), [arr(3, 4), Const(axis)])
    yield Case("scipy.special.logsumexp", ("a", "axis", "keepdims"), [arr(3, 4), Const((0, 1)), Const(True)])
    axis = ("a", "axis", "b")
    yield Case("scipy.special.logsumexp", ("a", "b"), [arr(4), arr(4, kind="positive")])
    yield Case("scipy.special.logsumexp", axis, [arr(3, 4), Const(1), arr(4, kind="positive")])
    yield Case("scipy.special.logsumexp", axis, [arr(3, 4), Const(0), arr(3, 1, kind="positive")])
    for more, rest in ((), ()), (("keepdims",), (Const(True),)):
        names = (*axis, "return_sign", *more)
        yield Case("scipy.special.logsumexp", names, [arr(3, 4), Const(1), arr(3, 4), Const(True), *rest])
    yield Case("scipy.special.logsumexp", ("a", "return_sign"), [arr(4), Const(True)])


def densities():
    for name in table.names():
        family, _, kind = name.removeprefix("scipy.stats.").rpartition(".")
        if not name.startswith("scipy.stats.") or kind.endswith("pmf") or family in (*COUNTS, *JOINT):
            continue
        rule = table.lookup(name)
        first = rule.params[0].name
        shapes = [param.name for param in rule.params[1:] if param.required]
        active = kind.endswith("pdf")
        for shape in ((), (3,)):
            x = draw(rule.domain["x"] if first == "x" else "high", shape)
            fixed = [draw(rule.domain[part], shape) if active else Const(2 + k) for k, part in enumerate(shapes)]
            moved = (x + 0.0) * 1.7 - 0.3 if first == "x" else x
            values = [np.float64(moved)[()] if shape == () else moved, *fixed, draw("any", shape) * 0.1 - 0.3, 1.7]
            yield Case(name, (first, *shapes, "loc", "scale"), values)
            if not active or not shapes:
                yield Case(name, (first, *shapes), [x, *fixed])


def masses():
    for kind in ("pmf", "logpmf"):
        k = np.array([1, 2, 3])
        yield Case(f"scipy.stats.poisson.{kind}", ("k", "mu", "loc"), [k, arr(3, kind="positive"), Const(1)])
        yield Case(f"scipy.stats.binom.{kind}", ("k", "n", "p"), [k, Const(5), arr(3, kind="high")])
        yield Case(f"scipy.stats.bernoulli.{kind}", ("k", "p"), [np.array([0, 1, 1]), arr(3, kind="high")])
        yield Case(f"scipy.stats.geom.{kind}", ("k", "p"), [k, arr(3, kind="high")])

    for kind in ("cdf", "sf", "logcdf", "logsf"):
        k = np.array([1, 2, 3])
        yield Case(f"scipy.stats.poisson.{kind}", ("k", "mu"), [k, arr(3, kind="positive")])
        yield Case(f"scipy.stats.poisson.{kind}", ("k", "mu", "loc"), [k, draw("positive", ()), Const(1)])
        yield Case(f"scipy.stats.binom.{kind}", ("k", "n", "p"), [k, Const(5), arr(3, kind="high")])
        yield Case(f"scipy.stats.geom.{kind}", ("k", "p"), [k, arr(3, kind="high")])
        yield Case(f"scipy.stats.nbinom.{kind}", ("k", "n", "p"), [k, Const(2), arr(3, kind="high")])
        yield Case(f"scipy.stats.bernoulli.{kind}", ("k", "p"), [np.array([0, 0, 0]), arr(3, kind="high")])
    for kind in ("pmf", "logpmf"):
        values = [np.array([1, 2, 3]), arr(3, kind="positive"), arr(3, kind="high")]
        yield Case(f"scipy.stats.nbinom.{kind}", ("k", "n", "p"), values)


def joint():
    for kind in ("pdf", "logpdf"):
        for points in (arr(3), arr(4, 3)):
            yield Case(f"scipy.stats.multivariate_normal.{kind}", ("x", "mean", "cov"), [points, arr(3), spd(3)])
            yield Case(f"scipy.stats.multivariate_normal.{kind}", ("x", "cov"), [points, spd(3)])
        shares = np.array([0.2, 0.3, 0.5])
        for points in (shares, np.stack((shares, shares[::-1]), 1)):
            yield Case(f"scipy.stats.dirichlet.{kind}", None, [Still(points), arr(3, kind="positive")])
    yield Case("scipy.stats.multivariate_normal.entropy", ("cov",), [spd(3)])
    yield Case("scipy.stats.dirichlet.entropy", None, [arr(3, kind="positive")])


def matrices():
    a = square()
    for right in (arr(3), arr(3, 2)):
        yield Case("scipy.linalg.solve", None, [a, right])
        yield Case("scipy.linalg.solve_sylvester", None, [a, square() + np.eye(3), arr(3, 3)])
        for lower in (True, False):
            for trans in (0, 1, "T"):
                args = ("a", "b", "trans", "lower")
                yield Case("scipy.linalg.solve_triangular", args, [a, right, Const(trans), Const(lower)])
            args = ("a", "b", "lower", "unit_diagonal")
            yield Case("scipy.linalg.solve_triangular", args, [a, right, Const(lower), Const(True)])
            yield Case("scipy.linalg.cho_solve", None, [(spd(3), lower), right])
    yield Case("scipy.linalg.solve_triangular", None, [a, arr(3)])
    for lower in (True, False):
        yield Case("scipy.linalg.cholesky", ("a", "lower"), [spd(3), Const(lower)])
        yield Case("scipy.linalg.cho_factor", ("a", "lower"), [spd(3), Const(lower)])
    yield Case("scipy.linalg.cholesky", None, [spd(3)])
    for value in (a, square(2)):
        yield Case("scipy.linalg.expm", None, [0.3 * value])
    yield Case("scipy.linalg.sqrtm", None, [spd(3)])
    for name in ("inv", "det", "pinv"):
        yield Case(f"scipy.linalg.{name}", None, [a])
    yield Case("scipy.linalg.pinv", None, [arr(4, 3)])
    yield Case("scipy.linalg.block_diag", ("arrs",) * 3, [arr(2, 3), arr(1, 2), arr(3, 1)])
    for c, r in ((3, 4), (4, 2)):
        yield Case("scipy.linalg.toeplitz", None, [arr(c), arr(r)])


def factors():
    a, tall, lower = square(), arr(5, 3), Const(False)
    apart = np.array(
        [[1.0, 0.1, 0.2], [-0.1, 2.0, -0.3], [0.3, 0.2, 4.0]]
    )  # LAPACK turns its eigenvectors about at random
    for name in ("eigh", "eigvalsh"):
        only = (("eigvals_only",), (Const(True),)) if name == "eigh" else ((), ())
        yield Case(f"scipy.linalg.{name}", ("a", *only[0]), [apart, *only[1]])
        yield Case(f"scipy.linalg.{name}", ("a", "lower", *only[0]), [apart, lower, *only[1]])
    for value in (a, spd(3)):
        for name in ("svdvals", "lu", "lu_factor", "qr", "polar", "cosm", "sinhm", "tanm", "tanhm"):
            yield Case(f"scipy.linalg.{name}", None, [0.3 * value])
        for name in ("sinm", "coshm"):
            yield Case(f"scipy.linalg.{name}", None, [0.3 * value])
    turned = np.array([[0.3, 1.2, 0.1], [-1.1, 0.4, 0.2], [0.3, -0.2, 2.0]])
    for name in ("eig", "eigvals"):
        yield Case(f"scipy.linalg.{name}", None, [turned])
    yield Case("scipy.linalg.svd", ("a", "full_matrices"), [a, Const(False)])
    yield Case("scipy.linalg.svd", ("a", "full_matrices"), [tall, Const(False)])
    yield Case("scipy.linalg.svd", ("a", "compute_uv"), [tall, Const(False)])
    yield Case("scipy.linalg.qr", ("a", "mode"), [tall, Const("economic")])
    yield Case("scipy.linalg.polar", None, [tall])
    yield Case("scipy.linalg.orthogonal_procrustes", None, [tall, arr(5, 3)])
    yield Case("scipy.linalg.norm", None, [a])
    yield Case("scipy.linalg.norm", ("a", "ord", "axis"), [a, Const(1), Const(0)])
    yield Case("scipy.linalg.eigvalsh_tridiagonal", None, [arr(4), arr(3, kind="positive")])
    yield Case("scipy.linalg.pinvh", None, [spd(3)])
    yield Case("scipy.linalg.pinvh", ("a", "lower"), [spd(3), lower])
    yield Case("scipy.linalg.logm", None, [spd(3)])
    yield Case("scipy.linalg.fractional_matrix_power", None, [spd(3), Const(0.4)])
    for right in (arr(3), arr(3, 2)):
        piv = np.array([1, 2, 2], "i4")
        yield Case("scipy.linalg.lu_solve", None, [(a, piv), right])
        yield Case("scipy.linalg.lu_solve", ("lu_and_piv", "b", "trans"), [(a, piv), right, Const(1)])
    for right in (arr(5), arr(5, 2)):
        yield Case("scipy.linalg.lstsq", None, [tall, right])
    for name in ("solve_continuous_lyapunov", "solve_lyapunov", "solve_discrete_lyapunov"):
        yield Case(f"scipy.linalg.{name}", None, [0.4 * a, arr(3, 3)])


def structured():
    for name in ("circulant", "fiedler"):
        yield Case(f"scipy.linalg.{name}", None, [arr(4)])
    yield Case("scipy.linalg.companion", None, [arr(4, kind="away")])
    for sizes in ((3,), (3, 4), (4, 2)):
        yield Case("scipy.linalg.hankel", None, [arr(size) for size in sizes])
    yield Case("scipy.linalg.leslie", None, [arr(4), arr(3)])
    yield Case("scipy.linalg.diagsvd", None, [arr(3), Const(3), Const(5)])
    yield Case("scipy.linalg.diagsvd", None, [arr(3), Const(4), Const(3)])
    yield Case("scipy.linalg.khatri_rao", None, [arr(2, 3), arr(4, 3)])
    line = arr(4) + np.array([6.0, 0.0, 0.0, 0.0])
    for right in (arr(4), arr(4, 2)):
        yield Case("scipy.linalg.solve_toeplitz", None, [line, right])
        yield Case("scipy.linalg.solve_toeplitz", None, [(line, line + 0.1), right])
        yield Case("scipy.linalg.matmul_toeplitz", None, [line, right])
        yield Case("scipy.linalg.matmul_toeplitz", None, [(arr(3), line), right])
    for right in (arr(5), arr(5, 2)):
        for low, high in ((1, 1), (2, 0), (0, 1), (1, 2)):
            band = arr(low + high + 1, 5)
            band[high] += 6.0
            yield Case("scipy.linalg.solve_banded", None, [Const((low, high)), band, right])
    yield Case("scipy.linalg.solve_circulant", None, [line, arr(4)])


def equations():
    for rows in (1, 2, 3):
        band = arr(rows, 5)
        for lower in (False, True):
            whole = band + 0.0
            whole[0 if lower else rows - 1] += 7.0
            for right in (arr(5), arr(5, 2)):
                yield Case("scipy.linalg.solveh_banded", ("ab", "b", "lower"), [whole, right, Const(lower)])
                yield Case("scipy.linalg.cho_solve_banded", None, [(whole, lower), right])
            yield Case("scipy.linalg.cholesky_banded", ("ab", "lower"), [whole, Const(lower)])
            yield Case("scipy.linalg.eigvals_banded", ("a_band", "lower"), [band, Const(lower)])
    yield Case("scipy.linalg.eigh_tridiagonal", None, [arr(4), arr(3, kind="away")])
    yield Case("scipy.linalg.eigh_tridiagonal", None, [arr(4), arr(3, kind="away"), Const(True)])
    yield Case("scipy.linalg.fiedler_companion", None, [arr(6, kind="away")])
    yield Case("scipy.linalg.fiedler_companion", None, [arr(3, kind="away")])
    yield Case("scipy.linalg.expm_cond", None, [square()])
    for size, n in ((3, 5), (4, 2), (3, 3)):
        for mode in ("full", "same", "valid"):
            yield Case("scipy.linalg.convolution_matrix", None, [arr(size), Const(n), Const(mode)])
    signs = np.array([[2.0, 0.1, 0.2], [-0.1, -1.5, 0.3], [0.3, 0.2, 1.0]])
    yield Case("scipy.linalg.signm", None, [signs])
    yield Case("scipy.linalg.expm_frechet", None, [arr(3, 3), arr(3, 3)])
    yield Case("scipy.linalg.subspace_angles", None, [arr(5, 2), arr(5, 3)])


def convolutions():
    for name in ("convolve", "fftconvolve"):
        for one, two in (((5,), (3,)), ((3,), (5,)), ((3, 4), (2, 2))):
            yield Case(f"scipy.signal.{name}", None, [arr(*one), arr(*two)])
    for name in ("convolve", "fftconvolve", "correlate"):
        for mode in ("full", "same", "valid"):
            for one, two in (((5,), (3,)), ((3,), (5,)), ((4,), (4,)), ((3, 4), (2, 3)), ((2, 2), (3, 4))):
                yield Case(f"scipy.signal.{name}", ("a", "b", "mode"), [arr(*one), arr(*two), Const(mode)])
    yield Case("scipy.signal.oaconvolve", None, [arr(5), arr(3)])
    for name in ("fftconvolve", "oaconvolve"):
        for axes, one, two in (
            (1, (3, 4), (3, 2)),
            (0, (4, 3), (2, 1)),
            ((0, 2), (3, 2, 4), (2, 2, 3)),
            (-1, (1, 2), (3, 4)),
        ):
            for mode in ("full", "valid"):
                values = [arr(*one), arr(*two), Const(mode), Const(axes)]
                yield Case(f"scipy.signal.{name}", ("a", "b", "mode", "axes"), values)
        values = [arr(3, 4), arr(1, 3), Const("same"), Const(1)]
        yield Case(f"scipy.signal.{name}", ("a", "b", "mode", "axes"), values)
    for name in ("convolve2d", "correlate2d"):
        yield Case(f"scipy.signal.{name}", None, [arr(3, 4), arr(2, 2)])
        for mode in ("same", "valid"):
            for one, two in (((3, 4), (2, 3)), ((3, 5), (3, 3)), ((2, 2), (3, 4))):
                yield Case(f"scipy.signal.{name}", ("in1", "in2", "mode"), [arr(*one), arr(*two), Const(mode)])
    for size in (1, 2, 4, 7):
        yield Case("scipy.signal.lfilter", None, [arr(size), np.append(1.5, 0.4 * arr(2)), arr(5)])
        values = [arr(size), np.append(1.5, 0.4 * arr(2)), arr(5), arr(max(size, 3) - 1)]
        yield Case("scipy.signal.lfilter", ("b", "a", "x", "zi"), values)
    for axis in (0, 1, -1):
        values = [arr(2), np.append(1.5, 0.4 * arr(2)), arr(4, 3), Const(axis)]
        yield Case("scipy.signal.lfilter", ("b", "a", "x", "axis"), values)
        sections = scipy.signal.butter(3, 0.4, output="sos")
        yield Case("scipy.signal.sosfilt", ("sos", "x", "axis"), [Still(sections), arr(4, 3), Const(axis)])
        yield Case("scipy.signal.detrend", ("data", "axis"), [arr(5, 4), Const(axis)])
        yield Case("scipy.signal.savgol_filter", (*SMOOTH, "axis"), [arr(8, 7), Const(5), Const(2), Const(axis)])
    yield Case("scipy.signal.sosfilt", None, [Still(sections), arr(6)])
    yield Case("scipy.signal.detrend", None, [arr(6)])
    yield Case("scipy.signal.detrend", ("data", "type"), [arr(6), Const("constant")])
    for mode in ("interp", "constant", "mirror", "nearest", "wrap"):
        for deriv in (0, 1):
            values = [arr(8), Const(5), Const(3), Const(deriv), Const(0.3), Const(mode)]
            yield Case("scipy.signal.savgol_filter", (*SMOOTH, "deriv", "delta", "mode"), values)


SMOOTH = ("x", "window_length", "polyorder")


def integrals():
    x = np.cumsum(arr(4, kind="positive"))
    for name in ("simpson", "cumulative_simpson", "romb"):
        full = f"scipy.integrate.{name}"
        yield Case(full, ("y",), [arr(5)])
        yield Case(full, ("y", "dx"), [arr(5), 0.3])
        for axis in (0, 1, -1):
            yield Case(full, ("y", "axis"), [arr(5, 3) if axis == 0 else arr(3, 5), Const(axis)])
        if name != "romb":
            yield Case(full, ("y", "x"), [arr(4), Still(x)])
            yield Case(full, ("y", "x", "axis"), [arr(4, 3), Still(x), Const(0)])
    for more in ((), ("x",)):
        given = [arr(4), *(Still(x) for _ in more), Const(0)]
        yield Case("scipy.integrate.cumulative_simpson", ("y", *more, "initial"), given)
    for name in ("trapezoid", "cumulative_trapezoid"):
        yield Case(f"scipy.integrate.{name}", ("y",), [arr(4)])
        yield Case(f"scipy.integrate.{name}", ("y", "dx"), [arr(4), 0.3])
        yield Case(f"scipy.integrate.{name}", ("y", "x"), [arr(4), x])
        for axis in (0, 1, -1):
            size = (3, 4)[axis]
            yield Case(f"scipy.integrate.{name}", ("y", "x", "axis"), [arr(3, 4), x[:size], Const(axis)])
            yield Case(f"scipy.integrate.{name}", ("y", "axis"), [arr(3, 4), Const(axis)])
        yield Case(f"scipy.integrate.{name}", ("y", "x"), [arr(3, 4), np.cumsum(arr(3, 4, kind="positive"), axis=1)])
    yield Case("scipy.integrate.cumulative_trapezoid", ("y", "x", "initial"), [arr(4), x, Const(0)])
    yield Case("scipy.integrate.cumulative_trapezoid", ("y", "axis", "initial"), [arr(3, 4), Const(0), Const(0)])


SEVERAL = {  # name: where the arguments come from
    **dict.fromkeys(("airy", "fresnel"), ("any",)),
    **dict.fromkeys(("airye", "sici", "shichi", "kelvin", "itj0y0", "iti0k0"), ("positive",)),
    **dict.fromkeys(("it2j0y0", "it2i0k0", "modfresnelm", "modfresnelp"), ("positive",)),
    "itairy": ("middle",),
    "ellipj": ("positive", "high"),
    **dict.fromkeys(("pbdv", "pbvv", "pbwa"), (Const(2), "positive")),
    **dict.fromkeys(("mathieu_cem", "mathieu_sem"), (Const(2), Const(0.7), "many")),
    **{f"mathieu_mod{kind}em{k}": (Const(2), Const(0.7), "positive") for kind in "cs" for k in (1, 2)},
    **{
        f"{kind}_{part}": (Const(1), Const(2), Const(0.7), "inside")
        for kind, part in (("pro", "ang1"), ("obl", "ang1"))
    },
    **dict.fromkeys(("pro_rad1", "pro_rad2"), (Const(0), Const(1), Const(1.5), "above_one")),
    "obl_rad1": (Const(1), Const(2), Const(0.7), "positive"),
    "legendre_p": (Const(3), "inside"),
    **dict.fromkeys(("assoc_legendre_p", "sph_legendre_p"), (Const(3), Const(1), "inside")),
    "legendre_p_all": (Const(4), "inside"),
    "assoc_legendre_p_all": (Const(3), Const(2), "inside"),
    "sph_legendre_p_all": (Const(3), Const(2), "away"),
}


def several():
    for name, kinds in SEVERAL.items():
        full = f"scipy.special.{name}"
        for shape in ((), (3,), (2, 3)):
            values = [kind if isinstance(kind, Const) else 1.0 * draw(kind, shape) for kind in kinds]
            yield Case(full, None, values)
            if name[:3] in ("pro", "obl"):
                cv = getattr(scipy.special, f"{name[:3]}_cv")(*(value.value for value in values[:3])).item()
                yield Case(f"{full}_cv", None, [*values[:3], Const(cv), values[3]])
    for theta, phi in (((), ()), ((3,), ()), ((2, 1), (3,))):
        values = [Const(3), Const(2), draw("positive", theta), draw("any", phi)]
        yield Case("scipy.special.sph_harm_y_all", None, values)
    yield Case("scipy.special.ellipj", None, [arr(2, 3, kind="positive"), arr(3, kind="high")])
    yield Case("scipy.special.ellipj", None, [draw("positive", ()), arr(3, kind="high")])
    yield Case("scipy.special.multigammaln", None, [arr(3, kind="many") + 0.3, Const(3)])
    yield Case("scipy.special.multigammaln", None, [draw("many", ()) + 0.3, Const(2)])


def sparse():
    wide = scipy.sparse.csr_matrix(np.where(arr(3, 4) > 0.0, arr(3, 4), 0.0))
    deep = scipy.sparse.csc_array(scipy.sparse.eye(4) * 3.0 + wide.T @ wide)
    for a in (wide, scipy.sparse.coo_array(wide), scipy.sparse.dia_matrix(wide)):
        for x in (arr(4), arr(4, 2), arr(4, 1), arr(4, 2, dtype="f4"), arr(4, dtype="c16")):
            yield Case("sparse.matmul", None, [Still(a), x])
        for x in (arr(3), arr(2, 3), arr(3, dtype="f4")):
            yield Case("sparse.matmul", None, [x, Still(a)])
    for x in (arr(4), arr(4, 2)):
        yield Case("sparse.dot", None, [Still(wide), x])
        yield Case("scipy.sparse.linalg.expm_multiply", None, [Still(deep), x])
    yield Case("sparse.matmul", None, [Still(scipy.sparse.csr_matrix(np.arange(12).reshape(3, 4))), arr(4)])
    yield Case("scipy.sparse.linalg.spsolve", None, [Still(deep), arr(4)])


def sequences():
    for name in ("riccati_jn", "riccati_yn", "lqn"):
        yield Case(f"scipy.special.{name}", None, [Const(3), draw("inside", ()) * 0.5 + 0.6 * (name != "lqn")])
    for name, v in (("lmbda", 2.3), ("pbdv_seq", 2.3), ("pbvv_seq", 2.3)):
        yield Case(f"scipy.special.{name}", None, [Const(v), 0.7 + 0.1 * draw("inside", ())])
    yield Case("scipy.special.pbdn_seq", None, [Const(3), draw("positive", ())])
    for x in (0.3, 1.7):
        yield Case("scipy.special.lqmn", None, [Const(2), Const(3), x])
    for name in ("pro_cv_seq", "obl_cv_seq"):
        yield Case(f"scipy.special.{name}", None, [Const(1), Const(4), 0.7])
    for name in ("even", "odd"):
        for m in (1, 2, 5, 6):
            yield Case(f"scipy.special.mathieu_{name}_coef", None, [Const(m), 0.7 * m])
    for name in ("roots_genlaguerre", "la_roots", "roots_gegenbauer", "cg_roots"):
        yield Case(f"scipy.special.{name}", None, [Const(4), 0.7])
    for name in ("roots_jacobi", "j_roots"):
        yield Case(f"scipy.special.{name}", None, [Const(4), 0.7, -0.3])
    for name in ("roots_sh_jacobi", "js_roots"):
        yield Case(f"scipy.special.{name}", None, [Const(3), 1.7, 1.3])


def all_of():
    return [
        *sequences(),
        *sparse(),
        *equations(),
        *several(),
        *joint(),
        *factors(),
        *structured(),
        *sums(),
        *densities(),
        *masses(),
        *matrices(),
        *convolutions(),
        *integrals(),
    ]
