"""What Numba cannot compile, or would compute otherwise, found before it is asked.

    np.fft.fft(x)             Numba has no `np.fft.fft`
    x: f4[n]                  float32 and a Python float make float64 there
    n = 3 * n + 1             whole numbers of Python have no limit, those of Numba 64 bits

What is refused here has a reason and a line of the user's; what Numba itself refuses later is told by `compiling`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from adgen.backend.growth import unbounded
from adgen.backend.helpers import is_compiled
from adgen.errors import Diagnostic, Place, Refusal
from adgen.ir.core import Func, Op, Span, Value
from adgen.ir.types import Array, ListOf, Opaque, Ref, Scalar, Static, Struct, Type, Unknown, is_number, show
from adgen.ir.walk import defs, walk
from adgen.rules.compiled import compiled_form, rank, why_not
from adgen.rules.rule import args_of

CODE, TYPE_CODE = "E0151", "E0152"
DTYPES = ("f8", "c16", "i8", "b1", None)
HELP = 'leave out backend="numba", or give fallback=True to use NumPy where Numba cannot'
SMALL_POWER = 3
MOST_AXES = 6
PRODUCTS = ("matmul", "np.matmul", "np.dot")


def refuse_uncompiled(funcs: Sequence[Func], place_of: Callable[[str], Place | None]) -> None:
    """Raise Refusal with every reason why Numba is not asked to compile these functions; arguments come first."""
    found: dict[tuple[str, Place | None], Diagnostic] = {}
    for param in funcs[0].params:
        type_, title = param.value.type, f"Numba cannot take `{param.name}`"
        why = _parameter(type_)
        if why:
            place = place_of(param.name)
            help_ = _annotate(type_) if param.kind != "captured" else "make it an argument, of a known type"
            found.setdefault((title, place), Diagnostic(TYPE_CODE, title, place, why, help_))
    if found:
        raise Refusal(list(found.values()))
    for item in _handed_on(funcs):
        title = f"Numba cannot hand on the tape of `{item.hint.removesuffix('_saved')}`"
        why = "it is a list, which may be empty: compiled code then does not know what it holds"
        found.setdefault((title, None), Diagnostic(TYPE_CODE, title, None, why, "ask for grad or value_and_grad"))
    for func in funcs:
        for op, why in sorted(_operations(func), key=lambda pair: pair[0].role != "primal"):
            place = _place(op.span)
            title = f"Numba cannot compile {_called(op)}"
            if op.role == "primal" or not any(place == other for _, other in found):
                found.setdefault((title, place), Diagnostic(CODE, title, place, why, HELP))
    if found:
        raise Refusal(list(found.values()))


def refuse_helpers(helpers: Iterable[str], lines: Mapping[str, Span]) -> None:
    """Raise Refusal for helpers without a compiled form, with the places of the lines that call them.

    hs = [z * a, b]; keep(hs); hs[0] = ...        _copy(hs): what is copied may be of any kind
    """
    for name in helpers:
        if not is_compiled(name):
            span = next((span for line, span in lines.items() if f"{name}(" in line), None)
            why = f"its derivative needs the helper `{name}`, which takes values of any kind"
            raise Refusal([Diagnostic(CODE, "Numba cannot compile this", _place(span), why, HELP)])


def _handed_on(funcs: Sequence[Func]) -> list[Value]:
    """Lists that a backward function is given."""
    kept = [param.value for func in funcs for param in func.params if param.name == "saved"]
    reads = [op for func in funcs for op in func.block.ops if op.kind == "item"]
    lists = [op.result for op in reads if isinstance(op.result.type, Ref | ListOf)]
    return [v for v in lists if kept and isinstance(v.type.content if isinstance(v.type, Ref) else v.type, ListOf)]


def _annotate(type_: Type) -> str:
    vague = isinstance(type_, Unknown) or (isinstance(type_, Array) and None in (type_.dtype, type_.shape))
    return "annotate it, or give --types" if vague else HELP


def _called(op: Op) -> str:
    if op.kind == "call":
        stem = next((op.name.removesuffix(end) for end in ("_fwd", "_bwd", "_jvp") if op.name.endswith(end)), op.name)
        return f"`{stem}`, which calls itself"
    name = op.name.removeprefix("attr.")
    return f"`{name}`" if op.kind == "prim" and name else "this"


def _place(span: Span | None) -> Place | None:
    return None if span is None else Place(span.path, span.line, span.col, span.end_line, span.end_col)


# parameters ----------------------------------------------------------------------------------------------------------
def _parameter(type_: Type) -> str:
    """Why an argument of this type cannot be given to compiled code; "" if it can."""
    match type_:
        case Scalar() | Static(None) | Static(bool()) | Static(str()):
            return ""
        case Static(value) if callable(value):
            return "it is a function: compiled code takes numbers and arrays only"
        case Unknown():
            return "it is not known whether it is a number or an array"
        case Array(None, _) | Array(_, None):
            return "its dtype or its rank is not known"
        case Array(dtype, _):
            return _dtype(dtype)
        case Ref(content):  # what the forward function has kept
            return "" if isinstance(content, Struct) else _parameter(content)
        case Opaque("scipy.sparse"):
            return "it is a sparse matrix: compiled code takes numbers and arrays only"
        case Opaque():
            return ""
    return f"it is {_kind(type_)}: compiled code takes numbers and arrays only"


def _kind(type_: Type) -> str:
    match type_:
        case ListOf():
            return "a list"
        case Struct(kind, _, _):
            return f"a {kind}" if ":" not in kind else "an object"
    return show(type_)


def _dtype(dtype: str | None) -> str:
    if dtype in DTYPES:
        return ""
    return f"its dtype is {dtype}: next to Python's numbers Numba computes in double precision, NumPy does not"


# operations ----------------------------------------------------------------------------------------------------------
def _operations(func: Func) -> Iterator[tuple[Op, str]]:
    made = defs(func)
    for op in walk(func.block):
        why = _why(op, made)
        if why:
            yield op, why
    for op in unbounded(func):
        yield op, "it may grow beyond 64 bits: whole numbers of Python have no limit, those of Numba wrap around"


def _why(op: Op, made: dict[Value, Op]) -> str:
    if op.kind == "call":
        return "the types of what its two parts keep nest as deep as the calls do"
    for value in op.results:
        content = value.type.content if isinstance(value.type, Ref) else value.type
        if isinstance(content, Array) and content.dtype not in DTYPES:
            return _dtype(content.dtype)
        if isinstance(content, Struct) and content.kind not in ("tuple", "list") and op.kind == "pack":
            return f"{_kind(content)} has no compiled form"
    if op.kind == "view" and op.name not in ("", "T"):
        return "a view that a function makes is written to, and Numba may make a copy"
    if op.kind == "store" and op.attrs.get("at"):
        return "" if _has_loop(op, made) else "increments at repeated indices of this form have no loop"
    if _adds_rows(op):
        return "lists of tuples are added up, and `+` of two tuples joins them in compiled code"
    if op.kind != "prim":
        return ""
    if op.name == "pow" and _is_whole(op.operands[0]) and _is_whole(op.operands[1]):
        exponent = made.get(op.operands[1])
        known = exponent.attrs.get("value") if exponent is not None and exponent.kind == "const" else None
        if not (isinstance(known, int) and 0 <= known <= SMALL_POWER):
            return "a power of whole numbers is a fraction or beyond 64 bits for some exponents"
    if op.name in ("is", "is_not") and not all(isinstance(v.type, Static) for v in op.operands):
        return "what may be None on some paths has two types, compiled code has one for each name"
    if op.name == "unbroadcast" and not MOST_AXES >= rank(op.operands[0].type) >= rank(op.operands[1].type) >= 0:
        return "the ranks of what is added up are not known"
    if op.name in PRODUCTS and any(rank(v.type) > 2 for v in op.operands):
        return "Numba multiplies vectors and matrices, not stacks of them"
    return "" if compiled_form(op) else why_not(op.name, args_of(op))


def _adds_rows(op: Op) -> bool:
    """Whether two lists are added up whose items are no numbers or arrays."""
    if op.kind == "store" and op.attrs.get("mode") == "add":
        total = op.operands[1].type
    elif op.kind == "prim" and op.name in ("add", "add_lists") and op.results:
        total = op.result.type
    else:
        return False
    return isinstance(total, ListOf) and isinstance(total.item, Struct | ListOf)


def _has_loop(op: Op, made: dict[Value, Op]) -> bool:
    """Whether `np.add.at` can be written as a loop over one array of indices, or several of one shape."""
    ref, content = op.operands
    view = made.get(ref)
    spec = view.attrs.get("spec") if view is not None and view.kind == "view" else None
    if view is None or not isinstance(spec, tuple) or any(entry != "i" for entry in spec):
        return False
    shapes = [v.type.shape for v in view.operands[1:] if isinstance(v.type, Array) and v.type.shape != ()]
    if not shapes or None in shapes or any(shape != shapes[0] for shape in shapes):
        return False
    if is_number(content.type):
        return True
    inner = ref.type.content if isinstance(ref.type, Ref) else ref.type
    return -1 < rank(content.type) == rank(inner)


def _is_whole(value: Value) -> bool:
    type_ = value.type
    if isinstance(type_, Static):
        return type(type_.value) is int
    whole = isinstance(type_, Array) and type_.dtype is not None and type_.dtype[0] in "iu" and is_number(type_)
    return type_ == Scalar("int") or whole
