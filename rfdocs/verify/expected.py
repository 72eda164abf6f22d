"""The steps that the catalogue's layers amount to, in order: what a walk through the reference should meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from rfdocs import operators as ops
from rfdocs.graph import Report
from rfdocs.operators.attention import PlacedAttention
from rfdocs.verify.steps import Numbers, Padding, Step, canonical, linear_step, matrix_step, total_padding

_KIND_OF_OPERATION = {"depthwise_conv": "conv"}


def expected_steps(report: Report, *, rows: bool = False) -> list[Step]:
    """The steps of a network at the report's size; with ``rows``, the matrices of attention to a part of the map are
    those of all its windows, and not of one.
    """
    return list(_CatalogueWalk(report, rows).steps())


def expected_depths(report: Report) -> list[int]:
    """By node, how many weighted steps lie on the longest path to its map."""
    walk = _CatalogueWalk(report)
    list(walk.steps())
    return walk.depths


class _CatalogueWalk:
    """What is known at each node: the steps' depth, and the padding that waits for the next window."""

    def __init__(self, report: Report, rows: bool = False) -> None:
        self.report, self.rows = report, rows
        self.network = report.network
        self.lengths: list[Numbers] = [report.input_size, *(layer.size for layer in report)]
        self.depths = [0]
        self.pending: list[Padding] = [((0, 0),) * self.network.axes]

    def steps(self) -> Iterator[Step]:
        for node, layer in enumerate(self.network.layers, start=1):
            depth = self._depth_of_inputs(node)
            self.pending.append(self._pending_behind(node))
            if isinstance(layer.operator, ops.SqueezeExcite):
                yield from self._gate_steps(node, layer.operator, depth)
            if isinstance(layer.operator, PlacedAttention):
                yield from self._matrix_steps(node, layer.operator, depth)
            if isinstance(layer.operator, ops.TokenMixing):
                yield from self._mixing_steps(node, layer.operator, depth)
            self.depths.append(depth + layer.operator.weighted)
            step = self._step(node)
            [source, *_] = layer.inputs
            pending = self.pending[source]
            if step is not None and (step := canonical(step, self.lengths[source], pending)) is not None:
                yield step

    def _depth_of_inputs(self, node: int) -> int:
        """The depth of what a layer reads; of a product, of the larger maps, for the others are gates."""
        layer = self.network.layers[node - 1]
        sources = list(layer.inputs)
        if isinstance(layer.operator, ops.Multiply):
            sources = [source for source in sources if self.lengths[source] == self.lengths[node]] or sources
        return max(self.depths[source] for source in sources)

    def _pending_behind(self, node: int) -> Padding:
        """Padding as a layer of its own waits for the windows behind it."""
        layer = self.network.layers[node - 1]
        if isinstance(layer.operator, ops.Margins):
            return total_padding(self.pending[layer.inputs[0]], layer.operator.margins)
        return self.pending[layer.inputs[0]] if isinstance(layer.operator, ops.Pointwise) else self.pending[0]

    def _gate_steps(self, node: int, gate: ops.SqueezeExcite, depth: int) -> Iterator[Step]:
        name, channels = self.network.names[node], self.network.channels[node]
        yield Step("global_avgpool", channels=channels, name=name, depth=depth)
        yield Step("linear", channels_in=channels, channels=gate.squeeze, bias=gate.bias, name=name, depth=depth + 1)
        yield Step("linear", channels_in=gate.squeeze, channels=channels, bias=gate.bias, name=name, depth=depth + 2)

    def _matrix_steps(self, node: int, attention: PlacedAttention, depth: int) -> Iterator[Step]:
        """The matrices before and behind attention: 1x1 convolutions over what is attended to, row by row."""
        if attention.weights.channels_out is not None:
            return
        channels, name, bias = self.network.channels[node], self.network.names[node], attention.weights.bias
        units = prod(self.lengths[node] if self.rows else attention.attended)
        yield matrix_step(channels, 3 * channels, bias, units, name, depth + 1)
        yield matrix_step(channels, channels, bias, units, name, depth + 2)

    def _mixing_steps(self, node: int, mixing: ops.TokenMixing, depth: int) -> Iterator[Step]:
        """The two matrices over all units: 1x1 convolutions over channels in a row."""
        units, channels, name = prod(self.lengths[node]), self.network.channels[node], self.network.names[node]
        yield matrix_step(units, mixing.hidden, mixing.bias, channels, name, depth + 1)
        yield matrix_step(mixing.hidden, units, mixing.bias, channels, name, depth + 2)

    def _step(self, node: int) -> Step | None:
        layer = self.network.layers[node - 1]
        step = Step(
            _KIND_OF_OPERATION.get(layer.operation, layer.operation),
            channels=self.network.channels[node],
            size=self.lengths[node],
            name=layer.name,
            depth=self.depths[node],
            tokens=self.network.tokens[node],
        )
        if isinstance(layer.operator, ops.Linear | ops.Convolution | ops.TransposedConvolution):
            return self._weighted_step(step, layer.operator, layer.inputs[0])
        if isinstance(layer.operator, ops.Pooling) and layer.operation != "subsample":
            window = layer.operator.window
            return _with_window(step, window, self._applied_padding(window, layer.inputs[0]))
        return step if isinstance(layer.operator, ops.GlobalPooling | ops.AdaptivePooling) else None

    def _weighted_step(
        self, step: Step, operator: ops.Linear | ops.Convolution | ops.TransposedConvolution, source: int
    ) -> Step:
        """The step with its window and filters."""
        filters, channels_in = operator.filters, self.network.channels[source]
        if isinstance(operator, ops.Linear):
            return linear_step(replace(step, bias=filters.bias), channels_in * prod(self.lengths[source]))
        transposed = isinstance(operator, ops.TransposedConvolution)
        padding = _explicit_padding(operator.window) if transposed else self._applied_padding(operator.window, source)
        step = replace(step, groups=filters.groups, channels_in=channels_in, bias=filters.bias)
        return _with_window(step, operator.window, padding)

    def _applied_padding(self, window: ops.SlidingWindow, source: int) -> Padding:
        own = tuple(window.applied_padding(axis, length) for axis, length in enumerate(self.lengths[source]))
        return total_padding(own, self.pending[source])


def _explicit_padding(window: ops.SlidingWindow) -> Padding:
    return ((0, 0),) * len(window.kernel) if isinstance(window.padding, str) else window.padding


def _with_window(step: Step, window: ops.SlidingWindow, padding: Padding) -> Step:
    return replace(step, kernel=window.kernel, stride=window.stride, padding=padding, dilation=window.dilation)
