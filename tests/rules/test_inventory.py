"""Every public name has a class, and the classes are earned: functions are called with numbers."""

import importlib

import numpy as np
import pytest

import adgen
from adgen import inventory
from adgen.rules import table, unruled
from tests.support import ROOT

from .probe import probe

LISTED = ("numpy", "math", "cmath", "operator", "statistics", "functools")
LOUD = ("prints, or makes text", "reads or writes files", "is a setting", "is of types")  # not called
WALKED = {module: inventory.walk(module) for module in LISTED}


@pytest.mark.parametrize("module", LISTED)
def test_nothing_is_unknown(module):
    assert [entry.name for entry in WALKED[module] if entry.kind == "unknown"] == []


@pytest.mark.parametrize("module", LISTED)
def test_every_class_has_its_reason(module):
    for entry in WALKED[module]:
        assert entry.kind in inventory.KINDS
        assert bool(entry.why) == (entry.kind in ("inactive", "refused")), entry
        if entry.kind == "refused":
            assert entry.why in [reason.why for reason in unruled.REASONS.values()]
    assert len(unruled.REASONS) == 8


def test_no_name_is_in_two_lists():
    ruled = [name for name in (*unruled.REFUSED, *unruled.INACTIVE) if table.lookup(name) is not None]
    assert ruled == []
    assert set(unruled.REFUSED).isdisjoint(unruled.INACTIVE)


def test_the_lists_name_what_exists():
    names = {entry.name for module in (*LISTED, "scipy") for entry in WALKED.get(module) or inventory.walk(module)}
    listed = [name for name in (*unruled.REFUSED, *unruled.INACTIVE) if name not in unruled.NEWER]
    gone = [name for name in listed if name not in names and not optional(name)]
    assert gone == []


def optional(name):
    """Names that only some versions have, or that a module has without listing them."""
    area, _, last = name.rpartition(".")
    space = {"ndarray": np.ndarray, "ufunc": np.ufunc, "Generator": np.random.Generator}.get(area)
    if space is None:
        try:
            space = importlib.import_module(
                "numpy" + area.removeprefix("np") if area.startswith("np") else area or "builtins"
            )
        except ImportError:
            return False
    return hasattr(space, last)


def functions():
    """The functions of NumPy and of the modules beside it that can be called without doing harm."""
    for module in LISTED:
        for area in inventory.AREAS[module]:
            if area in ("ufunc", "ndarray", "functools"):
                continue
            for name, value in inventory.public(area).items():
                full = inventory.canonical(area, name)
                harmless = callable(value) and not isinstance(value, type) and unruled.nature(full) not in LOUD
                if harmless and "random" not in full and area != "Generator":
                    yield full, value


KIND = {entry.name: entry.kind for module in LISTED for entry in WALKED[module]}
PROBED = {name: probe(value) for name, value in functions()}


def test_the_probe_sees_what_is_known():
    assert PROBED["np.tanh"] == PROBED["np.cumsum"] == PROBED["math.hypot"] == PROBED["np.linalg.solve"] == "smooth"
    assert PROBED["np.floor"] == PROBED["np.argsort"] == PROBED["math.isnan"] == PROBED["np.zeros"] == "steps"
    assert sum(1 for seen in PROBED.values() if seen) > 0.9 * len(PROBED)


def test_zero_derivatives_are_piecewise_constant():
    zero = [name for name in PROBED if KIND[name] == "zero derivative"]
    values = dict(functions())
    wrong = [name for name in zero if PROBED[name] != "steps" and probe(values[name], real=True) != "steps"]
    assert len(zero) > 80 and wrong == []


def test_what_has_a_derivative_has_a_rule():
    """Not refused, not inactive."""
    smooth = [name for name in PROBED if PROBED[name] == "smooth"]
    wrong = [name for name in smooth if KIND[name] in ("inactive", "refused")]
    assert len(smooth) > 150 and wrong == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("np.sum(np.frompyfunc(abs, 1, 1)(x))", "callback"),
        ("operator.setitem(x, 0, 1.0)", "memory"),
        ("np.asmatrix(x)[0, 0]", "object"),
        ("dataclasses.fields(x)[0].default", "fields"),
        ("scipy.linalg.schur(np.diag(x))[0][0, 0]", "choice"),
    ],
)
def test_a_refused_function_says_why(body, reason, tmp_path, monkeypatch):
    file = tmp_path / f"refused_{abs(hash(body))}.py"
    modules = "import dataclasses\nimport operator\n\nimport numpy as np\nimport scipy.linalg\n"
    file.write_text(f"{modules}\n\ndef f(x):\n    return {body}\n")
    monkeypatch.syspath_prepend(tmp_path)
    fun = importlib.import_module(file.stem).f
    with pytest.raises(adgen.AdgenError) as refusal:
        adgen.grad(fun)(np.ones(3))
    assert unruled.REASONS[reason].why in str(refusal.value) and unruled.REASONS[reason].help in str(refusal.value)


def test_the_readme_has_the_table_of_the_command():
    pytest.importorskip("autograd")
    from tests.benchmarks import coverage

    assert coverage.text() in (ROOT / "README.md").read_text()
