"""What a running model of PyTorch multiplies: every operator that reads the image, by PyTorch's own formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from rfdocs.verify.function_calls import tensors_in
from rfdocs.verify.shapes_only import ShapesOnly
from rfdocs.verify.walked import OF_SHAPE_ONLY

#: An attention that PyTorch counts on other devices only: it reads queries, keys and values first.
_ATTENTION_ON_CPU = "_scaled_dot_product_flash_attention_for_cpu"
#: Operators of PyTorch that may multiply and have no formula; those of others, such as `torchvision::nms`, may all.
_MULTIPLYING = re.compile(
    r"attention|rnn|lstm|gru|fft|conv|linear|_mm|quantized|einsum|(^|\.)_?(dot|vdot|mv|addmv|addr|trilinear|cdist\w*)$"
)
_NOT_MULTIPLYING = re.compile(r"upsample")


@dataclass(slots=True)
class Multiplied:
    """The multiply-accumulates of one run, and the operators that may have more, which nobody can count."""

    macs: int = 0
    unknown: dict[str, None] = field(default_factory=dict)


def multiplied(
    model: Any, run: Callable[[Any, Tensor], Any], image: Tensor, unused: frozenset[str] = frozenset()
) -> Multiplied:
    """What ``run(model, image)`` multiplies, less what no image changes, such as weights that are computed first, and
    what modules do that are ``unused``.
    """
    counter = _Counter()
    counter.mark(image)
    with torch.no_grad(), _without_fast_paths(), _pausing(model, unused, counter), ShapesOnly(), counter:
        run(model, image)
    return counter.multiplied


@contextmanager
def _pausing(model: Any, unused: frozenset[str], counter: _Counter) -> Iterator[None]:
    """Lets nothing be counted while one of these modules runs."""

    def resume(*_: Any) -> None:
        counter.pauses -= 1

    def pause(*_: Any) -> None:
        counter.pauses += 1

    modules = [model.get_submodule(name) for name in sorted(unused)]
    hooks = [module.register_forward_pre_hook(pause) for module in modules]
    hooks += [module.register_forward_hook(resume, always_call=True) for module in modules]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def _without_fast_paths() -> Iterator[None]:
    """Lets attention be done by operators that have a formula."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


class _Counter(TorchDispatchMode):
    """Counts the operators that read the image, or anything that was made from it: what lies in the same memory."""

    def __init__(self) -> None:
        super().__init__()
        self.multiplied = Multiplied()
        self.pauses = 0

    def mark(self, tensor: Tensor) -> None:
        """Notes that a tensor's numbers follow from the image."""
        tensor.untyped_storage().rfdocs_reads_image = self

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        output = func(*args, **kwargs)
        space, _, name = func._schema.name.partition("::")  # noqa: SLF001 - PyTorch has no other name for it
        if any(map(self._reads_image, tensors_in((args, kwargs)))) and not OF_SHAPE_ONLY.search(name):
            if not self.pauses:
                self._count(func.overloadpacket, space, name, args, kwargs, output)
            for tensor in tensors_in(output):
                self.mark(tensor)
        return output

    def _reads_image(self, tensor: Tensor) -> bool:
        return getattr(tensor.untyped_storage(), "rfdocs_reads_image", None) is self

    def _count(self, packet: Any, space: str, name: str, args: Any, kwargs: Any, output: Any) -> None:
        """A formula of PyTorch's counts a product and a sum for each multiply-accumulate."""
        if packet in flop_registry:
            self.multiplied.macs += flop_registry[packet](*args, **kwargs, out_val=output) // 2
        elif name == _ATTENTION_ON_CPU:
            formula = flop_registry[torch.ops.aten._scaled_dot_product_flash_attention]  # noqa: SLF001 - likewise
            self.multiplied.macs += formula(*args[:3], out_val=output) // 2
        elif space not in {"aten", "prim", "prims"} or (
            _MULTIPLYING.search(name) and not _NOT_MULTIPLYING.search(name)
        ):
            self.multiplied.unknown[f"{space}.{name}"] = None
