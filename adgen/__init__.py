"""adgen: source-to-source automatic differentiation for plain Python and NumPy."""
