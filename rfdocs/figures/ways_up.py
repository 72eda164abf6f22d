"""How many units of each coarser map a unit behind upsampling reads: that number makes fields differ by the phase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rfdocs.algebra import Interval
from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.legend import Key, draw_legend, legend_height
from rfdocs.figures.operation_words import ENLARGING
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.figures.text_widths import width
from rfdocs.formats.numbers import text_number
from rfdocs.graph import InputError

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

_ROW, _CELL, _BETWEEN = 25.0, 19.0, 10.0
#: The room above a unit's rows, and below them. Unit: pixels.
_HEAD, _FOOT = 34.0, 16.0
_FINE, _COARSE = Fill(BLUE, 0.28), Fill(RED, 0.28)


class UnitStretch(NamedTuple):
    """Units of a map that are read, one behind the other, and where they lie. Unit: input pixels."""

    name: str
    units: Interval
    jump: Fraction
    start: Fraction

    @property
    def cells(self) -> list[Box]:
        """One rectangle for each unit, a jump wide, around its place."""
        places = [self.start + unit * self.jump for unit in range(self.units.first, self.units.last + 1)]
        return [Box(float(place - self.jump / 2), 0, float(place + self.jump / 2), 1) for place in places]

    @property
    def text(self) -> str:
        """How many they are, and how far apart."""
        return f"{self.units.size} × {text_number(self.jump)} px"


class WayUp(NamedTuple):
    """One upsampling that a unit reads through: the units that it makes, and those that it is made of."""

    fine: UnitStretch
    coarse: UnitStretch


def levels_drawing(title: str, report: Report, name: str, units: Sequence[int]) -> Drawing:
    """For each unit of a layer, on the last axis, what it reads of the maps before and behind every upsampling.

    Raises: UnknownLayer, InputError where nothing is upsampled, or a unit is not on the map.
    """
    layer = report[name]
    chosen = [(unit, ways_up(report, name, unit)) for unit in units]
    drawing = _composed(report, layer, chosen)
    return drawing.drawing(
        f"{title}: what units of {name} read of each level", alternative(title, report, name, chosen)
    )


def ways_up(report: Report, name: str, unit: int) -> list[WayUp]:
    """Every upsampling behind which a unit reads, from the unit down. Raises: UnknownLayer, InputError."""
    report.unit(name, (*report[name].central_index[:-1], unit))
    ways = list(_ways_up(report, report.network.node(name), unit))
    if not ways:
        raise InputError(f"{name} reads nothing that was upsampled", "name a layer after an upsampling")
    return ways


def _ways_up(report: Report, last: int, unit: int) -> Iterator[WayUp]:
    read = {last: Interval(unit, unit)}
    for node in range(last, 0, -1):
        if node not in read:
            continue
        layer, inputs = report.layers[node - 1], report.network.layers[node - 1].inputs
        for source, reads in zip(inputs, layer.axes[-1].reads, strict=True):
            own = [tap for place in range(read[node].first, read[node].last + 1) for tap in reads.taps(place)]
            taps = [*own, *read.get(source, ())]
            if taps:
                read[source] = Interval(min(taps), max(taps))
        if isinstance(report.network.layers[node - 1].operator, ENLARGING) and inputs[0] in read:
            below = report.layers[inputs[0] - 1] if inputs[0] else report.image
            yield WayUp(_stretch(layer, read[node]), _stretch(below, read[inputs[0]]))


def _stretch(layer: LayerReport, units: Interval) -> UnitStretch:
    jump, start = layer.jump[-1], layer.start[-1]
    if jump is None or start is None:
        raise InputError(f"{layer.name} has no jump, so that its units have no place", "align no corners")
    return UnitStretch(layer.name, units, jump, start)


def alternative(title: str, report: Report, name: str, chosen: Sequence[tuple[int, Sequence[WayUp]]]) -> str:
    """What the drawing shows, in words."""
    told = []
    for unit, ways in chosen:
        steps = [f"{way.fine.units.size} units of {way.fine.name} from {way.coarse.units.size}" for way in ways]
        told.append(f"Unit {unit} reads {', '.join(steps)}; its field is {_size(report, name, unit)} pixels.")
    return (
        f"Rows of cells for {len(chosen)} units of {name} of {title}: what each reads of the map that every upsampling"
        f" makes, and of the coarser map below. {' '.join(told)} In the end fields are"
        f" {' or '.join(sorted({_size(report, name, unit) for unit, _ in chosen}))} pixels."
    )


def _size(report: Report, name: str, unit: int) -> str:
    field = report[name].axes[-1].field.at(unit)
    return text_number(0 if field is None else field.size)


def _composed(report: Report, layer: LayerReport, chosen: Sequence[tuple[int, Sequence[WayUp]]]) -> Canvas:
    keys: list[Key] = [
        ("units that an upsampling makes", Stroke(BLUE, 11, 0.45)),
        ("units that these read", Stroke(RED, 11, 0.45)),
    ]
    heights = [_HEAD + (2 * _ROW + _BETWEEN) * len(ways) + _FOOT for _, ways in chosen]
    canvas = Canvas(sum(heights) + legend_height(keys))
    texts = [stretch.text for _, ways in chosen for way in ways for stretch in way]
    left = max(map(width, texts)) + 12
    across = max(max(cell.right for cell in cells) - min(cell.left for cell in cells) for cells in map(_cells, chosen))
    top = 0.0
    for (unit, ways), height in zip(chosen, heights, strict=True):
        words = f"unit {text_number(unit)}: {_size(report, layer.name, unit)} px of the image"
        canvas.words(0, top + 20, words, strong=True)
        _draw_unit(canvas, top + _HEAD, left, ways, across)
        top += height
    draw_legend(canvas, top - _FOOT / 2, keys)
    return canvas


def _cells(chosen: tuple[int, Sequence[WayUp]]) -> list[Box]:
    return [cell for way in chosen[1] for stretch in way for cell in stretch.cells]


def _draw_unit(canvas: Canvas, top: float, left: float, ways: Sequence[WayUp], across: float) -> None:
    """One unit's rows, in the middle of a stretch that is so long. Unit: input pixels."""
    cells = _cells((0, ways))
    middle = (min(cell.left for cell in cells) + max(cell.right for cell in cells)) / 2
    for turn, way in enumerate(ways):
        for row, (stretch, fill) in enumerate(((way.fine, _FINE), (way.coarse, _COARSE))):
            y = top + (2 * _ROW + _BETWEEN) * turn + _ROW * row
            panel = Panel(
                canvas, Box(left, y, WIDTH - 2, y + _CELL), Box(middle - across / 2, 0, middle + across / 2, 1)
            )
            panel.shape(stretch.name, boxes(stretch.cells), fill, Stroke(INK, 1, 0.6))
            canvas.words(0, y + 15, stretch.text)


__all__ = ["UnitStretch", "WayUp", "levels_drawing", "ways_up"]
