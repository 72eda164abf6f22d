"""The layers of Keras that have windows, resample, or cut and pad maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from rfdocs.importing.keras_activations import activated
from rfdocs.importing.keras_draft import LayerCall, Shape, Symbolic

#: What a reader makes of one call: a tensor, or several.
LayerRule = Callable[[LayerCall], "Symbolic | list[Symbolic]"]

Pairs = tuple[tuple[int, int], ...]


def padding_of(padding: str, kernel: Shape, dilation: Shape) -> str | Pairs:
    """The padding as the format has it: nothing, TensorFlow's rule, or all of it before, as causal layers have it.

    >>> padding_of("valid", (3, 3), (1, 1)), padding_of("same", (3, 3), (1, 1)), padding_of("causal", (3,), (4,))
    (((0, 0), (0, 0)), 'same', ((8, 0),))
    """
    if padding == "causal":
        return tuple([(rate * (size - 1), 0) for size, rate in zip(kernel, dilation, strict=True)])
    if padding == "same" and set(kernel) != {1}:
        return "same"
    return ((0, 0),) * len(kernel)


def _channels(call: LayerCall, shape: Shape) -> int:
    return shape[-1] if call.last else shape[1]


def _with_channels(call: LayerCall, shape: Shape, channels: int) -> Shape:
    """A shape with other channels."""
    return (*shape[:-1], channels) if call.last else (shape[0], channels, *shape[2:])


def _filtered(call: LayerCall, source: Symbolic, weights: Any, bias: Any, **given: Any) -> Symbolic:
    """A convolution; the window and the strides are the layer's, unless others are given."""
    layer = call.layer
    kernel, dilation = tuple(layer.kernel_size), tuple(layer.dilation_rate)
    window: dict[str, Any] = {"kernel": kernel, "stride": tuple(layer.strides), "dilation": dilation, "groups": 1}
    window["padding"] = padding_of(layer.padding, kernel, dilation)
    return call.emit(
        "conv",
        source,
        learned=(weights, bias),
        bias=bias is not None,
        weights=prod(weights.shape),
        edge="zero",
        last=call.last,
        **window | given,
    )


def _conv(call: LayerCall) -> Symbolic:
    layer = call.layer
    result = _filtered(call, call.first, layer.kernel, layer.bias, groups=layer.groups, channels=layer.filters)
    return activated(call, result, layer.activation)


def _depthwise(call: LayerCall) -> Symbolic:
    layer = call.layer
    return activated(call, _over_channels(call, layer.kernel, layer.bias), layer.activation)


def _over_channels(call: LayerCall, weights: Any, bias: Any, **given: Any) -> Symbolic:
    """A window over each channel by itself."""
    before = _channels(call, call.first.shape)
    channels = before * call.layer.depth_multiplier
    return _filtered(call, call.first, weights, bias, groups=before, channels=channels, **given)


def _separable(call: LayerCall) -> Symbolic:
    """A window over each channel, and a matrix over all channels of each unit."""
    layer, scope = call.layer, call.call.scope
    middle = _channels(call, call.first.shape) * layer.depth_multiplier
    shape = _with_channels(call, call.shape, middle)
    apart = _over_channels(call, layer.depthwise_kernel, None, shape=shape, scope=f"{scope}.depthwise")
    ones = (1,) * layer.rank
    alone = {"kernel": ones, "stride": ones, "dilation": ones, "padding": ((0, 0),) * layer.rank}
    named = {"scope": f"{scope}.pointwise", "channels": layer.filters}
    result = _filtered(call, apart, layer.pointwise_kernel, layer.bias, **alone, **named)
    return activated(call, result, layer.activation, f"{scope}.pointwise")


def _transposed(call: LayerCall) -> Symbolic:
    layer = call.layer
    result = call.emit(
        "transposed_conv",
        call.first,
        learned=(layer.kernel, layer.bias),
        kernel=tuple(layer.kernel_size),
        stride=tuple(layer.strides),
        padding=layer.padding,
        dilation=tuple(layer.dilation_rate),
        groups=1,
        channels=layer.filters,
        bias=layer.use_bias,
        weights=prod(layer.kernel.shape),
        output_padding=None if layer.output_padding is None else tuple(layer.output_padding),
        last=call.last,
    )
    return activated(call, result, layer.activation)


