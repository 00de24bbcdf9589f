"""Properties that can be written: `@x.setter`, in classes, under several names, inherited, of arrays, in lists."""

import dataclasses

import numpy as np


class Box:
    def __init__(self, v):
        self._v = v
        self.count = 0

    @property
    def v(self):
        return self._v

    @v.setter
    def v(self, value):
        self._v = value * 2.0
        self.count += 1


class Inner(Box):
    def grow(self, e):
        self.v = self.v * e
        return self.v


class Clipped:
    def __init__(self, x):
        self.x = x

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        if value > 1.0:
            self._x = 1.0 + 0.1 * value
        else:
            self._x = value


class Arrays:
    def __init__(self, y):
        self._y = y
        self.total = 0.0

    @property
    def y(self):
        return self._y

    @y.setter
    def y(self, value):
        self.total = self.total + np.sum(value)
        self._y = value


@dataclasses.dataclass
class Data:
    a: float
    b: float = 2.0

    @property
    def product(self):
        return self.a * self.b

    @product.setter
    def product(self, value):
        self.a = value / self.b


def written(x):
    box = Box(x[0])
    box.v = x[1]
    box.v += x[2]
    return box.v * box._v + box.count


def two_names(x):
    box = Box(x[0])
    other = box
    other.v = x[1]
    return box.v * x[2]


def inherited(x):
    box = Inner(x[0])
    a = box.grow(x[1])
    box.v *= x[2]
    return a * box.v


def in_init(x):
    one, two = Clipped(x[0]), Clipped(x[1])
    two.x = two.x * x[2]
    return one.x * two.x


def in_loop(x):
    box = Box(1.0)
    for e in x:
        if e > 0.5:
            box.v = e * box.v
        else:
            box.v -= e
    return box.v


def arrays(x):
    box = Arrays(x * 2.0)
    view = box.y
    box.y += x
    box.y[0] = 3.0 * x[1]
    box.y *= 2.0
    return np.sum(box.y * x) + box.total + view[0]


def new_array(x):
    box = Arrays(x * 2.0)
    view = box.y
    box.y = box.y * x
    return np.sum(box.y * view) + box.total


def data(x):
    d = Data(x[0])
    d.product = x[1] * x[2]
    d.product, d.b = d.product * x[0], x[2]
    return d.a * d.b


def in_list(x):
    boxes = [Box(x[0]), Box(x[1])]
    for box in boxes:
        box.v = box.v * x[2]
    boxes[0].v += x[1]
    return boxes[0].v * boxes[1].v


def in_grown_list(x):
    boxes = []
    for e in x:
        boxes.append(Box(e))
    for box in boxes:
        box.v = box.v * x[2]
    return boxes[0].v * boxes[1].v


FUNCTIONS = (written, two_names, inherited, in_init, in_loop, arrays, new_array, data, in_list, in_grown_list)


def programs(rng):
    """(function, arguments) pairs."""
    return [(fun, (np.array([0.7, 1.3, 0.4]),)) for fun in FUNCTIONS]
