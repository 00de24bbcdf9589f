"""The transforms on real functions: values, structures, errors, methods, captured values, pickling, threads."""

import copy
import functools
import gc
import inspect
import linecache
import pickle
import threading
import traceback
import typing
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import adgen
from adgen import specialise
from adgen.errors import AdgenError, ArgumentError, Refusal


def poly(x, y=2.0, *, z=1.0):
    """A polynomial."""
    return x * x * y + z * x


def quadratic(w, x, y):
    r = x @ w - y
    return np.sum(r * r)


def network(params, x):
    h = x
    for w, b in params:
        h = np.tanh(h @ w + b)
    return np.sum(h)


def settings(p):
    return np.sum(p["w"] * p["w"]) * p["scale"]


def power(x, n):
    return x**n


def with_aux(x):
    return np.sum(x * x), 2.0 * x


def unused(x, y):
    return x * 2.0


@adgen.grad
def decorated(x):
    """Decorated."""
    return x * x * x


@adgen.value_and_grad(argnums=1)
def decorated_second(x, y):
    return x * y * y


@dataclass
class Line:
    slope: float
    offset: float


Pair = namedtuple("Pair", "a b")


def along(line, t):
    return line.slope * line.slope * t + line.offset


def of_pair(p):
    return p.a * p.a * p.b


class Model:
    scale = 2.0

    def __init__(self, rate):
        self.rate = rate

    @adgen.grad
    def loss(self, w):
        """A loss."""
        return self.rate * w * w

    @adgen.value_and_grad(wrt="w")
    def value(self, w, x):
        return self.rate * w * x

    @staticmethod
    @adgen.grad
    def free(x):
        return x * x

    def plain(self, w, x):
        return self.rate * w * w * x


# ------------------------------------------------------------------------------------------------------ forms and calls


def test_forms_of_calls():
    g = adgen.grad(poly)
    assert g(3.0) == 13.0
    assert g(3.0, 1.0) == g(3.0, y=1.0) == g(x=3.0, y=1.0) == 7.0
    assert g(3.0, z=0.0) == 12.0
    assert adgen.grad(poly, (0, 1))(3.0) == (13.0, 9.0)
    assert adgen.grad(poly, wrt="z")(3.0) == 3.0
    assert adgen.grad(poly, wrt=("z", "x"))(3.0) == (3.0, 13.0)
    assert adgen.grad(poly, argnums=-1)(3.0) == 3.0
    assert adgen.grad(poly, [0])(3.0) == (13.0,)


def test_decorators():
    assert decorated(2.0) == 12.0
    assert decorated_second(3.0, 2.0) == (12.0, 12.0)
    assert adgen.grad(argnums=1)(lambda x, y: x * y)(3.0, 4.0) == 3.0


def test_a_derivative_looks_like_its_function():
    g = adgen.grad(poly)
    assert (g.__name__, g.__doc__, g.__module__, g.__wrapped__) == ("poly", "A polynomial.", __name__, poly)
    assert str(inspect.signature(g)) == "(x, y=2.0, *, z=1.0)"
    assert repr(g) == "<adgen.grad of poly>"


def test_value_and_grad_gives_floats_and_contiguous_arrays():
    w, x, y = np.array([1.0, -2.0]), np.eye(3)[:, :2], np.zeros(3)
    value, gradient = adgen.value_and_grad(quadratic)(w, x, y)
    assert type(value) is float and value == 5.0
    assert gradient.dtype == np.float64 and gradient.flags.c_contiguous and gradient.tolist() == [2.0, -4.0]


def test_gradients_have_structure_shape_and_dtype_of_arguments():
    params = [(np.ones((2, 3)), np.zeros(3)), (np.ones((3, 1)), np.zeros(1))]
    gradient = adgen.grad(network)(params, np.ones((4, 2)))
    assert isinstance(gradient, list) and all(isinstance(layer, tuple) for layer in gradient)
    for got, given in zip(adgen.trees.leaves(gradient), adgen.trees.leaves(params), strict=True):
        assert (got.shape, got.dtype) == (given.shape, given.dtype)
    single = adgen.grad(lambda x: np.sum(x * x))(np.ones(3, "f4"))
    assert single.dtype == np.float32 and single.tolist() == [2.0, 2.0, 2.0]
    assert type(adgen.grad(lambda x: np.sin(x))(0.0)) is float


