"""The house keeps its rules: imports point down, files and functions are small, every module says what it is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "adgen").rglob("*.py"))
GENERATED = sorted((ROOT / "generated").rglob("*.py"))

# Higher numbers may import lower ones.  Equal numbers are strangers, unless they are one package or one floor.
LEVELS = {
    "cli": 9,
    "__init__": 8,
    "ahead": 8,
    "api": 8,
    "battery": 8,
    "callables": 8,
    "checking": 8,
    "compiling": 8,
    "commands": 8,
    "derivatives": 8,
    "gradcheck": 8,
    "hot": 8,
    "jacobians": 8,
    "dispatch": 8,
    "inspecting": 8,
    "inventory": 8,
    "loading": 8,
    "objects": 8,
    "results": 8,
    "userrules": 8,
    "specialise": 8,
    "syntax": 8,
    "pipeline": 7,
    "twice": 7,
    "told": 7,
    "deriving": 7,
    "writing": 7,
    "cache": 7,
    "frontend": 6,
    "transforms": 6,
    "optimise": 6,
    "backend": 6,
    "analyses": 5,
    "signature": 5,
    "rules": 4,
    "ir": 3,
    "draws": 3,
    "trees": 2,
    "project": 2,
    "entries": 3,
    "naming": 1,
    "errors": 1,
}
FLOORS = {7, 8}  # modules on these floors may import one another
MAY_USE_AST = ("frontend/", "backend/", "rules/kinds.py", "rules/formula.py", "rules/call.py")
LONGEST, SHORT = 400, 6  # lines of a file; of the functions in a table, which alone may be longer
FOLDERS = {"adgen", "tests", "examples", "generated"}


def name(path):
    return path.relative_to(ROOT / "adgen").as_posix()


def part(dotted):
    """The part of the house of `adgen.rules.table` or of a file's path."""
    words = dotted.split(".")
    return words[1] if len(words) > 1 else "__init__"


def imports(tree):
    """(dotted module, line) of every import, also of those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "adgen":
                yield from ((f"adgen.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def own_part(path):
    relative = path.relative_to(ROOT / "adgen")
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path):
    own = own_part(path)
    for module, line in imports(ast.parse(path.read_text())):
        if module.split(".")[0] != "adgen":
            continue
        other = part(module)
        other = other if other in LEVELS else "__init__"
        same_house = other == own or (LEVELS[other] == LEVELS[own] and LEVELS[own] in FLOORS)
        assert same_house or LEVELS[other] < LEVELS[own], f"{name(path)}:{line} imports {module}, which is not below it"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_ast_black_and_argparse_stay_where_they_belong(path):
    here = name(path)
    tree = ast.parse(path.read_text())
    at_module_level = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        roots = {module.split(".")[0] for module, _ in imports(node)}
        if "ast" in roots:
            assert here.startswith(MAY_USE_AST), f"{here}:{node.lineno} imports ast"
        if "black" in roots:
            assert (
                here == "backend/format.py" and id(node) not in at_module_level
            ), f"{here}:{node.lineno} imports black"
        if "argparse" in roots:
            assert here == "cli.py", f"{here}:{node.lineno} imports argparse"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_the_command_line_prints(path):
    if name(path) == "cli.py":
        assert "print(" in path.read_text()
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    printing = [node.lineno for node in calls if isinstance(node.func, ast.Name) and node.func.id == "print"]
    assert printing == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_are_small(path):
    text = path.read_text()
    most = 60 if len(text.splitlines()) < LONGEST else SHORT
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            told = node.body[0].end_lineno - node.body[0].lineno + 1 if ast.get_docstring(node) else 0
            assert node.end_lineno - node.lineno - told < most, f"{name(path)}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_modules_and_public_functions_have_docstrings(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), f"{name(path)} does not say what it is"
    found = {}  # the last of several definitions counts: the others are overloads
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            found[node.name] = ast.get_docstring(node)
    assert [function for function, text in found.items() if not text] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_left_undone_or_swallowed(path):
    text = path.read_text()
    for word in ("TODO", "FIXME", "XXX", "NotImplementedError"):
        assert word not in text, f"{name(path)} has {word}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler):
            swallowed = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            assert not swallowed, f"{name(path)}:{node.lineno} swallows an exception"


def test_generated_files_never_import_adgen():
    assert GENERATED, "generated/ is empty"
    for path in GENERATED:
        roots = {module.split(".")[0] for module, _ in imports(ast.parse(path.read_text()))}
        assert "adgen" not in roots, path
        assert "eval(" not in path.read_text(), path


def test_the_top_level_is_as_fixed():
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    strange = found - FOLDERS - {"build", "dist", "venv"}
    assert {folder for folder in strange if not folder.endswith(".egg-info") and folder != "__pycache__"} == set()


def test_every_part_of_the_house_has_a_level():
    assert {own_part(path) for path in FILES} <= set(LEVELS)
