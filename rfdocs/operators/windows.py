"""Operators that slide a window: convolution, pooling, their transposed form, padding and cropping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal, TypeVar

from rfdocs.algebra.reads import IDENTITY, Edge, TransposedWindow, Window
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
from rfdocs.operators.channels import Channels
from rfdocs.operators.operator import (
    AxisStep,
    Bound,
    ChannelWise,
    Filters,
    Maps,
    Operator,
    Tokens,
    kept_tokens,
    window_step,
)

__all__ = [
    "Convolution",
    "CropTo",
    "DeformableConvolution",
    "Margins",
    "Pooling",
    "Roll",
    "SlidingWindow",
    "TransposedConvolution",
]

N = TypeVar("N", bound=int | Fraction)

#: The rules that find the padding from the input's length.
PaddingRule = Literal["same", "same_upper", "same_lower", "valid"]
#: Padding ``(before, after)`` per axis, or the rule that finds it.
Padding = tuple[tuple[int, int], ...] | PaddingRule
#: One number for all sides, or for every axis one number or ``(before, after)``.
Sides = int | Sequence[int | tuple[int, int]]


def per_axis(value: N | Sequence[N], axes: int) -> tuple[N, ...]:
    """One value per axis, of one for all or of a sequence with one for each.

    >>> per_axis(3, 2), per_axis((3, 5), 2)
    ((3, 3), (3, 5))
    """
    return tuple(value) if isinstance(value, Sequence) else (value,) * axes


def per_side(value: Sides, axes: int) -> tuple[tuple[int, int], ...]:
    """``(before, after)`` per axis, of one number for all or of a sequence with one number or pair for each.

    >>> per_side(1, 2), per_side((0, (1, 2)), 2)
    (((1, 1), (1, 1)), ((0, 0), (1, 2)))
    """
    sides = (value,) * axes if isinstance(value, int) else value
    return tuple([(side, side) if isinstance(side, int) else side for side in sides])


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """Kernel, stride, dilation and padding, one value per axis. Unit: units."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: Padding
    rounding: Rounding = Rounding.FLOOR
    edge: Edge = Edge.ZERO

    @classmethod
    def of(
        cls,
        kernel: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: Sides | PaddingRule = 0,
        dilation: int | Sequence[int] = 1,
        *,
        axes: int = 2,
        rounding: Rounding = Rounding.FLOOR,
        edge: Edge = Edge.ZERO,
    ) -> SlidingWindow:
        """The window of values that stand for all axes, or of sequences with one for each.

        Padding is a number for all sides, a number or ``(before, after)`` for each axis, or a rule. Unit: units.
        Raises: ArithmeticRefusal unless all lengths are 1 or more.

        >>> SlidingWindow.of((3, 5), padding=1) == SlidingWindow((3, 5), (1, 1), (1, 1), ((1, 1), (1, 1)))
        True
        """
        sides: Padding = padding if isinstance(padding, str) else per_side(padding, axes)
        kernels, strides, dilations = (per_axis(value, axes) for value in (kernel, stride, dilation))
        if min(*kernels, *strides, *dilations) < 1:
            raise ArithmeticRefusal("kernel, stride and dilation are 1 or more")
        return cls(kernels, strides, dilations, sides, rounding, edge)

    def axis(self, axis: int, length: int) -> AxisStep:
        """The window on one axis: its padding found from the length, then its output's length."""
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        covered = extent(kernel, dilation)
        before, after = self.applied_padding(axis, length)
        check_edge(self.edge, before, after, length)
        count = window_length(length, covered, stride, before, after, self._rounding)
        behind = padding_behind(count, length, covered, stride, before, after)
        return window_step(count, Window(kernel, stride, dilation, before, self.edge), behind)

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

    @property
    def is_one_unit(self) -> bool:
        """Whether every unit is made of the one at its own place, at any length."""
        padded = not isinstance(self.padding, str) and any(side for sides in self.padding for side in sides)
        return not padded and all(length == 1 for length in (*self.kernel, *self.stride))

    def applied_padding(self, axis: int, length: int) -> tuple[int, int]:
        """The padding ``(before, after)`` really applied on an axis of this length."""
        if self.padding == "valid":
            return (0, 0)
        if isinstance(self.padding, str):
            covered = extent(self.kernel[axis], self.dilation[axis])
            return same_padding(length, covered, self.stride[axis], lower=self.padding == "same_lower")
        return self.padding[axis]


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
class WindowedFilters(Operator):
    """What a convolution and a transposed one share: filters, and the window that they slide.

    Rule: ``weights = c_in * c_out / groups * prod(k)``, for the groups divide both.
    """

    window: SlidingWindow
    filters: Filters

    slides = True
    weighted = 1

    @property
    def groups(self) -> int:  # type: ignore[override]
        return self.filters.groups

    @property
    def over_space(self) -> bool:  # type: ignore[override]
        return self.filters.over_space

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.filters.channels(inputs[0])

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (self.filters.origins(chosen, inputs[0]),)

    def parameters(self, maps: Maps) -> int:
        return self.filters.parameters(self._weights(maps))

    def _weights(self, maps: Maps) -> int:
        return self.filters.channels_out * (maps.channels_in // self.filters.groups) * prod(self.window.kernel)


@dataclass(frozen=True, slots=True)
class Convolution(WindowedFilters):
    """A convolution of ``channels_out`` filters in ``groups``, with its folded normalisation.

    Rule: ``parameters = c_out * (c_in / groups) * prod(k) + bias``; multiply-accumulates are the weights times
    the output's units.

    >>> conv1 = Convolution(SlidingWindow((11, 11), (4, 4), (1, 1), ((2, 2), (2, 2))), Filters(64))
    >>> maps = Maps(3, (224, 224), 64, (55, 55))
    >>> conv1.parameters(maps), conv1.macs(maps)
    (23296, 70276800)
    """

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return self.window.axis(axis, lengths[0])

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        reads_by_place = self.over_space or not self.window.is_one_unit
        return Operator.tokens(self, inputs) if reads_by_place else kept_tokens(inputs)

    def macs(self, maps: Maps) -> int:
        return self._weights(maps) * maps.units_out


@dataclass(frozen=True, slots=True)
class DeformableConvolution(WindowedFilters):
    """A convolution whose taps the image's values move: it reads its window at least, where nothing is moved.

    Its ``offset_maps``, one for each axis and perhaps a weight, for every tap of a group, are found by a convolution
    with the same window, and biases; where there are none that is a layer of its own.
    Source: Dai et al. 2017, section 2.1; Zhu et al. 2019, section 3.2.

    >>> dcn = DeformableConvolution(SlidingWindow.of(3, padding=1), Filters(64), offset_maps=2)
    >>> dcn.parameters(Maps(32, (8, 8), 64, (8, 8))), dcn.macs(Maps(32, (8, 8), 64, (8, 8)))
    (23698, 1511424)
    """

    offset_maps: int = 0

    bound = Bound.LEAST

    @property
    def weighted(self) -> int:  # type: ignore[override]
        return 2 if self.offset_maps else 1

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return self.window.axis(axis, lengths[0])

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (Channels.all(inputs[0]) if self.offset_maps else self.filters.origins(chosen, inputs[0]),)

    def parameters(self, maps: Maps) -> int:
        biases = self.offset_maps * prod(self.window.kernel)
        return self.filters.parameters(self._weights(maps)) + self._offset_weights(maps) + biases

    def macs(self, maps: Maps) -> int:
        return (self._weights(maps) + self._offset_weights(maps)) * prod(maps.lengths_out)

    def _offset_weights(self, maps: Maps) -> int:
        taps = prod(self.window.kernel)
        return maps.channels_in * taps * self.offset_maps * taps


@dataclass(frozen=True, slots=True)
class Pooling(ChannelWise):
    """Maximum or average pooling: a window without weights."""

    window: SlidingWindow

    slides = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return self.window.axis(axis, lengths[0])


@dataclass(frozen=True, slots=True)
class TransposedConvolution(WindowedFilters):
    """A transposed convolution. Multiply-accumulates count every tap: the weights times the input's units.

    The rules, with ``p`` the output padding: ``same`` and ``valid`` are TensorFlow's, ``n_out = n * s`` and
    ``n_out = n * s + max(k' - s, 0)``; where ``p`` was ``asked`` for, be it 0, they are
    ``n_out = (n - 1) * s + k' % 2 + p`` and ``n_out = (n - 1) * s + k' + p``. ``same_upper`` and ``same_lower`` are
    ONNX's: always ``n_out = n * s``, and ``p`` more is cut off in all.
    Source: Keras ``_convert_conv_transpose_padding_args_from_keras_to_jax``; ONNX ``ConvTranspose``.
    """

    output_padding: tuple[int, ...]
    asked: bool = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        kernel, stride, dilation = (v[axis] for v in (self.window.kernel, self.window.stride, self.window.dilation))
        covered = extent(kernel, dilation)
        before, after, extra = self._cut_and_added(axis, covered, stride)
        count = transposed_length(lengths[0], covered, stride, before, after, extra)
        return window_step(count, TransposedWindow(kernel, stride, dilation, before), after)

    def _cut_and_added(self, axis: int, covered: int, stride: int) -> tuple[int, int, int]:
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
        cut = max(cut, 0)
        small, large = cut // 2, -(-cut // 2)
        return (large, small, added) if padding == "same_lower" else (small, large, added)

    def macs(self, maps: Maps) -> int:
        return self._weights(maps) * prod(maps.lengths_in)

    def _weights(self, maps: Maps) -> int:
        return maps.channels_in * (self.filters.channels_out // self.filters.groups) * prod(self.window.kernel)


@dataclass(frozen=True, slots=True)
class Margins(ChannelWise):
    """Padding (positive) or cropping (negative) at both ends of every axis. Unit: units."""

    margins: tuple[tuple[int, int], ...]
    edge: Edge = Edge.ZERO

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        before, after = self.margins[axis]
        check_edge(self.edge, before, after, lengths[0])
        return window_step(bounded(lengths[0] + before + after), Window(before=before, edge=self.edge), after)


@dataclass(frozen=True, slots=True)
class Roll(ChannelWise):
    """The map moved round its ends: what ``shift`` cuts off at one end of an axis stands at the other.

    Rule: unit ``u`` reads unit ``(u - shift) mod n``; of a map without ends ``u - shift``, where whole turns of the
    map count for nothing. Source: PyTorch ``roll``.

    >>> Roll((2,)).axis(0, (5,), None).reads[0].real_taps(0, 5), Roll((-7,)).axis(0, (5,), None).window.padding
    ([3], (-2, 2))
    """

    shift: tuple[int, ...]

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        shift = self.shift[axis]
        moved = abs(shift) % lengths[0] * (1 if shift > 0 else -1)
        return window_step(lengths[0], Window(before=moved, edge=Edge.CIRCULAR) if shift else IDENTITY, -moved)


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
        if self.evenly and lengths[0] % 2 != wanted % 2:
            raise ArithmeticRefusal(f"it cuts {lengths[0]} units to {wanted}, which is not as much before as after")
        return window_step(wanted, Window(before=-offset), offset + wanted - lengths[0])
