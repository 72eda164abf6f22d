"""The field of one unit, and the units that see one pixel, as people read them: along the spatial paths.

What gates add stands below, named as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from rfdocs.algebra import Interval
from rfdocs.graph import AXES, Report, UnitField, place_text
from rfdocs.report.numbers import NONE, by_axis, spans, text_number
from rfdocs.report.tables import Table, aligned, printable

Intervals = Sequence[Interval | None]

#: The most ranges of pixels that are written out.
RANGES = 8

_ENDS = "in input pixels, both ends included; pixel 0 is centred at 0.5"
_GATED = "without more words along the spatial path; through gates a unit sees this besides"


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
    legend = f"{_GATED}\n{_ENDS}" if layer.global_context else _ENDS
    return f"{head}\n\n{aligned(table)}\n{legend}\n"


def _seen_rows(unit: UnitField, seen: Sequence[Sequence[Interval] | None]) -> list[list[str]]:
    """How many pixels of the visible field are really seen, and which, where it has holes."""
    if not any(parts is not None and len(parts) > 1 for parts in seen):
        return []
    counts = [_count(field, parts) for field, parts in zip(unit.spatial_visible, seen, strict=True)]
    return [["pixels seen", *counts], ["which", *map(_which, seen)]]


def _count(field: Interval | None, parts: Sequence[Interval] | None) -> str:
    if field is None or parts is None:
        return NONE
    return f"{sum(part.size for part in parts)} of {field.size}"


def _which(parts: Sequence[Interval] | None) -> str:
    """The pixels as ranges, or how many ranges, where these are many."""
    if not parts:
        return NONE
    if len(parts) > RANGES:
        return f"{len(parts)} ranges"
    return ", ".join(str(part.first) if part.size == 1 else _interval(part) for part in parts)


def _spatial_rows(unit: UnitField) -> list[list[str]]:
    return [
        ["field", *map(_interval, unit.spatial_field)],
        ["length", *map(_length, unit.spatial_field)],
        ["centre", *[text_number(None if field is None else field.center) for field in unit.spatial_field]],
        ["visible", *map(_interval, unit.spatial_visible)],
    ]


def _gate_rows(unit: UnitField) -> list[list[str]]:
    return [
        ["through gates: field", *map(_interval, unit.field)],
        ["through gates: length", *map(_length, unit.field)],
        ["through gates: visible", *map(_interval, unit.visible)],
    ]


def _interval(field: Interval | None) -> str:
    return "nothing" if field is None else f"{text_number(field.first)}..{text_number(field.last)}"


def _length(field: Interval | None) -> str:
    return text_number(0 if field is None else field.size)


def seen_by_text(identifier: str, report: Report, name: str, pixel: Sequence[int]) -> str:
    """The units of a layer that see one pixel. Raises: UnknownLayer, InputError."""
    layer, units = report[name], report.seen_by(name, pixel, gates=False)
    head = (
        f"{printable(identifier)}, {layer.name}: {_counted(units)} of the {by_axis(layer.size)} units"
        f" see pixel {place_text(pixel)} of {by_axis(report.input_size)}"
    )
    rows = [[axis, spans(found) or "none"] for axis, found in zip(AXES[len(units)], units, strict=True)]
    text = f"{head}\n\n{aligned(Table(['', 'units'], rows, (0, 1)))}"
    if not layer.global_context:
        return text
    return f"{text}\nalong the spatial path; through gates {_counted(report.seen_by(name, pixel))} see it\n"


def _counted(units: Sequence[Sequence[int]]) -> str:
    return text_number(prod(map(len, units)))
