"""A network's layers become a file that a person would have written, and that reads back as the same network."""

import re
from collections.abc import Sequence
from pathlib import Path

import every
import pytest

import rfdocs
from rfdocs import Entry
from rfdocs.catalogue.explicit import explicit_yaml, file_head, plain_list
from rfdocs.catalogue.family import Family
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.importing.compaction import compact, compact_layers, compact_yaml
from rfdocs.importing.compaction.compact import layers_of
from rfdocs.importing.compaction.plain_layers import NotWritten, plain_network
from rfdocs.language.assembly import ExplicitItem
from rfdocs.language.problems import CatalogueError
from rfdocs.language.values import PATH


def read(text: str) -> Entry:
    return Family("my.yaml", "my", text.encode()).entry("my")


def items_of(text: str) -> tuple[ExplicitItem, ...]:
    """The layers of a network on images of three channels, each by itself."""
    return read(f"input: {{channels: 3, size: [64, 64]}}\n{text}").items


def compacted(text: str) -> str:
    return compact_layers(items_of(text), 2, 3)


def image_of(entry: Entry) -> dict[str, object]:
    network = entry.network
    return {"channels": network.input_channels, "size": network.input_size, "multiple": network.multiple}


def most_compact(entry: Entry) -> str:
    """The first form that is tried, not held against the network yet."""
    axes, channels = len(entry.network.input_size), entry.network.input_channels
    head = file_head("A network", image_of(entry))
    return head + next(compact._forms(plain_network(entry.items, axes, channels), channels))


@pytest.mark.slow
def test_the_most_compact_form_of_every_network_is_the_network() -> None:
    other = [
        entry.identifier
        for entry in every.entries()
        if network_fingerprint(read(most_compact(entry)).network) != network_fingerprint(entry.network)
    ]
    assert other == []


def test_a_block_has_no_variable_of_a_loop_inside_it() -> None:
    entry = rfdocs.load("tf_efficientdet_d4")
    assert network_fingerprint(read(most_compact(entry)).network) == network_fingerprint(entry.network)


def own_lines(entry: Entry) -> list[str]:
    """What our own file says of a network's layers: its blocks, parameters and layers, and the variant's parameters."""
    kept, top, variant = [], "", ""
    for line in Path(entry.path).read_text("utf-8").splitlines():
        top = match.group(1) if (match := re.match("([a-z]+):", line)) else top
        variant = match.group(1) if (match := re.match("  ([a-z0-9_-]+):", line)) else variant
        own = top == "variants" and variant == entry.identifier and re.match("    (parameters|layers):", line)
        if own or top in {"blocks", "layers", "parameters"}:
            kept.append(line)
    return [line for line in kept if line.strip()]


@pytest.mark.parametrize("identifier", ["resnet50", "densenet121", "mobilenet_v2", "unet-padded", "yolov5n"])
def test_it_is_about_as_long_as_our_own_file(identifier: str) -> None:
    entry = rfdocs.load(identifier)
    axes, channels = len(entry.network.input_size), entry.network.input_channels
    lines, own = compact_layers(entry.items, axes, channels).splitlines(), own_lines(entry)
    assert len(lines) <= 1.1 * len(own)
    assert len("\n".join(lines)) <= 1.1 * len("\n".join(own))
    assert max(map(len, lines)) <= 120


