"""The syntax matrix: every class of Python's `ast`, in the positions that it can take, right or refused with its code.

>>> [row.verdict for row in ROWS if row.node == "Lambda"]
['']
>>> from ast import parse, walk
>>> any(type(node).__name__ == "Lambda" for node in walk(parse(program("(lambda z: z * z)(x)", "return {}"))))
True

`adgen rules --syntax` prints it; a test runs every cell: its derivative agrees with differences, or it is refused with
the code that stands here.  A class that is in no row (of a newer Python) is refused.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A class of the syntax tree, a text with it, the code it is refused with ("": right), exceptions by position."""

    node: str
    text: str
    verdict: str = ""
    but: tuple[tuple[str, str], ...] = ()


EXPRESSION = {
    "value": "y = {}\nreturn y * x",
    "operand": "return x * ({})",
    "argument": "return math.sin({})",
    "keyword": "def h(a, *, k):\n    return a * k\nreturn h(x, k={})",
    "condition": "return x if ({}) > 0.7 else 2.0 * x",
    "test": "if ({}) > 0.7:\n    return x\nreturn 3.0 * x",
    "branch": "y = x\nif x > 0.1:\n    y = {}\nreturn y",
    "returned": "return {}",
    "loop": "s = 0.0\nfor i in range(n):\n    s += {}\nreturn s",
    "while": "s = 0.0\ni = 0\nwhile i < n:\n    s += {}\n    i += 1\nreturn s",
    "element": "return sum([{} for i in range(n)])",
    "item": "t = ({}, x)\nreturn t[0] * t[1]",
    "lambda": "f = lambda q: q * ({})\nreturn f(x)",
    "nested": "def g(q):\n    return q * ({})\nreturn g(x)",
    "default": "def g(q, k={}):\n    return q * k\nreturn g(x)",
    "starred": "return math.atan2(*({}, x))",
    "stored": "u = np.zeros(3)\nu[1] = {}\nreturn np.sum(u * v)",
    "assert": "assert ({}) == ({})\nreturn x",
    "elif": "if n > 5:\n    return x\nelif ({}) > 0.7:\n    return x * v[0]\nelse:\n    return 3.0 * x",
    "while test": "k = 0\ny = x\nwhile ({}) > 0.7 and k < n:\n    y = y * v[0]\n    k += 1\nreturn y",
    "condition of a comprehension": "return x + sum([x * k for k in range(n) if ({}) > 0.7])",
    "iterated": "y = x\nfor q in (x, {}):\n    y = y + q * q\nreturn y",
    "with": "with np.errstate(all='ignore'):\n    return {}",
    "finally": "y = x\ntry:\n    y = y * 2.0\nfinally:\n    y = y * ({})\nreturn y",
    "case": "match n:\n    case 3:\n        y = {}\n    case _:\n        y = x\nreturn y * x",
    "guard": "match n:\n    case k if ({}) > 0.7:\n        return x * k\n    case _:\n        return x * v[0]",
    "augmented": "u = v.copy()\nu[1:] += {}\nreturn np.sum(u * u)",
    "annotated": "y: float = {}\nreturn y * y",
    "unpacked": "a, (b, *c) = x, ({}, x, x)\nreturn a * b + c[0]",
    "index": "return v[int(({}) > 0.7)] * x",
    "slice": "return np.sum(v[: 1 + int(({}) > 0.7)]) * x",
    "loop's else": "y = x\nfor i in range(n):\n    y = y * v[0]\nelse:\n    y = y * ({})\nreturn y",
    "default of a lambda": "g = lambda q, k={}: q * k\nreturn g(x)",
    "**": "def g(a, b):\n    return a * b\nreturn g(**dict(a=x, b={}))",
}
STATEMENT = {
    "function": "{}\nreturn y",
    "branch": "if x > 0.1:\n    {}\nelse:\n    y = x\nreturn y",
    "else": "if x > 9.0:\n    y = x\nelse:\n    {}\nreturn y",
    "for": "y = x\nfor i in range(n):\n    {}\nreturn y",
    "while": "y = x\ni = 0\nwhile i < n:\n    i += 1\n    {}\nreturn y",
    "loop's else": "y = x\nfor i in range(n):\n    y = y * 1.5\nelse:\n    {}\nreturn y",
    "with": "with np.errstate(all='ignore'):\n    {}\nreturn y",
    "finally": "y = x\ntry:\n    y = y * 2.0\nfinally:\n    {}\nreturn y",
    "nested": "def g(x, y):\n    {}\n    return y\nreturn g(x, x * 3.0)",
    "case": "match n:\n    case 3:\n        {}\n    case _:\n        y = x\nreturn y",
}
ELSE = "\n    case _:\n        y = 3.0 * x\nreturn y"
PATTERN = {
    "case": "match {s}:\n    case {p}:\n        y = x * x" + ELSE,
    "returned": "match {s}:\n    case {p}:\n        return x * x\n    case _:\n        return 3.0 * x",
    "guarded": "match {s}:\n    case {p} if x > 0.5:\n        y = x * x" + ELSE,
    "loop": "y = x\nfor i in range(n):\n    match {s}:\n        case {p} if i > 0:\n            y = y * x\n"
    "        case _:\n            continue\n    y = y + v[i]\nreturn y",
    "while": "y = x\ni = 0\nwhile i < n:\n    i += 1\n    match {s}:\n        case {p} if i > 1:\n"
    "            return y * x\n        case _:\n            y = y * v[0]\nreturn y",
    "in a sequence": "match ({s}, x):\n    case [{p}, w]:\n        y = w * w" + ELSE,
    "in a mapping": "match {'q': {s}, 'w': x}:\n    case {'q': {p}, 'w': w}:\n        y = w * w" + ELSE,
    "in or": "match ({s}, x):\n    case [{p}, 7] | [{p}, _]:\n        y = x * x" + ELSE,
    "in as": "match ({s}, x):\n    case [{p}, _] as t:\n        y = t[1] * x" + ELSE,
}

