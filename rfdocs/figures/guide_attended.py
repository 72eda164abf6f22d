"""What layers read that go by places: attention, maps moved round their ends, compared, side by side, slid over others;
unit by unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rfdocs.algebra.interval import Interval
from rfdocs.figures.canvas import Box, Fill, Panel, Stroke, boxes, segments
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_parts import UnitRows, draw_bars, draw_parts
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends
from rfdocs.graph import Report

_LENGTH, _TOLD = 12, 5
#: What stands over each part, and the layers.
_ATTENDED: Mapping[str, Sequence[str]] = {
    "windows": ["window_attention: a, window: 4"],
    "moved by 2": ["window_attention: a, window: 4, shift: 2"],
    "neighbours": ["neighbourhood_attention: a, kernel: 5"],
    "a grid": ["grid_attention: a, grid: 4"],
}
_ROLL, _BEHIND = "roll: a, shift: 6", "conv: b, kernel: 3, padding: 1, channels: 1"
_ROLLED: Mapping[str, Sequence[str]] = {
    "rolled": [_ROLL],
    "then a window": [_ROLL, _BEHIND],
    "rolled back": [_ROLL, _BEHIND, "roll: c, shift: -6"],
}
_COMPARED: Mapping[str, Sequence[str]] = {
    "all near it": ["relu: a", "relu: b, from: input", "correlation: c, from: [a, b], displacement: 2"],
    "farther, and two apart": [
        "relu: a",
        "relu: b, from: input",
        "correlation: c, from: [a, b], displacement: 4, spacing: 2",
    ],
}
_WINDOW = "kernel: 3, padding: 1, channels: 1"
_HALVES = (
    "crop: l, padding: [[0, 6]]",
    f"conv: a, {_WINDOW}",
    "crop: r, padding: [[6, 0]], from: input",
    f"conv: b, {_WINDOW}",
)
_JOINED: Mapping[str, Sequence[str]] = {
    "halves in order": [*_HALVES, "concat: c, from: [a, b], axis: length"],
    "halves swapped": [*_HALVES, "concat: c, from: [b, a], axis: length"],
    "and a window": [*_HALVES, "concat: c, from: [b, a], axis: length", f"conv: d, {_WINDOW}"],
}
#: The length of each input, and the layers where that one is followed and the other is given.
_SLID: Mapping[str, tuple[int, Sequence[str]]] = {
    "the search image": (
        12,
        [
            "given: template, channels: 1, size: 4",
            "relu: search, from: input",
            "cross_correlation: scores, from: [search, template]",
        ],
    ),
    "the template": (
        4,
        [
            "given: search, channels: 1, size: 12",
            "relu: template, from: input",
            "cross_correlation: scores, from: [search, template]",
        ],
    ),
}
_OWN, _READ = Stroke(RED, 8), Stroke(BLUE, 8, 0.45)


def draw_attended() -> Drawing:
    """What each unit of a map attends to in windows, in moved ones, around itself, and in a grid."""
    return _drawn("What attention by places looks at", "attends to", _ATTENDED)


def draw_rolled() -> Drawing:
    """What each unit of a map sees that is moved round its ends, behind a window, and where it is moved back."""
    return _drawn("What units see of a map that is moved round its ends", "sees", _ROLLED)


def draw_compared() -> Drawing:
    """What each unit of a map is compared with on another: all units near its place, or some of those farther away."""
    return _drawn("What units are compared with on another map", "is compared with", _COMPARED)


def draw_joined() -> Drawing:
    """What each unit sees of halves of a map, each behind a window, that stand side by side, and behind one more."""
    return _drawn("What units see where maps stand side by side", "sees", _JOINED)


def draw_slid() -> Drawing:
    """What each score sees of a search image and of the template that slides over it."""
    parts = tuple([(name, small_report(length, *layers)) for name, (length, layers) in _SLID.items()])
    units = parts[0][1].last.size[0]

    def draw(panel: Panel, place: int) -> str:
        name, report = parts[place]
        panel.shape(f"map {name}", boxes([Box(0, 0, report.input_size[0], units)]), Fill(INK, 0.07))
        first, *_ = ranges = _drawn_ranges(panel, name, report)
        return f"Score 0 sees {ends(first[0], ' to ')} of {name}, the last {ends(ranges[-1][0], ' to ')}."

    keys = ((f"what the score sees of the input's {_LENGTH} or 4 pixels", _READ),)
    canvas, told = draw_parts(UnitRows(units, _LENGTH, 22, 18), [name for name, _ in parts], keys, draw)
    alternative = f"{units} scores, one below the other, over both inputs: what each sees. {told}"
    return canvas.drawing("What scores see of two inputs", alternative)


def _drawn(title: str, verb: str, layers: Mapping[str, Sequence[str]]) -> Drawing:
    parts = tuple(layers.items())

    def draw(panel: Panel, place: int) -> str:
        name, own = parts[place]
        return _drawn_units(panel, name, small_report(_LENGTH, *own))

    keys = (("the unit's own place", _OWN), (f"what it {verb}", _READ))
    canvas, told = draw_parts(UnitRows(_LENGTH, _LENGTH, 22, 18), [name for name, _ in parts], keys, draw)
    alternative = f"The {_LENGTH} units of a map, one below the other, over that map: what each {verb}. {told}"
    return canvas.drawing(title, alternative)


def _drawn_units(panel: Panel, title: str, report: Report) -> str:
    """The bars of the last layer's units; returns what one of them reads, in words."""
    panel.shape(f"map {title}", boxes([Box(0, 0, _LENGTH, _LENGTH)]), Fill(INK, 0.07))
    ranges = _drawn_ranges(panel, title, report)
    own = [((unit, unit + 0.5), (unit + 1, unit + 0.5)) for unit in range(_LENGTH)]
    panel.shape(f"own {title}", segments(own), None, _OWN)
    words = ", ".join([ends(part, " to ") if part.size > 1 else str(part.first) for part in ranges[_TOLD]])
    return f"{title.capitalize()}: unit {_TOLD} reads {words}."


def _drawn_ranges(panel: Panel, title: str, report: Report) -> list[list[Interval]]:
    """What each unit of the last layer sees, drawn."""
    last = report.last
    ranges = [list(report.visible_ranges(last.name, (unit,))[0] or []) for unit in range(last.size[0])]
    draw_bars(panel, f"read {title}", [(row + 0.5, part) for row, own in enumerate(ranges) for part in own], _READ)
    return ranges
