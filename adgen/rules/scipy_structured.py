"""scipy.linalg: matrices that are made of lines, and systems of such matrices.

c = scipy.linalg.circulant(v)            ->      v_bar = np.bincount((i - j) % n, weights=c_bar)
x = scipy.linalg.solve_banded((l, u), ab, b)     ->      the transposed band is solved for b_bar
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import UNKNOWN, Array, Dim, Scalar, Struct, Type
from adgen.rules.apply import shape_facts
from adgen.rules.call import Call, rank
from adgen.rules.composed import composed
from adgen.rules.infer import as_content, plain, promote, shape_of
from adgen.rules.kinds import general, linear, zero
from adgen.rules.matrices import float_dtype
from adgen.rules.rule import Facts, TypeProblem


def _lines(facts: Facts, *names: str) -> list[Dim]:
    """The lengths of arguments that must be lines."""
    shapes = [shape_of(facts.type(name)) for name in names]
    if any(shape is None or len(shape) != 1 for shape in shapes):
        raise TypeProblem(f"`{facts.name}` of what is not known to be a line of numbers", "annotate the argument")
    return [shape[0] for shape in shapes if shape is not None]


def _dtype(facts: Facts, *names: str) -> str | None:
    return promote([as_content(facts.type(name)) for name in names])


# made of lines -------------------------------------------------------------------------------------------------------
def _circulant_type(facts: Facts) -> Type:
    (n,) = _lines(facts, "c")
    return Array(_dtype(facts, "c"), (n, n))


def _gathered(text: str, name: str) -> str:
    """The sums of the adjoint over equal places."""
    return f"np.bincount(np.ravel({text}), weights=np.ravel(g), minlength={name}.size)"


_ROW, _COLUMN = "np.arange({0}.size)[:, None]", "np.arange({0}.size)"
linear(
    "scipy.linalg.circulant(c)",
    {"c": _gathered(f"({_ROW} - {_COLUMN}) % c.size".format("c"), "c")},
    infer=_circulant_type,
)


def _hankel_type(facts: Facts) -> Type:
    sizes = _lines(facts, *facts.args)
    return Array(_dtype(facts, *facts.args), (sizes[0], sizes[-1]))


def _hankel_c(call: Call, g: Value) -> Value:
    last = "r" if call.has("r") else "c"
    at = call(f"np.arange(c.size)[:, None] + np.arange({last}.size)")
    text = "np.bincount(np.ravel(np.minimum(at, c.size)), weights=np.ravel(g), minlength=c.size + 1)[:-1]"
    return call(text, at=at, g=g)


def _hankel_r(call: Call, g: Value) -> Value:
    at = call("np.maximum(np.arange(c.size)[:, None] + np.arange(r.size) - c.size + 1, 0)")
    first = call("np.where(at == 0, 0.0, g)", at=at, g=g)
    return call("np.bincount(np.ravel(at), weights=np.ravel(first), minlength=r.size)", at=at, first=first)


linear("scipy.linalg.hankel(c, r=None)", {"c": _hankel_c, "r": _hankel_r}, infer=_hankel_type)


def _leslie_type(facts: Facts) -> Type:
    n = _lines(facts, "f", "s")[0]
    return Array(_dtype(facts, "f", "s"), (n, n))


linear("scipy.linalg.leslie(f, s)", {"f": "g[0]", "s": "np.diag(g, k=-1)"}, infer=_leslie_type)


def _diagonal_type(facts: Facts) -> Type:
    _lines(facts, "s")
    dims = [shape_facts(facts.statics, name) for name in ("M", "N")]
    known = [found[0] if found is not None and len(found) == 1 else None for found in dims]
    return Array(_dtype(facts, "s"), tuple(known))


linear("scipy.linalg.diagsvd(s, M, N)", {"s": "np.diag(g)"}, infer=_diagonal_type)


def _companion_type(facts: Facts) -> Type:
    _lines(facts, "a")
    return Array(float_dtype([facts.type("a")]), (None, None))


def _companion_vjp(call: Call, g: Value) -> Value:
    first = call("np.vdot(g[0], a[1:]) / (a[0] * a[0])", g=g)
    return call("np.concatenate((np.expand_dims(first, 0), -g[0] / a[0]))", first=first, g=g)


def _companion_jvp(call: Call, dot: Value) -> Value:
    row = call("(a[1:] * (dot[0] / a[0]) - dot[1:]) / a[0]", dot=dot)
    return call("np.where(np.arange(row.size)[:, None] == 0, row, 0.0)", row=row)


general("scipy.linalg.companion(a)", vjp={"a": _companion_vjp}, jvp={"a": _companion_jvp}, infer=_companion_type)


def _fiedler_type(facts: Facts) -> Type:
    (n,) = _lines(facts, "a")
    return Array(_dtype(facts, "a"), (n, n))


composed(
    "scipy.linalg.fiedler(a)",
    lambda call: call("np.abs(np.expand_dims(a, 1) - a)"),
    _fiedler_type,
    kinks="equal numbers: 0",
)


def _khatri_rao_type(facts: Facts) -> Type:
    one, two = (shape_of(type_) for type_ in facts.types)
    if one is None or two is None or len(one) != 2 or len(two) != 2:
        raise TypeProblem("`scipy.linalg.khatri_rao` of what are not known to be matrices", "annotate them")
    count = one[0] * two[0] if isinstance(one[0], int) and isinstance(two[0], int) else None
    return Array(promote([as_content(type_) for type_ in facts.types]), (count, one[1]))


composed(
    "scipy.linalg.khatri_rao(a, b)",
    lambda call: call("np.reshape(np.einsum(terms, a, b), (-1, a.shape[1]))", terms=call.b.const("ik,jk->ijk")),
    _khatri_rao_type,
)


# systems of such matrices --------------------------------------------------------------------------------------------
def _pair(call: Call, first: str) -> Value:
    """The matrix that one line, or a column and a row, stands for."""
    given = call.values[first]
    if not isinstance(plain(given.type), Struct):
        return call(f"scipy.linalg.toeplitz({first}, {first})")
    return call("scipy.linalg.toeplitz(c, r)", c=call.b.item(given, 0), r=call.b.item(given, 1))


def _right_type(facts: Facts) -> Type:
    return Array(None, shape_of(facts.types[1]))


def _product_type(facts: Facts) -> Type:
    shape = shape_of(facts.types[1])
    return Array(None, None if shape is None else (None, *shape[1:]))


composed(
    "scipy.linalg.solve_toeplitz(c_or_cr, b)",
    lambda call: call("scipy.linalg.solve(t, b)", t=_pair(call, "c_or_cr")),
    _right_type,
)
composed(
    "scipy.linalg.matmul_toeplitz(c_or_cr, x)", lambda call: call("t @ x", t=_pair(call, "c_or_cr")), _product_type
)
composed(
    "scipy.linalg.solve_circulant(c, b)",
    lambda call: call("scipy.linalg.solve(scipy.linalg.circulant(c), b)"),
    _right_type,
)


# bands ---------------------------------------------------------------------------------------------------------------
def _banded_type(facts: Facts) -> Type:
    _widths(facts.static("l_and_u"))
    types = [as_content(facts.type(name)) for name in ("ab", "b")]
    return Array(float_dtype(types), shape_of(types[1]))


def _widths(given: object) -> tuple[int, int]:
    if not isinstance(given, tuple) or not all(isinstance(width, int) for width in given):
        raise TypeProblem("`scipy.linalg.solve_banded` with widths that are not known", "write them as literals")
    low, high = given
    return low, high


def _transposed_band(call: Call) -> Value:
    """Each diagonal, moved to where the transpose has it."""
    low, high = _widths(call.static("l_and_u"))
    rows = [call(f"np.roll(ab[{k}], shift)", shift=call.b.const(k - high)) for k in range(low + high, -1, -1)]
    names = {f"r{k}": row for k, row in enumerate(rows)}
    return call(f"np.stack(({', '.join(names)},))", **names)


def _banded_b(call: Call, g: Value) -> Value:
    low, high = _widths(call.static("l_and_u"))
    widths = call.b.const((high, low))
    return call("scipy.linalg.solve_banded(widths, band, g)", widths=widths, band=_transposed_band(call), g=g)


def _banded_ab(call: Call, g: Value) -> Value:
    low, high = _widths(call.static("l_and_u"))
    b_bar = _banded_b(call, g)
    product = "np.roll(b_bar, shift) * y" if rank(call.y, "") == 1 else "np.sum(np.roll(b_bar, shift, 0) * y, axis=1)"
    rows = {}
    for k in range(low + high + 1):
        shift = high - k  # the row of an entry in column j is j - shift
        inside = {"line": call("np.arange(ab.shape[1])")}
        flags = "line - shift < ab.shape[1]" if shift < 0 else "line >= shift"
        text = f"np.where({flags}, -({product}), 0.0)"
        rows[f"r{k}"] = call(text, b_bar=b_bar, shift=call.b.const(shift), **inside)
    return call(f"np.stack(({', '.join(rows)},))", **rows)


def _banded_ab_dot(call: Call, dot: Value) -> Value:
    """a_dot @ y, diagonal by diagonal."""
    low, high = _widths(call.static("l_and_u"))
    total: Value | None = None
    for k in range(low + high + 1):
        shift = high - k
        flags = "line - shift < ab.shape[1]" if shift < 0 else "line >= shift"
        row = f"np.where({flags}, dot[{k}], 0.0)"
        text = f"np.roll({row} * y, back)" if rank(call.y, "") == 1 else f"np.roll(({row})[:, None] * y, back, 0)"
        numbers = {"shift": call.b.const(shift), "back": call.b.const(-shift)}
        part = call(text, dot=dot, line=call("np.arange(ab.shape[1])"), **numbers)
        total = part if total is None else call("total + part", total=total, part=part)
    assert total is not None
    return call("-scipy.linalg.solve_banded(l_and_u, ab, total)", total=total)


general(
    "scipy.linalg.solve_banded(l_and_u, ab, b)",
    vjp={"ab": _banded_ab, "b": _banded_b},
    jvp={"ab": _banded_ab_dot, "b": "scipy.linalg.solve_banded(l_and_u, ab, b_dot)"},
    infer=_banded_type,
    static=("l_and_u",),
)


# whole numbers and shapes --------------------------------------------------------------------------------------------
def _square_of(name: str) -> None:
    def infer(facts: Facts) -> Type:
        found = shape_facts(facts.statics, "n")
        n = found[0] if found is not None and len(found) == 1 else None
        return Array(None, (n, n))

    zero(f"scipy.linalg.{name}(n)", infer=infer)


for _name in ("hadamard", "helmert", "hilbert", "invhilbert", "invpascal", "pascal", "dft"):
    _square_of(_name)
for _name in ("issymmetric", "ishermitian"):
    zero(f"scipy.linalg.{_name}(a)", infer=lambda facts: Scalar("bool"))
zero("scipy.linalg.bandwidth(a)", infer=lambda facts: UNKNOWN)
