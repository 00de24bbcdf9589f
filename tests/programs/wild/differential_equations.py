"""Grids that are written in place, and integrators."""

import math

import numpy as np

from tests.programs.wild.collecting import program


@program("LeVeque, Finite Difference Methods, 9.1 (explicit heat)", lambda rng: [rng.standard_normal(1000), 0.3, 5])
def heat_explicit(u, c, steps):
    u = u.copy()
    n = len(u)
    new = np.empty(n)
    new[0] = u[0]
    new[-1] = u[-1]
    for _ in range(steps):
        new[1:-1] = u[1:-1] + c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u[:] = new
    energy = 0.5 * np.sum(u * u)
    return energy / n


@program(
    "The same by Gauss-Seidel ordering: each cell reads what was just written",
    lambda rng: [rng.standard_normal(40), 0.2, 3],
)
def heat_cell_by_cell(u, c, steps):
    u = u.copy()
    n = len(u)
    flux = 0.0
    for _ in range(steps):
        for i in range(1, n - 1):
            u[i] = u[i] + c * (u[i + 1] - 2.0 * u[i] + u[i - 1])
            flux += u[i] * u[i - 1]
        u[0] = u[1]
        u[n - 1] = u[n - 2]
    return flux + u[n // 2] ** 2


def laplacian_into(out, u):
    out[1:-1, 1:-1] = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]


@program(
    "Pearson, Complex patterns in a simple system (Gray-Scott, 1993)",
    lambda rng: [rng.uniform(0.5, 1.0, (34, 34)), rng.uniform(0.0, 0.5, (34, 34)), 0.035, 0.065],
)
def gray_scott(u, v, feed, kill):
    u = u.copy()
    v = v.copy()
    lu = np.zeros_like(u)
    lv = np.zeros_like(v)
    dt = 0.5
    for _ in range(4):
        laplacian_into(lu, u)
        laplacian_into(lv, v)
        uvv = u * v * v
        u += dt * (0.16 * lu - uvv + feed * (1.0 - u))
        v += dt * (0.08 * lv + uvv - (feed + kill) * v)
    return np.sum(u * v)


@program(
    "Langtangen, Finite difference computing with PDEs, 2 (wave equation)",
    lambda rng: [rng.standard_normal(1001), 0.8, 6],
)
def wave_ping_pong(shape, c, steps):
    n = len(shape)
    old = shape.copy()
    now = shape.copy()
    new = np.zeros(n)
    for _ in range(steps):
        new[1:-1] = 2.0 * now[1:-1] - old[1:-1] + c * c * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        new[0] = 0.0
        new[-1] = 0.0
        old, now, new = now, new, old
    kinetic = np.sum((now - old) ** 2)
    potential = np.sum((now[1:] - now[:-1]) ** 2)
    return kinetic + c * c * potential


@program(
    "LeVeque, Finite Volume Methods, 4 (upwind)",
    lambda rng: [rng.uniform(0, 1, 1000), rng.choice([-1.0, 1.0], 1000) * rng.uniform(0.2, 1, 1000)],
)
def upwind_advection(q, speed):
    q = q.copy()
    n = len(q)
    for step in range(4):
        flux = np.zeros(n + 1)
        right = speed > 0.0
        flux[1:][right] = speed[right] * q[right]
        left = np.logical_not(right)
        flux[:-1][left] += speed[left] * q[left]
        q -= 0.4 * (flux[1:] - flux[:-1])
    total = q.sum()
    return total * total + np.dot(q, q)


def step_electric(e, h, n):
    for k in range(1, n):
        e[k] += 0.5 * (h[k - 1] - h[k])


def step_magnetic(h, e, n):
    for k in range(n - 1):
        h[k] += 0.5 * (e[k] - e[k + 1])


@program("Sullivan, Electromagnetic simulation using the FDTD method, 1", lambda rng: [1.3, 0.4, 30])
def fdtd_1d(amplitude, width, steps):
    n = 40
    e = np.zeros(n)
    h = np.zeros(n)
    left = 0.0
    for t in range(steps):
        step_electric(e, h, n)
        e[5] += amplitude * math.exp(-width * ((t - 8.0) / 3.0) ** 2)
        e[0] = left
        left = e[1]
        step_magnetic(h, e, n)
    probe = e[20] ** 2 + e[30] * h[10]
    return probe + np.sum(h * h)


