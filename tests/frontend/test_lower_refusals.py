"""Everything that is refused: the whole message, place, reason and advice.  `refusals.case` holds program and message.

After a change of messages: UPDATE_REFUSALS=1 pytest tests/frontend/test_lower_refusals.py, and read the diff.
"""

import linecache
import os
from pathlib import Path

import pytest

from adgen.errors import Refusal
from adgen.frontend import reject, resolve
from adgen.frontend.lower import lower
from adgen.ir.types import FLOAT, INT, Struct
from adgen.signature import parse
from tests.support import inside

FILE = Path(__file__).with_name("refusals.case")
TYPES = parse("x: float, n: int, v: f8[m], rows: list[f8[m]]") | {
    "p": Struct("dict", ("w", "b"), (FLOAT, FLOAT)),
    "k": INT,
}
CASES = [tuple(part.split("-----\n")) for part in FILE.read_text().split("=====\n")]


def refusal(folder, program):
    """The message of a program's refusal."""
    (folder / "case.py").write_text(program)
    linecache.clearcache()
    with inside(folder):
        with pytest.raises(Refusal) as caught:
            lower(resolve.from_file("case.py", "f"), TYPES)
        return str(caught.value) + "\n"


@pytest.mark.parametrize("place", range(len(CASES)))
def test_refusals(tmp_path, place):
    program, wanted = CASES[place]
    found = refusal(tmp_path, program)
    if os.environ.get("UPDATE_REFUSALS"):
        CASES[place] = (program, found)
        FILE.write_text("=====\n".join("-----\n".join(case) for case in CASES))
        return
    assert found == wanted


def test_every_code_has_a_case():
    text = FILE.read_text()
    missing = [code for code in reject.TITLES if f"error[{code}]" not in text]
    assert missing == []


def test_all_refusals_are_told_together(tmp_path):
    text = refusal(
        tmp_path, "def f(x):\n    y = a + x\n    if y:\n        y = b\n    for i in c:\n        x = i\n    return d\n"
    )
    assert text.count("error[E0103]") == 4


def test_what_follows_a_refusal_is_not_blamed_for_it(tmp_path):
    text = refusal(tmp_path, "def f(x):\n    y = a + x\n    z = y * y\n    z += y[0]\n    return z(y).w\n")
    assert text.count("error[") == 1
