"""Windows that read a map that was padded for them: the padding is their own, by its amounts or, in a second reading of
the model, by TensorFlow's rule, which gave these amounts for the image at hand. Which of both holds, other images tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.understanding import Understood
from rfdocs.operators import SlidingWindow

_POOLS = frozenset({"maxpool", "avgpool"})
_WINDOWS = _POOLS | {"conv", "depthwise_conv"}
#: What says otherwise how a window meets the end of its map.
_OTHERWISE = frozenset({"padding_mode", "ceil_mode"})


def with_padding(pad: LayerDraft, window: LayerDraft) -> LayerDraft | None:
    """The window with the padding of the layer that it reads, where both stand in one module; nothing for others."""
    if pad.operation != "pad" or not _may_be_padded(window) or "padding" in window.attributes:
        return None
    edge = {"padding_mode": pad.attributes["mode"]} if "mode" in pad.attributes else {}
    if not pad.scope or pad.scope != window.scope or (edge and window.operation in _POOLS):
        return None
    attributes = {**window.attributes, "padding": pad.attributes["padding"], **edge}
    return replace(window, inputs=pad.inputs, attributes=attributes)


def _may_be_padded(layer: LayerDraft) -> bool:
    return layer.operation in _WINDOWS and _OTHERWISE.isdisjoint(layer.attributes)


def with_same_padding(network: Understood) -> Understood:
    """The same network with ``padding: same`` in every window that reads a map padded by just as much as that gives;
    and if there is one, in those of stride 1, too, for which the rule is the amounts that they have. Of a network that
    pads no map these are those of other strides: it may pad maps of other sizes.
    """
    pads = any(layer.operation == "pad" for layer in network.layers)
    layers = [_with_rule(network.layers, layer, steps=not pads) for layer in network.layers]
    if pads and all(one.inputs == other.inputs for one, other in zip(layers, network.layers, strict=True)):
        return network
    return replace(network, layers=tuple(layers))


def _with_rule(layers: Sequence[LayerDraft], layer: LayerDraft, *, steps: bool) -> LayerDraft:
    """The window with that rule, on the map before it was padded; any other layer as it is. Where no map is padded, it
    is about windows whose units stand ``steps`` apart.
    """
    if not _may_be_padded(layer) or set(layer.attributes["kernel"]) == {1}:
        return layer
    source = layers[layer.inputs[0]]
    if source.operation == "pad" and "padding" not in layer.attributes:
        inputs, given = source.inputs, source.attributes
    elif (set(_stride(layer)) == {1}) is not steps:
        none = ((0, 0),) * len(layer.size)
        inputs, given = layer.inputs, {"padding": layer.attributes.get("padding", none)}
    else:
        return layer
    same = {"padding": _same(layer, layers[inputs[0]].size)}
    return replace(layer, inputs=inputs, attributes={**layer.attributes, "padding": "same"}) if given == same else layer


def _stride(window: LayerDraft) -> Sequence[int]:
    kernel = window.attributes["kernel"]
    usual = kernel if window.operation in _POOLS else (1,) * len(kernel)
    return tuple(window.attributes.get("stride", usual))


def _same(window: LayerDraft, size: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """What the rule adds to a map of this size, before and after each axis."""
    kernel, dilation = window.attributes["kernel"], window.attributes.get("dilation", 1)
    sliding = SlidingWindow.of(kernel, _stride(window), "same", dilation, axes=len(size))
    return tuple([sliding.applied_padding(axis, length) for axis, length in enumerate(size)])
