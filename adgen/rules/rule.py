"""What an entry of the rule table is: a signature, a type rule, and both directions of its derivative.

>>> [p.name + ("" if p.required else "?") for p in parse_signature("np.sum(a, axis=None) -> y")[1]]
['a', 'axis?']
>>> bind(parse_signature("np.sum(a, axis=None) -> y")[1], "np.sum", 1, ("axis",))
('a', 'axis')

An entry is made by the constructors of `kinds` and never edited; `REGISTRY` holds all of them by name.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from adgen.errors import InternalError
from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import Ref, Type
from adgen.rules.suited import complaint


class BindError(Exception):
    """A call does not fit the signature of its rule."""


class TypeProblem(Exception):
    """A call that cannot be typed, or (from vjp and jvp) one for which no derivative is known."""

    def __init__(self, message: str, help: str = "") -> None:
        self.message = message
        self.help = help
        super().__init__(message)


class Param(NamedTuple):
    """A parameter; `static` ones must be known while compiling, a variadic one takes all further positions."""

    name: str
    required: bool = True
    static: bool = False
    variadic: bool = False
    keyword_only: bool = False


STATIC_NAMES = frozenset(
    ("axis", "axes", "axis1", "axis2", "keepdims", "ddof", "ord", "dtype", "subscripts", "order", "copy", "k", "offset")
    + (
        "source",
        "destination",
        "side",
        "n_static",
        "kind",
        "casting",
        "subok",
        "endpoint",
        "assume_unique",
        "stable",
        "ndigits",
    )
)


@dataclass(frozen=True)
class Facts:
    """What type rules see of a call: types by parameter name, and the values of those that are known."""

    name: str
    args: tuple[str, ...]
    types: tuple[Type, ...]
    statics: Mapping[str, object]

    def has(self, name: str) -> bool:
        """Whether the call gives this parameter."""
        return name in self.args

    def type(self, name: str) -> Type:
        """The type of a parameter that the call gives."""
        return self.types[self.args.index(name)]

    def all(self, name: str) -> list[Type]:
        """The types of everything that a variadic parameter takes."""
        return [type_ for arg, type_ in zip(self.args, self.types, strict=True) if arg == name]

    def static(self, name: str, default: object = None) -> object:
        """The value of a static parameter, its default where the call does not give it."""
        if name in self.statics:
            return self.statics[name]
        if name in self.args:
            raise TypeProblem(
                f"the argument `{name}` of `{self.name}` is not known while compiling",
                f"write `{name}` as a literal",
            )
        return default


Infer = Callable[[Facts], Type]
Vjp = Callable[[Builder, Op, Value, Sequence[int]], list[Value | None]]
Jvp = Callable[[Builder, Op, Sequence[Value | None]], Value | None]


@dataclass(frozen=True)
class Rule:
    """One entry: everything that the compiler knows of a function."""

    name: str
    params: tuple[Param, ...]
    result: str
    kind: str  # elementwise, linear, general, zero
    infer_rule: Infer
    vjp_rule: Vjp
    jvp_rule: Jvp
    doc: str = ""
    kinks: str = ""  # the convention where the function is not differentiable
    formulas: tuple[str, ...] = ()  # the formula texts, for `adgen rules` and for the tests
    peeks: tuple[str, ...] = ()  # parameters whose values make better derivatives where they are known
    linear: tuple[str, ...] = ()  # parameters in which the function is linear, all together
    domain: Mapping[str, object] = field(default_factory=dict)  # how the tests make inputs
    module: str = ""  # of a user's function: where generated code imports it from

    def bind(self, n_positional: int, keywords: Sequence[str] = (), method: bool = False) -> tuple[str, ...]:
        """The parameter of each argument, positional ones first; a variadic parameter's name is repeated."""
        return bind(self.params, self.name, n_positional, keywords, method)

    def infer(self, types: Sequence[Type], args: tuple[str, ...], statics: Mapping[str, object]) -> Type:
        """The type of the result."""
        contents = tuple(type_.content if isinstance(type_, Ref) else type_ for type_ in types)
        unsuited = complaint(self.name, args, contents)
        if unsuited is not None:
            raise TypeProblem(*unsuited)
        return self.infer_rule(Facts(self.name, args, contents, statics))

    def vjp(self, b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        """For each operand position in `wrt` what the result's adjoint contributes to its adjoint."""
        self._check(op)
        return self.vjp_rule(b, op, y_bar, wrt)

    def jvp(self, b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        """The tangent of the result, from those of the operands (None: zero)."""
        self._check(op)
        return self.jvp_rule(b, op, dots)

    def takes_lists(self, arg: str) -> bool:
        """Whether an argument may be a list or tuple as it is; elsewhere one stands for an array."""
        param = next((param for param in self.params if param.name == arg), None)
        several = param is not None and param.variadic and self.name not in MANY_ARRAYS
        return param is None or param.static or several or arg in LISTS or self.name in MAKE_ARRAYS

    def takes_arrays(self, arg: str) -> bool:
        """Whether an argument is a sequence of arrays, each of which may be written as a list."""
        return arg in SEQUENCES and self.name != "np.block"  # whose lists say how the blocks lie

    def _check(self, op: Op) -> None:
        """An argument under a name that the entry does not have would lose its derivative in silence."""
        known = [param.name for param in self.params]
        if any(arg not in known for arg in args_of(op)):
            raise InternalError(f"`{self.name}` is called with {args_of(op)}, its entry has {tuple(known)}")

    def keywords(self, args: Sequence[str]) -> tuple[str | None, ...]:
        """How each argument is printed: None by position, else by this keyword."""
        by_name = {param.name: param for param in self.params}
        out: list[str | None] = []
        positional = True
        for place, arg in enumerate(args):
            param = by_name[arg]
            expected = self.params[min(place, len(self.params) - 1)]
            repeated = place > 0 and args[place - 1] == arg
            positional = positional and (repeated or expected.name == arg or expected.variadic)
            usual = param.required or param.variadic or arg in POSITIONAL or _bound(arg, args)
            usual = usual or args.count(arg) > 1  # x.transpose(1, 0)
            positional = positional and usual and not param.keyword_only
            out.append(None if positional else arg)
        return tuple(out)


def _bound(arg: str, args: Sequence[str]) -> bool:
    """Whether an argument is one of two bounds: people write both by position, one by keyword."""
    return arg in ("min", "max") and "min" in args and "max" in args


# other names of parameters, beside those that NumPy and SciPy have for them
SYNONYMS = {"np.clip": {"a_min": "min", "a_max": "max"}, "np.random.permutation": {"x": "a"}}

# parameters that are lists of arrays, or sizes; functions whose business is to make arrays of lists
LISTS = frozenset(
    "arrays tup shape reps shift new_shape pad_width condlist choicelist choices obj sample filt pts".split()
)
SEQUENCES = frozenset("arrays tup choices choicelist".split())
MANY_ARRAYS = frozenset("np.einsum np.meshgrid np.broadcast_arrays".split())
LISTS |= frozenset("arg1 diagonals offsets blocks mats range".split())
MAKE_ARRAYS = frozenset("np.array np.asarray np.ascontiguousarray np.copy".split())

# optional parameters that people pass by position
POSITIONAL = frozenset(
    (
        "fill_value shape stop step num reps source destination shift ndigits base start M imag "
        "size loc scale low high sigma seed"
    ).split()
)

REGISTRY: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    """Enter a rule into the table; a name has one entry."""
    if rule.name in REGISTRY:
        raise ValueError(f"two entries for {rule.name}")
    REGISTRY[rule.name] = rule
    return rule


def parse_signature(text: str, static: Sequence[str] = ()) -> tuple[str, tuple[Param, ...], str]:
    """Read "np.sum(a, axis=None) -> y": name, parameters, result's name (`y` if not given)."""
    head, _, result = (part.strip() for part in text.partition("->"))
    name, _, inside = head.partition("(")
    params: list[Param] = []
    keyword_only = False
    for part in filter(None, (piece.strip() for piece in inside.rstrip(") ").split(","))):
        if part == "*":
            keyword_only = True
            continue
        label, _, default = part.partition("=")
        label, variadic = label.lstrip("*"), label.startswith("*")
        fixed = label in STATIC_NAMES or label in static
        params.append(Param(label, not default and not variadic, fixed, variadic, keyword_only))
    return name.strip(), tuple(params), result or "y"


def args_of(op: Op) -> tuple[str, ...]:
    """The parameter name of each operand."""
    args = op.attrs["args"]
    assert isinstance(args, tuple)
    return args


def _by_place(name: str, keyword: str, order: Sequence[Param]) -> str:
    """The parameter that stands where the library's own function has the keyword, if it has another name there.

    >>> _by_place("np.polyadd", "a2", (Param("a"), Param("b")))
    'b'
    """
    names = library_names(name)
    place = names.index(keyword) if keyword in names else len(order)
    return order[place].name if place < len(order) and order[place].name not in names else keyword


@functools.cache
def library_names(name: str) -> tuple[str, ...]:
    """What NumPy or SciPy calls the parameters of a function; nothing where they do not say."""
    module, *parts = name.split(".")
    found: object = sys.modules.get({"np": "numpy"}.get(module, module))
    for part in parts:
        found = getattr(found, part, None)
    try:
        signature = inspect.signature(found) if module in ("np", "scipy") and callable(found) else None
    except ValueError:
        signature = None
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    given = signature.parameters.values() if signature is not None else ()
    return tuple(p.name if p.kind in plain else f"*{p.name}" for p in given)


def bind(
    params: Sequence[Param], name: str, n_positional: int, keywords: Sequence[str] = (), method: bool = False
) -> tuple[str, ...]:
    """Parameter names for a call with so many positional arguments and these keywords."""
    out: list[str] = []
    order = [param for param in params if not param.keyword_only]
    of_array = method and len(params) > 1 and params[0].name != "self"  # not of a generator, whose draws have a shape
    packs = of_array and params[1].name in ("shape", "axes")  # x.reshape(2, 3, 4), x.transpose(2, 0, 1)
    for place in range(n_positional):
        param = order[place] if place < len(order) else order[-1] if order else None
        if param is None or (place >= len(order) and not param.variadic and not packs):
            raise BindError(f"`{name}` is known with at most {len(order)} positional arguments, {n_positional} given")
        out.append(param.name)
    if packs and n_positional > 2:
        out = [params[0].name] + [params[1].name] * (n_positional - 1)
    known = {param.name for param in params if not param.variadic}
    synonyms = SYNONYMS.get(name, {})
    for keyword in (synonyms.get(given, given) for given in keywords):
        keyword = keyword if keyword in known or keyword == "out" else _by_place(name, keyword, order)
        if keyword == "out":
            raise BindError(f"`{name}` with `out` writes into an array: assign the result instead, `y[...] = ..`")
        if keyword not in known:
            raise BindError(f"`{name}` is not known with the argument `{keyword}`")
        if keyword in out:
            raise BindError(f"`{name}` is given `{keyword}` twice")
        out.append(keyword)
    for param in params:
        if param.required and param.name not in out:
            raise BindError(f"`{name}` needs the argument `{param.name}`")
    return tuple(out)
