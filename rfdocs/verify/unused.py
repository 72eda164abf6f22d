"""Which modules of a running model its output does not depend on, as PyTorch's own graph of gradients has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from rfdocs.verify.function_calls import tensors_in


def unused_modules(model: nn.Module, run: Callable[[Any, Tensor], Any], image: Tensor) -> frozenset[str]:
    """The names of the modules that run, and from none of whose maps anything comes to what is returned."""
    steps: dict[str, list[Any]] = {}
    with torch.enable_grad(), _listening(model, steps):
        output = run(model, image.detach().requires_grad_())
    reached = _behind([tensor.grad_fn for tensor in tensors_in(output)])
    return frozenset([name for name, own in steps.items() if reached.isdisjoint(own)])


@contextmanager
def _listening(model: nn.Module, steps: dict[str, list[Any]]) -> Iterator[None]:
    """Notes for each module the steps back from what it returns, each time that it runs."""

    def keep(name: str, output: Any) -> None:
        own = [tensor.grad_fn for tensor in tensors_in(output) if tensor.grad_fn is not None]
        if own:
            steps.setdefault(name, []).extend(own)

    hooks = [
        module.register_forward_hook(lambda _module, _inputs, output, name=name: keep(name, output))
        for name, module in model.named_modules()
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _behind(steps: Sequence[Any]) -> set[Any]:
    """These steps back, and all that gradients come to from them."""
    reached: set[Any] = set()
    waiting = [step for step in steps if step is not None]
    while waiting:
        step = waiting.pop()
        if step not in reached:
            reached.add(step)
            waiting += [before for before, _ in step.next_functions if before is not None]
    return reached
