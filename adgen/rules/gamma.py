"""The gamma function of `math`, and its derivatives, which neither `math` nor NumPy has: generated files define them.

y = math.lgamma(x)      ->      x_bar = y_bar * _polygamma(0, x)
y = math.gamma(x)       ->      x_bar = y_bar * y * _polygamma(0, x)
"""

from __future__ import annotations

from adgen.ir.types import FLOAT
from adgen.rules.infer import floating
from adgen.rules.kinds import elementwise

elementwise(
    "polygamma(n, x)",
    "0",
    "polygamma(n + 1, x)",
    infer=lambda facts: FLOAT,
    domain={"n": "int", "x": "positive"},
    doc="the n-th derivative of the digamma function, which is the derivative of math.lgamma",
)
elementwise("math.gamma(x)", "y * polygamma(0, x)", infer=floating, domain={"x": "positive"})
elementwise("math.lgamma(x)", "polygamma(0, x)", infer=floating, domain={"x": "positive"})
