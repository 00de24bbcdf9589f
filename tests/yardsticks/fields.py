"""Programs that update fields and particles in place, and their adjoints by hand."""

import numpy as np


# A drum: displacement and momentum on a grid, updated in place in turns.
def wave(u, p, k, h, steps):
    u = u.copy()
    p = p.copy()
    for _ in range(steps):
        lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        p[1:-1, 1:-1] += h * k * lap
        u += h * p
    return np.sum(u * u)


def wave_by_hand(u, p, k, h, steps):
    u = u.copy()
    p = p.copy()
    lap_saved = np.empty((steps, u.shape[0] - 2, u.shape[1] - 2))
    for t in range(steps):
        lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        lap_saved[t] = lap
        p[1:-1, 1:-1] += h * k * lap
        u += h * p

    u_bar = 2.0 * u
    p_bar = np.zeros_like(p)
    k_bar = np.zeros_like(k)
    for t in range(steps - 1, -1, -1):
        p_bar += h * u_bar
        a_bar = h * p_bar[1:-1, 1:-1]
        k_bar += a_bar * lap_saved[t]
        lap_bar = a_bar * k
        u_bar[2:, 1:-1] += lap_bar
        u_bar[:-2, 1:-1] += lap_bar
        u_bar[1:-1, 2:] += lap_bar
        u_bar[1:-1, :-2] += lap_bar
        u_bar[1:-1, 1:-1] -= 4.0 * lap_bar
    return u_bar, p_bar, k_bar


def wave_arguments(rng, size):
    n, m = 24, 30
    return rng.random((n, m)), rng.random((n, m)), rng.random((n - 2, m - 2)), 0.1, 3 * size


# Bodies that attract one another, kicked one by one and moved together, in place.
def nbody(x, v, mass, h, steps):
    x = x.copy()
    v = v.copy()
    for _ in range(steps):
        for i in range(len(mass)):
            d = x - x[i]
            square = np.sum(d * d, axis=1) + 0.01
            v[i] += h * ((mass / (square * np.sqrt(square))) @ d)
        x += h * v
    return np.sum(x * v)


def nbody_by_hand(x, v, mass, h, steps):
    x = x.copy()
    v = v.copy()
    x_saved = []
    for _ in range(steps):
        x_saved.append(x.copy())
        for i in range(len(mass)):
            d = x - x[i]
            square = np.sum(d * d, axis=1) + 0.01
            v[i] += h * ((mass / (square * np.sqrt(square))) @ d)
        x += h * v

    x_bar = v.copy()
    v_bar = x.copy()
    mass_bar = np.zeros_like(mass)
    for x in reversed(x_saved):
        v_bar += h * x_bar
        for i in range(len(mass) - 1, -1, -1):
            d = x - x[i]
            square = np.sum(d * d, axis=1) + 0.01
            weight = 1.0 / (square * np.sqrt(square))
            kick_bar = h * v_bar[i]
            share_bar = d @ kick_bar * weight
            mass_bar += share_bar
            share_bar *= mass
            d_bar = np.outer(mass * weight, kick_bar) - (3.0 * share_bar / square)[:, None] * d
            x_bar += d_bar
            x_bar[i] -= np.sum(d_bar, axis=0)
    return x_bar, v_bar, mass_bar


def nbody_arguments(rng, size):
    n = 20
    return rng.standard_normal((n, 3)), rng.standard_normal((n, 3)), rng.random(n), 0.01, 2 * size


# The price of a call option by paths that are walked together.
def monte_carlo(spot, sigma, rate, strike, years, draws):
    dt = years / len(draws)
    s = np.full(draws.shape[1], spot)
    for z in draws:
        s = s * np.exp((rate - 0.5 * sigma * sigma) * dt + sigma * np.sqrt(dt) * z)
    return np.exp(-rate * years) * np.mean(np.maximum(s - strike, 0.0))


def monte_carlo_by_hand(spot, sigma, rate, strike, years, draws):
    dt = years / len(draws)
    root = np.sqrt(dt)
    drift = (rate - 0.5 * sigma * sigma) * dt
    s = np.full(draws.shape[1], spot)
    s_saved = []
    growth_saved = []
    for z in draws:
        growth = np.exp(drift + sigma * root * z)
        s_saved.append(s)
        growth_saved.append(growth)
        s = s * growth
    discount = np.exp(-rate * years)
    gain = s - strike

    value = discount * np.mean(np.maximum(gain, 0.0))
    s_bar = (discount / s.size) * (gain > 0.0)
    drift_bar = 0.0
    sigma_bar = 0.0
    for k in range(len(draws) - 1, -1, -1):
        growth = growth_saved.pop()
        exponent_bar = s_bar * s_saved.pop() * growth
        drift_bar += np.sum(exponent_bar)
        sigma_bar += root * np.vdot(exponent_bar, draws[k])
        s_bar = s_bar * growth
    drift_bar *= dt
    return np.sum(s_bar), sigma_bar - sigma * drift_bar, drift_bar - years * value


def monte_carlo_arguments(rng, size):
    return 100.0, 0.2, 0.05, 97.3, 1.0, rng.standard_normal((4 * size, 500))
