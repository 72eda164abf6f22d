"""Operators that go along an axis, unit after unit: recurrence, and attention that looks to one side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import prod

from rfdocs.algebra.reads import IDENTITY
from rfdocs.operators.dense import GlobalContext
from rfdocs.operators.operator import UNSHOWN, AxisStep, Maps, Operator, ShownSides

__all__ = ["CausalContext", "Direction", "Recurrence"]


class Direction(Enum):
    """Which way a recurrent layer goes along its axis."""

    FORWARD = "forward"  #: each unit sees those before it
    BACKWARD = "backward"  #: each unit sees those behind it
    BOTH = "both"  #: one of each, their channels one after the other

    @property
    def ways(self) -> int:
        """How many times it goes along the axis."""
        return 2 if self is Direction.BOTH else 1

    @property
    def shows(self) -> ShownSides:
        """What its units see on the axis that it goes along."""
        return ShownSides(self is not Direction.BACKWARD, self is not Direction.FORWARD)


@dataclass(frozen=True, slots=True)
class Recurrence(Operator):
    """A recurrent layer: ``hidden`` channels each way, found by so many ``matrices`` (4 in an LSTM, 3 in a
    GRU) of what a unit reads and of what was found at the one before, ``along`` one axis; the rows on the others are
    sequences of their own.

    Rule: ``weights = ways * matrices * hidden * (c_in + hidden)``; two biases for each row of a matrix.
    Source: PyTorch ``LSTM``, ``GRU``.

    >>> lstm = Recurrence(128, 4, (True,))
    >>> lstm.parameters(Maps(64, (75,), 128, (75,))), lstm.macs(Maps(64, (75,), 128, (75,)))
    (99328, 7372800)
    """

    hidden: int
    matrices: int
    along: tuple[bool, ...]
    direction: Direction = Direction.FORWARD
    bias: bool = True

    gate = True
    weighted = 1

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return AxisStep(lengths[0], (IDENTITY,), shows=self.direction.shows if self.along[axis] else UNSHOWN)

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.hidden * self.direction.ways

    def parameters(self, maps: Maps) -> int:
        biases = 2 * self.direction.ways * self.matrices * self.hidden if self.bias else 0
        return self._weights(maps) + biases

    def macs(self, maps: Maps) -> int:
        return self._weights(maps) * prod(maps.lengths_out)

    @property
    def state_weights(self) -> int:
        """The numbers of the matrices that what was found before is multiplied by."""
        return self.direction.ways * self.matrices * self.hidden**2

    def _weights(self, maps: Maps) -> int:
        return self.direction.ways * self.matrices * self.hidden * maps.channels_in + self.state_weights


@dataclass(frozen=True, slots=True)
class CausalContext(GlobalContext):
    """Attention on one axis that looks back only: no unit sees one behind it."""

    tokens = Operator.tokens

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return AxisStep(lengths[0], (IDENTITY,), shows=ShownSides(before=True))
