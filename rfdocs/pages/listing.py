"""The pages that show several networks: a family, the whole catalogue, and figures that contradict each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rfdocs.figures import Drawing
from rfdocs.formats.columns import Shown, ordered
from rfdocs.formats.numbers import per_axis, text_number
from rfdocs.formats.overview import NETWORK_COLUMNS, NETWORK_PAGE_ORDER
from rfdocs.pages.content import Finder, Grid, Group, Heading, Link, Page, Part, Plot, Row, Section, To, Words
from rfdocs.pages.facts import Facts
from rfdocs.pages.layers import check_keys, heading_of

#: Every network's document, by its id.
Documents = Mapping[str, str]

#: What pages call a column whose key in data is longer or means another figure there.
_PAGE_KEYS = {
    "spatial_visible_share": "share",
    "whole_image_from": "whole",
    "family_title": "family",
    "family": "family_id",
    "effective_width_95": "effective",
}
_DATA_KEYS = {short: key for key, short in _PAGE_KEYS.items()}
#: The columns by which networks are filtered by number, and what they are called then.
_NUMBERS = {
    "rf": "receptive field, pixels",
    "effective": "effective width, pixels",
    "jump": "jump, pixels",
    "parameters": "parameters",
    "macs": "multiply-accumulates",
    "depth": "depth, layers",
    "year": "year",
}
#: What the list of all networks has besides, and what of it all is shown to who asks.
_MORE = ("effective", "context", "verified")
_FOLDED = ("effective", "context", "verified", "family", "implementation", "whole", "gates")
_VERIFIED = Heading(
    "verified",
    "verified",
    "What was held against running models and agrees: fields measured by gradient, layers compared with the"
    " implementation, at further sizes, and tiles.",
)
_NOT_VERIFIED = "not yet"
_CHOICES = ("tasks", "verified")


def headings(keys: Sequence[str] = ()) -> tuple[Heading, ...]:
    """The headings of the columns of those keys, or of all that are shown unasked. Raises: UnknownName."""
    columns = ordered(NETWORK_COLUMNS, NETWORK_PAGE_ORDER)
    known = {_PAGE_KEYS.get(key, key): _heading_of(key) for key in columns} | {_VERIFIED.key: _VERIFIED}
    check_keys(keys, known)
    unasked = [_PAGE_KEYS.get(key, key) for key, column in columns.items() if Shown.PAGES in column.shown]
    return tuple(known[key] for key in (dict.fromkeys(("title", *keys)) if keys else unasked))


def _heading_of(key: str) -> Heading:
    """The heading of a column by its key in data."""
    own = _PAGE_KEYS.get(key, key)
    return replace(heading_of(NETWORK_COLUMNS[key]), key=own, name=_NUMBERS.get(own, ""))


def network_link(facts: Facts, documents: Documents) -> Part:
    """The network's title, a link to its page where it has one."""
    target = documents.get(facts.identifier)
    return facts.title if target is None else Link(facts.title, To.PAGE, target)


def network_row(facts: Facts, documents: Documents, shown: Sequence[Heading]) -> Row:
    """A network's row in a table of networks."""
    link = network_link(facts, documents)
    cells: dict[str, Part] = {**facts.cells, "title": link, "verified": ", ".join(facts.verified) or _NOT_VERIFIED}
    keys = [_DATA_KEYS.get(heading.key, heading.key) for heading in shown]
    sort = {_PAGE_KEYS.get(key, key): value for key, value in facts.sort.items()}
    return Row(tuple(cells[key] for key in keys), sort=sort)


def catalogue_table(networks: Sequence[Facts], documents: Documents, caption: str, columns: Sequence[str] = ()) -> Grid:
    """Networks, one row each, with all columns or those of these keys. Raises: UnknownName."""
    shown = headings(columns)
    rows = tuple(network_row(facts, documents, shown) for facts in networks)
    return Grid(caption, shown, (Group("", rows),), "networks")


_MEANING = (
    "The receptive field r, the jump j, the map n and the share of the image seen are those of the last spatial layer,"
    " along the spatial paths"
)


#: What is plotted until a reader chooses something else, and how many tasks have a colour of their own.
_ACROSS, _UP, _COLOURED = "macs", "rf", 4
_OTHERS = "others"


def coloured_tasks(networks: Sequence[Facts]) -> tuple[str, ...]:
    """The tasks of most networks, by the first of each, the most frequent first."""
    counts = Counter(facts.tasks[0] for facts in networks if facts.tasks)
    return tuple(task for task, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_COLOURED])


