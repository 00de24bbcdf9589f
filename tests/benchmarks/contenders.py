"""Everyone who is timed: what to call, and what preparing it took; or why it cannot be done."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType

import numpy as np

import adgen as public
from adgen.pipeline import Request, generate
from adgen.signature import of_values

PEERS = ("autograd", "jax", "torch", "tangent", "gast", "numba")  # modules that need not be installed


@dataclass
class Ready:
    """Something that can be timed; `prepared` are the seconds until its first result."""

    run: Callable[[], object]
    prepared: float


def _first(run):
    start = time.perf_counter()
    run()
    return Ready(run, time.perf_counter() - start)


def primal(case):
    """The function itself."""
    return _first(lambda: case.primal(*case.args))


def by_hand(case):
    """The derivative written by hand."""
    return _first(lambda: case.by_hand(*case.args, *case.directions))


def adgen(case):
    """The generated function, without the cache of an earlier run; imports, as everyone's, are not counted."""
    if case.kind != "grad":
        return decorated(case)  # many runs of one generated function: there is nothing to call but the public one
    source, _, names = _source(case)
    start = time.perf_counter()
    made, _ = _generated(case, source, names, "numpy")
    space = {"__name__": "generated"}
    exec(compile(made.text, f"<{made.name}>", "exec"), space)
    function = space[made.name]
    return Ready(lambda: function(*case.args), time.perf_counter() - start)


def adgen_numba(case):
    """The same for Numba, compiled."""
    if case.kind != "grad":
        return decorated(case, backend="numba")
    from adgen.compiling import compile_for

    source, _, names = _source(case)
    start = time.perf_counter()
    made, types = _generated(case, source, names, "numba")
    function = compile_for(made, types, case.name)
    return Ready(lambda: function(*case.args), time.perf_counter() - start)


def _generated(case, source, names, backend):
    types = dict(of_values(names, case.args).items)
    wrt = tuple(names[k] for k in case.argnums)
    request = Request("grad", wrt, len(wrt) == 1, backend=backend)
    return generate(source, types, request, formatted=False, guarded=False), types


def decorated(case, **how):
    """The same through `adgen.grad` (or `jacobian`, or `hvp`): what a warm call costs on top."""
    _, plain, _ = _source(case)
    start = time.perf_counter()
    make = getattr(public, case.kind)
    function = make(plain, argnums=case.argnums if len(case.argnums) > 1 else case.argnums[0], **how)
    function(*case.args, *case.directions)
    return Ready(lambda: function(*case.args, *case.directions), time.perf_counter() - start)


def _source(case):
    """The source of a case, which lives in a file of its own, its function, the names of its parameters."""
    import importlib.util
    import inspect
    import tempfile
    from pathlib import Path

    from adgen.frontend import source as sources

    path = Path(tempfile.mkdtemp()) / f"{case.name}.py"
    path.write_text(case.text if "import numpy" in case.text else f"import math\n\nimport numpy as np\n\n{case.text}")
    spec = importlib.util.spec_from_file_location(case.name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, case.name)
    return sources.find(function), function, tuple(inspect.signature(function).parameters)


def autograd(case):
    """HIPS autograd: the program's own text, with its NumPy."""
    import autograd as package
    import autograd.numpy

    function = _with(case, autograd.numpy)
    make = {"grad": "grad", "jacobian": "jacobian", "hvp": "hessian_vector_product"}[case.kind]
    argnums = case.argnums if case.kind == "grad" else case.argnums[0]
    derivative = getattr(package, make)(function, argnums)
    return _first(lambda: derivative(*case.args, *case.directions))


def jax(case):
    """JAX under jit, with double precision; `prepared` is its compile time."""
    import jax as package

    derivative, args = _in_jax(case)
    fixed = tuple(k for k, arg in enumerate(case.args) if isinstance(arg, int))
    compiled = package.jit(derivative, static_argnums=fixed)
    return _first(lambda: package.block_until_ready(compiled(*args)))


def jax_eager(case):
    """The same without jit, operation by operation; `lax.scan` compiles its body, a closure at every call."""
    import jax as package

    derivative, args = _in_jax(case)
    return _first(lambda: package.block_until_ready(derivative(*args)))


