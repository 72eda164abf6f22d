"""How many paths lead from each input index to a unit: its impulse response under uniform weights, as one number.

All counts of one axis stand side by side in one large whole number, each in so many bits that no sum runs over into
the next; so that adding two responses is adding two numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from sys import byteorder
from typing import Literal, NamedTuple

#: How Python calls machine words of so many bits.
_CODES: dict[int, Literal["B", "H", "I", "Q"]] = {8: "B", 16: "H", 32: "I", 64: "Q"}


class Paths(NamedTuple):
    """The counts of ``size`` consecutive indices from ``first`` on; that of the ``i``-th stands at bit ``i * width``.

    >>> Paths(first=-1, size=3, packed=0x010201, width=8).counts()
    [1, 2, 1]
    """

    first: int
    size: int
    packed: int
    width: int

    @property
    def last(self) -> int:
        """The largest index that is counted."""
        return self.first + self.size - 1

    def shifted(self, distance: int) -> Paths:
        """The same counts, moved by ``distance``."""
        return Paths(self.first + distance, self.size, self.packed, self.width)

    def counts(self) -> list[int]:
        """The counts, one for each index from the first on."""
        step = self.width // 8
        octets = self.packed.to_bytes(self.size * step, "little")
        if byteorder == "little" and self.width in _CODES:
            return memoryview(octets).cast(_CODES[self.width]).tolist()
        return [int.from_bytes(octets[start : start + step], "little") for start in range(0, len(octets), step)]


def added(parts: Iterable[Paths | None]) -> Paths | None:
    """The counts of all of them, index by index; ``None`` where there are none.

    >>> added([Paths(0, 1, 1, 8), None, Paths(2, 1, 1, 8)])
    Paths(first=0, size=3, packed=65537, width=8)
    """
    present = [part for part in parts if part is not None]
    if len(present) < 2:
        return present[0] if present else None
    first = min([part.first for part in present])
    end = max([part.first + part.size for part in present])
    width = present[0].width
    distance = present[1].first - first
    if len(present) > 4 and all(part == present[0].shifted(i * distance) for i, part in enumerate(present)):
        packed = _repeated(present[0].packed, len(present), distance * width)
    else:
        packed = sum([part.packed << (part.first - first) * width for part in present])
    return Paths(first, end - first, packed, width)


def _repeated(number: int, times: int, distance: int) -> int:
    """The sum of so many copies of a number, each so many bits above the one before it; found half by half.

    >>> bin(_repeated(1, 5, 3))
    '0b1001001001001'
    """
    if times == 1:
        return number
    half = _repeated(number, times // 2, distance)
    whole = half + (half << times // 2 * distance)
    return number + (whole << distance) if times % 2 else whole


def width_for(count: int) -> int:
    """The bits that hold any number up to ``count``, as many as some machine words have.

    >>> width_for(255), width_for(256), width_for(1 << 70)
    (8, 16, 128)
    """
    bits = count.bit_length()
    return next((width for width in _CODES if bits <= width), -(-bits // 64) * 64)
