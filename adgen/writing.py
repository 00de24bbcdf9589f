"""What stands around generated functions: header and guards, the public function of the split form, the explanation.

def f_vjp(x):
    out, saved = f_fwd(x)
    ..
    return out, pullback
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from adgen.analyses.activity import Flows, activity
from adgen.backend.compiled import Frame, given, public
from adgen.backend.emit import signature as signature_text
from adgen.backend.header import Header
from adgen.backend.layout import with_guards
from adgen.frontend.bindings import FunctionSource, Member, Scope, UserClass
from adgen.ir.core import Func
from adgen.ir.types import Array, ListOf, Ref, Scalar, Struct, Type, Unknown, show
from adgen.ir.walk import walk
from adgen.rules.table import lookup
from adgen.signature import Guard, guards, no_arrays, overlaps, same_lists, same_objects


class Asked(Protocol):
    """What of a request the header tells."""

    @property
    def mode(self) -> str:
        """Which derivative."""

    @property
    def wrt(self) -> tuple[str, ...]:
        """With respect to which parameters."""


class Memory(Protocol):
    """What is known of a function's writes to its arguments."""

    @property
    def func(self) -> Func:
        """The lowered function."""

    @property
    def changed(self) -> Sequence[tuple[str, tuple[int, ...]]]:
        """Arguments of which fields or keys are written to, and the slots of the part."""

    @property
    def numbers(self) -> Sequence[str]:
        """Arguments of which numbers are replaced by `op=`, where arrays without axes would change in place."""


def header_of(
    source: FunctionSource,
    types: Mapping[str, Type],
    request: Asked,
    primals: Sequence[Func],
    imports: tuple[str, ...],
    command: str,
) -> Header:
    """The header of a derivative of a lowered function (the first one; the others are those that it calls)."""
    primal = primals[0]
    rules = [lookup(op.name) for func in primals for op in walk(func.block) if op.kind == "prim"]
    kinks = tuple(dict.fromkeys(kink for func in primals for kink in _kinks(func)))
    own = [param.name for param in primal.params if param.kind != "captured"]
    needed = [line.split()[1] for line in imports] + [rule.module for rule in rules if rule is not None and rule.module]
    return Header(
        f"{source.where}::{source.qualname}",
        "forward" if request.mode == "jvp" else "reverse",
        request.mode,
        request.wrt,
        ", ".join(f"{name}: {show(types[name])}" for name in own if name in types),
        kinks=kinks,
        requires=tuple(dict.fromkeys(needed)),
        imports=imports,
        command=command,
        digest=source.text_digest,
        guards=(*guards(types, own), *(_tangent_guards(types, request.wrt) if request.mode == "jvp" else ())),
    )


def _kinks(func: Func) -> Iterator[str]:
    """What is said of kinks by the rules of a function; a whole positive power has none."""
    numbers = {op.result: op.attrs["value"] for op in walk(func.block) if op.kind == "const"}
    for op in walk(func.block):
        rule = lookup(op.name) if op.kind == "prim" else None
        power = numbers.get(op.operands[1]) if rule is not None and rule.name in ("pow", "np.power") else None
        whole = isinstance(power, int | float) and power >= 1 and float(power).is_integer()
        if rule is not None and rule.kinks and not whole:
            yield f"{rule.name}: {rule.kinks}"


def vjp_text(name: str, funcs: Sequence[Func], guarded: bool) -> str:
    """The public function of the split form; the pullback asks for a cotangent of the result's shape."""
    fwd = funcs[0]
    given = ", ".join(
        f"{param.name}={param.name}" if param.kind in ("keyword", "captured") else param.name for param in fwd.params
    )
    return _split_text(name, funcs, signature_text(fwd.params), given, guarded)


def compiled_vjp_text(name: str, funcs: Sequence[Func], frame: Frame, guarded: bool) -> str:
    """The same for functions that Numba compiles; what Python does at each call is done here."""
    fwd = funcs[0]
    text = _split_text(name, funcs, signature_text(public(fwd, frame)), given(fwd, frame), guarded)
    return with_guards(text, frame.guards) if frame.guards else text


def _split_text(name: str, funcs: Sequence[Func], taken: str, given: str, guarded: bool) -> str:
    fwd, bwd = funcs
    result = fwd.result.type.items[0] if isinstance(fwd.result.type, Struct) else None
    lines = [f"def {name}({taken}):", f"    out, saved = {fwd.name}({given})"]
    if not guarded or not isinstance(result, Array | Scalar | Unknown):
        return "\n".join([*lines, f"    return out, lambda out_bar: {bwd.name}(saved, out_bar)", ""])
    lines += [
        "    shape = np.shape(out)",
        "",
        "    def pullback(out_bar):",
        "        if np.shape(out_bar) != shape:",
        '            raise ValueError(f"out_bar: the result has shape {shape}")',
        f"        return {bwd.name}(saved, out_bar)",
        "",
        "    return out, pullback",
        "",
    ]
    return "\n".join(lines)


