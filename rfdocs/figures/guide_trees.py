"""Dilated convolutions one on the other, from one unit down to what it reads, and how often it reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Place, Stroke, boxes, dots, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.legend import SQUARE, Key, draw_legend, legend_height
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.graph import Report

_CELL, _LEVEL = 34.0, 46.0
#: The room above a tree, for its words, and below it. Unit: pixels.
_HEAD, _FOOT = 48.0, 22.0
_BARS = 92.0
_UNIT = Stroke(RED, 9, 1, (), True)
_READ = Stroke(BLUE, SQUARE, 0.5)


class Tree(NamedTuple):
    """Convolutions in a row with these dilations, of one kernel; ``causal`` ones read nothing behind their unit."""

    kernel: int
    dilations: tuple[int, ...]
    causal: bool = False

    @property
    def unit(self) -> int:
        """The unit from which it is drawn: its field begins with pixel 0."""
        reach = (self.kernel - 1) * sum(self.dilations)
        return reach if self.causal else reach // 2

    def report(self) -> Report:
        """It on a map as long as its field."""
        size = (self.kernel - 1) * sum(self.dilations) + 1
        return small_report(size, *[self._layer(turn, dilation) for turn, dilation in enumerate(self.dilations)])

    def _layer(self, turn: int, dilation: int) -> str:
        reach = (self.kernel - 1) * dilation
        before = reach if self.causal else reach // 2
        padding = f"[[{before}, {reach - before}]]"
        return f"conv: c{turn}, kernel: {self.kernel}, dilation: {dilation}, padding: {padding}, channels: 1"


_HOLES = (Tree(3, (2, 2, 2)), Tree(3, (2, 4, 8)), Tree(3, (1, 2, 5)))
_AHEAD = (Tree(2, (1, 2, 4, 8), causal=True), Tree(3, (1, 2, 4)))


def draw_dilation() -> Drawing:
    """Three dilated 3-wide convolutions one on the other: two choices leave holes, one does not."""
    alternative = "Three trees from one unit down through three convolutions of kernel 3 to the pixels that it reads."
    return _drawn("Dilation with and without holes", alternative, _HOLES)


def draw_causal() -> Drawing:
    """A causal stack with doubled dilations, and one that looks both ways."""
    alternative = "Two trees from one unit down to the samples that it reads: one into the past alone, one both ways."
    return _drawn("Causal, and not", alternative, _AHEAD)


def _drawn(title: str, alternative: str, trees: Sequence[Tree]) -> Drawing:
    heights = [_HEAD + _LEVEL * len(tree.dilations) + 34 + _FOOT for tree in trees]
    read = "pixel" if trees is _HOLES else "sample"
    keys: list[Key] = [("a unit", _UNIT), (f"a {read} that is read", _READ)]
    canvas = Canvas(sum(heights) + legend_height(keys))
    draw_legend(canvas, sum(heights), keys)
    tops = [sum(heights[:place]) for place in range(len(trees))]
    sentences = [_draw_tree(canvas, top, tree) for top, tree in zip(tops, trees, strict=True)]
    return canvas.drawing(title, " ".join([alternative, *sentences]))


def _draw_tree(canvas: Canvas, top: float, tree: Tree) -> str:
    """Draws the units between one unit and its pixels; returns what is seen in words."""
    report = tree.report()
    size, read = report.last.receptive_field[0], report.path_counts(report.last.name, tree.unit, 0)
    dilations = ", ".join(map(str, tree.dilations))
    sentence = f"Dilations {dilations}: field {size}, {len(read)} pixels read."
    if tree in _AHEAD:
        sentence = f"Kernel {tree.kernel}, dilations {dilations}: field {size}, {size - 1 - tree.unit} ahead."
    canvas.words(0, top + 22, sentence.rstrip("."), strong=True)
    cell = min(_CELL, (WIDTH - 4) / size)
    left, base = (WIDTH - cell * size) / 2, top + _HEAD + _LEVEL * len(tree.dilations)
    panel = Panel(canvas, Box(left, base, left + cell * size, base + 28), Box(0, 0, size, 1))
    pixels = [Box(place, 0, place + 1, 1) for place in range(size)]
    panel.shape("pixels", boxes(pixels), Fill(INK, 0.05), Stroke(INK, 1, 0.5))
    panel.shape("read", boxes([Box(pixel, 0, pixel + 1, 1) for pixel in sorted(read)]), Fill(BLUE, 0.5))
    units, level = {tree.unit}, top + _HEAD - 4
    lines: list[tuple[Place, Place]] = []
    places: list[Place] = []
    for layer in reversed(report.layers):
        below = level + _LEVEL
        places += [(left + cell * (unit + 0.5), level) for unit in sorted(units)]
        taps = [(unit, tap) for unit in sorted(units) for tap in layer.axes[0].reads[0].taps(unit)]
        lines += [((left + cell * (unit + 0.5), level), (left + cell * (tap + 0.5), below)) for unit, tap in taps]
        units, level = {tap for _, tap in taps}, below
    canvas.shape("taps", segments(lines), None, Stroke(INK, 1.2, 0.6))
    canvas.shape("units", dots(sorted(places)), None, _UNIT._replace(width=min(_UNIT.width, 0.4 * cell)))
    return sentence


COMB = Tree(3, (2, 2, 2, 2, 4, 4, 4, 4))
SMOOTHED = Tree(3, (*COMB.dilations, 2, 2, 1, 1))


def draw_gridding() -> Drawing:
    """How often each unit is read by dilated convolutions in a row, and by less dilated ones behind them, too."""
    pitch = _BARS + 48
    keys: list[Key] = [("paths from a unit", Stroke(BLUE, SQUARE, 0.6)), ("the field", Stroke(RED, 3))]
    canvas = Canvas(2 * pitch + legend_height(keys))
    draw_legend(canvas, 2 * pitch - 8, keys)
    whole = SMOOTHED.report().last.receptive_field[0]
    heads = ("dilations 2 and 4, four times each", "and after them 2, 2, 1, 1")
    told = [
        _draw_counts(canvas, pitch * turn, head, tree, whole)
        for turn, (head, tree) in enumerate(zip(heads, (COMB, SMOOTHED), strict=True))
    ]
    alternative = (
        "Bars for the units of a map: along how many paths one unit reads each, through convolutions of kernel 3."
        f" {told[0]} In the end, {told[1]}"
    )
    return canvas.drawing("Gridding, and what removes it", alternative)


def _draw_counts(canvas: Canvas, top: float, head: str, tree: Tree, whole: int) -> str:
    """Draws the paths from each unit; returns what is seen in words."""
    report = tree.report()
    counts = report.path_counts(report.last.name, tree.unit, 0)
    size, most = report.last.receptive_field[0], max(counts.values())
    words = f"{head}: {len(counts)} of {size} units read"
    canvas.words(0, top + 20, words, strong=True)
    margin = (whole - size) / 2
    panel = Panel(canvas, Box(0, top + 34, WIDTH, top + 34 + _BARS), Box(-margin, 1, size + margin, 0))
    bars = [Box(unit + 0.1, count / most, unit + 0.9, 0) for unit, count in sorted(counts.items())]
    panel.shape("paths", boxes(bars), Fill(BLUE, 0.6))
    panel.shape("field", segments([((0, 0), (size, 0))]), None, Stroke(RED, 3))
    return f"{words}."
