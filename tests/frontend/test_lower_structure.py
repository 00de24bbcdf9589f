"""The SSA of each construct: what is carried, what is merged, where exits go, what becomes memory."""

import textwrap

import numpy as np
import pytest

from adgen.ir.types import FLOAT, INT, NONE, UNKNOWN, Array, ListOf, Ref, Static, Struct, Sym
from adgen.ir.walk import walk
from tests.frontend.lowering import find, kinds, lower_text, lowered, shown
from tests.frontend.programs import WEIGHTS, captured_values, documented, rollout


def check(folder, text, types, wanted):
    """Compare the IR text of a program."""
    func = lower_text(folder, text, types)
    assert shown(func).strip("\n") == textwrap.indent(textwrap.dedent(wanted).strip("\n"), " " * 7)


def test_early_return_is_a_branch_in_tail_position(tmp_path):
    program = """
    def f(x):
        if x > 0:
            return x
        y = x * x
        return y
    """
    wanted = """
    %0: bool = gt %x, 0
    %1: float = if %0:
        yield %x
    else:
        %y: float = mul %x, %x
        yield %y
    yield %1
    """
    check(tmp_path, program, "x: float", wanted)


def test_while_begins_with_its_test(tmp_path):
    program = """
    def f(x, n):
        i = 0
        while i < n:
            x = x * 2.0
            i += 1
        return x
    """
    wanted = """
    %i: int = const 0
    %trips: int, %stopped: bool, %x.1: float, %i.1: int = while [%x.2: float = %x, %i.2: int = %i]:
        %0: bool = lt %i.2, %n
        %stop: bool, %x.3: float, %i.3: int = if %0:
            %x.4: float = mul %x.2, 2.0
            %i.4: int = add %i.2, 1
            yield False, %x.4, %i.4
        else:
            yield True, %x.2, %i.2
        yield %stop, %x.3, %i.3
    yield %x.1
    """
    check(tmp_path, program, "x: float, n: int", wanted)


def test_return_in_a_loop_is_computed_after_it(tmp_path):
    program = """
    def f(x, n):
        for i in range(n):
            if x > 3.0:
                return i * x
            x = x + 1.0
        return x
    """
    wanted = """
    %i: undef = undef
    %trips: int, %stopped: bool, %i.1: int, %x.1: float = for(0, %n, 1) [%i.2, %i.3: int = %i, %x.2: float = %x]  {can_stop=True}:
        %0: bool = gt %x.2, 3.0
        %stop: bool, %i.4: int, %x.3: float = if %0:
            yield True, %i.2, %x.2
        else:
            %x.4: float = add %x.2, 1.0
            yield False, %i.2, %x.4
        yield %stop, %i.4, %x.3
    %1: float = if %stopped:
        %2: float = mul %i.1, %x.1
        yield %2
    else:
        yield %x.1
    yield %1
    """  # noqa: E501
    check(tmp_path, program, "x: float, n: int", wanted)


def test_several_exits_are_told_apart_by_a_code(tmp_path):
    program = """
    def f(x, n):
        for i in range(n):
            if x > 3.0:
                return 1.0
            if x > 2.0:
                break
            x = x + 1.0
        return x
    """
    func = lower_text(tmp_path, program, "x: float, n: int")
    (loop,) = find(func, "for")
    assert [value.hint for value in loop.results] == ["trips", "stopped", "x", "exit_code"]
    assert "eq" in kinds(func)


def test_only_what_is_read_later_is_carried(tmp_path):
    program = """
    def f(x, n):
        s = 0
        for i in range(n):
            t = x * i
            s = s + t
        return s
    """
    (loop,) = find(lower_text(tmp_path, program, "x: float, n: int"), "for")
    assert [(value.hint, value.type) for value in loop.results[2:]] == [("s", FLOAT)]
    assert loop.operands[3].type == INT
    assert loop.attrs["can_stop"] is False


def test_a_long_rest_behind_a_mixed_branch_is_guarded_not_copied(tmp_path):
    program = """
    def f(x, n):
        for i in range(n):
            if n > 1:
                if x > 2.0:
                    break
                x = x + 1.0
            a = x * 2.0
            b = a * x
            c = b * x
            x = c - a
        return x
    """
    func = lower_text(tmp_path, program, "x: float, n: int")
    assert kinds(func).count("sub") == 1
    assert any(value.hint == "done" for op in walk(func.block) for value in op.results)


