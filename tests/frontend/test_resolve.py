"""Names and functions found in the text of files; nothing of the user's is ever executed."""

import ast
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from adgen.errors import SourceError
from adgen.frontend.bindings import (
    Captured,
    Derivative,
    Factory,
    Known,
    Literal,
    Missing,
    Module,
    UserClass,
    UserFunction,
)
from adgen.frontend.files import project_root
from adgen.frontend.modules import module_name
from adgen.frontend.resolve import from_file, targets
from adgen.frontend.source import dependencies
from adgen.ir.types import FLOAT, UNKNOWN, Array, ListOf, Struct


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return str(path)


def scope_of(folder, text, name="main.py"):
    return from_file(write(folder, name, text + "\n\ndef entry(x):\n    return x\n"), "entry").scope


def refusal(path, qualname):
    with pytest.raises(SourceError) as caught:
        from_file(path, qualname)
    return caught.value.diagnostics[0]


# ---- no side effects -------------------------------------------------------------------------------------------------


def test_nothing_is_executed(tmp_path):
    marker = tmp_path / "executed"
    touch = f"\nimport pathlib\npathlib.Path({str(marker)!r}).write_text(__name__)\n"
    raising = "\nraise SystemExit('executed')\n"
    write(tmp_path, "pkg/__init__.py", touch + raising)
    write(tmp_path, "pkg/sub/__init__.py", touch + raising)
    write(tmp_path, "pkg/sub/sibling.py", "RATE = 0.5\ndef helper(x):\n    return RATE * x\n" + touch + raising)
    write(tmp_path, "outside.py", "def other(x):\n    return x\n" + touch + raising)
    path = write(
        tmp_path,
        "pkg/sub/model.py",
        f"""
        import numpy as np
        import adgen
        import outside
        import pkg.sub.sibling as s
        from . import sibling
        from .sibling import helper
        from ..sub import sibling as again

        def mark(value):
            open({str(marker)!r}, "w").close()
            return value

        mark(0)

        @adgen.grad(argnums=mark(0))
        def marked(x):
            return x

        @mark(adgen.grad)
        def called(x):
            return x

        @adgen.grad
        def loss(x, y=mark(1.0)):
            return helper(x) + outside.other(x) + s.RATE
        """,
    )
    before = set(sys.modules)
    source = from_file(path, "loss")
    scope = source.scope
    for name in ("helper", "mark", "np", "s", "sibling", "again", "outside"):
        assert not isinstance(scope.lookup(name), Missing), name
    assert scope.attribute(scope.lookup("outside"), "other").source.module == "outside"
    assert scope.attribute(scope.lookup("s"), "RATE") == Literal(0.5, "RATE")
    assert scope.attribute(scope.lookup("sibling"), "helper").source is scope.lookup("helper").source
    assert [target.qualname for target in targets(path)] == ["loss"]
    assert not marker.exists()
    assert not {name for name in set(sys.modules) - before if name.split(".")[0] in ("pkg", "outside")}
    assert dependencies(source) == []


