"""Figures of single units, for a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rfdocs.algebra import Interval
from rfdocs.errors import UnknownName
from rfdocs.graph import Report, UnitField
from rfdocs.report.numbers import text_number

#: What stands before a negative number in a sentence: unlike a hyphen, no line is broken behind it.
MINUS = "\N{MINUS SIGN}"


_FIGURES: dict[str, Callable[[UnitField], Iterable[str]]] = {
    "field": lambda unit: map(_ends, unit.field),
    "size": lambda unit: map(_length, unit.field),
    "center": lambda unit: [text_number(None if field is None else field.center) for field in unit.field],
    "visible": lambda unit: map(_ends, unit.visible),
    "spatial_field": lambda unit: map(_ends, unit.spatial_field),
    "spatial_visible": lambda unit: map(_ends, unit.spatial_visible),
    "seen": lambda unit: map(str, unit.spatial_visible_size),
}


def unit_figure(report: Report, layer: str, index: Sequence[int], key: str) -> str:
    """One figure of one unit as text, one number where the axes agree.

    ``key`` is one of the data's: ``field``, ``size``, ``center`` and ``visible``, gates included; ``spatial_field`` and
    ``spatial_visible``, along the spatial paths; or ``seen``, how many pixels are seen along those. One index stands
    for all axes. Raises: UnknownLayer, UnknownName, InputError.

    >>> import rfdocs
    >>> report = rfdocs.load("resnet18").analyze()
    >>> unit_figure(report, "layer4", [0], "seen"), unit_figure(report, "layer4", [0, 6], "center")
    ('218', '0.5 × 192.5')
    """
    if key not in _FIGURES:
        raise UnknownName("figure of a unit", key, _FIGURES)
    place = tuple(index) * len(report.input_size) if len(index) == 1 else tuple(index)
    texts = list(_FIGURES[key](report.unit(layer, place)))
    return (texts[0] if len(set(texts)) == 1 else " × ".join(texts)).replace("-", MINUS)


def _ends(interval: Interval | None) -> str:
    return "nothing" if interval is None else f"{text_number(interval.first)} to {text_number(interval.last)}"


def _length(interval: Interval | None) -> str:
    return text_number(0 if interval is None else interval.size)
