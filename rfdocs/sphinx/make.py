"""What is made of each file of a catalogue once and kept: every page's content and data."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import rfdocs
from rfdocs.catalogue.catalogue import shown
from rfdocs.catalogue.facts import broken_facts
from rfdocs.catalogue.family import read_family
from rfdocs.catalogue.problems import CatalogueError, Place, Problems
from rfdocs.catalogue.verification import FOLDER, Verification, verification
from rfdocs.figures import KINDS, Drawing, draw, inline
from rfdocs.graph.fingerprint import fingerprint as network_fingerprint
from rfdocs.pages.content import Block, Bullets, Content, Link, Page, Picture, Ready, To
from rfdocs.pages.facts import facts_of
from rfdocs.pages.html import content_html
from rfdocs.pages.network import Origin, network_page
from rfdocs.report.data import table_csv, table_json
from rfdocs.sphinx.records import CONTENT, CSV, HTML, JSON, SKELETON, FileJob, FileRecord, Record
from rfdocs.sphinx.store import digest_of, keep, keep_bytes

Job = TypeVar("Job")
Done = TypeVar("Done")


def make_file(job: FileJob) -> FileRecord:
    """Everything that one file asks for, kept in the cache; or its problems, all of them."""
    path, problems = Path(job.path), Problems(shown(Path(job.path)))
    try:
        family = read_family(path, problems.path)
        made = [_make(entry, job, problems) for entry in family.entries()]
    except CatalogueError as error:
        return FileRecord(path.name, job.digest, problems=error.problems)
    return FileRecord(path.name, job.digest, tuple(made), tuple(problems.found))


def _make(entry: rfdocs.Entry, job: FileJob, problems: Problems) -> Record:
    report = entry.analyze()
    facts = facts_of(entry, report)
    name = Path(job.path).name
    problems.found.update({problem: problem for problem in broken_facts(entry, report)})
    drawn = pictures(entry, report, problems)
    verified = current_record(entry, Path(job.path).parent)
    page = network_page(entry, report, facts, drawn, Origin(name, job.edit), said_of(verified, len(report.layers)))
    digest = digest_of(job.digest, entry.identifier)
    keep_bytes(Path(job.cache), digest + JSON, table_json(entry.identifier, report).encode())
    keep_bytes(Path(job.cache), digest + CSV, table_csv(entry.identifier, report).encode())
    keep_page(Path(job.cache), digest, page)
    return Record(facts, name, digest, verified)


def current_record(entry: rfdocs.Entry, folder: Path) -> Verification | None:
    """What was held against running models, if that was the very network of the file."""
    record = verification(entry.identifier, folder / FOLDER)
    return None if record is None or record.network != network_fingerprint(entry.network) else record


def said_of(record: Verification | None, layers: int) -> tuple[str, ...]:
    """Sentences on what was held against running models, of a network of so many layers."""
    return () if record is None else (*record.sentences(layers), f"Verified on {record.date}.")


def pictures(entry: rfdocs.Entry, report: rfdocs.Report, problems: Problems) -> dict[str, Picture]:
    """The figures of a network's page, by their kinds; one that cannot be drawn is noted and left out."""
    made = {}
    for kind in KINDS:
        try:
            made[kind] = picture(kind, entry, report)
        except Exception as error:  # noqa: BLE001 - a page without one figure is better than no site
            text = f"{entry.identifier}: its figure '{kind}' cannot be drawn: {type(error).__name__}: {error}"
            problems.add(Place(1, 1, ""), text, "this is a defect of the program: please report it", "figure")
    return made


def picture(kind: str, entry: rfdocs.Entry, report: rfdocs.Report, caption: str = "") -> Picture:
    """One figure. Raises: ValueError for a kind that does not exist."""
    drawing = draw(kind, entry, report)
    return Picture(kind, drawing.svg, drawing.title, drawing.alternative, caption)


# -- what is kept of a network --------------------------------------------------------------------------------


class Alone:
    """The surroundings of content that is made before its page is known: it can lead nowhere but on that page."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def address(self, link: Link) -> str:
        """The address of a row, or of a page elsewhere."""
        assert link.to in (To.ROW, To.WEB)
        return f"#{link.target}" if link.to is To.ROW else link.target

    def unique(self, stem: str) -> str:
        """The stem, with a number from the second on."""
        self.counts[stem] += 1
        return stem if self.counts[stem] == 1 else f"{stem}-{self.counts[stem]}"

    def inline(self, picture: Picture, prefix: str) -> str:
        """The drawing with ids of its own."""
        return inline(Drawing(picture.svg, picture.alternative, picture.title), prefix)


def keep_page(folder: Path, digest: str, page: Page) -> None:
    """Keeps a page in two parts: its words, which Sphinx reads, and its content, ready for each kind of builder."""
    contents: list[Content] = []

    def without(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(_left_out(block, digest, contents) for block in blocks)

    sections = tuple(replace(section, blocks=without(section.blocks)) for section in page.sections)
    keep(folder, digest + SKELETON, replace(page, blocks=without(page.blocks), sections=sections))
    around = Alone()
    keep(folder, digest + HTML, tuple(content_html(content, around) for content in contents))
    keep(folder, digest + CONTENT, tuple(contents))


def _left_out(block: Block, digest: str, contents: list[Content]) -> Block:
    if isinstance(block, (tuple, Bullets, Ready)):
        return block
    contents.append(block)
    return Ready(digest, len(contents) - 1, type(block).__name__)


# -- in parallel ----------------------------------------------------------------------------------------------


def each(work: Callable[[Job], Done], jobs: Sequence[Job], processes: int) -> Iterator[Done]:
    """The work done for every job, in their order; by several processes where that can be done."""
    if processes < 2 or len(jobs) < 2 or not hasattr(os, "fork"):
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(min(processes, len(jobs)), mp_context=get_context("fork")) as pool:
        yield from pool.map(work, jobs)
