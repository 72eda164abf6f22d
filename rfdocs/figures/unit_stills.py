"""What some units of a map see: each marked on its map by itself, and on the image's own grid with its field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from rfdocs.algebra import Interval, hull
from rfdocs.errors import RfdocsError
from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, dots, grid
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.field_marks import draw_field, draw_seen, field_span
from rfdocs.figures.palette import INK, RED
from rfdocs.formats.numbers import by_axis, ends
from rfdocs.graph import place_text

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report
    from rfdocs.graph.axis_node import AxisNode

#: The most layers, and the most pixels of a side with all that fields reach beyond it, that are stepped through.
LAYERS, SIDE = 6, 40
#: The stills in a row, and how many there are at most.
_COLUMNS, _STILLS = 2, 4
#: The room between columns, between a map and its grid, above and below them; the largest cell. Unit: pixels.
_BETWEEN, _GAP, _ABOVE, _BELOW, _CELL = 40, 18, 32, 60, 24
#: Where an axis is missing.
_CELL_ALONE = Interval(0, 0)

Value = TypeVar("Value")


class TooLargeToStep(RfdocsError):
    """A network of more layers, more pixels or more axes than can be stepped through."""


def check_steps(report: Report) -> None:
    """Nothing, where every unit of a network can be stepped through. Raises: TooLargeToStep."""
    if len(report.layers) > LAYERS:
        raise TooLargeToStep(f"it has {len(report.layers)} layers", f"at most {LAYERS} are stepped through")
    if len(report.input_size) > 2:
        raise TooLargeToStep(f"it has {len(report.input_size)} axes", "one or two are shown")
    side = max(shown_span(report, axis).size for axis in range(len(report.input_size)))
    side = max(side, *[length for layer in report.layers for length in layer.size])
    if side > SIDE:
        raise TooLargeToStep(f"it is {side} cells wide with all that its units look at", f"at most {SIDE} are shown")


def shown_span(report: Report, axis: int) -> Interval:
    """The image on an axis, and all that the units of any map look at."""
    fields = [layer.axes[axis].overall_field() for layer in report.layers]
    span = hull([Interval(0, report.input_size[axis] - 1), *fields])
    assert span is not None
    return span


@dataclass(frozen=True, slots=True)
class _Side:
    """An axis of a map and of the image; of a network of one axis the other is a single cell."""

    image: int
    span: Interval
    node: AxisNode | None

    @property
    def units(self) -> int:
        """How many units there are."""
        return 1 if self.node is None else self.node.length

    @property
    def centers(self) -> list[float]:
        """The centres of all units that read anything. Unit: pixels."""
        fields = [_CELL_ALONE] if self.node is None else [self.node.field.at(unit) for unit in range(self.units)]
        return sorted({float(field.center) for field in fields if field is not None})


@dataclass(frozen=True, slots=True)
class _Still:
    """A unit: its index, and along each axis its field and the pixels that it sees, as ranges."""

    index: tuple[int, ...]
    fields: tuple[Interval | None, ...]
    seen: tuple[tuple[Interval, ...], ...]

    @classmethod
    def of(cls, report: Report, layer: LayerReport, index: tuple[int, ...]) -> _Still:
        """What there is to show of a unit of a layer."""
        fields = tuple([axis.spatial_field for axis in report.unit(layer.name, index)])
        seen = report.visible_ranges(layer.name, index, gates=False)
        return cls(index, fields, tuple([tuple(ranges or ()) for ranges in seen]))

    @property
    def told(self) -> str:
        """Where it looks, and what it sees."""
        looked = " × ".join([ends(field, " to ") for field in self.fields])
        seen = " × ".join([", ".join([ends(one, " to ") for one in ranges]) or "nothing" for ranges in self.seen])
        return f"Unit {place_text(self.index)} looks at {looked} and sees {seen}."

    @property
    def words(self) -> str:
        """How much that is. Unit: pixels."""
        lengths = [0 if field is None else field.size for field in self.fields]
        return f"field {by_axis(lengths)}, sees {by_axis([sum([one.size for one in ranges]) for ranges in self.seen])}"


def unit_stills(title: str, report: Report) -> Drawing:
    """The first units of the last layer, the middle one and the last. Raises: TooLargeToStep."""
    check_steps(report)
    layer = report.last
    sides = [
        _Side(report.input_size[axis], shown_span(report, axis), layer.axes[axis]) for axis in range(len(layer.size))
    ]
    every = list(product(*map(range, layer.size)))
    places = sorted({0, 1, len(every) // 2, len(every) - 1} & set(range(len(every))))[:_STILLS]
    stills = [_Still.of(report, layer, every[place]) for place in places]
    alternative = (
        f"Units of {layer.name}, a map of {by_axis(layer.size)}, each marked on the map by itself and on the grid of"
        f" the image of {by_axis(report.input_size)} pixels, with its field. {' '.join([one.told for one in stills])}"
    )
    down, across = _both(_Side(1, _CELL_ALONE, None), sides)
    return _stills_canvas(stills, down, across).drawing(f"{title}: {layer.name}, unit by unit", alternative)


def _both(alone: Value, values: Sequence[Value]) -> tuple[Value, Value]:
    """The values down and across; of a network of one axis that of a single cell is the first."""
    down, across = [alone, *values][-2:]
    return down, across


def _stills_canvas(stills: Sequence[_Still], down: _Side, across: _Side) -> Canvas:
    """The stills' artists, in columns."""
    columns = min(_COLUMNS, len(stills))
    room = (WIDTH - _BETWEEN * (columns - 1)) / columns
    cell = min(_CELL, (room - _GAP) / (across.units + across.span.size))
    tall = cell * max(down.units, down.span.size)
    line = _ABOVE + tall + _BELOW
    canvas = Canvas(-(-len(stills) // columns) * line)
    for turn, still in enumerate(stills):
        left, top = (turn % columns) * (room + _BETWEEN), (turn // columns) * line
        canvas.words(left, top + 20, f"unit {place_text(still.index)}", strong=True)
        canvas.words(left, top + _ABOVE + tall + 26, still.words)
        _draw_alone(canvas, left, top + _ABOVE + tall / 2, cell, (down.units, across.units), _both(0, still.index))
        panel = _grid_panel(canvas, left + cell * across.units + _GAP, top + _ABOVE, cell, down, across)
        _draw_sight(panel, down, across, still)
    return canvas


def _draw_alone(
    canvas: Canvas, left: float, middle: float, cell: float, size: tuple[int, int], unit: tuple[int, int]
) -> None:
    """A map by itself, one of its units filled."""
    rows, columns = size
    frame = Box(left, middle - cell * rows / 2, left + cell * columns, middle + cell * rows / 2)
    panel = Panel(canvas, frame, Box(0, 0, columns, rows))
    panel.shape("map", boxes([Box(0, 0, columns, rows)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", grid(columns, rows), None, Stroke(INK, 1, 0.4))
    row, column = unit
    panel.shape("unit", boxes([Box(column, row, column + 1, row + 1)]), Fill(RED, 0.75))


def _grid_panel(canvas: Canvas, left: float, top: float, cell: float, down: _Side, across: _Side) -> Panel:
    """The image's grid, with the room that fields take around it."""
    frame = Box(left, top, left + cell * across.span.size, top + cell * down.span.size)
    around = Box(across.span.first, down.span.first, across.span.last + 1, down.span.last + 1)
    panel = Panel(canvas, frame, around)
    panel.shape("image", boxes([Box(0, 0, across.image, down.image)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", grid(across.image, down.image), None, Stroke(INK, 1, 0.25))
    return panel


def _draw_sight(panel: Panel, down: _Side, across: _Side, still: _Still) -> None:
    """All units at their centres, and the field of one, filled where it sees pixels."""
    seen_rows, seen_columns = _both((_CELL_ALONE,), still.seen)
    seen = [Box(left, top, right + 1, bottom + 1) for (top, bottom), (left, right) in product(seen_rows, seen_columns)]
    draw_seen(panel, seen)
    panel.shape("units", dots(product(across.centers, down.centers)), None, Stroke(INK, 5, 0.85, (), True))
    rows, columns = _both(_CELL_ALONE, still.fields)
    if rows is not None and columns is not None:
        draw_field(panel, field_span(columns, across.image), field_span(rows, down.image))
        panel.shape("unit", dots([(float(columns.center), float(rows.center))]), None, Stroke(RED, 9, 1, (), True))
