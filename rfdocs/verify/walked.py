"""A reference model, walked: every convolution, pooling and linear layer that runs, in the order in which it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from rfdocs.verify.steps import Numbers, Sides, Step, canonical

_CONVOLUTION = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
_TRANSPOSED = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
_MAXIMUM = ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
_AVERAGE = ("input", "kernel_size", "stride", "padding", "ceil_mode")
_LINEAR = ("input", "weight", "bias")
_PAD = ("input", "pad", "mode", "value")
_REDUCTION = ("input", "dim", "keepdim")
#: Functions behind which padding still waits for the next window.
_PADS_WAIT = {"pad", "constant_pad_nd", "relu", "leaky_relu", "contiguous", "to"}
_PRODUCTS = {"mul", "rmul", "imul", "multiply"}


#: What PyTorch and the packages on it say where a map's size does not fit.
_OF_SIZES = re.compile(r"\b(sizes?|shapes?|dimensions?|broadcast|divisible)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps that a model took, the shapes of what it returned (without the batch), and, where the size of the image
    or of a map did not fit, what it said: then the steps are those before.
    """

    steps: Sequence[Step]
    outputs: tuple[Numbers, ...] = ()
    refusal: str = ""


def walk(model: Any, run: Callable[[Any, Tensor], Any], image: Tensor, *, biases: bool = True) -> Sequence[Step]:
    """The steps that ``run(model, image)`` takes; without ``biases`` those are left open (if they are added apart)."""
    return _walked(_Recorder(model, biases), run, image).steps


def walk_or_refusal(model: Any, run: Callable[[Any, Tensor], Any], image: Tensor, *, biases: bool = True) -> Walk:
    """The walk of ``run(model, image)``, or as far as it comes before a size does not fit.

    Any other failure is raised, for it says nothing about sizes.
    """
    recorder = _Recorder(model, biases)
    try:
        return _walked(recorder, run, image)
    except (RuntimeError, ValueError, AssertionError) as error:
        if isinstance(error, NotImplementedError) or not _OF_SIZES.search(str(error)):
            raise
        return Walk(recorder.steps, refusal=str(error))


def _walked(recorder: _Recorder, run: Callable[[Any, Tensor], Any], image: Tensor) -> Walk:
    _mark(image, 0, ())
    with torch.no_grad(), recorder.listening(), recorder:
        made = run(recorder.model, image)
    return Walk(recorder.steps, tuple(_shapes(list(tensors_in(made)))))


def _shapes(outputs: Sequence[Tensor]) -> Iterator[Numbers]:
    """The shapes without the batch, whose axis some models drop for one image; lengths told beside are left out."""
    batched = [tensor.shape[1:] for tensor in outputs if tensor.dim() > 1]
    yield from map(tuple, batched or [tensor.shape for tensor in outputs])


