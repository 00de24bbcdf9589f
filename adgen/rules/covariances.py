"""Covariances and correlations of variables, weighted or not.

c = np.cov(m)               ->      m_bar = (c_bar + c_bar.T) @ (m - means) / (n - 1)
c = np.cov(x, y)            ->      that of both as rows, taken apart
r = np.corrcoef(m)          ->      np.cov, np.diag, np.sqrt, a quotient: one by one
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adgen.ir.core import Value
from adgen.ir.types import Array, Dim, Type
from adgen.rules.call import Call
from adgen.rules.composed import composed, pulled, pushed
from adgen.rules.infer import as_content, code, dtype_of, is_complex, known_not_one, shape_of
from adgen.rules.kinds import general
from adgen.rules.matrices import float_dtype
from adgen.rules.rule import Facts, TypeProblem


def _cov_type(facts: Facts) -> Type:
    types = [as_content(facts.type(name)) for name in ("m", "x", "y") if facts.has(name) and _given(facts, name)]
    known = [shape_of(type_) for type_ in types]
    if any(shape is None or len(shape) not in (1, 2) for shape in known):
        raise TypeProblem(f"`{facts.name}` of what is not known to be a line or matrix", "annotate the argument")
    dtype, asked = float_dtype([*types, Array("f8", ())]), facts.static("dtype")
    dtype = code(asked) if asked is not None else dtype
    rows = bool(facts.static("rowvar", True))
    counts: list[Dim] = [1 if len(s) == 1 else s[0 if rows else 1] for s in known if s is not None]
    if len(counts) == 1 and counts[0] != 1 and not known_not_one(counts[0]):
        return Array(dtype, None)  # of one variable it is a number
    if len(counts) == 1:
        return Array(dtype, () if counts[0] == 1 else (counts[0],) * 2)
    whole = [count for count in counts if isinstance(count, int)]
    return Array(dtype, (sum(whole) if len(whole) == 2 else None,) * 2)


def _given(facts: Facts, name: str) -> bool:
    return shape_of(facts.type(name)) is not None or name != "y"


# the usual call: one array of real numbers ---------------------------------------------------------------------------
def _plain(call: Call) -> bool:
    others = any(call.has(name) for name in ("y", "fweights", "aweights", "dtype"))
    alone = not others and dtype_of(call.type("m")) not in (None, "c8", "c16") and shape_of(call.y.type) != (1, 1)
    if shape_of(call.y.type) is None and not alone:
        raise _one_or_several(call)
    return alone


def _one_or_several(call: Call) -> TypeProblem:
    why = f"the derivative of `{call.rule.name}` of an array that may hold one variable or several"
    return TypeProblem(why, "annotate its shape")


def _ddof(call: Call) -> int:
    found = call.static("ddof")
    if found is None:
        return 0 if call.static("bias", False) else 1
    assert isinstance(found, int)
    return found


def _centred(call: Call) -> tuple[Value, Value]:
    """The variables as rows, less their means; and by what the products are divided."""
    ddof = call.b.const(_ddof(call))
    if call.rank("m") == 1:
        return call("m - np.mean(m)"), call("m.size - ddof", ddof=ddof)
    rows = call.values["m"] if call.static("rowvar", True) else call("m.T")
    means = call("np.mean(rows, axis=axis, keepdims=keep)", rows=rows, axis=call.b.const(1), keep=call.b.const(True))
    apart = call("rows - means", rows=rows, means=means)
    return apart, call("rows.shape[1] - ddof", rows=rows, ddof=ddof)


def _one_vjp(call: Call, g: Value) -> Value:
    apart, count = _centred(call)
    if call.rank("m") == 1:
        return call("2.0 * g / count * apart", g=g, count=count, apart=apart)
    if shape_of(call.y.type) is None:  # of one variable it is a number
        g = call("np.reshape(g, (apart.shape[0], apart.shape[0]))", g=g, apart=apart)
    square = "g + g.T" if shape_of(g.type) != () else "2.0 * g"
    out = call(
        f"({square}) @ apart / count" if shape_of(g.type) != () else f"({square}) * apart / count",
        g=g,
        apart=apart,
        count=count,
    )
    return out if call.static("rowvar", True) else call("out.T", out=out)


def _one_jvp(call: Call, dot: Value) -> Value:
    apart, count = _centred(call)
    if call.rank("m") == 1 or shape_of(call.y.type) == ():
        dot = dot if call.static("rowvar", True) or call.rank("m") == 1 else call("dot.T", dot=dot)
        return call("2.0 * np.vdot(apart, dot) / count", apart=apart, dot=dot, count=count)
    dot = dot if call.static("rowvar", True) else call("dot.T", dot=dot)
    half = call("apart @ dot.T / count", apart=apart, dot=dot, count=count)
    if shape_of(call.y.type) is None:
        return call("np.reshape(half + half.T, z.shape)", half=half)
    return call("half + half.T", half=half)


# any other -----------------------------------------------------------------------------------------------------------
def _variables(call: Call) -> Value:
    """All variables as rows."""
    parts = []
    for name in ("m", "y"):
        if call.has(name):
            line = call.rank(name) == 1
            turned = call.static("rowvar", True) or line
            row = f"np.expand_dims({name}, first)"
            parts.append(call(row if line else name if turned else f"{name}.T", first=call.b.const(0)))
    if len(parts) == 1:
        return parts[0]
    return call("np.concatenate((one, two))", one=parts[0], two=parts[1])


def _build(call: Call) -> Value:
    rows, ddof = _variables(call), call.b.const(_ddof(call))
    weights = [name for name in ("fweights", "aweights") if call.has(name)]
    env = {"rows": rows, "ddof": ddof, "one": call.b.const(1), "keep": call.b.const(True)}
    if not weights:
        apart = call("rows - np.mean(rows, axis=one, keepdims=keep)", **env)
        scaled, count = apart, call("rows.shape[1] - ddof", **env)
    else:
        w = call(" * ".join(f"np.array({name})" for name in weights))
        env["w"] = w
        apart = call("rows - np.expand_dims(rows @ w / np.sum(w), one)", **env)
        scaled = call("apart * w", apart=apart, w=w)
        count = call("np.sum(w)", w=w)
        if _ddof(call) and not call.has("aweights"):
            count = call("count - ddof", count=count, ddof=ddof)
        elif _ddof(call):
            count = call("count - ddof * np.sum(w * aweights) / count", count=count, ddof=ddof, w=w)
    other = call("np.conj(scaled).T" if is_complex(scaled.type) else "scaled.T", scaled=scaled)
    c = call("apart @ other / count", apart=apart, other=other, count=count)
    return c if shape_of(call.y.type) != () else call("np.sum(c)", c=c)


def _side(name: str) -> Callable[[Call, Value], Value | None]:
    def pull(call: Call, g: Value) -> Value | None:
        return _one_vjp(call, g) if _plain(call) else pulled(call, _build, g, name)

    return pull


def _cov_jvp(call: Call, dots: Mapping[str, Value]) -> Value | None:
    if not dots:
        return None
    return _one_jvp(call, dots["m"]) if _plain(call) else pushed(call, _build, dots)


general(
    "np.cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None) -> z",
    vjp={name: _side(name) for name in ("m", "y", "aweights")},
    jvp=_cov_jvp,
    infer=_cov_type,
    static=("rowvar", "bias"),
)


def _corrcoef(call: Call) -> Value:
    flag = call.b.const(bool(call.static("rowvar", True)))
    c = call("np.cov(x, y, rowvar=flag)" if call.has("y") else "np.cov(x, rowvar=flag)", flag=flag)
    if shape_of(c.type) == ():
        return call("c / c", c=c)
    if shape_of(c.type) is None:
        raise _one_or_several(call)
    s = call("np.sqrt(np.real(np.diag(c)))" if is_complex(c.type) else "np.sqrt(np.diag(c))", c=c)
    return call("c / np.outer(s, s)", c=c, s=s)


composed("np.corrcoef(x, y=None, rowvar=True, *, dtype=None) -> z", _corrcoef, _cov_type, static=("rowvar",))
