"""The graph of layers: one row a layer or block, its paths as lanes, its values beside it.

A drawing of boxes and arrows does not survive 160 layers or a phone. Rows do, and every value has its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from matplotlib.path import Path

from rfdocs.figures.canvas import Box, Canvas, Fill, Stroke, boxes, dots
from rfdocs.figures.condense import BlockRun, CondensedGraph, LayerGraph, Signature, at_level, condensed, first_name
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.lanes import LaneEdge, edges, lanes
from rfdocs.figures.layer_kinds import LayerKind, kind_keys, layer_kind
from rfdocs.figures.legend import SQUARE, Key, draw_legend, legend_height
from rfdocs.figures.palette import INK
from rfdocs.figures.text_widths import shortened, width
from rfdocs.formats.columns import field_text
from rfdocs.formats.numbers import per_axis, text_number

if TYPE_CHECKING:
    from rfdocs.graph import LayerReport, Report

#: The most rows of the whole, and of all blocks together.
_ROWS, _BLOCK_ROWS = 26, 20
#: The most blocks that are drawn.
_BLOCKS = 3
#: The height of a row. Unit: pixels.
ROW = 30
_HEAD = 34
#: The room between columns, and the least for names. Unit: pixels.
_GAP, _NAME = 14, 150
_LANE, _LANES = 18, 200


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One line of the drawing: what it is called, what it does, its values, its kind (a block of layers has none), and
    its first and last layer.
    """

    name: str
    words: str
    layer: LayerReport
    mark: LayerKind | None
    nodes: tuple[int, int] = (0, 0)


