"""Some of a map's channels, and which of a layer's input they are made of.

Layers that mix channels read all of them. Others (pooling, depthwise and grouped convolution, merges) keep channels
apart, so that a choice among them, behind a concatenation, sees less than the whole map does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rfdocs.errors import ArithmeticRefusal

__all__ = ["Channels"]

#: The most separate stretches of channels that are followed.
STRETCHES = 1 << 12


@dataclass(frozen=True, slots=True)
class Channels:
    """Channels of one map as stretches ``(first, end)``, the end not included; ascending and apart."""

    stretches: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, stretches: Iterable[tuple[int, int]]) -> Channels:
        """The channels in any of the stretches. Raises: ArithmeticRefusal beyond the limits.

        >>> Channels.of([(4, 6), (0, 2), (2, 3)])
        Channels(stretches=((0, 3), (4, 6)))
        """
        joined: list[tuple[int, int]] = []
        for first, end in sorted(stretches):
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            elif first < end:
                joined.append((first, end))
        if len(joined) > STRETCHES:
            raise ArithmeticRefusal(f"its channels come from more than {STRETCHES} places")
        return cls(tuple(joined))

    @classmethod
    def all(cls, count: int) -> Channels:
        """All channels of a map that has ``count``."""
        return cls(((0, count),))

    def __bool__(self) -> bool:
        return bool(self.stretches)

    def shifted(self, distance: int) -> Channels:
        """The channels moved by ``distance``."""
        return Channels(tuple([(first + distance, end + distance) for first, end in self.stretches]))

    def within(self, first: int, end: int) -> Channels:
        """Those from ``first`` to before ``end``, counted from ``first``.

        >>> Channels(((0, 3), (4, 6))).within(2, 5)
        Channels(stretches=((0, 1), (2, 3)))
        """
        cut = [(max(start, first) - first, min(stop, end) - first) for start, stop in self.stretches]
        return Channels.of([(start, stop) for start, stop in cut if start < stop])

    def across_groups(self, group_out: int, group_in: int) -> Channels:
        """What they are made of in a layer whose groups of ``group_out`` channels each read a group of ``group_in``.

        Rule: channel ``c`` reads ``group_in * (c // group_out)`` to before ``group_in * (c // group_out + 1)``.

        >>> Channels(((3, 5),)).across_groups(group_out=4, group_in=2)
        Channels(stretches=((0, 4),))
        """
        return Channels.of(
            [(first // group_out * group_in, -(-end // group_out) * group_in) for first, end in self.stretches]
        )

    def unshuffled(self, groups: int, count: int) -> Channels:
        """Where they stood before a shuffle that deals out ``groups`` groups of a map of ``count`` channels in turn.

        Rule: channel ``c`` was channel ``(c % groups) * count / groups + c // groups``.
        Source: Zhang et al. 2018 (ShuffleNet), section 3.1.

        >>> Channels(((0, 3),)).unshuffled(groups=2, count=6)
        Channels(stretches=((0, 2), (3, 4)))
        """
        if groups * len(self.stretches) > STRETCHES:
            raise ArithmeticRefusal(f"its channels come from more than {STRETCHES} places")
        size = count // groups
        return Channels.of(
            [
                (group * size - (group - first) // groups, group * size - (group - end) // groups)
                for first, end in self.stretches
                for group in range(groups)
            ]
        )
