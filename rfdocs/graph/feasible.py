"""Which lengths of the input a network can be applied to, on one axis: the nearest to one that it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.graph.network import AXES, Network, NetworkError
from rfdocs.graph.trace import Spend, lengths_on, trace_axis, uncounted

#: The most steps, a layer's length or a single read each, in which a length near one that is refused is looked for.
STEPS = 1 << 18


class _StepsUsedUp(Exception):
    """The steps of a search are used up."""


class _Search:
    """Counts the steps of one search, for itself and for whoever counts all."""

    def __init__(self, spend: Spend) -> None:
        self._spend = spend
        self._left = STEPS

    def spend(self, steps: int) -> None:
        """Counts some. Raises: _StepsUsedUp beyond the limit."""
        self._spend(steps)
        self._left -= steps
        if self._left < 0:
            raise _StepsUsedUp


def takes(network: Network, axis: int, length: int, spend: Spend = uncounted) -> bool:
    """Whether the network can be applied to that length of the input on an axis.

    >>> import rfdocs
    >>> network = rfdocs.load("vgg16").network
    >>> takes(network, 0, 32), takes(network, 0, 31)
    (True, False)
    """
    if length % network.multiple:
        return False
    try:
        trace_axis(network, axis, length, spend)
    except NetworkError:
        return False
    return True


def nearest_lengths(network: Network, axis: int, length: int, spend: Spend = uncounted) -> tuple[int, ...]:
    """The nearest lengths that the network takes: the largest below ``length`` and the smallest above it, as far as
    there are such and they are found within the limits.

    >>> import rfdocs
    >>> nearest_lengths(rfdocs.load("segnet").network, 1, 350)
    (320, 352)
    """
    below = _first_taken(network, axis, range(length - 1, 0, -1), spend)
    above = _first_taken(network, axis, range(length + 1, MAP_LENGTH + 1), spend)
    return tuple([nearest for nearest in (below, above) if nearest is not None])


def _first_taken(network: Network, axis: int, lengths: Iterable[int], spend: Spend) -> int | None:
    """The first of the lengths that the network takes, if it is found within the limit."""
    search = _Search(spend)
    with suppress(_StepsUsedUp):
        return next((length for length in lengths if _fits(network, axis, length, search)), None)
    return None


def _fits(network: Network, axis: int, length: int, search: _Search) -> bool:
    """Whether the network takes a length; sizes alone are looked at first, for that is quick."""
    search.spend(1)
    if length % network.multiple:
        return False
    search.spend(len(network.layers))
    try:
        lengths_on(network, axis, length)
    except NetworkError:
        return False
    return takes(network, axis, length, search.spend)


def nearest_sizes_text(network: Network, size: Sequence[int], spend: Spend = uncounted) -> str:
    """In place of which lengths of a refused size the network takes which others, in words; nothing where it takes none
    nearby, or where the size itself is not at fault.

    >>> import rfdocs
    >>> nearest_sizes_text(rfdocs.load("segnet").network, (512, 350))
    'it takes a width of 320 or 352 in place of 350'
    >>> nearest_sizes_text(rfdocs.load("deeplabv3plus_resnet50").network, (350, 350))
    'it takes 336 or 352 in place of 350'
    """
    nearest = [
        () if takes(network, axis, length, spend) else nearest_lengths(network, axis, length, spend)
        for axis, length in enumerate(size)
    ]
    if len(set(zip(nearest, size, strict=True))) == 1:
        return f"it takes {_in_place_of(nearest[0], size[0])}" if nearest[0] else ""
    phrases = [
        f"a {name} of {_in_place_of(lengths, length)}"
        for name, lengths, length in zip(AXES[len(size)], nearest, size, strict=True)
        if lengths
    ]
    return f"it takes {', and '.join(phrases)}" if phrases else ""


def _in_place_of(lengths: Sequence[int], length: int) -> str:
    return f"{' or '.join(map(str, lengths))} in place of {length}"