EXPRESSIONS = [
    Row("BoolOp", "(x or v[0])"),
    Row("NamedExpr", "(w := x * 2.0)"),
    Row("BinOp", "x * v[1]"),
    Row("UnaryOp", "-x"),
    Row("Lambda", "(lambda z: z * z)(x)"),
    Row("IfExp", "(x if n > 1 else v[0])"),
    Row("Dict", "{'a': x, 'b': v[0]}['a']"),
    Row("Set", "(n in {1, 3}) * x"),
    Row("Set", "len({1, 2, n}) * x"),
    Row("ListComp", "sum([x * k for k in range(n)])"),
    Row("SetComp", "len({k % 2 for k in range(3)}) * x"),
    Row("SetComp", "len({k for k in range(n)}) * x"),
    Row("DictComp", "{k: x for k in ('a', 'b')}['b']"),
    Row("DictComp", "{k % 2: x * k for k in range(n)}[0]"),
    Row("Dict", "{n: x, 7: v[0]}[n]"),
    Row("GeneratorExp", "sum(x * k for k in range(n))"),
    Row("Yield", "(yield x)", "E0203", (("lambda", "E0102"), ("nested", "E0102"))),
    Row("YieldFrom", "(yield from v)", "E0203", (("lambda", "E0102"), ("nested", "E0102"))),
    Row("Compare", "(0.1 < x < v[0]) * x"),
    Row("Call", "math.sin(x)"),
    Row("JoinedStr", "len(f'{n}') * x"),
    Row("FormattedValue", "{f'k{n:02d}': x}[f'k{n:02d}']"),
    Row("Constant", "2.5"),
    Row("Attribute", "v.T[0]"),
    Row("Subscript", "v[1]"),
    Row("Starred", "max(*(x, v[0]))"),
    Row("Starred", "np.outer(v, v)[*(1, n - 1)] * x"),
    Row("Set", "len({*range(n), 5}) * x"),
    Row("Name", "x"),
    Row("List", "[x, v[0]][0]"),
    Row("Tuple", "(x, v[0])[1]"),
    Row("Slice", "np.sum(v[0:2])"),
    Row("comprehension", "sum([x * k * j for k in range(n) if k > 0 for j in (1, 2)])"),
    Row("keyword", "np.sum(v, axis=0)"),
    Row("And", "(x and v[0])"),
    Row("Or", "(x or v[0])"),
    Row("Add", "(x + v[0])"),
    Row("Sub", "(x - v[0])"),
    Row("Mult", "(x * v[0])"),
    Row("MatMult", "(v @ v) * x"),
    Row("Div", "(x / v[0])"),
    Row("Mod", "(x % v[0])"),
    Row("Pow", "(x ** v[0])"),
    Row("LShift", "(n << 1) * x"),
    Row("RShift", "(n >> 1) * x"),
    Row("BitOr", "(n | 4) * x"),
    Row("BitXor", "(n ^ 1) * x"),
    Row("BitAnd", "(n & 2) * x"),
    Row("FloorDiv", "(n // 2) * x"),
    Row("Invert", "(~n) * x"),
    Row("Not", "(not n) * x + x"),
    Row("UAdd", "(+x)"),
    Row("USub", "(-x)"),
    Row("Eq", "(n == 3) * x"),
    Row("NotEq", "(n != 3) * v[0] + x"),
    Row("Lt", "(x < 2.0) * x"),
    Row("LtE", "(x <= 2.0) * x"),
    Row("Gt", "(x > 0.2) * x"),
    Row("GtE", "(x >= 0.2) * x"),
    Row("Is", "(2.0 * x if v is None else x)"),
    Row("IsNot", "(x if v is not None else 2.0 * x)"),
    Row("In", "(n in (1, 3)) * x"),
    Row("NotIn", "(n not in (1, 2)) * x"),
    Row("Load", "v[2]"),
]
STATEMENTS = [
    Row("Assign", "y = x * 2.0"),
    Row("AugAssign", "y = x; y *= 3.0"),
    Row("AnnAssign", "y: float = x * x"),
    Row("Return", "return x * x"),
    Row("Delete", "w = x; y = w * w; del w"),
    Row("For", "y = x\nfor k in range(n):\n    y = y * x"),
    Row("While", "y = x\nk = 0\nwhile k < n:\n    y = y * x\n    k += 1"),
    Row("If", "if n > 2:\n    y = x * x\nelse:\n    y = x"),
    Row("With", "with np.errstate(divide='ignore'):\n    y = x * x"),
    Row("withitem", "with np.errstate(divide='ignore'), np.errstate(invalid='ignore'):\n    y = x * x"),
    Row("Match", "match n:\n    case 3:\n        y = x * x\n    case _:\n        y = x"),
    Row("match_case", "match n:\n    case 1 | 3:\n        y = x * x\n    case _:\n        y = x"),
    Row("Yield", "def h():\n    for k in range(n):\n        yield x * k\ny = x\nfor w in h():\n    y = y + w * w"),
    Row("YieldFrom", "def h():\n    yield from (x * k for k in range(n))\ny = sum(h())"),
    Row("YieldFrom", "def h():\n    yield x\n    yield from (x * x, v[0])\ny = sum(h())"),
    Row("Raise", "y = x * x\nif n > 5:\n    raise ValueError('n')"),
    Row("Try", "try:\n    y = x * x\nfinally:\n    k = n"),
    Row("Assert", "y = x * x\nassert n > 1, 'n'"),
    Row("Expr", "math.sin(x)\ny = x * x"),
    Row("Pass", "pass\ny = x * x"),
    Row("Break", "y = x\nfor k in range(n):\n    if k == 2:\n        break\n    y = y * x"),
    Row("Continue", "y = x\nfor k in range(n):\n    if k == 1:\n        continue\n    y = y * x"),
    Row("FunctionDef", "def h(a, /, b, *c, d=1.5, **e):\n    return a * b * d\ny = h(x, x, 1.0, k=2.0)"),
    Row("arguments", "def h(a, *, b):\n    return a * b\ny = h(x, b=x)"),
    Row("arg", "def h(a: float) -> float:\n    return a * a\ny = h(x)"),
    Row("Import", "import math as m\ny = m.sin(x)"),
    Row("ImportFrom", "from math import sin as s\ny = s(x)"),
    Row("alias", "import math as m\ny = m.sin(x)"),
    Row("Global", "global COUNT\nCOUNT = 1\ny = x", "E0128"),
    Row("Nonlocal", "k = 1.0\ndef h(a):\n    nonlocal k\n    k = a\n    return a\ny = h(x) * k"),
    Row("ClassDef", "class A:\n    pass\ny = x", "E0101"),
    Row("AsyncFunctionDef", "async def h():\n    pass\ny = x", "E0101"),
    Row("Await", "async def h():\n    await z\ny = x", "E0101"),
    Row("JoinedStr", "assert n > 1, f'n is {n}'\ny = x * x"),
    Row("FormattedValue", "y = x * x\nif n > 5:\n    raise ValueError(f'{n:03d} and {x!r}')"),
    Row("AsyncFor", "async def h():\n    async for k in z:\n        pass\ny = x", "E0101"),
    Row("AsyncWith", "async def h():\n    async with z:\n        pass\ny = x", "E0101"),
    Row("TryStar", "try:\n    y = x\nexcept* ValueError:\n    y = x", "E0101"),
    Row("ExceptHandler", "try:\n    y = x * x\nexcept ValueError:\n    y = x", "E0101"),
    Row("Store", "y = x"),
    Row("Del", "w = x; y = w * w; del w"),
]
PATTERNS = [
    Row("MatchValue", "n: 3"),
    Row("MatchSingleton", "None: None"),
    Row("MatchSequence", "(x, n): [a, 3]"),
    Row("MatchMapping", "{'a': x, 'k': 1}: {'a': a, 'k': 1}"),
    Row("MatchClass", "n: int(a)"),
    Row("MatchClass", "((n, 1), x): (tuple((int(a), 1)), float(b))"),
    Row("MatchStar", "(n, x, x): [3, *rest]"),
    Row("MatchAs", "n: 3 as a"),
    Row("MatchOr", "n: 1 | 3"),
]
ROWS = [*EXPRESSIONS, *STATEMENTS, *PATTERNS]
HEADS = "Module Interactive Expression FunctionType TypeIgnore"  # of whole files, and type comments: in no function


