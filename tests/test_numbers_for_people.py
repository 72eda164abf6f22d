"""A number is set alike wherever people read it: on pages, in figures and their words, at the command line."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

import rfdocs
from rfdocs import Entry, Report
from rfdocs.figures import KINDS, draw
from rfdocs.formats import overview, tables, units
from rfdocs.pages import content, listing, prose
from rfdocs.pages.content import Grid
from rfdocs.pages.facts import facts_of
from rfdocs.pages.layers import columns_for, known_columns, layer_table
from rfdocs.pages.mistaken import mistaken
from rfdocs.pages.phrases import unit_value
from rfdocs.pages.unit_tables import every_unit_table, single_value, unit_table

NETWORKS = ["centernet_hourglass104", "resnet152", "wavenet", "fcn32s"]
"""Their fields, sizes or counts need separators."""

BARE = re.compile(r"(?<![\w,/])(?<!\d\.)[1-9]\d{3,}(?!\w)")


@cache
def analysed(name: str) -> tuple[Entry, Report]:
    entry = rfdocs.load(name)
    return entry, entry.analyze()


def cells(grid: Grid) -> Iterator[str]:
    yield content.plain(grid.caption)
    for row in grid.rows:
        yield from map(content.plain, row.cells)


def on_the_page(name: str) -> Iterator[str]:
    entry, made = analysed(name)
    facts = facts_of(entry, made)
    yield content.plain(prose.summary(facts))
    for number in prose.key_numbers(facts).numbers:
        yield from (content.plain(number.value), number.meaning)
    headings = [heading for heading in listing.headings() if heading.key not in ("year", "title", "family")]
    yield from map(content.plain, listing.network_row(facts, {}, headings).cells)
    yield from cells(
        layer_table(made, "", columns_for(made, [key for key in known_columns() if key != "name"]), grouped=True)
    )
    yield from (content.plain(words) for words in mistaken(made))
    last = made.features
    yield from cells(every_unit_table(entry.title, made, last.name, 0))
    yield from cells(unit_table(entry.title, made, last.name, [0] * len(last.size)))
    yield from (unit_value(made, last.name, [0], key) for key in ("field", "size", "center", "visible", "seen"))
    yield from (single_value(made, [last.name, "rf"]), single_value(made, ["macs"]))


def at_the_command_line(name: str) -> Iterator[str]:
    entry, made = analysed(name)
    last, zero = made.features.name, [0] * len(made.input_size)
    yield from (tables.table_text(name, made), tables.table_markdown(name, made), overview.list_text([(entry, made)]))
    yield from (units.query_text(name, made, last, zero), units.seen_by_text(name, made, last, zero))


def in_figures(name: str) -> Iterator[str]:
    entry, made = analysed(name)
    for kind in KINDS:
        drawing = draw(kind, entry.title, made)
        yield drawing.alternative
        yield from re.findall(r"<text[^>]*>([^<]*)</text>", drawing.svg)


#: Lines that are copied into programs.
COPIED = re.compile(r"\b[ux] = [^\[\n]*")


@pytest.mark.slow
@pytest.mark.parametrize("said", [on_the_page, at_the_command_line, in_figures])
@pytest.mark.parametrize("name", NETWORKS)
def test_thousands_are_set_apart(name: str, said: object) -> None:
    assert callable(said)
    texts = list(said(name))
    assert any(re.search(r"\d,\d{3}", text) for text in texts), "this network has no such number"
    assert not [text for text in texts if BARE.search(COPIED.sub("", text))]
