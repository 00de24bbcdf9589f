"""adgen: source-to-source automatic differentiation for plain Python and NumPy.

>>> import adgen
>>> @adgen.grad
... def square(x):
...     return x * x
>>> square(3.0)
6.0

Everything is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adgen.ahead import compile
    from adgen.api import grad, jvp, stop_gradient, value_and_grad, vjp
    from adgen.errors import AdgenError, ArgumentError, InternalError, Refusal, SourceError
    from adgen.gradcheck import check_grads
    from adgen.jacobians import hessian, hvp, jacfwd, jacobian, jacrev
    from adgen.trees import ravel, tree_map
    from adgen.userrules import check_rule, on_adjoint, rule

__version__ = "0.1.0"
__all__ = [
    "AdgenError",
    "ArgumentError",
    "InternalError",
    "Refusal",
    "SourceError",
    "check_grads",
    "check_rule",
    "compile",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "on_adjoint",
    "ravel",
    "rule",
    "stop_gradient",
    "tree_map",
    "value_and_grad",
    "vjp",
]

_HOMES = {
    "adgen.ahead": ("compile",),
    "adgen.api": ("grad", "jvp", "stop_gradient", "value_and_grad", "vjp"),
    "adgen.errors": ("AdgenError", "ArgumentError", "InternalError", "Refusal", "SourceError"),
    "adgen.gradcheck": ("check_grads",),
    "adgen.jacobians": ("hessian", "hvp", "jacfwd", "jacobian", "jacrev"),
    "adgen.trees": ("ravel", "tree_map"),
    "adgen.userrules": ("check_rule", "on_adjoint", "rule"),
}


def __getattr__(name: str) -> Any:
    """Load a public name."""
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value = getattr(import_module(home), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'adgen' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, and what is loaded."""
    return sorted({*globals(), *__all__})
