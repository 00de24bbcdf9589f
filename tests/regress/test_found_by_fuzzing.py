"""Programs that the fuzzer found, by what was wrong; each is checked against differences in all modes."""

import importlib.util

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs import oracle


def whole_of_an_array_without_axes(b):
    """The adjoint of `e[()]` and `e[None]` was lost where e has no axes, and `e[()]` was printed `e[]`."""
    e = np.array(b * 2.0)
    return e[()] * b + np.sum(e[None] * b) + np.sum(e[..., None] * e[()])


def list_of_an_array(x):
    """The tangent of `x.tolist()` called a function of that name."""
    return sum(x[:-1].tolist())


def dimensions_one_by_one(x):
    """The tangent of `x.reshape(2, 2)` gave the second dimension as the order."""
    return np.sum(x.reshape(2, 2)[1] ** 2)


def axes_one_by_one(x):
    """`m.transpose(1, 0)` was printed with a repeated keyword."""
    return np.outer(x, x * x).transpose(1, 0)[0]


def repeated_list(x, n):
    """The adjoint of `xs * n` was the repeated adjoint."""
    squares = [q * q for q in x]
    copies = squares * n
    pair = [x[0] * x[1]] * 2
    pair += [x[1]]
    pair[0] = x[2]
    return sum(copies) + copies[-1] * copies[1] + sum(pair)


def repeated_arrays(x, n):
    """The same for arrays."""
    rows = [x * x] * n
    return np.sum(rows[0] * rows[-1])


def name_of_some_cases(a, n, x):
    """A name that a guarded case leaves unbound, on a path of three, was taken to be read before it is defined."""
    match (n, a):
        case (0, q):
            pass
        case (_, q) if q > 0.485:
            if not (q + x[1]) > -0.092:
                return q + 1.0
    for _ in reversed(x):
        pass
    return np.sin(a)


def element_of_two_walked_together(a, x, z, n):
    """An element that is kept for the reverse sweep was put on its tape before the other one was read."""
    y = x
    for _ in range(n):
        z[-3:] *= a
        for p, _q in zip(z, z):
            y = y * p
    return np.sum(y * x)


def number_beside_single_precision(a, z):
    """NumPy makes a float64 array of a list of float32 and Python numbers; float32 was assumed."""
    return np.sum(z * np.array([a * z[0], a, 0.5, a]))


def number_or_single_precision(a, b, z):
    """A name that is a Python number on one path and a float32 on the other has no dtype known while compiling."""
    if a > 2.0:
        b += z[0]
    return a + np.sin(b) + np.sum(z**2), z


def members_into_an_array(x, a, b):
    """The adjoint of a tuple or list that is stored into an array was taken for one of its kind."""
    y, m = x * 2.0, np.outer(x, x)
    y[:2] = a, b
    m[:2, :2] = [[a, b], [0.3, x[1]]]
    m[:, 1] = [q * a for q in x]
    y[::2] += [a, b]
    return np.sum(y * x) + np.sum(m * x)


def list_as_a_mask(x, a, b):
    """A list of flags was taken for a list of positions that may repeat."""
    y = x * 2.0
    y[[True, False, True, False]] = a * b
    return np.sum(y * x) + np.sum(x[[True, False, True, True]] * a)


def lists_beside_arrays(x, a, b):
    """`x * [a, b]` is no repetition, and `x + (a, b)` has parts to give their adjoints to."""
    grown = [q * a for q in x]
    y = x * [a, b, 0.3, a] + (a, b, 0.2, b)
    y += grown
    return np.sum(y / grown) + np.sum((a, 0.1, b, a) * x)


def list_first_bound_in_a_loop(a, x):
    """The adjoint of a list that a loop binds first took its size from None, which stood in for it."""
    for q in x:
        xs = [a, q]
        xs[0], xs[-1] = xs[-1], xs[0]
    return xs[0] * a + xs[1]


def lists_first_bound_in_a_loop(a, x, n):
    for q in x:
        if q > 0.0:
            xs, rows = [a, q], [[a, q], [q * a, a]]
            xs.append(a * q)
            rows[0], rows[-1] = rows[-1], rows[0]
            if n > 2:
                break
    return xs[0] * a + sum(xs) + rows[0][0] * rows[-1][0]


def length_of_a_range(x, n):
    """`len(range(..))` was taken for a function; derivative code inside of a function has it, too."""
    return x * len(range(n)) + len(range(1, n, 2)) * x * x + x * len(range(4, -n, -2))


