"""One step of a network (a convolution, a pooling, a linear layer) in the form in which two sides are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

#: One number per axis.
Numbers = tuple[int, ...]
#: What is added before and after a map, per axis.
Padding = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what is compared, and its name and depth (weighted steps on the longest path up to it).

    ``padding`` is what is really applied before and after on each axis; ``bias`` is ``None`` where it cannot be told;
    ``tokens`` are units of its map besides those of its ``size``.
    """

    kind: str
    kernel: Numbers = ()
    stride: Numbers = ()
    padding: Padding = ()
    dilation: Numbers = ()
    groups: int = 1
    channels_in: int = 0
    channels: int = 0
    bias: bool | None = None
    size: Numbers = ()
    name: str = ""
    depth: int = 0
    tokens: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        """What two sides have to agree in."""
        return (
            self.kind, self.kernel, self.stride, self.padding, self.dilation, self.groups, self.channels_in,
            self.channels, self.bias, self.size,
        )  # fmt: skip

    def __str__(self) -> str:
        values = {
            "kernel": self.kernel, "stride": self.stride, "padding": self.padding, "dilation": self.dilation,
            "groups": self.groups, "channels": (self.channels_in, self.channels), "bias": self.bias, "size": self.size,
        }  # fmt: skip
        return f"{self.name} ({self.kind} {', '.join(f'{key} {value}' for key, value in values.items() if value)})"


def canonical(step: Step, lengths: Numbers, pending: Padding = ()) -> Step | None:
    """The step in the one form of all that do the same to a map of ``lengths``; ``None`` where it does nothing. Of its
    padding these have what is ``pending``.

    A convolution or pooling of the whole map is a linear layer or a global pooling; the stride of a single unit,
    the dilation of a single tap and padding behind the last window mean nothing.
    """
    if step.kernel and step.kind != "transposed_conv":
        added = [before + after for before, after in pending or ((0, 0),) * len(lengths)]
        own = [length - sides for length, sides in zip(lengths, added, strict=True)]
        step = replace(step, padding=_read_padding(step, own))
    if "pool" in step.kind:
        return None if set(lengths) == {1} else _canonical_pooling(step, lengths)
    if step.kind == "conv" and _reads_all(step, lengths) and step.groups == 1:
        return linear_step(step, step.channels_in * prod(lengths))
    return _canonical_window(step)


def _read_padding(step: Step, lengths: Sequence[int]) -> Padding:
    """The padding of a map of these lengths as far as windows reach: some fill it up to whole windows, some do not."""
    axes = zip(step.padding, step.kernel, step.stride, step.dilation, step.size, lengths, strict=True)
    return tuple([
        (before, min(after, max(0, (count - 1) * stride + (kernel - 1) * rate + 1 - before - length)))
        for (before, after), kernel, stride, rate, count, length in axes
    ])  # fmt: skip


def in_one_row(step: Step) -> Step:
    """The step over all units in one row, class tokens first, if it takes every unit by itself: what is left to compare
    with a reference that lays its units out in rows, of windows or of the whole map.
    """
    alone = step.kind == "conv" and {*step.kernel, *step.stride} == {1} and not any(map(any, step.padding))
    if not alone or step.groups > 1:
        return step
    return replace(
        step,
        kernel=(1,),
        stride=(1,),
        padding=((0, 0),),
        dilation=(1,),
        size=(step.tokens + prod(step.size),),
        tokens=0,
    )


def matrix_step(channels_in: int, channels: int, bias: bool | None, units: int, name: str = "", depth: int = 0) -> Step:
    """A matrix over the channels of so many units in one row: a 1x1 convolution."""
    ones = (1,)
    return Step("conv", ones, ones, ((0, 0),), ones, 1, channels_in, channels, bias, (units,), name, depth)


def linear_step(step: Step, features: int) -> Step:
    """The linear layer of so many input features."""
    return Step(
        "linear", channels_in=features, channels=step.channels, bias=step.bias, name=step.name, depth=step.depth
    )


def _canonical_pooling(step: Step, lengths: Numbers) -> Step | None:
    maximum = "max" in step.kind
    if _reads_all(step, lengths) if step.kernel else set(step.size) <= {1}:
        kind = "global_maxpool" if maximum else "global_avgpool"
        return Step(kind, channels=step.channels, name=step.name, depth=step.depth)
    if not step.kernel and step.size == lengths:
        return None
    return _canonical_window(step)


def _reads_all(step: Step, lengths: Numbers) -> bool:
    return step.kernel == lengths and set(step.size) == {1} and not any(map(any, step.padding))


def _canonical_window(step: Step) -> Step:
    if not step.kernel:
        return step
    stride = tuple(1 if count == 1 else stride for stride, count in zip(step.stride, step.size, strict=True))
    dilation = tuple(1 if kernel == 1 else rate for rate, kernel in zip(step.dilation, step.kernel, strict=True))
    return replace(step, stride=stride, dilation=dilation)


def total_padding(first: Padding, second: Padding) -> Padding:
    """The padding of both, on each side of each axis."""
    return tuple((a + c, b + d) for (a, b), (c, d) in zip(first, second, strict=True))
