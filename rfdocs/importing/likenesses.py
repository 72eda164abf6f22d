"""Maps that are brought to a size: that of another map, or a multiple of their own, and only else a mere number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from rfdocs.importing.drafts import ASKED, LayerDraft
from rfdocs.importing.understanding import Understood

_MERGES = frozenset({"add", "concat", "multiply"})
_IMAGE = 0


def with_likenesses(network: Understood, *, scaled: bool = False) -> Understood:
    """The same network with every map whose size was asked for as a number brought to the size of an earlier one that
    it is merged with, or of the image; where there is none, by a scale; and where that is no whole number, to the
    number, unless maps may be ``scaled`` by the simplest fractions, too.
    """
    layers = list(network.layers)
    for layer in network.layers:
        if layer.operation in _MERGES:
            for node in [_resampled_before(layers, read) for read in layer.inputs]:
                layers[node] = _like_another(layers, node, layer)
    return Understood(tuple([_settled(layers, layer, scaled=scaled) for layer in layers]), network.outputs)


def with_fixed_sizes(network: Understood) -> Understood:
    """The same network with every map brought to the very size that was asked for, as a number."""
    layers = [_told(layer, size=layer.size) if ASKED in layer.attributes else layer for layer in network.layers]
    return Understood(tuple(layers), network.outputs)


def _resampled_before(layers: Sequence[LayerDraft], node: int) -> int:
    """The map that was brought to a size, where a map follows from it without a change of that."""
    while ASKED not in layers[node].attributes and len(layers[node].inputs) == 1:
        if layers[layers[node].inputs[0]].size != layers[node].size:
            break
        [node] = layers[node].inputs
    return node


def _like_another(layers: Sequence[LayerDraft], node: int, merge: LayerDraft) -> LayerDraft:
    layer = layers[node]
    if ASKED not in layer.attributes:
        return layer
    alike = [_before(layers, other, node) for other in merge.inputs if layers[other].size == layer.size]
    others = [other for other in alike if other < node]
    if not others or any(not layers[other].attributes.keys().isdisjoint({"size", ASKED}) for other in others):
        return layer
    own = [other for other in others if "size_of" not in layers[other].attributes]
    return _told(layer, size_of=_shared(layers, [*own, *others][0], node))


def _shared(layers: Sequence[LayerDraft], other: int, node: int) -> int:
    """The map that a layer and another map of its size both follow from, if it has this size, too; else the other."""
    behind, earlier = _line(layers, node), other
    while earlier not in behind and len(layers[earlier].inputs) == 1 and layers[earlier].size == layers[other].size:
        [earlier] = layers[earlier].inputs
    return earlier if earlier in behind and layers[earlier].size == layers[other].size else other


def _line(layers: Sequence[LayerDraft], node: int) -> set[int]:
    """What a layer follows from, as far back as one map follows from one."""
    line = set()
    while len(layers[node].inputs) == 1:
        [node] = layers[node].inputs
        line.add(node)
    return line


def _before(layers: Sequence[LayerDraft], other: int, node: int) -> int:
    """A map of the same size that stands before a layer, where the other follows from one; else the other."""
    waiting, seen = [other], {node}
    while waiting:
        earlier = waiting.pop()
        if earlier < node:
            return earlier
        seen.add(earlier)
        alike = [read for read in layers[earlier].inputs if layers[read].size == layers[other].size]
        waiting.extend([read for read in reversed(alike) if read not in seen])
    return other


def _settled(layers: Sequence[LayerDraft], layer: LayerDraft, *, scaled: bool) -> LayerDraft:
    """The layer with its size told, which no merge tells."""
    if ASKED not in layer.attributes:
        return layer
    before = layers[layer.inputs[0]].size
    if layer.size == layers[_IMAGE].size:
        return _told(layer, size_of=_IMAGE)
    pairs = list(zip(before, layer.size, strict=True))
    if set(before) == {1} or (not scaled and any(new % old for old, new in pairs)):
        return _told(layer, size=layer.size)
    if any(new % old for old, new in pairs):
        return _told(layer, scale=tuple([simplest(*pair) for pair in pairs]), recompute_scale_factor=True)
    return _told(layer, scale=tuple([new // old for old, new in pairs]))


def simplest(old: int, new: int) -> int | Fraction:
    """The fraction of the smallest denominator by which a map of one length gets the other, without its rest.

    >>> simplest(25, 12), simplest(24, 36), simplest(4, 8)
    (Fraction(1, 2), Fraction(3, 2), 2)
    """
    for denominator in range(1, old + 1):
        numerator = -(-new * denominator // old)
        if old * numerator // denominator == new:
            break
    return numerator if denominator == 1 else Fraction(numerator, denominator)


def _told(layer: LayerDraft, **size: Any) -> LayerDraft:
    kept: Mapping[str, Any] = {key: value for key, value in layer.attributes.items() if key != ASKED}
    return replace(layer, attributes={**size, **kept})
