"""Spatial attributes: one value per axis, and what frameworks refuse to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rfdocs import operators as ops
from rfdocs.algebra import ArithmeticRefusal, Rounding
from rfdocs.algebra.sizes import extent
from rfdocs.catalogue.source import kind
from rfdocs.catalogue.values import Complaint, PaddingValue, SpatialValue


class AttributeRefusal(ArithmeticRefusal):
    """An attribute that does not go with the others; ``key`` is its name."""

    def __init__(self, key: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.key = key
        self.hint = hint


def wrong_lengths(given: Mapping[str, Any], axes: int) -> Iterator[Complaint]:
    """A complaint for every list that has not one value per axis.

    >>> [complaint.message for complaint in wrong_lengths({"kernel": (3, 3, 3), "padding": 1}, 2)]
    ['a list of 3 found; allowed: one number, or a list of 2, one per axis of the input']
    """
    for key, value in given.items():
        if isinstance(value, tuple) and len(value) != axes:
            several = f", or a list of {axes}, one per axis of the input" if axes > 1 else " for the one axis"
            pair = key == "padding" and len(value) == 2 and all(isinstance(side, int) for side in value)
            hint = "for before and after write `padding: [" + _pairs(value, axes) + "]`" if pair else ""
            yield Complaint(key, f"{kind(value)} found; allowed: one number{several}", hint, "value")


def _pairs(value: tuple[Any, ...], axes: int) -> str:
    return ", ".join([str(list(value))] * axes)


def per_axis(value: SpatialValue, axes: int) -> tuple[int, ...]:
    """One value per axis, of one for all or of a list with one for each."""
    return (value,) * axes if isinstance(value, int) else value


def per_side(value: PaddingValue, axes: int) -> tuple[tuple[int, int], ...]:
    """``(before, after)`` per axis, of one number for all or of a list with one number or pair for each."""
    sides = (value,) * axes if isinstance(value, int) else value
    return tuple((side, side) if isinstance(side, int) else side for side in sides)  # type: ignore[misc]


def refuse_pool_padding(window: ops.SlidingWindow) -> None:
    """Nothing. Raises: AttributeRefusal where the padding of a pooling is more than any framework takes.

    PyTorch takes half of the window, the same on both sides; Caffe and ONNX less than the window, so that none
    reads padding alone.
    """
    if isinstance(window.padding, str):
        return
    for kernel, dilation, sides in zip(window.kernel, window.dilation, window.padding, strict=True):
        covered = extent(kernel, dilation)
        halved = sides[0] == sides[1] and window.rounding is not Rounding.CAFFE
        if max(sides) > (covered // 2 if halved else covered - 1):
            bound = "at most half of it" if halved else "less than it"
            message = f"a padding of {max(sides)} for a window of {covered}; a pooling allows {bound}"
            raise AttributeRefusal("padding", message, "if the map is padded so far, say so with a `pad` before it")


def refuse_output_padding(window: ops.SlidingWindow, extra: tuple[int, ...]) -> None:
    """Nothing. Raises: AttributeRefusal where a transposed convolution's `output_padding` is more than PyTorch takes.

    That much would be one unit more of its input; with `same` the size is the rule's.
    """
    if window.padding in ("same", "same_lower") and any(extra):
        message = f"it has no meaning beside `padding: {window.padding}`"
        raise AttributeRefusal("output_padding", message, "leave it out")
    for more, stride, dilation in zip(extra, window.stride, window.dilation, strict=True):
        if more >= max(stride, dilation):
            message = f"{more} found; allowed: less than the stride or the dilation, which are {stride} and {dilation}"
            raise AttributeRefusal("output_padding", message)
