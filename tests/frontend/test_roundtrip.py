"""Lowered, written and run, a program gives the same bits: results, exceptions, and its arguments stay as they were."""

import copy

import pytest

from adgen.errors import Refusal
from tests.frontend.aliasing import PROGRAMS as ALIASING
from tests.frontend.lowering import lowered, outcome, same, written
from tests.frontend.programs import PROGRAMS
from tests.programs import control, functional, lists, objects

CASES = [
    pytest.param(function, arguments, id=f"{function.__name__}-{place}")
    for function, every in PROGRAMS
    for place, arguments in enumerate(every)
]
CASES += [
    pytest.param(function, arguments, id=function.__name__)
    for module in (control, functional, lists, objects)
    for function, arguments in module.CASES
]


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_the_written_program_gives_the_same_bits(function, arguments):
    text, again, captured = written(function, arguments)
    before = copy.deepcopy(arguments)
    wanted = outcome(function, arguments)
    found = outcome(again, arguments, **captured)
    assert same(wanted, found), f"{wanted}\n{found}\n{text}"
    again_arguments = copy.deepcopy(arguments)
    if not isinstance(found, type):
        again(*again_arguments, **captured)
    assert same(tuple(before), tuple(again_arguments)), f"the arguments were changed\n{text}"


@pytest.mark.parametrize(("function", "arguments", "code"), ALIASING, ids=lambda part: getattr(part, "__name__", None))
def test_shared_memory_is_right_or_refused(function, arguments, code):
    if code:
        with pytest.raises(Refusal) as caught:
            lowered(function, arguments)
        assert [d.code for d in caught.value.diagnostics] == [code]
        return
    text, again, captured = written(function, arguments)
    wanted, found = outcome(function, arguments), outcome(again, arguments, **captured)
    assert same(wanted, found), f"{wanted}\n{found}\n{text}"
