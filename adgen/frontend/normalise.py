"""What can be said of a function's text before it is lowered: names assigned, names read later, exits.

>>> tree = ast.parse('''
... def f(x, n):
...     y = x
...     for i in range(n):
...         t = y * x
...         y = t + 1
...     return y
... ''')
>>> facts = Facts(tree.body[0])
>>> loop = tree.body[0].body[1]
>>> sorted(facts.after[loop]), sorted(facts.head[loop]), list(assigned(loop.body))
(['y'], ['x', 'y'], ['t', 'y'])

`after[s]` are the names that may be read after statement `s` (without what a loop around it adds at its head, that
is in it too); `head[loop]` those read at the start of an iteration or after it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

Names = frozenset[str]
NONE: Names = frozenset()
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all inside it, in order, but not what is inside functions and classes."""
    yield node
    if isinstance(node, SCOPES):
        return
    for child in ast.iter_child_nodes(node):
        yield from parts(child)


def assigned(body: Iterable[ast.AST], aug: bool = True) -> dict[str, None]:
    """Names that the statements bind, in order of first appearance; `aug`: also by `y op= e`."""
    found: dict[str, None] = {}
    for statement in body:
        _bound(statement, found, aug)
    return found


def _bound(node: ast.AST, found: dict[str, None], aug: bool) -> None:
    """Collect the names that a node binds; targets of comprehensions are their own."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found[node.name] = None
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            found[node.id] = None
        return
    if isinstance(node, ast.alias):
        found[(node.asname or node.name).split(".")[0]] = None
        return
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and not aug:
        _bound(node.value, found, aug)
        return
    if isinstance(node, COMPREHENSIONS):
        for walrus in ast.walk(node):
            if isinstance(walrus, ast.NamedExpr):
                found[walrus.target.id] = None
        return
    for child in ast.iter_child_nodes(node):
        _bound(child, found, aug)


def reads(node: ast.AST) -> Names:
    """Names that an expression (or a function definition, when it is called) may read."""
    return frozenset(_reads(node))


def _reads(node: ast.AST) -> Iterator[str]:
    """Names that are read; the targets of comprehensions are their own."""
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load):
            yield node.id
        return
    if isinstance(node, COMPREHENSIONS):
        own = assigned([loop.target for loop in node.generators])
        yield from _reads(node.generators[0].iter)
        inner = [part for loop in node.generators for part in (loop.iter, *loop.ifs)]
        inner += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        yield from (name for part in inner for name in _reads(part) if name not in own)
        return
    for child in ast.iter_child_nodes(node):
        yield from _reads(child)


def exits(body: Sequence[ast.stmt], in_loop: bool = False) -> bool:
    """Whether control may leave the statements other than by their end: return, break or continue."""
    for statement in body:
        match statement:
            case ast.Return():
                return True
            case ast.Break() | ast.Continue():
                if not in_loop:
                    return True
            case ast.If() | ast.With():
                if any(exits(part, in_loop) for part in bodies(statement)):
                    return True
            case ast.For() | ast.While():
                if exits(statement.body, True) or exits(statement.orelse, in_loop):
                    return True
    return False


def bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The statement lists of a compound statement."""
    return [getattr(statement, name) for name in ("body", "orelse", "finalbody") if hasattr(statement, name)]


def falls(body: Sequence[ast.stmt]) -> bool:
    """Whether control may reach the end of the statements."""
    for statement in body:
        match statement:
            case ast.Return() | ast.Break() | ast.Continue() | ast.Raise():
                return False
            case ast.If() if not falls(statement.body) and not falls(statement.orelse):
                return False
            case ast.With() if not falls(statement.body):
                return False
    return True


def returns(body: Iterable[ast.stmt]) -> list[ast.Return]:
    """The return statements, in order."""
    return [node for statement in body for node in parts(statement) if isinstance(node, ast.Return)]


def declared(body: Iterable[ast.stmt]) -> list[str]:
    """The names that a function declares `nonlocal`, itself."""
    nodes = [node for statement in body for node in parts(statement)]
    return [name for node in nodes if isinstance(node, ast.Nonlocal) for name in node.names]


class Facts:
    """Liveness of one function's names: what is read after each statement; what is `nonlocal` in it, and inside it."""

    def __init__(self, node: ast.FunctionDef | ast.Lambda) -> None:
        self.node = node
        self.after: dict[ast.stmt, Names] = {}
        self.head: dict[ast.stmt, Names] = {}
        body = node.body if isinstance(node, ast.FunctionDef) else []
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        self.params = [a.arg for a in every]
        self.locals = dict.fromkeys(self.params) | assigned(body)
        inner = [n for statement in body for n in parts(statement) if isinstance(n, SCOPES)]
        self.closed = frozenset(name for n in inner for name in reads(n)) & frozenset(self.locals)
        self.outward = declared(body)
        deep = [n for statement in body for n in ast.walk(statement) if isinstance(n, ast.FunctionDef)] if inner else []
        self.rebound = [name for n in deep for name in declared(n.body) if name in self.locals]
        self._block(body, self.closed, NONE, NONE)

    def also(self, statement: ast.stmt, place: ast.stmt) -> None:
        """The facts of a statement that stands for the one at a place."""
        self._block([statement], self.after[place], NONE, NONE)

    def _block(self, body: Sequence[ast.stmt], live: Names, brk: Names, cont: Names) -> Names:
        """Names live before the statements, given those live after them, after a break, after a continue."""
        for statement in reversed(body):
            live |= self.closed
            self.after[statement] = live
            live = self._before(statement, live, brk, cont)
        return live

    def _before(self, s: ast.stmt, live: Names, brk: Names, cont: Names) -> Names:
        match s:
            case ast.Return():
                return reads(s)
            case ast.Raise():
                return reads(s)
            case ast.Break():
                return brk
            case ast.Continue():
                return cont
            case ast.If():
                return reads(s.test) | self._block(s.body, live, brk, cont) | self._block(s.orelse, live, brk, cont)
            case ast.With():
                inner = self._block(s.body, live, brk, cont)
                return inner | frozenset(name for item in s.items for name in reads(item))
            case ast.For():
                end = self._block(s.orelse, live, brk, cont)
                return reads(s.iter) | self._loop(s, reads(s.target) | end, live, frozenset(assigned([s.target])))
            case ast.While():
                end = self._block(s.orelse, live, brk, cont)
                return self._loop(s, reads(s.test) | end, live, NONE)
            case ast.AugAssign():
                return live | reads(s) | reads_of_target(s.target)
            case ast.FunctionDef():
                return (live - {s.name}) | reads(s)
        killed = frozenset(assigned([s])) if isinstance(s, ast.Assign | ast.AnnAssign) else NONE
        return (live - killed) | reads(s)

    def _loop(self, s: ast.For | ast.While, head: Names, after: Names, target: Names) -> Names:
        """Names live at the head of a loop: to a fixed point."""
        while True:
            self.head[s] = head
            body = self._block(s.body, head, after, head) - target
            if body <= head:
                return head
            head |= body


def facts_of(node: ast.FunctionDef | ast.Lambda, known: dict[ast.AST, Facts]) -> Facts:
    """The facts of a function's text, found once."""
    if node not in known:
        known[node] = Facts(node)
    return known[node]


def reads_of_target(target: ast.expr) -> Names:
    """What `target op= e` reads of the target itself."""
    return frozenset([target.id]) if isinstance(target, ast.Name) else NONE
