"""The blocks of a file: items under a name, which the file then uses like an operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rfdocs.language.expression import is_variable, names_in
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.problems import Problems
from rfdocs.language.source import Items, Mapping, Scalar, YamlNode, YamlNodes, is_null
from rfdocs.language.values import CONTROL

#: Keys that are no operation but stand where one does.
STRUCTURE = ("group", "for")
#: What a block cannot call its parameters: keys with a meaning of their own, and the name that is always bound.
RESERVED = (*CONTROL, "from", "note", "alias", "channels_in")


@dataclass(frozen=True, slots=True)
class Block:
    """A block's items, the defaults of its parameters, and the arguments that it may be given."""

    layers: Items
    defaults: YamlNodes
    arguments: frozenset[str]


def read_blocks(blocks: Mapping | None, problems: Problems) -> dict[str, Block]:
    """The blocks of a file by name; a defective one is noted and has no layers."""
    if blocks is None:
        return {}
    taken = {*OPERATIONS, *STRUCTURE}
    for name in blocks.entries:
        if name in taken:
            problems.add(blocks.keys[name], f"'{name}' is an operation already", "choose another name", "block")
    return {name: _read_block(name, node, problems) for name, node in blocks.entries.items() if name not in taken}


def _read_block(name: str, node: YamlNode, problems: Problems) -> Block:
    layers: YamlNode | None = node
    parameters: YamlNode | None = None
    if isinstance(node, Mapping) and set(node.entries) <= {"layers", "parameters"}:
        layers, parameters = node.entries.get("layers"), node.entries.get("parameters")
    if isinstance(layers, Items) and parameters is None:
        return Block(layers, {}, frozenset(_names_used(layers)))
    if isinstance(layers, Items) and isinstance(parameters, Mapping):
        _check_parameters(name, parameters, problems)
        defaults = {name: value for name, value in parameters.entries.items() if not is_null(value)}
        return Block(layers, defaults, frozenset(parameters.entries))
    hint = "or `{parameters: {...}, layers: [...]}`"
    problems.add(node.place, f"the block '{name}' is not a list of layers", hint, "block")
    return Block(Items((), node.place), {}, frozenset())


def _check_parameters(name: str, parameters: Mapping, problems: Problems) -> None:
    for parameter in parameters.entries:
        if parameter in RESERVED or not is_variable(parameter):
            message = f"'{parameter}' cannot be a parameter of the block '{name}'"
            problems.add(parameters.keys[parameter], message, f"reserved: {', '.join(RESERVED)}", "block")


def _names_used(node: YamlNode) -> Iterator[str]:
    """The names that the texts in a block refer to."""
    return (name for text in _texts(node) for name in names_in(text))


def _texts(node: YamlNode) -> Iterator[str]:
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, Items):
        for item in node.items:
            yield from _texts(item)
    else:
        yield from node.entries
        for value in node.entries.values():
            yield from _texts(value)
