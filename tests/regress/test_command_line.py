"""Defects found by using the command line: wrong blame, names that cannot be imported, parameters by keyword only."""

import numpy as np
import pytest

from adgen import cli

TEXT = """
import numpy as np
import adgen

@adgen.grad
def kw(x: float, y: float = 2.0, *, k: float = 3.0, n=2):
    return x**n * y * k

@adgen.value_and_grad(has_aux=True, argnums=(0, 1))
def pair(x: float, y: float):
    return x * y, x

class Net:
    def energy(self, x):
        return np.sum(x * x)

def square(x):
    return np.sum(x * x)

def fails(x):
    return np.sum(x * x) / open("nowhere")
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "given.py").write_text(TEXT)

    def call(*arguments):
        status = cli.main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


@pytest.mark.parametrize("name", ["kw", "pair", "square"])
def test_check_gives_tangents_and_keywords_by_name(run, name):
    assert run("check", f"given.py::{name}")[0] == 0


@pytest.mark.parametrize("type_", ["f4[n]", "f2[n]"])
def test_check_knows_the_precision(run, type_):
    assert run("check", "given.py::square", "--types", f"x: {type_}")[0] == 0


def test_a_file_that_fails_is_not_our_defect(run, tmp_path):
    (tmp_path / "broken.py").write_text("import no_such_module\n\n\ndef f(x):\n    return x * x\n")
    status, _, told = run("check", "broken.py::f")
    assert status == 2 and "fails when it is imported: ModuleNotFoundError" in told


@pytest.mark.parametrize("name", ["../up", "a b", "class", "x.py"])
def test_the_name_of_a_file_can_be_imported(run, tmp_path, name):
    status, _, told = run("compile", "given.py::square", "--name", name)
    assert status == 2 and "cannot be imported" in told
    assert not (tmp_path / "generated").exists()


def test_a_folder_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").write_text("")
    for option in (("-o", "file"), ("--dump-passes", "file")):
        status, _, told = run("compile", "given.py::square", *option)
        assert status == 2 and "Not a directory" in told and "defect" not in told


def test_a_folder_named_like_a_file_is_passed_over(run, tmp_path):
    (tmp_path / "src" / "odd.py").mkdir(parents=True)
    (tmp_path / "src" / "given.py").write_text(TEXT)
    assert run("compile", "src")[0] == 0


def test_self_is_not_differentiated_by_default(run):
    status, out, _ = run("show", "given.py::Net.energy")
    assert status == 0 and "self_bar" not in out


def test_a_file_of_unknown_types_looks_at_its_result(run, tmp_path):
    (tmp_path / "bare.py").write_text("def f(x):\n    return x * x\n")
    assert run("compile", "bare.py::f")[0] == 0
    space = {}
    exec((tmp_path / "generated/bare/f_grad.py").read_text(), space)
    assert space["f_grad"](3.0) == 6.0 and space["f_grad"](np.float64(3.0)) == 6.0
    with pytest.raises(TypeError, match="a gradient needs one real number"):
        space["f_grad"](np.ones(3))
