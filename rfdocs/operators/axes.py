"""Spatial attributes: one value per axis, of what people give for all of them or for each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

#: What may be padded: one number for all sides, or for every axis one number or ``(before, after)``. Unit: units.
Sides = int | Sequence[int | tuple[int, int]]

N = TypeVar("N", bound=int | Fraction)


def per_axis(value: N | Sequence[N], axes: int) -> tuple[N, ...]:
    """One value per axis, of one for all or of a sequence with one for each.

    >>> per_axis(3, 2), per_axis((3, 5), 2)
    ((3, 3), (3, 5))
    """
    return tuple(value) if isinstance(value, Sequence) else (value,) * axes


def per_side(value: Sides, axes: int) -> tuple[tuple[int, int], ...]:
    """``(before, after)`` per axis, of one number for all or of a sequence with one number or pair for each.

    >>> per_side(1, 2), per_side((0, (1, 2)), 2)
    (((1, 1), (1, 1)), ((0, 0), (1, 2)))
    """
    sides = (value,) * axes if isinstance(value, int) else value
    return tuple([(side, side) if isinstance(side, int) else side for side in sides])
