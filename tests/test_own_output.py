"""The output language is part of the input language: every operation that is printed, every file that is committed.

What a derivative of a derivative is compared with: differences of the derivative itself, in forward mode (forward over
reverse) and by pulling (reverse over reverse), as for any program of the tests (`tests/programs/oracle.py`).
"""

import sys
import warnings

import numpy as np
import pytest

from adgen import commands
from adgen.backend.emit import expression_ops
from adgen.errors import Refusal
from adgen.frontend import resolve
from adgen.frontend.lower import lower
from adgen.ir.types import tangent
from adgen.ir.verify import verify
from adgen.ir.walk import walk
from adgen.pipeline import Request, generate, module_text
from tests import support
from tests.cases.reading import CASES
from tests.support import ROOT, inside
from tests.test_cases import MODES, Checked

NEVER_PRINTED = ()
PRINTED = [case for case in CASES if case.stage == "print"]


# every operation -------------------------------------------------------------------------------------------------
def derivative(case, mode, folder, monkeypatch):
    """The text of a derivative, the name of its function, and the functions as they were printed."""
    printed = []

    def spy(funcs, header):
        printed.extend(funcs)
        return module_text(funcs, header)

    monkeypatch.setattr("adgen.pipeline.module_text", spy)
    types, wrt = case.names()
    path = case.write(folder)
    with inside(folder):
        source = resolve.from_file(path.name, "f")
        made = generate(source, types, Request(mode, wrt, single=len(wrt) == 1), formatted=False)
    return made, printed


def again(folder, text, name, types):
    """A function of generated text, lowered."""
    (folder / "again.py").write_text(text)
    with inside(folder):
        func = lower(resolve.from_file("again.py", name), types)
    assert verify(func) == []
    return func


def accepted(case, mode, folder, monkeypatch):
    """Lower what is generated; the operations that were printed."""
    made, printed = derivative(case, mode, folder, monkeypatch)
    types, wrt = case.names()
    if mode == "jvp":
        types |= {f"{name}_dot": tangent(types[name]) for name in wrt}
    if mode != "vjp":
        again(folder, made.text, made.name, types)
    else:
        forward = again(folder, made.text, "f_fwd", types)
        out, saved = forward.result.type.items
        again(folder, made.text, "f_bwd", {"saved": saved, "out_bar": tangent(out)})
    return {op.kind for func in printed for op in walk(func.block)}


@pytest.fixture(scope="module")
def seen():
    """Operations printed so far."""
    return set()


@pytest.mark.parametrize("case", PRINTED, ids=lambda case: case.id)
def test_what_is_printed_is_accepted(case, tmp_path, monkeypatch, seen):
    modes = [section.word for section in case.sections if section.word in MODES]
    assert modes
    for mode in dict.fromkeys([*modes, "vjp"]):
        try:
            seen |= accepted(case, mode, tmp_path, monkeypatch)
        except Refusal as refusal:
            # what a function that calls itself hands on holds what the inner call handed on: a type without end
            # and what tests whether a number is one of NumPy asks for the kind of a sum
            codes = {"recursion": {"E0107", "E0110", "E0115", "E0127"}, "attempts": {"E0113"}}
            assert case.file.stem == "attempts" or mode != "jvp"
            assert {found.code for found in refusal.diagnostics} <= codes[case.file.stem]


def test_every_operation_that_can_be_printed_was_printed_and_accepted(seen):
    assert sorted(set(expression_ops()) - seen) == sorted(NEVER_PRINTED)


# every committed file --------------------------------------------------------------------------------------------
GENERATED = sorted(path.relative_to(ROOT / "generated").as_posix() for path in (ROOT / "generated").rglob("*.py"))


JUMPING = ("lotka_volterra/misfit_value_and_grad_a_b_c_d.py",)  # the steps it chooses jump: both modes are compared


@pytest.fixture(scope="module")
def jobs():
    """What each file is a derivative of."""
    with inside(ROOT):
        return {
            job.file.relative_to(ROOT / "generated").as_posix(): job
            for path in support.EXAMPLES
            for job in commands.jobs(path.relative_to(ROOT).as_posix(), commands.Options())
        }


def committed(file, job, folder, wrapper=""):
    """The function of a committed file, its arguments, their types, and the names of those that vary."""
    path = folder / f"own_{job.request.mode}.py"
    path.write_text((ROOT / "generated" / file).read_text() + wrapper)
    function = getattr(support.load(path, f"own_{abs(hash(file))}"), f"{job.source.name}_{job.request.mode}")
    args = support.arguments(support.load(ROOT / job.source.where), job.source.params, 3)
    types, wrt = dict(job.types), job.request.wrt
    if job.request.mode == "jvp":
        along = [support.direction(np.random.default_rng(5), args[job.source.params.index(name)]) for name in wrt]
        types |= {f"{name}_dot": tangent(types[name]) for name in wrt}
        args, wrt = args + along, (*wrt, *(f"{name}_dot" for name in wrt))
    return function, args, types, wrt


@pytest.mark.parametrize("file", GENERATED)
def test_committed_files_are_differentiable(file, jobs, tmp_path):
    function, args, types, wrt = committed(file, jobs[file], tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        checked = Checked(function, args, types, wrt, strict=file not in JUMPING)
        checked.run()
    assert (checked.disagreed > 0) is (file in JUMPING)


WRAPPERS = {  # a number made of the gradient, in another file
    "heat/heat_grad_u_c.py": (
        "def total(u, c, nt):\n    u_bar, c_bar = heat_grad(u, c, nt)\n"
        "    return np.sum(u_bar * u_bar) + c_bar * c_bar\n"
    ),
    "newton/newton_sqrt_grad.py": "def total(a, tol):\n    return newton_sqrt_grad(a, tol) ** 2\n",
    "digits/loss_value_and_grad.py": (
        "def total(params, x, labels):\n    value, grads = loss_value_and_grad(params, x, labels)\n"
        "    for W_bar, b_bar in grads:\n        value = value + np.sum(W_bar * W_bar) + np.sum(b_bar * b_bar)\n"
        "    return value\n"
    ),
    "rollout/rollout_grad_w_x.py": (
        "def total(w, x, n):\n    w_bar, x_bar = rollout_grad(w, x, n)\n    return w_bar * np.sum(x_bar)\n"
    ),
}


@pytest.mark.parametrize("file", WRAPPERS)
def test_reverse_over_reverse_of_a_number_made_of_the_gradient(file, jobs, tmp_path, monkeypatch):
    job = jobs[file]
    name = f"{job.source.name}_{job.request.mode}"
    (tmp_path / "inner_module.py").write_text((ROOT / "generated" / file).read_text())
    path = tmp_path / "outer_module.py"
    path.write_text(f"import numpy as np\n\nfrom inner_module import {name}\n\n\n{WRAPPERS[file]}")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "inner_module", raising=False)
    function = support.load(path, f"outer_{name}").total
    args = support.arguments(support.load(ROOT / job.source.where), job.source.params, 3)
    checked = Checked(function, args, dict(job.types), job.request.wrt)
    checked.run()
    assert checked.disagreed == 0 and "grad" in checked.texts
