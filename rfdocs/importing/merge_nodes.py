"""Foreign nodes that put tensors together number by number: sums, products, and functions of one number."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from rfdocs.importing.drafts import Drafts, FixedTensor, Puzzling, Scores, Value, View, Word
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.maps import map_of
from rfdocs.importing.mixing_nodes import with_fixed
from rfdocs.importing.products import together
from rfdocs.importing.views import (
    CHANNELS,
    Digit,
    Dimension,
    Dimensions,
    aligned,
    axes_of,
    joined,
    length,
    lengths,
    of_channels,
    of_units,
    whole,
)
from rfdocs.importing.window_nodes import view_of

#: What a number times a function of it is called.
_TIMES_ITSELF = {
    "sigmoid": "silu", "hard_sigmoid": "hard_swish", "relu6": "hard_swish", "erf": "gelu", "tanh": "mish",
}  # fmt: skip
_MEANT = {"swish": "silu"}


def pointwise(_drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """A function of every number by itself, kept until it is known what becomes of it."""
    view = view_of(values)
    if node.kind == "prelu":
        return View(view.node, view.dimensions, (*view.words, Word("prelu", node.scope, node.learned, node.tensor)))
    word = node.attributes["word"]
    return View(
        view.node, view.dimensions, (*view.words, Word(_MEANT.get(word, word), node.scope, node.learned, node.tensor))
    )


def merge(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``add`` or ``multiply``: of two maps a layer, of a map and what no image changes its learned numbers."""
    first, second = values
    if isinstance(second, FixedTensor):
        return _with_fixed(drafts, node, first, second)
    if isinstance(first, FixedTensor):
        return _with_fixed(drafts, node, second, first)
    if isinstance(first, Scores) and isinstance(second, Scores) and _are_of_one_product(node, first, second):
        return replace(first, dimensions=(), learned=(*first.learned, *second.learned))
    if isinstance(first, Scores) or isinstance(second, Scores):
        raise Puzzling("it puts the scores of an attention together with a map")
    return _of_views(drafts, node, view_of(values), view_of(values, 1))


def _are_of_one_product(node: Node, first: Scores, second: Scores) -> bool:
    """Whether the sum of both is, for each query, another function of the same scores, none of which is hidden."""
    return node.kind == "add" and first.product is second.product and not (first.hidden or second.hidden)


def _with_fixed(drafts: Drafts, node: Node, value: Value, fixed: FixedTensor) -> Value:
    learned = (*node.learned, *fixed.learned)
    if isinstance(value, Scores) and node.kind == "add":
        return with_fixed(drafts, value, replace(fixed, learned=learned))
    if isinstance(value, Scores):
        _check_factors(fixed)
        return replace(value, learned=(*value.learned, *learned))
    view = _of_rank(view_of([value]), len(node.shape))
    if any(1 == have < most for have, most in zip(lengths(view.dimensions)[::-1], fixed.shape[::-1], strict=False)):
        raise Puzzling("what no image changes makes more channels, or units, of its map")
    if node.kind == "multiply":
        _check_mask(fixed)
    if not learned:
        return View(view.node, view.dimensions, (*view.words, Word("scaled", node.scope, (), node.tensor)))
    view = drafts.settled(view)
    scaled = node.kind == "multiply" and _is_one_per_channel(view.dimensions, fixed.shape)
    operation = "layer_scale" if scaled else "identity"
    result = drafts.alike(operation, (view.node,), {}, learned, node.scope)
    return View(result, view.dimensions)


def _check_factors(fixed: FixedTensor) -> None:
    """Raises: Puzzling where what scores are multiplied by may hide keys: a factor of 0 that nobody learned."""
    numbers = None if fixed.learned or prod(fixed.shape) == 1 else fixed.numbers()
    unknown = numbers is None and not fixed.learned and prod(fixed.shape) > 1
    if unknown or (numbers is not None and not numbers.all()):
        raise Puzzling("what the scores of its attention are multiplied by hides keys, or may do so")


def _check_mask(fixed: FixedTensor) -> None:
    """Raises: Puzzling where a map is multiplied by noughts and ones, both of them, that nobody learned."""
    numbers = None if fixed.learned or prod(fixed.shape) == 1 else fixed.numbers()
    if numbers is not None and not numbers.all() and numbers.any() and ((numbers == 0) | (numbers == 1)).all():
        raise Puzzling("it multiplies by a mask of noughts and ones, and the format has no word for what one hides")


def _of_rank(view: View, rank: int) -> View:
    """The view with so many dimensions at least, those in front of length 1."""
    missing = max(rank - len(view.dimensions), 0)
    return replace(view, dimensions=((),) * missing + view.dimensions)


def _is_one_per_channel(dimensions: Dimensions, shape: tuple[int, ...]) -> bool:
    """Whether a tensor that broadcasts to the other's shape has one number for each channel."""
    padded = (1,) * (len(dimensions) - len(shape)) + shape
    channels = [count for dimension, count in zip(dimensions, padded, strict=True) if CHANNELS in axes_of(dimension)]
    return prod(padded) == prod(channels) == prod([length(d) for d in dimensions if CHANNELS in axes_of(d)])


def _of_views(drafts: Drafts, node: Node, first: View, second: View) -> Value:
    if first.node == second.node and first.dimensions == second.dimensions:
        return _of_itself(node, first, second)
    first, second = drafts.settled(first), drafts.settled(second)
    dimensions = _common(drafts, first, second)
    if dimensions is not None:
        return View(_merged(drafts, node, (first.node, second.node)), dimensions)
    for whole_view, part in ((first, second), (second, first)):
        if _are_grouped(whole_view, part):
            return _by_groups(drafts, node, whole_view, part)
    return _of_other_orders(drafts, node, first, second)


