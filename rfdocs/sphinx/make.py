"""What is made of each file of a catalogue once and kept: every page's content and data.

What is kept is named by a digest of what it was made from, so it never has to be compared: it is there or it isn't.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import rfdocs
from rfdocs.catalogue.facts import broken_facts
from rfdocs.catalogue.family import read_family
from rfdocs.catalogue.problems import CatalogueError, Place, Problem, Problems
from rfdocs.catalogue.verification import FOLDER, Verification, verification
from rfdocs.figures import KINDS, draw
from rfdocs.graph.fingerprint import fingerprint as network_fingerprint
from rfdocs.pages.content import Page, Picture
from rfdocs.pages.facts import Facts, facts_of
from rfdocs.pages.network import Origin, network_page
from rfdocs.report.data import table_csv, table_json
from rfdocs.sphinx.library import shown

STATE, MANIFEST = "state", "manifest"
"""The names under which the records of all files, and the list of what was written beside the pages, are kept."""

Job = TypeVar("Job")
Done = TypeVar("Done")


@cache
def fingerprint() -> str:
    """A digest of this package's code: what was made by other code is made again."""
    digest = hashlib.sha256(rfdocs.__version__.encode())
    for path in sorted(Path(rfdocs.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def digest_of(*parts: str | bytes) -> str:
    """A digest of some texts and of the code that reads them."""
    digest = hashlib.sha256(fingerprint().encode())
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Made:
    """What a page and its data files are made of."""

    facts: Facts
    page: Page
    json: str
    csv: str


@dataclass(frozen=True, slots=True)
class Record:
    """One network of the catalogue: where it comes from, what is known of it, and what it was made from.

    ``verified`` is what was held against running models, if that was this very network.
    """

    facts: Facts
    file: str
    digest: str
    verified: Verification | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of the catalogue: what it holds, or what is wrong with it."""

    file: str
    digest: str
    networks: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileJob:
    """One file to be made; ``edit`` is its address for people who edit it."""

    path: str
    digest: str
    cache: str
    edit: str


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
    page = network_page(entry, report, facts, drawn, Origin(name, job.edit), said_of(verified))
    made = Made(facts, page, table_json(entry.identifier, report), table_csv(entry.identifier, report))
    digest = digest_of(job.digest, entry.identifier)
    keep(Path(job.cache), digest, made)
    return Record(facts, name, digest, verified)


def current_record(entry: rfdocs.Entry, folder: Path) -> Verification | None:
    """What was held against running models, if that was the very network of the file."""
    record = verification(entry.identifier, folder / FOLDER)
    return None if record is None or record.network != network_fingerprint(entry.network) else record


def said_of(record: Verification | None) -> tuple[str, ...]:
    """Sentences on what was held against running models."""
    return () if record is None else (*record.sentences, f"That was on {record.date}.")


def pictures(entry: rfdocs.Entry, report: rfdocs.Report, problems: Problems) -> dict[str, Picture]:
    """The figures of a network's page, by their kinds; one that cannot be drawn is noted and left out."""
    made = {}
    for kind in KINDS:
        try:
            made[kind] = picture(kind, entry, report)
        except Exception as error:  # noqa: BLE001 - a page without one figure is better than no site
            text = f"{entry.identifier}: its figure '{kind}' cannot be drawn: {type(error).__name__}: {error}"
            problems.add(Place(0, 0, ""), text, "this is a defect of the program: please report it", "figure")
    return made


def picture(kind: str, entry: rfdocs.Entry, report: rfdocs.Report, caption: str = "") -> Picture:
    """One figure. Raises: ValueError for a kind that does not exist."""
    drawing = draw(kind, entry, report)
    return Picture(kind, drawing.svg, drawing.title, drawing.alternative, caption)


# -- what is kept ---------------------------------------------------------------------------------------------


def keep(folder: Path, name: str, value: object) -> None:
    """Writes a value so that it is there whole or not at all."""
    place = folder / name
    new = place.with_suffix(f".{os.getpid()}")
    new.write_bytes(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
    new.replace(place)


def kept(folder: Path, name: str) -> object:
    """A value that was kept; ``None`` if it is not there or cannot be read."""
    try:
        return pickle.loads((folder / name).read_bytes())  # noqa: S301 - what we wrote ourselves
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, TypeError, IndexError):
        return None


# -- in parallel ----------------------------------------------------------------------------------------------


def each(work: Callable[[Job], Done], jobs: Sequence[Job], processes: int) -> Iterator[Done]:
    """The work done for every job, in their order; by several processes where that can be done."""
    if processes < 2 or len(jobs) < 2 or not hasattr(os, "fork"):
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(min(processes, len(jobs)), mp_context=get_context("fork")) as pool:
        yield from pool.map(work, jobs)


def forget_others(folder: Path, wanted: Iterable[str]) -> None:
    """Removes what is kept and no longer wanted."""
    names = {STATE, MANIFEST, *wanted}
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink(missing_ok=True)
