"""The text of modules that Numba compiles: the compiled functions, and before them what Python does at each call.

def f_grad(x, *, scale=1.0):
    if not isinstance(x, (float, int)):
        raise TypeError("x: this derivative takes float")
    return _f_grad(float(x), scale)


@numba.njit(cache=True, boundscheck=True)
def _f_grad(x, scale):
    ..

Without guards, and where all parameters are plain, the compiled function is the public one.  Indices are checked, as
NumPy checks them: code that is compiled without reads and writes whatever lies behind an array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adgen import naming
from adgen.backend.emit import STEP, signature
from adgen.backend.header import GuardText
from adgen.ir.core import Func, Param
from adgen.ir.types import Scalar

IMPORT = "import numba"


@dataclass(frozen=True)
class Frame:
    """What stands before compiled functions: guards, and values that are read from modules at each call."""

    guards: Sequence[GuardText] = ()
    read: Mapping[str, str] | None = None  # captured parameter -> how its value is written

    def needed(self, func: Func) -> bool:
        """Whether Python has something to do before the compiled function runs."""
        return bool(self.guards or self.read) or any(param.kind == "keyword" for param in func.params)


def renamed(func: Func, frame: Frame) -> Func:
    """The compiled function under a name of its own, if another one stands before it; without defaults then."""
    if not frame.needed(func):
        return func
    params = tuple(replace(param, default=None) for param in func.params)
    return replace(func, name=f"_{func.name}", params=params)


def before(func: Func, frame: Frame) -> str:
    """The public function that calls the compiled one; "" if there is no need for it."""
    if not frame.needed(func):
        return ""
    lines = [f"def {func.name}({signature(public(func, frame))}):"]
    return "\n".join([*lines, f"{STEP}return _{func.name}({given(func, frame)})", ""])


def public(func: Func, frame: Frame) -> tuple[Param, ...]:
    """The parameters that a caller gives."""
    return tuple(param for param in func.params if param.name not in (frame.read or {}))


def given(func: Func, frame: Frame) -> str:
    """What the compiled function is called with; numbers that are to vary are floats, whatever was given."""
    return ", ".join(_given(param, frame) for param in func.params)


def _given(param: Param, frame: Frame) -> str:
    text = (frame.read or {}).get(param.name, param.name)
    kind = param.value.type.kind if isinstance(param.value.type, Scalar) else ""
    return f"{kind}({text})" if kind in ("float", "complex") else text


def decorated(text: str) -> str:
    """A function's text with the decorator."""
    return f"{naming.COMPILED}\n{text}"