@program("Taflove, Computational Electrodynamics, 3 (two dimensions)", lambda rng: [rng.uniform(1, 3, (34, 34)), 5])
def fdtd_2d(eps, steps):
    ez = np.zeros(eps.shape)
    hx = np.zeros(eps.shape)
    hy = np.zeros(eps.shape)
    for t in range(steps):
        hx[:, :-1] -= 0.5 * (ez[:, 1:] - ez[:, :-1])
        hy[:-1, :] += 0.5 * (ez[1:, :] - ez[:-1, :])
        curl = hy[1:-1, 1:-1] - hy[:-2, 1:-1] - hx[1:-1, 1:-1] + hx[1:-1, :-2]
        ez[1:-1, 1:-1] += 0.5 / eps[1:-1, 1:-1] * curl
        ez[16, 16] += math.sin(0.3 * (t + 1))
    return np.sum(ez * ez * eps)


def solve_lines(rhs, r):
    """Each row of rhs becomes the solution of (1 + 2 r) x_i - r (x_i-1 + x_i+1) = rhs_i."""
    m, n = rhs.shape
    for row in rhs:
        c = np.zeros(n)
        c[0] = -r / (1.0 + 2.0 * r)
        row[0] = row[0] / (1.0 + 2.0 * r)
        for i in range(1, n):
            d = 1.0 + 2.0 * r + r * c[i - 1]
            c[i] = -r / d
            row[i] = (row[i] + r * row[i - 1]) / d
        for i in range(n - 2, -1, -1):
            row[i] -= c[i] * row[i + 1]


@program("Peaceman and Rachford, ADI (1955)", lambda rng: [rng.standard_normal((7, 8)), 0.4])
def alternating_directions(u, r):
    u = u.copy()
    for _ in range(2):
        half = u.copy()
        half[1:-1] += r * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        solve_lines(half, r)
        u[:] = half
        u[:, 1:-1] += r * (half[:, 2:] - 2.0 * half[:, 1:-1] + half[:, :-2])
        columns = u.T
        solve_lines(columns, r)
    return np.sum(u * u) + u[3, 3]


@program("Young, Iterative Solution, SOR for Poisson's equation", lambda rng: [rng.standard_normal((9, 9)), 1.4])
def poisson_sor(f, omega):
    n = f.shape[0]
    u = np.zeros_like(f)
    sweeps = 0
    while True:
        worst = 0.0
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                change = 0.25 * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - f[i, j]) - u[i, j]
                u[i, j] += omega * change
                worst = max(worst, abs(change))
        sweeps += 1
        if worst < 1e-3 or sweeps == 4:
            break
    return np.sum(u * f)


def smooth(u, f, h):
    for _ in range(2):
        u[1:-1] = u[1:-1] / 3.0 + (u[2:] + u[:-2] - h * h * f[1:-1]) / 3.0


def restrict_residual(u, f, h, coarse):
    r = np.zeros(len(u))
    r[1:-1] = f[1:-1] - (u[2:] - 2.0 * u[1:-1] + u[:-2]) / (h * h)
    coarse[1:-1] = 0.25 * (r[1:-3:2] + 2.0 * r[2:-2:2] + r[3:-1:2])


