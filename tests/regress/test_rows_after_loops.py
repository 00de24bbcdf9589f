"""The row of a loop, read or written behind the loop: it was refused where rows of its array are written to."""

import numpy as np
import pytest

import adgen
from tests.programs.oracle import check

M, C = np.arange(12.0).reshape(4, 3) / 7 + 0.3, 1.3


def written_after(m, c):
    y = m * c
    for row in y:
        row[0] = row[1] * row[2]
    row[1] = c
    return y.sum() + row[0] * row[1]


def beside_a_row_of_another(m, c):
    y = np.zeros((3, 3))
    for a, b in zip(m, y):
        b[:] = a * c
    b[1] += a[1]
    return (y**2).sum() + b[2]


def its_last_number_too(m, c):
    y = m.copy()
    for row in y:
        for e in row:
            pass
        row[0] = e * c
    return y.sum() * e + row[0]


def seen_through_the_array(m, c):
    y = m * c
    for row in y:
        row[0] *= row[1]
    last = row
    y[3, 1] = c
    return last.sum() * row[1]


def left_by_break(m, c):
    y = np.empty((4, 3))
    for i, row in enumerate(y):
        row[:] = m[i] * c
        if i == 2:
            break
    row += 1
    return (y[:3] ** 2).sum()


def read_only_in_the_loop(m, c):
    y = m * c
    s = 0.0
    for row in y:
        s += row.sum()
    y[3, 1] = c
    return row.sum() * s


def by_a_return_inside(m, c):
    y = m * c
    for k, row in enumerate(y):
        row[0] = row[1] * c
        if row[0] > 1.2:
            return row.sum() * k
    return row[0]


def slices_and_columns(m, c):
    y = m * c
    for row in y[3:1:-1]:
        row[0] *= row[1]
    for col in y.T:
        col[1] = col[0] * c
    row[1] += col[2]
    return (y * y).sum() * col[3]


def backwards_with_else(m, c):
    y = m * c
    s = 0.0
    for row in reversed(y):
        row[0] *= row[1]
        if row[0] < 1:
            continue
        s += row[0]
    else:
        row *= 2
    return (y * y).sum() * row[0] + s


def zipped_and_counted(m, c):
    y = m * c
    for a, (k, b) in zip(y[1:], enumerate(y)):
        a[0] += b[1] * k
    b[0] = c
    a[2] = b[0] * a[1]
    return (y * y).sum() * k


def seen_by_a_function(m, c):
    y = m * c
    f = lambda: row[0] * c  # noqa: E731
    for row in y:
        row[0] = row[1] ** 2
    return f() + y.sum()


def under_another_name(m, c):
    y = m * c
    for row in y:
        for e in range(3):
            row[e] = row[e - 1] * c
    z = row
    z[0] = 5.0
    y = y * 2
    return row.sum() * y.sum()


def in_a_try(m, c):
    y = m * c
    with np.errstate(all="ignore"):
        for row in y:
            try:
                row[0] *= c
            finally:
                row[1] += row[0]
    return (row * y).sum()


RIGHT = [
    written_after,
    beside_a_row_of_another,
    its_last_number_too,
    seen_through_the_array,
    left_by_break,
    read_only_in_the_loop,
    by_a_return_inside,
    slices_and_columns,
    backwards_with_else,
    zipped_and_counted,
    seen_by_a_function,
    under_another_name,
    in_a_try,
]


@pytest.mark.parametrize("f", RIGHT)
def test_rows_behind_loops(f):
    check(f, (M, C))


def that_was_something_before(m, c):
    y = m * c
    row = y[0]
    for row in y[1:]:
        row *= c
    row[0] = 3.0
    return (y * y).sum() * row[1]


def of_a_while(m, c):
    y = m * c
    i = 0
    while i < 3:
        row = y[i]
        row[0] = row[1] * c
        i += 1
    row[1] = 7.0
    return (y**2).sum()


def of_an_inner_loop(m, c):
    y = m * c
    for i in range(2):
        for row in y:
            row[i] *= row[2]
        row[2] = c
        y[0] += row
    return (y * y).sum()


@pytest.mark.parametrize("f", [that_was_something_before, of_a_while, of_an_inner_loop])
def test_rows_that_may_be_several(f):
    with pytest.raises(adgen.AdgenError, match="E0120"):
        adgen.grad(f, (0, 1))(M, C)


def test_no_row_at_all():
    def f(m, c):
        y = m * c
        for row in y:
            row[0] = c
        return row.sum() + c

    none = np.zeros((0, 3))
    for call in (f, adgen.grad(f, (0, 1)), adgen.value_and_grad(f)):
        with pytest.raises(UnboundLocalError):
            call(none, C)