def test_structures_of_all_kinds():
    p = {"w": np.array([1.0, 2.0]), "scale": 3.0, "n": 4}
    gradient = adgen.grad(settings)(p)
    assert list(gradient) == ["w", "scale", "n"] and gradient["n"] is None
    assert gradient["w"].tolist() == [6.0, 12.0] and gradient["scale"] == 5.0
    assert adgen.grad(along)(Line(3.0, 1.0), 2.0) == Line(12.0, 1.0)
    assert adgen.grad(of_pair)(Pair(3.0, 2.0)) == Pair(12.0, 9.0)


def test_unused_arguments_have_zero_gradients():
    assert adgen.grad(unused, (0, 1))(1.0, 5.0) == (2.0, 0.0)
    gradient = adgen.grad(unused, 1)(1.0, {"a": np.ones(3), "b": [1.0]})
    assert gradient["a"].tolist() == [0.0, 0.0, 0.0] and gradient["b"] == [0.0]


def test_has_aux():
    x = np.array([1.0, 2.0])
    gradient, aux = adgen.grad(with_aux, has_aux=True)(x)
    assert gradient.tolist() == [2.0, 4.0] and aux.tolist() == [2.0, 4.0]
    assert not np.may_share_memory(gradient, aux)
    (value, aux), gradient = adgen.value_and_grad(with_aux, has_aux=True)(x)
    assert value == 5.0 and aux.tolist() == [2.0, 4.0] and gradient.tolist() == [2.0, 4.0]


def test_lambdas_nested_functions_partials_and_library_functions():
    def outer(k):
        def inner(x):
            return k * x * x

        return inner

    assert adgen.grad(outer(3.0))(2.0) == 12.0
    assert adgen.grad(functools.partial(poly, 3.0))(2.0) == 9.0
    assert adgen.grad(functools.partial(poly, y=5.0))(1.0) == 11.0
    assert adgen.grad(np.sin)(0.0) == 1.0
    f, g = lambda x: x * 2.0, lambda x: x * 3.0
    assert (adgen.grad(f)(1.0), adgen.grad(g)(1.0)) == (2.0, 3.0)


def test_methods():
    model = Model(3.0)
    assert model.loss(2.0) == 12.0
    assert Model.loss(model, 2.0) == 12.0
    assert model.value(2.0, 5.0) == (30.0, 15.0)
    assert Model.free(3.0) == model.free(3.0) == 6.0
    assert model.loss.__name__ == "loss" and model.loss.__doc__ == "A loss."
    model.rate = 5.0
    assert model.loss(2.0) == 20.0 and Model(1.0).loss(2.0) == 4.0
    assert adgen.grad(model.plain, (0, 1))(2.0, 3.0) == (60.0, 20.0)
    assert "def " in model.loss.source


# ------------------------------------------------------------------------------------------------- forward and pullback


def test_jvp():
    assert adgen.jvp(poly, (3.0,), (1.0,)) == (21.0, 13.0)
    assert adgen.jvp(poly, (3.0, 2.0), (None, 1.0), z=0.0) == (18.0, 9.0)
    x, v = np.array([1.0, 2.0]), np.array([1.0, 10.0])
    out, out_dot = adgen.jvp(lambda x: x * x, (x,), (v,))
    assert out.tolist() == [1.0, 4.0] and out_dot.tolist() == [2.0, 40.0]
    out, out_dot = adgen.jvp(lambda x: {"a": x, "n": 3}, (x,), (v,))
    assert out_dot["a"].tolist() == [1.0, 10.0] and out_dot["n"] is None
    assert not np.may_share_memory(out_dot["a"], v)


def test_vjp():
    x = np.array([1.0, 2.0])
    out, pullback = adgen.vjp(lambda x, n, y: x * y, x, 3, 2.0)
    first, second = pullback(np.ones(2)), pullback(np.array([0.0, 10.0]))
    assert out.tolist() == [2.0, 4.0]
    assert first[0].tolist() == [2.0, 2.0] and first[1] is None and first[2] == 3.0
    assert second[0].tolist() == [0.0, 20.0] and second[2] == 20.0
    out, pullback = adgen.vjp(lambda x: (x, x * 2.0), 3.0)
    assert out == (3.0, 6.0) and pullback((1.0, 1.0)) == (3.0,)


