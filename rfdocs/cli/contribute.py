"""The commands for contributors: check, new, schema."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.check import RESERVED, Outcome
from rfdocs.catalogue.check import check as check_files
from rfdocs.catalogue.skeleton import skeleton
from rfdocs.cli.console import Refusal, note, say, silence
from rfdocs.errors import reason
from rfdocs.language.schema import SCHEMA_FILE
from rfdocs.language.schema import schema as format_schema
from rfdocs.language.values import IDENTIFIER, Refused, bare_identifier
from rfdocs.making.memory import collect_rarely
from rfdocs.spelling import did_you_mean


def check(arguments: argparse.Namespace) -> int:
    """0 where nothing is wrong with the files, otherwise 1."""
    collect_rarely()
    paths = [path for name in arguments.files for path in _files_of(name)]
    outcome = check_files(Catalogue(), paths if arguments.files else None)
    if not outcome.files:
        raise Refusal("there is no file to check", "files of the catalogue end in .yaml")
    for problem in outcome.problems:
        note(str(problem))
    try:
        say(_summary(outcome))
    except BrokenPipeError:  # whoever reads has read enough; what was found stands all the same
        silence(sys.stdout)
    return 1 if outcome.problems else 0


def _files_of(name: str) -> list[Path]:
    """The file itself or, of a folder, the files that the catalogue would take."""
    if not name:
        raise Refusal("a file's name is empty", "without FILE the whole catalogue is checked")
    path = Path(name)
    if not path.is_dir():
        return [path]
    os.scandir(path).close()  # a folder that may not be read has not no files
    return Catalogue(path).files


def _summary(outcome: Outcome) -> str:
    verdict = _count_text(len(outcome.problems), "problem") if outcome.problems else "no problems"
    networks = _count_text(outcome.networks, "network") if outcome.networks else "no network"
    return f"{networks} in {_count_text(outcome.files, 'file')}: {verdict}\n"


def schema(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes them
    """0, when the JSON Schema of the format was said."""
    say(json.dumps(format_schema(), indent=1) + "\n")
    return 0


def new(arguments: argparse.Namespace) -> int:
    """0, when a skeleton was written; nothing is ever overwritten."""
    identifier = arguments.identifier
    _require_free(identifier)
    folder = Path("architectures")
    path = (folder if folder.is_dir() else Path()) / f"{identifier}.yaml"
    try:
        _write_new_file(path, skeleton(identifier, path.as_posix(), *_schema_place(path)))
    except FileExistsError:
        raise Refusal(f"{path} is there already", "nothing was written") from None
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {reason(error)}") from None
    say(f"{path}: fill in what its comments say, then run `rfdocs check {path}`\n")
    return 0


def _schema_place(path: Path) -> tuple[str, str]:
    """Where an editor finds the schema of a file, and what puts it there: the site, as `make html` builds it."""
    if path.parent.name == "architectures":
        return f"../build/html/api/{SCHEMA_FILE}", "make html"
    return SCHEMA_FILE, f"rfdocs schema > {SCHEMA_FILE}"


def _write_new_file(path: Path, text: str) -> None:
    """Writes a new file whole or not at all. Raises: FileExistsError, OSError."""
    file = path.open("x", encoding="utf-8")
    try:
        with file:
            file.write(text)
    except BaseException:
        path.unlink()
        raise


def _require_free(identifier: str) -> None:
    """Raises: Refusal for what is no id, or is a network's already."""
    try:
        IDENTIFIER.check(identifier)
    except Refused as refused:
        valid = re.sub("[^a-z0-9]+", "-", identifier.lower())[:80].strip("-")
        raise Refusal(refused.message, did_you_mean(valid) or "for example lenet-5") from None
    if identifier in RESERVED:
        raise Refusal(f"'{identifier}' is the name of a page of the site", "choose another id")
    for family in Catalogue().families():
        for other in family.identifiers:
            if bare_identifier(other) == bare_identifier(identifier):
                hint = "another network's id says how it differs, another size is a variant there"
                raise Refusal(f"the catalogue has a network '{other}' already, in {family.path}", hint)


def _count_text(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
