"""A network analysed at one input size: the values of every layer, and the field of any unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from math import prod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rfdocs.algebra.field import PeriodicField, units_inside
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import FOLLOWED, PATHS
from rfdocs.algebra.sizes import bounded
from rfdocs.algebra.visible import VisibleFields
from rfdocs.errors import ArithmeticRefusal, RfdocsError
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.feasible import nearest_sizes_text
from rfdocs.graph.network import IMAGE_NAME, Layer, Network, Topology
from rfdocs.graph.sight import Sight, axis_sights, check_sight_limits
from rfdocs.graph.strands import StrandedNetwork, with_strands
from rfdocs.graph.trace import Spend, trace_axis, uncounted
from rfdocs.graph.unit_field import UnitField
from rfdocs.graph.written import on_all_axes, once, place_text, size_text
from rfdocs.operators import AppliedWindow, Bound, Maps

if TYPE_CHECKING:
    from rfdocs.algebra.paths import Paths
    from rfdocs.graph.effective import Spread
    from rfdocs.graph.reach import Footprints, Responses
    from rfdocs.graph.tile_paths import Obstacle
    from rfdocs.graph.tile_search import AxisSearch, WholeAxis
    from rfdocs.graph.tiling import AxisTiling, Tiling

T = TypeVar("T")
Numbers = tuple[int, ...]
Places = tuple[Fraction | None, ...]
Trace = tuple[AxisNode, ...]


class InputError(RfdocsError, ValueError):
    """An input size, a unit or a pixel that does not exist in this network, or a size too large for what is asked.

    ``hint`` says what there is in its place.
    """


@dataclass(frozen=True, repr=False)
class LayerReport:
    """One node's values, spatial ones per axis in (height, width) order.

    All follow the spatial paths; where ``global_context`` is true, gates let units see more besides, as a rule the
    whole image.
    """

    name: str  #: Its name; ``input`` is the image.
    operation: str  #: What it does, by its key in the format of the files.
    inputs: tuple[str, ...]  #: The names of what it reads.
    channels: int  #: The channels of its map.
    parameters: int  #: Its learned numbers: weights, biases, two per channel of a normalisation.
    macs: int  #: Its multiply-accumulates for one image, all taps, without bias.
    depth: int  #: The most layers with weights on any path up to here.
    weighted: bool  #: Whether it counts in that.
    bound: Bound  #: How its field stands to what its units read in truth.
    slides: bool  #: Whether it slides a window over its input.
    groups: int | None  #: The groups of its channels; ``None`` where it deals none.
    axes: tuple[AxisNode, ...]
    tokens: int = 0  #: The units of its map that lie nowhere in the image, besides those of its size.

    def __repr__(self) -> str:
        size, jump, field = map(once, (self.size, self.jump, self.receptive_field))
        return f"<LayerReport of {self.name}: channels {self.channels}, size {size}, jump {jump}, field {field}>"

    @property
    def size(self) -> Numbers:
        """The map's length per axis, n. Unit: units."""
        return tuple([axis.length for axis in self.axes])

    @property
    def central_index(self) -> Numbers:
        """The index of its central unit per axis, ``(n - 1) // 2``."""
        return tuple([axis.central for axis in self.axes])

    @cached_property
    def jump(self) -> Places:
        """The distance between neighbouring units' centres, the effective stride. Unit: input pixels."""
        return tuple([axis.field.jump for axis in self.axes])

    @cached_property
    def receptive_field(self) -> Numbers:
        """The theoretical field's size, the largest over the phases. Unit: input pixels."""
        return tuple([axis.field.largest for axis in self.axes])

    @cached_property
    def receptive_field_min(self) -> Numbers:
        """The theoretical field's size, the smallest over the phases. Unit: input pixels."""
        return tuple([axis.field.smallest for axis in self.axes])

    @cached_property
    def start(self) -> Places:
        """The centre of unit 0 (where phases differ, of the line through the centres). Unit: input pixels."""
        return tuple([axis.field.start for axis in self.axes])

    @property
    def global_context(self) -> bool:
        """Whether gates let its units see more than the spatial paths do, as a rule the whole image."""
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

    @cached_property
    def windows(self) -> tuple[AppliedWindow, ...]:
        """The window on every axis, as it is really applied; none where it slides no window on some axis."""
        windows = [axis.window for axis in self.axes if axis.window is not None and self.slides]
        return tuple(windows) if len(windows) == len(self.axes) else ()

    @property
    def padding(self) -> tuple[tuple[int, int] | None, ...]:
        """What is really padded before and after, per axis; negative where cut off. Unit: units of the map it reads, of
        a transposed convolution's output. Windows that differ are not padded; ``None`` where it slides none at all.
        """
        without = (0, 0) if self.slides else None
        return tuple([without if axis.window is None else axis.window.padding for axis in self.axes])

    @property
    def activations(self) -> int:
        """The numbers that the map holds: channels times units, tokens among them."""
        return self.channels * (prod(self.size) + self.tokens)