def test_raising_branches_yield_nothing(tmp_path):
    program = """
    def f(x, n):
        if n == 1:
            y = x
        elif n == 2:
            y = x * x
        else:
            raise ValueError(f"n = {n:d}")
        return y
    """
    func = lower_text(tmp_path, program, "x: float, n: int")
    assert "undef" not in kinds(func)
    (effect,) = find(func, "effect")
    assert (effect.name, effect.attrs["text"]) == ("raise", 'raise ValueError(f"n = {{{0}:d}}")')


def test_tests_known_from_types_are_decided(tmp_path):
    program = """
    def f(x, mode, scale, flag, m):
        if scale is None and isinstance(x, float) and m.ndim == 2 and (flag or mode == "a"):
            return x
        return np.no_such_function(x)
    """
    types = {"x": FLOAT, "mode": Static("a"), "scale": NONE, "flag": Static(False), "m": Array("f8", (2, Sym("n")))}
    assert kinds(lower_text(tmp_path, program, **types)) == []


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("x > 1.0 and x < 2.0", ["gt", "lt", "and"]),
        ("0.0 < x < y", ["lt", "lt", "and"]),
        ("x > 1.0 and 1.0 / x > y", ["gt", "if", "div", "gt"]),
        ("x or y", ["if"]),
        ("(x if x > y else y)", ["gt", "if"]),
    ],
)
def test_what_may_fail_is_computed_only_when_needed(tmp_path, test, wanted):
    assert kinds(lower_text(tmp_path, f"def f(x, y):\n    return {test}\n", "x: float, y: float")) == wanted


def test_structures_dissolve_and_are_packed_only_where_they_leave(tmp_path):
    program = """
    def f(x, n):
        state = {"a": (x, 1.0), "b": x}
        for i in range(n):
            a, b = state["a"]
            state = {"a": (a * b, b), "b": x}
        return state
    """
    func = lower_text(tmp_path, program, "x: float, n: int")
    (loop,) = find(func, "for")
    assert len(loop.results) == 2 + 3
    assert len(find(func, "pack")) == 2


def test_stores_make_memory_where_the_array_is_made(tmp_path):
    program = """
    import numpy as np
    def f(v):
        y = np.zeros(4)
        y[1:] = v
        y[0] = y[0] + 1.0
        y[1] -= 2.0
        w = y[2:]
        w *= 2.0
        w /= 3.0
        return y
    """
    wanted = """
    %0: f8[4] = np.zeros(shape=4)
    %y: &f8[4] = alloc %0
    %1: &f8[3] = view %y[1:]
    store %1 = %v
    %2: &f8[] = view %y[0]
    store %2 += 1.0
    %3: &f8[] = view %y[1]
    %4: float = neg 2.0
    store %3 += %4
    %w: &f8[2] = view %y[2:]
    store %w *= 2.0
    %5: f8[2] = load %w
    %6: f8[2] = div %5, 3.0
    store %w = %6
    %7: f8[4] = load %y
    yield %7
    """
    check(tmp_path, program, "v: f8[m]", wanted)


def test_what_is_never_written_to_is_no_memory(tmp_path):
    program = """
    import numpy as np
    def f(v):
        y = np.zeros(4)
        z = y[1:]
        w = z.T
        return w + y[0]
    """
    assert "alloc" not in kinds(lower_text(tmp_path, program, "v: f8[m]"))


def test_parameters_that_are_written_to_are_copied(tmp_path):
    func = lower_text(tmp_path, "def f(v):\n    w = v\n    w[0] = 1.0\n    return v\n", "v: f8[m]")
    first = func.block.ops[0]
    assert (first.kind, first.operands[0]) == ("alloc", func.params[0].value)


def test_a_callee_writes_to_the_memory_of_its_caller(tmp_path):
    program = """
    import numpy as np
    def g(y, x):
        y[0] = x
    def f(x):
        y = np.zeros(2)
        g(y, x)
        return y
    """
    assert kinds(lower_text(tmp_path, program, "x: float")) == ["np.zeros", "alloc", "view", "store", "load"]


