"""The format of `.case` files, and how they are written again.

    [case square]                         a name; all up to the next [case ..] belongs to it
    types: x: float, v: f8[n]             the parameters of `f`, in the notation of --types
    given: x=0.5                          some arguments of a numeric check, the others are drawn; any number of lines
    wrt: x                                the parameters that vary (unless said: all that can)
    unchecked: stop_gradient              why the numbers are not those of differences
    raises: ValueError x=-0.5             arguments with which `f` and its derivatives raise
    def f(x, v):                          the program; `import math` and `import numpy as np` stand above it
        return x * np.sum(v)
    [file helper.py]                      another file beside it
    ..
    [jvp]                                 what is asked for, and the expected text
    def f_jvp(x, v, x_dot):
        ..

A folder is a stage: `lower`, `reverse`, `forward` and `print` have one section for each text; a pass of the optimiser
has pairs: `[before grad]` is what the pass is given in that mode, `[after]` what it makes of it.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from adgen import signature
from adgen.ir.types import Array, ListOf, Scalar, Static, Struct, Sym, is_active_type

FOLDER = Path(__file__).parent
HEAD = "import math\n\nimport numpy as np\n\n"
SIZES = (3, 2, 4, 5)
_SECTION = re.compile(r"^\[([a-z_]+)(?: (.+))?\]$")


@dataclass
class Section:
    """A word (`file`, `grad`, `before`), what follows it in the brackets, and the text below."""

    word: str
    rest: str
    text: str


@dataclass
class Case:
    """One case of a file."""

    file: Path
    name: str
    types: str = ""
    wrt: str = ""
    unchecked: str = ""
    given: list[str] = field(default_factory=list)
    raises: list[str] = field(default_factory=list)
    program: str = ""
    files: list[Section] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    @property
    def stage(self):
        return self.file.parent.name

    @property
    def id(self):
        return f"{self.stage}/{self.file.stem}/{self.name}"

    @property
    def key(self):
        """What the numeric check depends on."""
        others = "".join(section.rest + section.text for section in self.files)
        return "\n".join([self.types, self.wrt, *self.given, *self.raises, self.program, others])

    def write(self, folder):
        """The program (and its other files) in a folder; the path of the program."""
        for section in self.files:
            (folder / section.rest).write_text(section.text)
        path = folder / "case.py"
        path.write_text(HEAD + self.program)
        return path

    def names(self):
        """The types by parameter, and the parameters that vary."""
        types = signature.parse(self.types)
        active = tuple(name for name, type_ in types.items() if is_active_type(type_))
        return types, tuple(self.wrt.split(",")) if self.wrt else active

    def arguments(self, given=""):
        """Arguments by the types; those that are given stand in for what would be drawn."""
        own = eval(f"dict({given})", {"np": np})
        sizes = {}
        types = signature.parse(self.types)
        return [own[name] if name in own else drawn(type_, name, sizes) for name, type_ in types.items()]


def drawn(type_, name, sizes):
    """A value of a type: the same in every run."""
    match type_:
        case Static(value):
            return value
        case Scalar("float"):
            return float(generator(name).uniform(0.5, 1.5))
        case Scalar("int"):
            return 2
        case Scalar("bool"):
            return True
        case Array(dtype, shape):
            dims = [size(dim, sizes) for dim in shape]
            if dtype == "b1":
                return generator(name).uniform(size=dims) > 0.5
            if dtype.startswith("i"):
                return generator(name).integers(0, 2, dims)
            return generator(name).uniform(0.5, 1.5, dims).astype(dtype)
        case ListOf(item):
            return [drawn(item, f"{name}{k}", sizes) for k in range(3)]
        case Struct(kind, keys, items):
            parts = [drawn(item, f"{name}.{key}", sizes) for key, item in zip(keys, items, strict=True)]
            if kind == "dict":
                return dict(zip(keys, parts, strict=True))
            return tuple(parts) if kind == "tuple" else parts
    return None


def generator(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def size(dim, sizes):
    if isinstance(dim, Sym):
        return sizes.setdefault(dim.name, SIZES[len(sizes)]) + dim.offset
    return dim


def read(file):
    """The cases of a file."""
    cases: list[Case] = []
    lines: list[str] = []

    def close():
        text = "".join(lines).strip("\n")
        text = text + "\n" if text else ""
        lines.clear()
        if not cases:
            assert not text, f"{file}: text above the first case"
        elif cases[-1].sections:
            cases[-1].sections[-1].text = text
        elif cases[-1].files:
            cases[-1].files[-1].text = text
        else:
            _program(cases[-1], text)

    for line in file.read_text().splitlines(keepends=True):
        match = _SECTION.match(line.strip("\n"))
        if match is None:
            lines.append(line)
            continue
        close()
        word, rest = match[1], match[2] or ""
        if word == "case":
            cases.append(Case(file, rest))
        elif word == "file":
            cases[-1].files.append(Section(word, rest, ""))
        else:
            cases[-1].sections.append(Section(word, rest, ""))
    close()
    return cases


def _program(case, text):
    lines = text.splitlines(keepends=True)
    while lines and (found := re.match(r"(types|wrt|unchecked|given|raises): (.*)", lines[0])):
        if found[1] in ("types", "wrt", "unchecked"):
            setattr(case, found[1], found[2])
        else:
            getattr(case, found[1]).append(found[2])
        lines.pop(0)
    case.program = "".join(lines)


def show(case):
    """The case as text."""
    out = [f"[case {case.name}]\ntypes: {case.types}\n"]
    out += [f"{word}: {text}\n" for word in ("wrt", "unchecked") if (text := getattr(case, word))]
    out += [f"given: {given}\n" for given in case.given]
    out += [f"raises: {given}\n" for given in case.raises]
    out += [case.program]
    for section in (*case.files, *case.sections):
        out.append(f"[{section.word}{' ' + section.rest if section.rest else ''}]\n{section.text}")
    return "".join(out)


def update(cases):
    """Write the files of these cases again."""
    for file in dict.fromkeys(case.file for case in cases):
        file.write_text("\n".join(show(case) for case in cases if case.file == file))


FILES = sorted(FOLDER.glob("*/*.case"))
CASES = [case for file in FILES for case in read(file)]