def plotted(networks: Sequence[Facts]) -> tuple[str, str, dict[str, list[tuple[float, float]]]]:
    """What stands across and up in the plot of all networks, and their places, task by task."""
    groups: dict[str, list[tuple[float, float]]] = {task: [] for task in (*coloured_tasks(networks), _OTHERS)}
    for facts in networks:
        task = facts.tasks[0] if facts.tasks else ""
        groups[task if task in groups else _OTHERS].append((facts.sort[_ACROSS], facts.sort[_UP]))
    return _NUMBERS[_ACROSS], _NUMBERS[_UP], groups


def _plot(networks: Sequence[Facts], drawing: Drawing) -> Plot:
    caption = "Every network of the table as a point, at its nominal input size."
    return Plot("networks", _ACROSS, _UP, coloured_tasks(networks), drawing, caption)


def catalogue_page(networks: Sequence[Facts], documents: Documents, drawing: Drawing | None = None) -> Page:
    """The page of all networks, with a drawing of them if there is one."""
    families = text_number(len({facts.family for facts in networks}))
    count = f"{text_number(len(networks))} networks"
    text = f"{count} of {families} families. {_MEANING}; a network's page has every layer."
    columns = [heading.key for heading in headings()]
    caption = f"{count} at their nominal input sizes, family by family"
    table = catalogue_table(networks, documents, caption, [*columns, *_MORE])
    finder = Finder("networks", _CHOICES)
    plot = () if drawing is None else (_plot(networks, drawing),)
    folding = [replace(heading, folded=heading.key in _FOLDED) for heading in table.headings]
    return Page("Networks", "networks", ((text,), finder, *plot, replace(table, headings=tuple(folding))), ())


def family_page(networks: Sequence[Facts], documents: Documents) -> Page:
    """The page of one family."""
    title = networks[0].family_title
    words: Words = (f"{text_number(len(networks))} networks, side by side. {_MEANING}.",)
    caption = f"{title}: {text_number(len(networks))} networks at their nominal input sizes"
    columns = [heading.key for heading in headings() if heading.key != "family"]
    table = catalogue_table(networks, documents, caption, columns)
    return Page(title, networks[0].family, (words, table), ())


def siblings(facts: Facts, family: Sequence[Facts], documents: Documents) -> Words:
    """A sentence with the other networks of the family; nothing where there are none."""
    others = [network_link(other, documents) for other in family if other.identifier != facts.identifier]
    if not others:
        return ()
    own = documents.get(f"family:{facts.family}")
    head: Part = facts.family_title if own is None else Link(facts.family_title, To.PAGE, own)
    between = "; " if any("," in network.title for network in family) else ", "
    named = [part for other in others for part in (between, other)]
    return ("Of the same family, ", head, ": ", *named[1:], ".")


_DISPUTE_HEADINGS = (
    Heading("network", "network"),
    Heading("layer", "last spatial layer"),
    Heading("rf", "r", "Its receptive field. Unit: pixels.", numeric=True),
    Heading("jump", "j", "The distance between its units. Unit: pixels.", numeric=True),
    Heading("start", "start", "The centre of its unit 0. Unit: pixels.", numeric=True),
    Heading("macs", "MACs", "Multiply-accumulates for one input.", numeric=True),
    Heading("implementation", "follows"),
    Heading("why", "why they differ"),
)


def disputed(facts: Facts, networks: Mapping[str, Facts]) -> tuple[tuple[Facts, str], ...]:
    """The networks whose figures differ under the same name, whichever of the two files says so, with the reason."""
    named = {other: why for other, why in facts.disputes if other in networks}
    naming = {
        other.identifier: why
        for other in networks.values()
        for name, why in other.disputes
        if name == facts.identifier and other.identifier not in named
    }
    return tuple((networks[name], why) for name, why in sorted((named | naming).items()))


def dispute_section(facts: Facts, others: Iterable[tuple[Facts, str]], documents: Documents) -> Section | None:
    """This network's figures beside the others'; ``None`` where nobody disputes them."""
    rows = [_dispute_row(other, why, documents) for other, why in others]
    if not rows:
        return None
    own = _dispute_row(facts, "this page", documents)
    table = Grid("The same name, other figures", _DISPUTE_HEADINGS, (Group("", (own, *rows)),), "disputes", stacks=True)
    words: Words = ("Other figures are in use under this name, and each is true of something else:",)
    return Section("Contested values", "contested", (words, table))


def _dispute_row(facts: Facts, why: str, documents: Documents) -> Row:
    cells = (
        network_link(facts, documents),
        facts.layer,
        facts.cells["rf"],
        facts.cells["jump"],
        per_axis(facts.start, between=" × "),
        text_number(facts.macs),
        facts.cells["implementation"],
        why,
    )
    return Row(cells)
