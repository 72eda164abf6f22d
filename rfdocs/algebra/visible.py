"""The visible receptive field of every unit of a map, on one axis: the hull of the real pixels that it reaches.

A tap outside a layer's real map reads padding and stops there, layer by layer, so that this is not the
theoretical field cut to the image: it may be smaller, and it may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.algebra.reads import Edge, Reads, Window

#: The first and the last pixel of a unit that sees nothing: neutral in every hull.
_NOTHING = (MAP_LENGTH + 1, -1)


@dataclass(frozen=True, slots=True)
class VisibleFields:
    """One interval a unit, as two lists; a unit that sees nothing has ``first > last`` (neutral in a hull)."""

    firsts: list[int]
    lasts: list[int]

    def at(self, unit: int) -> Interval | None:
        """The visible field of one unit; ``None`` if it sees nothing."""
        field = Interval(self.firsts[unit], self.lasts[unit])
        return field if field.first <= field.last else None

    def overall(self) -> Interval | None:
        """The hull over all units of the map."""
        field = Interval(min(self.firsts), max(self.lasts))
        return field if field.first <= field.last else None

    def seeing(self, pixel: int) -> list[int]:
        """The units whose visible field holds ``pixel``, ascending.

        >>> visible_through(Window(kernel=3, before=1), visible_image(5)).seeing(0)
        [0, 1]
        """
        return [
            unit
            for unit, (first, last) in enumerate(zip(self.firsts, self.lasts, strict=True))
            if first <= pixel <= last
        ]


def visible_image(length: int) -> VisibleFields:
    """The image itself: every pixel sees itself."""
    return VisibleFields(list(range(length)), list(range(length)))


def visible_through(reads: Reads, below: VisibleFields, length: int | None = None) -> VisibleFields:
    """The visible fields of a layer of ``length`` units that reads the map ``below``.

    Rule: the hull over the taps that fall on the real map, ``0 <= tap < n_in``.

    >>> visible_through(Window(kernel=3, stride=2, before=1), visible_image(5), 3)
    VisibleFields(firsts=[0, 1, 3], lasts=[1, 3, 4])
    """
    units = range(len(below.firsts) if length is None else length)
    if isinstance(reads, Window) and reads.edge is Edge.ZERO:
        if reads.kernel == 1 and reads.stride == 1 and reads.before == 0 and len(units) == len(below.firsts):
            return below
        return _slide(reads, below, units)
    return _gather([reads.real_taps(unit, len(below.firsts)) for unit in units], below)


#: The longest window whose taps are followed side by side.
SIDE_BY_SIDE = 16


def _slide(window: Window, below: VisibleFields, units: range) -> VisibleFields:
    """Units whose taps are all real, the many in the middle, are made at full speed."""
    inner = _inner(window, len(below.firsts), units)
    if window.kernel > SIDE_BY_SIDE or len(inner) <= window.kernel:
        return _one_by_one(window, below, units)
    start = _one_by_one(window, below, range(inner.start))
    end = _one_by_one(window, below, range(inner.stop, units.stop))
    taken = [_taken(window, inner, tap) for tap in range(window.kernel)]
    return VisibleFields(
        start.firsts + _extremes(min, [below.firsts[tap] for tap in taken]) + end.firsts,
        start.lasts + _extremes(max, [below.lasts[tap] for tap in taken]) + end.lasts,
    )


def _inner(window: Window, length: int, units: range) -> range:
    """The units whose taps all fall on a map of this length."""
    room = length - 1 + window.before - window.dilation * (window.kernel - 1)
    first = min(max(0, -(-window.before // window.stride)), units.stop)
    return range(first, max(first, min(units.stop, room // window.stride + 1)))


def _taken(window: Window, units: range, tap: int) -> slice:
    """What consecutive units read with one of their taps."""
    first = units.start * window.stride - window.before + window.dilation * tap
    return slice(first, first + (len(units) - 1) * window.stride + 1, window.stride)


def _extremes(extreme: Callable[..., int], columns: Sequence[list[int]]) -> list[int]:
    return columns[0] if len(columns) == 1 else list(map(extreme, *columns))


def _one_by_one(window: Window, below: VisibleFields, units: range) -> VisibleFields:
    """A window's taps are one slice, so that ``min`` and ``max`` run over it at full speed."""
    firsts, lasts = [], []
    nothing_first, nothing_last = _NOTHING
    for unit in units:
        taps = window.real_taps(unit, len(below.firsts))
        taken = slice(taps.start, max(taps.stop, taps.start), taps.step)  # type: ignore[attr-defined]
        firsts.append(min(below.firsts[taken], default=nothing_first))
        lasts.append(max(below.lasts[taken], default=nothing_last))
    return VisibleFields(firsts, lasts)


def _gather(taps: list[Sequence[int]], below: VisibleFields) -> VisibleFields:
    nothing_first, nothing_last = _NOTHING
    return VisibleFields(
        [min((below.firsts[tap] for tap in unit), default=nothing_first) for unit in taps],
        [max((below.lasts[tap] for tap in unit), default=nothing_last) for unit in taps],
    )


def visible_union(paths: Sequence[VisibleFields]) -> VisibleFields:
    """The hull of several paths' visible fields, unit by unit."""
    if len(paths) == 1:
        return paths[0]
    return VisibleFields(
        [min(firsts) for firsts in zip(*(path.firsts for path in paths), strict=True)],
        [max(lasts) for lasts in zip(*(path.lasts for path in paths), strict=True)],
    )


def visible_everywhere(fields: VisibleFields, context: Interval | None) -> VisibleFields:
    """The fields with what a gate adds to every unit, also to one that sees nothing itself."""
    if context is None:
        return fields
    return VisibleFields(
        [min(first, context.first) for first in fields.firsts], [max(last, context.last) for last in fields.lasts]
    )
