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
    """A column's heading: what stands above it and what it means; ``name`` is what it is called in words, where scripts
    compare its numbers. A ``folded`` column is shown to who asks for it, or has no scripts.
    """

    key: str
    text: str
    meaning: str = ""
    numeric: bool = False
    name: str = ""
    folded: bool = False


#: A cell: a text, or several parts.
Cell = Part | Words


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. The first cell is its heading; ``sort`` holds, by column, what to sort it by."""

    cells: tuple[Cell, ...]
    identifier: str = ""
    marked: bool = False
    sort: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, under a heading of their own if it has words.

    ``last`` is the layer whose size and jump the heading tells; ``folded`` rows are equal blocks, which a page
    may fold.
    """

    heading: Cell
    rows: tuple[Row, ...]
    last: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: caption, columns, rows in groups. ``kind`` names it for style sheets and scripts.

    Where one that ``stacks`` has no room, each row becomes a list of its cells, so that all of them are in sight.
    """

    caption: Cell
    headings: tuple[Heading, ...]
    groups: tuple[Group, ...]
    kind: str = "plain"
    stacks: bool = False

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
class Animation:
    """A drawing that moves in ``steps``, each of ``pace`` seconds, and its stills; ``caption`` stands below.

    ``setting`` is what a form of the page begins with to show the same, as its address has it; empty where none can.
    """

    moving: Drawing
    still: Drawing
    steps: int
    pace: float
    caption: str
    setting: str


@dataclass(frozen=True, slots=True)
class Stepper:
    """A small network whose units a reader steps through in a browser; ``still`` is what is seen without scripts.

    ``program`` is the network's, ``size`` that of its input, ``axes`` are the axes' names; ``caption`` stands below.
    """

    program: Mapping[str, Any]
    size: tuple[int, ...]
    axes: tuple[str, ...]
    still: Drawing
    caption: str


@dataclass(frozen=True, slots=True)
class Scrubber(Stepper):
    """The same of its equations, one after the other along the last axis."""


@dataclass(frozen=True, slots=True)
class AnimationForm(Animation):
    """One that a reader may change: ``form`` has what it begins with, between which bounds, and the relations."""

    form: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exercise:
    """The place of a reader's answer to an exercise; a script fills it, and finds the right one in what is folded away.

    ``choices`` are what a reader chooses from; without any a number is typed. ``recipe`` is what a wrong recipe gives,
    ``hint`` what is said of other wrong answers; ``label`` names the exercise.
    """

    choices: tuple[str, ...]
    recipe: str
    hint: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The place of all pages that stand under the document ``root``, one after the other."""

    root: str


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the page answers at any input size, in a browser: a network's program; ``label`` says what it shows.

    ``first`` is the layer that is shown first, counted from 1; ``axes`` are the axes' names; ``presets`` are the input
    sizes to choose from, by their names. One that ``plays`` walks
    through the network by itself, unless the reader prefers no motion. One that ``leads`` is that of its page, whose
    numbers and tables follow it. The ``stills`` are seen without scripts, and in print.
    """

    program: Mapping[str, Any]
    axes: tuple[str, ...]
    first: int
    label: str
    presets: tuple[tuple[str, tuple[int, ...]], ...]
    plays: bool = False
    leads: bool = False
    stills: tuple[Picture | Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class InfluenceLayers:
    """A network whose influence is shown: its title, its program, the layers to choose from, and the first of them."""

    title: str
    program: Mapping[str, Any]
    layers: tuple[str, ...]
    first: str


@dataclass(frozen=True, slots=True)
class Influence:
    """How the paths to a unit are spread, for a network and a layer that a reader chooses, in a browser.

    The drawing, of the first network, is what is seen without scripts, and so are those of ``further`` networks, which
    stand in print, too. Words that say what a drawing shows stand below each, and ``caption`` below all.
    """

    networks: tuple[InfluenceLayers, ...]
    drawing: Drawing
    words: str
    caption: str
    further: tuple[tuple[Drawing, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HeadChooser:
    """The controls that ask of a table of heads which of them hold an object of some size; a script fills them.

    ``size`` is the first size. Unit: pixels.
    """

    size: int
    label: str


@dataclass(frozen=True, slots=True)
class Finder:
    """The controls that filter and sort a table of kind ``kind``; a script fills them with life.

    By the columns ``choices`` it is filtered word by word, by all whose headings have names by number.
    """

    kind: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparer:
    """The place where a reader sets networks side by side; a script fills it, at first with those of these ids."""

    networks: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Workbench:
    """The place where a reader makes a network of their own, or changes another; a script fills it."""

    label: str


@dataclass(frozen=True, slots=True)
class PaddingCalculator:
    """What every framework makes of a layer, in a table; with scripts, of any layer that a reader describes."""

    grid: Grid
    layer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SearchField:
    """A large field that searches the site; ``hint`` says what people may look for."""

    hint: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines as a program reads them, to be copied; ``label`` says what they are."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The rows of a table of kind ``kind`` as points, one column against another, of those whose headings have names.

    ``groups`` are the tasks that have a colour of their own; the drawing is what is seen without scripts.
    """

    kind: str
    across: str
    up: str
    groups: tuple[str, ...]
    drawing: Drawing
    caption: str


Content = (
    Grid
    | KeyNumbers
    | Picture
    | Animation
    | Stepper
    | Exercise
    | Printed
    | Explorer
    | Influence
    | HeadChooser
    | Finder
    | Plot
    | Excerpt
    | Comparer
    | Workbench
    | PaddingCalculator
    | SearchField
)


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
    """A part of a page under a heading; ``identifier`` is its address there, ``read_on`` leads to what explains it."""

    title: str
    identifier: str
    blocks: tuple[Block, ...]
    read_on: Words = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, what stands first, and its sections."""

    title: str
    identifier: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
