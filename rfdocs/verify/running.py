"""Fields measured on the reference implementation itself, by gradients.

While it runs, every convolution has equal positive weights and no bias, maximum pooling is average pooling, what works
unit by unit is left out, and gates and other means of the whole map are cut off (nothing flows back through them).
Nothing in the model is exchanged: PyTorch's functions are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from rfdocs.catalogue import Entry
from rfdocs.graph import LayerReport, Network, NetworkError, Report, size_text
from rfdocs.operators import AdaptivePooling, GlobalPooling, Pooling
from rfdocs.verify.function_calls import (
    LINEAR_ARGUMENTS,
    MAXIMUM_ARGUMENTS,
    arguments_by_name,
    convolution_arguments,
    name_of,
    tensors_in,
)
from rfdocs.verify.gradients import Probe
from rfdocs.verify.linearised import AVERAGE_POOLS
from rfdocs.verify.measured import AxisFields, Measurement, check_node
from rfdocs.verify.models import Reference, maps_of, runner
from rfdocs.verify.strips import Strip, find_strip, inner_units
from rfdocs.verify.walked import PRODUCTS

#: The most multiply-accumulates of one pass on the strip, times stages; larger models would take minutes.
MACS = 40_000_000_000
#: The same times the passes back, one for every two units of the last stage's period, by the number of axes.
BACKWARD = {1: 600_000_000_000, 2: 600_000_000_000, 3: 200_000_000_000}
#: The model's output, and what its last global pooling reads, beside the modules' names.
OUTPUT, POOLED = "@output", "@pooled"
#: The most stages that are measured.
STAGES = 4
#: Of how many weights a window has, the roots by which each is divided, as exponents: the second for networks so deep
#: that with the first, which keeps small what is far off, gradients are larger than numbers can be.
ROOTS = (0.5, 0.75)

_UNIT_BY_UNIT = {
    "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish", "hardtanh", "hardswish",
    "hardsigmoid", "sigmoid", "tanh", "softplus", "clamp", "clip", "softmax", "log_softmax", "dropout", "dropout2d",
    "dropout3d", "alpha_dropout", "batch_norm", "layer_norm", "group_norm", "instance_norm", "local_response_norm",
    "softsign", "logsigmoid", "threshold", "pow", "square", "sqrt", "rsqrt", "exp", "expm1", "log", "log1p", "erf",
    "abs", "reciprocal", "neg", "detach",
}  # fmt: skip
#: What a part of a model without gradients calls, such as a backbone that is frozen.
_WITHOUT_GRADIENTS = "set_grad_enabled"
#: What is a sum here, whatever its signs, so that nothing cancels out.
_DIFFERENCES = {"sub", "subtract", "rsub"}
_QUOTIENTS = {"div", "divide", "true_divide", "rdiv"}
_WEIGHTED = {"conv1d", "conv2d", "conv3d", "linear", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"}


_ATTENTION, _ATTENTION_ARGUMENTS = "scaled_dot_product_attention", ("query", "key", "value", "attn_mask")
_RECURRENT = {"lstm", "gru", "rnn_tanh", "rnn_relu"}


@dataclass(frozen=True, slots=True)
class StageField:
    """A field measured on the running reference: of which layer, and on each axis."""

    layer: str
    axes: AxisFields


@dataclass(frozen=True, slots=True)
class Stage:
    """A node that is measured: its name, and the module (or other source) whose map it is in the model."""

    node: int
    layer: str
    source: str


@dataclass(slots=True)
class ReferenceMeasurement:
    """What was measured on the running reference, every disagreement, and, where nothing was measured, why."""

    fields: list[StageField] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    why_not: str = ""


def measure_reference(reference: Reference, model: Any, entry: Entry) -> ReferenceMeasurement:
    """The fields of the reference's last stages."""
    if reference.on_keras:
        return ReferenceMeasurement(why_not="the verifier measures fields on models of PyTorch only")
    return measure_model(reference, model, entry.network, stages_of(entry.network, model, maps_of(entry.identifier)))


def sizes_measured_at(network: Network, stages: Sequence[Stage]) -> list[tuple[int, ...]]:
    """The sizes of the images on which the fields of these stages are measured."""
    return [strip.size for strip in _strips(network, [stage.node for stage in stages])]


