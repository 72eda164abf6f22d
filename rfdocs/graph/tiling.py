"""How an image too large for one run is cut into tiles that together give what the whole would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, prod

from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.algebra.tile_edges import TileEdges
from rfdocs.graph.feasible import SizeRule
from rfdocs.graph.tile_paths import Obstacle

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One tile on one axis: the pixels ``crop`` that it is run on, the units ``keep`` of its output, and where these
    stand in the whole's output, ``place``; each from its first to before its second.
    """

    crop: Pair
    keep: Pair
    place: Pair


@dataclass(frozen=True, slots=True)
class AxisTiling:
    """The tiling of one axis. Pairs are (before, after). Units: input pixels, or units of the output where it says so.

    >>> import rfdocs
    >>> rows, columns = rfdocs.load("unet-padded").analyze().tiling("output", tile=256).axes
    >>> rows.grid, rows.context, rows.context_any_cut, rows.discard, rows.discard_on_grid, rows.kept
    (16, (94, 94), (107, 107), (94, 94), (96, 96), 64)
    """

    length: int  #: The image's length.
    jump: Fraction  #: The distance between neighbouring units of the output.
    grid: int  #: Tiles begin at multiples of it, counted from the image's first pixel.
    period: int  #: The units that belong to one grid step, ``grid / jump``. Unit: units.
    context: Pair  #: What a region that is cut on the grid reads beyond itself.
    context_any_cut: Pair  #: What one reads that is cut at any unit.
    discard: Pair  #: The units at an inner edge that are not the whole's; one fewer is wrong. Unit: units.
    discard_on_grid: Pair  #: The same, rounded up to whole periods. Unit: units.
    tile: int  #: The length of an inner tile.
    units: int  #: Its output's length. Unit: units.
    output: int  #: The length of the whole's output. Unit: units.
    sizes: SizeRule | None  #: The lengths of images that the network takes; ``None`` where they are too many to try.

    @property
    def kept(self) -> int:
        """The units that an inner tile keeps. Unit: units."""
        return max(0, self.units - sum(self.discard_on_grid))

    @property
    def step(self) -> int:
        """From the beginning of a tile to that of the next: what is kept, in whole grid steps."""
        return self.kept // self.period * self.grid

    @property
    def count(self) -> int:
        """How many tiles the axis takes."""
        return 1 if self.length <= self.tile else 1 - (self.tile - self.length) // self.step

    @property
    def work(self) -> int:
        """The pixels of all tiles."""
        return sum(stretch.crop[1] - stretch.crop[0] for stretch in self.stretches())

    def stretches(self) -> Iterator[Stretch]:
        """The tiles in order. What they keep lies side by side, and is the whole output.

        The last one begins at the first multiple of the grid from which on a tile holds the rest: it may be shorter.
        """
        if self.length <= self.tile:
            yield Stretch((0, self.length), (0, self.output), (0, self.output))
            return
        placed = 0
        for number in range(self.count - 1):
            first = number * self.step // self.grid * self.period
            end = first + self.units - self.discard_on_grid[1]
            begin = number * self.step
            yield Stretch((begin, begin + self.tile), (placed - first, end - first), (placed, end))
            placed = end
        begin = -((self.tile - self.length) // self.grid) * self.grid
        first = begin // self.grid * self.period
        yield Stretch((begin, self.length), (placed - first, self.output - first), (placed, self.output))


@dataclass(frozen=True, slots=True)
class Tiling:
    """How to tile an image for one map of a network, per axis in (height, width) order.

    It is ``exact`` where the tiles together give what the whole would give. Where they don't, ``because`` names the
    layers in the way, and the axes have the values of the spatial paths alone: what units read directly, at most.
    """

    network: str
    layer: str
    because: tuple[Obstacle, ...]
    axes: tuple[AxisTiling, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.because

    @property
    def count(self) -> int:
        """How many tiles the image takes."""
        return prod([axis.count for axis in self.axes])

    @property
    def overhead(self) -> Fraction:
        """The pixels of all tiles over those of the image."""
        return prod([Fraction(axis.work, axis.length) for axis in self.axes], start=Fraction(1))

    def tiles(self) -> Iterator[tuple[Stretch, ...]]:
        """All tiles, row by row: one stretch per axis."""
        return product(*[list(axis.stretches()) for axis in self.axes])


def on_grid(units: int, period: int) -> int:
    """Units rounded up to whole periods."""
    return -(-units // period) * period


def kept_units(edges: TileEdges) -> int:
    """The units that are kept of an inner tile when whole periods are thrown away; negative where too many are."""
    return edges.length - on_grid(edges.before, edges.step) - on_grid(edges.behind, edges.step)


def least_tile(edges: TileEdges, grid: int, jump: Fraction, length: int, axes: int) -> int:
    """The shortest tile, as long as ``length`` but for grid steps, that keeps at least half of its area when cut the
    same way on all ``axes``.

    Rule: ``2 * (kept * jump) ^ axes >= tile ^ axes``, and what is kept grows by the grid when the tile does. ``edges``
    are those of a tile of ``length``.
    """
    missing = length - kept_units(edges) * jump  # of a tile of any length
    share = 1 - 0.5 ** (1 / axes)
    tile = max(length % grid, length - grid * int((length - float(missing) / share) // grid + 2))
    while tile < missing + grid or 2 * (tile - missing) ** axes < tile**axes:
        tile += grid
    return min(tile, MAP_LENGTH)


def context(fields: Sequence[Interval | None], jump: Fraction, grid: int) -> tuple[Pair, Pair]:
    """What regions read beyond themselves: those that are cut on the grid, and those that are cut at any unit.

    ``fields`` are those of the units of one grid step; ``None`` reads nothing. Rule: unit ``u`` fills the pixels from
    ``u * jump`` to ``(u + 1) * jump``; a region on the grid begins with unit 0 and ends with the last of them.

    >>> context([None, Interval(-1, 2)], Fraction(1), 2)
    ((1, 1), (2, 1))
    """
    read = [(unit, field) for unit, field in enumerate(fields) if field is not None]
    before = max([-field.first for _, field in read], default=0)
    after = max([field.last - grid + 1 for _, field in read], default=0)
    any_before = max([ceil(unit * jump - field.first) for unit, field in read], default=0)
    any_after = max([ceil(field.last + 1 - (unit + 1) * jump) for unit, field in read], default=0)
    return (max(0, before), max(0, after)), (max(0, any_before), max(0, any_after))
