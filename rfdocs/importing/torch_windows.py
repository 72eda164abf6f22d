"""PyTorch's operators that move a window over a map, resample it, or pad it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from rfdocs.importing.masked_kernels import MASKED, is_masked
from rfdocs.importing.torch_draft import Fixed, OperatorCall, Shape, Traced

Rule = Callable[[OperatorCall], Any]
_CHANGING_KERNEL = "its kernel depends on the image; which numbers of the image it depends on would have to be known"
_EDGES = {"constant": "zero", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def per_axis(value: Any, axes: int) -> tuple[int, ...]:
    """One number for each spatial axis.

    >>> per_axis([3], 2), per_axis([], 0), per_axis([1, 2], 2)
    ((3, 3), (), (1, 2))
    """
    numbers = [value] if isinstance(value, int) else list(value)
    return tuple(numbers * axes) if len(numbers) == 1 else tuple(numbers)


def both_sides(value: Any, axes: int) -> tuple[tuple[int, int], ...]:
    """The same padding before and after each axis."""
    return tuple((amount, amount) for amount in per_axis(value, axes))


def convolution(call: OperatorCall) -> Any:
    """A convolution, transposed or not, of one, two or three axes."""
    return _convolution(call, transposed=bool(call.get("transposed")))


def transposed_convolution(call: OperatorCall) -> Any:
    """A transposed convolution."""
    return _convolution(call, transposed=True)


def _is_masked(weight: Fixed) -> bool:
    """Whether a kernel that is computed, of learned numbers or of others, is cut short by noughts."""
    numbers = weight.numbers() if weight.computed else None
    return numbers is not None and is_masked(numbers.double().numpy())


def _convolution(call: OperatorCall, *, transposed: bool) -> Any:
    weight, bias = call["weight"], call["bias"]
    if isinstance(weight, Traced) or isinstance(bias, Traced):
        return call.unknown(_CHANGING_KERNEL)
    if _is_masked(weight):
        return call.unknown(MASKED)
    kernel, groups = weight.shape[2:], call["groups"]
    axes = len(kernel)
    dilation = per_axis(call["dilation"], axes)
    common: dict[str, Any] = {
        "kernel": kernel,
        "stride": per_axis(call["stride"], axes),
        "padding": _padding(call["padding"], kernel, dilation),
        "dilation": dilation,
        "groups": groups,
        "channels": weight.shape[1] * groups if transposed else weight.shape[0],
        "bias": bias is not None,
        "weights": math.prod(weight.shape),
        "last": False,
    }
    if transposed:
        extra = per_axis(call["output_padding"], axes)
        return windowed(call, axes, "transposed_conv", learned=(weight, bias), output_padding=extra, **common)
    return windowed(call, axes, "conv", learned=(weight, bias), edge="zero", **common)


def _padding(given: Any, kernel: Sequence[int], dilation: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """PyTorch's rule ``same`` is for a stride of 1: an odd rest goes to the end."""
    if not isinstance(given, str):
        return both_sides(given, len(kernel))
    totals = [step * (length - 1) if given == "same" else 0 for length, step in zip(kernel, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def windowed(call: OperatorCall, axes: int, kind: str, **attributes: Any) -> Traced:
    """A node of a kind that reads ``(batch, channels, spatial ...)``; an input without a batch gets one."""
    source, learned = call.first, attributes.pop("learned", ())
    if len(source.shape) > axes + 1:
        return call.emit(kind, source, learned=learned, **attributes)
    whole = call.emit("reshape", source, shape=(1, *source.shape))
    return call.emit("reshape", call.emit(kind, whole, shape=(1, *call.shape), learned=learned, **attributes))


def pool(mode: str, axes: int) -> Rule:
    """The rule of a pooling."""

    def rule(call: OperatorCall) -> Any:
        kernel = per_axis(call["kernel_size"], axes)
        pooled = windowed(
            call,
            axes,
            "pool",
            mode=mode,
            kernel=kernel,
            stride=per_axis(call["stride"] or kernel, axes),
            padding=both_sides(call["padding"], axes),
            dilation=per_axis(call.get("dilation", 1), axes),
            ceil_mode=bool(call["ceil_mode"]),
            last=False,
        )
        return (pooled, _positions(pooled)) if len(call.shapes) > 1 else pooled

    return rule


def _positions(pooled: Traced) -> Traced:
    return Traced(pooled.number, pooled.shape, positions=True)


def adaptive_pool(mode: str, axes: int) -> Rule:
    """The rule of a pooling to a size; to one unit, it is the mean or maximum of the map."""

    def rule(call: OperatorCall) -> Any:
        size, source = call.shape[-axes:], call.first
        if size == (1,) * axes:
            spatial = tuple(range(len(source.shape) - axes, len(source.shape)))
            pooled = call.emit("reduce", source, mode="mean" if mode == "avg" else mode, axes=spatial, keep=True)
        else:
            pooled = windowed(call, axes, "adaptive_pool", mode=mode, size=size, last=False)
        return (pooled, _positions(pooled)) if len(call.shapes) > 1 else pooled

    return rule


def unpool(axes: int) -> Rule:
    """The rule of an unpooling, which does not tell its windows: they are those of the pooling, or lie side by side
    where only these make the size that it has.
    """

    def rule(call: OperatorCall) -> Any:
        indices = call["indices"]
        if not isinstance(indices, Traced) or not indices.positions:
            return call.unknown("it puts values at positions that no maximum pooling told")
        pooling = call.draft.nodes[indices.number]
        window: dict[str, Any] = {key: pooling.attributes.get(key) for key in ("kernel", "stride", "padding")}
        if pooling.kind != "pool" or len(call.first.shape) != axes + 2:
            return call.unknown("the windows of the pooling whose positions it reads would have to be known")
        maximum = Traced(indices.number, indices.shape)
        side_by_side = {"kernel": window["stride"], "stride": window["stride"], "padding": ((0, 0),) * axes}
        lengths, size = call.first.shape[2:], tuple(call.shape[2:])
        if _unpooled(lengths, **window) != size and _unpooled(lengths, **side_by_side) == size:
            window = side_by_side
        return call.emit("unpool", call.first, maximum, **window, last=False)

    return rule


def _unpooled(lengths: Shape, kernel: Shape, stride: Shape, padding: Sequence[tuple[int, int]]) -> Shape:
    """The size that an unpooling makes of a map, where it is not told another one."""
    axes = zip(lengths, kernel, stride, padding, strict=True)
    return tuple([(count - 1) * step + width - sum(sides) for count, width, step, sides in axes])


def upsample(mode: str) -> Rule:
    """The rule of a resampling: by factors where these are given, otherwise to a size."""

    def rule(call: OperatorCall) -> Any:
        spatial = len(call.shape) - 2
        factors = _factors(call, spatial)
        return call.emit(
            "upsample",
            call.first,
            size=call.shape[2:] if factors is None else None,
            scale=factors,
            mode=mode,
            align_corners=bool(call.get("align_corners")),
            coordinates=None,
            nearest_mode=None,
            recompute=False,
            last=False,
        )

    return rule


def _factors(call: OperatorCall, axes: int) -> tuple[int | Fraction, ...] | None:
    """The factors of the overload ``vec``, or of the other one, if each makes the size that it has."""
    given = call.get("scale_factors")
    if given is None:
        given = [value for name, value in call.arguments.items() if name.startswith("scales")]
    if not given or None in given:
        return None
    lengths = zip(call.first.shape[2:], given, call.shape[2:], strict=True)
    fits = len(given) == axes and all(math.floor(length * factor) == size for length, factor, size in lengths)
    return tuple(map(as_fraction, given)) if fits else None


def as_fraction(value: float) -> int | Fraction:
    """A factor as a person would write it: the simplest fraction that is this float.

    >>> as_fraction(2.0), as_fraction(1 / 3), as_fraction(1.5)
    (2, Fraction(1, 3), Fraction(3, 2))
    """
    if float(value).is_integer():
        return int(value)
    simple = Fraction(value).limit_denominator(1 << 12)
    return simple if float(simple) == value else Fraction(value)


def pad(call: OperatorCall) -> Any:
    """Padding of any dimensions; what is negative cuts off."""
    mode = call.get("mode", "constant")
    return padded(call, call["pad"], _EDGES[mode]) if mode in _EDGES else call.unknown(f"its padding holds '{mode}'")


def pad_with(edge: str) -> Rule:
    """The rule of an operator that pads with this edge only."""
    return lambda call: padded(call, call.get("padding", call.get("pad")), edge)


def padded(call: OperatorCall, amounts: Sequence[int], edge: str) -> Traced:
    """The first argument padded; the amounts are PyTorch's, before and after, the last dimension first."""
    source = call.first
    pairs = list(zip(amounts[::2], amounts[1::2], strict=True))[::-1]
    pairs = [(0, 0)] * (len(source.shape) - len(pairs)) + pairs
    for axis, (before, after) in enumerate(pairs):
        if min(before, after) < 0:
            source = _cut(call, source, axis, max(-before, 0), max(-after, 0))
    added = tuple((max(before, 0), max(after, 0)) for before, after in pairs)
    return call.emit("pad", source, padding=added, edge=edge) if any(map(any, added)) else source


def _cut(call: OperatorCall, source: Traced, axis: int, before: int, after: int) -> Traced:
    shape = list(source.shape)
    start, stop = before, shape[axis] - after
    shape[axis] = stop - start
    return call.emit("slice", source, shape=shape, axis=axis, start=start, stop=stop, step=1)


def _rescaled(kind: str, factor: str) -> Rule:
    def rule(call: OperatorCall) -> Any:
        scale = per_axis(call[factor], len(call.shape) - 2)
        return call.emit(kind, call.first, scale=scale, last=False)

    return rule


def _channel_shuffle(call: OperatorCall) -> Any:
    return call.emit("channel_shuffle", call.first, groups=call["groups"], last=False)


_BLURRED = "it resamples with a low-pass filter; the filter's windows would have to be known"

WINDOWS: dict[str, Rule] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "convolution", "_convolution"), convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), transposed_convolution),
    **{f"max_pool{axes}d": pool("max", axes) for axes in (1, 2, 3)},
    **{f"max_pool{axes}d_with_indices": pool("max", axes) for axes in (1, 2, 3)},
    **{f"avg_pool{axes}d": pool("avg", axes) for axes in (1, 2, 3)},
    **{f"adaptive_avg_pool{axes}d": adaptive_pool("avg", axes) for axes in (1, 2, 3)},
    **{f"_adaptive_avg_pool{axes}d": adaptive_pool("avg", axes) for axes in (2, 3)},
    **{f"adaptive_max_pool{axes}d": adaptive_pool("max", axes) for axes in (1, 2, 3)},
    **{f"max_unpool{axes}d": unpool(axes) for axes in (2, 3)},
    **{f"upsample_nearest{axes}d": upsample("nearest") for axes in (1, 2, 3)},
    **{f"_upsample_nearest_exact{axes}d": upsample("nearest-exact") for axes in (1, 2, 3)},
    **dict.fromkeys(("upsample_linear1d", "upsample_bilinear2d", "upsample_trilinear3d"), upsample("bilinear")),
    "upsample_bicubic2d": upsample("bicubic"),
    **dict.fromkeys(
        ("_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa"),
        lambda call: call.unknown(_BLURRED),
    ),
    "pad": pad,
    "constant_pad_nd": pad_with("zero"),
    **{f"reflection_pad{axes}d": pad_with("reflect") for axes in (1, 2, 3)},
    **{f"replication_pad{axes}d": pad_with("replicate") for axes in (1, 2, 3)},
    "_pad_circular": pad_with("circular"),
    "pixel_shuffle": _rescaled("pixel_shuffle", "upscale_factor"),
    "pixel_unshuffle": _rescaled("space_to_depth", "downscale_factor"),
    "channel_shuffle": _channel_shuffle,
    "native_channel_shuffle": _channel_shuffle,
}
