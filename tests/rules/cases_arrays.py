"""The families of calls of functions of arrays."""

from . import cases_axes, cases_differences, cases_forms, cases_moving, cases_picking, cases_splitting

FAMILIES = (cases_axes, cases_moving, cases_picking, cases_differences, cases_splitting, cases_forms)
