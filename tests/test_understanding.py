"""What foreign graphs are understood as: which layers, of which inputs, with which attributes and names."""

from collections.abc import Callable
from dataclasses import replace
from math import prod
from random import Random

import numpy as np
import pytest
from foreign_graphs import Builder
from hypothesis import given
from hypothesis.strategies import booleans, randoms
from random_graphs import random_graph

from rfdocs.catalogue import CatalogueError
from rfdocs.graph import Report
from rfdocs.importing.imported import Choices, MapsDiffer, ParametersDiffer, imported
from rfdocs.importing.importing import file_text
from rfdocs.importing.understanding import ModelNotUnderstood, understood
from rfdocs.language.assembly import ExplicitItem


def items(builder: Builder, *outputs: int) -> tuple[ExplicitItem, ...]:
    return imported(builder.graph(*outputs), "net", "Net").entry.items


def operations(builder: Builder, *outputs: int, allow_opaque: bool = False) -> list[str]:
    entry = imported(builder.graph(*outputs), "net", "Net", allow_opaque=allow_opaque).entry
    return [next(iter(item)) for item in entry.items]


def test_a_norm_and_an_activation_are_folded_into_the_layer_that_they_follow() -> None:
    net = Builder(1, 3, 8, 8)
    conv = net.conv(0, 16, 3, 2, 1, scope="stem.conv", bias=False)
    net.act(net.norm(conv, scope="stem.bn"), "relu", scope="stem.act")
    assert items(net) == (
        {
            "conv": "stem.conv",
            "kernel": 3,
            "stride": 2,
            "padding": 1,
            "channels": 16,
            "norm": "batch",
            "act": "relu",
        },
    )


def sums(scopes: tuple[str, str]) -> Builder:
    """Two sums in these modules, of three convolutions, the first of which the second reads as its second input."""
    net = Builder(1, 3, 8)
    one, two, three = (net.conv(0, 4, scope=scope) for scope in ("one", "two", "three"))
    net.same("add", three, net.same("add", one, two, scope=scopes[0]), scope=scopes[1])
    return net


def test_sums_of_one_module_are_one_sum() -> None:
    assert items(sums(("fuse", "fuse")))[-1] == {"add": "fuse", "from": ("three", "one", "two")}


def test_sums_of_which_another_layer_reads_one_or_of_different_modules_are_several() -> None:
    assert operations(sums(("fuse", "other"))).count("add") == 2
    assert operations(sums(("", ""))).count("add") == 2
    net = sums(("fuse", "fuse"))
    last = len(net.nodes) - 1
    assert operations(net, last, last - 1).count("add") == 2


@pytest.mark.parametrize(
    ("slopes", "expected"),
    [
        (1, [{"conv": "conv", "kernel": 1, "channels": 4, "act": "prelu"}]),
        (4, [{"conv": "conv", "kernel": 1, "channels": 4}, {"prelu": "act", "one_slope": False}]),
    ],
)
def test_a_rectifier_with_a_slope_for_each_channel_is_a_layer(slopes: int, expected: list[ExplicitItem]) -> None:
    net = Builder(1, 3, 8)
    net.same("prelu", net.conv(0, 4, scope="conv"), scope="act", learned={"act.weight": slopes})
    assert list(items(net)) == expected


def padded(*sides: tuple[int, int], kernel: int = 3, stride: int = 2, padding: int = 0) -> Builder:
    """A convolution of stride 1, then one of a map that is padded by so much on both axes."""
    net = Builder(1, 3, 8, 9)
    stem = net.conv(0, 4, 3, 1, 1, scope="stem")
    size = [length + sum(pair) for length, pair in zip((8, 9), sides, strict=True)]
    pad = net.add("pad", stem, shape=(1, 4, *size), padding=((0, 0), (0, 0), *sides), edge="zero", scope="down")
    net.conv(pad, 4, kernel, stride, padding, scope="down")
    return net


def read_as_same(net: Builder) -> tuple[ExplicitItem, ...]:
    return imported(net.graph(), "net", "Net", choices=Choices(same=True)).entry.items


def test_padding_is_tensorflows_rule_in_a_second_reading() -> None:
    net = padded((0, 1), (1, 1))
    assert [item.get("padding") for item in items(net)] == [1, ((0, 1), (1, 1))]
    assert read_as_same(net) == (
        {"conv": "stem", "kernel": 3, "padding": "same", "channels": 4},
        {"conv": "down", "kernel": 3, "stride": 2, "padding": "same", "channels": 4},
    )


@pytest.mark.parametrize("scope", ["down.pad", ""])
def test_padding_in_a_module_of_its_own_is_a_layer(scope: str) -> None:
    net = Builder(1, 3, 8)
    pad = net.add("pad", 0, shape=(1, 3, 9), padding=((0, 0), (0, 0), (0, 1)), edge="reflect", scope=scope)
    net.conv(pad, 4, 3, scope="down.conv" if scope else "")
    assert [next(iter(item)) for item in items(net)] == ["pad", "conv"]


def test_padding_in_the_module_of_a_convolution_is_that_of_its_windows() -> None:
    net = Builder(1, 3, 8)
    pad = net.add("pad", 0, shape=(1, 3, 9), padding=((0, 0), (0, 0), (0, 1)), edge="reflect", scope="down")
    net.conv(pad, 4, 3, scope="down")
    window = {"kernel": 3, "padding": ((0, 1),), "padding_mode": "reflect"}
    assert items(net) == ({"conv": "down", "channels": 4, **window},)


@pytest.mark.parametrize(
    "net",
    [
        padded((1, 0), (1, 1)),
        padded((0, 1), (1, 1), stride=1),
        padded((0, 1), (0, 1), kernel=1),
        padded((0, 1), (1, 1), padding=1),
    ],
    ids=["other side", "other stride", "other kernel", "more padding"],
)
def test_padding_by_other_amounts_has_no_second_reading(net: Builder) -> None:
    assert read_as_same(net) == items(net)


def test_a_pooling_moves_by_its_kernel_in_the_second_reading_too() -> None:
    net = Builder(1, 3, 8)
    pad = net.add("pad", 0, shape=(1, 3, 9), padding=((0, 0), (0, 0), (0, 1)), edge="zero")
    net.add(
        "pool",
        pad,
        shape=(1, 3, 3),
        mode="max",
        kernel=(3,),
        stride=(3,),
        dilation=(1,),
        padding=((0, 0),),
        scope="pool",
    )
    assert read_as_same(net) == ({"maxpool": "pool", "kernel": 3, "padding": "same"},)


def test_a_norm_is_not_folded_where_the_map_before_it_is_read_as_well() -> None:
    net = Builder(1, 3, 8, 8)
    conv = net.conv(0, 3, scope="conv")
    net.same("add", net.norm(conv, scope="bn"), conv)
    assert operations(net) == ["conv", "batchnorm", "add"]


def test_a_residual_block_adds_the_map_that_it_reads() -> None:
    net = Builder(1, 3, 8, 8)
    stem = net.conv(0, 8, scope="stem")
    branch = net.conv(stem, 8, 3, 1, 1, scope="layer1.0.conv1")
    net.act(net.same("add", branch, stem, scope="layer1.0"), "relu", scope="layer1.0.relu")
    *_, add, relu = items(net)
    assert add == {"add": "layer1.0.add", "from": ("layer1.0.conv1", "stem")}
    assert relu == {"relu": "layer1.0.relu"}


def test_channels_last_is_no_rearrangement() -> None:
    net = Builder(1, 3, 8, 8)
    conv = net.conv(0, 8, 3, 1, 1, groups=1, scope="conv")
    last = net.permute(conv, 0, 2, 3, 1)
    wide = net.act(
        net.linear(net.norm(last, "layer", axes=(3,), groups=None, scope="norm"), 32, scope="fc1"), "gelu", "act"
    )
    scale = net.add("constant", shape=(8,), learned={"gamma": 8})
    narrow = net.same("multiply", net.linear(wide, 8, scope="fc2"), scale)
    net.same("add", net.permute(narrow, 0, 3, 1, 2), conv)
    assert operations(net) == ["conv", "layernorm", "conv", "conv", "layer_scale", "add"]
    fc1 = items(net)[2]
    assert (fc1["conv"], fc1["kernel"], fc1["act"]) == ("fc1", 1, "gelu")


