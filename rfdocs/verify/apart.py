"""The channels of a running network apart, for networks that take slices of them: equal channels are one tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain

from torch import Tensor

from rfdocs import operators as ops

#: A map channel by channel, each ``(batch, 1, *size)``; channels that are equal are one object.
Channels = tuple[Tensor, ...]


def sum_of_channels(channels: Channels) -> Tensor:
    """The sum of the channels, equal ones taken once: it depends on all that any of them depends on."""
    different = list({id(channel): channel for channel in channels}.values())
    return sum(different[1:], different[0])


def separate_channels(
    operator: ops.Operator, inputs: Sequence[Channels], count: int, function: Callable[[tuple[Tensor, ...]], Tensor]
) -> Channels:
    """The ``count`` channels of a layer: the function of one channel of each input, computed once for equal ones."""
    first = inputs[0]
    if isinstance(operator, ops.Merge):
        return _merged(operator, inputs, count, function)
    if isinstance(operator, ops.ChannelSlice):
        return first[operator.offset : operator.offset + count]
    if isinstance(operator, ops.ChannelShuffle) and operator.groups is not None:
        return _shuffled(first, operator.groups)
    computed = cache(function)  # of tensors by their identity, which stays theirs while they are kept
    if operator.gate:
        whole = sum_of_channels(first)
        mixes = isinstance(operator, ops.Recurrence) or getattr(operator, "channels_out", None) is not None
        return tuple([computed((channel, whole)) for channel in ((whole,) * count if mixes else first)])
    groups = _group_count(operator, len(first))
    size = len(first) // groups
    parts = [sum_of_channels(first[start : start + size]) for start in range(0, len(first), size)]
    return tuple(chain.from_iterable([(computed((part,)),) * (count // groups) for part in parts]))


def _merged(
    operator: ops.Merge, inputs: Sequence[Channels], count: int, function: Callable[[tuple[Tensor, ...]], Tensor]
) -> Channels:
    """The channels of a layer of several inputs."""
    if isinstance(operator, ops.Concat):
        return tuple(chain.from_iterable(inputs))
    if isinstance(operator, ops.CrossCorrelation):
        inputs = _filtered(operator, *inputs)
    if isinstance(operator, ops.Correlation):  # each channel is made of all
        inputs = [(sum_of_channels(channels),) for channels in inputs]
    broadcast = [channels if len(channels) == count else channels * count for channels in inputs]
    computed = cache(function)
    return tuple([computed(channels) for channels in zip(*broadcast, strict=True)])


def _filtered(operator: ops.CrossCorrelation, image: Channels, kernel: Channels) -> list[Channels]:
    """For each channel of the layer the group of the first map that it reads, and its filter, of the second map."""
    depth = len(image) // operator.groups
    parts, filters = [
        [sum_of_channels(channels[first : first + depth]) for first in range(0, len(channels), depth)]
        for channels in (image, kernel)
    ]
    each = len(filters) // len(parts)
    return [tuple(chain.from_iterable([(part,) * each for part in parts])), tuple(filters)]


def _group_count(operator: ops.Operator, count: int) -> int:
    """How many groups of its input's channels a layer keeps apart."""
    if isinstance(operator, ops.Convolution | ops.TransposedConvolution):
        return 1 if operator.filters.mixed else operator.filters.groups
    mixing = ops.ChannelMixing | ops.ChannelShuffle | ops.Linear | ops.PixelShuffle | ops.SpaceToDepth
    if isinstance(operator, ops.DeformableConvolution):
        return 1 if operator.offset_maps or operator.filters.mixed else operator.filters.groups
    if isinstance(operator, ops.WholeMap) and (operator.unknown or operator.channels_out is not None):
        return 1
    mixing |= ops.WindowAttention | ops.GridAttention | ops.NeighbourhoodAttention
    return 1 if isinstance(operator, mixing) else count


def _shuffled(channels: Channels, groups: int) -> Channels:
    """As ``x.view(batch, groups, -1, *size).transpose(1, 2)`` has them."""
    size = len(channels) // groups
    rows = [channels[group * size : (group + 1) * size] for group in range(groups)]
    return tuple(chain.from_iterable(zip(*rows, strict=True)))
