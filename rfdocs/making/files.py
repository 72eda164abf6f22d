"""What is made of each file of a catalogue once and kept: every page's content and data."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import rfdocs
from rfdocs.catalogue.catalogue import shown_path
from rfdocs.catalogue.check import name_problems, nominal_report
from rfdocs.catalogue.expectations import broken_facts
from rfdocs.catalogue.family import read_family
from rfdocs.catalogue.verification import FOLDER, Verification, records_in
from rfdocs.figures import KINDS, draw, ready
from rfdocs.formats.data import table_csv
from rfdocs.formats.program import program_script
from rfdocs.formats.tilings import network_json
from rfdocs.graph import IMAGE_NAME
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.language.problems import START, CatalogueError, Place, Problem
from rfdocs.making.memory import collect_rarely
from rfdocs.making.results import CONTENT, CSV, HTML, JSON, PROGRAM, SKELETON, FileJob, FileResult, NetworkResult
from rfdocs.making.store import digest_of, keep, keep_bytes
from rfdocs.pages.content import Block, Bullets, Content, Link, Page, Picture, Ready, To
from rfdocs.pages.facts import facts_of
from rfdocs.pages.html import content_html
from rfdocs.pages.network_page import Origin, network_page


def make_file(job: FileJob) -> FileResult:
    """Everything that one file asks for, kept in the cache, and all its problems, as the check words them.

    Of a file with a network that nothing can be made of, nothing is made.
    """
    path = Path(job.path)
    try:
        family = read_family(path, shown_path(path))
    except CatalogueError as error:
        return FileResult(path.name, job.digest, problems=error.problems)
    entries, problems_inside = family.entries_and_problems()
    verified, unreadable = _verifications(path)
    attempts = [
        _network_or_problems(entry, family.place(entry.identifier), job, verified.get(entry.identifier))
        for entry in entries
    ]
    networks = tuple(network for network, _ in attempts if network is not None)
    family_problems = [*problems_inside, *name_problems(family, path)]
    problems = {*family_problems, *unreadable, *(problem for _, own in attempts for problem in own)}
    whole = not family_problems and len(networks) == len(attempts)
    return FileResult(path.name, job.digest, networks if whole else (), tuple(sorted(problems)))


def _verifications(path: Path) -> tuple[Mapping[str, Verification], list[Problem]]:
    """What was held against running models of a file's networks; or why that cannot be read."""
    records = path.parent / FOLDER / f"{path.stem}.json"
    try:
        return (records_in(records) if records.is_file() else {}), []
    except (OSError, ValueError) as error:
        hint = "`python -m rfdocs.verify` writes it"
        return {}, [START.problem(shown_path(records), f"it cannot be read: {error}", hint, "file")]


def _network_or_problems(
    entry: rfdocs.Entry, place: Place, job: FileJob, record: Verification | None
) -> tuple[NetworkResult | None, list[Problem]]:
    """What is kept of a network, if anything can be made of it, and its problems."""
    try:
        return _network_result(entry, place, job, record)
    except CatalogueError as error:
        return None, list(error.problems)
    except Exception as error:  # noqa: BLE001 - a defect in one network must not take the site with it
        return None, [_defect(entry, "its page cannot be made", error)]


def _network_result(
    entry: rfdocs.Entry, place: Place, job: FileJob, record: Verification | None
) -> tuple[NetworkResult, list[Problem]]:
    report = nominal_report(entry)
    verified = record if record is not None and record.network == network_fingerprint(entry.network) else None
    facts = facts_of(entry, report, verified)
    name = Path(job.path).name
    drawn, problems = pictures(entry, report)
    page = network_page(
        entry,
        report,
        facts,
        drawn,
        Origin(name, job.edit, job.guide),
        verification_sentences(verified, len(report.layers)),
    )
    digest = digest_of(job.digest, entry.identifier)
    keep_bytes(Path(job.cache), digest + JSON, network_json(entry.identifier, report).encode())
    keep_bytes(Path(job.cache), digest + CSV, table_csv(entry.identifier, report).encode())
    keep_bytes(Path(job.cache), digest + PROGRAM, program_script(entry).encode())
    keep_page(Path(job.cache), digest, page)
    return NetworkResult(facts, name, entry.path, place, digest, verified), [*broken_facts(entry, report), *problems]


