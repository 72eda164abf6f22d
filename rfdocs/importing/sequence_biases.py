"""Whether recurrent layers have biases, which only the number of what they learn tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.sequence_nodes import MATRICES, learned_by
from rfdocs.importing.understanding import Understood


def with_biases(network: Understood, counts: Mapping[str, int]) -> Understood:
    """The same network, with every recurrent layer that does not learn PyTorch's two biases for each row of a matrix
    said to have none; what it learns besides is told as such.
    """
    return replace(network, layers=tuple([_with_bias(network, layer, counts) for layer in network.layers]))


def _with_bias(network: Understood, layer: LayerDraft, counts: Mapping[str, int]) -> LayerDraft:
    if layer.operation not in MATRICES:
        return layer
    hidden, [read] = layer.attributes["channels"], layer.inputs
    ways = layer.channels // hidden
    needed = learned_by(layer.operation, ways, hidden, network.layers[read].channels, bias=True)
    learned = sum([counts[name] for name in dict.fromkeys(layer.learned)])
    return layer if learned >= needed else replace(layer, attributes={**layer.attributes, "bias": False})
