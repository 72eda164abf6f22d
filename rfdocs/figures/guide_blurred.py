"""Maximum pooling that skips units, one with a fixed blur behind it, and one with learned weights there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rfdocs.figures.canvas import Box, Fill, Panel, Stroke, boxes, dots
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_parts import UnitRows, draw_bars, draw_parts
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends, text_number
from rfdocs.graph import Report

_LENGTH = 12
_SLOWLY, _WINDOW = "maxpool: pool, kernel: 2, stride: 1", "kernel: 3, stride: 2, padding: 1, bias: false"
#: What stands over each part, and the layers.
PARTS: Mapping[str, Sequence[str]] = {
    "stride 2": ["maxpool: pool, kernel: 2, stride: 2"],
    "stride 1, blur": [_SLOWLY, f"depthwise_conv: blur, {_WINDOW}, fixed: true"],
    "stride 1, conv": [_SLOWLY, f"depthwise_conv: mix, {_WINDOW}"],
}
_READ, _CENTRE = Stroke(BLUE, 9, 0.45), Stroke(RED, 8, 1, (), True)
_KEYS = (("what the unit reads", _READ), ("its centre", _CENTRE))


def draw_blurred() -> Drawing:
    """What each unit reads of a map that is halved in three ways, and how many numbers each way learns."""
    reports = [(name, small_report(_LENGTH, *layers)) for name, layers in PARTS.items()]
    units = reports[0][1].last.size[0]

    def draw(panel: Panel, place: int) -> str:
        return _draw_units(panel, *reports[place])

    rows = UnitRows(units, _LENGTH, 26, 24, more=("learns",))
    canvas, told = draw_parts(rows, [*PARTS], _KEYS, draw)
    alternative = (
        f"The {units} units of a map, one below the other, over {_LENGTH} pixels, in three ways to halve these by"
        f" maximum pooling: what each reads, and how many numbers the way learns. {told}"
    )
    return canvas.drawing("A map halved by pooling, by a blur, and by learned weights", alternative)


def _draw_units(panel: Panel, name: str, report: Report) -> str:
    """The bars of one way's units; returns what they show, in words."""
    units = [report.unit(report.last.name, (unit,))[0] for unit in range(report.last.size[0])]
    panel.shape(f"map {name}", boxes([Box(0, 0, _LENGTH, len(units))]), Fill(INK, 0.07))
    bars = [(row + 0.5, unit.visible) for row, unit in enumerate(units) if unit.visible is not None]
    draw_bars(panel, f"read {name}", bars, _READ)
    centres = [(float(unit.center), row + 0.5) for row, unit in enumerate(units) if unit.center is not None]
    panel.shape(f"centres {name}", dots(centres), None, _CENTRE)
    learned = text_number(report.parameters)
    x, y = panel.at(_LENGTH / 2, len(units) + 0.5)
    panel.canvas.words(x, y + 6, learned, anchor="middle", strong=True)
    middle = len(units) // 2
    return f"{name.capitalize()}: unit {middle} reads {ends(units[middle].visible, ' to ')}; {learned} learned."