def test_a_process_that_only_resolves_imports_nothing_of_the_users(tmp_path):
    write(tmp_path, "helpers.py", "print('executed')\ndef g(x):\n    return x\n")
    path = write(tmp_path, "main.py", "print('executed')\nimport helpers\ndef f(x):\n    return helpers.g(x)\n")
    program = (
        "import sys; from adgen.frontend.resolve import from_file; "
        f"s = from_file({path!r}, 'f').scope; s.attribute(s.lookup('helpers'), 'g'); "
        "print(sorted({'helpers', 'main'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    assert done.stdout == "[]\n", done.stderr


# ---- names -----------------------------------------------------------------------------------------------------------


def test_spellings_of_library_names(tmp_path):
    scope = scope_of(
        tmp_path,
        """
import math
import numpy
import numpy as np
import numpy.linalg as la
from numpy import sin, absolute as magnitude
from math import pi, exp as e
from numpy.linalg import norm
import numpy.random
import scipy.special as sp
from typing import TYPE_CHECKING
s = np.tanh
""",
    )
    for name in ("np", "numpy"):
        module = scope.lookup(name)
        assert module == Module("numpy")
        assert scope.attribute(module, "sin") == Known("np.sin")
        assert scope.attribute(module, "median") == Known("np.median")
        assert scope.attribute(module, "inf") == Literal(np.inf, "np.inf")
        assert isinstance(scope.attribute(module, "sine"), Missing)
        assert scope.attribute(scope.attribute(module, "linalg"), "solve") == Known("np.linalg.solve")
    assert scope.attribute(scope.lookup("la"), "norm") == scope.lookup("norm") == Known("np.linalg.norm")
    assert (scope.lookup("sin"), scope.lookup("magnitude")) == (Known("np.sin"), Known("np.abs"))
    assert (scope.lookup("e"), scope.lookup("s")) == (Known("math.exp"), Known("np.tanh"))
    assert scope.lookup("pi") == Literal(np.pi, "math.pi")
    assert scope.attribute(scope.lookup("sp"), "expit") == Known("scipy.special.expit")
    assert scope.lookup("TYPE_CHECKING") == Literal(False, "typing.TYPE_CHECKING")
    assert (scope.lookup("len"), scope.lookup("ValueError")) == (Known("len"), Known("ValueError"))
    assert "no name `nowhere`" in scope.lookup("nowhere").why


def test_literals_and_other_values(tmp_path):
    scope = scope_of(
        tmp_path,
        """
import numpy as np
from dataclasses import dataclass

@dataclass
class P:
    w: float

K = -2.5
N = 64
DX = 1.0 / N
TWO_PI = 2 * np.pi
A, B = 1, (2, "b")
MODE: str = "fast"
NOTHING = None
MASK = np.array([1.0, 2.0])
XS = [1.0, 2.0]
CONFIG = {"lr": 0.1, "name": "a"}
U: np.ndarray = make()
V: "list[float]" = make()
OWN: P = make()
if N > 3:
    SOMETIMES = 4.0
""",
    )
    values = {"K": -2.5, "N": 64, "DX": 1 / 64, "TWO_PI": 2 * np.pi, "A": 1, "B": (2, "b"), "MODE": "fast"}
    for name, value in (values | {"NOTHING": None}).items():
        assert scope.lookup(name) == Literal(value, name)
    mask = scope.lookup("MASK")
    assert mask == Captured("MASK", UNKNOWN, (("module", "main"), ("attr", "MASK"))) and mask.module == "main"
    assert scope.lookup("XS").type == ListOf(FLOAT)
    assert scope.lookup("CONFIG").type.keys == ("lr", "name")
    assert scope.lookup("U").type == Array(None, None)
    assert scope.lookup("V").type == ListOf(FLOAT)
    own = scope.lookup("OWN")
    assert own.type == Struct("object:main:P", ("w",), (FLOAT,))
    assert scope.attribute(own, "w").read == (("module", "main"), ("attr", "OWN"), ("attr", "w"))
    assert scope.lookup("SOMETIMES") == Captured("SOMETIMES", FLOAT, (("module", "main"), ("attr", "SOMETIMES")))
    assert isinstance(scope.pin(mask), Missing)
    assert isinstance(scope.bind(np.sin, "sin"), Missing)


@pytest.mark.parametrize(
    "text, why",
    [
        ("K = 1.0\nK = 2.0", "`K` is bound 2 times in main (lines 1, 2)"),
        ("K = 1.0\nK += 2.0", "bound 2 times"),
        ("K = 1.0\ndef set():\n    global K\n    K = 2.0", "bound 2 times"),
        ("K = 1.0\nfor K in (1, 2): pass", "bound 2 times"),
        ("K = 1.0\ndel K", "bound 2 times"),
        ("K = 1.0\nprint(K := 2.0)", "bound 2 times"),
        ("try:\n    import K\nexcept ImportError:\n    K = None", "bound 2 times"),
        ("def K(x): return x\nK = print", "bound 2 times"),
        ("for K in (1, 2): pass", "known only by running it"),
        ("with open('f') as K: pass", "known only by running it"),
        ("(K, *rest) = make()", "known only by running it"),
        ("async def K(x): return x", "async function"),
        ("if __name__ == '__main__':\n    K = 2.0", "only where main runs as a program"),
        ("import K", "no module `K` is found"),
        ("from nowhere_at_all import K", "no module `nowhere_at_all`"),
        ("from . import K", "above its package"),
        ("class K(dict): pass", "derives from dict"),
        ("from functools import partial\nK = partial(print, 1)", "is not followed here"),
    ],
)
def test_names_without_a_certain_meaning(tmp_path, text, why):
    missing = scope_of(tmp_path, text).lookup("K")
    assert isinstance(missing, Missing), missing
    assert why in missing.why


def test_user_modules(tmp_path):
    write(tmp_path, "a/__init__.py", "from .b import deep\nTOP = 1.0\n")
    write(tmp_path, "a/b.py", "from a import TOP\nimport a.c\ndef deep(x):\n    return x\n")
    write(tmp_path, "a/c.py", "from .b import deep as d\nfrom .b import *\nC = 2.0\n_hidden = 1.0\n")
    write(tmp_path, "space/inner/leaf.py", "LEAF = 3.0\n")
    write(tmp_path, "broken.py", "def f(:\n")
    scope = scope_of(
        tmp_path,
        """
import a
import a.b as ab
import a.c
from a.c import d as renamed
from a.c import deep as starred
from a import TOP
import space.inner.leaf
from space.inner import leaf as l
import broken
""",
    )
    deep = scope.attribute(scope.lookup("ab"), "deep")
    assert deep.source.module == "a.b" and deep.source.where == "b.py"
    a = scope.lookup("a")
    assert scope.attribute(a, "deep").source is deep.source
    assert scope.lookup("renamed").source is scope.lookup("starred").source is deep.source
    assert scope.attribute(scope.attribute(a, "c"), "C") == Literal(2.0, "C")
    assert scope.lookup("TOP") == deep.source.scope.lookup("TOP") == Literal(1.0, "TOP")
    leaf = scope.attribute(scope.attribute(scope.lookup("space"), "inner"), "leaf")
    assert scope.attribute(leaf, "LEAF") == scope.attribute(scope.lookup("l"), "LEAF") == Literal(3.0, "LEAF")
    assert "not valid Python" in scope.lookup("broken").why
    assert "has no name" in scope.attribute(a, "nowhere").why


def test_star_imports(tmp_path):
    write(tmp_path, "listed.py", "__all__ = ['_shown']\n_shown = 1.0\nhidden = 2.0\n")
    write(tmp_path, "plain.py", "len = 3.0\n_private = 1.0\n")
    scope = scope_of(tmp_path, "from numpy import *\nfrom listed import *\nfrom plain import *\n")
    assert scope.lookup("tanh") == Known("np.tanh")
    assert scope.lookup("_shown") == Literal(1.0, "_shown")
    assert isinstance(scope.lookup("hidden"), Missing)
    assert isinstance(scope.lookup("_private"), Missing)
    assert scope.lookup("len") == Literal(3.0, "len")  # it hides the builtin


def test_circular_imports(tmp_path):
    write(tmp_path, "one.py", "from two import x\n")
    write(tmp_path, "two.py", "from one import x\n")
    assert "leads back to itself" in scope_of(tmp_path, "from one import x\n").lookup("x").why


def test_compiled_modules_have_no_source(tmp_path):
    (tmp_path / "fast.cpython-311-x86_64-linux-gnu.so").write_bytes(b"")
    (tmp_path / "fast.so").write_bytes(b"")
    assert "compiled" in scope_of(tmp_path, "import fast\n").lookup("fast").why


def test_own_module_with_the_name_of_a_standard_one(tmp_path):
    write(tmp_path, "statistics.py", "def mean(x):\n    return x\n")
    scope = scope_of(tmp_path, "import statistics, calendar\n")
    assert scope.attribute(scope.lookup("statistics"), "mean").source.where == "statistics.py"
    assert scope.attribute(scope.lookup("calendar"), "isleap") == Known("calendar.isleap")


def test_a_sibling_in_a_package_needs_its_package(tmp_path):
    write(tmp_path, "pkg/__init__.py", "")
    write(tmp_path, "pkg/near.py", "K = 1.0\n")
    scope = scope_of(tmp_path, "import near\nfrom pkg.near import K\n", "pkg/main.py")
    assert "no module `near`" in scope.lookup("near").why
    assert scope.lookup("K") == Literal(1.0, "K")


# ---- functions -------------------------------------------------------------------------------------------------------


def test_functions_by_qualified_name(tmp_path):
    path = write(
        tmp_path,
        "main.py",
        """
        import functools
        from register import register
        import numpy as np

        def plain(x: float, k=3, *, mode="a", table=np.ones(3)):  # told
            return x

        @functools.lru_cache(maxsize=None)
        @register
        def harmless(x):
            return plain(x) + harmless(x)

        class Model:
            scale = 2.0

            def loss(self, x):
                return self.__scale(x)

            def __scale(self, x):
                return x

            @staticmethod
            def square(x):
                return x * x

            @property
            def double(self):
                return 2.0

        short = lambda x: x * 2.0
        """,
    )
    write(tmp_path, "register.py", "names = []\ndef register(fn):\n    names.append(fn)\n    return fn\n")
    source = from_file(path, "plain")
    assert (source.qualname, source.module, source.where) == ("plain", "main", "main.py")
    assert source.params == ("x", "k", "mode", "table") and source.annotations == {"x": "float"}
    assert source.defaults["k"] == Literal(3, "k") and source.defaults["mode"] == Literal("a", "mode")
    assert source.defaults["table"].read == (("module", "main"), ("attr", "plain"), ("default", "table"))
    assert source.comments == {6: "# told"}
    harmless = from_file(path, "harmless")
    assert harmless.scope.lookup("harmless").source is harmless  # recursion is seen
    assert from_file(path, "Model.loss").params == ("self", "x")
    assert from_file(path, "Model.loss").qualname == "Model.loss"
    assert from_file(path, "Model.square").params == ("x",)
    assert ast.unparse(from_file(path, "short").node.body) == "x * 2.0"
    assert refusal(path, "Model.double").code == "E0208"
    assert refusal(path, "Model.scale").code == "E0208"
    assert from_file(path, "plain").key == source.key


@pytest.mark.parametrize(
    "text, name, why",
    [
        ("def f(x): return x", "g", "the file has no `g`"),
        ("def f(x): return x", "f.g", "`f` is not one class"),
        ("def f(x): return x\ndef f(x): return 2 * x", "f", "bound 2 times"),
        ("import time\n@time.timed\ndef f(x): return x", "f", "decorated by `time.timed`"),
        ("def twice(g):\n    return lambda x: 2 * g(x)\n@twice\ndef f(x): return x", "f", "decorated by `twice`"),
        ("K = 2.0", "K", "no function but a literal"),
        ("import numpy", "numpy", "no function but a module"),
    ],
)
def test_functions_that_are_not_there(tmp_path, text, name, why):
    path = write(tmp_path, "main.py", text)
    told = refusal(path, name)
    assert told.code == "E0208" and why in told.why and told.help
    assert f"main.py::{name}" in told.title


GOLDEN = """\
error[E0206]: `main.py` is not valid Python
  --> {path}:2:7
   2 | def f(:
     |       ^
  why:  invalid syntax
  help: correct the file"""


def test_files_that_cannot_be_read(tmp_path):
    path = write(tmp_path, "main.py", "x = 1\ndef f(:\n")
    with pytest.raises(SourceError) as caught:
        from_file(path, "f")
    assert str(caught.value) == GOLDEN.format(path=path)
    assert refusal(str(tmp_path / "nowhere.py"), "f").code == "E0201"
    assert refusal(str(tmp_path), "f").code == "E0201"
    (tmp_path / "bytes.py").write_bytes(b"x = '\xff'\n")
    assert refusal(str(tmp_path / "bytes.py"), "f").code in ("E0201", "E0206")
    (tmp_path / "null.py").write_bytes(b"x = 1\0\n")
    assert refusal(str(tmp_path / "null.py"), "f").code == "E0206"
    (tmp_path / "coding.py").write_bytes(b"# coding: nonsense\n")
    assert refusal(str(tmp_path / "coding.py"), "f").code == "E0206"


def test_classes(tmp_path):
    write(tmp_path, "base.py", "from dataclasses import dataclass\n@dataclass\nclass Base:\n    a: float\n")
    scope = scope_of(
        tmp_path,
        """
import dataclasses
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple
from base import Base
import numpy as np

@dataclass(frozen=True)
class P(Base):
    w: "np.ndarray"
    b: float = 1.0 / 2
    xs: list[float] = field(default_factory=list)
    KIND: ClassVar[int] = 3

    def total(self):
        return self.w + self.b

@dataclasses.dataclass
class Q:
    v: float

class T(NamedTuple):
    x: float
    y: float = 2.0

@dataclass
class Checked:
    v: float
    def __post_init__(self):
        pass

@dataclass
class Derived(dict):
    v: float
""",
    )
    p = scope.lookup("P")
    assert isinstance(p, UserClass) and (p.qualname, p.module, p.kind, p.frozen) == ("P", "main", "dataclass", True)
    assert [name for name, _ in p.fields] == ["a", "w", "b", "xs"]
    assert dict(p.fields)["b"] == Literal(0.5, "b") and dict(p.fields)["w"] is None
    assert dict(p.fields)["xs"] == Factory(Known("list"))
    assert scope.attribute(p, "total").source.params == ("self",)
    assert scope.class_of(p.type_kind) == p
    assert scope.class_of("object:base:Base").fields == (("a", None),)
    assert isinstance(scope.class_of("object:main:Nothing"), Missing)
    assert scope.lookup("Q").fields == (("v", None),)
    assert scope.lookup("T").kind == "namedtuple"
    assert scope.lookup("Checked").kind == "dataclass"
    assert "derives from dict" in scope.lookup("Derived").why
    assert scope.struct_type("Q") == Struct("object:main:Q", ("v",), (FLOAT,))
    assert scope.struct_type("np") is None


# ---- targets ---------------------------------------------------------------------------------------------------------


def found(folder, text):
    path = write(folder, "main.py", text)
    return [(t.qualname, t.mode, t.wrt, t.said, t.order) for t in targets(path)]


DEF = "def f(x, y, z):\n    return x\n"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("import adgen\n@adgen.grad\n" + DEF, ("f", "grad", ("x",), False, 1)),
        ("import adgen\n@adgen.grad()\n" + DEF, ("f", "grad", ("x",), False, 1)),
        ("import adgen as ad\n@ad.value_and_grad(argnums=1)\n" + DEF, ("f", "value_and_grad", ("y",), True, 1)),
        ("from adgen import grad\n@grad(argnums=(0, -1))\n" + DEF, ("f", "grad", ("x", "z"), True, 1)),
        ("from adgen import grad as g\n@g(wrt='z')\n" + DEF, ("f", "grad", ("z",), True, 1)),
        ("from adgen import grad as g\n@g(wrt=('z', 'x'))\n" + DEF, ("f", "grad", ("z", "x"), True, 1)),
        (
            "import adgen\nfrom functools import partial\n@partial(adgen.grad, argnums=2)\n" + DEF,
            ("f", "grad", ("z",), True, 1),
        ),
        (
            "import adgen\nimport functools as ft\nvg = ft.partial(adgen.grad, wrt='y')\n@vg\n" + DEF,
            ("f", "grad", ("y",), True, 1),
        ),
        ("import adgen\nvg = adgen.grad\n@vg\n" + DEF, ("f", "grad", ("x",), False, 1)),
        (
            "import adgen\n" + DEF + "g = adgen.value_and_grad(f, argnums=(0, 1))\n",
            ("f", "value_and_grad", ("x", "y"), True, 1),
        ),
        ("import adgen\n" + DEF + "g = adgen.grad(f, 1)\n", ("f", "grad", ("y",), True, 1)),
        ("import adgen\n" + DEF + "print(adgen.grad(f)(1.0, 2.0, 3.0))\n", ("f", "grad", ("x",), False, 1)),
        (
            "import adgen\n" + DEF + "if __name__ == '__main__':\n    g = adgen.grad(f)\n",
            ("f", "grad", ("x",), False, 1),
        ),
        ("import adgen\n" + DEF + "h = adgen.grad(adgen.grad(f))\n", ("f", "grad", ("x",), False, 2)),
        ("import adgen\n@adgen.grad\n@adgen.grad(argnums=1)\n" + DEF, ("f", "grad", ("x",), False, 2)),
        ("import adgen\n" + DEF + "print(adgen.jvp(f, (1.0,), (1.0,)))\n", ("f", "jvp", (), False, 1)),
        ("import adgen\n" + DEF + "print(adgen.vjp(f, 1.0, 2.0))\n", ("f", "vjp", (), False, 1)),
        (
            "import adgen\n" + DEF + "c = adgen.compile(f, mode='jvp', wrt=('x', 'y'))\n",
            ("f", "jvp", ("x", "y"), True, 1),
        ),
        (
            "import adgen\nclass C:\n    @adgen.grad(argnums=1)\n    def m(self, x, y):\n        return x\n",
            ("C.m", "grad", ("y",), True, 1),
        ),
        (
            "import adgen\nclass C:\n    @adgen.grad\n    @staticmethod\n    def m(x, y):\n        return x\n",
            ("C.m", "grad", ("x",), False, 1),
        ),
    ],
)
def test_every_spelling_of_a_target(tmp_path, text, expected):
    assert found(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        DEF,
        "import adgen\n" + DEF + "def main():\n    return adgen.grad(f)\n",
        "import adgen\nn = 1\n" + DEF + "g = adgen.grad(f, argnums=n)\n",
        "import adgen\n" + DEF + "g = adgen.grad(f, argnums=7)\n",
        "import adgen\n" + DEF + "g = adgen.grad(f, wrt='w')\n",
        "import adgen\ng = adgen.grad(lambda x: x)\n",
        "import adgen\n" + DEF + "h = adgen.hessian(f)\n",
        "import other as adgen\n@adgen.grad\n" + DEF,
        "from other import grad\n@grad\n" + DEF,
    ],
)
def test_what_is_no_target(tmp_path, text):
    assert found(tmp_path, text) == []


