"""What a map is made of, as far as a tile can have it: the paths that move with the image, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from rfdocs.algebra.field import IMAGE, PeriodicField, field_through, merged
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.limits import GRID, READS
from rfdocs.algebra.reads import Around, Edge, Interpolated, Nearest, Reads, Window
from rfdocs.algebra.tile_edges import TileEdges, edges_through, image_edges
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.network import Layer, Topology
from rfdocs.operators import AdaptivePooling, AxisStep, Operator, Upsample

#: The units per input pixel of the nodes that move with the image.
Rates = Mapping[int, Fraction]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A layer that makes units depend on what no tile holds, and why."""

    layer: str
    why: str


@dataclass(frozen=True, slots=True)
class TilePaths:
    """The spatial paths from the image to a map, on one axis.

    For every node up to the map, ``paths`` has what it reads of which others, and ``rates`` its units per input pixel;
    nodes that no path comes by have neither, and none reads them. ``grid`` is the least number of pixels that moves
    every map on the way by whole units, and every layer's pattern by whole periods.
    """

    paths: tuple[tuple[tuple[Reads, int], ...], ...]
    rates: Rates
    grid: int

    def step(self, node: int) -> int:
        """The units of one grid step."""
        return int(self.rates[node] * self.grid)

    def field(self) -> PeriodicField[Interval]:
        """The fields of the map's units along these paths. Raises: ArithmeticRefusal beyond the limits."""
        fields = {0: IMAGE}
        for node, paths in enumerate(self.paths):
            if paths:
                fields[node] = merged([field_through(reads, fields[source]) for reads, source in paths], hull)
        return fields[len(self.paths) - 1]

    def edges(self, lengths: Sequence[int]) -> dict[int, TileEdges]:
        """The wrong units of every map on the way, in a tile in which the maps have these lengths."""
        edges = {0: image_edges(lengths[0], self.grid)}
        for node, paths in enumerate(self.paths):
            if paths:
                below = [(reads, edges[source]) for reads, source in paths]
                edges[node] = edges_through(below, lengths[node], self.step(node))
        return edges


def tile_paths(network: Topology, trace: Sequence[AxisNode], target: int) -> TilePaths | None:
    """The spatial paths to a node; ``None`` where none leads there but through the whole map.

    Rule: a layer with period ``p`` and shift ``h`` has ``rate = rate_in * p / h``; the grid is the least ``g`` with
    ``g * rate_in / h`` whole for all that is read. Raises: ArithmeticRefusal where paths have different rates, or the
    grid is beyond the limits.
    """
    needed = ancestors(network, target)
    paths: list[tuple[tuple[Reads, int], ...]] = [()]
    rates = {0: Fraction(1)}
    grid = 1
    for node, layer in enumerate(network.layers[:target], start=1):
        own = tuple(_moving(layer, trace, node, rates)) if node in needed else ()
        grid, rates_through = _grid_and_rates(own, rates, grid)
        if len(set(rates_through)) > 1:
            raise ArithmeticRefusal("its paths have different jumps")
        paths.append(own)
        if rates_through:
            rates[node] = rates_through[0]
    if target not in rates:
        return None
    to_target = TilePaths(tuple(paths), rates, grid)
    _check_grid(to_target)
    return to_target


def whole_grid(network: Topology, trace: Sequence[AxisNode]) -> int:
    """The least number of pixels that moves all maps of a network by whole units, as far as they move at all."""
    rates = {0: Fraction(1)}
    grid = 1
    for node, layer in enumerate(network.layers, start=1):
        grid, rates_through = _grid_and_rates(list(_moving(layer, trace, node, rates)), rates, grid)
        if rates_through:
            rates[node] = rates_through[0]
    return grid


def _grid_and_rates(paths: Sequence[tuple[Reads, int]], rates: Rates, grid: int) -> tuple[int, list[Fraction]]:
    """The least multiple of the grid that moves what a layer reads by whole periods, and its rate along each path."""
    periods = [(reads, rates[source] / reads.shift) for reads, source in paths]
    rates_through = [periods_per_pixel * reads.period for reads, periods_per_pixel in periods]
    return lcm(grid, *[periods_per_pixel.denominator for _, periods_per_pixel in periods]), rates_through


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
        if source in rates and reads.shift:
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
    reads = sum([paths.step(node) * read.width for node, own in enumerate(paths.paths) for read, _ in own])
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


def obstacles(network: Topology, paths: TilePaths, whole: Sequence[AxisNode], sizes: Sizes) -> Iterator[Obstacle]:
    """Every layer on the way to a map that makes a tile's units others than the whole's, wherever they lie."""
    target = len(paths.paths) - 1
    needed = ancestors(network, target)
    fixed: set[int] = set()
    for node, layer in enumerate(network.layers[:target], start=1):
        if node not in needed or all(network.collapsed[source] for source in layer.inputs):
            continue
        follows = node not in paths.rates or sizes.follow(node, paths.step(node))
        inherited = not fixed.isdisjoint(layer.inputs)
        fixed.update([] if follows else [node])
        why = _why(layer, whole[node], sizes.tile[node]) or ("" if follows or inherited else _FIXED)
        if why:
            yield Obstacle(layer.name, why)


_FIXED = "its size does not follow the image's"


def _why(layer: Layer, whole: AxisNode, tile: AxisStep) -> str:
    """Why a layer's units depend on what no tile holds; empty where they don't."""
    operator = layer.operator
    if operator.gate:
        return "every unit sees the whole map through it"
    if operator.over_space:
        return "its normalisation takes mean and deviation over the whole map"
    if reads_whole_map(layer):
        return "it reads the whole map" if operator.collapses else "its windows are cut to the size of the map"
    if any(isinstance(reads, Window) and reads.edge is Edge.CIRCULAR for reads in whole.reads):
        return "its padding comes from the other end of the map"
    if not all(reads.steady for reads in whole.reads):
        return "its units lie between the ends of the map, and these are others in a tile"
    return "" if whole.reads == tile.reads else _other_reads(operator)


def _other_reads(operator: Operator) -> str:
    """Why a layer reads in another way in a tile than in the whole."""
    if isinstance(operator, Upsample):
        return _FIXED
    if getattr(operator, "window", None) is not None:
        return "its padding depends on the size, and is another in a tile"
    return "it is padded or cut in another way in a tile"
