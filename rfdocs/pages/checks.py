"""What a network's figures are held against: the expectations of its file, each beside what is computed."""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.catalogue import Entry
from rfdocs.catalogue.facts import Comparison, Figures, comparisons
from rfdocs.graph import Report
from rfdocs.pages.content import Cell, Grid, Group, Heading, Row
from rfdocs.pages.prose import row as row_link
from rfdocs.report.numbers import by_axis, per_axis, text_number

_HEADINGS = (
    Heading("layer", "about"),
    Heading("fact", "figure"),
    Heading("expected", "published or measured", "", numeric=True),
    Heading("computed", "computed here", "", numeric=True),
    Heading("agrees", "agrees"),
    Heading("source", "source"),
)
_WORDS = {
    "macs": "multiply-accumulates", "receptive_field": "receptive field", "size": "map",
    "receptive_field_min": "smallest receptive field", "smallest_path": "field along the smallest path",
    "effective_padding": "effective padding",
}  # fmt: skip
_LARGEST = "largest receptive field"


def check_table(entry: Entry, report: Report) -> Grid | None:
    """Every expected figure of the network beside what is computed; ``None`` where there is none.

    What is expected at another input size than the report's is computed at that size. An expectation that cannot be
    tried has no row: it is a problem of the file.
    """
    found = [one for one in comparisons(entry, report) if isinstance(one, Comparison)]
    if not found:
        return None
    rows = tuple(map(_row, found))
    return Grid("Published and measured figures, and what is computed here", _HEADINGS, (Group("", rows),), "checks")


def _row(one: Comparison) -> Row:
    name, agrees = _word(one), "✓ yes" if one.agrees else "✗ no"
    cells = (_about(one), name, _text(one.expected), _text(one.computed), agrees, one.expectation.source)
    return Row(cells, marked=not one.agrees)


def _about(one: Comparison) -> Cell:
    suffix = "" if one.expectation.input_size is None else f" at {by_axis(one.report.input_size)}"
    if one.expectation.layer is None:
        return f"the network{suffix}"
    return (row_link(one.report[one.expectation.layer].name), suffix)


def _word(one: Comparison) -> str:
    """What a fact is called; whose field it is where units differ."""
    if one.key == "receptive_field" and one.expectation.layer is not None:
        figures = one.report[one.expectation.layer]
        return _WORDS[one.key] if figures.receptive_field == figures.receptive_field_min else _LARGEST
    return _WORDS.get(one.key, one.key)


def _text(value: Figures) -> str:
    return per_axis(value) if isinstance(value, Sequence) else text_number(value)
