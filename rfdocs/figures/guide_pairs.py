"""Where the cost of a vision transformer lies as the image grows, and what it learns that belongs to no matrix."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rfdocs.catalogue import load
from rfdocs.figures.canvas import Box, Canvas, Fill, Stroke, boxes
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.legend import SQUARE, Key, draw_legend, legend_height
from rfdocs.figures.palette import BLUE, RED
from rfdocs.formats.numbers import percent, short, text_number

if TYPE_CHECKING:
    from rfdocs.graph import Report

#: The network, and the sides of the images. Unit: pixels.
NETWORK, SIDES = "vit_tiny_patch16_224", (224, 448, 896)
_HEAD, _ROW, _BAR = 30.0, 64.0, 22.0
_PART, _REST = Fill(RED, 1), Fill(BLUE, 0.45)
_KEYS: tuple[Key, ...] = (
    ("pairs of units; positions, token", Stroke(RED, SQUARE)),
    ("all else", Stroke(BLUE, SQUARE, 0.45)),
)


def draw_pairs() -> Drawing:
    """Its multiply-accumulates for images of three sizes, those of attention apart, and its parameters."""
    entry = load(NETWORK)
    reports = {side: entry.analyze(side) for side in SIDES}
    most = max(report.macs for report in reports.values())
    canvas = Canvas(2 * _HEAD + _ROW * (len(SIDES) + 1) + legend_height(_KEYS))
    canvas.words(0, 20, f"{entry.title}: multiply-accumulates", strong=True)
    told = []
    for row, (side, report) in enumerate(reports.items()):
        pairs = macs_of_pairs(report)
        words = f"{side} px: {short(report.macs)}, {percent(Fraction(pairs, report.macs))} for pairs"
        _draw_bar(canvas, _HEAD + _ROW * row, words, Fraction(pairs, most), Fraction(report.macs, most))
        told.append(words)
    top = _HEAD + _ROW * len(SIDES)
    canvas.words(0, top + 20, "parameters", strong=True)
    first = reports[SIDES[0]]
    besides = learned_besides(first)
    words = f"{short(first.parameters)}, {text_number(besides)} for positions and token"
    _draw_bar(canvas, top + _HEAD, words, Fraction(besides, first.parameters), Fraction(1))
    draw_legend(canvas, top + _HEAD + _ROW, _KEYS)
    alternative = (
        f"Bars for {entry.title}: its multiply-accumulates on square images, those for pairs of units apart from all"
        f" others: {'; '.join(told)}. Below its parameters: {words}."
    )
    return canvas.drawing("What grows with the square of the units", alternative)


def macs_of_pairs(report: Report) -> int:
    """The multiply-accumulates of attention, which grow with the pairs of units."""
    return sum([layer.macs for layer in report.layers if layer.operation == "attention"])


def learned_besides(report: Report) -> int:
    """The learned numbers that belong to no matrix and no normalisation: of positions, and class tokens."""
    tokens = [layer.parameters for layer in report.layers if layer.operation == "class_token"]
    return sum([layer.learned for layer in report.network.layers]) + sum(tokens)


def _draw_bar(canvas: Canvas, top: float, words: str, part: Fraction, whole: Fraction) -> None:
    """A bar below its words, a part of it at its left; lengths are shares of the width."""
    canvas.words(0, top + 18, words)
    middle, right = float(WIDTH * part), float(WIDTH * whole)
    canvas.shape("part", boxes([Box(0, top + 26, middle, top + 26 + _BAR)]), _PART)
    canvas.shape("rest", boxes([Box(middle, top + 26, right, top + 26 + _BAR)]), _REST)
