"""The command line: what it prints, what it writes, how it ends; and that it never runs the user's code."""

import json

import pytest

from adgen import cli
from tests import support
from tests.support import ROOT, execute

PLAIN = '''"""Two plain functions."""

import numpy as np


def f(x: float, k: float) -> float:
    return np.sin(x) * k


def g(u, n: int):
    return np.sum(u**2) * n
'''

TOUCH = "open({!r}, 'w').close()\n"

DECORATED = """
import adgen
import numpy as np


@adgen.value_and_grad
def energy(x: float):
    return x * x


def work(x: float, h: float):
    return np.exp(x) * h


slope = adgen.grad(work, argnums=(0, 1))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project of its own, and the working directory."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mine'\n")
    (tmp_path / "plain.py").write_text(PLAIN)
    (tmp_path / "decorated.py").write_text(DECORATED)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Call the command line: (exit status, output, errors)."""

    def call(*words):
        capsys.readouterr()
        status = cli.main(list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return call


def files(folder):
    top = folder / "generated"
    return sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())


# compile ------------------------------------------------------------------------------------------------


def test_compile_writes_one_file_for_each_derivative_found(folder, run):
    status, out, _ = run("compile", "decorated.py")
    assert status == 0
    assert files(folder) == ["decorated/energy_value_and_grad.py", "decorated/work_grad_x_h.py"]
    assert out.count("wrote") == 2
    namespace = execute((folder / "generated/decorated/energy_value_and_grad.py").read_text())
    assert namespace["energy_value_and_grad"](3.0) == (9.0, 6.0)


def test_a_second_run_changes_nothing(folder, run):
    assert run("compile", "plain.py::f")[0] == 0
    before = (folder / "generated/plain/f_grad.py").read_bytes()
    status, out, _ = run("compile", "plain.py::f")
    assert (status, out) == (0, "unchanged generated/plain/f_grad.py\n")
    assert (folder / "generated/plain/f_grad.py").read_bytes() == before


def test_check_and_diff(folder, run):
    status, out, _ = run("compile", "plain.py::f", "--check")
    assert (status, out) == (1, "missing generated/plain/f_grad.py\n")
    assert not (folder / "generated").exists()
    run("compile", "plain.py::f")
    assert run("compile", "plain.py::f", "--check")[0] == 0
    (folder / "plain.py").write_text(PLAIN.replace("np.sin(x) * k", "np.cos(x) * k"))
    status, out, _ = run("compile", "plain.py::f", "--check")
    assert (status, out) == (1, "out of date generated/plain/f_grad.py\n")
    status, out, _ = run("compile", "plain.py::f", "--check", "--diff")
    assert status == 1
    assert any(line.startswith("-") and "np.cos(x)" in line for line in out.splitlines())
    assert any(line.startswith("+") and "np.sin(x)" in line for line in out.splitlines())


def test_check_does_not_mind_other_formatting(folder, run):
    run("compile", "plain.py::f")
    file = folder / "generated/plain/f_grad.py"
    file.write_text(file.read_text().replace("(x, k)", "( x,k )"))
    assert run("compile", "plain.py::f", "--check")[0] == 0


def test_modes_wrt_types_name_and_folder(folder, run):
    assert run("compile", "plain.py::f", "--mode", "forward", "--wrt", "k")[0] == 0
    assert run("compile", "plain.py::g", "--types", "u: f8[m]", "--mode", "value_and_grad")[0] == 0
    assert run("compile", "plain.py::f", "--name", "mine", "-o", "elsewhere")[0] == 0
    assert files(folder) == ["plain/f_jvp_k.py", "plain/g_value_and_grad.py"]
    assert (folder / "elsewhere/plain/mine.py").is_file()
    value, tangent = execute((folder / "generated/plain/f_jvp_k.py").read_text())["f_jvp"](0.5, 2.0, 1.0)
    assert tangent == pytest.approx(value / 2.0)


