"""Foreign nodes that are not understood, as layers of which is known which maps they read, and what map they give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from rfdocs.importing.drafts import Drafts, FixedTensor, Puzzling, Scores, Value, View
from rfdocs.importing.foreign_graph import KINDS, Node
from rfdocs.importing.views import Dimensions, axes_of, lengths, standard, with_channels_last

#: What gives a tensor whose places are those of what it reads, wherever these stand, if it has the same shape.
_KEEPING = frozenset({
    "flip", "roll", "softmax", "norm", "attention", "matmul", "pointwise", "prelu", "add", "multiply",
})  # fmt: skip
#: The most letters of what is written beside the layer.
_NOTE = 400


class _Layout(NamedTuple):
    """What map a tensor is, and where its places stand."""

    channels: int
    size: tuple[int, ...]
    dimensions: Dimensions


def opaque(drafts: Drafts, node: Node, values: Sequence[Value], why: str, *, channels_last: bool) -> View:
    """``opaque``: a layer that reads at most the whole of each map that the node depends on.

    It learns what the node learns, and its ``note`` says what is not understood. Raises: Puzzling where nothing tells
    what map the node gives.
    """
    views = [drafts.settled(view) for value in values for view in _views(value)]
    if not views:
        raise Puzzling(f"{why}; nor can it be opaque: it reads no map")
    try:
        layout = _layout(drafts, node, views, channels_last=channels_last)
    except Puzzling as reason:
        raise Puzzling(f"{why}; nor can it be opaque: {reason}") from None
    image = _together(drafts, list(dict.fromkeys(view.node for view in views)), node, why)
    learned = (*node.learned, *(name for value in values for name in _learned(value)))
    result = _layer(drafts, image, node, why, layout.channels, layout.size, tuple(dict.fromkeys(learned)))
    return View(result, layout.dimensions)


def _views(value: Value) -> Iterator[View]:
    """The maps that a value shows; of scores those of the queries and of the keys."""
    if isinstance(value, View):
        yield value
    elif isinstance(value, Scores):
        yield from (value.query, value.key)


def _learned(value: Value) -> tuple[str, ...]:
    return value.learned if isinstance(value, FixedTensor | Scores) else ()


def _together(drafts: Drafts, images: Sequence[int], node: Node, why: str) -> int:
    """One map that has all of several: their ``concat``, all but the largest brought to its size by ``opaque``."""
    if len(images) == 1:
        return images[0]
    size = max([drafts[image].size for image in images], key=prod)
    alike = [
        image if drafts[image].size == size else _layer(drafts, image, node, why, drafts[image].channels, size)
        for image in images
    ]
    channels = sum([drafts[image].channels for image in alike])
    return drafts.layer("concat", tuple(alike), channels, size, {}, (), node.scope)


def _layer(
    drafts: Drafts,
    image: int,
    node: Node,
    why: str,
    channels: int,
    size: tuple[int, ...],
    learned: tuple[str, ...] = (),
) -> int:
    before = drafts[image]
    attributes: dict[str, object] = {} if channels == before.channels else {"channels": channels}
    attributes |= {} if size == before.size else {"size": size}
    return drafts.layer(
        "opaque", (image,), channels, size, {**attributes, "note": _note(node, why)}, learned, node.scope
    )


def _note(node: Node, why: str) -> str:
    """What the file says of the layer: no letter of a foreign name means anything there."""
    text = f"not understood: {node.operator or node.kind}: {why}"
    plain = "".join([letter for letter in text if letter.isascii() and letter.isprintable() and letter != "$"])
    return plain if len(plain) <= _NOTE else f"{plain[:_NOTE]} ..."


def _layout(drafts: Drafts, node: Node, views: Sequence[View], *, channels_last: bool) -> _Layout:
    """The map that a node gives. Raises: Puzzling where that is not told."""
    shape = tuple(node.shape)
    if not shape or 0 in shape:
        raise Puzzling("the shape of what it gives depends on the image, or is not known")
    same = {view.dimensions: drafts[view.node] for view in views if lengths(view.dimensions) == shape}
    if node.kind in _KEEPING and len(same) == 1:
        [(dimensions, layer)] = same.items()
        return _Layout(layer.channels, layer.size, dimensions)
    text = " x ".join(map(str, shape))
    if len(shape) != drafts.axes + 2:
        axes = "one axis" if drafts.axes == 1 else f"{drafts.axes} axes"
        raise Puzzling(f"what it gives, {text}, is no map of {axes}")
    if shape[0] != 1:
        raise Puzzling(f"what it gives, {text}, mixes the images of a batch with what they hold")
    return _of_order(shape, last=_is_last(node, views, channels_last=channels_last))


def _of_order(shape: tuple[int, ...], *, last: bool) -> _Layout:
    _, *lone = shape
    channels, size = (lone[-1], tuple(lone[:-1])) if last else (lone[0], tuple(lone[1:]))
    dimensions = standard(channels, size)
    return _Layout(channels, size, with_channels_last(dimensions) if last else dimensions)


def _is_last(node: Node, views: Sequence[View], *, channels_last: bool) -> bool:
    """Whether channels stand last in what a node gives: what has windows says so, of all others the first map of as
    many dimensions that they read. Raises: Puzzling where the axes of that have no dimensions of their own.
    """
    if "last" in KINDS[node.kind]:
        return bool(node.attributes.get("last", False))
    view = next((view for view in views if len(view.dimensions) == len(node.shape)), None)
    if view is not None and not view.dimensions[0]:
        is_first, is_last = _are_axes(view.dimensions[2:]), _are_axes(view.dimensions[1:-1])
        if is_first or is_last:
            return channels_last if is_first and is_last else is_last
    raise Puzzling("nothing that it reads tells which dimension of what it gives holds the channels")


def _are_axes(dimensions: Dimensions) -> bool:
    """Whether each dimension holds one axis, or a part of it, in their order."""
    return all(axes_of(dimension) <= {axis} for axis, dimension in enumerate(dimensions, start=1))
