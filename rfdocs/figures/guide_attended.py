"""What attention by places looks at: the units of three maps, each with the pixels that it reads."""

from __future__ import annotations

from collections.abc import Mapping

from rfdocs.figures.canvas import Box, Fill, Panel, Stroke, boxes, segments
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_parts import UnitRows, draw_parts
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends
from rfdocs.graph import Report

_LENGTH, _TOLD = 12, 5
#: What stands over each part, and the layer.
_LAYERS: Mapping[str, str] = {
    "windows": "window_attention: a, window: 4",
    "moved windows": "window_attention: a, window: 4, shift: 2",
    "neighbours": "neighbourhood_attention: a, kernel: 5",
    "a grid": "grid_attention: a, grid: 4",
}
_OWN, _READ = Stroke(RED, 8), Stroke(BLUE, 8, 0.45)
_KEYS = (("the unit's own place", _OWN), ("what it attends to", _READ))


def draw_attended() -> Drawing:
    """What each unit of a map attends to in windows, in moved ones, around itself, and in a grid."""
    parts = tuple(_LAYERS.items())

    def draw(panel: Panel, place: int) -> str:
        title, layer = parts[place]
        return _drawn_units(panel, title, small_report(_LENGTH, layer))

    canvas, told = draw_parts(UnitRows(_LENGTH, _LENGTH, 22, 18), [title for title, _ in parts], _KEYS, draw)
    alternative = f"The {_LENGTH} units of a map, one below the other, over that map: what each attends to. {told}"
    return canvas.drawing("What attention by places looks at", alternative)


def _drawn_units(panel: Panel, title: str, report: Report) -> str:
    """The bars of one layer's units; returns what one of them reads, in words."""
    panel.shape(f"map {title}", boxes([Box(0, 0, _LENGTH, _LENGTH)]), Fill(INK, 0.07))
    ranges = [report.visible_ranges("a", (unit,))[0] or [] for unit in range(_LENGTH)]
    read = [((part.first, row + 0.5), (part.last + 1, row + 0.5)) for row, own in enumerate(ranges) for part in own]
    panel.shape(f"read {title}", segments(read), None, _READ)
    own = [((unit, unit + 0.5), (unit + 1, unit + 0.5)) for unit in range(_LENGTH)]
    panel.shape(f"own {title}", segments(own), None, _OWN)
    words = ", ".join([ends(part, " to ") if part.size > 1 else str(part.first) for part in ranges[_TOLD]])
    return f"With {title}, unit {_TOLD} reads {words}."
