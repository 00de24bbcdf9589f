"""A generator of random typed programs, the oracles that judge their derivatives, and a shrinker."""
