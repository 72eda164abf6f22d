"""From a network at one size, and the length of a tile, to its tiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.algebra.reads import Edge, Interpolated, Nearest, Reads, Window
from rfdocs.algebra.tile_edges import TileEdges
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.feasible import SizeRule, nearest_lengths, size_rule
from rfdocs.graph.network import Network, NetworkError, Topology
from rfdocs.graph.tile_paths import Obstacle, Sizes, TilePaths, obstacles, tile_paths, whole_grid
from rfdocs.graph.tiling import AxisTiling, context, kept_units, least_tile, on_grid
from rfdocs.graph.trace import steps_on
from rfdocs.operators import AxisStep

Trace = Sequence[AxisNode]
#: How many lengths a grid step apart are tried for a tile that the network takes.
TRIED = 64


@dataclass(frozen=True, slots=True)
class AxisSearch:
    """One axis of a network at one size, and the map that is asked about; ``layers`` are those with the strands."""

    network: Network
    layers: Topology
    axis: int
    trace: Trace
    target: int

    @property
    def length(self) -> int:
        """The image's length. Unit: input pixels."""
        return self.trace[0].length

    def tiling(self, tile: int | None) -> tuple[AxisTiling, list[Obstacle]]:
        """The tiling with tiles of a length, by default the shortest that keep half their area; and what is in the way.

        Raises: ArithmeticRefusal where there is none.
        """
        paths = tile_paths(self.layers, self.trace, self.target)
        if paths is None:
            raise ArithmeticRefusal("it is made of the whole map, of which no tile has more than a part")
        tile = self._default_tile(paths) if tile is None else tile
        steps = self._checked_steps(tile)
        edges = paths.edges([step.length for step in steps])
        self._check_room(paths, edges, tile)
        sizes = size_rule(self.network, self.axis, self.length, whole_grid(self.layers, self.trace))
        turns = lcm(paths.grid, sizes.step if sizes else 1) // paths.grid
        longer = self._steps(tile + turns * paths.grid)
        in_the_way = list(obstacles(self.layers, paths, self.trace, Sizes(steps, longer, turns)))
        own = edges[self.target]
        assert own is not None
        return self._axis_tiling(paths, own, tile, sizes), in_the_way

    def _axis_tiling(self, paths: TilePaths, edges: TileEdges, tile: int, sizes: SizeRule | None) -> AxisTiling:
        field = paths.field()
        jump = Fraction(paths.grid, edges.step)
        on, anywhere = context([field.at(unit) for unit in range(edges.step)], jump, paths.grid)
        discard = (edges.before, edges.behind)
        return AxisTiling(
            length=self.length,
            jump=jump,
            grid=paths.grid,
            period=edges.step,
            context=on,
            context_any_cut=anywhere,
            discard=discard,
            discard_on_grid=(on_grid(edges.before, edges.step), on_grid(edges.behind, edges.step)),
            tile=tile,
            units=edges.length,
            output=self.trace[self.target].length,
            sizes=sizes,
        )

    def _steps(self, length: int) -> list[AxisStep] | None:
        """What all layers do at a length; ``None`` where they don't take it."""
        if length % self.network.multiple or not 1 <= length <= MAP_LENGTH:
            return None
        try:
            return steps_on(self.layers, self.axis, length)
        except NetworkError:
            return None

    def _checked_steps(self, tile: int) -> list[AxisStep]:
        steps = self._steps(tile)
        if steps is None:
            nearest = " or ".join(map(str, nearest_lengths(self.network, self.axis, tile)))
            hint = f"it takes {nearest} in place of {tile}" if nearest else ""
            raise ArithmeticRefusal(f"the network does not take a tile of {tile}", hint)
        return steps

    def _default_tile(self, paths: TilePaths) -> int:
        """The shortest tile that keeps half of its area: a multiple of the grid, where that reads as the whole does, or
        else of the whole's own residue.
        """
        whole = -(-self.length // paths.grid) * paths.grid
        steps = self._steps(whole)
        same = steps is not None and [step.reads for step in steps] == [node.reads or () for node in self.trace]
        length = whole if same else self.length
        lengths = [step.length for step in self._checked_steps(length)]
        edges = paths.edges(lengths)
        own = edges[self.target]
        assert own is not None
        jump = Fraction(paths.grid, own.step)
        tile = least_tile(own, paths.grid, jump, length, self.network.axes)
        for length in range(tile, tile + TRIED * paths.grid, paths.grid):
            if self._has_room(paths, length):
                return length
        raise ArithmeticRefusal(f"the network takes no tile of {tile} pixels or a little more")

    def _has_room(self, paths: TilePaths, tile: int) -> bool:
        """Whether the network takes such tiles, and a last one that ends with the image; and no border reaches far."""
        return all(self._is_wide(paths, length) for length in {tile, tile - (tile - self.length) % paths.grid})

    def _is_wide(self, paths: TilePaths, length: int) -> bool:
        steps = self._steps(length)
        return steps is not None and not _narrow(paths, paths.edges([step.length for step in steps]))

    def _check_room(self, paths: TilePaths, edges: Sequence[TileEdges | None], tile: int) -> None:
        own = edges[self.target]
        assert own is not None
        if kept_units(own) < own.step or not self._has_room(paths, tile):
            lacking = max(own.step - kept_units(own), 1)
            least = tile + -(-lacking // own.step) * paths.grid
            wrong = f"{own.before} and {own.behind} of its {own.length} units at its ends are not those of the whole"
            raise ArithmeticRefusal(f"a tile of {tile} keeps nothing: {wrong}", f"take {least} or more")


def _narrow(paths: TilePaths, edges: Sequence[TileEdges | None]) -> bool:
    """Whether what one border mirrors or repeats reaches units that the tile's other edge has made wrong."""
    return any(
        _mirrored_beyond(reads, below)
        for own in paths.paths
        for reads, source in own
        if (below := edges[source]) is not None
    )


def _mirrored_beyond(reads: Reads, below: TileEdges) -> bool:
    if isinstance(reads, Window):
        if reads.edge is Edge.ZERO:
            return False
        reached = (
            max(reads.before, reads.dilation * (reads.kernel - 1) - reads.before) if reads.edge is Edge.REFLECT else 0
        )
    elif isinstance(reads, Nearest | Interpolated):
        reached = 0
    else:
        return False
    return min(below.first) <= reached or max(below.last) >= below.length - 1 - reached
