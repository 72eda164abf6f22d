"""The fields of the catalogue's layers as PyTorch runs them, measured by gradients, against the analysis.

Every axis is measured on an image that is long on it, so long that the fields of the measured units lie inside, and
short on the others; the model has all its axes. The analysis at that very size must agree exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import prod

from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.interval import Interval
from rfdocs.graph import LayerReport, Network, NetworkError, Report
from rfdocs.operators import Pointwise
from rfdocs.verify.gradients import Box, Probe, Unit
from rfdocs.verify.linearised import Linearised
from rfdocs.verify.strips import Strip, find_strip, inner_units, middle_unit

#: The most work on one network: pixels of its strips times layers that are run times layers that are measured.
WORK = 10_000_000_000
#: The most units of one layer that are measured where it is not the network's last.
PHASES = 16

#: By axis the largest field, jump and start, as measured.
AxisFields = dict[int, tuple[int, Fraction | None, Fraction | None]]


@dataclass(slots=True)
class Measurement:
    """What was measured, and all in which the analysis differs; ``features`` is the field of ``feature_layer``, the
    network's last map that was measured.
    """

    layers: int = 0
    of_layers: int = 0
    units: int = 0
    gates: int = 0
    sizes: list[tuple[int, ...]] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    features: AxisFields = field(default_factory=dict)
    feature_layer: str = ""


def measure(network: Network) -> Measurement:
    """The measurement of a network, one strip for each group of axes of the same arithmetic.

    Layers that fit the nominal size only (a head whose pooling has a fixed window, say) are left out, and named.
    """
    of_layers, left_out = len(_spatial_nodes(network)), []
    if network.axes == 3 and (name := _first_of_single_units(network)):
        left_out.append(f"the field from {name} on: in three axes the head's windows make the image too large")
        network = _network_before(network, name)
    while True:
        try:
            strips = [find_strip(network, axes, _spatial_nodes(network)) for axes in network.uniform_axes]
            break
        except NetworkError as error:
            left_out.append(f"the field from {error.layer} on: it fits the nominal size only")
            network = _network_before(network, error.layer)
    nodes = measured_nodes(network, sum(prod(strip.size) for strip in strips))
    measurement = Measurement(len(nodes), of_layers, sizes=[strip.size for strip in strips], unverified=left_out[-1:])
    for strip in strips:
        _measure_strip(network, strip, nodes, measurement)
    return measurement


def _first_of_single_units(network: Network) -> str | None:
    """The first of the last layers whose maps are, at the nominal size, one unit."""
    name = None
    for layer in reversed(Report(network).layers):
        if set(layer.size) != {1}:
            break
        name = layer.name
    return name


def _network_before(network: Network, name: str) -> Network:
    """The network without that layer and all that follow it."""
    return replace(network, layers=network.layers[: network.node(name) - 1])


def _spatial_nodes(network: Network) -> list[int]:
    """The nodes that are more than a pointwise operation."""
    layers = enumerate(network.layers, start=1)
    return [node for node, layer in layers if not isinstance(layer.operator, Pointwise)]


def measured_nodes(network: Network, pixels: int) -> list[int]:
    """The nodes that are measured on strips of so many pixels: all that move or merge windows, or where that would be
    too much work the stages' ends, or some of these.
    """
    nodes = _spatial_nodes(network)
    work = pixels * len(network.layers) * (12 if network.axes == 3 else 1)
    if len(nodes) * work <= WORK:
        return nodes
    last = {network.names[node].split(".")[0]: node for node in range(1, len(network.layers) + 1)}
    ends = sorted({*last.values(), *_resolution_changes(network)} - {0})
    step = -(-len(ends) * work // WORK)
    return sorted({*ends[::-step], network.feature_node, *network.output_nodes} - {0})


def _resolution_changes(network: Network) -> Iterator[int]:
    """The nodes of another resolution than what they read, and what these read."""
    report = Report(network)
    sizes = [report.input_size, *(layer.size for layer in report)]
    for node, layer in enumerate(network.layers, start=1):
        if sizes[node] != sizes[layer.inputs[0]]:
            yield from (layer.inputs[0], node)


def _measure_strip(network: Network, strip: Strip, nodes: Sequence[int], measurement: Measurement) -> None:
    model = Linearised(network)
    probe = Probe(lambda image: model(image, gates=False), 1, strip.size)
    for node in nodes:
        fields = check_node(probe, node, strip, node, measurement)
        if node == network.feature_node:
            measurement.features |= fields
            measurement.feature_layer = network.names[node]
    gated = [node for node in nodes if strip.report.layers[node - 1].global_context]
    if gated:
        _check_gate(model, strip, gated[-1], measurement)


def check_node(
    probe: Probe, place: int, strip: Strip, node: int, measurement: Measurement, *, borders: bool = True
) -> AxisFields:
    """The measured field of a node, if the map at a place of the probe has one on that axis; adds every difference
    from the analysis: of its size, of its units' fields, and of its smallest and largest field, jump and start.
    """
    layer = strip.report.layers[node - 1]
    size = tuple(probe.maps[place].shape[2:])
    if size != layer.size:
        measurement.disagreements.append(f"{layer.name}: PyTorch's size is {size}, ours {layer.size}")
        return {}
    inner, border = _measured_units(strip, node)
    border = border if borders else []
    boxes = probe.fields(place, [*inner, *border])
    measurement.units += len(boxes)
    for unit, box in zip([*inner, *border], boxes, strict=True):
        expected = [axis.spatial_visible for axis in strip.report.unit(layer.name, unit)]
        _compare_fields(measurement, f"{layer.name} {unit} at {strip.size}", expected, box)
    if strip.report.network.collapsed[node] or not isinstance(layer.axes[strip.axis].field, PeriodicField):
        return {}
    return _check_values(strip, layer, inner, boxes[: len(inner)], measurement)


def _measured_units(strip: Strip, node: int) -> tuple[list[Unit], list[Unit]]:
    """The units that are measured: one period and one more in the middle, and the two at the borders."""
    layer = strip.report.layers[node - 1]
    middle = [middle_unit(strip.report, layer, axis) for axis in range(len(layer.size))]
    inner = inner_units(layer, strip.axis)
    if len(inner) > PHASES + 1 and node not in (strip.report.network.feature_node, *strip.report.network.output_nodes):
        inner = [*inner[:PHASES], inner[-1]]
    ends = sorted({0, layer.size[strip.axis] - 1} - set(inner))

    def placed(unit: int) -> Unit:
        return (*middle[: strip.axis], unit, *middle[strip.axis + 1 :])

    return [placed(unit) for unit in inner], [placed(unit) for unit in ends]


def _compare_fields(measurement: Measurement, what: str, expected: Sequence[Interval | None], box: Box) -> None:
    computed = tuple(interval for interval in expected if interval is not None)
    sees = len(computed) == len(expected)
    if box != (computed if sees else None):
        text = _box_text(computed) if sees else "that it sees nothing"
        measurement.disagreements.append(f"{what}: measured {_box_text(box)}, computed {text}")


def _box_text(box: Box) -> str:
    return "nothing" if box is None else " x ".join(f"[{interval.first}, {interval.last}]" for interval in box)


def _check_values(
    strip: Strip, layer: LayerReport, units: Sequence[Unit], boxes: Sequence[Box], measurement: Measurement
) -> AxisFields:
    """A layer's largest field, jump and start as measured, if its units allow it; adds where the analysis differs."""
    axis = strip.axis
    field = layer.axes[axis].field
    assert isinstance(field, PeriodicField)
    intervals = {unit[axis]: None if box is None else box[axis] for unit, box in zip(units, boxes, strict=True)}
    theoretical = [interval for unit in intervals if (interval := field.at(unit)) is not None]
    if any(interval.first < 0 or interval.last >= strip.size[axis] for interval in theoretical):
        what = f"the theoretical field of {layer.name} on axis {axis}"
        measurement.unverified.append(f"{what}: it leaves every image tried")
        return {}
    if len(intervals) <= field.period:
        return {}
    measured = _measured_values(intervals, field.period)
    computed = (field.smallest, field.largest, field.jump, field.start)
    if measured != computed:
        texts = [", ".join(map(str, values)) for values in (measured, computed)]
        what = f"{layer.name} axis {axis}: smallest and largest field, jump and start"
        measurement.disagreements.append(f"{what} measured {texts[0]}, computed {texts[1]}")
    return dict.fromkeys(strip.axes, measured[1:])


