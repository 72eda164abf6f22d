"""Operators that fit a map to another layer's size: padding up to it, and unpooling back to it."""

from __future__ import annotations

from dataclasses import dataclass

from rfdocs.algebra.reads import Edge, TransposedWindow, Window
from rfdocs.algebra.sizes import bounded, extent
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.operator import AxisStep, ChannelWise, window_step
from rfdocs.operators.windows import SlidingWindow, check_edge

__all__ = ["PadTo", "Unpooling"]


@dataclass(frozen=True, slots=True)
class PadTo(ChannelWise):
    """Padding up to a given size, or to the size of another map: half the difference before, the rest behind.

    Rule: ``before = floor((n_out - n) / 2)``. Unit: units. Source: milesial/Pytorch-UNet, ``Up.forward``.
    """

    size: tuple[int, ...] | None
    edge: Edge = Edge.ZERO

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        wanted = like if self.size is None else self.size[axis]
        assert wanted is not None
        missing = wanted - lengths[0]
        if missing < 0:
            raise ArithmeticRefusal(f"it pads to {wanted} units a map that has {lengths[0]}")
        before = missing // 2
        check_edge(self.edge, before, missing - before, lengths[0])
        return window_step(wanted, Window(before=before, edge=self.edge), missing - before)


@dataclass(frozen=True, slots=True)
class Unpooling(ChannelWise):
    """Each value of a map put back where a maximum pooling, ``pooled``, found it; ``like`` is the map that it pooled.

    Which unit that is depends on the image, so that each unit of a window may be the one: it reads as a convolution
    does that is transposed. Places are counted row by row of the map that was pooled, so that its length has to come
    back on all axes but the first: ``restores`` takes it from there, else it is ``(n - 1) * s + k - 2 * p`` of the
    unpooling's own attributes. Source: PyTorch ``MaxUnpool2d``, with its ``output_size`` and without.
    """

    unpool_kernel: tuple[int, ...]
    unpool_stride: tuple[int, ...]
    unpool_padding: tuple[int, ...]
    pooled: SlidingWindow
    restores: bool = False

    first_axis_apart = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        assert like is not None
        window = self.pooled
        count = window.axis(axis, like).length
        if lengths[0] != count:
            raise ArithmeticRefusal(f"its map has {lengths[0]} units, and its pooling left {count}")
        kernel, stride, dilation = window.kernel[axis], window.stride[axis], window.dilation[axis]
        before, _ = window.applied_padding(axis, like)
        whole = (count - 1) * stride + extent(kernel, dilation)
        length = self._length(axis, count, like)
        reads = TransposedWindow(kernel, stride, dilation, before)
        return window_step(length, reads, whole - before - length)

    def _length(self, axis: int, count: int, like: int) -> int:
        kernel, stride, padding = self.unpool_kernel[axis], self.unpool_stride[axis], self.unpool_padding[axis]
        length = (count - 1) * stride + kernel - 2 * padding
        if self.restores:
            if abs(length - like) >= stride:
                raise ArithmeticRefusal(
                    f"its pooling read {like} units, {stride} or more off the {length} that it makes"
                )
            return like
        if length != like and (axis > 0 or length <= self._last_place(count, like)):
            raise ArithmeticRefusal(f"it would make {length} units where its pooling read {like}")
        return bounded(length)

    def _last_place(self, count: int, like: int) -> int:
        """The last unit of the first axis that any of the pooling's ``count`` windows reads: where a maximum may be."""
        window = self.pooled
        stride, dilation, (before, _) = window.stride[0], window.dilation[0], window.applied_padding(0, like)
        offsets = (dilation * tap - before for tap in range(window.kernel[0]))
        units = ((min(count - 1, (like - 1 - offset) // stride), offset) for offset in offsets)
        return max((unit * stride + offset for unit, offset in units if unit >= 0), default=-1)
