"""The theoretical receptive field of every unit of a map, on one axis, in exact integers.

A :class:`PeriodicField` holds one interval for each phase of the map; ``field(u + period) = field(u) + shift``.
A plain convolutional network has period 1, and the four equations are :func:`field_through` on such a field. Behind
upsampling the period grows. A :class:`TabulatedField` holds the intervals of the units at hand, for layers
whose pattern holds for one input size only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Generic, Protocol, Self, TypeVar

from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.limits import FIELD_BITS, PERIOD, READS
from rfdocs.algebra.reads import IDENTITY, Reads, Window
from rfdocs.errors import ArithmeticRefusal


class Reached(Protocol):
    """What one unit reaches: an interval, or a set with its holes."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def size(self) -> int: ...
    def shifted(self, distance: int) -> Self: ...


R = TypeVar("R", bound=Reached)
Join = Callable[[Iterable[R | None]], R | None]


@dataclass(frozen=True, slots=True)
class PeriodicField(Generic[R]):
    """Fields that repeat: ``at(u + period) = at(u) + shift``, with the least such period.

    >>> image = PeriodicField(period=1, shift=1, phases=(Interval(0, 0),))
    >>> conv1 = field_through(Window(kernel=11, stride=4), image)
    >>> conv1.largest, conv1.jump, conv1.start
    (11, Fraction(4, 1), Fraction(11, 2))
    """

    period: int
    shift: int
    phases: tuple[R | None, ...]

    def at(self, unit: int) -> R | None:
        """The field of one unit; ``None`` if it reads nothing."""
        turns, phase = divmod(unit, self.period)
        field = self.phases[phase]
        return None if field is None else field.shifted(turns * self.shift)

    @property
    def constant(self) -> bool:
        """Whether every unit has the same field, as behind global pooling spread over a map."""
        return self.shift == 0 and any(self.phases)

    @property
    def empty(self) -> bool:
        """Whether no unit reads anything, wherever it lies: nothing of the image leads to the map."""
        return self.shift == 0 and not any(self.phases)

    @property
    def jump(self) -> Fraction | None:
        """The distance between neighbours' centres, ``shift / period``; ``None`` where they share one or none reads
        anything. Unit: input pixels.
        """
        return self.slope if self.shift and any(self.phases) else None

    @property
    def slope(self) -> Fraction:
        """How far fields would move along by the unit, ``shift / period``, read or not. Unit: input pixels."""
        return Fraction(self.shift, self.period)

    @property
    def field_count(self) -> int:
        """How many fields are kept."""
        return len(self.phases)

    @property
    def largest(self) -> int:
        """The largest field over the phases. Unit: input pixels."""
        return max(_sizes(self.phases))

    @property
    def smallest(self) -> int:
        """The smallest field over the phases, 0 where one reads nothing. Unit: input pixels."""
        return min(_sizes(self.phases))

    @property
    def start(self) -> Fraction | None:
        """The centre of unit 0; where phases differ, the mean over one period of ``centre(u) - u * jump``.
        Unit: input pixels, pixel 0 centred at 0.5.
        """
        places = [2 * (f.first + f.last + 1) * self.period for f in self.phases if f is not None]
        if not places:
            return None
        steps = sum(4 * u * self.shift for u, f in enumerate(self.phases) if f is not None)
        return Fraction(sum(places) - steps, 4 * self.period * len(places))


@dataclass(frozen=True, slots=True)
class TabulatedField(Generic[R]):
    """Fields of the units ``first, first + 1, ...``: no jump, and good for one input size only."""

    first: int
    length: int
    fields: tuple[R | None, ...]

    constant = False
    empty = False
    jump = None
    start = None

    def at(self, unit: int) -> R | None:
        """The field of one unit; ``None`` if it reads nothing."""
        if not 0 <= unit - self.first < len(self.fields):
            raise IndexError(f"unit {unit} was not tabulated")
        return self.fields[unit - self.first]

    @property
    def field_count(self) -> int:
        """How many fields are kept."""
        return len(self.fields)

    @property
    def largest(self) -> int:
        """The largest field over the units of the map. Unit: input pixels."""
        return max(_sizes(self.phases))

    @property
    def smallest(self) -> int:
        """The smallest field over the units of the map. Unit: input pixels."""
        return min(_sizes(self.phases))

    @property
    def phases(self) -> tuple[R | None, ...]:
        """The fields of the map's own units, which do not repeat."""
        return self.fields[-self.first : self.length - self.first]


Field = PeriodicField[Interval] | TabulatedField[Interval]

#: The image itself: every pixel sees itself.
IMAGE = PeriodicField(1, 1, (Interval(0, 0),))
#: A map of which no unit reads anything of the image, whatever layers lie before it.
EMPTY: PeriodicField[Interval] = PeriodicField(1, 0, (None,))


