"""Operators that change the resolution without learned windows: upsampling, shuffling, adaptive pooling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, prod

from rfdocs.algebra.errors import ArithmeticRefusal
from rfdocs.algebra.reads import IDENTITY, Adaptive, Bilinear, Nearest, Reads, Window
from rfdocs.algebra.sizes import bounded
from rfdocs.operators.base import AxisStep, ChannelWise, Operator, same_on


@dataclass(frozen=True, slots=True)
class Upsample(ChannelWise):
    """Nearest or linear resampling by a whole factor, to a size, or to the size of another map."""

    scale: tuple[int, ...] | None = None
    size: tuple[int, ...] | None = None
    bilinear: bool = False
    corners: bool = False

    @property
    def spreads(self) -> bool:  # type: ignore[override]
        return self.scale is None

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        if self.scale is not None:
            count = bounded(lengths[0] * self.scale[axis])
        else:
            wanted = like if self.size is None else self.size[axis]
            assert wanted is not None
            count = bounded(wanted)
        return AxisStep(count, (self._reads(lengths[0], count),))

    def _reads(self, length: int, count: int) -> Reads:
        if length == count:
            return IDENTITY
        if self.bilinear and self.corners:
            return _cornered(length, count)
        common = gcd(length, count)
        steady = length % count == 0 or count % length == 0
        kind = Bilinear if self.bilinear else Nearest
        return kind(period=count // common, shift=length // common, steady=steady)

    def uniform(self, axes: Sequence[int]) -> bool:
        return all(values is None or same_on(values, axes) for values in (self.scale, self.size))


def _cornered(length: int, count: int) -> Reads:
    if count == 1 or length == 1:
        return Bilinear(period=1, shift=0, corners=True, steady=False)
    common = gcd(length - 1, count - 1)
    return Bilinear(period=(count - 1) // common, shift=(length - 1) // common, corners=True, steady=False)


@dataclass(frozen=True, slots=True)
class PixelShuffle(Operator):
    """Channels laid out as ``scale`` times as many units per axis (depth to space)."""

    scale: tuple[int, ...]

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        factor = self.scale[axis]
        return AxisStep(bounded(lengths[0] * factor), (Nearest(factor, 1) if factor > 1 else IDENTITY,))

    def channels(self, inputs: tuple[int, ...]) -> int:
        block = prod(self.scale)
        if inputs[0] % block:
            raise ArithmeticRefusal(f"its block of {block} does not divide the {inputs[0]} channels")
        return inputs[0] // block

    def uniform(self, axes: Sequence[int]) -> bool:
        return same_on(self.scale, axes)


@dataclass(frozen=True, slots=True)
class SpaceToDepth(Operator):
    """Blocks of ``scale`` units per axis laid out as channels."""

    scale: tuple[int, ...]

    slides = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        factor = self.scale[axis]
        if lengths[0] % factor:
            raise ArithmeticRefusal(f"its block of {factor} does not divide the map's {lengths[0]} units")
        return AxisStep(lengths[0] // factor, (Window(kernel=factor, stride=factor),), (0, 0))

    def channels(self, inputs: tuple[int, ...]) -> int:
        return inputs[0] * prod(self.scale)

    def uniform(self, axes: Sequence[int]) -> bool:
        return same_on(self.scale, axes)


@dataclass(frozen=True, slots=True)
class AdaptivePooling(ChannelWise):
    """Pooling to a fixed number of units per axis; one unit is global pooling.

    Where the number divides the map it is a plain window, otherwise windows differ and no jump exists.
    Source: PyTorch ``AdaptiveAvgPool``.
    """

    size: tuple[int, ...]

    slides = True

    @property
    def collapses(self) -> bool:  # type: ignore[override]
        return all(length == 1 for length in self.size)

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return AxisStep(self.size[axis], (adaptive_reads(lengths[0], self.size[axis]),), (0, 0))

    def uniform(self, axes: Sequence[int]) -> bool:
        return same_on(self.size, axes)


def adaptive_reads(length: int, count: int) -> Reads:
    """What each of ``count`` units pools of ``length``.

    >>> adaptive_reads(12, 6)
    Window(kernel=2, stride=2, dilation=1, before=0, edge=<Edge.ZERO: 'zero'>)
    """
    if count == 1:
        return Window(kernel=length)
    if length % count == 0:
        return Window(kernel=length // count, stride=length // count)
    if count % length == 0:
        return Nearest(count // length, 1)
    common = gcd(length, count)
    return Adaptive(count // common, length // common)


@dataclass(frozen=True, slots=True)
class GlobalPooling(ChannelWise):
    """Pooling of the whole map to one unit: a window as long as the map."""

    slides = True
    collapses = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return AxisStep(1, (Window(kernel=lengths[0]),), (0, 0))
