"""scipy.optimize: roots of functions of one number, and of systems, by the implicit function theorem.

x = scipy.optimize.brentq(f, a, b, args=(p,))      with f(x, p) = 0      ->      p_bar = -x_bar * f_p(x, p) / f_x(x, p)
x = scipy.optimize.fsolve(f, x0, args=(p,))                              ->      p_bar = -solve(f_x.T, x_bar) @ f_p

The solver itself carries no derivative: the front end reads f, and puts `adgen.implicit(x, f(x, p), f_x(x, p))`
behind it, which is x, and whose derivative by the residual is -1 / f_x; of a system, `adgen.implicit_system`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import BOOL, FLOAT, INT, Array, ListOf, Opaque, Scalar, Struct, Type
from adgen.rules.call import Call
from adgen.rules.infer import plain
from adgen.rules.kinds import general
from adgen.rules.rule import Facts, TypeProblem

BRACKETED = ("brentq", "brenth", "bisect", "ridder", "toms748")
FROM_A_START = ("newton", "fixed_point", "root_scalar")
SYSTEMS = ("fsolve", "root")
FOUND = Struct(
    "object:scipy.optimize:OptimizeResult",
    ("root", "converged", "iterations", "function_calls", "flag"),
    (FLOAT, BOOL, INT, INT, Opaque("str")),
)


def _unread(call: Call, g: Value) -> Value | None:
    raise TypeProblem(f"the derivative of `{call.rule.name}` of a function that is not read", "pass a def or a lambda")


def _unread_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    return _unread(call, call.y) if dots else None


def _declared(text: str, infer: Callable[[Facts], Type], *functions: str) -> None:
    general(
        f"scipy.optimize.{text}",
        vjp=dict.fromkeys((*functions, "args"), _unread),
        jvp=_unread_jvp,
        infer=infer,
        static=("method",) if "method" in text else (),
    )


def _number(facts: Facts) -> Type:
    return FLOAT


def _strong(facts: Facts) -> Type:
    """The root as a NumPy float: beside float32 arrays it is in double precision."""
    start = plain(facts.type("x0")) if facts.has("x0") else FLOAT
    return FLOAT if isinstance(start, Array) and start.dtype != "f8" else Array("f8", ())


def _found(facts: Facts) -> Type:
    """What root_scalar gives: the brackets of C code give Python floats."""
    method = facts.static("method")
    bracketed = method in BRACKETED and method != "toms748"
    if bracketed or (method is None and facts.has("bracket")):
        return FOUND
    return Struct(FOUND.kind, FOUND.keys, (Array("f8", ()), *FOUND.items[1:]))


def line(type_: Type) -> Array | None:
    """The type of the roots of a system that starts at a value of this type."""
    match plain(type_):
        case Struct("tuple" | "list", _, items) if all(isinstance(plain(item), Scalar) for item in items):
            return Array("f8", (len(items),))
        case ListOf(Scalar()):
            return Array("f8", (None,))
        case Array("f8" | "i8", (size,)):
            return Array("f8", (size,))
        case Scalar("int" | "float") | Array("f8" | "i8", ()):
            return Array("f8", (1,))
    return None


def _line(facts: Facts) -> Array:
    found = line(facts.type("x0"))
    if found is None:
        raise TypeProblem(f"`{facts.name}` from what is not known to be a line of floats", "annotate it, or ravel it")
    return found


def _result(facts: Facts) -> Type:
    found = _line(facts)
    keys = ("x", "success", "fun", "message", "nfev")
    return Struct("object:scipy.optimize:OptimizeResult", keys, (found, BOOL, found, Opaque("str"), INT))


def _fixed(facts: Facts) -> Type:
    start = plain(facts.type("x0"))
    return Array("f8", ()) if start == FLOAT else start if isinstance(start, Array) else _line(facts)


for _name in BRACKETED:
    more = "k=1, *, " if _name == "toms748" else "*, "
    infer = _strong if _name == "toms748" else _number
    _declared(f"{_name}(f, a, b, args=(), {more}xtol=0.0, rtol=0.0, maxiter=100)", infer, "f", "a", "b")
_declared(
    "newton(func, x0, fprime=None, args=(), tol=0.0, maxiter=50, fprime2=None, x1=None, *, rtol=0.0)",
    _strong,
    "func",
    "x0",
)
_declared("fixed_point(func, x0, args=(), xtol=0.0, maxiter=500, method='del2')", _fixed, "func", "x0")
_declared(
    "root_scalar(f, args=(), method=None, bracket=None, fprime=None, fprime2=None, x0=None, x1=None, xtol=None, "
    "rtol=None, maxiter=None, *, options=None)",
    _found,
    "f",
    "bracket",
    "x0",
    "x1",
)
_declared(
    "fsolve(func, x0, args=(), fprime=None, *, col_deriv=0, xtol=0.0, maxfev=0, epsfcn=None, factor=100, diag=None)",
    _line,
    "func",
    "x0",
)
_declared("root(fun, x0, args=(), method='hybr', jac=None, tol=None, *, options=None)", _result, "fun", "x0")
general(
    "adgen.implicit(x, residual, slope)",
    vjp={"residual": "-g / slope"},
    jvp={"residual": "-residual_dot / slope"},
    infer=lambda facts: plain(facts.types[0]),
    doc="a root: x, which moves so that the residual stays zero",
)
general(
    "adgen.implicit_system(x, residual, slope)",
    vjp={"residual": "-np.linalg.solve(slope.T, g)"},
    jvp={"residual": "-np.linalg.solve(slope, residual_dot)"},
    infer=lambda facts: plain(facts.types[0]),
    doc="the roots of a system: x, which moves so that the residual stays zero; slope is its Jacobian",
)
