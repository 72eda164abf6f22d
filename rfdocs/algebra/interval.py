"""A stretch of consecutive indices: what a unit's receptive field is on one axis."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class Interval(NamedTuple):
    """The indices ``first, first + 1, ..., last``, both ends included.

    Pixel ``i`` covers ``[i, i + 1)``, so the interval covers ``[first, last + 1)``.

    >>> Interval(-3, 7).size
    11
    >>> Interval(-3, 7).center
    Fraction(5, 2)
    """

    first: int
    last: int

    @property
    def size(self) -> int:
        """The number of indices: ``last - first + 1``. Unit: indices."""
        return self.last - self.first + 1

    @property
    def center(self) -> Fraction:
        """The middle of the covered stretch: ``(first + last + 1) / 2``. Unit: input pixels."""
        return Fraction(self.first + self.last + 1, 2)

    def shifted(self, distance: int) -> Interval:
        """The interval moved by ``distance``.

        >>> Interval(0, 2).shifted(5)
        Interval(first=5, last=7)
        """
        return Interval(self.first + distance, self.last + distance)


def hull(intervals: Iterable[Interval | None]) -> Interval | None:
    """The smallest interval that holds all of them; ``None`` (nothing is read) where there is none.

    Rule: ``[min first, max last]``. It is commutative, associative and idempotent, and ``None`` is neutral.

    >>> hull([Interval(0, 2), None, Interval(7, 8)])
    Interval(first=0, last=8)
    """
    parts = [part for part in intervals if part is not None]
    if len(parts) < 2:
        return parts[0] if parts else None
    return Interval(min([part.first for part in parts]), max([part.last for part in parts]))
