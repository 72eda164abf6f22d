"""Holds files of the catalogue against all that can be known of them, and finds every problem in one run.

Form, layers, the analysis at the nominal size, the keys that a file of the catalogue needs, every expected fact, and
the rules between files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from rfdocs.catalogue import skeleton
from rfdocs.catalogue.catalogue import Catalogue
from rfdocs.catalogue.facts import broken_facts
from rfdocs.catalogue.family import Entry, Family, missing_keys, read_family
from rfdocs.graph import IMAGE_NAME, InputError, Layer, Report, Spend, uncounted
from rfdocs.language.document import CATALOGUE_KEYS, DOCUMENT
from rfdocs.language.problems import PROBLEMS, TOO_MANY, CatalogueError, Place, Problem
from rfdocs.language.values import IDENTIFIER, Refused, bare
from rfdocs.language.work import ANALYSES, Exhausted, Work
from rfdocs.spelling import did_you_mean, near_miss

#: Names of pages and files that the site has besides its networks'.
RESERVED = ("index", "catalogue", "schema")

#: What to write for a key that the catalogue needs.
_EXAMPLES = {
    "title": "title: ResNet-50",
    "year": "year: 2015",
    "authors": "authors: [Kaiming He, ...]",
    "paper": "paper: {title: ..., url: https://...}",
    "implementation": "implementation: {name: torchvision, symbol: torchvision.models.resnet50}",
    "tasks": "tasks: [classification]",
}


class Outcome(NamedTuple):
    """What a check found."""

    files: int
    networks: int
    problems: tuple[Problem, ...]


def check(catalogue: Catalogue, paths: Sequence[Path] | None = None) -> Outcome:
    """All problems of some files, or of the whole catalogue, in the order of the files and their lines."""
    check = _Check(catalogue)
    files = catalogue.files if paths is None else list(paths)
    problems = [problem for path in files for problem in check.file(path)]
    problems.extend(check.between_files())
    return Outcome(len(files), check.networks, tuple(sorted(set(problems))))


def complete(family: Family, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for every key that the catalogue needs: once for a file, or for each of its networks that lacks it."""
    lacking = {entry.identifier: missing_keys(entry.description) for entry in entries}
    for key in CATALOGUE_KEYS:
        without = [identifier for identifier, keys in lacking.items() if key in keys]
        everywhere = len(without) == len(entries)
        for identifier in without[:1] if everywhere else without:
            place = Place(1, 1, "") if everywhere else family.place(identifier)
            about = "" if everywhere else f"{identifier}: "
            message = f"{about}'{key}' is missing; a file of the catalogue says {_meaning(key)}"
            yield _problem(family, place, message, f"add `{_EXAMPLES[key]}`", "incomplete")


