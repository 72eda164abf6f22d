"""What the layers of a network answer to an image, with given weights: of those whose rule and whose weights are known.

The windows are those of the report, so that padding, rounding and sizes are found in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rfdocs.algebra.reads import Edge
from rfdocs.catalogue import Entry
from rfdocs.errors import RfdocsError
from rfdocs.graph import Layer, LayerReport, Report
from rfdocs.operators import Convolution, Operator, Pooling, SideBySide
from rfdocs.operators.operator import AppliedWindow
from rfdocs.pixels.layer_weights import LayerWeights, filters_shape
from rfdocs.pixels.tensors import Array

#: The most numbers of a map, and of the patches that are multiplied at once.
MAP, AT_ONCE = 1 << 26, 1 << 23
#: How numpy calls what is outside a map.
_EDGES = {Edge.REFLECT: "reflect", Edge.REPLICATE: "edge", Edge.CIRCULAR: "wrap"}

ACTIVATIONS: Mapping[str, Callable[[Any], Any]] = {
    "relu": lambda values: np.maximum(values, 0),
    "relu6": lambda values: np.clip(values, 0, 6),
    "sigmoid": lambda values: _sigmoid(values),  # noqa: PLW0108 - it stands below
    "tanh": np.tanh,
    "silu": lambda values: values * _sigmoid(values),
    "swish": lambda values: values * _sigmoid(values),
    "hard_sigmoid": lambda values: np.clip(values + 3, 0, 6) / 6,
    "hard_swish": lambda values: values * np.clip(values + 3, 0, 6) / 6,
}
"""What is done to every unit by itself, of what needs no number that a file of a network does not tell."""


class NotComputed(RfdocsError, ValueError):
    """A layer whose activations cannot be computed; the message says which, and why."""


def _sigmoid(values: Any) -> Any:
    return 0.5 * np.tanh(0.5 * values) + 0.5


def unfolded(values: Array, windows: Sequence[AppliedWindow], size: Sequence[int], edge: Edge, beyond: float) -> Any:
    """What every unit of a map reads, without copying it: channels, rows, columns, and the rows and columns of the
    window. Outside the map it reads ``beyond``, or what the edge says.
    """
    needed = [(count - 1) * window.stride + window.extent for window, count in zip(windows, size, strict=True)]
    before = [window.padding[0] for window in windows]
    behind = [need - first - length for need, first, length in zip(needed, before, values.shape[1:], strict=True)]
    margins = [(0, 0), *[(max(one, 0), max(other, 0)) for one, other in zip(before, behind, strict=True)]]
    mode: Any = _EDGES.get(edge, "constant")
    padded = np.pad(values, margins, mode, **({"constant_values": beyond} if mode == "constant" else {}))
    rows, columns = [slice(max(-first, 0), max(-first, 0) + need) for first, need in zip(before, needed, strict=True)]
    (down, across), (tall, wide) = [(w.stride, w.dilation) for w in windows], [w.extent for w in windows]
    view = sliding_window_view(padded[:, rows, columns], (tall, wide), axis=(1, 2))
    return view[:, :: down[0], :: across[0], :: down[1], :: across[1]]


def convolved(view: Any, filters: Array) -> Array:
    """The answers of filters to what units read; so many rows at once as memory is meant for."""
    channels, rows, columns, *kernel = view.shape
    answers = np.empty((len(filters), rows, columns), np.float32)
    step = max(1, AT_ONCE // (channels * columns * kernel[0] * kernel[1]))
    flat = filters.reshape(len(filters), -1)
    for first in range(0, rows, step):
        read = view[:, first : first + step].transpose(0, 3, 4, 1, 2).reshape(flat.shape[1], -1)
        answers[:, first : first + step] = (flat @ read).reshape(len(filters), -1, columns)
    return answers


@dataclass(frozen=True)
class ComputedLayer:
    """A layer that is to be computed: with its values at this size, and its attributes as its file has them."""

    layer: Layer
    shown: LayerReport
    attributes: Mapping[str, Any]

    def refused(self, why: str, hint: str = "") -> NotComputed:
        """The error that says why it cannot be computed."""
        return NotComputed(f"{self.layer.name} ({self.layer.operation}) cannot be computed: {why}", hint)

    @property
    def activation(self) -> Callable[[Any], Any]:
        """What is done to every unit in the end. Raises: NotComputed."""
        folded = self.attributes.get("act")
        if folded is None:
            return lambda values: values
        if folded not in ACTIVATIONS:
            raise self.refused(f"its activation {folded} needs what the network's file does not tell")
        return ACTIVATIONS[folded]

    @property
    def operator(self) -> Any:
        """What it does."""
        return self.layer.operator


class Forward:
    """The maps of a network on one image, as far as they are asked for. Raises: NotComputed."""

    def __init__(self, entry: Entry, report: Report, image: Array, weights: LayerWeights) -> None:
        self._network, self._weights = report.network, weights
        self._steps = [
            ComputedLayer(layer, shown, attributes)
            for layer, shown, attributes in zip(report.network.layers, report.layers, entry.items, strict=True)
        ]
        self._maps = {0: image}

    def answers(self, name: str) -> Array:
        """The map of a layer: of a convolution what its filters answer, before what is folded into it.

        Raises: UnknownLayer, NotComputed, WeightsError.
        """
        target = self._network.node(name)
        order = self._below(target)
        for step in [self._steps[node - 1] for node in order]:
            self._check(step)
        for place, node in enumerate(order):
            step = self._steps[node - 1]
            self._maps[node] = self._computed(step, whole=node != target)
            read = {source for later in order[place + 1 :] for source in self._steps[later - 1].layer.inputs}
            self._maps = {kept: values for kept, values in self._maps.items() if kept in read or kept in (0, target)}
        return self._maps[target]

    def filters(self, name: str) -> tuple[Array, Array]:
        """The filters of a convolution, and its biases. Raises: WeightsError, NotComputed."""
        return self._filters(self._steps[self._network.node(name) - 1])

    def _below(self, target: int) -> list[int]:
        """The nodes that a node depends on, and itself, in order, without the image."""
        needed, left = set[int](), [target]
        while left:
            node = left.pop()
            if node and node not in needed:
                needed.add(node)
                left.extend(self._steps[node - 1].layer.inputs)
        return sorted(needed)

    def _check(self, step: ComputedLayer) -> None:
        if step.layer.operation not in _RULES:
            raise step.refused("only convolutions, pooling, batch normalisation, activations, add and concat are")
        if step.shown.activations > MAP:
            raise step.refused(f"its map has {step.shown.activations} numbers; at most {MAP}", "take a smaller --input")

    def _computed(self, step: ComputedLayer, whole: bool) -> Array:
        inputs = [self._maps[node] for node in step.layer.inputs]
        if isinstance(step.operator, Convolution):
            answers = self._convolved(step, inputs[0])
            return self._folded(step, answers) if whole else answers
        with np.errstate(all="ignore"):
            values: Array = step.activation(_RULES[step.layer.operation](self, step, inputs))
        return values

    def _filters(self, step: ComputedLayer) -> tuple[Array, Array]:
        channels = self._network.channels[step.layer.inputs[0]]
        kernel = tuple([window.kernel for window in step.shown.windows])
        return self._weights.filters(
            step.layer, filters_shape(channels, step.shown.channels, step.operator.groups, kernel)
        )

    def _convolved(self, step: ComputedLayer, values: Array) -> Array:
        filters, bias = self._filters(step)
        groups = step.operator.groups
        view = unfolded(values, step.shown.windows, step.shown.size, step.operator.window.edge, 0)
        parts = zip(np.split(view, groups), np.split(filters, groups), strict=True)
        answers = np.concatenate([convolved(part, own) for part, own in parts])
        answers += bias[:, None, None]
        return answers

    def _folded(self, step: ComputedLayer, answers: Array) -> Array:
        """The answers behind the normalisation and the activation that are folded into the layer."""
        norm = step.attributes.get("norm")
        if norm not in (None, "batch"):
            raise step.refused(f"its normalisation {norm} is not known here; batch is")
        if norm:
            answers = _scaled(answers, *self._weights.normalisation(step.layer, len(answers), folded=True))
        with np.errstate(all="ignore"):
            values: Array = step.activation(answers)
        return values

    def pooled(self, step: ComputedLayer, inputs: Sequence[Array]) -> Array:
        """The largest or the mean of what each unit reads."""
        assert isinstance(step.operator, Pooling)
        windows = step.shown.windows
        largest = step.layer.operation == "maxpool"
        if not largest and any(max(window.padding) > 0 for window in windows):
            raise step.refused("whether its padding counts in the mean is not told by the network's file")
        view = unfolded(inputs[0], windows, step.shown.size, Edge.ZERO, -np.inf)
        values: Array = view.max(axis=(3, 4)) if largest else view.mean(axis=(3, 4), dtype=np.float32)
        return values

    def batch_normalised(self, step: ComputedLayer, inputs: Sequence[Array]) -> Array:
        """The map less its mean, in its deviations, as it was learned."""
        return _scaled(inputs[0], *self._weights.normalisation(step.layer, len(inputs[0]), folded=False))

    def activated(self, step: ComputedLayer, inputs: Sequence[Array]) -> Array:
        """What an activation makes of the map."""
        values: Array = ACTIVATIONS[step.layer.operation](inputs[0])
        return values


def _scaled(values: Array, factor: Array, shift: Array) -> Array:
    return values * factor[:, None, None] + shift[:, None, None]


def _joined_axis(operator: Operator) -> int:
    """Of arrays by channel, row and column the axis along which maps are joined."""
    return 1 + operator.along.index(True) if isinstance(operator, SideBySide) else 0


_Rule = Callable[[Forward, ComputedLayer, Sequence[Array]], Array]
_RULES: Mapping[str, _Rule] = {
    **dict.fromkeys(("conv", "depthwise_conv"), lambda run, step, inputs: run._convolved(step, inputs[0])),  # noqa: SLF001
    **dict.fromkeys(("maxpool", "avgpool"), Forward.pooled),
    **dict.fromkeys(ACTIVATIONS, Forward.activated),
    **dict.fromkeys(("dropout", "identity"), lambda run, step, inputs: inputs[0]),
    "batchnorm": Forward.batch_normalised,
    "add": lambda run, step, inputs: sum(inputs[1:], inputs[0]),
    "concat": lambda run, step, inputs: np.concatenate(inputs, _joined_axis(step.operator)),
}
"""What each operation makes of its inputs; what is not here cannot be computed."""