@program("Briggs, A Multigrid Tutorial, 3 (two grids)", lambda rng: [rng.standard_normal(65), 3])
def two_grids(f, cycles):
    n = len(f)
    h = 1.0 / (n - 1)
    u = np.zeros(n)
    for _ in range(cycles):
        smooth(u, f, h)
        coarse = np.zeros((n + 1) // 2)
        restrict_residual(u, f, h, coarse)
        e = np.zeros(len(coarse))
        for _ in range(5):
            smooth(e, coarse, 2.0 * h)
        u[::2] += e
        u[1::2] += 0.5 * (e[1:] + e[:-1])
        smooth(u, f, h)
    return 1000.0 * np.sum(u * u)


@program("Succi, The Lattice Boltzmann Equation, D1Q3", lambda rng: [rng.uniform(0.9, 1.1, 1000), 1.2, 8])
def lattice_boltzmann(rho, omega, steps):
    weights = np.array([4.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0])
    n = len(rho)
    f = np.empty((3, n))
    for k in range(3):
        f[k] = weights[k] * rho
    for _ in range(steps):
        density = f[0] + f[1] + f[2]
        velocity = (f[1] - f[2]) / density
        for k, c in enumerate((0.0, 1.0, -1.0)):
            equilibrium = weights[k] * density * (1.0 + 3.0 * c * velocity + (4.5 * c * c - 1.5) * velocity**2)
            f[k] += omega * (equilibrium - f[k])
        f[1] = np.roll(f[1], 1)
        f[2] = np.roll(f[2], -1)
    return np.sum((f[1] - f[2]) ** 2) + f[0, 0]


@program(
    "Lax and Wendroff, Systems of conservation laws (1960), for Burgers' equation",
    lambda rng: [np.sin(np.linspace(0, 6, 1000)), 0.3],
)
def burgers_lax_wendroff(u, ratio):
    u = u.copy()
    for step in range(4):
        flux = 0.5 * u * u
        middle = 0.5 * (u[1:] + u[:-1]) - 0.5 * ratio * (flux[1:] - flux[:-1])
        between = 0.5 * middle**2
        u[1:-1] -= ratio * (between[1:] - between[:-1])
        u[0] = u[-2]
        u[-1] = u[1]
    mass = np.sum(u)
    return mass + np.sum(u**4) / 4.0


@program("Vreugdenhil, Shallow-water flow, staggered grid", lambda rng: [rng.uniform(0.9, 1.1, (32, 32)), 0.1])
def shallow_water(h, dt):
    h = h.copy()
    n, m = h.shape
    u = np.zeros((n + 1, m))
    v = np.zeros((n, m + 1))
    for _ in range(3):
        u[1:-1] -= dt * 9.81 * (h[1:] - h[:-1])
        v[:, 1:-1] -= dt * 9.81 * (h[:, 1:] - h[:, :-1])
        fx = np.zeros_like(u)
        fy = np.zeros_like(v)
        fx[1:-1] = u[1:-1] * 0.5 * (h[1:] + h[:-1])
        fy[:, 1:-1] = v[:, 1:-1] * 0.5 * (h[:, 1:] + h[:, :-1])
        h -= dt * (fx[1:] - fx[:-1] + fy[:, 1:] - fy[:, :-1])
    return 0.5 * np.sum(h * h) + 0.5 * np.sum(u[1:] ** 2)


@program("Crank's diffusion in three dimensions", lambda rng: [rng.standard_normal((11, 10, 12)), 0.1])
def diffusion_3d(u, d):
    u = u.copy()
    inner = u[1:-1, 1:-1, 1:-1]
    for _ in range(3):
        around = u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1]
        around = around + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        around = around + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2]
        inner += d * (around - 6.0 * inner)
        u[0] = u[1]
        u[-1] = u[-2]
    return np.sum(u**2) / u.size


@program(
    "Allen and Cahn, A microscopic theory for antiphase boundaries (1979)",
    lambda rng: [rng.uniform(-0.9, 0.9, (32, 33)), 0.05],
)
def allen_cahn(phi, dt):
    phi = np.array(phi)
    rows, columns = phi.shape
    work = np.empty((rows, columns))
    for _ in range(3):
        work[...] = phi**3 - phi
        work[1:-1, 1:-1] -= 0.5 * (
            phi[2:, 1:-1] + phi[:-2, 1:-1] + phi[1:-1, 2:] + phi[1:-1, :-2] - 4.0 * phi[1:-1, 1:-1]
        )
        phi -= dt * work
    well = 0.25 * np.sum((phi * phi - 1.0) ** 2)
    edge = 0.5 * np.sum((phi[1:] - phi[:-1]) ** 2)
    return well + edge


def accelerations(x, mass, acc):
    acc[:] = 0.0
    n = len(mass)
    for i in range(n):
        for j in range(i + 1, n):
            d = x[j] - x[i]
            r2 = np.dot(d, d) + 0.01
            f = d / (r2 * math.sqrt(r2))
            acc[i] += mass[j] * f
            acc[j] -= mass[i] * f


