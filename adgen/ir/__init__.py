"""Structured SSA with memory: types, values, operations, blocks, functions; builder, printer, verifier."""
