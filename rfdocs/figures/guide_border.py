"""What units at the border see: theoretical against visible fields, and what padding holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rfdocs.catalogue import load
from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, dots, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.legend import draw_legend, legend_height
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends, minus, text_number

if TYPE_CHECKING:
    from rfdocs.graph import UnitField

_NAME, _LAYER = "vgg16", "pool5"
_ROW, _TOP = 36, 40
_LEFT, _RIGHT = 72, WIDTH - 104
_FIELD, _SEEN, _CENTER = Stroke(BLUE, 1.8, 1, (5, 4)), Stroke(BLUE, 9, 0.75), Stroke(RED, 9, 1, (), True)
_KEYS = (
    ("the theoretical field", _FIELD),
    ("what is seen of it", _SEEN),
    ("the unit, at the centre of its field", _CENTER),
)


def draw_border() -> Drawing:
    """All units of VGG-16's last map on one axis: their theoretical and their visible fields."""
    entry = load(_NAME)
    report = entry.analyze()
    length = report.input_size[0]
    units = [report.unit(_LAYER, (unit, 0))[0] for unit in range(report[_LAYER].size[0])]
    fields = [unit.field for unit in units if unit.field is not None]
    first, last = min([field.first for field in fields]), max([field.last for field in fields])
    canvas = Canvas(_TOP + _ROW * len(units) + 16 + legend_height(_KEYS))
    frame = Box(_LEFT, _TOP, _RIGHT, _TOP + _ROW * len(units))
    panel = Panel(canvas, frame, Box(first, 0, last + 1, len(units)))
    panel.shape("image", boxes([Box(0, 0, length, len(units))]), Fill(INK, 0.07))
    middle, _ = panel.at(length / 2, 0)
    canvas.words(middle, 24, f"the image: {length} px", anchor="middle", strong=True)
    canvas.words(WIDTH, 24, "sees", anchor="end", strong=True)
    for place, unit in enumerate(units):
        _draw_unit(panel, place, unit)
    draw_legend(canvas, frame.bottom + 16, _KEYS)
    told = "; ".join([_unit_text(place, unit) for place, unit in enumerate(units)])
    alternative = (
        f"The {len(units)} units of the last map of {entry.title}, one below the other, over an image of {length}"
        f" pixels: each field as a dashed line, what is seen of it as a bar that ends with the image. {told}."
    )
    return canvas.drawing(f"{entry.title}: what each unit of the last map sees on one axis", alternative)


def _draw_unit(panel: Panel, place: int, unit: UnitField) -> None:
    """A unit's row: its name, its field, what it sees of that, and how much that is."""
    assert unit.field is not None
    assert unit.visible is not None
    y = place + 0.5
    field = segments([((unit.field.first, y), (unit.field.last + 1, y))])
    panel.shape(f"field {place}", field, None, _FIELD)
    seen = segments([((unit.visible.first, y), (unit.visible.last + 1, y))])
    panel.shape(f"seen {place}", seen, None, _SEEN)
    panel.shape(f"centre {place}", dots([(float(unit.field.center), y)]), None, _CENTER)
    _, down = panel.at(0, y)
    panel.canvas.words(0, down + 6, f"unit {place}")
    panel.canvas.words(WIDTH, down + 6, f"{text_number(unit.visible_size)} px", anchor="end")


def _unit_text(place: int, unit: UnitField) -> str:
    field, seen = (minus(ends(part, " to ")) for part in (unit.field, unit.visible))
    return f"unit {place} looks at {field} and sees {seen}"


_CELL, _STRIP, _INDENT = 40, 92, 4
_LENGTH, _REACH = 6, 2
#: What padding holds, by the format's word for it.
_MODES = {
    "zeros": "zeros",
    "reflect": "the mirrored map",
    "replicate": "its edge repeated",
    "circular": "its other end",
}


def draw_edges() -> Drawing:
    """What a 5-wide window reads at the border under each rule for what padding holds."""
    canvas = Canvas(_STRIP * len(_MODES))
    told = [_draw_strip(canvas, _STRIP * place, mode) for place, mode in enumerate(_MODES)]
    alternative = (
        f"Four strips of {_LENGTH} units with {_REACH} padded ones at each end; in each padded cell stands which unit"
        f" it holds. Below lies the window of unit 0. {' '.join(told)}"
    )
    return canvas.drawing("What padding holds, and what the first unit sees", alternative)


def _draw_strip(canvas: Canvas, top: float, mode: str) -> str:
    """A strip with what its cells hold, the window of unit 0, and what it sees; returns that in words."""
    extent = 2 * _REACH + 1
    edges = "" if mode == "zeros" else f", padding_mode: {mode}"
    report = small_report(_LENGTH, f"conv: window, kernel: {extent}, padding: {_REACH}{edges}, channels: 1")
    held = _held_units(mode)
    canvas.words(_INDENT, top + 22, f"padded with {_MODES[mode]}", strong=True)
    right = _INDENT + _CELL * (_LENGTH + 2 * _REACH)
    panel = Panel(canvas, Box(_INDENT, top + 32, right, top + 64), Box(-_REACH, 0, _LENGTH + _REACH, 1))
    inside = [Box(unit, 0, unit + 1, 1) for unit in range(_LENGTH)]
    panel.shape("units", boxes(inside), Fill(INK, 0.05), Stroke(INK, 1, 0.5))
    outside = [Box(place, 0, place + 1, 1) for place in held if not 0 <= place < _LENGTH]
    panel.shape("padding", boxes(outside), None, Stroke(INK, 1, 0.6, (3, 3)))
    for place, text in held.items():
        x, y = panel.at(place + 0.5, 0.5)
        canvas.words(x, y + 6, text, anchor="middle", alpha=0.85)
    panel.shape("window", segments([((-_REACH + 0.08, 1.3), (_REACH + 0.92, 1.3))]), None, Stroke(BLUE, 4))
    count = report.unit("window", (0,))[0].visible_size
    (ranges,) = report.visible_ranges("window", (0,))
    seen = ", ".join([str(pixel) for run in ranges or () for pixel in range(run.first, run.last + 1)])
    canvas.words(WIDTH, top + 44, "unit 0 sees", anchor="end")
    canvas.words(WIDTH, top + 44, seen, anchor="end", line=1, color=BLUE, strong=True)
    return f"Padded with {_MODES[mode]}, unit 0 sees {count} of them: {seen}."


def _held_units(mode: str) -> dict[int, str]:
    """What stands at each place from before the map to behind it: a unit's index, or a zero's dot.

    Rule: a 1-wide window that is padded so reads there what a padded map holds.
    """
    margins = f"pad: margin, padding: [[{_REACH}, {_REACH}]]{'' if mode == 'zeros' else f', mode: {mode}'}"
    (reads,) = small_report(_LENGTH, margins)["margin"].axes[0].reads
    places: Sequence[int] = range(-_REACH, _LENGTH + _REACH)
    taps = [reads.real_taps(unit, _LENGTH) for unit in range(len(places))]
    return {place: str(tap[0]) if tap else "·" for place, tap in zip(places, taps, strict=True)}
