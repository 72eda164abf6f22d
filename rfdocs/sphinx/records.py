"""What one build tells the next about a catalogue: its files, their networks, and where what was made of them lies."""

from __future__ import annotations

from dataclasses import dataclass

from rfdocs.catalogue.problems import Problem
from rfdocs.catalogue.verification import Verification
from rfdocs.pages.facts import Facts

SKELETON, HTML, CONTENT, JSON, CSV = ".page", ".html", ".content", ".json", ".csv"
KEPT = (SKELETON, HTML, CONTENT, JSON, CSV)
"""The page with its content left out, that content as HTML and as it is, and the two data files."""


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
