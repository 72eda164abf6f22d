"""The receptive field against depth, with the image's size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, takewhile
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Place, Stroke, boxes, dots, polyline, segments
from rfdocs.figures.drawing import PHONE_TEXT, WIDTH, Drawing
from rfdocs.figures.labels import LabelPlace, Labels, along, beside, text_box
from rfdocs.figures.layer_kinds import LayerKind, kind_keys, layer_kind
from rfdocs.figures.legend import ROOM, Key, draw_legend, legend_height
from rfdocs.figures.palette import BLUE, GREEN, INK, PINK, RED, Color
from rfdocs.figures.scales import places_apart, powers, ticks
from rfdocs.figures.stages import axes_name, changing_layers, main_path, path_layers
from rfdocs.figures.text_widths import shortened, width
from rfdocs.formats.numbers import by_axis, per_axis, ranges, text_number

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: A linear axis would press half of the curve into the lowest part of the frame: from this ratio on it is logarithmic.
_LOGARITHMIC = 20
#: The image's line is left out where it would press the curve into less than this part of the frame.
_IMAGE_BEYOND = 6
_COLORS = (BLUE, GREEN, PINK)
#: The height of a label. Unit: pixels.
_LABEL = 22
_FRAME = Box(72, 64, WIDTH - 92, 330)
_GATE = _FIRST = Stroke(INK, 13, 1, (), True)
#: The most layers that are dots on their curves.
_DOTS = 40
_SMALLEST, _IMAGE = Stroke(RED, 2, 1, (1, 4), True), Stroke(INK, 1.5, 0.9, (7, 4))


@dataclass(frozen=True, slots=True)
class Curve:
    """The fields along the longest path on axes that agree: largest, smallest over the phases, along the shortest path.

    ``name`` is that of the axes, empty where all agree; ``image`` the image's length on them. Unit: input pixels.
    """

    name: str
    image: int
    largest: Sequence[int]
    smallest: Sequence[int]
    shortest: Sequence[int]
    color: Color

    def end(self, to: str = "–", place: int = -1) -> str:
        """The field at the end, or at another place: a range where units differ."""
        return ranges([self.smallest[place]], [self.largest[place]], to=to)


def shown_curves(report: Report, layers: Sequence[LayerReport]) -> list[Curve]:
    """One curve for each set of axes that have one length and one field everywhere."""
    groups: dict[object, list[int]] = {}
    for axis, length in enumerate(report.input_size):
        nodes = [layer.axes[axis] for layer in layers]
        key = (length, *[(node.field.largest, node.field.smallest) for node in nodes])
        groups.setdefault(key, []).append(axis)
    return [_curve(report, layers, axes, color) for axes, color in zip(groups.values(), _COLORS, strict=False)]


def _curve(report: Report, layers: Sequence[LayerReport], axes: list[int], color: Color) -> Curve:
    name = axes_name(report.network, axes)
    nodes = [layer.axes[axes[0]] for layer in layers]
    largest = [node.field.largest for node in nodes]
    path_fields = _path_fields(report, layers, axes[0])
    return Curve(
        name,
        report.input_size[axes[0]],
        largest,
        [node.field.smallest for node in nodes],
        path_fields if path_fields != largest[: len(path_fields)] and not name else [],
        color,
    )


def _path_fields(report: Report, layers: Sequence[LayerReport], axis: int) -> list[int]:
    """The field of each layer along its smallest path, as far as there is one. What merges behind a layer counts too,
    though it is none of them: the path around a residual block.
    """
    path = path_layers(report, main_path(report.network))
    least = _lower_envelope(takewhile(lambda field: field is not None, [own.axes[axis].smallest_path for own in path]))
    by_name = {own.name: field for own, field in zip(path, least, strict=False)}
    return [by_name[layer.name] for layer in layers if layer.name in by_name]


def _lower_envelope(values: Iterable[int | None]) -> list[int]:
    """Each value, or the least behind it: inside a block one layer's path is longer than the one around it.

    >>> _lower_envelope([1, 7, 11, 43, 11])
    [1, 7, 11, 11, 11]
    """
    defined = [value for value in values if value is not None]
    return list(accumulate(reversed(defined), min))[::-1]


def draw(title: str, report: Report) -> Drawing:
    """The growth of the receptive field, layer by layer."""
    layers = changing_layers(report)
    curves = shown_curves(report, layers)
    heading = f"{title}: the receptive field against depth"
    return compose(report, layers, curves).drawing(heading, alternative(title, report, layers, curves))


def alternative(title: str, report: Report, layers: Sequence[LayerReport], curves: Sequence[Curve]) -> str:
    """What the chart shows, in words."""
    path = f"the {text_number(len(layers) - 1)} layers of its longest path"
    parts = [f"Line chart of the receptive field of {title} over {path}."]
    for curve in curves:
        axis = f"On {curve.name}: from" if curve.name else "From"
        least, most = text_number(min(curve.smallest)), text_number(max(curve.largest))
        parts.append(
            f"{axis} {least} to {most} input pixels, at the end {curve.end(' to ')};"
            f" the image has {text_number(curve.image)}."
        )
        if curve.shortest:
            parts.append(f"Along the smallest path it is {text_number(curve.shortest[-1])}.")
        if curve.smallest[-1] != curve.largest[-1]:
            parts.append("At the end it differs from unit to unit.")
    seen = report.first_to_see_all
    parts.append(
        "No layer's central unit sees the whole image." if seen is None
        else f"The first layer whose central unit sees the whole image is {seen.name}."
    )  # fmt: skip
    return " ".join(parts)


def compose(report: Report, layers: Sequence[LayerReport], curves: Sequence[Curve]) -> Canvas:
    """The chart's artists."""
    seen = first_seeing_all(report, layers)
    gate = next((place for place, layer in enumerate(layers) if layer.global_context), None)
    notes, keys = _placed(list(_notes(report, layers, curves, seen, gate)), layers, curves, report, seen)
    kinds = _kinds(report, layers) if len(layers) <= _DOTS else []
    keys += kind_keys(kinds[1:])
    canvas = Canvas(_FRAME.bottom + 62 + legend_height(keys))
    panel = _plot_panel(canvas, max(1, len(layers) - 1), curves)
    _draw_jump_bands(panel, layers)
    _draw_axes(panel)
    for turn, curve in enumerate(curves, start=1):
        _draw_curve(panel, curve, 2.5 * (len(curves) - turn) + 2.5)
    if gate is not None:
        panel.shape("gate", dots([(gate, curves[0].largest[gate])]), None, _GATE)
    if seen is not None:
        _draw_whole_image_mark(panel, curves[0], seen)
    _write_end_values(panel, curves)
    _write_last_map_value(panel, report, layers, curves)
    if kinds:
        _draw_layers(panel, curves, kinds)
    for note, spot in notes:
        _write_note(canvas, note, spot)
    draw_legend(canvas, _FRAME.bottom + 62, keys)
    _note_spots(panel, report, layers)
    return canvas


