"""`python -m tests.fuzz.mutants -n 60 --seed 0`: does the fuzzer notice faults of the compiler?

Faults are made by mutation of the compiler's source, as it is: a statement is dropped, `add` becomes `set`, an
unbroadcast or a repeated index is lost, an order is lost, branches change places, a formula changes its sign.  Each is
compiled into a process of its own that runs programs of the fuzzer until one fails (or is refused, and was not before;
or is not made for Numba any more).
First come programs that reach the changed line, which a map of lines tells (`reach_lines`, made once for a state of the
compiler).  The log tells which were caught, by which seed, and which survived; EQUIVALENT names those that do no harm,
with the reason.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import json
import multiprocessing
import random
import resource
import sys
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from tests.fuzz import reach_lines

ROOT = Path(__file__).resolve().parents[2]
CHANGES = (
    "drop a statement",
    "another way to store",
    "lose a repeated index",
    "forget an unbroadcast",
    "swap then and else",
    "lose an order",
)
PLACES = (  # where faults are made, and which: to negate a guard of an optimisation only loses the optimisation
    ("adgen/transforms/*.py", CHANGES),
    ("adgen/frontend/lower*.py", CHANGES),
    ("adgen/optimise/*.py", CHANGES),
    ("adgen/rules/shapes.py", CHANGES),
    ("adgen/rules/formula.py", CHANGES),
    ("adgen/rules/operators.py", ("turn a sign",)),
    ("adgen/backend/sharing.py", CHANGES),
)
LOG = Path(__file__).with_name("mutants.json")
FORMULAS = ("1.0", "-1.0", "1.0 / b", "-a / (b * b)", "y_bar.T")
SECONDS = 120  # of the processor, for all programs of a mutant: what fails, fails early
HANGS = 60  # seconds of the processor on top, after which a program does not end
EVERY = 1_000_000  # programs: as many as there are
FEW = 40  # programs for a line that none reaches
FIRST = 3_000_000  # the seed of the first program
WORDED = ("Refusal", "Reject", "Diagnostic")  # what a function gives that words a refusal
WORDS = {"add": "set", "set": "add", "mul": "set"}


@dataclass(frozen=True)
class Mutant:
    """A fault: which file, function and line; what stands there, and what in its place; its kind."""

    file: str
    function: str
    line: int
    kind: str
    before: str
    after: str

    @property
    def key(self):
        return f"{self.file}::{self.function}: {self.before} -> {self.after}"


def mutations(node):
    """The ways to change one node: (kind, what replaces it)."""
    match node:
        case ast.IfExp(test, body, orelse):
            yield "swap then and else", ast.IfExp(test, orelse, body)
        case ast.If():
            changed = copy.copy(node)
            changed.test = ast.UnaryOp(ast.Not(), node.test)
            yield "swap then and else" if node.orelse else "negate a condition", changed
        case ast.Expr(ast.Call()):
            yield "drop a statement", ast.Pass()
        case ast.Assign([ast.Subscript() | ast.Attribute()], _) | ast.AugAssign():
            yield "drop a statement", ast.Pass()
        case ast.Call(ast.Name("reversed"), [inner]):
            yield "lose an order", ast.Call(ast.Name("list", ast.Load()), [inner], [])
        case ast.Call(ast.Attribute(_, "unbroadcast" | "cast"), args) if len(args) > 1:
            yield "forget an unbroadcast", args[1]
        case ast.Call(ast.Name("may_repeat"), _):
            yield "lose a repeated index", ast.Constant(False)
        case ast.Return(value) if value is not None and isinstance(value, ast.Call | ast.BoolOp | ast.Compare):
            yield "return nothing", ast.Return(ast.Constant(None))
        case ast.Call(ast.Attribute(_, "store"), [_, _, *rest]) if all(_is_word(part) for part in rest[:1]):
            changed = copy.copy(node)
            way = ast.Constant(WORDS[rest[0].value if rest else "set"])
            changed.args = [*node.args[:2], way, *rest[1:]]
            yield "another way to store", changed
        case ast.Compare(left, [ast.Eq() | ast.NotEq()], [right]) if _is_word(right) and "mode" in ast.unparse(left):
            changed = copy.copy(node)
            changed.comparators = [ast.Constant(WORDS[right.value])]
            yield "another way to store", changed
        case ast.Constant(str() as text) if text in FORMULAS:
            yield "turn a sign", ast.Constant(text[1:] if text[0] == "-" else "-" + text)
        case ast.For():
            changed = copy.copy(node)
            changed.body = [*node.body, ast.Break()]
            yield "only the first", changed


def _is_word(node):
    return isinstance(node, ast.Constant) and node.value in WORDS


class _Replace(ast.NodeTransformer):
    def __init__(self, place, other):
        self.place, self.other, self.seen = place, other, -1

    def generic_visit(self, node):
        self.seen += 1
        if self.seen == self.place:
            return ast.copy_location(copy.deepcopy(self.other), node)
        return super().generic_visit(node)


def _documentation(tree):
    """Nodes that say something and do nothing: docstrings, annotations, formulas that are only shown, refusals."""
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            found.update(map(id, ast.walk(body[0])))
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                found.update(map(id, ast.walk(part)))
        if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) in WORDED:
            found.update(map(id, ast.walk(node)))
        if isinstance(node, ast.keyword) and node.arg in ("shown", "doc"):
            found.update(map(id, ast.walk(node)))
        if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom | ast.Assert | ast.JoinedStr):
            found.update(map(id, ast.walk(node)))
    return found


def every(path):
    """Every mutant of a file, and the source of each."""
    text = (ROOT / path).read_text()
    tree = ast.parse(text)
    silent = _documentation(tree)
    order, names = [], {}

    class Walk(ast.NodeVisitor):
        """Nodes in the order in which they are replaced, and the function around each."""

        around = "module"

        def generic_visit(self, node):
            order.append(node)
            names[id(node)] = self.around
            before = self.around
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.around = node.name if before == "module" else f"{before}.{node.name}"
            super().generic_visit(node)
            self.around = before

        visit_Constant = generic_visit

    Walk().visit(tree)
    for place, node in enumerate(order):
        if id(node) in silent or names[id(node)] == "module" and not isinstance(node, ast.Constant):
            continue
        for kind, other in mutations(node):
            before, after = (ast.unparse(ast.fix_missing_locations(copy.deepcopy(part))) for part in (node, other))
            made = Mutant(path, names[id(node)], node.lineno, kind, _short(before), _short(after))
            yield made, place, other


def _short(text):
    first = text.splitlines()[0]
    return first if len(first) < 100 else first[:97] + "..."


def source(path, place, other):
    """The source of a file with one node replaced."""
    tree = ast.parse((ROOT / path).read_text())
    return ast.unparse(ast.fix_missing_locations(_Replace(place, other).visit(tree)))


def _compiles(row):
    """Whether it is Python: the call of a table cannot stand in a pattern, for one."""
    mutant, place, other = row
    try:
        compile(source(mutant.file, place, other), mutant.file, "exec")
    except SyntaxError:
        return False
    return True


def drawn(count, seed, only=""):
    """So many mutants, spread over kinds and files; of one file, if a part of its name is given."""
    chance = random.Random(seed)
    rows = {}
    for pattern, kinds in PLACES:
        for path in sorted(ROOT.glob(pattern)):
            for row in every(path.relative_to(ROOT).as_posix()):
                if row[0].kind in kinds and only in row[0].file:
                    rows.setdefault((path.parent.name, row[0].kind), []).append(row)
    chosen = []
    groups = sorted(rows)
    while len(chosen) < count and groups:
        group = chance.choice(groups)
        row = rows[group].pop(chance.randrange(len(rows[group])))
        if not rows[group]:
            groups.remove(group)
        chosen += [row] if _compiles(row) else []
    return chosen


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a text."""

    def __init__(self, name, text, path):
        self.name, self.text, self.path = name, text, path

    def find_spec(self, fullname, path, target=None):
        return importlib.util.spec_from_loader(fullname, self, origin=self.path) if fullname == self.name else None

    def exec_module(self, module):
        exec(compile(self.text, self.path, "exec"), module.__dict__)