def test_targets_in_order_and_once(tmp_path):
    write(tmp_path, "far.py", "def far(a):\n    return a\n")
    path = write(
        tmp_path,
        "main.py",
        """
        import adgen
        from far import far
        def a(x): return x
        @adgen.grad
        def b(x): return x
        g = adgen.grad(a, has_aux=True)
        h = adgen.grad(b)
        k = [adgen.grad(a), adgen.value_and_grad(a), adgen.grad(far)]
        """,
    )
    listed = targets(path)
    assert [(t.qualname, t.mode, t.line) for t in listed] == [
        ("b", "grad", 6),
        ("a", "grad", 7),
        ("b", "grad", 8),  # of a derivative: order 2
        ("a", "value_and_grad", 9),
        ("far", "grad", 9),
    ]
    assert listed[1].has_aux and not listed[0].has_aux
    assert [t.path for t in listed if t.qualname == "far"] == [str(tmp_path / "far.py")]


def test_derivatives_used_by_other_functions(tmp_path):
    scope = scope_of(
        tmp_path,
        "import adgen\n@adgen.grad(argnums=1)\ndef f(x, y):\n    return x * y\ndg = adgen.grad(adgen.grad(f))\n",
    )
    f = scope.lookup("f")
    assert isinstance(f, Derivative) and (f.mode, f.wrt, f.source.qualname) == ("grad", 1, "f")
    dg = scope.lookup("dg")
    assert isinstance(dg.source, Derivative) and isinstance(dg.source.source, Derivative)
    assert isinstance(scope.lookup("entry"), UserFunction)


