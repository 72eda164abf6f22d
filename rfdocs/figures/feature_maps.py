"""The guide's fixed-size picture: every feature of a layer at the centre of its field, on the input's own grid.

Source: Dang Ha The Hien 2017, "A guide to receptive field arithmetic for convolutional neural networks", figure 1.
A row of features is one dashed line: dashes of no length with round caps are dots. Ten thousand features take 3 kB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, dots, grid, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.feature_rows import NEAR, AxisFeatures, draw_features, layer_features
from rfdocs.figures.field_marks import FieldSpan, draw_field, draw_seen, field_span
from rfdocs.figures.legend import draw_legend, legend_height
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.figures.stages import evenly_chosen, stage_ends
from rfdocs.figures.text_widths import shortened, width
from rfdocs.formats.columns import field_text
from rfdocs.formats.numbers import by_axis, minus, per_axis

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: The image's longest side when layers are chosen, whatever the layout will be. Unit: pixels of the page.
_NOMINAL = {1: 560, 2: 150, 3: 150}
#: Grid lines stand at least this far apart. Unit: pixels of the page.
_GRID = 9
_MOST, _FEWEST = 6, 2
_GAP = 20
_LINE = 26
_STRIP = 40
#: The most that a strip shows on each side of the image. Unit: the image's length.
_AROUND = 0.6


@dataclass(frozen=True, slots=True)
class FeatureMap:
    """What one panel shows: a layer, its name and the lines below it."""

    layer: LayerReport
    axes: tuple[AxisFeatures, ...]
    caption: tuple[str, ...]


def draw(title: str, report: Report) -> Drawing:
    """The features of the layers at which the resolution changes, on the input's grid."""
    shown = shown_maps(report)
    heading = f"{title}: units at the centres of their fields"
    return compose(report, shown).drawing(heading, alternative(title, report, shown))


def shown_maps(report: Report) -> list[FeatureMap]:
    """The layers to show: stage ends whose features don't run into each other, and always the last map."""
    nearest = _nearest_distances(report.input_size)
    ends = stage_ends(report, 64)
    wide = [layer for layer in ends[:-1] if _has_room(layer, report, nearest)]
    chosen = [*wide, ends[-1]][-_MOST:]
    if len(chosen) < _FEWEST:
        chosen = evenly_chosen(ends, _MOST)
    return [_feature_map(report, layer, nearest) for layer in chosen]


def _nearest_distances(image: Sequence[int]) -> list[float]:
    """How near to each other features may be drawn, per axis. Unit: input pixels."""
    room = _NOMINAL[len(image)]
    plane = [NEAR * max(image[-2:]) / room] * min(2, len(image))
    return [NEAR * length / room for length in image[:-2]] + plane


def _has_room(layer: LayerReport, report: Report, nearest: Sequence[float]) -> bool:
    sides = zip(layer.size, nearest, report.input_size, strict=True)
    return all(size * distance <= length for size, distance, length in sides)


def _feature_map(report: Report, layer: LayerReport, nearest: Sequence[float]) -> FeatureMap:
    axes = layer_features(report, layer, nearest)
    thinned = max(axis.stride for axis in axes)
    notes = [f"every {ordinal(thinned)} drawn"] if thinned > 1 else []
    if any(axis.shared for axis in axes):
        notes.append("shared centres")
    if any(axis.idle for axis in axes):
        notes.append("some read nothing")
    return FeatureMap(layer, axes, (report.network.shown_name(layer.name), *_value_texts(layer), *notes))


def ordinal(number: int) -> str:
    """The number's ordinal.

    >>> [ordinal(number) for number in (2, 3, 4, 11, 21)]
    ['2nd', '3rd', '4th', '11th', '21st']
    """
    teen = number // 10 % 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _value_texts(layer: LayerReport) -> tuple[str, ...]:
    texts = (
        f"n {per_axis(layer.size)}",
        f"j {per_axis(layer.jump)}",
        f"r {field_text(layer)}",
        f"start {per_axis(layer.start)}",
    )
    return tuple(map(minus, texts))


def alternative(title: str, report: Report, shown: Sequence[FeatureMap]) -> str:
    """What the picture shows, in words."""
    head = (
        f"Feature maps of {title} on the grid of the image, {by_axis(report.input_size)} pixels:"
        f" {len(shown)} layers, each unit a dot at the centre of its receptive field."
    )
    parts = [f"{name}: {', '.join(values)}." for name, *values in [features.caption for features in shown]]
    last = shown[-1].layer
    end = f"In the end {by_axis(last.size)} units with a field of {field_text(last)} pixels."
    return " ".join([head, *parts, end])


