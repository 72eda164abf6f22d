"""The fields of the central unit nested over the image, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Place, Stroke, boxes, polyline
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.field_marks import FieldSpan, draw_field, draw_seen, field_span
from rfdocs.figures.legend import ROOM, Key, draw_legend, legend_height, unit_range_keys
from rfdocs.figures.palette import BLUE, INK
from rfdocs.figures.scales import places_apart
from rfdocs.figures.stages import field_ends, stage_ends
from rfdocs.figures.text_widths import shortened, width
from rfdocs.formats.numbers import by_axis, per_axis, percent, text_number
from rfdocs.graph import AXES

if TYPE_CHECKING:
    from rfdocs.algebra import Interval
    from rfdocs.graph import LayerReport, Report

_MOST, _FEWEST = 7, 4
#: The picture's room; labels stand at its right. Unit: pixels of the page.
_SIDE, _LABELS = 380, 404
_PITCH = 27
_TOP = 34
#: A frame holds at most this many images, and shrinks to the fields where the image holds this many of them.
_BEYOND, _WITHIN = 8.5, 5
_KEYS: tuple[Key, ...] = (
    ("field", Stroke(BLUE, 1.8)),
    ("outside the image", Stroke(BLUE, 1.8, 1, (5, 4))),
    ("seen", Stroke(BLUE, 16, 0.3)),
)


@dataclass(frozen=True, slots=True)
class Nest:
    """A layer's central unit: what it reaches and what it sees, per axis. Unit: input pixels."""

    name: str
    layer: LayerReport
    field: tuple[Interval, ...]
    visible: tuple[Interval | None, ...]

    @property
    def size(self) -> tuple[int, ...]:
        """The field's size per axis."""
        return tuple([part.size for part in self.field])


class Label(NamedTuple):
    """A text beside the picture and the place that it belongs to."""

    place: Place
    name: str
    value: str
    strong: bool


def draw(title: str, report: Report) -> Drawing:
    """The fields at the ends of the stages, one within the other, over the image."""
    nests = shown_nests(report)
    heading = f"{title}: the fields of the central unit over the image"
    return compose(report, nests).drawing(heading, alternative(title, report, nests))


def shown_nests(report: Report) -> list[Nest]:
    """The layers to show: the ends of stages; where those are few, layers at which the field grows."""
    ends = stage_ends(report, _MOST)
    if len(ends) < _FEWEST:
        ends = field_ends(report, _MOST)
    return [nest for layer in ends if (nest := _nest(report, layer)) is not None]


def _nest(report: Report, layer: LayerReport) -> Nest | None:
    unit = report.central_unit(layer.name)
    field = tuple([axis.spatial_field for axis in unit if axis.spatial_field is not None])
    if len(field) < report.network.axes:
        return None
    return Nest(report.network.shown_name(layer.name), layer, field, tuple([axis.spatial_visible for axis in unit]))


def alternative(title: str, report: Report, nests: Sequence[Nest]) -> str:
    """What the picture shows, in words."""
    head = (
        f"Nested receptive fields of the central unit of {title} over its image of {by_axis(report.input_size)} pixels."
    )
    if not nests:
        return f"{head} No layer reads anything of it."
    sizes = ", ".join(f"{nest.name} {per_axis(nest.size)}" for nest in nests)
    share = percent(report.spatial_visible_share(nests[-1].layer.name))
    differ = "".join([f" Units differ in {text}." for text, _ in _unit_range_keys(nests)])
    return (
        f"{head} From {per_axis(nests[0].size)} to {per_axis(nests[-1].size)} pixels: {sizes}."
        f" In the end {per_axis(nests[-1].size)} pixels; the central unit sees {share} of the image.{differ}"
    )


def _unit_range_keys(nests: Sequence[Nest]) -> Iterator[Key]:
    """Whose the last numbers are, where its layer's units differ."""
    return unit_range_keys(nests[-1].layer, nests[-1].name) if nests else iter(())


def _beyond_keys(report: Report, nests: Sequence[Nest]) -> Iterator[Key]:
    """Which fields are cut off by the frame, all that are larger than so many images."""
    first = next((nest for nest in nests if _is_beyond(report, nest)), None)
    if first is not None:
        words = "cut off: the field of "
        yield words + shortened(first.name, ROOM - width(words)), None


def _is_beyond(report: Report, nest: Nest) -> bool:
    return any(size > _BEYOND * length for size, length in zip(nest.size, report.input_size, strict=True))


def compose(report: Report, nests: Sequence[Nest]) -> Canvas:
    """The picture's artists."""
    strips = report.network.axes != 2
    squares = report.network.axes != 1
    window = _window(report, nests) if squares else Box(0, 0, 0, 0)
    scale = _scale(window) if squares else 0.0
    tall = max(scale * (window.bottom - window.top), _PITCH * (len(nests) + 1)) + 12 if squares else 0.0
    below = _PITCH * len(nests) + 44 if strips else 0.0
    keys = (*_KEYS, *_beyond_keys(report, nests), *_unit_range_keys(nests))
    canvas = Canvas(_TOP + tall + below + legend_height(keys))
    canvas.words(_LABELS, 18, "layer", alpha=0.75)
    canvas.words(WIDTH, 18, "field", anchor="end", alpha=0.75)
    if squares:
        wide = scale * (window.right - window.left)
        frame = Box((_SIDE - wide) / 2, _TOP, (_SIDE + wide) / 2, _TOP + scale * (window.bottom - window.top))
        _draw_squares(Panel(canvas, frame, window), report, nests)
    if strips:
        _draw_strips(canvas, _TOP + tall, report, nests)
    draw_legend(canvas, _TOP + tall + below, keys)
    return canvas