_BLOCK = Stroke(INK, SQUARE)


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A part of the drawing: the network, or the inside of one block."""

    title: str
    rows: tuple[DrawnRow, ...]
    inputs: tuple[tuple[int, ...], ...]


def draw(title: str, report: Report) -> Drawing:
    """The graph of a network, and the inside of its blocks."""
    subgraphs = shown_subgraphs(report)
    heading = f"{title}: the graph of its layers"
    return compose(subgraphs).drawing(heading, alternative(title, report, subgraphs))


def alternative(title: str, report: Report, subgraphs: Sequence[Subgraph]) -> str:
    """What the drawing shows, in words."""
    features = report.features
    least = min([min(layer.receptive_field_min) for layer in report], default=1)
    most = max([max(layer.receptive_field) for layer in report], default=1)
    whole, *inner = subgraphs
    merging = sum(len(layer.inputs) > 1 for layer in report)
    inside = "".join(f" {block.title}: {', '.join(map(_row_text, block.rows[1:]))}." for block in inner)
    return (
        f"Graph of the {text_number(len(report.layers))} layers of {title} in {len(whole.rows) - 1} rows;"
        f" {text_number(merging)} layers join several paths. Fields from {text_number(least)} to {text_number(most)}"
        f" input pixels; at the last map, {features.name}, {field_text(features, to=' to ')}.{inside}"
    )


def _row_text(row: DrawnRow) -> str:
    return row.name if row.name == row.words else f"{row.name} {row.words}"


def shown_subgraphs(report: Report) -> list[Subgraph]:
    """The network, and the blocks that say most about it."""
    graph = LayerGraph(report.network)
    sizes = [None, *[layer.size for layer in report]]
    whole = condensed(graph, graph.nodes, _ROWS, sizes)
    blocks = _blocks(whole) or _inner_block(whole)
    letters = dict(zip(blocks, "ABC", strict=False))
    subgraphs = [_subgraph(report, whole, "", letters)]
    for signature, run in blocks.items():
        inside = CondensedGraph(graph, [BlockRun(graph.names[node], (node,), (node,)) for node in run.block])
        scope = first_name(run.name)
        subgraphs.append(_subgraph(report, inside, f"block {letters[signature]}: {scope}", {}, scope))
    return subgraphs


Blocks = dict[Signature, BlockRun]


def _blocks(whole: CondensedGraph) -> Blocks:
    """The blocks in which paths meet that are drawn, the most frequent first to be chosen."""
    graph = whole.graph
    inner = {run: graph.signature(run.block) for run in whole.rows if _can_be_drawn(graph, run)}
    counts: Counter[Signature] = Counter()
    for run, signature in inner.items():
        counts[signature] += run.count
    room, chosen = _BLOCK_ROWS, set()
    for signature, _ in counts.most_common(_BLOCKS):
        if len(signature) <= room:
            chosen.add(signature)
            room -= len(signature)
    first = {signature: run for run, signature in reversed(inner.items())}
    return {signature: first[signature] for signature in dict.fromkeys(inner.values()) if signature in chosen}


def _can_be_drawn(graph: LayerGraph, run: BlockRun) -> bool:
    return 1 < len(run.block) <= _BLOCK_ROWS and graph.merges(run.block)


def _inner_block(whole: CondensedGraph) -> Blocks:
    """The most frequent block further in, where those of the whole are too large to be drawn."""
    graph = whole.graph
    if all(len(run.block) == 1 for run in whole.rows):
        return {}
    for level in range(1, graph.depth(graph.nodes) + 1):
        blocks = _blocks(at_level(graph, graph.nodes, level))
        if blocks:
            return dict(list(blocks.items())[:1])
    return {}


def _subgraph(
    report: Report, part: CondensedGraph, title: str, letters: dict[Signature, str], scope: str = ""
) -> Subgraph:
    head = DrawnRow("image", "", report.image, LayerKind.OTHER)
    if scope:
        outside = [source for node in part.rows[0].nodes for source in part.graph.inputs[node]]
        if outside and outside[0]:
            layer = report.layers[outside[0] - 1]
            head = DrawnRow(f"from {report.network.shown_name(layer.name)}", "", layer, LayerKind.OTHER)
    rows = [_row(report, part.graph, run, letters, scope) for run in part.rows]
    inputs = [tuple([source + 1 for source in sources]) for sources in part.inputs]
    return Subgraph(title, (head, *rows), ((), *inputs))


def _row(report: Report, graph: LayerGraph, run: BlockRun, letters: dict[Signature, str], scope: str) -> DrawnRow:
    layer, nodes = report.layers[run.nodes[-1] - 1], (run.nodes[0], run.nodes[-1])
    name = run.name.removeprefix(f"{scope}.") if scope else run.name
    if len(run.block) == 1:
        kind = layer_kind(report.network.layers[run.nodes[-1] - 1])
        return DrawnRow(name, graph.words[run.block[0]] + _count_text(run), layer, kind, nodes)
    letter = letters.get(graph.signature(run.block))
    words = f"block {letter}" if letter else f"{len(run.block)} layers"
    return DrawnRow(name, words + _count_text(run), layer, None, nodes)


def _count_text(run: BlockRun) -> str:
    return f" ×{run.count}" if run.count > 1 else ""


def compose(subgraphs: Sequence[Subgraph]) -> Canvas:
    """The drawing's artists."""
    heights = [_HEAD * (2 if subgraph.title else 1) + ROW * len(subgraph.rows) + 10 for subgraph in subgraphs]
    keys = _keys(subgraphs)
    canvas = Canvas(sum(heights) + legend_height(keys))
    top = 0.0
    for subgraph, height in zip(subgraphs, heights, strict=True):
        if subgraph.title:
            canvas.words(0, top + 26, subgraph.title, strong=True)
        _draw_subgraph(canvas, top + height - 10 - ROW * len(subgraph.rows), subgraph)
        top += height
    draw_legend(canvas, top, keys)
    return canvas


def _draw_subgraph(canvas: Canvas, top: float, subgraph: Subgraph) -> None:
    places = lanes(subgraph.inputs)
    pitch = min(_LANE, _LANES / (max(places) + 1))
    left = pitch * (max(places) + 1) + 8
    _shade_sizes(canvas, top, subgraph.rows)
    draw_lanes(canvas, top, pitch, subgraph.inputs, [row.mark for row in subgraph.rows])
    _draw_words(canvas, top, left, subgraph.rows)
    for place, row in enumerate(subgraph.rows):
        canvas.spot(*row.nodes, Box(0, top + ROW * place, WIDTH, top + ROW * (place + 1)))


def _shade_sizes(canvas: Canvas, top: float, rows: Sequence[DrawnRow]) -> None:
    """Every second stretch of rows of one size."""
    stretches, row = [], 0
    for turn, (_, group) in enumerate(groupby(rows, key=lambda row: row.layer.size)):
        count = len(list(group))
        if turn % 2:
            stretches.append(Box(0, top + ROW * row, WIDTH, top + ROW * (row + count)))
        row += count
    canvas.shape("sizes", boxes(stretches), Fill(INK, 0.06))


