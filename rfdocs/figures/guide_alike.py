"""AlexNet and VGG-16 side by side: the layers of both that see patches of nearly one size."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from rfdocs.algebra import Interval
from rfdocs.catalogue import load
from rfdocs.figures.canvas import Box, Canvas
from rfdocs.figures.demonstration import demonstration
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_patches import draw_patch
from rfdocs.formats.numbers import per_axis
from rfdocs.pixels.excitation import patch

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: By how much of the larger field two may differ.
NEAR = Fraction(1, 10)
#: The pixels of the page for each of the photograph, and the middles of the patches across.
_SCALE, _MIDDLES = 0.86, (228, 412)


def alike(one: Report, other: Report) -> Iterator[tuple[LayerReport, LayerReport]]:
    """The layers of a network each with that of another whose field is nearest, if it is near.

    >>> [(a.name, b.name) for a, b in alike(load("alexnet").analyze(), load("vgg16").analyze())]
    [('conv1', 'conv2_1'), ('conv3', 'pool4'), ('conv4', 'conv5_1'), ('conv5', 'conv5_2'), ('pool5', 'conv5_3')]
    """
    for layer in _windowed(one):
        nearest = min(_windowed(other), key=lambda other_layer: abs(_field(other_layer) - _field(layer)))
        if abs(_field(nearest) - _field(layer)) <= NEAR * max(_field(nearest), _field(layer)):
            yield layer, nearest


def _windowed(report: Report) -> list[LayerReport]:
    """The layers that slide a window over a map."""
    return [layer for layer in report.layers if layer.operation in ("conv", "maxpool")]


def _field(layer: LayerReport) -> int:
    return layer.receptive_field[0]


def draw_alike() -> Drawing:
    """Every pair, with the patches that the two units nearest to one place see."""
    shown = demonstration()
    reports = {"AlexNet": load("alexnet").analyze(), "VGG-16": load("vgg16").analyze()}
    pairs = list(alike(*reports.values()))
    heights = [max(84.0, _SCALE * max(map(_field, pair)) + 14) for pair in pairs]
    canvas = Canvas(34 + sum(heights))
    for title, x, anchor in zip(reports, (0, WIDTH), ("start", "end"), strict=True):
        canvas.words(x, 22, title, strong=True, anchor=anchor)
    top = 34.0
    for pair, height in zip(pairs, heights, strict=True):
        middle = [length / 2 for length in reports["AlexNet"].input_size]
        for layer, report, place in zip(pair, reports.values(), (0, 1), strict=True):
            fields = [_nearest(report, layer, axis, at) for axis, at in enumerate(middle)]
            middle = [float(field.center) for field in fields]
            half = _SCALE * fields[0].size / 2
            x, y = _MIDDLES[place], top + height / 2
            draw_patch(canvas, patch(shown.pixels, *fields), Box(x - half, y - half, x + half, y + half), smooth=True)
            _draw_values(canvas, layer, (0, WIDTH)[place], y, ("start", "end")[place])
        top += height
    told = [f"{a.name} {_field(a)} and {b.name} {_field(b)}" for a, b in pairs]
    alternative = (
        f"{len(pairs)} rows, a layer of AlexNet at the left and one of VGG-16 at the right, each with the patch of"
        f" the photograph that a unit in its middle sees, in pixels: {'; '.join(told)}. In each row both show nearly"
        " the same."
    )
    return canvas.drawing("AlexNet and VGG-16: layers that see as much", alternative)


def _nearest(report: Report, layer: LayerReport, axis: int, place: float) -> Interval:
    """The field, on one axis, of the unit whose centre is nearest to a place."""
    fields = [report.unit(layer.name, (unit,) * len(layer.size))[axis].field for unit in range(layer.size[axis])]
    return min([field for field in fields if field is not None], key=lambda field: abs(float(field.center) - place))


def _draw_values(canvas: Canvas, layer: LayerReport, x: float, y: float, anchor: str) -> None:
    canvas.words(x, y - 18, layer.name, strong=True, anchor=anchor)
    canvas.words(x, y + 8, f"{_field(layer)} pixels", anchor=anchor)
    canvas.words(x, y + 34, f"jump {per_axis(layer.jump)}", anchor=anchor)
