"""Models of PyTorch as neutral graphs: what lays numbers out is followed number by number, on random images.

What computes with learned tensors is held to the module's own attributes; and all parameters are counted.
"""

from __future__ import annotations

import io
import math
import os
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

import rfdocs
from rfdocs.errors import RfdocsError
from rfdocs.importing.foreign_graph import KINDS, ForeignGraph, Node
from rfdocs.importing.imported import imported
from rfdocs.importing.importing import verdict_on
from rfdocs.importing.larger_images import network_of
from rfdocs.importing.model_sources import of_module, read_source
from rfdocs.importing.round_trips import round_trip
from rfdocs.importing.torch_reader import read_pt2, read_torch
from rfdocs.importing.understanding import ModelNotUnderstood
from rfdocs.importing.verdicts import ImportDisagrees, untold

if TYPE_CHECKING:
    import torch
    from torch import nn
else:
    torch = pytest.importorskip("torch", reason="only `make verify` installs PyTorch")
    nn = torch.nn
pytestmark = [pytest.mark.verify, pytest.mark.importing]

functional = torch.nn.functional
SIZE = (4, 8, 12)


class Written(nn.Module):
    """A model whose `forward` is a function of itself and the image."""

    def __init__(self, does: Callable[[Any, Any], Any], **parts: Any) -> None:
        super().__init__()
        self.does = does
        for name, part in parts.items():
            is_buffer = isinstance(part, torch.Tensor) and not isinstance(part, nn.Parameter)
            (self.register_buffer if is_buffer else self.__setattr__)(name, part)

    def forward(self, image: Any) -> Any:
        return self.does(self, image)


def read(does: Callable[[Any, Any], Any], size: tuple[int, ...] = SIZE, **parts: Any) -> ForeignGraph:
    """The graph of a function, held to the contract and to the parameters that it has."""
    model = Written(does, **parts)
    graph = read_torch(model, size)
    assert graph.nodes[0].kind == "image"
    for number, node in enumerate(graph.nodes):
        assert set(node.attributes) <= set(KINDS[node.kind])
        assert all(source < number for source in node.inputs)
    assert sum(graph.learned.values()) == sum(parameter.numel() for parameter in model.parameters())
    assert graph.learned.keys() == {name for node in graph.nodes for name in node.learned}
    return graph


def kinds(graph: ForeignGraph) -> list[str]:
    return [node.kind for node in graph.nodes[1:]]


def only(graph: ForeignGraph) -> Node:
    """The one node besides the image."""
    assert len(graph.nodes) == 2
    return graph.nodes[1]


# --- what lays numbers out, number by number --------------------------------------------------------------------------


def followed(graph: ForeignGraph, image: Any) -> list[Any]:
    """What the graph says of an image: its nodes computed by their meaning in the contract."""
    values: list[Any] = []
    for node in graph.nodes:
        value = image if node.kind == "image" else MEANING[node.kind](node, *(values[number] for number in node.inputs))
        assert tuple(value.shape) == node.shape, node
        values.append(value)
    return [values[number] for number in graph.outputs]


def taken(node: Node, value: Any) -> Any:
    axis, start, stop, step = (node.attributes[key] for key in ("axis", "start", "stop", "step"))
    return value[(slice(None),) * axis + (slice(start, stop, step),)]


def padded(node: Node, value: Any) -> Any:
    flat = [amount for pair in reversed(node.attributes["padding"][2:]) for amount in pair]
    modes = {"zero": "constant"}
    return functional.pad(value, flat, mode=modes.get(node.attributes["edge"], node.attributes["edge"]))


def reduced(node: Node, value: Any) -> Any:
    how = {"mean": torch.mean, "max": torch.amax, "sum": torch.sum}[node.attributes["mode"]]
    return how(value, dim=node.attributes["axes"], keepdim=node.attributes["keep"])


def resampled(node: Node, value: Any) -> Any:
    words, scale = node.attributes, node.attributes["scale"]
    corners = words["align_corners"] if words["mode"] in {"bilinear", "bicubic"} else None
    factors = None if scale is None else [float(factor) for factor in scale]
    return functional.interpolate(value, words["size"], factors, words["mode"], corners)


def pooled(node: Node, value: Any) -> Any:
    words = node.attributes
    padding = [before for before, _ in words["padding"]]
    how = functional.max_pool2d if words["mode"] == "max" else functional.avg_pool2d
    return how(value, words["kernel"], words["stride"], padding, ceil_mode=words["ceil_mode"])


MEANING: dict[str, Callable[..., Any]] = {
    "slice": taken,
    "pad": padded,
    "reduce": reduced,
    "upsample": resampled,
    "pool": pooled,
    "constant": lambda node: torch.zeros(node.shape),
    "reshape": lambda node, value: value.reshape(node.shape),
    "permute": lambda node, value: value.permute(node.attributes["order"]),
    "expand": lambda node, value: value.expand(node.shape),
    "flip": lambda node, value: value.flip(node.attributes["axes"]),
    "roll": lambda node, value: value.roll(node.attributes["shifts"], node.attributes["axes"]),
    "concat": lambda node, *values: torch.cat(values, node.attributes["axis"]),
    "add": lambda node, one, other: one + other,
    "multiply": lambda node, one, other: one * other,
    "matmul": lambda node, one, other: one @ other,
    "softmax": lambda node, value: value.softmax(node.attributes["axis"]),
    "identity": lambda node, value: value,
    "pixel_shuffle": lambda node, value: functional.pixel_shuffle(value, node.attributes["scale"][0]),
    "space_to_depth": lambda node, value: functional.pixel_unshuffle(value, node.attributes["scale"][0]),
    "channel_shuffle": lambda node, value: functional.channel_shuffle(value, node.attributes["groups"]),
    "pointwise": lambda node, value: {"sigmoid": torch.sigmoid, "relu": torch.relu, "log": torch.log}[
        node.attributes["word"]
    ](value),
    "adaptive_pool": lambda node, value: functional.adaptive_avg_pool2d(value, node.attributes["size"]),
}


def in_place(image: Any) -> Any:
    """A part of a tensor is written, and then the whole is read."""
    whole = torch.zeros_like(image)
    whole[:, 1:3] = image[:, :2]
    whole[:, 0] += image[:, 3]
    return whole


def reversed_in_place(image: Any) -> Any:
    turned = image.clone()
    view = turned.view(1, 4, 96)
    view.relu_()
    return turned.flatten(1)


def zeroed(image: Any) -> Any:
    """A row that is overwritten by zeros."""
    turned = image.clone()
    turned[:, :, 3] = 0
    return turned


def in_place_by_steps(image: Any) -> Any:
    """What a view of every second row, and one of other axes, are written into."""
    turned = image.clone()
    turned[:, :, ::2] += image[:, :, 1::2]
    turned.transpose(2, 3)[:, :, 0].copy_(image[:, :, :, 3])
    return turned


