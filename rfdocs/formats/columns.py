"""The columns of a network's table: declared once, for data, for pages and for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, Flag, auto
from fractions import Fraction
from functools import lru_cache, partial
from math import prod
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from rfdocs.algebra import Interval
from rfdocs.formats.numbers import DIGITS, NONE, THOUSANDS, by_axis, ends, per_axis, percent, ranges, text_number
from rfdocs.graph import LayerReport, Report, UnitField, once

Spatial = tuple[int | Fraction | None, ...]
#: Per axis what stands before and behind a map.
Sides = tuple[tuple[int, int] | None, ...]
#: Per axis the fields of consecutive units, each from its first to its last pixel.
Phases = tuple[tuple[Interval | None, ...], ...]
Value = (
    str | bool | int | float | Fraction | None | tuple[str, ...] | tuple[float | None, ...] | Spatial | Sides | Phases
    | Mapping[str, Any]
)  # fmt: skip


class Shown(Flag):
    """Where a column stands unasked; a table for people shows any column that is asked for."""

    ASKED = 0  #: nowhere
    DATA = auto()  #: in JSON, CSV, their schema and its documentation
    SITE = auto()  #: in a site's index, as it takes too long to find for a list at the command line
    TEXT = auto()  #: in text, markdown and LaTeX
    PAGES = auto()  #: on pages
    TABLED = DATA | PAGES
    ALWAYS = DATA | TEXT | PAGES


class Kind(Enum):
    """What a column's values are, or what they are on each axis; any but a text or a total may be missing."""

    TEXT = "a text"
    NAME = "a layer's name"
    TEXTS = "a list of texts"
    FLAG = "true or false"
    COUNT = "a whole number"
    TOTAL = "a whole number of a whole network"
    LARGE = "a total that a list has in four digits"
    NUMBER = "a whole number or a fraction"
    SHARE = "a rounded share"
    ROUNDED = "a rounded number"
    SIDES = "what stands before and what after"
    FIELDS = "fields, each from its first to its last pixel"
    INPUT = "an input's channels and size"
    LAYER = "some values of a layer"


_WORDS = frozenset({Kind.TEXT, Kind.NAME, Kind.TEXTS, Kind.FLAG, Kind.LAYER})

Whole = TypeVar("Whole")
Part = TypeVar("Part")


class Column(NamedTuple, Generic[Whole, Part]):
    """One value of every layer of a report, or of every network of a catalogue.

    ``key`` names it in data and wherever it is asked for; ``heading`` stands above it, on pages its ``symbol`` if it
    has one. ``kind`` says what its values are, ``spatial`` that it has one per axis. Where all values are ``usual``,
    only those who ask are shown it. ``text`` is what people read where the value alone does not say it.
    """

    key: str
    heading: str
    symbol: str
    meaning: str
    value: Callable[[Whole, Part], Value]
    kind: Kind = Kind.NUMBER
    spatial: bool = False
    usual: object = None
    shown: Shown = Shown.DATA
    text: Callable[[Whole, Part, str], str] | None = None

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers, which stand to the right, and not words."""
        return self.kind not in _WORDS

    def cell(self, whole: Whole, part: Part, thousands: str = THOUSANDS) -> str:
        """One cell as people read it."""
        if self.text is not None:
            return self.text(whole, part, thousands)
        return text(self.value(whole, part), thousands, self.kind)


LayerColumn = Column[Report, LayerReport]


def register(*columns: Column[Whole, Part]) -> dict[str, Column[Whole, Part]]:
    """The columns by their keys."""
    return {column.key: column for column in columns}


def _layer_attribute(name: str) -> Callable[[Report, LayerReport], Value]:
    return lambda _, layer: getattr(layer, name)


def _central_unit(report: Report, layer: LayerReport) -> tuple[UnitField, ...]:
    """What the central unit sees, per axis; nothing where the maps are too large to follow every unit."""
    return () if report.unfollowed else report.central_unit(layer.name)


def _central_size(name: str, report: Report, layer: LayerReport) -> Spatial:
    """A size of the central unit's fields per axis; none where the maps are too large."""
    return tuple([getattr(axis, name) for axis in _central_unit(report, layer)]) or (None,) * len(layer.axes)


def _central_share(name: str, report: Report, layer: LayerReport) -> float | None:
    """The share of the image that such a size is."""
    lengths = [getattr(axis, name) for axis in _central_unit(report, layer)]
    return prod(lengths) / prod(report.input_size) if lengths else None


def _window_attribute(name: str, _: Report, layer: LayerReport) -> Spatial:
    """One number of the window per axis; none where there is no window."""
    return tuple([getattr(window, name) for window in layer.windows]) or (None,) * len(layer.axes)


