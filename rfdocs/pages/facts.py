"""What is known of a network at a glance: the figures that people come for, and those of the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rfdocs.catalogue import Entry
from rfdocs.catalogue.verification import Verification
from rfdocs.formats.columns import Kind, Shown, Value
from rfdocs.formats.columns import text as value_text
from rfdocs.formats.data import json_object
from rfdocs.formats.numbers import short
from rfdocs.formats.overview import NETWORK_COLUMNS, NetworkColumn, layer_name
from rfdocs.graph import Report
from rfdocs.operators import Bound, GlobalContext

Numbers = tuple[int, ...]
Places = tuple[Fraction | None, ...]
#: The data of a site's index.
_INDEX = Shown.DATA | Shown.SITE


@dataclass(frozen=True, slots=True)
class Facts:
    """A network at its nominal input size.

    ``layer`` is its last spatial layer, before global pooling and fully connected layers. ``receptive_field``, its
    ``bound``, ``jump``, ``start`` and ``size`` are that layer's, ``share`` is what its central unit sees of the image,
    and ``whole_image`` is the first layer whose central unit sees the whole image: all along the spatial paths.
    ``gate`` is the first layer that gates let see more, ``through_gates`` the first of which they show every unit the
    whole image, and ``attention`` the first that shows it to the last spatial layer by attention of all units to all.
    ``index_data`` is what the list of all networks says of it in data, ``cells`` what it says on pages and ``sort``
    what to sort that by, by the columns' keys; ``verified`` is what was held against running models and agrees.
    """

    identifier: str
    title: str
    family: str
    family_title: str
    tasks: tuple[str, ...]
    channels: int
    input_size: Numbers
    layers: int
    depth: int
    parameters: int
    macs: int
    layer: str
    receptive_field: Numbers
    receptive_field_min: Numbers
    bound: Bound
    jump: Places
    start: Places
    size: Numbers
    share: Fraction
    whole_image: str | None
    gate: str | None
    through_gates: str | None
    attention: str | None
    disputes: tuple[tuple[str, str], ...]
    index_data: Mapping[str, Any]
    cells: Mapping[str, str]
    sort: Mapping[str, float]
    verified: tuple[str, ...]


def facts_of(entry: Entry, report: Report, record: Verification | None = None) -> Facts:
    """The facts of a network, from its report at the nominal size and, if there is one, its record."""
    description, last = entry.description, report.features
    values = {key: column.value(entry, report) for key, column in NETWORK_COLUMNS.items()}
    index_data = json_object(item for item in values.items() if NETWORK_COLUMNS[item[0]].shown & _INDEX)
    return Facts(
        identifier=entry.identifier,
        title=entry.title,
        family=entry.family,
        family_title=entry.family_title,
        tasks=description.tasks,
        channels=report.network.input_channels,
        input_size=report.input_size,
        layers=len(report.layers),
        depth=report.depth,
        parameters=report.parameters,
        macs=report.macs,
        layer=last.name,
        receptive_field=last.receptive_field,
        receptive_field_min=last.receptive_field_min,
        bound=last.bound,
        jump=last.jump,
        start=last.start,
        size=last.size,
        share=report.spatial_visible_share(last.name),
        whole_image=index_data["whole_image_from"],
        gate=index_data["global_context_from"],
        through_gates=layer_name(report.first_through_gates),
        attention=_first_attention(report, last.name),
        disputes=tuple((dispute.network, dispute.why) for dispute in description.disputes),
        index_data=index_data,
        cells={key: _cell(NETWORK_COLUMNS[key], value, entry, report) for key, value in values.items()},
        sort=dict(_sort_values(values)),
        verified=() if record is None else record.agreeing,
    )


def _first_attention(report: Report, name: str) -> str | None:
    """The first attention of all units to all that a layer is made from, if so every unit sees the whole image."""
    network = report.network
    needed = {network.node(name)}
    for node in range(network.node(name), 0, -1):
        if node in needed:
            needed.update(network.layers[node - 1].inputs)
    layers = (network.layers[node - 1] for node in sorted(needed - {0}))
    attends = (layer for layer in layers if layer.operation == "attention" and type(layer.operator) is GlobalContext)
    first = next(attends, None)
    return first.name if first and report.every_unit_sees_all(name) else None


def _cell(column: NetworkColumn, value: Value, entry: Entry, report: Report) -> str:
    """A cell of the list: as in text, but large totals in four digits, and signs and lists spaced out."""
    if column.kind is Kind.LARGE and isinstance(value, int):
        return short(value)
    if column.kind is Kind.TEXTS and isinstance(value, tuple):
        return ", ".join(map(str, value))
    text = column.cell(entry, report) if column.text else value_text(value, kind=column.kind)
    return text.replace(" × ", "×").replace("×", " × ") if column.numeric else text


def _sort_values(values: Mapping[str, Value]) -> Iterator[tuple[str, float]]:
    """What columns of numbers are sorted by: the largest of a cell's numbers."""
    for key, value in values.items():
        if NETWORK_COLUMNS[key].numeric and (numbers := _numbers(value)):
            yield key, max(numbers)


def _numbers(value: Value) -> list[float]:
    """The numbers of a value, of both sides where it has two; of an input those of its size."""
    if isinstance(value, Mapping):
        return _numbers(tuple(value["size"]))
    if isinstance(value, tuple):
        return [number for part in value for number in _numbers(part)]
    return [float(value)] if isinstance(value, (int, float, Fraction)) else []
