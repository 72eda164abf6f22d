"""The catalogue's networks at a glance: one JSON object or line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rfdocs.formats.columns import COLUMNS, Column, Kind, Shown, Value, field_text, register
from rfdocs.formats.data import SCHEMA_VERSION, JsonObject, json_object, layer_values
from rfdocs.formats.numbers import by_axis
from rfdocs.formats.tables import Table, aligned
from rfdocs.graph import InputError, LayerReport, Report

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry
    from rfdocs.graph.tiling import Tiling

#: What is said of the last spatial layer, whose field people mean by the network's.
FEATURES = ("name", "channels", "size", "jump", "rf", "rf_min", "start", "global_context")


NetworkColumn = Column["Entry", Report]


def _features_field_text(_: Entry, report: Report, thousands: str) -> str:
    return field_text(report.features, thousands)


def layer_name(layer: LayerReport | None) -> str | None:
    """The layer's name, if there is a layer."""
    return None if layer is None else layer.name


def _implementation(entry: Entry, _: Report) -> str:
    implementation = entry.description.implementation
    return "" if implementation is None else implementation.name


def _symbol(entry: Entry, _: Report) -> str:
    implementation = entry.description.implementation
    return "" if implementation is None else implementation.symbol or ""


def of_last_map(key: str, shown: Shown) -> NetworkColumn:
    """A column of layers as one of networks: what it says of the last map."""
    own = COLUMNS[key]
    return Column(
        key, own.heading, own.symbol, own.meaning,
        lambda _, report: own.value(report, report.features), own.kind, own.spatial, shown=shown,
        text=lambda _, report, thousands: own.cell(report, report.features, thousands),
    )  # fmt: skip


def _effective_width(_: Entry, report: Report) -> Value:
    """That of the last map, also where the paths of all layers are too many, and those of its central unit are not."""
    name = report.features.name
    spreads = [report.central_spread(name, axis) for axis in range(report.network.axes)]
    return tuple([None if spread is None else spread.width for spread in spreads])


def last_tiling(report: Report) -> Tiling | None:
    """The tiling for the last map; ``None`` where no tile has its units."""
    try:
        return report.tiling()
    except InputError:
        return None


def _context(_: Entry, report: Report) -> Value:
    tiling = last_tiling(report)
    return (None,) * report.network.axes if tiling is None else tuple([axis.context for axis in tiling.axes])


