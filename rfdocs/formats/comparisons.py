"""Networks side by side, as people and programs read it: their values as wholes, and their maps aligned by jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from rfdocs.formats.columns import COLUMNS, Column, Kind, Shown, Value, register
from rfdocs.formats.data import SCHEMA_VERSION, JsonObject, json_object, json_text, layer_values
from rfdocs.formats.numbers import NONE, per_axis
from rfdocs.formats.overview import NETWORK_COLUMNS, NetworkColumn, last_tiling, of_last_map
from rfdocs.formats.tables import Table, aligned, markdown, markdown_escaped, printable, units_legend
from rfdocs.graph import InputError, LayerReport, Report

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry

Networks = Sequence[tuple["Entry", Report]]
#: A jump per axis, or one for all axes that agree: images and sound have rows in common.
Jump = tuple[Fraction, ...]

#: What data say of a layer.
LAYER_KEYS = (
    "name", "channels", "size", "jump", "rf", "rf_min", "start", "global_context", "visible", "visible_share",
    "spatial_visible", "spatial_visible_share",
)  # fmt: skip
#: What is compared of the layers of a row.
ROW_COLUMNS = register(
    *[COLUMNS[key] for key in ("size", "rf", "start")], COLUMNS["spatial_visible"]._replace(heading="visible")
)

_ROW = "each row has the last map of its jump; visible: the length that its central unit sees of the image"
_GATED = "all along the spatial path; through gates units see more, as a rule the whole image"
_BOTH = Shown.DATA | Shown.TEXT


def rows_by_jump(report: Report, among: Sequence[LayerReport] | None = None) -> dict[Jump, LayerReport]:
    """The layer that stands for each jump of a network: the last map of that jump, or one before it that has the same
    values and ends a scope farther out, as ``layer1`` rather than ``layer2.0.conv1``. Maps without a jump have no row.
    ``among`` are the maps to choose from, by default all.

    Rule: ``row(j) = last {m in A(j): rank(m) = min rank(A(j))}`` with ``A(j) = {m in M: v(m) = v(l(j))}`` and ``l(j) =
    last {m in M: jump(m) = j}``; ``M`` are the maps less those that change nothing, ``v`` is size, jump, field and
    start, and ``rank`` is -1 for the network's last map, otherwise the number of scopes around the name that people
    know the layer by.

    >>> import rfdocs
    >>> report = rfdocs.load("resnet50").analyze()
    >>> [(int(*jump), report.network.shown_name(layer.name)) for jump, layer in rows_by_jump(report).items()]
    [(2, 'conv1'), (4, 'layer1'), (8, 'layer2'), (16, 'layer3'), (32, 'layer4')]
    """
    maps = [layer for layer in among or report.maps if not report.changes_nothing(layer)]
    alike: dict[tuple[object, ...], list[LayerReport]] = {}
    for layer in reversed(maps):
        alike.setdefault(spatial_values(layer), []).append(layer)
    rows: dict[Jump, LayerReport] = {}
    for last in {layer.jump: layer for layer in maps}.values():
        jump = tuple([step for step in last.jump if step is not None])
        if len(jump) == len(last.jump):
            chosen = min(alike[spatial_values(last)], key=partial(_rank, report))
            rows[jump[:1] if len(set(jump)) == 1 else jump] = chosen
    return rows


def _rank(report: Report, layer: LayerReport) -> int:
    return -1 if layer is report.features else report.network.shown_name(layer.name).count(".")


def spatial_values(layer: LayerReport) -> tuple[object, ...]:
    """What two maps have in common that see the same of the image, unit by unit."""
    return (layer.size, layer.jump, layer.receptive_field, layer.receptive_field_min, layer.start)


def _layer_data(report: Report, layer: LayerReport) -> JsonObject:
    """A layer by the name that people know it by, and its values."""
    return {"layer": report.network.shown_name(layer.name), **layer_values(report, layer, LAYER_KEYS)}


def _tiled_exactly(_: Entry, report: Report) -> bool:
    tiling = last_tiling(report)
    return tiling is not None and tiling.exact


#: What is compared of networks as wholes, in the order of the table; data have the values of the last map in one place.
# fmt: off
COMPARED_COLUMNS: dict[str, NetworkColumn] = register(
    NETWORK_COLUMNS["input"],
    Column("last_map", "last map", "", "The last map before global pooling and fully connected layers.",
           lambda _, report: _layer_data(report, report.features), Kind.LAYER, shown=_BOTH,
           text=lambda _, report, __: report.network.shown_name(report.features.name)),
    *[of_last_map(key, Shown.TEXT) for key in ("size", "jump", "rf", "start", "spatial_visible_share")],
    *[NETWORK_COLUMNS[key]._replace(shown=_BOTH)
      for key in ("effective_width_95", "whole_image_from", "global_context_from", "depth", "parameters", "macs",
                  "context")],
    Column("tiled_exactly", "tiled exactly", "", "Whether tiles give exactly what the whole image gives.",
           _tiled_exactly, Kind.FLAG, shown=_BOTH,
           text=lambda entry, report, _: "yes" if _tiled_exactly(entry, report) else "no"),
)
# fmt: on


class ComparedLine(NamedTuple):
    """One value of several networks: its column, their cells, and whether these differ."""

    column: NetworkColumn
    cells: tuple[str, ...]
    differs: bool


def compared_lines(networks: Networks) -> list[ComparedLine]:
    """The networks' values as wholes, less those that none has."""
    lines = []
    for column in COMPARED_COLUMNS.values():
        told = [_told(column, *network) for network in networks]
        if any(cell != NONE for cell, _ in told):
            lines.append(ComparedLine(column, tuple([cell for cell, _ in told]), len({value for _, value in told}) > 1))
    return lines


