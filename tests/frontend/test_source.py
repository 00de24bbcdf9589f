"""Functions found by their code, whatever shape they have; free names resolved as Python does."""

import ast
import doctest
import functools
import importlib.util
import itertools
import linecache
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from adgen.errors import Refusal, SourceError
from adgen.frontend.bindings import (
    Captured,
    Derivative,
    Instance,
    Known,
    Literal,
    Missing,
    Module,
    UserClass,
    UserFunction,
)
from adgen.frontend.source import code_digest, dependencies, find, read_captured, still_valid
from adgen.ir.types import FLOAT, INT, Array, Struct, Sym

_count = itertools.count()


def write(folder, text, name=None):
    name = name or f"found_{next(_count)}"
    path = folder / f"{name}.py"
    path.write_text(textwrap.dedent(text))
    return path


def load(folder, text, name=None):
    path = write(folder, text, name)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def body(fun):
    node = find(fun).node
    return ast.unparse(node.body if isinstance(node, ast.Lambda) else node.body[-1])


def refusal(fun):
    with pytest.raises(SourceError) as caught:
        find(fun)
    assert isinstance(caught.value, Refusal)
    return caught.value.diagnostics[0]


# ---- finding ---------------------------------------------------------------------------------------------------------


def test_def_with_comments_place_and_defaults(tmp_path):
    m = load(
        tmp_path,
        """
        # above
        def f(x, y=2.0, *, mode="fast"):  # of f
            # inside
            return x * y  # result
        """,
    )
    source = find(m.f)
    assert (source.qualname, source.name, source.module, source.params) == ("f", "f", m.__name__, ("x", "y", "mode"))
    assert source.comments == {3: "# of f", 4: "# inside", 5: "# result"}
    assert source.defaults == {"y": Literal(2.0, "y"), "mode": Literal("fast", "mode")}
    assert source.lines[source.node.lineno - 1].startswith("def f")
    assert source.where == f"{m.__name__}.py"
    assert source.text.splitlines()[0] == 'def f(x, y=2.0, *, mode="fast"):  # of f'
    assert source.place(source.node.body[0])[1:3] == (5, 4)


def test_annotations_are_text(tmp_path):
    m = load(tmp_path, "def f(x: 'float', y: int = 2) -> float:\n    return x\n")
    assert find(m.f).annotations == {"x": "'float'", "y": "int"}


def test_nested_functions_of_the_same_name(tmp_path):
    m = load(
        tmp_path,
        """
        def make(which):
            if which:
                def g(x):
                    return x + 1.0
            else:
                def g(x):
                    return x * 3.0
            return g
        """,
    )
    assert body(m.make(True)) == "return x + 1.0"
    assert body(m.make(False)) == "return x * 3.0"
    assert find(m.make(True)).qualname == "make.<locals>.g"


def test_redefined_function_is_the_one_that_runs(tmp_path):
    m = load(tmp_path, "def f(x):\n    return x\nfirst = f\ndef f(x):\n    return 2 * x\n")
    assert body(m.first) == "return x"
    assert body(m.f) == "return 2 * x"


@pytest.mark.parametrize("index, expected", [(0, "x + 1"), (1, "x * 2"), (2, "x + 1")])
def test_lambdas_on_one_line(tmp_path, index, expected):
    m = load(tmp_path, "fs = [lambda x: x + 1, lambda x: x * 2, lambda x: x + 1]\n")
    source = find(m.fs[index])
    assert ast.unparse(source.node.body) == expected
    column = [6, 23, 40][index]
    assert source.node.col_offset == column
    assert source.name == "fun"


def test_nested_and_parenthesised_lambdas(tmp_path):
    m = load(tmp_path, "f = lambda a: (lambda x: (a) and (x)); g = lambda: (lambda x: (x))\n")
    assert body(m.f) == "lambda x: a and x"
    assert body(m.f(1.0)) == "a and x"
    assert body(m.g()) == "x"


