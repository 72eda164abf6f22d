"""How a tensor shows a map: which dimension holds its channels, which its units, and what reshapes make of that.

The places of a map are counted by digits. A digit of an axis (0 is the channels, 1 and on the spatial axes) counts
``size`` steps of ``stride`` places each, and a dimension of a tensor is a number written in digits, the most
significant first. A reshape takes digits apart and together, a transposition moves them: both leave the map as it is.
A roll counts an axis from another place, and its digits say from which.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, prod
from typing import NamedTuple

CHANNELS = 0
#: The number of the axis along which a map's units stand in one row where class tokens stand before them.
ROW = 4


class Digit(NamedTuple):
    """``size`` steps of ``stride`` places along an axis: place ``p`` has the digit ``p // stride % size``.

    Of an axis of ``n`` units that is counted from unit ``moved``, place ``p`` is unit ``(p + moved) % n``.
    """

    axis: int
    stride: int
    size: int
    moved: int = 0


#: A dimension of a tensor; one of length 1 has no digits.
Dimension = tuple[Digit, ...]
#: All dimensions of a tensor, the batch's first, which is always of length 1.
Dimensions = tuple[Dimension, ...]


class Torn(Exception):
    """Digits that cannot be told apart at the new dimensions' borders."""


def whole(axis: int, length: int) -> Dimension:
    """A dimension that is a whole axis.

    >>> whole(0, 64)
    (Digit(axis=0, stride=1, size=64, moved=0),)
    """
    return (Digit(axis, 1, length),) if length > 1 else ()


def standard(channels: int, size: Sequence[int]) -> Dimensions:
    """A map as convolutions have it: batch, channels, spatial axes."""
    return ((), whole(CHANNELS, channels), *(whole(axis, length) for axis, length in enumerate(size, start=1)))


def in_row(channels: int, units: int) -> Dimensions:
    """A map with class tokens: batch, channels, and tokens and units in one row."""
    return ((), whole(CHANNELS, channels), whole(ROW, units))


def length(dimension: Dimension) -> int:
    """How many places a dimension has."""
    return prod([digit.size for digit in dimension])


def lengths(dimensions: Dimensions) -> tuple[int, ...]:
    """The tensor's shape."""
    return tuple(map(length, dimensions))


def joined(digits: Sequence[Digit]) -> Dimension:
    """The digits with those that count on where the one before ends made one.

    >>> joined([Digit(0, 8, 4), Digit(0, 1, 8), Digit(1, 1, 7)]) == (Digit(0, 1, 32), Digit(1, 1, 7))
    True
    """
    result: list[Digit] = []
    for digit in digits:
        last = result[-1] if result else None
        if last and (last.axis, last.stride, last.moved) == (digit.axis, digit.stride * digit.size, digit.moved):
            result[-1] = digit._replace(size=last.size * digit.size)
        else:
            result.append(digit)
    return tuple(result)


def reshaped(dimensions: Dimensions, shape: Sequence[int]) -> Dimensions:
    """The same digits, in the same order, in dimensions of these lengths.

    Raises: Torn where a border runs through a digit that it does not divide.

    >>> reshaped(standard(6, (4, 4)), (1, 2, 3, 16))[1:3] == ((Digit(0, 3, 2),), (Digit(0, 1, 3),))
    True
    """
    digits = [digit for dimension in dimensions for digit in dimension][::-1]
    result: list[Dimension] = []
    for wanted in shape:
        taken: list[Digit] = []
        missing = wanted
        while missing > 1:
            if not digits:
                raise Torn
            digit = digits.pop()
            most = gcd(digit.size, missing)
            if most == digit.size:
                taken.append(digit)
            elif most == missing:
                rest = digit.size // most
                taken.append(digit._replace(stride=digit.stride * rest, size=most))
                digits.append(digit._replace(size=rest))
            else:
                raise Torn
            missing //= most
        result.append(joined(taken))
    if digits:
        raise Torn
    return tuple(result)


def permuted(dimensions: Dimensions, order: Sequence[int]) -> Dimensions:
    """The dimensions in another order."""
    return tuple([dimensions[place] for place in order])


def with_channels_last(dimensions: Dimensions) -> Dimensions:
    """The dimensions of a map, batch, channels, spatial axes, with the channels behind the axes.

    >>> [len(one) for one in with_channels_last(standard(8, (1, 1)))]
    [0, 0, 0, 1]
    """
    return permuted(dimensions, (0, *range(2, len(dimensions)), 1))


def with_channels_first(dimensions: Dimensions) -> Dimensions:
    """The reverse of :func:`with_channels_last`."""
    return permuted(dimensions, (0, len(dimensions) - 1, *range(1, len(dimensions) - 1)))


def axes_of(dimension: Dimension) -> set[int]:
    """The axes whose digits a dimension has."""
    return {digit.axis for digit in dimension}


def without(dimensions: Dimensions, gone: set[int], *, keep: bool) -> Dimensions:
    """The tensor with these dimensions of length 1, or, unless they are to ``keep``, without them."""
    if keep:
        return tuple([() if place in gone else dimension for place, dimension in enumerate(dimensions)])
    return tuple([dimension for place, dimension in enumerate(dimensions) if place not in gone])


def aligned(first: Dimensions, second: Dimensions) -> tuple[Dimensions, Dimensions]:
    """Both with as many dimensions, those that are missing at the front of one of length 1: how shapes broadcast."""
    most = max(len(first), len(second))
    return ((),) * (most - len(first)) + first, ((),) * (most - len(second)) + second


def is_moved(dimensions: Dimensions) -> bool:
    """Whether an axis is counted from another place than its first unit."""
    return any(digit.moved for dimension in dimensions for digit in dimension)


def as_keys(dimension: Dimension) -> Dimension:
    """The digits of what is attended to, beside those of what attends; the reverse as well.

    >>> as_keys(as_keys(whole(1, 7))) == whole(1, 7)
    True
    """
    return tuple([digit._replace(axis=~digit.axis) for digit in dimension])


def of_units(dimension: Dimension) -> Dimension:
    """The digits of a dimension that count units, and not channels."""
    return tuple([digit for digit in dimension if digit.axis != CHANNELS])


def of_channels(dimension: Dimension) -> int:
    """How many channels a dimension counts."""
    return prod([digit.size for digit in dimension if digit.axis == CHANNELS])


def regrouped(dimensions: Dimensions, place: int, size: int) -> Dimensions:
    """The dimensions with another number of channels in each group, which a dimension counts; others count groups.

    >>> regrouped(((Digit(0, 4, 2),), (Digit(0, 1, 4),)), 1, 5) == ((Digit(0, 5, 2),), (Digit(0, 1, 5),))
    True
    """
    before = length(dimensions[place])
    renewed = [
        tuple([
            digit._replace(stride=digit.stride * size // before) if digit.axis == CHANNELS else digit for digit in one
        ])
        for one in dimensions
    ]  # fmt: skip
    return (*renewed[:place], whole(CHANNELS, size), *renewed[place + 1 :])