class Report:
    """All nodes of a network at one input size.

    >>> import rfdocs
    >>> rfdocs.load("resnet50").analyze()
    <Report of resnet50 on 224: layers 72, field 427>
    >>> report = rfdocs.load("resnet50").analyze(input_size=(320, 480))
    >>> report["layer4"]
    <LayerReport of layer4.2.add: channels 2048, size 10 x 15, jump 32, field 427>
    >>> report["layer4"].receptive_field, report["layer4"].size
    ((427, 427), (10, 15))

    ``spend`` is told of the analysis' steps, of about a microsecond, before they are taken, and may stop it.
    """

    _repr_html_: ClassVar[Callable[[Report], str]]  # the package that makes text of numbers gives it

    def __init__(
        self, network: Network, input_size: Sequence[int] | int | None = None, spend: Spend = uncounted
    ) -> None:
        wanted = network.input_size if input_size is None else input_size
        self.network: Network = network  #: The network that is analysed.
        self.input_size: Numbers = checked_size(network, wanted, spend)  #: The image's length per axis. Unit: pixels.
        self._strands = with_strands(network)
        traces = _axis_traces(network, self._strands, self.input_size, spend)
        self.layers: tuple[LayerReport, ...] = tuple(_layer_reports(network, self._strands, traces))  #: All, in order.
        self._traces = traces

    def __repr__(self) -> str:
        size, field = once(self.input_size), once(self.features.receptive_field)
        return f"<Report of {self.network.name} on {size}: layers {len(self.layers)}, field {field}>"

    @property
    def image(self) -> LayerReport:
        """The image as node 0: field 1, jump 1, start 0.5."""
        axes = tuple([trace[0] for trace in self._traces])
        channels, bound = self.network.input_channels, Bound.EXACT
        return LayerReport("input", "input", (), channels, 0, 0, 0, False, bound, False, None, axes)

    @property
    def last(self) -> LayerReport:
        """The last layer."""
        return self.layers[-1] if self.layers else self.image

    @cached_property
    def features(self) -> LayerReport:
        """The last layer that is still a map of several units, less those behind it that change nothing.

        Global pooling and fully connected layers come after it. Where no layer is a map of several units, as behind a
        valid convolution that covers its input, it is the last layer before those.
        """
        last = self.maps[-1]
        while self.changes_nothing(last):
            last = self[last.inputs[0]]
        return last

    @cached_property
    def maps(self) -> tuple[LayerReport, ...]:
        """The layers that are maps of several units, before global pooling and fully connected layers.

        Where no layer is a map of several units, those before these layers; the image where there are none either.
        """
        collapsed = self.network.collapsed
        maps = [layer for node, layer in enumerate(self.layers, start=1) if not collapsed[node]]
        several = [layer for layer in maps if prod(layer.size) > 1]
        return tuple(several or maps or [self.image])

    def changes_nothing(self, layer: LayerReport) -> bool:
        """Whether a layer has no weights and passes the map of its one input on, place by place."""
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
        return next((layer for layer in self.layers if self.central_unit_sees_all(layer.name)), None)

    def central_unit_sees_all(self, name: str) -> bool:
        """Whether the central unit of a layer sees the whole image along the spatial paths. Raises: UnknownLayer."""
        if self.unfollowed and self._is_too_small_to_see_all(name):
            return False
        unit = self.central_unit(name)
        return all(axis.spatial_visible_size == length for axis, length in zip(unit, self.input_size, strict=True))

    def _is_too_small_to_see_all(self, name: str) -> bool:
        """Whether the central unit's field is shorter than the image on some axis where nothing is seen outside it."""
        return any(
            within and ((field := axis.field.at(axis.central)) is None or field.size < length)
            for within, axis, length in zip(self._sees_within_fields, self[name].axes, self.input_size, strict=True)
        )

    @cached_property
    def _sees_within_fields(self) -> tuple[bool, ...]:
        from rfdocs.graph.alone import sees_within_fields  # noqa: PLC0415 - rarely needed

        return self._on_each_axis(lambda axis: sees_within_fields(self._strands, self._traces[axis]))

    @cached_property
    def first_through_gates(self) -> LayerReport | None:
        """The first layer that is behind a gate and of which every unit sees the whole image; ``None`` if none is."""
        gated = (layer for layer in self.layers if layer.global_context)
        return next((layer for layer in gated if self.every_unit_sees_all(layer.name)), None)

    def every_unit_sees_all(self, name: str) -> bool:
        """Whether every unit of a layer sees the whole image, gates included. Raises: UnknownLayer."""
        node = self._node(name)
        pairs = zip(self._sights, self.input_size, strict=True)
        return all(sight[node].total.all_units_see(Interval(0, length - 1)) for sight, length in pairs)

    @property
    def parameters(self) -> int:
        """The parameters of all layers."""
        return sum(layer.parameters for layer in self.layers)

    @cached_property
    def _alike(self) -> tuple[int, ...]:
        """For every axis, the first one that has the same trace."""
        traces = list(map(id, self._traces))
        return tuple(map(traces.index, traces))

    def _on_each_axis(self, ask: Callable[[int], T]) -> tuple[T, ...]:
        """What a function gives for every axis; it is asked once for axes that share their trace."""
        answers = {axis: ask(axis) for axis in dict.fromkeys(self._alike)}
        return tuple([answers[axis] for axis in self._alike])

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

    def unit(self, name: str, index: Sequence[int]) -> tuple[UnitField, ...]:
        """What one unit of a layer sees, per axis; it is followed by itself where not all units can be.

        Raises: UnknownLayer, InputError for an index outside the map and beyond the limits.
        """
        node = self._node(name)
        self._check_index(name, node, index)
        places = [*zip(self._alike, index, strict=True)]
        units = {place: self._unit(node, *place) for place in dict.fromkeys(places)}
        return tuple([units[place] for place in places])

    def _unit(self, node: int, axis: int, unit: int | None = None) -> UnitField:
        """What one unit of a node sees on one axis, by default the central one."""
        own = self._traces[axis][node]
        index = own.central if unit is None else unit
        if not self.unfollowed:
            return _unit_field(own, index, self._sights[axis][node], index)
        from rfdocs.graph.alone import sight_of_unit  # noqa: PLC0415 - rarely needed

        alone = self._alone(lambda: sight_of_unit(self._strands, self._traces[axis], node, index))
        return _unit_field(own, index, alone, 0)

    def _alone(self, ask: Callable[[], T]) -> T:
        """What is found of some units alone. Raises: InputError beyond the limits."""
        try:
            return ask()
        except ArithmeticRefusal as refusal:
            raise InputError(f"{self.network.name} on {size_text(self.input_size)}: {refusal.message}") from None

    def seen_by(self, name: str, pixel: Sequence[int], gates: bool = True) -> tuple[list[int], ...]:
        """The units of a layer whose visible field, the set itself where something leads around the ends of
        a map, holds a pixel, per axis, ascending; with or without ``gates``.

        A unit sees the pixel when its index is in the list on every axis.
        Raises: UnknownLayer, InputError for a pixel outside the image and beyond the limits.
        """
        node = self._node(name)
        self._check_index("the image", 0, pixel)
        if self.unfollowed and not (gates and self[name].global_context):
            return self._found_to_see(node, pixel)
        sights = [sight[node].total if gates else sight[node].spatial for sight in self._sights]
        return tuple([fields.units_that_see(place) for fields, place in zip(sights, pixel, strict=True)])

    def _found_to_see(self, node: int, pixel: Sequence[int]) -> tuple[list[int], ...]:
        """The units that see a pixel along the spatial paths, per axis, where not all units can be followed."""
        from rfdocs.graph.alone import units_that_see  # noqa: PLC0415 - rarely needed

        axes = zip(self._traces, pixel, strict=True)
        return self._alone(lambda: tuple([units_that_see(self._strands, trace, node, place) for trace, place in axes]))

    def visible_fields(self, name: str, axis: int) -> VisibleFields:
        """The visible fields of all units of a layer on one axis, along the spatial paths. Raises: UnknownLayer."""
        return self._sights[axis][self._node(name)].spatial

    def central_unit(self, name: str) -> tuple[UnitField, ...]:
        """What the central unit of a layer sees, per axis. Raises: UnknownLayer."""
        node = self._node(name)
        if node not in self._central_units:
            self._central_units[node] = self._on_each_axis(lambda axis: self._unit(node, axis))
        return self._central_units[node]

    def visible_share(self, name: str) -> Fraction:
        """The share of the image that the central unit sees, gates included. Raises: UnknownLayer."""
        return Fraction(prod([axis.visible_size for axis in self.central_unit(name)]), prod(self.input_size))

    def spatial_visible_share(self, name: str) -> Fraction:
        """The share of the image that the central unit sees along the spatial paths. Raises: UnknownLayer."""
        seen = prod([axis.spatial_visible_size for axis in self.central_unit(name)])
        return Fraction(seen, prod(self.input_size))

    def visible_ranges(self, name: str, index: Sequence[int], gates: bool = True) -> tuple[list[Interval] | None, ...]:
        """The very pixels that one unit sees, per axis, as ranges in order, with or without ``gates``: its visible
        field without the holes; ``None`` where they are too many to follow. Raises: UnknownLayer, InputError for an
        index outside the map.
        """
        from rfdocs.graph.reach import visible_ranges  # noqa: PLC0415 - a table has no use for it

        node = self._node(name)
        self._check_index(name, node, index)
        by_axis: list[list[Interval] | None] = []
        for trace, unit in zip(self._traces, index, strict=True):
            try:
                by_axis.append(visible_ranges(self._strands, trace, node, unit, gates))
            except ArithmeticRefusal:
                by_axis.append(None)
        return tuple(by_axis)

    def check_sight_limits(self) -> None:
        """Nothing. Raises: InputError where the maps are too large to follow every unit, without following any."""
        if self.unfollowed:
            raise InputError(f"{self.network.name} on {size_text(self.input_size)}: {self.unfollowed}")

    @cached_property
    def unfollowed(self) -> str:
        """Why the maps are too large to follow every unit; empty where they are not."""
        try:
            check_sight_limits([self._traces[axis] for axis in dict.fromkeys(self._alike)])
        except ArithmeticRefusal as refusal:
            return refusal.message
        return ""

    def density(self, name: str) -> Places:
        """The share of its field's hull that a unit really reads, the least over the phases; ``None`` beyond limits.

        Below 1 where dilation, or a stride beyond the kernel, leaves holes. Along the spatial paths.
        """
        node = self._node(name)
        return self._on_each_axis(lambda axis: _least_density(self._footprints[axis][node]))

    def path_counts(self, name: str, unit: int, axis: int, real: bool = False) -> dict[int, int]:
        """How many paths lead from each pixel of one axis to a unit: its impulse response under uniform weights.

        With ``real`` only paths through real units count. Unit: paths. Source: Luo et al. 2016, section 2.
        Raises: UnknownLayer, InputError beyond the limits.
        """
        from rfdocs.graph.reach import path_counts  # noqa: PLC0415 - a table has no use for it

        most = PATHS // self.network.axes
        try:
            return path_counts(self._strands, self._traces[axis], self._node(name), unit, real, most)
        except ArithmeticRefusal as refusal:
            raise InputError(f"{name}: {refusal.message}") from None

    def central_path_counts(self, name: str, axis: int) -> dict[int, int]:
        """The paths to the central unit of a layer on one axis, whose spread :meth:`effective` tells.

        Unit: paths, by the pixel they come from. Raises: UnknownLayer, InputError beyond the limits.
        """
        paths = self._central_paths(self._node(name), axis)
        if paths is None:
            return dict(self._counts_of_central_unit(name, axis))
        return {pixel: count for pixel, count in enumerate(paths.counts(), paths.first) if count}

    def central_spread(self, name: str, axis: int) -> Spread | None:
        """The spread of :meth:`central_path_counts`: that of :meth:`effective`, and where this has none since the paths
        of all layers are too many, that of the one unit's own. ``None`` where it reads nothing, and beyond the limits.

        Raises: UnknownLayer.
        """
        from rfdocs.graph.effective import spread  # noqa: PLC0415 - a table has no use for it

        own = self.effective(name)[axis]
        if own is not None:
            return own
        try:
            counts = self.central_path_counts(name, axis)
        except InputError:
            return None
        return spread(counts) if counts else None

    def _counts_of_central_unit(self, name: str, axis: int) -> dict[int, int]:
        """The paths to the central unit alone, counted once."""
        key = (self._node(name), axis)
        if key not in self._central_counts:
            self._central_counts[key] = self.path_counts(name, self[name].central_index[axis], axis)
        return self._central_counts[key]

    def effective(self, name: str) -> tuple[Spread | None, ...]:
        """The effective receptive field of the central unit per axis: how its paths are spread, along the spatial paths
        of maps without ends. ``None`` where it reads nothing, and beyond the limits.

        Source: Luo et al. 2016, section 2, with uniform weights. Raises: UnknownLayer.
        """
        node = self._node(name)
        if node not in self._effective:
            self._effective[node] = self._on_each_axis(lambda axis: self._spread(node, axis))
        return self._effective[node]

    def _spread(self, node: int, axis: int) -> Spread | None:
        """The central unit's spread; none where it reads nothing, and beyond the limits."""
        from rfdocs.graph.effective import spread_of  # noqa: PLC0415 - a table has no use for it

        paths = self._central_paths(node, axis)
        return None if paths is None else spread_of(paths)

    def _central_paths(self, node: int, axis: int) -> Paths | None:
        responses = self._responses[axis][node]
        return None if responses is None else responses.at(self._traces[axis][node].central)

    def tiling(self, name: str | None = None, tile: Sequence[int] | int | None = None) -> Tiling:
        """How to cut the image into tiles that together give what the whole gives: for a layer, by default the last
        map, with tiles of a length (one for all axes, or one per axis), by default the shortest that keep half their
        area. Raises: UnknownLayer; InputError where no tile has the layer's units, or this one keeps none.

        >>> import rfdocs
        >>> tiling = rfdocs.load("unet-padded").analyze().tiling("output", tile=(256, 512))
        >>> [axis.kept for axis in tiling.axes], tiling.exact, tiling.count
        ([64, 320], True, 5)
        """
        layer = self._last_moving if name is None else self[name]
        wanted = (None,) * self.network.axes if tile is None else on_all_axes(tile, self.network.axes)
        if len(wanted) != self.network.axes:
            raise InputError(f"the network has {self.network.axes} axes; {len(wanted)} lengths are given")
        key = (layer.name, wanted)
        if key not in self._tilings:
            self._tilings[key] = self._tiling(layer.name, wanted)
        return self._tilings[key]

    @property
    def _last_moving(self) -> LayerReport:
        """The last map, or what it is pooled from, where its windows are cut to the size of the map."""
        from rfdocs.graph.tile_paths import reads_whole_map  # noqa: PLC0415 - a table has no use for it

        layer = self.features
        while layer.inputs and reads_whole_map(self.network.layers[self.network.node(layer.name) - 1]):
            layer = self[layer.inputs[0]]
        return layer

    def _tiling(self, name: str, wanted: Sequence[int | None]) -> Tiling:
        """The tiling of a layer with tiles of one length per axis, or the default ones."""
        from rfdocs.graph.tiling import Tiling  # noqa: PLC0415 - a table has no use for it

        asked: dict[tuple[int, int | None], tuple[AxisTiling, list[Obstacle]]] = {}
        for axis, length in enumerate(wanted):
            key = (id(self._traces[axis]), length)
            asked[key] = asked.get(key) or self._axis_tiling(name, axis, length)
        axes = [asked[id(trace), length] for trace, length in zip(self._traces, wanted, strict=True)]
        because = dict.fromkeys([obstacle for _, own in axes for obstacle in own])
        in_order = sorted(because, key=lambda obstacle: self.network.names.index(obstacle.layer))
        return Tiling(self.network.name, name, tuple(in_order), tuple([axis for axis, _ in axes]))

    def _axis_tiling(self, name: str, axis: int, tile: int | None) -> tuple[AxisTiling, list[Obstacle]]:
        return self._searched(name, axis, lambda search: search.tiling(tile))

    def context(self, name: str) -> tuple[tuple[int, int], ...]:
        """What a region of a layer's map, cut on the grid, reads before and behind itself, per axis. Unit: pixels.

        Raises: UnknownLayer; InputError where no path leads to it that moves with the image.
        """
        return self._on_each_axis(lambda axis: self._searched(name, axis, lambda search: search.context()[0]))

    def _searched(self, name: str, axis: int, ask: Callable[[AxisSearch], T]) -> T:
        """What is asked of the tilings of a layer on one axis. Raises: InputError."""
        from rfdocs.graph.tile_search import AxisSearch  # noqa: PLC0415 - a table has no use for it

        try:
            return ask(AxisSearch(self._whole_axes[axis], self._node(name)))
        except ArithmeticRefusal as refusal:
            raise InputError(f"{name}: {refusal.message}", refusal.hint) from None

    def touched_by_padding(self, name: str) -> int:
        """The number of units whose theoretical field, along the spatial paths, leaves the image."""
        layer = self[name]

        def inside(axis: int) -> int:
            return units_inside(layer.axes[axis].field, layer.axes[axis].length, self.input_size[axis])

        return prod(layer.size) - prod(self._on_each_axis(inside))

    @cached_property
    def _sights(self) -> tuple[tuple[Sight, ...], ...]:
        """What all units see, per axis. Raises: InputError where there are too many."""
        self.check_sight_limits()
        return self._on_each_axis(lambda axis: axis_sights(self._strands, self._traces[axis]))

    @cached_property
    def _footprints(self) -> tuple[tuple[Footprints, ...], ...]:
        from rfdocs.graph.reach import footprints  # noqa: PLC0415 - a table has no use for it

        return self._on_each_axis(lambda axis: footprints(self._strands, self._traces[axis]))

    @cached_property
    def _responses(self) -> tuple[tuple[Responses, ...], ...]:
        """The impulse responses of all nodes, per axis."""
        from rfdocs.graph.reach import responses  # noqa: PLC0415 - a table has no use for it

        return self._on_each_axis(lambda axis: responses(self._strands, self._traces[axis]))

    @cached_property
    def _whole_axes(self) -> tuple[WholeAxis, ...]:
        from rfdocs.graph.tile_search import WholeAxis  # noqa: PLC0415 - a table has no use for it

        return tuple([WholeAxis(self.network, self._strands, *axis) for axis in enumerate(self._traces)])

    @cached_property
    def _tilings(self) -> dict[tuple[str, tuple[int | None, ...]], Tiling]:
        return {}

    @cached_property
    def _central_units(self) -> dict[int, tuple[UnitField, ...]]:
        return {}

    @cached_property
    def _central_counts(self) -> dict[tuple[int, int], dict[int, int]]:
        return {}

    @cached_property
    def _effective(self) -> dict[int, tuple[Spread | None, ...]]:
        return {}

    def _node(self, name: str) -> int:
        """The node that stands for a layer among the strands. Raises: UnknownLayer."""
        return self._strands.nodes[self.network.node(name)]

    def _check_index(self, name: str, node: int, index: Sequence[int]) -> None:
        size = tuple([trace[node].length for trace in self._traces])
        if len(index) != len(size):
            raise InputError(f"{name} is {size_text(size)}: one index per axis is wanted, but {len(index)} given")
        if any(not 0 <= place < length for place, length in zip(index, size, strict=True)):
            last = place_text([length - 1 for length in size])
            raise InputError(f"{name} is {size_text(size)}: there is no {place_text(index)}; the last is {last}")


