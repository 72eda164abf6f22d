"""The steps that the catalogue's layers amount to, in order: what a walk through the reference should meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import Any

from rfdocs import operators as ops
from rfdocs.graph import Report
from rfdocs.verify.steps import Numbers, Sides, Step, canonical, linear

_KINDS = {"depthwise_conv": "conv"}


def expected_steps(report: Report) -> list[Step]:
    """The steps of a network at the report's size."""
    return list(_Walk(report).steps())


class _Walk:
    """What is known at each node: the steps' depth, and the padding that waits for the next window."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.network = report.network
        self.lengths: list[Numbers] = [report.input_size, *(layer.size for layer in report)]
        self.depths = [0]
        self.waiting: list[Sides] = [((0, 0),) * self.network.axes]

    def steps(self) -> Iterator[Step]:
        for node, layer in enumerate(self.network.layers, start=1):
            sources = layer.inputs
            depth = self._depth_below(node)
            self.waiting.append(self._waiting(node))
            if isinstance(layer.operator, ops.SqueezeExcite):
                yield from self._gate(node, layer.operator, depth)
            self.depths.append(depth + layer.operator.weighted)
            step = self._step(node)
            made = None if step is None else canonical(step, self.lengths[sources[0]])
            if made is not None:
                yield made

    def _depth_below(self, node: int) -> int:
        """The depth of what a layer reads; of a product, of the larger maps, for the others are gates."""
        layer = self.network.layers[node - 1]
        sources = list(layer.inputs)
        if isinstance(layer.operator, ops.Multiply):
            sources = [source for source in sources if self.lengths[source] == self.lengths[node]] or sources
        return max(self.depths[source] for source in sources)

    def _waiting(self, node: int) -> Sides:
        """Padding as a layer of its own waits for the windows behind it."""
        layer = self.network.layers[node - 1]
        if isinstance(layer.operator, ops.Margins):
            return _sum(self.waiting[layer.inputs[0]], layer.operator.margins)
        return self.waiting[layer.inputs[0]] if isinstance(layer.operator, ops.Pointwise) else self.waiting[0]

    def _gate(self, node: int, gate: ops.SqueezeExcite, depth: int) -> Iterator[Step]:
        name, channels = self.network.names[node], self.network.channels[node]
        yield Step("global_avgpool", channels=channels, name=name, depth=depth)
        yield Step("linear", channels_in=channels, channels=gate.squeeze, bias=gate.bias, name=name, depth=depth + 1)
        yield Step("linear", channels_in=gate.squeeze, channels=channels, bias=gate.bias, name=name, depth=depth + 2)

    def _step(self, node: int) -> Step | None:
        layer = self.network.layers[node - 1]
        step = Step(
            _KINDS.get(layer.operation, layer.operation),
            channels=self.network.channels[node],
            size=self.lengths[node],
            name=layer.name,
            depth=self.depths[node],
        )
        if isinstance(layer.operator, ops.Linear | ops.Convolution | ops.TransposedConvolution):
            return self._weighted(step, layer.operator, layer.inputs[0])
        if isinstance(layer.operator, ops.Pooling) and layer.operation != "subsample":
            return replace(step, **_shape(layer.operator.window, self._sides(layer.operator.window, layer.inputs[0])))
        return step if isinstance(layer.operator, ops.GlobalPooling | ops.AdaptivePooling) else None

    def _weighted(
        self, step: Step, operator: ops.Linear | ops.Convolution | ops.TransposedConvolution, source: int
    ) -> Step:
        """The step with its window and filters."""
        filters, channels_in = operator.filters, self.network.channels[source]
        if isinstance(operator, ops.Linear):
            return linear(replace(step, bias=filters.bias), channels_in * prod(self.lengths[source]))
        transposed = isinstance(operator, ops.TransposedConvolution)
        sides = _explicit(operator.window) if transposed else self._sides(operator.window, source)
        shape = _shape(operator.window, sides)
        return replace(step, **shape, groups=filters.groups, channels_in=channels_in, bias=filters.bias)

    def _sides(self, window: ops.SlidingWindow, source: int) -> Sides:
        own = tuple(window.applied_padding(axis, length) for axis, length in enumerate(self.lengths[source]))
        return _sum(own, self.waiting[source])


def _explicit(window: ops.SlidingWindow) -> Sides:
    return ((0, 0),) * len(window.kernel) if isinstance(window.padding, str) else window.padding


def _shape(window: ops.SlidingWindow, sides: Sides) -> dict[str, Any]:
    return {"kernel": window.kernel, "stride": window.stride, "padding": sides, "dilation": window.dilation}


def _sum(first: Sides, second: Sides) -> Sides:
    return tuple((a + c, b + d) for (a, b), (c, d) in zip(first, second, strict=True))
