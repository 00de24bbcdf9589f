"""Jacobians, Hessians and Hessian-vector products, out of directional derivatives and pullbacks.

>>> import adgen
>>> import numpy as np
>>> adgen.jacfwd(lambda x: x * x)(np.array([1.0, 2.0]))
array([[2., 0.],
       [0., 4.]])
>>> adgen.hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
array([6., 0.])

Second derivatives are forward over reverse: the directional derivative of the generated gradient.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np

from adgen import trees
from adgen.derivatives import Argnums, Derivative, Gradient, Plan, Wrt
from adgen.draws import Draws
from adgen.errors import ArgumentError
from adgen.results import Owners, check_direction, finish_gradient, kind, with_zeros
from adgen.specialise import obtain

P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class _OverGradient(Derivative[P, R]):
    """What is, or may be, the derivative of a gradient."""

    def _gradient(self) -> Gradient[..., Any]:
        plan = self._plan()
        gradient: Gradient[..., Any] = Gradient(self._fun, "grad", self._argnums, self._wrt)
        gradient._shared.plan = plan._replace(request=plan.request._replace(mode="grad"))
        return gradient

    def resolve(self, values: list[Any]) -> tuple[Callable[..., Any], dict[str, Any]]:
        """Further derivatives: the Jacobian of a function with one real result is its gradient."""
        if self._transform not in ("jacfwd", "jacrev", "jacobian"):
            why = "itself cannot be differentiated; a function that calls it can"
            raise ArgumentError(f"{self!r} {why}: `lambda x: adgen.{self._transform}(f)(x)`")
        return self._gradient().resolve(values)


class Jacobian(_OverGradient[P, R]):
    """`jacfwd`, `jacrev`, `jacobian`, `hessian`: one pass for each number of the arguments, or of the result."""

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        plan = self._plan()
        values = plan.binder(args, kwargs)
        inputs = tuple(values[k] for k in plan.order)
        for name, value in zip(plan.request.wrt, inputs, strict=True):
            _refuse_complex(value, f"argument `{name}` of `{plan.function}`")
        if self._transform == "hessian":
            fun: Callable[..., Any] = self._gradient()
        else:
            fun = self._fun
        blocks: Any = None
        if self._transform in ("jacrev", "jacobian"):
            limit = trees.size(inputs) if self._transform == "jacobian" else None
            blocks = _reverse(self, plan, values, inputs, limit)
        return _forward(self, fun, plan, values, inputs) if blocks is None else blocks


def _forward(owner: Derivative[..., Any], fun: Any, plan: Plan, values: list[Any], inputs: tuple[Any, ...]) -> Any:
    """Column by column: one directional derivative for each number of the inputs."""
    alone = fun is not owner.function  # the gradient, which is of the structure and shapes of the inputs
    request = plan.request._replace(mode="jvp", single=False, alone=alone)
    specialisation, captured = obtain(fun, plan.binder.names, values, request, plan.function)
    owner.remember(specialisation)
    columns: list[tuple[int, list[Any]]] = []
    out: Any = (inputs[0] if plan.request.single else inputs) if alone else None
    draws = Draws([*values, *captured.values()])
    for position, _, direction in trees.basis(inputs):
        draws.rewind()
        made = specialisation.run(values, captured, list(direction))
        out, out_dot = (out, made) if alone else (specialisation.objects(fun, made[0], plan.function), made[1])
        columns.append((position, trees.leaves(finish_gradient(out, out_dot, Owners([])))))
    if not columns and not alone:  # empty arrays only
        out = specialisation.run(values, captured, list(trees.fill(inputs, 0.0)))[0]
        out = specialisation.objects(fun, out, plan.function)
    outputs = _smooth_leaves(out, plan)
    places = [k for k, leaf in enumerate(trees.leaves(inputs)) if trees.is_smooth(leaf)]

    def block(row: int, place: int) -> Any:
        numbers = [np.ravel(parts[row]) for position, parts in columns if position == place]
        shape = np.shape(outputs[row])
        return np.stack(numbers, axis=-1) if numbers else np.zeros((math.prod(shape), 0))

    return _assemble(out, inputs, plan, [[block(row, place) for place in places] for row in range(len(outputs))])


def _reverse(
    owner: Derivative[..., Any], plan: Plan, values: list[Any], inputs: tuple[Any, ...], limit: int | None
) -> Any:
    """Row by row: one pullback for each number of the result; None where these are more than `limit`."""
    request = plan.request._replace(mode="vjp", single=False)
    specialisation, captured = obtain(owner.function, plan.binder.names, values, request, plan.function)
    owner.remember(specialisation)
    draws = Draws([*values, *captured.values()])
    out, pullback = specialisation.run(values, captured)
    out = specialisation.objects(owner.function, out, plan.function)
    outputs = _smooth_leaves(out, plan)
    if limit is not None and trees.size(out) > limit:
        draws.rewind()
        return None
    for leaf in outputs:
        _refuse_complex(leaf, f"the result of `{plan.function}`")
    smooth = [k for k, leaf in enumerate(trees.leaves(out)) if trees.is_smooth(leaf)]
    rows: dict[int, list[list[Any]]] = {k: [] for k in smooth}
    for position, _, cotangent in trees.basis(out):
        rows[position].append(trees.leaves(finish_gradient(inputs, pullback(with_zeros(out, cotangent)), Owners([]))))
    arguments = [leaf for leaf in trees.leaves(inputs) if trees.is_smooth(leaf)]

    def block(place: int, column: int) -> Any:
        numbers = [np.ravel(parts[column]) for parts in rows[place]]
        return np.stack(numbers) if numbers else np.zeros((0, np.size(arguments[column])))

    return _assemble(out, inputs, plan, [[block(place, k) for k in range(len(arguments))] for place in smooth])


def _assemble(out: Any, inputs: tuple[Any, ...], plan: Plan, blocks: list[list[Any]]) -> Any:
    """The structure of the result, with structures of the inputs for leaves, with blocks for leaves of these."""
    rows = iter(blocks)

    def row(leaf: Any) -> Any:
        if not trees.is_smooth(leaf):
            return None
        columns = iter(next(rows))

        def one(argument: Any) -> Any:
            if not trees.is_smooth(argument):
                return None
            shape = (*np.shape(leaf), *np.shape(argument))
            matrix = next(columns).reshape(shape)
            return matrix if shape else trees.like_leaf(leaf, matrix)

        filled = trees.tree_map(one, inputs)
        return filled[0] if plan.request.single else filled

    return trees.tree_map(row, out)


def _smooth_leaves(out: Any, plan: Plan) -> list[Any]:
    found = [leaf for leaf in trees.leaves(out) if trees.is_smooth(leaf)]
    if not found:
        raise ArgumentError(f"the result of `{plan.function}` is {kind(out)}: it carries no derivative")
    return found


def _refuse_complex(value: Any, what: str) -> None:
    if any(trees.is_complex(leaf) for leaf in trees.leaves(value)):
        raise ArgumentError(f"{what} is complex: a Jacobian is of real numbers; use adgen.jvp or adgen.vjp")


class HessianProduct(_OverGradient[P, R]):
    """`hvp`: the Hessian times a vector, without the Hessian."""

    @property
    def __signature__(self) -> inspect.Signature:
        """That of the function, with the vector after the positional parameters."""
        own = inspect.signature(self._fun)
        every = list(own.parameters.values())
        vector = inspect.Parameter("v", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        first = [p for p in every if p.kind is not p.KEYWORD_ONLY and p.default is p.empty]
        if "v" in own.parameters or any(p.kind is not p.KEYWORD_ONLY and p not in first for p in every):
            raise AttributeError("no signature can tell it: the vector comes after optional arguments")
        return own.replace(parameters=[*first, vector, *[p for p in every if p not in first]])

    def _own(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if "v" in kwargs:
            return args, {name: value for name, value in kwargs.items() if name != "v"}
        return args[:-1], kwargs

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        plan = self._plan()
        if "v" in kwargs and "v" not in plan.binder.names:
            args = (*args, kwargs["v"])
            kwargs = {name: value for name, value in kwargs.items() if name != "v"}
        if not args:
            raise ArgumentError(f"hvp: give the arguments of `{plan.function}`, and then the vector")
        try:
            values = plan.binder(args[:-1], kwargs)
        except ArgumentError as problem:
            raise ArgumentError(f"hvp: {problem}; the last positional argument is taken for the vector") from None
        inputs = tuple(values[k] for k in plan.order)
        whole: Any = inputs[0] if plan.request.single else inputs
        vector = check_direction(whole, args[-1], "the vector of hvp")
        dots = [vector] if plan.request.single else list(vector)
        request = plan.request._replace(mode="jvp", single=False, alone=True)
        specialisation, captured = obtain(self._gradient(), plan.binder.names, values, request, plan.function)
        self.remember(specialisation)
        product = specialisation.run(values, captured, dots)
        owners = Owners([*values, *captured.values(), vector])
        return finish_gradient(whole, product, owners)


def jacfwd(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[P, Any]:
    """The Jacobian by forward mode: one directional derivative for each number of the arguments.

    Parameters
    ----------
    fun : function
        Its result is a number, an array, or a structure of these.
    argnums : int or tuple of ints, default 0
    wrt : str or tuple of str
    backend, fallback
        As in `adgen.grad`.

    Returns
    -------
    Derivative
        Gives an array of shape `out.shape + argument.shape` for each leaf of the result and of the argument: the
        structure of the result, in it a tuple over `argnums` (if a tuple was given), in it the structure of the
        argument.  The dtype is that of the result.

    Raises
    ------
    ArgumentError
        An argument holds no float, or is complex.
    Refusal
        The function cannot be differentiated.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> adgen.jacfwd(lambda x: x[1:] * x[:-1])(np.array([1.0, 2.0, 3.0]))
    array([[2., 1., 0.],
           [0., 3., 2.]])
    """
    return Jacobian(fun, "jacfwd", argnums, wrt, False, backend, fallback)


def jacrev(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[P, Any]:
    """The Jacobian by reverse mode: one pullback for each number of the result.

    Parameters, result and errors are those of `adgen.jacfwd`; the dtype is that of the argument, and the result of
    `fun` has to be real.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> adgen.jacrev(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    return Jacobian(fun, "jacrev", argnums, wrt, False, backend, fallback)


def jacobian(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[P, Any]:
    """The Jacobian by the cheaper mode: reverse unless the result has more numbers than the arguments.

    Parameters, result and errors are those of `adgen.jacfwd`.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> adgen.jacobian(lambda t: np.array([1.0, 2.0]) * t)(3.0)
    array([1., 2.])
    """
    return Jacobian(fun, "jacobian", argnums, wrt, False, backend, fallback)


def hessian(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[P, Any]:
    """The matrix of second derivatives of a function with one real result: forward over reverse.

    Parameters
    ----------
    fun : function
    argnums : int or tuple of ints, default 0
    wrt : str or tuple of str
    backend, fallback
        As in `adgen.grad`.

    Returns
    -------
    Derivative
        For an array argument, an array of shape `argument.shape * 2`; for structures, the argument's structure twice.

    Raises
    ------
    ArgumentError
        An argument holds no float, or is complex.
    Refusal
        The function, or its gradient, cannot be differentiated.

    Examples
    --------
    >>> import adgen
    >>> import numpy as np
    >>> adgen.hessian(lambda x: x[0] * x[0] * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return Jacobian(fun, "hessian", argnums, wrt, False, backend, fallback)


def hvp(
    fun: Callable[P, Any],
    argnums: Argnums | None = None,
    *,
    wrt: Wrt | None = None,
    backend: str = "numpy",
    fallback: bool = False,
) -> Derivative[..., Any]:
    """The product of the Hessian with a vector, without forming the Hessian.

    Parameters
    ----------
    fun : function
        Its result is one real number.
    argnums : int or tuple of ints, default 0
    wrt : str or tuple of str
    backend, fallback
        As in `adgen.grad`.

    Returns
    -------
    Derivative
        Takes the arguments of `fun`, and after the positional ones the vector: of the structure, shapes and dtypes of
        the argument (a tuple where `argnums` is one).  Gives the product, of that structure.

    Raises
    ------
    ArgumentError
        The vector does not fit; an argument holds no float.
    Refusal
        The function, or its gradient, cannot be differentiated.

    Examples
    --------
    >>> import adgen
    >>> adgen.hvp(lambda x: x**3)(2.0, 1.0)
    12.0
    """
    return HessianProduct(fun, "hvp", argnums, wrt, False, backend, fallback)
