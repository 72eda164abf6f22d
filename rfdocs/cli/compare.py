"""The command that sets networks side by side."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rfdocs.catalogue import Entry
from rfdocs.cli.console import Misuse, say
from rfdocs.cli.networks import network_named
from rfdocs.errors import RfdocsError
from rfdocs.formats import comparison
from rfdocs.graph import InputError, Report

#: The fewest and the most networks that are compared.
LEAST, MOST = 2, 4


def compare(arguments: argparse.Namespace) -> int:
    """0, when the comparison was said. Raises: Misuse; ExceptionGroup of what is wrong with each of the networks."""
    count = len(arguments.networks)
    if not LEAST <= count <= MOST:
        raise Misuse(f"{LEAST} to {MOST} networks are compared; {count} given", "see `rfdocs compare --help`")
    networks: list[tuple[Entry, Report]] = []
    errors: list[RfdocsError] = []
    for name in arguments.networks:
        try:
            entry = network_named(name)
            networks.append((entry, _analyzed(entry, arguments.input)))
        except RfdocsError as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("networks that cannot be compared", errors)
    say(comparison(networks, arguments.format))
    return 0


def _analyzed(entry: Entry, size: Sequence[int] | None) -> Report:
    """The report on a network. Raises: InputError, which names the network; CatalogueError."""
    try:
        return entry.analyze(size)
    except InputError as error:
        if error.message.startswith(f"{entry.identifier} "):
            raise
        raise InputError(f"{entry.identifier}: {error.message}", error.hint) from None
