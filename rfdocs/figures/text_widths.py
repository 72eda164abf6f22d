"""How wide a text will be, roughly: fonts differ from reader to reader, so layouts leave room."""

from __future__ import annotations

from functools import lru_cache

from rfdocs.figures.drawing import PHONE_TEXT

#: Widths of letters in DejaVu Sans, wider than most. Unit: the font's size.
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'| ", 0.32),
    **dict.fromkeys("ftr()[]-/·", 0.4),
    **dict.fromkeys("ckszvxyJ", 0.57),
    **dict.fromkeys("mwMW%@", 0.96),
    **dict.fromkeys("ACDGHNOQRUV×", 0.75),
}
_USUAL = 0.63
#: By how much a text may be wider than its room: the room was found of widths, and added and subtracted.
_ROUNDING = 1e-6


@lru_cache(maxsize=1 << 12)  # a layout asks for the same text again and again
def width(text: str, size: float = PHONE_TEXT) -> float:
    """The estimated width of a text at a size, by default that of a phone. Unit: pixels.

    >>> width("m") > 2 * width("i")
    True
    """
    return size * sum([_WIDTHS.get(letter, _USUAL) for letter in text])


def shortened(text: str, room: float, size: float = PHONE_TEXT) -> str:
    """The text, with an ellipsis in its middle where it is wider than the room.

    >>> shortened("layer1.0.conv1.with.a.long.name", 100)
    'lay…ame'
    """
    room += _ROUNDING
    if width(text, size) <= room:
        return text
    keep = len(text)
    while keep > 1 and width(_cut(text, keep), size) > room:
        keep -= 1
    return _cut(text, keep)


def _cut(text: str, keep: int) -> str:
    return f"{text[: (keep + 1) // 2]}…{text[len(text) - keep // 2 :]}"
