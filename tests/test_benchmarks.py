"""The table, the chart and the summary of the benchmarks, of made-up measurements: nothing is timed here."""

import ast
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.benchmarks import contenders, measure, scaling, summary, table
from tests.benchmarks.cases import LOOPS, cases

CANNOT = {"error": "TypeError: no stores"}
REFUSED = {"error": "refused: Numba cannot take `xs`: it is a list"}


def row(**others):
    """A program's measurements: twice, three times .. as long as the primal; what some cannot do."""
    found = {"primal": entry(1.0, 0.0)}
    found |= {column: entry(float(k), 0.5) for k, column in enumerate(table.COLUMNS, 2)}
    return found | others


def entry(ratio, prepared):
    """As of three rounds, of which one was disturbed."""
    rounds = [ratio * 2e-3, ratio * 2e-3, 0.1]
    seconds, low, high = ratio * 2e-3, ratio - 0.1, ratio + 0.1
    return {"ratio": ratio, "low": low, "high": high, "seconds": seconds, "prepared": prepared, "rounds": rounds}


ROWS = {
    "heat": row(),
    "thomas": row(autograd=CANNOT, torch={"error": "not installed"}),
    "lstm": row(**{"adgen numba": REFUSED}),
    "lost": {"error": "ImportError: none"},
}


def test_the_text_has_a_line_for_each_program_and_says_what_cannot_be_done():
    lines = table.text(ROWS).splitlines()
    assert lines[3].startswith("heat") and " 2 ms" in lines[3] and "3 ±0.1" in lines[3]
    assert "cannot" in lines[4] and "not installed" in lines[4] and "refused" in lines[5]
    assert lines[6].startswith("lost") and lines[6].endswith("ImportError: none")
    assert any(line.startswith("thomas") and line.endswith("autograd: TypeError: no stores") for line in lines)
    assert any(line.startswith("lstm") and line.endswith("cannot take `xs`: it is a list") for line in lines)


def test_the_chart_has_a_bar_for_each_who_can():
    drawn = ElementTree.fromstring(table.svg(ROWS | {"heat": row(jax=entry(1e7, 0.1))}))
    bars = [part for part in drawn if part.tag.endswith("rect")]
    assert ElementTree.fromstring(table.svg({"lost": ROWS["lost"]})) is not None  # nothing to draw is no error
    assert len(bars) == 1 + len(table.COLUMNS) + 3 * len(table.COLUMNS) - 3  # the ground, the legend, the bars
    assert max(float(bar.get("x")) + float(bar.get("width")) for bar in bars[1:]) < 1110  # the widest leaves room
    assert {"autograd: cannot", "torch: not installed", "adgen numba: refused"} <= {part.text for part in drawn}


def test_the_charts_of_growth_have_a_point_for_each_size_and_no_two_texts_in_one_place():
    lines = {"power": 1, "points": [(30, 0.03), (100, 0.1), (1000, 1.0), (2000, 2.1)]}
    rows = {"inputs": {"power": 0, "points": [(100, 1.2), (1000, 1.1)]}, "lines": lines}
    drawn = ElementTree.fromstring(scaling.svg(rows))
    assert len([part for part in drawn if part.tag.endswith("circle")]) == 6
    assert len([part for part in drawn if part.get("stroke-dasharray")]) == 2
    places = [(float(part.get("x")), float(part.get("y"))) for part in drawn if part.tag.endswith("text")]
    close = [(a, b) for k, a in enumerate(places) for b in places[:k] if abs(a[0] - b[0]) < 25 and abs(a[1] - b[1]) < 9]
    assert not close
    assert "      2000      2.100" in scaling.text(rows)


def test_the_summary_has_means_and_extremes_of_those_that_could_be_measured():
    fast, slow = row(adgen=entry(1.0, 0.1)), row(adgen=entry(4.0, 0.9))
    found = summary.summary({"heat": fast, "kmeans": slow, "lost": {"error": "ImportError: none"}})
    hand = found["adgen over by hand"]
    assert hand["mean"] == pytest.approx(1.0) and hand["each"] == {"heat": 0.5, "kmeans": 2.0}
    assert (hand["smallest"], hand["largest"], hand["missing"]) == ("heat", "kmeans", ["lost"])
    assert list(found["adgen numba over jax on loops"]["each"]) == ["heat"]  # the other is no loop
    assert found["compile seconds"]["kmeans"] == {"adgen": 0.9, "jax": 0.5}
    said = summary.text({"heat": fast, "kmeans": slow, "lost": {"error": "ImportError: none"}})
    assert "adgen over by hand: mean 1 of 2 programs, smallest 0.5 (heat), largest 2 (kmeans); without lost" in said
    assert [line.split()[0] for line in said.splitlines() if line.endswith("ABOVE")] == ["kmeans"]


