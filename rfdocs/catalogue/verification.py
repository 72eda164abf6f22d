"""What ``make verify`` found out about each network: records that travel with the catalogue, one JSON file a family.

A record holds for the very network whose fingerprint it carries; reading it needs neither torch nor YAML.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rfdocs.catalogue.catalogue import catalogue_folder

#: The folder of the records, inside the catalogue's.
FOLDER = "verified"


@dataclass(frozen=True, slots=True)
class MeasuredField:
    """A field that was measured: of which layer, and its size, jump and start per axis, as text (``427``, ``1/2``)."""

    layer: str
    field: tuple[str, ...]
    jump: tuple[str, ...]
    start: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Fields measured by gradients on PyTorch operations made from the catalogue's layers.

    ``layers`` of ``of_layers`` were measured (those that are no pointwise operation), ``units`` units in all, ``gates``
    layers with their gates too, on images of ``sizes``.
    """

    agrees: bool
    torch: str
    layers: int
    of_layers: int
    units: int
    gates: int
    sizes: tuple[tuple[int, ...], ...]
    features: MeasuredField | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The reference implementation, walked at ``size`` and compared layer by layer.

    ``order`` is ``same``, or ``depth`` where branches are written in another order and the layers of each depth agree.
    ``fields`` were measured by gradients on the reference implementation itself. ``notes`` say what was left out.
    """

    agrees: bool
    package: str
    version: str
    symbol: str
    size: tuple[int, ...]
    layers: int
    order: str
    parameters: int
    fields: tuple[MeasuredField, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """One network's record: its fingerprint, what was measured and compared and when, and what could not be."""

    network: str
    date: str
    measured: Measured | None
    compared: Compared | None
    unverified: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing that was verified disagrees."""
        return all(part.agrees for part in (self.measured, self.compared) if part is not None)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was verified and what was not, as sentences for a page: plain text."""
        return tuple(_sentences(self))


def verification(identifier: str, folder: Path | None = None) -> Verification | None:
    """The record of a network; ``None`` if it has none."""
    return verifications(folder).get(identifier)


@cache
def verifications(folder: Path | None = None) -> dict[str, Verification]:
    """All records by the networks' ids."""
    found: dict[str, Verification] = {}
    for path in sorted((folder or catalogue_folder() / FOLDER).glob("*.json")):
        found.update(records_in(path))
    return found


def records_in(path: Path) -> dict[str, Verification]:
    """The records of one file by the networks' ids. Raises: OSError, ValueError for a file of something else."""
    records = json.loads(path.read_text("utf-8"))
    try:
        return {identifier: read_record(record) for identifier, record in records.items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"it holds no records of a verification: {error}") from None


def read_record(record: dict[str, Any]) -> Verification:
    """A record from its JSON form."""
    measured, compared = record["measured"], record["compared"]
    return Verification(
        record["network"],
        record["date"],
        None if measured is None else _measured(measured),
        None if compared is None else _compared(compared),
        tuple(record["unverified"]),
    )


def _measured(record: dict[str, Any]) -> Measured:
    features = record["features"]
    sizes = tuple(map(tuple, record["sizes"]))
    return Measured(**record | {"sizes": sizes, "features": None if features is None else _field(features)})


def _compared(record: dict[str, Any]) -> Compared:
    fields = tuple(map(_field, record["fields"]))
    return Compared(**record | {"size": tuple(record["size"]), "fields": fields, "notes": tuple(record["notes"])})


def _field(record: dict[str, Any]) -> MeasuredField:
    return MeasuredField(record["layer"], *(tuple(record[key]) for key in ("field", "jump", "start")))


def _sentences(record: Verification) -> Iterator[str]:
    if record.measured is not None:
        yield from _about_measurement(record.measured)
    if record.compared is not None:
        yield from _about_comparison(record.compared)
    for what in record.unverified:
        yield f"Not verified: {what}."


def _about_measurement(measured: Measured) -> Iterator[str]:
    every = measured.layers == measured.of_layers
    which = f"all {measured.layers}" if every else f"{measured.layers} of {measured.of_layers}"
    yield (
        f"The fields, jumps and starts of {which} layers were measured by gradients with PyTorch {measured.torch}, on "
        f"a model made from this catalogue ({measured.units} units): {_verdict(measured.agrees)}."
    )


def _about_comparison(compared: Compared) -> Iterator[str]:
    order = "in order" if compared.order == "same" else "depth by depth (branches are written in another order)"
    name = f"{compared.package} {compared.version}"
    yield (
        f"{compared.layers} layers, {order}, and {compared.parameters:,} parameters were compared with {name}, "
        f"{compared.symbol}: {_verdict(compared.agrees)}."
    )
    if compared.fields:
        fields = ", ".join(f"{field.layer} {by_axes(field.field)} px" for field in compared.fields)
        yield f"Fields measured on {name} as it runs: {fields}: {_verdict(compared.agrees)}."
    yield from compared.notes


def by_axes(values: tuple[str, ...]) -> str:
    """One value where all axes agree, else all of them.

    >>> by_axes(("427", "427")), by_axes(("125", "619", "619"))
    ('427', '125 x 619 x 619')
    """
    return values[0] if len(set(values)) == 1 else " x ".join(values)


def _verdict(agrees: bool) -> str:
    return "all agree" if agrees else "not all agree"
