"""The per-layer table of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from rfdocs.errors import UnknownName
from rfdocs.graph import Layer, LayerReport, Report, once
from rfdocs.operators import AppliedWindow
from rfdocs.pages.content import Grid, Group, Heading, Link, Row, To
from rfdocs.report import columns as report_columns
from rfdocs.report.numbers import by_axis, per_axis, text_number


def used_starts(report: Report, figures: LayerReport) -> tuple[Fraction | None, ...]:
    """Where the guide's program puts the centre of unit 0, per axis; ``None`` behind layers that it does not know.

    Rule: ``p = floor(((n_out - 1) * s - n_in + k') / 2)`` and ``start + ((k' - 1) / 2 - p) * j``, along every
    layer's first input. Source: Dang Ha The Hien 2017.
    """
    return tuple(_used_start(report, figures, axis) for axis in range(len(figures.axes)))


def _used_start(report: Report, figures: LayerReport, axis: int) -> Fraction | None:
    start = Fraction(1, 2)
    for layer in _back_to_image(report, figures):
        above, below = layer.axes[axis], report[layer.inputs[0]].axes[axis]
        window, jump = AppliedWindow() if above.passes_on else above.window, below.field.jump
        if window is None or window.transposed or jump is None:
            return None
        used = ((above.length - 1) * window.stride - below.length + window.extent) // 2
        start += (Fraction(window.extent - 1, 2) - used) * jump
    return start


def _back_to_image(report: Report, figures: LayerReport) -> Iterator[LayerReport]:
    """The layers from this one back to the image, along every layer's first input."""
    while figures.inputs:
        yield figures
        figures = report[figures.inputs[0]]


class Column(NamedTuple):
    """A column of the table for readers: its heading, and a cell's text of a layer; ``declared`` where data has it."""

    heading: Heading
    text: Callable[[Report, Layer, LayerReport], str]
    declared: report_columns.Column | None = None

    def texts(self, report: Report) -> list[str]:
        """The cells of all layers."""
        if self.declared is not None:
            return report_columns.cells(self.declared, report)
        pairs = zip(report.network.layers, report.layers, strict=True)
        return [self.text(report, layer, figures) for layer, figures in pairs]


def _figure(key: str, text: str = "", *, numeric: bool = True) -> Column:
    declared = report_columns.BY_KEY[key]
    heading = Heading(key, text or declared.heading, declared.meaning, numeric)
    return Column(heading, lambda report, _, figures: report_columns.cell(declared, report, figures), declared)


def _window(key: str, text: str, meaning: str) -> Column:
    heading = Heading(key, text, meaning, numeric=True)
    return Column(heading, lambda report, layer, figures: _applied_text(figures, key))


def _applied_text(figures: LayerReport, key: str) -> str:
    if key != "padding":
        return per_axis([getattr(window, key) for window in figures.windows])
    return once([_sides(window) for window in figures.windows], " × ")


def _sides(window: AppliedWindow) -> str:
    """Both sides' padding: one number where they agree."""
    before, after = map(text_number, window.padding)
    return before if before == after else f"{before}, {after}"


_PADDING = (
    "The padding really applied, of a transposed convolution what is cut off its output; two numbers where its sides"
    " differ."
)

#: Every column by its key, the usual ones first, in the order of the arithmetic.
COLUMNS: dict[str, Column] = {
    column.heading.key: column
    for column in (
        _figure("name", "layer", numeric=False),
        _figure("op", numeric=False),
        _figure("size", "n"),
        _figure("jump", "j"),
        _figure("rf", "r"),
        _figure("start", "start"),
        _figure("channels"),
        _window("kernel", "k", "The window's length, per axis."),
        _window("stride", "s", "How far the window moves from unit to unit."),
        _window("padding", "p", _PADDING),
        _window("dilation", "d", "The distance between the window's taps."),
        _figure("parameters"),
        _figure("macs", "MACs"),
        _figure("spatial_visible_share"),
        _figure("global_context", "gate", numeric=False),
        _figure("misalignment", "misaligned"),
        _figure("density"),
        _figure("inputs", numeric=False),
        _figure("rf_min"),
        _figure("activations"),
        _figure("depth"),
        _figure("effective_padding"),
        _figure("smallest_path"),
        _figure("spatial_visible"),
        _figure("visible"),
        _figure("visible_share"),
        _figure("touched_by_padding", "touched"),
        Column(
            Heading("alias", "known as", "Its name in the implementation that is followed."),
            lambda report, layer, figures: layer.alias or "",
        ),
        Column(
            Heading("guide_start", "start by used padding", "Where splitting the used padding puts unit 0.", True),
            lambda report, layer, figures: per_axis(used_starts(report, figures)),
        ),
    )
}

