"""Statements that are written with simpler ones: `match` as `if`s, `try` without exceptions.

>>> tree = ast.parse('''
... def f(x, n):
...     match n:
...         case 0 | 1:
...             y = x
...         case k if k > 5:
...             y = x * k
...         case _:
...             y = 2.0 * x
...     return y
... ''')
>>> print(ast.unparse(plain(tree.body[0])))
def f(x, n):
    if n == 0 or n == 1:
        y = x
    elif n > 5:
        k = n
        y = x * k
    else:
        y = 2.0 * x
    return y

The function's own tree is left as it is: only what changes is made anew.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from typing import TypeVar

from adgen import naming
from adgen.frontend.attempts import attempt, on_each_way, overriding
from adgen.frontend.normalise import SCOPES, assigned, exits, falls
from adgen.frontend.own_names import apart

USED = ("isinstance", "len", "list", "tuple", "dict")  # builtins that patterns are written with


Function = ast.FunctionDef | ast.Lambda


def plain(node: Function, known: dict[ast.AST, Function] | None = None) -> Function:
    """The function without `match` and `try`, once for all in `known`; the same object if nothing is to be done."""
    known = {} if known is None else known
    if node not in known:
        made = apart(node)
        if isinstance(made, ast.FunctionDef) and any(_sugar(part) for part in ast.walk(made)):
            made = copy.copy(made)
            made.body = _Desugar(made).block(made.body)
        known[node] = made
    return known[node]


def _sugar(node: ast.AST) -> bool:
    return isinstance(node, ast.Match | ast.Try)


class _Desugar:
    """Rewrites the statements of one function."""

    def __init__(self, node: ast.FunctionDef) -> None:
        self.node = node
        self.names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        self.names |= {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
        self.bound = set(assigned(node.body)) | {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}

    def block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """A list of statements, rewritten."""
        return [made for statement in body for made in self.statement(statement)]

    def statement(self, s: ast.stmt) -> list[ast.stmt]:
        """One statement as the list that stands in its place."""
        if isinstance(s, SCOPES):
            return [s]
        if isinstance(s, ast.Match):
            try:
                return self.match(s)
            except Unfit as unfit:
                refused = copy.copy(s)
                refused.why = str(unfit)  # type: ignore[attr-defined]
                return [refused]
        if isinstance(s, ast.Try) and not s.handlers:
            return self.finally_(s)
        if isinstance(s, ast.Try):
            return self.try_(s)
        made = s
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(s, name, None)
            if isinstance(inner, list):
                new = self.block(inner)
                if new != inner:
                    made = copy.copy(s) if made is s else made
                    setattr(made, name, new)
        return [made]

    def finally_(self, s: ast.Try) -> list[ast.stmt]:
        """`try .. finally`: where no exception is handled, its parts follow one another, on each way out."""
        body, last = self.block([*s.body, *s.orelse]), self.block(s.finalbody)
        if any(isinstance(part, ast.Try) for inner in body for part in ast.walk(inner)):
            return [s]
        if exits(last) and not overriding(body, last):
            return [s]
        if exits(body):
            name = naming.fresh("value", sorted(self.names))
            self.names.add(name)
            body = on_each_way(body, last, name)
        return [*body, *last] if falls(body) else body

    def try_(self, s: ast.Try) -> list[ast.stmt]:
        """`try .. except`: a branch, where a test can tell whether the exception would be raised."""
        if s.finalbody:
            inner = ast.copy_location(ast.Try(s.body, s.handlers, s.orelse, []), s)
            return self.finally_(ast.copy_location(ast.Try([inner], [], [], s.finalbody), s))
        made = attempt(s)
        if made is None:
            return [s]
        made.body, made.orelse = self.block(made.body), self.block(made.orelse)
        return [made]

    def match(self, s: ast.Match) -> list[ast.stmt]:
        """A chain of `if`s on the subject, which is computed once."""
        before: list[ast.stmt] = []
        subject = s.subject
        captured = {name for case in s.cases for name in _captures(case.pattern)}
        if not isinstance(subject, ast.Name) or subject.id in captured:
            name = "subject"
            while name in self.names:
                name += "_"
            self.names.add(name)
            before = [_at(s, ast.Assign([ast.Name(name, ast.Store())], subject))]
            subject = _at(s.subject, ast.Name(name, ast.Load()))
        shadowed = [name for name in USED if name in self.bound]
        if shadowed:
            raise Unfit(f"`{shadowed[0]}` is a name of the function")
        self._guards(s)
        chain: list[ast.stmt] = []
        for case in reversed(s.cases):
            chain = self.case(s, case, subject, chain)
        return [*before, *chain]

    def case(self, s: ast.Match, case: ast.match_case, subject: ast.expr, chain: list[ast.stmt]) -> list[ast.stmt]:
        """One case, with those that follow it as the else branch."""
        tests: list[ast.expr] = []
        binds: list[tuple[str, ast.expr]] = []
        _pattern(case.pattern, subject, tests, binds)
        if case.guard is not None:
            tests.append(_Rename(dict(binds)).visit(copy.deepcopy(case.guard)))
        first = [_at(case.pattern, ast.Assign([ast.Name(name, ast.Store())], value)) for name, value in binds]
        body = [*first, *self.block(case.body)]
        if not tests:
            return body
        test = tests[0] if len(tests) == 1 else _at(case.pattern, ast.BoolOp(ast.And(), tests))
        made = ast.copy_location(ast.If(test, body, chain), case.pattern)
        made.end_lineno, made.end_col_offset = s.end_lineno, s.end_col_offset
        return [made]

    def _guards(self, s: ast.Match) -> None:
        """What a case with a guard captures stays bound when the guard fails: only if nobody reads it elsewhere."""
        guarded = [name for case in s.cases if case.guard is not None for name in _captures(case.pattern)]
        for name in dict.fromkeys(guarded):
            inside = sum(len(_uses(case, name)) for case in s.cases if name in _captures(case.pattern))
            if inside == len(_uses(self.node, name)):
                continue
            raise Unfit("a name that a case with a guard captures is read elsewhere")


def _uses(node: ast.AST, name: str) -> list[ast.Name]:
    found = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id == name]
    return [part for part in found if isinstance(part.ctx, ast.Load)]


class Unfit(Exception):
    """A `match` that is left as it is, to be refused."""


N = TypeVar("N", bound=ast.AST)


def _at(where: ast.AST, node: N) -> N:
    """A node that is not in the text, placed where its cause stands."""
    ast.copy_location(node, where)
    for child in ast.iter_child_nodes(node):
        if not hasattr(child, "lineno") and isinstance(child, ast.expr | ast.stmt | ast.comprehension):
            _at(where, child)
    return node


def _captures(pattern: ast.pattern) -> list[str]:
    """The names that a pattern binds."""
    names = [getattr(part, "name", None) or getattr(part, "rest", None) for part in ast.walk(pattern)]
    return [name for name in names if isinstance(name, str)]


class _Rename(ast.NodeTransformer):
    """A guard with the subject's parts in place of the names that stand for them."""

    def __init__(self, binds: Mapping[str, ast.expr]) -> None:
        self.binds = binds

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802 (the name that ast calls)
        """A name that is captured is its part of the subject."""
        return _at(node, copy.deepcopy(self.binds[node.id])) if node.id in self.binds else node