def _in_jax(case):
    """The derivative as JAX makes it, and its arguments as JAX's arrays."""
    import jax as package
    import jax.numpy

    package.config.update("jax_enable_x64", True)
    function = case.jax or _with(case, jax.numpy)
    made = package.jacfwd if case.kind == "jacobian" else package.grad
    derivative = made(function, argnums=case.argnums)
    if case.kind == "hvp":
        derivative = _forward_over_reverse(package, function, case.argnums[0])
    args = [*case.args, *case.directions]
    args = [arg if isinstance(arg, int) else package.tree_util.tree_map(jax.numpy.asarray, arg) for arg in args]
    return derivative, args


def _forward_over_reverse(package, function, k):
    """A Hessian-vector product by `jvp` and `grad` of a package."""

    def product(*args):
        *args, direction = args
        gradient = package.grad(function, argnums=k)
        one = lambda leaf: gradient(*args[:k], leaf, *args[k + 1 :])  # noqa: E731
        return package.jvp(one, (args[k],), (direction,))[1]

    return product


def torch(case):
    """PyTorch, with double precision: the program's own text over torch, or as its users have to write it."""
    import torch as package

    from tests.benchmarks import in_torch

    function = getattr(in_torch, case.name, None) or _with(case, package)

    def tensors(tree, varies):
        if isinstance(tree, (list, tuple)):
            return type(tree)(tensors(item, varies) for item in tree)
        if not varies and not isinstance(tree, np.ndarray):
            return tree
        return package.tensor(tree, dtype=package.float64, requires_grad=varies)

    args = [tensors(arg, k in case.argnums and case.kind == "grad") for k, arg in enumerate(case.args)]
    if case.kind == "grad":
        inputs = [leaf for k in case.argnums for leaf in _leaves(args[k])]
        return _first(lambda: package.autograd.grad(function(*args), inputs))
    (k,) = case.argnums
    if case.kind == "jacobian":
        derivative = package.func.jacfwd(function, argnums=k)
    else:
        derivative = _forward_over_reverse(package.func, function, k)
    args += [tensors(direction, False) for direction in case.directions]
    return _first(lambda: derivative(*args))


def tangent(case):
    """tangent-ad: the program's own text; it has gradients only."""
    import tangent as package

    _, function, _ = _source(case)
    start = time.perf_counter()
    gradient = package.grad(function, wrt=case.argnums)
    gradient(*case.args)
    return Ready(lambda: gradient(*case.args), time.perf_counter() - start)


def numba_primal(case):
    """The function itself under Numba, with what it calls."""
    space = _with(case, np, whole=True)
    return _compiled(space, case.name, case.args)


def numba(case):
    """The derivative by hand under Numba."""
    space = {"np": np, "math": math, "reversed": lambda items: items[::-1]}  # Numba has no `reversed`
    exec(case.text_by_hand, space)
    return _compiled(space, case.by_hand.__name__, (*case.args, *case.directions))


def _compiled(space, name, args):
    """A function of a namespace and all others there under Numba."""
    import numba as package

    space.update({key: package.njit(value) for key, value in space.items() if isinstance(value, FunctionType)})
    return _first(lambda: space[name](*args))


def differences(case):
    """Central differences by every number: twice as many runs as it has inputs; for a Hessian of two gradients."""
    count = (2 if case.kind == "hvp" else 1) * sum(
        np.size(leaf) for k in case.argnums for leaf in _leaves(case.args[k])
    )

    def run():
        for _ in range(min(2 * count, 20)):
            case.primal(*case.args)

    run.times = max(1.0, 2 * count / 20)  # a run stands for so many
    return _first(run)


def _leaves(tree):
    if isinstance(tree, (list, tuple)):
        for item in tree:
            yield from _leaves(item)
    else:
        yield tree


def _with(case, module, whole=False):
    """The program's text over another NumPy; or all names that it makes."""
    space = {"__name__": case.name}
    exec(case.text, space)
    space.update(np=module, math=math)
    return space if whole else space[case.name]


CONTENDERS = {
    "primal": primal,
    "by hand": by_hand,
    "adgen": adgen,
    "adgen.grad": decorated,
    "adgen numba": adgen_numba,
    "autograd": autograd,
    "jax": jax,
    "jax eager": jax_eager,
    "torch": torch,
    "tangent": tangent,
    "numba primal": numba_primal,
    "numba by hand": numba,
    "differences": differences,
}
