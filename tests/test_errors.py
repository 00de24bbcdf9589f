"""Every construct of Python is accepted or refused, and every refusal is one clear message; the texts are golden.

`tests/cases/errors/*.txt` hold the texts; after a change that is meant: `pytest tests/test_errors.py --update-cases`.
The walk over the syntax (`syntax.txt` holds the programs too) meets every class of `ast` in Python 3.11: none may end
in a traceback, an internal error, or a silent wrong answer (what is accepted is also run: its value and its gradient).
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
SYNTAX = {title: text.split("--\n")[0] for title, text in golden("syntax").items()}  # the file holds the programs
SYNTAX_BASES = (ast.stmt, ast.expr, ast.pattern, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
PARTS = (ast.ExceptHandler, ast.match_case, ast.withitem, ast.keyword, ast.alias, ast.arguments, ast.arg)
WALKED = {cls for base in SYNTAX_BASES for cls in base.__subclasses__() if cls.__module__ == "ast"}
WALKED |= {ast.comprehension, *PARTS}
DEPRECATED = {"Index", "ExtSlice", "Suite", "AugLoad", "AugStore", "Param", "Num", "Str", "Bytes", "NameConstant"}
DEPRECATED |= {"Ellipsis"}
NEWER = {"TypeAlias", "TemplateStr", "Interpolation"}  # of later Pythons: refused as unknown, see the test below


def test_the_walk_meets_every_class_of_the_syntax():
    met = {type(node) for program in SYNTAX.values() for node in ast.walk(ast.parse(program))}
    assert sorted(cls.__name__ for cls in WALKED - met if cls.__name__ not in DEPRECATED | NEWER) == []


def test_a_class_of_a_later_python_is_refused(tmp_path):
    if not hasattr(ast, "TypeAlias"):
        with pytest.raises(SyntaxError):  # this Python does not even read it
            ast.parse("type number = float")
        return
    text, made = outcome("def f(x):\n    type number = float\n    return x * x\n", tmp_path)
    assert not made and text.startswith("error[E0101]")


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
    text, made = outcome(program, tmp_path)
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
    "a rule without this case": (
        "a: f8[i, j]",
        "a",
        "def f(a):\n    return np.sum(np.linalg.qr(a, mode='complete')[0])\n",
    ),
    "a slice of a list backwards from a place": (
        "xs: list[f8[n]]",
        "xs",
        "def f(xs):\n    return np.sum(sum(xs[3::-2]))\n",
    ),
    "a parameter that cannot vary": ("x: float, n: int", "n", "def f(x, n):\n    return x**n\n"),
    "a parameter that is not there": ("x: float, n: int", "y", "def f(x, n):\n    return x**n\n"),
    "a result of no number": ("v: f8[n]", "v", "def f(v):\n    w = v * 2.0\n    return w\n"),
    "an array of integers on some path": (
        "v: f8[n]",
        "v",
        "def f(v):\n    y = np.full(4, sum(q for q in v if q > 0.9))\n    return y[0] * v[0]\n",
    ),
    "a second derivative by a dict of a function that calls itself": (
        "x: float, n: int",
        "x",
        "import adgen\n\ndef g(p, n):\n    return p['w'] if n == 0 else p['w'] * g(p, n - 1)\n\n"
        "def f(x, n):\n    return adgen.grad(g)({'w': x}, n)['w']\n",
    ),
    "a flag that is an array where that decides": (
        "v: f8[n]",
        "v",
        "def f(v):\n    g, t = np.array(False), v[0]\n    h = g and t > 0.1\n    g ^= True\n"
        "    return t * v[1] if h else t\n",
    ),
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
    "plain.py": "import numpy as np\n\n\ndef f(x: float, n: int = 2):\n    return x**n\n\n\n"
    "def whole(n: int):\n    return n\n\n\n"
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
    print(x)


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
    assert list(golden("commands")) == list(COMMANDS)
    assert list(golden("calls")) == list(CALLS)
    assert list(golden("derivatives")) == list(DERIVATIVES)
