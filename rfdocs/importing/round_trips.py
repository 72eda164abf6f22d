"""Whether a network of the catalogue, built as a module of PyTorch and imported, is the same again: the record that
``python -m rfdocs.importing --round-trips`` writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from itertools import zip_longest
from pathlib import Path

from rfdocs.catalogue import Entry
from rfdocs.catalogue.survey import survey_file
from rfdocs.errors import RfdocsError
from rfdocs.graph import Network
from rfdocs.graph.fingerprint import canonical_lines, network_fingerprint
from rfdocs.importing.imported import imported
from rfdocs.importing.importing import fitting_sizes
from rfdocs.importing.model_sources import of_module
from rfdocs.importing.verdicts import untold


def round_trips_file() -> Path:
    """The file that holds the record."""
    return survey_file().with_name("round_trips.json")


def round_trip(entry: Entry) -> str:
    """Nothing where the network comes back with its own fingerprint; or else why it does not.

    What the lengths of images are to be multiples of is left out, for no model tells that.
    """
    network = replace(entry.network, multiple=1)
    try:
        module = import_module("rfdocs.verify.built").build_network(network)
        model = of_module(module, (network.input_channels, *network.input_size), entry.identifier)
        read = imported(model.graph, entry.identifier, entry.title)
        same = network_fingerprint(read.entry.network) == network_fingerprint(network)
        back = network if same else fitting_sizes(model, read, untold)[0].entry.network
    except RfdocsError as error:
        details = [str(detail) for detail in getattr(error, "details", ())]
        return "; ".join([error.message, *details[:1]])
    return "" if network_fingerprint(back) == network_fingerprint(network) else _difference(network, back)


def _difference(network: Network, back: Network) -> str:
    """The first line of the two canonical texts that differs."""
    pairs = zip_longest(canonical_lines(network), canonical_lines(back), fillvalue="nothing")
    return next(f"{one} comes back as {other}" for one, other in pairs if one != other)


def read_round_trips() -> Mapping[str, str]:
    """What came of every network, by its id: nothing where it is the same, or else why not."""
    file = round_trips_file()
    trips: Mapping[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return trips


def write_round_trips(trips: Mapping[str, str]) -> None:
    """Writes the record, a network a line."""
    lines = ",\n".join([f"{json.dumps(name)}: {json.dumps(why)}" for name, why in trips.items()])
    round_trips_file().write_text(f"{{\n{lines}\n}}\n", "utf-8")
