"""Rows that say what each mark means, below a figure."""

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
#: The room for text beside the marks. Unit: pixels.
ROOM = WIDTH - 36

Key = tuple[str, Stroke | None]


def legend_height(keys: Sequence[Key]) -> float:
    """The room that the rows take. Unit: pixels."""
    return ROW * len(keys) + 8


def unit_range_keys(layer: LayerReport, name: str) -> Iterator[Key]:
    """A row without a mark where a figure shows one unit of a layer whose units differ: from what to what."""
    if layer.receptive_field_min != layer.receptive_field:
        words = f": {field_text(layer)} px, by unit"
        yield shortened(name, ROOM - width(words)) + words, None


def draw_legend(canvas: Canvas, top: float, keys: Sequence[Key]) -> None:
    """One row a mark: round strokes of 4 pixels and more are dots, others lines."""
    for row, (text, stroke) in enumerate(keys):
        y = top + 20 + ROW * row
        canvas.words(36, y, text)
        if stroke is None:
            continue
        half = 0 if stroke.round and stroke.width >= 4 else 13
        canvas.shape("key", segments([((13 - half, y - 5), (13 + half, y - 5))]), None, stroke)
