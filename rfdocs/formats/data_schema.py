"""The JSON Schema of the data that the site serves, made from the columns' declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rfdocs.formats.columns import COLUMNS, Column, Kind, Shown, data_columns
from rfdocs.formats.comparisons import LAYER_KEYS, compared_columns
from rfdocs.formats.data import SCHEMA_VERSION
from rfdocs.formats.overview import FEATURES, NETWORK_COLUMNS
from rfdocs.graph import AXES

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MAYBE: Schema = {"type": ["integer", "null"]}
_PAIR: Schema = {"type": ["array", "null"], "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
_KINDS: dict[Kind, Schema] = {
    Kind.TEXT: _TEXT,
    Kind.NAME: {"type": ["string", "null"]},
    Kind.TEXTS: {"type": "array", "items": _TEXT},
    Kind.FLAG: {"type": "boolean"},
    Kind.COUNT: _MAYBE,
    Kind.TOTAL: _COUNT,
    Kind.LARGE: _COUNT,
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.SHARE: {"type": ["number", "null"]},
    Kind.ROUNDED: {"type": ["number", "null"]},
    Kind.SIDES: _PAIR,
    Kind.FIELDS: {"type": "array", "items": _PAIR},
    Kind.INPUT: {"$ref": "#/$defs/input"},
    Kind.LAYER: {"$ref": "#/$defs/final"},
}


def data_schema() -> Schema:
    """The schema of the three kinds of file, a network's, the index and the catalogue, and of a comparison.

    Keys that are not named may be added at any time.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:rfdocs:data:{SCHEMA_VERSION}",
        "title": "The data of rfdocs: a network, the index of all networks, the whole catalogue, or a comparison",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("network", "index", "catalogue", "comparison")],
        "$defs": {
            "network": _network(),
            "layer": _layer(),
            "tiling": _tiling(),
            "index": _listing("index entry", "index-entry"),
            "index-entry": _index_entry(),
            "final": _features(),
            "catalogue": _listing("network", "network"),
            "comparison": _comparison(),
            "compared": _compared(),
            "map": _map(),
            "licence": _object({"name": _TEXT, "url": _TEXT, "attribution": _TEXT}),
            "input": _object({"channels": _COUNT, "size": _per_axis(_COUNT)}),
        },
    }


def _network() -> Schema:
    return _object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "network": _TEXT,
            "input": {"$ref": "#/$defs/input"},
            "nominal_size": _per_axis(_COUNT),
            "axes": {"enum": [list(names) for names in AXES.values()]},
            "parameters": _COUNT,
            "macs": _COUNT,
            "depth": _COUNT,
            "layers": {"type": "array", "items": {"$ref": "#/$defs/layer"}},
        },
        {"tiling": {"anyOf": [{"$ref": "#/$defs/tiling"}, {"type": "null"}]}},
    )


def _tiling() -> Schema:
    """How to cut an image into tiles for the last map."""
    obstacle = _object({"layer": _TEXT, "why": _TEXT})
    pixels = dict.fromkeys(("grid", "period", "tile", "units", "kept", "step", "tiles"), _COUNT)
    pairs = dict.fromkeys(("context", "context_any_cut", "discard", "discard_on_grid"), _PAIR)
    sizes = _object({"step": _COUNT, "offset": _COUNT}, {"offsets": {"type": "array", "items": _COUNT}})
    axis = _object({**pixels, **pairs, "jump": {"type": "number"}, "sizes": {"anyOf": [sizes, {"type": "null"}]}})
    return _object(
        {
            "layer": _TEXT,
            "exact": {"type": "boolean"},
            "because": {"type": "array", "items": obstacle},
            "axes": _per_axis(axis),
            "count": _COUNT,
            "overhead": {"type": "number"},
        },
        {"time": {"type": "object"}},
    )


def _layer() -> Schema:
    columns = data_columns()
    return _object(_column_schemas(columns), _exact_columns(columns))


def _index_entry() -> Schema:
    """One network of the index; a list at the command line leaves out what only a site's has."""
    columns = NETWORK_COLUMNS.values()
    keys = _column_schemas([column for column in columns if Shown.DATA in column.shown])
    keys |= {"page": _TEXT, "files": _object(dict.fromkeys(("json", "csv", "source"), _TEXT))}
    return _object(keys, _column_schemas([column for column in columns if Shown.SITE in column.shown]))


def _features() -> Schema:
    columns = [COLUMNS[key] for key in FEATURES]
    return _object(_column_schemas(columns), _exact_columns(columns))


def _listing(what: str, name: str) -> Schema:
    return _object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "data_version": _TEXT,
            "licence": {"$ref": "#/$defs/licence"},
            "networks": {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": f"one {what} each"},
        }
    )


def _comparison() -> Schema:
    """Networks side by side; a network without a map of a row's jump has nothing there."""
    keys = {"type": "array", "items": _TEXT}
    layer = {"anyOf": [{"$ref": "#/$defs/map"}, {"type": "null"}]}
    jump = COLUMNS["jump"]._replace(meaning="One number where all axes agree. Unit: input pixels.")
    row = _object(
        {**_column_schemas([jump]), "layers": {"type": "array", "items": layer}, "differs": keys},
        _exact_columns([jump]),
    )
    return _object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "networks": {"type": "array", "items": {"$ref": "#/$defs/compared"}},
            "differs": keys,
            "stages": {"type": "array", "items": row},
        }
    )


def _compared() -> Schema:
    columns = compared_columns()
    return _object(
        {"network": _TEXT, "title": _TEXT, **_column_schemas(columns)} | {"last_map": {"$ref": "#/$defs/map"}}
    )


def _map() -> Schema:
    columns = [COLUMNS[key] for key in LAYER_KEYS]
    return _object({"layer": _TEXT, **_column_schemas(columns)}, _exact_columns(columns))


def _column_schemas(columns: Iterable[Column[Any, Any]]) -> dict[str, Schema]:
    return {column.key: _column_schema(column) for column in columns}


def _column_schema(column: Column[Any, Any]) -> Schema:
    kind = _per_axis(_KINDS[column.kind]) if column.spatial else _KINDS[column.kind]
    return {**kind, "description": column.meaning} if column.meaning else kind


def _exact_columns(columns: Iterable[Column[Any, Any]]) -> dict[str, Schema]:
    """The keys beside numbers that no float holds: the same as text."""
    exact = _per_axis({"type": ["string", "null"], "pattern": "^-?[0-9]+(/[0-9]+)?$"})
    return {f"{column.key}_exact": exact for column in columns if column.spatial and column.kind is Kind.NUMBER}


def _per_axis(schema: Schema) -> Schema:
    return {"type": "array", "items": schema, "minItems": 1, "maxItems": 3}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}
