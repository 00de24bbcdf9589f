"""A module: header, imports, helper functions, the functions themselves with their guards.

\"\"\"Gradient of `f` (p.py) with respect to x, by adgen.\"\"\"

import numpy as np

def f_grad(x):
    if x.dtype != np.float64:
        raise TypeError("x: this derivative takes f8[n]")
    ..
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adgen import naming
from adgen.backend import compiled, helpers
from adgen.backend.emit import STEP, Emitted, function_text, import_order
from adgen.backend.header import GuardText, Header
from adgen.backend.structures import quoted
from adgen.backend.uncompiled import refuse_helpers
from adgen.ir.core import Func


def module_text(funcs: Sequence[Func], header: Header) -> str:
    """The text of a module, not yet formatted; the guards stand in the first function."""
    emitted = [function_text(func) for func in funcs]
    return assembled(emitted, [part.text for part in emitted], header, header.guards)


def compiled_text(funcs: Sequence[Func], header: Header, frame: compiled.Frame) -> tuple[str, list[Emitted]]:
    """The same in the profile that Numba compiles: the first function is the public one, or has it before it."""
    first = compiled.before(funcs[0], frame)
    emitted = [function_text(compiled.renamed(funcs[0], frame)), *(function_text(func) for func in funcs[1:])]
    for part in emitted:
        refuse_helpers(part.helpers, part.spans)
    bodies = [compiled.decorated(part.text) for part in emitted]
    if first:
        bodies.insert(0, first)
    return assembled(emitted, bodies, header, frame.guards), emitted


def assembled(emitted: Sequence[Emitted], bodies: list[str], header: Header, guards: Sequence[GuardText]) -> str:
    """Header, imports, helpers, functions."""
    if guards:
        bodies[0] = with_guards(bodies[0], guards)
    if any(naming.COMPILED in body for body in bodies):
        bodies = [*helpers.compiled(name for part in emitted for name in part.helpers), *bodies]
    else:
        used = [name for name in helpers.HELPERS if any(name in part.helpers for part in emitted)]
        objects = any("types.SimpleNamespace(" in body for body in bodies)
        bodies = [*(helpers.source([name], objects) for name in used), *bodies]
    parts = [docstring(header.text()), _imports(emitted, header, bodies), *bodies]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts if part)


def docstring(text: str) -> str:
    """A module's docstring."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.endswith('"') and not text.endswith('"""'):
        safe = safe[:-1] + '\\"'
    return f'"""{safe}\n"""\n' if "\n" in safe else f'"""{safe}"""\n'


def _imports(emitted: Iterable[Emitted], header: Header, bodies: Sequence[str]) -> str:
    """The import lines, each once."""
    lines = {line for part in emitted for line in part.imports} | set(header.imports)
    if any("np." in body for body in bodies):
        lines.add("import numpy as np")
    if any(body.startswith(naming.COMPILED) for body in bodies):
        lines.add(compiled.IMPORT)
    ordered = sorted(lines, key=import_order)
    theirs = {line for line in lines if " as _" in line}  # modules of the user's
    own = [line for line in ordered if line not in theirs]
    standard = [line for line in own if import_order(line)[0] < 2]
    others = [line for line in own if import_order(line)[0] == 2]
    groups = [standard, others, sorted(theirs)]
    return "\n\n".join("\n".join(group) for group in groups if group)


def with_guards(text: str, guards: Sequence[GuardText]) -> str:
    """A function's text with its guards as first statements.

    >>> from adgen.signature.guards import Guard
    >>> print(with_guards("def f(x):\\n    return x\\n", [Guard("x < 0", "x: negative", "ValueError")]), end="")
    def f(x):
        if x < 0:
            raise ValueError("x: negative")
    <BLANKLINE>
        return x
    """
    lines = text.split("\n")
    head = 1 + next(k for k, line in enumerate(lines) if line.startswith("def "))  # a decorator may stand before it
    rest, lines = "\n".join(lines[head:]), lines[:head]
    for guard in guards:
        lines += [f"{STEP}if {guard.condition}:", f"{STEP * 2}raise {guard.error}({quoted(guard.message)})"]
    return "\n".join([*lines, "", rest])
