"""What a network's figures are held against: the expectations of its file, each beside what is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rfdocs.catalogue import Entry
from rfdocs.catalogue.document import Expectation
from rfdocs.catalogue.facts import Figures, agree, figure
from rfdocs.graph import Report
from rfdocs.pages.content import Grid, Group, Heading, Row
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
    """Every expectation of the network beside what is computed; ``None`` where there is none.

    Expectations at another input size than the report's are computed at theirs.
    """
    rows = tuple(made for one in entry.description.expectations for made in _rows(entry, report, one))
    if not rows:
        return None
    return Grid("Published and measured figures, and what is computed here", _HEADINGS, (Group("", rows),), "checks")


def _rows(entry: Entry, report: Report, expectation: Expectation) -> Iterator[Row]:
    at = report if expectation.input_size is None else entry.analyze(expectation.input_size)
    suffix = "" if expectation.input_size is None else f" at {by_axis(at.input_size)}"
    about = f"the network{suffix}" if expectation.layer is None else expectation.layer
    for fact, expected in expectation.facts.items():
        found = figure(at, expectation.layer, fact)
        agrees = agree(expected, found)
        name = _word(at, expectation.layer, fact)
        cells = (name, _text(expected), _text(found), "✓ yes" if agrees else "✗ no", expectation.source)
        head = about if expectation.layer is None else (row_link(at[expectation.layer].name), suffix)
        yield Row((head, *cells), marked=not agrees)


def _word(report: Report, layer: str | None, fact: str) -> str:
    """What a fact is called; whose field it is where units differ."""
    if fact == "receptive_field" and layer is not None:
        figures = report[layer]
        return _WORDS[fact] if figures.receptive_field == figures.receptive_field_min else _LARGEST
    return _WORDS.get(fact, fact)


def _text(value: Figures) -> str:
    return per_axis(value) if isinstance(value, Sequence) else text_number(value)
