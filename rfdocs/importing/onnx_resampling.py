"""Resize and Upsample of ONNX, in every version: the words of the format's `upsample`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.onnx_draft import Dims, Handler, OnnxCall, positive

_MODES = {"nearest": "nearest", "linear": "bilinear", "bilinear": "bilinear", "cubic": "bicubic"}
_COORDINATES = {"half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "asymmetric", "align_corners"}
_ROUNDINGS = {"floor", "ceil", "round_prefer_floor", "round_prefer_ceil"}
#: How far a factor in single precision may be from the fraction that was meant.
_NEAR = Fraction(1, 1 << 22)


def _upsample(call: OnnxCall) -> int:
    """Versions up to 10: by factors, every unit at its index times its factor, rounded down."""
    scales = call.get("scales") if call.input(1) is None else call.value(1, "scales").tolist()
    if scales is None:
        raise Puzzling("its scales would have to be known")
    return _resampled(call, _all_factors(call, scales, None), None, "asymmetric", "floor")


def _resize(call: OnnxCall) -> int:
    if call.opset < 11:
        return _upsample(call)
    _check_known(call)
    axes = call.numbers("axes", 99)
    scales, sizes = call.value(2, "scales"), call.value(3, "sizes")
    coordinates = call.get("coordinate_transformation_mode", "half_pixel")
    rounding = call.get("nearest_mode", "round_prefer_floor")
    if scales is not None and scales.size:
        return _resampled(call, _all_factors(call, scales.tolist(), axes), None, coordinates, rounding)
    if sizes is None or not sizes.size:
        raise Puzzling("its scales or its sizes would have to be known")
    return _resampled(call, None, call.shape[2:], coordinates, rounding)


def _check_known(call: OnnxCall) -> None:
    """Nothing. Raises: Puzzling for what the format has no word for."""
    if call.get("antialias", 0) and any(new < old for new, old in zip(call.shape, call.dims, strict=True)):
        raise Puzzling("what `antialias` reads when it makes a map smaller would have to be known")
    if call.get("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise Puzzling("`keep_aspect_ratio_policy` would have to be `stretch`")


def _all_factors(call: OnnxCall, scales: list[float], axes: tuple[int, ...] | None) -> tuple[Fraction, ...]:
    """The factor of every dimension."""
    rank = len(call.dims)
    at = tuple(positive(axis, rank) for axis in axes) if axes else tuple(range(rank))
    if len(at) != len(scales) or not all(0 < scale < 1e6 for scale in scales):
        raise Puzzling(f"it has {len(scales)} scales for {len(at)} dimensions")
    given = dict(zip(at, map(factor, scales), strict=True))
    return tuple(given.get(axis, Fraction(1)) for axis in range(rank))


def factor(scale: float) -> Fraction:
    """The fraction that was meant by a number in single precision.

    >>> factor(2.0), factor(0.3333333432674408)
    (Fraction(2, 1), Fraction(1, 3))
    """
    exact = Fraction(scale)
    simple = exact.limit_denominator(4096)
    return simple if abs(simple - exact) <= _NEAR * exact else exact


def _resampled(
    call: OnnxCall, factors: tuple[Fraction, ...] | None, size: Dims | None, coordinates: str, rounding: str
) -> int:
    """Its node, where it leaves images and channels alone."""
    if len(call.dims) < 3 or call.shape[:2] != call.dims[:2]:
        raise Puzzling("it resamples images or channels, and only the axes of the map are known")
    if call.shape == call.dims and (factors is None or set(factors) == {1}):
        return call.add("identity", call.data)
    scale = None if factors is None else factors[2:]
    return call.add("upsample", call.data, size=size, scale=scale, **_rule(call, coordinates, rounding))


def _rule(call: OnnxCall, coordinates: str, rounding: str) -> dict[str, Any]:
    """Where the units lie, in the words of the format; nothing where it is PyTorch's rule."""
    mode = _MODES.get(call.get("mode", "nearest"))
    if mode is None or coordinates not in _COORDINATES or rounding not in _ROUNDINGS:
        raise Puzzling(f"`{coordinates}` with `{rounding}` is no rule of resampling that is known")
    corners = mode != "nearest" and coordinates == "align_corners"
    nearest = mode == "nearest"
    plain = corners or (coordinates, rounding) == ("asymmetric", "floor") if nearest else _is_half(call, coordinates)
    return {
        "mode": mode,
        "align_corners": corners,
        "coordinates": None if plain or corners else coordinates,
        "nearest_mode": rounding if nearest and not plain else None,
        "recompute": False,
        "fixed": False,
        "last": False,
    }


def _is_half(call: OnnxCall, coordinates: str) -> bool:
    """Whether units lie as PyTorch's: its own word differs from that only where one unit is left of several."""
    one = any(new == 1 != old for new, old in zip(call.shape[2:], call.dims[2:], strict=True))
    return coordinates == "half_pixel" or (coordinates == "pytorch_half_pixel" and not one)


TABLE: dict[str, Handler] = {"Upsample": _upsample, "Resize": _resize}
