"""What the tests of lowering share: lower a function or a text, write it, run it, compare bits."""

import copy
import inspect
import math
import textwrap

import numpy as np

from adgen.backend import emit
from adgen.frontend import resolve, source
from adgen.frontend.lower import lower, lower_with_captured
from adgen.frontend.source import read_captured
from adgen.ir.show import show
from adgen.ir.verify import verify
from adgen.ir.walk import walk
from adgen.signature import of_values, parse


def lower_text(folder, text, types="", name="f", **more):
    """The function `name` of a program text, lowered without running the text."""
    path = folder / "case.py"
    path.write_text(textwrap.dedent(text))
    func = lower(resolve.from_file(str(path), name), parse(types) | more if types else dict(more))
    assert verify(func) == []
    return func


def shown(func):
    """The function as IR text, without the first line."""
    return show(func).split("\n", 1)[1]


def kinds(func):
    """The names of all operations but literals: prims by name, others by kind."""
    return [op.name if op.kind == "prim" else op.kind for op in walk(func.block) if op.kind != "const"]


def find(func, kind):
    """All operations of a kind."""
    return [op for op in walk(func.block) if op.kind == kind]


def lowered(function, arguments):
    """A function object, lowered for these arguments."""
    names = tuple(inspect.signature(function).parameters)[: len(arguments)]
    low = lower_with_captured(source.find(function), dict(of_values(names, arguments).items))
    assert verify(low.func) == []
    return low


def written(function, arguments):
    """The text that the back end writes for a function, and the function that it is."""
    low = lowered(function, arguments)
    emitted = emit.function_text(low.func)
    names = {"np": np, "math": math}
    for line in emitted.imports:
        exec(line, names)
    exec(emitted.text, names)
    extra = {binding.name: read_captured(function, binding) for binding in low.captured}
    return emitted.text, names[low.func.name], extra


def outcome(function, arguments, **extra):
    """What a call gives: its result, or the class of its exception."""
    try:
        return function(*copy.deepcopy(arguments), **extra)
    except Exception as error:
        return type(error)


def same(a, b):
    """Whether two results are the same to the bit."""
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and (a.dtype, a.shape) == (b.dtype, b.shape) and a.tobytes() == b.tobytes()
    if hasattr(a, "__dataclass_fields__"):
        return type(a) is type(b) and all(same(getattr(a, key), getattr(b, key)) for key in a.__dataclass_fields__)
    return a == b and isinstance(a, bool) == isinstance(b, bool)
