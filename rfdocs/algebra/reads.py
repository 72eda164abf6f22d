"""Which units of its input map one unit of a layer reads, on one axis.

Every layer's pattern repeats: ``taps(u + period) = taps(u) + shift``. A convolution has period 1 and shifts by its
stride; a transposed convolution has its stride as period and shifts by 1. All the rest of the algebra rests on
that one law.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import gcd

from rfdocs.algebra.interval import Interval


class Edge(Enum):
    """What a tap outside the real map reads."""

    ZERO = "zero"  #: a constant: nothing of the image
    REFLECT = "reflect"  #: the map mirrored, without repeating its edge
    REPLICATE = "replicate"  #: the edge of the map
    CIRCULAR = "circular"  #: the map again, from its other end
    INSIDE = "inside"  #: none does: the window is moved until it lies on the map


class Reads(ABC):
    """What each unit reads. ``taps(u + period) == taps(u) + shift`` for every ``u``, but of maps side by side."""

    __slots__ = ()

    @property
    def period(self) -> int:
        """After how many units the pattern repeats. Unit: units of the output."""
        return 1

    @property
    @abstractmethod
    def shift(self) -> int:
        """How far the pattern has moved by then. Unit: units of the input."""

    @property
    @abstractmethod
    def width(self) -> int:
        """The most taps that any unit has."""

    @property
    def steady(self) -> bool:
        """Whether ``shift / period`` is a property of the layer, and not only of one input size."""
        return True

    @property
    def pattern(self) -> tuple[int, int] | None:
        """Its period and shift; ``None`` where these hold for one input size only."""
        return (self.period, self.shift) if self.steady else None

    @abstractmethod
    def taps(self, unit: int) -> Sequence[int]:
        """The indices that ``unit`` reads, ascending, on a map without ends; may be empty."""

    def reach(self, units: Interval) -> Interval:
        """An interval that holds the taps of all ``units`` (it may be a little wider)."""
        return Interval(self.taps(units.first)[0], self.taps(units.last)[-1])

    def real_taps(self, unit: int, length: int) -> Sequence[int]:
        """The indices of a real map of ``length`` units that ``unit`` reads, once for every tap.

        A tap outside the map reads padding; padding that is not a constant holds units of the map again.
        """
        return [tap for tap in self.taps(unit) if 0 <= tap < length]


@dataclass(frozen=True, slots=True)
class Window(Reads):
    """A sliding window: ``taps(u) = {u * stride - before + dilation * t : 0 <= t < kernel}``.

    >>> list(Window(kernel=3, stride=2, dilation=2, before=1).taps(1))
    [1, 3, 5]
    """

    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    before: int = 0
    edge: Edge = Edge.ZERO

    @property
    def shift(self) -> int:
        return self.stride

    @property
    def pattern(self) -> tuple[int, int]:
        return (1, self.stride)

    @property
    def width(self) -> int:
        return self.kernel

    def taps(self, unit: int) -> range:
        first = unit * self.stride - self.before
        return range(first, first + self.dilation * (self.kernel - 1) + 1, self.dilation)

    def real_taps(self, unit: int, length: int) -> Sequence[int]:
        taps = self.taps(unit)
        if self.edge is Edge.INSIDE:
            return self._moved_inside(taps, length)
        if self.edge is Edge.ZERO:
            skipped = max(0, -(taps.start // self.dilation))
            return range(taps.start + skipped * self.dilation, min(taps.stop, length), self.dilation)
        place = _PLACES[self.edge]
        return sorted(place(tap, length) for tap in taps)

    def _moved_inside(self, taps: range, length: int) -> range:
        """The taps moved by whole dilations, as few as it takes, until all are units of a map that is long enough."""
        missing = max(0, -(taps.start // self.dilation))
        beyond = max(0, -((length - 1 - taps[-1]) // self.dilation))
        distance = self.dilation * (missing - beyond)
        return range(taps.start + distance, taps.stop + distance, self.dilation)


@dataclass(frozen=True, slots=True)
class TransposedWindow(Reads):
    """A transposed convolution: unit ``u`` reads ``i`` where ``u = i * stride - before + dilation * t``.

    Where the kernel is smaller than the stride some units read nothing.
    Source: Dumoulin & Visin 2016, section 4.

    >>> [list(TransposedWindow(kernel=3, stride=2, before=1).taps(u)) for u in range(3)]
    [[0], [0, 1], [1]]
    """

    kernel: int
    stride: int
    dilation: int = 1
    before: int = 0

    @property
    def period(self) -> int:
        return self.stride

    @property
    def shift(self) -> int:
        return 1

    @property
    def width(self) -> int:
        return -(-self.kernel // self.stride) * gcd(self.stride, self.dilation)

    def taps(self, unit: int) -> Sequence[int]:
        top, common = unit + self.before, gcd(self.stride, self.dilation)
        if top % common:
            return ()
        cycle, dilation = self.stride // common, self.dilation // common
        turn = top // common * (1 if dilation == 1 else pow(dilation, -1, cycle)) % cycle
        least = (top - self.dilation * (turn + (self.kernel - 1 - turn) // cycle * cycle)) // self.stride
        return range(least, (top - self.dilation * turn) // self.stride + 1, dilation)

    def reach(self, units: Interval) -> Interval:
        span = self.dilation * (self.kernel - 1)
        return Interval(
            (units.first + self.before - span) // self.stride,
            (units.last + self.before) // self.stride,
        )


@dataclass(frozen=True, slots=True)
class Blocks(Reads):
    """A map dealt into blocks side by side, one of them from ``offset`` on: every unit reads all of its own block.

    >>> [list(Blocks(length=3, offset=1).taps(u)) for u in range(3)]
    [[-2, -1, 0], [1, 2, 3], [1, 2, 3]]
    """

    length: int
    offset: int = 0

    @property
    def period(self) -> int:
        return self.length

    @property
    def shift(self) -> int:
        return self.length

    @property
    def width(self) -> int:
        return self.length

    def taps(self, unit: int) -> range:
        first = unit - (unit - self.offset) % self.length
        return range(first, first + self.length)


@dataclass(frozen=True, slots=True)
class Lattice(Reads):
    """Every unit reads ``count`` units of the whole map, ``distance`` apart, itself among them.

    A unit outside the map reads what the unit on it does that is whole distances away.

    >>> [list(Lattice(count=2, distance=3).taps(u)) for u in range(4)]
    [[0, 3], [1, 4], [2, 5], [0, 3]]
    """

    count: int
    distance: int

    @property
    def period(self) -> int:
        return self.distance

    @property
    def shift(self) -> int:
        return 0

    @property
    def width(self) -> int:
        return self.count

    @property
    def steady(self) -> bool:
        return False

    def taps(self, unit: int) -> range:
        return range(unit % self.distance, self.count * self.distance, self.distance)

    def reach(self, units: Interval) -> Interval:
        return Interval(0, self.count * self.distance - 1)


@dataclass(frozen=True, slots=True)
class Nearest(Reads):
    """Nearest-neighbour resampling: unit ``u`` lies at ``x = (2 * u * shift + offset) / (2 * period)`` and reads
    ``floor(x)``, or ``ceil(x)`` with ``up``. The edge is replicated.

    An offset that is odd against the period holds the halves of rounding to the nearest: ``floor(x + 1/2)``.

    >>> [list(Nearest(period=2, shift=1).taps(u)) for u in range(4)]
    [[0], [0], [1], [1]]
    >>> [list(Nearest(period=2, shift=3, offset=3).taps(u)) for u in range(4)]
    [[0], [2], [3], [5]]
    """

    period: int
    shift: int
    steady: bool = True
    offset: int = 0
    up: bool = False

    @property
    def width(self) -> int:
        return 1

    def taps(self, unit: int) -> Sequence[int]:
        place = 2 * unit * self.shift + self.offset
        return (-(-place // (2 * self.period)) if self.up else place // (2 * self.period),)

    def real_taps(self, unit: int, length: int) -> Sequence[int]:
        return (_replicated(self.taps(unit)[0], length),)


@dataclass(frozen=True, slots=True)
class Interpolated(Reads):
    """Linear or cubic resampling: unit ``u`` lies at ``x = (2 * u * shift + offset) / (2 * period)`` and reads ``side``
    units on either side of it: 1 linear, 2 cubic. Where ``x`` is whole it reads that unit alone: the others'
    weights are zero.

    With ``offset = shift - period`` that is ``x = (u + 1/2) * shift / period - 1/2``. The edge is replicated; what a
    unit reads of it more than once is one tap.
    Source: PyTorch ``area_pixel_compute_source_index``; OpenCV; ONNX ``Resize``; Keys 1981, relation 4.

    >>> [list(Interpolated(period=2, shift=1, offset=-1).taps(u)) for u in range(3)]
    [[-1, 0], [0, 1], [0, 1]]
    >>> [list(Interpolated(period=3, shift=1, side=2).taps(u)) for u in range(4)]
    [[0], [-1, 0, 1, 2], [-1, 0, 1, 2], [1]]
    """

    period: int
    shift: int
    offset: int = 0
    side: int = 1
    steady: bool = True

    @property
    def width(self) -> int:
        return 2 * self.side

    def taps(self, unit: int) -> Sequence[int]:
        place, rest = divmod(2 * unit * self.shift + self.offset, 2 * self.period)
        if not rest:
            return (place,)
        return (place, place + 1) if self.side == 1 else range(place - self.side + 1, place + self.side + 1)

    def reach(self, units: Interval) -> Interval:
        beyond = self.side - 1
        return Interval(self.taps(units.first)[0] - beyond, self.taps(units.last)[-1] + beyond)

    def real_taps(self, unit: int, length: int) -> Sequence[int]:
        taps = self.taps(unit)
        if taps[0] >= 0 and taps[-1] < length:
            return taps
        return sorted({_replicated(tap, length) for tap in taps})


@dataclass(frozen=True, slots=True)
class Adaptive(Reads):
    """Pooling to a fixed number of units: ``[floor(u * shift / period), ceil((u + 1) * shift / period))``.

    Source: PyTorch ``AdaptiveAvgPool``.

    >>> [len(Adaptive(period=7, shift=10).taps(u)) for u in range(7)]
    [2, 2, 3, 2, 3, 2, 2]
    >>> [len(Adaptive(period=3, shift=4).taps(u)) for u in range(3)]
    [2, 2, 2]
    """

    period: int
    shift: int
    steady: bool = False

    @property
    def width(self) -> int:
        return self.shift // self.period + 2

    def taps(self, unit: int) -> range:
        return range(unit * self.shift // self.period, -(-(unit + 1) * self.shift // self.period))


@dataclass(frozen=True, slots=True)
class Around(Reads):
    """Resampling between the two ends of a map, or to a given size: a bound that holds for every size.

    Unit ``u`` lies less than one unit before ``u * shift / period``, wherever the ends are, and reads units on either
    side of its place: all from ``floor(u * shift / period) - side`` on, ``2 * side + 1``.

    >>> list(Around(period=2, shift=1).taps(3))
    [0, 1, 2]
    """

    period: int
    shift: int
    side: int = 1

    @property
    def width(self) -> int:
        return 2 * self.side + 1

    def taps(self, unit: int) -> range:
        place = unit * self.shift // self.period
        return range(place - self.side, place + self.side + 1)


@dataclass(frozen=True, slots=True)
class Broadcast(Reads):
    """A map of one unit spread over the axis: every unit reads unit 0."""

    @property
    def shift(self) -> int:
        return 0

    @property
    def width(self) -> int:
        return 1

    def taps(self, unit: int) -> Sequence[int]:
        return (0,)


@dataclass(frozen=True, slots=True)
class Piece(Reads):
    """One of several maps side by side: the units from ``begin`` to before ``end`` read its units in order, others read
    nothing. The first map and the last one, which has no ``end``, go on beyond the ends.

    >>> [list(Piece(begin=2, end=4).taps(u)) for u in range(5)]
    [[], [], [0], [1], []]
    >>> [list(Piece(begin=0, end=2).taps(u)) for u in (-1, 0, 1, 2)]
    [[-1], [0], [1], []]
    """

    begin: int
    end: int | None = None

    @property
    def shift(self) -> int:
        return 1

    @property
    def width(self) -> int:
        return 1

    @property
    def steady(self) -> bool:
        return False

    def taps(self, unit: int) -> Sequence[int]:
        return (unit - self.begin,) if unit == self._nearest(unit) else ()

    def _nearest(self, unit: int) -> int:
        """The nearest of the units that read the map."""
        least = unit if self.begin == 0 else max(unit, self.begin)
        return least if self.end is None else min(least, self.end - 1)

    def reach(self, units: Interval) -> Interval:
        return Interval(self._nearest(units.first), self._nearest(units.last)).shifted(-self.begin)


@dataclass(frozen=True, slots=True)
class Nothing(Reads):
    """No unit reads anything: the map is another input's, or another map stands for it.

    >>> list(Nothing().taps(3))
    []
    """

    @property
    def shift(self) -> int:
        return 0

    @property
    def width(self) -> int:
        return 0

    def taps(self, unit: int) -> Sequence[int]:
        return ()

    def reach(self, units: Interval) -> Interval:
        return Interval(0, 0)


IDENTITY = Window()


def _reflected(tap: int, length: int) -> int:
    if length == 1:
        return 0
    place = tap % (2 * (length - 1))
    return min(place, 2 * (length - 1) - place)


def _replicated(tap: int, length: int) -> int:
    return min(max(tap, 0), length - 1)


def _wrapped(tap: int, length: int) -> int:
    return tap % length


_PLACES = {Edge.REFLECT: _reflected, Edge.REPLICATE: _replicated, Edge.CIRCULAR: _wrapped}