def in_place_behind_another(image: Any) -> Any:
    """A view that is taken before another is written, and read afterwards."""
    turned = image.flip(3)
    before = turned[:, 1:]
    turned[:, :2] += image[:, 2:]
    return before + turned[:, :3]


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "view": lambda x: x.view(1, 2, 2, 8, 12).flatten(1, 2).squeeze(0).unsqueeze(-1),
    "permute": lambda x: x.permute(0, 2, 3, 1).transpose(1, -1).swapaxes(0, 1).mT,
    "movedim": lambda x: x.movedim(1, -1).movedim((1, 2), (0, 1)),
    "split": lambda x: x.split([1, 3], 1)[1] + x.chunk(2, 1)[0].sum(1, keepdim=True),
    "unbind": lambda x: x.unbind(2)[3] * x.tensor_split(3, -1)[1].mean((2, 3)).unsqueeze(-1),
    "slice": lambda x: x[:, 1:, ::2, -7:-1],
    "nothing before all": lambda x: torch.cat([x[:, :, :0], x.flip(1)], 2),
    "select": lambda x: x[:, -1] + x.select(2, 0).unsqueeze(2)[:, 0],
    "narrow": lambda x: x.narrow(2, 3, 4),
    "index": lambda x: x[:, [2, 0, 1, 3]],
    "index backwards": lambda x: x[:, :, [7, 5, 3, 1]],
    "index again": lambda x: x[:, [2, 2, 2, 0, 0, 1]],
    "index by a table": lambda x: x[:, :, torch.tensor([[0, 1], [2, 4]])],
    "index_select": lambda x: x.index_select(3, torch.arange(1, 12, 3)),
    "cat": lambda x: torch.cat([x, x.flip(1), torch.zeros(1, 2, 8, 12)], 1),
    "stack": lambda x: torch.stack([x, x.roll(3, 2)], 2),
    "expand": lambda x: x.mean((2, 3), keepdim=True).expand(-1, -1, 5, 6) + x[:, :, :5, :6],
    "repeat": lambda x: x[:, :, :1].repeat(2, 1, 3, 2),
    "repeat_interleave": lambda x: x.repeat_interleave(2, 1),
    "roll": lambda x: x.roll((1, -2), (2, 3)),
    "roll of all": lambda x: x.roll(5),
    "pad": lambda x: functional.pad(x, (1, 2, 0, 3)),
    "pad reflecting": lambda x: functional.pad(x, (1, 2, 3, 0), mode="reflect"),
    "pad and cut": lambda x: functional.pad(x, (-1, 2, 0, -3)),
    "pad channels": lambda x: functional.pad(x, (0, 0, 0, 0, 0, 0))[:, :, 1:],
    "pixel_shuffle": lambda x: functional.pixel_unshuffle(functional.pixel_shuffle(x, 2), 4),
    "channel_shuffle": lambda x: functional.channel_shuffle(x, 2),
    "unfold": lambda x: x.unfold(2, 3, 2).unfold(3, 4, 4),
    "windows": lambda x: functional.unfold(x, (3, 2), dilation=(1, 2), padding=1, stride=(2, 1)),
    "patches": lambda x: functional.unfold(x, 4, stride=4),
    "patches back": lambda x: functional.fold(
        functional.unfold(x, (2, 3), stride=(2, 3)).flip(2), (8, 12), (2, 3), stride=(2, 3)
    ),
    "upsample": lambda x: functional.interpolate(x, scale_factor=1.5, mode="bilinear"),
    "upsample to a size": lambda x: functional.interpolate(x, size=(5, 20), mode="bicubic", align_corners=True),
    "upsample exactly": lambda x: functional.interpolate(x, scale_factor=(2, 1 / 3), mode="nearest-exact"),
    "pool": lambda x: functional.max_pool2d(functional.avg_pool2d(x, 2, 1, 1), 3, 2, ceil_mode=True),
    "pool of no batch": lambda x: functional.max_pool2d(x[0], 2),
    "global": lambda x: functional.adaptive_avg_pool2d(x, 1) + functional.adaptive_max_pool2d(x, 1),
    "adaptive": lambda x: functional.adaptive_avg_pool2d(x, (3, 5)),
    "adaptive to its own size": lambda x: functional.adaptive_avg_pool2d(x, (8, 12)),
    "reduce": lambda x: x.amax((1, 2)) + x.mean() + x.sum(-2).sum(1),
    "maximum": lambda x: x.max(1, keepdim=True).values * x,
    "matmul": lambda x: x @ x.transpose(2, 3),
    "einsum": lambda x: torch.einsum("bchw,bdhw->bcd", x, x),
    "einsum of rows": lambda x: torch.einsum("bchw,bcgw->bghc", x, x),
    "glu": lambda x: functional.glu(x, 1),
    "log_softmax": lambda x: x.log_softmax(1),
    "in place": in_place,
    "in place by a view": reversed_in_place,
    "in place by steps": in_place_by_steps,
    "nothing in place": lambda x: torch.slice_scatter(x, x[:, :0], 1, 2, 2).flip(1),
    "in place behind another": in_place_behind_another,
    "in place by numbers": zeroed,
    "without gradient": torch.no_grad()(lambda x: x.flip(2)),
    "dropout": lambda x: functional.dropout(x, 0.5, training=False).contiguous().to(torch.float32).detach().flip(1),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_numbers_stand_where_the_model_has_them(name: str) -> None:
    graph = read(lambda _, image: LAYOUTS[name](image))
    image = torch.rand(1, *SIZE, generator=torch.Generator().manual_seed(1))
    [answer] = followed(graph, image)
    expected = LAYOUTS[name](image)
    assert answer.shape == expected.shape
    assert torch.allclose(answer, expected, atol=1e-5)


# --- what computes with learned tensors -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (nn.Conv1d(4, 6, 5, stride=2, padding=2, groups=2), (4, 20)),
        (nn.Conv2d(4, 6, (3, 5), stride=(2, 1), padding=(1, 0), dilation=(1, 2), bias=False), SIZE),
        (nn.Conv3d(4, 4, 3, padding=1, groups=4), (4, 5, 6, 7)),
        (nn.ConvTranspose1d(4, 6, 3, stride=2), (4, 9)),
        (nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), SIZE),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, nn.Module) else "",
)
def test_a_convolution_has_what_its_module_says(layer: Any, size: tuple[int, ...]) -> None:
    node = only(read(lambda model, image: model.layer(image), size, layer=layer))
    words = node.attributes
    assert node.kind == ("transposed_conv" if layer.transposed else "conv")
    assert words["kernel"] == layer.kernel_size
    assert words["stride"] == layer.stride
    assert words["dilation"] == layer.dilation
    assert words["padding"] == tuple((amount, amount) for amount in layer.padding)
    assert (words["groups"], words["channels"]) == (layer.groups, layer.out_channels)
    assert (words["bias"], words["weights"]) == (layer.bias is not None, layer.weight.numel())
    assert node.learned == tuple(f"layer.{name}" for name, _ in layer.named_parameters())
    assert (node.scope, node.operator) == ("layer", f"aten.{_operator(layer)}")
    if layer.transposed:
        assert words["output_padding"] == layer.output_padding
    assert node.shape == tuple(layer(torch.zeros(1, *size)).shape)


def _operator(layer: Any) -> str:
    axes = len(layer.kernel_size)
    return f"conv_transpose{axes}d" if layer.transposed else f"conv{axes}d"


