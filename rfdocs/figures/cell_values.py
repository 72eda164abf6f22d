"""The values in the cells of a window that slides, and how each value of the output comes about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rfdocs.errors import RfdocsError
from rfdocs.formats.numbers import minus, text_number

#: Rows of whole numbers.
Matrix = tuple[tuple[int, ...], ...]


class WrongValues(RfdocsError):
    """Values that do not fill the cells that they are for."""


@dataclass(frozen=True, slots=True)
class CellValues:
    """The values of the input, and what the window makes of those that it reads.

    With ``weights`` it is their sum, each times its weight; without, ``pool`` makes one value of them.
    """

    rows: Matrix
    weights: Matrix
    pool: str = ""

    def terms(self, values: Sequence[Sequence[int]]) -> list[str]:
        """The sum in words, row by row, of the values that the window reads.

        >>> CellValues(((1, 2),), ((3, 4),)).terms([[1, 2]])
        ['1·3 + 2·4']
        >>> CellValues(((1, 2),), (), "avgpool").terms([[1, 2]])
        ['1 + 2']
        """
        if not self.weights:
            sign = ", " if self.pool == "maxpool" else " + "
            return [sign.join(map(_signed, row)) for row in values]
        pairs = zip(values, self.weights, strict=True)
        return [
            " + ".join([f"{_signed(value)}·{_factor(weight)}" for value, weight in zip(row, weights, strict=True)])
            for row, weights in pairs
        ]

    def result(self, values: Sequence[Sequence[int]]) -> Fraction:
        """What the window makes of the values that it reads.

        >>> CellValues(((1, 2),), ((3, 4),)).result([[1, 2]])
        Fraction(11, 1)
        >>> CellValues(((1, 2),), (), "avgpool").result([[1, 2]])
        Fraction(3, 2)
        """
        flat = [value for row in values for value in row]
        if self.weights:
            weights = [weight for row in self.weights for weight in row]
            return Fraction(sum([value * weight for value, weight in zip(flat, weights, strict=True)]))
        return Fraction(max(flat)) if self.pool == "maxpool" else Fraction(sum(flat), len(flat))

    def lines(self, values: Sequence[Sequence[int]]) -> list[str]:
        """How the value comes about, a line for each row of the window.

        >>> CellValues(((1, 2),), (), "maxpool").lines([[1, 2]])
        ['the largest of', '1, 2', 'is 2']
        """
        told, result = self.terms(values), minus(text_number(self.result(values)))
        if self.weights:
            return [*[f"{line} +" for line in told[:-1]], told[-1], f"= {result}"]
        if self.pool == "maxpool":
            return ["the largest of", *told, f"is {result}"]
        count = sum(map(len, values))
        return [*[f"{line} +" for line in told[:-1]], told[-1], f"over {count} is {result}"]


def _factor(value: int) -> str:
    return f"({_signed(value)})" if value < 0 else _signed(value)


def _signed(value: int) -> str:
    return minus(text_number(value))


def cell_values(rows: Matrix, weights: Matrix, pool: str, size: Sequence[int], kernel: Sequence[int]) -> CellValues:
    """The values, held to the input's size and the kernel's. Raises: WrongValues."""
    for name, matrix, lengths in [("values", rows, size), *([] if pool else [("weights", weights, kernel)])]:
        wanted = (*[1] * (2 - len(lengths)), *lengths)
        shape = (len(matrix), *sorted({len(row) for row in matrix}))
        if shape != wanted:
            raise WrongValues(
                f"the {name} fill {' x '.join(map(str, shape))} cells, not {' x '.join(map(str, wanted))}"
            )
    return CellValues(rows, () if pool else weights, pool)


def read_at(values: CellValues, places: Sequence[Sequence[tuple[int, int] | None]]) -> list[list[int]]:
    """The values at the places that a window reads; nothing, 0, where there is no unit."""
    return [[0 if place is None else values.rows[place[0]][place[1]] for place in row] for row in places]
