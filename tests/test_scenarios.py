"""Stale or surprising source: what is differentiated is the code that runs, or it is refused.

Each scenario is a program.  It is written to a file and imported; in it `right(got, expected)` asserts a number and
`refused(call, word)` that the call raises adgen's error with this word; `write(name, text)` writes a file beside it.
"""

import doctest
import importlib
import linecache
import os
import sys
import textwrap
import threading

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError

HEAD = """\
import math, functools, importlib, operator, sys
import numpy as np
import adgen

"""
SCENARIOS = {}


def read(text):
    """Scenarios by name: `# == name` starts one."""
    for part in text.split("# == ")[1:]:
        name, _, program = part.partition("\n")
        assert name not in SCENARIOS
        SCENARIOS[name] = program


read("""
# == a function edited in its file after the import
write("edited_m", "def f(x):\\n    return x * 2.0\\n")
import edited_m
right(adgen.grad(edited_m.f)(1.0), 2.0)
write("edited_m", "def f(x):\\n    return x * 3.0\\n")
refused(lambda: adgen.jvp(edited_m.f, (1.0,), (1.0,)), "changed since")

# == the module is imported again after the edit
write("reloaded_m", "def f(x):\\n    return x * 2.0\\n")
import reloaded_m
df = adgen.grad(reloaded_m.f)
right(df(1.0), 2.0)
write("reloaded_m", "def f(x):\\n    return x * x * 30.0\\n")
importlib.reload(reloaded_m)
right(adgen.grad(reloaded_m.f)(1.0), 60.0)

# == the file is gone
write("gone_m", "def f(x):\\n    return x * 2.0\\n")
import gone_m
remove("gone_m")
refused(lambda: adgen.grad(gone_m.f)(1.0), "source")

# == the file is broken by the edit
write("broken_m", "def f(x):\\n    return x * 2.0\\n")
import broken_m
write("broken_m", "def f(x:\\n")
refused(lambda: adgen.grad(broken_m.f)(1.0), "broken_m")

# == an edit of another function below it
write("below_m", "def f(x):\\n    return x * 2.0\\n\\ndef g(x):\\n    return x\\n")
import below_m
write("below_m", "def f(x):\\n    return x * 2.0\\n\\ndef g(x):\\n    return -x\\n")
right(adgen.grad(below_m.f)(1.0), 2.0)
refused(lambda: adgen.grad(below_m.g)(1.0), "changed since")

# == a helper in another file is edited after the import
write("helper_m", "def h(x):\\n    return x * 2.0\\n")
import helper_m
def f(x):
    return helper_m.h(x)
write("helper_m", "def h(x):\\n    return x * 5.0\\n")
refused(lambda: adgen.grad(f)(1.0), "changed since")

# == a helper in another file is edited and imported again
write("helper_r", "def h(x):\\n    return x * 2.0\\n")
import helper_r
def f(x):
    return helper_r.h(x)
df = adgen.grad(f)
right(df(1.0), 2.0)
write("helper_r", "def h(x):\\n    y = x * 50.0\\n    return y\\n")
importlib.reload(helper_r)
right(df(1.0), 50.0)

# == a helper is redefined
def h(x):
    return x * 2.0
def f(x):
    return h(x)
df = adgen.grad(f)
right(df(1.0), 2.0)
def h(x):
    return x * 7.0
right(df(1.0), 7.0)

# == the function itself is redefined under its name
def f(x):
    return x * 2.0
first = adgen.grad(f)
def f(x):
    return x * 3.0
second = adgen.grad(f)
right(first(1.0), 2.0)
right(second(1.0), 3.0)

# == one definition in each branch
if len("ab") == 2:
    def f(x):
        return x * 2.0
else:
    def f(x):
        return x * 3.0
right(adgen.grad(f)(1.0), 2.0)

# == a helper is replaced by another function from outside
def h(x):
    return x * 2.0
def f(x):
    return h(x)
df = adgen.grad(f)
right(df(2.0), 2.0)
globals()["h"] = math.sin
right(df(0.5), math.cos(0.5))

# == the code of a function is replaced
def f(x):
    return x * 2.0
def g(x):
    return x * 9.0
df = adgen.grad(f)
right(df(1.0), 2.0)
f.__code__ = g.__code__
either(lambda: adgen.grad(f)(1.0), 9.0)
either(lambda: df(1.0), 9.0)

# == a global number changes between calls
scale = 2.0
def f(x):
    return scale * x
df = adgen.grad(f)
right(df(1.0), 2.0)
scale = 11.0
right(df(1.0), 11.0)

# == a global becomes an array
scale = 2.0
def f(x):
    return np.sum(scale * x)
df = adgen.grad(f)
right(df(np.ones(2)), [2.0, 2.0])
scale = np.array([3.0, 4.0])
right(df(np.ones(2)), [3.0, 4.0])

# == a global array changes in place
weights = np.array([1.0, 2.0])
def f(x):
    return np.dot(weights, x)
df = adgen.grad(f)
right(df(np.ones(2)), [1.0, 2.0])
weights[0] = 8.0
right(df(np.ones(2)), [8.0, 2.0])

# == a global flag changes the branch
flag = True
def f(x):
    return x * 2.0 if flag else x * 3.0
df = adgen.grad(f)
right(df(1.0), 2.0)
flag = False
right(df(1.0), 3.0)

# == a global is deleted
scale = 2.0
def f(x):
    return scale * x
df = adgen.grad(f)
right(df(1.0), 2.0)
del scale
raises(lambda: df(1.0), (NameError, adgen.AdgenError))

# == an attribute of a module changes between calls
write("settings_m", "rate = 2.0\\n")
import settings_m
def f(x):
    return settings_m.rate * x
df = adgen.grad(f)
right(df(1.0), 2.0)
settings_m.rate = 6.0
right(df(1.0), 6.0)

# == a global list of weights grows
weights = [1.0, 2.0]
def f(x):
    total = 0.0
    for w in weights:
        total = total + w * x
    return total
df = adgen.grad(f)
right(df(1.0), 3.0)
weights.append(4.0)
right(df(1.0), 7.0)

# == a dict of settings is written to
settings = {"rate": 2.0}
def f(x):
    return settings["rate"] * x
df = adgen.grad(f)
right(df(1.0), 2.0)
settings["rate"] = 5.0
right(df(1.0), 5.0)

# == closures made in a loop share their variable
made = []
for k in range(3):
    made.append(lambda x: x * k)
right([adgen.grad(one)(1.0) for one in made], [2.0, 2.0, 2.0])

# == closures that keep their own value
def make(k):
    return lambda x: x * k
made = [make(float(k)) for k in range(3)]
right([adgen.grad(one)(1.0) for one in made], [0.0, 1.0, 2.0])

# == lambdas that keep a value as a default
made = [lambda x, k=float(k): x * k for k in range(3)]
right([adgen.grad(one)(1.0) for one in made], [0.0, 1.0, 2.0])

# == a cell changes between calls
def make():
    rate = 2.0
    def f(x):
        return rate * x
    def set_rate(value):
        nonlocal rate
        rate = value
    return f, set_rate
f, set_rate = make()
df = adgen.grad(f)
right(df(1.0), 2.0)
set_rate(13.0)
right(df(1.0), 13.0)

# == a cell that is bound after the function is made
def make():
    def f(x):
        return later * x
    df = adgen.grad(f)
    later = 4.0
    return df
right(make()(1.0), 4.0)

# == the function of a cell is exchanged
def make():
    def h(x):
        return x * 2.0
    def f(x):
        return h(x)
    def exchange():
        nonlocal h
        def h(x):
            return x * x
    return f, exchange
f, exchange = make()
df = adgen.grad(f)
right(df(3.0), 2.0)
exchange()
right(df(3.0), 6.0)

# == a default argument that is changed in place
def f(x, w=np.array([1.0, 2.0])):
    return np.dot(w, x)
df = adgen.grad(f)
right(df(np.ones(2)), [1.0, 2.0])
f.__defaults__[0][1] = 20.0
right(df(np.ones(2)), [1.0, 20.0])

# == the defaults are exchanged
def f(x, w=2.0):
    return w * x
df = adgen.grad(f)
right(df(1.0), 2.0)
f.__defaults__ = (3.0,)
right(df(1.0), 3.0)

# == the defaults of a helper are exchanged
def h(x, w=2.0):
    return w * x
def f(x):
    return h(x)
df = adgen.grad(f)
right(df(1.0), 2.0)
h.__defaults__ = (3.0,)
right(df(1.0), 3.0)

# == keyword defaults are exchanged
def f(x, *, w=2.0):
    return w * x
df = adgen.grad(f)
right(df(1.0), 2.0)
f.__kwdefaults__["w"] = 3.0
right(df(1.0), 3.0)

# == two lambdas on a line
pair = (lambda x: x * 2.0, lambda x: x * 3.0)
right([adgen.grad(one)(1.0) for one in pair], [2.0, 3.0])

# == two equal lambdas on a line with different surroundings
def make(k):
    return (lambda x: x * k, lambda x: x * k * k)
one, two = make(3.0)
right([adgen.grad(one)(1.0), adgen.grad(two)(1.0)], [3.0, 9.0])

# == a lambda in an argument of a call over several lines
df = adgen.grad(
    lambda x: (
        x * 2.0
        + x * x
    )
)
right(df(1.0), 4.0)

# == a lambda inside a lambda
outer = lambda k: lambda x: k * x
right(adgen.grad(outer(5.0))(1.0), 5.0)

# == a decorator that changes the result
def doubled(f):
    @functools.wraps(f)
    def wrapper(x):
        return 2.0 * f(x)
    return wrapper
@doubled
def f(x):
    return x * x
right(adgen.grad(f)(3.0), 12.0)

# == a decorator that leaves the function as it is
def registered(f):
    return f
@registered
def f(x):
    return x * x
right(adgen.grad(f)(3.0), 6.0)

# == decorators with arguments, one above another
def times(k):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return k * f(*args, **kwargs)
        return wrapper
    return decorate
@times(2.0)
@times(5.0)
def f(x):
    return x * x
right(adgen.grad(f)(3.0), 60.0)

# == a decorator that replaces the function altogether
def replaced(f):
    return lambda x: x * 4.0
@replaced
def f(x):
    return x * x
right(adgen.grad(f)(3.0), 4.0)

# == wraps that lies about what it wraps
def g(x):
    return x * x
@functools.wraps(g)
def f(x):
    return x * 100.0
right(adgen.grad(f)(3.0), 100.0)

# == a partial of a function
def f(k, x):
    return k * x * x
right(adgen.grad(functools.partial(f, 3.0))(2.0), 12.0)

# == a partial of a partial, by keyword
def f(x, a, b):
    return a * x + b * x * x
right(adgen.grad(functools.partial(functools.partial(f, a=2.0), b=3.0))(1.0), 8.0)

# == a partial whose values are changed
part = functools.partial(lambda w, x: np.dot(w, x), np.array([1.0, 2.0]))
df = adgen.grad(part)
right(df(np.ones(2)), [1.0, 2.0])
part.args[0][0] = 5.0
right(df(np.ones(2)), [5.0, 2.0])

# == a method, and the object changes between calls
class Spring:
    def __init__(self, k):
        self.k = k
    def energy(self, x):
        return self.k * x * x
spring = Spring(2.0)
df = adgen.grad(spring.energy)
right(df(1.0), 4.0)
spring.k = 3.0
right(df(1.0), 6.0)

# == a method replaced on the class
class Spring:
    def energy(self, x):
        return x * x
spring = Spring()
right(adgen.grad(spring.energy)(1.0), 2.0)
Spring.energy = lambda self, x: 7.0 * x
right(adgen.grad(spring.energy)(1.0), 7.0)

# == a method of a derived class that overrides
class Base:
    def inner(self, x):
        return x * 2.0
    def outer(self, x):
        return self.inner(x)
class Derived(Base):
    def inner(self, x):
        return x * 3.0
right(adgen.grad(Base().outer)(1.0), 2.0)
right(adgen.grad(Derived().outer)(1.0), 3.0)

# == exec without a file
space = {}
exec("def f(x):\\n    return x * 3.0\\n", space)
refused(lambda: adgen.grad(space["f"])(1.0), "source")

# == exec under the name of a file that has other text
write("disguise_m", "def f(x):\\n    return x * 2.0\\n")
space = {}
exec(compile("def f(x):\\n    return x * 3.0\\n", path_of("disguise_m"), "exec"), space)
refused(lambda: adgen.grad(space["f"])(1.0), "changed since")

# == a builtin of the same name is shadowed
def f(x):
    return abs(x)
df = adgen.grad(f)
right(df(-2.0), -1.0)
def abs(x):
    return x * 5.0
right(df(-2.0), 5.0)

# == the name np means something else
def make():
    class np:
        pi = 3.0
        sin = staticmethod(math.cos)
    def f(x):
        return np.sin(x) * np.pi
    return f
either(lambda: adgen.grad(make())(0.5), -3.0 * math.sin(0.5))

# == a function of numpy is replaced
write("patched_m", "def sin(x):\\n    return x * 2.0\\n")
import patched_m
def f(x):
    return patched_m.sin(x)
df = adgen.grad(f)
right(df(0.5), 2.0)
patched_m.sin = np.sin
right(df(0.5), math.cos(0.5))

# == a local variable with the name of a function
def f(x):
    sum = x * 2.0
    max = sum * sum
    return max
right(adgen.grad(f)(1.0), 8.0)

# == a decorated derivative is redefined
@adgen.grad
def df(x):
    return x * x
right(df(3.0), 6.0)
@adgen.grad
def df(x):
    return x * x * x
right(df(3.0), 27.0)

# == line continuation, semicolons and odd indentation
def f(x): y = x * x; z = \\
        y * 2.0; return z
right(adgen.grad(f)(3.0), 12.0)

# == tabs, form feeds and text in other scripts
def f(größe):
\tπ = 3.0  # naïve
\treturn π * größe * größe
right(adgen.grad(f)(2.0), 12.0)

# == annotations that name nothing
def f(x: "no_such_type", y: "also.missing" = 2.0) -> "nothing":
    return x * y
right(adgen.grad(f)(3.0), 2.0)

# == a helper imported inside the function
write("inside_m", "def h(x):\\n    return x * 6.0\\n")
def f(x):
    from inside_m import h
    return h(x)
either(lambda: adgen.grad(f)(1.0), 6.0)

# == a function under settrace, as debuggers and coverage use it
def f(x):
    y = x * x
    return y * x
before = sys.gettrace()
sys.settrace(lambda frame, event, arg: None)
try:
    got = adgen.grad(f)(2.0)
finally:
    sys.settrace(before)
right(got, 12.0)

# == a generator under the name of a function
def f(x):
    yield x
refused(lambda: adgen.grad(f)(1.0), "generator")

# == a helper that is a class with a call
class Scaled:
    def __init__(self, k):
        self.k = k
    def __call__(self, x):
        return self.k * x
scaled = Scaled(2.0)
def f(x):
    return scaled(x)
df = adgen.grad(f)
either(lambda: df(1.0), 2.0)
scaled.k = 3.0
either(lambda: df(1.0), 3.0)
""")


