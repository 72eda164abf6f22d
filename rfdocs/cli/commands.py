"""The commands that read the catalogue and say what they find."""

from __future__ import annotations

import argparse

from rfdocs.catalogue import Catalogue, CatalogueError, Entry
from rfdocs.cli.console import note, say
from rfdocs.cli.networks import network_named
from rfdocs.formats import table as table_in
from rfdocs.graph import Report


def list_networks(arguments: argparse.Namespace) -> int:
    """0, or 1 where a file of the catalogue is defective: the others are listed all the same."""
    from rfdocs.formats.data import json_text  # noqa: PLC0415 - a table has no use for it
    from rfdocs.formats.overview import list_data, list_text  # noqa: PLC0415 - a table has no use for it

    networks: list[tuple[Entry, Report]] = []
    defects: list[CatalogueError] = []
    for family in Catalogue().families():
        try:
            networks.extend([(entry, entry.analyze()) for entry in family.entries()])
        except CatalogueError as error:
            defects.append(error)
    say(json_text(list_data(networks)) if arguments.format == "json" else list_text(networks))
    for defect in defects:
        note(defect.message)
    return 1 if defects else 0


def table(arguments: argparse.Namespace) -> int:
    """0, when the table was said."""
    entry, report = _entry_and_report(arguments)
    say(table_in(entry.identifier, report, arguments.format))
    return 0


def query(arguments: argparse.Namespace) -> int:
    """0, when one unit's field was said."""
    from rfdocs.formats.data import json_text, query_data  # noqa: PLC0415 - a table has no use for it
    from rfdocs.formats.units import query_text  # noqa: PLC0415 - a table has no use for it

    entry, report = _entry_and_report(arguments)
    unit = (entry.identifier, report, arguments.layer, arguments.index)
    say(json_text(query_data(*unit)) if arguments.format == "json" else query_text(*unit))
    return 0


def seen_by(arguments: argparse.Namespace) -> int:
    """0, when the units that see a pixel were said."""
    from rfdocs.formats.data import json_text, seen_by_data  # noqa: PLC0415 - a table has no use for it
    from rfdocs.formats.units import seen_by_text  # noqa: PLC0415 - a table has no use for it

    entry, report = _entry_and_report(arguments)
    pixel = (entry.identifier, report, arguments.layer, arguments.pixel)
    say(json_text(seen_by_data(*pixel)) if arguments.format == "json" else seen_by_text(*pixel))
    return 0


def _entry_and_report(arguments: argparse.Namespace) -> tuple[Entry, Report]:
    entry = network_named(arguments.network)
    return entry, entry.analyze(arguments.input)
