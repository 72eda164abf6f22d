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
    """What was held against the model and agrees; in what they differ, at the size that it was read at and
    ``elsewhere``; and what could not be held against it.
    """

    agreeing: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether everything was held against the model, and agrees."""
        return not (self.disagreements or self.unverified or self.elsewhere)


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """All of them as one."""
    return Verdict(
        tuple([text for verdict in verdicts for text in verdict.agreeing]),
        tuple([text for verdict in verdicts for text in verdict.disagreements]),
        tuple([text for verdict in verdicts for text in verdict.unverified]),
        tuple([text for verdict in verdicts for text in verdict.elsewhere]),
    )


def refused_at(size: str, theirs: str, ours: str) -> Verdict:
    """The verdict on an image of a size for which the model or its import says why it refuses it; the other may say
    nothing.
    """
    if theirs and ours:
        return Verdict((f"an image of {size} is refused",))
    why = f"the model refuses it: {theirs}" if theirs else f"the model takes it, and here it is refused: {ours}"
    return Verdict(unverified=(f"sizes at {size}: {why}",))


class ImportDisagrees(RfdocsError, ValueError):
    """An import that is not what the model is: nothing of it is written. One that differs ``elsewhere`` only agrees
    with the model at the size that it was read at.
    """

    def __init__(self, verdict: Verdict) -> None:
        self.elsewhere = not verdict.disagreements
        message = (
            "at other sizes the model itself says otherwise" if self.elsewhere else "the model itself says otherwise"
        )
        hint = "nothing was written; please report it, with the model"
        super().__init__(message, hint, (*verdict.disagreements, *verdict.elsewhere)[:20])