# ---- places ----------------------------------------------------------------------------------------------------------


def test_names_of_modules(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    for name, expected in [
        ("script.py", "script"),
        ("examples/heat.py", "examples.heat"),
        ("my-files/heat.py", "heat"),
    ]:
        assert module_name(write(tmp_path, name, "")) == expected
    write(tmp_path, "src/pkg/__init__.py", "")
    assert module_name(write(tmp_path, "src/pkg/model.py", "")) == "pkg.model"
    assert module_name(str(tmp_path / "src/pkg/__init__.py")) == "pkg"


def test_project_root(tmp_path):
    path = write(tmp_path, "a/b/f.py", "def f(x):\n    return x\n")
    assert project_root(path) == tmp_path / "a" / "b"
    (tmp_path / "pyproject.toml").write_text("")
    assert project_root(path) == tmp_path
    assert from_file(path, "f").where == "a/b/f.py"


def test_the_working_folder_does_not_matter(tmp_path, monkeypatch):
    write(tmp_path, "p/helpers.py", "K = 1.0\n")
    path = write(tmp_path, "p/main.py", "from helpers import K\ndef f(x):\n    return K * x\n")
    keys = []
    for folder, given in (("/", path), (tmp_path / "p", "main.py")):
        monkeypatch.chdir(folder)
        source = from_file(given, "f")
        assert source.scope.lookup("K") == Literal(1.0, "K")
        keys.append((source.key, source.where, source.text_digest))
    assert keys[0] == keys[1]
