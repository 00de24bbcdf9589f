"""Forward mode: next to each operation, the operation on tangents.

    y = np.sin(x) * x       ->      sin_x = np.sin(x)
                                    y_dot = np.cos(x) * x_dot * x + sin_x * x_dot
                                    y = sin_x * x

A tangent is a value, or None where it is zero for certain.  Memory has companion memory of the same shape; control
flow carries tangents beside primal values.  Where the tangent does not read the result it is computed first, so that a
variable that is updated in place of itself needs no second name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from adgen import naming
from adgen.analyses.activity import Activity, activity
from adgen.errors import Diagnostic, Refusal
from adgen.ir.build import Builder
from adgen.ir.core import Block, Func, Op, Param, Value
from adgen.ir.types import NONE, Array, DictOf, ListOf, Ref, Struct, Type, Undef, is_active_type, is_number, tangent
from adgen.ir.walk import FIXED_RESULTS, defs, iterated, tail_if
from adgen.rules import shapes
from adgen.rules.apply import apply
from adgen.rules.rule import TypeProblem
from adgen.rules.table import lookup
from adgen.transforms.hidden import refuse_hidden
from adgen.transforms.known import known_numbers
from adgen.transforms.prepare import prepare
from adgen.transforms.reverse import no_rule, refused
from adgen.transforms.reverse_calls import NO_CALLS, Calls, fresh_of, is_active
from adgen.transforms.reverse_stores import in_list, place_of


def forward(func: Func, wrt: Sequence[str], calls: Calls = NO_CALLS) -> Func:
    """The function that returns its result and the result's tangent; tangents are further parameters `x_dot`."""
    func = prepare(func)
    by_name = {param.name: param for param in func.params}
    facts = activity(func, [by_name[name].value for name in wrt], flows=calls.flows)
    refuse_hidden(func, facts)
    sweep = _Sweep(func, facts, calls)
    dots: list[Param] = []
    for name in wrt:
        value = by_name[name].value
        label = naming.fresh(naming.tangent(name), [param.name for param in (*func.params, *dots)])
        dot = Value(_tangent(value.type), label, True)
        dots.append(Param(label, dot))
        sweep.dots[value] = dot
    builder = Builder("tangent")
    builder.constants.update(known_numbers(func))
    block = sweep.returning(builder, func.block)
    return replace(func, params=_insert(func.params, dots), block=block)


def _insert(params: tuple[Param, ...], dots: list[Param]) -> tuple[Param, ...]:
    """Tangents follow the function's own parameters, ahead of captured values."""
    own = [param for param in params if param.kind != "captured"]
    if any(param.default is not None or param.kind == "keyword" for param in own):
        dots = [replace(dot, kind="keyword") for dot in dots]
    return (*own, *dots, *(param for param in params if param.kind == "captured"))


def _tangent(type_: Type) -> Type:
    found = tangent(type_)
    return type_ if found is None else found


