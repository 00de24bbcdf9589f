"""The programs that are timed, on arguments large enough to matter, and as a user of JAX has to write them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.benchmarks import in_jax, programs
from tests.targets.programs import PROGRAMS as TARGETS
from tests.yardsticks.programs import PROGRAMS as YARDSTICKS

SIZES = {
    "rk4": 50,
    "thomas": 50,
    "alignment": 20,
    "cholesky": 8,
    "kalman": 20,
    "bundle": 10,
    "wave": 30,
    "nbody": 2,
    "monte_carlo": 10,
    "lstm": 10,
    "kmeans": 10,
    "logistic": 10,
    "mixture": 4,
}

LOOPS = (  # programs whose work is in a loop over steps, elements or numbers
    "rk4",
    "thomas",
    "alignment",
    "cholesky",
    "kalman",
    "wave",
    "nbody",
    "monte_carlo",
    "lstm",
    "heat",
    "heat_linear",
    "newton_sqrt",
    "march",
    "block",
)


@dataclass(frozen=True)
class Case:
    """A program as text and as a function, its derivative by hand, and its arguments."""

    name: str
    text: str
    primal: Callable
    by_hand: Callable
    text_by_hand: str
    args: tuple
    argnums: tuple[int, ...]
    jax: Callable | None  # as JAX wants it; None: as it is
    kind: str = "grad"  # or "jacobian", or "hvp": the Hessian times the directions
    directions: tuple = ()


def cases():
    """{name: case}."""
    found = [_yardstick(program) for program in YARDSTICKS]
    found += [
        _target(target) for target in TARGETS if target.mode == "grad" and target.name not in ("trace", "rollout")
    ]
    own = [("block", (0, 1), "grad"), ("residuals", (0,), "jacobian"), ("clusters", (1,), "hvp")]
    return {case.name: case for case in [*found, *(_own(*one) for one in own)]}


def _yardstick(program):
    args = tuple(program.arguments(np.random.default_rng(0), SIZES[program.name]))
    text = inspect.getsource(inspect.getmodule(program.primal))
    jax = getattr(in_jax, program.name, None)
    hand = inspect.getsource(program.by_hand)
    return Case(program.name, text, program.primal, program.by_hand, hand, args, tuple(range(program.count)), jax)


def _own(name, argnums, kind):
    """Of those that only the benchmarks have."""
    function, by_hand, arguments = (getattr(programs, name + end) for end in ("", "_by_hand", "_arguments"))
    args = arguments(np.random.default_rng(0))
    directions = tuple(np.ones_like(args[k]) for k in argnums) if kind == "hvp" else ()
    text, hand, jax = inspect.getsource(programs), inspect.getsource(by_hand), getattr(in_jax, name, None)
    return Case(name, text, function, by_hand, hand, args, argnums, jax, kind, directions)


def _large():
    rng = np.random.default_rng(0)
    sizes = [784, 256, 256, 10]
    network = [(0.05 * rng.standard_normal((m, n)), np.zeros(n)) for m, n in zip(sizes, sizes[1:], strict=False)]
    return {
        "heat": (rng.random(1000), 0.2, 100),
        "heat_linear": (rng.random(100_000), 0.2, 20),
        "newton_sqrt": (2.3, 1e-13),
        "march": (1.0, 0.003, 1000, 9.0),
        "mlp_loss": (network, rng.random((128, 784)), rng.random((128, 10))),
    }


def _target(target):
    names = {"np": np}
    exec(target.text, names)
    by_hand = {"np": np}
    exec(target.target, by_hand)
    jax = getattr(in_jax, target.name, None)
    args = _large()[target.name]
    return Case(target.name, target.text, names[target.name], by_hand["target"], target.target, args, target.wrt, jax)
