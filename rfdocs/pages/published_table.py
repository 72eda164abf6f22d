"""Tables that others have published, beside what is computed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from rfdocs.catalogue.published import PublishedRow
from rfdocs.formats.numbers import per_axis, text_number
from rfdocs.graph import Report
from rfdocs.pages.content import Cell, Grid, Group, Heading, InlineCode, Link, Row, To

#: The report of a network at an input size.
Reports = Callable[[str, int], Report]

_HEADINGS = (
    Heading("network", "network"),
    Heading("input", "input", "", numeric=True),
    Heading("last", "last end point", "The layer to which the next figures belong."),
    Heading("published", "published", "Receptive field, jump and effective padding. Unit: pixels.", numeric=True),
    Heading("computed", "computed here", "The same three of the layer in this catalogue.", numeric=True),
    Heading("ours", "here"),
    Heading("agree", "agree", "In how many of the end points that the table has all three are the same.", numeric=True),
)


def published_table(rows: Iterable[PublishedRow], reports: Reports, documents: Mapping[str, str]) -> Grid:
    """One row for each network and input size of a published table, with what is computed here.

    ``documents`` names the networks' pages.
    """
    groups = groupby(rows, key=lambda row: (row.network, row.input, row.ours))
    table_rows = tuple(_row(list(group), reports(ours, size), documents) for (_, size, ours), group in groups)
    return Grid("TF-slim's networks in the table of Araujo et al.", _HEADINGS, (Group("", table_rows),), "published")


def _row(rows: Sequence[PublishedRow], report: Report, documents: Mapping[str, str]) -> Row:
    last = rows[-1]
    agreeing = sum(_published(row) == _computed(row, report) for row in rows)
    return Row(
        (
            InlineCode(last.network),
            text_number(last.input),
            InlineCode(last.endpoint),
            " / ".join(_published(last)),
            " / ".join(_computed(last, report)),
            _ours(last.ours, documents),
            f"{agreeing} of {len(rows)}",
        ),
        marked=agreeing < len(rows),
    )


def _ours(identifier: str, documents: Mapping[str, str]) -> Cell:
    return Link(identifier, To.PAGE, documents[identifier]) if identifier in documents else identifier


def _published(row: PublishedRow) -> tuple[str, ...]:
    return text_number(row.receptive_field), text_number(row.jump), text_number(row.effective_padding)


def _computed(row: PublishedRow, report: Report) -> tuple[str, ...]:
    layer = report[row.layer]
    return per_axis(layer.receptive_field), per_axis(layer.jump), per_axis(layer.effective_padding)
