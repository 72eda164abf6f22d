"""Imports go downwards only, and each foreign world is known to one layer only: read from the source."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from syntax import PACKAGE, last_name, modules, nodes, tree

LAYERS = [
    "spelling",
    "errors",
    "extras",
    "algebra",
    "operators",
    "graph",
    "language",
    "catalogue",
    "formats",
    "pixels",
    "figures",
    "pages",
    "publish",
    "making",
    "sphinx",
    "verify",
    "importing",
    "cli",
]
"""From the bottom to the top: what stands further left never imports what stands further right."""

ROOT = "catalogue"
"""`rfdocs` itself only names what the catalogue and the layers below it offer."""

FROM_ROOT = [*LAYERS[: LAYERS.index(ROOT) + 1], "formats", "importing"]
"""What `rfdocs` itself may import: what it names, and the layer that gives reports their table in a notebook."""

STANDARD_ONLY = ["spelling", "errors", "extras", "algebra", "operators", "graph", "formats", "publish"]
"""Layers that import nothing from outside the standard library."""

HOMES = {
    "yaml": {"language"},
    "matplotlib": {"figures"},
    "numpy": {"figures", "pixels", "importing"},
    "PIL": {"pixels"},
    "sphinx": {"sphinx"},
    "docutils": {"sphinx"},
    "latex2mathml": {"making"},
    "markupsafe": {"pages", "sphinx"},
    "torch": {"verify", "importing"},
    "onnx": {"importing"},
    "keras": {"verify", "importing"},
    "pydantic": set(),
}
"""Foreign worlds and the only layers that know them."""

SPEAKERS = {"cli", "verify", "importing"}
"""The layers that print and exit: the command line, and `python -m` of these, which are commands of their own."""


def layer_of(path: Path) -> str:
    part = path.relative_to(PACKAGE).parts[0]
    return "cli" if part == "__main__.py" else part.removesuffix(".py")


@cache
def imported(module: ast.Module, package: str = "rfdocs") -> tuple[tuple[int, str], ...]:
    """The full names of all that a module of a package imports, lazily and relatively too, with their lines."""
    return tuple(line_and_name for node in nodes(module) for line_and_name in imported_at(node, package))


def imported_at(node: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """What one node imports."""
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        home = ".".join(package.split(".")[: 1 - node.level or None]) if node.level else ""
        origin = ".".join(filter(None, (home, node.module)))
        yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)
    elif isinstance(node, ast.Call) and last_name(node.func) in {"import_module", "__import__"}:
        yield from ((node.lineno, str(part.value)) for part in ast.walk(node) if isinstance(part, ast.Constant))


def outside(module: ast.Module) -> Iterator[tuple[int, str]]:
    """The top-level packages from outside the standard library and this one."""
    for line, name in imported(module):
        top = name.split(".")[0]
        if top not in sys.stdlib_module_names and top != "rfdocs" and top.isidentifier():
            yield line, top


def inside(module: ast.Module, package: str = "rfdocs") -> Iterator[tuple[int, str]]:
    """The layers of this package that are imported; names of `rfdocs` itself count as its own layer."""
    for line, name in imported(module, package):
        parts = name.split(".")
        if parts[0] == "rfdocs" and len(parts) > 1:
            yield line, parts[1] if parts[1] in LAYERS else ROOT


def upward(layer: str, module: ast.Module) -> list[str]:
    allowed = FROM_ROOT if layer == "__init__" else LAYERS[: LAYERS.index(layer) + 1]
    package = f"rfdocs.{layer}" if (PACKAGE / layer).is_dir() else "rfdocs"
    return [f"line {line}: {layer} imports {found}" for line, found in inside(module, package) if found not in allowed]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_downwards_only(path: Path) -> None:
    assert upward(layer_of(path), tree(path)) == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_foreign_world_stays_in_its_layer(path: Path) -> None:
    layer = layer_of(path)
    strangers = [(line, name) for line, name in outside(tree(path)) if layer not in HOMES.get(name, {layer})]
    assert strangers == []


@pytest.mark.parametrize("layer", STANDARD_ONLY)
def test_a_pure_layer_needs_the_standard_library_only(layer: str) -> None:
    found = [
        (path.name, line, name) for path in modules() if layer_of(path) == layer for line, name in outside(tree(path))
    ]
    assert found == []


SPHINX = {"sphinx", "docutils"}


def without_sphinx(paths: Iterable[Path]) -> list[str]:
    """The modules that have no use for Sphinx."""
    return [path.name for path in paths if not SPHINX & {name for _, name in outside(tree(path))}]


def test_sphinx_s_layer_holds_nothing_that_can_do_without_sphinx() -> None:
    assert without_sphinx(path for path in modules() if layer_of(path) == "sphinx") == []


def test_a_module_that_can_do_without_sphinx_is_found() -> None:
    making = [path for path in modules() if layer_of(path) == "making"]
    assert without_sphinx(making) == [path.name for path in making]


def test_only_the_command_line_prints_and_exits() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        if layer_of(path) not in SPEAKERS
        for node in nodes(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "exit", "quit", "os._exit"}
    ]
    assert found == []


def by_hand(module: ast.Module) -> Iterator[str]:
    """The places where a module escapes HTML itself, or puts values among tags without `markupsafe`."""
    for node in nodes(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            texts = [node.func.value] if node.func.attr in {"format", "format_map", "join"} else []
            letters = node.args[:1] if node.func.attr in {"replace", "maketrans"} else []
        else:
            texts = node.values if isinstance(node, ast.JoinedStr) else []
            texts = [node.left] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) else texts
            letters = [key for key in node.keys if key is not None] if isinstance(node, ast.Dict) else []
        if any(re.search("</?[a-z]", text) for text in constants(texts)) or {"<", ">", "&"} & {*constants(letters)}:
            assert isinstance(node, ast.expr)
            yield f"line {node.lineno}"
    yield from (f"line {line}: {name}" for line, name in imported(module) if name.split(".")[0] == "html")


def constants(nodes: Iterable[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_html_is_escaped_by_a_library(path: Path) -> None:
    """A figure is SVG: numbers, and texts that the standard library escapes. LaTeX and markdown are no HTML."""
    others = {"figures/drawing.py", "figures/renderer.py", "formats/tables.py"}
    if path.relative_to(PACKAGE).as_posix() not in others:
        assert list(by_hand(tree(path))) == []


def test_every_layer_is_known() -> None:
    assert {layer_of(path) for path in modules()} - {*LAYERS, "__init__"} == set()


def test_an_upward_import_is_found() -> None:
    assert upward("graph", ast.parse("from rfdocs.catalogue import load")) == ["line 1: graph imports catalogue"]


def test_a_lazy_upward_import_is_found() -> None:
    module = ast.parse("def f():\n    import_module(f'rfdocs.figures.{kind}')")
    assert upward("formats", module) == ["line 2: formats imports figures"]


@pytest.mark.parametrize(
    "line",
    [
        "from ..catalogue import load",
        "from .. import catalogue",
        "importlib.import_module('rfdocs.catalogue')",
        "__import__('rfdocs.catalogue')",
    ],
)
def test_an_upward_import_is_found_however_it_is_written(line: str) -> None:
    assert upward("graph", ast.parse(line)) == ["line 1: graph imports catalogue"]
    assert upward("graph", ast.parse("from .network import Network\nfrom . import trace")) == []


def test_the_package_itself_knows_the_catalogue_and_how_a_report_is_shown() -> None:
    assert upward("__init__", ast.parse("import_module('rfdocs.formats')\nfrom .graph import Report")) == []
    assert upward("__init__", ast.parse("from rfdocs.pages import html")) == ["line 1: __init__ imports pages"]
    assert upward("spelling", ast.parse("from .errors import RfdocsError")) == ["line 1: spelling imports errors"]


def test_a_name_of_the_package_itself_counts_as_the_catalogue() -> None:
    assert upward("operators", ast.parse("from rfdocs import load")) == ["line 1: operators imports catalogue"]


def test_a_stranger_is_found() -> None:
    assert list(outside(ast.parse("import yaml.nodes\nimport re"))) == [(1, "yaml")]


@pytest.mark.parametrize(
    "source",
    [
        "import html",
        "from html import escape",
        "text.replace('<', x)",
        "str.maketrans({'&': x})",
        "f'<b>{text}</b>'",
        "'<td>{}</td>'.format(text)",
        "'</td><td>'.join(cells)",
        "'<li>%s</li>' % text",
    ],
)
def test_html_by_hand_is_found(source: str) -> None:
    assert len(list(by_hand(ast.parse(source)))) == 1


def test_html_by_a_library_is_none_by_hand() -> None:
    source = "Markup('<td>{}</td>').format(text) + escape(text)\nx = f'{a} < b, {name}>'"
    assert list(by_hand(ast.parse(source))) == []
