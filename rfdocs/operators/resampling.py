"""Operators that change the resolution without learned windows: upsampling, shuffling, adaptive pooling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import floor, gcd, prod

from rfdocs.algebra.reads import IDENTITY, Adaptive, Interpolated, Nearest, Reads, Window
from rfdocs.algebra.sizes import bounded
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.operator import AxisStep, ChannelWise, Operator, window_step

__all__ = ["AdaptivePooling", "Coordinates", "GlobalPooling", "NearestRule", "PixelShuffle", "SpaceToDepth", "Upsample"]


class Coordinates(Enum):
    """Where unit ``u`` of ``N`` lies among the ``n`` units that it is made of, ``1 / r`` being the factor.

    Source: ONNX ``Resize``, ``coordinate_transformation_mode``.
    """

    HALF_PIXEL = "half_pixel"  #: ``(u + 1/2) * r - 1/2``
    PYTORCH_HALF_PIXEL = "pytorch_half_pixel"  #: the same; 0 where ``N`` is 1
    HALF_PIXEL_SYMMETRIC = "half_pixel_symmetric"  #: the same, moved so that both middles coincide
    ASYMMETRIC = "asymmetric"  #: ``u * r``


class NearestRule(Enum):
    """Which unit is nearest to a place between two. Source: ONNX ``Resize``, ``nearest_mode``."""

    FLOOR = "floor"  #: the one before
    CEIL = "ceil"  #: the one behind
    PREFER_FLOOR = "round_prefer_floor"  #: the nearer one, halfway the one before
    PREFER_CEIL = "round_prefer_ceil"  #: the nearer one, halfway the one behind


@dataclass(frozen=True, slots=True)
class Upsample(ChannelWise):
    """Resampling by a factor, to a size, or to the size of another map: nearest, unless it is ``bilinear``, ``bicubic``
    or by ``area``. By a factor ``n_out = floor(n * scale)``.

    Units are ``r = 1 / scale`` apart; without a factor, or if that is ``recomputed``, ``n / n_out``; with ``corners``
    ``(n - 1) / (n_out - 1)``. Without ``coordinates`` they lie where PyTorch has them: at half pixels, or at ``u * r``
    where the nearest is the ``floor``; bilinear copies a map whose size stays the same, whatever the factor.
    Source: PyTorch ``interpolate``; ONNX ``Resize``.
    """

    scale: tuple[int | Fraction, ...] | None = None
    size: tuple[int, ...] | None = None
    bilinear: bool = False
    corners: bool = False
    bicubic: bool = False
    area: bool = False
    coordinates: Coordinates | None = None
    rounded: NearestRule = NearestRule.FLOOR
    recomputed: bool = False

    @property
    def spreads(self) -> bool:  # type: ignore[override]
        return self.scale is None

    @property
    def collapses(self) -> bool:  # type: ignore[override]
        return self.area and self.size is not None and all(length == 1 for length in self.size)

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        length = lengths[0]
        if self.scale is not None:
            count = bounded(floor(length * self.scale[axis]))
        else:
            wanted = like if self.size is None else self.size[axis]
            assert wanted is not None
            count = bounded(wanted)
        return AxisStep(count, (self._reads(axis, length, count),))

    def _reads(self, axis: int, length: int, count: int) -> Reads:
        if self.area:
            return pooling_step(length, count).reads[0]
        if length == count and (self.corners or (self.bilinear and self.coordinates is None)):
            return IDENTITY
        if self.corners or (count == 1 and self.coordinates is Coordinates.PYTORCH_HALF_PIXEL):
            return self._reads_around(Fraction(length - 1, count - 1) if count > 1 else Fraction(0), 0, steady=False)
        ratio, steady = self._ratio(axis, length, count)
        return self._reads_around(ratio, self._offset(ratio, length, count), steady=steady)

    def _ratio(self, axis: int, length: int, count: int) -> tuple[Fraction, bool]:
        """How far apart the units lie, and whether they repeat so at every size: by the factor itself, or where one of
        the two sizes divides the other.
        """
        sizes = Fraction(length, count)
        if self.scale is not None:
            given = 1 / Fraction(self.scale[axis])
            if not self.recomputed or sizes == given:
                return given, True
        return sizes, 1 in (sizes.numerator, sizes.denominator)

    def _offset(self, ratio: Fraction, length: int, count: int) -> int:
        """Where unit 0 lies, in units of ``1 / (2 * ratio.denominator)``."""
        shift, period = ratio.numerator, ratio.denominator
        nearest = not (self.bilinear or self.bicubic)
        if self.coordinates is Coordinates.HALF_PIXEL_SYMMETRIC:
            return (length - 1) * period - (count - 1) * shift
        pytorch = self.coordinates is None and nearest and self.rounded is NearestRule.FLOOR
        return 0 if pytorch or self.coordinates is Coordinates.ASYMMETRIC else shift - period

    def _reads_around(self, ratio: Fraction, offset: int, *, steady: bool) -> Reads:
        """What is read around places ``ratio`` apart."""
        period, shift = ratio.denominator, ratio.numerator
        if ratio == 1:  # then the offset is 0
            return IDENTITY
        if self.bilinear or self.bicubic:
            return Interpolated(period, shift, offset, 2 if self.bicubic else 1, steady)
        half = {NearestRule.PREFER_CEIL: period, NearestRule.PREFER_FLOOR: -period}.get(self.rounded, 0)
        up = self.rounded in {NearestRule.CEIL, NearestRule.PREFER_FLOOR}
        return Nearest(period, shift, steady, offset + half, up)


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


@dataclass(frozen=True, slots=True)
class SpaceToDepth(Operator):
    """Blocks of ``scale`` units per axis laid out as channels; of a map that is ``filled`` up with zeros if need be."""

    scale: tuple[int, ...]
    filled: bool = False

    slides = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        factor = self.scale[axis]
        missing = -lengths[0] % factor
        if missing and not self.filled:
            raise ArithmeticRefusal(f"its block of {factor} does not divide the map's {lengths[0]} units")
        return window_step((lengths[0] + missing) // factor, Window(kernel=factor, stride=factor), missing)

    def channels(self, inputs: tuple[int, ...]) -> int:
        return inputs[0] * prod(self.scale)


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
        return pooling_step(lengths[0], self.size[axis])


def pooling_step(length: int, count: int) -> AxisStep:
    """The step that pools ``length`` units to ``count``.

    >>> pooling_step(12, 6).window, pooling_step(12, 5).window
    (AppliedWindow(kernel=2, stride=2, dilation=1, padding=(0, 0), transposed=False), None)
    """
    if count == 1:
        return window_step(count, Window(kernel=length))
    if length % count == 0:
        return window_step(count, Window(kernel=length // count, stride=length // count))
    if count % length == 0:
        return AxisStep(count, (Nearest(count // length, 1),))
    common = gcd(length, count)
    return AxisStep(count, (Adaptive(count // common, length // common),))


@dataclass(frozen=True, slots=True)
class GlobalPooling(ChannelWise):
    """Pooling of the whole map to one unit: a window as long as the map."""

    slides = True
    collapses = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return window_step(1, Window(kernel=lengths[0]))