def compose(report: Report, shown: Sequence[FeatureMap]) -> Canvas:
    """The picture's artists."""
    return _canvas_of_strips(shown) if report.network.axes == 1 else _canvas_of_panels(report, shown)


@dataclass(frozen=True, slots=True)
class Layout:
    """Panels in lines: each ``side`` wide, the image at one ``scale`` in all, ``margin`` input pixels around it."""

    columns: int
    side: float
    margin: float
    scale: float

    def panel(self, canvas: Canvas, column: int, top: float, line: Sequence[FeatureMap]) -> Panel:
        """A panel of a line, as high as the fields of the line need."""
        down, across = [axis.length for axis in line[0].axes[-2:]]
        above = self._above(line)
        middle = column * (self.side + _GAP) + self.side / 2
        half = self.scale * (across / 2 + self.margin)
        frame = Box(middle - half, top, middle + half, top + self.scale * (down + 2 * above))
        return Panel(canvas, frame, Box(-self.margin, -above, across + self.margin, down + above))

    def _above(self, line: Sequence[FeatureMap]) -> float:
        """The margin above and below the image. Unit: input pixels."""
        down = line[0].axes[-2].length
        return min(self.margin, max(features.axes[-2].overrun for features in line) + 0.02 * down)

    def height(self, line: Sequence[FeatureMap]) -> float:
        """The height of a line's panels. Unit: pixels of the page."""
        return self.scale * (line[0].axes[-2].length + 2 * self._above(line))


def _layout(shown: Sequence[FeatureMap]) -> Layout:
    down, across = [axis.length for axis in shown[0].axes[-2:]]
    columns = 1 if across > 2 * down else 2 if len(shown) in (1, 2, 4) or len(shown[0].axes) == 3 else 3
    side = (WIDTH - (columns - 1) * _GAP) / columns
    longest = max(down, across)
    margin = max(axis.overrun for features in shown for axis in features.axes[-2:]) + 0.02 * longest
    if margin > (0.4 if columns == 3 else 0.6) * longest:
        margin = 0.2 * longest
    scale = min(side / (across + 2 * margin), 1.5 * side / (down + 2 * margin))
    return Layout(columns, side, margin, scale)


def _canvas_of_panels(report: Report, shown: Sequence[FeatureMap]) -> Canvas:
    """Panels in two or three columns."""
    layout = _layout(shown)
    shown = [_with_note(features, layout.margin) for features in shown]
    lines = [shown[first : first + layout.columns] for first in range(0, len(shown), layout.columns)]
    strip = _STRIP + 10 if report.network.axes == 3 else 0
    captions = [max(len(_wrapped(features.caption, layout.side)) for features in line) for line in lines]
    belows = [strip + _LINE * count + 22 for count in captions]
    canvas = Canvas(sum(map(layout.height, lines)) + sum(belows) + legend_height(_KEYS))
    top = 0.0
    for line, below in zip(lines, belows, strict=True):
        for column, features in enumerate(line):
            panel = layout.panel(canvas, column, top, line)
            _draw_map(panel, features)
            bottom, middle = panel.frame.bottom, (panel.frame.left + panel.frame.right) / 2
            if strip:
                frame = Box(panel.frame.left, bottom + 10, panel.frame.right, bottom + strip)
                _draw_strip(Panel(canvas, frame, _strip_window(shown)), features.axes[0])
            _draw_caption(canvas, middle, bottom + strip + 22, _wrapped(features.caption, layout.side), "middle")
        top += layout.height(line) + below
    draw_legend(canvas, top, _KEYS)
    return canvas


def _with_note(features: FeatureMap, margin: float) -> FeatureMap:
    """The panel, with a note where its field reaches beyond a frame.

    ``margin`` is what the last two axes show around the image, in input pixels; an axis before them is a strip.
    """
    beyond = any(_reaches_beyond(axis, margin) for axis in features.axes[-2:])
    beyond = beyond or any(_reaches_beyond(axis, _AROUND * axis.length) for axis in features.axes[:-2])
    return replace(features, caption=(*features.caption, "field cut off")) if beyond else features


def _reaches_beyond(axis: AxisFeatures, margin: float) -> bool:
    field = axis.field
    return field is not None and (-field.first > margin or field.last + 1 - axis.length > margin)


