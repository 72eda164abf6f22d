"""How the paths to a unit are spread over its field: the effective receptive field under uniform weights.

Source: Luo et al. 2016, "Understanding the effective receptive field in deep convolutional neural networks".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import sqrt

from rfdocs.algebra.paths import Paths


@dataclass(frozen=True, slots=True)
class Spread:
    """The paths' mean place and standard deviation, and the shortest stretch that holds 95 % of them.

    Unit: input pixels; pixel 0 is centred at 0.5; the stretch is from ``first`` to before ``end``.
    """

    mean: Fraction
    deviation: float
    first: int
    end: int

    def shifted(self, distance: int) -> Spread:
        """The same spread, moved by ``distance``."""
        return Spread(self.mean + distance, self.deviation, self.first + distance, self.end + distance)

    @property
    def width(self) -> int:
        """The stretch's length. Unit: input pixels."""
        return self.end - self.first


def spread(counts: Mapping[int, int]) -> Spread:
    """The spread of the paths over the pixels, at least one path.

    >>> spread({0: 1, 1: 2, 2: 1})
    Spread(mean=Fraction(3, 2), deviation=0.7071067811865476, first=0, end=3)
    """
    first, last = min(counts), max(counts)
    return spread_from(first, [counts.get(pixel, 0) for pixel in range(first, last + 1)])


def spread_of(paths: Paths) -> Spread:
    """The spread of such paths, found once for equal counts: blocks repeat, and so do the networks of a family.

    >>> spread_of(Paths(first=5, size=3, packed=0x010201, width=8))
    Spread(mean=Fraction(13, 2), deviation=0.7071067811865476, first=5, end=8)
    """
    return _spread_from_pixel_0(paths.shifted(-paths.first)).shifted(paths.first)


@lru_cache(maxsize=1 << 10)
def _spread_from_pixel_0(paths: Paths) -> Spread:
    return spread_from(0, paths.counts())


def spread_from(first: int, counts: Sequence[int]) -> Spread:
    """The spread of the paths over consecutive pixels, of which the first and the last have some.

    Rule: with running sums ``S(i)`` of the counts and ``T(i)`` of those, ``sum of i c(i) = n S(n) - T(n)``, and the sum
    of squares likewise from the sum of ``T``: nothing is multiplied pixel by pixel.

    >>> spread_from(0, [1, 2, 1])
    Spread(mean=Fraction(3, 2), deviation=0.7071067811865476, first=0, end=3)
    """
    sums = list(accumulate(counts, initial=0))
    total, number = sums[-1], len(counts)
    twice = list(accumulate(sums[1:]))
    once, thrice = twice[-1], sum(twice)
    places = number * total - once
    squares = number * number * total - (2 * number + 1) * once + 2 * thrice
    mean = Fraction(2 * places + (2 * first + 1) * total, 2 * total)
    deviation = sqrt((squares * total - places * places) / (total * total))
    start, end = _shortest_stretch(sums)
    return Spread(mean, deviation, first + start, first + end)


def _shortest_stretch(sums: Sequence[int]) -> tuple[int, int]:
    """The first of the shortest stretches that hold 95 % of what running sums count: its start and its end.

    From each start on it is only asked whether a shorter one does than the shortest up to there.

    >>> _shortest_stretch([0, 1, 3, 4]), _shortest_stretch([0, 1, 2, 32])
    ((0, 3), (1, 3))
    """
    total = sums[-1]
    wanted = -(-19 * total // 20)
    first, shorter = 0, bisect_left(sums, wanted) - 1
    for start in range(bisect_right(sums, total - wanted)):
        while sums[start + shorter] - sums[start] >= wanted:
            first, shorter = start, shorter - 1
    return first, first + shorter + 1


def shares(counts: Mapping[int, int], first: int, last: int, step: int) -> list[float]:
    """The share of the paths in each stretch of ``step`` pixels, of the largest share.

    >>> shares({0: 1, 1: 2, 2: 1}, 0, 2, 1)
    [0.5, 1.0, 0.5]
    """
    bins = _bins(counts, first, last, step)
    most = max(bins)
    return [float(Fraction(part, most)) for part in bins]


def path_share(counts: Mapping[int, int], first: int, last: int, step: int) -> float:
    """All paths, of those that the fullest stretch of ``step`` pixels has.

    >>> path_share({0: 1, 1: 2, 2: 1}, 0, 2, 1)
    2.0
    """
    return float(Fraction(sum(counts.values()), max(_bins(counts, first, last, step))))


def _bins(counts: Mapping[int, int], first: int, last: int, step: int) -> list[int]:
    return [sum(counts.get(pixel, 0) for pixel in range(start, start + step)) for start in range(first, last + 1, step)]
