"""Values of single units, for a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rfdocs.errors import UnknownName
from rfdocs.formats.numbers import ends, minus, text_number
from rfdocs.graph import Report, UnitField, once

#: What stands before a negative number in a sentence: unlike a hyphen, no line is broken behind it.

_VALUES: dict[str, Callable[[UnitField], str]] = {
    "field": lambda axis: ends(axis.field, " to "),
    "size": lambda axis: text_number(axis.size),
    "center": lambda axis: text_number(axis.center),
    "visible": lambda axis: ends(axis.visible, " to "),
    "spatial_field": lambda axis: ends(axis.spatial_field, " to "),
    "spatial_visible": lambda axis: ends(axis.spatial_visible, " to "),
    "seen": lambda axis: str(axis.spatial_visible_size),
}


def unit_value(report: Report, layer: str, index: Sequence[int], key: str) -> str:
    """One value of one unit as text, one number where the axes agree.

    ``key`` is one of the data's: ``field``, ``size``, ``center`` and ``visible``, gates included; ``spatial_field`` and
    ``spatial_visible``, along the spatial paths; or ``seen``, the length of that. One index stands for all
    axes. Raises: UnknownLayer, UnknownName, InputError.

    >>> import rfdocs
    >>> report = rfdocs.load("resnet18").analyze()
    >>> unit_value(report, "layer4", [0], "seen"), unit_value(report, "layer4", [0, 6], "center")
    ('218', '0.5 × 192.5')
    """
    if key not in _VALUES:
        raise UnknownName("figure of a unit", key, _VALUES)
    place = tuple(index) * len(report.input_size) if len(index) == 1 else tuple(index)
    return minus(once([_VALUES[key](axis) for axis in report.unit(layer, place)], " × "))