class World:
    """What a scenario sees of the test."""

    def __init__(self, folder):
        self.folder = folder
        self.checks = 0

    def path_of(self, name):
        return str(self.folder / f"{name}.py")

    def write(self, name, text):
        path = self.folder / f"{name}.py"
        fresh = not path.exists()
        path.write_text(text)
        if not fresh:  # a second write within the clock's step is a change all the same
            stamp = os.stat(path).st_mtime_ns + 2_000_000_000 * (1 + self.checks)
            os.utime(path, ns=(stamp, stamp))
        importlib.invalidate_caches()

    def remove(self, name):
        (self.folder / f"{name}.py").unlink()

    def right(self, got, expected):
        np.testing.assert_allclose(np.asarray(got), np.asarray(expected), rtol=1e-12)
        self.checks += 1

    def raises(self, call, errors):
        with pytest.raises(errors):
            call()
        self.checks += 1

    def refused(self, call, word):
        with pytest.raises(AdgenError) as caught:
            call()
        assert word in str(caught.value)
        self.checks += 1

    def either(self, call, expected):
        """Right, or refused."""
        try:
            got = call()
        except AdgenError as error:
            assert error.args
            self.checks += 1
        else:
            self.right(got, expected)


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield World(tmp_path)
    for name in set(sys.modules) - before:
        if name.endswith(("_m", "_r", "_scenario")):
            del sys.modules[name]


