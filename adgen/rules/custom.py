"""The users' own entries: functions of their modules, whose derivative they declare and whose source is not read.

>>> function("nowhere.f") is None
True

They stand in the table under `<module>.<name>`, and generated code imports the module to call them.  A derivative is a
formula for each argument (as in `elementwise`), or functions of the user's that the generated code calls in its turn.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from adgen.ir.core import Value
from adgen.ir.types import NONE, UNKNOWN, Array, Struct, Type, Unknown, tangent
from adgen.rules import formula, shapes
from adgen.rules.apply import apply
from adgen.rules.call import Call, filled
from adgen.rules.infer import as_content, is_complex, plain, promote, shape_of, ufunc_type
from adgen.rules.kinds import NO_DERIVATIVE, elementwise, general, zero
from adgen.rules.rule import REGISTRY, BindError, Facts, Infer, Param, Rule, TypeProblem, register

Piece = str | Callable[[Call, Value], Value | None]


@dataclass(frozen=True)
class Helper:
    """A function of the user's that computes adjoints or tangents, by its module and its name in it."""

    module: str
    name: str

    @property
    def full(self) -> str:
        """Its name in the table."""
        return f"{self.module}.{self.name}"


@dataclass(frozen=True)
class Declared:
    """What a user says of a function: `formulas`, or `pull` and `push`, or that it has no derivative."""

    module: str
    name: str
    params: tuple[Param, ...]
    formulas: tuple[str, ...] = ()
    pull: Helper | None = None  # (g, y, *arguments): an adjoint for each argument
    push: Helper | None = None  # (tangents, y, *arguments): the tangent of the result
    constant: bool = False
    result: Type | str | None = None  # a type, or the name of the parameter whose type it has; None: as a ufunc
    kinks: str = ""
    defaults: tuple[tuple[str, object], ...] = ()  # of parameters, where they are literals

    @property
    def full(self) -> str:
        """Its name in the table."""
        return f"{self.module}.{self.name}"

    @property
    def digest(self) -> str:
        """What generated code depends on."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:24]


_BY_ID: dict[int, tuple[Any, str]] = {}
_BY_NAME: dict[str, Any] = {}
_DECLARED: dict[str, Declared] = {}
_HELPERS: dict[tuple[str, str], Any] = {}  # function with a rule, module.name of a vjp or jvp -> the one that was given
generation = 0  # counts declarations: what was checked before one is checked again


def function(name: str) -> Callable[..., Any] | None:
    """The function with this name in the table; None where the entry is not a user's."""
    rule = REGISTRY.get(name)
    if rule is None or not rule.module:
        return None
    found: Any = _BY_NAME.get(name) or reached(rule.module, name.removeprefix(rule.module + "."))
    return found if callable(found) else None


def name_of(fun: object) -> str | None:
    """The name of a function that has an entry of a user's."""
    entry = _BY_ID.get(id(fun))
    return entry[1] if entry is not None and entry[0] is fun else None


def digest_of(name: str) -> str:
    """What was declared of it, in short."""
    found = _DECLARED.get(name)
    return found.digest if found is not None else ""


def any_declared() -> bool:
    """Whether there are entries of a user's."""
    return bool(_DECLARED)


def holds(module: str) -> bool:
    """Whether a function of the module, or of one below it, has an entry of a user's."""
    return any(name.startswith(f"{module}.") for name in _DECLARED)


def has(name: str, way: str) -> bool:
    """Whether derivatives of a direction (pull or push) are declared; the table's own entries have both."""
    found = _DECLARED.get(name)
    if found is None or found.formulas or found.constant:
        return True
    return (found.pull if way == "pull" else found.push) is not None


def twice(name: str) -> bool:
    """Whether a second derivative can be expected: functions that compute adjoints have rules of their own."""
    found = _DECLARED.get(name)
    helpers = [] if found is None else [helper for helper in (found.pull, found.push) if helper is not None]
    return all(helper.full in _DECLARED for helper in helpers)


def reached(module: str, name: str) -> object:
    """What generated code would find under the name; None where there is nothing."""
    try:
        return functools.reduce(getattr, name.split("."), sys.modules[module])
    except (KeyError, AttributeError):
        return None