# patterns ------------------------------------------------------------------------------------------------------------
Tests = list[ast.expr]
Binds = list[tuple[str, ast.expr]]


def _pattern(pattern: ast.pattern, subject: ast.expr, tests: Tests, binds: Binds) -> None:
    """What must hold for the pattern to fit, and what it binds."""

    def test(op: ast.cmpop, value: ast.expr) -> None:
        tests.append(_at(pattern, ast.Compare(subject, [op], [value])))

    match pattern:
        case ast.MatchValue(value):
            test(ast.Eq(), value)
        case ast.MatchSingleton(value):
            test(ast.Is(), ast.Constant(value))
        case ast.MatchAs(inner, name):
            if inner is not None:
                _pattern(inner, subject, tests, binds)
            if name is not None:
                binds.append((name, subject))
        case ast.MatchOr(patterns):
            found = [_alternative(part, subject) for part in patterns]
            tests.append(_at(pattern, ast.BoolOp(ast.Or(), [fits for fits, _ in found])))
            binds += _of_any(pattern, found)
        case ast.MatchSequence(patterns):
            _sequence(pattern, patterns, subject, tests, binds)
        case ast.MatchMapping(keys, patterns, rest):
            tests.append(_is_a(pattern, subject, ast.Name("dict", ast.Load())))
            for key, part in zip(keys, patterns, strict=True):
                tests.append(_at(pattern, ast.Compare(key, [ast.In()], [subject])))
                _pattern(part, _at(pattern, ast.Subscript(subject, key, ast.Load())), tests, binds)
            if rest is not None:
                binds.append((rest, _at(pattern, _others(subject, keys))))
        case ast.MatchClass(cls, patterns, names, values):
            tests.append(_is_a(pattern, subject, cls))
            for place, part in enumerate(patterns):
                _pattern(part, _positional(pattern, cls, subject, place), tests, binds)
            for name, part in zip(names, values, strict=True):
                _pattern(part, _at(pattern, ast.Attribute(subject, name, ast.Load())), tests, binds)
        case _:
            raise Unfit(f"a pattern of kind {type(pattern).__name__}")


