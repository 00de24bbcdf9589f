"""Every call of `tests/rules` under Numba: the tangent (and so the value) compared with that of the NumPy backend.

    python -m tests.benchmarks.numba_rules            all entries, many minutes
    python -m tests.benchmarks.numba_rules np.sum np.mean

An entry that agrees nowhere does not belong into `adgen.rules.compiled`; one that differs must not be there.
"""

import argparse
import collections
import importlib.util
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

from adgen import signature
from adgen.backend.operators import BINARY, UNARY
from adgen.compiling import compile_for
from adgen.errors import AdgenError, Refusal
from adgen.frontend import source
from adgen.pipeline import Request, generate
from adgen.rules import table
from adgen.rules.compiled import PLAIN
from adgen.trees import is_smooth
from tests.benchmarks.numba_programs import LIMIT, difference
from tests.programs import oracle
from tests.rules.cases import Const, Still, all_cases

METHODS = ("item", "flatten")


def written(case):
    """The call as an expression, the values of its parameters; None where an argument has no text."""
    rule = table.lookup(case.name)
    args = case.args or rule.bind(len(case.values))
    values, texts = [], []
    for value in case.values:
        if isinstance(value, Const) and not isinstance(value, Still):
            if isinstance(value.value, np.ndarray):
                return None
            texts.append(repr(value.value))
            continue
        value = value.value if isinstance(value, Still) else value
        items = value if isinstance(value, (list, tuple)) else [value]
        names = [f"p{len(values) + k}" for k in range(len(items))]
        values += items
        texts.append(names[0] if items[:1] == [value] or not isinstance(value, (list, tuple)) else ", ".join(names))
        if isinstance(value, (list, tuple)):
            texts[-1] = f"[{texts[-1]}]" if isinstance(value, list) else f"({texts[-1]},)"
    return expression(case.name, rule.keywords(args), texts), values


def expression(name, keywords, texts):
    """A call or an operator."""
    if name in BINARY and len(texts) == 2:
        return f"{texts[0]} {BINARY[name][0]} {texts[1]}"
    if name in UNARY and len(texts) == 1:
        return f"{UNARY[name][0]}{texts[0]}"
    if name.startswith("attr."):
        return f"{texts[0]}.{name[5:]}"
    if name in METHODS:
        return f"{texts[0]}.{name}()"
    return f"{name}({', '.join(f'{key}={text}' if key else text for key, text in zip(keywords, texts))})"


def outcome(folder, text, values):
    """A word, and what there is to say."""
    names = [f"p{k}" for k in range(len(values))]
    path = Path(folder) / f"call_{abs(hash((text, tuple(map(repr, values)))))}.py"
    path.write_text(
        f"import cmath\nimport math\n\nimport numpy as np\n\n\ndef f({', '.join(names)}):\n    return {text}\n"
    )
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = source.find(module.f)
    types = dict(signature.of_values(names, values).items)
    wrt = tuple(name for name, value in zip(names, values) if is_smooth(value))
    dots = [oracle.direction(np.random.default_rng(0), value) for value in values if is_smooth(value)]
    try:
        plain = oracle.Made(module.f, values, "jvp", wrt, "off")
        expected = plain(*values, *dots)
    except (AdgenError, ValueError, TypeError) as error:
        return "not differentiable", type(error).__name__
    try:
        request = Request("jvp", wrt, single=False, backend="numba")
        made = generate(found, types, request, formatted=False, guarded=False)
        compiled = compile_for(made, types, "f")
    except Refusal as refusal:
        return "refused", refusal.diagnostics[0].why
    gap = difference(compiled(*values, *dots), expected)
    return ("agrees", "") if gap <= LIMIT else ("DIFFERS", f"by {gap:.1e}")


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.numba_rules")
    parser.add_argument("names", nargs="*", help="entries (all that are listed for Numba unless given)")
    wanted = parser.parse_args().names or sorted(PLAIN)
    counts, agreeing = collections.Counter(), collections.Counter()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        for case in all_cases():
            call = written(case) if case.name in wanted else None
            doubles = call is not None and all(np.asarray(v).dtype in (float, int, bool, complex) for v in call[1])
            if not doubles:
                continue
            word, more = outcome(folder, *call)
            counts[word] += 1
            agreeing[case.name] += word == "agrees"
            if word in ("refused", "DIFFERS"):
                print(f"{call[0]} of {[np.shape(v) for v in call[1]]}: {word}: {more}"[:240], flush=True)
    print(", ".join(f"{number} {word}" for word, number in counts.most_common()))
    print("agree nowhere:", ", ".join(name for name, number in agreeing.items() if not number) or "none")
    return 1 if counts["DIFFERS"] else 0


if __name__ == "__main__":
    sys.exit(main())
