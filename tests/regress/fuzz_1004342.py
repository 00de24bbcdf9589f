"""Found by the fuzzer: a name that has no value on the only path that reads it had no name in the text."""

import numpy as np

from tests.fuzz.helpers import gathered


def f(a, b, x, z, idx, n):
    y1 = x
    match (n, a):
        case (0, q2):
            m3 = np.zeros((4, 4))
        case (_, q2) if q2 > 0.503:
            if (x[2] if np.any(x > 0.042) and gathered(b, a, weight=b) < 0.432 else a) < -0.04:
                return q2 + np.sum(m3**2)
    m5 = np.where(np.outer(x, z) > 0.217, y1[:], 0.3) * 1.0
    _ = a
    a = m5[-2, -1] if not np.cos(m5[1, -1]) > 0.329 and -0.066 < (b - b) < 0.634 else m5[0, -2]
    return a + np.sin(b) + np.sum(x * z) + np.sum(z * z) + np.sum(y1 * y1) + np.sum(m5**2)


ARGS = (
    0.8333586252147176,
    -0.1106025599939604,
    np.array([1.19512718, 0.79714057, 0.83530602, 0.69976055]),
    np.array([0.26002243, 0.23662166, -0.28814696, -0.88906774]),
    np.array([2, 0, 1, 1]),
    1,
)
