"""A network analysed at one input size: every layer's figures, and the field of any unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod

from rfdocs.algebra.errors import ArithmeticRefusal
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.sizes import bounded
from rfdocs.algebra.visible import VisibleFields, with_context
from rfdocs.graph.network import Layer, Network
from rfdocs.graph.sight import Sight, see_axis
from rfdocs.graph.trace import AxisNode, trace_axis
from rfdocs.operators import Maps

Numbers = tuple[int, ...]
Places = tuple[Fraction | None, ...]


class InputError(ValueError):
    """An input size, a unit or a pixel that does not exist in this network."""


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
        return tuple(
            [None if (field := axis.field.at(0)) is None else -field.first for axis in self.axes]
        )

    @property
    def misalignment(self) -> Places:
        """The distance between the outermost centres of its paths; 0 where they are aligned. Unit: input pixels."""
        return tuple(
            [None if axis.skew is None else axis.skew[0] + axis.skew[1] for axis in self.axes]
        )

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
    """

    def __init__(self, network: Network, input_size: Sequence[int] | int | None = None) -> None:
        self.network = network
        self.input_size = _checked(
            network, network.input_size if input_size is None else input_size
        )
        traces = _per_axis(network, self.input_size)
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

    @property
    def parameters(self) -> int:
        """The parameters of all layers."""
        return sum(layer.parameters for layer in self.layers)

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
        axes = [trace[node] for trace in self._traces]
        sights = [sight[node] for sight in self._sights]
        spatial_visible = tuple(
            [sight.fields.at(u) for sight, u in zip(sights, index, strict=True)]
        )
        return UnitField(
            field=tuple([axis.total(unit) for axis, unit in zip(axes, index, strict=True)]),
            visible=tuple(
                [with_context(f, s.context) for f, s in zip(spatial_visible, sights, strict=True)]
            ),
            spatial_field=tuple(
                [axis.field.at(unit) for axis, unit in zip(axes, index, strict=True)]
            ),
            spatial_visible=spatial_visible,
        )

    def seen_by(self, name: str, pixel: Sequence[int]) -> tuple[list[int], ...]:
        """The units of a layer whose visible field holds a pixel, per axis, ascending.

        A unit sees the pixel when its index is in the list on every axis.
        Raises: UnknownLayer, InputError for a pixel outside the image.
        """
        node = self.network.node(name)
        self._check_index("the image", 0, pixel)
        sights = [sight[node] for sight in self._sights]
        return tuple(
            [
                sight.fields.seeing(place, sight.context)
                for sight, place in zip(sights, pixel, strict=True)
            ]
        )

    def visible_fields(self, name: str, axis: int) -> VisibleFields:
        """The visible fields of all units of a layer on one axis, along the spatial paths. Raises: UnknownLayer."""
        return self._sights[axis][self.network.node(name)].fields

    def visible_share(self, name: str) -> Fraction:
        """The share of the image that the central unit, ``(n - 1) // 2`` on each axis, sees, gates included."""
        layer = self[name]
        unit = self.unit(name, [(length - 1) // 2 for length in layer.size])
        return Fraction(
            prod(0 if f is None else f.size for f in unit.visible), prod(self.input_size)
        )

    def touched_by_padding(self, name: str) -> int:
        """The number of units whose theoretical field, along the spatial paths, leaves the image."""
        layer = self[name]
        clear = [
            _inside(axis, length) for axis, length in zip(layer.axes, self.input_size, strict=True)
        ]
        return prod(layer.size) - prod(clear)

    @cached_property
    def _sights(self) -> tuple[tuple[Sight, ...], ...]:
        made = {id(trace): see_axis(self.network, trace) for trace in self._traces}
        return tuple([made[id(trace)] for trace in self._traces])

    def _check_index(self, name: str, node: int, index: Sequence[int]) -> None:
        size = tuple([trace[node].length for trace in self._traces])
        if len(index) != len(size):
            raise InputError(
                f"{name} has {len(size)} axes ({_times(size)}), but {len(index)} indices are given"
            )
        if any(not 0 <= place < length for place, length in zip(index, size, strict=True)):
            last = ", ".join(str(length - 1) for length in size)
            raise InputError(
                f"{name} is {_times(size)}: there is no {_tuple(index)}; the last is ({last})"
            )


def _checked(network: Network, wanted: Sequence[int] | int) -> tuple[int, ...]:
    size = (wanted,) if isinstance(wanted, int) else tuple(wanted)
    if len(size) == 1 < network.axes:
        size = size * network.axes
    if len(size) != network.axes:
        raise InputError(f"the network has {network.axes} axes; {_times(size)} gives {len(size)}")
    try:
        return tuple([bounded(length) for length in size])
    except ArithmeticRefusal as refusal:
        raise InputError(
            f"the input cannot be {_times(size)}: {str(refusal).replace('its output', 'it')}"
        ) from None


def _per_axis(network: Network, size: tuple[int, ...]) -> tuple[tuple[AxisNode, ...], ...]:
    """One trace per axis; axes of one arithmetic and one length share theirs."""
    made: dict[tuple[int, int], tuple[AxisNode, ...]] = {}
    group = {axis: axes[0] for axes in network.uniform_axes for axis in axes}
    for axis, length in enumerate(size):
        key = (group[axis], length)
        if key not in made:
            made[key] = trace_axis(network, axis, length)
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


def _layer_report(
    network: Network, layer: Layer, maps: Maps, depth: int, axes: tuple[AxisNode, ...]
) -> LayerReport:
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


def _inside(axis: AxisNode, length: int) -> int:
    """How many units' fields lie whole in an image of this length."""
    whole = Interval(0, length - 1)
    fields = (axis.field.at(unit) for unit in range(axis.length))
    return sum(field is None or hull((field, whole)) == whole for field in fields)


def _times(size: Sequence[int]) -> str:
    return " x ".join(map(str, size))


def _tuple(index: Sequence[int]) -> str:
    return f"({', '.join(map(str, index))})"
