"""Channels followed apart behind a concatenation: which layers keep them apart, and what is bounded."""

from pathlib import Path

import pytest
from oracle.brute import MIXING

import rfdocs
from rfdocs.algebra import Interval
from rfdocs.catalogue import CatalogueError
from rfdocs.graph import Report
from rfdocs.graph.strands import STRANDS, with_strands
from rfdocs.language.operations import OPERATIONS
from rfdocs.operators import Channels
from rfdocs.operators.channels import STRETCHES

CONVENTIONS = (Path(__file__).parent.parent / "site" / "conventions.md").read_text("utf-8")
APART = {
    "relu": "{relu: x}",
    "batchnorm": "{batchnorm: x}",
    "instancenorm": "{instancenorm: x}",
    "layer_scale": "{layer_scale: x}",
    "dropout": "{dropout: x}",
    "maxpool": "{maxpool: x, kernel: 1}",
    "avgpool": "{avgpool: x, kernel: 1}",
    "subsample": "{subsample: x, stride: 1}",
    "upsample": "{upsample: x, scale: 1}",
    "adaptive_avgpool": "{adaptive_avgpool: x, size: 40}",
    "pad": "{pad: x, padding: 0}",
    "crop": "{crop: x, padding: 0}",
    "roll": "{roll: x, shift: 3}",
    "depthwise_conv": "{depthwise_conv: x, kernel: 1}",
    "squeeze_excite": "{squeeze_excite: x, squeeze: 1}",
    "attention": "{attention: x}",
    "add": "{name: x, add: [[], []]}",
    "multiply": "{name: x, multiply: [[], []]}",
    "channel_shuffle": "{channel_shuffle: x, groups: 8}",
    "cross_correlation": "{given: k, channels: 8, size: 1}\n  - {cross_correlation: x, groups: 8, from: [both, k]}",
}
MIXED = {
    "conv": "{conv: x, kernel: 1, channels: 8}",
    "transposed_conv": "{transposed_conv: x, kernel: 1, channels: 8}",
    "layernorm": "{layernorm: x}",
    "groupnorm": "{groupnorm: x}",
    "local_response_norm": "{local_response_norm: x}",
    "softmax": "{softmax: x}",
    "mix_channels": "{mix_channels: x, channels: 8}",
    "pad_channels": "{pad_channels: x, channels: 12}",
    "pixel_shuffle": "{pixel_shuffle: x, scale: 1}",
    "space_to_depth": "{space_to_depth: x, scale: 1}",
    "flatten": "{flatten: x}",
    "lstm": "{lstm: x, channels: 8}",
    "gru": "{gru: x, channels: 4, direction: both}",
    "rnn": "{rnn: x, channels: 8, direction: backward}",
    "attention": "{attention: x, channels: 8}",
    "opaque": "{opaque: x, size: 1}",
    "cross_correlation": "{given: k, channels: 64, size: 1}\n  - {cross_correlation: x, from: [both, k]}",
    "deformable_conv": "{deformable_conv: x, kernel: 1, channels: 8, groups: 2}",
    "window_attention": "{window_attention: x, window: 1}",
    "grid_attention": "{grid_attention: x, grid: 1}",
    "neighbourhood_attention": "{neighbourhood_attention: x, kernel: 1}",
}


def report(tmp_path: Path, *items: str) -> Report:
    """A map whose first four channels see 1 pixel and whose last four see 7, and what comes behind it."""
    branches = "[[{conv: a, kernel: 1, channels: 4}], [{conv: b, kernel: 7, padding: 3, channels: 4}]]"
    lines = "\n".join(f"  - {item}" for item in (f"{{name: both, concat: {branches}}}", *items))
    path = tmp_path / "network.yaml"
    path.write_text(f"input: {{channels: 3, size: [40]}}\nlayers:\n{lines}\n", "utf-8")
    return rfdocs.load(path).analyze()


def field(tmp_path: Path, *items: str) -> int:
    """The field of the first four channels behind the items."""
    return report(tmp_path, *items, "{slice: chosen, channels: 4}")["chosen"].receptive_field[0]


@pytest.mark.parametrize("name", APART)
def test_what_keeps_channels_apart(tmp_path: Path, name: str) -> None:
    assert field(tmp_path, APART[name]) == 1


@pytest.mark.parametrize("name", MIXED)
def test_what_takes_their_union(tmp_path: Path, name: str) -> None:
    beyond = 39 if name == "opaque" else 0  # which reads the whole map
    assert field(tmp_path, MIXED[name]) == 7 + beyond


