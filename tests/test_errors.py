"""Every construct of Python is accepted or refused, and every refusal is one clear message; the texts are golden.

`tests/cases/errors/*.txt` hold the messages; after a change that is meant: `pytest tests/test_errors.py --update-cases`.
The walk over the syntax names every class of `ast` in Python 3.11: none may end in a traceback, an internal error, or
a silent wrong answer (what is accepted is also run, and its value and gradient are compared).
"""

import ast
import linecache
import math
import re

import numpy as np
import pytest

import adgen
from adgen import cli, signature
from adgen.errors import AdgenError, Refusal
from adgen.frontend import reject, resolve
from adgen.pipeline import Request, generate
from tests.cases.reading import FOLDER
from tests.support import ROOT, execute, inside

GOLDEN = FOLDER / "errors"
CODE = re.compile(r"error\[(E\d+)\]")


# golden texts ----------------------------------------------------------------------------------------------------
def golden(name):
    """The blocks of a golden file by title."""
    file = GOLDEN / f"{name}.txt"
    blocks = file.read_text().split("\n== ") if file.exists() else []
    return dict(block.removeprefix("== ").rstrip("\n").split("\n", 1) for block in blocks)


def compare(request, name, title, text):
    """Compare with the golden file, or write it again."""
    blocks = golden(name)
    if request.config.getoption("--update-cases"):
        blocks[title] = text.rstrip("\n")
        (GOLDEN / f"{name}.txt").write_text("\n\n".join(f"== {key}\n{block}" for key, block in blocks.items()) + "\n")
        return
    assert text.rstrip("\n") == blocks[title].rstrip("\n")


