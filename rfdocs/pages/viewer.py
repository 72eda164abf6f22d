"""What the interactive viewer reads: the field of any unit of any layer, in few bytes.

A layer's fields on one axis are its phases and how far they move; the visible field of a unit is its field cut to the
image, and the units for which that isn't so (padding stops some paths early) are listed one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rfdocs.algebra import Field, Interval, PeriodicField
from rfdocs.algebra.visible import VisibleFields
from rfdocs.formats.numbers import text_number
from rfdocs.graph import AXES, Layer, LayerReport, Report
from rfdocs.pages.equations import sliding_window

#: The most layers and units that a page carries.
LAYERS = 1200
UNITS = 300_000
#: The largest whole number up to which a script's numbers are exact.
EXACT = 1 << 53


def viewer_data(report: Report) -> dict[str, Any] | None:
    """The data of all layers; ``None`` where a page would grow too heavy, or a script could not count so far.

    ``first`` is the place of the layer that is shown first: the last spatial one, or the last where there is none.
    """
    if len(report.layers) > LAYERS or sum(sum(layer.size) for layer in report) > UNITS or not _exact_in_scripts(report):
        return None
    square = len(set(report.input_size)) == 1 and len(report.network.uniform_axes) == 1
    axes = range(1 if square else len(report.input_size))
    maker = _LayerData(report)
    pairs = zip(report.network.layers, report.layers, strict=True)
    return {
        "size": list(report.input_size),
        "axes": list(AXES[len(report.input_size)]),
        "first": (report.network.node(report.features.name) or len(report.layers)) - 1,
        "layers": [maker.layer(declared, layer, axes) for declared, layer in pairs],
    }


def _exact_in_scripts(report: Report) -> bool:
    """Whether a script's numbers hold the ends of all fields, and how far they move in one period."""
    nodes = [node for layer in report for node in layer.axes]
    ends = [end for node in nodes for end in node.overall_field() or ()]
    shifts = [node.field.shift for node in nodes if isinstance(node.field, PeriodicField)]
    return max(map(abs, [*ends, *shifts]), default=0) < EXACT


Pair = list[int] | int


class _LayerData:
    """Makes the data of layers; what a layer takes over unchanged from the one below is made once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.fields: dict[tuple[int, int], dict[str, Any]] = {}

    def layer(self, declared: Layer, layer: LayerReport, axes: Sequence[int]) -> dict[str, Any]:
        """A layer's data, on these axes."""
        data: dict[str, Any] = {"name": declared.name, "op": declared.operation, "in": list(declared.inputs)}
        data["at"] = [self._axis(layer, axis) for axis in axes]
        if layer.global_context:
            data["gate"] = "the whole image" if self.report.every_unit_sees_all(layer.name) else "more"
        return data

    def _axis(self, layer: LayerReport, axis: int) -> dict[str, Any]:
        node = layer.axes[axis]
        seen = self.report.visible_fields(layer.name, axis)
        key = (id(seen), id(node.field))
        if key not in self.fields:
            self.fields[key] = _fields(node.field, seen, self.report.input_size[axis])
        data = {"n": node.length, **self.fields[key]}
        window = sliding_window(self.report, layer, axis) if layer.slides else None
        if window is not None:
            data["w"] = [window.kernel, window.stride, window.dilation, *window.padding]
        return data


def _fields(field: Field, seen: VisibleFields, length: int) -> dict[str, Any]:
    """The fields of a map's units: phases ``p``, shift ``s``, start ``c``, and ``v``, the visible ones that differ."""
    shift = field.shift if isinstance(field, PeriodicField) else 0
    data: dict[str, Any] = {"p": [0 if phase is None else [*phase] for phase in field.phases], "s": shift}
    if field.start is not None:
        data["c"] = text_number(field.start, "")
    odd = _odd(field.phases, shift, seen, length)
    return data | ({"v": odd} if odd else {})


def _odd(phases: Sequence[Interval | None], shift: int, seen: VisibleFields, length: int) -> dict[int, Pair]:
    """The visible fields of the units for which they are not the theoretical ones cut to the image."""
    odd: dict[int, Pair] = {}
    period = len(phases)
    for unit, (first, last) in enumerate(zip(seen.firsts, seen.lasts, strict=True)):
        phase = phases[unit % period]
        offset = unit // period * shift
        nothing = phase is None or phase.last + offset < 0 or phase.first + offset >= length
        if phase is None or nothing:
            if first <= last:
                odd[unit] = [first, last]
        elif first != max(phase.first + offset, 0) or last != min(phase.last + offset, length - 1):
            odd[unit] = [first, last] if first <= last else 0
    return odd
