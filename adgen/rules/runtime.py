"""The texts of the functions that generated modules define for themselves, and the rule that each stands for.

The printer writes them where types leave something to decide at run time; the front end, given generated text, reads
the rule in place of the text (`_unbroadcast(g, x)` is one operation, with derivatives of its own).

>>> STANDS_FOR["_unbroadcast"], HELPERS["_unbroadcast"].strip().splitlines()[0]
('unbroadcast', 'def _unbroadcast(g, x):')
"""

from __future__ import annotations

from adgen.rules.runtime_linalg import COFACTORS_COMPILED, MATRICES
from adgen.rules.runtime_special import SPECIAL

_UNBROADCAST = '''
def _unbroadcast(g, x):
    """Sum g over the axes along which x was broadcast: it gets the shape of x, and its dtype."""
    if type(g) is type(x) is np.ndarray and g.shape == x.shape and g.dtype == x.dtype:
        return g
    shape = np.shape(x)
    if np.ndim(g) > len(shape):
        g = np.sum(g, axis=tuple(range(np.ndim(g) - len(shape))))
    if np.ndim(g) == len(shape) and np.shape(g) != shape:
        g = np.sum(g, axis=tuple(k for k, size in enumerate(shape) if size == 1), keepdims=True)
    if np.shape(g) != shape:
        g = np.broadcast_to(g, shape).copy()
    if np.iscomplexobj(g) and not np.iscomplexobj(x):
        g = np.real(g)
    if type(x) is float:
        return float(g)
    if not hasattr(x, "dtype") or x.dtype.kind not in "fc":
        return g
    return g if hasattr(g, "dtype") and g.dtype == x.dtype else np.asarray(g, x.dtype)[()]
'''

_ZEROS_LIKE = '''
def _zeros_like(x):
    """Zeros with the structure of x."""
    if isinstance(x, dict):
        return {key: _zeros_like(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x)(_zeros_like(value) for value in x)
    if isinstance(x, np.inexact):
        return type(x)(0.0)
    return np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0
'''

_COPY = '''
def _copy(x):
    """A copy that shares no array with x."""
    if isinstance(x, dict):
        return {key: _copy(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        parts = [_copy(value) for value in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if hasattr(x, "__dataclass_fields__"):
        new = object.__new__(type(x))  # its __init__ is not run again
        for name in x.__dataclass_fields__:
            object.__setattr__(new, name, _copy(getattr(x, name)))
        return new
    return x.copy() if isinstance(x, np.ndarray) else x
'''

_ADD = '''
def _add(x, y):
    """The sum of two structures, item by item; None stands for nothing to add."""
    if x is None or y is None:
        return y if x is None else x
    if isinstance(x, dict):
        return {key: _add(x[key], y[key]) for key in x}
    if isinstance(x, (list, tuple)):
        return type(x)(_add(one, other) for one, other in zip(x, y, strict=True))
    return x + y
'''

_ADD_COMPILED = '''
def _add(x, y):
    """The sum of two lists, item by item."""
    return [one + other for one, other in zip(x, y)]
'''

_FILLED = '''
def _filled(x_dot, x):
    """The tangent x_dot of a list x, with zeros where it has none."""
    if isinstance(x, (list, tuple)):
        parts = [None] * len(x) if x_dot is None else x_dot
        return [_filled(one, other) for one, other in zip(parts, x, strict=True)]
    return np.zeros_like(x) if x_dot is None else x_dot
'''

_SPLIT_LIKE = '''
def _split_like(g, arrays, axis):
    """The parts of g that the arrays take in their concatenation along the axis."""
    ends = np.cumsum([x.shape[axis] for x in arrays])
    return np.split(g, ends[:-1], axis=axis)
'''

