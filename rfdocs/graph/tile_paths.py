"""What a map is made of, as far as a tile can have it: the paths that move with the image, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from rfdocs.algebra.field import IMAGE, PeriodicField, field_through, merged
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.limits import GRID, READS
from rfdocs.algebra.reads import Around, Edge, Interpolated, Lattice, Nearest, Piece, Reads, Window
from rfdocs.algebra.tile_edges import TileEdges, edges_through, image_edges
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.network import Layer, Topology
from rfdocs.operators import AdaptivePooling, AxisStep, Operator, Roll, ShownSides, Upsample, WindowAttention

#: The units per input pixel of the nodes that move with the image.
Rates = Mapping[int, Fraction]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A layer that makes units depend on what no tile holds, and why."""

    layer: str
    why: str


class AxisPaths:
    """What all layers of a network read, on one axis, that moves with the image.

    For every node, ``paths`` has what it reads of which others, ``rates`` its units per input pixel, ``grids`` the
    least number of pixels that moves every map on the way to it by whole units, and every layer's pattern by whole
    periods, and ``steps`` its units in these; nodes that no path comes by have none. Those of ``unequal`` have paths
    of different rates.

    Rule: a layer with period ``p`` and shift ``h`` has ``rate = rate_in * p / h``; its grid is the least ``g`` with
    ``g * rate_in / h`` whole for all that it reads, a multiple of theirs.
    """

    def __init__(self, network: Topology, trace: Sequence[AxisNode]) -> None:
        self.network = network
        self.paths: list[Sequence[tuple[Reads, int]]] = [()]
        self.rates, self.grids, self.steps = {0: Fraction(1)}, {0: 1}, {0: 1}
        self.unequal: set[int] = set()
        self.seams = {node for node, own in enumerate(trace) if own.has_seams}
        self._fields = {0: IMAGE}
        for node, layer in enumerate(network.layers, start=1):
            self.paths.append(list(_moving(layer, trace, node, self.rates)))
            if self.paths[node]:
                self._follow(node)

    def _follow(self, node: int) -> None:
        own = [(reads, self.rates[source] / reads.shift) for reads, source in self.paths[node]]
        rates = [periods_per_pixel * reads.period for reads, periods_per_pixel in own]
        below = [self.grids[source] for _, source in self.paths[node]]
        self.grids[node] = lcm(*below, *[periods_per_pixel.denominator for _, periods_per_pixel in own])
        self.rates[node] = rates[0]
        self.steps[node] = int(rates[0] * self.grids[node])
        if any(rate != rates[0] for rate in rates):
            self.unequal.add(node)

    def grid(self, nodes: Iterable[int]) -> int:
        """The least number of pixels that moves all of these nodes by whole units, as far as they move at all."""
        return lcm(*[self.grids.get(node, 1) for node in nodes])

    def field(self, node: int) -> PeriodicField[Interval]:
        """The fields of a node's units along these paths, once those of what it reads are known.

        Raises: ArithmeticRefusal beyond the limits.
        """
        if node not in self._fields:
            through = [field_through(reads, self.field(source)) for reads, source in self.paths[node]]
            self._fields[node] = merged(through, hull)
        return self._fields[node]


class TilePaths:
    """The spatial paths from the image to a map, on one axis: ``nodes`` are those that it is made of, in order.

    Raises: ArithmeticRefusal where none leads there but through the whole map, where paths have different rates, or
    where the grid is beyond the limits.
    """

    def __init__(self, axis: AxisPaths, target: int) -> None:
        self.axis, self.target = axis, target
        self.nodes = sorted(ancestors(axis.network, target))
        if not axis.unequal.isdisjoint(self.nodes):
            raise ArithmeticRefusal("its paths have different jumps")
        if axis.network.given[target]:
            raise ArithmeticRefusal("nothing of the image leads to it: it is made of another input")
        if target not in axis.rates:
            raise ArithmeticRefusal(_unmoved(axis, self.nodes))
        self.grid = axis.grid(self.nodes)
        _check_grid(self)

    def step(self, node: int) -> int:
        """The units of one step of the grid."""
        return self.grid // self.axis.grids[node] * self.axis.steps[node]

    def moves(self, node: int) -> bool:
        """Whether a node moves with the image."""
        return node in self.axis.rates

    def reads(self) -> Iterator[tuple[int, Reads, int]]:
        """Every node on the way with what it reads of which other."""
        return ((node, reads, source) for node in self.nodes for reads, source in self.axis.paths[node])

    def field(self) -> PeriodicField[Interval]:
        """The fields of the map's units along these paths. Raises: ArithmeticRefusal beyond the limits."""
        for node in filter(self.moves, self.nodes):
            self.axis.field(node)
        return self.axis.field(self.target)

    def edges(self, lengths: Sequence[int]) -> dict[int, TileEdges]:
        """The wrong units of every map on the way, in a tile in which the maps have these lengths, each told by the
        phases of its own grid.
        """
        edges = {0: image_edges(lengths[0], 1)}
        for node in self.nodes:
            if paths := self.axis.paths[node]:
                below = [(reads, edges[source]) for reads, source in paths]
                edges[node] = edges_through(below, lengths[node], self.axis.steps[node])
        return edges


def _unmoved(axis: AxisPaths, nodes: Iterable[int]) -> str:
    """Why no path to a map made of these nodes moves with the image."""
    seams = [axis.network.names[node] for node in nodes if node in axis.seams]
    return f"{_SEAM} ({seams[-1]})" if seams else "it is made of the whole map, of which no tile has more than a part"


