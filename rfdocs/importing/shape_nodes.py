"""Foreign nodes that move, cut, pad and join what tensors hold."""

from __future__ import annotations

from itertools import pairwise

from rfdocs.importing.drafts import Drafts, FixedTensor, LayerDraft, Puzzling, TokensOf, Value, View
from rfdocs.importing.folded_patches import dealt_patches
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.maps import map_of
from rfdocs.importing.products import together
from rfdocs.importing.sequence_nodes import MATRICES
from rfdocs.importing.views import (
    CHANNELS,
    ROW,
    Digit,
    Dimension,
    Dimensions,
    Torn,
    axes_of,
    length,
    permuted,
    regrouped,
    reshaped,
    whole,
)
from rfdocs.importing.window_nodes import view_of


def unchanged(_drafts: Drafts, _node: Node, values: list[Value]) -> Value:
    """The same tensor."""
    return values[0]


def reshape(_drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """The same places in other dimensions."""
    view = view_of(values)
    try:
        return View(view.node, reshaped(view.dimensions, node.shape), view.words, node.scope)
    except Torn:
        raise Puzzling("it cuts an axis into parts that do not divide it") from None


def permute(_drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """The same dimensions in another order."""
    view = view_of(values)
    return View(view.node, permuted(view.dimensions, node.attributes["order"]), view.words, node.scope)


def roll(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """The same map, whole axes of it counted from another unit. Raises: Puzzling for anything else."""
    view = view_of(values)
    dimensions = list(view.dimensions)
    for place, shift in zip(node.attributes["axes"], node.attributes["shifts"], strict=True):
        dimensions[place] = _rolled(drafts, view, dimensions[place], shift)
    return View(view.node, tuple(dimensions), view.words, node.scope)


def _rolled(drafts: Drafts, view: View, dimension: Dimension, shift: int) -> Dimension:
    if not dimension:
        return dimension
    [digit, *others] = dimension
    if others or digit.axis in {ROW, CHANNELS} or digit.size != drafts[view.node].size[digit.axis - 1]:
        raise Puzzling("it rolls what is no whole axis of units")
    return (digit._replace(moved=(digit.moved - shift) % digit.size),)


def expand(_drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """The same tensor: what is repeated is repeated by whatever it is merged with."""
    view = view_of(values)
    missing = len(node.shape) - len(view.dimensions)
    return View(view.node, ((),) * missing + view.dimensions, view.words)


def cut(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``slice`` of channels, ``crop`` and ``subsample`` of units; all of them is nothing."""
    view = view_of(values)
    axis = node.attributes["axis"]
    dimension = view.dimensions[axis]
    places = range(*slice(*(node.attributes[key] for key in ("start", "stop", "step"))).indices(length(dimension)))
    if places == range(length(dimension)):
        return view
    if not places or places.step < 1:
        raise Puzzling("it takes nothing, or turns an axis round")
    view = drafts.settled(view)
    if axes_of(dimension) == {CHANNELS}:
        ordered = view if len(dimension) == 1 else drafts.view(map_of(drafts, view))
        some = _cut_channels(drafts, node, ordered, axis, places)
        if drafts.source_of(view.node).attributes.get("direction") == "both":
            drafts.halves[some.node] = node
        return some
    return _cut_units(drafts, node, view, axis, places)


def _cut_channels(drafts: Drafts, node: Node, view: View, axis: int, places: range) -> View:
    """Channels one after the other: the digit that is cut is the first of all channels' digits."""
    layer = drafts[view.node]
    dimension = view.dimensions[axis]
    first = dimension[0]
    if len(dimension) > 1 or first.stride * first.size != layer.channels or (places.step > 1 and len(places) > 1):
        return _some_channels(drafts, node, view, axis, places)
    channels = len(places) * first.stride
    offset = places.start * first.stride
    attributes = {"channels": channels} | ({"offset": offset} if offset else {})
    result = drafts.layer("slice", (view.node,), channels, layer.size, attributes, (), node.scope)
    kept = (Digit(CHANNELS, first.stride, len(places)),) if len(places) > 1 else ()
    return View(result, (*view.dimensions[:axis], kept, *view.dimensions[axis + 1 :]))


def _some_channels(drafts: Drafts, node: Node, view: View, axis: int, places: range) -> View:
    """``mix_channels``: channels that do not stand one after the other, of which the format takes any.

    Those that stay are dealt out in the same digits as before.
    """
    dimension = view.dimensions[axis]
    if len(dimension) > 1:
        raise Puzzling("it takes channels that do not stand one after the other")
    digits = sorted((digit for place in view.dimensions for digit in place if digit.axis == CHANNELS), reverse=True)
    kept = {digit: Digit(CHANNELS, 1, len(places) if digit == dimension[0] else digit.size) for digit in digits}
    stride = 1
    for digit in reversed(digits):
        kept[digit] = kept[digit]._replace(stride=stride)
        stride *= kept[digit].size
    result = drafts.mixed(view.node, stride, node.scope)
    renewed = [tuple([kept.get(digit, digit) for digit in place]) for place in view.dimensions]
    return View(result, tuple([tuple([digit for digit in place if digit.size > 1]) for place in renewed]))


def _cut_units(drafts: Drafts, node: Node, view: View, axis: int, places: range) -> View | TokensOf:
    """Units of one axis: those in a row, or every so many."""
    dimension = view.dimensions[axis]
    if drafts[view.node].tokens:
        return _cut_row(drafts, node, view, axis, places)
    spatial = dimension[0].axis
    count = drafts[view.node].size[spatial - 1] if len(axes_of(dimension)) == 1 else 0
    if dimension == whole(spatial, count):
        return _cut_axis(drafts, node, view, spatial, places)
    if len(dimension) == 1 and dimension[0].stride == 1 and not dimension[0].moved and len(places) == 1:
        return _one_of_each(drafts, node, view, axis, dimension[0], places.start)
    raise Puzzling("it takes units of several axes, or of a part of one")


def _cut_row(drafts: Drafts, node: Node, view: View, axis: int, places: range) -> View | TokensOf:
    """``take_token`` or ``drop_tokens``: one of the units that lie nowhere, or all the others; or all of these."""
    layer = drafts[view.node]
    others = (*view.dimensions[:axis], (), *view.dimensions[axis + 1 :])
    if view.dimensions[axis] == layer.row and places == range(layer.tokens, layer.units):
        dropped = drafts.alike("drop_tokens", (view.node,), scope=node.scope)
        return _in_row(drafts, dropped, view, axis)
    if view.dimensions[axis] == layer.row and places == range(layer.tokens) and len(places) > 1:
        return TokensOf(view)
    if view.dimensions[axis] != layer.row or len(places) > 1 or places.start >= layer.tokens:
        raise Puzzling("it takes some units of a map with class tokens, and neither one token nor all but these")
    attributes = {"index": places.start} if places.start else {}
    size = (1,) * drafts.axes
    return View(drafts.layer("take_token", (view.node,), layer.channels, size, attributes, (), node.scope), others)


def _in_row(drafts: Drafts, result: int, view: View, axis: int) -> View:
    """A layer's map as a view had another one's, all units of which stood in one dimension."""
    return View(result, (*view.dimensions[:axis], drafts[result].row, *view.dimensions[axis + 1 :]))


def _cut_axis(drafts: Drafts, node: Node, view: View, spatial: int, places: range) -> View:
    layer = drafts[view.node]
    count = layer.size[spatial - 1]
    if len(places) == 1 and drafts.source_of(view.node).operation in MATRICES:
        raise Puzzling("it takes one unit of a recurrent layer, as the last, for which maps of any length have no word")
    rest = count - places[-1] - 1
    cropped = _cropped(drafts, node, view.node, spatial, (places.start, rest if rest >= places.step else 0))
    result = _every(drafts, node, cropped, spatial, places.step)
    return View(result, _renewed(view.dimensions, spatial, len(places)))


def _one_of_each(drafts: Drafts, node: Node, view: View, axis: int, digit: Digit, start: int) -> View:
    """One unit of every block: the rest of the axis is the other dimension that has its digits."""
    cropped = _cropped(drafts, node, view.node, digit.axis, (start, 0))
    result = _every(drafts, node, cropped, digit.axis, digit.size)
    left = (*view.dimensions[:axis], (), *view.dimensions[axis + 1 :])
    return View(result, _renewed(left, digit.axis, drafts[result].size[digit.axis - 1]))


def _cropped(drafts: Drafts, node: Node, image: int, spatial: int, sides: tuple[int, int]) -> int:
    if sides == (0, 0):
        return image
    layer = drafts[image]
    padding = tuple([sides if axis == spatial else (0, 0) for axis in range(1, drafts.axes + 1)])
    size = _with_length(layer.size, spatial, layer.size[spatial - 1] - sum(sides))
    return drafts.layer("crop", (image,), layer.channels, size, {"padding": padding}, (), node.scope)


def _every(drafts: Drafts, node: Node, image: int, spatial: int, step: int) -> int:
    if step == 1:
        return image
    layer = drafts[image]
    stride = tuple([step if axis == spatial else 1 for axis in range(1, drafts.axes + 1)])
    size = _with_length(layer.size, spatial, -(-layer.size[spatial - 1] // step))
    return drafts.layer("subsample", (image,), layer.channels, size, {"stride": stride}, (), node.scope)


def _with_length(size: tuple[int, ...], spatial: int, count: int) -> tuple[int, ...]:
    return (*size[: spatial - 1], count, *size[spatial:])


def _renewed(dimensions: Dimensions, axis: int, count: int) -> Dimensions:
    """The dimensions with an axis of another length in the place where its digits stand."""
    return tuple([whole(axis, count) if axis in axes_of(dimension) else dimension for dimension in dimensions])


def pad(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``pad`` of units (``crop`` where all is cut off), ``pad_channels`` of channels."""
    edge = node.attributes["edge"]
    padded = [(place, tuple(sides)) for place, sides in enumerate(node.attributes["padding"]) if any(sides)]
    view = _as_padded(drafts, drafts.settled(view_of(values)), [place for place, _ in padded])
    image, dimensions = view.node, view.dimensions
    sides = [(0, 0)] * drafts.axes
    for place, (before, after) in padded:
        if _is_group(drafts, image, dimensions, place) and min(before, after) >= 0:
            image, dimensions = _padded_group(drafts, node, View(image, dimensions), place, before + after)
            continue
        axis, have = _padded_axis(drafts, image, dimensions, place)
        dimensions = (*dimensions[:place], whole(axis, have + before + after), *dimensions[place + 1 :])
        if axis == CHANNELS:
            image = _padded_channels(drafts, node, image, before, after)
        else:
            sides[axis - 1] = (before, after)
    return (
        View(_padded_units(drafts, node, image, sides, edge), dimensions)
        if any(map(any, sides))
        else View(image, dimensions)
    )


def _as_padded(drafts: Drafts, view: View, places: list[int]) -> View:
    """The view; of patches as channels, with units that count patches, that of the map that they are."""
    mixed = any(len(axes_of(dimension)) > 1 and CHANNELS in axes_of(dimension) for dimension in view.dimensions)
    whole_axes = [whole(axis, count) for axis, count in enumerate(drafts[view.node].size, start=1)]
    if mixed and any(view.dimensions[place] not in whole_axes for place in places):
        return drafts.view(map_of(drafts, view))
    return view


def _is_group(drafts: Drafts, image: int, dimensions: Dimensions, place: int) -> bool:
    """Whether a dimension is the channels of each group, and there are several groups."""
    size, channels = length(dimensions[place]), drafts[image].channels
    return 1 < size < channels and channels % size == 0 and dimensions[place] == whole(CHANNELS, size)


def _padded_group(drafts: Drafts, node: Node, view: View, place: int, added: int) -> tuple[int, Dimensions]:
    """``mix_channels``: channels of no map added to each group; what counts the groups counts on."""
    size = length(view.dimensions[place])
    channels = drafts[view.node].channels // size * (size + added)
    result = drafts.mixed(view.node, channels, node.scope)
    return result, regrouped(view.dimensions, place, size + added)


def _padded_axis(drafts: Drafts, image: int, dimensions: Dimensions, place: int) -> tuple[int, int]:
    """The axis that a dimension is, and its length. Raises: Puzzling where it is a part of one, or several."""
    layer = drafts[image]
    for axis, count in enumerate((layer.channels, *layer.size)):
        if dimensions[place] == whole(axis, count) and (count > 1 or place == axis + 1):
            return axis, count
    raise Puzzling("it pads a part of an axis, or several at once")


def _padded_channels(drafts: Drafts, node: Node, image: int, before: int, after: int) -> int:
    if min(before, after) < 0:
        raise Puzzling("it cuts channels off by padding")
    layer = drafts[image]
    channels = layer.channels + before + after
    return drafts.layer("pad_channels", (image,), channels, layer.size, {"channels": channels}, (), node.scope)


def _padded_units(drafts: Drafts, node: Node, image: int, sides: list[tuple[int, int]], edge: str) -> int:
    layer = drafts[image]
    size = tuple([count + before + after for count, (before, after) in zip(layer.size, sides, strict=True)])
    if all(max(pair) <= 0 for pair in sides):
        attributes: dict[str, object] = {"padding": tuple([(-before, -after) for before, after in sides])}
        return drafts.layer("crop", (image,), layer.channels, size, attributes, (), node.scope)
    attributes = {"padding": tuple(sides)} | ({"mode": edge} if edge != "zero" else {})
    return drafts.layer("pad", (image,), layer.channels, size, attributes, (), node.scope)


def concat(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``concat`` of channels, in one dimension or as a new one. Raises: Puzzling for units."""
    fixed = [value for value in values if isinstance(value, FixedTensor)]
    tokens = _with_tokens(drafts, node, values)
    if tokens is not None:
        return tokens
    if fixed:
        maps: list[Value] = [value for value in values if not isinstance(value, FixedTensor)]
        return _with_fixed_channels(drafts, node, maps, fixed)
    views = [drafts.settled(view_of(values, place)) for place in range(len(values))]
    axis = node.attributes["axis"]
    if all(not view.dimensions[axis] for view in views) and not _are_single_channels(drafts, views, axis):
        return _stacked(drafts, node, views, axis)
    patches = dealt_patches(drafts, views, axis, node.scope)
    if patches is not None:
        return patches
    groups = _in_groups(drafts, node, views)
    if groups is not None:
        return groups
    places = [_channel_place(drafts, view) for view in views]
    if any(place != axis for place in places):
        raise Puzzling("it puts units of several maps behind each other")
    result = _concatenated(drafts, node, [_moved(drafts, view, axis) for view in views])
    channels = whole(CHANNELS, drafts[result].channels)
    order = views[0].dimensions
    return View(result, (*order[:axis], channels, *order[axis + 1 :]))


def _in_groups(drafts: Drafts, node: Node, views: list[View]) -> View | None:
    """``mix_channels`` of all: channels put behind each other in every group, as in every head; nothing for others."""
    axis = node.attributes["axis"]
    parts = [view.dimensions[axis] for view in views]
    if any(part != whole(CHANNELS, length(part)) for part in parts) or any(
        length(part) == drafts[view.node].channels for part, view in zip(parts, views, strict=True)
    ):
        return None
    dimensions = [regrouped(view.dimensions, axis, node.shape[axis]) for view in views]
    if any(one != dimensions[0] for one in dimensions):
        return None
    channels = drafts[views[0].node].channels // length(parts[0]) * node.shape[axis]
    read = together(drafts, [view.node for view in views], node.scope)
    return View(drafts.mixed(read, channels, node.scope), dimensions[0])


def _with_tokens(drafts: Drafts, node: Node, values: list[Value]) -> View | None:
    """Class tokens before all units of a map in one row, its own or those of another one; nothing for others."""
    *first, last = values
    fixed = [value for value in first if isinstance(value, FixedTensor)]
    if not isinstance(last, View) or not first:
        return None
    if len(fixed) == len(first):
        return _with_learned_tokens(drafts, node, last, fixed)
    holder = _holder_of_tokens(drafts, first[0], node.attributes["axis"])
    return None if holder is None or len(first) > 1 else _with_tokens_of(drafts, node, last, holder)


def _with_tokens_of(drafts: Drafts, node: Node, view: View, holder: View) -> View | None:
    """``put_tokens``: all class tokens of another map; nothing where these stand in other dimensions."""
    axis = node.attributes["axis"]
    layer = drafts[view.node]
    around = [(*one.dimensions[:axis], *one.dimensions[axis + 1 :]) for one in (holder, view)]
    if layer.tokens or not layer.row or view.dimensions[axis] != layer.row or around[0] != around[1]:
        return None
    view = drafts.settled(view)
    inputs = (view.node, holder.node)
    tokens = drafts[holder.node].tokens
    draft = LayerDraft("put_tokens", inputs, layer.channels, layer.size, scope=node.scope, tokens=tokens)
    return _in_row(drafts, drafts.add(draft), view, axis)


def _holder_of_tokens(drafts: Drafts, value: Value, axis: int) -> View | None:
    """The view of a map of which all class tokens were taken, if that is what a tensor is."""
    if isinstance(value, TokensOf):
        return value.view
    if not isinstance(value, View) or value.words or drafts[value.node].operation != "take_token":
        return None
    [node] = drafts[value.node].inputs
    rest = (*value.dimensions[:axis], drafts[node].row, *value.dimensions[axis + 1 :])
    return View(node, rest) if drafts[node].tokens == 1 and not value.dimensions[axis] else None


def _with_learned_tokens(drafts: Drafts, node: Node, view: View, fixed: list[FixedTensor]) -> View | None:
    """``class_token``: units that no image changes before all those of a map in one row; nothing for others."""
    axis, layer = node.attributes["axis"], drafts[view.node]
    rest = [dimension for place, dimension in enumerate(view.dimensions) if place != axis and dimension]
    if view.dimensions[axis] != layer.row or not layer.row or rest != [whole(CHANNELS, layer.channels)]:
        return None
    view = drafts.settled(view)
    count = sum([tensor.shape[axis] for tensor in fixed])
    attributes = {"count": count} if count > 1 else {}
    learned = tuple([name for tensor in fixed for name in tensor.learned])
    draft = LayerDraft(
        "class_token", (view.node,), layer.channels, layer.size, attributes, learned, node.scope,
        tokens=layer.tokens + count,
    )  # fmt: skip
    return _in_row(drafts, drafts.add(draft), view, axis)


def _with_fixed_channels(drafts: Drafts, node: Node, maps: list[Value], fixed: list[FixedTensor]) -> View:
    """``pad_channels``: channels that no image changes. Raises: Puzzling for units that none does."""
    axis = node.attributes["axis"]
    view = drafts.settled(view_of([concat(drafts, node, maps)] if len(maps) > 1 else maps))
    layer, whole_axis = drafts[view.node], whole(CHANNELS, drafts[view.node].channels)
    if view.dimensions[axis] != whole_axis or not whole_axis:
        raise Puzzling("it puts a map beside what no image changes, such as a class token, which lies nowhere in it")
    channels = node.shape[axis]
    learned = tuple([name for tensor in fixed for name in tensor.learned])
    result = drafts.layer(
        "pad_channels", (view.node,), channels, layer.size, {"channels": channels}, learned, node.scope
    )
    return View(result, (*view.dimensions[:axis], whole(CHANNELS, channels), *view.dimensions[axis + 1 :]))


def _are_single_channels(drafts: Drafts, views: list[View], axis: int) -> bool:
    return all(drafts[view.node].channels == 1 for view in views) and axis == 1


def _channel_place(drafts: Drafts, view: View) -> int:
    """The dimension that is all channels and nothing else; -1 where there is none."""
    channels = whole(CHANNELS, drafts[view.node].channels)
    if not channels:
        return 1
    return next((place for place, dimension in enumerate(view.dimensions) if dimension == channels), -1)


def _moved(drafts: Drafts, view: View, axis: int) -> int:
    """The map of a view whose channels stand in any dimension, and its units around them in their order."""
    others = [dimension for place, dimension in enumerate(view.dimensions) if place not in (0, axis)]
    others = [other for other in others if other] if len(others) != drafts.axes else others
    spatial = _spread(drafts, view.node, others)
    return map_of(drafts, View(view.node, ((), view.dimensions[axis], *spatial), (), view.scope))


def _spread(drafts: Drafts, image: int, others: list[Dimension]) -> Dimensions:
    """The spatial dimensions: as they are, or one that holds all axes taken apart."""
    if len(others) == drafts.axes:
        return tuple(others)
    try:
        return reshaped(tuple(others), drafts[image].size)
    except Torn:
        raise Puzzling("it puts parts of axes behind each other") from None


def _concatenated(drafts: Drafts, node: Node, maps: list[int]) -> int:
    channels = sum([drafts[image].channels for image in maps])
    return drafts.layer("concat", tuple(maps), channels, drafts[maps[0]].size, {}, (), node.scope)


def _stacked(drafts: Drafts, node: Node, views: list[View], axis: int) -> View:
    """Maps put behind each other in a dimension of their own: channels, with that dimension as their first digit."""
    if any(view.dimensions != views[0].dimensions for view in views):
        raise Puzzling("it stacks maps whose units are in different orders")
    each = drafts[views[0].node].channels
    if any(drafts[one.node].size != drafts[other.node].size for one, other in pairwise(views)):
        raise Puzzling("it stacks maps of different sizes")
    result = _concatenated(drafts, node, [view.node for view in views])
    order = views[0].dimensions
    return View(result, (*order[:axis], (Digit(CHANNELS, each, len(views)),), *order[axis + 1 :]))
