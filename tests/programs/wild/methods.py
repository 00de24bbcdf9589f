"""Dynamic programming, root finding, quadrature, splines, finance, sorting."""

import math

import numpy as np

from tests.programs.wild.collecting import program


def fill_row(cost, i, x, y, gamma):
    for j in range(1, cost.shape[1]):
        d = (x[i - 1] - y[j - 1]) ** 2
        a, b, c = cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1]
        low = min(a, b, c)
        total = math.exp((low - a) / gamma) + math.exp((low - b) / gamma) + math.exp((low - c) / gamma)
        cost[i, j] = d + low - gamma * math.log(total)


@program("Cuturi and Blondel, Soft-DTW (2017)", lambda rng: [rng.standard_normal(9), rng.standard_normal(8), 0.5])
def soft_dtw(x, y, gamma):
    n, m = len(x), len(y)
    cost = np.empty((n + 1, m + 1))
    cost[0, :] = 1e4
    cost[:, 0] = 1e4
    cost[0, 0] = 0.0
    for i in range(1, n + 1):
        fill_row(cost, i, x, y, gamma)
    warped = cost[n, m]
    direct = np.sum((x[:m] - y) ** 2)
    return warped / (1.0 + direct)


@program("Needleman and Wunsch (1970), gap penalties as parameters", lambda rng: [rng.standard_normal((6, 5)), 0.7])
def needleman_wunsch(similarity, gap):
    n, m = similarity.shape
    table = np.zeros((n + 1, m + 1))
    for i in range(n + 1):
        table[i, 0] = -gap * i
    for j in range(m + 1):
        table[0, j] = -gap * j
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            match = table[i - 1, j - 1] + similarity[i - 1, j - 1]
            delete = table[i - 1, j] - gap
            insert = table[i, j - 1] - gap
            table[i, j] = max(match, delete, insert)
    return table[n, m]


def relax(d, k):
    n = d.shape[0]
    for i in range(n):
        for j in range(n):
            through = d[i, k] + d[k, j]
            if through < d[i, j]:
                d[i, j] = through


@program("Floyd, Algorithm 97: Shortest path (1962)", lambda rng: [rng.uniform(0.5, 5.0, (8, 8))])
def floyd_warshall(weights):
    d = weights.copy()
    n = len(d)
    for i in range(n):
        d[i, i] = 0.0
    for k in range(n):
        relax(d, k)
    diameter = np.max(d)
    mean = np.sum(d) / (n * (n - 1))
    return diameter + mean


@program(
    "Bellman and Ford: distances until nothing changes",
    lambda rng: [
        rng.uniform(0.5, 5.0, 20),
        np.array([0, 0, 1, 2, 2, 3, 4, 5, 1, 6, 3, 7, 5, 4, 6, 2, 0, 7, 1, 5]),
        np.array([1, 2, 3, 3, 4, 5, 5, 6, 4, 7, 6, 0, 7, 6, 5, 1, 3, 4, 2, 2]),
    ],
)
def bellman_ford(weights, tail, head):
    n = 8
    distance = np.full(n, 1e6)
    distance[0] = 0.0
    changed = True
    rounds = 0
    while changed and rounds < n:
        changed = False
        for e in range(len(weights)):
            candidate = distance[tail[e]] + weights[e]
            if candidate < distance[head[e]]:
                distance[head[e]] = candidate
                changed = True
        rounds += 1
    return np.sum(distance * np.arange(1.0, n + 1.0))


@program(
    "Cox, Ross and Rubinstein, Option pricing: a simplified approach (1979), American put",
    lambda rng: [100.0, 103.0, 0.05, 0.3, 60],
)
def binomial_tree(spot, strike, rate, sigma, steps):
    dt = 1.0 / steps
    up = math.exp(sigma * math.sqrt(dt))
    down = 1.0 / up
    p = (math.exp(rate * dt) - down) / (up - down)
    discount = math.exp(-rate * dt)
    values = np.empty(steps + 1)
    for j in range(steps + 1):
        values[j] = max(strike - spot * up**j * down ** (steps - j), 0.0)
    for i in range(steps - 1, -1, -1):
        for j in range(i + 1):
            held = discount * (p * values[j + 1] + (1.0 - p) * values[j])
            values[j] = max(held, strike - spot * up**j * down ** (i - j))
    return values[0]


