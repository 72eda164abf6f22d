"""The package's source, taken apart once for all tests of a process that read it."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "rfdocs"


@cache
def modules() -> tuple[Path, ...]:
    """The package's files, in order."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The module in a file. Nobody changes it."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes(module: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of a module, itself first."""
    return tuple(ast.walk(module))


def last_name(node: ast.expr) -> str:
    """The last part of a name: `b` of `a.b` and of `b`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