@program(
    "Aarseth, Gravitational N-Body Simulations (leapfrog, in place)",
    lambda rng: [rng.standard_normal((4, 3)), rng.standard_normal((4, 3)) / 2, rng.uniform(0.5, 1.5, 4), 3],
)
def leapfrog_nbody(x, v, mass, steps):
    x = x.copy()
    v = v.copy()
    acc = np.zeros_like(x)
    dt = 0.05
    accelerations(x, mass, acc)
    for _ in range(steps):
        v += 0.5 * dt * acc
        x += dt * v
        accelerations(x, mass, acc)
        v += 0.5 * dt * acc
    kinetic = 0.5 * np.sum(mass[:, None] * v * v)
    return kinetic + np.sum(x * x)


@program(
    "Verlet, Computer experiments on classical fluids (1967)",
    lambda rng: [np.arange(6.0) * 1.1 + rng.uniform(-0.05, 0.05, 6), 4],
)
def lennard_jones_chain(x, steps):
    x = x.copy()
    old = x.copy()
    n = len(x)
    cutoff = 2.5
    for _ in range(steps):
        force = np.zeros(n)
        for i in range(n):
            for j in range(i):
                d = x[i] - x[j]
                if abs(d) > cutoff:
                    continue
                inv6 = 1.0 / d**6
                f = 24.0 * inv6 * (2.0 * inv6 - 1.0) / d
                force[i] += f
                force[j] -= f
        new = 2.0 * x - old + 0.001 * force
        old = x
        x = new
    return np.sum((x - old) ** 2) * 1000.0


@program("Hairer, Norsett and Wanner, Solving ODEs I, II.4 (step size control)", lambda rng: [1.2, 0.8, 1.137])
def runge_kutta_adaptive(x, mu, end):
    v = 0.0
    t = 0.0
    h = 0.1
    while t < end:
        if t + h > end:
            h = end - t
        k1x, k1v = v, mu * (1.0 - x * x) * v - x
        x2, v2 = x + h * k1x, v + h * k1v
        k2x, k2v = v2, mu * (1.0 - x2 * x2) * v2 - x2
        error = 0.5 * h * (abs(k2x - k1x) + abs(k2v - k1v))
        if error > 0.02:
            h = 0.5 * h
            continue
        x = x + 0.5 * h * (k1x + k2x)
        v = v + 0.5 * h * (k1v + k2v)
        t = t + h
        if error < 0.002:
            h = 1.5 * h
    return x * x + v


@program(
    "Hairer and Wanner, Solving ODEs II, IV.1 (Robertson, implicit Euler)",
    lambda rng: [np.array([0.9, 0.01, 0.2]), 0.04, 3.0],
)
def implicit_euler(y, slow, fast):
    y = y.copy()
    h = 0.05
    for step in range(3):
        new = y.copy()
        for iteration in range(20):
            r1 = slow * new[0]
            r2 = fast * new[1] * new[2]
            residual = np.empty(3)
            residual[0] = new[0] - y[0] + h * (r1 - r2)
            residual[1] = new[1] - y[1] - h * (r1 - r2)
            residual[2] = new[2] - y[2] - h * r1 * new[1]
            jac = np.eye(3)
            jac[0] += h * np.array([slow, -fast * new[2], -fast * new[1]])
            jac[1] -= h * np.array([slow, -fast * new[2], -fast * new[1]])
            jac[2] -= h * np.array([slow * new[1], r1, 0.0])
            delta = np.linalg.solve(jac, residual)
            new -= delta
            if np.max(np.abs(delta)) < 1e-13:
                break
        y = new
    return y[0] * y[2] + y[1]


@program(
    "Kuramoto, Self-entrainment of coupled oscillators (1975)",
    lambda rng: [rng.uniform(0, 6, 40), rng.standard_normal(40), 1.5],
)
def kuramoto(theta, frequency, coupling):
    theta = theta.copy()
    n = theta.size
    rate = np.empty(n)
    for _ in range(5):
        for i in range(n):
            rate[i] = frequency[i] + coupling / n * np.sum(np.sin(theta - theta[i]))
        theta += 0.05 * rate
    re = np.mean(np.cos(theta))
    im = np.mean(np.sin(theta))
    return math.sqrt(re * re + im * im)


def derivative(state, length):
    angle, rate = state
    return (rate, -9.81 / length * math.sin(angle))


