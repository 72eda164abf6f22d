"""The commands that read the catalogue and say what they find."""

from __future__ import annotations

import argparse

from rfdocs import report as texts
from rfdocs.catalogue import Catalogue, CatalogueError, Entry, load
from rfdocs.cli.console import note, say
from rfdocs.graph import Report


def list_networks(arguments: argparse.Namespace) -> int:
    """0, or 1 where a file of the catalogue is defective: the others are listed all the same."""
    networks: list[tuple[Entry, Report]] = []
    defects: list[CatalogueError] = []
    for family in Catalogue().families():
        try:
            networks.extend([(entry, entry.analyze()) for entry in family.entries()])
        except CatalogueError as error:
            defects.append(error)
    if arguments.format == "json":
        say(texts.json_text(texts.list_record(networks)))
    else:
        say(texts.list_text(networks))
    for defect in defects:
        note(defect.message)
    return 1 if defects else 0


def table(arguments: argparse.Namespace) -> int:
    """0, when the table was said."""
    entry, report = _analysed(arguments)
    say(texts.table(entry.identifier, report, arguments.format))
    return 0


def query(arguments: argparse.Namespace) -> int:
    """0, when one unit's field was said."""
    entry, report = _analysed(arguments)
    asked = (entry.identifier, report, arguments.layer, arguments.index)
    say(texts.json_text(texts.query_record(*asked)) if arguments.format == "json" else texts.query_text(*asked))
    return 0


def seen_by(arguments: argparse.Namespace) -> int:
    """0, when the units that see a pixel were said."""
    entry, report = _analysed(arguments)
    asked = (entry.identifier, report, arguments.layer, arguments.pixel)
    say(texts.json_text(texts.seen_by_record(*asked)) if arguments.format == "json" else texts.seen_by_text(*asked))
    return 0


def _analysed(arguments: argparse.Namespace) -> tuple[Entry, Report]:
    entry = load(arguments.network)
    return entry, entry.analyze(arguments.input)


__all__ = ["list_networks", "query", "seen_by", "table"]
