"""The units that answer most, and the pixels that each of them sees: cut out by the field, as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rfdocs.algebra import Interval
from rfdocs.graph import Report
from rfdocs.pixels.image_file import Pixels
from rfdocs.pixels.tensors import Array


class Excitation(NamedTuple):
    """A unit's answer: its value, its row and column, and the pixels of its field, both ends included."""

    value: float
    unit: tuple[int, int]
    rows: Interval
    columns: Interval


class Sightings:
    """The fields of all units of a layer, along both axes."""

    def __init__(self, report: Report, name: str) -> None:
        tall, wide = report[name].size
        self._rows = [report.unit(name, (row, 0))[0].field for row in range(tall)]
        self._columns = [report.unit(name, (0, column))[1].field for column in range(wide)]

    def strongest(self, answers: Array, count: int) -> Iterator[Excitation]:
        """The units of a map that answer most, the strongest first, those alone that answer more than nothing.

        Of units that are nearer to each other than half a field on both axes the strongest stands for all, for they
        see nearly the same; of equal ones the first.
        """
        left = answers.astype(np.float64)
        for _ in range(count):
            row, column = map(int, np.unravel_index(np.argmax(left), left.shape))
            rows, columns, value = self._rows[row], self._columns[column], float(left[row, column])
            if value <= 0 or rows is None or columns is None:
                return
            yield Excitation(value, (row, column), rows, columns)
            left[np.ix_(_near(self._rows, rows), _near(self._columns, columns))] = -np.inf


def _near(fields: Sequence[Interval | None], one: Interval) -> list[int]:
    """The fields whose centres, half the sums of their ends, are nearer to that of one than half its length."""
    return [place for place, other in enumerate(fields) if other is not None and abs(sum(other) - sum(one)) < one.size]


def patch(pixels: Pixels, rows: Interval, columns: Interval) -> Pixels:
    """The pixels of a field with a fourth number: opaque, or where the field reaches beyond the image, nothing."""
    cut = np.zeros((rows.size, columns.size, 4), np.uint8)
    seen = pixels[_real(rows), _real(columns)]
    inside = cut[max(-rows.first, 0) :, max(-columns.first, 0) :][: seen.shape[0], : seen.shape[1]]
    inside[..., :3], inside[..., 3] = seen, 255
    return cut


def _real(span: Interval) -> slice:
    """The places of an interval that are not before the first."""
    return slice(max(span.first, 0), max(span.last + 1, 0))
