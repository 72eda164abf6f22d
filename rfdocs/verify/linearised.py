"""A network of the catalogue as running PyTorch operations: one channel a map, positive weights, nothing but sums.

What an operator reads is left to PyTorch's own functions; only what PyTorch lacks (TensorFlow's and Caffe's rules) is
written out here, from those frameworks' documents, and never taken from :mod:`rfdocs.algebra`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, singledispatchmethod
from math import ceil, prod

import torch
from torch import Tensor
from torch.nn import functional

from rfdocs import operators as ops
from rfdocs.algebra import Edge, Rounding
from rfdocs.graph import Network
from rfdocs.verify.apart import Channels, separate_channels, sum_of_channels
from rfdocs.verify.attended import attended_sums
from rfdocs.verify.resampled import resampled
from rfdocs.verify.steps import Padding

CONVOLUTIONS = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}
TRANSPOSED = {1: functional.conv_transpose1d, 2: functional.conv_transpose2d, 3: functional.conv_transpose3d}
AVERAGE_POOLS = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}
ADAPTIVE_AVERAGES = {
    1: functional.adaptive_avg_pool1d,
    2: functional.adaptive_avg_pool2d,
    3: functional.adaptive_avg_pool3d,
}
EDGES = {
    Edge.ZERO: "constant", Edge.REFLECT: "reflect", Edge.REPLICATE: "replicate", Edge.CIRCULAR: "circular",
}  # fmt: skip


class Linearised:
    """A network that runs: average in place of maximum pooling, no biases, no activations, no normalisation.

    Other inputs than the image are zeros, of which nothing flows back. Channels are one a map, so that groups and
    shuffles of channels fall away, unless some layer takes a slice of them; then all are there, and equal ones are
    computed once. Products are sums.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.axes = network.axes
        self.apart = any(isinstance(layer.operator, ops.ChannelSlice) for layer in network.layers)

    def __call__(self, image: Tensor, *, gates: bool) -> list[Tensor]:
        """All maps, the image first; without ``gates`` nothing flows back through a map of the whole image."""
        channels, whole = [(image,) * (self.network.input_channels if self.apart else 1)], [False]
        for layer, count in zip(self.network.layers, self.network.channels[1:], strict=True):
            if isinstance(layer.operator, ops.Given):
                zeros = image.new_zeros((image.shape[0], 1, *layer.operator.size))
                channels.append((zeros,) * (count if self.apart else 1))
                whole.append(True)
                continue
            inputs = [channels[node] for node in layer.inputs]
            whole_inputs = [whole[node] for node in layer.inputs]
            if not gates and not all(whole_inputs):
                inputs = [_detached(maps) if cut else maps for maps, cut in zip(inputs, whole_inputs, strict=True)]
            like = None if layer.like is None else tuple(channels[layer.like][0].shape[2:])
            function = partial(self._channel, layer.operator, like, gates)
            if self.apart:
                channels.append(separate_channels(layer.operator, inputs, count, function))
            else:
                channels.append((function([channel for (channel,) in inputs]),))
            whole.append(layer.operator.collapses or all(whole_inputs))
        return list(map(sum_of_channels, channels))

    def _channel(
        self, operator: ops.Operator, like: tuple[int, ...] | None, gates: bool, inputs: Sequence[Tensor]
    ) -> Tensor:
        """One channel of a layer, of one channel of each input."""
        if isinstance(operator, ops.Correlation):
            inputs = [inputs[0], self._around(operator, inputs[1])]
        if isinstance(operator, ops.SideBySide):
            return torch.cat(list(inputs), 2 + operator.along.index(True))
        if isinstance(operator, ops.CrossCorrelation):
            inputs = self._slid(*inputs, gates=gates)
        if isinstance(operator, ops.PutTokens):
            return inputs[0]
        if isinstance(operator, ops.Merge):
            return sum(inputs[1:], inputs[0]) / len(inputs) ** 0.5
        if operator.gate:
            return inputs[0] + self._gate(operator, inputs[-1]) if gates else inputs[0]
        return self._apply(operator, inputs[0], like)

    def _around(self, operator: ops.Correlation, image: Tensor) -> Tensor:
        """Sums over the units of the second map that one of the first is compared with."""
        sides = [most // apart for most, apart in zip(operator.displacement, operator.spacing, strict=True)]
        weights = _weights(tuple([2 * side + 1 for side in sides]))
        padding = tuple([side * apart for side, apart in zip(sides, operator.spacing, strict=True)])
        return CONVOLUTIONS[self.axes](image, weights, None, 1, padding, operator.spacing)

    def _slid(self, image: Tensor, kernel: Tensor, *, gates: bool) -> list[Tensor]:
        """Sums over the parts of the first map under the second one, and the sum of all of that: a gate beside these
        where both depend on the image.
        """
        parts = CONVOLUTIONS[self.axes](image, _weights(tuple(kernel.shape[2:])))
        whole = ADAPTIVE_AVERAGES[self.axes](kernel, 1).expand_as(parts)
        return [parts, whole if gates or not parts.requires_grad else whole.detach()]

    def _gate(self, operator: ops.Operator, image: Tensor) -> Tensor:
        if isinstance(operator, ops.Recurrence):
            return _recurrent(image, 2 + operator.along.index(True), operator.direction)
        if isinstance(operator, ops.CausalContext):
            return _recurrent(image, 2, ops.Direction.FORWARD)
        pooled = ADAPTIVE_AVERAGES[self.axes](image, 1)
        return CONVOLUTIONS[self.axes](pooled, _weights((1,) * self.axes))

    @singledispatchmethod
    def _apply(self, operator: ops.Operator, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        raise NotImplementedError(f"{type(operator).__name__} has no PyTorch form here")

    @_apply.register(ops.Pointwise | ops.ChannelSlice | ops.ClassToken | ops.DropTokens)
    def _(self, operator: ops.Operator, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return image

    @_apply.register
    def _(
        self, operator: ops.Convolution | ops.DeformableConvolution, image: Tensor, like: tuple[int, ...] | None
    ) -> Tensor:
        window = operator.window
        padding = _padding(window, image)
        convolve, weights = CONVOLUTIONS[self.axes], _weights(window.kernel)
        if window.edge is Edge.ZERO and _symmetric(padding):
            before = tuple(side for side, _ in padding)
            return convolve(image, weights, None, window.stride, before, window.dilation)
        return convolve(_padded(image, padding, window.edge), weights, None, window.stride, 0, window.dilation)

    @_apply.register
    def _(self, operator: ops.Pooling, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        window = operator.window
        padding = _padding(window, image)
        if window.rounding is not Rounding.CAFFE and _fits_native_pool(window, padding, image):
            before = tuple(side for side, _ in padding)
            ceil_mode = window.rounding is Rounding.CEIL
            return AVERAGE_POOLS[self.axes](image, window.kernel, window.stride, before, ceil_mode)
        padded = _padded(image, _exact_padding(window, padding, image), Edge.ZERO)
        return CONVOLUTIONS[self.axes](padded, _weights(window.kernel), None, window.stride, 0, window.dilation)

    @_apply.register
    def _(self, operator: ops.TransposedConvolution, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        window = operator.window
        transpose, weights = TRANSPOSED[self.axes], _weights(window.kernel)
        if not isinstance(window.padding, str) and _symmetric(window.padding):
            before = tuple(side for side, _ in window.padding)
            extra = operator.output_padding
            return transpose(image, weights, None, window.stride, before, extra, 1, window.dilation)
        full = transpose(image, weights, None, window.stride, 0, 0, 1, window.dilation)
        return _padded(full, _transposed_margins(operator, image, full), Edge.ZERO)

    @_apply.register
    def _(self, operator: ops.Margins, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return _padded(image, operator.margins, operator.edge)

    @_apply.register
    def _(self, operator: ops.Roll, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return image.roll(operator.shift, [2 + axis for axis in range(self.axes)])

    @_apply.register
    def _(self, operator: ops.PadTo, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        size = like if operator.size is None else operator.size
        assert size is not None
        missing = [length - has for length, has in zip(size, image.shape[2:], strict=True)]
        return _padded(image, [(count // 2, count - count // 2) for count in missing], operator.edge)

    @_apply.register
    def _(self, operator: ops.Unpooling, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        """All places where the maximum may have been: the gradient of a sum over the pooling's windows."""
        assert like is not None
        window = operator.pooled
        whole = torch.zeros((1, 1, *like), dtype=image.dtype)
        padding = _exact_padding(window, _padding(window, whole), whole)
        full = TRANSPOSED[self.axes](image, _weights(window.kernel), None, window.stride, 0, 0, 1, window.dilation)
        own = zip(image.shape[2:], operator.unpool_kernel, operator.unpool_stride, operator.unpool_padding, strict=True)
        size = (
            like
            if operator.restores
            else [(count - 1) * stride + kernel - 2 * cut for count, kernel, stride, cut in own]
        )
        margins = [
            (-before, length - full_length + before)
            for (before, _), length, full_length in zip(padding, size, full.shape[2:], strict=True)
        ]
        return _padded(full, margins, Edge.ZERO)

    @_apply.register
    def _(self, operator: ops.CropTo, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return cropped(operator, image, like)

    @_apply.register
    def _(self, operator: ops.Upsample, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        return resampled(operator, image, like)

    @_apply.register
    def _(self, operator: ops.WholeMap | ops.TokenMixing, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        size = operator.size if isinstance(operator, ops.WholeMap) and operator.size else tuple(image.shape[2:])
        return ADAPTIVE_AVERAGES[self.axes](image, 1).expand(-1, -1, *size)

    @_apply.register
    def _(
        self,
        operator: ops.WindowAttention | ops.GridAttention | ops.NeighbourhoodAttention,
        image: Tensor,
        like: tuple[int, ...] | None,
    ) -> Tensor:
        return attended_sums(operator, image)

    @_apply.register
    def _(self, operator: ops.PixelShuffle, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        if self.axes == 2 and operator.scale[0] == operator.scale[1]:
            block = image.expand(-1, prod(operator.scale), -1, -1)
            return functional.pixel_shuffle(block, operator.scale[0])
        for axis, factor in enumerate(operator.scale):
            image = image.repeat_interleave(factor, 2 + axis)
        return image

    @_apply.register
    def _(self, operator: ops.SpaceToDepth, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        missing = [(0, -length % factor) for length, factor in zip(image.shape[2:], operator.scale, strict=True)]
        image = _padded(image, missing, Edge.ZERO)
        if self.axes == 2 and operator.scale[0] == operator.scale[1]:
            return functional.pixel_unshuffle(image, operator.scale[0]).sum(1, keepdim=True)
        return AVERAGE_POOLS[self.axes](image, operator.scale)

    @_apply.register
    def _(
        self,
        operator: ops.AdaptivePooling | ops.GlobalPooling | ops.TakeToken,
        image: Tensor,
        like: tuple[int, ...] | None,
    ) -> Tensor:
        return ADAPTIVE_AVERAGES[self.axes](image, operator.size if isinstance(operator, ops.AdaptivePooling) else 1)

    @_apply.register
    def _(self, operator: ops.Linear, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
        flat = image.flatten(1)
        weights = torch.full((1, flat.shape[1]), flat.shape[1] ** -0.5, dtype=image.dtype)
        return functional.linear(flat, weights).reshape(-1, *(1,) * (self.axes + 1))


def cropped(operator: ops.CropTo, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
    """The units that a crop leaves of a map."""
    size = like if operator.size is None else operator.size
    assert size is not None
    for axis, length in enumerate(size):
        first = (image.shape[2 + axis] - length) // 2 if operator.offset is None else operator.offset[axis]
        image = image.narrow(2 + axis, first, length)
    return image


def _recurrent(image: Tensor, axis: int, direction: ops.Direction) -> Tensor:
    """A recurrence without activations: each unit is what it reads added to the one before, to the one behind, or both;
    all divided by how many there are.
    """
    before, behind = image.cumsum(axis), image.flip(axis).cumsum(axis).flip(axis)
    sums = {ops.Direction.FORWARD: before, ops.Direction.BACKWARD: behind, ops.Direction.BOTH: before + behind}
    return sums[direction] / image.shape[axis]


def _detached(channels: Channels) -> Channels:
    detached = {id(channel): channel.detach() for channel in channels}
    return tuple([detached[id(channel)] for channel in channels])


def _weights(kernel: Sequence[int]) -> Tensor:
    """Equal positive weights; their size keeps sums and edges of deep networks far from both ends of a float64."""
    return torch.full((1, 1, *kernel), prod(kernel) ** -0.5, dtype=torch.float64)


def _padded(image: Tensor, padding: Sequence[tuple[int, int]], edge: Edge) -> Tensor:
    flat = [side for pair in reversed(padding) for side in pair]
    return functional.pad(image, flat, mode=EDGES[edge]) if any(flat) else image


def _symmetric(padding: Padding) -> bool:
    return all(before == after >= 0 for before, after in padding)


def _fits_native_pool(window: ops.SlidingWindow, padding: Padding, image: Tensor) -> bool:
    """Whether PyTorch's average pooling has this form: no dilation, even padding of at most half the kernel, and a map
    no smaller than the kernel.
    """
    halves = all(2 * before <= kernel for (before, _), kernel in zip(padding, window.kernel, strict=True))
    fits = all(length >= kernel for length, kernel in zip(image.shape[2:], window.kernel, strict=True))
    return _symmetric(padding) and halves and fits and all(step == 1 for step in window.dilation)


def _padding(window: ops.SlidingWindow, image: Tensor) -> Padding:
    if window.padding == "valid":
        return ((0, 0),) * len(window.kernel)
    if not isinstance(window.padding, str):
        return window.padding
    extents = _extents(window)
    lower = window.padding == "same_lower"
    return tuple(
        _same_padding(*axis, lower=lower) for axis in zip(image.shape[2:], extents, window.stride, strict=True)
    )


def _extents(window: ops.SlidingWindow) -> list[int]:
    return [(kernel - 1) * step + 1 for kernel, step in zip(window.kernel, window.dilation, strict=True)]


def _same_padding(length: int, extent: int, stride: int, *, lower: bool) -> tuple[int, int]:
    """TensorFlow's SAME: as the documentation of ``tf.nn.convolution`` has it, by the remainder of the length."""
    rest = length % stride
    total = max(extent - (rest or stride), 0)
    return (total - total // 2, total // 2) if lower else (total // 2, total - total // 2)


def _exact_padding(window: ops.SlidingWindow, padding: Padding, image: Tensor) -> Padding:
    """The padding with which exactly the windows of the pooling rule fit."""
    exact = []
    extents = _extents(window)
    clips = window.rounding is Rounding.CEIL or any(side > 0 for pair in padding for side in pair)
    for (before, after), length, extent, stride in zip(padding, image.shape[2:], extents, window.stride, strict=True):
        room = (length + before + after - extent) / stride
        last = _last_window(room, stride, length + before, window.rounding, clips)
        exact.append((before, last * stride + extent - length - before))
    return tuple(exact)


def _last_window(room: float, stride: int, end: int, rounding: Rounding, clips: bool) -> int:
    """The last window's number: Caffe's ``PoolingLayer::Reshape``, PyTorch's ``pooling_output_shape``."""
    if rounding is Rounding.FLOOR:
        return int(room)
    return ceil(room) - 1 if clips and ceil(room) * stride >= end else ceil(room)


def _transposed_margins(operator: ops.TransposedConvolution, image: Tensor, full: Tensor) -> Padding:
    """What is cut off (negative) or added at both ends of the full transposed convolution.

    TensorFlow's SAME is the gradient of the SAME convolution that maps the wanted units to ``n``. VALID makes no fewer
    units.
    """
    window = operator.window
    sizes = list(zip(operator.output_padding, window.stride, _extents(window), strict=True))
    if window.padding == "valid":
        given = operator.asked
        return tuple((0, extra if given else max(stride - extent, 0)) for extra, stride, extent in sizes)
    if not isinstance(window.padding, str):
        pairs = zip(window.padding, operator.output_padding, strict=True)
        return tuple((-before, extra - after) for (before, after), extra in pairs)
    lengths = zip(image.shape[2:], full.shape[2:], sizes, strict=True)
    return tuple(_same_margins(operator, length, whole, *axis) for length, whole, axis in lengths)


def _same_margins(
    operator: ops.TransposedConvolution, length: int, full: int, extra: int, stride: int, extent: int
) -> tuple[int, int]:
    """The margins of one axis: by the size that Keras and ONNX want, and what ONNX's output padding cuts off more."""
    keras = operator.window.padding == "same" and operator.asked
    size = (length - 1) * stride + extent % 2 + extra if keras else length * stride
    total = max(full - size + (0 if keras else extra), 0)
    before = total - total // 2 if operator.window.padding == "same_lower" else total // 2
    return (-before, size - full + before)
