"""Tensors that no image changes: what they are computed from, and their numbers, where somebody has to know them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from rfdocs.importing.torch_draft import Fixed, Shape, Traced, learned_of, tensors_of
from rfdocs.importing.torch_export import torch_itself

#: Longer tensors are not computed.
_MOST_NUMBERS = 1 << 20


def given(tensor: Any, *learned: str) -> Fixed:
    """A tensor of the model itself."""
    return Fixed(tuple(tensor.shape), learned, lambda: _numbers(tensor))


def _numbers(tensor: Any) -> Any:
    """The tensor, where it has numbers, and not too many."""
    real = tensor.device.type != "meta" and not hasattr(tensor, "fake_device")
    return tensor.detach() if real and tensor.numel() <= _MOST_NUMBERS else None


def computed(
    target: Any, arguments: Mapping[str, Any], shapes: tuple[Shape, ...], *, several: bool, of_shape_only: bool
) -> Any:
    """What an operator makes of fixed tensors: one more, or a tuple."""
    sources = [value for value in tensors_of(arguments.values()) if isinstance(value, Fixed)]
    learned = () if of_shape_only else learned_of(sources)
    short = sum(map(math.prod, shapes)) <= _MOST_NUMBERS
    numbers = cache(lambda: _run(target, arguments) if short else None)
    if several:
        return tuple(Fixed(shape, learned, _part(numbers, place), computed=True) for place, shape in enumerate(shapes))
    return Fixed(shapes[0], learned, numbers, computed=True)


def _part(numbers: Callable[[], Any], place: int) -> Callable[[], Any]:
    def part() -> Any:
        whole = numbers()
        return None if whole is None else whole[place]

    return part


def _run(target: Any, arguments: Mapping[str, Any]) -> Any:
    """The operator's own answer, if all numbers are known; it may write into its tensors, which are copies."""
    if any(isinstance(value, Fixed) and value.numbers() is None for value in tensors_of(arguments.values())):
        return None
    return _called(target, {name: _with_numbers(value) for name, value in arguments.items()})


def _called(target: Any, values: Mapping[str, Any]) -> Any:
    """What an operator gives of these arguments, by their names in its schema."""
    named = {argument.name for argument in target._schema.arguments if argument.kwarg_only}  # noqa: SLF001
    plain = [value for name, value in values.items() if name not in named]
    with torch_itself().no_grad():
        return target(*plain, **{name: value for name, value in values.items() if name in named})


def written(target: Any, arguments: Mapping[str, Any], whole: Fixed, part: Fixed) -> Fixed:
    """A fixed tensor when these numbers were written into the view of it that an operator shows."""
    learned = learned_of((whole, part))

    def numbers() -> Any:
        before, new = whole.numbers(), part.numbers()
        if before is None or new is None:
            return None
        copy = before.clone()
        _called(target, {**arguments, next(iter(arguments)): copy}).copy_(new)
        return copy

    return Fixed(whole.shape, learned, cache(numbers), computed=True)


def _with_numbers(value: Any) -> Any:
    if isinstance(value, Traced):  # only its shape is looked at
        return torch_itself().empty(1).expand(value.shape)
    if isinstance(value, Fixed):
        return value.numbers().clone()
    return [_with_numbers(part) for part in value] if isinstance(value, list | tuple) else value
