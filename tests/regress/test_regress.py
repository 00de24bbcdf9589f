"""What once was wrong stays right."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from tests.programs import oracle
from tests.regress import found

CASES = found.programs(np.random.default_rng(3))
FILES = sorted(path.stem for path in Path(__file__).parent.glob("fuzz_*.py"))


@pytest.mark.parametrize(("fun", "args"), CASES, ids=[f"{fun.__name__}-{k}" for k, (fun, _) in enumerate(CASES)])
def test_found(fun, args):
    oracle.check(fun, args)


def test_files_of_the_fuzzer():
    for stem in FILES:
        module = importlib.import_module(f"tests.regress.{stem}")
        oracle.check(module.f, module.ARGS, strict=False)
    assert len(FILES) == len(set(FILES))


def test_compile_time_does_not_explode():
    """The sources of a text were searched again on every path of nested branches."""
    lines = ["def f(a, b):", "    t = a"]
    for k in range(14):
        lines += [f"    if b > {k / 20}:", f"        t = t * b + {k}.0", "    else:", "        t = np.sin(t) - b"]
    text = "\n".join([*lines, "    return t * a", ""])
    import linecache
    import time

    linecache.cache["<branches>"] = (len(text), None, text.splitlines(True), "<branches>")
    names = {"__name__": "branches", "np": np}
    exec(compile(text, "<branches>", "exec"), names)
    start = time.perf_counter()
    oracle.check(names["f"], (0.3, 0.427))
    assert time.perf_counter() - start < 10.0
