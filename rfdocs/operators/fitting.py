"""Operators that fit a map to another layer's size: padding up to it, and unpooling back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.algebra.errors import ArithmeticRefusal
from rfdocs.algebra.reads import Edge, TransposedWindow, Window
from rfdocs.algebra.sizes import transposed_length
from rfdocs.operators.base import AxisStep, ChannelWise, same_on
from rfdocs.operators.windows import SlidingWindow, check_reflection


@dataclass(frozen=True, slots=True)
class PadTo(ChannelWise):
    """Padding up to a given size, or to the size of another map: half the difference before, the rest behind.

    Rule: ``before = floor((n_out - n) / 2)``. Source: milesial/Pytorch-UNet, ``Up.forward``.
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
        check_reflection(self.edge, before, missing - before, lengths[0])
        return AxisStep(wanted, (Window(before=before, edge=self.edge),), (before, missing - before))

    def uniform(self, axes: Sequence[int]) -> bool:
        return self.size is None or same_on(self.size, axes)


@dataclass(frozen=True, slots=True)
class Unpooling(ChannelWise):
    """Each value of a map put back where a maximum pooling, ``pooled``, found it; ``like`` is the map that it pooled.

    Which unit that is depends on the image, so that each unit of a window may be the one: it reads as a convolution
    does that is transposed. Places are counted along the rows of the pooled map, so that its very size has to come
    back: ``restores`` takes it from there, else it is ``(n - 1) * s + k - 2 * p`` of the unpooling's own attributes.
    Source: PyTorch ``MaxUnpool2d``, with its ``output_size`` and without.
    """

    unpool_kernel: tuple[int, ...]
    unpool_stride: tuple[int, ...]
    unpool_padding: tuple[int, ...]
    pooled: SlidingWindow
    restores: bool = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        assert like is not None
        count = self.pooled.axis(axis, like).length
        if lengths[0] != count:
            raise ArithmeticRefusal(f"its map has {lengths[0]} units, and its pooling left {count}")
        self._refuse_other_length(axis, count, like)
        window = self.pooled
        before, after = window.applied_padding(axis, like)
        reads = TransposedWindow(window.kernel[axis], window.stride[axis], window.dilation[axis], before)
        return AxisStep(like, (reads,), (before, after))

    def _refuse_other_length(self, axis: int, count: int, like: int) -> None:
        kernel, stride, padding = self.unpool_kernel[axis], self.unpool_stride[axis], self.unpool_padding[axis]
        made = transposed_length(count, kernel, stride, padding, padding, 0)
        if made != like and not self.restores:
            raise ArithmeticRefusal(f"it would make {made} units where its pooling read {like}")
        if abs(made - like) >= stride:
            raise ArithmeticRefusal(f"its pooling read {like} units, {stride} or more off the {made} that it makes")

    def uniform(self, axes: Sequence[int]) -> bool:
        own = (self.unpool_kernel, self.unpool_stride, self.unpool_padding)
        return self.pooled.uniform(axes) and all(same_on(values, axes) for values in own)
