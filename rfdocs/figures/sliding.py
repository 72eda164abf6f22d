"""A window that slides over its input: which cells it reads for every unit of the output, on every axis.

Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", figures 2.1 to 4.7 and 5.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from rfdocs.algebra.reads import Reads, TransposedWindow, Window
from rfdocs.errors import RfdocsError
from rfdocs.figures.cell_shapes import CellKind
from rfdocs.figures.cell_values import CellValues, read_at
from rfdocs.formats.numbers import by_axis

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: The most cells of a side of a map that lies flat, and of one in slices; the most units that are stepped through.
SIDE, SLICE_SIDE, STEPS = 40, 12, 400
#: Slice, row and column.
Place = Sequence[int]

#: What slides, in words, by the operation of the format.
_NAMES = {
    "conv": "Convolution",
    "transposed_conv": "Transposed convolution",
    "maxpool": "Max pooling",
    "avgpool": "Mean pooling",
}


class NothingSlides(RfdocsError):
    """A layer that has no window of its own, or too large a one to be shown cell by cell."""


@dataclass(frozen=True, slots=True)
class Sliding:
    """One axis of a window and its input: cells from ``first`` to ``last``, of which ``real`` are the input's units.

    All others are padding, or zeros between the units. For each unit of the output the window begins at one of
    ``starts``; its taps lie at the ``offsets`` from there.
    """

    first: int
    last: int
    real: tuple[int, ...]
    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.last - self.first + 1

    def kind(self, cell: int) -> CellKind:
        """What the cell of that number holds, counted from the first."""
        if cell + self.first in self.real:
            return CellKind.UNIT
        return CellKind.ZERO if self.real[0] < cell + self.first < self.real[-1] else CellKind.PADDING

    def units_read(self, unit: int) -> list[int | None]:
        """The input's units that the window's taps are at for a unit of the output; ``None`` where there is none."""
        cells = [self.starts[unit] + offset for offset in self.offsets]
        return [self.real.index(cell) if cell in self.real else None for cell in cells]


#: The axis of a map that has none: one cell, which one tap reads.
FLAT = Sliding(0, 0, (0,), (0,), (0,))


def sliding(reads: Reads, length: int, count: int) -> Sliding:
    """An axis of a window over ``length`` units that makes ``count``.

    A transposed window is shown as the window over its stretched input that makes the same: between two units lie
    ``stride - 1`` zeros, and around them ``d (k - 1) - p``, where ``p`` are cut off. Raises: NothingSlides.

    >>> sliding(Window(3, stride=2, before=1), 5, 3).starts
    (-1, 1, 3)
    >>> sliding(TransposedWindow(3, stride=2, before=1), 3, 5).real
    (0, 2, 4)
    """
    if isinstance(reads, Window):
        real, step, before = tuple(range(length)), reads.stride, reads.before
    elif isinstance(reads, TransposedWindow):
        real, step = tuple(range(0, length * reads.stride, reads.stride)), 1
        before = reads.dilation * (reads.kernel - 1) - reads.before
    else:
        raise NothingSlides("no window slides over its input")
    offsets = tuple(range(0, reads.dilation * (reads.kernel - 1) + 1, reads.dilation))
    starts = tuple([unit * step - before for unit in range(count)])
    first, last = min(0, *starts), max(real[-1], starts[-1] + offsets[-1])
    return Sliding(first, last, real, starts, offsets)


def channel_axis(channels: int, filters: int, groups: int) -> Sliding:
    """The axis of the channels: each filter reads those of its own group.

    >>> channel_axis(4, 2, 2).starts, channel_axis(4, 2, 2).offsets
    ((0, 2), (0, 1))
    """
    own, each = channels // groups, filters // groups
    starts = tuple([filter_ // each * own for filter_ in range(filters)])
    return Sliding(0, channels - 1, tuple(range(channels)), starts, tuple(range(own)))


@dataclass(frozen=True, slots=True)
class Motion:
    """A window in one to three axes, of which the last lies across, and the title of what it shows.

    Where it has ``groups``, the first axis is that of the channels.
    """

    axes: tuple[Sliding, ...]
    title: str
    words: str
    values: CellValues | None = None
    groups: int = 0

    @property
    def steps(self) -> list[tuple[int, ...]]:
        """The units of the output, in the order in which they are made."""
        return list(product(*[range(len(axis.starts)) for axis in self.axes]))

    @property
    def solid(self) -> tuple[Sliding, Sliding, Sliding]:
        """Three axes: the slices, and in each what lies down and across; ``FLAT`` where there is none."""
        slices, down, across = (FLAT, FLAT, *self.axes)[-3:]
        return slices, down, across

    @property
    def cells(self) -> dict[CellKind, list[Place]]:
        """The cells of the input by what they hold: padding if they are beyond it on any axis, then zeros."""
        by_kind: dict[CellKind, list[Place]] = {kind: [] for kind in CellKind}
        for place in product(*[range(axis.cells) for axis in self.solid]):
            kinds = [axis.kind(cell) for axis, cell in zip(self.solid, place, strict=True)]
            by_kind[max(kinds, key=list(CellKind).index)].append(place)
        return by_kind

    @property
    def output_cells(self) -> list[Place]:
        """All cells of the output."""
        return list(product(*[range(len(axis.starts)) for axis in self.solid]))

    @property
    def down(self) -> Sliding:
        """The axis that lies down; of one axis alone a single row."""
        return self.solid[1]

    @property
    def across(self) -> Sliding:
        """The axis that lies across."""
        return self.axes[-1]

    @property
    def sliced(self) -> bool:
        """Whether it is shown slice by slice."""
        return len(self.axes) > 2

    def place(self, unit: Sequence[int]) -> tuple[int, int, int]:
        """Slice, row and column of a unit of the output."""
        slice_, row, column = (0, 0, *unit)[-3:]
        return slice_, row, column

    def start(self, unit: Sequence[int]) -> tuple[int, int, int]:
        """Slice, row and column of the cell at which the window begins for a unit, counted from the first cell."""
        slice_, row, column = [
            axis.starts[own] - axis.first for axis, own in zip(self.solid, self.place(unit), strict=True)
        ]
        return slice_, row, column

    def group(self, unit: Sequence[int]) -> int:
        """The group that makes a unit of the output."""
        return unit[0] * self.groups // len(self.axes[0].starts) if self.groups else 0

    def read(self, unit: Sequence[int]) -> list[list[int]]:
        """The values that the window reads for a unit of the output."""
        assert self.values is not None
        _, row, column = self.place(unit)
        rows, columns = self.down.units_read(row), self.across.units_read(column)
        places = [[None if y is None or x is None else (y, x) for x in columns] for y in rows]
        return read_at(self.values, places)


def motion(report: Report, layer: LayerReport, *, channels: bool = False) -> Motion:
    """How a layer of a network slides over what it reads; with its ``channels``, if they are asked for.

    Raises: NothingSlides.
    """
    known = [one.name for one in report]
    below = report[layer.inputs[0]] if layer.inputs[0] in known else report.image
    pairs = zip(layer.axes, below.axes, strict=True)
    axes = [sliding(node.reads[0], source.length, node.length) for node, source in pairs]
    words = _words(axes, below.size, layer.size)
    name = _NAMES.get(layer.operation, layer.operation)
    title = f"{name} over {by_axis(below.size)} units, {by_axis(layer.size)} out"
    if not channels:
        return _bounded(Motion(tuple(axes), title, words))
    groups = layer.groups or below.channels
    first = channel_axis(below.channels, layer.channels, groups)
    title += f": {below.channels} channels in, {layer.channels} out, {_grouped(groups)}"
    words = f"{words} Each output channel reads {len(first.offsets)} of the {below.channels} input channels."
    return _bounded(Motion((first, *axes), title, words, groups=groups))


def _grouped(groups: int) -> str:
    return f"{groups} groups" if groups > 1 else "1 group"


def _bounded(shown: Motion) -> Motion:
    """What slides, if it can be shown. Raises: NothingSlides."""
    if len(shown.axes) > len(shown.solid):
        raise NothingSlides("with their channels, only windows over one or two axes are shown")
    most = SLICE_SIDE if shown.sliced else SIDE
    if shown.groups and max(shown.axes[0].cells, len(shown.axes[0].starts)) > most:
        raise NothingSlides("it has too many channels", f"at most {most} are shown")
    for axis in shown.axes:
        if axis.cells > most:
            raise NothingSlides(f"its input has {axis.cells} cells with its padding", f"at most {most} are shown")
    if len(shown.steps) > STEPS:
        raise NothingSlides(f"it makes {len(shown.steps)} units", f"at most {STEPS} are stepped through")
    return shown


def _words(axes: Sequence[Sliding], below: Sequence[int], above: Sequence[int]) -> str:
    taps = by_axis([len(axis.offsets) for axis in axes])
    edges = by_axis([axis.cells for axis in axes])
    return (
        f"Animation of a window of {taps} cells over an input of {by_axis(below)} units, {edges} with all that is added"
        f" to it: for each of {by_axis(above)} units of the output, from the first to the last, the cells that it reads"
        f" are marked. In the end the window begins at {by_axis([axis.starts[-1] for axis in axes])}."
    )
