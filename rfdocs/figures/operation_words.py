"""An operation in a few letters: ``3×3 /2``."""

from __future__ import annotations

from rfdocs import operators as ops
from rfdocs.formats.numbers import by_axis, per_axis
from rfdocs.graph import Layer
from rfdocs.operators.windows import SlidingWindow

#: The operators that make a map larger.
ENLARGING = (ops.TransposedConvolution, ops.Upsample, ops.PixelShuffle, ops.Unpooling)

_PLAIN = {
    "add": "add",
    "concat": "concat",
    "multiply": "product",
    "global_avgpool": "global mean",
    "global_maxpool": "global max",
    "adaptive_avgpool": "mean to ",
    "adaptive_maxpool": "max to ",
    "squeeze_excite": "gate",
    "global_context": "gate",
    "attention": "attention",
    "space_to_depth": "to depth",
}


def operation_words(layer: Layer) -> str:
    """What a layer does: its kernel, its stride behind ``/``, its dilation behind ``d``.

    >>> import rfdocs
    >>> [operation_words(layer) for layer in rfdocs.load("alexnet").network.layers[:2]]
    ['11×11 /4', 'max 3×3 /2']
    """
    operator = layer.operator
    if isinstance(operator, ops.Convolution):
        return _window_text(operator.window) + _groups_text(operator)
    if isinstance(operator, ops.DeformableConvolution | ops.TransposedConvolution):
        word = "up" if isinstance(operator, ops.TransposedConvolution) else "deformable"
        return f"{word} {_window_text(operator.window)}"
    if isinstance(operator, ops.Pooling):
        return f"{'max' if layer.operation == 'maxpool' else 'mean'} {_window_text(operator.window)}"
    if isinstance(operator, ops.AdaptivePooling):
        return _PLAIN.get(layer.operation, "pool to ") + by_axis(operator.size, "×")
    if isinstance(operator, (ops.Upsample, ops.PixelShuffle)):
        return _upsampling_text(operator)
    return _PLAIN.get(layer.operation, layer.operation.replace("_", " "))


def _window_text(window: SlidingWindow) -> str:
    stride = f" /{per_axis(window.stride)}" if max(window.stride) > 1 else ""
    dilation = f" d{per_axis(window.dilation)}" if max(window.dilation) > 1 else ""
    return by_axis(window.kernel, "×") + stride + dilation


def _groups_text(operator: ops.Convolution) -> str:
    if operator.filters.groups == 1:
        return ""
    return " dw" if operator.filters.groups == operator.filters.channels_out else f" g{operator.filters.groups}"


def _upsampling_text(operator: ops.Upsample | ops.PixelShuffle) -> str:
    if operator.scale is None:
        return "resize"
    return f"{'up' if min(operator.scale) >= 1 else 'resize'} ×{per_axis(operator.scale)}"
