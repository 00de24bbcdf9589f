"""Every entry with arguments of every width, all of them and one at a time: right in types and values, or refused.

A rule says what dtype its result has; where it is wrong, adjoints are cast to a dtype that they should not have.
Complex numbers that a formula does not think of give wrong numbers: here they meet all of them, with differences as
witness.
"""

import numpy as np
import pytest

from adgen.battery.checks import Const, Trial, differences, direction, fits, inner, leaves
from adgen.rules import suited, table
from adgen.rules.rule import TypeProblem
from adgen.rules.runtime_special import SPECIAL

from .cases import Case, all_cases

BY_NAME = {}
for _case in all_cases():
    of_doubles = _case.name.startswith(("scipy.stats.", "scipy.special.")) or f"_{_case.name}" in SPECIAL
    if table.lookup(_case.name).kind != "zero" and not of_doubles:
        BY_NAME.setdefault(_case.name, []).append(_case)
NAMES = sorted(BY_NAME)
WIDTHS = {"f2": 6e-2, "f4": 2e-3, "g": 1e-6, "D": 1e-5}
# whose eigenvectors and singular vectors differences turn, or which take a matrix to be symmetric
UNSETTLED = {"np.linalg.eigh", "np.linalg.svd", "np.linalg.pinv", "scipy.linalg.svd"}
# results whose width follows from sizes
BY_SIZE = {f"np.polynomial.{base}{op}" for base in ("legendre.leg", "laguerre.lag") for op in ("mul", "pow", "div")}
BY_SIZE |= {f"np.polynomial.hermite.herm{op}" for op in ("mul", "pow", "div")}
BY_SIZE |= {f"np.polynomial.hermite_e.herme{op}" for op in ("mul", "pow", "div")}
BY_SIZE |= {
    "np.polynomial.polynomial.polydiv",
    "np.polynomial.chebyshev.chebdiv",
    "np.polydiv",
    "np.poly",
    "np.polynomial.polynomial.polyfromroots",
}
# results that are Python's numbers, or NumPy's where those have not the digits; of a size that values decide
PYTHON = {"np.unique_values", "item", "tolist", "list", "math.prod", "math.dist", "np.from_dlpack", "np.polyfit"}
# whose adjoints for Python's numbers beside arrays are numbers of the arrays' width: they are converted at the end
LISTED = {"np.block", "np.hstack", "np.select", "np.choose", "np.pad", "np.concatenate", "np.polyval"}
# some of whose tangents are those of numbers or of parts that are wider
BESIDE = {
    "np.average",
    "np.linalg.lstsq",
    "np.where",
    "np.maximum",
    "np.minimum",
    "np.fmax",
    "np.fmin",
    "np.clip",
    "np.cov",
    "np.histogram",
}


