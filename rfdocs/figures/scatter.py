"""Every network of a catalogue as a point: one of their values against another, coloured by groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Box, Canvas, Panel, Place, Stroke, dots, segments
from rfdocs.figures.drawing import WIDTH
from rfdocs.figures.legend import ROW
from rfdocs.figures.palette import ACCENTS, INK, Color
from rfdocs.figures.scales import ticks
from rfdocs.figures.text_widths import width
from rfdocs.formats.numbers import short, text_number

if TYPE_CHECKING:
    from rfdocs.figures.drawing import Drawing

#: From this ratio of the largest value to the smallest on, an axis is logarithmic.
LOGARITHMIC = 20
#: Up to this ratio a logarithmic axis has more ticks than the powers of ten.
_FEW_DECADES = 1000
_FRAME = Box(72, 44, WIDTH - 24, 404)
_LEGEND = _FRAME.bottom + 68

Groups = Mapping[str, Sequence[Place]]


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The values along an axis, from the least to the most."""

    least: float
    most: float

    @property
    def logarithmic(self) -> bool:
        """Whether a linear axis would press most of them together."""
        return self.least > 0 and self.most >= LOGARITHMIC * self.least

    @property
    def ends(self) -> tuple[float, float]:
        """Where the axis begins and ends: a little beyond, so that no point is cut."""
        return (self.least / 1.5, self.most * 1.5) if self.logarithmic else (0, 1.06 * self.most or 1)

    @property
    def ticks(self) -> list[int]:
        """The whole numbers that stand beside it.

        >>> ValueRange(3, 2000).ticks, ValueRange(8, 300).ticks, ValueRange(5, 9).ticks
        ([10, 100, 1000], [10, 20, 50, 100, 200], [0, 2, 4, 6, 8])
        """
        if not self.logarithmic:
            return ticks(self.most)
        steps = (1, 2, 5) if self.most <= _FEW_DECADES / 10 * self.least else (1,)
        decades = range(max(0, floor(log10(self.least))), floor(log10(self.most)) + 1)
        marks = [step * 10**decade for decade in decades for step in steps]
        return [mark for mark in marks if self.least <= mark <= self.most]


def draw(across: str, up: str, groups: Groups) -> Drawing:
    """Every point of the groups, named by what the axes are; the last group, without a colour, are the others."""
    places = [place for own in groups.values() for place in own]
    spans = [ValueRange(min(values), max(values)) for values in zip(*places, strict=True)]
    alternative = (
        f"Scatter plot of {text_number(len(places))} networks. Across: {across}, {_range(spans[0])}; up: {up},"
        f" {_range(spans[1])}. Coloured by task: {_counts(groups)}."
    )
    title = f"{up.partition(',')[0]} against {across.partition(',')[0]}"
    return compose(across, up, groups, spans).drawing(f"All networks: {title}", alternative)


def _range(span: ValueRange) -> str:
    scale = ", on a logarithmic axis" if span.logarithmic else ""
    return f"from {tick_text(span.least)} to {tick_text(span.most)}{scale}"


def _counts(groups: Groups) -> str:
    return ", ".join(f"{name} {text_number(len(places))}" for name, places in groups.items())


def tick_text(value: float) -> str:
    """A number beside an axis, short.

    >>> tick_text(483), tick_text(100_000_000)
    ('483', '100 M')
    """
    return short(round(value))


def compose(across: str, up: str, groups: Groups, spans: Sequence[ValueRange]) -> Canvas:
    """The chart's artists."""
    rows = list(_legend_rows(list(groups)))
    canvas = Canvas(_LEGEND + ROW * len(rows))
    panel = _panel(canvas, spans)
    _draw_axes(panel, across, up, spans)
    colors = dict(zip(groups, (*ACCENTS[: len(groups) - 1], INK), strict=True))
    for name, places in groups.items():
        panel.shape(name, dots(places), None, Stroke(colors[name], 8, 0.6, (), True))
    for number, row in enumerate(rows):
        _draw_legend_row(canvas, _LEGEND + ROW * number, row, colors)
    return canvas


def _panel(canvas: Canvas, spans: Sequence[ValueRange]) -> Panel:
    (left, right), (bottom, top) = (span.ends for span in spans)
    logarithmic = (spans[0].logarithmic, spans[1].logarithmic)
    return Panel(canvas, _FRAME, Box(left, top, right, bottom), logarithmic)


def _draw_axes(panel: Panel, across: str, up: str, spans: Sequence[ValueRange]) -> None:
    canvas, frame, data = panel.canvas, panel.frame, panel.data
    columns, rows = (span.ticks for span in spans)
    lines = [((data.left, row), (data.right, row)) for row in rows]
    upright = [((column, data.top), (column, data.bottom)) for column in columns]
    panel.shape("grid", segments([*lines, *upright]), None, Stroke(INK, 1, 0.16))
    for row in rows:
        canvas.words(frame.left - 8, panel.at(data.left, row)[1] + 5, tick_text(row), anchor="end", alpha=0.75)
    free = 0.0
    for column in columns:
        x, half = panel.at(column, data.bottom)[0], width(tick_text(column)) / 2
        if x - half >= free:
            canvas.words(x, frame.bottom + 22, tick_text(column), anchor="middle", alpha=0.75)
            free = x + half + 8
    canvas.words(0, 20, up, strong=True)
    canvas.words(frame.right, frame.bottom + 46, across, anchor="end", strong=True)


def _legend_rows(names: Sequence[str]) -> list[list[tuple[float, str]]]:
    """The groups' names, each with where its mark stands, in rows as wide as the page even on a phone."""
    rows: list[list[tuple[float, str]]] = [[]]
    x = 8.0
    for name in names:
        if x + 14 + width(name) > WIDTH and rows[-1]:
            rows.append([])
            x = 8.0
        rows[-1].append((x, name))
        x += 34 + width(name)
    return rows


def _draw_legend_row(canvas: Canvas, y: float, row: Sequence[tuple[float, str]], colors: Mapping[str, Color]) -> None:
    for x, name in row:
        canvas.shape("key", dots([(x, y - 5)]), None, Stroke(colors[name], 10, 0.9, (), True))
        canvas.words(x + 14, y, name)