#: Every column of the list of all networks by its key, in the order of the data.
# fmt: off
NETWORK_COLUMNS: dict[str, NetworkColumn] = register(
    Column("id", "id", "", "",
           lambda entry, _: entry.identifier, Kind.TEXT, shown=Shown.DATA | Shown.TEXT),
    Column("title", "title", "network", "",
           lambda entry, _: entry.title, Kind.TEXT, shown=Shown.ALWAYS),
    Column("family", "family's id", "", "",
           lambda entry, _: entry.family, Kind.TEXT),
    Column("family_title", "family", "", "",
           lambda entry, _: entry.family_title, Kind.TEXT, shown=Shown.TABLED),
    Column("year", "year", "", "The year of publication.",
           lambda entry, _: entry.description.year, Kind.COUNT, shown=Shown.TABLED,
           text=lambda entry, _, __: str(entry.description.year or "")),
    Column("tasks", "task", "", "",
           lambda entry, _: tuple(entry.description.tasks), Kind.TEXTS, shown=Shown.TABLED),
    Column("input", "input", "", "Channels and nominal size.",
           lambda entry, report: {"channels": entry.network.input_channels, "size": list(report.input_size)},
           Kind.INPUT, shown=Shown.ALWAYS),
    Column("layers", "layers", "", "Its layers.",
           lambda _, report: len(report.layers), Kind.TOTAL, shown=Shown.DATA | Shown.TEXT),
    Column("depth", "depth", "", "Layers with weights on the longest path.",
           lambda _, report: report.depth, Kind.TOTAL, shown=Shown.ALWAYS),
    Column("parameters", "parameters", "", "Learned numbers.",
           lambda _, report: report.parameters, Kind.LARGE, shown=Shown.TABLED),
    Column("macs", "macs", "MACs", "Multiply-accumulates for one input, without bias.",
           lambda _, report: report.macs, Kind.LARGE, shown=Shown.TABLED),
    Column("rf", "field", "r",
           "The receptive field of the last spatial layer, along the spatial paths. Unit: pixels.",
           lambda _, report: report.features.receptive_field, Kind.COUNT, spatial=True,
           shown=Shown.TEXT | Shown.PAGES, text=_features_field_text),
    Column("jump", "jump", "j", "The distance between that layer's units. Unit: pixels.",
           lambda _, report: report.features.jump, spatial=True, shown=Shown.TEXT | Shown.PAGES),
    Column("size", "size", "n", "That layer's map.",
           lambda _, report: report.features.size, Kind.COUNT, spatial=True, shown=Shown.PAGES,
           text=lambda _, report, __: by_axis(report.features.size)),
    Column("final", "at", "", "That layer, the last before global pooling and fully connected layers.",
           lambda _, report: layer_values(report, report.features, FEATURES), Kind.LAYER,
           shown=Shown.DATA | Shown.TEXT, text=lambda _, report, __: report.features.name),
    Column("visible_share", "seen with gates", "",
           "The share of the image that its central unit sees, gates included.",
           lambda _, report: float(report.visible_share(report.features.name)), Kind.SHARE, shown=Shown.SITE),
    Column("spatial_visible_share", "seen", "",
           "The share of the image that its central unit sees, along the spatial paths.",
           lambda _, report: float(report.spatial_visible_share(report.features.name)), Kind.SHARE,
           shown=Shown.SITE | Shown.PAGES),
    Column("whole_image_from", "whole image from", "",
           "The first layer whose central unit sees it, along the spatial paths.",
           lambda _, report: layer_name(report.first_to_see_all), Kind.NAME, shown=Shown.SITE | Shown.PAGES,
           text=lambda _, report, __: layer_name(report.first_to_see_all) or "none"),
    Column("global_context_from", "gates from", "", "The first layer after a gate.",
           lambda _, report: layer_name(next((layer for layer in report if layer.global_context), None)), Kind.NAME,
           shown=Shown.SITE),
    Column("implementation", "follows", "", "The implementation whose padding is followed.",
           _implementation, Kind.TEXT, shown=Shown.PAGES),
    Column("symbol", "symbol", "", "What to call or import there.",
           _symbol, Kind.TEXT),
    Column("gates", "through gates from", "", "The first layer of which gates show every unit the whole image.",
           lambda _, report: layer_name(report.first_through_gates) or "", Kind.TEXT, shown=Shown.PAGES),
    of_last_map("effective_width_95", Shown.SITE)._replace(value=_effective_width, text=None),
    Column("context", "context for tiling", "",
           "What a stretch of the last map that is cut on the tiles' grid reads beyond itself, before and after; none "
           "where no tile has units of the whole. Unit: input pixels.",
           _context, Kind.SIDES, spatial=True, shown=Shown.ASKED),
)
# fmt: on

#: The order of the pages' tables; what is not named follows in the order of the data.
NETWORK_PAGE_ORDER = (
    "title", "rf", "jump", "size", "spatial_visible_share", "depth", "parameters", "macs", "input", "year", "tasks",
    "family_title", "implementation", "whole_image_from",
)  # fmt: skip


def network_data(entry: Entry, report: Report, shown: Shown = Shown.DATA) -> JsonObject:
    """What a list of networks says of one, in the data that ``shown`` names."""
    columns = [column for column in NETWORK_COLUMNS.values() if shown & column.shown]
    return json_object((column.key, column.value(entry, report)) for column in columns)


def list_data(networks: Iterable[tuple[Entry, Report]]) -> JsonObject:
    """All networks; ``final`` is the last map before global pooling and fully connected layers."""
    return {
        "schema_version": SCHEMA_VERSION,
        "networks": [network_data(entry, report) for entry, report in networks],
    }


def list_text(networks: Iterable[tuple[Entry, Report]]) -> str:
    """All networks as a table for a terminal."""
    columns = [column for column in NETWORK_COLUMNS.values() if Shown.TEXT in column.shown]
    rows = [[column.cell(entry, report) for column in columns] for entry, report in networks]
    text_places = [place for place, column in enumerate(columns) if not column.numeric or column.kind is Kind.INPUT]
    return (
        aligned(Table([column.heading for column in columns], rows, text_places))
        + "\nfield and jump, in input pixels, along the spatial path, at the last map before global pooling and fully"
        " connected layers\n"
    )