def with_numpy(text: str) -> str:
    """The module text with the import of numpy that its last function needs."""
    if "import numpy as np" in text or "np." not in text:
        return text
    end = text.index('"""\n', 3) + 4
    return f"{text[:end]}\nimport numpy as np\n{text[end:]}"


def _tangent_guards(types: Mapping[str, Type], wrt: Sequence[str]) -> list[Guard]:
    """A tangent of another shape would broadcast."""
    return [
        Guard(f"np.shape({name}_dot) != np.shape({name})", f"{name}_dot: the shape of {name} is needed", "ValueError")
        for name in wrt
        if isinstance(types[name], Array | Unknown)
    ]


def shared_guards(lowered: Memory, texts: Mapping[str, str]) -> list[Guard]:
    """Guards against arguments that share memory with one that is written to (on a copy), or are the object changed.

    `texts` tells how captured values are written that are read from their module.
    """
    func = lowered.func
    sources = {param.value: param.name for param in func.params}
    written: list[str] = []
    lists: list[str] = []
    for op in walk(func.block):
        if op.kind in ("item", "index", "view") and op.operands[0] in sources:
            sources[op.result] = sources[op.operands[0]]
        elif op.name == "copy" and op.operands[0] in sources and isinstance(op.result.type, ListOf):
            sources[op.result] = sources[op.operands[0]]  # what is in the list is written to
            written += [sources[op.result]] if isinstance(op.result.type.item, Array) else []
        elif op.kind == "alloc" and op.operands[0] in sources and isinstance(op.operands[0].type, Array | Unknown):
            written.append(sources[op.operands[0]])
        elif op.kind == "alloc" and op.operands[0] in sources and isinstance(op.operands[0].type, ListOf):
            lists.append(sources[op.operands[0]])
    named = {param.name: texts.get(param.name, param.name) for param in func.params}
    types = {named[param.name]: param.value.type for param in func.params}
    objects = [(named[name], slots) for name, slots in lowered.changed]
    apart = [*overlaps([named[name] for name in written], types), *same_objects(objects, types)]
    counted = no_arrays([named[name] for name in lowered.numbers], types)
    return list(dict.fromkeys([*apart, *same_lists([named[name] for name in lists], types), *counted]))


def places_of(type_: Type) -> Any:
    """Where a value of a type holds objects, as plain JSON (`adgen.objects` makes them).

    >>> from adgen.ir.types import FLOAT
    >>> places_of(Struct("tuple", ("0", "1"), (FLOAT, ListOf(Struct("object:m:P", ("x",), (FLOAT,))))))
    ['tuple', {'1': ['each', ['object:m:P', {}]]}]
    """
    match type_:
        case Ref(content):
            return places_of(content)
        case ListOf(item):
            inner = places_of(item)
            return None if inner is None else ["each", inner]
        case Struct(kind, keys, items):
            parts = {key: places_of(item) for key, item in zip(keys, items, strict=True)}
            held = {key: inner for key, inner in parts.items() if inner is not None}
            return [kind, held] if held or kind.startswith("object:") else None
    return None


def kept_kinds(source: FunctionSource, types: Iterable[Type]) -> frozenset[str]:
    """The kinds of objects among the arguments whose class, when called, does nothing but keep its fields."""
    return frozenset(kind for type_ in types for kind in _kinds(type_) if _keeps_fields(source.scope, kind))


def _kinds(type_: Type) -> Iterator[str]:
    if isinstance(type_, ListOf):
        yield from _kinds(type_.item)
    elif isinstance(type_, Struct):
        if type_.kind.startswith("object:"):
            yield type_.kind
        for item in type_.items:
            yield from _kinds(item)


def _keeps_fields(scope: Scope, kind: str) -> bool:
    cls = scope.class_of(kind)
    if not isinstance(cls, UserClass) or cls.kind == "namedtuple":
        return isinstance(cls, UserClass)
    return cls.kind == "dataclass" and not cls.unset and not isinstance(scope.member(cls, "__post_init__"), Member)


def explain(func: Func, wrt: Sequence[str], flows: Flows) -> tuple[str, ...]:
    """A line for each statement: active (on which way) or not."""
    facts = activity(func, [param.value for param in func.params if param.name in wrt], flows=flows)
    rows: dict[tuple[int, str], list[str]] = {}
    for op in walk(func.block):
        if op.span is None or not op.span.statement:
            continue
        row = rows.setdefault((op.span.statement_line, op.span.statement), [])
        if op.regions:
            continue  # what a test or a loop chooses is told on the lines inside
        for result in op.results:
            if result in facts and not row:
                row.append(" -> ".join(facts.chain(result)))
    return tuple(
        f"{line:>4}  {statement}    {'active: ' + row[0] if row else 'inactive'}"
        for (line, statement), row in sorted(rows.items())
    )
