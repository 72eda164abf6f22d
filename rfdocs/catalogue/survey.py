"""What came of importing a model of every family: the record that ``python -m rfdocs.importing`` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from rfdocs.catalogue.catalogue import catalogue_folder

#: What may come of an import.
VERDICTS = ("right", "refused", "wrong")


class FamilyImport(NamedTuple):
    """A model of a package; whether its units attend to others; ``right``, ``refused`` or ``wrong``, and why; and of
    how many of its maps the fields were measured on it.
    """

    model: str
    package: str
    attends: bool
    verdict: str
    why: str
    fields: int


def survey_file() -> Path:
    """The file that holds the record."""
    return catalogue_folder() / "surveyed" / "imports.json"


def read_survey() -> tuple[FamilyImport, ...]:
    """All outcomes, in the order of the families; none before the first survey."""
    if not survey_file().exists():
        return ()
    return tuple([FamilyImport(**row) for row in json.loads(survey_file().read_text("utf-8"))])
