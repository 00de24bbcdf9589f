"""Derivatives, one entry per function: kinds of rules, tables, type inference."""
