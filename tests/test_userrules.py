"""Rules of the user's own, checks of them, and code on adjoints."""

import math
import subprocess
import sys

import numpy as np
import pytest

import adgen
from adgen import cli
from adgen.rules import custom
from adgen.userrules import RuleMismatch
from tests.programs.oracle import check

X = np.array([0.3, 0.7, 1.1])
LIBRARY = {"tanh": np.tanh, "solve": np.linalg.solve, "floor": np.floor, "j": lambda x, n: np.sin(x + 0.5 * np.pi * n)}


@adgen.rule("1.0 - y * y")
def fast_tanh(x):
    return LIBRARY["tanh"](x)


@adgen.rule("-math.sin(x)")
def of_numbers(x):
    if not isinstance(x, float):
        raise TypeError("a float is needed")
    return math.cos(x)


@adgen.rule("1.0")
def of_nothing(x):
    raise ValueError("never")


@adgen.rule("first(x)")
def zeroth(x):
    return LIBRARY["j"](x, 0)


@adgen.rule("-zeroth(x)")
def first(x):
    return LIBRARY["j"](x, 1)


@adgen.rule("g * b * x ** (b - 1.0)", "g * y * np.log(x)", kinks="x**0 has no derivative here")
def power(x, b=2.0):
    return LIBRARY["tanh"](0.0) + x**b


def solve_pull(g, y, a, b):
    w = np.linalg.solve(a.T, g)
    return -np.outer(w, y), w


def solve_push(dots, y, a, b):
    return np.linalg.solve(a, dots[1] - dots[0] @ y)


@adgen.rule(vjp=solve_pull, jvp=solve_push, result="b")
def solve(a, b):
    return LIBRARY["solve"](a, b)


@adgen.rule(vjp=solve_pull, result="b")
def solve_backwards(a, b):
    return LIBRARY["solve"](a, b)


@adgen.rule("2.0 * g * x", result="f8[:]")
def squares(x):
    return np.array([v * v for v in x])


@adgen.rule(zero=True)
def steps(x):
    return LIBRARY["floor"](x)


@adgen.rule("2.0 * y", "0")
def wrong(x, n):
    return np.exp(3.0 * x)


@adgen.rule("unheard(x)")
def calls_unknown(x):
    return x


def loss(x):
    return np.sum(fast_tanh(x) * zeroth(x)) + np.sum(power(x) + power(x, b=3.0)) + np.sum(steps(x) * squares(x))


def solved(x):
    return np.sum(solve(np.outer(x, x) + np.eye(3), x) ** 2)


def clip(g):
    return np.clip(g, -1.0, 1.0)


SEEN = []


def look(g):
    SEEN.append(np.copy(g))


def double_length(g):
    return np.concatenate((g, g))


def hooked(x):
    y = adgen.on_adjoint(x * x, clip)
    z = adgen.on_adjoint(10.0 * y, look)
    return np.sum(adgen.on_adjoint(z, lambda g: 2.0 * np.abs(g)))


def hooked_wrongly(x):
    return np.sum(adgen.on_adjoint(x, double_length))


def hooked_by(x, fn):
    return np.sum(adgen.on_adjoint(x * x, fn))


def test_derivatives():
    adgen.check_grads(loss, (X,))
    adgen.check_grads(solved, (X,))  # the second derivative is that of the source of `solve_pull`
    adgen.check_grads(fast_tanh, (X,))
    assert np.isclose(adgen.grad(adgen.grad(zeroth))(0.3), -np.sin(0.3))


def test_generated_code_calls_the_module():
    gradient = adgen.grad(solved)
    gradient(X)
    assert "import tests.test_userrules as _tests_test_userrules" in gradient.source
    assert (
        "_tests_test_userrules.solve_pull(" in gradient.source and "Requires: tests.test_userrules" in gradient.source
    )
    assert "adgen" not in gradient.source.replace("by adgen", "")


def test_the_battery():
    for fun in (fast_tanh, zeroth, first, steps, np.tanh, np.hypot):
        adgen.check_rule(fun)
    adgen.check_rule(of_numbers)
    adgen.check_rule(power, X, 2.5)
    adgen.check_rule(solve, np.eye(3) + 0.1, X)
    adgen.check_rule(solve_backwards, np.eye(3) + 0.1, X)
    adgen.check_rule(squares, X)


def test_a_wrong_rule_is_noticed():
    with pytest.raises(RuleMismatch, match="the rule of `tests.test_userrules.wrong` is wrong at"):
        adgen.check_rule(wrong, X, 2)
    assert isinstance(RuleMismatch("."), AssertionError)


def test_a_changed_rule_makes_another_derivative():
    def declare(text):
        return adgen.rule(changing, text)

    declare("2.0 * x")
    gradient = adgen.grad(use_changing)
    assert gradient(3.0) == 6.0
    declare("5.0 * x")
    assert gradient(3.0) == 15.0


def changing(x):
    return LIBRARY["tanh"](0.0) + x * x


def hooked_smoothly(x):
    y = adgen.on_adjoint(x * x, lambda g: g / np.linalg.norm(g))
    return np.sum(adgen.on_adjoint(y * y, print))


