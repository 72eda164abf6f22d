"""The guide's example in both of its visualisations, and along one axis.

Source: Dang Ha The Hien 2017, "A guide to receptive field arithmetic for convolutional neural networks", figure 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, dots, grid, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.feature_rows import draw_features, layer_features
from rfdocs.figures.field_marks import draw_field, draw_seen, field_span
from rfdocs.figures.guide_networks import example_report
from rfdocs.figures.legend import draw_legend, legend_height
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import per_axis

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

_CELL = 23
_MIDDLE = WIDTH / 2
_HEADS = ("the input", "after the first convolution", "after the second convolution")
_KEYS = (
    ("unit 0, at the centre of its field", Stroke(RED, 9, 1, (), True)),
    ("its field, dashed outside the image", Stroke(BLUE, 1.8)),
    ("what the next layer's unit 0 reads", Stroke(RED, 1.8, 1, (2, 3))),
    ("padding", Stroke(INK, 1, 0.6, (3, 3))),
)


def values_text(layer: LayerReport) -> str:
    """The four values of a layer: ``n 3, j 2, r 3, start 0.5``."""
    field, start = per_axis(layer.receptive_field), per_axis(layer.start)
    return f"n {per_axis(layer.size)}, j {per_axis(layer.jump)}, r {field}, start {start}"


def _layers_text(layers: Sequence[LayerReport]) -> str:
    return "; ".join(f"{head}: {values_text(layer)}" for head, layer in zip(_HEADS, layers, strict=True))


def draw_example() -> Drawing:
    """The two visualisations side by side: maps that shrink, and features in their place on the input's grid."""
    report = example_report()
    layers = [report.image, *report.layers]
    title = "The guide's example in both visualisations"
    alternative = (
        "Two columns of grids: at the left each map by itself, shrinking from 5 × 5 to 3 × 3 to 2 × 2 units, at the"
        " right the same units at the centres of their receptive fields on the grid of the input, 5 × 5 pixels."
        f" {_layers_text(layers)}. In the end the field is {per_axis(layers[-1].receptive_field)} pixels."
    )
    return _example_canvas(report, layers).drawing(title, alternative)


def _example_canvas(report: Report, layers: Sequence[LayerReport]) -> Canvas:
    """The picture's artists."""
    reaches = [max(1, -layer.axes[0].field.at(0).first) + 0.4 for layer in layers]  # type: ignore[union-attr]
    heights = [_CELL * (report.input_size[0] + 2 * reach) + 52 for reach in reaches]
    canvas = Canvas(sum(heights) + 40 + legend_height(_KEYS))
    canvas.words(_MIDDLE / 2, 20, "each map by itself", anchor="middle", strong=True)
    canvas.words(1.5 * _MIDDLE, 20, "on the input's grid", anchor="middle", strong=True)
    top = 40.0
    for place, layer in enumerate(layers):
        canvas.words(_MIDDLE, top + 18, f"{_HEADS[place]}: {values_text(layer)}", anchor="middle", alpha=0.85)
        side = _CELL * (report.input_size[0] + 2 * reaches[place])
        _draw_map_alone(canvas, top + 30 + side / 2, layer, last=place == len(layers) - 1)
        _draw_in_place(canvas, top + 30, report, layer, reaches[place])
        top += heights[place]
    draw_legend(canvas, top, _KEYS)
    return canvas