def program(text: str, template: str) -> str:
    """A function with the text in a position.

    >>> print(program("-x", "return {}"), end="")
    def f(x, v, n):
        return -x
    """
    lines: list[str] = []
    for line in template.split("\n"):
        before, hole, _ = line.partition("{}")
        if hole and not before.strip() and "\n" in text:
            lines += [before + part for part in text.split("\n")]
        else:
            lines.append(line.replace("{}", text))
    return "def f(x, v, n):\n" + "".join(f"    {line}\n" for line in lines)


def cells(row: Row) -> list[tuple[str, str, str]]:
    """(position, program, code it is refused with) for every position of a class."""
    if row in PATTERNS:
        subject, _, pattern = row.text.rpartition(": ") if row.node != "MatchMapping" else row.text.partition("}: ")
        subject = subject + ("}" if row.node == "MatchMapping" and not subject.endswith("}") else "")
        parts = {name: text.replace("{s}", subject).replace("{p}", pattern) for name, text in PATTERN.items()}
        return [(name, program("", text), dict(row.but).get(name, row.verdict)) for name, text in parts.items()]
    templates = EXPRESSION if row in EXPRESSIONS else STATEMENT
    return [(name, program(row.text, text), dict(row.but).get(name, row.verdict)) for name, text in templates.items()]


