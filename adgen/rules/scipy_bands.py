"""scipy.linalg: Cholesky factors of symmetric bands, a companion matrix of five diagonals, a condition number.

c = scipy.linalg.cholesky_banded(ab)             ->      the band of np.linalg.cholesky of the matrix
x = scipy.linalg.cho_solve_banded((cb, low), b)  ->      scipy.linalg.cho_solve with the factor as a matrix
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import FLOAT, Array, Struct, Type
from adgen.rules.apply import apply
from adgen.rules.call import Call
from adgen.rules.composed import composed
from adgen.rules.infer import is_complex, plain, shape_of
from adgen.rules.matrices import float_dtype, matrix_type, tuple_of
from adgen.rules.rule import Facts, TypeProblem
from adgen.rules.scipy_equations import dense, places


def _real_band(facts: Facts, type_: Type) -> None:
    shape = shape_of(type_)
    if shape is None or len(shape) != 2 or is_complex(plain(type_)):
        raise TypeProblem(f"`{facts.name}` of what is not known to be a real band", "annotate the argument")


# symmetric bands -----------------------------------------------------------------------------------------------------
def _band_type(facts: Facts) -> Type:
    _real_band(facts, facts.types[0])
    return Array(float_dtype([facts.types[0]]), shape_of(facts.types[0]))


def _factor(call: Call) -> Value:
    """The corners of a band, which belong to no entry of the matrix, stay as they are."""
    whole = call("np.linalg.cholesky(matrix)", matrix=dense(call, "ab", call.values["ab"]))
    whole = whole if call.static("lower", False) else call("whole.T", whole=whole)
    return call(
        "np.where(inside, np.take(np.ravel(whole), at * ab.shape[1] + np.arange(ab.shape[1])), ab)",
        whole=whole,
        **places(call, "ab"),
    )


composed("scipy.linalg.cholesky_banded(ab, *, lower=False)", _factor, _band_type, static=("lower",))


def _solution_type(facts: Facts) -> Type:
    given, right = facts.types
    if not isinstance(given, Struct) or len(given.items) != 2:
        raise TypeProblem(f"`{facts.name}` of what is no pair", "pass a factor, and whether it is lower")
    _real_band(facts, given.items[0])
    return Array(float_dtype([given.items[0], right]), shape_of(right))


def _solved(call: Call) -> Value:
    b, given = call.b, call.values["cb_and_lower"]
    env = {
        "band": b.item(given, 0),
        "low": b.item(given, 1),
        "column": call("np.arange(band.shape[1])", band=b.item(given, 0)),
    }
    env["row"] = call("column[:, None] - column", **env)
    env["row"] = call("np.where(low, row, row + (band.shape[0] - 1))", **env)
    env["inside"] = call("(row >= 0) & (row < band.shape[0])", **env)
    factor = call(
        "np.where(inside, np.take(np.ravel(band), np.where(inside, row, 0) * band.shape[1] + column), 0.0)", **env
    )
    pair = b.pack(tuple_of(factor.type, env["low"].type), (factor, env["low"]))
    return apply(b, "scipy.linalg.cho_solve", (pair, call.values["b"]))


composed("scipy.linalg.cho_solve_banded(cb_and_lower, b)", _solved, _solution_type)


# others --------------------------------------------------------------------------------------------------------------
def _companion_type(facts: Facts) -> Type:
    shape = shape_of(facts.types[0])
    if shape is None or len(shape) != 1:
        raise TypeProblem(f"`{facts.name}` of what is not known to be a line of numbers", "annotate the argument")
    return Array(float_dtype([facts.types[0]]), (None, None))


def _fiedler(call: Call) -> Value:
    """Every second row has two coefficients, beside the diagonal; entries that are one or zero are left out."""
    env = {"row": call("np.arange(a.size - 1)[:, None]"), "column": call("np.arange(a.size - 1)")}
    env["even"] = call("row % 2 == 0", **env)
    env["right"] = call("np.where(even & (column == row + 1), row + 2, 0)", **env)
    env["at"] = call("np.where(even & (column == row - 1), row + 1, right)", **env)
    env["at"] = call("np.where(row + column == 0, 1, at)", **env)
    return call("np.where(at > 0, -np.take(a, at) / np.take(a, 0), 0.0)", **env)


composed("scipy.linalg.fiedler_companion(a)", _fiedler, _companion_type)


def _number(facts: Facts) -> Type:
    found = matrix_type(facts)
    if found is None or found.shape is None or len(found.shape) != 2 or is_complex(found):
        raise TypeProblem(f"`{facts.name}` of what is not known to be one real matrix", "annotate the argument")
    return FLOAT if found.dtype == "f8" else Array(found.dtype, ())


def _condition(call: Call) -> Value:
    """The norm of the derivative of expm, which is a block of the exponential of a larger matrix."""
    one = call("np.eye(A.shape[0])")
    env = {"left": call("np.kron(A.T, one)", one=one), "right": call("np.kron(one, A)", one=one)}
    env |= {"last": call.b.const(1), "rows": call.b.const(0), "two": call.b.const(2)}
    upper = call("np.concatenate((left, np.eye(left.shape[0])), axis=last)", **env)
    lower = call("np.concatenate((np.zeros_like(right), right), axis=last)", **env)
    whole = call("scipy.linalg.expm(np.concatenate((upper, lower), axis=rows))", upper=upper, lower=lower, **env)
    slope = call(
        "np.take(np.take(whole, k, axis=rows), k + left.shape[0], axis=last)",
        whole=whole,
        k=call("np.arange(left.shape[0])", **env),
        **env,
    )
    text = "np.linalg.norm(slope, two) * np.linalg.norm(A) / np.linalg.norm(scipy.linalg.expm(A))"
    return call(text, slope=slope, **env)


composed("scipy.linalg.expm_cond(A)", _condition, _number)
