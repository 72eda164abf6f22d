"""Which keys a mask hides from which queries: numbers that are added to the scores of an attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import prod
from typing import Any, NamedTuple

import numpy as np

from rfdocs.importing.drafts import FixedTensor, Puzzling
from rfdocs.importing.foreign_graph import HIDING
from rfdocs.importing.views import Digit, Dimensions, as_keys, length, lengths

_UNKNOWN = "what it adds to the scores of its attention hides keys, or does not; its numbers would have to be known"
_OTHERWISE = "a mask hides keys from queries in a way that the format has no word for"


def hidden_by(fixed: FixedTensor, dimensions: Dimensions, size: Sequence[int]) -> str:
    """What a fixed tensor hides that is added to scores of these dimensions: the word for it that scores have.

    Learned numbers hide nothing where they are unknown. Raises: Puzzling where it hides other keys, or where that is
    not known.
    """
    numbers = fixed.numbers() if prod(fixed.shape) > 1 else None
    if numbers is None:
        if fixed.learned or prod(fixed.shape) == 1:
            return ""
        raise Puzzling(_UNKNOWN)
    hidden = numbers <= HIDING
    if not hidden.any():
        return ""
    if not dimensions or len(fixed.shape) > len(dimensions):
        raise Puzzling(_OTHERWISE)
    hidden = np.broadcast_to(hidden, lengths(dimensions))
    axes = [_places(dimensions, axis, count) for axis, count in enumerate(size, start=1)]
    for word, rule in _RULES.items():
        if np.array_equal(hidden, np.broadcast_to(rule(axes), hidden.shape)):
            return word
    raise Puzzling(_OTHERWISE)


class _Places(NamedTuple):
    """The places of queries and of keys along an axis of ``length`` units, as arrays that broadcast to the scores; and
    the unit from which both are counted.
    """

    query: Any
    key: Any
    length: int
    moved: int


def _places(dimensions: Dimensions, axis: int, count: int) -> _Places:
    """Rule: digits that are no key's own, those of a window among windows, count queries and keys alike."""
    digits = [(place, digit) for place, dimension in enumerate(dimensions) for digit in dimension]
    own = {as_keys((digit,))[0] for _, digit in digits if digit.axis == ~axis}
    query = key = np.zeros((1,) * len(dimensions), int)
    for place, digit in digits:
        counted = _counted(dimensions, place, digit) if digit.axis in {axis, ~axis} else 0
        query = query + counted * (digit.axis == axis)
        key = key + counted * (digit.axis == ~axis or (digit.axis == axis and digit not in own))
    moved = {digit.moved for _, digit in digits if digit.axis in {axis, ~axis}} or {0}
    if len(moved) > 1 or {int(query.max()), int(key.max())} != {count - 1}:
        raise Puzzling(_OTHERWISE)
    return _Places(query, key, count, *moved)


def _counted(dimensions: Dimensions, place: int, digit: Digit) -> Any:
    """What a digit counts of its axis, along the dimension that it stands in."""
    behind = dimensions[place][dimensions[place].index(digit) + 1 :]
    values = np.arange(length(dimensions[place])) // length(behind) % digit.size * digit.stride
    return values.reshape([-1 if one == place else 1 for one in range(len(dimensions))])


def _wrapped(axes: Sequence[_Places]) -> Any:
    """Keys on the other side of the end of an axis that is not counted from its first unit."""
    sides = [(one.query + one.moved >= one.length, one.key + one.moved >= one.length) for one in axes]
    return reduce(np.logical_or, [query != key for query, key in sides])


def _after(axes: Sequence[_Places]) -> Any:
    """Keys behind the query, on one axis that is counted from its first unit."""
    return axes[0].key > axes[0].query if len(axes) == 1 and not axes[0].moved else np.array(False)


_RULES: Mapping[str, Callable[[Sequence[_Places]], Any]] = {"wrapped": _wrapped, "after": _after}