def test_a_residual_network_has_a_block_and_a_loop_over_its_stages() -> None:
    flat = []
    before, channels = "stem", 16
    for stage, width in ((1, 16), (2, 32), (3, 64)):
        for index in range(2):
            scope = f"layer{stage}.{index}"
            stride = 2 if stage > 1 and index == 0 else 1
            flat += [
                f"- {{conv: {scope}.conv1, kernel: 3, stride: {stride}, padding: 1, channels: {width}, act: relu}}",
                f"- {{conv: {scope}.conv2, kernel: [3, 3], padding: [[1, 1], [1, 1]], channels: {width}}}",
            ]
            shortcut = before
            if width != channels:
                shortcut = f"{scope}.downsample.0"
                flat.append(f"- {{conv: {shortcut}, from: {before}, kernel: 1, stride: 2, channels: {width}}}")
            flat.append(f"- {{add: {scope}.add, from: [{scope}.conv2, {shortcut}]}}")
            before, channels = f"{scope}.add", width
    text = "layers:\n- {conv: stem, kernel: 3, padding: 1, channels: 16}\n" + "\n".join(flat)
    assert compacted(text) == (
        """\
blocks:
  residual:
    - add:
        - - {conv: conv1, kernel: 3, stride: $stride, padding: 1, channels: $width, act: relu}
          - {conv: conv2, kernel: 3, padding: 1, channels: $width}
        - [{conv: downsample.0, when: $(channels_in != width), kernel: 1, stride: 2, channels: $width}]
layers:
  - {conv: stem, kernel: 3, padding: 1, channels: 16}
  - {residual: layer1, repeat: 2, stride: 1, width: 16}
  - {residual: layer2, repeat: 2, first: {stride: 2}, stride: 1, width: 32}
  - {residual: layer3, repeat: 2, first: {stride: 2}, stride: 1, width: 64}
"""
    )


def test_branches_are_written_where_they_stand() -> None:
    assert compacted(
        """
layers:
  - {conv: stem, kernel: 3, padding: 1, channels: 8}
  - {conv: left, kernel: 1, channels: 4}
  - {conv: middle, from: stem, kernel: 3, padding: 1, channels: 4}
  - {maxpool: pool, from: stem, kernel: 3, stride: 1, padding: 1}
  - {concat: mixed, from: [left, middle, stem, pool]}
  - {global_avgpool: squeeze}
  - {conv: excite, kernel: 1, channels: 24, act: sigmoid}
  - {multiply: gate, from: [mixed, excite]}
  - {conv: tail, from: left, kernel: 1, channels: 8}
"""
    ) == (
        """\
layers:
  - {conv: stem, kernel: 3, padding: 1, channels: 8}
  - name: mixed
    concat:
      - [{conv: left, kernel: 1, channels: 4}]
      - [{conv: middle, kernel: 3, padding: 1, channels: 4}]
      - []
      - [{maxpool: pool, kernel: 3, stride: 1, padding: 1}]
  - {name: gate, multiply: [[], [{global_avgpool: squeeze}, {conv: excite, kernel: 1, channels: 24, act: sigmoid}]]}
  - {conv: tail, from: left, kernel: 1, channels: 8}
"""
    )


def test_a_shortcut_round_a_contracting_path_is_read_by_name() -> None:
    assert compacted(
        """
layers:
  - {conv: down, kernel: 3, padding: 1, channels: 8}
  - {maxpool: pool, kernel: 2}
  - {upsample: up, scale: 2}
  - {concat: skip, from: [down, up]}
"""
    ) == (
        """\
layers:
  - {conv: down, kernel: 3, padding: 1, channels: 8}
  - {maxpool: pool, kernel: 2}
  - {upsample: up, scale: 2}
  - {concat: skip, from: [down, up]}
"""
    )


def test_what_some_blocks_lack_stands_under_a_condition() -> None:
    flat = []
    for number, channels, width in ((0, 8, 8), (1, 8, 8), (2, 8, 16), (3, 16, 16), (4, 16, 16)):
        scope, before = f"unit{number}", f"unit{number - 1}" if number else "stem"
        if number:
            flat.append(f"- {{conv: {scope}.expand, kernel: 1, channels: {4 * channels}, norm: batch}}")
        flat.append(f"- {{depthwise_conv: {scope}.filter, kernel: 3, padding: 1, norm: batch}}")
        flat.append(f"- {{conv: {scope}.project, kernel: 1, channels: {width}, norm: batch}}")
        if width == channels:
            flat.append(f"- {{add: {scope}.add, from: [{scope}.project, {before}]}}")
    text = "layers:\n- {conv: stem, kernel: 3, padding: 1, channels: 8}\n" + "\n".join(flat)
    assert compacted(text) == (
        """\
blocks:
  unit:
    - add:
        - - {conv: expand, when: $with_expand, kernel: 1, channels: $(4 * channels_in), norm: batch}
          - {depthwise_conv: filter, kernel: 3, padding: 1, norm: batch}
          - {conv: project, kernel: 1, channels: $width, norm: batch}
        - {when: $(channels_in == width)}
layers:
  - {conv: stem, kernel: 3, padding: 1, channels: 8}
  - {unit: unit0, width: 8, with_expand: false}
  - {unit: unit$number, repeat: 4, first: {width: 8}, width: 16, with_expand: true}
"""
    )


