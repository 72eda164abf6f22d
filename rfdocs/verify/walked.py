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

from rfdocs.verify.function_calls import (
    LINEAR_ARGUMENTS,
    MAXIMUM_ARGUMENTS,
    arguments_by_name,
    convolution_arguments,
    name_of,
    tensors_in,
)
from rfdocs.verify.shapes_only import ShapesOnly
from rfdocs.verify.steps import Numbers, Padding, Step, canonical, matrix_step, total_padding

_AVERAGE_ARGUMENTS = ("input", "kernel_size", "stride", "padding", "ceil_mode")
_ATTENTION_ARGUMENTS = (
    "query", "key", "value", "embed_dim_to_check", "num_heads", "in_proj_weight", "in_proj_bias", "bias_k", "bias_v",
    "add_zero_attn", "dropout_p", "out_proj_weight", "out_proj_bias",
)  # fmt: skip
_PAD_ARGUMENTS = ("input", "pad", "mode", "value")
_REDUCTION_ARGUMENTS = ("input", "dim", "keepdim")
#: Functions behind which padding still waits for the next window.
_PADDING_WAITS = {"pad", "constant_pad_nd", "getitem", "relu", "leaky_relu", "elu", "batch_norm", "contiguous", "to"}
#: What lays the same numbers side by side.
_REPEATING = {"expand", "expand_as"}
#: What reads only the shape of a tensor.
OF_SHAPE_ONLY = re.compile(r"_like$|^new_|^empty|^_?shape")
PRODUCTS = {"mul", "rmul", "imul", "multiply"}
#: What PyTorch and the packages on it say where a map's size does not fit.
_SIZE_WORDS = re.compile(r"\b(sizes?|shapes?|dimensions?|broadcast|divisible)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps that a model took, the shapes of what it returned (without the batch), and, where the size of the image
    or of a map did not fit, what it said: then the steps are those before.
    """

    steps: Sequence[Step]
    outputs: tuple[Numbers, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class WalkedMap:
    """A map that a model makes: its shape without the batch, and the weighted steps on the longest path to it."""

    shape: Numbers
    depth: int

    @property
    def channels_first(self) -> WalkedMap:
        """The same, taken for a map whose channels stand last."""
        return replace(self, shape=(self.shape[-1], *self.shape[:-1]))

    def __str__(self) -> str:
        return f"a map of {self.shape} (channels, then size) after {self.depth} layers with weights"


def walk(model: Any, run: Callable[[Any, Tensor], Any], image: Tensor, *, biases: bool = True) -> Sequence[Step]:
    """The steps that ``run(model, image)`` takes; without ``biases`` those are left open (if they are added apart)."""
    return _recorded_walk(_Recorder(model, biases), run, image).steps


def whole_walk(model: Any, run: Callable[[Any, Tensor], Any], image: Tensor) -> Walk:
    """The steps that ``run(model, image)`` takes, and the shapes of what it returns."""
    return _recorded_walk(_Recorder(model, biases=True), run, image)


def walk_shapes(
    model: Any,
    run: Callable[[Any, Tensor], Any],
    shape: Sequence[int],
    real: Callable[[], Any],
    *,
    biases: bool = True,
) -> Sequence[Step]:
    """The steps on an image of a shape: on the meta device, without arithmetic, to which the model is moved; or, where
    that is impossible, those of a ``real`` model.
    """
    try:
        return walk(model.to("meta"), run, torch.zeros(shape, device="meta"), biases=biases)
    except (NotImplementedError, RuntimeError):
        return walk(real(), run, torch.zeros(shape), biases=biases)


def walk_or_refusal(model: Any, run: Callable[[Any, Tensor], Any], image: Tensor, *, biases: bool = True) -> Walk:
    """The walk of ``run(model, image)``, or as far as it comes before a size does not fit, or makes a map of no unit.

    Any other failure is raised, for it says nothing about sizes; an assertion without words is taken to speak of them.
    """
    recorder = _Recorder(model, biases)
    try:
        walk = _recorded_walk(recorder, run, image)
        return replace(walk, refusal="a map without units") if any(0 in shape for shape in walk.outputs) else walk
    except (RuntimeError, ValueError, AssertionError) as error:
        wordless = isinstance(error, AssertionError) and not str(error)
        if isinstance(error, NotImplementedError) or not (wordless or _SIZE_WORDS.search(str(error))):
            raise
        return Walk(recorder.steps, refusal=str(error) or "an assertion without words")


def walked_maps(run: Callable[[Tensor], Any], image: Tensor) -> list[WalkedMap]:
    """The maps that ``run(image)`` returns."""
    output = _recorded(_Recorder(None, biases=False), lambda _model, image: run(image), image)
    return [WalkedMap(tuple(tensor.shape[1:]), _depth(tensor) or 0) for tensor in tensors_in(output)]


def _recorded(recorder: _Recorder, run: Callable[[Any, Tensor], Any], image: Tensor) -> Any:
    """What the model returns while it is recorded."""
    _mark(image, 0, ())
    with torch.no_grad(), recorder.listening(), ShapesOnly(), recorder:
        return run(recorder.model, image)


def _recorded_walk(recorder: _Recorder, run: Callable[[Any, Tensor], Any], image: Tensor) -> Walk:
    output = _recorded(recorder, run, image)
    return Walk(recorder.steps, tuple(_shapes_without_batch(list(tensors_in(output)))))


def _shapes_without_batch(outputs: Sequence[Tensor]) -> Iterator[Numbers]:
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
        output = func(*args, **kwargs)
        name = name_of(func)
        if data and not OF_SHAPE_ONLY.search(name):
            depth = _depth_of_inputs(name, data)
            steps = self._steps(name, args, kwargs, output)
            for added, step in steps:
                self._append(step, depth + added, data[0])
            depth += max([added for added, _ in steps], default=0)
            pending = _pending_behind(name, args, kwargs, data[0])
            for tensor in tensors_in(output):
                _mark(tensor, depth, pending)
                if name in _REPEATING:
                    tensor.rfdocs_units = _units(data[0])
        return output

    def _append(self, step: Step, depth: int, data: Tensor) -> None:
        named = replace(step, name=self.scopes[-1] if self.scopes else "", depth=depth)
        lengths = tuple(data.shape[-len(step.size) :] if step.size else data.shape[2:])
        pending = _pending_padding(data, len(step.kernel)) if step.kernel else ()
        comparable = canonical(named, lengths, pending)
        if comparable is not None and not _repeats_pooling(comparable, data):
            self.steps.append(comparable)

    def _steps(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], output: Any) -> list[tuple[int, Step]]:
        """The steps that a function takes, each with how much deeper it lies than what is read."""
        if name == "multi_head_attention_forward":
            return self._matrices(arguments_by_name(_ATTENTION_ARGUMENTS, args, kwargs))
        step = self._step(name, args, kwargs, output)
        return [] if step is None else [(int("pool" not in step.kind), step)]

    def _matrices(self, arguments: dict[str, Any]) -> list[tuple[int, Step]]:
        """The matrices of an attention that is one function: of queries, keys and values, and the one behind it."""
        query, key, value = (arguments[name] for name in ("query", "key", "value"))
        channels, bias, inwards = arguments["embed_dim_to_check"], arguments["in_proj_bias"], 3 * query.shape[-1]
        matrices = [(query, inwards)] if query is key is value else [(one, channels) for one in (query, key, value)]
        behind = (2, query, channels, arguments["out_proj_bias"])
        return [
            (added, matrix_step(one.shape[-1], channels_out, self._bias(own), one.shape[0]))
            for added, one, channels_out, own in (*[(1, *matrix, bias) for matrix in matrices], behind)
        ]

    def _step(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], output: Any) -> Step | None:
        base = name.removesuffix("_with_indices")
        if base in ("conv1d", "conv2d", "conv3d"):
            return self._convolution("conv", convolution_arguments(base, args, kwargs), output)
        if base.startswith("conv_transpose"):
            return self._convolution("transposed_conv", convolution_arguments(base, args, kwargs), output)
        if base == "linear":
            arguments = arguments_by_name(LINEAR_ARGUMENTS, args, kwargs)
            return self._linear(arguments["input"], arguments["weight"].shape[1], output, arguments.get("bias"))
        if base in ("matmul", "mm") and _is_dense_layer(args):
            return self._linear(args[0], args[1].shape[0], output, None)
        return _pooling_step(base, args, kwargs, output)

    def _bias(self, bias: Tensor | None) -> bool | None:
        return bias is not None if self.biases else None

    def _convolution(self, kind: str, arguments: dict[str, Any], output: Tensor) -> Step:
        """A convolution, whose weights are (out, in / groups, ...), or a transposed one: (in, out / groups, ...)."""
        weight, groups = arguments["weight"], arguments.get("groups", 1)
        axes, channels = weight.dim() - 2, (weight.shape[1] * groups, weight.shape[0])
        kernel, dilation = tuple(weight.shape[2:]), _per_axis(arguments.get("dilation", 1), axes)
        padding = _convolution_padding(arguments.get("padding", 0), kernel, dilation)
        if kind == "conv":
            padding = total_padding(padding, _pending_padding(arguments["input"], axes))
        return Step(
            kind, kernel, _per_axis(arguments.get("stride", 1), axes), padding, dilation, groups,
            *(channels if kind == "conv" else channels[::-1]), self._bias(arguments.get("bias")),
            _map_size(output, axes),
        )  # fmt: skip

    def _linear(self, image: Tensor, features: int, output: Tensor, bias: Tensor | None) -> Step:
        """A linear layer; over a map with its channels last it is a 1x1 convolution."""
        size = tuple(image.shape[1:-1])
        if size and prod(size) > 1:
            ones, zeros = (1,) * len(size), ((0, 0),) * len(size)
            return Step("conv", ones, ones, zeros, ones, 1, features, output.shape[-1], self._bias(bias), size)
        return Step("linear", channels_in=features, channels=output.shape[-1], bias=self._bias(bias))


def _mark(tensor: Tensor, depth: int, pending: Padding) -> None:
    tensor.rfdocs_depth, tensor.rfdocs_padding = depth, pending


def _repeats_pooling(step: Step, data: Tensor) -> bool:
    """Whether the same pooling of the same map was met before: the result is the same, too."""
    earlier: set[tuple[object, ...]] = data.__dict__.setdefault("rfdocs_pooled", set())
    if "pool" not in step.kind or step.key not in earlier:
        earlier.add(step.key)
        return False
    return True


def _depth(tensor: Tensor) -> int | None:
    return getattr(tensor, "__dict__", {}).get("rfdocs_depth")


def _pending_padding(tensor: Tensor, axes: int) -> Padding:
    pending: Padding = tensor.__dict__.get("rfdocs_padding", ())
    return pending if len(pending) == axes else ((0, 0),) * axes


def _depth_of_inputs(name: str, data: Sequence[Tensor]) -> int:
    """The depth of what a function reads; of a product, of the larger maps, for the others are gates."""
    if name in PRODUCTS:
        largest = max(map(_units, data))
        data = [tensor for tensor in data if _units(tensor) == largest]
    return max(depth for tensor in data if (depth := _depth(tensor)) is not None)


def _units(tensor: Tensor) -> int:
    """The units of a map; of one that is repeated, those that there were before."""
    units: int = tensor.__dict__.get("rfdocs_units", prod(tensor.shape[2:]))
    return units


def _pending_behind(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], data: Tensor) -> Padding:
    if name not in _PADDING_WAITS:
        return ()
    before: Padding = data.__dict__.get("rfdocs_padding", ())
    if name == "getitem":
        padding = _cut_off(args[1], data)
    elif name in ("pad", "constant_pad_nd"):
        padding = _padding_of_pad(arguments_by_name(_PAD_ARGUMENTS, args, kwargs)["pad"], data.dim() - 2)
    else:
        return before
    return total_padding(padding, before) if before and padding else padding


def _padding_of_pad(sides: Sequence[Any], axes: int) -> Padding:
    """What ``torch.nn.functional.pad`` adds on each axis of a map; it begins with the last."""
    flat = [int(side) for side in sides]
    flat += [0] * (2 * axes - len(flat))
    return tuple(zip(flat[::2], flat[1::2], strict=True))[::-1][-axes:]


def _cut_off(index: Any, data: Tensor) -> Padding:
    """What a slice of whole units cuts off on each axis, as negative padding; nothing where it is no such slice."""
    places = list(index) if isinstance(index, tuple) else [index]
    if len(places) > 1 and places[0] is Ellipsis:
        places[:1] = [slice(None)] * (data.dim() - len(places) + 1)
    if len(places) != data.dim() or not all(isinstance(place, slice) for place in places):
        return ()
    kept = [place.indices(length) for place, length in zip(places, data.shape, strict=True)]
    if any(step != 1 for _, _, step in kept):
        return ()
    cut = [(-start, stop - length) for (start, stop, _), length in zip(kept, data.shape, strict=True)]
    return tuple(cut[2:]) if cut[:2] == [(0, 0)] * 2 else ()


def _per_axis(value: Any, axes: int) -> Numbers:
    if isinstance(value, list | tuple):
        return tuple(map(int, value)) * (axes if len(value) == 1 else 1)
    return (int(value),) * axes


def _map_size(image: Tensor, axes: int) -> Numbers:
    return tuple(image.shape[-axes:])


def _convolution_padding(padding: Any, kernel: Numbers, dilation: Numbers) -> Padding:
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "same":
        totals = [rate * (length - 1) for length, rate in zip(kernel, dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((side, side) for side in _per_axis(padding, len(kernel)))


def _is_dense_layer(args: Sequence[Any]) -> bool:
    """Whether a product of matrices is a layer: its second factor is no data, but weights."""
    weights = args[1]
    learned = isinstance(weights, Tensor) and weights.dim() == 2 and _depth(weights) is None
    return learned and _depth(args[0]) is not None


def _pooling_step(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], output: Any) -> Step | None:
    out = next(tensors_in(output), None)
    if out is None:
        return None
    if name.startswith(("max_pool", "avg_pool")):
        return _window_pooling_step(name, args, kwargs, out)
    if name.startswith("adaptive_"):
        axes = int(name[-2])
        kind = "adaptive_maxpool" if "max" in name else "adaptive_avgpool"
        return Step(kind, channels=out.shape[-axes - 1], size=_map_size(out, axes))
    if name in ("mean", "amax"):
        return _global_pooling_step(name, arguments_by_name(_REDUCTION_ARGUMENTS, args, kwargs))
    return None


def _window_pooling_step(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], out: Tensor) -> Step:
    axes, maximum = int(name[-2]), name.startswith("max")
    arguments = arguments_by_name(MAXIMUM_ARGUMENTS if maximum else _AVERAGE_ARGUMENTS, args, kwargs)
    kernel = _per_axis(arguments["kernel_size"], axes)
    stride = kernel if arguments.get("stride") in (None, [], ()) else _per_axis(arguments["stride"], axes)
    own = tuple((side, side) for side in _per_axis(arguments.get("padding", 0), axes))
    padding = total_padding(own, _pending_padding(arguments["input"], axes))
    return Step(
        "maxpool" if maximum else "avgpool", kernel, stride, padding, _per_axis(arguments.get("dilation", 1), axes),
        channels=out.shape[-axes - 1], size=_map_size(out, axes),
    )  # fmt: skip


def _global_pooling_step(name: str, arguments: Mapping[str, Any]) -> Step | None:
    """A mean or maximum over all spatial axes is a global pooling, with channels first or last."""
    image, reduced = arguments["input"], arguments.get("dim", arguments.get("axis"))
    if image.dim() < 3 or reduced is None:
        return None
    axes = {axis % image.dim() for axis in (reduced if isinstance(reduced, list | tuple) else [reduced])}
    last = axes == set(range(1, image.dim() - 1))
    if not last and axes != set(range(2, image.dim())):
        return None
    channels = image.shape[-1] if last else image.shape[1]
    return Step("global_avgpool" if name == "mean" else "global_maxpool", channels=channels)
