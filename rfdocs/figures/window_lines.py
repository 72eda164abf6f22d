"""The windows of a small network's layers over what they read, on number lines of its last axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rfdocs.algebra import Interval, PeriodicField, hull
from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Place, Stroke, boxes, dots, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide import values_text
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.figures.unit_stills import check_steps, shown_span

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: A line, the room above its strip, the strip, and how far apart the windows below it hang. Unit: pixels.
_LINE, _HEAD, _STRIP, _HANG = 132, 34, 30, 11
#: Windows hang at so many heights in turn.
_TURNS = 4


def window_lines(title: str, report: Report) -> Drawing:
    """A number line for every map, with the windows of the next layer below it. Raises: TooLargeToStep."""
    check_steps(report)
    layers = [report.image, *report.layers]
    canvas = Canvas(_LINE * len(layers) - _HANG * _TURNS)
    span = _whole_span(report, layers)
    for place, layer in enumerate(layers):
        reader = next((one for one in report.layers if one.inputs[:1] == (layer.name,)), None)
        panel = _line_panel(canvas, _LINE * place, span, report.input_size[-1])
        canvas.words(0, _LINE * place + 20, f"{layer.name}: {values_text(layer)}")
        _draw_units(panel, layer)
        if reader is not None:
            _draw_windows(panel, layer, reader)
    told = "; ".join([f"{layer.name}: {values_text(layer)}" for layer in layers])
    alternative = (
        f"A number line of the image's pixels for each of {len(layers)} maps, with the units at the centres of their"
        f" fields, the field of unit 0, and below it the windows of the next layer. {told}."
    )
    return canvas.drawing(f"{title}: the windows of each layer", alternative)


def _whole_span(report: Report, layers: Sequence[LayerReport]) -> Interval:
    """All that is drawn: fields, and the centres of all that is read."""
    axis = len(report.input_size) - 1
    places = [place for layer in layers for place in _centers(layer, range(layer.size[-1]))]
    for layer in report.layers:
        below = next((one for one in layers if one.name == layer.inputs[0]), report.image)
        taps = [tap for unit in (0, layer.size[-1] - 1) for tap in layer.axes[-1].reads[0].taps(unit)]
        places += _centers(below, taps)
    span = hull([shown_span(report, axis), *[Interval(int(place // 1), int(place // 1)) for place in places]])
    assert span is not None
    return span


def _centers(layer: LayerReport, units: Iterable[int]) -> list[float]:
    """The centres of units, there or not, that read anything. Unit: pixels."""
    node = layer.axes[-1]
    known = [unit for unit in units if isinstance(node.field, PeriodicField) or 0 <= unit < node.length]
    return [float(field.center) for field in map(node.field.at, known) if field is not None]


def _line_panel(canvas: Canvas, top: float, span: Interval, length: int) -> Panel:
    frame = Box(0, top + _HEAD, WIDTH, top + _HEAD + _STRIP)
    panel = Panel(canvas, frame, Box(span.first, 0, span.last + 1, 1))
    squares = [Box(pixel, 0, pixel + 1, 1) for pixel in range(length)]
    panel.shape("pixels", boxes(squares), Fill(INK, 0.05), Stroke(INK, 1, 0.5))
    return panel


def _draw_units(panel: Panel, layer: LayerReport) -> None:
    """The units at their centres, and the field of unit 0 as a bar above them."""
    centers = _centers(layer, range(layer.size[-1]))
    panel.shape("units", dots([(x, 0.5) for x in centers]), None, Stroke(INK, 9, 0.85, (), True))
    panel.shape("unit 0", dots([(x, 0.5) for x in centers[:1]]), None, Stroke(RED, 10, 1, (), True))
    field = layer.axes[-1].field.at(0)
    if field is not None:
        ends: list[tuple[Place, Place]] = [((x, -0.22), (x, 0)) for x in (field.first, field.last + 1)]
        bar = [((field.first, -0.11), (field.last + 1, -0.11)), *ends]
        panel.shape("field", segments(bar), None, Stroke(BLUE, 2))


def _draw_windows(panel: Panel, below: LayerReport, layer: LayerReport) -> None:
    """What each unit of a layer reads: a line with a dot at every unit, there or not, that of unit 0 in its colour."""
    for unit in range(layer.size[-1]):
        color = INK if unit else RED
        height = 1 + (9 + _HANG * (unit % _TURNS)) / _STRIP
        taps = _centers(below, layer.axes[-1].reads[0].taps(unit))
        if taps:
            ends = segments([((min(taps), height), (max(taps), height))])
            panel.shape("window", ends, None, Stroke(color, 1.6, 0.8))
            panel.shape("taps", dots([(x, height) for x in taps]), None, Stroke(color, 6, 1, (), True))