def test_lambda_over_several_lines(tmp_path):
    m = load(tmp_path, "f = (lambda x,\n     y:\n     x *\n     y)\n")
    assert body(m.f) == "x * y"


def test_functions_differing_in_constants_only(tmp_path):
    m = load(tmp_path, "f = lambda x: x * 0.0\ng = lambda x: x * -0.0\nh = lambda x: x * 1\nk = lambda x: x * True\n")
    assert [body(fun) for fun in (m.f, m.g, m.h, m.k)] == ["x * 0.0", "x * -0.0", "x * 1", "x * True"]


def test_decorated_functions_by_what_their_wrapper_does(tmp_path):
    m = load(
        tmp_path,
        """
        import functools, time

        def timed(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                start = time.time()
                result = fn(*args, **kwargs)
                print(fn.__name__, time.time() - start, result)
                return result
            return wrapper

        def doubled(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                return 2.0 * fn(*args, **kwargs)
            return wrapper

        def register(fn):
            return fn

        @register
        @timed
        @timed
        def f(x):
            return x + 5.0

        @doubled
        def g(x):
            return x + 6.0

        @functools.lru_cache(maxsize=None)
        def h(x):
            return x + 7.0

        @functools.wraps(f)
        def k(x):
            return x + 8.0
        """,
    )
    assert body(m.f) == "return x + 5.0"
    assert body(m.g) == "return 2.0 * fn(*args, **kwargs)"  # not `x + 6.0`: that would be a wrong derivative
    assert find(m.g).qualname == "doubled.<locals>.wrapper"
    assert isinstance(find(m.g).scope.lookup("fn"), UserFunction)
    assert body(m.h) == "return x + 7.0"
    assert body(m.k) == "return x + 8.0"


CLASSES = """
    class Model:
        scale = 3.0

        def __init__(self, w):
            self.w = w
            self.__hidden = 4.0

        def loss(self, x):
            return self.w * x * self.scale

        def secret(self, x):
            return self.__hidden * x

        @staticmethod
        def square(x):
            return x * x

        @classmethod
        def make(cls, x):
            return x

        @property
        def double(self):
            return 2.0 * self.w
    """


def test_methods(tmp_path):
    m = load(tmp_path, CLASSES)
    model = m.Model(2.0)
    assert find(m.Model.loss).params == ("self", "x")
    assert find(m.Model.square).params == ("x",)
    source = find(model.loss)
    assert source.params == ("x",)
    ((name, bound),) = source.bound
    assert name == "self" and isinstance(bound, Instance) and bound.class_name == "Model"
    w = source.scope.attribute(bound, "w")
    assert isinstance(w, Captured) and (w.name, w.type) == ("self_w", FLOAT)
    model.w = 5.0
    assert read_captured(model.loss, w) == 5.0
    scale = source.scope.attribute(bound, "scale")
    assert isinstance(scale, Captured) and read_captured(model.loss, scale) == 3.0
    method = source.scope.attribute(bound, "secret")
    assert isinstance(method, UserFunction) and method.source.bound[0][0] == "self"
    assert isinstance(source.scope.attribute(bound, "double"), Missing)
    assert isinstance(source.scope.attribute(bound, "nothing"), Missing)
    assert find(m.Model.make).params == ("x",)


def test_private_names_are_those_of_the_class(tmp_path):
    m = load(tmp_path, CLASSES)
    source = find(m.Model(2.0).secret)
    hidden = source.scope.attribute(source.bound[0][1], "__hidden")
    assert isinstance(hidden, Captured) and hidden.value == 4.0


def test_partial(tmp_path):
    m = load(tmp_path, "def f(a, b, c=1.0, *, d=2.0):\n    return a * b\n")
    fun = functools.partial(m.f, np.ones(3), d="text")
    source = find(fun)
    assert source.params == ("b", "c")
    first, last = dict(source.bound)["a"], dict(source.bound)["d"]
    assert isinstance(first, Captured) and read_captured(fun, first) is fun.args[0]
    assert last == Literal("text", "d")
    assert find(functools.partial(functools.partial(m.f, 1.0), 2.0)).params == ("c", "d")
    assert refusal(functools.partial(m.f, 1, 2, 3, 4)).code == "E0203"
    assert refusal(functools.partial(m.f, wrong=1)).code == "E0203"