def unfilled(family: Family, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for everything that still stands as `rfdocs new` wrote it."""
    told: set[str] = set()
    for entry in entries:
        for key, found in _left(entry):
            if key not in told:
                told.add(key)
                message = f"{found} stands there since `rfdocs new`; write {_meaning(key)}"
                yield _problem(family, family.place_of(entry.identifier, key), message, "", "incomplete")


def _left(entry: Entry) -> Iterator[tuple[str, str]]:
    """The keys of a network that hold what the skeleton does, and what that is."""
    description = entry.description
    said = {
        "authors": (description.authors, skeleton.AUTHORS),
        "paper": (description.paper and (description.paper.title, description.paper.url), skeleton.PAPER),
        "implementation": (
            description.implementation and (description.implementation.name, description.implementation.symbol),
            skeleton.IMPLEMENTATION,
        ),
    }
    for key, (words, placeholders) in said.items():
        if left := [word for word in words or () if word in placeholders]:
            yield key, f"'{left[0]}'"
    if entry.network.layers == _skeleton_layers():
        yield "layers", "the example's network"


@cache
def _skeleton_layers() -> tuple[Layer, ...]:
    return Family("net.yaml", "net", skeleton.skeleton("net", "net.yaml").encode()).entry("net").network.layers


def _meaning(key: str) -> str:
    return DOCUMENT.attributes[key].description.replace("`", "")


def examine(family: Family) -> Iterator[Problem]:
    """The problems of one file by itself, completeness apart."""
    entries, problems = family.examined()
    yield from problems
    yield from figures(family, entries)


def figures(family: Family, entries: Sequence[Entry]) -> Iterator[Problem]:
    """The problems of the networks' analyses, and of what is expected of them, as many of a file as are read."""
    work, found = Work(ANALYSES), 0
    for entry in entries:
        for problem in _figures(entry, work):
            yield problem
            found += 1
            if found >= PROBLEMS:
                yield _problem(family, Place(problem.line, 1, ""), TOO_MANY, "mend these first", "limit")
                return
        if work.exhausted:
            return


def _figures(entry: Entry, work: Work) -> Iterator[Problem]:
    """The problems of one network's analysis at its nominal size, and of what is expected of it."""
    try:
        report = analysed(entry, work.spend)
    except CatalogueError as error:
        yield from error.problems
    except Exhausted:
        message = f"more than {ANALYSES} steps to analyse the file's networks up to this one"
        yield Problem(entry.path, 1, 1, "", f"{entry.identifier}: {message}", "use several files", "limit")
    else:
        yield from broken_facts(entry, report, work)


def analysed(entry: Entry, spend: Spend = uncounted) -> Report:
    """The network's report at its nominal size, of which everything can be shown; ``spend`` is told of its steps.

    Raises: CatalogueError.
    """
    try:
        report = entry.analyze(spend=spend)
        report.refuse_beyond_sight()
    except InputError as error:
        place = entry.places[IMAGE_NAME]
        problem = Problem(entry.path, place.line, place.column, place.where, error.message, _SMALLER, "limit")
        raise CatalogueError([problem]) from None
    return report


_SMALLER = "a smaller input, or fewer layers"


class _Check:
    """One run: the files that were read so far."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.families: dict[Path, Family] = {}
        self.entries: list[tuple[Family, Entry]] = []
        self.networks = 0

    def file(self, path: Path) -> Iterator[Problem]:
        """The problems of one file by itself."""
        try:
            family = self.catalogue.family(path) if path in self.catalogue.files else read_family(path)
        except CatalogueError as error:
            yield from (replace(problem, hint=problem.hint or self._elsewhere(path)) for problem in error.problems)
            return
        self.families[path.resolve()] = family
        yield from named(family, path)
        entries, problems = family.examined()
        self.networks += len(family.identifiers)
        self.entries.extend([(family, entry) for entry in entries])
        yield from problems
        yield from complete(family, entries)
        yield from unfilled(family, entries)
        yield from figures(family, entries)

    def _elsewhere(self, path: Path) -> str:
        """The file of the catalogue that was meant, where a network's id or a file's name without its folder stands."""
        if path.exists():
            return ""
        families = filter(None, map(self._readable, self.catalogue.files))
        meant = (family.path for family in families if path.stem in {family.stem, *family.identifiers})
        return did_you_mean(next(meant, ""))

    def between_files(self) -> Iterator[Problem]:
        """The problems of the files that were checked with each other and with the rest of the catalogue."""
        yield from self._twice()
        for family, entry in self.entries:
            for dispute in entry.description.disputes:
                if dispute.network not in self._known:
                    message = f"{entry.identifier}: there is no network '{dispute.network}' to differ from"
                    place = family.place(entry.identifier)
                    yield _problem(family, place, message, near_miss(dispute.network, sorted(self._known)), "dispute")

    def _twice(self) -> Iterator[Problem]:
        """A problem for every id of a checked file that another file has, perhaps with a hyphen more or less."""
        first: dict[str, tuple[Family, str]] = {}
        for family in (*self._others, *self.families.values()):
            for identifier in family.identifiers:
                other, known = first.setdefault(bare(identifier), (family, identifier))
                if other is not family:
                    place = family.place(identifier)
                    called = "" if known == identifier else f" as '{known}'"
                    message = f"the id '{identifier}' stands in {other.path}:{other.place(known).line} already{called}"
                    yield _problem(family, place, message, "ids are unique in the catalogue", "identifier")

    @cached_property
    def _known(self) -> set[str]:
        return {name for family in (*self._catalogue, *self.families.values()) for name in family.identifiers}

    @cached_property
    def _others(self) -> list[Family]:
        """The rest of the catalogue, if a file of it was checked."""
        folder = self.catalogue.folder.resolve()
        return self._catalogue if any(path.parent == folder for path in self.families) else []

    @cached_property
    def _catalogue(self) -> list[Family]:
        """The files of the catalogue that are not checked in this run."""
        rest = [path for path in self.catalogue.files if path.resolve() not in self.families]
        return [family for path in rest if (family := self._readable(path)) is not None]

    def _readable(self, path: Path) -> Family | None:
        try:
            return self.catalogue.family(path)
        except CatalogueError:
            return None


def named(family: Family, path: Path) -> Iterator[Problem]:
    """What is wrong with a file's name, from which its page's address is made."""
    start = Place(1, 1, "")
    try:
        IDENTIFIER.check(path.stem)
    except Refused as refused:
        message = f"the file's name: {refused.message}"
        yield _problem(family, start, message, "it becomes a part of addresses", "identifier")
    for identifier in family.identifiers:
        if identifier in RESERVED:
            message = f"'{identifier}' is the name of a page of the site"
            yield _problem(family, family.place(identifier), message, "choose another id", "identifier")


def _problem(family: Family, place: Place, message: str, hint: str, code: str) -> Problem:
    return Problem(family.path, place.line, place.column, place.where, message, hint, code)
