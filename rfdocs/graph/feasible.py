"""Which lengths of the input a network can be applied to, on one axis: the nearest to one that it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import NamedTuple

from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.graph.network import AXES, Network, NetworkError
from rfdocs.graph.trace import Spend, steps_on, trace_axis, uncounted

#: The most steps, a layer's length or a single read each, in which the lengths that a network takes are looked for.
STEPS = 1 << 18


class SizeRule(NamedTuple):
    """The lengths of an image that a network takes, small ones aside: ``offset + k * step``, for each offset; with a
    step of 0 that one length alone.

    >>> str(SizeRule(1, (0,))), str(SizeRule(16, (0,))), str(SizeRule(16, (12,))), str(SizeRule(32, (0, 8, 30, 31)))
    ('any', 'multiples of 16', '16 k + 12', '32 k + 8, 32 k - 2 to 32 k')
    >>> str(SizeRule(0, (64,)))
    '64 alone'
    """

    step: int
    offsets: tuple[int, ...]

    def offset(self, length: int) -> int:
        """The offset of a length that the network takes."""
        return length % self.step if self.step else length

    def __str__(self) -> str:
        if self == (1, (0,)):
            return "any"
        if not self.step:
            return f"{self.offsets[0]} alone"
        if self.offsets == (0,):
            return f"multiples of {self.step}"
        return ", ".join([" to ".join(map(self._text, dict.fromkeys(run))) for run in self._runs()])

    def _runs(self) -> Iterator[tuple[int, int]]:
        """The first and the last of offsets that follow each other; those up to the step begin below 0."""
        offsets = set(self.offsets)
        for first in self.offsets:
            if (first - 1) % self.step not in offsets:
                last = first
                while (last + 1) % self.step in offsets:
                    last += 1
                yield (first, last) if last < self.step else (first - self.step, last - self.step)

    def _text(self, offset: int) -> str:
        sign = "-" if offset < 0 else "+"
        return f"{self.step} k {sign} {abs(offset)}" if offset else f"{self.step} k"


class _StepsUsedUp(Exception):
    """The steps of a search are used up."""


class _Search:
    """Counts the steps of one search, for itself and for whoever counts all; ``taken`` are the patterns of
    layers at lengths that the network takes.
    """

    def __init__(self, spend: Spend) -> None:
        self._spend = spend
        self._left = STEPS
        self.taken: set[Patterns] = set()

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
    below = _first_taken(network, axis, range(min(length - 1, MAP_LENGTH), 0, -1), spend)
    above = _first_taken(network, axis, range(max(length + 1, 1), MAP_LENGTH + 1), spend)
    return tuple([nearest for nearest in (below, above) if nearest is not None])


def size_rule(network: Network, axis: int, length: int, period: int) -> SizeRule | None:
    """Which lengths the network takes, told from those of one ``period`` behind a ``length`` that it takes; ``None``
    where that takes too many steps.

    >>> import rfdocs
    >>> unet, resnet = rfdocs.load("unet3d").network, rfdocs.load("resnet50").network
    >>> size_rule(unet, 0, 132, 8), size_rule(resnet, 0, 224, 32)
    (SizeRule(step=8, offsets=(4,)), SizeRule(step=1, offsets=(0,)))
    """
    search = _Search(uncounted)
    search.taken.add(_patterns(network, axis, length))
    lengths = range(length + 1, length + period + 1)
    try:
        taken = {other % period for other in lengths if _fits(network, axis, other, search)}
    except _StepsUsedUp:
        return None
    return _least_rule(period, taken) if taken else SizeRule(0, (length,))


def _least_rule(period: int, offsets: set[int]) -> SizeRule:
    """The same lengths by their least period: the first step that leads from each to one, which divides any other."""
    step = next(step for step in count(1) if {(offset + step) % period for offset in offsets} == offsets)
    return SizeRule(step, tuple(sorted({offset % step for offset in offsets})))


def _first_taken(network: Network, axis: int, lengths: Iterable[int], spend: Spend) -> int | None:
    """The first of the lengths that the network takes, if it is found within the limit."""
    search = _Search(spend)
    with suppress(_StepsUsedUp):
        return next((length for length in lengths if _fits(network, axis, length, search)), None)
    return None


#: How what every layer reads repeats: its pattern's period and shift; ``None`` where that holds for one size only.
Patterns = tuple[tuple[tuple[int, int] | None, ...], ...]


def _patterns(network: Network, axis: int, length: int) -> Patterns:
    """The patterns of all layers. Raises: NetworkError."""
    return tuple([tuple([reads.pattern for reads in step.reads]) for step in steps_on(network, axis, length)])


def _fits(network: Network, axis: int, length: int, search: _Search) -> bool:
    """Whether the network takes a length; sizes alone are looked at first, for that is quick. Of lengths at which the
    layers have the same patterns one is looked at closely: paths with jumps meet there with the same ones, and paths
    without go with any.
    """
    search.spend(1)
    if length % network.multiple:
        return False
    search.spend(len(network.layers))
    try:
        patterns = _patterns(network, axis, length)
    except NetworkError:
        return False
    if patterns not in search.taken and takes(network, axis, length, search.spend):
        search.taken.add(patterns)
    return patterns in search.taken


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
