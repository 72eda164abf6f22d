"""The photograph and the computed filters of the chapter on hidden layers, and what these answer to it."""

from __future__ import annotations

from functools import cache, cached_property
from math import atan2, hypot, pi
from typing import TYPE_CHECKING, Any

import numpy as np

from rfdocs.algebra.reads import Edge
from rfdocs.catalogue import load
from rfdocs.figures.photograph import photograph
from rfdocs.pixels.filter_bank import DIRECTIONS, filter_bank
from rfdocs.pixels.forward import convolved, unfolded
from rfdocs.pixels.image_file import DEVIATION, MEAN, Pixels, fitted, normalised, photograph_pixels

if TYPE_CHECKING:
    from rfdocs.graph import Report
    from rfdocs.pixels.tensors import Array

#: The square of the photograph that is shown: its top, and its side, in pixels of the photograph.
TOP, WHOLE = 40, 512


class Demonstration:
    """AlexNet's first layers with filters that are computed, on a square of the photograph. Raises: ImageError."""

    def __init__(self) -> None:
        self.report: Report = load("alexnet").analyze()
        side = self.report.input_size[0]
        self.pixels: Pixels = fitted(photograph_pixels(photograph())[TOP : TOP + WHOLE], side, side)
        self.bank = filter_bank()
        self.first_filters: Array = np.stack([one.weights for one in self.bank])

    @cached_property
    def first(self) -> Array:
        """What the first layer's filters answer."""
        return convolved(self._read(normalised(self.pixels, 3, MEAN, DEVIATION), "conv1", 0), self.first_filters)

    @cached_property
    def rectified(self) -> Array:
        """The same, and nothing where it is below 0."""
        return np.maximum(self.first, 0)

    @cached_property
    def pooled(self) -> Array:
        """The largest of what is near."""
        values: Array = self._read(self.rectified, "pool1", -np.inf).max(axis=(3, 4))
        return values

    @cached_property
    def second(self) -> Array:
        """What the filters of a second layer answer."""
        return convolved(self._read(self.pooled, "conv2", 0), self.second_filters)

    @cached_property
    def second_filters(self) -> Array:
        """Filters of a second layer, of what the first answers, as :data:`SHAPES` names them."""
        return np.stack([_drawn(shape, len(self.bank)) for shape in SHAPES])

    def _read(self, values: Array, name: str, beyond: float) -> Any:
        layer = self.report[name]
        return unfolded(values, layer.windows, layer.size, Edge.ZERO, beyond)


#: The second layer's filters: what each looks for, in words.
SHAPES = ("a ring", "stripes that lie across", "a line that stands", "a corner")


def _drawn(shape: str, channels: int) -> Array:
    """A filter of 5 by 5 units that wants a stroke of one direction at some of its places, and no other there."""
    weights = np.zeros((channels, 5, 5), np.float32)
    for down in range(5):
        for across in range(5):
            turn = _direction(shape, down - 2, across - 2)
            if turn is not None:
                weights[: 2 * DIRECTIONS, down, across] = -1 / DIRECTIONS
                weights[[turn, DIRECTIONS + turn], down, across] = 1
    return weights / np.float32(np.abs(weights).sum())


def _direction(shape: str, down: int, across: int) -> int | None:
    """The direction of the stroke that a filter wants at a place from its middle, if it wants one there."""
    lies, stands = DIRECTIONS // 2, 0
    if shape == "a ring":
        turn = round(DIRECTIONS * atan2(down, across) / pi) % DIRECTIONS
        return turn if 1.5 < hypot(down, across) < 2.5 else None
    if shape == "stripes that lie across":
        return lies
    if shape == "a line that stands":
        return stands if across == 0 else None
    return lies if down == 0 and across >= 0 else stands if across == 0 and down > 0 else None


@cache
def demonstration() -> Demonstration:
    """The same for all figures. Raises: ImageError."""
    return Demonstration()