def hunted(path, text, seeds, accepted, numba, results):
    """In a process of its own: import the compiler with the fault, run programs until one fails."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + HANGS, SECONDS + HANGS))
    name = path.removesuffix(".py").replace("/", ".")
    sys.meta_path.insert(0, _Finder(name, text, str(ROOT / path)))
    sys.setrecursionlimit(3000)
    try:
        from tests.fuzz.campaign import options
        from tests.fuzz.judge import judge
        from tests.fuzz.sweep import maker
    except Exception as error:
        results.put(("caught", -1, f"import: {type(error).__name__}: {error}"))
        return
    count = 0
    for count, seed in enumerate(seeds, 1):
        verdict = judge(maker(seed).program(), **{**options(seed), "verify": "each"})
        if verdict.failed or (verdict.kind == "refused" and seed in accepted):
            results.put(("caught", seed, f"{verdict.kind}: {verdict.message[:120]}"))
            return
        if verdict.numba is False and seed in numba:
            results.put(("caught", seed, "refused: it is not made for Numba any more"))
            return
        if time.process_time() > SECONDS:
            break
    results.put(("survived", -1, f"{count} programs"))


def tried(row, seeds, accepted=frozenset(), numba=frozenset()):
    """What becomes of a mutant; a fault that keeps the compiler from coming to an end is noticed, too."""
    mutant, place, other = row
    results = multiprocessing.get_context("fork").SimpleQueue()
    given = (mutant.file, source(mutant.file, place, other), seeds, accepted, numba, results)
    process = multiprocessing.get_context("fork").Process(target=hunted, args=given)
    process.start()
    while process.is_alive() and results.empty():
        process.join(0.02)
    found = results.get() if not results.empty() else ("caught", -1, "it does not end, or ends the process")
    process.kill()
    process.join()
    return found


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.mutants", description=__doc__)
    parser.add_argument("-n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programs", type=int, default=300, help="programs for a mutant (up to twice as many)")
    parser.add_argument("--mapped", type=int, default=240, help="programs of the map of lines; 0: no map")
    parser.add_argument("--file", default="", help="only files whose names contain this")
    parser.add_argument("--again", action="store_true", help="the survivors of the log once more, with all programs")
    parser.add_argument("--log", type=Path, default=LOG)
    given = parser.parse_args()
    found = reach_lines.at_hand(given.mapped, FIRST)
    if given.again:
        rows = [_once_more(row, found) for row in json.loads(given.log.read_text())["mutants"]]
    else:
        rows = [_judged(row, given.programs, found) for row in drawn(given.n, given.seed, given.file)]
    counts = {word: sum(row["verdict"] == word for row in rows) for word in ("caught", "survived", "equivalent")}
    share = counts["caught"] / max(counts["caught"] + counts["survived"], 1)
    print(f"{counts}, {100.0 * share:.1f} % of the faults caught")
    given.log.write_text(json.dumps({"seed": given.seed, **counts, "mutants": rows}, indent=1) + "\n")


def _once_more(old, found):
    """A line of the log: a survivor is judged by all programs that reach the line, or by all there are."""
    mutant = Mutant(**{field.name: old[field.name] for field in fields(Mutant)})
    if old["verdict"] != "survived":
        return old
    same = [row for row in every(mutant.file) if (row[0].key, row[0].kind) == (mutant.key, mutant.kind)]
    if not same:
        return {**old, "verdict": "gone", "message": "the line has changed since"}
    return _judged(min(same, key=lambda row: abs(row[0].line - mutant.line)), EVERY, found)  # lines move


def _judged(row, programs, found):
    """A line of the log: a mutant and what became of it."""
    mutant = row[0]
    reaching = found.seeds(mutant.file, mutant.line)
    seeds = reaching
    if mutant.function == "module" or len(reaching) >= reach_lines.KEPT:  # a table; a line that nearly all reach
        seeds = [*reaching, *(seed for seed in found.accepted if seed not in reaching)]
    elif not reaching:  # read when the compiler is imported, or not at all
        seeds = found.accepted[:FEW]
    seeds = seeds or [*range(FIRST, FIRST + min(programs, FEW))]  # without a map
    step = max(len(seeds) // max(programs, 1), 1)
    verdict, seed, message = tried(row, seeds[::-step], frozenset(found.accepted), frozenset(found.numba))
    reason = EQUIVALENT.get(mutant.key)
    if verdict == "survived" and reason:
        verdict, message = "equivalent", reason
    told = f"{mutant.file}:{mutant.line} {mutant.function}: {mutant.kind}: {mutant.before} -> {mutant.after}"
    print(f"{verdict:10} reached by {len(reaching)} {told}   {message[:100]}", flush=True)
    reached = {"reached": len(reaching)}
    return {**asdict(mutant), **reached, "verdict": verdict, "seed": seed, "message": message}


PRECISION = "the precision of what is added up on the way; what is handed to the caller is cast"
ONE = "a reverse block mirrors one forward block at most, and no other block around it does: any order finds it"
NEW_AXES = "np.expand_dims(g, axis) is written as it is, not as g[:, None]; its axes are always known"
EQUIVALENT = {  # key of a mutant that does no harm -> why
    "adgen/optimise/fold.py::_is_slot: base.content if isinstance(base, Ref) else base -> "
    "base if isinstance(base, Ref) else base.content": "every view counts as a place in a list: less is folded",
    "adgen/transforms/reverse.py::_index: shapes.cast(env.builder, shapes.unbroadcast(env.builder, whole, base), base) "
    "-> shapes.unbroadcast(env.builder, whole, base)": (
        "the adjoint of a single number is of its precision where it is added up, or handed to the caller"
    ),
    "adgen/transforms/saves_notes.py::_wrapped: text if strength >= at_least else f'({text})' -> "
    "f'({text})' if strength >= at_least else text": "what `adgen explain` says of bytes, nothing that is computed",
    "adgen/optimise/rewrite.py::live_uses: found[operand] = [user for user in found[operand] if user is not op] -> "
    "pass": ("dead derivative code counts as a reader: less is rewritten, until it is removed"),
    "adgen/optimise/fold.py::_Branches._equal: self.defs[literal.result] = literal -> pass": (
        "the literal is not known as one in this round: less is folded"
    ),
    "adgen/backend/sharing.py::share: out.memory.solve() -> pass": (
        "what a copy makes independent is not told at once: more is copied than needs to be"
    ),
    "adgen/backend/sharing.py::share: out.inplace[op] = None -> pass": "`x = x + e` for `x += e`: the same numbers",
    "adgen/backend/sharing.py::_Finder._is_list: ref.content if isinstance(ref, Ref) else ref -> "
    "ref if isinstance(ref, Ref) else ref.content": "all memory counts as a list's: what it keeps is copied more often",
    "adgen/frontend/lower_choices.py::pick: reversed(low.b.ops) -> list(low.b.ops)": (
        "a value is made by one operation, which is found from either end"
    ),
    "adgen/optimise/accumulate.py::_Join._partner: op.attrs['mode'] == 'set' -> op.attrs['mode'] == 'add'": (
        "both writes fill the same place whole (_writes_all), so that their contents are of its type: `same` is true"
    ),
    "adgen/optimise/dead_code.py::_Marks._visit: self._keep(loop) -> pass": (
        "a parameter is needed by an operation in the loop, which keeps what it stands in, or by the loop's own slots"
    ),
    "adgen/optimise/last_pass.py::_LastPass._feeding: reversed(body.ops) -> list(body.ops)": (
        "only the last operation is found: less goes under `if i != 0`, the rest is computed ahead of it as ever"
    ),
    "adgen/transforms/reverse_calls.py::reverse_call: f'{v.hint}_bar' if v.hint else '' -> "
    "'' if v.hint else f'{v.hint}_bar'": "the name of an adjoint, nothing else",
    "adgen/transforms/saves_build.py::_Saver.__init__: f'{item.value.hint}_saved' if item.value.hint else 'saved' -> "
    "'saved' if item.value.hint else f'{item.value.hint}_saved'": "the name of a tape, which is made unique anyway",
    "adgen/optimise/tape_loops.py::_TapeLoops._key: self.made.get(users[0].operands[0]) if users[0].kind == 'index' "
    "else None -> None if users[0].kind == 'index' else self.made.get(users[0].operands[0])": (
        "only `index` reads keys: `for key in reversed(keys)` is not written, the loop over places is the same"
    ),
    "adgen/optimise/merge_tapes.py::_clusters: [cluster] if len(cluster) > 1 else [] -> "
    "[] if len(cluster) > 1 else [cluster]": "which tapes are joined into one of tuples, not what is on them",
    "adgen/optimise/refill.py::_Refill._increases: op.attrs['mode'] != 'add' -> op.attrs['mode'] != 'set'": (
        "zeros that the next write sets anyway are dropped, those that it adds to are kept"
    ),
    "adgen/optimise/refill.py::_Refill._clears: op.attrs['mode'] != 'set' -> op.attrs['mode'] != 'add'": (
        "a literal zero is never added (it is no contribution): the pass finds nothing, zeros stay written out"
    ),
    "adgen/transforms/saves_build.py::_called: f'`{value.hint}`' if value.hint else 'a temporary' -> "
    "'a temporary' if value.hint else f'`{value.hint}`'": "the words of a note that `explain` shows",
    "adgen/frontend/lower_recursion.py::call: place[-1] if place[0] == 'see' else one.name -> "
    "one.name if place[0] == 'see' else place[-1]": "what a refusal calls it: the place is known already",
    "adgen/backend/sharing.py::_Finder.copy_one: self.memory.fresh[held] = None -> pass": (
        "what is copied still counts as sharing memory: more is copied, less is done in place"
    ),
    "adgen/backend/sharing.py::_Finder.__init__: self.variables.setdefault(home, []).append(value) -> pass": (
        "a variable is that of a loop's parameter, which may share all that the loop's result may"
    ),
    "adgen/optimise/axes.py::new_axes: [axis] if isinstance(axis, int) else list(axis) if isinstance(axis, tuple) "
    "else [] -> (list(axis) if isinstance(axis, tuple) else []) if isinstance(axis, int) else [axis]": NEW_AXES,
    "adgen/optimise/axes.py::new_axes: statics.get('axis') if isinstance(statics, Mapping) else None -> "
    "None if isinstance(statics, Mapping) else statics.get('axis')": NEW_AXES,
    "adgen/optimise/set_once.py::_Facts._site: store.attrs['mode'] != 'set' -> store.attrs['mode'] != 'add'": (
        "slots that hold sums of what they held stay as they are written: an increment is never of that form"
    ),
    "adgen/optimise/axes.py::new_axes: list(axis) if isinstance(axis, tuple) else [] -> "
    "[] if isinstance(axis, tuple) else list(axis)": NEW_AXES,
    "adgen/transforms/saves_facts.py::Decisions.mirror: reversed(chain) -> list(chain)": ONE,
    "adgen/transforms/saves_facts.py::Decisions.index_of: reversed(chain) -> list(chain)": ONE,
    "adgen/transforms/saves_facts.py::Decisions.twin: reversed(params) -> list(params)": (
        "of several parameters of one type, size for size, another one lends its shape to np.zeros_like"
    ),
    "adgen/transforms/saves_facts.py::Decisions._mirrored: reversed(use.chain) -> list(use.chain)": (
        "the save is made further out, with its tape and its reading: more is saved than is read"
    ),
    "adgen/transforms/saves_facts.py::Decisions._mirrored: reversed(self.plan.mirrors.get(block, ())) -> "
    "list(self.plan.mirrors.get(block, ()))": ONE,
    "adgen/transforms/reverse.py::_listing: shapes.cast(env.builder, env.builder.load(slot), item) -> "
    "env.builder.load(slot)": "`acc` itself casts what is of an open precision; what is of no known kind is never cast",
    "adgen/transforms/saves_facts.py::Decisions.popped: reversed(use.chain) -> list(use.chain)": ONE,
    "adgen/frontend/lower_loops.py::go_on: low.frame.statement = s -> pass": (
        "what is lowered next is a statement, and says so itself"
    ),
    "adgen/frontend/lower_recursion.py::recursive: low.unrolled += nested -> pass": (
        "how many copies are tried before a refusal"
    ),
    "adgen/frontend/lower_control.py::run: low.b.span = low.span(s) -> pass": (
        "where an operation stands in the text, for comments and messages"
    ),
    "adgen/transforms/reverse_stores.py::reverse_store: shapes.cast(env.builder, "
    "shapes.unbroadcast(env.builder, taken, content), content) -> shapes.unbroadcast(env.builder, taken, "
    "content)": PRECISION,
    "adgen/optimise/twin_tapes.py::twin_tapes: twins.func(func) if twins.kept else func -> func if "
    "twins.kept else twins.func(func)": "where twins are found they stay two tapes; where none are, nothing is rebuilt",
    "adgen/transforms/saves_live.py::Marks._scan: reversed(ops) -> list(ops)": (
        "a fixed point, which is reached in either order"
    ),
    "adgen/transforms/saves.py::_lists: reversed(use.chain) -> list(use.chain)": ONE,
    "adgen/optimise/slots.py::_increases: op.attrs['mode'] == 'add' -> op.attrs['mode'] == 'set'": (
        "what is added to zeros stays an addition"
    ),
    "adgen/optimise/last_pass.py::_LastPass._feeding: wanted.update(op.operands) -> pass": (
        "only the last operation is found: less goes under `if i != 0`, the rest is computed ahead of it as ever"
    ),
    "adgen/transforms/saves_build.py::_Saver._region: reversed(self.found.plan.mirrors.get(region, ())) -> "
    "list(self.found.plan.mirrors.get(region, ()))": ONE,
}


if __name__ == "__main__":
    main()
