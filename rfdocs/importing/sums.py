"""Sums of several maps, which frameworks add up two by two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.folding import readers_of, renumbered
from rfdocs.importing.understanding import Understood


def with_sums(network: Understood) -> Understood:
    """The same network with one sum in place of several of one module, each of which the next one alone reads."""
    readers = readers_of(network.layers, network.outputs)
    kept: dict[int, LayerDraft] = {}
    for number, layer in enumerate(network.layers):
        parts = [read for read in layer.inputs if readers[read] == 1 and _is_part(kept[read], layer)]
        kept[number] = _whole(kept, layer, parts)
        for part in parts:
            del kept[part]
    layers, outputs = renumbered(kept, network.outputs)
    return Understood(tuple(layers), tuple(outputs), network.opaque)


def _is_part(part: LayerDraft, whole: LayerDraft) -> bool:
    adds = part.operation == whole.operation == "add" and part.size == whole.size
    return adds and part.scope == whole.scope != ""


def _whole(kept: Mapping[int, LayerDraft], layer: LayerDraft, parts: Sequence[int]) -> LayerDraft:
    """The sum with what its parts add in place of these."""
    inputs = [kept[read].inputs if read in parts else (read,) for read in layer.inputs]
    learned = [name for part in parts for name in kept[part].learned]
    added = tuple([node for nodes in inputs for node in nodes])
    return replace(layer, inputs=added, learned=(*learned, *layer.learned)) if parts else layer
