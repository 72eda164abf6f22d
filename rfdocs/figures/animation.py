"""A window that slides over its input, unit by unit: an SVG that moves by itself, and a strip of stills.

Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", figures 2.1 to 4.7 and 5.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from rfdocs.algebra.reads import Reads, TransposedWindow, Window
from rfdocs.errors import RfdocsError
from rfdocs.figures.cell_values import CellValues, read_at
from rfdocs.figures.drawing import WIDTH, Drawing, drawn, element
from rfdocs.figures.palette import BLUE, INK, RED, Color
from rfdocs.formats.numbers import by_axis, minus, text_number

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: The most cells of a side, and the most units that are stepped through.
SIDE, STEPS = 40, 400
#: How long a step takes. Unit: seconds.
PACE = 0.8
#: The largest cell, the room between the maps and above them. Unit: pixels.
_CELL, _BETWEEN, _TOP = 34, 56, 34
#: A line of a sum. Unit: pixels.
_LINE = 24
#: The stills in one row of the strip, and how many there are at most.
_COLUMNS, _STILLS = 2, 4


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

    def units_read(self, unit: int) -> list[int | None]:
        """The input's units that the window's taps are at for a unit of the output; ``None`` where there is none."""
        cells = [self.starts[unit] + offset for offset in self.offsets]
        return [self.real.index(cell) if cell in self.real else None for cell in cells]


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
    if last - first >= SIDE or not starts:
        raise NothingSlides(f"its input has {last - first + 1} cells with its padding", f"at most {SIDE} are shown")
    return Sliding(first, last, real, starts, offsets)


@dataclass(frozen=True, slots=True)
class Motion:
    """A window in one or two axes, of which the last lies across, and the title of what it shows."""

    axes: tuple[Sliding, ...]
    title: str
    words: str
    values: CellValues | None = None

    @property
    def steps(self) -> list[tuple[int, ...]]:
        """The units of the output, in the order in which they are made."""
        return list(product(*[range(len(axis.starts)) for axis in self.axes]))

    @property
    def down(self) -> Sliding:
        """The axis that lies down; of one axis alone a single row."""
        return self.axes[0] if len(self.axes) > 1 else Sliding(0, 0, (0,), (0,), (0,))

    @property
    def across(self) -> Sliding:
        """The axis that lies across."""
        return self.axes[-1]

    def read(self, unit: Sequence[int]) -> list[list[int]]:
        """The values that the window reads for a unit of the output."""
        assert self.values is not None
        row, column = self.place(unit)
        rows, columns = self.down.units_read(row), self.across.units_read(column)
        places = [[None if y is None or x is None else (y, x) for x in columns] for y in rows]
        return read_at(self.values, places)

    def place(self, unit: Sequence[int]) -> tuple[int, int]:
        """Row and column of a unit of the output."""
        return (unit[0] if len(unit) > 1 else 0, unit[-1])


def motion(report: Report, layer: LayerReport) -> Motion:
    """How a layer of a network slides over what it reads. Raises: NothingSlides."""
    below = report[layer.inputs[0]] if layer.inputs[0] in [one.name for one in report] else report.image
    if len(layer.size) not in (1, 2):
        raise NothingSlides("only windows over one or two axes are shown")
    axes = tuple(
        [
            sliding(node.reads[0], source.length, node.length)
            for node, source in zip(layer.axes, below.axes, strict=True)
        ]
    )
    title = f"{layer.operation} over {by_axis(below.size)} units, {by_axis(layer.size)} out"
    shown = Motion(axes, title, _words(axes, by_axis(below.size), by_axis(layer.size)))
    if len(shown.steps) > STEPS:
        raise NothingSlides(f"it makes {len(shown.steps)} units", f"at most {STEPS} are stepped through")
    return shown


def _words(axes: Sequence[Sliding], below: str, above: str) -> str:
    taps = by_axis([len(axis.offsets) for axis in axes])
    edges = by_axis([axis.cells for axis in axes])
    return (
        f"Animation of a window of {taps} cells over an input of {below} units, {edges} with all that is added to it:"
        f" for each of {above} units of the output, from the first to the last, the cells that it reads are marked."
        f" In the end the window begins at {by_axis([axis.starts[-1] for axis in axes])}."
    )


def moving_drawing(shown: Motion) -> Drawing:
    """The window that moves by itself, by SMIL: one step after the other, over and over."""
    layout = MotionLayout.of(shown, WIDTH)
    seconds = PACE * len(shown.steps)
    windows = [layout.window(shown, unit) for unit in shown.steps]
    units = [layout.unit(shown, unit) for unit in shown.steps]
    body = [
        *layout.maps(shown),
        _moving(layout.taps(shown), windows, seconds),
        _moving(_cells([(0, 0)], layout.cell, RED, 0.75), units, seconds),
        *layout.input_values(shown),
    ]
    for turn, unit in enumerate(shown.steps if shown.values else []):
        body.append(_shown_from(layout.output_value(shown, unit), turn, len(shown.steps), seconds))
        body.append(_shown_at(layout.sum_lines(shown, unit), turn, len(shown.steps), seconds))
    return drawn("".join(body), layout.height + layout.sums, shown.title, shown.words)


def still_drawing(shown: Motion) -> Drawing:
    """The same as a strip: the first steps and the last."""
    steps = shown.steps
    chosen = sorted({0, 1, len(steps) // 2, len(steps) - 1} & set(range(len(steps))))[:_STILLS]
    width = (WIDTH - _BETWEEN) / _COLUMNS if len(chosen) > 1 else WIDTH
    layout = MotionLayout.of(shown, width)
    body = []
    for turn, step in enumerate(chosen):
        left = (turn % _COLUMNS) * (width + _BETWEEN)
        top = (turn // _COLUMNS) * (layout.height + 8)
        parts = [
            *layout.maps(shown, f"step {step + 1} of {len(steps)}"),
            _at(layout.window(shown, steps[step]), layout.taps(shown)),
            _at(layout.unit(shown, steps[step]), _cells([(0, 0)], layout.cell, RED, 0.75)),
            *layout.input_values(shown),
            *[layout.output_value(shown, unit) for unit in steps[: step + 1] if shown.values],
        ]
        body.append(_at((left, top), "".join(parts)))
    rows = -(-len(chosen) // _COLUMNS)
    height = rows * (layout.height + 8)
    return drawn("".join(body), height, shown.title, shown.words.replace("Animation", "Stills"))


@dataclass(frozen=True, slots=True)
class MotionLayout:
    """Where the input and, at its right, the output lie: cells of one size. Unit: pixels."""

    cell: float
    output: float
    height: float
    sums: float

    @classmethod
    def of(cls, shown: Motion, width: float) -> MotionLayout:
        """The largest layout within a width."""
        columns = shown.across.cells + len(shown.across.starts)
        gap = _BETWEEN if width == WIDTH else _BETWEEN / 2
        cell = min(_CELL, (width - gap - 2) / columns)
        rows = max(shown.down.cells, len(shown.down.starts))
        sums = _LINE * (len(shown.down.offsets) + 2) if shown.values else 0
        return cls(cell, shown.across.cells * cell + gap, _TOP + rows * cell + 2, sums)

    def window(self, shown: Motion, unit: Sequence[int]) -> tuple[float, float]:
        """Where the window begins for a unit of the output."""
        row, column = shown.place(unit)
        return self._at(shown.across.starts[column] - shown.across.first, shown.down.starts[row] - shown.down.first)

    def unit(self, shown: Motion, unit: Sequence[int]) -> tuple[float, float]:
        """Where a unit of the output lies."""
        row, column = shown.place(unit)
        x, y = self._at(column, row)
        return x + self.output, y

    def _at(self, column: float, row: float) -> tuple[float, float]:
        return round(1 + column * self.cell, 2), round(_TOP + row * self.cell, 2)

    def taps(self, shown: Motion) -> str:
        """The cells that the window reads, from where it begins."""
        places = product(shown.down.offsets, shown.across.offsets)
        taps = [_cells([(x * self.cell, y * self.cell) for y, x in places], self.cell, BLUE, 0.55)]
        if shown.values and shown.values.weights:
            rows = zip(shown.down.offsets, shown.values.weights, strict=True)
            taps += [
                self._value((x + 0.82) * self.cell, (y + 0.94) * self.cell, weight, 0.3)
                for y, row in rows
                for x, weight in zip(shown.across.offsets, row, strict=True)
            ]
        return "".join(taps)

    def _value(self, x: float, y: float, value: Fraction | int, size: float) -> str:
        """A value, in letters of a part of a cell."""
        words = minus(text_number(value))
        letters = self.cell * size * min(1, 3 / len(words))
        return element("text", words, x=x, y=y, text_anchor="middle", fill=INK.light, font_size=round(letters, 1))

    def input_values(self, shown: Motion) -> Iterable[str]:
        """The values of the input's units."""
        for row, values in enumerate(shown.values.rows if shown.values else ()):
            for column, value in enumerate(values):
                x = shown.across.real[column] - shown.across.first
                y = shown.down.real[row] - shown.down.first
                left, top = self._at(x, y)
                yield self._value(left + self.cell / 2, top + 0.64 * self.cell, value, 0.46)

    def output_value(self, shown: Motion, unit: Sequence[int]) -> str:
        """The value of a unit of the output."""
        assert shown.values is not None
        left, top = self.unit(shown, unit)
        return self._value(left + self.cell / 2, top + 0.64 * self.cell, shown.values.result(shown.read(unit)), 0.46)

    def sum_lines(self, shown: Motion, unit: Sequence[int]) -> str:
        """How that value comes about, below the maps."""
        assert shown.values is not None
        lines = enumerate(shown.values.lines(shown.read(unit)), start=1)
        return "".join(
            [element("text", line, x=1, y=self.height + _LINE * turn, fill=INK.light) for turn, line in lines]
        )

    def maps(self, shown: Motion, head: str = "") -> Iterable[str]:
        """Both maps: units of the input are filled, what is added to them is dashed."""
        yield _text(1, head or "input")
        inside = [
            (self._at(x, y), y + shown.down.first in shown.down.real and x + shown.across.first in shown.across.real)
            for y, x in product(range(shown.down.cells), range(shown.across.cells))
        ]
        yield _outlined([place for place, real in inside if not real], self.cell, real=False)
        yield _outlined([place for place, real in inside if real], self.cell, real=True)
        yield _text(self.output + 1, "" if head else "output")
        places = [self._at(x, y) for y, x in product(range(len(shown.down.starts)), range(len(shown.across.starts)))]
        yield _outlined([(x + self.output, y) for x, y in places], self.cell, real=True)