def _window_text(key: str, report: Report, layer: LayerReport, thousands: str) -> str:
    """The column's numbers; nothing where there is no window."""
    return text(COLUMNS[key].value(report, layer), thousands, COLUMNS[key].kind) if layer.windows else ""


def _field_attribute(name: str, _: Report, layer: LayerReport) -> Value:
    """The period of the fields, or how far they move in one, per axis; none where they do not repeat."""
    return tuple([getattr(axis.field, name, None) for axis in layer.axes])


def _phases(_: Report, layer: LayerReport) -> Phases:
    return tuple([axis.field.phases for axis in layer.axes])


def _effective_deviation(report: Report, layer: LayerReport) -> Value:
    spreads = report.effective(layer.name)
    return tuple([None if spread is None else round(spread.deviation, DIGITS) for spread in spreads])


def _effective_width(report: Report, layer: LayerReport) -> Value:
    return tuple([None if spread is None else spread.width for spread in report.effective(layer.name)])


#: The most digits after the point of a rounded number that people read; data have more.
READ_DIGITS = 2

#: Every column by its key, in the order of the data formats.
# fmt: off
COLUMNS: dict[str, LayerColumn] = register(
    Column("name", "layer", "", "The layer's name.",
           _layer_attribute("name"), Kind.TEXT, shown=Shown.ALWAYS),
    Column("op", "operation", "", "What it does.",
           _layer_attribute("operation"), Kind.TEXT, shown=Shown.ALWAYS),
    Column("inputs", "reads", "", "The layers that it reads; `input` is the image.",
           _layer_attribute("inputs"), Kind.TEXTS),
    Column("channels", "channels", "", "The channels of its map.",
           _layer_attribute("channels"), Kind.COUNT, shown=Shown.ALWAYS),
    Column("size", "size", "n", "The length n of its map. Unit: units.",
           _layer_attribute("size"), Kind.COUNT, spatial=True, shown=Shown.ALWAYS),
    Column("jump", "jump", "j", "The distance j between neighbouring units' centres. Unit: input pixels.",
           _layer_attribute("jump"), spatial=True, shown=Shown.ALWAYS),
    Column("rf", "field", "r", "The receptive field r, the largest over the phases. Unit: input pixels.",
           _layer_attribute("receptive_field"), Kind.COUNT, spatial=True, shown=Shown.ALWAYS,
           text=lambda _, layer, thousands: field_text(layer, thousands)),
    Column("rf_min", "smallest field", "", "The receptive field, the smallest over the phases. Unit: input pixels.",
           _layer_attribute("receptive_field_min"), Kind.COUNT, spatial=True),
    Column("start", "start", "", "The centre of unit 0; pixel 0 is centred at 0.5. Unit: input pixels.",
           _layer_attribute("start"), spatial=True, shown=Shown.ALWAYS),
    Column("tokens", "class tokens", "",
           "The units of its map that lie nowhere in the image, besides those of its size.",
           _layer_attribute("tokens"), Kind.COUNT, usual=0, shown=Shown.ALWAYS),
    Column("global_context", "gate", "",
           "Whether gates let its units see more than the spatial paths do, as a rule the whole image.",
           _layer_attribute("global_context"), Kind.FLAG, usual=False, shown=Shown.ALWAYS),
    Column("bound", "field is", "",
           "How the field stands to what units read in truth: `exact`, or `at most` so large behind an opaque layer, "
           "`at least` so large where the image's values move what is read, `unknown` behind both.",
           lambda _, layer: layer.bound.value, Kind.TEXT, usual="exact", shown=Shown.ALWAYS),
    Column("parameters", "parameters", "", "Learned numbers: weights, biases, two per channel of a normalisation.",
           _layer_attribute("parameters"), Kind.COUNT, shown=Shown.ALWAYS),
    Column("macs", "macs", "MACs",
           "Multiply-accumulates of convolutions, transposed convolutions (one for each weight and unit read) and "
           "linear layers, without bias.",
           _layer_attribute("macs"), Kind.COUNT, shown=Shown.ALWAYS),
    Column("activations", "activations", "",
           "The numbers that its map holds: channels times units, class tokens among them.",
           _layer_attribute("activations"), Kind.COUNT),
    Column("depth", "depth", "", "The most layers with weights on any path up to here.",
           _layer_attribute("depth"), Kind.COUNT),
    Column("effective_padding", "effective padding", "",
           "How far the field of unit 0 begins before the image. Unit: input pixels.",
           _layer_attribute("effective_padding"), Kind.COUNT, spatial=True),
    Column("misalignment", "misaligned", "",
           "The distance between the outermost centres of its paths. Unit: input pixels.",
           _layer_attribute("misalignment"), spatial=True, usual=0, shown=Shown.ALWAYS),
    Column("smallest_path", "smallest path", "",
           "The field along the path on which it is smallest. Unit: input pixels.",
           _layer_attribute("smallest_path"), Kind.COUNT, spatial=True),
    Column("density", "density", "", "The share of its field that a unit really reads: below 1 there are holes.",
           lambda report, layer: report.density(layer.name), spatial=True, usual=1, shown=Shown.TABLED),
    Column("visible", "visible length with gates", "",
           "The length of the visible field of the central unit, (n - 1) // 2, gates included; none where the maps are "
           "too large to follow every unit. Unit: pixels.",
           partial(_central_size, "visible_size"), Kind.COUNT, spatial=True),
    Column("visible_share", "seen with gates", "", "The share of the image that the central unit sees, gates included.",
           partial(_central_share, "visible_size"), Kind.SHARE),
    Column("spatial_visible", "visible length", "",
           "The length of the visible field of the central unit along the spatial paths, as if there were no gates; "
           "none where `visible` is none. Unit: pixels.",
           partial(_central_size, "spatial_visible_size"), Kind.COUNT, spatial=True),
    Column("spatial_visible_share", "seen", "",
           "The share of the image that the central unit sees along the spatial paths: what pages call the image "
           "seen.",
           partial(_central_share, "spatial_visible_size"), Kind.SHARE, shown=Shown.TABLED),
    Column("touched_by_padding", "touched", "", "The units whose field, along the spatial paths, leaves the image.",
           lambda report, layer: report.touched_by_padding(layer.name), Kind.COUNT),
    Column("kernel", "kernel", "k", "The window's length, per axis.",
           partial(_window_attribute, "kernel"), Kind.COUNT, spatial=True, shown=Shown.TABLED,
           text=partial(_window_text, "kernel")),
    Column("stride", "stride", "s", "How far the window moves from unit to unit.",
           partial(_window_attribute, "stride"), Kind.COUNT, spatial=True, shown=Shown.TABLED,
           text=partial(_window_text, "stride")),
    Column("dilation", "dilation", "d", "The distance between the window's taps.",
           partial(_window_attribute, "dilation"), Kind.COUNT, spatial=True, usual=1, shown=Shown.TABLED,
           text=partial(_window_text, "dilation")),
    Column("padding", "padding", "p",
           "The padding really applied, of a transposed convolution what is cut off its output; two numbers where its"
           " sides differ.",
           _layer_attribute("padding"), Kind.SIDES, spatial=True, shown=Shown.TABLED,
           text=partial(_window_text, "padding")),
    Column("groups", "groups", "", "The groups of its channels; none where it has no filters.",
           _layer_attribute("groups"), Kind.COUNT),
    Column("period", "period", "", "After how many units the fields repeat, `shift` pixels on; none where they do not.",
           partial(_field_attribute, "period"), Kind.COUNT, spatial=True),
    Column("shift", "shift", "", "How far they move in one period. Unit: input pixels.",
           partial(_field_attribute, "shift"), Kind.COUNT, spatial=True),
    Column("phases", "fields by phase", "",
           "The fields of the first units, one period of them, along the spatial paths, each as its first and last "
           "pixel; of all units where the fields do not repeat.",
           _phases, Kind.FIELDS, spatial=True),
    Column("effective_sigma", "effective sigma", "",
           "The standard deviation of the central unit's effective receptive field under uniform weights, along the "
           "spatial paths of maps without ends. Unit: input pixels.",
           _effective_deviation, Kind.ROUNDED, spatial=True),
    Column("effective_width_95", "effective width", "",
           "The shortest stretch that holds 95 % of that unit's paths. Unit: input pixels.",
           _effective_width, Kind.COUNT, spatial=True),
)
# fmt: on

