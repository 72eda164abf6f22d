"""The catalogue's networks at a glance: one record or line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rfdocs.graph import LayerReport, Report
from rfdocs.report.columns import field_text
from rfdocs.report.data import SCHEMA_VERSION, Record, layer_figures
from rfdocs.report.numbers import by_axis, per_axis, text_number
from rfdocs.report.tables import Table, aligned

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry

#: What is said of the last spatial layer.
FINAL = ("name", "channels", "size", "jump", "rf", "rf_min", "start", "global_context")


def final_map(report: Report) -> LayerReport:
    """The last layer before global pooling and fully connected layers, whose field people mean by the network's.

    >>> import rfdocs
    >>> final_map(rfdocs.load("vgg16").analyze()).receptive_field
    (212, 212)
    """
    return report.features


def network_record(entry: Entry, report: Report) -> Record:
    """What a list of networks says of one."""
    final = layer_figures(report, final_map(report), FINAL)
    return {
        "id": entry.identifier,
        "title": entry.title,
        "family": entry.family,
        "family_title": entry.family_title,
        "year": entry.description.year,
        "tasks": list(entry.description.tasks),
        "input": {"channels": entry.network.input_channels, "size": list(report.input_size)},
        "layers": len(report.layers),
        "depth": report.depth,
        "parameters": report.parameters,
        "macs": report.macs,
        "final": final,
    }


def list_record(networks: Iterable[tuple[Entry, Report]]) -> Record:
    """All networks; ``final`` is the last map before global pooling and fully connected layers."""
    return {
        "schema_version": SCHEMA_VERSION,
        "networks": [network_record(entry, report) for entry, report in networks],
    }


def list_text(networks: Iterable[tuple[Entry, Report]]) -> str:
    """All networks as a table for a terminal."""
    rows = [_row(entry, report) for entry, report in networks]
    table = Table(["id", "title", "input", "layers", "depth", "field", "jump", "at"], rows)
    return (
        aligned(table)
        + "\nfield and jump, in input pixels, along the spatial path, at the last map before global pooling and fully"
        " connected layers\n"
    )


def _row(entry: Entry, report: Report) -> list[str]:
    final = final_map(report)
    return [
        entry.identifier,
        entry.title,
        by_axis((entry.network.input_channels, *report.input_size)),
        text_number(len(report.layers)),
        text_number(report.depth),
        field_text(final),
        per_axis(final.jump),
        final.name,
    ]
