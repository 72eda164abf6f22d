"""What each mark means, below a figure, in as few rows as a phone's letters allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Canvas, Stroke, segments
from rfdocs.figures.drawing import WIDTH
from rfdocs.figures.text_widths import shortened, width
from rfdocs.formats.columns import field_text

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport

ROW = 26
#: The room for text beside a mark in a row of its own. Unit: pixels.
ROOM = WIDTH - 36
_MARK, _GAP = 36, 22
#: The width of a stroke whose mark is a square. Unit: pixels.
SQUARE = 11

Key = tuple[str, Stroke | None]


def legend_height(keys: Sequence[Key]) -> float:
    """The room that the rows take. Unit: pixels."""
    rows = [row for row, _ in _places(keys)]
    return ROW * (rows[-1] + 1) + 8 if rows else 0


def unit_range_keys(layer: LayerReport, name: str) -> Iterator[Key]:
    """A key without a mark where a figure shows one unit of a layer whose units differ: from what to what."""
    if layer.receptive_field_min != layer.receptive_field:
        words = f": {field_text(layer)} px, by unit"
        yield shortened(name, ROOM - width(words)) + words, None


def _places(keys: Sequence[Key]) -> list[tuple[int, float]]:
    """The row of each key, and where it begins."""
    places: list[tuple[int, float]] = []
    row, x = 0, 0.0
    for text, stroke in keys:
        room = width(text) + (0 if stroke is None else _MARK)
        if x and x + room > WIDTH:
            row, x = row + 1, 0.0
        places.append((row, x))
        x += room + _GAP
    return places


def draw_legend(canvas: Canvas, top: float, keys: Sequence[Key]) -> None:
    """The keys one behind the other: round strokes of 4 pixels and more are dots, those of one width squares, others
    lines.
    """
    for (text, stroke), (row, x) in zip(keys, _places(keys), strict=True):
        y = top + 20 + ROW * row
        canvas.words(x if stroke is None else x + _MARK, y, text)
        if stroke is not None:
            half = 0 if stroke.round and stroke.width >= 4 else 5.5 if stroke.width == SQUARE else 13
            canvas.shape("key", segments([((x + 13 - half, y - 5), (x + 13 + half, y - 5))]), None, stroke)
