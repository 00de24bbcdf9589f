"""Make a failing program small: remove statements, replace compound ones by their bodies, while it still fails."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace

import numpy as np

from tests.fuzz.judge import judge
from tests.fuzz.tree import Node


def shrink(program, verdict, asked, seconds=20.0):
    """The smallest program found that fails in the same way."""
    end = time.monotonic() + seconds
    best, last, place, tried = program, verdict, 0, 0
    while time.monotonic() < end:
        candidate = next(itertools.islice(candidates(best), place, None), None)
        if candidate is None:  # from the start again, until a whole round has changed nothing
            if tried >= place:
                break
            place = 0
            continue
        found = judge(candidate, **asked)
        if found.kind == verdict.kind and _cause(found) == _cause(verdict):
            best, last, tried = candidate, found, 0
        else:
            place, tried = place + 1, tried + 1
    return best, last


def _cause(verdict):
    return verdict.message.split(":")[1].strip()[:20] if verdict.kind in ("internal", "crash") else ""


def candidates(program):
    """Programs that are one step smaller, or many at the start."""
    for size in (8, 4, 2):
        for start in range(0, len(program.body) - 1, size):
            if len(program.body) > size:
                yield replace(program, body=program.body[:start] + program.body[start + size :])
    for body in filter(None, _smaller(program.body)):
        yield replace(program, body=body)


def _smaller(nodes):
    for k, node in enumerate(nodes):
        before, after = nodes[:k], nodes[k + 1 :]
        yield before + after
        for _, body in node.blocks:
            yield before + body + after
        for j, (head, body) in enumerate(node.blocks):
            if len(node.blocks) > 1 and j:
                yield before + [Node(node.line, node.blocks[:j] + node.blocks[j + 1 :], node.tags)] + after
            for inner in _smaller(body):
                blocks = node.blocks[:j] + [(head, inner)] + node.blocks[j + 1 :]
                yield before + [Node(node.line, blocks, node.tags)] + after
        for line in _shorter(node.line):
            yield before + [Node(line, node.blocks, node.tags)] + after


def _shorter(line):
    """Simpler right-hand sides: one term of a sum, or a plain number in place of a call."""
    match = re.match(r"^(return )(.*)$", line)
    if match:
        terms = match.group(2).split(" + ")
        if len(terms) > 1:
            yield from ("return " + " + ".join(terms[:k] + terms[k + 1 :]) for k in range(len(terms)))
        return
    match = re.match(r"^(.* (?:=|\+=|-=|\*=) )(.+)$", line)
    if match and not line.startswith(("if", "for", "while")):
        head, rest = match.groups()
        for part in _operands(rest):
            if part != rest:
                yield head + part


def _operands(text):
    """Balanced sub-expressions in parentheses, and short stand-ins."""
    found = []
    for start in [m.start() for m in re.finditer(r"\(", text)]:
        level = 0
        for end in range(start, len(text)):
            level += (text[end] == "(") - (text[end] == ")")
            if level == 0:
                found.append(text[start + 1 : end])
                break
    found = [part for part in found if part and "," not in part and " for " not in part]
    return sorted(dict.fromkeys([*found, "a", "x"]), key=len)


def write(program, verdict, folder):
    """A file in tests/regress that the regression test runs."""
    path = folder / f"fuzz_{program.seed}.py"
    args = ", ".join(_literal(arg) for arg in program.args)
    title = verdict.message.splitlines()[0][:90].replace('"""', "")
    text = program.text.lstrip("\n")
    path.write_text(
        f'"""Found by the fuzzer, seed {program.seed}: {verdict.kind}."""\n\n# {title}\n{text}\n\nARGS = ({args})\n'
    )
    return path


def _literal(value):
    if isinstance(value, list | tuple):
        inner = ", ".join(map(_literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(part)}" for key, part in value.items()) + "}"
    array = isinstance(value, np.ndarray)
    return f"np.{value!r}".replace("dtype=", "dtype=np.") if array else repr(value)
