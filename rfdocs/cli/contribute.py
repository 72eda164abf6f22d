"""The commands for contributors: check, new, schema."""

from __future__ import annotations

import argparse
from pathlib import Path

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.check import Outcome
from rfdocs.catalogue.check import check as checked
from rfdocs.cli.console import Refusal, note, say


def check(arguments: argparse.Namespace) -> int:
    """0 where nothing is wrong with the files, otherwise 1."""
    paths = [path for name in arguments.files for path in _files(Path(name))]
    outcome = checked(Catalogue(), paths if arguments.files else None)
    if not outcome.files:
        raise Refusal("there is no file to check", "files of the catalogue end in .yaml")
    for problem in outcome.problems:
        note(str(problem))
    say(_summary(outcome))
    return 1 if outcome.problems else 0


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _summary(outcome: Outcome) -> str:
    found = len(outcome.problems)
    verdict = "no problems" if not found else _counted(found, "problem")
    return f"{_counted(outcome.networks, 'network')} in {_counted(outcome.files, 'file')}: {verdict}\n"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
