"""Operators that see the whole map at once: fully connected layers and gates."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from rfdocs.algebra.reads import Lattice, Window
from rfdocs.operators.channels import Channels
from rfdocs.operators.operator import AxisStep, Bound, ChannelWise, Filters, Maps, Operator, Tokens, window_step

__all__ = ["GlobalContext", "Linear", "SqueezeExcite", "TokenMixing", "WholeMap"]


@dataclass(frozen=True, slots=True)
class Linear(Operator):
    """A fully connected layer behind a flatten: a convolution whose kernel is the whole map.

    >>> fc6 = Linear(Filters(4096))
    >>> fc6.parameters(Maps(256, (6, 6), 4096, (1, 1)))
    37752832
    """

    filters: Filters

    slides = True
    weighted = 1
    collapses = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return window_step(1, Window(kernel=lengths[0]))

    def channels(self, inputs: tuple[int, ...]) -> int:
        return self.filters.channels_out

    def parameters(self, maps: Maps) -> int:
        return self.filters.parameters(self.macs(maps))

    def macs(self, maps: Maps) -> int:
        return maps.channels_in * prod(maps.lengths_in) * self.filters.channels_out


@dataclass(frozen=True, slots=True)
class SqueezeExcite(ChannelWise):
    """Squeeze-and-excite: global pooling, two 1x1 convolutions, and a product with its input.

    Rule: ``parameters = 2 * c * squeeze + squeeze + c`` with biases.
    Source: Hu et al. 2018, relations 2 to 4.

    >>> SqueezeExcite(squeeze=4).parameters(Maps(64, (8, 8), 64, (8, 8)))
    580
    """

    squeeze: int
    bias: bool = True

    gate = True

    def parameters(self, maps: Maps) -> int:
        return self.macs(maps) + self.bias * (self.squeeze + maps.channels_in)

    def macs(self, maps: Maps) -> int:
        return 2 * maps.channels_in * self.squeeze


@dataclass(frozen=True, slots=True)
class Counted(ChannelWise):
    """An operation of which only is known what it learns and what it takes.

    Rule: ``macs = extra_macs + macs_per_unit * n + macs_per_pair * n**2``, for a map of ``n`` units. With
    ``channels_out`` it mixes channels.
    """

    extra_parameters: int = 0
    extra_macs: int = 0
    macs_per_unit: int = 0
    macs_per_pair: int = 0
    channels_out: int | None = None

    def channels(self, inputs: tuple[int, ...]) -> int:
        return inputs[0] if self.channels_out is None else self.channels_out

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (chosen if self.channels_out is None else Channels.all(inputs[0]),)

    def parameters(self, maps: Maps) -> int:
        return self.extra_parameters

    def macs(self, maps: Maps) -> int:
        units = maps.units_out
        return self.extra_macs + self.macs_per_unit * units + self.macs_per_pair * units**2


@dataclass(frozen=True, slots=True)
class GlobalContext(Counted):
    """A gate of another kind (attention, global context, a one-dimensional channel gate) with counted parameters.

    With ``channels_out`` queries, keys and values are the channels that it reads.
    Source: Vaswani et al. 2017, relation 1: of queries, keys and values of ``c`` channels, all heads together, each
    pair of units takes ``2 * c``.

    >>> GlobalContext(macs_per_pair=2 * 64, channels_out=64).macs(Maps(192, (14, 14), 64, (14, 14)))
    4917248
    """

    gate = True

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        return Tokens(inputs[0].units, informed=True)


@dataclass(frozen=True, slots=True)
class WholeMap(Counted):
    """An operation each of whose units is made of all units of the map: Fourier transforms, and whatever is not known.

    ``size`` is that of its map where it is another than its input's; of what is ``unknown`` the field is a bound.
    """

    size: tuple[int, ...] | None = None
    unknown: bool = False

    @property
    def collapses(self) -> bool:  # type: ignore[override]
        return self.size is not None and all(length == 1 for length in self.size)

    @property
    def bound(self) -> Bound:  # type: ignore[override]
        return Bound.MOST if self.unknown else Bound.EXACT

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return whole_map_step(lengths[0], lengths[0] if self.size is None else self.size[axis])

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        kept = self.channels_out is None and not self.unknown
        return (chosen if kept else Channels.all(inputs[0]),)


@dataclass(frozen=True, slots=True)
class TokenMixing(ChannelWise):
    """Two matrices over all units of a map, the same for every channel, with ``hidden`` units between them.

    Rule: ``2 * n * hidden`` weights for ``n`` units, and biases of both. Source: Tolstikhin et al. 2021, relation 1.

    >>> mixer = TokenMixing(384)
    >>> mixer.parameters(Maps(768, (14, 14), 768, (14, 14))), mixer.macs(Maps(768, (14, 14), 768, (14, 14)))
    (151108, 115605504)
    """

    hidden: int
    bias: bool = True

    weighted = 2

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return whole_map_step(lengths[0], lengths[0])

    def parameters(self, maps: Maps) -> int:
        units = prod(maps.lengths_in)
        return 2 * units * self.hidden + self.bias * (units + self.hidden)

    def macs(self, maps: Maps) -> int:
        return 2 * prod(maps.lengths_in) * self.hidden * maps.channels_in


def whole_map_step(length: int, count: int) -> AxisStep:
    """The step of an operator each of whose ``count`` units reads all ``length`` units of a map."""
    if count == 1:
        return window_step(1, Window(kernel=length))
    return AxisStep(count, (Lattice(length, 1),))