def _note_spots(panel: Panel, report: Report, layers: Sequence[LayerReport]) -> None:
    """Each layer from the middle between it and the one before to the middle behind it."""
    for place, layer in enumerate(layers):
        left, right = [panel.at(place + half, panel.data.top)[0] for half in (-0.5, 0.5)]
        number = report.network.node(layer.name) if place else 0
        panel.canvas.spot(number, number, Box(left, panel.frame.top, min(right, WIDTH), panel.frame.bottom))


def _kinds(report: Report, layers: Sequence[LayerReport]) -> list[LayerKind]:
    """The kind of each layer; the image is of no other."""
    nodes = [report.network.node(layer.name) for layer in layers]
    return [layer_kind(report.network.layers[node - 1]) if node else LayerKind.OTHER for node in nodes]


def _draw_layers(panel: Panel, curves: Sequence[Curve], kinds: Sequence[LayerKind]) -> None:
    """A dot for each layer on its curves, in the colour of its kind."""
    for kind in dict.fromkeys(kinds):
        own = [place for place, other in enumerate(kinds) if other is kind]
        at = dict.fromkeys([(place, curve.largest[place]) for curve in curves for place in own])
        panel.shape(f"layers: {kind.words}", dots(at), None, Stroke(kind.color, 7, 1, (), True))


def first_seeing_all(report: Report, layers: Sequence[LayerReport]) -> int | None:
    """The place of the first of the layers, not the image, whose central unit sees it all along the spatial paths."""
    behind = ((place, layer) for place, layer in enumerate(layers) if layer.inputs)
    return next((place for place, layer in behind if report.central_unit_sees_all(layer.name)), None)


