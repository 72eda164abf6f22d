"""A network analysed at one input size: every layer's figures, and the field of any unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from rfdocs.algebra.errors import ArithmeticRefusal
from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.sizes import bounded
from rfdocs.algebra.visible import VisibleFields
from rfdocs.graph.network import IMAGE_NAME, Layer, Network
from rfdocs.graph.sight import Sight, bound_sight, see_axis
from rfdocs.graph.trace import AxisNode, Spend, trace_axis, uncounted
from rfdocs.operators import Maps

if TYPE_CHECKING:
    from rfdocs.graph.reach import Footprints

Numbers = tuple[int, ...]
Places = tuple[Fraction | None, ...]


class InputError(ValueError):
    """An input size, a unit or a pixel that does not exist in this network, or a size too large for what is asked."""


@dataclass(frozen=True)
class LayerReport:
    """One node's figures, one value per axis in (height, width) order.

    ``receptive_field``, ``jump`` and ``start`` follow the spatial paths; where ``global_context`` is true, gates let
    every unit see the whole image besides.
    """

    name: str
    operation: str
    inputs: tuple[str, ...]
    channels: int
    parameters: int
    macs: int
    depth: int
    weighted: bool
    axes: tuple[AxisNode, ...]

    @property
    def size(self) -> Numbers:
        """The map's length per axis, n. Unit: units."""
        return tuple([axis.length for axis in self.axes])

    @property
    def jump(self) -> Places:
        """The distance between neighbouring units' centres, the effective stride. Unit: input pixels."""
        return tuple([axis.field.jump for axis in self.axes])

    @property
    def receptive_field(self) -> Numbers:
        """The theoretical field's size, the largest over the phases. Unit: input pixels."""
        return tuple([axis.field.largest for axis in self.axes])

    @property
    def receptive_field_min(self) -> Numbers:
        """The theoretical field's size, the smallest over the phases. Unit: input pixels."""
        return tuple([axis.field.smallest for axis in self.axes])

    @property
    def start(self) -> Places:
        """The centre of unit 0 (where phases differ, of the line through the centres). Unit: input pixels."""
        return tuple([axis.field.start for axis in self.axes])

    @property
    def global_context(self) -> bool:
        """Whether a gate lets every unit see the whole image."""
        return any(axis.context is not None or axis.field.constant for axis in self.axes)

    @property
    def effective_padding(self) -> tuple[int | None, ...]:
        """How far unit 0's field reaches out of the image, ``-first(0)``. Unit: input pixels."""
        return tuple([None if (field := axis.field.at(0)) is None else -field.first for axis in self.axes])

    @property
    def misalignment(self) -> Places:
        """The distance between the outermost centres of its paths; 0 where they are aligned. Unit: input pixels."""
        return tuple([None if axis.skew is None else axis.skew[0] + axis.skew[1] for axis in self.axes])

    @property
    def smallest_path(self) -> tuple[int | None, ...]:
        """The field along the path on which it is smallest; ``None`` behind upsampling. Unit: input pixels."""
        return tuple([axis.smallest_path for axis in self.axes])

    @property
    def activations(self) -> int:
        """The numbers that the map holds: channels times units."""
        return self.channels * prod(self.size)


@dataclass(frozen=True, slots=True)
class UnitField:
    """What one unit sees, one interval per axis: all of it, and along the spatial paths alone (without gates)."""

    field: tuple[Interval | None, ...]
    visible: tuple[Interval | None, ...]
    spatial_field: tuple[Interval | None, ...]
    spatial_visible: tuple[Interval | None, ...]