def _window(report: Report, nests: Sequence[Nest]) -> Box:
    """What the frame holds of the last two axes."""
    (top, bottom), (left, right) = [_axis_window(report, nests, axis) for axis in (-2, -1)]
    return Box(left, top, right, bottom)


def _axis_window(report: Report, nests: Sequence[Nest], axis: int) -> tuple[float, float]:
    """What the frame holds of one axis: the image and all fields; less where one would be a speck in the other."""
    length = report.input_size[axis]
    first = min([nest.field[axis].first for nest in nests], default=0)
    last = max([nest.field[axis].last + 1 for nest in nests], default=length)
    if (last - first) * _WITHIN < length:
        margin = 0.4 * (last - first)
        return first - margin, last + margin
    first, last = min(0, first), max(length, last)
    if last - first > _BEYOND * length:
        within = [nest.field[axis] for nest in nests if nest.field[axis].size <= _BEYOND * length]
        first, last = min([0, *[field.first for field in within]]), max([length, *[f.last + 1 for f in within]])
    margin = 0.03 * (last - first)
    return first - margin, last + margin


def _scale(window: Box) -> float:
    return min(_SIDE / (window.right - window.left), 1.15 * _SIDE / (window.bottom - window.top))


def _draw_squares(panel: Panel, report: Report, nests: Sequence[Nest]) -> None:
    """Two axes: squares over the image, each with a line to its name."""
    down, across = report.input_size[-2:]
    image = boxes([Box(0, 0, across, down)])
    panel.shape("image", image, Fill(INK, 0.05), clipped=True)
    for nest in nests:
        draw_seen(panel, list(_seen_boxes(nest)), alpha=0.14)
    for nest in nests:
        draw_field(panel, field_span(nest.field[-1], across), field_span(nest.field[-2], down))
    panel.shape("image's edge", image, None, Stroke(INK, 2), clipped=True)
    highest = sorted(nests, key=lambda nest: (nest.field[-2].first, -nest.field[-1].last))
    labels = [
        Label(
            _in_frame(panel, nest.field[-1].last + 1, nest.field[-2].first),
            nest.name,
            _size_text(nest),
            True,
        )
        for nest in highest
    ]
    labels.append(Label(_in_frame(panel, across, down), "image", per_axis((down, across)), False))
    _draw_labels(panel, sorted(labels, key=lambda label: label.place[1]))


def _size_text(nest: Nest) -> str:
    return per_axis(nest.size[-2:])


def _seen_boxes(nest: Nest) -> Iterator[Box]:
    down, across = nest.visible[-2:]
    if down is not None and across is not None:
        yield Box(across.first, down.first, across.last + 1, down.last + 1)


def _in_frame(panel: Panel, x: float, y: float) -> Place:
    """Where a corner stands on the page, or the frame's edge where it lies beyond."""
    (a, b), frame = panel.at(x, y), panel.frame
    return min(max(a, frame.left), frame.right), min(max(b, frame.top), frame.bottom)


def _draw_labels(panel: Panel, labels: Sequence[Label]) -> None:
    """Names and sizes below each other, each with a line to its corner."""
    heights = places_apart([label.place[1] for label in labels], _PITCH, _TOP + 8, panel.canvas.height)
    for label, y in zip(labels, heights, strict=True):
        elbow = [label.place, (_SIDE + 4, label.place[1]), (_LABELS - 6, y), (_LABELS - 2, y)]
        panel.canvas.shape("leader", polyline(elbow), None, Stroke(INK, 0.8, 0.55))
        _write_label(panel.canvas, y + 6, label)


def _write_label(canvas: Canvas, y: float, label: Label) -> None:
    room = WIDTH - _LABELS - width(label.value) - 16
    canvas.name(_LABELS + 4, y, label.name, room)
    canvas.words(WIDTH, y, label.value, anchor="end", strong=label.strong)


def _seen_ranges(report: Report, nest: Nest) -> Sequence[Interval]:
    """What the central unit sees on the first axis, its holes left out; with them where there is too much to follow."""
    parts = report.visible_ranges(nest.layer.name, nest.layer.central_index, gates=False)[0]
    hull = nest.visible[0]
    return ([] if hull is None else [hull]) if parts is None else parts


def _draw_strips(canvas: Canvas, top: float, report: Report, nests: Sequence[Nest]) -> None:
    """The first axis: one bar a layer over the image's stretch."""
    length = report.input_size[0]
    bottom = top + 30 + _PITCH * len(nests)
    first, last = _axis_window(report, nests, 0)
    panel = Panel(canvas, Box(0, top + 30, _SIDE, bottom), Box(first, 0, last, len(nests)))
    name = AXES[report.network.axes][0]
    canvas.words(0, top + 18, f"{name}: image {text_number(length)} px", alpha=0.75)
    panel.shape("image", boxes([Box(0, 0, length, len(nests))]), Fill(INK, 0.05), Stroke(INK, 2), clipped=True)
    for row, nest in enumerate(nests):
        seen = _seen_ranges(report, nest)
        if seen:
            draw_seen(panel, [Box(part.first, row + 0.2, part.last + 1, row + 0.8) for part in seen], alpha=0.3)
        draw_field(panel, field_span(nest.field[0], length), FieldSpan(row + 0.2, row + 0.8, (0, len(nests))))
        label = Label((0, 0), nest.name, text_number(nest.size[0]), strong=True)
        _write_label(canvas, panel.at(0, row + 0.5)[1] + 6, label)
