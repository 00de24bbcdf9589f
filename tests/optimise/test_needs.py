"""What a rule says that it needs is true: where it is not asked, it would have declined."""

import numpy as np

from adgen.frontend import source
from adgen.optimise.rewrite import _Rewriter
from tests.programs import oracle
from tests.programs.wild import differential_equations, learning, linear_algebra, methods
from tests.programs.wild.collecting import PROGRAMS

FILES = (linear_algebra, differential_equations, learning, methods)


def test_a_rule_that_is_not_asked_would_decline(monkeypatch):
    fired = {}

    def first(self, site, op, rules):
        given = {made.name or made.kind for value in op.operands if (made := self.defs.get(value)) is not None}
        for rule, needed in rules:
            found = rule(site, op)
            if found is not None:
                assert needed is None or not needed.isdisjoint(given), f"{rule} fits {op}"
                fired[rule] = None
                return found
        return None

    monkeypatch.setattr(_Rewriter, "_first", first)
    for program in PROGRAMS[::5]:
        args = program.inputs(np.random.default_rng(11))
        names, _ = oracle.smooth_params(source.find(program.fun).params, args)
        oracle.Made(program.fun, args, "vjp", names, verify="end")
    assert len(fired) > 15