@program("Butcher, Numerical Methods for ODEs: the pendulum by RK4 over tuples", lambda rng: [0.6, 1.3, 12])
def pendulum_rk4(angle, length, steps):
    state = (angle, 0.0)
    h = 0.05
    path = []
    for _ in range(steps):
        k1 = derivative(state, length)
        k2 = derivative((state[0] + 0.5 * h * k1[0], state[1] + 0.5 * h * k1[1]), length)
        k3 = derivative((state[0] + 0.5 * h * k2[0], state[1] + 0.5 * h * k2[1]), length)
        k4 = derivative((state[0] + h * k3[0], state[1] + h * k3[1]), length)
        state = tuple(s + h / 6.0 * (a + 2.0 * b + 2.0 * c + d) for s, a, b, c, d in zip(state, k1, k2, k3, k4))
        path.append(state[0])
    return sum(p * p for p in path) / len(path)


@program("Born and Wolf, Principles of Optics: a ray through layers", lambda rng: [0.4, rng.uniform(1.0, 2.0, 12)])
def ray_through_layers(angle, index):
    x = 0.0
    direction = math.sin(angle) * index[0]
    time = 0.0
    for k in range(len(index)):
        s = direction / index[k]
        if s >= 0.999:
            break
        c = math.sqrt(1.0 - s * s)
        x += s / c
        time += index[k] / c
        if time > 30.0:
            return x * 100.0
    return x + 0.1 * time


@program(
    "Courant, Isaacson and Rees: a limiter (minmod) in a second-order scheme",
    lambda rng: [np.cumsum(rng.uniform(-1, 1, 500)), 0.3],
)
def minmod_scheme(q, nu):
    q = q.copy()
    n = len(q)
    slope = np.zeros(n)
    for step in range(2):
        ahead = q[2:] - q[1:-1]
        behind = q[1:-1] - q[:-2]
        same = ahead * behind > 0.0
        smaller = np.where(np.abs(ahead) < np.abs(behind), ahead, behind)
        slope[1:-1] = np.where(same, smaller, 0.0)
        edge = q + 0.5 * (1.0 - nu) * slope
        q[1:] -= nu * (edge[1:] - edge[:-1])
    return np.sum(q * np.cos(np.arange(n)))


@program(
    "Hodgkin and Huxley (1952), one compartment, gates in an array", lambda rng: [np.array([0.05, 0.6, 0.32]), 10.0, 40]
)
def hodgkin_huxley(gates, current, steps):
    gates = gates.copy()
    v = -65.0
    dt = 0.02
    for _ in range(steps):
        m, h, n = gates
        am = 0.1 * (v + 40.0) / (1.0 - math.exp(-(v + 40.0) / 10.0))
        bm = 4.0 * math.exp(-(v + 65.0) / 18.0)
        gates[0] += dt * (am * (1.0 - m) - bm * m)
        gates[1] += dt * (0.07 * math.exp(-(v + 65.0) / 20.0) * (1.0 - h) - h / (1.0 + math.exp(-(v + 35.0) / 10.0)))
        gates[2] += dt * (0.01 * (v + 55.0) / (1.0 - math.exp(-(v + 55.0) / 10.0)) * (1.0 - n) - 0.1 * n)
        sodium = 120.0 * m**3 * h * (v - 50.0)
        potassium = 36.0 * n**4 * (v + 77.0)
        v += dt * (current - sodium - potassium - 0.3 * (v + 54.4))
    return v / 10.0 + gates[1]


@program("Game of Life made smooth: a cellular stencil with a sigmoid", lambda rng: [rng.uniform(0, 1, (33, 31)), 3.0])
def smooth_life(cells, sharpness):
    cells = cells.copy()
    n, m = cells.shape
    for generation in range(2):
        count = np.zeros((n, m))
        for di in (-1, 0, 1):
            for dj in (-1, 0, 1):
                if di == 0 and dj == 0:
                    continue
                count += np.roll(np.roll(cells, di, axis=0), dj, axis=1)
        born = 1.0 / (1.0 + np.exp(-sharpness * (count - 2.5)))
        crowded = 1.0 / (1.0 + np.exp(sharpness * (count - 3.5)))
        cells[:] = born * crowded * (0.5 + 0.5 * cells)
    return cells.sum()
