"""What the command line does, as functions that return results; `cli` parses options before and prints after.

    adgen compile heat.py::heat --wrt u

finds the function without importing its file, settles mode, wrt and types, and yields one `Job`; `run` makes of it an
`Outcome`: the text, the file that it belongs to, and whether the file that is there says the same.
"""

from __future__ import annotations

import difflib
import os
import shlex
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adgen import signature
from adgen.backend.format import format_text
from adgen.entries import Entry, check_name, entry_of, mode_of
from adgen.errors import Diagnostic, SourceError
from adgen.frontend import resolve
from adgen.frontend.bindings import Binding, FunctionSource, Literal
from adgen.frontend.whole_numbers import integers
from adgen.ir.types import BOOL, FLOAT, INT, UNKNOWN, Array, Static, Type, Unknown, is_active_type
from adgen.pipeline import Generated, Request, generate
from adgen.project import Project, UsageError, find

NO_FUNCTION = "E0208"  # of resolve.from_file


@dataclass(frozen=True)
class Options:
    """What the command line may say about a derivative; None and "" mean not said."""

    mode: str | None = None
    wrt: tuple[str, ...] | None = None
    types: str | None = None
    name: str = ""
    folder: Path | None = None
    verify: str = ""
    backend: str | None = None
    style: str | None = None


@dataclass(frozen=True)
class Job:
    """One derivative to be generated, and the file for it; `title` is `path::qualname` as the user writes it."""

    title: str
    source: FunctionSource
    request: Request
    types: Mapping[str, Type]
    file: Path
    command: str

    @property
    def order(self) -> int:
        """1, or 2 for a derivative of a derivative."""
        return 1 if self.title.endswith("::" + self.source.qualname) else 2


@dataclass(frozen=True)
class Outcome:
    """A job done: what was generated, and what the file held before (None: there was none)."""

    job: Job
    generated: Generated
    before: str | None

    @property
    def current(self) -> bool:
        """Whether the file is up to date, after formatting both texts with the black that is installed."""
        if self.before is None:
            return False
        same: bool = self.before == self.generated.text or format_text(self.before) == format_text(self.generated.text)
        return same

    def diff(self) -> str:
        """How the file would change, as a unified diff."""
        name = shown(self.job.file)
        old, new = (self.before or "").splitlines(keepends=True), self.generated.text.splitlines(keepends=True)
        return "".join(difflib.unified_diff(old, new, f"{name} (as it is)", f"{name} (as it would be)"))


def shown(path: Path) -> str:
    """A path as messages show it: from the working directory if it lies there."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def split_target(text: str) -> tuple[Path, list[str]]:
    """`FILE::f::g` as a path and names; the file has to exist."""
    head, *names = text.split("::")
    path = Path(head)
    if not path.is_file():
        raise UsageError(f"there is no file {head}")
    if any(not name for name in names):
        raise UsageError(f"{text}: an empty name after ::")
    return path, names


def jobs(target: str, options: Options) -> list[Job]:
    """All jobs of `FILE[::func ...]`: what is named, else what the file and the settings ask for."""
    path, names = split_target(target)
    project = find(path)
    where = project.where(path)
    asked: list[tuple[Path, str, Entry]] = []
    wanted = _entries(path, where, project)
    for file, qualname in [(path, name) for name in names] or [*dict.fromkeys((p, q) for p, q, _ in wanted)]:
        entries = [entry for p, q, entry in wanted if (p, q) == (file, qualname)]
        asked += [(file, qualname, entry) for entry in _chosen(entries, options)]
    if not asked:
        raise UsageError(
            f"{target}: nothing to compile: no function carries an adgen decorator or is passed to an adgen transform "
            f"at module level; name one, as in {target}::f"
        )
    return [_job(file, qualname, entry, project, options) for file, qualname, entry in asked]


def named(target: str, options: Options, first: bool = False) -> list[Job]:
    """The jobs of `FILE::func`, which has to name a function; only the first of each if asked."""
    path, names = split_target(target)
    if not names:
        raise UsageError(f"{target}: name a function, as in {target}::f")
    made = jobs(target, options)
    return [min((j for j in made if j.title == t), key=lambda j: j.order) for t in _titles(made)] if first else made


def _titles(made: Sequence[Job]) -> list[str]:
    return list(dict.fromkeys(job.title for job in made))


def gather(targets: Sequence[str], options: Options) -> list[Job]:
    """The jobs of several targets; a folder stands for its files, those without derivatives left out."""
    check_name(options.name)
    made: list[Job] = []
    for target in targets:
        found = [job for file in _files(Path(target)) for job in jobs(file, options)] if Path(target).is_dir() else None
        if found == []:
            raise UsageError(f"{target}: nothing to compile in this folder")
        made += jobs(target, options) if found is None else found
    if options.name and len(made) > 1:
        raise UsageError(f"--name is for one derivative; here are {len(made)}")
    no_clash(made)
    return made


def _files(folder: Path) -> list[str]:
    """The files under a folder that ask for derivatives; generated and hidden ones are passed over."""
    project = find(folder)
    out: list[str] = []
    broken: list[Diagnostic] = []
    for path in sorted(folder.rglob("*.py")):
        inner = path.relative_to(folder).parts
        generated = path.resolve().is_relative_to(project.root / project.output)
        if path.is_file() and not generated and not any(part.startswith(".") for part in inner):
            try:
                out += [str(path)] if _entries(path, project.where(path), project) else []
            except SourceError as error:  # all files with errors are told together
                broken += [d for d in error.diagnostics if d not in broken]
    if broken:
        raise SourceError(broken)
    return out


def _entries(path: Path, where: str, project: Project) -> list[tuple[Path, str, Entry]]:
    """What the file and the settings ask for: the function's file, its name, the derivative."""
    found: list[tuple[Path, str, Entry]] = []
    for target in resolve.targets(str(path)):
        own = target.path in (str(path), where)
        found.append((path if own else project.root / target.path, target.qualname, _entry(target)))
    for key, rows in project.derivatives.items():
        file, _, qualname = key.partition("::")
        if file == where:
            found += [(path, qualname, entry_of(row)) for row in rows]
    return list(dict.fromkeys(found))


