"""Arrays broadcast to one another's shape, and grids of coordinates.

u, v = np.broadcast_arrays(x, y)    ->      x_bar = the sum of u_bar over the axes that x has not
u, v = np.meshgrid(x, y)            ->      x_bar = np.sum(u_bar, axis=0)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adgen.ir.build import Builder
from adgen.ir.core import Op, Value
from adgen.ir.types import Array, Dim, Struct, Type, tangent
from adgen.rules import shapes
from adgen.rules.apply import content_of
from adgen.rules.call import Call, filled
from adgen.rules.infer import as_content, broadcast, dtype_of, rank_of, shape_of
from adgen.rules.kinds import fit
from adgen.rules.rule import Facts, Infer, Rule, TypeProblem, parse_signature, register


def _tuple(types: Sequence[Type], kind: str = "tuple") -> Struct:
    return Struct(kind, tuple(str(place) for place in range(len(types))), tuple(types))


def together(
    signature: str, infer: Infer, pull: Callable[[Call, Value, int], Value], static: Sequence[str] = ()
) -> Rule:
    """A linear function of several arrays with one result for each; `pull` takes the adjoint of the k-th result."""

    def vjp(b: Builder, op: Op, y_bar: Value, wrt: Sequence[int]) -> list[Value | None]:
        call = Call(b, rule, op)
        out: list[Value | None] = []
        for k in wrt:
            type_ = tangent(content_of(op.operands[k].type))
            if type_ is None:
                out.append(None)
                continue
            out.append(fit(b, pull(call, b.item(y_bar, k), k), op.operands[k], type_))
        return out

    def jvp(b: Builder, op: Op, dots: Sequence[Value | None]) -> Value | None:
        call = Call(b, rule, op)
        if all(dot is None for dot in dots):
            return None
        first = params[0].name
        moved = zip(call.args, op.operands, dots, strict=True)
        return call.repeat([filled(b, dot, value) if arg == first else value for arg, value, dot in moved])

    name, params, result = parse_signature(signature, static)
    rule = register(Rule(name, params, result, "linear", infer, vjp, jvp))
    return rule


def _spread_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    shape = broadcast([shape_of(type_) for type_ in types])
    return _tuple([Array(dtype_of(type_), shape) for type_ in types])


together(
    "np.broadcast_arrays(*args)",
    _spread_type,
    lambda call, g, k: shapes.unbroadcast(call.b, g, call.op.operands[k]),
)


def _grid_places(call: Call) -> list[int]:
    """The axis that each argument of a grid runs along."""
    count = call.args.count("xi")
    order = list(range(count))
    if count > 1 and call.static("indexing", "xy") == "xy":
        order[0], order[1] = 1, 0
    return order


def _grid_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.all("xi")]
    sizes: list[Dim] = []
    for type_ in types:
        shape = shape_of(type_)
        sizes.append(None if shape is None else 1 if not shape else shape[0] if len(shape) == 1 else None)
    order = list(range(len(types)))
    if len(types) > 1 and facts.static("indexing", "xy") == "xy":
        order[0], order[1] = 1, 0
    whole: list[Dim] = [1] * len(types)
    for place, size in zip(order, sizes, strict=True):
        whole[place] = size
    sparse = bool(facts.static("sparse", False))
    return _tuple(
        [
            Array(dtype_of(type_), tuple(s if not sparse or k == order[place] else 1 for k, s in enumerate(whole)))
            for place, type_ in enumerate(types)
        ]
    )


def _grid_pull(call: Call, g: Value, k: int) -> Value:
    operand, own = call.op.operands[k], _grid_places(call)[k]
    if shapes.is_scalar(operand.type):
        return call("np.sum(g)", g=g)
    others = tuple(axis for axis in range(call.args.count("xi")) if axis != own)
    line = call("np.sum(g, axis=others)", g=g, others=shapes.axis_value(call.b, others)) if others else g
    return line if rank_of(operand.type) == 1 else call("np.reshape(line, v.shape)", line=line, v=operand)


together(
    "np.meshgrid(*xi, *, copy=True, sparse=False, indexing='xy')",
    _grid_type,
    _grid_pull,
    static=("sparse", "indexing"),
)


def _open_type(facts: Facts) -> Type:
    types = [as_content(type_) for type_ in facts.types]
    if any(dtype_of(type_) == "b1" for type_ in types):
        raise TypeProblem("`np.ix_` of flags", "use np.flatnonzero of them")
    rank = len(types)
    out = []
    for place, type_ in enumerate(types):
        shape = shape_of(type_)
        size = shape[0] if shape else None
        out.append(Array(dtype_of(type_), tuple(size if axis == place else 1 for axis in range(rank))))
    return _tuple(out)


together("np.ix_(*args)", _open_type, lambda call, g, k: call("np.ravel(g)", g=g))