def test_padding_by_a_word_is_told_in_numbers() -> None:
    layer = nn.Conv2d(4, 4, (4, 3), padding="same", dilation=(1, 2))
    assert only(read(lambda model, x: model.layer(x), layer=layer)).attributes["padding"] == ((1, 2), (2, 2))
    layer = nn.Conv2d(4, 4, 3, padding="valid")
    assert only(read(lambda model, x: model.layer(x), layer=layer)).attributes["padding"] == ((0, 0), (0, 0))


def test_a_kernel_that_is_computed_is_learned() -> None:
    layer = nn.utils.parametrizations.weight_norm(nn.Conv2d(4, 5, 3))
    node = only(read(lambda model, x: model.layer(x), layer=layer))
    parts = [f"layer.parametrizations.weight.original{number}" for number in (0, 1)]
    assert sorted(node.learned) == ["layer.bias", *parts]
    assert (node.attributes["weights"], node.attributes["bias"]) == (180, True)


def standardised(model: Any, image: Any) -> Any:
    weight = functional.batch_norm(model.layer.weight.reshape(1, 5, -1), None, None, training=True).view(5, 4, 3, 3)
    return functional.conv2d(image, weight * model.gain.view(-1, 1, 1, 1), model.layer.bias)


def test_a_kernel_may_be_standardised() -> None:
    node = only(read(standardised, layer=nn.Conv2d(4, 5, 3), gain=nn.Parameter(torch.ones(5))))
    assert sorted(node.learned) == ["gain", "layer.bias", "layer.weight"]


def test_a_kernel_of_the_image_is_not_understood() -> None:
    graph = read(lambda model, x: model.layer(functional.conv2d(x, x)), layer=nn.Conv2d(1, 1, 1))
    assert kinds(graph) == ["unknown", "conv"]
    assert graph.nodes[1].attributes["why"].startswith("its kernel depends on the image")


NORMS = [
    (nn.BatchNorm2d(4), "batch", 2),
    (nn.BatchNorm2d(4, affine=False), "batch", 0),
    (nn.BatchNorm2d(4, track_running_stats=False), "instance", 2),
    (nn.InstanceNorm2d(4), "instance", 0),
    (nn.InstanceNorm2d(4, affine=True), "instance", 2),
    (nn.GroupNorm(2, 4), "group", 2),
    (nn.LayerNorm([8, 12], bias=False), "layer", 1),
    (nn.RMSNorm(12), "layer", 1),
    (nn.LocalResponseNorm(3), "local", 0),
]


@pytest.mark.parametrize(("layer", "mode", "affine"), NORMS, ids=lambda one: str(one).partition("(")[0])
def test_a_normalisation_is_named(layer: Any, mode: str, affine: int) -> None:
    node = only(read(lambda model, x: model.layer(x), layer=layer))
    assert (node.kind, node.attributes["mode"], node.attributes["affine"]) == ("norm", mode, affine)
    if mode == "group":
        assert node.attributes["groups"] == 2
    if mode == "layer":
        assert node.attributes["axes"] == tuple(range(4 - len(layer.normalized_shape), 4))


ACTIVATIONS = [
    (nn.ReLU(), "relu"), (nn.ReLU(inplace=True), "relu"), (nn.ReLU6(), "relu6"), (nn.Hardtanh(0, 6), "relu6"),
    (nn.LeakyReLU(0.1), "leaky_relu"), (nn.ELU(), "elu"), (nn.SELU(), "selu"), (nn.GELU(), "gelu"),
    (nn.SiLU(inplace=True), "silu"), (nn.Hardswish(), "hard_swish"), (nn.Hardsigmoid(), "hard_sigmoid"),
    (nn.Mish(), "mish"), (nn.Sigmoid(), "sigmoid"), (nn.Tanh(), "tanh"), (nn.Softplus(), "softplus"),
    (nn.Hardtanh(), "clamp"), (nn.CELU(), "celu"), (nn.RReLU(), "leaky_relu"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "word"), ACTIVATIONS, ids=lambda one: str(one).partition("(")[0])
def test_an_activation_is_named(layer: Any, word: str) -> None:
    node = only(read(lambda model, x: model.layer(x), layer=layer))
    assert (node.kind, node.attributes) == ("pointwise", {"word": word})


def test_numbers_and_fixed_tensors_of_one_are_as_good_as_none() -> None:
    graph = read(lambda model, x: (2 * x + model.shift) / 3 - torch.tensor(1.0), shift=torch.ones(1))
    assert [node.attributes["word"] for node in graph.nodes[1:]] == ["mul", "add", "div", "sub"]


def test_learned_factors_are_constants_of_the_graph() -> None:
    graph = read(lambda model, x: x * model.gamma.view(-1, 1, 1).exp(), gamma=nn.Parameter(torch.ones(4)))
    assert kinds(graph) == ["constant", "multiply"]
    assert (graph.nodes[1].learned, graph.nodes[1].shape, graph.nodes[2].inputs) == (("gamma",), (4, 1, 1), (0, 1))


def test_a_shared_tensor_has_one_name_and_counts_once() -> None:
    one, other = nn.Conv2d(4, 4, 3), nn.Conv2d(4, 4, 3, bias=False)
    other.weight = one.weight
    graph = read(lambda model, x: model.other(model.one(model.one(x))), one=one, other=other)
    assert [node.learned for node in graph.nodes[1:]] == [("one.weight", "one.bias")] * 2 + [("one.weight",)]
    assert [node.scope for node in graph.nodes[1:]] == ["one", "one", "other"]


def test_running_statistics_are_not_learned() -> None:
    graph = read(lambda model, x: model.norm(x), norm=nn.BatchNorm2d(4))
    assert graph.learned == {"norm.weight": 4, "norm.bias": 4}


def test_matrices_that_are_learned_are_linear() -> None:
    square = nn.Parameter(torch.ones(12, 7))
    node = only(read(lambda model, x: x @ model.square, square=square))
    assert (node.kind, dict(node.attributes)) == ("linear", {"channels": 7, "bias": False, "weights": 84})
    left = nn.Parameter(torch.ones(5, 8))
    graph = read(lambda model, x: model.left @ x, left=left)
    assert kinds(graph) == ["permute", "linear", "permute"]
    graph = read(lambda model, x: torch.einsum("bchw,cd->bdhw", x, model.mix), mix=nn.Parameter(torch.ones(4, 3)))
    assert kinds(graph) == ["permute", "reshape", "linear", "reshape", "permute"]
    graph = read(
        lambda model, x: torch.addmm(model.bias, x[0, 0], model.square), square=square, bias=nn.Parameter(torch.ones(7))
    )
    assert graph.nodes[-1].attributes["bias"] is True


def test_attention_has_queries_keys_and_values() -> None:
    attention = nn.MultiheadAttention(12, 3, batch_first=True)
    graph = read(
        lambda model, x: model.attention(x[:, 0], x[:, 0], x[:, 0], need_weights=False)[0], attention=attention
    )
    [node] = [node for node in graph.nodes if node.kind == "attention"]
    assert (node.attributes["causal"], node.shape, len(node.inputs)) == (False, (1, 3, 8, 4), 3)
    graph = read(lambda _, x: functional.scaled_dot_product_attention(x, x, x, is_causal=True))
    assert only(graph).attributes["causal"] is True