def _defect(entry: rfdocs.Entry, what: str, error: Exception) -> Problem:
    """A problem that is not the file's but the program's."""
    place = entry.places[IMAGE_NAME]
    text = f"{entry.identifier}: {what}: {type(error).__name__}: {error}"
    hint = "this is a defect of the program: please report it"
    return Problem(entry.path, place.line, place.column, "", text, hint, "defect")


def verification_sentences(record: Verification | None, layers: int) -> tuple[str, ...]:
    """Sentences on what was held against running models, of a network of so many layers."""
    return () if record is None else (*record.sentences(layers), f"Verified on {record.date}.")


def pictures(entry: rfdocs.Entry, report: rfdocs.Report) -> tuple[dict[str, Picture], list[Problem]]:
    """The figures of a network's page, by their kinds, and a problem for each that cannot be drawn.

    Raises: MissingExtra.
    """
    ready()
    drawn, problems = {}, []
    for kind in KINDS:
        try:
            drawn[kind] = Picture(kind, draw(kind, entry.title, report))
        except Exception as error:  # noqa: BLE001 - a page without one figure is better than no site
            problems.append(_defect(entry, f"its figure '{kind}' cannot be drawn", error))
    return drawn, problems


# -- what is kept of a network --------------------------------------------------------------------------------


class UnplacedSurroundings:
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


def keep_page(folder: Path, digest: str, page: Page) -> None:
    """Keeps a page in two parts: its words, which Sphinx reads, and its content, ready for each kind of builder."""
    contents: list[Content] = []

    def skeleton_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(_placeholder(block, digest, contents) for block in blocks)

    sections = tuple(replace(section, blocks=skeleton_blocks(section.blocks)) for section in page.sections)
    keep(folder, digest + SKELETON, replace(page, blocks=skeleton_blocks(page.blocks), sections=sections))
    around = UnplacedSurroundings()
    keep(folder, digest + HTML, tuple(str(content_html(content, around)) for content in contents))
    keep(folder, digest + CONTENT, tuple(contents))


def _placeholder(block: Block, digest: str, contents: list[Content]) -> Block:
    if isinstance(block, (tuple, Bullets, Ready)):
        return block
    contents.append(block)
    return Ready(digest, len(contents) - 1, type(block).__name__)


# -- in parallel ----------------------------------------------------------------------------------------------


def make_files(jobs: Sequence[FileJob], processes: int) -> Iterator[FileResult]:
    """What is made of every file, in their order; by several processes where that can be done.

    Should the system end one of them, the files that are left are made one by one, to find the one that is too much.
    """
    if processes < 2 or len(jobs) < 2 or not hasattr(os, "fork"):
        yield from map(make_file, jobs)
        return
    with _pool(min(processes, len(jobs))) as pool:
        for job, future in [(job, pool.submit(make_file, job)) for job in jobs]:
            try:
                yield future.result()
            except BrokenExecutor:
                yield _result_in_own_process(job)


def _result_in_own_process(job: FileJob) -> FileResult:
    """What is made of a file by a process of its own, or that the system ended it."""
    try:
        with _pool(1) as pool:
            return pool.submit(make_file, job).result()
    except BrokenExecutor:
        path = Path(job.path)
        text = "the system ended the process that made its pages, perhaps for want of memory"
        hint = "a smaller network, or more memory"
        return FileResult(path.name, job.digest, problems=(START.problem(shown_path(path), text, hint, "defect"),))


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=collect_rarely)
