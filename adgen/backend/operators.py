"""Python's operators: text and binding strength, from weak to strong.

>>> BINARY["matmul"], UNARY["neg"], needs_parentheses(ARITH, TERM)
(('@', 11), ('-', 12), True)
"""

from __future__ import annotations

TUPLE, CONDITIONAL, OR, AND, NOT, COMPARE, BITOR, BITXOR, BITAND, SHIFT, ARITH, TERM, SIGN, POWER, ATOM = range(15)

BINARY: dict[str, tuple[str, int]] = {
    "or": ("or", OR),
    "and": ("and", AND),
    "lt": ("<", COMPARE),
    "le": ("<=", COMPARE),
    "gt": (">", COMPARE),
    "ge": (">=", COMPARE),
    "eq": ("==", COMPARE),
    "ne": ("!=", COMPARE),
    "is": ("is", COMPARE),
    "is_not": ("is not", COMPARE),
    "in": ("in", COMPARE),
    "not_in": ("not in", COMPARE),
    "bitor": ("|", BITOR),
    "bitxor": ("^", BITXOR),
    "bitand": ("&", BITAND),
    "lshift": ("<<", SHIFT),
    "rshift": (">>", SHIFT),
    "add": ("+", ARITH),
    "sub": ("-", ARITH),
    "mul": ("*", TERM),
    "div": ("/", TERM),
    "floordiv": ("//", TERM),
    "mod": ("%", TERM),
    "matmul": ("@", TERM),
    "pow": ("**", POWER),
}
BINARY |= {f"sparse.{name}": BINARY[name] for name in ("matmul", "add", "sub", "mul", "div")}  # of scipy.sparse
UNARY: dict[str, tuple[str, int]] = {
    "not": ("not ", NOT),
    "neg": ("-", SIGN),
    "pos": ("+", SIGN),
    "invert": ("~", SIGN),
    "sparse.neg": ("-", SIGN),
}
OPPOSITE = {"eq": "ne", "ne": "eq", "is": "is_not", "is_not": "is", "in": "not_in", "not_in": "in"}
OPPOSITE_OF_INTEGERS = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}  # not of floats: NaN
COMPARISONS = tuple(name for name, (_, strength) in BINARY.items() if strength == COMPARE)
DTYPES = {
    "f8": "np.float64",
    "f4": "np.float32",
    "f2": "np.float16",
    "c16": "np.complex128",
    "c8": "np.complex64",
    "i8": "np.int64",
    "i4": "np.int32",
    "b1": "np.bool_",
}


def needs_parentheses(inner: int, outer: int) -> bool:
    """Whether text of one strength must be wrapped where another is wanted."""
    return inner < outer
