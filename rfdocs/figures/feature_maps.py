"""The guide's fixed-size picture: every feature of a layer at the centre of its field, on the input's own grid.

Source: Dang Ha The Hien 2017, "A guide to receptive field arithmetic for convolutional neural networks", figure 1.
A row of features is one dashed line: dashes of no length with round caps are dots. Ten thousand features take 3 kB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, dots, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.feature_rows import NEAR, Row, draw_features, rows
from rfdocs.figures.field_marks import Span, draw_field, draw_seen, span
from rfdocs.figures.letters import shortened, width
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.figures.stages import shown_name, stage_ends
from rfdocs.report.columns import BY_KEY, cell
from rfdocs.report.numbers import AXES, by_axis, per_axis

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry
    from rfdocs.graph import LayerReport, Report

#: The image's side when layers are chosen, whatever the layout will be. Unit: pixels of the page.
_NOMINAL = 150
#: Grid lines stand at least this far apart. Unit: pixels of the page.
_GRID = 9
_MOST = 6
_GAP = 20
_LINE = 26
_STRIP = 40


@dataclass(frozen=True, slots=True)
class Map:
    """What one panel shows: a layer, its name and the lines below it."""

    layer: LayerReport
    rows: tuple[Row, ...]
    caption: tuple[str, ...]


def draw(entry: Entry, report: Report) -> Drawing:
    """The features of the layers at which the resolution changes, on the input's grid."""
    shown = maps(report)
    title = f"{entry.title}: features at the centres of their fields"
    return compose(report, shown).drawing(title, alternative(entry, report, shown))


def maps(report: Report) -> list[Map]:
    """The layers to show: stage ends whose features don't run into each other, and always the last map."""
    nearest = NEAR * max(report.input_size[-2:]) / _NOMINAL
    ends = stage_ends(report, 64)
    wide = [layer for layer in ends[:-1] if all(_fits(layer, report, nearest))]
    return [_map(report, layer, nearest) for layer in [*wide, ends[-1]][-_MOST:]]


def _fits(layer: LayerReport, report: Report, nearest: float) -> Iterator[bool]:
    return (size * nearest <= length for size, length in zip(layer.size[-2:], report.input_size[-2:], strict=True))


def _map(report: Report, layer: LayerReport, nearest: float) -> Map:
    found = rows(report, layer, nearest)
    thinned = max(row.stride for row in found)
    note = [f"1 in {thinned} is drawn"] if thinned > 1 else []
    return Map(layer, found, (shown_name(report.network, layer.name), *_figures(report, layer), *note))


def _figures(report: Report, layer: LayerReport) -> tuple[str, ...]:
    field = cell(BY_KEY["rf"], report, layer)
    return (
        f"n {per_axis(layer.size)}",
        f"j {per_axis(layer.jump)}",
        f"r {field}",
        f"start {per_axis(layer.start)}",
    )


def alternative(entry: Entry, report: Report, shown: Sequence[Map]) -> str:
    """What the picture shows, in words."""
    parts = [
        f"Feature maps of {entry.title} on the grid of the image, {by_axis(report.input_size)} pixels:"
        f" {len(shown)} layers, each feature a dot at the centre of its receptive field."
    ]
    parts += [f"{name}: {', '.join(figures)}." for name, *figures in [found.caption for found in shown]]
    final = shown[-1].layer
    parts.append(f"In the end {by_axis(final.size)} features with a field of {cell(BY_KEY['rf'], report, final)} pixels.")
    return " ".join(parts)


def compose(report: Report, shown: Sequence[Map]) -> Canvas:
    """The picture's artists."""
    layout = _strips if report.network.axes == 1 else _grid
    return layout(report, shown)


