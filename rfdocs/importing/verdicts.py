"""What came of holding an imported network against the model that it was imported from."""

from __future__ import annotations

from collections.abc import Callable
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


class ImportDisagrees(RfdocsError, ValueError):
    """An import that is not what the model is: nothing of it is written."""

    def __init__(self, disagreements: tuple[str, ...]) -> None:
        hint = "nothing was written; please report it, with the model"
        super().__init__("the model itself says otherwise", hint, disagreements[:20])
