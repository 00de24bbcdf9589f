"""What the table comes to: means over programs, the worst of them, and four programs beside their bounds."""

import statistics

from tests.benchmarks.cases import LOOPS

BOUNDS = (  # what it is, program, who, by hand, over whom, at most
    ("linear stencil, 100,000 points", "heat_linear", "adgen", "by hand", "primal", 1.6),
    ("scalar loop in plain Python", "rk4", "adgen", "by hand", "primal", 3.0),
    (
        "scalar loop under Numba, over the primal under Numba",
        "rk4",
        "adgen numba",
        "numba by hand",
        "numba primal",
        2.0,
    ),
    ("network 784-256-256-10, batch of 128", "mlp_loss", "adgen", "by hand", "primal", 2.3),
    ("mixture, 1,000 points", "mixture", "adgen", "by hand", "primal", 1.7),
)


def over(row, one, other):
    """The median over the paired rounds of one's time over another's; None where either is missing."""
    if "rounds" not in row.get(one, {}) or "rounds" not in row.get(other, {}):
        return None
    return statistics.median(a / b for a, b in zip(row[one]["rounds"], row[other]["rounds"], strict=True))


def summary(rows):
    """Everything as JSON takes it; a mean or an extreme of no programs is None."""
    return {
        "adgen over by hand": _of(rows, "adgen", "by hand"),
        "autograd over adgen": _of(rows, "autograd", "adgen"),
        "adgen numba over jax on loops": _of(rows, "adgen numba", "jax", LOOPS),
        "compile seconds": {
            name: {who: row.get(who, {}).get("prepared") for who in ("adgen", "jax")} for name, row in rows.items()
        },
        "bounds": [
            {
                "what": what,
                "ratio": over(rows[name], who, base),
                "by hand": over(rows[name], hand, base),
                "bound": bound,
            }
            for what, name, who, hand, base, bound in BOUNDS
            if name in rows
        ],
    }


def _of(rows, one, other, names=None):
    """The ratio of each program, their geometric mean and extremes, and who is missing."""
    names = [name for name in rows if names is None or name in names]
    each = {name: over(rows[name], one, other) for name in names}
    found = {name: ratio for name, ratio in each.items() if ratio is not None}
    return {
        "mean": statistics.geometric_mean(found.values()) if found else None,
        "smallest": min(found, key=found.get, default=None),
        "largest": max(found, key=found.get, default=None),
        "missing": [name for name in names if name not in found],
        "each": found,
    }


def text(rows):
    """The same to be read."""
    found = summary(rows)
    out = ["", "Summary (medians over paired rounds; geometric means over programs)"]
    for what in ("adgen over by hand", "autograd over adgen", "adgen numba over jax on loops"):
        out.append(f"{what}: {_told(found[what])}")
    out += ["", "Seconds until the first result, adgen beside jax"]
    for name, seconds in found["compile seconds"].items():
        adgen, jax = seconds["adgen"], seconds["jax"]
        above = "  ABOVE" if adgen is not None and jax is not None and adgen > jax else ""
        out.append(f"{name:<13}{_figure(adgen, '.3f'):>9}{_figure(jax, '.3f'):>9}{above}")
    if found["bounds"]:
        out += ["", f"{'Bounds':<54}{'adgen':>8}{'bound':>8}{'by hand':>9}"]
    for entry in found["bounds"]:
        above = "  ABOVE" if entry["ratio"] is not None and entry["ratio"] > entry["bound"] else ""
        figures = f"{_figure(entry['ratio']):>8}{entry['bound']:>8g}{_figure(entry['by hand']):>9}"
        out.append(f"{entry['what']:<54}{figures}{above}")
    return "\n".join(out)


def _told(found):
    each, missing = found["each"], found["missing"]
    without = f"; without {', '.join(missing)}" if missing else ""
    if not each:
        return "no program" + without
    extremes = ", ".join(f"{word} {each[found[word]]:.3g} ({found[word]})" for word in ("smallest", "largest"))
    return f"mean {found['mean']:.3g} of {len(each)} programs, {extremes}{without}"


def _figure(value, form=".3g"):
    return "-" if value is None else format(value, form)
