"""Models on PyTorch's meta device, where there are shapes without numbers, and nothing is computed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from rfdocs.verify.function_calls import arguments_by_name, name_of

#: Of batch normalisation, as modules call it and as PyTorch's own operator: the four in the middle stand differently.
_ARGUMENTS = ("input", "first", "second", "third", "fourth", "training")


def without_numbers(module: nn.Module) -> nn.Module:
    """A copy on the meta device. PyTorch warns of what it does itself while it copies a program.

    What it learns and holds is put there first, so that no number of it is copied.
    """
    own = {id(one): nn.Parameter(one.detach().to("meta"), one.requires_grad) for one in module.parameters()}
    held = {id(one): one.detach().to("meta") for one in module.buffers()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return deepcopy(module, {**held, **own}).to("meta")


class ShapesOnly(TorchFunctionMode):
    """Lets batch normalisation make of a map without numbers what it reads.

    There PyTorch takes that function apart into some twenty in Python, which is most of the time that a model takes.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if name_of(func) == "batch_norm":
            arguments = arguments_by_name(_ARGUMENTS, args, kwargs)
            if _fits(arguments):
                return arguments["input"].clone()
        return func(*args, **kwargs)


def _fits(arguments: Mapping[str, Any]) -> bool:
    """Whether batch normalisation reads a map without numbers, with as many channels as it has means, and its own."""
    image, own = arguments["input"], [one for one in arguments.values() if isinstance(one, Tensor)][1:]
    known = own and not arguments.get("training") and image.is_meta
    return bool(known) and all(one.shape == image.shape[1:2] for one in own)
