"""Differentiation: forward (tangent) and reverse (adjoint), saves."""
