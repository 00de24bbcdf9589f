"""Entries without derivative: their types are what the real functions return, and they give nothing in both modes."""

import numpy as np
import pytest
import scipy.sparse

from adgen.battery.checks import Trial
from adgen.battery.evaluate import function
from adgen.ir.build import Builder
from adgen.ir.core import Value
from adgen.ir.types import tangent
from adgen.rules import table

from .cases import Case, Const

A, B, K = np.array([[0.5, -1.5, 2.5]]), np.array([[1.0], [2.0]]), np.array([3, 1, 2])
CALLS = {
    "np.arange": [[Const(4)], [2, 7], [0.5, 3.5]],
    "np.zeros": [[Const((2, 3))], [4], [Const(3), Const(np.float32)]],
    "np.ones": [[Const((2, 3))]],
    "np.empty": [[Const((2, 3))]],
    "np.zeros_like": [[A], [1.5], [A.astype("f4")]],
    "np.ones_like": [[A]],
    "np.empty_like": [[A]],
    "np.eye": [[Const(3)], [Const(3), Const(4)]],
    "np.identity": [[Const(3)]],
    "np.tri": [[Const(3)]],
    "np.argsort": [[A]],
    "np.searchsorted": [[np.sort(K), K]],
    "np.flatnonzero": [[A]],
    "np.isin": [[K, K]],
    "np.argwhere": [[A], [K]],
    "np.argpartition": [[A, Const(1)]],
    "np.lexsort": [[(K, K)]],
    "np.digitize": [[A, np.array([-1.0, 0.0, 1.0])]],
    "np.unravel_index": [[K, Const((2, 3))], [np.array([[1, 2]]), Const((2, 3))]],
    "np.ravel_multi_index": [[(np.array([0, 1]), np.array([2, 0])), Const((2, 3))]],
    "np.indices": [[Const((2, 3))], [Const((2,))]],
    "np.tril_indices": [[Const(3)], [3]],
    "np.triu_indices": [[Const(3)]],
    "np.tril_indices_from": [[A.T @ A]],
    "np.triu_indices_from": [[A.T @ A]],
    "np.diag_indices": [[Const(3)], [3]],
    "np.diag_indices_from": [[A.T @ A]],
    "and": [[1, 2], [True, False]],
    "or": [[0, 2], [True, False]],
    "attr.shape": [[A]],
    "attr.size": [[A]],
    "attr.ndim": [[A]],
    "attr.dtype": [[A]],
    "attr.flags.c_contiguous": [[A], [A.T @ A]],
    "len": [[A], [[1.0, 2.0]]],
    "int": [[1.5], [A[0, 0]]],
    "bool": [[1.5]],
    "round": [[1.5], [1.234, Const(2)]],
    "not": [[1.5]],
    "np.round": [[A], [A, Const(1)]],
    "invert": [[K], [3]],
    "np.invert": [[K]],
    "np.linalg.matrix_rank": [[np.eye(3)]],
    "in": [[1.5, [1.5, 2.0]]],
    "not_in": [[1.5, [1.5, 2.0]]],
    "attr.itemsize": [[A], [A.astype("f4")]],
    "attr.nbytes": [[A]],
    "np.nanargmax": [[A], [A, Const(0)]],
    **{f"np.{name}_indices": [[Const(3)], [Const(3), Const(1), Const(4)]] for name in ("tril", "triu")},
    **{f"np.{name}_indices_from": [[np.eye(3)]] for name in ("tril", "triu")},
    **{f"np.{name}": [[Const(5)], [4]] for name in ("bartlett", "blackman", "hamming", "hanning")},
    "np.bitwise_count": [[K]],
    "np.packbits": [[K > 1]],
    "np.unpackbits": [[K.astype("u1")]],
    "np.broadcast_shapes": [[Const((3, 1)), Const((1, 4))]],
    "np.nonzero": [[A], [K]],
}
RNG = np.random.default_rng(3)
CALLS |= {
    name: [[*([RNG] if name.startswith("Generator") else []), *values] for values in calls]
    for prefix in ("Generator", "np.random")
    for name, calls in {
        f"{prefix}.binomial": [[5, 0.3], [5, np.array([0.3, 0.6])]],
        f"{prefix}.geometric": [[0.3]],
        f"{prefix}.hypergeometric": [[5, 4, 3]],
        f"{prefix}.logseries": [[0.3]],
        f"{prefix}.negative_binomial": [[5, 0.3]],
        f"{prefix}.poisson": [[], [1.5], [np.array([0.5, 2.0])]],
        f"{prefix}.zipf": [[2.5]],
        f"{prefix}.multinomial": [[5, [0.3, 0.7]]],
        f"{prefix}.standard_cauchy": [[], [Const(3)]],
        f"{prefix}.random": [[], [Const((2, 3))]],
        f"{prefix}.standard_normal": [[], [Const(4)], [4]],
        f"{prefix}.standard_exponential": [[], [Const(4)]],
    }.items()
}
CALLS |= {name: [[3]] for name in table.names() if name.endswith("gauss") or "chebpts" in name}
CALLS |= {f"np.random.{name}": [[], [Const(3)]] for name in ("random_sample", "ranf", "sample")}
CALLS |= {f"np.random.{name}": [[], [3], [Const(2), Const(3)]] for name in ("rand", "randn")}
CALLS |= {
    "Generator.integers": [[RNG, 7], [RNG, 2, 7, Const((2, 3))]],
    "Generator.multivariate_hypergeometric": [[RNG, [5, 4], 3]],
    "np.random.randint": [[7], [2, 7, Const((2, 3))]],
    "np.random.default_rng": [[], [3]],
    "np.random.RandomState": [[], [3]],
    "np.random.seed": [[3]],
}
INTEGERS = {"lshift", "rshift", "bitand", "bitor", "bitxor", "np.gcd", "np.lcm", "math.gcd", "math.lcm", "math.comb"}
INTEGERS |= {"math.perm", "math.isqrt", "math.factorial", "np.bitwise_and", "np.bitwise_or", "np.bitwise_xor"}
INTEGERS |= {"np.left_shift", "np.right_shift", "np.bitwise_count"}
SKIPPED = {"zeros_like", "isinstance", "range", "RandomState.rand", "RandomState.randn", "RandomState.randint"}
SKIPPED |= {
    "RandomState.random_sample",
    "dict_keys",
    "quad",
}  # dicts: programs/dicts.py; quad: programs/test_integrals.py
ZERO = [name for name in table.names() if table.lookup(name).kind == "zero" and name not in SKIPPED]


