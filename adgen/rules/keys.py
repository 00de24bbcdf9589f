"""Keys of dicts, and texts made when the program runs: values without a derivative.

dict_keys(d)              list(d)           the keys, in order
of_texts(*values)         f"w{k}"           the attribute `text` is the text, with places for the values
"""

from __future__ import annotations

from adgen.ir.types import DictOf, ListOf, Opaque, Type
from adgen.rules.infer import plain
from adgen.rules.kinds import zero
from adgen.rules.rule import Facts, TypeProblem

TEXT = Opaque("str")


def _keys(facts: Facts) -> Type:
    type_ = plain(facts.types[0])
    if not isinstance(type_, DictOf):
        raise TypeProblem("only a dict has keys", "pass a dict")
    return ListOf(type_.key)


zero("dict_keys(d)", infer=_keys)
zero("of_texts(*values)", infer=lambda facts: TEXT)
