"""`python -m tests.fuzz.reach -n 1000`: which branches of the transforms and of lowering programs of the fuzzer reach.

What only refuses a program is left out: statements that raise a refusal (Reject, Refusal, Poisoned: an operand was
refused) or an InternalError, or record one; the blocks that do nothing but lead there; the functions that make one.
Programs that are accepted cannot reach them.  With `--missing` the lines that no program reached; with `--data FILE`
runs add up (what was measured of a module that changed since is dropped).

    if rank is None:
        title = "the rank of " + what          left out, with the line below: the block has no other end
        raise Reject("E0113", node, name=title)
"""

from __future__ import annotations

import argparse
import ast
import itertools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("adgen/transforms/*.py", "adgen/frontend/lower*.py")
REFUSALS = ("Reject", "Refusal", "Poisoned", "InternalError", "Unfit")
REFUSES = (
    rf"raise ({'|'.join(REFUSALS)})",
    r"\.record\(",
    r"return (Reject|_clash)\(",
    r"^\s*return POISON$",
    r"TYPE_CHECKING",
    r"assert_never",
)
EXITS = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom)


def refuses(statement, makers):
    """Whether a statement always ends in a refusal."""
    match statement:
        case ast.Raise(exc=ast.Call(func=ast.Name(name)) | ast.Name(name)):
            return name in REFUSALS or name in makers
        case ast.If(body=body, orelse=orelse):
            return only_refuses(body, makers) and only_refuses(orelse, makers)
        case ast.With(body=body):
            return only_refuses(body, makers)
    return False


def only_refuses(block, makers):
    """Whether a block ends in a refusal, and has no other way out."""
    leaves = any(isinstance(part, EXITS) for statement in block for part in ast.walk(statement))
    return bool(block) and refuses(block[-1], makers) and not leaves


def refusing(text):
    """Texts of the blocks of a module that do nothing but refuse, and of the functions that make refusals."""
    tree, lines = ast.parse(text), text.splitlines()
    functions = [part for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)]
    makers = {f.name for f in functions if f.returns is not None and ast.unparse(f.returns) in REFUSALS}
    blocks = [f.body for f in functions if f.name in makers]
    for part in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(part, field, None)
            if isinstance(block, list) and only_refuses(block, makers):
                blocks.append(block)
    return ["\n".join(lines[block[0].lineno - 1 : block[-1].end_lineno]) for block in blocks]


def patterns():
    """What coverage leaves out: regular expressions of lines, and of whole blocks."""
    files = [path for part in PARTS for path in sorted(ROOT.glob(part))]
    blocks = dict.fromkeys(block for path in files for block in refusing(path.read_text()))
    return [*REFUSES, *(rf"^{re.escape(block)}$" for block in blocks)]


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.reach", description=__doc__)
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    import coverage  # an extra: what the tests themselves need is less

    included = [str(ROOT / part) for part in PARTS]
    measured = coverage.Coverage(branch=True, data_file=given.data and str(given.data), include=included)
    if given.data and given.data.exists():
        measured.load()
        last = given.data.stat().st_mtime
        changed = [name for name in measured.get_data().measured_files() if Path(name).stat().st_mtime > last]
        measured.get_data().purge_files(changed)
    for pattern in patterns():
        measured.exclude(pattern)
    measured.start()
    from tests.fuzz.campaign import Campaign, part  # imported while it is measured

    campaign = Campaign()
    for start in range(given.seed, given.seed + given.n, 25):
        campaign.add(part((start, min(start + 25, given.seed + given.n), 1.0))[1])
    measured.stop()
    if given.data:
        measured.save()
    print("\n".join(itertools.islice(campaign.report(), 1)))
    share = measured.report(show_missing=given.missing, skip_covered=True, precision=1)
    print(f"{share:.1f} % of lines and branches of {', '.join(PARTS)}")


if __name__ == "__main__":
    main()