def checked_size(network: Network, wanted: Sequence[int] | int, spend: Spend = uncounted) -> tuple[int, ...]:
    """The size with one length for each axis of the network. Raises: InputError where it can be no input's, with the
    nearest that can; ``spend`` is told of the steps to find these.
    """
    size = on_all_axes(wanted, network.axes)
    if len(size) != network.axes:
        raise InputError(f"the network has {network.axes} axes; {size_text(size)} gives {len(size)}")
    if any(length % network.multiple for length in size):
        message = f"{network.name} does not take {size_text(size)}: it takes multiples of {network.multiple} only"
        raise InputError(message, nearest_sizes_text(network, size, spend))
    try:
        return tuple([bounded(length, "it") for length in size])
    except ArithmeticRefusal as refusal:
        raise InputError(f"the input cannot be {size_text(size)}: {refusal.message}") from None


def _axis_traces(network: Network, layers: StrandedNetwork, size: Numbers, spend: Spend) -> tuple[Trace, ...]:
    """One trace per axis; axes of one arithmetic and one length share theirs."""
    traces: dict[tuple[int, int, bool], Trace] = {}
    group = {axis: axes[0] for axes in network.uniform_axes for axis in axes}
    keys = [(group[axis], length, axis == 0 and network.first_axis_apart) for axis, length in enumerate(size)]
    for axis, key in enumerate(keys):
        if key not in traces:
            traces[key] = trace_axis(layers, axis, size[axis], spend, FOLLOWED // network.axes)
    return tuple([traces[key] for key in keys])


def _layer_reports(network: Network, layers: StrandedNetwork, traces: tuple[Trace, ...]) -> Iterator[LayerReport]:
    depths, bounds = _depths(layers), _bounds(layers)
    chosen = [tuple([trace[node] for trace in traces]) for node in layers.nodes]
    lengths = [tuple([axis.length for axis in axes]) for axes in chosen]
    for node, layer in enumerate(network.layers, start=1):
        first = layer.inputs[0]
        channels, tokens = network.channels, network.tokens[node]
        maps = Maps(channels[first], lengths[first], channels[node], lengths[node], tokens)
        yield _layer_report(network, layer, maps, depths[layers.nodes[node]], bounds[layers.nodes[node]], chosen[node])


def _depths(layers: Topology) -> list[int]:
    """The most layers with weights on any path to each node."""
    depths = [0]
    for layer in layers.layers:
        depths.append(max([depths[source] for source in layer.inputs]) + layer.operator.weighted)
    return depths


def _bounds(layers: Topology) -> list[Bound]:
    """How the field of each node stands to what its units read in truth."""
    bounds = [Bound.EXACT]
    for layer, given in zip(layers.layers, layers.given[1:], strict=True):
        joined = reduce(Bound.joined, [bounds[source] for source in layer.inputs], layer.operator.bound)
        bounds.append(Bound.EXACT if given else joined)
    return bounds


def _layer_report(
    network: Network, layer: Layer, maps: Maps, depth: int, bound: Bound, axes: tuple[AxisNode, ...]
) -> LayerReport:
    return LayerReport(
        name=layer.name,
        operation=layer.operation,
        inputs=tuple([network.names[node] for node in layer.sources]),
        channels=maps.channels_out,
        parameters=layer.parameters(maps),
        macs=layer.operator.macs(maps),
        depth=depth,
        weighted=bool(layer.operator.weighted),
        bound=bound,
        slides=layer.operator.slides,
        groups=layer.operator.groups,
        axes=axes,
        tokens=maps.tokens_out,
    )


def _unit_field(axis: AxisNode, unit: int, sight: Sight, place: int) -> UnitField:
    """What a unit sees, which stands at a place among the fields of a sight."""
    spatial = axis.field.at(unit), sight.spatial.at(place), sight.spatial.count(place)
    without_gates = axis.context is None
    total = spatial if without_gates else (axis.total(unit), sight.total.at(place), sight.total.count(place))
    return UnitField(
        field=total[0],
        visible=total[1],
        spatial_field=spatial[0],
        spatial_visible=spatial[1],
        visible_size=total[2],
        spatial_visible_size=spatial[2],
    )


def _least_density(footprints: Footprints) -> Fraction | None:
    if footprints is None:
        return None
    sets = footprints.phases if isinstance(footprints, PeriodicField) else footprints.fields
    return min((Fraction(pixels.members, pixels.size) for pixels in sets if pixels is not None), default=None)
