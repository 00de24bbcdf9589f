"""Numerical kernels as they are found in the wild, none of them edited for adgen; each names where it comes from.

`collecting.program` keeps a program and its inputs; `test_wild.py` checks every gradient, and counts what the programs
are made of (stores, exits, callees that write to their arguments, sizes), so that the collection keeps its weight.
"""