def cast(value, width):
    """A structure with its double numbers in another width (or made complex)."""
    if isinstance(value, Const):
        return value
    if isinstance(value, (list, tuple)):
        items = [cast(item, width) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if is_wide(value) and width == "D":
        if np.size(value) == 0 or np.asarray(value).dtype == complex:
            return value.astype(complex)
        return (value + 0.3j * np.cos(np.arange(np.size(value))).reshape(np.shape(value)))[()]
    if is_wide(value):
        return value.astype({"f2": "c8", "f4": "c8", "g": "G"}[width] if np.iscomplexobj(value) else width)
    return value


def is_wide(value):
    """Whether it has numbers of double precision, NumPy's."""
    if isinstance(value, (list, tuple)):
        return not isinstance(value, Const) and any(is_wide(item) for item in value)
    return isinstance(value, (np.ndarray, np.generic)) and value.dtype in ("f8", "c16")


def flat(values):
    """The members of lists and tuples in lists and tuples."""
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from flat(value)
        else:
            yield value


def groups(case):
    """Which arguments are cast: all, and each alone."""
    wide = [k for k, value in enumerate(case.values) if is_wide(value)]
    return [wide, *([k] for k in wide if len(wide) > 1)] if wide else []


def trial_of(case, group, width):
    """The call; None where NumPy or the rule does not take such arguments."""
    values = [cast(value, width) if k in group else value for k, value in enumerate(case.values)]
    try:
        return Trial(Case(case.name, case.args, values), seed=1)
    except (TypeProblem, TypeError, ValueError, np.linalg.LinAlgError):
        return None


def check(trial, width):
    """Types of values, tangents and adjoints; the pairing of both modes; differences, of complex numbers."""
    y = trial.primal[trial.y]
    y_bar, dots = direction(y, trial.rng), trial.dots()
    try:
        y_dot, (_, found) = trial.jvp(dots), trial.vjp(y_bar)
    except TypeProblem:
        return
    for k, bar in zip(trial.active, found, strict=True):
        if bar is not None:
            fits(bar, trial.value(k))
    of_floats = [leaf for leaf in leaves(y) if leaf.dtype.kind in "fc"]
    if y_dot is not None and trial.case.name not in BESIDE:
        assert [leaf.dtype for leaf in leaves(y_dot)] == [leaf.dtype for leaf in of_floats]
    if trial.case.name in UNSETTLED:
        return
    pairs = [(bar, dots[k]) for k, bar in zip(trial.active, found, strict=True) if bar is not None]
    total = sum(inner(leaves(bar), leaves(dot)) for bar, dot in pairs)
    sizes = sum(float(np.sum(np.abs(b) * np.abs(d))) for bar, dot in pairs for b, d in zip(leaves(bar), leaves(dot)))
    doubles = all(
        leaf.dtype in ("f8", "c16") for leaf in of_floats + [x for k in trial.active for x in leaves(dots[k])]
    )
    if width == "D" and doubles:
        moved = differences(trial, dots)
        for one, two in zip([0.0 * m for m in moved] if y_dot is None else leaves(y_dot), moved, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)
    expected = (
        0.0 if y_dot is None else inner([leaf for leaf in leaves(y_bar) if leaf.dtype.kind in "fc"], leaves(y_dot))
    )
    assert not np.isfinite(expected) or abs(total - expected) <= WIDTHS[width] * max(1.0, sizes)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_every_width(name):
    if name in PYTHON or name.startswith("Generator."):
        return
    for case in BY_NAME[name][:: 1 + len(BY_NAME[name]) // 6]:
        for width in WIDTHS:
            if width != "D" and name in LISTED and any(isinstance(value, float) for value in flat(case.values)):
                continue
            if (width != "D" and name in BY_SIZE) or (width != "D" and name.startswith("scipy.")):
                continue  # SciPy computes in single precision, or in double, as the function pleases
            for group in groups(case):
                trial = trial_of(case, group, width)
                if trial is not None:
                    try:
                        check(trial, width)
                    except Exception as problem:
                        raise AssertionError(f"{name} {case.args} with {group} as {width}") from problem


def test_what_is_refused_is_in_the_table():
    named = {*suited.REAL, *suited.SOLVED, *suited.LONG}
    assert [name for name in named if table.lookup(name) is None] == []
    params = {name: {param.name for param in table.lookup(name).params} for name in named}
    assert all(params[name].issuperset(only) for name, only in suited.REAL.items())


X, Z = np.array([0.2, 0.4, 0.7]), np.array([0.2 + 0.1j, 0.4, 0.7 - 0.3j])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("np.gradient", (X, Z)),
        ("np.interp", (Z, X, X)),
        ("np.maximum.reduceat", (Z, np.array([0, 2]))),
        ("math.dist", (Z, X)),
        ("scipy.linalg.toeplitz", (Z,)),
        ("np.polynomial.legendre.legmul", (X.astype("g"), X)),
        ("np.polydiv", (X.astype("f2"), X[:2])),
        ("np.interp", (X.astype("g"), X, X)),
    ],
)
def test_what_formulas_do_not_fit_is_refused(name, values):
    with pytest.raises(TypeProblem, match=r"complex numbers|precision"):
        Trial(Case(name, None, list(values)))


def test_complex_numbers_are_paired_without_conjugation():
    """np.vdot conjugates its first argument, which adjoints and tangents must not be."""
    for name, args, values in (
        ("np.histogram", ("a", "bins", "weights", "density"), [X, Const(2), Z, Const(True)]),
        ("np.gradient", None, [Z, 0.25]),
        ("math.prod", ("seq", "start"), [[0.5 + 0.1j, 1.5 - 0.2j], 2.0]),
    ):
        trial = Trial(Case(name, args, values), seed=1)
        check(trial, "D")