def _pool(mode: str) -> LayerRule:
    def pool(call: LayerCall) -> Symbolic:
        layer = call.layer
        kernel = tuple(layer.pool_size)
        ones = (1,) * len(kernel)
        return call.emit(
            "pool",
            call.first,
            mode=mode,
            kernel=kernel,
            stride=tuple(layer.strides),
            padding=padding_of(layer.padding, kernel, ones),
            dilation=ones,
            ceil_mode=False,
            last=call.last,
        )

    return pool


def _global_pool(mode: str) -> LayerRule:
    def pool(call: LayerCall) -> Symbolic:
        axes = range(1, len(call.first.shape) - 1) if call.last else range(2, len(call.first.shape))
        return call.emit("reduce", call.first, mode=mode, axes=tuple(axes), keep=call.layer.keepdims)

    return pool


def _adaptive_pool(mode: str) -> LayerRule:
    def pool(call: LayerCall) -> Symbolic:
        spatial = call.shape[1:-1] if call.last else call.shape[2:]
        return call.emit("adaptive_pool", call.first, mode=mode, size=tuple(spatial), last=call.last)

    return pool


def _upsample(call: LayerCall) -> Symbolic:
    given = call.layer.size
    scale = (given,) if isinstance(given, int) else tuple(given)
    return resampled(call, call.get("interpolation", "nearest"), scale=scale)


def _resize(call: LayerCall) -> Symbolic:
    layer = call.layer
    if layer.antialias or layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio:
        return call.unknown("it keeps the aspect ratio, or blurs before it makes maps smaller")
    return resampled(call, layer.interpolation, size=(layer.height, layer.width))


def resampled(call: LayerCall, mode: str, *, size: Shape | None = None, scale: Shape | None = None) -> Symbolic:
    """Resampling, whose units lie as their middles do: TensorFlow's, and PyTorch's ``nearest-exact``."""
    words = {"nearest": "nearest" if scale else "nearest-exact", "bilinear": "bilinear", "bicubic": "bicubic"}
    if mode not in words:
        return call.unknown(f"the format has no resampling by {mode!r}")
    return call.emit(
        "upsample",
        call.first,
        size=size,
        scale=scale,
        mode=words[mode],
        align_corners=False,
        coordinates=None,
        nearest_mode=None,
        recompute=False,
        fixed=scale is None,
        last=call.last,
    )


def _pad(sign: int, name: str) -> LayerRule:
    def pad(call: LayerCall) -> Symbolic:
        given = call.get(name)
        pairs = [tuple(given)] if isinstance(given[0], int) else [tuple(pair) for pair in given]
        return padded(call, [(sign * before, sign * after) for before, after in pairs])

    return pad


def padded(call: LayerCall, pairs: Sequence[tuple[int, int]], edge: str = "zero") -> Symbolic:
    """The map with so many units more, or less, before and after each axis."""
    around = ((0, 0), *pairs, (0, 0)) if call.last else ((0, 0), (0, 0), *pairs)
    return call.emit("pad", call.first, padding=tuple(around), edge=edge)


def _of_axes(name: str, rule: LayerRule) -> Mapping[str, LayerRule]:
    return {f"{name}{axes}D": rule for axes in (1, 2, 3)}


WINDOWS: Mapping[str, LayerRule] = {
    **_of_axes("Conv", _conv),
    **_of_axes("DepthwiseConv", _depthwise),
    **_of_axes("SeparableConv", _separable),
    **{f"Conv{axes}DTranspose": _transposed for axes in (1, 2, 3)},
    **_of_axes("MaxPooling", _pool("max")),
    **_of_axes("AveragePooling", _pool("avg")),
    **_of_axes("GlobalAveragePooling", _global_pool("mean")),
    **_of_axes("GlobalMaxPooling", _global_pool("max")),
    **_of_axes("AdaptiveAveragePooling", _adaptive_pool("avg")),
    **_of_axes("AdaptiveMaxPooling", _adaptive_pool("max")),
    **_of_axes("UpSampling", _upsample),
    "Resizing": _resize,
    **_of_axes("ZeroPadding", _pad(1, "padding")),
    **_of_axes("Cropping", _pad(-1, "cropping")),
}
