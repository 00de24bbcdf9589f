"""Gradients by adgen beside those by hand and by others: one command, one table as text, JSON and a chart.

    python -m tests.benchmarks                         all programs
    python -m tests.benchmarks heat rk4 --rounds 15    some of them
    python -m tests.benchmarks --json table.json --svg table.svg
    python -m tests.benchmarks --scaling               how cost grows with inputs, passes and source

Needs `pip install .[bench]`; who is not installed is shown so.  PyTorch is not in that extra, for it brings some
gigabytes along: `pip install torch`, or its wheel for CPUs only, adds it.  Everyone who computes a derivative is
compared with the one by hand before being timed.  The text and the JSON end with a summary: means, extremes, compile
times, and what has a bound beside it.  Not a part of the test suite.
"""
