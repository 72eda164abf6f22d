"""How much work one file may ask for: counted, not timed, so that the answer is the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass

#: The most steps that the networks of one file may take to be unfolded. A step is a value looked at, a node of an
#: expression evaluated, or as much work: about a microsecond.
STEPS = 3_000_000
#: The most steps that all analyses of one file's networks may take: at their nominal sizes, and at those of facts.
ANALYSES = 3_000_000
#: The steps of one item, of one defect that is noted, and of an expression that is read.
ITEM = 20
DEFECT = 50
PARSED = 4
#: How many letters of an expression make a step more, and how many names that an item can use.
LETTERS = 4
NAMES = 32


class Exhausted(Exception):
    """More work than a file may ask for."""


@dataclass(slots=True)
class Work:
    """The steps that were taken for a file, of ``most`` that may be.

    >>> work = Work(most=10)
    >>> work.spend(8)
    >>> work.done, work.exhausted
    (8, False)
    """

    most: int = STEPS
    done: int = 0

    def spend(self, steps: int = 1) -> None:
        """Counts some steps. Raises: Exhausted beyond the limit."""
        self.done += steps
        if self.done > self.most:
            raise Exhausted

    @property
    def exhausted(self) -> bool:
        """Whether no step is left."""
        return self.done > self.most
