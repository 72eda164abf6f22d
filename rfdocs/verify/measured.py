"""The fields of the catalogue's layers as PyTorch runs them, measured by gradients, against the analysis.

Every axis is measured on an image that is long on it, so long that the fields of the measured units lie inside, and
short on the others; the model has all its axes. The analysis at that very size must agree exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm, prod

from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.interval import Interval
from rfdocs.graph import LayerReport, Network, NetworkError, Report
from rfdocs.operators import Pointwise
from rfdocs.verify.gradients import Box, Probe, Unit
from rfdocs.verify.linearised import Linearised

#: The most work on one network: pixels of its strips times layers that are run times layers that are measured.
WORK = 10_000_000_000
#: The most units of one layer that are measured where it is not the network's last.
PHASES = 16
#: The longest image that is tried. Unit: pixels.
LONGEST = 16_384


#: Per axis the largest field, jump and start, as measured.
Figures = dict[int, tuple[int, Fraction | None, Fraction | None]]


@dataclass(slots=True)
class Measurement:
    """What was measured, and every figure in which the analysis differs.

    ``figures`` are those of the layer that was measured last, ``features`` those of the network's last map
    that was measured, ``feature_layer``.
    """

    layers: int = 0
    of_layers: int = 0
    units: int = 0
    gates: int = 0
    sizes: list[tuple[int, ...]] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    figures: Figures = field(default_factory=dict)
    features: Figures = field(default_factory=dict)
    feature_layer: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """An image size that is long on one axis."""

    axis: int
    size: tuple[int, ...]
    report: Report


def measure(network: Network) -> Measurement:
    """The measurement of a network, one strip for each group of axes of the same arithmetic.

    Layers that fit the nominal size only (a head whose pooling has a fixed window, say) are left out, and named.
    """
    of_layers, left_out = len(_spatial_nodes(network)), []
    if network.axes == 3 and (name := _first_single(network)):
        left_out.append(f"the field from {name} on: in three axes the head's windows make the image too large")
        network = _before(network, name)
    while True:
        try:
            strips = [find_strip(network, axes[0], _spatial_nodes(network)) for axes in network.uniform_axes]
            break
        except NetworkError as error:
            left_out.append(f"the field from {error.layer} on: it fits the nominal size only")
            network = _before(network, error.layer)
    nodes = measured_nodes(network, sum(prod(strip.size) for strip in strips))
    made = Measurement(len(nodes), of_layers, sizes=[strip.size for strip in strips], unverified=left_out[-1:])
    for strip, axes in zip(strips, network.uniform_axes, strict=True):
        _measure_strip(network, strip, nodes, made)
        if strip.axis in made.features:
            made.features |= dict.fromkeys(axes, made.features[strip.axis])
    return made


def _first_single(network: Network) -> str | None:
    """The first of the last layers whose maps are, at the nominal size, one unit."""
    name = None
    for layer in reversed(Report(network).layers):
        if set(layer.size) != {1}:
            break
        name = layer.name
    return name


def _before(network: Network, name: str) -> Network:
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
    ends = sorted({*last.values(), *_changes(network)} - {0})
    step = -(-len(ends) * work // WORK)
    return sorted({*ends[::-step], network.feature_node, *network.output_nodes} - {0})


def _changes(network: Network) -> Iterator[int]:
    """The nodes of another resolution than what they read, and what these read."""
    report = Report(network)
    sizes = [report.input_size, *(layer.size for layer in report)]
    for node, layer in enumerate(network.layers, start=1):
        if sizes[node] != sizes[layer.inputs[0]]:
            yield from (layer.inputs[0], node)


def find_strip(network: Network, axis: int, nodes: Sequence[int]) -> Strip:
    """The smallest image on which the central units of all measured maps see no border on that axis.

    Its lengths differ from the nominal ones by multiples of the network's stride, so that nothing else changes.
    """
    strides = strides_of(network)
    size = list(network.input_size)
    for other, stride in enumerate(strides):
        if other != axis:
            size[other] = _shortest(network, other, stride, nodes)
    stride = strides[axis]
    while True:
        report = _analysed(network, size)
        if report is None:
            size = _reset(network, size, axis)
            report = Report(network, size)
        missing = max((_missing(report, node, axis) for node in nodes), default=0)
        if missing <= 0 or size[axis] + missing > LONGEST:
            return Strip(axis, tuple(size), report)
        size[axis] += -(-missing // stride) * stride


def _reset(network: Network, size: Sequence[int], axis: int) -> list[int]:
    """The nominal lengths on all other axes: together, the short ones don't fit."""
    return [length if other == axis else network.input_size[other] for other, length in enumerate(size)]


