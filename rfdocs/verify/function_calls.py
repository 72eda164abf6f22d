"""Functions of PyTorch that run: what they are called, and with what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from torch import Tensor

_CONVOLUTION_ARGUMENTS = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
_TRANSPOSED_ARGUMENTS = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
MAXIMUM_ARGUMENTS = ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
LINEAR_ARGUMENTS = ("input", "weight", "bias")


def name_of(function: Any) -> str:
    """The name of a function of PyTorch, or of an operator, whose overload and whether it writes in place is left out.

    >>> [name_of(one) for one in (torch.relu_, torch.ops.aten.conv2d.default, torch.ops.aten.add_.Tensor)]
    ['relu', 'conv2d', 'add']
    """
    return str(getattr(function, "__name__", "")).partition(".")[0].strip("_")


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def arguments_by_name(names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call by the names of the function's parameters."""
    return dict(zip(names, args, strict=False)) | dict(kwargs)


def convolution_arguments(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a convolution of this name, transposed or not, by the names of the function's parameters."""
    transposed = name.startswith("conv_transpose")
    return arguments_by_name(_TRANSPOSED_ARGUMENTS if transposed else _CONVOLUTION_ARGUMENTS, args, kwargs)
