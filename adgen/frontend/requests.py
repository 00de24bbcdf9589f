"""A transform of adgen with literal options, as the text asks for it.

>>> call = ast.parse("adgen.grad(argnums=(0, 1), has_aux=True)", mode="eval").body
>>> literal_request("adgen.grad", call)
Request(mode='grad', wrt=(0, 1), has_aux=True, problem='', backend='numpy')
>>> literal_request("np.sin", None) is None
True
"""

from __future__ import annotations

import ast
from typing import NamedTuple

TRANSFORMS = ("grad", "value_and_grad", "jacfwd", "jacrev", "jacobian", "hessian", "hvp", "jvp", "vjp", "compile")
_WITH_OPTIONS = ("grad", "value_and_grad", "jacfwd", "jacrev", "jacobian", "hessian", "hvp", "compile")
_OTHER = ("types", "backend", "primals", "tangents")

Wrt = int | str | tuple[int | str, ...]


class Request(NamedTuple):
    """Mode and options; `wrt` None: not said.  `problem` tells what is no literal."""

    mode: str
    wrt: Wrt | None = None
    has_aux: bool = False
    problem: str = ""
    backend: str = "numpy"

    def more(self, call: ast.Call) -> Request:
        """The request with further options; positional ones begin with argnums."""
        out = self
        if self.mode not in _WITH_OPTIONS:
            return out  # jvp and vjp take values, not options
        for name, node in [("argnums", arg) for arg in call.args[:1]] + [(k.arg, k.value) for k in call.keywords]:
            out = out._with(name, node)
        return out

    def _with(self, name: str | None, node: ast.expr) -> Request:
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            if name in _OTHER:
                return self
            return self._replace(problem=f"the option `{name or '**'}` of adgen.{self.mode} is no literal")
        match name:
            case "argnums" | "wrt":
                return self._chosen(name, list(value) if isinstance(value, (tuple, list)) else value)
            case "has_aux":
                return self._replace(has_aux=bool(value))
            case "backend" if isinstance(value, str):
                return self._replace(backend=value)
            case "mode" if isinstance(value, str):
                return self._replace(mode=value)
        return self

    def _chosen(self, name: str, value: object) -> Request:
        if value is None:
            return self
        kind = int if name == "argnums" else str
        if isinstance(value, list) and all(type(item) is kind for item in value):
            return self._replace(wrt=tuple(value))
        if isinstance(value, (int, str)) and type(value) is kind:
            return self._replace(wrt=value)
        return self._replace(problem=f"the option `{name}` of adgen.{self.mode} is {value!r}")


def literal_request(name: str, call: ast.Call | None) -> Request | None:
    """The request that `adgen.<transform>` or a call of it (without a function yet) makes."""
    head, _, transform = name.rpartition(".")
    if head != "adgen" or transform not in TRANSFORMS:
        return None
    request = Request("grad" if transform == "compile" else transform)
    return request if call is None else request.more(call)
