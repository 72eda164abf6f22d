"""Foreign nodes that look at several numbers at once without a window: normalisations, softmax, attention."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from math import prod
from typing import Any

from rfdocs.importing.crossed_nodes import crossed
from rfdocs.importing.drafts import Drafts, FixedTensor, LayerDraft, Puzzling, Scores, Value, View, Word
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.hidden_keys import hidden_by
from rfdocs.importing.placed_nodes import placed
from rfdocs.importing.products import attended_product, attending, counted, product_of, scored, units_of, work_of
from rfdocs.importing.views import (
    CHANNELS,
    Dimensions,
    Torn,
    as_keys,
    axes_of,
    length,
    lengths,
    of_channels,
    permuted,
    regrouped,
    reshaped,
    whole,
)
from rfdocs.importing.window_nodes import rearranged, view_of


def normalisation(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``batchnorm``, ``layernorm``, ``groupnorm``, ``instancenorm``, ``local_response_norm``."""
    view = view_of(values)
    mode, affine = node.attributes["mode"], node.attributes["affine"]
    if mode == "batch" and not affine:
        return View(view.node, view.dimensions, (*view.words, Word("normalised", node.scope, (), node.tensor)))
    view = drafts.settled(view)
    if mode == "layer" and _is_over_patches(node, view):
        view = rearranged(drafts, view)
    operation = _layer_norm(drafts, node, view) if mode == "layer" else _normalisation_word(mode, affine)
    attributes = {"channels": drafts[view.node].channels} if operation == "mix_channels" else {}
    result = drafts.alike(operation, (view.node,), attributes, node.learned, node.scope)
    return View(result, view.dimensions)


def _is_over_patches(node: Node, view: View) -> bool:
    """Whether it is over the last dimension, which has units among the channels, and others stand before it."""
    last = axes_of(view.dimensions[-1])
    rest = any(view.dimensions[:-1])
    return tuple(node.attributes["axes"]) == (len(view.dimensions) - 1,) and len(last) > 1 and CHANNELS in last and rest


def _normalisation_word(mode: str, affine: int) -> str:
    words = {
        ("batch", 2): "batchnorm",
        ("batch", 1): "layer_scale",
        ("group", 2): "groupnorm",
        ("group", 1): "mix_channels",
        ("instance", 0): "instancenorm",
        ("instance", 1): "instancenorm",
        ("instance", 2): "instancenorm",
        ("local", 0): "local_response_norm",
    }
    if (mode, affine) not in words:
        raise Puzzling(f"a {mode} normalisation with {affine} learned numbers for each channel")
    return words[mode, affine]


def _layer_norm(drafts: Drafts, node: Node, view: View) -> str:
    """Over the channels of each unit, or those of each of its heads, or over all channels of all units."""
    over = [digit for axis in node.attributes["axes"] for digit in view.dimensions[axis]]
    layer, affine = drafts[view.node], node.attributes["affine"]
    channels = whole(CHANNELS, layer.channels)
    if tuple(over) == channels:
        return "layernorm" if affine == 2 else "mix_channels"
    if prod([digit.size for digit in over]) == layer.channels * layer.units and affine == 2:
        return "groupnorm"
    if {digit.axis for digit in over} == {CHANNELS}:
        return "mix_channels"
    raise Puzzling("it normalises a part of the units")


