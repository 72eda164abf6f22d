"""One number, or one per axis, as JSON and as text. Nothing is rounded in text: ``1/3`` stays ``1/3``.

Text is for people unless its separator of thousands is empty: so it is in files that programs read, and in formulas.
Only shares are rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rfdocs.algebra import Interval
from rfdocs.graph.written import once

Number = int | Fraction
Numbers = Sequence[Number | None]

#: What stands between groups of three digits wherever people read a number.
THOUSANDS = ","
#: What stands for a number that does not exist.
NONE = "–"
#: The most digits behind the point; a fraction that needs more is written as a fraction.
DIGITS = 6
_UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def json_number(value: Number | None) -> int | float | None:
    """The number as JSON has it: an integer where it is whole, otherwise the nearest float.

    >>> json_number(Fraction(8, 2)), json_number(Fraction(63, 2)), json_number(None)
    (4, 31.5, None)
    """
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def is_binary(value: object) -> bool:
    """Whether JSON has the value exactly: a fraction only where it is whole, or a float holds it.

    >>> is_binary(Fraction(3, 8)), is_binary(Fraction(1, 3)), is_binary(Fraction(2**60 + 1)), is_binary(None)
    (True, False, True, True)
    """
    if not isinstance(value, Fraction) or value.denominator == 1:
        return True
    return float(value).as_integer_ratio() == value.as_integer_ratio()


def text_number(value: Number | None, thousands: str = THOUSANDS) -> str:
    """The number as text, exactly: ``31.5``, or ``1/3`` where no short decimal is exact.

    >>> text_number(Fraction(63, 2)), text_number(Fraction(1, 3)), text_number(25557032), text_number(25557032, "")
    ('31.5', '1/3', '25,557,032', '25557032')
    """
    if value is None:
        return NONE
    if value.denominator == 1:
        return _grouped(int(value), thousands)
    if 10**DIGITS % value.denominator:
        return f"{_grouped(value.numerator, thousands)}/{_grouped(value.denominator, thousands)}"
    whole, part = divmod(abs(value.numerator) * (10**DIGITS // value.denominator), 10**DIGITS)
    sign = "-" if value < 0 else ""
    return f"{sign}{_grouped(whole, thousands)}.{part:0{DIGITS}d}".rstrip("0")


def _grouped(value: int, thousands: str) -> str:
    return f"{value:,}".replace(",", thousands) if thousands else str(value)


def per_axis(values: Numbers, thousands: str = THOUSANDS, between: str = "×") -> str:
    """One number where all axes agree, otherwise one per axis.

    >>> per_axis((224, 224)), per_axis((10, 15)), per_axis((Fraction(1, 2), None))
    ('224', '10×15', '0.5×–')
    """
    return once([text_number(value, thousands) for value in values], between)


def ranges(
    least: Sequence[int], most: Sequence[int], thousands: str = THOUSANDS, to: str = "–", between: str = "×"
) -> str:
    """From the least to the most on every axis: one number where units don't differ, once where axes agree.

    >>> ranges((188, 188), (204, 204)), ranges((92, 1071), (100, 1071)), ranges((188,), (204,), to=" to ")
    ('188–204', '92–100×1,071', '188 to 204')
    """
    pairs = [dict.fromkeys((low, high)) for low, high in zip(least, most, strict=True)]
    return once([to.join([text_number(end, thousands) for end in ends]) for ends in pairs], between)


def by_axis(values: Numbers, between: str = " × ") -> str:
    """All axes' numbers, one after the other.

    >>> by_axis((224, 224)), by_axis((1024, 2048)), by_axis((3, 3), "×")
    ('224 × 224', '1,024 × 2,048', '3×3')
    """
    return between.join([text_number(value) for value in values])


def ends(field: Interval | None, to: str = "..", thousands: str = THOUSANDS) -> str:
    """The first and the last pixel of a field, both included.

    >>> ends(Interval(-213, 1213)), ends(Interval(0, 213), " to "), ends(None)
    ('-213..1,213', '0 to 213', 'nothing')
    """
    return "nothing" if field is None else to.join([text_number(end, thousands) for end in field])


def percent(share: Fraction | float) -> str:
    """A share in per cent, never rounded to a whole 0 or 100.

    >>> percent(Fraction(1)), percent(Fraction(1, 3)), percent(Fraction(9999, 10000)), percent(0.0)
    ('100 %', '33.3 %', '> 99.9 %', '0 %')
    >>> percent(Fraction(999, 1000)), percent(Fraction(1, 1000)), percent(Fraction(1, 1001))
    ('99.9 %', '0.1 %', '< 0.1 %')
    """
    if share in (0, 1):
        return f"{int(share) * 100} %"
    if share > Fraction(999, 1000):
        return "> 99.9 %"
    return f"{float(100 * share):.3g} %" if share >= Fraction(1, 1000) else "< 0.1 %"


def minus(text: str) -> str:
    """Numbers as they are set: with a minus in the place of the hyphen.

    >>> minus("-3") == "\N{MINUS SIGN}3"
    True
    """
    return text.replace("-", "\N{MINUS SIGN}")


def rounded(value: float) -> str:
    """A number that is no fraction, to one decimal.

    >>> rounded(1501.649), rounded(24.0)
    ('1,501.6', '24.0')
    """
    return f"{value:,.1f}"


def short(value: int) -> str:
    """A large count in four digits: with a unit from a thousand on.

    >>> short(25557032), short(4089184256), short(999), short(1000)
    ('25.56 M', '4.089 G', '999', '1 k')
    """
    for factor, unit in _UNITS:
        if value >= factor:
            return f"{value / factor:.4g} {unit}"
    return text_number(value)


def ranges_text(numbers: Iterable[int]) -> str:
    """Ascending whole numbers as ranges, both ends included.

    >>> ranges_text([0, 1, 2, 3, 7, 9, 10, 1000])
    '0..3, 7, 9..10, 1,000'
    """
    pairs: list[list[int]] = []
    for number in numbers:
        if pairs and pairs[-1][1] == number - 1:
            pairs[-1][1] = number
        else:
            pairs.append([number, number])
    return ", ".join(["..".join(map(text_number, dict.fromkeys(ends))) for ends in pairs])
