"""Every program of the collection: gradients in both modes, and what the collection is made of."""

import ast
import inspect
import textwrap

import numpy as np
import pytest

from adgen.trees import leaves
from tests.programs import oracle
from tests.programs.wild import differential_equations, learning, linear_algebra, methods
from tests.programs.wild.collecting import PROGRAMS

FILES = (linear_algebra, differential_equations, learning, methods)


@pytest.mark.parametrize("one", PROGRAMS, ids=lambda one: one.fun.__name__)
def test_both_modes_agree_with_differences(one):
    oracle.check(one.fun, one.inputs(np.random.default_rng(11)), directions=2)


# what the collection is made of --------------------------------------------------------------------------------------
def function_text(fun):
    return ast.parse(textwrap.dedent(inspect.getsource(fun))).body[0]


def callees(fun):
    """The module's own functions that a program calls."""
    names = [node.id for node in ast.walk(function_text(fun)) if isinstance(node, ast.Name)]
    found = (fun.__globals__.get(name) for name in dict.fromkeys(names))
    return [thing for thing in found if inspect.isfunction(thing) and thing.__module__ == fun.__module__]


def is_store(node):
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Subscript)
    targets = node.targets if isinstance(node, ast.Assign) else []
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return any(isinstance(part, ast.Subscript) for part in parts)


def stores(fun):
    return any(is_store(node) for node in ast.walk(function_text(fun)))


def writes_its_arguments(fun):
    """Whether a function writes to what it is given: `p[..] = `, `p op= ` for a parameter, or for a part of one."""
    text = function_text(fun)
    given = {arg.arg for arg in text.args.args}
    for node in ast.walk(text):  # names for parts of a parameter
        match node:
            case ast.For(target=ast.Name(part), iter=ast.Name(base)) if base in given:
                given.add(part)
            case ast.Assign(targets=[ast.Name(part)], value=ast.Subscript(value=ast.Name(base))) if base in given:
                given.add(part)
    for node in ast.walk(text):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id in given:
            return True
        if is_store(node):
            bases = [part.value for part in ast.walk(node) if isinstance(part, ast.Subscript)]
            if any(isinstance(base, ast.Name) and base.id in given for base in bases):
                return True
    return False


def leaves_early(fun):
    kinds = (ast.While, ast.Break, ast.Continue)
    for node in ast.walk(function_text(fun)):
        if isinstance(node, kinds):
            return True
        if isinstance(node, (ast.For, ast.While)) and any(isinstance(part, ast.Return) for part in ast.walk(node)):
            return True
    return False


def statements(fun):
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function_text(fun))) - 1


def size(one):
    values = leaves(one.inputs(np.random.default_rng(11)))
    return sum(np.size(value) for value in values)


def test_the_collection_keeps_its_weight():
    every = [[one.fun, *callees(one.fun)] for one in PROGRAMS]
    assert len(PROGRAMS) >= 100 and len({one.fun.__name__ for one in PROGRAMS}) == len(PROGRAMS)
    assert all(len(one.origin) > 15 for one in PROGRAMS)
    assert [funs[0].__name__ for funs in every if sum(map(statements, funs)) < 10] == []
    assert sum(any(map(stores, funs)) for funs in every) >= 60
    assert sum(any(map(leaves_early, funs)) for funs in every) >= 30
    assert sum(any(map(writes_its_arguments, funs[1:])) for funs in every) >= 25
    assert sum(size(one) >= 1000 for one in PROGRAMS) * 3 >= len(PROGRAMS)
