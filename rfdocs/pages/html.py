"""Content as HTML, in one go: every text escaped, every table reachable by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch
from html import escape
from typing import Any, Protocol

from rfdocs.pages.content import (
    Cell,
    Code,
    Content,
    Figure,
    Finder,
    Grid,
    Group,
    Heading,
    KeyFigures,
    Link,
    Part,
    Picture,
    Row,
    To,
    Viewer,
)


class Surroundings(Protocol):
    """What a page knows and its content doesn't."""

    def address(self, link: Link) -> str:
        """The address that a link has on this page."""

    def unique(self, stem: str) -> str:
        """An id that no other element of this page has."""

    def inline(self, picture: Picture, prefix: str) -> str:
        """The drawing as it stands inside a page; its ids begin with the prefix."""


def part_html(part: Part, around: Surroundings) -> str:
    """Words, a name or a link, escaped."""
    if isinstance(part, str):
        return escape(part)
    text = escape(part.text)
    if isinstance(part, Code):
        return f"<code>{text}</code>"
    if part.to is To.ROW:  # a layer's long name is broken behind its dots before it is broken anywhere
        text = text.replace(".", ".<wbr>")
    if part.code:
        text = f"<code>{text}</code>"
    extra = {To.FILE: " download", To.WEB: ' rel="external"'}.get(part.to, "")
    return f'<a href="{escape(around.address(part))}"{extra}>{text}</a>'


def cell_html(cell: Cell, around: Surroundings) -> str:
    """A cell's content."""
    if isinstance(cell, str):
        return escape(cell)
    parts = cell if isinstance(cell, tuple) else (cell,)
    return "".join(part_html(part, around) for part in parts)


def json_script(data: Mapping[str, Any], kind: str) -> str:
    r"""Data for a script of the page. No text in it can end the element: ``<``, ``>`` and ``&`` are escaped.

    >>> json_script({"a": "</script>"}, "x")
    '<script type="application/json" class="x">{"a":"\\u003c/script\\u003e"}</script>'
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/json" class="{kind}">{text}</script>'


@singledispatch
def content_html(content: Content, around: Surroundings) -> str:
    """Any content as HTML."""
    raise TypeError(f"no HTML is known for {type(content).__name__}")


@content_html.register
def grid_html(grid: Grid, around: Surroundings) -> str:
    """The table, in a region that scrolls and that the keyboard reaches."""
    label = around.unique(f"rf-{grid.kind}")
    pieces = [
        f'<div class="rf-scroll rf-{grid.kind}" role="region" tabindex="0" aria-labelledby="{label}">\n<table>\n',
        f'<caption id="{label}"><span>{escape(grid.caption)}</span></caption>\n<thead>\n<tr>\n',
        *map(_heading, grid.headings),
        "</tr>\n</thead>\n",
        *(piece for group in grid.groups for piece in _group(group, grid.headings, around)),
        "</table>\n</div>\n",
    ]
    return "".join(pieces)


def _heading(heading: Heading) -> str:
    kind = "" if heading.numeric else ' class="rf-words"'
    meaning = f' title="{escape(heading.meaning)}"' if heading.meaning else ""
    return f'<th scope="col" data-key="{escape(heading.key)}"{kind}{meaning}>{escape(heading.text)}</th>\n'


def _group(group: Group, headings: tuple[Heading, ...], around: Surroundings) -> Iterator[str]:
    yield "<tbody>\n"
    if group.heading:
        text = f"<span>{escape(group.heading)}</span>"
        yield f'<tr class="rf-group"><th scope="rowgroup" colspan="{len(headings)}">{text}</th></tr>\n'
    for row in group.rows:
        yield _row(row, headings, around)
    yield "</tbody>\n"


def _row(row: Row, headings: tuple[Heading, ...], around: Surroundings) -> str:
    cells = [cell_html(cell, around) for cell in row.cells]
    opening = "<tr" + "".join(_row_attributes(row)) + ">\n"
    first = f'<th scope="row">{cells[0]}</th>\n'
    others = [_data_cell(heading, cell, row) for heading, cell in zip(headings[1:], cells[1:], strict=True)]
    return opening + first + "".join(others) + "</tr>\n"


def _row_attributes(row: Row) -> Iterator[str]:
    if row.identifier:
        yield f' id="{escape(row.identifier)}"'
    if row.marked:
        yield ' class="rf-marked"'
    if row.tags:
        yield f' data-tags="{escape(" ".join(row.tags))}"'


def _data_cell(heading: Heading, cell: str, row: Row) -> str:
    kind = "" if heading.numeric else ' class="rf-words"'
    sort = f' data-sort="{row.sort[heading.key]:.12g}"' if heading.key in row.sort else ""
    text = cell.replace("-", "−") if heading.numeric else cell
    return f"<td{kind}{sort}>{text}</td>\n"


@content_html.register
def key_figures_html(content: KeyFigures, around: Surroundings) -> str:
    """The figures at the top of a page, as a list of names and values."""
    return (
        '<div class="rf-key">\n<dl>\n'
        + "".join(_key_figure(one, around) for one in content.figures)
        + "</dl>\n</div>\n"
    )


def _key_figure(figure: Figure, around: Surroundings) -> str:
    value = cell_html(figure.value, around)
    name, meaning = escape(figure.name), escape(figure.meaning)
    return f"<div><dt>{name}</dt>\n<dd>{value}<small>{meaning}</small></dd></div>\n"


@content_html.register
def picture_html(picture: Picture, around: Surroundings) -> str:
    """The drawing inside the page, so that its colours follow the theme."""
    prefix = around.unique(f"rf-{picture.kind}")
    caption = f"<figcaption>{escape(picture.caption)}</figcaption>\n" if picture.caption else ""
    drawn = around.inline(picture, prefix)
    return f'<figure class="rf-plate rf-{escape(picture.kind)}">\n{drawn}\n{caption}</figure>\n'


@content_html.register
def viewer_html(viewer: Viewer, around: Surroundings) -> str:
    """An empty place that the script fills, and its data; without scripts nothing of it is seen."""
    label = escape(viewer.label)
    data = json_script(viewer.data, "rf-data")
    return f'<section class="rf-viewer" aria-label="{label}" hidden>{data}</section>\n'


@content_html.register
def finder_html(finder: Finder, around: Surroundings) -> str:
    """The place of a table's controls; without scripts nothing of it is seen."""
    data = json_script({"tags": list(finder.tags)}, "rf-data")
    return f'<div class="rf-finder" data-for="rf-{escape(finder.kind)}" hidden>{data}</div>\n'


def paragraph_html(words: Iterable[Part], around: Surroundings) -> str:
    """A paragraph."""
    return f"<p>{''.join(part_html(part, around) for part in words)}</p>\n"
