"""Single values: what one unit sees, and one value in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.errors import UnknownName
from rfdocs.formats.columns import LayerColumn
from rfdocs.formats.numbers import by_axis, ends, text_number
from rfdocs.graph import AXES, LayerReport, Report, UnitField, place_text
from rfdocs.pages.content import Cell, Grid, Group, Heading, Part, Row
from rfdocs.pages.layers import columns_for, heading_of, known_columns

_UNIT_HEADINGS = (
    Heading("axis", "axis"),
    Heading("index", "unit", "", numeric=True),
    Heading("field", "receptive field", "First and last pixel of the theoretical field.", numeric=True),
    Heading("size", "length", "Unit: pixels.", numeric=True),
    Heading("center", "centre", "Pixel 0 is centred at 0.5.", numeric=True),
    Heading("visible", "seen", "First and last real pixel that is reached.", numeric=True),
    Heading("visible_size", "visible length", "Unit: pixels.", numeric=True),
)
_GATE_HEADINGS = (
    Heading("gates_field", "field through gates", "First and last pixel, gates included.", numeric=True),
    Heading("gates_visible", "seen through gates", "First and last real pixel, gates included.", numeric=True),
)
_TO = " … "
TOTALS = ("parameters", "macs", "depth")


def unit_table(title: Part, report: Report, name: str, index: Sequence[int], caption: str = "") -> Grid:
    """What one unit of a layer sees, one row per axis: along the spatial paths, and what gates add.

    Raises: UnknownLayer, InputError.
    """
    layer, unit = report[name], report.unit(name, index)
    axes = zip(AXES[len(index)], index, unit, strict=True)
    rows = [Row((axis, *_cells(layer, place, field))) for axis, place, field in axes]
    told = f", {name}, unit {place_text(index)} of {by_axis(layer.size)}: what it sees"
    words: Cell = caption or (title, told)
    return Grid(words, (_UNIT_HEADINGS[0], *_headings(layer)), (Group("", tuple(rows)),), "unit")


def every_unit_table(title: Part, report: Report, name: str, axis: int, caption: str = "") -> Grid:
    """What every unit of a layer sees on one axis. Raises: UnknownLayer."""
    layer = report[name]
    center = layer.central_index
    units = [(*center[:axis], place, *center[axis + 1 :]) for place in range(layer.size[axis])]
    rows = tuple([Row(_cells(layer, unit[axis], report.unit(name, unit)[axis])) for unit in units])
    count, axis_name = text_number(layer.size[axis]), AXES[len(center)][axis]
    words: Cell = caption or (title, f", {name}: what each of its {count} units sees, {axis_name}")
    return Grid(words, _headings(layer), (Group("", rows),), "unit")


def _headings(layer: LayerReport) -> tuple[Heading, ...]:
    return (*_UNIT_HEADINGS[1:], *(_GATE_HEADINGS if layer.global_context else ()))


def _cells(layer: LayerReport, place: int, axis: UnitField) -> tuple[str, ...]:
    size, center, seen = map(text_number, (axis.spatial_size, axis.spatial_center, axis.spatial_visible_size))
    cells = (text_number(place), ends(axis.spatial_field, _TO), size, center, ends(axis.spatial_visible, _TO), seen)
    return (*cells, ends(axis.field, _TO), ends(axis.visible, _TO)) if layer.global_context else cells


ChosenLayer = tuple[Part, Report, str]


def comparison(chosen: Sequence[ChosenLayer], keys: Sequence[str], caption: str) -> Grid:
    """One layer each of several networks, side by side. Raises: UnknownLayer, UnknownName."""
    columns = [column for column in columns_for(chosen[0][1], keys) if column.key != "name"]
    headings = (*_ROW_HEADINGS, *map(heading_of, columns))
    rows = tuple(_comparison_row(layer, columns) for layer in chosen)
    return Grid(caption, headings, (Group("", rows),), "comparison")


_ROW_HEADINGS = (Heading("network", "network"), Heading("layer", "layer"), Heading("input", "input", "", numeric=True))


def _comparison_row(chosen: ChosenLayer, columns: Sequence[LayerColumn]) -> Row:
    title, report, name = chosen
    cells = [column.cell(report, _layer_report(report, name)) for column in columns]
    return Row((title, name, by_axis(report.input_size), *cells))


def _layer_report(report: Report, name: str) -> LayerReport:
    node = report.network.node(name)
    if node == 0:
        raise UnknownName("layer with figures", name, [one.name for one in report.layers])
    return report.layers[node - 1]


def single_value(report: Report, words: Sequence[str]) -> str:
    """One value as text: ``layer column``, or ``column`` of the whole network (parameters, macs, depth).

    Raises: UnknownName, UnknownLayer.

    >>> import rfdocs
    >>> single_value(rfdocs.load("vgg16").analyze(), ["pool5", "rf"])
    '212'
    """
    if len(words) == 1:
        if words[0] not in TOTALS:
            raise UnknownName("figure of a whole network", words[0], TOTALS)
        return text_number(getattr(report, words[0]))
    layer, key = words if len(words) == 2 else ("", "")
    columns = known_columns()
    if key not in columns:
        raise UnknownName("figure of a layer", key, columns)
    return columns[key].cell(report, _layer_report(report, layer))