@program(
    "Glasserman, Monte Carlo Methods in Financial Engineering: Asian option",
    lambda rng: [100.0, 95.0, 0.03, 0.25, rng.standard_normal((10, 150))],
)
def asian_option(spot, strike, rate, sigma, draws):
    steps, paths = draws.shape
    dt = 1.0 / steps
    price = np.full(paths, spot)
    running = np.zeros(paths)
    for t in range(steps):
        price *= np.exp((rate - 0.5 * sigma**2) * dt + sigma * math.sqrt(dt) * draws[t])
        running += price
    average = running / steps
    payoff = average - strike
    payoff[payoff < 0.0] = 0.0
    return math.exp(-rate) * payoff.mean()


@program(
    "Heston (1993), full truncation scheme of Lord et al.",
    lambda rng: [100.0, 0.3, 0.5, 0.25, 0.1, rng.standard_normal((2, 6, 84))],
)
def heston_paths(spot, v0, kappa, theta, xi, draws):
    dt = 1.0 / draws.shape[1]
    logs = np.full(draws.shape[2], math.log(spot))
    v = np.full(draws.shape[2], v0)
    for t in range(draws.shape[1]):
        positive = np.where(v > 0.0, v, 1e-4)
        root = np.sqrt(positive * dt)
        z2 = -0.6 * draws[0, t] + 0.8 * draws[1, t]
        logs += -0.5 * positive * dt + root * draws[0, t]
        v += kappa * (theta - positive) * dt + xi * root * z2
    payoff = np.maximum(np.exp(logs) - 100.0, 0.0)
    return np.mean(payoff)


@program(
    "Merton (1973): a barrier option, each path until it is knocked out",
    lambda rng: [100.0, 0.2, 90.0, rng.standard_normal((12, 8))],
)
def barrier_option(spot, sigma, barrier, draws):
    total = 0.0
    survivors = 0
    for path in draws:
        s = spot
        alive = True
        for z in path:
            s = s * math.exp(-0.5 * sigma**2 / 8.0 + sigma * math.sqrt(1.0 / 8.0) * z)
            if s < barrier:
                alive = False
                break
        if not alive:
            continue
        survivors += 1
        total += max(s - 95.0, 0.0)
    return total / len(draws) + 0.01 * survivors


def discount(curve, times, t):
    """Log-linear interpolation."""
    for i in range(1, len(times)):
        if t <= times[i]:
            w = (t - times[i - 1]) / (times[i] - times[i - 1])
            return math.exp((1.0 - w) * math.log(curve[i - 1]) + w * math.log(curve[i]))
    return curve[-1]


@program(
    "Hagan and West, Interpolation methods for curve construction (2006): bootstrap of swaps",
    lambda rng: [np.array([0.02, 0.023, 0.027, 0.029]), np.arange(5)],
)
def bootstrap_curve(rates, times):
    curve = np.ones(len(times))
    for i in range(len(rates)):
        annuity = 0.0
        for k in range(i):
            annuity += curve[k + 1]
        curve[i + 1] = (1.0 - rates[i] * annuity) / (1.0 + rates[i])
    price = 0.0
    for k in range(1, 8):
        price += 0.02 * discount(curve, times, 0.5 * k)
    return price + discount(curve, times, 3.5)


def black_scholes(spot, strike, sigma):
    d1 = math.log(spot / strike) / sigma + 0.5 * sigma
    d2 = d1 - sigma
    n1 = 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0)))
    n2 = 0.5 * (1.0 + math.erf(d2 / math.sqrt(2.0)))
    return spot * n1 - strike * n2, spot * math.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)


@program("Manaster and Koehler (1982): implied volatility by Newton", lambda rng: [100.0, 105.0, 9.0])
def implied_volatility(spot, strike, price):
    sigma = 0.4
    for iteration in range(50):
        value, vega = black_scholes(spot, strike, sigma)
        step = (value - price) / vega
        sigma -= step
        if abs(step) < 1e-14:
            break
    else:
        raise ValueError("no convergence")
    smile = sigma * sigma
    return smile + 0.1 * sigma


