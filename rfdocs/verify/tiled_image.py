"""On which image and which tiles a reference model is run: small ones, of which one has an inner edge on every side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from math import lcm, prod

from rfdocs.errors import RfdocsError
from rfdocs.graph import InputError, Network, NetworkError, Report
from rfdocs.graph.tiling import AxisTiling, Pair, Stretch, Tiling

#: The fewest pixels from tile to tile, and the fewest of an axis that is not cut.
STEP, NARROW = 16, 32
#: The most work for the whole and all tiles, by the number of axes. With more, one axis only is cut. Unit:
#: multiply-accumulates, and so many for each pixel.
PIXEL, WORK = 20_000, {1: 240_000_000_000, 2: 240_000_000_000, 3: 160_000_000_000}


class NotTiledError(RfdocsError):
    """A network of the registry's list of which no map can be compared."""


def tiling_to_run(network: Network, layer: str) -> Tiling | None:
    """The exact tiling of a layer that is run: all axes cut in three, or only the first where that is too much work.

    Rule: the shortest tiles with ``STEP`` pixels or more from one to the next; the last one shorter by a pixel where
    the network takes that; and the least length of an axis that is not cut. ``None`` where no tiling is exact.
    Raises: NotTiledError where all are too much work.
    """
    work = 0
    for tiling in _exact_tilings(network, layer):
        work = _work(network, tiling)
        if work <= WORK[network.axes]:
            return tiling
    if work:
        raise NotTiledError(f"tiles for {layer} take too long, about {work / 1e9:.0f} billion multiply-accumulates")
    return None


def _exact_tilings(network: Network, layer: str) -> Iterator[Tiling]:
    """The first exact one with all axes cut, and the first with one cut, if there are such."""
    try:
        axes = [_shortest(axis) for axis in Report(network).tiling(layer).axes]
    except InputError:
        return
    for cut in dict.fromkeys((len(axes), 1)):
        for size in _sizes(axes, cut):
            with suppress(NetworkError, InputError):
                tiling = Report(network, size).tiling(layer, [axis.tile for axis in axes])
                if tiling.exact:
                    yield tiling
                    break


def _shortest(axis: AxisTiling) -> AxisTiling:
    """The axis with the shortest tile that has ``STEP`` pixels to the next."""
    turn = lcm(axis.grid, axis.sizes.step if axis.sizes else 1)
    surplus = int(axis.kept * axis.jump - max(axis.grid, STEP)) // turn * turn
    return replace(axis, tile=axis.tile - surplus, units=axis.units - int(surplus / axis.jump))


def _sizes(axes: Sequence[AxisTiling], cut: int) -> Iterator[tuple[int, ...]]:
    """Images that are three tiles long on the first so many axes, and on the others narrow, the narrowest first."""
    for missing in (1, 0):
        long = tuple([axis.tile + 2 * axis.step - missing for axis in axes[:cut]])
        narrow = [range(_narrowest(axis), axis.tile + 1, axis.grid) for axis in axes[cut:]]
        yield from [(*long, *lengths) for lengths in zip(*narrow, strict=False)] if narrow else [long]


def _narrowest(axis: AxisTiling) -> int:
    """The least length that lies by whole grid steps from the tile's and is not less than ``NARROW``."""
    return NARROW + (axis.tile - NARROW) % axis.grid


def _work(network: Network, tiling: Tiling) -> int:
    """How long the whole and all tiles take, about."""
    whole = tuple([axis.length for axis in tiling.axes])
    tiles = [tuple([end - begin for begin, end in crops(tile)]) for tile in tiling.tiles()]
    work = {size: Report(network, size).macs + PIXEL * prod(size) for size in dict.fromkeys((whole, *tiles))}
    return sum([work[size] for size in (whole, *tiles)])


def crops(tile: Sequence[Stretch]) -> list[Pair]:
    """The pixels of a tile, axis by axis."""
    return [stretch.crop for stretch in tile]