class _Recorder(TorchFunctionMode):
    """Notes the steps among all of torch's functions that see the image or anything made from it.

    A tensor made from the image carries its depth, and the padding that waits for the next window.
    """

    def __init__(self, model: Any, biases: bool) -> None:
        super().__init__()
        self.model = model
        modules = model.named_modules() if isinstance(model, nn.Module) else ()
        self.names = {id(module): name for name, module in modules}
        self.biases = biases
        self.scopes: list[str] = []
        self.steps: list[Step] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Follows which module runs."""
        before = nn.modules.module.register_module_forward_pre_hook(self._enter)
        after = nn.modules.module.register_module_forward_hook(self._leave, always_call=True)
        try:
            yield
        finally:
            before.remove()
            after.remove()

    def _enter(self, module: Any, _inputs: Any) -> None:
        self.scopes.append(self.names.get(id(module), type(module).__name__))

    def _leave(self, _module: Any, _inputs: Any, _output: Any) -> None:
        self.scopes.pop()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        data = [tensor for tensor in tensors_in((args, kwargs)) if _depth(tensor) is not None]
        made = func(*args, **kwargs)
        if data:
            name = getattr(func, "__name__", "").strip("_")
            step = self._step(name, args, kwargs, made)
            depth = _joined_depth(name, data) + (step is not None and "pool" not in step.kind)
            if step is not None:
                self._note(step, depth, data[0])
            waiting = _waiting(name, args, kwargs, data[0])
            for tensor in tensors_in(made):
                _mark(tensor, depth, waiting)
        return made

    def _note(self, step: Step, depth: int, data: Tensor) -> None:
        named = replace(step, name=self.scopes[-1] if self.scopes else "", depth=depth)
        lengths = tuple(data.shape[-len(step.size) :] if step.size else data.shape[2:])
        final = canonical(named, lengths)
        if final is not None and not _repeats(final, data):
            self.steps.append(final)

    def _step(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], made: Any) -> Step | None:
        base = name.removesuffix("_with_indices")
        if base in ("conv1d", "conv2d", "conv3d"):
            return self._convolution(_named(_CONVOLUTION, args, kwargs), made)
        if base.startswith("conv_transpose"):
            return self._transposed(_named(_TRANSPOSED, args, kwargs), made)
        if base == "linear":
            given = _named(_LINEAR, args, kwargs)
            return self._linear(given["input"], given["weight"].shape[1], made, given.get("bias") is not None)
        if base in ("matmul", "mm") and _is_dense(args):
            return self._linear(args[0], args[1].shape[0], made, False)
        return _pooling(base, args, kwargs, made)

    def _bias(self, known: bool) -> bool | None:
        return known if self.biases else None

    def _convolution(self, given: dict[str, Any], made: Tensor) -> Step:
        weight = given["weight"]
        axes = weight.dim() - 2
        kernel, dilation = tuple(weight.shape[2:]), _per_axis(given.get("dilation", 1), axes)
        sides = _sum(_convolution_sides(given.get("padding", 0), kernel, dilation), _pads(given["input"], axes))
        groups = given.get("groups", 1)
        return Step(
            "conv", kernel, _per_axis(given.get("stride", 1), axes), sides, dilation, groups,
            weight.shape[1] * groups, weight.shape[0], self._bias(given.get("bias") is not None), _lengths(made, axes),
        )  # fmt: skip

    def _transposed(self, given: dict[str, Any], made: Tensor) -> Step:
        weight = given["weight"]
        axes, groups = weight.dim() - 2, given.get("groups", 1)
        padding = tuple((side, side) for side in _per_axis(given.get("padding", 0), axes))
        return Step(
            "transposed_conv", tuple(weight.shape[2:]), _per_axis(given.get("stride", 1), axes), padding,
            _per_axis(given.get("dilation", 1), axes), groups, weight.shape[0], weight.shape[1] * groups,
            self._bias(given.get("bias") is not None), _lengths(made, axes),
        )  # fmt: skip

    def _linear(self, image: Tensor, features: int, made: Tensor, bias: bool) -> Step:
        """A linear layer; over a map with its channels last it is a 1x1 convolution."""
        size = tuple(image.shape[1:-1])
        if size and prod(size) > 1:
            ones, zeros = (1,) * len(size), ((0, 0),) * len(size)
            return Step("conv", ones, ones, zeros, ones, 1, features, made.shape[-1], self._bias(bias), size)
        return Step("linear", channels_in=features, channels=made.shape[-1], bias=self._bias(bias))


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def _mark(tensor: Tensor, depth: int, waiting: Sides) -> None:
    tensor.rfdocs_depth, tensor.rfdocs_pads = depth, waiting


def _repeats(step: Step, data: Tensor) -> bool:
    """Whether the same pooling of the same map was met before: the result is the same, too."""
    met: set[tuple[object, ...]] = data.__dict__.setdefault("rfdocs_pooled", set())
    if "pool" not in step.kind or step.key not in met:
        met.add(step.key)
        return False
    return True


def _depth(tensor: Tensor) -> int | None:
    return getattr(tensor, "__dict__", {}).get("rfdocs_depth")


def _pads(tensor: Tensor, axes: int) -> Sides:
    waiting: Sides = tensor.__dict__.get("rfdocs_pads", ())
    return waiting if len(waiting) == axes else ((0, 0),) * axes


def _joined_depth(name: str, data: Sequence[Tensor]) -> int:
    """The depth of what a function reads; of a product, of the larger maps, for the others are gates."""
    if name in _PRODUCTS:
        largest = max(prod(tensor.shape[2:]) for tensor in data)
        data = [tensor for tensor in data if prod(tensor.shape[2:]) == largest]
    return max(depth for tensor in data if (depth := _depth(tensor)) is not None)


def _waiting(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], data: Tensor) -> Sides:
    if name not in _PADS_WAIT:
        return ()
    before: Sides = data.__dict__.get("rfdocs_pads", ())
    if name not in ("pad", "constant_pad_nd"):
        return before
    flat = [int(side) for side in _named(_PAD, args, kwargs)["pad"]]
    flat += [0] * (2 * (data.dim() - 2) - len(flat))
    sides = tuple(zip(flat[::2], flat[1::2], strict=True))[::-1][-(data.dim() - 2) :]
    return _sum(sides, before) if before else sides


def _sum(first: Sides, second: Sides) -> Sides:
    return tuple((a + c, b + d) for (a, b), (c, d) in zip(first, second, strict=True))


def _named(names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(names, args, strict=False)) | dict(kwargs)


def _per_axis(value: Any, axes: int) -> Numbers:
    if isinstance(value, list | tuple):
        return tuple(map(int, value)) * (axes if len(value) == 1 else 1)
    return (int(value),) * axes


def _lengths(made: Tensor, axes: int) -> Numbers:
    return tuple(made.shape[-axes:])


def _convolution_sides(padding: Any, kernel: Numbers, dilation: Numbers) -> Sides:
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "same":
        totals = [rate * (length - 1) for length, rate in zip(kernel, dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((side, side) for side in _per_axis(padding, len(kernel)))


def _is_dense(args: Sequence[Any]) -> bool:
    """Whether a product of matrices is a layer: its second factor is no data, but weights."""
    weights = args[1]
    learned = isinstance(weights, Tensor) and weights.dim() == 2 and _depth(weights) is None
    return learned and _depth(args[0]) is not None


def _pooling(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], made: Any) -> Step | None:
    out = next(tensors_in(made), None)
    if out is None:
        return None
    if name.startswith(("max_pool", "avg_pool")):
        return _window_pooling(name, args, kwargs, out)
    if name.startswith("adaptive_"):
        axes = int(name[-2])
        kind = "adaptive_maxpool" if "max" in name else "adaptive_avgpool"
        return Step(kind, channels=out.shape[-axes - 1], size=_lengths(out, axes))
    if name in ("mean", "amax"):
        return _reduction(name, _named(_REDUCTION, args, kwargs))
    return None


def _window_pooling(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], out: Tensor) -> Step:
    axes, maximum = int(name[-2]), name.startswith("max")
    given = _named(_MAXIMUM if maximum else _AVERAGE, args, kwargs)
    kernel = _per_axis(given["kernel_size"], axes)
    stride = kernel if given.get("stride") in (None, [], ()) else _per_axis(given["stride"], axes)
    own = tuple((side, side) for side in _per_axis(given.get("padding", 0), axes))
    return Step(
        "maxpool" if maximum else "avgpool", kernel, stride, _sum(own, _pads(given["input"], axes)),
        _per_axis(given.get("dilation", 1), axes), channels=out.shape[-axes - 1], size=_lengths(out, axes),
    )  # fmt: skip


def _reduction(name: str, given: Mapping[str, Any]) -> Step | None:
    """A mean or maximum over all spatial axes is a global pooling."""
    image, chosen = given["input"], given.get("dim", given.get("axis"))
    if image.dim() < 3 or chosen is None:
        return None
    axes = {axis % image.dim() for axis in (chosen if isinstance(chosen, list | tuple) else [chosen])}
    if axes != set(range(2, image.dim())):
        return None
    return Step("global_avgpool" if name == "mean" else "global_maxpool", channels=image.shape[1])