def hooked_clipped(x):
    return np.sum(adgen.on_adjoint(x * x, clip) ** 2)


def use_changing(x):
    return changing(x) * 1.0


def test_code_on_adjoints():
    SEEN.clear()
    assert np.allclose(adgen.grad(hooked)(X), 2.0 * X)
    assert [list(seen) for seen in SEEN] == [[2.0, 2.0, 2.0]]
    assert hooked(X) == np.sum(10.0 * X * X)
    assert adgen.jvp(hooked, (X,), (X,))[1] == pytest.approx(20.0 * np.sum(X * X))  # forward mode has no adjoints
    assert np.allclose(adgen.grad(hooked_by)(X, clip), 2.0 * X)
    assert adgen.grad(lambda x: adgen.on_adjoint(x * x, print) * adgen.stop_gradient(x))(3.0) == 18.0


def test_second_derivatives_go_through_code_on_adjoints():
    for program in (hooked_smoothly, hooked_clipped):
        gradient = adgen.grad(program)
        expected = (gradient(X + 1e-6) - gradient(X - 1e-6)) / 2e-6
        assert np.allclose(adgen.hvp(program)(X, np.ones(3)), expected, rtol=1e-8)
    with pytest.raises(adgen.Refusal, match="may have another shape"):
        adgen.hvp(hooked_wrongly)(X, X)


def test_code_on_adjoints_is_refused_where_it_cannot_be():
    with pytest.raises(ValueError, match="an adjoint of shape"):
        adgen.grad(hooked_wrongly)(X)
    with pytest.raises(adgen.Refusal, match="no derivative"):
        adgen.hvp(hooked)(X, X)
    limit = 2.0
    with pytest.raises(adgen.Refusal, match="the lambda names `limit`"):
        adgen.grad(lambda x: np.sum(adgen.on_adjoint(x, lambda g: np.clip(g, 0, limit))))(X)


def test_a_missing_direction_is_told():
    with pytest.raises(adgen.Refusal, match="has no `jvp`"):
        adgen.jvp(solve_backwards, (np.eye(3), X), (None, X))
    with pytest.raises(adgen.Refusal, match="unheard"):
        adgen.grad(calls_unknown)(1.0)


def same_for_all(g, y, *arguments):
    return 2.0 * g


def doubled(x):
    return 2.0 * x


def doubled_too(z, n):
    return 2.0 * z


def serves_two():
    adgen.rule(doubled, vjp=same_for_all, result="x")
    adgen.rule(doubled_too, vjp=same_for_all, result="z")


def product_pull(g, y, one, two=None):
    return g * two, g * one


def product_push(dots, y, one, two):
    return dots[0] * two + one * dots[1]


@adgen.rule(vjp=product_pull, jvp=product_push, result="a")
def product(a, b=3.0):
    return a * b


@adgen.rule(vjp=product_pull, jvp=product_push, result="b")
def product_by_name(a, *, b):
    return np.multiply(a, b)


@adgen.rule(vjp=product_pull, result="float")
def product_of_numbers(c, d):
    return float(c) * float(d)


def by_keywords(x, z):
    return product(b=x, a=z) * product_by_name(b=z, a=x * x)


def by_default(x, z):
    return product(x) * product(z, x) * product(a=z)


def of_numbers_too(x, z):
    return product_of_numbers(d=x, c=z * x) * product(x) * product(x, z)


@pytest.mark.parametrize("fun", [by_keywords, by_default, of_numbers_too])
def test_functions_share_what_computes_their_adjoints(fun):
    """Whatever order, names and defaults their arguments have: the adjoints are told apart by place."""
    x, z, h = 0.7, 1.9, 1e-6
    expected = [(fun(x + h, z) - fun(x - h, z)) / (2 * h), (fun(x, z + h) - fun(x, z - h)) / (2 * h)]
    assert np.allclose(adgen.grad(fun, (0, 1))(x, z), expected)
    if fun is not of_numbers_too:
        found = [adgen.jvp(fun, (x, z), dots)[1] for dots in ((1.0, 0.0), (0.0, 1.0))]
        assert np.allclose(found, expected)
        u = np.array([0.7, 1.1])
        parts = adgen.grad(lambda u, z: np.sum(fun(u, z)), (0, 1))(u, np.array([1.9, 1.9]))
        assert np.allclose([parts[0][0], parts[1][0]], expected)


def pull_of_one_name(g, y, x):
    return 3.0 * g


@adgen.rule(vjp=pull_of_one_name, result="x")
def tripled(x):
    return 3.0 * x


def pull_of_one_name(g, y, x):  # noqa: F811
    return 7.0 * g


@adgen.rule(vjp=pull_of_one_name, result="x")
def sevenfold(x):
    return 7.0 * x


def test_a_vjp_that_is_another_by_now_is_refused():
    assert adgen.grad(lambda x: sevenfold(x))(1.0) == 7.0
    with pytest.raises(adgen.Refusal, match="`tests.test_userrules.pull_of_one_name` no longer"):
        adgen.grad(lambda x: tripled(x) + sevenfold(x))(1.0)


