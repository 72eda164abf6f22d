"""A window that slides, unit by unit: an SVG that moves by itself, and a strip of stills.

``rfdocs/sphinx/static/animation/`` draws the same in a browser, which ``tests/test_animation_form.py`` holds against
this, attribute by attribute. So that both round alike, all lengths are whole hundredths of a pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor

from rfdocs.figures.cell_shapes import KEY_ROOM, MADE, READ, CellKind, CellShape, Point, key, length, pair
from rfdocs.figures.drawing import WIDTH, Drawing, drawn, element
from rfdocs.figures.palette import BLUE, GREEN, INK, PINK, RED, Color
from rfdocs.figures.sliding import Motion, Place
from rfdocs.formats.numbers import minus, text_number

#: How long a step takes. Unit: seconds.
PACE = 0.8
#: The largest cell, without values and with them; the room between the maps and above them. Unit: pixels.
_CELL, _VALUE_CELL, _BETWEEN, _TOP = 44, 56, 56, 34
#: The most height of a map, of one in slices, and of a still. Unit: pixels.
_HEIGHT, _SLICED_HEIGHT, _STILL_HEIGHT = 352, 520, 260
#: In slices: how far a row lies left of the one above it, and below it, and the room between slices. Unit: cells.
_SLANT, _FALL, _GAP = 0.4, 0.5, 0.4
#: A line of a sum. Unit: pixels.
_LINE = 24
#: The stills in one row of the strip, and how many there are at most.
_COLUMNS, _STILLS = 2, 4
#: Groups of channels, one after the other.
_GROUPS = (BLUE, PINK, GREEN, RED)


def moving_drawing(shown: Motion) -> Drawing:
    """The window that moves by itself, by SMIL: one step after the other, over and over."""
    layout = MotionLayout.of(shown, WIDTH)
    seconds = PACE * len(shown.steps)
    body = [*layout.maps(shown), *_moving_marks(shown, layout, seconds), layout.signs(shown)]
    body += layout.input_values(shown)
    for turn, unit in enumerate(shown.steps if shown.values else []):
        body.append(_shown_from(layout.output_value(shown, unit), turn, len(shown.steps), seconds))
        body.append(_shown_at(layout.sum_lines(shown, unit), turn, len(shown.steps), seconds))
    below = layout.height + layout.sums
    body.append(_key(shown, below))
    return drawn("".join(body), below + KEY_ROOM, shown.title, shown.words)


def _key(shown: Motion, top: float) -> str:
    kinds = [kind for kind, places in shown.cells.items() if places]
    return key(kinds, top, signs=not shown.values, groups=shown.groups)


def _moving_marks(shown: Motion, layout: MotionLayout, seconds: float) -> Iterable[str]:
    """The window and the unit that it makes; of several groups each has its own, which is seen in its turn."""
    windows = [layout.window(shown, unit) for unit in shown.steps]
    units = [layout.unit(shown, unit) for unit in shown.steps]
    for group in range(max(1, shown.groups)):
        marks = [
            _moving(layout.taps(shown, group), windows, seconds),
            _moving(layout.mark(shown, group), units, seconds),
        ]
        if shown.groups > 1:
            turns = [shown.group(unit) == group for unit in shown.steps]
            marks = [_seen(mark, turns, seconds) for mark in marks]
        yield from marks


def still_drawing(shown: Motion) -> Drawing:
    """The same as a strip: the first steps and the last."""
    steps = shown.steps
    chosen = sorted({0, 1, len(steps) // 2, len(steps) - 1} & set(range(len(steps))))[:_STILLS]
    width = (WIDTH - _BETWEEN) / _COLUMNS if len(chosen) > 1 else WIDTH
    layout = MotionLayout.of(shown, width)
    body = []
    for turn, step in enumerate(chosen):
        group = shown.group(steps[step])
        left = (turn % _COLUMNS) * (width + _BETWEEN)
        top = (turn // _COLUMNS) * (layout.height + 8)
        parts = [
            *layout.maps(shown, f"step {step + 1} of {len(steps)}"),
            _at(layout.window(shown, steps[step]), layout.taps(shown, group)),
            _at(layout.unit(shown, steps[step]), layout.mark(shown, group)),
            layout.signs(shown),
            *layout.input_values(shown),
            *[layout.output_value(shown, unit) for unit in steps[: step + 1] if shown.values],
        ]
        body.append(_at((left, top), "".join(parts)))
    rows = -(-len(chosen) // _COLUMNS)
    height = rows * (layout.height + 8)
    body.append(_key(shown, height))
    return drawn("".join(body), height + KEY_ROOM, shown.title, shown.words.replace("Animation", "Stills"))


@dataclass(frozen=True, slots=True)
class MotionLayout:
    """Where the input and, at its right, the output lie: cells of one size, flat or in slices. Unit: pixels.

    A row lies ``slant`` left of the one above it and ``fall`` below it, a slice ``drop`` below the one above it.
    """

    cell: float
    slant: float
    fall: float
    drop: float
    left: float
    output: float
    height: float
    sums: float

    @classmethod
    def of(cls, shown: Motion, width: float) -> MotionLayout:
        """The largest layout within a width."""
        gap = _BETWEEN if width == WIDTH else _BETWEEN / 2
        slant, fall, between = (_SLANT, _FALL, _GAP) if shown.sliced else (0, 1, 0)
        slices, rows = (max(axis.cells, len(axis.starts)) for axis in shown.solid[:2])
        down = slices * (rows * fall + between) - between
        across = shown.across.cells + len(shown.across.starts) + slant * (shown.down.cells + len(shown.down.starts))
        most = (_SLICED_HEIGHT if shown.sliced else _HEIGHT) if width == WIDTH else _STILL_HEIGHT
        largest = _VALUE_CELL if shown.values else _CELL
        cell = floor(10 * min(largest, (width - gap - 2) / across, most / down)) / 10
        left = 1 + slant * cell * shown.down.cells
        output = left + shown.across.cells * cell + gap + slant * cell * len(shown.down.starts)
        lines = len(shown.values.lines(shown.read(shown.steps[0]))) if shown.values else 0
        sums = _LINE * lines + 6 if lines else 0
        drop = (rows * fall + between) * cell
        return cls(cell, slant * cell, fall * cell, drop, left, output, _TOP + down * cell + 2, sums)

    @property
    def shape(self) -> CellShape:
        """How its cells look."""
        return CellShape(self.cell, self.slant, self.fall)

    def window(self, shown: Motion, unit: Sequence[int]) -> Point:
        """Where the window begins for a unit of the output."""
        return self._at(shown.start(unit))

    def unit(self, shown: Motion, unit: Sequence[int]) -> Point:
        """Where a unit of the output lies."""
        return self._at(shown.place(unit), self.output)

    def _at(self, place: Place, left: float | None = None) -> Point:
        """Where a cell of the input lies; of the output, with where that begins at the left."""
        x, y = self._from(place)
        return (self.left if left is None else left) + x, _TOP + y

    def _from(self, place: Place) -> Point:
        """How far a cell lies from the first."""
        slice_, row, column = place
        return column * self.cell - row * self.slant, row * self.fall + slice_ * self.drop

    def taps(self, shown: Motion, group: int = 0) -> str:
        """The cells that the window reads, from where it begins."""
        places = product(*[axis.offsets for axis in shown.solid])
        taps = [self.shape.marked([self._from(place) for place in places], _color(shown, group, BLUE), READ)]
        if shown.values and shown.values.weights:
            rows = zip(shown.down.offsets, shown.values.weights, strict=True)
            taps += [
                self._value((x + 0.94) * self.cell, (y + 0.93) * self.cell, weight, 0.27, "end")
                for y, row in rows
                for x, weight in zip(shown.across.offsets, row, strict=True)
            ]
        return "".join(taps)

    def mark(self, shown: Motion, group: int = 0) -> str:
        """The unit of the output that is made."""
        return self.shape.marked([(0, 0)], _color(shown, group, RED), MADE)

    def _value(self, x: float, y: float, value: Fraction | int, size: float, anchor: str = "middle") -> str:
        """A value, in letters of a part of a cell."""
        words = minus(text_number(value))
        letters = self.cell * size * min(1, 3 / len(words))
        return element("text", words, x=x, y=y, text_anchor=anchor, fill=INK.light, font_size=round(letters, 1))

    def input_values(self, shown: Motion) -> Iterable[str]:
        """The values of the input's units."""
        for row, values in enumerate(shown.values.rows if shown.values else ()):
            for column, value in enumerate(values):
                x = shown.across.real[column] - shown.across.first
                y = shown.down.real[row] - shown.down.first
                yield self._centered(self._at((0, y, x)), value)

    def output_value(self, shown: Motion, unit: Sequence[int]) -> str:
        """The value of a unit of the output."""
        assert shown.values is not None
        return self._centered(self.unit(shown, unit), shown.values.result(shown.read(unit)))

    def _centered(self, corner: Point, value: Fraction | int) -> str:
        return self._value(corner[0] + self.cell / 2, corner[1] + 0.62 * self.cell, value, 0.4)

    def sum_lines(self, shown: Motion, unit: Sequence[int]) -> str:
        """How that value comes about, below the maps."""
        assert shown.values is not None
        lines = enumerate(shown.values.lines(shown.read(unit)), start=1)
        return "".join(
            [element("text", line, x=1, y=self.height + _LINE * turn, fill=INK.light) for turn, line in lines]
        )

    def maps(self, shown: Motion, head: str = "") -> Iterable[str]:
        """Both maps, cell by cell, and their names; of several groups of channels each slice also says its own."""
        yield _text(1, head or "input")
        for kind in (CellKind.PADDING, CellKind.ZERO):
            yield self.shape.outlined(self._places(shown.cells[kind], self.left), kind)
        yield from self._grouped(shown, shown.cells[CellKind.UNIT], len(shown.axes[0].real), self.left)
        yield _text(self.output - self.slant * len(shown.down.starts), "" if head else "output")
        yield from self._grouped(shown, shown.output_cells, len(shown.axes[0].starts), self.output)

    def _grouped(self, shown: Motion, places: Sequence[Place], channels: int, left: float) -> Iterable[str]:
        """Units, those of each of several groups of channels in its own colour."""
        if shown.groups <= 1:
            yield self.shape.outlined(self._places(places, left), CellKind.UNIT)
            return
        first = len(shown.solid) - len(shown.axes)
        for group in range(shown.groups):
            own = [place for place in places if place[first] * shown.groups // channels == group]
            yield self.shape.outlined(self._places(own, left), CellKind.UNIT, _color(shown, group, INK))
            ends = {place[first]: self._at(place, left) for place in own}  # of each channel its last cell
            for x, y in ends.values():
                yield _text(x + self.cell + 4, str(group + 1), y + self.fall / 2 + 5)

    def signs(self, shown: Motion) -> str:
        """What is in the cells of both maps, unless that is values."""
        if shown.values:
            return ""
        units = self._places(shown.cells[CellKind.UNIT], self.left) + self._places(shown.output_cells, self.output)
        zeros = self._places(shown.cells[CellKind.ZERO], self.left)
        return element("g", self.shape.signs(units, CellKind.UNIT) + self.shape.signs(zeros, CellKind.ZERO))

    def _places(self, places: Iterable[Place], left: float) -> list[Point]:
        return [self._at(place, left) for place in places]


def _color(shown: Motion, group: int, plain: Color) -> Color:
    """The colour of one of several groups; of a single one that which is meant otherwise."""
    return _GROUPS[group % len(_GROUPS)] if shown.groups > 1 else plain


def _text(x: float, words: str, y: float = 20) -> str:
    return element("text", words, x=length(x), y=length(y), fill=INK.light, fill_opacity=0.75) if words else ""


def _at(place: Point, inside: str) -> str:
    return element("g", inside, transform=f"translate({pair(place)})")


def _shown_at(shape: str, turn: int, count: int, seconds: float) -> str:
    """A shape that is seen at one step."""
    return _seen(shape, [step == turn for step in range(count)], seconds)


def _shown_from(shape: str, turn: int, count: int, seconds: float) -> str:
    """A shape that is seen from one step on."""
    return _seen(shape, [step >= turn for step in range(count)], seconds)


def _seen(shape: str, when: Sequence[bool], seconds: float) -> str:
    values = ["visible" if seen else "hidden" for seen in when]
    return _over_time(shape, "animate", values, seconds, attributeName="visibility")


def _moving(shape: str, places: Sequence[Point], seconds: float) -> str:
    """A shape that is at each of the places in turn."""
    values = [pair(place) for place in places]
    return _over_time(shape, "animateTransform", values, seconds, attributeName="transform", type="translate")


def _over_time(shape: str, animation: str, values: Sequence[str], seconds: float, **what: str) -> str:
    """A shape with one of its attributes at each of the values in turn, over and over."""
    timing = {"calcMode": "discrete", "dur": f"{length(seconds)}s", "repeatCount": "indefinite"}
    return element("g", shape + element(animation, **what, **timing, values=";".join(values)))
