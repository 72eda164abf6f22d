"""Finds and analyses the network that a directive names; each file is read once by each process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rfdocs.catalogue.catalogue import Catalogue, shown_path
from rfdocs.catalogue.family import Entry, Family, named_file, read_family
from rfdocs.graph import Report


@dataclass(slots=True)
class Library:
    """Networks by id, from a catalogue, and by file.

    ``reports`` goes by the identity of its entries, all of which ``entries`` keeps alive.
    """

    catalogue: Catalogue
    places: dict[str, Path] = field(default_factory=dict)
    families: dict[tuple[Path, int], Family] = field(default_factory=dict)
    reports: dict[tuple[int, tuple[int, ...] | None], Report] = field(default_factory=dict)
    entries: dict[tuple[int, str], Entry] = field(default_factory=dict)

    def find(self, name: str, folder: Path) -> tuple[Entry, Path]:
        """The network of an id, or of a file named relative to ``folder``, and its file.

        Raises: UnknownNetwork, CatalogueError.
        """
        written = named_file(name)
        if written is None:
            return self._by_identifier(name)
        path = folder / written[0]
        family = self._family(path)
        family.problems.raise_if_any()
        return self._entry(family, family.identifier_of(written[1])), path

    def report(self, entry: Entry, size: Sequence[int] | None) -> Report:
        """The network's report at an input size. Raises: CatalogueError, InputError."""
        key = (id(entry), None if size is None else tuple(size))
        if key not in self.reports:
            self.reports[key] = entry.analyze(size)
        return self.reports[key]

    def _by_identifier(self, name: str) -> tuple[Entry, Path]:
        family = self._family(self.places[name]) if name in self.places else None
        if family is None or name not in family.identifiers:
            self.places[name] = self.catalogue.folder / f"{self.catalogue.find(name).family}.yaml"
            family = self._family(self.places[name])
        return self._entry(family, name), self.places[name]

    def _family(self, path: Path) -> Family:
        try:
            key = (path, path.stat().st_mtime_ns)
        except OSError:
            return read_family(path)
        if key not in self.families:
            self.families[key] = read_family(path, shown_path(path))
        return self.families[key]

    def _entry(self, family: Family, variant: str) -> Entry:
        key = (id(family), variant)
        if key not in self.entries:
            self.entries[key] = family.entry(variant)
        return self.entries[key]
