"""Which layers of a network gain no context at an input size.

Source: Richter et al. 2021, "Should you go deeper? Optimizing convolutional neural network architectures without
training by receptive field analysis".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rfdocs.algebra import Interval
from rfdocs.formats.numbers import NONE, by_axis, text_number
from rfdocs.graph import LayerReport, Report
from rfdocs.pages.content import Grid, Group, Heading, Part, Row

_HEADINGS = (
    Heading("network", "network"),
    Heading("input", "input", "", numeric=True),
    Heading("windows", "wide", "Layers with weights whose window is longer than 1.", numeric=True),
    Heading("largest", "beyond", "Those whose input's field is larger than the image.", numeric=True),
    Heading("first", "from"),
    Heading("smallest", "smallest path", "Those whose input's field is larger along its smallest path, too.", True),
    Heading("seen", "all seen", "Those of whose input every unit already sees the whole image.", numeric=True),
    Heading(
        "from", "none from", "The smallest image that no input's field is larger than. Unit: pixels.", numeric=True
    ),
)

Judge = Callable[[Report, LayerReport], bool]


def wide_layers(report: Report) -> list[LayerReport]:
    """The layers with weights that slide a window longer than 1, before the map is pooled as a whole.

    >>> import rfdocs
    >>> len(wide_layers(rfdocs.load("vgg16").analyze()))
    13
    """
    collapsed = report.network.collapsed
    maps = [layer for node, layer in enumerate(report.layers, start=1) if layer.weighted and not collapsed[node]]
    return [layer for layer in maps if any(window.kernel > 1 and not window.transposed for window in layer.windows)]


def field_is_beyond(report: Report, layer: LayerReport) -> bool:
    """Whether the field of what a layer reads is larger than the image, on every axis."""
    fields = report[layer.inputs[0]].receptive_field
    return all(field > length for field, length in zip(fields, report.input_size, strict=True))


def smallest_path_is_beyond(report: Report, layer: LayerReport) -> bool:
    """Whether it is so along the smallest path, too; not where there is no such number."""
    paths = report[layer.inputs[0]].smallest_path
    return all(path is not None and path > length for path, length in zip(paths, report.input_size, strict=True))


def all_is_seen(report: Report, layer: LayerReport) -> bool:
    """Whether every unit that a layer reads sees the whole image along the spatial paths."""
    axes = [report.visible_fields(layer.inputs[0], axis) for axis in range(len(report.input_size))]
    stretches = [Interval(0, length - 1) for length in report.input_size]
    return all(fields.all_units_see(stretch) for fields, stretch in zip(axes, stretches, strict=True))


def productive_table(chosen: Sequence[tuple[Part, Report]], caption: str) -> Grid:
    """How many layers of each network gain no context at its input size, by three measures. Raises: InputError."""
    return Grid(caption, _HEADINGS, (Group("", tuple([_row(*pair) for pair in chosen])),), "productive")


def _row(title: Part, report: Report) -> Row:
    wide = wide_layers(report)
    beyond = [layer for layer in wide if field_is_beyond(report, layer)]
    judges: tuple[Judge, ...] = (smallest_path_is_beyond, all_is_seen)
    counts = [sum(judge(report, layer) for layer in wide) for judge in judges]
    from_size = max([max(report[layer.inputs[0]].receptive_field) for layer in wide], default=1)
    cells = (
        title,
        by_axis(report.input_size),
        text_number(len(wide)),
        text_number(len(beyond)),
        beyond[0].name if beyond else NONE,
        *map(text_number, counts),
        text_number(from_size),
    )
    return Row(cells)
