"""Functions of a file, and the derivatives that it asks for, without running or importing anything.

    @adgen.grad(argnums=(0, 1))                    targets("model.py") ->
    def loss(w, b, x): ...                         [Target("loss", "grad", ("w", "b"), ..)]

    from_file("model.py", "loss").scope.lookup("np") -> Module("numpy")

Neither the file nor its parent packages nor its siblings are executed; `adgen.frontend.modules` finds them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from adgen.errors import InternalError, Place, SourceError
from adgen.frontend.bindings import Binding, Derivative, FunctionSource, Missing, UserClass, UserFunction
from adgen.frontend.classes import class_node, method
from adgen.frontend.files import parse, refuse
from adgen.frontend.modules import Modules
from adgen.frontend.static import StaticScope

MODES = ("grad", "value_and_grad", "jvp", "vjp")


@dataclass(frozen=True)
class Target:
    """A derivative that a file asks for.

    `wrt` are the names of the parameters; `said` tells whether the file names them (else it is the first one, and
    for jvp and vjp, which go by the values they are given, none is named).
    `inner` is the derivative that is differentiated once more: `grad(grad(f))` has order 2.
    """

    qualname: str
    mode: str
    wrt: tuple[str, ...]
    has_aux: bool
    line: int
    path: str
    said: bool = False
    single: bool = True
    inner: Target | None = None
    backend: str = "numpy"

    @property
    def order(self) -> int:
        """How often the function is differentiated."""
        return 1 + (self.inner.order if self.inner is not None else 0)


def from_file(path: str, qualname: str) -> FunctionSource:
    """A function of a file by its qualified name (`f`, `Class.method`); SourceError tells why there is none."""
    scope = _scope(path)
    binding = _named(scope, qualname)
    while isinstance(binding, Derivative):
        binding = binding.source if isinstance(binding.source, Derivative) else UserFunction(binding.source)
    if isinstance(binding, UserFunction):
        return binding.source
    if isinstance(binding, Missing):
        raise _no_function(scope, qualname, binding)
    kind = "class" if isinstance(binding, UserClass) else type(binding).__name__.lower()
    missing = Missing(qualname, f"it is no function but a {kind}", "name a def, a method or a lambda with a name")
    raise _no_function(scope, qualname, missing)


def from_text(text: str, name: str, where: str, origin: FunctionSource | None = None) -> FunctionSource:
    """A function of a text that is no file: code that adgen has written of `origin`, and that imports what this may."""
    scope = origin.scope if origin is not None else None
    folders = scope.modules.folders if isinstance(scope, StaticScope) else sys.path
    modules = Modules.alone(parse(text, where, where), where, [folder for folder in folders if folder])
    found = StaticScope(modules, modules.entry).lookup(name)
    if not isinstance(found, UserFunction):
        raise InternalError(f"{where} has no function {name}")
    return found.source


def _scope(path: str) -> StaticScope:
    modules = Modules(path)
    return StaticScope(modules, modules.entry)


def _named(scope: StaticScope, qualname: str) -> Binding:
    parts = qualname.split(".")
    binding: Binding = scope.lookup(parts[0]) if parts[0] in scope.module.binders else _nowhere(scope, parts[0])
    for k, part in enumerate(parts[1:], 1):
        owner = ".".join(parts[:k])
        if class_node(scope, owner) is None:
            return Missing(part, f"`{owner}` is not one class of the file")
        if k == len(parts) - 1:
            binding = method(scope, owner, part)
    return binding


def _nowhere(scope: StaticScope, name: str) -> Missing:
    defs = [name for name, found in scope.module.binders.items() if found[0].kind == "def"]
    return Missing(name, f"the file has no `{name}`", f"it has {', '.join(defs)}" if defs else "it has no functions")


def _no_function(scope: StaticScope, qualname: str, missing: Missing) -> SourceError:
    found = scope.module.binders.get(qualname.partition(".")[0], [])
    file = scope.module.file
    assert file is not None
    place = None
    if found:
        line = found[-1].line
        text = file.lines[line - 1].rstrip()
        place = Place(file.path, line, len(text) - len(text.lstrip()), line, len(text))
    title = f"`{file.where}::{qualname}` is not a function that can be differentiated"
    return refuse("E0208", title, place, missing.why, missing.help or "check the name")


# ---- what a file asks for --------------------------------------------------------------------------------------------


def targets(path: str) -> list[Target]:
    """Functions that carry an adgen decorator, or are passed to a transform at module level, with literal options."""
    scope = _scope(path)
    file = scope.module.file
    assert file is not None
    found: dict[object, Target] = {}
    for target in (*_decorated(scope, file.tree.body, ""), *_passed(scope, file.tree)):
        found.setdefault((target.path, target.qualname, target.mode, target.wrt, target.order), target)
    return sorted(found.values(), key=lambda target: target.line)


def _decorated(scope: StaticScope, body: list[ast.stmt], prefix: str) -> Iterator[Target]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _decorated(scope, node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and node.decorator_list:
            owner = prefix.rstrip(".").rpartition(".")[2]
            static = any(ast.unparse(decorator) == "staticmethod" for decorator in node.decorator_list)
            binding = scope.function(node, prefix + node.name, owner)
            yield from _target_of(binding, node.lineno, bound=int(bool(owner) and not static))
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            for part in (node.body, getattr(node, "orelse", [])):
                yield from _decorated(scope, part, prefix)


def _passed(scope: StaticScope, node: ast.AST) -> Iterator[Target]:
    """Calls that run with the module; what is passed to a transform belongs to that call."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
        return
    inside = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        binding = scope.applied(node)
        if binding is not None:
            yield from _target_of(binding, node.lineno)
            inside = [*node.args[1:], *node.keywords]
    for child in inside:
        yield from _passed(scope, child)


def _target_of(binding: Binding, line: int, bound: int = 0) -> list[Target]:
    target = _target(binding, line, bound) if isinstance(binding, Derivative) else None
    return [target] if target is not None else []


def _target(derivative: Derivative, line: int, bound: int) -> Target | None:
    inner = _target(derivative.source, line, bound) if isinstance(derivative.source, Derivative) else None
    source: FunctionSource | Derivative = derivative.source
    while isinstance(source, Derivative):
        source = source.source
    if derivative.mode not in MODES or (isinstance(derivative.source, Derivative) and inner is None):
        return None
    wrt = _names(derivative, source.params[bound:])
    if wrt is None:
        return None
    return Target(
        qualname=source.qualname,
        mode=derivative.mode,
        wrt=wrt,
        has_aux=derivative.has_aux,
        line=line,
        path=source.path,
        said=derivative.said,
        single=not isinstance(derivative.wrt, tuple),
        inner=inner,
        backend=derivative.backend,
    )


def _names(derivative: Derivative, params: tuple[str, ...]) -> tuple[str, ...] | None:
    """The parameters that `wrt` means; None where it means none; () for jvp and vjp: those that are given."""
    if derivative.mode in ("jvp", "vjp") and not derivative.said:
        return ()
    wanted = derivative.wrt if isinstance(derivative.wrt, tuple) else (derivative.wrt,)
    out: list[str] = []
    for item in wanted:
        if isinstance(item, str) and item in params:
            out.append(item)
        elif isinstance(item, int) and -len(params) <= item < len(params):
            out.append(params[item])
        else:
            return None
    return tuple(out)