def test_a_reshape_that_deals_channels_out_is_a_shuffle() -> None:
    net = Builder(1, 12, 4, 4)
    dealt = net.permute(net.reshape(0, 1, 3, 4, 4, 4), 0, 2, 1, 3, 4)
    net.conv(net.reshape(dealt, 1, 12, 4, 4), 6, scope="conv")
    assert items(net)[0] == {"channel_shuffle": "channel_shuffle", "groups": 3}


def test_channels_are_taken_of_shuffled_ones() -> None:
    net = Builder(1, 12, 4, 4)
    dealt = net.permute(net.reshape(0, 1, 3, 4, 4, 4), 0, 2, 1, 3, 4)
    net.conv(net.cut(net.reshape(dealt, 1, 12, 4, 4), 1, 6, 12), 6, scope="conv")
    assert items(net)[1] == {"slice": "slice", "channels": 6, "offset": 6}


def test_a_reshape_that_lays_channels_out_is_a_pixel_shuffle() -> None:
    net = Builder(1, 12, 4, 4)
    laid = net.permute(net.reshape(0, 1, 3, 2, 2, 4, 4), 0, 1, 4, 2, 5, 3)
    net.conv(net.reshape(laid, 1, 3, 8, 8), 6, scope="conv")
    assert items(net)[0] == {"pixel_shuffle": "pixel_shuffle", "scale": 2}


def test_a_reshape_that_lays_units_out_is_space_to_depth() -> None:
    net = Builder(1, 3, 8, 8)
    blocks = net.permute(net.reshape(0, 1, 3, 4, 2, 4, 2), 0, 3, 5, 1, 2, 4)
    net.conv(net.reshape(blocks, 1, 12, 4, 4), 6, scope="conv")
    assert items(net)[0] == {"space_to_depth": "space_to_depth", "scale": 2}


def test_every_second_unit_is_a_subsampling_behind_a_crop() -> None:
    net = Builder(1, 3, 8, 8)
    corner = net.cut(net.cut(0, 2, 1, 8, 2), 3, 0, 8, 2)
    net.conv(corner, 6, scope="conv")
    assert operations(net) == ["crop", "subsample", "conv"]
    assert items(net)[0]["padding"] == ((1, 0), (0, 0))


def test_a_matrix_over_all_of_a_map_is_a_fully_connected_layer() -> None:
    net = Builder(1, 3, 8, 8)
    flat = net.reshape(net.conv(0, 4, 3, scope="conv"), 1, 144)
    net.linear(flat, 10, scope="fc")
    assert items(net)[-1] == {"linear": "fc", "channels": 10}


@pytest.mark.parametrize("last", [False, True])
def test_a_mean_over_the_axes_of_one_unit_is_one_of_larger_images(last: bool) -> None:
    net = Builder(1, 3, 8, 8)
    conv = net.conv(0, 4, 8, scope="conv")
    mean = net.mean(net.permute(conv, 0, 2, 3, 1), 1, 2) if last else net.mean(conv, 2, 3)
    net.linear(mean, 10, scope="fc")
    assert operations(net) == ["conv", "global_avgpool", "linear"]


def test_a_mean_over_the_spatial_axes_is_a_global_pooling() -> None:
    net = Builder(1, 3, 8, 8)
    net.linear(net.mean(net.conv(0, 4, scope="conv"), 2, 3, scope="pool"), 10, scope="fc")
    assert operations(net) == ["conv", "global_avgpool", "linear"]


def test_a_number_times_its_sigmoid_is_an_activation() -> None:
    net = Builder(1, 3, 8, 8)
    conv = net.conv(0, 4, scope="conv")
    net.same("multiply", conv, net.act(conv, "sigmoid"))
    assert items(net)[-1]["act"] == "silu"


def test_a_squeeze_and_excite_gate_is_one_layer() -> None:
    net = Builder(1, 3, 8, 8)
    conv = net.conv(0, 16, scope="conv")
    squeezed = net.act(net.conv(net.mean(conv, 2, 3, keep=True, scope="se.pool"), 4, scope="se.fc1"), "relu")
    gate = net.act(net.conv(squeezed, 16, scope="se.fc2"), "sigmoid")
    net.same("multiply", conv, gate, scope="se")
    assert items(net)[1:] == ({"squeeze_excite": "se", "squeeze": 4},)


def test_dense_connections_are_a_chain() -> None:
    net = Builder(1, 3, 8, 8)
    maps = [net.conv(0, 4, scope="stem")]
    for number in range(3):
        read = net.concat(*maps) if number else maps[0]
        maps.append(net.conv(read, 2, scope=f"block.layer{number}.conv"))
    net.concat(*maps)
    assert [item for item in items(net) if "concat" in item] == [
        {"concat": "block.layer0.concat", "from": ("stem", "block.layer0.conv")},
        {"concat": "block.layer1.concat", "from": ("block.layer0.concat", "block.layer1.conv")},
        {"concat": "block.layer2.concat", "from": ("block.layer1.concat", "block.layer2.conv")},
    ]


def test_attention_over_all_units_is_a_gate() -> None:
    net = Builder(1, 8, 4, 4)
    tokens = net.permute(net.reshape(0, 1, 8, 16), 0, 2, 1)
    qkv = net.permute(net.reshape(net.linear(tokens, 24, scope="qkv"), 1, 16, 3, 2, 4), 2, 0, 3, 1, 4)
    parts = [net.reshape(net.cut(qkv, 0, part, part + 1), 1, 2, 16, 4) for part in range(3)]
    attended = net.add("attention", *parts, shape=(1, 2, 16, 4), scope="attn")
    joined = net.reshape(net.permute(attended, 0, 2, 1, 3), 1, 16, 8)
    net.linear(joined, 8, scope="proj")
    assert operations(net)[0] == "conv"
    assert operations(net)[-2:] == ["attention", "conv"]


def work(builder: Builder, *outputs: int) -> list[dict[str, int]]:
    """What layers say that they multiply, where they say it."""
    given = [{key: value for key, value in item.items() if "macs" in key} for item in items(builder, *outputs)]
    return [each for each in given if each]


