"""What a network's figures are held against: the expectations of its file, each beside what is computed."""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.catalogue import Entry
from rfdocs.catalogue.expectations import CheckedFact, FactValue, comparisons
from rfdocs.formats.numbers import by_axis, per_axis, text_number
from rfdocs.graph import Report
from rfdocs.pages.content import Cell, Grid, Group, Heading, Row
from rfdocs.pages.prose import row as row_link

_HEADINGS = (
    Heading("layer", "about"),
    Heading("fact", "figure"),
    Heading("expected", "published or measured", "", numeric=True),
    Heading("computed", "computed here", "", numeric=True),
    Heading("agrees", "agrees"),
    Heading("source", "source"),
)
_FACT_NAMES = {
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
    checked = [fact for fact in comparisons(entry, report) if isinstance(fact, CheckedFact)]
    if not checked:
        return None
    rows = tuple(map(_row, checked))
    return Grid(
        "Published and measured figures, and what is computed here",
        _HEADINGS,
        (Group("", rows),),
        "checks",
        stacks=True,
    )


def _row(fact: CheckedFact) -> Row:
    name, agrees = _fact_name(fact), "✓ yes" if fact.agrees else "✗ no"
    cells = (_subject(fact), name, _text(fact.expected), _text(fact.computed), agrees, fact.expectation.source)
    return Row(cells, marked=not fact.agrees)


def _subject(fact: CheckedFact) -> Cell:
    suffix = "" if fact.expectation.input_size is None else f" at {by_axis(fact.report.input_size)}"
    if fact.expectation.layer is None:
        return f"the network{suffix}"
    return (row_link(fact.report[fact.expectation.layer].name), suffix)


def _fact_name(fact: CheckedFact) -> str:
    """What a fact is called; whose field it is where units differ."""
    if fact.key == "receptive_field" and fact.expectation.layer is not None:
        layer = fact.report[fact.expectation.layer]
        return _FACT_NAMES[fact.key] if layer.receptive_field == layer.receptive_field_min else _LARGEST
    return _FACT_NAMES.get(fact.key, fact.key)


def _text(value: FactValue) -> str:
    return per_axis(value) if isinstance(value, Sequence) else text_number(value)
