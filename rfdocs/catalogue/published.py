"""Tables of receptive fields that others have published, beside the networks of this catalogue that have those layers.

The numbers of TF-slim's networks are from google-research/receptive_field, RECEPTIVE_FIELD_TABLE.md (Araujo et al.
2019).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rfdocs.catalogue.catalogue import catalogue_folder

#: Why ours may differ from a row: TF-slim's first pooling is SAME, which at an even size adds nothing before the map;
#: Keras adds one unit of two pixels.
DIFFERENCE = (
    "In the rows that differ, TF-slim's first pooling has SAME padding, which adds nothing before a map of even "
    "length; Keras, whose layers these are, adds one unit, 2 pixels, at every length."
)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One row: a network's end point at an input size, its field, jump and effective padding as published.

    ``ours`` and ``layer`` are the network and layer here; its effective padding is ``ours_differs_by`` larger.
    """

    network: str
    input: int
    endpoint: str
    receptive_field: int
    jump: int
    effective_padding: int
    ours: str
    layer: str
    ours_differs_by: int


def slim_file(folder: Path | None = None) -> Path:
    """The file that holds the rows of TF-slim's networks."""
    return (folder or catalogue_folder() / "published") / "slim.csv"


@cache
def slim_rows(folder: Path | None = None) -> tuple[PublishedRow, ...]:
    """The rows of every network of TF-slim whose layers the catalogue has.

    >>> slim_rows()[0]  # doctest: +NORMALIZE_WHITESPACE
    PublishedRow(network='alexnet_v2', input=224, endpoint='conv1', receptive_field=11, jump=4, effective_padding=0,
                 ours='alexnet-2012', layer='conv1', ours_differs_by=0)
    """
    with slim_file(folder).open(encoding="utf-8", newline="") as file:
        return tuple(_row(cells) for cells in csv.DictReader(file))


def _row(cells: dict[str, Any]) -> PublishedRow:
    numbers = ("input", "receptive_field", "jump", "effective_padding", "ours_differs_by")
    return PublishedRow(**cells | {name: int(cells[name]) for name in numbers})