def test_the_conventions_name_where_a_union_is_taken() -> None:
    said = CONVENTIONS[CONVENTIONS.index("**Channels**") :].split("\n\n")[0]
    apart, union = said.split("union over all channels")
    assert [name for name in {*MIXED, *MIXING} if f"`{name}`" not in union] == []
    assert [name for name in ("concat", "slice", "channel_shuffle", "depthwise_conv") if f"`{name}`" not in apart] == []
    assert not OPERATIONS.keys().isdisjoint(MIXED)


def test_groups_keep_channels_apart_unless_what_is_folded_in_mixes_them(tmp_path: Path) -> None:
    grouped = "{conv: x, kernel: 1, groups: 2, channels: 8, norm: batch, act: relu}"
    assert field(tmp_path, grouped) == 1
    assert field(tmp_path, grouped.replace("batch", "layer")) == 7
    assert field(tmp_path, grouped.replace("relu", "softmax")) == 7


def test_a_slice_of_all_channels_is_the_map(tmp_path: Path) -> None:
    assert report(tmp_path, "{slice: whole, channels: 8}")["whole"].receptive_field == (7,)


def test_a_map_sees_what_any_of_its_channels_sees(tmp_path: Path) -> None:
    found = report(tmp_path, "{relu: after}", "{slice: chosen, channels: 4}")
    assert found["after"].receptive_field == (7,)
    assert [found.unit(name, [20])[0].visible.size for name in ("after", "chosen")] == [7, 1]  # type: ignore[union-attr]
    assert dict(found.path_counts("chosen", 20, 0)) == {20: 1}


def test_a_network_without_slices_stays_as_it_is() -> None:
    network = rfdocs.load("densenet121").network
    assert with_strands(network).layers is network.layers


def test_equal_strands_are_followed_once() -> None:
    network = rfdocs.load("shufflenet_v2_x1_0").network
    assert len(with_strands(network).layers) < 1.5 * len(network.layers)


def test_layers_behind_a_slice_are_as_deep_as_its_channels(tmp_path: Path) -> None:
    items = ("{conv: c, kernel: 1, channels: 4}", "{concat: d, from: [a, c]}", "{slice: chosen, channels: 4}")
    found = report(tmp_path, *items)
    assert [found[name].depth for name in ("d", "chosen")] == [2, 1]


def test_a_shuffle_and_its_inverse() -> None:
    chosen = Channels.of([(0, 3), (7, 12)])
    for groups in (1, 2, 3, 4, 6, 12):
        assert chosen.unshuffled(groups, 12).unshuffled(12 // groups, 12) == chosen


def test_choices_of_channels_are_bounded(tmp_path: Path) -> None:
    many = "{channel_shuffle: x, groups: 8192}"
    wide = "{conv: w, kernel: 1, channels: 16384}"
    with pytest.raises(CatalogueError, match=f"x: its channels come from more than {STRETCHES} places"):
        report(tmp_path, wide, many, "{slice: chosen, channels: 4}")


def test_strands_are_bounded(tmp_path: Path) -> None:
    pointwise = [f"{{relu: r{number}}}" for number in range(9)]
    choices = f"{{for: i, in: {STRANDS // 8}, layers: [{{slice: s.$i, from: r8, channels: 1, offset: $i}}]}}"
    with pytest.raises(CatalogueError, match=f"more than {STRANDS} choices of channels would have to be followed"):
        report(tmp_path, "{conv: wide, kernel: 1, channels: 9000}", *pointwise, choices)


def test_a_choice_across_two_inputs_reads_both_and_within_one_is_that_input(tmp_path: Path) -> None:
    across = report(tmp_path, "{slice: chosen, channels: 4, offset: 2}")
    assert across["chosen"].receptive_field == (7,)
    network = report(tmp_path, "{slice: chosen, channels: 4}").network
    assert len(with_strands(network).layers) == len(network.layers)


def test_a_gate_shows_chosen_channels_what_the_whole_map_sees(tmp_path: Path) -> None:
    """The first four channels see every second pixel alone, the others all; the last pixel is odd."""
    branches = "[[{conv: even, kernel: 1, stride: 2, channels: 4}], [{conv: all, kernel: 2, stride: 2, channels: 4}]]"
    path = tmp_path / "network.yaml"
    items = [
        f"{{name: both, concat: {branches}}}",
        "{squeeze_excite: gate, squeeze: 2}",
        "{slice: chosen, channels: 4}",
    ]
    path.write_text("input: {channels: 3, size: [40]}\nlayers:\n" + "\n".join(f"  - {item}" for item in items), "utf-8")
    unit = rfdocs.load(path).analyze().unit("chosen", [3])[0]
    assert (str(unit.visible), str(unit.spatial_visible)) == (str(Interval(0, 39)), str(Interval(6, 6)))