def test_pullbacks_may_be_pulled_from_threads():
    x = np.linspace(0.0, 1.0, 50)
    _, pullback = adgen.vjp(lambda x: np.tanh(x) * x, x)
    expected = pullback(np.ones(50))[0]
    results = in_threads(8, lambda k: pullback(np.full(50, float(k)))[0])
    for k, got in enumerate(results):
        np.testing.assert_allclose(got, k * expected)


def in_threads(count, work):
    results = [None] * count
    barrier = threading.Barrier(count)

    def one(k):
        barrier.wait()
        try:
            results[k] = work(k)
        except BaseException as error:
            results[k] = error

    threads = [threading.Thread(target=one, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# --------------------------------------------------------------------------------------------------------- fresh memory


def test_gradients_are_fresh_and_writeable():
    x, y = np.ones(3), np.ones(3)
    a, b = adgen.grad(lambda x, y: np.sum(x + y), (0, 1))(x, y)
    assert a.flags.writeable and b.flags.writeable and not np.may_share_memory(a, b)
    gradient = adgen.grad(lambda x, c: np.sum(x * c))(x, y)
    assert not np.may_share_memory(gradient, y)
    weights = np.ones(3)
    gradient = adgen.grad(lambda x: np.dot(x, weights))(x)
    assert gradient.flags.writeable and not np.may_share_memory(gradient, weights)


def test_arguments_are_not_changed():
    w, x, y = np.array([1.0, -2.0]), np.eye(2), np.ones(2)
    kept = [a.copy() for a in (w, x, y)]
    adgen.grad(quadratic, (0, 1, 2))(w, x, y)
    _, pullback = adgen.vjp(quadratic, w, x, y)
    pullback(1.0)
    for now, before in zip((w, x, y), kept, strict=True):
        assert np.array_equal(now, before)


# --------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adgen.grad(poly)(3), r"argument `x` of `poly` is the int 3.*pass a float \(3.0\)"),
        (lambda: adgen.grad(poly)(True), "the bool True"),
        (lambda: adgen.grad(quadratic)(np.arange(2), np.eye(2), np.ones(2)), r"dtype int64.*astype\(float\)"),
        (lambda: adgen.grad(power, 1)(2.0, 3), "argument `n` of `power` is the int 3"),
        (lambda: adgen.grad(power, wrt="m")(2.0, 3), r"`power` has no parameter `m` \(it has x, n\)"),
        (lambda: adgen.grad(power, 2)(2.0, 3), "argnums: 2 is out of range, `power` has 2 parameters"),
        (lambda: adgen.grad(power, "x")(2.0, 3), "argnums: 'x' is no position"),
        (lambda: adgen.grad(power, (0, 0))(2.0, 3), "one or more different"),
        (lambda: adgen.grad(power, 0, wrt="x"), "argnums or wrt, not both"),
        (lambda: adgen.grad(unused)("a", 2.0), "argument `x` of `unused` is a str"),
        (lambda: adgen.grad(unused)(None, 2.0), "argument `x` of `unused` is None"),
        (lambda: adgen.grad(power)(2.0), "misses the arguments `n`"),
        (lambda: adgen.grad(power)(2.0, 3, 4), "takes 2 positional arguments, 3 were given"),
        (lambda: adgen.grad(power)(2.0, 3, x=1.0), "multiple values for argument `x`"),
        (lambda: adgen.grad(power)(2.0, k=3), "unexpected keyword argument `k`"),
        (lambda: adgen.grad(3), "3 is not a function"),
        (lambda: adgen.grad(lambda *xs: xs[0])(1.0), r"takes \*xs"),
        (lambda: adgen.jvp(power, (2.0, 3), (1.0, 1.0)), "tangent of `n`: a float, expected None"),
        (lambda: adgen.jvp(power, (2.0, 3), (1, None)), "tangent of `x`: an int, expected a float"),
        (lambda: adgen.jvp(power, (2.0, 3), (1.0,)), "2 primals, but 1 tangents"),
        (lambda: adgen.jvp(power, 2.0, 1.0), "are tuples"),
        (lambda: adgen.jvp(power, (2.0, 3), (None, None)), "every tangent is None"),
        (lambda: adgen.jvp(np.sin, (np.ones(3),), (np.ones(4),)), r"tangent of `x`: shape \(4,\), expected \(3,\)"),
        (lambda: adgen.jvp(np.sin, (np.ones(3),), (np.ones(3, "f4"),)), "dtype float32, expected float64"),
        (lambda: adgen.vjp(np.sin, np.ones(3))[1](np.ones(2)), r"cotangent of the result: shape \(2,\)"),
        (lambda: adgen.vjp(np.sin, np.ones(3))[1](1.0), "a float, expected an array of shape"),
        (lambda: adgen.vjp(power, 2, 3), "argument `x` of `power` is the int 2"),
        (lambda: adgen.compile(poly, "gradient"), "mode 'gradient'; it is one of"),
        (lambda: adgen.compile(poly, "grad", types="q: float"), "there is no parameter `q`"),
    ],
)
def test_bad_requests(call, message):
    with pytest.raises(ArgumentError, match=message):
        call()