def test_repeated_indices_are_no_increment(tmp_path):
    program = """
    import numpy as np
    def f(v, k):
        y = np.zeros(9)
        y[k] += v
        y[v > 0] += 1.0
        np.add.at(y, k, v)
        return y
    """
    func = lower_text(tmp_path, program, v=Array("f8", (3,)), k=Array("i8", (3,)))
    assert [(op.attrs["mode"], op.attrs["at"]) for op in find(func, "store")] == [
        ("set", False),
        ("add", False),
        ("add", True),
    ]


def test_lists_learn_their_element_type():
    func = lowered(rollout, (0.3, WEIGHTS, 4)).func
    (alloc,) = find(func, "alloc")
    assert isinstance(alloc.result.type, Ref)
    content = alloc.result.type.content
    assert isinstance(content, ListOf)
    assert isinstance(content.item, Array)
    assert kinds(func).count("append") == 1


def test_list_of_none_takes_the_type_of_what_is_put_in(tmp_path):
    program = """
    def f(x, n):
        xs = [None] * n
        for i in range(n):
            xs[i] = x * i
        return xs[0]
    """
    func = lower_text(tmp_path, program, "x: float, n: int")
    assert find(func, "alloc")[0].result.type == Ref(ListOf(FLOAT))
    assert func.result.type == FLOAT


def test_iterated_sequences_are_read_first(tmp_path):
    program = """
    def f(u, v):
        s = 0.0
        for i, (a, b) in enumerate(zip(u, v)):
            s = s + a * b * i
        return s
    """
    (loop,) = find(lower_text(tmp_path, program, "u: f8[m], v: f8[m]"), "for")
    assert loop.attrs["iterates"] == 2
    assert [(op.kind, op.result.hint) for op in loop.regions[0].ops[:2]] == [("index", "a"), ("index", "b")]
    assert loop.regions[0].params[0].hint == "i"


def test_captured_values_are_parameters_of_their_own():
    low = lowered(captured_values, (0.5,))
    assert [(param.name, param.kind) for param in low.func.params] == [("x", "positional"), ("WEIGHTS", "captured")]
    assert [binding.name for binding in low.captured] == ["WEIGHTS"]
    assert np.shape(low.captured[0].value) == (3,)


def test_names_spans_and_comments(tmp_path):
    program = """
    def f(x, k=2.0, /, *, n: int = 1):
        # the product
        y = (x *
             k)
        z = y  # another name
        return z + 1e-3
    """
    func = lower_text(tmp_path, program, "x: float, k: float, n: int")
    product, total = (op for op in walk(func.block) if op.kind == "prim")
    assert (product.result.hint, product.result.user, total.result.user) == ("y", True, False)
    assert (product.span.line, product.span.statement, product.span.statement_line) == (4, "y = (x *", 4)
    assert total.operands[0] is product.result
    assert [(p.name, p.kind, p.default) for p in func.params] == [
        ("x", "positional_only", None),
        ("k", "positional_only", "2.0"),
        ("n", "keyword", "1"),
    ]
    assert find(func, "const")[-1].attrs["text"] == "1e-3"
    assert list(func.comments.values()) != []


def test_docstrings_and_unused_values_leave_no_trace():
    assert "effect" not in kinds(lowered(documented, (0.5,)).func)


def test_without_types_arithmetic_is_on_unknown_values(tmp_path):
    program = """
    import numpy as np
    def f(x, y=1.0, flag=False, name="a", bias=None):
        if flag or name == "b" or bias is not None:
            return x
        return np.sin(x) * y
    """
    func = lower_text(tmp_path, program)
    assert func.result.type == UNKNOWN
    assert [param.value.type for param in func.params[1:]] == [FLOAT, Static(False), Static("a"), NONE]


def test_lambdas_are_functions(tmp_path):
    func = lower_text(tmp_path, "f = lambda x: 2.0 * x\n", "x: float")
    assert kinds(func) == ["mul"]


def test_struct_parameters_are_read_slot_by_slot(tmp_path):
    program = """
    def f(p, k):
        return p["a"] * p["b"][0] + p["b"][k]
    """
    pair = Struct("tuple", ("0", "1"), (FLOAT, FLOAT))
    func = lower_text(tmp_path, program, p=Struct("dict", ("a", "b"), (FLOAT, pair)), k=INT)
    assert kinds(func) == ["item", "item", "item", "mul", "item", "item", "item", "listing", "index", "add"]
