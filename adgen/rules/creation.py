"""Functions that make arrays.  Filled ones are linear in what they are filled with.

y = np.array([a, b])       ->      a_bar = y_bar[0];  b_bar = y_bar[1]
y = np.full(n, c)          ->      c_bar = np.sum(y_bar)
"""

from __future__ import annotations

from adgen.ir.core import Value
from adgen.ir.types import NONE, UNKNOWN, Array, Dim, Scalar, Type, Unknown
from adgen.rules import shapes
from adgen.rules.apply import shape_facts
from adgen.rules.call import Call
from adgen.rules.infer import as_content, code, dtype_of, plain, promote, shape_of
from adgen.rules.kinds import general, linear, zero
from adgen.rules.lists import taken_apart as taken_apart
from adgen.rules.rule import Facts, Infer, TypeProblem


# types ---------------------------------------------------------------------------------------------------------------
def _given_dtype(facts: Facts, default: str | None) -> str | None:
    """The dtype asked for, the default, or None where it is only known at run time."""
    if not facts.has("dtype"):
        return default
    if "dtype" not in facts.statics:
        return None
    wanted = facts.statics["dtype"]
    return default if wanted is None else code(wanted)


def _filled(facts: Facts) -> Type:
    return Array(_given_dtype(facts, "f8"), shape_facts(facts.statics))


def _full_type(facts: Facts) -> Type:
    value = as_content(facts.type("fill_value"))
    default = promote([value]) if isinstance(value, (Array, Scalar)) else None
    return Array(_given_dtype(facts, default), shape_facts(facts.statics))


def _like(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if isinstance(type_, Unknown):
        return UNKNOWN
    shape = shape_of(type_)
    if facts.has("shape") and plain(facts.type("shape")) != NONE:
        shape = shape_facts(facts.statics)
    return Array(_given_dtype(facts, dtype_of(type_)), shape)


def _one(facts: Facts, name: str) -> Dim:
    found = shape_facts(facts.statics, name)
    return found[0] if found is not None and len(found) == 1 else None


def _eye_type(facts: Facts) -> Type:
    rows = _one(facts, "N")
    columns = _one(facts, "M") if facts.has("M") and plain(facts.type("M")) != NONE else rows
    return Array(_given_dtype(facts, "f8"), (rows, columns))


def _identity_type(facts: Facts) -> Type:
    return Array(_given_dtype(facts, "f8"), (_one(facts, "n"),) * 2)


def _array_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if isinstance(type_, (Array, Scalar)):
        shape, least = shape_of(type_), facts.static("ndmin", 0)
        assert isinstance(least, int)
        if least and shape is None:
            raise TypeProblem("`np.array` with `ndmin` of an array of unknown rank", "annotate the argument")
        lead = (1,) * (least - len(shape or ()))
        return Array(_given_dtype(facts, promote([type_])), None if shape is None else (*lead, *shape))
    return UNKNOWN if isinstance(type_, Unknown) else Array(_given_dtype(facts, None), None)


# derivatives ---------------------------------------------------------------------------------------------------------
def _total(call: Call, g: Value) -> Value:
    return shapes.unbroadcast(call.b, g, call.values["fill_value"])


def _array_vjp(call: Call, g: Value) -> Value | None:
    operand = call.op.operands[0]
    for _ in range(_added(call, operand)):
        g = call("g[0]", g=g)
    return taken_apart(call.b, g, plain(operand.type))


def _added(call: Call, operand: Value) -> int:
    """How many axes of size 1 stand before those of the operand."""
    made, own = shape_of(call.y.type), shape_of(operand.type)
    return len(made) - len(own) if call.has("ndmin") and made is not None and own is not None else 0


LIKE = "dtype=None, order='K', subok=True, shape=None, *, device=None"
STILL = ("order", "subok", "device")
for _name in ("zeros", "ones", "empty"):
    zero(f"np.{_name}(shape, dtype=None, order='C', *, device=None)", infer=_filled, static=STILL)
    zero(f"np.{_name}_like(a, {LIKE})", infer=_like, static=STILL)
linear(
    "np.full(shape, fill_value, dtype=None, order='C', *, device=None)",
    {"fill_value": _total},
    infer=_full_type,
    static=STILL,
)
linear(
    f"np.full_like(a, fill_value, {LIKE})",
    {"fill_value": _total},
    infer=_like,
    static=STILL,
)
zero("np.eye(N, M=None, k=0, dtype=None, order='C', *, device=None)", infer=_eye_type, static=STILL)
zero("np.identity(n, dtype=None)", infer=_identity_type)
linear("np.copy(a, order='K', subok=False)", {"a": _array_vjp}, infer=_array_type)


def line_type(facts: Facts) -> Type:
    """The type of an array that has an axis at least."""
    found = _array_type(facts)
    return Array(found.dtype, (1,)) if isinstance(found, Array) and found.shape == () else found


def line_vjp(call: Call, g: Value) -> Value | None:
    """Of a number that was made an array of one, the one."""
    return call("np.sum(g)", g=g) if shapes.is_scalar(call.values["a"].type) else _array_vjp(call, g)


linear("np.ascontiguousarray(a, dtype=None)", {"a": line_vjp}, infer=line_type)
for _name, _more in (
    ("array(object", "dtype=None, *, copy=None, order='K', subok=False, ndmin=0"),
    ("asarray(a", "dtype=None, order=None, *, device=None, copy=None"),
):
    _first = _name.partition("(")[2]
    linear(f"np.{_name}, {_more})", {_first: _array_vjp}, infer=_array_type, static=(*STILL, "ndmin"))


def _converted(dtype: str) -> Infer:
    def infer(facts: Facts) -> Type:
        type_ = as_content(facts.types[0])
        return UNKNOWN if isinstance(type_, Unknown) else Array(dtype, shape_of(type_))

    return infer


def _cast_back(call: Call, g: Value) -> Value:
    return shapes.cast(call.b, g, call.op.operands[0])


for _name, _code in (
    ("float64", "f8"),
    ("float32", "f4"),
    ("float16", "f2"),
    ("complex128", "c16"),
    ("complex64", "c8"),
):
    linear(f"np.{_name}(x)", {"x": _cast_back}, infer=_converted(_code))
for _name, _code in (("int64", "i8"), ("int32", "i4"), ("int8", "i1"), ("uint8", "u1"), ("bool_", "b1")):
    zero(f"np.{_name}(x)", infer=_converted(_code))


# memory that others made ---------------------------------------------------------------------------------------------
def _buffer_type(facts: Facts) -> Type:
    type_ = as_content(facts.types[0])
    if not isinstance(type_, Array) or type_.dtype != "f8":
        raise TypeProblem("`np.frombuffer` of anything but float64 numbers", "use np.ravel, or astype")
    return Array("f8", (None,))


linear("np.from_dlpack(x)", {"x": lambda call, g: g}, infer=lambda facts: as_content(facts.types[0]))
general(
    "np.frombuffer(buffer)",
    vjp={"buffer": "np.reshape(y_bar, buffer.shape)"},
    jvp={"buffer": "np.ravel(buffer_dot)"},
    infer=_buffer_type,
)