#: What a table shows unless asked for something else, and what only where it says something.
USUAL = (
    "name", "op", "size", "jump", "rf", "start", "channels", "kernel", "stride", "padding", "parameters", "macs",
    "spatial_visible_share",
)  # fmt: skip
TELLING = {"dilation": "1", "global_context": "", "misalignment": "0", "density": "1", "alias": ""}


def columns_for(report: Report, keys: Sequence[str] = ()) -> list[Column]:
    """The columns of those keys, or the usual ones and those that say something of this network.

    Raises: UnknownName.
    """
    for key in keys:
        if key not in COLUMNS:
            raise UnknownName("column", key, COLUMNS)
    if keys:
        return [COLUMNS[key] for key in dict.fromkeys(("name", *keys))]
    return [column for key, column in COLUMNS.items() if key in USUAL or _tells(report, key)]


def _tells(report: Report, key: str) -> bool:
    if key not in TELLING:
        return False
    return not {"", "–", TELLING[key]}.issuperset(COLUMNS[key].texts(report))


def layer_table(
    report: Report,
    caption: str,
    columns: Sequence[Column],
    *,
    only: Sequence[str] = (),
    anchor: str = "",
    grouped: bool = False,
) -> Grid:
    """The table of a report's layers (or of those named), if wanted grouped by stage.

    With ``anchor``, every row has the id ``<anchor>-<layer>`` and its name links there.
    Raises: UnknownLayer.
    """
    rows = _rows(report, columns, anchor)
    stages = _stages(_chosen(report, only))
    groups = [Group(_stage(stage), tuple(rows[figures.name] for figures in stage)) for stage in stages]
    if not grouped or len(groups) == 1:
        groups = [Group("", tuple(row for group in groups for row in group.rows))]
    return Grid(caption, tuple(column.heading for column in columns), tuple(groups), "layers")


def _chosen(report: Report, only: Sequence[str]) -> Sequence[LayerReport]:
    nodes = [report.network.node(name) for name in only]
    return [report.layers[node - 1] for node in nodes if node] if only else report.layers


def _stages(layers: Iterable[LayerReport]) -> Iterator[list[LayerReport]]:
    """Consecutive layers of one scope; outside scopes, of one size."""
    for _, stage in groupby(layers, key=lambda figures: _scope(figures) or figures.size):
        yield list(stage)


def _scope(figures: LayerReport) -> str:
    scope, dot, _ = figures.name.partition(".")
    return scope if dot else ""


def _stage(layers: Sequence[LayerReport]) -> str:
    last = layers[-1]
    jump = "" if None in last.jump else f"jump {per_axis(last.jump)}"
    return " · ".join(filter(None, (_scope(last), by_axis(last.size), jump)))


def _rows(report: Report, columns: Sequence[Column], anchor: str) -> dict[str, Row]:
    """Every layer's row, by its name."""
    texts = zip(*(column.texts(report) for column in columns[1:]), strict=True)
    return {figures.name: _row(figures.name, cells, anchor) for figures, cells in zip(report, texts, strict=True)}


def _row(name: str, cells: tuple[str, ...], anchor: str) -> Row:
    identifier = f"{anchor}-{name}" if anchor else ""
    return Row((Link(name, To.ROW, identifier) if anchor else name, *cells), identifier)
