"""What several tests need: the repository's examples, directional differences, structures of numbers."""

import ast
import contextlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from adgen.trees import is_smooth, leaves, tree_map

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted(path for path in (ROOT / "examples").rglob("*.py"))


@contextlib.contextmanager
def inside(folder):
    """Run a block with another working directory."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def load(path, name=None):
    """Import a file by its path."""
    name = name or "loaded_" + "_".join(Path(path).with_suffix("").parts[-2:])
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def execute(text, title="<generated>", **names):
    """The namespace of executed module text."""
    namespace = {"__name__": "generated_here"}
    exec(compile(text, title, "exec"), namespace)
    namespace.update(names)
    return namespace


def plain(function):
    """A function out of its decorators."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def arguments(module, names, seed=0):
    """Values of `inputs(seed)` for these parameters."""
    values = module.inputs(seed)
    return [values[name] for name in names]


def direction(rng, tree):
    """A random direction of the structure of `tree`; None where it carries no derivative."""

    def one(leaf):
        if not is_smooth(leaf):
            return None
        return rng.standard_normal(leaf.shape) if isinstance(leaf, np.ndarray) else float(rng.standard_normal())

    return tree_map(one, tree)


def moved(tree, along, step):
    """tree + step * along."""
    return tree_map(lambda leaf, d: leaf if d is None else leaf + step * d, tree, along)


def slope(function, args, which, along, h=1e-4):
    """The derivative of a scalar function along directions of the arguments `which`, by extrapolated differences."""

    def at(step):
        new = [tree_map(lambda x: x.copy() if isinstance(x, np.ndarray) else x, a) for a in args]
        for k, d in zip(which, along, strict=True):
            new[k] = moved(new[k], d, step)
        return function(*new)

    def central(step):
        return (at(step) - at(-step)) / (2.0 * step)

    return (4.0 * central(h / 2.0) - central(h)) / 3.0


def inner(a, b):
    """The inner product of two structures."""
    pairs = zip([x for x in leaves(a)], [x for x in leaves(b)], strict=True)
    return sum(float(np.vdot(x, y)) for x, y in pairs if is_smooth(x) and is_smooth(y))


def assert_close(found, expected, limit=1e-7, what=""):
    """Equal up to a relative error (measured against 1 at least)."""
    error = abs(found - expected) / max(abs(found), abs(expected), 1.0)
    assert error <= limit, f"{what}: {found} instead of {expected}, relative error {error:.1e}"


def assert_gradient(gradients, function, args, which, seed=0, limit=1e-7):
    """Gradients by the arguments `which` (a tuple) agree with differences along three random directions."""
    rng = np.random.default_rng(seed)
    for _ in range(3):
        along = tuple(direction(rng, args[k]) for k in which)
        found = sum(inner(g, d) for g, d in zip(gradients, along, strict=True))
        assert_close(found, slope(function, args, which, along), limit, "gradient along a direction")


def run_python(code, *arguments, cwd=ROOT, **env):
    """Run code in a new interpreter; its output."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def adgen(*words, cwd=ROOT, **env):
    """Run the command line in a new interpreter: (exit status, output, errors)."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    done = subprocess.run(
        [sys.executable, "-m", "adgen.cli", *map(str, words)], capture_output=True, text=True, cwd=cwd, env=environment
    )
    return done.returncode, done.stdout, done.stderr


class Compiled:
    """A derivative as the command line makes it: its text, its namespace, and the public function."""

    def __init__(self, target, mode=None, wrt=None, types=None):
        from adgen import commands

        options = commands.Options(mode=mode, wrt=wrt, types=types, verify="each")
        self.job = commands.named(str(target), options, first=True)[0]
        self.made = commands.run(self.job, options).generated
        self.text = self.made.text
        self.namespace = execute(self.text, f"<{self.job.title}>")
        self.name = self.made.name
        self.function = self.namespace[self.name]

    def __call__(self, *args, **keywords):
        return self.function(*args, **keywords)

    @property
    def body(self):
        """The statements of the public function as text, one a line; guards (`if ..: raise ..`) are left out."""
        tree = ast.parse(self.text)
        function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == self.name)
        guards = [node for node in function.body if isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise)]
        kept = [node for node in function.body if node not in guards]
        return [line for node in kept for line in ast.unparse(node).splitlines()]


def locals_of(function, *args):
    """What a call returns, and the local variables of its frame at the end."""
    found = {}

    def profile(frame, event, _):
        if event == "return" and frame.f_code is function.__code__:
            found.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        result = function(*args)
    finally:
        sys.setprofile(before)
    return result, found