@pytest.mark.parametrize(
    "function",
    [lambda x, z: x * x, lambda x, z: np.sum(x) > 1.0, lambda x, z: (np.sum(x), x), lambda x, z: np.sum(x) * z],
)
def test_grad_needs_one_real_number(function):
    with pytest.raises(AdgenError, match="real number"):
        adgen.grad(function)(np.ones(3), 2j)


def test_a_function_that_cannot_be_differentiated_tells_where():
    with pytest.raises(Refusal) as caught:
        adgen.grad(lambda x: np.sum(np.frompyfunc(np.sort, 1, 1)(x)))(np.ones(3))
    assert "np.frompyfunc" in str(caught.value) and "test_api.py" in str(caught.value)


def test_defects_are_named_as_such(monkeypatch):
    def broken(*args, **keywords):
        raise KeyError("oops")

    from adgen import pipeline

    monkeypatch.setattr(pipeline, "generate", broken)
    with pytest.raises(adgen.InternalError, match=r"compiling grad of `.*` \(.*test_api.py\) failed: KeyError: 'oops'"):
        adgen.grad(lambda x: x * 7.25)(1.0)


# ------------------------------------------------------------------------------------------------- names read at calls

RATE = 2.0
FLAG = True
WEIGHTS = np.array([1.0, 2.0])


def helper(x):
    return x * x


def uses_globals(x):
    return RATE * x * x


def uses_flag(x):
    if FLAG:
        return x * x
    return x


def uses_array(x):
    return np.sum(WEIGHTS * x * x)


def uses_helper(x):
    return helper(x) + x


def test_globals_are_read_at_each_call(monkeypatch):
    g = adgen.grad(uses_globals)
    assert g(3.0) == 12.0
    monkeypatch.setitem(globals(), "RATE", 5.0)
    assert g(3.0) == 30.0
    monkeypatch.setitem(globals(), "RATE", 1)
    assert g(3.0) == 6.0
    monkeypatch.setitem(globals(), "WEIGHTS", np.array([3.0, 4.0]))
    assert adgen.grad(uses_array)(np.ones(2)).tolist() == [6.0, 8.0]
    WEIGHTS[0] = 10.0
    assert adgen.grad(uses_array)(np.ones(2)).tolist() == [20.0, 8.0]


def test_flags_are_part_of_what_is_checked(monkeypatch):
    g = adgen.grad(uses_flag)
    assert g(3.0) == 6.0
    monkeypatch.setitem(globals(), "FLAG", False)
    assert g(3.0) == 1.0
    monkeypatch.setitem(globals(), "FLAG", True)
    assert g(3.0) == 6.0


def test_cells_are_read_at_each_call():
    k = 2.0

    def f(x):
        return k * x

    g = adgen.grad(f)
    assert g(1.0) == 2.0
    k = 3.0
    assert g(1.0) == 3.0


