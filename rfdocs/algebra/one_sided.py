"""What lies before every unit of a map, or behind it: the context of recurrence and of attention to one side.

A unit of the map sees what the units before it see and what it sees itself. A unit outside the map, for which only
maps without ends ask, sees that end of the map's first field from which all others go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from rfdocs.algebra.field import Field, PeriodicField, TabulatedField
from rfdocs.algebra.interval import Interval, hull


def in_order(field: Field) -> bool:
    """Whether every unit reads something, and no field begins or ends before that of an earlier unit.

    >>> in_order(PeriodicField(2, 1, (Interval(0, 0), Interval(0, 1)))), in_order(PeriodicField(2, 1, (None, None)))
    (True, False)
    """
    if not isinstance(field, PeriodicField):
        return False
    fields = [field.at(unit) for unit in range(field.period + 1)]
    return all(
        one is not None and other is not None and one.first <= other.first and one.last <= other.last
        for one, other in pairwise(fields)
    )


def end_of(field: Interval | None, *, before: bool) -> Interval | None:
    """The one pixel at the end of a field that lies before all others, or behind them."""
    if field is None:
        return None
    pixel = field.first if before else field.last
    return Interval(pixel, pixel)


def one_sided(fields: Sequence[Interval | None], units: Interval, *, before: bool) -> TabulatedField[Interval]:
    """The hulls of the fields of a map's units up to each of ``units``, or from each on.

    >>> one_sided([Interval(1, 2), Interval(0, 1), Interval(4, 4)], Interval(-1, 3), before=True).fields[:4]
    (Interval(first=1, last=1), Interval(first=1, last=2), Interval(first=0, last=2), Interval(first=0, last=4))
    """
    ordered = fields if before else fields[::-1]
    so_far = list(accumulate(ordered, lambda one, other: hull((one, other))))
    outside = end_of(so_far[0], before=before)
    places = [unit if before else len(fields) - 1 - unit for unit in range(units.first, units.last + 1)]
    hulls = [outside if place < 0 else so_far[min(place, len(so_far) - 1)] for place in places]
    return TabulatedField(units.first, len(fields), tuple(hulls))
