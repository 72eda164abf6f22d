"""The visible receptive field of every unit of a map, on one axis: the hull of the real pixels that it reaches.

A tap outside a layer's real map reads padding and stops there, layer by layer, so that this is not the
theoretical field cut to the image: it may be smaller, and it may be empty. Circular padding leads around the image's
ends, where a hull says little: with it, the sets of pixels are kept as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate
from operator import or_

from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.algebra.reads import Edge, Reads, Window

#: The first and the last pixel of a unit that sees nothing: neutral in every hull.
_NOTHING = (MAP_LENGTH + 1, -1)


@dataclass(frozen=True, slots=True)
class VisibleFields:
    """One interval a unit, as two lists; a unit that sees nothing has ``first > last`` (neutral in a hull).

    ``sets``, where they are kept, hold the very pixels of each unit as bits.
    """

    firsts: Sequence[int]
    lasts: Sequence[int]
    sets: Sequence[int] | None = field(default=None, repr=False)

    def at(self, unit: int) -> Interval | None:
        """The visible field of one unit; ``None`` if it sees nothing."""
        field = Interval(self.firsts[unit], self.lasts[unit])
        return field if field.first <= field.last else None

    def count(self, unit: int) -> int:
        """How many pixels one unit sees: those of its set where that is kept, otherwise those of its hull.

        >>> visible_through(Window(kernel=5, before=2, edge=Edge.CIRCULAR), visible_image(16, sets=True)).count(0)
        5
        """
        if self.sets is not None:
            return self.sets[unit].bit_count()
        return max(self.lasts[unit] - self.firsts[unit] + 1, 0)

    def all_units_see(self, stretch: Interval) -> bool:
        """Whether every unit's visible field holds a stretch of pixels.

        >>> visible_image(1).all_units_see(Interval(0, 0)), visible_image(2).all_units_see(Interval(0, 1))
        (True, False)
        """
        if self.sets is not None:
            wanted = ((1 << stretch.size) - 1) << stretch.first
            return all(pixels & wanted == wanted for pixels in self.sets)
        return max(self.firsts) <= stretch.first and min(self.lasts) >= stretch.last

    def units_that_see(self, pixel: int) -> list[int]:
        """The units that see ``pixel``, in their set where that is kept, otherwise in their hull, ascending.

        >>> visible_through(Window(kernel=3, before=1), visible_image(5)).units_that_see(0)
        [0, 1]
        """
        if self.sets is not None:
            return [unit for unit, bits in enumerate(self.sets) if bits >> pixel & 1]
        return [
            unit
            for unit, (first, last) in enumerate(zip(self.firsts, self.lasts, strict=True))
            if first <= pixel <= last
        ]


def visible_image(length: int, *, sets: bool = False) -> VisibleFields:
    """The image itself: every pixel sees itself."""
    pixels = list(range(length))
    return VisibleFields(pixels, pixels, [1 << pixel for pixel in pixels] if sets else None)


def visible_through(reads: Reads, below: VisibleFields, length: int | None = None) -> VisibleFields:
    """The visible fields of a layer of ``length`` units that reads the map ``below``.

    Rule: the hull over the taps that fall on the real map, ``0 <= tap < n_in``.

    >>> visible_through(Window(kernel=3, stride=2, before=1), visible_image(5), 3)
    VisibleFields(firsts=[0, 1, 3], lasts=[1, 3, 4])
    """
    units = range(len(below.firsts) if length is None else length)
    if reads.shift == 0 and reads.period < len(units):
        return _repeated(visible_through(reads, below, reads.period), units)
    if below.sets is not None:
        taps = [reads.real_taps(unit, len(below.firsts)) for unit in units]
        return _fields_of_sets([reduce(or_, [below.sets[tap] for tap in unit], 0) for unit in taps])
    if isinstance(reads, Window) and reads.edge is Edge.ZERO:
        if reads.kernel == 1 and reads.stride == 1 and reads.before == 0 and len(units) == len(below.firsts):
            return below
        return _window_fields(reads, below, units)
    return _hulls_of_taps([reads.real_taps(unit, len(below.firsts)) for unit in units], below)


def _repeated(period: VisibleFields, units: range) -> VisibleFields:
    """The fields of units that read again what those of one period read."""
    count = len(period.firsts)
    firsts, lasts = ([values[unit % count] for unit in units] for values in (period.firsts, period.lasts))
    return VisibleFields(firsts, lasts, period.sets and [period.sets[unit % count] for unit in units])


#: The longest window whose taps are followed side by side.
SIDE_BY_SIDE_TAPS = 16


def _window_fields(window: Window, below: VisibleFields, units: range) -> VisibleFields:
    """Units whose taps are all real, the many in the middle, are made at full speed."""
    inner = _inner_units(window, len(below.firsts), units)
    if window.kernel > SIDE_BY_SIDE_TAPS or len(inner) <= window.kernel:
        return _fields_one_by_one(window, below, units)
    start = _fields_one_by_one(window, below, range(inner.start))
    end = _fields_one_by_one(window, below, range(inner.stop, units.stop))
    slices = [_tap_slice(window, inner, tap) for tap in range(window.kernel)]
    return VisibleFields(
        [*start.firsts, *_extremes(min, [below.firsts[tap] for tap in slices]), *end.firsts],
        [*start.lasts, *_extremes(max, [below.lasts[tap] for tap in slices]), *end.lasts],
    )


def _inner_units(window: Window, length: int, units: range) -> range:
    """The units whose taps all fall on a map of this length."""
    room = length - 1 + window.before - window.dilation * (window.kernel - 1)
    first = min(max(0, -(-window.before // window.stride)), units.stop)
    return range(first, max(first, min(units.stop, room // window.stride + 1)))


def _tap_slice(window: Window, units: range, tap: int) -> slice:
    """What consecutive units read with one of their taps."""
    first = units.start * window.stride - window.before + window.dilation * tap
    return slice(first, first + (len(units) - 1) * window.stride + 1, window.stride)


def _extremes(extreme: Callable[..., int], columns: Sequence[Sequence[int]]) -> Sequence[int]:
    return columns[0] if len(columns) == 1 else list(map(extreme, *columns))


def _fields_one_by_one(window: Window, below: VisibleFields, units: range) -> VisibleFields:
    """A window's taps are one slice, so that ``min`` and ``max`` run over it at full speed."""
    firsts, lasts = [], []
    nothing_first, nothing_last = _NOTHING
    for unit in units:
        taps = window.real_taps(unit, len(below.firsts))
        tap_slice = slice(taps.start, max(taps.stop, taps.start), taps.step)  # type: ignore[attr-defined]
        firsts.append(min(below.firsts[tap_slice], default=nothing_first))
        lasts.append(max(below.lasts[tap_slice], default=nothing_last))
    return VisibleFields(firsts, lasts)