def test_library_functions_have_a_body_of_one_call():
    source = find(np.sin)
    assert (source.qualname, len(source.params)) == ("sin", 1)
    assert ast.unparse(source.node.body[0]) == f"return np.sin({source.params[0]})"
    numpy = source.scope.lookup("np")
    assert source.scope.attribute(numpy, "sin") == Known("np.sin")
    assert refusal(np.frompyfunc).title == "no derivative rule for `np.frompyfunc`"


def test_code_typed_into_doctest():
    results = []

    class Probe:
        def __call__(self, fun):
            results.append(find(fun))

    text = ">>> def f(x):\n...     return 3.0 * x\n>>> probe(f)\n>>> probe(lambda x: x - 1.0)\n"
    test = doctest.DocTestParser().get_doctest(text, {"probe": Probe()}, "typed", "typed.txt", 0)
    outcome = doctest.DocTestRunner(verbose=False).run(test)
    assert outcome.failed == 0
    assert [source.qualname for source in results] == ["f", "<lambda>"]
    assert results[0].path == "<doctest typed[0]>"
    assert results[0].lines[1] == "    return 3.0 * x"


def test_exec_with_and_without_text():
    text = "def f(x):\n    return 4.0 * x\n"
    names = {}
    exec(compile(text, "<kept 1>", "exec"), names)
    linecache.cache["<kept 1>"] = (len(text), None, text.splitlines(True), "<kept 1>")
    assert body(names["f"]) == "return 4.0 * x"
    lost = {}
    exec(text, lost)
    told = refusal(lost["f"])
    assert (told.code, told.title) == ("E0201", "the source of `f` is not at hand")
    assert "exec" in told.why and told.help


def test_future_flags_of_a_prompt_are_taken_over():
    text = "def f(x: undefined):\n    return x\n"
    names = {}
    flags = __import__("__future__").annotations.compiler_flag
    exec(compile(text, "<kept 2>", "exec", flags=flags), names)
    linecache.cache["<kept 2>"] = (len(text), None, text.splitlines(True), "<kept 2>")
    assert body(names["f"]) == "return x"


@pytest.mark.parametrize("thing", [3.0, dict, object(), np.ones(3), "text", None])
def test_things_that_are_no_functions(thing):
    told = refusal(thing)
    assert told.code == "E0203" and "not a Python function" in told.title and told.help


def test_generators_and_coroutines_are_refused(tmp_path):
    m = load(tmp_path, "def f(x):\n    yield x\nasync def g(x):\n    return x\n")
    for fun in (m.f, m.g):
        told = refusal(fun)
        assert told.code == "E0203" and told.place is not None


# ---- edited files ----------------------------------------------------------------------------------------------------

GOLDEN = """\
error[E0202]: the file of `f` changed since it was imported
  --> {path}:2:1
   2 | def f(x):
     | ^^^^^^^^^
  why:  the function that runs has other code than the file has now, so that its derivative would be of another text
  help: import the module again, or restart Python"""


def test_edited_file_is_refused(tmp_path):
    m = load(tmp_path, "\ndef f(x):\n    return x * 2.0\n")
    assert body(m.f) == "return x * 2.0"
    path = tmp_path / f"{m.__name__}.py"
    path.write_text("\ndef f(x):\n    return x * 3.0\n")
    with pytest.raises(SourceError) as caught:
        find(m.f)
    assert str(caught.value) == GOLDEN.format(path=path)
    path.write_text("\ndef f(x):\n    return x * 2.0\n")
    assert body(m.f) == "return x * 2.0"


