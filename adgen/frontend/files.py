"""A source file: its text, its tree, and the functions in it.

>>> text = "# top\\ndef f(x):  # of x\\n    return x\\n\\nclass C:\\n    def g(self): return 1\\n"
>>> file = parse(text, "a.py", "a.py")
>>> [(entry.qualname, entry.owner, entry.node.lineno) for entry in file.functions]
[('f', '', 2), ('C.g', 'C', 6)]
>>> dict(file.comments)
{1: '# top', 2: '# of x'}
"""

from __future__ import annotations

import ast
import functools
import io
import linecache
import os
import tokenize
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from adgen.errors import Diagnostic, Place, SourceError

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Entry(NamedTuple):
    """A function of a file; `owner` is the innermost class around it (for private names)."""

    node: FunctionNode
    qualname: str
    owner: str


@dataclass(frozen=True, eq=False)
class File:
    """A parsed file; `path` is for messages, `where` (from the project's root) for headers."""

    path: str
    where: str
    text: str
    lines: tuple[str, ...]
    tree: ast.Module

    @functools.cached_property
    def functions(self) -> tuple[Entry, ...]:
        """Every def and lambda, in the order of the text."""
        return tuple(_functions(self.tree, "", ""))

    @functools.cached_property
    def comments(self) -> Mapping[int, str]:
        """The comments by line."""
        words = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {word.start[0]: word.string for word in words if word.type == tokenize.COMMENT}

    def comments_in(self, node: ast.AST) -> dict[int, str]:
        """The comments on the lines of a node."""
        first, last = int(getattr(node, "lineno", 1)), int(getattr(node, "end_lineno", 1) or 1)
        return {line: text for line, text in self.comments.items() if first <= line <= last}


def _functions(node: ast.AST, prefix: str, owner: str) -> Iterator[Entry]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.", child.name)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            name = "<lambda>" if isinstance(child, ast.Lambda) else child.name
            yield Entry(child, prefix + name, owner)
            yield from _functions(child, f"{prefix}{name}.<locals>.", owner)
        else:
            yield from _functions(child, prefix, owner)


def parse(text: str, path: str, where: str) -> File:
    """Parse a file; a syntax error becomes a SourceError with its place."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line, col = error.lineno or 1, max((error.offset or 1) - 1, 0)
        end = (error.end_offset or 0) - 1 if error.end_lineno == line else col + 1
        place = Place(path, line, col, line, max(end, col + 1))
        raise refuse("E0206", f"`{where}` is not valid Python", place, error.msg, "correct the file") from None
    except ValueError as error:
        raise refuse("E0206", f"`{where}` is not valid Python", None, str(error), "correct the file") from None
    return File(path, where, text, tuple(text.split("\n")), tree)


@functools.lru_cache(maxsize=256)
def _parsed(text: str, path: str, where: str) -> File:
    return parse(text, path, where)


def refuse(code: str, title: str, place: Place | None, why: str, help: str) -> SourceError:
    """A SourceError of one diagnostic."""
    return SourceError([Diagnostic(code, title, place, why, help)])


def read(path: str) -> File:
    """Read and parse a file by path."""
    where = from_root(path)
    shown = shown_path(path)
    try:
        with tokenize.open(path) as stream:
            text = stream.read()
    except FileNotFoundError:
        raise refuse("E0201", f"no file `{shown}`", None, "it does not exist", "check the path") from None
    except SyntaxError as error:  # the declared encoding is not one
        raise refuse("E0206", f"`{where}` is not valid Python", None, str(error.msg), "correct the file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise refuse("E0201", f"`{shown}` cannot be read", None, str(error), "check the file") from None
    return _parsed(text, shown, where)


def of_code(code: types.CodeType, names: Mapping[str, object]) -> File | None:
    """The file that a code object says it comes from; None where there is no text of it (exec, `-c`, a lost file)."""
    filename = code.co_filename
    if os.path.isfile(filename):
        return read(filename)
    own = names.get("__file__")  # the path may be relative to a folder that is no longer the working one
    if isinstance(own, str) and os.path.isfile(own) and os.path.basename(own) == os.path.basename(filename):
        return read(own)
    kept = names.get("__adgen_text__")  # of a function that stands for a library's: linecache may be cleared
    if isinstance(kept, str):
        return _parsed(kept, filename, filename)
    linecache.checkcache(filename)
    lines = linecache.getlines(filename, dict(names))
    return _parsed("".join(lines), filename, filename) if lines else None


def shown_path(path: str) -> str:
    """The path as messages show it: from the working directory where the file is below it."""
    full = os.path.abspath(path)
    try:
        below = os.path.relpath(full)
    except (ValueError, OSError):  # another drive; the working directory was removed
        return full
    return full if below.startswith(os.pardir) else below


def from_root(path: str) -> str:
    """The path from the project's root, with `/`."""
    return os.path.relpath(os.path.realpath(path), project_root(path)).replace(os.sep, "/")


def project_root(path: str | os.PathLike[str]) -> Path:
    """The nearest folder above a file (or folder) with a pyproject.toml, else the file's own folder."""
    full = Path(os.path.realpath(path))
    own = full if full.is_dir() else full.parent
    for folder in (own, *own.parents):
        if (folder / "pyproject.toml").is_file():
            return folder
    return own
