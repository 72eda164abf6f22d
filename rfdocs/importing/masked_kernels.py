"""Kernels that a mask cuts short, such as those of PixelCNN: their windows are shorter than their shape says."""

from __future__ import annotations

from typing import Any

#: Noughts that fill this share of a window are a mask's; fewer are those of a function that ends with a nought.
_SHARE = 4
MASKED = "its kernel is 0 for a quarter of its window or more, at the ends; the window without would have to be known"


def is_masked(kernel: Any) -> bool:
    """Whether a kernel, ``(channels, channels, spatial ...)``, is 0 at the ends of an axis for a quarter of it or more.

    One that is 0 everywhere says nothing.

    >>> import numpy as np
    >>> [is_masked(np.array([[taps]])) for taps in ([1, 2, 0], [1, 0, 2], [0, 0, 0], [0, 1, 2, 3, 4])]
    [True, False, False, False]
    """
    if kernel is None or not kernel.any():
        return False
    noughts = [(_outer_noughts(kernel, axis), kernel.shape[axis]) for axis in range(2, kernel.ndim)]
    return any(outer and outer * _SHARE >= length for outer, length in noughts)


def _outer_noughts(kernel: Any, axis: int) -> int:
    """How many positions at both ends of an axis are 0 in all channels; of a window of one there are none."""
    others = tuple([other for other in range(kernel.ndim) if other != axis])
    read = [place for place, any_there in enumerate((kernel != 0).any(others).tolist()) if any_there]
    return int(kernel.shape[axis]) - (read[-1] - read[0] + 1)