@pytest.mark.parametrize(
    "text",
    [
        "\n\ndef f(x):\n    return x * 2.0\n",  # one line further down
        "\ndef f(x): return x * 2.0\n",
        "\ndef f(x):\n    return x  *  2.0\n",  # the same code in other columns
        "\ndef f(y):\n    return y * 2.0\n",
        "\ndef f(x):\n    return x * 2\n",
        "\ndef f(x):\n    return x * -2.0\n",
        "\ndef g(x):\n    return x * 2.0\n",
        "",
    ],
)
def test_every_edit_of_the_function_is_seen(tmp_path, text):
    m = load(tmp_path, "\ndef f(x):\n    return x * 2.0\n")
    (tmp_path / f"{m.__name__}.py").write_text(text)
    assert refusal(m.f).code == "E0202"


def test_edit_of_another_function_below_is_harmless(tmp_path):
    m = load(tmp_path, "def f(x):\n    return x * 2.0\ndef g(x):\n    return x\n")
    (tmp_path / f"{m.__name__}.py").write_text("def f(x):\n    return x * 2.0\ndef g(x):\n    return x + 1\n")
    assert body(m.f) == "return x * 2.0"
    assert refusal(m.g).code == "E0202"


def test_edit_of_a_nested_function_is_an_edit(tmp_path):
    m = load(tmp_path, "def f(x):\n    g = lambda y: y + 1.0\n    return g(x)\n")
    (tmp_path / f"{m.__name__}.py").write_text("def f(x):\n    g = lambda y: y + 2.0\n    return g(x)\n")
    assert refusal(m.f).code == "E0202"


def test_file_that_is_broken_or_gone(tmp_path):
    m = load(tmp_path, "def f(x):\n    return x * 2.0\n")
    path = tmp_path / f"{m.__name__}.py"
    path.write_text("def f(x:\n")
    told = refusal(m.f)
    assert told.code == "E0206" and told.place.line == 1
    path.unlink()
    assert refusal(m.f).code == "E0201"


def test_assert_rewritten_by_pytest_is_told():
    def f(x):
        assert x > 0
        return x

    told = refusal(f)
    assert told.code == "E0205" and "pytest" in told.why


def test_functions_of_this_rewritten_test_file_are_found():
    assert body(lambda x: x * 6.0) == "x * 6.0"


def test_lambdas_on_a_line_without_column_numbers(tmp_path):
    write(tmp_path, "f, g, h = lambda x: x + 1, lambda x: x * 2, 0\nk = lambda x: x\n", "columns")
    program = textwrap.dedent("""
        import columns
        from adgen.frontend.source import find
        from adgen.errors import SourceError
        find(columns.k)
        try:
            find(columns.f)
        except SourceError as error:
            print(error.diagnostics[0].code)
        """)
    command = [sys.executable, "-X", "no_debug_ranges", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("E0204", 0), done.stderr


def test_relative_paths_survive_a_change_of_folder(tmp_path, monkeypatch):
    path = write(tmp_path, "def f(x):\n    return x * 2.0\n")
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "moved", "__file__": str(path)}
    exec(compile(path.read_text(), path.name, "exec"), names)
    monkeypatch.chdir("/")
    assert body(names["f"]) == "return x * 2.0"


# ---- names -----------------------------------------------------------------------------------------------------------


