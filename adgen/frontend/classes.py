"""Classes, dataclasses and named tuples read from the text.

@dataclass                                     UserClass("Params", "model", (("w", None), ("b", Literal(0.5))), ..)
class Params:                          ->
    w: np.ndarray
    b: float = 0.5
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from adgen.errors import ArgumentError
from adgen.frontend.bindings import Binding, Factory, Known, Literal, Member, Missing, UserClass, UserFunction
from adgen.frontend.literals import NOT_PLAIN, constant
from adgen.ir.types import Struct, Type
from adgen.signature import from_annotation

if TYPE_CHECKING:
    from adgen.frontend.static import StaticScope

_DATACLASS = ("dataclasses.dataclass",)
_HARMLESS = (Known("abc.ABC"), Known("object"), Known("builtins.object"))
_ACCESS = ("__new__", "__getattr__", "__getattribute__", "__setattr__", "__delattr__")
_NAMED_TUPLE = ("typing.NamedTuple", "typing_extensions.NamedTuple")


def user_class(scope: StaticScope, node: ast.ClassDef) -> Binding:
    """A dataclass or named tuple; Missing for other classes."""
    bases = [scope.expression(base) for base in node.bases]
    if any(isinstance(base, Known) and base.name in _NAMED_TUPLE for base in bases):
        fields = _fields(scope, node)
        return UserClass(node.name, scope.module.name, tuple(fields.items()), "namedtuple", True, _read(scope, node))
    heads = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    found = [scope.expression(head) for head in heads]
    if not all(isinstance(one, Known) and one.name in _DATACLASS for one in found):
        return Missing(node.name, f"`{node.name}` is a class with a decorator of its own", "make it a dataclass")
    own = [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
    above = [base for base in bases if isinstance(base, UserClass)]
    plain = [base for base in bases if not isinstance(base, UserClass) and base not in _HARMLESS]
    making = [name for name in own if name in _ACCESS]
    if making or plain or node.keywords or any(base.kind == "namedtuple" for base in above):
        strange = [ast.unparse(b) for b, base in zip(node.bases, bases, strict=True) if base in plain]
        what = f"has a {making[0]} of its own" if making else f"derives from {', '.join(strange) or 'a metaclass'}"
        return Missing(node.name, f"`{node.name}` {what}", "make it a plain class, or a dataclass")
    kinds = tuple(dict.fromkeys(kind for base in above for kind in (base.type_kind, *base.bases)))
    read = _read(scope, node)
    if not found or "__init__" in own:
        if any(base.kind == "dataclass" for base in above) and "__init__" not in own:
            return Missing(node.name, f"`{node.name}` derives from a dataclass and is none", "make it a dataclass")
        return UserClass(node.name, scope.module.name, (), "class", False, read, kinds)
    inherited: dict[str, Binding | None] = {}
    for base in reversed(above):
        inherited |= dict(base.fields)
    whole = tuple((inherited | _fields(scope, node)).items())
    unset = [name for name in _unset(node) if name in dict(whole)]
    if "InitVar" in ast.unparse(node) or _frozen(node) and "__post_init__" in own:
        return Missing(node.name, f"`{node.name}` makes its fields in a way of its own", "give its fields directly")
    return UserClass(node.name, scope.module.name, whole, "dataclass", _frozen(node), read, kinds, tuple(unset))


def _unset(node: ast.ClassDef) -> list[str]:
    """Fields that are no arguments: `= field(init=False)`."""
    return [
        ast.unparse(part.target)
        for part in _annotated(node)
        if isinstance(part.value, ast.Call)
        and any(
            option.arg == "init" and isinstance(option.value, ast.Constant) and option.value.value is False
            for option in part.value.keywords
        )
    ]


def _read(scope: StaticScope, node: ast.ClassDef) -> tuple[tuple[object, ...], ...]:
    return (("module", scope.module.name), ("attr", node.name))


def _frozen(node: ast.ClassDef) -> bool:
    calls = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    options = [option for call in calls for option in call.keywords if option.arg == "frozen"]
    return any(isinstance(option.value, ast.Constant) and option.value.value is True for option in options)


def _annotated(node: ast.ClassDef) -> list[ast.AnnAssign]:
    return [
        part for part in node.body if isinstance(part, ast.AnnAssign) and "ClassVar" not in ast.unparse(part.annotation)
    ]


def _fields(scope: StaticScope, node: ast.ClassDef) -> dict[str, Binding | None]:
    out: dict[str, Binding | None] = {}
    for part in _annotated(node):
        name = ast.unparse(part.target)
        out[name] = None if part.value is None else _default(scope, name, part.value)
    return out


def _default(scope: StaticScope, name: str, node: ast.expr) -> Binding | None:
    if isinstance(node, ast.Call) and scope.expression(node.func) == Known("dataclasses.field"):
        options = {option.arg: option.value for option in node.keywords}
        if "default_factory" in options:
            return _factory(scope, name, options["default_factory"])
        if "default" not in options:
            return None
        node = options["default"]
    value = constant(node, scope.plain_name)
    if value is NOT_PLAIN:
        return Missing(name, f"its default `{ast.unparse(node)}` is no literal", f"give `{name}` explicitly")
    return Literal(value, name)


def _factory(scope: StaticScope, name: str, node: ast.expr) -> Binding:
    """What makes a field anew for each object."""
    if isinstance(node, ast.Lambda):
        return Factory(UserFunction(scope.source(node, name, "")))
    found = scope.expression(node)
    if isinstance(found, Known | UserFunction | UserClass):
        return Factory(found)
    why = f"its default is made by `{ast.unparse(node)}`, which is known only by running it"
    return Missing(name, why, f"give `{name}` explicitly")


_HOW = {"property": "property", "classmethod": "class", "staticmethod": "static"}


def member(scope: StaticScope, qualname: str, attr: str) -> Member | Missing:
    """What a class has under a name, and how it is to be called; inherited names are looked for in the bases."""
    node = class_node(scope, qualname)
    if node is None:
        return Missing(attr, f"`{qualname}` is not one class of {scope.module.name}")
    found = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == attr]
    if len(found) == 2 and _is_setter(found[1]):
        get, put = (UserFunction(scope.source(part, f"{qualname}.{attr}", node.name)) for part in found)
        if [scope.expression(head) for head in found[0].decorator_list] == [Known("property")]:
            return Member("property", get, put)
    if len(found) == 1 and len(found[0].decorator_list) == 1:
        meaning = scope.expression(found[0].decorator_list[0])
        how = _HOW.get(meaning.name) if isinstance(meaning, Known) else None
        if how is not None:
            return Member(how, UserFunction(scope.source(found[0], f"{qualname}.{attr}", node.name)))
    own = found or any(_gives(part, attr) for part in node.body)
    for base in [] if own else node.bases:
        binding = scope.expression(base)
        if isinstance(binding, UserClass):
            inherited = scope.member(binding, attr)
            if not isinstance(inherited, Missing):
                return inherited
    binding = method(scope, qualname, attr)
    if isinstance(binding, Missing):
        return binding
    return Member("method" if found else "value", binding)


def _is_setter(part: ast.FunctionDef) -> bool:
    """Whether it is `@x.setter` above `def x(self, value)`."""
    match part.decorator_list:
        case [ast.Attribute(ast.Name(name), "setter")]:
            return name == part.name
    return False


def _gives(part: ast.stmt, attr: str) -> bool:
    if isinstance(part, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == attr for target in part.targets)
    return isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.target.id == attr


def method(scope: StaticScope, qualname: str, attr: str) -> Binding:
    """What `<class>.<attr>` means; inherited names are looked for in the bases."""
    node = class_node(scope, qualname)
    if node is None:
        return Missing(attr, f"`{qualname}` is not one class of {scope.module.name}")
    found = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == attr]
    if len(found) == 1:
        return scope.function(found[0], f"{qualname}.{attr}", node.name)
    if len(found) > 1:
        return Missing(attr, f"`{qualname}.{attr}` is defined {len(found)} times")
    for part in node.body:
        if isinstance(part, (ast.Assign, ast.AnnAssign)) and part.value is not None:
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            if any(isinstance(target, ast.Name) and target.id == attr for target in targets):
                value = constant(part.value, scope.plain_name)
                why = f"`{qualname}.{attr}` is no literal"
                return Missing(attr, why) if value is NOT_PLAIN else Literal(value, attr)
    for base in node.bases:
        binding = scope.expression(base)
        if isinstance(binding, UserClass):
            return scope.attribute(binding, attr)
    return Missing(attr, f"`{qualname}` has no `{attr}`")


def class_node(scope: StaticScope, qualname: str) -> ast.ClassDef | None:
    """The definition of a class by its qualified name, if it is the only one."""
    found = scope.module.binders.get(qualname.partition(".")[0], [])
    node = found[0].node if len(found) == 1 else None
    for name in qualname.split(".")[1:]:
        inner = [part for part in getattr(node, "body", []) if isinstance(part, ast.ClassDef) and part.name == name]
        node = inner[0] if len(inner) == 1 else None
    return node if isinstance(node, ast.ClassDef) else None


def instance_type(scope: StaticScope, name: str) -> Type | None:
    """The type of a dataclass's instances; None where the name is no dataclass or a field has no type."""
    parts = name.split(".")
    binding: Binding = scope.lookup(parts[0])
    for part in parts[1:]:
        binding = scope.attribute(binding, part)
    if not isinstance(binding, UserClass):
        return None
    home = scope.modules.find(binding.module)
    if home is None:
        return None
    inner = scope.of(home)
    node = class_node(inner, binding.qualname)
    own = {ast.unparse(part.target): ast.unparse(part.annotation) for part in _annotated(node)} if node else {}
    items = []
    for field, _ in binding.fields:
        if field not in own:
            return None
        try:
            items.append(from_annotation(own[field], inner.struct_type if own[field] != name else lambda _: None))
        except ArgumentError:
            return None
    return Struct(binding.type_kind, tuple(field for field, _ in binding.fields), tuple(items))
