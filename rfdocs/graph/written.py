"""Sizes, units and pixels as one types them: plain numbers, without separators of thousands."""

from __future__ import annotations

from collections.abc import Iterable


def size_text(size: Iterable[int] | int) -> str:
    """The lengths of all axes, or one that stands for all.

    >>> size_text((320, 1024)), size_text(224)
    ('320 x 1024', '224')
    """
    return str(size) if isinstance(size, int) else " x ".join(map(str, size))


def place_text(index: Iterable[int]) -> str:
    """A unit or a pixel, one number per axis.

    >>> place_text((3, 1024))
    '(3, 1024)'
    """
    return f"({', '.join(map(str, index))})"
