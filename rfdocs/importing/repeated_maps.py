"""Maps that a tensor repeats, one channel for many, one unit for an axis of them, or each so many times, as layers that
hold so many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rfdocs.importing.drafts import ASKED, Drafts, Puzzling, View
from rfdocs.importing.views import CHANNELS, length, lengths, reshaped


def repeated(drafts: Drafts, view: View, shape: Sequence[int], scope: str) -> View:
    """The view of a map of this shape: ``mix_channels`` of one channel, ``upsample`` of one unit along an axis.

    Raises: Puzzling where the tensor is no map with its channels first.
    """
    if lengths(view.dimensions) == tuple(shape):
        return view
    view = drafts.settled(view)
    copies = _with_copies(drafts, view, shape, scope)
    if copies is not None:
        return copies
    node, rank = view.node, len(shape)
    standing, size = drafts.standard(node), (*shape[2:], *drafts[node].size[max(rank - 2, 0) :])
    if view.dimensions != standing[:rank] or any(standing[rank:]) or rank < 2 or shape[0] != 1:
        raise Puzzling("it reads a map that is repeated, channels or units")
    if drafts[node].channels != shape[1]:
        node = drafts.mixed(node, shape[1], scope)
    if drafts[node].size != size:
        node = drafts.layer("upsample", (node,), shape[1], size, {ASKED: size}, (), scope)
    return View(node, drafts.standard(node)[:rank])


def _with_copies(drafts: Drafts, view: View, shape: Sequence[int], scope: str) -> View | None:
    """Each channel, or each unit of an axis, so many times: ``mix_channels``, and ``upsample``.

    Copies are counted in dimensions of their own, each behind that of what is copied, or before that of the channels.
    Nothing for other tensors.
    """
    places = [place for place, have in enumerate(lengths(view.dimensions)) if have != shape[place]]
    rest = tuple([dimension for place, dimension in enumerate(view.dimensions) if place not in places])
    axes = [place - number - 2 for number, place in enumerate(places)]
    times = {axis: shape[place] for axis, place in zip(axes, places, strict=True)}
    if rest != drafts.standard(view.node) or len(times) < len(axes) or axes[:1] == [-2] or axes[:2] == [-1, 0]:
        return None
    node = _copied(drafts, view.node, times, scope)
    dimensions = [
        reshaped((dimension,), _apart(length(dimension), axis, times))
        for axis, dimension in enumerate(drafts.standard(node)[1:])
    ]
    return View(node, ((), *[part for parts in dimensions for part in parts]))


def _copied(drafts: Drafts, node: int, times: Mapping[int, int], scope: str) -> int:
    """The map with its channels (axis 0, or, where all are copied in turn, -1) and the units of its axes copied."""
    channels = drafts[node].channels * times.get(CHANNELS, times.get(-1, 1))
    if channels != drafts[node].channels:
        node = drafts.mixed(node, channels, scope)
    scale = tuple([times.get(axis, 1) for axis in range(1, drafts.axes + 1)])
    if set(scale) == {1}:
        return node
    size = tuple([count * factor for count, factor in zip(drafts[node].size, scale, strict=True)])
    return drafts.layer("upsample", (node,), channels, size, {"scale": scale}, (), scope)


def _apart(count: int, axis: int, times: Mapping[int, int]) -> tuple[int, ...]:
    """The dimensions of an axis: what is copied, and the copies, in their order."""
    if axis in times:
        return (count // times[axis], times[axis])
    return (times[-1], count // times[-1]) if axis == CHANNELS and -1 in times else (count,)
