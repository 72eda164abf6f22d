"""From a network at one size, and the length of a tile, to its tiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.algebra.reads import Edge, Interpolated, Nearest, Reads, Window
from rfdocs.algebra.tile_edges import TileEdges
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.feasible import SizeRule, nearest_lengths, size_rule
from rfdocs.graph.network import Network, NetworkError, Topology
from rfdocs.graph.tile_paths import AxisPaths, Obstacle, Sizes, TilePaths, obstacles
from rfdocs.graph.tiling import AxisTiling, Pair, context, kept_units, least_tile, on_grid
from rfdocs.graph.trace import steps_on
from rfdocs.operators import AxisStep

Trace = Sequence[AxisNode]
#: How many lengths a grid step apart are tried for a tile that the network takes.
TRIED = 64


class Run(NamedTuple):
    """A tile of one length: what all layers do, the wrong units of all maps on the way, and those of the map itself."""

    steps: Sequence[AxisStep]
    edges: Mapping[int, TileEdges]
    own: TileEdges


class WholeAxis:
    """One axis of a network at one size, whichever map is asked about; ``layers`` are those with the strands."""

    def __init__(self, network: Network, layers: Topology, axis: int, trace: Trace) -> None:
        self.network, self.layers, self.axis, self.trace = network, layers, axis, trace
        self.paths = AxisPaths(layers, trace)
        self._steps: dict[int, Sequence[AxisStep] | None] = {}

    @cached_property
    def sizes(self) -> SizeRule | None:
        """Which lengths of images the network takes; ``None`` where they are too many to try."""
        return size_rule(self.network, self.axis, self.trace[0].length, self.paths.grid(range(len(self.trace))))

    def steps(self, length: int) -> Sequence[AxisStep] | None:
        """What all layers do in a tile of a length; ``None`` where the network does not take it."""
        if length not in self._steps:
            self._steps[length] = self._new_steps(length)
        return self._steps[length]

    def _new_steps(self, length: int) -> Sequence[AxisStep] | None:
        if length % self.network.multiple or not 1 <= length <= MAP_LENGTH:
            return None
        try:
            return steps_on(self.layers, self.axis, length)
        except NetworkError:
            return None

    def nearest_lengths(self, length: int) -> tuple[int, ...]:
        """The nearest lengths that the network takes in place of one that it does not."""
        return nearest_lengths(self.network, self.axis, length)


class AxisSearch:
    """The tilings of one map on one axis. Raises: ArithmeticRefusal where no tile has units of the map."""

    def __init__(self, whole: WholeAxis, target: int) -> None:
        self._whole, self._trace = whole, whole.trace
        self._paths, self._target = TilePaths(whole.paths, target), target
        self._length, self._output = whole.trace[0].length, whole.trace[target].length
        self._runs: dict[int, Run | None] = {}

    def tiling(self, tile: int | None) -> tuple[AxisTiling, list[Obstacle]]:
        """The tiling with tiles of a length, by default the shortest that keep half their area; and what is in the way.

        Raises: ArithmeticRefusal where there is none.
        """
        grid = self._paths.grid
        tile = self._default_tile() if tile is None else tile
        run = self._checked_run(tile)
        self._check_room(run, tile)
        sizes = self._whole.sizes
        turns = lcm(grid, sizes.step if sizes else 1) // grid
        sizes_of_maps = Sizes(run.steps, self._whole.steps(tile + turns * grid), turns)
        in_the_way = list(obstacles(self._paths, self._trace, sizes_of_maps))
        return self._axis_tiling(run.own, tile, sizes), in_the_way

    def context(self) -> tuple[Pair, Pair]:
        """What regions of the map read beyond themselves, whatever tiles they are cut from: on the grid, and anywhere.

        Raises: ArithmeticRefusal beyond the limits.
        """
        field = self._paths.field()
        units = range(self._paths.step(self._target))
        return context([field.at(unit) for unit in units], self._jump, self._paths.grid)

    @property
    def _jump(self) -> Fraction:
        return Fraction(self._paths.grid, self._paths.step(self._target))

    def _axis_tiling(self, edges: TileEdges, tile: int, sizes: SizeRule | None) -> AxisTiling:
        on, anywhere = self.context()
        return AxisTiling(
            length=self._length,
            jump=self._jump,
            grid=self._paths.grid,
            period=edges.step,
            context=on,
            context_any_cut=anywhere,
            discard=(edges.before, edges.behind),
            discard_on_grid=(on_grid(edges.before, edges.step), on_grid(edges.behind, edges.step)),
            tile=tile,
            units=edges.length,
            output=self._output,
            sizes=sizes,
        )

    def _run(self, length: int) -> Run | None:
        """A tile of a length; ``None`` where the network does not take it. Each is asked for several times."""
        if length not in self._runs:
            self._runs[length] = self._new_run(length)
        return self._runs[length]

    def _new_run(self, length: int) -> Run | None:
        steps = self._whole.steps(length)
        if steps is None:
            return None
        edges = self._paths.edges([step.length for step in steps])
        return Run(steps, edges, edges[self._target].by(self._paths.step(self._target)))

    def _checked_run(self, tile: int) -> Run:
        run = self._run(tile)
        if run is None:
            nearest = " or ".join(map(str, self._whole.nearest_lengths(tile)))
            hint = f"it takes {nearest} in place of {tile}" if nearest else ""
            raise ArithmeticRefusal(f"the network does not take a tile of {tile}", hint)
        return run

    def _default_tile(self) -> int:
        """The shortest tile that keeps half of its area: a multiple of the grid, where that reads as the whole does, or
        else of the whole's own residue.
        """
        grid = self._paths.grid
        length = -(-self._length // grid) * grid
        run = self._run(length)
        if run is None or [step.reads for step in run.steps] != [node.reads for node in self._trace]:
            length = self._length
        own = self._checked_run(length).own
        tile = least_tile(own, grid, self._jump, length, self._whole.network.axes)
        for length in range(tile, tile + TRIED * grid, grid):
            if self._has_room(length):
                return length
        raise ArithmeticRefusal(f"the network takes no tile of {tile} pixels or a little more")

    def _has_room(self, tile: int) -> bool:
        """Whether the network takes such tiles, and a last one that ends with the image; and no border reaches far."""
        lengths = (tile, tile - (tile - self._length) % self._paths.grid)
        runs = [self._run(length) for length in lengths]
        return all(run is not None and not _narrow(self._paths, run.edges) for run in runs)

    def _check_room(self, run: Run, tile: int) -> None:
        own = run.own
        if kept_units(own) < own.step or not self._has_room(tile):
            lacking = max(own.step - kept_units(own), 1)
            least = tile + -(-lacking // own.step) * self._paths.grid
            wrong = f"{own.before} and {own.behind} of its {own.length} units at its ends are not those of the whole"
            raise ArithmeticRefusal(f"a tile of {tile} keeps nothing: {wrong}", f"take {least} or more")


def _narrow(paths: TilePaths, edges: Mapping[int, TileEdges]) -> bool:
    """Whether what one border mirrors or repeats reaches units that the tile's other edge has made wrong."""
    return any(mirrored_beyond(reads, edges[source], edges[node].length) for node, reads, source in paths.reads())


def mirrored_beyond(reads: Reads, below: TileEdges, length: int) -> bool:
    """Whether a layer of ``length`` units reads wrong ones where it mirrors or repeats the borders of a map, or is kept
    inside them.

    Rule: ``p`` units of padding mirror the units up to ``p`` from the border, and repeat the one at it; ``k`` units
    that are kept inside it, ``d`` apart, lie up to ``d * k - 1`` from it.
    """
    last = below.length - 1
    if isinstance(reads, Window) and reads.edge is Edge.INSIDE:
        far = reads.dilation * reads.kernel - 1
        return min(below.first) <= far or max(below.last) >= last - far
    if isinstance(reads, Window):
        mirrors, repeats = reads.edge is Edge.REFLECT, reads.edge is Edge.REPLICATE
    else:
        mirrors, repeats = False, isinstance(reads, Nearest | Interpolated)
    if not mirrors and not repeats:
        return False
    before, behind = (-reads.taps(0)[0], reads.taps(length - 1)[-1] - last) if mirrors else (0, 0)
    return min(below.first) <= max(0, before) or max(below.last) >= last - max(0, behind)
