"""The closed set of operations, one row each: what it means, what it touches.

The open set, NumPy's functions and Python's operators, is the rule table; they all are `prim` here.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A row: what the operation does, whether it is pure, and what its operands, results, regions, attributes are."""

    meaning: str
    pure: bool
    form: str


KINDS: dict[str, Kind] = {
    # values ------------------------------------------------------------------------------------------------------
    "const": Kind("a literal or a static name", True, "-> v; attrs value, text (as printed: `1.0`, `np.pi`)"),
    "prim": Kind(
        "a function of the rule table, `name` is its entry (`np.sin`, `add`)",
        True,
        "args -> v; attrs args: parameter name of each operand; style: '' | 'method' | 'attr' as the user wrote it",
    ),
    "index": Kind(
        "read x[spec]: array content, list content (int or slice)",
        True,
        "x, *index values -> v; attrs spec: tuple of 'i', 's110' (which of start stop step are operands), '...', 'n'",
    ),
    "pack": Kind("make a structure; the result's Struct type says which", True, "items -> v"),
    "item": Kind("slot of a structure", True, "struct -> v; attrs slot: int"),
    "listing": Kind("list display of equal element types", True, "items (of a dict: key, item, key, ..) -> v : ListOf"),
    "undef": Kind("a name not bound on this path", True, "-> v"),
    # memory ------------------------------------------------------------------------------------------------------
    "alloc": Kind("new memory that starts with this content", False, "content -> ref; attrs order (optional)"),
    "view": Kind(
        "part of the memory of a reference, by the same spec as index; or name: 'T', a function",
        True,
        "ref, *idx -> ref",
    ),
    "load": Kind("the content that a reference has now", False, "ref -> content"),
    "store": Kind(
        "write a content through a reference (broadcasting); mode set, add or mul",
        False,
        "ref, content; attrs mode; at: True for np.add.at (repeats accumulate); same: the content has its shape",
    ),
    "append": Kind("list grows by one", False, "ref, item"),
    "pop": Kind("last item leaves the list (of a dict: that of the key)", False, "ref, key of a dict -> item"),
    "select": Kind("one of two references (or values), by a flag; both are evaluated", True, "flag, a, b -> v"),
    # control -----------------------------------------------------------------------------------------------------
    "if": Kind("two regions without parameters; the results are their yields", False, "flag -> *r; regions then, else"),
    "for": Kind(
        "body(index, *carried) yields (stop, *carried') for index in range; stop ends the loop AFTER taking carried'",
        False,
        "start, stop, step, *init -> trips, stopped, *carried; trips: iterations that did not stop; attrs can_stop",
    ),
    "while": Kind(
        "body(*carried) yields (stop, *carried') until stop",
        False,
        "*init -> trips, stopped, *carried",
    ),
    "call": Kind("a user's function that stays a call; `name` is its Func in the program", False, "args -> *results"),
    "effect": Kind("print, assert, raise: name says which; forward only", False, "args; attrs text template"),
    # saves -------------------------------------------------------------------------------------------------------
    "tape": Kind("an empty tape (a list)", False, "-> ref : Ref(ListOf)"),
    "push": Kind(
        "save a value; attrs copy: True where the memory is written later, extent: True where only its shape is read",
        False,
        "tape, v",
    ),
    "untape": Kind("take the last saved value back", False, "tape -> v"),
}
