"""Files of weights: tensors by their names, of which only those that are asked for are read, and within bounds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rfdocs.errors import RfdocsError, UnknownName

Array = NDArray[np.float32]
Shape = tuple[int, ...]

#: The most tensors in a file, and the most numbers in one that is read.
TENSORS, NUMBERS = 1 << 14, 1 << 26
#: The most axes of a tensor, as numpy has it.
AXES = 32


class WeightsError(RfdocsError, ValueError):
    """A file of weights that is broken or holds no such tensor; the message begins with the file."""


class UnknownTensor(UnknownName):
    """A tensor that the file has not."""

    listed: ClassVar[int | None] = 6


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor in a file: its shape, the type of its numbers as the file calls it, and where they begin.

    ``begin`` counts bytes of the file or, where the file holds files, of that which holds it. The first index changes
    fastest where they lie ``by_columns``.
    """

    shape: Shape
    kind: str
    begin: int
    by_columns: bool = False

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


class WeightsFile(ABC):
    """The tensors of a file, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tensors: Mapping[str, StoredTensor] = self._index()
        if len(self.tensors) > TENSORS:
            raise self.wrong(f"it holds {len(self.tensors)} tensors; at most {TENSORS} are read")

    def wrong(self, what: str, hint: str = "") -> WeightsError:
        """The error that says what is wrong with the file."""
        return WeightsError(f"{self.path}: {what}", hint)

    def read(self, name: str) -> Array:
        """A tensor as 32-bit numbers, all of them finite. Raises: UnknownTensor, WeightsError."""
        if name not in self.tensors:
            raise UnknownTensor(f"tensor in {self.path} called", name, self.tensors)
        stored = self.tensors[name]
        if not 0 < stored.count <= NUMBERS:
            raise self.wrong(f"{name} has {stored.count} numbers; 1 to {NUMBERS} are read")
        with np.errstate(all="ignore"):
            values = self._values(name, stored).astype(np.float32)
        if not np.isfinite(values).all():
            raise self.wrong(f"{name} holds numbers that are not finite")
        return values

    @abstractmethod
    def _index(self) -> Mapping[str, StoredTensor]:
        """All tensors, without their numbers. Raises: WeightsError."""

    @abstractmethod
    def _values(self, name: str, stored: StoredTensor) -> NDArray[Any]:
        """The numbers of a tensor. Raises: WeightsError."""


def is_file(path: Path) -> bool:
    """Whether there is a plain file of that name, whatever the name is."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def shape_text(shape: Shape) -> str:
    """A shape in words.

    >>> shape_text((64, 3, 11, 11)), shape_text(())
    ('64 x 3 x 11 x 11', 'one number')
    """
    return " x ".join(map(str, shape)) or "one number"
