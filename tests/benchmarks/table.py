"""The table as text and as a chart."""

from html import escape

from tests.benchmarks import summary
from tests.benchmarks.contenders import CONTENDERS

COLUMNS = [name for name in CONTENDERS if name != "primal"]
WIDTH = 17
COLOURS = [
    "#444444",
    "#1f77b4",
    "#7fb2d9",
    "#9467bd",
    "#d62728",
    "#ff7f0e",
    "#ffbb78",
    "#8c564b",
    "#e377c2",
    "#17becf",
    "#2ca02c",
    "#bbbbbb",
]


def cell(entry):
    """A ratio with half the distance of its quartiles; or why there is none, which is told in full below the table."""
    if "error" in entry:
        return _why(entry)
    spread = (entry["high"] - entry["low"]) / 2.0
    return f"{entry['ratio']:.3g} ±{spread:.1g}"


def line(name, row):
    """One row."""
    if "error" in row:
        return f"{name:<13}{row['error']}"
    first = row["primal"]
    start = f"{name:<13}{first['seconds'] * 1e3:>9.3g} ms" if "seconds" in first else f"{name:<13}{'-':>12}"
    return start + "".join(f"{cell(row[column]):>{WIDTH}}" for column in COLUMNS)


def text(rows):
    """The table, how long preparing took, what could not be done, and what it comes to."""
    head = f"{'program':<13}{'primal':>12}" + "".join(f"{column:>{WIDTH}}" for column in COLUMNS)
    out = ["Time of the derivative over the primal's: median of paired rounds, ± half the distance of the quartiles"]
    out += ["(the gradient; of `residuals` the Jacobian, of `clusters` the Hessian times ones)", head]
    out += [line(name, row) for name, row in rows.items()]
    out += ["", "Seconds until the first result (compile time included)"]
    for name, row in rows.items():
        parts = [f"{column} {row[column]['prepared']:.3f}" for column in COLUMNS if "prepared" in row.get(column, {})]
        out.append(f"{name:<13}" + ", ".join(parts))
    out += ["", "Cannot be done"]
    for name, row in rows.items():
        out += [f"{name:<13}{column}: {row[column]['error']}" for column in COLUMNS if "error" in row.get(column, {})]
    return "\n".join([*out, summary.text(rows)])


def _why(entry):
    """In one or two words."""
    error = entry["error"]
    return error if error == "not installed" else "refused" if error.startswith("refused") else "cannot"


def svg(rows):
    """Bars on a logarithmic axis, from a hundredth of the primal's time; a group for each program."""
    from math import ceil, log10

    assert len(COLOURS) == len(COLUMNS)
    shown = {name: row for name, row in rows.items() if "error" not in row}
    bar, left, low = 9, 110, 0.01
    ratios = [entry["ratio"] for row in shown.values() for entry in row.values() if "error" not in entry]
    powers = range(-2, 1 + max([2, *(ceil(log10(max(ratio, low))) for ratio in ratios)]))
    unit = 980 / (len(powers) - 1)
    group = len(COLUMNS) * bar + 10
    height = 50 + len(shown) * group
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="1170" height="{height}" font-family="sans-serif">']
    out.append('<rect width="100%" height="100%" fill="white"/>')
    for k, column in enumerate(COLUMNS):
        x = left + k * 87
        out.append(f'<rect x="{x}" y="8" width="10" height="10" fill="{COLOURS[k]}"/>')
        out.append(f'<text x="{x + 13}" y="17" font-size="9">{escape(column)}</text>')
    for power in powers:
        x = round(left + unit * (power - powers[0]))
        out.append(f'<line x1="{x}" x2="{x}" y1="40" y2="{height - 6}" stroke="{"#888" if power == 0 else "#ddd"}"/>')
        out.append(f'<text x="{x}" y="36" font-size="9" text-anchor="middle">{10.0**power:g}</text>')
    for number, (name, row) in enumerate(shown.items()):
        top = 46 + number * group
        middle = top + len(COLUMNS) * bar / 2 + 4
        out.append(f'<text x="{left - 8}" y="{middle}" font-size="12" text-anchor="end">{escape(name)}</text>')
        for k, column in enumerate(COLUMNS):
            entry, y, length = row[column], top + k * bar, 0.0
            said = f"{column}: {_why(entry)}" if "error" in entry else f"{entry['ratio']:.3g}"
            if "error" not in entry:
                length = max(1.0, unit * log10(max(entry["ratio"], low) / low))
                out.append(f'<rect x="{left}" y="{y}" width="{length:.0f}" height="{bar - 1}" fill="{COLOURS[k]}"/>')
            x = left + length + 3
            out.append(f'<text x="{x:.0f}" y="{y + 7.5}" font-size="8" fill="#444">{escape(said)}</text>')
    return "\n".join([*out, "</svg>"])
