"""How long an object may be so that some unit's field holds all of it, wherever in the image it lies: on one axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from rfdocs.algebra.interval import Interval


def longest_held(fields: Iterable[Interval | None], length: int) -> int:
    """The most consecutive pixels of an image that lie within the field of at least one unit at every place; 0 if none.

    Rule: ``s`` is held if for every ``a`` from 0 to ``length - s`` some field has ``first <= a`` and
    ``last >= a + s - 1``. Of units ``j`` apart with fields of ``r`` pixels, away from the image's ends: ``r - j + 1``.
    Unit: pixels.

    >>> longest_held([Interval(start, start + 8) for start in range(-4, 20, 4)], 20)
    6
    >>> longest_held([Interval(-5, 30)], 20), longest_held([], 20)
    (20, 0)
    """
    ends = _furthest_ends(fields, length)
    return next(held for held in range(length, -1, -1) if _holds(ends, held))


def _furthest_ends(fields: Iterable[Interval | None], length: int) -> Sequence[int]:
    """For every pixel, the last one of the fields that begin there or before, whichever reaches furthest."""
    furthest = [-1] * length
    for field in fields:
        if field is not None and field.first < length:
            begin = max(0, field.first)
            furthest[begin] = max(furthest[begin], field.last)
    return list(accumulate(furthest, max))


def _holds(ends: Sequence[int], held: int) -> bool:
    return all(ends[place] >= place + held - 1 for place in range(len(ends) - held + 1)) if held else True
