"""The README shows what is so: its example, its commands, its names."""

import argparse
import re

import adgen
from adgen import cli, inspecting
from adgen.pipeline import generate
from tests.support import ROOT, Compiled

README = (ROOT / "README.md").read_text()


def blocks():
    """The python blocks: (first line, all)."""
    return [(text.splitlines()[0], text) for text in re.findall(r"```python\n(.*?)```", README, re.S)]


def test_generated_code_is_what_show_prints():
    shown = [text for first, text in blocks() if first.startswith("# adgen show")]
    assert len(shown) == 2
    for text in shown:
        first, code = text.split("\n", 1)
        command, _, rest = first.removeprefix("# adgen show ").partition(", ")
        job = Compiled(ROOT / command).job
        made = generate(job.source, job.types, job.request, guarded=not rest)
        assert code == inspecting.without_header(made.text)


def test_examples_are_in_the_repository():
    shown = [(first[2:], text) for first, text in blocks() if first.startswith("# examples/")]
    assert len(shown) == 2
    for path, code in shown:
        assert code.split("\n", 1)[1] in (ROOT / path).read_text()


def test_the_two_commands_are_there():
    assert 'pip install ".[examples]" && adgen compile examples/digits.py && python examples/digits.py' in README
    assert 'pip install ".[test]" && pytest' in README


def test_every_public_name_is_told():
    missing = [name for name in adgen.__all__ if not re.search(rf"\b{name}\b", README) and not name.endswith("Error")]
    assert missing in ([], ["Refusal"])


def test_every_command_is_told():
    groups = next(a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert [name for name in groups.choices if name not in README] == []


def test_every_file_named_exists():
    for path in re.findall(r"`(examples/[\w/]+\.py)`", README):
        assert (ROOT / path).is_file(), path
    for name in re.findall(r"`(\w+\.py)`", README):
        assert (ROOT / "examples" / name).is_file(), name
