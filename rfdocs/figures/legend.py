"""Rows that say what each mark means, below a figure."""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.figures.canvas import Canvas, Stroke, segments
from rfdocs.figures.drawing import WIDTH

ROW = 26
#: The room for text beside the marks. Unit: pixels.
ROOM = WIDTH - 36

Key = tuple[str, Stroke]


def height(keys: Sequence[Key]) -> float:
    """The room that the rows take. Unit: pixels."""
    return ROW * len(keys) + 8


def draw_legend(canvas: Canvas, top: float, keys: Sequence[Key]) -> None:
    """One row a mark: round strokes of 4 pixels and more are dots, others lines."""
    for row, (text, stroke) in enumerate(keys):
        y = top + 20 + ROW * row
        half = 0 if stroke.round and stroke.width >= 4 else 13
        canvas.shape("key", segments([((13 - half, y - 5), (13 + half, y - 5))]), None, stroke)
        canvas.words(36, y, text)
