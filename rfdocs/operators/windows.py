"""Operators that slide a window: convolution, pooling, their transposed form, padding and cropping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from rfdocs.algebra.reads import Edge, TransposedWindow, Window
from rfdocs.algebra.sizes import (
    Rounding,
    bounded,
    extent,
    padding_behind,
    same_padding,
    transposed_length,
    window_length,
)
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.base import AxisStep, ChannelWise, Filters, Maps, Operator, same_on, windowed
from rfdocs.operators.channels import Channels

#: Padding ``(before, after)`` per axis, or the rule that finds it from the input's length.
Padding = tuple[tuple[int, int], ...] | Literal["same", "same_upper", "same_lower", "valid"]


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """Kernel, stride, dilation and padding, one value per axis."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: Padding
    rounding: Rounding = Rounding.FLOOR
    edge: Edge = Edge.ZERO

    def axis(self, axis: int, length: int) -> AxisStep:
        """The window on one axis: its padding found from the length, then its output's length."""
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        covered = extent(kernel, dilation)
        before, after = self.applied_padding(axis, length)
        check_edge(self.edge, before, after, length)
        count = window_length(length, covered, stride, before, after, self._rounding)
        behind = padding_behind(count, length, covered, stride, before, after)
        return windowed(count, Window(kernel, stride, dilation, before, self.edge), behind)

    @property
    def _rounding(self) -> Rounding:
        """The rounding of every axis: Caffe's depends on whether any of them is padded.

        Source: Caffe ``PoolingLayer::Reshape``, where ``pad_h || pad_w`` clips the last window of both.
        """
        if self.rounding is not Rounding.CAFFE:
            return self.rounding
        padding = self.padding
        padded = padding != "valid" if isinstance(padding, str) else any(max(sides) > 0 for sides in padding)
        return Rounding.CEIL if padded else Rounding.CAFFE

    def applied_padding(self, axis: int, length: int) -> tuple[int, int]:
        """The padding ``(before, after)`` really applied on an axis of this length."""
        if self.padding == "valid":
            return (0, 0)
        if isinstance(self.padding, str):
            covered = extent(self.kernel[axis], self.dilation[axis])
            return same_padding(length, covered, self.stride[axis], lower=self.padding == "same_lower")
        return self.padding[axis]

    def uniform(self, axes: Sequence[int]) -> bool:
        """Whether all axes have the same window."""
        padding = True if isinstance(self.padding, str) else same_on(self.padding, axes)
        return padding and all(same_on(values, axes) for values in (self.kernel, self.stride, self.dilation))


def check_edge(edge: Edge, before: int, after: int, length: int) -> None:
    """Nothing. Raises: ArithmeticRefusal where more units would be mirrored, or repeated, than the map has to give.

    Source: PyTorch ``reflection_pad``, and ``pad`` with ``mode="circular"``, which goes round the map once at most.
    """
    most = max(before, after)
    if edge is Edge.REFLECT and most >= length:
        raise ArithmeticRefusal(f"it reflects {most} units of a map that has {length}")
    if edge is Edge.CIRCULAR and most > length:
        raise ArithmeticRefusal(f"it repeats {most} units of a map that has {length}")
    if edge is Edge.CIRCULAR and min(before, after) < 0 < most:
        raise ArithmeticRefusal("it repeats units at one end and cuts some off at the other: crop in a layer before it")


