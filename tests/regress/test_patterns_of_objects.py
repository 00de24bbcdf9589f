"""Patterns of objects inside objects, objects beside texts, None among objects; stars in subscripts and sets."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pytest

import adgen
from adgen.errors import Refusal
from tests.programs.oracle import check

V = np.array([0.31, 0.72, 1.13, 0.54])


@dataclass
class Point:
    x: float
    y: float


@dataclass
class Line:
    a: Point
    b: Point


@dataclass
class Circle:
    centre: Point
    radius: float


class Turned:
    __match_args__ = ("y", "x")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Same:
    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        return other == "same"


class More(Same):
    pass


def area(s, x):
    match s:
        case "unit":
            return x
        case None:
            return 2.0 * x
        case Circle(Point(a, b), r):
            return a * b * r * r
        case Line(a=Point(x=p), b=Point(y=q)):
            return p * q
        case Point(0.0, y):
            return y * x
        case Point(x=c, y=d) if d > c:
            return c * d * d
        case Point():
            return s.x + s.y * s.y
        case [Point(a, b), *rest, Circle(Point(e, _), r)]:
            return a * b * e * r * len(rest)
        case Turned(Turned(a, _), _):
            return a * a * x
        case _:
            return x * x


def objects_inside_objects(x, v, n):
    p, q = Point(x, v[0]), Point(v[1], x * x)
    s = area("unit", x) + area(None, x) + area("other", x) + area(p, x) * area(q, x)
    s += area(Circle(p, v[2]), x) + area(Line(p, q), x) * area(Point(0.0, x), x)
    return s + area((p, q, Circle(q, x)), x) + area(Turned(v[0], Turned(v[3], x)), x)


def in_a_loop(x, v, n):
    s = 0.0
    for item in [Line(Point(x, v[0]), Point(v[1], x * x)), "text", Circle(Point(x, v[0]), v[2]), None]:
        match item:
            case "text":
                s = s * x
            case None:
                continue
            case Line(Point(a, _), Point(_, b)) | Circle(Point(a, b), _):
                s += a * b * b
    return s


def never_equal(x, v, n):
    p, s = Point(x, v[0]), x
    for other in ("a", 1.5, None):
        if p == other or other == p:
            s = s * 7.0
        if p != other:
            s = s * p.y
    return s * (3.0 if Same(x) == "same" else x)


def none_among_objects(x, v, n):
    items = [Turned(x, x * x)]
    for k in range(n):
        if k == 1:
            items.append(None)
        else:
            items.append(Turned(x * k, v[k]))
    items.append(None)
    s = 0.0
    for item in items:
        if item is None:
            s = s * x
            continue
        s += item.x * item.y
    return s


def stars(x, v, n):
    m, t = np.outer(v, v) * x, (1, n - 1)
    m[*t] = x * x
    m[*t] += v[0]
    t = (0, 1)
    return m[*t] * m[*(1, 2)] + np.sum(m[*t[:1], 1:] ** 2) * len({*range(n), 5, *t})


def generators_in_generators(x, v, n):
    def parts():
        yield from (x * k for k in range(n) if k != 1)
        yield from [a * x for a in v]

    s = 0.0
    for part in parts():
        s += part * part
    return s


def classes_asked(x, v, n):
    d, p, q, s = {"a": x}, Same(x), More(x * x), x
    if type(d) is dict:
        s = s * d["a"]
    if type(p) is Same and type(q) is not Same:
        s += p.a * q.a
    if type(q) in (Same, list) or type(v) is list or type(n) is str:
        s = s * 7.0
    return s


PROGRAMS = (
    objects_inside_objects,
    in_a_loop,
    never_equal,
    none_among_objects,
    stars,
    generators_in_generators,
    classes_asked,
)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("fun", PROGRAMS, ids=lambda fun: fun.__name__)
def test_derivatives(fun, n):
    check(fun, (0.7, V, n))


def an_ordered_dict(x):
    d = OrderedDict(a=x)
    return d["a"] * x if type(d) is dict else x


def a_float(x):
    return x * x if type(x) is float else x


@pytest.mark.parametrize("fun", [an_ordered_dict, a_float], ids=lambda fun: fun.__name__)
def test_classes_that_are_not_known_are_refused(fun):
    with pytest.raises(Refusal, match="no derivative rule for `type`"):
        adgen.grad(fun)(0.7)
