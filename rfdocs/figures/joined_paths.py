"""The graph of a block beside the fields of its paths, each by itself, and their hull, on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rfdocs.algebra import Interval
from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.graph import ROW, draw_lanes
from rfdocs.figures.lanes import lanes
from rfdocs.figures.layer_kinds import LayerKind, kind_keys, layer_kind
from rfdocs.figures.legend import draw_legend, legend_height
from rfdocs.figures.operation_words import operation_words
from rfdocs.figures.palette import BLUE, INK, RED, Color
from rfdocs.figures.text_widths import shortened, width
from rfdocs.formats.numbers import text_number
from rfdocs.graph import InputError
from rfdocs.graph.tile_paths import ancestors

if TYPE_CHECKING:
    from rfdocs.graph import Layer, LayerReport, Report

#: The most paths that are drawn, and the most layers.
PATHS, LAYERS = 12, 24
_LANE, _GRAPH, _TOP = 18, 190.0, 34.0
#: The height of a path's name and bar. Unit: pixels.
_BAR = 44.0
#: The most pixels that have a cell each.
_CELLS = 80
#: The most letters of names that tell paths apart.
_SHORT = 22


class OnePath(NamedTuple):
    """One path from the image to a layer: its layers, and what it alone reads of one axis."""

    nodes: tuple[int, ...]
    field: Interval


def paths_drawing(title: str, report: Report, name: str) -> Drawing:
    """The graph up to a layer, and the fields of all paths to its central unit, on the last axis.

    Raises: UnknownLayer, InputError where there are too many paths to draw.
    """
    layer = report[name]
    above = _layers_above(report, report.network.node(name))
    paths = paths_to(report, name)
    canvas = _composed(report, above, paths)
    return canvas.drawing(f"{title}: the paths to {layer.name}", alternative(title, report, layer, paths))


def paths_to(report: Report, name: str) -> list[OnePath]:
    """Every path to the central unit of a layer with its field on the last axis. Raises: UnknownLayer, InputError."""
    node, layer = report.network.node(name), report[name]
    count = _path_count(report, node)
    if count > PATHS or len(_layers_above(report, node)) > LAYERS:
        text = f"{text_number(count)} paths through {text_number(len(_layers_above(report, node)))} layers"
        hint = "name a layer nearer to the image, or a file with one block alone"
        raise InputError(f"{layer.name}: {text}; at most {PATHS} through {LAYERS} are drawn", hint)
    central = layer.axes[-1].central
    walked = _paths(report, node, Interval(central, central))
    return [OnePath(tuple(reversed(nodes)), field) for nodes, field in walked]


def _path_count(report: Report, last: int) -> int:
    counts = [1]
    for layer in report.network.layers[:last]:
        counts.append(sum(counts[source] for source in layer.sources))
    return counts[last]


def _layers_above(report: Report, last: int) -> list[int]:
    """The numbers of the layers that any path to a layer passes, in order."""
    return sorted(ancestors(report.network, last) - {0})


def _paths(report: Report, node: int, units: Interval) -> Iterator[tuple[tuple[int, ...], Interval]]:
    """The paths from units of a layer back to the image, and the pixels at which each ends."""
    if node == 0:
        yield (), units
        return
    layer = report.layers[node - 1]
    for source, reads in zip(report.network.layers[node - 1].inputs, layer.axes[-1].reads, strict=True):
        taps = [tap for unit in range(units.first, units.last + 1) for tap in reads.taps(unit)]
        if taps:
            for nodes, field in _paths(report, source, Interval(min(taps), max(taps))):
                yield (node, *nodes), field


def path_names(report: Report, paths: Sequence[OnePath]) -> list[str]:
    """What tells each path from the others: what the layers do that not all paths pass, ``1×1, 3×3``, but for joining;
    where that is the same for two of them, the layers' names if they are short.
    """
    words, names = [], []
    common = set.intersection(*[set(path.nodes) for path in paths]) if len(paths) > 1 else set()
    for path in paths:
        layers = [report.network.layers[node - 1] for node in path.nodes if node not in common]
        layers = [layer for layer in layers if layer_kind(layer) is not LayerKind.MERGE]
        words.append(", ".join(map(operation_words, layers)) or "straight")
        names.append(", ".join([layer.name for layer in layers]) or "straight")
    short = max(map(len, names)) <= _SHORT
    return names if short and len(set(words)) < len(words) else words


def alternative(title: str, report: Report, layer: LayerReport, paths: Sequence[OnePath]) -> str:
    """What the drawing shows, in words."""
    told = [
        f"{name}: pixels {path.field.first} to {path.field.last}, {path.field.size} in all"
        for name, path in zip(path_names(report, paths), paths, strict=True)
    ]
    hull, skew = _hull(paths), layer.misalignment[-1]
    aligned = f"Their centres lie up to {text_number(skew)} px apart." if skew else "Their centres agree."
    return (
        f"Graph of {title}, and the fields of the {len(paths)} paths to the central unit of {layer.name}:"
        f" {'; '.join(told)}. {aligned} In the end the hull of all is pixels {hull.first} to {hull.last},"
        f" {hull.size} pixels."
    )


def _hull(paths: Sequence[OnePath]) -> Interval:
    return Interval(min(path.field.first for path in paths), max(path.field.last for path in paths))


def _composed(report: Report, above: Sequence[int], paths: Sequence[OnePath]) -> Canvas:
    """The drawing's artists: the graph at the left, the fields at the right, what the marks mean below."""
    kinds = [layer_kind(report.network.layers[node - 1]) for node in above]
    keys = list(kind_keys(kinds))
    height = _TOP + max(ROW * (len(above) + 1), _BAR * (len(paths) + 1)) + 8
    canvas = Canvas(height + legend_height(keys))
    _draw_graph(canvas, report, above, kinds)
    _draw_fields(canvas, report, paths)
    draw_legend(canvas, height, keys)
    return canvas


