"""Squeeze-and-excite gates: a global pooling, two layers on its one unit, and a product with what was pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rfdocs.importing.drafts import LayerDraft, common_scope
from rfdocs.importing.folding import readers_of, renumbered
from rfdocs.importing.understanding import Understood

_INNER = frozenset({"kernel", "channels", "bias", "act"})


def with_gates(network: Understood) -> Understood:
    """The same network with each such gate as one layer."""
    readers = readers_of(network.layers, network.outputs)
    kept = dict(enumerate(network.layers))
    for number, layer in enumerate(network.layers):
        gate = _gate(network.layers, readers, layer)
        if gate is not None:
            inside, gate_layer = gate
            kept[number] = gate_layer
            for one in inside:
                del kept[one]
    layers, outputs = renumbered(kept, network.outputs)
    return Understood(tuple(layers), tuple(outputs))


def _gate(
    layers: Sequence[LayerDraft], readers: Sequence[int], layer: LayerDraft
) -> tuple[tuple[int, ...], LayerDraft] | None:
    """The layers inside of a gate that a product closes, and the gate."""
    if layer.operation != "multiply":
        return None
    for image, last in (layer.inputs, layer.inputs[::-1]):
        inside = _inside(layers, image, last)
        if inside is not None and all(readers[number] == 1 for number in inside):
            return inside, _gate_layer(layers, image, inside, layer)
    return None


def _inside(layers: Sequence[LayerDraft], image: int, last: int) -> tuple[int, int, int] | None:
    """The pooling and the two layers between a map and its factors."""
    if not _is_inner(layers[last]) or layers[last].channels != layers[image].channels:
        return None
    first = layers[last].inputs[0]
    if not _is_inner(layers[first]) or layers[first].attributes.get("act") == "prelu":
        return None
    pooling = layers[first].inputs[0]
    pooled = layers[pooling].operation == "global_avgpool" and layers[pooling].inputs == (image,)
    same = layers[first].attributes.get("bias") == layers[last].attributes.get("bias")
    return (pooling, first, last) if pooled and same else None


def _is_inner(layer: LayerDraft) -> bool:
    """Whether it is a matrix over the channels of one unit."""
    attributes: Mapping[str, Any] = layer.attributes
    kernel = set(attributes.get("kernel", (1,)))
    return layer.operation in {"conv", "linear"} and set(attributes) <= _INNER and kernel == {1}


def _gate_layer(
    layers: Sequence[LayerDraft], image: int, inside: tuple[int, int, int], product: LayerDraft
) -> LayerDraft:
    first, last = layers[inside[1]], layers[inside[2]]
    bias = {} if first.attributes.get("bias", True) else {"bias": False}
    return replace(
        product,
        operation="squeeze_excite",
        inputs=(image,),
        attributes={"squeeze": first.channels, **bias},
        learned=(*first.learned, *last.learned, *product.learned),
        scope=common_scope(first.scope, last.scope) or product.scope,
    )
