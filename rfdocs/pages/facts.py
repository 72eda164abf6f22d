"""What is known of a network at a glance: the figures that people come for, and those of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rfdocs.catalogue import Entry
from rfdocs.graph import LayerReport, Report
from rfdocs.report.overview import network_record

Numbers = tuple[int, ...]
Places = tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A network at its nominal input size.

    ``layer`` is its last spatial layer, before global pooling and fully connected layers. ``receptive_field``,
    ``jump``, ``start`` and ``size`` are that layer's, ``share`` is what its central unit sees of the image, and
    ``whole_image`` is the first layer whose central unit sees the whole image: all along the spatial paths. ``gate`` is
    the first layer that gates let see more, ``through_gates`` the first of which they show every unit the whole image.
    ``record`` is what the list of all networks says of it in data.
    """

    identifier: str
    title: str
    family: str
    family_title: str
    year: int | None
    tasks: tuple[str, ...]
    implementation: str
    channels: int
    input_size: Numbers
    layers: int
    depth: int
    parameters: int
    macs: int
    layer: str
    receptive_field: Numbers
    receptive_field_min: Numbers
    jump: Places
    start: Places
    size: Numbers
    share: Fraction
    whole_image: str | None
    gate: str | None
    through_gates: str | None
    disputes: tuple[tuple[str, str], ...]
    record: Mapping[str, Any]


def facts_of(entry: Entry, report: Report) -> Facts:
    """The facts of a network, from its report at the nominal size."""
    said, last = entry.description, report.features
    whole = _name(report.first_to_see_all)
    gate = _name(next((layer for layer in report if layer.global_context), None))
    return Facts(
        identifier=entry.identifier,
        title=entry.title,
        family=entry.family,
        family_title=entry.family_title,
        year=said.year,
        tasks=said.tasks,
        implementation="" if said.implementation is None else said.implementation.name,
        channels=report.network.input_channels,
        input_size=report.input_size,
        layers=len(report.layers),
        depth=report.depth,
        parameters=report.parameters,
        macs=report.macs,
        layer=last.name,
        receptive_field=last.receptive_field,
        receptive_field_min=last.receptive_field_min,
        jump=last.jump,
        start=last.start,
        size=last.size,
        share=report.spatial_visible_share(last.name),
        whole_image=whole,
        gate=gate,
        through_gates=_name(report.first_through_gates),
        disputes=tuple((dispute.network, dispute.why) for dispute in said.disputes),
        record=network_record(entry, report) | _seen(report, whole, gate, last),
    )


def _seen(report: Report, whole: str | None, gate: str | None, last: LayerReport) -> dict[str, Any]:
    return {
        "visible_share": float(report.visible_share(last.name)),
        "spatial_visible_share": float(report.spatial_visible_share(last.name)),
        "whole_image_from": whole,
        "global_context_from": gate,
    }


def _name(layer: LayerReport | None) -> str | None:
    return None if layer is None else layer.name
