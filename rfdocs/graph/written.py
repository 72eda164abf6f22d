"""Sizes, units and pixels as one types them, without separators of thousands; and what is said once for all axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

_SIZE = re.compile(r"[0-9]+(?:\s*[xX×]\s*[0-9]+){0,2}")


def once(values: Sequence[object], between: str = " x ") -> str:
    """One text where all axes have the same, otherwise all of them.

    >>> once((427, 427)), once(("125", "619", "619"), "×")
    ('427', '125×619×619')
    """
    texts = list(map(str, values))
    return texts[0] if len(set(texts)) == 1 else between.join(texts)


def on_all_axes(lengths: Sequence[int] | int, axes: int) -> tuple[int, ...]:
    """One length for each of so many axes, of one for all; several are left as they are.

    >>> on_all_axes(224, 2), on_all_axes((224,), 2), on_all_axes((8, 112, 112), 2)
    ((224, 224), (224, 224), (8, 112, 112))
    """
    given = (lengths,) if isinstance(lengths, int) else tuple(lengths)
    return given * axes if len(given) == 1 else given


def size_text(size: Iterable[int] | int) -> str:
    """The lengths of all axes, or one that stands for all.

    >>> size_text((320, 1024)), size_text(224)
    ('320 x 1024', '224')
    """
    return str(size) if isinstance(size, int) else " x ".join(map(str, size))


def read_size(text: str, number: Callable[[str], int]) -> tuple[int, ...] | None:
    """The lengths of a size of one to three axes, each made a number by ``number``; ``None`` where the text is no size.

    >>> read_size("320", int), read_size("320x480", int), read_size("320 × 480", int), read_size("3y", int)
    ((320,), (320, 480), (320, 480), None)
    """
    return tuple(map(number, re.findall("[0-9]+", text))) if _SIZE.fullmatch(text) else None


def place_text(index: Iterable[int]) -> str:
    """A unit or a pixel, one number per axis.

    >>> place_text((3, 1024))
    '(3, 1024)'
    """
    return f"({', '.join(map(str, index))})"
