"""A network's graph in so few rows that it can be read: scopes become blocks, repeated blocks one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from rfdocs.figures.operation_words import operation_words
from rfdocs.graph import Network
from rfdocs.operators import Pointwise

#: A network without scopes may have so many times as many rows: there is nothing to fold.
_FLAT = 1.5

Signature = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class BlockRun:
    """One row: the nodes that it stands for, of ``count`` equal blocks in a row, the first of which is ``block``."""

    name: str
    nodes: tuple[int, ...]
    block: tuple[int, ...]
    count: int = 1


class LayerGraph:
    """A network without its pointwise layers, which change no value: ``nodes`` are the layers that are kept.

    ``names``, ``words`` (what a node does) and ``inputs`` (the kept nodes that it reads) are those of all nodes, the
    image first.
    """

    def __init__(self, network: Network) -> None:
        kept = [0]
        for node, layer in enumerate(network.layers, start=1):
            kept.append(kept[layer.inputs[0]] if isinstance(layer.operator, Pointwise) else node)
        self.nodes = tuple([node for node, kept_node in enumerate(kept) if node == kept_node and node])
        self.names = network.names
        self.words = ("", *map(operation_words, network.layers))
        self.inputs = ([], *[[kept[source] for source in layer.sources] for layer in network.layers])

    def depth(self, nodes: Sequence[int]) -> int:
        """The most scopes around any of the nodes."""
        return max([self.names[node].count(".") for node in nodes], default=0)

    def signature(self, nodes: Sequence[int]) -> Signature:
        """What makes two blocks alike: their operations and how these read each other."""
        place = {node: turn for turn, node in enumerate(nodes)}
        return tuple([(self.words[node], *[place.get(source, -1) for source in self.inputs[node]]) for node in nodes])

    def merges(self, nodes: Sequence[int]) -> bool:
        """Whether several paths meet among the nodes."""
        return any(len(self.inputs[node]) > 1 for node in nodes)


class CondensedGraph:
    """Some nodes of a network in rows; ``inputs`` are the rows that each reads, -1 for what lies outside."""

    def __init__(self, graph: LayerGraph, rows: Sequence[BlockRun]) -> None:
        self.graph, self.rows = graph, tuple(rows)
        place = {node: row for row, run in enumerate(rows) for node in run.nodes}
        self.inputs = tuple([self._rows_read(run, row, place) for row, run in enumerate(rows)])
        self.readers = Counter([source for inputs in self.inputs for source in inputs])

    def _rows_read(self, run: BlockRun, row: int, place: dict[int, int]) -> tuple[int, ...]:
        sources = [place.get(source, -1) for node in run.nodes for source in self.graph.inputs[node]]
        return tuple(dict.fromkeys([source for source in sources if source != row]))

    def follows(self, row: int) -> bool:
        """Whether a row reads the one before it and nothing else, and is all that reads it."""
        return row > 0 and self.inputs[row] == (row - 1,) and self.readers[row - 1] == 1

    def joined(
        self, suits: Callable[[BlockRun, BlockRun], bool], join: Callable[[BlockRun, BlockRun], BlockRun]
    ) -> CondensedGraph:
        """The same with rows that follow each other joined where they suit."""
        rows: list[BlockRun] = []
        for place, run in enumerate(self.rows):
            if self.follows(place) and suits(rows[-1], run):
                rows[-1] = join(rows[-1], run)
            else:
                rows.append(run)
        return CondensedGraph(self.graph, rows)


def condensed(graph: LayerGraph, nodes: Sequence[int], most: int, sizes: Sequence[object]) -> CondensedGraph:
    """The nodes in at most ``most`` rows, in as much detail as these allow; ``sizes`` are those of all nodes."""
    deepest = graph.depth(nodes)
    if not deepest:
        most = int(_FLAT * most)
    finest = at_level(graph, nodes, 1)
    for level in range(2, deepest + 2):
        finer = at_level(graph, nodes, level)
        if len(finer.rows) > most:
            break
        finest = finer
    if len(finest.rows) > most:
        finest = finest.joined(lambda first, second: sizes[first.nodes[-1]] == sizes[second.nodes[-1]], _joined_blocks)
    return finest if len(finest.rows) <= most else _even_chunks(graph, nodes, most)


def at_level(graph: LayerGraph, nodes: Sequence[int], level: int) -> CondensedGraph:
    """Scopes of ``level`` names as rows, equal blocks in a row as one."""
    parts = {node: graph.names[node].split(".")[:level] for node in nodes}
    rows = [_block_run(graph, tuple(members)) for _, members in groupby(nodes, parts.__getitem__)]
    return CondensedGraph(graph, rows).joined(lambda first, second: _are_alike(graph, first, second), _joined_repeats)


def _block_run(graph: LayerGraph, nodes: tuple[int, ...]) -> BlockRun:
    return BlockRun(common_scope([graph.names[node] for node in nodes]), nodes, nodes)


def common_scope(names: Sequence[str]) -> str:
    """The innermost scope that holds all names; the name itself if there is but one.

    >>> common_scope(["stage4.0.conv1", "stage4.0.add"]), common_scope(["conv1"])
    ('stage4.0', 'conv1')
    """
    parts = [name.split(".") for name in names]
    both = zip(min(parts), max(parts), strict=False)  # all others lie between these
    return ".".join([part for part, _ in takewhile(lambda pair: pair[0] == pair[1], both)])


def _even_chunks(graph: LayerGraph, nodes: Sequence[int], most: int) -> CondensedGraph:
    """As many nodes to a row as make ``most`` rows."""
    size = -(-len(nodes) // most)
    parts = [tuple(nodes[first : first + size]) for first in range(0, len(nodes), size)]
    return CondensedGraph(graph, [BlockRun(span_name(graph.names[p[0]], graph.names[p[-1]]), p, p) for p in parts])


def _are_alike(graph: LayerGraph, first: BlockRun, second: BlockRun) -> bool:
    """Whether two blocks are alike, and keep the size."""
    if not 1 < len(first.block) == len(second.block) or any("/" in graph.words[node] for node in second.block):
        return False
    return graph.signature(first.block) == graph.signature(second.block)


def _joined_repeats(first: BlockRun, second: BlockRun) -> BlockRun:
    name = span_name(first_name(first.name), second.name)
    return replace(first, name=name, nodes=first.nodes + second.nodes, count=first.count + 1)


def _joined_blocks(first: BlockRun, second: BlockRun) -> BlockRun:
    nodes = first.nodes + second.nodes
    return BlockRun(span_name(first_name(first.name), second.name), nodes, nodes)


def first_name(name: str) -> str:
    """The first of the names from one to another.

    >>> first_name("layer1.1–5"), first_name("conv1 – pool1"), first_name("conv1")
    ('layer1.1', 'conv1', 'conv1')
    """
    return name.partition("–")[0].strip()


def span_name(first: str, last: str) -> str:
    """Names from one to another.

    >>> span_name("layer1.1", "layer1.15"), span_name("inception3a", "inception3b"), span_name("conv1", "pool1")
    ('layer1.1–15', 'inception3a–b', 'conv1 – pool1')
    """
    for stem in (first.rstrip("0123456789"), first[:-1]):
        rest = last.removeprefix(stem)
        if stem and rest != last and len(stem) < len(first) and (rest.isdigit() or len(rest) == 1):
            return f"{first}–{rest}"
    return f"{first} – {last}"