def measure_model(
    reference: Reference, model: Any, network: Network, stages: Sequence[Stage], most: int = STAGES
) -> ReferenceMeasurement:
    """The fields of the last of these stages, of so many at ``most``, on a model of PyTorch."""
    if not stages:
        return ReferenceMeasurement(why_not="none of its modules returns one of the catalogue's maps alone")
    nodes = [stage.node for stage in stages]
    strips = _strips(network, nodes)
    work = max(strip.report.macs for strip in strips)
    sizes = " and ".join(size_text(strip.size) for strip in strips)
    if work > MACS or work * max(_backward_passes(strip, nodes[-1]) for strip in strips) > BACKWARD[network.axes]:
        needed = f"{work / 1e9:.0f} billion multiply-accumulates a pass, more than the verifier spends on one network"
        return ReferenceMeasurement(why_not=f"an image that is large enough, {sizes} pixels, takes {needed}")
    model.double().requires_grad_(False)
    measurement = _measure_stages(reference, model, network, strips, stages[-min(most, MACS // max(work, 1)) :])
    if not measurement.fields and not measurement.why_not:
        measurement.why_not = f"it gave no whole map of a stage on images of {sizes} pixels, where its fields would fit"
    return measurement


def _strips(network: Network, nodes: Sequence[int]) -> list[Strip]:
    """The strips; of the layers up to these nodes where those behind fit the nominal size only, or make them larger."""
    ends = replace(network, layers=network.layers[: max(nodes)])
    without = [find_strip(ends, axes, nodes) for axes in network.uniform_axes]
    try:
        whole = [find_strip(network, axes, nodes) for axes in network.uniform_axes]
    except NetworkError:
        return without
    return without if sum(prod(strip.size) for strip in without) < sum(prod(strip.size) for strip in whole) else whole


def _backward_passes(strip: Strip, node: int) -> int:
    """How often gradients go back from a map: each time from two of the units that are measured."""
    return -(-len(inner_units(strip.report.layers[node - 1], strip.axis)) // 2)


def _measure_stages(
    reference: Reference, model: Any, network: Network, strips: Sequence[Strip], stages: Sequence[Stage]
) -> ReferenceMeasurement:
    """The fields of these stages, with weights for which no gradient overflows."""
    for root in ROOTS:
        with suppress(ArithmeticError):
            return _measured_with(reference, model, network, strips, stages, root)
    return ReferenceMeasurement(why_not="its gradients are larger than numbers can be")


def _measured_with(
    reference: Reference, model: Any, network: Network, strips: Sequence[Strip], stages: Sequence[Stage], root: float
) -> ReferenceMeasurement:
    """The fields of these stages, each on all axes. Raises: ArithmeticError where a gradient overflows."""
    measurement = Measurement()
    fields: dict[int, AxisFields] = {stage.node: {} for stage in stages}
    for strip in strips:
        mode = partial(_Linearising, units=_unit_counts(strip), root=root)
        maps = _with_channels_first(stage_maps(model, runner(reference), stages, mode), strip, stages)
        probe = Probe(maps, network.input_channels, strip.size, batch=2)
        for place, stage in enumerate(stages):
            layer = strip.report.layers[stage.node - 1]
            met = probe.maps[place].shape[1:2] == (layer.channels,)  # and is the layer's for which it is taken
            if met and not _is_cut_off(probe, place, layer.size):
                fields[stage.node] |= check_node(probe, place, strip, stage.node, measurement, borders=False)
    return ReferenceMeasurement(
        [StageField(stage.layer, axes) for stage in stages if len(axes := fields[stage.node]) == network.axes],
        [f"measured on {reference.package}: {text}" for text in measurement.disagreements],
    )


def _unit_counts(strip: Strip) -> frozenset[int]:
    """How many units its maps have, each more than one, where no map has so many channels."""
    counts = {prod(layer.size) for layer in strip.report}
    return frozenset(counts - {1} - {layer.channels for layer in strip.report})


def _is_cut_off(probe: Probe, place: int, size: Sequence[int]) -> bool:
    """Whether a map of one unit was taken for a gate's."""
    return prod(size) == 1 and probe.fields(place, [(0,) * len(size)]) == [None]


def _with_channels_first(
    maps: Callable[[Tensor], list[Tensor]], strip: Strip, stages: Sequence[Stage]
) -> Callable[[Tensor], list[Tensor]]:
    """The same maps, of which those that have their channels last, or units in a row, have both as in the analysis."""
    layers = [strip.report.layers[stage.node - 1] for stage in stages]
    return lambda image: [_as_map(own, layer) for own, layer in zip(maps(image), layers, strict=True)]


def _as_map(own: Tensor, layer: LayerReport) -> Tensor:
    """A layer's map with its channels first, its units laid out on their axes, if it has channels last, or units in one
    row behind its class tokens. With as many channels as units along each axis it may be either, and is taken to be as
    convolutions have it.
    """
    if own.shape[1:] == (layer.channels, *layer.size):
        return own
    if layer.tokens and own.shape[1:] == (layer.tokens + prod(layer.size), layer.channels):
        own = own[:, layer.tokens :]
    if own.shape[1:] == (prod(layer.size), layer.channels):
        own = own.unflatten(1, layer.size)
    return own.movedim(-1, 1) if own.shape[1:] == (*layer.size, layer.channels) else own


def stage_maps(
    model: Any,
    run: Callable[[Any, Tensor], Any],
    stages: Sequence[Stage],
    mode: Callable[[dict[str, Tensor]], AbstractContextManager[Any]],
) -> Callable[[Tensor], list[Tensor]]:
    """The model as a function from an image to the maps of its stages; empty ones where it cannot run so far, as with
    a head that was made for one size only, or an unpooling that wants the places of maxima. It runs in a ``mode``,
    which is given what is kept.
    """

    def maps(image: Tensor) -> list[Tensor]:
        captured: dict[str, Tensor] = {}
        modules = {stage.source for stage in stages} - {OUTPUT, POOLED}
        with (
            _capturing(model, modules, captured),
            mode(captured),
            suppress(RuntimeError, ValueError, TypeError),
        ):
            captured[OUTPUT] = next(tensors_in(run(model, image)))
        return [captured.get(stage.source, image.new_empty(0)) for stage in stages]

    return maps


def stages_of(network: Network, model: Any, registered: Mapping[str, str]) -> list[Stage]:
    """Those that the registry tells; or the catalogue's outer scopes that are modules of the model, too, before the map
    collapses, and the last map, at the nominal size one of several units unless a module returns it.
    """
    if not isinstance(model, nn.Module):
        return []
    if registered:
        return [Stage(network.node(layer), layer, module) for layer, module in registered.items()]
    modules = {name for name, _ in model.named_modules() if name}
    outer = dict.fromkeys(layer.name.split(".")[0] for layer in network.layers)
    named = [Stage(network.node(name), name, name) for name in outer if name in modules]
    last = _last_map_before_fixed_size(network)
    if all(stage.node != last for stage in named):
        last = min(last, _last_map_of_several_units(network))
    at_last = [stage for stage in named if stage.node == last] or _stage_of_last_map(network, last)
    return [*(stage for stage in named if stage.node < last), *at_last]


def _last_map_of_several_units(network: Network) -> int:
    """The last map of several units at the nominal size, or where that is none's, the last map."""
    sizes = [layer.size for layer in Report(network).layers]
    ends = [node for node, size in enumerate(sizes, start=1) if set(size) != {1} and not network.collapsed[node]]
    return max(ends, default=network.feature_node)


def _last_map_before_fixed_size(network: Network) -> int:
    """The last map before any pooling to a fixed size."""
    node = network.feature_node
    while node and isinstance(network.layers[node - 1].operator, AdaptivePooling):
        node = network.layers[node - 1].inputs[0]
    return node


def _stage_of_last_map(network: Network, node: int) -> list[Stage]:
    """Where that map can be met: it is the model's output, or what the last pooling to a fixed size reads."""
    name = network.names[node]
    if network.output_nodes == (node,):
        return [Stage(node, name, OUTPUT)]
    readers = [layer.operator for layer in network.layers if node in layer.inputs]
    pooled = readers and all(isinstance(reader, GlobalPooling | AdaptivePooling | Pooling) for reader in readers)
    return [Stage(node, name, POOLED)] if pooled else []


@contextmanager
def _capturing(model: Any, names: set[str], captured: dict[str, Tensor]) -> Iterator[None]:
    """Keeps what these modules return, if it is one map."""

    def keep(name: str, output: Any) -> None:
        if isinstance(output, Tensor):
            captured[name] = output

    hooks = [
        model.get_submodule(name).register_forward_hook(lambda _module, _inputs, output, name=name: keep(name, output))
        for name in sorted(names)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


class KeepingPooled(TorchFunctionMode):
    """Keeps what is pooled last."""

    def __init__(self, captured: dict[str, Tensor]) -> None:
        super().__init__()
        self.captured = captured

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = name_of(func)
        if _is_mean_of_units(name) and _is_map(pooled := next(tensors_in((args, kwargs)))):
            self.captured[POOLED] = pooled
        return func(*args, **kwargs or {})


class _Linearising(TorchFunctionMode):
    """Lets every function that sees data do what it does to sums of pixels, and no more; keeps what is pooled last.

    A sum of as many numbers as a map has ``units`` is one over the whole map, wherever its channels stand. A weight is
    one divided by this ``root`` of how many a window has.
    """

    def __init__(
        self, captured: dict[str, Tensor], units: frozenset[int] = frozenset(), root: float = ROOTS[0]
    ) -> None:
        super().__init__()
        self.captured, self.units, self.root = captured, units, root
        self.images = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = name_of(func)
        if name == _WITHOUT_GRADIENTS:
            return None
        data = [tensor for tensor in tensors_in((args, kwargs)) if tensor.requires_grad]
        self.images = self.images or (data[0].shape[0] if data else 0)
        if name == "softmax" and data and _is_in_windows(data[0].shape, self.images):
            return _attended(data[0])
        if name == _ATTENTION and data:
            return _attended_at_once(args, kwargs, self.images)
        base = name.removesuffix("_with_indices")
        if data and base in _UNIT_BY_UNIT:
            return data[0].clone()  # for a model may write into it
        return self._linearised(func, name, data, args, kwargs) if data else func(*args, **kwargs)

    def _linearised(
        self, func: Any, name: str, data: Sequence[Tensor], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:
        """What a function returns of data: its own result, or a sum instead."""
        if name in _WEIGHTED:
            return _with_positive_weights(func, args, kwargs, self.root)
        if name.startswith(("max_pool", "max_unpool", "adaptive_max_pool")):
            return _average_for_maximum(name, args, kwargs)
        for names, rule in _BY_ARGUMENTS:
            if name in names:
                return rule([*args, *kwargs.values()])
        if _is_mean_of_units(name) and _is_map(data[0]):
            self.captured[POOLED] = data[0]
            return _without_gates(func(*args, **kwargs))
        result = func(*args, **kwargs)
        return result * 0 if name == "sum" and data[0].numel() // result.numel() in self.units else result


def _without_gates(pooled: Tensor) -> Tensor:
    """What was pooled, cut off where it is one unit: of a map, that is what a gate reads."""
    return pooled if prod(pooled.shape[2:]) > 1 else pooled * 0


def _is_mean_of_units(name: str) -> bool:
    return name.startswith(("adaptive_avg_pool", "avg_pool")) or name == "mean"


def _is_map(data: Tensor) -> bool:
    """Whether it has more than one unit."""
    return bool(prod(data.shape[2:]) > 1)


def _average_for_maximum(name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Maximum pooling as average pooling, and its reverse to all places; where a maximum is, the image would tell."""
    base = name.removesuffix("_with_indices")
    if base.startswith("adaptive"):
        return _without_gates(getattr(functional, base.replace("max", "avg"))(*args[:2]))
    if base.startswith("max_unpool"):
        return _unpooled_everywhere(args, kwargs)
    pooled = _average_pooled(int(base[-2]), args, kwargs)
    return pooled if name == base else (pooled, torch.zeros_like(pooled, dtype=torch.int64))


def _with_positive_weights(func: Any, args: Sequence[Any], kwargs: dict[str, Any], root: float) -> Any:
    """The same function with equal positive weights and no bias. All channels of a group are then one, made of the sum
    of those that it reads; it is computed once.
    """
    arguments = arguments_by_name(LINEAR_ARGUMENTS, args, kwargs)
    image, shape = arguments.pop("input"), arguments.pop("weight").shape
    arguments.pop("bias", None)
    name, weight = name_of(func), prod(shape[1:]) ** -root
    if name == "linear":
        return image.sum(-1, keepdim=True).mul(weight).repeat_interleave(shape[0], -1)
    groups = convolution_arguments(name, args, kwargs).get("groups", 1)
    channels = shape[1] if name.startswith("conv_transpose") else shape[0] // groups
    axis = image.dim() - len(shape) + 1
    sums = image.unflatten(axis, (groups, -1)).sum(axis + 1)
    weights = torch.full((groups, 1, *shape[2:]), weight, dtype=torch.float64)
    return func(sums, weights, None, *args[3:], **arguments).repeat_interleave(channels, axis)


def _average_pooled(axes: int, args: Sequence[Any], kwargs: dict[str, Any]) -> Tensor:
    arguments = arguments_by_name(MAXIMUM_ARGUMENTS, args, kwargs)
    stride, padding, ceil_mode = arguments.get("stride"), arguments.get("padding", 0), arguments.get("ceil_mode", False)
    return AVERAGE_POOLS[axes](arguments["input"], arguments["kernel_size"], stride, padding, bool(ceil_mode))


def _unit_by_unit(args: Sequence[Any]) -> tuple[Tensor, ...]:
    """A recurrent layer without what it hands on from unit to unit, which is a gate's: each answers to itself.

    Source: PyTorch ``_VF.lstm`` and its like: input, states, weights, bias, layers, dropout, training, ways, order.
    """
    sequence, state, layers = args[0], args[1], args[4]
    states = [state] if isinstance(state, Tensor) else list(state)
    width = states[0].shape[0] // layers * states[0].shape[-1]
    return (sequence.sum(-1, keepdim=True).expand(*sequence.shape[:-1], width), *states)


#: What is added to the weights of units that attention does not look at is less than this.
_MASKED = -50


def _is_in_windows(weights: Sequence[int], images: int) -> bool:
    """Whether attention's weights, of this shape, are those of parts of a map: each like an image of its own,
    (parts, heads, n, n), or told apart, (images, parts, heads, n, n).
    """
    apart = len(weights) == 5 or (len(weights) == 4 and weights[0] > images)
    return bool(apart and weights[-1] == weights[-2])


def _attended(weights: Tensor) -> Tensor:
    """Equal weights in place of attention's own, for all units that are not masked."""
    return (weights.detach() > _MASKED).to(weights.dtype) / weights.shape[-1] ** 0.5


def _attended_at_once(args: Sequence[Any], kwargs: dict[str, Any], images: int) -> Tensor:
    """Attention of queries, keys and values in one: to parts of a map with equal weights; of all, each by itself."""
    arguments = arguments_by_name(_ATTENTION_ARGUMENTS, args, kwargs)
    query, key, value = (arguments[name] for name in _ATTENTION_ARGUMENTS[:3])
    mask = arguments.get("attn_mask")
    weights = query.new_zeros((*query.shape[:-1], key.shape[-2]))
    if not _is_in_windows(weights.shape, images):
        return value
    if mask is not None:
        weights = weights + (mask if mask.dtype != torch.bool else torch.where(mask, 0.0, 2.0 * _MASKED))
    return _attended(weights) @ value


def _unpooled_everywhere(args: Sequence[Any], kwargs: dict[str, Any]) -> Tensor:
    """Every value of a map in all places of its window, for an unpooling sets it where the maximum happened to be."""
    names = ("input", "indices", "kernel_size", "stride", "padding", "output_size")
    arguments = arguments_by_name(names, args, kwargs)
    data, size = arguments["input"], arguments.get("output_size")
    if size is not None:
        return functional.interpolate(data, size=list(size)[2 - data.dim() :])
    stride = arguments.get("stride") or arguments["kernel_size"]
    scale = [stride] * (data.dim() - 2) if isinstance(stride, int) else list(stride)
    return functional.interpolate(data, scale_factor=list(map(float, scale)))


def _sum_for_product(args: Sequence[Any]) -> Any:
    """A product of maps is their sum; of a map and a gate, or a number, or learned factors, the map."""
    data = [factor for factor in args if isinstance(factor, Tensor) and factor.requires_grad]
    largest = max(prod(factor.shape[2:]) for factor in data)
    maps = [factor for factor in data if prod(factor.shape[2:]) == largest]
    return sum(maps[1:], maps[0].clone())


def _sum_for_difference(args: Sequence[Any]) -> Any:
    first, second, *_ = args
    return first + second


#: What functions return whose arguments alone tell it.
_BY_ARGUMENTS: Sequence[tuple[set[str], Callable[[Sequence[Any]], Any]]] = (
    (_DIFFERENCES, _sum_for_difference),
    (PRODUCTS | _QUOTIENTS, _sum_for_product),
    (_RECURRENT, _unit_by_unit),
)
