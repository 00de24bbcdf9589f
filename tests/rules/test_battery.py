"""Every entry of the table: values, types, both modes, their agreement, order 2; and that the check can fail."""

import numpy as np
import pytest

from adgen.battery.checks import Trial, check_forward, check_reverse, direction, leaves
from adgen.frontend import lower_solvers
from adgen.rules import table
from adgen.rules.folds import WRONG
from adgen.rules.kinds import WIDENING
from adgen.rules.rule import TypeProblem

from . import cases_random
from .cases import all_cases

CASES = all_cases()
BY_NAME = {}
for _case in CASES:
    BY_NAME.setdefault(_case.name, []).append(_case)
NAMES = sorted(BY_NAME)


def is_double(case):
    return all(
        leaf.dtype != np.float32
        for value in case.values
        for leaf in leaves(getattr(value, "value", value))
        if leaf.dtype != object
    )


# what is known of sizes; covariances are refused where they may be of one variable or of several
KNOWN = {"scipy": ("symbols",), "np.cov": ("symbols", "all"), "np.corrcoef": ("symbols", "all")}
ONCE = ("cofactors_dot",)  # the derivative of what its rule gives is the fourth of a determinant: refused


@pytest.mark.parametrize("name", NAMES)
def test_rule(name):
    for case in BY_NAME[name]:
        for known in KNOWN.get(name.partition(".")[0], KNOWN.get(name, ("symbols", "all", "nothing"))):
            try:
                if is_double(case):
                    check_forward(Trial(case, known))
                check_reverse(Trial(case, known, 1), order_two=known == "symbols" and name not in ONCE)
            except Exception as problem:
                shown = [
                    getattr(np.asarray(v), "shape", v) if not isinstance(v, (list, tuple)) else v for v in case.values
                ]
                raise AssertionError(f"{name} {case.args} {shown} knowing {known}") from problem


TYPED = ("math.", "cmath.", "np.emath.", "np.random.", "Generator.", "scipy.")  # or of a dtype that versions change
VAGUE = [name for name in NAMES if table.lookup(name).kind == "elementwise" and not name.startswith(TYPED)]
VAGUE += ["np.sum", "np.mean", "np.max", "np.var", "np.std", "np.linalg.norm"]


@pytest.mark.parametrize("name", VAGUE)
def test_rule_without_types(name):
    """Arrays of unknown rank, dtype, even numbers or arrays: helpers decide at run time."""
    for case in BY_NAME[name]:
        arrays = [value for value in case.values if isinstance(value, (np.ndarray, np.generic))]
        dtypes = {np.asarray(value).dtype.str[1:] for value in arrays}
        mixed = len(dtypes - {"b1"}) > 1
        if not dtypes or (table.lookup(name).kind != "elementwise" and len(case.values) > 1):
            continue
        if any(dtype[0] == "c" for dtype in dtypes):  # what is not known to be complex is real, and guarded
            if any(dtype[0] == "f" for dtype in dtypes):
                with pytest.raises(TypeProblem, match="dtype is not known"):
                    Trial(case, "kind")
            continue
        if name in WIDENING and "f4" in dtypes:
            continue  # makes float64 of everything
        # adjoints of arrays that are known to be arrays, of unknown dtype, have the common one; the helper casts
        for known in ("dtype", "kind") if mixed else ("dtype", "array", "kind"):
            try:
                check_reverse(Trial(case, known, 1), order_two=False)
            except Exception as problem:
                raise AssertionError(
                    f"{name} {case.args} {[np.shape(v) for v in case.values]} knowing {known}"
                ) from problem