@pytest.mark.parametrize("mode", ["LSTM", "GRU", "RNN"])
def test_each_layer_of_a_recurrent_network_is_a_node(mode: str) -> None:
    layer = getattr(nn, mode)(12, 5, num_layers=2, bidirectional=True, batch_first=True)
    graph = read(lambda model, x: model.layer(x[:, 0]), layer=layer)
    nodes = [node for node in graph.nodes if node.kind == "recurrence"]
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[mode]
    assert [node.attributes["weights"] for node in nodes] == [2 * gates * 5 * 17, 2 * gates * 5 * 15]
    assert {(n.attributes["mode"], n.attributes["axis"], n.attributes["directions"]) for n in nodes} == {
        (mode.lower(), 1, 2)
    }
    assert graph.nodes[graph.outputs[1]].shape == (4, 1, 5)


# --- the graph as a whole ---------------------------------------------------------------------------------------------


class Block(nn.Module):
    """A residual block, in place where it can be."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.act = nn.ReLU(inplace=True)
        self.unused = nn.Linear(4, 4)

    def forward(self, x: Any) -> Any:
        _ = self.unused(x.mean((2, 3)))
        y = self.norm(self.conv(x))
        y += x
        return self.act(y)


def test_a_block_is_read_with_names_and_lines_and_without_what_is_dead() -> None:
    model = nn.Sequential(Block(), nn.Sequential(Block(), nn.Dropout(), nn.Identity()))
    graph = read_torch(model, SIZE)
    assert kinds(graph) == ["conv", "norm", "add", "pointwise"] * 2
    assert [node.scope for node in graph.nodes[5:]] == ["1.0.conv", "1.0.norm", "1.0", "1.0.act"]
    assert [node.inputs for node in graph.nodes[1:5]] == [(0,), (1,), (2, 0), (3,)]
    assert all(node.line.startswith("test_torch_reader.py:") for node in graph.nodes[1:])
    assert "0.unused.weight" not in graph.learned
    assert all(part.training for part in model.modules())


def test_all_that_is_returned_is_an_output() -> None:
    graph = read(lambda _, x: {"a": x.relu(), "b": [x.tanh(), (torch.ones(3), None)], "c": x}, SIZE)
    assert graph.outputs == (1, 2, 0)


def test_an_unpooling_has_windows_side_by_side_where_these_alone_make_its_size() -> None:
    def forward(_: Any, x: torch.Tensor) -> torch.Tensor:
        pooled_map, positions = functional.max_pool2d(x, 3, 2, 1, return_indices=True)
        return functional.max_unpool2d(pooled_map, positions, 2)

    pooling, unpooling = read(forward).nodes[1:]
    assert pooling.attributes["kernel"] == (3, 3)
    assert (unpooling.attributes["kernel"], unpooling.attributes["padding"]) == ((2, 2), ((0, 0), (0, 0)))


def test_an_unpooling_has_the_windows_of_its_pooling() -> None:
    def does(_: Any, x: Any) -> Any:
        pooled_map, positions = functional.max_pool2d(x, 3, 2, 1, return_indices=True)
        return functional.max_unpool2d(pooled_map.relu(), positions, 3, 2, 1)

    graph = read(does)
    assert kinds(graph) == ["pool", "pointwise", "unpool"]
    assert graph.nodes[3].inputs == (2, 1)
    assert dict(graph.nodes[3].attributes) == {
        "kernel": (3, 3), "stride": (2, 2), "padding": ((1, 1), (1, 1)), "last": False,
    }  # fmt: skip


def test_a_scale_is_a_fraction_where_one_is_given() -> None:
    node = only(read(lambda _, x: functional.interpolate(x, scale_factor=1.5)))
    assert (node.attributes["scale"], node.attributes["size"]) == ((Fraction(3, 2),) * 2, None)
    node = only(read(lambda _, x: functional.interpolate(x, size=(9, 9))))
    assert (node.attributes["scale"], node.attributes["size"]) == (None, (9, 9))


UNKNOWN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "aten.sort": (lambda x: x.sort(1).values, "it orders or chooses numbers by their values"),
    "aten.fft_rfft2": (lambda x: torch.fft.rfft2(x).abs(), "it mixes a whole axis"),
    "aten.cumsum": (lambda x: x.cumsum(1), "each of its numbers depends on all before it"),
    "aten.grid_sampler": (
        lambda x: functional.grid_sample(x, x.permute(0, 2, 3, 1)[..., :2], align_corners=False),
        "it reads the map at positions that are computed",
    ),
    "aten.index": (lambda x: x[:, (x[0, :, 0, 0] * 0).long()], "it takes numbers at positions that the image decides"),
    "aten.masked_select": (
        lambda x: x.masked_select(x > 0),
        "how much it returns depends on the numbers that it reads",
    ),
    "aten.lgamma": (lambda x: x.lgamma(), ""),
    "aten.cdist": (lambda x: torch.cdist(x, x), "this reader does not know the operator"),
}


@pytest.mark.parametrize("operator", UNKNOWN)
def test_what_is_not_understood_says_why(operator: str) -> None:
    does, why = UNKNOWN[operator]
    graph = read(lambda _, image: does(image))
    reasons = [(node.operator, node.attributes["why"]) for node in graph.nodes if node.kind == "unknown"]
    assert [(name, text.startswith(why)) for name, text in reasons] == ([(operator, True)] if why else [])


def test_a_fixed_tensor_of_open_length_is_not_understood() -> None:
    graph = read(lambda model, x: x[:, model.mask.nonzero().squeeze(1)], mask=torch.tensor([1.0, 0, 1, 0]))
    assert [node.attributes["why"][:20] for node in graph.nodes[1:]] == ["how much it returns "]


def test_a_model_that_decides_by_the_image_is_told_with_its_line(capfd: pytest.CaptureFixture[str]) -> None:
    def does(_: Any, x: Any) -> Any:
        return x if x.sum() > 0 else -x

    with pytest.raises(RfdocsError, match=r"PyTorch cannot export Written on an image of 4x8x12: .*_reader\.py:\d+\)"):
        read(does)
    assert capfd.readouterr().out == ""


def test_a_model_for_another_size_is_told() -> None:
    with pytest.raises(RfdocsError, match="PyTorch cannot export Conv2d on an image of 4x8x12: RuntimeError") as told:
        read_torch(nn.Conv2d(3, 4, 3), SIZE)
    assert told.value.hint == "the model has to take a tensor of 1x4x8x12: does `model(image)` return?"


def test_a_model_of_other_channels_is_read_on_an_image_of_as_many() -> None:
    model = nn.Sequential(nn.Identity(), nn.Conv2d(1, 4, 3), nn.Conv2d(4, 2, 3))
    assert of_module(model).image == (1, 224, 224)
    with pytest.raises(RfdocsError, match="on an image of 3x32x32"):
        of_module(model, (3, 32, 32))
    with pytest.raises(RfdocsError, match="on an image of 3x224x224"):
        of_module(nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(5, 4, 3)))


def test_a_model_whose_answer_does_not_depend_on_its_image_is_told() -> None:
    with pytest.raises(RfdocsError, match="nothing that the model returns depends on its image"):
        read(lambda _, x: torch.zeros_like(x))


def test_a_file_gives_what_its_model_gave(tmp_path: Path) -> None:
    model = nn.Sequential(Block(), Block()).eval()
    program = torch.export.export(model, (torch.zeros(1, *SIZE),))
    torch.export.save(program, str(tmp_path / "net.pt2"))
    from_file, from_model = read_pt2(tmp_path / "net.pt2"), read_torch(model, SIZE)
    assert [(n.kind, n.inputs, n.shape, dict(n.attributes), n.learned, n.scope) for n in from_file.nodes] == [
        (n.kind, n.inputs, n.shape, dict(n.attributes), n.learned, n.scope) for n in from_model.nodes
    ]
    assert (from_file.outputs, from_file.learned) == (from_model.outputs, from_model.learned)


def test_a_tensor_of_two_names_is_one_in_a_file(tmp_path: Path) -> None:
    layers = nn.Sequential(nn.Conv2d(4, 4, 3), nn.Conv2d(4, 4, 3, bias=False))
    layers[1].weight = layers[0].weight
    torch.export.save(torch.export.export(layers, (torch.zeros(1, *SIZE),)), str(tmp_path / "net.pt2"))
    assert read_pt2(tmp_path / "net.pt2").learned == {"0.weight": 144, "0.bias": 4}
    with torch.device("meta"):
        unmade = nn.Sequential(nn.Conv2d(4, 4, 3), nn.Conv2d(4, 4, 3, bias=False))
    unmade[1].weight = unmade[0].weight
    assert read_torch(unmade, SIZE).learned == {"0.weight": 144, "0.bias": 4}


def test_a_model_is_afterwards_as_it_was() -> None:
    model = nn.Sequential(nn.BatchNorm2d(4), nn.Flatten(1, 2), nn.LSTM(12, 5))
    model[0].eval()
    image = torch.rand(1, *SIZE)
    model.eval()
    before = model(image)[0]
    model.train()
    read_torch(model, SIZE)
    assert all(part.training for part in model.modules())
    assert torch.equal(model.eval()(image)[0], before)


def test_what_is_no_module_is_told() -> None:
    with pytest.raises(RfdocsError, match="an object of the class function is no model of PyTorch") as told:
        read_torch(in_place, SIZE)
    assert told.value.hint == "it has to be a `torch.nn.Module`"


def test_a_file_of_open_sizes_is_read_as_it_was_exported(tmp_path: Path) -> None:
    height = torch.export.Dim("height", min=4, max=64)
    layer = nn.Sequential(nn.Conv2d(4, 4, 3), nn.Flatten())
    program = torch.export.export(layer.eval(), (torch.zeros(1, *SIZE),), dynamic_shapes=({2: height},))
    torch.export.save(program, str(tmp_path / "net.pt2"))
    assert [node.shape for node in read_pt2(tmp_path / "net.pt2").nodes] == [(1, *SIZE), (1, 4, 6, 10), (1, 240)]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "net.pt2").write_bytes(b"nothing")
    with pytest.raises(RfdocsError, match=r"net\.pt2 is no exported program: File is not a zip file"):
        read_pt2(tmp_path / "net.pt2")
    with pytest.raises(RfdocsError, match=r"other\.pt2 cannot be read: No such file"):
        read_pt2(tmp_path / "other.pt2")


def spoilt(folder: Path, spoil: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """A file of a program, with members of the archive changed, and more of them."""
    height = torch.export.Dim("height", min=4, max=64)
    program = torch.export.export(nn.ReLU().eval(), (torch.zeros(1, *SIZE),), dynamic_shapes=({2: height},))
    torch.export.save(program, str(folder / "whole.pt2"))
    path = folder / "net.pt2"
    with ZipFile(folder / "whole.pt2") as whole, ZipFile(path, "w") as other:
        for member in whole.infolist():
            other.writestr(member.filename, spoil(member.filename, whole.read(member)))
        for name, content in more.items():
            other.writestr(f"whole/{name}", content)
    return path


class Opens:
    """What writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.path, "w")


