"""What a gate shows that looks to one side: the units of recurrent layers, each with all that it sees of the image."""

from __future__ import annotations

from collections.abc import Mapping

from rfdocs.figures.canvas import Box, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_parts import UnitRows, draw_bars, draw_parts
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends
from rfdocs.graph import Report

_LENGTH = 16
#: What stands over each part, by the word of the format.
_DIRECTIONS: Mapping[str, str] = {"forward": "forward", "backward": "backward", "both": "both ways"}
_READ, _SEEN = Stroke(RED, 9), Stroke(BLUE, 9, 0.45)
_KEYS = (
    ("what the unit reads itself, along the spatial path", _READ),
    ("what it sees through the recurrent layer", _SEEN),
)


def draw_one_sided() -> Drawing:
    """What each unit sees behind a strided convolution and an LSTM that goes forward, backward, or both ways."""
    reports = [(direction, _report(direction)) for direction in _DIRECTIONS]
    count = reports[0][1]["lstm"].size[0]

    def draw(panel: Panel, place: int) -> str:
        return _drawn_units(panel, *reports[place], count)

    canvas, told = draw_parts(UnitRows(count, _LENGTH, 26, 24), [*_DIRECTIONS.values()], _KEYS, draw)
    alternative = (
        f"The {count} units of a recurrent layer, one below the other, over an image of {_LENGTH} pixels: what each"
        f" reads itself as a short bar, and what it sees through the layer as a long one. {told}"
    )
    return canvas.drawing("What the units of a recurrent layer see", alternative)


def _report(direction: str) -> Report:
    convolution = "conv: conv, kernel: 3, stride: 2, padding: 1, channels: 1"
    return small_report(_LENGTH, convolution, f"lstm: lstm, channels: 1, direction: {direction}")


def _drawn_units(panel: Panel, direction: str, report: Report, count: int) -> str:
    """The bars of one layer's units; returns what the middle one sees, in words."""
    panel.shape(f"image {direction}", boxes([Box(0, 0, _LENGTH, count)]), Fill(INK, 0.07))
    units = [report.unit("lstm", (unit,))[0] for unit in range(count)]
    for name, stroke, fields in (
        ("seen", _SEEN, [unit.visible for unit in units]),
        ("read", _READ, [unit.spatial_visible for unit in units]),
    ):
        bars = [(place + 0.5, field) for place, field in enumerate(fields) if field is not None]
        draw_bars(panel, f"{name} {direction}", bars, stroke)
    middle = units[count // 2]
    read, seen = ends(middle.spatial_visible, " to "), ends(middle.visible, " to ")
    return f"Going {_DIRECTIONS[direction]}, unit {count // 2} reads {read} and sees {seen}."