class _Sweep:
    """Writes primal and tangent operations in one pass."""

    def __init__(self, func: Func, active: Activity, calls: Calls) -> None:
        self.active = active
        self.calls = calls
        self.made = defs(func)
        self.dots: dict[Value, Value] = {}
        self.handlers: dict[str, Callable[[Builder, Op], None]] = {
            "prim": self._prim,
            "pack": self._slots,
            "listing": self._slots,
            "item": self._same,
            "index": self._same,
            "view": self._same,
            "load": self._same,
            "alloc": self._alloc,
            "store": self._store,
            "append": self._append,
            "pop": self._same,
            "call": self._call,
            "select": self._select,
            "if": self._if,
            "for": self._loop,
            "while": self._loop,
        }

    def ops(self, builder: Builder, ops: Sequence[Op]) -> None:
        """Primal and tangent of each operation."""
        for op in ops:
            builder.span = op.span
            handler = self.handlers.get(op.kind)
            if handler is None:
                builder.add(op)
                if op.kind == "effect" and op.name == "bound" and self.has(op.operands[0]):
                    dot = self.dots[op.operands[0]]  # bound where the value is
                    builder.add(replace(op, operands=(dot,), attrs={**op.attrs, "follows": True}))
            else:
                handler(builder, op)

    def dot(self, builder: Builder, value: Value) -> Value:
        """The tangent as a value; typed zeros where it is zero."""
        found = self.dots.get(value)
        if found is not None:
            return found
        if isinstance(value.type, Undef):
            return value
        return shapes.zeros_like(builder, value) if is_active_type(value.type) else builder.const(0.0)

    def _lane(self, builder: Builder, value: Value, wanted: Value) -> Value:
        """The tangent of what a path hands on: that of None is None."""
        if value in self.dots or isinstance(value.type, Undef) or not is_active_type(value.type):
            return value if value.type == NONE else self.placed(builder, value, wanted.type)
        return shapes.zero_among(builder, value, wanted.type)

    def placed(self, builder: Builder, value: Value, place: Type) -> Value:
        """The tangent of what is put where values of a type stand: `Body(2)` among bodies whose mass varies."""
        return _fitted(builder, value, self.dot(builder, value), place)

    def has(self, value: Value) -> bool:
        """Whether the tangent is not the symbolic zero."""
        return value in self.dots

    def _prim(self, builder: Builder, op: Op) -> None:
        rule = lookup(op.name)
        wanted = op.result in self.active and any(self.has(v) for v in op.operands)
        if rule is None and wanted:
            raise no_rule(op)
        if rule is None or rule.kind == "zero" or not wanted:
            builder.add(op)
            return
        inner = builder.child()
        try:
            result = rule.jvp(inner, op, [self.dots.get(v) for v in op.operands])
        except TypeProblem as problem:
            raise refused(op, problem) from problem
        early = all(op.result not in step.operands for step in inner.ops)
        steps, new = _named(inner.ops, result, op.result)
        builder.ops += [*steps, op] if early else [op, *steps]
        builder.constants.update(inner.constants)
        if new is not None:
            self.dots[op.result] = new

    def _slots(self, builder: Builder, op: Op) -> None:
        builder.add(op)
        if op.result not in self.active or not any(self.has(v) for v in op.operands):
            return
        type_, keyed = op.result.type, isinstance(op.result.type, DictOf)
        assert isinstance(type_, Struct | ListOf)
        items = type_.items if isinstance(type_, Struct) else (type_.item,) * len(op.operands)
        places = [NONE if keyed and k % 2 == 0 else item for k, item in enumerate(items)]
        pairs = zip(op.operands, places, strict=True)  # integers stand among what varies
        plain = [is_active_type(v.type) or (is_number(v.type) and tangent(to) is not None) for v, to in pairs]
        dots = [
            self.placed(builder, v, to) if own else builder.const(None)
            for v, to, own in zip(op.operands, places, plain, strict=True)
        ]
        if keyed:
            dots[::2] = op.operands[::2]
        self._companion(builder, op, tuple(dots))

    def _companion(self, builder: Builder, op: Op, operands: tuple[Value, ...]) -> None:
        """The same operation on tangents."""
        result = op.result
        self.dots[result] = builder.emit(op.kind, op.name, operands, _tangent(result.type), _dot_name(result), op.attrs)

    def _same(self, builder: Builder, op: Op) -> None:
        base, *rest = op.operands
        inner = builder.child()
        if self.has(base) and is_active_type(op.result.type):
            dot = self.dots[base]
            if op.kind == "index" and isinstance(base.type, Array) and base.type.shape == ():
                dot = apply(inner, "np.asarray", (dot,))  # `y[None]`: a tangent without axes may be a number
            self._companion(inner, op, (dot, *rest))
        builder.ops += [*inner.ops, op]

    def _alloc(self, builder: Builder, op: Op) -> None:
        builder.add(op)
        (content,) = op.operands
        if op.result not in self.active:
            return
        self._companion(builder, op, (self._fresh_list(builder, op) or self.dot(builder, content),))

    def _fresh_list(self, builder: Builder, op: Op) -> Value | None:
        """The tangent of a new list of which nothing varies: `[]`, `[None] * n`, `[0.0] * len(xs)`."""
        (content,) = op.operands
        if content in self.dots or not isinstance(content.type, ListOf):
            return None
        made, type_ = self.made.get(content), _tangent(content.type)
        empty = made is not None and made.kind == "listing" and not made.operands
        filled = made is not None and made.name == "mul" and made.operands[0].type == ListOf(NONE)
        if made is not None and (empty or filled):
            nothing = self.made.get(made.operands[0]) if filled else None
            start = [] if nothing is None else [builder.emit(nothing.kind, "", nothing.operands, ListOf(NONE))]
            return builder.emit(made.kind, made.name, [*start, *made.operands[1:]], type_, attrs=made.attrs)
        return self.dot(builder, builder.load(op.result))  # the list has a name

    def _store(self, builder: Builder, op: Op) -> None:
        ref, content = op.operands
        if not self.has(ref):
            builder.add(op)
            return
        mode = op.attrs["mode"]
        if mode == "mul":
            builder.effect("store", "", (self.dots[ref], content), op.attrs)
        elif mode == "set" or self.has(content) or "default" in op.attrs:  # an entry that the value gets now
            typed = isinstance(content.type, Struct | ListOf) or in_list(self.made, ref)
            place = ref.type.content if isinstance(ref.type, Ref) else ref.type
            zero = self.placed(builder, content, place) if typed else builder.const(0.0)
            dot = self.placed(builder, content, place) if content in self.dots else zero
            if isinstance(dot.type, Struct) and isinstance(place, Array):
                dot = _numbers(builder, dot)
            builder.effect("store", "", (self.dots[ref], dot), op.attrs)
        builder.add(op)

    def _append(self, builder: Builder, op: Op) -> None:
        ref, item = op.operands
        if self.has(ref):
            listed = ref.type.content if isinstance(ref.type, Ref) else ref.type
            dot = self.placed(builder, item, listed.item) if isinstance(listed, ListOf) else self.dot(builder, item)
            among = isinstance(listed, ListOf) and isinstance(listed.item, Array)
            dot = item if item.type == NONE and among else dot  # the tangent of None is None
            builder.effect("append", "", (self.dots[ref], dot), op.attrs)
        builder.add(op)

    def _select(self, builder: Builder, op: Op) -> None:
        flag, first, second = op.operands
        builder.add(op)
        if op.result not in self.active:
            return
        if isinstance(op.result.type, Ref) and not (self.has(first) and self.has(second)):
            title = "a reference that is active on one side only"
            why = "its tangent would have no memory on the other side"
            raise Refusal([Diagnostic("E0133", title, place_of(op.span), why, "copy the array first")])
        self._companion(builder, op, (flag, self.dot(builder, first), self.dot(builder, second)))

    def _call(self, builder: Builder, op: Op) -> None:
        if not is_active(op, self.active) or not any(self.has(v) for v in op.operands):
            builder.add(op)
            return
        dots = [self.dot(builder, op.operands[k]) for k in self.calls.wrt[op.name]]
        dot = Value(_tangent(op.result.type), _dot_name(op.result))
        attrs = {**op.attrs, "fresh": (*fresh_of(op), True)}
        name = self.calls.names[op.name, "jvp"]
        builder.add(replace(op, name=name, operands=(*op.operands, *dots), results=(op.result, dot), attrs=attrs))
        self.dots[op.result] = dot

    # control flow -----------------------------------------------------------------------------------------------
    def returning(self, builder: Builder, block: Block) -> Block:
        """A block of the function's own tail: it yields the result and its tangent as a pair."""
        tail = tail_if(block)
        if tail is None:
            self.ops(builder, block.ops)
            (result,) = block.yields
            dot = self.dot(builder, result)
            type_ = Struct("tuple", ("0", "1"), (result.type, dot.type))
            return builder.block([builder.pack(type_, [result, dot])], block.params)
        self.ops(builder, block.ops[:-1])
        regions = tuple(self.returning(builder.child(), region) for region in tail.regions)
        result = Value(_pair_type(tail.results[0].type, [region.yields[0].type for region in regions]))
        builder.add(replace(tail, results=(result,), regions=regions))
        return builder.block([result], block.params)

    def _region(self, builder: Builder, block: Block, lanes: Sequence[int], wanted: Sequence[Value]) -> list[Value]:
        """A region's operations; gives the tangents of the yields in `lanes`, which become those of `wanted`.

        A tail `if` stays in tail position.
        """
        tail = tail_if(block)
        if tail is None:
            self.ops(builder, block.ops)
            return [self._lane(builder, block.yields[k], like) for k, like in zip(lanes, wanted, strict=True)]
        self.ops(builder, block.ops[:-1])
        return self._branches(builder, tail, lanes)

    def _if(self, builder: Builder, op: Op) -> None:
        lanes = [k for k, result in enumerate(op.results) if result in self.active]
        results = self._branches(builder, op, lanes)
        self.dots.update(zip((op.results[k] for k in lanes), results, strict=True))

    def _branches(self, builder: Builder, op: Op, lanes: Sequence[int]) -> list[Value]:
        regions = []
        for region in op.regions:
            inner = builder.child()
            dots = self._region(inner, region, lanes, [op.results[k] for k in lanes])
            regions.append(inner.block([*region.yields, *dots]))
        results = [Value(_tangent(op.results[k].type), _dot_name(op.results[k])) for k in lanes]
        builder.add(replace(op, results=(*op.results, *results), regions=tuple(regions)))
        return results

    def _loop(self, builder: Builder, op: Op) -> None:
        (body,) = op.regions
        bounds = 3 if op.kind == "for" else 0
        params = body.params[1:] if op.kind == "for" else body.params
        carried = op.results[FIXED_RESULTS:]
        lanes = [k for k, r in enumerate(carried) if r in self.active or params[k] in self.active]
        inits = [self._lane(builder, op.operands[bounds + k], params[k]) for k in lanes]
        dots = [Value(_tangent(params[k].type), _dot_name(params[k])) for k in lanes]
        self.dots.update(zip((params[k] for k in lanes), dots, strict=True))
        inner = builder.child()
        outs = self._region(inner, body, [1 + k for k in lanes], [params[k] for k in lanes])
        block = Block((*body.params, *dots), tuple(inner.ops), (*body.yields, *outs))
        results = [Value(_tangent(carried[k].type), _dot_name(carried[k])) for k in lanes]
        operands, regions = (*op.operands, *inits), (block,)
        attrs = _iterating(op, block)
        builder.add(replace(op, operands=operands, results=(*op.results, *results), regions=regions, attrs=attrs))
        self.dots.update(zip((carried[k] for k in lanes), results, strict=True))


