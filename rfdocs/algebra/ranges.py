"""Sets of units as ranges of consecutive ones: what a unit really sees, holes left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rfdocs.algebra.interval import Interval
from rfdocs.algebra.reads import Edge, Reads, Window


def joined_ranges(intervals: Iterable[Interval]) -> list[Interval]:
    """The same units as ranges in order, with something between any two of them.

    >>> joined_ranges([Interval(7, 9), Interval(0, 2), Interval(3, 3), Interval(8, 12)])
    [Interval(first=0, last=3), Interval(first=7, last=12)]
    """
    joined: list[Interval] = []
    for part in sorted(intervals):
        if joined and part.first <= joined[-1].last + 1:
            joined[-1] = Interval(joined[-1].first, max(joined[-1].last, part.last))
        else:
            joined.append(part)
    return joined


def reads_consecutively(reads: Reads) -> bool:
    """Whether consecutive units read consecutive ones, so that the ends of a range tell what it reads."""
    if not isinstance(reads, Window) or reads.edge is not Edge.ZERO:
        return False
    return reads.dilation == 1 and reads.stride <= reads.kernel


def ranges_read(reads: Reads, units: Sequence[Interval], length: int) -> list[Interval]:
    """What ranges of units read of a real map of ``length`` units, in ranges of any order.

    >>> ranges_read(Window(kernel=5, before=2, edge=Edge.CIRCULAR), [Interval(0, 0)], 16)
    [Interval(first=0, last=2), Interval(first=14, last=15)]
    """
    if reads_consecutively(reads):
        spans = [reads.reach(run) for run in units]
        inside = [Interval(max(span.first, 0), min(span.last, length - 1)) for span in spans]
        return [span for span in inside if span.first <= span.last]
    taps = {tap for run in units for unit in range(run.first, run.last + 1) for tap in reads.real_taps(unit, length)}
    return joined_ranges([Interval(tap, tap) for tap in sorted(taps)])