def test_settings_give_folder_types_and_derivatives(folder, run):
    (folder / "pyproject.toml").write_text(
        '[tool.adgen]\noutput = "out"\n[tool.adgen.types]\n"plain.py::g" = "u: f8[m]"\n'
        '[tool.adgen.derivatives]\n"plain.py::g" = ["grad u as slope", "jvp u"]\n'
    )
    status, out, _ = run("compile", ".")
    assert status == 0
    assert out.splitlines()[2:] == ["wrote out/plain/slope.py", "wrote out/plain/g_jvp_u.py"]
    assert all(line.startswith("wrote out/decorated/") for line in out.splitlines()[:2])


def test_the_command_in_the_header_makes_the_file_again(folder, run):
    run("compile", "plain.py::g", "--types", "u: f8[m]", "--wrt", "u")
    text = (folder / "generated/plain/g_grad_u.py").read_text()
    assert "adgen compile plain.py::g --wrt u --types 'u: f8[m]'" in text


def test_json_reports(folder, run):
    status, out, _ = run("compile", "plain.py::f", "--json")
    assert status == 0
    assert json.loads(out) == [{"function": "plain.py::f", "file": "generated/plain/f_grad.py", "status": "wrote"}]


def test_dumps_and_times(folder, run):
    status, _, err = run("compile", "plain.py::f", "--dump-passes", "dump", "--time-passes", "--verify", "each")
    assert status == 0
    dumped = sorted((folder / "dump/f_grad").iterdir())
    assert len(dumped) > 3 and all(path.read_text().strip() for path in dumped)
    assert err.count(" ms ") >= len(dumped)
    times = {line.split(": ")[1]: float(line.split()[0]) for line in err.splitlines() if " ms " in line}
    assert times["lower"] > 0.0 and times["print"] > 0.0
    run("compile", "plain.py::f", "--dump-passes", "changes", "--dump-diff")
    changes = [path.read_text() for path in sorted((folder / "changes/f_grad").iterdir())]
    assert changes[0] == dumped[0].read_text() and len(changes) == len(dumped)
    assert "" in changes and any(line.startswith("+") for line in "\n".join(changes[1:]).splitlines())


# never runs the user's code ------------------------------------------------------------------------------


def test_nothing_of_the_users_is_run(folder, run):
    trace = str(folder / "was_run")
    touch = TOUCH.format(trace)
    package = folder / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text(touch)
    (package / "sibling.py").write_text(touch + "def helper(x):\n    return 2.0 * x\n")
    (package / "main.py").write_text(
        touch + "import adgen\nfrom pkg.sibling import helper\n\n\n"
        "def effect(f=None):\n    " + touch + "    return lambda g: g\n\n\n"
        "@adgen.grad\ndef f(x: float):\n    return helper(x) * x\n"
    )
    status, _, err = run("compile", "pkg/main.py")
    assert status == 0, err
    assert not (folder / "was_run").exists()
    assert execute((folder / "generated/pkg/main/f_grad.py").read_text())["f_grad"](3.0) == 12.0
    assert not list(folder.rglob("__pycache__"))


# one clear message and the right exit status -----------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["compile", "nowhere.py"], 2, "no file nowhere.py"),
        (["compile", "plain.py"], 2, "nothing to compile"),
        (["compile", "plain.py::nothing"], 2, "nothing"),
        (["compile", "plain.py::"], 2, "empty name"),
        (["compile", "plain.py::f", "--wrt", "z"], 2, "no parameter 'z'"),
        (["compile", "plain.py::f", "--types", "z: float"], 2, "no parameter 'z'"),
        (["compile", "plain.py::f", "--types", "x: float["], 2, "float["),
        (["compile", "decorated.py", "--name", "one"], 2, "--name"),
        (["compile", "empty"], 2, "nothing to compile in this folder"),
        (["show", "plain.py"], 2, "name a function"),
        (["rules", "--missing", "pandas"], 2, "pandas"),
        (["compile", "plain.py::f", "--types", "x: int, k: int"], 2, "nothing to differentiate"),
    ],
)
def test_usage_errors(folder, run, words, status, message):
    found, out, err = run(*words)
    assert (found, out) == (status, "")
    assert message in err and "Traceback" not in err


