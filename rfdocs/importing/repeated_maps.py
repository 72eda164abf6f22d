"""Maps that a tensor repeats, one channel for many or one unit for an axis of them, as layers that hold so many."""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.importing.drafts import ASKED, Drafts, Puzzling, View
from rfdocs.importing.views import lengths


def repeated(drafts: Drafts, view: View, shape: Sequence[int], scope: str) -> View:
    """The view of a map of this shape: ``mix_channels`` of one channel, ``upsample`` of one unit along an axis.

    Raises: Puzzling where the tensor is no map with its channels first.
    """
    if lengths(view.dimensions) == tuple(shape):
        return view
    view = drafts.settled(view)
    node, rank = view.node, len(shape)
    standing, size = drafts.standard(node), (*shape[2:], *drafts[node].size[max(rank - 2, 0) :])
    if view.dimensions != standing[:rank] or any(standing[rank:]) or rank < 2 or shape[0] != 1:
        raise Puzzling("it reads a map that is repeated, channels or units")
    if drafts[node].channels != shape[1]:
        node = drafts.mixed(node, shape[1], scope)
    if drafts[node].size != size:
        node = drafts.layer("upsample", (node,), shape[1], size, {ASKED: size}, (), scope)
    return View(node, drafts.standard(node)[:rank])
