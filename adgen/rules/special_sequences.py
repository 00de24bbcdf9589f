"""scipy.special: functions of all orders at once, and rules of Gauss whose weight function has parameters.

s, ds = scipy.special.riccati_jn(4, x)         ->      x_bar = s_bar @ ds + ds_bar @ (s * (k * (k + 1) / x**2 - 1))
x, w = scipy.special.roots_genlaguerre(8, a)   ->      eigenvalues and eigenvectors of the matrix of the recurrence
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Type
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import is_complex, plain, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import tuple_of
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.special import full, no_piece

LINE = Array("f8", (None,))


# values and slopes of all orders, by the differential equation -----------------------------------------------------
def one_number(facts: Facts) -> Type:
    """Two lines; refused for arrays and for complex numbers."""
    if any(shape_of(type_) != () or is_complex(plain(type_)) for type_ in facts.types):
        raise TypeProblem(f"`{facts.name}` of what is not known to be one real number", "annotate the arguments")
    if facts.name.startswith("scipy.special.pb"):  # of negative orders SciPy leaves some results undone
        order = facts.static("n" if facts.has("n") else "v")
        if not isinstance(order, int | float) or order < 0:
            raise TypeProblem(f"`{facts.name}` of a negative order", "call the function of one order")
    line = Array("c16", (None,)) if facts.name.endswith("pbdn_seq") else LINE
    return tuple_of(line, line)


def _second(call: Call, text: str, orders: str) -> Value:
    """The derivatives of the slopes."""
    k = call(orders.replace("COUNT", "np.arange(y[0].size)"))
    return call(text, k=k)


def _all_orders(signature: str, second: str, orders: str = "COUNT", static: tuple[str, ...] = ()) -> None:
    first, arg = signature.partition("(")[2].rstrip(")").split(", ")

    def pull(call: Call, g: Value) -> Value:
        env = {"v": call.b.item(g, 0), "s": call.b.item(g, 1), "more": _second(call, second, orders)}
        return call("np.vdot(v, y[1]) + np.vdot(s, more)", **env)

    def push(call: Call, dots: Mapping[str, Value]) -> Value | None:
        if first in dots:
            return no_piece(call, dots[first])
        if arg not in dots:
            return None
        parts = [call("dot * y[1]", dot=dots[arg]), call("dot * m", dot=dots[arg], m=_second(call, second, orders))]
        return call.b.pack(tuple_of(parts[0].type, parts[1].type), parts)

    general(f"scipy.special.{signature}", vjp={first: no_piece, arg: pull}, jvp=push, infer=one_number, static=static)


for _name in ("riccati_jn", "riccati_yn"):
    _all_orders(f"{_name}(n, x)", "(k * (k + 1.0) / (x * x) - 1.0) * y[0]")
_all_orders("lqn(n, z)", "(2.0 * z * y[1] - k * (k + 1.0) * y[0]) / (1.0 - z * z)")
_FROM = "v - np.trunc(v) + COUNT"
_all_orders("lmbda(v, x)", "-(2.0 * k + 1.0) / x * y[1] - y[0]", _FROM)
for _name in ("pbdv_seq", "pbvv_seq"):
    _all_orders(f"{_name}(v, x)", "(0.25 * x * x - k - 0.5) * y[0]", _FROM, static=("v",))
_all_orders("pbdn_seq(n, z)", "(0.25 * z * z - k - 0.5) * y[0]", static=("n",))  # of complex ones SciPy's are wrong


# rules of Gauss ------------------------------------------------------------------------------------------------------
def _rule_type(facts: Facts) -> Type:
    count = facts.statics.get("n")
    line = Array("f8", (count if isinstance(count, int) else None,))
    return tuple_of(line, line)


def _gauss(call: Call, diagonal: Value, beside: Value, total: Value) -> Value:
    """Nodes are the eigenvalues of the matrix of the recurrence, weights the squares of the first components."""
    b = call.b
    env = {"d": diagonal, "e": beside, "k": b.const(1), "low": b.const(-1)}
    parts = call("np.linalg.eigh(m)", m=call("np.diag(d) + np.diag(e, k=k) + np.diag(e, k=low)", **env))
    nodes, v = b.item(parts, 0), b.item(parts, 1)
    row = call("np.take(v, at, axis=at)", v=v, at=b.const(0))
    weights = call("total * row * row", total=total, row=row)
    return b.pack(tuple_of(nodes.type, weights.type), (nodes, weights))


def _laguerre(call: Call) -> Value:
    k = call("np.arange(n - 1) + 1.0")
    beside = call("np.sqrt(k * (k + alpha))", k=k)
    return _gauss(call, call("2.0 * np.arange(n) + alpha + 1.0"), beside, call(full("sp.gamma(alpha + 1.0)")))


def _gegenbauer(call: Call) -> Value:
    k = call("np.arange(n - 1) + 1.0")
    later = "k * (k + 2.0 * alpha - 1.0) / (4.0 * (k + alpha) * np.where(k == 1.0, 1.0, k + alpha - 1.0))"
    square = call(f"np.where(k == 1.0, 0.5 / (1.0 + alpha), {later})", k=k)
    total = call(full("math.sqrt(math.pi) * sp.gamma(alpha + 0.5) / sp.gamma(alpha + 1.0)"))
    return _gauss(call, call("0.0 * (np.arange(n) + alpha)"), call("np.sqrt(s)", s=square), total)


def _of_jacobi(call: Call, alpha: Value, beta: Value) -> Value:
    both = call("a + b", a=alpha, b=beta)
    env = {"a": alpha, "b": beta, "s": both, "j": call("1.0 * np.arange(n)"), "k": call("np.arange(n - 1) + 1.0")}
    later = "(b - a) * s / (np.where(j == 0.0, 1.0, 2.0 * j + s) * (2.0 * j + s + 2.0))"
    diagonal = call(f"np.where(j == 0.0, (b - a) / (s + 2.0), {later})", **env)
    later = "k * (k + s) / ((2.0 * k + s + 1.0) * np.where(k == 1.0, 1.0, 2.0 * k + s - 1.0))"
    ratio = call(f"np.where(k == 1.0, 1.0 / (s + 3.0), {later})", **env)
    square = call("4.0 * (k + a) * (k + b) / ((2.0 * k + s) * (2.0 * k + s)) * ratio", ratio=ratio, **env)
    total = call(full("2.0 ** (s + 1.0) * sp.beta(a + 1.0, b + 1.0)"), **env)
    return _gauss(call, diagonal, call("np.sqrt(s)", s=square), total)


def _jacobi(call: Call) -> Value:
    return _of_jacobi(call, call.values["alpha"], call.values["beta"])


def _shifted(call: Call) -> Value:
    inner = _of_jacobi(call, call("p1 - q1"), call("q1 - 1.0"))
    nodes = call("0.5 * (x + 1.0)", x=call.b.item(inner, 0))
    weights = call("w / 2.0**p1", w=call.b.item(inner, 1))
    return call.b.pack(tuple_of(nodes.type, weights.type), (nodes, weights))


RULES: dict[str, tuple[str, Callable[[Call], Value]]] = {
    "roots_genlaguerre la_roots": ("n, alpha", _laguerre),
    "roots_gegenbauer cg_roots": ("n, alpha", _gegenbauer),
    "roots_jacobi j_roots": ("n, alpha, beta", _jacobi),
    "roots_sh_jacobi js_roots": ("n, p1, q1", _shifted),
}
for _names, (_params, _build) in RULES.items():
    for _name in _names.split():
        composed(f"scipy.special.{_name}({_params})", _build, _rule_type, static=("n",))