@pytest.mark.parametrize(
    "words", [[], ["compile", "--mode", "sideways"], ["compile", "f.py", "--wrt", "a,,b"], ["fly"]]
)
def test_argparse_errors_exit_with_2(folder, words):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    assert stop.value.code == 2


def test_refusals_exit_with_3_and_show_the_place(folder, run):
    (folder / "hard.py").write_text("import numpy as np\n\n\ndef f(x: float):\n    return np.busday_count(x, 2)\n")
    status, out, err = run("compile", "hard.py::f")
    assert (status, out) == (3, "")
    assert "hard.py:5:12" in err and "np.busday_count" in err
    assert "why:" in err and "help:" in err and "Traceback" not in err
    status, out, _ = run("compile", "hard.py::f", "--json")
    report = json.loads(out)
    assert status == 3 and report[0]["status"] == "refused"
    assert report[0]["errors"][0]["line"] == 5


def test_a_syntax_error_in_the_file_is_one_message(folder, run):
    (folder / "broken.py").write_text("def f(x:\n")
    status, _, err = run("compile", "broken.py::f")
    assert status == 3
    assert "broken.py:1" in err and "Traceback" not in err


def test_one_refused_function_does_not_stop_the_others(folder, run):
    (folder / "mixed.py").write_text(
        "import adgen\nimport numpy as np\n\n\n@adgen.grad\ndef bad(x: float):\n    return np.busday_count(x, 2)\n\n\n"
        "@adgen.grad\ndef good(x: float):\n    return x * x\n"
    )
    status, out, err = run("compile", "mixed.py")
    assert status == 3
    assert "good_grad.py" in out and "busday_count" in err
    assert files(folder) == ["mixed/good_grad.py"]


def test_files_of_others_are_never_overwritten(folder, run):
    file = folder / "generated/plain/f_grad.py"
    file.parent.mkdir(parents=True)
    file.write_text("precious = 1\n")
    status, _, err = run("compile", "plain.py::f")
    assert status == 2
    assert "--name" in err
    assert file.read_text() == "precious = 1\n"


def test_an_internal_error_is_told_as_one(folder, run, monkeypatch):
    monkeypatch.setattr(cli.commands, "gather", lambda *_: 1 / 0)
    status, _, err = run("compile", "plain.py::f")
    assert status == 123
    assert "internal error: ZeroDivisionError" in err and "Traceback" not in err


# the other commands ------------------------------------------------------------------------------------


def test_show_prints_only_the_code(run):
    status, out, _ = run("show", str(ROOT / "examples/textbook/trace.py") + "::f")
    assert status == 0
    assert out.startswith("import numpy as np\n")
    assert "def f_grad(x1, x2):" in out and '"""' not in out
    status, out, _ = run("show", str(ROOT / "examples/textbook/trace.py") + "::f", "--header")
    assert out.startswith('"""') and "examples/textbook/trace.py::f" in out


def test_show_says_which_types_would_help(folder, run):
    _, out, err = run("show", "plain.py::g", "--types", "u: ?[...]")
    assert "u" in err and "--types" in err
    assert "def g_grad" in out


def test_explain_tells_of_each_line(folder, run):
    status, out, _ = run("explain", "plain.py::f")
    assert status == 0
    assert "plain.py::f" in out and len(out.splitlines()) > 1
    status, out, _ = run("explain", "plain.py::f", "--json")
    assert json.loads(out)["lines"]


def test_check_runs_the_file_and_says_so(folder, run):
    status, out, err = run("check", "plain.py::f")
    assert status == 0, out
    assert "imports and runs plain.py" in err
    assert out.count("ok") == 7 and "MISMATCH" not in out


