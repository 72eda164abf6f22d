"""The section of a network's page on how to cut a large image into tiles."""

from __future__ import annotations

from collections.abc import Iterator

from rfdocs.formats.sound import sound_table
from rfdocs.formats.tables import Table
from rfdocs.formats.tilings import sentence, tiling_table
from rfdocs.graph import InputError, Report
from rfdocs.graph.tiling import Tiling
from rfdocs.pages.content import (
    Block,
    Bullets,
    Grid,
    Group,
    Heading,
    InlineCode,
    Link,
    Picture,
    Row,
    Section,
    To,
    Words,
)

#: The most obstacles that are named one by one.
NAMED = 8


def tiling_section(identifier: str, title: str, report: Report, picture: Picture | None) -> Section:
    """What tiles of a large image have to be, in a sentence, a table and a picture; or why there are none."""
    try:
        tiling = report.tiling()
    except InputError as refusal:
        return Section("Tiling", "tiling", ((f"There are no tiles for {refusal.message}.",),))
    blocks: list[Block] = [(sentence(tiling),), *_obstacles(tiling), tiling_grid(tiling, title)]
    if report.network.rate is not None:
        blocks.append(_grid(sound_table(report[tiling.layer], tiling.axes[0], report.network.rate), "In time"))
    blocks += [] if picture is None else [picture]
    return Section("Tiling", "tiling", (*blocks, _command(identifier)))


def tiling_grid(tiling: Tiling, title: str, caption: str = "") -> Grid:
    """The tiling's values, one column for each axis, or one for all that agree."""
    return _grid(tiling_table(tiling), caption or f"Tiles for {tiling.layer} of {title}")


def _grid(table: Table, caption: str) -> Grid:
    """A table whose rows are headed by their first cell, as content."""
    headings = [Heading(f"column{place}", text, "", numeric=place > 0) for place, text in enumerate(table.headings)]
    return Grid(caption, tuple(headings), (Group("", tuple([Row(tuple(row)) for row in table.rows])),), "tiling")


def _obstacles(tiling: Tiling) -> Iterator[Block]:
    """What makes tiles inexact, layer by layer, and how many layers more."""
    if tiling.exact:
        return
    items: list[Words] = [
        (Link(obstacle.layer, To.ROW, f"layer-{obstacle.layer}", code=True), f": {obstacle.why}")
        for obstacle in tiling.because[:NAMED]
    ]
    more = len(tiling.because) - NAMED
    yield Bullets((*items, *([(f"and {more} more.",)] if more > 0 else [])))


def _command(identifier: str) -> Words:
    return (
        "At the command line: ",
        InlineCode(f"rfdocs tile {identifier}"),
        "; ",
        InlineCode("--tile"),
        " asks for another tile, a layer's name for another map, ",
        InlineCode("--list"),
        " for every tile of an image.",
    )
