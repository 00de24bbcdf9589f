"""Value and gradient of `simulated_price` (examples/black_scholes.py) with respect to
spot, rate, sigma, years, by adgen.

Types:    spot: float, strike: float, rate: float, sigma: float, years: float,
          draws: f8[n]
Kinks:    np.sqrt: sqrt'(0) = inf
          np.maximum: ties share equally
Command:  adgen compile examples/black_scholes.py::simulated_price
Digest:   082e2994ea1e (of the source of `simulated_price`)
"""

import math

import numpy as np


def simulated_price_value_and_grad(spot, strike, rate, sigma, years, draws):
    if not all(
        isinstance(number, (float, int))
        for number in (spot, strike, rate, sigma, years)
    ):
        raise TypeError("spot, strike, rate, sigma, years: this derivative takes float")
    if draws.dtype != np.float64 or draws.ndim != 1:
        raise TypeError("draws: this derivative takes f8[n]")
    if draws.shape[0] == 1:
        raise ValueError("draws: this derivative takes f8[n]")

    # Forward sweep.
    diff = rate - 0.5 * sigma**2
    drift = diff * years
    sqrt_years = np.sqrt(years)
    exp = np.exp(drift + sigma * sqrt_years * draws)
    final = spot * exp
    diff_2 = final - strike
    payoff = np.maximum(diff_2, 0.0)
    exp_2 = math.exp(-rate * years)
    out = exp_2 * np.mean(payoff)

    # Reverse sweep.
    # return math.exp(-rate * years) * np.mean(payoff)
    ratio = exp_2 / payoff.size
    # payoff = np.maximum(final - strike, 0.0)
    where = np.where(diff_2 > 0.0, ratio, np.where(diff_2 == 0.0, 0.5 * ratio, 0.0))
    # final = spot * np.exp(drift + sigma * np.sqrt(years) * draws)
    spot_bar = np.vdot(where, exp)
    product = where * final
    drift_bar = np.sum(product)
    vdot_product = np.vdot(product, draws)
    # drift = (rate - 0.5 * sigma**2) * years
    t_bar = drift_bar * years
    years_bar = 0.5 * vdot_product * sigma / sqrt_years - out * rate + drift_bar * diff
    rate_bar = t_bar - out * years
    sigma_bar = vdot_product * sqrt_years - t_bar * sigma
    return out, (spot_bar, rate_bar, sigma_bar, years_bar)