def test_spellings_of_library_names(tmp_path):
    m = load(
        tmp_path,
        """
        import math
        import numpy
        import numpy as np
        import numpy.linalg as la
        from numpy import sin, absolute as magnitude
        from math import pi, exp as e
        s = np.tanh

        def f(x):
            return x
        """,
    )
    scope = find(m.f).scope
    for name in ("np", "numpy"):
        module = scope.lookup(name)
        assert module == Module("numpy")
        assert scope.attribute(module, "sin") == Known("np.sin")
        assert scope.attribute(module, "absolute") == Known("np.abs")
        assert scope.attribute(module, "median") == Known("np.median")
        assert scope.attribute(module, "pi") == Literal(np.pi, "np.pi")
        assert scope.attribute(module, "newaxis") == Literal(None, "np.newaxis")
        assert isinstance(scope.attribute(module, "sine"), Missing)
        assert scope.attribute(scope.attribute(module, "linalg"), "solve") == Known("np.linalg.solve")
        assert scope.attribute(scope.attribute(module, "add"), "at") == Known("np.add.at")
    assert scope.attribute(scope.lookup("la"), "norm") == Known("np.linalg.norm")
    assert scope.lookup("sin") == Known("np.sin")
    assert scope.lookup("magnitude") == Known("np.abs")
    assert scope.lookup("e") == Known("math.exp")
    assert scope.lookup("s") == Known("np.tanh")
    assert scope.lookup("pi") == Literal(np.pi, "math.pi")
    assert scope.attribute(scope.lookup("math"), "log") == Known("math.log")
    assert scope.lookup("len") == Known("len")
    assert scope.lookup("ValueError") == Known("ValueError")


def test_cells_before_globals_before_builtins(tmp_path):
    m = load(
        tmp_path,
        """
        k = 1.0
        max = 7.0

        def make(k):
            def f(x):
                return k * x + max + late
            if False:
                late = 1.0
            return f
        """,
    )
    fun = m.make(9.0)
    scope = find(fun).scope
    k = scope.lookup("k")
    assert k == Captured("k", FLOAT, (("cell", "k"),)) and k.value == 9.0
    assert scope.lookup("max") == Captured("max", FLOAT, (("global", "max"),))
    assert "no value yet" in scope.lookup("late").why
    missing = scope.lookup("nowhere")
    assert isinstance(missing, Missing) and "nowhere" in missing.why


def test_values_are_read_at_each_call(tmp_path):
    m = load(
        tmp_path,
        """
        import numpy as np
        k, w, n = 2.0, np.ones((2, 1)), 3
        pair = (1.0, {"a": [1.0, 2.0]})
        flag, mode, nothing = True, "fast", None

        def f(x):
            return x
        """,
    )
    scope = find(m.f).scope
    assert scope.lookup("w").type == Array("f8", (Sym("w0"), 1))
    assert scope.lookup("n").type == INT
    assert isinstance(scope.lookup("pair").type, Struct)
    assert scope.lookup("flag") == Literal(True, "flag")
    assert scope.lookup("mode") == Literal("fast", "mode")
    assert scope.lookup("nothing") == Literal(None, "nothing")
    k = scope.lookup("k")
    m.k = 5.0
    assert read_captured(m.f, k) == 5.0
    del m.k
    with pytest.raises(NameError):
        read_captured(m.f, k)
    assert scope.pin(scope.lookup("n")) == Literal(3, "n")
    assert isinstance(scope.pin(scope.lookup("w")), Missing)


def test_values_that_cannot_be_captured_say_why(tmp_path):
    m = load(tmp_path, "import numpy as np\na = np.array([None])\ns = {1, 2}\ndef f(x):\n    return x\n")
    scope = find(m.f).scope
    assert "Python objects" in scope.lookup("a").why
    assert isinstance(scope.lookup("s"), Captured)


