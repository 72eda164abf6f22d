"""Products of two matrices that both follow from the image: what they multiply, in the words of attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from rfdocs.importing.drafts import Drafts, LayerDraft, Product, Puzzling, Scores
from rfdocs.importing.views import CHANNELS, Dimension, Dimensions, aligned, as_keys, length, of_units


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


def scored(rows: Dimensions, columns: Dimensions) -> Dimensions:
    """The dimensions of the scores that a product of queries and keys is; none where the dimensions before the last two
    do not count the same of both.
    """
    pairs = list(zip(*aligned(rows[:-2], columns[:-2]), strict=True))
    if not all(count_the_same(*pair) for pair in pairs):
        return ()
    return (*(one or other for one, other in pairs), rows[-2], as_keys(columns[-1]))


def count_the_same(one: Dimension, other: Dimension) -> bool:
    """Whether two dimensions have the same digits of units, and as many channels: these are other channels."""
    return of_units(one) == of_units(other) and length(one) == length(other)


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
    read = list(dict.fromkeys((scores.query.node, scores.key.node, values)))
    if len({whole_of(drafts, node) for node in read}) == 1:
        return values, {}
    return together(drafts, read, drafts[values].scope), {"channels": drafts[values].channels}


def whole_of(drafts: Drafts, node: int) -> int:
    """The layer that some channels are cut out of."""
    while drafts[node].operation == "slice":
        node = drafts[node].inputs[0]
    return node


def together(drafts: Drafts, maps: Sequence[int], scope: str) -> int:
    """Maps behind each other; of one, itself."""
    if len(maps) == 1:
        return maps[0]
    channels = sum([drafts[node].channels for node in maps])
    return drafts.add(LayerDraft("concat", tuple(maps), channels, drafts[maps[0]].size, scope=scope))


def counted(drafts: Drafts, node: int, work: Mapping[str, int], scope: str) -> int:
    """The same map behind a layer that says what its model multiplies there, where its own operation counts nothing."""
    layer = drafts[node]
    return drafts.add(
        LayerDraft("global_context", (node,), layer.channels, layer.size, work, scope=scope, inferred=True)
    )
