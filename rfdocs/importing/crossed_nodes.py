"""Foreign attention of a map to another one, of another size: a gate of all its units on each of the first."""

from __future__ import annotations

from math import prod

from rfdocs.importing.drafts import Drafts, LayerDraft, Product, Puzzling, Scores, View
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.products import attended_product, count_the_same, counted, together, units_of, whole_of
from rfdocs.importing.views import aligned, as_keys, length

_OTHERWISE = "its queries and its values are maps of different sizes"


def crossed(drafts: Drafts, node: Node, scores: Scores, values: View, unit: int) -> View:
    """``multiply`` of the queries and a global pooling of what they attend to, and what both products take.

    Every unit so reads itself by its query, and by a gate the whole of the other map. Raises: Puzzling where it sees a
    part of that only.
    """
    query, other = drafts[scores.query.node], drafts[values.node]
    if unit != -2 or not _see_all(drafts, scores, values):
        raise Puzzling(_OTHERWISE)
    products = [scores.product] * drafts.first_time(scores.product)
    products.append(attended_product(values.dimensions, scores.dimensions[-2]))
    shown = [values.node] if whole_of(drafts, scores.key.node) == whole_of(drafts, values.node) else []
    read = together(drafts, shown or [scores.key.node, values.node], node.scope)
    one = (1,) * drafts.axes
    pooled = drafts.add(
        LayerDraft("global_avgpool", (read,), drafts[read].channels, one, {}, (), node.scope, inferred=True)
    )
    gate, queries = (drafts.of_channels(image, other.channels, node.scope) for image in (pooled, scores.query.node))
    learned = (*scores.learned, *node.learned)
    gated = drafts.layer("multiply", (queries, gate), other.channels, query.size, {}, learned, node.scope)
    result = counted(drafts, gated, _work(products, prod(query.size)), node.scope)
    return View(result, (*values.dimensions[:-2], scores.dimensions[-2], values.dimensions[-1]))


def _see_all(drafts: Drafts, scores: Scores, values: View) -> bool:
    """Whether all queries see all units of the other map, and no other channels than those of their head."""
    if not scores.dimensions or scores.hidden:
        return False
    pairs = zip(*aligned(scores.dimensions[:-2], values.dimensions[:-2]), strict=True)
    maps = (scores.query.node, scores.dimensions[-2]), (values.node, values.dimensions[-2])
    whole = all(units_of(units) == length(units) == prod(drafts[image].size) for image, units in maps)
    same = scores.dimensions[-1] == as_keys(values.dimensions[-2])
    return whole and same and all(count_the_same(*pair) for pair in pairs)


def _work(products: list[Product], units: int) -> dict[str, int]:
    """As attributes of a layer of so many units: for each pair of them, for both maps grow together."""
    per_pair, rest = divmod(sum([one.macs for one in products]), units**2)
    if rest:
        raise Puzzling(f"{_OTHERWISE}, and what they multiply is no whole number for each pair of queries")
    return {"macs_per_pair": per_pair}
