"""The pages that show several networks: a family, the whole catalogue, and figures that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rfdocs.errors import UnknownName
from rfdocs.pages.content import Cell, Finder, Grid, Group, Heading, Link, Page, Part, Row, Section, To, Words
from rfdocs.pages.facts import Facts
from rfdocs.pages.prose import field_text, jump_text, short
from rfdocs.report.numbers import by_axis, per_axis, percent, text_number

#: Every network's document, by its id.
Documents = Mapping[str, str]

HEADINGS = (
    Heading("title", "network"),
    Heading("rf", "r", "The receptive field of the last spatial layer, along the spatial paths. Unit: pixels.", True),
    Heading("jump", "j", "The distance between that layer's units. Unit: pixels.", numeric=True),
    Heading("size", "n", "That layer's map.", numeric=True),
    Heading("share", "seen", "The share of the image that its central unit sees, along the spatial paths.", True),
    Heading("depth", "depth", "Layers with weights on the longest path.", numeric=True),
    Heading("parameters", "parameters", "Learned numbers.", numeric=True),
    Heading("macs", "MACs", "Multiply-accumulates for one input, without bias.", numeric=True),
    Heading("input", "input", "Channels and nominal size.", numeric=True),
    Heading("year", "year", "The year of publication.", numeric=True),
    Heading("tasks", "task"),
    Heading("family", "family"),
    Heading("implementation", "follows", "The implementation whose padding is followed."),
    Heading("whole", "whole image from", "The first layer whose central unit sees it, along the spatial paths."),
    Heading("gates", "through gates from", "The first layer of which gates show every unit the whole image."),
)


def network_link(facts: Facts, documents: Documents) -> Part:
    """The network's title, a link to its page where it has one."""
    target = documents.get(facts.identifier)
    return facts.title if target is None else Link(facts.title, To.PAGE, target)


def network_row(facts: Facts, documents: Documents, headings: Sequence[Heading] = HEADINGS) -> Row:
    """A network's row in a table of networks."""
    cells: dict[str, Cell] = {
        "title": network_link(facts, documents),
        "family": facts.family_title,
        "year": str(facts.year or ""),
        "tasks": ", ".join(facts.tasks),
        "input": by_axis((facts.channels, *facts.input_size)),
        "rf": field_text(facts, "–"),
        "jump": jump_text(facts),
        "size": by_axis(facts.size),
        "share": percent(facts.share),
        "whole": facts.whole_image or "none",
        "gates": facts.through_gates or "",
        "depth": text_number(facts.depth),
        "parameters": short(facts.parameters),
        "macs": short(facts.macs),
        "implementation": facts.implementation,
    }
    return Row(tuple(cells[heading.key] for heading in headings), sort=_sort(facts), tags=facts.tasks)


def _sort(facts: Facts) -> dict[str, float]:
    values: dict[str, int | Fraction | None] = {
        "year": facts.year,
        "input": max(facts.input_size),
        "rf": max(facts.receptive_field),
        "jump": facts.jump[-1],
        "size": max(facts.size),
        "share": facts.share,
        "depth": facts.depth,
        "parameters": facts.parameters,
        "macs": facts.macs,
    }
    return {key: float(value) for key, value in values.items() if value is not None}


def catalogue_table(networks: Sequence[Facts], documents: Documents, caption: str, columns: Sequence[str] = ()) -> Grid:
    """Networks, one row each, with all columns or those of these keys. Raises: UnknownName."""
    headings = _chosen(columns)
    rows = tuple(network_row(facts, documents, headings) for facts in networks)
    return Grid(caption, headings, (Group("", rows),), "networks")


def _chosen(columns: Sequence[str]) -> tuple[Heading, ...]:
    known = {heading.key: heading for heading in HEADINGS}
    for key in columns:
        if key not in known:
            raise UnknownName("column", key, known)
    return tuple(known[key] for key in dict.fromkeys(("title", *columns))) if columns else HEADINGS


_MEANING = (
    "The receptive field r, the jump j, the map n and the share of the image seen are those of the last spatial layer,"
    " along the spatial paths"
)


def catalogue_page(networks: Sequence[Facts], documents: Documents) -> Page:
    """The page of all networks."""
    families = text_number(len({facts.family for facts in networks}))
    count = f"{text_number(len(networks))} networks"
    tasks = tuple(sorted({task for facts in networks for task in facts.tasks}))
    text = f"{count} of {families} families. {_MEANING}; a network's page has every layer."
    table = catalogue_table(networks, documents, f"{count} at their nominal input sizes")
    return Page("Networks", "networks", ((text,), Finder("networks", tasks), table), ())


def family_page(networks: Sequence[Facts], documents: Documents) -> Page:
    """The page of one family."""
    title = networks[0].family_title
    words: Words = (f"{text_number(len(networks))} networks, side by side. {_MEANING}.",)
    caption = f"{title}: {text_number(len(networks))} networks at their nominal input sizes"
    columns = [heading.key for heading in HEADINGS if heading.key != "family"]
    table = catalogue_table(networks, documents, caption, columns)
    return Page(title, networks[0].family, (words, table), ())


def siblings(facts: Facts, family: Sequence[Facts], documents: Documents) -> Words:
    """A sentence with the other networks of the family; nothing where there are none."""
    others = [network_link(other, documents) for other in family if other.identifier != facts.identifier]
    if not others:
        return ()
    own = documents.get(f"family:{facts.family}")
    head: Part = facts.family_title if own is None else Link(facts.family_title, To.PAGE, own)
    between = "; " if any("," in one.title for one in family) else ", "
    named = [part for other in others for part in (between, other)]
    return ("Of the same family, ", head, ": ", *named[1:], ".")


_DISPUTED = (
    Heading("network", "network"),
    Heading("layer", "last spatial layer"),
    Heading("rf", "r", "Its receptive field. Unit: pixels.", numeric=True),
    Heading("jump", "j", "The distance between its units. Unit: pixels.", numeric=True),
    Heading("start", "start", "The centre of its unit 0. Unit: pixels.", numeric=True),
    Heading("macs", "MACs", "Multiply-accumulates for one input.", numeric=True),
    Heading("implementation", "follows"),
    Heading("why", "why they differ"),
)


def disputed(facts: Facts, everyone: Mapping[str, Facts]) -> tuple[tuple[Facts, str], ...]:
    """The networks whose figures differ under the same name, whichever of the two files says so, with the reason."""
    named = {other: why for other, why in facts.disputes if other in everyone}
    naming = {
        other.identifier: why
        for other in everyone.values()
        for name, why in other.disputes
        if name == facts.identifier and other.identifier not in named
    }
    return tuple((everyone[name], why) for name, why in sorted((named | naming).items()))


def dispute_section(facts: Facts, others: Iterable[tuple[Facts, str]], documents: Documents) -> Section | None:
    """This network's figures beside the others'; ``None`` where nobody disputes them."""
    rows = [_disputed_row(other, why, documents) for other, why in others]
    if not rows:
        return None
    own = _disputed_row(facts, "this page", documents)
    table = Grid("The same name, other figures", _DISPUTED, (Group("", (own, *rows)),), "disputes")
    words: Words = ("Other figures are in use under this name, and each is true of something else:",)
    return Section("Contested values", "contested", (words, table))


def _disputed_row(facts: Facts, why: str, documents: Documents) -> Row:
    cells = (
        network_link(facts, documents),
        facts.layer,
        field_text(facts, "–"),
        jump_text(facts),
        per_axis(facts.start),
        text_number(facts.macs),
        facts.implementation,
        why,
    )
    return Row(cells)
