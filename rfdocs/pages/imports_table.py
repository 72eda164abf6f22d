"""What came of importing a model of every family of the packages that are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rfdocs.catalogue.survey import VERDICTS, FamilyImport
from rfdocs.formats.numbers import NONE, text_number
from rfdocs.pages.content import Block, Grid, Group, Heading, InlineCode, Row

_HEADINGS = (
    Heading("model", "model"),
    Heading(
        "verdict", "import", "Right: the file was held against the model, and agrees. Refused: nothing was written."
    ),
    Heading("fields", "fields", "Of how many of its maps the fields were measured on the model.", numeric=True),
    Heading("why", "why, or what could not be measured"),
)


def imports_blocks(outcomes: Sequence[FamilyImport]) -> tuple[Block, ...]:
    """How many families are imported right, and a table of them by package; those that attend behind the others."""
    if not outcomes:
        return (("No record of imports is at hand.",),)
    groups = [Group(package, tuple(map(_row, group))) for package, group in _by_package(outcomes)]
    return (
        (" ".join(_sentences(outcomes)),),
        Grid("A model of every family, imported", _HEADINGS, tuple(groups), "imports", stacks=True),
    )


def _by_package(outcomes: Sequence[FamilyImport]) -> Iterator[tuple[str, list[FamilyImport]]]:
    for package, group in groupby(outcomes, key=lambda outcome: outcome.package):
        yield package, sorted(group, key=lambda outcome: outcome.attends)


def _sentences(outcomes: Sequence[FamilyImport]) -> Iterator[str]:
    for attends, whose in ((False, "do not attend to each other"), (True, "do")):
        verdicts = [outcome.verdict for outcome in outcomes if outcome.attends is attends]
        right, refused, wrong = map(verdicts.count, VERDICTS)
        families = f"Of {text_number(len(verdicts))} families whose units {whose}"
        yield f"{families}, {text_number(right)} are imported right, {text_number(refused)} refused, {wrong} wrong."


def _row(outcome: FamilyImport) -> Row:
    fields = text_number(outcome.fields) if outcome.fields else NONE
    cells = (InlineCode(outcome.model), outcome.verdict, fields, outcome.why)
    return Row(cells, marked=outcome.verdict == "wrong")
