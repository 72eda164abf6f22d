"""What ``make verify`` found out about each network: records that travel with the catalogue, one JSON file a family.

A record holds for the very network whose fingerprint it carries; reading it needs neither torch nor YAML.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rfdocs.graph.written import once, size_text

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
class MeasuredFields:
    """Fields measured by gradients on PyTorch operations made from the catalogue's layers.

    ``layers`` were measured, of the ``of_layers`` of the network that are no pointwise operation; ``units`` units in
    all, ``gates`` layers with their gates too, on images of ``sizes``.
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
class FurtherSize:
    """An image of another size than the nominal one, ``input``: the sizes of the outputs that it gives, ``None`` where
    it is refused; ``layers`` were compared, only those up to the last map where its head refuses (``headless``).
    """

    input: tuple[int, ...]
    output: tuple[tuple[int, ...], ...] | None
    layers: int
    headless: bool


@dataclass(frozen=True, slots=True)
class FurtherSizes:
    """The reference implementation at further sizes: the same layers and outputs, or a refusal as here."""

    agrees: bool
    package: str
    version: str
    compared: tuple[FurtherSize, ...]


@dataclass(frozen=True, slots=True)
class ComparedTiles:
    """The reference implementation on an image of ``size`` and on its ``tiles``, most of them of the size ``tile``:
    what these keep of the map of ``layer``, put together, held against the whole's.
    """

    agrees: bool
    torch: str
    layer: str
    size: tuple[int, ...]
    tile: tuple[int, ...]
    tiles: int


@dataclass(frozen=True, slots=True)
class Verification:
    """One network's record: its fingerprint, what was measured and compared and when, and what could not be."""

    network: str
    date: str
    measured: MeasuredFields | None
    compared: Compared | None
    unverified: tuple[str, ...]
    sizes: FurtherSizes | None = None
    tiles: ComparedTiles | None = None

    @property
    def agrees(self) -> bool:
        """Whether nothing that was verified disagrees."""
        return all(part.agrees for part in (self.measured, self.compared, self.sizes, self.tiles) if part is not None)

    @property
    def agreeing(self) -> tuple[str, ...]:
        """What was verified and agrees, in a word each."""
        parts = {"measured": self.measured, "compared": self.compared, "sizes": self.sizes, "tiles": self.tiles}
        return tuple([name for name, part in parts.items() if part is not None and part.agrees])

    def sentences(self, layers: int) -> tuple[str, ...]:
        """What was verified and what was not of a network of so many layers, as sentences for a page: plain text."""
        return tuple(_sentences(self, layers))


