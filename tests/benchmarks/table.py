"""The table as text and as a chart."""

from html import escape

from tests.benchmarks.contenders import CONTENDERS

COLUMNS = [name for name in CONTENDERS if name != "primal"]
WIDTH = 18
COLOURS = ["#444444", "#1f77b4", "#7fb2d9", "#9467bd", "#d62728", "#ff7f0e", "#2ca02c", "#bbbbbb"]


def cell(entry):
    """A ratio with half the spread between its quartiles; or a dash."""
    if "error" in entry:
        return "-"
    spread = (entry["high"] - entry["low"]) / 2.0
    return f"{entry['ratio']:.3g} ±{spread:.1g}"


def line(name, row):
    """One row."""
    if "error" in row:
        return f"{name:<13}{row['error']}"
    first = row["primal"]
    start = f"{name:<13}{first['seconds'] * 1e3:>9.3f} ms" if "seconds" in first else f"{name:<13}{'-':>12}"
    return start + "".join(f"{cell(row[column]):>{WIDTH}}" for column in COLUMNS)


def text(rows):
    """The table, how long preparing took, and what could not be done."""
    head = f"{'program':<13}{'primal':>12}" + "".join(f"{column:>{WIDTH}}" for column in COLUMNS)
    out = ["Gradient time over the primal's: median of paired rounds, ± half the distance of the quartiles", head]
    out += [line(name, row) for name, row in rows.items()]
    out += ["", "Seconds until the first result (compile time included)"]
    for name, row in rows.items():
        parts = [f"{column} {row[column]['prepared']:.3f}" for column in COLUMNS if "prepared" in row.get(column, {})]
        out.append(f"{name:<13}" + ", ".join(parts))
    out += ["", "Cannot be done"]
    for name, row in rows.items():
        out += [f"{name:<13}{column}: {row[column]['error']}" for column in COLUMNS if "error" in row.get(column, {})]
    return "\n".join(out)


def svg(rows):
    """Bars on a logarithmic axis, a group for each program."""
    from math import log10

    assert len(COLOURS) == len(COLUMNS)
    shown = {name: row for name, row in rows.items() if "error" not in row}
    bar, left, scale = 9, 110, 150
    height = 40 + len(shown) * (len(COLUMNS) * bar + 10)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="960" height="{height}" font-family="sans-serif">']
    for k, column in enumerate(COLUMNS):
        out.append(f'<rect x="{left + k * 105}" y="8" width="10" height="10" fill="{COLOURS[k]}"/>')
        out.append(f'<text x="{left + k * 105 + 14}" y="17" font-size="11">{escape(column)}</text>')
    y = 34
    for name, row in shown.items():
        out.append(
            f'<text x="{left - 8}" y="{y + len(COLUMNS) * bar / 2 + 4}" font-size="12" text-anchor="end">{name}</text>'
        )
        for k, column in enumerate(COLUMNS):
            entry = row[column]
            if "error" in entry:
                out.append(
                    f'<text x="{left}" y="{y + k * bar + 8}" font-size="8" fill="#888">{escape(column)}: cannot</text>'
                )
                continue
            length = max(1.0, scale * log10(max(entry["ratio"], 0.01) / 0.01))
            out.append(
                f'<rect x="{left}" y="{y + k * bar}" width="{length:.0f}" height="{bar - 1}" fill="{COLOURS[k]}"/>'
            )
            out.append(
                f'<text x="{left + length + 3:.0f}" y="{y + k * bar + 8}" font-size="8">{entry["ratio"]:.3g}</text>'
            )
        y += len(COLUMNS) * bar + 10
    return "\n".join([*out, "</svg>"])