def test_redefined_helpers_are_compiled_anew(monkeypatch):
    g = adgen.grad(uses_helper)
    assert g(3.0) == 7.0
    monkeypatch.setitem(globals(), "helper", lambda x: x * x * x)
    assert g(3.0) == 28.0
    monkeypatch.undo()
    assert g(3.0) == 7.0
    monkeypatch.setattr(helper, "__code__", (lambda x: x * 5.0).__code__)
    assert g(3.0) == 6.0


def test_functions_of_one_code_keep_their_own_surroundings():
    def make(k):
        return lambda x: k * x * x

    first, second = adgen.grad(make(1.0)), adgen.grad(make(10.0))
    assert (first(1.0), second(1.0), first(2.0)) == (2.0, 20.0, 4.0)


def test_functions_as_arguments():
    def apply(x, fn):
        return fn(x) * 2.0

    g = adgen.grad(apply)
    assert g(3.0, helper) == 12.0
    assert g(3.0, lambda t: t * t * t) == 54.0


# -------------------------------------------------------------------------------------------------------- specialising


def test_one_specialisation_serves_all_values_of_its_kinds(monkeypatch):
    calls = []
    real = specialise.make
    monkeypatch.setattr(specialise, "make", lambda *args: calls.append(args) or real(*args))

    def f(x):
        return np.sum(x * x * 1.25)

    g = adgen.grad(f)
    for x in (np.ones(3), np.ones(4), np.zeros(100)):
        g(x)
    assert len(calls) == 1
    adgen.grad(f)(np.ones(3))
    assert len(calls) == 1, "another wrapper of the same function"
    for x in (np.ones(1), np.ones((2, 2)), np.ones(3, "f4"), 1.0):
        g(x)
    assert len(calls) == 5
    assert g.signature == "x: float"
    g(np.ones(3))
    assert g.signature == "x: f8[x0]" and len(calls) == 5


def test_lambdas_made_in_a_loop_share_their_specialisation(monkeypatch):
    calls = []
    real = specialise.make
    monkeypatch.setattr(specialise, "make", lambda *args: calls.append(args) or real(*args))
    got = [adgen.grad(lambda x: x * k)(1.0) for k in (1.0, 2.0, 3.0)]  # noqa: B023
    assert got == [1.0, 2.0, 3.0] and len(calls) == 1


def test_many_specialisations_warn_and_name_the_argument():
    def f(x, mode):
        return x * 2.0 if mode == "a" else x

    g = adgen.grad(f)
    with pytest.warns(
        RuntimeWarning, match="16 specialisations of `f`: its argument `mode` has come in 16 kinds"
    ) as told:
        for k in range(17):
            g(1.0, f"mode {k}")
    assert told[0].filename == __file__  # the user's line


def test_a_pullback_is_not_pickled():
    _, pullback = adgen.vjp(np.sin, 1.0)
    with pytest.raises(pickle.PicklingError, match="what one call has saved"):
        pickle.dumps(pullback)


def test_surroundings_that_change_at_each_call_warn(monkeypatch):
    g = adgen.grad(uses_helper)
    with pytest.warns(RuntimeWarning, match="compiled `uses_helper` 16 times .* because `helper`"):
        for k in range(17):
            text = f"def helper(x):\n    return x * {k}.0\n"
            path = f"<helper {k}>"
            linecache.cache[path] = (len(text), None, text.splitlines(True), path)
            space = {}
            exec(compile(text, path, "exec"), space)
            monkeypatch.setitem(globals(), "helper", space["helper"])
            assert g(1.0) == k + 1.0


def test_tables_go_when_the_code_goes():
    text = "def gone(x):\n    return x * 11.0\n"
    linecache.cache["<gone>"] = (len(text), None, text.splitlines(True), "<gone>")
    space = {"__name__": "gone"}
    exec(compile(text, "<gone>", "exec"), space)
    g = adgen.grad(space["gone"])
    before = len(specialise._tables)
    assert g(1.0) == 11.0 and len(specialise._tables) == before + 1
    del g
    space.clear()
    gc.collect()
    assert len(specialise._tables) <= before


def test_copies_are_the_same():
    g = adgen.grad(lambda x: x)
    assert copy.copy(g) is g and copy.deepcopy([g])[0] is g