def _entry(target: resolve.Target) -> Entry:
    inner = _entry(target.inner) if target.inner is not None else None
    return Entry(target.mode, target.wrt, "", target.said, target.single, target.has_aux, inner, target.backend)


def _chosen(entries: Sequence[Entry], options: Options) -> list[Entry]:
    """The file's entries unless the options say otherwise; an option replaces its part of each."""
    mode = mode_of(options.mode) if options.mode else None
    kept = [entry for entry in entries if mode in (None, entry.mode)] or [Entry(mode or "grad")]
    if options.wrt is not None:
        kept = [entry._replace(wrt=options.wrt, said=True, single=len(options.wrt) == 1) for entry in kept]
    if options.backend is not None:
        kept = [entry._replace(backend=options.backend) for entry in kept]
    if options.style is not None:
        kept = [entry._replace(style=options.style) for entry in kept]
    if any(entry.backend != "numpy" and entry.style != "expert" for entry in kept):
        raise UsageError("--style textbook is for reading: it has no form for Numba")
    return list(dict.fromkeys(entry._replace(name=options.name or entry.name) for entry in kept))


def _job(path: Path, qualname: str, entry: Entry, project: Project, options: Options) -> Job:
    where = project.where(path)
    source = _source(path, qualname)
    types = types_of(source, options.types or project.types.get(f"{where}::{qualname}", ""))
    request = _request(source, types, entry)
    named = entry.wrt if entry.said else ()
    file = project.file(where, qualname, entry.modes, named, options.folder, entry.name, entry.kind)
    command = _command(where, qualname, options)
    if entry.inner is not None:
        source = _derived(source, types, entry.inner, command)
    return Job(f"{where}::{qualname}", source, request, types, file, command)


def _source(path: Path, qualname: str) -> FunctionSource:
    """A wrong name is a matter of the command, everything else of the file."""
    try:
        return resolve.from_file(str(path), qualname)
    except SourceError as problem:
        if problem.diagnostics[0].code == NO_FUNCTION:
            raise UsageError(str(problem)) from None
        raise


def _request(source: FunctionSource, types: Mapping[str, Type], entry: Entry) -> Request:
    title = f"{source.where}::{source.qualname}"
    wrong = [name for name in entry.wrt if name not in source.params]
    if wrong:
        raise UsageError(f"{title} has no parameter {wrong[0]!r}; it has {', '.join(source.params)}")
    own = source.params[:1] if "." in source.qualname and source.params[:1] in (("self",), ("cls",)) else ()
    wrt = entry.wrt or tuple(name for name in source.params if is_active_type(types[name]) and name not in own)
    if not wrt:
        raise UsageError(f"{title} has no parameter of a float type: nothing to differentiate by")
    single = entry.single if entry.wrt else len(wrt) == 1
    return Request(entry.mode, wrt, single, entry.has_aux, backend=entry.backend, style=entry.style)


