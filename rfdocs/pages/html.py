"""Content as HTML, in one go: every text escaped, every table reachable by keyboard.

``Markup`` is text that is HTML already: its methods escape all other text that they are given. Only what stands in
every row of a table is put together by :func:`filled` and :func:`joined`, which do the same in less time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache, singledispatch
from typing import Any, Protocol

from markupsafe import Markup, escape

from rfdocs.figures import inline
from rfdocs.figures.drawing import Drawing
from rfdocs.formats.numbers import minus
from rfdocs.pages.content import (
    Animation,
    AnimationForm,
    Cell,
    Comparer,
    Content,
    Excerpt,
    Exercise,
    Explorer,
    Finder,
    Grid,
    Group,
    HeadChooser,
    Heading,
    Influence,
    InlineCode,
    KeyNumber,
    KeyNumbers,
    Link,
    PaddingCalculator,
    Part,
    Picture,
    Plot,
    Printed,
    Row,
    SearchField,
    Stepper,
    To,
    Workbench,
)


class Surroundings(Protocol):
    """What a page knows and its content doesn't."""

    def address(self, link: Link) -> str:
        """The address that a link has on this page."""

    def unique(self, stem: str) -> str:
        """An id that no other element of this page has."""


#: What keeps a page out of search engines.
NO_INDEX = Markup('<meta name="robots" content="noindex">\n')
#: Between these stand the pages that are printed as one.
PRINTED_FROM, PRINTED_TO = Markup("<!-- rf-print -->"), Markup("<!-- /rf-print -->")
_LINK_ATTRIBUTES = {To.FILE: Markup(" download"), To.WEB: Markup(' rel="external"')}


def filled(template: Markup, *values: str) -> Markup:
    """The template with the values in its gaps, each escaped unless it is markup: ``Markup.format``, but twice as fast.

    >>> print(filled(Markup("<b>{}</b>{}"), "a < b", Markup("<br>")))
    <b>a &lt; b</b><br>
    """
    escaped = [value if isinstance(value, Markup) else escape(value) for value in values]
    return Markup(str.format(template, *escaped))  # noqa: S704 - nothing else comes in


def joined(pieces: Iterable[Markup]) -> Markup:
    """All pieces, one after the other; ``Markup.join`` asks each whether it is markup, in ten times the time."""
    return Markup("".join(pieces))  # noqa: S704 - their type says that they are markup


def attributes(values: Mapping[str, str]) -> Markup:
    """The attributes of an element, without those that have no value.

    >>> print(attributes({"id": "conv1", "class": "", "title": "a < b"}))
     id="conv1" title="a &lt; b"
    """
    return joined([filled(Markup(' {}="{}"'), name, value) for name, value in values.items() if value])


#: Where a line may end inside a layer's name, and between the sides of a map.
_IN_NAMES, _IN_SIDES = re.compile(r"(?<=\.)(?=\w)"), re.compile(r"(?<=[×–])(?=.)")


def broken(text: str, places: re.Pattern[str]) -> Markup:
    """The text, which may be broken at some places before it is broken anywhere.

    >>> print(broken("layer3.1", _IN_NAMES), broken("1–2×3", _IN_SIDES))
    layer3.<wbr>1 1–<wbr>2×<wbr>3
    """
    return Markup("<wbr>").join(places.split(text))


def part_html(part: Part, around: Surroundings) -> Markup:
    """Words, a name or a link, escaped."""
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, InlineCode):
        return filled(Markup("<code>{}</code>"), part.text)
    text = broken(part.text, _IN_NAMES) if part.to is To.ROW else escape(part.text)
    if part.code:
        text = filled(Markup("<code>{}</code>"), text)
    return filled(Markup('<a href="{}"{}>{}</a>'), around.address(part), _LINK_ATTRIBUTES.get(part.to, ""), text)


def cell_html(cell: Cell, around: Surroundings) -> Markup:
    """A cell's content."""
    return joined([part_html(part, around) for part in cell]) if isinstance(cell, tuple) else part_html(cell, around)


