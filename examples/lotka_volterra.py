"""Predators and prey, integrated with adaptive steps; the rates of the model are found back from an observation.

What it shows: a `while` loop with accepted and rejected steps (Bogacki-Shampine, order 3 with an error estimate of
order 2), several state variables, `min` and `max`, and a helper that returns two values.

    python examples/lotka_volterra.py
"""

import numpy as np

import adgen


def rates(x, y, a, b, c, d):
    return a * x - b * x * y, d * x * y - c * y


def state(a, b, c, d, x, y, end, tol):
    """Prey and predators at time `end`."""
    t = 0.0
    h = 0.05
    p1, q1 = rates(x, y, a, b, c, d)
    while t < end:
        h = min(h, end - t)
        p2, q2 = rates(x + 0.5 * h * p1, y + 0.5 * h * q1, a, b, c, d)
        p3, q3 = rates(x + 0.75 * h * p2, y + 0.75 * h * q2, a, b, c, d)
        x_new = x + h * (2.0 * p1 + 3.0 * p2 + 4.0 * p3) / 9.0
        y_new = y + h * (2.0 * q1 + 3.0 * q2 + 4.0 * q3) / 9.0
        p4, q4 = rates(x_new, y_new, a, b, c, d)
        x_err = h * (-5.0 * p1 + 6.0 * p2 + 8.0 * p3 - 9.0 * p4) / 72.0
        y_err = h * (-5.0 * q1 + 6.0 * q2 + 8.0 * q3 - 9.0 * q4) / 72.0
        error = abs(x_err) + abs(y_err) + 1e-14
        if error <= tol:
            t = t + h
            x, y = x_new, y_new
            p1, q1 = p4, q4
        h = h * min(4.0, max(0.2, 0.9 * (tol / error) ** (1.0 / 3.0)))
    return x, y


def misfit(
    a: float, b: float, c: float, d: float, x: float, y: float, end: float, tol: float, x_seen: float, y_seen: float
) -> float:
    """Squared distance of the state at time `end` from what was seen."""
    x_end, y_end = state(a, b, c, d, x, y, end, tol)
    return (x_end - x_seen) ** 2 + (y_end - y_seen) ** 2


value_and_slopes = adgen.value_and_grad(misfit, argnums=(0, 1, 2, 3))


def inputs(seed):
    rng = np.random.default_rng(seed)
    return {
        "a": float(rng.uniform(1.0, 1.3)),
        "b": 0.4,
        "c": 0.5,
        "d": 0.1,
        "x": 10.0,
        "y": 5.0,
        "end": 2.0,
        "tol": 1e-6,
        "x_seen": 3.0,
        "y_seen": 6.0,
    }


def main():
    from scipy.optimize import minimize

    truth = (1.1, 0.4, 0.4, 0.1)
    seen = {end: state(*truth, 10.0, 5.0, end, 1e-8) for end in (1.0, 2.0, 4.0, 7.0)}

    def total(guess):
        value, slopes = 0.0, np.zeros(4)
        for end, (x_seen, y_seen) in seen.items():
            part, part_slopes = value_and_slopes(*map(float, guess), 10.0, 5.0, end, 1e-8, x_seen, y_seen)
            value, slopes = value + part, slopes + np.array(part_slopes)
        return value, slopes

    start = np.array([1.0, 0.45, 0.45, 0.08])
    fit = minimize(total, start, jac=True, method="BFGS", options={"gtol": 1e-6})
    for name, guess in (("start", start), ("fitted", fit.x), ("true", np.array(truth))):
        print(f"{name:7s} misfit {total(guess)[0]:.3e}   rates {np.array2string(guess, precision=5)}")
    print(f"{fit.nfev} gradients of a loop that picks its own steps")


if __name__ == "__main__":
    main()
