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
#: The room for a mark, and between keys of one row. Unit: pixels.
_MARK, _BETWEEN = 36, 24

Key = tuple[str, Stroke | None]


def legend_height(keys: Sequence[Key]) -> float:
    """The room that the rows take. Unit: pixels."""
    return ROW * len(legend_rows(keys)) + 8


def legend_rows(keys: Sequence[Key]) -> list[list[tuple[float, Key]]]:
    """The keys in as few rows as they fill in their order, each with its distance from the left. Unit: pixels.

    >>> [[text for _, (text, _) in row] for row in legend_rows([("one", None), ("two", None), ("x" * 45, None)])]
    [['one', 'two'], ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']]
    """
    rows: list[list[tuple[float, Key]]] = []
    free = 0.0
    for key in keys:
        room = _MARK + width(key[0])
        if not rows or free + room > WIDTH:
            rows.append([])
            free = 0.0
        rows[-1].append((free, key))
        free += room + _BETWEEN
    return rows


def unit_range_keys(layer: LayerReport, name: str) -> Iterator[Key]:
    """A row without a mark where a figure shows one unit of a layer whose units differ: from what to what."""
    if layer.receptive_field_min != layer.receptive_field:
        words = f": {field_text(layer)} px, by unit"
        yield shortened(name, ROOM - width(words)) + words, None


def draw_legend(canvas: Canvas, top: float, keys: Sequence[Key]) -> None:
    """What each mark means: round strokes of 4 pixels and more are dots, others lines."""
    for number, row in enumerate(legend_rows(keys)):
        y = top + 20 + ROW * number
        for left, (text, stroke) in row:
            canvas.words(left + _MARK, y, text)
            if stroke is not None:
                half = 0 if stroke.round and stroke.width >= 4 else 13
                sample = [((left + 13 - half, y - 5), (left + 13 + half, y - 5))]
                canvas.shape("key", segments(sample), None, stroke)
