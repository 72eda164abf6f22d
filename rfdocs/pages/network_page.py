"""The page of one network, from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rfdocs.catalogue import Entry
from rfdocs.figures import KINDS
from rfdocs.formats.numbers import by_axis
from rfdocs.formats.places import PlaceLine, axes_places
from rfdocs.formats.program import program
from rfdocs.graph import AXES, Report
from rfdocs.pages.bibtex import bibtex
from rfdocs.pages.checks import check_table
from rfdocs.pages.content import Block, Bullets, Excerpt, Explorer, InlineCode, Link, Page, Picture, Section, To, Words
from rfdocs.pages.effective_section import effective_section
from rfdocs.pages.facts import Facts
from rfdocs.pages.layers import columns_for, layer_table
from rfdocs.pages.mistaken import mistaken
from rfdocs.pages.presets import presets
from rfdocs.pages.prose import citation, implementation, introduction, key_numbers, row, summary
from rfdocs.pages.read_on import with_chapters
from rfdocs.pages.stages_section import stages_section
from rfdocs.pages.tiling_section import tiling_section


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page's data and source are: the file's name, and its address for people who edit it, if any; and the
    folder of the guide whose chapters explain it, if the project has one.
    """

    file: str
    edit: str = ""
    guide: str = ""


def network_page(
    entry: Entry,
    report: Report,
    facts: Facts,
    pictures: Mapping[str, Picture],
    origin: Origin,
    verified: Sequence[str] = (),
) -> Page:
    """Everything that the page says of a network by itself; what it shares with others is added by the site.

    ``verified`` are sentences on what was held against running models.
    """
    sections = (
        stages_section(entry, facts, report),
        _picture(facts, report, pictures),
        _layers(facts, report),
        _figures_section("Growth", "growth", pictures),
        effective_section(report, pictures.get("profile")),
        _figures_section("Cost", "cost", pictures),
        _figures_section("Graph", "graph", pictures),
        tiling_section(facts.identifier, facts.title, report, pictures.get("tile")),
        _places(report),
        _mistaken(report),
        _checks_section(entry, report, verified),
        _notes(entry),
        _sources(entry),
        _data(facts, origin),
    )
    opening: list[Block] = [introduction(entry, facts), summary(facts), key_numbers(facts)]
    if entry.description.description:
        opening.insert(1, (entry.description.description,))
    shown = with_chapters([section for section in sections if section.blocks], report, origin.guide)
    return Page(facts.title, facts.identifier, tuple(opening), shown)


_LEGEND = (
    "n is the map's length, j the jump, r the receptive field and start the centre of unit 0, in pixels, where pixel i "
    "covers the stretch from i to i + 1; k, s and p are kernel, stride and the padding actually applied. Seen is the "
    "share of the image that the central unit sees. "
)
_GATES = "All of these follow the spatial path; gate marks the layers to whose units gates show more. "
_ADDRESS = "Every row has an address: its layer's name links to it."


_UNVERIFIED = "These layers have not been checked against a running model yet."


def _figures_section(title: str, identifier: str, pictures: Mapping[str, Picture]) -> Section:
    kinds = [kind for kind, declared in KINDS.items() if declared.section == identifier]
    return Section(title, identifier, tuple(pictures[kind] for kind in kinds if kind in pictures))


def _picture(facts: Facts, report: Report, pictures: Mapping[str, Picture]) -> Section:
    """The explorer and the picture."""
    drawn = _figures_section("", "picture", pictures).blocks
    return Section(
        "The picture", "picture", (replace(explorer_of(facts.title, report, facts.tasks), leads=True), *drawn)
    )


def explorer_of(title: str, report: Report, tasks: Sequence[str]) -> Explorer:
    """The explorer of a network, which begins at the last map (at the last layer where that is the image)."""
    network = report.network
    first = network.node(report.features.name) or len(report.layers)
    sizes = presets(network.input_size, tasks)
    return Explorer(program(network), AXES[network.axes], first, f"Fields of {title}, unit by unit", sizes)


def _places(report: Report) -> Section:
    """Where units of the last map lie in the image, in the conventions that people use, and back."""
    layer = report.features
    blocks: list[Block] = []
    for places in axes_places(report, layer):
        blocks.append(("The centre x of unit u of ", row(layer.name), f", {places.whose}, and back:"))
        blocks.append(Bullets(tuple([_place(line) for line in places.lines])))
    return Section("Where a unit is", "places", tuple(blocks))


def _place(line: PlaceLine) -> Words:
    return (f"{line.convention}: ", InlineCode(line.forward), ", ", InlineCode(line.back))


def _layers(facts: Facts, report: Report) -> Section:
    caption = f"{facts.title} layer by layer, on {by_axis(facts.input_size)} pixels; one number stands for every axis"
    table = layer_table(report, caption, columns_for(report), anchor="layer", grouped=True)
    legend = f"{_LEGEND}{_GATES if facts.gate else ''}{_ADDRESS}"
    return Section("Layer by layer", "layers", ((legend,), table))


def _mistaken(report: Report) -> Section:
    """Figures that are taken for others; nothing where there are none."""
    sentences = tuple(mistaken(report))
    return Section("Often mistaken", "mistaken", (Bullets(sentences),) if sentences else ())


def _checks_section(entry: Entry, report: Report, verified: Sequence[str]) -> Section:
    table = check_table(entry, report)
    words: Words = ("Facts from outside, each with its source, beside what is computed from the layers above.",)
    blocks: tuple[Block, ...] = () if table is None else (words, table)
    items = [(sentence,) for sentence in verified] or [(_UNVERIFIED,)]
    if entry.description.unverified:
        items.append((f"Not verified: {entry.description.unverified}",))
    return Section("What this is checked against", "checked", (*blocks, Bullets(tuple(items))))


def _notes(entry: Entry) -> Section:
    notes = tuple((note,) for note in entry.description.notes)
    return Section("Notes", "notes", (Bullets(notes),) if notes else ())


def _sources(entry: Entry) -> Section:
    cite: Words = (f"To cite this page{', and the paper' if entry.description.paper else ''}:",)
    told = tuple(filter(None, (citation(entry), implementation(entry))))
    return Section("Sources", "sources", (*told, cite, Excerpt(bibtex(entry), "BibTeX")))


def _data(facts: Facts, origin: Origin) -> Section:
    files = (
        (_file(f"{facts.identifier}.json"), ": every figure of every layer"),
        (_file(f"{facts.identifier}.csv"), ": the same as a table"),
        (_file(origin.file), f": the source of {facts.family_title}"),
    )
    command: Words = (
        "At the command line: ",
        InlineCode(f"rfdocs table {facts.identifier}"),
        "; ",
        InlineCode("--input"),
        " asks for another input size.",
    )
    edit: tuple[Words, ...] = ((Link("Edit this page's source", To.WEB, origin.edit), "."),) if origin.edit else ()
    return Section("Data", "data", (Bullets(files), command, *edit))


def _file(name: str) -> Link:
    return Link(name, To.FILE, name)
