"""The only importer of black: one fixed mode, whatever the user's configuration says.

>>> format_text("x = ( 1 )")
'x = 1\\n'
"""

from __future__ import annotations


def format_text(text: str) -> str:
    """Format a module."""
    import black

    return black.format_str(text, mode=black.Mode(line_length=88, target_versions=set()))


def black_version() -> str:
    """The version of black that formats."""
    from importlib.metadata import version

    return version("black")
