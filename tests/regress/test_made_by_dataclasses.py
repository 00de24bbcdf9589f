"""What a dataclass makes for its class, used by a class below it: without a decorator, or with its own __init__."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.programs.oracle import check

X = np.array([0.3, 0.7, 1.1])


@dataclass
class Layer:
    w: np.ndarray
    rate: float = 0.1

    def loss(self, x):
        return self.w * x

    def step(self, x):
        self.w = self.w - self.rate * self.loss(x)


class Plain(Layer):
    def loss(self, x):
        return super().loss(x) * self.w


class Below(Plain):
    scale = 2.5

    def __init__(self, w, q):
        super().__init__(w * q, rate=0.2)
        self.q = q

    def loss(self, x):
        return super().loss(x) * self.scale + self.q


class Named(Layer):
    def __init__(self, w):
        Layer.__init__(self, w, 0.3)
        self.rate *= 2.0


@dataclass
class Checked(Layer):
    half: float = 0.0

    def __post_init__(self):
        self.half = self.rate * 0.5


class Behind(Checked):
    def __init__(self, w, rate):
        super().__init__(w, rate)
        self.w = self.w * self.half


def undecorated(a, x):
    made = Plain(x, rate=a)
    made.step(x)
    return np.sum(made.w * x)


def own_init(a, x):
    made = Below(x, a)
    made.step(x * a)
    return np.sum(made.w**2) * made.q


def by_the_name_of_the_class(a, x):
    made = Named(x * a)
    made.step(x)
    return np.sum(made.w) * made.rate


def after_it_is_made(a, x):
    made = Behind(x, a)
    return np.sum(made.w * x) * made.rate


def test_classes_below_a_dataclass() -> None:
    for program in (undecorated, own_init, by_the_name_of_the_class, after_it_is_made):
        check(program, (0.7, X))