_MATMUL_LEFT = '''
def _matmul_left(g, a, b):
    """The adjoint of a in a @ b, where g is that of the product."""
    if np.ndim(b) == 1:
        out = np.expand_dims(g, -1) * b
    elif np.ndim(a) == 1:
        out = (b @ np.expand_dims(g, -1))[..., 0]
    else:
        out = g @ np.swapaxes(b, -1, -2)
    return _unbroadcast(out, a)
'''

_MATMUL_RIGHT = '''
def _matmul_right(g, a, b):
    """The adjoint of b in a @ b, where g is that of the product."""
    if np.ndim(b) == 1:
        out = a * g if np.ndim(a) == 1 else (np.swapaxes(a, -1, -2) @ np.expand_dims(g, -1))[..., 0]
    elif np.ndim(a) == 1:
        out = a[:, None] * np.expand_dims(g, -2)
    else:
        out = np.swapaxes(a, -1, -2) @ g
    return _unbroadcast(out, b)
'''

_DOT_LEFT = '''
def _dot_left(g, a, b):
    """The adjoint of a in np.dot(a, b), where g is that of the product."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _unbroadcast(g * b, a)
    last = max(np.ndim(b) - 2, 0)
    free = [axis for axis in range(np.ndim(b)) if axis != last]
    return _unbroadcast(np.tensordot(g, b, (range(np.ndim(a) - 1, np.ndim(g)), free)), a)
'''

_DOT_RIGHT = '''
def _dot_right(g, a, b):
    """The adjoint of b in np.dot(a, b), where g is that of the product."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _unbroadcast(g * a, b)
    free = range(np.ndim(a) - 1)
    return _unbroadcast(np.moveaxis(np.tensordot(a, g, (free, free)), 0, max(np.ndim(b) - 2, 0)), b)
'''

_RESIZED = '''
def _resized(v, x):
    """v cut off, or filled up with zeros, to the shape of x."""
    out = np.zeros(x.shape, v.dtype)
    part = tuple(slice(min(sizes)) for sizes in zip(v.shape, x.shape, strict=True))
    out[part] = v[part]
    return out
'''

_SCATTERED = '''
def _scattered(g, at, size):
    """A line of zeros with each entry of g added at its place."""
    out = np.zeros(size, np.asarray(g).dtype)
    np.add.at(out, at, g)
    return out
'''

_HOOKED = '''
def _hooked(fn, g):
    """What fn makes of the adjoint g; g itself where it gives nothing."""
    found = fn(g)
    if found is not None and np.shape(found) != np.shape(g):
        raise ValueError(f"an adjoint of shape {np.shape(g)} is replaced by one of shape {np.shape(found)}")
    return g if found is None else found
'''

_POLYGAMMA = '''
def _polygamma(n, x):
    """The derivative of order n of the digamma function, which is that of math.lgamma."""
    if x < 0.0:  # reflected: psi(x) = psi(1 - x) - pi cot(pi x)
        turn = np.poly1d([1.0, 0.0])  # of the cotangent
        for _ in range(n):
            turn = -math.pi * np.poly1d([1.0, 0.0, 1.0]) * turn.deriv()
        cot = 1.0 / math.tan(math.pi * math.remainder(x, 1.0))
        return (-1.0) ** n * _polygamma(n, 1.0 - x) - math.pi * float(turn(cot))
    tail = 0.0
    while x < 12.0 + n:  # psi(x) = psi(x + 1) - 1 / x
        tail += 1.0 / x ** (n + 1)
        x += 1.0
    part = 1.0 / x  # its powers vanish where those of x overflow
    lead = math.log(x) if n == 0 else -math.factorial(n - 1) * (-part) ** n
    series = lead + (-1.0) ** (n + 1) * math.factorial(n) * (0.5 * part ** (n + 1) + tail)
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
    for k, number in enumerate(bernoulli, 1):
        ratio = math.factorial(2 * k + n - 1) / math.factorial(2 * k)
        series -= (-1.0) ** n * number * ratio * part ** (2 * k + n)
    return series
'''