def logarithmic(curves: Sequence[Curve]) -> bool:
    """Whether half of the curve would lie in the lowest part of a linear frame."""
    return any(median(curve.largest) * _LOGARITHMIC < max(curve.largest) for curve in curves)


def shows_image(curves: Sequence[Curve]) -> bool:
    """Whether the image's size stands in the frame: not where it would press the curve down."""
    top = max(max(curve.largest) for curve in curves)
    return logarithmic(curves) or all(curve.image < _IMAGE_BEYOND * top for curve in curves)


def _plot_panel(canvas: Canvas, last_place: int, curves: Sequence[Curve]) -> Panel:
    top = max(max(curve.largest) for curve in curves)
    if shows_image(curves):
        top = max(top, *[curve.image for curve in curves])
    if not logarithmic(curves):
        return Panel(canvas, _FRAME, Box(0, 1.06 * top, last_place, 0))
    return Panel(canvas, _FRAME, Box(0, 1.4 * top, last_place, 0.8), (False, True))


def _draw_jump_bands(panel: Panel, layers: Sequence[LayerReport]) -> None:
    """Every second stretch of one jump shaded, and the jumps above them where there is room."""
    bands = list(_jump_bands(layers))
    top, bottom = panel.data.top, panel.data.bottom
    shaded = [Box(first, top, last, bottom) for turn, (_, first, last) in enumerate(bands) if turn % 2]
    if shaded:
        panel.shape("bands", boxes(shaded), Fill(INK, 0.06))
    free = panel.frame.left
    for jump, first, last in bands:
        (left, _), (right, _) = panel.at(first, top), panel.at(last, top)
        half = width(jump) / 2
        if (left + right) / 2 - half >= free - 3:
            panel.canvas.words((left + right) / 2, panel.frame.top - 8, jump, anchor="middle", alpha=0.75)
            free = (left + right) / 2 + half + 6
    panel.canvas.words(panel.frame.left - 8, panel.frame.top - 8, "jump", anchor="end", alpha=0.75)


def _jump_bands(layers: Sequence[LayerReport]) -> Iterator[tuple[str, float, float]]:
    """Each stretch of layers of one jump: the jump as text, where it begins and where it ends."""
    place = 0
    for jump, group in groupby(layers, key=lambda layer: layer.jump):
        count = len(list(group))
        yield per_axis(jump), max(0, place - 0.5), min(len(layers) - 1, place + count - 0.5)
        place += count


def _draw_axes(panel: Panel) -> None:
    canvas, frame, data = panel.canvas, panel.frame, panel.data
    rows = powers(data.top) if data.bottom else ticks(data.top)
    panel.shape("grid", segments([((0, row), (data.right, row)) for row in rows]), None, Stroke(INK, 1, 0.16))
    for row in rows:
        canvas.words(frame.left - 8, panel.at(0, row)[1] + 5, _tick_text(row), anchor="end", alpha=0.75)
    columns = ticks(data.right)
    base = [((column, data.bottom), (column, data.bottom)) for column in columns]
    panel.shape("base", segments([((0, data.bottom), (data.right, data.bottom)), *base]), None, Stroke(INK, 1, 0.6))
    for column in columns:
        canvas.words(panel.at(column, 0)[0], frame.bottom + 22, _tick_text(column), anchor="middle", alpha=0.75)
    scale = ", logarithmic" if data.bottom else ""
    canvas.words(0, 20, f"receptive field in input pixels{scale}", strong=True)
    canvas.words(frame.right, frame.bottom + 46, "layers along the longest path", anchor="end", strong=True)


def _tick_text(value: int) -> str:
    """A round number, short.

    >>> _tick_text(500), _tick_text(2000), _tick_text(10000)
    ('500', '2,000', '10k')
    """
    return f"{value // 1000:,}k" if value >= 10_000 and value % 1000 == 0 else text_number(value)


