"""The command line: `adgen compile | show | explain | check | rules | passes | cache`.

    $ adgen compile examples/digits.py
    wrote generated/digits/loss_value_and_grad.py

Options are parsed and results printed here; what is done is in `commands` and `inspecting`.  Exit status: 0 fine, 1 a
file would change (`--check`), 2 usage, 3 cannot be differentiated, 4 a check found a mismatch, 123 internal error.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import os
import sys
import tokenize
import traceback
from collections.abc import Callable, Sequence
from keyword import iskeyword
from pathlib import Path

from adgen import checking, commands, compiling, entries, inspecting, inventory, syntax, userrules
from adgen.commands import Job, Options, Outcome
from adgen.errors import AdgenError, InternalError, Refusal
from adgen.project import UsageError

FINE, WOULD_CHANGE, USAGE, REFUSED, MISMATCH, INTERNAL = 0, 1, 2, 3, 4, 123


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is returned (and is the process's, for the console script)."""
    options = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except UsageError as problem:
        _say(f"adgen: {problem}")
        return USAGE
    except Refusal as refusal:
        _say(str(refusal))
        return REFUSED
    except InternalError as defect:
        _say(f"adgen: internal error: {defect}")
        return INTERNAL
    except AdgenError as problem:
        _say(f"adgen: {problem}")
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as problem:
        if problem.filename is None:
            _say_defect(problem)
            return INTERNAL
        _say(f"adgen: {problem.filename}: {problem.strerror}")
        return USAGE
    except Exception as defect:
        _say_defect(defect)
        return INTERNAL


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _say_defect(defect: Exception) -> None:
    """A defect of adgen as one message; the traceback only on request."""
    frame = traceback.extract_tb(defect.__traceback__)[-1]
    _say(f"adgen: internal error: {type(defect).__name__}: {defect} ({Path(frame.filename).name}:{frame.lineno})")
    _say("This is a defect of adgen. ADGEN_TRACEBACK=1 shows the whole traceback.")
    if os.environ.get("ADGEN_TRACEBACK"):
        traceback.print_exception(defect)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="adgen", description="Derivatives of plain Python and NumPy, as Python files.")
    groups = top.add_subparsers(required=True, metavar="COMMAND")

    sub = groups.add_parser("compile", help="write derivative files; never imports or runs your code")
    sub.add_argument("target", nargs="+", metavar="FILE[::func ...]", help="or a folder: all files in it")
    _add_request(sub)
    sub.add_argument("-o", dest="folder", metavar="DIR", help="folder for the files (default: generated)")
    sub.add_argument("--name", default="", help="name of the file, without .py")
    sub.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    sub.add_argument("--diff", action="store_true", help="write nothing; show how the files would change")
    sub.add_argument("--json", action="store_true", help="report as JSON")
    sub.add_argument("--dump-passes", metavar="DIR", help="write the program after each pass")
    sub.add_argument("--dump-diff", action="store_true", help="with --dump-passes: only what each pass changed")
    sub.add_argument("--time-passes", action="store_true", help="print the time that each pass takes")
    sub.set_defaults(run=_compile)

    sub = groups.add_parser("show", help="print the derivative of one function")
    sub.add_argument("target", metavar="FILE::func")
    sub.add_argument("--header", action="store_true", help="with the docstring that the file would begin with")
    _add_request(sub)
    sub.set_defaults(run=_show)

    sub = groups.add_parser("explain", help="why each line is active, saved, recomputed")
    sub.add_argument("target", metavar="FILE::func")
    sub.add_argument("--json", action="store_true")
    _add_request(sub)
    sub.set_defaults(run=_explain)

    sub = groups.add_parser("check", help="compare with differences; imports and runs the file")
    sub.add_argument("target", metavar="FILE::func")
    sub.add_argument("--seed", type=int, default=0, help="for inputs(seed), or for random arguments")
    sub.add_argument("--json", action="store_true")
    _add_request(sub)
    sub.set_defaults(run=_check)

    sub = groups.add_parser("rules", help="the functions that have a derivative rule")
    sub.add_argument(
        "--missing",
        metavar="MODULE",
        help="public names of numpy, math .. by class; those unknown",
    )
    sub.add_argument("--syntax", action="store_true", help="every class of Python's syntax: right, or refused")
    sub.add_argument("--how", action="store_true", help="how to declare the derivative of a function of your own")
    sub.add_argument("--json", action="store_true")
    sub.set_defaults(run=_rules)

    sub = groups.add_parser("passes", help="the passes in order, each with its reason")
    sub.add_argument("--json", action="store_true")
    sub.set_defaults(run=_passes)

    sub = groups.add_parser("cache", help="the per-user cache of decorators")
    sub.add_argument("action", choices=("dir", "list", "clear"))
    sub.add_argument("--json", action="store_true")
    sub.set_defaults(run=_cache)
    return top