def softmax(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """Over channels a function of each unit."""
    view = view_of(values)
    over = axes_of(view.dimensions[node.attributes["axis"]])
    if over - {CHANNELS} and drafts[view.node].channels > 1:
        raise Puzzling("it weighs the units of a map against each other")
    return View(view.node, view.dimensions, (*view.words, Word("softmax", node.scope, (), node.tensor)))


def product(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """The product of two matrices: scores of queries and keys, or what these scores make of the values."""
    first, second = values
    if isinstance(first, View) and isinstance(second, View):
        if drafts[second.node].channels == 1 < drafts[first.node].channels:
            return _weighted_mean(drafts, node, first, second)
        return _scores(drafts.settled(first), drafts.settled(second))
    if isinstance(first, Scores) and isinstance(second, View):
        return _attended(drafts, node, first, second, unit=-2)
    if isinstance(first, View) and isinstance(second, Scores):
        return _attended(drafts, node, second, first, unit=-1)
    raise Puzzling("it multiplies by a matrix in a way that the format has no word for")


def _scores(query: View, key: View) -> Scores:
    """What the product of queries and keys, these with their channels before their units, is."""
    work = product_of(query.dimensions, key.dimensions)
    return Scores(query, key, work, dimensions=scored(query.dimensions, key.dimensions))


def same_scores(node: Node, scores: Scores) -> Scores:
    """The scores in another order of their places, or a function of each; or what all keys of each query come to, which
    no mask can hide from then on.

    Raises: Puzzling for what other places come to.
    """
    dimensions = scores.dimensions
    if node.kind == "reduce":
        if tuple(node.attributes["axes"]) != (len(node.shape) - 1,) or not node.attributes["keep"] or scores.hidden:
            raise Puzzling("it puts scores of several queries of an attention together")
        return replace(scores, dimensions=())
    if node.kind == "expand":
        return replace(scores, dimensions=())
    if node.kind == "reshape":
        with suppress(Torn):
            return replace(scores, dimensions=reshaped(dimensions, node.shape) if dimensions else ())
        return replace(scores, dimensions=())
    if node.kind == "permute" and dimensions:
        return replace(scores, dimensions=permuted(dimensions, node.attributes["order"]))
    return scores


def _weighted_mean(drafts: Drafts, node: Node, image: View, mask: View) -> View:
    """A mean of all units by weights of their own: ``multiply``, then ``global_avgpool``.

    Raises: Puzzling where it is over a part of the map.
    """
    image, mask = drafts.settled(image), drafts.settled(mask)
    layer = drafts[image.node]
    work = product_of(image.dimensions, mask.dimensions)
    if image.dimensions[-1] != mask.dimensions[-2] or units_of(image.dimensions[-1]) != prod(layer.size):
        raise Puzzling("it multiplies two maps in a way that is no attention")
    weighed = drafts.alike("multiply", (image.node, mask.node), scope=node.scope)
    weighed = counted(drafts, weighed, {"macs_per_unit": work.macs // prod(layer.size)}, node.scope)
    size = (1,) * drafts.axes
    pooling = LayerDraft(
        "global_avgpool", (weighed,), layer.channels, size, {}, node.learned, node.scope, inferred=True
    )
    result = drafts.add(pooling)
    return View(result, (*image.dimensions[:-1], ()))


def attention(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """Queries, keys and values in one."""
    query, key, value = (drafts.settled(view_of(values, place)) for place in range(3))
    *others, units, channels = key.dimensions
    scores = _scores(query, replace(key, dimensions=(*others, channels, units)))
    for extra in values[3:]:
        if isinstance(extra, FixedTensor):
            scores = with_fixed(drafts, scores, extra)
    if node.attributes.get("causal"):
        scores = _causal(drafts, scores)
    return _attended(drafts, node, scores, value, unit=-2)


def _causal(drafts: Drafts, scores: Scores) -> Scores:
    """The scores of an attention to what lies before. Raises: Puzzling where that is not told by one axis."""
    units = whole(1, prod(drafts[scores.query.node].size))
    if drafts.axes > 1 or scores.query.dimensions[-2] != units or scores.dimensions[-1:] != (as_keys(units),):
        raise Puzzling("its attention is causal, and not along the one axis of its map")
    return replace(scores, hidden="after")


def with_fixed(drafts: Drafts, scores: Scores, fixed: FixedTensor) -> Scores:
    """The scores with what no image changes added: it is learned, or hides keys."""
    missing = len(fixed.shape) - len(scores.dimensions) if scores.dimensions else 0
    dimensions = ((),) * max(missing, 0) + scores.dimensions
    hidden = hidden_by(fixed, dimensions, drafts[scores.query.node].size)
    if hidden and scores.hidden:
        raise Puzzling("several masks hide keys of the same attention")
    learned = (*scores.learned, *fixed.learned)
    return replace(scores, learned=learned, dimensions=dimensions, hidden=hidden or scores.hidden)


def _attended(drafts: Drafts, node: Node, scores: Scores, view: View, unit: int) -> View:
    """``attention``: a gate on the values, which shows every unit all of them; or attention by places."""
    view = drafts.settled(view)
    layer, summed = drafts[view.node], view.dimensions[unit]
    sides = [drafts[side.node] for side in (scores.query, scores.key)]
    if any(side.tokens != layer.tokens for side in sides):
        raise Puzzling("some of its class tokens attend, or are attended to, and others are not")
    if sides[1].size != layer.size:
        raise Puzzling("its keys and its values are maps of different sizes")
    if sides[0].size != layer.size:
        return crossed(drafts, node, scores, view, unit)
    if not summed and layer.units > 1:
        raise Puzzling("its attention sees one unit only, for what it takes for images of a batch are the map's units")
    if units_of(summed) != layer.units and not axes_of(summed) <= {CHANNELS}:
        return placed(drafts, node, scores, view, unit)
    return _attended_by_all(drafts, node, scores, view, unit)


def _attended_by_all(drafts: Drafts, node: Node, scores: Scores, view: View, unit: int) -> View:
    """``attention`` of all units, or of all channels, to all."""
    layer, dimensions = drafts[view.node], _of_scores(scores, view.dimensions, unit)
    if scores.hidden and not (scores.hidden == "after" and _sums_keys(scores, unit)):
        raise Puzzling("a mask hides keys of an attention to the whole map")
    grouped = lengths(dimensions) != lengths(view.dimensions)
    channels = prod(map(of_channels, dimensions)) if grouped else layer.channels
    products = [scores.product] * drafts.first_time(scores.product)
    products.append(attended_product(dimensions, view.dimensions[unit]))
    read, given = attending(drafts, scores, view.node)
    attributes: dict[str, Any] = {"channels": channels} if grouped else dict(given)
    attributes |= work_of(products, layer.units)
    attributes |= {"causal": True} if scores.hidden else {}
    learned = (*scores.learned, *node.learned)
    attended = LayerDraft("attention", (read,), channels, layer.size, attributes, learned, node.scope)
    return View(drafts.add(attended), dimensions)


def _sums_keys(scores: Scores, unit: int) -> bool:
    """Whether the dimension of scores that a product with values sums over counts keys."""
    summed = scores.dimensions[-1 if unit == -2 else -2]
    return bool(summed) and all(digit.axis < 0 for digit in summed)


def _of_scores(scores: Scores, values: Dimensions, unit: int) -> Dimensions:
    """The dimensions of what scores make of values: these, but where scores of channels make others of each group."""
    if not scores.dimensions or axes_of(values[unit]) != {CHANNELS}:
        return values
    group = as_keys(scores.dimensions[-1]) if unit == -1 else scores.dimensions[-2]
    if axes_of(group) != {CHANNELS} or length(group) == length(values[unit]):
        return values
    return regrouped(values, unit % len(values), length(group))