def overall_field(field: Field, units: Interval) -> Interval | None:
    """The hull of the fields of consecutive units: those of the first and the last period among them decide."""
    period = field.period if isinstance(field, PeriodicField) else units.size
    if units.size <= 2 * period:
        return hull(field.at(unit) for unit in range(units.first, units.last + 1))
    ends = [*range(units.first, units.first + period), *range(units.last - period + 1, units.last + 1)]
    return hull(field.at(unit) for unit in ends)


def units_inside(field: Field, units: int, length: int) -> int:
    """How many of a map's units have fields that lie whole in an image of this length; those that read nothing do.

    >>> units_inside(field_through(Window(kernel=3, before=1), IMAGE), 5, 5)
    3
    """
    period, shift = (field.period, field.shift) if isinstance(field, PeriodicField) else (units, 0)
    firsts = range(min(period, units))
    return sum([_turns_inside(field.at(unit), shift, -(-(units - unit) // period), length) for unit in firsts])


def _turns_inside(field: Interval | None, shift: int, turns: int, length: int) -> int:
    """How many of the fields ``field + t * shift``, for ``t`` below ``turns``, lie whole in an image of this length.

    Rule: ``first + t * shift >= 0`` and ``last + t * shift < length``.
    """
    if field is None:
        return turns
    if shift == 0:
        return turns if field.first >= 0 and field.last < length else 0
    earliest = max(0, -(field.first // shift))
    latest = min(turns - 1, (length - 1 - field.last) // shift)
    return max(0, latest - earliest + 1)


def field_through(reads: Reads, field: PeriodicField[Interval]) -> PeriodicField[Interval]:
    """The fields of a layer that reads ``field``: the hull over each unit's taps.

    Rule, for period 1: ``jump' = jump * s``, ``first' = first - p_l * jump``, ``size' = size + (k' - 1) * jump``,
    which are the guide's equations; in general that of :func:`composed`.
    Source: Dang Ha The Hien 2017; Araujo et al. 2019, relations 1 to 5. Raises: ArithmeticRefusal beyond the limits.

    >>> from rfdocs.algebra.reads import TransposedWindow
    >>> upsampled = field_through(TransposedWindow(kernel=3, stride=2, before=1), IMAGE)
    >>> upsampled.jump, upsampled.smallest, upsampled.largest
    (Fraction(1, 2), 1, 2)
    """
    if isinstance(reads, Window) and field.period == 1:
        return _window_field(reads, field)
    return composed(reads, field, _hull_over)


def composed(
    reads: Reads, field: PeriodicField[R], gather: Callable[[Sequence[int], PeriodicField[R]], R | None]
) -> PeriodicField[R]:
    """The fields of a layer that reads ``field``; ``gather`` joins what the taps of one unit reach.

    Rule: the new period is the least multiple of the layer's own that moves the taps by a multiple of the field's.
    Raises: ArithmeticRefusal beyond the limits.
    """
    if reads == IDENTITY:
        return field
    turns = _turns_to_repeat(reads, field)
    period = reads.period * turns
    shift = turns * reads.shift // field.period * field.shift
    _check_period(period)
    _check_reads(reads, period)
    return canonical(period, shift, tuple([gather(reads.taps(unit), field) for unit in range(period)]))


def _turns_to_repeat(reads: Reads, field: PeriodicField[R]) -> int:
    """After how many periods of the layer its taps have moved by whole periods of the field."""
    return field.period // gcd(field.period, reads.shift) if reads.shift else 1


def followed_reads(reads: Reads, field: PeriodicField[Interval]) -> int:
    """How many single reads :func:`field_through` follows; none where it is an equation.

    >>> followed_reads(Window(kernel=3), IMAGE), followed_reads(Window(kernel=3), PeriodicField(2, 1, (None, None)))
    (0, 6)
    """
    if isinstance(reads, Window) and field.period == 1:
        return 0
    return reads.period * _turns_to_repeat(reads, field) * min(reads.width, 2 * field.period)


def _window_field(window: Window, field: PeriodicField[Interval]) -> PeriodicField[Interval]:
    only = field.phases[0]
    if only is None:
        return composed(window, field, _hull_over)
    first = only.first - window.before * field.shift
    last = only.last + (window.dilation * (window.kernel - 1) - window.before) * field.shift
    if max(last - first, field.shift * window.stride).bit_length() > FIELD_BITS:
        raise ArithmeticRefusal(f"its receptive field or its jump would be larger than 2^{FIELD_BITS} pixels")
    return PeriodicField(1, field.shift * window.stride, (Interval(first, last),))


def _hull_over(taps: Sequence[int], field: PeriodicField[Interval]) -> Interval | None:
    """The hull over the taps; those of the first and the last period among them decide."""
    if len(taps) == 1:
        return field.at(taps[0])
    if len(taps) > 2 * field.period:
        taps = [*taps[: field.period], *taps[-field.period :]]
    period, shift, phases = field.period, field.shift, field.phases
    read = [(phase, tap // period * shift) for tap in taps if (phase := phases[tap % period]) is not None]
    if not read:
        return None
    return Interval(min([phase[0] + moved for phase, moved in read]), max([phase[1] + moved for phase, moved in read]))


def _check_period(period: int) -> None:
    if period > PERIOD:
        raise ArithmeticRefusal(f"its field would repeat after {period} units only; at most {PERIOD} are allowed")


def _check_reads(reads: Reads, units: int) -> None:
    if units * reads.width > READS:
        raise ArithmeticRefusal(f"it would take more than {READS} single reads to follow")


def canonical(period: int, shift: int, phases: tuple[R | None, ...]) -> PeriodicField[R]:
    """The same fields with their least period.

    >>> canonical(2, 4, (Interval(0, 2), Interval(2, 4)))
    PeriodicField(period=1, shift=2, phases=(Interval(first=0, last=2),))
    """
    least = period
    for prime in _primes(period):
        while least % prime == 0 and _has_period(phases[:least], least // prime, shift, period):
            least //= prime
    return PeriodicField(least, shift * least // period, phases[:least])


def _primes(number: int) -> Iterator[int]:
    """The prime factors of a number, each once.

    >>> list(_primes(12)), list(_primes(9)), list(_primes(1))
    ([2, 3], [3], [])
    """
    factor = 2
    while number > 1:
        if factor * factor > number:
            factor = number
        if number % factor == 0:
            yield factor
        while number % factor == 0:
            number //= factor
        factor += 1


def _has_period(phases: tuple[R | None, ...], period: int, shift: int, whole: int) -> bool:
    """Whether phases that move by ``shift`` in ``whole`` units repeat after fewer. Such periods are closed under
    the greatest common divisor, so that the least of them is found prime by prime.
    """
    return shift * period % whole == 0 and _repeats(phases, period, shift * period // whole)


def _repeats(phases: tuple[R | None, ...], period: int, shift: int) -> bool:
    return all(
        later == (None if earlier is None else earlier.shifted(shift))
        for earlier, later in zip(phases, phases[period:], strict=False)
    )


def merged(fields: Sequence[PeriodicField[R]], join: Join[R]) -> PeriodicField[R]:
    """Several paths' fields joined unit by unit; for hulls ``[min first, max last]``.

    All must have one jump; the new period is the least common multiple.
    Source: Araujo et al. 2019, section "multiple paths". Raises: ArithmeticRefusal where jumps differ.

    >>> merged([IMAGE, field_through(Window(kernel=3, before=1), IMAGE)], hull).largest
    3
    """
    head, *others = fields
    if not others:
        return head
    if head.period == 1 and all(other.period == 1 and other.shift == head.shift for other in others):
        return PeriodicField(1, head.shift, (join([field.phases[0] for field in fields]),))
    if any(other.shift * head.period != head.shift * other.period for other in others):
        raise ArithmeticRefusal("its paths have different jumps")
    period = lcm(*(field.period for field in fields))
    _check_period(period)
    phases = tuple([join([field.at(unit) for field in fields]) for unit in range(period)])
    return canonical(period, period // head.period * head.shift, phases)


def tabulated(
    sources: Sequence[tuple[Reads, PeriodicField[R] | TabulatedField[R]]], units: Interval, length: int, join: Join[R]
) -> TabulatedField[R]:
    """The fields of ``units`` of a layer of ``length`` units, one by one, joined over all taps of all its inputs.

    Raises: ArithmeticRefusal beyond the limits.
    """
    distinct = distinct_units([reads for reads, _ in sources], units)
    for reads, _ in sources:
        _check_reads(reads, distinct.size)
    fields = [
        join([field.at(tap) for reads, field in sources for tap in reads.taps(unit)])
        for unit in range(distinct.first, distinct.last + 1)
    ]
    return TabulatedField(units.first, length, tuple([fields[place % len(fields)] for place in range(units.size)]))


def distinct_units(reads: Sequence[Reads], units: Interval) -> Interval:
    """The first of some units, as many as read what others do not: one period where nothing that is read moves along.

    >>> from rfdocs.algebra.reads import Lattice
    >>> distinct_units([Lattice(3, 4)], Interval(-2, 9)), distinct_units([Window()], Interval(-2, 9))
    (Interval(first=-2, last=1), Interval(first=-2, last=9))
    >>> distinct_units([Lattice(3, 4), Window()], Interval(-2, 9))
    Interval(first=-2, last=9)
    """
    if any(read.shift for read in reads):
        return units
    return Interval(units.first, min(units.last, units.first + lcm(*[read.period for read in reads]) - 1))


def _sizes(phases: Sequence[Any]) -> list[int]:
    return [0 if phase is None else phase.size for phase in phases]
