"""Attention of every unit to some others by their places: those of its window, of its grid, or its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from rfdocs.algebra.reads import Blocks, Edge, Lattice, Window
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.operator import AxisStep, Maps, Operator, window_step

__all__ = ["AttentionWeights", "GridAttention", "NeighbourhoodAttention", "WindowAttention"]


@dataclass(frozen=True, slots=True)
class AttentionWeights:
    """What attention learns: the matrices that make queries, keys and values of ``c`` channels and the one behind them,
    with biases; and with ``positions`` a number for each head and each distance to a unit that is attended to.

    With ``channels_out`` it reads queries, keys and values, leaves so many channels, and has no matrices.
    Rule: ``4 * c**2 + 4 * c`` and ``heads * prod(2 * k - 1)``, for ``k`` units on an axis. Source: Liu et al. 2021.
    """

    heads: int = 1
    bias: bool = True
    positions: bool = True
    channels_out: int | None = None

    def channels(self, channels_in: int) -> int:
        """The output's channels. Raises: ArithmeticRefusal unless the heads divide them."""
        channels = channels_in if self.channels_out is None else self.channels_out
        if channels % self.heads:
            raise ArithmeticRefusal(f"its {self.heads} heads do not divide the {channels} channels")
        return channels

    def parameters(self, channels_in: int, attended: tuple[int, ...]) -> int:
        """The learned numbers, so many units being attended to on each axis."""
        biases = 4 * channels_in if self.bias and self.channels_out is None else 0
        table = self.heads * prod([2 * count - 1 for count in attended]) if self.positions else 0
        return self._matrices(channels_in) + biases + table

    def macs_per_unit(self, channels_in: int, attended: tuple[int, ...]) -> int:
        """The multiply-accumulates of one unit: its matrices, and two products with each unit that it attends to."""
        return self._matrices(channels_in) + 2 * self.channels(channels_in) * prod(attended)

    def _matrices(self, channels_in: int) -> int:
        return 4 * channels_in**2 if self.channels_out is None else 0


@dataclass(frozen=True, slots=True)
class PlacedAttention(Operator):
    """What attention by places has in common: its weights, and how many units it attends to on each axis."""

    attended: tuple[int, ...]
    weights: AttentionWeights

    @property
    def weighted(self) -> int:  # type: ignore[override]
        return 2 if self.weights.channels_out is None else 0

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.weights.channels(inputs[0])

    def parameters(self, maps: Maps) -> int:
        return self.weights.parameters(maps.channels_in, self.attended)

    def macs(self, maps: Maps) -> int:
        return self.macs_per_unit(maps.channels_in) * prod(maps.lengths_out)

    def macs_per_unit(self, channels_in: int) -> int:
        """The multiply-accumulates of one unit."""
        return self.weights.macs_per_unit(channels_in, self.attended)


@dataclass(frozen=True, slots=True)
class WindowAttention(PlacedAttention):
    """Attention in windows side by side, the first of which begins ``moved`` units behind the map's start, and the one
    before it at the start.

    The map is filled up with zeros to whole windows, which are computed as well. Where one window holds all of an axis
    it is not moved there. Source: Liu et al. 2021, section 3.2; torchvision ``shifted_window_attention``.

    >>> swin = WindowAttention((7, 7), AttentionWeights(heads=3), (3, 3))
    >>> swin.parameters(Maps(96, (56, 56), 96, (56, 56))), swin.macs(Maps(96, (56, 56), 96, (56, 56)))
    (37755, 145108992)
    """

    moved: tuple[int, ...]

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        window = self.attended[axis]
        offset = self.moved[axis] if lengths[0] > window else 0
        return AxisStep(lengths[0], (Blocks(window, offset),))

    def macs(self, maps: Maps) -> int:
        whole = [-(-length // window) * window for length, window in zip(maps.lengths_out, self.attended, strict=True)]
        return self.macs_per_unit(maps.channels_in) * prod(whole)


@dataclass(frozen=True, slots=True)
class GridAttention(PlacedAttention):
    """Attention to the units of a grid that is laid over the whole map, so many on each axis.

    Rule: of ``n`` units and a grid of ``g``, those ``n / g`` apart. Source: Tu et al. 2022, section 3.2.
    Raises: ArithmeticRefusal where the grid does not divide the map.
    """

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        count = self.attended[axis]
        if lengths[0] % count:
            raise ArithmeticRefusal(f"its grid of {count} does not divide the map's {lengths[0]} units")
        return AxisStep(lengths[0], (Lattice(count, lengths[0] // count),))


@dataclass(frozen=True, slots=True)
class NeighbourhoodAttention(PlacedAttention):
    """Attention to the units around each, ``dilation`` apart; at the map's ends to as many, that lie on one side.

    Source: Hassani et al. 2023, relations 1 to 3; Hassani and Shi 2022, section 3.1.
    Raises: ArithmeticRefusal where the map is shorter than ``k * dilation``.
    """

    dilation: tuple[int, ...]

    slides = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        kernel, dilation = self.attended[axis], self.dilation[axis]
        if lengths[0] < kernel * dilation:
            apart = f", {dilation} apart," if dilation > 1 else ""
            raise ArithmeticRefusal(f"its {kernel} neighbours{apart} do not fit into the map's {lengths[0]} units")
        before = dilation * (kernel // 2)
        return window_step(
            lengths[0], Window(kernel, 1, dilation, before, Edge.INSIDE), dilation * (kernel - 1) - before
        )
