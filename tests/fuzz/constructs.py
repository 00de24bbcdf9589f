"""The constructs that are counted in pairs: told by the text of a statement, and by what the generator says of it.

>>> sorted(of("y1[1:] *= np.sum(x) if a > 0.2 else b", ("store", "slice")))
['conditional', 'slice store', 'store']
"""

from __future__ import annotations

import re

from tests.fuzz import helpers

FUNCTIONS = "|".join(name for name, value in vars(helpers).items() if callable(value) and name[0].islower())

BY_TEXT = {  # construct -> a pattern of a statement's line
    "loop": r"^for ",
    "while": r"^while ",
    "branch": r"^(el)?if ",
    "match": r"^match ",
    "exit": r"^(break|continue)$|: (break|continue)$",
    "try or with": r"^(try:|with )",
    "call": rf"\b({FUNCTIONS})\(",
    "comprehension": r"[\[({].* for .* in |map\(|filter\(",
    "conditional": r" if .* else ",
    "walrus": r":=",
    "fancy index": r"\[(\w+, )?(idx|\[|np\.array|np\.arange)",
    "mask": r"np\.where|where=|\[[^\]]* [<>] ",
    "matrix product": r" @ |np\.(dot|matmul|einsum|inner|outer)\(",
    "complex": r"\.(real|imag|conj)\b|np\.conj|\bc\d+ ",
    "nested grad": r"adgen\.",
    "none": r"(?<!\[)\bNone\b(?!\])",
    "0-d": r"\be(z|\d+)\b",
    "swap": r"^([^=,]+), ([^=,]+) = \2, \1( \*.*)?$",
    "closure": r"\blambda\b|^def ",
    "nonlocal": r"^nonlocal ",
    "store": r"^[^=(]*\] [-+*/%]?[*/]?= ",
    "star": r"(^|[(\[, ])\*\*?[\w(\[{]",
}
PATTERNS = {name: re.compile(pattern) for name, pattern in BY_TEXT.items()}
BY_TAG = {  # construct -> what the generator says
    "store": ("store",),
    "slice store": ("slice", "overlap", "empty", "view store"),
    "fancy index": ("fancy", "repeats"),
    "mask": ("mask",),
    "exit": ("exit",),
    "else of a loop": ("loop else",),
    "view": ("view", "view store", "view of view", "reshape"),
    "alias": ("alias", "alias of one of two", "exchange"),
    "swap": ("swap", "exchange"),
    "matrix": ("matrix", "matrix store", "axes"),
    "callee writes": ("callee writes",),
    "recursion": ("recursion",),
    "closure": ("closure", "lambda", "function value"),
    "list": ("list", "append", "extend", "insert", "list store", "order"),
    "list of arrays": ("array list", "deep store"),
    "lists in a list": ("lists in a list",),
    "dict": ("dict", "dict store", "dict of arrays"),
    "tuple": ("tuple", "unpack"),
    "object": ("object", "dataclass"),
    "object that changes": ("object that changes", "field store", "small object"),
    "list of objects": ("list of objects",),
    "0-d": ("0-d",),
    "float32": ("float32",),
    "complex": ("complex",),
    "none": ("none",),
    "nonlocal": ("nonlocal",),
    "structured result": ("result array", "result tuple", "result memory"),
}
OF_TAG = {}
for _name, _tags in BY_TAG.items():
    for _tag in _tags:
        OF_TAG.setdefault(_tag, []).append(_name)


def of(line, tags=()):
    """The constructs of a statement."""
    found = [name for name, pattern in PATTERNS.items() if pattern.search(line)]
    return dict.fromkeys([*found, *(name for tag in tags for name in OF_TAG.get(tag, ()))])


EVERY = sorted({*BY_TEXT, *BY_TAG})