@program("Brent, Algorithms for Minimization, 5: golden section", lambda rng: [0.3, 2.5])
def golden_section(a, b):
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    low, high = a, b
    c = high - ratio * (high - low)
    d = low + ratio * (high - low)
    steps = 0
    while steps < 12:
        fc = (c - 1.3) ** 2 + 0.1 * c**3
        fd = (d - 1.3) ** 2 + 0.1 * d**3
        if fc < fd:
            high = d
        else:
            low = c
        c = high - ratio * (high - low)
        d = low + ratio * (high - low)
        steps += 1
    return 0.5 * (low + high)


@program("Kepler's equation by the secant method (Danby)", lambda rng: [0.7, 0.35])
def kepler_secant(mean, eccentricity):
    previous, current = mean, mean + 0.5 * eccentricity
    f0 = previous - eccentricity * math.sin(previous) - mean
    count = 0
    while True:
        f1 = current - eccentricity * math.sin(current) - mean
        if abs(f1) < 1e-15 or count == 30 or f1 == f0:
            break
        following = current - f1 * (current - previous) / (f1 - f0)
        previous, current = current, following
        f0 = f1
        count += 1
    radius = 1.0 - eccentricity * math.cos(current)
    return radius * math.sin(current)


@program("Lyness, Notes on the adaptive Simpson routine (1969), with a stack", lambda rng: [0.2, 3.0, 1.7])
def adaptive_simpson(a, b, p):
    stack = [(a, b)]
    total = 0.0
    evaluations = 0
    while stack:
        low, high = stack.pop()
        mid = 0.5 * (low + high)
        h = high - low
        whole = h / 6.0 * (math.sin(low**p) + 4.0 * math.sin(mid**p) + math.sin(high**p))
        q1, q3 = 0.5 * (low + mid), 0.5 * (mid + high)
        left = h / 12.0 * (math.sin(low**p) + 4.0 * math.sin(q1**p) + math.sin(mid**p))
        right = h / 12.0 * (math.sin(mid**p) + 4.0 * math.sin(q3**p) + math.sin(high**p))
        evaluations += 5
        if abs(left + right - whole) < 1e-4 or evaluations > 2000:
            total += left + right
        else:
            stack.append((mid, high))
            stack.append((low, mid))
    return total


@program("Romberg, Vereinfachte numerische Integration (1955)", lambda rng: [0.1, 2.0, 1.4])
def romberg(a, b, k):
    levels = 5
    table = np.zeros((levels, levels))
    h = b - a
    table[0, 0] = 0.5 * h * (math.exp(-k * a * a) + math.exp(-k * b * b))
    for i in range(1, levels):
        h = 0.5 * h
        s = 0.0
        for j in range(1, 2**i, 2):
            x = a + j * h
            s += math.exp(-k * x * x)
        table[i, 0] = 0.5 * table[i - 1, 0] + h * s
        for j in range(1, i + 1):
            table[i, j] = table[i, j - 1] + (table[i, j - 1] - table[i - 1, j - 1]) / (4.0**j - 1.0)
    return table[levels - 1, levels - 1]


@program(
    "de Boor, A Practical Guide to Splines: natural cubic spline",
    lambda rng: [np.arange(8.0) + rng.uniform(-0.2, 0.2, 8), rng.standard_normal(8), 3.3],
)
def natural_spline(x, y, at):
    n = len(x) - 1
    h = x[1:] - x[:-1]
    a = np.zeros(n + 1)
    b = np.ones(n + 1)
    c = np.zeros(n + 1)
    d = np.zeros(n + 1)
    for i in range(1, n):
        a[i] = h[i - 1]
        b[i] = 2.0 * (h[i - 1] + h[i])
        c[i] = h[i]
        d[i] = 6.0 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    for i in range(1, n + 1):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    m = np.empty(n + 1)
    m[n] = d[n] / b[n]
    for i in range(n - 1, -1, -1):
        m[i] = (d[i] - c[i] * m[i + 1]) / b[i]
    k = 0
    while at > x[k + 1]:
        k += 1
    t = at - x[k]
    slope = (y[k + 1] - y[k]) / h[k] - h[k] * (2.0 * m[k] + m[k + 1]) / 6.0
    return y[k] + t * (slope + t * (m[k] / 2.0 + t * (m[k + 1] - m[k]) / (6.0 * h[k])))


