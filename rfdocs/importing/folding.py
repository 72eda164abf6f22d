"""Layers that a person would write as one: normalisations and activations in the layer they follow, and gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rfdocs.importing.drafts import LayerDraft
from rfdocs.importing.understanding import Understood
from rfdocs.importing.window_padding import with_padding
from rfdocs.language.operations import ACTIVATIONS

#: Operations that PyTorch and ONNX write axis by axis; the attribute of each, and what it is where nothing is done.
_AXIS_BY_AXIS: Mapping[str, tuple[str, Any]] = {"subsample": ("stride", 1), "crop": ("padding", (0, 0))}
#: The attributes that are layers.
REFERENCES = ("pool", "size_of")
#: What has weights, which may be fixed.
WEIGHTED = frozenset({"conv", "depthwise_conv", "transposed_conv", "linear"})
_NORMALISATIONS: Mapping[str, str] = {
    "batchnorm": "batch", "layernorm": "layer", "groupnorm": "group", "instancenorm": "instance",
}  # fmt: skip
#: What leaves a map its size, whatever that is.
_UNIT_BY_UNIT = frozenset({*ACTIVATIONS, *_NORMALISATIONS})


def folded(network: Understood) -> Understood:
    """The same network with fewer layers; those that nothing reads and that it does not return are gone."""
    layers, outputs = _with_functions_in_place(network)
    layers = list(_with_shares(layers))
    return _folded_by(Understood(tuple(layers), tuple(outputs)), with_padding, _with_norm, _with_activation)


def _with_functions_in_place(network: Understood) -> tuple[list[LayerDraft], list[int]]:
    """The layers with every activation behind the map that it is of, wherever it is read."""
    behind: dict[int, list[int]] = {}
    for number, layer in enumerate(network.layers):
        if layer.operation in ACTIVATIONS:
            behind.setdefault(layer.inputs[0], []).append(number)
    order: list[int] = []
    for number, layer in enumerate(network.layers):
        waiting = [] if layer.operation in ACTIVATIONS else [number]
        while waiting:
            order.append(waiting.pop())
            waiting.extend(reversed(behind.get(order[-1], [])))
    return renumbered({number: network.layers[number] for number in order}, network.outputs)


def _with_shares(layers: Iterable[LayerDraft]) -> Iterator[LayerDraft]:
    """The layers, each told whether it learns nothing but what one before it does."""
    before: set[str] = set()
    for layer in layers:
        yield replace(layer, shares=bool(layer.learned) and before.issuperset(layer.learned))
        before.update(layer.learned)


def _share_alike(layer: LayerDraft, other: LayerDraft) -> bool:
    """Whether both learn what is counted here, or both what is counted elsewhere, as far as the other learns."""
    return not other.learned or layer.shares == other.shares


def cut_at_once(network: Understood) -> Understood:
    """The same network with what is cut, or left out, on all axes at once, and without what nothing reads."""
    return _folded_by(network, _with_axis, _with_fill)


def with_slopes(network: Understood, learned: Mapping[str, int]) -> Understood:
    """The same network with a slope for each channel in every rectifier that learns so many numbers."""
    layers = [
        replace(layer, attributes={"one_slope": False}) if _has_slopes(layer, learned) else layer
        for layer in network.layers
    ]
    return replace(network, layers=tuple(layers))


def _has_slopes(layer: LayerDraft, learned: Mapping[str, int]) -> bool:
    return layer.operation == "prelu" and 1 < layer.channels == sum([learned[name] for name in layer.learned])


Fold = Callable[[LayerDraft, LayerDraft], LayerDraft | None]


def _folded_by(network: Understood, *folds: Fold) -> Understood:
    """The living layers, folded in one way after the other."""
    layers, outputs = _living(network.layers, network.outputs)
    for fold in folds:
        layers, outputs = _fold(layers, outputs, fold)
    return Understood(tuple(layers), tuple(outputs))


def _fold(layers: Sequence[LayerDraft], outputs: Sequence[int], fold: Fold) -> tuple[list[LayerDraft], list[int]]:
    """The layers with each that ``fold`` takes into the one it reads, where nothing else reads that; its size may be
    another's, unless the fold would change it.
    """
    readers = readers_of(layers, outputs)
    sized = Counter([layer.attributes["size_of"] for layer in layers if "size_of" in layer.attributes])
    moved: dict[int, int] = {}
    kept: dict[int, LayerDraft] = {}
    for number, original in enumerate(layers):
        layer = _reading(original, moved)
        alike = sized if layer.operation in _UNIT_BY_UNIT else {}
        alone = len(layer.inputs) == 1 and readers[read := original.inputs[0]] - alike.get(read, 0) == 1
        before = layer.inputs[0] if alone else -1
        taken = fold(kept[before], layer) if alone else None
        if taken is None:
            kept[number] = layer
        else:
            kept[before], moved[number] = taken, before
    return renumbered(kept, [moved.get(output, output) for output in outputs])


def readers_of(layers: Sequence[LayerDraft], outputs: Iterable[int]) -> list[int]:
    """How often each layer is read, or returned."""
    readers = [0] * len(layers)
    for node in (*(node for layer in layers for node in _read(layer)), *outputs):
        readers[node] += 1
    return readers


def _read(layer: LayerDraft) -> tuple[int, ...]:
    """What a layer refers to: its inputs, of an unpooling its pooling, and the layer whose size it takes."""
    return (*layer.inputs, *(layer.attributes[key] for key in REFERENCES if key in layer.attributes))


def _reading(layer: LayerDraft, moved: Mapping[int, int]) -> LayerDraft:
    inputs = tuple([moved.get(node, node) for node in layer.inputs])
    named = {key: layer.attributes[key] for key in REFERENCES if key in layer.attributes}
    attributes = {**layer.attributes, **{key: moved.get(node, node) for key, node in named.items()}}
    return replace(layer, inputs=inputs, attributes=attributes)


def renumbered(kept: Mapping[int, LayerDraft], outputs: Iterable[int]) -> tuple[list[LayerDraft], list[int]]:
    """The layers that are kept, by their old numbers, with new ones."""
    numbers = {old: new for new, old in enumerate(kept)}
    return [_reading(layer, numbers) for layer in kept.values()], [numbers[output] for output in outputs]


def _living(layers: Sequence[LayerDraft], outputs: Sequence[int]) -> tuple[list[LayerDraft], list[int]]:
    """Those that lead to an output, and the image."""
    alive = {0, *outputs}
    for number in range(len(layers) - 1, 0, -1):
        if number in alive:
            alive.update(_read(layers[number]))
    return renumbered({number: layers[number] for number in sorted(alive)}, outputs)


def _with_norm(layer: LayerDraft, norm: LayerDraft) -> LayerDraft | None:
    if layer.operation not in WEIGHTED or norm.operation not in _NORMALISATIONS or "norm" in layer.attributes:
        return None
    if not _share_alike(layer, norm):
        return None
    kept: dict[str, Any] = dict(layer.attributes)
    biased = kept.pop("bias", True)
    word = _NORMALISATIONS[norm.operation]
    kept |= {"norm": "instance_affine" if word == "instance" and norm.learned else word}
    kept |= {"bias": True} if biased else {}
    return replace(layer, attributes=kept, learned=(*layer.learned, *norm.learned), tensor=norm.tensor)


def _with_axis(layer: LayerDraft, other: LayerDraft) -> LayerDraft | None:
    """Two layers that cut, or leave out units, along different axes."""
    if layer.operation != other.operation or layer.operation not in _AXIS_BY_AXIS:
        return None
    key, neutral = _AXIS_BY_AXIS[layer.operation]
    values = list(zip(layer.attributes[key], other.attributes[key], strict=True))
    if any(neutral not in pair for pair in values):
        return None
    together = tuple([one if two == neutral else two for one, two in values])
    return replace(other, inputs=layer.inputs, attributes={key: together})


def _with_fill(pad: LayerDraft, patches: LayerDraft) -> LayerDraft | None:
    """Patches of a map that zeros fill up to whole ones, and the first layer only does that."""
    if pad.operation != "pad" or patches.operation != "space_to_depth" or pad.attributes.keys() != {"padding"}:
        return None
    added = [after for before, after in pad.attributes["padding"] if not before]
    scale = patches.attributes["scale"]
    lengths = [length - after for length, after in zip(pad.size, added, strict=False)]
    fills = len(added) == len(scale) and all(
        after == -length % factor for length, after, factor in zip(lengths, added, scale, strict=True)
    )
    if not fills:
        return None
    return replace(patches, inputs=pad.inputs, attributes={**patches.attributes, "ceil_mode": True})


def _with_activation(layer: LayerDraft, activation: LayerDraft) -> LayerDraft | None:
    if layer.operation not in WEIGHTED or activation.operation not in ACTIVATIONS or "act" in layer.attributes:
        return None
    if activation.attributes or not _share_alike(layer, activation):
        return None  # no activation in a layer has a slope for each channel
    attributes = {**layer.attributes, "act": activation.operation}
    return replace(
        layer, attributes=attributes, learned=(*layer.learned, *activation.learned), tensor=activation.tensor
    )
