"""What is known of a function's arguments: from real values, from the notation of `--types`, from annotations.

>>> import numpy as np
>>> show(of_values(("u", "n"), (np.ones((4, 1)), 3)))
'u: f8[u0, 1], n: int'
>>> parse("p: list[(f8[n, m], f8[m])]")["p"] == parse(show(Signature.of(parse("p: list[(f8[n, m], f8[m])]"))))["p"]
True

A size-1 dimension is known as 1; every other size of a real value becomes a symbol of its own, known not to be 1.
A symbol inside `list[..]` stands for a size of each element: the elements' sizes may differ, none is 1.
"""

from __future__ import annotations

from adgen.signature.annotations import from_annotation
from adgen.signature.guards import Guard, guards
from adgen.signature.notation import parse, show
from adgen.signature.overlaps import no_arrays, overlaps, same_lists, same_objects
from adgen.signature.values import Signature, class_named, class_seen, dtype_code, key_of, named, of_values

__all__ = [
    "Guard",
    "Signature",
    "class_named",
    "class_seen",
    "dtype_code",
    "from_annotation",
    "guards",
    "key_of",
    "named",
    "no_arrays",
    "of_values",
    "overlaps",
    "parse",
    "same_lists",
    "same_objects",
    "show",
]
