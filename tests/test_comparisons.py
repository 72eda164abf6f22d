"""Comparisons: which layer stands for a jump, what differs, and how it is told; against values worked out by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import rfdocs
from rfdocs import Entry, Report
from rfdocs.cli import main
from rfdocs.formats import COMPARISON_FORMATS, comparison
from rfdocs.formats.comparisons import compared_lines, comparison_data, rows_by_jump, stage_rows
from rfdocs.formats.data_schema import data_schema

Pair = tuple[Entry, Report]

POOLED = """
input: {channels: 3, size: [16, 16]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {maxpool: p, kernel: 2}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
  - {relu: r}
  - {global_avgpool: mean}
  - {linear: fc, channels: 10}
"""
STRIDED = """
input: {channels: 3, size: [16, 16]}
layers:
  - {conv: s, kernel: 5, stride: 2, padding: 2, channels: 4}
  - {conv: t, kernel: 3, stride: 2, padding: 1, channels: 4}
"""


def networks(*names: str, size: int | None = None) -> list[Pair]:
    return [(entry, entry.analyze(size)) for entry in map(rfdocs.load, names)]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pooled.yaml").write_text(POOLED, "utf-8")
    Path("strided.yaml").write_text(STRIDED, "utf-8")


def texts(form: str, *pairs: Pair) -> list[list[str]]:
    """The cells of every line."""
    return [line.split() for line in comparison(pairs, form).splitlines()]


# -- which layer -----------------------------------------------------------------------------------------------


def told(name: str) -> dict[str, tuple[str, int, int]]:
    """By the jump: the layer's name, its size and its field."""
    report = rfdocs.load(name).analyze()
    return {
        "x".join(map(str, jump)): (report.network.shown_name(row.name), row.size[-1], row.receptive_field[-1])
        for jump, row in rows_by_jump(report).items()
    }


def test_stages_stand_by_the_names_that_people_know() -> None:
    """Each stage of ResNet-50 adds a window of 3 on every block, the first of a stage still at the jump before it; the
    next stage begins with a 1x1 convolution that is no better known.
    """
    fields = [7]
    for jump, blocks in ((4, 3), (8, 4), (16, 6), (32, 3)):
        below = fields[-1] if jump > 4 else 7 + 2 * 2  # the pooling
        strided = 2 * (jump // 2 if jump > 4 else jump)
        fields.append(below + strided + 2 * jump * (blocks - 1))
    assert fields == [7, 35, 91, 267, 427]
    names = ["conv1", "layer1", "layer2", "layer3", "layer4"]
    sizes = [112, 56, 28, 14, 7]
    assert list(told("resnet50").values()) == list(zip(names, sizes, fields, strict=True))


def test_the_last_map_of_a_jump_is_the_decoder_s() -> None:
    """Two unpadded 3x3 convolutions and a pooling a level: 188 to 204 at the output, 140 at the bottom. Source:
    Ronneberger et al. 2015, figure 1, for the sizes.
    """
    assert told("unet") == {
        "1": ("output", 388, 204), "2": ("up2", 196, 204), "4": ("up3", 100, 188), "8": ("up4", 52, 172),
        "16": ("bottom", 28, 140),
    }  # fmt: skip


def test_layers_that_change_nothing_and_fully_connected_ones_have_no_row() -> None:
    assert told("alexnet")["32"] == ("pool5", 6, 195)
    assert list(told("densenet121").values())[-1][0] == "denseblock4"


def test_a_layer_that_changes_nothing_stands_for_no_jump_and_what_is_not_among_the_maps_for_none(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rectified.yaml"
    file.write_text(STRIDED.replace("  - {conv: t", "  - {relu: r}\n  - {conv: t"), "utf-8")
    report = rfdocs.load(file).analyze()
    two, four = (Fraction(2),), (Fraction(4),)
    assert {jump: layer.name for jump, layer in rows_by_jump(report).items()} == {two: "s", four: "t"}
    assert {jump: layer.name for jump, layer in rows_by_jump(report, [report["s"]]).items()} == {two: "s"}


def test_a_map_without_a_jump_has_no_row() -> None:
    rows = told("pspnet_resnet50")
    assert rfdocs.load("pspnet_resnet50").analyze().features.jump == (None, None)
    assert {"2", "4", "8"} < set(rows)
    assert "None" not in "".join(rows)


SAMPLE = (
    "vgg16", "resnet50", "unet", "efficientnet_b0", "edsr-baseline-x3", "slowfast_r50", "ssd300", "hrnet_w18",
    "wavenet", "preresnet18", "nfnet_f0", "mobilenet_v2", "squeezenet1_0",
)  # fmt: skip


@pytest.mark.parametrize("name", SAMPLE)
def test_a_row_is_what_its_rule_says(name: str) -> None:
    """Told once more, the long way: no later map of the jump has other values, and none of the same is better known."""
    report = rfdocs.load(name).analyze()
    rows = rows_by_jump(report)
    assert {jump if len(jump) > 1 else jump * report.network.axes for jump in rows} == {
        layer.jump for layer in report.maps if None not in layer.jump
    }
    for row in rows.values():
        after = [layer for layer in report.maps if layer.jump == row.jump][::-1]
        values = [(layer.size, layer.receptive_field, layer.receptive_field_min, layer.start) for layer in after]
        own = values[after.index(row)]
        assert values[0] == own
        names = {report.network.shown_name(layer.name): layer for layer in after if not report.changes_nothing(layer)}
        dots = report.network.shown_name(row.name).count(".")
        for other, layer in names.items():
            if values[after.index(layer)] == own and row != report.features:
                assert other.count(".") >= dots
                assert other.count(".") > dots or after.index(layer) >= after.index(row)
    assert report.features in rows.values()


# -- what is compared ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("files")
def test_maps_are_aligned_by_jump() -> None:
    """a: 3. p: 3 + 1 = 4, c: 4 + 2 * 2 = 8, both from pixel 1 on. s: 5; t: 5 + 2 * 2 = 9, of which unit 1 sees 0..8."""
    assert texts("text", *networks("pooled.yaml", "strided.yaml"))[-6:-3] == [
        ["1", "a", "16", "3", "0.5", "3", "jump"],
        ["2", "c", "8", "8", "1", "8", "s", "8", "5", "0.5", "5", "field,", "start,", "visible"],
        ["4", "t", "4", "9", "0.5", "9", "jump"],
    ]


@pytest.mark.usefixtures("files")
def test_networks_are_compared_as_wholes() -> None:
    """Parameters: 3 * 4 * 9 + 4 and 4 * 4 * 9 + 4 and 4 * 10 + 10, against 3 * 4 * 25 + 4 and 4 * 4 * 9 + 4."""
    lines = {line.column.heading: line for line in compared_lines(networks("pooled.yaml", "strided.yaml"))}
    assert {heading: line.cells for heading, line in lines.items() if heading != "effective width"} == {
        "input": ("3 × 16 × 16", "3 × 16 × 16"),
        "last map": ("c", "t"),
        "size": ("8", "4"),
        "jump": ("2", "4"),
        "field": ("8", "9"),
        "start": ("1", "0.5"),
        "seen": ("25 %", "31.6 %"),  # 8 * 8 and 9 * 9 of 256
        "whole image from": ("mean", "none"),
        "depth": ("3", "2"),
        "parameters": ("310", "452"),
        "macs": (f"{108 * 256 + 144 * 64 + 40:,}", f"{300 * 64 + 144 * 16:,}"),
        "context for tiling": ("3", "4, 1"),
        "tiled exactly": ("yes", "yes"),
    }
    assert [heading for heading, line in lines.items() if not line.differs] == ["input", "last map", "tiled exactly"]


def test_a_gate_is_told_and_no_tile_is_exact() -> None:
    lines = {line.column.key: line for line in compared_lines(networks("resnet50", "seresnet50"))}
    assert lines["global_context_from"].cells == ("–", "layer1.0.se_module")
    assert lines["tiled_exactly"].cells == ("yes", "no")
    gated, plain = ("resnet50", "seresnet50"), ("resnet50", "vgg16")
    last = [comparison(networks(*names), "text").splitlines()[-1] for names in (gated, plain)]
    assert ["through gates" in line for line in last] == [True, False]
    assert "global_context_from" not in {line.column.key for line in compared_lines(networks(*plain))}


def test_a_network_does_not_differ_from_itself() -> None:
    same = comparison_data(networks("unet", "unet", "unet"))
    assert same["differs"] == []
    assert [row["differs"] for row in same["stages"]] == [[]] * 5


@pytest.mark.parametrize(("size", "differing"), [(None, True), (256, False)])
def test_all_have_one_size_or_each_its_own(size: int | None, differing: bool) -> None:
    told = comparison_data(networks("inception-v3", "vgg16", size=size))
    assert ("input" in told["differs"]) == differing
    assert [network["input"]["size"] for network in told["networks"]] == (
        [[299, 299], [224, 224]] if size is None else [[256, 256]] * 2
    )


def test_networks_of_unlike_axes_meet_where_all_axes_agree() -> None:
    rows = {row.jump: row for row in stage_rows(networks("m3", "resnet18", "slowfast_r50"))}
    one, four = Fraction(1), Fraction(4)
    assert [layer and layer.name for layer in rows[(four,)].layers][:2] == ["conv1", "layer1.1.add"]
    assert rows[four, one, one].layers[:2] == (None, None)
    assert list(rows) == sorted(rows, key=lambda jump: (max(jump), jump))


# -- how it is told --------------------------------------------------------------------------------------------


def valid(told: Any) -> bool:
    schema = {**data_schema(), "anyOf": [{"$ref": "#/$defs/comparison"}]}
    return not list(Draft202012Validator(schema).iter_errors(told))


SETS = [
    ("vgg16", "resnet50"),
    ("edsr-baseline-x3", "unet-bilinear-corners"),
    ("m5", "slowfast_r50", "seresnet50", "pspnet_resnet50"),
]


@pytest.mark.parametrize("names", SETS)
def test_data_are_what_their_schema_says(names: tuple[str, ...]) -> None:
    told = json.loads(comparison(networks(*names), "json"))
    assert valid(told)
    assert [network["network"] for network in told["networks"]] == list(names)
    assert {len(row["layers"]) for row in told["stages"]} == {len(names)}
    for network in told["networks"]:  # what is told of the last map stands there only
        assert {"size", "jump", "rf", "start"} <= set(network["last_map"])
        assert {"size", "jump", "rf", "start"}.isdisjoint(network)


def test_a_key_that_is_missing_is_refused() -> None:
    whole = json.dumps(comparison_data(networks("vgg16", "resnet50")))
    for place in ([], ["networks", 0], ["networks", 0, "last_map"], ["stages", 3], ["stages", 3, "layers", 0]):
        part = json.loads(whole)
        for step in place:
            part = part[step]
        for key in part:
            told = json.loads(whole)
            owner = told
            for step in place:
                owner = owner[step]
            del owner[key]
            assert not valid(told), (place, key)


def test_fractions_are_exact() -> None:
    rows = comparison_data(networks("edsr-baseline-x3", "vdsr"))["stages"]
    assert (rows[0]["jump_exact"], rows[0]["layers"][0]["jump_exact"]) == (["1/3"], ["1/3", "1/3"])


def test_markdown_has_the_cells_of_the_text() -> None:
    pairs = networks("vgg16", "resnet50")
    lines = comparison(pairs, "markdown").splitlines()
    assert "| 4 | conv3_3 | 56 | 40 | 2 | 40 | layer1 | 56 | 35 | 0.5 | 35 | field, start, visible |" in lines
    assert "| field | 212 | 427 | yes |" in lines
    assert lines[-2:] == comparison(pairs, "text").splitlines()[-2:]


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    """Words: the value's name, or the two layers' names, and what differs."""
    rules = [line for line in comparison(networks("vgg16", "resnet50"), "markdown").splitlines() if line[:5] == "| ---"]
    number, network = " ---: |", " --- |" + 4 * " ---: |"
    assert rules == ["| --- |" + 2 * number + " --- |", "|" + number + 2 * network + " --- |"]


@pytest.mark.usefixtures("files")
def test_where_maps_are_too_large_to_follow_nothing_is_told_of_what_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    followed = comparison_data(networks("pooled.yaml", "strided.yaml"))["networks"][0]["whole_image_from"]
    monkeypatch.setattr("rfdocs.graph.sight.VISIBLE_UNITS", 10)
    pairs = networks("pooled.yaml", "strided.yaml")
    told = comparison_data(pairs)
    assert valid(json.loads(json.dumps(told)))
    assert told["networks"][0]["whole_image_from"] == followed == "mean"  # single units are followed all the same
    assert told["networks"][0]["last_map"]["spatial_visible"] == [None, None]
    headings = [line.column.heading for line in compared_lines(pairs)]
    assert "seen" not in headings
    assert texts("text", *pairs)[-5] == ["2", "c", "8", "8", "1", "–", "s", "8", "5", "0.5", "–", "field,", "start"]


# -- at the command line ---------------------------------------------------------------------------------------


def test_every_format_is_the_one_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    for form in COMPARISON_FORMATS:
        assert main(["compare", "alexnet", "vgg16", "--input", "300x400", "--format", form]) == 0
        pairs = [(entry, entry.analyze((300, 400))) for entry in map(rfdocs.load, ("alexnet", "vgg16"))]
        assert capsys.readouterr() == (comparison(pairs, form), "")


@pytest.mark.usefixtures("files")
def test_all_that_is_wrong_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    Path("poor.yaml").write_text("input: {channels: 3, size: [16, 16]}\nlayers: [{cnv: a}]\n", "utf-8")
    assert main(["compare", "alexnt", "segnet", "poor.yaml", "m5", "--input", "350x350"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[:2] == ["rfdocs: there is no network 'alexnt'", "  hint: did you mean 'alexnet'?"]
    assert lines[2].startswith("rfdocs: segnet does not take 350 x 350: unpool4: ")
    assert lines[3].startswith("  hint: it takes a height of 321 or 352 in place of 350")
    assert lines[4].startswith("poor.yaml:2:10: ")
    assert lines[-1] == "rfdocs: m5: the network has 1 axes; 350 x 350 gives 2"


@pytest.mark.parametrize("count", [1, 5])
def test_two_to_four_are_compared(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *["alexnt"] * count]) == 2
    assert capsys.readouterr().err == (
        f"rfdocs: 2 to 4 networks are compared; {count} given\n  hint: see `rfdocs compare --help`\n"
    )