WHY = {
    "E0101": "the order of statements, or classes, are not known before the program runs",
    "E0102": "the value of a `yield` is used",
    "E0128": "others see the change",
    "E0203": "the function itself is a generator",
}


def summary() -> str:
    """How many classes are right in every position that is tried, and which are refused, by code.

    >>> summary().splitlines()[3]
    '- `Global` (E0128): others see the change'
    """
    refused: dict[str, dict[str, None]] = {}
    for row in ROWS:
        for code in filter(None, (row.verdict, *dict(row.but).values())):
            refused.setdefault(code, {})[row.node] = None
    every = dict.fromkeys(row.node for row in ROWS)
    right = [node for node in every if not any(node in nodes for nodes in refused.values())]
    lines = [f"{len(right)} of {len(every)} classes are right in all positions that are tried; refused are:"]
    for code, nodes in sorted(refused.items()):
        lines.append(f"- {', '.join(f'`{node}`' for node in nodes)} ({code}): {WHY[code]}")
    return "\n".join(lines)


def told(row: Row) -> str:
    """What the table says of a class."""
    exceptions = "; ".join(f"{name}: {code or 'right'}" for name, code in row.but)
    first = f"refused ({row.verdict})" if row.verdict else "right"
    return f"{first}, but {exceptions}" if exceptions else first
