"""From Python source to SSA: find, resolve, refuse, lower."""
