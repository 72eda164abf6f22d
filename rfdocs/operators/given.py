"""Another input of a network than the image that is followed: a map of which nothing is followed."""

from __future__ import annotations

from dataclasses import dataclass

from rfdocs.algebra.reads import Nothing
from rfdocs.operators.operator import AxisStep, Operator

__all__ = ["Given"]


@dataclass(frozen=True, slots=True)
class Given(Operator):
    """A map of its own size and channels, whatever the image is.

    >>> template = Given((127, 127), 3)
    >>> template.axis(0, (255,), None).length, template.channels((3,))
    (127, 3)
    """

    size: tuple[int, ...]
    channels_out: int

    given = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return AxisStep(self.size[axis], (Nothing(),))

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.channels_out