def _derived(source: FunctionSource, types: Mapping[str, Type], entry: Entry, command: str) -> FunctionSource:
    """The source of a derivative, to be differentiated again: generated text is accepted as input."""
    if entry.inner is not None:
        source = _derived(source, types, entry.inner, command)
    made = generate(source, types, replace(_request(source, types, entry), backend="numpy"), command=command)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "derivative.py"
        file.write_text(made.text, encoding="utf-8")
        found = resolve.from_file(str(file), made.name)
    return replace(found, path=source.path, where=source.where)


def _command(where: str, qualname: str, options: Options) -> str:
    """The command that makes the file again, for its header."""
    words = ["adgen", "compile", f"{where}::{qualname}"]
    said = (("--mode", options.mode), ("--wrt", ",".join(options.wrt or ())), ("--types", options.types))
    for option, value in (*said, ("--backend", options.backend), ("--style", options.style)):
        words += [option, value] if value else []
    return shlex.join(words + (["--name", options.name] if options.name else []))


def types_of(source: FunctionSource, text: str) -> dict[str, Type]:
    """The type of each parameter: from the text, the annotation, the default, its use, else unknown."""
    given = signature.parse(text) if text else {}
    wrong = [name for name in given if name not in source.params]
    if wrong:
        raise UsageError(f"types: {source.qualname} has no parameter {wrong[0]!r}; it has {', '.join(source.params)}")
    annotations = source.annotations
    found: dict[str, Type] = {}
    for name in source.params:
        if name in given:
            found[name] = given[name]
        elif name in annotations:
            found[name] = signature.from_annotation(annotations[name])
        else:
            found[name] = _of_default(source.defaults.get(name))
    whole = integers(source)
    return {name: INT if type_ == UNKNOWN and name in whole else type_ for name, type_ in found.items()}


def _of_default(default: Binding | None) -> Type:
    if not isinstance(default, Literal):
        return UNKNOWN
    match default.value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case None | str():
            return Static(default.value)
    return UNKNOWN


def vague(job: Job) -> list[str]:
    """Parameters about which more could be known, so that the generated code would be shorter."""
    return [name for name, type_ in job.types.items() if _is_vague(type_)]


def _is_vague(type_: Type) -> bool:
    if isinstance(type_, Array):
        return type_.dtype is None or type_.shape is None or None in type_.shape
    return isinstance(type_, Unknown)


def no_clash(made: Sequence[Job]) -> None:
    """Refuse two derivatives in one file, and a file that is not of the same function."""
    seen: dict[Path, Job] = {}
    for job in made:
        other = seen.setdefault(job.file, job)
        if other is not job:
            raise UsageError(f"{other.title} and {job.title} would both be {shown(job.file)}; give one another --name")
    for job in made:
        owner = _owner(job.file)
        if owner is not None and owner != job.title:
            what = f"is of {owner}" if owner else "was not written by adgen"
            raise UsageError(f"{shown(job.file)} {what}; give another --name, or remove that file")


def _owner(file: Path) -> str | None:
    """The `path::qualname` in the header of a file; "" if the file is none of adgen's, None if there is no file."""
    if not file.is_file():
        return None
    head = file.read_text(encoding="utf-8", errors="replace")[:2000]
    for word in head.replace("`", " ").split():
        if "::" in word:
            return word.strip(".,;:")
    return ""


Dump = Callable[[int, str, str], None]


def run(job: Job, options: Options, dump: Dump | None = None) -> Outcome:
    """Generate, and read what the file holds now."""
    made = generate(job.source, job.types, job.request, verify=options.verify, dump=dump, command=job.command)
    return Outcome(job, made, job.file.read_text(encoding="utf-8") if job.file.is_file() else None)


def write(outcome: Outcome) -> None:
    """Write the file whole or not at all: a temporary file in the same folder, then a rename."""
    file = outcome.job.file
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(outcome.generated.text, encoding="utf-8", newline="\n")
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)
