"""What the measure of reach leaves out is what only refuses, and nothing else."""

from pathlib import Path

from tests.fuzz.reach import Rule

TEXT = """
def lowered(low, thing):
    if thing is None:
        why = told(thing)
        raise Reject("E0101", why)
    try:
        value = low.value(thing)
    except TypeProblem as problem:
        raise Reject("E0102", problem)
    except KeyError:
        return None
    match value:
        case int():
            return value
        case str():
            raise Reject("E0103", value)
    if value in low.seen:
        again(low)
        raise Reject("E0104", value)
    if value is low:
        low.record(Reject("E0105", value))
        return None
    why = f"it is {value}"
    raise Reject("E0106", why)


def told(thing):
    return f"{thing} is nothing"


def shared(thing):
    return lowered(thing, shared)


def again(low):
    raise Restart
"""


def test_what_only_refuses():
    path = Path("module.py")
    rule = Rule({path: TEXT}).find()
    lines = TEXT.splitlines()
    found = [lines[k - 1].strip() for k in range(1, len(lines) + 1) if rule.within(path, k)]
    assert found == [
        "why = told(thing)",
        'raise Reject("E0101", why)',
        "except TypeProblem as problem:",
        'raise Reject("E0102", problem)',
        'raise Reject("E0103", value)',
        'raise Reject("E0104", value)',
        'low.record(Reject("E0105", value))',
        "return None",
        'why = f"it is {value}"',
        'raise Reject("E0106", why)',
        "def told(thing):",
        'return f"{thing} is nothing"',
    ]


def test_the_last_cases_before_a_refusal():
    text = "def f(x):\n    match x:\n        case int():\n            return x\n        case str():\n"
    text += '            raise Reject("E0101")\n    raise Reject("E0102")\n'
    rule = Rule({Path("module.py"): text}).find()
    assert [k for k in range(1, 8) if rule.within(Path("module.py"), k)] == [5, 6, 7]
