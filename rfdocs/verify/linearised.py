"""A network of the catalogue as running PyTorch operations: one channel a map, positive weights, nothing but sums.

What an operator reads is left to PyTorch's own functions; only what PyTorch lacks (TensorFlow's and Caffe's rules) is
written out here, from those frameworks' documents, and never taken from :mod:`rfdocs.algebra`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatchmethod
from math import ceil, prod

import torch
from torch import Tensor
from torch.nn import functional

from rfdocs import operators as ops
from rfdocs.algebra import Edge, Rounding
from rfdocs.graph import Network
from rfdocs.verify.apart import Channels, joined, made_apart

_CONVOLUTIONS = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}
_TRANSPOSED = {1: functional.conv_transpose1d, 2: functional.conv_transpose2d, 3: functional.conv_transpose3d}
_AVERAGES = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}
_ADAPTIVE = {1: functional.adaptive_avg_pool1d, 2: functional.adaptive_avg_pool2d, 3: functional.adaptive_avg_pool3d}
_LINEAR_MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}
_EDGES = {Edge.ZERO: "constant", Edge.REFLECT: "reflect", Edge.REPLICATE: "replicate"}
#: An interpolation weight below this is rounding, not a tap.
_ROUNDING_ERROR = 1e-9

Sides = tuple[tuple[int, int], ...]


class Linearised:
    """A network that runs: average in place of maximum pooling, no biases, no activations, no normalisation.

    Channels are one a map, so that groups and shuffles of channels fall away, unless some layer takes a slice of them;
    then all are there, and equal ones are computed once. Products are sums.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.axes = network.axes
        self.apart = any(isinstance(layer.operator, ops.ChannelSlice) for layer in network.layers)

    def __call__(self, image: Tensor, *, gates: bool) -> list[Tensor]:
        """All maps, the image first; without ``gates`` nothing flows back through a map of the whole image."""
        channels, whole = [(image,) * (self.network.input_channels if self.apart else 1)], [False]
        for layer, count in zip(self.network.layers, self.network.channels[1:], strict=True):
            inputs = [channels[node] for node in layer.inputs]
            global_ones = [whole[node] for node in layer.inputs]
            if not gates and not all(global_ones):
                inputs = [_detached(one) if cut else one for one, cut in zip(inputs, global_ones, strict=True)]
            like = None if layer.like is None else tuple(channels[layer.like][0].shape[2:])
            if self.apart:
                channels.append(made_apart(self, layer.operator, inputs, count, like, gates))
            else:
                channels.append((self.map(layer.operator, [one for (one,) in inputs], like, gates),))
            whole.append(layer.operator.collapses or all(global_ones))
        return [joined(one) for one in channels]

    def map(
        self, operator: ops.Operator, inputs: Sequence[Tensor], like: tuple[int, ...] | None, gates: bool
    ) -> Tensor:
        """One channel of a layer, of one channel of each input."""
        if isinstance(operator, ops.Merge):
            return sum(inputs[1:], inputs[0]) / len(inputs) ** 0.5
        if operator.gate:
            return inputs[0] + self._gate(inputs[-1]) if gates else inputs[0]
        return self._applied(operator, inputs[0], like)

    def _gate(self, image: Tensor) -> Tensor:
        pooled = _ADAPTIVE[self.axes](image, 1)
        return _CONVOLUTIONS[self.axes](pooled, _weights((1,) * self.axes))

    @singledispatchmethod
    def _applied(self, operator: ops.Operator, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        raise NotImplementedError(f"{type(operator).__name__} has no PyTorch form here")

    @_applied.register(ops.Pointwise | ops.ChannelSlice)
    def _(self, operator: ops.Operator, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return image

    @_applied.register
    def _(self, operator: ops.Convolution, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        window = operator.window
        sides = _sides(window, image)
        convolve, weights = _CONVOLUTIONS[self.axes], _weights(window.kernel)
        if window.edge is Edge.ZERO and _even(sides):
            before = tuple(side for side, _ in sides)
            return convolve(image, weights, None, window.stride, before, window.dilation)
        return convolve(_padded(image, sides, window.edge), weights, None, window.stride, 0, window.dilation)

    @_applied.register
    def _(self, operator: ops.Pooling, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        window = operator.window
        sides = _sides(window, image)
        if window.rounding is not Rounding.CAFFE and _plain_pool(window, sides, image):
            before = tuple(side for side, _ in sides)
            ceil_mode = window.rounding is Rounding.CEIL
            return _AVERAGES[self.axes](image, window.kernel, window.stride, before, ceil_mode)
        padded = _padded(image, _exact_sides(window, sides, image), Edge.ZERO)
        return _CONVOLUTIONS[self.axes](padded, _weights(window.kernel), None, window.stride, 0, window.dilation)

    @_applied.register
    def _(self, operator: ops.TransposedConvolution, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        window = operator.window
        transpose, weights = _TRANSPOSED[self.axes], _weights(window.kernel)
        if not isinstance(window.padding, str) and _even(window.padding):
            before = tuple(side for side, _ in window.padding)
            extra = operator.output_padding
            return transpose(image, weights, None, window.stride, before, extra, 1, window.dilation)
        full = transpose(image, weights, None, window.stride, 0, 0, 1, window.dilation)
        return _padded(full, _transposed_margins(operator, image, full), Edge.ZERO)

    @_applied.register
    def _(self, operator: ops.Margins, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return _padded(image, operator.margins, operator.edge)

    @_applied.register
    def _(self, operator: ops.PadTo, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        wanted = like if operator.size is None else operator.size
        assert wanted is not None
        missing = [length - has for length, has in zip(wanted, image.shape[2:], strict=True)]
        return _padded(image, [(one // 2, one - one // 2) for one in missing], operator.edge)

    @_applied.register
    def _(self, operator: ops.Unpooling, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        """All places where the maximum may have been: the gradient of a sum over the pooling's windows."""
        assert like is not None
        window = operator.pooled
        whole = torch.zeros((1, 1, *like), dtype=image.dtype)
        sides = _exact_sides(window, _sides(window, whole), whole)
        full = _TRANSPOSED[self.axes](image, _weights(window.kernel), None, window.stride, 0, 0, 1, window.dilation)
        margins = [
            (-before, length - made + before)
            for (before, _), length, made in zip(sides, like, full.shape[2:], strict=True)
        ]
        return _padded(full, margins, Edge.ZERO)

    @_applied.register
    def _(self, operator: ops.CropTo, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        wanted = like if operator.size is None else operator.size
        assert wanted is not None
        for axis, length in enumerate(wanted):
            first = (image.shape[2 + axis] - length) // 2 if operator.offset is None else operator.offset[axis]
            image = image.narrow(2 + axis, first, length)
        return image

    @_applied.register
    def _(self, operator: ops.Upsample, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        size = like if operator.size is None else operator.size
        if operator.scale is not None:
            size = tuple(length * factor for length, factor in zip(image.shape[2:], operator.scale, strict=True))
        assert size is not None
        if not operator.bilinear:
            return functional.interpolate(image, size, mode="nearest")
        if not operator.corners and all(_doubles(*pair) for pair in zip(image.shape[2:], size, strict=True)):
            return functional.interpolate(image, size, mode=_LINEAR_MODES[self.axes], align_corners=False)
        return _interpolated(image, size, operator.corners)

    @_applied.register
    def _(self, operator: ops.PixelShuffle, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        if self.axes == 2 and operator.scale[0] == operator.scale[1]:
            block = image.expand(-1, prod(operator.scale), -1, -1)
            return functional.pixel_shuffle(block, operator.scale[0])
        for axis, factor in enumerate(operator.scale):
            image = image.repeat_interleave(factor, 2 + axis)
        return image

    @_applied.register
    def _(self, operator: ops.SpaceToDepth, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        if self.axes == 2 and operator.scale[0] == operator.scale[1]:
            return functional.pixel_unshuffle(image, operator.scale[0]).sum(1, keepdim=True)
        return _AVERAGES[self.axes](image, operator.scale)

    @_applied.register
    def _(self, operator: ops.AdaptivePooling, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return _ADAPTIVE[self.axes](image, operator.size)

    @_applied.register
    def _(self, operator: ops.GlobalPooling, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return _ADAPTIVE[self.axes](image, 1)

    @_applied.register
    def _(self, operator: ops.Linear, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        flat = image.flatten(1)
        made = functional.linear(flat, torch.full((1, flat.shape[1]), flat.shape[1] ** -0.5, dtype=image.dtype))
        return made.reshape(-1, *(1,) * (self.axes + 1))


def _detached(channels: Channels) -> Channels:
    known = {id(channel): channel.detach() for channel in channels}
    return tuple([known[id(channel)] for channel in channels])


def _weights(kernel: Sequence[int]) -> Tensor:
    """Equal positive weights; their size keeps sums and edges of deep networks far from both ends of a float64."""
    return torch.full((1, 1, *kernel), prod(kernel) ** -0.5, dtype=torch.float64)


def _padded(image: Tensor, sides: Sequence[tuple[int, int]], edge: Edge) -> Tensor:
    flat = [side for pair in reversed(sides) for side in pair]
    return functional.pad(image, flat, mode=_EDGES[edge]) if any(flat) else image


def _even(sides: Sides) -> bool:
    return all(before == after >= 0 for before, after in sides)


def _plain_pool(window: ops.SlidingWindow, sides: Sides, image: Tensor) -> bool:
    """Whether PyTorch's average pooling has this form: no dilation, even padding of at most half the kernel, and a map
    no smaller than the kernel.
    """
    halves = all(2 * before <= kernel for (before, _), kernel in zip(sides, window.kernel, strict=True))
    fits = all(length >= kernel for length, kernel in zip(image.shape[2:], window.kernel, strict=True))
    return _even(sides) and halves and fits and all(step == 1 for step in window.dilation)


def _sides(window: ops.SlidingWindow, image: Tensor) -> Sides:
    if window.padding == "valid":
        return ((0, 0),) * len(window.kernel)
    if not isinstance(window.padding, str):
        return window.padding
    extents = _extents(window)
    lower = window.padding == "same_lower"
    return tuple(_same(*axis, lower=lower) for axis in zip(image.shape[2:], extents, window.stride, strict=True))


def _extents(window: ops.SlidingWindow) -> list[int]:
    return [(kernel - 1) * step + 1 for kernel, step in zip(window.kernel, window.dilation, strict=True)]


def _same(length: int, extent: int, stride: int, *, lower: bool) -> tuple[int, int]:
    """TensorFlow's SAME: as the documentation of ``tf.nn.convolution`` has it, by the remainder of the length."""
    rest = length % stride
    total = max(extent - (rest or stride), 0)
    return (total - total // 2, total // 2) if lower else (total // 2, total - total // 2)


def _exact_sides(window: ops.SlidingWindow, sides: Sides, image: Tensor) -> Sides:
    """The padding with which exactly the windows of the pooling rule fit."""
    made = []
    extents = _extents(window)
    for (before, after), length, extent, stride in zip(sides, image.shape[2:], extents, window.stride, strict=True):
        count = _pooled_length(window.rounding, length, extent, stride, before, after)
        made.append((before, (count - 1) * stride + extent - length - before))
    return tuple(made)


def _pooled_length(rounding: Rounding, length: int, extent: int, stride: int, before: int, after: int) -> int:
    """The number of windows: Caffe's ``PoolingLayer::Reshape``, PyTorch's ``pooling_output_shape``."""
    room = (length + before + after - extent) / stride
    if rounding is Rounding.FLOOR:
        return int(room) + 1
    count = ceil(room) + 1
    clips = rounding is Rounding.CEIL or before > 0 or after > 0
    return count - 1 if clips and (count - 1) * stride >= length + before else count


def _transposed_margins(operator: ops.TransposedConvolution, image: Tensor, full: Tensor) -> Sides:
    """What is cut off (negative) or added at both ends of the full transposed convolution.

    TensorFlow's SAME is the gradient of the SAME convolution that maps ``n * s`` units to ``n``. VALID makes no
    fewer units.
    """
    window = operator.window
    if window.padding == "valid":
        sizes = zip(operator.output_padding, window.stride, _extents(window), strict=True)
        return tuple((0, extra or max(stride - extent, 0)) for extra, stride, extent in sizes)
    if not isinstance(window.padding, str):
        pairs = zip(window.padding, operator.output_padding, strict=True)
        return tuple((-before, extra - after) for (before, after), extra in pairs)
    made = []
    for axis, (extent, stride) in enumerate(zip(_extents(window), window.stride, strict=True)):
        wanted = image.shape[2 + axis] * stride
        before, _ = _same(wanted, extent, stride, lower=window.padding == "same_lower")
        made.append((-before, wanted - full.shape[2 + axis] + before))
    return tuple(made)


def _doubles(length: int, count: int) -> bool:
    """Whether the factor is a power of two, so that interpolation in floating point is exact."""
    factor = count // length
    return count % length == 0 and factor & (factor - 1) == 0


def _interpolated(image: Tensor, size: Sequence[int], corners: bool) -> Tensor:
    """Linear interpolation by PyTorch's own weights, axis by axis, without those that are rounding errors only."""
    for axis, count in enumerate(size, start=2):
        unit_maps = torch.eye(image.shape[axis], dtype=image.dtype)[None]
        weights = functional.interpolate(unit_maps, count, mode="linear", align_corners=corners)[0]
        weights = torch.where(weights < _ROUNDING_ERROR, 0.0, weights)
        image = torch.tensordot(image, weights, ([axis], [0])).movedim(-1, axis)
    return image
