"""The texts of the functions that generated modules define for themselves where derivatives of scipy.special need them.

They are forms in which nothing cancels, of what scipy.special has no function for.

>>> sorted(SPECIAL)[:2]
['_beta_density', '_gamma_density']
"""

from __future__ import annotations

_PSI_GAP = '''
def _psi_gap(n, a, b):
    """polygamma(n, a + b) - polygamma(n, a), with all digits also where b is small beside a."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    near = (a > 0.0) & (a + b > 0.0)
    top = np.where(near, 0.0, scipy.special.polygamma(n, a + b) - scipy.special.polygamma(n, a))
    a, b = np.where(near, a, 1.0), np.where(near, b, 0.0)

    def drop(power):  # a**-power - (a + b)**-power
        return a**-power * -np.expm1(-power * np.log1p(b / a))

    with np.errstate(over="ignore"):  # of b / a
        total = 0.0
        for _ in range(12 + n):  # polygamma(n, a) is one of a + 1, and a power of a
            total = total + scipy.special.factorial(n) * drop(n + 1.0)
            a = a + 1.0
        total = total + (np.log1p(b / a) if n == 0 else scipy.special.factorial(n - 1) * drop(float(n)))
        total = total + 0.5 * scipy.special.factorial(n) * drop(n + 1.0)
        for k, number in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510), 1):
            part = number * scipy.special.factorial(2 * k + n - 1) / scipy.special.factorial(2 * k)
            total = total + part * drop(2.0 * k + n)
    return np.where(near, (-1.0) ** n * total, top)[()]
'''

_GAMMA_DENSITY = '''
def _gamma_density(a, x):
    """x**(a - 1) * exp(-x) / gamma(a), also of large numbers: exp(-a * (t - log(1 + t))) where x is a * (1 + t)."""
    a, x = np.broadcast_arrays(np.asarray(a, float), np.asarray(x, float))
    with np.errstate(all="ignore"):
        z = np.minimum(x, 1000.0)
        few = np.where(a < 1.0, z**a / z, z ** (a - 1.0)) * scipy.special.rgamma(a) * np.exp(-x)
        t, p = (x - a) / a, (1.0 / np.maximum(a, 20.0)) ** 2.0
        r = t / (2.0 + t)
        series = 0.0
        for k in range(31, 1, -2):  # of log(1 + t) = 2 artanh(r)
            series = 1.0 / k + r * r * series
        gap = np.where(np.abs(t) < 0.5, r * (t - 2.0 * r * r * series), t - np.log(x / a))
        rest = (1 / 12 - p * (1 / 360 - p * (1 / 1260 - p * (1 / 1680 - p / 1188)))) / np.maximum(a, 20.0)
        many = np.sqrt(a / (2.0 * np.pi)) * np.exp(-a * gap - rest) / x
    inside = (a >= 20.0) & (x > 0.0) & (x < np.inf)
    small = (a < 20.0) & ((x > 0.0) | (a < 1.0))
    return np.where(inside, many, np.where(small, few, np.where((a == 1.0) & (x == 0.0), 1.0, 0.0)))[()]
'''

_BETA_DENSITY = '''
def _beta_density(a, b, x, rest):
    """x**(a - 1) * rest**(b - 1) / beta(a, b), also of large numbers; rest is 1 - x."""
    a, b, x, rest = np.broadcast_arrays(*(np.asarray(v, float) for v in (a, b, x, rest)))
    n = a + b

    def part(a, x):  # (x / p)**a, where p is a / n, beside its tangent
        t = (x * n - a) / a
        r = t / (2.0 + t)
        series = 0.0
        for k in range(31, 1, -2):  # of log(1 + t) = 2 artanh(r)
            series = 1.0 / k + r * r * series
        gap = np.where(np.abs(t) < 0.5, r * (t - 2.0 * r * r * series), t - np.log(x * n / a))
        few = np.where(a < 1.0, x**a / (a / n) ** a, (x * n / a) ** a)
        return np.where(a < 20.0, few, 1.0), np.where(a < 20.0, a - x * n, -a * gap)

    def stirling(a):  # gamma(a), beside Stirling's formula
        few, many = np.minimum(a, 20.0), np.maximum(a, 20.0)
        p = 1.0 / (many * many)
        large = np.exp((1 / 12 - p * (1 / 360 - p * (1 / 1260 - p * (1 / 1680 - p / 1188)))) / many)
        small = scipy.special.gamma(few) * np.exp(few) * few ** (0.5 - few) / np.sqrt(2.0 * np.pi)
        return np.where(a < 20.0, small, large)

    with np.errstate(all="ignore"):
        one, two = part(a, x), part(b, rest)
        scale = np.sqrt(a / n) * np.sqrt(b / (2.0 * np.pi)) * stirling(n) / (stirling(a) * stirling(b))
        many = scale * one[0] * two[0] * np.exp(one[1] + two[1]) / (x * rest)
        few = 1.0 / scipy.special.beta(a, b)
        for power, base in ((a, x), (b, rest)):
            few = few * np.where(power < 1.0, base**power / base, base ** (power - 1.0))
    many = np.where((x > 0.0) & (rest > 0.0), many, 0.0)
    return np.where((a == 0.0) | (b == 0.0), 0.0, np.where((a < 20.0) & (b < 20.0), few, many))[()]
'''