def _told(column: Column[Any, Any], whole: object, part: object) -> tuple[str, object]:
    """A cell, and what is compared of it: of a layer's name only whether there is one, of a rounded share the share."""
    try:
        cell, value = column.cell(whole, part), column.value(whole, part)
    except InputError:  # the maps are too large to follow every unit
        return NONE, None
    if column.kind in (Kind.NAME, Kind.LAYER):
        return cell, value is None
    return cell, value if column.kind is Kind.SHARE else cell


class StageRow(NamedTuple):
    """The layers of one jump, for each network one or none, and the keys of the values in which they differ: ``jump``
    where not all networks have one.
    """

    jump: Jump
    layers: tuple[LayerReport | None, ...]
    differs: tuple[str, ...]


def stage_rows(networks: Networks) -> list[StageRow]:
    """The networks' layers aligned by jump, the smallest first.

    >>> import rfdocs
    >>> networks = [(entry, entry.analyze()) for entry in map(rfdocs.load, ("alexnet", "vgg16"))]
    >>> [(int(*row.jump), [layer and layer.name for layer in row.layers]) for row in stage_rows(networks)][2:]
    [(4, ['conv1', 'conv3_3']), (8, ['conv2', 'conv4_3']), (16, ['conv5', 'conv5_3']), (32, ['pool5', 'pool5'])]
    """
    reports = [report for _, report in networks]
    rows = list(map(rows_by_jump, reports))
    return [
        StageRow(jump, layers := tuple([own.get(jump) for own in rows]), tuple(_differing(reports, layers)))
        for jump in sorted(dict.fromkeys(chain(*rows)), key=lambda jump: (max(jump), jump))
    ]


def _differing(reports: Sequence[Report], layers: Sequence[LayerReport | None]) -> list[str]:
    pairs = [(report, layer) for report, layer in zip(reports, layers, strict=True) if layer is not None]
    differing = [key for key, column in ROW_COLUMNS.items() if len({column.cell(*pair) for pair in pairs}) > 1]
    return [*(["jump"] if len(pairs) < len(layers) else []), *differing]


def _whole_table(networks: Networks) -> Table:
    rows = [[line.column.heading, *line.cells, "yes" if line.differs else ""] for line in compared_lines(networks)]
    return Table(["", *_names(networks), "differs"], rows, (0, len(networks) + 1))


def _stages_table(networks: Networks) -> Table:
    """One row for each jump; every network's layer stands below the network's name."""
    headings = [column.heading for column in ROW_COLUMNS.values()]
    rows = [
        [
            per_axis(row.jump),
            *[cell for pair in zip(networks, row.layers, strict=True) for cell in _layer_cells(pair[0][1], pair[1])],
            ", ".join([{**COLUMNS, **ROW_COLUMNS}[key].heading for key in row.differs]),
        ]
        for row in stage_rows(networks)
    ]
    heads = [heading for name in _names(networks) for heading in (name, *headings)]
    names = range(1, len(heads) + 2, 1 + len(headings))
    return Table(["jump", *heads, "differs"], rows, names)


def _layer_cells(report: Report, layer: LayerReport | None) -> list[str]:
    if layer is None:
        return [""] * (1 + len(ROW_COLUMNS))
    return [report.network.shown_name(layer.name), *[column.cell(report, layer) for column in ROW_COLUMNS.values()]]


def _names(networks: Networks) -> list[str]:
    return [printable(entry.identifier) for entry, _ in networks]


def comparison_text(networks: Networks) -> str:
    """The comparison for a terminal."""
    return _comparison(networks, aligned, str)


def comparison_markdown(networks: Networks) -> str:
    """The comparison as markdown."""
    return _comparison(networks, markdown, markdown_escaped)


def _comparison(networks: Networks, table: Callable[[Table], str], words: Callable[[str], str]) -> str:
    reports = [report for _, report in networks]
    gates = [_GATED] if any(layer.global_context for report in reports for layer in report) else []
    notes = "".join([f"{words(line)}\n" for line in (_ROW, units_legend(*reports), *gates)])
    return f"{table(_whole_table(networks))}\n{table(_stages_table(networks))}\n{notes}"


def comparison_json(networks: Networks) -> str:
    """The comparison as JSON."""
    return json_text(comparison_data(networks))


def comparison_data(networks: Networks) -> JsonObject:
    """The comparison as JSON has it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "networks": [_network_data(entry, report) for entry, report in networks],
        "differs": [line.column.key for line in compared_lines(networks) if line.differs],
        "stages": [_row_data(networks, row) for row in stage_rows(networks)],
    }


def compared_columns() -> list[NetworkColumn]:
    """The columns of data on a whole network, in their order."""
    return [column for column in COMPARED_COLUMNS.values() if Shown.DATA in column.shown]


def _network_data(entry: Entry, report: Report) -> JsonObject:
    columns = compared_columns()
    return {
        "network": entry.identifier,
        "title": entry.title,
        **json_object((column.key, _value(column, entry, report)) for column in columns),
    }


def _value(column: NetworkColumn, entry: Entry, report: Report) -> Value:
    try:
        return column.value(entry, report)
    except InputError:  # the maps are too large to follow every unit
        return None


def _row_data(networks: Networks, row: StageRow) -> JsonObject:
    pairs = zip(networks, row.layers, strict=True)
    return {
        **json_object([("jump", row.jump)]),
        "layers": [None if layer is None else _layer_data(report, layer) for (_, report), layer in pairs],
        "differs": list(row.differs),
    }
