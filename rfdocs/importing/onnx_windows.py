"""The operators of ONNX that have windows: convolutions, transposed ones, poolings, and their undoing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.masked_kernels import MASKED, is_masked
from rfdocs.importing.onnx_draft import Dims, Handler, OnnxCall, OnnxTensor
from rfdocs.importing.onnx_limits import OnnxError

Pairs = tuple[tuple[int, int], ...]

_WORDS = {"SAME_UPPER": "same_upper", "SAME_LOWER": "same_lower"}


def _per_axis(call: OnnxCall, key: str, axes: int, default: int = 1) -> Dims:
    """An attribute with one number for each axis.

    Raises: Puzzling where there are others.
    """
    given = tuple(call.get(key) or (default,) * axes)
    if len(given) != axes:
        raise Puzzling(f"`{key}` has {len(given)} numbers for {axes} axes")
    return given


def _pads(call: OnnxCall, axes: int) -> Pairs:
    flat = tuple(call.get("pads") or (0,) * (2 * axes))
    if len(flat) != 2 * axes:
        raise Puzzling(f"`pads` has {len(flat)} numbers for {axes} axes")
    return tuple(zip(flat[:axes], flat[axes:], strict=True))


def _padding(call: OnnxCall, axes: int) -> str | Pairs:
    """The padding as the format has it: a rule, or numbers."""
    rule = call.get("auto_pad", "NOTSET")
    if rule in _WORDS:
        return _WORDS[rule]
    if rule not in {"NOTSET", "VALID", ""}:
        raise Puzzling(f"`auto_pad` {rule} is no rule of padding")
    return ((0, 0),) * axes if rule == "VALID" else _pads(call, axes)


def _kernel(call: OnnxCall, shape: Dims) -> Dims:
    """The window, which the weights' shape says.

    Raises: Puzzling where the attribute says another.
    """
    given = call.get("kernel_shape")
    if given and tuple(given) != shape:
        raise Puzzling(f"`kernel_shape` is {list(given)}, and its weights have windows of {list(shape)}")
    return shape


def _filters(call: OnnxCall, weights: OnnxTensor) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """The learned tensors of a layer with a kernel, and what they say of it."""
    bias = call.input(2)
    if bias is not None and not bias.is_constant:
        raise Puzzling("its bias must be a constant, and is computed from the image")
    own = call.draft.weights(bias)
    return call.draft.weights(weights) + own, {"bias": bool(own), "weights": prod(call.shape_of(weights))}


def _weights(call: OnnxCall) -> tuple[OnnxTensor, Dims]:
    weights, axes = call.constant(1, "kernel"), call.spatial
    shape = call.shape_of(weights)
    if len(shape) != axes + 2 or axes < 1 or 0 in shape:
        raise Puzzling(f"its kernel has {len(shape)} dimensions for maps of {axes} axes")
    if weights.value is not None and is_masked(np.asarray(weights.value)):
        raise Puzzling(MASKED)
    _check_channels(call, shape)
    return weights, _kernel(call, shape[2:])


def _check_channels(call: OnnxCall, shape: Dims) -> None:
    """Nothing. Raises: OnnxError where a kernel is not for as many channels as there are."""
    groups, channels = int(call.get("group", 1)), call.dims[1]
    reads, gives = (shape[0], groups) if call.operator == "ConvTranspose" else (shape[1] * groups, shape[0])
    if reads != channels or groups < 1 or (gives if gives != groups else channels) % groups:
        raise OnnxError(
            f"its kernel is {list(shape)} in {groups} groups, and its input has {channels} channels",
            "the file is damaged: export it again",
        )


def _conv(call: OnnxCall) -> int:
    weights, kernel = _weights(call)
    learned, attributes = _filters(call, weights)
    axes = call.spatial
    return call.add(
        "conv",
        call.data,
        learned=learned,
        kernel=kernel,
        stride=_per_axis(call, "strides", axes),
        padding=_padding(call, axes),
        dilation=_per_axis(call, "dilations", axes),
        groups=int(call.get("group", 1)),
        channels=call.shape_of(weights)[0],
        edge="zero",
        last=False,
        **attributes,
    )


def _transposed(call: OnnxCall) -> int:
    weights, kernel = _weights(call)
    learned, attributes = _filters(call, weights)
    axes, groups = call.spatial, int(call.get("group", 1))
    stride, dilation = _per_axis(call, "strides", axes), _per_axis(call, "dilations", axes)
    extra = _per_axis(call, "output_padding", axes, 0)
    return call.add(
        "transposed_conv",
        call.data,
        learned=learned,
        kernel=kernel,
        stride=stride,
        padding=_transposed_padding(call, kernel, stride, dilation, extra),
        dilation=dilation,
        groups=groups,
        channels=call.shape_of(weights)[1] * groups,
        output_padding=extra,
        last=False,
        **attributes,
    )


def _transposed_padding(call: OnnxCall, kernel: Dims, stride: Dims, dilation: Dims, extra: Dims) -> Pairs:
    """What is cut off before and after: as given, or so that the output has the size that is asked for.

    Source: ONNX, ConvTranspose: the sum of both is stride * (n - 1) + output_padding + dilated kernel - asked.
    """
    rule, asked = call.get("auto_pad", "NOTSET"), call.get("output_shape")
    if rule in {"VALID", ""}:
        return ((0, 0),) * call.spatial
    if rule == "NOTSET" and not asked:
        return _pads(call, call.spatial)
    wanted = tuple(asked)[-call.spatial :] if asked else call.shape[2:]
    whole = [
        s * (n - 1) + more + (k - 1) * d + 1
        for s, n, more, k, d in zip(stride, call.dims[2:], extra, kernel, dilation, strict=True)
    ]
    return tuple(_shared(one - size, rule) for one, size in zip(whole, wanted, strict=True))


def _shared(total: int, rule: str) -> tuple[int, int]:
    if total < 0:
        raise Puzzling(f"the size that is asked for is {-total} larger than what its windows reach")
    less, more = total // 2, total - total // 2
    return (less, more) if rule == "SAME_UPPER" else (more, less)


def _pool(mode: str) -> Handler:
    def pool(call: OnnxCall) -> int | tuple[int, ...]:
        axes = call.spatial
        kernel = _per_axis(call, "kernel_shape", axes)
        number = call.add(
            "pool",
            call.data,
            mode=mode,
            kernel=kernel,
            stride=_per_axis(call, "strides", axes),
            padding=_padding(call, axes),
            dilation=_per_axis(call, "dilations", axes),
            ceil_mode=bool(call.get("ceil_mode", 0)),
            last=False,
        )
        return (number, number) if mode == "max" else number

    return pool


def _unpool(call: OnnxCall) -> int:
    places = call.input(1)
    if places is None or not places.places or len(call.inputs) > 2:
        raise Puzzling("the places must come from a MaxPool, and the size from its window")
    axes = call.spatial
    kernel, stride = _per_axis(call, "kernel_shape", axes), _per_axis(call, "strides", axes)
    attributes: dict[str, Any] = {"kernel": kernel, "stride": stride, "padding": _pads(call, axes), "last": False}
    return call.add("unpool", call.data, replace(places, places=False), **attributes)


def _global(mode: str) -> Handler:
    def reduce(call: OnnxCall) -> int:
        return call.add("reduce", call.data, mode=mode, axes=tuple(range(2, len(call.dims))), keep=True)

    return reduce


TABLE: dict[str, Handler] = {
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "MaxPool": _pool("max"),
    "AveragePool": _pool("avg"),
    "LpPool": _pool("avg"),
    "MaxUnpool": _unpool,
    "GlobalAveragePool": _global("mean"),
    "GlobalMaxPool": _global("max"),
    "GlobalLpPool": _global("sum"),
}