def enter(declared: Declared, fun: Callable[..., Any] | None = None, helpers: Mapping[str, Any] | None = None) -> Rule:
    """Put a user's function into the table, in place of what was said of it before."""
    global generation
    generation += 1
    for helper in (declared.pull, declared.push):
        if helper is not None and helper.full not in _DECLARED:
            _enter_helper(helper, declared, helper is declared.pull)
    REGISTRY.pop(declared.full, None)
    made = replace(_made(declared), module=declared.module)
    REGISTRY.pop(declared.full, None)
    register(made)
    _DECLARED[declared.full] = declared
    for name, helper_function in (helpers or {}).items():
        _HELPERS[declared.full, name] = helper_function
    if fun is not None:
        _BY_ID[id(fun)] = (fun, declared.full)
        _BY_NAME[declared.full] = fun
    return made


def taken(declared: Declared) -> str:
    """The function whose `vjp` or `jvp` computes derivatives for another function, called in another way; "" if none.

    A function is called in one way only: the table has one entry for it, which counts arguments.
    """
    for other in _DECLARED.values():
        if other.full == declared.full:
            continue
        for mine, theirs, opposite in (
            (declared.pull, other.pull, other.push),
            (declared.push, other.push, other.pull),
        ):
            if mine is not None and (
                mine == opposite or (mine == theirs and len(declared.params) != len(other.params))
            ):
                return other.full
    return ""


def _signature(name: str, params: Sequence[Param]) -> str:
    out, starred = [], False
    for param in params:
        if param.keyword_only and not starred:
            out.append("*")
            starred = True
        out.append(param.name + ("" if param.required else "=None"))
    return f"{name}({', '.join(out)})"


def _made(declared: Declared) -> Rule:
    signature, infer = _signature(declared.full, declared.params), _typing(declared)
    names = [param.name for param in declared.params]
    if declared.constant:
        return zero(signature, infer=infer)
    if declared.formulas:
        texts = [formula.qualified(text, declared.module) for text in declared.formulas]
        if declared.result is None:
            guarded = [_guarded(text, declared) for text in texts]
            return elementwise(signature, *guarded, infer=infer, kinks=declared.kinks)
        pieces = {name: _late(text, declared) for name, text in zip(names, texts, strict=True)}
        return general(signature, vjp=pieces, jvp=pieces, infer=infer, kinks=declared.kinks)
    pull, push = declared.pull, declared.push
    vjp = {name: _pulled(declared, pull, k) for k, name in enumerate(names)}
    return general(signature, vjp=vjp, jvp=_pushed(declared, push), infer=infer, kinks=declared.kinks)


# types ---------------------------------------------------------------------------------------------------------------
def _typing(declared: Declared) -> Infer:
    result = declared.result
    if isinstance(result, Type):
        return lambda facts: result
    if isinstance(result, str):
        return lambda facts: _floats(facts.type(result))

    def like_ufunc(facts: Facts) -> Type:
        types = [as_content(type_) for type_ in facts.types if plain(type_) != NONE]
        if any(isinstance(type_, Unknown) for type_ in types):
            return UNKNOWN
        if any(is_complex(type_) for type_ in types):
            return Array(promote(types), reduce(_wider, [shape_of(type_) for type_ in types]))
        first = ufunc_type("sin", types[:1])
        return reduce(lambda one, two: ufunc_type("hypot", (one, two)), types[1:], first)

    return like_ufunc


def _wider(one: Any, two: Any) -> Any:
    return one if one is not None and (two is None or len(one) >= len(two)) else two


def _floats(type_: Type) -> Type:
    content = plain(type_)
    return content if tangent(content) is not None else as_content(content)


# formulas ------------------------------------------------------------------------------------------------------------
def _guarded(text: str, declared: Declared) -> Piece:
    """The formula as the table has it, where nothing in it may be missing."""
    whole = all(param.required for param in declared.params)
    if text == NO_DERIVATIVE or (whole and all(name in REGISTRY for name in formula.prims(formula.parse(text)))):
        return text
    return _late(text, declared)


def _late(text: str, declared: Declared) -> Piece:
    """The formula of a function that may call what has no rule yet, and name parameters that a call leaves out."""
    if text == NO_DERIVATIVE:
        return text
    defaults = dict(declared.defaults)
    names = formula.names(formula.parse(text))
    whole = text if "g" in names else f"g * ({text})"
    optional = [param.name for param in declared.params if not param.required and param.name in names]

    def piece(call: Call, g: Value) -> Value | None:
        missing = [name for name in optional if name not in call.values]
        unknown = [name for name in missing if name not in defaults]
        if unknown:
            raise TypeProblem(
                f"the default of `{unknown[0]}` of `{call.rule.name}` is no literal", f"give `{unknown[0]}`"
            )
        try:
            return call(whole, g=g, **{name: call.b.const(defaults[name]) for name in missing})
        except BindError as problem:
            why = f"the formula `{text}`, declared for `{call.rule.name}`: {problem}"
            raise TypeProblem(why, "declare a rule for that function, too (adgen.rule)") from problem

    return piece