def _grid(report: Report, shown: Sequence[Map]) -> Canvas:
    """Panels in two or three columns."""
    columns = 2 if len(shown) in (1, 2, 4) else 3
    side = (WIDTH - (columns - 1) * _GAP) / columns
    window = _window(report.input_size[-2:], shown, columns)
    scale = side / max(window.right - window.left, (window.bottom - window.top) / 1.2)
    size = (scale * (window.right - window.left), scale * (window.bottom - window.top))
    strip = _STRIP if report.network.axes == 3 else 0
    captions = [_wrapped(found.caption, side) for found in shown]
    pitch = size[1] + strip + _LINE * max(map(len, captions)) + 24
    count = -(-len(shown) // columns)
    canvas = Canvas(count * pitch + _LEGEND)
    for place, found in enumerate(shown):
        row, column = divmod(place, columns)
        left, top = column * (side + _GAP), row * pitch
        left += (side - size[0]) / 2
        _square(Panel(canvas, Box(left, top, left + size[0], top + size[1]), window), found)
        if strip:
            frame = Box(left, top + size[1] + 10, left + size[0], top + size[1] + strip)
            _strip(Panel(canvas, frame, _stretch(found.rows[0], shown, 0)), found.rows[0])
        _caption(canvas, left, top + size[1] + strip + 22, captions[place])
    _legend(canvas, count * pitch)
    return canvas


def _window(image: Sequence[int], shown: Sequence[Map], columns: int) -> Box:
    """The image with the margin that all fields need, within reason."""
    overrun = max(row.overrun for found in shown for row in found.rows[-2:])
    longest = max(image)
    margin = overrun + 0.03 * longest
    if margin > (0.6 if columns == 2 else 0.4) * longest:
        margin = 0.2 * longest
    height, width_ = image
    return Box(-margin, -margin, width_ + margin, height + margin)


def _stretch(row: Row, shown: Sequence[Map], axis: int) -> Box:
    """A strip's window: the image's length with the margin that all fields need, within reason."""
    overrun = max(found.rows[axis].overrun for found in shown)
    margin = overrun + 0.02 * row.length
    if margin > 0.6 * row.length:
        margin = 0.2 * row.length
    return Box(-margin, 0, row.length + margin, 1)


def _square(panel: Panel, found: Map) -> None:
    """A layer's map on the image's grid."""
    down, across = found.rows[-2:]
    image = boxes([Box(0, 0, across.length, down.length)])
    panel.shape("image", image, Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", segments(_grid_lines(panel, across.length, down.length)), None, Stroke(INK, 0.7, 0.16))
    if across.visible is not None and down.visible is not None:
        seen = Box(across.visible.first, down.visible.first, across.visible.last + 1, down.visible.last + 1)
        draw_seen(panel, [seen])
    draw_features(panel, down.centers, across, f"features {found.layer.name}")
    if across.field is not None and down.field is not None:
        draw_field(panel, span(across.field, across.length), span(down.field, down.length))
        assert across.place is not None
        assert down.place is not None
        panel.shape("central feature", dots([(across.place, down.place)]), None, Stroke(RED, 8, 1, (), True))


def _grid_lines(panel: Panel, across: int, down: int) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Lines between pixels, or between blocks of 2, 4, 8, ... pixels where they would stand too near."""
    step = 1
    while step * panel.scale < _GRID:
        step *= 2
    yield from (((x, 0), (x, down)) for x in range(step, across, step))
    yield from (((0, y), (across, y)) for y in range(step, down, step))


def _strip(panel: Panel, row: Row) -> None:
    """One axis of a layer's map as a bar."""
    panel.shape("image", boxes([Box(0, 0.2, row.length, 0.8)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    step = 1
    while step * panel.scale < _GRID:
        step *= 2
    lines = segments([((x, 0.2), (x, 0.8)) for x in range(step, row.length, step)])
    panel.shape("grid", lines, None, Stroke(INK, 0.7, 0.16))
    if row.visible is not None:
        draw_seen(panel, [Box(row.visible.first, 0.2, row.visible.last + 1, 0.8)])
    draw_features(panel, [0.5], row, "features")
    if row.field is not None:
        draw_field(panel, span(row.field, row.length), Span(0.05, 0.95, (0, 1)))
        assert row.place is not None
        panel.shape("central feature", dots([(row.place, 0.5)]), None, Stroke(RED, 8, 1, (), True))


def _strips(report: Report, shown: Sequence[Map]) -> Canvas:
    """One bar a layer, below each other."""
    captions = [_wrapped(found.caption, WIDTH) for found in shown]
    canvas = Canvas(sum(_STRIP + 20 + _LINE * len(caption) for caption in captions) + _LEGEND)
    top = 0.0
    for found, caption in zip(shown, captions, strict=True):
        _caption(canvas, 0, top + 20, caption)
        top += _LINE * len(caption) + 4
        frame = Box(0, top, WIDTH, top + _STRIP)
        _strip(Panel(canvas, frame, _stretch(found.rows[0], shown, 0)), found.rows[0])
        top += _STRIP + 16
    _legend(canvas, top)
    return canvas


def _wrapped(words: Sequence[str], room: float) -> list[str]:
    """The name, and the figures in as few lines as a phone's letters allow."""
    name, *figures = words
    lines = [shortened(name, room)]
    for figure in figures:
        longer = f"{lines[-1]}, {figure}"
        if len(lines) > 1 and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(figure)
    return lines


def _caption(canvas: Canvas, x: float, y: float, lines: Sequence[str]) -> None:
    for line, text in enumerate(lines):
        canvas.words(x, y, text, strong=line == 0, line=line)


_KEYS = (
    ("a feature, at the centre of its field", Stroke(INK, 5, 0.85, (), True)),
    ("the central feature", Stroke(RED, 8, 1, (), True)),
    ("its field, dashed outside the image", Stroke(BLUE, 1.8)),
    ("the pixels that it sees", Stroke(BLUE, 16, 0.22)),
)
_LEGEND = _LINE * len(_KEYS) + 10


def _legend(canvas: Canvas, top: float) -> None:
    for row, (text, stroke) in enumerate(_KEYS):
        y = top + 20 + _LINE * row
        half = 0 if stroke.round else 13
        canvas.shape("key", segments([((13 - half, y - 5), (13 + half, y - 5))]), None, stroke)
        canvas.words(36, y, text)