#: The order of a page's table: first what is asked most; what is not named follows in the order of the data.
PAGE_ORDER = (
    "name", "rf", "jump", "size", "tokens", "start", "op", "channels", "kernel", "stride", "padding", "dilation",
    "parameters", "macs", "spatial_visible_share", "global_context", "bound",
)  # fmt: skip

_VALUES: WeakKeyDictionary[Report, dict[object, tuple[Value, ...]]] = WeakKeyDictionary()


def values(column: LayerColumn, report: Report) -> tuple[Value, ...]:
    """The column's values, layer by layer; found once for a report, whatever formats are asked for."""
    values_of_columns = _VALUES.setdefault(report, {})
    if column.value not in values_of_columns:
        values_of_columns[column.value] = tuple([column.value(report, layer) for layer in report])
    return values_of_columns[column.value]


def cells(
    column: LayerColumn,
    report: Report,
    thousands: str = THOUSANDS,
    layers: Sequence[LayerReport] | None = None,
) -> list[str]:
    """The column's cells as people read them, layer by layer, of all layers or of some."""
    if layers is not None:
        return [column.cell(report, layer, thousands) for layer in layers]
    if column.text is not None:
        return [column.text(report, layer, thousands) for layer in report]
    return [text(value, thousands, column.kind) for value in values(column, report)]


