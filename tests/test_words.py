"""One word, one thing: no two classes or modules share a name, and no name says only that something was made."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from syntax import nodes, tree

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for folder in ("rfdocs", "tools") for path in sorted((ROOT / folder).rglob("*.py"))]
#: Names that do not tell what was found or made.
EMPTY = {"found", "made"}


def identifiers(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that a module gives to something, with its line."""
    for node in nodes(module):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name


def empty_names(module: ast.Module) -> list[str]:
    """The names of a module that say nothing, by their lines."""
    names = identifiers(module)
    return [f"line {line}: {name}" for line, name in names if name.strip("_") in EMPTY]


def shared(names: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """The names that stand at several places, with these."""
    places = defaultdict(list)
    for name, place in names:
        places[name].append(place)
    return {name: where for name, where in places.items() if len(where) > 1}


def test_no_two_classes_share_a_name() -> None:
    classes = (
        (node.name, path.relative_to(ROOT).as_posix())
        for path in SOURCES
        for node in nodes(tree(path))
        if isinstance(node, ast.ClassDef)
    )
    assert shared(classes) == {}


def test_no_two_modules_share_a_name() -> None:
    modules = ((path.stem, path.relative_to(ROOT).as_posix()) for path in SOURCES if not path.stem.startswith("__"))
    assert shared(modules) == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_name_says_something(path: Path) -> None:
    assert empty_names(tree(path)) == []


def test_a_name_that_says_nothing_is_noticed() -> None:
    text = "def _made(found):\n    for made in found:\n        newly_made = made\n"
    assert empty_names(ast.parse(text)) == ["line 1: _made", "line 1: found", "line 2: made"]
    assert shared(iter([("A", "x"), ("B", "x"), ("A", "y")])) == {"A": ["x", "y"]}