def test_user_functions_across_modules(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    load(tmp_path, "rate = 0.5\ndef helper(x):\n    return rate * x\n", "reach_a")
    m = load(
        tmp_path,
        """
        import reach_a
        import reach_a as other
        from reach_a import helper as h

        def f(x):
            return h(x) + f(x - 1.0)
        """,
        "reach_b",
    )
    scope = find(m.f).scope
    h = scope.lookup("h")
    assert isinstance(h, UserFunction) and h.source.qualname == "helper" and h.source.module == "reach_a"
    again = scope.attribute(scope.lookup("reach_a"), "helper")
    assert again.source is h.source  # one source for one function
    rate = h.source.scope.lookup("rate")
    sys.modules["reach_a"].rate = 0.75
    assert read_captured(m.f, rate) == 0.75
    assert scope.attribute(scope.lookup("other"), "rate").type == FLOAT
    itself = scope.lookup("f")
    assert itself.source is find_again(scope, m.f)
    assert isinstance(scope.attribute(scope.lookup("reach_a"), "nowhere"), Missing)


def find_again(scope, fun):
    return scope.session.find(fun, (), scope.session)


def test_a_global_has_one_route(tmp_path):
    m = load(tmp_path, "k = 1.0\ndef g(x):\n    return k * x\ndef f(x):\n    return k * g(x)\n")
    scope = find(m.f).scope
    inside = scope.lookup("g").source.scope.lookup("k")
    assert inside == scope.lookup("k") and inside.read == (("global", "k"),)


def test_functions_without_source_are_missing(tmp_path):
    names = {}
    exec("def g(x): return x", names)
    m = load(tmp_path, "g = None\ndef f(x):\n    return g(x)\n")
    m.g = names["g"]
    missing = find(m.f).scope.lookup("g")
    assert isinstance(missing, Missing) and "not at hand" in missing.why and missing.help


DATA = """
    import enum
    from dataclasses import dataclass, field
    from typing import NamedTuple

    @dataclass
    class Params:
        w: float
        b: float = 0.5

        def total(self):
            return self.w + self.b

    @dataclass(frozen=True)
    class Fancy:
        w: float
        def __post_init__(self):
            pass

    class Point(NamedTuple):
        x: float
        y: float = 1.0

    class Plain:
        pass

    class Color(enum.Enum):
        RED = 1

    p = Params(1.0)
    color = Color.RED

    def f(x):
        return x
    """


def test_classes(tmp_path):
    m = load(tmp_path, DATA)
    scope = find(m.f).scope
    params = scope.lookup("Params")
    assert params == UserClass("Params", m.__name__, (("w", None), ("b", Literal(0.5, "b"))), "dataclass")
    assert scope.lookup("Point").kind == "namedtuple"
    assert scope.lookup("Point").fields == (("x", None), ("y", Literal(1.0, "y")))
    assert "__post_init__" in scope.lookup("Fancy").why
    assert scope.lookup("Plain").kind == "class"
    assert scope.lookup("color") == Literal(m.Color.RED, "color")
    p = scope.lookup("p")
    assert isinstance(p, Captured) and p.type.kind == params.type_kind
    assert scope.class_of(p.type.kind) == params
    assert isinstance(scope.class_of("object:nowhere:Nothing"), Missing)
    assert scope.attribute(params, "total").source.params == ("self",)
    bound = scope.attribute(p, "total")
    assert bound.source.params == () and bound.source.bound[0][0] == "self"
    assert scope.attribute(p, "w").read == (("global", "p"), ("attr", "w"))


def test_callables_as_values(tmp_path):
    m = load(tmp_path, "k = 2.0\ndef g(x):\n    return k * x\ndef f(x):\n    return x\n")
    scope = find(m.f).scope
    bound = scope.bind(m.g, "g")
    assert isinstance(bound, UserFunction)
    assert scope.bind(np.tanh, "act") == Known("np.tanh")
    assert read_captured(m.f, bound.source.scope.lookup("k")) == 2.0


def test_derivatives_inside_functions(tmp_path):
    from collections import namedtuple

    Request = namedtuple("Request", "fun mode wrt has_aux")

    class Made:
        def __init__(self, *args):
            self.__adgen_request__ = Request(*args)

        def __call__(self, x):
            return x

    m = load(tmp_path, "def g(x):\n    return x\ndef f(x):\n    return dg(x)\n")
    m.dg = Made(m.g, "grad", 0, False)
    m.ddg = Made(m.dg, "grad", (0, 1), False)
    scope = find(m.f).scope
    first, second = scope.lookup("dg"), scope.lookup("ddg")
    assert isinstance(first, Derivative) and (first.mode, first.wrt, first.source.qualname) == ("grad", 0, "g")
    assert isinstance(second.source, Derivative) and second.wrt == (0, 1)
    assert refusal(m.dg).code == "E0203"  # not silently the function inside
    found = dependencies(find_source := scope.lookup("dg").source)
    assert find_source.qualname == "g"
    assert {entry.kind for entry in found} == {"function", "derivative"}
    m.dg = Made(m.g, "grad", 1, False)
    assert not still_valid(m.f, found)


# ---- dependencies ----------------------------------------------------------------------------------------------------

REACH = """
    flag = True
    n = 3
    k = 2.0

    def deep(x):
        return x * k

    def helper(x):
        return deep(x)

    def f(x, y=1.0):
        return helper(x) if flag else y
    """


def reached(m):
    source = find(m.f)
    scope = source.scope
    scope.lookup("helper").source.scope.lookup("deep").source.scope.lookup("k")
    scope.lookup("flag")
    scope.lookup("len")
    scope.pin(scope.lookup("n"))
    return dependencies(source)


def test_dependencies_are_what_was_looked_up(tmp_path):
    m = load(tmp_path, REACH)
    found = reached(m)
    assert [(entry.kind, entry.key) for entry in found] == [
        ("function", ()),
        ("function", (("global", "deep"),)),
        ("literal", (("global", "flag"),)),
        ("function", (("global", "helper"),)),
        ("known", (("global", "len"),)),
        ("literal", (("global", "n"),)),
    ]
    assert still_valid(m.f, found)
    assert found == reached(m)


def _redefine(m, text):
    exec(compile(textwrap.dedent(text), "<redefined>", "exec"), m.__dict__)


@pytest.mark.parametrize(
    "change, valid",
    [
        (lambda m: setattr(m, "k", 7.0), True),
        (lambda m: setattr(m, "k", 7), True),  # its type is the signature's business
        (lambda m: setattr(m, "flag", False), False),
        (lambda m: setattr(m, "flag", 1), False),
        (lambda m: setattr(m, "n", 4), False),
        (lambda m: setattr(m, "n", 3.0), False),
        (lambda m: delattr(m, "n"), False),
        (lambda m: setattr(m, "len", lambda x: 0), False),
        (lambda m: setattr(m, "deep", np.sin), False),
        (lambda m: _redefine(m, "def deep(x):\n    return x + k"), False),
        (lambda m: _redefine(m, "\n\n\ndef deep(x):\n    return x * k"), True),  # the same, elsewhere
        (lambda m: setattr(m.deep, "__code__", (lambda x: x).__code__), False),
        (lambda m: setattr(m.f, "__defaults__", (2.0,)), False),
    ],
)
def test_changes_are_seen(tmp_path, change, valid):
    m = load(tmp_path, REACH)
    found = reached(m)
    change(m)
    assert still_valid(m.f, found) is valid


def test_cells_of_helpers_are_followed(tmp_path):
    m = load(
        tmp_path,
        """
        def make(g):
            def helper(x):
                return g(x)
            return helper

        def set_cell(fun, value):
            fun.__closure__[0].cell_contents = value

        helper = make(lambda x: x)

        def f(x):
            return helper(x)
        """,
    )
    source = find(m.f)
    source.scope.lookup("helper").source.scope.lookup("g")
    found = dependencies(source)
    assert still_valid(m.f, found)
    m.set_cell(m.helper, lambda x: 2 * x)
    assert not still_valid(m.f, found)


def test_code_digest_is_stable_across_processes(tmp_path):
    m = load(tmp_path, "def f(x):\n    return x in {1, 'a', 2.0} and (lambda: x)\n", "stable_digest")
    program = "import stable_digest as m; from adgen.frontend.source import code_digest as d; print(d(m.f.__code__))"
    outputs = set()
    for seed in ("0", "1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PATH": "/usr/bin"}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout.strip())
    assert outputs == {code_digest(m.f.__code__)}
