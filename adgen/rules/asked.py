"""What the entries of the table ask of NumPy itself: whether a function is a ufunc, and of what type its result is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adgen.ir.types import Array, Type
from adgen.rules.infer import code, ufunc_type
from adgen.rules.probing import probe
from adgen.rules.rule import Facts, Infer


def is_ufunc(name: str) -> bool:
    """Whether a canonical name is that of one of NumPy's ufuncs."""
    return name.startswith("np.") and isinstance(getattr(np, name[3:], None), np.ufunc)


ASKED = ("dtype", "casting", "order", "subok")  # how a ufunc makes its result


def with_dtype(signature: str) -> str:
    """The signature of a ufunc with the keywords that all of them have.

    >>> with_dtype("np.hypot(a, b) -> y")
    'np.hypot(a, b, *, dtype=None, casting=None, order=None, subok=None) -> y'
    """
    head, close, rest = signature.partition(")")
    return f"{head}, *, {', '.join(f'{word}=None' for word in ASKED)}{close}{rest}"


def as_asked(infer: Infer, ufunc: object = None) -> Infer:
    """The type rule of a ufunc whose result's dtype may be asked for; a comparison's is of flags all the same."""
    flags = isinstance(ufunc, np.ufunc) and ufunc.types[0].endswith("->?")

    def asked(facts: Facts) -> Type:
        if not any(facts.has(word) for word in ASKED):
            return infer(facts)
        wanted = None if flags else facts.static("dtype")
        kept = [pair for pair in zip(facts.args, facts.types, strict=True) if pair[0] not in ASKED]
        type_ = infer(Facts(facts.name, tuple(a for a, _ in kept), tuple(t for _, t in kept), facts.statics))
        return Array(code(wanted), type_.shape) if isinstance(type_, Array) and wanted is not None else type_

    return asked


def ufunc_infer(name: str) -> Infer:
    """The type rule of a ufunc, by its canonical name."""
    short = name.removeprefix("np.")
    return lambda facts: ufunc_type(short, facts.types)


def numpy_function(name: str) -> Callable[..., object]:
    """The function that a canonical name such as `np.linalg.inv` stands for."""
    found: object = np
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    assert callable(found)
    return found


def probe_infer(name: str) -> Infer:
    """The type rule that asks NumPy."""
    return lambda facts: probe(numpy_function(name), facts)
