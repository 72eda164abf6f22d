"""Which units of a tile are not those of the whole map, on one axis, exactly.

A tile is a stretch of the image, run by itself. It begins at a multiple of the grid, so that every map on the way
is moved by whole units: ``taps(u + s) = taps(u) + s_in``, with ``s`` and ``s_in`` the units of one grid step. What it
reads instead of a unit that it does not have is padding, which is what the whole reads only at the image's own
border. Hence a unit is *wrong* where a tap of it is a unit that the tile lacks, or a wrong one.

**Before.** Let the tile begin at unit 0 of every map and have no end. It lacks the units below 0. Take the units of one
phase, ``u = f + m * s``. If ``u`` is wrong then so is ``u - s``, or the tile lacks it: move the whole chain of taps
that leads to the missing unit by one grid step, and it leads to a missing unit again. So one number tells the wrong
ones of each phase, the last of them, where a phase without any has its last missing unit, ``f - s``:

    last(f) = max(f - s, max over the taps t of f: f + s * floor((last_in(t) - t) / s_in))

Nothing in this asks for the grid of the whole network: a map's own grid does, the least that moves the maps below it
by whole periods, and a map that is read may have a finer one still. Of its phases ``last_in(t)`` is that of ``t``, and
the division takes the last wrong unit that is whole steps from ``t``. **Behind** it is the same with the first wrong
unit, the first missing one being the first of its phase from the map's length on, with ``min`` for ``max`` and the
division rounded up. A unit is wrong in a tile with two ends where it is wrong at one of them, since a tap is lacking at
one of them.

The fields do not say this: behind a transposed convolution that cuts its map, or a crop, a unit that the tile lacks
may have its whole field inside the tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.algebra.reads import IDENTITY, Reads


@dataclass(frozen=True, slots=True)
class TileEdges:
    """The wrong units at the inner edges of a tile, of one map. Unit: units.

    For each of the ``step`` phases of a grid, ``last`` has the last unit that is wrong before, negative where there is
    none, and ``first`` the first that is wrong behind, ``length`` or more where there is none.
    """

    length: int
    last: tuple[int, ...]
    first: tuple[int, ...]

    @property
    def step(self) -> int:
        """The units of one grid step."""
        return len(self.last)

    @property
    def before(self) -> int:
        """How many units at the edge before have to be thrown away: all up to the last wrong one."""
        return max(self.last) + 1

    @property
    def behind(self) -> int:
        """How many units at the edge behind have to be thrown away: all from the first wrong one on."""
        return self.length - min(self.first)

    def by(self, step: int) -> TileEdges:
        """The same units, told by the phases of a grid with so many units to a step, a multiple of its own.

        >>> image_edges(8, 1).by(4)
        TileEdges(length=8, last=(-4, -3, -2, -1), first=(8, 9, 10, 11))
        """
        return self if step == self.step else _read(IDENTITY, self, _without_wrong_units(self.length, step))


def image_edges(length: int, grid: int) -> TileEdges:
    """The edges of the tile itself: no pixel in it is wrong.

    >>> image_edges(8, 4)
    TileEdges(length=8, last=(-4, -3, -2, -1), first=(8, 9, 10, 11))
    """
    return _without_wrong_units(length, grid)


def edges_through(paths: Sequence[tuple[Reads, TileEdges]], length: int, step: int) -> TileEdges:
    """The edges of a map of ``length`` units, ``step`` to a step of its grid, that reads others, each told by the
    phases of this grid or a finer one; those that are left out of ``paths`` are taken to be right.

    >>> from rfdocs.algebra.reads import Window
    >>> pooled = edges_through([(Window(kernel=2, stride=2), image_edges(16, 1))], 8, 1)
    >>> conv = edges_through([(Window(kernel=3, before=1), pooled)], 8, 1)
    >>> (pooled.before, pooled.behind), (conv.before, conv.behind)
    ((0, 0), (1, 1))
    >>> edges_through([(Window(), image_edges(16, 1))], 17, 1).behind  # padded behind
    1
    """
    if len(paths) == 1 and paths[0][0] == IDENTITY and paths[0][1].length == length:
        return paths[0][1].by(step)
    edges = _without_wrong_units(length, step)
    for reads, source in paths:
        edges = _joined(edges, source.by(step) if reads == IDENTITY else _read(reads, source, edges))
    return edges


def _without_wrong_units(length: int, step: int) -> TileEdges:
    first = tuple([length + (phase - length) % step for phase in range(step)])
    return TileEdges(length, tuple(range(-step, 0)), first)


def _joined(one: TileEdges, other: TileEdges) -> TileEdges:
    return TileEdges(one.length, tuple(map(max, one.last, other.last)), tuple(map(min, one.first, other.first)))


def _read(reads: Reads, source: TileEdges, missing: TileEdges) -> TileEdges:
    """The edges of a map by what it reads of another, added to the units that it lacks by itself."""
    step, phases = missing.step, source.step
    step_below = step // reads.period * reads.shift
    last, first = list(missing.last), list(missing.first)
    for phase in range(step):
        for tap in reads.taps(phase):
            last[phase] = max(last[phase], phase + step * ((source.last[tap % phases] - tap) // step_below))
            first[phase] = min(first[phase], phase - step * ((tap - source.first[tap % phases]) // step_below))
    return TileEdges(missing.length, tuple(last), tuple(first))
