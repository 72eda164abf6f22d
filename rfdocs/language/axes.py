"""Spatial attributes: one value per axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from rfdocs.errors import ArithmeticRefusal
from rfdocs.language.source import kind
from rfdocs.language.values import Complaint, PaddingValue

N = TypeVar("N", bound=int | Fraction)


class AttributeRefusal(ArithmeticRefusal):
    """An attribute that does not go with the others; ``key`` is its name."""

    def __init__(self, key: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.key = key


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


def per_axis(value: N | tuple[N, ...], axes: int) -> tuple[N, ...]:
    """One value per axis, of one for all or of a list with one for each."""
    return value if isinstance(value, tuple) else (value,) * axes


def per_side(value: PaddingValue, axes: int) -> tuple[tuple[int, int], ...]:
    """``(before, after)`` per axis, of one number for all or of a list with one number or pair for each."""
    sides = (value,) * axes if isinstance(value, int) else value
    return tuple((side, side) if isinstance(side, int) else side for side in sides)  # type: ignore[misc]


def check_output_padding(given: Mapping[str, Any], axes: int) -> tuple[int, ...]:
    """The output padding of a transposed convolution per axis, 0 where none is given.

    Raises: AttributeRefusal where it is not smaller than the stride or the dilation (with TensorFlow's rules: than the
    stride), which no framework runs. Source: PyTorch ``conv_transpose``; ONNX ``ConvTranspose``; Keras.
    """
    stride, dilation = per_axis(given["stride"], axes), per_axis(given["dilation"], axes)
    tensorflow = given["padding"] in ("same", "valid")
    found = per_axis(given["output_padding"] or 0, axes)
    for extra, step, spread in zip(found, stride, dilation, strict=True):
        if extra >= (step if tensorflow else max(step, spread)):
            named = f"the stride {step}" if tensorflow else f"the stride {step} or the dilation {spread}"
            raise AttributeRefusal("output_padding", f"{extra} found; it must be smaller than {named}")
    return found
