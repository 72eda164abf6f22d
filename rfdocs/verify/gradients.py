"""Which pixels a unit's gradient reaches: the fields of a running model, per axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

import torch
from torch import Tensor

from rfdocs.algebra.interval import Interval

#: One interval per axis; ``None`` where the unit sees nothing.
Box = tuple[Interval, ...] | None
#: A unit, one index per axis.
Unit = tuple[int, ...]
#: The most units that are followed in one pass, and the most pixels of all their images.
BATCH = 8
PIXELS = 1 << 21


class Probe:
    """A model that was run once on a batch of equal images, ready to be asked for the fields of any unit of any map.

    ``run`` maps a batch of images to maps, each ``(batch, channels, *size)``.
    """

    def __init__(
        self, run: Callable[[Tensor], Sequence[Tensor]], channels: int, size: Sequence[int], batch: int = BATCH
    ) -> None:
        self.batch = max(1, min(batch, PIXELS // (channels * prod(size))))
        self.image = torch.zeros(self.batch, channels, *size, dtype=torch.float64, requires_grad=True)
        self.maps = run(self.image)

    def fields(self, node: int, units: Sequence[Unit]) -> list[Box]:
        """The hull of the pixels that each unit of a map depends on."""
        fields: list[Box] = []
        for start in range(0, len(units), self.batch):
            fields.extend(self._fields_of_batch(self.maps[node], units[start : start + self.batch]))
        return fields

    def _fields_of_batch(self, output: Tensor, units: Sequence[Unit]) -> list[Box]:
        selected = torch.zeros_like(output)
        for number, unit in enumerate(units):
            selected[(number, slice(None), *unit)] = 1
        if not output.requires_grad:
            return [None] * len(units)
        (gradient,) = torch.autograd.grad(output, self.image, selected, retain_graph=True, allow_unused=True)
        return [None] * len(units) if gradient is None else [_hull(part) for part in gradient[: len(units)]]


def _hull(gradient: Tensor) -> Box:
    """The hull of what is not zero. Raises: ArithmeticError where the weights were no good."""
    if not bool(torch.isfinite(gradient).all()):
        raise ArithmeticError("the gradient overflows; the weights are too large for so deep a network")
    reached = gradient.detach().ne(0).any(0)
    if not bool(reached.any()):
        return None
    return tuple(_interval(reached, axis) for axis in range(reached.dim()))


def _interval(reached: Tensor, axis: int) -> Interval:
    others = [other for other in range(reached.dim()) if other != axis]
    places = torch.nonzero(reached.any(tuple(others)) if others else reached)
    return Interval(int(places[0]), int(places[-1]))
