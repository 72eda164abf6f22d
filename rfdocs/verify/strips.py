"""Images that are long on one axis and short on the others: so long that fields of the measured units lie inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from rfdocs.algebra.field import PeriodicField
from rfdocs.graph import LayerReport, Network, NetworkError, Report

#: The longest image that is tried. Unit: pixels.
LONGEST = 16_384


@dataclass(frozen=True, slots=True)
class Strip:
    """An image size that is long on the first of some axes whose arithmetic is the same."""

    axes: tuple[int, ...]
    size: tuple[int, ...]
    report: Report

    @property
    def axis(self) -> int:
        """The long axis."""
        return self.axes[0]


def find_strip(network: Network, axes: tuple[int, ...], nodes: Sequence[int]) -> Strip:
    """The smallest image on which the central units of all measured maps see no border on the first of these axes.

    Its lengths differ from the nominal ones by multiples of the network's stride, so that nothing else changes.
    """
    axis, strides = axes[0], network_strides(network)
    size = list(network.input_size)
    for other, stride in enumerate(strides):
        if other != axis:
            size[other] = _shortest_length(network, other, stride, nodes)
    while True:
        report = _report_or_none(network, size)
        if report is None:  # together, the short lengths of the other axes don't fit
            size = [*network.input_size[:axis], size[axis], *network.input_size[axis + 1 :]]
            report = Report(network, size)
        missing = max((_missing_length(report, node, axis) for node in nodes), default=0)
        if missing <= 0 or size[axis] + missing > LONGEST:
            return Strip(axes, tuple(size), report)
        size[axis] += -(-missing // strides[axis]) * strides[axis]


def network_strides(network: Network) -> list[int]:
    """By how much the length of each axis can change without any other change: the common multiple of all jumps."""
    report = Report(network)
    jumps = [[jump for layer in report if (jump := layer.jump[axis]) is not None] for axis in range(network.axes)]
    return [lcm(network.multiple, *(jump.numerator for jump in on_axis)) for on_axis in jumps]


def _shortest_length(network: Network, axis: int, stride: int, nodes: Sequence[int]) -> int:
    """The shortest length of an axis, nominal less a multiple of the stride, at which every map sees something."""
    nominal = network.input_size[axis]
    for length in range(nominal % stride or stride, nominal, stride):
        size = [*network.input_size[:axis], length, *network.input_size[axis + 1 :]]
        report = _report_or_none(network, size)
        seeing = [node for node in nodes if not network.given[node]]
        if report is not None and all(_sees_something(report, node, axis) for node in seeing):
            return length
    return nominal


def _report_or_none(network: Network, size: Sequence[int]) -> Report | None:
    try:
        return Report(network, size)
    except NetworkError:
        return None


def _sees_something(report: Report, node: int, axis: int) -> bool:
    layer = report.layers[node - 1]
    return report.visible_fields(layer.name, axis).at(middle_unit(report, layer, axis)) is not None


def middle_unit(report: Report, layer: LayerReport, axis: int) -> int:
    """The unit nearest the middle that sees something, if any does."""
    seen, middle = report.visible_fields(layer.name, axis), layer.central_index[axis]
    units = sorted(range(layer.size[axis]), key=lambda unit: abs(unit - middle))
    return next((unit for unit in units if seen.at(unit) is not None), middle)


def _missing_length(report: Report, node: int, axis: int) -> int:
    """By how much the image is too short for the fields of a map's inner units; 0 where it is not, or never ends."""
    layer = report.layers[node - 1]
    trace = layer.axes[axis]
    if not isinstance(trace.field, PeriodicField) or trace.field.constant or trace.field.empty:
        return 0
    if report.network.collapsed[node]:
        return 0
    fields = [trace.field.at(unit) for unit in inner_units(layer, axis)]
    inside = [field for field in fields if field is not None]
    length = report.input_size[axis]
    beyond = max((max(-field.first, field.last - length + 1) for field in inside), default=0)
    return 2 * max(beyond, 0) if len(fields) > trace.field.period else max(trace.field.largest, 1)


def inner_units(layer: LayerReport, axis: int) -> list[int]:
    """A period of units in the middle of the map, and the first of the next one."""
    trace = layer.axes[axis]
    period = trace.field.period if isinstance(trace.field, PeriodicField) else 1
    first = max((trace.length - 1 - period) // 2, 0)
    return list(range(first, min(first + period + 1, trace.length)))
