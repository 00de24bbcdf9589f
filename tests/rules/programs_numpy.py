"""More small functions in the way people write them: lists as arrays, keywords of reductions, methods of ufuncs."""

import numpy as np


def lists_as_arrays(x, y):
    norm = np.linalg.norm([x, y]) * np.dot([x, y * x], [1.0, 2.0])
    return norm + np.sum([x * x, y]) * np.max([x, y, x * y]) + np.prod((x, y, x)) + np.mean([[x, y], [y, y]])


def masked_sums(a, s):
    m = a > 0.0
    total = np.sum(a, where=m, initial=s) * a.mean(axis=0, where=m | (a < -1.0)).sum()
    return total + np.max(a * a, initial=s, where=m) + a.var(where=m, ddof=1) + np.prod(a, axis=1, initial=s).sum()


def methods_of_ufuncs(a, b):
    table = np.subtract.outer(a, b) ** 2
    total = np.add.reduce(table) @ np.maximum.reduce(table, axis=0) + np.multiply.reduce(b)
    running = np.maximum.accumulate(a) * np.add.accumulate(a) + np.multiply.accumulate(a)
    return total + running.sum() + np.logaddexp.reduce(a) * np.hypot.reduce(b) + np.add.reduceat(a, [0, 2]).prod()


def without_nan(a):
    holes = np.where(a > 1.0, np.nan, a)
    return (
        np.nansum(holes * holes) + np.nanmean(holes) * np.nanstd(holes, ddof=1) + np.nanprod(holes) + np.nanmax(holes)
    )


def joined_and_parted(a, b, s):
    wide = np.column_stack((a, b, a * b))
    left, right = np.hsplit(np.append(wide, wide * s, axis=1), 2)
    first, second, *_ = np.array_split(np.insert(a, 1, s), 3)
    x, y = np.meshgrid(a, b)
    u, v = np.broadcast_arrays(a, wide.T)
    deep = np.dstack([x, y])
    return (left * right).sum() + first @ first * second[0] + (deep**2).sum() + (u * v).sum() + np.rot90(x)[0] @ a


def blocks(a, b):
    m = np.block([[np.diag(a), np.outer(a, b)], [np.outer(b, a), np.diagflat(b)]])
    return np.sum(m @ m * np.delete(np.append(a, b), 1)[0]) + np.vander(a, 3).sum() * np.resize(b, 7)[5]


def where_are(a):
    (k,) = np.where(a > 0.0)
    return np.sum(a[k] ** 2) + np.remainder(a, 0.7).sum() + np.conjugate(a) @ a


def programs(rng):
    """Functions with arguments."""

    def a(*shape):
        return rng.standard_normal(shape)

    line = np.array([0.3, -0.7, 0.9, 1.4, -1.6, 0.15])
    return [
        (lists_as_arrays, (0.3, -0.7)),
        (masked_sums, (a(4, 3), 0.5)),
        (methods_of_ufuncs, (a(4), a(3))),
        (without_nan, (line,)),
        (joined_and_parted, (a(3), a(3), 0.5)),
        (blocks, (a(2), a(3))),
        (where_are, (line,)),
    ]
