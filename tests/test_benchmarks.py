"""The table and the chart of the benchmarks, of made-up measurements: nothing is timed here."""

from xml.etree import ElementTree

from tests.benchmarks import table

CANNOT = {"error": "TypeError: no stores"}


def row(*without):
    """A program's measurements: twice, three times .. as long as the primal; what some cannot do."""
    found = {"primal": {"ratio": 1.0, "low": 1.0, "high": 1.0, "seconds": 2e-3, "prepared": 0.0}}
    for k, column in enumerate(table.COLUMNS, 2):
        found[column] = {"ratio": float(k), "low": k - 0.1, "high": k + 0.1, "seconds": k * 2e-3, "prepared": 0.5}
    return found | dict.fromkeys(without, CANNOT)


ROWS = {"heat": row(), "thomas": row("autograd"), "lost": {"error": "ImportError: none"}}


def test_the_text_has_a_line_for_each_program_and_says_what_cannot_be_done():
    lines = table.text(ROWS).splitlines()
    assert lines[2].startswith("heat") and "2.000 ms" in lines[2] and "3 ±0.1" in lines[2]
    assert lines[4].split() == ["lost", "ImportError:", "none"] or lines[4].startswith("lost")
    assert any(line.startswith("thomas") and line.endswith("autograd: TypeError: no stores") for line in lines)


def test_the_chart_has_a_bar_for_each_who_can():
    drawn = ElementTree.fromstring(table.svg(ROWS))
    bars = [part for part in drawn if part.tag.endswith("rect")]
    assert len(bars) == len(table.COLUMNS) + 2 * len(table.COLUMNS) - 1  # the legend, then the bars
    assert any("autograd: cannot" in (part.text or "") for part in drawn)
