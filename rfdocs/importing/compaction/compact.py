"""A network's file: the most compact of several forms, of those that read back as the very same network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rfdocs.catalogue.explicit import file_head, plain_list
from rfdocs.graph import Layer
from rfdocs.importing.compaction.families import BlockMaker, BlockText
from rfdocs.importing.compaction.parts import FilePart
from rfdocs.importing.compaction.plain_layers import NotWritten, PlainNetwork, expanded, is_name, plain_network
from rfdocs.importing.compaction.scopes import ScopeTree
from rfdocs.importing.compaction.tidying import with_defaults, without_short_groups
from rfdocs.importing.compaction.writing import lines_of, value_text, wrapped
from rfdocs.language.assembly import ExplicitItem
from rfdocs.language.blocks import read_blocks
from rfdocs.language.problems import CatalogueError, Problems
from rfdocs.language.source import Mapping as MappingNode
from rfdocs.language.source import read_document


def compact_yaml(title: str, image: Mapping[str, Any], items: Sequence[ExplicitItem], flat: bool = False) -> str:
    """The file of a network; ``image`` is what stands at its input. ``flat`` writes the layers one by one.

    Raises: CatalogueError where the items are no network; NotWritten where no file can hold it.

    >>> layer = {"conv": "conv1", "kernel": (3, 3), "padding": ((1, 1), (1, 1)), "channels": 8, "bias": True}
    >>> print(compact_yaml("One", {"channels": 3, "size": (32, 32)}, [layer]), end="")
    title: One
    input: {channels: 3, size: [32, 32]}
    layers:
      - {conv: conv1, kernel: 3, padding: 1, channels: 8}
    """
    if flat and all(is_name(_name(item)) for item in items):
        return file_head(title, dict(image)) + plain_list(items)
    axes, channels = len(image["size"]), image["channels"]
    return file_head(title, dict(image)) + (_flat_layers if flat else compact_layers)(items, axes, channels)


def compact_layers(items: Sequence[ExplicitItem], axes: int, channels: int) -> str:
    """The ``blocks`` and ``layers`` of the file that is the network of these items, as a person would write them.

    Raises: CatalogueError where the items are no network; NotWritten where no file can hold it.
    """
    network = plain_network(items, axes, channels)
    return _first_true(_forms(network, channels), network, axes, channels)


def _flat_layers(items: Sequence[ExplicitItem], axes: int, channels: int) -> str:
    network = plain_network(items, axes, channels)
    return _first_true(iter([_plain(network)]), network, axes, channels)


def _name(item: ExplicitItem) -> str:
    return str(next(iter(item.values())))


def _first_true(texts: Iterator[str], network: PlainNetwork, axes: int, channels: int) -> str:
    """The first text that is the network. Raises: NotWritten."""
    for text in texts:
        if layers_of(text, axes, channels) == network.expected:
            return text
    message = "no file can hold the network: it has too many layers, or their names hide each other"
    raise NotWritten(message)


def _forms(network: PlainNetwork, channels: int) -> Iterator[str]:
    """The texts of a network, from the most compact to the plainest."""
    tree = ScopeTree(network.layers, channels)
    for maker in (BlockMaker(), BlockMaker(bold=False)):
        yield _text(maker, maker.compact(tree.parts()))
    yield file_text([], tree.parts())
    yield _plain(network)


def _text(maker: BlockMaker, parts: tuple[FilePart, ...]) -> str:
    blocks = [replace(block, parts=without_short_groups(block.parts)) for block in maker.blocks.values()]
    parts = without_short_groups(parts)
    with_defaults(blocks, parts)
    return file_text(blocks, parts)


def _plain(network: PlainNetwork) -> str:
    """One item for each layer; in a scope where its name is too long."""
    return file_text([], ScopeTree(network.layers, 0, flat=True).parts())


# -- the text ----------------------------------------------------------------------------------------------------


def file_text(blocks: Sequence[BlockText], parts: Sequence[FilePart]) -> str:
    """The ``blocks`` and ``layers`` of a file."""
    lines = ["blocks:", *[line for block in blocks for line in _block_lines(block)]] if blocks else []
    return "\n".join([*lines, "layers:", *lines_of(parts, 2), ""])


def _block_lines(block: BlockText) -> Iterator[str]:
    yield f"  {block.name}:"
    if all(value is None for value in block.parameters.values()):
        yield from lines_of(block.parts, 4)
        return
    pairs = [f"{key}: {'' if value is None else value_text(value)}" for key, value in block.parameters.items()]
    yield from wrapped("    parameters: ", f"{{{', '.join(pairs)}}}")
    yield "    layers:"
    yield from lines_of(block.parts, 6)


def layers_of(text: str, axes: int, channels: int) -> tuple[Layer, ...]:
    """The layers that the text stands for, none where it is defective."""
    problems = Problems("file")
    document = read_document(text.encode(), problems)
    if document is None or problems:
        return ()
    node = document.entries.get("blocks")
    blocks = read_blocks(node if isinstance(node, MappingNode) else None, problems)
    try:
        return () if problems else expanded(document.entries["layers"], blocks, axes, channels)
    except CatalogueError:
        return ()
