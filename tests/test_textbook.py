"""The textbook cases T1 .. T9: every number and every claim that the texts make, on generated code."""

import ast
import math

import numpy as np
import pytest

from tests import support
from tests.support import ROOT, Compiled, locals_of

FOLDER = ROOT / "examples" / "textbook"


def case(file, function="f", **options):
    return Compiled(f"{FOLDER / file}::{function}", **options)


def module(file):
    return support.load(FOLDER / file)


# T1 ------------------------------------------------------------------------------------------ the chain rule


@pytest.mark.parametrize("x", [-1.3, 0.0, 0.5, 2.0])
def test_t1_chain_rule(x):
    assert case("univariate.py", "cos_of_square")(x) == pytest.approx(-2 * x * math.sin(x**2), rel=1e-14)
    assert case("univariate.py", "sin_of_square")(x) == pytest.approx(2 * x * math.cos(x**2), rel=1e-14)


# T2 ------------------------------------------------------------------------------------------ fan-out


class Counted(float):
    """A float that counts how often a power of it is taken."""

    powers = 0

    def __pow__(self, exponent):
        Counted.powers += 1
        return float(self) ** exponent


@pytest.mark.parametrize("x", [-0.7, 0.4, 1.9])
def test_t2_adjoints_are_summed(x):
    expected = 2 * x * math.cos(x**2) - 2 * x * math.sin(x**2)
    assert case("fan_out.py")(x) == pytest.approx(expected, rel=1e-13)


def test_t2_the_square_is_computed_once():
    derivative = case("fan_out.py")
    Counted.powers = 0
    slope = derivative.function(Counted(0.8))
    assert Counted.powers == 1
    assert slope == derivative(0.8)
    assert derivative.text.count("x**2") - derivative.text.count("# y = np.sin(x**2)") >= 1
    code = "\n".join(derivative.body)
    assert code.count("**") + code.count("x * x") == 1


# T3 ------------------------------------------------------------------------------------------ many paths


def layers(depth):
    """`examples/textbook/layers.py` with that many layers."""
    lines = ["def f(x: float) -> float:", "    a1 = x * x", "    b1 = x * x"]
    for k in range(2, depth + 1):
        lines += [f"    a{k} = a{k - 1} * b{k - 1}", f"    b{k} = b{k - 1} * a{k - 1}"]
    return "\n".join([*lines, f"    return a{depth}", ""])


def test_t3_five_layers():
    x = 1.05
    f = module("layers.py").f
    assert f(x) == pytest.approx(x**32, rel=1e-13)
    assert case("layers.py")(x) == pytest.approx(32 * x**31, rel=1e-13)


def test_t3_lines_grow_with_depth_not_with_paths(tmp_path):
    counts = {}
    for depth in (5, 10, 20, 40):
        file = tmp_path / f"layers{depth}.py"
        file.write_text(layers(depth))
        derivative = Compiled(f"{file}::f")
        counts[depth] = len(derivative.body)
        x = 1.0 + 2.0**-depth  # x**(2**depth) is about e
        power = 2.0**depth
        assert derivative(x) == pytest.approx(power * math.exp((power - 1.0) * math.log1p(2.0**-depth)), rel=1e-4)
    assert all(count <= 6 * depth + 6 for depth, count in counts.items()), counts
    per_layer = (counts[40] - counts[20]) / 20
    assert counts[20] - counts[10] == pytest.approx(10 * per_layer, abs=2), "the same code for each layer"


# T4 ------------------------------------------------------------------------------------------ evaluation trace


def trace_values(x1, x2):
    """The three lists of the text: values, tangents with dx1 = 1, adjoints (v2's as it has to be)."""
    v = {"v1": x1, "v2": x2, "v3": x1 * x2, "v4": math.sin(x2), "v5": math.exp(x1 * x2)}
    v["v6"] = v["v3"] - v["v4"]
    v["v7"] = v["v5"] + v["v6"]
    dot = {"v1": 1.0, "v2": 0.0}
    dot["v3"] = v["v1"] * dot["v2"] + dot["v1"] * v["v2"]
    dot["v4"] = dot["v2"] * math.cos(v["v2"])
    dot["v5"] = dot["v3"] * math.exp(v["v3"])
    dot["v6"] = dot["v3"] - dot["v4"]
    dot["v7"] = dot["v5"] + dot["v6"]
    bar = {"v7": 1.0, "v6": 1.0, "v5": 1.0, "v4": -1.0}
    bar["v3"] = bar["v5"] * v["v5"] + bar["v6"]
    bar["v2"] = bar["v3"] * v["v1"] + bar["v4"] * math.cos(v["v2"])
    bar["v1"] = bar["v3"] * v["v2"]
    return v, dot, bar


def test_t4_values_of_the_trace():
    v, dot, bar = trace_values(0.7, 1.3)
    result, found = locals_of(module("trace.py").listed, 0.7, 1.3)
    assert result == pytest.approx(v["v7"], rel=1e-15)
    assert {name: found[name] for name in v} == pytest.approx(v, rel=1e-15)


