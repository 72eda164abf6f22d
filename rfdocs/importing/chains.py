"""Dense connections: concatenations that begin like an earlier one read that in place of all its inputs."""

from __future__ import annotations

from dataclasses import replace

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.understanding import Understood


def with_chains(network: Understood) -> Understood:
    """The same network with every such concatenation of two maps: what there was, and what is new.

    Each stands in the scope of what it adds, as in a block that reads a map and gives it back with more channels.
    """
    layers = list(network.layers)
    known: dict[tuple[int, ...], int] = {}
    for number, layer in enumerate(network.layers):
        if layer.operation != "concat":
            continue
        beginning = known.get(layer.inputs[:-1])
        known.setdefault(layer.inputs, number)
        if beginning is not None and len(layer.inputs) > 2:
            layers[number] = _in_scope_of_last(layers, replace(layer, inputs=(beginning, layer.inputs[-1])))
            layers[beginning] = _in_scope_of_last(layers, layers[beginning])
    return Understood(tuple(layers), network.outputs)


def _in_scope_of_last(layers: list[LayerDraft], layer: LayerDraft) -> LayerDraft:
    """The concatenation in the scope of the layer that it adds."""
    scope, _, _ = layers[layer.inputs[-1]].scope.rpartition(".")
    return replace(layer, scope=scope) if len(layer.inputs) == 2 else layer
