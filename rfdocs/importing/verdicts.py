"""What came of holding an imported network against the model that it was imported from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rfdocs.errors import RfdocsError

#: Told what is being done, for whoever waits.
Told = Callable[[str], None]


def untold(text: str) -> None:
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was held against the model and agrees; in what they differ; and what could not be held against it."""

    agreeing: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """All of them as one."""
    return Verdict(
        tuple([text for verdict in verdicts for text in verdict.agreeing]),
        tuple([text for verdict in verdicts for text in verdict.disagreements]),
        tuple([text for verdict in verdicts for text in verdict.unverified]),
    )


class ImportDisagrees(RfdocsError, ValueError):
    """An import that is not what the model is: nothing of it is written."""

    def __init__(self, disagreements: tuple[str, ...]) -> None:
        hint = "nothing was written; please report it, with the model"
        super().__init__("the model itself says otherwise", hint, disagreements[:20])
