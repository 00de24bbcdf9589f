"""User modules found and parsed, never imported: one component of a dotted name after the other.

`importlib.util.find_spec("pkg.sub")` would execute `pkg/__init__.py`; here each part is looked for in the folders of
the part before it.  The folder above the file's packages and the project's root come first, then `sys.path`.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.machinery import PathFinder
from pathlib import Path

from adgen.errors import SourceError
from adgen.frontend.binders import Binder, binders
from adgen.frontend.bindings import FunctionSource
from adgen.frontend.files import File, project_root, read
from adgen.frontend.libraries import is_library


@dataclass(frozen=True, eq=False)
class StaticModule:
    """A parsed module; a namespace package has no file.  `folders` are where its submodules are looked for."""

    name: str
    file: File | None
    folders: tuple[str, ...]
    why: str = ""  # why there is no file: a compiled module, a syntax error, not found

    @functools.cached_property
    def binders(self) -> dict[str, list[Binder]]:
        """What binds its names."""
        return binders(self.file.tree) if self.file is not None else {}

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.folders else self.name.rpartition(".")[0]


def module_name(path: str) -> str:
    """The name under which a file is imported: from the folder above its packages, else from the project's root."""
    full = Path(os.path.realpath(path))
    parts = [] if full.stem == "__init__" else [full.stem]
    folder = full.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    root = project_root(path)
    packaged = (full.parent / "__init__.py").is_file()
    outer = folder.relative_to(root).parts if folder.is_relative_to(root) and not packaged else ()
    if all(part.isidentifier() for part in outer):
        parts[:0] = outer
    return ".".join(parts)


class Modules:
    """The modules that can be reached from one file."""

    def __init__(self, path: str) -> None:
        full = os.path.realpath(path)
        top = Path(full).parent
        while (top / "__init__.py").is_file():
            top = top.parent
        root = project_root(full)
        self.near = [*dict.fromkeys((str(top), *([str(root)] if (root / "pyproject.toml").is_file() else [])))]
        self.folders = [*self.near, *(entry for entry in sys.path if entry and entry not in self.near)]
        own = (os.path.dirname(full),) if os.path.basename(full) == "__init__.py" else ()
        self.entry = StaticModule(module_name(full), read(path), own)
        self.known: dict[str, StaticModule | None] = {self.entry.name: self.entry}
        self.sources: dict[tuple[str, int, int], FunctionSource] = {}  # one source for one function
        self.cached: dict[FunctionSource, FunctionSource] = {}  # and one for what a cache makes of it

    @classmethod
    def alone(cls, file: File, name: str, folders: Sequence[str] = ()) -> Modules:
        """One module of which only the text is there, with nothing beside it; what it imports is in these folders."""
        made = cls.__new__(cls)
        made.near, made.folders = [], list(folders)
        made.entry = StaticModule(name, file, ())
        made.known, made.sources, made.cached = {name: made.entry}, {}, {}
        return made

    def kept(self, source: FunctionSource) -> FunctionSource:
        """A function whose results a cache keeps: one source, whoever asks."""
        return self.cached.setdefault(source, replace(source, cached=True))

    def find(self, name: str) -> StaticModule | None:
        """A user module; None for a library's (known by its names alone)."""
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def _find(self, name: str) -> StaticModule | None:
        parent, _, last = name.rpartition(".")
        if parent:
            above = self.find(parent)
            if above is None:
                return None
            if not above.folders:
                return StaticModule(name, None, (), above.why or f"{parent} is no package")
            folders = list(above.folders)
        else:
            folders = self.folders
            if is_library(name):
                if name in ("numpy", "scipy", "adgen") or name in sys.builtin_module_names:
                    return None
                folders = self.near  # a user's own module may have the name of one of Python's
        return self._in(name, last, folders, optional=folders is self.near)

    def _in(self, name: str, last: str, folders: list[str], optional: bool) -> StaticModule | None:
        spec = PathFinder.find_spec(last, folders)
        if spec is None:
            return None if optional else StaticModule(name, None, (), f"no module `{name}` is found")
        inner = tuple(spec.submodule_search_locations or ())
        origin = spec.origin
        if origin is not None and os.path.realpath(origin) == os.path.realpath(self.entry_path):
            return self.entry
        if origin is None:
            return StaticModule(name, None, inner)
        if not origin.endswith(".py"):
            return StaticModule(name, None, inner, f"`{name}` is a compiled module, without Python source")
        try:
            return StaticModule(name, read(origin), inner)
        except SourceError as error:
            return StaticModule(name, None, inner, error.diagnostics[0].title)

    @property
    def entry_path(self) -> str:
        """The file that everything starts from."""
        assert self.entry.file is not None
        return self.entry.file.path

    def absolute(self, module: StaticModule, name: str | None, level: int) -> str | None:
        """The full name of what `from ..name import` refers to; None beyond the top package."""
        if level == 0:
            return name or ""
        package = module.package.split(".") if module.package else []
        if level > len(package):
            return None
        return ".".join([*package[: len(package) - level + 1], *([name] if name else [])])