def test_check_finds_a_mismatch(folder, run, monkeypatch):
    real = cli.checking.caller

    def spoiled(function, names, dots=0):
        call = real(function, names, dots)
        return (lambda *args: (call(*args)[0], 1.001 * call(*args)[1])) if dots else call

    monkeypatch.setattr(cli.checking, "caller", spoiled)
    status, out, _ = run("check", "plain.py::f")
    assert status == 4
    assert out.count("MISMATCH") == 6


def test_rules_passes_and_cache(run, tmp_path, monkeypatch):
    monkeypatch.setenv("ADGEN_CACHE_DIR", str(tmp_path / "mine"))
    status, out, _ = run("rules")
    assert status == 0 and "np.tanh" in out
    status, out, _ = run("rules", "--json")
    assert any(row["name"] == "math.sin" for row in json.loads(out))
    status, out, _ = run("rules", "--missing", "math")
    assert status == 0 and out.startswith("math: ") and out.endswith("none is unknown\n")
    status, out, _ = run("rules", "--missing", "operator", "--json")
    found = json.loads(out)
    assert status == 0 and found["unknown"] == [] and sum(found["counts"].values()) == len(found["names"])
    status, out, _ = run("passes")
    assert status == 0 and len(out.splitlines()) > 3
    assert run("cache", "dir")[1].strip() == str(tmp_path / "mine")
    assert run("cache", "list")[0] == 0
    assert run("cache", "clear")[0] == 0


def test_all_files_with_errors_of_a_folder_are_told(run, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.py").write_text("def f(x:\n    return x\n")
    (folder / "good.py").write_text("import adgen\n\n\n@adgen.grad\ndef f(x: float):\n    return x * x\n")
    status, _, err = run("compile", str(folder))
    assert status == 3 and "one.py" in err and "two.py" in err


def test_colours_leave_the_text_as_it_is():
    import re

    text = (ROOT / "tests" / "support.py").read_text()
    coloured = cli.highlighted(text)
    assert coloured != text
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text


def test_the_console_script_ends_with_the_status(folder):
    assert support.adgen("compile", "nowhere.py", cwd=folder)[0] == 2
    status, out, _ = support.adgen("compile", "--help")
    assert status == 0 and "FILE[::func ...]" in out


def test_second_order_and_functions_of_other_files(folder, run):
    (folder / "tools.py").write_text("import adgen\n\nRATE = 0.5\n\n\ndef helper(x: float):\n    return RATE * x**3\n")
    (folder / "orders.py").write_text(
        "import adgen\nfrom tools import helper\nimport tools\n\n\n"
        "def f(x: float):\n    return helper(x) * x\n\n\n"
        "second = adgen.grad(adgen.grad(f))\nelsewhere = adgen.grad(tools.helper)\n"
    )
    for _ in range(2):
        status, _, err = run("compile", "orders.py")
        assert status == 0, err
    assert files(folder) == ["orders/f_grad_grad.py", "tools/helper_grad.py"]
    second = execute((folder / "generated/orders/f_grad_grad.py").read_text())["f_grad_grad"]
    assert second(2.0) == pytest.approx(6.0 * 2.0**2)
    assert execute((folder / "generated/tools/helper_grad.py").read_text())["helper_grad"](2.0) == pytest.approx(6.0)


def test_a_file_for_float64_refuses_float32(folder, run):
    import numpy as np

    run("compile", "plain.py::g", "--types", "u: f8[m]", "--wrt", "u")
    g_grad = execute((folder / "generated/plain/g_grad_u.py").read_text())["g_grad"]
    np.testing.assert_allclose(g_grad(np.array([1.0, 2.0]), 3), [6.0, 12.0])
    with pytest.raises(TypeError, match="u"):
        g_grad(np.ones(3, np.float32), 3)
    with pytest.raises(ValueError, match="u"):
        g_grad(np.ones(1), 3)
