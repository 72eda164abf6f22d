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
from rfdocs.catalogue.expectations import broken_facts
from rfdocs.catalogue.family import Entry, Family, missing_keys, read_family
from rfdocs.graph import IMAGE_NAME, InputError, Layer, Report, Spend, uncounted
from rfdocs.language.document import CATALOGUE_KEYS, DOCUMENT
from rfdocs.language.problems import PROBLEMS, START, TOO_MANY, CatalogueError, Place, Problem
from rfdocs.language.values import IDENTIFIER, Refused, bare_identifier
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
    run = _Run(catalogue)
    files = catalogue.files if paths is None else list(paths)
    problems = [problem for path in files for problem in run.file_problems(path)]
    problems.extend(run.problems_between_files())
    return Outcome(len(files), run.networks, tuple(sorted(set(problems))))


def missing_key_problems(family: Family, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for every key that the catalogue needs: once for a file, or for each of its networks that lacks it."""
    lacking = {entry.identifier: missing_keys(entry.description) for entry in entries}
    for key in CATALOGUE_KEYS:
        without = [identifier for identifier, keys in lacking.items() if key in keys]
        everywhere = len(without) == len(entries)
        for identifier in without[:1] if everywhere else without:
            place = START if everywhere else family.place(identifier)
            about = "" if everywhere else f"{identifier}: "
            message = f"{about}'{key}' is missing; a file of the catalogue says {_meaning(key)}"
            yield place.problem(family.path, message, f"add `{_EXAMPLES[key]}`", "incomplete")


def placeholder_problems(family: Family, entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for everything that still stands as `rfdocs new` wrote it."""
    noted: set[str] = set()
    for entry in entries:
        for key, placeholder in _placeholders(entry):
            if key not in noted:
                noted.add(key)
                message = f"{placeholder} stands there since `rfdocs new`; write {_meaning(key)}"
                yield family.place_of(entry.identifier, key).problem(family.path, message, "", "incomplete")


def _placeholders(entry: Entry) -> Iterator[tuple[str, str]]:
    """The keys of a network that hold what the skeleton does, and what that is."""
    paper, implementation = entry.description.paper, entry.description.implementation
    texts = {
        "authors": (entry.description.authors, skeleton.AUTHORS),
        "paper": (paper and (paper.title, paper.url), skeleton.PAPER),
        "implementation": (implementation and (implementation.name, implementation.symbol), skeleton.IMPLEMENTATION),
    }
    for key, (written, placeholders) in texts.items():
        if left := [text for text in written or () if text in placeholders]:
            yield key, f"'{left[0]}'"
    if entry.network.layers == _skeleton_layers():
        yield "layers", "the example's network"


@cache
def _skeleton_layers() -> tuple[Layer, ...]:
    return Family("net.yaml", "net", skeleton.skeleton("net", "net.yaml").encode()).entry("net").network.layers


def _meaning(key: str) -> str:
    return DOCUMENT.attributes[key].description.replace("`", "")


def family_problems(family: Family) -> Iterator[Problem]:
    """The problems of one file by itself, completeness apart."""
    entries, problems = family.entries_and_problems()
    yield from problems
    yield from analysis_problems(family, entries)


def analysis_problems(family: Family, entries: Sequence[Entry]) -> Iterator[Problem]:
    """The problems of the networks' analyses, and of what is expected of them, as many of a file as are read."""
    work, count = Work(ANALYSES), 0
    for entry in entries:
        for problem in _network_problems(entry, work):
            yield problem
            count += 1
            if count >= PROBLEMS:
                yield Place(problem.line, 1, "").problem(family.path, TOO_MANY, "mend these first", "limit")
                return
        if work.exhausted:
            return


def _network_problems(entry: Entry, work: Work) -> Iterator[Problem]:
    """The problems of one network's analysis at its nominal size, and of what is expected of it."""
    try:
        report = nominal_report(entry, work.spend)
    except CatalogueError as error:
        yield from error.problems
    except Exhausted:
        message = f"more than {ANALYSES} steps to analyse the file's networks up to this one"
        yield START.problem(entry.path, f"{entry.identifier}: {message}", "use several files", "limit")
    else:
        yield from broken_facts(entry, report, work)


def nominal_report(entry: Entry, spend: Spend = uncounted) -> Report:
    """The network's report at its nominal size, of which everything can be shown; ``spend`` is told of its steps.

    Raises: CatalogueError.
    """
    try:
        report = entry.analyze(spend=spend)
        report.check_sight_limits()
    except InputError as error:
        hint = "a smaller input, or fewer layers"
        raise CatalogueError([entry.places[IMAGE_NAME].problem(entry.path, error.message, hint, "limit")]) from None
    return report


class _Run:
    """One run: the files that were read so far."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.families: dict[Path, Family] = {}
        self.entries: list[tuple[Family, Entry]] = []
        self.networks = 0

    def file_problems(self, path: Path) -> Iterator[Problem]:
        """The problems of one file by itself."""
        try:
            family = self.catalogue.family(path) if path in self.catalogue.files else read_family(path)
        except CatalogueError as error:
            yield from (replace(problem, hint=problem.hint or self._file_hint(path)) for problem in error.problems)
            return
        self.families[path.resolve()] = family
        yield from name_problems(family, path)
        entries, problems = family.entries_and_problems()
        self.networks += len(family.identifiers)
        self.entries.extend([(family, entry) for entry in entries])
        yield from problems
        yield from missing_key_problems(family, entries)
        yield from placeholder_problems(family, entries)
        yield from analysis_problems(family, entries)

    def _file_hint(self, path: Path) -> str:
        """The file of the catalogue that was meant, where a network's id or a file's name without its folder stands."""
        if path.exists():
            return ""
        families = filter(None, map(self._readable_family, self.catalogue.files))
        meant = (family.path for family in families if path.stem in {family.stem, *family.identifiers})
        return did_you_mean(next(meant, ""))

    def problems_between_files(self) -> Iterator[Problem]:
        """The problems of the files that were checked with each other and with the rest of the catalogue."""
        yield from self._repeated_identifiers()
        for family, entry in self.entries:
            for dispute in entry.description.disputes:
                if dispute.network not in self._identifiers:
                    message = f"{entry.identifier}: there is no network '{dispute.network}' to differ from"
                    place, hint = family.place(entry.identifier), near_miss(dispute.network, sorted(self._identifiers))
                    yield place.problem(family.path, message, hint, "dispute")

    def _repeated_identifiers(self) -> Iterator[Problem]:
        """A problem for every id of a checked file that another file has, perhaps with a hyphen more or less."""
        first: dict[str, tuple[Family, str]] = {}
        for family in (*self._other_families, *self.families.values()):
            for identifier in family.identifiers:
                other, earlier = first.setdefault(bare_identifier(identifier), (family, identifier))
                if other is not family:
                    place = family.place(identifier)
                    name = "" if earlier == identifier else f" as '{earlier}'"
                    message = f"the id '{identifier}' stands in {other.path}:{other.place(earlier).line} already{name}"
                    yield place.problem(family.path, message, "ids are unique in the catalogue", "identifier")

    @cached_property
    def _identifiers(self) -> set[str]:
        return {name for family in (*self._unchecked, *self.families.values()) for name in family.identifiers}

    @cached_property
    def _other_families(self) -> list[Family]:
        """The rest of the catalogue, if a file of it was checked."""
        folder = self.catalogue.folder.resolve()
        return self._unchecked if any(path.parent == folder for path in self.families) else []

    @cached_property
    def _unchecked(self) -> list[Family]:
        """The files of the catalogue that are not checked in this run."""
        rest = [path for path in self.catalogue.files if path.resolve() not in self.families]
        return [family for path in rest if (family := self._readable_family(path)) is not None]

    def _readable_family(self, path: Path) -> Family | None:
        try:
            return self.catalogue.family(path)
        except CatalogueError:
            return None


def name_problems(family: Family, path: Path) -> Iterator[Problem]:
    """What is wrong with a file's name, from which its page's address is made."""
    try:
        IDENTIFIER.check(path.stem)
    except Refused as refused:
        message = f"the file's name: {refused.message}"
        yield START.problem(family.path, message, "it becomes a part of addresses", "identifier")
    for identifier in family.identifiers:
        if identifier in RESERVED:
            message = f"'{identifier}' is the name of a page of the site"
            yield family.place(identifier).problem(family.path, message, "choose another id", "identifier")