def _lane_place(top: float, pitch: float, lane: int, row: int) -> tuple[float, float]:
    return pitch * (lane + 0.5) + 2, top + ROW * (row + 0.5)


def draw_lanes(
    canvas: Canvas, top: float, pitch: float, inputs: Sequence[Sequence[int]], marks: Sequence[LayerKind | None]
) -> None:
    """A graph with one node a row: lines down its lanes, and on them each node's mark; ``inputs`` are earlier rows."""
    _draw_edges(canvas, top, pitch, edges(inputs))
    at = [_lane_place(top, pitch, lane, row) for row, lane in enumerate(lanes(inputs))]
    for mark in (*LayerKind, None):
        _draw_marks(canvas, mark, [place for place, own in zip(at, marks, strict=True) if own is mark])


def _draw_edges(canvas: Canvas, top: float, pitch: float, lane_edges: Sequence[LaneEdge]) -> None:
    vertices, codes = [], []
    for edge in lane_edges:
        turn = edge.to_row if edge.lane == edge.to_lane else edge.to_row - 1
        start, bend = _lane_place(top, pitch, edge.lane, edge.row), _lane_place(top, pitch, edge.lane, turn)
        vertices += [start, bend]
        codes += [Path.MOVETO, Path.LINETO]
        if edge.lane != edge.to_lane:
            end = _lane_place(top, pitch, edge.to_lane, edge.to_row)
            middle = (bend[1] + end[1]) / 2
            vertices += [(bend[0], middle), (end[0], middle), end]
            codes += [Path.CURVE4] * 3
    if vertices:
        canvas.shape("edges", Path(vertices, codes), None, Stroke(INK, 1.8, 0.6))


def _draw_marks(canvas: Canvas, kind: LayerKind | None, at: Sequence[tuple[float, float]]) -> None:
    if at and kind is None:
        half = SQUARE / 2
        canvas.shape("block", boxes([Box(x - half, y - half, x + half, y + half) for x, y in at]), Fill(INK))
    elif at and kind is not None:
        canvas.shape(kind.words, dots(at), None, Stroke(kind.color, 9, 1, (), True))


def _keys(subgraphs: Sequence[Subgraph]) -> list[Key]:
    """What the marks mean that are drawn; what each begins with, which says what it is, is no layer."""
    drawn = [row.mark for subgraph in subgraphs for row in subgraph.rows[1:]]
    block: list[Key] = [("block of layers", _BLOCK)] if None in drawn else []
    return [*kind_keys(kind for kind in drawn if kind is not None), *block]


def _draw_words(canvas: Canvas, top: float, left: float, rows: Sequence[DrawnRow]) -> None:
    right = WIDTH - 4.0
    for heading, texts in _columns(rows, WIDTH - left):
        canvas.words(right, top - 10, heading, anchor="end", alpha=0.75)
        for place, text in enumerate(texts):
            canvas.words(right, top + ROW * (place + 0.5) + 5, text, anchor="end", strong=heading == "field")
        right -= max(map(width, (heading, *texts))) + _GAP
    room = right - max([width(row.words) for row in rows]) - _GAP - left
    behind = left + max([width(shortened(row.name, room)) for row in rows]) + _GAP
    for place, row in enumerate(rows):
        y = top + ROW * (place + 0.5) + 5
        canvas.name(left, y, row.name, room)
        canvas.words(behind, y, row.words, alpha=0.8)
    canvas.words(left, top - 10, "layer", alpha=0.75)


def _columns(rows: Sequence[DrawnRow], room: float) -> list[tuple[str, list[str]]]:
    """The columns of values from right to left that leave room for names: the field, the jump, the size."""
    all_columns = [
        ("field", [field_text(row.layer) for row in rows]),
        ("jump", [per_axis(row.layer.jump) for row in rows]),
        ("size", [per_axis(row.layer.size) for row in rows]),
    ]
    free = room - _NAME - max([width(row.words) for row in rows]) - _GAP
    shown: list[tuple[str, list[str]]] = []
    for heading, texts in all_columns:
        free -= max(map(width, (heading, *texts))) + _GAP
        if free < 0 and shown:
            break
        shown.append((heading, texts))
    return shown
