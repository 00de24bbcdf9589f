"""Every construct of the language at every stage of the compiler: the text of the stage, and the numbers of the result.

After a change that is meant: `pytest tests/test_cases.py --update-cases`, and read the diff.  The programs of the cases
are also checked in both modes against central differences of the original (`tests/programs/oracle.py`).
"""

import importlib.util
import inspect
import linecache
import re
import warnings

import pytest

from adgen.frontend import resolve, source
from adgen.ir.show import show
from adgen.pipeline import PASSES, Request, generate
from adgen.transforms.reverse import reverse
from tests.cases import reading
from tests.cases.reading import CASES
from tests.programs import oracle
from tests.support import inside

MODES = ("grad", "value_and_grad", "jvp", "vjp")
STAGES = ("lower", "reverse", "forward", "print")
OTHER_PASSES = ("save", "drop_stops", "own_results")
IDLE = ("fold_again", "dead_code_last")  # no program is known yet on which these do anything
UNIQUE = list({case.key: case for case in CASES if not case.unchecked}.values())


# texts -----------------------------------------------------------------------------------------------------------
class Compiled:
    """A case compiled: its text without header, guards and imports, and the IR after each pass."""

    def __init__(self, case, folder, mode):
        types, names = case.names()
        path = case.write(folder)
        linecache.clearcache()
        self.dumps = {}
        self.before = {}
        with inside(folder):
            found = resolve.from_file(path.name, "f")
            request = Request(mode, names, single=len(names) == 1)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("adgen.deriving.reverse", self.reverse)
                made = generate(found, types, request, dump=self.dump, verify="each", guarded=False)
        self.text = body(made.text)

    def reverse(self, func, *args, **keywords):
        """Reverse mode is dumped too: the pipeline has only the function with its saves."""
        made = reverse(func, *args, **keywords)
        self.dump(-1, "reverse", show(made.func))
        return made

    def dump(self, number, name, text):
        text = text.split("\n", 1)[1]
        self.before[name] = list(self.dumps.values())[-1] if self.dumps else ""
        self.dumps[name] = text


def body(text):
    """Module text without docstring, imports, and the text of helpers, of which only the names remain."""
    text = text.split('"""\n', 1)[1] if text.startswith('"""') else text
    text = re.sub(r"(?m)^(import|from) .*\n", "", text)
    text = re.sub(r"(?m)^def (_\w+)\(.*\n(?:(?:    .*)?\n)+?(?=\S)", r"# helper: \1\n", text)
    return re.sub(r"\n{3,}", "\n\n\n", text).strip("\n") + "\n"


def texts(case, folder):
    """The text of each section of a case, as the compiler makes it now."""
    if case.stage in STAGES:
        return [stage_text(case, section, folder) for section in case.sections]
    out = []
    for section in case.sections:
        if section.word == "before":
            compiled = Compiled(case, folder, section.rest)
            out.append(compiled.before[case.stage])
        else:
            out.append(compiled.dumps[case.stage])
    return out


def stage_text(case, section, folder):
    """One text of the stages that are no passes of the optimiser."""
    match case.stage, section.word:
        case "lower", "lower":
            return Compiled(case, folder, "jvp").dumps["lower"]
        case "reverse", "reverse":
            return Compiled(case, folder, "grad").dumps["reverse"]
        case "forward", "forward":
            return Compiled(case, folder, "jvp").dumps["differentiate"]
        case "print", mode if mode in MODES:
            return Compiled(case, folder, mode).text
    raise AssertionError(f"{case.id}: [{section.word}] has no place in {case.stage}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_text(case, tmp_path, request):
    assert case.sections, "a case has to expect something"
    found = texts(case, tmp_path)
    if request.config.getoption("--update-cases"):
        for section, text in zip(case.sections, found, strict=True):
            section.text = text
        reading.update([other for other in CASES if other.file == case.file])
        return
    for section, text in zip(case.sections, found, strict=True):
        assert text == section.text, f"{case.id} [{section.word} {section.rest}]"


# numbers ---------------------------------------------------------------------------------------------------------
class Checked(oracle.Check):
    """The oracle with the types of the case, of which the generated code knows no more."""

    def __init__(self, fun, args, types, wrt, strict=True):
        self.types = types
        super().__init__(fun, args, directions=2, strict=strict)
        self.wrt, self.which = wrt, [list(types).index(name) for name in wrt]

    def make(self, mode):
        made = Made(self.fun, mode, self.wrt, self.types)
        self.text = self.texts[mode] = made.text
        return made


class Made(oracle.Made):
    """A derivative for declared types."""

    def __init__(self, fun, mode, wrt, types):
        self.fun, self.mode = fun, mode
        made = generate(source.find(fun), types, Request(mode, wrt, single=False), formatted=False, verify="each")
        self.text, self.captured = made.text, made.captured
        names = {"__name__": "generated_here"}
        exec(compile(self.text, "<generated>", "exec"), names)
        self.function = names[made.name]
        own = [name for name in inspect.signature(self.function).parameters if name not in dict(self.captured)]
        self.dots = own[len(own) - len(wrt) :] if mode == "jvp" else []

    def __call__(self, *args):
        """Tangents go by name: they are keyword-only behind parameters with defaults."""
        values = len(args) - len(self.dots)
        given = {param.name: source.read_captured(self.fun, param.binding) for param in self.captured}
        return self.function(*args[:values], **dict(zip(self.dots, args[values:], strict=True)), **given)


def load(case, folder, monkeypatch):
    """The function of a case, imported with its other files."""
    path = case.write(folder)
    linecache.clearcache()
    monkeypatch.syspath_prepend(str(folder))
    spec = importlib.util.spec_from_file_location("case_module", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "case_module", module)
    for section in case.files:
        monkeypatch.delitem(__import__("sys").modules, section.rest.removesuffix(".py"), raising=False)
    spec.loader.exec_module(module)
    return module.f


@pytest.mark.parametrize("case", UNIQUE, ids=lambda case: case.id)
def test_numbers(case, tmp_path, monkeypatch):
    fun = load(case, tmp_path, monkeypatch)
    types, wrt = case.names()
    for given in case.given or [""]:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            checked = Checked(fun, case.arguments(given), types, wrt)
            checked.run()
        assert checked.disagreed == 0
    for line in case.raises:
        kind, _, given = line.partition(" ")
        args = case.arguments(given)
        with pytest.raises(Exception, match=r"\w") as wanted:
            fun(*args)
        assert wanted.type.__name__ == kind
        for mode in ("value_and_grad", "jvp"):
            made = Made(fun, mode, wrt, types)
            extra = [args[k] for k in checked.which] if mode == "jvp" else []
            with pytest.raises(wanted.type) as caught:
                made(*args, *extra)
            assert str(caught.value) == str(wanted.value)


# the collection ----------------------------------------------------------------------------------------------------
def test_every_stage_and_every_pass_has_cases():
    stages = {*STAGES, *OTHER_PASSES, *(row.name for row in PASSES)} - {*IDLE}
    assert sorted({case.stage for case in CASES}) == sorted(stages)


def test_a_pass_changes_something_in_each_of_its_cases():
    same = [
        case.id
        for case in CASES
        if case.stage not in STAGES
        for before, after in zip(case.sections[::2], case.sections[1::2], strict=True)
        if before.text == after.text
    ]
    assert same == []


def test_names_are_unique_in_a_file():
    names = [case.id for case in CASES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_files_are_as_they_would_be_written():
    for file in reading.FILES:
        cases = [case for case in CASES if case.file == file]
        assert file.read_text() == "\n".join(reading.show(case) for case in cases), file