def rolled(p):
    y = np.zeros(4)
    y[0] = p
    for k in range(1, 4):
        y[k] = np.sin(y[k - 1]) * p
        if y[k] > 0.3:
            break
    return np.sum(y * y)


def gradient_of_a_loop_with_an_exit(x):
    return adgen.grad(rolled)(x) * x


def item_without_an_index(a):
    """`e.item()` was taken for a slot of a structure."""
    e = np.array(a)
    return e.item() * a


def flags_of_two_kinds(a, x, n):
    """`and` of a flag of Python's and one of NumPy's had no kind in common with either."""
    if a > 0.9 or (x[0] < 1.2 and not a > 0.015):
        a = a * x[0]
    if 0.1 < x[0] < 0.7 and a > 0.1 or not n:
        a = a * x[1]
    while n > 1 or np.any(x > 5.0):
        n, a = n - 1, a * x[2]
    return a


class Pair:
    def __init__(self, one):
        self.one, self.two = one, one * 0.5


def list_of_objects_first_bound_in_a_loop(x, n):
    """The adjoints of objects in lists were added as if they were numbers, and not copied with the list."""
    for k in range(n):
        pairs = [Pair(x * x[k]) for _ in range(2)]
    return np.sum(pairs[-1].two * x)


def single_and_double_in_a_list(a, x, z):
    """What the stack sends back is double; the gradient of an item in single precision is single."""
    pair = [np.zeros(4), x * a]
    total = np.sum(np.stack(pair) * z[-3])
    pair[0] = a
    return total + np.sum(pair[-1] * z)


def arrays_of_two_precisions(a, x, z):
    """The same where all items are arrays."""
    pair = [np.zeros(4), x * a]
    total = np.sum(np.stack(pair) * z[-3])
    pair[0] = z
    return total + np.sum(pair[-1] * pair[0])


X, SINGLE = np.array([0.3, 0.7, -0.4, 0.9]), np.array([0.3, 0.7, -0.4, 0.9], "f4")


def lists_of_two_lengths(a, x, n):
    """Lists of known but different lengths that change places were an error inside of the compiler."""
    p, q = [x[0], a], [a * x[1], x[2], 0.3]
    for _ in range(n):
        p, q = q, p
        p[0] *= a
        q.append(a)
    return sum(p) * a + sum(q)


CASES = [
    (lists_of_two_lengths, (0.7, X, 2)),
    (whole_of_an_array_without_axes, (0.3,)),
    (list_of_an_array, (X,)),
    (dimensions_one_by_one, (X,)),
    (axes_one_by_one, (X,)),
    (repeated_list, (X, 3)),
    (repeated_arrays, (X, 3)),
    (name_of_some_cases, (0.5, 2, X)),
    (name_of_some_cases, (0.5, 2, X - 2.0)),
    (element_of_two_walked_together, (0.3, X, X[::-1].copy(), 2)),
    (members_into_an_array, (X, 0.3, 0.4)),
    (list_as_a_mask, (X, 0.3, 0.4)),
    (lists_beside_arrays, (X, 0.3, 0.4)),
    (number_beside_single_precision, (0.3, SINGLE)),
    (number_or_single_precision, (0.3, 0.4, SINGLE)),
    (single_and_double_in_a_list, (0.3, SINGLE, SINGLE[::-1].copy())),
    (arrays_of_two_precisions, (0.3, SINGLE, SINGLE[::-1].copy())),
    (list_first_bound_in_a_loop, (0.3, X)),
    (lists_first_bound_in_a_loop, (0.3, X, 1)),
    (lists_first_bound_in_a_loop, (0.3, X, 3)),
    (list_of_objects_first_bound_in_a_loop, (X, 3)),
    (item_without_an_index, (0.3,)),
    (flags_of_two_kinds, (0.3, X, 0)),
    (flags_of_two_kinds, (0.01, X, 3)),
    (length_of_a_range, (0.3, 4)),
    (length_of_a_range, (0.3, -2)),
    (gradient_of_a_loop_with_an_exit, (0.8,)),
    (gradient_of_a_loop_with_an_exit, (0.3,)),
]


class Body:
    def __init__(self, pos):
        self.pos = pos

    def halve(self, k):
        if k > 0:
            self.pos *= 0.5
            self.halve(k - 1)


