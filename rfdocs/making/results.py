"""What one build tells the next about a catalogue: its files, their networks, and where what was made of them lies."""

from __future__ import annotations

from dataclasses import dataclass

from rfdocs.catalogue.verification import Verification
from rfdocs.language.problems import Place, Problem
from rfdocs.pages.facts import Facts

SKELETON, HTML, CONTENT = ".page", ".html", ".content"
JSON, CSV, PROGRAM = ".json", ".csv", ".js"
KEPT = (SKELETON, HTML, CONTENT, JSON, CSV, PROGRAM)
"""The page with its content left out, that content as HTML and as it is, and the three data files."""


@dataclass(frozen=True, slots=True)
class NetworkResult:
    """One network of the catalogue: where it comes from, what is known of it, and what it was made from.

    ``place`` is where it begins in its file, ``path`` that file as it is shown. ``verified`` is what was held against
    running models, if that was this very network.
    """

    facts: Facts
    file: str
    path: str
    place: Place
    digest: str
    verified: Verification | None = None

    def problem(self, message: str, hint: str, code: str) -> Problem:
        """A problem of the network as a whole, where it begins."""
        return self.place.problem(self.path, message, hint, code)


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file of the catalogue: what it holds, or what is wrong with it."""

    file: str
    digest: str
    networks: tuple[NetworkResult, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def identifiers(self) -> list[str]:
        """The ids of its networks."""
        return [network.facts.identifier for network in self.networks]


@dataclass(frozen=True, slots=True)
class FileJob:
    """One file to be made; ``edit`` is its address for people who edit it, ``guide`` the folder of the chapters."""

    path: str
    digest: str
    cache: str
    edit: str
    guide: str