class Report:
    """All nodes of a network at one input size.

    >>> import rfdocs
    >>> report = rfdocs.load("resnet50").analyze(input_size=(320, 480))
    >>> report["layer4"].receptive_field, report["layer4"].size
    ((427, 427), (10, 15))

    ``spend`` is told of the analysis' steps, of about a microsecond, before they are taken, and may stop it.
    """

    def __init__(
        self, network: Network, input_size: Sequence[int] | int | None = None, spend: Spend = uncounted
    ) -> None:
        self.network = network
        self.input_size = _checked(network, network.input_size if input_size is None else input_size)
        traces = _per_axis(network, self.input_size, spend)
        self.layers: tuple[LayerReport, ...] = tuple(_reports(network, traces))
        self._traces = traces

    @property
    def image(self) -> LayerReport:
        """The image as node 0: field 1, jump 1, start 0.5."""
        axes = tuple([trace[0] for trace in self._traces])
        return LayerReport("input", "input", (), self.network.input_channels, 0, 0, 0, False, axes)

    @property
    def final(self) -> LayerReport:
        """The last layer."""
        return self.layers[-1] if self.layers else self.image

    @cached_property
    def features(self) -> LayerReport:
        """The last layer that is still a map of several units, less those behind it that change nothing.

        Global pooling and fully connected layers come after it. Where no layer is a map of several units, as behind a
        valid convolution that covers its input, it is the last layer before those.
        """
        collapsed = self.network.collapsed
        maps = [layer for layer, gone in zip(self.layers, collapsed[1:], strict=True) if not gone]
        several = [layer for layer in maps if prod(layer.size) > 1]
        last = (several or maps or [self.image])[-1]
        while self._changes_nothing(last):
            last = self[last.inputs[0]]
        return last

    def _changes_nothing(self, layer: LayerReport) -> bool:
        """Whether the layer has no weights and passes the map of its one input on, place by place."""
        if layer.weighted or len(layer.inputs) != 1 or layer.inputs[0] == IMAGE_NAME:
            return False
        source = self[layer.inputs[0]]
        return (source.size, source.receptive_field, source.start) == (layer.size, layer.receptive_field, layer.start)

    @property
    def outputs(self) -> tuple[LayerReport, ...]:
        """The layers that no other layer reads, in order."""
        return tuple([self.layers[node - 1] for node in self.network.output_nodes if node])

    @cached_property
    def first_to_see_all(self) -> LayerReport | None:
        """The first layer whose central unit sees the whole image along the spatial paths; ``None`` if none does."""
        whole = tuple([Interval(0, length - 1) for length in self.input_size])
        for layer in self.layers:
            central = self.unit(layer.name, [(length - 1) // 2 for length in layer.size])
            if central.spatial_visible == whole:
                return layer
        return None

    @property
    def parameters(self) -> int:
        """The parameters of all layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def _distinct(self) -> list[tuple[AxisNode, ...]]:
        """The traces, one of those that axes share."""
        return list({id(trace): trace for trace in self._traces}.values())

    @property
    def macs(self) -> int:
        """The multiply-accumulates of all layers."""
        return sum(layer.macs for layer in self.layers)

    @property
    def depth(self) -> int:
        """The most layers with weights on any path."""
        return max((layer.depth for layer in self.layers), default=0)

    def __iter__(self) -> Iterator[LayerReport]:
        return iter(self.layers)

    def __getitem__(self, name: str) -> LayerReport:
        """The layer, or the last layer of the scope, of that name. Raises: UnknownLayer."""
        node = self.network.node(name)
        return self.layers[node - 1] if node else self.image

    def unit(self, name: str, index: Sequence[int]) -> UnitField:
        """What one unit of a layer sees. Raises: UnknownLayer, InputError for an index outside the map."""
        node = self.network.node(name)
        self._check_index(name, node, index)
        axes = [
            (trace[node], sight[node], u) for trace, sight, u in zip(self._traces, self._sights, index, strict=True)
        ]
        return UnitField(
            field=tuple([axis.total(unit) for axis, _, unit in axes]),
            visible=tuple([sight.total.at(unit) for _, sight, unit in axes]),
            spatial_field=tuple([axis.field.at(unit) for axis, _, unit in axes]),
            spatial_visible=tuple([sight.spatial.at(unit) for _, sight, unit in axes]),
        )

    def seen_by(self, name: str, pixel: Sequence[int]) -> tuple[list[int], ...]:
        """The units of a layer whose visible field holds a pixel, per axis, ascending.

        A unit sees the pixel when its index is in the list on every axis.
        Raises: UnknownLayer, InputError for a pixel outside the image.
        """
        node = self.network.node(name)
        self._check_index("the image", 0, pixel)
        sights = [sight[node] for sight in self._sights]
        return tuple([sight.total.seeing(place) for sight, place in zip(sights, pixel, strict=True)])

    def visible_fields(self, name: str, axis: int) -> VisibleFields:
        """The visible fields of all units of a layer on one axis, along the spatial paths. Raises: UnknownLayer."""
        return self._sights[axis][self.network.node(name)].spatial

    def visible_share(self, name: str) -> Fraction:
        """The share of the image that the central unit, ``(n - 1) // 2`` on each axis, sees, gates included."""
        layer = self[name]
        unit = self.unit(name, [(length - 1) // 2 for length in layer.size])
        return Fraction(prod(0 if f is None else f.size for f in unit.visible), prod(self.input_size))

    def refuse_beyond_sight(self) -> None:
        """Nothing. Raises: InputError where the maps are too large to follow every unit, without following any."""
        try:
            bound_sight(self._distinct)
        except ArithmeticRefusal as refusal:
            raise InputError(f"{self.network.name} on {_times(self.input_size)}: {refusal}") from None

    def density(self, name: str) -> Places:
        """The share of its field's hull that a unit really reads, the least over the phases; ``None`` beyond limits.

        Below 1 where dilation, or a stride beyond the kernel, leaves holes. Along the spatial paths.
        """
        node = self.network.node(name)
        return tuple([_least_density(prints[node]) for prints in self._footprints])

    def path_counts(self, name: str, unit: int, axis: int, real: bool = False) -> dict[int, int]:
        """How many paths lead from each pixel of one axis to a unit: its impulse response under uniform weights.

        With ``real`` only paths through real units count. Unit: paths. Source: Luo et al. 2016, section 2.
        Raises: UnknownLayer, InputError beyond the limits.
        """
        from rfdocs.graph.reach import path_counts  # noqa: PLC0415 - a table has no use for it

        try:
            return path_counts(self.network, self._traces[axis], self.network.node(name), unit, real)
        except ArithmeticRefusal as refusal:
            raise InputError(f"{name}: {refusal}") from None

    def touched_by_padding(self, name: str) -> int:
        """The number of units whose theoretical field, along the spatial paths, leaves the image."""
        layer = self[name]
        clear = [_inside(axis, length) for axis, length in zip(layer.axes, self.input_size, strict=True)]
        return prod(layer.size) - prod(clear)

    @property
    def _sights(self) -> tuple[tuple[Sight, ...], ...]:
        if isinstance(self._seen, str):
            raise InputError(f"{self.network.name} on {_times(self.input_size)}: {self._seen}")
        return self._seen

    @cached_property
    def _seen(self) -> tuple[tuple[Sight, ...], ...] | str:
        """What all units see, per axis; or why there are too many."""
        try:
            bound_sight(self._distinct)
        except ArithmeticRefusal as refusal:
            return str(refusal)
        made = {id(trace): see_axis(self.network, trace) for trace in self._distinct}
        return tuple([made[id(trace)] for trace in self._traces])

    @cached_property
    def _footprints(self) -> tuple[tuple[Footprints, ...], ...]:
        from rfdocs.graph.reach import footprints  # noqa: PLC0415 - a table has no use for it

        made = {id(trace): footprints(self.network, trace) for trace in self._distinct}
        return tuple([made[id(trace)] for trace in self._traces])

    def _check_index(self, name: str, node: int, index: Sequence[int]) -> None:
        size = tuple([trace[node].length for trace in self._traces])
        if len(index) != len(size):
            raise InputError(f"{name} is {_times(size)}: one index per axis is wanted, but {len(index)} given")
        if any(not 0 <= place < length for place, length in zip(index, size, strict=True)):
            last = ", ".join(str(length - 1) for length in size)
            raise InputError(f"{name} is {_times(size)}: there is no {_tuple(index)}; the last is ({last})")


def _checked(network: Network, wanted: Sequence[int] | int) -> tuple[int, ...]:
    size = (wanted,) if isinstance(wanted, int) else tuple(wanted)
    if len(size) == 1 < network.axes:
        size = size * network.axes
    if len(size) != network.axes:
        raise InputError(f"the network has {network.axes} axes; {_times(size)} gives {len(size)}")
    try:
        return tuple([bounded(length) for length in size])
    except ArithmeticRefusal as refusal:
        raise InputError(f"the input cannot be {_times(size)}: {str(refusal).replace('its output', 'it')}") from None


def _per_axis(network: Network, size: tuple[int, ...], spend: Spend) -> tuple[tuple[AxisNode, ...], ...]:
    """One trace per axis; axes of one arithmetic and one length share theirs."""
    made: dict[tuple[int, int], tuple[AxisNode, ...]] = {}
    group = {axis: axes[0] for axes in network.uniform_axes for axis in axes}
    for axis, length in enumerate(size):
        key = (group[axis], length)
        if key not in made:
            made[key] = trace_axis(network, axis, length, spend)
    return tuple([made[group[axis], length] for axis, length in enumerate(size)])


def _reports(network: Network, traces: tuple[tuple[AxisNode, ...], ...]) -> Iterator[LayerReport]:
    depths = [0]
    lengths = list(zip(*([node.length for node in trace] for trace in traces), strict=True))
    for node, layer in enumerate(network.layers, start=1):
        first = layer.inputs[0]
        maps = Maps(network.channels[first], lengths[first], network.channels[node], lengths[node])
        depths.append(max([depths[source] for source in layer.inputs]) + layer.operator.weighted)
        axes = tuple([trace[node] for trace in traces])
        yield _layer_report(network, layer, maps, depths[-1], axes)


def _layer_report(network: Network, layer: Layer, maps: Maps, depth: int, axes: tuple[AxisNode, ...]) -> LayerReport:
    return LayerReport(
        name=layer.name,
        operation=layer.operation,
        inputs=tuple([network.names[node] for node in layer.inputs]),
        channels=maps.channels_out,
        parameters=layer.operator.parameters(maps),
        macs=layer.operator.macs(maps),
        depth=depth,
        weighted=layer.operator.weighted,
        axes=axes,
    )


def _least_density(prints: Footprints) -> Fraction | None:
    if prints is None:
        return None
    cells = prints.phases if isinstance(prints, PeriodicField) else prints.entries
    return min((Fraction(cell.members, cell.size) for cell in cells if cell is not None), default=None)


def _inside(axis: AxisNode, length: int) -> int:
    """How many units' fields lie whole in an image of this length."""
    if isinstance(axis.field, PeriodicField):
        phases = enumerate(axis.field.phases[: axis.length])
        return sum([_turns_inside(axis.field, unit, phase, axis.length, length) for unit, phase in phases])
    fields = [axis.field.at(unit) for unit in range(axis.length)]
    return sum(field is None or (field.first >= 0 and field.last < length) for field in fields)


def _turns_inside(field: PeriodicField[Interval], unit: int, phase: Interval | None, units: int, length: int) -> int:
    """How many of the units ``unit, unit + period, ...`` have fields that lie whole in an image of this length.

    Rule: ``first + t * shift >= 0`` and ``last + t * shift < length``, for ``t = 0, 1, ...``.
    """
    turns = -(-(units - unit) // field.period)
    if phase is None:
        return turns
    if field.shift == 0:
        return turns if phase.first >= 0 and phase.last < length else 0
    earliest = max(0, -(phase.first // field.shift))
    latest = min(turns - 1, (length - 1 - phase.last) // field.shift)
    return max(0, latest - earliest + 1)


def _times(size: Sequence[int]) -> str:
    return " x ".join(map(str, size))


def _tuple(index: Sequence[int]) -> str:
    return f"({', '.join(map(str, index))})"
