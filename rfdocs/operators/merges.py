"""Operators with several inputs. Sums and products spread a map of one unit over the others' axis, as frameworks do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from rfdocs.algebra.reads import IDENTITY, Broadcast
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.channels import Channels
from rfdocs.operators.operator import AxisStep, Operator

__all__ = ["Add", "Concat", "Merge", "Multiply"]


class Merge(Operator):
    """What add, concat and multiply share: all inputs have one length."""

    __slots__ = ()

    #: Whether an input of one unit goes with any length.
    broadcasts = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        count = max(lengths)
        if any(length != count and (length > 1 or not self.broadcasts) for length in lengths):
            raise ArithmeticRefusal(f"its inputs have different sizes: {' and '.join(map(str, lengths))}")
        return AxisStep(count, tuple(IDENTITY if length == count else Broadcast() for length in lengths))

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        most = max(inputs)
        return tuple([chosen if count == most else Channels.all(count) for count in inputs])


@dataclass(frozen=True, slots=True)
class Add(Merge):
    """The sum of its inputs, unit by unit."""

    def channels(self, inputs: tuple[int, ...]) -> int:
        return _common_channels(inputs)


@dataclass(frozen=True, slots=True)
class Multiply(Merge):
    """The product of its inputs, unit by unit; one channel multiplies all."""

    def channels(self, inputs: tuple[int, ...]) -> int:
        return _common_channels(tuple(count for count in inputs if count != 1) or inputs)


@dataclass(frozen=True, slots=True)
class Concat(Merge):
    """Its inputs' channels, one after the other."""

    broadcasts = False

    def channels(self, inputs: tuple[int, ...]) -> int:
        return sum(inputs)

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        ends = list(accumulate(inputs))
        return tuple([chosen.within(end - count, end) for count, end in zip(inputs, ends, strict=True)])


def _common_channels(inputs: tuple[int, ...]) -> int:
    if len(set(inputs)) > 1:
        raise ArithmeticRefusal(f"its inputs have different channels: {' and '.join(map(str, inputs))}")
    return inputs[0]
