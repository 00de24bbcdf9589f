"""What Numba makes of the entries: written as they are, written otherwise, or not compiled, with the reason.

>>> why_not("np.sin", ("x",)), why_not("np.fft.fft", ("a",))
('', 'Numba has no `np.fft.fft`')
>>> why_not("np.sum", ("a", "axis", "where"))
"Numba's `np.sum` does not take `where`"
>>> TEXTS["np.sum", ("a", "axis", "keepdims")]
'np.expand_dims(np.sum({a}, axis={axis}), {axis})'

An entry that is not named here is refused: what compiles may still compute something else (`2 ** -1` is 0 there).
`python -m tests.benchmarks.numba_rules` compares each name with NumPy's own function on the calls of `tests/rules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adgen.ir.core import Op, Value
from adgen.ir.types import Array, Ref, Scalar, Type, is_number
from adgen.rules.runtime_special import SPECIAL

OPERATORS = """
    add sub mul div floordiv mod pow matmul neg pos invert lt le gt ge eq ne and or not is is_not in not_in
    bitand bitor bitxor lshift rshift
    abs bool complex float int len list max min range round sum zeros_like copy astype item flatten
    add_lists unbroadcast cofactors reduced
    attr.T attr.shape attr.ndim attr.size attr.real attr.imag attr.dtype
"""
MATH = """
    acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees erf erfc exp exp2 expm1 fabs floor gamma gcd
    hypot isfinite isinf isnan lgamma log log10 log1p log2 nextafter pow radians sin sinh sqrt tan tanh trunc
"""
CMATH = "acos asin asinh atan atanh cos exp isfinite isinf isnan log rect sin sqrt tan"
ELEMENTWISE = """
    abs add arccos arccosh arcsin arcsinh arctan arctan2 arctanh cbrt ceil clip conj copysign cos cosh deg2rad degrees
    divide exp exp2 expm1 float_power floor floor_divide fmax fmin fmod hypot invert log log10 log1p log2 logaddexp
    logaddexp2 maximum minimum mod multiply nan_to_num negative nextafter positive power rad2deg radians reciprocal
    rint sign sinc sin sinh spacing sqrt square subtract tan tanh trunc where
    equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor logical_not
    bitwise_and bitwise_or bitwise_xor left_shift right_shift isfinite isinf isnan signbit real imag angle
"""
ARRAYS = """
    all any arange argmax argmin array asarray ascontiguousarray atleast_1d atleast_2d bincount broadcast_to
    column_stack concatenate copy corrcoef count_nonzero cov cross cumprod cumsum diag diagflat diff digitize dot
    empty empty_like expand_dims eye flatnonzero flip fliplr flipud full full_like hstack identity interp kron
    linspace max mean median min moveaxis nansum nanmax nanmin nanmean ndim nonzero ones ones_like outer prod ptp
    ravel repeat reshape roll rot90 searchsorted shape size sort split stack std sum swapaxes take tile trace
    transpose trapezoid tri tril triu var vander vdot vstack zeros zeros_like convolve correlate