def test_every_differentiable_entry_has_cases():
    allowed = {
        "add_lists",
        "filled",
        "split_like",
        "adgen.on_adjoint",
        "hooked",
        "np.float16",
        "np.complex64",
        "np.complex128",
        "math.ldexp",
    }
    allowed |= {*cases_random.IMPLICIT, "gamma_slope"}  # test_draws.py
    allowed |= cases_random.REFUSED
    allowed |= {"scipy.special.ncfdtrinc"}  # test_scipy.py
    allowed |= {"adgen.implicit", "adgen.implicit_system", *lower_solvers.NAMES}  # test_scipy.py
    allowed |= {name for name in table.names() if name.startswith("scipy.sparse.") and "linalg" not in name}  # refused
    allowed |= {f"scipy.linalg.solve_{name}_are" for name in ("continuous", "discrete")}  # test_scipy.py
    allowed |= {f"sparse.{name}" for name in ("add", "sub", "mul", "div")}
    allowed |= {
        "scipy.integrate.fixed_quad",
        "scipy.integrate.quad",
        "scipy.integrate.solve_ivp",
        "scipy.integrate.odeint",
    }  # test_integrals.py
    allowed |= {"cofactors_second"}  # test_determinants.py
    allowed |= {"adgen.follows", "trajectory"}
    allowed |= {f"np.{name}.{method}" for name in WRONG for method in ("reduce", "reduceat")}  # refused
    missing = {name for name in table.names() if table.lookup(name).kind != "zero"} - set(NAMES) - allowed
    assert not missing


FACTORS = (-1.0, 1.001)


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_sign_or_size_is_noticed(name):
    """Negate or scale what the rule gives: some case must fail, unless the derivative is zero everywhere."""
    rule = table.lookup(name)
    if rule.kind == "elementwise" and set(rule.formulas) == {"0"}:
        return
    cases = [case for case in BY_NAME[name] if is_double(case)]
    for factor in FACTORS:
        assert any(fails(check_reverse, case, factor, order_two=False) for case in cases)
        assert any(fails(check_forward, case, factor) for case in cases) or name in ("np.float32", "np.astype")


def fails(check, case, factor, **how):
    try:
        check(Trial(case, seed=2), sign=factor, **how)
    except AssertionError:
        return True
    return False


class Wrong(Trial):
    """A call whose derivative by one argument has the wrong sign or size."""

    def __init__(self, case, arg, factor):
        super().__init__(case, seed=2)
        self.factor = factor
        self.wrong = [k for k, name in enumerate(self.op.attrs["args"]) if name == arg]

    def vjp(self, y_bar):
        bars, found = super().vjp(y_bar)
        pairs = zip(self.active, found, strict=True)
        return bars, [scaled(bar, self.factor) if k in self.wrong else bar for k, bar in pairs]


def scaled(bar, factor):
    if isinstance(bar, (list, tuple)):
        return type(bar)(scaled(part, factor) for part in bar)
    return (
        None
        if bar is None
        else (bar * factor if isinstance(bar, float) else np.asarray(bar * factor).astype(np.asarray(bar).dtype)[()])
    )


SEVERAL = [name for name in NAMES if len(table.lookup(name).params) > 1 and table.lookup(name).kind != "zero"]


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("factor", FACTORS)
def test_a_wrong_sign_or_size_by_one_argument_is_noticed(name, factor):
    """Each argument with a derivative has a case that notices when that derivative alone is wrong."""
    seen, noticed = {}, {}
    for case in BY_NAME[name]:
        if not is_double(case):
            continue
        args = Trial(case, seed=2).op.attrs["args"]
        for arg in dict.fromkeys(args):
            if arg in noticed:
                continue
            trial = Wrong(case, arg, factor)
            bars = trial.vjp(direction(trial.primal[trial.y], trial.rng))[1] if trial.active else []
            given = [bar for k, bar in zip(trial.active, bars, strict=True) if k in trial.wrong and bar is not None]
            if any(np.any(leaf) for bar in given for leaf in leaves(bar)):
                seen[arg] = None
                try:
                    check_reverse(Wrong(case, arg, factor), order_two=False)
                except AssertionError:
                    noticed[arg] = None
    assert list(seen) == list(noticed)