@pytest.mark.parametrize("name", SCENARIOS)
def test_right_or_refused(name, world):
    path = world.folder / "the_scenario.py"
    path.write_text(HEAD + textwrap.dedent(SCENARIOS[name]))
    spec = importlib.util.spec_from_file_location("the_scenario", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["the_scenario"] = module
    for word in ("path_of", "write", "remove", "right", "raises", "refused", "either"):
        setattr(module, word, getattr(world, word))
    spec.loader.exec_module(module)
    assert world.checks >= 1


def test_there_are_enough_scenarios():
    assert len(SCENARIOS) + 5 >= 40  # those below are scenarios too


# where text comes from ---------------------------------------------------------------------------------------------
def test_a_notebook_cell_that_is_run_again_with_other_text():
    def cell(number, text):
        name = f"<ipython-input-{number}-abcdef>"  # as IPython enters its cells
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        exec(compile(text, name, "exec"), space)

    space = {"np": np}
    cell(1, "def f(x):\n    return x * 2.0\n")
    first = space["f"]
    cell(2, "def f(x):\n    return x * 3.0\n")
    assert adgen.grad(first)(1.0) == 2.0 and adgen.grad(space["f"])(1.0) == 3.0
    cell(1, "def f(x):\n    return x * 4.0\n")
    assert adgen.grad(space["f"])(1.0) == 4.0
    with pytest.raises(AdgenError):
        adgen.grad(lambda x: first(x))(1.0)  # its cell has other text now


def test_a_prompt_keeps_no_text():
    space = {}
    exec(compile("def f(x):\n    return x * 2.0\n", "<stdin>", "single"), space)
    with pytest.raises(AdgenError, match="source"):
        adgen.grad(space["f"])(1.0)


def test_a_doctest():
    text = """
    >>> import adgen
    >>> def f(x):
    ...     return x * x
    >>> adgen.grad(f)(3.0)
    6.0
    >>> def f(x):
    ...     return x * x * x
    >>> adgen.grad(f)(3.0)
    27.0
    """
    test = doctest.DocTestParser().get_doctest(text, {}, "scenario", "scenario.txt", 0)
    runner = doctest.DocTestRunner(verbose=False)
    result = runner.run(test)
    assert result.failed == 0 and result.attempted == 5


def test_an_assertion_that_pytest_rewrote():
    def f(x):
        assert x > 0.0
        return x * x

    with pytest.raises(AdgenError, match="pytest"):
        adgen.grad(f)(1.0)


def test_a_function_of_a_rewritten_file_without_assertions():
    def f(x):
        return x * x

    assert adgen.grad(f)(3.0) == 6.0


# threads -----------------------------------------------------------------------------------------------------------
def test_a_hundred_threads_on_one_function_with_mixed_signatures():
    def f(x, n):
        y = np.ones(3) * np.sum(x)
        for k in range(n):
            y[k % 3] = y[k % 3] * np.sum(x * x) + k
        return np.sum(y)

    rng = np.random.default_rng(3)
    kinds = [
        0.75,
        rng.standard_normal(3),
        rng.standard_normal((2, 2)),
        rng.standard_normal(4).astype("f4"),
        rng.standard_normal((1, 3)),
        np.float64(0.5),
        rng.standard_normal(()),
    ]
    alone = adgen.grad(f)
    expected = [alone(kind, 4) for kind in kinds]
    df = adgen.grad(f)  # nobody has called it yet
    barrier, results = threading.Barrier(100), [None] * 100

    def work(k):
        barrier.wait()
        results[k] = [df(kinds[(k + j) % len(kinds)], 4) for j in range(len(kinds))]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, got in enumerate(results):
        for j, gradient in enumerate(got):
            wanted = expected[(k + j) % len(kinds)]
            assert np.shape(gradient) == np.shape(wanted) and np.array_equal(gradient, wanted)
