"""The columns of a network's table: declared once, for every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import NamedTuple
from weakref import WeakKeyDictionary

from rfdocs.algebra import Interval
from rfdocs.graph import InputError, LayerReport, Report, UnitField
from rfdocs.report.numbers import DIGITS, THOUSANDS, per_axis, percent, ranges, text_number

Spatial = tuple[int | Fraction | None, ...]
#: Per axis what stands before and behind a map.
Sides = tuple[tuple[int, int] | None, ...]
#: Per axis the fields of consecutive units, each from its first to its last pixel.
Phases = tuple[tuple[Interval | None, ...], ...]
Value = (
    str | bool | int | float | Fraction | None | tuple[str, ...] | tuple[float | None, ...] | Spatial | Sides | Phases
)


class Shown(Enum):
    """Where a column stands in the formats that people read; the data formats hold all columns."""

    ALWAYS = "always"
    TELLING = "where it says something"
    DATA = "in data only"


class Kind(Enum):
    """What a column's values are, or what they are on each axis; any but a text may be missing."""

    TEXT = "a text"
    TEXTS = "a list of texts"
    FLAG = "true or false"
    COUNT = "a whole number"
    NUMBER = "a whole number or a fraction"
    SHARE = "a rounded number"
    SIDES = "what stands before and what after"
    FIELDS = "fields, each from its first to its last pixel"


class Column(NamedTuple):
    """One figure of every layer.

    ``key`` names it in data, ``heading`` above a column; ``usual`` is the value that tells a reader nothing;
    ``kind`` says what its values are, ``spatial`` that it has one per axis.
    """

    key: str
    heading: str
    meaning: str
    value: Callable[[Report, LayerReport], Value]
    shown: Shown = Shown.DATA
    spatial: bool = False
    usual: object = None
    kind: Kind = Kind.NUMBER

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


def _column(
    key: str, heading: str, meaning: str, kind: Kind = Kind.COUNT, *, name: str = "", shown: Shown = Shown.DATA
) -> Column:
    return Column(key, heading, meaning, _counted(name or key), shown, kind=kind)


def _spatial(
    key: str,
    heading: str,
    meaning: str,
    *,
    name: str = "",
    shown: Shown = Shown.DATA,
    usual: object = None,
    kind: Kind = Kind.NUMBER,
) -> Column:
    return Column(key, heading, meaning, _counted(name or key), shown, True, usual, kind)


_CENTRAL: WeakKeyDictionary[Report, dict[str, tuple[UnitField, ...]]] = WeakKeyDictionary()


def _central(report: Report, layer: LayerReport) -> tuple[UnitField, ...]:
    """What the central unit sees, per axis; nothing where the maps are too large to follow every unit."""
    known = _CENTRAL.setdefault(report, {})
    if layer.name not in known:
        try:
            known[layer.name] = report.central_unit(layer.name)
        except InputError:
            known[layer.name] = ()
    return known[layer.name]


def _visible(report: Report, layer: LayerReport) -> Spatial:
    return tuple([axis.visible_size for axis in _central(report, layer)]) or (None,) * len(layer.size)


def _spatial_visible(report: Report, layer: LayerReport) -> Spatial:
    return tuple([axis.spatial_visible_size for axis in _central(report, layer)]) or (None,) * len(layer.size)


def _share(seen: Callable[[Report, LayerReport], Spatial]) -> Callable[[Report, LayerReport], float | None]:
    def share(report: Report, layer: LayerReport) -> float | None:
        lengths = [length for length in seen(report, layer) if isinstance(length, int)]
        return prod(lengths) / prod(report.input_size) if len(lengths) == len(report.input_size) else None

    return share


def _windows(name: str) -> Callable[[Report, LayerReport], Value]:
    """One number of the window per axis; none where there is no window."""
    return lambda _, layer: tuple([getattr(window, name) for window in layer.windows]) or (None,) * len(layer.axes)


def _field(name: str) -> Callable[[Report, LayerReport], Value]:
    """The period of the fields, or how far they move in one, per axis; none where they do not repeat."""
    return lambda _, layer: tuple([getattr(axis.field, name, None) for axis in layer.axes])


def _phases(_: Report, layer: LayerReport) -> Phases:
    return tuple([axis.phases() for axis in layer.axes])


def _deviation(report: Report, layer: LayerReport) -> Value:
    spreads = report.effective(layer.name)
    return tuple([None if spread is None else round(spread.deviation, DIGITS) for spread in spreads])


def _width(report: Report, layer: LayerReport) -> Value:
    return tuple([None if spread is None else spread.width for spread in report.effective(layer.name)])


