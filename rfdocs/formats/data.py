"""What programs read: JSON and CSV.

Numbers are integers where they are whole. A fraction that no float holds is given as the nearest float, and exactly,
as text, under ``<key>_exact`` beside it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from types import SimpleNamespace
from typing import Any

from rfdocs.algebra import Interval
from rfdocs.formats.columns import (
    COLUMNS,
    Kind,
    LayerColumn,
    Phases,
    Sides,
    Spatial,
    Value,
    data_columns,
    values,
)
from rfdocs.formats.numbers import is_binary, json_number, text_number
from rfdocs.graph import AXES, LayerReport, Report

#: The version of the JSON formats: raised when a key changes its meaning or goes away.
SCHEMA_VERSION = 1

JsonObject = dict[str, Any]
Intervals = Iterable[Interval | None]


def table_data(identifier: str, report: Report) -> JsonObject:
    """All values of all layers."""
    columns = data_columns()
    keys = [column.key for column in columns]
    return {
        **_head(identifier, report),
        "nominal_size": list(report.network.input_size),
        "axes": list(AXES[report.network.axes]),
        "parameters": report.parameters,
        "macs": report.macs,
        "depth": report.depth,
        "layers": [json_object(zip(keys, row, strict=True)) for row in _layer_rows(columns, report)],
    }


def _head(identifier: str, report: Report) -> JsonObject:
    """What all data on one network begin with."""
    return {"schema_version": SCHEMA_VERSION, "network": identifier, "input": input_data(report)}


def input_data(report: Report) -> JsonObject:
    """The image of a report: its channels and its size."""
    return {"channels": report.network.input_channels, "size": list(report.input_size)}


def _layer_head(identifier: str, report: Report, name: str) -> JsonObject:
    """What data on one layer begin with: its name as it was asked for, and its own."""
    layer = report[name]
    return {**_head(identifier, report), "layer": name, "name": layer.name, "map": list(layer.size)}


def layer_values(report: Report, layer: LayerReport, keys: Iterable[str]) -> JsonObject:
    """Some values of one layer, by their columns' keys."""
    return json_object((key, COLUMNS[key].value(report, layer)) for key in keys)


def _layer_rows(columns: Iterable[LayerColumn], report: Report) -> Iterator[tuple[Value, ...]]:
    """The values of the columns, layer by layer."""
    return zip(*(values(column, report) for column in columns), strict=True)


def json_object(values_by_key: Iterable[tuple[str, Value]]) -> JsonObject:
    """The values by their keys, as JSON has them.

    >>> json_object([("jump", (Fraction(1, 3), None)), ("share", Fraction(1, 4))])
    {'jump': [0.3333333333333333, None], 'jump_exact': ['1/3', None], 'share': 0.25}
    >>> json_object([("share", Fraction(1, 3))])
    {'share': 0.3333333333333333, 'share_exact': '1/3'}
    """
    members: JsonObject = {}
    for key, value in values_by_key:
        several = isinstance(value, tuple)
        parts = value if isinstance(value, tuple) else (value,)
        if Fraction in map(type, parts):
            numbers = [json_number(part) if isinstance(part, Fraction) else part for part in parts]
            members[key] = numbers if several else numbers[0]
            if not all(map(is_binary, parts)):
                texts = [None if part is None else str(part) for part in parts]
                members[f"{key}_exact"] = texts if several else texts[0]
        else:
            members[key] = list(parts) if several else value
    return members


def query_data(identifier: str, report: Report, name: str, index: Sequence[int]) -> JsonObject:
    """What one unit sees. Raises: UnknownLayer, InputError."""
    unit, seen = report.unit(name, index), report.visible_ranges(name, index)
    return {
        **_layer_head(identifier, report, name),
        "index": list(index),
        "field": _intervals(axis.field for axis in unit),
        "visible": _intervals(axis.visible for axis in unit),
        "center": [json_number(axis.center) for axis in unit],
        "size": [axis.size for axis in unit],
        "visible_pixels": [None if parts is None else sum(part.size for part in parts) for parts in seen],
        "visible_ranges": [None if parts is None else _intervals(parts) for parts in seen],
        "spatial_field": _intervals(axis.spatial_field for axis in unit),
        "spatial_visible": _intervals(axis.spatial_visible for axis in unit),
        "global_context": report[name].global_context,
        "bound": report[name].bound.value,
    }


def _intervals(fields: Intervals) -> list[list[int] | None]:
    return [None if field is None else [field.first, field.last] for field in fields]