def ordered(columns: Mapping[str, Column[Whole, Part]], order: Sequence[str]) -> dict[str, Column[Whole, Part]]:
    """The columns by their keys: those that an order names, and the others behind them."""
    return {key: columns[key] for key in (*order, *columns)}


def data_columns() -> list[LayerColumn]:
    """The columns of JSON and CSV, in their order."""
    return [column for column in COLUMNS.values() if Shown.DATA in column.shown]


def shown_columns(columns: Iterable[LayerColumn], place: Shown, report: Report) -> Iterator[LayerColumn]:
    """Those of the columns that a place shows of this network, unasked."""
    return (column for column in columns if place in column.shown and _says_more_than_usual(column, report))


def _says_more_than_usual(column: LayerColumn, report: Report) -> bool:
    """Whether the column says more of some layer than what is usual, or nothing."""
    if column.usual is None:
        return True
    parts_by_layer = [value if isinstance(value, tuple) else (value,) for value in values(column, report)]
    return any(len(parts) not in (parts.count(None), parts.count(column.usual)) for parts in parts_by_layer)


def field_text(layer: LayerReport, thousands: str = THOUSANDS, to: str = "–") -> str:
    """A layer's field along the spatial paths: a range on an axis on which units differ.

    >>> import rfdocs
    >>> field_text(rfdocs.load("unet").analyze()["output"])
    '188–204'
    """
    return ranges(layer.receptive_field_min, layer.receptive_field, thousands, to)


def text(value: Value, thousands: str = THOUSANDS, kind: Kind = Kind.NUMBER) -> str:
    """A value as text; its ``kind`` tells lists of several numbers per axis apart.

    >>> text((7, 7)), text(True), text(("conv1", "pool1")), text(23296), text(0.25)
    ('7', 'yes', 'conv1 pool1', '23,296', '25 %')
    >>> text(((1, 0), (1, 0)), kind=Kind.SIDES), text(((Interval(0, 2), None),), kind=Kind.FIELDS)
    ('1, 0', '0..2 –')
    """
    if isinstance(value, tuple):
        return _list_text(value, thousands, kind)
    if isinstance(value, Mapping):
        return by_axis((value["channels"], *value["size"]))
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str):
        return value
    return _rounded_text(value, thousands, kind) if isinstance(value, float) else text_number(value, thousands)


def _rounded_text(value: float, thousands: str, kind: Kind) -> str:
    return f"{round(value, READ_DIGITS):,}".replace(",", thousands) if kind is Kind.ROUNDED else percent(value)


def _list_text(value: tuple[Any, ...], thousands: str, kind: Kind) -> str:
    if kind in _PER_AXIS:
        return _PER_AXIS[kind](value, thousands)
    if kind in (Kind.SHARE, Kind.ROUNDED):
        return once([text(part, thousands, kind) for part in value], "×")
    if value and isinstance(value[0], str):
        return " ".join(map(str, value))
    return _spatial_text(value, thousands)


@lru_cache(maxsize=1 << 12)
def _spatial_text(values: Spatial, thousands: str) -> str:
    return per_axis(values, thousands)


def _sides_text(value: Sides, thousands: str) -> str:
    """Both sides of every axis: one number where they agree, once where axes agree."""
    sides = [(None,) if pair is None else dict.fromkeys(pair) for pair in value]
    return once([", ".join([text_number(side, thousands) for side in pair]) for pair in sides], " × ")


def _fields_text(value: Phases, thousands: str) -> str:
    """Every axis' fields by their first and last pixel, once where axes agree."""
    return once([" ".join([_phase_text(field, thousands) for field in axis]) for axis in value], " × ")


def _phase_text(field: Interval | None, thousands: str) -> str:
    return NONE if field is None else ends(field, thousands=thousands)


#: How people read several numbers per axis.
_PER_AXIS: dict[Kind, Callable[[Any, str], str]] = {
    Kind.SIDES: _sides_text,
    Kind.FIELDS: _fields_text,
}
