"""Passes that keep the meaning and make better code."""