# functions -----------------------------------------------------------------------------------------------------------
def _enter_helper(helper: Helper, declared: Declared, pulls: bool) -> None:
    """A function that computes adjoints or tangents: it can be called, and has no derivative itself.

    Its arguments have their places, not names: several functions may share it.
    """
    refused = _refused(
        "the second derivative of what has a rule", f"declare a rule for `{helper.name}`, too (adgen.rule)"
    )
    params = tuple(Param(name) for name in ("g" if pulls else "dots", "y", *(param.name for param in declared.params)))
    REGISTRY.pop(helper.full, None)
    made = general(
        _signature(helper.full, params),
        vjp={param.name: refused for param in params},
        jvp=_refused_joint("the second derivative of what has a rule"),
        infer=_adjoints if pulls else (lambda facts: _given(facts.types[1])),
    )
    REGISTRY.pop(helper.full, None)
    register(replace(made, module=helper.module))


def _adjoints(facts: Facts) -> Type:
    """An adjoint for each argument, behind those of the adjoint and of the result."""
    types = [_given(type_) for type_ in facts.types[2:]]
    return types[0] if len(types) == 1 else Struct("tuple", tuple(str(k) for k in range(len(types))), tuple(types))


def _given(type_: Type) -> Type:
    """What a user's function gives for a value of this type: maybe in double precision where that is in single."""
    found = _tangent_of(type_)
    if isinstance(found, Array) and found.dtype in shapes.CONSTRUCTORS:
        return Array(None, found.shape)
    return found


def _tangent_of(type_: Type) -> Type:
    found = tangent(plain(type_))
    return found if found is not None else NONE


def _refused(title: str, help: str) -> Callable[[Call, Value], Value | None]:
    def piece(call: Call, g: Value) -> Value | None:
        raise TypeProblem(f"{title} is not known", help)

    return piece


def _refused_joint(title: str) -> Callable[[Call, Mapping[str, Value]], Value | None]:
    def piece(call: Call, dots: Mapping[str, Value]) -> Value | None:
        if not dots:
            return None
        raise TypeProblem(f"{title} is not known", "declare rules for the functions that its rule calls (adgen.rule)")

    return piece


def _every(call: Call, declared: Declared) -> list[Value]:
    """The arguments in the order of the parameters; what the call leaves out has its default."""
    defaults, found = dict(declared.defaults), []
    for param in declared.params:
        if param.name in call.args:
            found.append(call.op.operands[call.args.index(param.name)])
        elif param.name in defaults:
            found.append(call.b.const(defaults[param.name]))
        else:
            why = f"the default of `{param.name}` of `{call.rule.name}` is no literal"
            raise TypeProblem(why, f"give `{param.name}`")
    return found


def _called(call: Call, declared: Declared, helper: Helper, first: Value) -> Value:
    """A call of the function that computes adjoints or tangents, by position."""
    given = _HELPERS.get((declared.full, helper.full))
    if given is not None and reached(helper.module, helper.name) != given:
        why = f"a function that the rule of `{declared.full}` names is `{helper.full}` no longer"
        raise TypeProblem(why, "give each function a name of its own at the top level of a module")
    return apply(call.b, helper.full, (first, call.y, *_every(call, declared)))


def _pulled(declared: Declared, pull: Helper | None, place: int) -> Callable[[Call, Value], Value | None]:
    if pull is None:
        return _refused(f"the reverse derivative of `{declared.full}`", "give adgen.rule the argument vjp")
    helper = pull

    def piece(call: Call, g: Value) -> Value | None:
        out = _called(call, declared, helper, g)
        own = call.values[declared.params[place].name]
        return shapes.cast(call.b, out if len(declared.params) == 1 else call.b.item(out, place), own)

    return piece


def _pushed(declared: Declared, push: Helper | None) -> Callable[[Call, Mapping[str, Value]], Value | None]:
    if push is None:
        return _refused_joint(f"the forward derivative of `{declared.full}` (its rule has no `jvp`)")
    helper = push

    def joint(call: Call, dots: Mapping[str, Value]) -> Value | None:
        if not dots:
            return None
        b = call.b
        names = [param.name for param in declared.params]
        values = _every(call, declared)
        items = [filled(b, dots.get(arg), value) for arg, value in zip(names, values, strict=True)]
        keys = tuple(str(k) for k in range(len(items)))
        packed = b.pack(Struct("tuple", keys, tuple(item.type for item in items)), items)
        return shapes.cast(b, _called(call, declared, helper, packed), call.y)

    return joint