def _pair_type(type_: Type, pairs: Sequence[Type]) -> Type:
    """The type of a result and its tangent, where paths give them other sizes."""
    first = pairs[0]
    if all(pair == first for pair in pairs) or not isinstance(first, Struct):
        return first
    return Struct("tuple", ("0", "1"), (type_, _tangent(type_) if is_active_type(type_) else first.items[1]))


def _iterating(op: Op, block: Block) -> Mapping[str, object]:
    """The attributes of a loop whose first reads have the reads of tangents among them."""
    reads = iterated(op)
    if not reads:
        return op.attrs
    last = reads[-1].result
    count = next(k for k, inner in enumerate(block.ops) if last in inner.results) + 1
    return {**op.attrs, "iterates": count}


def _dot_name(value: Value) -> str:
    return f"{value.hint}_dot" if value.hint else ""


def _fitted(builder: Builder, value: Value, dot: Value, place: Type) -> Value:
    """The tangent of a structure of which some parts are integers, where other such structures have floats."""
    have = value.type
    if have == NONE and isinstance(place, Struct):  # nobody asks for its parts, but they are read ahead of the test
        nothing = [builder.const(0.0) if is_number(item) else builder.const(None) for item in place.items]
        parts = [_fitted(builder, value, one, item) for one, item in zip(nothing, place.items, strict=True)]
        return builder.pack(replace(place, items=tuple(part.type for part in parts)), parts)
    if not isinstance(have, Struct) or not isinstance(place, Struct) or have == place or have.keys != place.keys:
        lost = is_number(have) and not is_active_type(have) and is_active_type(place)
        return builder.const(0.0) if lost else dot
    whole = isinstance(dot.type, Struct)
    dots = [builder.item(dot, k) if whole else builder.const(None) for k in range(len(have.items))]
    pairs = zip(dots, place.items, strict=True)
    items = [_fitted(builder, builder.item(value, k), part, to) for k, (part, to) in enumerate(pairs)]
    return builder.pack(replace(place, items=tuple(item.type for item in items)), items)