def test_a_file_runs_no_code(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    assert [node.kind for node in read_pt2(spoilt(tmp_path, lambda name, content: content)).nodes] == [
        "image",
        "pointwise",
    ]
    code = f"open('{proof}', 'w')"
    open_size = spoilt(
        tmp_path, lambda name, content: re.sub(rb'"expr_str": ?"[^"]*"', f'"expr_str": "{code}"'.encode(), content)
    )
    with pytest.raises(RfdocsError, match="holds a size that is none: open"):
        read_pt2(open_size)
    library = spoilt(tmp_path, lambda name, content: content, **{"data/aotinductor/model/a.so": b""})
    with pytest.raises(RfdocsError, match=r"holds what is no exported program: whole/data/aotinductor/model/a\.so"):
        read_pt2(library)
    buffer = io.BytesIO()
    torch.save(Opens(proof), buffer)
    pickled = spoilt(tmp_path, lambda name, content: buffer.getvalue() if "sample_inputs" in name else content)
    with pytest.raises(RfdocsError, match="cannot be loaded by PyTorch: UnpicklingError"):
        read_pt2(pickled)
    assert not proof.exists()
    assert "TORCH_FORCE_WEIGHTS_ONLY_LOAD" not in os.environ


def test_a_program_of_two_images_is_told(tmp_path: Path) -> None:
    class Two(nn.Module):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

    program = torch.export.export(Two(), (torch.zeros(1, *SIZE), torch.zeros(1, *SIZE)))
    torch.export.save(program, str(tmp_path / "net.pt2"))
    with pytest.raises(RfdocsError, match="the model takes 2 tensors, and not one image"):
        read_pt2(tmp_path / "net.pt2")


@pytest.mark.parametrize(
    "identifier",
    [
        "resnet18",
        "densenet121",
        "googlenet",
        "mobilenet_v2",
        "yolov5n",
        "efficientnet_b0",
        "dcgan-generator",
        "convnext_tiny",
        "mobilenet_v1-tf",  # padding by TensorFlow's rule
        "hgnetv2_b0",  # padding behind alone, and numbers that are learned besides
        "yolov8n",  # a layer by the name that a method of modules has
        "unetplusplus_resnet34",  # images of multiples of a number only
        "hrnet_w18_small",  # sums of several maps
        "deeplabv3_resnet50",  # a map that is brought to the size of one that it follows from
        "fsrcnn-x2",  # rectifiers with a slope for each channel
    ],
)
def test_a_network_that_is_built_and_imported_is_the_same_network(identifier: str) -> None:
    assert round_trip(rfdocs.load(identifier)) == ""


def test_what_pytorch_has_no_form_for_makes_no_round_trip() -> None:
    assert "pool1: PyTorch does not round by this rule" in round_trip(rfdocs.load("rpn_zf"))


def test_a_call_gives_a_module() -> None:
    assert isinstance(read_source("torch.nn.Conv2d(3, 4, kernel_size=3)").model, nn.Conv2d)
    with pytest.raises(RfdocsError, match=r"math\.prod\(\[2, 3\]\) gives an object of the class int"):
        read_source("math.prod([2, 3])")
    assert math.prod([2, 3]) == 6


class Gated(nn.Module):
    """A map weighed by what its largest and mean values say, and a mean of all of it by a window."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.gate = nn.Linear(8, 8)
        self.after = nn.Conv2d(8, 8, 3)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """The weighed map behind another convolution."""
        conv = self.conv(image)
        most = functional.adaptive_max_pool2d(conv, 1).flatten(1)
        weight = self.gate(most).sigmoid()[:, :, None, None].expand_as(conv)
        return self.after(conv * weight)


class OneUnit(nn.Module):
    """A map at a size that no image changes, and its mean by a window that is as large."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """The mean."""
        resized = functional.interpolate(self.conv(image), size=(7, 7), mode="bilinear", align_corners=True)
        return functional.avg_pool2d(resized, 7)


@pytest.mark.parametrize("module", [Gated(), OneUnit()], ids=["gated", "one-unit"])
def test_what_is_cut_off_as_a_gate_is_no_disagreement(module: nn.Module) -> None:
    network = rfdocs.from_torch(module, (3, 24, 24)).network
    assert network.layers[-1].operation == ("conv" if isinstance(module, Gated) else "avgpool")


def test_names_are_as_long_as_modules_go_deep() -> None:
    class Deep(nn.Module):
        def __init__(self, depth: int) -> None:
            super().__init__()
            self.a_module_with_a_name = Deep(depth - 1) if depth else nn.Conv2d(3, 4, 3)

        def forward(self, image: torch.Tensor) -> Any:
            return self.a_module_with_a_name(image)

    network = rfdocs.from_torch(Deep(5), (3, 24, 24), verify=False).network
    assert network.layers[0].name == ".".join(["a_module_with_a_name"] * 6)


class Warped(nn.Module):
    """A map whose rows are sorted, between two convolutions; and is read with its rows for channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 3, padding=1)
        self.turned = nn.Conv2d(16, 16, 3, padding=1)
        self.head = nn.Conv2d(16, 4, 3, padding=1)

    def forward(self, image: torch.Tensor) -> Any:
        """The head's map."""
        stem = self.stem(image)
        return self.head(stem.sort(dim=2).values + self.turned(stem.transpose(1, 2)))


