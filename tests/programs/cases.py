"""What the collections share: programs are registered with the arguments that they are checked with.

CASES, case = collection()

@case(1.3, 0.7)
def product(x, y): ..
"""


def collection():
    """A list of (program, arguments), and the decorator that adds to it."""
    cases = []

    def case(*args):
        """Register a program with its arguments."""

        def add(fun):
            cases.append((fun, args))
            return fun

        return add

    return cases, case
