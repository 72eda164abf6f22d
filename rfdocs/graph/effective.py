"""How the paths to a unit are spread over its field: the effective receptive field under uniform weights.

Source: Luo et al. 2016, "Understanding the effective receptive field in deep convolutional neural networks".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import sqrt


@dataclass(frozen=True, slots=True)
class Spread:
    """The paths' mean place and standard deviation, and the shortest stretch that holds 95 % of them.

    Unit: input pixels; pixel 0 is centred at 0.5; the stretch is from ``first`` to before ``end``.
    """

    mean: float
    deviation: float
    first: int
    end: int

    @property
    def width(self) -> int:
        """The stretch's length. Unit: input pixels."""
        return self.end - self.first


def spread(counts: Mapping[int, int]) -> Spread:
    """The spread of the paths over the pixels, at least one path.

    >>> spread({0: 1, 1: 2, 2: 1})
    Spread(mean=1.5, deviation=0.7071067811865476, first=0, end=3)
    """
    total = sum(counts.values())
    mean = Fraction(sum(pixel * count for pixel, count in counts.items()), total)
    variance = Fraction(sum(pixel * pixel * count for pixel, count in counts.items()), total) - mean * mean
    first, end = shortest(counts, total)
    return Spread(float(mean) + 0.5, sqrt(variance), first, end)


def shortest(counts: Mapping[int, int], total: int) -> tuple[int, int]:
    """The first of the shortest stretches that hold 95 % of the paths: from a pixel to before another.

    >>> shortest({0: 1, 1: 2, 2: 1}, 4), shortest({0: 1, 1: 1, 2: 30}, 32)
    ((0, 3), (1, 3))
    """
    pixels = sorted(counts)
    sums = [0, *accumulate(counts[pixel] for pixel in pixels)]
    best, last = (pixels[0], pixels[-1] + 1), 0
    for place, pixel in enumerate(pixels):
        while last < len(pixels) and 20 * (sums[last] - sums[place]) < 19 * total:
            last += 1
        if 20 * (sums[last] - sums[place]) < 19 * total:
            break
        best = min(best, (pixel, pixels[last - 1] + 1), key=lambda stretch: (stretch[1] - stretch[0], stretch[0]))
    return best


def shares(counts: Mapping[int, int], first: int, last: int, step: int) -> list[float]:
    """The share of the paths in each stretch of ``step`` pixels, of the largest share.

    >>> shares({0: 1, 1: 2, 2: 1}, 0, 2, 1)
    [0.5, 1.0, 0.5]
    """
    bins = [sum(counts.get(pixel, 0) for pixel in range(start, start + step)) for start in range(first, last + 1, step)]
    most = max(bins)
    return [float(Fraction(part, most)) for part in bins]
