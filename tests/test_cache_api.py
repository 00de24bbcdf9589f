"""Derivatives and the cache on disk together: what a second process finds, and when it must not believe it."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import adgen
from adgen import cache, specialise

PROGRAM = """
    import sys
    import numpy as np
    import adgen

    RATE = 2.0

    def helper(x):
        return x * x

    def f(x, n):
        return RATE * np.sum(helper(x)) * n

    g = adgen.grad(f)
    print(g(np.array([1.0, 2.0]), 3).tolist())
    print(sorted(m for m in sys.modules if m == "black" or m in {names} or m.startswith({packages})))
    print(g.path)
"""
PASSES = "('adgen.pipeline', 'adgen.frontend.lower')", "('adgen.transforms', 'adgen.optimise', 'adgen.backend')"


def program(folder, text=PROGRAM, name="main.py"):
    path = folder / name
    path.write_text(textwrap.dedent(text.replace("{names}", PASSES[0]).replace("{packages}", PASSES[1])))
    return path


def run(path, **environment):
    done = subprocess.run(
        [sys.executable, "-B", str(path)], capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_hit_imports_neither_black_nor_the_passes(tmp_path):
    path = program(tmp_path)
    first, second = run(path), run(path)
    assert first[0] == second[0] == "[12.0, 24.0]"
    assert "'black'" in first[1] and "'adgen.pipeline'" in first[1]
    assert second[1] == "[]"
    assert first[2] == second[2] and Path(second[2]).is_file()


def test_what_the_text_depends_on_is_checked(tmp_path):
    path = program(tmp_path)
    assert run(path)[0] == "[12.0, 24.0]"
    program(tmp_path, PROGRAM.replace("return x * x", "return x * x * x"))
    changed = run(path)
    assert changed[0] == "[18.0, 72.0]" and "'adgen.pipeline'" in changed[1]
    assert run(path)[1] == "[]"
    program(tmp_path)
    back = run(path)
    assert back[0] == "[12.0, 24.0]" and back[1] == "[]", "both candidates are kept"
    program(tmp_path, PROGRAM.replace("RATE = 2.0", "RATE = 5.0"))
    value = run(path)
    assert value[0] == "[30.0, 60.0]" and value[1] == "[]", "values are read at the call"


def test_the_kind_of_a_captured_value_is_checked(tmp_path):
    text = PROGRAM.replace("return RATE * np.sum(helper(x)) * n", "return np.sum(RATE * x) * n")
    path = program(tmp_path, text)
    assert run(path)[0] == "[6.0, 6.0]"
    program(tmp_path, text.replace("RATE = 2.0", "RATE = np.array([1.0, 10.0])"))
    changed = run(path)
    assert changed[0] == "[3.0, 30.0]" and "'adgen.pipeline'" in changed[1]


def test_another_adgen_compiles_anew(tmp_path, monkeypatch):
    path = program(tmp_path)
    run(path)
    other = "import adgen.cache\nadgen.cache.package_digest = lambda: 'other'\n"
    patched = program(tmp_path, other + textwrap.dedent(PROGRAM))
    assert "'adgen.pipeline'" in run(patched)[1]


@pytest.mark.parametrize("how", ["truncate", "flip", "gone", "foreign"])
def test_damaged_entries_give_the_right_gradient(how):
    def f(x):
        return x * x * 3.0

    forget()
    g = adgen.grad(f)
    assert g(2.0) == 12.0
    path = Path(g.path)
    content = path.read_bytes()
    forget()
    if how == "truncate":
        path.write_bytes(content[:-20])
    elif how == "flip":
        path.write_bytes(content.replace(b"3.0", b"4.0"))
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\xff")
    again = adgen.grad(f)
    assert again(2.0) == 12.0
    assert path.read_bytes() == content


def forget():
    """Let the process forget its specialisations, as a new process would."""
    specialise._tables.clear()


def test_entries_of_other_functions_are_not_taken():
    f, g = lambda x: x * x, lambda x: x * x * x
    one, two = adgen.grad(f), adgen.grad(g)
    assert (one(2.0), two(2.0)) == (4.0, 12.0)
    first, second = Path(one.path), Path(two.path)
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(a)
    forget()
    assert (adgen.grad(f)(2.0), adgen.grad(g)(2.0)) == (4.0, 12.0)


def test_without_a_usable_cache_it_works_in_memory(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ADGEN_CACHE_DIR", str(tmp_path / "file" / "below"))
    g = adgen.grad(adgen.grad(lambda x: x * x * x))
    assert g(2.0) == 12.0
    assert g.path.startswith("<adgen ") and cache.problems


def test_a_read_only_cache_is_read():
    def f(x):
        return np.sin(x) * 2.5

    g = adgen.grad(f)
    expected, path = g(0.5), g.path
    folder = cache.directory()
    for each in (folder / "entries", folder / "keys"):
        os.chmod(each, 0o500)
    forget()
    again = adgen.grad(f)
    assert again(0.5) == expected and again.path == path
    other = adgen.grad(lambda x: x * 9.0)
    assert other(1.0) == 9.0
    for each in (folder / "entries", folder / "keys"):
        os.chmod(each, 0o700)


def test_signatures_with_functions_stay_in_memory():
    def apply(x, fn):
        return fn(x)

    g = adgen.grad(apply)
    assert g(2.0, lambda t: t * t) == 4.0
    assert g.path.startswith("<adgen ")


def test_the_list_tells_functions_and_types():
    g = adgen.grad(lambda x, n: x * n)
    g(1.0, 2)
    (listed,) = cache.entries()
    assert listed.path == g.path and listed.facts["mode"] == "grad" and listed.facts["signature"] == "x: float, n: int"
    assert listed.facts["function"].startswith("tests/test_cache_api.py::")


def test_a_source_edited_after_the_import_is_refused(tmp_path):
    path = tmp_path / "model_edited.py"
    path.write_text("def f(x):\n    return x * x\n")
    main = tmp_path / "main.py"
    main.write_text(
        "import adgen, model_edited\n"
        "from pathlib import Path\n"
        "Path(model_edited.__file__).write_text('def f(x):\\n    return x * x * x\\n')\n"
        "try:\n    print(adgen.grad(model_edited.f)(2.0))\n"
        "except adgen.SourceError as error:\n    print(error)\n"
    )
    out = "\n".join(run(main, PYTHONPATH=str(tmp_path)))
    assert "changed since it was imported" in out and "12.0" not in out


def test_eight_processes_make_the_same_derivative_at_once(tmp_path):
    path = program(tmp_path)
    started = [subprocess.Popen([sys.executable, "-B", str(path)], stdout=subprocess.PIPE, text=True) for _ in range(8)]
    outputs = [process.communicate()[0].splitlines() for process in started]
    assert [process.returncode for process in started] == [0] * 8
    assert {lines[0] for lines in outputs} == {"[12.0, 24.0]"}
    assert len(cache.entries()) == 1


def test_importing_adgen_is_cheap():
    code = "import sys, adgen; print([m for m in sys.modules if m.startswith('adgen.') or m in ('numpy', 'black')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    assert done.stdout.strip() == "[]", done.stderr
    assert set(adgen.__all__) <= set(dir(adgen))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = adgen.nothing
    assert all(getattr(adgen, name) is not None for name in adgen.__all__)
