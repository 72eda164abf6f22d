"""The records as files: what was measured and compared becomes JSON, and only what changed is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from rfdocs.catalogue import Entry
from rfdocs.catalogue.verification import Compared, ComparedTiles, FurtherSizes, MeasuredField, MeasuredFields
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.verify.compared import Comparison
from rfdocs.verify.further_sizes import SizesComparison
from rfdocs.verify.measured import AxisFields, Measurement
from rfdocs.verify.tiled import TilesComparison

Record = dict[str, Any]
_KEYS = ("network", "date", "measured", "compared", "sizes", "tiles", "unverified")


def new_record(
    entry: Entry,
    measurement: Measurement | None,
    comparison: Comparison | None,
    sizes: SizesComparison | None,
    date: str,
    tiles: TilesComparison | None = None,
) -> Record:
    """One network's record; with its tiles only where they were compared."""
    unverified = [
        *([] if measurement is None else measurement.unverified),
        *([] if comparison is None else comparison.unverified),
    ]
    return {
        "network": network_fingerprint(entry.network),
        "date": date,
        "measured": None if measurement is None else _json(_measured(measurement, entry.network.axes)),
        "compared": None if comparison is None else _json(_compared(comparison)),
        "sizes": None if sizes is None else _sizes_json(_sizes(sizes)),
        **({} if tiles is None else {"tiles": _json(tiles.record)}),
        "unverified": unverified,
    }


def _json(part: MeasuredFields | Compared | FurtherSizes | ComparedTiles | None) -> Record | None:
    """A part of a record as JSON gives it back: with lists."""
    return None if part is None else json.loads(json.dumps(asdict(part)))


def _sizes_json(sizes: FurtherSizes | None) -> Record | None:
    """The same of further sizes, under the key that records have for them."""
    return {("found" if key == "compared" else key): value for key, value in (_json(sizes) or {}).items()} or None


def _measured(measurement: Measurement, axes: int) -> MeasuredFields:
    return MeasuredFields(
        agrees=not measurement.disagreements,
        torch=torch.__version__.split("+")[0],
        layers=measurement.layers,
        of_layers=measurement.of_layers,
        units=measurement.units,
        gates=measurement.gates,
        sizes=tuple(measurement.sizes),
        features=_field(measurement.feature_layer, measurement.features) if len(measurement.features) == axes else None,
    )


def _field(layer: str, axes: AxisFields) -> MeasuredField:
    """Sizes, jumps and starts axis by axis, as text."""
    return MeasuredField(layer, *zip(*(map(str, axes[axis]) for axis in sorted(axes)), strict=True))


def _compared(comparison: Comparison) -> Compared | None:
    if comparison.reference is None:
        return None
    return Compared(
        agrees=not comparison.disagreements,
        package=comparison.reference.package,
        version=comparison.version,
        symbol=comparison.reference.symbol,
        size=comparison.size,
        layers=comparison.layers,
        order=comparison.order,
        parameters=comparison.parameters,
        fields=tuple(_field(stage.layer, stage.axes) for stage in comparison.fields),
        notes=tuple(comparison.notes),
    )


def _sizes(comparison: SizesComparison) -> FurtherSizes | None:
    if comparison.reference is None:
        return None
    package = comparison.reference.package
    return FurtherSizes(not comparison.disagreements, package, comparison.version, tuple(comparison.sizes))


def with_unchanged_date(old: Record | None, new: Record) -> Record:
    """The new record, with the old one's date if nothing else is new but a part that holds nothing."""
    if old is not None and {"sizes": None} | old | {"date": ""} == new | {"date": ""}:
        return new | {"date": old["date"]}
    return new


def read_records(path: Path) -> dict[str, Record]:
    """The records of a family's file; none if there is no such file."""
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def write_records(path: Path, records: Mapping[str, Record], order: Sequence[str]) -> None:
    """Writes the file, in the catalogue's order, without networks that are gone; nothing if nothing changed."""
    current = {identifier: records[identifier] for identifier in order if identifier in records}
    text = "{\n" + ",\n".join(_record_text(identifier, record) for identifier, record in current.items()) + "\n}\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def _record_text(identifier: str, record: Record) -> str:
    """One network's record, each of its parts on one line."""
    keys = sorted(record, key=_KEYS.index)
    parts = [f"  {json.dumps(key)}: {json.dumps(record[key], ensure_ascii=False)}" for key in keys]
    return f"{json.dumps(identifier)}: {{\n" + ",\n".join(parts) + "\n}"
