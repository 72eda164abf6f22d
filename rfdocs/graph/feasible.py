"""Which lengths of the input a network can be applied to, on one axis: the nearest to one that it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.graph.network import AXES, Network, NetworkError
from rfdocs.graph.trace import lengths_on, trace_axis

#: The most layers that are looked at to find lengths near one that is refused.
STEPS = 1 << 18


def takes(network: Network, axis: int, length: int) -> bool:
    """Whether the network can be applied to that length of the input on an axis.

    >>> import rfdocs
    >>> network = rfdocs.load("vgg16").network
    >>> takes(network, 0, 32), takes(network, 0, 31)
    (True, False)
    """
    if length % network.multiple:
        return False
    try:
        trace_axis(network, axis, length)
    except NetworkError:
        return False
    return True


def nearest_lengths(network: Network, axis: int, length: int) -> tuple[int, ...]:
    """The nearest lengths that the network takes: the largest below ``length`` and the smallest above it, as far as
    there are such and they are found within the limits.

    >>> import rfdocs
    >>> nearest_lengths(rfdocs.load("segnet").network, 1, 350)
    (320, 352)
    """
    budget = STEPS // max(len(network.layers), 1)
    below = _first(network, axis, range(length - 1, max(length - 1 - budget, 0), -1))
    above = _first(network, axis, range(length + 1, min(length + budget, MAP_LENGTH) + 1))
    return tuple([found for found in (below, above) if found is not None])


def _first(network: Network, axis: int, lengths: Iterable[int]) -> int | None:
    """The first of the lengths that the network takes; sizes alone are looked at first, for that is quick."""
    for length in lengths:
        if length % network.multiple:
            continue
        try:
            lengths_on(network, axis, length)
        except NetworkError:
            continue
        if takes(network, axis, length):
            return length
    return None


def nearest_sizes(network: Network, size: Sequence[int]) -> str:
    """In place of which lengths of a refused size the network takes which others, in words; nothing where it takes none
    nearby, or where the size itself is not at fault.

    >>> import rfdocs
    >>> nearest_sizes(rfdocs.load("segnet").network, (512, 350))
    'it takes a width of 320 or 352 in place of 350'
    >>> nearest_sizes(rfdocs.load("deeplabv3plus_resnet50").network, (350, 350))
    'it takes 336 or 352 in place of 350'
    """
    found = [_nearest(network, axis, length) for axis, length in enumerate(size)]
    if len(set(zip(found, size, strict=True))) == 1:
        return f"it takes {_worded(found[0], size[0])}" if found[0] else ""
    told = [
        f"a {name} of {_worded(lengths, length)}"
        for name, lengths, length in zip(AXES[len(size)], found, size, strict=True)
        if lengths
    ]
    return f"it takes {', and '.join(told)}" if told else ""


def _nearest(network: Network, axis: int, length: int) -> tuple[int, ...]:
    return () if takes(network, axis, length) else nearest_lengths(network, axis, length)


def _worded(lengths: Sequence[int], length: int) -> str:
    return f"{' or '.join(map(str, lengths))} in place of {length}"
