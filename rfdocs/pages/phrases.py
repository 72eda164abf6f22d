"""Figures of single units, for a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rfdocs.algebra import Interval
from rfdocs.graph import Report
from rfdocs.pages.layers import UnknownName
from rfdocs.report.numbers import text_number

#: What stands before a negative number in a sentence: unlike a hyphen, no line is broken behind it.
MINUS = "\N{MINUS SIGN}"


class Seen(NamedTuple):
    """The interval that a unit sees on one axis, in full and of the image, and how many pixels of this."""

    field: Interval | None
    visible: Interval | None
    pixels: int


_FIGURES: dict[str, Callable[[Seen], str]] = {
    "field": lambda seen: _ends(seen.field),
    "size": lambda seen: _length(seen.field),
    "center": lambda seen: text_number(None if seen.field is None else seen.field.center),
    "visible": lambda seen: _ends(seen.visible),
    "seen": lambda seen: str(seen.pixels),
}


def unit_figure(report: Report, layer: str, index: Sequence[int], key: str) -> str:
    """One figure of one unit as text, one number where the axes agree.

    ``key`` is ``field``, ``size`` and ``center`` of the theoretical field, ``visible`` and ``seen`` (the ends and the
    length of what is seen of the image). One index stands for all axes.
    Raises: UnknownLayer, UnknownName, InputError.

    >>> import rfdocs
    >>> report = rfdocs.load("resnet18").analyze()
    >>> unit_figure(report, "layer4", [0], "seen"), unit_figure(report, "layer4", [0, 6], "center")
    ('218', '0.5 × 192.5')
    """
    if key not in _FIGURES:
        raise UnknownName("figure of a unit", key, _FIGURES)
    place = tuple(index) * len(report.input_size) if len(index) == 1 else tuple(index)
    unit = report.unit(layer, place)
    axes = zip(unit.field, unit.visible, report.visible_sizes(layer, place), strict=True)
    texts = [_FIGURES[key](Seen(*axis)) for axis in axes]
    return (texts[0] if len(set(texts)) == 1 else " × ".join(texts)).replace("-", MINUS)


def _ends(interval: Interval | None) -> str:
    return "nothing" if interval is None else f"{interval.first} to {interval.last}"


def _length(interval: Interval | None) -> str:
    return "0" if interval is None else str(interval.size)