def _draw_graph(canvas: Canvas, report: Report, above: Sequence[int], kinds: Sequence[LayerKind]) -> None:
    rows = {node: row for row, node in enumerate((0, *above))}
    inputs = [(), *[tuple(rows[source] for source in report.network.layers[node - 1].inputs) for node in above]]
    draw_lanes(canvas, _TOP, _LANE, inputs, [LayerKind.OTHER, *kinds])
    left = _LANE * (max(lanes(inputs)) + 1) + 8
    for row, text in enumerate(("image", *_row_texts([report.network.layers[node - 1] for node in above], left))):
        canvas.name(left, _TOP + ROW * (row + 0.5) + 5, text, _GRAPH - left)


def _row_texts(layers: Sequence[Layer], left: float) -> list[str]:
    """What each layer does, behind its name where there is room for all of them."""
    words = [operation_words(layer) for layer in layers]
    slides = [layer_kind(layer) not in (LayerKind.MERGE, LayerKind.OTHER) for layer in layers]
    texts = [
        f"{layer.name.rpartition('.')[2]} {word}" if named else word
        for layer, word, named in zip(layers, words, slides, strict=True)
    ]
    return texts if all(width(text) <= _GRAPH - left for text in texts) else words


def _draw_fields(canvas: Canvas, report: Report, paths: Sequence[OnePath]) -> None:
    hull = _hull(paths)
    first, last = hull.first - 1, hull.last + 1
    bottom = _TOP + _BAR * (len(paths) + 1)
    cell = min(60.0, (WIDTH - _GRAPH - 20) / (last - first + 1))
    left = _GRAPH + 20 + (WIDTH - _GRAPH - 20 - cell * (last - first + 1)) / 2
    frame = Box(left, _TOP - 6, left + cell * (last - first + 1), bottom)
    panel = Panel(canvas, frame, Box(first, 0, last + 1, 1))
    panel.shape("hull", boxes([Box(hull.first, 0, hull.last + 1, 1)]), Fill(RED, 0.09))
    if last - first < _CELLS:
        lines = [((x, 0.0), (x, 1.0)) for x in range(first, last + 2)]
        panel.shape("pixels", segments(lines), None, Stroke(INK, 1, 0.14))
    _write_numbers(canvas, panel, hull, _TOP - 14)
    named = zip(path_names(report, paths), paths, strict=True)
    bars = [*[(name, path.field, BLUE) for name, path in named], ("hull", hull, RED)]
    for turn, (name, field, color) in enumerate(bars):
        size = f": {text_number(field.size)} px"
        text = shortened(name, WIDTH - _GRAPH - 10 - width(size)) + size
        _draw_bar(panel, _TOP + _BAR * turn, text, field, color)


def _write_numbers(canvas: Canvas, panel: Panel, hull: Interval, y: float) -> None:
    """The numbers of pixels above the fields: all that have room, or those of the hull's ends."""
    every = width(str(hull.last)) + 4 <= panel.scale
    for pixel in range(hull.first - 1, hull.last + 2) if every else sorted({hull.first, hull.last}):
        x = min(panel.at(pixel + 0.5, 0)[0], WIDTH - width(str(pixel)) / 2)
        canvas.words(x, y, str(pixel), anchor="middle", alpha=0.75)


def _draw_bar(panel: Panel, top: float, text: str, field: Interval, color: Color) -> None:
    """One field as a bar with a tick at its centre, below its name and length."""
    left, right = panel.at(field.first, 0)[0], panel.at(field.last + 1, 0)[0]
    middle, y = (left + right) / 2, top + 32
    panel.canvas.shape("field", segments([((left + 2, y), (right - 2, y))]), None, Stroke(color, 5))
    panel.canvas.shape("centre", segments([((middle, y - 7), (middle, y + 7))]), None, Stroke(INK, 2.5))
    half = width(text) / 2
    x = min(max(middle, _GRAPH + 10 + half), WIDTH - half)
    panel.canvas.words(x, top + 19, text, anchor="middle", strong=True)
