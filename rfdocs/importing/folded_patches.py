"""Maps that are cut out of one map unit by unit, every so many, and put behind each other: its patches as channels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product
from math import prod

from rfdocs.importing.drafts import Drafts, View
from rfdocs.importing.views import with_channels_last

#: Of each axis, which unit of another map the first one is, and how far apart the units are there.
_Places = tuple[tuple[int, int], ...]


def dealt_patches(drafts: Drafts, views: Sequence[View], axis: int, scope: str) -> View | None:
    """``space_to_depth`` of the map whose patches these are, put behind each other along ``axis``; nothing, where
    they are not all units of each patch, or in no order.
    """
    cut = [_cut_out(drafts, view.node) for view in views]
    sources, steps = {source for source, _ in cut}, {tuple([step for _, step in places]) for _, places in cut}
    if len(sources) > 1 or len(steps) > 1 or prod(*steps) != len(views) or len({view.dimensions for view in views}) > 1:
        return None
    [source], [factors] = sources, steps
    size = drafts[views[0].node].size
    if drafts[source].size != tuple([count * factor for count, factor in zip(size, factors, strict=True)]):
        return None
    if not _are_in_order(factors, [tuple([start for start, _ in places]) for _, places in cut]):
        return None
    channels = drafts[source].channels * prod(factors)
    folded = drafts.layer("space_to_depth", (source,), channels, size, {"scale": factors}, scope=scope)
    return _where_it_stands(drafts, views[0], axis, folded)


def _where_it_stands(drafts: Drafts, part: View, axis: int, folded: int) -> View | None:
    """The view of the map, with its channels where they are put behind each other, and its axes in their places."""
    before, after = drafts.standard(part.node), drafts.standard(folded)
    if axis == 1 and part.dimensions == before:
        return View(folded, after)
    if axis == len(before) - 1 and part.dimensions == with_channels_last(before):
        return View(folded, with_channels_last(after))
    return None


def _cut_out(drafts: Drafts, node: int) -> tuple[int, _Places]:
    """The layer that a map is cut out of, and which of its units are left."""
    places = [(0, 1)] * drafts.axes
    while drafts[node].operation in {"crop", "subsample"}:
        given = drafts[node].attributes
        before = [first for first, _ in given.get("padding", [(0, 0)] * drafts.axes)]
        stride = given.get("stride", (1,) * drafts.axes)
        pairs = zip(places, before, stride, strict=True)
        places = [(start * step + first, apart * step) for (start, apart), first, step in pairs]
        [node] = drafts[node].inputs
    return node, tuple(places)


def _are_in_order(factors: Sequence[int], starts: Sequence[tuple[int, ...]]) -> bool:
    """Whether the units of a patch come axis by axis, whichever axis changes last."""
    axes = range(len(factors))
    for order in permutations(axes):
        units = [dict(zip(order, unit, strict=True)) for unit in product(*[range(factors[axis]) for axis in order])]
        if [tuple([unit[axis] for axis in axes]) for unit in units] == list(starts):
            return True
    return False
