"""Every refusal of the front end: its code, its title, and what to do about it.

>>> TITLES["E0110"]
'`{name}` calls itself'
>>> diagnostic("E0110", None, "its body would be copied into itself for ever", name="fib").help
'write it as a loop'

`Reject` travels from where something cannot be lowered to the nearest expression or statement, where it is recorded;
lowering goes on with a poison value, so that all refusals of a function are told together.
"""

from __future__ import annotations

import ast
import re

from adgen.errors import Diagnostic, Place

_TABLE: dict[str, tuple[str, str]] = {
    # the language
    "E0101": ("`{name}` statements cannot be differentiated", "write it without `{name}`"),
    "E0102": ("{name} cannot be differentiated", "write it with plain expressions and loops"),
    "E0103": ("the name `{name}` cannot be resolved", "define it, or import it at the top of the file"),
    "E0104": ("`{name}` is used before it is assigned", "assign `{name}` first"),
    "E0105": ("no derivative rule for `{name}`", "`adgen rules` lists the functions that have rules"),
    "E0106": ("`{name}` cannot be called like this", "look at the arguments that `{name}` takes"),
    "E0107": ("`{name}` cannot be applied to this", "check the types of the arguments"),
    "E0109": (
        "no attribute or method `{name}`",
        ".T .shape .ndim .size .dtype .real .imag and fields of dataclasses are known",
    ),
    "E0110": ("`{name}` calls itself", "write it as a loop"),
    "E0111": ("cannot iterate over {name}", "iterate over range, arrays, lists, tuples, enumerate, zip or reversed"),
    "E0112": (
        "`{name}` changes its kind",
        "use one name for one kind of value: number, array of one rank, list, tuple of one length",
    ),
    "E0113": ("the kind of {name} is not known", "annotate the parameter it comes from, or give --types"),
    "E0114": ("this index is not supported", "use integers, slices, `...`, None, integer arrays or boolean masks"),
    "E0115": ("cannot unpack {name}", "unpack tuples, lists and arrays whose length is known"),
    "E0116": ("this key is not known while compiling", "use a constant string as key"),
    "E0117": ("which function is called depends on values", "call each function in its own branch"),
    # memory
    "E0120": (
        "this write may reach two names",
        "write to a copy: `y = y.copy()`, or use a new name for the new array",
    ),
    "E0121": (
        "an array inside a list or structure is written to",
        "take it out, change a copy, and put it back: `a = xs[k].copy(); a[0] = e; xs[k] = a`",
    ),
    "E0122": ("a list changes while a loop runs over it", "loop over a copy, or build a new list"),
    "E0123": ("the captured value `{name}` is written to", "pass it as an argument, or work on a copy"),
    "E0124": ("{name} cannot be written to", "write to arrays and lists that the function has made"),
    "E0125": ("`{name}` writes to its argument", "use the form that returns a new array"),
    "E0126": ("the elements of this list are of different kinds", "use a tuple, or a list of values of one kind"),
    "E0127": ("the function returns values of different kinds", "return the same kind of value on every path"),
    "E0129": ("{name} may be None here", "test `is not None` first"),
    "E0130": (
        "the write overlaps what it reads",
        "copy what is read: `m[:, 2] = m[1].copy()`",
    ),
    "E0128": ("{name} changes which names are assigned", "assign local names only, and return what is needed"),
}
TITLES = {code: title for code, (title, _) in _TABLE.items()}
HELPS = {code: help_ for code, (_, help_) in _TABLE.items()}


class Reject(Exception):
    """Something at `node` cannot be lowered; caught where lowering can go on."""

    def __init__(self, code: str, node: ast.AST | None, why: str, help: str = "", **fields: object) -> None:
        super().__init__(why)
        self.code, self.node, self.why, self.help, self.fields = code, node, why, help, fields


def diagnostic(code: str, place: Place | None, why: str, help: str = "", **fields: object) -> Diagnostic:
    """The refusal with this code; `fields` fill its title."""
    title, advice = TITLES[code], help or HELPS[code]
    if fields:
        title = title.format(**fields)
        advice = advice if help else advice.format(**fields)
    return Diagnostic(code, _written(title), place, _written(why), _written(advice))


def _written(text: str) -> str:
    """The text with names of comprehensions as they are written (see own_names)."""
    return re.sub(r"(?<=\w) @\d+", "", text)


_NAMES = {
    "Await": "`await`",
    "Yield": "`yield`",
    "YieldFrom": "`yield from`",
    "Set": "a set",
    "SetComp": "a set comprehension",
    "DictComp": "a dict comprehension",
    "GeneratorExp": "a generator expression here",
    "Starred": "`*` here",
    "Slice": "a slice here",
}


def describe(node: ast.AST) -> str:
    """What an expression that has no handler is called."""
    return _NAMES.get(type(node).__name__, f"this expression ({type(node).__name__})")


def unknown(node: ast.AST) -> str:
    """Why it has none."""
    return "its value would depend on more than the function's arguments and statements"
