"""Numba at work: generated text is compiled for the types that it was made for; what Numba cannot do is refused.

    E0150: Numba cannot compile the derivative of `f`
      --> model.py:9:12
       9 |     return np.sort(x)[0] + np.interp(..)
      why:  No implementation of function ..., in `interp_bar = np.interp(..)`

Numba is imported here and nowhere else, and only where it is asked for.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from adgen import naming
from adgen.errors import AdgenError, Diagnostic, Place, Refusal
from adgen.ir.core import Span
from adgen.ir.types import Array, Scalar, Static, Type
from adgen.signature import of_values

if TYPE_CHECKING:
    from adgen.commands import Outcome
    from adgen.loading import Specialisation
    from adgen.pipeline import Generated

HELP = 'leave out backend="numba" for this function, or give fallback=True to use NumPy where Numba cannot'


SHORT = 8  # a part of a line that is no longer says too little


class NotCompiled(Refusal):
    """Numba refused a text that was thought to be within its means."""


def numba() -> ModuleType:
    """The module; an error that tells how to get it."""
    try:
        import numba as module
    except ImportError as error:
        raise AdgenError("backend numba: Numba is not installed; `pip install adgen[numba]`") from error
    found: ModuleType = module
    return found


def refusal(error: BaseException, name: str, text: str, spans: Mapping[str, Span]) -> NotCompiled:
    """Numba's error in our words: the user's line if it is known, the generated line."""
    message = str(error)
    lines = text.splitlines()
    numbers = [int(one or other) for one, other in re.findall(r'File "[^"]*", line (\d+)|> \((\d+)\)', message)]
    line = lines[numbers[-1] - 1].strip() if numbers and numbers[-1] <= len(lines) else ""
    span = _span(line, spans)
    place = Place(span.path, span.line, span.col, span.end_line, span.end_col) if span is not None else None
    where = f", in the generated line `{line}`" if line else ""
    title = f"Numba cannot compile the derivative of `{name}`"
    return NotCompiled([Diagnostic("E0150", title, place, f"{_told(message)}{where}", HELP)])


def _span(line: str, spans: Mapping[str, Span]) -> Span | None:
    """What a line was made from; black may have wrapped it, and set other quotes."""
    wanted = _squeezed(line)
    whole = next((span for text, span in spans.items() if _squeezed(text) == wanted), None)
    if whole is not None or len(wanted) < SHORT:
        return whole
    return next((span for text, span in spans.items() if wanted in _squeezed(text)), None)


def _squeezed(line: str) -> str:
    return re.sub(r"\s", "", line).replace("'", '"').rstrip(",")


def _told(message: str) -> str:
    """What is wrong, out of Numba's many lines."""
    rows = [row.strip() for row in message.splitlines() if row.strip()]
    wanted = [row for row in rows if not row.startswith(("Failed in", "- Resolution", "There are", "- Of which"))]
    first = wanted[0] if wanted else (rows or ["it does not say why"])[0]
    if first.startswith("No implementation") and len(wanted) > 1:
        return f"{first.rstrip(':')} {wanted[1].removeprefix('>>> ')}"
    return first


def compile_for(made: Generated, types: Mapping[str, Type], name: str) -> Callable[..., Any]:
    """The public function of a text, compiled for arguments of these types; Refusal where Numba cannot."""
    numba()
    text = naming.in_memory(made.text)
    space: dict[str, Any] = {"__name__": "adgen_compiled"}
    exec(compile(text, "<compiled>", "exec"), space)
    function: Callable[..., Any] = space[made.name]
    try:
        _compile(space, made.name, types)
    except Exception as error:
        raise refusal(error, name, made.text, made.spans) from error
    return function


def confirm(outcome: Outcome) -> None:
    """Have Numba compile the text of a file that is for it, and is not there already; Refusal where it cannot."""
    if outcome.job.request.backend == "numba" and not outcome.current:
        compile_for(outcome.generated, outcome.job.types, outcome.job.source.name)


def prepare(made: Specialisation, fun: Any, spans: Mapping[str, Span]) -> None:
    """Compile a generated function for the types that it was made for; Refusal where Numba cannot."""
    captured = made.holds(fun) or {}
    types = {**made.types.types(), **of_values(tuple(captured), tuple(captured.values())).types()}
    function = getattr(made.function, "py_func", made.function)
    try:
        _compile(function.__globals__, function.__name__, types)
    except Exception as error:
        raise refusal(error, getattr(fun, "__name__", "this"), made.text, spans) from error


def _compile(space: Mapping[str, Any], name: str, types: Mapping[str, Type]) -> None:
    module = numba()
    stem = name.removesuffix("_vjp")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if f"{stem}_fwd" in space and name.endswith("_vjp"):
            forward, backward = space[f"{stem}_fwd"], space[f"{stem}_bwd"]
            forward.compile(_given(module, forward, types))
            out, saved = forward.overloads[forward.signatures[0]].signature.return_type
            backward.compile((saved, out))
            return
        function = space.get(f"_{name}") or space[name]
        function.compile(_given(module, function, types))


def _given(module: ModuleType, function: Any, types: Mapping[str, Type]) -> tuple[Any, ...]:
    """The types of a function's arguments as Numba calls them; a tangent has that of its argument."""
    code = function.py_func.__code__
    names = code.co_varnames[: code.co_argcount]
    return tuple(_type(module, types.get(name) or types[name.removesuffix("_dot")]) for name in names)


def _type(module: ModuleType, type_: Type) -> Any:
    types = module.types
    scalars = {"float": types.float64, "int": types.int64, "bool": types.boolean, "complex": types.complex128}
    dtypes = {"f8": types.float64, "i8": types.int64, "b1": types.boolean, "c16": types.complex128}
    match type_:
        case Scalar(kind):
            return scalars[kind]
        case Array(dtype, ()):
            return dtypes[str(dtype)]
        case Array(dtype, tuple(shape)):
            return types.Array(dtypes[str(dtype)], len(shape), "C")
        case Static(value):
            return module.typeof(value)
    return types.pyobject
