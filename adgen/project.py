"""Where a user's project is, what its `[tool.adgen]` says, and where a derivative file goes.

    [tool.adgen]
    strip = "examples"

>>> project = Project(Path("/p"), strip="examples")
>>> project.file("examples/digits.py", "loss", "value_and_grad").as_posix()
'/p/generated/digits/loss_value_and_grad.py'
>>> project.file("pkg/model.py", "Net.energy", "jvp", ("x", "k")).as_posix()
'/p/generated/pkg/model/Net_energy_jvp_x_k.py'

The root is the folder of the nearest `pyproject.toml` above the file, else the file's own folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from adgen.errors import AdgenError

KEYS = ("output", "strip", "types", "derivatives")


class UsageError(AdgenError):
    """A request that makes no sense: a missing file, a wrong name, options that contradict each other."""


@dataclass(frozen=True)
class Project:
    """The root folder and the settings of `[tool.adgen]`.

    `types` maps `path::qualname` to the text of `--types`; `derivatives` maps it to entries such as `"grad u,c"`.
    """

    root: Path
    output: str = "generated"
    strip: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    derivatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def where(self, path: Path) -> str:
        """The path from the root, as headers, settings and commands have it."""
        return path.resolve().relative_to(self.root).as_posix()

    def file(
        self,
        where: str,
        qualname: str,
        mode: str,
        wrt: Sequence[str] = (),
        folder: Path | None = None,
        name: str = "",
        kind: str = "",
    ) -> Path:
        """The file of a derivative; `folder` replaces `root/output`, `name` the part before `.py`."""
        source = PurePosixPath(where).with_suffix("")
        if self.strip and source.is_relative_to(self.strip):
            source = source.relative_to(self.strip)
        plain = qualname.replace("<locals>.", "").replace(".", "_")
        stem = name or "_".join((plain, mode, *wrt, *((kind,) if kind else ())))
        return (folder or self.root / self.output) / source / f"{stem}.py"


def find(path: Path) -> Project:
    """The project of a file (or of a folder)."""
    start = path.resolve()
    for folder in (start, *start.parents):
        settings = folder / "pyproject.toml"
        if settings.is_file():
            return read(settings)
    return Project(start if start.is_dir() else start.parent)


def read(settings: Path) -> Project:
    """The settings of one `pyproject.toml`; an unknown key or a wrong type is an error, not ignored."""
    try:
        table = tomllib.loads(settings.read_text(encoding="utf-8")).get("tool", {}).get("adgen", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{settings.name} cannot be read: {problem}") from problem
    unknown = [key for key in table if key not in KEYS]
    if unknown:
        raise UsageError(f"[tool.adgen] has no setting {unknown[0]!r}; it has {', '.join(KEYS)}")
    types, derivatives = table.get("types", {}), table.get("derivatives", {})
    _expect(isinstance(table.get("output", ""), str) and isinstance(table.get("strip", ""), str), "output and strip")
    _expect(isinstance(types, dict) and all(isinstance(text, str) for text in types.values()), "types")
    _expect(
        isinstance(derivatives, dict)
        and all(isinstance(row, list) and all(isinstance(entry, str) for entry in row) for row in derivatives.values()),
        "derivatives",
    )
    return Project(
        settings.parent,
        table.get("output", "generated"),
        table.get("strip", ""),
        dict(types),
        {key: tuple(row) for key, row in derivatives.items()},
    )


def _expect(fine: bool, what: str) -> None:
    if not fine:
        raise UsageError(
            f"[tool.adgen] {what}: expected texts, as in"
            ' types."path::name" = "u: f8[n]" and derivatives."path::name" = ["grad u"]'
        )
