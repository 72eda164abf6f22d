"""Ticks, and labels that keep their distance."""

from __future__ import annotations

from collections.abc import Sequence


def ticks(limit: float, most: int = 6) -> list[int]:
    """At most ``most`` whole numbers from 0 to ``limit`` in steps of 1, 2 or 5 times a power of ten.

    >>> ticks(483), ticks(3)
    ([0, 100, 200, 300, 400], [0, 1, 2, 3])
    """
    step, factors = 1, (2.0, 2.5, 2.0)
    turn = 0
    while limit // step + 1 > most:
        step = int(step * factors[turn % 3])
        turn += 1
    return list(range(0, int(limit) + 1, step))


def powers(limit: float, most: int = 6) -> list[int]:
    """At most ``most`` powers of one base, 2, 4, 10 or 100, from 1 to ``limit``.

    >>> powers(40), powers(1000)
    ([1, 2, 4, 8, 16, 32], [1, 4, 16, 64, 256])
    """
    for base in (2, 4, 10, 100):
        exponentials = [1]
        while exponentials[-1] * base <= limit:
            exponentials.append(exponentials[-1] * base)
        if len(exponentials) <= most:
            return exponentials
    return exponentials[::-1][:: len(exponentials) // most + 1][::-1]


def places_apart(places: Sequence[float], pitch: float, low: float, high: float) -> list[float]:
    """The ascending places moved as little as is needed to stand ``pitch`` apart within ``low`` and ``high``.

    Where they cannot all fit they keep their pitch and run over ``high``.

    >>> places_apart([10, 11, 50], 8, 0, 100)
    [6.5, 14.5, 50.0]
    """
    groups: list[tuple[float, int]] = []
    for place in places:
        middle, count = float(place), 1
        middle = _middle_within(middle, count, pitch, low, high)
        while groups and groups[-1][0] + _half(groups[-1][1], pitch) > middle - _half(count, pitch) - pitch:
            before, earlier = groups.pop()
            middle = (before * earlier + middle * count) / (earlier + count)
            count += earlier
            middle = _middle_within(middle, count, pitch, low, high)
        groups.append((middle, count))
    return [middle - _half(count, pitch) + pitch * turn for middle, count in groups for turn in range(count)]


def _half(count: int, pitch: float) -> float:
    return (count - 1) * pitch / 2


def _middle_within(middle: float, count: int, pitch: float, low: float, high: float) -> float:
    return max(low + _half(count, pitch), min(middle, high - _half(count, pitch)))