_GAMMA_SLOPE = '''
def _gamma_slope(y, a):
    """How a gamma draw y of scale 1 moves with its shape a while its probability stays the same."""
    psi, x = 0.0, np.asarray(a, float)
    for _ in range(10):  # the digamma function: psi(x) = psi(x + 1) - 1 / x
        psi = psi - np.where(x < 10.0, 1.0 / x, 0.0)
        x = np.where(x < 10.0, x + 1.0, x)
    p = 1.0 / (x * x)
    tail = 1 / 12 - p * (1 / 120 - p * (1 / 252 - p * (1 / 240 - p * (1 / 132 - p * 691 / 32760))))
    psi = psi + np.log(x) - 0.5 / x - p * tail
    small = y < 1e-20  # where the probability is y**a / gamma(a + 1)
    z = np.where(small, 1.0, y)
    gap = np.log(z) - psi
    side = np.where(gap > 0.0, 1.0, -1.0)  # of the tail in which nothing cancels

    def density(s):  # the logarithm, beside that at z: of a place z * exp(side * s)
        return side * a * s - z * np.expm1(side * s)

    end = np.full(np.shape(gap), 1e-9)
    for factor in [2.0] * 48:
        end = np.where(density(end) > -40.0, factor * end, end)
    for factor in (0.7, 0.85, 0.92):
        end = np.where(density(factor * end) < -40.0, factor * end, end)
    total = 0.0
    for start, width in ((0, 1), (1, 1), (2, 2), (4, 4), (8, 4), (12, 2), (14, 1), (15, 1)):
        for node, weight in zip(*np.polynomial.legendre.leggauss(16)):
            s = end * (start + width * (0.5 + 0.5 * node)) / 16.0
            total = total + width * weight / 32.0 * np.abs(gap + side * s) * np.exp(density(s))
    return np.where(small, y * (psi + 1.0 / a - np.log(np.where(small & (y > 0.0), y, 1.0))) / a, z * end * total)[()]
'''

_QUAD = '''
def _quad(func, a, b, args=(), **options):
    """The integral and its error as scipy.integrate.quad gives them, and a Gauss rule on its pieces."""
    value, error, info = scipy.integrate.quad(func, a, b, args, full_output=1, **options)[:3]
    low, high = (info[name][: info["last"]] for name in ("alist", "blist"))
    finite = not (np.isinf(a) or np.isinf(b))
    if finite:  # as shares of the interval
        low, high = ((low - a) / (b - a), (high - a) / (b - a)) if a != b else (np.zeros(1), np.ones(1))
    u, w = np.polynomial.legendre.leggauss(21)
    for ends in (np.array([]), 2.0 ** -np.arange(2.0, 60.0)):  # finer towards the ends where they are singular
        edges = np.unique(np.concatenate((low, high, ends, 1.0 - ends if finite else [])))
        low, high = edges[:-1, None], edges[1:, None]
        nodes, weights = np.ravel(0.5 * (low + high + (high - low) * u)), np.ravel(0.5 * (high - low) * w)
        low, high = edges[:-1], edges[1:]
        if not finite:  # pieces of 1 / (1 + distance)
            weights, nodes = weights / nodes**2, (1.0 - nodes) / nodes
            nodes = -nodes if np.isinf(a) else nodes
        if np.isinf(a) and np.isinf(b):
            nodes, weights = np.append(nodes, -nodes), np.append(weights, weights)
        start, width = (a, b - a) if finite else (b if np.isinf(a) else a, 1.0)
        places = nodes if np.isinf(start) else start + width * nodes
        total = width * sum(weight * func(place, *args) for weight, place in zip(weights, places))
        if abs(total - value) <= max(10.0 * error, 1e-9 * abs(value), 1e-12):
            return value, error, nodes, weights
    raise ValueError("the integrand is singular inside the interval: give these points to quad")
'''