@program("de Casteljau (1959), in place, both halves kept", lambda rng: [rng.standard_normal((5, 2)), 0.35])
def de_casteljau(control, t):
    p = control.copy()
    n = len(p)
    left = np.empty_like(p)
    right = np.empty_like(p)
    for level in range(n):
        left[level] = p[0]
        right[n - 1 - level] = p[n - 1 - level]
        for i in range(n - 1 - level):
            p[i] = (1.0 - t) * p[i] + t * p[i + 1]
    length = 0.0
    for i in range(n - 1):
        length += np.sqrt(np.sum((left[i + 1] - left[i]) ** 2)) + np.sqrt(np.sum((right[i + 1] - right[i]) ** 2))
    return length + p[0, 0] * p[0, 1]


@program(
    "de Boor's algorithm, degree 3",
    lambda rng: [rng.standard_normal(9), np.concatenate([np.zeros(4), np.arange(1.0, 6.0), np.full(4, 6.0)]), 2.45],
)
def de_boor(coefficients, knots, x):
    degree = 3
    k = degree
    while k < len(knots) - degree - 2 and knots[k + 1] <= x:
        k += 1
    d = np.empty(degree + 1)
    for j in range(degree + 1):
        d[j] = coefficients[j + k - degree]
    for r in range(1, degree + 1):
        for j in range(degree, r - 1, -1):
            span = knots[j + 1 + k - r] - knots[j + k - degree]
            alpha = (x - knots[j + k - degree]) / span
            d[j] = (1.0 - alpha) * d[j - 1] + alpha * d[j]
    return d[degree]


@program(
    "Berrut and Trefethen, Barycentric Lagrange interpolation (2004)",
    lambda rng: [np.cos(np.linspace(0.1, 3.0, 8)), rng.standard_normal(8), 0.123],
)
def barycentric(nodes, values, x):
    n = len(nodes)
    weights = np.ones(n)
    for j in range(n):
        for k in range(n):
            if k != j:
                weights[j] /= nodes[j] - nodes[k]
    numerator = 0.0
    denominator = 0.0
    for j in range(n):
        if x == nodes[j]:
            return values[j]
        c = weights[j] / (x - nodes[j])
        numerator += c * values[j]
        denominator += c
    return numerator / denominator


def insert_into(a, k):
    key = a[k]
    j = k - 1
    while j >= 0 and a[j] > key:
        a[j + 1] = a[j]
        j -= 1
    a[j + 1] = key


@program(
    "Knuth, The Art of Computer Programming 3, 5.2.1 (insertion)",
    lambda rng: [rng.permutation(9) + rng.uniform(0, 0.5, 9), rng.standard_normal(9)],
)
def insertion_sort(values, weights):
    a = values.copy()
    for k in range(1, len(a)):
        insert_into(a, k)
    trimmed = a[2:-2]
    mean = trimmed.sum() / len(trimmed)
    spread = a[-1] - a[0]
    gini = 0.0
    for i in range(len(a)):
        gini += weights[i] * a[i]
    return mean * spread + gini


def compare_exchange(a, i, j):
    if a[i] > a[j]:
        a[i], a[j] = a[j], a[i]


@program(
    "Batcher, Sorting networks and their applications (1968)",
    lambda rng: [rng.permutation(16) + rng.uniform(0, 0.5, 16)],
)
def odd_even_merge_sort(values):
    a = values.copy()
    n = len(a)
    p = 1
    while p < n:
        k = p
        while k >= 1:
            for j in range(k % p, n - k, 2 * k):
                for i in range(min(k, n - j - k)):
                    if (i + j) // (2 * p) == (i + j + k) // (2 * p):
                        compare_exchange(a, i + j, i + j + k)
            k //= 2
        p *= 2
    return np.sum(a * np.cos(np.arange(n)))


def sift_down(heap, start, end):
    root = start
    while 2 * root + 1 <= end:
        child = 2 * root + 1
        if child + 1 <= end and heap[child] < heap[child + 1]:
            child += 1
        if heap[root] < heap[child]:
            heap[root], heap[child] = heap[child], heap[root]
            root = child
        else:
            return