def _add_request(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--mode", choices=(*entries.WORDS, *entries.MODES), help="default: as in the file, else reverse")
    sub.add_argument("--wrt", type=_names, metavar="a,b", help="parameters to differentiate by (default: all that can)")
    sub.add_argument("--types", metavar="TEXT", help='types of parameters, as in "u: f8[n], c: float, nt: int"')
    sub.add_argument("--backend", choices=entries.BACKENDS, help="what the code runs on (default: as in the file)")
    sub.add_argument("--style", choices=entries.STYLES, help="textbook: a statement for each adjoint (default: expert)")
    sub.add_argument("--verify", choices=("each", "end", "off"), default="", help="check the program after passes")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(name.isidentifier() for name in names) or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of different names")
    return names


def _options(args: argparse.Namespace) -> Options:
    folder = getattr(args, "folder", None)
    name, place = getattr(args, "name", ""), Path(folder) if folder else None
    return Options(args.mode, args.wrt, args.types, name, place, args.verify, args.backend, args.style)


# ------------------------------------------------------------------------------------------------ compile


def _compile(args: argparse.Namespace) -> int:
    options = _options(args)
    jobs = commands.gather(args.target, options)
    report: list[dict[str, object]] = []
    status = FINE
    for job in jobs:
        try:
            outcome = commands.run(job, options, _dump(job, args.dump_passes, args.dump_diff))
            compiling.confirm(outcome)
        except Refusal as refusal:
            _say(str(refusal))
            status = REFUSED
            report.append({"function": job.title, "status": "refused", "errors": inspecting.records(refusal)})
            continue
        for name, seconds in outcome.generated.times if args.time_passes else ():
            _say(f"{1000.0 * seconds:8.2f} ms  {job.file.stem}: {name}")
        word = _settle(outcome, args)
        if args.check and word != "unchanged" and status == FINE:
            status = WOULD_CHANGE
        report.append({"function": job.title, "file": commands.shown(job.file), "status": word})
        if not args.json and not (args.diff and word == "unchanged"):
            print(f"{word} {commands.shown(job.file)}", file=sys.stderr if args.diff else sys.stdout)
    if args.json:
        print(json.dumps(report, indent=2))
    return status


def _settle(outcome: Outcome, args: argparse.Namespace) -> str:
    """Write the file or show the difference; what became of it in a word."""
    if args.diff:
        sys.stdout.write(outcome.diff())
    if outcome.current:
        return "unchanged"
    if args.check or args.diff:
        return "missing" if outcome.before is None else "out of date"
    commands.write(outcome)
    return "wrote"


def _dump(job: Job, folder: str | None, changes: bool) -> commands.Dump | None:
    """A receiver of dumps that writes numbered files: the program, or how it differs from that of the pass before."""
    if not folder:
        return None
    place = Path(folder) / job.file.stem
    place.mkdir(parents=True, exist_ok=True)

    before: list[str] = []

    def dump(number: int, name: str, text: str) -> None:
        lines = text.splitlines(keepends=True)
        shown = list(difflib.unified_diff(before, lines, n=1))[2:] if changes and number else lines
        before[:] = lines
        (place / f"{number:02d}_{name}.txt").write_text("".join(shown), encoding="utf-8")

    return dump


# ------------------------------------------------------------------------------------------------ show, explain, check


def _show(args: argparse.Namespace) -> int:
    options = _options(args)
    for job in commands.named(args.target, options, first=True):
        text = commands.run(job, options).generated.text
        text = text if args.header else inspecting.without_header(text)
        sys.stdout.write(highlighted(text) if sys.stdout.isatty() else text)
        vague = commands.vague(job)
        if vague:
            _say(f'Not all is known of {", ".join(vague)}; --types "{vague[0]}: f8[n]" (say) would shorten the code.')
    return FINE


def _explain(args: argparse.Namespace) -> int:
    options = _options(args)
    for job in commands.named(args.target, options, first=True):
        lines = commands.run(job, options).generated.explain
        if args.json:
            print(json.dumps({"function": job.title, "mode": job.request.mode, "lines": list(lines)}, indent=2))
        else:
            print(f"{job.title}, {job.request.mode} by {', '.join(job.request.wrt)}")
            print("\n".join(lines))
    return FINE


def _check(args: argparse.Namespace) -> int:
    options = _options(args)
    path, _ = commands.split_target(args.target)
    _say(f"adgen check imports and runs {path}")
    status = FINE
    for job in commands.named(args.target, options):
        rows = checking.check(job, path, args.seed)
        bad = [row for row in rows if not row.fine]
        status = MISMATCH if bad else status
        if args.json:
            print(json.dumps({"function": job.title, "checks": [row._asdict() for row in rows]}, indent=2))
            continue
        for row in rows:
            word = "ok      " if row.fine else "MISMATCH"
            print(f"{word}  {row.what}: relative error {row.error:.1e} (limit {row.limit:.0e})")
    return status


def highlighted(text: str) -> str:
    """Python text with colours for a terminal: keywords, comments, texts, numbers."""
    colours = {tokenize.COMMENT: "32", tokenize.STRING: "33", tokenize.NUMBER: "36"}
    out, line, col = [], 1, 0
    rows = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        colour = "34" if token.type == tokenize.NAME and iskeyword(token.string) else colours.get(token.type)
        if colour is None or not token.string:
            continue
        out += _between(rows, (line, col), token.start)
        out.append(f"\x1b[{colour}m{token.string}\x1b[0m")
        line, col = token.end
    out += _between(rows, (line, col), (len(rows) + 1, 0))
    return "".join(out)


def _between(rows: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    if start[0] == end[0]:
        return [rows[start[0] - 1][start[1] : end[1]]]
    first = rows[start[0] - 1 : start[0]]
    last = rows[end[0] - 1 : end[0]]
    return [row[start[1] :] for row in first] + list(rows[start[0] : end[0] - 1]) + [row[: end[1]] for row in last]


# ------------------------------------------------------------------------------------------------ tables


def _rules(args: argparse.Namespace) -> int:
    if args.missing:
        return _missing(args)
    if args.syntax:
        return _syntax(args)
    if args.how:
        print(userrules.how())
        return FINE
    rows = inspecting.rules()
    if args.json:
        print(json.dumps([row._asdict() for row in rows], indent=2))
        return FINE
    for row in rows:
        kinks = f"  [{row.kinks}]" if row.kinks else ""
        print(f"{row.name:24s} {row.kind:12s} {row.derivative}{kinks}".rstrip())
    _say(f"{len(rows)} rules")
    return FINE


def _syntax(args: argparse.Namespace) -> int:
    """The syntax matrix."""
    if args.json:
        print(json.dumps([{**row._asdict(), "but": dict(row.but)} for row in syntax.ROWS], indent=2))
        return FINE
    for row in syntax.ROWS:
        print(f"{row.node:18s} {syntax.told(row):44s} {' | '.join(row.text.splitlines())}".rstrip())
    return FINE


def _missing(args: argparse.Namespace) -> int:
    """How many public names are in which class, and those of which nothing is known."""
    entries = inventory.walk(args.missing)
    unknown = [entry.name for entry in entries if entry.kind == "unknown"]
    if args.json:
        listed = [entry._asdict() for entry in entries]
        print(json.dumps({"counts": inventory.counts(entries), "unknown": unknown, "names": listed}, indent=2))
        return FINE
    print(f"{args.missing}: {len(entries)} public names")
    for kind, number in inventory.counts(entries).items():
        print(f"{number:5d} {kind}")
    print("\n".join(unknown) if unknown else "none is unknown")
    return FINE


def _passes(args: argparse.Namespace) -> int:
    rows = inspecting.passes()
    if args.json:
        print(json.dumps([row._asdict() for row in rows], indent=2))
        return FINE
    for number, row in enumerate(rows, 1):
        print(f"{number:2d} {row.name:20s} {row.why}")
    return FINE


def _cache(args: argparse.Namespace) -> int:
    found = inspecting.cache(args.action)
    print(json.dumps(found, indent=2) if args.json else "\n".join(found))
    return FINE


if __name__ == "__main__":
    sys.exit(main())