@pytest.mark.parametrize("function", ["f", "listed"])
def test_t4_adjoint_program(function):
    v, dot, bar = trace_values(0.7, 1.3)
    gradient, found = locals_of(case("trace.py", function).function, 0.7, 1.3)
    assert gradient == pytest.approx((bar["v1"], bar["v2"]), rel=1e-14)
    named = {name: found[f"{name}_bar"] for name in bar if f"{name}_bar" in found}
    assert named == pytest.approx({name: bar[name] for name in named}, rel=1e-14)
    assert function == "f" or "v3" in named, "the adjoint that has two uses keeps its name"


@pytest.mark.parametrize("function", ["f", "listed"])
def test_t4_tangent_program(function):
    v, dot, bar = trace_values(0.7, 1.3)
    (value, tangent), found = locals_of(case("trace.py", function, mode="jvp").function, 0.7, 1.3, 1.0, 0.0)
    assert value == pytest.approx(v["v7"], rel=1e-15)
    assert tangent == pytest.approx(dot["v7"], rel=1e-14)
    named = {name: found[f"{name}_dot"] for name in dot if f"{name}_dot" in found}
    assert named == pytest.approx({name: dot[name] for name in named}, rel=1e-14)


def test_t4_exp_is_its_own_derivative():
    for function in ("f", "listed"):
        assert "\n".join(case("trace.py", function).body).count("np.exp(") == 1


def test_t4_is_as_short_as_the_target():
    target = ["v3 = x1 * x2", "v5 = np.exp(v3)", "v3_bar = 1.0 + v5"]
    target += ["x1_bar = v3_bar * x2", "x2_bar = v3_bar * x1 - np.cos(x2)", "return x1_bar, x2_bar"]
    assert len(case("trace.py").body) <= len(target)


# T5, T6 -------------------------------------------------------------------------------------- worked numbers


def test_t5_worked_numbers():
    result, found = locals_of(module("worked_simple.py").f, 4.0, 2.0, -5.0)
    assert (found["u"], result) == (6.0, -30.0)
    assert case("worked_simple.py")(4.0, 2.0, -5.0) == (-5.0, -5.0, 6.0)


def test_t6_worked_numbers_with_a_value_used_twice():
    point = (-7.0, 2.0, 2.0, -1.0)
    result, found = locals_of(module("worked_shared.py").f, *point)
    assert [found[name] for name in ("u1", "u2", "u3", "u4")] == [-5.0, -2.0, 10.0, 4.0]
    assert result == 40.0
    gradient, found = locals_of(case("worked_shared.py").function, *point)
    assert gradient == (-8.0, -8.0, 60.0, -120.0)
    expected = {"u1_bar": -8.0, "u2_bar": -60.0, "u3_bar": 4.0, "u4_bar": 10.0}
    named = {name: found[name] for name in expected if name in found}
    assert named == {name: expected[name] for name in named}
    assert named["u2_bar"] == -20.0 + -40.0, "the value used twice has a named adjoint"


# T7, T8 -------------------------------------------------------------------------------------- layers of arrays


def test_t7_the_shared_factor_is_computed_once():
    values = module("hidden_layer.py").inputs(3)
    W, b, x = values["W"], values["b"], values["x"]
    derivative = case("hidden_layer.py")
    W_bar, b_bar = derivative(W, b, x)
    h = np.tanh(W @ x + b)
    delta = np.cos(h) * (1.0 - h**2)
    np.testing.assert_allclose(b_bar, delta, rtol=1e-14)
    np.testing.assert_allclose(W_bar, np.outer(delta, x), rtol=1e-14)
    code = "\n".join(derivative.body)
    assert code.count("np.cos(") == 1 and code.count("np.tanh(") == 1
    assert code.count("x_bar") == 0


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6])
def test_t8_equals_backprop_by_hand(depth):
    file = module("perceptron.py")
    derivative = case("perceptron.py", "loss")
    for seed in (0, 1):
        values = file.network(seed, depth)
        found = derivative(**values)
        expected = file.backprop(**values)
        assert len(found) == depth
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_t8_inputs_have_no_adjoint_when_weights_are_asked_for():
    derivative = case("perceptron.py", "loss")
    names = {node.id for node in ast.walk(ast.parse(derivative.text)) if isinstance(node, ast.Name)}
    assert "x_bar" not in names and "t_bar" not in names


# T9 ------------------------------------------------------------------------------------------ a small named net


def named_net(target):
    """Gradients by name at weights 0, and the local variables of the function, for the example (0, 1, target)."""
    file = module("named_net.py")
    values = dict.fromkeys(file.NAMES, 0.0) | {"x1": 0.0, "x2": 1.0, "t": target}
    _, found = locals_of(file.cost, *values.values())
    gradient = case("named_net.py", "cost")(*values.values())
    return dict(zip(file.NAMES, gradient, strict=True)), found


def test_t9_one_update_changes_nothing():
    gradient, found = named_net(0.0)
    assert [found[name] for name in ("h1", "h2", "h3", "h4", "o")] == [0.0, 0.0, 0.0, 1.0, 0.0]
    assert found["o"] - found["t"] == 0.0
    assert all(value == 0.0 for value in gradient.values())


def test_t9_with_target_one_only_u2_moves():
    gradient, found = named_net(1.0)
    assert found["o"] - found["t"] == -1.0
    assert gradient.pop("u2") == -math.cos(0.0) * found["h4"] == -1.0
    assert all(value == 0.0 for value in gradient.values())