"""
LINALG = "cholesky cond det eig eigh eigvals eigvalsh inv lstsq matrix_power matrix_rank norm pinv qr slogdet solve svd"


def _names(prefix: str, text: str) -> list[str]:
    return [prefix + name for name in text.split()]


PLAIN = frozenset(
    [*_names("", OPERATORS), *_names("math.", MATH), *_names("cmath.", CMATH), *_names("np.", ELEMENTWISE)]
    + [*_names("np.", ARRAYS), *_names("np.linalg.", LINALG), "adgen.stop_gradient"]
)

# arguments beyond these are unknown to Numba
ARGUMENTS = {
    "np.sum": ("a", "axis", "dtype"),
    "np.argmax": ("a", "axis"),
    "np.argmin": ("a", "axis"),
    "np.sort": ("a",),
    "np.cumsum": ("a",),
    "np.cumprod": ("a",),
    "np.diff": ("a", "n"),
    "np.flip": ("m",),
    "np.roll": ("a", "shift"),
    "np.repeat": ("a", "repeats"),
    "np.take": ("a", "indices"),
    "np.linalg.norm": ("x", "ord"),
    "np.linalg.pinv": ("a", "rcond"),
    "np.linalg.svd": ("a", "full_matrices"),
    "np.trapezoid": ("y", "x", "dx"),
    "round": ("x",),
}
ONE_ARGUMENT = "max min mean prod std var all any median ptp nansum nanmax nanmin nanmean".split()
ARGUMENTS |= {f"np.{name}": ("a",) for name in ONE_ARGUMENT}

# how a call is written that Numba does not know by its keywords
TEXTS = {
    ("np.sum", ("a", "axis", "keepdims")): "np.expand_dims(np.sum({a}, axis={axis}), {axis})",
    ("np.mean", ("a", "axis")): "np.sum({a}, axis={axis}) / {a}.shape[{axis}]",
    ("np.mean", ("a", "axis", "keepdims")): "np.expand_dims(np.sum({a}, axis={axis}), {axis}) / {a}.shape[{axis}]",
}
LENGTHS = "np.sqrt(np.sum({x} * {x}, axis={axis}))"
TEXTS |= {
    ("np.linalg.norm", ("x", "axis")): LENGTHS,
    ("np.linalg.norm", ("x", "axis", "keepdims")): f"np.expand_dims({LENGTHS}, {{axis}})",
}
# of vectors, and stable where NumPy may be asked for it
OF_VECTORS = {
    ("np.inner", ("a", "b")): "np.dot({a}, {b})",
    ("np.argsort", ("a",)): 'np.argsort({a}, kind="mergesort")',
    ("np.argsort", ("a", "kind")): 'np.argsort({a}, kind="mergesort")',
    ("np.argsort", ("a", "stable")): 'np.argsort({a}, kind="mergesort")',
}
WITHOUT_AXIS = [
    *("np.cumsum np.cumprod np.roll np.diff np.flip np.sort np.max np.min np.mean np.prod np.std np.var").split(),
    *("np.all np.any np.median np.ptp np.sum np.argmax np.argmin np.argsort np.linalg.norm").split(),
]
# the same for matrices, by the axis that is reduced
COLUMNS = "np.array([np.{name}(column) for column in {{a}}.T])"
ROWS = "np.array([np.{name}(row) for row in {{a}}])"
BOUNDS = (("min", "max"), ("a_min", "a_max"))
BY_ROWS = tuple(f"np.{name}" for name in ("max", "min", "prod", "std", "var", "median", "any", "all"))

REASONS = {
    "hooked": "`adgen.on_adjoint` calls a Python function",
    "gamma_slope": "the derivative of a gamma draw by its shape is a function of NumPy's",
    "tolist": "Numba has no method `tolist`",
    "filled": "lists that hold None beside numbers have no type in Numba",
}
REASONS |= {name.removeprefix("_"): "Numba has no functions of scipy.special" for name in SPECIAL}
REASONS |= dict.fromkeys(
    ("matmul_left", "matmul_right", "np.dot_left", "np.dot_right", "resized", "scattered", "split_like"),
    "the ranks are not known, a helper decides at run time: Numba needs them before",
)


def compiled_form(op: Op) -> str:
    """The form of a call that Numba does not take as it is; "" where it does, or has no form."""
    args, statics = op.attrs.get("args"), op.attrs.get("statics")
    if op.kind != "prim" or not isinstance(args, tuple):
        return ""
    statics = statics if isinstance(statics, Mapping) else {}
    name, axis = op.name, statics.get("axis")
    if name == "np.vdot" and len(op.operands) == 2:
        return _inner_product(op)
    if name == "np.clip" and all(is_number(v.type) for v in op.operands) and args[1:] in BOUNDS:
        return f"min(max({{a}}, {{{args[1]}}}), {{{args[2]}}})"
    if name == "np.array" and args == ("object",) and isinstance(op.operands[0].type, Array):
        return "np.copy({object})" if op.operands[0].type.shape else ""
    if statics.get("keepdims", True) is not True:
        return ""
    if (name, args) in TEXTS and rank(op.operands[0].type) > 1:
        return TEXTS[name, args] if type(axis) is int and _is_real(op.operands[0]) else ""
    high = rank(op.operands[0].type) if op.operands else -1
    if high == 1 and (name, args) in OF_VECTORS:
        return OF_VECTORS[name, args]
    if high == 1 and name in WITHOUT_AXIS and args[-1] == "axis" and axis in (0, -1):
        rest = args[:-1]
        return OF_VECTORS.get((name, rest)) or f"{name}({', '.join(f'{{{arg}}}' for arg in rest)})"
    if name in BY_ROWS and args[:2] == ("a", "axis") and high == 2 and axis in (0, 1, -1, -2):
        text = (COLUMNS if axis in (0, -2) else ROWS).format(name=name.removeprefix("np."))
        return text if len(args) == 2 else f"np.expand_dims({text}, {{axis}})" if args[2:] == ("keepdims",) else ""
    return ""


def _inner_product(op: Op) -> str:
    """`np.vdot` of matrices: Numba has that of vectors."""
    high, low = (rank(v.type) for v in op.operands)
    return "np.sum({a} * {b})" if all(map(_is_real, op.operands)) and high == low > 1 else ""


def _is_real(value: Value) -> bool:
    content = value.type.content if isinstance(value.type, Ref) else value.type
    return isinstance(content, Array) and content.dtype in ("f8", "i8", "b1")


def rank(type_: Type) -> int:
    """The rank of a number or an array; -1 where it is not known."""
    content = type_.content if isinstance(type_, Ref) else type_
    if isinstance(content, Array):
        return -1 if content.shape is None else len(content.shape)
    return 0 if isinstance(content, Scalar) else -1


def repeats(op: Op) -> bool:
    """Whether the form names an operand twice: then it is computed before, and has a name."""
    form = compiled_form(op)
    return form.count("{a}") > 1 or form.count("{x}") > 1


def why_not(name: str, args: Sequence[str]) -> str:
    """Why Numba does not compile a call; "" if it does."""
    if name in REASONS:
        return REASONS[name]
    if name not in PLAIN:
        return f"Numba has no `{name.removeprefix('attr.')}`"
    extra = [arg for arg in args if arg not in ARGUMENTS.get(name, args)]
    return f"Numba's `{name}` does not take `{extra[0]}`" if extra else ""
