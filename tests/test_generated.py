"""The committed derivatives: up to date to the byte, standalone, and right."""

import importlib
import json
import sys

import numpy as np
import pytest

from adgen import commands
from adgen.commands import Options
from tests import support
from tests.support import EXAMPLES, ROOT

GENERATED = ROOT / "generated"


def example_jobs():
    """Every derivative of the examples, in the order of the files."""
    made = []
    with support.inside(ROOT):
        for path in EXAMPLES:
            made += commands.jobs(path.relative_to(ROOT).as_posix(), Options())
    return made


def update():
    """Write all derivatives of the examples, and drop files that are no longer made."""
    made = example_jobs()
    for job in made:
        commands.write(commands.run(job, Options()))
    kept = {job.file for job in made}
    for path in GENERATED.rglob("*.py"):
        if path not in kept:
            path.unlink()


def pytest_generate_tests(metafunc):
    if metafunc.function is test_there_is_a_file_for_each_derivative_and_no_other:
        if metafunc.config.getoption("--update-generated"):
            update()
    if "file" in metafunc.fixturenames:
        files = sorted(path.relative_to(GENERATED).as_posix() for path in GENERATED.rglob("*.py"))
        metafunc.parametrize("file", files)


@pytest.fixture(scope="module")
def jobs():
    return {job.file.relative_to(GENERATED).as_posix(): job for job in example_jobs()}


def test_there_is_a_file_for_each_derivative_and_no_other(jobs):
    found = {path.relative_to(GENERATED).as_posix() for path in GENERATED.rglob("*.py")}
    assert found == set(jobs)
    assert len({job.source.path for job in jobs.values()}) == len(EXAMPLES), "an example without a derivative"


def test_file_is_what_compile_writes_now(file, jobs):
    outcome = commands.run(jobs[file], Options(verify="each"))
    assert (GENERATED / file).read_text() == outcome.generated.text


def test_same_bytes_in_another_folder_and_with_another_hash_seed(jobs, tmp_path):
    paths = [str(path) for path in EXAMPLES]
    code = "import sys; from adgen import cli; sys.exit(cli.main(['compile', *sys.argv[2:], '-o', sys.argv[1]]))"
    support.run_python(code, tmp_path / "out", *paths, cwd=tmp_path, PYTHONHASHSEED="4711")
    for file in jobs:
        assert (tmp_path / "out" / file).read_bytes() == (GENERATED / file).read_bytes(), file


STANDALONE = """
import importlib, json, sys
sys.modules["adgen"] = None
sys.modules["black"] = None
names = json.loads(sys.argv[1])
for name, function in names:
    module = importlib.import_module("generated." + name)
    assert callable(getattr(module, function)), (name, function)
assert [m for m in sys.modules if m.split(".")[0] == "adgen" and sys.modules[m] is not None] == []
print(len(names))
"""


def module_name(file):
    return file.removesuffix(".py").replace("/", ".")


def public_name(job):
    return f"{job.source.name}_{job.request.mode}"


def test_all_files_import_without_adgen(jobs):
    names = [(module_name(file), public_name(job)) for file, job in jobs.items()]
    assert support.run_python(STANDALONE, json.dumps(names)).strip() == str(len(jobs))


CALLER = """
import numpy as np
import adgen
from other import act

@adgen.value_and_grad
def loss(x):
    return np.sum(act(x) ** 2)
"""
CALLEE = """
import adgen
import numpy as np

@adgen.grad
def unrelated(x):
    return x * x

def act(x):
    return 1.5 * np.tanh(x)
"""
AWAY = """
import sys
sys.modules["adgen"] = None
import numpy as np
from generated.caller.loss_value_and_grad import loss_value_and_grad
value, x_bar = loss_value_and_grad(np.array([0.3, -0.2]))
assert "other" not in sys.modules
print(repr(value.item()), *map(repr, x_bar.tolist()))
"""


def test_callee_of_a_second_file_that_imports_adgen(tmp_path):
    """Its code is in the generated file, which imports neither that file nor adgen."""
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "other.py").write_text(CALLEE)
    status, _, errors = support.adgen("compile", "caller.py", cwd=tmp_path)
    assert status == 0, errors
    found = [float(word) for word in support.run_python(AWAY, cwd=tmp_path, PYTHONPATH=str(tmp_path)).split()]

    def loss(x):
        return np.sum((1.5 * np.tanh(x)) ** 2)

    x, h = np.array([0.3, -0.2]), 1e-6
    expected = [(loss(x + h * e) - loss(x - h * e)) / (2.0 * h) for e in np.eye(2)]
    assert np.allclose(found, [loss(x), *expected], rtol=1e-8)


def example(job):
    return support.load(ROOT / job.source.where)


def call_parts(file, job):
    """The committed function, the example's own function, its arguments, and the positions of wrt."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    committed = getattr(importlib.import_module("generated." + module_name(file)), public_name(job))
    module = example(job)
    function = support.plain(getattr(module, job.source.qualname))
    return committed, function, module, [list(job.source.params).index(name) for name in job.request.wrt]


@pytest.mark.parametrize("seed", [0, 1])
def test_derivative_matches_differences(file, jobs, seed):
    job = jobs[file]
    committed, function, module, which = call_parts(file, job)
    args = support.arguments(module, job.source.params, seed)
    before = json.dumps(args, default=repr)
    if job.request.mode == "jvp":
        along = tuple(support.direction(np.random.default_rng(seed), args[k]) for k in which)
        value, found = committed(*args, *along)
        assert value == function(*args)
        support.assert_close(found, support.slope(function, args, which, along), 1e-6, file)
    else:
        result = committed(*args)
        if job.request.mode == "value_and_grad":
            value, result = result
            assert value == function(*args)
        gradients = (result,) if job.request.single else result
        support.assert_gradient(gradients, function, args, which, seed, 1e-6)
    assert json.dumps(args, default=repr) == before, "an argument was modified"


def test_nobody_updates_generated_files_where_ci_is_set():
    code = "import pytest; print(int(pytest.main(['--update-generated', '--co', 'tests/test_tiny.py'])))"
    assert support.run_python(code, CI="1").split()[-1] == "4"
