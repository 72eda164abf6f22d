"""From any order of places back to a map: which rearrangement of channels and units a tensor stands for."""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.importing.drafts import Drafts, Puzzling, View
from rfdocs.importing.views import CHANNELS, Digit, Dimension, Dimensions, length, whole, with_channels_first


def map_of(drafts: Drafts, view: View, *, last: bool = False) -> int:
    """The layer whose map the tensor is, as convolutions have it, behind a rearrangement where it needs one.

    Where channels are ``last``, the tensor has them behind its spatial axes. Raises: Puzzling.
    """
    view = drafts.settled(view)
    dimensions = with_channels_first(view.dimensions) if last else view.dimensions
    return _rearranged(drafts, view.node, dimensions, view.scope)


def _rearranged(drafts: Drafts, node: int, dimensions: Dimensions, scope: str) -> int:
    if drafts[node].tokens:
        raise Puzzling("it reads units by their places, and class tokens have none")
    if len(dimensions) != drafts.axes + 2:
        raise Puzzling(f"a map of {drafts.axes} axes is wanted, and the tensor has {len(dimensions)} dimensions")
    if dimensions[0]:
        raise Puzzling("the images of a batch are mixed with what they hold")
    if dimensions == drafts.standard(node):
        return node
    for rule in (_shuffled_channels, _shuffled_pixels, _folded_pixels):
        rearranged = rule(drafts, node, dimensions, scope)
        if rearranged is not None:
            return rearranged
    raise Puzzling("its channels and units are rearranged in a way that the format has no word for")


def _spatial(drafts: Drafts, node: int) -> Dimensions:
    return drafts.standard(node)[2:]


def _shuffled_channels(drafts: Drafts, node: int, dimensions: Dimensions, scope: str) -> int | None:
    """``channel_shuffle``: the channels ``(groups, each)`` read as ``(each, groups)``."""
    if dimensions[2:] != _spatial(drafts, node):
        return None
    match dimensions[1]:
        case (Digit(0, 1, each), Digit(0, stride, groups)) if stride == each and (
            each * groups == drafts[node].channels
        ):
            return drafts.alike("channel_shuffle", (node,), {"groups": groups}, scope=scope)
    if {digit.axis for digit in dimensions[1]} == {CHANNELS} and length(dimensions[1]) == drafts[node].channels:
        return drafts.alike("channel_shuffle", (node,), {}, scope=scope)
    return None


def _shuffled_pixels(drafts: Drafts, node: int, dimensions: Dimensions, scope: str) -> int | None:
    """``pixel_shuffle``: behind each spatial axis a digit of the channels."""
    factors: list[int] = []
    for dimension, own in zip(dimensions[2:], _spatial(drafts, node), strict=True):
        rest = dimension[len(own) :]
        if dimension[: len(own)] != own or any(digit.axis != CHANNELS for digit in rest) or len(rest) > 1:
            return None
        factors.append(length(rest))
    if {digit.axis for digit in dimensions[1]} - {CHANNELS} or len(dimensions[1]) > 1:
        return None
    size = tuple([count * factor for count, factor in zip(drafts[node].size, factors, strict=True)])
    return drafts.layer("pixel_shuffle", (node,), length(dimensions[1]), size, {"scale": tuple(factors)}, scope=scope)


def _folded_pixels(drafts: Drafts, node: int, dimensions: Dimensions, scope: str) -> int | None:
    """``space_to_depth``: the last digit of each spatial axis among the channels, which are all there."""
    factors = [_block(dimension, axis, count) for axis, dimension, count in _axes(drafts, node, dimensions)]
    if None in factors:
        return None
    wanted = {*whole(CHANNELS, drafts[node].channels)}
    wanted |= {Digit(axis, 1, factor) for axis, factor in enumerate(factors, start=1) if factor and factor > 1}
    if set(dimensions[1]) != wanted:
        return None
    size = tuple(map(length, dimensions[2:]))
    return drafts.layer("space_to_depth", (node,), length(dimensions[1]), size, {"scale": tuple(factors)}, scope=scope)


def _axes(drafts: Drafts, node: int, dimensions: Dimensions) -> Sequence[tuple[int, Dimension, int]]:
    return [(axis, dimensions[axis + 1], count) for axis, count in enumerate(drafts[node].size, start=1)]


def _block(dimension: Dimension, axis: int, count: int) -> int | None:
    """How many units of an axis became one; ``None`` where the dimension is not its first digit."""
    have = length(dimension)
    if count % have:
        return None
    block = count // have
    return block if dimension in {whole(axis, count), (Digit(axis, block, have),), ()} else None
