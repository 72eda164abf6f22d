"""The per-layer table of a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from rfdocs.errors import UnknownName
from rfdocs.figures.condense import BlockRun, LayerGraph, at_level, common_scope
from rfdocs.formats.columns import (
    COLUMNS,
    PAGE_ORDER,
    Column,
    Kind,
    LayerColumn,
    Shown,
    cells,
    ordered,
    register,
    shown_columns,
)
from rfdocs.formats.numbers import by_axis, per_axis
from rfdocs.graph import InputError, LayerReport, Report
from rfdocs.operators import AppliedWindow
from rfdocs.pages.content import Grid, Group, Heading, Link, Row, To


def used_starts(report: Report, layer: LayerReport) -> tuple[Fraction | None, ...]:
    """Where the guide's program puts the centre of unit 0, per axis; ``None`` behind layers that it does not know.

    Rule: ``p = floor(((n_out - 1) * s - n_in + k') / 2)`` and ``start + ((k' - 1) / 2 - p) * j``, along every
    layer's first input. Source: Dang Ha The Hien 2017.
    """
    return tuple(_used_start(report, layer, axis) for axis in range(len(layer.axes)))


def _used_start(report: Report, layer: LayerReport, axis: int) -> Fraction | None:
    start = Fraction(1, 2)
    for step in _back_to_image(report, layer):
        above, below = step.axes[axis], report[step.inputs[0]].axes[axis]
        window, jump = AppliedWindow() if above.reads_pointwise else above.window, below.field.jump
        if window is None or window.transposed or jump is None:
            return None
        used = ((above.length - 1) * window.stride - below.length + window.extent) // 2
        start += (Fraction(window.extent - 1, 2) - used) * jump
    return start


def _back_to_image(report: Report, layer: LayerReport) -> Iterator[LayerReport]:
    """The layers from this one back to the image, along every layer's first input."""
    while layer.inputs:
        yield layer
        layer = report[layer.inputs[0]]


def _alias(report: Report, layer: LayerReport) -> str:
    return report.network.layers[report.network.node(layer.name) - 1].alias or ""


def _context(report: Report, layer: LayerReport) -> tuple[int | None, ...]:
    """What a part of its map reads beyond itself, the larger side per axis; ``None`` where the map has no grid."""
    try:
        return tuple(map(max, report.context(layer.name)))
    except InputError:
        return (None,) * len(layer.axes)


#: What only pages show of a layer.
_OWN = register(
    Column(
        "alias", "known as", "", "Its name in the implementation that is followed.",
        _alias, Kind.TEXT, usual="", shown=Shown.PAGES,
    ),
    Column(
        "guide_start", "start by used padding", "", "Where splitting the used padding puts unit 0.",
        used_starts, spatial=True, shown=Shown.ASKED,
    ),
    Column(
        "context", "context", "", "The pixels that a part of the map reads beyond itself, where it is cut on the grid.",
        _context, Kind.COUNT, spatial=True, shown=Shown.ASKED,
    ),
)  # fmt: skip


def known_columns() -> dict[str, LayerColumn]:
    """Every column that a table of layers can show, in the order of the arithmetic."""
    return ordered(COLUMNS, PAGE_ORDER) | _OWN


def columns_for(report: Report, keys: Sequence[str] = ()) -> list[LayerColumn]:
    """The columns of those keys, or the usual ones and those that say something of this network.

    Raises: UnknownName.
    """
    known = known_columns()
    check_keys(keys, known)
    if keys:
        return [known[key] for key in dict.fromkeys(("name", *keys))]
    return list(shown_columns(known.values(), Shown.PAGES, report))


def check_keys(keys: Sequence[str], known: Mapping[str, object]) -> None:
    """Nothing. Raises: UnknownName for a key that no column has."""
    for key in keys:
        if key not in known:
            raise UnknownName("column", key, known)


def heading_of(column: Column[Any, Any]) -> Heading:
    """What stands above a column on a page."""
    return Heading(column.key, column.symbol or column.heading, column.meaning, column.numeric)


def layer_table(
    report: Report,
    caption: str,
    columns: Sequence[LayerColumn],
    *,
    only: Sequence[str] = (),
    anchor: str = "",
    grouped: bool = False,
) -> Grid:
    """The table of a report's layers (or of those named), if wanted grouped by stage.

    With ``anchor``, every row has the id ``<anchor>-<layer>`` and its name links there.
    Raises: UnknownLayer.
    """
    chosen = _chosen(report, only) if only else None
    rows = _rows(report, columns, anchor, chosen)
    stages = list(_stages(report.layers if chosen is None else chosen))
    if grouped:
        folded, several = folds(report), len(stages) > 1
        groups = [group for stage in stages for group in _groups(stage, rows, folded, several=several)]
    else:
        groups = [Group("", tuple(rows.values()))]
    return Grid(caption, tuple(map(heading_of, columns)), tuple(groups), "layers")


