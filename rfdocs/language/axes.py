"""Spatial attributes: one value per axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rfdocs.errors import ArithmeticRefusal
from rfdocs.language.source import kind
from rfdocs.language.values import Complaint
from rfdocs.operators.windows import per_axis


class AttributeRefusal(ArithmeticRefusal):
    """An attribute that does not go with the others; ``key`` is its name."""

    def __init__(self, key: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.key = key


def length_complaints(given: Mapping[str, Any], axes: int) -> Iterator[Complaint]:
    """A complaint for every list that has not one value per axis.

    >>> [complaint.message for complaint in length_complaints({"kernel": (3, 3, 3), "padding": 1}, 2)]
    ['a list of 3 found; allowed: one number, or a list of 2, one per axis of the input']
    """
    for key, value in given.items():
        if isinstance(value, tuple) and len(value) != axes:
            lists = f", or a list of {axes}, one per axis of the input" if axes > 1 else " for the one axis"
            is_pair = key == "padding" and len(value) == 2 and all(isinstance(side, int) for side in value)
            pairs = ", ".join([str(list(value))] * axes)
            hint = f"for before and after write `padding: [{pairs}]`" if is_pair else ""
            yield Complaint(key, f"{kind(value)} found; allowed: one number{lists}", hint, "value")


def output_padding_of(given: Mapping[str, Any], axes: int) -> tuple[int, ...]:
    """The output padding of a transposed convolution per axis, 0 where none is given.

    Raises: AttributeRefusal where it is not smaller than the stride or the dilation (with TensorFlow's rules: than the
    stride), which no framework runs. Source: PyTorch ``conv_transpose``; ONNX ``ConvTranspose``; Keras.
    """
    stride, dilation = per_axis(given["stride"], axes), per_axis(given["dilation"], axes)
    tensorflow = given["padding"] in ("same", "valid")
    output_padding = per_axis(given["output_padding"] or 0, axes)
    for units, step, spread in zip(output_padding, stride, dilation, strict=True):
        if units >= (step if tensorflow else max(step, spread)):
            bound = f"the stride {step}" if tensorflow else f"the stride {step} or the dilation {spread}"
            raise AttributeRefusal("output_padding", f"{units} found; it must be smaller than {bound}")
    return output_padding
