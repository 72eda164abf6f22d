"""What was held against running models, over the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rfdocs.catalogue.verification import Compared, Verification
from rfdocs.pages.content import Block, Bullets, Grid, Group, Heading, Part, Row, Words
from rfdocs.pages.facts import Facts
from rfdocs.pages.listing import network_link
from rfdocs.report.numbers import text_number

#: The networks of a catalogue with the records that hold for them, if any.
Verified = Iterable[tuple[Facts, Verification | None]]

_HEADINGS = (
    Heading("package", "implementation"),
    Heading("version", "version"),
    Heading("networks", "networks", "", numeric=True),
    Heading("layers", "layers", "Convolutions, poolings and linear layers that were compared.", numeric=True),
    Heading("parameters", "parameters", "", numeric=True),
    Heading("agrees", "agree", "", numeric=True),
)


def verified_blocks(networks: Verified, documents: Mapping[str, str]) -> tuple[Block, ...]:
    """How many networks were measured and compared, a table of the implementations, and what was not verified."""
    pairs = list(networks)
    records = [record for _, record in pairs if record is not None]
    if not records:
        return (("No record of a verification is at hand for these networks.",),)
    compared = [record.compared for record in records if record.compared is not None]
    blocks: list[Block] = [(_measured(len(pairs), records),)]
    if compared:
        blocks.append(_packages(compared))
    rest = tuple(_open(pairs, documents))
    return (*blocks, ("What could not be verified, or was not yet:",), Bullets(rest)) if rest else tuple(blocks)


def _measured(networks: int, records: Iterable[Verification]) -> str:
    measured = [record.measured for record in records if record.measured is not None]
    layers, units = sum(one.layers for one in measured), sum(one.units for one in measured)
    agree = sum(one.agrees for one in measured)
    which = f"All {networks} networks" if len(measured) == networks else f"Of {networks} networks, {len(measured)}"
    those = "All" if agree == len(measured) else f"{agree} of the {len(measured)}"
    return (
        f"{which} were built from their layers and measured by gradient: {text_number(layers, ',')} layers, "
        f"{text_number(units, ',')} units. {those} agree in every layer."
    )


def _packages(compared: Iterable[Compared]) -> Grid:
    ordered = sorted(compared, key=lambda one: (one.package, one.version))
    rows = [_package(list(group)) for _, group in groupby(ordered, key=lambda one: (one.package, one.version))]
    caption = "Implementations that were walked layer by layer and compared"
    return Grid(caption, _HEADINGS, (Group("", tuple(rows)),), "verified")


def _package(group: list[Compared]) -> Row:
    layers, parameters = sum(one.layers for one in group), sum(one.parameters for one in group)
    agree = sum(one.agrees for one in group)
    counts = (len(group), layers, parameters, agree)
    return Row((group[0].package, group[0].version, *(text_number(count, ",") for count in counts)))


def _open(pairs: Verified, documents: Mapping[str, str]) -> Iterator[Words]:
    """What is open, reason by reason, each with its networks; the most frequent first."""
    concerned: dict[str, list[Part]] = {}
    for facts, record in pairs:
        for reason in _reasons(record):
            concerned.setdefault(reason, []).append(network_link(facts, documents))
    for reason, names in sorted(concerned.items(), key=lambda item: (-len(item[1]), item[0])):
        words = [part for name in names for part in ("; ", name)][1:]
        yield (f"{reason[0].upper()}{reason[1:]}. For ", *words, ".")


def _reasons(record: Verification | None) -> tuple[str, ...]:
    """What is open for one network."""
    if record is None:
        return ("no record holds for the layers as they are now",)
    return record.unverified if record.agrees else (*record.unverified, "a difference was found")