_KVE_SLOPE = '''
def _kve_slope(n, v, x):
    """The derivative of order n of scipy.special.kve(v, x) by x: far out, the mean of (1 - cosh(t))**n."""
    y = np.where(v == 0, scipy.special.k0e(x), np.where(v == 1, scipy.special.k1e(x), scipy.special.kve(v, x)))
    near, out = 0.0, np.empty(y.size)
    for k in range(2 * n + 1):  # differences of orders
        near = near + (-0.5) ** n * scipy.special.comb(2 * n, k) * (-1.0) ** k * scipy.special.kve(v - n + k, x)
    parts = [np.ravel(part) for part in np.broadcast_arrays(np.abs(v), np.asarray(x, float))]
    steps = np.arange(-42.0, 29.0)[:, None]
    with np.errstate(all="ignore"):
        for places in np.array_split(np.arange(y.size), 1 + y.size // 2000):
            v, x = (part[places] for part in parts)
            r = np.hypot(v, x)
            t = steps * np.minimum(0.16, 0.5 / np.sqrt(r))  # from the peak of exp(v * t - x * cosh(t))
            weights = np.exp(-2.0 * r * np.sinh(0.5 * t) ** 2 - v * (np.sinh(t) - t))
            height = -2.0 * np.sinh(0.5 * (np.arcsinh(v / x) + t)) ** 2
            out[places] = np.sum(weights * height**n, axis=0) / np.sum(weights, axis=0)
    far = np.reshape(parts[1] >= 1.0, y.shape)
    return np.where(far, y * np.reshape(out, y.shape), near)[()]
'''

_IVE_SLOPE = '''
def _ive_slope(n, v, x):
    """The derivative of order n of scipy.special.ive(v, x) by x: far out, the mean of (cosh(t) - 1)**n."""
    y = np.where(v == 0, scipy.special.i0e(x), np.where(v == 1, scipy.special.i1e(x), scipy.special.ive(v, x)))
    parts = [np.ravel(part) for part in np.broadcast_arrays(v, np.asarray(x, float))]
    out = np.empty(y.size)
    with np.errstate(all="ignore"):
        for places in np.array_split(np.arange(y.size), 1 + y.size // 2000):
            v, x = (part[places] for part in parts)
            whole, side, x = v % 1.0 == 0.0, np.sign(x), np.where(x < 0.0, -x, x)
            v, value, near, series = np.where(whole, np.abs(v), v), np.ravel(y)[places], 0.0, 0.0
            for k in range(2 * n + 1):  # differences of orders
                near = near + 0.5**n * scipy.special.comb(2 * n, k) * (-1.0) ** k * scipy.special.ive(v - n + k, x)
            for k in range(n + 1):  # the same by Kummer's function, for orders that are no whole numbers
                term = scipy.special.comb(n, k) * scipy.special.poch(v - n + k + 1.0, n - k) * x ** (k - n)
                ratio = (-2.0) ** k * scipy.special.poch(v + 0.5, k) / scipy.special.poch(2.0 * v + 1.0, k)
                series = series + term * ratio * scipy.special.hyp1f1(v + 0.5 + k, 2.0 * v + 1.0 + k, -2.0 * x)
            near = np.where(whole | (v < 0.0), near, (0.5 * x) ** v * series * scipy.special.rgamma(v + 1.0))
            near = near * np.where((v + n) % 2.0 == 1.0, side, 1.0)
            r = np.hypot(v, x)
            t = np.arange(29.0)[:, None] * np.minimum(np.pi / 28.0, 0.5 / np.sqrt(r))
            turn = np.exp(1j * v * (np.sin(t) - t) - 2.0 * r * np.sin(0.5 * t) ** 2)  # exp(x * cosh - v), on its saddle
            turn[[0, -1]] *= 0.5
            peak = np.arcsinh(v / x)
            height = 2.0 * (np.sinh(0.5 * peak) ** 2 - np.cosh(peak) * np.sin(0.5 * t) ** 2) + 1j * v / x * np.sin(t)
            mean = np.sum(np.real(turn * height**n), axis=0) / np.sum(np.real(turn), axis=0)
            far = (x >= 1.0) & (value != 0.0) & (whole | (r > 18.0))
            out[places] = np.where(far, value * side**n * mean, near)
    return np.reshape(out, y.shape)[()]
'''

_VOIGT = '''
def _voigt(n, k, x, sigma, gamma):
    """The real part of i**k times the n-th derivative of Voigt's profile, continued to x + 1j * gamma, also far out."""
    x, sigma, gamma = np.broadcast_arrays(*(np.asarray(v, float) for v in (x, sigma, gamma)))
    q = x + 1j * gamma
    with np.errstate(all="ignore"):
        far = np.abs(q) > 9.0 * sigma
        p, total = (sigma / np.where(far, q, 1.0)) ** 2.0, 0.0
        for j in range(30, -1, -1):  # (2 j - 1)!! (2 j + n)! / (2 j)! of p**j, by their ratios
            total = 1.0 + (2 * j + n + 1.0) * (2 * j + n + 2.0) / (2 * j + 2.0) * p * total
        outside = 1j / np.pi * scipy.special.factorial(n) * (-1.0) ** n / np.where(far, q, 1.0) ** (n + 1) * total
        width = np.where(far, 1.0, np.sqrt(2.0) * sigma)
        z = np.where(far, 1j, q) / width
        last, value = 0.0, scipy.special.wofz(z)
        if n:
            last, value = value, 2j / np.sqrt(np.pi) - 2.0 * z * value
        for j in range(1, n):
            last, value = value, -2.0 * z * value - 2.0 * j * last
        inside = value / (np.sqrt(np.pi) * width ** (n + 1))
    return np.real(1j**k * np.where(far, outside, inside))[()]
'''

SPECIAL = {
    "_psi_gap": _PSI_GAP,
    "_gamma_density": _GAMMA_DENSITY,
    "_beta_density": _BETA_DENSITY,
    "_kve_slope": _KVE_SLOPE,
    "_ive_slope": _IVE_SLOPE,
    "_voigt": _VOIGT,
}
