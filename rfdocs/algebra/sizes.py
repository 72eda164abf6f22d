"""How long a layer's output is on one axis: every framework's rule."""

from __future__ import annotations

from enum import Enum

from rfdocs.algebra.limits import MAP_LENGTH
from rfdocs.errors import ArithmeticRefusal


class Rounding(Enum):
    """What becomes of a last window that does not fit whole."""

    FLOOR = "floor"  #: it is dropped
    CEIL = "ceil"  #: PyTorch: it is kept if it starts inside the map or its left padding
    CAFFE = "caffe"  #: Caffe: it is kept; with padding on any axis, as PyTorch does


def extent(kernel: int, dilation: int) -> int:
    """The length that a dilated kernel covers: ``k' = d * (k - 1) + 1``. Unit: units of its input.

    >>> extent(3, 2)
    5
    """
    return dilation * (kernel - 1) + 1


def window_length(length: int, extent: int, stride: int, before: int, after: int, rounding: Rounding) -> int:
    """The number of windows: ``n_out = floor((n + p_l + p_r - k') / s) + 1``, or the ceiling, less a window
    that would start in the right padding. Caffe's rule is that of a layer without padding.

    Unit: units. Source: Dumoulin & Visin 2016, relation 6; PyTorch ``pooling_output_shape``; Caffe ``PoolingLayer``.
    Raises: ArithmeticRefusal where no window fits.

    >>> window_length(112, 3, 2, 0, 0, Rounding.FLOOR), window_length(112, 3, 2, 0, 0, Rounding.CEIL)
    (55, 56)
    >>> window_length(5, 2, 3, 1, 1, Rounding.CEIL)
    2
    """
    room = length + before + after - extent
    if rounding is Rounding.FLOOR:
        count = room // stride + 1
    else:
        count = -(-room // stride) + 1
        if rounding is Rounding.CEIL and (count - 1) * stride >= length + before:
            count -= 1
    if count < 1:
        padded = f", {length + before + after} with its padding" if before or after else ""
        raise ArithmeticRefusal(f"its window of {extent} does not fit: the map has {length}{padded}")
    return bounded(count)


def padding_behind(count: int, length: int, extent: int, stride: int, before: int, after: int) -> int:
    """The padding behind the map that its ``count`` windows really meet: ``after``, unless rounding up lets the last
    window hang over it, or drops a window that would lie in it.

    Rule: the one nearest to ``after`` with which ``count = floor((n + p_l + p_r - k') / s) + 1``. Unit: units.

    >>> padding_behind(56, 112, 3, 2, 0, 0), padding_behind(2, 5, 2, 3, 1, 1), padding_behind(2, 4, 2, 2, 0, 2)
    (1, 1, 1)
    """
    least = (count - 1) * stride + extent - length - before
    return min(max(after, least), least + stride - 1)


def same_padding(length: int, extent: int, stride: int, lower: bool = False) -> tuple[int, int]:
    """The padding ``(before, after)`` that makes ``n_out = ceil(n / s)``.

    Rule: ``total = max((ceil(n / s) - 1) * s + k' - n, 0)``; an odd pixel goes after, with ``lower`` before.
    Source: TensorFlow ``SAME``; ONNX ``SAME_UPPER`` and ``SAME_LOWER``.

    >>> same_padding(224, 7, 2), same_padding(225, 7, 2)
    ((2, 3), (3, 3))
    """
    total = max((-(-length // stride) - 1) * stride + extent - length, 0)
    small, large = total // 2, total - total // 2
    return (large, small) if lower else (small, large)


def transposed_length(length: int, extent: int, stride: int, before: int, after: int, output_padding: int) -> int:
    """The length of a transposed convolution's output: ``(n - 1) * s - p_l - p_r + k' + output_padding``.

    Source: Dumoulin & Visin 2016, relation 14. Raises: ArithmeticRefusal where nothing is left.

    >>> transposed_length(5, 3, 2, 1, 1, 1)
    10
    """
    count = (length - 1) * stride - before - after + extent + output_padding
    if count < 1:
        raise ArithmeticRefusal(f"its padding ({before}, {after}) leaves nothing of the {length} units")
    return bounded(count)


def bounded(length: int, whose: str = "its output") -> int:
    """The length itself. Raises: ArithmeticRefusal if it is below 1 or above :data:`MAP_LENGTH`, of ``whose`` map.

    >>> bounded(7)
    7
    """
    if length < 1:
        raise ArithmeticRefusal(f"{whose} would have {length} units; at least 1 must be left")
    if length > MAP_LENGTH:
        raise ArithmeticRefusal(f"{whose} would have {length} units on one axis; at most {MAP_LENGTH} are allowed")
    return length