def strides_of(network: Network) -> list[int]:
    """By how much the length of each axis can change without any other change: the common multiple of all jumps."""
    report = Report(network)
    found = []
    for axis in range(network.axes):
        jumps = {jump for layer in report if (jump := layer.jump[axis]) is not None}
        found.append(lcm(network.multiple, *sorted(jump.numerator for jump in jumps)))
    return found


def _shortest(network: Network, axis: int, stride: int, nodes: Sequence[int]) -> int:
    """The shortest length of an axis, nominal less a multiple of the stride, at which every map sees something."""
    nominal = network.input_size[axis]
    for length in range(nominal % stride or stride, nominal, stride):
        size = [*network.input_size[:axis], length, *network.input_size[axis + 1 :]]
        report = _analysed(network, size)
        if report is not None and all(_sees(report, node, axis) for node in nodes):
            return length
    return nominal


def _analysed(network: Network, size: Sequence[int]) -> Report | None:
    try:
        return Report(network, size)
    except NetworkError:
        return None


def _sees(report: Report, node: int, axis: int) -> bool:
    layer = report.layers[node - 1]
    return report.visible_fields(layer.name, axis).at(_middle(report, layer, axis)) is not None


def _middle(report: Report, layer: LayerReport, axis: int) -> int:
    """The unit nearest the middle that sees something, if any does."""
    seen, middle = report.visible_fields(layer.name, axis), layer.central_index[axis]
    units = sorted(range(layer.size[axis]), key=lambda unit: abs(unit - middle))
    return next((unit for unit in units if seen.at(unit) is not None), middle)


def _missing(report: Report, node: int, axis: int) -> int:
    """By how much the image is too short for the fields of a map's inner units; 0 where it is not, or never ends."""
    layer = report.layers[node - 1]
    trace = layer.axes[axis]
    if not isinstance(trace.field, PeriodicField) or trace.field.constant or _reaches_all(report, node):
        return 0
    fields = [trace.field.at(unit) for unit in inner_units(layer, axis)]
    inside = [field for field in fields if field is not None]
    length = report.input_size[axis]
    wanted = max((max(-field.first, field.last - length + 1) for field in inside), default=0)
    return 2 * max(wanted, 0) if len(fields) > trace.field.period else max(trace.field.largest, 1)


def _reaches_all(report: Report, node: int) -> bool:
    """Whether a map's units read the whole image, however long it is: behind global pooling."""
    return report.network.collapsed[node]