def _draw_curve(panel: Panel, curve: Curve, thickness: float) -> None:
    places = range(len(curve.largest))
    if shows_image([curve]) and curve.image <= panel.data.top:
        image = segments([((0, curve.image), (panel.data.right, curve.image))])
        dashed = Stroke(curve.color if curve.name else INK, 1.5, 0.9, (7, 4))
        panel.shape(f"image {curve.name}".strip(), image, None, dashed)
    if curve.smallest != curve.largest:
        lower = [(place, curve.smallest[place]) for place in reversed(places)]
        band = polyline([*enumerate(curve.largest), *lower])
        panel.shape("phases", band, Fill(curve.color, 0.3))
    if curve.shortest:
        path = polyline(list(enumerate(curve.shortest)))
        panel.shape("smallest path", path, None, _SMALLEST)
    line = polyline(list(enumerate(curve.largest)))
    panel.shape(f"largest {curve.name}".strip(), line, None, Stroke(curve.color, thickness, 1, (), True))


def _draw_whole_image_mark(panel: Panel, curve: Curve, seen: int) -> None:
    """A drop line and a ring where the whole image is seen first."""
    line = _drop_line(panel, curve, seen)
    panel.shape("drop", segments([line]), None, Stroke(INK, 1.2, 0.7, (3, 3)))
    panel.shape("first to see all", dots(line[:1]), None, _FIRST)


def _drop_line(panel: Panel, curve: Curve, seen: int) -> tuple[Place, Place]:
    return (seen, curve.largest[seen]), (seen, panel.data.bottom)


def _write_end_values(panel: Panel, curves: Sequence[Curve]) -> None:
    """The last numbers of all lines, at the right, apart from each other."""
    ends = [(value, curve.color) for curve in curves for value in (curve.largest[-1], curve.smallest[-1])]
    ends += [(curve.shortest[-1], RED) for curve in curves if len(curve.shortest) == len(curve.largest)]
    if shows_image(curves):
        ends += [(curve.image, INK if not curve.name else curve.color) for curve in curves]
    ends = sorted(dict.fromkeys(ends), key=lambda end: -end[0])  # equal ones in the curves' order
    places = places_apart([panel.at(0, value)[1] for value, _ in ends], 22, panel.frame.top, panel.frame.bottom)
    for (value, color), place in zip(ends, places, strict=True):
        panel.canvas.words(panel.frame.right + 10, place + 6, text_number(value), strong=True, color=color)


def _write_last_map_value(panel: Panel, report: Report, layers: Sequence[LayerReport], curves: Sequence[Curve]) -> None:
    for curve, text, spot in _last_map_values(panel, report, layers, curves):
        panel.canvas.words(spot.x, spot.y, text, anchor=spot.anchor, strong=True, color=curve.color)


def _last_map_values(
    panel: Panel, report: Report, layers: Sequence[LayerReport], curves: Sequence[Curve]
) -> Iterator[tuple[Curve, str, LabelPlace]]:
    """The number that people mean by the network's field, at the last map, where layers follow that see all of it."""
    node = report.network.node
    last = node(report.features.name)
    place = max(place for place, layer in enumerate(layers) if node(layer.name) <= last)
    by_value = {curve.largest[place]: curve for curve in curves if curve.largest[place] < 0.93 * curve.largest[-1]}
    free = panel.frame.bottom
    lines = [panel.at(place, curve.image)[1] for curve in curves] if shows_image(curves) else []
    for value, curve in sorted(by_value.items()):
        x, y = panel.at(place, value)
        y = min([y, *[line for line in lines if 0 <= y - line <= _LABEL]])  # not where the image's line runs
        if y <= free:
            yield curve, curve.end(place=place), LabelPlace(x - 8, y - 8, "end")
            free = y - _LABEL


class Note(NamedTuple):
    """What a mark means, in lines; where it finds no room in the frame it is a key below it."""

    lines: tuple[str, ...]
    key: Key
    color: Color
    spots: Sequence[LabelPlace]