_TRAJECTORY = '''
def _trajectory(func, t, y0, args=(), **options):
    """Times and states as SciPy gives them; for the same steps again: their times, which are asked for, the scheme."""
    words = {"dense_output": True, "args": args or None} | options
    if "method" not in options:  # odeint: (state, time) -> slope, states in rows
        states, times = scipy.integrate.odeint(func, y0, t, args, **options), np.asarray(t, float)
        given = func if options.get("tfirst") else lambda time, y, *more: func(y, time, *more)
        words = {"dense_output": True, "args": args or None, "method": "LSODA", "rtol": 1.49e-8, "atol": 1.49e-8}
        words |= {name: options[name] for name in ("rtol", "atol") if name in options}
        t, states = (times[0], times[-1]), states.T
    else:
        found, given = scipy.integrate.solve_ivp(func, t, y0, **words), func
        times, states = found.t, found.y
        if not found.success:
            raise ValueError(f"solve_ivp: {found.message}")
    if words["method"] not in ("RK45", "RK23", "DOP853"):  # steps that solve systems: a solution by explicit ones
        again = {name: word for name, word in words.items() if name in ("args", "rtol", "atol", "dense_output")}
        found = scipy.integrate.solve_ivp(given, t, y0, "DOP853", **again)
        if not np.allclose(found.sol(times), states, rtol=1e-4, atol=1e-6):
            raise ValueError("explicit steps do not reproduce this solution: the system is stiff")
    scheme = {"RK45": scipy.integrate.RK45, "RK23": scipy.integrate.RK23}.get(words["method"], scipy.integrate.DOP853)
    mesh = np.union1d(found.sol.ts, times)
    mesh = mesh if t[1] >= t[0] else mesh[::-1]
    order = np.argsort(mesh)
    chosen = order[np.searchsorted(mesh, times, sorter=order)]
    shares = (mesh - t[0]) / (t[1] - t[0])
    a = np.zeros((len(scheme.B), len(scheme.B)))
    a[:, : scheme.A.shape[1]] = scheme.A[: len(scheme.B)]
    return times, states, shares, chosen, a, scheme.B, scheme.C
'''

HELPERS: dict[str, str] = {"_unbroadcast": _UNBROADCAST, "_zeros_like": _ZEROS_LIKE, "_copy": _COPY, "_add": _ADD}
HELPERS |= {"_split_like": _SPLIT_LIKE, "_matmul_left": _MATMUL_LEFT, "_matmul_right": _MATMUL_RIGHT}
HELPERS |= {"_dot_left": _DOT_LEFT, "_dot_right": _DOT_RIGHT, "_resized": _RESIZED}
HELPERS |= SPECIAL | MATRICES
HELPERS |= {"_scattered": _SCATTERED, "_filled": _FILLED}
HELPERS |= {
    "_hooked": _HOOKED,
    "_polygamma": _POLYGAMMA,
    "_gamma_slope": _GAMMA_SLOPE,
    "_quad": _QUAD,
    "_trajectory": _TRAJECTORY,
}
COMPILED = {  # those that Numba compiles, in its own form
    "_add": _ADD_COMPILED,
    "_cofactors": COFACTORS_COMPILED,
    "_reduced": MATRICES["_reduced"],
}
_PARTS = """    if hasattr(x, "__dict__") and not callable(x) and not hasattr(x, "dtype"):
        return type(x)(**{{key: {} for key, value in vars(x).items()}})
"""
OBJECTS: dict[str, str] = {  # where there are objects without a class of their own: their parts, too
    name: text.replace(last, _PARTS.format(part) + last)
    for name, text, last, part in (
        ("_zeros_like", _ZEROS_LIKE, "    return np.zeros_like(x)", "_zeros_like(value)"),
        ("_copy", _COPY, "    return x.copy()", "_copy(value)"),
        ("_add", _ADD, "    return x + y", "_add(value, getattr(y, key))"),
    )
}
STANDS_FOR = {name: name.removeprefix("_") for name in HELPERS} | {
    "_add": "add_lists",
    "_dot_left": "np.dot_left",
    "_dot_right": "np.dot_right",
}
