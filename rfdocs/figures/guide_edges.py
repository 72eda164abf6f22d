"""What stands in the padding: zeros, or units of the map again."""

from __future__ import annotations

from rfdocs.algebra.reads import Edge, Window
from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.palette import BLUE, INK

_LENGTH, _SIDE = 5, 3
_CELL = 44
_ROW = 62
_LEFT = 130
_NAMES = {Edge.ZERO: "zeros", Edge.REFLECT: "reflected", Edge.REPLICATE: "replicated", Edge.CIRCULAR: "circular"}


def draw() -> Drawing:
    """A map of a few units with padding on both sides, once for each thing that padding may hold."""
    canvas = Canvas(_ROW * len(_NAMES))
    told = [f"{name}: {_draw_strip(canvas, place, edge, name)}" for place, (edge, name) in enumerate(_NAMES.items())]
    alternative = (
        f"A map of {_LENGTH} units, 0 to {_LENGTH - 1}, with {_SIDE} places of padding on both sides, in"
        f" {len(_NAMES)} rows; each place shows the unit whose value it holds. {'. '.join(told)}."
    )
    return canvas.drawing("What padding holds", alternative)


def held(edge: Edge) -> list[int | None]:
    """The unit of the map that every place holds, from the first place of padding to the last; ``None`` of zeros.

    >>> held(Edge.CIRCULAR)
    [2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2]
    """
    place = Window(before=_SIDE, edge=edge)
    taps = [list(place.real_taps(unit, _LENGTH)) for unit in range(_LENGTH + 2 * _SIDE)]
    return [tap[0] if tap else None for tap in taps]


def _draw_strip(canvas: Canvas, place: int, edge: Edge, name: str) -> str:
    """Draws one row; returns what it holds in words."""
    top = _ROW * place + 14
    units = held(edge)
    canvas.words(0, top + 24, name, strong=True)
    left = _LEFT + (WIDTH - _LEFT - _CELL * len(units)) / 2
    panel = Panel(canvas, Box(left, top, left + _CELL * len(units), top + 36), Box(0, 0, len(units), 1))
    cells = [Box(cell, 0, cell + 1, 1) for cell in range(len(units))]
    inside = cells[_SIDE:-_SIDE]
    panel.shape("padding", boxes(cells[:_SIDE] + cells[-_SIDE:]), None, Stroke(INK, 1, 0.6, (3, 3)))
    panel.shape("units", boxes(inside), Fill(BLUE, 0.18), Stroke(INK, 1, 0.6))
    words = ["zero" if unit is None else str(unit) for unit in units]
    for cell, word in enumerate(words):
        x, y = panel.at(cell + 0.5, 0.5)
        canvas.words(x, y + 6, word.replace("zero", "·"), anchor="middle", alpha=0.9 if cells[cell] in inside else 0.75)
    return f"before {', '.join(words[:_SIDE])}, behind {', '.join(words[-_SIDE:])}"
