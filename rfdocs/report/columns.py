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
from rfdocs.graph import InputError, LayerReport, Report
from rfdocs.report.numbers import DIGITS, per_axis, text_number

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
        "Whether a gate lets every unit see the whole image; the other columns then follow the spatial paths.",
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
        "Multiply-accumulates of convolutions and linear layers, without bias.",
        shown=Shown.ALWAYS,
    ),
    _column("activations", "activations", "The numbers that its map holds: channels times units."),
    _column("depth", "depth", "The most layers with weights on any path up to here."),
    _spatial(
        "effective_padding",
        "effective padding",
        "How far the field of unit 0 leaves the image. Unit: input pixels.",
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
        "seen",
        "How much of the image the central unit, (n - 1) // 2, sees, gates included; none where the maps are too"
        " large to follow every unit. Unit: pixels.",
        _visible,
        spatial=True,
        kind=Kind.COUNT,
    ),
    Column(
        "visible_share",
        "share seen",
        "The share of the image that the central unit sees, gates included.",
        _visible_share,
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