def of_heads(net: Builder, source: int, heads: int) -> int:
    """A map as so many images of a channel's share: batch, heads, units, channels."""
    _, channels, *size = net.nodes[source].shape
    apart = net.reshape(source, 1, heads, channels // heads, prod(size))
    return net.permute(apart, 0, 1, 3, 2)


def product(net: Builder, first: int, second: int) -> int:
    """The product of two matrices."""
    *rows, _ = net.nodes[first].shape
    return net.add("matmul", first, second, shape=(*rows, net.nodes[second].shape[-1]))


def three(net: Builder, *channels: int) -> list[int]:
    """Three maps of the image by matrices of their own, of so many channels, in two heads."""
    return [of_heads(net, net.conv(0, count, scope=f"part{place}"), 2) for place, count in enumerate(channels)]


def turned(net: Builder, source: int) -> int:
    """A matrix the other way round."""
    return net.permute(source, 0, 1, 3, 2)


def test_attention_takes_what_queries_times_keys_and_what_scores_times_values_take() -> None:
    net = Builder(1, 8, 4, 5)
    query, key, value = three(net, 8, 8, 6)
    product(net, product(net, query, turned(net, key)), value)
    assert work(net) == [{"macs_per_pair": 8 + 6}]
    assert operations(net) == ["conv", "conv", "conv", "concat", "attention"]
    assert items(net)[-1]["channels"] == 6
    whole = Builder(1, 8, 4, 5)
    whole.add("attention", *three(whole, 8, 8, 6), shape=(1, 2, 20, 3), causal=False)
    assert work(whole) == [{"macs_per_pair": 8 + 6}]


def test_attention_across_channels_takes_as_much_for_every_unit() -> None:
    net = Builder(1, 8, 4, 5)
    query, key, value = three(net, 8, 8, 8)
    product(net, product(net, turned(net, query), key), turned(net, value))
    assert work(net) == [{"macs_per_unit": 2 * 4 * 4 + 2 * 4 * 4}]


def test_scores_that_two_attentions_share_are_counted_once() -> None:
    net = Builder(1, 8, 4, 5)
    query, key, value = three(net, 8, 8, 6)
    scores = product(net, query, turned(net, key))
    outputs = product(net, scores, value), product(net, scores, query)
    assert work(net, *outputs) == [{"macs_per_pair": 8 + 6}, {"macs_per_pair": 8}]


def in_windows(
    net: Builder, window: int, order: tuple[int, ...] = (0, 1, 3, 2, 4, 5), channels: int = 8
) -> tuple[int, int, int]:
    """The image, channels last, in windows of so many units a side: their queries, keys and values by matrices."""
    _, high, wide, before = net.nodes[-1].shape
    apart = net.reshape(len(net.nodes) - 1, 1, high // window, window, wide // window, window, before)
    tokens = net.reshape(net.permute(apart, *order), -(-high * wide // window**2), window**2, before)
    query, key, value = [net.linear(tokens, channels, scope=f"attn.{name}") for name in ("q", "k", "v")]
    return query, key, value


def put_together(net: Builder, tokens: int, size: tuple[int, int], window: int) -> int:
    """The map of windows again, channels last."""
    *_, channels = net.nodes[tokens].shape
    high, wide = size
    apart = net.reshape(tokens, 1, high // window, wide // window, window, window, channels)
    return net.reshape(net.permute(apart, 0, 1, 3, 2, 4, 5), 1, high, wide, channels)


def test_attention_in_windows_has_its_matrices() -> None:
    net = Builder(1, 8, 8, 12)
    net.permute(0, 0, 2, 3, 1)
    attended = net.add("attention", *in_windows(net, 4), shape=(6, 16, 8), scope="attn")
    back = put_together(net, net.linear(attended, 8, scope="attn.proj"), (8, 12), 4)
    net.conv(net.permute(back, 0, 3, 1, 2), 4, 3, scope="conv")
    assert items(net)[0] == {"window_attention": "attn", "window": 4, "positions": False}
    assert operations(net) == ["window_attention", "conv"]
    assert imported(net.graph(), "net", "Net").entry.analyze()["conv"].receptive_field == (8, 8)


def test_a_matrix_that_others_read_too_stays_by_itself() -> None:
    net = Builder(1, 8, 8, 8)
    net.permute(0, 0, 2, 3, 1)
    query, key, value = in_windows(net, 4)
    attended = net.add("attention", query, key, value, shape=(4, 16, 8), scope="attn")
    joined = net.same("add", net.linear(attended, 8, scope="attn.proj"), value)
    net.permute(put_together(net, joined, (8, 8), 4), 0, 3, 1, 2)
    assert operations(net) == ["conv", "conv", "conv", "concat", "window_attention", "conv", "add"]
    assert items(net)[4] == {
        "window_attention": "attn.window_attention",
        "channels": 8,
        "window": 4,
        "positions": False,
    }


def test_attention_to_units_of_equal_distance_is_a_grid() -> None:
    net = Builder(1, 8, 8, 8)
    net.permute(0, 0, 2, 3, 1)
    parts = in_windows(net, 2, (0, 2, 4, 1, 3, 5))
    apart = [net.reshape(part, 4, 16, 8) for part in parts]
    attended = net.add("attention", *apart, shape=(4, 16, 8), scope="attn")
    net.permute(net.reshape(attended, 1, 2, 2, 4, 4, 8), 0, 3, 1, 4, 2, 5)
    assert operations(net)[-1] == "grid_attention"
    assert items(net)[-1]["grid"] == 4


def moved_in_windows(net: Builder, hidden: Callable[[int, int], bool] | None, by: int = 1) -> int:
    """Attention in windows of 2 of a row of 6, counted from unit ``by``, from which these keys are hidden."""
    rolled = net.same("roll", net.permute(net.conv(0, 4, scope="stem"), 0, 2, 1), axes=(1,), shifts=(-by,))
    tokens = net.reshape(rolled, 3, 2, 4)
    scores = net.add("matmul", tokens, net.permute(tokens, 0, 2, 1), shape=(3, 2, 2))
    if hidden is not None:
        places = np.arange(6).reshape(3, 2)
        mask = [[[-100.0 if hidden(query, key) else 0.0 for key in row] for query in row] for row in places.tolist()]
        scores = net.same("add", scores, net.add("constant", shape=(3, 2, 2), numbers=lambda: np.array(mask)))
    soft = net.same("softmax", scores, axis=2)
    back = net.reshape(net.add("matmul", soft, tokens, shape=(3, 2, 4)), 1, 6, 4)
    return net.permute(net.same("roll", back, axes=(1,), shifts=(by,)), 0, 2, 1)


def test_windows_that_are_rolled_and_masked_are_moved() -> None:
    net = Builder(1, 4, 6)
    moved_in_windows(net, lambda query, key: (query == 5) != (key == 5))
    given = {"window": 2, "shift": 1, "positions": False, "channels": 4}
    assert {key: items(net)[-1][key] for key in given} == given
    report = imported(net.graph(), "net", "Net").entry.analyze()
    assert [report.unit(report.layers[-1].name, (unit,))[0].visible for unit in range(6)] == [
        (0, 0), (1, 2), (1, 2), (3, 4), (3, 4), (5, 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hidden", "why"),
    [
        (None, "rolled round the map, or keys are hidden"),
        (lambda query, key: False, "rolled round the map, or keys are hidden"),
        (lambda query, key: (query >= 4) != (key >= 4), "rolled round the map, or keys are hidden"),
        (lambda query, key: query != key, "in a way that the format has no word for"),
        (lambda query, key: key > query, "in a way that the format has no word for"),
    ],
)
def test_other_masks_of_windows_are_not_understood(hidden: Callable[[int, int], bool] | None, why: str) -> None:
    net = Builder(1, 4, 6)
    moved_in_windows(net, hidden)
    with pytest.raises(ModelNotUnderstood, match=why):
        operations(net)


def test_a_mask_of_numbers_that_nobody_knows_is_not_understood() -> None:
    net = Builder(1, 8, 4, 5)
    query, key, value = three(net, 8, 8, 6)
    scores = product(net, query, turned(net, key))
    product(net, net.same("add", scores, net.add("constant", shape=(20, 20))), value)
    with pytest.raises(ModelNotUnderstood, match="its numbers would have to be known"):
        operations(net)


def test_what_lies_behind_is_hidden_from_causal_attention() -> None:
    net = Builder(1, 4, 6)
    tokens = net.permute(net.conv(0, 4, scope="stem"), 0, 2, 1)
    scores = net.add("matmul", tokens, net.permute(tokens, 0, 2, 1), shape=(1, 6, 6))
    mask = net.add("constant", shape=(6, 6), numbers=lambda: np.triu(np.full((6, 6), -np.inf), 1))
    net.add("matmul", net.same("softmax", net.same("add", scores, mask), axis=2), tokens, shape=(1, 6, 4))
    assert items(net)[-1]["causal"] is True
    told = Builder(1, 4, 6)
    tokens = told.permute(told.conv(0, 4, scope="stem"), 0, 2, 1)
    told.add("attention", tokens, tokens, tokens, shape=(1, 6, 4), causal=True)
    assert items(told)[-1] == items(net)[-1]


def test_a_mask_of_keys_is_none_of_the_queries_that_are_summed() -> None:
    net = Builder(1, 4, 6)
    channels = net.conv(0, 4, scope="stem")
    tokens = net.permute(channels, 0, 2, 1)
    scores = net.add("matmul", tokens, channels, shape=(1, 6, 6))
    mask = net.add("constant", shape=(6, 6), numbers=lambda: np.triu(np.full((6, 6), -np.inf), 1))
    net.add("matmul", channels, net.same("add", scores, mask), shape=(1, 4, 6))
    with pytest.raises(ModelNotUnderstood, match="a mask hides keys of an attention to the whole map"):
        operations(net)


def test_a_map_that_is_returned_rolled_is_not_understood() -> None:
    net = Builder(1, 4, 6)
    net.same("roll", net.conv(0, 4, scope="stem"), axes=(2,), shifts=(1,))
    with pytest.raises(ModelNotUnderstood, match="rolled round the map"):
        operations(net)


def test_patches_that_are_cut_out_unit_by_unit_are_one_layer() -> None:
    net = Builder(1, 3, 4, 6)
    rows = [net.cut(0, 2, first, 4, 2) for first in (0, 1)]
    parts = [net.cut(row, 3, first, 6, 2) for first in (0, 1) for row in rows]
    net.conv(net.concat(*parts), 4, scope="conv")
    assert items(net)[0] == {"space_to_depth": "space_to_depth", "scale": 2}
    other = Builder(1, 3, 4, 6)
    rows = [other.cut(0, 2, first, 4, 2) for first in (0, 1)]
    parts = [other.cut(row, 3, first, 6, 2) for first in (0, 1) for row in rows]
    other.conv(other.concat(*parts[:2], *parts[:1], *parts[3:]), 4, scope="conv")
    assert "concat" in operations(other)


def test_attention_to_a_smaller_map_is_a_gate_on_the_queries() -> None:
    net = Builder(1, 8, 4, 6)
    query = of_heads(net, net.conv(0, 8, scope="query"), 2)
    reduced = net.conv(0, 16, 2, 2, scope="reduced")
    key, value = (of_heads(net, net.cut(reduced, 1, first, first + 8), 2) for first in (0, 8))
    product(net, product(net, query, turned(net, key)), value)
    assert operations(net) == ["conv", "conv", "slice", "global_avgpool", "multiply", "global_context"]
    assert items(net)[-1]["macs_per_pair"] == (8 + 8) // 4
    report = imported(net.graph(), "net", "Net").entry.analyze()
    assert report.layers[-1].receptive_field == (1, 1)
    assert report.layers[-1].global_context


def test_attention_to_a_smaller_map_of_no_whole_share_is_not_understood() -> None:
    net = Builder(1, 8, 4, 6)
    query, reduced = of_heads(net, net.conv(0, 8, scope="query"), 2), net.conv(0, 8, 3, 1, scope="reduced")
    key = of_heads(net, reduced, 2)
    product(net, product(net, query, turned(net, key)), key)
    with pytest.raises(ModelNotUnderstood, match="maps of different sizes, and what they multiply is no whole number"):
        operations(net)


def test_a_channel_that_is_added_to_every_head_is_followed() -> None:
    net = Builder(1, 8, 4, 5)
    query, key, value = three(net, 8, 8, 8)
    wider = net.add("pad", value, shape=(1, 2, 20, 5), padding=((0, 0), (0, 0), (0, 0), (0, 1)), edge="zero")
    both = product(net, query, product(net, turned(net, key), wider))
    share = net.add("multiply", net.cut(both, 3, 0, 4), net.cut(both, 3, 4, 5), shape=(1, 2, 20, 4))
    net.conv(net.reshape(turned(net, share), 1, 8, 4, 5), 3, scope="last")
    assert operations(net)[-6:] == ["attention", "mix_channels", "mix_channels", "concat", "mix_channels", "conv"]
    attention = items(net)[operations(net).index("attention")]
    assert (attention["channels"], attention["macs_per_unit"]) == (10, 2 * 2 * 4 * 5)


def along(net: Builder, source: int, axis: int, channels: int, directions: int = 1, biases: int = 2) -> int:
    """A long short-term memory along a dimension of a tensor, with so many biases for each row of a matrix."""
    *rest, before = net.nodes[source].shape
    weights = directions * 4 * channels * (before + channels)
    learned = {f"rnn{source}.weight": weights, f"rnn{source}.bias": biases * directions * 4 * channels}
    return net.add(
        "recurrence", source, shape=(*rest, channels * directions), scope="rnn", mode="lstm", axis=axis,
        channels=channels, directions=directions, weights=weights, learned=learned,
    )  # fmt: skip


def test_a_recurrence_goes_along_an_axis_and_rows_are_sequences_of_their_own() -> None:
    net = Builder(1, 8, 4, 5)
    rows = net.reshape(net.permute(0, 0, 2, 3, 1), 4, 5, 8)
    wide = net.reshape(along(net, rows, 1, 6, directions=2), 1, 4, 5, 12)
    columns = net.permute(net.reshape(wide, 4, 5, 12), 1, 0, 2)
    high = along(net, columns, 1, 3, biases=1)
    net.conv(net.permute(net.reshape(high, 1, 5, 4, 3), 0, 3, 2, 1), 4, scope="conv")
    first, second, _ = items(net)
    assert first == {"lstm": "rnn.lstm", "channels": 6, "direction": "both", "axis": "width"}
    assert second == {"lstm": "rnn.lstm_2", "channels": 3, "axis": "height", "bias": False, "learned": 12}
    report = imported(net.graph(), "net", "Net").entry.analyze()
    assert report.parameters == sum(net.learned.values())


def test_a_recurrence_along_several_axes_is_not_understood() -> None:
    net = Builder(1, 8, 4, 5)
    along(net, net.reshape(net.permute(0, 0, 2, 3, 1), 1, 20, 8), 1, 6)
    with pytest.raises(ModelNotUnderstood, match="no axis of units, or along several"):
        operations(net)


def test_attention_along_one_axis_is_not_understood() -> None:
    net = Builder(1, 8, 4, 5)
    rows = net.permute(net.conv(0, 8, scope="part"), 0, 2, 3, 1)
    product(net, product(net, rows, net.permute(rows, 0, 1, 3, 2)), rows)
    with pytest.raises(ModelNotUnderstood, match="sees a part of the map only"):
        operations(net)


def test_a_mean_by_weights_of_its_own_takes_every_channel_of_every_unit() -> None:
    net = Builder(1, 8, 4, 5)
    units = net.reshape(net.conv(0, 6, scope="image"), 1, 6, 20)
    weights = net.reshape(net.conv(0, 1, scope="mask"), 1, 20, 1)
    product(net, units, weights)
    assert work(net) == [{"macs_per_unit": 6}]
    assert operations(net)[-1] == "global_avgpool"


def test_a_window_over_the_channels_of_one_unit_takes_its_taps() -> None:
    net = Builder(1, 8, 4, 5)
    mean = net.add("reduce", 0, shape=(1, 8), mode="mean", axes=(2, 3), keep=False)
    row = net.reshape(mean, 1, 1, 8)
    net.conv(row, 1, kernel=3, padding=1, scope="eca", bias=False)
    assert work(net) == [{"macs": 8 * 3}]


def upsampled(net: Builder, source: int, *size: int, fixed: bool = False) -> int:
    """A map brought to a size, as frameworks say it that keep none of its origin."""
    channels = net.nodes[source].shape[1]
    return net.add("upsample", source, shape=(1, channels, *size), size=size, mode="nearest", fixed=fixed)


def joined(net: Builder, first: int, second: int) -> int:
    """The channels of two maps."""
    _, channels, *size = net.nodes[first].shape
    return net.add("concat", first, second, shape=(1, channels + net.nodes[second].shape[1], *size), axis=1)


def told_size(net: Builder, name: str = "upsample", *outputs: int) -> object:
    """What tells the size of a map that was brought to one: a layer, a scale or a number."""
    item = next(item for item in items(net, *outputs) if item.get("upsample") == name)
    return {key: item[key] for key in ("size", "scale") if key in item}


def two_levels() -> tuple[Builder, int, int]:
    """A map, and one of half its size behind it."""
    net = Builder(1, 3, 32, 32)
    fine = net.conv(0, 8, kernel=3, stride=2, padding=1, scope="fine")
    return net, fine, net.conv(fine, 8, kernel=3, stride=2, padding=1, scope="coarse")


def test_a_map_has_the_size_of_what_it_is_merged_with_and_no_scale() -> None:
    net, fine, coarse = two_levels()
    joined(net, upsampled(net, coarse, 16, 16), fine)
    assert told_size(net) == {"size": "fine"}


def test_a_map_has_the_size_of_what_it_is_merged_with_behind_other_layers() -> None:
    net, fine, coarse = two_levels()
    after = net.conv(upsampled(net, coarse, 16, 16), 8, kernel=3, padding=1, scope="after")
    joined(net, after, net.conv(fine, 8, scope="lateral"))
    assert told_size(net) == {"size": "fine"}


def test_a_map_has_the_size_of_the_earlier_map_that_both_follow_from() -> None:
    net, fine, _ = two_levels()
    beside = net.conv(fine, 8, scope="beside")
    pooled = net.conv(net.mean(fine, 2, 3, keep=True), 8, scope="pooled")
    joined(net, beside, upsampled(net, pooled, 16, 16))
    assert told_size(net) == {"size": "fine"}


def test_a_map_has_the_size_of_an_earlier_map_that_a_later_merge_follows_from() -> None:
    net, fine, _ = two_levels()
    pooled = upsampled(net, net.conv(net.mean(fine, 2, 3, keep=True), 8, scope="pooled"), 16, 16)
    one, other = net.conv(fine, 8, scope="one"), net.conv(fine, 8, scope="other")
    net.same("add", net.same("multiply", one, other), pooled)
    assert told_size(net) == {"size": "fine"}


def test_a_map_has_the_size_of_what_was_not_brought_to_one_itself() -> None:
    net, fine, _ = two_levels()
    beside = net.conv(fine, 8, scope="beside")
    means = [net.conv(net.mean(fine, 2, 3, keep=True), 8, scope=name) for name in ("a", "b")]
    first, second = (upsampled(net, mean, 16, 16) for mean in means)
    net.concat(first, second, beside)
    assert [told_size(net, name) for name in ("upsample", "upsample_2")] == [{"size": "fine"}] * 2


def test_an_activation_is_folded_into_a_layer_whose_size_another_map_takes() -> None:
    net, fine, coarse = two_levels()
    coarse = net.same("add", coarse, net.conv(coarse, 8, scope="beside"), scope="total")
    lateral = net.conv(fine, 8, scope="lateral")
    joined(net, upsampled(net, coarse, 16, 16), net.act(lateral, "relu"))
    layers = [next(iter(item.values())) for item in items(net)]
    assert layers == ["fine", "coarse", "beside", "total", "lateral", "upsample", "concat"]
    assert told_size(net) == {"size": "lateral"}


def test_an_activation_stands_behind_its_map_wherever_it_is_read() -> None:
    net, fine, coarse = two_levels()
    total = net.same("add", fine, net.conv(fine, 8, scope="beside"), scope="block")
    after = net.act(total, "relu")
    joined(net, upsampled(net, coarse, 16, 16), after)
    assert [next(iter(item)) for item in items(net)] == ["conv", "conv", "conv", "add", "relu", "upsample", "concat"]


def test_a_map_at_the_end_has_the_size_of_the_image() -> None:
    net, _, coarse = two_levels()
    upsampled(net, coarse, 32, 32)
    assert told_size(net) == {"size": "input"}


def test_a_map_that_is_like_no_other_has_a_scale_or_else_a_number() -> None:
    net, _, coarse = two_levels()
    outputs = upsampled(net, coarse, 24, 24), upsampled(net, coarse, 20, 20)
    assert told_size(net, "upsample", *outputs) == {"scale": 3}
    assert told_size(net, "upsample_2", *outputs) == {"size": 20}


def test_a_size_that_is_that_of_every_image_stays_a_number() -> None:
    net, fine, coarse = two_levels()
    joined(net, upsampled(net, coarse, 16, 16, fixed=True), fine)
    assert told_size(net) == {"size": 16}


def test_what_a_layer_learns_besides_is_told() -> None:
    net = Builder(1, 8, 4, 4)
    table = net.add("constant", shape=(1, 8, 4, 4), learned={"positions": 128})
    net.same("add", 0, table, scope="embed")
    assert items(net) == ({"identity": "embed", "learned": 128},)


def test_weights_that_are_used_twice_are_counted_once() -> None:
    net = Builder(1, 8, 4, 4)
    first = net.conv(0, 8, scope="head")
    net.conv(first, 8, scope="head")
    entry, *_ = imported(net.graph(), "net", "Net")
    assert entry.items[1]["shared"] is True
    assert entry.analyze().parameters == 72


def test_a_normalisation_of_its_own_stays_beside_weights_that_are_used_twice() -> None:
    net = Builder(1, 8, 4, 4)
    first = net.norm(net.conv(0, 8, scope="head", bias=False), scope="norms.0")
    net.norm(net.conv(first, 8, scope="head", bias=False), scope="norms.1")
    assert items(net) == (
        {"conv": "head.conv", "kernel": 1, "channels": 8, "norm": "batch"},
        {"conv": "head.conv_2", "kernel": 1, "channels": 8, "bias": False, "shared": True},
        {"batchnorm": "norms.1"},
    )
    assert imported(net.graph(), "net", "Net").entry.analyze().parameters == 96


def test_all_that_is_not_understood_is_told_at_once() -> None:
    net = Builder(1, 8, 4, 4)
    odd = net.same("unknown", 0, why="the offsets of a deformable convolution would have to be known", scope="a")
    other = net.same("flip", 0, axes=(2,), scope="b")
    net.same("add", net.act(odd, "relu"), other)
    with pytest.raises(ModelNotUnderstood) as refused:
        imported(net.graph(), "net", "Net")
    assert [puzzle.node.scope for puzzle in refused.value.puzzles] == ["a", "b"]
    assert "a: test.unknown (net.py:1): the offsets of" in str(refused.value)


@pytest.mark.parametrize(("own", "told"), [(8, {}), (5, {"bias": False, "learned": 5}), (0, {"bias": False})])
def test_biases_that_are_learned_in_part_are_counted_as_such(own: int, told: dict[str, object]) -> None:
    net = Builder(1, 8, 4, 4)
    net.conv(0, 8, 3, scope="conv")
    net.learned["conv.bias"] = own
    result = imported(net.graph(), "net", "Net")
    assert result.entry.items == ({"conv": "conv", "kernel": 3, "channels": 8, **told},)
    assert result.entry.analyze().parameters == 576 + own
    assert result.half_biased == ({"conv"} if told else set())


@pytest.mark.slow
def test_a_network_of_as_many_layers_as_a_file_may_stand_for_is_read() -> None:
    net, node = Builder(1, 4, 8, 8), 0
    for number in range(2500):
        node = net.conv(node, 4, kernel=3, padding=1, scope=f"features.stage1.unit{number}.body.convolution")
    entry = imported(net.graph(), "net", "Net").entry
    assert len(entry.items) == 2500
    assert len(file_text(entry)) < 500


def test_a_layer_that_would_learn_more_than_the_model_is_refused() -> None:
    net = Builder(1, 8, 4, 4)
    net.conv(0, 8, 3, scope="conv")
    net.learned["conv.weight"] = 8
    with pytest.raises(ParametersDiffer, match="it would learn 584 numbers, and the model has 16 there"):
        imported(net.graph(), "net", "Net")


def test_a_channel_that_is_repeated_is_read_as_so_many() -> None:
    net = Builder(1, 1, 8, 8)
    grey = net.add("expand", 0, shape=(1, 3, 8, 8))
    net.conv(grey, 4, 3, scope="conv")
    colours, conv = items(net)
    assert (colours["mix_channels"], colours["channels"]) == ("conv.mix_channels", 3)
    assert conv == {"conv": "conv.conv", "kernel": 3, "channels": 4}


@pytest.mark.parametrize("place", [1, 2])
def test_channels_that_are_all_repeated_are_read_as_so_many(place: int) -> None:
    net = Builder(1, 3, 8, 8)
    apart = [1, 3, 8, 8]
    apart.insert(place, 1)
    copies = [*apart[:place], 4, *apart[place + 1 :]]
    repeated = net.reshape(net.add("expand", net.reshape(0, *apart), shape=tuple(copies)), 1, 12, 8, 8)
    net.conv(repeated, 5, kernel=3, scope="conv")
    assert items(net) == (
        {"mix_channels": "mix_channels", "channels": 12},
        {"conv": "conv", "kernel": 3, "channels": 5},
    )


@pytest.mark.parametrize("gate_first", [False, True])
def test_a_gate_with_its_channels_in_another_order_is_a_gate_behind_a_shuffle(gate_first: bool) -> None:
    net = Builder(1, 3, 8, 8)
    image = net.conv(0, 12, scope="image")
    gate = net.conv(net.mean(image, 2, 3, keep=True, scope="pool"), 12, scope="gate")
    turned = net.reshape(net.permute(net.reshape(gate, 1, 4, 3), 0, 2, 1), 1, 3, 4, 1, 1)
    parts = net.reshape(image, 1, 3, 4, 8, 8)
    pair = (turned, parts) if gate_first else (parts, turned)
    product_of_both = net.add("multiply", *pair, shape=(1, 3, 4, 8, 8))
    net.add("reduce", product_of_both, shape=(1, 4, 8, 8), mode="sum", axes=(1,), keep=False)
    assert operations(net) == ["conv", "global_avgpool", "conv", "channel_shuffle", "multiply", "mix_channels"]
    assert items(net)[3]["groups"] == 4


def test_units_that_are_each_repeated_are_upsampled() -> None:
    net = Builder(1, 3, 8, 6)
    repeated = net.add("expand", net.reshape(0, 1, 3, 8, 1, 6, 1), shape=(1, 3, 8, 2, 6, 3))
    net.conv(net.reshape(repeated, 1, 3, 16, 18), 5, kernel=3, scope="conv")
    assert items(net) == (
        {"upsample": "upsample", "scale": (2, 3)},
        {"conv": "conv", "kernel": 3, "channels": 5},
    )


def test_units_that_are_repeated_all_in_turn_are_refused() -> None:
    net = Builder(1, 3, 8, 8)
    repeated = net.add("expand", net.reshape(0, 1, 3, 1, 8, 8), shape=(1, 3, 2, 8, 8))
    net.conv(net.reshape(repeated, 1, 3, 16, 8), 5, kernel=3, scope="conv")
    with pytest.raises(ModelNotUnderstood, match="rearranged in a way that the format has no word for"):
        operations(net)


@pytest.mark.parametrize("places", [(0, 1), (1, 0)])
def test_a_channel_that_is_added_to_several_is_read_as_so_many(places: tuple[int, int]) -> None:
    net = Builder(1, 1, 8, 8)
    several = net.conv(0, 4, 3, padding=1, scope="block.conv")
    net.add("add", *((0, several)[place] for place in places), shape=(1, 4, 8, 8), scope="block")
    _, copies, total = items(net)
    assert copies == {"mix_channels": "block.mix_channels", "from": ("input",), "channels": 4}
    assert set(total["from"]) == {"block.conv", "block.mix_channels"}


def test_a_unit_that_is_repeated_is_read_as_a_map_of_the_size_of_another() -> None:
    net = Builder(1, 4, 8, 8)
    fine = net.conv(0, 4, scope="fine")
    pooled = net.mean(fine, 2, 3, keep=True, scope="pool")
    net.concat(net.add("expand", pooled, shape=(1, 4, 8, 8), scope="spread"), fine)
    _, _, spread, joined = items(net)
    assert spread == {"upsample": "upsample", "size": "fine"}
    assert joined["from"] == ("upsample", "fine")


def test_what_is_repeated_and_no_map_is_not_read() -> None:
    net = Builder(1, 1, 8, 8)
    flat = net.add("expand", net.permute(0, 0, 2, 3, 1), shape=(1, 8, 8, 3))
    net.same("softmax", flat, axis=3)
    with pytest.raises(ModelNotUnderstood, match="it reads a map that is repeated, channels or units"):
        understood(net.graph())


def with_tokens(net: Builder, *, behind: bool = False) -> int:
    """The image's units in a row behind two tokens, each learned, and a table of positions added; 18 of 8 channels."""
    row = net.permute(net.reshape(0, 1, 8, 16), 0, 2, 1)
    tokens = [net.add("constant", shape=(1, 1, 8), learned={name: 8}) for name in ("first", "second")]
    joined = net.concat(*([row, *tokens] if behind else [*tokens, row]), axis=1)
    table = net.add("constant", shape=(1, 18, 8), learned={"positions": 18 * 8})
    return net.same("add", joined, table)


def attended(net: Builder, source: int, start: int = 0, stop: int = 18) -> int:
    """What attention of some queries to all that a row holds gives, of one matrix for queries, keys and values."""
    qkv = net.linear(source, 24, scope="qkv")
    query, key, value = (net.cut(qkv, 2, 8 * part, 8 * part + 8) for part in range(3))
    query = net.cut(query, 1, start, stop) if stop - start < 18 else query
    return net.add("attention", query, key, value, shape=(1, stop - start, 8), scope="attn")


def test_class_tokens_run_with_the_units_until_one_is_taken() -> None:
    net = Builder(1, 8, 4, 4)
    normed = net.norm(attended(net, with_tokens(net)), "layer", scope="norm", axes=(2,))
    second, units = net.cut(normed, 1, 1, 2), net.cut(normed, 1, 2, 18)
    head = net.linear(net.reshape(second, 1, 8), 10, scope="head")
    dense = net.conv(net.reshape(net.permute(units, 0, 2, 1), 1, 8, 4, 4), 4, 3, padding=1, scope="dense")
    entry = imported(net.graph(head, dense), "net", "Net").entry
    told = {name: item for item in entry.items for name in [next(iter(item))]}
    assert told["class_token"] == {"class_token": "class_token", "count": 2}
    assert told["identity"]["learned"] == 18 * 8
    assert told["attention"]["macs_per_pair"] == 8 + 8
    assert told["take_token"]["index"] == 1
    assert "drop_tokens" in told
    report = entry.analyze()
    assert report.parameters == sum(net.learned.values())
    assert report["qkv"].macs == 18 * 8 * 24
    assert report["attn"].macs == 18 * 18 * 16
    assert (report["head"].macs, report["dense"].macs) == (80, 16 * 9 * 8 * 4)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda net: net.mean(with_tokens(net), 1), "puts class tokens and units of the map together"),
        (lambda net: net.linear(net.cut(with_tokens(net), 1, 0, 2), 4, scope="some"), "it reads what is no map"),
        (lambda net: net.cut(with_tokens(net), 1, 1, 18), "neither one token nor all but these"),
        (lambda net: net.cut(with_tokens(net), 1, 5, 6), "neither one token nor all but these"),
        (lambda net: with_tokens(net, behind=True), "beside what no image changes, such as a class token"),
        (lambda net: attended(net, with_tokens(net), 0, 1), "some of its class tokens attend"),
        (
            lambda net: net.same("roll", with_tokens(net), axes=(1,), shifts=(1,)),
            "it rolls what is no whole axis of units",
        ),
    ],
)
def test_what_is_done_to_some_of_tokens_and_units_is_refused(end: Callable[[Builder], int], why: str) -> None:
    net = Builder(1, 8, 4, 4)
    end(net)
    with pytest.raises(ModelNotUnderstood, match=why):
        understood(net.graph())


@pytest.mark.parametrize("tokens", [1, 2])
def test_tokens_that_are_taken_off_and_put_back_stay_those(tokens: int) -> None:
    """As where queries are turned by their places, which tokens have not."""
    net = Builder(1, 8, 4, 4)
    constants = [net.add("constant", shape=(1, 1, 8), learned={f"token{number}": 8}) for number in range(tokens)]
    joined = net.concat(*constants, net.permute(net.reshape(0, 1, 8, 16), 0, 2, 1), axis=1)
    units = net.permute(net.reshape(net.cut(joined, 1, tokens, 16 + tokens), 1, 4, 4, 8), 0, 3, 1, 2)
    turned = net.permute(net.reshape(net.conv(units, 8, 3, padding=1, scope="turn"), 1, 8, 16), 0, 2, 1)
    back = net.concat(net.cut(joined, 1, 0, tokens), turned, axis=1)
    net.linear(back, 4, scope="head")
    entry = imported(net.graph(), "net", "Net").entry
    told = {operation: item for item in entry.items for operation in [next(iter(item))]}
    assert told["put_tokens"]["from"] == ("turn", told["class_token"]["class_token"])
    assert "take_token" not in told
    assert entry.analyze()["head"].macs == (16 + tokens) * 8 * 4
    assert entry.analyze()["head"].receptive_field == (3, 3)


def test_tokens_of_other_dimensions_are_not_put_back() -> None:
    net = Builder(1, 8, 4, 4)
    joined = with_tokens(net)
    other = net.linear(net.cut(joined, 1, 2, 18), 4, scope="fewer")
    net.concat(net.cut(joined, 1, 0, 2), other, axis=1)
    with pytest.raises(ModelNotUnderstood, match="it reads what is no map"):
        understood(net.graph())


def token_mixer(net: Builder, units: int, second: bool = True) -> int:
    """Two matrices over all units of the image, an activation between them."""
    row = net.reshape(0, 1, 8, 16)
    hidden = net.act(net.linear(row, 24, scope="mlp.fc1"), "gelu")
    made = net.linear(hidden, units, scope="mlp.fc2") if second else hidden
    return net.permute(made, 0, 2, 1) if second else made


def test_two_matrices_over_all_units_are_token_mixing() -> None:
    net = Builder(1, 8, 4, 4)
    net.linear(token_mixer(net, 16), 4, scope="head")
    entry = imported(net.graph(), "net", "Net").entry
    assert entry.items[0] == {"token_mixing": "mlp", "hidden": 24}
    report = entry.analyze()
    assert (report.parameters, report["mlp"].macs) == (sum(net.learned.values()), 2 * 16 * 24 * 8)


@pytest.mark.parametrize("second", [True, False])
def test_half_a_mixing_is_refused(second: bool) -> None:
    net = Builder(1, 8, 4, 4)
    token_mixer(net, 12, second)
    with pytest.raises(ModelNotUnderstood, match="do not give back a map" if second else "half of an attention"):
        understood(net.graph())


def test_units_are_no_window_where_tokens_stand_among_them() -> None:
    net = Builder(1, 8, 16)
    row = net.permute(0, 0, 2, 1)
    joined = net.concat(net.add("constant", shape=(1, 1, 8), learned={"token": 8}), row, axis=1)
    net.conv(net.permute(joined, 0, 2, 1), 4, 3, scope="a")
    with pytest.raises(ModelNotUnderstood, match="it reads units by their places, and class tokens have none"):
        understood(net.graph())


def test_channels_that_no_image_changes_are_added_ones() -> None:
    net = Builder(1, 8, 4, 4)
    first, last = net.conv(0, 4, scope="a"), net.conv(0, 4, scope="b")
    zeros = net.add("constant", shape=(1, 2, 4, 4), learned={"places": 32})
    net.concat(first, last, zeros)
    *_, joined, added = items(net)
    assert joined == {"concat": "concat", "from": ("a", "b")}
    assert added == {"pad_channels": "pad_channels", "channels": 10, "learned": 32}


def test_a_matrix_takes_channels_in_any_order() -> None:
    net = Builder(1, 8, 4, 4)
    apart = net.permute(net.reshape(0, 1, 2, 4, 16), 0, 3, 2, 1)
    net.linear(net.reshape(apart, 1, 16, 8), 5, scope="matrix")
    assert items(net) == (
        {"channel_shuffle": "channel_shuffle"},
        {"conv": "matrix", "kernel": 1, "channels": 5},
    )


def test_a_matrix_takes_patches_in_one_row() -> None:
    net = Builder(1, 3, 8, 12)
    apart = net.permute(net.reshape(0, 1, 3, 4, 2, 6, 2), 0, 2, 4, 3, 5, 1)
    net.linear(net.reshape(apart, 1, 24, 12), 5, scope="embed")
    patches, matrix = items(net)
    assert (patches["space_to_depth"], patches["scale"]) == ("space_to_depth", 2)
    assert matrix == {"conv": "embed", "kernel": 1, "channels": 5}


def test_patches_that_are_channels_are_padded_as_the_map_that_they_are() -> None:
    net = Builder(1, 3, 8, 12)
    apart = net.permute(net.reshape(0, 1, 3, 4, 2, 6, 2), 0, 3, 5, 1, 2, 4)
    patches = net.reshape(apart, 1, 12, 4, 6)
    padding = ((0, 0), (0, 0), (1, 1), (1, 1))
    net.conv(net.add("pad", patches, shape=(1, 12, 6, 8), padding=padding, edge="reflect"), 5, 3, scope="conv")
    assert operations(net) == ["space_to_depth", "pad", "conv"]


def scores_less_their_maximum(axis: int) -> Builder:
    """Attention whose scores are taken from the largest along an axis."""
    net = Builder(1, 8, 4, 4)
    rows = net.reshape(0, 1, 8, 16)
    scores = net.add("matmul", net.permute(rows, 0, 2, 1), rows, shape=(1, 16, 16))
    shape = (1, 16, 1) if axis == 2 else (1, 1, 16)
    most = net.add("reduce", scores, shape=shape, mode="max", axes=(axis,), keep=True)
    less = net.same("add", net.add("expand", most, shape=(1, 16, 16)), scores, word="add")
    net.add("matmul", net.same("softmax", less, axis=2), net.permute(rows, 0, 2, 1), shape=(1, 16, 8))
    return net


def test_scores_may_be_taken_from_the_largest_of_each_query() -> None:
    assert items(scores_less_their_maximum(2)) == ({"attention": "attention", "macs_per_pair": 16},)


def test_scores_of_several_queries_are_not_put_together() -> None:
    with pytest.raises(ModelNotUnderstood, match="it puts scores of several queries of an attention together"):
        understood(scores_less_their_maximum(1).graph())


def test_halves_of_every_head_that_change_places_mix_channels() -> None:
    net = Builder(1, 8, 4, 4)
    heads = net.permute(net.reshape(0, 1, 2, 4, 16), 0, 1, 3, 2)
    turned = net.concat(net.cut(heads, 3, 2, 4), net.cut(heads, 3, 0, 2), axis=3)
    rows = net.reshape(net.permute(turned, 0, 2, 1, 3), 1, 16, 8)
    net.linear(rows, 5, scope="matrix")
    assert operations(net)[-2:] == ["mix_channels", "conv"]


def test_a_normalisation_of_each_head_mixes_channels() -> None:
    net = Builder(1, 8, 4, 4)
    heads = net.permute(net.reshape(0, 1, 2, 4, 16), 0, 1, 3, 2)
    net.add("norm", heads, shape=(1, 2, 16, 4), mode="layer", axes=(3,), affine=2, learned={"scale": 4, "shift": 4})
    [item] = items(net)
    assert (item["mix_channels"], item["learned"]) == ("mix_channels", 8)


def test_what_no_image_changes_makes_no_channels() -> None:
    net = Builder(1, 1, 8, 8)
    colours = net.add("constant", shape=(3, 1, 1))
    net.add("multiply", 0, colours, shape=(1, 3, 8, 8))
    with pytest.raises(ModelNotUnderstood, match="what no image changes makes more channels, or units, of its map"):
        understood(net.graph())


def test_the_one_unit_of_an_axis_is_every_second_one_too() -> None:
    net = Builder(1, 3, 8, 1)
    net.conv(net.cut(0, 3, 0, 1, 2), 4, scope="conv")
    assert operations(net) == ["conv"]


def test_a_model_that_does_nothing_is_refused() -> None:
    net = Builder(1, 3, 8, 8)
    net.act(0, "square")
    with pytest.raises(ModelNotUnderstood, match="one operator of the model is not understood") as refused:
        understood(net.graph())
    assert "no layer stands between the image and what it returns" in str(refused.value)


def opaque_report(net: Builder, *outputs: int) -> Report:
    return imported(net.graph(*outputs), "net", "Net", allow_opaque=True).entry.analyze()


def test_what_is_not_understood_is_opaque_where_that_is_allowed() -> None:
    net = Builder(1, 3, 8, 8)
    stem = net.conv(0, 8, 3, padding=1, scope="stem")
    odd = net.add(
        "unknown", stem, shape=(1, 16, 4, 4), scope="odd", why="what it reads is not known", learned={"odd.gain": 5}
    )
    net.conv(odd, 4, 3, padding=1, scope="head")
    network = imported(net.graph(), "net", "Net", allow_opaque=True)
    note = "not understood: test.unknown: what it reads is not known"
    assert network.entry.items[1] == {"opaque": "odd", "channels": 16, "size": 4, "note": note, "learned": 5}
    assert list(map(str, network.opaque)) == ["odd: test.unknown (net.py:1): what it reads is not known"]
    report = network.entry.analyze()
    assert [layer.bound.value for layer in report] == ["exact", "at most", "at most"]
    assert (report["odd"].size, report["odd"].receptive_field) == ((4, 4), (10, 10))
    assert report.parameters == sum(net.learned.values())


def test_an_opaque_layer_has_channels_where_its_tensor_has_them() -> None:
    net = Builder(1, 6, 8, 4)
    last = net.permute(net.conv(0, 6, 3, padding=1, scope="stem"), 0, 2, 3, 1)
    rolled = net.same("flip", last, axes=(1,), scope="flip")
    grown = net.add("unknown", rolled, shape=(1, 4, 2, 12), scope="odd", why="it is odd")
    net.conv(net.permute(grown, 0, 3, 1, 2), 5, scope="head")
    report = opaque_report(net)
    assert [(layer.operation, layer.channels, layer.size) for layer in report] == [
        ("conv", 6, (8, 4)), ("opaque", 6, (8, 4)), ("opaque", 12, (4, 2)), ("conv", 5, (4, 2)),
    ]  # fmt: skip


def test_channels_first_wherever_a_window_says_so() -> None:
    net = Builder(1, 6, 8, 8)
    net.conv(net.permute(0, 0, 2, 1, 3), 4, 3, scope="conv")
    assert [(layer.operation, layer.channels, layer.size) for layer in opaque_report(net)] == [("opaque", 4, (4, 6))]


def test_an_opaque_layer_reads_the_whole_of_each_map_that_it_depends_on() -> None:
    net = Builder(1, 3, 16, 16)
    small = net.conv(0, 4, 3, 2, 1, scope="small")
    large = net.conv(0, 6, 3, 1, 1, scope="large")
    smaller = net.conv(large, 2, 3, 2, 1, scope="smaller")
    net.add("unknown", small, smaller, shape=(1, 5, 8, 8), scope="two", why="it is odd")
    assert operations(net, allow_opaque=True)[-2:] == ["concat", "opaque"]
    net.add("unknown", small, large, smaller, shape=(1, 5, 8, 8), scope="three", why="it is odd")
    report = opaque_report(net)
    assert [(layer.operation, layer.channels, layer.size) for layer in report][3:] == [
        ("opaque", 4, (16, 16)), ("opaque", 2, (16, 16)), ("concat", 12, (16, 16)), ("opaque", 5, (8, 8)),
    ]  # fmt: skip
    assert report.layers[-1].receptive_field == (19, 19)


def test_two_nodes_that_are_opaque_are_not_taken_for_one() -> None:
    net = Builder(1, 3, 8, 8)
    stem = net.conv(0, 4, scope="stem")
    turned = [net.same("flip", stem, axes=(axis,), scope="flip") for axis in (2, 3)]
    net.same("add", *turned)
    assert operations(net, allow_opaque=True) == ["conv", "opaque", "opaque", "add"]


def test_attention_to_a_part_of_a_map_is_opaque_and_keeps_its_order() -> None:
    net = Builder(1, 8, 4, 4)
    rows = net.reshape(net.permute(0, 0, 2, 3, 1), 4, 4, 8)
    parts = [net.linear(rows, 8, scope=name) for name in ("q", "k", "v")]
    attended = net.add("attention", *parts, shape=(4, 4, 8), scope="attn")
    net.conv(net.permute(net.reshape(attended, 1, 4, 4, 8), 0, 3, 1, 2), 8, 3, scope="conv")
    report = opaque_report(net)
    assert [layer.operation for layer in report][-3:] == ["concat", "opaque", "conv"]
    assert (report["attn.opaque"].channels, report["attn.opaque"].size) == (8, (4, 4))


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ((1, 8, 16), "what it gives, 1 x 8 x 16, is no map of 2 axes"),
        ((2, 8, 4, 4), "what it gives, 2 x 8 x 4 x 4, mixes the images of a batch with what they hold"),
        ((1, 8, 0, 4), "the shape of what it gives depends on the image, or is not known"),
        ((), "the shape of what it gives depends on the image, or is not known"),
    ],
)
def test_what_is_no_map_is_refused_all_the_same(shape: tuple[int, ...], why: str) -> None:
    net = Builder(1, 8, 4, 4)
    net.add("unknown", net.conv(0, 8, scope="conv"), shape=shape, scope="odd", why="it is odd")
    with pytest.raises(ModelNotUnderstood) as refused:
        understood(net.graph(), allow_opaque=True)
    assert f"it is odd; nor can it be opaque: {why}" in str(refused.value)


def test_it_is_not_guessed_which_dimension_holds_channels() -> None:
    net = Builder(1, 8, 4, 4)
    tokens = net.reshape(net.conv(0, 8, scope="conv"), 1, 8, 16)
    net.add("unknown", tokens, shape=(1, 8, 4, 4), scope="odd", why="it is odd")
    with pytest.raises(ModelNotUnderstood, match="one operator") as refused:
        understood(net.graph(), allow_opaque=True)
    assert "nothing that it reads tells which dimension of what it gives holds the channels" in str(refused.value)


def test_a_foreign_name_means_nothing_in_a_note() -> None:
    net = Builder(1, 8, 4, 4)
    net.same("unknown", 0, operator="x$(1 / 0)\u200b", why="what\nit reads is not known " + "a" * 900)
    [item] = imported(net.graph(), "net", "Net", allow_opaque=True).entry.items
    assert str(item["note"]).startswith("not understood: x(1 / 0): whatit reads is not known aaa")
    assert len(str(item["note"])) < 500


@pytest.mark.slow
@given(randoms(use_true_random=False), booleans())
def test_any_graph_is_understood_or_refused(random: Random, allow_opaque: bool) -> None:
    graph = random_graph(random)
    try:
        network = understood(graph, allow_opaque=allow_opaque)
    except ModelNotUnderstood:
        return
    assert all(max(layer.inputs, default=-1) < number for number, layer in enumerate(network.layers))
    try:
        entry = imported(graph, "net", "Net", allow_opaque=allow_opaque).entry
    except (ParametersDiffer, CatalogueError):
        return
    sizes = {(layer.channels, *layer.size) for layer in network.layers}
    assert sizes >= {(layer.channels, *layer.size) for layer in entry.analyze()}


def test_every_so_many_units_of_the_first_ones_are_cut_out_before() -> None:
    net = Builder(1, 3, 30)
    net.cut(net.conv(0, 4, scope="stem"), 2, 1, 9, 3)
    assert items(net)[1:] == ({"crop": "crop", "padding": ((1, 22),)}, {"subsample": "subsample", "stride": 3})


def test_a_map_of_another_size_than_the_model_has_is_no_import() -> None:
    net = Builder(1, 3, 8)
    net.conv(0, 4, 3, padding=1, scope="stem")
    net.nodes[1] = replace(net.nodes[1], shape=(1, 4, 9))
    with pytest.raises(MapsDiffer, match="stem: its map would be 4 x 8, and in the model it is 4 x 9"):
        imported(net.graph(), "net", "Net")


def row_attends(*order: int) -> Builder:
    """Attention of a row of units, whose dimensions are put in this order before."""
    net = Builder(1, 8, 12)
    steps = net.permute(net.conv(0, 8, scope="stem"), *order)
    net.same("attention", steps, steps, steps, causal=False)
    return net


def test_attention_over_what_is_a_batch_sees_no_other_unit() -> None:
    assert operations(row_attends(0, 2, 1)) == ["conv", "attention"]
    with pytest.raises(ModelNotUnderstood, match="its attention sees one unit only"):
        imported(row_attends(2, 0, 1).graph(), "net", "Net")


def both_ways(mode: str = "gru") -> tuple[Builder, int]:
    """A recurrent layer of both directions along a row, and the number of its map, channels last."""
    net, weights = Builder(1, 8, 12), 2 * 3 * (8 * 4 + 4 * 4)
    steps = net.permute(net.conv(0, 8, scope="stem"), 0, 2, 1)
    learned = {"steps.weight": weights, "steps.bias": 2 * 3 * 2 * 4}
    row = net.add(
        "recurrence", steps, shape=(1, 12, 8), mode=mode, axis=1, channels=4, directions=2, weights=weights,
        scope="steps", learned=learned,
    )  # fmt: skip
    return net, row


def test_both_directions_are_put_together_and_one_alone_has_no_word() -> None:
    net, row = both_ways()
    net.same("add", net.cut(row, 2, 0, 4), net.cut(row, 2, 4, 8))
    assert operations(net)[-1] == "add"
    net, row = both_ways()
    net.act(net.cut(row, 2, 0, 4), "relu")
    with pytest.raises(ModelNotUnderstood, match="finds in two directions"):
        imported(net.graph(), "net", "Net")


def test_one_unit_of_a_recurrent_layer_has_no_word() -> None:
    net, row = both_ways()
    net.cut(row, 1, 11, 12)
    with pytest.raises(ModelNotUnderstood, match="one unit of a recurrent layer"):
        imported(net.graph(), "net", "Net")


@pytest.mark.parametrize(("numbers", "hides"), [((1, 0), True), ((1, 1), False), ((0, 0.5), False), ((0, 0), False)])
def test_a_mask_of_a_map_is_not_passed_over(numbers: tuple[float, ...], *, hides: bool) -> None:
    net = Builder(1, 3, 2)
    mask = net.add("constant", shape=(2,), numbers=lambda: np.array(numbers))
    net.same("multiply", net.conv(0, 4, scope="stem"), mask)
    if not hides:
        assert operations(net) == ["conv"]
        return
    with pytest.raises(ModelNotUnderstood, match="a mask of noughts and ones"):
        imported(net.graph(), "net", "Net")


def test_what_is_returned_in_another_order_is_the_map_that_it_is() -> None:
    net = Builder(1, 12, 4, 5)
    apart = net.reshape(net.conv(0, 12, scope="stem"), 1, 3, 2, 2, 4, 5)
    net.reshape(net.permute(apart, 0, 1, 4, 2, 5, 3), 1, 3, 8, 10)
    assert items(net)[-1] == {"pixel_shuffle": "pixel_shuffle", "scale": 2}
    net = Builder(1, 3, 4, 6)
    apart = net.reshape(net.conv(0, 3, scope="stem"), 1, 3, 2, 2, 3, 2)
    net.reshape(net.permute(apart, 0, 1, 3, 5, 2, 4), 1, 12, 2, 3)
    assert items(net)[-1] == {"space_to_depth": "space_to_depth", "scale": 2}
