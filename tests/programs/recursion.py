"""Functions that call themselves: numbers, arrays, trees, closures, mutual recursion, writes in place."""

# ruff: noqa: E731

import dataclasses
import functools

import numpy as np

import adgen
from tests.programs.cases import collection

RNG = np.random.default_rng(11)
CASES, case = collection()


# numbers -------------------------------------------------------------------------------------------------------------
@case(1.1, 13)
def power_by_squaring(x, n):
    if n == 0:
        return 1.0
    if n % 2:
        return x * power_by_squaring(x, n - 1)
    half = power_by_squaring(x, n // 2)
    return half * half


@case(0.9, 6)
def fibonacci_like(x, n):
    return x if n < 2 else fibonacci_like(x, n - 1) + x * fibonacci_like(x, n - 2)


@case(2, 2, 0.7)
def ackermann_like(m, n, x):
    if m == 0:
        return (n + 1) * x
    if n == 0:
        return ackermann_like(m - 1, 1, x) * 1.01
    return ackermann_like(m - 1, 1, x) + ackermann_like(m, n - 1, x * 0.5)


@functools.cache
def chebyshev(n, x):
    if n < 2:
        return x if n else 1.0
    return 2 * x * chebyshev(n - 1, x) - chebyshev(n - 2, x)


@case(0.3, RNG.standard_normal(6))
def chebyshev_series(x, c):
    total = 0.0
    for k in range(len(c)):
        total += c[k] * chebyshev(k, x)
    return total


def legendre(n, x):
    if n == 0:
        return 1.0
    if n == 1:
        return x
    return ((2 * n - 1) * x * legendre(n - 1, x) - (n - 1) * legendre(n - 2, x)) / n


@case(0.4, 5)
def legendre_and_its_square(x, n):
    p = legendre(n, x)
    return p * p + legendre(n - 1, x)


def bessel(n, x, j0, j1):
    if n == 0:
        return j0
    if n == 1:
        return j1
    return 2 * (n - 1) / x * bessel(n - 1, x, j0, j1) - bessel(n - 2, x, j0, j1)


@case(2.5, 4, -0.05, 0.5)
def bessel_upwards(x, n, j0, j1):
    return bessel(n, x, j0, j1) ** 2


@case(3, 0.3, 1.2, 0.7)
def hanoi_costs(n, a, b, c):
    """Arguments change their places at each level."""
    if n == 0:
        return 0.0
    return hanoi_costs(n - 1, a, c, b) + a * b + hanoi_costs(n - 1, c, b, a) * c


@case(0.7, 4)
def continued_fraction(x, depth):
    def tail(k):
        if k > depth:
            return 0.0
        return x * k / (1.0 + tail(k + 1))

    return 1.0 / (1.0 + tail(1))


@case(1.3, 40.0)
def newton(x, a):
    """The number of levels depends on the values."""
    if abs(x * x - a) < 1e-9:
        return x
    return newton(0.5 * (x + a / x), a)


@case(0.3, 2.0)
def arithmetic_geometric_mean(a, b):
    if abs(a - b) < 1e-12:
        return 0.5 * (a + b)
    return arithmetic_geometric_mean(0.5 * (a + b), np.sqrt(a * b))


def rises(x, n):
    return x if n == 0 else falls(x * x, n - 1)


def falls(x, n):
    return 1.0 if n == 0 else np.sin(rises(x + 1.0, n - 1))


@case(0.7, 4)
def mutual(x, n):
    return rises(x, n) + falls(x, n + 1)


# quadrature ----------------------------------------------------------------------------------------------------------
def simpson(f, a, fa, b, fb):
    m = (a + b) / 2
    fm = f(m)
    return m, fm, abs(b - a) / 6 * (fa + 4 * fm + fb)


def refine(f, a, fa, b, fb, eps, whole, m, fm):
    lm, flm, left = simpson(f, a, fa, m, fm)
    rm, frm, right = simpson(f, m, fm, b, fb)
    delta = left + right - whole
    if abs(delta) <= eps * 15:
        return left + right + delta / 15
    return refine(f, a, fa, m, fm, eps / 2, left, lm, flm) + refine(f, m, fm, b, fb, eps / 2, right, rm, frm)


def adaptive_simpson(f, a, b, eps):
    fa, fb = f(a), f(b)
    m, fm, whole = simpson(f, a, fa, b, fb)
    return refine(f, a, fa, b, fb, eps, whole, m, fm)


@case(1.3, 0.7, 2.0)
def arc(w, c, end):
    return adaptive_simpson(lambda t: np.sqrt(1 + w * t * t) * np.cos(c * t), 0, end, 1e-6)


@case(0.8)
def double_integral(w):
    """A callee for each function that it is given."""
    inner = lambda y: adaptive_simpson(lambda x: np.exp(-w * x * y), 0.0, 1.0, 1e-4)
    return inner(0.3) + inner(0.9) * adaptive_simpson(lambda x: np.cos(w * x), 0.0, 1.0, 1e-4)


# arrays --------------------------------------------------------------------------------------------------------------
def fft(re, im):
    n = len(re)
    if n == 1:
        return re, im
    even_re, even_im = fft(re[::2], im[::2])
    odd_re, odd_im = fft(re[1::2], im[1::2])
    angle = -2.0 * np.pi * np.arange(n // 2) / n
    c, s = np.cos(angle), np.sin(angle)
    t_re = c * odd_re - s * odd_im
    t_im = c * odd_im + s * odd_re
    return (
        np.concatenate([even_re + t_re, even_re - t_re]),
        np.concatenate([even_im + t_im, even_im - t_im]),
    )


@case(RNG.standard_normal(16))
def power_spectrum(x):
    re, im = fft(x, np.zeros(len(x)))
    return np.sum(re[1:6] ** 2 + im[1:6] ** 2)


def haar(a):
    n = len(a)
    if n == 1:
        return a
    means = (a[::2] + a[1::2]) / 2
    return np.concatenate([haar(means), (a[::2] - a[1::2]) / 2])


@case(RNG.standard_normal(8))
def haar_energy(x):
    return np.sum(haar(x * x) ** 3)


def determinant(a):
    n = a.shape[0]
    if n == 1:
        return a[0, 0]
    total, sign = 0.0, 1.0
    for j in range(n):
        minor = np.concatenate([a[1:, :j], a[1:, j + 1 :]], axis=1)
        total += sign * a[0, j] * determinant(minor)
        sign = -sign
    return total


@case(RNG.standard_normal((4, 4)))
def laplace_expansion(a):
    return determinant(a) ** 2


@case(RNG.standard_normal(11))
def pairwise_sum(a):
    n = len(a)
    if n <= 2:
        return np.sum(a * a)
    return 0.5 * pairwise_sum(a[: n // 2]) + np.sin(pairwise_sum(a[n // 2 :]))


def block_product(a, b):
    n = a.shape[0]
    if n == 1:
        return a * b
    h = n // 2
    top = block_product(a[:h, :h], b[:h, :h]) + block_product(a[:h, h:], b[h:, :h])
    low = block_product(a[h:, :h], b[:h, h:]) + block_product(a[h:, h:], b[h:, h:])
    return np.concatenate([np.concatenate([top, low], axis=1), np.concatenate([low, top], axis=1)])


@case(RNG.standard_normal((4, 4)), RNG.standard_normal((4, 4)))
def recursive_blocks(a, b):
    return np.sum(np.tanh(block_product(a, b)))


@case(RNG.standard_normal((3, 4)))
def rows_by_rank(a):
    """A matrix, its rows and its numbers: a copy for each rank."""

    def norm(x):
        if x.ndim == 0:
            return np.abs(x) ** 1.5
        total = 0.0
        for part in x:
            total += norm(part)
        return np.sqrt(total)

    return norm(a)


# trees and lists -----------------------------------------------------------------------------------------------------
def evaluate(node, x):
    if not isinstance(node, tuple):
        return node * x
    operation, left, right = node
    if operation == "+":
        return evaluate(left, x) + evaluate(right, x)
    return np.sin(evaluate(left, x)) * evaluate(right, x)


@case(1.2, 0.4)
def expression_tree(x, y):
    return evaluate(("*", ("+", x, y), ("*", ("+", 2.0, y), x)), y)


def quicksort(xs):
    if len(xs) <= 1:
        return xs
    pivot = xs[0]
    low = [v for v in xs[1:] if v < pivot]
    high = [v for v in xs[1:] if v >= pivot]
    return quicksort(low) + [pivot] + quicksort(high)


@case([0.3, 0.1, 0.7, 0.5, 0.2])
def order_statistics(xs):
    total = 0.0
    for k, v in enumerate(quicksort(xs)):
        total += v * v * (k + 1)
    return total


@case(0.4, 6)
def walk_in_order(x, n):
    """A tree by the numbers of its nodes, children 2 k and 2 k + 1."""

    def visit(k, depth):
        if k > n:
            return 0.0
        return visit(2 * k, depth + 1) * x + np.cos(k * x) / (depth + 1) + visit(2 * k + 1, depth + 1)

    return visit(1, 0)


# closures, loops, branches -------------------------------------------------------------------------------------------
@case(0.3, 3)
def closure_over_active(x, n):
    scale = np.exp(x)

    def go(y, k):
        if k == 0:
            return y
        return go(scale * np.sin(y), k - 1) + x

    return go(x * x, n)


@case(RNG.standard_normal(4), 4)
def in_loops_and_branches(x, n):
    def step(y, k):
        if k > 3:
            return y
        total = 0.0
        for j in range(2):
            if y > 0.0:
                total += step(np.sin(y) * x[j], k + 1)
            else:
                total -= step(y * x[j + 1], k + 2)
        return total

    s = 0.0
    for i in range(n):
        s += step(x[i], i)
    return s


@case(0.6, 3)
def handed_functions(x, n):
    def repeat(f, y, k):
        return y if k == 0 else f(repeat(f, y, k - 1))

    return repeat(lambda y: np.sin(x * y) + 0.1, x, n) * repeat(np.cos, x, n)


@case(1.5, 0.5)
def raises_never(x, y):
    def root(a, b, n):
        if n < 0:
            raise ValueError("too deep")
        if n == 0:
            return a
        return root((a + b / a) / 2, b, n - 1)

    return root(x, y, 4)


# in place ------------------------------------------------------------------------------------------------------------
def insertion_sort(a, n):
    if n <= 1:
        return
    insertion_sort(a, n - 1)
    last = a[n - 1]
    j = n - 2
    while j >= 0 and a[j] > last:
        a[j + 1] = a[j]
        j = j - 1
    a[j + 1] = last


@case(RNG.standard_normal(6))
def sorted_in_place(x):
    a = x * x
    insertion_sort(a, len(a))
    return np.sum(a * np.arange(1.0, len(a) + 1))


def merge_sort(a):
    n = len(a)
    if n < 2:
        return
    m = n // 2
    left, right = a[:m].copy(), a[m:].copy()
    merge_sort(left)
    merge_sort(right)
    i = j = 0
    for k in range(n):
        if j >= n - m or (i < m and left[i] <= right[j]):
            a[k] = left[i]
            i += 1
        else:
            a[k] = right[j]
            j += 1


@case(RNG.standard_normal(7))
def merged_in_place(x):
    a = x.copy()
    merge_sort(a)
    return np.sum(np.sin(a) * np.arange(1.0, len(a) + 1))


def partition_sort(a, low, high):
    if low < high:
        pivot = a[high]
        i = low
        for j in range(low, high):
            if a[j] < pivot:
                a[i], a[j] = a[j], a[i]
                i += 1
        a[i], a[high] = a[high], a[i]
        partition_sort(a, low, i - 1)
        partition_sort(a, i + 1, high)
    return a


@case(RNG.standard_normal(6))
def quicksort_in_place(x):
    a = np.sin(x)
    partition_sort(a, 0, len(a) - 1)
    return np.sum(a**2 * np.arange(1.0, len(a) + 1))


def flood(grid, out, i, j):
    if i < 0 or j < 0 or i >= grid.shape[0] or j >= grid.shape[1]:
        return
    if out[i, j] != 0.0 or grid[i, j] < 0.0:
        return
    out[i, j] = grid[i, j] ** 2
    flood(grid, out, i + 1, j)
    flood(grid, out, i, j + 1)


@case(RNG.standard_normal((4, 4)) + 0.8)
def flood_fill(grid):
    out = np.zeros(grid.shape)
    flood(grid, out, 0, 0)
    return np.sum(out)


@case(RNG.standard_normal(5))
def memo_in_an_array(x):
    n = len(x)
    memo = np.zeros(n + 1)

    def cost(k):
        if k == 0:
            return 0.0
        if memo[k] != 0.0:
            return memo[k]
        memo[k] = x[k - 1] ** 2 + 0.5 * cost(k - 1)
        return memo[k]

    return cost(n) + cost(n // 2)


@case(RNG.standard_normal(8))
def halves_through_views(x):
    """The callee writes to a part of its caller's array."""

    def prefix(a):
        n = len(a)
        if n == 1:
            return
        prefix(a[: n // 2])
        prefix(a[n // 2 :])
        a[n // 2 :] += a[n // 2 - 1]

    y = np.tanh(x)
    prefix(y)
    return np.sum(y * y)


# what calls share ----------------------------------------------------------------------------------------------------
def nested_powers(a, k):
    return 1.0 if k == 0 else a[k] * nested_powers(a, k - 1) + np.sum(a * a)


@case(0.3 * RNG.standard_normal(5), 3)
def arguments_written_between_calls(x, n):
    """What a call keeps is the array as it was then."""
    y = x.copy()
    s = 0.0
    for _ in range(n):
        s += nested_powers(y, 3)
        y[1] = np.sin(s) * y[2]
        y *= 0.9
    return s


def add_squares(a, b, n):
    if n == 0:
        return
    a[n - 1] += b[n - 1] ** 2
    add_squares(a, b, n - 1)


@case(RNG.standard_normal(5))
def written_and_read(x):
    y = x.copy()
    z = np.sin(x)
    add_squares(y, z, len(y))
    add_squares(z, y, 2)
    return np.sum(y * z)


@case(0.7)
def written_row(x):
    """A callee for lines and for rows; it writes and returns."""

    def fill(a, k, v):
        if k < 0:
            return 1.0
        a[k] = v
        return v * fill(a, k - 1, v * 0.5)

    a = np.zeros(4)
    r = fill(a, 3, x)
    b = np.ones((2, 4))
    q = fill(b[1], 2, x * x)
    return r + np.sum(a * a) + np.sum(b[1] * b[0]) * q


def make_scaled(c):
    def scaled(x, n):
        return x if n == 0 else c * scaled(np.sin(x), n - 1)

    return scaled


twice_scaled, thrice_scaled = make_scaled(2.0), make_scaled(3.0)


@case(0.4)
def functions_of_one_text(x):
    return twice_scaled(x, 2) + thrice_scaled(x, 3)


@case(0.4, 0.7)
def closures_of_one_text(x, y):
    def made(c):
        def g(z, n):
            return z if n == 0 else c * g(np.sin(z), n - 1)

        return g

    return made(x)(y, 2) * made(y)(x, 3)


@case(0.7, 3)
def flag_at_each_level(x, n):
    def go(y, k, up):
        if k == 0:
            return y
        return go(y * x if up else np.sin(y), k - 1, not up)

    return go(x, n, True)


@case({"w": 0.3, "b": 0.8}, 2)
def dict_at_each_level(p, n):
    if n == 0:
        return p["w"] * p["b"]
    return dict_at_each_level({"w": p["w"] * p["b"], "b": np.sin(p["b"])}, n - 1)


@dataclasses.dataclass
class Layers:
    w: float
    b: float

    def run(self, x, n):
        if n == 0:
            return self.w * x
        return np.tanh(self.run(x, n - 1) + self.b)


@case(0.3, 0.4, 0.9, 3)
def method_that_calls_itself(w, b, x, n):
    return Layers(w, b).run(x, n)


@case(Layers(0.3, 0.4), 0.9)
def object_handed_on(layers, x):
    return layers.run(x, 3)


@case(0.7, 3)
def value_and_count(x, n):
    def count(y, k):
        if k == 0:
            return y, 0
        z, c = count(np.sin(y), k - 1)
        return z * y, c + 1

    z, c = count(x, n)
    return z * c


@case(0.7, 3)
def whole_number_then_float(x, n):
    def go(acc, k):
        return acc if k == 0 else go(acc * x, k - 1)

    return go(1, n)


@case(0.7, 3)
def itself_in_a_while(x, n):
    s = 0.0
    k = n
    while k > 0:
        if x > 2.0:
            return s + x
        s += itself_in_a_while(x + 0.5 * k, k - 2)
        k -= 1
    return s + x * x


@case(0.7, 2)
def itself_in_displays(x, n):
    if n == 0:
        return x
    return sum(itself_in_displays(x * (k + 1), n - 1) for k in range(2)) + max([itself_in_displays(x, n - 1), 0.1])


@case(0.7, 3)
def list_of_results(x, n):
    def values(y, k):
        if k == 0:
            return [y]
        rest = values(np.sin(y), k - 1)
        return [y * x, *rest]

    t = 0.0
    for i, v in enumerate(values(x, n)):
        t += v * (i + 1)
    return t


@case([RNG.standard_normal(3), RNG.standard_normal(3)])
def list_of_arrays(xs):
    def total(k):
        if k == len(xs):
            return 0.0
        return np.sum(xs[k] ** 2) * (k + 1) + 0.5 * total(k + 1)

    return total(0)


@case(RNG.standard_normal(4), 3)
def array_through_a_loop(x, n):
    def shrink(a, k):
        return np.sin(a) if k == 0 else shrink(a * 0.5, k - 1) + a

    y = x
    for _ in range(n):
        y = shrink(y, 2)
    return np.sum(y * y)


@case(RNG.standard_normal(4), 2)
def parameter_bound_anew(x, n):
    if n == 0:
        return np.sum(x)
    x = x * 2.0
    x[0] = 1.0
    return parameter_bound_anew(x, n - 1) + x[1]


# order 2 -------------------------------------------------------------------------------------------------------------
@case(1.5, 4)
def gradient_of_itself(x, n):
    return adgen.grad(power_by_squaring)(x, n) * x


@case(RNG.standard_normal(5))
def length_of_a_gradient(x):
    g = adgen.grad(pairwise_sum)(x)
    return np.sum(g * g)


@case(0.7, 2)
def gradient_inside(x, n):
    if n == 0:
        return x
    return adgen.grad(lambda y: y * y * y)(gradient_inside(x, n - 1))


def programs(rng):
    """All programs with their arguments."""
    return CASES
