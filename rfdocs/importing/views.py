"""How a tensor shows a map: which dimension holds its channels, which its units, and what reshapes make of that.

The places of a map are counted by digits. A digit of an axis (0 is the channels, 1 and on the spatial axes) counts
``size`` steps of ``stride`` places each, and a dimension of a tensor is a number written in digits, the most
significant first. A reshape takes digits apart and together, a transposition moves them: both leave the map as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, prod
from typing import NamedTuple

CHANNELS = 0


class Digit(NamedTuple):
    """``size`` steps of ``stride`` places along an axis: place ``p`` has the digit ``p // stride % size``."""

    axis: int
    stride: int
    size: int


#: A dimension of a tensor; one of length 1 has no digits.
Dimension = tuple[Digit, ...]
#: All dimensions of a tensor, the batch's first, which is always of length 1.
Dimensions = tuple[Dimension, ...]


class Torn(Exception):
    """Digits that cannot be told apart at the new dimensions' borders."""


def whole(axis: int, length: int) -> Dimension:
    """A dimension that is a whole axis.

    >>> whole(0, 64)
    (Digit(axis=0, stride=1, size=64),)
    """
    return (Digit(axis, 1, length),) if length > 1 else ()


def standard(channels: int, size: Sequence[int]) -> Dimensions:
    """A map as convolutions have it: batch, channels, spatial axes."""
    return ((), whole(CHANNELS, channels), *(whole(axis, length) for axis, length in enumerate(size, start=1)))


def length(dimension: Dimension) -> int:
    """How many places a dimension has."""
    return prod([digit.size for digit in dimension])


def lengths(dimensions: Dimensions) -> tuple[int, ...]:
    """The tensor's shape."""
    return tuple(map(length, dimensions))


def joined(digits: Sequence[Digit]) -> Dimension:
    """The digits with those that count on where the one before ends made one.

    >>> joined([Digit(0, 8, 4), Digit(0, 1, 8), Digit(1, 1, 7)])
    (Digit(axis=0, stride=1, size=32), Digit(axis=1, stride=1, size=7))
    """
    result: list[Digit] = []
    for digit in digits:
        last = result[-1] if result else None
        if last and last.axis == digit.axis and last.stride == digit.stride * digit.size:
            result[-1] = Digit(digit.axis, digit.stride, last.size * digit.size)
        else:
            result.append(digit)
    return tuple(result)


def reshaped(dimensions: Dimensions, shape: Sequence[int]) -> Dimensions:
    """The same digits, in the same order, in dimensions of these lengths.

    Raises: Torn where a border runs through a digit that it does not divide.

    >>> reshaped(standard(6, (4, 4)), (1, 2, 3, 16))[1:3]
    ((Digit(axis=0, stride=3, size=2),), (Digit(axis=0, stride=1, size=3),))
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
                taken.append(Digit(digit.axis, digit.stride * rest, most))
                digits.append(Digit(digit.axis, digit.stride, rest))
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