@dataclass(frozen=True, slots=True)
class Convolution(Operator):
    """A convolution of ``channels_out`` filters in ``groups``, with its folded normalisation.

    Rule: ``parameters = c_out * (c_in / groups) * prod(k) + bias``; multiply-accumulates are the weights times
    the output's units.

    >>> conv1 = Convolution(SlidingWindow((11, 11), (4, 4), (1, 1), ((2, 2), (2, 2))), Filters(64))
    >>> maps = Maps(3, (224, 224), 64, (55, 55))
    >>> conv1.parameters(maps), conv1.macs(maps)
    (23296, 70276800)
    """

    window: SlidingWindow
    filters: Filters

    slides = True
    weighted = True

    @property
    def groups(self) -> int:  # type: ignore[override]
        return self.filters.groups

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return self.window.axis(axis, lengths[0])

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.filters.channels(inputs[0])

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (self.filters.origins(chosen, inputs[0]),)

    def parameters(self, maps: Maps) -> int:
        return self.filters.parameters(self._weights(maps))

    def macs(self, maps: Maps) -> int:
        return self._weights(maps) * prod(maps.lengths_out)

    def _weights(self, maps: Maps) -> int:
        return self.filters.channels_out * (maps.channels_in // self.filters.groups) * prod(self.window.kernel)

    def uniform(self, axes: Sequence[int]) -> bool:
        return self.window.uniform(axes)


@dataclass(frozen=True, slots=True)
class Pooling(ChannelWise):
    """Maximum or average pooling: a window without weights."""

    window: SlidingWindow

    slides = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return self.window.axis(axis, lengths[0])

    def uniform(self, axes: Sequence[int]) -> bool:
        return self.window.uniform(axes)


@dataclass(frozen=True, slots=True)
class TransposedConvolution(Operator):
    """A transposed convolution. Multiply-accumulates count every tap: the weights times the input's units.

    The rules, with ``p`` the output padding: ``same`` and ``valid`` are TensorFlow's, ``n_out = n * s`` and
    ``n_out = n * s + max(k' - s, 0)``; where ``p`` was ``asked`` for, be it 0, they are
    ``n_out = (n - 1) * s + k' % 2 + p`` and ``n_out = (n - 1) * s + k' + p``. ``same_upper`` and ``same_lower`` are
    ONNX's: always ``n_out = n * s``, and ``p`` more is cut off in all.
    Source: Keras ``_convert_conv_transpose_padding_args_from_keras_to_jax``; ONNX ``ConvTranspose``.
    """

    window: SlidingWindow
    filters: Filters
    output_padding: tuple[int, ...]
    asked: bool = False

    slides = True
    weighted = True

    @property
    def groups(self) -> int:  # type: ignore[override]
        return self.filters.groups

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        kernel, stride, dilation = (v[axis] for v in (self.window.kernel, self.window.stride, self.window.dilation))
        covered = extent(kernel, dilation)
        before, after, extra = self._ends(axis, covered, stride)
        count = transposed_length(lengths[0], covered, stride, before, after, extra)
        return windowed(count, TransposedWindow(kernel, stride, dilation, before), after, transposed=True)

    def _ends(self, axis: int, covered: int, stride: int) -> tuple[int, int, int]:
        """What is cut off before and after, and how many units are added at the end."""
        padding, added = self.window.padding, self.output_padding[axis]
        if padding == "valid":
            return (0, 0, added if self.asked else max(stride - covered, 0))
        if not isinstance(padding, str):
            return (*padding[axis], added)
        if padding == "same" and self.asked:
            cut = covered - covered % 2 - added
            added = max(-cut, 0)
        else:
            cut = covered + added - stride
            added = max(added, stride - covered)
        small, large = max(cut, 0) // 2, -(-max(cut, 0) // 2)
        return (large, small, added) if padding == "same_lower" else (small, large, added)

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.filters.channels(inputs[0])

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (self.filters.origins(chosen, inputs[0]),)

    def parameters(self, maps: Maps) -> int:
        return self.filters.parameters(self._weights(maps))

    def macs(self, maps: Maps) -> int:
        return self._weights(maps) * prod(maps.lengths_in)

    def _weights(self, maps: Maps) -> int:
        return maps.channels_in * (self.filters.channels_out // self.filters.groups) * prod(self.window.kernel)

    def uniform(self, axes: Sequence[int]) -> bool:
        return self.window.uniform(axes) and same_on(self.output_padding, axes)


@dataclass(frozen=True, slots=True)
class Margins(ChannelWise):
    """Padding (positive) or cropping (negative) at both ends of every axis."""

    margins: tuple[tuple[int, int], ...]
    edge: Edge = Edge.ZERO

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        before, after = self.margins[axis]
        check_edge(self.edge, before, after, lengths[0])
        return windowed(bounded(lengths[0] + before + after), Window(before=before, edge=self.edge), after)

    def uniform(self, axes: Sequence[int]) -> bool:
        return same_on(self.margins, axes)


@dataclass(frozen=True, slots=True)
class CropTo(ChannelWise):
    """A crop to a given size, or to the size of another map; centred unless an offset is given.

    Where an odd number is cut off, its larger half is behind; ``evenly`` refuses that. Source: fepegar/unet.
    """

    size: tuple[int, ...] | None
    offset: tuple[int, ...] | None = None
    evenly: bool = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        wanted = like if self.size is None else self.size[axis]
        assert wanted is not None
        offset = (lengths[0] - wanted) // 2 if self.offset is None else self.offset[axis]
        if offset < 0 or offset + wanted > lengths[0]:
            raise ArithmeticRefusal(f"it takes {wanted} units from {offset} on, of a map that has {lengths[0]}")
        if self.evenly and (lengths[0] - wanted) % 2:
            raise ArithmeticRefusal(f"it cuts {lengths[0]} units to {wanted}, which is not as much before as behind")
        return windowed(wanted, Window(before=-offset), offset + wanted - lengths[0])

    def uniform(self, axes: Sequence[int]) -> bool:
        return all(values is None or same_on(values, axes) for values in (self.size, self.offset))
