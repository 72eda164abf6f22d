"""Uneven overlap: how many taps make each output of three ways to double a map, on one axis and on two.

Source: Odena, Dumoulin and Olah 2016, "Deconvolution and Checkerboard Artifacts".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.palette import BLUE, INK
from rfdocs.graph import Report

#: The outputs that are shown of each way, from one away from the border on.
_SHOWN, _FIRST = 6, 6
_CELL, _GAP, _BAR = 32.0, 32.0, 60.0
_TWICE_SHOWN, _TWICE_BAR = 16, 70.0
_KERNEL_3 = "transposed_conv: {name}, kernel: 3, stride: 2, padding: 1, output_padding: 1, channels: 1"


class Doubling(NamedTuple):
    """A way to double a map: what it is called, in two lines, and its layers as in a file."""

    words: tuple[str, str]
    layers: tuple[str, ...]

    def report(self) -> Report:
        """It on a map of some units."""
        return small_report(12, *self.layers)


WAYS = (
    Doubling(("kernel 3,", "stride 2"), (_KERNEL_3.format(name="up"),)),
    Doubling(("kernel 4,", "stride 2"), ("transposed_conv: up, kernel: 4, stride: 2, padding: 1, channels: 1",)),
    Doubling(("nearest ×2,", "then 3×3"), ("upsample: up, scale: 2", "conv: conv, kernel: 3, padding: 1, channels: 1")),
)
TWICE = Doubling(("kernel 3,", "stride 2, twice"), (_KERNEL_3.format(name="up"), _KERNEL_3.format(name="more")))


def taps(report: Report, first: int, count: int) -> list[int]:
    """How many taps, followed back to the map, make each of some units of the last layer."""
    return [sum(report.path_counts(report.last.name, unit, 0).values()) for unit in range(first, first + count)]


def draw_checkerboard() -> Drawing:
    """Taps by output: bars on one axis, a field of squares on two, and two uneven layers in a row."""
    counted = [taps(way.report(), _FIRST, _SHOWN) for way in WAYS]
    twice = taps(TWICE.report(), 2 * _FIRST + 4, _TWICE_SHOWN)
    canvas = Canvas(60 + _BAR + 40 + _SHOWN * _CELL + 86 + _TWICE_BAR)
    for place, (way, counts) in enumerate(zip(WAYS, counted, strict=True)):
        _draw_way(canvas, place * (_SHOWN * _CELL + _GAP), way, counts)
    _draw_twice(canvas, 60 + _BAR + 40 + _SHOWN * _CELL + 20, twice)
    return canvas.drawing("How many taps make each output", _alternative(counted, twice))


def _alternative(counted: Sequence[Sequence[int]], twice: Sequence[int]) -> str:
    told = [
        f"{' '.join(way.words)}: {', '.join(map(str, counts[:2]))} in turn, on two axes"
        f" {' or '.join(map(str, sorted({down * across for down in counts for across in counts})))}."
        for way, counts in zip(WAYS, counted, strict=True)
    ]
    return (
        "Bars for neighbouring outputs on one axis, and squares on two, of three ways to double a map; each says how"
        f" many taps make that output. {' '.join(told)} In the end, two layers of kernel 3 and stride 2 in a row:"
        f" {', '.join(map(str, twice[:4]))}, and again."
    )


def _draw_way(canvas: Canvas, left: float, way: Doubling, counts: Sequence[int]) -> None:
    right = left + _SHOWN * _CELL
    for line, words in enumerate(way.words):
        canvas.words(left, 18, words, strong=True, line=line)
    _draw_bars(canvas, Box(left, 64, right, 64 + _BAR), counts, 4)
    top = 60 + _BAR + 40
    panel = Panel(canvas, Box(left, top, right, top + _SHOWN * _CELL), Box(0, 0, _SHOWN, _SHOWN))
    squares = [
        (down * across, Box(column, row, column + 1, row + 1))
        for row, down in enumerate(counts)
        for column, across in enumerate(counts)
    ]
    for count in sorted({count for count, _ in squares}):
        alike = [square for own, square in squares if own == count]
        panel.shape(f"{count} taps", boxes(alike), Fill(BLUE, min(0.6, 0.07 * count)), Stroke(INK, 1, 0.35))
    _write_counts(panel, squares)


def _write_counts(panel: Panel, squares: Sequence[tuple[int, Box]]) -> None:
    """The number of each square, or one for all where they agree."""
    if len({count for count, _ in squares}) == 1:
        x, y = panel.at(_SHOWN / 2, _SHOWN / 2)
        panel.canvas.words(x, y + 6, f"all {squares[0][0]}", anchor="middle", strong=True)
        return
    for count, square in squares:
        x, y = panel.at(square.left + 0.5, square.top + 0.5)
        panel.canvas.words(x, y + 6, str(count), anchor="middle")


def _draw_twice(canvas: Canvas, top: float, counts: Sequence[int]) -> None:
    canvas.words(0, top + 18, " ".join(TWICE.words), strong=True)
    _draw_bars(canvas, Box(0, top + 58, WIDTH, top + 58 + _TWICE_BAR), counts, max(counts))


def _draw_bars(canvas: Canvas, frame: Box, counts: Sequence[int], most: int) -> None:
    """One bar for each output, with its number above it."""
    panel = Panel(canvas, frame, Box(0, most, len(counts), 0))
    bars = [Box(place + 0.12, count, place + 0.88, 0) for place, count in enumerate(counts)]
    panel.shape("taps", boxes(bars), Fill(BLUE, 0.5))
    for place, count in enumerate(counts):
        x, y = panel.at(place + 0.5, count)
        canvas.words(x, y - 4, str(count), anchor="middle")
