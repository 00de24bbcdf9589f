"""Keys of dicts, and texts made when the program runs: values without a derivative.

dict_keys(d)              list(d)           the keys, in order
of_texts(*values)         f"w{k}"           the attribute `text` is the text, with places for the values
"""

from __future__ import annotations

from adgen.ir.types import INT as INT
from adgen.ir.types import UNDEF, DictOf, ListOf, Opaque, Type
from adgen.rules import shapes
from adgen.rules.infer import plain
from adgen.rules.kinds import zero
from adgen.rules.rule import Facts, TypeProblem

TEXT = Opaque("str")


def joined_key(one: Type, other: Type) -> Type:
    """The type of a key that may be of either type.

    >>> joined_key(UNDEF, INT) == INT, joined_key(INT, TEXT)
    (True, Opaque(what='key'))
    """
    if one == other or other == UNDEF:
        return one
    found = None if one == UNDEF else shapes.join(one, other)
    if one == UNDEF:
        return other
    return Opaque("key") if found is None or isinstance(found, Opaque) else found


def _keys(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if not isinstance(type_, DictOf):
        raise TypeProblem("only a dict has keys", "pass a dict")
    return ListOf(type_.key)


zero("dict_keys(d)", infer=_keys)
zero("of_texts(*values)", infer=lambda facts: TEXT)
