"""Gradient of `call_price` (examples/black_scholes.py) with respect to spot, rate,
sigma, years, by adgen.

Types:    spot: float, strike: float, rate: float, sigma: float, years: float
Kinks:    math.sqrt: math.sqrt'(0) raises ZeroDivisionError
Command:  adgen compile examples/black_scholes.py::call_price
Digest:   ddd725a8bcfe (of the source of `call_price`)
"""

import math


def call_price_grad(spot, strike, rate, sigma, years):
    if not all(
        isinstance(number, (float, int))
        for number in (spot, strike, rate, sigma, years)
    ):
        raise TypeError("spot, strike, rate, sigma, years: this derivative takes float")

    # Forward sweep.
    sqrt_years = math.sqrt(years)
    spread = sigma * sqrt_years
    ratio = spot / strike
    total = rate + 0.5 * sigma**2
    d1 = (math.log(ratio) + total * years) / spread
    d2 = d1 - spread
    sqrt_2 = math.sqrt(2.0)
    ratio_2 = d1 / sqrt_2
    exp = math.exp(-rate * years)
    ratio_3 = d2 / sqrt_2

    # Reverse sweep.
    # return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
    sqrt = math.sqrt(math.pi)
    ratio_4 = strike * exp * math.exp(-ratio_3 * ratio_3) / sqrt
    # return spot * normal_cdf(d1) - strike * math.exp(-rate * years) * normal_cdf(d2)
    product = 0.5 * (1.0 + math.erf(ratio_3)) * strike * exp
    # d1 = (math.log(spot / strike) + (rate + 0.5 * sigma**2) * years) / spread
    t_bar = (spot * math.exp(-ratio_2 * ratio_2) / sqrt - ratio_4) / sqrt_2 / spread
    spread_bar = ratio_4 / sqrt_2 - t_bar * d1
    t_bar_2 = t_bar * years
    rate_bar = product * years + t_bar_2
    spot_bar = 0.5 * (1.0 + math.erf(ratio_2)) + t_bar / ratio / strike
    # spread = sigma * math.sqrt(years)
    sigma_bar = t_bar_2 * sigma + spread_bar * sqrt_years
    years_bar = t_bar * total + product * rate + 0.5 * spread_bar * sigma / sqrt_years
    return spot_bar, rate_bar, sigma_bar, years_bar