def _notes(
    report: Report, layers: Sequence[LayerReport], curves: Sequence[Curve], seen: int | None, gate: int | None
) -> Iterator[Note]:
    """What each mark means, those first that have least room."""
    panel = _plot_panel(Canvas(_FRAME.bottom), max(1, len(layers) - 1), curves)
    name = report.network.shown_name
    if seen is not None:
        told = "whole image seen from"
        yield _mark_note(told, name(layers[seen].name), _FIRST, panel.at(seen, curves[0].largest[seen]))
    if gate is not None:
        whole = not report.unfollowed and report.every_unit_sees_all(layers[gate].name)
        told = "whole image through gates from" if whole else "gates show more from"
        yield _mark_note(told, name(layers[gate].name), _GATE, panel.at(gate, curves[0].largest[gate]))
    for curve in curves:
        yield from _curve_notes(panel, curve, alone=len(curves) == 1)
    band = next((curve for curve in curves if curve.smallest != curve.largest), None)
    if band is not None:
        smallest = [panel.at(*place) for place in enumerate(band.smallest)]
        below = [LabelPlace(x, y + drop, "end") for x, y in smallest[::-1] for drop in (26, 40, 60)]
        text = "band: from unit to unit"
        yield Note((text,), (text, Stroke(band.color, 12, 0.3)), band.color, below)
    yield from _image_notes(panel, report, curves)


def _mark_note(told: str, name: str, stroke: Stroke, at: Place) -> Note:
    key = f"{told} {shortened(name, ROOM - width(f'{told} '))}"
    return Note((told, name), (key, stroke), INK, beside(*at))


def _curve_notes(panel: Panel, curve: Curve, alone: bool) -> Iterator[Note]:
    if not alone:
        largest = [panel.at(*place) for place in enumerate(curve.largest)]
        rising = [spot for x, y in largest[::-1] for spot in beside(x, y)[:2]]
        yield Note((curve.name,), (f"the field, {curve.name}", Stroke(curve.color, 2.5)), curve.color, rising)
    if curve.shortest:
        shortest = [panel.at(*place) for place in enumerate(curve.shortest)]
        spots = [LabelPlace(x - 4, y + drop, "end") for x, y in shortest[::-1] for drop in (-8, 24)]
        yield Note(("along the smallest path",), ("along the smallest path", _SMALLEST), RED, spots)


def _image_notes(panel: Panel, report: Report, curves: Sequence[Curve]) -> Iterator[Note]:
    """One note for each length of the image that has a line; where none has, what stands below the frame."""
    named = {curve.image: curve for curve in curves}
    if not shows_image(curves):
        text = f"the image: {by_axis(report.input_size)} px, above the frame"
        yield Note((text,), (text, _IMAGE), INK, [])
        return
    for image, curve in named.items():
        text = "image" if len(named) == 1 else f"image, {curve.name}"
        color = INK if len(named) == 1 else curve.color
        line = [panel.at(0, image), panel.at(panel.data.right, image)]
        key = (f"the {text}: {text_number(image)} px", _IMAGE._replace(color=color))
        yield Note((text,), key, color, list(along(line)))


def _placed(
    notes: Sequence[Note], layers: Sequence[LayerReport], curves: Sequence[Curve], report: Report, seen: int | None
) -> tuple[list[tuple[Note, LabelPlace]], list[Key]]:
    """The notes that find room in the frame, each with its spot, and the keys of the others."""
    panel = _plot_panel(Canvas(_FRAME.bottom), max(1, len(layers) - 1), curves)
    labels = Labels(Box(_FRAME.left + 2, _FRAME.top, _FRAME.right, _FRAME.bottom))
    for curve in curves:
        labels.lines += [
            [panel.at(*place) for place in enumerate(line)] for line in (curve.largest, curve.smallest, curve.shortest)
        ]
        if shows_image(curves):
            labels.lines.append([panel.at(0, curve.image), panel.at(panel.data.right, curve.image)])
    if seen is not None:
        labels.lines.append([panel.at(*place) for place in _drop_line(panel, curves[0], seen)])
    for _, text, spot in _last_map_values(panel, report, layers, curves):
        labels.take(text_box(text, spot))
    placed: list[tuple[Note, LabelPlace]] = []
    keys: list[Key] = []
    for note in notes:
        free = labels.place(max(note.lines, key=width), note.spots, len(note.lines))
        if free is None:
            keys.append(note.key)
        else:
            placed.append((note, free))
    return placed, keys


def _write_note(canvas: Canvas, note: Note, spot: LabelPlace) -> None:
    top = spot.y - 1.25 * PHONE_TEXT * (len(note.lines) - 1)
    for line, text in enumerate(note.lines):
        canvas.words(spot.x, top, text, anchor=spot.anchor, line=line, color=note.color)
