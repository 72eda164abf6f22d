"""What a page is made of, before it is HTML or anything else: words, tables, figures, files.

Every text in here is plain text. Whoever turns it into markup escapes it; nothing is ever parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rfdocs.figures import Drawing


class To(Enum):
    """Where a link leads."""

    ROW = "row"  #: an element of the same page, by its id
    PAGE = "page"  #: a page of the site, by its document's name
    FILE = "file"  #: a file of the site's data, by its name
    WEB = "web"  #: an address elsewhere


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; ``code`` sets them as code."""

    text: str
    to: To
    target: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class InlineCode:
    """A name as it stands in a program or a file."""

    text: str


Part = str | Link | InlineCode
#: A sentence or a paragraph, part by part.
Words = tuple[Part, ...]


def plain(words: Part | Words) -> str:
    """The words as plain text.

    >>> plain(("of ", InlineCode("conv1"), "."))
    'of conv1.'
    """
    parts: Iterable[Part] = words if isinstance(words, tuple) else (words,)
    return "".join(part if isinstance(part, str) else part.text for part in parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: what stands above it and what it means."""

    key: str
    text: str
    meaning: str = ""
    numeric: bool = False


#: A cell: a text, or several parts.
Cell = Part | Words


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. The first cell is its heading; ``sort`` holds, by column, what to sort it by."""

    cells: tuple[Cell, ...]
    identifier: str = ""
    marked: bool = False
    sort: Mapping[str, float] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, under a heading of their own if it has words.

    ``last`` is the layer whose size and jump the heading tells; ``folded`` rows are equal blocks, which a page
    may fold.
    """

    heading: str
    rows: tuple[Row, ...]
    last: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: caption, columns, rows in groups. ``kind`` names it for style sheets and scripts."""

    caption: str
    headings: tuple[Heading, ...]
    groups: tuple[Group, ...]
    kind: str = "plain"

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, without their groups."""
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One number that people come for: its name, its value, and what the value means; ``key`` names it for scripts."""

    key: str
    name: str
    value: Words
    meaning: str


@dataclass(frozen=True, slots=True)
class KeyNumbers:
    """The numbers at the top of a page."""

    numbers: tuple[KeyNumber, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; ``caption`` stands below it."""

    kind: str
    drawing: Drawing
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the page answers at any input size, in a browser: a network's program; ``label`` says what it shows.

    ``first`` is the layer that is shown first, counted from 1; ``axes`` are the axes' names.
    """

    program: Mapping[str, Any]
    axes: tuple[str, ...]
    first: int
    label: str


@dataclass(frozen=True, slots=True)
class Finder:
    """The controls that filter and sort a table of kind ``kind``; a script fills them with life."""

    kind: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines as a program reads them, to be copied; ``label`` says what they are."""

    text: str
    label: str


Content = Grid | KeyNumbers | Picture | Explorer | Finder | Excerpt


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, each item some words."""

    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """Content that was made before and is kept: the ``number``-th of a ``digest``; ``kind`` names its class."""

    digest: str
    number: int
    kind: str


#: What a section holds: paragraphs (as words), lists, and content.
Block = Words | Bullets | Content | Ready


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under a heading; ``identifier`` is its address on the page."""

    title: str
    identifier: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, what stands first, and its sections."""

    title: str
    identifier: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