class Fold(NamedTuple):
    """A run of equal blocks: from which to which, how many, and the layers of all."""

    first: str
    last: str
    times: int
    layers: tuple[str, ...]

    @property
    def heading(self) -> str:
        """What it is called.

        >>> Fold("layer3.1", "layer3.5", 5, ()).heading
        'layer3.1 to layer3.5, five times'
        """
        return f"{self.first} to {self.last}, {_COUNTS.get(self.times, f'{self.times} times')}"


_COUNTS = dict(enumerate("twice,three times,four times,five times,six times,seven times,eight times".split(","), 2))


def folds(report: Report) -> dict[str, Fold]:
    """The runs of equal blocks by the names of their layers, those that hold others rather than those within.

    >>> import rfdocs
    >>> folds(rfdocs.load("resnet50").analyze())["layer3.4.conv2"].heading
    'layer3.1 to layer3.5, five times'
    """
    graph = LayerGraph(report.network)
    runs: dict[str, Fold] = {}
    for level in range(1, graph.depth(graph.nodes) + 2):
        for run in at_level(graph, graph.nodes, level).rows:
            if run.count > 1 and not any(graph.names[node] in runs for node in run.nodes):
                fold = _fold(graph, run)
                runs.update(dict.fromkeys(fold.layers, fold))
    return runs


def _fold(graph: LayerGraph, run: BlockRun) -> Fold:
    """The run with the layers between its nodes, and around them in its blocks, that change no value."""
    blocks = run.nodes[: len(run.block)], run.nodes[-len(run.block) :]
    first, last = [common_scope([graph.names[node] for node in block]) for block in blocks]
    start, end = min(run.nodes), max(run.nodes) + 1
    while graph.names[start - 1].startswith(f"{first}."):
        start -= 1
    while end < len(graph.names) and graph.names[end].startswith(f"{last}."):
        end += 1
    return Fold(first, last, run.count, graph.names[start:end])


def _groups(
    stage: Sequence[LayerReport], rows: Mapping[str, Row], folded: Mapping[str, Fold], *, several: bool
) -> Iterator[Group]:
    """The rows of a stage: under its heading, where there are several, and equal blocks under one of their own."""
    heading, last = (_stage(stage), stage[-1].name) if several else ("", "")
    names = {layer.name for layer in stage}
    for fold, layers in groupby(stage, key=lambda layer: _fold_inside(folded.get(layer.name), names)):
        own = tuple([rows[layer.name] for layer in layers])
        if fold is not None and heading:
            yield Group(heading, (), last)
        yield Group(heading, own, last) if fold is None else Group(fold.heading, own, folded=True)
        heading, last = "", ""


def _fold_inside(fold: Fold | None, names: AbstractSet[str]) -> Fold | None:
    """The fold, if all of its layers have these names."""
    return None if fold is None or not names >= set(fold.layers) else fold


def _chosen(report: Report, only: Sequence[str]) -> Sequence[LayerReport]:
    nodes = [report.network.node(name) for name in only]
    return [report.layers[node - 1] for node in nodes if node]


def _stages(layers: Iterable[LayerReport]) -> Iterator[list[LayerReport]]:
    """Consecutive layers of one scope; outside scopes, of one size."""
    for _, stage in groupby(layers, key=lambda layer: _scope(layer) or layer.size):
        yield list(stage)


def _scope(layer: LayerReport) -> str:
    scope, dot, _ = layer.name.partition(".")
    return scope if dot else ""


def _stage(layers: Sequence[LayerReport]) -> str:
    last = layers[-1]
    jump = "" if None in last.jump else f"jump {per_axis(last.jump)}"
    return " · ".join(filter(None, (_scope(last), by_axis(last.size), jump)))


def _rows(
    report: Report, columns: Sequence[LayerColumn], anchor: str, chosen: Sequence[LayerReport] | None
) -> dict[str, Row]:
    """The rows of all layers, or of those that are chosen, by their names."""
    layers = report.layers if chosen is None else chosen
    texts = zip(*(cells(column, report, layers=chosen) for column in columns[1:]), strict=True)
    return {layer.name: _row(layer.name, row, anchor) for layer, row in zip(layers, texts, strict=True)}


def _row(name: str, cells: tuple[str, ...], anchor: str) -> Row:
    identifier = f"{anchor}-{name}" if anchor else ""
    return Row((Link(name, To.ROW, identifier) if anchor else name, *cells), identifier)
