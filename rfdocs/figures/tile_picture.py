"""One tile of a large image: what is kept of it, what is thrown away around that, and the tiles beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.legend import Key, draw_legend, legend_height
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.figures.text_widths import width
from rfdocs.formats.numbers import per_axis
from rfdocs.graph import InputError

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report
    from rfdocs.graph.tiling import AxisTiling, Tiling

#: The side of the picture, and its top. Unit: pixels.
_SIDE, _TOP = 420.0, 12.0
#: How far the picture reaches beyond the tile, of its length.
_BEYOND = Fraction(3, 8)
#: The height of the bar that stands for one axis. Unit: pixels.
_BAR = 72.0
#: The room for the lengths below it. Unit: pixels.
_LENGTHS = 92.0
_KEPT, _EDGE, _BESIDE = Fill(BLUE, 0.35), Stroke(INK, 2), Stroke(INK, 1, 0.7, (5, 4))
_THROWN_AWAY, _KEPT_BESIDE = Fill(RED, 0.22), Stroke(BLUE, 1.5)


class Span(NamedTuple):
    """A tile on one axis: where what is kept begins and ends, its length, and how far the next is. Unit: pixels."""

    kept: tuple[float, float]
    length: float
    step: float


def draw(title: str, report: Report) -> Drawing:
    """The tile that is proposed for the last map."""
    heading = f"{title}: a tile and its neighbours"
    try:
        tiling = report.tiling()
    except InputError as refusal:
        canvas = Canvas(40)
        canvas.words(0, 24, "no tile has units of the whole", alpha=0.75)
        return canvas.drawing(
            heading, f"Tile of {title}: none on the grid reads anything that is the whole's. {refusal.message}."
        )
    spans = [_span(axis, layer_axis) for axis, layer_axis in _last_axes(tiling, report[tiling.layer])]
    return _compose(tiling, spans).drawing(heading, alternative(title, tiling))


def _last_axes(tiling: Tiling, layer: LayerReport) -> Iterator[tuple[AxisTiling, Fraction]]:
    """The axes that are shown, at most two, each with the centre of unit 0."""
    for axis, start in list(zip(tiling.axes, layer.start, strict=True))[-2:]:
        yield axis, axis.jump / 2 if start is None else start


def _span(axis: AxisTiling, start: Fraction) -> Span:
    """Where an inner tile's kept units lie: each fills a jump, and all of them the tile; where the output is smaller
    than what it reads, unit 0 fills that around its centre.
    """
    beside = max(axis.tile - axis.units * axis.jump, Fraction(0))
    first = min(max(start - axis.jump / 2, Fraction(0)), beside) + axis.discard_on_grid[0] * axis.jump
    return Span((float(first), float(first + axis.kept * axis.jump)), float(axis.tile), float(axis.step))


def alternative(title: str, tiling: Tiling) -> str:
    """What the picture shows, in words."""
    lengths = _lengths(tiling)
    before, after = lengths.before, lengths.after
    ends = f"{before} px on every side are" if before == after else f"{before} px before and {after} px after are"
    return (
        f"Tile of {title} on the grid of {lengths.grid} px, {lengths.tile} pixels long, with the tiles beside it:"
        f" {lengths.kept} px in its middle are kept, {ends} thrown away. In the end the next tile begins"
        f" {lengths.step} px further."
    )


class Lengths(NamedTuple):
    """A tile's lengths as texts, one number for all axes that agree. Unit: pixels."""

    tile: str
    kept: str
    before: str
    after: str
    step: str
    grid: str


def _lengths(tiling: Tiling) -> Lengths:
    axes = [
        (axis.tile, axis.kept * axis.jump, *[units * axis.jump for units in axis.discard_on_grid], axis.step, axis.grid)
        for axis in tiling.axes
    ]
    return Lengths(*map(per_axis, zip(*axes, strict=True)))


