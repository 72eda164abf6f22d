"""How far networks on one axis of time look back and ahead, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rfdocs.formats.sound import durations, milliseconds
from rfdocs.graph import InputError, Report
from rfdocs.pages.content import Grid, Group, Heading, Part, Row, plain

#: What is shown of each, by its name among the durations.
_SHOWN = {
    "field": Heading("field", "field, ms", "The receptive field.", numeric=True),
    "hop": Heading("hop", "hop, ms", "From one unit to the next.", numeric=True),
    "left_context": Heading("left_context", "back, ms", "What a unit reads before its own hop.", numeric=True),
    "look_ahead": Heading("look_ahead", "ahead, ms", "What a unit reads after its own hop.", numeric=True),
}


class Heard(NamedTuple):
    """A layer of a network on one axis of time: the network's title and report, the layer, samples per second."""

    title: Part
    report: Report
    layer: str
    rate: int | None


def latency_table(lines: Sequence[Heard], caption: str) -> Grid:
    """One row each. Raises: UnknownLayer, InputError for what is no time."""
    headings = (Heading("network", "network"), Heading("rate", "Hz", "Samples per second.", numeric=True))
    rows = tuple(map(_row, lines))
    return Grid(caption, (*headings, *_SHOWN.values()), (Group("", rows),), "comparison")


def _row(line: Heard) -> Row:
    rate = line.rate or line.report.network.rate
    if rate is None or line.report.network.axes != 1:
        hint = "one axis, and `rate` at the file's input or `16000Hz` after the layer"
        raise InputError(f"{plain(line.title)} has no samples per second", hint)
    layer = line.report[line.layer]
    lengths = durations(layer, line.report.tiling(layer.name).axes[0])
    return Row((line.title, f"{rate:,}", *[f"{milliseconds(lengths[name], rate):,.3f}" for name in _SHOWN]))