def test_first_calls_of_threads_compile_once(monkeypatch):
    calls = []
    real = specialise.make
    monkeypatch.setattr(specialise, "make", lambda *args: calls.append(args) or real(*args))

    def f(x):
        return np.sin(x) * 1.75

    g = adgen.grad(f)
    got = in_threads(8, lambda k: g(float(k)))
    np.testing.assert_allclose(got, 1.75 * np.cos(np.arange(8.0)))
    assert len(calls) == 1


def test_calls_in_threads_with_changing_kinds():
    g = adgen.grad(lambda x: np.sum(x * x))
    kinds = [1.0, np.ones(2), np.ones((2, 2)), np.ones(1, "f4")]
    results = in_threads(8, lambda k: [g(kinds[(k + j) % 4]) for j in range(20)])
    for k, got in enumerate(results):
        for j, gradient in enumerate(got):
            np.testing.assert_array_equal(gradient, 2.0 * kinds[(k + j) % 4])


# ----------------------------------------------------------------------------------------------------------- inspection


def test_source_path_signature_and_explain():
    def f(x):
        return np.exp(x) * x

    g = adgen.grad(f)
    with pytest.raises(AdgenError, match="was not called yet"):
        _ = g.source
    assert not hasattr(g, "signature")
    g(1.0)
    assert "_f_grad(x):" in g.source and g.signature == "x: float" and isinstance(g.explain(), str)
    with open(g.path) as file:
        assert file.read().startswith(g.source)
    assert inspect.getsource(g.generated) in g.source


def test_tracebacks_show_generated_lines():
    def f(a, b):
        return np.sum(np.linalg.solve(a, b))

    with pytest.raises(np.linalg.LinAlgError) as caught:
        adgen.grad(f)(np.zeros((2, 2)), np.ones(2))
    text = "".join(traceback.format_exception(caught.value))
    assert "f_grad" in text and "np.linalg.solve(a, b)" in text


def test_compile_gives_the_generated_function():
    f = adgen.compile(poly, "value_and_grad", types="x: float, y: float, z: float")
    assert inspect.isfunction(f) and f.__name__ == "poly_value_and_grad"
    assert f(3.0, 2.0, z=1.0) == (21.0, 13.0)
    assert "def poly_value_and_grad" in inspect.getsource(f)
    assert adgen.compile(power, "jvp", types="x: float, n: int")(2.0, 3, 1.0) == (8.0, 12.0)
    out, pullback = adgen.compile(power, "vjp", types="x: float, n: int")(2.0, 3)
    assert out == 8.0 and pullback(1.0) == (12.0,)


def test_compile_reads_annotations_and_captured_values(monkeypatch):
    def f(x: float, y: float):
        return RATE * x * y

    g = adgen.compile(f, "grad", wrt="y")
    assert g(3.0, 1.0) == 6.0
    monkeypatch.setitem(globals(), "RATE", 7.0)
    assert g(3.0, 1.0) == 21.0


def test_stop_gradient():
    assert adgen.stop_gradient("a") == "a"
    assert adgen.grad(lambda x: x * adgen.stop_gradient(x))(3.0) == 3.0


# ------------------------------------------------------------------------------------------------------------- pickling


def again(thing):
    return pickle.loads(pickle.dumps(thing))


def test_pickling():
    assert again(adgen.grad(poly, wrt=("x", "z")))(3.0) == (13.0, 3.0)
    assert again(decorated) is decorated
    assert again(adgen.grad(adgen.grad(power)))(2.0, 3) == 12.0
    assert again(adgen.hessian(power))(2.0, 3) == 12.0
    model = again(Model(3.0).loss)
    assert model(2.0) == 12.0
    assert again(Model.loss) is Model.loss
    assert again(adgen.grad(Model(2.0).plain))(1.0, 1.0) == 4.0


def test_lambdas_and_closures_say_that_they_cannot_be_pickled():
    with pytest.raises(pickle.PicklingError, match="is a lambda or a nested function"):
        pickle.dumps(adgen.grad(lambda x: x))


def test_types_are_kept():
    hints = typing.get_type_hints(specialise.Request)
    assert hints["mode"] is str
    assert callable(adgen.grad(poly)) and isinstance(adgen.grad(poly), adgen.derivatives.Derivative)