def _of_other_orders(drafts: Drafts, node: Node, first: View, second: View) -> View:
    """The merge of two tensors that show their maps in different orders."""
    if (ordered := _in_order_of(drafts, first, second)) is not None:
        return View(_merged(drafts, node, (first.node, ordered)), first.dimensions)
    if (ordered := _in_order_of(drafts, second, first)) is not None:
        return View(_merged(drafts, node, (ordered, second.node)), second.dimensions)
    return drafts.view(_merged(drafts, node, (_in_standard(drafts, first), _in_standard(drafts, second))))


def _are_grouped(whole: View, part: View) -> bool:
    """Whether a tensor has a number for each group of another's channels, unit by unit."""
    pairs = list(zip(*aligned(whole.dimensions, part.dimensions), strict=True))
    units = all(of_units(one) == of_units(other) for one, other in pairs)
    return units and all(length(other) in {length(of_units(one)), length(one)} for one, other in pairs)


def _by_groups(drafts: Drafts, node: Node, whole: View, part: View) -> View:
    """``mix_channels`` of both: every channel by the number of its group."""
    both = together(drafts, (whole.node, part.node), "")
    return View(drafts.mixed(both, drafts[whole.node].channels, node.scope), whole.dimensions)


def _in_order_of(drafts: Drafts, first: View, other: View) -> int | None:
    """The other tensor's map with its channels in the order of the first one's, which has its own in order; nothing
    where other places differ as well.
    """
    pairs = list(zip(*aligned(first.dimensions, other.dimensions), strict=True))
    channels, lone = drafts[first.node].channels, _single_axes(drafts, other.node)
    if any(_without_axes(of_units(one), lone) != of_units(two) for one, two in pairs):
        return None
    if any(of_channels(one) != of_channels(two) for one, two in pairs) or drafts[other.node].channels != channels:
        return None
    parts = sorted([pair for pair in pairs if axes_of(pair[0]) == {CHANNELS}], key=lambda pair: -pair[0][0].stride)
    own, order = (joined([digit for part in parts for digit in part[side]]) for side in (0, 1))
    if own != whole(CHANNELS, channels):
        return None
    return map_of(drafts, View(other.node, ((), order, *drafts.standard(other.node)[2:]), (), other.scope))


def _in_standard(drafts: Drafts, view: View) -> int:
    """The map of a view that is one, missing dimensions of length 1 put in front."""
    return map_of(drafts, _of_rank(view, drafts.axes + 2))


def _of_itself(node: Node, first: View, second: View) -> Value:
    """Two functions of the same number, put together: one function of it."""
    same = 0
    while same < min(len(first.words), len(second.words)) and first.words[same] == second.words[same]:
        same += 1
    common, rest = first.words[:same], (first.words[same:], second.words[same:])
    learned = tuple(name for words in rest for word in words for name in word.learned)
    names = dict.fromkeys(word.word for words in rest for word in words)
    meant = [_TIMES_ITSELF[word] for word in names if word in _TIMES_ITSELF] if node.kind == "multiply" else []
    return View(
        first.node,
        first.dimensions,
        (*common, Word(meant[0] if meant else "combined", node.scope, learned, node.tensor)),
    )


def _merged(drafts: Drafts, node: Node, maps: tuple[int, int]) -> int:
    channels = max([drafts[number].channels for number in maps])
    if node.kind == "add":  # a sum is of equal channels: one that is added to several is written as so many
        first, second = (drafts.of_channels(number, channels, node.scope) for number in maps)
        maps = first, second
    size = tuple([max(pair) for pair in zip(*(drafts[number].size for number in maps), strict=True)])
    return drafts.layer(node.kind, maps, channels, size, {}, node.learned, node.scope)


def _common(drafts: Drafts, first: View, second: View) -> Dimensions | None:
    """The dimensions of two tensors that show their maps in the same order; of a map of one unit, or one channel, the
    digits of those axes are missing. ``None`` where the orders are different.
    """
    pairs = list(zip(*aligned(first.dimensions, second.dimensions), strict=True))
    shared: list[Dimension] = []
    for one, other in pairs:
        lone, lone_other = (_single_axes(drafts, view.node) for view in (first, second))
        if one == other or _without_axes(one, lone_other) == other:
            shared.append(one)
        elif _without_axes(other, lone) == one:
            shared.append(other)
        else:
            return None
    return tuple(shared) if _is_whole(drafts, first, second, shared) else None


def _single_axes(drafts: Drafts, node: int) -> set[int]:
    """The axes along which a map has one place only."""
    return {axis for axis, count in drafts[node].lengths.items() if count == 1}


def _without_axes(dimension: Dimension, axes: set[int]) -> Dimension:
    return tuple([digit for digit in dimension if digit.axis not in axes])


def _is_whole(drafts: Drafts, first: View, second: View, shared: list[Dimension]) -> bool:
    """Whether the shared dimensions have every place of the merged map once."""
    one, other = (drafts[view.node].lengths for view in (first, second))
    if one.keys() != other.keys():
        return False
    digits: list[Digit] = [digit for dimension in shared for digit in dimension]
    held = {axis: prod([digit.size for digit in digits if digit.axis == axis]) for axis in one}
    return all(held[axis] == max(one[axis], other[axis]) for axis in one)