def seen_by_data(identifier: str, report: Report, name: str, pixel: Sequence[int]) -> JsonObject:
    """The units of a layer that see one pixel, per axis, with and without gates; with them ``None`` where they are too
    many to follow. Raises: UnknownLayer, InputError.
    """
    gated = report[name].global_context
    return {
        **_layer_head(identifier, report, name),
        "pixel": list(pixel),
        "units": None if gated and report.unfollowed else list(report.seen_by(name, pixel)),
        "spatial_units": list(report.seen_by(name, pixel, gates=False)),
        "global_context": gated,
    }


def json_text(members: JsonObject) -> str:
    """The object as JSON in plain ASCII; the items of a list of objects stand one on a line, to be compared.

    >>> print(json_text({"a": [1, 2], "b": [{"c": 1}, {"c": 2}]}), end="")
    {
      "a": [1, 2],
      "b": [
        {"c": 1},
        {"c": 2}
      ]
    }
    """
    texts = [f"  {json.dumps(key)}: {_member_text(value)}" for key, value in members.items()]
    return "{\n" + ",\n".join(texts) + "\n}\n"


def _member_text(value: Any) -> str:
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return json.dumps(value)
    return "[\n" + ",\n".join(f"    {json.dumps(item)}" for item in value) + "\n  ]"


def table_json(identifier: str, report: Report) -> str:
    """All values of all layers as JSON."""
    return json_text(table_data(identifier, report))


def table_csv(identifier: str, report: Report) -> str:  # noqa: ARG001 - every format takes these two
    """All values of all layers as CSV: one line a layer, one column per axis, fractions exact."""
    columns, axes = data_columns(), AXES[report.network.axes]
    head = [name for column in columns for name in _csv_names(column, axes)]
    cells = [map(_cells_of(column), values(column, report)) for column in columns]
    return csv_text([head, *(list(chain.from_iterable(row)) for row in zip(*cells, strict=True))])


def _csv_names(column: LayerColumn, axes: Sequence[str]) -> list[str]:
    if column.kind is Kind.SIDES:
        return [f"{column.key}_{side}_{axis}" for axis in axes for side in ("before", "after")]
    return [f"{column.key}_{axis}" for axis in axes] if column.spatial else [column.key]


def _sides_cells(value: Sides) -> list[str]:
    """Both sides of every axis, one after the other.

    >>> _sides_cells(((1, 2), None))
    ['1', '2', '', '']
    """
    return [text for pair in value for text in (("", "") if pair is None else map(str, pair))]


def _fields_cells(value: Phases) -> list[str]:
    """Each axis' fields by their first and last pixel; a hyphen for a unit that reads nothing.

    >>> _fields_cells(((Interval(0, 2), None),))
    ['0..2 -']
    """
    return [" ".join(["-" if field is None else f"{field.first}..{field.last}" for field in axis]) for axis in value]


def _rounded_cells(value: Iterable[float | None]) -> list[str]:
    """The numbers; nothing where there is none."""
    return ["" if part is None else str(part) for part in value]


#: The cells of all axes, where a value is more than an exact number.
_CELLS: dict[Kind, Callable[[Any], list[str]]] = {
    Kind.SIDES: _sides_cells,
    Kind.FIELDS: _fields_cells,
    Kind.SHARE: _rounded_cells,
    Kind.ROUNDED: _rounded_cells,
}


def _cells_of(column: LayerColumn) -> Callable[[Any], list[str]]:
    """What makes the cells of one layer of a column's value."""
    return _CELLS.get(column.kind, _csv_cells) if column.spatial else _csv_cells


def _csv_cells(value: Value) -> list[str]:
    if isinstance(value, tuple):
        return [" ".join(map(str, value))] if not value or isinstance(value[0], str) else _spatial_cells(value)
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, (str, int, float)):
        return [str(value)]
    assert not isinstance(value, Mapping), "only networks have columns of several values"
    return ["" if value is None else text_number(value, "")]


@lru_cache(maxsize=1 << 12)
def _spatial_cells(values: Spatial) -> list[str]:
    return ["" if part is None else text_number(part, "") for part in values]


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Lines of comma-separated values. Source: RFC 4180, with a bare line feed."""
    lines: list[str] = []
    # By its own line ending the writer knows all letters that need quotes; with a bare one it forgets the other.
    csv.writer(SimpleNamespace(write=lines.append)).writerows(rows)
    return "".join([f"{line[:-2]}\n" for line in lines])
