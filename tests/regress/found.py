"""Small programs, each of which once gave a wrong number or failing code; the docstrings say why."""

import numpy as np


def reversed_with_exit(xs, a):
    """The reverse of a reversed loop runs forwards, from where it stopped."""
    t = 1.0
    for x in reversed(xs):
        if t * x > 1.2:
            break
        t = t * x + a
    return t


def reversed_range_with_step(xs, n):
    """The same for a range with a step."""
    t = 1.0
    for i in reversed(range(1, n, 2)):
        t = t * xs[i] + 0.1 * i
        if t > 1.9:
            break
    return t


def exit_from_range_with_start(xs, n):
    """The index of the partial last iteration was computed by an operation that nobody had marked as live."""
    t = 1.0
    for i in range(1, n):
        t = t * xs[i] + 0.1 * i
        if t > 1.9:
            break
    return t


def list_as_a_whole(xs, w):
    """What `sum` gave to a grown list was lost; a list is not incremented by `+=`."""
    squares = [w * x * x for x in xs]
    return sum(squares) + max(xs) * squares[0] + sum(squares[1:])


def list_of_an_iteration(xs):
    """The list of each outer iteration was saved before it had grown."""
    total = 0.0
    for x in xs:
        row = []
        for k in range(3):
            row.append(x**k)
        total += sum(row) * row[-1]
    return total


def list_index_repeats(x):
    """A list of integers as an index may repeat, like an array of them."""
    z = x[[0, 0, -1]]
    y = x * 1.0
    return np.sum(z * z) + np.sum(y[[1, 1, -2]] ** 2)


def load_through_repeats(x, index):
    """So may the index of a read from memory that is written."""
    y = x.copy()
    y[:] *= y[index]
    return np.sum(y * y)


def nested_branch(b, n):
    """The split form hands on what only an inner branch makes, through all branches around it."""
    if n > 3:
        if n > 2:
            b *= np.tanh(b)
    return b


def tape_in_a_branch(x, a):
    """The split form copied the tape of a branch that was not taken."""
    y = x
    if a > 0.5:
        for v in x:
            a = a * v
            y = y * a
    return np.sum(y)


def array_in_a_branch(a, z, index):
    """The split form copied the array of a branch that was not taken."""
    y = np.ones(4)
    if a < 0.3:
        if a > 0.9:
            for q in y[:]:
                a = a + q * z[0] * a
    np.add.at(y, index, np.tanh(y))
    return a * z[1]


def unbound_on_a_path(x, a):
    """A zero of the shape of `y` was made where `y` was not bound."""
    k = 0
    while k < 3:
        k += 1
        if k + 2 == 0:
            y = x * a
            return np.sum(y * y)
    if np.sum(x) < 0.1:
        return a + np.sum(x * x)
    return a + np.sin(a) * np.sum(x)


def unbound_loop_variable(z, a):
    """The split form kept a loop's variable that had no value."""
    if a > 0.5:
        for q in z:
            return q * a
    return np.sum(z * a)


def zip_of_unequal(x, ps, a):
    """Forward mode printed a zip over the first sequence and its tangent alone, and ran too long."""
    y = x.copy()
    for _, _ in zip(x, ps):
        y[2] *= a
    return np.sum(y * x)


def memory_of_an_iteration(x, idx):
    """Memory made anew in each iteration stood among the reads of what is iterated."""
    y = x * 2.0
    for p, q in zip(x, x):
        y[::-1] = y[idx] * p
        k = 0
        while k < 2:
            k += 1
            y = np.cos(x) * q
    return np.sum(y)


def slot_of_a_list(x, a):
    """The adjoint of an array in a list became the number 0.0 where the slot was assigned."""
    hs = [np.zeros(4), x * x[-1]]
    hs[-1] = x * a
    return np.sum(hs[-1] * hs[1]) + hs[0][0]


def copied_before_it_is_bound(z, a):
    """A tape kept a copy of an array that the first pass had not made yet."""
    k = 0
    while k < 2:
        k += 1
        y = z * a
        if k + 2 == 3:
            y[1::2] = a
            return np.sum(y * y)
    return np.sin(a) + np.sum(z * z)


def programs(rng):
    r = rng.random
    index = np.array([1, 1, 0, 3])
    return [
        (reversed_with_exit, (r(9) + 0.5, 0.3)),
        (reversed_with_exit, ([0.3, 0.7, 0.2], 0.3)),
        (reversed_range_with_step, (r(9), 8)),
        (reversed_range_with_step, (r(9), 3)),
        (exit_from_range_with_start, (r(9) + 0.7, 8)),
        (list_as_a_whole, (r(4), 0.7)),
        (list_as_a_whole, ([0.3, 0.9, 0.4], 0.7)),
        (list_of_an_iteration, ([0.3, 0.9, 0.4],)),
        (list_index_repeats, (r(4),)),
        (load_through_repeats, (r(4), index)),
        (nested_branch, (0.3, 2)),
        (nested_branch, (0.3, 4)),
        (tape_in_a_branch, (r(3), 0.3)),
        (tape_in_a_branch, (r(3), 0.8)),
        (array_in_a_branch, (0.4, r(4), index)),
        (unbound_on_a_path, (r(3), 0.3)),
        (unbound_loop_variable, (r(3), 0.3)),
        (unbound_loop_variable, (r(3), 0.8)),
        (zip_of_unequal, (r(4), [0.1, 0.2, 0.4], 0.7)),
        (memory_of_an_iteration, (r(4), index)),
        (slot_of_a_list, (r(4), 0.6)),
        (copied_before_it_is_bound, (r(4), 0.6)),
    ]
