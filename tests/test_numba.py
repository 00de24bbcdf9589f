"""The Numba backend: its text, what it computes, what is refused; few programs are compiled, for that takes seconds.

`python -m tests.benchmarks.numba_programs` compiles all of the collections.
"""

import numpy as np
import pytest

import adgen
from adgen import cli, signature
from adgen.errors import ArgumentError, Refusal
from adgen.frontend import resolve
from adgen.pipeline import Request, generate
from tests.test_errors import compare

HEAD = "import numpy as np\n"


def text_of(tmp_path, body, types, mode="grad", wrt=("x",)):
    """The text for Numba of the function `f` of a file, without its header."""
    file = tmp_path / "model.py"
    file.write_text(HEAD + body)
    found = resolve.from_file(str(file), "f")
    request = Request(mode, wrt, len(wrt) == 1, backend="numba")
    made = generate(found, signature.parse(types), request, formatted=True, verify="each", guarded=False)
    return made.text.partition('"""\n\n')[2]


# the text ------------------------------------------------------------------------------------------------------------
def test_a_known_trip_count_makes_an_array_of_the_tape(tmp_path):
    body = "def f(x, n):\n    for i in range(n):\n        x = np.sin(x) * x\n    return x\n"
    text = text_of(tmp_path, body, "x: float, n: int")
    assert "x_saved = np.empty(n)" in text and "x_saved[i] = x" in text and "x = x_saved[i]" in text
    assert "append" not in text and text.count("@numba.njit(cache=True, boundscheck=True)") == 1


def test_repeated_indices_are_added_one_by_one(tmp_path):
    text = text_of(tmp_path, "def f(x, i):\n    v = x[i]\n    return np.sum(v * v)\n", "x: f8[n], i: i8[m]")
    assert "for k in range(len(i)):" in text and "x_bar[i[k]] += v_bar[k]" in text and "np.add.at" not in text


def test_forms_of_what_numba_has_without_its_keywords(tmp_path):
    body = """
def f(x, y):
    top = np.max(x, axis=1, keepdims=True)
    mean = np.mean(np.exp(x - top), axis=0)
    order = np.argsort(mean, axis=-1)
    return np.sum(np.linalg.norm(x, axis=1)) + np.vdot(x, x) + mean[order[0]] + np.clip(y, 0.0, 1.0)
"""
    text = text_of(tmp_path, body, "x: f8[n, m], y: float", "jvp", ("x", "y"))
    for form in (
        "np.expand_dims(np.array([np.max(row) for row in x]), 1)",
        "np.sum(exp, axis=0) / exp.shape[0]",
        'np.argsort(mean, kind="mergesort")',
        "np.sqrt(np.sum(x * x, axis=1))",
        "np.sum(x * x)",
        "min(max(y, 0.0), 1.0)",
    ):
        assert form in text, form


def test_sizes_that_may_be_one_are_summed_by_a_loop(tmp_path):
    body = "def f(x, y):\n    return np.sum((x * y) ** 2)\n"
    text = text_of(tmp_path, body, "x: f8[?], y: f8[?, ?]")
    assert "return _unbroadcast_2_1(" in text
    space = {}
    exec(text.replace("@numba.njit(cache=True, boundscheck=True)\n", "").replace("import numba\n", ""), space)
    for shape in ((1,), (3,)):
        found = space["_unbroadcast_2_1"](np.arange(6.0).reshape(2, 3), np.zeros(shape))
        np.testing.assert_array_equal(found, [15.0] if shape == (1,) else [3.0, 5.0, 7.0])


def test_a_loop_inside_adds_an_axis_and_so_does_an_array(tmp_path):
    body = """
def f(x, n):
    v = x.copy()
    for i in range(n):
        for j in range(i):
            v[1:] = v[1:] * v[:-1]
    return np.sum(v)
"""
    text = text_of(tmp_path, body, "x: f8[m], n: int")
    assert "np.empty((n, n, x.shape[0] - 1))" in text


@pytest.mark.parametrize(
    ("header", "backwards"),
    [
        ("range(2, n)", "range(n - 1, 1, -1)"),
        ("range(n - 1, -1, -1)", "range(n)"),
        ("range(n, 2 * n)", "range(2 * n - 1, n - 1, -1)"),
        ("range(0, n, 2)", "range((len(range(0, n, 2)) - 1) * 2, -2, -2)"),
        ("range(n, 0, -3)", "range(n - (len(range(n, 0, -3)) - 1) * 3, n + 3, 3)"),
    ],
)
def test_ranges_are_reversed_without_the_function(tmp_path, header, backwards):
    body = f"def f(x, n):\n    for i in {header}:\n        x = np.sin(x) * i\n    return x\n"
    text = text_of(tmp_path, body, "x: float, n: int")
    found = text.partition("# Reverse sweep.")[2].partition(" in ")[2].partition(":\n")[0]
    assert found == backwards
    for n in range(7):
        one, other = eval(header, {"n": n}), eval(backwards, {"n": n})
        assert list(reversed(one)) == list(other)


