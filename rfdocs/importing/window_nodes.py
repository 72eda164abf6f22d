"""Foreign nodes that slide windows, resample, or read a whole map: what layers they are."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from rfdocs.importing.compaction.plain_layers import telling
from rfdocs.importing.drafts import ASKED, Drafts, HalfMixed, LayerDraft, Puzzling, Value, View
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.maps import map_of
from rfdocs.importing.products import counted
from rfdocs.importing.token_nodes import half_mixed, mixed
from rfdocs.importing.views import CHANNELS, Dimensions, axes_of, length, whole, with_channels_last, without

_WORDS = {"edge": "padding_mode"}
#: What operators are called that pool a whole map: others, such as norms, read it all the same.
_POOLING = ("mean", "pool", "max")


def view_of(values: list[Value], place: int = 0) -> View:
    """An input that shows a map. Raises: Puzzling for any other."""
    value = values[place]
    if not isinstance(value, View):
        raise Puzzling("it reads what is no map")
    return value


def convolution(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``conv`` or ``depthwise_conv``; over the channels of one unit, ``mix_channels``."""
    if not _is_last(node) and _is_over_channels(drafts, view_of(values)):
        return _mixed(drafts, node, view_of(values))
    image = _map(drafts, node, values)
    window = ("kernel", "stride", "padding", "dilation", "bias", "edge")
    channels, groups = node.attributes["channels"], node.attributes["groups"]
    if 1 < groups == drafts[image].channels:
        kept = _given(drafts, node, "depthwise_conv", *window, multiplier=channels // groups)
        return _windowed(drafts, "depthwise_conv", node, image, kept)
    kept = _given(drafts, node, "conv", *window, "channels", "groups")
    return _windowed(drafts, "conv", node, image, kept)


def _is_over_channels(drafts: Drafts, view: View) -> bool:
    """Whether a window slides over the channels of a map of one unit."""
    layer = drafts[view.node]
    return prod(layer.size) == 1 and view.dimensions[-1] == whole(CHANNELS, layer.channels) and layer.channels > 1


def _mixed(drafts: Drafts, node: Node, view: View) -> View:
    view = drafts.settled(view)
    if node.shape[-1] != drafts[view.node].channels or node.shape[1] != 1:
        raise Puzzling("its window slides over the channels of one unit, and leaves another number of them")
    attributes = {"channels": drafts[view.node].channels}
    mixed = drafts.alike("mix_channels", (view.node,), attributes, node.learned, node.scope)
    work = {"macs": prod(node.shape) * node.attributes["weights"]}
    return View(counted(drafts, mixed, work, node.scope), view.dimensions)


def transposed(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``transposed_conv``."""
    given = ("kernel", "stride", "padding", "dilation", "channels", "groups", "bias", "output_padding")
    kept = _given(drafts, node, "transposed_conv", *given)
    return _windowed(drafts, "transposed_conv", node, _map(drafts, node, values), kept)


def pool(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``maxpool`` or ``avgpool``."""
    operation = f"{node.attributes['mode']}pool"
    kept = _given(drafts, node, operation, "kernel", "stride", "padding", "dilation", "ceil_mode")
    return _windowed(drafts, operation, node, _map(drafts, node, values), kept)


def adaptive_pool(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``adaptive_avgpool``, or ``global_avgpool`` to one unit."""
    image, mode = _map(drafts, node, values), node.attributes["mode"]
    size = tuple(node.attributes["size"])
    if set(size) == {1}:
        return _windowed(drafts, f"global_{mode}pool", node, image, {})
    return _windowed(drafts, f"adaptive_{mode}pool", node, image, {"size": size})


def upsample(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``upsample``; to the size that there is, nothing."""
    image, given = _map(drafts, node, values), node.attributes
    size = _size(node)
    if size == drafts[image].size:
        return _shown(drafts, image, node)
    kept = {key: given[key] for key in ("size", "scale") if given.get(key) is not None}
    kept |= {key: given[key] for key in ("align_corners", "coordinates", "nearest_mode") if given.get(key)}
    kept |= {"mode": given["mode"]} if given["mode"] != "nearest" else {}
    kept |= {"recompute_scale_factor": True} if given.get("recompute") else {}
    if "size" in kept and not given.get("fixed"):
        kept = {ASKED: kept.pop("size"), **kept}
    return _windowed(drafts, "upsample", node, image, kept)


def shuffle(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``pixel_shuffle``, ``space_to_depth``, ``channel_shuffle``."""
    return _windowed(drafts, node.kind, node, _map(drafts, node, values), dict(_without_last(node)))


def unpool(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``unpool`` of the maximum pooling whose places it is given."""
    pooling = view_of(values, 1)
    layer = drafts[pooling.node]
    if layer.operation != "maxpool":
        raise Puzzling("it puts values back to places that no maximum pooling found")
    kept = _given(drafts, node, "unpool", "kernel", "stride", "padding")
    return _windowed(drafts, "unpool", node, _map(drafts, node, values), {"pool": pooling.node, **kept})


def linear(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """A matrix over the last dimension: over the channels of every unit, or over the whole map; or one of two over all
    units of every channel.

    Raises: Puzzling where it mixes some units with each other, and not all.
    """
    [value] = values
    if isinstance(value, HalfMixed):
        return mixed(drafts, node, value)
    view = drafts.settled(view_of(values))
    *others, last = view.dimensions
    layer = drafts[view.node]
    if (half := half_mixed(drafts, node, view)) is not None:
        return half
    everything = layer.channels * prod(layer.size)
    kept = _given(drafts, node, "linear", "channels", "bias")
    if length(last) == everything and not any(others):
        result = _dense(drafts, node, view.node, kept)
        return View(result, (*((),) * len(others), whole(CHANNELS, kept["channels"])))
    if len(axes_of(last)) > 1 and CHANNELS in axes_of(last):
        return linear(drafts, node, [rearranged(drafts, view)])
    if axes_of(last) == {CHANNELS} and last != whole(CHANNELS, length(last)) and length(last) == layer.channels:
        return linear(drafts, node, [_in_order(drafts, view)])
    if last != whole(CHANNELS, layer.channels) or any(CHANNELS in axes_of(other) for other in others):
        raise Puzzling("its matrix mixes some units of a map with each other, and not all")
    attributes = {"kernel": (1,) * drafts.axes, **kept}
    result = drafts.layer("conv", (view.node,), kept["channels"], layer.size, attributes, node.learned, node.scope)
    return View(result, (*others, whole(CHANNELS, kept["channels"])))


def _in_order(drafts: Drafts, view: View) -> View:
    """The same tensor as a view of a map whose channels stand in the order of its last dimension, which are all."""
    shuffled = drafts.alike("channel_shuffle", (view.node,), {}, scope=view.scope)
    return View(shuffled, (*view.dimensions[:-1], whole(CHANNELS, drafts[view.node].channels)), (), view.scope)


def rearranged(drafts: Drafts, view: View) -> View:
    """The same tensor as a view of a map whose channels are its last dimension, and whose axes stand in others, one or
    several in each. Raises: Puzzling where it is none.
    """
    *others, last = view.dimensions
    axes = [[digit for other in others for digit in other if digit.axis == axis] for axis in range(1, drafts.axes + 1)]
    if [digit for axis in axes for digit in axis] != [digit for other in others for digit in other]:
        raise Puzzling("it orders the units of a map in a way that the format has no word for")
    image = map_of(drafts, View(view.node, ((), *map(tuple, axes), last), (), view.scope), last=True)
    _, *spatial, channels = with_channels_last(drafts.standard(image))
    held = [sorted(axes_of(other)) for other in others]
    if sum(map(len, held)) != sum(map(bool, axes)):
        raise Puzzling("it cuts an axis of units in two")
    dimensions = tuple([tuple([digit for axis in own for digit in spatial[axis - 1]]) for own in held])
    return View(image, (*dimensions, channels), (), view.scope)


def _dense(drafts: Drafts, node: Node, image: int, kept: Mapping[str, Any]) -> int:
    size = (1,) * drafts.axes
    return drafts.layer("linear", (image,), kept["channels"], size, kept, node.learned, node.scope)


def reduce(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """A mean, maximum or sum: over all units a global pooling, over one axis' units a pooling, over channels a mix."""
    view = drafts.settled(view_of(values))
    gone = {axis % len(view.dimensions) for axis in node.attributes["axes"]}
    digits = [digit for place in sorted(gone) for digit in view.dimensions[place]]
    dimensions = without(view.dimensions, gone, keep=node.attributes["keep"])
    if not digits and gone != _spatial_places(drafts, view):
        return View(view.node, dimensions)
    if {digit.axis for digit in digits} == {CHANNELS}:
        return _mixed_channels(drafts, node, view, dimensions)
    return _pooled_axes(drafts, node, view, gone, dimensions)


def _spatial_places(drafts: Drafts, view: View) -> set[int]:
    """Where a map's axes stand: a map of one unit may have more of a larger image."""
    standing = drafts.standard(view.node)
    if view.dimensions == standing:
        return set(range(2, len(standing)))
    return set(range(1, len(standing) - 1)) if view.dimensions == with_channels_last(standing) else set()


def _mixed_channels(drafts: Drafts, node: Node, view: View, dimensions: Dimensions) -> View:
    """Some of the channels' digits made one: those that stay count on."""
    left = [digit for dimension in dimensions for digit in dimension if digit.axis == CHANNELS]
    if len(left) > 1:
        raise Puzzling("it adds channels up whose neighbours stay on both sides")
    channels = left[0].size if left else 1
    result = drafts.mixed(view.node, channels, node.scope)
    renewed = [whole(CHANNELS, channels) if CHANNELS in axes_of(dimension) else dimension for dimension in dimensions]
    return View(result, tuple(renewed))


def _pooled_axes(drafts: Drafts, node: Node, view: View, gone: set[int], dimensions: Dimensions) -> View:
    """Whole spatial axes made one unit each. Raises: Puzzling where only a part of one is."""
    layer = drafts[view.node]
    digits = {digit for place in gone for digit in view.dimensions[place]}
    axes = {digit.axis for digit in digits}
    if layer.tokens:
        raise Puzzling("it puts class tokens and units of the map together, other than by attention")
    expected = {digit for axis in axes for digit in whole(axis, layer.size[axis - 1])} if CHANNELS not in axes else None
    if digits != expected:
        raise Puzzling("it takes the mean of a part of an axis, or of units and channels together")
    size = tuple([1 if axis in axes else count for axis, count in enumerate(layer.size, start=1)])
    mode = "max" if node.attributes["mode"] == "max" else "avg"
    if set(size) == {1}:
        inferred = not any(word in node.operator.lower() for word in _POOLING)
        word = f"global_{mode}pool"
        pooling = LayerDraft(word, (view.node,), layer.channels, size, {}, (), node.scope, inferred=inferred)
        result = drafts.add(pooling)
    else:
        attributes = {"size": size}
        result = drafts.layer(f"adaptive_{mode}pool", (view.node,), layer.channels, size, attributes, (), node.scope)
    return View(result, dimensions)


def _map(drafts: Drafts, node: Node, values: list[Value]) -> int:
    return map_of(drafts, view_of(values), last=_is_last(node))


def _is_last(node: Node) -> bool:
    return bool(node.attributes.get("last", False))


def _without_last(node: Node) -> Mapping[str, Any]:
    return {key: value for key, value in node.attributes.items() if key != "last"}


def _size(node: Node) -> tuple[int, ...]:
    """The spatial lengths of what a node gives."""
    return tuple(node.shape[1:-1]) if _is_last(node) else tuple(node.shape[2:])


def _windowed(drafts: Drafts, operation: str, node: Node, image: int, attributes: Mapping[str, Any]) -> View:
    """The view of a new layer that reads one map and gives another."""
    channels = node.shape[-1] if _is_last(node) else node.shape[1]
    size = _size(node)
    result = drafts.layer(operation, (image,), channels, size, attributes, node.learned, node.scope)
    return _shown(drafts, result, node)


def _shown(drafts: Drafts, image: int, node: Node) -> View:
    view = drafts.view(image)
    if not _is_last(node):
        return view
    return View(image, with_channels_last(view.dimensions))


def _given(drafts: Drafts, node: Node, operation: str, *names: str, **more: Any) -> dict[str, Any]:
    """These attributes of a node, and more, by the format's names, those that say nothing left out."""
    given = {_WORDS.get(name, name): node.attributes.get(name) for name in names} | more
    return {key: given[key] for key in telling(operation, given, drafts.axes)}
