"""Walking, substituting, rebuilding."""

from __future__ import annotations

from dataclasses import replace

from adgen.ir.build import Builder
from adgen.ir.core import Func, Op, Value
from adgen.ir.show import show
from adgen.ir.types import BOOL, FLOAT, INT
from adgen.ir.walk import Rebuilder, def_blocks, defs, free_values, parents, substitute_block, tail_if, uses, walk
from tests.ir.making import branch, func, loop, prim, value


def sample() -> tuple[Func, dict[str, Value]]:
    b, x, c, n = Builder(), value(FLOAT, "x"), value(BOOL, "c"), value(INT, "n")
    y = prim(b, "np.sin", x, hint="y")

    def body(q: Builder, i: Value, s: Value) -> list[Value]:
        return list(branch(q, c, lambda r: [prim(r, "mul", s, y)], lambda r: [s], [FLOAT], ["t"]))

    _, _, z = loop(b, n, [y], body)
    f = func(b, prim(b, "add", z, y, hint="r"), x, c, n)
    return f, {"x": x, "c": c, "n": n, "y": y}


def test_walk_is_outer_first() -> None:
    f, _ = sample()
    assert [op.name or op.kind for op in walk(f.block)] == [
        "np.sin",
        "const",
        "const",
        "for",
        "if",
        "mul",
        "const",
        "add",
    ]


def test_uses_count_each_read() -> None:
    f, v = sample()
    users = uses(f)[v["y"]]
    assert [user.name or user.kind for user in users if isinstance(user, Op)] == ["for", "add", "mul"]


def test_parents_and_def_blocks() -> None:
    f, _ = sample()
    mul = next(op for op in walk(f.block) if op.name == "mul")
    home = def_blocks(f)[mul.result]
    owner, side, outer = parents(f)[home]
    assert (owner.kind, side) == ("if", 0)
    assert parents(f)[outer][0].kind == "for"
    assert defs(f)[mul.result] is mul


def test_free_values_in_order_of_use() -> None:
    f, v = sample()
    body = next(op for op in f.block.ops if op.kind == "for").regions[0]
    assert free_values(body) == [v["c"], v["y"]]


def test_tail_if_is_found_by_its_yields() -> None:
    f, _ = sample()
    body = next(op for op in f.block.ops if op.kind == "for").regions[0]
    assert tail_if(body) is None  # a literal follows it
    assert tail_if(f.block) is None


def test_substitution_reaches_regions_and_shares_the_rest() -> None:
    f, v = sample()
    new = Value(FLOAT, "new")
    block = substitute_block(f.block, {v["y"]: new})
    assert new in free_values(block)
    assert block.ops[0] is f.block.ops[0]
    assert substitute_block(f.block, {Value(FLOAT): new}) is f.block


class Doubled(Rebuilder):
    """Replaces every `mul` by an `add`."""

    def visit(self, op: Op, old: Op) -> tuple[Op, ...]:
        return (replace(op, name="add"),) if op.name == "mul" else (op,)


def test_rebuilder_keeps_sections_and_reverses() -> None:
    f, _ = sample()
    inner = next(op for op in walk(f.block) if op.name == "mul")
    loop_ = next(op for op in f.block.ops if op.kind == "for")
    last = replace(f.block.ops[-1], reverses=loop_)
    f = replace(f, block=replace_last(f, last), section={inner: "inside", last: "at the end"})
    after = Doubled().func(f)
    texts = {op.name: text for op, text in after.section.items()}
    assert list(after.section.values()) == ["inside", "at the end"] and texts == {"add": "at the end"}
    assert after.block.ops[-1].reverses is next(op for op in after.block.ops if op.kind == "for")
    assert "mul" not in show(after)


def replace_last(f: Func, last: Op) -> object:
    return replace(f.block, ops=(*f.block.ops[:-1], last))


def test_rebuilder_without_changes_is_the_same_function() -> None:
    f, _ = sample()
    assert Rebuilder().func(f) is f


class Dropped(Rebuilder):
    """Removes the first operation."""

    def visit(self, op: Op, old: Op) -> tuple[Op, ...]:
        return () if op.name == "np.sin" else (op,)


def test_section_of_a_removed_operation_moves_to_the_next() -> None:
    f, _ = sample()
    f = replace(f, section={f.block.ops[0]: "Forward sweep."})
    assert list(Dropped().func(f).section.values()) == ["Forward sweep."]