def _measured_values(
    intervals: dict[int, Interval | None], period: int
) -> tuple[int, int, Fraction | None, Fraction | None]:
    """Smallest and largest field, jump and start as measured on one period of units and the first of the next."""
    first = min(intervals)
    sizes = [0 if interval is None else interval.size for interval in intervals.values()]
    turns = [unit for unit in range(first, first + period) if intervals[unit] is not None]
    pairs = [(intervals[unit], intervals[unit + period]) for unit in turns if unit + period in intervals]
    jumps = {Fraction(_center(after) - _center(before), period) for before, after in pairs if before and after}
    jump = jumps.pop() if len(jumps) == 1 else None
    if jump is None:
        return min(sizes), max(sizes), None, None
    places = [_center(interval) - unit * jump for unit in turns if (interval := intervals[unit]) is not None]
    return min(sizes), max(sizes), jump, sum(places, Fraction(0)) / len(places)


def _center(interval: Interval) -> Fraction:
    return Fraction(interval.first + interval.last + 1, 2)


def _check_gate(model: Linearised, strip: Strip, node: int, measurement: Measurement) -> None:
    """With its gates, the central unit of a layer: it sees the whole image where the analysis says so."""
    probe = Probe(lambda image: model(image, gates=True), 1, strip.size)
    layer = strip.report.layers[node - 1]
    unit = _measured_units(strip, node)[0][0]
    (box,) = probe.fields(node, [unit])
    measurement.gates += 1
    expected = [axis.visible for axis in strip.report.unit(layer.name, unit)]
    _compare_fields(measurement, f"{layer.name} {unit} with its gates at {strip.size}", expected, box)
