"""What every operator answers: its reads and its length on an axis, its channels, parameters and arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from math import prod
from typing import NamedTuple

from rfdocs.algebra.reads import IDENTITY, Reads, TransposedWindow, Window
from rfdocs.algebra.sizes import extent
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.channels import Channels

__all__ = [
    "AppliedWindow",
    "AxisStep",
    "Bound",
    "ChannelMixing",
    "ChannelShuffle",
    "ChannelSlice",
    "Filters",
    "Maps",
    "Operator",
    "Pointwise",
    "ShownSides",
    "Tokens",
]


class AppliedWindow(NamedTuple):
    """A layer's window on one axis, as it is really applied; that of a layer which only pads or cuts is one unit long.

    ``padding`` is what is really added before and after its input (of a transposed convolution: cut off its output),
    negative where it is the other way round. What a last window reaches beyond the map where sizes are rounded up
    counts as padding after. Unit: units.
    """

    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    padding: tuple[int, int] = (0, 0)
    transposed: bool = False

    @property
    def extent(self) -> int:
        """The length that the dilated kernel covers. Unit: units.

        >>> AppliedWindow(kernel=3, dilation=2).extent
        5
        """
        return extent(self.kernel, self.dilation)


class Bound(Enum):
    """How a field stands to what units read in truth."""

    EXACT = "exact"  #: it is just that
    LEAST = "at least"  #: they read no less
    MOST = "at most"  #: they read no more
    UNKNOWN = "unknown"  #: more in some places and less in others

    def joined(self, other: Bound) -> Bound:
        """How a field stands that is made of two.

        >>> Bound.LEAST.joined(Bound.EXACT), Bound.LEAST.joined(Bound.MOST)
        (<Bound.LEAST: 'at least'>, <Bound.UNKNOWN: 'unknown'>)
        """
        if self is other or other is Bound.EXACT:
            return self
        return other if self is Bound.EXACT else Bound.UNKNOWN


class ShownSides(NamedTuple):
    """What a gate shows a unit of the map that it reads, besides what the unit reads: all before it, or behind."""

    before: bool = False
    behind: bool = False


#: What a layer shows that is no gate.
UNSHOWN = ShownSides()


class AxisStep(NamedTuple):
    """An operator on one axis of known input lengths: the output's length in units, and what it reads of each input.

    ``window`` is what it slides over its input, pads it by or cuts off it; ``None`` where there is no one such window.
    ``shows`` is what it shows its units as a gate.
    """

    length: int
    reads: tuple[Reads, ...]
    window: AppliedWindow | None = None
    shows: ShownSides = UNSHOWN


def window_step(length: int, reads: Window | TransposedWindow, after: int = 0) -> AxisStep:
    """The step of an operator that slides one window, ``after`` being the padding at its end.

    >>> window_step(4, Window(kernel=3, stride=2, before=1)).window
    AppliedWindow(kernel=3, stride=2, dilation=1, padding=(1, 0), transposed=False)
    """
    transposed = isinstance(reads, TransposedWindow)
    window = AppliedWindow(reads.kernel, reads.stride, reads.dilation, (reads.before, after), transposed)
    return AxisStep(length, (reads,), window)


class Tokens(NamedTuple):
    """Units of a map that lie nowhere in the image: how many, and whether attention showed them those of the map."""

    units: int = 0
    informed: bool = False


#: What the image has, and most maps.
NO_TOKENS = Tokens()


class Maps(NamedTuple):
    """The feature maps around a layer: channels, and lengths per axis in units, of its first input and its output.

    ``tokens_out`` are units that the output has besides, which lie nowhere in the image.
    """

    channels_in: int
    lengths_in: tuple[int, ...]
    channels_out: int
    lengths_out: tuple[int, ...]
    tokens_out: int = 0

    @property
    def units_out(self) -> int:
        """All units of the output, whether they lie in the image or nowhere."""
        return prod(self.lengths_out) + self.tokens_out


class Operator:
    """One operation, without names and input sizes. Its tuples have one value per axis; lengths are in units."""

    __slots__ = ()

    #: Whether its units see more of the map than they read: all of it (squeeze-and-excite, attention), or one side.
    gate = False
    #: Whether its map is another input of the network than the image that is followed.
    given = False
    #: Whether it slides a window over its input, so that kernel, stride and padding tell what it does.
    slides = False
    #: Into how many groups its channels are dealt; ``None`` where it deals none.
    groups: int | None = None
    #: As how many layers with weights it counts in the network's depth.
    weighted: int = 0
    #: Whether a normalisation of it takes its mean and its deviation over the whole map (instance, group).
    over_space = False
    #: Whether it reads the whole map as one unit, so that no map is left behind it.
    collapses = False
    #: Whether it gives a map that was collapsed to one unit back a size, the same value everywhere.
    spreads = False
    #: How its field stands to what a unit reads in truth, where that is not told by places.
    bound = Bound.EXACT
    #: Whether it takes lengths on the first axis that it refuses on the others.
    first_axis_apart = False
    #: Whether it makes class tokens, or reads some; where no layer does there are none.
    about_tokens = False

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        """The operator on one axis, given its inputs' lengths and that of the map whose size it takes.

        Raises: ArithmeticRefusal where it cannot be applied.
        """
        return AxisStep(lengths[0], (IDENTITY,), shows=ShownSides(self.gate, self.gate))

    def channels(self, inputs: tuple[int, ...]) -> int:
        """The channels of the output. Raises: ArithmeticRefusal where the inputs' channels don't fit."""
        return inputs[0]

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        """Of each input, the channels that the ``chosen`` channels of the output are made of.

        ``inputs`` are the inputs' channels. Here all of them: whatever mixes channels, or orders them in a way that the
        network does not tell.
        """
        return tuple([Channels.all(count) for count in inputs])

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        """The units of the output that lie nowhere in the image, given those of its inputs.

        Raises: ArithmeticRefusal where such units cannot be read; here wherever there are any.
        """
        if any(tokens.units for tokens in inputs):
            raise ArithmeticRefusal(
                "it reads units by their places, and its input has class tokens, which have none",
                "take one of these with `take_token`, or the map without them with `drop_tokens`",
            )
        return NO_TOKENS

    def parameters(self, maps: Maps) -> int:
        """The learned numbers: weights, biases, and the two per channel of a normalisation."""
        return 0

    def macs(self, maps: Maps) -> int:
        """The multiply-accumulates of one image, all taps, without bias."""
        return 0

    def uniform(self, axes: Sequence[int]) -> bool:
        """Whether its spatial attributes are the same on all of ``axes``."""
        return all(values[axis] == values[axes[0]] for values in spatial(self) for axis in axes[1:])


def spatial(whole: object) -> Iterator[tuple[object, ...]]:
    """The spatial attributes of an operator, which have one value per axis: its tuples and those of its window."""
    for name in getattr(whole, "__dataclass_fields__", ()):
        held = getattr(whole, name)
        yield from (held,) if isinstance(held, tuple) else spatial(held)


def kept_tokens(inputs: tuple[Tokens, ...]) -> Tokens:
    """The tokens of an operation that treats every unit by itself: those of its inputs.

    Raises: ArithmeticRefusal where these have not all as many.
    """
    counts = [tokens.units for tokens in inputs]
    if len(set(counts)) > 1:
        raise ArithmeticRefusal(f"its inputs have {' and '.join(map(str, counts))} class tokens")
    return Tokens(counts[0], any(tokens.informed for tokens in inputs))


class ChannelWise(Operator):
    """What operations that treat every channel by itself share."""

    __slots__ = ()

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (chosen,)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a layer with weights learns: its output's channels in groups, with the folded normalisation.

    ``shared`` weights are another layer's and not counted again; ``mixed`` says that what is folded into it, such as a
    layer normalisation, mixes the output's channels; ``over_space`` that it is normalised over the whole map.
    """

    channels_out: int
    groups: int = 1
    bias: bool = True
    parameters_per_channel: int = 0
    extra_parameters: int = 0
    shared: bool = False
    mixed: bool = False
    over_space: bool = False

    def origins(self, chosen: Channels, channels_in: int) -> Channels:
        """The input's channels that the ``chosen`` channels are made of: those of their groups."""
        if self.mixed:
            return Channels.all(channels_in)
        return chosen.across_groups(self.channels_out // self.groups, channels_in // self.groups)

    def channels(self, channels_in: int) -> int:
        """The output's channels. Raises: ArithmeticRefusal unless the groups divide both numbers of channels."""
        for what, channels in (("input", channels_in), ("output", self.channels_out)):
            if channels % self.groups:
                raise ArithmeticRefusal(f"its {self.groups} groups do not divide the {channels} {what} channels")
        return self.channels_out

    def parameters(self, weights: int) -> int:
        """The learned numbers, given how many of them are weights: these, the biases, and the folded parts."""
        if self.shared:
            return 0
        return weights + (self.bias + self.parameters_per_channel) * self.channels_out + self.extra_parameters


@dataclass(frozen=True, slots=True)
class Pointwise(ChannelWise):
    """An operation on each unit by itself: activation, normalisation, dropout.

    >>> Pointwise(parameters_per_channel=2).parameters(Maps(64, (8, 8), 64, (8, 8)))
    128
    """

    parameters_per_channel: int = 0
    extra_parameters: int = 0
    over_space: bool = False

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        return Operator.tokens(self, inputs) if self.over_space else kept_tokens(inputs)

    def parameters(self, maps: Maps) -> int:
        return self.parameters_per_channel * maps.channels_out + self.extra_parameters


@dataclass(frozen=True, slots=True)
class ChannelMixing(Pointwise):
    """An operation on all channels of a unit together: layer normalisation, softmax, maxout, channels added."""

    channels_out: int | None = None

    def channels(self, inputs: tuple[int, ...]) -> int:
        return inputs[0] if self.channels_out is None else self.channels_out

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (Channels.all(inputs[0]),)


@dataclass(frozen=True, slots=True)
class ChannelShuffle(Pointwise):
    """The channels in another order: those of the groups dealt out in turn; without groups, in any.

    Raises: ArithmeticRefusal where the groups do not divide the channels.
    """

    groups: int | None = None

    def channels(self, inputs: tuple[int, ...]) -> int:
        if self.groups is not None and inputs[0] % self.groups:
            raise ArithmeticRefusal(f"its {self.groups} groups do not divide the {inputs[0]} channels")
        return inputs[0]

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        if self.groups is None:
            return (Channels.all(inputs[0]),)
        return (chosen.unshuffled(self.groups, inputs[0]),)


@dataclass(frozen=True, slots=True)
class ChannelSlice(Operator):
    """Some of the input's channels, from ``offset`` on.

    Raises: ArithmeticRefusal where the input has fewer.
    """

    channels_out: int
    offset: int = 0

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        return kept_tokens(inputs)

    def channels(self, inputs: tuple[int, ...]) -> int:
        if self.offset + self.channels_out > inputs[0]:
            start = f" from channel {self.offset} on" if self.offset else ""
            raise ArithmeticRefusal(f"it takes {self.channels_out} channels{start} of a map that has {inputs[0]}")
        return self.channels_out

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return (chosen.shifted(self.offset),)