def json_script(data: Mapping[str, Any], kind: str) -> Markup:
    r"""Data for a script of the page. No text in it can end the element: ``<``, ``>`` and ``&`` are escaped.

    >>> print(json_script({"a": "</script>"}, "x"))
    <script type="application/json" class="x">{"a":"\u003c/script\u003e"}</script>
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    for letter in "<>&\u2028\u2029":  # as JSON writes them, for a script's text knows no entities
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    script = Markup(text)  # noqa: S704 - no letter of markup is left in it
    return Markup('<script type="application/json" class="{}">{}</script>').format(kind, script)


@singledispatch
def content_html(content: Content, around: Surroundings) -> Markup:
    """Any content as HTML."""
    raise TypeError(f"no HTML is known for {type(content).__name__}")


@content_html.register
def grid_html(grid: Grid, around: Surroundings) -> Markup:
    """The table, in a region that scrolls and that the keyboard reaches."""
    return Markup(
        '<div class="rf-scroll rf-{kind}{stacks}" role="region" tabindex="0" aria-labelledby="{label}">\n<table>\n'
        '<caption id="{label}"><span>{caption}</span></caption>\n<thead>\n<tr>\n{headings}</tr>\n</thead>\n'
        "{groups}</table>\n</div>\n"
    ).format(
        kind=grid.kind,
        stacks=" rf-stacks" if grid.stacks else "",
        label=around.unique(f"rf-{grid.kind}"),
        caption=cell_html(grid.caption, around),
        headings=joined(map(_heading, grid.headings)),
        groups=joined(_group(group, grid, around) for group in grid.groups),
    )


def _heading(heading: Heading) -> Markup:
    values = {"data-key": heading.key, "class": "" if heading.numeric else "rf-words", "title": heading.meaning}
    values |= {"data-name": heading.name, "hidden": _hidden(heading)}
    return Markup('<th scope="col"{}>{}</th>\n').format(attributes(values), heading.text)


def _hidden(heading: Heading) -> str:
    """The attribute that folds a cell, which style sheets undo where no scripts run."""
    return "hidden" if heading.folded else ""


def _group(group: Group, grid: Grid, around: Surroundings) -> Markup:
    title = Markup('<tr class="rf-group"><th scope="rowgroup" colspan="{}"><span>{}</span></th></tr>\n')
    first = title.format(len(grid.headings), cell_html(group.heading, around)) if group.heading else ""
    rows = joined(_row(row, grid, around) for row in group.rows)
    values = {"class": "rf-fold" if group.folded else "", "data-last": group.last}
    return Markup("<tbody{}>\n{}{}</tbody>\n").format(attributes(values), first, rows)


def _row(row: Row, grid: Grid, around: Surroundings) -> Markup:
    values = {"id": row.identifier, "class": "rf-marked" if row.marked else ""}
    columns = zip(grid.headings[1:], row.cells[1:], strict=True)
    cells = [_data_cell(cell, heading, row, grid, around) for heading, cell in columns]
    first = cell_html(row.cells[0], around)
    return filled(Markup('<tr{}>\n<th scope="row">{}</th>\n{}</tr>\n'), attributes(values), first, joined(cells))


def _data_cell(cell: Cell, heading: Heading, row: Row, grid: Grid, around: Surroundings) -> Markup:
    text = cell if isinstance(cell, str) else cell_html(cell, around)
    head = heading.text if grid.stacks else ""
    return _filled_cell(text, heading.numeric, row.sort.get(heading.key), head, _hidden(heading))


@lru_cache(maxsize=1 << 12, typed=True)  # most cells hold one of few numbers; a text is never taken for markup
def _filled_cell(text: str, numeric: bool, sort: float | None, head: str, hidden: str) -> Markup:
    values = {"class": "" if numeric else "rf-words", "data-sort": "" if sort is None else f"{sort:.12g}"}
    values |= {"data-head": head, "hidden": hidden}
    if not isinstance(text, Markup):
        text = broken(minus(text), _IN_SIDES) if numeric else broken(text, _IN_NAMES)
    return filled(Markup("<td{}>{}</td>\n"), attributes(values), text)


@content_html.register
def key_numbers_html(content: KeyNumbers, around: Surroundings) -> Markup:
    """The numbers at the top of a page, as a list of names and values."""
    numbers = joined(_key_number(number, around) for number in content.numbers)
    return Markup('<div class="rf-key">\n<dl>\n{}</dl>\n</div>\n').format(numbers)


def _key_number(number: KeyNumber, around: Surroundings) -> Markup:
    element = Markup('<div data-key="{}"><dt>{}</dt>\n<dd>{}<small>{}</small></dd></div>\n')
    return element.format(number.key, number.name, cell_html(number.value, around), number.meaning)


@content_html.register
def picture_html(picture: Picture, around: Surroundings) -> Markup:
    """The drawing inside the page, so that its colours follow the theme."""
    drawn = Markup(inline(picture.drawing, around.unique(f"rf-{picture.kind}")))  # noqa: S704 - SVG as we drew it
    caption = Markup("<figcaption>{}</figcaption>\n").format(picture.caption) if picture.caption else ""
    if picture.drawing.spots:
        spots = " ".join(",".join(f"{number:.0f}" for number in spot) for spot in picture.drawing.spots)
        drawn = Markup('<div class="rf-spotted" data-spots="{}">{}</div>').format(spots, drawn)
    return Markup('<figure class="rf-plate rf-{}">\n{}\n{}</figure>\n').format(picture.kind, drawn, caption)


@content_html.register
def animation_html(animation: Animation, around: Surroundings) -> Markup:
    """The stills, and what scripts show in their place; one that can be changed also has the data for that."""
    drawings = [(animation.still, "rf-still"), (animation.moving, "rf-motion")]
    still, moving = (Markup(inline(one, around.unique(name))) for one, name in drawings)  # noqa: S704 - as we drew it
    data = json_script(animation.form, "rf-data") if isinstance(animation, AnimationForm) else ""
    window = Markup(' data-window="{}"').format(animation.setting) if animation.setting else ""
    timing = Markup('data-steps="{}" data-pace="{:g}"{}').format(animation.steps, animation.pace, window)
    return Markup(
        '<figure class="rf-plate rf-animation{}" {}>\n<div class="rf-still">{}</div>\n'
        '<div class="rf-motion" hidden>{}</div>\n{}<figcaption>{}</figcaption>\n</figure>\n'
    ).format(" rf-form" if data else "", timing, still, moving, data, animation.caption)


@content_html.register
def stepper_html(stepper: Stepper, around: Surroundings) -> Markup:
    """The still, and the place that scripts fill and show instead, with their data."""
    kind = f"rf-{type(stepper).__name__.lower()}"
    still = Markup(inline(stepper.still, around.unique(kind)))  # noqa: S704 - as we drew it
    data = json_script({"axes": stepper.axes, "size": stepper.size, "program": stepper.program}, "rf-data")
    return Markup(
        '<figure class="rf-plate {}">\n<div class="rf-still">{}</div>\n<div class="rf-live" hidden></div>\n{}'
        "<figcaption>{}</figcaption>\n</figure>\n"
    ).format(kind, still, data, stepper.caption)


@content_html.register
def exercise_html(exercise: Exercise, around: Surroundings) -> Markup:
    """An empty place that the script fills, and its data; without scripts nothing of it is seen."""
    data = {key: getattr(exercise, key) for key in ("choices", "recipe", "hint", "unit")}
    place = Markup('<div class="rf-asked" role="group" aria-label="{}" hidden>{}</div>\n')
    return place.format(exercise.label, json_script({key: value for key, value in data.items() if value}, "rf-data"))


@content_html.register
def printed_html(printed: Printed, around: Surroundings) -> Markup:
    """The place that is filled when all pages are written."""
    return Markup("{}{}\n").format(PRINTED_FROM, PRINTED_TO)


@content_html.register
def explorer_html(explorer: Explorer, around: Surroundings) -> Markup:
    """The stills, and an empty place that the scripts fill and show instead, with its data."""
    data = {key: getattr(explorer, key) for key in ("axes", "first", "presets", "program")}
    data |= {key: True for key, holds in (("plays", explorer.plays), ("leads", explorer.leads)) if holds}
    drawn = joined([content_html(still, around) for still in explorer.stills])
    stills = Markup('<div class="rf-still rf-explored">\n{}</div>\n').format(drawn) if drawn else ""
    place = Markup('{}<section class="rf-explorer" aria-label="{}" hidden>{}</section>\n')
    return place.format(stills, explorer.label, json_script(data, "rf-data"))


@content_html.register
def influence_html(influence: Influence, around: Surroundings) -> Markup:
    """The drawing, in the place of which scripts put one that is alive, the further ones, and their data."""
    drawn, *further = [_told(*one, around) for one in ((influence.drawing, influence.words), *influence.further)]
    more = Markup('<div class="rf-further">\n{}</div>\n').format(joined(further)) if further else ""
    data = json_script({"networks": [asdict(network) for network in influence.networks]}, "rf-data")
    figure = Markup('<figure class="rf-plate rf-influence">\n{}{}{}<figcaption>{}</figcaption>\n</figure>\n')
    return figure.format(drawn, more, data, influence.caption)


def _told(drawing: Drawing, words: str, around: Surroundings) -> Markup:
    """A drawing with words below it."""
    drawn = Markup(inline(drawing, around.unique("rf-influence")))  # noqa: S704 - SVG as we drew it
    return Markup('{}\n<p class="rf-told">{}</p>\n').format(drawn, words)


@content_html.register
def chooser_html(chooser: HeadChooser, around: Surroundings) -> Markup:
    """An empty place above a table that the scripts fill; without them nothing of it is seen."""
    place = Markup('<section class="rf-chooser" aria-label="{}" data-size="{}" hidden></section>\n')
    return place.format(chooser.label, chooser.size)


@content_html.register
def excerpt_html(excerpt: Excerpt, around: Surroundings) -> Markup:
    """The lines, in a region that scrolls and that the keyboard reaches."""
    place = Markup('<div class="rf-excerpt" role="region" tabindex="0" aria-label="{}"><pre>{}</pre></div>\n')
    return place.format(excerpt.label, excerpt.text)


@content_html.register
def finder_html(finder: Finder, around: Surroundings) -> Markup:
    """The place of a table's controls; without scripts nothing of it is seen."""
    data = json_script({"choices": finder.choices}, "rf-data")
    return Markup('<div class="rf-finder" data-for="rf-{}" hidden>{}</div>\n').format(finder.kind, data)


