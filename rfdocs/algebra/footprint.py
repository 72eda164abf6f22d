"""The exact sets of pixels behind a receptive field, holes included, and how many paths reach each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import sub
from typing import NamedTuple, TypeGuard

from rfdocs.algebra.limits import READS
from rfdocs.algebra.reads import IDENTITY, Edge, Reads, Window
from rfdocs.errors import ArithmeticRefusal


class Footprint(NamedTuple):
    """A set of indices: ``first + i`` for every bit ``i`` of ``bits``; bit 0 is always set.

    >>> Footprint(-2, 0b10101).size, Footprint(-2, 0b10101).members
    (5, 3)
    """

    first: int
    bits: int

    @property
    def last(self) -> int:
        """The largest index."""
        return self.first + self.bits.bit_length() - 1

    @property
    def size(self) -> int:
        """The size of the hull, ``last - first + 1``."""
        return self.bits.bit_length()

    @property
    def members(self) -> int:
        """How many indices are in the set."""
        return self.bits.bit_count()

    def shifted(self, distance: int) -> Footprint:
        """The set moved by ``distance``."""
        return Footprint(self.first + distance, self.bits)


def union(footprints: Iterable[Footprint | None]) -> Footprint | None:
    """The set of all indices that are in any of them; ``None`` where there are none.

    >>> union([Footprint(0, 0b1), None, Footprint(3, 0b11)])
    Footprint(first=0, bits=25)
    """
    parts = [part for part in footprints if part is not None]
    if not parts:
        return None
    first = min(part.first for part in parts)
    bits = 0
    for part in parts:
        bits |= part.bits << (part.first - first)
    return Footprint(first, bits)


def paths_below(reads: Reads, paths: Mapping[int, int], length: int | None) -> dict[int, int]:
    """How many paths lead to each index of the map below, given how many lead to each unit of a layer.

    With a ``length``, only through the real map; without one, through the map without ends.
    Unit: paths (taps multiplied along a path, added over paths). Source: Luo et al. 2016, section 2.
    Raises: ArithmeticRefusal beyond the limits.

    >>> from rfdocs.algebra.reads import Window
    >>> paths_below(Window(kernel=3), paths_below(Window(kernel=3), {0: 1}, None), None)
    {0: 1, 1: 2, 2: 3, 3: 2, 4: 1}
    """
    if reads == IDENTITY and length is None:
        return dict(paths)
    if len(paths) * reads.width > READS:
        raise ArithmeticRefusal(f"its paths take more than {READS} single reads to follow")
    if _is_plain_window(reads) and paths:
        return _window_paths_below(reads, paths, length)
    below: dict[int, int] = {}
    for unit, count in paths.items():
        taps: Sequence[int] = reads.taps(unit) if length is None else reads.real_taps(unit, length)
        for tap in taps:
            below[tap] = below.get(tap, 0) + count
    return dict(sorted(below.items()))


def steps_below(reads: Reads, paths: Mapping[int, int]) -> int:
    """The steps that :func:`paths_below` takes: the indices of the commonest window, the single reads of others.

    >>> from rfdocs.algebra.reads import Window
    >>> steps_below(Window(kernel=3), {0: 1, 1: 1}), steps_below(Window(kernel=3, stride=2), {0: 1, 1: 1})
    (4, 6)
    """
    if _is_plain_window(reads) and paths:
        return max(paths) - min(paths) + reads.width
    return len(paths) * reads.width


def _is_plain_window(reads: Reads) -> TypeGuard[Window]:
    """Whether it is the commonest window: of stride and dilation 1."""
    return isinstance(reads, Window) and reads.stride == reads.dilation == 1 and reads.edge is Edge.ZERO


def _window_paths_below(window: Window, paths: Mapping[int, int], length: int | None) -> dict[int, int]:
    """The same for the commonest window, of stride and dilation 1: sums over it, as differences of running sums."""
    units = range(min(paths), max(paths) + 1)
    sums = [0, *accumulate([paths.get(unit, 0) for unit in units])]
    first, beyond = units.start - window.before, window.kernel - 1
    window_sums = map(sub, [*sums[1:], *[sums[-1]] * beyond], [*[0] * beyond, *sums[:-1]])
    return {
        tap: count
        for tap, count in enumerate(window_sums, start=first)
        if count and (length is None or 0 <= tap < length)
    }