# the syntax ------------------------------------------------------------------------------------------------------
HEAD = "import math\nimport numpy as np\n"
TYPES = "x: float, n: int, v: f8[m]"
ARGUMENTS = (0.75, 3, np.array([0.5, -1.0, 1.5]))
SYNTAX = {
    # statements
    "Expr": "def f(x, n, v):\n    x * 2.0\n    return x * x\n",
    "Assign": "def f(x, n, v):\n    y = z = x * x\n    return y * z\n",
    "AugAssign": "def f(x, n, v):\n    y = x\n    y *= x\n    return y\n",
    "AnnAssign": "def f(x, n, v):\n    y: float = x * x\n    return y\n",
    "AnnAssign of a part": "def f(x, n, v):\n    y = v * 1.0\n    y[0]: float = x\n    return np.sum(y)\n",
    "Return of nothing": "def f(x, n, v):\n    return\n",
    "no return": "def f(x, n, v):\n    y = x\n",
    "Delete": "def f(x, n, v):\n    y = x\n    z = y * x\n    del y\n    return z\n",
    "Delete of an item": "def f(x, n, v):\n    xs = [x, x]\n    del xs[0]\n    return xs[0]\n",
    "Delete of a field": "def f(x, n, v):\n    del v.shape\n    return x\n",
    "use after Delete": "def f(x, n, v):\n    y = x\n    del y\n    return y\n",
    "For": "def f(x, n, v):\n    for i in range(n):\n        x = x * 1.5\n    return x\n",
    "For over a string": "def f(x, n, v):\n    for c in 'ab':\n        x = x * 2.0\n    return x\n",
    "For over a number": "def f(x, n, v):\n    for c in x:\n        x = x * 2.0\n    return x\n",
    "For with an attribute as target": "def f(x, n, v):\n    for v.real in range(n):\n        pass\n    return x\n",
    "For with an item as target": "def f(x, n, v):\n    y = v * 1.0\n    for y[0] in range(n):\n        pass\n    return np.sum(y) * x\n",
    "While": "def f(x, n, v):\n    while x < 3.0:\n        x = x * 1.5\n    return x\n",
    "While without an end": "def f(x, n, v):\n    while True:\n        x = x * 1.5\n",
    "If": "def f(x, n, v):\n    if x > 0.5:\n        return x\n    return x * x\n",
    "If on an array": "def f(x, n, v):\n    if v > 0.0:\n        return x\n    return x * x\n",
    "Break and Continue": "def f(x, n, v):\n    for i in range(n):\n        if i == 0:\n            continue\n        x = x * x\n        break\n    return x\n",
    "Pass": "def f(x, n, v):\n    pass\n    return x\n",
    "Raise": "def f(x, n, v):\n    if n < 0:\n        raise ValueError('negative')\n    return x\n",
    "Raise from": "def f(x, n, v):\n    if n < 0:\n        raise ValueError('negative') from None\n    return x\n",
    "Raise again": "def f(x, n, v):\n    if n < 0:\n        raise\n    return x\n",
    "Raise only": "def f(x, n, v):\n    raise ValueError('always')\n",
    "Assert": "def f(x, n, v):\n    assert n > 0, 'positive'\n    return x\n",
    "Import": "def f(x, n, v):\n    import math as m\n    return m.sin(x)\n",
    "ImportFrom": "def f(x, n, v):\n    from math import sin\n    return sin(x)\n",
    "Import of something unknown": "def f(x, n, v):\n    import pandas\n    return pandas.Series(x)\n",
    "Global": "def f(x, n, v):\n    global k\n    k = x\n    return k\n",
    "Nonlocal": "def f(x, n, v):\n    k = x\n    def g():\n        nonlocal k\n        k = k * 2.0\n    g()\n    return k\n",
    "FunctionDef": "def f(x, n, v):\n    def g(y):\n        return y * x\n    return g(x)\n",
    "FunctionDef with a decorator": "def f(x, n, v):\n    @math.sin\n    def g(y):\n        return y * x\n    return g(x)\n",
    "a function as result": "def f(x, n, v):\n    def g(y):\n        return y * x\n    return g\n",
    "AsyncFunctionDef": "def f(x, n, v):\n    async def g(y):\n        return y * x\n    return x\n",
    "an async function": "async def f(x, n, v):\n    return x\n",
    "AsyncFor": "async def f(x, n, v):\n    async for y in v:\n        x = x * y\n    return x\n",
    "AsyncWith": "async def f(x, n, v):\n    async with v as y:\n        x = x * y\n    return x\n",
    "Await": "async def f(x, n, v):\n    return await x\n",
    "ClassDef": "def f(x, n, v):\n    class A:\n        pass\n    return x\n",
    "Try": "def f(x, n, v):\n    try:\n        x = x * x\n    except ValueError:\n        x = 0.0\n    finally:\n        x = x + 1.0\n    return x\n",
    "TryStar": "def f(x, n, v):\n    try:\n        x = x * x\n    except* ValueError:\n        x = 0.0\n    return x\n",
    "With": "def f(x, n, v):\n    with open('a') as g:\n        return x\n",
    "With np.errstate": "def f(x, n, v):\n    with np.errstate(divide='ignore'):\n        return x / 2.0\n",
    "Match on values": "def f(x, n, v):\n    match n:\n        case 1 | 2:\n            return x\n        case math.pi:\n            return x\n        case None:\n            return x\n        case k if k > 2:\n            return x * x\n        case _:\n            return 2.0 * x\n",
    "Match on structures": "def f(x, n, v):\n    match (x, n):\n        case (a, *rest):\n            return a\n        case {'k': b, **others}:\n            return b\n        case complex(real=c) as whole:\n            return c\n    return x\n",
    # expressions
    "BoolOp": "def f(x, n, v):\n    return x if n > 2 and x > 0.0 or n == 1 else x * x\n",
    "NamedExpr": "def f(x, n, v):\n    return (y := x * x) * y\n",
    "BinOp": "def f(x, n, v):\n    return (x + n) * (x - 2.0) / (x**2 + n % 2 + n // 2 + v @ v + (n << 1) + (n >> 1) + (n & 1) + (n | 4) + (n ^ 1))\n",
    "UnaryOp": "def f(x, n, v):\n    return -x * +x * ~n if not n > 5 else x\n",
    "Lambda": "def f(x, n, v):\n    return (lambda y, k=2.0: y * k)(x)\n",
    "IfExp": "def f(x, n, v):\n    return x if x > 0.5 else x * x\n",
    "Dict": "def f(x, n, v):\n    p = {'a': x, **{'b': 2.0}}\n    return p['a'] * p['b']\n",
    "Dict with a number as key": "def f(x, n, v):\n    p = {1: x}\n    return p[1]\n",
    "Dict with a value as key": "def f(x, n, v):\n    p = {n: x}\n    return p[n]\n",
    "Set": "def f(x, n, v):\n    return sum({x, 2.0})\n",
    "ListComp": "def f(x, n, v):\n    return sum([x * k for k in range(n)])\n",
    "ListComp with a test": "def f(x, n, v):\n    return sum([x * k for k in range(n) if k > 1])\n",
    "ListComp of two loops": "def f(x, n, v):\n    return sum([x * k * j for k in range(n) for j in range(k)])\n",
    "SetComp": "def f(x, n, v):\n    return sum({x * k for k in range(n)})\n",
    "DictComp": "def f(x, n, v):\n    return {k: x for k in range(n)}[0]\n",
    "DictComp of strings": "def f(x, n, v):\n    return {k: x for k in ('a', 'b')}['a']\n",
    "GeneratorExp": "def f(x, n, v):\n    return sum(x * k for k in range(n))\n",
    "GeneratorExp alone": "def f(x, n, v):\n    g = (x * k for k in range(n))\n    return next(g)\n",
    "Yield": "def f(x, n, v):\n    yield x\n",
    "YieldFrom": "def f(x, n, v):\n    yield from v\n",
    "Compare": "def f(x, n, v):\n    ok = 0.0 < x <= 1.0 and n != 2 and n == 3 and n >= 1 and n is not None and n in (1, 3) and n not in (2,)\n    return x * x if ok and not (n is None) and n > 0 else x\n",
    "Compare of structures": "def f(x, n, v):\n    return x if (n, 1) < (3, 2) else x * x\n",
    "Call": "def f(x, n, v):\n    return np.sum(v, axis=0) * x\n",
    "Call with stars": "def f(x, n, v):\n    a = (x, 2.0)\n    k = {'b': 3.0}\n    def g(y, z, b):\n        return y * z * b\n    return g(*a, **k)\n",
    "Call of a number": "def f(x, n, v):\n    return x(2.0)\n",
    "Call of eval": "def f(x, n, v):\n    return eval('x')\n",
    "Call of exec": "def f(x, n, v):\n    exec('y = x')\n    return x\n",
    "Call of open": "def f(x, n, v):\n    open('a')\n    return x\n",
    "Call of input": "def f(x, n, v):\n    return x * float(input())\n",
    "Call of getattr": "def f(x, n, v):\n    return getattr(v, 'size') * x\n",
    "Call of locals": "def f(x, n, v):\n    return locals()['x']\n",
    "Call of type": "def f(x, n, v):\n    return type(x)(2.0) * x\n",
    "Call of super": "def f(x, n, v):\n    return super().f(x)\n",
    "Call of sorted": "def f(x, n, v):\n    return sorted([x, 2.0])[0]\n",
    "Call of map": "def f(x, n, v):\n    return sum(map(lambda k: k * x, [1.0, 2.0]))\n",
    "Call of complex": "def f(x, n, v):\n    return complex(x, 1.0).real\n",
    "Call of str": "def f(x, n, v):\n    return float(str(x)) * x\n",
    "recursion": "def f(x, n, v):\n    return x if n == 0 else f(x, n - 1, v)\n",
    "JoinedStr": "def f(x, n, v):\n    print(f'{n:>3} {x!r}')\n    return x\n",
    "JoinedStr as a value": "def f(x, n, v):\n    return f'{x}'\n",
    "Constant": "def f(x, n, v):\n    return x * 2 * 0x10 * 1e-3 * True\n",
    "Constant complex": "def f(x, n, v):\n    return (x * 2j).imag\n",
    "Constant bytes": "def f(x, n, v):\n    return x * len(b'ab')\n",
    "Constant Ellipsis": "def f(x, n, v):\n    return v[..., 0] * x\n",
    "Constant Ellipsis as a value": "def f(x, n, v):\n    return x * ...\n",
    "Attribute": "def f(x, n, v):\n    return v.size * x\n",
    "Attribute unknown": "def f(x, n, v):\n    return v.sise * x\n",
    "Attribute of a number": "def f(x, n, v):\n    return x.hex()\n",
    "Attribute assigned": "def f(x, n, v):\n    v.shape = (1, 3)\n    return x\n",
    "Subscript and Slice": "def f(x, n, v):\n    return v[0] * v[-1] * np.sum(v[1:]) * np.sum(v[::-1]) * x\n",
    "Subscript of a number": "def f(x, n, v):\n    return x[0]\n",
    "Subscript by a float": "def f(x, n, v):\n    return v[x]\n",
    "Subscript with too many": "def f(x, n, v):\n    return v[0, 0]\n",
    "Subscript of a dict by an unknown key": "def f(x, n, v):\n    return {'a': x}['b']\n",
    "Starred": "def f(x, n, v):\n    a, *b = x, 2.0, 3.0\n    return a * b[0] * b[1]\n",
    "Starred of unknown length": "def f(x, n, v):\n    a, *b = v\n    return a * x\n",
    "too few to unpack": "def f(x, n, v):\n    a, b, c = x, n\n    return a\n",
    "List and Tuple": "def f(x, n, v):\n    xs = [x, (2.0, x)[1]]\n    xs.append(x)\n    return xs[0] * xs[2]\n",
    "List of different kinds": "def f(x, n, v):\n    xs = [x]\n    xs.append(v)\n    return xs[0]\n",
    "a list method without a rule": "def f(x, n, v):\n    xs = [x, 2.0]\n    xs.sort()\n    return xs[0]\n",
    "a name nobody binds": "def f(x, n, v):\n    return x * z\n",
    "a name bound later": "def f(x, n, v):\n    y = z * x\n    z = 2.0\n    return y\n",
    "a module as a value": "def f(x, n, v):\n    return x * np\n",
    "a function without a rule": "def f(x, n, v):\n    return np.busday_count(v, 2) * x\n",
    "wrong arguments": "def f(x, n, v):\n    return np.sin(x, x, x, x)\n",
    "an unknown keyword": "def f(x, n, v):\n    return np.sum(v, axes=0) * x\n",
    "shapes that do not fit": "def f(x, n, v):\n    return (np.ones((2, 3)) @ np.ones((2, 3)))[0, 0] * x\n",
    "axis out of range": "def f(x, n, v):\n    return np.sum(v, axis=1) * x\n",
    "out=": "def f(x, n, v):\n    y = np.zeros(3)\n    np.multiply(v, x, out=y)\n    return np.sum(y)\n",
    "kinds that differ between paths": "def f(x, n, v):\n    if n > 1:\n        y = x\n    else:\n        y = v\n    return np.sum(y)\n",
    "results that differ between paths": "def f(x, n, v):\n    if n > 1:\n        return x\n    return v, x\n",
    "two names for one array": "def f(x, n, v):\n    y = v * 1.0\n    z = y if n > 1 else v\n    z[0] = x\n    return np.sum(y)\n",
}
SYNTAX_BASES = (ast.stmt, ast.expr, ast.pattern, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
WALKED = {
    *(cls for base in SYNTAX_BASES for cls in base.__subclasses__() if cls.__module__ == "ast"),
    *(ast.comprehension, ast.ExceptHandler, ast.match_case, ast.withitem, ast.keyword, ast.alias, ast.arguments, ast.arg),
}
# the tokenizer's own parts: f-string pieces are walked with JoinedStr; a pattern's class stands in `Match on ..`
DEPRECATED = {"Index", "ExtSlice", "Suite", "AugLoad", "AugStore", "Param", "Num", "Str", "Bytes", "NameConstant", "Ellipsis"}
UNSURE = ("List of different kinds", "kinds that differ between paths")  # the verifier cannot follow these


def test_the_walk_meets_every_class_of_the_syntax():
    met = {type(node) for program in SYNTAX.values() for node in ast.walk(ast.parse(program))}
    assert sorted(cls.__name__ for cls in WALKED - met if cls.__name__ not in DEPRECATED) == []


def outcome(program, folder, verify="each"):
    """(`accepted` or the message of the refusal, the generated text)."""
    (folder / "case.py").write_text(HEAD + program)
    linecache.clearcache()
    types = signature.parse(TYPES)
    with inside(folder):
        try:
            source = resolve.from_file("case.py", "f")
            made = generate(source, types, Request("value_and_grad", ("x",)), formatted=False, verify=verify)
        except Refusal as refusal:
            return str(refusal), ""
    return "accepted", made.text


@pytest.mark.parametrize("title", SYNTAX)
def test_syntax_is_accepted_or_refused(title, tmp_path, request):
    program = SYNTAX[title]
    text, made = outcome(program, tmp_path, "off" if title in UNSURE else "each")
    compare(request, "syntax", title, program + "--\n" + text)
    if made:
        check_accepted(program, made)
        return
    for block in text.split("\n\n"):
        lines = block.splitlines()
        assert CODE.match(lines[0])
        assert re.match(r"  --> case\.py:\d+:\d+$", lines[1])
        assert lines[-2].startswith("  why:  ") and len(lines[-2]) > 12
        assert lines[-1].startswith("  help: ") and len(lines[-1]) > 12


def check_accepted(program, text):
    """The value is the program's own, the gradient that of differences; or both raise the same."""
    own = execute(HEAD + program)["f"]
    derivative = execute(text)["f_value_and_grad"]
    try:
        wanted = own(*ARGUMENTS)
    except Exception as error:
        with pytest.raises(type(error), match=re.escape(str(error))):
            derivative(*ARGUMENTS)
        return
    value, gradient = derivative(*ARGUMENTS)
    x, h = ARGUMENTS[0], 1e-5
    numeric = (own(x + h, *ARGUMENTS[1:]) - own(x - h, *ARGUMENTS[1:])) / (2.0 * h)
    assert value == wanted
    assert math.isclose(gradient, numeric, rel_tol=1e-6, abs_tol=1e-6)


# what is refused by the derivative, not by the language --------------------------------------------------------------
DERIVATIVES = {
    "a rule without this case": ("a: f8[i, j, k], b: f8[l, k, m]", "a", "def f(a, b):\n    return np.sum(np.dot(a, b))\n"),
    "a slice of a list with a step": ("xs: list[float]", "xs", "def f(xs):\n    return sum(xs[::2])\n"),
    "a parameter that cannot vary": ("x: float, n: int", "n", "def f(x, n):\n    return x**n\n"),
    "a parameter that is not there": ("x: float, n: int", "y", "def f(x, n):\n    return x**n\n"),
    "a result of no number": ("v: f8[n]", "v", "def f(v):\n    w = v * 2.0\n    return w\n"),
}


@pytest.mark.parametrize("title", DERIVATIVES)
def test_derivatives_that_are_refused(title, tmp_path, request):
    types, wrt, program = DERIVATIVES[title]
    (tmp_path / "case.py").write_text(HEAD + program)
    linecache.clearcache()
    with inside(tmp_path), pytest.raises(Refusal) as caught:
        generate(resolve.from_file("case.py", "f"), signature.parse(types), Request("grad", (wrt,)))
    compare(request, "derivatives", title, program + "--\n" + str(caught.value))


# the command line ------------------------------------------------------------------------------------------------
FILES = {
    "plain.py": "import numpy as np\n\n\ndef f(x: float, n: int = 2):\n    return x**n\n\n\ndef whole(n: int):\n    return n\n\n\n"
    "def many(v: np.ndarray, x: float):\n    return v * x\n\n\ndef both(x: float):\n    return x, x\n\n\n"
    "def hard(x: float):\n    return np.busday_count(x, 2)\n\n\nclass Net:\n    def loss(self, x):\n        return x\n",
    "broken.py": "def f(x):\n    return x +\n",
    "empty.py": "",
    "decorated.py": "import adgen\n\n\n@adgen.grad(argnums=1)\ndef f(x: float, n: int):\n    return x**n\n",
}
COMMANDS = {
    "missing file": ["compile", "nowhere.py::f"],
    "a folder without derivatives": ["compile", "."],
    "no file at all": ["compile", "plain"],
    "unknown function": ["compile", "plain.py::g"],
    "unknown method": ["compile", "plain.py::Net.gain"],
    "a class": ["compile", "plain.py::Net"],
    "an empty name": ["compile", "plain.py::"],
    "nothing to compile": ["compile", "empty.py"],
    "nothing is asked for": ["compile", "plain.py"],
    "syntax error": ["compile", "broken.py::f"],
    "a result that is no scalar": ["compile", "plain.py::many", "--types", "v: f8[n]"],
    "a result that is a tuple": ["compile", "plain.py::both"],
    "a result that is an integer": ["compile", "plain.py::whole"],
    "an integer argument in argnums": ["compile", "decorated.py"],
    "an integer in --wrt": ["compile", "plain.py::f", "--wrt", "n"],
    "an unknown name in --wrt": ["compile", "plain.py::f", "--wrt", "y"],
    "an unknown name in --types": ["compile", "plain.py::f", "--types", "y: float"],
    "types that cannot be read": ["compile", "plain.py::f", "--types", "x: f9[n]"],
    "a function without a rule": ["compile", "plain.py::hard"],
    "explain what is refused": ["explain", "plain.py::hard"],
    "show without a function": ["show", "plain.py"],
    "check of an unknown function": ["check", "plain.py::g"],
    "rules of an unknown module": ["rules", "--missing", "nopandas"],
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    linecache.clearcache()
    return tmp_path


@pytest.mark.parametrize("title", COMMANDS)
def test_command(title, folder, capsys, request):
    status = cli.main(COMMANDS[title])
    out, err = capsys.readouterr()
    assert status in (2, 3)
    assert out == "" and "Traceback" not in err and str(folder) not in err
    assert CODE.search(err) if status == 3 else err.startswith("adgen"), err
    assert not (folder / "generated").exists()
    compare(request, "commands", title, f"$ adgen {' '.join(COMMANDS[title])}\n{err.rstrip()}\nexit status {status}")


# calls -----------------------------------------------------------------------------------------------------------
def power(x, n):
    return x**n


def double(v):
    return 2.0 * v


def flag(x):
    return x > 0.0


def pair(x):
    return x, x


def nothing(x):
    y = x


def matrix_free(v):
    return np.busday_count(v, 2)


V = np.ones(3)
CALLS = {
    "grad of an array": lambda: adgen.grad(double)(V),
    "grad of a tuple": lambda: adgen.grad(pair)(1.0),
    "grad of a flag": lambda: adgen.grad(flag)(1.0),
    "grad of None": lambda: adgen.grad(nothing)(1.0),
    "value_and_grad of an array": lambda: adgen.value_and_grad(double)(V),
    "grad of an array with has_aux": lambda: adgen.grad(double, has_aux=True)(V),
    "hessian of an array": lambda: adgen.hessian(double)(V),
    "hvp of an array": lambda: adgen.hvp(double)(V, V),
    "an integer in argnums": lambda: adgen.grad(power, 1)(2.0, 3),
    "an integer for a float": lambda: adgen.grad(power)(2, 3),
    "an integer array": lambda: adgen.grad(double)(np.arange(3)),
    "an array of objects": lambda: adgen.grad(double)(np.array([1.0, None])),
    "a masked array": lambda: adgen.grad(double)(np.ma.masked_array(V, [0, 1, 0])),
    "a string": lambda: adgen.grad(double)("1.0"),
    "argnums out of range": lambda: adgen.grad(power, 2)(2.0, 3),
    "an unknown name in wrt": lambda: adgen.grad(power, wrt="y")(2.0, 3),
    "an argument is missing": lambda: adgen.grad(power)(2.0),
    "an argument too many": lambda: adgen.grad(power)(2.0, 3, 4),
    "no function": lambda: adgen.grad(3.0),
    "a tangent of another shape": lambda: adgen.jvp(double, (V,), (np.ones(4),)),
    "a tangent of another dtype": lambda: adgen.jvp(double, (V,), (np.ones(3, np.float32),)),
    "a tangent of another kind": lambda: adgen.jvp(double, (V,), (1.0,)),
    "a tangent of an integer": lambda: adgen.jvp(power, (2.0, 3), (1.0, 1.0)),
    "a tangent is missing": lambda: adgen.jvp(power, (2.0, 3), (1.0,)),
    "a cotangent of another shape": lambda: adgen.vjp(double, V)[1](np.ones(4)),
    "a cotangent of another dtype": lambda: adgen.vjp(double, V)[1](np.ones(3, np.float32)),
    "a cotangent of another structure": lambda: adgen.vjp(pair, 1.0)[1](1.0),
    "a vector of another shape": lambda: adgen.hvp(lambda v: np.sum(v * v))(V, np.ones(2)),
    "a mode that is none": lambda: adgen.compile(power, "backward"),
    "types that cannot be read": lambda: adgen.compile(power, "grad", types="x: real"),
    "a function without a rule": lambda: adgen.grad(matrix_free)(V),
    "a function without source": lambda: adgen.grad(execute("def f(x):\n    return x\n")["f"])(1.0),
}


@pytest.mark.parametrize("title", CALLS)
def test_call(title, request):
    with pytest.raises(AdgenError) as caught:
        CALLS[title]()
    told = str(caught.value).replace(f"{ROOT}/", "")
    told = re.sub(r"(?m)^(  --> \S+?):\d+:", r"\1:*:", re.sub(r"(?m)^ *\d+ \|", "   * |", told))
    assert "Traceback" not in told and len(told) > 20
    compare(request, "calls", title, f"{type(caught.value).__name__}: {told}")


def test_a_file_for_float64_refuses_float32(tmp_path):
    (tmp_path / "case.py").write_text("import numpy as np\n\n\ndef f(v):\n    return np.sum(v * v)\n")
    source = resolve.from_file(str(tmp_path / "case.py"), "f")
    for types, wrong, kind in (
        ("v: f8[n]", np.ones(3, np.float32), TypeError),
        ("v: f8[n]", np.ones((3, 2)), TypeError),
        ("v: f8[n]", np.ones(1), ValueError),
        ("v: f8[3]", np.ones(4), ValueError),
    ):
        made = generate(source, signature.parse(types), Request("grad", ("v",)))
        derivative = execute(made.text)["f_grad"]
        with pytest.raises(kind, match=rf"^v: this derivative takes {re.escape(types[3:])}$"):
            derivative(wrong)


# the collection ----------------------------------------------------------------------------------------------------
UNREACHABLE = ("E0133",)  # the front end makes no references that are active on one side only


def test_every_code_of_the_compiler_has_a_golden_message():
    used = {code for path in (ROOT / "adgen").rglob("*.py") for code in re.findall(r'"(E0\d\d\d)"', path.read_text())}
    texts = [path.read_text() for path in GOLDEN.glob("*.txt")]
    texts += [path.read_text() for path in (ROOT / "tests").rglob("*.case")]
    texts += [path.read_text() for path in (ROOT / "tests" / "frontend").glob("test_*.py")]
    assert set(reject.TITLES) <= used
    assert sorted(code for code in used if not any(code in text for text in texts)) == sorted(UNREACHABLE)


def test_golden_files_hold_nothing_else():
    assert list(golden("syntax")) == list(SYNTAX)
    assert list(golden("commands")) == list(COMMANDS)
    assert list(golden("calls")) == list(CALLS)
    assert list(golden("derivatives")) == list(DERIVATIVES)