@program("Williams, Heapsort (1964)", lambda rng: [rng.permutation(11) + rng.uniform(0, 0.5, 11)])
def heap_sort(values):
    heap = values.copy()
    n = len(heap)
    for start in range((n - 2) // 2, -1, -1):
        sift_down(heap, start, n - 1)
    for end in range(n - 1, 0, -1):
        heap[end], heap[0] = heap[0], heap[end]
        sift_down(heap, 0, end - 1)
    total = 0.0
    for k in range(n):
        total += heap[k] ** 2 / (k + 1.0)
    return total


@program(
    "Blelloch, Prefix sums and their applications (1990), up and down sweep in place",
    lambda rng: [rng.standard_normal(1024)],
)
def blelloch_scan(x):
    a = x.copy()
    n = len(a)
    step = 1
    while step < n:
        a[2 * step - 1 :: 2 * step] += a[step - 1 :: 2 * step]
        step *= 2
    total = a[n - 1]
    a[n - 1] = 0.0
    while step > 1:
        half = step // 2
        left = a[half - 1 :: step].copy()
        a[half - 1 :: step] = a[step - 1 :: step]
        a[step - 1 :: step] += left
        step = half
    return np.sum(a * a) / n + total


@program("Knuth, 4.6.4: Horner with the derivative, and deflation in place", lambda rng: [rng.uniform(-1, 1, 6), -1.4])
def newton_with_deflation(coefficients, start):
    c = coefficients.copy()
    c[0] = c[0] + 3.0
    x = start
    for _ in range(60):
        p = c[0]
        dp = 0.0
        for k in range(1, len(c)):
            dp = dp * x + p
            p = p * x + c[k]
        step = p / dp
        x = x - 0.5 * step
        if abs(step) < 1e-13:
            break
    for k in range(1, len(c)):
        c[k] += x * c[k - 1]
    return x + np.sum(c[:-1] ** 2)


@program(
    "Metropolis et al. (1953): an annealed chain over given draws",
    lambda rng: [np.array([0.3, -0.8]), rng.standard_normal((25, 2)), rng.uniform(0, 1, 25)],
)
def annealed_chain(x, proposals, uniforms):
    x = x.copy()
    energy = np.sum(x**4 - x**2)
    temperature = 1.0
    accepted = 0
    for k in range(len(uniforms)):
        y = x + 0.3 * proposals[k]
        new = np.sum(y**4 - y**2)
        if new > energy and uniforms[k] > math.exp((energy - new) / temperature):
            temperature *= 0.95
            continue
        x[:] = y
        energy = new
        accepted += 1
        temperature *= 0.95
    return energy + x[0] * x[1] + 0.001 * accepted


@program(
    "Jarvis and others: area and moments of a polygon (surveyor's formula)",
    lambda rng: [
        100.0 * np.stack([np.cos(np.linspace(0, 6, 500)), np.sin(np.linspace(0, 6, 500))], axis=1)
        + rng.uniform(-0.01, 0.01, (500, 2))
    ],
)
def polygon_moments(vertices):
    n = len(vertices)
    closed = np.empty((n + 1, 2))
    closed[:n] = vertices
    closed[n] = vertices[0]
    x, y = closed[:, 0], closed[:, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = 0.5 * np.sum(cross)
    centre = np.zeros(2)
    centre[0] = np.sum((x[:-1] + x[1:]) * cross) / (6.0 * area)
    centre[1] = np.sum((y[:-1] + y[1:]) * cross) / (6.0 * area)
    perimeter = np.sum(np.hypot(np.diff(x), np.diff(y)))
    return perimeter**2 / area + centre @ centre


def cooley_tukey_pass(re, im, span):
    """Butterflies of one level, in place."""
    n = len(re)
    for start in range(0, n, 2 * span):
        for k in range(span):
            angle = -math.pi * k / span
            c, s = math.cos(angle), math.sin(angle)
            a, b = start + k, start + k + span
            tr = c * re[b] - s * im[b]
            ti = c * im[b] + s * re[b]
            re[b], im[b] = re[a] - tr, im[a] - ti
            re[a], im[a] = re[a] + tr, im[a] + ti


@program("Cooley and Tukey (1965), iterative, on two real arrays", lambda rng: [rng.standard_normal(16)])
def fft_in_place(x):
    n = len(x)
    bits = 4
    re = np.empty(n)
    for i in range(n):
        j = 0
        for b in range(bits):
            if i & (1 << b):
                j |= 1 << (bits - 1 - b)
        re[j] = x[i]
    im = np.zeros(n)
    span = 1
    while span < n:
        cooley_tukey_pass(re, im, span)
        span *= 2
    power = re * re + im * im
    return np.sum(power * np.arange(n)) / np.sum(power)


@program(
    "Hestenes (1969): the augmented Lagrangian of a constrained minimum, inner loop until it is small",
    lambda rng: [1.3, 0.7, 4.0],
)
def augmented_lagrangian(a, b, radius):
    x = y = 1.0
    multiplier = 0.0
    for outer in range(6):
        inner = 0
        while True:
            violation = x * x + y * y - radius
            slope = multiplier + 5.0 * violation
            gx = 2.0 * (x - a) + 2.0 * slope * x
            gy = 2.0 * (y - b) + 2.0 * slope * y
            x -= 0.01 * gx
            y -= 0.01 * gy
            inner += 1
            if inner == 25:
                break
        multiplier += 5.0 * (x * x + y * y - radius)
    return (x - a) ** 2 + (y - b) ** 2 + 0.1 * multiplier


def deposit(grid, position, charge):
    cell = int(position)
    share = position - cell
    grid[cell] += charge * (1.0 - share)
    grid[cell + 1] += charge * share


@program(
    "Birdsall and Langdon, Plasma Physics via Computer Simulation (cloud in cell)",
    lambda rng: [rng.uniform(1.1, 13.9, 25), rng.uniform(0.5, 1.5, 25), 2],
)
def particle_in_cell(positions, charges, steps):
    x = positions.copy()
    v = np.zeros(len(x))
    energy = 0.0
    for _ in range(steps):
        grid = np.zeros(17)
        for i in range(len(x)):
            deposit(grid, x[i], charges[i])
        grid -= grid.mean()
        field = np.zeros(17)
        for k in range(1, 17):
            field[k] = field[k - 1] + 0.5 * (grid[k] + grid[k - 1])
        for i in range(len(x)):
            cell = int(x[i])
            share = x[i] - cell
            v[i] += 0.001 * ((1.0 - share) * field[cell] + share * field[cell + 1])
        x += 0.01 * v
        energy += 0.5 * np.sum(field * field)
    return energy


@program(
    "Perlin, An image synthesizer (1985): octaves of smooth noise on a fixed lattice",
    lambda rng: [rng.standard_normal((9, 9)), 0.43, 0.61, 3],
)
def smooth_noise(lattice, x, y, octaves):
    total = 0.0
    amplitude = 1.0
    frequency = 1.0
    for octave in range(octaves):
        px, py = frequency * x, frequency * y
        i, j = math.floor(px), math.floor(py)
        u, v = px - i, py - j
        u = u * u * (3.0 - 2.0 * u)
        v = v * v * (3.0 - 2.0 * v)
        low = (1.0 - u) * lattice[i, j] + u * lattice[i + 1, j]
        high = (1.0 - u) * lattice[i, j + 1] + u * lattice[i + 1, j + 1]
        total += amplitude * ((1.0 - v) * low + v * high)
        amplitude *= 0.5
        frequency *= 2.0
    return total


@program(
    "Marching through a table until a threshold: rain into a chain of reservoirs",
    lambda rng: [rng.uniform(0.2, 1.0, 1000), 50.0, 0.15],
)
def reservoirs(rain, capacity, leak):
    levels = np.zeros(4)
    spilled = 0.0
    day = 0
    while day < len(rain):
        levels[0] += rain[day]
        for k in range(4):
            out = leak * levels[k]
            if levels[k] > capacity:
                out += levels[k] - capacity
            levels[k] -= out
            if k < 3:
                levels[k + 1] += out
            else:
                spilled += out
        day += 1
        if spilled > 25.0:
            break
    return spilled + levels @ levels