WHOLE = ("int", "float", "str", "bool", "bytes", "list", "tuple", "dict", "set", "frozenset", "bytearray")


def _positional(pattern: ast.pattern, cls: ast.expr, subject: ast.expr, place: int) -> ast.expr:
    """What a class pattern matches by position: the field of that place, of a builtin class the object itself."""
    if ast.unparse(cls) in WHOLE:
        if place:
            raise Unfit("an object of this class has no fields")
        return subject
    fields = ast.Attribute(cls, "__match_args__", ast.Load())
    named = ast.Subscript(fields, ast.Constant(place), ast.Load())
    return _at(pattern, ast.Call(ast.Name("getattr", ast.Load()), [subject, named], []))


def _others(subject: ast.expr, keys: Sequence[ast.expr]) -> ast.expr:
    """`**rest`: a new dict of the entries with other keys."""
    taken = {part.id for node in (subject, *keys) for part in ast.walk(node) if isinstance(part, ast.Name)}
    key, item = naming.fresh("key", sorted(taken)), naming.fresh("item", sorted(taken))
    known = ", ".join(map(ast.unparse, keys)) + ("," if keys else "")
    text = f"{{{key}: {item} for {key}, {item} in ({ast.unparse(subject)}).items() if {key} not in ({known})}}"
    found = ast.parse(text, mode="eval").body
    for part in ast.walk(found):
        for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            if hasattr(part, name):
                delattr(part, name)
    return found


def _alternative(pattern: ast.pattern, subject: ast.expr) -> tuple[ast.expr, Binds]:
    """One of `a | b`: whether it fits, and what it binds."""
    tests: Tests = []
    binds: Binds = []
    _pattern(pattern, subject, tests, binds)
    if not tests:
        return _at(pattern, ast.Constant(True)), binds
    return tests[0] if len(tests) == 1 else _at(pattern, ast.BoolOp(ast.And(), tests)), binds


def _of_any(pattern: ast.pattern, found: Sequence[tuple[ast.expr, Binds]]) -> Binds:
    """What `a | b` binds: the parts of the first alternative that fits, `x[1] if fits else x[2]`."""
    _, last = found[-1]
    made = dict(last)
    for fits, binds in reversed(found[:-1]):
        for name, part in binds:
            if ast.dump(part) != ast.dump(made[name]):
                made[name] = _at(pattern, ast.IfExp(fits, part, made[name]))
    return list(made.items())


def _is_a(pattern: ast.pattern, subject: ast.expr, cls: ast.expr) -> ast.expr:
    return _at(pattern, ast.Call(ast.Name("isinstance", ast.Load()), [subject, cls], []))


def _sequence(
    pattern: ast.pattern, patterns: Sequence[ast.pattern], subject: ast.expr, tests: Tests, binds: Binds
) -> None:
    """`[a, b, *rest]`: a tuple or list of that many elements."""
    kinds = ast.Tuple([ast.Name("tuple", ast.Load()), ast.Name("list", ast.Load())], ast.Load())
    tests.append(_is_a(pattern, subject, kinds))
    stars = [k for k, part in enumerate(patterns) if isinstance(part, ast.MatchStar)]
    count = ast.Call(ast.Name("len", ast.Load()), [subject], [])
    op, least = (ast.GtE(), len(patterns) - 1) if stars else (ast.Eq(), len(patterns))
    tests.append(_at(pattern, ast.Compare(count, [op], [ast.Constant(least)])))
    for place, part in enumerate(patterns):
        if isinstance(part, ast.MatchStar):
            if part.name is not None:
                end = place + 1 - len(patterns)
                upper = ast.Constant(end) if end else None
                rest = ast.Subscript(subject, ast.Slice(ast.Constant(place), upper, None), ast.Load())
                listed = ast.Call(ast.Name("list", ast.Load()), [rest], [])
                binds.append((part.name, _at(pattern, listed)))
            continue
        index = place - len(patterns) if stars and place > stars[0] else place
        _pattern(part, _at(pattern, ast.Subscript(subject, ast.Constant(index), ast.Load())), tests, binds)
