"""The only importer of black: one fixed mode, whatever the user's configuration says.

>>> format_text("x = ( 1 )")
'x = 1\\n'
"""

from __future__ import annotations

import threading

from adgen.errors import AdgenError

_IMPORTING = threading.Lock()  # black is compiled: a second thread may see the module before it has its names


def format_text(text: str) -> str:
    """Format a module; AdgenError where black is missing, which an installation of adgen brings."""
    try:
        with _IMPORTING:
            import black
    except ImportError as error:
        raise AdgenError("black, which formats what is made, is missing; `pip install adgen` brings it") from error
    return black.format_str(text, mode=black.Mode(line_length=88, target_versions=set()))


def black_version() -> str:
    """The version of black that formats."""
    from importlib.metadata import version

    return version("black")