def _strip_window(shown: Sequence[FeatureMap]) -> Box:
    """The strips' window on the first axis: the image's length and what all fields need around it, within reason."""
    axes = [features.axes[0] for features in shown]
    length = axes[0].length
    limit, least = _AROUND * length, 0.02 * length
    before, after = max(axis.before for axis in axes), max(axis.after for axis in axes)
    return Box(-min(limit, before) - least, 0, length + min(limit, after) + least, 1)


def _draw_map(panel: Panel, features: FeatureMap) -> None:
    """A layer's map on the image's grid."""
    down, across = features.axes[-2:]
    image = boxes([Box(0, 0, across.length, down.length)])
    panel.shape("image", image, Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    panel.shape("grid", grid(across.length, down.length, _grid_step(panel)), None, Stroke(INK, 0.7, 0.16))
    if across.visible is not None and down.visible is not None:
        seen = Box(across.visible.first, down.visible.first, across.visible.last + 1, down.visible.last + 1)
        draw_seen(panel, [seen])
    draw_features(panel, down.centers, across, f"features {features.layer.name}")
    if across.field is not None and down.field is not None:
        draw_field(panel, field_span(across.field, across.length), field_span(down.field, down.length))
        assert across.place is not None
        assert down.place is not None
        panel.shape("central feature", dots([(across.place, down.place)]), None, Stroke(RED, 8, 1, (), True))


def _grid_step(panel: Panel) -> int:
    """Lines stand between pixels, or between blocks of 2, 4, 8, ... pixels where they would stand too near."""
    step = 1
    while step * panel.scale < _GRID:
        step *= 2
    return step


def _draw_strip(panel: Panel, axis: AxisFeatures) -> None:
    """One axis of a layer's map as a bar."""
    panel.shape("image", boxes([Box(0, 0.2, axis.length, 0.8)]), Fill(INK, 0.05), Stroke(INK, 1.2, 0.8))
    step = _grid_step(panel)
    lines = segments([((x, 0.2), (x, 0.8)) for x in range(step, axis.length, step)])
    panel.shape("grid", lines, None, Stroke(INK, 0.7, 0.16))
    if axis.visible is not None:
        draw_seen(panel, [Box(axis.visible.first, 0.2, axis.visible.last + 1, 0.8)])
    draw_features(panel, [0.5], axis, "features")
    if axis.field is not None:
        draw_field(panel, field_span(axis.field, axis.length), FieldSpan(0.05, 0.95, (0, 1)))
        assert axis.place is not None
        panel.shape("central feature", dots([(axis.place, 0.5)]), None, Stroke(RED, 8, 1, (), True))


def _canvas_of_strips(shown: Sequence[FeatureMap]) -> Canvas:
    """One bar a layer, below each other."""
    shown = [_with_note(features, _AROUND * features.axes[0].length) for features in shown]
    captions = [_wrapped(features.caption, WIDTH) for features in shown]
    canvas = Canvas(sum(_STRIP + 20 + _LINE * len(caption) for caption in captions) + legend_height(_KEYS))
    top = 0.0
    for features, caption in zip(shown, captions, strict=True):
        _draw_caption(canvas, 0, top + 20, caption)
        top += _LINE * len(caption) + 4
        frame = Box(0, top, WIDTH, top + _STRIP)
        _draw_strip(Panel(canvas, frame, _strip_window(shown)), features.axes[0])
        top += _STRIP + 16
    draw_legend(canvas, top, _KEYS)
    return canvas


def _wrapped(words: Sequence[str], room: float) -> list[str]:
    """The name, and the values in as few lines as a phone's letters allow."""
    name, *values = words
    lines = [shortened(name, room)]
    for value in values:
        longer = f"{lines[-1]}, {value}"
        if len(lines) > 1 and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(value)
    return lines


def _draw_caption(canvas: Canvas, x: float, y: float, lines: Sequence[str], anchor: str = "start") -> None:
    for line, text in enumerate(lines):
        canvas.words(x, y, text, anchor=anchor, strong=line == 0, line=line)


_KEYS = (
    ("unit at its field's centre", Stroke(INK, 5, 0.85, (), True)),
    ("the central one", Stroke(RED, 8, 1, (), True)),
    ("its field", Stroke(BLUE, 1.8)),
    ("outside the image", Stroke(BLUE, 1.8, 1, (5, 4))),
    ("seen", Stroke(BLUE, 16, 0.22)),
)
