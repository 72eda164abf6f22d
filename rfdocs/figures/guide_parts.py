"""Units one below the other, in parts side by side: the frame of figures that compare what units read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rfdocs.algebra.interval import Interval
from rfdocs.figures.canvas import Box, Canvas, Panel, Stroke, segments
from rfdocs.figures.drawing import WIDTH
from rfdocs.figures.legend import draw_legend, legend_height
from rfdocs.figures.text_widths import width as text_width

_TOP, _LEGEND = 34, 16


@dataclass(frozen=True, slots=True)
class UnitRows:
    """So many units, each in a row of this height, over a map of a length; and the space between parts.

    ``word`` is what a row is of, ``more`` names rows below them.
    """

    units: int
    length: int
    height: int
    gap: int
    word: str = "unit"
    more: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """What stands beside each row."""
        return [*[f"{self.word} {unit}" for unit in range(self.units)], *self.more]


def draw_parts(
    rows: UnitRows, titles: Sequence[str], keys: Iterable[tuple[str, Stroke]], draw: Callable[[Panel, int], str]
) -> tuple[Canvas, str]:
    """The canvas, and what was told of all parts; ``draw`` draws one into its panel, by its place, and tells of it."""
    keys = tuple(keys)
    names = rows.names
    beside, bottom = max(map(text_width, names)) + 6, _TOP + rows.height * len(names)
    canvas = Canvas(bottom + _LEGEND + legend_height(keys))
    width = (WIDTH - beside - rows.gap * (len(titles) - 1)) / len(titles)
    for row, name in enumerate(names):
        canvas.words(0, _TOP + rows.height * (row + 0.5) + 6, name)
    told = []
    for place, title in enumerate(titles):
        left = beside + place * (width + rows.gap)
        panel = Panel(canvas, Box(left, _TOP, left + width, bottom), Box(0, 0, rows.length, len(names)))
        canvas.words(left + width / 2, 20, title, anchor="middle", strong=True)
        told.append(draw(panel, place))
    draw_legend(canvas, bottom + _LEGEND, keys)
    return canvas, " ".join(told)


def draw_bars(panel: Panel, label: str, bars: Iterable[tuple[float, Interval]], stroke: Stroke) -> None:
    """Bars over intervals of the map, each at its height in rows, as one shape."""
    lines = [((field.first, row), (field.last + 1, row)) for row, field in bars]
    panel.shape(label, segments(lines), None, stroke)