def _compose(tiling: Tiling, spans: Sequence[Span]) -> Canvas:
    across, down = spans[-1], spans[0] if len(spans) > 1 else None
    height = _SIDE * (down.length / across.length if down else _BAR / _SIDE)
    tall = min(height, 1.25 * _SIDE)
    keys = _keys(tiling)
    canvas = Canvas(_TOP + tall + _LENGTHS + legend_height(keys))
    beyond = float(_BEYOND)
    rows = (-beyond * down.length, (1 + beyond) * down.length) if down else (-0.2, 1.2)
    window = Box(-beyond * across.length, rows[0], (1 + beyond) * across.length, rows[1])
    wide = _SIDE * tall / height
    left = (WIDTH - wide) / 2
    panel = Panel(canvas, Box(left, _TOP, left + wide, _TOP + tall), window)
    _draw_tiles(panel, across, down)
    _draw_lengths(panel, tiling, across)
    draw_legend(canvas, _TOP + tall + _LENGTHS, keys)
    return canvas


def _draw_tiles(panel: Panel, across: Span, down: Span | None) -> None:
    whole, kept = _box(across, down, 0, 0)
    panel.shape("thrown away", boxes(_rim(whole, kept)), _THROWN_AWAY)
    beside = [(x, y) for x in (-1, 0, 1) for y in ((-1, 0, 1) if down else (0,)) if x or y]
    panel.shape(
        "kept beside", boxes([_box(across, down, x, y)[1] for x, y in beside]), None, _KEPT_BESIDE, clipped=True
    )
    panel.shape("tiles beside", boxes([_box(across, down, x, y)[0] for x, y in beside]), None, _BESIDE, clipped=True)
    panel.shape("kept", boxes([kept]), _KEPT)
    panel.shape("tile's edge", boxes([whole]), None, _EDGE)


def _rim(whole: Box, kept: Box) -> list[Box]:
    """What lies in one rectangle around another."""
    return [
        Box(whole.left, whole.top, whole.right, kept.top),
        Box(whole.left, kept.bottom, whole.right, whole.bottom),
        Box(whole.left, kept.top, kept.left, kept.bottom),
        Box(kept.right, kept.top, whole.right, kept.bottom),
    ]


def _box(across: Span, down: Span | None, column: int, row: int) -> tuple[Box, Box]:
    """A tile so many steps from the middle one, and what is kept of it."""
    x, y = column * across.step, 0.0 if down is None else row * down.step
    bottom = 1.0 if down is None else down.length
    upper, lower = (0.0, 1.0) if down is None else down.kept
    whole = Box(x, y, x + across.length, y + bottom)
    return whole, Box(x + across.kept[0], y + upper, x + across.kept[1], y + lower)


def _keys(tiling: Tiling) -> list[Key]:
    """What no name stands beside."""
    lengths = _lengths(tiling)
    before, after = lengths.before, lengths.after
    ends = f"{before} px on every side" if before == after else f"{before} px before, {after} px after"
    thrown = "read besides: the output is smaller" if before == after == "0" else f"thrown away: {ends}"
    return [(thrown, Stroke(RED, 12, 0.3)), (f"the next tile: {lengths.step} px further", _BESIDE)]


def _draw_lengths(panel: Panel, tiling: Tiling, across: Span) -> None:
    """Bars below the picture, as long as the tile and as what is kept of it, and their lengths."""
    lengths = _lengths(tiling)
    bars = (((0.0, across.length), f"tile: {lengths.tile} px", INK), (across.kept, f"kept: {lengths.kept} px", BLUE))
    for turn, (ends, text, color) in enumerate(bars):
        left, right = [panel.at(end, 0)[0] for end in ends]
        y = panel.frame.bottom + 16 + 40 * turn
        panel.canvas.shape("length", segments([((left, y), (right, y))]), None, Stroke(color, 4))
        beside = width(text) / 2
        middle = min(max((left + right) / 2, beside), WIDTH - beside)
        panel.canvas.words(middle, y + 24, text, anchor="middle", strong=True)
