"""The field of one unit, and the units that see one pixel, as people read them: along the spatial paths.

What gates add stands below, named as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from rfdocs.algebra import Interval
from rfdocs.formats.numbers import NONE, by_axis, ends, ranges_text, text_number
from rfdocs.formats.places import places_text
from rfdocs.formats.tables import Table, aligned, printable
from rfdocs.graph import AXES, Report, UnitField, place_text
from rfdocs.operators import Bound

Unit = Sequence[UnitField]

#: The most ranges of pixels that are written out.
RANGES = 8

_ENDS = "in input pixels, both ends included; pixel 0 is centred at 0.5"
_GATED = "without more words along the spatial path; through gates a unit sees this besides"
_BOUNDS = {
    Bound.MOST: "it reads this at most: an opaque layer before it may read less",
    Bound.LEAST: "it reads this at least: the image's values may move what a deformable layer before it reads",
    Bound.UNKNOWN: "it may read more or less than this: opaque and deformable layers lie before it",
}


def query_text(identifier: str, report: Report, name: str, index: Sequence[int]) -> str:
    """What one unit sees. Raises: UnknownLayer, InputError."""
    layer, unit = report[name], report.unit(name, index)
    head = (
        f"{printable(identifier)}, {layer.name}: unit {place_text(index)} of {by_axis(layer.size)},"
        f" image {by_axis(report.input_size)}"
    )
    seen = report.visible_ranges(name, index, gates=False)
    rows = [*_spatial_rows(unit), *_seen_rows(unit, seen), *(_gate_rows(unit) if layer.global_context else [])]
    table = Table(["", *AXES[report.network.axes]], rows)
    notes = [
        *([_GATED] if layer.global_context else []),
        *([] if layer.bound is Bound.EXACT else [_BOUNDS[layer.bound]]),
    ]
    legend = "\n".join([*notes, _ENDS])
    return f"{head}\n\n{aligned(table)}\n{legend}\n{places_text(report, layer)}"


def _seen_rows(unit: Unit, seen: Sequence[Sequence[Interval] | None]) -> list[list[str]]:
    """How many pixels of the visible field are really seen, and which, where it has holes."""
    if not any(len(parts or ()) > 1 for parts in seen):
        return []
    counts = [_seen_count_text(axis.spatial_visible, parts) for axis, parts in zip(unit, seen, strict=True)]
    return [["pixels seen", *counts], ["which", *map(_which_text, seen)]]


def _seen_count_text(field: Interval | None, parts: Sequence[Interval] | None) -> str:
    if field is None or parts is None:
        return NONE
    return f"{sum(part.size for part in parts)} of {field.size}"


def _which_text(parts: Sequence[Interval] | None) -> str:
    """The pixels as ranges, or how many ranges, where these are many."""
    if not parts:
        return NONE
    if len(parts) > RANGES:
        return f"{len(parts)} ranges"
    return ", ".join(str(part.first) if part.size == 1 else ends(part) for part in parts)


def _spatial_rows(unit: Unit) -> list[list[str]]:
    return [
        ["field", *[ends(axis.spatial_field) for axis in unit]],
        ["length", *[text_number(axis.spatial_size) for axis in unit]],
        ["centre", *[text_number(axis.spatial_center) for axis in unit]],
        ["visible", *[ends(axis.spatial_visible) for axis in unit]],
    ]


def _gate_rows(unit: Unit) -> list[list[str]]:
    return [
        ["through gates: field", *[ends(axis.field) for axis in unit]],
        ["through gates: length", *[text_number(axis.size) for axis in unit]],
        ["through gates: visible", *[ends(axis.visible) for axis in unit]],
    ]


def seen_by_text(identifier: str, report: Report, name: str, pixel: Sequence[int]) -> str:
    """The units of a layer that see one pixel. Raises: UnknownLayer, InputError."""
    layer, units = report[name], report.seen_by(name, pixel, gates=False)
    head = (
        f"{printable(identifier)}, {layer.name}: {_unit_count_text(units)} of the {by_axis(layer.size)} units"
        f" see pixel {place_text(pixel)} of {by_axis(report.input_size)}"
    )
    rows = [[axis, ranges_text(indices) or "none"] for axis, indices in zip(AXES[len(units)], units, strict=True)]
    text = f"{head}\n\n{aligned(Table(['', 'units'], rows, (0, 1)))}"
    if not layer.global_context:
        return text
    if report.unfollowed:
        return f"{text}\nalong the spatial path; which see it through gates is not told: {report.unfollowed}\n"
    return f"{text}\nalong the spatial path; through gates {_unit_count_text(report.seen_by(name, pixel))} see it\n"


def _unit_count_text(units: Sequence[Sequence[int]]) -> str:
    return text_number(prod(map(len, units)))
