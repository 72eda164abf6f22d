"""Products of two matrices that both follow from the image: what they multiply, in the words of attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from rfdocs.importing.drafts import Drafts, LayerDraft, Product, Puzzling, Scores
from rfdocs.importing.views import CHANNELS, Dimension, Dimensions, aligned, length


def units_of(dimension: Dimension) -> int:
    """How many units a dimension counts, its channels left aside."""
    return prod([digit.size for digit in dimension if digit.axis != CHANNELS])


def product_of(rows: Dimensions, columns: Dimensions) -> Product:
    """The product of matrices in the last two dimensions; of those before, both have the same, or one of length 1.

    Rule: as many multiply-accumulates as the result has places, times the length of what is summed over.
    """
    if min(len(rows), len(columns)) < 2 or length(rows[-1]) != length(columns[-2]):
        raise Puzzling("it multiplies two maps in a way that is no attention")
    pairs = zip(*aligned(rows[:-2], columns[:-2]), strict=True)
    return _over([*(max(pair, key=length) for pair in pairs), rows[-2], rows[-1], columns[-1]])


def attended_product(values: Dimensions, summed: Dimension) -> Product:
    """The product of scores and values, as long as the values' places, times what is summed over."""
    return _over([*values, summed])


def _over(dimensions: Sequence[Dimension]) -> Product:
    return Product(prod(map(length, dimensions)), prod(map(units_of, dimensions)))


def work_of(products: Sequence[Product], units: int) -> dict[str, int]:
    """What these products take, for a map of so many units, as attributes of a layer: for each pair of units, for each
    unit, and whatever the map's size.

    Raises: Puzzling where it grows otherwise, as where units of one axis alone see each other.

    >>> work_of([Product(16 * 16 * 8, 16 * 16), Product(16 * 8 * 8, 16)], 16)
    {'macs_per_pair': 8, 'macs_per_unit': 64}
    """
    work: dict[str, int] = {}
    for each in products:
        key = {1: "macs", units: "macs_per_unit", units**2: "macs_per_pair"}.get(each.units)
        if key is None:
            raise Puzzling("what it multiplies grows neither with the units nor with their pairs")
        work[key] = work.get(key, 0) + each.macs // each.units
    return work


def attending(drafts: Drafts, scores: Scores, values: int) -> tuple[int, Mapping[str, int]]:
    """The map that an attention reads, and the attribute that says so: its values, where queries and keys are other
    channels of what these are a part of, and else all three behind each other.
    """
    read = dict.fromkeys((scores.query.node, scores.key.node, values))
    if len({_whole(drafts, node) for node in read}) == 1:
        return values, {}
    channels = sum(drafts[node].channels for node in read)
    joined = LayerDraft("concat", tuple(read), channels, drafts[values].size, scope=drafts[values].scope)
    return drafts.add(joined), {"channels": drafts[values].channels}


def _whole(drafts: Drafts, node: int) -> int:
    """The layer that some channels are cut out of."""
    while drafts[node].operation == "slice":
        node = drafts[node].inputs[0]
    return node


def counted(drafts: Drafts, node: int, work: Mapping[str, int], scope: str) -> int:
    """The same map behind a layer that says what its model multiplies there, where its own operation counts nothing."""
    layer = drafts[node]
    return drafts.add(
        LayerDraft("global_context", (node,), layer.channels, layer.size, work, scope=scope, inferred=True)
    )
