"""Free names ahead of time: what module-level text says, without running any of it.

A name has a meaning only if the module binds it exactly once, by def, class, import, or an assignment.  Numbers and
texts are literals; other values are `Captured`: the generated file reads them from the module.  Everything that the
text cannot tell is `Missing`, with the reason.
"""

from __future__ import annotations

import ast
import hashlib

from adgen.errors import ArgumentError
from adgen.frontend.binders import Binder
from adgen.frontend.bindings import (
    Binding,
    Captured,
    Derivative,
    FunctionKey,
    FunctionSource,
    Known,
    Literal,
    Member,
    Missing,
    Module,
    UserClass,
    UserFunction,
    no_objects,
)
from adgen.frontend.classes import instance_type, member, method, user_class
from adgen.frontend.files import File
from adgen.frontend.libraries import SCIPY, is_library, library_attribute
from adgen.frontend.literals import NOT_PLAIN, constant
from adgen.frontend.modules import Modules, StaticModule
from adgen.frontend.requests import TRANSFORMS, Request, literal_request
from adgen.frontend.static_rules import declared_rule
from adgen.frontend.wrappers import leaves_alone
from adgen.ir.types import UNKNOWN, Struct, Type
from adgen.rules import table
from adgen.signature import from_annotation, of_values

CACHES = ("functools.lru_cache", "functools.cache")
_HARMLESS = ("np.errstate", "functools.wraps", "staticmethod")
ENTRY = "give the value as an argument, or define it once at module level"


