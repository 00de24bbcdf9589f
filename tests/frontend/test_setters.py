"""`@x.setter` read from the text, without running it, means what it means when it runs."""

import pytest

from adgen.frontend import resolve, source
from adgen.frontend.lower import lower
from adgen.ir.show import show
from adgen.ir.types import Array, Sym
from tests.programs import setters


@pytest.mark.parametrize("fun", setters.FUNCTIONS, ids=lambda fun: fun.__name__)
def test_ahead_of_time(fun):
    types = {"x": Array("f8", (Sym("n"),))}
    read = resolve.from_file(setters.__file__, fun.__name__)
    assert show(lower(read, types)) == show(lower(source.find(fun), types))