def test_stages_without_scopes_are_a_loop() -> None:
    flat = [
        f"- {{conv: conv{stage}_{number}, kernel: 3, padding: 1, channels: {width}}}"
        + (f"\n- {{maxpool: pool{stage}, kernel: 2}}" if number == times else "")
        for stage, (width, times) in enumerate([(8, 2), (16, 2), (32, 3)], start=1)
        for number in range(1, times + 1)
    ]
    assert compacted("layers:\n" + "\n".join(flat)) == (
        """\
layers:
  - for: [times, width]
    in: [[2, 8], [2, 16], [3, 32]]
    number: stage
    layers:
      - {conv: conv$(stage)_$number, repeat: $times, kernel: 3, padding: 1, channels: $width}
      - {maxpool: pool$stage, kernel: 2}
"""
    )


def test_a_group_that_shortens_little_is_left_to_the_names() -> None:
    assert compacted(
        """
layers:
  - {conv: net.0, kernel: 3, channels: 8, norm: batch, act: relu}
  - {conv: net.2, kernel: 3, channels: 16, norm: batch, act: relu}
  - {conv: net.3, kernel: 3, channels: 16, padding: 1, from: net.0}
  - {add: net.sum, from: [net.3, net.3]}
  - {linear: head.fc, channels: 2, from: net.2}
"""
    ) == (
        """\
layers:
  - {conv: net.0, kernel: 3, channels: 8, norm: batch, act: relu}
  - {conv: net.2, kernel: 3, channels: 16, norm: batch, act: relu}
  - {conv: net.3, from: net.0, kernel: 3, padding: 1, channels: 16}
  - {add: net.sum, from: [net.3, net.3]}
  - {linear: head.fc, from: net.2, channels: 2}
"""
    )


ODD_NAMES = [
    "0",
    "007",
    "1e5",
    "true",
    "No",
    "null",
    "a-",
    "add",
    "stage.0",
    "stage.1",
    "width",
    "input.x",
    "x..y",
    "x.-z",
]


def test_what_a_group_reads_is_read_by_the_first_of_those_that_are_repeated_in_it() -> None:
    def path(name: str, source: str, turns: int) -> str:
        reads = [f"from: {source}, ", *[""] * (turns - 1)]
        return "".join(
            f"  - {{conv: {name}.{turn}.a, {read}kernel: 3, padding: 1, channels: 8}}\n"
            f"  - {{upsample: {name}.{turn}.up, scale: 2}}\n"
            for turn, read in enumerate(reads)
        )

    maps = "  - {conv: p5, kernel: 2, stride: 2, channels: 8}\n  - {conv: p4, kernel: 3, channels: 8}\n"
    last = "  - {conv: paths.2.a, from: p4, kernel: 3, channels: 8}\n  - {add: sum, from: [paths.0, paths.1]}\n"
    items = items_of(f"layers:\n{maps}{path('paths.0', 'p5', 3)}{path('paths.1', 'p4', 2)}{last}")
    network = plain_network(items, 2, 3)
    text = next(compact._forms(network, 3))
    assert "paths.0, repeat: 3, first: {from: p5}" in text
    assert layers_of(text, 2, 3) == network.expected