class StaticScope:
    """The free names of the functions of one module."""

    has = staticmethod(no_objects)

    def __init__(self, modules: Modules, module: StaticModule, owner: str = "") -> None:
        self.modules, self.module, self.owner = modules, module, owner
        self.busy: list[str] = []  # names that are being resolved, to notice circles

    def lookup(self, name: str) -> Binding:
        """Names of the module, then builtins."""
        found = self.module.binders.get(self._private(name), [])
        if found:
            return self._only(self._private(name), found)
        return self._starred(name)

    def attribute(self, binding: Binding, attr: str) -> Binding:
        """Attributes of modules, classes, functions of libraries."""
        attr = self._private(attr)
        match binding:
            case Module(name):
                return self._of_module(name, attr)
            case Known(name):
                return Known(f"{name}.{attr}")
            case UserClass(qualname, module):
                return self._of_class(module, qualname, attr)
            case Captured(name, type_, read) if isinstance(type_, Struct) and type_.kind.startswith("object:"):
                if attr in type_.keys:
                    own = type_.items[type_.keys.index(attr)]
                    return Captured(f"{name}_{attr}", own, (*read, ("attr", attr)))
        return Missing(attr, "it has no attributes that are known without running the module", ENTRY)

    def member(self, cls: UserClass, attr: str) -> Member | Missing:
        """A method, property or value of a class, from its text."""
        home = self.modules.find(cls.module)
        if home is None or home.file is None:
            return Missing(attr, f"the class {cls.qualname} is not found")
        return member(self.of(home), cls.qualname, self._private(attr))

    def pin(self, binding: Captured) -> Literal | Missing:
        """No value is known without running the module."""
        return Missing(binding.name, f"the value of `{binding.name}` is not known without running its module", ENTRY)

    def bind(self, value: object, name: str) -> Binding:
        """No objects exist ahead of time."""
        return Missing(name, "it is an object, which has no meaning ahead of time")

    def class_of(self, kind: str) -> UserClass | Missing:
        """A class by the kind of its structure type."""
        _, module, qualname = kind.split(":", 2)
        found = self.attribute(Module(module), qualname) if "." not in qualname else Missing(kind, "it is nested")
        if isinstance(found, UserClass):
            return found
        return Missing(kind, found.why if isinstance(found, Missing) else f"`{qualname}` is no dataclass")

    # ---- names -------------------------------------------------------------------------------------------------------

    def of(self, module: StaticModule) -> StaticScope:
        """The scope of another module, reached from here (circles are noticed)."""
        other = StaticScope(self.modules, module)
        other.busy = self.busy
        return other

    def _private(self, name: str) -> str:
        owner = self.owner.lstrip("_")
        return f"_{owner}{name}" if owner and name.startswith("__") and not name.endswith("__") else name

    def _only(self, name: str, found: list[Binder]) -> Binding:
        tops = [binder.alias.asname is None for binder in found if binder.kind == "import" and binder.alias is not None]
        if len(tops) == len(found) and all(tops):  # import a.b, a.c
            return self.bound(found[0])
        if len(found) > 1:
            lines = ", ".join(str(line) for line in sorted({binder.line for binder in found}))
            return Missing(name, f"`{name}` is bound {len(found)} times in {self.module.name} (lines {lines})", ENTRY)
        if found[0].when == "main":
            why = f"`{name}` is bound only where {self.module.name} runs as a program (line {found[0].line})"
            return Missing(name, why, ENTRY)
        place = f"{self.module.name}.{name}"
        if place in self.busy:
            return Missing(name, f"`{name}` leads back to itself ({' -> '.join([*self.busy, place])})")
        self.busy.append(place)
        try:
            return self.bound(found[0])
        finally:
            self.busy.pop()

    def bound(self, binder: Binder) -> Binding:
        """What one binder gives its name."""
        match binder.kind, binder.node:
            case "def", ast.FunctionDef() as node:
                return self.function(node, node.name, "")
            case "class", ast.ClassDef() as node:
                return self._class(node)
            case "import", _ if binder.alias is not None:
                name = binder.alias.name if binder.alias.asname else binder.alias.name.partition(".")[0]
                return self._imported(name)
            case "from", ast.ImportFrom() as node if binder.alias is not None:
                return self._from(node, binder.alias.name)
            case "assign", _ if binder.value is not None:
                return self._assigned(binder, binder.value)
        why = f"line {binder.line} of {self.module.name} binds it in a way that is known only by running it"
        if isinstance(binder.node, ast.AsyncFunctionDef):
            return Missing(binder.name, "it is an async function: the order of its statements is not fixed", "use def")
        return Missing(binder.name, why, ENTRY)

    def _starred(self, name: str) -> Binding:
        for star in reversed(self.module.binders.get("*", [])):
            found = self._from(star.node, name, star=True)
            if not isinstance(found, Missing):
                return found
            if found.help:  # it is there, but has no meaning
                return found
        builtin = library_attribute("builtins", name)
        if isinstance(builtin, Missing):
            return Missing(name, f"no name `{name}` is defined in {self.module.name}", "define or import it")
        return builtin

    def _from(self, node: ast.AST, name: str, star: bool = False) -> Binding:
        assert isinstance(node, ast.ImportFrom)
        base = self.modules.absolute(self.module, node.module, node.level)
        if base is None:
            return Missing(name, f"line {node.lineno} of {self.module.name} imports from above its package")
        if star and not self._exports(base, name):
            return Missing(name, f"{base} does not have it")
        return self._of_module(base, name)

    def _exports(self, base: str, name: str) -> bool:
        module = self.modules.find(base)
        if module is None:
            if base in ("numpy", "math", "cmath"):
                return not name.startswith("_") and not isinstance(library_attribute(base, name), Missing)
            return table.from_module(base, name) is not None
        listed = module.binders.get("__all__", [])
        if len(listed) == 1 and isinstance(listed[0].value, (ast.List, ast.Tuple)):
            return any(isinstance(part, ast.Constant) and part.value == name for part in listed[0].value.elts)
        inner = [star for star in module.binders.get("*", []) if isinstance(star.node, ast.ImportFrom)]
        known = name in module.binders or any(
            self.of(module)._exports(self.modules.absolute(module, s.node.module, s.node.level) or "", name)
            for s in inner
            if isinstance(s.node, ast.ImportFrom) and module is not self.module
        )
        return known and not name.startswith("_")

    def _imported(self, name: str) -> Binding:
        module = self.modules.find(name)
        if module is not None and module.file is None and module.why:
            return Missing(name, module.why, "put its folder beside the file or at the project's root")
        return Module(name, (("module", name),))

    def _of_module(self, name: str, attr: str) -> Binding:
        module = self.modules.find(name)
        if module is None:
            below = self._submodule(name, attr)
            return Module(f"{name}.{attr}") if below else library_attribute(name, attr)
        if attr in module.binders:
            return self.of(module)._only(attr, module.binders[attr])
        if module.folders:
            below_it = self.modules.find(f"{name}.{attr}")
            if below_it is not None and (below_it.file is not None or below_it.folders):
                return Module(f"{name}.{attr}", (("module", f"{name}.{attr}"),))
        if module.file is None and module.why:
            return Missing(attr, module.why, "put its folder beside the file or at the project's root")
        found = self.of(module)._starred(attr) if "*" in module.binders else None
        if found is not None and not isinstance(found, Missing):
            return found
        return Missing(f"{name}.{attr}", f"the module {name} has no name `{attr}`")

    def _submodule(self, name: str, attr: str) -> bool:
        return name == "scipy" and attr in SCIPY and is_library(name)

    # ---- functions and classes ---------------------------------------------------------------------------------------

    def function(self, node: ast.FunctionDef, qualname: str, owner: str) -> Binding:
        """A def, with what its decorators make of it."""
        binding: Binding = UserFunction(self.source(node, qualname, owner))
        for decorator in reversed(node.decorator_list):
            binding = self.decorated(binding, decorator, node.name)
            if isinstance(binding, Missing):
                return binding
        return binding

    def decorated(self, binding: Binding, decorator: ast.expr, name: str) -> Binding:
        """What a decorator makes of a function."""
        request = self.request(decorator)
        if request is not None:
            return self.derived(binding, request, name)
        head = decorator.func if isinstance(decorator, ast.Call) else decorator
        meaning = self.expression(head)
        if meaning == Known("adgen.rule") and isinstance(binding, UserFunction):
            return declared_rule(self, binding.source, decorator, name)
        if isinstance(meaning, Known) and meaning.name in CACHES and isinstance(binding, UserFunction):
            return UserFunction(self.modules.kept(binding.source))
        if isinstance(meaning, Known) and (meaning.name in _HARMLESS or meaning.name.startswith("adgen.")):
            return binding
        if isinstance(meaning, UserFunction) and head is decorator and leaves_alone(meaning.source.node):
            return binding
        text = ast.unparse(decorator)
        why = f"`{name}` is decorated by `{text}`, and what that makes of it is known only by running it"
        return Missing(name, why, f"differentiate the function inside, or take `@{text}` away")

    def derived(self, binding: Binding, request: Request, name: str) -> Binding:
        """A transform of adgen applied to a function."""
        if request.problem:
            return Missing(name, request.problem, "write the options of the transform as literals")
        wrt = request.wrt if request.wrt is not None else 0
        match binding:
            case UserFunction(source):
                return Derivative(source, request.mode, wrt, request.has_aux, request.wrt is not None, request.backend)
            case Derivative():
                return Derivative(binding, request.mode, wrt, request.has_aux, request.wrt is not None, request.backend)
        return binding if isinstance(binding, Missing) else Missing(name, "only functions have derivatives")

    def request(self, node: ast.expr) -> Request | None:
        """The transform that an expression stands for: `adgen.grad`, `adgen.grad(argnums=1)`, a partial of one."""
        match node:
            case ast.Attribute(attr=attr) if attr not in TRANSFORMS:
                return None
            case ast.Name() | ast.Attribute():
                meaning = self.expression(node)
                if isinstance(meaning, Known):
                    return literal_request(meaning.name, None)
                alias = self.module.binders.get(node.id, []) if isinstance(node, ast.Name) else []
                if len(alias) == 1 and isinstance(alias[0].value, ast.Call):
                    return self.request(alias[0].value)
            case ast.Call(func=ast.Attribute(attr=attr)) if attr not in (*TRANSFORMS, "partial"):
                return None
            case ast.Call(func=func, args=args):
                meaning = self.expression(func)
                if isinstance(meaning, Known) and meaning.name == "functools.partial" and args:
                    inner = self.request(args[0])
                    return inner and inner.more(ast.Call(func, args[1:], node.keywords))
                if isinstance(meaning, Known) and not args:
                    return literal_request(meaning.name, node)
        return None

    def source(self, node: ast.FunctionDef | ast.Lambda, qualname: str, owner: str) -> FunctionSource:
        """The source of a function of this module."""
        file = self._file()
        place = (self.module.name, node.lineno, node.col_offset)
        if place not in self.modules.sources:
            digest = hashlib.sha256(ast.dump(node).encode()).hexdigest()[:32]
            self.modules.sources[place] = FunctionSource(
                node=node,
                path=file.path,
                where=file.where,
                qualname=qualname,
                module=self.module.name,
                lines=file.lines,
                comments=file.comments_in(node),
                scope=StaticScope(self.modules, self.module, owner),
                key=FunctionKey(self.module.name, qualname, digest),
                defaults=self._defaults(node.args, qualname),
            )
        return self.modules.sources[place]

    def _file(self) -> File:
        assert self.module.file is not None
        return self.module.file

    def _defaults(self, arguments: ast.arguments, qualname: str) -> dict[str, Binding]:
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True))
        pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
        out: dict[str, Binding] = {}
        for parameter, default in pairs:
            value = constant(default, self.plain_name)
            route = (*self._route(qualname), ("default", parameter.arg))
            out[parameter.arg] = (
                Captured(parameter.arg, UNKNOWN, route) if value is NOT_PLAIN else Literal(value, parameter.arg)
            )
        return out

    def _route(self, qualname: str) -> tuple[tuple[object, ...], ...]:
        return (("module", self.module.name), *(("attr", part) for part in qualname.split(".")))

    def _class(self, node: ast.ClassDef) -> Binding:
        return user_class(self, node)

    def _of_class(self, module: str, qualname: str, attr: str) -> Binding:
        home = self.modules.find(module)
        if home is None or home.file is None:
            return Missing(attr, f"the class {qualname} is not found")
        return method(self.of(home), qualname, attr)

    # ---- values ------------------------------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Binding:
        """What a dotted name means."""
        match node:
            case ast.Name(id=name):
                return self.lookup(name)
            case ast.Attribute(value=value, attr=attr):
                return self.attribute(self.expression(value), attr)
        return Missing(ast.unparse(node), "it is an expression, whose value is known only by running it")

    def plain_name(self, node: ast.expr) -> object:
        """The value of a dotted name that is a literal."""
        binding = self.expression(node)
        return binding.value if isinstance(binding, Literal) else NOT_PLAIN

    def _assigned(self, binder: Binder, value: ast.expr) -> Binding:
        name = binder.name
        if isinstance(value, ast.Lambda):
            return UserFunction(self.source(value, name, ""))
        plain = constant(value, self.plain_name)
        if plain is not NOT_PLAIN and not binder.when:
            return Literal(plain, name)
        if isinstance(value, (ast.Name, ast.Attribute)):
            found = self.expression(value)
            if not isinstance(found, (Missing, Captured)):
                return found
        if isinstance(value, ast.Call):
            derivative = self.applied(value)
            if derivative is not None:
                return derivative
            meaning = self.expression(value.func)
            if isinstance(meaning, Known) and meaning.name in ("functools.partial", "collections.namedtuple"):
                return Missing(
                    name, f"`{ast.unparse(value)}` is not followed here", "write a def, or a NamedTuple class"
                )
        return Captured(name, self._type_of(binder, value), self._route(name))

    def applied(self, node: ast.Call) -> Binding | None:
        """`adgen.grad(f, argnums=1)` and the like; None where it is no transform of a function."""
        if not node.args:
            return None
        request = self.request(node.func)
        if request is None or isinstance(node.args[0], ast.Starred):
            return None
        request = request.more(ast.Call(node.func, node.args[1:], node.keywords))
        inner = node.args[0]
        found = self.applied(inner) if isinstance(inner, ast.Call) else self.expression(inner)
        text = ast.unparse(inner)
        return (
            Missing(text, f"`{text}` is no function of a module")
            if found is None
            else self.derived(found, request, text)
        )

    def _type_of(self, binder: Binder, value: ast.expr) -> Type:
        if binder.annotation is not None:
            try:
                return from_annotation(ast.unparse(binder.annotation), self.struct_type)
            except ArgumentError:
                return UNKNOWN
        try:
            return of_values((binder.name,), (ast.literal_eval(value),)).items[0][1]
        except (ArgumentError, ValueError, TypeError, SyntaxError, RecursionError):
            return UNKNOWN

    def struct_type(self, name: str) -> Type | None:
        """The type of the instances of a dataclass, from the annotations of its fields."""
        return instance_type(self, name)
