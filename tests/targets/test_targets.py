"""Generated code does the work of the target written by hand, for each program and five variants of it."""

import ast

import numpy as np
import pytest

from adgen.inspecting import without_header
from tests.support import Compiled, assert_close, assert_gradient, direction, inside, slope
from tests.targets.programs import PROGRAMS
from tests.targets.work import Counted

SLACK_STATEMENTS = 4  # more than the target's, in the program itself
SLACK_VARIANT = 6  # and in variants, which have statements of their own
SLACK_ARITHMETIC = 1  # operators more for each iteration than the target

CASES = [pytest.param(p, kind, id=f"{p.name}-{kind}") for p in PROGRAMS for kind in p.texts()]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Compile a variant, once."""
    made = {}

    def get(program, kind):
        if (program.name, kind) not in made:
            folder = tmp_path_factory.mktemp("targets")
            text = "import numpy as np\n\n" + program.texts()[kind]
            (folder / "program.py").write_text(text)
            names = parameters(text, program.name)
            types = ", ".join(f"{name}: {type_}" for name, type_ in zip(names, program.types, strict=True))
            wrt = tuple(names[k] for k in program.wrt)
            with inside(folder):
                made[program.name, kind] = Compiled(f"program.py::{program.name}", program.mode, wrt, types)
        return made[program.name, kind]

    return get


def parameters(text, name):
    function = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name)
    return [argument.arg for argument in function.args.args]


def primal(program, kind):
    namespace = {"np": np}
    exec(program.texts()[kind], namespace)
    return namespace[program.name]


def full(program, args):
    """The arguments of the derivative: in forward mode with directions."""
    if program.mode != "jvp":
        return args
    rng = np.random.default_rng(3)
    return (*args, *(direction(rng, args[k]) for k in program.wrt))


def flat(result):
    if isinstance(result, (tuple, list)):
        return [x for part in result for x in flat(part)]
    return [np.asarray(result, float)]


def assert_equal_results(found, expected):
    found, expected = flat(found), flat(expected)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_variants_mean_the_same_and_targets_are_right(program):
    assert len(program.variants) == 5
    values = [primal(program, kind)(*program.short) for kind in program.texts()]
    assert values == pytest.approx([values[0]] * 6, rel=1e-13)
    by_hand = Counted(program.target, "target")
    result = by_hand.run(*full(program, program.short))
    check_against_differences(program, "itself", result)


def check_against_differences(program, kind, result):
    function, args = primal(program, kind), list(program.long)
    if program.mode == "jvp":
        args = list(program.short)
        along = full(program, program.short)[len(args) :]
        assert_close(result[1], slope(function, args, program.wrt, along), 1e-7, program.name)
        return
    args = list(program.short)
    gradients = (result,) if len(program.wrt) == 1 else result
    assert_gradient(gradients, function, args, program.wrt, limit=1e-4 if program.name == "newton_sqrt" else 1e-7)


@pytest.mark.parametrize(("program", "kind"), CASES)
def test_derivative_is_right(program, kind, compiled):
    generated = compiled(program, kind)
    by_hand = Counted(program.target, "target")
    for args in (program.short, program.long):
        found = generated(*full(program, args))
        assert_equal_results(found, by_hand.run(*full(program, args)))
    check_against_differences(program, kind, generated(*full(program, program.short)))


@pytest.mark.parametrize(("program", "kind"), CASES)
def test_derivative_does_the_work_of_the_target(program, kind, compiled):
    generated = compiled(program, kind)
    ours, theirs = Counted(without_header(generated.text), generated.name), Counted(program.target, "target")
    works = []
    for counted in (ours, theirs):
        each = []
        for args in (program.short, program.long):
            counted.run(*full(program, args))
            each.append(counted.work)
        works.append(each)
    (short, long), (target_short, target_long) = works
    step, target_step = short.per_iteration(long), target_short.per_iteration(target_long)
    note = f"\n{generated.text}\nours {short} then {step}\ntarget {target_short} then {target_step}"
    iterations = max(1, target_step.saves, sum(target_step.calls.values()) // 4)
    assert excess(step.calls, target_step.calls) == {}, "NumPy calls for each iteration" + note
    assert excess(short.calls, target_short.calls) == {}, "NumPy calls" + note
    assert step.saves <= target_step.saves, "saved for each iteration" + note
    assert short.bytes <= target_short.bytes and long.bytes <= target_long.bytes, "bytes saved" + note
    if program.name == "heat_linear":
        assert long.saves == long.bytes == 0, "a linear stencil saves nothing" + note
    if program.name == "heat_linear":  # an operator on an array less, for two on numbers
        assert step.elements < target_step.elements, "numbers computed" + note
    else:
        assert step.arithmetic <= target_step.arithmetic + SLACK_ARITHMETIC * iterations, "arithmetic" + note
    slack = SLACK_STATEMENTS if kind == "itself" else SLACK_VARIANT
    assert ours.statements <= theirs.statements + slack, "statements" + note


def excess(found, allowed):
    """Calls beyond those allowed, by name; inner products are one thing whatever they are called."""
    names = {"vdot": "dot", "matmul": "dot", "inner": "dot"}
    ours, theirs = {}, {}
    for source, into in ((found, ours), (allowed, theirs)):
        for name, count in source.items():
            into[names.get(name, name)] = into.get(names.get(name, name), 0) + count
    return {name: count - theirs.get(name, 0) for name, count in ours.items() if count > theirs.get(name, 0)}