#: Every column, in the order of the data formats.
COLUMNS = (
    _column("name", "layer", "The layer's name.", Kind.TEXT, shown=Shown.ALWAYS),
    _column("op", "operation", "What it does.", Kind.TEXT, name="operation", shown=Shown.ALWAYS),
    _column("inputs", "reads", "The layers that it reads; `input` is the image.", Kind.TEXTS),
    _column("channels", "channels", "The channels of its map.", shown=Shown.ALWAYS),
    _spatial("size", "size", "The length n of its map. Unit: units.", shown=Shown.ALWAYS, kind=Kind.COUNT),
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
        kind=Kind.COUNT,
    ),
    _spatial(
        "rf_min",
        "smallest field",
        "The receptive field, the smallest over the phases. Unit: input pixels.",
        name="receptive_field_min",
        kind=Kind.COUNT,
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
        "Whether gates let its units see more than the spatial paths do, as a rule the whole image.",
        _counted("global_context"),
        Shown.TELLING,
        usual=False,
        kind=Kind.FLAG,
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
        "Multiply-accumulates of convolutions, transposed convolutions (one for each weight and unit read) and linear"
        " layers, without bias.",
        shown=Shown.ALWAYS,
    ),
    _column("activations", "activations", "The numbers that its map holds: channels times units."),
    _column("depth", "depth", "The most layers with weights on any path up to here."),
    _spatial(
        "effective_padding",
        "effective padding",
        "How far the field of unit 0 begins before the image. Unit: input pixels.",
        kind=Kind.COUNT,
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
        kind=Kind.COUNT,
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
        "pixels seen with gates",
        "How much of the image the central unit, (n - 1) // 2, sees, gates included; none where the maps are too"
        " large to follow every unit. Unit: pixels.",
        _visible,
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "visible_share",
        "seen with gates",
        "The share of the image that the central unit sees, gates included.",
        _share(_visible),
        kind=Kind.SHARE,
    ),
    Column(
        "spatial_visible",
        "pixels seen",
        "How much of the image the central unit sees along the spatial paths, as if there were no gates; none where"
        " `visible` is none. Unit: pixels.",
        _spatial_visible,
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "spatial_visible_share",
        "seen",
        "The share of the image that the central unit sees along the spatial paths: what pages call the image seen.",
        _share(_spatial_visible),
        kind=Kind.SHARE,
    ),
    Column(
        "touched_by_padding",
        "touched",
        "The units whose field, along the spatial paths, leaves the image.",
        lambda report, layer: report.touched_by_padding(layer.name),
        kind=Kind.COUNT,
    ),
    Column(
        "kernel",
        "kernel",
        "The window's length k; none where no window slides.",
        _windows("kernel"),
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "stride",
        "stride",
        "How far the window moves from unit to unit, s.",
        _windows("stride"),
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "dilation",
        "dilation",
        "The distance between the window's taps, d.",
        _windows("dilation"),
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "padding",
        "padding",
        "What is really padded before and after; negative where it is cut off. Of a transposed convolution it is what"
        " is cut off its output. Unit: units of the map itself.",
        _counted("padding"),
        spatial=True,
        kind=Kind.SIDES,
    ),
    _column("groups", "groups", "The groups of its channels; none where it has no filters."),
    Column(
        "period",
        "period",
        "After how many units the fields repeat, `shift` pixels on; none where they do not.",
        _field("period"),
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "shift",
        "shift",
        "How far they move in one period. Unit: input pixels.",
        _field("shift"),
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "phases",
        "fields by phase",
        "The fields of the first units, one period of them, along the spatial paths, each as its first and last pixel;"
        " of all units where the fields do not repeat.",
        _phases,
        spatial=True,
        kind=Kind.FIELDS,
    ),
    Column(
        "effective_sigma",
        "effective sigma",
        "The standard deviation of the central unit's effective receptive field under uniform weights, along the"
        " spatial paths of maps without ends. Unit: input pixels.",
        _deviation,
        spatial=True,
        kind=Kind.SHARE,
    ),
    Column(
        "effective_width_95",
        "effective width",
        "The shortest stretch that holds 95 % of that unit's paths. Unit: input pixels.",
        _width,
        spatial=True,
        kind=Kind.COUNT,
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


def field_text(layer: LayerReport, thousands: str = THOUSANDS, to: str = "–") -> str:
    """A layer's field along the spatial paths: a range on an axis on which units differ.

    >>> import rfdocs
    >>> field_text(rfdocs.load("unet").analyze()["output"])
    '188–204'
    """
    return ranges(layer.receptive_field_min, layer.receptive_field, thousands, to)


def cell(column: Column, report: Report, layer: LayerReport, thousands: str = THOUSANDS) -> str:
    """One cell as people read it; a field that differs from unit to unit as a range."""
    if column.key == "rf" and layer.receptive_field_min != layer.receptive_field:
        return field_text(layer, thousands)
    return text(column.value(report, layer), thousands)


def cells(column: Column, report: Report, thousands: str = THOUSANDS) -> list[str]:
    """The cells of one column as people read them, layer by layer."""
    place = COLUMNS.index(column)
    if column.key == "rf":
        return [cell(column, report, layer, thousands) for layer in report]
    return [text(values[place], thousands) for values in figures(report)]


def text(value: Value, thousands: str = THOUSANDS) -> str:
    """A value as text.

    >>> text((7, 7)), text(True), text(("conv1", "pool1")), text(23296), text(0.25)
    ('7', 'yes', 'conv1 pool1', '23,296', '25 %')
    """
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return percent(value)
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