def _draw_map_alone(canvas: Canvas, middle: float, layer: LayerReport, *, last: bool) -> None:
    """A map by itself: its features as squares, the padding around it, and what the next layer reads."""
    size = layer.size[0]
    half = _CELL * size / 2
    frame = Box(_MIDDLE / 2 - half, middle - half, _MIDDLE / 2 + half, middle + half)
    panel = Panel(canvas, frame, Box(0, 0, size, size))
    panel.shape("map", boxes([Box(0, 0, size, size)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", grid(size, size), None, Stroke(INK, 1, 0.4))
    panel.shape("feature 0", dots([(0.5, 0.5)]), None, Stroke(RED, 9, 1, (), True))
    if not last:
        panel.shape("padding", boxes([Box(-1, -1, size + 1, size + 1)]), None, Stroke(INK, 1, 0.6, (3, 3)))
        panel.shape("window", boxes([Box(-1, -1, 2, 2)]), None, Stroke(RED, 1.8, 1, (2, 3)))


def _draw_in_place(canvas: Canvas, top: float, report: Report, layer: LayerReport, reach: float) -> None:
    """The features at the centres of their fields, and the field of feature 0."""
    size = report.input_size[0]
    half = _CELL * (size / 2 + reach)
    frame = Box(1.5 * _MIDDLE - half, top, 1.5 * _MIDDLE + half, top + 2 * half)
    panel = Panel(canvas, frame, Box(-reach, -reach, size + reach, size + reach))
    panel.shape("image", boxes([Box(0, 0, size, size)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", grid(size, size), None, Stroke(INK, 1, 0.25))
    unit = report.unit(layer.name, (0, 0))
    (down, across), seen = [axis.field for axis in unit], unit[0].visible
    assert down is not None
    assert across is not None
    assert seen is not None
    draw_seen(panel, [Box(seen.first, seen.first, seen.last + 1, seen.last + 1)])
    features = layer_features(report, layer, (0, 0))[0]
    draw_features(panel, features.centers, features, f"features {layer.name}")
    draw_field(panel, field_span(across, size), field_span(down, size))
    panel.shape("feature 0", dots([(float(across.center), float(down.center))]), None, Stroke(RED, 9, 1, (), True))


_PIXEL, _LINE = 46, 136
_FIRST, _LAST = -3, 8


def draw_axis() -> Drawing:
    """What n, j, r and start mean, on one axis of the guide's example."""
    report = example_report(axes=1)
    layers = [report.image, *report.layers]
    canvas = Canvas(_LINE * len(layers) + 24)
    _draw_start_line(canvas, float(layers[-1].start[0] or 0), len(layers))
    for place, (head, layer) in enumerate(zip(_HEADS, layers, strict=True)):
        _draw_number_line(canvas, _LINE * place, report, layer, head)
    alternative = (
        f"Three number lines of the input's 5 pixels with the units of each layer at their centres, the jump between"
        f" neighbours and the receptive field of unit 0. {_layers_text(layers)}."
        f" In the end the field reaches from pixel -3 to pixel 3, {per_axis(layers[-1].receptive_field)} pixels."
    )
    return canvas.drawing("Size, jump, receptive field and start on one axis", alternative)


def _draw_start_line(canvas: Canvas, start: float, lines: int) -> None:
    """A line through the centres of feature 0 in all layers, with gaps for their headings."""
    x, bottom = (WIDTH - _PIXEL * (_LAST - _FIRST)) / 2 + _PIXEL * (start - _FIRST), _LINE * lines
    parts = [((x, _LINE * line + 36), (x, _LINE * line + _LINE - 6)) for line in range(lines)]
    canvas.shape("start", segments(parts), None, Stroke(INK, 1, 0.7, (2, 3)))
    canvas.words(x, bottom + 14, f"start = {start:g}", anchor="middle", strong=True)


def _draw_number_line(canvas: Canvas, top: float, report: Report, layer: LayerReport, head: str) -> None:
    size = report.input_size[0]
    wide = _PIXEL * (_LAST - _FIRST)
    left = (WIDTH - wide) / 2
    panel = Panel(canvas, Box(left, top + 54, left + wide, top + 90), Box(_FIRST, 0, _LAST, 1))
    canvas.words(left, top + 22, f"{head}: {values_text(layer)}")
    squares = [Box(pixel, 0, pixel + 1, 1) for pixel in range(size)]
    panel.shape("pixels", boxes(squares), Fill(INK, 0.05), Stroke(INK, 1, 0.5))
    field = report.unit(layer.name, (0,))[0].field
    assert field is not None
    draw_seen(panel, [Box(max(0, field.first), 0, field.last + 1, 1)])
    centers = [float(layer.axes[0].field.at(unit).center) for unit in range(layer.size[0])]  # type: ignore[union-attr]
    panel.shape(f"features {layer.name}", dots((x, 0.5) for x in centers), None, Stroke(INK, 9, 0.85, (), True))
    panel.shape("feature 0", dots([(centers[0], 0.5)]), None, Stroke(RED, 10, 1, (), True))
    jump = segments([((centers[0], -0.16), (centers[1], -0.16))])
    panel.shape("jump", jump, None, Stroke(RED, 2))
    ends = [((x, -0.3), (x, -0.02)) for x in centers[:2]]
    panel.shape("jump's ends", segments(ends), None, Stroke(RED, 1.5))
    low = segments([((field.first, 1.2), (field.last + 1, 1.2))])
    panel.shape("field", low, None, Stroke(BLUE, 2.5))
    edges = [((x, 1.02), (x, 1.38)) for x in (field.first, field.last + 1)]
    panel.shape("field's ends", segments(edges), None, Stroke(BLUE, 1.8))
    x, y = panel.at(field.last + 1, 1.2)
    canvas.words(x + 8, y + 8, f"r = {per_axis(layer.receptive_field)}", strong=True, color=BLUE)
    x, y = panel.at(centers[1], -0.16)
    canvas.words(x + 8, y + 3, f"j = {per_axis(layer.jump)}", strong=True, color=RED)
