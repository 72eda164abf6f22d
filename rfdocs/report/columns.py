"""The columns of a network's table: declared once, for every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import NamedTuple
from weakref import WeakKeyDictionary

from rfdocs.graph import InputError, LayerReport, Report
from rfdocs.report.numbers import per_axis, text_number

Spatial = tuple[int | Fraction | None, ...]
Value = str | bool | int | float | Fraction | None | tuple[str, ...] | Spatial


class Shown(Enum):
    """Where a column stands in the formats that people read; the data formats hold all columns."""

    ALWAYS = "always"
    TELLING = "where it says something"
    DATA = "in data only"


class Column(NamedTuple):
    """One figure of every layer.

    ``key`` names it in data, ``heading`` above a column; ``usual`` is the value that tells a reader nothing;
    ``spatial`` says that it has one value per axis.
    """

    key: str
    heading: str
    meaning: str
    value: Callable[[Report, LayerReport], Value]
    shown: Shown = Shown.DATA
    spatial: bool = False
    usual: object = None

    def tells(self, report: Report) -> bool:
        """Whether a table for people shows this column for this network."""
        if self.shown is not Shown.TELLING:
            return self.shown is Shown.ALWAYS
        return any(self._differs(self.value(report, layer)) for layer in report)

    def _differs(self, value: Value) -> bool:
        values = value if isinstance(value, tuple) else (value,)
        return any(part != self.usual for part in values if part is not None)


def _counted(name: str) -> Callable[[Report, LayerReport], Value]:
    return lambda _, layer: getattr(layer, name)


def _column(key: str, heading: str, meaning: str, *, name: str = "", shown: Shown = Shown.DATA) -> Column:
    return Column(key, heading, meaning, _counted(name or key), shown)


def _spatial(
    key: str,
    heading: str,
    meaning: str,
    *,
    name: str = "",
    shown: Shown = Shown.DATA,
    usual: object = None,
) -> Column:
    return Column(key, heading, meaning, _counted(name or key), shown, True, usual)


_VISIBLE: WeakKeyDictionary[Report, dict[str, Spatial]] = WeakKeyDictionary()


def _visible(report: Report, layer: LayerReport) -> Spatial:
    known = _VISIBLE.setdefault(report, {})
    if layer.name not in known:
        known[layer.name] = _seen_by_central(report, layer)
    return known[layer.name]


def _seen_by_central(report: Report, layer: LayerReport) -> Spatial:
    size = layer.size
    try:
        unit = report.unit(layer.name, [(length - 1) // 2 for length in size])
    except InputError:
        return (None,) * len(size)
    return tuple([0 if field is None else field.size for field in unit.visible])


def _visible_share(report: Report, layer: LayerReport) -> float | None:
    seen = [length for length in _visible(report, layer) if isinstance(length, int)]
    return prod(seen) / prod(report.input_size) if len(seen) == len(report.input_size) else None


#: Every column, in the order of the data formats.
COLUMNS = (
    _column("name", "layer", "The layer's name.", shown=Shown.ALWAYS),
    _column("op", "operation", "What it does.", name="operation", shown=Shown.ALWAYS),
    _column("inputs", "reads", "The layers that it reads; `input` is the image."),
    _column("channels", "channels", "The channels of its map.", shown=Shown.ALWAYS),
    _spatial("size", "size", "The length n of its map. Unit: units.", shown=Shown.ALWAYS),
    _spatial(
        "jump",
        "jump",
        "The distance j between neighbouring units' centres. Unit: input pixels.",
        shown=Shown.ALWAYS,
    ),
    _spatial(
        "rf",
        "field",
        "The receptive field r, the largest over the phases. Unit: input pixels.",
        name="receptive_field",
        shown=Shown.ALWAYS,
    ),
    _spatial(
        "rf_min",
        "smallest field",
        "The receptive field, the smallest over the phases. Unit: input pixels.",
        name="receptive_field_min",
    ),
    _spatial(
        "start",
        "start",
        "The centre of unit 0; pixel 0 is centred at 0.5. Unit: input pixels.",
        shown=Shown.ALWAYS,
    ),
    Column(
        "global_context",
        "gate",
        "Whether a gate lets every unit see the whole image; the other columns then follow the spatial paths.",
        _counted("global_context"),
        Shown.TELLING,
        usual=False,
    ),
    _column(
        "parameters",
        "parameters",
        "Learned numbers: weights, biases, two per channel of a normalisation.",
        shown=Shown.ALWAYS,
    ),
    _column(
        "macs",
        "macs",
        "Multiply-accumulates of convolutions and linear layers, without bias.",
        shown=Shown.ALWAYS,
    ),
    _column("activations", "activations", "The numbers that its map holds: channels times units."),
    _column("depth", "depth", "The most layers with weights on any path up to here."),
    _spatial(
        "effective_padding",
        "padding",
        "How far the field of unit 0 leaves the image. Unit: input pixels.",
    ),
    _spatial(
        "misalignment",
        "misaligned",
        "The distance between the outermost centres of its paths. Unit: input pixels.",
        shown=Shown.TELLING,
        usual=0,
    ),
    _spatial(
        "smallest_path",
        "smallest path",
        "The field along the path on which it is smallest. Unit: input pixels.",
    ),
    Column(
        "density",
        "density",
        "The share of its field that a unit really reads: below 1 there are holes.",
        lambda report, layer: report.density(layer.name),
        spatial=True,
    ),
    Column(
        "visible",
        "seen",
        "How much of the image the central unit, (n - 1) // 2, sees, gates included; none where the maps are too"
        " large to follow every unit. Unit: pixels.",
        _visible,
        spatial=True,
    ),
    Column(
        "visible_share",
        "share seen",
        "The share of the image that the central unit sees, gates included.",
        _visible_share,
    ),
    Column(
        "touched_by_padding",
        "touched",
        "The units whose field, along the spatial paths, leaves the image.",
        lambda report, layer: report.touched_by_padding(layer.name),
    ),
)

BY_KEY = {column.key: column for column in COLUMNS}

_FIGURES: WeakKeyDictionary[Report, tuple[tuple[Value, ...], ...]] = WeakKeyDictionary()


def figures(report: Report) -> tuple[tuple[Value, ...], ...]:
    """The values of all columns for every layer; computed once for a report, whatever formats are asked for."""
    if report not in _FIGURES:
        _FIGURES[report] = tuple([tuple([column.value(report, layer) for column in COLUMNS]) for layer in report])
    return _FIGURES[report]


def shown_columns(report: Report) -> list[Column]:
    """The columns of a table that people read."""
    return [column for column in COLUMNS if column.tells(report)]


def cell(column: Column, report: Report, layer: LayerReport, thousands: str = ",") -> str:
    """One cell as people read it; a field that differs from unit to unit as a range."""
    if column.key == "rf" and layer.receptive_field_min != layer.receptive_field:
        return _range(layer)
    return text(column.value(report, layer), thousands)


def cells(column: Column, report: Report, thousands: str = ",") -> list[str]:
    """The cells of one column as people read them, layer by layer."""
    place = COLUMNS.index(column)
    if column.key == "rf":
        return [cell(column, report, layer, thousands) for layer in report]
    return [text(values[place], thousands) for values in figures(report)]


def _range(layer: LayerReport) -> str:
    pairs = zip(layer.receptive_field_min, layer.receptive_field, strict=True)
    texts = [f"{least}–{most}" if least != most else str(most) for least, most in pairs]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def text(value: Value, thousands: str = "") -> str:
    """A value as text.

    >>> text((7, 7)), text(True), text(("conv1", "pool1")), text(23296, ",")
    ('7', 'yes', 'conv1 pool1', '23,296')
    """
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{100 * value:.4g} %"
    if not isinstance(value, tuple):
        return text_number(value, thousands)
    if value and isinstance(value[0], str):
        return " ".join(map(str, value))
    return _spatial_text(numbers(value), thousands)


@lru_cache(maxsize=1 << 12)
def _spatial_text(values: Spatial, thousands: str) -> str:
    return per_axis(values, thousands)


def numbers(values: Iterable[object]) -> Spatial:
    """The values of the axes."""
    return tuple([value for value in values if value is None or isinstance(value, (int, Fraction))])
