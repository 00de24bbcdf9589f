"""Structures: flatten, rebuild, map, ravel, and what is said when two differ."""

from collections import OrderedDict, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import adgen
from adgen import trees
from adgen.errors import ArgumentError

Point = namedtuple("Point", "x y")


@dataclass(frozen=True)
class Frozen:
    w: object
    name: str = "layer"


@dataclass
class Plain:
    a: object
    b: object = None


NESTED = [
    1.0,
    (1.0, 2.0),
    [1.0, [2.0, (3.0,)]],
    {"a": 1.0, "b": {"c": [2.0]}},
    Point(1.0, (2.0, 3.0)),
    Frozen((1.0, 2.0)),
    Plain({"k": 1.0}, [2.0]),
    (),
    [],
    {},
    None,
    [None, 1.0],
]


@pytest.mark.parametrize("tree", NESTED, ids=repr)
def test_flatten_and_rebuild_are_inverse(tree):
    parts, build = trees.flatten(tree)
    assert build(parts) == tree
    assert type(build(parts)) is type(tree)


def test_rebuild_of_a_frozen_dataclass_keeps_the_original():
    old = Frozen(1.0)
    new = trees.tree_map(lambda leaf: 2.0 if isinstance(leaf, float) else leaf, old)
    assert (old.w, new.w, new.name) == (1.0, 2.0, "layer")


def test_dict_subclasses_survive_and_dicts_are_matched_by_key():
    assert type(adgen.tree_map(lambda x: x, OrderedDict(a=1.0))) is OrderedDict
    assert adgen.tree_map(lambda a, b: a - b, {"x": 1.0, "y": 2.0}, {"y": 20.0, "x": 10.0}) == {"x": -9.0, "y": -18.0}


def test_flatten_wants_as_many_leaves():
    _, build = trees.flatten((1.0, 2.0))
    with pytest.raises(ArgumentError, match="2 leaves, 1 were given"):
        build([1.0])


@pytest.mark.parametrize(
    ("tree", "other", "message"),
    [
        ({"a": [1.0]}, {"a": [1.0, 2.0]}, r"\['a'\]: list of 2, expected list of 1"),
        ({"a": 1.0}, {"b": 1.0}, r"keys missing \['a'\], not expected \['b'\]"),
        ((1.0, (2.0,)), (1.0, [2.0]), r"\[1\]: list of 1, expected tuple of 1"),
        (Point(1.0, [2.0]), Point(1.0, 2.0), r"\.y: a float, expected list of 1"),
        ([1.0], None, "None, expected list of 1"),
        ([1.0], np.zeros(3), r"an array of shape \(3,\), expected list of 1"),
    ],
)
def test_tree_map_names_the_place_that_differs(tree, other, message):
    with pytest.raises(ArgumentError, match=message):
        adgen.tree_map(lambda a, b: a, tree, other)


def test_more_trees_may_hold_anything_at_leaves():
    assert adgen.tree_map(lambda a, b: b, (1.0, 2.0), (None, [3.0])) == (None, [3.0])


def test_paths_name_leaves():
    tree = {"layers": [(1.0, 2.0)], "p": Point(3.0, 4.0), "d": Plain(5.0)}
    paths = [path for path, _ in trees.leaves_with_paths(tree, "params")]
    assert paths == [
        "params['layers'][0][0]",
        "params['layers'][0][1]",
        "params['p'].x",
        "params['p'].y",
        "params['d'].a",
    ]


def test_ravel_restores_shapes_dtypes_and_kinds():
    params = {
        "w": np.arange(6.0).reshape(2, 3).T,
        "f4": np.ones((2, 1), "f4"),
        "scalar": 0.5,
        "np": np.float32(1.5),
        "zero_d": np.array(2.5),
        "n": 7,
        "name": "net",
        "none": None,
        "empty": np.zeros((0, 3)),
    }
    vector, unravel = adgen.ravel(params)
    assert vector.dtype == np.float64 and vector.flags.c_contiguous and vector.shape == (6 + 2 + 3,)
    back = unravel(vector)
    assert list(back) == list(params)
    for key, value in params.items():
        assert type(back[key]) is type(value)
        np.testing.assert_array_equal(back[key], value)
        assert np.asarray(back[key]).dtype == np.asarray(value).dtype
        assert np.shape(back[key]) == np.shape(value)


def test_ravel_copies_in_both_directions():
    w = np.ones(3)
    vector, unravel = adgen.ravel([w])
    vector[0] = 5.0
    again = unravel(vector)
    again[0][1] = 7.0
    assert w.tolist() == [1.0, 1.0, 1.0] and vector.tolist() == [5.0, 1.0, 1.0]


def test_ravel_of_a_gradient_with_none_has_the_same_length():
    params, grads = {"w": np.ones(2), "n": 3}, {"w": np.full(2, 2.0), "n": None}
    assert adgen.ravel(params)[0].shape == adgen.ravel(grads)[0].shape


def test_ravel_of_nothing_and_wrong_lengths_and_complex():
    vector, unravel = adgen.ravel([])
    assert vector.shape == (0,) and unravel(vector) == []
    with pytest.raises(ArgumentError, match=r"shape \(3,\), expected \(2,\)"):
        adgen.ravel(np.ones(2))[1](np.ones(3))
    with pytest.raises(ArgumentError, match=r"params\['z'\] is complex"):
        adgen.ravel({"z": 1j})


def test_basis_spans_all_numbers_of_smooth_leaves():
    tree = {"a": 2.0, "n": 3, "w": np.zeros((2, 2), "f4")}
    directions = list(trees.basis(tree))
    assert [(position, k) for position, k, _ in directions] == [(0, 0), (2, 0), (2, 1), (2, 2), (2, 3)]
    total = trees.fill(tree, 0.0)
    for _, _, direction in directions:
        assert direction["n"] is None and direction["w"].dtype == np.float32
        total = adgen.tree_map(lambda a, b: a + b, total, direction)
    assert total["a"] == 1.0 and np.all(total["w"] == 1.0)


def test_fill_and_size():
    tree = (1.0, np.zeros((2, 2)), 3, 1j)
    filled = trees.fill(tree, 1.0)
    assert filled[0] == 1.0 and np.all(filled[1] == 1.0) and filled[2] is None and filled[3] == 1.0 + 0j
    assert trees.size(tree) == 6
