"""Where parameters and multiply-accumulates lie: by stage, or by the size of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Place, boxes
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.palette import BLUE, RED, Color
from rfdocs.figures.text_widths import width
from rfdocs.formats.numbers import by_axis, text_number

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

_FEW, _MANY = 3, 16
_ROW = 32
_HEAD = 62
#: The least and the most room for names. Unit: pixels.
_LEAST, _MOST = 110, 236
#: The room for a share behind its bar. Unit: pixels.
_SHARE = 72
_SEPARATOR = " – "


@dataclass(frozen=True, slots=True)
class Part:
    """Layers that are counted together."""

    name: str
    parameters: int
    macs: int

    @property
    def label(self) -> str:
        """The name; of a run of layers, the first and an ellipsis."""
        first, *rest = self.name.split(_SEPARATOR)
        return f"{first} …" if rest else first


def draw(title: str, report: Report) -> Drawing:
    """Two bars for each part of the network: its share of the parameters and of the multiply-accumulates."""
    parts = shown_parts(report)
    heading = f"{title}: where parameters and multiply-accumulates lie"
    return compose(report, parts).drawing(heading, alternative(title, report, parts))


def shown_parts(report: Report) -> list[Part]:
    """The outermost scopes if they are neither few nor many, otherwise the layers of each size of map."""
    counted = [layer for layer in report if layer.parameters or layer.macs]
    by_scope = _parts_by_name(counted, [layer.name.split(".")[0] for layer in counted])
    if _FEW <= len(by_scope) <= _MANY:
        return by_scope
    by_size = _parts_by_name(counted, [by_axis(layer.size) for layer in counted])
    return by_size if len(by_size) <= _MANY else _runs_of_layers(counted)


def _parts_by_name(layers: Sequence[LayerReport], names: Sequence[str]) -> list[Part]:
    groups: dict[str, list[LayerReport]] = {}
    for layer, name in zip(layers, names, strict=True):
        groups.setdefault(name, []).append(layer)
    return [_part(name, members) for name, members in groups.items()]


def _runs_of_layers(layers: Sequence[LayerReport]) -> list[Part]:
    """As many layers to a part as keep the parts few."""
    count = -(-len(layers) // _MANY)
    groups = [[layer for _, layer in group] for _, group in groupby(enumerate(layers), lambda pair: pair[0] // count)]
    return [_part(_SEPARATOR.join(dict.fromkeys((group[0].name, group[-1].name))), group) for group in groups]


def _part(name: str, layers: Sequence[LayerReport]) -> Part:
    return Part(name, sum(layer.parameters for layer in layers), sum(layer.macs for layer in layers))


def alternative(title: str, report: Report, parts: Sequence[Part]) -> str:
    """What the chart shows, in words."""
    head = (
        f"Bar chart of the parameters and multiply-accumulates of {title}, {len(parts)} parts; in all"
        f" {text_number(report.parameters)} parameters and {text_number(report.macs)} multiply-accumulates."
    )
    if not parts:
        return head
    most, dearest = max(parts, key=lambda part: part.parameters), max(parts, key=lambda part: part.macs)
    return (
        f"{head} Shares of the parameters range up to {_share(most.parameters, report.parameters)} ({most.name}),"
        f" of the multiply-accumulates up to {_share(dearest.macs, report.macs)} ({dearest.name}). The last part,"
        f" {parts[-1].name}, has {_share(parts[-1].parameters, report.parameters)} and"
        f" {_share(parts[-1].macs, report.macs)}."
    )


def compose(report: Report, parts: Sequence[Part]) -> Canvas:
    """The chart's artists."""
    canvas = Canvas(_HEAD + _ROW * max(1, len(parts)) + 8)
    names = min(_MOST, max([_LEAST, *[width(part.label) + 14 for part in parts]]))
    column = (WIDTH - names) / 2
    if parts and "×" in parts[0].name:
        canvas.words(names - 12, 20, "map", anchor="end", alpha=0.75)
    for row, part in enumerate(parts):
        canvas.name(names - 12, _HEAD + _ROW * (row + 0.5) + 5, part.label, names - 14, anchor="end")
    counts = [part.parameters for part in parts]
    _draw_bars(canvas, (names, names + column), "parameters", counts, report.parameters, BLUE)
    counts = [part.macs for part in parts]
    _draw_bars(canvas, (names + column, WIDTH), "multiply-accumulates", counts, report.macs, RED)
    return canvas


def _draw_bars(canvas: Canvas, ends: Place, heading: str, counts: Sequence[int], total: int, color: Color) -> None:
    """One bar a part, all on one scale, each with its share."""
    bottom = _HEAD + _ROW * max(1, len(counts))
    left, right = ends
    frame = Box(left, _HEAD, right - _SHARE, bottom)
    panel = Panel(canvas, frame, Box(0, 0, max([1, *counts]), len(counts) or 1))
    bars = [Box(0, row + 0.16, count, row + 0.84) for row, count in enumerate(counts)]
    if bars:
        panel.shape(heading, boxes(bars), Fill(color, 0.85))
    for row, count in enumerate(counts):
        x, y = panel.at(count, row + 0.5)
        canvas.words(x + 7, y + 5, _share(count, total), alpha=0.85)
    canvas.words(left, 20, heading, strong=True)
    canvas.words(left, 48, text_number(total), alpha=0.85)


def _share(count: int, total: int) -> str:
    """The share in per cent, whole numbers.

    >>> _share(1, 3), _share(1, 1000), _share(999, 1000), _share(5, 5), _share(0, 0)
    ('33 %', '< 1 %', '> 99 %', '100 %', '0 %')
    """
    if not count:
        return "0 %"
    if 199 * total < 200 * count < 200 * total:
        return "> 99 %"
    return "< 1 %" if 200 * count < total else f"{round(100 * count / total)} %"
