"""Maps that are brought to the size of another: told by that map, and not by a number that holds at one size only."""

from __future__ import annotations

from dataclasses import replace

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.understanding import Understood

_MERGES = frozenset({"add", "concat", "multiply"})


def with_likenesses(network: Understood) -> Understood:
    """The same network with every map that is brought to a number of units, and then merged with an earlier one of that
    size, brought to the size of that one.
    """
    layers = list(network.layers)
    for layer in network.layers:
        if layer.operation in _MERGES:
            for node in layer.inputs:
                layers[node] = _like_another(layers, node, layer)
    return Understood(tuple(layers), network.outputs)


def _like_another(layers: list[LayerDraft], node: int, merge: LayerDraft) -> LayerDraft:
    layer = layers[node]
    if layer.operation != "upsample" or "size" not in layer.attributes:
        return layer
    others = [other for other in merge.inputs if other < node and layers[other].size == layer.size]
    if not others or any(layers[other].attributes.get("size") is not None for other in others):
        return layer
    kept = {key: value for key, value in layer.attributes.items() if key != "size"}
    return replace(layer, attributes={"size_of": others[0], **kept})