def method_that_calls_itself(x, n):
    body = Body(x * 1.0)
    for _ in range(n):
        body.halve(n)
    return np.sum(body.pos)


def test_a_refusal_outlives_the_pass_that_found_it():
    """What was refused in a function that calls itself was forgotten with the first pass over a loop."""
    with pytest.raises(Refusal, match="E0124"):
        oracle.check(method_that_calls_itself, (X, 2))


def sum_of_single_numbers_times_double_ones(x, n, c):
    buffer = [np.sum(x) * q for q in range(n)]
    total, out = sum(buffer), 0.0
    for k in range(len(c)):
        out = out * 0.6 + c[k] * total
    return out


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("m", [0, 2])
def test_the_adjoint_of_a_sum_of_single_precision_is_single(n, m):
    """That of `sum(list)` was as wide as what the sum was multiplied by."""
    x, c = np.array([0.5, 0.25], np.float32), np.linspace(0.5, 1.0, m)
    value, (gradient,) = adgen.value_and_grad(sum_of_single_numbers_times_double_ones, (0,))(x, n, c)
    assert gradient.dtype == np.float32
    slope = sum(range(n)) * sum(0.6 ** (m - 1 - k) * c[k] for k in range(m))
    np.testing.assert_allclose(gradient, np.full(2, slope), rtol=1e-6)
    assert float(value) == float(sum_of_single_numbers_times_double_ones(x, n, c))


def choice_of_unknown_width(a, b, x, z):
    y = np.concatenate((z[1:], z[1:2]))
    for q in (b, 0.48):
        if not z[0] * a > q:
            break
        y = x
    return np.where(x > 0.854, y * a, b)


def test_the_tangent_of_a_choice_is_as_wide_as_the_choice():
    """Both alternatives vary, one of them a number of Python: the tangent was a sum, in double precision."""
    x, z = np.array([0.16, 0.64, 0.87, 0.74]), np.array([-0.46, -0.94, 0.65, 0.92], np.float32)
    made = oracle.Made(choice_of_unknown_width, (0.2, 0.3, x, z), "jvp", ("a", "b", "x", "z"))
    value, tangent = made(0.2, 0.3, x, z, 1.0, 0.5, x, z)
    assert value.dtype == tangent.dtype == np.float32
    y = np.concatenate((z[1:], z[1:2]))
    np.testing.assert_allclose(tangent, np.where(x > 0.854, 0.2 * y + y, 0.5), rtol=1e-6)


SETTLES = """
from collections import defaultdict

import numpy as np


def f(a, b, x, z, idx, n, m, wp):
    y1 = x
    rows2 = a
    while k4 < 2:
        y1 = (((0.6 * z) - np.cos(y1[::-1]))) * wp['p']
        r5 = defaultdict(lambda: sum(wp.values()))
        r5[n] *= wp.get('p' if n > 1 else 's', 0.3)
        a6 = r5[n] + r5[7]
        u7 = np.array([*z[:2], rows2[0][0], 0.46])
    if np.tanh(rows2[-1][1]) < -0.099:
        r9 = (y1, sum(wp.values()))
    elif n > 1:
        r9 = (y1, wp['p' if n > 1 else 'q'])
    else:
        r9 = (y1, 0.3)
    r9[0][0] *= r9[1]
    rows10 = [[rows2[0][0] * q for q in y1], [wp.get('p' if n > 1 else 's', 0.3), wp['p' if n > 1 else 'q']]]
"""


def test_what_a_factory_makes_is_found_again(tmp_path):
    """What a statement had a defaultdict make was another thing in each pass: lowering began again without end."""
    (tmp_path / "program.py").write_text(SETTLES)
    spec = importlib.util.spec_from_file_location("program_that_settles", tmp_path / "program.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    x = np.array([0.9, 0.3, 0.8, 0.1])
    args = (0.5, -0.6, x, -x, np.array([2, 0, 0, 0]), 3, np.eye(4), {"p": 0.2, "q": 0.6})
    try:
        made = oracle.Made(module.f, args, "value_and_grad", ("a", "b", "x", "z", "m", "wp"))
    except Refusal as refusal:
        assert "error[E" in str(refusal)
    else:
        assert "def f_value_and_grad" in made.text


@pytest.mark.parametrize(("fun", "args"), CASES, ids=[f"{fun.__name__}-{k}" for k, (fun, _) in enumerate(CASES)])
def test_found(fun, args):
    oracle.check(fun, args)
