"""An argument that may be a real number has a derivative, or is known to have none: none is left out in silence."""

import inspect

from adgen.rules import table

# arguments that are whole numbers, flags, places, conditions, tolerances, options, random states
WHOLE = set(
    "n m N M num deg pow kth minlength bp limit maxiter maxfev maxpower polyorder offsets fweights derivative".split()
)
FLAGS = set("where condition condlist invert replace shuffle tfirst col_deriv check_finite conj density tensor".split())
PLACES = set("indices obj at repeats reps shift shape new_shape size like arrays x1 diag".split())
OPTIONS = set(
    "dtype casting order subok device method type format options jac fprime fprime2 fn func args check_valid".split()
)
LIMITS = set("tol rtol atol xtol rcond epsabs epsrel epsfcn factor mxstep max_step first_step".split())
KNOWN = WHOLE | FLAGS | PLACES | OPTIONS | LIMITS | {"self"}
# steps, refused where they vary (their tests are those of the solvers), or what is only of a shape or for other parts
APART = {
    ("adgen.follows", "x"),
    ("adgen.implicit", "x"),
    ("adgen.implicit", "slope"),
    ("adgen.implicit_system", "x"),
    ("adgen.implicit_system", "slope"),
    ("filled", "x"),
    ("matmul_left", "a"),
    ("matmul_right", "b"),
    ("np.dot_left", "a"),
    ("np.dot_right", "b"),
    ("np.arange", "stop"),
    ("np.bincount", "x"),
    ("np.choose", "a"),
    ("np.full_like", "a"),
    ("Generator.choice", "p"),
    ("np.random.choice", "p"),
    ("scipy.integrate.solve_ivp", "t_eval"),
    ("scipy.sparse.linalg.expm_multiply", "A"),
    ("scipy.sparse.linalg.spsolve", "A"),
    ("scipy.sparse.spdiags", "diags"),
    ("trajectory", "y0"),
}
DISCRETE = "bernoulli binom geom nbinom poisson".split()  # between whole numbers nothing changes


def left_out(name):
    """The arguments of an entry for which it has no piece."""
    rule = table.lookup(name)
    tables = [found for found in inspect.getclosurevars(rule.vjp_rule).nonlocals.values() if isinstance(found, dict)]
    pieces = set().union(*(set(found) for found in tables)) if tables else None
    if rule.kind == "zero" or pieces is None:
        return []
    return [param.name for param in rule.params if not param.static and param.name not in pieces]


def test_no_argument_is_left_out():
    found = [(name, arg) for name in table.names() for arg in left_out(name) if arg not in KNOWN]
    shifts = [
        (name, "loc") for name in table.names() if name.startswith("scipy.stats.") and name.split(".")[2] in DISCRETE
    ]
    assert [pair for pair in found if pair not in APART and pair not in shifts] == []


def test_arguments_that_are_left_out_are_found():
    assert "range" not in left_out("np.histogram") and "cval" not in left_out("scipy.signal.savgol_filter")
    assert left_out("np.take") == ["indices"] and "kth" in left_out("np.partition")
