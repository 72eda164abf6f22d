"""What the units of one period see, phase by phase."""

from __future__ import annotations

from itertools import groupby

from rfdocs.algebra import Interval
from rfdocs.algebra.field import PeriodicField
from rfdocs.formats.numbers import ends, text_number
from rfdocs.graph import AXES, InputError, Report, UnitField
from rfdocs.pages.content import Grid, Group, Heading, Row

#: The most phases that are listed.
PHASES = 256
_HEADINGS = (
    Heading("phase", "phase", "The unit's index modulo the period.", numeric=True),
    Heading("index", "unit", "", numeric=True),
    Heading("field", "receptive field", "First and last pixel of the theoretical field.", numeric=True),
    Heading("size", "length", "Unit: pixels.", numeric=True),
    Heading("center", "centre", "Pixel 0 is centred at 0.5.", numeric=True),
)
_TO = " … "


def phase_table(title: str, report: Report, name: str, caption: str = "") -> Grid:
    """The units of one period in the middle of a layer, on its last axis; neighbours that see the same share a row.

    Raises: UnknownLayer, InputError where fields do not repeat, or not on this map.
    """
    layer = report[name]
    axis, field = layer.axes[-1], layer.axes[-1].field
    if not isinstance(field, PeriodicField) or field.constant:
        raise InputError(f"{name} has no phases: its fields do not repeat", "`rf-query` with `:every:` lists its units")
    if field.period > min(PHASES, axis.length):
        most = f"at most {PHASES} are listed, of a map that has them all"
        raise InputError(f"{name} has {field.period} phases, and {axis.length} units; {most}")
    last = (axis.length // field.period - 1) * field.period
    first = min(axis.central // field.period * field.period, last)
    units = [(unit, _unit(report, name, unit)) for unit in range(first, first + field.period)]
    groups = [list(group) for _, group in groupby(units, key=lambda pair: pair[1].spatial_field)]
    on_axis = f", on its {AXES[len(layer.axes)][-1]}" if len(layer.axes) > 1 else ""
    words = caption or f"{title}, {name}{on_axis}: the units of one period of {field.period}"
    rows = tuple([_row(first, group[0][0], group[-1][0], group[0][1]) for group in groups])
    return Grid(words, _HEADINGS, (Group("", rows),), "unit")


def _unit(report: Report, name: str, unit: int) -> UnitField:
    return report.unit(name, (*report[name].central_index[:-1], unit))[-1]


def _row(period_from: int, first: int, last: int, seen: UnitField) -> Row:
    """Units from the first to the last, all of which see the same."""
    phases, units = Interval(first - period_from, last - period_from), Interval(first, last)
    size, center = text_number(seen.spatial_size), text_number(seen.spatial_center)
    return Row((_stretch(phases), _stretch(units), ends(seen.spatial_field, _TO), size, center))


def _stretch(units: Interval) -> str:
    return text_number(units.first) if units.size == 1 else ends(units, _TO)
