"""`python -m tests.fuzz.reach -n 1000`: which branches of the transforms and of lowering programs of the fuzzer reach.

What only refuses a program is left out: statements that raise a refusal (Reject, Refusal, Poisoned: an operand was
refused) or an InternalError, or record one; the ends of blocks, the handlers and the last cases of a `match` from which
there is no way but to one; the functions that make one, or are called where one is made and nowhere else.
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
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
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


class Rule:
    """Which lines of the compiler do nothing but refuse."""

    def __init__(self, texts):
        self.trees = {path: ast.parse(text) for path, text in texts.items()}
        self.lines = {path: text.splitlines() for path, text in texts.items()}
        functions = [part for tree in self.trees.values() for part in ast.walk(tree) if isinstance(part, DEFINITIONS)]
        self.makers = {f.name for f in functions if f.returns is not None and ast.unparse(f.returns) in REFUSALS}
        self.again = {f.name for f in functions if any(map(self.begins_again, ast.walk(f)))}
        self.spans = {path: [] for path in texts}
        self.taken = {path: imported(tree) for path, tree in self.trees.items()}
        self.used = {}
        for path, tree in self.trees.items():
            for part in ast.walk(tree):
                name = part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else ""
                self.used.setdefault(name, []).append((path, getattr(part, "lineno", 0)))

    @staticmethod
    def begins_again(part):
        """Whether a statement gives up a pass for the next one, which refuses nothing."""
        return (
            isinstance(part, ast.Raise)
            and part.exc is not None
            and ast.unparse(part.exc).partition("(")[0] == "Restart"
        )

    def refuses(self, statement):
        """Whether a statement always ends in a refusal, or records one."""
        match statement:
            case ast.Raise(exc=ast.Call(func=ast.Name(name)) | ast.Name(name)):
                return name in REFUSALS or name in self.makers
            case ast.Expr(ast.Call(func=ast.Attribute(attr="record"))):
                return True
            case ast.If(body=body, orelse=orelse):
                return self.only_refuses(body) and self.only_refuses(orelse)
            case ast.With(body=body):
                return self.only_refuses(body)
        return False

    def leads_on(self, statement):
        """Whether what follows a statement is all that it leads to: no exit, no other pass, no exception."""
        parts = list(ast.walk(statement))
        raises = any(isinstance(part, ast.Raise) and not self.refuses(part) for part in parts)
        calls = [ast.unparse(part.func).rpartition(".")[2] for part in parts if isinstance(part, ast.Call)]
        exits = any(isinstance(part, (*EXITS, ast.Try, *DEFINITIONS)) for part in parts)
        return not (raises or exits or any(name in self.again for name in calls))

    def tail(self, block):
        """The statements at the end of a block from which there is no way but to a refusal."""
        last = next((k for k in reversed(range(len(block))) if self.refuses(block[k])), None)
        if last is None or not self.leads_on(block[last]):
            return []
        start = last
        while start > 0 and self.leads_on(block[start - 1]):
            start -= 1
        return block[start:]

    def only_refuses(self, block):
        """Whether all of a block leads to a refusal."""
        return bool(block) and len(self.tail(block)) == len(block)

    def find(self):
        """Note the spans of lines; then the functions that only they call, until there are no more."""
        for path, tree in self.trees.items():
            for part in ast.walk(tree):
                self.spans[path] += self.of(part)
        while True:
            found = [(path, f) for path, tree in self.trees.items() for f in tree.body if self.only_told(path, f)]
            if not found:
                return self
            for path, f in found:
                self.spans[path].append((f.lineno, f.end_lineno))

    def of(self, part):
        """The spans that begin at a part of a tree: ends of blocks, handlers, the last cases of a match."""
        if isinstance(part, DEFINITIONS) and part.name in self.makers:
            yield part.body[0].lineno, part.end_lineno
        if isinstance(part, ast.ExceptHandler):
            poisoned = part.type is not None and ast.unparse(part.type) == "Poisoned"  # its refusal is recorded
            if poisoned or self.only_refuses(part.body):
                yield part.lineno, part.end_lineno
        for field in ("body", "orelse", "finalbody"):
            block = getattr(part, field, None)
            tail = self.tail(block) if isinstance(block, list) else []
            if tail:
                yield tail[0].lineno, tail[-1].end_lineno
                yield from self.cases(block, len(block) - len(tail) - 1)

    def cases(self, block, before):
        """Where a match stands before what refuses: its last cases, if they do nothing else."""
        if before >= 0 and isinstance(block[before], ast.Match):
            for case in reversed(block[before].cases):
                if not self.only_refuses(case.body):
                    break
                yield case.pattern.lineno, case.body[-1].end_lineno

    def only_told(self, path, f):
        """Whether a function serves refusals alone: all that call it are in spans already."""
        if not isinstance(f, DEFINITIONS) or f.decorator_list or f.name in self.again or self.within(path, f.lineno):
            return False
        others = (path.stem, (path.stem, f.name))  # a module that takes all of this one, or the function
        used = [
            self.within(other, line)
            for other, line in self.used.get(f.name, ())
            if (other == path and not f.lineno <= line <= f.end_lineno)
            or (other != path and any(one in self.taken[other] for one in others))
        ]
        return bool(used) and all(used)

    def within(self, path, line):
        """Whether a line is in a span."""
        return any(low <= line <= high for low, high in self.spans[path])

    def blocks(self, paths):
        """The texts of all spans of some modules."""
        found = [(path, *span) for path in paths for span in self.spans[path]]
        return dict.fromkeys("\n".join(self.lines[path][low - 1 : high]) for path, low, high in found)


def imported(tree):
    """What a module takes from others: modules, and pairs of a module and a name of it."""
    found = {}
    for part in ast.walk(tree):
        if isinstance(part, ast.ImportFrom):
            module = (part.module or "").rpartition(".")[2]
            for alias in part.names:
                found |= {alias.name: None, (module, alias.name): None}
        elif isinstance(part, ast.Import):
            found |= {alias.name.rpartition(".")[2]: None for alias in part.names}
    return found


def patterns():
    """What coverage leaves out: regular expressions of lines, and of whole blocks."""
    texts = {path: path.read_text() for path in sorted((ROOT / "adgen").rglob("*.py"))}
    measured = [path for part in PARTS for path in sorted(ROOT.glob(part))]
    return [*REFUSES, *(rf"^{re.escape(block)}$" for block in Rule(texts).find().blocks(measured))]


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