@content_html.register
def comparer_html(comparer: Comparer, around: Surroundings) -> Markup:
    """An empty place that the scripts fill; ``data-program`` is a program's address, ``~`` in place of the network."""
    place = Markup('<section class="rf-comparer" aria-label="{}" data-first="{}" data-program="{}" hidden></section>\n')
    program = around.address(Link("", To.FILE, "~.js"))
    return place.format(comparer.label, ",".join(comparer.networks), program)


@content_html.register
def workbench_html(workbench: Workbench, around: Surroundings) -> Markup:
    """An empty place that the scripts fill; ``data-program`` is a program's address, ``~`` in place of the network."""
    place = Markup('<section class="rf-workbench" aria-label="{}" data-program="{}" hidden></section>\n')
    return place.format(workbench.label, around.address(Link("", To.FILE, "~.js")))


@content_html.register
def padding_html(calculator: PaddingCalculator, around: Surroundings) -> Markup:
    """The table; scripts put a form before it and its answers into it."""
    place = Markup('<section class="rf-padding" aria-label="Padding in every framework">\n{}{}</section>\n')
    return place.format(json_script(calculator.layer, "rf-data"), grid_html(calculator.grid, around))


@content_html.register
def search_html(field: SearchField, around: Surroundings) -> Markup:
    """A form that leads to the page which searches the text; scripts let it search names first."""
    form = Markup(
        '<form class="rf-search" role="search" action="{}" method="get">\n<input type="search" name="q" '
        'aria-label="Search the site" placeholder="{}">\n<button>Search</button>\n</form>\n'
    )
    return form.format(around.address(Link("", To.PAGE, "search")), field.hint)


@content_html.register
def plot_html(plot: Plot, around: Surroundings) -> Markup:
    """The drawing, in the place of which scripts put one that is alive."""
    drawn = Markup(inline(plot.drawing, around.unique("rf-plot")))  # noqa: S704 - SVG as we drew it
    data = json_script({"across": plot.across, "up": plot.up, "groups": plot.groups}, "rf-data")
    caption = Markup("<figcaption>{}</figcaption>\n").format(plot.caption)
    figure = Markup('<figure class="rf-plate rf-plot" data-for="rf-{}">\n{}\n{}{}</figure>\n')
    return figure.format(plot.kind, drawn, data, caption)