def _numbers(builder: Builder, dot: Value) -> Value:
    """The tangent of a display that an array is filled with: 0.0 where there is an integer, which has no tangent."""
    if not isinstance(dot.type, Struct):
        return builder.const(0.0) if dot.type == NONE else dot
    parts = [builder.item(dot, k) for k in range(len(dot.type.items))]
    items = [_numbers(builder, part) for part in parts]
    if items == parts:
        return dot
    return builder.pack(replace(dot.type, items=tuple(item.type for item in items)), items)


def _named(ops: Sequence[Op], result: Value | None, primal: Value) -> tuple[list[Op], Value | None]:
    """The operations that make a tangent, and the tangent with its name: others may follow that read it."""
    steps, new = [], result
    for step in ops:
        if new is not result and result in step.operands:
            step = replace(step, operands=tuple(new if value is result else value for value in step.operands))  # type: ignore[misc]
        named = _hinted(step, result, primal)
        if named is not step:
            new = named.results[0]
        steps.append(named)
    return steps, new


def _hinted(step: Op, value: Value | None, primal: Value) -> Op:
    """The operation that makes the tangent, with the tangent's name and the axes that the primal is known to have."""
    if value is None or value not in step.results:
        return step
    type_, name = _of_axes(value.type, primal.type), value.hint or _dot_name(primal)
    return step if type_ is value.type and name == value.hint else replace(step, results=(Value(type_, name),))


def _of_axes(type_: Type, primal: Type) -> Type:
    """The type of a tangent of which it is not known how many axes it has: the primal's are known."""
    if not isinstance(type_, Array) or type_.shape is not None:
        return type_
    if isinstance(primal, Array) and primal.shape is not None:
        return Array(type_.dtype, primal.shape)
    return Array(type_.dtype, ()) if is_number(primal) else type_