def test_an_increment_that_reads_what_it_writes_is_an_assignment(tmp_path):
    body = "def f(x):\n    v = x.copy()\n    v[1:] -= v[:-1]\n    v += v[::-1]\n    return np.sum(v * v)\n"
    text = text_of(tmp_path, body, "x: f8[n]")
    for line in ("v[:] = v + v[::-1]", "v_bar[::-1] = v_bar[::-1] + v_bar", "v_bar[:-1] = v_bar[:-1] - v_bar[1:]"):
        assert line in text
    lines = [line.strip() for line in text.splitlines() if not line.strip().startswith("#")]
    assert not [line for line in lines if "= " in line and line.split("= ")[0][-1] in "+-"]


# what it computes ----------------------------------------------------------------------------------------------------
SCALE = 2.0


def gather(x, index):
    total = 1.0
    for i in range(len(index)):
        total = total * SCALE + x[index[i]] ** 2 * total
    return total


def test_gradients_agree_and_read_captured_values_at_each_call():
    rng = np.random.default_rng(3)
    args = (rng.random(6), np.array([0, 4, 4, -1, 2]))
    compiled, plain = adgen.value_and_grad(gather, backend="numba"), adgen.value_and_grad(gather)
    for scale in (2.0, 0.5):
        globals()["SCALE"] = scale
        (value, gradient), (expected, wanted) = compiled(*args), plain(*args)
        assert value == pytest.approx(expected, rel=1e-13) and type(value) is float
        np.testing.assert_allclose(gradient, wanted, rtol=1e-12)
    assert "import numba" in compiled.source


def upwards(x):
    v = x.copy()
    v[1:] -= v[:-1]
    return v[1] * v[2]


def cascade(x, n):
    y = x.copy()
    for k in range(1, n):
        y[k] = np.sin(y[k - 1]) * y[k] + x[0]
    return y


def energy(x, n):
    return np.sum(cascade(x, n) ** 2)


def test_jacobians_and_second_derivatives_are_compiled():
    x, v = np.array([0.3, 1.2, -0.7]), np.array([1.0, -2.0, 0.5])
    for transform in (adgen.jacfwd, adgen.jacrev):
        compiled = transform(cascade, backend="numba")
        np.testing.assert_allclose(compiled(x, 3), transform(cascade)(x, 3), rtol=1e-13)
        assert "@numba.njit" in compiled.source
    product = adgen.hvp(energy, backend="numba")
    rows = (adgen.grad(energy)(x + 1e-6 * v, 3) - adgen.grad(energy)(x - 1e-6 * v, 3)) / 2e-6
    np.testing.assert_allclose(product(x, 3, v), rows, rtol=1e-7)
    np.testing.assert_allclose(adgen.hessian(energy, backend="numba")(x, 3) @ v, product(x, 3, v), rtol=1e-12)
    assert "@numba.njit" in product.source


def test_jacobians_fall_back_only_when_asked_to():
    single = np.ones(2, "f4")
    with pytest.raises(Refusal, match="f4|float32|precision"):
        adgen.jacobian(np.sin, backend="numba")(single)
    found = adgen.jacobian(np.sin, backend="numba", fallback=True)(single)
    np.testing.assert_allclose(found, np.diag(np.cos(single)), rtol=1e-6)


def test_what_overlaps_is_read_before_it_is_written():
    x = np.array([1.0, 3.0, 7.0])
    np.testing.assert_array_equal(adgen.grad(upwards, backend="numba")(x), adgen.grad(upwards)(x))


def search(x, y, n):
    for i in range(n):
        if x * y > 2.0:
            break
        x = x + np.sin(x) * y
    return x / (y - 1.0)


def test_gradients_and_tangents_of_a_loop_that_stops():
    gradient = adgen.grad(search, (0, 1), backend="numba")
    wanted = adgen.grad(search, (0, 1))(0.3, 1.5, 9)
    np.testing.assert_allclose(gradient(0.3, 1.5, 9), wanted, rtol=1e-13)
    np.testing.assert_allclose(gradient(3.0, 1.5, 0), adgen.grad(search, (0, 1))(3.0, 1.5, 0), rtol=1e-13)
    _, dot = adgen.jvp(search, (0.3, 1.5, 9), (1.0, 2.0, None), backend="numba")
    np.testing.assert_allclose(dot, np.dot(wanted, (1.0, 2.0)), rtol=1e-13)
    with pytest.raises(ZeroDivisionError):  # as Python
        gradient(3.0, 1.0, 9)
    with pytest.raises(Refusal, match="cannot hand on the tape"):
        adgen.vjp(search, 0.3, 1.5, 9, backend="numba")


def powers(x, n):
    y = 1.0
    for k in range(n):
        y = y * x + np.sin(x)
    return y


