"""What the interactive viewer reads: the field of any unit of any layer, in few bytes.

A layer's fields on one axis are its phases and how far they move; the visible field of a unit is its field cut to the
image, and the units for which that isn't so (padding stops some paths early) are listed one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rfdocs.algebra import Interval, PeriodicField
from rfdocs.algebra.reads import TransposedWindow, Window
from rfdocs.graph import Layer, LayerReport, Report
from rfdocs.pages.layers import applied
from rfdocs.report.numbers import AXES, text_number

#: The most layers and units that a page carries.
LAYERS = 1200
UNITS = 300_000


def viewer_data(report: Report) -> dict[str, Any] | None:
    """The data of all layers; ``None`` where a page would grow too heavy."""
    if len(report.layers) > LAYERS or sum(sum(layer.size) for layer in report) > UNITS:
        return None
    pairs = zip(report.network.layers, report.layers, strict=True)
    return {
        "size": list(report.input_size),
        "axes": list(AXES[len(report.input_size)]),
        "layers": [_layer(report, layer, figures) for layer, figures in pairs],
    }


def _layer(report: Report, layer: Layer, figures: LayerReport) -> dict[str, Any]:
    axes = [_axis(report, layer, figures, axis) for axis in range(len(report.input_size))]
    data: dict[str, Any] = {"name": layer.name, "op": layer.operation, "in": list(layer.inputs)}
    data["at"] = axes[:1] if all(axis == axes[0] for axis in axes) and _square(report) else axes
    if figures.global_context:
        data["gate"] = 1
    return data


def _square(report: Report) -> bool:
    return len(set(report.input_size)) == 1


def _axis(report: Report, layer: Layer, figures: LayerReport, axis: int) -> dict[str, Any]:
    node = figures.axes[axis]
    fields = [node.field.at(unit) for unit in range(node.length)]
    data: dict[str, Any] = {"n": node.length, **_fields(node.field, fields)}
    window = applied(report, layer, figures, axis)
    if window is not None and isinstance(node.reads[0], Window):
        data["w"] = list(window)
    elif isinstance(node.reads[0], TransposedWindow):
        data["t"] = 1
    if node.field.start is not None:
        data["c"] = text_number(node.field.start)
    seen = report.visible_fields(figures.name, axis)
    whole = Interval(0, report.input_size[axis] - 1)
    odd = {unit: _pair(seen.at(unit)) for unit, field in enumerate(fields) if seen.at(unit) != _cut(field, whole)}
    return data | ({"v": odd} if odd else {})


def _fields(field: object, fields: Sequence[Interval | None]) -> dict[str, Any]:
    if isinstance(field, PeriodicField):
        return {"p": [_pair(phase) for phase in field.phases], "s": field.shift}
    return {"p": [_pair(one) for one in fields], "s": 0}


def _pair(field: Interval | None) -> list[int] | int:
    return 0 if field is None else [field.first, field.last]


def _cut(field: Interval | None, whole: Interval) -> Interval | None:
    if field is None or field.last < whole.first or field.first > whole.last:
        return None
    return Interval(max(field.first, whole.first), min(field.last, whole.last))