def further_sizes(nominal: Sequence[int]) -> list[tuple[int, ...]]:
    """The sizes at which a network is compared besides its nominal one: odd, longer on one axis than on the other, and
    smaller.

    Rule, for each length ``n``: the next smaller odd number (3 for 1 and 2); ``n + n // 4 + 5`` on the last axis and
    every other one before it, ``n + n // 8 + 2`` on the rest; ``ceil(n / 3)``.

    >>> further_sizes((224, 224))
    [(223, 223), (254, 285), (75, 75)]
    """
    odd = tuple(length - 1 - length % 2 if length > 2 else 3 for length in nominal)
    longer = tuple(
        length + length // 4 + 5 if (len(nominal) - axis) % 2 else length + length // 8 + 2
        for axis, length in enumerate(nominal)
    )
    smaller = tuple(-(-length // 3) for length in nominal)
    return [size for size in (odd, longer, smaller) if size != tuple(nominal)]


def records_in(path: Path) -> dict[str, Verification]:
    """The records of one file by the networks' ids. Raises: OSError, ValueError for a file of something else."""
    records = json.loads(path.read_text("utf-8"))
    try:
        return {identifier: read_record(record) for identifier, record in records.items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"it holds no records of a verification: {error}") from None


def read_record(record: dict[str, Any]) -> Verification:
    """A record from its JSON form."""
    measured, compared, sizes, tiles = record["measured"], record["compared"], record.get("sizes"), record.get("tiles")
    return Verification(
        record["network"],
        record["date"],
        None if measured is None else _measured(measured),
        None if compared is None else _compared(compared),
        tuple(record["unverified"]),
        None if sizes is None else _sizes(sizes),
        None if tiles is None else _tiles(tiles),
    )


def _measured(record: dict[str, Any]) -> MeasuredFields:
    features = record["features"]
    sizes = tuple(map(tuple, record["sizes"]))
    return MeasuredFields(**record | {"sizes": sizes, "features": None if features is None else _field(features)})


def _compared(record: dict[str, Any]) -> Compared:
    fields = tuple(map(_field, record["fields"]))
    return Compared(**record | {"size": tuple(record["size"]), "fields": fields, "notes": tuple(record["notes"])})


def _sizes(record: dict[str, Any]) -> FurtherSizes:
    compared = tuple(map(_further_size, record["found"]))
    return FurtherSizes(record["agrees"], record["package"], record["version"], compared)


def _further_size(record: dict[str, Any]) -> FurtherSize:
    output = record["output"]
    sizes = None if output is None else tuple(map(tuple, output))
    return FurtherSize(**record | {"input": tuple(record["input"]), "output": sizes})


def _tiles(record: dict[str, Any]) -> ComparedTiles:
    return ComparedTiles(**record | {"size": tuple(record["size"]), "tile": tuple(record["tile"])})


def _field(record: dict[str, Any]) -> MeasuredField:
    return MeasuredField(record["layer"], *(tuple(record[key]) for key in ("field", "jump", "start")))


def _sentences(record: Verification, layers: int) -> Iterator[str]:
    if record.measured is not None:
        yield from _about_measurement(record.measured, layers)
    if record.compared is not None:
        yield from _about_comparison(record.compared)
    if record.sizes is not None:
        yield from _about_sizes(record.sizes)
    if record.tiles is not None:
        yield _about_tiles(record.tiles)
    for what in record.unverified:
        yield f"Not verified: {what}."


def _about_measurement(measured: MeasuredFields, layers: int) -> Iterator[str]:
    which = f"all {layers}" if measured.layers == layers else f"{measured.layers} of the {layers}"
    yield (
        f"The fields, jumps and starts of {which} layers were measured by gradients with PyTorch {measured.torch}, on "
        f"a model made from this catalogue ({measured.units:,} units): {_verdict(measured.agrees)}."
    )
    if rest := ", and ".join(_not_measured(layers - measured.of_layers, measured.of_layers - measured.layers)):
        yield f"Of the others {rest}."


def _not_measured(pointwise: int, left: int) -> Iterator[str]:
    """Why layers were not measured, with how many of them there are."""
    if pointwise:
        yield f"{pointwise} {'is' if pointwise == 1 else 'are'} pointwise: what was measured reaches through them"
    if left:
        yield f"{left} {'was' if left == 1 else 'were'} left out"


def _about_comparison(compared: Compared) -> Iterator[str]:
    order = "in order" if compared.order == "same" else "depth by depth (branches are written in another order)"
    name = f"{compared.package} {compared.version}"
    yield (
        f"{compared.layers} convolutions, poolings and fully connected layers, {order}, and {compared.parameters:,} "
        f"parameters were compared with {name}, {compared.symbol}: {_verdict(compared.agrees)}."
    )
    if compared.fields:
        fields = ", ".join(f"{field.layer} {once(field.field, ' x ')} px" for field in compared.fields)
        yield f"Fields measured on {name} as it runs: {fields}: {_verdict(compared.agrees)}."
    yield from compared.notes


def _about_sizes(sizes: FurtherSizes) -> Iterator[str]:
    """At which further sizes all was compared, at which only the maps, and which both refuse."""
    name = f"{sizes.package} {sizes.version}"
    whole = [size for size in sizes.compared if size.output and not size.headless]
    maps = [size for size in sizes.compared if size.headless]
    refused = [size for size in sizes.compared if size.output is None]
    if whole:
        yield f"Sizes of all layers and outputs, compared with {name}{_at_sizes(whole)}: {_verdict(sizes.agrees)}."
    if maps:
        why = "there the reference refuses, for its head is made for maps of one size"
        yield f"Sizes of all maps, compared with {name}{_at_sizes(maps)} ({why}): {_verdict(sizes.agrees)}."
    if refused:
        verdict = "refused there and here" if sizes.agrees else "not all are refused both there and here"
        yield f"Sizes compared with {name}{_at_sizes(refused)}: {verdict}."


def _at_sizes(sizes: Sequence[FurtherSize]) -> str:
    inputs = [size_text(size.input) for size in sizes]
    listed = f"{', '.join(inputs[:-1])} and {inputs[-1]}" if len(inputs) > 1 else inputs[0]
    return f" at {len(inputs)} further {'sizes' if len(inputs) > 1 else 'size'}, {listed}"


def _about_tiles(tiles: ComparedTiles) -> str:
    """Which tiles of which image were compared; a length that is the same on all axes is told once."""
    tile, size = once(tuple(map(str, tiles.tile)), " x "), once(tuple(map(str, tiles.size)), " x ")
    where = f"the whole of {size} px on PyTorch {tiles.torch}, at {tiles.layer}"
    return (
        f"Tiles of {tile} px, {tiles.tiles} of them, compared with {where}: {'' if tiles.agrees else 'not '}identical."
    )


def _verdict(agrees: bool) -> str:
    return "all agree" if agrees else "not all agree"
