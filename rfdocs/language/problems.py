"""What is wrong with a file, where, and how to mend it: collected, then reported together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rfdocs.errors import Hint, RfdocsError

#: The most problems of one network that are noted, and the most of one file for which a hint is looked for.
PROBLEMS = 100
HINTS = 100
TOO_MANY = "too many problems; the rest of the file is not looked at"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One defect of a file.

    ``line`` and ``column`` count from 1 (1:1 where the file as a whole is meant); ``where`` is the path inside the
    document, ``code`` names the rule (each has a paragraph in the documentation).

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
        hint = f"\n  hint: {one_line(self.hint)}" if self.hint else ""
        return one_line(f"{self.path}:{self.line}:{self.column}: {where}{self.message}{code}") + hint


def one_line(text: str) -> str:
    r"""The text with a ``?`` for every control character, so that what a file holds cannot pass for a message.

    >>> one_line("red\x1b[31m\n")
    'red?[31m?'
    """
    return text if text.isprintable() else "".join([letter if letter.isprintable() else "?" for letter in text])


class CatalogueError(RfdocsError, ValueError):
    """A file that cannot be used: all its problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file: line and column from 1, and the path in the document."""

    line: int
    column: int
    where: str

    def problem(self, path: str, message: str, hint: str = "", code: str = "") -> Problem:
        """What is wrong here."""
        return Problem(path, self.line, self.column, self.where, message, hint, code)


#: Where a file begins, or the file as a whole.
START = Place(1, 1, "")


class TooManyProblems(Exception):
    """A file with more problems than anyone reads; they are noted, and the rest of it is not looked at."""


#: Where things stand, by their names.
Places = Mapping[str, Place]


@dataclass(slots=True)
class Problems:
    """The problems of one file, gathered while it is read; the same one only once."""

    path: str
    hints: int = HINTS
    noted: dict[Problem, Problem] = field(default_factory=dict)

    def add(self, place: Place, message: str, hint: Hint = "", code: str = "") -> None:
        """Notes a problem at a place of the file; a hint that takes time to find is asked for only if it is needed.

        Raises: TooManyProblems, after the last that is noted.
        """
        plain = place.problem(self.path, message, code=code)
        if plain not in self.noted:
            self.noted[plain] = replace(plain, hint=hint if isinstance(hint, str) else self._hint_from(hint))
        if len(self.noted) >= PROBLEMS:
            limit = replace(place, where="").problem(self.path, TOO_MANY, "mend these first", "limit")
            self.noted[limit] = limit
            raise TooManyProblems

    def _hint_from(self, hint: Callable[[], str]) -> str:
        self.hints -= 1
        return hint() if self.hints >= 0 else ""

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.noted.values())

    def __bool__(self) -> bool:
        return bool(self.noted)

    def raise_if_any(self) -> None:
        """Raises: CatalogueError with all of them, if there are any."""
        if self.noted:
            raise CatalogueError(self)