def test_opaque_layers_are_bounds_and_what_lies_before_them_is_measured() -> None:
    model = of_module(Warped(), (1, 16, 16))
    with pytest.raises(ModelNotUnderstood, match="2 operators of the model are not understood"):
        imported(model.graph, "net", "Net")
    network = imported(model.graph, "net", "Net", allow_opaque=True)
    assert [(puzzle.node.scope, puzzle.node.kind) for puzzle in network.opaque] == [
        ("", "unknown"),
        ("turned", "conv"),
    ]
    verdict = verdict_on(model, network, untold)
    assert verdict.agreeing == (
        "2 layers with windows or weights (same order)", "3,060 parameters", "field of stem: 3 x 3",
    )  # fmt: skip
    assert "multiply-accumulates: what is opaque multiplies is not known" in verdict.unverified
    bounds = {layer.name: layer.bound.value for layer in network.entry.analyze()}
    assert bounds == {
        "stem": "exact", "opaque": "at most", "turned": "at most", "add": "at most", "head": "at most",
    }  # fmt: skip
    assert rfdocs.from_torch(Warped(), (1, 16, 16), allow_opaque=True).analyze().parameters == 3060


class Windows(nn.Module):
    """Attention in windows of 4 x 4 units, each an image of a batch; or in rows, each of which is a window."""

    def __init__(self, high: int = 4, wide: int = 4) -> None:
        super().__init__()
        self.high, self.wide = high, wide
        self.stem = nn.Conv2d(3, 8, 4, stride=4)
        self.qkv = nn.Linear(8, 24)

    def forward(self, image: torch.Tensor) -> Any:
        """The map."""
        high, wide = self.high, self.wide
        stem = self.stem(image)
        images, _, *size = stem.shape
        rows, columns = size[0] // high, size[1] // wide
        parts = stem.reshape(images, 8, rows, high, columns, wide).permute(0, 2, 4, 3, 5, 1)
        three = self.qkv(parts.reshape(images * rows * columns, high * wide, 8))
        query, key, value = three.reshape(-1, 1, high * wide, 3, 8).permute(3, 0, 1, 2, 4)
        attended = functional.scaled_dot_product_attention(query, key, value)
        apart = attended.reshape(images, rows, columns, high, wide, 8)
        return apart.permute(0, 5, 1, 3, 2, 4).reshape(images, 8, *size)


def test_attention_in_rows_is_opaque_and_its_matrices_are_met() -> None:
    model = of_module(Windows(1, 8), (3, 32, 32))
    network = imported(model.graph, "net", "Net", allow_opaque=True)
    verdict = verdict_on(model, network, untold)
    assert verdict.agreeing[0] == "2 layers with windows or weights (same order)"
    last = network.entry.analyze().layers[-1]
    assert (last.operation, last.channels, last.size, last.bound.value) == ("opaque", 8, (8, 8), "at most")


def test_attention_in_windows_is_held_against_the_model() -> None:
    model = of_module(Windows(), (3, 32, 32))
    network = network_of(model, "net", "Net")
    agreeing = verdict_on(model, network, untold).agreeing
    assert agreeing[0] == "2 layers with windows or weights (same order)"
    assert network.entry.items[-1]["window"] == 4


