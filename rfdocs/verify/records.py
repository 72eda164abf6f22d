"""The records as files: what was found becomes JSON, and only what changed is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from rfdocs.catalogue import Entry
from rfdocs.catalogue.verification import FurtherSize
from rfdocs.graph import Network
from rfdocs.graph.fingerprint import fingerprint
from rfdocs.verify.compared import Comparison
from rfdocs.verify.measured import Figures, Measurement
from rfdocs.verify.models import Reference
from rfdocs.verify.sizes import Sizes

Record = dict[str, Any]


def made_record(
    entry: Entry, measurement: Measurement | None, comparison: Comparison | None, sizes: Sizes | None, date: str
) -> Record:
    """One network's record."""
    unverified = [
        *([] if measurement is None else measurement.unverified),
        *([] if comparison is None else comparison.unverified),
    ]
    return {
        "network": fingerprint(entry.network),
        "date": date,
        "measured": None if measurement is None else _measured(entry.network, measurement),
        "compared": None if comparison is None else _compared(comparison, entry.network.axes),
        "sizes": None if sizes is None else _sizes(sizes),
        "unverified": unverified,
    }


def _measured(network: Network, made: Measurement) -> Record:
    return {
        "agrees": not made.disagreements,
        "torch": torch.__version__.split("+")[0],
        "layers": made.layers,
        "of_layers": made.of_layers,
        "units": made.units,
        "gates": made.gates,
        "sizes": [list(size) for size in made.sizes],
        "features": _field(made.feature_layer, made.features, network.axes),
    }


def _field(layer: str, figures: Figures, axes: int) -> Record | None:
    if len(figures) < axes:
        return None
    fields, jumps, starts = zip(*(figures[axis] for axis in range(axes)), strict=True)
    return {
        "layer": layer,
        "field": list(map(str, fields)),
        "jump": list(map(str, jumps)),
        "start": list(map(str, starts)),
    }


def _compared(made: Comparison, axes: int) -> Record | None:
    if made.reference is None:
        return None
    return {
        **_against(made, made.reference),
        "symbol": made.reference.symbol,
        "size": list(made.size),
        "layers": made.layers,
        "order": made.order,
        "parameters": made.parameters,
        "fields": [_field(stage.layer, stage.figures, axes) for stage in made.fields],
        "notes": made.notes,
    }


def _sizes(made: Sizes) -> Record | None:
    if made.reference is None:
        return None
    return {**_against(made, made.reference), "found": [_size(found) for found in made.found]}


def _against(made: Comparison | Sizes, reference: Reference) -> Record:
    """Whether it agrees, and with what."""
    return {"agrees": not made.disagreements, "package": reference.package, "version": made.version}


def _size(found: FurtherSize) -> Record:
    """As JSON gives it back: with lists."""
    output = None if found.output is None else list(map(list, found.output))
    return {**asdict(found), "input": list(found.input), "output": output}


def kept(old: Record | None, new: Record) -> Record:
    """The new record, with the old one's date if nothing else is new but a part that holds nothing."""
    if old is not None and {"sizes": None} | old | {"date": ""} == new | {"date": ""}:
        return new | {"date": old["date"]}
    return new


def read_records(path: Path) -> dict[str, Record]:
    """The records of a family's file; none if there is no such file."""
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def write_records(path: Path, records: Mapping[str, Record], order: Sequence[str]) -> None:
    """The file made anew, in the catalogue's order, without networks that are gone; nothing if nothing changed."""
    wanted = {identifier: records[identifier] for identifier in order if identifier in records}
    text = "{\n" + ",\n".join(_shown(identifier, record) for identifier, record in wanted.items()) + "\n}\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def _shown(identifier: str, record: Record) -> str:
    """One network's record, each of its parts on one line."""
    parts = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in record.items()]
    return f"{json.dumps(identifier)}: {{\n" + ",\n".join(parts) + "\n}"
