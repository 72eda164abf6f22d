"""What was held against running models, over the whole catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rfdocs.catalogue.verification import Compared, ComparedTiles, FurtherSizes, Verification
from rfdocs.formats.numbers import text_number
from rfdocs.pages.content import Block, Bullets, Grid, Group, Heading, Part, Row, Words
from rfdocs.pages.facts import Facts
from rfdocs.pages.listing import network_link

#: The networks of a catalogue with the records that hold for them, if any.
Verified = Collection[tuple[Facts, Verification | None]]

_HEADINGS = (
    Heading("package", "implementation"),
    Heading("version", "version"),
    Heading("networks", "networks", "", numeric=True),
    Heading("layers", "layers compared", "Convolutions, poolings and fully connected layers.", numeric=True),
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
    blocks: list[Block] = [(_measured_sentence(pairs),)]
    if compared:
        blocks.append(_packages(compared))
    further = [record.sizes for record in records if record.sizes is not None]
    if further:
        blocks.append((_further(further),))
    tiled = [record.tiles for record in records if record.tiles is not None]
    if tiled:
        blocks.append((_tiled(tiled),))
    rest = tuple(_open(pairs, documents))
    return (*blocks, ("What could not be verified, or was not yet:",), Bullets(rest)) if rest else tuple(blocks)


def _measured_sentence(pairs: Verified) -> str:
    """How many layers of all were measured, what the others are, and whether all that was measured agrees."""
    measured = [
        (facts.layers, record.measured) for facts, record in pairs if record is not None and record.measured is not None
    ]
    networks, every = len(pairs), sum(layers for layers, _ in measured)
    done, moving = sum(one.layers for _, one in measured), sum(one.of_layers for _, one in measured)
    partial = sum(one.layers < one.of_layers for _, one in measured)
    which = f"All {networks} networks" if len(measured) == networks else f"Of {networks} networks, {len(measured)}"
    left = text_number(moving - done)
    rest = f"; {left}, of {partial} networks, were left out, as their pages say" if partial else ""
    return (
        f"{which} were built from their layers and measured by gradient. Of their {text_number(every)} layers "
        f"{text_number(done)} were measured, in {text_number(sum(one.units for _, one in measured))} units; "
        f"{text_number(every - moving)} are pointwise{rest}. {_agreement([one.agrees for _, one in measured])}"
    )


def _agreement(agreed: Sequence[bool]) -> str:
    """How many networks agree in all that was measured."""
    if all(agreed):
        return "All that was measured agrees."
    return f"All that was measured agrees in {sum(agreed)} of {len(agreed)} networks."


def _further(compared: Iterable[FurtherSizes]) -> str:
    """At how many further sizes networks were compared, and how far."""
    networks = list(compared)
    sizes_compared = [size for sizes in networks for size in sizes.compared]
    refused = sum(size.output is None for size in sizes_compared)
    maps = sum(size.headless for size in sizes_compared)
    agree = sum(sizes.agrees for sizes in networks)
    those = "All" if agree == len(networks) else f"{agree} of the {len(networks)}"
    return (
        f"{text_number(len(networks))} networks were also compared with their implementation at further sizes, "
        f"{text_number(len(sizes_compared))} in all: {text_number(len(sizes_compared) - refused - maps)} as a whole, "
        f"{text_number(maps)} up to the last map, for there the implementation's head refuses them; and "
        f"{text_number(refused)} are refused by both. {those} agree."
    )


def _tiled(compared: Sequence[ComparedTiles]) -> str:
    """Of how many networks tiles were compared with the whole."""
    agree, tiles = sum(one.agrees for one in compared), sum(one.tiles for one in compared)
    those = "All" if agree == len(compared) else f"{agree} of the {len(compared)}"
    return (
        f"Of {text_number(len(compared))} networks that are used on large images, an image and its tiles, "
        f"{text_number(tiles)} in all, were run on the implementation: what the tiles keep, put together, is what the "
        f"whole gives; one unit more is not, and off the grid nothing is. {those} agree."
    )


def _packages(compared: Iterable[Compared]) -> Grid:
    ordered = sorted(compared, key=lambda one: (one.package, one.version))
    rows = [_package_row(list(group)) for _, group in groupby(ordered, key=lambda one: (one.package, one.version))]
    caption = "Implementations that were walked layer by layer and compared"
    return Grid(caption, _HEADINGS, (Group("", tuple(rows)),), "verified")


def _package_row(group: list[Compared]) -> Row:
    layers, parameters = sum(one.layers for one in group), sum(one.parameters for one in group)
    agree = sum(one.agrees for one in group)
    counts = (len(group), layers, parameters, agree)
    return Row((group[0].package, group[0].version, *(text_number(count) for count in counts)))


def _open(pairs: Verified, documents: Mapping[str, str]) -> Iterator[Words]:
    """What is open, reason by reason, each with its networks; the most frequent first."""
    concerned: dict[str, list[Part]] = {}
    for facts, record in pairs:
        for reason in _open_reasons(record):
            concerned.setdefault(reason, []).append(network_link(facts, documents))
    for reason, names in sorted(concerned.items(), key=lambda item: (-len(item[1]), item[0])):
        words = [part for name in names for part in ("; ", name)][1:]
        yield (f"{reason[0].upper()}{reason[1:]}. For ", *words, ".")


def _open_reasons(record: Verification | None) -> tuple[str, ...]:
    """What is open for one network."""
    if record is None:
        return ("no record holds for the layers as they are now",)
    return record.unverified if record.agrees else (*record.unverified, "a difference was found")