class Shifted(nn.Module):
    """A block of Swin's kind: windows that are moved and masked, on a map that zeros fill up."""

    def __init__(self, mask: str = "right", heads: int = 2, *, fused: bool = False) -> None:
        super().__init__()
        self.mask, self.heads, self.moved, self.fused = mask, heads, 2, fused
        self.stem = nn.Conv2d(3, 8, 4, stride=4)
        self.qkv, self.proj = nn.Linear(8, 24), nn.Linear(8, 8)
        self.table = nn.Parameter(torch.randn(49, heads))
        self.register_buffer("places", torch.randint(0, 49, (256,)))

    def forward(self, image: torch.Tensor) -> Any:
        """The map, channels last."""
        stem = self.stem(image).permute(0, 2, 3, 1)
        high, wide = stem.shape[1:3]
        full = functional.pad(stem, (0, 0, 0, -wide % 4, 0, -high % 4))
        size = full.shape[1:3]
        shift = [0 if length <= 4 else self.moved for length in size]
        windows = self.parted(full.roll([-by for by in shift], (1, 2)))
        three = self.qkv(windows).reshape(-1, 16, 3, self.heads, 8 // self.heads).permute(2, 0, 3, 1, 4)
        added = self.table[self.places].view(16, 16, -1).permute(2, 0, 1)[None]
        if any(shift) and self.mask != "none":
            hidden = self.hidden(full, size, shift)
            added = (added + hidden[:, None]).repeat(len(image), 1, 1, 1)
        if self.fused:
            attended = functional.scaled_dot_product_attention(*three, attn_mask=added)
        else:
            attended = (three[0] @ three[1].transpose(-2, -1) + added).softmax(-1) @ three[2]
        joined = attended.transpose(1, 2).reshape(-1, 16, 8)
        apart = self.proj(joined).view(len(image), size[0] // 4, size[1] // 4, 4, 4, 8)
        back = apart.permute(0, 1, 3, 2, 4, 5).reshape(-1, *size, 8).roll(shift, (1, 2))
        return stem + back[:, :high, :wide]

    @staticmethod
    def parted(value: torch.Tensor) -> Any:
        """Windows, each like an image of its own."""
        images, high, wide, channels = value.shape
        apart = value.view(images, high // 4, 4, wide // 4, 4, channels)
        return apart.permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, channels)

    def hidden(self, full: torch.Tensor, size: Any, shift: list[int]) -> Any:
        """What hides the keys of another region than the query's; regions are numbered, part after part."""
        regions, number = full.new_zeros((1, *size, 1)), 0
        ends = [(-4, -by) if by else (-4, length) for by, length in zip(shift, size, strict=True)]
        if self.mask == "wrong":
            ends = [(first, last + 1) for first, last in ends]
        for rows in (slice(0, ends[0][0]), slice(*ends[0]), slice(ends[0][1], None)):
            for columns in (slice(0, ends[1][0]), slice(*ends[1]), slice(ends[1][1], None)):
                regions[:, rows, columns] = number
                number += 1
        parts = self.parted(regions)[..., 0]
        differ = parts[:, None] - parts[:, :, None]
        return differ.masked_fill(differ != 0, -100.0).masked_fill(differ == 0, 0.0)


@pytest.mark.parametrize("fused", [False, True])
def test_windows_that_are_moved_are_what_a_person_writes_and_what_the_model_does(*, fused: bool) -> None:
    model = of_module(Shifted(fused=fused), (3, 48, 40))
    network = network_of(model, "net", "Net")
    assert network.entry.items == (
        {"conv": "stem", "kernel": 4, "stride": 4, "channels": 8},
        {"window_attention": "window_attention", "window": 4, "shift": 2, "heads": 2},
        {"add": "add", "from": ("stem", "window_attention")},
    )
    verdict = verdict_on(model, network, untold)
    assert not verdict.unverified
    assert "field of add: 16 x 16" in verdict.agreeing
    assert network.entry.analyze().parameters == sum(parameter.numel() for parameter in model.model.parameters())


@pytest.mark.parametrize(("mask", "why"), [("none", "rolled round the map"), ("wrong", "the format has no word for")])
def test_windows_that_are_moved_and_masked_otherwise_are_not_understood(mask: str, why: str) -> None:
    with pytest.raises(ModelNotUnderstood, match=why):
        network_of(of_module(Shifted(mask), (3, 48, 40)), "net", "Net")


class Twice(nn.Module):
    """Windows on two maps, the second of which is one window on the image that the model is made for."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Shifted(), Shifted()
        self.second.stem = nn.Conv2d(8, 8, 2, stride=2)

    def forward(self, image: torch.Tensor) -> Any:
        """The second map."""
        return self.second(self.first(image).permute(0, 3, 1, 2))


def test_one_window_is_told_from_the_whole_map_by_a_larger_image() -> None:
    model = of_module(Twice(), (3, 32, 32))
    network = network_of(model, "net", "Net")
    operations = [next(iter(item)) for item in network.entry.items]
    assert operations == ["conv", "window_attention", "add", "conv", "window_attention", "add"]
    assert network.entry.network.input_size == (32, 32)
    assert network.entry.items[4]["shift"] == 2
    assert not verdict_on(model, network, untold).unverified
    alone = replace(model, again=None)
    assert [next(iter(item)) for item in network_of(alone, "net", "Net").entry.items].count("attention") == 1


class Rows(nn.Module):
    """A recurrent layer along the rows of a map, and one along its columns."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.wide = nn.GRU(8, 6, batch_first=True, bidirectional=True)
        self.high = nn.LSTM(12, 6, batch_first=True, bias=False)
        self.last = nn.Linear(6, 5)

    def forward(self, image: torch.Tensor) -> Any:
        """The map."""
        stem = self.stem(image).permute(0, 2, 3, 1)
        images, high, wide, channels = stem.shape
        rows, _ = self.wide(stem.reshape(images * high, wide, channels))
        turned = rows.reshape(images, high, wide, 12).transpose(1, 2)
        columns, _ = self.high(turned.reshape(images * wide, high, 12))
        return self.last(columns.reshape(images, wide, high, 6).transpose(1, 2)).permute(0, 3, 1, 2)


class Text(nn.Module):
    """A recurrent layer along a map of one row, its steps first."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, (8, 3), padding=(0, 1))
        self.steps = nn.LSTM(8, 6, num_layers=2, bidirectional=True)
        self.last = nn.Linear(12, 5)

    def forward(self, image: torch.Tensor) -> Any:
        """The map, of one axis."""
        return self.last(self.steps(self.stem(image).squeeze(2).permute(2, 0, 1))[0]).permute(1, 2, 0)


@pytest.mark.parametrize(("module", "image"), [(Rows(), (3, 12, 16)), (Text(), (3, 8, 40))], ids=["rows", "text"])
def test_recurrent_layers_are_held_against_the_model(module: Any, image: tuple[int, ...]) -> None:
    model = of_module(module, image)
    network = network_of(model, "net", "Net")
    macs = network.entry.analyze().macs
    assert f"{macs:,} multiply-accumulates" in verdict_on(model, network, untold).agreeing
    read = [layer.operation for layer in network.entry.network.layers]
    assert read == (["conv", "gru", "lstm", "conv"] if image[1] == 12 else ["conv", "lstm", "lstm", "conv"])


class Last(nn.Module):
    """What a recurrent layer found last."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.steps = nn.Conv1d(1, 8, 4, 4), nn.LSTM(8, 6, batch_first=True)

    def forward(self, image: torch.Tensor) -> Any:
        """One unit."""
        return self.steps(self.stem(image).transpose(1, 2))[1][0][-1]


def test_the_last_unit_of_any_length_has_no_word() -> None:
    with pytest.raises(ModelNotUnderstood, match=r"steps: aten.lstm .* one unit of a recurrent layer"):
        network_of(of_module(Last(), (1, 64)), "net", "Net")


def test_a_matrix_of_zeros_of_the_images_shape_reads_no_image() -> None:
    def gated(model: Any, image: Any) -> Any:
        pooled = image.mean((2, 3))
        return image * (model.own(pooled) + model.before(torch.zeros_like(pooled)))[..., None, None]

    model = of_module(Written(gated, own=nn.Linear(4, 4), before=nn.Linear(4, 4)), SIZE)
    assert "2 layers with windows or weights" in verdict_on(model, network_of(model, "net", "Net"), untold).agreeing[0]


class Masked(nn.Module):
    """Causal attention along a row, which hides what comes later in one of several ways."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way, self.stem = way, nn.Conv1d(1, 8, 4, 4)

    def forward(self, image: torch.Tensor) -> Any:
        """The map, channels last."""
        steps = self.stem(image).transpose(1, 2)
        earlier = torch.ones(steps.shape[1], steps.shape[1]).tril() > 0
        if self.way == "truths":
            return functional.scaled_dot_product_attention(steps, steps, steps, attn_mask=earlier)
        scores = steps @ steps.transpose(1, 2)
        if self.way == "filled":
            scores = scores.masked_fill(~earlier, -math.inf)
        elif self.way == "chosen":
            scores = torch.where(earlier, scores, torch.tensor(-1e9))
        weights = scores.softmax(-1)
        return (weights * earlier if self.way == "factors" else weights) @ steps


@pytest.mark.parametrize("way", ["truths", "filled", "chosen"])
def test_a_mask_is_followed_however_it_is_written(way: str) -> None:
    last = network_of(of_module(Masked(way), (1, 64)), "net", "Net").entry.items[-1]
    assert (last["attention"], last["causal"]) == ("attention", True)


def test_a_mask_of_factors_is_not_passed_over() -> None:
    with pytest.raises(ModelNotUnderstood, match="hides keys, or may do so"):
        network_of(of_module(Masked("factors"), (1, 64)), "net", "Net")


class PastOnly(nn.Conv2d):
    """A convolution whose kernel a mask cuts short: rows below, as in PixelCNN, are not read."""

    def forward(self, image: torch.Tensor) -> Any:
        """The map."""
        rows = torch.arange(self.kernel_size[0])[:, None] <= self.kernel_size[0] // 2
        return functional.conv2d(image, self.weight * rows, self.bias, padding=self.padding)


def test_a_kernel_that_a_mask_cuts_short_is_not_understood() -> None:
    with pytest.raises(ModelNotUnderstood, match="its kernel is 0 for a quarter of its window or more"):
        rfdocs.from_torch(PastOnly(1, 4, 5, padding=2), (1, 16, 16))


class Filled(nn.Module):
    """Patches of an image that is filled up to whole ones."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 4, 8, 8)

    def forward(self, image: torch.Tensor) -> Any:
        """The map."""
        return self.patches(functional.pad(image, (0, -image.shape[3] % 8, 0, -image.shape[2] % 8)))


@pytest.mark.parametrize("size", [(25, 31), (30, 30), (17, 31), (24, 32)])
def test_what_is_filled_up_by_its_size_is_no_number_on_an_image_of_any_size(size: tuple[int, int]) -> None:
    with pytest.raises(ImportDisagrees, match="at other sizes"):
        rfdocs.from_torch(Filled(), (3, *size))


@pytest.mark.filterwarnings("ignore:.*script_method.*:DeprecationWarning", "ignore:Using `torch.compile:UserWarning")
@pytest.mark.parametrize(
    ("module", "field"),
    [
        (lambda: torch.compile(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 3))), 5),
        (lambda: nn.Sequential(torch.compile(nn.Conv2d(3, 4, 3)), nn.Conv2d(4, 2, 3)), 5),
        (lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 3)).half(), 5),
        (lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 3)).double(), 5),
        (lambda: Written(lambda own, image: image[..., ::2] - image[..., 1::2]), 2),
    ],
    ids=["compiled", "compiled part", "half", "double", "no weights"],
)
def test_models_that_are_run_otherwise_are_held_against_themselves(module: Callable[[], Any], field: int) -> None:
    network = rfdocs.from_torch(module(), (3, 8, 12))
    assert network.analyze().last.receptive_field[1] == field