def test_the_summary_puts_four_programs_beside_their_bounds():
    rows = {"mixture": row(adgen=entry(1.6, 0.1)), "rk4": row(adgen=entry(3.2, 0.1), **{"numba primal": CANNOT})}
    bounds = {bound["what"]: bound for bound in summary.summary(rows)["bounds"]}
    assert bounds["mixture, 1,000 points"]["ratio"] == pytest.approx(1.6)
    assert bounds["mixture, 1,000 points"]["by hand"] == pytest.approx(2.0)
    lines = summary.text(rows).splitlines()
    assert any(line.startswith("mixture, 1,000") and line.split()[-3:] == ["1.6", "1.7", "2"] for line in lines)
    assert any(line.startswith("scalar loop in plain") and line.endswith("ABOVE") for line in lines)
    assert any(line.startswith("scalar loop under Numba") and line.split()[-3:] == ["-", "2", "-"] for line in lines)


def test_the_bounds_are_of_programs_of_the_sizes_that_they_name():
    args = {name: case.args for name, case in cases().items()}
    assert args["heat_linear"][0].size == 100_000 and args["mixture"][3].shape[0] == 1000
    assert [len(W) for W, _ in args["mlp_loss"][0]] == [784, 256, 256] and len(args["mlp_loss"][1]) == 128


def test_those_who_write_a_program_anew_write_one_that_is_there():
    known = cases()
    assert set(LOOPS) <= set(known) and {what[1] for what in summary.BOUNDS} <= set(known)
    for module in ("in_jax", "in_torch"):  # read, not imported: who is timed need not be installed
        tree = ast.parse((Path(table.__file__).parent / f"{module}.py").read_text())
        assert {part.name for part in tree.body if isinstance(part, ast.FunctionDef)} <= set(known)


def test_an_error_is_told_by_the_line_that_says_something():
    first = "Failed in nopython mode pipeline (step: nopython frontend)"
    assert measure._short(TypeError(f"{first}\nno `reversed`\nmore")) == "TypeError: no `reversed`"
    numba = f"{first}\nNo implementation of <function max at 0x7f94ec3c5580> found for:\n\n >>> max(axis)\n\nThere are"
    assert measure._short(TypeError(numba)) == "TypeError: No implementation of <function max> found for: max(axis)"
    assert measure._short(TypeError("")) == "TypeError: "
    with pytest.raises(Refusal) as refused:
        contenders.adgen_numba(cases()["lstm"])
    assert measure._short(refused.value).startswith("refused: Numba cannot take `xs`: it is a list")


@pytest.mark.parametrize("name", ["block", "residuals", "clusters"])
def test_what_is_written_by_hand_for_the_benchmarks_alone_is_right(name):
    case = cases()[name]
    small = [arg[:20] if np.ndim(arg) and len(arg) > 100 else arg for arg in case.args]
    case = replace(case, args=tuple(min(arg, 3) if isinstance(arg, int) else arg for arg in small))
    expected = measure._flat(contenders.by_hand(case).run())
    assert np.max(np.abs(expected)) > 0.1
    measure._compare(measure._flat(contenders.adgen(case).run()), expected)


@pytest.mark.parametrize("missing", ["torch", "no.such"])
def test_who_is_not_installed_is_shown_so(missing, monkeypatch):
    def absent(case):
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

    one = {name: contenders.CONTENDERS[name] for name in ("primal", "by hand", "adgen")} | {"torch": absent}
    monkeypatch.setattr(measure, "CONTENDERS", one)
    found = measure.measure(cases()["newton_sqrt"], 3)
    assert found["torch"] == {
        "error": "not installed" if missing == "torch" else "ModuleNotFoundError: No module named 'no.such'"
    }
    assert len(found["adgen"]["rounds"]) == 3


def test_who_computes_another_gradient_is_shown_with_an_error(monkeypatch):
    one = {name: contenders.CONTENDERS[name] for name in ("primal", "by hand")}
    wrong = contenders.Ready(lambda: np.asarray(7.0), 0.0)
    monkeypatch.setattr(measure, "CONTENDERS", one | {"autograd": lambda case: wrong})
    assert measure.measure(cases()["newton_sqrt"], 3)["autograd"]["error"].startswith(
        "ArithmeticError: another gradient"
    )