WHOLE = (
    [3],
    [4],
    [1, 3],
    [5, 2],
    [np.eye(3)],
    [0.5, 5, 0.3],
)  # what SciPy's functions of integers, or of a matrix, take


def calls(name):
    if name in CALLS:
        return CALLS[name]
    if name.startswith("sparse."):
        return [[scipy.sparse.eye_array(3, format="csr") * 2.0]]
    if name.startswith("scipy."):
        return [next(values for values in ([A], [A, B], *WHOLE) if takes(name, values))]
    required = [param for param in table.lookup(name).params if param.required]
    plain, _, method = name.rpartition(".") if name.startswith("np.") else (name, "", "")
    if method in ("outer", "reduce", "accumulate"):
        return [[K, K][: len(required)]] if plain in INTEGERS else [[A, B][: len(required)]]
    if method == "reduceat":
        return [[A.T, np.array([0, 2])]]
    if name in INTEGERS:
        return [[5, 2][: len(required)], *([] if name.startswith("math") else [[K, K][: len(required)]])]
    if name.startswith(("math.", "cmath.")):
        return [[0.75, 2.0][: len(required)]]
    return [[A, B][: len(required)], [1.5, 2.5][: len(required)], [A.astype("f4"), A][: len(required)]]


def takes(name, values):
    """Whether the function itself takes these arguments."""
    try:
        function(name)(*values)
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", ZERO)
def test_types_and_silence(name):
    for values in calls(name):
        for known in ("symbols", "all", "nothing"):
            trial = Trial(Case(name, None, values), known)  # running it checks the type
            if tangent(trial.y.type) is not None:
                assert trial.rule.vjp(Builder(), trial.op, Value(trial.y.type, "g"), trial.active) == [None] * len(
                    trial.active
                )
            assert trial.rule.jvp(Builder(), trial.op, [None] * len(trial.operands)) is None
