"""The Greeks of a European call, from the closed formula and from simulated paths.

What it shows: `math.erf` in a helper, `adgen.grad` with several arguments, and a Monte-Carlo estimate whose random
draws are an argument, so that its derivative is the pathwise estimate of the same Greeks.

    python examples/black_scholes.py
"""

import math

import numpy as np

import adgen


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def call_price(spot: float, strike: float, rate: float, sigma: float, years: float) -> float:
    spread = sigma * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + 0.5 * sigma**2) * years) / spread
    d2 = d1 - spread
    return spot * normal_cdf(d1) - strike * math.exp(-rate * years) * normal_cdf(d2)


def simulated_price(spot, strike, rate, sigma, years, draws):
    drift = (rate - 0.5 * sigma**2) * years
    final = spot * np.exp(drift + sigma * np.sqrt(years) * draws)
    payoff = np.maximum(final - strike, 0.0)
    return math.exp(-rate * years) * np.mean(payoff)


greeks = adgen.grad(call_price, argnums=(0, 2, 3, 4))
simulated_greeks = adgen.value_and_grad(simulated_price, argnums=(0, 2, 3, 4))


def inputs(seed):
    rng = np.random.default_rng(seed)
    return {
        "spot": float(rng.uniform(90.0, 110.0)),
        "strike": 100.0,
        "rate": 0.03,
        "sigma": 0.2,
        "years": 0.75,
        "draws": rng.standard_normal(16),
    }


def main():
    market = (102.0, 100.0, 0.03, 0.2, 0.75)
    draws = np.random.default_rng(0).standard_normal(400_000)
    value, simulated = simulated_greeks(*market, draws)
    exact = greeks(*market)
    print("           formula   400000 paths")
    print(f"price  {call_price(*market):11.5f} {value:13.5f}")
    for name, a, b in zip(("delta", "rho", "vega", "theta"), exact, simulated, strict=True):
        print(f"{name:6s} {a:11.5f} {b:13.5f}")


if __name__ == "__main__":
    main()