def _text(x: float, words: str) -> str:
    return element("text", words, x=x, y=20, fill=INK.light, fill_opacity=0.75) if words else ""


def _cells(places: Iterable[tuple[float, float]], side: float, color: Color, alpha: float) -> str:
    return element("path", d=_squares(places, side), fill=color.light, fill_opacity=alpha)


def _outlined(places: Sequence[tuple[float, float]], side: float, *, real: bool) -> str:
    if not places:
        return ""
    squares: dict[str, float | str] = {"d": _squares(places, side), "stroke": INK.light}
    if real:
        return element("path", **squares, fill=INK.light, fill_opacity=0.08, stroke_opacity=0.7)
    return element("path", **squares, fill="none", stroke_dasharray="2 3", stroke_opacity=0.4)


def _squares(places: Iterable[tuple[float, float]], side: float) -> str:
    """Squares of one size, as one path."""
    return "".join([f"M{x:.5g} {y:.5g}h{side:.5g}v{side:.5g}h-{side:.5g}z" for x, y in places])


def _at(place: tuple[float, float], inside: str) -> str:
    return element("g", inside, transform=f"translate({place[0]:g} {place[1]:g})")


def _shown_at(shape: str, turn: int, count: int, seconds: float) -> str:
    """A shape that is seen at one step."""
    return _seen(shape, [step == turn for step in range(count)], seconds)


def _shown_from(shape: str, turn: int, count: int, seconds: float) -> str:
    """A shape that is seen from one step on."""
    return _seen(shape, [step >= turn for step in range(count)], seconds)


def _seen(shape: str, when: Sequence[bool], seconds: float) -> str:
    values = ["visible" if seen else "hidden" for seen in when]
    return _over_time(shape, "animate", values, seconds, attributeName="visibility")


def _moving(shape: str, places: Sequence[tuple[float, float]], seconds: float) -> str:
    """A shape that is at each of the places in turn."""
    values = [f"{x:g} {y:g}" for x, y in places]
    return _over_time(shape, "animateTransform", values, seconds, attributeName="transform", type="translate")


def _over_time(shape: str, animation: str, values: Sequence[str], seconds: float, **what: str) -> str:
    """A shape with one of its attributes at each of the values in turn, over and over."""
    timing = {"calcMode": "discrete", "dur": f"{seconds:g}s", "repeatCount": "indefinite"}
    return element("g", shape + element(animation, **what, **timing, values=";".join(values)))
