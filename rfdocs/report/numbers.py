"""One number, or one per axis, as JSON and as text. Nothing is rounded in text: ``1/3`` stays ``1/3``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rfdocs.graph.network import AXES

__all__ = ["AXES", "by_axis", "is_binary", "json_number", "per_axis", "spans", "text_number"]

Number = int | Fraction
Numbers = Sequence[Number | None]

#: What stands for a number that does not exist.
NONE = "–"
#: The most digits behind the point; a fraction that needs more is written as a fraction.
DIGITS = 6


def json_number(value: Number | None) -> int | float | None:
    """The number as JSON has it: an integer where it is whole, otherwise the nearest float.

    >>> json_number(Fraction(8, 2)), json_number(Fraction(63, 2)), json_number(None)
    (4, 31.5, None)
    """
    if value is None or isinstance(value, int):
        return value
    return value.numerator if value.denominator == 1 else float(value)


def is_binary(value: Number | None) -> bool:
    """Whether a float holds the number exactly.

    >>> is_binary(Fraction(3, 8)), is_binary(Fraction(1, 3))
    (True, False)
    """
    return not isinstance(value, Fraction) or value.denominator == 1 or Fraction(float(value)) == value


def text_number(value: Number | None, thousands: str = "") -> str:
    """The number as text, exactly: ``31.5``, or ``1/3`` where no short decimal is exact.

    >>> text_number(Fraction(63, 2)), text_number(Fraction(1, 3)), text_number(25557032, ",")
    ('31.5', '1/3', '25,557,032')
    """
    if value is None:
        return NONE
    if value.denominator == 1:
        return _grouped(int(value), thousands)
    scaled = value * 10**DIGITS
    if scaled.denominator > 1:
        return f"{value.numerator}/{value.denominator}"
    whole, part = divmod(abs(int(scaled)), 10**DIGITS)
    sign = "-" if value < 0 else ""
    return f"{sign}{_grouped(whole, thousands)}.{part:0{DIGITS}d}".rstrip("0")


def _grouped(value: int, thousands: str) -> str:
    return f"{value:,}".replace(",", thousands) if thousands else str(value)


def per_axis(values: Numbers, thousands: str = "") -> str:
    """One number where all axes agree, otherwise one per axis.

    >>> per_axis((224, 224)), per_axis((10, 15)), per_axis((Fraction(1, 2), None))
    ('224', '10×15', '0.5×–')
    """
    texts = [text_number(value, thousands) for value in values]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def by_axis(values: Numbers) -> str:
    """All axes' numbers, one after the other.

    >>> by_axis((224, 224))
    '224 × 224'
    """
    return " × ".join(map(text_number, values))


def spans(numbers: Iterable[int]) -> str:
    """Ascending whole numbers as ranges, both ends included.

    >>> spans([0, 1, 2, 3, 7, 9, 10])
    '0..3, 7, 9..10'
    """
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}..{last}" for first, last in ranges)
