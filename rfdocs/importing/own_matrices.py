"""Attention in windows or grids with the matrices around it as one layer: those that make its queries, keys and values,
and the one behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any, NamedTuple

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.folding import readers_of, renumbered
from rfdocs.importing.placed_nodes import PLACED
from rfdocs.importing.understanding import Understood

#: What deals the channels of a unit out, or scales them by others of the unit, as where queries have a length of 1.
_DEALING = frozenset({"slice", "mix_channels", "concat", "multiply"})


class _Around(NamedTuple):
    """What an attention has around it: the map that it is about, the matrices and what else stands before it, and what
    stands behind it, the matrix first.
    """

    source: int
    matrices: tuple[int, ...]
    before: tuple[int, ...]
    behind: tuple[int, ...]


def with_matrices(network: Understood, counts: Mapping[str, int]) -> Understood:
    """The same network with each such attention whole, together with what fills its map up to whole windows and takes
    that off again. ``counts`` is how many numbers each learned tensor holds.
    """
    layers, kept = network.layers, dict(enumerate(network.layers))
    readers = readers_of(layers, network.outputs)
    behind = {read: number for number, layer in enumerate(layers) for read in layer.inputs}
    for number, layer in enumerate(layers):
        if layer.operation in PLACED:
            kept[number] = _with_table(layer, counts)
            around = _around(layers, readers, behind, number)
            if around is not None:
                last = around.behind[-1]
                kept[last] = _whole(layers, around, kept[number], last)
                for one in (*around.matrices, *around.before, number, *around.behind[:-1]):
                    kept.pop(one, None)
    new, outputs = renumbered(kept, network.outputs)
    return Understood(tuple(new), tuple(outputs), network.opaque)


def _with_table(layer: LayerDraft, counts: Mapping[str, int]) -> LayerDraft:
    """The attention; one that learns a number for each head and each distance has a table of positions."""
    attended = layer.attributes[PLACED[layer.operation]]
    table = layer.attributes.get("heads", 1) * prod([2 * count - 1 for count in attended])
    if sum([counts[name] for name in dict.fromkeys(layer.learned)]) != table:
        return layer
    return replace(layer, attributes={key: value for key, value in layer.attributes.items() if key != "positions"})


def _around(
    layers: Sequence[LayerDraft], readers: Sequence[int], behind: Mapping[int, int], number: int
) -> _Around | None:
    """What stands around an attention and is a part of it; nothing, where it is not all there."""
    channels = layers[number].channels
    [read] = layers[number].inputs
    before, matrices = _back_to_matrices(layers, readers, read)
    last = behind.get(number, 0)
    sources = {layers[matrix].inputs for matrix in matrices}
    if len(sources) != 1 or readers[number] != 1 or not _is_matrix(layers[last]):
        return None
    [(source,)] = sources
    if sum([layers[matrix].channels for matrix in matrices]) != 3 * channels or layers[last].channels != channels:
        return None
    if layers[source].channels != channels:
        return None
    around = _Around(source, tuple(matrices), tuple(before), (last,))
    return _filled(layers, readers, behind, around, layers[number])


def _back_to_matrices(layers: Sequence[LayerDraft], readers: Sequence[int], read: int) -> tuple[list[int], list[int]]:
    """From a map back: what deals channels out, and the matrices behind that; none where others read these as well."""
    dealing, matrices, open_ones = list[int](), list[int](), [read]
    used: dict[int, int] = {read: 1}
    while open_ones:
        one = open_ones.pop()
        if layers[one].operation in _DEALING and not layers[one].learned and layers[one].size == layers[read].size:
            dealing.append(one)
            open_ones += [node for node in dict.fromkeys(layers[one].inputs) if node not in used]
            for node in layers[one].inputs:
                used[node] = used.get(node, 0) + 1
        elif _is_matrix(layers[one]):
            matrices.append(one)
        else:
            return [], []
    alone = all(readers[one] == count for one, count in used.items())
    return (dealing, matrices) if alone else ([], [])


def _is_matrix(layer: LayerDraft) -> bool:
    """Whether it is a matrix over the channels of every unit."""
    plain = layer.attributes.keys() <= {"kernel", "channels", "bias"} and bool(layer.learned)
    return layer.operation == "conv" and plain and set(layer.attributes["kernel"]) == {1}


def _filled(
    layers: Sequence[LayerDraft],
    readers: Sequence[int],
    behind: Mapping[int, int],
    around: _Around,
    attention: LayerDraft,
) -> _Around | None:
    """The same, from before the map is filled up with zeros to whole windows until that is taken off again."""
    pad = layers[around.source]
    last = behind.get(around.behind[-1], 0)
    whole = readers[around.source] == len(around.matrices) and readers[around.behind[-1]] == 1
    if pad.operation != "pad" or not whole or layers[last].operation != "crop" or "window" not in attention.attributes:
        return around
    [source] = pad.inputs
    pairs = zip(layers[source].size, attention.attributes["window"], strict=True)
    missing = tuple([(0, -length % window) for length, window in pairs])
    if pad.attributes != {"padding": missing} or layers[last].attributes != {"padding": missing}:
        return around
    return _Around(source, around.matrices, (*around.before, around.source), (*around.behind, last))


def _whole(layers: Sequence[LayerDraft], around: _Around, attention: LayerDraft, last: int) -> LayerDraft:
    matrices = [layers[number] for number in (*around.matrices, around.behind[0])]
    biased = all(matrix.attributes.get("bias", True) for matrix in matrices)
    attributes: dict[str, Any] = {key: value for key, value in attention.attributes.items() if key != "channels"}
    attributes |= {} if biased else {"bias": False}
    learned = [*attention.learned, *(name for matrix in matrices for name in matrix.learned)]
    return replace(
        attention,
        inputs=(around.source,),
        size=layers[last].size,
        attributes=attributes,
        learned=tuple(learned),
        tensor=layers[last].tensor,
    )