def test_pullbacks_run_any_number_of_times():
    for n in (0, 4):
        out, pullback = adgen.vjp(powers, 1.25, n, backend="numba")
        value, pull = adgen.vjp(powers, 1.25, n)
        assert out == pytest.approx(value, rel=1e-14) and pullback(1.0) == pullback(1.0)
        assert pullback(2.0)[0] == pytest.approx(pull(2.0)[0], rel=1e-13)


def beyond(x, i):
    return x[i] * x[i]


def test_indices_are_checked():
    gradient = adgen.grad(beyond, backend="numba")
    np.testing.assert_array_equal(gradient(np.array([1.0, 2.0, 3.0]), -1), [0.0, 0.0, 6.0])
    with pytest.raises(IndexError):
        gradient(np.ones(3), 3)


def spectrum(x):
    return np.sum(np.fft.ifft(np.fft.fft(x)).real ** 2)


def test_falls_back_only_when_asked_to():
    with pytest.raises(Refusal, match="Numba has no `np.fft.fft`"):
        adgen.grad(spectrum, backend="numba")(np.ones(4))
    gradient = adgen.grad(spectrum, backend="numba", fallback=True)
    np.testing.assert_allclose(gradient(np.ones(4)), 2.0 * np.ones(4), rtol=1e-14)
    assert "@numba" not in gradient.source


def test_an_unknown_backend_is_refused():
    with pytest.raises(ArgumentError, match="one of numpy, numba"):
        adgen.grad(beyond, backend="cuda")


# refusals ------------------------------------------------------------------------------------------------------------
REFUSED = {
    "a function that Numba has not": ("def f(x):\n    return np.sum(np.fft.fft(x).real)\n", "x: f8[n]"),
    "a keyword that Numba has not": ("def f(x):\n    return np.sum(np.cumsum(x, axis=1))\n", "x: f8[n, m]"),
    "a list": ("def f(x):\n    return x[0] * x[1]\n", "x: list[float]"),
    "single precision": ("def f(x):\n    return np.sum(2.0 * x)\n", "x: f4[n]"),
    "unknown rank": ("def f(x):\n    return np.sum(x * x)\n", "x: f8[...]"),
    "a whole number that grows": (
        "def f(x, n):\n    p = 1\n    for k in range(n):\n        p = p * (k + 1)\n    return x * p\n",
        "x: float, n: int",
    ),
    "a power of whole numbers": ("def f(x, n):\n    return x * 2**n\n", "x: float, n: int"),
    "a name that may be None": (
        "def f(x, n):\n    y = None\n    for k in range(n):\n"
        "        y = x if y is None else y * x\n    return x if y is None else y\n",
        "x: float, n: int",
    ),
    "a function that calls itself": (
        "def g(x, n):\n    return x if n == 0 else x * g(x, n - 1)\n\n\ndef f(x, n):\n    return g(x, n)\n",
        "x: float, n: int",
    ),
}


@pytest.mark.parametrize("title", REFUSED)
def test_refusal(title, tmp_path, request, monkeypatch):
    body, types = REFUSED[title]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(HEAD + body)
    found = resolve.from_file("model.py", "f")
    with pytest.raises(Refusal) as caught:
        generate(found, signature.parse(types), Request("grad", ("x",), backend="numba"), guarded=False)
    compare(request, "numba", title, str(caught.value))


def test_steps_that_a_test_bounds_do_not_grow(tmp_path):
    body = """
def f(x, n):
    step = 1
    while step < n:
        x = np.sin(x) + step
        step = step * 2
    lo = 0
    hi = n
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if x > mid:
            lo = mid
        else:
            hi = mid
    return x * lo
"""
    assert "step = step * 2" in text_of(tmp_path, body, "x: float, n: int")


# the command line ----------------------------------------------------------------------------------------------------
def test_compile_writes_a_file_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "model.py").write_text("def f(x: float, n: int) -> float:\n    return x * x * n\n")
    assert cli.main(["compile", "model.py::f", "--backend", "numba"]) == 0
    text = (tmp_path / "generated" / "model" / "f_grad_numba.py").read_text()
    assert "Command:  adgen compile model.py::f --backend numba" in text
    assert "return _f_grad(float(x), n)" in text and "@numba.njit" in text
    assert cli.main(["compile", "model.py::f", "--backend", "numba", "--check"]) == 0


def test_what_numba_itself_refuses_is_told_with_the_line(tmp_path, request, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "model.py").write_text("def f(x: float) -> float:\n    print(f'{x:.3f}')\n    return x * x\n")
    assert cli.main(["compile", "model.py::f", "--backend", "numba"]) == cli.REFUSED
    told = capsys.readouterr().err
    theirs = [line for line in told.splitlines() if line.startswith("  why:")]
    assert len(theirs) == 1 and "in the generated line `print(" in theirs[0]
    compare(request, "numba", "what Numba itself refuses", told.replace(theirs[0], "  why:  (Numba's words)"))
    assert not (tmp_path / "generated").exists()
