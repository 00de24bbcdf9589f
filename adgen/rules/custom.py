"""The users' own entries: functions of their modules, whose source is not differentiated.

>>> function("nowhere.f") is None
True

They stand in the table under `<module>.<name>`, and generated code imports their module to call them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_BY_ID: dict[int, tuple[Any, str]] = {}
_BY_NAME: dict[str, Any] = {}


def enter(name: str, fun: Callable[..., Any]) -> None:
    """Remember what function a name of the table means."""
    _BY_ID[id(fun)] = (fun, name)
    _BY_NAME[name] = fun


def function(name: str) -> Callable[..., Any] | None:
    """The function with this name in the table; None where the table is not the user's."""
    found: Callable[..., Any] | None = _BY_NAME.get(name)
    return found


def name_of(fun: object) -> str | None:
    """The name of a function that has an entry of the user's."""
    entry = _BY_ID.get(id(fun))
    return entry[1] if entry is not None and entry[0] is fun else None
