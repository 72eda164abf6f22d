"""Nothing writes into a frozen object: read from the source.

Python refuses to set its fields; mypy refuses to change what is in them, for their types have no way to do so; and
nothing goes round either.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from syntax import PACKAGE, modules, nodes, tree

CHANGEABLE = re.compile(r"\b(dict|list|set|bytearray|deque|Counter|defaultdict|MutableMapping|MutableSequence)\b")


def is_frozen(node: ast.ClassDef) -> bool:
    told = [ast.unparse(part) for part in (*node.decorator_list, *node.bases)]
    return any("frozen=True" in text or text == "NamedTuple" for text in told)


def breaches(module: ast.Module) -> Iterator[str]:
    """Fields of frozen classes that hold what can be changed, and ways round what freezes them."""
    for node in nodes(module):
        if isinstance(node, ast.ClassDef) and is_frozen(node):
            for field in (part for part in node.body if isinstance(part, ast.AnnAssign)):
                if CHANGEABLE.search(ast.unparse(field.annotation)):
                    yield f"line {field.lineno}: {node.name}.{ast.unparse(field)}"
        if isinstance(node, ast.Attribute) and node.attr in {"__setattr__", "__delattr__"}:
            yield f"line {node.lineno}: {ast.unparse(node)}"
        stored = ast.unparse(node) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) else ""
        if re.match(r"vars\(|.*\.__dict__\[", stored):
            yield f"a write: {stored}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_writes_into_a_frozen_object(path: Path) -> None:
    assert list(breaches(tree(path))) == []


@pytest.mark.parametrize(
    "text",
    [
        "class Scope(NamedTuple):\n    names: dict[str, int]",
        "@dataclass(frozen=True, slots=True)\nclass Scope:\n    names: list[int] | None = None",
        "object.__setattr__(network, 'channels', ())",
        "vars(network)['channels'] = ()",
        "network.__dict__['channels'] = ()",
    ],
)
def test_a_way_to_write_into_a_frozen_object_is_found(text: str) -> None:
    assert len(list(breaches(ast.parse(text)))) == 1