def test_blocks_that_read_other_numbers_of_layers_are_two() -> None:
    def block(number: int) -> str:
        scope, width = f"blocks.{number}", 8 * number + 8
        read = [f"{scope}.a", f"{scope}.b", f"{scope}.c", *[f"blocks.{number - 1}.out"] * (number % 2)]
        return (
            f"  - {{conv: {scope}.a, kernel: 3, padding: 1, channels: {width}}}\n"
            f"  - {{conv: {scope}.b, kernel: 5, padding: 2, channels: {width}}}\n"
            f"  - {{conv: {scope}.c, kernel: 7, padding: 3, channels: {width}}}\n"
            f"  - {{concat: {scope}.concat, from: [{', '.join(read)}]}}\n"
            f"  - {{conv: {scope}.out, kernel: 1, channels: {width}}}\n"
        )

    text = compacted(f"layers:\n{''.join(map(block, range(6)))}")
    assert text.count("kernel: 5") == 2
    assert len(text.splitlines()) < 25


def test_any_name_that_the_format_allows_is_kept() -> None:
    items: list[ExplicitItem] = [{"conv": name, "kernel": 3, "padding": 1, "channels": 4} for name in ODD_NAMES]
    merged: list[ExplicitItem] = [
        *items,
        {"concat": "all", "from": (*ODD_NAMES,)},
        {"upsample": "like", "size": "007", "from": ("input",)},
    ]
    text = compact_yaml("No", {"channels": 3, "size": (8, 8)}, merged)
    assert [layer.name for layer in read(text).network.layers] == [*ODD_NAMES, "all", "like"]
    assert read(text).network.layers[-1].like == 2


@pytest.mark.parametrize("flat", [False, True])
def test_a_name_too_long_for_a_layer_stands_in_scopes(flat: bool) -> None:
    names = ["a" * 60 + ".b.c", "a" * 60 + "." + "d" * 60, "e" * 70 + "." + "f" * 70]
    items = [{"relu": name} for name in names]
    network = read(compact_yaml("Long", {"channels": 3, "size": (8, 8)}, items, flat)).network
    assert [layer.name for layer in network.layers] == names


def test_a_name_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(NotWritten, match="no file can hold a layer called 'aaaa"):
        compact_layers([{"relu": "a" * (PATH + 1)}], 2, 3)


def test_items_that_are_no_network_are_refused() -> None:
    with pytest.raises(CatalogueError, match="there is no layer 'b'"):
        compact_layers([{"relu": "a", "from": ("b",)}], 2, 3)


def test_flat_is_the_plain_list() -> None:
    entry = rfdocs.load("resnet18")
    network = entry.network
    image = {"channels": network.input_channels, "size": network.input_size}
    assert compact_yaml(entry.title, image, entry.items, flat=True) == explicit_yaml(entry)


def test_a_form_that_is_another_network_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    items = items_of("layers: [{conv: a.b, kernel: 3, channels: 8}, {relu: a.c}, {relu: d}]")

    def wrong(*_: object) -> str:
        return plain_list([{"relu": "a.c"}])

    monkeypatch.setattr(compact, "_text", wrong)
    assert compact_layers(items, 2, 3) == (
        """\
layers:
  - {group: a, layers: [{conv: b, kernel: 3, channels: 8}, {relu: c}]}
  - {relu: d}
"""
    )
    monkeypatch.setattr(compact, "file_text", wrong)
    with pytest.raises(NotWritten, match="no file can hold the network"):
        compact_layers(items, 2, 3)


@pytest.mark.parametrize("text", ["layers: [", "layers: [{conv: a}]", "blocks: {conv: []}\nlayers: [{relu: a}]"])
def test_a_defective_text_is_no_network(text: str) -> None:
    assert layers_of(text, 2, 3) == ()


def widths(names: Sequence[str]) -> list[ExplicitItem]:
    return [{"conv": name, "kernel": 1, "channels": 7 * place % 31 + 1} for place, name in enumerate(names)]


@pytest.mark.parametrize(
    "items",
    [
        widths([f"conv{number}" for number in range(120)]),
        widths([f"s{number // 7}.{number % 7}.c" for number in range(120)]),
        widths([".".join(f"{number:07b}") for number in range(120)]),
        [{"relu": "a"}, *[{"add": f"n{number}", "from": ("a", "input")} for number in range(40)]],
    ],
)
def test_networks_without_any_order_are_kept(items: list[ExplicitItem]) -> None:
    text = compact_layers(items, 2, 3)
    assert [layer.name for layer in layers_of(text, 2, 3)] == [next(iter(item.values())) for item in items]