DECLARATIONS = {
    "a vjp of another function": (serves_two, "doubled`, too, which has another number"),
    "nothing": (lambda: adgen.rule()(clip), "give formulas"),
    "too few": (lambda: adgen.rule(power, "1.0"), "1 formulas for 2 parameters"),
    "no formula": (lambda: adgen.rule(clip, "2 *"), "is no formula"),
    "unknown name": (lambda: adgen.rule(clip, "z"), "names `z`"),
    "no result": (lambda: adgen.rule(clip, vjp=solve_pull), "say what it gives"),
    "a lambda": (lambda: adgen.rule(lambda x: x, "1.0"), "top level of a module"),
    "no function": (lambda: adgen.rule(3, "1.0"), "is not a function"),
    "no rule": (lambda: adgen.check_rule(clip, X), "has no rule"),
    "no argument fits": (lambda: adgen.check_rule(of_nothing), "takes none of the arguments tried .ValueError: never"),
    "no arguments": (lambda: adgen.check_rule(solve), "give arguments"),
}


@pytest.mark.parametrize("name", DECLARATIONS)
def test_declarations_that_do_not_fit(name):
    declare, text = DECLARATIONS[name]
    with pytest.raises(adgen.ArgumentError, match=text):
        declare()
    assert custom.name_of(clip) is None


def test_a_function_that_is_not_where_its_rule_says():
    def local(x):
        return x

    adgen.rule(local, "1.0", name="tests.test_userrules.elsewhere")
    with pytest.raises(adgen.AdgenError, match="there it is not"):
        adgen.grad(lambda x: local(x))(1.0)


MODULE = """
import numpy as np

import adgen


def pull(g, y, x, n):
    return g * n, None


@adgen.rule("1.0 - y * y")
def opaque(x):
    return np.vectorize(np.tanh)(x)


@adgen.rule(vjp=pull, result="x")
def times(x, n):
    return x * n


def bound(g):
    return np.clip(g, -0.5, 0.5)


def f(x):
    return np.sum(times(opaque(adgen.on_adjoint(x, bound)), 3))
"""


def test_ahead_of_time(tmp_path, monkeypatch, capsys):
    (tmp_path / "kernels.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["compile", "kernels.py::f", "--types", "x: f8[n]", "--mode", "reverse"]) == 0
    text = (tmp_path / "generated" / "kernels" / "f_grad.py").read_text()
    assert "_kernels.opaque(x)" in text and "_kernels.pull(" in text and "_kernels.bound" in text
    check = "import numpy as np; from generated.kernels.f_grad import f_grad; print(f_grad(np.array([0.1, 2.0])))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=tmp_path, check=True)
    expected = np.clip(3.0 * (1.0 - np.tanh([0.1, 2.0]) ** 2), -0.5, 0.5)
    assert np.allclose(np.fromstring(done.stdout.strip("[]\n "), sep=" "), expected)


def test_what_a_rule_says_must_be_literal(tmp_path, monkeypatch, capsys):
    (tmp_path / "kernels.py").write_text(MODULE.replace('"1.0 - y * y"', '"1.0 - " + repr(3)'))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["compile", "kernels.py::f", "--types", "x: f8[n]"]) == 3
    assert "known only by running it" in capsys.readouterr().err


def test_the_help(capsys):
    assert cli.main(["rules", "--how"]) == 0
    out = capsys.readouterr().out
    assert '@adgen.rule("1.0 - y * y")' in out and "adgen.check_rule" in out and "adgen.on_adjoint" in out


def test_derivatives_inside_of_functions_with_rules():
    def program(x):
        return adgen.grad(fast_tanh)(x) * x

    def through(x):
        return adgen.grad(lambda p: fast_tanh(p) * power(p, 2.0))(x) * x

    check(program, (0.4,))
    check(through, (0.4,))


WEIGHTS = np.array([1.0, 2.0, 3.0])


def weighted_pull(g, y, u):
    return g * WEIGHTS


def weighted_push(dots, y, u):
    return dots[0] * WEIGHTS


@adgen.rule(vjp=weighted_pull, jvp=weighted_push, result="u")
def weighted(u):
    return (u * WEIGHTS).astype(u.dtype)


def test_adjoints_of_users_functions_get_the_dtype_of_the_argument():
    """A user's function of single precision may compute its adjoint in double precision; the rest stays single."""

    def loss(x, b):
        return np.sum(weighted(x * b))

    def same(x, b):
        return weighted(x * b)

    x = np.array([0.5, 0.25, 1.0], np.float32)
    gradient = adgen.grad(loss)
    assert np.allclose(gradient(x, 2.0), 2.0 * WEIGHTS)
    space = {}
    exec(gradient.source, space)
    (derivative,) = [made for name, made in space.items() if name.endswith("_grad")]
    assert derivative(x, 2.0).dtype == np.float32  # the text itself, without what the interface makes of it
    tangent = adgen.jvp(same, (x, 2.0), (x, 0.0))[1]
    assert tangent.dtype == np.float32 and np.allclose(tangent, 2.0 * x * WEIGHTS)
