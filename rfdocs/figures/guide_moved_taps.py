"""A deformable convolution: the window of which its offsets are found, and what taps read that these move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Place, Stroke, boxes, dots, grid, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.legend import SQUARE, Key, draw_legend, legend_height
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import by_axis
from rfdocs.graph import Report

#: The pixels of each side, and the unit that is shown.
SIDE, UNIT = 9, 4
_WINDOW = "kernel: 3, padding: 1, channels: 1"
_TOP, _WIDE = 34.0, 306.0
_READ, _TAP, _FIELD = Stroke(BLUE, SQUARE, 0.45), Stroke(RED, 9, 1, (), True), Stroke(INK, 2.5)
_KEYS: tuple[Key, ...] = (("a tap", _TAP), ("a pixel that is read", _READ), ("the field that is told", _FIELD))

#: A pixel by its row and column, and a place that may lie between pixels.
Pixel = tuple[int, int]
Between = tuple[Fraction, Fraction]


def draw_moved_taps() -> Drawing:
    """Side by side what the offsets of a unit are found of, and, for an example of offsets, what its taps then read."""
    deformable = small_report((SIDE, SIDE), f"deformable_conv: moved, {_WINDOW}")
    offsets = small_report((SIDE, SIDE), f"conv: offsets, {_WINDOW}")
    canvas = Canvas(_TOP + _WIDE + 14 + legend_height(_KEYS))
    still = {tap: (Fraction(tap[0]), Fraction(tap[1])) for tap in taps(offsets)}
    places = moved(taps(deformable))
    _draw_part(canvas, 0, "what finds the offsets", offsets, still)
    _draw_part(canvas, WIDTH - _WIDE, "moved taps: an example", deformable, places)
    draw_legend(canvas, _TOP + _WIDE + 8, _KEYS)
    hull = [max(along) - min(along) + 1 for along in zip(*pixels_read(places), strict=True)]
    alternative = (
        f"Two grids of {SIDE} × {SIDE} pixels with the taps of the unit in the middle. At the left the convolution that"
        f" finds the offsets, with {len(still)} taps: it reads {by_axis(offsets.last.receptive_field)} pixels. At the"
        f" right an example of offsets moves the taps of the deformable convolution, whose field is told as"
        f" {deformable.last.bound.value} {by_axis(deformable.last.receptive_field)}: the {len(pixels_read(places))}"
        f" pixels around them lie in {by_axis(tuple(hull))}."
    )
    return canvas.drawing("What a deformable convolution reads", alternative)


def taps(report: Report) -> list[Pixel]:
    """The pixels that the unit in the middle reads where nothing is moved."""
    rows, columns = [axis.reads[0].taps(UNIT) for axis in report.last.axes]
    return list(product(rows, columns))


def moved(still: Sequence[Pixel]) -> dict[Pixel, Between]:
    """For each tap an example of where it may read: the window, turned and made larger."""
    return {
        (row, column): (
            row + (row - UNIT) + Fraction(column - UNIT, 2),
            column + Fraction(column - UNIT, 2) - Fraction(row - UNIT, 2),
        )
        for row, column in still
    }


def pixels_read(places: Mapping[Pixel, Between]) -> list[Pixel]:
    """The pixels that bilinear interpolation reads at the places: those around each, with a weight that is not 0."""
    around = [
        pixel
        for row, column in places.values()
        for pixel in product(range(floor(row), ceil(row) + 1), range(floor(column), ceil(column) + 1))
    ]
    return sorted(dict.fromkeys(around))


def _draw_part(canvas: Canvas, left: float, title: str, report: Report, places: Mapping[Pixel, Between]) -> None:
    """The grid with the field, the pixels that are read, and the taps, with arrows where they are moved."""
    canvas.words(left + _WIDE / 2, 18, title, anchor="middle", strong=True)
    panel = Panel(canvas, Box(left, _TOP, left + _WIDE, _TOP + _WIDE), Box(0, 0, SIDE, SIDE))
    panel.shape("image", boxes([Box(0, 0, SIDE, SIDE)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", grid(SIDE, SIDE), None, Stroke(INK, 1, 0.2))
    read = [Box(column, row, column + 1, row + 1) for row, column in pixels_read(places)]
    panel.shape(f"read {report.last.name}", boxes(read), Fill(BLUE, _READ.alpha))
    down, across = [axis.field for axis in report.unit(report.last.name, (UNIT, UNIT))]
    if down is not None and across is not None:
        field = Box(across.first, down.first, across.last + 1, down.last + 1)
        panel.shape(f"field {report.last.name}", boxes([field]), None, _FIELD)
    ways = [(_centre(tap), _centre(place)) for tap, place in places.items()]
    panel.shape("ways", segments(ways), None, Stroke(RED, 2))
    panel.shape(f"taps {report.last.name}", dots([_centre(place) for place in places.values()]), None, _TAP)


def _centre(place: Pixel | Between) -> Place:
    """The middle of a pixel at a row and a column, from the left and from the top."""
    return float(place[1]) + 0.5, float(place[0]) + 0.5