def without_gradients(model: Any, image: Any) -> Any:
    with torch.no_grad():
        frozen = model.first(image)
    return model.second(frozen) + model.second(model.first(image)).detach()


def test_the_fields_of_what_has_no_gradients_are_measured() -> None:
    model = of_module(Written(without_gradients, first=nn.Conv2d(3, 4, 3), second=nn.Conv2d(4, 2, 5)), (3, 16, 16))
    assert "field of add: 7 x 7" in verdict_on(model, network_of(model, "net", "Net"), untold).agreeing


def test_a_model_of_one_size_that_repeats_shorter_maps_agrees() -> None:
    def placed(model: Any, image: Any) -> Any:
        return model.last(model.first(image) + model.places)

    parts = {"first": nn.Conv2d(3, 4, 4, 4), "last": nn.Conv2d(4, 2, 3, padding=1)}
    model = of_module(Written(placed, places=nn.Parameter(torch.zeros(1, 4, 4, 4)), **parts), (3, 16, 16))
    verdict = verdict_on(model, network_of(model, "net", "Net"), untold)
    assert any("the model repeats maps of one unit" in text for text in verdict.unverified)


def test_a_program_is_not_read_on_an_image_of_another_size(tmp_path: Path) -> None:
    program = torch.export.export(nn.Conv2d(4, 2, 3), (torch.zeros(1, *SIZE),))
    torch.export.save(program, str(tmp_path / "net.pt2"))
    assert read_source(str(tmp_path / "net.pt2"), SIZE).image == SIZE
    with pytest.raises(RfdocsError, match="is a program for images of 4x8x12"):
        read_source(str(tmp_path / "net.pt2"), (4, 16, 16))


@pytest.mark.filterwarnings("ignore:.*jit.*:DeprecationWarning")
@pytest.mark.parametrize(
    ("module", "hint"),
    [
        (lambda: torch.jit.trace(nn.Conv2d(4, 2, 3), torch.zeros(1, *SIZE)), "TorchScript is no source"),
        (lambda: nn.Bilinear(4, 4, 2), "a model of one image is read"),
    ],
)
def test_what_pytorch_does_not_export_has_a_hint(module: Callable[[], Any], hint: str) -> None:
    with pytest.raises(RfdocsError) as refusal:
        read_torch(module(), SIZE)
    assert hint in (refusal.value.hint or "")


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        (lambda high, wide: (high // 2, wide // 2), Fraction(1, 2)),
        (lambda high, wide: (high * 3 // 2, wide * 3 // 2), Fraction(3, 2)),
    ],
)
@pytest.mark.parametrize("image", [(3, 24, 32), (3, 25, 31)])
def test_a_size_that_is_a_part_of_the_maps_is_no_number(
    size: Callable[[int, int], tuple[int, int]], scale: Fraction, image: tuple[int, ...]
) -> None:
    def resized(model: Any, picture: Any) -> Any:
        return model.last(functional.interpolate(picture, size=size(*picture.shape[2:]), mode="bilinear"))

    network = rfdocs.from_torch(Written(resized, last=nn.Conv2d(3, 4, 3)), image)
    upsample = network.items[0]
    assert (upsample["scale"], upsample["recompute_scale_factor"]) == (scale, True)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_a_weight_that_a_module_computes_anew_can_be_copied() -> None:
    module = nn.Sequential(torch.nn.utils.weight_norm(nn.Conv2d(3, 4, 3)), nn.ReLU())
    assert rfdocs.from_torch(module, (3, 8, 8)).analyze().parameters == 4 * 27 + 4 + 4
    with pytest.raises(RfdocsError, match="gives an object of the class type"):
        rfdocs.from_torch(nn.Conv2d, (3, 8, 8))
