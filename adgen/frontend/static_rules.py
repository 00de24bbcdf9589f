"""A user's rule ahead of time: what the decorator `@adgen.rule(..)` says, read from the text.

@adgen.rule("1.0 - y * y")                  the entry `kernels.fast_tanh` of the table, with this formula
def fast_tanh(x): ..
"""

from __future__ import annotations

import ast
from typing import Protocol

from adgen.errors import ArgumentError
from adgen.frontend.bindings import Binding, FunctionSource, Known, Missing, UserFunction
from adgen.frontend.literals import NOT_PLAIN, constant
from adgen.ir.types import Array, Sym, Type
from adgen.rules import custom
from adgen.rules.custom import Declared, Helper
from adgen.rules.rule import Param
from adgen.signature import parse

HELP = "write the arguments of adgen.rule as literals, and functions by their names"


class Names(Protocol):
    """What is asked of the scope of the module."""

    def expression(self, node: ast.expr) -> Binding:
        """What an expression of the module means."""

    def plain_name(self, node: ast.expr) -> object:
        """The literal that a name of the module is."""


def declared_rule(scope: Names, source: FunctionSource, decorator: ast.expr, name: str) -> Known | Missing:
    """The entry that a decorated function has, put into the table."""
    call = decorator if isinstance(decorator, ast.Call) else ast.Call(decorator, [], [])
    texts = [constant(part, scope.plain_name) for part in call.args]
    given: dict[str, object] = {}
    for option in call.keywords:
        if option.arg in ("vjp", "jvp"):
            meaning = scope.expression(option.value)
            if not isinstance(meaning, UserFunction):
                return Missing(name, f"`{ast.unparse(option.value)}` of its rule is no def of the module", HELP)
            given[option.arg] = Helper(meaning.source.module, meaning.source.qualname)
        else:
            given[str(option.arg)] = constant(option.value, scope.plain_name)
    if NOT_PLAIN in (*texts, *given.values()) or not all(isinstance(text, str) for text in texts):
        return Missing(name, f"what `@{ast.unparse(decorator)}` says is known only by running it", HELP)
    if given.get("name") or given.get("params"):
        return Missing(name, "its rule gives it another name or other parameters", "leave them out")
    params = _params(source.node.args)
    if len(texts) not in (0, len(params)):
        return Missing(
            name, f"its rule has {len(texts)} formulas for {len(params)} parameters", '"0" where there is none'
        )
    pull, push, result = given.get("vjp"), given.get("jvp"), given.get("result")
    try:
        typed = _result(result, [param.name for param in params])
    except ArgumentError as problem:
        return Missing(name, f"the result of its rule: {problem}", HELP)
    declared = Declared(
        source.module,
        source.qualname,
        params,
        tuple(text for text in texts if isinstance(text, str)),
        pull if isinstance(pull, Helper) else None,
        push if isinstance(push, Helper) else None,
        bool(given.get("zero")),
        typed,
        str(given.get("kinks") or ""),
        _defaults(source.node.args, scope),
    )
    custom.enter(declared)
    return Known(declared.full)


def _params(arguments: ast.arguments) -> tuple[Param, ...]:
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = len(positional) - len(arguments.defaults)
    out = [Param(arg.arg, place < needed) for place, arg in enumerate(positional)]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return (*out, *(Param(arg.arg, default is None, keyword_only=True) for arg, default in pairs))


def _defaults(arguments: ast.arguments, scope: Names) -> tuple[tuple[str, object], ...]:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    )
    pairs += list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    found = [(arg.arg, constant(node, scope.plain_name)) for arg, node in pairs if node is not None]
    return tuple((name, value) for name, value in found if value is not NOT_PLAIN)


def _result(said: object, names: list[str]) -> Type | str | None:
    if not isinstance(said, str) or said in names:
        return said if isinstance(said, str) else None
    return sizeless(parse(f"result: {said}")["result"])


def sizeless(type_: Type) -> Type:
    """The type without names of sizes, which mean nothing here."""
    if isinstance(type_, Array) and type_.shape is not None:
        return Array(type_.dtype, tuple(None if isinstance(dim, Sym) else dim for dim in type_.shape))
    return type_