def inner_units(layer: LayerReport, axis: int) -> list[int]:
    """A period of units in the middle of the map, and the first of the next one."""
    trace = layer.axes[axis]
    period = trace.field.period if isinstance(trace.field, PeriodicField) else 1
    first = max((trace.length - 1 - period) // 2, 0)
    return list(range(first, min(first + period + 1, trace.length)))


def _measure_strip(network: Network, strip: Strip, nodes: Sequence[int], made: Measurement) -> None:
    model = Linearised(network)
    probe = Probe(lambda image: model(image, gates=False), 1, strip.size)
    for node in nodes:
        check_node(probe, node, strip, node, made)
        if node == network.feature_node:
            made.features |= made.figures
            made.feature_layer = network.names[node]
    gated = [node for node in nodes if strip.report.layers[node - 1].global_context]
    if gated:
        _check_gates(model, strip, gated[-1:], made)


def check_node(probe: Probe, place: int, strip: Strip, node: int, made: Measurement, *, borders: bool = True) -> None:
    """The map at a place of the probe against the analysis of a node: its size, its units' fields, and its figures."""
    layer = strip.report.layers[node - 1]
    size = tuple(probe.maps[place].shape[2:])
    if size != layer.size:
        made.disagreements.append(f"{layer.name}: PyTorch's size is {size}, ours {layer.size}")
        return
    inner, border = _chosen(strip, node)
    border = border if borders else []
    boxes = probe.fields(place, [*inner, *border])
    made.units += len(boxes)
    for unit, box in zip([*inner, *border], boxes, strict=True):
        expected = [axis.spatial_visible for axis in strip.report.unit(layer.name, unit)]
        _compare(made, f"{layer.name} {unit} at {strip.size}", expected, box)
    made.figures = {}
    if isinstance(layer.axes[strip.axis].field, PeriodicField) and not _reaches_all(strip.report, node):
        _check_figures(strip, layer, inner, boxes[: len(inner)], made)


def _chosen(strip: Strip, node: int) -> tuple[list[Unit], list[Unit]]:
    """The units that are measured: one period and one more in the middle, and the two at the borders."""
    layer = strip.report.layers[node - 1]
    middle = [_middle(strip.report, layer, axis) for axis in range(len(layer.size))]
    inner = inner_units(layer, strip.axis)
    if len(inner) > PHASES + 1 and node not in (strip.report.network.feature_node, *strip.report.network.output_nodes):
        inner = [*inner[:PHASES], inner[-1]]
    ends = sorted({0, layer.size[strip.axis] - 1} - set(inner))

    def placed(unit: int) -> Unit:
        return (*middle[: strip.axis], unit, *middle[strip.axis + 1 :])

    return [placed(unit) for unit in inner], [placed(unit) for unit in ends]


def _compare(made: Measurement, what: str, expected: Sequence[Interval | None], box: Box) -> None:
    if any(part is None for part in expected):
        if box is not None:
            made.disagreements.append(f"{what}: measured {_shown(box)}, computed that it sees nothing")
    elif box is None or tuple(expected) != box:
        made.disagreements.append(f"{what}: measured {_shown(box)}, computed {_shown(expected)}")


def _shown(box: Sequence[Interval | None] | None) -> str:
    if box is None:
        return "nothing"
    return " x ".join("nothing" if part is None else f"[{part.first}, {part.last}]" for part in box)


def _check_figures(
    strip: Strip, layer: LayerReport, units: Sequence[Unit], boxes: Sequence[Box], made: Measurement
) -> None:
    """The measured size, jump and start of a layer against the published ones."""
    axis = strip.axis
    field = layer.axes[axis].field
    assert isinstance(field, PeriodicField)
    parts = {unit[axis]: None if box is None else box[axis] for unit, box in zip(units, boxes, strict=True)}
    length = strip.size[axis]
    theoretical = [known for unit in parts if (known := field.at(unit)) is not None]
    if any(known.first < 0 or known.last >= length for known in theoretical):
        made.unverified.append(f"the theoretical field of {layer.name} on axis {axis}: it leaves every image tried")
        return
    if len(parts) <= field.period:
        return
    figures = _figures(parts, field.period)
    made.figures[axis] = figures[1:]
    computed = (field.smallest, field.largest, field.jump, field.start)
    if figures != computed:
        texts = [", ".join(map(str, values)) for values in (figures, computed)]
        what = f"{layer.name} axis {axis}: smallest and largest field, jump and start"
        made.disagreements.append(f"{what} measured {texts[0]}, computed {texts[1]}")


def _figures(parts: dict[int, Interval | None], period: int) -> tuple[int, int, Fraction | None, Fraction | None]:
    """Smallest and largest field, jump and start as measured on one period of units and the first of the next."""
    first = min(parts)
    sizes = [0 if part is None else part.size for part in parts.values()]
    turns = [unit for unit in range(first, first + period) if parts[unit] is not None]
    pairs = [(parts[unit], parts[unit + period]) for unit in turns if unit + period in parts]
    jumps = {Fraction(_centre(after) - _centre(before), period) for before, after in pairs if before and after}
    jump = jumps.pop() if len(jumps) == 1 else None
    if jump is None:
        return min(sizes), max(sizes), None, None
    places = [_centre(part) - unit * jump for unit in turns if (part := parts[unit]) is not None]
    return min(sizes), max(sizes), jump, sum(places, Fraction(0)) / len(places)


def _centre(part: Interval) -> Fraction:
    return Fraction(part.first + part.last + 1, 2)


def _check_gates(model: Linearised, strip: Strip, nodes: Sequence[int], made: Measurement) -> None:
    """With its gates, the central unit of each layer: it sees the whole image where the analysis says so."""
    probe = Probe(lambda image: model(image, gates=True), 1, strip.size)
    for node in nodes:
        layer = strip.report.layers[node - 1]
        inner, _ = _chosen(strip, node)
        (box,) = probe.fields(node, inner[:1])
        made.gates += 1
        expected = [axis.visible for axis in strip.report.unit(layer.name, inner[0])]
        _compare(made, f"{layer.name} {inner[0]} with its gates at {strip.size}", expected, box)