def ancestors(network: Topology, target: int) -> set[int]:
    """The nodes that a node is made of, itself among them."""
    needed = {target}
    for node in range(target, 0, -1):
        if node in needed:
            needed.update(network.layers[node - 1].inputs)
    return needed


def _moving(layer: Layer, trace: Sequence[AxisNode], node: int, rates: Rates) -> Iterator[tuple[Reads, int]]:
    """What a layer reads that moves with the image."""
    if reads_whole_map(layer):
        return
    for reads, source in zip(trace[node].reads, layer.inputs, strict=True):
        if source in rates and reads.shift and not isinstance(reads, Piece):
            yield _bound(reads, trace[source].length, trace[node].length), source


def reads_whole_map(layer: Layer) -> bool:
    """Whether a layer's windows are cut to the size of the map: one for all of it, or a given number."""
    return layer.operator.collapses or isinstance(layer.operator, AdaptivePooling)


def _bound(reads: Reads, length: int, count: int) -> Reads:
    """What a layer reads, at most, whatever the size."""
    if reads.steady or not isinstance(reads, Interpolated | Nearest):
        return reads
    ratio = Fraction(length, count)
    side = reads.side if isinstance(reads, Interpolated) else 1
    return Around(ratio.denominator, ratio.numerator, side + max(0, -(-length // count) - 1))


def _check_grid(paths: TilePaths) -> None:
    if paths.grid > GRID:
        raise ArithmeticRefusal(f"its grid would be {paths.grid} pixels; at most {GRID} are followed")
    reads = sum([paths.step(node) * reads.width for node, reads, _ in paths.reads()])
    if reads > READS:
        raise ArithmeticRefusal(f"it would take more than {READS} single reads to follow a grid of {paths.grid} pixels")


@dataclass(frozen=True, slots=True)
class Sizes:
    """What all layers do in a tile, and in one ``longer`` by so many ``turns`` of the grid, if they take that."""

    tile: Sequence[AxisStep]
    longer: Sequence[AxisStep] | None
    turns: int

    def follow(self, node: int, step: int) -> bool:
        """Whether a map of ``step`` units to a grid step grows with the tile."""
        return self.longer is not None and self.longer[node].length - self.tile[node].length == self.turns * step


def obstacles(paths: TilePaths, whole: Sequence[AxisNode], sizes: Sizes) -> Iterator[Obstacle]:
    """Every layer on the way to a map that makes a tile's units others than the whole's, wherever they lie."""
    network = paths.axis.network
    fixed: set[int] = set()
    for node in paths.nodes[1:]:
        layer = network.layers[node - 1]
        if all(network.collapsed[source] for source in layer.inputs):
            continue
        if network.given[node]:
            yield from _unlike_given(layer, whole[node], sizes.tile[node])
            continue
        follows = not paths.moves(node) or sizes.follow(node, paths.step(node))
        inherited = not fixed.isdisjoint(layer.inputs)
        fixed.update([] if follows else [node])
        why = _why(network, node, whole[node], sizes.tile[node]) or ("" if follows or inherited else _FIXED)
        if why:
            yield Obstacle(layer.name, why)


def _unlike_given(layer: Layer, whole: AxisNode, tile: AxisStep) -> Iterator[Obstacle]:
    """A layer of what is given that another length than the whole's makes another map, in a tile."""
    if whole.reads != tile.reads or whole.length != tile.length:
        yield Obstacle(layer.name, "it takes its size from the image, and what it reads is given")


_BETWEEN_ENDS = "its units lie between the ends of the map, and these are others in a tile"
_FIXED = "its size does not follow the image's"
_SEAM = "maps stand side by side in it, and where they meet does not move with the image"


_SHOWN = {
    ShownSides(True, True): "the whole map",
    ShownSides(before=True): "all that lies before it",
    ShownSides(behind=True): "all that lies behind it",
}


def _why(network: Topology, node: int, whole: AxisNode, tile: AxisStep) -> str:
    """Why a layer's units depend on what no tile holds; empty where they don't."""
    layer = network.layers[node - 1]
    operator = layer.operator
    own = [reads for reads, source in zip(whole.reads, layer.inputs, strict=True) if not network.given[source]]
    if any(whole.shows):
        return f"every unit sees {_SHOWN[whole.shows]} through it"
    if operator.over_space:
        return "its normalisation takes mean and deviation over the whole map"
    if reads_whole_map(layer):
        return "it reads the whole map" if operator.collapses else "its windows are cut to the size of the map"
    if any(isinstance(reads, Window) and reads.edge is Edge.CIRCULAR for reads in own):
        moved = "it moves units round the ends of the map"
        return moved if isinstance(operator, Roll) else "its padding comes from the other end of the map"
    if not all(reads.steady for reads in own):
        return _not_steady(whole, own)
    return "" if whole.reads == tile.reads else _other_reads(operator)


def _not_steady(whole: AxisNode, own: Sequence[Reads]) -> str:
    """Why what a layer reads holds for one size only."""
    if whole.has_seams:
        return _SEAM
    spread = any(isinstance(reads, Lattice) for reads in own)
    return "what it reads lies all over the map" if spread else _BETWEEN_ENDS


def _other_reads(operator: Operator) -> str:
    """Why a layer reads in another way in a tile than in the whole."""
    if isinstance(operator, Upsample):
        return _FIXED
    if isinstance(operator, WindowAttention):
        return "its windows are moved in one of both, where there are several, and not in the other"
    if getattr(operator, "window", None) is not None:
        return "its padding depends on the size, and is another in a tile"
    return "it is padded or cut in another way in a tile"
