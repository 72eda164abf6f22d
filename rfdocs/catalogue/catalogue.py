"""The catalogue: a folder of files, and networks found in it by their ids."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rfdocs.catalogue.family import Entry, Family, named_file, read_family
from rfdocs.errors import UnknownName
from rfdocs.language.problems import CatalogueError, Problem
from rfdocs.language.source import BYTES
from rfdocs.spelling import LISTED

#: Where the catalogue stands: inside an installed package, or beside the package in a checkout.
_FOLDERS = (Path(__file__).parents[1] / "architectures", Path(__file__).parents[2] / "architectures")


class UnknownNetwork(UnknownName):
    """An id that no file of the catalogue has."""

    listed = LISTED


def catalogue_folder() -> Path:
    """The folder of the catalogue that comes with the package."""
    return next((folder for folder in _FOLDERS if folder.is_dir()), _FOLDERS[0])


class Catalogue:
    """The files of a folder; each is read once, when it is first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = catalogue_folder() if folder is None else folder
        self._families: dict[Path, Family] = {}

    @property
    def files(self) -> list[Path]:
        """The YAML files, by name."""
        return sorted(path for path in self.folder.glob("*.yaml") if path.is_file())

    def families(self) -> Iterator[Family]:
        """All families, by file name. Raises: CatalogueError for a file that cannot be opened."""
        for path in self.files:
            yield self.family(path)

    def family(self, path: Path) -> Family:
        """The family of one file."""
        if path not in self._families:
            self._families[path] = read_family(path, shown_path(path))
        return self._families[path]

    def entries(self) -> list[Entry]:
        """All networks of the catalogue. Raises: CatalogueError with all problems of all files."""
        entries: list[Entry] = []
        problems: list[Problem] = []
        for family in self.families():
            try:
                entries.extend(family.entries())
            except CatalogueError as error:
                problems.extend(error.problems)
        if problems:
            raise CatalogueError(problems)
        return entries

    def identifiers(self) -> list[str]:
        """The ids of all networks."""
        return [identifier for family in self.families() for identifier in family.identifiers]

    def find(self, identifier: str) -> Entry:
        """The network of that id. Raises: UnknownNetwork, CatalogueError."""
        problems: list[Problem] = []
        for path in self._files_mentioning(identifier):
            family = self.family(path)
            if identifier in family.identifiers:
                return family.entry(identifier)
            if family.document is None:
                problems.extend(family.problems)
        if problems:
            raise CatalogueError(problems)
        raise UnknownNetwork("network", identifier, sorted(self.identifiers()))

    def _files_mentioning(self, identifier: str) -> list[Path]:
        """The files that mention the id, those first that define it by the look of them: most need not be parsed."""
        word = identifier.encode("utf-8", "surrogateescape")
        texts = {path: _content(path) for path in self.files}
        files = [path for path, text in texts.items() if path.stem == identifier or word in text]
        return sorted(files, key=lambda path: (path.stem != identifier, b"\n  " + word + b":" not in texts[path]))


def _content(path: Path) -> bytes:
    """The file's bytes, none where it cannot be read: whoever reads it for good says why."""
    try:
        with path.open("rb") as file:
            return file.read(BYTES)
    except OSError:
        return b""


def shown_path(path: Path) -> str:
    """The path as it is shown: from the working directory if the file lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the working directory is gone
        return str(path)


def load(name: str | Path, folder: Path | None = None) -> Entry:
    """A network: the id of one of the catalogue, or a file (``my.yaml``, ``my.yaml:variant``).

    Raises: UnknownNetwork for an id that the catalogue lacks, CatalogueError for a file with defects.

    >>> load("alexnet").title
    'AlexNet'
    """
    text = str(name)
    file = named_file(text) or ((Path(text), "") if os.sep in text else None)
    if file is None:
        return Catalogue(folder).find(text)
    path, variant = file
    family = read_family(path)
    return replace(family.entry(family.identifier_of(variant)), by_file=True)
