"""What is wrong with a file, where, and how to mend it: collected, then reported together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One defect of a file.

    ``line`` and ``column`` count from 1 (0: the file as a whole); ``where`` is the path inside the document,
    ``code`` names the rule (each has a paragraph in the documentation).

    >>> print(Problem("a.yaml", 7, 23, "layers[0].kernl", "unknown attribute 'kernl'", "did you mean 'kernel'?", "key"))
    a.yaml:7:23: layers[0].kernl: unknown attribute 'kernl' [key]
      hint: did you mean 'kernel'?
    """

    path: str
    line: int
    column: int
    where: str
    message: str
    hint: str = ""
    code: str = ""

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        code = f" [{self.code}]" if self.code else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}:{self.column}: {where}{self.message}{code}{hint}"


class CatalogueError(ValueError):
    """A file that cannot be used: all its problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Problems:
    """The problems of one file, gathered while it is read."""

    path: str
    found: dict[Problem, None] = field(default_factory=dict)

    def add(self, place: Place, message: str, hint: str = "", code: str = "") -> None:
        """Notes a problem at a place of the file; the same one only once."""
        problem = Problem(self.path, place.line, place.column, place.where, message, hint, code)
        self.found.setdefault(problem)

    def __bool__(self) -> bool:
        return bool(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def raise_if_any(self) -> None:
        """Raises: CatalogueError with all of them, if there are any."""
        if self.found:
            raise CatalogueError(self.found)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file: line and column from 1, and the path in the document."""

    line: int
    column: int
    where: str


def near_miss(word: str, allowed: Sequence[str]) -> str:
    """A hint naming the nearest allowed word, or all of them.

    >>> near_miss("kernl", ["kernel", "stride"])
    "did you mean 'kernel'?"
    """
    near = get_close_matches(word, allowed, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"allowed: {', '.join(sorted(allowed))}" if allowed else ""
