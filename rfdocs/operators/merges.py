"""Operators with several inputs. Sums and products spread a map of one unit over the others' axis, as frameworks do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import prod

from rfdocs.algebra.reads import IDENTITY, Broadcast, Nothing, Piece, Window
from rfdocs.algebra.sizes import bounded
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.channels import Channels
from rfdocs.operators.dense import whole_map_step
from rfdocs.operators.operator import AxisStep, Maps, Operator, Tokens, kept_tokens

__all__ = ["Add", "Concat", "Correlation", "CrossCorrelation", "Merge", "Multiply", "SideBySide"]


class Merge(Operator):
    """What add, concat and multiply share: all inputs have one length."""

    __slots__ = ()

    #: Whether an input of one unit goes with any length.
    broadcasts = True
    #: Whether each unit is made of those at its place, of every input.
    by_unit = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        count = max(lengths)
        if any(length != count and (length > 1 or not self.broadcasts) for length in lengths):
            raise ArithmeticRefusal(f"its inputs have different sizes: {' and '.join(map(str, lengths))}")
        return AxisStep(count, tuple(IDENTITY if length == count else Broadcast() for length in lengths))

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        return kept_tokens(inputs) if self.by_unit else Operator.tokens(self, inputs)

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        most = max(inputs)
        return tuple([chosen if count == most else Channels.all(count) for count in inputs])


@dataclass(frozen=True, slots=True)
class Add(Merge):
    """The sum of its inputs, unit by unit."""

    def channels(self, inputs: tuple[int, ...]) -> int:
        return common_channels(inputs)


@dataclass(frozen=True, slots=True)
class Multiply(Merge):
    """The product of its inputs, unit by unit; one channel multiplies all."""

    def channels(self, inputs: tuple[int, ...]) -> int:
        return common_channels(tuple(count for count in inputs if count != 1) or inputs)


@dataclass(frozen=True, slots=True)
class Concat(Merge):
    """Its inputs' channels, one after the other."""

    broadcasts = False

    def channels(self, inputs: tuple[int, ...]) -> int:
        return sum(inputs)

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        ends = list(accumulate(inputs))
        return tuple([chosen.within(end - count, end) for count, end in zip(inputs, ends, strict=True)])


@dataclass(frozen=True, slots=True)
class SideBySide(Merge):
    """Its inputs' maps side by side ``along`` one axis.

    Rule: with ``b`` the units of the inputs before it, unit ``u`` reads unit ``u - b`` of the one that it lies on. On
    the other axes all inputs are made alike, which the trace makes sure of, so that one stands for all.
    """

    along: tuple[bool, ...]

    broadcasts = False
    by_unit = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        if not self.along[axis]:
            count = Merge.axis(self, axis, lengths, like).length
            return AxisStep(count, (IDENTITY, *[Nothing()] * (len(lengths) - 1)))
        *inner, whole = accumulate(lengths)
        pieces = zip([0, *inner], [*inner, None], strict=True)
        return AxisStep(bounded(whole), tuple([Piece(begin, end) for begin, end in pieces]))

    def channels(self, inputs: tuple[int, ...]) -> int:
        return common_channels(inputs)


@dataclass(frozen=True, slots=True)
class Correlation(Merge):
    """Each unit of one map compared with those around its place on another, up to ``displacement`` units away and
    ``spacing`` apart: one channel for each of them, the sum over the products of both units' channels.

    Rule: ``c_out = prod(2 * (displacement // spacing) + 1)``, and ``c * c_out`` multiply-accumulates for each unit.
    Source: Dosovitskiy et al. 2015, relation 1, for patches of one unit; Sun et al. 2018, relation 2.

    >>> pwc = Correlation((4, 4), (1, 1))
    >>> pwc.channels((32, 32)), pwc.macs(Maps(32, (96, 112), 81, (96, 112)))
    (81, 27869184)
    """

    displacement: tuple[int, ...]
    spacing: tuple[int, ...]

    broadcasts = False
    by_unit = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        side, spacing = self._sides[axis], self.spacing[axis]
        around = Window(2 * side + 1, 1, spacing, spacing * side)
        return Merge.axis(self, axis, lengths, like)._replace(reads=(IDENTITY, around))

    @property
    def _sides(self) -> tuple[int, ...]:
        """How many units of the second map are compared on each side of the place, per axis."""
        return tuple([most // apart for most, apart in zip(self.displacement, self.spacing, strict=True)])

    def channels(self, inputs: tuple[int, ...]) -> int:
        if len(inputs) != 2:
            raise ArithmeticRefusal(f"it compares two maps, and reads {len(inputs)}")
        common_channels(inputs)
        return prod([2 * side + 1 for side in self._sides])

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return tuple([Channels.all(count) for count in inputs])

    def macs(self, maps: Maps) -> int:
        return maps.channels_in * maps.channels_out * prod(maps.lengths_out)


@dataclass(frozen=True, slots=True)
class CrossCorrelation(Merge):
    """One map slid over another as the weights of a convolution, of stride 1 and without padding.

    Rule: of ``n`` and ``k`` units ``n - k + 1``; of ``c`` and ``c'`` channels in ``g`` groups ``g * c' / c``. Each
    channel of each unit takes ``k * c / g`` multiply-accumulates, for ``k`` units on all axes together.
    Source: Bertinetto et al. 2016, relation 2; in as many groups as channels, Li et al. 2019, section 3.3.

    >>> siamfc = CrossCorrelation()
    >>> siamfc.axis(0, (22, 6), None).length, siamfc.channels((256, 256))
    (17, 1)
    >>> siamfc.macs(Maps(256, (22, 22), 1, (17, 17)))
    2663424
    """

    groups: int = 1

    by_unit = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        length, kernel = lengths
        if kernel > length:
            raise ArithmeticRefusal(f"a map of {kernel} units cannot slide over one of {length}")
        (whole,) = whole_map_step(kernel, length - kernel + 1).reads
        return AxisStep(length - kernel + 1, (Window(kernel), whole))

    def channels(self, inputs: tuple[int, ...]) -> int:
        if len(inputs) != 2:
            raise ArithmeticRefusal(f"it slides one map over another, and reads {len(inputs)}")
        channels, weights = inputs
        if channels % self.groups:
            raise ArithmeticRefusal(f"its {self.groups} groups do not divide the {channels} input channels")
        if weights % channels:
            raise ArithmeticRefusal(f"{weights} channels are no filters of {channels} channels each")
        return self.groups * weights // channels

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        channels, weights = inputs
        read = channels // self.groups
        return chosen.across_groups(weights // channels, read), chosen.across_groups(1, read)

    def macs(self, maps: Maps) -> int:
        taps = prod([length - count + 1 for length, count in zip(maps.lengths_in, maps.lengths_out, strict=True)])
        return taps * self.macs_per_tap(maps.channels_in, maps.channels_out) * prod(maps.lengths_out)

    def macs_per_tap(self, channels_in: int, channels_out: int) -> int:
        """The multiply-accumulates of one unit for each unit of the map that slides."""
        return channels_in // self.groups * channels_out


def common_channels(inputs: tuple[int, ...]) -> int:
    """The channels that all inputs have. Raises: ArithmeticRefusal where they differ."""
    if len(set(inputs)) > 1:
        raise ArithmeticRefusal(f"its inputs have different channels: {' and '.join(map(str, inputs))}")
    return inputs[0]