def _hulls_of_taps(taps: list[Sequence[int]], below: VisibleFields) -> VisibleFields:
    nothing_first, nothing_last = _NOTHING
    return VisibleFields(
        [min((below.firsts[tap] for tap in unit), default=nothing_first) for unit in taps],
        [max((below.lasts[tap] for tap in unit), default=nothing_last) for unit in taps],
    )


def _fields_of_sets(sets: list[int]) -> VisibleFields:
    """The hulls of sets, with these: from the lowest bit to the highest."""
    firsts = [(bits & -bits).bit_length() - 1 if bits else _NOTHING[0] for bits in sets]
    return VisibleFields(firsts, [bits.bit_length() - 1 for bits in sets], sets)


def visible_union(paths: Sequence[VisibleFields]) -> VisibleFields:
    """The hull of several paths' visible fields, unit by unit; of sets, their union."""
    if len(paths) == 1:
        return paths[0]
    sets = [path.sets for path in paths if path.sets is not None]
    if sets:
        return _fields_of_sets([reduce(or_, unit) for unit in zip(*sets, strict=True)])
    return VisibleFields(
        _extremes(min, [path.firsts for path in paths]),
        _extremes(max, [path.lasts for path in paths]),
    )


def visible_with_gate(fields: VisibleFields, gate: VisibleFields) -> VisibleFields:
    """The fields with what a gate adds to every unit, also to one that sees nothing itself: all that ``gate`` sees."""
    if fields.sets is not None and gate.sets is not None:
        context = reduce(or_, gate.sets)
        return _fields_of_sets([bits | context for bits in fields.sets])
    first, last = min(gate.firsts), max(gate.lasts)
    return VisibleFields([min(own, first) for own in fields.firsts], [max(own, last) for own in fields.lasts])


def visible_on_side(fields: VisibleFields, *, before: bool) -> VisibleFields:
    """What the units of a map up to each one see together, or those from each one on.

    >>> visible_on_side(visible_image(3), before=True).firsts, visible_on_side(visible_image(3), before=False).lasts
    ([0, 0, 0], [2, 2, 2])
    """
    order = slice(None, None, 1 if before else -1)
    if fields.sets is not None:
        return _fields_of_sets(list(accumulate(fields.sets[order], or_))[order])
    firsts, lasts = accumulate(fields.firsts[order], min), accumulate(fields.lasts[order], max)
    return VisibleFields(list(firsts)[order], list(lasts)[order])
