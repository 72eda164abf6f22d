"""The layers of Keras without windows: matrices, normalisations, activations, merges, and what moves numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from rfdocs.importing.keras_activations import activated
from rfdocs.importing.keras_draft import LayerCall, Symbolic
from rfdocs.importing.keras_windows import LayerRule


def _dense(call: LayerCall) -> Symbolic:
    layer = call.layer
    result = call.emit(
        "linear",
        call.first,
        learned=(layer.kernel, layer.bias),
        channels=layer.units,
        bias=layer.use_bias,
        weights=prod(layer.kernel.shape),
    )
    return activated(call, result, layer.activation)


def _batch_norm(call: LayerCall) -> Symbolic:
    learned = [call.layer.gamma, call.layer.beta]
    if call.call.kwargs.get("training"):
        return call.unknown("it normalises by the statistics of what it is given, at inference, too")
    return call.emit("norm", call.first, learned=learned, mode="batch", affine=_affine(learned))


def _layer_norm(call: LayerCall) -> Symbolic:
    given = call.layer.axis
    axes = tuple([axis % len(call.shape) for axis in (given if isinstance(given, list | tuple) else [given])])
    learned = [call.get("gamma"), call.get("beta"), call.get("scale") if call.call.word == "RMSNormalization" else None]
    return call.emit("norm", call.first, learned=learned, mode="layer", axes=axes, affine=_affine(learned))


def _group_norm(call: LayerCall) -> Symbolic:
    learned = [call.layer.gamma, call.layer.beta]
    return call.emit(
        "norm", call.first, learned=learned, mode="group", groups=call.layer.groups, affine=_affine(learned)
    )


def _affine(learned: Sequence[Any]) -> int:
    return sum(variable is not None for variable in learned)


def _activation(call: LayerCall) -> Symbolic:
    return activated(call, call.first, call.layer.activation)


def _relu(call: LayerCall) -> Symbolic:
    layer = call.layer
    word = "relu6" if layer.max_value == 6 and not layer.negative_slope else "relu"
    return call.emit("pointwise", call.first, word="leaky_relu" if layer.negative_slope else word)


def pointwise(word: str) -> LayerRule:
    """What makes a function of every number by itself of a call."""

    def rule(call: LayerCall) -> Symbolic:
        return call.emit("pointwise", call.first, word=word)

    return rule


def _prelu(call: LayerCall) -> Symbolic:
    return call.emit("prelu", call.first, learned=[call.layer.alpha])


def _softmax(call: LayerCall) -> Symbolic:
    given = call.layer.axis
    if isinstance(given, list | tuple) and len(given) > 1:
        return call.unknown("its softmax is over several dimensions at once")
    axis = given[0] if isinstance(given, list | tuple) else given
    return call.emit("softmax", call.first, axis=axis % len(call.shape))


def merged(kind: str) -> LayerRule:
    """What puts the tensors of a call together, two by two."""

    def rule(call: LayerCall) -> Symbolic:
        result, *others = call.tensors
        if not others:
            return call.emit("identity", result)
        for other in others:
            result = call.emit(kind, result, other, shape=broadcast(result.shape, other.shape))
        return result

    return rule


def broadcast(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The shape of two tensors together.

    >>> broadcast((1, 8, 8, 16), (16,))
    (1, 8, 8, 16)
    """
    longest = max(len(one), len(other))
    padded = [(1,) * (longest - len(shape)) + tuple(shape) for shape in (one, other)]
    return tuple([max(pair) for pair in zip(*padded, strict=True)])


def _concat(call: LayerCall) -> Symbolic:
    return call.emit("concat", *call.tensors, axis=call.layer.axis % len(call.shape))


def identity(call: LayerCall) -> Symbolic:
    """The same tensor."""
    return call.emit("identity", call.first)


def reshape(call: LayerCall) -> Symbolic:
    """The same numbers in other dimensions."""
    return call.emit("reshape", call.first)


def _flatten(call: LayerCall) -> Symbolic:
    if call.last:
        return reshape(call)
    order = (0, *range(2, len(call.first.shape)), 1)
    turned = call.emit("permute", call.first, shape=[call.first.shape[axis] for axis in order], order=order)
    return call.emit("reshape", turned)


def _permute(call: LayerCall) -> Symbolic:
    return call.emit("permute", call.first, order=(0, *call.layer.dims))


def refused(why: str) -> LayerRule:
    """What says why a call is not understood."""

    def rule(call: LayerCall) -> Symbolic:
        return call.unknown(why)

    return rule


#: What does nothing at inference.
_SILENT = """
Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianDropout GaussianNoise Identity
ActivityRegularization RandomFlip RandomRotation RandomZoom RandomTranslation RandomShear RandomPerspective
RandomBrightness RandomContrast RandomHue RandomSaturation RandomSharpness RandomColorJitter RandomGrayscale
RandomErasing RandomGaussianBlur RandomInvert RandomPosterization RandomElasticTransform
""".split()

PLAIN: Mapping[str, LayerRule] = {
    "Dense": _dense,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "RMSNormalization": _layer_norm,
    "GroupNormalization": _group_norm,
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": pointwise("leaky_relu"),
    "ELU": pointwise("elu"),
    "PReLU": _prelu,
    "Softmax": _softmax,
    "Rescaling": pointwise("rescaled"),
    "Normalization": pointwise("normalised"),
    "Add": merged("add"),
    "Subtract": merged("add"),
    "Average": merged("add"),
    "Maximum": merged("add"),
    "Minimum": merged("add"),
    "Multiply": merged("multiply"),
    "Concatenate": _concat,
    "Flatten": _flatten,
    "Reshape": reshape,
    "Permute": _permute,
    **dict.fromkeys(_SILENT, identity),
    "Lambda": refused("it runs a Python function of its own: a layer that calls `keras.ops` is understood"),
    "Dot": refused("it multiplies two maps with each other"),
    "TimeDistributed": refused("it takes one axis for a row of images"),
}
