"""Every program of the collection, in both modes; the list of those that are refused is part of the test."""

import numpy as np
import pytest

from adgen.errors import Refusal
from tests.programs import (
    absent,
    arrays,
    attempts,
    changes,
    choices,
    control,
    deques,
    dicts,
    edges,
    elements,
    functional,
    generators,
    lists,
    loops,
    names,
    nested,
    objects,
    oracle,
    order,
    rankless,
    recursion,
    setters,
    stores,
    structures,
    writers,
)

REFUSED = {  # name -> codes of the diagnostics: what is outside the language so far
    # deques of bounded length, or that come out; dicts that give keys a value; lists repeated less than once
    "t_longest": ["E0106"],
    "t_returned": ["E0127"],
    "t_default": ["E0101"],
    "t_not_at_all": ["E0102"],
    # two names for one object, or one in a list, that is written to
    "a_branch_alias": ["E0120"],
    "a_branch_alias2": ["E0120"],
    "a_list": ["E0120"],
    "a_list_loop": ["E0120"],
    "a_list_loop3": ["E0120"],
    "a_carry": ["E0120"],
    "a_carry2": ["E0120"],
    "a_carry3": ["E0120"],
    "a_helper3": ["E0120"],
    "a_hist": ["E0120"],
    # an element of a list that changes in place, which somebody else has too
    "e_replace": ["E0121"],
    "e_named3": ["E0121"],
    "e_slice": ["E0120"],
    "e_slice2": ["E0121"],
    "e_rows": ["E0121"],
    "e_obj3": ["E0121"],
    "e_obj4": ["E0120"],
    "e_two": ["E0121"],
    "e_two2": ["E0121"],
    "z1": ["E0121"],
    "z3": ["E0121", "E0121"],
    "z4": ["E0121"],
    "z5": ["E0121"],
    "z16": ["E0120", "E0120"],
    # a generator that does not end where its loop does, or is kept, or sees what the loop changes
    "g_endless": ["E0102"],
    "g_zipped": ["E0102"],
    "g_searched": ["E0102"],
    "g_named": ["E0102"],
    "g_next": ["E0102", "E0102", "E0102"],
    "g_store": ["E0122"],
    "g_grows": ["E0122"],
    "g_closure": ["E0102"],
    "g_changes": ["E0102"],
    "g_object": ["E0102"],
    "g_itself": ["E0102"],
    "g_views": ["E0121", "E0121"],
    "y_order": ["E0111"],  # a set in no certain order
    "y_number": ["E0107"],  # a number read from a text
    "k_default_array": ["E0121"],  # a key comes while another entry is in use
    "k_held": ["E0120"],  # an array in a dict is written to under its name
    # an array without axes may have a name that is not known, or be in a list
    "one_in_list": ["E0120"],
    "previous_same": ["E0120"],
    "turns": ["E0124"],
    "asarray_written": ["E0120"],
    "max_of": ["E0120"],
    "recursive_result": ["E0120"],
    "recursive_writer": ["E0120"],
    "recursive_same": ["E0120"],
    "elements_written": ["E0120"],
    "elements_run_over": ["E0120"],
    "element_twice": ["E0120"],
    "new_in_loop": ["E0120"],
    "real_part": ["E0120"],
    "squeezed": ["E0120"],
    "broadcast": ["E0120"],
    "np_transposed": ["E0120"],
    "no_shape": ["E0120"],
    "or_else": ["E0120"],
    "conjugated": ["E0120"],
    "nan_to_num": ["E0120"],
    "einsum_same": ["E0120"],
    "min_of": ["E0120"],
    "min_of_stars": ["E0120"],
    "asanyarray": ["E0120"],
    "array_not_copied": ["E0120"],
    "sorted_list": ["E0120"],
    "computed_keys": ["E0120"],
    "dict_comprehension": ["E0120"],
    "generator_sees": ["E0120"],
    "run_over_comprehension": ["E0120"],
    "pair_appended": ["E0120"],
    "pair_stored": ["E0120"],
    "while_alias": ["E0120"],
    "array_index_ellipsis": ["E0124"],
    "array_copy_none": ["E0120"],
    "array_copy_false": ["E0120"],
    "made_in_branch": ["E0120"],
    "both_made_in_if": ["E0120"],
    "chosen_or_view": ["E0120"],
    "or_python_number": ["E0120"],
    "or_numpy_number": ["E0120"],
    "or_none": ["E0120"],
    "bound_in_loop": ["E0120"],
    # what a function changes that calls itself
    "r_cell": ["E0110"],
    "r_cell2": ["E0110"],
    "r_read": ["E0110"],
    "r_obj": ["E0124"],
    "r_argw": ["E0124"],
    "r_dict2": ["E0124"],
}

MODULES = (
    loops,
    stores,
    writers,
    choices,
    arrays,
    attempts,
    structures,
    objects,
    changes,
    elements,
    order,
    functional,
    control,
    deques,
    nested,
    lists,
    dicts,
    names,
    generators,
    edges,
    recursion,
    rankless,
    setters,
    absent,
    attempts,
)
CASES = [case for module in MODULES for case in module.programs(np.random.default_rng(7))]
NAMES = [f"{fun.__module__.split('.')[-1]}-{fun.__name__}-{k}" for k, (fun, _) in enumerate(CASES)]


@pytest.mark.parametrize(("fun", "args"), CASES, ids=NAMES)
def test_program(fun, args):
    if fun.__name__ in REFUSED:
        with pytest.raises(Refusal) as caught:
            oracle.check(fun, args)
        assert [found.code for found in caught.value.diagnostics] == REFUSED[fun.__name__]
        return
    oracle.check(fun, args)


def unpacked(v):
    a, b = v
    return a * b


def test_the_length_of_what_is_unpacked_is_checked():
    made = oracle.Made(unpacked, [np.ones(2)], "grad", ("v",))
    np.testing.assert_array_equal(made(np.array([2.0, 3.0]))[0], [3.0, 2.0])
    with pytest.raises(ValueError, match="2 values are unpacked"):
        made(np.ones(3))
