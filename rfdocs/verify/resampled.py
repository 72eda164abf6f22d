"""Resampled maps, by PyTorch's own weights where it has the rule, and by ONNX's document where it has not.

Weights are made axis by axis from the units themselves, so that those that are rounding errors only can be left out;
negative ones are taken as positive, so that nothing cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from rfdocs.operators import Coordinates, NearestRule, Upsample

#: An interpolation weight below this is rounding, not a tap.
_ROUNDING_ERROR = 1e-9
_LINEAR_MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


def resampled(operator: Upsample, image: Tensor, like: tuple[int, ...] | None) -> Tensor:
    """The map behind the operator; ``like`` is the size of the layer whose size it takes."""
    size = like if operator.size is None else operator.size
    if operator.scale is not None and all(factor == int(factor) for factor in operator.scale):
        size = tuple(length * int(factor) for length, factor in zip(image.shape[2:], operator.scale, strict=True))
    if size is not None and (native := _native_mode(operator, image.shape[2:], size)):
        return functional.interpolate(image, size, mode=native)
    for axis in range(image.dim() - 2):
        weights = _weights(operator, axis, image.shape[2 + axis], None if size is None else size[axis])
        weights = torch.where(weights < _ROUNDING_ERROR, 0.0, weights)
        image = torch.tensordot(image, weights, ([2 + axis], [0])).movedim(-1, 2 + axis)
    return image


def _native_mode(operator: Upsample, lengths: Sequence[int], size: Sequence[int]) -> str | None:
    """PyTorch's mode that does this to all axes at once, exactly in floating point; ``None`` where none does."""
    if operator.corners or operator.bicubic or operator.coordinates is not None:
        return None
    if operator.bilinear:
        return _LINEAR_MODES[len(size)] if all(map(_grows_by_power_of_two, lengths, size)) else None
    return _mode(operator)


def _grows_by_power_of_two(length: int, count: int) -> bool:
    """Whether the factor is a power of two, so that interpolation in floating point is exact."""
    factor = count // length
    return count % length == 0 and factor & (factor - 1) == 0


def _weights(operator: Upsample, axis: int, length: int, count: int | None) -> Tensor:
    """The weight of every unit of an axis in every unit that is made of them: ``(length, count)``."""
    interpolates = operator.bilinear or operator.bicubic
    scale = None if operator.scale is None else operator.scale[axis]
    if operator.coordinates is not None or (operator.corners and not interpolates):
        return _onnx_weights(operator, length, count, scale)
    units = torch.eye(length, dtype=torch.float64)[None]
    arguments: dict[str, Any] = {"size": count}
    if count is None:
        assert scale is not None
        arguments = {"scale_factor": float(scale), "recompute_scale_factor": operator.recomputed}
    if interpolates:
        arguments["align_corners"] = operator.corners
    return _interpolated(units, _mode(operator), arguments).abs()


def _mode(operator: Upsample) -> str:
    """PyTorch's name of the mode, for one axis where it has that."""
    if operator.area:
        return "area"
    if operator.bilinear or operator.bicubic:
        return "bicubic" if operator.bicubic else "linear"
    return {NearestRule.FLOOR: "nearest", NearestRule.PREFER_CEIL: "nearest-exact"}[operator.rounded]


def _interpolated(units: Tensor, mode: str, arguments: dict[str, Any]) -> Tensor:
    """The units resampled; cubic interpolation wants a second axis, which stays as it is."""
    if mode != "bicubic":
        return functional.interpolate(units, mode=mode, **arguments)[0]
    unchanged = {"size": 1, "scale_factor": 1.0}
    pairs = {key: (value, unchanged[key]) if key in unchanged else value for key, value in arguments.items()}
    return functional.interpolate(units[..., None], mode=mode, **pairs)[0, :, :, 0]


def _onnx_weights(operator: Upsample, length: int, count: int | None, scale: Fraction | int | None) -> Tensor:
    """The same by the formulas in the document of ONNX's ``Resize``, in exact numbers."""
    if count is None:
        assert scale is not None
        count = floor(length * scale)
    factor = Fraction(count, length) if scale is None or operator.recomputed else Fraction(scale)
    weights = torch.zeros(length, count, dtype=torch.float64)
    for unit in range(count):
        for index, weight in _taps(operator, _original_coordinate(operator, unit, length, count, factor)):
            weights[min(max(index, 0), length - 1), unit] += abs(float(weight))
    return weights


def _original_coordinate(operator: Upsample, resized: int, length: int, count: int, factor: Fraction) -> Fraction:
    """``x_original`` of the document, by ``x_resized``, ``length_original``, ``length_resized`` and ``scale``."""
    half = Fraction(1, 2)
    if operator.corners:
        return Fraction(resized * (length - 1), count - 1) if count > 1 else Fraction(0)
    if operator.coordinates is Coordinates.ASYMMETRIC:
        return resized / factor
    if operator.coordinates is Coordinates.PYTORCH_HALF_PIXEL and count == 1:
        return Fraction(0)
    placed = (resized + half) / factor - half
    if operator.coordinates is Coordinates.HALF_PIXEL_SYMMETRIC:
        adjustment = count / (factor * length)
        return Fraction(length, 2) * (1 - adjustment) + placed
    return placed


def _taps(operator: Upsample, place: Fraction) -> list[tuple[int, Fraction]]:
    """The indices around a place with their weights."""
    before = floor(place)
    ratio = place - before
    if operator.bicubic:
        return [(before - 1 + tap, weight) for tap, weight in enumerate(_cubic_weights(ratio))]
    if operator.bilinear:
        return [(before, 1 - ratio), (before + 1, ratio)]
    nearest = {
        NearestRule.FLOOR: before,
        NearestRule.CEIL: ceil(place),
        NearestRule.PREFER_FLOOR: before + (ratio > Fraction(1, 2)),
        NearestRule.PREFER_CEIL: before + (ratio >= Fraction(1, 2)),
    }
    return [(nearest[operator.rounded], Fraction(1))]


def _cubic_weights(ratio: Fraction) -> list[Fraction]:
    """The four weights of the document, with its ``cubic_coeff_a`` of -0.75."""
    a = Fraction(-3, 4)
    return [
        ((a * (ratio + 1) - 5 * a) * (ratio + 1) + 8 * a) * (ratio + 1) - 4 * a,
        ((a + 2) * ratio - (a + 3)) * ratio * ratio + 1,
        ((a + 2) * (1 - ratio) - (a + 3)) * (1 - ratio) * (1 - ratio) + 1,
        ((a * (2 - ratio) - 5 * a) * (2 - ratio) + 8 * a) * (2 - ratio) - 4 * a,
    ]
